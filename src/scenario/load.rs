//! From a name or path to a valid scenario: extends, rule overlays, `--set`.

use super::checks::check;
use super::closest::nearest_name;
use super::command_line::parse_set;
use super::document::{Document, Stated, StatedChoice, StatedReform, StatedUncertainty};
use super::faults::{Errors, Place};
use super::files::{File, find, leaves_folder};
use super::library;
use super::names::name_of;
use super::parse::{Role, parse};
use super::places::Places;
use super::region::read_region;
use super::registry::{Kind, Parameter, Value};
use super::uncertainty::{Design, Draw, Uncertain, Uncertainty};
use super::values::clip;
use super::weights::{WEIGHTS, moved, weights_of};
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
    /// Where it states its first key.
    pub fn place(&self) -> Option<&Place> {
        self.stated.first().map(|stated| &stated.place)
    }

    /// The keys that it sets, with their values.
    pub fn changes(&self) -> Vec<(&'static str, Value)> {
        self.stated.iter().map(|stated| (stated.key, stated.value.clone())).collect()
    }
}

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
    /// Refuses to change a key from the command line that a rule set or reform states.
    pub fn refuse_claimed(&self, key: &'static str, place: &Place, errors: &mut Errors) {
        refuse_claimed(&self.claims, key, place, errors);
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
    errors.add(place.clone(), message, || {
        let Place { source, .. } = &claim.place;
        let (line, column) = (claim.place.line(), claim.place.column());
        vec![format!("change it there ({}:{line}:{column}), or leave one of the two out", source.name)]
    });
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
struct Chain {
    documents: Vec<(Document, File)>,
    names: Vec<String>,
}

impl Chain {
    fn begin(&mut self, name: &str, errors: &mut Errors) {
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
    claims: Vec<Claim>,
    typed: Vec<&'static str>,
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
            claims: Vec::new(),
            typed: Vec::new(),
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

    fn lay_rules(&mut self, rules: &RuleSet) {
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
    fn override_with(&mut self, stated: &Stated, errors: &mut Errors) {
        refuse_claimed(&self.claims, stated.key, &stated.place, errors);
        self.state(stated);
        self.fix(stated.key);
        self.typed.push(stated.key);
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

    fn finish(mut self) -> Layered {
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
        Layered { scenario, places: self.places, claims: self.claims, typed: self.typed, notes }
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
