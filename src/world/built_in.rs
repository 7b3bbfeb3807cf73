//! The built-in tables of services and supply. Sources: `data/README.md`.

use super::faults::Faults;
use super::table::{Columns, Table};
use super::{SKILLS, Service, Supply, WorldError};
use crate::measure::bands::Band;
use crate::units::Hours;

const SERVICES: &str = include_str!("data/services.csv");
const SUPPLY: &str = include_str!("data/supply.csv");
const REACH: &str = include_str!("data/reach.csv");
const GENERAL: &str = include_str!("data/general.csv");

/// Columns of `supply.csv` and the incomes below which charities are in them \[GBP a year\].
const INCOMES: [(&str, f64); 7] = [
    ("under_10k", 1e4),
    ("10k_100k", 1e5),
    ("100k_250k", 2.5e5),
    ("250k_500k", 5e5),
    ("500k_1m", 1e6),
    ("1m_10m", 1e7),
    ("over_10m", f64::INFINITY),
];
const SKILL_COLUMNS: [&str; SKILLS] = ["accommodation", "clinical", "relational", "rights"];
const NEED_COLUMNS: [&str; SKILLS] = ["needs_1", "needs_2", "needs_3", "needs_4"];

/// A service that councils buy, and where its money and need are found.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The service, but for its hours per person.
    pub service: Service,
    /// Column of the areas' table that has the money; residents, where money is stated per head.
    pub budget_column: String,
    /// Share of the money that charities hold, or GBP per head.
    pub charity_share: f64,
    /// Column of the areas' table that says how need is spread.
    pub need_column: String,
    /// People who come to need in England \[people per 1,000 residents a year\].
    pub need_per_1000: f64,
    /// Share of charities whose activities name the service that offer what councils buy.
    offer_share: f64,
    /// Row of the service in `supply.csv`.
    row: usize,
}

impl Plan {
    /// Whether the money column counts thousands of pounds.
    pub fn in_thousands(&self) -> bool {
        self.budget_column.starts_with("gbp_thousand")
    }
}

/// Reads a built-in table with these columns of text and of numbers.
fn read(text: &str, file: &str, words: &[&str], numbers: &[&str]) -> Result<(Table, Faults), WorldError> {
    let mut faults = Faults::new(file);
    let columns = Columns { required: [words, numbers].concat(), optional: Vec::new() };
    match Table::read(text, &columns, &mut faults) {
        Some(table) => Ok((table, faults)),
        None => Err(WorldError(format!("{file}: not a table"))),
    }
}

/// All services, or the one asked for.
pub(super) fn plans(only: &str) -> Result<Vec<Plan>, WorldError> {
    let words = ["key", "name", "budget_column", "need_column"];
    let figures = ["charity_share", "need_per_1000", "offer_share"];
    let numbers = [&figures[..], &SKILL_COLUMNS[..], &NEED_COLUMNS[..]].concat();
    let (table, mut faults) = read(SERVICES, "services.csv", &words, &numbers)?;
    let mut plans = Vec::new();
    for (place, row) in table.rows().iter().enumerate() {
        let mut number = |column: &str| table.number(row, column, 0.0..=1e6, &mut faults);
        plans.push(Plan {
            service: Service {
                key: table.text(row, "key").to_string(),
                name: table.text(row, "name").to_string(),
                skill_weights: SKILL_COLUMNS.map(&mut number),
                complexity: NEED_COLUMNS.map(&mut number),
                hours_per_person: Hours::ZERO,
            },
            budget_column: table.text(row, "budget_column").to_string(),
            charity_share: number("charity_share"),
            need_column: table.text(row, "need_column").to_string(),
            need_per_1000: number("need_per_1000"),
            offer_share: number("offer_share"),
            row: place + 1,
        });
    }
    let plans = faults.into_result(plans)?;
    if only.is_empty() {
        return Ok(plans);
    }
    let known: Vec<String> = plans.iter().map(|plan| plan.service.key.clone()).collect();
    let found: Vec<Plan> = plans.into_iter().filter(|plan| plan.service.key == only).collect();
    if found.is_empty() {
        let known = known.join(", ");
        return Err(WorldError(format!(
            "world.only_service: there is no service \"{only}\"; the services are {known}"
        )));
    }
    Ok(found)
}

/// What charities there are, but for their number and their homes.
pub(super) fn supply(plans: &[Plan]) -> Result<Supply, WorldError> {
    let columns = INCOMES.map(|(column, _)| column);
    let (table, mut faults) = read(SUPPLY, "supply.csv", &["service", "ukcat_tag"], &columns)?;
    let mut counts =
        |row: usize| columns.map(|column| table.number(&table.rows()[row], column, 0.0..=1e7, &mut faults));
    let everybody = counts(0);
    let offers = plans.iter().map(|plan| {
        let tagged = counts(plan.row);
        tagged.iter().zip(&everybody).map(|(tagged, all)| plan.offer_share * tagged / all).collect()
    });
    let offers = offers.collect();
    faults.into_result(())?;
    Ok(Supply {
        income_limits: INCOMES.map(|(_, below)| below).to_vec(),
        offers,
        reach: reach()?,
        general: general()?,
        charities: 0,
        homes: Vec::new(),
        nowhere: [0.0; 2],
        national_share: 1.0,
        regional_share: Vec::new(),
        in_turn: false,
    })
}

/// Chances of local, and of local or regional reach, by size band.
fn reach() -> Result<[(f64, f64); 5], WorldError> {
    let (table, mut faults) = read(REACH, "reach.csv", &["band"], &["local", "regional", "national"])?;
    let mut reach = [(1.0, 1.0); 5];
    for (band, row) in table.rows().iter().enumerate().take(Band::ALL.len()) {
        let mut share = |column| table.number(row, column, 0.0..=1.0, &mut faults);
        let local = share("local");
        reach[band] = (local, local + share("regional"));
    }
    faults.into_result(reach)
}

/// Incomes below which, and chances with which, a charity is one of the general charities.
fn general() -> Result<Vec<(f64, f64)>, WorldError> {
    let columns = ["income_from_gbp", "income_below_gbp", "general_share"];
    let (table, mut faults) = read(GENERAL, "general.csv", &[], &columns)?;
    let mut general = Vec::new();
    for row in table.rows() {
        let below = table.number(row, "income_below_gbp", 0.0..=1e15, &mut faults);
        general.push((below, table.number(row, "general_share", 0.0..=1.0, &mut faults)));
    }
    faults.into_result(general)
}
