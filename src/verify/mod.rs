//! The engine against theory: every check runs a scenario of `scenarios/theory/` through the
//! production engine and compares with a formula of that scenario's own parameters.

mod auctions;
mod backlog;
mod bidders;
mod concentration;
mod entry;
mod factorial;
mod growth;
mod imitation;
mod incumbents;
mod ladder;
mod learning;
mod matching;
mod neutrality;
mod paradox;
mod participation;
mod phase_boundary;
mod plan;
mod ruin;
mod scoring;
mod stag_hunt;
mod strategy;
mod trust;
mod urn;
mod volunteers;

use crate::random::Luck;
use crate::round::{RoundOutput, Setting, State, advance, play};
use crate::rules::Regimes;
use crate::scenario::{Errors, Scenario};
use crate::world::World;
pub use plan::{Effort, Plan};
use rayon::prelude::*;

/// One line of the table that `rebalance verify` prints.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Check, as in the verification plan: `V01`.
    pub id: &'static str,
    /// What is compared.
    pub what: String,
    /// Value of the theory.
    pub theory: f64,
    /// Value of the engine.
    pub measured: f64,
    /// Independent values behind the measured one; 0 where it must be exact.
    pub repetitions: f64,
    /// Standard error of the measured value.
    pub standard_error: f64,
    /// Largest difference that passes: four standard errors, or the rounding stated by the check.
    pub tolerance: f64,
}

impl Check {
    /// A check against an exact value.
    pub fn exact(
        id: &'static str,
        what: impl Into<String>,
        theory: f64,
        measured: f64,
        rounding: f64,
    ) -> Self {
        let what = what.into();
        Self { id, what, theory, measured, repetitions: 0.0, standard_error: 0.0, tolerance: rounding }
    }

    /// A check of a mean of independent values: four standard errors.
    pub fn of_mean(id: &'static str, what: impl Into<String>, theory: f64, sample: &Sample) -> Self {
        Self::of_law(id, what, theory, sample.variance(), sample)
    }

    /// A check of how often something happens: four standard errors of the theory's own share.
    pub fn of_share(id: &'static str, what: impl Into<String>, theory: f64, sample: &Sample) -> Self {
        Self::of_law(id, what, theory, (theory * (1.0 - theory)).max(0.0), sample)
    }

    /// A check of a mean where theory knows the variance, too: four standard errors.
    pub fn of_law(
        id: &'static str,
        what: impl Into<String>,
        theory: f64,
        variance: f64,
        sample: &Sample,
    ) -> Self {
        let standard_error = libm::sqrt(variance / sample.n.max(1.0));
        Self {
            id,
            what: what.into(),
            theory,
            measured: sample.mean(),
            repetitions: sample.n,
            standard_error,
            tolerance: (4.0 * standard_error).max(1e-12),
        }
    }

    /// Whether the engine agrees with theory.
    pub fn passes(&self) -> bool {
        (self.measured - self.theory).abs() <= self.tolerance
    }
}

/// Mean and variance of a stream of independent values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Sample {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.n += 1.0;
        let step = value - self.mean;
        self.mean += step / self.n;
        self.squares += step * (value - self.mean);
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Sample variance.
    pub fn variance(&self) -> f64 {
        self.squares / (self.n - 1.0).max(1.0)
    }

    /// Standard error of the mean.
    pub fn standard_error(&self) -> f64 {
        libm::sqrt(self.variance() / self.n.max(1.0))
    }
}

/// Why a suite could not run.
#[derive(Debug)]
pub enum VerifyError {
    /// The scenario has errors.
    Scenario(Errors),
    /// The engine stopped.
    Engine(String),
}

impl From<Errors> for VerifyError {
    fn from(errors: Errors) -> Self {
        Self::Scenario(errors)
    }
}

/// Plays a scenario with the production engine and shows every round.
fn watch(
    scenario: &Scenario,
    mut see: impl FnMut(&Setting, &State, &RoundOutput),
) -> Result<State, VerifyError> {
    let world = World::build(scenario).map_err(|error| VerifyError::Engine(error.to_string()))?;
    let regimes = Regimes::new(scenario, &world);
    let luck = Luck::new(scenario.run.seed, 0);
    let mut state = State::found(&world, scenario, luck);
    for round in 0..scenario.run.rounds {
        let in_force = regimes.in_force(round, &state.options);
        let setting = Setting::new(&world, scenario, &in_force, luck, round);
        let output = play(&setting, &mut state).map_err(|error| VerifyError::Engine(error.to_string()))?;
        see(&setting, &state, &output);
        advance(&setting, &mut state);
    }
    Ok(state)
}

