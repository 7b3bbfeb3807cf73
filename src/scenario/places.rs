//! Where the values of a scenario were stated, and which of them were not understood.

use super::document::{Stated, StatedChoice, StatedReform};
use super::faults::Place;
use std::collections::BTreeMap;

/// Where the values of a scenario were stated.
#[derive(Clone, Debug)]
pub struct Places {
    /// Keys or blocks that were not understood.
    pub(super) doubtful: Vec<String>,
    reforms: Vec<ReformPlaces>,
    menu: Vec<(Place, Vec<String>)>,
    stated: BTreeMap<&'static str, (usize, Place)>,
    start: Place,
}

/// Where a reform and its areas are stated, and which of its keys were not understood.
#[derive(Clone, Debug)]
struct ReformPlaces {
    place: Place,
    areas: Vec<Place>,
    doubtful: Vec<String>,
}

impl Places {
    /// Nothing is stated; errors point to the start of the scenario.
    pub fn new(start: Place) -> Self {
        let stated = BTreeMap::new();
        Self { doubtful: Vec::new(), reforms: Vec::new(), menu: Vec::new(), stated, start }
    }

    /// Remembers where a value stands; the latest wins.
    pub(super) fn remember(&mut self, stated: &Stated) {
        let order = self.stated.values().map(|(order, _)| order + 1).max().unwrap_or(0);
        self.stated.insert(stated.key, (order, stated.place.clone()));
        self.doubtful.retain(|key| key != stated.key);
    }

    /// Remembers where reforms and options of the menu stand, in the order of the scenario.
    pub(super) fn remember_blocks(&mut self, reforms: &[StatedReform], menu: &[StatedChoice]) {
        let of_reform = |reform: &StatedReform| ReformPlaces {
            place: reform.place.clone(),
            areas: reform.areas.iter().map(|(_, place)| place.clone()).collect(),
            doubtful: reform.doubtful.clone(),
        };
        self.reforms = reforms.iter().map(of_reform).collect();
        self.menu = menu.iter().map(|choice| (choice.place.clone(), choice.doubtful.clone())).collect();
    }

    /// Where the latest of some keys was stated; the start of the scenario where none was.
    pub fn of(&self, keys: &[&str]) -> Place {
        let found = keys.iter().filter_map(|key| self.stated.get(key)).max_by_key(|(order, _)| *order);
        found.map_or_else(|| self.start.clone(), |(_, place)| place.clone())
    }

    /// Where a reform says from when it applies.
    pub fn of_reform(&self, row: usize) -> Place {
        self.reforms.get(row).map_or_else(|| self.start.clone(), |reform| reform.place.clone())
    }

    /// Where a reform names an area.
    pub fn of_area(&self, reform: usize, area: usize) -> Place {
        let place = self.reforms.get(reform).and_then(|reform| reform.areas.get(area));
        place.cloned().unwrap_or_else(|| self.of_reform(reform))
    }

    /// Where an option of the menu starts.
    pub fn of_option(&self, row: usize) -> Place {
        self.menu.get(row).map_or_else(|| self.start.clone(), |(place, _)| place.clone())
    }

    /// Whether any of some keys, or its block, was not understood: checks of it would only confuse.
    pub fn is_doubtful(&self, keys: &[&str]) -> bool {
        any_doubtful(&self.doubtful, keys)
    }

    /// Whether any of some keys was not understood in a reform or in the scenario.
    pub fn is_reform_doubtful(&self, row: usize, keys: &[&str]) -> bool {
        self.reforms.get(row).is_some_and(|reform| any_doubtful(&reform.doubtful, keys))
            || self.is_doubtful(keys)
    }

    /// Whether any of some keys was not understood in an option of the menu or in the scenario.
    pub fn is_option_doubtful(&self, row: usize, keys: &[&str]) -> bool {
        self.menu.get(row).is_some_and(|(_, doubtful)| any_doubtful(doubtful, keys)) || self.is_doubtful(keys)
    }

    /// Whether anything that a reform changes was not understood.
    pub fn has_doubtful_changes(&self, row: usize) -> bool {
        self.reforms.get(row).is_some_and(|reform| !reform.doubtful.is_empty())
    }

    /// Whether anything that an option of the menu changes was not understood.
    pub fn has_doubtful_option(&self, row: usize) -> bool {
        self.menu.get(row).is_some_and(|(_, doubtful)| !doubtful.is_empty())
    }

    /// Whether what the world is made of was not understood, so that its areas are not known.
    pub fn is_world_doubtful(&self) -> bool {
        self.doubtful.iter().any(|entry| entry.split('.').next() == Some("world"))
    }
}

fn any_doubtful(doubtful: &[String], keys: &[&str]) -> bool {
    keys.iter().any(|key| doubtful.iter().any(|entry| entry == key || key.split('.').next() == Some(entry)))
}
