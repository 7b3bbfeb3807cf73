//! Phase 4: leaders meet, propose and accept teams.
//!
//! The pool of a tender are those who gave it their attention, to bid or to join. Each leader with bid-writers meets a
//! few of the others, by chance or through local staff, and weighs leading a team with one of them, in each mode that the
//! rules allow, against bidding alone. Those for whom leading is best propose; the others hold the best offer above their
//! own best alternative (deferred acceptance), so that nobody who leads and nobody who joins, of those who met, would both
//! rather have each other as a pair, in the mode that is best for the one who leads. Two who both lead may: where everybody
//! may lead or join, as among room-mates, there need be no teams that all would keep. Teams grow by one partner at a time,
//! each by deferred acceptance among those still free.
//!
//! Whom leaders meet is in `meetings`, what a team on paper is worth to its members in `draft`, a charity as planning sees
//! it in `candidate`.

mod candidate;
mod draft;
mod meetings;

pub use candidate::candidate_of;
pub use draft::drawn_worth;

use super::Setting;
use super::commission::{Tender, Tenders};
use super::matching::{Matching, Offer, deferred_acceptance, would_lead};
use super::search::{Prospect, Search};
use super::shares::Extent;
use super::state::State;
use super::talk::Talks;
use super::team::{Formed, Mode, Role, Teams};
use super::utility::{Candidate, Stakes};
use crate::ids::{CharityId, Id, TenderId};
use crate::scenario::parameters::{Behaviour, ForceMode, Forms, Rules};
use candidate::candidate;
use draft::Drafted;
use meetings::Meetings;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Forms the teams of the round.
pub fn form(setting: &Setting, state: &State, tenders: &Tenders, search: &Search) -> Teams {
    if !setting.in_force.any(|regime| regime.rules.forms != Forms::Single) {
        return Teams::default();
    }
    let mut pools: Vec<Vec<usize>> = vec![Vec::new(); tenders.calls.len()];
    for (row, prospect) in search.prospects.iter().enumerate() {
        pools[prospect.tender.row()].push(row);
    }
    let found: Vec<Found> = pools
        .par_iter()
        .enumerate()
        .filter(|(row, pool)| !pool.is_empty() && allows_teams(setting, &tenders.calls[Id::from_row(*row)]))
        .map(|(row, pool)| Pool::new(setting, state, tenders, search, Id::from_row(row), pool).form())
        .collect();
    let alone = |prospect: &Prospect| {
        if prospect.alone && prospect.writes { Role::Alone } else { Role::Standby }
    };
    let mut roles: Vec<Role> = search.prospects.iter().map(alone).collect();
    let mut formed = Vec::new();
    let mut costs: BTreeMap<CharityId, f64> = BTreeMap::new();
    for found in found {
        if found.only_teams {
            found.pool.iter().for_each(|&row| roles[row] = Role::Standby);
        }
        for team in found.teams {
            team.members[1..].iter().for_each(|&(row, _)| roles[row] = Role::Standby);
            roles[team.members[0].0] = Role::Lead(formed.len() as u32);
            formed.push(team);
        }
        for (charity, cost) in found.costs {
            *costs.entry(charity).or_insert(0.0) += cost;
        }
    }
    Teams { formed, roles, costs: costs.into_iter().collect() }
}

fn allows_teams(setting: &Setting, tender: &Tender) -> bool {
    setting.regime(tender.area).rules.forms != Forms::Single
}

/// Modes of teams that the rules allow; an experiment that forces a mode overrides all forms but the single provider.
fn modes(rules: &Rules, behaviour: &Behaviour) -> &'static [Mode] {
    match (behaviour.force_mode, rules.forms) {
        (ForceMode::Solo, _) | (_, Forms::Single) => &[],
        (ForceMode::CoOperation, _) | (ForceMode::Free, Forms::Prime | Forms::Hub) => &[Mode::CoOperation],
        (ForceMode::Collaboration, _) | (ForceMode::Free, Forms::Alliance) => &[Mode::Collaboration],
        (ForceMode::Free, Forms::Any) => &[Mode::CoOperation, Mode::Collaboration],
    }
}

/// What became of a pool.
struct Found {
    pool: Vec<usize>,
    teams: Vec<Formed>,
    costs: Vec<(CharityId, f64)>,
    /// Whether the rules shut out those who bid alone.
    only_teams: bool,
}

/// Those who gave a tender their attention.
struct Pool<'a> {
    setting: &'a Setting<'a>,
    state: &'a State,
    id: TenderId,
    tender: &'a Tender,
    rules: &'a Rules,
    stakes: Stakes<'a>,
    candidates: Vec<Candidate<'a>>,
    talks: Talks,
    tender_luck: u64,
    unpaid_share: f64,
}

