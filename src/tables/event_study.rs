//! `event_study.csv`: a reform beside the same worlds never reformed, round by round.

use super::merge::Table;
use super::part::part_folder;
use super::{cell, optional_cell};
use crate::experiment::statistics::bootstrap::Resamples;
use crate::experiment::statistics::{Paired, paired};
use crate::measure::names::{self, Measure};
use crate::scenario::Scenario;
use std::io;
use std::path::Path;

/// Columns, with type, unit and meaning.
pub const COLUMNS: [(&str, &str, &str, &str); 9] = [
    ("rules", "string", "none", "rule set"),
    ("measure", "string", "none", "measure"),
    ("rounds_since_reform", "integer", "rounds", "rounds since the first reform, which is round 0"),
    ("difference", "number", "as the measure", "mean paired difference from the same worlds never reformed"),
    ("ci_low", "number", "as the measure", "lower end of its 95% interval"),
    ("ci_high", "number", "as the measure", "upper end of its 95% interval"),
    ("interval", "string", "none", "t, or bootstrap-t where values are skewed"),
    ("n", "integer", "replicates", "worlds in which both have a value"),
    ("unit", "string", "none", "unit of the measure"),
];

/// A reformed scenario whose never-reformed twin was played too.
#[derive(Clone, Copy, Debug)]
pub struct EventStudy<'a> {
    /// Results folder.
    pub out: &'a Path,
    /// Rule set.
    pub rules: &'a str,
    /// The reformed scenario.
    pub scenario: &'a Scenario,
    /// Rows of the parts: of the scenario, and of its twin.
    pub rows: (usize, usize),
}

/// A replicate's rounds: values of all measures.
type Rounds = Vec<Vec<Option<f64>>>;

impl EventStudy<'_> {
    /// Writes the table from finished parts.
    pub fn write(&self) -> io::Result<()> {
        let Some(first) = self.scenario.reforms.iter().map(|reform| reform.from_round).min() else {
            return Ok(());
        };
        let replicates = self.scenario.run.replicates;
        let pairs = (0..replicates)
            .map(|replicate| Ok((self.rounds(self.rows.0, replicate)?, self.rounds(self.rows.1, replicate)?)))
            .collect::<io::Result<Vec<(Rounds, Rounds)>>>()?;
        let resamples = Resamples::new(self.scenario.run.seed, replicates as usize);
        let mut table = Table::create(self.out, "event_study.csv")?;
        table.row(COLUMNS.iter().map(|column| column.0.to_string()))?;
        for (place, measure) in names::all().iter().enumerate() {
            for round in 0..self.scenario.run.rounds {
                let of_round = |rounds: &Rounds| rounds.get(round as usize)?[place];
                let values: Vec<(f64, f64)> = pairs
                    .iter()
                    .filter_map(|(with, without)| of_round(with).zip(of_round(without)))
                    .collect();
                if let Some(found) = paired(&values, &resamples) {
                    self.row(&mut table, measure, i64::from(round) - i64::from(first), &found)?;
                }
            }
        }
        table.finish()
    }

    fn row(&self, table: &mut Table, measure: &Measure, since: i64, found: &Paired) -> io::Result<()> {
        let difference = found.difference;
        table.cells(&[
            self.rules,
            &measure.name,
            &since.to_string(),
            &cell(difference.mean),
            &optional_cell(difference.interval.map(|interval| interval.0)),
            &optional_cell(difference.interval.map(|interval| interval.1)),
            found.interval.name(),
            &difference.n.to_string(),
            measure.unit,
        ])
    }

    /// The rounds of a finished part.
    fn rounds(&self, row: usize, replicate: u32) -> io::Result<Rounds> {
        let path = part_folder(self.out, row, replicate).join("rounds.csv");
        let reader =
            csv::ReaderBuilder::new().has_headers(false).from_path(path).map_err(io::Error::other)?;
        let values = |record: csv::Result<csv::StringRecord>| {
            let record = record.map_err(io::Error::other)?;
            Ok(record.iter().skip(3).map(|text| text.parse().ok()).collect())
        };
        reader.into_records().map(values).collect()
    }
}
