//! Resampling of worlds: the same for every measure and rule set, drawn from the scenario's seed.

use super::CONFIDENCE;
use crate::math::mean_and_sd;
use crate::random::{Luck, Purpose};

/// Resamples: with 1,999, the ends of a 95% interval are order statistics.
const COUNT: u32 = 1_999;

/// Worlds drawn again with replacement, resample by resample.
#[derive(Clone, Debug)]
pub struct Resamples {
    worlds: Vec<Vec<u32>>,
}

impl Resamples {
    /// 1,999 resamples of `n` worlds; the same for the same seed.
    pub fn new(seed: u64, n: usize) -> Self {
        Self::with_count(seed, n, COUNT)
    }

    /// `count` resamples of `n` worlds.
    pub fn with_count(seed: u64, n: usize, count: u32) -> Self {
        let luck = Luck::new(seed, 0);
        let one = |resample: u32| {
            let mut stream = luck.stream::<1>(Purpose::Resampling, resample);
            (0..n).map(|slot| (stream.uniforms(slot as u64)[0] * n as f64) as u32).collect()
        };
        Self { worlds: (0..count).map(one).collect() }
    }

    /// The worlds of each resample.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.worlds.iter().map(Vec::as_slice)
    }

    /// Bootstrap-t interval of a mean (Efron 1982; Hall 1988): the mean minus quantiles of the resampled t
    /// times its standard error. Missing where fewer than half of the resamples vary, or where values are not
    /// as many as the worlds.
    pub fn bootstrap_t(&self, values: &[f64]) -> Option<(f64, f64)> {
        let (mean, sd) = mean_and_sd(values)?;
        let n = values.len();
        if self.worlds.first().is_none_or(|worlds| worlds.len() != n) {
            return None;
        }
        let root = libm::sqrt(n as f64);
        let mut again = vec![0.0; n];
        let mut t: Vec<f64> = self
            .iter()
            .filter_map(|worlds| {
                again.iter_mut().zip(worlds).for_each(|(cell, &world)| *cell = values[world as usize]);
                mean_and_sd(&again).filter(|(_, sd)| *sd > 0.0).map(|(m, s)| (m - mean) / (s / root))
            })
            .collect();
        if t.len() < self.worlds.len().div_ceil(2) {
            return None;
        }
        t.sort_unstable_by(f64::total_cmp);
        let at = |p: f64| {
            let rank = libm::round((t.len() + 1) as f64 * p) as usize;
            t[rank.clamp(1, t.len()) - 1]
        };
        let tail = 0.5 * (1.0 - CONFIDENCE);
        Some((mean - at(1.0 - tail) * sd / root, mean - at(tail) * sd / root))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::normals;
    use super::*;
    use crate::experiment::statistics::estimate;
    use crate::math::exp;

    #[test]
    fn resampling_is_a_function_of_seed_and_size() {
        let (a, b) = (Resamples::with_count(7, 30, 50), Resamples::with_count(7, 30, 50));
        assert!(a.iter().eq(b.iter()));
        assert!(!a.iter().eq(Resamples::with_count(8, 30, 50).iter()));
        assert!(a.iter().flatten().all(|&world| world < 30));
    }

    /// On skewed values a bootstrap-t interval covers more often than a t interval; on normal ones both keep
    /// the nominal 95%.
    #[test]
    fn coverage_by_simulation() {
        let repetitions = 1_500;
        let covered = |law: fn(f64) -> f64, truth: f64| {
            let resamples = Resamples::with_count(3, 40, 399);
            let mut hits = [0_u32; 2];
            for repetition in 0..repetitions {
                let values: Vec<f64> = normals(repetition, 40).into_iter().map(law).collect();
                let t = estimate(&values).and_then(|estimate| estimate.interval).expect("many");
                let again = resamples.bootstrap_t(&values).expect("they vary");
                for (hit, (low, high)) in hits.iter_mut().zip([t, again]) {
                    *hit += u32::from(low <= truth && truth <= high);
                }
            }
            hits.map(|hits| f64::from(hits) / f64::from(repetitions))
        };
        let four = 4.0 * (0.95_f64 * 0.05 / f64::from(repetitions)).sqrt();
        let [t, again] = covered(|z| z, 0.0);
        assert!((t - 0.95).abs() < four && (again - 0.95).abs() < four, "normal: {t}, {again}");
        let [t, again] = covered(exp, exp(0.5));
        assert!(t < 0.91 && again > t + 0.02, "lognormal: {t}, {again}");
    }
}
