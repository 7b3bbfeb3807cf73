//! The market told again with objects and loops, as plainly as possible and without regard to speed.
//!
//! It shares units, math, the calendar, random addresses and the scenario's types with the engine, and calls
//! nothing of its rounds. Where the two differ, one of them is wrong.

use super::leaders::{Leader, Memory};
use super::produce::{Mode, Worker, chances};
use super::teams::Team;
use super::worth::{at_risk, aversion, blend, credit, joint_claim, mean_success};
use rebalance::calendar::Calendar;
use rebalance::ids::{Id, ServiceId};
use rebalance::math::{exp, gumbel_quantile, ln, logistic, normal_quantile, poisson_quantile, pow};
use rebalance::random::{Luck, PairDraw, Purpose, newcomer_slot, pair_uniform};
use rebalance::scenario::parameters::{
    ArrivalLaw, AwardMethod, Beliefs, Bidding, CostStructure, EffortRule, Entry, ForceMode, Forms,
    FoundingLaw, NoiseLaw, Packaging, PaymentRule, PriceFormula, PurposeKind, PushRule, QualityLaw,
    ReservedFor, Treatment, ZeroIntelligenceLaw,
};
use rebalance::scenario::{Behaviour, Regime, Rules, Scenario};
use rebalance::world::contracts::{OutsideLot, Pace};
use std::collections::BTreeSet;

/// Skills.
pub const SKILLS: usize = 4;

/// How far a charity looks for tenders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    Home,
    Region,
    Country,
}

#[derive(Clone, Debug)]
pub struct Town {
    /// Its place in the whole country.
    pub address: usize,
    pub names: Vec<String>,
    pub region: usize,
    pub arrived: u32,
}

#[derive(Clone, Debug)]
pub struct Service {
    pub skill_weights: [f64; SKILLS],
    pub complexity: [f64; SKILLS],
    pub hours_per_person: f64,
}

#[derive(Clone, Debug)]
pub struct Charity {
    pub slot: u64,
    pub home: usize,
    pub reach: Reach,
    pub services: Vec<usize>,
    pub ability: [f32; SKILLS],
    pub writing: f32,
    pub overhead: f32,
    pub known: Vec<(usize, f32)>,
    pub rooted: f32,
    pub reserves_policy: f32,
    /// Place of its home, if that lies outside: a number beyond the towns.
    pub away: Option<usize>,
    pub voluntary: f64,
    pub spending: f64,
    pub reserves: f64,
    pub capacity: f64,
    pub unit_cost: f64,
    pub receipts: [f64; 4],
    pub income: f64,
    pub committed: f64,
    pub wins: u32,
    pub merged_into: Option<usize>,
    pub rounds_in_debt: u32,
    pub open: bool,
    pub leader: Leader,
    pub memory: Memory,
}

impl Charity {
    pub fn local(&self, area: usize) -> f64 {
        self.known.iter().find(|(known, _)| *known == area).map_or(0.0, |(_, level)| f64::from(*level))
    }

    /// Where its home is, in this world or beyond it.
    pub fn place(&self) -> usize {
        self.away.unwrap_or(self.home)
    }

    /// Whether a tender is for work at its home.
    fn is_at_home(&self, tender: &Tender) -> bool {
        match (tender.outside, self.away) {
            (Some((place, _)), Some(home)) => place == home,
            (None, None) => tender.area == self.home,
            _ => false,
        }
    }

    /// Local knowledge where a tender's work in an area is.
    fn local_at(&self, tender: &Tender, area: usize) -> f64 {
        match tender.outside {
            None => self.local(area),
            Some(_) if self.is_at_home(tender) => f64::from(self.rooted),
            Some(_) => 0.0,
        }
    }

    fn mean_ability(&self, service: &Service) -> f64 {
        (0..SKILLS).map(|skill| f64::from(self.ability[skill]) * service.skill_weights[skill]).sum()
    }
}

/// Who works on a contract: its share of the work, of the price as promised, and of the price as it gets it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    pub charity: usize,
    pub work: f64,
    pub promised: f64,
    pub allocated: f64,
}

#[derive(Clone, Debug)]
pub struct Contract {
    pub mode: Mode,
    /// Those who work on it, the holder first.
    pub members: Vec<Member>,
    /// Part of everybody's time that goes into co-ordination.
    pub waste: f64,
    /// Whether costs are pooled.
    pub alliance: bool,
    /// Whether a collaboration decides by heads.
    pub by_heads: bool,
    pub price: f64,
    pub hours: f64,
    pub volume: f64,
    pub quality: f64,
    pub term: u32,
    pub rounds_left: u32,
    pub extended: bool,
    /// Main lot of the tender that it was let in.
    pub bundle: usize,
    /// Price of the whole tender that it was let in.
    pub whole_price: f64,
    pub bidders: Vec<usize>,
    pub option: usize,
}

impl Contract {
    pub fn holder(&self) -> usize {
        self.members[0].charity
    }

    fn shares(&self) -> Vec<f64> {
        self.members.iter().map(|member| member.work).collect()
    }

    fn works(&self, charity: usize) -> bool {
        self.members.iter().any(|member| member.charity == charity)
    }

    /// One charity does it all.
    fn alone(&mut self, charity: usize) {
        self.mode = Mode::Solo;
        self.members = vec![Member { charity, work: 1.0, promised: 1.0, allocated: 1.0 }];
        self.waste = 0.0;
        self.alliance = false;
    }
}

/// Pay for work done, due in the next round: to whom, how much, from which lead if not from the commissioner.
#[derive(Clone, Copy, Debug)]
pub struct Debt {
    pub to: usize,
    pub amount: f64,
    pub from: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct Lot {
    pub market: usize,
    pub value: f64,
    pub term: u32,
    pub open_from: u32,
    pub failures: u32,
    pub contract: Option<Contract>,
    /// The lot that it was cut from.
    pub cut_from: Option<usize>,
    pub previous: Option<usize>,
    pub reserved_for: Option<(usize, u32)>,
    pub owed: Vec<Debt>,
}

#[derive(Clone, Debug)]
pub struct Market {
    pub area: usize,
    pub service: usize,
    pub arrivals: f64,
    pub backlog: [f64; SKILLS],
    pub returned: [f64; SKILLS],
    pub rivals: f64,
    pub price_ratio: f64,
    pub rival_score: f64,
    pub success: f64,
    pub prevention: f64,
    pub uplift: f64,
    pub framework: Option<Framework>,
    /// Who bid what share of the ceiling in past tenders.
    pub past: Vec<Vec<(usize, f64)>>,
}

/// Members of a framework with their terms, and when it ends.
#[derive(Clone, Debug)]
pub struct Framework {
    pub members: Vec<Place>,
    pub until: u32,
}

#[derive(Clone, Debug)]
pub struct Place {
    pub charity: usize,
    pub ratio: f64,
    pub quality: f64,
    pub claim: f64,
    pub social: f64,
}

/// A call for bids.
#[derive(Clone, Debug)]
pub struct Tender {
    /// Lots, each with its part of the work.
    pub parts: Vec<(usize, f64)>,
    /// Hours and people of each part.
    pub pieces: Vec<(f64, f64)>,
    pub call_off: bool,
    /// Place of its lot in the country and region, if that lies outside.
    pub outside: Option<(usize, usize)>,
    pub lot: usize,
    pub market: usize,
    pub area: usize,
    pub service: usize,
    pub ceiling: f64,
    pub hours: f64,
    pub volume: f64,
    pub term: u32,
    pub luck: u64,
    /// Part by which notice is longer and the threshold of turnover lower.
    pub eased: f64,
}

/// A charity that looks at a tender.
#[derive(Clone, Debug)]
pub struct Prospect {
    pub charity: usize,
    pub tender: usize,
    pub luck: u64,
    pub hour_cost: f64,
    pub ability: f64,
    pub local: f64,
    pub bid_cost: f64,
    /// Worth beside money and risk; what risk costs.
    pub worth: f64,
    pub risk: f64,
    /// Part of the price that it expects to be paid.
    pub pay: f64,
    /// What a pound of revenue is worth to its leader beside the pound.
    pub regard: f64,
    /// Whether it could bid alone.
    pub alone: bool,
    /// Whether it has people to write the bid.
    pub writes: bool,
    /// Whether it may join a team.
    pub joins: bool,
    pub expected: f64,
    pub refused: bool,
}

#[derive(Clone, Debug)]
pub struct Bid {
    pub charity: usize,
    pub price: f64,
    pub quality: f64,
    pub claim: f64,
    pub writing: f64,
    pub social: f64,
    pub cost: f64,
    pub luck: u64,
    pub mode: Mode,
    /// Those who would work, with their shares, the bidder first.
    pub workers: Vec<(usize, f64)>,
    pub waste: f64,
    /// Whether costs are pooled.
    pub alliance: bool,
}

/// Charities that may bid together, or one alone.
struct Bidder<'a> {
    team: &'a Team,
    members: Vec<&'a Prospect>,
    shares: Vec<f64>,
}

impl<'a> Bidder<'a> {
    fn new(team: &'a Team, prospects: &'a [Prospect]) -> Self {
        let (rows, shares): (Vec<usize>, Vec<f64>) = team.members.iter().copied().unzip();
        Self { team, members: rows.into_iter().map(|row| &prospects[row]).collect(), shares }
    }

    fn lead(&self) -> &'a Prospect {
        self.members[0]
    }

    fn blend(&self, value: impl Fn(&Prospect) -> f64) -> f64 {
        blend(&self.shares, |place| value(self.members[place]))
    }

    /// All members of a collaboration set the price; else the lead does, as if all the work were its own.
    fn of_price_setters(&self, value: impl Fn(&Prospect) -> f64) -> f64 {
        if self.team.mode == Mode::Collaboration { self.blend(value) } else { value(self.lead()) }
    }

    fn local(&self) -> f64 {
        self.blend(|member| member.local)
    }

    /// Part of the price that it expects to be paid.
    fn pay(&self) -> f64 {
        self.team.plan.map_or(self.lead().pay, |plan| plan.pay)
    }

    /// What a pound of revenue is worth to its lead.
    fn pound(&self) -> f64 {
        self.team.plan.map_or(self.lead().pay * self.lead().regard, |plan| plan.pound)
    }

    /// What winning is worth beside the money.
    fn worth(&self) -> f64 {
        self.team.plan.map_or(self.lead().worth - self.lead().risk, |plan| plan.worth)
    }

    fn collaboration(&self) -> f64 {
        if self.team.mode == Mode::Collaboration { 1.0 } else { 0.0 }
    }
}

/// What became of a tender: its lot, and winner with price, if any.
pub type Decision = (usize, Option<(usize, f64)>);

/// What a round left behind, to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    pub decisions: Vec<Decision>,
    pub outcomes: Vec<f64>,
    pub reserves: Vec<f64>,
    /// Who works on the contract of each lot.
    pub members: Vec<Vec<Member>>,
    pub minds: Vec<Mind>,
    /// By which option each commissioner goes.
    pub options: Vec<usize>,
}

/// What working together changes in a charity.
#[derive(Clone, Debug, PartialEq)]
pub struct Mind {
    pub ability: [f32; SKILLS],
    pub identity: [f32; 2],
    pub learned_fear: [f32; 3],
    pub seeks: bool,
    pub memory: Memory,
}

/// Services and reach that a replacement takes over.
pub type Kind = (Vec<usize>, Reach);

/// The rest of a country: the calendar of its tenders, and how many came up here against it.
pub struct Elsewhere {
    pub pace: Pace,
    pub came: f64,
    pub expected: f64,
    pub lots: Vec<OutsideLot>,
}

pub struct Reference {
    pub scenario: Scenario,
    pub luck: Luck,
    pub rounds_per_year: f64,
    pub towns: Vec<Town>,
    pub services: Vec<Service>,
    pub markets: Vec<Market>,
    pub lots: Vec<Lot>,
    pub charities: Vec<Charity>,
    /// What there is beside this world, where it is a part of a country.
    pub elsewhere: Option<Elsewhere>,
    /// What the commissioner of an area believes of a charity: mean, variance, round of the last sight.
    pub beliefs: std::collections::BTreeMap<(usize, usize), (f32, f32, u32)>,
    /// By which option of the menu a commissioner goes, and by which from the next round on.
    pub options: Vec<usize>,
    pub next_options: Vec<usize>,
    /// By area and option: places, outcomes and money of the year, and what the commissioner thinks of it.
    pub of_options: Vec<Vec<([f64; 3], Option<f64>)>>,
    /// Draws a newly founded charity: home, services and reach to take over if it replaces one.
    pub founder: fn(&Self, usize, Option<Kind>, u64) -> Charity,
}

impl Reference {
    /// Rules and behaviour in an area: the scenario's, changed by every reform that has begun there.
    pub fn regime(&self, area: usize, round: u32) -> Regime {
        let town = &self.towns[area];
        let mut regime = self.scenario.regime.clone();
        for reform in &self.scenario.reforms {
            let named = reform.areas.iter().any(|name| town.names.contains(name));
            if reform.from_round <= round && (named || reform.areas.is_empty()) {
                regime = regime.with(&reform.changes);
            }
        }
        match self.options[area] {
            0 => regime,
            option => regime.with(&self.scenario.menu[option - 1].changes),
        }
    }

