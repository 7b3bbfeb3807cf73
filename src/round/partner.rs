//! Phase 4: leaders meet, propose and accept teams.
//!
//! The pool of a tender are those who gave it their attention, to bid or to join. Each leader with bid-writers meets a
//! few of the others, by chance or through local staff, and weighs leading a team with one of them, in each mode that the
//! rules allow, against bidding alone. Those for whom leading is best propose; the others hold the best offer above their
//! own best alternative (deferred acceptance), so that no leader and no other who met would both rather have each other. Two who
//! both lead may: where everybody may lead or join, as among room-mates, there need be no teams that all would keep.

use super::Setting;
use super::commission::{Tender, Tenders};
use super::effort;
use super::experience::size_of;
use super::honour::{Promise, would_honour};
use super::matching::{Offer, deferred_acceptance, would_lead};
use super::produce::LARGEST_TEAM;
use super::search::{Prospect, Search, credit, expected_pay, readiness};
use super::shares::{Extent, shares};
use super::state::State;
use super::talk::{Talks, believe, heard};
use super::team::{Formed, Member, Mode, Role, Teams};
use super::utility::{
    Candidate, Proposal, Stakes, Trusts, by_all, expected_utility, fee, is_seen_alike, success, waste,
    worth_of_winning,
};
use crate::ids::{CharityId, Id, TenderId};
use crate::random::{PairDraw, pair_uniform};
use crate::scenario::parameters::{Behaviour, ForceMode, Forms, Rules, TeamWorth};
use rayon::prelude::*;
use std::cell::OnceCell;
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

