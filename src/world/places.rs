//! The places of a country: England's councils from the built-in table, with the user's own areas in
//! their stead or beside them.

use super::built_in::Plan;
use super::table::{Columns, Faults, Row, Table, read_text};
use super::{Area, WorldError};
use crate::units::People;
use std::collections::{BTreeMap, BTreeSet};

const AREAS: &str = include_str!("data/areas.csv");
/// Name of the built-in table in messages.
const BUILT_IN: &str = "areas.csv";
/// How many times England's money per head may be before it is remarked on. The councils of the built-in
/// table stay within 13 times the median; pounds instead of thousands make 1,000 times.
const FAR_OFF: f64 = 50.0;
/// Latitudes and longitudes of the United Kingdom, with room to spare.
const KINGDOM: [(f64, f64); 2] = [(49.0, 61.5), (-9.0, 2.5)];

/// A council area as tables describe it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Its names, residents, deprivation, charities.
    pub area: Area,
    /// What its council spends, by service, in the unit of the table.
    spending: Vec<f64>,
    /// Its need indicator, by service.
    need: Vec<f64>,
    /// Row of its file.
    row: usize,
}

/// A country: its places, which of them were asked for, and England's rates.
pub(super) struct Country {
    /// All places, England's first.
    pub places: Vec<Place>,
    /// Rows of the places that the scenario is about: all of them, or the user's own.
    pub asked_for: Vec<usize>,
    /// Names of regions.
    pub regions: Vec<String>,
    /// Charities of the country over England's, under 1m GBP and of 1m and over.
    pub charities: [f64; 2],
    /// What a reader should know of the user's own table.
    pub notes: Vec<String>,
    /// England's yearly budget held by charities \[GBP\] and yearly arrivals \[people\], by service: hours a
    /// person are reckoned from them, whatever the user's own table says.
    pub planned: Vec<(f64, f64)>,
    rates: Vec<Rates>,
}

/// England's figures for a service, which turn a place's cells into money and people.
struct Rates {
    /// Least spending per resident, in the unit of the table: councils that report less are taken to book
    /// the service elsewhere.
    least_spending: f64,
    /// Spending per resident, in the unit of the table.
    spending: f64,
    /// People who come to need in a year.
    arrivals: f64,
    /// Sum of the need indicator.
    need: f64,
}

impl Country {
    /// England, with the places of the user's own file if there is one. A place whose code is known takes
    /// that place's stead; the others are added. `floor` is the least spending per head, as a share of England's.
    pub fn read(own_file: &str, plans: &[Plan], floor: f64) -> Result<Self, WorldError> {
        let mut regions = Vec::new();
        let mut faults = Faults::new(BUILT_IN);
        let places = read_places(AREAS, plans, &mut regions, &mut faults);
        let places = faults.into_result(places)?;
        let mut country = Self {
            asked_for: (0..places.len()).collect(),
            rates: plans.iter().enumerate().map(|(row, plan)| Rates::of(&places, row, plan, floor)).collect(),
            planned: Vec::new(),
            charities: [1.0; 2],
            notes: Vec::new(),
            regions,
            places,
        };
        country.planned = plans.iter().enumerate().map(|(row, plan)| country.total(row, plan)).collect();
        if !own_file.is_empty() {
            country.take_in(own_file, plans)?;
        }
        Ok(country)
    }

    /// The user's own places.
    fn take_in(&mut self, file: &str, plans: &[Plan]) -> Result<(), WorldError> {
        let mut faults = Faults::new(file);
        let own = read_places(&read_text(file)?, plans, &mut self.regions, &mut faults);
        let own = faults.into_result(own)?;
        let before = self.counts();
        self.settle(own, file);
        let after = self.counts();
        self.charities = [after[0] / before[0], after[1] / before[1]];
        let notes = [self.far_off(file, plans), self.elsewhere(file), self.below_floor(file, plans)];
        self.notes.extend(notes.into_iter().flatten());
        Ok(())
    }

