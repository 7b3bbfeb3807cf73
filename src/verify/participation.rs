//! V33: the price from which pay by results attracts bids, and the risk that a collaboration shares.

use super::{Check, Plan, VerifyError, watch};
use crate::round::RoundOutput;
use crate::round::team::Mode;
use crate::scenario::Scenario;
use crate::scenario::parameters::{ForceMode, Packaging};

/// Steps of the sweep over the ceiling, to a reference full cost.
const STEPS: u32 = 1_000;
/// Ceilings that are tried.
const CEILINGS: std::ops::RangeInclusive<u32> = STEPS / 20..=20 * STEPS;

/// The first ceiling at which charities bid alone, and the first at which those who may would rather bid alone than
/// share risk. A ceiling of 0 says that there is none. Where costs are at risk too, a co-operation shares those, and each
/// of two would rather be the partner than lead: who goes alone is then another question.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("pbr-participation")?;
    let compare = |what: &str, force: ForceMode, premiums: f64, holds: fn(&RoundOutput) -> bool| {
        let threshold = threshold(&scenario, premiums);
        let first = threshold.and_then(|(low, high)| on_grid(low).filter(|&at| at <= high));
        let measured = first_ceiling(&scenario, force, holds)?;
        let what = format!("{what}, {:.6}", threshold.map_or(0.0, |(low, _)| low));
        Ok::<_, VerifyError>(Check::exact("V33", what, first.unwrap_or(0.0), measured.unwrap_or(0.0), 1e-9))
    };
    let mut checks = vec![compare("ceiling that attracts bids alone", ForceMode::Solo, 1.0, |output| {
        !output.bids.all().is_empty()
    })?];
    if scenario.regime.behaviour.cost_risk == 0.0 {
        checks.push(compare("ceiling from which two go alone", ForceMode::Free, 1.5, |output| {
            !output.bids.all().is_empty() && !output.teams.formed.iter().any(is_collaboration)
        })?);
        checks.push(pooled(&scenario)?);
    }
    Ok(checks)
}

/// Two who pool two lots whose outcomes have a correlation c: each bears (1 + c)/2 of the price of risk of one lot alone.
fn pooled(stated: &Scenario) -> Result<Check, VerifyError> {
    let mut scenario = stated.clone();
    (scenario.market.lots_per_market, scenario.world.charities_per_area) = (2, 2);
    scenario.regime.rules.packaging = Packaging::BundleLots;
    scenario.regime.rules.bundle_rounds = scenario.market.lot_term_rounds;
    let c = scenario.regime.behaviour.outcome_correlation;
    let threshold = threshold(&scenario, (1.0 + c) / 2.0);
    let first = threshold.and_then(|(low, high)| on_grid(low).filter(|&at| at <= high));
    let measured = first_ceiling(&scenario, ForceMode::Free, |output| !output.bids.all().is_empty())?;
    let what = format!(
        "ceiling at which two pool two lots, correlation {c}, {:.6}",
        threshold.map_or(0.0, |(low, _)| low)
    );
    Ok(Check::exact("V33", what, first.unwrap_or(0.0), measured.unwrap_or(0.0), 1e-9))
}

fn is_collaboration(team: &crate::round::team::Formed) -> bool {
    team.mode == Mode::Collaboration
}

/// The first point of the grid at or above a threshold.
fn on_grid(threshold: f64) -> Option<f64> {
    let step = libm::ceil(threshold * f64::from(STEPS) - 1e-9).max(f64::from(*CEILINGS.start()));
    (step <= f64::from(*CEILINGS.end())).then_some(step / f64::from(STEPS))
}

/// Ceilings between which k premiums leave something over: P (1 - f + f m) - c >= k premium, where one premium is
/// r/2 f^2 s^2 P^2. Bidding alone needs k = 1. In a team of n that shares alike each gains margin/n - premium/n^2, which
/// is less than margin - premium iff margin > (1 + 1/n) premium: k = 3/2 for two.
fn threshold(scenario: &Scenario, premiums: f64) -> Option<(f64, f64)> {
    let (behaviour, rules, market) = (&scenario.regime.behaviour, &scenario.regime.rules, &scenario.market);
    let term = f64::from(market.lot_term_rounds);
    let hours = market.lot_value_gbp / market.reference_cost_gbp / term / market.planning_ceiling_ratio;
    let cost = scenario.population.cost_low_gbp.value() * hours;
    // Abilities are kept in single precision.
    let ability = f64::from(*scenario.population.ability_values.first()? as f32);
    let base = behaviour.base_success.value();
    let success = base + (1.0 - base) * (behaviour.productivity * ability).min(1.0);
    let at_risk = rules.results_share.value();
    let pay = 1.0 - at_risk + at_risk * (success / rules.target_success).min(rules.results_cap);
    let half_aversion = behaviour.risk_aversion / 2.0 * term * premiums;
    let (of_costs, of_results) = (behaviour.cost_risk * cost, at_risk * behaviour.outcome_noise);
    let cost = cost + half_aversion * of_costs * of_costs;
    let (low, high) = roots(half_aversion * of_results * of_results, pay, cost)?;
    let full_cost = market.reference_cost_gbp.value() * hours;
    Some((low / full_cost, high / full_cost))
}

/// Prices between which a P^2 - b P + c <= 0.
fn roots(a: f64, b: f64, c: f64) -> Option<(f64, f64)> {
    let inside = b * b - 4.0 * a * c;
    let root = libm::sqrt(inside.max(0.0));
    (inside >= 0.0)
        .then(|| (2.0 * c / (b + root), if a > 0.0 { (b + root) / (2.0 * a) } else { f64::INFINITY }))
}

/// The first ceiling at which something holds of a round.
fn first_ceiling(
    scenario: &Scenario,
    force: ForceMode,
    holds: impl Fn(&RoundOutput) -> bool,
) -> Result<Option<f64>, VerifyError> {
    let mut scenario = scenario.clone();
    scenario.regime.behaviour.force_mode = force;
    // All areas are alike, and there are many ceilings.
    scenario.world.areas = 1;
    for step in CEILINGS {
        let ceiling = f64::from(step) / f64::from(STEPS);
        scenario.regime.rules.ceiling_ratio = ceiling;
        let mut found = false;
        watch(&scenario, |_, _, output| found |= holds(output))?;
        if found {
            return Ok(Some(ceiling));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    /// V33: r = 2, f = .4, m = 1, s = .3, c = 1: P >= 1.014830, by E exp(-r w) = 1.
    #[test]
    fn the_price_of_risk_is_that_of_constant_aversion() {
        let scenario = load("theory/pbr-participation", &[]).expect("valid");
        let (low, _) = threshold(&scenario, 1.0).expect("a price");
        assert!((low - 1.014_830).abs() < 5e-7, "{low}");
        assert_eq!(roots(1.0, 1.0, 1.0), None, "no price makes up for so much risk");
    }
}
