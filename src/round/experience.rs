//! What working together teaches: trust and distrust, skills, ways of working.

use super::Setting;
use super::deliver::Delivery;
use super::state::State;
use super::team::{Mode, Team};
use crate::ids::{CharityId, Id, LotId, MarketId};
use crate::measure::bands::Band;
use crate::random::{Purpose, pair_uniform};
use crate::scenario::parameters::Behaviour;
use crate::world::SKILLS;

/// Members of every team learn from the round.
pub fn of_teams(setting: &Setting, state: &mut State, delivery: &Delivery) {
    for row in 0..state.lots.len() {
        let lot = LotId::from_row(row);
        let Some(team) = state.lots[lot].contract.as_ref().and_then(|contract| contract.team.clone()) else {
            continue;
        };
        trust(setting, state, delivery, lot, &team);
        if team.mode == Mode::Collaboration {
            share_knowledge(setting, state, &team);
        }
        grow_alike(setting, state, &team);
    }
}

/// Scoreboards: the mean success of those a charity served, fading, in teams by who works.
pub fn keep_scores(setting: &Setting, state: &mut State, delivery: &Delivery) {
    let weight = setting.scenario.market.statistics_weight;
    for row in 0..state.lots.len() {
        let lot = LotId::from_row(row);
        let Some(contract) = &state.lots[lot].contract else { continue };
        let people = delivery.by_lot[lot].people();
        if people <= 0.0 {
            continue;
        }
        let success = delivery.by_lot[lot].outcomes / people;
        for (charity, _) in contract.workers() {
            let seen = &mut state.charities.leader[charity].scoreboard.success;
            *seen += (weight * (success - f64::from(*seen))) as f32;
        }
    }
}

/// Each member judges those it works with: all in a collaboration, lead and partner in a co-operation. Experience
/// is partly what it got of what it was promised, partly how what was delivered compares with what the market's
/// providers achieve (`trust_delivery`); a lead gets the work that it allocated. Partners of the judge who know the
/// judged one, too, hear of it.
fn trust(setting: &Setting, state: &mut State, delivery: &Delivery, lot: LotId, team: &Team) {
    let market = state.lot(lot).market;
    let seen = delivered(state, delivery, lot, market);
    for judge in 0..team.members.len() {
        for judged in 0..team.members.len() {
            let linked = team.mode == Mode::Collaboration || judge == 0 || judged == 0;
            if judge == judged || !linked {
                continue;
            }
            let paid = if judged == 0 && team.mode == Mode::CoOperation {
                team.members[judge].allocated / team.members[judge].promised.max(1e-12)
            } else {
                1.0
            };
            let [judge, judged] = [judge, judged].map(|place| team.members[place].charity);
            let home = state.charities.profile[judge].home();
            let results = setting.regime(home).behaviour.trust_delivery.value();
            let x = (1.0 - results) * paid.min(1.0) + results * seen;
            remember(setting, state, judge, judged, x);
        }
    }
}

/// Success of those served over the market's usual success, at most 1.
fn delivered(state: &State, delivery: &Delivery, lot: LotId, market: MarketId) -> f64 {
    let people = delivery.by_lot[lot].people();
    if people <= 0.0 {
        return 1.0;
    }
    (delivery.by_lot[lot].outcomes / people / state.markets[market].success.max(1e-9)).min(1.0)
}

fn remember(setting: &Setting, state: &mut State, judge: CharityId, judged: CharityId, x: f64) {
    let behaviour = &setting.regime(state.charities.profile[judge].home()).behaviour;
    let size = size_of(setting, state, judged, behaviour);
    state.charities.memory[judge].experience(behaviour, judged, size, x, setting.round);
    if behaviour.gossip.value() > 0.0 {
        let friends: Vec<CharityId> =
            state.charities.memory[judge].relations.iter().map(|relation| relation.other).collect();
        for friend in friends.into_iter().filter(|&friend| friend != judged) {
            state.charities.memory[friend].hear(behaviour, judged, x);
        }
    }
}

/// The size by which a charity is judged: its band, or one dealt out by chance for the year.
pub fn size_of(setting: &Setting, state: &State, charity: CharityId, behaviour: &Behaviour) -> Band {
    if behaviour.shuffle_labels {
        let year = setting.world.calendar.year(setting.round);
        let [own] =
            setting.luck.stream::<1>(Purpose::Labels, year).raw(state.charities.profile[charity].slot);
        let u = pair_uniform(own, 0, Purpose::Labels as u64);
        return Band::ALL[(u * Band::ALL.len() as f64) as usize];
    }
    Band::of(state.charities.finances[charity].income)
}

/// q' = q + s (best of the team - q), for the rounds to come.
fn share_knowledge(setting: &Setting, state: &mut State, team: &Team) {
    let best: [f32; SKILLS] = std::array::from_fn(|skill| {
        let abilities =
            team.members.iter().map(|member| state.charities.profile[member.charity].ability[skill]);
        abilities.fold(0.0, f32::max)
    });
    for member in &team.members {
        let profile = &mut state.charities.profile[member.charity];
        let spill_over = setting.regime(profile.home()).behaviour.spill_over as f32;
        for (ability, best) in profile.ability.iter_mut().zip(best) {
            *ability += spill_over * (best - *ability);
        }
    }
}

/// z' = z + drift (mean of the team - z).
fn grow_alike(setting: &Setting, state: &mut State, team: &Team) {
    let n = team.members.len() as f32;
    let identity = |axis: usize| {
        team.members.iter().map(|member| state.charities.leader[member.charity].identity[axis]).sum::<f32>()
            / n
    };
    let mean = [identity(0), identity(1)];
    for member in &team.members {
        let home = state.charities.profile[member.charity].home();
        let drift = setting.regime(home).behaviour.identity_drift as f32;
        for (own, mean) in state.charities.leader[member.charity].identity.iter_mut().zip(mean) {
            *own += drift * (mean - *own);
        }
    }
}
