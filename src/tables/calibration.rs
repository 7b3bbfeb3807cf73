//! Tables of `rebalance calibrate`: points that were run, what is left of each range, facts, the surviving region.

use super::cell;
use super::merge::Table;
use crate::folder::{Folder, Result};
use crate::math::quantile;
use crate::patterns::calibrate::{Found, Plan};

/// Rows of `region.csv`.
const REGION_ROWS: usize = 1000;

/// What is left of a parameter's range.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// Central 90% of surviving values.
    pub central: (f64, f64),
    /// Median of surviving values.
    pub median: f64,
}

/// What is left of the ranges, in order; nothing where nothing survives.
pub fn left(plan: &Plan, found: &Found) -> Option<Vec<Left>> {
    let of = |column: usize| {
        let mut values: Vec<f64> = found.region.iter().map(|(_, values)| values[column]).collect();
        let mut at = |p: f64| quantile(&mut values, p);
        Some(Left { central: (at(0.05)?, at(0.95)?), median: at(0.5)? })
    };
    (0..plan.ranges.len()).map(of).collect()
}

/// Writes `points.csv`, `ranges.csv`, `facts.csv` and `region.csv`; `shipped` are the scenario's own values.
pub fn write(out: &Folder, plan: &Plan, found: &Found, shipped: &[f64]) -> Result<()> {
    let keys = || plan.ranges.iter().map(|range| range.key.clone());
    let mut points = Table::create(out, "points.csv")?;
    points.row(
        ["wave".to_string()].into_iter().chain(keys()).chain(plan.targets.iter().map(|t| t.id.clone())),
    )?;
    for point in &found.points {
        let facts = point.facts.iter().map(|&fact| if fact.is_finite() { cell(fact) } else { String::new() });
        let values = point.values.iter().map(|&value| cell(value));
        points.row([point.wave.to_string()].into_iter().chain(values).chain(facts))?;
    }
    points.finish()?;

    let mut ranges = Table::create(out, "ranges.csv")?;
    ranges.cells(&[
        "key",
        "low",
        "high",
        "left_5",
        "left_median",
        "left_95",
        "shipped",
        "surviving_share",
        "points",
        "source",
    ])?;
    let left = left(plan, found);
    let surviving = found.surviving.last().copied().unwrap_or(1.0);
    for (row, range) in plan.ranges.iter().enumerate() {
        let left = left.as_ref().map(|left| &left[row]);
        let of = |value: Option<f64>| value.map(cell).unwrap_or_default();
        ranges.row([
            range.key.clone(),
            cell(range.low),
            cell(range.high),
            of(left.map(|left| left.central.0)),
            of(left.map(|left| left.median)),
            of(left.map(|left| left.central.1)),
            cell(shipped[row]),
            cell(surviving),
            found.points.len().to_string(),
            range.source.clone(),
        ])?;
    }
    ranges.finish()?;

    let mut facts = Table::create(out, "facts.csv")?;
    facts.cells(&["id", "fact", "low", "high", "ruled_out_share", "source"])?;
    for (target, out) in plan.targets.iter().zip(&found.ruled_out_by) {
        let (low, high) = (cell(target.low), cell(target.high));
        facts.cells(&[&target.id, &target.fact, &low, &high, &cell(*out), &target.source])?;
    }
    facts.finish()?;

    let mut region = Table::create(out, "region.csv")?;
    region.row(keys())?;
    // Evenly through the ranking, so that the rows stand for the region, not for its middle.
    let step = found.region.len().div_ceil(REGION_ROWS).max(1);
    for (_, values) in found.region.iter().step_by(step) {
        region.row(values.iter().map(|&value| cell(value)))?;
    }
    region.finish()
}
