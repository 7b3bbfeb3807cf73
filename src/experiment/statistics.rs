//! Statistics for replicates and for paired comparisons.

use crate::math::{mean_and_sd, student_t_cdf, student_t_half_width};

/// Confidence of all intervals.
pub const CONFIDENCE: f64 = 0.95;

/// A mean with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Standard deviation between replicates; missing for one.
    pub sd: Option<f64>,
    /// Student t interval at 95%; missing for one.
    pub interval: Option<(f64, f64)>,
    /// Replicates.
    pub n: usize,
}

/// Mean and t interval of independent values; `None` for no values.
pub fn estimate(values: &[f64]) -> Option<Estimate> {
    let n = values.len();
    match values {
        [] => None,
        [only] => Some(Estimate { mean: *only, sd: None, interval: None, n }),
        many => mean_and_sd(many).map(|(mean, sd)| {
            let half = student_t_half_width(CONFIDENCE, n as f64 - 1.0) * sd / libm::sqrt(n as f64);
            Estimate { mean, sd: Some(sd), interval: Some((mean - half, mean + half)), n }
        }),
    }
}

/// A paired comparison: the same worlds under a rule set and under the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// Mean difference with interval.
    pub difference: Estimate,
    /// Share of worlds with a positive difference, ties counting half.
    pub share_positive: f64,
    /// Two-sided p of the paired t test; 1 where the difference is 0 in every world.
    pub p: Option<f64>,
    /// 1 - var(difference) / (var(a) + var(b)): what pairing gained; missing where undefined.
    pub variance_reduction: Option<f64>,
}

/// Compares pairs `(value, baseline)`.
pub fn paired(pairs: &[(f64, f64)]) -> Option<Paired> {
    let differences: Vec<f64> = pairs.iter().map(|(value, baseline)| value - baseline).collect();
    let difference = estimate(&differences)?;
    let n = pairs.len() as f64;
    let wins: f64 = differences
        .iter()
        .map(|&d| {
            if d > 0.0 {
                1.0
            } else if d == 0.0 {
                0.5
            } else {
                0.0
            }
        })
        .sum();
    let spread = |pick: fn(&(f64, f64)) -> f64| {
        mean_and_sd(&pairs.iter().map(pick).collect::<Vec<_>>()).map(|(_, sd)| sd * sd)
    };
    let apart = spread(|pair| pair.0).zip(spread(|pair| pair.1)).map(|(a, b)| a + b);
    let p = difference.sd.map(|sd| {
        if sd == 0.0 {
            if difference.mean == 0.0 { 1.0 } else { 0.0 }
        } else {
            2.0 * (1.0 - student_t_cdf((difference.mean / (sd / libm::sqrt(n))).abs(), n - 1.0))
        }
    });
    let variance_reduction = difference.sd.zip(apart).filter(|(_, apart)| *apart > 0.0);
    Some(Paired {
        difference,
        share_positive: wins / n,
        p,
        variance_reduction: variance_reduction.map(|(sd, apart)| 1.0 - sd * sd / apart),
    })
}

/// Holm's step-down adjustment (1979) of a family of p values, in their order.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut highest = 0.0_f64;
    for (rank, &row) in order.iter().enumerate() {
        highest = highest.max((p.len() - rank) as f64 * p[row]).min(1.0);
        adjusted[row] = highest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_reference_values() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (value, expected) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((value - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn a_rule_set_against_itself_differs_by_nothing() {
        let same = paired(&[(1.5, 1.5), (2.5, 2.5), (0.1, 0.1)]).expect("defined");
        assert_eq!(same.difference.mean, 0.0);
        assert_eq!(same.difference.interval, Some((0.0, 0.0)));
        assert_eq!((same.share_positive, same.p), (0.5, Some(1.0)));
    }

    #[test]
    fn interval_of_a_mean_by_hand() {
        let estimate = estimate(&[1.0, 2.0, 3.0]).expect("defined");
        let (low, high) = estimate.interval.expect("defined");
        assert!((high - 2.0 - 4.302_652_7 / 3.0_f64.sqrt()).abs() < 1e-6);
        assert!((low + high - 4.0).abs() < 1e-12);
    }
}
