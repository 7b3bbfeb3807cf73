//! Stances: whether leaders seek partners at all, where they play a game of payoffs (`behaviour.payoff_matrix`).
//!
//! With payoffs a (both seek), b (own seeking is not met), c (alone while others seek) and d (all alone), a leader who
//! believes that a share x of the others seek partners does so iff x a + (1 - x) b - f > x c + (1 - x) d, f being what it
//! fears to lose. It is best to do as the others do where (d - b + f)/((a - c) + (d - b)) lies between 0 and 1: a stag
//! hunt. Or leaders copy those of their area whose stance earns more (`behaviour.stance_rule`).

use super::Setting;
use super::adapt::{DRAWS, chance_of_copying, providers_by_place};
use super::state::{Charities, State};
use crate::ids::CharityId;
use crate::math::exp;
use crate::mutants::{Mutant, is_on};
use crate::random::{Purpose, Stream};
use crate::scenario::parameters::{Behaviour, StanceRule, StanceUpdate};

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

/// What one who seeks partners earns on average with each of the others, less what one who does not earns, where
/// `seeking` of `players` seek.
pub fn gap(payoffs: [f64; 4], seeking: f64, players: f64) -> f64 {
    let [both, unmet, alone, all_alone] = payoffs;
    let (rest, others) = (players - seeking, players - 1.0);
    ((seeking - 1.0) * both + rest * unmet) / others - (seeking * alone + (rest - 1.0) * all_alone) / others
}

/// Stances at the start: exactly the share of providers stated, in the order of their reserve; where leaders copy those
/// of their area, of the providers of each area.
pub fn at_start(charities: &mut Charities, behaviour: &Behaviour) {
    if payoffs(behaviour).is_none() {
        return;
    }
    let by_area = behaviour.stance_rule != StanceRule::BestReply;
    let group = |id: CharityId| if by_area { charities.profile[id].place() } else { 0 };
    let mut queue: Vec<(usize, CharityId)> = (charities.profile.enumerate())
        .filter(|(_, profile)| profile.offers != 0)
        .map(|(id, _)| (group(id), id))
        .collect();
    let reserve = |id: CharityId| charities.leader[id].reserve;
    queue.sort_by(|&(a_group, a), &(b_group, b)| {
        a_group.cmp(&b_group).then(reserve(a).total_cmp(&reserve(b))).then(a.cmp(&b))
    });
    for queue in queue.chunk_by(|a, b| a.0 == b.0) {
        let seeking = libm::round(behaviour.seekers_at_start.value() * queue.len() as f64) as usize;
        for &(_, id) in &queue[seeking..] {
            charities.leader[id].seeks_partners = false;
        }
    }
}

/// Once a year leaders who compare themselves with others may take another stance.
pub fn reconsider(setting: &Setting, state: &mut State) {
    let plays = |behaviour: &Behaviour| payoffs(behaviour).is_some();
    if setting.in_force.any(|regime| plays(&regime.behaviour) && replies(&regime.behaviour)) {
        reply(setting, state);
    }
    if setting.in_force.any(|regime| plays(&regime.behaviour) && !replies(&regime.behaviour)) {
        copy(setting, state);
    }
}

fn replies(behaviour: &Behaviour) -> bool {
    behaviour.stance_rule == StanceRule::BestReply
}

/// Leaders reply best to the share of all other providers that seek partners, as it was before anybody changed.
fn reply(setting: &Setting, state: &mut State) {
    let mut luck = setting.luck.stream::<DRAWS>(Purpose::LeaderYear, setting.round);
    let plays = |state: &State, id: CharityId| {
        state.charities.profile[id].offers != 0 && state.charities.finances[id].is_open()
    };
    let players: Vec<CharityId> = state.charities.profile.ids().filter(|&id| plays(state, id)).collect();
    let seeking = players.iter().filter(|&&id| state.charities.leader[id].seeks_partners).count() as f64;
    for &id in &players {
        let profile = &state.charities.profile[id];
        let behaviour = &setting.regime(profile.home()).behaviour;
        let Some(payoffs) = payoffs(behaviour).filter(|_| players.len() > 1) else { continue };
        if !replies(behaviour) || luck.uniforms(profile.slot)[0] >= behaviour.imitation_rate.value() {
            continue;
        }
        let leader = &mut state.charities.leader[id];
        let others = seeking - f64::from(u8::from(leader.seeks_partners));
        let fear: f64 = leader.fears(behaviour).iter().sum();
        leader.seeks_partners = seeks(payoffs, others / (players.len() as f64 - 1.0), fear);
    }
}