/// What a lead and one other would have together.
#[derive(Clone, Copy, Debug)]
struct Pair {
    lead: usize,
    partner: usize,
    mode: Mode,
    to_lead: f64,
    to_partner: f64,
}

impl<'a> Pool<'a> {
    fn new(
        setting: &'a Setting<'a>,
        state: &'a State,
        tenders: &'a Tenders,
        search: &'a Search,
        id: TenderId,
        rows: &[usize],
    ) -> Self {
        let tender = &tenders.calls[id];
        let rules = &setting.regime(tender.area).rules;
        let market = &state.markets[tender.market];
        let results = rules.results_share.value();
        let stakes = Stakes {
            rules,
            service: &setting.world.services[tender.service],
            market,
            price: tender.ceiling.value() * market.price_ratio,
            hours: tender.hours,
            volume: tender.volume.value(),
            term: f64::from(tender.term),
            bid_cost: search.prospects[rows[0]].bid_cost.value(),
            squared_shares: tender.squared_shares,
        };
        let candidates = rows.iter().map(|&row| candidate(setting, state, search, row)).collect();
        Self {
            setting,
            state,
            id,
            tender,
            rules,
            stakes,
            candidates,
            talks: Talks::among(rows.len()),
            tender_luck: search.tender_luck[id],
            unpaid_share: setting.late_share(rules) * (1.0 - results) + results,
        }
    }

    fn form(mut self) -> Found {
        let force = self.candidates[0].behaviour.force_mode;
        let teams = match force {
            ForceMode::Free => self.choose(),
            ForceMode::Solo => (Vec::new(), Vec::new()),
            ForceMode::CoOperation | ForceMode::Collaboration => (self.pair_up(), Vec::new()),
        };
        let (teams, costs) = teams;
        let pool = self.candidates.iter().map(|candidate| candidate.prospect).collect();
        let only_teams = self.rules.forms == Forms::Alliance && force != ForceMode::Solo;
        Found { pool, teams, costs, only_teams }
    }

    /// Neighbours in the pool, two by two, in an experiment that forces a mode.
    fn pair_up(&self) -> Vec<Formed> {
        let Some(&mode) = modes(self.rules, self.candidates[0].behaviour).first() else { return Vec::new() };
        let pairs = (0..self.candidates.len() / 2).map(|row| [2 * row, 2 * row + 1]);
        pairs
            .filter_map(|pair| self.draft(mode, &pair, Extent::Whole))
            .map(|team| self.formed(&team))
            .collect()
    }

    /// Teams of two and more who can bid together; then, among those left, larger teams around pairs that cannot.
    fn choose(&mut self) -> (Vec<Formed>, Vec<(CharityId, f64)>) {
        let alone: Vec<f64> = (0..self.candidates.len()).map(|row| self.worth_alone(row)).collect();
        let mut free = vec![true; self.candidates.len()];
        let mut costs = Vec::new();
        let mut formed = Vec::new();
        for extent in [Extent::Whole, Extent::Core] {
            let meetings = self.meetings(&free, extent);
            self.talk(&meetings, &mut costs);
            for team in self.propose(&self.pairs(&meetings, &alone, extent), &alone, extent, &mut costs) {
                team.members.iter().for_each(|&row| free[row] = false);
                formed.push(self.formed(&team));
            }
        }
        (formed, costs)
    }

    /// Who leads, whom they propose to, who accepts: one partner at a time, so that nobody holds back another whom it does
    /// not keep, until no team grows. Teams that may not bid in the end dissolve.
    fn propose(
        &self,
        pairs: &[Pair],
        alone: &[f64],
        extent: Extent,
        costs: &mut Vec<(CharityId, f64)>,
    ) -> Vec<Drafted> {
        let n = self.candidates.len();
        let lists = self.lists(pairs, alone);
        let lone = |(lead, pairs): (usize, &Vec<&Pair>)| Some(Drafted::lone(pairs.first()?.mode, lead));
        let mut drafts: Vec<Option<Drafted>> = lists.iter().enumerate().map(lone).collect();
        let mut free = vec![true; n];
        let mut meetings = vec![0_u32; n];
        loop {
            let offer = |pair: &&Pair| self.offer(pair, drafts[pair.lead].as_ref()?, alone, extent);
            let offers = |pairs: &Vec<&Pair>| {
                pairs.iter().filter(|pair| free[pair.partner]).filter_map(offer).collect()
            };
            let Matching { kept, asked } = deferred_acceptance(lists.iter().map(offers).collect(), n);
            for (lead, asked) in asked.iter().enumerate() {
                meetings[lead] += asked.len() as u32;
                asked.iter().for_each(|&partner| meetings[partner] += 1);
            }
            if kept.iter().all(Option::is_none) {
                break;
            }
            for (draft, kept) in drafts.iter_mut().zip(kept) {
                if let (Some(team), Some(partner)) = (&draft, kept) {
                    *draft = self.larger(team, partner, extent);
                    free[partner] = false;
                }
            }
        }
        let teams: Vec<Drafted> =
            drafts.into_iter().flatten().filter(|team| team.extent == Extent::Whole).collect();
        self.book(&meetings, &teams, costs);
        teams
    }

