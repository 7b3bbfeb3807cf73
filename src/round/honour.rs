//! Honour or cut: what a lead provider does with the shares that it promised, once the contract is its.
//!
//! Decided once, at the award, partner by partner. A cut gains the lead cut x promised share x price x rounds; it
//! loses what the relationship would have been worth, and what others hear of it. Exploitation emerges, or does not.

use super::Setting;
use super::award::Award;
use super::commission::Tender;
use super::partner::candidate_of;
use super::state::State;
use super::team::{Formed, Member, Mode, Team};
use super::utility::{Candidate, Proposal, Stakes, fee, success, utility};
use crate::ids::{Id, ServiceId};
use crate::mutants::{Mutant, is_on};
use crate::random::{PairDraw, Purpose, pair_uniform};
use crate::scenario::parameters::{Behaviour, Rules};
use crate::world::SKILLS;

/// What the lead weighs against each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Temptation {
    /// What a cut would gain it \[GBP\].
    pub gain: f64,
    /// What working with the partner is worth to it, beyond work with a stranger \[GBP a round\].
    pub relationship: f64,
    /// Others who would hear of it.
    pub listeners: f64,
}

/// Whether a lead honours its promise: iff gain (1 - open book) <= d/(1 - d) x relationship x p_meet x
/// (1 + gossip x listeners), the discounted loss of a partner it would meet again (repeated game, grim trigger). A
/// partner worse than a stranger is no loss, but no reason to cut where open books leave nothing to gain.
pub fn honours(behaviour: &Behaviour, rules: &Rules, temptation: &Temptation) -> bool {
    let delta = behaviour.discount_factor;
    let value = behaviour.meet_again.value() * temptation.relationship.max(0.0);
    let heard = 1.0 + behaviour.gossip.value() * temptation.listeners;
    let horizon = if is_on(Mutant::OneRoundLost) { delta } else { delta / (1.0 - delta) };
    temptation.gain * (1.0 - rules.open_book.value()) <= horizon * value * heard
}

/// The team as its contract begins: promised shares of the price, and what each gets.
pub fn agree(setting: &Setting, state: &State, tender: &Tender, award: &Award, formed: &Formed) -> Team {
    let rules = &setting.regime(tender.area).rules;
    let kept = if formed.mode == Mode::CoOperation { fee(rules) } else { 0.0 };
    let member = |&(charity, work): &(crate::ids::CharityId, f64)| Member {
        charity,
        work,
        promised: work * (1.0 - kept),
        allocated: work * (1.0 - kept),
    };
    let mut team = Team {
        mode: formed.mode,
        members: formed.workers.iter().map(member).collect(),
        price: award.price.value(),
        waste: formed.waste,
        by_all: formed.by_all,
    };
    if team.mode == Mode::CoOperation {
        let cut = setting.regime(state.charities.profile[award.winner].home()).behaviour.cut_max.value();
        for place in 1..team.members.len() {
            if !keeps_promise(setting, state, tender, award, &team, place) {
                team.members[place].allocated *= 1.0 - cut * (1.0 - rules.open_book.value());
            }
        }
        let partners = |share: fn(&Member) -> f64| team.members[1..].iter().map(share).sum::<f64>();
        let (promised, allocated) = (partners(|m| m.promised), partners(|m| m.allocated));
        team.members[0].promised = 1.0 - promised;
        team.members[0].allocated = 1.0 - allocated;
    }
    team
}

fn keeps_promise(
    setting: &Setting,
    state: &State,
    tender: &Tender,
    award: &Award,
    team: &Team,
    place: usize,
) -> bool {
    let rules = &setting.regime(tender.area).rules;
    let partner = &team.members[place];
    let slot = state.charities.profile[partner.charity].slot;
    let [luck] = setting.luck.stream::<1>(Purpose::CharityAtTender, setting.round).raw(slot);
    let [tender_luck] =
        setting.luck.stream::<1>(Purpose::TenderAtCharity, setting.round).raw(tender.lot.row() as u64);
    if pair_uniform(luck, tender_luck, PairDraw::Verified as u64) < rules.verified_partners.value() {
        return true;
    }
    let stakes = Stakes {
        rules,
        service: &setting.world.services[tender.service],
        market: &state.markets[tender.market],
        price: award.price.value(),
        hours: tender.hours,
        volume: tender.volume.value(),
        term: f64::from(tender.term),
        bid_cost: 0.0,
        squared_shares: tender.squared_shares,
    };
    let there = |charity| {
        let local = state.charities.profile[charity].embeddedness(tender.area);
        candidate_of(setting, state, charity, local)
    };
    let promise = Promise { lead: &there(award.winner), partner: &there(partner.charity), part: partner };
    would_honour(setting, state, &stakes, tender.service, &promise)
}

