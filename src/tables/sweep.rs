//! `sweep.csv`: measures at points of varied parameters; `sweep_differences.csv`: how far they are from the first point.

use super::merge::Table;
use super::{cell, optional_cell, value_cell};
use crate::experiment::statistics::within::{difference_within, mean_within};
use crate::experiment::sweep::Means;
use crate::folder::{Folder, Result};
use crate::measure::names;
use crate::scenario::registry::Value;

/// Columns before and after those of the varied keys.
const FIRST: &str = "point";
const REST: [&str; 11] = [
    "rules",
    "measure",
    "mean",
    "ci_low",
    "ci_high",
    "n",
    "unit",
    "difference",
    "difference_low",
    "difference_high",
    "baseline",
];

/// Columns of differences after those of the varied keys.
const APART: [&str; 8] = ["rules", "measure", "difference", "ci_low", "ci_high", "interval", "n", "unit"];

/// What a sweep found.
#[derive(Clone, Copy, Debug)]
pub struct Sweep<'a> {
    /// Varied keys.
    pub keys: &'a [&'static str],
    /// Values of the keys, point by point.
    pub points: &'a [Vec<Value>],
    /// Rule sets.
    pub rules: &'a [String],
    /// Row of the baseline.
    pub baseline: usize,
    /// Means: point, rule set, replicate, measure.
    pub means: &'a [Vec<Vec<Means>>],
}

impl Sweep<'_> {
    /// Writes both tables.
    pub fn write(&self, out: &Folder) -> Result<()> {
        let mut table = self.create(out, "sweep.csv", &REST)?;
        for (point, values) in self.points.iter().enumerate() {
            for row in 0..self.rules.len() {
                self.write_rules(&mut table, point, values, row)?;
            }
        }
        table.finish()?;
        let mut table = self.create(out, "sweep_differences.csv", &APART)?;
        for point in 1..self.points.len() {
            for row in 0..self.rules.len() {
                self.write_apart(&mut table, point, row)?;
            }
        }
        table.finish()
    }

    /// A table whose varied keys stand between the point and these columns.
    fn create<'a>(&self, out: &'a Folder, name: &str, columns: &[&'static str]) -> Result<Table<'a>> {
        let mut table = Table::create(out, name)?;
        let header = std::iter::once(FIRST).chain(self.keys.iter().copied()).chain(columns.iter().copied());
        table.row(header.map(str::to_string))?;
        Ok(table)
    }

    /// A rule set at a point less itself at the first, world by world.
    fn write_apart(&self, table: &mut Table, point: usize, row: usize) -> Result<()> {
        let (own, first) = (&self.means[point][row], &self.means[0][row]);
        for (column, measure) in names::all().iter().enumerate() {
            let worlds = own.iter().zip(first);
            let pairs: Vec<(f64, f64)> = worlds.filter_map(|(a, b)| a[column].zip(b[column])).collect();
            let Some(found) = difference_within(&pairs, measure.bounds) else { continue };
            let (apart, interval) = (found.difference, found.interval);
            let key = std::iter::once(point.to_string()).chain(self.points[point].iter().map(value_cell));
            table.row(key.chain([
                self.rules[row].clone(),
                measure.name.clone(),
                cell(apart.mean),
                optional_cell(apart.interval.map(|interval| interval.0)),
                optional_cell(apart.interval.map(|interval| interval.1)),
                interval.name().to_string(),
                apart.n.to_string(),
                measure.unit.to_string(),
            ]))?;
        }
        Ok(())
    }

    fn write_rules(&self, table: &mut Table, point: usize, values: &[Value], row: usize) -> Result<()> {
        let (own, base) = (&self.means[point][row], &self.means[point][self.baseline]);
        for (column, measure) in names::all().iter().enumerate() {
            let defined: Vec<f64> = own.iter().filter_map(|means| means[column]).collect();
            let Some((estimate, _)) = mean_within(&defined, measure.bounds) else { continue };
            let pairs: Vec<(f64, f64)> =
                own.iter().zip(base).filter_map(|(a, b)| a[column].zip(b[column])).collect();
            let found = if row == self.baseline { None } else { difference_within(&pairs, measure.bounds) };
            let difference = found.map(|found| found.difference);
            let ends = difference.and_then(|difference| difference.interval);
            let key = std::iter::once(point.to_string()).chain(values.iter().map(value_cell));
            table.row(key.chain([
                self.rules[row].clone(),
                measure.name.clone(),
                cell(estimate.mean),
                optional_cell(estimate.interval.map(|interval| interval.0)),
                optional_cell(estimate.interval.map(|interval| interval.1)),
                estimate.n.to_string(),
                measure.unit.to_string(),
                optional_cell(difference.map(|difference| difference.mean)),
                optional_cell(ends.map(|ends| ends.0)),
                optional_cell(ends.map(|ends| ends.1)),
                if difference.is_some() { self.rules[self.baseline].clone() } else { String::new() },
            ]))?;
        }
        Ok(())
    }
}
