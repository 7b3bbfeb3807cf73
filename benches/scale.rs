//! Cost and memory by size: samples of England, England, and two copies of it, with everything that the shipped scenario has
//! on, in one thread.
//!
//! `cargo bench --bench scale` prints seconds a round over rounds 5 to 24 of one replicate, the power of the number of charities
//! that the cost grows with from one size to the next, and, on Linux, the peak of memory so far.

use rebalance::math::ln;
use rebalance::measure::round::measure;
use rebalance::random::Luck;
use rebalance::round::{Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::load;
use rebalance::world::World;
use std::time::Instant;

/// Authorities (0 is all) and copies.
const SIZES: [(u32, u32); 4] = [(8, 1), (38, 1), (0, 1), (0, 2)];
/// Rounds played before the clock starts, so that contracts are in force.
const WARM_UP: u32 = 4;
/// Rounds that are timed.
const TIMED: u32 = 20;

/// Charities, and seconds a round.
fn seconds_a_round(authorities: u32, copies: u32) -> (usize, f64) {
    let sets = [format!("world.sample_authorities={authorities}"), format!("world.copies={copies}")];
    let scenario = load("england", &sets).expect("a valid scenario");
    let world = World::build(&scenario).expect("a world");
    let regimes = Regimes::new(&scenario, &world);
    let luck = Luck::new(1, 0);
    let mut state = State::found(&world, &scenario, luck);
    let mut start = Instant::now();
    for round in 0..WARM_UP + TIMED {
        if round == WARM_UP {
            start = Instant::now();
        }
        let in_force = regimes.in_force(state.round, &state.options);
        let setting = Setting::new(&world, &scenario, &in_force, luck, state.round);
        let output = play(&setting, &mut state).expect("identities hold");
        std::hint::black_box(measure(&setting, &state, &output));
        advance(&setting, &mut state);
    }
    (state.charities.len(), start.elapsed().as_secs_f64() / f64::from(TIMED))
}

/// Most memory that the process has held \[MB\], where the system tells.
fn peak_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1024.0)
}

fn main() {
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    println!(
        "{:>11} {:>6} {:>9} {:>12} {:>6} {:>10}",
        "authorities", "copies", "charities", "s a round", "power", "peak MB"
    );
    let mut before: Option<(usize, f64)> = None;
    for (authorities, copies) in SIZES {
        let (charities, seconds) = one_thread.install(|| seconds_a_round(authorities, copies));
        let power = before.map_or(String::new(), |(fewer, faster)| {
            format!("{:.2}", ln(seconds / faster) / ln(charities as f64 / fewer as f64))
        });
        let peak = peak_megabytes().map_or("-".to_string(), |peak| format!("{peak:.0}"));
        let name = if authorities == 0 { "all".to_string() } else { authorities.to_string() };
        println!("{name:>11} {copies:>6} {charities:>9} {seconds:>12.3} {power:>6} {peak:>10}");
        before = Some((charities, seconds));
    }
}
