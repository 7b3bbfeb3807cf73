//! Choosing the best of several rule sets with as few runs as possible.

use crate::math::{mean_and_sd, pow};

/// What a selection needs to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selection {
    /// Replicates of each rule set before the first is dropped.
    pub first: u32,
    /// Allowed chance of not choosing the best, where it leads by `indifference`.
    pub error: f64,
    /// Smallest lead that matters, in the unit of the measure.
    pub indifference: f64,
}

/// What a selection found.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    /// The rule set, by row.
    pub best: usize,
    /// Replicates played of each.
    pub replicates: Vec<u32>,
}

/// eta and h squared of Kim and Nelson (2001) for `rules` rule sets.
pub fn screening_constants(rules: usize, selection: &Selection) -> (f64, f64) {
    let degrees = f64::from(selection.first) - 1.0;
    let eta = 0.5 * (pow(2.0 * selection.error / (rules as f64 - 1.0), -2.0 / degrees) - 1.0);
    (eta, 2.0 * eta * degrees)
}

/// Kim and Nelson's fully sequential procedure (2001): plays one replicate of each rule set at a time and drops
/// those that fall behind. Spreads may differ and worlds be shared. `play(rules, replicate)` is a value; higher is
/// better.
pub fn kim_nelson(rules: usize, selection: &Selection, mut play: impl FnMut(usize, u32) -> f64) -> Selected {
    let mut values: Vec<Vec<f64>> =
        (0..rules).map(|row| (0..selection.first).map(|replicate| play(row, replicate)).collect()).collect();
    let mut sums: Vec<f64> = values.iter().map(|values| values.iter().sum()).collect();
    let (_, h_squared) = screening_constants(rules, selection);
    let spread = |a: &[f64], b: &[f64]| {
        let apart: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        mean_and_sd(&apart).map_or(0.0, |(_, sd)| sd * sd)
    };
    let spreads: Vec<Vec<f64>> =
        values.iter().map(|a| values.iter().map(|b| spread(a, b)).collect()).collect();
    let mut alive: Vec<usize> = (0..rules).collect();
    let mut played = selection.first;
    loop {
        let r = f64::from(played);
        let lead = selection.indifference;
        let slack = |i: usize, l: usize| {
            (lead / (2.0 * r) * (h_squared * spreads[i][l] / (lead * lead) - r)).max(0.0)
        };
        let keeps_up = |i: usize| alive.iter().all(|&l| sums[i] / r >= sums[l] / r - slack(i, l));
        let kept: Vec<usize> = alive.iter().copied().filter(|&i| keeps_up(i)).collect();
        alive = kept;
        // Exact ties last forever: the first of them is as good as any.
        let over = alive.iter().all(|&i| alive.iter().all(|&l| slack(i, l) == 0.0));
        if alive.len() < 2 || over {
            let replicates = values.iter().map(|values| values.len() as u32).collect();
            return Selected { best: alive.first().copied().unwrap_or(0), replicates };
        }
        for &row in &alive {
            let value = play(row, played);
            values[row].push(value);
            sums[row] += value;
        }
        played += 1;
    }
}

/// A rule set so far, for an allocation of further replicates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoFar {
    /// Mean; lower is better.
    pub mean: f64,
    /// Variance between replicates.
    pub variance: f64,
    /// Replicates played.
    pub replicates: u32,
}

/// Optimal computing budget allocation (Chen and Lee 2010): how many of `budget` further replicates each rule set
/// gets so that the chance of choosing the one with the least mean rises most. Assumes independent replicates;
/// with shared worlds use [`kim_nelson`].
pub fn allocate(so_far: &[SoFar], budget: u32) -> Vec<u32> {
    let best = (0..so_far.len()).min_by(|&a, &b| so_far[a].mean.total_cmp(&so_far[b].mean)).unwrap_or(0);
    let ratios = ratios(so_far, best);
    let mut full = vec![false; so_far.len()];
    let total: u32 = so_far.iter().map(|rules| rules.replicates).sum::<u32>() + budget;
    loop {
        let spent: u32 =
            so_far.iter().zip(&full).filter(|(_, full)| **full).map(|(rules, _)| rules.replicates).sum();
        let free: f64 = ratios.iter().zip(&full).filter(|(_, full)| !**full).map(|(ratio, _)| ratio).sum();
        let target = |row: usize| f64::from(total - spent) * ratios[row] / free;
        let over: Vec<usize> = (0..so_far.len())
            .filter(|&row| !full[row] && f64::from(so_far[row].replicates) > target(row))
            .collect();
        if over.is_empty() {
            let more = |row: usize| if full[row] { 0 } else { target(row) as u32 - so_far[row].replicates };
            let mut more: Vec<u32> = (0..so_far.len()).map(more).collect();
            more[best] += budget - more.iter().sum::<u32>();
            return more;
        }
        over.into_iter().for_each(|row| full[row] = true);
    }
}

