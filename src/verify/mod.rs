//! The engine against theory: every check runs a scenario of `scenarios/theory/` through the
//! production engine and compares with a formula of that scenario's own parameters.

mod auctions;
mod backlog;
mod concentration;
mod entry;
mod growth;
mod incumbents;
mod ladder;
mod neutrality;
mod phase_boundary;
mod strategy;

use crate::random::Luck;
use crate::round::{RoundOutput, Setting, State, advance, play};
use crate::rules::Regimes;
use crate::scenario::{Errors, Scenario, load};
use crate::world::World;

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
        Self { id, what: what.into(), theory, measured, standard_error: 0.0, tolerance: rounding }
    }

    /// A check of a mean of independent values: four standard errors.
    pub fn of_mean(id: &'static str, what: impl Into<String>, theory: f64, sample: &Sample) -> Self {
        let standard_error = sample.standard_error();
        let tolerance = (4.0 * standard_error).max(1e-12);
        Self { id, what: what.into(), theory, measured: sample.mean(), standard_error, tolerance }
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

/// How a check is run: with how many repetitions and which changes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Rounds as a multiple of what the scenario states.
    pub effort: f64,
    /// Texts of `--set`.
    pub sets: Vec<String>,
}

impl Plan {
    /// Loads a theory scenario as it stands.
    fn load(&self, name: &str) -> Result<Scenario, Errors> {
        load(&format!("theory/{name}"), &self.sets)
    }

    /// Loads a theory scenario whose rounds are repetitions; as many as asked for, unless they are set.
    fn load_repeated(&self, name: &str) -> Result<Scenario, Errors> {
        let mut scenario = self.load(name)?;
        if !self.is_set("run.rounds") {
            scenario.run.rounds = (f64::from(scenario.run.rounds) * self.effort).max(1.0) as u32;
        }
        Ok(scenario)
    }

    /// Loads a theory scenario whose areas are repetitions; as many as asked for, unless they are set.
    fn load_enlarged(&self, name: &str) -> Result<Scenario, Errors> {
        let mut scenario = self.load(name)?;
        if !self.is_set("world.areas") {
            scenario.world.areas = (f64::from(scenario.world.areas) * self.effort).max(1.0) as u32;
        }
        Ok(scenario)
    }

    fn is_set(&self, key: &str) -> bool {
        self.sets.iter().any(|set| set.trim_start().starts_with(key))
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
        let setting = Setting::new(&world, scenario, &regimes, luck, round);
        let output = play(&setting, &mut state).map_err(|error| VerifyError::Engine(error.to_string()))?;
        see(&setting, &state, &output);
        advance(&setting, &mut state);
    }
    Ok(state)
}

/// Checks of one suite.
type Suite = fn(&Plan) -> Result<Vec<Check>, VerifyError>;

/// Suites by name.
pub const SUITES: [(&str, Suite); 9] = [
    ("auctions", auctions::checks),
    ("entry", entry::checks),
    ("concentration", concentration::checks),
    ("growth", growth::checks),
    ("incumbents", incumbents::checks),
    ("backlog", backlog::checks),
    ("neutrality", neutrality::checks),
    ("phase-boundary", phase_boundary::checks),
    ("strategy", strategy::checks),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_passes() {
        for (name, suite) in SUITES {
            for check in suite(&Plan { effort: 0.25, sets: Vec::new() }).expect("a suite that runs") {
                assert!(check.passes(), "{name}: {check:?}");
            }
        }
    }

    #[test]
    fn theory_holds_at_other_values_too() {
        let sets =
            |sets: &[&str]| Plan { effort: 0.25, sets: sets.iter().map(ToString::to_string).collect() };
        let three =
            sets(&["world.charities_per_area=3", "behaviour.rivals_known=2", "population.cost_low_gbp=0.2"]);
        for check in auctions::first_price(&three).expect("a suite that runs") {
            assert!(check.passes(), "{check:?}");
        }
        for check in entry::checks(&sets(&[
            "world.charities_per_area=10",
            "behaviour.rivals_known=9",
            "behaviour.bid_cost_base_gbp=0.05",
        ]))
        .expect("a suite that runs")
        {
            assert!(check.passes(), "{check:?}");
        }
    }
}
