//! From a name or path to a valid scenario: extends, rule overlays, `--set`.

use super::checks::{Places, check};
use super::closest::nearest_name;
use super::command_line::parse_set;
use super::document::{Document, Stated, StatedChoice, StatedReform, StatedUncertainty};
use super::faults::{Errors, Place};
use super::files::{File, find, leaves_folder};
use super::library;
use super::names::name_of;
use super::parse::{Role, parse};
use super::region::read_region;
use super::registry::{Kind, Parameter, Value};
use super::uncertainty::{Design, Draw, Uncertain, Uncertainty};
use super::values::clip;
use super::{
    Behaviour, Choice, Market, Output, Population, Reform, Regime, Rules, Run, Scenario, World, parameters,
};
use std::collections::BTreeMap;
use std::path::Path;

/// Longest chain of `extends`.
const LONGEST_CHAIN: usize = 16;
/// Parameters that name files.
const PATHS: [&str; 2] = ["world.areas_file", "world.charities_file"];

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
    stated: Vec<Stated>,
}

impl RuleSet {
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
    let mut errors = Errors::default();
    let mut chain = Chain::default();
    chain.begin(name_or_path, &mut errors);
    let mut layers = Layers::new(name_or_path, &chain, &mut errors);
    for (document, file) in chain.documents.iter().rev() {
        layers.lay(document, file, &mut errors);
    }
    for stated in &rules.stated {
        layers.state(stated);
        layers.fix(stated.key);
    }
    for (row, set) in sets.iter().enumerate() {
        if let Some(stated) = parse_set(row + 1, set, &mut errors) {
            layers.override_with(&stated);
        }
    }
    let scenario = layers.scenario();
    check(&scenario, &layers.places, &mut errors);
    errors.into_result(scenario)
}

/// Loads a rule file by name or path.
pub fn load_rules(name_or_path: &str) -> Result<RuleSet, Errors> {
    let mut errors = Errors::default();
    let Some(file) = find(name_or_path, library::RULES, &mut errors) else {
        return errors.into_result(RuleSet::default());
    };
    let document = parse(&file.source, Role::Rules, &mut errors);
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
    documents: Vec<(Document, File)>,
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

/// Values laid over each other: defaults first, the command line last.
struct Layers {
    name: String,
    question: String,
    values: BTreeMap<&'static str, Value>,
    reforms: Vec<StatedReform>,
    menu: Vec<StatedChoice>,
    uncertainty: Option<Uncertainty>,
    places: Places,
}

impl Layers {
    /// Nothing but the name of the scenario; it is not inherited, because results are stored under it.
    fn new(name_or_path: &str, chain: &Chain, errors: &mut Errors) -> Self {
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
        }
    }

    fn lay(&mut self, document: &Document, file: &File, errors: &mut Errors) {
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

    /// The command line beats files, and reforms too.
    fn override_with(&mut self, stated: &Stated) {
        self.state(stated);
        self.fix(stated.key);
        for reform in &mut self.reforms {
            reform.changes.retain(|change| change.key != stated.key);
        }
    }

    fn scenario(&mut self) -> Scenario {
        self.reforms.sort_by_key(|reform| reform.from_round);
        self.places.reforms =
            self.reforms.iter().map(|reform| (reform.place.clone(), reform.doubtful.clone())).collect();
        let reforms = self.reforms.iter().map(|reform| Reform {
            from_round: reform.from_round,
            areas: reform.areas.clone(),
            changes: reform.changes.iter().map(|stated| (stated.key, stated.value.clone())).collect(),
        });
        self.places.menu =
            self.menu.iter().map(|choice| (choice.place.clone(), choice.doubtful.clone())).collect();
        let menu = self.menu.iter().map(|choice| Choice {
            name: choice.name.clone(),
            changes: choice.changes.iter().map(|stated| (stated.key, stated.value.clone())).collect(),
        });
        let all = parameters::all();
        let look_up = |key: &str| self.values.get(key).cloned().or_else(|| default_of(&all, key));
        Scenario {
            reforms: reforms.collect(),
            menu: menu.collect(),
            uncertainty: self.uncertainty.clone(),
            ..Scenario::from_values(self.name.clone(), self.question.clone(), &look_up)
        }
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

impl Scenario {
    /// This scenario with other values of some keys; nothing is checked here.
    pub fn with(&self, changes: &[(&'static str, Value)]) -> Self {
        let stated: BTreeMap<&str, Value> =
            self.values().into_iter().chain(changes.iter().cloned()).collect();
        Self {
            reforms: self.reforms.clone(),
            menu: self.menu.clone(),
            uncertainty: self.uncertainty.clone(),
            ..Self::from_values(self.name.clone(), self.question.clone(), &|key| stated.get(key).cloned())
        }
    }

    /// Checks across keys, for values that were drawn; `what` names them in errors.
    pub fn checked(&self, what: &str) -> Result<(), Errors> {
        let mut errors = Errors::default();
        check(self, &Places::new(Place::named(what)), &mut errors);
        errors.into_result(())
    }

    /// A scenario without reforms from a look-up of values that validation has passed.
    fn from_values(name: String, question: String, look_up: &dyn Fn(&str) -> Option<Value>) -> Self {
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
