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