    /// Places where charities are at home: towns, then what lies outside.
    pub fn places(&self) -> usize {
        self.charities.iter().map(Charity::place).max().unwrap_or(0).max(self.towns.len() - 1) + 1
    }

    pub fn calendar(&self) -> Calendar {
        Calendar::new(self.scenario.world.round_weeks)
    }

    pub fn fte(&self, hours: f64) -> f64 {
        hours * self.rounds_per_year / self.scenario.population.hours_per_fte
    }

    pub fn staff_limit(&self, charity: usize, round: u32) -> f64 {
        let charity = &self.charities[charity];
        charity.capacity * (1.0 + self.regime(charity.home, round).behaviour.stretch)
    }

    /// Plays a round from beginning to end.
    pub fn play(&mut self, round: u32) -> Round {
        self.redraw_costs(round);
        self.cut_lots(round);
        let arrivals = self.arrivals(round);
        let tenders = self.call_tenders(round);
        let (prospects, refusals) = self.look_for_tenders(&tenders, round);
        let found = self.find_teams(&tenders, &prospects, round);
        let bids = self.make_bids(&tenders, &prospects, &found.teams, round);
        let scores_of_losers = self.award(&tenders, &bids, round);
        let decisions = self.decisions(&tenders, &scores_of_losers);
        let community = self.community_work(&arrivals, round);
        let (served, outcomes) = self.deliver(&arrivals, round);
        self.settle(&arrivals, &served, &bids, &found.costs, round);
        self.learn(&tenders, &bids, &scores_of_losers, (&served, &outcomes, &community), round);
        self.count_results(&tenders, &decisions, &outcomes, round);
        self.answer_refusals(&tenders, &bids, &refusals, round);
        self.adapt(round);
        self.close_and_found(&served, round);
        let reserves = self.charities.iter().map(|charity| charity.reserves).collect();
        let members =
            self.lots.iter().map(|lot| lot.contract.as_ref().map(|contract| contract.members.clone()));
        let members = members.map(Option::unwrap_or_default).collect();
        let mind = |charity: &Charity| Mind {
            ability: charity.ability,
            identity: charity.leader.identity,
            learned_fear: charity.leader.learned,
            seeks: charity.leader.seeks,
            memory: charity.memory.clone(),
        };
        let minds = self.charities.iter().map(mind).collect();
        self.end_round(round);
        Round { decisions, outcomes, reserves, members, minds, options: self.next_options.clone() }
    }

    fn redraw_costs(&mut self, round: u32) {
        let listed = !self.scenario.population.cost_values_gbp.is_empty();
        if listed || !self.scenario.regime.behaviour.cost_redraw {
            return;
        }
        for row in 0..self.charities.len() {
            let [u] = self.luck.stream::<1>(Purpose::Costs, round).uniforms(self.charities[row].slot);
            self.charities[row].unit_cost =
                super::start::unit_cost(&self.scenario.population, self.charities[row].income, u);
        }
    }

    fn arrivals(&self, round: u32) -> Vec<[f64; SKILLS]> {
        let mut arrivals = Vec::new();
        for market in &self.markets {
            let address = self.towns[market.area].address * self.services.len() + market.service;
            let [u] = self.luck.stream::<1>(Purpose::Arrivals, round).uniforms(address as u64);
            let rate = market.arrivals * (1.0 - market.prevention);
            let people = match self.scenario.market.arrival_law {
                ArrivalLaw::Poisson => poisson_quantile(u, rate),
                ArrivalLaw::Fixed => rate,
            };
            let mix = self.services[market.service].complexity;
            arrivals.push([0, 1, 2, 3].map(|class| people * mix[class] + market.returned[class]));
        }
        arrivals
    }

    fn is_due(&self, row: usize, round: u32) -> bool {
        self.lots[row].contract.is_none() && self.lots[row].open_from <= round
    }

    /// Contracts reserved for mutuals run for at most five years.
    fn longest(&self, rules: &Rules) -> u32 {
        match rules.reserved {
            ReservedFor::Mutual => ((5.0 * self.rounds_per_year) as u32).max(1),
            _ => u32::MAX,
        }
    }

    fn cut_lots(&mut self, round: u32) {
        for row in 0..self.lots.len() {
            let rules = self.regime(self.markets[self.lots[row].market].area, round).rules;
            if rules.packaging == Packaging::CutLots && self.is_due(row, round) {
                let lot = &self.lots[row];
                let drawn = if rules.term_rounds > 0 { rules.term_rounds } else { lot.term };
                let term = drawn.min(self.longest(&rules));
                let value = lot.value / f64::from(lot.term) * f64::from(term);
                let whole = lot.cut_from.unwrap_or(row);
                let parts =
                    (0..self.lots.len()).filter(|&part| self.lots[part].cut_from.unwrap_or(part) == whole);
                let most = 1001.0 - parts.count() as f64;
                let pieces = (value / rules.lot_size_gbp.value()).ceil().clamp(1.0, most.max(1.0));
                self.lots[row].value /= pieces;
                for _ in 1..pieces as u32 {
                    let cut_from = Some(self.lots[row].cut_from.unwrap_or(row));
                    let piece = Lot { open_from: round, cut_from, ..self.lots[row].clone() };
                    self.lots.push(piece);
                }
            }
        }
    }

    fn call_tenders(&self, round: u32) -> Vec<Tender> {
        let mut rows: Vec<usize> = (0..self.lots.len()).filter(|&row| self.is_due(row, round)).collect();
        rows.sort_by_key(|&row| self.lots[row].market);
        let mut tenders: Vec<Tender> = rows.into_iter().map(|row| self.tender_for(row, round)).collect();
        for area in 0..self.towns.len() {
            let weighting = self.regime(area, round).rules.need_weighting;
            if weighting == 0.0 {
                continue;
            }
            let need = |tender: &Tender| {
                let market = &self.markets[tender.market];
                let waiting: f64 = market.backlog.iter().sum();
                if market.arrivals == 0.0 { 1.0 } else { pow(1.0 + waiting / market.arrivals, weighting) }
            };
            let local = || tenders.iter().filter(|tender| tender.area == area);
            let money: f64 = local().map(|tender| tender.hours).sum();
            let weighted: f64 = local().map(|tender| tender.hours * need(tender)).sum();
            for tender in tenders.iter_mut().filter(|tender| tender.area == area) {
                let factor = need(tender) * (money / weighted);
                tender.hours *= factor;
                tender.ceiling *= factor;
                tender.volume *= factor;
                tender.pieces = vec![(tender.hours, tender.volume)];
            }
        }
        let mut tenders = self.bundle(tenders, round);
        for tender in &mut tenders {
            let framework = self.regime(tender.area, round).rules.award == AwardMethod::Framework;
            let members = self.markets[tender.market].framework.as_ref();
            tender.call_off = framework && members.is_some_and(|framework| round < framework.until);
        }
        tenders
    }

    /// Which bundle a market belongs to, and rounds until its date.
    fn bundle_of(&self, market: usize, round: u32) -> Option<((u32, usize), u32)> {
        let Market { area, service, .. } = self.markets[market];
        let rules = self.regime(area, round).rules;
        let key = match rules.packaging {
            Packaging::AsDrawn | Packaging::CutLots => return None,
            Packaging::BundleLots => (0, market),
            Packaging::BundleServices => (1, area),
            Packaging::BundleAreas => (2, self.towns[area].region * self.services.len() + service),
        };
        let offset = if self.scenario.market.staggered { key.1 as u32 % rules.bundle_rounds } else { 0 };
        let mut wait = 0;
        while (round + wait) % rules.bundle_rounds != offset {
            wait += 1;
        }
        Some((key, wait))
    }

    /// Rounds from the next round to the date of a bundle, by the rules of this round.
    fn rounds_to_bundle(&self, market: usize, round: u32) -> Option<u32> {
        let rules = self.regime(self.markets[market].area, round).rules;
        let ((_, number), _) = self.bundle_of(market, round)?;
        let offset = if self.scenario.market.staggered { number as u32 % rules.bundle_rounds } else { 0 };
        (0..).find(|wait| (round + 1 + wait) % rules.bundle_rounds == offset)
    }

    /// Lots whose bundle's date has come go together, up to a value.
    fn bundle(&self, single: Vec<Tender>, round: u32) -> Vec<Tender> {
        let mut tenders: Vec<Tender> = Vec::new();
        let mut groups: Vec<((u32, usize), f64, Vec<Tender>)> = Vec::new();
        for mut tender in single {
            let Some((key, wait)) = self.bundle_of(tender.market, round) else {
                tenders.push(tender);
                continue;
            };
            if wait > 0 {
                tenders.push(Tender { term: wait, ..tender });
                continue;
            }
            let rules = self.regime(tender.area, round).rules;
            tender.term = rules.bundle_rounds.min(self.longest(&rules));
            let value = tender.ceiling * f64::from(tender.term);
            let limit = |group: &[Tender]| self.regime(group[0].area, round).rules.bundle_size_gbp.value();
            // The limit is that of the bundle's first lot.
            let first = groups.iter().find(|group| group.0 == key).map(|group| limit(&group.2));
            match groups.iter_mut().rev().find(|group| group.0 == key) {
                Some(group) if first.is_some_and(|first| group.1 + value <= first) => {
                    group.1 += value;
                    group.2.push(tender);
                }
                _ => groups.push((key, value, vec![tender])),
            }
        }
        for (_, _, group) in groups {
            let mut whole = group[0].clone();
            for tender in &group {
                if tender.hours > whole.hours {
                    whole = tender.clone();
                }
            }
            whole.hours = group.iter().map(|tender| tender.hours).sum();
            whole.ceiling = group.iter().map(|tender| tender.ceiling).sum();
            whole.volume = group.iter().map(|tender| tender.volume).sum();
            whole.parts = group.iter().map(|tender| (tender.lot, tender.hours / whole.hours)).collect();
            whole.pieces = group.iter().map(|tender| (tender.hours, tender.volume)).collect();
            tenders.push(whole);
        }
        tenders.sort_by_key(|tender| (tender.market, tender.lot));
        tenders
    }

    fn tender_for(&self, row: usize, round: u32) -> Tender {
        let lot = &self.lots[row];
        let luck = self.luck.stream::<1>(Purpose::TenderAtCharity, round).raw(row as u64)[0];
        let history = (f64::from(lot.failures % 3), self.markets[lot.market].uplift);
        Tender { luck, ..self.tender_of(row, lot.market, (lot.value, lot.term), history, round) }
    }

    /// The tender for a lot outside, under the rules of one here.
    fn tender_outside(&self, address: usize, lot: &OutsideLot, round: u32) -> Tender {
        let like = lot.like.row();
        let area = self.markets[self.lots[like].market].area;
        let is_there = |market: &Market| market.area == area && market.service == lot.service.row();
        let market = self.markets.iter().position(is_there).expect("a market");
        Tender {
            outside: Some((lot.place as usize, lot.region)),
            luck: self.luck.stream::<1>(Purpose::TenderAtCharity, round).raw((1 << 32) + address as u64)[0],
            ..self.tender_of(like, market, (lot.value.value(), lot.term), (0.0, 1.0), round)
        }
    }

    /// The tender for work of such a value and term, after so many failures and at such an uplift.
    fn tender_of(
        &self,
        row: usize,
        market_row: usize,
        (value, term): (f64, u32),
        (failures, offered): (f64, f64),
        round: u32,
    ) -> Tender {
        let settings = &self.scenario.market;
        let market = &self.markets[market_row];
        let rules = self.regime(market.area, round).rules;
        let reference = settings.reference_cost_gbp.value();
        let per_round = value / f64::from(term);
        let hours = per_round / (reference * settings.planning_ceiling_ratio) / offered;
        let uplift = 1.0 + settings.retry_uplift * failures;
        let volume = hours / self.services[market.service].hours_per_person;
        let term = if rules.term_rounds > 0 { rules.term_rounds } else { term };
        let term = term.min(self.longest(&rules));
        Tender {
            outside: None,
            parts: vec![(row, 1.0)],
            pieces: vec![(hours, volume)],
            call_off: false,
            lot: row,
            market: market_row,
            area: market.area,
            service: market.service,
            ceiling: reference * (hours * offered * rules.ceiling_ratio * uplift),
            hours,
            volume,
            term,
            luck: 0,
            eased: rules.eased_terms.value() * (failures + (offered - 1.0) / 0.5),
        }
    }

