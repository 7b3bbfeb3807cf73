//! Merges finished parts, in order of rule set and replicate, into the final tables.

use super::comparison::{Comparison, ComparisonLine};
use super::league::LeagueLine;
use super::part::{AREA_MEASURES, CHARITY_COLUMNS};
use super::side_by_side::{AreaLine, SideBySide};
use super::tenders::{self, BID_COLUMNS, TENDER_COLUMNS};
use super::{cell, optional_cell, value_cell};
use crate::experiment::Drawn;
use crate::experiment::statistics::within::mean_within;
use crate::folder::files::{lines, open};
use crate::folder::{FileError, Folder, NewFile, Result};
use crate::measure::bounds::Bounds;
use crate::measure::names::{self, Measure};
use crate::scenario::Scenario;
use crate::scenario::parameters::CharitiesKept;
use crate::world::World;
use std::io::{self, Write};

/// What is merged: the rule sets (the baseline first), their shared world and scenario.
#[derive(Clone, Copy, Debug)]
pub struct Merge<'a> {
    /// Results folder.
    pub out: &'a Folder,
    /// Names of rule sets, in order.
    pub rules: &'a [String],
    /// Row of the baseline.
    pub baseline: usize,
    /// The scenario (rules aside).
    pub scenario: &'a Scenario,
    /// The world.
    pub world: &'a World,
    /// Values of uncertain parameters, world by world.
    pub drawn: Option<&'a Drawn>,
    /// Names of rule sets that did not act.
    pub idle: &'a [String],
}

/// A line of `summary.csv`.
#[derive(Clone, Debug)]
pub struct SummaryLine {
    /// Rule set.
    pub rules: String,
    /// Measure.
    pub measure: Measure,
    /// Estimate over replicates, after burn-in.
    pub estimate: crate::experiment::statistics::Estimate,
}

/// Adds up the measures of a replicate after burn-in, from lines of `rounds.csv`.
struct Sums {
    burn_in: u32,
    sums: Vec<(f64, u32)>,
}

impl Sums {
    fn new(burn_in: u32) -> Self {
        Self { burn_in, sums: vec![(0.0, 0); names::all().len()] }
    }

    fn add(&mut self, line: &str) {
        let cells: Vec<&str> = line.rsplitn(self.sums.len() + 1, ',').collect();
        let key = cells.last().copied().unwrap_or_default();
        let round: u32 = key.rsplit(',').next().and_then(|round| round.parse().ok()).unwrap_or(0);
        if round < self.burn_in {
            return;
        }
        for (sum, text) in self.sums.iter_mut().zip(cells.iter().rev().skip(1)) {
            if let Ok(value) = text.parse::<f64>() {
                sum.0 += value;
                sum.1 += 1;
            }
        }
    }

    fn means(self) -> Vec<Option<f64>> {
        self.sums.into_iter().map(|(sum, n)| (n > 0).then(|| sum / f64::from(n))).collect()
    }
}

/// Every measure's mean after burn-in in a finished part.
pub fn part_means(out: &Folder, rules: usize, replicate: u32, burn_in: u32) -> Result<Vec<Option<f64>>> {
    let mut sums = Sums::new(burn_in);
    for line in lines(&out.part(rules, replicate).join("rounds.csv"))? {
        sums.add(&line?);
    }
    Ok(sums.means())
}

/// What all tables together say.
#[derive(Clone, Debug)]
pub struct Found {
    /// Lines of `summary.csv`.
    pub summary: Vec<SummaryLine>,
    /// Lines of `comparison.csv`.
    pub comparison: Vec<ComparisonLine>,
    /// Lines of `league.csv`.
    pub league: Vec<LeagueLine>,
}

/// Means after burn-in: rule set -> measure -> replicate.
pub type Means = Vec<Vec<Vec<Option<f64>>>>;

