//! `split.csv`: what a rule changes at once, with the same bids, and what changes because charities adapt.

use super::merge::Table;
use super::{cell, optional_cell};
use crate::experiment::statistics::Paired;
use crate::experiment::statistics::within::difference_within;
use crate::folder::files::table;
use crate::folder::{FileError, Folder, Result};
use crate::measure::awards;
use crate::measure::names::{self, Measure};
use crate::tables::merge::part_means;

/// Columns, with type, unit and meaning.
pub const COLUMNS: [(&str, &str, &str, &str); 14] = [
    ("rules", "string", "none", "rule set"),
    ("baseline", "string", "none", "rule set compared with, whose bids are decided again"),
    ("measure", "string", "none", "measure of awards"),
    (
        "mechanical",
        "number",
        "as the measure",
        "the baseline's bids decided by the rule set, less as they were decided",
    ),
    ("mechanical_low", "number", "as the measure", "lower end of its 95% interval"),
    ("mechanical_high", "number", "as the measure", "upper end of its 95% interval"),
    (
        "behavioural",
        "number",
        "as the measure",
        "the rule set's own run, less the baseline's bids decided by the rule set",
    ),
    ("behavioural_low", "number", "as the measure", "lower end of its 95% interval"),
    ("behavioural_high", "number", "as the measure", "upper end of its 95% interval"),
    ("total", "number", "as the measure", "the rule set's own run, less the baseline's: the sum of both"),
    ("total_low", "number", "as the measure", "lower end of its 95% interval"),
    ("total_high", "number", "as the measure", "upper end of its 95% interval"),
    ("n", "integer", "replicates", "worlds in which all three have a value"),
    ("unit", "string", "none", "unit of the measure"),
];

/// A line of `split.csv`.
#[derive(Clone, Debug)]
pub struct SplitLine {
    /// Rule set.
    pub rules: String,
    /// Measure.
    pub measure: Measure,
    /// The effect with the same bids.
    pub mechanical: Paired,
    /// The effect of adapting.
    pub behavioural: Paired,
    /// Both.
    pub total: Paired,
}

/// Rule sets whose effects are split.
#[derive(Clone, Copy, Debug)]
pub struct Split<'a> {
    /// Results folder.
    pub out: &'a Folder,
    /// Names of rule sets, in order.
    pub rules: &'a [String],
    /// Row of the baseline.
    pub baseline: usize,
    /// Replicates.
    pub replicates: u32,
    /// First rounds left out.
    pub burn_in: u32,
}

/// A replicate: means of the baseline's bids as it decides them and as the rule set does, and of both runs.
type World = [Vec<Option<f64>>; 4];

impl Split<'_> {
    /// Writes the table from finished parts.
    pub fn write(&self) -> Result<Vec<SplitLine>> {
        let mut lines = Vec::new();
        for rules in (0..self.rules.len()).filter(|&rules| rules != self.baseline) {
            let worlds = (0..self.replicates)
                .map(|replicate| self.world(rules, replicate))
                .collect::<Result<Vec<World>>>()?;
            for (place, name) in awards::NAMES.iter().enumerate() {
                lines.extend(self.line(rules, name, place, &worlds));
            }
        }
        let mut table = Table::create(self.out, "split.csv")?;
        table.row(COLUMNS.iter().map(|column| column.0.to_string()))?;
        lines.iter().try_for_each(|line| table.row(self.cells(line)))?;
        table.finish()?;
        Ok(lines)
    }

    fn world(&self, rules: usize, replicate: u32) -> Result<World> {
        let measures = names::all();
        let of_awards = |row: usize| -> Result<Vec<Option<f64>>> {
            let means = part_means(self.out, row, replicate, self.burn_in)?;
            let place = |name: &&str| measures.iter().position(|measure| measure.name == **name);
            Ok(awards::NAMES.iter().map(|name| means[place(name)?]).collect())
        };
        let decided = |rules: usize| self.rescored(rules, replicate);
        Ok([decided(self.baseline)?, decided(rules)?, of_awards(self.baseline)?, of_awards(rules)?])
    }

    /// Means after burn-in of the baseline's bids as a rule set would have decided on them.
    fn rescored(&self, rules: usize, replicate: u32) -> Result<Vec<Option<f64>>> {
        let path = self.out.part(self.baseline, replicate).join("rescored.csv");
        let reader = table(&path, false)?;
        let mut sums = vec![(0.0, 0_u32); awards::NAMES.len()];
        for record in reader.into_records() {
            let record = record.map_err(FileError::of(&path))?;
            let key = |place: usize| record[place].parse::<usize>().unwrap_or(usize::MAX);
            if key(0) < self.burn_in as usize || key(1) != rules {
                continue;
            }
            for (sum, text) in sums.iter_mut().zip(record.iter().skip(2)) {
                if let Ok(value) = text.parse::<f64>() {
                    *sum = (sum.0 + value, sum.1 + 1);
                }
            }
        }
        Ok(sums.into_iter().map(|(sum, n)| (n > 0).then(|| sum / f64::from(n))).collect())
    }

    fn line(&self, rules: usize, name: &str, place: usize, worlds: &[World]) -> Option<SplitLine> {
        let measure = names::all().into_iter().find(|measure| measure.name == name)?;
        let effects = |world: &World| {
            let [decided, decided_anew, baseline, own] = world.each_ref().map(|values| values[place]);
            Some(((decided_anew?, decided?), (own?, baseline?)))
        };
        let (same_bids, runs): (Vec<_>, Vec<_>) = worlds.iter().filter_map(effects).unzip();
        let apart = |&(value, from): &(f64, f64)| value - from;
        let adapting: Vec<(f64, f64)> = runs.iter().map(apart).zip(same_bids.iter().map(apart)).collect();
        let bounds = measure.bounds;
        Some(SplitLine {
            rules: self.rules[rules].clone(),
            mechanical: difference_within(&same_bids, bounds)?,
            // A difference of two differences.
            behavioural: difference_within(&adapting, bounds.of_differences())?,
            total: difference_within(&runs, bounds)?,
            measure,
        })
    }

    fn cells(&self, line: &SplitLine) -> Vec<String> {
        let mut cells =
            vec![line.rules.clone(), self.rules[self.baseline].clone(), line.measure.name.clone()];
        for effect in [&line.mechanical, &line.behavioural, &line.total] {
            let interval = effect.difference.interval;
            cells.extend([
                cell(effect.difference.mean),
                optional_cell(interval.map(|interval| interval.0)),
                optional_cell(interval.map(|interval| interval.1)),
            ]);
        }
        cells.extend([line.total.difference.n.to_string(), line.measure.unit.to_string()]);
        cells
    }
}
