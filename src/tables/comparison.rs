//! `comparison.csv` and `league.csv`: rule sets in the same worlds.

use super::merge::{Means, Table};
use super::standing::{AmongBest, Standing, side, standings};
use super::{cell, optional_cell};
use crate::experiment::statistics::multiplicity::{benjamini_hochberg, bonferroni};
use crate::experiment::statistics::{ERROR, Paired, paired, paired_at};
use crate::folder::{Folder, Result};
use crate::measure::names::{self, Better, Measure};

/// Columns of `comparison.csv`.
const COMPARISON_COLUMNS: [&str; 19] = [
    "rules",
    "baseline",
    "measure",
    "difference",
    "ci_low",
    "ci_high",
    "n",
    "share_of_worlds_better",
    "verdict",
    "adjusted_p",
    "variance_reduction",
    "interval",
    "confidence",
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
    /// Headline measures, stated before anything is run: Bonferroni over all of them and all rule sets.
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
            Self::Confirmatory => ["confirmatory", "Bonferroni"],
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
    /// Paired difference from the baseline, with the interval of the verdict.
    pub paired: Paired,
    /// Values and baseline, world by world.
    pairs: Vec<(f64, f64)>,
    /// Share of worlds in which it is better; missing where a measure has no better side.
    pub better: Option<f64>,
    /// What the test is for.
    pub family: Family,
    /// p adjusted over the family.
    pub adjusted_p: Option<f64>,
    /// Confidence of the interval: that of the verdict, simultaneous over the family.
    pub confidence: f64,
    /// What the difference amounts to.
    pub verdict: Verdict,
    /// How it stands among all rule sets; missing where no world has a value of all.
    pub standing: Option<Standing>,
}

/// What a difference amounts to: whether its interval, which holds for its whole family at once, leaves out 0, and on
/// which side it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// On the better side.
    Better,
    /// On the worse side.
    Worse,
    /// Higher, of a measure without a better side.
    Higher,
    /// Lower, of a measure without a better side.
    Lower,
    /// It cannot be told from none.
    CannotBeTold,
    /// There is none to judge: the rule set gave the same as the baseline in all worlds, to the last digit.
    DidNotAct,
}

impl Verdict {
    fn of(paired: &Paired, better: Better) -> Self {
        let (low, high) = paired.difference.interval.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        match (better, low > 0.0, high < 0.0) {
            (_, false, false) => Self::CannotBeTold,
            (Better::Neither, above, _) => {
                if above {
                    Self::Higher
                } else {
                    Self::Lower
                }
            }
            (Better::Higher, above, _) => {
                if above {
                    Self::Better
                } else {
                    Self::Worse
                }
            }
            (Better::Lower, above, _) => {
                if above {
                    Self::Worse
                } else {
                    Self::Better
                }
            }
        }
    }

    /// As written in tables and on the screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::CannotBeTold => "cannot be told",
            Self::DidNotAct => "did not act",
        }
    }
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
        let mut lines = self.lines(&measures);
        let errors = [judge(&mut lines, Family::Confirmatory), judge(&mut lines, Family::Exploratory)];
        let idle = lines.iter_mut().filter(|line| self.idle.contains(&line.rules));
        idle.for_each(|line| line.verdict = Verdict::DidNotAct);
        let standings: Vec<Vec<Standing>> = (measures.iter().enumerate())
            .map(|(column, measure)| {
                let error = errors[Family::of(measure) as usize];
                let values: Vec<_> = self.means.iter().map(|of_rules| of_rules[column].clone()).collect();
                match values.iter().all(|values| values.iter().any(Option::is_some)) {
                    true => standings(&values, measure.better, error, self.seed),
                    false => Vec::new(),
                }
            })
            .collect();
        self.place(&mut lines, &measures, &standings);
        self.write_comparison(&lines)?;
        let league = self.league(&measures, &standings);
        self.write_league(&league)?;
        Ok((lines, league))
    }

    /// Paired differences of every rule set from the baseline, measure by measure, before they are judged.
    fn lines(&self, measures: &[Measure]) -> Vec<ComparisonLine> {
        let mut lines = Vec::new();
        for (row, rules) in self.rules.iter().enumerate().filter(|(row, _)| *row != self.baseline) {
            for (column, measure) in measures.iter().enumerate() {
                let (own, base) = (&self.means[row][column], &self.means[self.baseline][column]);
                let pairs: Vec<(f64, f64)> = own.iter().zip(base).filter_map(|(a, b)| a.zip(*b)).collect();
                let Some(paired) = paired(&pairs) else { continue };
                lines.push(ComparisonLine {
                    rules: rules.clone(),
                    measure: measure.clone(),
                    better: share_better(measure.better, paired.share_positive),
                    family: Family::of(measure),
                    adjusted_p: None,
                    confidence: 1.0 - ERROR,
                    verdict: Verdict::CannotBeTold,
                    standing: None,
                    pairs,
                    paired,
                });
            }
        }
        lines
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
                line.verdict.name(),
                &optional_cell(line.adjusted_p),
                &optional_cell(line.paired.variance_reduction),
                line.paired.interval.name(),
                &cell(line.confidence),
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

/// Judges the differences of a family: p values are adjusted, and intervals get the confidence at which they leave out 0
/// exactly where the adjusted p is at most 5%. Returns the error of one test.
///
/// Headline measures: Bonferroni, so that all intervals of the family hold at once. Others: Benjamini and Hochberg (1995)
/// with the intervals of Benjamini and Yekutieli (2005), of which 5% of those that leave out 0 may be wrong.
fn judge(lines: &mut [ComparisonLine], family: Family) -> f64 {
    let rows: Vec<usize> = (0..lines.len())
        .filter(|&row| lines[row].family == family && lines[row].paired.p.is_some())
        .collect();
    let p: Vec<f64> = rows.iter().filter_map(|&row| lines[row].paired.p).collect();
    let adjusted = match family {
        Family::Confirmatory => bonferroni(&p),
        Family::Exploratory => benjamini_hochberg(&p),
    };
    let found = match family {
        Family::Confirmatory => 1,
        Family::Exploratory => adjusted.iter().filter(|p| **p <= ERROR).count().max(1),
    };
    let error = ERROR * found as f64 / p.len().max(1) as f64;
    for (&row, adjusted) in rows.iter().zip(adjusted) {
        let line = &mut lines[row];
        line.adjusted_p = Some(adjusted);
        line.confidence = 1.0 - error;
        if let Some(paired) = paired_at(&line.pairs, 1.0 - error) {
            line.paired = paired;
        }
        line.verdict = Verdict::of(&line.paired, line.measure.better);
    }
    error
}
