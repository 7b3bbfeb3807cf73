//! Phase 10, once a year: leaders compare themselves with others, drift, and are replaced; commissioners that learn choose
//! from their menu ([`super::menu`]).
//!
//! A leader judges itself and another by its own scoreboard: growth as far as it cares for market share, success as
//! far as it cares for people, reserves as far as it cares for security. It copies the motives of one who does better
//! with the chance of the Fermi rule. Slipping back into competition can come from this, from drift and from selection alone.

use super::Setting;
use super::leader::{Leader, Motives};
use super::menu;
use super::stance;
use super::state::{Finances, State};
use crate::ids::{CharityId, Id};
use crate::math::{exp, ln, logistic, normal_quantile};
use crate::random::{Purpose, Stream};
use crate::scenario::parameters::{Behaviour, MotiveLaw};

/// Draws of a leader's year.
pub const DRAWS: usize = 8;

/// What a leader's scoreboard shows of a charity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// Growth of income over the year, ln, within one either way.
    pub growth: f64,
    /// Success of those it served.
    pub success: f64,
    /// Reserves over yearly income, within one either way.
    pub reserves: f64,
}

/// How well a charity does in the eyes of one with these motives.
pub fn score(motives: &Motives, record: &Record) -> f64 {
    motives.share * record.growth + motives.purpose * record.success + motives.security * record.reserves
}

/// Chance of copying one who does better by `gap`: 1/(1 + exp(-strength x gap)) (Fermi rule; Traulsen, Nowak and
/// Pacheco 2006).
pub fn chance_of_copying(strength: f64, gap: f64) -> f64 {
    logistic(strength * gap)
}

/// The year of commissioners and leaders; leaders' all at once: everybody sees what others were before it.
pub fn adapt(setting: &Setting, state: &mut State) {
    if !setting.world.calendar.ends_year(setting.round) {
        return;
    }
    menu::choose(setting, state);
    stance::reconsider(setting, state);
    let dirichlet = setting.in_force.any(|regime| regime.behaviour.motives == MotiveLaw::Dirichlet);
    if dirichlet {
        let next = next_motives(setting, state);
        for (leader, motives) in state.charities.leader.as_mut_slice().iter_mut().zip(next) {
            leader.motives = motives;
        }
    }
    if setting.in_force.any(|regime| regime.behaviour.fear_learning > 0.0) {
        calm_newcomers(setting, state);
    }
    for (leader, finances) in
        state.charities.leader.as_mut_slice().iter_mut().zip(state.charities.finances.iter())
    {
        leader.scoreboard.income_then = finances.income.value() as f32;
    }
}

fn next_motives(setting: &Setting, state: &State) -> Vec<[f32; 4]> {
    let peers = providers_by_place(setting, state);
    let mut luck = setting.luck.stream::<DRAWS>(Purpose::LeaderYear, setting.round);
    let mut founding = Leader::stream(setting.luck);
    let charities = &state.charities;
    (0..charities.len())
        .map(|row| {
            let id = CharityId::from_row(row);
            let profile = &charities.profile[id];
            let leader = &charities.leader[id];
            if profile.offers == 0 || !charities.finances[id].is_open() {
                return leader.motives;
            }
            let behaviour = &setting.regime(profile.home()).behaviour;
            let u = luck.uniforms(profile.slot);
            let founded = Leader::motives(&founding.uniforms(profile.slot));
            let whom = &peers[profile.place()];
            let peer = whom[(u[1] * whom.len() as f64) as usize];
            let copied = copied(behaviour, leader, state, id, peer, &u);
            drifted(behaviour, copied, founded, &u, &mut founding, profile.slot, setting.round)
        })
        .collect()
}

/// Who follows a leader has not lived through what that one learned to fear.
fn calm_newcomers(setting: &Setting, state: &mut State) {
    let mut luck = setting.luck.stream::<DRAWS>(Purpose::LeaderYear, setting.round);
    let charities = &mut state.charities;
    let facts = charities.profile.iter().zip(charities.finances.iter());
    for (leader, (profile, finances)) in charities.leader.as_mut_slice().iter_mut().zip(facts) {
        let works = profile.offers != 0 && finances.is_open();
        let turnover = setting.regime(profile.home()).behaviour.leader_turnover.value();
        if works && is_replaced(turnover, &luck.uniforms(profile.slot)) {
            leader.learned_fear = Default::default();
        }
    }
}

/// Whether a leader goes in a year with these draws.
fn is_replaced(turnover: f64, u: &[f64; DRAWS]) -> bool {
    u[3] < turnover
}