    /// What charities found, and the tenders that leaders refused.
    fn look_for_tenders(&mut self, tenders: &[Tender], round: u32) -> (Vec<Prospect>, Vec<(usize, usize)>) {
        // In a part of a country, the tenders of its other parts.
        let here = tenders.len();
        let mut tenders = tenders.to_vec();
        if let Some(elsewhere) = &self.elsewhere {
            let due = |lot: &OutsideLot| (round + lot.phase).is_multiple_of(lot.term);
            let due = elsewhere.lots.iter().enumerate().filter(|(_, lot)| due(lot));
            tenders.extend(due.map(|(address, lot)| self.tender_outside(address, lot, round)));
        }
        // Tenders of this world for pieces of one lot are noticed by the first of them.
        let procurement = |tender: usize| match tenders[tender].parts.as_slice() {
            [(lot, _)] if tender < here => Ok(self.lots[*lot].cut_from.unwrap_or(*lot)),
            _ => Err(tender),
        };
        let mut pieces = std::collections::BTreeMap::<_, Vec<usize>>::new();
        (0..here).for_each(|tender| pieces.entry(procurement(tender)).or_default().push(tender));
        let is_first = |tender: &usize| *tender >= here || pieces[&procurement(*tender)][0] == *tender;
        // How many tenders come up here against the calendar, over the last years.
        let services = |tender: &Tender| {
            let markets = tender.parts.iter().map(|&(lot, _)| self.markets[self.lots[lot].market].service);
            markets.collect::<std::collections::BTreeSet<usize>>().len()
        };
        let listed = (0..here).filter(is_first).filter(|&tender| !tenders[tender].call_off);
        let listed: usize = listed.map(|tender| services(&tenders[tender])).sum();
        let memory = 1.0 - 1.0 / (self.scenario.market.busy_years * self.rounds_per_year);
        if let Some(elsewhere) = &mut self.elsewhere {
            elsewhere.came = memory * elsewhere.came + listed as f64;
            elsewhere.expected = memory * elsewhere.expected + elsewhere.pace.here();
        }
        let mut all = Vec::new();
        let mut refusals = Vec::new();
        for (row, charity) in self.charities.iter().enumerate() {
            if !charity.open {
                continue;
            }
            let behaviour = self.regime(charity.home, round).behaviour;
            let luck = self.luck.stream::<1>(Purpose::CharityAtTender, round).raw(charity.slot)[0];
            let wanted = behaviour.attention_base + behaviour.attention_per_fte * charity.capacity;
            let attention = wanted.min(behaviour.attention_max) as usize;
            let mut seen = Vec::new();
            for &service in &charity.services {
                let at_home = |tender: usize| charity.is_at_home(&tenders[tender]);
                let market_of = |lot: usize| &self.markets[self.lots[lot].market];
                // A bundle is offered under the service of each of its lots.
                let region_of = |lot: usize| self.towns[market_of(lot).area].region;
                let parts = |tender: usize| {
                    let tender = &tenders[tender];
                    let own = tender.parts.iter().map(|&(lot, _)| match tender.outside {
                        None => (market_of(lot).service, region_of(lot)),
                        Some((_, region)) => (tender.service, region),
                    });
                    own.filter(|&(of, _)| of == service).collect::<Vec<_>>()
                };
                let offered = |tender: &usize| !parts(*tender).is_empty() && !tenders[*tender].call_off;
                let listed = |tender: &usize| {
                    let of_market = |&(lot, _): &(usize, f64)| {
                        let market = &self.markets[self.lots[lot].market];
                        market.area == charity.home && market.service == service
                    };
                    let tender = &tenders[*tender];
                    charity.away.is_none() && !tender.call_off && tender.parts.iter().any(of_market)
                };
                seen.extend((0..here).filter(is_first).filter(listed).map(|tender| (tender, 0)));
                let outside = (here..tenders.len()).filter(|&tender| tenders[tender].service == service);
                seen.extend(outside.filter(|&tender| at_home(tender)).map(|tender| (tender, 1)));
                let within_reach = |tender: &usize| match charity.reach {
                    Reach::Home => false,
                    Reach::Country => true,
                    Reach::Region => {
                        let region = self.towns[charity.home].region;
                        parts(*tender).iter().any(|&(_, of)| of == region)
                    }
                };
                let mut list: Vec<usize> =
                    (0..tenders.len()).filter(|t| is_first(t) && offered(t) && within_reach(t)).collect();
                list.sort_by_key(|&tender| (tender >= here, tenders[tender].luck, tender));
                let (own, others) = list.split_at(list.partition_point(|&tender| tender < here));
                if list.is_empty() {
                    continue;
                }
                // The whole country's list: the tenders here, and those elsewhere.
                let everywhere = match &self.elsewhere {
                    None => own.len(),
                    Some(_) if others.is_empty() => own.len(),
                    Some(elsewhere) => {
                        let region =
                            (charity.reach == Reach::Region).then(|| self.towns[charity.home].region);
                        let calendar = elsewhere.pace.of(ServiceId::from_row(service), region);
                        own.len().max((calendar * (elsewhere.came / elsewhere.expected)).round() as usize)
                    }
                };
                let mut ring: Vec<(usize, u64)> = own.iter().map(|&tender| (tender, 0)).collect();
                for copy in 1.. {
                    if ring.len() >= everywhere {
                        break;
                    }
                    ring.extend(others.iter().map(|&tender| (tender, copy)));
                }
                ring.truncate(everywhere);
                if everywhere == 0 {
                    continue;
                }
                ring.rotate_left((luck % everywhere as u64) as usize);
                ring.truncate(behaviour.search_scope as usize);
                seen.extend(ring.into_iter().filter(|&(tender, _)| !at_home(tender)));
            }
            let together = |(tender, copy): (usize, u64)| -> Vec<(usize, u64)> {
                match pieces.get(&procurement(tender)) {
                    Some(pieces) => pieces.iter().map(|&piece| (piece, copy)).collect(),
                    None => vec![(tender, copy)],
                }
            };
            let mut found: Vec<Prospect> = seen
                .into_iter()
                .flat_map(together)
                .filter_map(|(tender, copy)| {
                    let luck_there = luck.wrapping_add(copy.wrapping_mul(0xd134_2543_de82_ef95));
                    self.consider(row, luck_there, tender, &tenders[tender], round)
                })
                .collect();
            let mut refused: Vec<usize> =
                found.iter().filter(|p| p.refused && p.tender < here).map(|p| p.tender).collect();
            refused.sort_unstable();
            refused.dedup();
            refusals.extend(refused.into_iter().map(|tender| (row, tender)));
            found.retain(|prospect| !prospect.refused);
            let by_worth = |a: &Prospect, b: &Prospect| {
                b.alone.cmp(&a.alone).then(b.expected.total_cmp(&a.expected)).then(a.tender.cmp(&b.tender))
            };
            found.sort_by(by_worth);
            found.dedup_by(|a, b| a.tender == b.tender && a.tender < here);
            // Pieces of a lot take one place together, as many of them as it has staff for.
            let free = self.staff_limit(row, round) - charity.committed;
            let mut answered: Vec<(_, f64)> = Vec::new();
            let (mut writes, mut others, mut passed_over) = (Vec::new(), Vec::new(), Vec::new());
            for prospect in found {
                let whole = procurement(prospect.tender);
                let fte = self.fte(tenders[prospect.tender].hours);
                match answered.iter().position(|(known, _)| *known == whole && whole.is_ok()) {
                    Some(known) if answered[known].1 + fte <= free => {
                        answered[known].1 += fte;
                        writes.push(prospect);
                    }
                    Some(_) => {}
                    None if answered.len() < attention => {
                        answered.push((whole, fte));
                        writes.push(prospect);
                    }
                    None if whole.is_ok() && passed_over.contains(&whole) => {}
                    None => {
                        passed_over.push(whole);
                        others.push(prospect);
                    }
                }
            }
            let found = writes;
            // What its bid-writers cannot answer it may still join, if others write the bid.
            others.retain(|prospect| prospect.joins);
            others.truncate(behaviour.join_attention as usize);
            others.iter_mut().for_each(|prospect| prospect.writes = false);
            all.extend(found.into_iter().chain(others).filter(|prospect| prospect.tender < here));
        }
        (all, refusals)
    }

    /// What a tender looks like to a charity that may bid for it and could deliver under the ceiling.
    fn consider(&self, row: usize, luck: u64, id: usize, tender: &Tender, round: u32) -> Option<Prospect> {
        let charity = &self.charities[row];
        let behaviour = self.regime(charity.home, round).behaviour;
        let rules = self.regime(tender.area, round).rules;
        let chance = |draw: PairDraw| pair_uniform(luck, tender.luck, draw as u64);

        if tender.ceiling * f64::from(tender.term) < rules.reserved_below_gbp.value() {
            let local = charity.is_at_home(tender);
            let small = charity.income <= rules.reserved_income_max_gbp.value();
            let allowed = match rules.reserved {
                ReservedFor::Nobody => true,
                ReservedFor::Local => local,
                ReservedFor::Small => small,
                ReservedFor::LocalSmall => local && small,
                ReservedFor::Newcomers => {
                    tender.outside.is_some() || self.lots[tender.lot].previous != Some(row)
                }
                ReservedFor::Mutual => {
                    let [kind] = self.luck.stream::<1>(Purpose::Mutual, 0).uniforms(charity.slot);
                    let lately = |won: u32| f64::from(round - won) < 3.0 * self.rounds_per_year;
                    let won = |&(lot, _): &(usize, f64)| {
                        let won_by_it = |(winner, won)| winner == row && lately(won);
                        tender.outside.is_none() && self.lots[lot].reserved_for.is_some_and(won_by_it)
                    };
                    kind < self.scenario.population.mutual_share.value() && !tender.parts.iter().any(won)
                }
            };
            if !allowed {
                return None;
            }
        }
        let offered = |_, service: usize| if charity.services.contains(&service) { 1.0 } else { 0.0 };
        if tender.parts.len() > 1 && self.over_parts(tender, offered) < rules.bundle_experience.value() {
            return None;
        }
        let local = self.over_parts(tender, |area, _| charity.local_at(tender, area));
        let yearly = tender.ceiling * self.rounds_per_year.min(f64::from(tender.term));
        let turnover = rules.turnover_multiple * (1.0 - tender.eased).max(0.0);
        let small = turnover > 0.0 && charity.income < yearly * turnover;
        let busy = charity.committed + self.fte(tender.hours) > self.staff_limit(row, round);
        let spare = self.staff_limit(row, round) - charity.committed;
        let chosen = behaviour.force_mode == ForceMode::Free && rules.forms != Forms::Single;
        let may_join = chosen && behaviour.max_team > 1 && spare > 0.0;
        let preparation = behaviour.preparation_weeks / (1.0 + 0.02 * charity.capacity);
        if behaviour.preparation_weeks > 0.0
            && chance(PairDraw::Readiness)
                > 1.0 - exp(-rules.notice_weeks.value() * (1.0 + tender.eased) / preparation)
        {
            return None;
        }
        let error = behaviour.cost_error * (1.0 - local) * (2.0 * chance(PairDraw::CostError) - 1.0);
        let hour_cost = charity.unit_cost * (1.0 + error);
        let counted = 1.0 + behaviour.full_cost_pricing.value() * f64::from(charity.overhead);
        let cost = hour_cost * (tender.hours * counted);
        let success = self.expected_success(row, tender, round);
        let (worth, risk) = self.worth_of_winning(row, tender, success, cost, round);
        let pay = expected_pay(&rules, success);
        let regard = 1.0 + charity.leader.wants(&behaviour).share * behaviour.share_weight;
        let least_alone = (cost - (worth - risk)) / (pay * regard);
        let least_together = (cost - worth) / (pay * regard);
        let late = (rules.payment_lag_weeks / self.scenario.world.round_weeks).min(1.0);
        let results = rules.results_share.value();
        let unpaid = cost * (late * (1.0 - results) + results);
        let means = charity.reserves * behaviour.risk_appetite + self.credit(row, round);
        let poor = unpaid > 0.0 && means < unpaid;
        let alone = !(small || busy || poor || least_alone > tender.ceiling);
        if least_together > tender.ceiling || !(alone || may_join) {
            return None;
        }
        let wanted = if alone { least_alone } else { least_together };
        let value = tender.ceiling * f64::from(tender.term);
        let base = behaviour.bid_cost_base_gbp.value();
        let scale = behaviour.bid_cost_scale_gbp.value();
        let anchor = behaviour.bid_cost_anchor_gbp.value();
        let growing =
            if scale == 0.0 { 0.0 } else { scale * pow(value / anchor, behaviour.bid_cost_elasticity) };
        let bid_cost = base + growing;
        let market = &self.as_known(tender);
        let ability = self.over_parts(tender, |_, service| charity.mean_ability(&self.services[service]));
        let score = planning_score(&rules, ability, local, market.price_ratio, market.price_ratio);
        let wins = chance_of_winning(&behaviour, score, market);
        let price = tender.ceiling * market.price_ratio;
        let part = if alone { 1.0 } else { 0.5 };
        let gain = wins * (price - wanted) * (pay * regard) * f64::from(tender.term);
        let expected = gain * part - bid_cost * part;
        let push_back = behaviour.push_back.value();
        let [temper] = self.luck.stream::<1>(Purpose::PushBack, 0).uniforms(charity.slot);
        let full_cost = hour_cost * (tender.hours * (1.0 + f64::from(charity.overhead)));
        let always = behaviour.push_rule == PushRule::Propensity && temper < push_back;
        let volunteers = || {
            let [market] = self.luck.stream::<1>(Purpose::Volunteers, round).raw(tender.market as u64);
            pair_uniform(luck, market, PairDraw::PushBack as u64)
                < self.chance_of_pushing(tender.market, round)
        };
        let pushes = always
            || behaviour.push_rule == PushRule::Volunteer && volunteers()
            || charity.leader.takes_part(&behaviour, Treatment::PushBack);
        let refused = pushes && tender.ceiling < full_cost * behaviour.refusal_threshold;
        Some(Prospect {
            charity: row,
            tender: id,
            luck,
            hour_cost,
            ability,
            local,
            bid_cost,
            worth,
            risk,
            pay,
            regard,
            alone,
            writes: true,
            joins: may_join,
            expected,
            refused,
        })
    }

