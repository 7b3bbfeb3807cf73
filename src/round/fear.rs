//! Fear that learns: what became of a partnership, against what was reckoned with, raises or calms the fears that it
//! touched.
//!
//! f' = f + eta x exposure (negativity (l)+ - (-l)+) - (f - f0)/tau, never below 0, with l = (expected - received)/V. An
//! experience is about a fear as far as the partnership exposes a member to it, with the exposures of fear itself
//! (`round/utility.rs`): identity by distance x (1 - D), legitimacy by credit lost, control by 1 - D.

use super::Setting;
use super::deliver::Delivery;
use super::experience::size_of;
use super::state::State;
use super::team::{Member, Mode, Team};
use crate::ids::{CharityId, Id, LotId};
use crate::mutants::{Mutant, is_on};
use crate::scenario::parameters::{Behaviour, Rules};

/// Fears, in this order: of losing identity, legitimacy and control.
pub const FEARS: usize = 3;

/// Fears before any experience.
pub fn usual(behaviour: &Behaviour) -> [f64; FEARS] {
    [behaviour.fear_identity, behaviour.fear_legitimacy, behaviour.fear_control]
}

/// l = (expected - received)/V of a member: the pay that it reckoned with, given its trust in a lead who may cut, less
/// what it was allocated; and its part of the work times how far success fell short of what the market's providers
/// achieve.
pub fn loss(behaviour: &Behaviour, member: &Member, trust_in_lead: Option<f64>, shortfall: f64) -> f64 {
    let cut = if behaviour.belief_in_payoff { behaviour.cut_max.value() } else { 0.0 };
    let expected = |trust: f64| member.promised * (1.0 - (1.0 - trust) * cut);
    let pay = trust_in_lead.map_or(0.0, |trust| expected(trust) - member.allocated);
    pay + member.work * shortfall
}

/// What an experience adds to a fear that was exposed to it.
pub fn change(behaviour: &Behaviour, exposure: f64, loss: f64) -> f64 {
    let weight = if loss > 0.0 && !is_on(Mutant::LossesCountOnce) { behaviour.negativity } else { 1.0 };
    behaviour.fear_learning * exposure * weight * loss
}

/// Members of every team learn what to fear; what was learned fades.
pub fn learn(setting: &Setting, state: &mut State, delivery: &Delivery) {
    if !setting.in_force.any(|regime| regime.behaviour.fear_learning > 0.0) {
        return;
    }
    fade(setting, state);
    for row in 0..state.lots.len() {
        let lot = LotId::from_row(row);
        let Some(team) = state.lots[lot].contract.as_ref().and_then(|contract| contract.team.clone()) else {
            continue;
        };
        let market = state.lot(lot).market;
        let people = delivery.by_lot[lot].people();
        let success = delivery.by_lot[lot].outcomes / people;
        let shortfall = if people > 0.0 { state.markets[market].success - success } else { 0.0 };
        let rules = &setting.regime(setting.world.markets[market].area).rules;
        for place in 0..team.members.len() {
            from_work(setting, state, rules, &team, place, shortfall);
        }
    }
}

/// g' = g - g/tau, g being what experience has added to a fear.
fn fade(setting: &Setting, state: &mut State) {
    let profiles = state.charities.profile.iter();
    for (leader, profile) in state.charities.leader.as_mut_slice().iter_mut().zip(profiles) {
        let rounds = setting.regime(profile.home()).behaviour.fear_memory_rounds;
        for learned in &mut leader.learned_fear {
            *learned -= (f64::from(*learned) / rounds) as f32;
        }
    }
}

fn from_work(setting: &Setting, state: &mut State, rules: &Rules, team: &Team, place: usize, shortfall: f64) {
    let charity = team.members[place].charity;
    let behaviour = &setting.regime(state.charities.profile[charity].home()).behaviour;
    if behaviour.fear_learning == 0.0 {
        return;
    }
    let may_be_cut = team.mode == Mode::CoOperation && place > 0;
    let trust = may_be_cut.then(|| trust(setting, state, behaviour, charity, team.lead().charity));
    let loss = loss(behaviour, &team.members[place], trust, shortfall);
    let exposures = exposures(state, behaviour, rules, team, place);
    let learned = &mut state.charities.leader[charity].learned_fear;
    for fear in 0..FEARS {
        let next = f64::from(learned[fear]) + change(behaviour, exposures[fear], loss);
        learned[fear] = next.max(-usual(behaviour)[fear]) as f32;
    }
}

fn trust(
    setting: &Setting,
    state: &State,
    behaviour: &Behaviour,
    judge: CharityId,
    judged: CharityId,
) -> f64 {
    let size = |charity| size_of(setting, state, charity, behaviour);
    state.charities.memory[judge].trust(behaviour, size(judge), judged, size(judged))
}

/// How far a team exposes a member to each fear.
fn exposures(state: &State, behaviour: &Behaviour, rules: &Rules, team: &Team, place: usize) -> [f64; FEARS] {
    let given_up = 1.0 - team.decision_share(behaviour.partner_say.value(), place);
    let lost_credit = (1.0 - team.credit(place, rules.credit_lead.value())).max(0.0);
    let own = &state.charities.leader[team.members[place].charity];
    let (mut distance, mut weight) = (0.0, 0.0);
    for (_, other) in team.members.iter().enumerate().filter(|(other, _)| *other != place) {
        distance += other.work * own.distance(&state.charities.leader[other.charity], behaviour);
        weight += other.work;
    }
    let distance = if weight > 0.0 { distance / weight } else { 0.0 };
    [distance * given_up, lost_credit, given_up]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Share;

    /// A partner was promised .4 and trusts at .6 a lead that may cut half: it reckons with .4 (1 - .4 x .5) = .32. Cut
    /// to .2, and with success .1 below the market's, it loses .12 + .4 x .1 = .16. At eta .1 and negativity 2, an
    /// exposure of .92 adds .1 x .92 x 2 x .16 = .02944. Honoured, with usual success, it gains .08 and fear falls by
    /// .1 x .92 x .08 = .00736.
    #[test]
    fn fear_grows_with_what_was_lost_and_falls_with_what_was_honoured() {
        let behaviour = Behaviour {
            fear_learning: 0.1,
            negativity: 2.0,
            cut_max: Share::new(0.5),
            belief_in_payoff: true,
            ..Behaviour::default()
        };
        let member =
            |allocated| Member { charity: CharityId::from_row(1), work: 0.4, promised: 0.4, allocated };
        let lost = loss(&behaviour, &member(0.2), Some(0.6), 0.1);
        let honoured = loss(&behaviour, &member(0.4), Some(0.6), 0.0);
        assert!((lost - 0.16).abs() < 1e-12 && (honoured + 0.08).abs() < 1e-12, "{lost} {honoured}");
        assert!((change(&behaviour, 0.92, lost) - 0.029_44).abs() < 1e-12);
        assert!((change(&behaviour, 0.92, honoured) + 0.007_36).abs() < 1e-12);
        let blind = Behaviour { belief_in_payoff: false, ..behaviour };
        assert!((loss(&blind, &member(0.2), Some(0.6), 0.0) - 0.2).abs() < 1e-12);
        assert_eq!(loss(&blind, &member(0.2), None, 0.0), 0.0, "no lead, no cut");
    }
}