/// A proposal of a lead to one other.
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
            .filter_map(|pair| self.team(mode, &pair, Extent::Whole))
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
            for team in self.propose(&self.pairs(&meetings, &alone, extent), &alone, &mut costs) {
                team.members.iter().for_each(|&row| free[row] = false);
                formed.push(self.formed(&team));
            }
        }
        (formed, costs)
    }

    /// Who leads, whom they propose to, who accepts.
    fn propose(&self, pairs: &[Pair], alone: &[f64], costs: &mut Vec<(CharityId, f64)>) -> Vec<Drafted> {
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
                let gain = pair.to_partner - alone[pair.partner];
                lists[pair.lead].push(Offer { receiver: pair.partner, worth: pair.to_lead, gain });
            }
        }
        let places = |row: usize| self.candidates[row].behaviour.max_team.saturating_sub(1) as usize;
        let met: Vec<usize> = lists.iter().map(Vec::len).collect();
        let matched = deferred_acceptance(lists, n, places);
        let mut teams = Vec::new();
        for (lead, partners) in matched.iter().enumerate() {
            let Some(mode) = best[lead].1.filter(|_| met[lead] > 0) else { continue };
            let team = self.grow(mode, lead, partners, alone);
            self.book(lead, met[lead], team.as_ref(), partners, costs);
            teams.extend(team);
        }
        teams
    }

    /// Whom of the free ones each free one meets that may lead.
    fn meetings(&self, free: &[bool], extent: Extent) -> Vec<Meetings> {
        let may_lead = |lead: usize| {
            let own = &self.candidates[lead];
            let may = own.writes && own.leader.may_join(own.behaviour);
            free[lead] && may && (extent == Extent::Whole || own.behaviour.max_team > 2)
        };
        let circle = Circle::new(&self.candidates, self.tender_luck);
        let leads = (0..self.candidates.len()).filter(|&lead| may_lead(lead));
        let met = |lead: usize| self.meets(lead, &circle).into_iter().filter(|&row| free[row]).collect();
        leads.map(|lead| Meetings { lead, met: met(lead) }).collect()
    }

    /// Open leaders who meet tell each other what they intend; each pays for what it hears, once for a tender.
    fn talk(&mut self, meetings: &[Meetings], costs: &mut Vec<(CharityId, f64)>) {
        let Self { candidates, talks, .. } = self;
        let open = |row: usize| candidates[row].leader.is_open(candidates[row].behaviour);
        for Meetings { lead, met } in meetings.iter().filter(|meetings| open(meetings.lead)) {
            for other in met.iter().filter(|&&other| open(other)) {
                if talks.begin(*lead, *other) {
                    let both = [lead, other].map(|&row| &candidates[row]);
                    costs.extend(both.map(|one| (one.charity, one.behaviour.signal_cost_gbp.value())));
                }
            }
        }
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
            let team = self.team(mode, &[lead, partner], extent)?;
            let to_lead = Some(self.worth(&team, 0)).filter(|&worth| worth > alone[lead])?;
            let to_partner = Some(self.worth(&team, 1)).filter(|&worth| worth > alone[partner])?;
            Some(Pair { lead, partner, mode, to_lead, to_partner })
        };
        options.filter_map(pair).collect()
    }

    /// Whom a leader meets: first those whom local staff know, best known first; then others by chance.
    fn meets(&self, lead: usize, circle: &Circle) -> Vec<usize> {
        let own = &self.candidates[lead];
        let meet = own.behaviour.meet as usize;
        let by_staff = libm::round(own.leader.delegates(own.behaviour) * meet as f64) as usize;
        let may_join = |row: usize| {
            let other = &self.candidates[row];
            other.leader.may_join(other.behaviour)
        };
        let mut met = Vec::with_capacity(meet);
        if by_staff > 0 {
            let others = self.worked_with(lead).into_iter().chain(circle.most_local.iter().copied());
            add_new(&mut met, by_staff, others.filter(|&row| row != lead && may_join(row)));
        }
        add_new(&mut met, meet, circle.after(lead).filter(|&row| may_join(row)));
        met
    }

    /// Those of the pool that a charity has worked with, most often first, then those who know the area best.
    fn worked_with(&self, lead: usize) -> Vec<usize> {
        let memory = &self.state.charities.memory[self.candidates[lead].charity];
        let mut known: Vec<(u16, usize)> = Vec::new();
        for relation in memory.relations.iter().filter(|relation| relation.joint > 0) {
            let row = self.candidates.binary_search_by_key(&relation.other, |candidate| candidate.charity);
            known.extend(row.ok().map(|row| (relation.joint, row)));
        }
        known.sort_unstable_by(|&(a_joint, a), &(b_joint, b)| {
            let local = |row: usize| self.candidates[row].local;
            b_joint.cmp(&a_joint).then(local(b).total_cmp(&local(a))).then(a.cmp(&b))
        });
        known.into_iter().map(|(_, row)| row).collect()
    }

    fn worth(&self, team: &Drafted, place: usize) -> f64 {
        if self.candidates[team.members[place]].behaviour.team_worth == TeamWorth::Drawn {
            return self.drawn(team, place);
        }
        let members = self.members(team);
        let proposal = Proposal { mode: team.mode, members: &members, shares: &team.shares };
        let trusts = self.trusts(team, &proposal, place);
        let trust = |_: &Candidate, other: &Candidate| trusts[place_of(&members, other)];
        let success = self.success(team, &proposal, place, &trust);
        expected_utility(&self.stakes, &proposal, place, success, &trust)
    }

    fn members(&self, team: &Drafted) -> Vec<&Candidate<'a>> {
        team.members.iter().map(|&row| &self.candidates[row]).collect()
    }

    /// Success per person, as the member in a place sees it.
    fn success(&self, team: &Drafted, proposal: &Proposal, place: usize, trust: Trusts) -> f64 {
        let seen = || success(&self.stakes, proposal, (place, trust));
        if is_seen_alike(proposal) { *team.success.get_or_init(seen) } else { seen() }
    }

    /// Trust of one member in each of the others.
    fn trusts(&self, team: &Drafted, proposal: &Proposal, judge: usize) -> [f64; LARGEST_TEAM] {
        let mut trusts = [0.0; LARGEST_TEAM];
        for other in (0..team.members.len()).filter(|&other| other != judge) {
            trusts[other] = self.trust(team, proposal, judge, other);
        }
        trusts
    }

    /// What a team is worth to one of its members, where that is drawn: it depends on the lead, for the lead on its first
    /// partner.
    fn drawn(&self, team: &Drafted, place: usize) -> f64 {
        let luck = |place: usize| team.members.get(place).map_or(0, |&row| self.candidates[row].luck);
        match (team.mode, place) {
            (Mode::Solo, _) => 0.0,
            (_, 0) => 1.0 + drawn_worth(luck(0), luck(1), self.tender_luck),
            _ => drawn_worth(luck(place), luck(0), self.tender_luck),
        }
    }

    /// Trust of one member in another, after what it has heard from it.
    fn trust(&self, team: &Drafted, proposal: &Proposal, judge: usize, judged: usize) -> f64 {
        let (own, other) = (proposal.members[judge], proposal.members[judged]);
        let memory = &self.state.charities.memory[own.charity];
        let before = memory.trust(own.behaviour, own.size, other.charity, other.size);
        let talked = self.talks.have(team.members[judge], team.members[judged]);
        if !talked || own.behaviour.force_trust >= 0.0 {
            return before;
        }
        let u = pair_uniform(own.luck ^ self.tender_luck, other.luck, PairDraw::Signal as u64);
        let good = heard(own.behaviour, other, self.means_well(proposal, judge, judged), u);
        believe(own.behaviour, before, good)
    }

    /// Whether a member would keep its word to another: a lead of a co-operation by honouring what it promised, anybody
    /// else by working.
    fn means_well(&self, proposal: &Proposal, judge: usize, judged: usize) -> bool {
        let (partner, other) = (proposal.members[judge], proposal.members[judged]);
        if proposal.mode == Mode::CoOperation && judged == 0 {
            let work = proposal.shares[judge];
            let promised = work * (1.0 - fee(self.rules));
            let part = Member { charity: partner.charity, work, promised, allocated: promised };
            let promise = Promise { lead: other, partner, part: &part };
            return would_honour(self.setting, self.state, &self.stakes, self.tender.service, &promise);
        }
        effort::means_to_work(other.behaviour, self.rules, proposal.shares[judged], other.motives.purpose)
    }

    /// What bidding alone is worth: nothing where it is not possible, or not worth while.
    fn worth_alone(&self, row: usize) -> f64 {
        let Candidate { alone, writes, .. } = self.candidates[row];
        if !(alone && writes) || self.rules.forms == Forms::Alliance {
            return 0.0;
        }
        let alone = Drafted::new(Mode::Solo, vec![row], vec![1.0]);
        self.worth(&alone, 0).max(0.0)
    }

    /// A team of these, lead first, if it may bid and could be ready: turnover, staff and working capital are
    /// those of all together. The core of a larger team is weighed as if the others it needs were found.
    fn team(&self, mode: Mode, rows: &[usize], extent: Extent) -> Option<Drafted> {
        let members: Vec<&Candidate> = rows.iter().map(|&row| &self.candidates[row]).collect();
        let needed = self.setting.fte(self.stakes.hours);
        let shares = shares(&self.stakes, mode, &members, needed, extent)?;
        let Tender { ceiling, term, .. } = *self.tender;
        let yearly = ceiling.value() * self.setting.world.rounds_per_year.min(f64::from(term));
        let income: f64 = members.iter().map(|member| member.income).sum();
        let means: f64 = members.iter().map(|member| member.means).sum();
        let cost: f64 =
            members.iter().zip(&shares).map(|(member, share)| share * member.hour_cost).sum::<f64>()
                * self.stakes.hours;
        let unpaid = cost * self.unpaid_share;
        let able = income >= yearly * self.tender.turnover_multiple(self.rules)
            && (unpaid == 0.0 || means >= unpaid);
        let may_bid = cost <= ceiling.value() && (able || extent == Extent::Core);
        (may_bid && self.is_ready(rows)).then(|| Drafted::new(mode, rows.to_vec(), shares))
    }

    /// Whether a team is ready at the deadline: each partner makes preparation longer.
    fn is_ready(&self, rows: &[usize]) -> bool {
        let lead = &self.candidates[rows[0]];
        let finances = &self.state.charities.finances[lead.charity];
        let longer = 1.0 + lead.behaviour.preparation_per_partner * (rows.len() - 1) as f64;
        let notice = self.tender.notice_weeks(self.rules) / longer;
        let u = pair_uniform(lead.luck, self.tender_luck, PairDraw::Readiness as u64);
        u <= readiness(lead.behaviour, notice, finances)
    }

    /// The lead's best partner, further ones until the team may bid, and each one more that the lead wants; nobody
    /// is worse off than without a team.
    fn grow(&self, mode: Mode, lead: usize, partners: &[usize], alone: &[f64]) -> Option<Drafted> {
        let mut team: Option<Drafted> = None;
        let mut rows = vec![lead];
        for &partner in partners {
            rows.push(partner);
            let Some(larger) = self.team(mode, &rows, Extent::Whole) else {
                rows.truncate(team.as_ref().map_or(rows.len(), |team| team.members.len()));
                continue;
            };
            let before = team.as_ref().map_or(alone[lead], |team| self.worth(team, 0));
            let gains = |(place, &row): (usize, &usize)| {
                self.worth(&larger, place) > if place == 0 { before } else { alone[row] }
            };
            if larger.members.iter().enumerate().all(gains) {
                team = Some(larger);
            } else {
                rows.pop();
            }
        }
        team
    }

    /// Costs of meeting and agreeing, for those who incur them.
    fn book(
        &self,
        lead: usize,
        met: usize,
        team: Option<&Drafted>,
        partners: &[usize],
        costs: &mut Vec<(CharityId, f64)>,
    ) {
        let behaviour = self.candidates[lead].behaviour;
        let (meeting, agreement) = (behaviour.meeting_cost_gbp.value(), behaviour.agreement_cost_gbp.value());
        let agreed = team.map_or(0, |team| team.members.len() - 1);
        let cost = met as f64 * meeting + agreed as f64 * agreement;
        costs.push((self.candidates[lead].charity, cost));
        for &partner in partners {
            let joins = team.is_some_and(|team| team.members.contains(&partner));
            let cost = meeting + if joins { agreement } else { 0.0 };
            costs.push((self.candidates[partner].charity, cost));
        }
    }

    fn formed(&self, team: &Drafted) -> Formed {
        let mut order: Vec<usize> = (1..team.members.len()).collect();
        order.sort_by_key(|&place| self.candidates[team.members[place]].charity);
        order.insert(0, 0);
        let rows = order.iter().map(|&place| team.members[place]).collect();
        let team = &Drafted::new(team.mode, rows, order.iter().map(|&place| team.shares[place]).collect());
        let members = self.members(team);
        let proposal = Proposal { mode: team.mode, members: &members, shares: &team.shares };
        let all = 0..members.len();
        let trusts: Vec<_> = all.clone().map(|judge| self.trusts(team, &proposal, judge)).collect();
        let trust =
            |own: &Candidate, other: &Candidate| trusts[place_of(&members, own)][place_of(&members, other)];
        let success: Vec<f64> = all.map(|place| self.success(team, &proposal, place, &trust)).collect();
        let prospects = members.iter().map(|member| member.prospect);
        let workers = members.iter().map(|member| member.charity);
        Formed {
            tender: self.id,
            mode: team.mode,
            members: prospects.zip(team.shares.iter().copied()).collect(),
            workers: workers.zip(team.shares.iter().copied()).collect(),
            waste: waste(&proposal),
            pay: expected_pay(self.rules, success[0]),
            worth: worth_of_winning(&self.stakes, &proposal, &success, &trust),
            by_all: by_all(self.rules),
        }
    }
}

