//! V36: when two specialists do better together than alone.

use super::{Check, Plan, VerifyError, watch};
use crate::math::{exp, ln, pow};
use crate::scenario::Scenario;
use crate::scenario::parameters::{AbilityLaw, EffortRule, ForceMode};
use crate::units::Share;

/// Pairs of l/h and rho at which the boundary is looked for, unless one is set.
const PAIRS: [(f64, f64); 13] = [
    (0.25, 1.0),
    (0.25, 0.5),
    (0.25, 0.0),
    (0.25, -1.0),
    (0.25, -4.0),
    (0.5, 1.0),
    (0.5, 0.5),
    (0.5, 0.0),
    (0.5, -1.0),
    (0.8, 1.0),
    (0.8, 0.5),
    (0.8, 0.0),
    (0.8, -1.0),
];
/// Width of a cell of the sweep over the time that co-ordination takes.
const CELL: f64 = 0.01;

/// All checks of the boundary.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("phase")?;
    let set = ["population.ability_values", "behaviour.complementarity"].iter().any(|key| plan.is_set(key));
    let values = &scenario.population.ability_values;
    let own = [(values[1] / values[0], scenario.regime.behaviour.complementarity)];
    let mut checks = Vec::new();
    for &(ratio, rho) in if set { &own[..] } else { &PAIRS[..] } {
        let mut scenario = scenario.clone();
        scenario.population.ability_values[1] = ratio * scenario.population.ability_values[0];
        scenario.regime.behaviour.complementarity = rho;
        checks.push(boundary(&scenario, ratio, rho)?);
    }
    checks.extend(choice(&scenario)?);
    checks.push(effort(&scenario)?);
    Ok(checks)
}

/// M = [(1 + r^rho)/2]^(1/rho), sqrt(r) in the limit of rho = 0.
fn alone_over_together(ratio: f64, rho: f64) -> f64 {
    if rho == 0.0 { exp(0.5 * ln(ratio)) } else { pow(0.5 * (1.0 + pow(ratio, rho)), 1.0 / rho) }
}

/// Outcomes of a run.
fn outcomes(scenario: &Scenario, force: ForceMode) -> Result<f64, VerifyError> {
    let mut scenario = scenario.clone();
    scenario.regime.behaviour.force_mode = force;
    let mut outcomes = 0.0;
    watch(&scenario, |_, _, output| outcomes += output.delivery.outcomes.iter().sum::<f64>())?;
    Ok(outcomes)
}

/// The waste at which what is gained by working together is nothing, between the two ends of a cell: exact,
/// because outcomes are linear in it. Infinite where the sign does not change in the cell.
fn crossing(
    scenario: &Scenario,
    cell: (f64, f64),
    mut set: impl FnMut(&mut Scenario, f64),
) -> Result<f64, VerifyError> {
    let mut gain = |at: f64| -> Result<f64, VerifyError> {
        let mut scenario = scenario.clone();
        set(&mut scenario, at);
        Ok(outcomes(&scenario, ForceMode::Collaboration)? - outcomes(&scenario, ForceMode::Solo)?)
    };
    let (low, high) = (gain(cell.0)?, gain(cell.1)?);
    let changes = low * high <= 0.0 && low != high;
    Ok(if changes { cell.0 + (cell.1 - cell.0) * low / (low - high) } else { f64::INFINITY })
}

fn cell_of(value: f64) -> (f64, f64) {
    let low = libm::floor(value / CELL + 1e-9) * CELL;
    (low, low + CELL)
}

fn boundary(scenario: &Scenario, ratio: f64, rho: f64) -> Result<Check, VerifyError> {
    let theory = 1.0 - alone_over_together(ratio, rho);
    let found = crossing(scenario, cell_of(theory), |scenario, waste| {
        scenario.regime.behaviour.coordination = waste;
    })?;
    Ok(Check::exact("V36", format!("boundary at l/h {ratio}, rho {rho}"), theory, found, 1e-5))
}

/// Leaders who care for people alone choose a team below the boundary and none above it; generalists never do.
fn choice(scenario: &Scenario) -> Result<Vec<Check>, VerifyError> {
    let teams = |change: &dyn Fn(&mut Scenario)| -> Result<f64, VerifyError> {
        let mut scenario = scenario.clone();
        change(&mut scenario);
        let (mut formed, mut pools) = (0.0, 0.0);
        watch(&scenario, |_, _, output| {
            formed += output.teams.formed.iter().filter(|team| team.waste > 0.0).count() as f64;
            pools += output.tenders.calls.len() as f64;
        })?;
        Ok(formed / pools)
    };
    let values = scenario.population.ability_values.clone();
    let rho = scenario.regime.behaviour.complementarity;
    let at = 1.0 - alone_over_together(values[1] / values[0], rho);
    let below = teams(&|scenario| scenario.regime.behaviour.coordination = (at - CELL).max(1e-6))?;
    let above = teams(&|scenario| scenario.regime.behaviour.coordination = at + CELL)?;
    let alike = teams(&|scenario| {
        scenario.population.ability_law = AbilityLaw::Listed;
        scenario.population.ability_values = vec![values[0]];
        scenario.regime.behaviour.coordination = 0.001;
    })?;
    Ok(vec![
        Check::exact("V36", "teams per tender, a cell below the boundary", 1.0, below, 0.0),
        Check::exact("V36", "teams per tender, a cell above the boundary", 0.0, above, 0.0),
        Check::exact("V36", "teams of generalists", 0.0, alike, 0.0),
    ])
}

/// Where effort follows own pay at risk phi and purpose mu, a team of n does better iff
/// mu/phi > [M - (1 - waste)/n]/[(1 - waste) - M].
fn effort(scenario: &Scenario) -> Result<Check, VerifyError> {
    const PHI: f64 = 0.2;
    let mut scenario = scenario.clone();
    let behaviour = &mut scenario.regime.behaviour;
    behaviour.effort_rule = EffortRule::Rate;
    behaviour.effort_min = 0.0;
    behaviour.effort_max = 10.0;
    behaviour.productivity = 0.2;
    behaviour.purpose = Share::new(0.25);
    scenario.regime.rules.results_share = Share::new(PHI);
    let values = &scenario.population.ability_values;
    let m = alone_over_together(values[1] / values[0], scenario.regime.behaviour.complementarity);
    let kept = 1.0 - scenario.regime.behaviour.coordination;
    let theory = (m - kept / 2.0) / (kept - m);
    let found = crossing(&scenario, cell_of(theory), |scenario, ratio| {
        scenario.regime.behaviour.purpose_effort = ratio * PHI;
    })?;
    Ok(Check::exact("V36", "purpose over pay at which a team pays", theory, found, 1e-5))
}
