//! `sensitivity.csv`: what each parameter, and chance, does to a measure.

use super::merge::Table;
use super::{cell, optional_cell, value_cell};
use crate::experiment::sensitivity::indices::{Indices, Share};
use crate::experiment::sensitivity::screening::Screened;
use crate::folder::{Folder, Result};
use crate::scenario::registry::Value;

/// Name of chance among the factors.
pub const CHANCE: &str = "chance";

/// Columns of the table with their units and meanings.
pub const COLUMNS: [(&str, &str, &str); 18] = [
    ("measure", "none", "measure"),
    ("factor", "none", "varied parameter, or chance: the luck of a run"),
    ("kind", "none", "number, category (values without order) or chance"),
    ("mu_star", "as the measure", "mean size of the effect of a move over the whole range (Morris)"),
    ("mu_star_low", "as the measure", "lower end of its 95% interval"),
    ("mu_star_high", "as the measure", "upper end of its 95% interval"),
    ("mu", "as the measure", "mean effect with its sign"),
    ("sigma", "as the measure", "spread of effects: interactions, curvature and chance"),
    ("trajectories", "count", "trajectories of the screening"),
    ("first_order", "share", "variance of means of the replicates that the factor explains alone (Sobol)"),
    ("first_order_low", "share", "lower end of its 95% bootstrap interval"),
    ("first_order_high", "share", "upper end of its 95% bootstrap interval"),
    ("total", "share", "variance that it explains with all its interactions"),
    ("total_low", "share", "lower end of its 95% bootstrap interval"),
    ("total_high", "share", "upper end of its 95% bootstrap interval"),
    ("first_order_of_expected", "share", "first_order of the expected outcome: chance taken out"),
    ("share_of_one_run", "share", "variance of a single run that is due to chance"),
    ("points", "count", "rows of the two sets of points"),
];

/// A factor and what was found of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Measure.
    pub measure: String,
    /// Parameter, or [`CHANCE`].
    pub factor: String,
    /// number, category or chance.
    pub kind: &'static str,
    /// Elementary effects, where it was screened.
    pub screened: Option<Screened>,
    /// Trajectories.
    pub trajectories: usize,
    /// Shares of variance, where they were estimated.
    pub indices: Option<Indices>,
    /// First-order share of the variance of the expected outcome.
    pub of_expected: Option<f64>,
    /// Share of a single run's variance; chance alone.
    pub of_one_run: Option<f64>,
    /// Rows of each set of points.
    pub points: usize,
}

/// Writes the table.
pub fn write(out: &Folder, lines: &[Line]) -> Result<()> {
    let mut table = Table::create(out, "sensitivity.csv")?;
    table.row(COLUMNS.iter().map(|(name, _, _)| (*name).to_string()))?;
    for line in lines {
        let ends = line.screened.and_then(|screened| screened.mu_star.interval);
        let mut cells = vec![line.measure.clone(), line.factor.clone(), line.kind.to_string()];
        cells.push(optional_cell(line.screened.map(|screened| screened.mu_star.mean)));
        cells.push(optional_cell(ends.map(|ends| ends.0)));
        cells.push(optional_cell(ends.map(|ends| ends.1)));
        cells.push(optional_cell(line.screened.map(|screened| screened.mu)));
        cells.push(optional_cell(line.screened.and_then(|screened| screened.sigma)));
        cells.push(line.trajectories.to_string());
        cells.extend(share_cells(line.indices.map(|indices| indices.first)));
        cells.extend(share_cells(line.indices.map(|indices| indices.total)));
        cells.extend([
            optional_cell(line.of_expected),
            optional_cell(line.of_one_run),
            line.points.to_string(),
        ]);
        table.row(cells)?;
    }
    table.finish()
}

fn share_cells(share: Option<Share>) -> [String; 3] {
    match share {
        Some(Share { share, interval: (low, high) }) => [cell(share), cell(low), cell(high)],
        None => Default::default(),
    }
}

/// What was played, and what came of it.
pub struct Played<'a> {
    /// Varied keys.
    pub keys: &'a [&'static str],
    /// Their values at every point.
    pub points: &'a [Vec<Value>],
    /// Runs: row of the point, replicate.
    pub runs: &'a [(usize, u32)],
    /// Means after burn-in of every run.
    pub means: &'a [Vec<Option<f64>>],
    /// Measures that were asked for, with their columns.
    pub measures: &'a [(usize, String)],
}

/// Columns of `sensitivity_points.csv` beside the varied keys and the measures.
pub const POINT_COLUMNS: [&str; 2] = ["point", "replicate"];

impl Played<'_> {
    /// Writes `sensitivity_points.csv`: every run with its values, so that the study can be looked at in other ways.
    pub fn write(&self, out: &Folder) -> Result<()> {
        let mut table = Table::create(out, "sensitivity_points.csv")?;
        let names = self.measures.iter().map(|(_, name)| name.as_str());
        let header = POINT_COLUMNS.into_iter().chain(self.keys.iter().copied()).chain(names);
        table.row(header.map(str::to_string))?;
        for (&(point, replicate), means) in self.runs.iter().zip(self.means) {
            let values = self.points[point].iter().map(value_cell);
            let found = self.measures.iter().map(|(column, _)| optional_cell(means[*column]));
            table.row([point.to_string(), replicate.to_string()].into_iter().chain(values).chain(found))?;
        }
        table.finish()
    }
}
