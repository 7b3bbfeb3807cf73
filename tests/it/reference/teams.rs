//! Teams told again: who meets whom, who proposes, who accepts, and what a lead does with its promise.

use super::market::{Bid, Member, Prospect, Reference, Tender, efforts, expected_pay};
use super::produce::{Mode, Worker, chances, shapley};
use super::worth::{Candidate, Proposal, Stakes, at_risk, fee, mean_success};
use rebalance::math::exp;
use rebalance::random::{PairDraw, Purpose, pair_uniform};
use rebalance::scenario::parameters::{EffortRule, ForceMode, Forms, ShareRule, TeamWorth, Treatment};
use rebalance::scenario::{Behaviour, Rules};
use std::cell::RefCell;

/// Charities that bid together, as places in the list of prospects, lead first.
#[derive(Clone, Debug)]
pub struct Team {
    pub mode: Mode,
    pub members: Vec<(usize, f64)>,
    pub waste: f64,
    /// Whether it pools costs.
    pub alliance: bool,
    /// What those who set the price reckon with; a charity alone has its own view.
    pub plan: Option<Plan>,
}

/// Part of the price that the lead expects to be paid; what a pound of it, and winning beside the money, are worth to all
/// members of a collaboration, or to the lead of a co-operation as if its part were all.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub pay: f64,
    pub pound: f64,
    pub worth: f64,
}

impl Team {
    pub fn alone(prospect: usize) -> Self {
        Self { mode: Mode::Solo, members: vec![(prospect, 1.0)], waste: 0.0, alliance: false, plan: None }
    }
}

/// Teams that may bid, by the prospect of their lead, and what finding them cost, by charity.
pub struct Found {
    pub teams: Vec<Option<Team>>,
    pub costs: Vec<f64>,
}

impl Reference {
    /// Who may bid: those who can alone, and the teams that form.
    pub fn find_teams(&self, tenders: &[Tender], prospects: &[Prospect], round: u32) -> Found {
        let alone = |(row, prospect): (usize, &Prospect)| {
            (prospect.alone && prospect.writes).then(|| Team::alone(row))
        };
        let teams = prospects.iter().enumerate().map(alone).collect();
        let mut found = Found { teams, costs: vec![0.0; self.charities.len()] };
        for (id, tender) in tenders.iter().enumerate() {
            let rules = self.regime(tender.area, round).rules;
            if rules.forms == Forms::Single {
                continue;
            }
            let rows: Vec<usize> = (0..prospects.len()).filter(|&row| prospects[row].tender == id).collect();
            if !rows.is_empty() {
                Pool::new(self, tender, &rules, prospects, &rows, round).form(&mut found);
            }
        }
        found
    }

    /// What each member is promised of the price, and what it gets.
    pub fn agree(&self, tender: &Tender, bid: &Bid, price: f64, round: u32) -> Vec<Member> {
        let rules = self.regime(tender.area, round).rules;
        let kept = if bid.mode == Mode::CoOperation { fee(&rules) } else { 0.0 };
        let mut members: Vec<Member> = bid
            .workers
            .iter()
            .map(|&(charity, work)| {
                let promised = work * (1.0 - kept);
                Member { charity, work, promised, allocated: promised }
            })
            .collect();
        if bid.mode != Mode::CoOperation {
            return members;
        }
        let cut = self.regime(self.charities[bid.charity].home, round).behaviour.cut_max.value();
        let (mut promised, mut allocated) = (0.0, 0.0);
        for place in 1..members.len() {
            if !self.keeps_promise(tender, &rules, &members, place, price, round) {
                members[place].allocated *= 1.0 - cut * (1.0 - rules.open_book.value());
            }
            promised += members[place].promised;
            allocated += members[place].allocated;
        }
        members[0].promised = 1.0 - promised;
        members[0].allocated = 1.0 - allocated;
        members
    }

