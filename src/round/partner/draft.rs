//! Teams on paper: whether they may bid, what they are worth to their members, and the team as it bids.

use super::Pool;
use crate::random::{PairDraw, pair_uniform};
use crate::round::commission::Tender;
use crate::round::effort;
use crate::round::honour::{Promise, would_honour};
use crate::round::produce::LARGEST_TEAM;
use crate::round::search::readiness;
use crate::round::shares::{Extent, shares};
use crate::round::talk::{believe, heard};
use crate::round::team::{Formed, Member, Mode, pay_at_risk};
use crate::round::utility::{
    Candidate, Proposal, Trusts, account, by_all, expected_utility, fee, is_seen_alike, success, waste,
};
use crate::scenario::parameters::{Forms, TeamWorth};
use std::cell::OnceCell;

/// A team on paper: rows of the pool, the lead first.
#[derive(Clone, Debug)]
pub(super) struct Drafted {
    pub mode: Mode,
    pub members: Vec<usize>,
    pub shares: Vec<f64>,
    /// Whether they may bid, or need others to.
    pub extent: Extent,
    /// Success that all its members see in it, once worked out.
    success: OnceCell<f64>,
}

impl Drafted {
    fn new(mode: Mode, members: Vec<usize>, shares: Vec<f64>) -> Self {
        Self { mode, members, shares, extent: Extent::Whole, success: OnceCell::new() }
    }

    /// A lead that looks for partners.
    pub fn lone(mode: Mode, lead: usize) -> Self {
        Self { extent: Extent::Core, ..Self::new(mode, vec![lead], vec![1.0]) }
    }
}

impl<'a> Pool<'a> {
    /// A team of these, lead first, if it may bid and could be ready, or else, where cores are looked for, the core of a
    /// larger one, weighed as if the others it needs were found.
    pub(super) fn draft(&self, mode: Mode, rows: &[usize], extent: Extent) -> Option<Drafted> {
        let core = || (extent == Extent::Core).then(|| self.team(mode, rows, Extent::Core)).flatten();
        self.team(mode, rows, Extent::Whole).or_else(core)
    }

    /// A team of these, or its core: turnover, staff and working capital are those of all together. That the ceiling
    /// pays for the work need not be asked: each of them would do all of it for less, or would not be here.
    fn team(&self, mode: Mode, rows: &[usize], extent: Extent) -> Option<Drafted> {
        let members: Vec<&Candidate> = rows.iter().map(|&row| &self.candidates[row]).collect();
        let needed = self.setting.fte(self.stakes.hours);
        let shares = shares(&self.stakes, mode, &members, needed, extent)?;
        let Tender { ceiling, term, .. } = *self.tender;
        let yearly = ceiling.value() * self.setting.world.calendar.rounds_per_year().min(f64::from(term));
        let income: f64 = members.iter().map(|member| member.income).sum();
        let means: f64 = members.iter().map(|member| member.means).sum();
        let cost: f64 =
            members.iter().zip(&shares).map(|(member, share)| share * member.hour_cost).sum::<f64>()
                * self.stakes.hours;
        let unpaid = cost * self.unpaid_share;
        let able = income >= yearly * self.tender.turnover_multiple(self.rules)
            && (unpaid == 0.0 || means >= unpaid);
        let may_bid = able || extent == Extent::Core;
        (may_bid && self.is_ready(rows))
            .then(|| Drafted { extent, ..Drafted::new(mode, rows.to_vec(), shares) })
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

    /// What bidding alone is worth: nothing where it is not possible, or not worth while.
    pub(super) fn worth_alone(&self, row: usize) -> f64 {
        let Candidate { alone, writes, .. } = self.candidates[row];
        if !(alone && writes) || self.rules.forms == Forms::Alliance {
            return 0.0;
        }
        let alone = Drafted::new(Mode::Solo, vec![row], vec![1.0]);
        self.worth(&alone, 0).max(0.0)
    }

    /// What a team is worth to one of its members before it bids, costs and the chance of winning counted.
    pub(super) fn worth(&self, team: &Drafted, place: usize) -> f64 {
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
        let at_risk = pay_at_risk(proposal.mode, judged, proposal.shares[judged]);
        effort::means_to_work(other.behaviour, self.rules, at_risk, other.motives.purpose)
    }

    /// The team as it bids: the lead, then partners in order of id.
    pub(super) fn formed(&self, team: &Drafted) -> Formed {
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
            account: account(&self.stakes, &proposal, &success, &trust),
            by_all: by_all(self.rules),
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
