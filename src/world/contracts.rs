//! What is tendered: lots, drawn as one national list and placed where there is budget.

mod expected;
mod outside;

use super::{Lettable, World};
use crate::ids::{Column, Id, LotId, MarketId, ServiceId};
use crate::math::{exp, ln, normal_cdf, normal_quantile};
use crate::mutants::{Mutant, is_on};
use crate::random::{Luck, Purpose};
use crate::scenario::Scenario;
use crate::scenario::parameters::{ContractLaw, Market as Settings};
use crate::units::Gbp;
pub use expected::{expected_lots, typical_values};
use outside::Outside;
pub use outside::OutsideLot;

/// A lot: tendered again and again as one contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lot {
    /// Its market.
    pub market: MarketId,
    /// Money at the planning ceiling, over the whole term.
    pub value: Gbp,
    /// Term \[rounds\].
    pub term: u32,
    /// Round of the first tender: spread over the term where the calendar is staggered. Until then
    /// the lot is not in force; a burn-in as long as the longest term leaves this start behind.
    pub first_round: u32,
}

impl Lot {
    /// Money at the planning ceiling in one round.
    pub fn per_round(&self) -> Gbp {
        self.value / f64::from(self.term)
    }
}

/// All lots, and how many tenders they make in a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Portfolio {
    /// Lots, ordered by market.
    pub lots: Column<LotId, Lot>,
    /// Lots of the rest of the country, where this world is a part of one.
    pub outside: Vec<OutsideLot>,
    /// Tenders a round in the whole country, as the calendar has them.
    pub pace: Pace,
}

/// Mean number of tenders a round, as the calendar of contracts has them.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    services: usize,
    national: Vec<f64>,
    regional: Vec<f64>,
    here: f64,
}

impl Pace {
    fn none(world: &World) -> Self {
        let services = world.services.len();
        let regional = vec![0.0; services * world.regions.len()];
        Self { services, national: vec![0.0; services], regional, here: 0.0 }
    }

    fn add(&mut self, market: &Lettable, term: u32) {
        let a_round = 1.0 / f64::from(term);
        self.national[market.service.row()] += a_round;
        self.regional[market.region * self.services + market.service.row()] += a_round;
        self.here += if market.market.is_some() { a_round } else { 0.0 };
    }

    /// Tenders for a service in the country, or in a region of it.
    pub fn of(&self, service: ServiceId, region: Option<usize>) -> f64 {
        match region {
            None => self.national[service.row()],
            Some(region) => self.regional[region * self.services + service.row()],
        }
    }

    /// Tenders of all services in this world.
    pub fn here(&self) -> f64 {
        self.here
    }
}

impl Portfolio {
    /// Draws the portfolio of one replicate.
    pub fn draw(world: &World, scenario: &Scenario, luck: Luck) -> Self {
        match scenario.market.contract_law {
            ContractLaw::Fixed => Self::equal_lots(world, scenario, luck),
            ContractLaw::Lognormal => Self::national_list(world, scenario, luck),
        }
    }

    fn equal_lots(world: &World, scenario: &Scenario, luck: Luck) -> Self {
        let settings = &scenario.market;
        let mut draws = luck.stream::<3>(Purpose::Contracts, 0);
        let per_market = settings.lots_per_market as usize;
        let inside = world.markets.len() * per_market;
        let lots = (0..inside)
            .map(|row| {
                let [_, _, stagger] = draws.uniforms(row as u64);
                Lot {
                    market: MarketId::from_row(row / per_market),
                    value: lot_value(settings, row % per_market),
                    term: settings.lot_term_rounds,
                    first_round: first_round(settings, settings.lot_term_rounds, stagger),
                }
            })
            .collect();
        let mut pace = Pace::none(world);
        let mut outside = Outside::default();
        for market in &world.lettable {
            for place in 0..per_market {
                pace.add(market, settings.lot_term_rounds);
                if market.market.is_none() {
                    let [_, _, phase] = draws.uniforms((inside + outside.len()) as u64);
                    outside.add(market, lot_value(settings, place), settings.lot_term_rounds, phase);
                }
            }
        }
        Self::new(world, lots, outside, pace)
    }

    fn new(world: &World, lots: Column<LotId, Lot>, outside: Outside, pace: Pace) -> Self {
        Self { outside: outside.beside(world, &lots), lots, pace }
    }