    /// A cut pays once; a partner, and those who hear of the cut, are lost for good.
    fn keeps_promise(
        &self,
        tender: &Tender,
        rules: &Rules,
        members: &[Member],
        place: usize,
        price: f64,
        round: u32,
    ) -> bool {
        let (lead, partner) = (&members[0], &members[place]);
        let slot = self.charities[partner.charity].slot;
        let luck = self.luck.stream::<1>(Purpose::CharityAtTender, round).raw(slot)[0];
        if pair_uniform(luck, tender.luck, PairDraw::Verified as u64) < rules.verified_partners.value() {
            return true;
        }
        let stakes = Stakes {
            rules,
            service: &self.services[tender.service],
            market: &self.markets[tender.market],
            price,
            hours: tender.hours,
            volume: tender.volume,
            term: f64::from(tender.term),
            bid_cost: 0.0,
            lots: tender.parts.iter().map(|part| part.1 * part.1).sum(),
        };
        let there =
            |charity: usize| self.candidate(charity, self.charities[charity].local(tender.area), round);
        let pair = (&there(lead.charity), &there(partner.charity));
        self.would_honour(&stakes, tender.service, pair, partner.work, partner.promised)
    }

    /// Whether a lead would rather keep a partner than cut what it promised it.
    fn would_honour(
        &self,
        stakes: &Stakes,
        service: usize,
        (lead, partner): (&Candidate, &Candidate),
        work: f64,
        promised: f64,
    ) -> bool {
        let behaviour = &lead.behaviour;
        let gain = behaviour.cut_max.value() * promised * stakes.price * stakes.term;
        let known = &self.charities[partner.charity].memory.relations;
        let offers = |charity: usize| self.charities[charity].services.contains(&service);
        let listeners = known.iter().filter(|relation| offers(relation.other)).count() as f64;
        let lost = behaviour.meet_again.value() * self.worth_of_partner(stakes, lead, partner, work).max(0.0);
        let delta = behaviour.discount_factor;
        gain * (1.0 - stakes.rules.open_book.value())
            <= delta / (1.0 - delta) * lost * (1.0 + behaviour.gossip.value() * listeners)
    }

    /// What a round with a partner is worth to a lead beyond one with a mean stranger of its size.
    fn worth_of_partner(&self, stakes: &Stakes, first: &Candidate, second: &Candidate, work: f64) -> f64 {
        let mean = self.scenario.population.ability_mean as f32;
        let stranger = Candidate { ability: [mean; 4], local: 0.0, ..second.clone() };
        let known = self.trust(first, second);
        let memory = &self.charities[first.charity].memory;
        let unknown = memory.stereotype(&first.behaviour, first.size, second.size);
        let with = |other: &Candidate, trust: f64| {
            let shares = vec![1.0 - work, work];
            let pair = Proposal { mode: Mode::CoOperation, members: vec![first, other], shares };
            pair.utility(stakes, 0, &|_, _| trust)
        };
        (with(second, known) - with(&stranger, unknown)) / stakes.term
    }
}

/// Modes in which teams may work.
fn modes(rules: &Rules, behaviour: &Behaviour) -> Vec<Mode> {
    match behaviour.force_mode {
        ForceMode::Solo => vec![],
        ForceMode::CoOperation => vec![Mode::CoOperation],
        ForceMode::Collaboration => vec![Mode::Collaboration],
        ForceMode::Free => match rules.forms {
            Forms::Single => vec![],
            Forms::Prime | Forms::Hub => vec![Mode::CoOperation],
            Forms::Alliance => vec![Mode::Collaboration],
            Forms::Any => vec![Mode::CoOperation, Mode::Collaboration],
        },
    }
}

/// A team on paper: places in the pool, lead first.
#[derive(Clone)]
struct Draft {
    mode: Mode,
    rows: Vec<usize>,
    shares: Vec<f64>,
    may_bid: bool,
}

/// An offer to one more partner: what it is worth to the lead, what the partner gains, the team with it.
#[derive(Clone)]
struct Offer {
    to_lead: f64,
    gain: f64,
    partner: usize,
    team: Draft,
}

/// Two who met, and what each would have of working together.
struct Pair {
    lead: usize,
    partner: usize,
    mode: Mode,
    to_lead: f64,
    to_partner: f64,
}

/// All who look at a tender.
struct Pool<'a> {
    world: &'a Reference,
    tender: &'a Tender,
    rules: &'a Rules,
    stakes: Stakes<'a>,
    people: Vec<Candidate>,
    needed: f64,
    unpaid: f64,
    /// Pairs of charities who have told each other what they intend.
    talked: RefCell<Vec<[usize; 2]>>,
}

