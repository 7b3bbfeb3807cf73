//! The world before anybody acts: areas, services, markets; from English data or synthetic.
//!
//! Charities and contracts are drawn per replicate ([`population`], [`contracts`]); what stands
//! here is the same for all replicates of a scenario.

mod built_in;
pub mod codes;
pub mod contracts;
mod england;
mod faults;
mod places;
pub mod population;
mod sample;
mod synthetic;
mod table;
pub mod user;

use crate::calendar::Calendar;
use crate::ids::{AreaId, Column, Id, MarketId, ServiceId};
use crate::scenario::{Scenario, parameters::WorldKind};
use crate::units::{Gbp, Hours, People};

/// Skills that people's needs call for: accommodation, clinical, relational, rights.
pub const SKILLS: usize = 4;

/// Why a world could not be built from its tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldError(pub String);

impl std::fmt::Display for WorldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for WorldError {}

/// An upper-tier council area with its commissioner.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// National statistics code, or a made-up one.
    pub code: String,
    /// Name.
    pub name: String,
    /// Its place in the whole country, by which its people are drawn: the same alone and among others.
    pub address: u32,
    /// Row of its region in [`World::regions`].
    pub region: usize,
    /// Residents \[people\].
    pub population: People,
    /// Deprivation: Index of Multiple Deprivation 2025, average score.
    pub deprivation: f64,
    /// Latitude and longitude of the population centroid, where known.
    pub centroid: Option<(f64, f64)>,
    /// Relative number of charities under 1m GBP.
    pub charities: f64,
    /// Relative number of charities of 1m GBP and over.
    pub large_charities: f64,
}

/// A people service that councils buy.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Key in tables: `homelessness`.
    pub key: String,
    /// Name in charts.
    pub name: String,
    /// How much each skill matters; sums to one.
    pub skill_weights: [f64; SKILLS],
    /// Share of people with 1, 2, 3 and 4 simultaneous needs; sums to one.
    pub complexity: [f64; SKILLS],
    /// Staff hours that one person takes, mean over complexity \[hours\].
    pub hours_per_person: Hours,
}

impl Service {
    /// Mean number of simultaneous needs of a person.
    pub fn mean_needs(&self) -> f64 {
        self.complexity.iter().zip([1.0, 2.0, 3.0, 4.0]).map(|(share, needs)| share * needs).sum()
    }
}

/// A market: one service in one area.
#[derive(Clone, Debug, PartialEq)]
pub struct Market {
    /// Its area.
    pub area: AreaId,
    /// Its service.
    pub service: ServiceId,
    /// People who come to need in a round, on average.
    pub arrivals: People,
    /// Money that charities can be paid \[GBP a year\].
    pub budget: Gbp,
}

/// A market of the whole country, from whose money contracts are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettable {
    /// Where it is in this world; nowhere if it lies outside.
    pub market: Option<MarketId>,
    /// Its place in the country: an area of this world, or a number beyond them ([`World::places`]).
    pub place: u32,
    /// Row of its region.
    pub region: usize,
    /// Its service.
    pub service: ServiceId,
    /// Money that charities can be paid \[GBP a year\].
    pub budget: Gbp,
}

/// What is publicly known of a market: what charities expect of its next tender.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PublicRecord {
    /// Mean number of bids besides the winner's.
    pub rivals: f64,
    /// Mean winning price over ceiling.
    pub price_ratio: f64,
    /// Mean score of losing bids.
    pub rival_score: f64,
    /// Mean success of those served.
    pub success: f64,
}

impl PublicRecord {
    /// The mean of some records; nothing of none.
    pub fn mean(records: &[Self]) -> Option<Self> {
        let mean = |of: fn(&Self) -> f64| records.iter().map(of).sum::<f64>() / records.len() as f64;
        (!records.is_empty()).then(|| Self {
            rivals: mean(|record| record.rivals),
            price_ratio: mean(|record| record.price_ratio),
            rival_score: mean(|record| record.rival_score),
            success: mean(|record| record.success),
        })
    }
}

/// Supply: how many charities offer what, how far they reach, which are NCVO's general charities.
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    /// Upper income limits of the columns of `offers` \[GBP a year\].
    pub income_limits: Vec<f64>,
    /// Chance that a charity of an income column offers a service: `offers[service][column]`.
    pub offers: Vec<Vec<f64>>,
    /// Chance of local and of local or regional reach, by size band.
    pub reach: [(f64, f64); 5],
    /// Upper income limits and chances of being a general charity.
    pub general: Vec<(f64, f64)>,
    /// Founding charities of the whole country, from which those that matter here are kept.
    pub charities: u32,
    /// Where charities are at home, in the whole country.
    pub homes: Vec<Home>,
    /// Weights of a home that does not exist, under 1m GBP and of 1m and over: what is drawn there is not
    /// founded, so that each kind comes in proportion to its own counts.
    pub nowhere: [f64; 2],
    /// Share of the country's budgets that the world's areas spend.
    pub national_share: f64,
    /// The same by region.
    pub regional_share: Vec<f64>,
    /// Whether charities offer one service in turn instead of drawing services (synthetic).
    pub in_turn: bool,
}

