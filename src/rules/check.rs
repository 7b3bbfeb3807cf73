//! Whether the rules of a scenario can be in force: every reform knows its areas, and no area is left with rules that
//! contradict each other, in any round, under any option of its menu.

use super::layers::{Layers, Period, Resolved, by_round};
use super::places::{Gazetteer, Named};
use crate::ids::{AreaId, Column, Id};
use crate::scenario::registry::Value;
use crate::scenario::{Errors, Places, Regime, RegimeFault, Scenario};
use crate::world::{World, codes};
use std::collections::BTreeMap;

/// Most names of one scenario for which the nearest is looked for.
const LOOKED_UP: usize = 200;

/// Checks reforms and menu against the areas of a world.
pub fn check(scenario: &Scenario, places: &Places, world: &World, errors: &mut Errors) {
    if scenario.reforms.is_empty() && scenario.menu.is_empty() {
        return;
    }
    let gazetteer = Gazetteer::new(world);
    check_names(scenario, places, &gazetteer, errors);
    let rounds = by_round(scenario, &gazetteer);
    let mut layers = Layers::new(scenario);
    let periods = layers.periods(world.areas.len(), &rounds);
    let (regimes, gazetteer) = (&layers.regimes, &gazetteer);
    let checker = Checker { scenario, places, regimes, periods: &periods, world, gazetteer };
    checker.reforms(&rounds, errors);
    checker.menu(errors);
}

/// Refuses reforms and options that change nothing anywhere at any time: without them the same rules would be in force.
pub fn check_effects(scenario: &Scenario, places: &Places, world: &World, errors: &mut Errors) {
    let gazetteer = Gazetteer::new(world);
    let mut layers = Layers::new(scenario);
    let mut current = Column::filled(world.areas.len(), 0_u32);
    for together in by_round(scenario, &gazetteer) {
        let before = current.clone();
        together.iter().for_each(|resolved| layers.lay(&mut current, resolved));
        for Resolved { row, reform, .. } in &together {
            let mut without = before.clone();
            let others = together.iter().filter(|other| other.row != *row);
            others.for_each(|resolved| layers.lay(&mut without, resolved));
            // A place that is not known has an error of its own.
            let known = reform.areas.iter().all(|name| matches!(gazetteer.find(name), Named::One(_)));
            if without != current || !known || places.has_doubtful_changes(*row) {
                continue;
            }
            let mut alone = before.clone();
            together.iter().filter(|own| own.row == *row).for_each(|own| layers.lay(&mut alone, own));
            let by = if alone == before { None } else { overriding(&together, *row) };
            let (message, hint) = match by {
                Some(by) => overridden(places, by),
                None => (
                    "this reform changes nothing: what it states is in force without it".into(),
                    "state a key of rules or behaviour that it changes, or leave it out".into(),
                ),
            };
            errors.add(places.of_reform(*row), message, || vec![hint]);
        }
    }
    for (row, choice) in scenario.menu.iter().enumerate() {
        let changes = |regime: &Regime| regime.with(&choice.changes) != *regime;
        if !layers.regimes.iter().any(changes) && !places.has_doubtful_option(row) {
            let message =
                format!("the option \"{}\" changes nothing: it is what the scenario states", choice.name);
            let hint = || vec!["state a key of rules that it changes, or leave it out".into()];
            errors.add(places.of_option(row), message, hint);
        }
    }
}

/// The last reform of a round that states what another one of it states, after that one.
fn overriding<'a>(together: &'a [Resolved], row: usize) -> Option<&'a Resolved<'a>> {
    let (at, own) = together.iter().enumerate().find(|(_, resolved)| resolved.row == row)?;
    let states = |key: &str| own.reform.changes.iter().any(|(own, _)| *own == key);
    together[at + 1..].iter().rev().find(|later| later.reform.changes.iter().any(|(key, _)| states(key)))
}

/// What is wrong with a reform that another one of its round overrides, and what to do.
fn overridden(places: &Places, by: &Resolved) -> (String, String) {
    let (number, round) = (by.row + 1, by.reform.from_round);
    let place = places.of_reform(by.row);
    let (line, column) = (place.line(), place.column());
    (
        format!("this reform never acts: it is overridden by reform {number}, also from round {round}"),
        format!(
            "leave one of the two out, or let them differ in areas or rounds; reform {number} is at {}:{line}:{column}",
            place.source.name
        ),
    )
}

fn check_names(scenario: &Scenario, places: &Places, gazetteer: &Gazetteer, errors: &mut Errors) {
    let mut looked_up = 0;
    for (row, reform) in scenario.reforms.iter().enumerate() {
        for (column, name) in reform.areas.iter().enumerate() {
            if looked_up >= LOOKED_UP {
                return;
            }
            let (message, hint) = match gazetteer.find(name) {
                Named::One(_) => continue,
                Named::Nothing(near) => {
                    let near = || near.map(|near| format!("did you mean \"{near}\"?"));
                    (
                        format!("\"{name}\" is no area, code or region of this world"),
                        region_elsewhere(name).or_else(|| codes::explain(name)).or_else(near).unwrap_or_else(
                            || "name an area, its code or a region of the world that is played".into(),
                        ),
                    )
                }
                Named::Several(meanings) => (
                    format!("\"{name}\" is {} places of this world", meanings.len()),
                    format!("name codes instead; it is {}", meanings.join("; ")),
                ),
            };
            looked_up += 1;
            errors.add(places.of_area(row, column), message, || vec![hint]);
        }
    }
}