    /// A tender's market as it is known: outside, the mean of those for the service here.
    fn as_known(&self, tender: &Tender) -> Market {
        let mut market = self.markets[tender.market].clone();
        if tender.outside.is_some() {
            let alike: Vec<&Market> =
                self.markets.iter().filter(|other| other.service == tender.service).collect();
            let mean = |of: fn(&Market) -> f64| {
                alike.iter().map(|&market| of(market)).sum::<f64>() / alike.len() as f64
            };
            market.rivals = mean(|market| market.rivals);
            market.price_ratio = mean(|market| market.price_ratio);
            market.rival_score = mean(|market| market.rival_score);
            market.success = mean(|market| market.success);
        }
        market
    }

    /// How often a leader pushes back, if all do alike and none would rather do otherwise.
    fn chance_of_pushing(&self, market: usize, round: u32) -> f64 {
        let Market { area, service, .. } = self.markets[market];
        let regime = self.regime(area, round);
        let cost = regime.behaviour.push_cost_share;
        let needed = regime.rules.push_back_threshold as i32;
        let mut n = 0;
        for charity in &self.charities {
            let at_home = charity.home == area && charity.away.is_none();
            n += i32::from(charity.open && at_home && charity.services.contains(&service));
        }
        let n = n.max(1);
        if needed > n {
            return 0.0;
        }
        let needs_me = |p: f64| {
            let mut chance = 1.0;
            for place in 1..needed {
                chance *= f64::from(n - needed + place) / f64::from(place) * p;
            }
            for _ in needed..n {
                chance *= 1.0 - p;
            }
            chance
        };
        // From certainty down, until I am needed often enough.
        if needed == n {
            return if cost < 1.0 { 1.0 } else { 0.0 };
        }
        let (mut too_rarely, mut often) = (1.0, f64::from(needed - 1) / f64::from(n - 1));
        if needs_me(often) < cost {
            return 0.0;
        }
        while too_rarely - often > 1e-13 {
            let between = (too_rarely + often) / 2.0;
            *(if needs_me(between) < cost { &mut too_rarely } else { &mut often }) = between;
        }
        often
    }

    fn expected_success(&self, row: usize, tender: &Tender, round: u32) -> f64 {
        let charity = &self.charities[row];
        let behaviour = self.regime(charity.home, round).behaviour;
        let by_results = self.regime(tender.area, round).rules.results_share.value() > 0.0;
        if !by_results && charity.leader.wants(&behaviour).purpose == 0.0 {
            return 0.0;
        }
        let mut pride = charity.leader.pride(&behaviour);
        if behaviour.belief_in_payoff {
            let rules = self.regime(tender.area, round).rules;
            pride *= efforts(&behaviour, &charity.leader, &rules, 1.0).0;
        }
        self.over_parts(tender, |area, service| {
            let lift = (1.0 + behaviour.local_gain * charity.local_at(tender, area)) * pride;
            let worker = Worker::new(1.0, &charity.ability, lift);
            let service = &self.services[service];
            mean_success(service, chances(&behaviour, service, Mode::Solo, &[worker], 0.0))
        })
    }

    /// A value over the lots of a tender, weighted by their work.
    fn over_parts(&self, tender: &Tender, value: impl Fn(usize, usize) -> f64) -> f64 {
        if tender.parts.len() == 1 {
            return value(tender.area, tender.service);
        }
        let mut total = 0.0;
        for &(lot, share) in &tender.parts {
            let market = &self.markets[self.lots[lot].market];
            total += share * value(market.area, market.service);
        }
        total
    }

    /// What winning alone is worth a round beside the money: outcomes and autonomy; and what risk costs.
    fn worth_of_winning(
        &self,
        row: usize,
        tender: &Tender,
        success: f64,
        cost: f64,
        round: u32,
    ) -> (f64, f64) {
        let charity = &self.charities[row];
        let behaviour = self.regime(charity.home, round).behaviour;
        let rules = self.regime(tender.area, round).rules;
        let market = &self.as_known(tender);
        let wants = charity.leader.wants(&behaviour);
        let value = behaviour.outcome_value_gbp.value() * wants.purpose;
        let counted = match behaviour.purpose_kind {
            PurposeKind::WarmGlow => success,
            PurposeKind::Counterfactual => (success - market.success).max(0.0),
        };
        let autonomy = tender.ceiling * (market.price_ratio * wants.ego * behaviour.autonomy_weight);
        let term = f64::from(tender.term);
        let aversion = aversion(&behaviour, wants.security, charity.income);
        let costs = behaviour.cost_risk * cost * term;
        let at_risk = rules.results_share.value() * behaviour.outcome_noise * market.price_ratio;
        let at_risk = at_risk * super::worth::spread_of_lots(&behaviour, tender);
        let results = at_risk * tender.ceiling * term;
        let risk = aversion * 0.5 * (costs * costs + results * results) / term;
        (value * (tender.volume * counted) + autonomy, risk)
    }

    pub fn credit(&self, row: usize, round: u32) -> f64 {
        let charity = &self.charities[row];
        let behaviour = self.regime(charity.home, round).behaviour;
        (charity.income * behaviour.credit_share).max(behaviour.credit_floor_gbp.value())
    }

    /// Bids per tender, in order of charity, with what each cost.
    fn make_bids(
        &self,
        tenders: &[Tender],
        prospects: &[Prospect],
        teams: &[Option<Team>],
        round: u32,
    ) -> Vec<Vec<(Bid, f64)>> {
        let mut bids = vec![Vec::new(); tenders.len()];
        for team in teams.iter().flatten() {
            let bidder = Bidder::new(team, prospects);
            let prospect = bidder.lead();
            if let Some(bid) = self.make_bid(&tenders[prospect.tender], &bidder, round) {
                bids[prospect.tender].push((bid, prospect.bid_cost));
            }
        }
        for (id, tender) in tenders.iter().enumerate().filter(|(_, tender)| tender.call_off) {
            bids[id] = self.call_members(tender, round);
        }
        if self.scenario.regime.behaviour.observe_rivals {
            for team in teams.iter().flatten() {
                let bidder = Bidder::new(team, prospects);
                let Prospect { tender, charity, .. } = *bidder.lead();
                let rivals = bids[tender].len() as f64 - 1.0;
                if let Some((bid, _)) = bids[tender].iter_mut().find(|(bid, _)| bid.charity == charity) {
                    let (_, _, price) = self.offer(&tenders[tender], &bidder, Some(rivals), round);
                    bid.price = price;
                }
            }
        }
        bids
    }

    /// Bids of the members of a framework, at their terms.
    fn call_members(&self, tender: &Tender, round: u32) -> Vec<(Bid, f64)> {
        let Some(framework) = &self.markets[tender.market].framework else { return Vec::new() };
        let mut bids = Vec::new();
        for member in framework.members.iter().filter(|member| self.charities[member.charity].open) {
            let charity = &self.charities[member.charity];
            let behaviour = self.regime(charity.home, round).behaviour;
            let work = charity.unit_cost * (tender.hours * (1.0 + f64::from(charity.overhead)));
            let reference = self.scenario.market.reference_cost_gbp.value() * tender.hours;
            let bid = Bid {
                charity: member.charity,
                price: tender.ceiling * member.ratio,
                quality: member.quality,
                claim: member.claim,
                writing: f64::from(charity.writing),
                social: member.social,
                cost: self.with_quality(&behaviour, work, reference, member.quality),
                luck: self.luck.stream::<1>(Purpose::CharityAtTender, round).raw(charity.slot)[0],
                mode: Mode::Solo,
                workers: vec![(member.charity, 1.0)],
                waste: 0.0,
                alliance: false,
            };
            bids.push((bid, 0.0));
        }
        bids.sort_by_key(|(bid, _)| bid.charity);
        bids
    }

    /// Planned quality, the cost that the bid counts less what outcomes are worth, and the price.
    fn offer(&self, tender: &Tender, bidder: &Bidder, seen: Option<f64>, round: u32) -> (f64, f64, f64) {
        let prospect = bidder.lead();
        let charity = &self.charities[prospect.charity];
        let behaviour = self.regime(charity.home, round).behaviour;
        let rules = self.regime(tender.area, round).rules;
        let market = &self.markets[tender.market];
        let chance = |draw: PairDraw| pair_uniform(prospect.luck, tender.luck, draw as u64);
        let expected = rivals(&behaviour, market);
        let rivals = seen.unwrap_or(expected);

        let standard = bidder.of_price_setters(|member| {
            let overhead = f64::from(self.charities[member.charity].overhead);
            let counted = 1.0 + behaviour.full_cost_pricing.value() * overhead;
            member.hour_cost * (tender.hours * counted)
        });
        let ability = self.claimed_ability(&rules, tender, bidder);
        let reference = self.scenario.market.reference_cost_gbp.value() * tender.hours;
        let mut quality = 1.0;
        if behaviour.planned_quality {
            let Weights { quality: reward, price, .. } = weights(&rules);
            let k = behaviour.quality_cost;
            let base = if behaviour.quality_law == QualityLaw::Additive { reference } else { standard };
            let room = tender.ceiling / base.max(1e-9);
            let wanted =
                if price == 0.0 { behaviour.quality_most } else { reward / price * room * ability / k };
            let whole_claim = 1.0 / ability.max(1e-9);
            let spare = (tender.ceiling / standard.max(1e-9) - 1.0) * (1.0 - 1.0 / (1.0 + expected));
            let affordable = libm::sqrt((1.0 + 2.0 * spare / k).max(0.0));
            let limit = if behaviour.beliefs == Beliefs::Market { affordable } else { f64::INFINITY };
            // Enough to pass a threshold, nineteen times in twenty.
            let error = if rules.noise_law == NoiseLaw::Normal {
                behaviour.pass_errors * rules.evaluation_noise
            } else {
                0.0
            };
            let pass = match rules.quality_threshold {
                0.0 => 0.0,
                threshold => (threshold + error) / ability.max(1e-9),
            };
            quality = wanted.min(whole_claim).min(limit).max(pass.min(whole_claim));
            quality = quality.clamp(behaviour.quality_least, behaviour.quality_most);
        }
        let cost =
            (self.with_quality(&behaviour, standard, reference, quality) - bidder.worth()) / bidder.pound();
        let dearest =
            self.with_quality(&behaviour, tender.ceiling, reference, quality).min(tender.ceiling).max(cost);
        let known = super::start::KnownCosts::of(&self.scenario.population, tender.hours, tender.ceiling);
        let price = match (behaviour.bidding, behaviour.beliefs) {
            (Bidding::Truthful, _) => cost,
            (Bidding::Equilibrium, Beliefs::Market) => cost + (dearest - cost) / (1.0 + rivals),
            (Bidding::Equilibrium, Beliefs::Rational)
                if behaviour.cost_structure == CostStructure::Common =>
            {
                let law = &self.scenario.population;
                let typical = (law.cost_low_gbp + law.cost_high_gbp).value() * (0.5 * tender.hours);
                cost + typical * behaviour.cost_error
            }
            (Bidding::Equilibrium, Beliefs::Rational) => {
                known.less(bidder.worth()).price(cost, rivals, prospect.bid_cost)
            }
            (Bidding::Learned, _) if market.past.is_empty() => {
                let (price, grid) = (cost + (dearest - cost) / (1.0 + rivals), behaviour.price_grid.value());
                if grid > 0.0 {
                    tender.ceiling * ((price / tender.ceiling / grid - 1e-9).ceil() * grid)
                } else {
                    price
                }
            }
            (Bidding::Learned, _) => {
                let (cost, grid) = (cost / tender.ceiling, behaviour.price_grid.value());
                tender.ceiling * best_reply(&market.past, prospect.charity, cost, grid)
            }
            (Bidding::ZeroIntelligence, _) => match behaviour.zi_law {
                ZeroIntelligenceLaw::ToCeiling => cost + (tender.ceiling - cost) * chance(PairDraw::Price),
                ZeroIntelligenceLaw::Markup => cost * (1.0 + behaviour.markup_max * chance(PairDraw::Price)),
            },
        };
        let floor = self.scenario.market.reference_cost_gbp.value() * (tender.hours * rules.price_floor);
        (quality, cost, price.max(floor).min(tender.ceiling))
    }

    /// The cost of work with a planned quality.
    fn with_quality(&self, behaviour: &Behaviour, work: f64, reference: f64, quality: f64) -> f64 {
        let extra = behaviour.quality_cost * quality * quality / 2.0;
        match behaviour.quality_law {
            _ if !behaviour.planned_quality => work,
            QualityLaw::AboveStandard => work * self.cost_of_quality(behaviour, quality),
            QualityLaw::Additive => work + reference * extra,
            QualityLaw::Multiplicative => work * extra,
        }
    }

    /// Ability that a bid claims.
    fn claimed_ability(&self, rules: &Rules, tender: &Tender, bidder: &Bidder) -> f64 {
        if bidder.team.mode == Mode::Solo {
            return bidder.lead().ability;
        }
        let abilities: Vec<[f32; SKILLS]> =
            bidder.members.iter().map(|member| self.charities[member.charity].ability).collect();
        self.over_parts(tender, |_, service| {
            joint_claim(rules, &self.services[service], &abilities, &bidder.shares)
        })
    }

