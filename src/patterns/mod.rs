//! Stylised facts: does a run look like the sector?
//!
//! Each fact has the range that its sources allow. Facts marked *calibrate* were looked at when the
//! defaults were set; those marked *validate* were not, so that they can fail.

pub mod calibrate;
mod observe;

use crate::experiment::statistics::Estimate;
use crate::experiment::statistics::within::mean_within;
use crate::experiment::{RunError, Stage};
use crate::measure::bounds::Bounds;
use crate::world::World;
use observe::Tally;

static TARGETS: &str = include_str!("targets.csv");

/// A fact with the range that its sources allow.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its number: `T12`.
    pub id: String,
    /// What is measured.
    pub fact: String,
    /// Lowest value that sources allow.
    pub low: f64,
    /// Highest value that sources allow.
    pub high: f64,
    /// Unit.
    pub unit: String,
    /// *calibrate*, *validate* or *show*.
    pub usage: String,
    /// Where it comes from.
    pub source: String,
    /// How it is known: *seen* in the source, *seen-2* in another that quotes it, *derived*.
    pub provenance: String,
    /// What it is about: `all` services, or one.
    pub scope: String,
}

/// A fact beside what a run shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The fact.
    pub target: Target,
    /// Mean over replicates after burn-in; missing where the run has nothing to measure it on.
    pub simulated: Option<Estimate>,
}

impl Pattern {
    /// How far the simulated mean lies outside the range, in widths of the range; 0 inside.
    pub fn misfit(&self) -> f64 {
        let Target { low, high, .. } = self.target;
        let outside = |value: f64| (low - value).max(value - high).max(0.0) / (high - low);
        self.simulated.map_or(0.0, |simulated| outside(simulated.mean))
    }

    /// Whether the simulated mean lies in the range.
    pub fn verdict(&self) -> &'static str {
        match self.simulated {
            None => "not simulated",
            Some(simulated) if simulated.mean < self.target.low => "below",
            Some(simulated) if simulated.mean > self.target.high => "above",
            Some(_) => "holds",
        }
    }
}

/// Whose facts a world is held to: one service's where it has no other, those of all otherwise.
pub fn scope(world: &World) -> &str {
    match world.services.as_slice() {
        [only] if targets().iter().any(|target| target.scope == only.key) => &only.key,
        _ => "all",
    }
}

/// All facts, in order.
pub fn targets() -> Vec<Target> {
    let mut reader = csv::Reader::from_reader(TARGETS.as_bytes());
    let number = |cell: &str| cell.parse().unwrap_or(f64::NAN);
    let rows = reader.records().filter_map(Result::ok);
    rows.map(|row| Target {
        id: row[0].to_string(),
        fact: row[1].to_string(),
        low: number(&row[2]),
        high: number(&row[3]),
        unit: row[4].to_string(),
        usage: row[5].to_string(),
        source: row[6].to_string(),
        provenance: row[7].to_string(),
        scope: row[8].to_string(),
    })
    .collect()
}

/// What a replicate showed of each fact of its scope, in order; nothing where there was nothing to measure it on.
pub type Facts = Vec<Option<f64>>;

/// Facts of a world, in order.
pub fn targets_of(world: &World) -> Vec<Target> {
    let scope = scope(world);
    targets().into_iter().filter(|target| target.scope == scope).collect()
}

/// Plays a replicate of the first scenario on a stage, in the world that was drawn for it where anything is uncertain.
pub fn facts_of(stage: &Stage, targets: &[Target], replicate: u32) -> Result<Facts, RunError> {
    let mut tally = Tally::new(stage.scenario(0).run.burn_in);
    stage.play(0, replicate, &mut tally)?;
    let facts = tally.facts();
    Ok(targets.iter().map(|target| facts.get(target.id.as_str()).copied()).collect())
}

/// Sets what replicates showed beside the facts.
pub fn beside(targets: &[Target], replicates: &[Facts]) -> Vec<Pattern> {
    let pattern = |(place, target): (usize, &Target)| {
        let values = replicates.iter().filter_map(|facts| facts[place]).filter(|value| value.is_finite());
        let bounds = Bounds::of_unit(&target.unit);
        let simulated = mean_within(&values.collect::<Vec<f64>>(), bounds).map(|(estimate, _)| estimate);
        Pattern { simulated, target: target.clone() }
    };
    targets.iter().enumerate().map(pattern).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_range_a_use_and_a_source() {
        let targets = targets();
        assert!(targets.len() > 25);
        for target in &targets {
            assert!(target.low < target.high && !target.source.is_empty(), "{target:?}");
            assert!(["calibrate", "validate", "show"].contains(&target.usage.as_str()), "{target:?}");
        }
    }
}
