//! The user's own areas and charities, from CSV.
//!
//! Areas use the columns of the built-in table `areas.csv`. Charities use `home` (area code),
//! `income_gbp`, `services` (keys separated by `|`), `reach` (local, regional or national) and,
//! optionally, `reserves_gbp`.

use super::england::{number, read_rows, text};
use super::population::Reach;
use super::{World, WorldError};
use crate::ids::AreaId;
use crate::units::Gbp;
use std::collections::BTreeMap;

/// A charity that the user describes.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnCharity {
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

/// Reads a file of the user's, saying what to do when that fails.
pub(super) fn read_text(path: &str) -> Result<String, WorldError> {
    let bytes = std::fs::read(path).map_err(|error| WorldError(format!("{path}: {error}")))?;
    String::from_utf8(bytes).map_err(|_| WorldError(format!("{path}: not UTF-8; save it as CSV UTF-8")))
}

/// Reads the user's charities; every row with an error is named.
pub fn read_charities(path: &str, world: &World) -> Result<Vec<OwnCharity>, WorldError> {
    let rows = read_rows(&read_text(path)?, path)?;
    let homes = world.areas.enumerate().map(|(id, area)| (area.code.as_str(), id)).collect();
    let mut charities = Vec::with_capacity(rows.len());
    let mut errors = Vec::new();
    for (row, record) in rows.iter().enumerate() {
        match charity(record, path, row + 2, world, &homes) {
            Ok(charity) => charities.push(charity),
            Err(error) => errors.push(error.0),
        }
    }
    if errors.is_empty() {
        return Ok(charities);
    }
    let shown = errors.len().min(50);
    let more = errors.len() - shown;
    let mut message = errors[..shown].join("\n");
    if more > 0 {
        message.push_str(&format!("\n... and {more} more"));
    }
    Err(WorldError(message))
}

fn charity(
    record: &super::england::Row,
    path: &str,
    line: usize,
    world: &World,
    homes: &BTreeMap<&str, AreaId>,
) -> Result<OwnCharity, WorldError> {
    let wrong = |column: &str, value: &str, hint: &str| {
        WorldError(format!("{path}: row {line}, column \"{column}\": \"{value}\" {hint}"))
    };
    let code = text(record, "home", path)?;
    let home = homes.get(code.as_str()).copied();
    let home = home.ok_or_else(|| wrong("home", &code, "is not the code of an area in this scenario"))?;
    let income = number(record, "income_gbp", path, line)?;
    if income < 0.0 {
        return Err(wrong("income_gbp", &income.to_string(), "is negative"));
    }
    let mut offers = 0;
    for key in text(record, "services", path)?.split('|').map(str::trim).filter(|key| !key.is_empty()) {
        let known: Vec<&str> = world.services.iter().map(|service| service.key.as_str()).collect();
        let row = known.iter().position(|name| *name == key).ok_or_else(|| {
            wrong("services", key, &format!("is not a service; there are {}", known.join(", ")))
        })?;
        offers |= 1 << row;
    }
    let reach = match text(record, "reach", path)?.as_str() {
        "local" => Reach::Local,
        "regional" => Reach::Regional,
        "national" => Reach::National,
        other => return Err(wrong("reach", other, "is not local, regional or national")),
    };
    let reserves = match record.get("reserves_gbp").map(String::as_str) {
        None | Some("") => None,
        Some(_) => Some(Gbp::new(number(record, "reserves_gbp", path, line)?)),
    };
    Ok(OwnCharity { home, income: Gbp::new(income), offers, reach, reserves })
}
