//! Values laid over each other: scenarios, a rule set, the command line; and what each states.

use super::command_line::on_line;
use super::document::{Document, Stated, StatedChoice, StatedReform, StatedUncertainty};
use super::faults::{Errors, Place};
use super::files::{File, leaves_folder};
use super::library::{self, Shipped};
use super::load::{Chain, RuleSet};
use super::names::name_of;
use super::places::Places;
use super::region::read_region;
use super::registry::{Kind, Parameter, Value};
use super::uncertainty::{Design, Draw, Uncertain, Uncertainty};
use super::weights::{WEIGHTS, moved, weights_of};
use super::{Choice, Reform, Scenario, parameters};
use std::collections::BTreeMap;
use std::path::Path;

/// Parameters that name files.
const PATHS: [&str; 2] = ["world.areas_file", "world.charities_file"];

/// A scenario as its layers make it, with what is left to say of them.
#[derive(Clone, Debug)]
pub struct Layered {
    /// The scenario.
    pub scenario: Scenario,
    /// Where its values were stated.
    pub places: Places,
    /// What rule sets and reforms state, which the command line cannot change.
    claims: Vec<Claim>,
    /// Keys that the command line states.
    pub typed: Vec<&'static str>,
    /// The same with values and places.
    stated: Vec<Stated>,
    /// What was worked out and not stated: weights that share what others leave.
    pub notes: Vec<String>,
}

/// A key that a rule set or reform states.
#[derive(Clone, Debug)]
struct Claim {
    key: &'static str,
    by: String,
    place: Place,
}

impl Layered {
    /// Refuses to vary a key that a rule set or reform, or the command line itself, states.
    pub fn refuse_varied(&self, key: &'static str, place: &Place, errors: &mut Errors) {
        refuse_claimed(&self.claims, key, place, errors);
        if let Some(typed) = self.stated.iter().find(|typed| typed.key == key) {
            let message = format!("{key} is varied here and stated by {}", on_line(&typed.place));
            errors.add(place.clone(), message, || vec!["leave one of the two out".into()]);
        }
    }
}

fn refuse_claimed(claims: &[Claim], key: &'static str, place: &Place, errors: &mut Errors) {
    let moves = |claim: &&Claim| WEIGHTS.contains(&key) && WEIGHTS.contains(&claim.key);
    let same = claims.iter().find(|claim| claim.key == key);
    let Some(claim) = same.or_else(|| claims.iter().find(moves)) else { return };
    let by = &claim.by;
    let message = match same {
        Some(_) => format!("{key} is stated by {by}"),
        None => format!("{key} moves the other weights, and {} is stated by {by}", claim.key),
    };
    errors.add(place.clone(), message, || vec![how_to_change(claim)]);
}

/// How to change what a rule set or reform states: in its file, or in one that is written out where it is built in.
fn how_to_change(claim: &Claim) -> String {
    let Place { source, .. } = &claim.place;
    let (line, column) = (claim.place.line(), claim.place.column());
    let is_it = |shipped: &&Shipped| File::built_in(**shipped).source.name == source.name;
    match library::RULES.iter().find(is_it).map(|shipped| shipped.name) {
        Some(name) => format!(
            "it is built in: `rebalance new my-{name} --rules {name}` writes it to my-{name}.toml, where it can be changed; \
             or leave one of the two out"
        ),
        None if library::SCENARIOS.iter().any(|shipped| is_it(&shipped)) => {
            "leave one of the two out: the other is built in".into()
        }
        None => format!("change it there ({}:{line}:{column}), or leave one of the two out", source.name),
    }
}

/// Values laid over each other: defaults first, the command line last.
pub(super) struct Layers {
    name: String,
    question: String,
    values: BTreeMap<&'static str, Value>,
    reforms: Vec<StatedReform>,
    menu: Vec<StatedChoice>,
    uncertainty: Option<Uncertainty>,
    places: Places,
    claims: Vec<Claim>,
    typed: Vec<&'static str>,
    stated: Vec<Stated>,
}

