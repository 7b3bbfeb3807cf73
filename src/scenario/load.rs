//! From a name or path to a valid scenario: extends, rule overlays, `--set`.

use super::checks::check;
use super::closest::nearest_name;
use super::command_line::parse_set;
use super::document::{Document, Stated};
use super::faults::{Errors, Place};
use super::files::{File, find, leaves_folder};
use super::layers::{Layered, Layers};
use super::library;
use super::names::name_of;
use super::parse::{Role, parse};
use super::places::Places;
use super::registry::Value;
use super::values::clip;
use super::weights::{WEIGHTS, moved, weights_of};
use super::{Behaviour, Market, Output, Population, Regime, Rules, Run, Scenario, World};
use std::collections::BTreeMap;
use std::path::Path;

/// Longest chain of `extends`.
const LONGEST_CHAIN: usize = 16;

/// A set of rules from a rule file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleSet {
    /// Name in tables.
    pub name: String,
    /// What it stands for.
    pub description: String,
    /// Where its values come from.
    pub source: String,
    /// Since when, or of when.
    pub date: String,
    pub(super) stated: Vec<Stated>,
}

impl RuleSet {
    /// Where it states its first key.
    pub fn place(&self) -> Option<&Place> {
        self.stated.first().map(|stated| &stated.place)
    }

    /// The keys that it sets, with their values.
    pub fn changes(&self) -> Vec<(&'static str, Value)> {
        self.stated.iter().map(|stated| (stated.key, stated.value.clone())).collect()
    }
}

/// Loads a scenario by name or path; `sets` are the texts of `--set` options.
pub fn load(name_or_path: &str, sets: &[String]) -> Result<Scenario, Errors> {
    load_under(name_or_path, &RuleSet::default(), sets)
}

/// Loads a scenario under a rule set.
pub fn load_under(name_or_path: &str, rules: &RuleSet, sets: &[String]) -> Result<Scenario, Errors> {
    let (layered, errors) = lay(name_or_path, rules, sets);
    errors.into_result(layered.scenario)
}

/// Lays a scenario, a rule set and the texts of `--set` options over each other, with everything that is wrong but for
/// what only the world can tell.
pub fn lay(name_or_path: &str, rules: &RuleSet, sets: &[String]) -> (Layered, Errors) {
    let mut errors = Errors::default();
    let mut chain = Chain::default();
    chain.begin(name_or_path, &mut errors);
    let mut layers = Layers::new(name_or_path, &chain, &mut errors);
    for (document, file) in chain.documents.iter().rev() {
        layers.lay(document, file, &mut errors);
    }
    layers.lay_rules(rules);
    for (row, set) in sets.iter().enumerate() {
        if let Some(stated) = parse_set(row + 1, set, &mut errors) {
            layers.override_with(&stated, &mut errors);
        }
    }
    let layered = layers.finish();
    check(&layered.scenario, &layered.places, &mut errors);
    (layered, errors)
}

/// Loads a rule file by name or path.
pub fn load_rules(name_or_path: &str) -> Result<RuleSet, Errors> {
    let mut errors = Errors::default();
    let Some(file) = find(name_or_path, library::RULES, &mut errors) else {
        return errors.into_result(RuleSet::default());
    };
    let document = parse(&file.source, Role::Rules, &mut errors);
    if document.stated.is_empty() && errors.count() == 0 {
        let hint = || vec!["state a key, such as notice_weeks = 2, below a line [rules]".into()];
        errors.add(Place::start(&file.source), "this rule set states no rule", hint);
    }
    let text = |key: &str| document.text(key).unwrap_or_default().to_string();
    let rules = RuleSet {
        name: name_of(&document, &file, name_or_path, &mut errors),
        description: text("description"),
        source: text("source"),
        date: text("date"),
        stated: document.stated.clone(),
    };
    errors.into_result(rules)
}

/// The documents of a scenario and of what it extends, nearest first.
#[derive(Default)]
pub(super) struct Chain {
    /// Nearest first.
    pub documents: Vec<(Document, File)>,
    names: Vec<String>,
}

impl Chain {
    /// Paths of the files among them.
    pub(super) fn files(&self) -> Vec<std::path::PathBuf> {
        let files = self.documents.iter().filter(|(_, file)| file.folder.is_some());
        files.map(|(_, file)| file.source.name.clone().into()).collect()
    }

    pub(super) fn begin(&mut self, name: &str, errors: &mut Errors) {
        if let Some(file) = find(name, library::SCENARIOS, errors) {
            self.follow(file, errors);
        }
    }

    fn follow(&mut self, file: File, errors: &mut Errors) {
        let document = parse(&file.source, Role::Scenario, errors);
        self.names.push(file.identity());
        let parent = document.text("extends").zip(document.place("extends").cloned());
        let parent = parent.and_then(|(parent, place)| self.parent(parent, &file, place, errors));
        self.documents.push((document, file));
        if let Some(parent) = parent {
            self.follow(parent, errors);
        }
    }

