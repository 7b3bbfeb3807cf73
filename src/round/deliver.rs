//! Phase 7: providers help people; outcomes follow from skills, complexity and local knowledge.

use super::Setting;
use super::effort;
use super::need::Need;
use super::produce::{Worker, chances};
use super::state::{Contract, Profile, State};
use super::team::{Mode, pay_at_risk};
use crate::ids::{CharityId, Column, LotId, MarketId};
use crate::math::pow;
use crate::scenario::parameters::{Behaviour, Rules};
use crate::world::{SKILLS, Service};
use rayon::prelude::*;

/// What one contract delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Delivered {
    /// People served, by number of simultaneous needs.
    pub served: [f64; SKILLS],
    /// People helped successfully.
    pub outcomes: f64,
    /// The same, weighted by what the rules pay for each.
    pub paid: f64,
    /// Unmeasured community work, as the people who could have been served.
    pub community: f64,
}

impl Delivered {
    /// People served.
    pub fn people(&self) -> f64 {
        self.served.iter().sum()
    }
}

/// This round's delivery.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Delivery {
    /// Per lot; nothing where there is no contract.
    pub by_lot: Column<LotId, Delivered>,
    /// Per market: people served by number of needs.
    pub served: Column<MarketId, [f64; SKILLS]>,
    /// Per market: successes.
    pub outcomes: Column<MarketId, f64>,
    /// Per market: successes weighted by their pay, and people contracted for.
    pub joint: Column<MarketId, (f64, f64)>,
    /// Per market: unmeasured community work, as the people who could have been served.
    pub community: Column<MarketId, f64>,
}

/// Simultaneous needs of a class of people.
pub const NEEDS: [f64; SKILLS] = [1.0, 2.0, 3.0, 4.0];

/// Serves people contract by contract. A market's people are shared in proportion to what its
/// contracts can staff; a person with m needs takes m times the hours of a person with one.
pub fn serve(setting: &Setting, state: &State, need: &Need) -> Delivery {
    let markets = setting.world.markets.len();
    let mut room = Column::<MarketId, f64>::filled(markets, 0.0);
    for (lot, contract) in state.contracts() {
        room[state.lot(lot).market] += staffed_volume(setting, state, contract);
    }
    let by_lot: Vec<Delivered> = state
        .lots
        .as_slice()
        .par_iter()
        .enumerate()
        .map(|(row, lot)| {
            let Some(contract) = &lot.contract else { return Delivered::default() };
            let market = state.lot(crate::ids::Id::from_row(row)).market;
            let in_need = people_in_need(&state.markets[market].backlog, &need.arrivals[market]);
            let service = &setting.world.services[setting.world.markets[market].service];
            let mean_needs = service.mean_needs();
            let asked_for: f64 = in_need.iter().zip(NEEDS).map(|(people, needs)| people * needs).sum();
            if asked_for <= 0.0 {
                return Delivered::default();
            }
            let fill = (asked_for / (room[market] * mean_needs)).min(1.0);
            let staffed = staffed_volume(setting, state, contract);
            let rules = &setting.regime(setting.world.markets[market].area).rules;
            let work = staffed * mean_needs * fill;
            let pull = pull_of_pay(rules, provider_behaviour(setting, state, contract));
            let served = choose_people(&in_need, staffed / room[market], work, &pull);
            let chances = success_by_class(setting, state, contract, market);
            let outcomes = served.iter().zip(chances).map(|(served, chance)| served * chance).sum();
            let paid =
                (0..SKILLS).map(|class| served[class] * chances[class] * pay_of_class(rules, class)).sum();
            Delivered {
                served,
                outcomes,
                paid,
                community: staffed * community_effort(setting, state, contract, rules),
            }
        })
        .collect();
    let mut delivery = Delivery {
        by_lot: Column::from(by_lot),
        served: Column::filled(markets, [0.0; SKILLS]),
        outcomes: Column::filled(markets, 0.0),
        joint: Column::filled(markets, (0.0, 0.0)),
        community: Column::filled(markets, 0.0),
    };
    for (lot, contract) in state.contracts() {
        let market = state.lot(lot).market;
        let delivered = delivery.by_lot[lot];
        for class in 0..SKILLS {
            delivery.served[market][class] += delivered.served[class];
        }
        delivery.outcomes[market] += delivered.outcomes;
        delivery.community[market] += delivered.community;
        let (paid, volume) = &mut delivery.joint[market];
        *paid += delivered.paid;
        *volume += contract.volume.value();
    }
    delivery
}

/// What a success with a person of this class earns: needs^pay_by_need.
pub fn pay_of_class(rules: &Rules, class: usize) -> f64 {
    if rules.pay_by_need == 0.0 { 1.0 } else { pow(NEEDS[class], rules.pay_by_need) }
}

/// How strongly a provider draws people of each class: (pay per hour)^(case mix x share paid by results).
/// All alike where nothing is paid by results, or work is paid in proportion.
fn pull_of_pay(rules: &Rules, behaviour: &Behaviour) -> [f64; SKILLS] {
    let power = behaviour.case_mix * rules.results_share.value();
    if power == 0.0 {
        return [1.0; SKILLS];
    }
    std::array::from_fn(|class| pow(pay_of_class(rules, class) / NEEDS[class], power))
}