/// Open charities that offer services, by the place of their home, in the order of their addresses.
pub fn providers_by_place(setting: &Setting, state: &State) -> Vec<Vec<CharityId>> {
    let mut providers = vec![Vec::new(); setting.world.places()];
    for (id, profile) in state.charities.profile.enumerate() {
        if profile.offers != 0 && state.charities.finances[id].is_open() {
            providers[profile.place()].push(id);
        }
    }
    for place in &mut providers {
        place.sort_by_key(|&id| state.charities.profile[id].slot);
    }
    providers
}

/// Own motives, or those of a peer that does better.
fn copied(
    behaviour: &Behaviour,
    leader: &Leader,
    state: &State,
    own: CharityId,
    peer: CharityId,
    u: &[f64; DRAWS],
) -> [f32; 4] {
    if u[0] >= behaviour.imitation_rate.value() || peer == own {
        return leader.motives;
    }
    let motives = leader.wants(behaviour);
    let seen =
        |id: CharityId| score(&motives, &record(&state.charities.leader[id], &state.charities.finances[id]));
    let copies = u[2] < chance_of_copying(behaviour.imitation_strength, seen(peer) - seen(own));
    if copies { state.charities.leader[peer].motives } else { leader.motives }
}

fn record(leader: &Leader, finances: &Finances) -> Record {
    let income = finances.income.value().max(1e-9);
    let before = f64::from(leader.scoreboard.income_then);
    Record {
        growth: if before > 0.0 { ln(income / before).clamp(-1.0, 1.0) } else { 0.0 },
        success: f64::from(leader.scoreboard.success),
        reserves: (finances.reserves.value() / income).clamp(-1.0, 1.0),
    }
}

/// Chance drift, the pull of the motives of the founding, and now and then another leader.
fn drifted(
    behaviour: &Behaviour,
    motives: [f32; 4],
    founded: [f32; 4],
    u: &[f64; DRAWS],
    leaders: &mut Stream<{ super::leader::LEADER_DRAWS }>,
    slot: u64,
    round: u32,
) -> [f32; 4] {
    if is_replaced(behaviour.leader_turnover.value(), u) {
        return Leader::motives(&leaders.uniforms(slot ^ (u64::from(round) + 1) << 44));
    }
    let anchor = behaviour.anchor.value();
    let mut next: [f64; 4] = std::array::from_fn(|motive| {
        let chance = exp(behaviour.mutation * normal_quantile(u[4 + motive]));
        let own = f64::from(motives[motive]) * chance;
        own + anchor * (f64::from(founded[motive]) - own)
    });
    let all: f64 = next.iter().sum();
    next.iter_mut().for_each(|motive| *motive /= all);
    next.map(|motive| motive as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Luck;

    /// V29: pairwise imitation by the Fermi rule with a constant gap D fixes a single copy in a population of N with
    /// (1 - e^(-b D))/(1 - e^(-b D N)); N = 10, b D = .1: .150545.
    #[test]
    fn imitation_fixes_a_better_leader_as_often_as_theory_says() {
        const N: u32 = 10;
        const RUNS: u64 = 40_000;
        let (strength, gap) = (1.0, 0.1);
        let mut draws = Luck::new(5, 0).stream::<3>(Purpose::Sample, 0);
        let mut slot = 0;
        let mut fixed = 0.0;
        for _ in 0..RUNS {
            let mut better = 1;
            while better > 0 && better < N {
                let [one, other, copies] = draws.uniforms(slot);
                slot += 1;
                let share = f64::from(better) / f64::from(N);
                let learner = one < share;
                let left = f64::from(better) - f64::from(u8::from(learner));
                let model = other < left / f64::from(N - 1);
                let gap = gap * (f64::from(u8::from(model)) - f64::from(u8::from(learner)));
                if learner != model && copies < chance_of_copying(strength, gap) {
                    better = if model { better + 1 } else { better - 1 };
                }
            }
            fixed += f64::from(u8::from(better == N)) / RUNS as f64;
        }
        let b = strength * gap;
        let theory = (1.0 - exp(-b)) / (1.0 - exp(-b * f64::from(N)));
        let error = libm::sqrt(theory * (1.0 - theory) / RUNS as f64);
        assert!((theory - 0.150_545).abs() < 1e-6);
        assert!((fixed - theory).abs() < 4.0 * error, "{fixed} {theory}");
    }

    #[test]
    fn leaders_judge_by_what_they_care_for() {
        let grown = Record { growth: 0.5, success: 0.3, reserves: 0.0 };
        let good = Record { growth: 0.0, success: 0.8, reserves: 0.0 };
        let empire = Motives { purpose: 0.0, share: 1.0, ego: 0.0, security: 0.0 };
        let mission = Motives { purpose: 1.0, share: 0.0, ..empire };
        assert!(score(&empire, &grown) > score(&empire, &good));
        assert!(score(&mission, &good) > score(&mission, &grown));
    }
}
