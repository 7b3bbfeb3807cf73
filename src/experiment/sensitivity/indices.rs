//! Shares of variance (Sobol 1993): first-order and total indices, with chance as one more factor.
//!
//! A run is a function of its parameters and of its luck. Under shared luck, luck is a factor like any other
//! (verification.md 4.6): what it explains, alone and together with parameters, is the share due to chance, and
//! the indices of the expected outcome are those of a run over one minus that share, as in
//! `S = S_raw V_raw / (V_raw - s2_noise / r)`.

use crate::experiment::design::sobol;
use crate::experiment::statistics::bootstrap::Resamples;
use crate::math::quantile;

/// Two independent sets of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrices {
    /// Rows of the first.
    pub a: Vec<Vec<f64>>,
    /// Rows of the second.
    pub b: Vec<Vec<f64>>,
}

impl Matrices {
    /// Sobol points of twice as many dimensions, cut in two (Saltelli et al. 2010).
    pub fn new(points: usize, factors: usize, seed: u64) -> Self {
        let both = sobol(points, 2 * factors, seed);
        let (a, b) = both.iter().map(|row| (row[..factors].to_vec(), row[factors..].to_vec())).unzip();
        Self { a, b }
    }

    /// The first set with one column of the second.
    pub fn mixed(&self, factor: usize) -> Vec<Vec<f64>> {
        let mix = |(a, b): (&Vec<f64>, &Vec<f64>)| {
            let mut row = a.clone();
            row[factor] = b[factor];
            row
        };
        self.a.iter().zip(&self.b).map(mix).collect()
    }
}

/// An index with its bootstrap interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Estimate.
    pub share: f64,
    /// Percentile interval at 95% over resampled rows.
    pub interval: (f64, f64),
}

/// The indices of a factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indices {
    /// Share of the variance that the factor explains alone (estimator of Saltelli et al. 2010).
    pub first: Share,
    /// Share with all its interactions (Jansen 1999).
    pub total: Share,
}

/// Values at both sets and, factor by factor, at the first with that factor of the second.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// At the first set.
    pub a: &'a [f64],
    /// At the second.
    pub b: &'a [f64],
    /// At the mixed sets.
    pub mixed: &'a [Vec<f64>],
}

/// Indices of every factor; none where all values are the same.
pub fn indices(values: &Values, resamples: &Resamples) -> Option<Vec<Indices>> {
    let all: Vec<u32> = (0..values.a.len() as u32).collect();
    let whole = of_rows(values, &all)?;
    let again: Vec<Vec<Pair>> = resamples.iter().filter_map(|rows| of_rows(values, rows)).collect();
    let share = |row: usize, which: fn(&Pair) -> f64| Share {
        share: which(&whole[row]),
        interval: percentiles(again.iter().map(|shares| which(&shares[row])).collect()),
    };
    let of = |row: usize| Indices { first: share(row, |pair| pair.0), total: share(row, |pair| pair.1) };
    Some((0..whole.len()).map(of).collect())
}

/// The middle 95%.
fn percentiles(mut values: Vec<f64>) -> (f64, f64) {
    let mut at = |p: f64| quantile(&mut values, p).unwrap_or(f64::NAN);
    (at(0.025), at(0.975))
}

/// First-order and total share.
type Pair = (f64, f64);

/// First-order and total shares from some rows.
fn of_rows(values: &Values, rows: &[u32]) -> Option<Vec<Pair>> {
    let n = rows.len() as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for &row in rows {
        for value in [values.a[row as usize], values.b[row as usize]] {
            sum += value;
            squares += value * value;
        }
    }
    let mean = sum / (2.0 * n);
    let variance = squares / (2.0 * n) - mean * mean;
    if variance <= 1e-12 * mean * mean || variance <= 0.0 {
        return None;
    }
    let shares = values.mixed.iter().map(|mixed| {
        let (mut alone, mut apart) = (0.0, 0.0);
        for &row in rows {
            let (a, b, ab) = (values.a[row as usize], values.b[row as usize], mixed[row as usize]);
            alone += (b - mean) * (ab - a);
            apart += (a - ab) * (a - ab);
        }
        (alone / n / variance, apart / (2.0 * n) / variance)
    });
    Some(shares.collect())
}