impl<'a> Pool<'a> {
    fn new(
        world: &'a Reference,
        tender: &'a Tender,
        rules: &'a Rules,
        prospects: &[Prospect],
        rows: &[usize],
        round: u32,
    ) -> Self {
        let mut people = Vec::new();
        for &row in rows {
            let prospect = &prospects[row];
            let usual = world.candidate(prospect.charity, prospect.local, round);
            let overhead = f64::from(world.charities[prospect.charity].overhead);
            let counted = 1.0 + usual.behaviour.full_cost_pricing.value() * overhead;
            people.push(Candidate {
                prospect: row,
                hour_cost: prospect.hour_cost * counted,
                alone: prospect.alone,
                writes: prospect.writes,
                luck: prospect.luck,
                ..usual
            });
        }
        let market = &world.markets[tender.market];
        let stakes = Stakes {
            rules,
            service: &world.services[tender.service],
            market,
            price: tender.ceiling * market.price_ratio,
            hours: tender.hours,
            volume: tender.volume,
            term: f64::from(tender.term),
            bid_cost: prospects[rows[0]].bid_cost,
            lots: tender.parts.iter().map(|part| part.1 * part.1).sum(),
        };
        let results = rules.results_share.value();
        let late = (rules.payment_lag_weeks / world.scenario.world.round_weeks).min(1.0);
        let unpaid = late * (1.0 - results) + results;
        Self {
            world,
            tender,
            rules,
            stakes,
            people,
            needed: world.fte(tender.hours),
            unpaid,
            talked: RefCell::default(),
        }
    }

    fn form(&self, found: &mut Found) {
        let force = self.people[0].behaviour.force_mode;
        if self.rules.forms == Forms::Alliance && force != ForceMode::Solo {
            self.people.iter().for_each(|one| found.teams[one.prospect] = None);
        }
        let drafts = match force {
            ForceMode::Solo => Vec::new(),
            ForceMode::Free => self.choose(&mut found.costs),
            ForceMode::CoOperation | ForceMode::Collaboration => {
                let mode = modes(self.rules, &self.people[0].behaviour)[0];
                let pairs = (1..self.people.len()).step_by(2).map(|row| vec![row - 1, row]);
                pairs.filter_map(|pair| self.draft(mode, pair, false)).collect()
            }
        };
        for draft in drafts {
            for &row in &draft.rows {
                found.teams[self.people[row].prospect] = None;
            }
            let lead = self.people[draft.rows[0]].prospect;
            found.teams[lead] = Some(self.sign(draft));
        }
    }

    /// First teams around pairs that can bid, then teams of those left around pairs that cannot.
    fn choose(&self, costs: &mut [f64]) -> Vec<Draft> {
        let alone: Vec<f64> = (0..self.people.len()).map(|row| self.alone(row)).collect();
        let mut drafts: Vec<Draft> = Vec::new();
        for core in [false, true] {
            let taken: Vec<usize> = drafts.iter().flat_map(|draft| draft.rows.clone()).collect();
            drafts.extend(self.match_up(core, &taken, &alone, costs));
        }
        drafts
    }

