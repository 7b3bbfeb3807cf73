//! `comparison.csv` and `league.csv`: rule sets in the same worlds.

use super::merge::{Means, Table};
use super::standing::{AmongBest, Standing, side, standings};
use super::{cell, optional_cell};
use crate::experiment::statistics::bootstrap::Resamples;
use crate::experiment::statistics::multiplicity::{benjamini_hochberg, holm};
use crate::experiment::statistics::{Paired, paired};
use crate::folder::{Folder, Result};
use crate::measure::names::{self, Better, Measure};

/// Columns of `comparison.csv`.
const COMPARISON_COLUMNS: [&str; 17] = [
    "rules",
    "baseline",
    "measure",
    "difference",
    "ci_low",
    "ci_high",
    "n",
    "share_of_worlds_better",
    "adjusted_p",
    "variance_reduction",
    "interval",
    "family",
    "adjustment",
    "group",
    "probability_best",
    "expected_regret",
    "max_regret",
];

/// Columns of `league.csv`.
const LEAGUE_COLUMNS: [&str; 18] = [
    "rules",
    "measure",
    "mean",
    "ci_low",
    "ci_high",
    "interval",
    "n",
    "unit",
    "better",
    "group",
    "lead_low",
    "lead_high",
    "probability_best",
    "expected_regret",
    "max_regret",
    "regret_p90",
    "worst_world",
    "near_best_share",
];

/// What a test is for, which decides how its p value is adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Headline measures, stated before anything is run: Holm over all rule sets.
    Confirmatory,
    /// All others: Benjamini and Hochberg over all rule sets.
    Exploratory,
}

impl Family {
    fn of(measure: &Measure) -> Self {
        if names::HEADLINES.contains(&measure.name.as_str()) { Self::Confirmatory } else { Self::Exploratory }
    }

    /// As written in tables, with the adjustment.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Confirmatory => ["confirmatory", "Holm"],
            Self::Exploratory => ["exploratory", "Benjamini-Hochberg"],
        }
    }
}

/// A line of `comparison.csv`.
#[derive(Clone, Debug)]
pub struct ComparisonLine {
    /// Rule set.
    pub rules: String,
    /// Measure.
    pub measure: Measure,
    /// Paired difference from the baseline.
    pub paired: Paired,
    /// Share of worlds in which it is better; missing where a measure has no better side.
    pub better: Option<f64>,
    /// What the test is for.
    pub family: Family,
    /// p adjusted over the family.
    pub adjusted_p: Option<f64>,
    /// How it stands among all rule sets; missing where no world has a value of all.
    pub standing: Option<Standing>,
}

/// A line of `league.csv`.
#[derive(Clone, Debug)]
pub struct LeagueLine {
    /// Rule set.
    pub rules: String,
    /// Measure.
    pub measure: Measure,
    /// How it stands.
    pub standing: Standing,
}

/// What is compared: means after burn-in of rule sets in the same worlds.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// Results folder.
    pub out: &'a Folder,
    /// Names of rule sets, in order.
    pub rules: &'a [String],
    /// Row of the baseline.
    pub baseline: usize,
    /// Means: rule set, measure, replicate.
    pub means: &'a Means,
    /// Seed of the resampling.
    pub seed: u64,
}

