//! Whole families of verdicts, simulated through the procedure that `comparison.csv` goes by: how often a study in which
//! nothing differs says that something does, and how many true effects it finds. `benches/verdicts.rs` makes the tables
//! of docs/COMPARING.md from it, `tests/it/verdicts.rs` holds them to it.

use rayon::prelude::*;
use rebalance::experiment::statistics::verdict::{Case, Family, Verdict, judge};
use rebalance::math::{exp, normal_quantile};
use rebalance::measure::bounds::Bounds;
use rebalance::measure::names::{Better, HEADLINES};
use rebalance::random::{Luck, Purpose};

/// The law of paired differences, with mean 0 and a standard deviation of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Normal.
    Normal,
    /// Lognormal, with this standard deviation of the logarithm: skewed to the right.
    Lognormal(f64),
    /// One measure in eight lognormal, the others normal.
    Mixed(f64),
}

impl Law {
    /// The value of a measure that a standard normal one stands for.
    fn at(self, measure: usize, z: f64) -> f64 {
        match self {
            Self::Mixed(spread) if measure.is_multiple_of(8) => Self::Lognormal(spread).at(measure, z),
            Self::Normal | Self::Mixed(_) => z,
            Self::Lognormal(spread) => {
                let mean = exp(0.5 * spread * spread);
                (exp(spread * z) - mean) / (mean * (exp(spread * spread) - 1.0).sqrt())
            }
        }
    }
}

/// A study: rule sets beside a baseline in so many worlds, for every headline measure.
#[derive(Clone, Copy, Debug)]
pub struct Design {
    /// Worlds.
    pub worlds: usize,
    /// Rule sets beside the baseline.
    pub rules: usize,
    /// Law of paired differences.
    pub law: Law,
    /// Part of the variance (before it is skewed) that all differences of a world have in common.
    pub common: f64,
    /// What the family is for.
    pub family: Family,
    /// Measures out of every four that differ; the others do not.
    pub differing: usize,
    /// By how many standard deviations they do.
    pub effect: f64,
}

/// What became of many such studies.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Share of studies with at least one verdict that is false: on a measure that does not differ, or on the wrong side.
    pub any_false: f64,
    /// Mean over studies of the share of verdicts that are false, 0 where there are none.
    pub false_share: f64,
    /// Share of true effects that are found, on their side.
    pub found: f64,
}

/// One study: false verdicts, true ones, and true effects.
fn one(design: &Design, seed: u64, number: u32) -> [f64; 3] {
    let rows = HEADLINES.len() * design.rules;
    let stream = |of: usize| Luck::new(seed, number).stream::<1>(Purpose::Resampling, of as u32);
    let draws = |of: usize| -> Vec<f64> {
        let mut stream = stream(of);
        (0..design.worlds).map(|world| normal_quantile(stream.uniforms(world as u64)[0])).collect()
    };
    let common = draws(rows);
    let differs = |row: usize| row % 4 < design.differing;
    let pairs = |row: usize| -> Vec<(f64, f64)> {
        let effect = if differs(row) { design.effect } else { 0.0 };
        let own = draws(row).into_iter().zip(&common);
        let mixed = own.map(|(own, all)| (1.0 - design.common).sqrt() * own + design.common.sqrt() * all);
        // The baseline's value does not matter: differences do.
        mixed.map(|z| (10.0 + effect + design.law.at(row, z), 10.0)).collect()
    };
    let worlds: Vec<Vec<(f64, f64)>> = (0..rows).map(pairs).collect();
    let cases: Vec<Case> =
        (worlds.iter()).map(|pairs| Case { pairs, better: Better::Higher, bounds: Bounds::NONE }).collect();
    let mut count = [0.0; 3];
    for (row, judged) in judge(&cases, design.family).0.into_iter().enumerate() {
        let verdict = judged.expect("worlds").verdict;
        count[2] += f64::from(u8::from(differs(row)));
        match verdict {
            Verdict::CannotBeTold => {}
            Verdict::Better if differs(row) => count[1] += 1.0,
            _ => count[0] += 1.0,
        }
    }
    count
}

/// Plays so many studies.
pub fn simulate(design: &Design, studies: u32, seed: u64) -> Rates {
    let each: Vec<[f64; 3]> = (0..studies).into_par_iter().map(|number| one(design, seed, number)).collect();
    let mean = |of: &dyn Fn(&[f64; 3]) -> f64| each.iter().map(of).sum::<f64>() / f64::from(studies);
    let true_effects = mean(&|count| count[2]);
    Rates {
        any_false: mean(&|count| f64::from(u8::from(count[0] > 0.0))),
        false_share: mean(&|count| count[0] / (count[0] + count[1]).max(1.0)),
        found: if true_effects > 0.0 { mean(&|count| count[1]) / true_effects } else { 0.0 },
    }
}
