//! Reading result tables for charts.

use super::ChartError;
use crate::experiment::statistics::{Estimate, estimate};
use std::collections::BTreeMap;
use std::path::Path;

/// Rounds in a year of the charts' time axis.
const ROUNDS_PER_YEAR: usize = 4;

/// A table as rows by column name.
pub struct Table {
    columns: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    /// Reads a CSV file.
    pub fn read(path: &Path) -> Result<Self, ChartError> {
        let named = |error: csv::Error| ChartError(format!("{}: {error}", path.display()));
        let mut reader = csv::Reader::from_path(path).map_err(named)?;
        let columns = reader.headers().map_err(named)?.iter().map(str::to_string).collect();
        let rows = reader.records().collect::<Result<_, _>>().map_err(named)?;
        Ok(Self { columns, rows })
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Result<usize, ChartError> {
        let place = self.columns.iter().position(|column| column == name);
        place.ok_or_else(|| ChartError(format!("there is no column {name}")))
    }

    /// Rows.
    pub fn rows(&self) -> &[csv::StringRecord] {
        &self.rows
    }
}

/// One replicate's rounds: values by measure.
type Rounds = Vec<Vec<Option<f64>>>;

/// `rounds.csv` and the manifest, ready for figures.
pub struct Results {
    measures: Vec<String>,
    replicates: BTreeMap<(usize, u32), Rounds>,
    /// Rule sets in order.
    pub rules: Vec<String>,
    /// Rule set that others are compared with.
    pub baseline: usize,
    /// First rounds left out of summaries.
    pub burn_in: usize,
    /// Replicates per rule set.
    pub n: usize,
}

/// How rounds make a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yearly {
    /// Mean of the rounds.
    Mean,
    /// Sum of the rounds.
    Sum,
}

impl Results {
    /// Reads `rounds.csv` and `manifest.json`.
    pub fn read(folder: &Path) -> Result<Self, ChartError> {
        let manifest: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join("manifest.json"))?)
                .map_err(|error| ChartError(format!("manifest.json: {error}")))?;
        let table = Table::read(&folder.join("rounds.csv"))?;
        let (rules_at, replicate_at) = (table.column("rules")?, table.column("replicate")?);
        let first = table.column("round")? + 1;
        let measures = table.columns[first..].to_vec();
        let mut rules: Vec<String> = Vec::new();
        let mut replicates: BTreeMap<(usize, u32), Rounds> = BTreeMap::new();
        for row in table.rows() {
            let name = &row[rules_at];
            let place = rules.iter().position(|known| known == name).unwrap_or_else(|| {
                rules.push(name.to_string());
                rules.len() - 1
            });
            let replicate = row[replicate_at].parse().unwrap_or(0);
            let values = row.iter().skip(first).map(|cell| cell.parse().ok()).collect();
            replicates.entry((place, replicate)).or_default().push(values);
        }
        let baseline = manifest["baseline"].as_str().unwrap_or_default();
        Ok(Self {
            baseline: rules.iter().position(|name| name == baseline).unwrap_or(0),
            burn_in: manifest["burn_in"].as_u64().unwrap_or(0) as usize,
            n: manifest["replicates"].as_u64().unwrap_or(1) as usize,
            measures,
            replicates,
            rules,
        })
    }

    fn place(&self, measure: &str) -> Option<usize> {
        self.measures.iter().position(|name| name == measure)
    }

    /// Years that are complete.
    pub fn years(&self) -> usize {
        self.replicates.values().map(|rounds| rounds.len() / ROUNDS_PER_YEAR).max().unwrap_or(0)
    }

    /// Years of the burn-in.
    pub fn burn_in_years(&self) -> f64 {
        self.burn_in as f64 / ROUNDS_PER_YEAR as f64
    }

    /// A measure year by year: the values of all replicates.
    pub fn by_year(&self, rules: usize, measure: &str, how: Yearly) -> Vec<Vec<f64>> {
        let Some(place) = self.place(measure) else { return Vec::new() };
        (0..self.years())
            .map(|year| {
                self.of_rules(rules)
                    .filter_map(|rounds| {
                        let rows = rounds.iter().skip(year * ROUNDS_PER_YEAR).take(ROUNDS_PER_YEAR);
                        let values: Vec<f64> = rows.filter_map(|row| row[place]).collect();
                        let sum: f64 = values.iter().sum();
                        match how {
                            _ if values.is_empty() => None,
                            Yearly::Mean => Some(sum / values.len() as f64),
                            Yearly::Sum => Some(sum),
                        }
                    })
                    .collect()
            })
            .collect()
    }

    /// A measure's mean after burn-in, per replicate.
    pub fn after_burn_in(&self, rules: usize, measure: &str) -> Vec<f64> {
        let Some(place) = self.place(measure) else { return Vec::new() };
        self.of_rules(rules)
            .filter_map(|rounds| {
                let values: Vec<f64> =
                    rounds.iter().skip(self.burn_in).filter_map(|row| row[place]).collect();
                (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
            })
            .collect()
    }

    fn of_rules(&self, rules: usize) -> impl Iterator<Item = &Rounds> {
        self.replicates.iter().filter(move |((place, _), _)| *place == rules).map(|(_, rounds)| rounds)
    }

    /// The line below every chart: replicates, interval, burn-in.
    pub fn footer(&self) -> String {
        let interval = if self.n > 1 {
            format!("{} replicates; bands and bars: 95% t interval of the mean", self.n)
        } else {
            "one replicate: no interval".to_string()
        };
        if self.burn_in == 0 {
            interval
        } else {
            format!("{interval}; first {} rounds: burn-in", self.burn_in)
        }
    }
}

/// Estimates year by year; years without values are gaps.
pub fn estimates(years: &[Vec<f64>]) -> Vec<Option<Estimate>> {
    years.iter().map(|values| estimate(values)).collect()
}
