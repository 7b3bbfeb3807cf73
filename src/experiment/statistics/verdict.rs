//! What a difference amounts to: one verdict a row, judged with its whole family.

use super::multiplicity::{benjamini_hochberg, bonferroni};
use super::within::difference_within_at;
use super::{ERROR, Paired, difference, p_of_mean};
use crate::measure::bounds::Bounds;
use crate::measure::names::{Better, HEADLINES, Measure};

/// What a test is for, which decides how its p value is adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Headline measures, stated before anything is run: Bonferroni over all of them and all rule sets.
    Confirmatory,
    /// All others: Benjamini and Hochberg over all rule sets.
    Exploratory,
}

impl Family {
    /// The family of a measure.
    pub fn of(measure: &Measure) -> Self {
        if HEADLINES.contains(&measure.name.as_str()) { Self::Confirmatory } else { Self::Exploratory }
    }

    /// As written in tables, with the adjustment.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Confirmatory => ["confirmatory", "Bonferroni"],
            Self::Exploratory => ["exploratory", "Benjamini-Hochberg"],
        }
    }
}

/// What a difference amounts to: whether its interval leaves out 0, and on which side it lies.
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
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Better, Self::Worse, Self::Higher, Self::Lower, Self::CannotBeTold, Self::DidNotAct];

    /// What they mean, in a sentence for tables, screen, report and charts.
    pub const KEY: &str = "better or worse than the baseline (higher or lower, of a measure without a better side): the \
                           interval leaves out 0; cannot be told: it holds 0; did not act: the same as the baseline in all \
                           worlds, to the last digit";

    /// Of a difference with its interval.
    fn of(paired: &Paired, better: Better) -> Self {
        let (low, high) = paired.difference.interval.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        match (better, low > 0.0, high < 0.0) {
            (_, false, false) => Self::CannotBeTold,
            (Better::Neither, true, _) => Self::Higher,
            (Better::Neither, false, _) => Self::Lower,
            (Better::Higher, true, _) | (Better::Lower, false, _) => Self::Better,
            (Better::Higher, false, _) | (Better::Lower, true, _) => Self::Worse,
        }
    }

    /// As written in tables, on the screen, in charts and in the report.
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

    /// The verdict that a table has written so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// A difference to be judged: what it is of, and its worlds.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Values and baseline, world by world; at least one.
    pub pairs: &'a [(f64, f64)],
    /// Which way the measure is read.
    pub better: Better,
    /// What its values can be.
    pub bounds: Bounds,
}

/// A difference with what it amounts to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Mean paired difference, with the interval of the verdict.
    pub paired: Paired,
    /// p adjusted over the family; missing for one world.
    pub adjusted_p: Option<f64>,
    /// Confidence of the interval: that of the verdict.
    pub confidence: f64,
    /// What it amounts to.
    pub verdict: Verdict,
}

/// Judges the differences of a family: p values are adjusted, and intervals get the confidence at which they leave out 0
/// exactly where the adjusted p is at most 5%. Returns them in their order (nothing for a case without worlds), and the
/// error of one test.
///
/// Headline measures: Bonferroni, so that all intervals of the family hold at once. Others: Benjamini and Hochberg (1995)
/// with the intervals of Benjamini and Yekutieli (2005), of which 5% of those that leave out 0 may be wrong.
pub fn judge(cases: &[Case], family: Family) -> (Vec<Option<Judged>>, f64) {
    let tested: Vec<Option<f64>> = cases.iter().map(p_of).collect();
    let p: Vec<f64> = tested.iter().copied().flatten().collect();
    let adjusted = match family {
        Family::Confirmatory => bonferroni(&p),
        Family::Exploratory => benjamini_hochberg(&p),
    };
    let found = match family {
        Family::Confirmatory => 1,
        Family::Exploratory => adjusted.iter().filter(|p| **p <= ERROR).count().max(1),
    };
    let error = ERROR * found as f64 / p.len().max(1) as f64;
    let mut adjusted = adjusted.into_iter();
    let judged = |(case, p): (&Case, Option<f64>)| {
        // One world has no interval, and no part in the family.
        let confidence = 1.0 - if p.is_some() { error } else { ERROR };
        let adjusted_p = p.and_then(|_| adjusted.next());
        let paired = difference_within_at(case.pairs, case.bounds, confidence)?;
        let verdict = Verdict::of(&paired, case.better);
        Some(Judged { paired, adjusted_p, confidence, verdict })
    };
    (cases.iter().zip(tested).map(judged).collect(), error)
}