/// The share of one run's variance that is due to chance, from the total share of chance in means of
/// `replicates` runs.
pub fn chance_in_one_run(total: f64, replicates: u32) -> f64 {
    let noise = f64::from(replicates) * total.clamp(0.0, 1.0);
    noise / (noise + 1.0 - total.clamp(0.0, 1.0)).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::super::test_functions::{ishigami, sobol_g};
    use super::*;
    use crate::math::normal_quantile;

    fn found(f: fn(&[f64]) -> f64, points: usize, factors: usize, seed: u64) -> Vec<Indices> {
        let matrices = Matrices::new(points, factors, seed);
        let at = |rows: &[Vec<f64>]| rows.iter().map(|row| f(row)).collect::<Vec<f64>>();
        let mixed: Vec<Vec<f64>> = (0..factors).map(|factor| at(&matrices.mixed(factor))).collect();
        let values = Values { a: &at(&matrices.a), b: &at(&matrices.b), mixed: &mixed };
        indices(&values, &Resamples::with_count(seed, points, 99)).expect("it varies")
    }

    /// verification.md 4.6, with its tolerances.
    #[test]
    fn ishigami_function() {
        let first = [0.313_905, 0.442_411, 0.0];
        let total = [0.557_589, 0.442_411, 0.243_684];
        for (points, tolerance) in [(1_024, 0.03), (4_096, 0.005)] {
            for seed in 1..=5 {
                let found = found(ishigami, points, 3, seed);
                for (row, indices) in found.iter().enumerate() {
                    let errors = [indices.first.share - first[row], indices.total.share - total[row]];
                    assert!(
                        errors.iter().all(|error| error.abs() < tolerance),
                        "{points}, {seed}, {row}: {errors:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn sobol_g_function() {
        let found = found(sobol_g, 4_096, 8, 1);
        let first = [0.716_19, 0.179_05, 0.023_68, 0.007_16, 0.000_07];
        let total = [0.787_14, 0.242_20, 0.034_32, 0.010_46, 0.000_10];
        for row in 0..8 {
            let errors =
                [found[row].first.share - first[row.min(4)], found[row].total.share - total[row.min(4)]];
            assert!(errors.iter().all(|error| error.abs() < 0.01), "{row}: {errors:?}");
        }
    }

    #[test]
    fn intervals_hold_the_truth_and_narrow() {
        let few = found(ishigami, 256, 3, 3);
        let many = found(ishigami, 4_096, 3, 3);
        let length = |share: Share| share.interval.1 - share.interval.0;
        assert!(length(many[0].first) < 0.5 * length(few[0].first));
        assert!(few[0].total.interval.0 < 0.557_589 && 0.557_589 < few[0].total.interval.1);
    }

    /// f = x1 + 2 x2 + noise of variance 5/12, as large as that of the parameters: with chance as a factor its
    /// total share is a half, and the corrected shares of the parameters are 1/5 and 4/5.
    #[test]
    fn chance_is_a_factor_and_the_correction_gives_the_expected_outcome() {
        let noisy = |unit: &[f64]| {
            unit[0]
                + 2.0 * unit[1]
                + (5.0_f64 / 12.0).sqrt() * normal_quantile(unit[2].clamp(1e-9, 1.0 - 1e-9))
        };
        let found = found(noisy, 4_096, 3, 2);
        assert!((found[2].first.share - 0.5).abs() < 0.01 && (found[2].total.share - 0.5).abs() < 0.01);
        for (row, expected) in [0.2, 0.8].into_iter().enumerate() {
            let corrected = found[row].first.share / (1.0 - found[2].total.share);
            assert!((corrected - expected).abs() < 0.02, "{corrected}");
        }
        assert!((chance_in_one_run(0.2, 4) - 0.5).abs() < 1e-12);
        assert_eq!((chance_in_one_run(0.0, 4), chance_in_one_run(1.0, 4)), (0.0, 1.0));
    }

    #[test]
    fn nothing_can_be_said_of_a_constant() {
        let (same, mixed) = (vec![2.0; 8], vec![vec![2.0; 8]]);
        let values = Values { a: &same, b: &same, mixed: &mixed };
        assert_eq!(indices(&values, &Resamples::with_count(1, 8, 9)), None);
    }
}
