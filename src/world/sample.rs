//! Sampling whole authorities, so that a small run keeps real competition.

use crate::random::{Luck, Purpose};

/// Facts of an authority on which a sample is balanced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// Row of its region.
    pub region: usize,
    /// Residents \[people\].
    pub population: f64,
    /// Deprivation score.
    pub deprivation: f64,
    /// Money that its charities can be paid \[GBP a year\].
    pub budget: f64,
    /// People who come to need \[people a year\].
    pub arrivals: f64,
    /// Charities at home there: under 1m GBP, and of 1m and over.
    pub charities: [f64; 2],
}

/// Samples among which the most balanced is taken.
const CANDIDATES: u32 = 4096;

/// Rows of the authorities that a sample of `wanted` keeps, in order; all of them for 0.
///
/// Authorities are ordered by region and, within a region, by deprivation (back and forth, so that
/// neighbours in the order are alike), and cut into `wanted` strata of equal size. Of many draws of one
/// authority from each stratum, the one is taken whose money, need, deprivation, charities and size of
/// markets are nearest to the country's (rejective sampling, Fuller 2009). The seed has no part in it:
/// every run of a scenario meets the same councils.
pub fn choose_authorities(facts: &[Facts], wanted: u32) -> Vec<usize> {
    let wanted = wanted as usize;
    if wanted == 0 || wanted >= facts.len() {
        return (0..facts.len()).collect();
    }
    let order = alike_together(facts);
    let country = profile(facts.iter());
    let step = facts.len() as f64 / wanted as f64;
    let mut best = (f64::INFINITY, Vec::new());
    for candidate in 0..CANDIDATES {
        let mut draws = Luck::new(0, 0).stream::<1>(Purpose::Sample, candidate);
        let chosen: Vec<usize> = (0..wanted)
            .map(|stratum| {
                let [u] = draws.uniforms(stratum as u64);
                order[((stratum as f64 + u) * step) as usize]
            })
            .collect();
        let sampled = profile(chosen.iter().map(|&row| &facts[row]));
        let distance: f64 = sampled.iter().zip(&country).map(|(s, c)| (s / c - 1.0) * (s / c - 1.0)).sum();
        if distance < best.0 {
            best = (distance, chosen);
        }
    }
    best.1.sort_unstable();
    best.1
}

/// Rows by region, and by deprivation within a region, back and forth.
fn alike_together(facts: &[Facts]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..facts.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&facts[a], &facts[b]);
        let by_deprivation = a.deprivation.total_cmp(&b.deprivation);
        let by_deprivation = if a.region % 2 == 1 { by_deprivation.reverse() } else { by_deprivation };
        a.region.cmp(&b.region).then(by_deprivation)
    });
    order
}

/// What a set of authorities is like, per resident or per pound, whatever their number.
fn profile<'a>(members: impl Iterator<Item = &'a Facts> + Clone) -> [f64; 7] {
    let sum = |value: fn(&Facts) -> f64| members.clone().map(value).sum::<f64>();
    let (people, money) = (sum(|f| f.population), sum(|f| f.budget));
    [
        money / people,
        sum(|f| f.arrivals) / people,
        sum(|f| f.deprivation * f.population) / people,
        sum(|f| f.charities[0]) / people,
        sum(|f| f.charities[1]) / people,
        sum(|f| f.budget * f.budget) / money,
        people / sum(|_| 1.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(row: usize) -> Facts {
        let x = (row * 37 % 101) as f64;
        Facts {
            region: row % 9,
            population: 1e5 + 1e3 * x,
            deprivation: 10.0 + x % 30.0,
            budget: 1e6 + 1e4 * (x % 17.0),
            arrivals: 500.0 + x,
            charities: [300.0 + x, 20.0 + x % 7.0],
        }
    }

    #[test]
    fn a_sample_is_balanced_and_has_the_size_asked_for() {
        let facts: Vec<Facts> = (0..150).map(authority).collect();
        assert_eq!(choose_authorities(&facts, 0).len(), 150);
        let chosen = choose_authorities(&facts, 8);
        assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]) && chosen.len() == 8);
        let country = profile(facts.iter());
        let sample = profile(chosen.iter().map(|&row| &facts[row]));
        assert!(
            country.iter().zip(&sample).all(|(c, s)| (s / c - 1.0).abs() < 0.12),
            "{country:?} {sample:?}"
        );
    }
}
