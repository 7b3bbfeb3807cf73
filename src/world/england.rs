//! England from small tables: authorities, budgets, need, supply. Sources: `data/README.md`.

use super::sample::{Facts, choose_authorities};
use super::{
    Area, Home, Market, SKILLS, Service, Supply, World, WorldError, hours_per_person, rounds_per_year, user,
};
use crate::ids::{Column, Id, ServiceId};
use crate::measure::bands::Band;
use crate::scenario::Scenario;
use crate::units::{Gbp, Hours, People};
use std::collections::BTreeMap;

const AREAS: &str = include_str!("data/areas.csv");
const SERVICES: &str = include_str!("data/services.csv");
const SUPPLY: &str = include_str!("data/supply.csv");
const REACH: &str = include_str!("data/reach.csv");
const GENERAL: &str = include_str!("data/general.csv");

/// A council that reports less than this share of the national spend per head is taken to book the
/// service elsewhere, and gets this share (*assumption*; 0 to 34 of 151 councils, by line).
const SPEND_FLOOR: f64 = 0.2;

/// A row of a table, by column name.
pub(super) type Row = BTreeMap<String, String>;

/// Reads a table into rows by column name; names file, row and what is wrong.
pub(super) fn read_rows(text: &str, file: &str) -> Result<Vec<Row>, WorldError> {
    let delimiter = if text.lines().next().is_some_and(|line| line.contains(';')) { b';' } else { b',' };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| WorldError(format!("{file}: {error}")))?.clone();
    reader
        .records()
        .map(|record| {
            let record = record.map_err(|error| WorldError(format!("{file}: {error}")))?;
            Ok(names.iter().map(str::to_string).zip(record.iter().map(str::to_string)).collect())
        })
        .collect()
}

/// The number in a column; names file, row (the header is row 1) and column when it is not one.
pub(super) fn number(row: &Row, column: &str, file: &str, line: usize) -> Result<f64, WorldError> {
    let text = row
        .get(column)
        .ok_or_else(|| WorldError(format!("{file}: there is no column \"{column}\"; it is required")))?;
    text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(|| {
        WorldError(format!("{file}: row {line}, column \"{column}\": \"{text}\" is not a number"))
    })
}

/// The text in a column.
pub(super) fn text(row: &Row, column: &str, file: &str) -> Result<String, WorldError> {
    row.get(column)
        .cloned()
        .ok_or_else(|| WorldError(format!("{file}: there is no column \"{column}\"; it is required")))
}

/// Builds England, a stratified sample of it, or the user's own areas.
pub fn build(scenario: &Scenario) -> Result<World, WorldError> {
    let own = &scenario.world.areas_file;
    let file = if own.is_empty() { "areas.csv" } else { own };
    let own_text = if own.is_empty() { None } else { Some(user::read_text(own)?) };
    let all = read_rows(own_text.as_deref().unwrap_or(AREAS), file)?;
    if all.is_empty() {
        return Err(WorldError(format!("{file}: there are no areas in it")));
    }
    let services = wanted_services(read_rows(SERVICES, "services.csv")?, &scenario.world.only_service)?;
    let (areas, regions) = read_areas(&all, file)?;
    let copies = scenario.world.copies as usize;
    let rounds_per_year = rounds_per_year(scenario);
    let national = national_totals(&all, &services, file)?;
    let sizes = all
        .iter()
        .map(|area| {
            let size = |(row, service)| market_size(area, service, &national, row);
            services.iter().enumerate().map(size).collect()
        })
        .collect::<Result<Vec<Sizes>, WorldError>>()?;
    let facts: Vec<Facts> = areas.iter().zip(&sizes).map(|(area, sizes)| facts(area, sizes)).collect();
    let chosen = choose_authorities(&facts, scenario.world.sample_authorities);

    let mut kept = Vec::new();
    let mut markets = Vec::new();
    for copy in 0..copies {
        for &row in &chosen {
            let area = crate::ids::Id::from_row(kept.len());
            kept.push(copy_of(&areas[row], copy));
            markets.extend(sizes[row].iter().enumerate().map(|(service, &(budget, arrivals))| Market {
                area,
                service: crate::ids::Id::from_row(service),
                arrivals: People::new(arrivals / rounds_per_year),
                budget: Gbp::new(budget),
            }));
        }
    }
    let mut world = World {
        areas: Column::from(kept),
        services: read_services(&services)?,
        markets: Column::from(markets),
        supply: read_supply(&services)?,
        own_charities: Vec::new(),
        rounds_per_year,
        regions,
    };
    place_supply(&mut world, &areas, &facts, &chosen, copies);
    world.supply.charities = scenario.population.charities * scenario.world.copies;
    // Hours per person come from the whole country, so that a sample keeps England's.
    for service in world.services.ids().collect::<Vec<_>>() {
        let of_service = || sizes.iter().map(|sizes| sizes[service.row()]);
        let budget = of_service().map(|(budget, _)| budget).sum();
        let arrivals = of_service().map(|(_, arrivals)| arrivals).sum();
        world.services[service].hours_per_person = hours_per_person(scenario, budget, arrivals);
    }
    Ok(world)
}