/// Shares of the budget: variance over squared gap, and for the best what balances them.
fn ratios(so_far: &[SoFar], best: usize) -> Vec<f64> {
    let smallest = f64::MIN_POSITIVE.sqrt();
    let ratio = |rules: &SoFar| rules.variance / (rules.mean - so_far[best].mean).powi(2).max(smallest);
    let mut ratios: Vec<f64> = so_far.iter().map(ratio).collect();
    let balance = |(row, rules): (usize, &SoFar)| {
        if row == best { 0.0 } else { ratios[row].powi(2) / rules.variance.max(smallest) }
    };
    let sum: f64 = so_far.iter().enumerate().map(balance).sum();
    ratios[best] = libm::sqrt(so_far[best].variance * sum);
    ratios
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::normal_quantile;
    use crate::random::{Luck, Purpose};

    fn selection(first: u32) -> Selection {
        Selection { first, error: 0.05, indifference: 1.0 }
    }

    /// verification.md 4.5
    #[test]
    fn constants_of_kim_and_nelson() {
        let cases =
            [(10, 20, 0.302_934, 11.511_48), (5, 10, 0.634_967, 11.429_41), (2, 10, 0.334_050, 6.012_90)];
        for (rules, first, eta, h_squared) in cases {
            let found = screening_constants(rules, &selection(first));
            assert!((found.0 - eta).abs() < 1e-6 && (found.1 - h_squared).abs() < 1e-5, "{found:?}");
        }
    }

    /// One of five leads by just what matters; s.d. 2: right in at least 95% (.964 with 164 runs, and .990 with 61
    /// where luck is shared with correlation .7).
    #[test]
    fn kim_and_nelson_find_the_best() {
        let repetitions = 1_500;
        for (correlation, expected, about) in [(0.0, 0.964, 164.0), (0.7, 0.990, 61.0)] {
            let (mut right, mut played) = (0, 0);
            for repetition in 0..repetitions {
                let luck = Luck::new(4, repetition);
                let normal = |row: usize, replicate: u32| {
                    let mut stream = luck.stream::<1>(Purpose::Resampling, row as u32);
                    normal_quantile(stream.uniforms(u64::from(replicate))[0])
                };
                let (common, own) = (f64::sqrt(correlation), f64::sqrt(1.0 - correlation));
                let selected = kim_nelson(5, &selection(10), |row, replicate| {
                    let lead = f64::from(u8::from(row == 3));
                    lead + 2.0 * (common * normal(99, replicate) + own * normal(row, replicate))
                });
                right += u32::from(selected.best == 3);
                played += selected.replicates.iter().sum::<u32>();
            }
            let share = f64::from(right) / f64::from(repetitions);
            let mean = f64::from(played) / f64::from(repetitions);
            assert!(share >= 0.95 - 4.0 * (0.95_f64 * 0.05 / f64::from(repetitions)).sqrt(), "{share}");
            assert!((share - expected).abs() < 0.02, "{share}");
            assert!((mean / about - 1.0).abs() < 0.1, "{mean} runs");
        }
    }

    #[test]
    fn equal_rule_sets_end_the_selection() {
        assert_eq!(kim_nelson(3, &selection(5), |_, replicate| f64::from(replicate)).best, 0);
    }

    /// The published example (Chen and Lee 2010).
    #[test]
    fn allocation_of_a_budget() {
        let means = [1.2, 2.1, 3.4, 4.87, 6.05];
        let variances = [3.3, 2.0, 4.5, 5.3, 6.9];
        let so_far: Vec<SoFar> = (0..5)
            .map(|row| SoFar {
                mean: means[row],
                variance: variances[row],
                replicates: [12, 6, 5, 5, 4][row],
            })
            .collect();
        assert_eq!(allocate(&so_far, 100), [48, 38, 11, 2, 1]);
        let crowded = SoFar { replicates: 200, ..so_far[4] };
        let more = allocate(&[so_far[0], so_far[1], so_far[2], so_far[3], crowded], 100);
        assert_eq!((more[4], more.iter().sum::<u32>()), (0, 100));
    }
}