    fn make_bid(&self, tender: &Tender, bidder: &Bidder, round: u32) -> Option<Bid> {
        let prospect = bidder.lead();
        let charity = &self.charities[prospect.charity];
        let behaviour = self.regime(charity.home, round).behaviour;
        let (quality, cost, price) = self.offer(tender, bidder, None, round);
        if bidder.pound() <= 0.0 || cost > tender.ceiling {
            return None;
        }
        let work = bidder.blend(|member| {
            let member = &self.charities[member.charity];
            member.unit_cost * (tender.hours * (1.0 + f64::from(member.overhead)))
        });
        let reference = self.scenario.market.reference_cost_gbp.value() * tender.hours;
        let full_cost = self.with_quality(&behaviour, work, reference, quality);
        let yearly_loss = (full_cost - price * bidder.pay()) * self.rounds_per_year;
        let years = (f64::from(tender.term) / self.rounds_per_year).max(1.0);
        let (mut income, mut reserves) = (0.0, 0.0);
        for member in &bidder.members {
            income += self.charities[member.charity].income;
            reserves += self.charities[member.charity].reserves.max(0.0);
        }
        if yearly_loss > income * behaviour.max_loss + reserves / years {
            return None;
        }
        let claim =
            (self.claimed_ability(&self.regime(tender.area, round).rules, tender, bidder) * quality).min(1.0);
        if !self.enters(tender, bidder, (cost, price, claim), round) {
            return None;
        }
        Some(Bid {
            charity: prospect.charity,
            price,
            quality,
            claim,
            writing: f64::from(charity.writing),
            social: bidder.local(),
            cost: full_cost,
            luck: prospect.luck,
            mode: bidder.team.mode,
            workers: bidder.members.iter().map(|m| m.charity).zip(bidder.shares.iter().copied()).collect(),
            waste: bidder.team.waste,
            alliance: bidder.team.alliance,
        })
    }

    /// Whether the bid, at this cost, price and claim, is made.
    fn enters(
        &self,
        tender: &Tender,
        bidder: &Bidder,
        (cost, price, claim): (f64, f64, f64),
        round: u32,
    ) -> bool {
        let prospect = bidder.lead();
        let behaviour = self.regime(self.charities[prospect.charity].home, round).behaviour;
        let rules = self.regime(tender.area, round).rules;
        let market = &self.markets[tender.market];
        if behaviour.entry == Entry::All {
            return true;
        }
        let decision = |wins: f64, gain: f64| {
            if behaviour.bid_rationality == 0.0 {
                0.5
            } else if prospect.bid_cost == 0.0 {
                if wins * gain > 0.0 { 1.0 } else { 0.0 }
            } else {
                logistic(behaviour.bid_rationality * (wins * (gain / prospect.bid_cost) - 1.0))
            }
        };
        let by_history = |price: f64, claim: f64| {
            let ratio = price / tender.ceiling;
            let score = planning_score(&rules, claim, bidder.local(), ratio, market.price_ratio);
            let score = score + weights(&rules).collaboration * bidder.collaboration();
            chance_of_winning(&behaviour, score, market)
        };
        let term = f64::from(tender.term);
        let bids = if behaviour.entry == Entry::BeforeCost {
            assert_eq!(behaviour.beliefs, Beliefs::Market, "rational entrants are checked by theory alone");
            let usual = bidder.of_price_setters(|member| {
                let member = &self.charities[member.charity];
                let counted = 1.0 + behaviour.full_cost_pricing.value() * f64::from(member.overhead);
                member.unit_cost * (tender.hours * counted)
            });
            let price = tender.ceiling * market.price_ratio;
            let wins = by_history(price, self.claimed_ability(&rules, tender, bidder));
            decision(wins, (price * bidder.pound() - usual + bidder.worth()) * term)
        } else if behaviour.beliefs == Beliefs::Rational {
            let law = &self.scenario.population;
            let known = super::start::KnownCosts::of(law, tender.hours, tender.ceiling);
            let above = known.less(bidder.worth()).share_above(cost);
            decision(pow(above, rivals(&behaviour, market)), (price - cost) * (term * bidder.pound()))
        } else {
            decision(by_history(price, claim), (price - cost) * (term * bidder.pound()))
        };
        pair_uniform(prospect.luck, tender.luck, PairDraw::Decision as u64) < bids
    }

    fn cost_of_quality(&self, behaviour: &Behaviour, quality: f64) -> f64 {
        if !behaviour.planned_quality {
            return 1.0;
        }
        (1.0 + behaviour.quality_cost * (quality * quality - 1.0) / 2.0).max(0.1)
    }

    /// Awards contracts; returns the losers' mean score of each tender that has a winner.
    fn award(&mut self, tenders: &[Tender], bids: &[Vec<(Bid, f64)>], round: u32) -> Vec<Option<f64>> {
        let mut losers_score = vec![None; tenders.len()];
        let mut order: Vec<usize> = (0..tenders.len()).collect();
        let value = |tender: usize| tenders[tender].ceiling * f64::from(tenders[tender].term);
        order.sort_by(|&a, &b| value(b).total_cmp(&value(a)));
        let mut promised = vec![0.0; self.charities.len()];
        let mut lots_won: Vec<(usize, usize)> = Vec::new();
        for lot in &self.lots {
            let area = self.markets[lot.market].area;
            lots_won.extend(lot.contract.as_ref().map(|contract| (contract.holder(), area)));
        }
        let mut frameworks: Vec<(usize, Framework)> = Vec::new();
        let workload: Vec<usize> = (0..self.towns.len())
            .map(|area| (0..tenders.len()).filter(|&t| tenders[t].area == area).map(|t| bids[t].len()).sum())
            .collect();
        for id in order {
            let tender = &tenders[id];
            let ranking = self.rank(tender, &bids[id], workload[tender.area], round);
            let fte = self.fte(tender.hours);
            let cap = self.regime(tender.area, round).rules.lot_cap as usize;
            let winner = ranking.iter().position(|(_, bid)| {
                let won = lots_won.iter().filter(|won| **won == (bid.charity, tender.area)).count();
                if cap > 0 && won >= cap {
                    return false;
                }
                bid.workers.iter().all(|&(charity, share)| {
                    let committed = self.charities[charity].committed;
                    committed + promised[charity] + share * fte <= self.staff_limit(charity, round)
                })
            });
            let rules = self.regime(tender.area, round).rules;
            let single: Vec<&(f64, Bid)> = ranking.iter().filter(|(_, bid)| bid.mode == Mode::Solo).collect();
            let begins = rules.award == AwardMethod::Framework && !tender.call_off && !single.is_empty();
            if begins && frameworks.iter().all(|(market, _)| *market != tender.market) {
                let member = |(_, bid): &&(f64, Bid)| Place {
                    charity: bid.charity,
                    ratio: bid.price / tender.ceiling,
                    quality: bid.quality,
                    claim: bid.claim,
                    social: bid.social,
                };
                let members = single.iter().take(rules.framework_places as usize).map(member).collect();
                let until = round + rules.framework_rounds;
                frameworks.push((tender.market, Framework { members, until }));
            }
            let Some(place) = winner else {
                for &(lot, _) in &tender.parts {
                    self.lots[lot].failures += 1;
                    self.lots[lot].open_from = round + self.scenario.market.retry_rounds;
                }
                if tender.call_off {
                    self.markets[tender.market].framework = None;
                }
                continue;
            };
            let (score, bid) = &ranking[place];
            bid.workers.iter().for_each(|&(charity, share)| promised[charity] += share * fte);
            let areas = tender.parts.iter().map(|&(lot, _)| self.markets[self.lots[lot].market].area);
            lots_won.extend(areas.map(|area| (bid.charity, area)));
            let price = match self.regime(tender.area, round).rules.payment {
                PaymentRule::FirstPrice => bid.price,
                PaymentRule::Ceiling => tender.ceiling,
                PaymentRule::SecondPrice => ranking.get(place + 1).map_or(tender.ceiling, |(_, b)| b.price),
            };
            let total: f64 = ranking.iter().map(|(score, _)| score).sum();
            let others = ranking.len() as f64 - 1.0;
            losers_score[id] = Some(if others > 0.0 { (total - score) / others } else { *score });
            assert!(bid.cost > 0.0);
            let value = tender.ceiling * f64::from(tender.term);
            let members = self.agree(tender, bid, price, round);
            for (&(row, share), &(hours, volume)) in tender.parts.iter().zip(&tender.pieces) {
                let lot = &mut self.lots[row];
                lot.failures = 0;
                if rules.reserved == ReservedFor::Mutual && value < rules.reserved_below_gbp.value() {
                    lot.reserved_for = Some((bid.charity, round));
                }
                lot.contract = Some(Contract {
                    mode: bid.mode,
                    by_heads: rules.forms == Forms::Alliance,
                    members: members.clone(),
                    waste: bid.waste,
                    alliance: bid.alliance,
                    price: price * share,
                    hours,
                    volume,
                    quality: bid.quality,
                    term: tender.term,
                    rounds_left: tender.term,
                    extended: false,
                    bundle: tender.lot,
                    whole_price: price,
                    bidders: bids[id].iter().map(|(bid, _)| bid.charity).collect(),
                    option: self.options[tender.area],
                });
            }
        }
        for (id, tender) in tenders.iter().enumerate() {
            if let (Some(contract), Some(_)) = (self.lots[tender.lot].contract.clone(), losers_score[id]) {
                for (hours, _) in &tender.pieces {
                    for member in &contract.members {
                        self.charities[member.charity].committed += self.fte(hours * member.work);
                    }
                }
                self.charities[contract.holder()].wins += 1;
            }
        }
        for (market, framework) in frameworks {
            self.markets[market].framework = Some(framework);
        }
        losers_score
    }

    /// Scores and bids that are accepted, first in line first.
    fn rank(&self, tender: &Tender, bids: &[(Bid, f64)], workload: usize, round: u32) -> Vec<(f64, Bid)> {
        let rules = self.regime(tender.area, round).rules;
        let lowest = bids.iter().map(|(bid, _)| bid.price).fold(tender.ceiling, f64::min);
        let total: f64 = bids.iter().map(|(bid, _)| bid.price).sum();
        let mean = if bids.is_empty() { tender.ceiling } else { total / bids.len() as f64 };
        let mut ranking = Vec::new();
        for (bid, _) in bids {
            let chance = |draw: PairDraw| pair_uniform(bid.luck, tender.luck, draw as u64);
            let (u, mut noise) = (chance(PairDraw::Evaluation), rules.evaluation_noise);
            let capacity = rules.evaluation_capacity;
            if capacity > 0.0 && workload as f64 > capacity {
                noise *= libm::sqrt(workload as f64 / capacity);
            }
            let normal = rules.noise_law == NoiseLaw::Normal && noise > 0.0;
            let error = if normal { noise * normal_quantile(u) } else { 0.0 };
            let (believed, counts) = self.believed(tender.area, &rules, &bid.workers);
            let seen = (1.0 - counts) * bid.claim + counts * believed + bid.writing;
            let quality = (seen + error).clamp(0.0, 1.0);
            let too_low = rules.abnormally_low < 1.0 && bid.price < mean * (1.0 - rules.abnormally_low);
            if quality < rules.quality_threshold || too_low {
                continue;
            }
            let points = match rules.formula {
                PriceFormula::AbsoluteLinear | PriceFormula::LowestPrice => 1.0 - bid.price / tender.ceiling,
                PriceFormula::RelativeToLowest if bid.price == 0.0 => 1.0,
                PriceFormula::RelativeToLowest => lowest / bid.price,
                PriceFormula::AveragePrice if mean == 0.0 => 1.0,
                PriceFormula::AveragePrice => (0.5 + (mean - bid.price) / mean).clamp(0.0, 1.0),
                PriceFormula::FixedPrice => 0.0,
            };
            let of = weights(&rules);
            let together = if bid.mode == Mode::Collaboration { 1.0 } else { 0.0 };
            let by_criteria = of.quality * quality
                + of.price * points
                + of.social * bid.social
                + of.collaboration * together;
            let gumbel = rules.noise_law == NoiseLaw::Gumbel && noise > 0.0;
            let score = match rules.award {
                AwardMethod::Score | AwardMethod::Direct | AwardMethod::Framework if gumbel => {
                    by_criteria + gumbel_quantile(u, noise)
                }
                AwardMethod::Score | AwardMethod::Direct | AwardMethod::Framework => by_criteria,
                AwardMethod::Reinforced => {
                    let wins = f64::from(self.charities[bid.charity].wins);
                    rules.reinforcement * ln(rules.reinforcement_start + wins)
                        + gumbel_quantile(chance(PairDraw::Lottery), 1.0)
                }
                AwardMethod::Simon => {
                    let wins = f64::from(self.charities[bid.charity].wins);
                    let newcomer = pair_uniform(0, tender.luck, PairDraw::Newcomer as u64)
                        < rules.newcomer_share.value();
                    let weight = match (newcomer, wins == 0.0) {
                        (true, true) => 1.0,
                        (true, false) => 0.0,
                        (false, _) => wins,
                    };
                    ln(weight.max(1e-12)) + gumbel_quantile(chance(PairDraw::Lottery), 1.0)
                }
                _ => chance(PairDraw::Lottery),
            };
            ranking.push((score, bid.clone()));
        }
        ranking.sort_by(|a, b| b.0.total_cmp(&a.0));
        let previous = self.lots[tender.lot].previous;
        let kept = match rules.award {
            AwardMethod::Direct => true,
            AwardMethod::Retention => {
                pair_uniform(0, tender.luck, PairDraw::Retention as u64) < rules.retention.value()
            }
            _ => return ranking,
        };
        if let Some(place) = ranking.iter().position(|(_, bid)| Some(bid.charity) == previous) {
            let provider = ranking.remove(place);
            ranking.insert(if kept { 0 } else { ranking.len() }, provider);
        }
        ranking
    }

