//! What a user writes, checked and resolved into what the engine runs.

mod checks;
pub mod choices;
mod closest;
mod command_line;
mod document;
pub mod explain;
pub mod faults;
mod files;
pub mod inert;
pub mod inputs;
pub mod library;
mod load;
mod names;
pub mod parameters;
mod parse;
mod region;
pub mod registry;
pub mod uncertainty;
mod values;
pub mod vary;
pub mod write;

pub use closest::nearest_name;
pub use faults::Errors;
pub use load::{RuleSet, load, load_rules, load_under};
pub use parameters::{Behaviour, Market, Output, Population, Rules, Run, World};
pub use uncertainty::Uncertainty;

/// Rules and behaviour in force in one area from one round on.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Regime {
    /// The commissioner's levers.
    pub rules: Rules,
    /// How charities decide and deliver.
    pub behaviour: Behaviour,
}

/// A reform: from a round on, in some areas, another regime applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Reform {
    /// First round (counted from 0) in which it applies.
    pub from_round: u32,
    /// Codes or names of the areas or regions it applies to; empty for all.
    pub areas: Vec<String>,
    /// The keys that change, with their new values (`rules.*` and `behaviour.*` only).
    pub changes: Vec<(&'static str, registry::Value)>,
}

/// An option of the menu that commissioners choose from, where they learn.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What it is called.
    pub name: String,
    /// The keys that change, with their new values (`rules.*` only).
    pub changes: Vec<(&'static str, registry::Value)>,
}

/// A complete, valid scenario: the only description of a run that the engine knows.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Scenario {
    /// Short name, used for the output folder.
    pub name: String,
    /// The question that heads the report.
    pub question: String,
    /// Areas, services, rounds.
    pub world: World,
    /// Founding population.
    pub population: Population,
    /// Need, budgets and contracts.
    pub market: Market,
    /// Rules and behaviour before any reform.
    pub regime: Regime,
    /// Reforms, in order of their first round.
    pub reforms: Vec<Reform>,
    /// Options that commissioners have beside the rules of the scenario.
    pub menu: Vec<Choice>,
    /// What differs between worlds, where anything does.
    pub uncertainty: Option<Uncertainty>,
    /// Replicates, rounds, seed.
    pub run: Run,
    /// What to write.
    pub output: Output,
}

impl Regime {
    /// This regime with some keys changed (`rules.*` and `behaviour.*`; others are ignored).
    pub fn with(&self, changes: &[(&'static str, registry::Value)]) -> Self {
        let stated = [self.rules.values(), self.behaviour.values()].concat();
        let look_up = |key: &str| {
            let changed = changes.iter().rev().find(|(name, _)| *name == key);
            changed.or_else(|| stated.iter().find(|(name, _)| *name == key)).map(|(_, value)| value.clone())
        };
        Self {
            rules: Rules::from_values(&look_up).unwrap_or_else(|| self.rules.clone()),
            behaviour: Behaviour::from_values(&look_up).unwrap_or_else(|| self.behaviour.clone()),
        }
    }
}
