//! V22: winning that makes winning likelier.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::math::{exp, pow};
use crate::scenario::Scenario;

/// Wins by area and provider after all rounds.
fn wins_by_area(scenario: &Scenario) -> Result<Vec<Vec<f64>>, VerifyError> {
    let state = watch(scenario, |_, _, _| ())?;
    let mut wins = vec![Vec::new(); scenario.world.areas as usize];
    for (id, profile) in state.charities.profile.enumerate() {
        wins[profile.home().row()].push(f64::from(state.charities.record[id].wins));
    }
    Ok(wins)
}

/// V22: with weights a + wins, wins after m rounds among n have the Dirichlet-multinomial law:
/// E(HHI) = H + (1 - H)/m with H = (a + 1)/(n a + 1). For two providers and a = 1 wins are uniform.
pub fn proportional(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.enlarged("incumb-polya", 60_000)?;
    let n = f64::from(scenario.world.charities_per_area);
    let m = f64::from(scenario.run.rounds);
    let a = scenario.regime.rules.reinforcement_start;
    let areas = wins_by_area(&scenario)?;
    let (mut hhi, mut first, mut first_squared) = (Sample::default(), Sample::default(), Sample::default());
    for wins in &areas {
        hhi.add(wins.iter().map(|wins| wins * wins).sum::<f64>() / (m * m));
        first.add(wins[0]);
        first_squared.add((wins[0] - m / n) * (wins[0] - m / n));
    }
    let h = (a + 1.0) / (n * a + 1.0);
    let variance = m * (1.0 / n) * (1.0 - 1.0 / n) * (m + n * a) / (1.0 + n * a);
    let mut checks = vec![Check::of_mean("V22", "urn: mean wins of a provider", m / n, &first)];
    if scenario.regime.rules.reinforcement == 1.0 {
        checks.push(Check::of_mean("V22", "urn: variance of wins", variance, &first_squared));
        checks.push(Check::of_mean("V22", "urn: HHI of wins", h + (1.0 - h) / m, &hhi));
        let first: Vec<usize> = areas.iter().map(|wins| wins[0] as usize).collect();
        checks.push(chi_square(&law_of_wins(m, n, a), &first));
    }
    Ok(checks)
}

/// Chances of 0 to m wins of one among n: C(m, k) B(a + k, (n - 1) a + m - k)/B(a, (n - 1) a).
fn law_of_wins(m: f64, n: f64, a: f64) -> Vec<f64> {
    let ln_beta = |x: f64, y: f64| libm::lgamma(x) + libm::lgamma(y) - libm::lgamma(x + y);
    let rest = (n - 1.0) * a;
    let chance = |k: u32| {
        let k = f64::from(k);
        let choose = -libm::log1p(m) - ln_beta(k + 1.0, m - k + 1.0);
        exp(choose + ln_beta(a + k, rest + m - k) - ln_beta(a, rest))
    };
    (0..=m as u32).map(chance).collect()
}

/// Pearson's chi-square of counts against a law, which should be near its degrees of freedom d. Cells are
/// joined until ten are expected in each; what passes is four standard deviations of the cube root, which is
/// nearly normal (Wilson and Hilferty 1931).
fn chi_square(law: &[f64], found: &[usize]) -> Check {
    let areas = found.len() as f64;
    let mut counts = vec![0.0; law.len()];
    found.iter().for_each(|&wins| counts[wins] += 1.0);
    let mut cells: Vec<(f64, f64)> = vec![(0.0, 0.0)];
    for (chance, count) in law.iter().zip(counts) {
        if cells.last().is_some_and(|cell| cell.0 >= 10.0) {
            cells.push((0.0, 0.0));
        }
        if let Some(cell) = cells.last_mut() {
            *cell = (cell.0 + chance * areas, cell.1 + count);
        }
    }
    if let [.., before, last] = cells.as_mut_slice()
        && last.0 < 10.0
    {
        *before = (before.0 + last.0, before.1 + last.1);
        cells.pop();
    }
    let distance: f64 =
        cells.iter().map(|(expected, count)| (count - expected) * (count - expected) / expected).sum();
    let d = (cells.len() as f64 - 1.0).max(1.0);
    let root = 1.0 - 2.0 / (9.0 * d) + 4.0 * libm::sqrt(2.0 / (9.0 * d));
    Check {
        id: "V22",
        what: "urn: chi-square of wins against their law".into(),
        theory: d,
        measured: distance,
        repetitions: areas,
        standard_error: libm::sqrt(2.0 * d),
        tolerance: d * root * root * root - d,
    }
}

