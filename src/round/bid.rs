//! Phase 5: bid or not, at what price, with what planned quality.

use super::Setting;
use super::commission::{Part, Tender, Tenders};
use super::equilibrium::{RivalCosts, common_value_price};
use super::framework::call_members;
use super::quality::Plan;
use super::reply::{best_reply, up_to_grid};
use super::score::{Weights, planning_score};
use super::search::{Prospect, Search, chance_of_winning, counted_cost};
use super::state::{Finances, MarketState, Profile, State};
use super::team::{Formed, Mode, Role, Teams};
use super::utility::{blend, claim};
use crate::ids::{CharityId, Id, ServiceId, TenderId};
use crate::math::{logistic, pow};
use crate::random::{PairDraw, pair_uniform};
use crate::scenario::parameters::{
    Behaviour, Beliefs, Bidding, CostStructure, Entry, Rules, ZeroIntelligenceLaw,
};
use crate::units::Gbp;
use rayon::prelude::*;

/// A bid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bid {
    /// Who bids (the lead).
    pub charity: CharityId,
    /// For what.
    pub tender: TenderId,
    /// Price \[GBP a round\].
    pub price: Gbp,
    /// Planned quality, 1 for standard.
    pub quality: f64,
    /// Quality that the bid claims, in \[0, 1\].
    pub claim: f64,
    /// What its writing adds.
    pub writing: f64,
    /// Social value that it offers, in \[0, 1\]: local knowledge of the area.
    pub social: f64,
    /// 1 for a bid in collaboration.
    pub collaboration: f64,
    /// The team that bids, by its number; none for a charity alone.
    pub team: Option<u32>,
    /// Full cost as it will really be \[GBP a round\].
    pub full_cost: Gbp,
    /// What bidding costs \[GBP\].
    pub bid_cost: Gbp,
    /// The charity's side of the pair's random numbers.
    pub charity_luck: u64,
}

/// All bids, grouped by tender and ordered by charity.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Bids {
    bids: Vec<Bid>,
    first: Vec<u32>,
}

impl Bids {
    /// Bids for a tender, in order of charity.
    pub fn of(&self, tender: TenderId) -> &[Bid] {
        &self.bids[self.first[tender.row()] as usize..self.first[tender.row() + 1] as usize]
    }

    /// All bids, tender by tender.
    pub fn all(&self) -> &[Bid] {
        &self.bids
    }

    /// Groups bids by tender with one counting sort, keeping their order within a tender.
    pub fn group(bids: Vec<Bid>, tenders: usize) -> Self {
        let mut first = vec![0_u32; tenders + 1];
        for bid in &bids {
            first[bid.tender.row() + 1] += 1;
        }
        for tender in 0..tenders {
            first[tender + 1] += first[tender];
        }
        let mut next = first.clone();
        let mut place = vec![0_u32; bids.len()];
        for (row, bid) in bids.iter().enumerate() {
            let at = &mut next[bid.tender.row()];
            place[*at as usize] = row as u32;
            *at += 1;
        }
        Self { bids: place.into_iter().map(|row| bids[row as usize]).collect(), first }
    }
}

/// Turns prospects and teams into bids.
pub fn decide(setting: &Setting, state: &State, tenders: &Tenders, search: &Search, teams: &Teams) -> Bids {
    let bidder = |row: usize| {
        let team = match teams.role(row) {
            Role::Alone => None,
            Role::Lead(team) => Some(team),
            Role::Standby => return None,
        };
        Some(Bidder::new(setting, state, tenders, search, row, team.map(|team| (team, teams))))
    };
    let prospects = (0..search.prospects.len()).into_par_iter();
    let mut bids: Vec<Bid> = prospects.filter_map(|row| bidder(row)?.bid()).collect();
    if setting.scenario.regime.behaviour.observe_rivals {
        bids = seen_by_rivals(&Bids::group(bids, tenders.calls.len()), search, bidder);
    }
    bids.extend(call_members(setting, state, tenders));
    Bids::group(bids, tenders.calls.len())
}

