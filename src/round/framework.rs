//! Frameworks: the best few of a first tender are called, at their prices, for every lot of the service in
//! the area, until the framework ends; it also ends where none of them can take a lot. Only charities that bid alone have
//! a place.

use super::Setting;
use super::bid::Bid;
use super::commission::{Tender, Tenders};
use super::quality::Plan;
use super::state::State;
use crate::ids::{CharityId, TenderId};
use crate::random::Purpose;
use crate::scenario::parameters::Rules;
use crate::units::Gbp;

/// A framework in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Framework {
    /// Its members, best first.
    pub members: Vec<Member>,
    /// First round in which it is no longer in force.
    pub until: u32,
}

/// A charity on a framework, with the terms of its bid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// The charity.
    pub charity: CharityId,
    /// Its price over the ceiling.
    pub price_ratio: f64,
    /// Its planned quality.
    pub quality: f64,
    /// Quality that it claims.
    pub claim: f64,
    /// Social value that it offers.
    pub social: f64,
}

impl Framework {
    /// A framework of the bids first in line for a tender.
    pub fn begin<'a>(
        rules: &Rules,
        tender: &Tender,
        line: impl Iterator<Item = &'a Bid>,
        round: u32,
    ) -> Self {
        let member = |bid: &Bid| Member {
            charity: bid.charity,
            price_ratio: bid.price / tender.ceiling,
            quality: bid.quality,
            claim: bid.claim,
            social: bid.social,
        };
        let members = line.take(rules.framework_places as usize).map(member).collect();
        Self { members, until: round + rules.framework_rounds }
    }
}

/// Bids of framework members in the calls of the round, in order of charity: at their terms, free of charge.
pub fn call_members(setting: &Setting, state: &State, tenders: &Tenders) -> Vec<Bid> {
    let mut luck = setting.luck.stream::<1>(Purpose::CharityAtTender, setting.round);
    let mut bids = Vec::new();
    for (id, tender) in tenders.calls.enumerate().filter(|(_, tender)| tender.call_off) {
        let Some(framework) = &state.markets[tender.market].framework else { continue };
        let mut members: Vec<&Member> = framework.members.iter().collect();
        members.sort_by_key(|member| member.charity);
        let at_work = |member: &&&Member| state.charities.finances[member.charity].is_open();
        for member in members.iter().filter(at_work) {
            let [charity_luck] = luck.raw(state.charities.profile[member.charity].slot);
            bids.push(answer(setting, state, id, tender, member, charity_luck));
        }
    }
    bids
}

fn answer(
    setting: &Setting,
    state: &State,
    id: TenderId,
    tender: &Tender,
    member: &Member,
    charity_luck: u64,
) -> Bid {
    let profile = &state.charities.profile[member.charity];
    let finances = &state.charities.finances[member.charity];
    let plan = Plan {
        rules: &setting.regime(tender.area).rules,
        behaviour: &setting.regime(profile.home()).behaviour,
        ceiling: tender.ceiling,
        reference: setting.scenario.market.reference_cost_gbp * tender.hours,
        ability: member.claim,
        rivals: 0.0,
    };
    let work = finances.unit_cost * (tender.hours * (1.0 + f64::from(profile.overhead)));
    Bid {
        charity: member.charity,
        tender: id,
        price: tender.ceiling * member.price_ratio,
        quality: member.quality,
        claim: member.claim,
        writing: f64::from(profile.writing),
        social: member.social,
        collaboration: 0.0,
        team: None,
        full_cost: plan.cost(work, member.quality),
        bid_cost: Gbp::ZERO,
        charity_luck,
    }
}