/// A question to the engine, and the checks that answer it.
pub type Question = fn(&Plan) -> Result<Vec<Check>, VerifyError>;

/// Suites by name.
pub const SUITES: [(&str, &[Question]); 9] = [
    (
        "auctions",
        &[
            auctions::first_price,
            auctions::power_costs,
            auctions::exponential_costs,
            auctions::reserve_price,
            auctions::second_price,
            auctions::bertrand_limit,
            learning::price_grid,
            auctions::second_lowest_cost,
            bidders::mission,
            bidders::zero_intelligence,
            learning::past_prices,
            scoring::first_score,
            scoring::softmax,
            paradox::checks,
            bidders::winners_curse,
        ],
    ),
    ("entry", &[entry::before_cost, entry::after_cost, entry::coin]),
    (
        "concentration",
        &[
            concentration::equal_shares,
            concentration::null_allocation,
            concentration::unequal_allocation,
            concentration::reduced_market,
        ],
    ),
    (
        "growth",
        &[
            growth::gibrat,
            growth::exit_and_entry,
            growth::simon,
            ruin::between_two,
            ruin::by_bidding,
            ruin::by_diffusion,
        ],
    ),
    ("incumbents", &[incumbents::lot_cap, urn::proportional, urn::powers, incumbents::retention]),
    ("backlog", &[backlog::overload, backlog::queue]),
    (
        "neutrality",
        &[
            neutrality::neutral,
            neutrality::empty_talk,
            neutrality::shuffled_sizes,
            ladder::checks,
            ladder::elsewhere,
            factorial::interactions,
        ],
    ),
    ("phase-boundary", &[phase_boundary::checks]),
    (
        "strategy",
        &[
            strategy::checks,
            stag_hunt::checks,
            volunteers::checks,
            imitation::checks,
            trust::checks,
            participation::checks,
            matching::checks,
        ],
    ),
];

