//! The user's own charities, from CSV.
//!
//! Columns: `home` (area code), `income_gbp`, `services` (keys separated by `|`), `reach` (local, regional or
//! national) and, optionally, `id` (comes back in `charities.csv`) and `reserves_gbp`. What a charity draws
//! depends on what it is, not on where its row stands.

use super::population::Reach;
use super::table::{Columns, Faults, Row, Table, read_text};
use super::{World, WorldError};
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

/// Reads the user's charities, in an order that does not hang on that of the rows.
pub fn read_charities(path: &str, world: &World) -> Result<Vec<OwnCharity>, WorldError> {
    let mut faults = Faults::new(path);
    let required = vec!["home", "income_gbp", "services", "reach"];
    let columns = Columns { required, optional: vec!["id", "reserves_gbp"] };
    let Some(table) = Table::read(&read_text(path)?, &columns, &mut faults) else {
        return faults.into_result(Vec::new());
    };
    if table.rows().is_empty() {
        faults.of_file("there are no charities in it");
    }
    let known = Known::of(world);
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    let mut charities = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let id = table.text(row, "id");
        if let Some(first) = ids.insert(id, row.number).filter(|_| !id.is_empty()) {
            faults.of_cell(row, "id", &format!("\"{id}\" stands in row {first}, too"));
        }
        charities.extend(known.charity(&table, row, &mut faults));
    }
    charities.sort_by(OwnCharity::order);
    faults.into_result(charities)
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
            "local" => Some(Reach::Local),
            "regional" => Some(Reach::Regional),
            "national" => Some(Reach::National),
            other => {
                faults.of_cell(row, "reach", &format!("\"{other}\" is not local, regional or national"));
                None
            }
        };
        let given = !table.text(row, "reserves_gbp").is_empty();
        let reserves = given.then(|| Gbp::new(table.number(row, "reserves_gbp", -1e12..=1e12, faults)));
        let id = table.name(row, "id", faults);
        Some(OwnCharity { id, home: home?, income: Gbp::new(income), offers, reach: reach?, reserves })
    }

    fn home(&self, table: &Table, row: &Row, faults: &mut Faults) -> Option<AreaId> {
        let code = table.text(row, "home");
        let home = self.homes.get(code).copied();
        if home.is_none() {
            let by_name = self.names.get(code).copied();
            let near = by_name.or_else(|| nearest_name(code, self.homes.keys().copied()));
            let hint = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
            let what = format!("\"{code}\" is not the code of an area in this scenario{hint}");
            faults.of_cell(row, "home", &what);
        }
        home
    }

    fn offers(&self, table: &Table, row: &Row, faults: &mut Faults) -> u16 {
        let mut offers = 0;
        let keys = table.text(row, "services").split('|').map(str::trim).filter(|key| !key.is_empty());
        for key in keys {
            match self.services.iter().position(|known| *known == key) {
                Some(service) => offers |= 1 << service,
                None => {
                    let known = self.services.join(", ");
                    faults.of_cell(
                        row,
                        "services",
                        &format!("\"{key}\" is not a service; there are {known}"),
                    );
                }
            }
        }
        offers
    }
}