    /// What the commissioner of an area believes of those who are named, and how much it counts.
    fn believed(&self, area: usize, rules: &Rules, named: &[(usize, f64)]) -> (f64, f64) {
        let one = |charity: usize| match self.beliefs.get(&(area, charity)) {
            Some(&(mean, variance, _)) => {
                let prior = f64::from(0.04_f32);
                (f64::from(mean), rules.belief_weight * prior / (prior + f64::from(variance)))
            }
            None => (0.0, 0.0),
        };
        if let [(only, _)] = named {
            return one(*only);
        }
        let (mut counts, mut sum) = (0.0, 0.0);
        for &(charity, share) in named {
            let (mean, weight) = one(charity);
            counts += share * weight;
            sum += share * weight * mean;
        }
        (if counts > 0.0 { sum / counts } else { 0.0 }, counts)
    }

    fn decisions(&self, tenders: &[Tender], losers_score: &[Option<f64>]) -> Vec<Decision> {
        tenders
            .iter()
            .zip(losers_score)
            .map(|(tender, decided)| {
                let contract = self.lots[tender.lot].contract.as_ref().filter(|_| decided.is_some());
                (tender.lot, contract.map(|contract| (contract.holder(), contract.whole_price)))
            })
            .collect()
    }

    fn staffed(&self, contract: &Contract, round: u32) -> f64 {
        let staffing = |place: usize| {
            let charity = contract.members[place].charity;
            let committed = self.charities[charity].committed;
            let limit = self.staff_limit(charity, round);
            if committed > limit { limit / committed } else { 1.0 }
        };
        contract.volume * blend(&contract.shares(), staffing)
    }

    /// People served, by lot and number of needs, and outcomes by lot.
    fn deliver(&self, arrivals: &[[f64; SKILLS]], round: u32) -> (Vec<[f64; SKILLS]>, Vec<f64>) {
        let mut served = vec![[0.0; SKILLS]; self.lots.len()];
        let mut outcomes = vec![0.0; self.lots.len()];
        for (id, market) in self.markets.iter().enumerate() {
            let in_need = [0, 1, 2, 3].map(|class| market.backlog[class] + arrivals[id][class]);
            let needs = [1.0, 2.0, 3.0, 4.0];
            let mean_needs: f64 =
                (0..SKILLS).map(|class| self.services[market.service].complexity[class] * needs[class]).sum();
            let asked_for: f64 = (0..SKILLS).map(|class| in_need[class] * needs[class]).sum();
            let mut room = 0.0;
            for lot in self.lots.iter().filter(|lot| lot.market == id) {
                room += lot.contract.as_ref().map_or(0.0, |contract| self.staffed(contract, round));
            }
            for (row, lot) in self.lots.iter().enumerate().filter(|(_, lot)| lot.market == id) {
                let Some(contract) = lot.contract.as_ref().filter(|_| asked_for > 0.0) else { continue };
                let rules = self.regime(market.area, round).rules;
                let behaviour = self.regime(self.charities[contract.holder()].home, round).behaviour;
                let staffed = self.staffed(contract, round);
                let work = staffed * mean_needs * (asked_for / (room * mean_needs)).min(1.0);
                let power = behaviour.case_mix * rules.results_share.value();
                let pull = [0, 1, 2, 3].map(|class| {
                    if power == 0.0 { 1.0 } else { pow(pay_of(&rules, class) / needs[class], power) }
                });
                served[row] = share_out(&in_need, staffed / room, work, &pull);
                let success = self.success(contract, market, round);
                outcomes[row] = (0..SKILLS).map(|class| served[row][class] * success[class]).sum();
            }
        }
        (served, outcomes)
    }

    /// Chance of success of people with 1, 2, 3, 4 needs, by all who work on a contract.
    fn success(&self, contract: &Contract, market: &Market, round: u32) -> [f64; SKILLS] {
        let mut workers = Vec::new();
        for (place, member) in contract.members.iter().enumerate() {
            let charity = &self.charities[member.charity];
            let behaviour = self.regime(charity.home, round).behaviour;
            let (effort, _) = self.efforts(contract, place, market, round);
            let local = 1.0 + behaviour.local_gain * charity.local(market.area);
            let lift = local * (contract.quality * effort);
            workers.push(Worker::new(member.work, &charity.ability, lift));
        }
        let behaviour = self.regime(self.charities[contract.holder()].home, round).behaviour;
        let service = &self.services[market.service];
        chances(&behaviour, service, contract.mode, &workers, contract.waste)
    }

    /// Effort at measured and at unmeasured work.
    fn efforts(&self, contract: &Contract, place: usize, market: &Market, round: u32) -> (f64, f64) {
        let member = &contract.members[place];
        let charity = &self.charities[member.charity];
        let behaviour = self.regime(charity.home, round).behaviour;
        let rules = self.regime(market.area, round).rules;
        efforts(&behaviour, &charity.leader, &rules, at_risk(contract.mode, place, member.work))
    }

    /// What a contract earns in a round: for sure, and by results.
    fn pay(&self, row: usize, served: &[[f64; SKILLS]], round: u32) -> (f64, f64) {
        let lot = &self.lots[row];
        let Some(contract) = &lot.contract else { return (0.0, 0.0) };
        let market = &self.markets[lot.market];
        let rules = self.regime(market.area, round).rules;
        let at_risk = rules.results_share.value();
        if at_risk == 0.0 {
            return (contract.price, 0.0);
        }
        let mix = self.services[market.service].complexity;
        let mean_pay: f64 = (0..SKILLS).map(|class| mix[class] * pay_of(&rules, class)).sum();
        let earned = |lot: usize| -> f64 {
            let Some(contract) = &self.lots[lot].contract else { return 0.0 };
            let success = self.success(contract, market, round);
            (0..SKILLS).map(|class| served[lot][class] * success[class] * pay_of(&rules, class)).sum()
        };
        let reached = |paid: f64, volume: f64| {
            (paid / (volume * mean_pay * rules.target_success).max(1e-9)).min(rules.results_cap)
        };
        let (mut all, mut volume) = (0.0, 0.0);
        for (other, in_market) in self.lots.iter().enumerate().filter(|(_, other)| other.market == lot.market)
        {
            all += earned(other);
            volume += in_market.contract.as_ref().map_or(0.0, |contract| contract.volume);
        }
        let individual = rules.individual_targets.value();
        let results =
            individual * reached(earned(row), contract.volume) + (1.0 - individual) * reached(all, volume);
        (contract.price * (1.0 - at_risk), contract.price * at_risk * results)
    }

    fn settle(
        &mut self,
        arrivals: &[[f64; SKILLS]],
        served: &[[f64; SKILLS]],
        bids: &[Vec<(Bid, f64)>],
        cost_of_teams: &[f64],
        round: u32,
    ) {
        let mut billed = vec![0.0; self.charities.len()];
        let mut received = vec![0.0; self.charities.len()];
        let mut cost = vec![0.0; self.charities.len()];
        let mut bid_spend = vec![0.0; self.charities.len()];
        for lot in &mut self.lots {
            for Debt { to, amount, from } in lot.owed.drain(..) {
                match from {
                    Some(lead) if !self.charities[lead].open => continue,
                    Some(lead) => received[lead] -= amount,
                    None => {}
                }
                received[to] += amount;
            }
        }
        for row in 0..self.lots.len() {
            let Some(contract) = self.lots[row].contract.clone() else { continue };
            let mut of_contract = Vec::new();
            for member in &contract.members {
                let charity = &self.charities[member.charity];
                let behaviour = self.regime(charity.home, round).behaviour;
                let hours = contract.hours * member.work;
                let work = hours * charity.unit_cost * (1.0 + f64::from(charity.overhead));
                let reference = hours * self.scenario.market.reference_cost_gbp.value();
                of_contract.push(self.with_quality(&behaviour, work, reference, contract.quality));
            }
            // In an alliance everybody ends up with its share of what the work costs all.
            let all: f64 = of_contract.iter().sum();
            for (member, own) in contract.members.iter().zip(of_contract) {
                cost[member.charity] += own;
                if contract.alliance {
                    billed[member.charity] += own - member.work * all;
                    received[member.charity] += own - member.work * all;
                }
            }
            self.lots[row].owed = self.pay_members(row, served, &mut billed, &mut received, round);
        }
        for (bid, bid_cost) in bids.iter().flatten() {
            for &(charity, share) in &bid.workers {
                bid_spend[charity] += share * bid_cost;
            }
        }
        for (spend, cost) in bid_spend.iter_mut().zip(cost_of_teams) {
            *spend += cost;
        }
        if !self.scenario.regime.behaviour.one_shot {
            for row in 0..self.charities.len() {
                self.close_books(row, [billed[row], received[row], cost[row], bid_spend[row]], round);
            }
        }
        let stays = 1.0 - self.scenario.market.attrition.value();
        for (id, market) in self.markets.iter_mut().enumerate() {
            let mut helped = [0.0; SKILLS];
            for (row, _) in self.lots.iter().enumerate().filter(|(_, lot)| lot.market == id) {
                (0..SKILLS).for_each(|class| helped[class] += served[row][class]);
            }
            market.backlog = [0, 1, 2, 3]
                .map(|class| (market.backlog[class] + arrivals[id][class] - helped[class]).max(0.0) * stays);
            market.returned = [0.0; SKILLS];
        }
    }

    /// Pays those who work on a contract; returns what they are still owed. Collaborations share what comes in; the
    /// lead of a co-operation has it all, and pays partners what it allocated to them.
    fn pay_members(
        &self,
        row: usize,
        served: &[[f64; SKILLS]],
        billed: &mut [f64],
        received: &mut [f64],
        round: u32,
    ) -> Vec<Debt> {
        let lot = &self.lots[row];
        let Some(contract) = &lot.contract else { return Vec::new() };
        let rules = self.regime(self.markets[lot.market].area, round).rules;
        let weeks = self.scenario.world.round_weeks;
        let (fixed, results) = self.pay(row, served, round);
        let price = fixed + results;
        let late = fixed * (rules.payment_lag_weeks / weeks).min(1.0) + results;
        let mut debts = Vec::new();
        if contract.mode == Mode::CoOperation {
            let (lead, partners) = (contract.holder(), &contract.members[1..]);
            let promised = partners.iter().map(|partner| partner.allocated).sum::<f64>() * contract.price;
            billed[lead] += price - promised;
            received[lead] += price - late;
            debts.push(Debt { to: lead, amount: late, from: None });
            let waits = (rules.subcontract_lag_weeks / weeks).min(1.0);
            for &Member { charity, allocated, .. } in partners {
                let earned = allocated * contract.price;
                billed[charity] += earned;
                received[charity] += earned * (1.0 - waits);
                received[lead] -= earned * (1.0 - waits);
                debts.push(Debt { to: charity, amount: earned * waits, from: Some(lead) });
            }
        } else {
            for &Member { charity, allocated, .. } in &contract.members {
                billed[charity] += allocated * price;
                received[charity] += allocated * (price - late);
                debts.push(Debt { to: charity, amount: allocated * late, from: None });
            }
        }
        debts.retain(|debt| debt.amount > 0.0);
        debts
    }

    fn close_books(&mut self, row: usize, account: [f64; 4], round: u32) {
        let [billed, received, cost, bids] = account;
        let law = self.scenario.population.clone();
        let per_year = self.rounds_per_year;
        let regime = self.regime(self.charities[row].home, round);
        let [luck, _] = self.luck.stream::<2>(Purpose::Fortune, round).uniforms(self.charities[row].slot);
        let calendar = self.calendar();
        let charity = &mut self.charities[row];
        if !charity.open {
            return;
        }
        let money_in = charity.voluntary / per_year + received;
        let money_out = charity.spending / per_year + cost + bids;
        charity.reserves += money_in - money_out;
        let quarter = calendar.quarter(round);
        let before = if quarter.begins { 0.0 } else { charity.receipts[quarter.place] };
        charity.receipts[quarter.place] = before + received;

        let margin = (billed - cost - bids) * per_year;
        let target = (charity.spending + cost * per_year) * f64::from(charity.reserves_policy) / 12.0;
        let gap = (charity.reserves - target) * per_year / law.reserves_adjustment_rounds;
        let wanted = charity.voluntary + margin + gap;
        let rigidity = law.spending_rigidity;
        charity.spending =
            wanted.clamp((1.0 - rigidity) * charity.spending, (1.0 + 2.0 * rigidity) * charity.spending);
        if law.voluntary_volatility > 0.0 || law.voluntary_growth != 0.0 {
            let variance = law.voluntary_volatility * law.voluntary_volatility / per_year;
            let luck = libm::sqrt(variance) * normal_quantile(luck);
            charity.voluntary *= exp(luck - 0.5 * variance + law.voluntary_growth / per_year);
        }
        let of_contracts = charity.receipts.iter().sum::<f64>() * per_year / f64::from(quarter.rounds);
        charity.income = charity.voluntary + of_contracts;
        if regime.behaviour.staff_follow_income {
            let staff = charity.income * law.staff_share.value() / law.wage_gbp.value();
            charity.capacity = staff.clamp(0.85 * charity.capacity, (1.1 * charity.capacity).max(0.1));
        }
        let limit = -self.credit(row, round);
        let charity = &mut self.charities[row];
        let in_debt = charity.reserves <= limit;
        charity.rounds_in_debt = if in_debt { charity.rounds_in_debt + 1 } else { 0 };
    }

