//! Decisions under uncertainty: what choosing a rule set costs where another would have been better.

use crate::math::{quantile, sum};

/// A rule set over all worlds, in the unit of the measure; higher is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Robustness {
    /// Mean over worlds (Laplace).
    pub mean: f64,
    /// Worst world (Wald 1950): the greatest is the maximin choice.
    pub worst: f64,
    /// Mean regret.
    pub mean_regret: f64,
    /// Largest regret (Savage 1951): the least is the minimax-regret choice.
    pub max_regret: f64,
    /// Regret that nine worlds of ten stay below.
    pub regret_p90: f64,
    /// Share of worlds in which the best is missed by no more than the tolerance (Starr 1963).
    pub satisficing_share: f64,
}

/// Regret of each rule set in each world: the best of that world minus its own (Savage 1951).
pub fn regrets(values: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let worlds = values.first().map_or(0, Vec::len);
    let best: Vec<f64> = (0..worlds)
        .map(|world| values.iter().map(|of_rules| of_rules[world]).fold(f64::NEG_INFINITY, f64::max))
        .collect();
    let of = |own: &Vec<f64>| own.iter().zip(&best).map(|(own, best)| best - own).collect();
    values.iter().map(of).collect()
}

/// Every rule set (rows) over the same worlds (columns); satisfied where its regret is at most `tolerance`
/// times the size of the best of the world.
pub fn robustness(values: &[Vec<f64>], tolerance: f64) -> Vec<Robustness> {
    let regrets = regrets(values);
    values.iter().zip(regrets).map(|(own, regret)| of_one(own, regret, tolerance)).collect()
}

fn of_one(own: &[f64], mut regret: Vec<f64>, tolerance: f64) -> Robustness {
    let n = own.len() as f64;
    let near = |(own, regret): (&f64, &f64)| *regret <= tolerance * (own + regret).abs();
    let satisfied = own.iter().zip(&regret).filter(|pair| near(*pair)).count();
    Robustness {
        mean: sum(own.iter().copied()) / n,
        worst: own.iter().copied().fold(f64::INFINITY, f64::min),
        mean_regret: sum(regret.iter().copied()) / n,
        max_regret: regret.iter().copied().fold(0.0, f64::max),
        satisficing_share: satisfied as f64 / n,
        regret_p90: quantile(&mut regret, 0.9).unwrap_or(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// verification.md 4.9
    #[test]
    fn reference_values() {
        let utility = [[10.0, 4.0, 6.0], [7.0, 7.0, 5.0], [8.0, 6.0, 2.0]].map(|row| row.to_vec());
        let [a, b, c] = robustness(&utility, 0.2)[..] else { panic!("three rule sets") };
        assert_eq!([a.max_regret, b.max_regret, c.max_regret], [3.0, 3.0, 4.0]);
        assert_eq!([a.worst, b.worst, c.worst], [4.0, 5.0, 2.0]);
        assert!((a.mean - 20.0 / 3.0).abs() < 1e-12 && a.mean > b.mean && b.mean > c.mean);
        assert!((a.mean_regret - 1.0).abs() < 1e-12 && (b.mean_regret - 4.0 / 3.0).abs() < 1e-12);
        // Regrets (0, 3, 0): nine tenths of the way is 0.8 of the last step. Within 20% of 10, 7 and 6.
        assert!((a.regret_p90 - 2.4).abs() < 1e-12);
        assert_eq!([a, b, c].map(|r| libm::round(3.0 * r.satisficing_share)), [2.0, 2.0, 2.0]);
    }

    #[test]
    fn equal_rule_sets_have_no_regret() {
        for robust in robustness(&[vec![1.0, 2.0], vec![1.0, 2.0]], 0.0) {
            assert_eq!((robust.max_regret, robust.satisficing_share), (0.0, 1.0));
        }
    }
}
