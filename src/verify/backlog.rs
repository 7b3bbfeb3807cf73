//! V25 (ii): where a waiting list settles.

use super::{Check, Plan, VerifyError, watch};

/// B* = (1 - d)(D - K)/d for demand D above capacity K and attrition d.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
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
