//! Identical made-up areas: for theory, speed and first steps. Needs no data.

use super::{Area, Lettable, Market, SKILLS, Service, Supply, World, hours_per_person};
use crate::calendar::Calendar;
use crate::ids::{AreaId, Column, Id};
use crate::scenario::Scenario;
use crate::units::{Gbp, Hours};

/// Builds `areas` identical areas with `services` identical services each.
pub fn build(scenario: &Scenario) -> World {
    let settings = &scenario.world;
    let calendar = Calendar::new(settings.round_weeks);
    let rounds_per_year = calendar.rounds_per_year();
    let areas = (0..settings.areas).map(|row| area(row, scenario)).collect::<Column<AreaId, Area>>();
    let arrivals = settings.residents_per_area * (settings.need_per_1000 / 1000.0 / rounds_per_year);
    let budget = yearly_budget(scenario, rounds_per_year);
    let hours = hours_per_person(scenario, budget.value(), arrivals.value() * rounds_per_year);
    let services: Column<_, _> = (0..settings.services).map(|row| service(row, scenario, hours)).collect();
    let markets: Column<_, _> = areas
        .ids()
        .flat_map(|area| services.ids().map(move |service| Market { area, service, arrivals, budget }))
        .collect();
    let lettable = (markets.enumerate())
        .map(|(id, &Market { area, service, .. })| Lettable {
            market: Some(id),
            place: area.row() as u32,
            region: 0,
            service,
            budget,
        })
        .collect();
    World {
        areas,
        regions: vec!["synthetic".to_string()],
        services,
        markets,
        lettable,
        supply: Supply {
            income_limits: vec![f64::INFINITY],
            offers: vec![vec![1.0]; settings.services as usize],
            reach: [(1.0, 1.0); 5],
            general: vec![(f64::INFINITY, 1.0)],
            charities: settings.areas.saturating_mul(settings.charities_per_area),
            homes: Vec::new(),
            nowhere: [0.0; 2],
            national_share: 1.0,
            regional_share: vec![1.0],
            in_turn: true,
        },
        own_charities: Vec::new(),
        calendar,
        notes: Vec::new(),
    }
}

fn area(row: u32, scenario: &Scenario) -> Area {
    Area {
        code: format!("S{row:05}"),
        name: format!("Area {}", row + 1),
        address: row,
        region: 0,
        population: scenario.world.residents_per_area,
        deprivation: f64::from(row % 10) * 4.0 + 2.0,
        centroid: None,
        charities: 1.0,
        large_charities: 1.0,
    }
}

fn service(row: u32, scenario: &Scenario, hours_per_person: Hours) -> Service {
    let mut complexity = [0.0; SKILLS];
    for (class, &share) in scenario.world.complexity_shares.iter().take(SKILLS).enumerate() {
        complexity[class] = share;
    }
    let mut skill_weights = [0.0; SKILLS];
    for (skill, &weight) in scenario.world.skill_weights.iter().take(SKILLS).enumerate() {
        skill_weights[skill] = weight;
    }
    Service {
        key: format!("service-{}", row + 1),
        name: format!("Service {}", row + 1),
        skill_weights,
        complexity,
        hours_per_person,
    }
}

/// A market's yearly budget: the yearly value of its lots.
fn yearly_budget(scenario: &Scenario, rounds_per_year: f64) -> Gbp {
    let market = &scenario.market;
    let weights = market.lot_value_weights.iter().cycle().take(market.lots_per_market as usize);
    let lots: f64 = weights.sum();
    market.lot_value_gbp * (lots * rounds_per_year / f64::from(market.lot_term_rounds))
}
