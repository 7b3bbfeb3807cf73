//! Phase 11: closures, what becomes of their contracts, mergers, foundings.

use super::Setting;
use super::deliver::Delivery;
use super::leader::{Leader, Leaders};
use super::learn::{end_contract, free_staff};
use super::merge::{self, Merger};
use super::search::{counted_cost, mean_ability};
use super::state::{Contract, State, Status};
use super::team::{Member, Mode};
use crate::ids::{CharityId, Id, LotId};
use crate::math::poisson_quantile;
use crate::random::{Purpose, Stream, newcomer_slot};
use crate::scenario::parameters::{Behaviour, FoundingLaw};
use crate::units::{Fte, Share};
use crate::world::population::{FOUNDING_DRAWS, Founder, Newborn, SKILL_DRAWS};

/// Who came and who went.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Turnover {
    /// Charities that closed, in order of id.
    pub closed: Vec<CharityId>,
    /// How many of them ran out of money, or fell into a crisis.
    pub insolvent: u32,
    /// How many of them were large providers in a crisis.
    pub crises: u32,
    /// Contracts that went to another provider as they stood: from whom, to whom.
    pub passed_on: Vec<(CharityId, CharityId)>,
    /// Contracts handed back.
    pub handed_back: u32,
    /// Mergers.
    pub mergers: Vec<Merger>,
    /// Charities founded.
    pub founded: u32,
    /// Reserves of all, before and after.
    pub reserves: Reserves,
}

/// What turnover does to reserves: mergers cost some, new charities bring some, closures freeze theirs.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Reserves {
    /// All reserves before anything closed \[GBP\].
    pub before: f64,
    /// Spent on mergers \[GBP\].
    pub mergers: f64,
    /// Brought by new charities \[GBP\].
    pub founded: f64,
    /// All reserves in the end \[GBP\].
    pub after: f64,
}

/// Closes charities, passes on or hands back their contracts, merges some, founds new ones.
pub fn turn_over(setting: &Setting, state: &mut State, delivery: &Delivery) -> Turnover {
    let all = |state: &State| state.charities.finances.iter().map(|f| f.reserves.value()).sum();
    let before = all(state);
    let mut turnover = close(setting, state);
    release_contracts(setting, state, delivery, &mut turnover);
    let neighbours = open_by_place(setting, state);
    turnover.mergers = merge::meet(setting, state, &neighbours);
    let population = state.charities.len();
    found(setting, state, &neighbours, &mut turnover);
    turnover.reserves = Reserves {
        before,
        mergers: turnover.mergers.iter().map(|merger| merger.cost.value()).sum(),
        founded: state.charities.finances.as_slice()[population..].iter().map(|f| f.reserves.value()).sum(),
        after: all(state),
    };
    turnover
}

/// Open charities by the place of their home, in the order of their addresses, whatever rows they stand in.
fn open_by_place(setting: &Setting, state: &State) -> Vec<Vec<CharityId>> {
    let mut open = vec![Vec::new(); setting.world.places()];
    for (id, finances) in state.charities.finances.enumerate() {
        if finances.is_open() {
            open[state.charities.profile[id].place()].push(id);
        }
    }
    for neighbours in &mut open {
        neighbours.sort_by_key(|&id| state.charities.profile[id].slot);
    }
    open
}

