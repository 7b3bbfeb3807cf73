//! Reading a table of areas.

use super::identity::Regions;
use super::{AREAS, Place};
use crate::units::People;
use crate::world::Area;
use crate::world::built_in::Plan;
use crate::world::faults::Faults;
use crate::world::table::{Columns, Row, Table};
use std::collections::{BTreeMap, BTreeSet};

/// The places of a table. Faults are collected; places are whole only where there are none.
pub(super) fn places(text: &str, plans: &[Plan], regions: &mut Regions, faults: &mut Faults) -> Vec<Place> {
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
    if table.is_empty() {
        faults.of_file("there are no areas in it");
    }
    let whole = faults.count() == 0; // a column that is missing is missing in every row
    let (mut rows, mut names) = (BTreeMap::new(), BTreeMap::new());
    let mut places = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let before = faults.count();
        let mut place = read_place(&table, row, plans, regions, faults);
        place.sound = faults.count() == before && whole;
        let (code, name) = (&place.area.code, &place.area.name);
        let same_code = rows.insert(code.clone(), row.number).filter(|_| !code.is_empty());
        let same_name = names.insert(name.clone(), row.number).filter(|_| !name.is_empty());
        if let Some(first) = same_code {
            faults.of_cell(row.number, "code", &format!("\"{code}\" stands in row {first}, too"));
        } else if let Some(first) = same_name {
            faults.doubt(row.number, "name", "twice", || {
                format!("\"{name}\" stands in row {first}, too: reforms cannot name either")
            });
        }
        places.push(place);
    }
    places
}

fn read_place(table: &Table, row: &Row, plans: &[Plan], regions: &mut Regions, faults: &mut Faults) -> Place {
    let region = table.word(row, "region", faults);
    let region = regions.row_of(&region, row.number, faults);
    let population = table.number(row, "population", 1.0..=1e8, faults);
    let children =
        table.has("population_0_17").then(|| table.number(row, "population_0_17", 0.0..=1e8, faults));
    let area = Area {
        code: table.word(row, "code", faults),
        name: table.word(row, "name", faults),
        address: 0,
        region,
        population: People::new(population),
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
            faults.of_cell(row.number, column, "need must be above 0");
        }
        value
    };
    let spending = plans.iter().map(|plan| cell(&plan.budget_column, false, faults)).collect();
    let need = plans.iter().map(|plan| cell(&plan.need_column, true, faults)).collect();
    Place { area, children, spending, need, row: row.number, sound: true }
}
