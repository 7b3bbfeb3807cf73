//! The one door through which intervals leave for tables, charts and screen: cut to what a measure can be at all.
//!
//! A cut interval covers exactly as often as the whole one, since the true mean lies within the bounds. Of a difference,
//! 0 lies strictly within, so that no cut moves an end across 0: verdicts, p values and letters stay as they are.

use super::ranking::against_the_best;
use super::{CONFIDENCE, Estimate, IntervalKind, Paired, paired_at, robust_estimate};
use crate::measure::bounds::Bounds;

/// Mean of values within bounds, with its 95% interval and how that was made; nothing for no values.
pub fn mean_within(values: &[f64], bounds: Bounds) -> Option<(Estimate, IntervalKind)> {
    let (estimate, kind) = robust_estimate(values)?;
    Some((clipped(estimate, bounds), kind))
}

/// Compares pairs `(value, baseline)` of values within bounds, with a 95% interval.
pub fn difference_within(pairs: &[(f64, f64)], bounds: Bounds) -> Option<Paired> {
    difference_within_at(pairs, bounds, CONFIDENCE)
}

/// The same with an interval of another confidence.
pub fn difference_within_at(pairs: &[(f64, f64)], bounds: Bounds, confidence: f64) -> Option<Paired> {
    let paired = paired_at(pairs, confidence)?;
    Some(Paired { difference: clipped(paired.difference, bounds.of_differences()), ..paired })
}

/// Leads of rule sets (rows of values within bounds, over the same worlds) over the best of the others: simultaneous 95%
/// intervals.
pub fn leads_within(values: &[Vec<f64>], bounds: Bounds) -> Vec<(f64, f64)> {
    let leads = against_the_best(values).into_iter();
    leads.map(|lead| bounds.of_differences().clip(lead, 0.0)).collect()
}

fn clipped(estimate: Estimate, bounds: Bounds) -> Estimate {
    Estimate { interval: estimate.interval.map(|ends| bounds.clip(ends, estimate.mean)), ..estimate }
}

#[cfg(test)]
mod tests {
    use super::super::tests::normals;
    use super::*;
    use crate::math::exp;

    /// Shares near 0, whose t interval reaches below it, by hand: mean 0.05, s.d. 0.1, 3.182446 standard errors of 0.05.
    #[test]
    fn an_interval_of_shares_ends_at_nothing_and_at_all() {
        let shares = [0.0, 0.0, 0.0, 0.2];
        let half = 3.182_446_3 * 0.05;
        let (whole, _) = robust_estimate(&shares).expect("defined");
        let (low, high) = whole.interval.expect("many");
        assert!((low - (0.05 - half)).abs() < 1e-6 && low < 0.0);
        let (few, _) = mean_within(&shares, Bounds::SHARE).expect("defined");
        assert_eq!(few.interval, Some((0.0, high)));
        let (most, _) = mean_within(&shares.map(|share| 1.0 - share), Bounds::SHARE).expect("defined");
        assert_eq!(most.interval.expect("many").1, 1.0);
        assert_eq!(mean_within(&shares, Bounds::NONE).expect("defined").0, whole);
    }

    /// All against nothing in two worlds of three: an interval of the difference would reach beyond 1.
    #[test]
    fn a_difference_of_shares_is_at_most_all() {
        let pairs = [(1.0, 0.0), (1.0, 0.0), (0.4, 0.0)];
        let whole = paired_at(&pairs, CONFIDENCE).expect("defined").difference.interval.expect("many");
        let cut =
            difference_within(&pairs, Bounds::SHARE).expect("defined").difference.interval.expect("many");
        assert!(whole.1 > 1.0 && cut == (whole.0, 1.0), "{whole:?} {cut:?}");
        assert_eq!(
            difference_within(&pairs, Bounds::NOT_NEGATIVE).expect("defined").difference.interval,
            Some(whole)
        );
    }

    /// Whatever the values, a cut interval holds its mean and what of the bounds the whole one held, and tells from 0
    /// what the whole one tells; nothing but ends is touched.
    #[test]
    fn cutting_changes_no_finding() {
        let mut cut = 0;
        for repetition in 0..600 {
            let skew = if repetition % 2 == 0 { 0.3 } else { 1.5 };
            let n = [3, 8, 12, 30][repetition as usize % 4];
            let share = |z: f64| (0.1 * exp(skew * z)).min(1.0);
            let drawn = normals(repetition, 2 * n);
            let pairs: Vec<(f64, f64)> =
                drawn.chunks(2).map(|z| (share(z[0] + 0.5), share(0.5 * z[0] + z[1]))).collect();
            for confidence in [0.5, 0.95, 0.999, 0.999_999] {
                let whole = paired_at(&pairs, confidence).expect("defined");
                let within = difference_within_at(&pairs, Bounds::SHARE, confidence).expect("defined");
                let (a, b) =
                    (whole.difference.interval.expect("many"), within.difference.interval.expect("many"));
                cut += usize::from(a != b);
                let tells = |(low, high): (f64, f64)| (low > 0.0, high < 0.0);
                assert_eq!(tells(a), tells(b), "{a:?} {b:?}");
                assert_eq!(b, (a.0.max(-1.0), a.1.min(1.0)));
                assert!(b.0 <= within.difference.mean && within.difference.mean <= b.1);
                let ends = Estimate { interval: whole.difference.interval, ..within.difference };
                assert_eq!(Paired { difference: ends, ..within }, whole, "p, share, kind");
            }
        }
        assert!(cut > 100, "{cut}");
    }
}
