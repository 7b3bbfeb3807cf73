//! Phase 5: bid or not, at what price, with what planned quality.

use super::Setting;
use super::commission::{Tender, Tenders};
use super::equilibrium::{RivalCosts, common_value_price};
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
    /// Quality that the bid claims, in \[0, 1\], writing included.
    pub claim: f64,
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
    let bids: Vec<Bid> = search
        .prospects
        .par_iter()
        .filter_map(|prospect| {
            let tender = &tenders.calls[prospect.tender];
            let bidder = Bidder {
                setting,
                prospect,
                tender,
                rules: &setting.regime(tender.area).rules,
                behaviour: &setting.regime(state.charities.profile[prospect.charity].home()).behaviour,
                profile: &state.charities.profile[prospect.charity],
                finances: &state.charities.finances[prospect.charity],
                market: &state.markets[tender.market],
                tender_luck: search.tender_luck[prospect.tender],
            };
            bidder.bid()
        })
        .collect();
    Bids::group(bids, tenders.calls.len())
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

impl Bidder<'_> {
    fn luck(&self, draw: PairDraw) -> f64 {
        pair_uniform(self.prospect.charity_luck, self.tender_luck, draw as u64)
    }

    fn bid(&self) -> Option<Bid> {
        let Prospect { charity, tender, hour_cost, ability, bid_cost, charity_luck, .. } = *self.prospect;
        let standard = counted_cost(self.behaviour, self.tender.hours, hour_cost, self.profile.overhead);
        let rivals = expected_rivals(self.behaviour, self.market);
        let ceiling = self.tender.ceiling;
        let quality = planned_quality(self.rules, self.behaviour, standard, ceiling, ability, rivals);
        let extra = cost_of_quality(self.behaviour, quality);
        let cost = standard * extra;
        if cost > ceiling {
            return None;
        }
        let floor =
            self.setting.scenario.market.reference_cost_gbp * (self.tender.hours * self.rules.price_floor);
        let price = self.price(cost).max(floor).min(ceiling);
        let full_cost =
            self.finances.unit_cost * (self.tender.hours * (1.0 + f64::from(self.profile.overhead)) * extra);
        let claim = (ability * quality).min(1.0);
        let unbearable = loses_too_much(self, full_cost - price);
        let social = self.profile.embeddedness(self.tender.area);
        if unbearable || !self.enters(cost, price, claim, social) {
            return None;
        }
        let claim = claim + f64::from(self.profile.writing);
        Some(Bid { charity, tender, price, quality, claim, social, full_cost, bid_cost, charity_luck })
    }

    fn rival_costs(&self) -> RivalCosts {
        RivalCosts::of(&self.setting.scenario.population, self.tender)
    }

    fn price(&self, cost: Gbp) -> Gbp {
        let ceiling = self.tender.ceiling;
        match (self.behaviour.bidding, self.behaviour.beliefs) {
            (Bidding::Truthful, _) => cost,
            (Bidding::Equilibrium, Beliefs::Market) => {
                let rivals = expected_rivals(self.behaviour, self.market);
                equilibrium_price(cost, ceiling, rivals)
            }
            (Bidding::Equilibrium, Beliefs::Rational)
                if self.behaviour.cost_structure == CostStructure::Common =>
            {
                let law = &self.setting.scenario.population;
                common_value_price(cost, law, self.tender, self.behaviour.cost_error)
            }
            (Bidding::Equilibrium, Beliefs::Rational) => {
                let rivals = expected_rivals(self.behaviour, self.market);
                self.rival_costs().first_price(cost, rivals, self.prospect.bid_cost)
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

    /// The decision: P = logistic(lambda (P(win) x gain / bid cost - 1)).
    fn enters(&self, cost: Gbp, price: Gbp, claim: f64, social: f64) -> bool {
        if self.behaviour.entry == Entry::All {
            return true;
        }
        let gain = (price - cost) * f64::from(self.tender.term);
        let chance = match self.behaviour.beliefs {
            Beliefs::Market => {
                let (ratio, market) = (price / self.tender.ceiling, self.market.price_ratio);
                let score = planning_score(self.rules, claim, social, ratio, market);
                chance_of_winning(self.behaviour, score, self.market)
            }
            Beliefs::Rational => {
                let above = self.rival_costs().share_above(cost.value());
                pow(above, expected_rivals(self.behaviour, self.market))
            }
        };
        self.luck(PairDraw::Decision)
            < chance_of_bidding(self.behaviour, chance, gain, self.prospect.bid_cost)
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

/// Planned quality g: maximises (w_quality / w_price) x ceiling x claim(g) - cost x k g^2 / 2, where the
/// claim is ability x g, at most 1 (Che 1993: quality is chosen apart from rivalry). It lies within half
/// and one and a half times standard, claims nothing beyond 1, and leaves under the ceiling the margin
/// that standard quality would earn against so many rivals.
pub fn planned_quality(
    rules: &Rules,
    behaviour: &Behaviour,
    cost: Gbp,
    ceiling: Gbp,
    ability: f64,
    rivals: f64,
) -> f64 {
    const RANGE: (f64, f64) = (0.5, 1.5);
    if !behaviour.planned_quality {
        return 1.0;
    }
    let room = ceiling / cost.max(Gbp::new(1e-9));
    let spare = (room - 1.0) * (1.0 - 1.0 / (1.0 + rivals));
    let affordable = libm::sqrt((1.0 + 2.0 * spare / behaviour.quality_cost).max(0.0));
    let price_weight = rules.weight_price.value();
    let wanted = if price_weight == 0.0 {
        RANGE.1
    } else {
        rules.weight_quality.value() / price_weight * room * ability / behaviour.quality_cost
    };
    wanted.min(1.0 / ability.max(1e-9)).min(affordable).clamp(RANGE.0, RANGE.1)
}

/// Cost of a planned quality over the cost of standard: 1 + k (g^2 - 1) / 2.
pub fn cost_of_quality(behaviour: &Behaviour, quality: f64) -> f64 {
    if behaviour.planned_quality {
        (1.0 + behaviour.quality_cost * (quality * quality - 1.0) / 2.0).max(0.1)
    } else {
        1.0
    }
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