/// A pool in the orders in which leaders come to meet the others.
struct Circle {
    /// All in a circle, in an order of chance.
    seats: Vec<usize>,
    /// The seat of each.
    seat: Vec<usize>,
    /// All, those first who know the area best.
    most_local: Vec<usize>,
}

impl Circle {
    fn new(candidates: &[Candidate], tender_luck: u64) -> Self {
        let mut seats: Vec<usize> = (0..candidates.len()).collect();
        let chance = |row: &usize| pair_uniform(candidates[*row].luck, tender_luck, PairDraw::Meeting as u64);
        let chances: Vec<f64> = seats.iter().map(chance).collect();
        seats.sort_unstable_by(|&a, &b| chances[a].total_cmp(&chances[b]).then(a.cmp(&b)));
        let mut seat = vec![0; seats.len()];
        seats.iter().enumerate().for_each(|(place, &row)| seat[row] = place);
        let mut most_local: Vec<usize> = (0..candidates.len()).collect();
        most_local.sort_by(|&a, &b| candidates[b].local.total_cmp(&candidates[a].local));
        Self { seats, seat, most_local }
    }

    /// The others, from the next seat on.
    fn after(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let n = self.seats.len();
        (1..n).map(move |step| self.seats[(self.seat[row] + step) % n])
    }
}