/// A charity closes after `closure_rounds` round ends at or below its credit limit, by dissolution, or in a crisis.
fn close(setting: &Setting, state: &mut State) -> Turnover {
    let mut turnover = Turnover::default();
    let per_year = setting.world.calendar.rounds_per_year();
    let mut draws = setting.luck.stream::<2>(Purpose::Fortune, setting.round);
    let mut fates = setting.luck.stream::<3>(Purpose::Fate, setting.round);
    for row in 0..state.charities.len() {
        let id = CharityId::from_row(row);
        if !state.charities.finances[id].is_open() {
            continue;
        }
        let slot = state.charities.profile[id].slot;
        let behaviour = &setting.regime(state.charities.profile[id].home()).behaviour;
        let happens = |u: f64, yearly: f64| yearly > 0.0 && u < yearly / per_year;
        let dissolves = happens(draws.uniforms(slot)[1], behaviour.dissolution_rate.value());
        let crisis = can_collapse(setting, behaviour, state, id)
            && happens(fates.uniforms(slot)[0], behaviour.crisis_rate.value());
        let finances = &mut state.charities.finances[id];
        let insolvent = crisis
            || behaviour.closure_rounds > 0 && u32::from(finances.rounds_in_debt) >= behaviour.closure_rounds;
        if !(insolvent || dissolves) {
            continue;
        }
        finances.status = if insolvent { Status::Insolvent } else { Status::Dissolved };
        turnover.insolvent += u32::from(insolvent);
        turnover.crises += u32::from(crisis);
        leave(setting, state, id);
        turnover.closed.push(id);
    }
    turnover
}

/// Whether it is a large provider that lives by contracts.
fn can_collapse(setting: &Setting, behaviour: &Behaviour, state: &State, id: CharityId) -> bool {
    let per_year = setting.world.calendar.rounds_per_year();
    let finances = &state.charities.finances[id];
    let receipts: f64 = finances.receipts.iter().sum();
    let yearly = receipts * per_year / f64::from(setting.world.calendar.quarter(setting.round).rounds);
    behaviour.crisis_rate.value() > 0.0
        && finances.income >= behaviour.crisis_income_gbp
        && yearly >= 0.5 * finances.income.value()
}

/// Books a charity's end.
pub fn leave(setting: &Setting, state: &mut State, id: CharityId) {
    state.charities.record[id].closed = Some(setting.round);
    let profile = &state.charities.profile[id];
    if profile.founded == 0 && profile.slot < newcomer_slot(0, 0) {
        state.cohort[profile.founding_band as usize].0 -= 1;
    }
}

/// Contracts of closed charities go to another bidder where the rules say so and one can take them;
/// otherwise they end, and a part of the people in service comes back into need.
fn release_contracts(setting: &Setting, state: &mut State, delivery: &Delivery, turnover: &mut Turnover) {
    let loss = setting.scenario.market.disruption_loss.value();
    for row in 0..state.lots.len() {
        let lot = LotId::from_row(row);
        lose_partners(setting, state, lot);
        let holder = state.lots[lot].contract.as_ref().map(|contract| contract.holder);
        let Some(holder) = holder.filter(|&holder| !state.charities.finances[holder].is_open()) else {
            continue;
        };
        if let Some(next) = next_in_team(state, lot) {
            dissolve(setting, state, lot, next);
            turnover.passed_on.push((holder, next));
            continue;
        }
        if let Some(heir) = heir(setting, state, lot) {
            pass_on(setting, state, lot, heir);
            turnover.passed_on.push((holder, heir));
            continue;
        }
        end_contract(setting, state, lot);
        turnover.handed_back += 1;
        let served = delivery.by_lot[lot].served;
        let market = &mut state.markets[state.portfolio.lots[lot].market];
        for (returned, served) in market.returned.iter_mut().zip(served) {
            *returned += served * loss;
        }
    }
}

/// The ablest of those who had bid for a contract and can take it as it stands: open, with the staff, and
/// at a price that covers the cost it counts. Ties go to the lower id.
fn heir(setting: &Setting, state: &State, lot: LotId) -> Option<CharityId> {
    let market = &setting.world.markets[state.lot(lot).market];
    if !setting.regime(market.area).rules.pass_on {
        return None;
    }
    let contract = state.lots[lot].contract.as_ref()?;
    let weights = &setting.world.services[market.service].skill_weights;
    let can_take = |id: &CharityId| {
        let (profile, finances) = (&state.charities.profile[*id], &state.charities.finances[*id]);
        let behaviour = &setting.regime(profile.home()).behaviour;
        let limit = finances.capacity.value() * (1.0 + behaviour.stretch);
        let cost = counted_cost(behaviour, contract.hours, finances.unit_cost, profile.overhead);
        finances.is_open()
            && finances.committed.value() + setting.fte(contract.hours) <= limit
            && cost <= contract.price
    };
    let ability = |id: &CharityId| mean_ability(&state.charities.profile[*id], weights);
    let works = |id: &CharityId| contract.workers().any(|(charity, _)| charity == *id);
    let able = contract.bidders.iter().filter(|id| can_take(id) && !works(id));
    able.copied().min_by(|a, b| ability(b).total_cmp(&ability(a)).then(a.cmp(b)))
}

