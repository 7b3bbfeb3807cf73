//! Statistics for replicates and for paired comparisons.
//!
//! One procedure makes intervals, p values and verdicts, so that they cannot contradict each other: Student's t, and
//! where values are skewed ([`interval_rule`]) t transformed as by Hall (1992). An interval at confidence 1 - p ends
//! at 0 where p is the p value of a mean of 0. Intervals that are shown to anybody are made by [`within`].

pub mod bootstrap;
#[cfg(test)]
mod by_hand;
pub mod multiplicity;
pub mod ranking;
pub mod regret;
pub mod stopping;
pub mod verdict;
pub mod within;

use crate::math::{cbrt, mean_and_sd, student_t_cdf, student_t_half_width, sum};

/// Confidence of intervals that stand for themselves.
pub const CONFIDENCE: f64 = 0.95;
/// Error allowed in a family of comparisons together.
pub const ERROR: f64 = 0.05;
/// Fewer replicates than this give intervals so wide that they need a word: t is 3.2 at four, 12.7 at two.
const FEW: u32 = 5;
/// Replicates from which intervals are of use: t is 2.4 at eight.
const ADVISED: u32 = 8;
/// Cochran (1977, p. 42): a t interval at 95% errs by no more than 6% from `n = 25 skewness^2` on.
const COCHRAN: f64 = 25.0;
/// Fewest values of which skewness is known well enough to be allowed for.
const FEWEST_SKEWED: usize = 10;
/// Differences below this share of the values are rounding, and count as none.
const ROUNDING: f64 = 1e-12;

/// A mean with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Standard deviation between replicates; missing for one.
    pub sd: Option<f64>,
    /// Interval at 95%; missing for one.
    pub interval: Option<(f64, f64)>,
    /// Replicates.
    pub n: usize,
}

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntervalKind {
    /// Student (1908).
    T,
    /// Student's t transformed as by Hall (1992), which takes skewness out of its law to second order.
    Hall,
}

impl IntervalKind {
    /// What the names mean.
    pub const KEY: &str = "t, or hall-t where values are skewed";

    /// As written in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::T => "t",
            Self::Hall => "hall-t",
        }
    }
}

/// A value less another in the same world; exactly 0 where they differ by rounding alone.
pub fn difference(value: f64, other: f64) -> f64 {
    let apart = value - other;
    if apart.abs() <= ROUNDING * value.abs().max(other.abs()) { 0.0 } else { apart }
}

/// Mean with an interval of a kind and confidence.
fn estimated(values: &[f64], kind: IntervalKind, confidence: f64) -> Option<Estimate> {
    let n = values.len();
    match values {
        [] => None,
        [only] => Some(Estimate { mean: *only, sd: None, interval: None, n }),
        many => mean_and_sd(many).map(|(mean, sd)| {
            let quantile = student_t_half_width(confidence, n as f64 - 1.0);
            let error = sd / libm::sqrt(n as f64);
            let ends = match kind {
                IntervalKind::T => [quantile, -quantile],
                IntervalKind::Hall => [quantile, -quantile].map(|end| skewed(end, skewness(many), n as f64)),
            };
            let [low, high] = ends.map(|end| mean - end * error);
            Estimate { mean, sd: Some(sd), interval: Some((low, high)), n }
        }),
    }
}

/// Sample skewness (the moment coefficient); 0 where all values are the same.
pub fn skewness(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = sum(values.iter().copied()) / n;
    let moment = |power: i32| sum(values.iter().map(|value| (value - mean).powi(power))) / n;
    let (second, third) = (moment(2), moment(3));
    if second > 0.0 { third / (second * libm::sqrt(second)) } else { 0.0 }
}

/// Which interval values get: Hall's where there are at least ten and their skewness is both real (beyond two of
/// its standard errors under a normal law) and strong enough to harm a t interval (Cochran's rule), t otherwise.
pub fn interval_rule(values: &[f64]) -> IntervalKind {
    let n = values.len() as f64;
    let standard_error = libm::sqrt(6.0 * n * (n - 1.0) / ((n - 2.0) * (n + 1.0) * (n + 3.0)));
    let skew = skewness(values).abs();
    let matters = skew > 2.0 * standard_error && n < COCHRAN * skew * skew;
    if values.len() >= FEWEST_SKEWED && matters { IntervalKind::Hall } else { IntervalKind::T }
}

/// What to say below intervals that rest on few replicates; nothing where there are enough.
pub fn note_on_few(replicates: u32) -> Option<String> {
    match replicates {
        FEW.. => None,
        2.. => Some(format!(
            "intervals rest on {replicates} replicates and are very wide; {ADVISED} or more are advised"
        )),
        _ => Some(format!("one replicate says nothing of chance; {ADVISED} or more are advised")),
    }
}

/// Mean with the 95% interval of [`interval_rule`], and which one that is.
pub(super) fn robust_estimate(values: &[f64]) -> Option<(Estimate, IntervalKind)> {
    robust_estimate_at(values, CONFIDENCE)
}

