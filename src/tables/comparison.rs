//! `comparison.csv`: rule sets in the same worlds, each beside the baseline.

use super::league::{self, LeagueLine};
use super::merge::{Means, Table};
use super::standing::{BEST_COLUMNS, GROUP, Standing, standings};
use super::tenders::Described;
use super::{cell, optional_cell};
use crate::experiment::statistics::IntervalKind;
use crate::experiment::statistics::verdict::{Case, Family, Judged, Verdict, judge};
use crate::folder::{Folder, Result};
use crate::measure::names::{self, Better, Measure};

/// Columns of `comparison.csv`, with type, unit and meaning.
pub const COLUMNS: [Described; 19] = [
    ("rules", "string", "none", "rule set"),
    ("baseline", "string", "none", "rule set compared with"),
    ("measure", "string", "none", "measure"),
    ("difference", "number", "as the measure", "mean paired difference from the baseline"),
    ("ci_low", "number", "as the measure", "lower end of the interval of the difference"),
    ("ci_high", "number", "as the measure", "upper end of the interval of the difference"),
    ("n", "integer", "replicates", "worlds in which both have a value"),
    ("share_of_worlds_better", "number", "share", "worlds in which it is better, ties counting half"),
    ("verdict", "string", "none", Verdict::KEY),
    ("adjusted_p", "number", "probability", "two-sided p of no difference, adjusted over the family"),
    ("variance_reduction", "number", "share", "variance that pairing removed"),
    ("interval", "string", "none", IntervalKind::KEY),
    ("confidence", "number", "share", "confidence of the interval, that of the verdict"),
    ("family", "string", "none", "confirmatory: headline measures; exploratory: all others"),
    ("adjustment", "string", "none", "how p was adjusted over all rule sets and measures of the family"),
    ("group", "string", "none", GROUP),
    BEST_COLUMNS[0],
    BEST_COLUMNS[1],
    BEST_COLUMNS[2],
];

/// A rule set and a measure by their rows, with value and baseline of every world that has both.
type Worlds = (usize, usize, Vec<(f64, f64)>);

/// A line of `comparison.csv`.
#[derive(Clone, Debug)]
pub struct ComparisonLine {
    /// Rule set.
    pub rules: String,
    /// Measure.
    pub measure: Measure,
    /// Paired difference from the baseline, with its verdict and the interval of that.
    pub judged: Judged,
    /// Share of worlds in which it is better; missing where a measure has no better side.
    pub better: Option<f64>,
    /// What the test is for.
    pub family: Family,
    /// How it stands among all rule sets; missing where no world has a value of all.
    pub standing: Option<Standing>,
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
    /// Names of rule sets that did not act.
    pub idle: &'a [String],
    /// Means: rule set, measure, replicate.
    pub means: &'a Means,
    /// Seed of the resampling.
    pub seed: u64,
}

impl Comparison<'_> {
    /// Writes both tables.
    pub fn write(&self) -> Result<(Vec<ComparisonLine>, Vec<LeagueLine>)> {
        let measures = names::all();
        let (mut lines, errors) = self.lines(&measures);
        let standings: Vec<Vec<Standing>> = (measures.iter().enumerate())
            .map(|(column, measure)| {
                let error = errors[Family::of(measure) as usize];
                let values: Vec<_> = self.means.iter().map(|of_rules| of_rules[column].clone()).collect();
                match values.iter().all(|values| values.iter().any(Option::is_some)) {
                    true => standings(&values, measure, error, self.seed),
                    false => Vec::new(),
                }
            })
            .collect();
        self.place(&mut lines, &measures, &standings);
        self.write_comparison(&lines)?;
        let league = self.league(&measures, &standings);
        league::write(self.out, &league)?;
        Ok((lines, league))
    }

    /// Paired differences of every rule set from the baseline, measure by measure, each judged with its family; and the
    /// error of one test in each family.
    fn lines(&self, measures: &[Measure]) -> (Vec<ComparisonLine>, [f64; 2]) {
        let rows = (0..self.rules.len()).filter(|&row| row != self.baseline);
        let keys = rows.flat_map(|row| (0..measures.len()).map(move |column| (row, column)));
        let cases: Vec<Worlds> = keys
            .map(|(row, column)| {
                let (own, base) = (&self.means[row][column], &self.means[self.baseline][column]);
                (row, column, own.iter().zip(base).filter_map(|(a, b)| a.zip(*b)).collect())
            })
            .collect();
        let mut lines = Vec::new();
        let errors = [Family::Confirmatory, Family::Exploratory].map(|family| {
            let own: Vec<_> =
                cases.iter().filter(|(_, column, _)| Family::of(&measures[*column]) == family).collect();
            let asked: Vec<Case> = (own.iter())
                .map(|(_, column, pairs)| {
                    let Measure { better, bounds, .. } = measures[*column];
                    Case { pairs, better, bounds }
                })
                .collect();
            let (judged, error) = judge(&asked, family);
            let found = own.into_iter().zip(judged);
            lines.extend(found.filter_map(|((row, column, _), judged)| {
                Some(((*row, *column), self.line(*row, &measures[*column], judged?)))
            }));
            error
        });
        lines.sort_by_key(|(key, _)| *key);
        (lines.into_iter().map(|(_, line)| line).collect(), errors)
    }

    /// A line, before it is placed among all rule sets. What did not act is no finding of none.
    fn line(&self, row: usize, measure: &Measure, judged: Judged) -> ComparisonLine {
        let is_idle = self.idle.contains(&self.rules[row]);
        ComparisonLine {
            rules: self.rules[row].clone(),
            measure: measure.clone(),
            better: share_better(measure.better, judged.paired.share_positive),
            family: Family::of(measure),
            judged: Judged { verdict: if is_idle { Verdict::DidNotAct } else { judged.verdict }, ..judged },
            standing: None,
        }
    }

    /// Says of every line how its rule set stands among all.
    fn place(&self, lines: &mut [ComparisonLine], measures: &[Measure], standings: &[Vec<Standing>]) {
        for line in lines {
            let row = self.rules.iter().position(|rules| *rules == line.rules);
            let column = measures.iter().position(|measure| measure.name == line.measure.name);
            line.standing = row.zip(column).and_then(|(row, column)| standings[column].get(row)).cloned();
        }
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
        table.cells(&COLUMNS.map(|column| column.0))?;
        for line in lines {
            let Judged { paired, adjusted_p, confidence, verdict } = &line.judged;
            let difference = &paired.difference;
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
                verdict.name(),
                &optional_cell(*adjusted_p),
                &optional_cell(paired.variance_reduction),
                paired.interval.name(),
                &cell(*confidence),
                family,
                adjustment,
                line.standing.as_ref().map_or("", |standing| &standing.group),
                &optional_cell(best.and_then(|best| best.probability)),
                &optional_cell(best.map(|best| best.robustness.mean_regret)),
                &optional_cell(best.map(|best| best.robustness.max_regret)),
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