/// p of no difference.
fn p_of(case: &Case) -> Option<f64> {
    let apart: Vec<f64> = case.pairs.iter().map(|&(value, baseline)| difference(value, baseline)).collect();
    p_of_mean(&apart)
}

#[cfg(test)]
mod tests {
    use super::super::tests::normals;
    use super::*;

    /// Shares near 0 under a baseline and three rule sets that move them by -0.02, 0 and 0.1, in so many worlds.
    fn shares(worlds: usize) -> Vec<Vec<(f64, f64)>> {
        let own = |number: u32, shift: f64| {
            let noise = normals(number, worlds).into_iter().zip(normals(99, worlds));
            noise
                .map(|(z, base)| ((0.04 + shift + 0.03 * z).max(0.0), (0.04 + 0.03 * base).max(0.0)))
                .collect()
        };
        vec![own(1, -0.02), own(2, 0.0), own(3, 0.1)]
    }

    fn judged(pairs: &[Vec<(f64, f64)>], better: Better, bounds: Bounds, family: Family) -> Vec<Judged> {
        let cases: Vec<Case> = pairs.iter().map(|pairs| Case { pairs, better, bounds }).collect();
        judge(&cases, family).0.into_iter().map(|judged| judged.expect("worlds")).collect()
    }

    #[test]
    fn the_side_of_the_measure_decides_what_a_difference_is() {
        let up = vec![vec![(1.0, 0.0), (1.1, 0.0), (0.9, 0.0)]];
        let down = vec![vec![(0.0, 1.0), (0.0, 1.1), (0.0, 0.9)]];
        let none = vec![vec![(0.0, 1.0), (1.0, 0.0), (0.5, 0.4)]];
        let of = |pairs, better| judged(pairs, better, Bounds::NONE, Family::Confirmatory)[0].verdict;
        let sides = [Better::Higher, Better::Lower, Better::Neither];
        assert_eq!(sides.map(|side| of(&up, side)), [Verdict::Better, Verdict::Worse, Verdict::Higher]);
        assert_eq!(sides.map(|side| of(&down, side)), [Verdict::Worse, Verdict::Better, Verdict::Lower]);
        assert_eq!(sides.map(|side| of(&none, side)), [Verdict::CannotBeTold; 3]);
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::named(verdict.name()), Some(verdict));
        }
        assert_eq!(Verdict::named("no verdict"), None);
    }

    /// Bounds cut intervals; p values, confidence and verdicts do not know of them.
    #[test]
    fn bounds_change_no_verdict() {
        let mut cut = 0;
        for worlds in [2, 3, 8, 20] {
            for family in [Family::Confirmatory, Family::Exploratory] {
                let [whole, within] = [Bounds::NONE, Bounds::SHARE]
                    .map(|bounds| judged(&shares(worlds), Better::Higher, bounds, family));
                for (whole, within) in whole.iter().zip(&within) {
                    assert_eq!(
                        (whole.adjusted_p, whole.confidence, whole.verdict),
                        (within.adjusted_p, within.confidence, within.verdict)
                    );
                    cut += usize::from(whole.paired.difference.interval != within.paired.difference.interval);
                }
            }
        }
        assert!(cut > 0);
    }

    /// A verdict is one of its family: three differences share the error of one, and a world alone has none.
    #[test]
    fn a_family_shares_its_error() {
        let (found, error) = {
            let pairs = shares(20);
            let cases: Vec<Case> = (pairs.iter())
                .map(|pairs| Case { pairs, better: Better::Higher, bounds: Bounds::SHARE })
                .collect();
            judge(&cases, Family::Confirmatory)
        };
        assert_eq!(error, 0.05 / 3.0);
        for judged in found.into_iter().flatten() {
            assert_eq!(judged.confidence, 1.0 - 0.05 / 3.0);
            let alone = judged.paired.p.expect("many");
            assert_eq!(judged.adjusted_p, Some((3.0 * alone).min(1.0)));
            assert_eq!(judged.adjusted_p.expect("many") <= ERROR, judged.verdict != Verdict::CannotBeTold);
        }
        let one = [(0.3, 0.1)];
        let cases =
            [one.as_slice(), &[]].map(|pairs| Case { pairs, better: Better::Higher, bounds: Bounds::SHARE });
        let (found, _) = judge(&cases, Family::Confirmatory);
        let alone = found[0].expect("a world");
        assert_eq!((alone.adjusted_p, alone.verdict, alone.confidence), (None, Verdict::CannotBeTold, 0.95));
        assert_eq!(found[1], None);
    }
}
