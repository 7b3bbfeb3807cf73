//! What one text states: values with their places, before layers are laid over each other.

use super::faults::Place;
use super::registry::Value;
use super::uncertainty::Design;

/// A value that a text states, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// Key in the registry.
    pub key: &'static str,
    /// Value of the right kind and in range.
    pub value: Value,
    /// Where.
    pub place: Place,
}

/// A `[[reform]]` as stated.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedReform {
    /// First round.
    pub from_round: u32,
    /// Where it says from when.
    pub place: Place,
    /// Areas or regions, each with its place.
    pub areas: Vec<(String, Place)>,
    /// Changes.
    pub changes: Vec<Stated>,
    /// Keys or blocks that it changes in a way that was not understood.
    pub doubtful: Vec<String>,
}

/// A `[[menu]]` as stated: an option of commissioners that learn.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedChoice {
    /// What it is called.
    pub name: String,
    /// Where it starts.
    pub place: Place,
    /// Changes.
    pub changes: Vec<Stated>,
    /// Keys or blocks that it changes in a way that was not understood.
    pub doubtful: Vec<String>,
}

/// A range of `[uncertainty]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StatedRange {
    /// Key in the registry.
    pub key: &'static str,
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
}

/// An `[uncertainty]` as stated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatedUncertainty {
    /// Ranges.
    pub ranges: Vec<StatedRange>,
    /// How points are chosen in them.
    pub design: Option<Design>,
    /// The file of points, and where it is named.
    pub region: Option<(String, Place)>,
    /// Keys that keep their value all the same.
    pub fixed: Vec<&'static str>,
}

/// What one text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// `name`, `question`, `description`, `source`, `date`, `extends`, where stated.
    pub texts: Vec<(String, String, Place)>,
    /// Parameters.
    pub stated: Vec<Stated>,
    /// Reforms.
    pub reforms: Vec<StatedReform>,
    /// Options of commissioners that learn.
    pub menu: Vec<StatedChoice>,
    /// What is uncertain, where it says so.
    pub uncertainty: Option<StatedUncertainty>,
    /// Keys or blocks that were not understood: checks across them would only confuse.
    pub doubtful: Vec<String>,
}

impl Document {
    /// A stated text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.texts.iter().find(|(name, _, _)| name == key).map(|(_, text, _)| text.as_str())
    }

    /// Where a text is stated.
    pub fn place(&self, key: &str) -> Option<&Place> {
        self.texts.iter().find(|(name, _, _)| name == key).map(|(_, _, place)| place)
    }
}
