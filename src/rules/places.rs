//! Where reforms apply: a region, a name or a code is resolved to councils once, for the engine and for checks.

use crate::ids::AreaId;
use crate::scenario::{Reform, nearest_name};
use crate::world::{World, codes};
use std::collections::BTreeMap;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// One place: its areas.
    One(Vec<AreaId>),
    /// Nothing; the nearest name there is.
    Nothing(Option<String>),
    /// Several places, in words.
    Several(Vec<String>),
}

/// Every name, code and region of a world.
#[derive(Debug)]
pub struct Gazetteer<'a> {
    world: &'a World,
    /// What each name stands for, in words, with its areas.
    meanings: BTreeMap<&'a str, Vec<(&'static str, Vec<AreaId>)>>,
}

impl<'a> Gazetteer<'a> {
    /// Lists the names of a world.
    pub fn new(world: &'a World) -> Self {
        let mut meanings: BTreeMap<&str, Vec<(&'static str, Vec<AreaId>)>> = BTreeMap::new();
        for (region, name) in world.regions.iter().enumerate() {
            let inside = world.areas.enumerate().filter(|(_, area)| area.region == region).map(|(id, _)| id);
            let inside: Vec<AreaId> = inside.collect();
            for name in [Some(name.as_str()), codes::code_of_region(name)].into_iter().flatten() {
                meanings.entry(name).or_default().push(("a region", inside.clone()));
            }
        }
        for (id, area) in world.areas.enumerate() {
            meanings.entry(&area.code).or_default().push(("the code of an area", vec![id]));
            meanings.entry(&area.name).or_default().push(("an area", vec![id]));
        }
        // A region of one area with the region's name, or an area with its code for a name, is one place.
        for meanings in meanings.values_mut() {
            let mut seen: Vec<Vec<AreaId>> = Vec::new();
            meanings.retain(|(_, areas)| {
                let is_new = !areas.is_empty() && !seen.contains(areas);
                seen.push(areas.clone());
                is_new
            });
        }
        Self { world, meanings }
    }

    /// The place of a name, a code or a region.
    pub fn find(&self, name: &str) -> Named {
        match self.meanings.get(name).map(Vec::as_slice) {
            Some([(_, areas)]) => Named::One(areas.clone()),
            None | Some([]) => {
                let filled = self.meanings.iter().filter(|(_, meanings)| !meanings.is_empty());
                Named::Nothing(nearest_name(name, filled.map(|(name, _)| *name)).map(str::to_string))
            }
            Some(several) => {
                let word = |(what, areas): &(&str, Vec<AreaId>)| match areas.as_slice() {
                    [one] => format!("{what}, {}", self.words(*one)),
                    many => format!("{what} of {} areas", many.len()),
                };
                Named::Several(several.iter().map(word).collect())
            }
        }
    }

    /// The areas in which a reform applies: everywhere where it names none. A name that stands for no single place adds
    /// none.
    pub fn areas_of(&self, reform: &Reform) -> Vec<AreaId> {
        if reform.areas.is_empty() {
            return self.world.areas.ids().collect();
        }
        let of_name = |name: &String| match self.find(name) {
            Named::One(areas) => areas,
            _ => Vec::new(),
        };
        let mut areas: Vec<AreaId> = reform.areas.iter().flat_map(of_name).collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    /// An area in words: "Hammersmith and Fulham (E09000013)".
    pub fn words(&self, area: AreaId) -> String {
        let area = &self.world.areas[area];
        format!("{} ({})", area.name, area.code)
    }
}
