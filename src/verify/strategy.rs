//! V26, V31 and V32: promises, effort in teams, and work that is not measured.

use super::{Check, Plan, VerifyError, watch};
use crate::scenario::Scenario;
use crate::scenario::parameters::ForceMode;
use crate::units::Share;

/// All checks of strategy.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    Ok([temptation(plan)?, team_effort(plan)?, multitask(plan)?].concat())
}

/// Steps of the sweep over the discount factor.
const STEPS: u32 = 100;

/// V26: the first discount factor of a sweep at which a promise is honoured. With gain G of a cut now and w a round
/// lost for ever, G <= d/(1 - d) w, that is d >= G/(G + w). A promise that the commissioner checks is no choice, so that there
/// is nothing to compare where it checks any.
fn temptation(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("temptation")?;
    if scenario.regime.rules.verified_partners.value() > 0.0 {
        return Ok(Vec::new());
    }
    let honoured = |delta: f64| -> Result<(f64, bool), VerifyError> {
        let mut scenario = scenario.clone();
        scenario.regime.behaviour.discount_factor = delta;
        let (mut threshold, mut kept) = (f64::NAN, true);
        watch(&scenario, |_, state, output| {
            for (_, contract) in state.contracts() {
                let Some(team) = &contract.team else { continue };
                let partner = team.partners()[0];
                kept &= partner.allocated == partner.promised;
                threshold = theory(&scenario, contract.price.value(), partner.promised, contract.term);
            }
            debug_assert!(!output.teams.formed.is_empty());
        })?;
        Ok((threshold, kept))
    };
    let threshold = honoured(0.5)?.0;
    let mut first = 1.0;
    for step in (0..STEPS).rev() {
        let delta = f64::from(step) / f64::from(STEPS);
        if !honoured(delta)?.1 {
            break;
        }
        first = delta;
    }
    let grid = libm::ceil(threshold * f64::from(STEPS) - 1e-9) / f64::from(STEPS);
    Ok(vec![Check::exact("V26", format!("patience to honour, {threshold:.4}"), grid, first, 1e-9)])
}

/// d* = G/(G + w): G = cut x promised x price x rounds x (1 - open book); w = p_meet x half the work x value x
/// what the partner adds to success beyond a stranger of mean ability, per round.
fn theory(scenario: &Scenario, price: f64, promised: f64, term: u32) -> f64 {
    let (behaviour, rules) = (&scenario.regime.behaviour, &scenario.regime.rules);
    let market = &scenario.market;
    let gain =
        behaviour.cut_max.value() * promised * price * f64::from(term) * (1.0 - rules.open_book.value());
    let per_round = market.lot_value_gbp.value() / f64::from(market.lot_term_rounds);
    let hours = per_round / (market.reference_cost_gbp.value() * market.planning_ceiling_ratio);
    let world = &scenario.world;
    let need = world.residents_per_area.value() * world.need_per_1000 / 1000.0 * market.coverage.value();
    let yearly = per_round * f64::from(market.lots_per_market) * 4.0 * 13.0 / world.round_weeks.value();
    let price_of_hour = market.reference_cost_gbp.value() * market.planning_ceiling_ratio;
    let people = hours / (yearly / (need * price_of_hour));
    let ability = scenario.population.ability_values[0];
    let added = behaviour.productivity * 0.5 * (ability - scenario.population.ability_mean);
    let value = behaviour.purpose.value() * behaviour.outcome_value_gbp.value();
    let worth = behaviour.meet_again.value() * 0.5 * value * added * people;
    gain / (gain + worth)
}

/// Outcomes and unmeasured work over people served.
fn yields(scenario: &Scenario, force: ForceMode) -> Result<(f64, f64), VerifyError> {
    let mut scenario = scenario.clone();
    scenario.regime.behaviour.force_mode = force;
    let (mut outcomes, mut community, mut served, mut volume) = (0.0, 0.0, 0.0, 0.0);
    watch(&scenario, |_, state, output| {
        outcomes += output.delivery.outcomes.iter().sum::<f64>();
        community += output.delivery.community.iter().sum::<f64>();
        served += output.delivery.served.iter().flatten().sum::<f64>();
        volume += state.contracts().map(|(_, contract)| contract.volume.value()).sum::<f64>();
    })?;
    Ok((outcomes / served, community / volume))
}

/// V31: effort phi + mu alone and phi/2 + mu in a team of two; output is in proportion.
fn team_effort(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("team-effort")?;
    let (behaviour, rules) = (&scenario.regime.behaviour, &scenario.regime.rules);
    let phi = rules.results_share.value();
    let mu = behaviour.purpose_effort * 4.0 * behaviour.purpose.value();
    let scale = behaviour.productivity * scenario.population.ability_values[0];
    let mut checks = Vec::new();
    for (force, share, what) in
        [(ForceMode::Solo, 1.0, "effort alone"), (ForceMode::Collaboration, 0.5, "effort in a team of two")]
    {
        let (success, _) = yields(&scenario, force)?;
        checks.push(Check::exact("V31", what, phi * share + mu, success / scale, 1e-6));
    }
    Ok(checks)
}

/// V32: e1 = (b + m1 - g m2)/(1 - g^2), e2 = (m2 - g (b + m1))/(1 - g^2), with corners; at three rates of pay.
fn multitask(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let base = plan.load("multitask")?;
    let set = plan.is_set("rules.results_share");
    let rates = if set { vec![base.regime.rules.results_share.value()] } else { vec![0.0, 0.5, 1.0] };
    let mut checks = Vec::new();
    for b in rates {
        let mut scenario = base.clone();
        scenario.regime.rules.results_share = Share::new(b);
        let behaviour = &scenario.regime.behaviour;
        let (m1, m2, g) =
            (behaviour.measured_motive, behaviour.community_motive, behaviour.effort_substitution);
        let whole = 1.0 - g * g;
        let (e1, e2) = ((b + m1 - g * m2) / whole, (m2 - g * (b + m1)) / whole);
        let (e1, e2) = match (e1 < 0.0, e2 < 0.0) {
            (_, true) => (b + m1, 0.0),
            (true, _) => (0.0, m2),
            _ => (e1, e2),
        };
        let (success, community) = yields(&scenario, ForceMode::Free)?;
        let scale = behaviour.productivity * scenario.population.ability_values[0];
        checks.push(Check::exact("V32", format!("measured effort at pay {b}"), e1, success / scale, 1e-6));
        checks.push(Check::exact("V32", format!("community effort at pay {b}"), e2, community, 1e-6));
    }
    Ok(checks)
}
