//! V25: where a waiting list settles.

use super::{Check, Plan, Sample, VerifyError, watch};

/// (i) With Poisson arrivals of mean l and capacity 1, E(B) = l^2/(2 (1 - l)) after service. (iv) Little's
/// law: the backlog is inflow times the mean wait of those who leave it.
pub fn queue(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.enlarged("queue-poisson", 10_000)?;
    let load = scenario.world.residents_per_area.value() * scenario.world.need_per_1000 / 1000.0
        * scenario.world.round_weeks.value()
        / 52.0;
    let capacity = load * scenario.market.coverage.value();
    let areas = scenario.world.areas as usize;
    let mut backlog = vec![0.0; areas];
    let (mut arrived, mut waited_off, mut ages, mut rounds) = (0.0, 0.0, vec![0.0; areas], 0.0);
    watch(&scenario, |setting, state, output| {
        let seen = setting.round >= scenario.run.burn_in;
        rounds += f64::from(u8::from(seen));
        for (row, market) in state.markets.iter().enumerate() {
            let waiting: f64 = market.backlog.iter().sum();
            if seen {
                backlog[row] += waiting;
                waited_off += ages[row] + waiting - market.waited;
            }
            ages[row] = market.waited;
        }
        arrived += if seen { output.settlement.people.arrived } else { 0.0 };
    })?;
    let mut mean = Sample::default();
    backlog.iter().for_each(|&waiting| mean.add(waiting / rounds));
    let little = waited_off / rounds / areas as f64;
    let mut checks = Vec::new();
    if capacity == 1.0 {
        let theory = load * load / (2.0 * (1.0 - load));
        checks.push(Check::of_mean("V25", "waiting list with chance arrivals", theory, &mean));
    }
    let what = format!("inflow {:.3} x mean wait (Little)", arrived / rounds / areas as f64);
    checks.push(Check::exact("V25", what, little, mean.mean(), 0.01 * little.max(1e-9)));
    Ok(checks)
}

/// (ii) B* = (1 - d)(D - K)/d for demand D above capacity K and attrition d.
pub fn overload(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("queue")?;
    let demand = scenario.world.residents_per_area.value() * scenario.world.need_per_1000 / 1000.0
        * scenario.world.round_weeks.value()
        / 52.0;
    let capacity = demand * scenario.market.coverage.value();
    let attrition = scenario.market.attrition.value();
    let mut waiting = f64::NAN;
    watch(&scenario, |_, state, _| {
        waiting = state.markets.iter().map(|market| market.backlog.iter().sum::<f64>()).sum();
    })?;
    let theory = (1.0 - attrition) * (demand - capacity).max(0.0) / attrition;
    Ok(vec![Check::exact("V25", "waiting list at rest", theory, waiting, 1e-6 * theory.max(1.0))])
}
