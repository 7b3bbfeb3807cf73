//! What is uncertain: parameters that differ between worlds, from ranges or from a region of points.

use super::registry::{Kind, Parameter};

/// How points are chosen in ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// Scrambled Sobol points: worlds keep their values when replicates are added.
    Sobol,
    /// A Latin hypercube with as many points as replicates: other replicates, other values.
    LatinHypercube,
}

impl Design {
    /// All designs.
    pub const ALL: [Self; 2] = [Self::Sobol, Self::LatinHypercube];

    /// How it is written in a scenario.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sobol => "sobol",
            Self::LatinHypercube => "latin-hypercube",
        }
    }
}

/// An uncertain parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncertain {
    /// Its key.
    pub key: &'static str,
    /// Whether its values are whole numbers.
    pub whole: bool,
    /// Whether it keeps the value that the scenario states: rule files, `--set` and `fixed` say so.
    pub fixed: bool,
}

/// Where the values of a world come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Draw {
    /// Lowest and highest value of each parameter, all values in between as likely.
    Ranges(Vec<(f64, f64)>, Design),
    /// Points of a file, each as likely: one row a point, one column a parameter.
    Region {
        /// The file.
        path: String,
        /// Its rows.
        points: Vec<Vec<f64>>,
    },
}

/// The `[uncertainty]` of a scenario: world number r has the same values under every rule set.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// Uncertain parameters, in the order of the columns of a design or region.
    pub keys: Vec<Uncertain>,
    /// Where values come from.
    pub draw: Draw,
}

/// Parameters that shape tables or say how a run is made: the same in all worlds of a run.
const SHAPE: [&str; 5] =
    ["world.sample_authorities", "world.copies", "world.areas", "world.services", "world.round_weeks"];

/// Why a parameter cannot be uncertain, with what to do, if it cannot.
pub(super) fn unfit(parameter: &Parameter) -> Option<(String, String)> {
    let key = parameter.key;
    if SHAPE.contains(&key) || ["run", "output"].contains(&parameter.block()) {
        let hint = "uncertain is what nobody knows of the world, not how it is run";
        return Some((format!("{key} must be the same in all worlds of a run"), hint.into()));
    }
    let what = match parameter.kind {
        Kind::Number { .. } | Kind::Whole { .. } => return None,
        Kind::Switch => "true or false",
        Kind::Choice(_) => "a choice between words",
        Kind::Text => "text",
        Kind::Numbers { .. } => "a list",
    };
    let hint = format!("compare its values instead: rebalance run SCENARIO --vary {key}=...");
    Some((format!("{key} is {what}; only numbers can be uncertain"), hint))
}