/// The same bidders, with prices that know how many they are.
fn seen_by_rivals<'a>(
    bids: &Bids,
    search: &'a Search,
    bidder: impl Fn(usize) -> Option<Bidder<'a>>,
) -> Vec<Bid> {
    let priced = search.prospects.iter().enumerate().filter_map(|(row, prospect)| {
        let rivals = bids.of(prospect.tender);
        let bid = rivals.iter().find(|bid| bid.charity == prospect.charity)?;
        Some(Bid { price: bidder(row)?.price_against(rivals.len() as f64 - 1.0), ..*bid })
    });
    priced.collect()
}

/// A charity before its decision.
struct Bidder<'a> {
    setting: &'a Setting<'a>,
    prospect: &'a Prospect,
    tender: &'a Tender,
    parts: &'a [Part],
    rules: &'a Rules,
    behaviour: &'a Behaviour,
    profile: &'a Profile,
    finances: &'a Finances,
    market: &'a MarketState,
    tender_luck: u64,
    team: Option<TeamBid<'a>>,
}

/// What a team brings to its bid.
struct TeamBid<'a> {
    number: u32,
    formed: &'a Formed,
    members: Vec<TeamMember<'a>>,
    shares: Vec<f64>,
}

/// A member of a team that bids.
struct TeamMember<'a> {
    prospect: &'a Prospect,
    profile: &'a Profile,
    finances: &'a Finances,
}

impl<'a> TeamBid<'a> {
    fn new(state: &'a State, search: &'a Search, number: u32, teams: &'a Teams) -> Self {
        let formed = &teams.formed[number as usize];
        let member = |&(row, _): &(usize, f64)| {
            let prospect: &Prospect = &search.prospects[row];
            let profile = &state.charities.profile[prospect.charity];
            TeamMember { prospect, profile, finances: &state.charities.finances[prospect.charity] }
        };
        let shares = formed.members.iter().map(|&(_, share)| share).collect();
        Self { number, formed, members: formed.members.iter().map(member).collect(), shares }
    }

    /// Mean over members by their work.
    fn blend(&self, value: impl Fn(&TeamMember) -> f64) -> f64 {
        blend(&self.shares, |place| value(&self.members[place]))
    }

    fn sum(&self, value: impl Fn(&TeamMember) -> Gbp) -> Gbp {
        self.members.iter().map(value).sum()
    }
}