    /// Puts the user's places where they belong.
    fn settle(&mut self, own: Vec<Place>, file: &str) {
        let known: BTreeMap<String, usize> =
            self.places.iter().enumerate().map(|(row, place)| (place.area.code.clone(), row)).collect();
        let (at_home, mut added): (Vec<Place>, Vec<Place>) =
            own.into_iter().partition(|place| known.contains_key(&place.area.code));
        self.asked_for = at_home.iter().map(|place| known[&place.area.code]).collect();
        for (place, &row) in at_home.into_iter().zip(&self.asked_for) {
            self.places[row] = place;
        }
        self.asked_for.sort_unstable();
        added.sort_by(|a, b| a.area.code.cmp(&b.area.code));
        if !added.is_empty() {
            let names: Vec<String> = added.iter().map(|place| place.area.name.clone()).collect();
            self.notes.push(format!(
                "{file}: areas whose codes are not England's are added to England: {}",
                first_few(&names)
            ));
        }
        self.asked_for.extend(self.places.len()..self.places.len() + added.len());
        self.places.extend(added);
    }

    /// Relative numbers of charities of all places: under 1m GBP, and of 1m and over.
    fn counts(&self) -> [f64; 2] {
        let sum = |count: fn(&Area) -> f64| self.places.iter().map(|place| count(&place.area)).sum();
        [sum(|area| area.charities), sum(|area| area.large_charities)]
    }

    /// Yearly budget held by charities \[GBP\] and yearly arrivals \[people\] of a service in a place: need per
    /// head at England's rate for the value of its indicator.
    pub fn market(&self, place: usize, service: usize, plan: &Plan) -> (f64, f64) {
        let (place, rates) = (&self.places[place], &self.rates[service]);
        let least = rates.least_spending * place.area.population.value();
        let spending = place.spending[service].max(least);
        let pounds = if plan.in_thousands() { spending * 1000.0 } else { spending };
        (pounds * plan.charity_share, rates.arrivals * place.need[service] / rates.need)
    }

    fn total(&self, service: usize, plan: &Plan) -> (f64, f64) {
        let of_places = || (0..self.places.len()).map(|place| self.market(place, service, plan));
        (of_places().map(|(budget, _)| budget).sum(), of_places().map(|(_, arrivals)| arrivals).sum())
    }

    /// Notes on columns of money that is far from England's per head.
    fn far_off(&self, file: &str, plans: &[Plan]) -> Vec<String> {
        let of_column = |(row, plan): (usize, &Plan)| {
            let heads = self.asked_for.iter().map(|&own| {
                let place = &self.places[own];
                place.spending[row] / place.area.population.value()
            });
            let ratio = median(heads.filter(|&spending| spending > 0.0))? / self.rates[row].spending;
            let column = &plan.budget_column;
            (plan.in_thousands() && ratio > FAR_OFF).then(|| {
                format!(
                    "{file}: column \"{column}\": spending per head is {ratio:.0} times England's; are these \
                     pounds instead of thousands of pounds?"
                )
            })
        };
        plans.iter().enumerate().filter_map(of_column).collect()
    }

    /// Notes on coordinates outside the United Kingdom.
    fn elsewhere(&self, file: &str) -> Vec<String> {
        let inside = |at: f64, limits: (f64, f64)| (limits.0..=limits.1).contains(&at);
        let of_place = |&own: &usize| {
            let place = &self.places[own];
            let (latitude, longitude) = place.area.centroid?;
            if inside(latitude, KINGDOM[0]) && inside(longitude, KINGDOM[1]) {
                return None;
            }
            let swapped = inside(longitude, KINGDOM[0]) && inside(latitude, KINGDOM[1]);
            let why = if swapped { "; are latitude and longitude swapped?" } else { "" };
            let row = place.row;
            Some(format!("{file}: row {row}: {latitude}, {longitude} is not in the United Kingdom{why}"))
        };
        self.asked_for.iter().filter_map(of_place).collect()
    }

