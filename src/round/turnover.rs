//! Phase 11: closures, hand-backs, foundings.

use super::Setting;
use super::deliver::Delivery;
use super::learn::end_contract;
use super::state::{State, Status};
use crate::ids::{AreaId, CharityId, Id};
use crate::math::poisson_quantile;
use crate::random::{Purpose, newcomer_slot};
use crate::scenario::parameters::FoundingLaw;
use crate::world::population::{FOUNDING_DRAWS, Founder, SKILL_DRAWS};

/// Who came and who went.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Turnover {
    /// Charities that closed, in order of id.
    pub closed: Vec<CharityId>,
    /// How many of them ran out of money.
    pub insolvent: u32,
    /// Charities founded.
    pub founded: u32,
    /// Contracts handed back.
    pub handed_back: u32,
}

/// Closes charities, hands back their contracts, founds new ones.
pub fn turn_over(setting: &Setting, state: &mut State, delivery: &Delivery) -> Turnover {
    let mut turnover = close(setting, state);
    hand_back(setting, state, delivery, &mut turnover);
    found(setting, state, &mut turnover);
    turnover
}

/// A charity closes after `closure_rounds` round ends below its credit limit, or by dissolution.
fn close(setting: &Setting, state: &mut State) -> Turnover {
    let mut turnover = Turnover::default();
    let mut draws = setting.luck.stream::<2>(Purpose::Fortune, setting.round);
    for row in 0..state.charities.len() {
        let id = CharityId::from_row(row);
        if !state.charities.finances[id].is_open() {
            continue;
        }
        let profile = &state.charities.profile[id];
        let behaviour = &setting.regime(profile.home()).behaviour;
        let yearly = behaviour.dissolution_rate.value();
        let dissolves =
            yearly > 0.0 && draws.uniforms(profile.slot)[1] < yearly / setting.world.rounds_per_year;
        let finances = &mut state.charities.finances[id];
        let insolvent =
            behaviour.closure_rounds > 0 && u32::from(finances.rounds_in_debt) >= behaviour.closure_rounds;
        if !(insolvent || dissolves) {
            continue;
        }
        finances.status = if insolvent { Status::Insolvent } else { Status::Dissolved };
        turnover.insolvent += u32::from(insolvent);
        state.charities.record[id].closed = Some(setting.round);
        if profile.founded == 0 && profile.slot < (1 << 40) {
            state.cohort[profile.founding_band as usize].0 -= 1;
        }
        turnover.closed.push(id);
    }
    turnover
}

/// Contracts of closed charities end; a part of the people in service comes back into need.
fn hand_back(setting: &Setting, state: &mut State, delivery: &Delivery, turnover: &mut Turnover) {
    let loss = setting.scenario.market.disruption_loss.value();
    for row in 0..state.lots.len() {
        let lot = crate::ids::LotId::from_row(row);
        let holder = state.lots[lot].contract.as_ref().map(|contract| contract.holder);
        let Some(holder) = holder.filter(|&holder| !state.charities.finances[holder].is_open()) else {
            continue;
        };
        debug_assert!(state.charities.record[holder].closed.is_some());
        end_contract(setting, state, lot);
        turnover.handed_back += 1;
        let served = delivery.by_lot[lot].served;
        let market = &mut state.markets[state.portfolio.lots[lot].market];
        for (returned, served) in market.returned.iter_mut().zip(served) {
            *returned += served * loss;
        }
    }
}

fn found(setting: &Setting, state: &mut State, turnover: &mut Turnover) {
    match setting.scenario.regime.behaviour.founding_law {
        FoundingLaw::Poisson => found_by_chance(setting, state, turnover),
        FoundingLaw::Replace => replace_closed(setting, state, turnover),
    }
}

/// Foundings in an area: Poisson(rate x open charities in the area / rounds a year).
fn found_by_chance(setting: &Setting, state: &mut State, turnover: &mut Turnover) {
    let mut open = vec![0_u32; setting.world.areas.len()];
    for (profile, finances) in state.charities.profile.iter().zip(state.charities.finances.iter()) {
        open[profile.home().row()] += u32::from(finances.is_open());
    }
    let founder = Founder::new(setting.world, setting.scenario);
    let mut chance = setting.luck.stream::<1>(Purpose::Foundings, setting.round);
    let mut births = Births::new(setting);
    for (row, open) in open.into_iter().enumerate() {
        let area = AreaId::from_row(row);
        let rate = setting.regime(area).behaviour.founding_rate / setting.world.rounds_per_year;
        let [u] = chance.uniforms(row as u64);
        for _ in 0..poisson_quantile(u, rate * f64::from(open)) as u32 {
            let (slot, facts, skills) = births.next(state, area);
            state.charities.push(&founder.newcomer(area, facts, skills), slot, setting.round);
            turnover.founded += 1;
        }
    }
}

/// One new charity for each that closed: same area, services and reach.
fn replace_closed(setting: &Setting, state: &mut State, turnover: &mut Turnover) {
    let founder = Founder::new(setting.world, setting.scenario);
    let mut births = Births::new(setting);
    for closed in turnover.closed.clone() {
        let profile = &state.charities.profile[closed];
        let (area, offers, reach) = (profile.home(), profile.offers, profile.reach);
        let (slot, facts, skills) = births.next(state, area);
        let newborn = founder.replacement(area, offers, reach, facts, skills);
        state.charities.push(&newborn, slot, setting.round);
        turnover.founded += 1;
    }
}

/// The random numbers of newcomers: (area, arrival number) is the address.
struct Births {
    facts: crate::random::Stream<FOUNDING_DRAWS>,
    skills: crate::random::Stream<SKILL_DRAWS>,
}

impl Births {
    fn new(setting: &Setting) -> Self {
        Self {
            facts: setting.luck.stream(Purpose::Founding, 1),
            skills: setting.luck.stream(Purpose::Skills, 1),
        }
    }

    fn next(&mut self, state: &mut State, area: AreaId) -> (u64, [f64; FOUNDING_DRAWS], [f64; SKILL_DRAWS]) {
        let arrival = &mut state.arrived[area];
        let slot = newcomer_slot(area.row() as u32, *arrival);
        *arrival += 1;
        (slot, self.facts.uniforms(slot), self.skills.uniforms(slot))
    }
}