impl<'a> Bidder<'a> {
    fn new(
        setting: &'a Setting,
        state: &'a State,
        tenders: &'a Tenders,
        search: &'a Search,
        row: usize,
        team: Option<(u32, &'a Teams)>,
    ) -> Self {
        let prospect = &search.prospects[row];
        let tender = &tenders.calls[prospect.tender];
        Self {
            setting,
            prospect,
            tender,
            parts: tenders.parts(prospect.tender),
            rules: &setting.regime(tender.area).rules,
            behaviour: &setting.regime(state.charities.profile[prospect.charity].home()).behaviour,
            profile: &state.charities.profile[prospect.charity],
            finances: &state.charities.finances[prospect.charity],
            market: &state.markets[tender.market],
            tender_luck: search.tender_luck[prospect.tender],
            team: team.map(|(number, teams)| TeamBid::new(state, search, number, teams)),
        }
    }

    fn luck(&self, draw: PairDraw) -> f64 {
        pair_uniform(self.prospect.charity_luck, self.tender_luck, draw as u64)
    }

    fn bid(&self) -> Option<Bid> {
        let Prospect { charity, tender, bid_cost, charity_luck, .. } = *self.prospect;
        let rivals = expected_rivals(self.behaviour, self.market);
        let plan = self.plan(rivals);
        let standard = self.standard_cost();
        let quality = plan.quality(standard);
        let cost = self.lowest_price(&plan);
        if self.pound() <= 0.0 || cost > self.tender.ceiling {
            return None;
        }
        let price = self.price_against(rivals);
        let full_cost = plan.cost(self.work(), quality);
        let claim = (self.ability() * quality).min(1.0);
        let unbearable = loses_too_much(self, full_cost - price * self.pay());
        let social = self.local();
        if unbearable || !self.enters(cost, price, claim, social) {
            return None;
        }
        let writing = f64::from(self.profile.writing);
        Some(Bid {
            charity,
            tender,
            price,
            quality,
            claim,
            writing,
            social,
            collaboration: self.collaboration(),
            team: self.team.as_ref().map(|team| team.number),
            full_cost,
            bid_cost,
            charity_luck,
        })
    }

    /// Full cost of the work at standard quality, as it will really be \[GBP a round\].
    fn work(&self) -> Gbp {
        let of = |profile: &Profile, finances: &Finances| {
            finances.unit_cost * (self.tender.hours * (1.0 + f64::from(profile.overhead)))
        };
        match &self.team {
            None => of(self.profile, self.finances),
            Some(team) => Gbp::new(team.blend(|member| of(member.profile, member.finances).value())),
        }
    }

    /// Ability that the bid claims.
    fn ability(&self) -> f64 {
        let Some(team) = &self.team else { return self.prospect.ability };
        let claim = |service: ServiceId| {
            let service = &self.setting.world.services[service];
            claim(self.rules, service, &team.shares, |place| &team.members[place].profile.ability)
        };
        match self.parts {
            [_] => claim(self.tender.service),
            parts => parts
                .iter()
                .map(|part| part.share * claim(self.setting.world.markets[part.market].service))
                .sum(),
        }
    }

    fn local(&self) -> f64 {
        self.team.as_ref().map_or(self.prospect.local, |team| team.blend(|member| member.prospect.local))
    }

    fn collaboration(&self) -> f64 {
        f64::from(u8::from(self.team.as_ref().is_some_and(|team| team.formed.mode == Mode::Collaboration)))
    }

    /// Part of the price that it expects to be paid.
    fn pay(&self) -> f64 {
        self.team.as_ref().map_or(self.prospect.pay, |team| team.formed.account.pay)
    }

    /// What a pound of the price is worth.
    fn pound(&self) -> f64 {
        let alone = self.prospect.pay * self.prospect.regard;
        self.team.as_ref().map_or(alone, |team| team.formed.account.pound)
    }

    /// What winning is worth beside the money, less what risk and fear cost \[GBP a round\].
    fn worth(&self) -> Gbp {
        let alone = self.prospect.worth - self.prospect.risk;
        self.team.as_ref().map_or(alone, |team| Gbp::new(team.formed.account.worth))
    }

    /// Cost of all of the work that those who set the price count, at standard quality \[GBP a round\].
    fn standard_cost(&self) -> Gbp {
        self.counted(|prospect, _| prospect.hour_cost)
    }

    /// The same at a cost of an hour: that of the bidder, who sets the price alone or as the lead of a co-operation; of all
    /// members of a collaboration by their work.
    fn counted(&self, hour_cost: impl Fn(&Prospect, &Finances) -> Gbp) -> Gbp {
        let of = |prospect: &Prospect, profile: &Profile, finances: &Finances| {
            let hour_cost = hour_cost(prospect, finances);
            counted_cost(self.behaviour, self.tender.hours, hour_cost, profile.overhead)
        };
        match &self.team {
            Some(team) if team.formed.mode == Mode::Collaboration => {
                Gbp::new(team.blend(|one| of(one.prospect, one.profile, one.finances).value()))
            }
            _ => of(self.prospect, self.profile, self.finances),
        }
    }

    fn plan(&self, rivals: f64) -> Plan<'_> {
        Plan {
            rules: self.rules,
            behaviour: self.behaviour,
            ceiling: self.tender.ceiling,
            reference: self.setting.scenario.market.reference_cost_gbp * self.tender.hours,
            ability: self.ability(),
            rivals,
        }
    }

