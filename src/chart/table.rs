//! Reading result tables for charts.

use super::ChartError;
use crate::calendar::Calendar;
use crate::experiment::statistics::Estimate;
use crate::experiment::statistics::within::mean_within;
use crate::folder::NewFile;
use crate::folder::files::table;
use crate::measure::bounds::Bounds;
use crate::units::Weeks;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// A table as rows by column name.
pub struct Table {
    columns: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    /// Reads a CSV file.
    pub fn read(path: &Path) -> Result<Self, ChartError> {
        let named = |error: csv::Error| ChartError(format!("{}: {error}", path.display()));
        let mut reader = table(path, true)?;
        let columns = reader.headers().map_err(named)?.iter().map(str::to_string).collect();
        let rows = reader.records().collect::<Result<_, _>>().map_err(named)?;
        Ok(Self { columns, rows })
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Result<usize, ChartError> {
        let place = self.columns.iter().position(|column| column == name);
        place.ok_or_else(|| ChartError(format!("there is no column {name}")))
    }

    /// Names of the columns.
    pub fn names(&self) -> &[String] {
        &self.columns
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
    /// Rounds that make a year, as tables count them.
    rounds_per_year: usize,
}

/// How rounds make a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yearly {
    /// Mean of the rounds.
    Mean,
    /// Sum of the rounds.
    Sum,
    /// The last of the rounds.
    Last,
}

impl Yearly {
    /// A measure over some rounds; nothing where it is never defined.
    fn of(self, rounds: &[Vec<Option<f64>>], place: usize) -> Option<f64> {
        let values: Vec<f64> = rounds.iter().filter_map(|row| row[place]).collect();
        let sum: f64 = values.iter().sum();
        match self {
            _ if values.is_empty() => None,
            Self::Mean => Some(sum / values.len() as f64),
            Self::Sum => Some(sum),
            Self::Last => values.last().copied(),
        }
    }
}

/// Two measures of one replicate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The replicate.
    pub replicate: u32,
    /// The first measure.
    pub x: f64,
    /// The second.
    pub y: f64,
}