/// Adds those who are not yet there, up to so many.
fn add_new(met: &mut Vec<usize>, most: usize, others: impl Iterator<Item = usize>) {
    for row in others {
        if met.len() >= most {
            break;
        }
        if !met.contains(&row) {
            met.push(row);
        }
    }
}

/// Where a charity stands among the members of a team.
fn place_of(members: &[&Candidate], one: &Candidate) -> usize {
    members.iter().position(|member| member.charity == one.charity).unwrap_or(0)
}

/// What another is worth to a leader at a tender, where worth is drawn: uniform, by the luck of the two there.
pub fn drawn_worth(own_luck: u64, other_luck: u64, tender_luck: u64) -> f64 {
    pair_uniform(own_luck ^ tender_luck, other_luck, PairDraw::Worth as u64)
}

/// Whom a lead meets, as rows of the pool.
#[derive(Clone, Debug)]
struct Meetings {
    lead: usize,
    met: Vec<usize>,
}

/// A team on paper: rows of the pool, the lead first.
#[derive(Clone, Debug)]
struct Drafted {
    mode: Mode,
    members: Vec<usize>,
    shares: Vec<f64>,
    /// Success that all its members see in it, once worked out.
    success: OnceCell<f64>,
}

impl Drafted {
    fn new(mode: Mode, members: Vec<usize>, shares: Vec<f64>) -> Self {
        Self { mode, members, shares, success: OnceCell::new() }
    }
}