/// All services, or the one asked for.
fn wanted_services(services: Vec<Row>, only: &str) -> Result<Vec<Row>, WorldError> {
    if only.is_empty() {
        return Ok(services);
    }
    let keys: Vec<String> =
        services.iter().map(|row| text(row, "key", "services.csv")).collect::<Result<_, _>>()?;
    let found: Vec<Row> =
        services.into_iter().zip(&keys).filter(|(_, key)| *key == only).map(|(row, _)| row).collect();
    if found.is_empty() {
        let known = keys.join(", ");
        return Err(WorldError(format!(
            "world.only_service: there is no service \"{only}\"; the services are {known}"
        )));
    }
    Ok(found)
}

/// Yearly budget [GBP] and arrivals [people] of an area's services.
type Sizes = Vec<(f64, f64)>;

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

/// Yearly budget [GBP] and arrivals [people] of the whole country, and its residents, by service.
struct National {
    budgets: Vec<f64>,
    arrivals: Vec<f64>,
    indicators: Vec<f64>,
    residents: f64,
}

fn national_totals(areas: &[Row], services: &[Row], file: &str) -> Result<National, WorldError> {
    let total = |column: &str| -> Result<f64, WorldError> {
        areas.iter().enumerate().map(|(row, area)| number(area, column, file, row + 2)).sum()
    };
    let residents = total("population")?;
    let mut national =
        National { budgets: Vec::new(), arrivals: Vec::new(), indicators: Vec::new(), residents };
    for (row, service) in services.iter().enumerate() {
        let line = row + 2;
        let spend = total(&text(service, "budget_column", "services.csv")?)?;
        national.budgets.push(spend);
        national.indicators.push(total(&text(service, "need_column", "services.csv")?)?);
        national.arrivals.push(number(service, "need_per_1000", "services.csv", line)? * residents / 1000.0);
    }
    Ok(national)
}

/// Yearly budget held by charities and yearly arrivals of a service in an area.
fn market_size(area: &Row, service: &Row, national: &National, row: usize) -> Result<(f64, f64), WorldError> {
    let line = row + 2;
    let column = text(service, "budget_column", "services.csv")?;
    let residents = number(area, "population", "areas", 0)?;
    let floor = SPEND_FLOOR * national.budgets[row] / national.residents * residents;
    let spend = number(area, &column, "areas", 0)?.max(floor);
    let pounds = if column.starts_with("gbp_thousand") { spend * 1000.0 } else { spend };
    let budget = pounds * number(service, "charity_share", "services.csv", line)?;
    let indicator = number(area, &text(service, "need_column", "services.csv")?, "areas", 0)?;
    Ok((budget, national.arrivals[row] * indicator / national.indicators[row]))
}

/// Homes of the whole country's charities, and how much of its market the world covers.
fn place_supply(world: &mut World, areas: &[Area], facts: &[Facts], chosen: &[usize], copies: usize) {
    let share = |region: Option<usize>| {
        let inside = |row: &usize| region.is_none_or(|region| facts[*row].region == region);
        let sampled: f64 = chosen.iter().filter(|row| inside(row)).map(|&row| facts[row].budget).sum();
        sampled / (0..facts.len()).filter(inside).map(|row| facts[row].budget).sum::<f64>()
    };
    world.supply.national_share = share(None);
    world.supply.regional_share = (0..world.regions.len()).map(|region| share(Some(region))).collect();
    for copy in 0..copies {
        for (row, area) in areas.iter().enumerate() {
            let place = chosen.iter().position(|&kept| kept == row);
            world.supply.homes.push(Home {
                region: area.region,
                charities: area.charities,
                large_charities: area.large_charities,
                area: place.map(|place| crate::ids::Id::from_row(copy * chosen.len() + place)),
            });
        }
    }
}