/// The people that `work` hours (in hours of a person with one need) go to: of each class in proportion to
/// those in need times the pull of their pay, at most the contract's share of them; what is left over goes
/// to the other classes.
pub fn choose_people(in_need: &[f64; SKILLS], share: f64, work: f64, pull: &[f64; SKILLS]) -> [f64; SKILLS] {
    let limit = in_need.map(|people| people * share);
    let weight: [f64; SKILLS] = std::array::from_fn(|class| in_need[class] * pull[class]);
    let mut served = [0.0; SKILLS];
    let mut full = [false; SKILLS];
    let mut left = work;
    for _ in 0..SKILLS {
        let hours: f64 =
            (0..SKILLS).filter(|&class| !full[class]).map(|class| weight[class] * NEEDS[class]).sum();
        if hours <= 0.0 || left <= 0.0 {
            break;
        }
        let rate = left / hours;
        let over = |class: usize| served[class] + weight[class] * rate > limit[class] * (1.0 + 1e-12);
        let bound: Vec<usize> = (0..SKILLS).filter(|&class| !full[class] && over(class)).collect();
        if bound.is_empty() {
            for class in (0..SKILLS).filter(|&class| !full[class]) {
                served[class] = weight[class] * rate;
            }
            break;
        }
        for class in bound {
            full[class] = true;
            served[class] = limit[class];
            left -= limit[class] * NEEDS[class];
        }
    }
    served
}

fn provider_behaviour<'a>(setting: &'a Setting, state: &State, contract: &Contract) -> &'a Behaviour {
    &setting.regime(state.charities.profile[contract.holder].home()).behaviour
}

/// Efforts of a charity that bears a part of the pay by results, at measured and at unmeasured work.
fn efforts(setting: &Setting, state: &State, charity: CharityId, at_risk: f64, rules: &Rules) -> (f64, f64) {
    let behaviour = &setting.regime(state.charities.profile[charity].home()).behaviour;
    let motives = state.charities.leader[charity].wants(behaviour);
    effort::choose(behaviour, rules, at_risk, motives.purpose)
}

/// Effort at unmeasured work, mean over the members by their work.
fn community_effort(setting: &Setting, state: &State, contract: &Contract, rules: &Rules) -> f64 {
    let mode = contract.mode();
    let of = |(place, (charity, share)): (usize, (CharityId, f64))| {
        share * efforts(setting, state, charity, pay_at_risk(mode, place, share), rules).1
    };
    contract.workers().enumerate().map(of).sum()
}

/// People waiting plus people arriving.
pub fn people_in_need(backlog: &[f64; SKILLS], arrivals: &[f64; SKILLS]) -> [f64; SKILLS] {
    std::array::from_fn(|class| backlog[class] + arrivals[class])
}

/// Volume that the providers can staff: all of it, unless staff fell short of promises.
fn staffed_volume(setting: &Setting, state: &State, contract: &Contract) -> f64 {
    let staffing = |charity: CharityId| {
        let finances = &state.charities.finances[charity];
        let home = state.charities.profile[charity].home();
        let stretch = setting.regime(home).behaviour.stretch;
        let limit = finances.capacity.value() * (1.0 + stretch);
        if finances.committed.value() > limit { limit / finances.committed.value() } else { 1.0 }
    };
    let lead = staffing(contract.holder);
    let partners = contract.workers().skip(1);
    let staffed = lead + partners.map(|(charity, share)| share * (staffing(charity) - lead)).sum::<f64>();
    contract.volume.value() * staffed
}

/// Chance of success of people with 1, 2, 3, 4 needs in a contract's care.
fn success_by_class(
    setting: &Setting,
    state: &State,
    contract: &Contract,
    market: MarketId,
) -> [f64; SKILLS] {
    let market = &setting.world.markets[market];
    let rules = &setting.regime(market.area).rules;
    let service = &setting.world.services[market.service];
    let mode = contract.mode();
    let worker = |(place, (charity, share)): (usize, (CharityId, f64))| {
        let profile = &state.charities.profile[charity];
        let behaviour = &setting.regime(profile.home()).behaviour;
        let (effort, _) = efforts(setting, state, charity, pay_at_risk(mode, place, share), rules);
        let local = profile.embeddedness(market.area);
        let lift = (1.0 + behaviour.local_gain * local) * (contract.quality * effort);
        Worker::new(share, &profile.ability, lift)
    };
    let behaviour = provider_behaviour(setting, state, contract);
    match &contract.team {
        None => chances(behaviour, service, Mode::Solo, &[worker((0, (contract.holder, 1.0)))], 0.0),
        Some(team) => {
            let workers: Vec<Worker> = contract.workers().enumerate().map(worker).collect();
            chances(behaviour, service, team.mode, &workers, team.waste)
        }
    }
}

/// Chance of success of people with 1, 2, 3, 4 needs whom a charity serves alone, at a planned quality and with
/// some local knowledge.
pub fn chances_of_success(
    behaviour: &Behaviour,
    service: &Service,
    profile: &Profile,
    quality: f64,
    local: f64,
) -> [f64; SKILLS] {
    let lift = (1.0 + behaviour.local_gain * local) * quality;
    chances(behaviour, service, Mode::Solo, &[Worker::new(1.0, &profile.ability, lift)], 0.0)
}
