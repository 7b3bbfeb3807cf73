//! Phase 5: bid or not, at what price, with what planned quality.

use super::Setting;
use super::commission::{Tender, Tenders};
use super::equilibrium::{RivalCosts, common_value_price};
use super::quality::Plan;
use super::reply::{best_reply, up_to_grid};
use super::score::planning_score;
use super::search::{Prospect, Search, chance_of_winning, counted_cost};
use super::state::{Finances, MarketState, Profile, State};
use crate::ids::{CharityId, Id, TenderId};
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

/// Turns prospects into bids.
pub fn decide(setting: &Setting, state: &State, tenders: &Tenders, search: &Search) -> Bids {
    let bidder = |prospect| Bidder::new(setting, state, tenders, search, prospect);
    let bids: Vec<Bid> = search.prospects.par_iter().filter_map(|prospect| bidder(prospect).bid()).collect();
    let bids = Bids::group(bids, tenders.calls.len());
    if setting.scenario.regime.behaviour.observe_rivals {
        return seen_by_rivals(&bids, search, bidder);
    }
    bids
}

/// The same bidders, with prices that know how many they are.
fn seen_by_rivals<'a>(bids: &Bids, search: &'a Search, bidder: impl Fn(&'a Prospect) -> Bidder<'a>) -> Bids {
    let priced = search.prospects.iter().filter_map(|prospect| {
        let rivals = bids.of(prospect.tender);
        let bid = rivals.iter().find(|bid| bid.charity == prospect.charity)?;
        Some(Bid { price: bidder(prospect).price_against(rivals.len() as f64 - 1.0), ..*bid })
    });
    Bids::group(priced.collect(), bids.first.len() - 1)
}

/// A charity before its decision.
struct Bidder<'a> {
    setting: &'a Setting<'a>,
    prospect: &'a Prospect,
    tender: &'a Tender,
    rules: &'a Rules,
    behaviour: &'a Behaviour,
    profile: &'a Profile,
    finances: &'a Finances,
    market: &'a MarketState,
    tender_luck: u64,
}

impl<'a> Bidder<'a> {
    fn new(
        setting: &'a Setting,
        state: &'a State,
        tenders: &'a Tenders,
        search: &'a Search,
        prospect: &'a Prospect,
    ) -> Self {
        let tender = &tenders.calls[prospect.tender];
        Self {
            setting,
            prospect,
            tender,
            rules: &setting.regime(tender.area).rules,
            behaviour: &setting.regime(state.charities.profile[prospect.charity].home()).behaviour,
            profile: &state.charities.profile[prospect.charity],
            finances: &state.charities.finances[prospect.charity],
            market: &state.markets[tender.market],
            tender_luck: search.tender_luck[prospect.tender],
        }
    }

    fn luck(&self, draw: PairDraw) -> f64 {
        pair_uniform(self.prospect.charity_luck, self.tender_luck, draw as u64)
    }

