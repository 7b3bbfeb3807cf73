//! Concentration and inequality: pure functions of amounts.

use crate::ids::CharityId;
use crate::math::{ln, sum};
use crate::mutants::{Mutant, is_on};

/// Points in which HHI is reported: shares in percent, squared.
pub const HHI_POINTS: f64 = 10_000.0;

/// Herfindahl-Hirschman index of amounts: sum of squared shares, in \[1/n, 1\]. `None` for nothing.
pub fn hhi(amounts: &[f64]) -> Option<f64> {
    let total = sum(amounts.iter().copied());
    (total > 0.0).then(|| sum(amounts.iter().map(|amount| (amount / total) * (amount / total))))
}

/// Effective number of equal providers: 1 / HHI.
pub fn effective_number(amounts: &[f64]) -> Option<f64> {
    hhi(amounts).map(|hhi| 1.0 / hhi)
}

/// Exponential of Shannon's entropy of the shares: another effective number.
pub fn exp_entropy(amounts: &[f64]) -> Option<f64> {
    let total = sum(amounts.iter().copied());
    let terms = amounts.iter().map(|amount| amount / total).filter(|share| *share > 0.0);
    (total > 0.0).then(|| crate::math::exp(-sum(terms.map(|share| share * ln(share)))))
}

/// Share of the `k` largest.
pub fn concentration_ratio(amounts: &[f64], k: usize) -> Option<f64> {
    let mut sorted = amounts.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let total = sum(sorted.iter().copied());
    (total > 0.0).then(|| sum(sorted.iter().take(k).copied()) / total)
}

/// Gini coefficient: 2 sum i x_(i) / (n sum x) - (n + 1)/n.
pub fn gini(amounts: &[f64]) -> Option<f64> {
    let mut sorted = amounts.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let total = sum(sorted.iter().copied());
    let ranked = sum(sorted.iter().enumerate().map(|(rank, x)| (rank + 1) as f64 * x));
    (total > 0.0).then(|| 2.0 * ranked / (n * total) - (n + 1.0) / n)
}

/// Theil's T: mean of (x/mean) ln(x/mean).
pub fn theil(amounts: &[f64]) -> Option<f64> {
    let n = amounts.len() as f64;
    let mean = sum(amounts.iter().copied()) / n;
    // A penny beside millions is no share that a number can hold.
    let term = |share: f64| if share > 0.0 { share * ln(share) } else { 0.0 };
    (mean > 0.0).then(|| sum(amounts.iter().map(|&x| term(x / mean))) / n)
}

/// A contract for the random-allocation null: its value and who bid for it.
#[derive(Clone, Copy, Debug)]
pub struct Contested<'a> {
    /// Value, in any unit of money.
    pub value: f64,
    /// All who bid, the winner included.
    pub bidders: &'a [CharityId],
}