fn candidate<'a>(
    setting: &'a Setting<'a>,
    state: &'a State,
    search: &'a Search,
    row: usize,
) -> Candidate<'a> {
    let prospect = &search.prospects[row];
    let usual = candidate_of(setting, state, prospect.charity, prospect.local);
    let overhead = f64::from(state.charities.profile[prospect.charity].overhead);
    Candidate {
        prospect: row,
        hour_cost: prospect.hour_cost.value() * counted(usual.behaviour, overhead),
        alone: prospect.alone,
        writes: prospect.writes,
        luck: prospect.charity_luck,
        ..usual
    }
}

/// What a charity counts for an hour of direct cost 1.
fn counted(behaviour: &Behaviour, overhead: f64) -> f64 {
    1.0 + behaviour.full_cost_pricing.value() * overhead
}

/// A charity as planning sees it, at its real cost.
pub fn candidate_of<'a>(
    setting: &'a Setting<'a>,
    state: &'a State,
    charity: CharityId,
    local: f64,
) -> Candidate<'a> {
    let profile = &state.charities.profile[charity];
    let finances = &state.charities.finances[charity];
    let leader = &state.charities.leader[charity];
    let behaviour = &setting.regime(profile.home()).behaviour;
    Candidate {
        prospect: usize::MAX,
        charity,
        leader,
        behaviour,
        motives: leader.wants(behaviour),
        size: size_of(setting, state, charity, behaviour),
        ability: &profile.ability,
        local,
        hour_cost: finances.unit_cost.value() * counted(behaviour, f64::from(profile.overhead)),
        income: finances.income.value(),
        means: (finances.reserves * behaviour.risk_appetite + credit(behaviour, finances)).value(),
        spare: finances.capacity.value() * (1.0 + behaviour.stretch) - finances.committed.value(),
        alone: false,
        writes: false,
        luck: 0,
    }
}