/// Why the code of a region, which reforms may name, stands for nothing here.
fn region_elsewhere(code: &str) -> Option<String> {
    codes::region(code)
        .map(|name| format!("{code} is the region {name}, and no council of it is in this world"))
}

struct Checker<'a> {
    scenario: &'a Scenario,
    places: &'a Places,
    regimes: &'a [Regime],
    periods: &'a [Period],
    world: &'a World,
    gazetteer: &'a Gazetteer<'a>,
}

/// A fault, the reform or option that is to blame, and where it holds.
struct Found {
    row: usize,
    fault: RegimeFault,
    areas: Vec<AreaId>,
}

impl Checker<'_> {
    /// What reforms leave in force, once all of a round are laid over each other.
    fn reforms(&self, rounds: &[Vec<Resolved>], errors: &mut Errors) {
        let has_menu = !self.scenario.menu.is_empty();
        for together in rounds {
            let from_round = together[0].reform.from_round;
            let Some(period) = self.periods.iter().find(|period| period.from_round == from_round) else {
                continue;
            };
            let mut found: Vec<Found> = Vec::new();
            for (regime, areas) in by_regime(period) {
                for fault in self.regimes[regime].faults(has_menu) {
                    for &area in &areas {
                        if let Some(row) = to_blame(together, area, &fault) {
                            add(&mut found, row, &fault, area);
                        }
                    }
                }
            }
            for Found { row, fault, areas } in found {
                if !self.places.is_reform_doubtful(row, &fault.keys) {
                    let message =
                        format!("from round {from_round} on{}, {}", self.place(&areas), fault.message);
                    errors.add(self.places.of_reform(row), message, || vec![fault.hint]);
                }
            }
        }
    }

    /// What options of the menu would leave in force, each at the first round and in the areas where it fails.
    fn menu(&self, errors: &mut Errors) {
        for (row, choice) in self.scenario.menu.iter().enumerate() {
            let fails = |period: &Period| {
                let mut found: Vec<Found> = Vec::new();
                for (regime, areas) in by_regime(period) {
                    let under = self.regimes[regime].with(&choice.changes);
                    for fault in under.faults(true).iter().filter(|fault| touches(&choice.changes, fault)) {
                        areas.iter().for_each(|&area| add(&mut found, row, fault, area));
                    }
                }
                (!found.is_empty()).then_some((period.from_round, found))
            };
            let Some((round, found)) = self.periods.iter().find_map(fails) else { continue };
            for Found { fault, areas, .. } in found {
                if self.places.is_option_doubtful(row, &fault.keys) {
                    continue;
                }
                let from = if round == 0 { String::new() } else { format!(", from round {round} on") };
                let message = format!(
                    "under the option \"{}\"{from}{}, {}",
                    choice.name,
                    self.place(&areas),
                    fault.message
                );
                errors.add(self.places.of_option(row), message, || vec![fault.hint]);
            }
        }
    }

    /// ", in Barnet (E09000003) and 31 more areas"; nothing for all areas.
    fn place(&self, areas: &[AreaId]) -> String {
        if areas.len() == self.world.areas.len() {
            return String::new();
        }
        let first = self.gazetteer.words(areas[0]);
        match areas.len() - 1 {
            0 => format!(", in {first}"),
            1 => format!(", in {first} and 1 more area"),
            more => format!(", in {first} and {more} more areas"),
        }
    }
}

/// The last reform of a round that changes what is at fault in an area; none where it was so before.
fn to_blame(together: &[Resolved], area: AreaId, fault: &RegimeFault) -> Option<usize> {
    let is_to_blame = |resolved: &&Resolved| {
        touches(&resolved.reform.changes, fault) && resolved.areas.binary_search(&area).is_ok()
    };
    together.iter().rev().find(is_to_blame).map(|resolved| resolved.row)
}

fn touches(changes: &[(&'static str, Value)], fault: &RegimeFault) -> bool {
    changes.iter().any(|(key, _)| fault.keys.contains(key))
}

fn add(found: &mut Vec<Found>, row: usize, fault: &RegimeFault, area: AreaId) {
    match found.iter_mut().find(|found| found.row == row && found.fault == *fault) {
        Some(found) => found.areas.push(area),
        None => found.push(Found { row, fault: fault.clone(), areas: vec![area] }),
    }
}

/// The regimes of a period, each with its areas.
fn by_regime(period: &Period) -> Vec<(usize, Vec<AreaId>)> {
    let mut found: BTreeMap<usize, Vec<AreaId>> = BTreeMap::new();
    for (row, &regime) in period.of_area.iter().enumerate() {
        found.entry(regime as usize).or_default().push(AreaId::from_row(row));
    }
    found.into_iter().collect()
}
