//! V19, V20 and V21: what chance does to sizes and contracts.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::math::ln;
use crate::round::State;

fn open_sizes(state: &State) -> Vec<f64> {
    let open = state.charities.finances.iter().filter(|finances| finances.is_open());
    open.map(|finances| finances.voluntary.value()).collect()
}

/// V19: the variance of log size grows by s^2 a year, and log growth does not depend on log size.
pub fn gibrat(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let mut scenario = plan.load("grow-gibrat")?;
    let charities = &mut scenario.world.charities_per_area;
    *charities = plan.number("world.charities_per_area", *charities, 200_000);
    let mut first: Option<Vec<f64>> = None;
    let per_year = crate::calendar::Calendar::new(scenario.world.round_weeks).rounds_per_year();
    let state = watch(&scenario, |_, state, _| {
        first.get_or_insert_with(|| open_sizes(state).into_iter().map(ln).collect());
    })?;
    let before = first.unwrap_or_default();
    let growth: Vec<f64> =
        open_sizes(&state).into_iter().zip(&before).map(|(after, before)| ln(after) - before).collect();
    let years = (f64::from(scenario.run.rounds) - 1.0) / per_year;
    let volatility = scenario.population.voluntary_volatility;
    let (mut sizes, mut grown) = (Sample::default(), Sample::default());
    before.iter().for_each(|&size| sizes.add(size));
    growth.iter().for_each(|&growth| grown.add(growth));
    let n = growth.len() as f64;
    let mut squares = Sample::default();
    let mut slope = Sample::default();
    for (growth, size) in growth.iter().zip(&before) {
        squares.add((growth - grown.mean()) * (growth - grown.mean()) * n / (n - 1.0));
        let lever = (size - sizes.mean()) / sizes.variance().max(1e-12);
        slope.add((growth - grown.mean()) * lever);
    }
    Ok(vec![
        Check::of_mean(
            "V19",
            "growth by chance: variance of log growth",
            volatility * volatility * years,
            &squares,
        ),
        Check::of_mean("V19", "growth by chance: slope on size", 0.0, &slope),
    ])
}

/// V20: (1 - d) E(growth^a) = 1 for lognormal growth: a (m + a s^2/2) = -ln(1 - d). Hill's estimate on the
/// top 1.5%. In full, 200,000 charities over 600 rounds.
pub fn exit_and_entry(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let mut scenario = plan.load("grow-exit")?;
    let charities = &mut scenario.world.charities_per_area;
    *charities = plan.number("world.charities_per_area", *charities, 200_000);
    scenario.run.rounds = plan.at_least_stated("run.rounds", scenario.run.rounds, 600);
    let state = watch(&scenario, |_, _, _| ())?;
    let per_year = crate::calendar::Calendar::new(scenario.world.round_weeks).rounds_per_year();
    let law = &scenario.population;
    let variance = law.voluntary_volatility * law.voluntary_volatility / per_year;
    let mean = law.voluntary_growth / per_year - 0.5 * variance;
    let stays = ln(1.0 - scenario.regime.behaviour.dissolution_rate.value() / per_year);
    let tail = (-mean + libm::sqrt(mean * mean - 2.0 * variance * stays)) / variance;
    let mut sizes = open_sizes(&state);
    sizes.sort_by(|a, b| b.total_cmp(a));
    let top = (sizes.len() * 3 / 200).max(2);
    let excess: f64 = sizes[..top].iter().map(|size| ln(size / sizes[top])).sum();
    let hill = top as f64 / excess;
    let standard_error = tail / libm::sqrt(top as f64);
    Ok(vec![Check {
        id: "V20",
        what: "growth, exit and re-entry: exponent of the tail".into(),
        theory: tail,
        measured: hill,
        repetitions: top as f64,
        standard_error,
        tolerance: 4.0 * standard_error,
    }])
}

/// V21: the expected number of providers with k contracts after t, step by step: a new one with chance a,
/// otherwise in proportion to contracts won. For many contracts it tends to r Beta(k, r + 1), r = 1/(1 - a).
pub fn simon(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let contracts = plan.load("simon")?.run.rounds;
    let scenario = plan.enlarged("simon", 400_000_u32.div_ceil(contracts))?;
    let state = watch(&scenario, |_, _, _| ())?;
    let a = scenario.regime.rules.newcomer_share.value();
    let contracts = scenario.run.rounds as usize;
    let mut expected = vec![0.0; contracts + 2];
    expected[1] = 1.0;
    for t in 1..contracts {
        let before = expected.clone();
        let flow = |k: usize| (1.0 - a) * k as f64 * before[k] / t as f64;
        for k in 1..=contracts {
            expected[k] = before[k] + if k == 1 { a } else { flow(k - 1) } - flow(k);
        }
    }
    let mut found = vec![[0.0_f64; 4]; scenario.world.areas as usize];
    for (id, profile) in state.charities.profile.enumerate() {
        let wins = state.charities.record[id].wins as usize;
        if (1..=4).contains(&wins) {
            found[profile.home().row()][wins - 1] += 1.0;
        }
    }
    let check = |k: usize| {
        let mut sample = Sample::default();
        found.iter().for_each(|found| sample.add(found[k - 1]));
        let what = format!("contracts follow contracts: providers with {k}, an area");
        Check::of_mean("V21", what, expected[k], &sample)
    };
    Ok((1..=4).map(check).collect())
}
