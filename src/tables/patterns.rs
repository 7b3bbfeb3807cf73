//! `patterns.csv`: facts beside what a run shows.

use super::cell;
use super::merge::Table;
use crate::folder::{Folder, Result};
use crate::patterns::Pattern;

/// Writes `patterns.csv`.
pub fn write(out: &Folder, patterns: &[Pattern]) -> Result<()> {
    let mut table = Table::create(out, "patterns.csv")?;
    let columns = [
        "id",
        "fact",
        "low",
        "high",
        "unit",
        "use",
        "simulated",
        "ci_low",
        "ci_high",
        "n",
        "verdict",
        "source",
    ];
    table.cells(&columns)?;
    for pattern in patterns {
        let target = &pattern.target;
        let of = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let interval = pattern.simulated.and_then(|simulated| simulated.interval);
        table.row([
            target.id.clone(),
            target.fact.clone(),
            target.low.to_string(),
            target.high.to_string(),
            target.unit.clone(),
            target.usage.clone(),
            of(pattern.simulated.map(|simulated| simulated.mean)),
            of(interval.map(|interval| interval.0)),
            of(interval.map(|interval| interval.1)),
            pattern.simulated.map_or(0, |simulated| simulated.n).to_string(),
            pattern.verdict().to_string(),
            target.source.clone(),
        ])?;
    }
    table.finish()
}

/// How the facts fare at a point of varied parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Facts that defaults answer to, and how many of them hold.
    pub facts: usize,
    /// Those that hold.
    pub holding: usize,
    /// How far the others lie outside their ranges, in widths of the ranges, added up.
    pub misfit: f64,
    /// Those that do not hold, each with what was simulated.
    pub misses: Vec<String>,
}

/// Writes `search.csv`: a row a point.
pub fn write_search(out: &Folder, keys: &[&str], points: &[(Vec<String>, Fit)]) -> Result<()> {
    let mut table = Table::create(out, "search.csv")?;
    let columns = ["facts", "holding", "misfit", "misses"];
    table.row(std::iter::once("point").chain(keys.iter().copied()).chain(columns).map(String::from))?;
    for (row, (values, fit)) in points.iter().enumerate() {
        let found = [fit.facts.to_string(), fit.holding.to_string(), cell(fit.misfit), fit.misses.join("; ")];
        table.row(std::iter::once(row.to_string()).chain(values.iter().cloned()).chain(found))?;
    }
    table.finish()
}
