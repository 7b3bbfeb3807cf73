//! Charities bid for public-service contracts in the councils of England, under rules that can be
//! changed, so that rules can be compared.
//!
//! # The model in one page
//!
//! A **market** is one service (homelessness support, say) in one **area**, an upper-tier council.
//! People come to need at the rate that published indicators suggest; a budget, taken from council
//! spending, buys a part of the help they need. The budget is cut into **lots**, each tendered as one
//! **contract** that runs for one, three or five years. A **charity** has income, reserves, staff,
//! skills, local knowledge, a cost per hour and a reach. Time passes in **tender rounds** of a quarter.
//!
//! In a round people come to need; commissioners call for bids; charities notice what they can answer,
//! estimate its cost and decide whether to bid, with what quality, at what price; evaluators score
//! price and quality with error, and the best bidder who has the staff gets the contract; providers
//! help people, and how well depends on skills, complexity and local knowledge; money is paid, late;
//! those not helped wait or give up; charities close, hand contracts back, and are founded. Nobody
//! knows more than a real charity or commissioner could. [`round`] has one file per phase.
//!
//! **Measures** say what communities got, how concentrated provision is (also beyond what chance would
//! give), how charities fare and what competing cost. A run is a number of **replicates** that differ
//! in luck alone; two rule sets in the same replicate meet the same luck, so that their difference is
//! due to the rules. The same scenario, seed and version give the same bytes.
//!
//! # From scenario to measures
//!
//! ```
//! use rebalance::measure::round::measure;
//! use rebalance::random::Luck;
//! use rebalance::round::{Setting, State, advance, play};
//! use rebalance::{rules::Regimes, scenario, world::World};
//!
//! let scenario = scenario::load("synthetic", &["rules.weight_price=0.5".into(), "rules.weight_quality=0.5".into()])
//!     .expect("a valid scenario");
//! let world = World::build(&scenario).expect("a world");
//! let regimes = Regimes::new(&scenario, &world);
//! let luck = Luck::new(scenario.run.seed, 0);
//! let mut state = State::found(&world, &scenario, luck);
//! for round in 0..8 {
//!     let in_force = regimes.in_force(round, &state.options);
//!     let setting = Setting::new(&world, &scenario, &in_force, luck, round);
//!     let output = play(&setting, &mut state).expect("money and people add up");
//!     let measures = measure(&setting, &state, &output);
//!     assert!(measures.get("people_served").is_some());
//!     advance(&setting, &mut state);
//! }
//! ```
//!
//! # Where things are
//!
//! [`scenario`] (what a user writes) → [`world`] (areas, services, charities, lots) → [`round`] (the
//! phases) → [`measure`] → [`tables`] → [`chart`] and [`report`]. [`experiment`] plays replicates and
//! holds the statistics, [`verify`] sets the engine against theory, [`cli`] is the program.

pub mod build;
pub mod calendar;
pub mod chart;
pub mod cli;
pub mod experiment;
pub mod folder;
pub mod ids;
pub mod math;
pub mod measure;
pub mod mutants;
pub mod patterns;
pub mod random;
pub mod report;
pub mod round;
pub mod rules;
pub mod scenario;
pub mod tables;
pub mod units;
pub mod verify;
pub mod words;
pub mod world;
