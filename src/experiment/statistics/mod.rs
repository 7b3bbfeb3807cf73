//! Statistics for replicates and for paired comparisons.
//!
//! One rule decides which interval a mean or paired difference gets: [`interval_rule`].

pub mod bootstrap;
pub mod multiplicity;
pub mod ranking;
pub mod regret;
pub mod stopping;

use crate::math::{mean_and_sd, sum};
use crate::math::{student_t_cdf, student_t_half_width};
use bootstrap::Resamples;

/// Confidence of all intervals.
pub const CONFIDENCE: f64 = 0.95;
/// Fewer replicates than this give intervals so wide that they need a word: t is 3.2 at four, 12.7 at two.
const FEW: u32 = 5;
/// Replicates from which intervals are of use: t is 2.4 at eight.
const ADVISED: u32 = 8;
/// Cochran (1977, p. 42): a t interval at 95% errs by no more than 6% from `n = 25 skewness^2` on.
const COCHRAN: f64 = 25.0;
/// Fewest values from which a bootstrap-t interval is made: fewer say too little about the tails.
const FEWEST_TO_RESAMPLE: usize = 10;

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
    /// Bootstrap-t (Efron 1982; Hall 1988): the quantiles of the t statistic come from resampled worlds.
    BootstrapT,
}

impl IntervalKind {
    /// As written in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::T => "t",
            Self::BootstrapT => "bootstrap-t",
        }
    }
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

/// Sample skewness (the moment coefficient); 0 where all values are the same.
pub fn skewness(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = sum(values.iter().copied()) / n;
    let moment = |power: i32| sum(values.iter().map(|value| (value - mean).powi(power))) / n;
    let (second, third) = (moment(2), moment(3));
    if second > 0.0 { third / (second * libm::sqrt(second)) } else { 0.0 }
}

/// Which interval values get: bootstrap-t where there are at least ten and their skewness is both real (beyond
/// two of its standard errors under a normal law) and strong enough to harm a t interval (Cochran's rule),
/// t otherwise.
pub fn interval_rule(values: &[f64]) -> IntervalKind {
    let n = values.len() as f64;
    let standard_error = libm::sqrt(6.0 * n * (n - 1.0) / ((n - 2.0) * (n + 1.0) * (n + 3.0)));
    let skew = skewness(values).abs();
    let matters = skew > 2.0 * standard_error && n < COCHRAN * skew * skew;
    if values.len() >= FEWEST_TO_RESAMPLE && matters { IntervalKind::BootstrapT } else { IntervalKind::T }
}

/// What to say below intervals that rest on few replicates; nothing where there are enough.
pub fn note_on_few(replicates: u32) -> Option<String> {
    match replicates {
        FEW.. => None,
        2.. => Some(format!(
            "intervals rest on {replicates} replicates and are very wide by rights; {ADVISED} or more are advised"
        )),
        _ => Some(format!("one replicate says nothing of chance; {ADVISED} or more are advised")),
    }
}

/// Mean with the interval of [`interval_rule`], and which one that is.
pub fn robust_estimate(values: &[f64], resamples: &Resamples) -> Option<(Estimate, IntervalKind)> {
    let plain = estimate(values)?;
    if interval_rule(values) == IntervalKind::T {
        return Some((plain, IntervalKind::T));
    }
    Some(match resamples.bootstrap_t(values) {
        Some(interval) => (Estimate { interval: Some(interval), ..plain }, IntervalKind::BootstrapT),
        None => (plain, IntervalKind::T),
    })
}

/// Two-sided p of a mean against 0: the t test, with Hall's transformation (1992) of t where values are
/// skewed, so that it agrees with the interval. 1 where every value is 0; missing for one value.
pub fn p_of_mean(values: &[f64]) -> Option<f64> {
    let (mean, sd) = mean_and_sd(values)?;
    if sd == 0.0 {
        return Some(if mean == 0.0 { 1.0 } else { 0.0 });
    }
    let n = values.len() as f64;
    let t = mean / (sd / libm::sqrt(n));
    let t = match interval_rule(values) {
        IntervalKind::T => t,
        IntervalKind::BootstrapT => unskewed(t, skewness(values), n),
    };
    Some(2.0 * (1.0 - student_t_cdf(t.abs(), n - 1.0)))
}