    fn learn(
        &mut self,
        tenders: &[Tender],
        bids: &[Vec<(Bid, f64)>],
        losers: &[Option<f64>],
        (served, outcomes, community): (&[[f64; SKILLS]], &[f64], &[f64]),
        round: u32,
    ) {
        if self.scenario.regime.behaviour.one_shot {
            return;
        }
        let weight = self.scenario.market.statistics_weight;
        for (id, tender) in tenders.iter().enumerate().filter(|(_, tender)| !tender.call_off) {
            let market = &mut self.markets[tender.market];
            let Some(rival_score) = losers[id] else {
                market.rivals += weight * (0.0 - market.rivals);
                continue;
            };
            let price = self.lots[tender.lot].contract.as_ref().map_or(0.0, |contract| contract.whole_price);
            market.rivals += weight * (bids[id].len() as f64 - 1.0 - market.rivals);
            market.price_ratio += weight * (price / tender.ceiling - market.price_ratio);
            market.rival_score += weight * (rival_score - market.rival_score);
        }
        for (id, market) in self.markets.iter_mut().enumerate() {
            let (mut helped, mut succeeded) = ([0.0; SKILLS], 0.0);
            for (row, _) in self.lots.iter().enumerate().filter(|(_, lot)| lot.market == id) {
                (0..SKILLS).for_each(|class| helped[class] += served[row][class]);
                succeeded += outcomes[row];
            }
            let helped: f64 = helped.iter().sum();
            if helped > 0.0 {
                market.success += weight * (succeeded / helped - market.success);
            }
        }
        self.prevent(community);
        self.see_providers(served, outcomes, round);
        for (id, tender) in tenders.iter().enumerate() {
            let behaviour = self.regime(tender.area, round).behaviour;
            if behaviour.bidding != Bidding::Learned || tender.call_off {
                continue;
            }
            let past = &mut self.markets[tender.market].past;
            past.push(bids[id].iter().map(|(bid, _)| (bid.charity, bid.price / tender.ceiling)).collect());
            if past.len() > behaviour.memory as usize {
                past.remove(0);
            }
        }
        for row in 0..self.charities.len() {
            self.get_to_know_areas(row, round);
        }
        self.learn_fear(served, outcomes, round);
        self.learn_together(served, outcomes, round);
        self.keep_scores(served, outcomes);
    }

    /// Unmeasured work of all contracts of each market, as people.
    fn community_work(&self, arrivals: &[[f64; SKILLS]], round: u32) -> Vec<f64> {
        let unmeasured = |contract: &Contract, market: &Market| -> f64 {
            let all = contract.members.iter().enumerate();
            all.map(|(place, member)| member.work * self.efforts(contract, place, market, round).1).sum()
        };
        let work = |(id, market): (usize, &Market)| {
            if market.backlog.iter().chain(&arrivals[id]).sum::<f64>() <= 0.0 {
                return 0.0;
            }
            let contracts =
                self.lots.iter().filter(|lot| lot.market == id).filter_map(|lot| lot.contract.as_ref());
            contracts.map(|contract| self.staffed(contract, round) * unmeasured(contract, market)).sum()
        };
        self.markets.iter().enumerate().map(work).collect()
    }

    fn prevent(&mut self, work: &[f64]) {
        let settings = self.scenario.market.clone();
        for (market, work) in self.markets.iter_mut().zip(work) {
            let built = settings.prevention_gain * work / market.arrivals.max(1e-9);
            let kept = (1.0 - settings.prevention_decay) * market.prevention;
            if settings.prevention_gain > 0.0 {
                market.prevention = (kept + built).min(settings.prevention_max.value());
            }
        }
    }

    fn see_providers(&mut self, served: &[[f64; SKILLS]], outcomes: &[f64], round: u32) {
        for row in 0..self.lots.len() {
            let area = self.markets[self.lots[row].market].area;
            let regime = self.regime(area, round);
            let people: f64 = served[row].iter().sum();
            let Some(contract) = self.lots[row].contract.as_ref() else { continue };
            let nobody_asks = regime.rules.belief_weight == 0.0 && regime.rules.roll_over_ability == 1.0;
            if nobody_asks || people <= 0.0 {
                continue;
            }
            let base = regime.behaviour.base_success.value();
            let shown = (outcomes[row] / people - base) / (1.0 - base).max(1e-9);
            let error = regime.behaviour.observation_error;
            let [u] = self.luck.stream::<1>(Purpose::Observation, round).uniforms(row as u64);
            let seen = (shown + error * normal_quantile(u)) as f32;
            for (place, member) in contract.members.iter().enumerate() {
                let of_lead = regime.rules.credit_lead.value();
                let credit = credit(contract.mode, &contract.shares(), place, of_lead);
                if credit == 0.0 {
                    continue;
                }
                let belief = self.beliefs.entry((area, member.charity)).or_insert((seen, 0.04, round));
                let variance = (belief.1 + 0.000_5 * (round - belief.2) as f32).min(0.04);
                let total = variance + (error * error / credit) as f32;
                let gain = if total > 0.0 { variance / total } else { 1.0 };
                *belief = (belief.0 + gain * (seen - belief.0), (1.0 - gain) * variance, round);
            }
        }
    }

    /// Commissioners offer more for an hour where more than half of those who looked refused, or enough volunteers did.
    fn answer_refusals(
        &mut self,
        tenders: &[Tender],
        bids: &[Vec<(Bid, f64)>],
        refusals: &[(usize, usize)],
        round: u32,
    ) {
        for id in 0..self.markets.len() {
            let Regime { rules, behaviour } = self.regime(self.markets[id].area, round);
            let response = rules.push_back_response;
            let here = refusals.iter().filter(|&&(_, tender)| tenders[tender].market == id);
            let leaders: BTreeSet<usize> = here.clone().map(|&(charity, _)| charity).collect();
            let refused = here.count() as f64;
            let made: usize = (0..tenders.len())
                .filter(|&t| tenders[t].market == id && !tenders[t].call_off)
                .map(|t| bids[t].len())
                .sum();
            if response > 0.0 && refused + made as f64 > 0.0 {
                let pressure = match behaviour.push_rule {
                    PushRule::Propensity => refused / (refused + made as f64),
                    PushRule::Volunteer if leaders.len() < rules.push_back_threshold as usize => 0.0,
                    PushRule::Volunteer => 1.0,
                };
                let change = 1.0 + response * (pressure - 0.5) * 2.0;
                self.markets[id].uplift = (self.markets[id].uplift * change).clamp(1.0, 1.5);
            }
        }
    }

    fn get_to_know_areas(&mut self, row: usize, round: u32) {
        let mut hours_by_area: Vec<(usize, f64)> = Vec::new();
        for lot in &self.lots {
            let Some(contract) = &lot.contract else { continue };
            let Some(own) = contract.members.iter().find(|member| member.charity == row) else { continue };
            let (area, fte) = (self.markets[lot.market].area, self.fte(contract.hours * own.work));
            match hours_by_area.iter_mut().find(|(known, _)| *known == area) {
                Some((_, total)) => *total += fte,
                None => hours_by_area.push((area, fte)),
            }
        }
        if hours_by_area.is_empty() {
            return;
        }
        hours_by_area.sort_by_key(|(area, _)| *area);
        let behaviour = self.regime(self.charities[row].home, round).behaviour;
        let charity = &mut self.charities[row];
        let staff = charity.capacity.max(charity.committed).max(1e-6);
        for (_, level) in &mut charity.known {
            *level -= behaviour.embeddedness_decay as f32 * *level;
        }
        for (area, fte) in hours_by_area {
            let share = (fte / staff).min(1.0);
            let place = match charity.known.iter().position(|(known, _)| *known == area) {
                Some(place) => place,
                None => {
                    let mut least = 1;
                    for place in 2..charity.known.len() {
                        if charity.known[place].1 < charity.known[least].1 {
                            least = place;
                        }
                    }
                    charity.known[least] = (area, 0.0);
                    least
                }
            };
            let level = &mut charity.known[place].1;
            *level += (behaviour.embeddedness_growth * share) as f32 * (1.0 - *level);
        }
        if charity.away.is_none() {
            charity.known[0].1 = charity.known[0].1.max(charity.rooted);
        }
    }

    fn close_and_found(&mut self, served: &[[f64; SKILLS]], round: u32) {
        let mut closed = Vec::new();
        for row in 0..self.charities.len() {
            let charity = &self.charities[row];
            if !charity.open {
                continue;
            }
            let behaviour = self.regime(charity.home, round).behaviour;
            let [_, luck] = self.luck.stream::<2>(Purpose::Fortune, round).uniforms(charity.slot);
            let [fate, _, _] = self.luck.stream::<3>(Purpose::Fate, round).uniforms(charity.slot);
            let dissolves = luck < behaviour.dissolution_rate.value() / self.rounds_per_year;
            let rounds = f64::from(self.calendar().quarter(round).rounds);
            let from_contracts = charity.receipts.iter().sum::<f64>() * self.rounds_per_year / rounds;
            let crisis = charity.income >= behaviour.crisis_income_gbp.value()
                && from_contracts >= 0.5 * charity.income
                && fate < behaviour.crisis_rate.value() / self.rounds_per_year;
            let broke = behaviour.closure_rounds > 0 && charity.rounds_in_debt >= behaviour.closure_rounds;
            if broke || dissolves || crisis {
                self.charities[row].open = false;
                closed.push(row);
            }
        }
        let loss = self.scenario.market.disruption_loss.value();
        for (row, helped) in served.iter().enumerate() {
            self.lose_partners(row);
            let holder = self.lots[row].contract.as_ref().map(Contract::holder);
            if holder.is_none_or(|holder| self.charities[holder].open) || self.one_goes_on(row) {
                continue;
            }
            if let Some(heir) = self.heir(row, round) {
                self.hand_over(row, heir);
                continue;
            }
            self.end_contract(row, round);
            let market = &mut self.markets[self.lots[row].market];
            for (returned, helped) in market.returned.iter_mut().zip(helped) {
                *returned += helped * loss;
            }
        }
        let open: Vec<Vec<usize>> = (0..self.places())
            .map(|place| {
                let here = |&row: &usize| self.charities[row].open && self.charities[row].place() == place;
                (0..self.charities.len()).filter(here).collect()
            })
            .collect();
        for neighbours in &open {
            self.merge_some(neighbours, round);
        }
        match self.scenario.regime.behaviour.founding_law {
            FoundingLaw::Poisson => self.found_by_chance(&open, round),
            FoundingLaw::Replace => {
                for row in closed {
                    let old = &self.charities[row];
                    let (home, alike) = (old.home, (old.services.clone(), old.reach));
                    self.found_one(home, Some(alike));
                }
            }
        }
    }

    /// The ablest open bidder with the staff, at whose counted cost the price leaves nothing to add.
    fn heir(&self, row: usize, round: u32) -> Option<usize> {
        let lot = &self.lots[row];
        let market = &self.markets[lot.market];
        let contract = lot.contract.as_ref()?;
        if !self.regime(market.area, round).rules.pass_on {
            return None;
        }
        let mut best: Option<usize> = None;
        for &bidder in &contract.bidders {
            let charity = &self.charities[bidder];
            let behaviour = self.regime(charity.home, round).behaviour;
            let counted = 1.0 + behaviour.full_cost_pricing.value() * f64::from(charity.overhead);
            let has_staff = charity.committed + self.fte(contract.hours) <= self.staff_limit(bidder, round);
            let covered = charity.unit_cost * (contract.hours * counted) <= contract.price;
            let ability = |row: usize| self.charities[row].mean_ability(&self.services[market.service]);
            let new = !contract.works(bidder);
            if new
                && charity.open
                && has_staff
                && covered
                && best.is_none_or(|best| ability(bidder) > ability(best))
            {
                best = Some(bidder);
            }
        }
        best
    }

    /// The lead takes over from partners that have closed.
    fn lose_partners(&mut self, row: usize) {
        let Some(mut contract) = self.lots[row].contract.clone() else { return };
        let lead = contract.holder();
        let gone = |member: &Member| member.charity != lead && !self.charities[member.charity].open;
        let closed: Vec<Member> = contract.members.iter().copied().filter(gone).collect();
        if closed.is_empty() {
            return;
        }
        contract.members.retain(|member| !closed.contains(member));
        for member in &closed {
            contract.members[0].work += member.work;
            contract.members[0].promised += member.promised;
            contract.members[0].allocated += member.allocated;
            self.charities[lead].committed += self.fte(contract.hours * member.work);
        }
        if contract.members.len() == 1 {
            contract.alone(lead);
        }
        self.lots[row].contract = Some(contract);
    }

    /// If the lead of a collaboration has closed, the one with most of the work goes on alone.
    fn one_goes_on(&mut self, row: usize) -> bool {
        let Some(mut contract) = self.lots[row].contract.clone() else { return false };
        if contract.mode != Mode::Collaboration {
            return false;
        }
        let mut next = contract.members[1];
        for member in &contract.members[2..] {
            if member.work > next.work {
                next = *member;
            }
        }
        self.free_staff(&contract);
        self.charities[next.charity].committed += self.fte(contract.hours);
        contract.alone(next.charity);
        self.lots[row].contract = Some(contract);
        true
    }