/// V22: with weights (a + wins)^g two providers share contracts as the chain of their wins says, step by
/// step: one takes nearly all where g is above 1, both half where it is below.
pub fn powers(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.enlarged("incumb-power", 1_000)?;
    if scenario.world.charities_per_area != 2 {
        return Ok(Vec::new());
    }
    let mut checks = power(&scenario)?;
    if !plan.is_set("rules.reinforcement") {
        let mut weak = scenario;
        weak.regime.rules.reinforcement = 0.5;
        checks.extend(power(&weak)?);
    }
    Ok(checks)
}

/// A share of contracts that is nearly all.
const NEARLY_ALL: f64 = 0.99;

fn power(scenario: &Scenario) -> Result<Vec<Check>, VerifyError> {
    let rules = &scenario.regime.rules;
    let g = rules.reinforcement;
    let m = scenario.run.rounds as usize;
    let law = law_of_powers(m, g, rules.reinforcement_start);
    let largest = |wins: usize| wins.max(m - wins) as f64 / m as f64;
    let shares = law.iter().enumerate().map(|(wins, chance)| (largest(wins), chance));
    let mean: f64 = shares.clone().map(|(share, chance)| share * chance).sum();
    let square: f64 = shares.clone().map(|(share, chance)| share * share * chance).sum();
    let nearly: f64 = shares.filter(|(share, _)| *share > NEARLY_ALL).map(|(_, chance)| chance).sum();
    let (mut shares, mut above) = (Sample::default(), Sample::default());
    for wins in wins_by_area(scenario)? {
        let share = wins.iter().copied().fold(0.0, f64::max) / m as f64;
        shares.add(share);
        above.add(f64::from(u8::from(share > NEARLY_ALL)));
    }
    Ok(vec![
        Check::of_law(
            "V22",
            format!("urn to the power {g}: largest share"),
            mean,
            (square - mean * mean).max(0.0),
            &shares,
        ),
        Check::of_share("V22", format!("urn to the power {g}: one has over 99%"), nearly, &above),
    ])
}

/// Chances of 0 to m wins of the first of two with weights (a + wins)^g, by the chain of their wins.
fn law_of_powers(m: usize, g: f64, a: f64) -> Vec<f64> {
    let weight: Vec<f64> = (0..=m).map(|wins| pow(a + wins as f64, g)).collect();
    let mut law = vec![0.0; m + 1];
    law[0] = 1.0;
    for round in 0..m {
        for wins in (0..=round).rev() {
            let first = weight[wins] / (weight[wins] + weight[round - wins]);
            law[wins + 1] += law[wins] * first;
            law[wins] *= 1.0 - first;
        }
    }
    law
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_providers_have_uniform_wins_and_power_one_is_the_urn() {
        for (law, chain) in law_of_wins(20.0, 2.0, 1.0).into_iter().zip(law_of_powers(20, 1.0, 1.0)) {
            assert!((law - 1.0 / 21.0).abs() < 1e-12 && (chain - law).abs() < 1e-12);
        }
        assert!((law_of_wins(30.0, 5.0, 2.0).iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn reference_values_of_powers() {
        let over = |g: f64, m: usize, above: f64| -> f64 {
            let law = law_of_powers(m, g, 1.0);
            (0..=m).filter(|&k| k.max(m - k) as f64 / m as f64 > above).map(|k| law[k]).sum()
        };
        // 98.8% in a simulation of two thousand runs or so; the chain gives 98.5%.
        assert!((over(2.0, 5_000, 0.99) - 0.985_063).abs() < 1e-6);
        let law = law_of_powers(5_000, 0.5, 1.0);
        let mean: f64 = (0..=5_000).map(|k| law[k] * k.max(5_000 - k) as f64 / 5_000.0).sum();
        assert!((mean - 0.516_303).abs() < 1e-6);
    }

    #[test]
    fn chi_square_joins_rare_cells() {
        let check = chi_square(&[0.5, 0.499, 0.001], &[0, 0, 0, 0, 0, 1, 1, 1, 1, 1].repeat(10));
        assert_eq!((check.theory, check.measured), (1.0, 0.0));
        let check = chi_square(&[0.9, 0.1], &[1; 200]);
        assert!(!check.passes() && (check.measured - 1_800.0).abs() < 1e-9);
    }
}