/// What a lead has promised a partner, of whom it knows this.
#[derive(Clone, Copy, Debug)]
pub struct Promise<'a> {
    /// The lead.
    pub lead: &'a Candidate<'a>,
    /// The partner.
    pub partner: &'a Candidate<'a>,
    /// The partner's part.
    pub part: &'a Member,
}

/// Whether a lead would honour a promise, at these stakes and with what it knows now.
pub fn would_honour(
    setting: &Setting,
    state: &State,
    stakes: &Stakes,
    service: ServiceId,
    promise: &Promise,
) -> bool {
    let Promise { lead, partner, part } = *promise;
    let gain = lead.behaviour.cut_max.value() * part.promised * stakes.price * stakes.term;
    let relationship = relationship(setting, state, stakes, promise);
    let listeners = state.charities.memory[partner.charity].relations.iter();
    let listeners = listeners.filter(|known| state.charities.profile[known.other].offers(service));
    let temptation = Temptation { gain, relationship, listeners: listeners.count() as f64 };
    honours(lead.behaviour, stakes.rules, &temptation)
}

/// What the lead has a round of working with a partner, less what it would have with a stranger: one of mean
/// ability without local knowledge, trusted as strangers of the partner's size are.
fn relationship(setting: &Setting, state: &State, stakes: &Stakes, promise: &Promise) -> f64 {
    let Promise { lead, partner, part } = *promise;
    let mean = [setting.scenario.population.ability_mean as f32; SKILLS];
    let stranger = Candidate { ability: &mean, local: 0.0, ..partner.clone() };
    let shares = [1.0 - part.work, part.work];
    let memory = &state.charities.memory[lead.charity];
    let known = memory.trust(lead.behaviour, lead.size, partner.charity, partner.size);
    let unknown = memory.stereotype(lead.behaviour, lead.size, partner.size);
    let worth = |other: &Candidate, trust: f64| {
        let proposal = Proposal { mode: Mode::CoOperation, members: &[lead, other], shares: &shares };
        let trusts = |_: &Candidate, _: &Candidate| trust;
        let success = success(stakes, &proposal, (0, &trusts));
        utility(stakes, &proposal, 0, success, &trusts)
    };
    (worth(partner, known) - worth(&stranger, unknown)) / stakes.term
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Probability, Share};

    /// V26: grim trigger sustains honour iff d >= (T - R)/(T - P). With gain T - R now and R - P a round after,
    /// d/(1 - d) (R - P) >= T - R is the same.
    #[test]
    fn the_switch_comes_at_the_discount_factor_of_the_repeated_game() {
        let (t, r, p) = (5.0, 3.0, 1.0);
        let temptation = Temptation { gain: t - r, relationship: r - p, listeners: 0.0 };
        for step in 0..100 {
            let delta = f64::from(step) / 100.0;
            let behaviour = Behaviour {
                discount_factor: delta,
                meet_again: Probability::new(1.0),
                gossip: Share::new(0.0),
                ..Behaviour::default()
            };
            let threshold = (t - r) / (t - p);
            assert_eq!(honours(&behaviour, &Rules::default(), &temptation), delta >= threshold, "{delta}");
        }
    }

    /// With replacements as good as the partner the relationship is worth nothing, and a cut pays at any patience.
    #[test]
    fn a_pool_of_replacements_makes_cuts_pay() {
        let behaviour = Behaviour { discount_factor: 0.99, ..Behaviour::default() };
        let temptation = Temptation { gain: 1.0, relationship: 0.0, listeners: 10.0 };
        assert!(!honours(&behaviour, &Rules::default(), &temptation));
        let open = Rules { open_book: Share::new(1.0), ..Rules::default() };
        assert!(honours(&behaviour, &open, &temptation), "open books leave nothing to gain");
        let worse = Temptation { relationship: -1.0, ..temptation };
        assert!(honours(&behaviour, &open, &worse), "nor from a partner worse than a stranger");
    }
}