    /// The price at which the bidder would as soon not win: cost with planned quality, less what winning is worth
    /// to it beside the money, over what a pound of the price is worth to it.
    fn lowest_price(&self, plan: &Plan) -> Gbp {
        let standard = self.standard_cost();
        (plan.cost(standard, plan.quality(standard)) - self.worth()) / self.pound()
    }

    fn rival_costs(&self) -> RivalCosts {
        RivalCosts::of(&self.setting.scenario.population, self.tender)
    }

    /// Highest cost to reckon with in a rival \[GBP a round\]: one who would need all of the ceiling at standard
    /// quality, and plans the quality that this bidder plans; nobody bids above the ceiling.
    fn dearest_rival(&self, plan: &Plan) -> Gbp {
        let ceiling = self.tender.ceiling;
        plan.cost(ceiling, plan.quality(self.standard_cost())).min(ceiling)
    }

    /// The price asked for, between the price floor and the ceiling.
    fn price_against(&self, rivals: f64) -> Gbp {
        let reference = self.setting.scenario.market.reference_cost_gbp;
        let floor = reference * (self.tender.hours * self.rules.price_floor);
        self.wanted_price(rivals).max(floor).min(self.tender.ceiling)
    }

    fn wanted_price(&self, rivals: f64) -> Gbp {
        let ceiling = self.tender.ceiling;
        let plan = self.plan(expected_rivals(self.behaviour, self.market));
        let standard = self.standard_cost();
        let cost = self.lowest_price(&plan);
        match (self.behaviour.bidding, self.behaviour.beliefs) {
            (Bidding::Truthful, _) => cost,
            (Bidding::Equilibrium, Beliefs::Market) => {
                equilibrium_price(cost, self.dearest_rival(&plan), rivals)
            }
            (Bidding::Equilibrium, Beliefs::Rational)
                if self.behaviour.cost_structure == CostStructure::Common =>
            {
                let law = &self.setting.scenario.population;
                common_value_price(cost, law, self.tender, self.behaviour.cost_error)
            }
            (Bidding::Equilibrium, Beliefs::Rational) if self.behaviour.planned_quality => {
                self.rival_costs().first_score(standard, rivals, &plan)
            }
            (Bidding::Equilibrium, Beliefs::Rational) => {
                let costs = self.rival_costs().less(self.worth());
                costs.first_price(cost, rivals, self.bid_cost_in_price())
            }
            (Bidding::Learned, _) => {
                let grid = self.behaviour.price_grid.value();
                let past = self.market.past.iter();
                let learned = best_reply(past, self.prospect.charity, cost / ceiling, grid);
                let unlearned =
                    || up_to_grid(equilibrium_price(cost, self.dearest_rival(&plan), rivals), ceiling, grid);
                learned.map_or_else(unlearned, |share| ceiling * share)
            }
            (Bidding::ZeroIntelligence, _) => {
                let u = self.luck(PairDraw::Price);
                match self.behaviour.zi_law {
                    ZeroIntelligenceLaw::ToCeiling => cost + (ceiling - cost) * u,
                    ZeroIntelligenceLaw::Markup => cost * (1.0 + self.behaviour.markup_max * u),
                }
            }
        }
    }

    /// Bid cost that rational prices win back: none where it was sunk before the cost was known.
    fn bid_cost_in_price(&self) -> Gbp {
        match self.behaviour.entry {
            Entry::BeforeCost => Gbp::ZERO,
            Entry::Logit | Entry::All => self.prospect.bid_cost,
        }
    }

