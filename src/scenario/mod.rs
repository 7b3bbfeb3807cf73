//! What a user writes, checked and resolved into what the engine runs.

mod checks;
pub mod choices;
mod closest;
pub mod command_line;
mod document;
pub mod explain;
pub mod faults;
mod files;
pub mod inert;
pub mod inputs;
mod layers;
pub mod library;
mod load;
mod names;
pub mod parameters;
mod parse;
mod places;
mod regime;
mod region;
pub mod registry;
pub mod uncertainty;
mod values;
pub mod vary;
mod weights;
pub mod write;

pub use closest::{misspelt, nearest_name};
pub use faults::Errors;
pub use layers::Layered;
pub use load::{RuleSet, lay, load, load_rules, load_under};
pub use names::{pasted, unfit_name};
pub use parameters::{Behaviour, Market, Output, Population, Rules, Run, World};
pub use places::Places;
pub use regime::{Regime, RegimeFault};
pub use uncertainty::Uncertainty;
pub use weights::WEIGHTS;

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
    /// Weights of award criteria that the command line states: they hold where others are varied or drawn.
    pub held_weights: Vec<&'static str>,
}