    /// Draws contracts until their yearly value meets all budgets of the country, then places them, largest
    /// first, each in a market with room, with probability proportional to its uncommitted budget. Those in
    /// markets of this world are its lots; what no contract fits is bought without a tender.
    fn national_list(world: &World, scenario: &Scenario, luck: Luck) -> Self {
        let settings = &scenario.market;
        let total: f64 = world.lettable.iter().map(|market| market.budget.value()).sum();
        let mut draws = luck.stream::<3>(Purpose::Contracts, 0);
        let mut places = luck.stream::<1>(Purpose::Contracts, 1);
        let mut list: Vec<(f64, u32, f64, u64)> = Vec::new();
        let mut yearly = 0.0;
        while yearly < total {
            let slot = list.len() as u64;
            let [value, term, stagger] = draws.uniforms(slot);
            let value = truncated_lognormal(settings, value);
            let years = term_years(settings, term);
            yearly += value / f64::from(years);
            list.push((value, years, stagger, slot));
        }
        list.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.3.cmp(&b.3)));

        let mut room = Room::new(world);
        let mut pace = Pace::none(world);
        let mut outside = Outside::default();
        let mut placed: Vec<(MarketId, u64, Lot)> = Vec::new();
        for (value, years, stagger, slot) in list {
            let [u] = places.uniforms(slot);
            let term = (f64::from(years) * world.calendar.rounds_per_year()).round() as u32;
            let term = term.max(1);
            let Some(row) = room.place(value / f64::from(years), u) else { continue };
            let (lettable, value) = (&world.lettable[row], Gbp::new(value));
            pace.add(lettable, term);
            let Some(market) = lettable.market else {
                outside.add(lettable, value, term, stagger);
                continue;
            };
            let first_round = first_round(settings, term, stagger);
            placed.push((market, slot, Lot { market, value, term, first_round }));
        }
        placed.sort_by_key(|&(market, slot, _)| (market, slot));
        Self::new(world, placed.into_iter().map(|(_, _, lot)| lot).collect(), outside, pace)
    }
}

/// Value of the lot in this place of a market, under the fixed law.
pub fn lot_value(settings: &Settings, place: usize) -> Gbp {
    let weights = &settings.lot_value_weights;
    settings.lot_value_gbp * if is_on(Mutant::LotsAlike) { 1.0 } else { weights[place % weights.len()] }
}

fn term_years(settings: &Settings, u: f64) -> u32 {
    let one = settings.one_year_share.value();
    if u < one {
        1
    } else if u < 1.0 - settings.five_year_share.value() {
        3
    } else {
        5
    }
}

fn first_round(settings: &Settings, term: u32, u: f64) -> u32 {
    if settings.staggered { (u * f64::from(term)) as u32 } else { 0 }
}

/// A lognormal contract value between the smallest and the largest contract.
fn truncated_lognormal(settings: &Settings, u: f64) -> f64 {
    let median = ln(settings.contract_median_gbp.value());
    let spread = settings.contract_spread;
    if spread == 0.0 {
        return settings.contract_median_gbp.value();
    }
    let rank = |value: Gbp| normal_cdf((ln(value.value()) - median) / spread);
    let (low, high) = (rank(settings.contract_min_gbp), rank(settings.contract_max_gbp));
    exp(median + spread * normal_quantile(low + u * (high - low)))
        .clamp(settings.contract_min_gbp.value(), settings.contract_max_gbp.value())
}

/// Uncommitted budgets under a Fenwick tree (Fenwick 1994): a weighted pick and a payment each cost
/// the logarithm of the number of markets.
struct Room {
    left: Vec<f64>,
    tree: Vec<f64>,
}

impl Room {
    fn new(world: &World) -> Self {
        let left: Vec<f64> = world.lettable.iter().map(|market| market.budget.value()).collect();
        let mut room = Self { tree: vec![0.0; left.len() + 1], left: vec![0.0; left.len()] };
        for (row, budget) in left.into_iter().enumerate() {
            room.add(row, budget);
        }
        room
    }

    fn add(&mut self, row: usize, amount: f64) {
        self.left[row] += amount;
        let mut node = row + 1;
        while node < self.tree.len() {
            self.tree[node] += amount;
            node += node & node.wrapping_neg();
        }
    }

    /// The market at cumulative uncommitted budget `target`.
    fn find(&self, mut target: f64) -> usize {
        let mut row = 0;
        let mut step = self.tree.len().next_power_of_two() / 2;
        while step > 0 {
            if row + step < self.tree.len() && self.tree[row + step] < target {
                row += step;
                target -= self.tree[row];
            }
            step /= 2;
        }
        row.min(self.left.len().saturating_sub(1))
    }

    /// Takes `yearly` from a market with room, chosen in proportion to uncommitted budget: by
    /// rejection with a fixed number of tries, then by a full scan.
    fn place(&mut self, yearly: f64, u: f64) -> Option<usize> {
        const TRIES: u32 = 16;
        let total = self.uncommitted_total();
        let chosen = (0..TRIES)
            .map(|attempt| self.find((u + f64::from(attempt) * 0.618_033_988_749_894_9).fract() * total))
            .find(|&row| self.left[row] >= yearly)
            .or_else(|| self.scan(yearly, u))?;
        self.add(chosen, -yearly);
        Some(chosen)
    }

    fn uncommitted_total(&self) -> f64 {
        let mut total = 0.0;
        let mut node = self.left.len();
        while node > 0 {
            total += self.tree[node];
            node -= node & node.wrapping_neg();
        }
        total
    }

    fn scan(&self, yearly: f64, u: f64) -> Option<usize> {
        let with_room = || self.left.iter().enumerate().filter(|(_, left)| **left >= yearly);
        let mut target = u * with_room().map(|(_, left)| left).sum::<f64>();
        let mut last = None;
        for (row, left) in with_room() {
            last = Some(row);
            target -= left;
            if target <= 0.0 {
                break;
            }
        }
        last
    }
}
