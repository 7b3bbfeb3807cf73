//! England, a sample of it, or the user's own areas: a window onto a whole country.
//!
//! Charities, contracts and need are drawn for the whole country, each at an address of its own; what
//! lies inside the window is kept. So a council meets the same people, contracts and rivals whether it
//! is alone or among all others.

use super::built_in::{self, Plan};
use super::places::Country;
use super::sample::{Facts, choose_authorities};
use super::{Area, Home, Lettable, Market, World, WorldError, hours_per_person};
use crate::calendar::Calendar;
use crate::ids::{AreaId, Column, Id, MarketId, ServiceId};
use crate::scenario::Scenario;
use crate::units::{Gbp, People};

/// Builds England, a stratified sample of it, or the user's own areas.
pub fn build(scenario: &Scenario) -> Result<World, WorldError> {
    let settings = &scenario.world;
    let plans = built_in::plans(&settings.only_service)?;
    let country = Country::read(&settings.areas_file, &plans, scenario.market.spend_floor.value())?;
    let sizes: Vec<Sizes> = (0..country.places.len())
        .map(|place| plans.iter().enumerate().map(|(row, plan)| country.market(place, row, plan)).collect())
        .collect();
    let window = Window::new(&country, &sizes, scenario);
    if window.kept.iter().all(|&place| sizes[place].iter().all(|&(budget, _)| budget == 0.0)) {
        return Err(WorldError(format!("{}: there is no money for any service in it", settings.areas_file)));
    }
    let mut world = World {
        areas: Column::from(window.areas(&country)),
        services: services(&plans, &country, scenario),
        markets: Column::from(window.markets(&sizes, scenario)),
        lettable: window.lettable(&country, &sizes),
        supply: built_in::supply(&plans)?,
        own_charities: Vec::new(),
        calendar: Calendar::new(settings.round_weeks),
        regions: country.regions.clone(),
        notes: country.notes.clone(),
    };
    window.place_supply(&mut world, &country, &sizes);
    world.supply.found(scenario.population.charities * settings.copies, country.charities);
    Ok(world)
}

/// Yearly budget [GBP] and arrivals [people] of an area's services.
type Sizes = Vec<(f64, f64)>;

/// Services with their hours per person, which come from England as it is, so that a sample keeps them and
/// twice the money in a user's own table buys twice the help.
fn services(plans: &[Plan], country: &Country, scenario: &Scenario) -> Column<ServiceId, super::Service> {
    let planned = plans.iter().zip(&country.planned);
    let service = |(plan, &(budget, arrivals)): (&Plan, &(f64, f64))| super::Service {
        hours_per_person: hours_per_person(scenario, budget, arrivals),
        ..plan.service.clone()
    };
    planned.map(service).collect()
}

/// Which places of a country the world has, and how often.
struct Window {
    /// Rows of the country's places that are inside, in order.
    kept: Vec<usize>,
    /// Places of the country.
    places: usize,
    /// How many copies of the country stand side by side.
    copies: usize,
}

impl Window {
    fn new(country: &Country, sizes: &[Sizes], scenario: &Scenario) -> Self {
        let asked_for = &country.asked_for;
        let facts: Vec<Facts> =
            asked_for.iter().map(|&place| facts(&country.places[place].area, &sizes[place])).collect();
        let chosen = choose_authorities(&facts, scenario.world.sample_authorities);
        Self {
            kept: chosen.into_iter().map(|row| asked_for[row]).collect(),
            places: country.places.len(),
            copies: scenario.world.copies as usize,
        }
    }

    /// Where an area of the country's list is in the world.
    fn inside(&self, copy: usize, place: usize) -> Option<AreaId> {
        let row = self.kept.binary_search(&place).ok()?;
        Some(AreaId::from_row(copy * self.kept.len() + row))
    }

    /// Copies and places of the whole country, in the order of their addresses.
    fn whole(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.copies).flat_map(|copy| (0..self.places).map(move |place| (copy, place)))
    }

    fn areas(&self, country: &Country) -> Vec<Area> {
        let within = self.whole().filter(|&(copy, place)| self.inside(copy, place).is_some());
        within.map(|(copy, place)| self.copy_of(&country.places[place].area, copy, place)).collect()
    }

    fn copy_of(&self, area: &Area, copy: usize, place: usize) -> Area {
        let mut area = area.clone();
        area.address = (copy * self.places + place) as u32;
        if copy > 0 {
            area.code = format!("{}-{}", area.code, copy + 1);
            area.name = format!("{} ({})", area.name, copy + 1);
        }
        area
    }

    fn markets(&self, sizes: &[Sizes], scenario: &Scenario) -> Vec<Market> {
        let rounds_per_year = Calendar::new(scenario.world.round_weeks).rounds_per_year();
        let mut markets = Vec::new();
        for (copy, place) in self.whole() {
            let Some(area) = self.inside(copy, place) else { continue };
            markets.extend(sizes[place].iter().enumerate().map(|(service, &(budget, arrivals))| Market {
                area,
                service: Id::from_row(service),
                arrivals: People::new(arrivals / rounds_per_year),
                budget: Gbp::new(budget),
            }));
        }
        markets
    }

    /// All markets of the country, from whose money the list of contracts is drawn.
    fn lettable(&self, country: &Country, sizes: &[Sizes]) -> Vec<Lettable> {
        let services = sizes.first().map_or(0, Vec::len);
        let of_place = |(home, (copy, place)): (usize, (usize, usize))| {
            let area = self.inside(copy, place);
            let region = country.places[place].area.region;
            (0..services).map(move |service| Lettable {
                market: area.map(|area| MarketId::from_row(area.row() * services + service)),
                place: super::place(self.kept.len() * self.copies, home, area),
                region,
                service: ServiceId::from_row(service),
                budget: Gbp::new(sizes[place][service].0),
            })
        };
        self.whole().enumerate().flat_map(of_place).collect()
    }

    /// Homes of the whole country's charities, and how much of its money the world spends.
    fn place_supply(&self, world: &mut World, country: &Country, sizes: &[Sizes]) {
        let budget = |place: usize| sizes[place].iter().map(|(budget, _)| budget).sum::<f64>();
        let share = |region: Option<usize>| {
            let of_region =
                |place: &usize| region.is_none_or(|region| country.places[*place].area.region == region);
            let inside: f64 =
                self.kept.iter().filter(|place| of_region(place)).map(|&place| budget(place)).sum();
            let all: f64 = (0..self.places).filter(of_region).map(budget).sum();
            if all > 0.0 { inside / all } else { 0.0 }
        };
        world.supply.national_share = share(None);
        world.supply.regional_share = (0..country.regions.len()).map(|region| share(Some(region))).collect();
        for (copy, place) in self.whole() {
            let area = &country.places[place].area;
            world.supply.homes.push(Home {
                region: area.region,
                charities: area.charities,
                large_charities: area.large_charities,
                area: self.inside(copy, place),
            });
        }
    }
}

fn facts(area: &Area, sizes: &Sizes) -> Facts {
    Facts {
        region: area.region,
        population: area.population.value(),
        deprivation: area.deprivation,
        budget: sizes.iter().map(|(budget, _)| budget).sum(),
        arrivals: sizes.iter().map(|(_, arrivals)| arrivals).sum(),
        charities: [area.charities, area.large_charities],
    }
}
