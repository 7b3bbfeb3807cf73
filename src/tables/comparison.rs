//! `comparison.csv` and `league.csv`: rule sets in the same worlds.

use super::merge::{Means, Table};
use super::{cell, optional_cell};
use crate::experiment::statistics::bootstrap::Resamples;
use crate::experiment::statistics::multiplicity::{benjamini_hochberg, holm};
use crate::experiment::statistics::ranking::{against_the_best, letters, probability_best};
use crate::experiment::statistics::regret::{Robustness, robustness};
use crate::experiment::statistics::{Estimate, IntervalKind, Paired, paired, robust_estimate};
use crate::measure::names::{self, Better, Measure};
use std::io;
use std::path::Path;

/// A rule set satisfies in a world where it misses the best by no more than this share (*assumption*).
pub const NEAR_BEST: f64 = 0.05;

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

/// How a rule set stands among all, for one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Mean, over worlds in which every rule set has a value.
    pub estimate: Estimate,
    /// How its interval was made.
    pub interval: IntervalKind,
    /// Letters of its groups: rule sets that share one cannot be told apart.
    pub group: String,
    /// What is known of the best; missing for measures without a better side.
    pub best: Option<AmongBest>,
}

/// A rule set against the best, in the direction in which the measure is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AmongBest {
    /// Simultaneous interval of its lead over the best of the others (Hsu 1984); missing for one world.
    pub lead: Option<(f64, f64)>,
    /// How often it has the best mean when worlds are drawn again.
    pub probability: f64,
    /// Regret over worlds.
    pub robustness: Robustness,
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
    pub out: &'a Path,
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
    pub fn write(&self) -> io::Result<(Vec<ComparisonLine>, Vec<LeagueLine>)> {
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

    fn write_comparison(&self, lines: &[ComparisonLine]) -> io::Result<()> {
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

    fn write_league(&self, lines: &[LeagueLine]) -> io::Result<()> {
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

/// The better side in words, and the sign that makes more of it better.
fn side(better: Better) -> (&'static str, f64) {
    match better {
        Better::Higher => ("higher", 1.0),
        Better::Lower => ("lower", -1.0),
        Better::Neither => ("", 1.0),
    }
}

fn share_better(better: Better, share_positive: f64) -> Option<f64> {
    match better {
        Better::Higher => Some(share_positive),
        Better::Lower => Some(1.0 - share_positive),
        Better::Neither => None,
    }
}

/// Standings from values of rule sets (rows) in the same worlds (columns).
fn standings(values: &[Vec<f64>], better: Better, resamples: &Resamples) -> Vec<Standing> {
    let (_, sign) = side(better);
    let oriented: Vec<Vec<f64>> =
        values.iter().map(|values| values.iter().map(|value| sign * value).collect()).collect();
    let mut groups = letters(&oriented).into_iter();
    let mut best = match better {
        Better::Neither => vec![None; values.len()],
        Better::Higher | Better::Lower => among_best(&oriented, resamples),
    }
    .into_iter();
    let own = values.iter().filter_map(|values| robust_estimate(values, resamples));
    own.map(|(estimate, interval)| Standing {
        estimate,
        interval,
        group: groups.next().unwrap_or_default(),
        best: best.next().flatten(),
    })
    .collect()
}

fn among_best(oriented: &[Vec<f64>], resamples: &Resamples) -> Vec<Option<AmongBest>> {
    let enough = oriented.first().is_some_and(|values| values.len() > 1);
    let leads = against_the_best(oriented).into_iter().map(|lead| enough.then_some(lead));
    let probabilities = probability_best(oriented, resamples);
    let robust = robustness(oriented, NEAR_BEST);
    let rows = leads.zip(probabilities).zip(robust);
    rows.map(|((lead, probability), robustness)| Some(AmongBest { lead, probability, robustness })).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_can_be_better() {
        let values = [vec![3.0, 4.0, 5.0, 3.5], vec![1.0, 2.0, 3.1, 1.6]];
        let found = standings(&values, Better::Lower, &Resamples::with_count(1, 4, 99));
        let [worse, better] = &found[..] else { panic!("two rule sets") };
        let (worse_best, better_best) = (worse.best.expect("a side"), better.best.expect("a side"));
        assert_eq!((worse_best.probability, better_best.probability), (0.0, 1.0));
        assert_eq!((worse.group.as_str(), better.group.as_str()), ("b", "a"));
        assert!((worse_best.robustness.max_regret - 2.0).abs() < 1e-12);
        assert_eq!(better_best.robustness.max_regret, 0.0);
        assert!(standings(&values, Better::Neither, &Resamples::with_count(1, 4, 9))[0].best.is_none());
    }

    #[test]
    fn one_world_says_nothing_about_the_best_but_its_values() {
        let found = standings(&[vec![1.0], vec![2.0]], Better::Higher, &Resamples::with_count(1, 1, 9));
        assert_eq!((found[0].group.as_str(), found[1].group.as_str()), ("a", "a"));
        assert_eq!(found[0].best.expect("a side").lead, None);
    }
}
