//! What a user's area says that it is: its code, its name, its region, and whether they agree.

use super::Place;
use super::doubts::England;
use crate::scenario::{misspelt, nearest_name};
use crate::world::codes;
use crate::world::faults::Faults;
use std::collections::BTreeMap;

/// Names of regions: England's, and then those that a user's own table adds.
#[derive(Default)]
pub(super) struct Regions {
    names: Vec<String>,
    rows: BTreeMap<String, usize>,
    in_small_letters: BTreeMap<String, usize>,
    /// How many of them are England's, once they are all known.
    of_england: Option<usize>,
}

impl Regions {
    /// From here on, a name that is not among them is remarked on.
    pub fn close(&mut self) {
        self.of_england = Some(self.names.len());
    }

    /// All names.
    pub fn into_names(self) -> Vec<String> {
        self.names
    }

    /// The row of a region, by its name or its code.
    pub fn row_of(&mut self, typed: &str, row: usize, faults: &mut Faults) -> usize {
        let name = codes::region(typed).unwrap_or(typed);
        if let Some(known) = self.rows.get(name).copied() {
            if !self.is_england(known) {
                self.doubt(name, row, faults);
            }
            return known;
        }
        if self.of_england.is_some() && !name.is_empty() {
            let other_case = self.in_small_letters.get(&name.to_lowercase()).map(|&known| &self.names[known]);
            if let Some(near) = other_case.map(String::as_str).or_else(|| misspelt(name, self.england())) {
                let what = format!("\"{name}\" is not a region; did you mean \"{near}\"?");
                faults.of_cell(row, "region", &what);
                return self.rows[near];
            }
            self.doubt(name, row, faults);
        }
        self.rows.insert(name.to_string(), self.names.len());
        self.in_small_letters.insert(name.to_lowercase(), self.names.len());
        self.names.push(name.to_string());
        self.names.len() - 1
    }

    fn is_england(&self, row: usize) -> bool {
        self.of_england.is_none_or(|england| row < england)
    }

    fn england(&self) -> impl Iterator<Item = &str> {
        self.names[..self.of_england.unwrap_or(self.names.len())].iter().map(String::as_str)
    }

    fn doubt(&self, name: &str, row: usize, faults: &mut Faults) {
        faults.doubt(row, "region", name, || {
            let near = self.england().find(|known| name.contains(known));
            let near = near.or_else(|| nearest_name(name, self.england()));
            let hint = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
            format!(
                "\"{name}\" is not a region of England: it is a region of its own, beyond which its charities of regional reach \
                 do not go and into which none come{hint}"
            )
        });
    }
}

/// Looks at the code and the name of an area beside those of England.
pub(super) fn judge(place: &Place, england: &England, regions: &Regions, faults: &mut Faults) {
    match england.council(&place.area.code) {
        Some(council) => stands_for(place, council, england, regions, faults),
        None => is_added(place, england, faults),
    }
}

/// An area that takes a council's stead: it should be that council.
fn stands_for(place: &Place, council: &Place, england: &England, regions: &Regions, faults: &mut Faults) {
    let (code, name, known) = (&place.area.code, &place.area.name, &council.area.name);
    if let Some(other) = england.code_of(name).filter(|other| *other != code) {
        faults.of_cell(place.row, "code", &format!("{code} is {known}; {name} is {other}"));
    } else if !are_alike(name, known) {
        faults.doubt(place.row, "name", "another", || {
            format!("{code} is {known}: \"{name}\" takes its stead in England; a place beside it has a code of its own")
        });
    }
    if place.area.region != council.area.region && regions.is_england(place.area.region) {
        let region = &regions.names[council.area.region];
        faults.doubt(place.row, "region", "moved", || format!("{known} is in the region {region}"));
    }
}

/// An area that is added to England: it should not be in it already.
fn is_added(place: &Place, england: &England, faults: &mut Faults) {
    let (code, name) = (&place.area.code, &place.area.name);
    if let Some(known) = england.code_like(code) {
        faults.of_cell(place.row, "code", &format!("there is no {code}; did you mean \"{known}\"?"));
    } else if codes::is_many(code) {
        faults.of_cell(place.row, "code", &codes::explain(code).unwrap_or_default());
    } else if let Some(known) = england.code_of(name) {
        faults.doubt(place.row, "code", "twice", || {
            format!(
                "{name} is {known}: under the code {code} it is added to England, which then has {name} twice; did you mean \
                 \"{known}\"?"
            )
        });
    } else if let Some(what) = codes::explain(code) {
        faults.doubt(place.row, "code", "level", || what);
    }
}

/// Whether two names may well be of one place.
fn are_alike(name: &str, known: &str) -> bool {
    let (name, known) = (name.to_lowercase(), known.to_lowercase());
    name.contains(&known) || known.contains(&name) || nearest_name(&name, [known.as_str()]).is_some()
}
