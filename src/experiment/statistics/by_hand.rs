//! Statistics against numbers that were worked out with other software, to many digits.

use super::ranking::{against_the_best, letters};
use super::stopping::{Verdict, look};
use super::{CONFIDENCE, IntervalKind, p_of_mean, paired_at, robust_estimate, skewness};

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * (1.0 + expected.abs()), "{found} is not {expected}");
}

/// Twelve values with a skewness of 1.69, beyond two standard errors (1.27), and 25 x 1.69^2 = 71 more than twelve.
const SKEWED: [f64; 12] = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 5.0, 9.0];

#[test]
fn hall_s_interval_and_p_of_skewed_values() {
    near(skewness(&SKEWED), 1.689_615_933_498_200_9);
    let (estimate, kind) = robust_estimate(&SKEWED).expect("values");
    assert_eq!((kind, estimate.mean), (IntervalKind::Hall, 2.0));
    let (low, high) = estimate.interval.expect("many");
    near(low, 0.737_624_452_479_419_2);
    near(high, 9.015_120_558_482_567);
    near(p_of_mean(&SKEWED).expect("many"), 0.002_316_751_487_016_086);
    // Mirrored, the interval is too, and the p is the same.
    let mirrored = SKEWED.map(|value| -value);
    let (low, high) = robust_estimate(&mirrored).expect("values").0.interval.expect("many");
    near(high, -0.737_624_452_479_419_2);
    near(low, -9.015_120_558_482_567);
    near(p_of_mean(&mirrored).expect("many"), 0.002_316_751_487_016_086);
}

#[test]
fn student_s_p_of_few_values() {
    near(p_of_mean(&[1.0, 2.0, 4.0, 5.0, 9.0]).expect("many"), 0.039_339_823_156_103_746);
    assert_eq!(p_of_mean(&[2.0, 2.0, 2.0]), Some(0.0));
    assert_eq!(p_of_mean(&[0.0, 0.0]), Some(1.0));
    assert_eq!(p_of_mean(&[3.0]), None);
}

/// Differences 1, 0, -2, 1: mean 0, variance 2; the values have variances of 19/12 and 11/12.
#[test]
fn pairs_by_hand() {
    let found = paired_at(&[(2.0, 1.0), (3.0, 3.0), (0.0, 2.0), (2.0, 1.0)], CONFIDENCE).expect("pairs");
    assert_eq!((found.difference.mean, found.difference.n), (0.0, 4));
    near(found.difference.sd.expect("many"), 2.0_f64.sqrt());
    near(found.share_positive, 2.5 / 4.0);
    near(found.p.expect("many"), 1.0);
    near(found.variance_reduction.expect("apart"), 1.0 - 2.0 / (19.0 / 12.0 + 11.0 / 12.0));
}

/// Three rule sets in four worlds: differences 1, 1, 0, 1; 3, 4, 2, 6; 2, 3, 2, 5; t at 1 - .05 two-sided with 3 degrees
/// of freedom is 3.182446305.
#[test]
fn leads_over_the_best_by_hand() {
    let values = [vec![3.0, 5.0, 4.0, 6.0], vec![2.0, 4.0, 4.0, 5.0], vec![0.0, 1.0, 2.0, 0.0]];
    let found = against_the_best(&values);
    let by_hand = [
        (-0.045_611_576_320_927_4, 1.545_611_576_320_927_4),
        (-1.545_611_576_320_927_4, 0.045_611_576_320_927_4),
        (-6.467_530_883_796_017, 0.0),
    ];
    for (found, by_hand) in found.into_iter().zip(by_hand) {
        near(found.0, by_hand.0);
        near(found.1, by_hand.1);
    }
    let with_all = values.map(|values| values.into_iter().map(Some).collect());
    // p of the differences: .058, .024 and .024.
    assert_eq!(letters(&with_all, 0.05), ["a", "a", "b"]);
    assert_eq!(letters(&with_all, 0.02), ["a", "a", "a"]);
}

/// Sixty values of 1 and -1: half an interval is .2605; for .2 there would have to be 60 (.2605/.2)^2 = 101.8 values.
#[test]
fn how_many_replicates_an_interval_asks_for() {
    let values: Vec<f64> = (0..60).map(|row| if row % 2 == 0 { 1.0 } else { -1.0 }).collect();
    assert_eq!(look(&values, 0.2, 1_000), Some(Verdict::More(102)));
    assert_eq!(look(&values, 0.1, 1_000), Some(Verdict::More(120)));
    assert_eq!(look(&values, 0.259, 1_000), Some(Verdict::More(70)));
    assert_eq!(look(&values, 0.2, 90), Some(Verdict::More(90)));
    assert!(matches!(look(&values, 0.1, 60), Some(Verdict::Capped(_, 408))));
    assert!(matches!(look(&values, 0.261, 60), Some(Verdict::Precise(_))));
    assert_eq!(look(&values[..50], 0.0, 1_000), Some(Verdict::More(100)));
}
