//! Rules and behaviour in force in one area, and whether they can be.

use super::parameters::{Behaviour, Learning, Rules};
use super::registry::Value;
use super::weights::{WEIGHTS, stated_weights, sum_of, sum_to_one};
use crate::units::Share;
use crate::words::counted;

/// Rules and behaviour in force in one area from one round on.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Regime {
    /// The commissioner's levers.
    pub rules: Rules,
    /// How charities decide and deliver.
    pub behaviour: Behaviour,
}

/// What contradicts itself in a regime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegimeFault {
    /// The keys that contradict each other.
    pub keys: Vec<&'static str>,
    /// What is wrong.
    pub message: String,
    /// The values, or what to do.
    pub hint: String,
}

impl Regime {
    /// This regime with some keys changed (`rules.*` and `behaviour.*`; others are ignored).
    pub fn with(&self, changes: &[(&'static str, Value)]) -> Self {
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

    /// What contradicts itself: weights that do not sum to one, limits out of order, and commissioners that learn
    /// without a menu.
    pub fn faults(&self, has_menu: bool) -> Vec<RegimeFault> {
        let Self { rules, behaviour } = self;
        let weights =
            [rules.weight_quality, rules.weight_price, rules.weight_social, rules.weight_collaboration];
        let weights = weights.map(Share::value);
        let payoffs = behaviour.payoff_matrix.len();
        let checks: [(bool, &[&'static str], String, String); 4] = [
            (
                sum_to_one(&weights),
                &WEIGHTS,
                format!("the weights of the award criteria sum to {}, not to 1", sum_of(&weights)),
                stated_weights(&weights),
            ),
            (
                rules.price_floor <= rules.ceiling_ratio,
                &["rules.price_floor", "rules.ceiling_ratio"],
                format!("price_floor is {}, above ceiling_ratio {}", rules.price_floor, rules.ceiling_ratio),
                "no price could be bid: both are shares of the reference full cost".into(),
            ),
            (
                payoffs == 0 || payoffs == 4,
                &["behaviour.payoff_matrix"],
                format!("payoff_matrix has {}", counted(payoffs, "entry")),
                "give four payoffs: both seek, seeking unmet, alone while others seek, all alone; or none"
                    .into(),
            ),
            (
                rules.learning != Learning::Bandit || has_menu,
                &["rules.learning", "menu"],
                "commissioners learn, but have no menu to choose from".into(),
                "add [[menu]] blocks, each with a name and the rules.* that it changes".into(),
            ),
        ];
        let wrong = checks.into_iter().filter(|(holds, ..)| !holds);
        wrong.map(|(_, keys, message, hint)| RegimeFault { keys: keys.to_vec(), message, hint }).collect()
    }
}