    fn bid(&self) -> Option<Bid> {
        let Prospect { charity, tender, ability, bid_cost, charity_luck, .. } = *self.prospect;
        let rivals = expected_rivals(self.behaviour, self.market);
        let plan = self.plan(rivals);
        let standard = self.standard_cost();
        let quality = plan.quality(standard);
        let cost = self.lowest_price(&plan);
        if cost > self.tender.ceiling {
            return None;
        }
        let price = self.price_against(rivals);
        let work = self.finances.unit_cost * (self.tender.hours * (1.0 + f64::from(self.profile.overhead)));
        let full_cost = plan.cost(work, quality);
        let claim = (ability * quality).min(1.0);
        let unbearable = loses_too_much(self, full_cost - price * self.prospect.pay);
        let social = self.profile.embeddedness(self.tender.area);
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
            full_cost,
            bid_cost,
            charity_luck,
        })
    }

    /// Cost that the bid counts, at standard quality \[GBP a round\].
    fn standard_cost(&self) -> Gbp {
        counted_cost(self.behaviour, self.tender.hours, self.prospect.hour_cost, self.profile.overhead)
    }

    fn plan(&self, rivals: f64) -> Plan<'_> {
        Plan {
            rules: self.rules,
            behaviour: self.behaviour,
            ceiling: self.tender.ceiling,
            reference: self.setting.scenario.market.reference_cost_gbp * self.tender.hours,
            ability: self.prospect.ability,
            rivals,
        }
    }

    /// The price at which the bidder would as soon not win: cost with planned quality, less what outcomes
    /// are worth to it, over the part of the price that it expects to be paid.
    fn lowest_price(&self, plan: &Plan) -> Gbp {
        let standard = self.standard_cost();
        (plan.cost(standard, plan.quality(standard)) - self.prospect.worth) / self.prospect.pay
    }

    fn rival_costs(&self) -> RivalCosts {
        RivalCosts::of(&self.setting.scenario.population, self.tender)
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
            (Bidding::Equilibrium, Beliefs::Market) => equilibrium_price(cost, ceiling, rivals),
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
                let costs = self.rival_costs().less(self.prospect.worth);
                costs.first_price(cost, rivals, self.bid_cost_in_price())
            }
            (Bidding::Learned, _) => {
                let grid = self.behaviour.price_grid.value();
                let past = self.market.past.iter();
                let learned = best_reply(past, self.prospect.charity, cost / ceiling, grid);
                let unlearned = || up_to_grid(equilibrium_price(cost, ceiling, rivals), ceiling, grid);
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
                    (price - cost) * (term * self.prospect.pay),
                    self.prospect.bid_cost,
                )
            }
            (Entry::Logit, Beliefs::Rational) => {
                let above = self.rival_costs().less(self.prospect.worth).share_above(cost.value());
                let wins = pow(above, expected_rivals(self.behaviour, self.market));
                chance_of_bidding(
                    self.behaviour,
                    wins,
                    (price - cost) * (term * self.prospect.pay),
                    self.prospect.bid_cost,
                )
            }
        };
        self.luck(PairDraw::Decision) < chance
    }

    /// The decision of one who has not yet worked out the cost: it goes by its usual cost of an hour and
    /// the market's usual price.
    fn chance_before_cost(&self) -> f64 {
        let usual =
            counted_cost(self.behaviour, self.tender.hours, self.finances.unit_cost, self.profile.overhead);
        let price = self.tender.ceiling * self.market.price_ratio;
        let social = self.profile.embeddedness(self.tender.area);
        let wins = self.chance_of_winning(price, self.prospect.ability, social);
        let Prospect { worth, pay, .. } = *self.prospect;
        let gain = (price * pay - usual + worth) * f64::from(self.tender.term);
        chance_of_bidding(self.behaviour, wins, gain, self.prospect.bid_cost)
    }

    fn chance_of_winning(&self, price: Gbp, claim: f64, social: f64) -> f64 {
        let (ratio, market) = (price / self.tender.ceiling, self.market.price_ratio);
        let score = planning_score(self.rules, claim, social, ratio, market);
        chance_of_winning(self.behaviour, score, self.market)
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

/// First-price equilibrium against `rivals` rivals with uniform costs up to the ceiling:
/// price = cost + (ceiling - cost) / (1 + rivals) (Vickrey 1961).
pub fn equilibrium_price(cost: Gbp, ceiling: Gbp, rivals: f64) -> Gbp {
    cost + (ceiling - cost) / (1.0 + rivals)
}

/// Whether the expected loss exceeds what trustees accept: a share of income, and reserves spread
/// over the term.
fn loses_too_much(bidder: &Bidder, loss_per_round: Gbp) -> bool {
    let rounds_per_year = bidder.setting.world.rounds_per_year;
    let yearly = loss_per_round * rounds_per_year;
    let years = (f64::from(bidder.tender.term) / rounds_per_year).max(1.0);
    let means = bidder.finances.reserves.max(Gbp::ZERO) / years;
    yearly > bidder.finances.income * bidder.behaviour.max_loss + means
}
