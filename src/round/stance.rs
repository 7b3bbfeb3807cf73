//! Stances: whether leaders seek partners at all, where they play a game of payoffs (`behaviour.payoff_matrix`).
//!
//! With payoffs a (both seek), b (own seeking is not met), c (alone while others seek) and d (all alone), a leader who
//! believes that a share x of the others seek partners does so iff x a + (1 - x) b - f > x c + (1 - x) d, f being what it
//! fears to lose. It is best to do as the others do where (d - b + f)/((a - c) + (d - b)) lies between 0 and 1: a stag
//! hunt.

use super::Setting;
use super::state::{Charities, State};
use crate::ids::CharityId;
use crate::mutants::{Mutant, is_on};
use crate::random::Purpose;
use crate::scenario::parameters::Behaviour;

/// The best reply of a leader to what it believes of others, at its fear; payoffs and fear are parts of the value of a
/// contract.
pub fn seeks(payoffs: [f64; 4], believed: f64, fear: f64) -> bool {
    let [both, unmet, alone, all_alone] = payoffs;
    let fear = if is_on(Mutant::FearlessReply) { 0.0 } else { fear };
    believed * both + (1.0 - believed) * unmet - fear > believed * alone + (1.0 - believed) * all_alone
}

/// The payoffs that leaders play for, if any.
pub fn payoffs(behaviour: &Behaviour) -> Option<[f64; 4]> {
    behaviour.payoff_matrix.as_slice().try_into().ok()
}

/// Stances at the start: exactly the share of providers stated, in the order of their reserve.
pub fn at_start(charities: &mut Charities, behaviour: &Behaviour) {
    if payoffs(behaviour).is_none() {
        return;
    }
    let mut queue: Vec<CharityId> =
        charities.profile.enumerate().filter(|(_, profile)| profile.offers != 0).map(|(id, _)| id).collect();
    let reserve = |id: CharityId| charities.leader[id].reserve;
    queue.sort_by(|&a, &b| reserve(a).total_cmp(&reserve(b)).then(a.cmp(&b)));
    let seeking = libm::round(behaviour.seekers_at_start.value() * queue.len() as f64) as usize;
    for id in queue.into_iter().skip(seeking) {
        charities.leader[id].seeks_partners = false;
    }
}

/// Once a year leaders who compare themselves with others reply best to the share of all other providers that seek
/// partners, as it was before anybody changed.
pub fn reconsider(setting: &Setting, state: &mut State) {
    if !setting.in_force.any(|regime| payoffs(&regime.behaviour).is_some()) {
        return;
    }
    let mut luck = setting.luck.stream::<{ super::adapt::DRAWS }>(Purpose::LeaderYear, setting.round);
    let plays = |state: &State, id: CharityId| {
        state.charities.profile[id].offers != 0 && state.charities.finances[id].is_open()
    };
    let players: Vec<CharityId> = state.charities.profile.ids().filter(|&id| plays(state, id)).collect();
    let seeking = players.iter().filter(|&&id| state.charities.leader[id].seeks_partners).count() as f64;
    for &id in &players {
        let profile = &state.charities.profile[id];
        let behaviour = &setting.regime(profile.home()).behaviour;
        let Some(payoffs) = payoffs(behaviour).filter(|_| players.len() > 1) else { continue };
        if luck.uniforms(profile.slot)[0] >= behaviour.imitation_rate.value() {
            continue;
        }
        let leader = &mut state.charities.leader[id];
        let others = seeking - f64::from(u8::from(leader.seeks_partners));
        let fear: f64 = leader.fears(behaviour).iter().sum();
        leader.seeks_partners = seeks(payoffs, others / (players.len() as f64 - 1.0), fear);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// V27: (4, 1, 3, 2) has its threshold at .5; a fear of .2 moves it to .6; a dilemma has none.
    #[test]
    fn leaders_seek_partners_above_a_threshold_of_belief() {
        let hunt = [4.0, 1.0, 3.0, 2.0];
        assert!(seeks(hunt, 0.51, 0.0) && !seeks(hunt, 0.5, 0.0) && !seeks(hunt, 0.49, 0.0));
        assert!(seeks(hunt, 0.61, 0.2) && !seeks(hunt, 0.59, 0.2));
        assert!((0..=10).all(|step| !seeks([3.0, 0.0, 5.0, 1.0], f64::from(step) / 10.0, 0.0)));
    }
}
