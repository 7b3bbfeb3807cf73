//! The user's own charities, from CSV.
//!
//! Columns: `home` (area code), `income_gbp`, `services` (keys separated by `|`), `reach` (local, regional or
//! national) and, optionally, `id` (comes back in `charities.csv`) and `reserves_gbp`. What a charity draws
//! depends on what it is, not on where its row stands.

use super::faults::Faults;
use super::population::Reach;
use super::table::{Columns, Row, Table, read_text};
use super::{World, WorldError, codes};
use crate::ids::AreaId;
use crate::scenario::nearest_name;
use crate::units::Gbp;
use std::collections::BTreeMap;

/// A charity that the user describes.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnCharity {
    /// What the user calls it; empty where nothing is given.
    pub id: String,
    /// Home area.
    pub home: AreaId,
    /// Yearly income.
    pub income: Gbp,
    /// Services it offers, one bit each.
    pub offers: u16,
    /// How far it works.
    pub reach: Reach,
    /// Reserves, where given.
    pub reserves: Option<Gbp>,
}

impl OwnCharity {
    /// In the order of what they are: by name first.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let reserves = |charity: &Self| charity.reserves.map_or(f64::NEG_INFINITY, Gbp::value);
        self.id
            .cmp(&other.id)
            .then(self.home.cmp(&other.home))
            .then(self.income.value().total_cmp(&other.income.value()))
            .then(self.offers.cmp(&other.offers))
            .then((self.reach as u8).cmp(&(other.reach as u8)))
            .then(reserves(self).total_cmp(&reserves(other)))
    }
}

/// Reads the user's charities, in an order that does not hang on that of the rows, and what is doubtful about them.
pub fn read_charities(path: &str, world: &World) -> Result<(Vec<OwnCharity>, Vec<String>), WorldError> {
    let mut faults = Faults::new(path);
    let required = vec!["home", "income_gbp", "services", "reach"];
    let columns = Columns { required, optional: vec!["id", "reserves_gbp"] };
    let Some(table) = Table::read(&read_text(path)?, &columns, &mut faults) else {
        return faults.into_result((Vec::new(), Vec::new()));
    };
    if table.is_empty() {
        faults.of_file("there are no charities in it");
    }
    let known = Known::of(world);
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    let mut charities = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let id = table.text(row, "id");
        if let Some(first) = ids.insert(id, row.number).filter(|_| !id.is_empty()) {
            faults.of_cell(row.number, "id", &format!("\"{id}\" stands in row {first}, too"));
        }
        charities.extend(known.charity(&table, row, &mut faults));
    }
    charities.sort_by(OwnCharity::order);
    let notes = faults.notes();
    faults.into_result((charities, notes))
}

/// Areas and services that a charity may name.
struct Known<'a> {
    homes: BTreeMap<&'a str, AreaId>,
    names: BTreeMap<&'a str, &'a str>,
    services: Vec<&'a str>,
}

impl<'a> Known<'a> {
    fn of(world: &'a World) -> Self {
        Self {
            homes: world.areas.enumerate().map(|(id, area)| (area.code.as_str(), id)).collect(),
            names: world.areas.iter().map(|area| (area.name.as_str(), area.code.as_str())).collect(),
            services: world.services.iter().map(|service| service.key.as_str()).collect(),
        }
    }

    /// The charity of a row; nothing where it is at fault.
    fn charity(&self, table: &Table, row: &Row, faults: &mut Faults) -> Option<OwnCharity> {
        let home = self.home(table, row, faults);
        let offers = self.offers(table, row, faults);
        let income = table.number(row, "income_gbp", 0.0..=1e12, faults);
        let reach = match table.text(row, "reach") {
            _ if !table.has("reach") => None,
            "local" => Some(Reach::Local),
            "regional" => Some(Reach::Regional),
            "national" => Some(Reach::National),
            other => {
                faults.of_cell(
                    row.number,
                    "reach",
                    &format!("\"{other}\" is not local, regional or national"),
                );
                None
            }
        };
        let reserves = reserves(table, row, faults);
        let id = table.name(row, "id", faults);
        Some(OwnCharity { id, home: home?, income: Gbp::new(income), offers, reach: reach?, reserves })
    }

    fn home(&self, table: &Table, row: &Row, faults: &mut Faults) -> Option<AreaId> {
        if !table.has("home") {
            return None; // which the header's faults say, once
        }
        let code = table.text(row, "home");
        let home = self.homes.get(code).copied();
        if home.is_none() {
            let by_name = self.names.get(code).copied();
            let near = || by_name.or_else(|| nearest_name(code, self.homes.keys().copied()));
            let hint =
                codes::explain(code).or_else(|| near().map(|near| format!("did you mean \"{near}\"?")));
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            let what = format!("\"{code}\" is not the code of an area in this scenario{hint}");
            faults.of_cell(row.number, "home", &what);
        }
        home
    }

    fn offers(&self, table: &Table, row: &Row, faults: &mut Faults) -> u16 {
        let text = table.text(row, "services");
        if text.is_empty() {
            if table.has("services") {
                let what = || "is empty: a charity that offers no service never bids".into();
                faults.doubt(row.number, "services", "none", what);
            }
            return 0;
        }
        let mut offers = 0;
        for key in text.split('|').map(str::trim) {
            match self.services.iter().position(|known| *known == key) {
                Some(service) if offers & (1 << service) != 0 => {
                    faults.of_cell(row.number, "services", &format!("\"{key}\" is named twice"));
                }
                Some(service) => offers |= 1 << service,
                None => faults.of_cell(row.number, "services", &self.no_service(key, text)),
            }
        }
        offers
    }

    fn no_service(&self, key: &str, text: &str) -> String {
        if key.is_empty() {
            return format!("\"{text}\" has a | with no service before or after it");
        }
        let same = self.services.iter().copied().find(|known| known.eq_ignore_ascii_case(key));
        match same.or_else(|| nearest_name(key, self.services.iter().copied())) {
            Some(near) => format!("\"{key}\" is not a service; did you mean \"{near}\"?"),
            None => format!("\"{key}\" is not a service; there are {}", self.services.join(", ")),
        }
    }
}

/// Reserves, where they are given. Debts are possible, and rare enough to be said.
fn reserves(table: &Table, row: &Row, faults: &mut Faults) -> Option<Gbp> {
    let text = table.text(row, "reserves_gbp");
    if text.is_empty() {
        return None;
    }
    let reserves = table.number(row, "reserves_gbp", -1e12..=1e12, faults);
    if (-1e12..0.0).contains(&reserves) && text.parse() == Ok(reserves) {
        let what = || format!("{text} is a debt; write 0 for no reserves, or nothing to have them drawn");
        faults.doubt(row.number, "reserves_gbp", "debt", what);
    }
    Some(Gbp::new(reserves))
}
