//! Resampling of worlds: the same for every measure and rule set, drawn from the scenario's seed.

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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resampling_is_a_function_of_seed_and_size() {
        let (a, b) = (Resamples::with_count(7, 30, 50), Resamples::with_count(7, 30, 50));
        assert!(a.iter().eq(b.iter()));
        assert!(!a.iter().eq(Resamples::with_count(8, 30, 50).iter()));
        assert!(a.iter().flatten().all(|&world| world < 30));
    }
}
