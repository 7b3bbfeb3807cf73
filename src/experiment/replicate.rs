//! One replicate: a world of luck, played from the first round to the last.

use crate::measure::round::{Measures, measure};
use crate::random::Luck;
use crate::round::{BrokenIdentity, Call, RoundOutput, Setting, State, advance, call_for_bids, carry_out};
use crate::rules::Regimes;
use crate::scenario::Scenario;
use crate::world::{World, WorldError};

/// Watches a replicate, round by round; rounds are not kept.
pub trait Observer {
    /// Bids are in, and nothing is decided.
    fn bids(&mut self, _setting: &Setting, _state: &State, _call: &Call) -> std::io::Result<()> {
        Ok(())
    }
    /// A round has been played and measured.
    fn round(
        &mut self,
        setting: &Setting,
        state: &State,
        output: &RoundOutput,
        measures: &Measures,
    ) -> std::io::Result<()>;
    /// The last round has been played.
    fn finish(&mut self, world: &World, state: &State) -> std::io::Result<()>;
}

/// Why a replicate ended early.
#[derive(Debug)]
pub enum RunError {
    /// Money or people did not add up: a bug in the model.
    Identity(BrokenIdentity),
    /// A file could not be written.
    Io(std::io::Error),
    /// The world of this replicate could not be built.
    World(WorldError),
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Identity(broken) => broken.fmt(f),
            Self::Io(error) => error.fmt(f),
            Self::World(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RunError {}

impl From<BrokenIdentity> for RunError {
    fn from(broken: BrokenIdentity) -> Self {
        Self::Identity(broken)
    }
}

impl From<WorldError> for RunError {
    fn from(error: WorldError) -> Self {
        Self::World(error)
    }
}

impl From<std::io::Error> for RunError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// Plays replicate number `replicate` (from 0) and shows every round to the observer.
pub fn run_replicate(
    world: &World,
    scenario: &Scenario,
    regimes: &Regimes,
    replicate: u32,
    observer: &mut impl Observer,
) -> Result<(), RunError> {
    let luck = Luck::new(scenario.run.seed, replicate);
    let mut state = State::found(world, scenario, luck);
    for round in 0..scenario.run.rounds {
        let in_force = regimes.in_force(round, &state.options);
        let setting = Setting::new(world, scenario, &in_force, luck, round);
        let call = call_for_bids(&setting, &mut state);
        observer.bids(&setting, &state, &call)?;
        let output = carry_out(&setting, &mut state, call)?;
        let measures = measure(&setting, &state, &output);
        observer.round(&setting, &state, &output, &measures)?;
        advance(&setting, &mut state);
    }
    observer.finish(world, &state)?;
    Ok(())
}