    fn match_up(&self, core: bool, taken: &[usize], alone: &[f64], costs: &mut [f64]) -> Vec<Draft> {
        let all = 0..self.people.len();
        self.talk(core, taken, costs);
        let pairs = self.meet_all(core, taken, alone);
        let best = |row: usize| {
            let mut best: Option<&Pair> = None;
            for pair in pairs.iter().filter(|pair| pair.lead == row) {
                if best.is_none_or(|best| pair.to_lead > best.to_lead) {
                    best = Some(pair);
                }
            }
            best
        };
        let leads = |row: usize| {
            let Some(lead) = best(row) else { return false };
            // An offer as good goes before leading if it comes from one with a lower place.
            let asked = |pair: &Pair| {
                pair.partner == row
                    && (pair.to_partner > lead.to_lead
                        || (pair.to_partner == lead.to_lead && pair.lead <= row))
            };
            !pairs.iter().any(asked)
        };
        let leads: Vec<bool> = all.clone().map(leads).collect();
        let proposals = |row: usize| -> Vec<&Pair> {
            let mode = best(row).filter(|_| leads[row]).map(|pair| pair.mode);
            let own = pairs.iter().filter(|pair| pair.lead == row && Some(pair.mode) == mode);
            let mut own: Vec<&Pair> = own.filter(|pair| !leads[pair.partner]).collect();
            own.sort_by(|a, b| b.to_lead.total_cmp(&a.to_lead).then(a.partner.cmp(&b.partner)));
            own
        };
        let lists: Vec<Vec<&Pair>> = all.map(proposals).collect();
        let mut teams: Vec<Option<Draft>> = vec![None; lists.len()];
        let mut meetings = vec![0; lists.len()];
        loop {
            let joined: Vec<usize> =
                teams.iter().flatten().flat_map(|team| team.rows[1..].to_vec()).collect();
            let mut offers = Vec::new();
            for (lead, list) in lists.iter().enumerate() {
                let open = list.iter().filter(|pair| !joined.contains(&pair.partner));
                offers.push(
                    open.filter_map(|pair| self.offer(pair, teams[lead].as_ref(), alone, core)).collect(),
                );
            }
            let accepted = self.propose(offers, &mut meetings);
            if accepted.is_empty() {
                break;
            }
            for offer in accepted {
                let lead = offer.team.rows[0];
                teams[lead] = Some(offer.team);
            }
        }
        let teams: Vec<Draft> = teams.into_iter().flatten().filter(|team| team.may_bid).collect();
        self.book(&meetings, &teams, costs);
        teams
    }

    /// Whether one looks for partners.
    fn seeks(&self, row: usize, core: bool, taken: &[usize]) -> bool {
        let own = &self.people[row];
        own.writes
            && own.leader.may_join(&own.behaviour)
            && !taken.contains(&row)
            && own.behaviour.max_team > if core { 2 } else { 1 }
    }

    /// Open ones who meet for the first time pay for each other's word.
    fn talk(&self, core: bool, taken: &[usize], costs: &mut [f64]) {
        for row in (0..self.people.len()).filter(|&row| self.seeks(row, core, taken)) {
            for other in self.meets(row).into_iter().filter(|other| !taken.contains(other)) {
                let (one, two) = (&self.people[row], &self.people[other]);
                let pair = [one.charity.min(two.charity), one.charity.max(two.charity)];
                let open = one.leader.is_open(&one.behaviour) && two.leader.is_open(&two.behaviour);
                if open && !self.talked.borrow().contains(&pair) {
                    self.talked.borrow_mut().push(pair);
                    costs[one.charity] += one.behaviour.signal_cost_gbp.value();
                    costs[two.charity] += two.behaviour.signal_cost_gbp.value();
                }
            }
        }
    }

    /// What one thinks of another's word, after all that it knows of it.
    fn trust(&self, proposal: &Proposal, judge: &Candidate, other: &Candidate) -> f64 {
        let trust = self.world.trust(judge, other);
        let pair = [judge.charity.min(other.charity), judge.charity.max(other.charity)];
        if !self.talked.borrow().contains(&pair) || judge.behaviour.force_trust >= 0.0 {
            return trust;
        }
        let place = |one: &Candidate| {
            proposal.members.iter().position(|m| m.charity == one.charity).expect("a member")
        };
        let (own, its) = (proposal.shares[place(judge)], proposal.shares[place(other)]);
        let good = if proposal.mode == Mode::CoOperation && place(other) == 0 {
            let promised = own * (1.0 - fee(self.rules));
            self.world.would_honour(&self.stakes, self.tender.service, (other, judge), own, promised)
        } else {
            let borne = at_risk(proposal.mode, place(other), its);
            let effort = efforts(&other.behaviour, &other.leader, self.rules, borne).0;
            other.behaviour.effort_rule != EffortRule::Rate || effort > other.behaviour.effort_min
        };
        let right = judge.behaviour.signal_accuracy.value();
        let u = pair_uniform(judge.luck ^ self.tender.luck, other.luck, PairDraw::Signal as u64);
        let says_good = other.leader.lies(&other.behaviour) || (if u < right { good } else { !good });
        let (p, q) = if says_good { (right, 1.0 - right) } else { (1.0 - right, right) };
        let both = trust * p + (1.0 - trust) * q;
        if both > 0.0 { trust * p / both } else { trust }
    }