/// The same at another confidence.
pub(super) fn robust_estimate_at(values: &[f64], confidence: f64) -> Option<(Estimate, IntervalKind)> {
    let kind = interval_rule(values);
    Some((estimated(values, kind, confidence)?, kind))
}

/// Two-sided p of a mean against 0, of the same t as the interval. 1 where every value is 0; missing for one value.
pub fn p_of_mean(values: &[f64]) -> Option<f64> {
    let (mean, sd) = mean_and_sd(values)?;
    if sd == 0.0 {
        return Some(if mean == 0.0 { 1.0 } else { 0.0 });
    }
    let n = values.len() as f64;
    let t = mean / (sd / libm::sqrt(n));
    let t = match interval_rule(values) {
        IntervalKind::T => t,
        IntervalKind::Hall => unskewed(t, skewness(values), n),
    };
    Some(2.0 * (1.0 - student_t_cdf(t.abs(), n - 1.0)))
}

/// Hall's monotone transformation of t, whose law is symmetric to second order: t + a t^2/3 + a^2 t^3/27 + a/6,
/// where a = skewness/sqrt(n).
fn unskewed(t: f64, skew: f64, n: f64) -> f64 {
    let a = skew / libm::sqrt(n);
    t + a * t * t / 3.0 + a * a * t * t * t / 27.0 + a / 6.0
}

/// Its inverse: (3/a) ((1 + a (t - a/6))^(1/3) - 1).
fn skewed(t: f64, skew: f64, n: f64) -> f64 {
    let a = skew / libm::sqrt(n);
    if a == 0.0 { t } else { 3.0 / a * (cbrt(1.0 + a * (t - a / 6.0)) - 1.0) }
}

/// A paired comparison: the same worlds under a rule set and under the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// Mean difference with interval.
    pub difference: Estimate,
    /// How the interval was made.
    pub interval: IntervalKind,
    /// Share of worlds with a positive difference, ties counting half.
    pub share_positive: f64,
    /// Two-sided p of no difference.
    pub p: Option<f64>,
    /// 1 - var(difference) / (var(a) + var(b)): what pairing gained; missing where undefined.
    pub variance_reduction: Option<f64>,
}

/// Compares pairs `(value, baseline)`, with an interval of some confidence.
pub(super) fn paired_at(pairs: &[(f64, f64)], confidence: f64) -> Option<Paired> {
    let differences: Vec<f64> = pairs.iter().map(|&(value, baseline)| difference(value, baseline)).collect();
    let (difference, interval) = robust_estimate_at(&differences, confidence)?;
    let spread = |pick: fn(&(f64, f64)) -> f64| {
        mean_and_sd(&pairs.iter().map(pick).collect::<Vec<_>>()).map(|(_, sd)| sd * sd)
    };
    let apart = spread(|pair| pair.0).zip(spread(|pair| pair.1)).map(|(a, b)| a + b);
    let variance_reduction = difference.sd.zip(apart).filter(|(_, apart)| *apart > 0.0);
    Some(Paired {
        difference,
        interval,
        share_positive: share_positive(&differences),
        p: p_of_mean(&differences),
        variance_reduction: variance_reduction.map(|(sd, apart)| self::difference(1.0, sd * sd / apart)),
    })
}