    /// The decision: P = logistic(lambda (P(win) x gain / bid cost - 1)).
    fn enters(&self, cost: Gbp, price: Gbp, claim: f64, social: f64) -> bool {
        let term = f64::from(self.tender.term);
        let chance = match (self.behaviour.entry, self.behaviour.beliefs) {
            (Entry::All, _) => return true,
            (Entry::BeforeCost, Beliefs::Rational) => self.rival_costs().entry_before_cost(
                expected_rivals(self.behaviour, self.market),
                self.prospect.bid_cost.value() / term,
                self.behaviour.bid_rationality,
            ),
            (Entry::BeforeCost, Beliefs::Market) => self.chance_before_cost(),
            (Entry::Logit, Beliefs::Market) => {
                let wins = self.chance_of_winning(price, claim, social);
                chance_of_bidding(
                    self.behaviour,
                    wins,
                    (price - cost) * (term * self.pound()),
                    self.prospect.bid_cost,
                )
            }
            (Entry::Logit, Beliefs::Rational) => {
                let above = self.rival_costs().less(self.worth()).share_above(cost.value());
                let wins = pow(above, expected_rivals(self.behaviour, self.market));
                chance_of_bidding(
                    self.behaviour,
                    wins,
                    (price - cost) * (term * self.pound()),
                    self.prospect.bid_cost,
                )
            }
        };
        self.luck(PairDraw::Decision) < chance
    }

    /// The decision of one who has not yet worked out the cost: it goes by its usual cost of an hour and
    /// the market's usual price.
    fn chance_before_cost(&self) -> f64 {
        let usual = self.counted(|_, finances| finances.unit_cost);
        let price = self.tender.ceiling * self.market.price_ratio;
        let wins = self.chance_of_winning(price, self.ability(), self.local());
        let gain = (price * self.pound() - usual + self.worth()) * f64::from(self.tender.term);
        chance_of_bidding(self.behaviour, wins, gain, self.prospect.bid_cost)
    }

    fn chance_of_winning(&self, price: Gbp, claim: f64, social: f64) -> f64 {
        let (ratio, market) = (price / self.tender.ceiling, self.market.price_ratio);
        let score = planning_score(self.rules, claim, social, ratio, market);
        let score = score + Weights::of(self.rules).collaboration * self.collaboration();
        chance_of_winning(self.behaviour, score, &self.market.public())
    }
}

/// Chance of bidding; with free bids, a charity bids if it expects to gain.
pub fn chance_of_bidding(behaviour: &Behaviour, chance: f64, gain: Gbp, bid_cost: Gbp) -> f64 {
    if behaviour.bid_rationality == 0.0 {
        0.5
    } else if bid_cost == Gbp::ZERO {
        f64::from(u8::from(chance * gain.value() > 0.0))
    } else {
        logistic(behaviour.bid_rationality * (chance * (gain / bid_cost) - 1.0))
    }
}

fn expected_rivals(behaviour: &Behaviour, market: &MarketState) -> f64 {
    if behaviour.rivals_known >= 0.0 { behaviour.rivals_known } else { market.rivals }
}

/// First-price equilibrium against `rivals` rivals with uniform costs up to the dearest:
/// price = cost + (dearest - cost) / (1 + rivals) (Vickrey 1961; with planned quality, Che 1993).
pub fn equilibrium_price(cost: Gbp, dearest: Gbp, rivals: f64) -> Gbp {
    cost + (dearest.max(cost) - cost) / (1.0 + rivals)
}

/// Whether the expected loss exceeds what trustees accept: a share of income, and reserves spread
/// over the term.
fn loses_too_much(bidder: &Bidder, loss_per_round: Gbp) -> bool {
    let rounds_per_year = bidder.setting.world.calendar.rounds_per_year();
    let yearly = loss_per_round * rounds_per_year;
    let years = (f64::from(bidder.tender.term) / rounds_per_year).max(1.0);
    let sum = |value: fn(&Finances) -> Gbp| match &bidder.team {
        None => value(bidder.finances),
        Some(team) => team.sum(|member| value(member.finances)),
    };
    let means = sum(|finances| finances.reserves.max(Gbp::ZERO)) / years;
    yearly > sum(|finances| finances.income) * bidder.behaviour.max_loss + means
}