/// A place where charities are at home, inside the world or outside a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Home {
    /// Its region.
    pub region: usize,
    /// Relative number of charities under 1m GBP.
    pub charities: f64,
    /// Relative number of charities of 1m GBP and over (registered offices).
    pub large_charities: f64,
    /// Its area, if it is in the world.
    pub area: Option<AreaId>,
}

/// Areas, services, markets and supply.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Areas, in the order of their codes.
    pub areas: Column<AreaId, Area>,
    /// Names of regions.
    pub regions: Vec<String>,
    /// Services.
    pub services: Column<ServiceId, Service>,
    /// Markets: service by service within area by area.
    pub markets: Column<MarketId, Market>,
    /// Markets of the whole country, area by area, of which the world's are a part.
    pub lettable: Vec<Lettable>,
    /// What charities there are.
    pub supply: Supply,
    /// The user's own charities, if any, instead of drawn ones.
    pub own_charities: Vec<user::OwnCharity>,
    /// How rounds make years.
    pub calendar: Calendar,
    /// What a reader should know of the user's own tables: each a sentence.
    pub notes: Vec<String>,
}

impl Supply {
    /// Sets how many charities are drawn: so many at England's counts, more or fewer where a user's own table
    /// has more or fewer (`counts`: over England's, under 1m GBP and of 1m and over).
    fn found(&mut self, at_england: u32, counts: [f64; 2]) {
        let most = counts[0].max(counts[1]);
        self.charities = (f64::from(at_england) * most).round() as u32;
        let total = |weight: fn(&Home) -> f64| self.homes.iter().map(weight).sum::<f64>();
        let totals = [total(|home| home.charities), total(|home| home.large_charities)];
        self.nowhere = std::array::from_fn(|kind| match counts[kind] {
            0.0 => 1.0, // nobody is at home anywhere
            count => totals[kind] * (most / count - 1.0),
        });
    }
}

impl World {
    /// Builds the world that a scenario asks for.
    pub fn build(scenario: &Scenario) -> Result<Self, WorldError> {
        let mut world = match scenario.world.kind {
            WorldKind::England => england::build(scenario)?,
            WorldKind::Synthetic => synthetic::build(scenario),
        };
        if !scenario.world.charities_file.is_empty() {
            let (own, notes) = user::read_charities(&scenario.world.charities_file, &world)?;
            world.own_charities = own;
            world.notes.extend(notes);
            world.supply.charities = world.own_charities.len() as u32;
        }
        Ok(world)
    }

    /// Whether the country has more than what is in this world: charities then work elsewhere, too.
    pub fn is_part(&self) -> bool {
        self.lettable.len() > self.markets.len()
    }

    /// How many places charities have their homes in: this world's areas and, if it is a part of a country, the places of
    /// that country, numbered on from them.
    pub fn places(&self) -> usize {
        self.areas.len() + if self.is_part() { self.supply.homes.len() } else { 0 }
    }

    /// The place of a home of the country: its area, or a number beyond those of this world.
    pub fn place_of(&self, home: usize) -> u32 {
        place(self.areas.len(), home, self.supply.homes[home].area)
    }

    /// Charities of the country that this world is a part of, at its start; none where it is no part, or where the user
    /// has named all charities.
    pub fn charities_around(&self) -> u32 {
        if self.is_part() && self.own_charities.is_empty() { self.supply.charities } else { 0 }
    }

    /// The address of a market in the whole country, by which its people are drawn.
    #[inline]
    pub fn address(&self, market: &Market) -> u64 {
        u64::from(self.areas[market.area].address) * self.services.len() as u64 + market.service.row() as u64
    }

    /// The market of a service in an area.
    #[inline]
    pub fn market(&self, area: AreaId, service: ServiceId) -> MarketId {
        MarketId::from_row(area.row() * self.services.len() + service.row())
    }

    /// Residents of all areas.
    pub fn population(&self) -> People {
        self.areas.iter().map(|area| area.population).sum()
    }
}

/// The place of a home of the country, in a world of so many areas: its area, or a number beyond them.
fn place(areas: usize, home: usize, area: Option<AreaId>) -> u32 {
    area.map_or(areas + home, AreaId::row) as u32
}

/// Hours per person such that planned volume costs exactly the budget at planning prices:
/// H = budget / (coverage x arrivals x reference cost x planning ceiling ratio), per service and year.
fn hours_per_person(scenario: &Scenario, budget: f64, arrivals: f64) -> Hours {
    let market = &scenario.market;
    let price_per_hour = market.reference_cost_gbp.value() * market.planning_ceiling_ratio;
    let planned = arrivals * market.coverage.value();
    Hours::new(if planned > 0.0 { budget / (planned * price_per_hour) } else { 1.0 })
}