fn share_positive(differences: &[f64]) -> f64 {
    let win = |&d: &f64| if d > 0.0 { 1.0 } else { 0.5 * f64::from(u8::from(d == 0.0)) };
    differences.iter().map(win).sum::<f64>() / differences.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Luck, Purpose};

    /// Mean and t interval.
    fn estimate(values: &[f64]) -> Option<Estimate> {
        estimated(values, IntervalKind::T, CONFIDENCE)
    }

    fn paired(pairs: &[(f64, f64)]) -> Option<Paired> {
        paired_at(pairs, CONFIDENCE)
    }

    /// `n` draws for repetition `repetition`.
    pub(super) fn normals(repetition: u32, n: usize) -> Vec<f64> {
        let mut stream = Luck::new(99, repetition).stream::<1>(Purpose::Resampling, u32::MAX);
        (0..n).map(|slot| crate::math::normal_quantile(stream.uniforms(slot as u64)[0])).collect()
    }

    #[test]
    fn a_rule_set_against_itself_differs_by_nothing() {
        let same = paired(&[(1.5, 1.5), (2.5, 2.5), (0.3, 0.1 + 0.2)]).expect("defined");
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

    #[test]
    fn few_replicates_are_remarked_on() {
        assert!(note_on_few(1).is_some_and(|note| note.starts_with("one replicate")));
        assert!(note_on_few(4).is_some_and(|note| note.contains("rest on 4 replicates")));
        assert_eq!(note_on_few(5), None);
    }

    #[test]
    fn skewness_by_hand() {
        assert_eq!(skewness(&[1.0, 2.0, 3.0]), 0.0);
        // (0, 0, 0, 1): mean 1/4, moments 3/16 and 3/32.
        assert!(
            (skewness(&[0.0, 0.0, 0.0, 1.0]) - 3.0 / 32.0 / crate::math::pow(3.0 / 16.0, 1.5)).abs() < 1e-12
        );
        assert_eq!(skewness(&[2.0, 2.0]), 0.0);
    }

    #[test]
    fn the_rule_keeps_t_for_the_normal_and_for_few_values() {
        let skewed = |n: usize| normals(3, n).into_iter().map(crate::math::exp).collect::<Vec<_>>();
        assert_eq!(interval_rule(&normals(1, 30)), IntervalKind::T);
        assert_eq!(interval_rule(&skewed(9)), IntervalKind::T);
        assert_eq!(interval_rule(&skewed(100)), IntervalKind::Hall);
    }

    /// verification.md 4.2 and 4.1: 246 replicates for a half-width of 0.5% with an s.d. of 4%; a correlation
    /// of 0.8 leaves 0.4 of a variance.
    #[test]
    fn pairing_pays() {
        assert_eq!(libm::ceil((1.959_964_f64 * 4.0 / 0.5).powi(2)), 246.0);
        let (common, own) = (normals(1, 4_000), normals(2, 4_000));
        let other = normals(3, 4_000);
        let mix = |own: f64, common: f64| 0.8_f64.sqrt() * common + 0.2_f64.sqrt() * own;
        let pairs: Vec<(f64, f64)> =
            (0..4_000).map(|i| (mix(own[i], common[i]), mix(other[i], common[i]))).collect();
        let paired = paired(&pairs).expect("defined");
        let spread = paired.difference.sd.expect("many").powi(2);
        assert!((spread - 0.4).abs() < 4.0 * 0.4 * (2.0_f64 / 4_000.0).sqrt());
        assert!((paired.variance_reduction.expect("defined") - 0.8).abs() < 0.02);
    }

    /// A difference is told from 0 by its interval exactly where it is by its p value, whatever the confidence.
    #[test]
    fn p_values_and_intervals_never_disagree() {
        let mut skewed = 0;
        for repetition in 0..400 {
            let values: Vec<f64> =
                normals(repetition, 12).into_iter().map(|z| crate::math::exp(1.5 * z) - 1.2).collect();
            skewed += usize::from(interval_rule(&values) == IntervalKind::Hall);
            let p = p_of_mean(&values).expect("many");
            for error in [0.2, 0.05, 0.01, 1e-4] {
                let (estimate, _) = robust_estimate_at(&values, 1.0 - error).expect("defined");
                let (low, high) = estimate.interval.expect("many");
                assert!(low <= estimate.mean && estimate.mean <= high);
                assert!((low > 0.0 || high < 0.0) == (p < error), "{p} {error}: {low} to {high}");
            }
        }
        assert!(skewed > 100, "{skewed}");
    }

    /// (0, ..., 0, 1): however skewed the values, an interval stays within a few of their standard errors.
    #[test]
    fn intervals_of_skewed_values_do_not_run_away() {
        let mut values = vec![0.0; 11];
        values.push(1.0);
        let (estimate, kind) = robust_estimate(&values).expect("defined");
        let (low, high) = estimate.interval.expect("many");
        assert_eq!(kind, IntervalKind::Hall);
        assert!(low > -0.2 && high < 1.0, "{low} to {high}");
    }

    /// Coverage of a nominal 95% by simulation, as docs/COMPARING.md has it: on skewed values the rule covers more
    /// often than t alone, and on normal ones it keeps 95%.
    #[test]
    fn coverage_by_simulation() {
        let repetitions = 1_500;
        let covered = |law: fn(f64) -> f64, truth: f64, n: usize| {
            let mut hits = [0_u32; 2];
            for repetition in 0..repetitions {
                let values: Vec<f64> = normals(repetition, n).into_iter().map(law).collect();
                let t = estimate(&values).expect("many").interval.expect("many");
                let ours = robust_estimate(&values).expect("many").0.interval.expect("many");
                for (hit, (low, high)) in hits.iter_mut().zip([t, ours]) {
                    *hit += u32::from(low <= truth && truth <= high);
                }
            }
            hits.map(|hits| f64::from(hits) / f64::from(repetitions))
        };
        let exp = crate::math::exp;
        let truth = exp(0.5);
        let four = 4.0 * (0.95_f64 * 0.05 / f64::from(repetitions)).sqrt();
        for n in [12, 40] {
            let [t, ours] = covered(|z| z, 0.0, n);
            assert!((t - 0.95).abs() < four && (ours - 0.95).abs() < four, "normal, {n}: {t}, {ours}");
            let [t, ours] = covered(crate::math::exp, truth, n);
            assert!(ours > t + 0.01, "lognormal, {n}: {t}, {ours}");
        }
    }
}
