//! `rebalance check FILE...`: all mistakes, then what a run will cost.

use super::CliError;
use super::text::print;
use crate::experiment::{Drawn, Observer, run_replicate};
use crate::measure::round::Measures;
use crate::round::{RoundOutput, Setting, State};
use crate::rules::{Regimes, unknown_places};
use crate::scenario::inert::warnings;
use crate::scenario::{Errors, Scenario, load};
use crate::tables::manifest::peak_memory_mb;
use crate::world::World;
use std::time::Instant;

/// Rounds that are really played to estimate the time of the rest.
const TRIAL_ROUNDS: u32 = 2;

/// Checks scenarios.
pub fn check(names: &[String], sets: &[String]) -> Result<(), CliError> {
    let mut failures = Vec::new();
    for name in names {
        match load(name, sets) {
            Ok(scenario) => match uncertain(&scenario) {
                Ok(words) => match cost(&scenario) {
                    Ok(cost) => print(&format!("{name}: valid\n{cost}{words}{}", inert(&scenario)))?,
                    Err(CliError::Usage(message)) => failures.push(message),
                    Err(other) => return Err(other),
                },
                Err(errors) => failures.push(errors.to_string()),
            },
            Err(errors) => failures.push(errors.to_string()),
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(CliError::Usage(failures.join("\n\n"))) }
}

/// How many parameters differ between worlds, after every world has been checked.
fn uncertain(scenario: &Scenario) -> Result<String, Errors> {
    let Some(drawn) = Drawn::new(&[scenario]) else { return Ok(String::new()) };
    drawn.check(&[("baseline".to_string(), scenario.clone())])?;
    Ok(format!("  {} uncertain parameters: every replicate has values of its own\n", drawn.keys().len()))
}

/// What the scenario sets and does nothing in it, a line each.
fn inert(scenario: &Scenario) -> String {
    warnings(scenario).iter().map(|warning| format!("  warning: {warning}\n")).collect()
}

/// Plays two rounds and says what all of them will take.
fn cost(scenario: &Scenario) -> Result<String, CliError> {
    let world = World::build(scenario).map_err(|error| CliError::Usage(format!("error: {error}")))?;
    let unknown = unknown_places(scenario, &world);
    if !unknown.is_empty() {
        return Err(CliError::Usage(unknown.join("\n")));
    }
    let mut trial = scenario.clone();
    trial.run.rounds = TRIAL_ROUNDS.min(scenario.run.rounds);
    trial.reforms.clear();
    let start = Instant::now();
    let regimes = Regimes::new(&trial, &world);
    let mut nobody = Nobody::default();
    run_replicate(&world, &trial, &regimes, 0, &mut nobody)
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
        "  {} charities, {} areas, {} services; {} replicates of {} rounds\n  about {seconds:.0} s ({per_round:.3} s a \
         round), {:.0} MB of memory a replicate in hand, {:.0} MB of tables\n",
        nobody.charities,
        world.areas.len(),
        world.services.len(),
        scenario.run.replicates,
        scenario.run.rounds,
        peak_memory_mb().unwrap_or(nobody.megabytes),
        disk / 1e6,
    ))
}

/// Keeps nothing but the size of the state.
#[derive(Default)]
struct Nobody {
    charities: usize,
    megabytes: f64,
}

impl Observer for Nobody {
    fn round(&mut self, _: &Setting, _: &State, _: &RoundOutput, _: &Measures) -> std::io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &World, state: &State) -> std::io::Result<()> {
        self.charities = state.charities.len();
        self.megabytes = (state.charities.len() * State::bytes_per_charity()) as f64 / 1e6;
        Ok(())
    }
}