fn copy_of(area: &Area, copy: usize) -> Area {
    let mut area = area.clone();
    if copy > 0 {
        area.code = format!("{}-{}", area.code, copy + 1);
        area.name = format!("{} ({})", area.name, copy + 1);
    }
    area
}

fn read_areas(rows: &[Row], file: &str) -> Result<(Vec<Area>, Vec<String>), WorldError> {
    let mut regions: Vec<String> = Vec::new();
    let mut areas = Vec::new();
    for (row, area) in rows.iter().enumerate() {
        let line = row + 2;
        let region = text(area, "region", file)?;
        let region = regions.iter().position(|name| *name == region).unwrap_or_else(|| {
            regions.push(region);
            regions.len() - 1
        });
        areas.push(Area {
            code: text(area, "code", file)?,
            name: text(area, "name", file)?,
            region,
            population: People::new(number(area, "population", file, line)?),
            deprivation: number(area, "imd_score", file, line)?,
            centroid: Some((number(area, "latitude", file, line)?, number(area, "longitude", file, line)?)),
            charities: number(area, "charities_general", file, line)?,
            large_charities: number(area, "charities_1m_sampled", file, line)?,
        });
    }
    Ok((areas, regions))
}

fn read_services(rows: &[Row]) -> Result<Column<ServiceId, Service>, WorldError> {
    rows.iter()
        .enumerate()
        .map(|(row, service)| {
            let value = |column: &str| number(service, column, "services.csv", row + 2);
            let skills = ["accommodation", "clinical", "relational", "rights"];
            let needs = ["needs_1", "needs_2", "needs_3", "needs_4"];
            let mut skill_weights = [0.0; SKILLS];
            let mut complexity = [0.0; SKILLS];
            for k in 0..SKILLS {
                skill_weights[k] = value(skills[k])?;
                complexity[k] = value(needs[k])?;
            }
            Ok(Service {
                key: text(service, "key", "services.csv")?,
                name: text(service, "name", "services.csv")?,
                skill_weights,
                complexity,
                hours_per_person: Hours::ZERO,
            })
        })
        .collect()
}

fn read_supply(services: &[Row]) -> Result<Supply, WorldError> {
    let columns = ["under_10k", "10k_100k", "100k_250k", "250k_500k", "500k_1m", "1m_10m", "over_10m"];
    let rows = read_rows(SUPPLY, "supply.csv")?;
    let counts = |row: usize| -> Result<Vec<f64>, WorldError> {
        columns.iter().map(|column| number(&rows[row], column, "supply.csv", row + 2)).collect()
    };
    let everybody = counts(0)?;
    let mut offers = Vec::new();
    for (row, service) in services.iter().enumerate() {
        let offering = number(service, "offer_share", "services.csv", row + 2)?;
        let tagged = counts(row + 1)?;
        offers.push(tagged.iter().zip(&everybody).map(|(tagged, all)| offering * tagged / all).collect());
    }
    let mut reach = [(1.0, 1.0); 5];
    for (row, band) in read_rows(REACH, "reach.csv")?.iter().enumerate().take(Band::ALL.len()) {
        let local = number(band, "local", "reach.csv", row + 2)?;
        reach[row] = (local, local + number(band, "regional", "reach.csv", row + 2)?);
    }
    let general = read_rows(GENERAL, "general.csv")?
        .iter()
        .enumerate()
        .map(|(row, band)| {
            Ok((
                number(band, "income_below_gbp", "general.csv", row + 2)?,
                number(band, "general_share", "general.csv", row + 2)?,
            ))
        })
        .collect::<Result<_, WorldError>>()?;
    Ok(Supply {
        income_limits: vec![1e4, 1e5, 2.5e5, 5e5, 1e6, 1e7, f64::INFINITY],
        offers,
        reach,
        general,
        charities: 0,
        homes: Vec::new(),
        national_share: 1.0,
        regional_share: Vec::new(),
        in_turn: false,
    })
}