impl Layers {
    /// Nothing but the name of the scenario; it is not inherited, because results are stored under it.
    pub(super) fn new(name_or_path: &str, chain: &Chain, errors: &mut Errors) -> Self {
        let first = chain.documents.first();
        let name = first.map(|(document, file)| name_of(document, file, name_or_path, errors));
        let place = first.map_or_else(|| Place::named(name_or_path), |(_, file)| Place::start(&file.source));
        Self {
            name: name.unwrap_or_default(),
            question: String::new(),
            values: BTreeMap::new(),
            reforms: Vec::new(),
            menu: Vec::new(),
            uncertainty: None,
            places: Places::new(place),
            claims: Vec::new(),
            typed: Vec::new(),
            stated: Vec::new(),
        }
    }

    pub(super) fn lay(&mut self, document: &Document, file: &File, errors: &mut Errors) {
        for stated in &document.stated {
            let mut stated = stated.clone();
            if PATHS.contains(&stated.key) {
                resolve_path(&mut stated, file.folder.as_deref(), errors);
            }
            self.state(&stated);
        }
        self.places.doubtful.extend(document.doubtful.iter().cloned());
        if let Some(question) = document.text("question") {
            self.question = question.to_string();
        }
        self.reforms.extend(document.reforms.iter().cloned());
        if !document.menu.is_empty() {
            self.menu.clone_from(&document.menu);
        }
        if let Some(stated) = &document.uncertainty {
            self.uncertainty = uncertainty(stated, file.folder.as_deref(), errors);
        }
    }

    fn state(&mut self, stated: &Stated) {
        self.values.insert(stated.key, stated.value.clone());
        self.places.remember(stated);
    }

    /// What a rule file or the command line states is not uncertain.
    fn fix(&mut self, key: &str) {
        let keys = self.uncertainty.iter_mut().flat_map(|uncertainty| &mut uncertainty.keys);
        keys.filter(|uncertain| uncertain.key == key).for_each(|uncertain| uncertain.fixed = true);
    }

    pub(super) fn lay_rules(&mut self, rules: &RuleSet) {
        for stated in &rules.stated {
            self.state(stated);
            self.fix(stated.key);
            let by = format!("the rule set \"{}\"", rules.name);
            self.claims.push(Claim { key: stated.key, by, place: stated.place.clone() });
        }
        for reform in &self.reforms {
            let by = format!("the reform of round {}", reform.from_round);
            let claim =
                |stated: &Stated| Claim { key: stated.key, by: by.clone(), place: stated.place.clone() };
            self.claims.extend(reform.changes.iter().map(claim));
        }
    }

    /// The command line beats files, but neither a rule set nor a reform, which would undo it unseen.
    pub(super) fn override_with(&mut self, stated: &Stated, errors: &mut Errors) {
        refuse_claimed(&self.claims, stated.key, &stated.place, errors);
        self.state(stated);
        self.fix(stated.key);
        self.typed.push(stated.key);
        self.stated.push(stated.clone());
    }

    /// Weights that the command line does not state share what those that it states leave; in words.
    fn share_weights(&mut self) -> Vec<String> {
        let all = parameters::all();
        let values: Vec<_> = WEIGHTS.iter().filter_map(|key| Some((*key, self.value(&all, key)?))).collect();
        let look_up = |key: &str| values.iter().find(|(name, _)| *name == key).map(|(_, value)| value);
        let Some(weights) = weights_of(look_up) else { return Vec::new() };
        let moves = moved(weights, &self.typed);
        self.values.extend(moves.iter().map(|&(key, _, after)| (key, Value::Number(after))));
        let word = |&(key, before, after): &(&str, f64, f64)| {
            format!(
                "{key} is {after} instead of {before}, so that the weights of the award criteria sum to 1"
            )
        };
        moves.iter().map(word).collect()
    }

    fn value(&self, all: &[Parameter], key: &str) -> Option<Value> {
        self.values.get(key).cloned().or_else(|| default_of(all, key))
    }