/// Partners that have closed leave their parts to the lead.
fn lose_partners(setting: &Setting, state: &mut State, lot: LotId) {
    let Some(contract) = &mut state.lots[lot].contract else { return };
    let Some(team) = &mut contract.team else { return };
    let finances = &state.charities.finances;
    let closed: Vec<Member> =
        team.partners().iter().filter(|member| !finances[member.charity].is_open()).copied().collect();
    if closed.is_empty() {
        return;
    }
    for member in &closed {
        team.members[0].work += member.work;
        team.members[0].promised += member.promised;
        team.members[0].allocated += member.allocated;
    }
    team.members.retain(|member| !closed.iter().any(|gone| gone.charity == member.charity));
    let (lead, hours) = (contract.holder, contract.hours);
    if team.members.len() == 1 {
        contract.team = None;
    }
    for member in closed {
        let fte = setting.fte(hours * member.work);
        state.charities.finances[member.charity].committed = Fte::ZERO;
        state.charities.record[member.charity].contracts -= 1;
        state.charities.finances[lead].committed += Fte::new(fte);
    }
}

/// Who takes over when the lead of a collaboration closes: the member with most of the work, first by id.
fn next_in_team(state: &State, lot: LotId) -> Option<CharityId> {
    let team = state.lots[lot].contract.as_ref()?.team.as_ref()?;
    let largest = team.partners().iter().reduce(|a, b| if b.work > a.work { b } else { a })?;
    (team.mode == Mode::Collaboration).then_some(largest.charity)
}

/// One member goes on alone.
fn dissolve(setting: &Setting, state: &mut State, lot: LotId, next: CharityId) {
    let Some(contract) = state.lots[lot].contract.clone() else { return };
    free_staff(setting, state, &contract);
    state.charities.finances[next].committed += Fte::new(setting.fte(contract.hours));
    state.charities.record[next].contracts += 1;
    state.lots[lot].contract = Some(Contract { holder: next, team: None, ..contract });
}

/// Moves a contract to another provider, who does the lead's part; in a co-operation partners stay.
pub fn pass_on(setting: &Setting, state: &mut State, lot: LotId, heir: CharityId) {
    let Some(contract) = &mut state.lots[lot].contract else { return };
    let part = contract.team.as_ref().map_or(1.0, |team| team.lead().work);
    let (holder, fte) = (contract.holder, setting.fte(contract.hours * part));
    contract.holder = heir;
    if let Some(team) = &mut contract.team {
        team.members[0].charity = heir;
    }
    let left = &mut state.charities.finances[holder].committed;
    *left = Fte::new((left.value() - fte).max(0.0));
    state.charities.finances[heir].committed += Fte::new(fte);
    state.charities.record[holder].contracts -= 1;
    state.charities.record[heir].contracts += 1;
}

fn found(setting: &Setting, state: &mut State, neighbours: &[Vec<CharityId>], turnover: &mut Turnover) {
    match setting.scenario.regime.behaviour.founding_law {
        FoundingLaw::Poisson => found_by_chance(setting, state, neighbours, turnover),
        FoundingLaw::Replace => replace_closed(setting, state, turnover),
    }
}

