//! How much a check runs, and what a user changes of its scenario.

use crate::scenario::{Errors, Scenario, load};

/// How many repetitions checks run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effort {
    /// So many times what scenarios state.
    Times(f64),
    /// As many as the verification plan lists; each check names its number.
    Full,
}

/// How checks are run: with how many repetitions and which changes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many repetitions.
    pub effort: Effort,
    /// Texts of `--set`.
    pub sets: Vec<String>,
}

impl Plan {
    /// Loads a theory scenario as it stands.
    pub(super) fn load(&self, name: &str) -> Result<Scenario, Errors> {
        load(&format!("theory/{name}"), &self.sets)
    }

    /// Loads a theory scenario in which every area is a repetition in every round: in full, rounds for
    /// `full` of them, unless rounds are set.
    pub(super) fn repeated(&self, name: &str, full: u32) -> Result<Scenario, Errors> {
        let mut scenario = self.load(name)?;
        let rounds = full.div_ceil(scenario.world.areas);
        scenario.run.rounds = self.number("run.rounds", scenario.run.rounds, rounds);
        Ok(scenario)
    }

    /// Loads a theory scenario in which every area is a repetition: in full, `full` areas, unless they are
    /// set.
    pub(super) fn enlarged(&self, name: &str, full: u32) -> Result<Scenario, Errors> {
        let mut scenario = self.load(name)?;
        scenario.world.areas = self.number("world.areas", scenario.world.areas, full);
        Ok(scenario)
    }

    /// The value of a key that says how much to run: as set, or as the effort asks.
    pub(super) fn number(&self, key: &str, stated: u32, full: u32) -> u32 {
        match self.effort {
            _ if self.is_set(key) => stated,
            Effort::Times(times) => (f64::from(stated) * times).max(1.0) as u32,
            Effort::Full => full,
        }
    }

    /// The value of such a key where less than stated would not do.
    pub(super) fn at_least_stated(&self, key: &str, stated: u32, full: u32) -> u32 {
        if self.effort == Effort::Full { self.number(key, stated, full) } else { stated }
    }

    /// Whether a key is set by the user.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.sets.iter().any(|set| set.split('=').next().is_some_and(|stated| stated.trim() == key))
    }
}