/// Asks all questions of a suite, side by side; answers are in their order.
pub fn run(questions: &[Question], plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let answers: Result<Vec<_>, _> = questions.par_iter().map(|question| question(plan)).collect();
    Ok(answers?.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_passes(questions: &[Question], effort: f64, sets: &[&str]) {
        let sets = sets.iter().map(ToString::to_string).collect();
        let checks =
            run(questions, &Plan { effort: Effort::Times(effort), sets }).expect("a suite that runs");
        assert!(!checks.is_empty());
        for check in checks {
            assert!(check.passes(), "{check:?}");
        }
    }

    #[test]
    fn every_suite_passes() {
        for (_, suite) in SUITES {
            assert_passes(suite, 0.25, &[]);
        }
    }

    #[test]
    fn auctions_hold_at_other_values_too() {
        let three = ["world.charities_per_area=3", "behaviour.rivals_known=2", "population.cost_low_gbp=0.2"];
        assert_passes(&[auctions::first_price, auctions::second_price], 0.25, &three);
        let four = ["world.charities_per_area=4", "behaviour.price_grid=0.03", "behaviour.rivals_known=1"];
        assert_passes(&[learning::price_grid], 1.0, &four);
        let between = ["population.cost_low_gbp=0.31", "population.cost_high_gbp=0.31"];
        assert_passes(&[learning::price_grid], 1.0, &between);
        let noise = ["rules.evaluation_noise=0.3", "population.ability_values=[0.2, 0.9, 0.4]"];
        assert_passes(&[scoring::softmax], 0.25, &noise);
        let four = ["world.charities_per_area=4", "population.ability_values=[0.3, 0.8, 0.1, 0.5]"];
        assert_passes(&[paradox::checks], 0.25, &four);
        assert_passes(&[paradox::checks], 0.25, &["rules.weight_quality=0.2", "rules.weight_price=0.8"]);
    }

    #[test]
    fn entry_holds_at_other_values_too() {
        let ten =
            ["world.charities_per_area=10", "behaviour.rivals_known=9", "behaviour.bid_cost_base_gbp=0.05"];
        let entry = [entry::before_cost, entry::after_cost];
        assert_passes(&entry, 0.25, &ten);
        let dear = ["population.cost_low_gbp=0.4", "behaviour.bid_cost_base_gbp=0.08"];
        assert_passes(&entry, 0.25, &dear);
        assert_passes(&entry, 0.25, &["rules.ceiling_ratio=1.3"]);
    }

    #[test]
    fn concentration_and_urns_hold_at_other_values_too() {
        let unequal = ["market.lot_value_weights=[7.0, 2.0]", "market.lots_per_market=5"];
        assert_passes(&[concentration::unequal_allocation], 0.25, &unequal);
        let five = ["world.charities_per_area=5", "rules.reinforcement_start=2", "run.rounds=30"];
        assert_passes(&[urn::proportional], 0.25, &five);
        let third =
            ["rules.reinforcement=1.5", "rules.reinforcement_start=3", "run.rounds=40", "world.areas=2000"];
        assert_passes(&[urn::powers], 1.0, &third);
    }

    #[test]
    fn ruin_holds_at_other_values_too() {
        let more = [
            "population.reserves_values_gbp=[6.0, 4.0]",
            "population.ability_values=[0.5, 0.6]",
            "run.rounds=150",
            "behaviour.bid_cost_base_gbp=2.0",
            "market.lot_value_gbp=4.0",
        ];
        assert_passes(&[ruin::between_two], 1.0, &more);
    }

    #[test]
    fn strategy_holds_at_other_values_too() {
        let averse = ["behaviour.risk_aversion=8", "rules.results_share=0.6", "market.lot_term_rounds=3"];
        assert_passes(&[participation::checks], 1.0, &averse);
        assert_passes(
            &[participation::checks],
            1.0,
            &["behaviour.risk_aversion=100", "behaviour.cost_risk=0.1"],
        );
        assert_passes(&[participation::checks], 1.0, &["behaviour.outcome_correlation=1"]);
        let four = ["world.charities_per_area=12", "rules.push_back_threshold=4"];
        assert_passes(&[volunteers::checks], 0.5, &[&four[..], &["behaviour.push_cost_share=0.1"]].concat());
        assert_passes(&[volunteers::checks], 0.5, &["world.charities_per_area=1"]);
        assert_passes(&[volunteers::checks], 0.5, &["rules.push_back_threshold=5"]);
        assert_passes(&[volunteers::checks], 0.5, &["rules.push_back_threshold=6"]);
        let few = ["world.charities_per_area=6", "behaviour.payoff_matrix=[2.0, 0.5, 1.0, 1.0]"];
        let two = ["behaviour.seekers_at_start=0.34", "behaviour.imitation_rate=0.5", "run.rounds=200"];
        assert_passes(
            &[imitation::checks],
            1.0,
            &[few, ["behaviour.stance_rule='moran'", "run.seed=3"]].concat(),
        );
        assert_passes(&[imitation::checks], 1.0, &[&few[..], &two[..]].concat());
        assert_passes(&[trust::checks], 1.0, &["behaviour.negativity=2", "rules.verified_partners=0.4"]);
        let part = ["behaviour.cut_max=0.6", "rules.open_book=0.5", "behaviour.negativity=2"];
        assert_passes(&[trust::checks], 1.0, &part);
        assert_passes(&[trust::checks], 0.25, &["behaviour.cut_max=0.3"]);
        assert_passes(&[trust::checks], 0.25, &["rules.verified_partners=1"]);
        assert_passes(&[matching::checks], 1.0, &["world.charities_per_area=50", "world.areas=200"]);
    }

    #[test]
    fn modes_that_no_team_works_in_show_nothing() {
        let plan = Plan { effort: Effort::Times(0.25), sets: vec!["rules.forms='single'".into()] };
        let checks = neutrality::neutral(&plan).expect("a suite that runs");
        assert_eq!(checks.iter().filter(|check| !check.passes()).count(), 4, "{checks:?}");
    }

    #[test]
    fn full_effort_runs_what_the_plan_lists() {
        let plan = |sets: &[&str]| Plan {
            effort: Effort::Full,
            sets: sets.iter().map(ToString::to_string).collect(),
        };
        let tenders = |scenario: Scenario| scenario.run.rounds * scenario.world.areas;
        let load = |sets: &[&str], name, full| plan(sets).repeated(name, full).expect("valid");
        assert_eq!(tenders(load(&[], "fpsb-reserve", 400_000)), 400_000);
        assert_eq!(tenders(load(&["world.areas=300"], "fpsb-zi", 400_000)), 400_200);
        assert_eq!(load(&["run.rounds=3"], "fpsb-zi", 400_000).run.rounds, 3);
        assert_eq!(plan(&[]).enlarged("incumb-polya", 60_000).expect("valid").world.areas, 60_000);
    }
}