/// Foundings in an area: Poisson(rate x open charities in the area / rounds a year). In the rest of a country as many
/// charities are taken to be open as at the start; of those founded there, the ones that will work here come in.
fn found_by_chance(
    setting: &Setting,
    state: &mut State,
    neighbours: &[Vec<CharityId>],
    turnover: &mut Turnover,
) {
    let founder = Founder::new(setting.world, setting.scenario);
    let mut chance = setting.luck.stream::<1>(Purpose::Foundings, setting.round);
    let mut births = Births::new(setting);
    for area in setting.world.areas.ids() {
        let open = &neighbours[area.row()];
        let rate = setting.regime(area).behaviour.founding_rate / setting.world.calendar.rounds_per_year();
        let [u] = chance.uniforms(area.row() as u64);
        for _ in 0..poisson_quantile(u, rate * open.len() as f64) as u32 {
            let birth = births.next(&mut state.arrived[area], area.row());
            let newborn = founder.newcomer(area, birth.facts, birth.skills);
            birth.enter(setting, state, &newborn, turnover);
        }
    }
    // What holds everywhere in this world is taken to hold in the rest of the country, too.
    let everywhere = setting.in_force.everywhere().unwrap_or(&setting.scenario.regime);
    let rate = everywhere.behaviour.founding_rate / setting.world.calendar.rounds_per_year();
    let [u] = chance.uniforms(setting.world.areas.len() as u64);
    for _ in 0..poisson_quantile(u, rate * f64::from(setting.world.charities_around())) as u32 {
        let birth = births.next(&mut state.arrived_outside, setting.world.areas.len());
        if let Some(newborn) = founder.newcomer_outside(birth.facts, birth.skills) {
            birth.enter(setting, state, &newborn, turnover);
        }
    }
}

/// One new charity for each that closed: same place, services and reach.
fn replace_closed(setting: &Setting, state: &mut State, turnover: &mut Turnover) {
    let founder = Founder::new(setting.world, setting.scenario);
    let mut births = Births::new(setting);
    for closed in turnover.closed.clone() {
        let profile = &state.charities.profile[closed];
        let (area, away, offers, reach) = (profile.home(), profile.away, profile.offers, profile.reach);
        let birth = births.next(&mut state.arrived[area], area.row());
        let newborn = founder.replacement(area, offers, reach, birth.facts, birth.skills);
        birth.enter(setting, state, &Newborn { away, ..newborn }, turnover);
    }
}

/// The random numbers of newcomers: (area, arrival number) is the address.
struct Births {
    facts: Stream<FOUNDING_DRAWS>,
    skills: Stream<SKILL_DRAWS>,
    leaders: Leaders,
    /// Share of newcomers that seek partners.
    seekers: Share,
}

/// The numbers of one newcomer.
struct Birth {
    slot: u64,
    facts: [f64; FOUNDING_DRAWS],
    skills: [f64; SKILL_DRAWS],
    leader: Leader,
}

impl Birth {
    fn enter(self, setting: &Setting, state: &mut State, newborn: &Newborn, turnover: &mut Turnover) {
        state.charities.push(newborn, self.slot, self.leader, setting.round, setting.world.calendar);
        turnover.founded += 1;
    }
}

impl Births {
    fn new(setting: &Setting) -> Self {
        Self {
            facts: setting.luck.stream(Purpose::Founding, 1),
            skills: setting.luck.stream(Purpose::Skills, 1),
            leaders: Leaders::new(setting.luck),
            seekers: setting.scenario.regime.behaviour.seekers_at_start,
        }
    }

    /// The next birth at a place: an area, or a number beyond them for the rest of the country.
    fn next(&mut self, arrival: &mut u32, place: usize) -> Birth {
        let slot = newcomer_slot(place as u32, *arrival);
        *arrival += 1;
        let mut leader = self.leaders.of(slot);
        leader.seeks_partners = f64::from(leader.reserve) < self.seekers.value();
        Birth { slot, facts: self.facts.uniforms(slot), skills: self.skills.uniforms(slot), leader }
    }
}
