//! Neutrality: with every channel off, forced solo, co-operation and collaboration are identical to the bit; and
//! each channel by itself moves what was predicted before it was run.

use super::{Check, Plan, VerifyError, watch};
use crate::scenario::Scenario;
use crate::scenario::parameters::ForceMode;

/// What a run left: outcomes, prices and spending, round by round.
fn traces(scenario: &Scenario) -> Result<Vec<f64>, VerifyError> {
    let mut traces = Vec::new();
    watch(scenario, |_, _, output| {
        traces.push(output.delivery.outcomes.iter().sum());
        traces.push(output.awards.awards.iter().flatten().map(|award| award.price.value()).sum());
        traces.push(output.settlement.spent);
    })?;
    Ok(traces)
}

/// N01: outcomes, prices and spending of all modes are those of solo work.
pub fn neutral(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("neutral")?;
    let forced = |mode: ForceMode| {
        let mut scenario = scenario.clone();
        scenario.regime.behaviour.force_mode = mode;
        traces(&scenario)
    };
    let alone = forced(ForceMode::Solo)?;
    let mut checks = Vec::new();
    for (mode, name) in
        [(ForceMode::CoOperation, "co-operation"), (ForceMode::Collaboration, "collaboration")]
    {
        let together = forced(mode)?;
        let gap = alone.iter().zip(&together).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let what = format!("forced {name} minus forced solo, largest");
        checks.push(Check::exact("N01", what, 0.0, gap, 0.0));
    }
    Ok(checks)
}