impl Results {
    /// Reads `rounds.csv`; the manifest says how it came about.
    pub fn read(folder: &Path, manifest: &serde_json::Value) -> Result<Self, ChartError> {
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
        let round_weeks = manifest["round_weeks"].as_f64().unwrap_or(13.0);
        let baseline = manifest["baseline"].as_str().unwrap_or_default();
        Ok(Self {
            baseline: rules.iter().position(|name| name == baseline).unwrap_or(0),
            burn_in: manifest["burn_in"].as_u64().unwrap_or(0) as usize,
            rounds_per_year: Calendar::new(Weeks::new(round_weeks)).rounds_in_year() as usize,
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
        self.replicates.values().map(|rounds| rounds.len() / self.rounds_per_year).max().unwrap_or(0)
    }

    /// Years of the burn-in.
    pub fn burn_in_years(&self) -> f64 {
        self.burn_in as f64 / self.rounds_per_year as f64
    }

    /// A measure year by year: the values of all replicates.
    pub fn by_year(&self, rules: usize, measure: &str, how: Yearly) -> Vec<Vec<f64>> {
        let Some(place) = self.place(measure) else { return Vec::new() };
        (0..self.years())
            .map(|year| {
                self.of_rules(rules)
                    .filter_map(|(_, rounds)| how.of(&rounds[self.rows(year, rounds)], place))
                    .collect()
            })
            .collect()
    }

    /// Two measures year by year, paired by replicate: (replicate, first, second).
    pub fn pairs_by_year(&self, rules: usize, measures: [&str; 2]) -> Vec<Vec<Pair>> {
        (0..self.years()).map(|year| self.pairs(rules, measures, |rounds| self.rows(year, rounds))).collect()
    }

    /// Two measures' means after burn-in, paired by replicate.
    pub fn pairs_after_burn_in(&self, rules: usize, measures: [&str; 2]) -> Vec<Pair> {
        self.pairs(rules, measures, |rounds| self.burn_in.min(rounds.len())..rounds.len())
    }

    /// The rounds of a year.
    fn rows(&self, year: usize, rounds: &Rounds) -> Range<usize> {
        let at = |year: usize| (year * self.rounds_per_year).min(rounds.len());
        at(year)..at(year + 1)
    }

    fn pairs(&self, rules: usize, measures: [&str; 2], span: impl Fn(&Rounds) -> Range<usize>) -> Vec<Pair> {
        let [Some(x), Some(y)] = measures.map(|measure| self.place(measure)) else { return Vec::new() };
        self.of_rules(rules)
            .filter_map(|(replicate, rounds)| {
                let rounds = &rounds[span(rounds)];
                let (x, y) = (Yearly::Mean.of(rounds, x)?, Yearly::Mean.of(rounds, y)?);
                Some(Pair { replicate, x, y })
            })
            .collect()
    }

    /// A measure's mean after burn-in, per replicate.
    pub fn after_burn_in(&self, rules: usize, measure: &str) -> Vec<f64> {
        let Some(place) = self.place(measure) else { return Vec::new() };
        self.of_rules(rules)
            .filter_map(|(_, rounds)| Yearly::Mean.of(rounds.get(self.burn_in..)?, place))
            .collect()
    }

    /// Share of the rounds after burn-in, of all replicates, in which a measure has a value.
    pub fn defined_share(&self, rules: usize, measure: &str) -> f64 {
        let Some(place) = self.place(measure) else { return 0.0 };
        let counted = self.of_rules(rules).flat_map(|(_, rounds)| rounds.iter().skip(self.burn_in));
        let (defined, all) = counted.fold((0.0, 0.0), |(defined, all), round| {
            (defined + f64::from(u8::from(round[place].is_some())), all + 1.0)
        });
        if all > 0.0 { defined / all } else { 0.0 }
    }

    fn of_rules(&self, rules: usize) -> impl Iterator<Item = (u32, &Rounds)> {
        let mine = move |((place, replicate), rounds)| {
            let (place, replicate): (&usize, &u32) = (place, replicate);
            (*place == rules).then_some((*replicate, rounds))
        };
        self.replicates
            .iter()
            .map(|((place, replicate), rounds)| ((place, replicate), rounds))
            .filter_map(mine)
    }

    /// A title that names the rule set, where there are others.
    pub fn of_baseline(&self, title: &str) -> String {
        match self.rules.get(self.baseline).filter(|_| self.rules.len() > 1) {
            Some(baseline) => format!("{title} (rule set \"{baseline}\")"),
            None => title.to_string(),
        }
    }

    /// The line below a chart: replicates, what shows their spread, burn-in.
    pub fn footer(&self, spread: &str) -> String {
        let replicates = match (self.n, spread) {
            (1, _) => "one replicate: no interval".to_string(),
            (n, "") => format!("{n} replicates"),
            (n, spread) => format!("{n} replicates; {spread}"),
        };
        match self.burn_in {
            0 => replicates,
            burn_in => format!("{replicates}; first {burn_in} rounds: burn-in"),
        }
    }
}

/// What is shown around means, where it is bars or bands.
pub const BARS: &str = "bars: 95% interval of the mean";
pub const BANDS: &str = "shaded: 95% interval of the mean";

/// A chart's data as CSV.
pub struct Data {
    rows: Vec<Vec<String>>,
}

impl Data {
    /// A table with these columns.
    pub fn new(columns: &[&str]) -> Self {
        Self { rows: vec![columns.iter().map(ToString::to_string).collect()] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl ToString>) {
        self.rows.push(cells.into_iter().map(|cell| cell.to_string()).collect());
    }

    /// Writes the table.
    pub fn write(&self, mut file: NewFile) -> Result<(), ChartError> {
        let failed = file.failed();
        let mut writer = csv::Writer::from_writer(&mut file);
        let written = self.rows.iter().try_for_each(|row| writer.write_record(row));
        written.and_then(|()| Ok(writer.flush()?)).map_err(failed)?;
        drop(writer);
        Ok(file.finish()?)
    }
}

/// An estimate as cells: mean, both ends of the interval, replicates.
pub fn cells(estimate: &Estimate) -> [String; 4] {
    let end = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
    let (low, high) = (estimate.interval.map(|i| i.0), estimate.interval.map(|i| i.1));
    [estimate.mean.to_string(), end(low), end(high), estimate.n.to_string()]
}

/// Estimates year by year; years without values are gaps.
pub fn estimates(years: &[Vec<f64>], bounds: Bounds) -> Vec<Option<Estimate>> {
    years.iter().map(|values| Some(mean_within(values, bounds)?.0)).collect()
}