    /// Whom those who would rather lead might ask, in the mode that is best for them.
    fn lists<'b>(&self, pairs: &'b [Pair], alone: &[f64]) -> Vec<Vec<&'b Pair>> {
        let n = self.candidates.len();
        let mut best = vec![(f64::NEG_INFINITY, None); n];
        let mut joining = vec![(f64::NEG_INFINITY, usize::MAX); n];
        for pair in pairs {
            if pair.to_lead > best[pair.lead].0 {
                best[pair.lead] = (pair.to_lead, Some(pair.mode));
            }
            if pair.to_partner > joining[pair.partner].0 {
                joining[pair.partner] = (pair.to_partner, pair.lead);
            }
        }
        let leads = |row: usize| would_lead(row, best[row].0, joining[row], alone[row]);
        let mut lists = vec![Vec::new(); n];
        for pair in pairs {
            if leads(pair.lead) && !leads(pair.partner) && best[pair.lead].1 == Some(pair.mode) {
                lists[pair.lead].push(pair);
            }
        }
        lists
    }

    /// The lead's offer to one more partner, if the lead gains by it and nobody is worse off than without a team.
    fn offer(&self, pair: &Pair, team: &Drafted, alone: &[f64], extent: Extent) -> Option<Offer> {
        let &Pair { lead, partner, to_lead, to_partner, .. } = pair;
        if team.members == [lead] {
            return Some(Offer { receiver: partner, worth: to_lead, gain: to_partner - alone[partner] });
        }
        let larger = self.larger(team, partner, extent)?;
        let before = if team.extent == Extent::Whole { self.worth(team, 0) } else { alone[lead] };
        let worth: Vec<f64> = (0..larger.members.len()).map(|place| self.worth(&larger, place)).collect();
        let mut others = worth.iter().zip(&larger.members).skip(1);
        let gains = worth[0] > before && others.all(|(&worth, &row)| worth > alone[row]);
        let gain = worth[worth.len() - 1] - alone[partner];
        gains.then_some(Offer { receiver: partner, worth: worth[0], gain })
    }

    /// A team with one more partner, as far as teams may grow.
    fn larger(&self, team: &Drafted, partner: usize, extent: Extent) -> Option<Drafted> {
        let most = self.candidates[team.members[0]].behaviour.max_team as usize;
        let rows = [&team.members[..], &[partner]].concat();
        (rows.len() <= most).then(|| self.draft(team.mode, &rows, extent)).flatten()
    }

    /// Every pair that met, with what the two would get out of each mode that both would rather have than bid alone.
    fn pairs(&self, meetings: &[Meetings], alone: &[f64], extent: Extent) -> Vec<Pair> {
        let of = |one: &Meetings| self.pairs_of(one.lead, &one.met, alone, extent);
        meetings.iter().flat_map(of).collect()
    }

    fn pairs_of(&self, lead: usize, met: &[usize], alone: &[f64], extent: Extent) -> Vec<Pair> {
        let modes = modes(self.rules, self.candidates[lead].behaviour);
        let options = met.iter().flat_map(|&partner| modes.iter().map(move |&mode| (partner, mode)));
        let pair = |(partner, mode): (usize, Mode)| {
            let team = self.draft(mode, &[lead, partner], extent)?;
            let to_lead = Some(self.worth(&team, 0)).filter(|&worth| worth > alone[lead])?;
            let to_partner = Some(self.worth(&team, 1)).filter(|&worth| worth > alone[partner])?;
            Some(Pair { lead, partner, mode, to_lead, to_partner })
        };
        options.filter_map(pair).collect()
    }

    /// Costs of meeting, for those who asked and those who were asked, and of agreeing, for leads and partners.
    fn book(&self, meetings: &[u32], teams: &[Drafted], costs: &mut Vec<(CharityId, f64)>) {
        let mut agreed = vec![0_usize; meetings.len()];
        for team in teams {
            agreed[team.members[0]] += team.members.len() - 1;
            team.members[1..].iter().for_each(|&partner| agreed[partner] += 1);
        }
        for (row, (&met, agreed)) in meetings.iter().zip(agreed).enumerate().filter(|(_, (met, _))| **met > 0)
        {
            let Candidate { charity, behaviour, .. } = self.candidates[row];
            let (meeting, agreement) =
                (behaviour.meeting_cost_gbp.value(), behaviour.agreement_cost_gbp.value());
            costs.push((charity, f64::from(met) * meeting + agreed as f64 * agreement));
        }
    }
}
