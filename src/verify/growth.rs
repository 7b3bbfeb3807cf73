//! V19, V20, V21 and V24: what chance does to sizes, contracts and reserves.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::math::{exp, ln};
use crate::round::State;

/// All checks of growth and ruin.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    Ok([gibrat(plan)?, exit_and_entry(plan)?, simon(plan)?, ruin(plan)?].concat())
}

fn open_sizes(state: &State) -> Vec<f64> {
    let open = state.charities.finances.iter().filter(|finances| finances.is_open());
    open.map(|finances| finances.voluntary.value()).collect()
}

/// V19: the variance of log size grows by s^2 a year, and log growth does not depend on log size.
fn gibrat(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("grow-gibrat")?;
    let mut first: Option<Vec<f64>> = None;
    let per_year = 52.0 / scenario.world.round_weeks.value();
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
/// top 1.5%.
fn exit_and_entry(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("grow-exit")?;
    let state = watch(&scenario, |_, _, _| ())?;
    let per_year = 52.0 / scenario.world.round_weeks.value();
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
        standard_error,
        tolerance: 4.0 * standard_error,
    }])
}

/// V21: the expected number of providers with k contracts after t, step by step: a new one with chance a,
/// otherwise in proportion to contracts won. For many contracts it tends to r Beta(k, r + 1), r = 1/(1 - a).
fn simon(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_enlarged("simon")?;
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

/// V24: ruin = exp(-theta R0) for a charity that pays e every round and wins m with chance w = 1/n.
fn ruin(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_enlarged("ruin")?;
    let w = 1.0 / f64::from(scenario.world.charities_per_area);
    let market = &scenario.market;
    let won = market.lot_value_gbp.value() / f64::from(market.lot_term_rounds)
        * scenario.regime.rules.ceiling_ratio
        / market.planning_ceiling_ratio;
    let e = scenario.regime.behaviour.bid_cost_base_gbp.value();
    let reserves = scenario.population.reserves_low_gbp.value();
    let balance = |theta: f64| w * exp(-theta * (won - e)) + (1.0 - w) * exp(theta * e) - 1.0;
    let (mut low, mut high) = (1e-9, 20.0 / e);
    for _ in 0..80 {
        let theta = 0.5 * (low + high);
        if balance(theta) < 0.0 { low = theta } else { high = theta }
    }
    let state = watch(&scenario, |_, _, _| ())?;
    let mut ruined = vec![Sample::default(); scenario.world.areas as usize];
    for (id, profile) in state.charities.profile.enumerate() {
        if profile.founded == 0 && profile.slot < crate::random::newcomer_slot(0, 0) {
            let open = state.charities.finances[id].is_open();
            ruined[profile.home().row()].add(f64::from(u8::from(!open)));
        }
    }
    let mut shares = Sample::default();
    ruined.iter().for_each(|area| shares.add(area.mean()));
    Ok(vec![Check::of_mean("V24", "ruin of reserves by bidding", exp(-low * reserves), &shares)])
}
