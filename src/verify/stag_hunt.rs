//! V27: the threshold of belief above which all leaders come to seek partners, and below which none do.

use super::{Check, Plan, VerifyError, watch};
use crate::round::stance::payoffs;
use crate::scenario::Scenario;
use crate::units::Share;

/// How far from the threshold leaders start.
const STEP: f64 = 0.02;

/// The game as stated; unless payoffs are set, also with fear, and a repeated prisoner's dilemma between one who goes
/// on until it is let down and one who never begins.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let stated = plan.load("stag-hunt")?;
    let mut checks = both_ways(&stated, "stag hunt")?;
    if !plan.is_set("behaviour.payoff_matrix") {
        let mut afraid = stated.clone();
        afraid.regime.behaviour.fear_control += 0.2;
        checks.extend(both_ways(&afraid, "stag hunt with fear")?);
        let mut repeated = stated.clone();
        repeated.regime.behaviour.payoff_matrix = repeated_dilemma([5.0, 3.0, 1.0, 0.0], 0.6).to_vec();
        checks.extend(both_ways(&repeated, "repeated dilemma")?);
    }
    Ok(checks)
}

/// Means over rounds of grim trigger (against itself, and against defection) and of defection (against grim trigger, and
/// against itself), at a discount factor.
fn repeated_dilemma([t, r, p, s]: [f64; 4], delta: f64) -> [f64; 4] {
    let once = 1.0 - delta;
    [r, once * s + delta * p, once * t + delta * p, p]
}

/// x* = (d - b + f)/((a - c) + (d - b)).
fn threshold(scenario: &Scenario) -> f64 {
    let behaviour = &scenario.regime.behaviour;
    let [a, b, c, d] = payoffs(behaviour).unwrap_or_default();
    let fear = behaviour.fear_identity + behaviour.fear_legitimacy + behaviour.fear_control;
    (d - b + fear) / ((a - c) + (d - b))
}

fn both_ways(scenario: &Scenario, game: &str) -> Result<Vec<Check>, VerifyError> {
    let at = threshold(scenario);
    let mut checks = Vec::new();
    for (start, end, side) in [(at - STEP, 0.0, "below"), (at + STEP, 1.0, "above")] {
        let (seeking, teams) = outcome(scenario, start.clamp(0.0, 1.0))?;
        let from = format!("{game}, from {STEP} {side} {at:.2}");
        checks.push(Check::exact("V27", format!("leaders who seek partners, {from}"), end, seeking, 0.0));
        checks.push(Check::exact("V27", format!("teams per tender, {from}"), end, teams, 0.0));
    }
    Ok(checks)
}

/// Share of leaders that seek partners in the end, and teams per tender in the last round.
fn outcome(scenario: &Scenario, start: f64) -> Result<(f64, f64), VerifyError> {
    let mut scenario = scenario.clone();
    scenario.regime.behaviour.seekers_at_start = Share::new(start);
    let mut teams = f64::NAN;
    let state = watch(&scenario, |_, _, output| {
        teams = output.teams.formed.len() as f64 / output.tenders.calls.len() as f64;
    })?;
    let leaders = state.charities.leader.iter();
    let seeking = leaders.filter(|leader| leader.seeks_partners).count() as f64;
    Ok((seeking / state.charities.len() as f64, teams))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// V27: x* = (1 - D)(P - S)/(R - (1 - D)T - D P + (1 - D)(P - S)) = .5 at D = .6.
    #[test]
    fn a_repeated_dilemma_is_a_stag_hunt() {
        let [a, b, c, d] = repeated_dilemma([5.0, 3.0, 1.0, 0.0], 0.6);
        assert!(((d - b) / ((a - c) + (d - b)) - 0.5).abs() < 1e-12);
    }
}
