//! Tables of `rebalance calibrate`: points that were run, what is left of each range, facts, the surviving region.

use super::{cell, write_whole};
use crate::math::quantile;
use crate::patterns::calibrate::{Found, Plan, Point};
use csv::{Terminator, Writer, WriterBuilder};
use std::io;
use std::path::Path;

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
pub fn write(folder: &Path, plan: &Plan, found: &Found, shipped: &[f64]) -> io::Result<()> {
    let keys = || plan.ranges.iter().map(|range| range.key.clone());
    let mut points = table();
    points.write_record(
        ["wave".to_string()].into_iter().chain(keys()).chain(plan.targets.iter().map(|t| t.id.clone())),
    )?;
    for point in &found.points {
        let facts = point.facts.iter().map(|&fact| if fact.is_finite() { cell(fact) } else { String::new() });
        let values = point.values.iter().map(|&value| cell(value));
        points.write_record([point.wave.to_string()].into_iter().chain(values).chain(facts))?;
    }
    finish(points, &folder.join("points.csv"))?;

    let mut ranges = table();
    ranges.write_record([
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
        ranges.write_record([
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
    finish(ranges, &folder.join("ranges.csv"))?;

    let mut facts = table();
    facts.write_record(["id", "fact", "low", "high", "ruled_out_share", "source"])?;
    for (target, out) in plan.targets.iter().zip(&found.ruled_out_by) {
        let (low, high) = (cell(target.low), cell(target.high));
        facts.write_record([&target.id, &target.fact, &low, &high, &cell(*out), &target.source])?;
    }
    finish(facts, &folder.join("facts.csv"))?;

    let mut region = table();
    region.write_record(keys())?;
    // Evenly through the ranking, so that the rows stand for the region, not for its middle.
    let step = found.region.len().div_ceil(REGION_ROWS).max(1);
    for (_, values) in found.region.iter().step_by(step) {
        region.write_record(values.iter().map(|&value| cell(value)))?;
    }
    finish(region, &folder.join("region.csv"))
}

/// One point's facts, kept while a search is under way.
pub fn write_part(path: &Path, point: &Point) -> io::Result<()> {
    let mut part = table();
    part.write_record(point.facts.iter().map(|fact| fact.to_string()))?;
    finish(part, path)
}

/// Facts of a point that was run before; none where there is no such file, or it is of another plan.
pub fn read_part(path: &Path, facts: usize) -> Option<Vec<f64>> {
    let text = std::fs::read_to_string(path).ok()?;
    let values: Option<Vec<f64>> = text.trim().split(',').map(|cell| cell.parse().ok()).collect();
    values.filter(|values| values.len() == facts)
}

fn table() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new())
}

fn finish(table: Writer<Vec<u8>>, path: &Path) -> io::Result<()> {
    write_whole(path, &table.into_inner().map_err(|error| error.into_error())?)
}