impl Merge<'_> {
    /// Writes all tables. Each is written beside its place and renamed when whole.
    pub fn write(&self) -> Result<Found> {
        let means = self.rounds()?;
        self.areas()?;
        self.places()?;
        self.worlds()?;
        if self.scenario.output.charities != CharitiesKept::None {
            self.concatenate("charities.csv", &CHARITY_COLUMNS)?;
        }
        if self.scenario.output.tenders {
            self.concatenate("tenders.csv", &tenders::names(&TENDER_COLUMNS))?;
            self.concatenate("bids.csv", &tenders::names(&BID_COLUMNS))?;
        }
        let summary = self.summary(&means)?;
        let (comparison, league) = if self.rules.len() > 1 {
            let Self { out, rules, baseline, idle, .. } = *self;
            Comparison { out, rules, baseline, idle, means: &means, seed: self.scenario.run.seed }.write()?
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(Found { summary, comparison, league })
    }

    fn replicates(&self) -> u32 {
        self.scenario.run.replicates
    }

    fn parts(&self) -> impl Iterator<Item = (usize, u32)> {
        let replicates = self.replicates();
        (0..self.rules.len()).flat_map(move |rules| (0..replicates).map(move |replicate| (rules, replicate)))
    }

    fn create(&self, name: &str) -> Result<Table<'_>> {
        Table::create(self.out, name)
    }

    /// Copies all parts of a table below one header.
    fn concatenate(&self, name: &str, columns: &[&str]) -> Result<()> {
        let mut table = self.create(name)?;
        table.row(columns.iter().map(ToString::to_string))?;
        for (rules, replicate) in self.parts() {
            let path = self.out.part(rules, replicate).join(name);
            io::copy(&mut open(&path)?, &mut table.file).map_err(FileError::of(&path))?;
        }
        table.finish()
    }

    /// Writes `rounds.csv` and returns every measure's mean after burn-in.
    fn rounds(&self) -> Result<Means> {
        let measures = names::all();
        let mut table = self.create("rounds.csv")?;
        let key = ["rules", "replicate", "round"].map(str::to_string);
        table.row(key.into_iter().chain(measures.iter().map(|measure| measure.name.clone())))?;
        let mut means: Means = vec![vec![Vec::new(); measures.len()]; self.rules.len()];
        for (rules, replicate) in self.parts() {
            let mut sums = Sums::new(self.scenario.run.burn_in);
            for line in lines(&self.out.part(rules, replicate).join("rounds.csv"))? {
                let line = line?;
                table.line(&line)?;
                sums.add(&line);
            }
            for (row, mean) in sums.means().into_iter().enumerate() {
                means[rules][row].push(mean);
            }
        }
        table.finish()?;
        Ok(means)
    }

    /// Writes `areas.csv`: mean and s.d. over replicates, or every replicate if asked for.
    fn areas(&self) -> Result<()> {
        let each = self.scenario.output.area_replicates;
        let mut table = self.create("areas.csv")?;
        let columns: &[&str] = if each {
            &["rules", "replicate", "year", "rounds", "area", "service", "measure", "value"]
        } else {
            &["rules", "year", "rounds", "area", "service", "measure", "mean", "sd", "n"]
        };
        table.row(columns.iter().map(ToString::to_string))?;
        let keys: Vec<(String, String)> = self
            .world
            .areas
            .iter()
            .flat_map(|area| {
                let services = self.world.services.iter().map(|service| service.key.clone());
                std::iter::once("all".to_string())
                    .chain(services)
                    .map(|service| (area.code.clone(), service))
                    .collect::<Vec<_>>()
            })
            .collect();
        for (row, rules) in self.rules.iter().enumerate() {
            let files =
                (0..self.replicates()).map(|replicate| self.out.part(row, replicate).join("areas.csv"));
            let mut parts = SideBySide::new(files.collect());
            let mut line = 0;
            loop {
                let block = parts.next_block()?;
                if block.is_empty() {
                    break;
                }
                for values in block {
                    let year = line / keys.len();
                    let rounds = self.rounds_of(year as u32).to_string();
                    let (area, service) = &keys[line % keys.len()];
                    let year = (year + 1).to_string();
                    self.area_rows(&mut table, &values, [rules, &year, &rounds, area, service])?;
                    line += 1;
                }
            }
        }
        table.finish()
    }

    /// Rounds that a year has in this run, counted from year 0: the last may be cut short.
    fn rounds_of(&self, year: u32) -> u32 {
        let in_year = self.world.calendar.rounds_in_year();
        in_year.min(self.scenario.run.rounds.saturating_sub(year * in_year))
    }

    /// Rows of an area, service and year: all measures, from the lines of all replicates.
    fn area_rows(&self, table: &mut Table, values: &[AreaLine], key: [&str; 5]) -> Result<()> {
        let [rules, year, rounds, area, service] = key;
        for (column, measure) in AREA_MEASURES.iter().enumerate() {
            let of_measure = values.iter().map(|row| row.get(column).copied().flatten());
            if self.scenario.output.area_replicates {
                for (replicate, value) in of_measure.enumerate() {
                    let (replicate, value) = (replicate.to_string(), optional_cell(value));
                    table.cells(&[rules, &replicate, year, rounds, area, service, measure, &value])?;
                }
                continue;
            }
            let defined: Vec<f64> = of_measure.flatten().collect();
            let Some((found, _)) = mean_within(&defined, Bounds::NONE) else { continue };
            let (mean, sd, n) = (cell(found.mean), optional_cell(found.sd), found.n.to_string());
            table.cells(&[rules, year, rounds, area, service, measure, &mean, &sd, &n])?;
        }
        Ok(())
    }

    /// Writes `area_places.csv`: what is known of the areas, for maps.
    fn places(&self) -> Result<()> {
        let mut table = self.create("area_places.csv")?;
        let columns = ["area", "name", "region", "population", "deprivation", "latitude", "longitude"];
        table.row(columns.iter().map(ToString::to_string))?;
        for area in self.world.areas.iter() {
            table.row([
                area.code.clone(),
                area.name.clone(),
                self.world.regions[area.region].clone(),
                cell(area.population.value()),
                cell(area.deprivation),
                optional_cell(area.centroid.map(|centroid| centroid.0)),
                optional_cell(area.centroid.map(|centroid| centroid.1)),
            ])?;
        }
        table.finish()
    }

    /// Writes `worlds.csv`: the values of uncertain parameters, where there are any.
    fn worlds(&self) -> Result<()> {
        let Some(drawn) = self.drawn else { return Ok(()) };
        let mut table = self.create("worlds.csv")?;
        table.row(std::iter::once("replicate").chain(drawn.keys()).map(str::to_string))?;
        for (replicate, row) in drawn.rows().enumerate() {
            table.row(std::iter::once(replicate.to_string()).chain(row.into_iter().map(value_cell)))?;
        }
        table.finish()
    }

    fn summary(&self, means: &Means) -> Result<Vec<SummaryLine>> {
        let mut table = self.create("summary.csv")?;
        let columns = ["rules", "measure", "mean", "sd", "ci_low", "ci_high", "n", "unit", "interval"];
        table.row(columns.iter().map(ToString::to_string))?;
        let mut lines = Vec::new();
        for (rules, of_rules) in self.rules.iter().zip(means) {
            for (measure, values) in names::all().into_iter().zip(of_rules) {
                let defined: Vec<f64> = values.iter().copied().flatten().collect();
                let found = mean_within(&defined, measure.bounds);
                let Some((estimate, interval)) = found else { continue };
                table.cells(&[
                    rules,
                    &measure.name,
                    &cell(estimate.mean),
                    &optional_cell(estimate.sd),
                    &optional_cell(estimate.interval.map(|interval| interval.0)),
                    &optional_cell(estimate.interval.map(|interval| interval.1)),
                    &estimate.n.to_string(),
                    measure.unit,
                    interval.name(),
                ])?;
                lines.push(SummaryLine { rules: rules.clone(), measure, estimate });
            }
        }
        table.finish()?;
        Ok(lines)
    }
}

/// A table on its way.
pub(super) struct Table<'a> {
    file: NewFile<'a>,
}

impl<'a> Table<'a> {
    pub(super) fn create(out: &'a Folder, name: &str) -> Result<Self> {
        Ok(Self { file: out.create(name)? })
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) -> Result<()> {
        let cells: Vec<String> = cells.into_iter().collect();
        self.cells(&cells.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(super) fn cells(&mut self, cells: &[&str]) -> Result<()> {
        let quoted: Vec<String> = cells
            .iter()
            .map(|cell| {
                if cell.contains([',', '"', '\n']) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    (*cell).to_string()
                }
            })
            .collect();
        self.line(&quoted.join(","))
    }

    fn line(&mut self, line: &str) -> Result<()> {
        writeln!(self.file, "{line}").map_err(self.file.failed())
    }

    pub(super) fn finish(self) -> Result<()> {
        self.file.finish()
    }
}