impl Comparison<'_> {
    /// Writes both tables.
    pub fn write(&self) -> Result<(Vec<ComparisonLine>, Vec<LeagueLine>)> {
        let worlds = self.means[self.baseline].first().map_or(0, Vec::len);
        let resamples = Resamples::new(self.seed, worlds);
        let measures = names::all();
        let standings: Vec<Vec<Standing>> =
            (0..measures.len()).map(|row| self.standings(row, &measures[row], &resamples)).collect();
        let lines = self.lines(&measures, &standings, &resamples);
        self.write_comparison(&lines)?;
        let league = self.league(&measures, &standings);
        self.write_league(&league)?;
        Ok((lines, league))
    }

    /// Every rule set's standing for a measure; none where no world has a value of all.
    fn standings(&self, row: usize, measure: &Measure, resamples: &Resamples) -> Vec<Standing> {
        let of = |rules: usize| &self.means[rules][row];
        let all: Vec<usize> = (0..self.rules.len()).collect();
        let complete = |world: &usize| all.iter().all(|&rules| of(rules)[*world].is_some());
        let worlds: Vec<usize> = (0..of(self.baseline).len()).filter(complete).collect();
        let values: Vec<Vec<f64>> =
            all.iter().map(|&rules| worlds.iter().filter_map(|&world| of(rules)[world]).collect()).collect();
        if worlds.is_empty() {
            return Vec::new();
        }
        let fewer = (worlds.len() < of(self.baseline).len()).then(|| Resamples::new(self.seed, worlds.len()));
        standings(&values, measure.better, fewer.as_ref().unwrap_or(resamples))
    }

    /// Paired differences of every rule set from the baseline, measure by measure, with adjusted p values.
    fn lines(
        &self,
        measures: &[Measure],
        standings: &[Vec<Standing>],
        resamples: &Resamples,
    ) -> Vec<ComparisonLine> {
        let mut lines = Vec::new();
        for (row, rules) in self.rules.iter().enumerate().filter(|(row, _)| *row != self.baseline) {
            for (column, measure) in measures.iter().enumerate() {
                let (own, base) = (&self.means[row][column], &self.means[self.baseline][column]);
                let pairs: Vec<(f64, f64)> = own.iter().zip(base).filter_map(|(a, b)| a.zip(*b)).collect();
                let Some(paired) = paired(&pairs, resamples) else { continue };
                lines.push(ComparisonLine {
                    rules: rules.clone(),
                    measure: measure.clone(),
                    better: share_better(measure.better, paired.share_positive),
                    family: Family::of(measure),
                    adjusted_p: None,
                    standing: standings[column].get(row).cloned(),
                    paired,
                });
            }
        }
        adjust(&mut lines, Family::Confirmatory, holm);
        adjust(&mut lines, Family::Exploratory, benjamini_hochberg);
        lines
    }

    fn league(&self, measures: &[Measure], standings: &[Vec<Standing>]) -> Vec<LeagueLine> {
        let headline = |name: &&str| measures.iter().position(|measure| measure.name == **name);
        let of = |column: usize| {
            let standings = self.rules.iter().zip(&standings[column]);
            standings.map(move |(rules, standing)| LeagueLine {
                rules: rules.clone(),
                measure: measures[column].clone(),
                standing: standing.clone(),
            })
        };
        names::HEADLINES.iter().filter_map(headline).flat_map(of).collect()
    }

    fn write_comparison(&self, lines: &[ComparisonLine]) -> Result<()> {
        let mut table = Table::create(self.out, "comparison.csv")?;
        table.cells(&COMPARISON_COLUMNS)?;
        for line in lines {
            let difference = &line.paired.difference;
            let best = line.standing.as_ref().and_then(|standing| standing.best);
            let [family, adjustment] = line.family.names();
            table.cells(&[
                &line.rules,
                &self.rules[self.baseline],
                &line.measure.name,
                &cell(difference.mean),
                &optional_cell(difference.interval.map(|interval| interval.0)),
                &optional_cell(difference.interval.map(|interval| interval.1)),
                &difference.n.to_string(),
                &optional_cell(line.better),
                &optional_cell(line.adjusted_p),
                &optional_cell(line.paired.variance_reduction),
                line.paired.interval.name(),
                family,
                adjustment,
                line.standing.as_ref().map_or("", |standing| &standing.group),
                &optional_cell(best.map(|best| best.probability)),
                &optional_cell(best.map(|best| best.robustness.mean_regret)),
                &optional_cell(best.map(|best| best.robustness.max_regret)),
            ])?;
        }
        table.finish()
    }

    fn write_league(&self, lines: &[LeagueLine]) -> Result<()> {
        let mut table = Table::create(self.out, "league.csv")?;
        table.cells(&LEAGUE_COLUMNS)?;
        for LeagueLine { rules, measure, standing } in lines {
            let (estimate, best) = (&standing.estimate, standing.best);
            let of = |pick: fn(&AmongBest) -> f64| optional_cell(best.as_ref().map(pick));
            let lead = best.and_then(|best| best.lead);
            let (side, sign) = side(measure.better);
            table.cells(&[
                rules,
                &measure.name,
                &cell(estimate.mean),
                &optional_cell(estimate.interval.map(|interval| interval.0)),
                &optional_cell(estimate.interval.map(|interval| interval.1)),
                standing.interval.name(),
                &estimate.n.to_string(),
                measure.unit,
                side,
                &standing.group,
                &optional_cell(lead.map(|lead| lead.0)),
                &optional_cell(lead.map(|lead| lead.1)),
                &of(|best| best.probability),
                &of(|best| best.robustness.mean_regret),
                &of(|best| best.robustness.max_regret),
                &of(|best| best.robustness.regret_p90),
                &optional_cell(best.map(|best| sign * best.robustness.worst)),
                &of(|best| best.robustness.satisficing_share),
            ])?;
        }
        table.finish()
    }
}

fn share_better(better: Better, share_positive: f64) -> Option<f64> {
    match better {
        Better::Higher => Some(share_positive),
        Better::Lower => Some(1.0 - share_positive),
        Better::Neither => None,
    }
}

/// Adjusts the p values of a family.
fn adjust(lines: &mut [ComparisonLine], family: Family, method: fn(&[f64]) -> Vec<f64>) {
    let rows: Vec<usize> = (0..lines.len())
        .filter(|&row| lines[row].family == family && lines[row].paired.p.is_some())
        .collect();
    let p: Vec<f64> = rows.iter().filter_map(|&row| lines[row].paired.p).collect();
    for (&row, adjusted) in rows.iter().zip(method(&p)) {
        lines[row].adjusted_p = Some(adjusted);
    }
}