/// Expected HHI if every contract were re-awarded at random among those who bid for it, values fixed:
/// E = sum_j w_j^2 + sum_{j != k} w_j w_k sum_i p_ij p_ik with p_ij = 1/n_j. Exact, without draws,
/// in time linear in the number of bids: the second sum is, per bidder, a square minus its diagonal.
pub fn expected_hhi_at_random(contracts: &[Contested]) -> Option<f64> {
    let total = sum(contracts.iter().map(|contract| contract.value));
    if total <= 0.0 {
        return None;
    }
    let mut chances: Vec<(CharityId, f64)> = contracts
        .iter()
        .flat_map(|contract| {
            let chance = contract.value / total / contract.bidders.len().max(1) as f64;
            contract.bidders.iter().map(move |&bidder| (bidder, chance))
        })
        .collect();
    chances.sort_by_key(|&(bidder, _)| bidder);
    let own = sum(contracts.iter().map(|contract| (contract.value / total) * (contract.value / total)));
    let together = chances.chunk_by(|a, b| a.0 == b.0).map(|group| {
        let all = sum(group.iter().map(|(_, chance)| *chance));
        all * all - sum(group.iter().map(|(_, chance)| chance * chance))
    });
    let own = if is_on(Mutant::NullWithoutOwn) { 0.0 } else { own };
    Some(own + sum(together))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    const SHARES: [f64; 4] = [0.4, 0.3, 0.2, 0.1];

    fn near(value: Option<f64>, expected: f64, tolerance: f64) {
        let value = value.expect("defined");
        assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
    }

    #[test]
    fn v16_identities_of_concentration() {
        near(hhi(&[1.0; 7]), 1.0 / 7.0, 1e-12);
        near(hhi(&SHARES), 0.30, 1e-12);
        near(effective_number(&SHARES), 1.0 / 0.3, 1e-12);
        near(exp_entropy(&SHARES), 3.596_115, 1e-5);
        assert!((hhi(&SHARES).expect("defined").sqrt() - 0.547_722_6).abs() < 1e-7);
        near(hhi(&[0.4, 0.3, 0.3]).map(|merged| merged - 0.30), 2.0 * 0.2 * 0.1, 1e-12);
        assert_eq!(hhi(&[]), None);
    }

    /// V16: a merger of i and j raises HHI by 2 s_i s_j; the four largest have at most twice the root of it.
    #[test]
    fn v16_identities_hold_for_any_shares() {
        let mut draws = crate::random::Luck::new(3, 0).stream::<8>(crate::random::Purpose::Sample, 0);
        for case in 0..1_000 {
            let amounts = draws.uniforms(case);
            let total: f64 = amounts.iter().sum();
            let before = hhi(&amounts).expect("defined");
            let mut merged = amounts[1..].to_vec();
            merged[0] += amounts[0];
            let rise = 2.0 * (amounts[0] / total) * (amounts[1] / total);
            near(hhi(&merged), before + rise, 1e-12);
            let cr4 = concentration_ratio(&amounts, 4).expect("defined");
            assert!(cr4 * cr4 / 4.0 <= before + 1e-12);
        }
    }

    /// The values of a law at the middles of so many equal chances.
    fn middles(quantile: impl Fn(f64) -> f64) -> Vec<f64> {
        (0..200_000).map(|i| quantile((f64::from(i) + 0.5) / 2e5)).collect()
    }

    #[test]
    fn inequality_reference_values() {
        near(gini(&[1.0, 2.0, 3.0, 4.0, 5.0]), 0.266_667, 1e-6);
        near(theil(&[1.0, 2.0, 3.0, 4.0, 5.0]), 0.119_688, 1e-6);
        near(concentration_ratio(&SHARES, 2), 0.7, 1e-12);
        let exponential = middles(|u| -ln(1.0 - u));
        near(gini(&exponential), 0.5, 1e-3);
        near(theil(&exponential), 0.422_784, 1e-3);
        near(gini(&middles(|u| u)), 1.0 / 3.0, 1e-3);
        let pareto = middles(|u| crate::math::pow(1.0 - u, -0.5));
        near(gini(&pareto), 1.0 / 3.0, 5e-3);
        near(theil(&pareto), ln(0.5) + 1.0, 2e-2);
        let lognormal = middles(|u| crate::math::exp(crate::math::normal_quantile(u)));
        near(gini(&lognormal), 0.520_5, 1e-3);
        near(theil(&lognormal), 0.5, 5e-3);
    }

    /// Theil's T is the mean within groups, weighted by their amounts, plus that between their means.
    /// Nothing, or next to nothing, beside much: 2 ln 2 / 2.
    #[test]
    fn theil_of_one_who_has_all_is_the_logarithm_of_their_number() {
        for least in [0.0, 5e-324] {
            near(theil(&[least, 1e9]), std::f64::consts::LN_2, 1e-12);
            near(exp_entropy(&[least, 1e9]), 1.0, 1e-12);
        }
    }

    #[test]
    fn theil_adds_up_over_groups() {
        let groups: [&[f64]; 3] = [&[1.0, 5.0, 2.0], &[7.0, 0.5], &[3.0, 3.0, 4.0, 9.0]];
        let all = groups.concat();
        let total: f64 = all.iter().sum();
        let within: f64 = (groups.iter())
            .map(|group| group.iter().sum::<f64>() / total * theil(group).expect("defined"))
            .sum();
        let means = groups.map(|group| vec![group.iter().sum::<f64>() / group.len() as f64; group.len()]);
        near(theil(&all), within + theil(&means.concat()).expect("defined"), 1e-10);
    }

    #[test]
    fn v17_null_of_equal_contracts_with_the_same_bidders() {
        let bidders: Vec<CharityId> = (0..10).map(CharityId::from_row).collect();
        let contracts = vec![Contested { value: 3.0, bidders: &bidders }; 40];
        near(expected_hhi_at_random(&contracts), 0.1225, 1e-12);
    }

    #[test]
    fn null_of_unequal_values_agrees_with_the_closed_form() {
        let bidders: Vec<CharityId> = (0..4).map(CharityId::from_row).collect();
        let values = [5.0, 3.0, 1.0, 1.0, 1.0, 0.5];
        let contracts: Vec<Contested> =
            values.iter().map(|&value| Contested { value, bidders: &bidders }).collect();
        let spread = hhi(&values).expect("defined");
        near(hhi(&values), 0.281_664, 1e-6);
        near(expected_hhi_at_random(&contracts), 0.25 + 0.75 * spread, 1e-12);
    }
}