/// Leaders copy the stances of others of their home's place by what these earn there.
fn copy(setting: &Setting, state: &mut State) {
    let mut year = setting.luck.stream::<DRAWS>(Purpose::LeaderYear, setting.round);
    let mut turns = setting.luck.stream::<TURN_DRAWS>(Purpose::Stances, setting.round);
    for players in providers_by_place(setting, state).into_iter().filter(|players| players.len() > 1) {
        let behaviour = &setting.regime(state.charities.profile[players[0]].home()).behaviour;
        let Some(payoffs) = payoffs(behaviour).filter(|_| !replies(behaviour)) else {
            continue;
        };
        let stances = players.iter().map(|&id| state.charities.leader[id].seeks_partners).collect();
        let slots: Vec<u64> = players.iter().map(|&id| state.charities.profile[id].slot).collect();
        let circle = Circle { behaviour, payoffs, stances };
        let after = circle.after_a_year(&slots, &mut year, &mut turns);
        for (id, seeks) in players.into_iter().zip(after) {
            state.charities.leader[id].seeks_partners = seeks;
        }
    }
}

/// Draws of a turn: who copies, whom, and whether.
const TURN_DRAWS: usize = 3;

/// Leaders of an area who copy each other.
struct Circle<'a> {
    behaviour: &'a Behaviour,
    payoffs: [f64; 4],
    stances: Vec<bool>,
}

impl Circle<'_> {
    /// Stances after as many turns as there are leaders, by their addresses.
    fn after_a_year(
        mut self,
        slots: &[u64],
        year: &mut Stream<DRAWS>,
        turns: &mut Stream<TURN_DRAWS>,
    ) -> Vec<bool> {
        let mut after = self.stances.clone();
        let mut seeking = self.stances.iter().filter(|seeks| **seeks).count();
        for (turn, &slot) in slots.iter().enumerate() {
            if year.uniforms(slot)[0] >= self.behaviour.imitation_rate.value() {
                continue;
            }
            let [who, whom, whether] = turns.uniforms(slot);
            match self.behaviour.stance_update {
                StanceUpdate::Yearly => after[turn] = self.stance_after(turn, seeking, whom, whether),
                StanceUpdate::OneByOne => {
                    let learner = place(who, slots.len());
                    let before = self.stances[learner];
                    let now = self.stance_after(learner, seeking, whom, whether);
                    self.stances[learner] = now;
                    seeking = seeking + usize::from(now) - usize::from(before);
                }
            }
        }
        if self.behaviour.stance_update == StanceUpdate::OneByOne { self.stances } else { after }
    }

    /// The stance of a leader once it has looked at another.
    fn stance_after(&self, learner: usize, seeking: usize, whom: f64, whether: f64) -> bool {
        let (own, n) = (self.stances[learner], self.stances.len());
        if seeking == 0 || seeking == n {
            return own;
        }
        let gain = self.behaviour.imitation_strength * gap(self.payoffs, seeking as f64, n as f64);
        if self.behaviour.stance_rule == StanceRule::Moran {
            return whom < seeking as f64 / (seeking as f64 + (n - seeking) as f64 * exp(-gain));
        }
        let other = place(whom, n - 1);
        let model = self.stances[other + usize::from(other >= learner)];
        let better = if model { gain } else { -gain };
        if model != own && whether < chance_of_copying(1.0, better) { model } else { own }
    }
}

/// The place that a uniform number falls on.
fn place(u: f64, places: usize) -> usize {
    (u * places as f64) as usize
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
