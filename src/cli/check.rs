//! `rebalance check FILE...`: all mistakes, then what a run will cost.

use super::gate::{Asked, Cleared, Keeps, examine};
use super::limits::Load;
use super::text::print;
use super::{CliError, cores};
use crate::experiment::{Drawn, Observer, run_replicate};
use crate::measure::round::Measures;
use crate::round::{RoundOutput, Setting, State};
use crate::rules::Regimes;
use crate::words::{bytes, counted, lasting};
use crate::world::World;
use std::time::Instant;

/// Rounds that are really played to estimate the time of the rest.
const TRIAL_ROUNDS: u32 = 2;

/// Checks scenarios.
pub fn check(names: &[String], sets: &[String], allow_memory: Option<f64>) -> Result<(), CliError> {
    let mut failures = Vec::new();
    for name in names {
        let asked = Asked::one(name, sets.to_vec(), Keeps::Tables);
        let checked = examine(&asked).and_then(|cleared| {
            cleared.refuse_beyond(Load { runs: cleared.runs(), points: 0.0 }, cores(), allow_memory)?;
            Ok(format!("{name}: valid\n{}{}", cost(&cleared)?, remarks(&cleared)))
        });
        match checked {
            Ok(text) => print(&text)?,
            Err(CliError::Usage(message)) => failures.push(message),
            Err(other) => return Err(other),
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(CliError::Usage(failures.join("\n\n"))) }
}

/// How many parameters differ between worlds, what was worked out, and what does nothing, a line each.
fn remarks(cleared: &Cleared) -> String {
    let mut text = String::new();
    if let Some(drawn) = Drawn::new(&[&cleared.scenarios[0].1]) {
        let keys = drawn.keys().len();
        let (what, values) =
            (counted(keys, "uncertain parameter"), if keys == 1 { "a value" } else { "values" });
        text.push_str(&format!("  {what}: every replicate has {values} of its own\n"));
    }
    cleared.notes.iter().for_each(|note| text.push_str(&format!("  note: {note}\n")));
    cleared.warnings.iter().for_each(|warning| text.push_str(&format!("  warning: {warning}\n")));
    text
}

/// Charities and lots beyond which no round is played to see how long it takes.
const LARGEST_TRIAL: f64 = 3e6;

/// Plays two rounds and says what all of them will take.
fn cost(cleared: &Cleared) -> Result<String, CliError> {
    let (scenario, world) = (&cleared.scenarios[0].1, &cleared.world);
    let size = &cleared.size;
    if size.charities + size.cut > LARGEST_TRIAL {
        return Ok(format!(
            "  {} drawn, {}, {}, {}\n  too large to try a round; {} of memory a replicate in \
             hand\n",
            counted(size.charities, "charity"),
            counted(world.areas.len(), "area"),
            counted(world.services.len(), "service"),
            size.lots_in_words(),
            bytes(size.replicate)
        ));
    }
    let mut trial = scenario.clone();
    trial.run.rounds = TRIAL_ROUNDS.min(scenario.run.rounds);
    trial.reforms.clear();
    let start = Instant::now();
    let regimes = Regimes::new(&trial, world);
    let mut nobody = Nobody::default();
    run_replicate(world, &trial, &regimes, 0, &mut nobody)
        .map_err(|error| CliError::Failed(format!("error: {error}")))?;
    let per_round = start.elapsed().as_secs_f64() / f64::from(trial.run.rounds);
    let rounds = f64::from(scenario.run.rounds);
    // A reformed scenario is played beside its never-reformed twin.
    let plays = if scenario.reforms.is_empty() { 1.0 } else { 2.0 };
    let replicates = plays * f64::from(scenario.run.replicates);
    let seconds = per_round * rounds * replicates;
    let years = (rounds / world.calendar.rounds_per_year()).ceil();
    let disk = replicates * rounds * 70.0 * 12.0
        + years * world.markets.len() as f64 * 6.0 * 60.0
        + replicates * nobody.charities as f64 * 0.05 * 120.0;
    Ok(format!(
        "  {}, {}, {}, {}; {} of {}\n  about {} ({per_round:.3} s a \
         round), {} of memory a replicate in hand, {} of tables\n",
        counted(nobody.charities, "charity"),
        counted(world.areas.len(), "area"),
        counted(world.services.len(), "service"),
        cleared.size.lots_in_words(),
        counted(scenario.run.replicates, "replicate"),
        counted(scenario.run.rounds, "round"),
        lasting(seconds),
        bytes(cleared.size.replicate),
        bytes(disk),
    ))
}

/// Keeps nothing but the number of charities.
#[derive(Default)]
struct Nobody {
    charities: usize,
}

impl Observer for Nobody {
    fn round(&mut self, _: &Setting, _: &State, _: &RoundOutput, _: &Measures) -> std::io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &World, state: &State) -> std::io::Result<()> {
        self.charities = state.charities.len();
        Ok(())
    }
}