    /// A note on cells of the user's own table in whose stead the floor of spending stands.
    fn below_floor(&self, file: &str, plans: &[Plan]) -> Vec<String> {
        let mut cells = Vec::new();
        for &own in &self.asked_for {
            let place = &self.places[own];
            for (row, plan) in plans.iter().enumerate() {
                let least = self.rates[row].least_spending * place.area.population.value();
                if plan.in_thousands() && place.spending[row] < least {
                    cells.push(format!("row {} \"{}\"", place.row, plan.budget_column));
                }
            }
        }
        if cells.is_empty() {
            return Vec::new();
        }
        vec![format!(
            "{file}: spending far below England's per head is raised to a floor, as if it were booked elsewhere \
             (market.spend_floor = 0 takes it as it is): {}",
            first_few(&cells)
        )]
    }
}

/// The first of many, for a message.
fn first_few(all: &[String]) -> String {
    let shown = all[..all.len().min(5)].join(", ");
    let more = all.len().saturating_sub(5);
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

impl Rates {
    fn of(places: &[Place], service: usize, plan: &Plan, floor: f64) -> Self {
        let residents: f64 = places.iter().map(|place| place.area.population.value()).sum();
        let spending: f64 = places.iter().map(|place| place.spending[service]).sum();
        Self {
            least_spending: floor * spending / residents,
            spending: spending / residents,
            arrivals: plan.need_per_1000 * residents / 1000.0,
            need: places.iter().map(|place| place.need[service]).sum(),
        }
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The places of a table. Faults are collected; places are whole only where there are none.
fn read_places(text: &str, plans: &[Plan], regions: &mut Vec<String>, faults: &mut Faults) -> Vec<Place> {
    let mut required = vec![
        "code",
        "name",
        "region",
        "population",
        "imd_score",
        "latitude",
        "longitude",
        "charities_general",
        "charities_1m_sampled",
    ];
    let wanted = plans.iter().flat_map(|plan| [plan.budget_column.as_str(), plan.need_column.as_str()]);
    for column in wanted {
        if !required.contains(&column) {
            required.push(column);
        }
    }
    let known = AREAS.lines().next().unwrap_or_default();
    let optional = known.split(',').filter(|column| !required.contains(column)).collect();
    let Some(table) = Table::read(text, &Columns { required, optional }, faults) else {
        return Vec::new();
    };
    if table.rows().is_empty() {
        faults.of_file("there are no areas in it");
    }
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    let mut places = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let place = read_place(&table, row, plans, regions, faults);
        if let Some(first) = rows.insert(place.area.code.clone(), row.number)
            && !place.area.code.is_empty()
        {
            faults.of_cell(row, "code", &format!("\"{}\" stands in row {first}, too", place.area.code));
        }
        places.push(place);
    }
    places
}

fn read_place(
    table: &Table,
    row: &Row,
    plans: &[Plan],
    regions: &mut Vec<String>,
    faults: &mut Faults,
) -> Place {
    let region = table.word(row, "region", faults);
    let region = regions.iter().position(|name| *name == region).unwrap_or_else(|| {
        regions.push(region);
        regions.len() - 1
    });
    let area = Area {
        code: table.word(row, "code", faults),
        name: table.word(row, "name", faults),
        address: 0,
        region,
        population: People::new(table.number(row, "population", 1.0..=1e8, faults)),
        deprivation: table.number(row, "imd_score", 0.0..=100.0, faults),
        centroid: Some((
            table.number(row, "latitude", -90.0..=90.0, faults),
            table.number(row, "longitude", -180.0..=180.0, faults),
        )),
        charities: table.number(row, "charities_general", 0.0..=1e6, faults),
        large_charities: table.number(row, "charities_1m_sampled", 0.0..=1e6, faults),
    };
    // A column that several services read is at fault once.
    let mut read = BTreeSet::new();
    let mut cell = |column: &str, need: bool, faults: &mut Faults| {
        let first = read.insert(column.to_string());
        let mut again = Faults::new("");
        let faults = if first && column != "population" { faults } else { &mut again };
        let value = table.number(row, column, 0.0..=1e9, faults);
        if need && value == 0.0 && table.text(row, column).parse() == Ok(0.0) {
            faults.of_cell(row, column, "need must be above 0");
        }
        value
    };
    let spending = plans.iter().map(|plan| cell(&plan.budget_column, false, faults)).collect();
    let need = plans.iter().map(|plan| cell(&plan.need_column, true, faults)).collect();
    Place { area, spending, need, row: row.number }
}