    /// Everybody meets a few others and weighs each mode with each of them.
    fn meet_all(&self, core: bool, taken: &[usize], alone: &[f64]) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (lead, &without) in alone.iter().enumerate().filter(|(lead, _)| self.seeks(*lead, core, taken)) {
            for partner in self.meets(lead).into_iter().filter(|row| !taken.contains(row)) {
                for mode in modes(self.rules, &self.people[lead].behaviour) {
                    let Some(draft) = self.draft_or_core(mode, vec![lead, partner], core) else { continue };
                    let (to_lead, to_partner) = (self.expected(&draft, 0), self.expected(&draft, 1));
                    if to_lead > without && to_partner > alone[partner] {
                        pairs.push(Pair { lead, partner, mode, to_lead, to_partner });
                    }
                }
            }
        }
        pairs
    }

    /// First whom local staff know, then others by chance.
    fn meets(&self, lead: usize) -> Vec<usize> {
        let own = &self.people[lead];
        let places = own.behaviour.meet as usize;
        let treated = own.leader.takes_part(&own.behaviour, Treatment::Delegate);
        let by_staff = if treated { 1.0 } else { own.behaviour.delegation.value() };
        let by_staff = libm::round(by_staff * places as f64) as usize;
        let memory = &self.world.charities[own.charity].memory;
        let mut others: Vec<(u16, f64, usize)> = Vec::new();
        for (row, other) in self.people.iter().enumerate().filter(|(row, _)| *row != lead) {
            if !other.leader.may_join(&other.behaviour) {
                continue;
            }
            let joint = memory.of(other.charity).map_or(0, |relation| relation.joint);
            others.push((joint, other.local, row));
        }
        others.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
        let mut met: Vec<usize> = others.iter().take(by_staff).map(|other| other.2).collect();
        // All sit in a circle; a leader meets those on its one side.
        let chance =
            |row: usize| pair_uniform(self.people[row].luck, self.tender.luck, PairDraw::Meeting as u64);
        let mut circle: Vec<usize> = (0..self.people.len()).collect();
        circle.sort_by(|&a, &b| chance(a).total_cmp(&chance(b)));
        let seat = circle.iter().position(|&row| row == lead).unwrap_or(0);
        circle.rotate_left(seat);
        let (known, others) = (met.clone(), &circle[1..]);
        let may_join = |row: &&usize| {
            let other = &self.people[**row];
            other.leader.may_join(&other.behaviour)
        };
        met.extend(others.iter().filter(may_join).filter(|row| !known.contains(row)));
        met.truncate(places);
        met
    }

    /// A partner more, if the lead gains by it and nobody would rather be without.
    fn offer(&self, pair: &Pair, team: Option<&Draft>, alone: &[f64], core: bool) -> Option<Offer> {
        let mut rows = team.map_or(vec![pair.lead], |team| team.rows.clone());
        rows.push(pair.partner);
        if rows.len() > self.people[pair.lead].behaviour.max_team as usize {
            return None;
        }
        let team_of_more = self.draft_or_core(pair.mode, rows.clone(), core)?;
        let mut least: Vec<f64> = rows.iter().map(|&row| alone[row]).collect();
        if let Some(team) = team.filter(|team| team.may_bid) {
            least[0] = self.expected(team, 0);
        }
        let worth: Vec<f64> = (0..rows.len()).map(|place| self.expected(&team_of_more, place)).collect();
        let gains = worth.iter().zip(&least).all(|(worth, least)| worth > least);
        let gain = worth[rows.len() - 1] - alone[pair.partner];
        gains.then_some(Offer { to_lead: worth[0], gain, partner: pair.partner, team: team_of_more })
    }

    /// Proposals go out, best first, until nobody who has nobody has anyone left to ask; who is asked holds on to the best
    /// offer. What is held in the end, and how often each met somebody.
    fn propose(&self, mut offers: Vec<Vec<Offer>>, meetings: &mut [usize]) -> Vec<Offer> {
        for offers in &mut offers {
            offers.sort_by(|a, b| b.to_lead.total_cmp(&a.to_lead).then(a.partner.cmp(&b.partner)));
        }
        let mut held: Vec<Option<&Offer>> = vec![None; offers.len()];
        let mut asked = vec![0; offers.len()];
        let lead_of = |offer: &Offer| offer.team.rows[0];
        loop {
            let free = |lead: usize| !held.iter().flatten().any(|offer| lead_of(offer) == lead);
            let next = (0..offers.len()).find(|&lead| asked[lead] < offers[lead].len() && free(lead));
            let Some(lead) = next else { break };
            let offer = &offers[lead][asked[lead]];
            asked[lead] += 1;
            meetings[lead] += 1;
            meetings[offer.partner] += 1;
            let better = held[offer.partner].is_none_or(|kept| {
                offer.gain > kept.gain || (offer.gain == kept.gain && lead < lead_of(kept))
            });
            if better && offer.gain > 0.0 {
                held[offer.partner] = Some(offer);
            }
        }
        held.into_iter().flatten().cloned().collect()
    }

    /// Who asks and who is asked pay for the meeting; lead and partner for the agreement.
    fn book(&self, meetings: &[usize], teams: &[Draft], costs: &mut [f64]) {
        for (row, &met) in meetings.iter().enumerate() {
            let Candidate { charity, behaviour, .. } = &self.people[row];
            let mut agreed = 0;
            for team in teams {
                agreed += if team.rows[0] == row { team.rows.len() - 1 } else { 0 };
                agreed += usize::from(team.rows[1..].contains(&row));
            }
            let meeting = met as f64 * behaviour.meeting_cost_gbp.value();
            costs[*charity] += meeting + agreed as f64 * behaviour.agreement_cost_gbp.value();
        }
    }

    fn proposal(&self, draft: &Draft) -> Proposal<'_> {
        let members = draft.rows.iter().map(|&row| &self.people[row]).collect();
        Proposal { mode: draft.mode, members, shares: draft.shares.clone() }
    }

    fn expected(&self, draft: &Draft, place: usize) -> f64 {
        if self.people[draft.rows[place]].behaviour.team_worth == TeamWorth::Drawn {
            let luck = |place: usize| self.people[draft.rows[place]].luck;
            let with = if place == 0 { 1 } else { 0 };
            return match draft.mode {
                Mode::Solo => 0.0,
                _ => {
                    let own = luck(place) ^ self.tender.luck;
                    pair_uniform(own, luck(with), PairDraw::Worth as u64) + f64::from(u8::from(place == 0))
                }
            };
        }
        let proposal = self.proposal(draft);
        let trust = |judge: &Candidate, other: &Candidate| self.trust(&proposal, judge, other);
        proposal.expected(&self.stakes, place, &trust)
    }

    fn alone(&self, row: usize) -> f64 {
        if self.people[row].alone && self.people[row].writes && self.rules.forms != Forms::Alliance {
            let alone = Draft { mode: Mode::Solo, rows: vec![row], shares: vec![1.0], may_bid: true };
            self.expected(&alone, 0).max(0.0)
        } else {
            0.0
        }
    }

    /// A team that may bid, or else, where those are looked for, one that needs others.
    fn draft_or_core(&self, mode: Mode, rows: Vec<usize>, core: bool) -> Option<Draft> {
        let whole = self.draft(mode, rows.clone(), false);
        if whole.is_none() && core { self.draft(mode, rows, true) } else { whole }
    }

    /// A team of these, if together they have turnover, staff, money and time.
    fn draft(&self, mode: Mode, rows: Vec<usize>, core: bool) -> Option<Draft> {
        let shares = self.shares(mode, &rows, core)?;
        let (mut income, mut means, mut hour) = (0.0, 0.0, 0.0);
        for (&row, share) in rows.iter().zip(&shares) {
            income += self.people[row].income;
            means += self.people[row].means;
            hour += share * self.people[row].hour_cost;
        }
        let rounds = self.world.rounds_per_year.min(f64::from(self.tender.term));
        let yearly = self.tender.ceiling * rounds;
        let turnover = self.rules.turnover_multiple * (1.0 - self.tender.eased).max(0.0);
        let cost = hour * self.stakes.hours;
        let unpaid = cost * self.unpaid;
        let small = (unpaid > 0.0 && means < unpaid) || income < yearly * turnover;
        ((core || !small) && self.is_ready(&rows)).then_some(Draft { mode, rows, shares, may_bid: !core })
    }

    fn is_ready(&self, rows: &[usize]) -> bool {
        let lead = &self.people[rows[0]];
        if lead.behaviour.preparation_weeks == 0.0 {
            return true;
        }
        let capacity = self.world.charities[lead.charity].capacity;
        let faster = 1.0 + lead.behaviour.preparation_per_fte * capacity;
        let preparation = lead.behaviour.preparation_weeks / faster;
        let longer = 1.0 + lead.behaviour.preparation_per_partner * (rows.len() as f64 - 1.0);
        let notice = self.rules.notice_weeks.value() * (1.0 + self.tender.eased) / longer;
        let u = pair_uniform(lead.luck, self.tender.luck, PairDraw::Readiness as u64);
        u <= 1.0 - exp(-notice / preparation)
    }

    fn shares(&self, mode: Mode, rows: &[usize], core: bool) -> Option<Vec<f64>> {
        let spare: Vec<f64> =
            rows.iter().map(|&row| self.people[row].spare.min(self.needed).max(0.0)).collect();
        let all: f64 = spare.iter().sum();
        let n = rows.len();
        if self.needed <= 0.0 || all <= 0.0 || (all < self.needed && !core) {
            return None;
        }
        let shares: Vec<f64> = match self.people[rows[0]].behaviour.share_rule {
            ShareRule::Hours => spare.iter().map(|spare| spare / all).collect(),
            ShareRule::Equal => vec![1.0 / n as f64; n],
            ShareRule::Shapley => {
                let added = shapley(n, |inside| self.achieve(mode, rows, inside));
                let added: Vec<f64> = added.into_iter().map(|added| added.max(0.0)).collect();
                let whole: f64 = added.iter().sum();
                added.iter().map(|part| if whole > 0.0 { part / whole } else { 1.0 / n as f64 }).collect()
            }
        };
        let fits = |place: usize| {
            let staffed = shares[place] * self.needed <= spare[place] * (1.0 + 1e-9);
            shares[place] >= 0.02 && (core || staffed)
        };
        (0..n).all(fits).then_some(shares)
    }

    /// Success of some of the members with equal parts.
    fn achieve(&self, mode: Mode, rows: &[usize], inside: &[usize]) -> f64 {
        if inside.is_empty() {
            return 0.0;
        }
        let mut workers = Vec::new();
        for &place in inside {
            let member = &self.people[rows[place]];
            let lift = 1.0 + member.behaviour.local_gain * member.local;
            workers.push(Worker::new(1.0 / inside.len() as f64, &member.ability, lift));
        }
        let behaviour = &self.people[rows[0]].behaviour;
        mean_success(self.stakes.service, chances(behaviour, self.stakes.service, mode, &workers, 0.0))
    }

    /// The team as it bids: partners in order of their numbers.
    fn sign(&self, draft: Draft) -> Team {
        let mut members: Vec<(usize, f64)> = draft.rows.into_iter().zip(draft.shares).collect();
        members[1..].sort_by_key(|&(row, _)| row);
        let (rows, shares) = members.iter().copied().unzip();
        let proposal = Draft { rows, shares, ..draft };
        let proposal = self.proposal(&proposal);
        let trust = |judge: &Candidate, other: &Candidate| self.trust(&proposal, judge, other);
        let pay = expected_pay(self.rules, proposal.success_seen(&self.stakes, 0, &trust));
        let mut pound = proposal.pound(&self.stakes, 0, &trust);
        let mut worth = proposal.beside_money(&self.stakes, 0, &trust);
        if draft.mode == Mode::Collaboration {
            for place in 1..members.len() {
                pound += proposal.pound(&self.stakes, place, &trust);
                worth += proposal.beside_money(&self.stakes, place, &trust);
            }
        } else {
            pound /= members[0].1;
            worth /= members[0].1;
        }
        let plan = Plan { pay, pound, worth };
        let prospects = members.iter().map(|&(row, share)| (self.people[row].prospect, share));
        let alliance = draft.mode == Mode::Collaboration && self.rules.forms == Forms::Alliance;
        let waste = proposal.waste();
        Team { mode: draft.mode, members: prospects.collect(), waste, alliance, plan: Some(plan) }
    }
}