    pub(super) fn finish(mut self) -> Layered {
        self.reforms.sort_by_key(|reform| reform.from_round);
        self.places.remember_blocks(&self.reforms, &self.menu);
        let notes = self.share_weights();
        let changes =
            |stated: &[Stated]| stated.iter().map(|stated| (stated.key, stated.value.clone())).collect();
        let reforms = self.reforms.iter().map(|reform| Reform {
            from_round: reform.from_round,
            areas: reform.areas.iter().map(|(area, _)| area.clone()).collect(),
            changes: changes(&reform.changes),
        });
        let menu = self
            .menu
            .iter()
            .map(|choice| Choice { name: choice.name.clone(), changes: changes(&choice.changes) });
        let all = parameters::all();
        let held = WEIGHTS.into_iter().filter(|key| self.typed.contains(key));
        let scenario = Scenario {
            reforms: reforms.collect(),
            menu: menu.collect(),
            uncertainty: self.uncertainty.clone(),
            held_weights: held.collect(),
            ..Scenario::from_values(self.name.clone(), self.question.clone(), &|key| self.value(&all, key))
        };
        let Self { places, claims, typed, stated, .. } = self;
        Layered { scenario, places, claims, typed, stated, notes }
    }
}

fn default_of(all: &[Parameter], key: &str) -> Option<Value> {
    all.iter().find(|parameter| parameter.key == key).map(|parameter| (parameter.default)())
}

/// What is uncertain, with the points of its region; nothing where nothing is named.
fn uncertainty(
    stated: &StatedUncertainty,
    folder: Option<&Path>,
    errors: &mut Errors,
) -> Option<Uncertainty> {
    let mark = |key: &'static str, whole: bool| Uncertain { key, whole, fixed: stated.fixed.contains(&key) };
    let is_whole = |parameter: &Parameter| matches!(parameter.kind, Kind::Whole { .. });
    if let Some((path, place)) = &stated.region {
        let path = inside(path, place, folder, "put the file beside the scenario", errors)?;
        let (parameters, points) = read_region(Path::new(&path), place, errors)?;
        let keys = parameters.iter().map(|parameter| mark(parameter.key, is_whole(parameter))).collect();
        return Some(Uncertainty { keys, draw: Draw::Region { path, points } });
    }
    let all = parameters::all();
    let whole = |key: &str| all.iter().any(|parameter| parameter.key == key && is_whole(parameter));
    let keys: Vec<Uncertain> = stated.ranges.iter().map(|range| mark(range.key, whole(range.key))).collect();
    let ranges = stated.ranges.iter().map(|range| (range.low, range.high)).collect();
    let draw = Draw::Ranges(ranges, stated.design.unwrap_or(Design::Sobol));
    (!keys.is_empty()).then_some(Uncertainty { keys, draw })
}

/// A path in a scenario is relative to the scenario, and stays in its folder.
fn resolve_path(stated: &mut Stated, folder: Option<&Path>, errors: &mut Errors) {
    let Value::Text(path) = &stated.value else { return };
    if path.is_empty() {
        return;
    }
    let hint = format!("put the file beside the scenario, or give it with --set {}=PATH", stated.key);
    if let Some(path) = inside(path, &stated.place, folder, &hint, errors) {
        stated.value = Value::Text(path);
    }
}

/// The path of a file in the scenario's folder; an error with a hint where it is not there.
fn inside(
    path: &str,
    place: &Place,
    folder: Option<&Path>,
    hint: &str,
    errors: &mut Errors,
) -> Option<String> {
    let folder = folder.unwrap_or(Path::new(""));
    if path.contains(char::is_control) {
        let hint = || vec!["a path with backslashes goes in single quotes: 'C:\\data\\areas.csv'".into()];
        errors.add(place.clone(), "the path holds a line break, tab or the like", hint);
        return None;
    }
    if let Some(why) = leaves_folder(folder, path) {
        errors.add(place.clone(), why, || vec![hint.to_string()]);
        return None;
    }
    Some(folder.join(path).to_string_lossy().into_owned())
}