    /// The file that another extends: beside it, or built in.
    fn parent(&self, stated: &str, child: &File, place: Place, errors: &mut Errors) -> Option<File> {
        let beside = child.shelf().map(|shelf| format!("{shelf}/{stated}"));
        let beside = beside.and_then(|name| library::find(library::SCENARIOS, &name));
        let shipped = beside.or_else(|| library::find(library::SCENARIOS, stated));
        let parent = match (&child.folder, shipped) {
            (Some(folder), None) => self.neighbour(folder, stated, place.clone(), errors)?,
            (Some(folder), Some(_)) if folder.join(stated).is_file() => {
                self.neighbour(folder, stated, place.clone(), errors)?
            }
            (_, Some(shipped)) => File::built_in(shipped),
            (None, None) => {
                errors.add(place, format!("there is no built-in scenario \"{}\"", clip(stated)), Vec::new);
                return None;
            }
        };
        let identity = parent.identity();
        let looped = self.names.contains(&identity);
        if looped || self.names.len() >= LONGEST_CHAIN {
            let what = if looped { "extends goes in a circle" } else { "extends goes too deep" };
            let chain = self.names.iter().chain([&identity]).cloned().collect::<Vec<_>>().join(" -> ");
            errors.add(place, what, || vec![chain]);
            return None;
        }
        Some(parent)
    }

    fn neighbour(&self, folder: &Path, stated: &str, place: Place, errors: &mut Errors) -> Option<File> {
        if let Some(why) = leaves_folder(folder, stated) {
            let hint = || vec!["name a file beside this one, or a built-in scenario".into()];
            errors.add(place, why, hint);
            return None;
        }
        let path = folder.join(stated);
        if !path.is_file() {
            let near = nearest_name(stated, library::SCENARIOS.iter().map(|shipped| shipped.name));
            let mut hints: Vec<String> =
                near.map(|near| format!("did you mean \"{near}\"?")).into_iter().collect();
            hints.push("name a file beside this one, with .toml, or a built-in scenario".into());
            errors.add(place, format!("there is no \"{}\" to extend", clip(stated)), || hints);
            return None;
        }
        File::read(&path, errors)
    }
}

impl Scenario {
    /// This scenario with other values of some keys; nothing is checked here. Where a weight of the award criteria
    /// changes, those that nothing gives share the rest in proportion.
    pub fn with(&self, changes: &[(&'static str, Value)]) -> Self {
        let mut stated: BTreeMap<&'static str, Value> =
            self.values().into_iter().chain(changes.iter().cloned()).collect();
        let given: Vec<&str> =
            changes.iter().map(|(key, _)| *key).filter(|key| WEIGHTS.contains(key)).collect();
        if let Some(weights) = weights_of(|key| stated.get(key)).filter(|_| !given.is_empty()) {
            let moves = moved(weights, &[&given[..], &self.held_weights].concat());
            stated.extend(moves.into_iter().map(|(key, _, after)| (key, Value::Number(after))));
        }
        Self {
            reforms: self.reforms.clone(),
            menu: self.menu.clone(),
            uncertainty: self.uncertainty.clone(),
            held_weights: self.held_weights.clone(),
            ..Self::from_values(self.name.clone(), self.question.clone(), &|key| stated.get(key).cloned())
        }
    }

    /// This scenario at a point of a study: some keys have other values, which are not uncertain.
    pub fn at(&self, point: &[(&'static str, Value)]) -> Self {
        let mut scenario = self.with(point);
        let keys = scenario.uncertainty.iter_mut().flat_map(|uncertainty| &mut uncertainty.keys);
        let is_set = |key: &str| point.iter().any(|(name, _)| *name == key);
        keys.filter(|uncertain| is_set(uncertain.key)).for_each(|uncertain| uncertain.fixed = true);
        scenario
    }

    /// Checks across keys, for values that were drawn or tried; `places` names them in errors.
    pub fn check(&self, places: &Places, errors: &mut Errors) {
        check(self, places, errors);
    }

    /// A scenario without reforms from a look-up of values that validation has passed.
    pub(super) fn from_values(
        name: String,
        question: String,
        look_up: &dyn Fn(&str) -> Option<Value>,
    ) -> Self {
        Self {
            name,
            question,
            world: World::from_values(look_up).unwrap_or_default(),
            population: Population::from_values(look_up).unwrap_or_default(),
            market: Market::from_values(look_up).unwrap_or_default(),
            regime: Regime {
                rules: Rules::from_values(look_up).unwrap_or_default(),
                behaviour: Behaviour::from_values(look_up).unwrap_or_default(),
            },
            reforms: Vec::new(),
            menu: Vec::new(),
            uncertainty: None,
            run: Run::from_values(look_up).unwrap_or_default(),
            output: Output::from_values(look_up).unwrap_or_default(),
            held_weights: Vec::new(),
        }
    }

    /// Whether the rules allow teams from the first round.
    pub fn has_teams(&self) -> bool {
        self.regime.rules.forms != super::parameters::Forms::Single
    }

    /// Every parameter with its value, in the order of the registry.
    pub fn values(&self) -> Vec<(&'static str, Value)> {
        [
            self.world.values(),
            self.population.values(),
            self.market.values(),
            self.regime.rules.values(),
            self.regime.behaviour.values(),
            self.run.values(),
            self.output.values(),
        ]
        .concat()
    }
}