/// Hall's monotone transformation of t, whose law is symmetric to second order.
fn unskewed(t: f64, skew: f64, n: f64) -> f64 {
    let a = skew / libm::sqrt(n);
    t + a * t * t / 3.0 + a * a * t * t * t / 27.0 + a / 6.0
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

/// Compares pairs `(value, baseline)`.
pub fn paired(pairs: &[(f64, f64)], resamples: &Resamples) -> Option<Paired> {
    let differences: Vec<f64> = pairs.iter().map(|(value, baseline)| value - baseline).collect();
    let (difference, interval) = robust_estimate(&differences, resamples)?;
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
        variance_reduction: variance_reduction.map(|(sd, apart)| 1.0 - sd * sd / apart),
    })
}

fn share_positive(differences: &[f64]) -> f64 {
    let win = |&d: &f64| if d > 0.0 { 1.0 } else { 0.5 * f64::from(u8::from(d == 0.0)) };
    differences.iter().map(win).sum::<f64>() / differences.len() as f64
}

/// Two one-sided tests (Schuirmann 1987): the p of "the mean lies beyond plus or minus `margin`". A small one
/// says that the two are equivalent up to the margin, which no large p of a difference can say.
pub fn equivalence_p(differences: &[f64], margin: f64) -> Option<f64> {
    let (mean, sd) = mean_and_sd(differences)?;
    let n = differences.len() as f64;
    if sd == 0.0 {
        return Some(if mean.abs() < margin { 0.0 } else { 1.0 });
    }
    let beyond = |t: f64| 1.0 - student_t_cdf(t, n - 1.0);
    let error = sd / libm::sqrt(n);
    Some(beyond((mean + margin) / error).max(beyond((margin - mean) / error)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Luck, Purpose};

    /// `n` draws for repetition `repetition`.
    pub(super) fn normals(repetition: u32, n: usize) -> Vec<f64> {
        let mut stream = Luck::new(99, repetition).stream::<1>(Purpose::Resampling, u32::MAX);
        (0..n).map(|slot| crate::math::normal_quantile(stream.uniforms(slot as u64)[0])).collect()
    }

    #[test]
    fn a_rule_set_against_itself_differs_by_nothing() {
        let same = paired(&[(1.5, 1.5), (2.5, 2.5), (0.1, 0.1)], &Resamples::new(1, 3)).expect("defined");
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
        assert_eq!(interval_rule(&skewed(100)), IntervalKind::BootstrapT);
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
        let paired = paired(&pairs, &Resamples::new(1, 4_000)).expect("defined");
        let spread = paired.difference.sd.expect("many").powi(2);
        assert!((spread - 0.4).abs() < 4.0 * 0.4 * (2.0_f64 / 4_000.0).sqrt());
        assert!((paired.variance_reduction.expect("defined") - 0.8).abs() < 0.02);
    }

    #[test]
    fn equivalence_needs_a_narrow_interval_inside_the_margin() {
        // Mean 2, s.d. 1, n = 3: t = (3 - 2) / (1 / sqrt 3) with two degrees of freedom.
        let p = equivalence_p(&[1.0, 2.0, 3.0], 3.0).expect("defined");
        assert!((p - (1.0 - student_t_cdf(3.0_f64.sqrt(), 2.0))).abs() < 1e-12);
        assert_eq!(equivalence_p(&[0.0, 0.0], 0.1), Some(0.0));
        assert!(equivalence_p(&normals(1, 50), 0.1).expect("defined") > 0.05);
        assert!(equivalence_p(&normals(1, 50), 1.0).expect("defined") < 0.05);
    }

    /// The p values of skewed differences agree with their intervals: the share of p below 0.05 is that of
    /// intervals that miss the mean, within a few percent.
    #[test]
    fn p_values_of_skewed_differences_agree_with_their_intervals() {
        let repetitions = 400;
        let resamples = Resamples::with_count(5, 40, 199);
        let agree = (0..repetitions).filter(|&repetition| {
            let values: Vec<f64> =
                normals(repetition, 40).into_iter().map(|z| crate::math::exp(z) - 1.2).collect();
            let (estimate, _) = robust_estimate(&values, &resamples).expect("defined");
            let (low, high) = estimate.interval.expect("many");
            (low > 0.0 || high < 0.0) == (p_of_mean(&values).expect("many") < 0.05)
        });
        assert!(agree.count() as f64 > 0.93 * f64::from(repetitions));
    }
}