    fn free_staff(&mut self, contract: &Contract) {
        for member in &contract.members {
            let fte = self.fte(contract.hours * member.work);
            let charity = &mut self.charities[member.charity];
            charity.committed = (charity.committed - fte).max(0.0);
        }
    }

    /// Another takes the place of the holder.
    fn hand_over(&mut self, row: usize, heir: usize) {
        if let Some(contract) = &mut self.lots[row].contract {
            let (holder, hours) = (contract.holder(), contract.hours * contract.members[0].work);
            contract.members[0].charity = heir;
            let fte = self.fte(hours);
            self.charities[holder].committed = (self.charities[holder].committed - fte).max(0.0);
            self.charities[heir].committed += fte;
        }
    }

    fn merge_some(&mut self, neighbours: &[usize], round: u32) {
        for &seeker in neighbours {
            let charity = &self.charities[seeker];
            let behaviour = self.regime(charity.home, round).behaviour;
            let [_, meets, whom] = self.luck.stream::<3>(Purpose::Fate, round).uniforms(charity.slot);
            let wanted = charity.income * (f64::from(charity.reserves_policy) / 12.0);
            let weak = charity.reserves < wanted * 0.5;
            let partner = neighbours[(whom * neighbours.len() as f64) as usize];
            let meet = meets < behaviour.merge_rate.value() / self.rounds_per_year && partner != seeker;
            if !(charity.open && weak && meet && self.charities[partner].open) {
                continue;
            }
            let (larger, smaller) = if self.charities[partner].income >= charity.income {
                (partner, seeker)
            } else {
                (seeker, partner)
            };
            let (y, z) = (self.charities[larger].income, self.charities[smaller].income);
            let law = &self.scenario.population;
            let least = law.scale_reference_gbp.value() * 1e-6;
            let size = |income: f64| income.min(law.scale_limit_gbp.value()).max(least);
            let cheaper = |from: f64| {
                let lognormal = law.cost_law == rebalance::scenario::parameters::CostLaw::Lognormal;
                if lognormal && law.scale_elasticity > 0.0 {
                    pow(size(y + z) / size(from), -law.scale_elasticity)
                } else {
                    1.0
                }
            };
            let a_year = y * (1.0 - cheaper(y)) + z * (1.0 - cheaper(z)) - z * behaviour.autonomy;
            let cost = z * behaviour.merge_cost;
            if a_year * behaviour.merge_years - cost <= 0.0 {
                continue;
            }
            let factor = cheaper(y);
            let part = self.charities[smaller].clone();
            let whole = &mut self.charities[larger];
            whole.unit_cost *= factor;
            whole.voluntary += part.voluntary;
            whole.spending += part.spending;
            whole.reserves += part.reserves - cost;
            whole.capacity += part.capacity;
            whole.income = y + z;
            for slot in 0..4 {
                whole.receipts[slot] += part.receipts[slot];
            }
            whole.services.extend(part.services);
            whole.services.sort_unstable();
            whole.services.dedup();
            let gone = &mut self.charities[smaller];
            (gone.open, gone.reserves, gone.merged_into) = (false, 0.0, Some(larger));
        }
        for row in 0..self.lots.len() {
            let renamed = |debt: &Debt| Debt {
                to: self.whole_of(debt.to),
                from: debt.from.map(|lead| self.whole_of(lead)),
                amount: debt.amount,
            };
            self.lots[row].owed = self.lots[row].owed.iter().map(renamed).collect();
            self.rename_members(row);
        }
    }

    /// Members that have become part of another leave their places to it; one charity has one place.
    fn rename_members(&mut self, row: usize) {
        let Some(mut contract) = self.lots[row].contract.clone() else { return };
        if contract.members.iter().all(|member| self.whole_of(member.charity) == member.charity) {
            return;
        }
        self.free_staff(&contract);
        let mut members: Vec<Member> = Vec::new();
        for member in &contract.members {
            let charity = self.whole_of(member.charity);
            match members.iter_mut().find(|kept| kept.charity == charity) {
                Some(kept) => {
                    kept.work += member.work;
                    kept.promised += member.promised;
                    kept.allocated += member.allocated;
                }
                None => members.push(Member { charity, ..*member }),
            }
        }
        contract.members = members;
        if contract.members.len() == 1 {
            contract.alone(contract.holder());
        }
        for member in &contract.members {
            self.charities[member.charity].committed += self.fte(contract.hours * member.work);
        }
        self.lots[row].contract = Some(contract);
    }

    /// Whom a charity has become part of, itself if it has not merged.
    fn whole_of(&self, charity: usize) -> usize {
        self.charities[charity].merged_into.map_or(charity, |whole| self.whole_of(whole))
    }

    fn found_by_chance(&mut self, open: &[Vec<usize>], round: u32) {
        for (area, open) in open[..self.towns.len()].iter().enumerate() {
            let rate = self.regime(area, round).behaviour.founding_rate / self.rounds_per_year;
            let [u] = self.luck.stream::<1>(Purpose::Foundings, round).uniforms(area as u64);
            for _ in 0..poisson_quantile(u, rate * open.len() as f64) as u32 {
                self.found_one(area, None);
            }
        }
    }

    fn found_one(&mut self, home: usize, alike: Option<Kind>) {
        let slot = newcomer_slot(home as u32, self.towns[home].arrived);
        self.towns[home].arrived += 1;
        let charity = (self.founder)(self, home, alike, slot);
        self.charities.push(charity);
    }

    fn end_contract(&mut self, row: usize, round: u32) {
        if let Some(contract) = self.lots[row].contract.take() {
            self.free_staff(&contract);
            self.lots[row].open_from = round + 1;
            self.lots[row].previous = Some(contract.holder());
        }
    }

    fn end_round(&mut self, round: u32) {
        self.run_down(round);
        self.options.clone_from(&self.next_options);
    }

    fn run_down(&mut self, round: u32) {
        for row in 0..self.lots.len() {
            let to_bundle = self.rounds_to_bundle(self.lots[row].market, round);
            let Some(contract) = &mut self.lots[row].contract else { continue };
            contract.rounds_left -= 1;
            if contract.rounds_left > 0 {
                continue;
            }
            let (holder, bundle) = (contract.holder(), contract.bundle);
            let area = self.markets[self.lots[bundle].market].area;
            let rules = self.regime(area, round).rules;
            let seen = self.beliefs.get(&(area, holder)).map_or(0.0, |seen| f64::from(seen.0));
            let [u] = self.luck.stream::<1>(Purpose::Extensions, round).uniforms(bundle as u64);
            let Some(contract) = &mut self.lots[row].contract else { continue };
            if rules.roll_over_ability < 1.0 && seen >= rules.roll_over_ability {
                contract.rounds_left = match to_bundle {
                    None => contract.term,
                    Some(0) => rules.bundle_rounds,
                    Some(rounds) => rounds,
                };
            } else if let Some(rounds @ 1..) = to_bundle {
                contract.rounds_left = rounds;
            } else if !contract.extended && u < rules.extension_share.value() {
                contract.extended = true;
                contract.rounds_left = rules.extension_rounds;
            } else {
                self.end_contract(row, round);
            }
        }
    }
}

/// Score that a bid can expect, as far as quality, price and social value go.
pub fn planning_score(rules: &Rules, claim: f64, social: f64, ratio: f64, market_ratio: f64) -> f64 {
    let points = match rules.formula {
        PriceFormula::AbsoluteLinear | PriceFormula::LowestPrice => 1.0 - ratio,
        PriceFormula::RelativeToLowest if ratio == 0.0 => 1.0,
        PriceFormula::RelativeToLowest => market_ratio.min(ratio) / ratio,
        PriceFormula::AveragePrice if market_ratio == 0.0 => 1.0,
        PriceFormula::AveragePrice => (0.5 + (market_ratio - ratio) / market_ratio).clamp(0.0, 1.0),
        PriceFormula::FixedPrice => 0.0,
    };
    let of = weights(rules);
    of.quality * claim + of.price * points + of.social * social
}

/// How much each criterion counts.
pub struct Weights {
    pub quality: f64,
    pub price: f64,
    pub social: f64,
    pub collaboration: f64,
}

/// Weights of the criteria: the lowest price wins by price alone.
pub fn weights(rules: &Rules) -> Weights {
    match rules.formula {
        PriceFormula::LowestPrice => Weights { quality: 0.0, price: 1.0, social: 0.0, collaboration: 0.0 },
        _ => Weights {
            quality: rules.weight_quality.value(),
            price: rules.weight_price.value(),
            social: rules.weight_social.value(),
            collaboration: rules.weight_collaboration.value(),
        },
    }
}

fn rivals(behaviour: &Behaviour, market: &Market) -> f64 {
    if behaviour.rivals_known >= 0.0 { behaviour.rivals_known } else { market.rivals }
}

/// Chance of winning with a score, as the market's history has it.
pub fn chance_of_winning(behaviour: &Behaviour, score: f64, market: &Market) -> f64 {
    1.0 / (1.0 + rivals(behaviour, market) * exp((market.rival_score - score) / behaviour.belief_spread))
}

/// Part of the price that a provider with this success is paid.
pub fn expected_pay(rules: &Rules, success: f64) -> f64 {
    let results = rules.results_share.value();
    1.0 - results + results * (success / rules.target_success).min(rules.results_cap)
}

/// The price that would have earned most in past tenders: a win takes every rival to have asked for more;
/// on a grid, those who tie share the chance.
fn best_reply(past: &[Vec<(usize, f64)>], charity: usize, cost: f64, grid: f64) -> f64 {
    let on_grid = |price: f64| {
        let nearest = (price / grid).round() * grid;
        if grid > 0.0 && (price - nearest).abs() <= 1e-9 * grid { nearest } else { price }
    };
    let rivals: Vec<(f64, f64)> = past
        .iter()
        .map(|bids| {
            let others = bids.iter().filter(|bid| bid.0 != charity).map(|bid| bid.1);
            let lowest = others.clone().fold(f64::INFINITY, f64::min);
            (on_grid(lowest), others.filter(|&price| price == lowest).count() as f64)
        })
        .collect();
    let mut options = vec![1.0];
    let mut best = cost;
    if grid > 0.0 {
        options.extend((1..=(1.0 / grid) as u32 + 1).map(|step| f64::from(step) * grid));
        best = (cost / grid - 1e-9).ceil() * grid;
    } else {
        options.extend(rivals.iter().map(|rival| rival.0));
    }
    options.retain(|&price| price <= 1.0);
    options.sort_by(|a, b| b.total_cmp(a));
    let mut most = 0.0;
    for price in options {
        let won = rivals.iter().filter(|rival| rival.0 > price).count() as f64;
        let tied = rivals.iter().filter(|rival| grid > 0.0 && rival.0 == price);
        let gain = (price - cost) * (won + tied.map(|rival| 1.0 / (1.0 + rival.1)).sum::<f64>());
        if gain > most {
            (best, most) = (price, gain);
        }
    }
    best
}

/// What a success with a person of this class earns.
fn pay_of(rules: &Rules, class: usize) -> f64 {
    if rules.pay_by_need == 0.0 { 1.0 } else { pow(class as f64 + 1.0, rules.pay_by_need) }
}

/// Hands `work` out over classes in proportion to people times pull; nobody gets more than a share of a
/// class, and what is left over goes round again.
fn share_out(in_need: &[f64; SKILLS], share: f64, work: f64, pull: &[f64; SKILLS]) -> [f64; SKILLS] {
    let mut served = [0.0; SKILLS];
    let mut open = vec![0, 1, 2, 3];
    let mut left = work;
    while left > 0.0 {
        let hours: f64 = open.iter().map(|&c| in_need[c] * pull[c] * (c as f64 + 1.0)).sum();
        if hours <= 0.0 {
            break;
        }
        let wanted = |c: usize| in_need[c] * pull[c] * (left / hours);
        let (over, within): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|&&c| wanted(c) > in_need[c] * share * (1.0 + 1e-12));
        if over.is_empty() {
            within.iter().for_each(|&c| served[c] = wanted(c));
            break;
        }
        for &c in &over {
            served[c] = in_need[c] * share;
            left -= in_need[c] * share * (c as f64 + 1.0);
        }
        open = within;
    }
    served
}

/// Effort at measured and at unmeasured work of one with a share of it.
pub fn efforts(behaviour: &Behaviour, leader: &Leader, rules: &Rules, work: f64) -> (f64, f64) {
    let at_risk = rules.results_share.value();
    let own = match behaviour.effort_rule {
        EffortRule::Fixed => return (1.0, 1.0),
        EffortRule::Rate => {
            let purpose = leader.wants(behaviour).purpose;
            let effort = at_risk * work + behaviour.purpose_effort * 4.0 * purpose;
            return (effort.max(behaviour.effort_min).min(behaviour.effort_max), 1.0);
        }
        EffortRule::Multitask => at_risk * rules.individual_targets.value() + behaviour.measured_motive,
    };
    let (other, g) = (behaviour.community_motive, behaviour.effort_substitution);
    let (e1, e2) = ((own - g * other) / (1.0 - g * g), (other - g * own) / (1.0 - g * g));
    match (e1 < 0.0, e2 < 0.0) {
        (_, true) => (own, 0.0),
        (true, false) => (0.0, other),
        (false, false) => (e1, e2),
    }
}
