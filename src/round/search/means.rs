//! What a charity can take on and what it reckons with, before it looks closer at any tender.

use super::CHUNK;
use crate::math::{exp, pow};
use crate::random::Purpose;
use crate::round::Setting;
use crate::round::commission::Tender;
use crate::round::state::{Finances, Profile, State};
use crate::round::utility::price_of_risk;
use crate::scenario::parameters::{Behaviour, ForceMode, Forms, Rules};
use crate::units::Gbp;
use crate::world::population::unit_cost;
use crate::world::{PublicRecord, SKILLS};
use rayon::prelude::*;

/// What a charity would give to be rid of the risk of a contract that it holds alone \[GBP a round\].
pub(super) fn premium(
    behaviour: &Behaviour,
    security: f64,
    finances: &Finances,
    cost: Gbp,
    tender: &Tender,
    at_risk: f64,
) -> Gbp {
    let term = f64::from(tender.term);
    let [of_cost, of_results] =
        [behaviour.cost_risk * cost.value() * term, at_risk * tender.ceiling.value() * term];
    let risks = [of_cost, of_results];
    Gbp::new(price_of_risk(behaviour, security, finances.income.value(), risks) / term)
}

/// Whether a charity that cannot bid alone may join others: teams are allowed, and it has staff to spare.
pub(super) fn may_join(rules: &Rules, behaviour: &Behaviour, finances: &Finances) -> bool {
    let chosen = behaviour.force_mode == ForceMode::Free && rules.forms != Forms::Single;
    chosen && behaviour.max_team > 1 && free_staff(behaviour, finances) > 0.0
}

/// Part of the price that a provider with this success expects: what is paid anyway, and what its results
/// earn.
pub fn expected_pay(rules: &Rules, success: f64) -> f64 {
    let results = rules.results_share.value();
    1.0 - results + results * (success / rules.target_success).min(rules.results_cap)
}

/// Staff that a charity could still put on contracts \[FTE\].
pub fn free_staff(behaviour: &Behaviour, finances: &Finances) -> f64 {
    finances.capacity.value() * (1.0 + behaviour.stretch) - finances.committed.value()
}

/// Tenders that a charity can answer in a round.
pub fn attention(behaviour: &Behaviour, finances: &Finances) -> f64 {
    let tenders = behaviour.attention_base + behaviour.attention_per_fte * finances.capacity.value();
    tenders.min(behaviour.attention_max)
}

/// Income is at least the turnover multiple, as eased, of the contract's yearly value.
pub fn has_turnover(rules: &Rules, finances: &Finances, tender: &Tender, rounds_per_year: f64) -> bool {
    let yearly = tender.ceiling * rounds_per_year.min(f64::from(tender.term));
    let multiple = tender.turnover_multiple(rules);
    multiple == 0.0 || finances.income >= yearly * multiple
}

/// Reserves and credit cover the cost of work that is not yet paid.
pub fn has_working_capital(
    rules: &Rules,
    behaviour: &Behaviour,
    finances: &Finances,
    cost_per_round: Gbp,
    setting: &Setting,
) -> bool {
    let results = rules.results_share.value();
    let unpaid = cost_per_round * (setting.late_share(rules) * (1.0 - results) + results);
    let means = finances.reserves * behaviour.risk_appetite + credit(behaviour, finances);
    unpaid == Gbp::ZERO || means >= unpaid
}

/// Credit that a charity can draw: a share of income, or a floor.
pub fn credit(behaviour: &Behaviour, finances: &Finances) -> Gbp {
    (finances.income * behaviour.credit_share).max(behaviour.credit_floor_gbp)
}

/// Chance of being ready in time: 1 - exp(-notice / preparation); more staff prepare faster.
pub fn readiness(behaviour: &Behaviour, notice_weeks: f64, finances: &Finances) -> f64 {
    if behaviour.preparation_weeks == 0.0 {
        return 1.0;
    }
    let preparation =
        behaviour.preparation_weeks / (1.0 + behaviour.preparation_per_fte * finances.capacity.value());
    1.0 - exp(-notice_weeks / preparation)
}

/// Cost that a bid counts: hours x direct cost x (1 + counted share of overhead) \[GBP a round\].
pub fn counted_cost(behaviour: &Behaviour, hours: f64, hour_cost: Gbp, overhead: f32) -> Gbp {
    hour_cost * (hours * (1.0 + behaviour.full_cost_pricing.value() * f64::from(overhead)))
}

/// Ability in the skills that a service needs, weighted.
pub fn mean_ability(profile: &Profile, weights: &[f64; SKILLS]) -> f64 {
    profile.ability.iter().zip(weights).map(|(&ability, weight)| f64::from(ability) * weight).sum()
}

/// Cost of one bid: base + scale x (value / anchor)^elasticity (weak trade-press figures).
pub fn cost_of_bid(behaviour: &Behaviour, value: Gbp) -> Gbp {
    if behaviour.bid_cost_scale_gbp == Gbp::ZERO {
        return behaviour.bid_cost_base_gbp;
    }
    let size = pow(value / behaviour.bid_cost_anchor_gbp, behaviour.bid_cost_elasticity);
    behaviour.bid_cost_base_gbp + behaviour.bid_cost_scale_gbp * size
}

/// P(win) = exp(S/s) / (exp(S/s) + n exp(S'/s)): own score S against n rivals of mean score S'.
pub fn chance_of_winning(behaviour: &Behaviour, score: f64, market: &PublicRecord) -> f64 {
    let rivals = if behaviour.rivals_known >= 0.0 { behaviour.rivals_known } else { market.rivals };
    1.0 / (1.0 + rivals * exp((market.rival_score - score) / behaviour.belief_spread))
}

/// Draws costs afresh, where a scenario asks for it.
pub fn redraw_costs(setting: &Setting, state: &mut State) {
    let law = &setting.scenario.population;
    if !setting.scenario.regime.behaviour.cost_redraw || !law.cost_values_gbp.is_empty() {
        return;
    }
    let slots = state.charities.profile.as_slice();
    state.charities.finances.as_mut_slice().par_chunks_mut(CHUNK).zip(slots.par_chunks(CHUNK)).for_each(
        |(finances, profiles)| {
            let mut draws = setting.luck.stream::<1>(Purpose::Costs, setting.round);
            for (finances, profile) in finances.iter_mut().zip(profiles) {
                let [u] = draws.uniforms(profile.slot);
                finances.unit_cost = unit_cost(law, finances.income, u);
            }
        },
    );
}
