//! From a name or path to a valid scenario: extends, rule overlays, `--set`.

use super::checks::{Places, check};
use super::faults::{Errors, Source};
use super::library::{self, Shipped};
use super::parse::{Document, Role, Stated, parse, parse_set};
use super::registry::{Parameter, Value};
use super::{Behaviour, Market, Output, Population, Reform, Regime, Rules, Run, Scenario, World, parameters};
use std::path::{Component, Path, PathBuf};

/// Largest file that is read.
const LARGEST_FILE: u64 = 1 << 20;
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

/// Loads a scenario by name or path; `sets` are the texts of `--set` options.
pub fn load(name_or_path: &str, sets: &[String]) -> Result<Scenario, Errors> {
    load_under(name_or_path, &RuleSet::default(), sets)
}

/// Loads a scenario under a rule set.
pub fn load_under(name_or_path: &str, rules: &RuleSet, sets: &[String]) -> Result<Scenario, Errors> {
    let mut errors = Errors::default();
    let mut chain = Chain::default();
    chain.follow(name_or_path, None, &mut errors);
    let mut layers = Layers::default();
    for (document, folder) in chain.documents.iter().rev() {
        layers.lay(document, folder.as_deref(), &mut errors);
    }
    for stated in &rules.stated {
        layers.state(stated);
    }
    for set in sets {
        if let Some(stated) = parse_set(set, &mut errors) {
            layers.override_with(&stated);
        }
    }
    let scenario = layers.scenario(name_or_path);
    check(&scenario, &layers.places, &mut errors);
    errors.into_result(scenario)
}

/// Loads a rule file by name or path.
pub fn load_rules(name_or_path: &str) -> Result<RuleSet, Errors> {
    let mut errors = Errors::default();
    let Some((source, _)) = read(name_or_path, library::RULES, &mut errors) else { return Err(errors) };
    let document = parse(&source, Role::Rules, &mut errors);
    let text = |key: &str| document.text(key).unwrap_or_default().to_string();
    let stem = Path::new(name_or_path).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = document.text("name").map(str::to_string).or(stem).unwrap_or_default();
    let rules = RuleSet {
        name,
        description: text("description"),
        source: text("source"),
        date: text("date"),
        stated: document.stated.clone(),
    };
    errors.into_result(rules)
}

/// Reads a built-in text or a file. Errors say what to do.
fn read(name: &str, list: &[Shipped], errors: &mut Errors) -> Option<(Source, Option<PathBuf>)> {
    if let Some(shipped) = library::find(list, name).filter(|_| !Path::new(name).is_file()) {
        let name = format!("{} (built in)", shipped.name);
        return Some((Source { name, text: shipped.text.to_string() }, None));
    }
    let path = Path::new(name);
    match read_file(path) {
        Ok(text) => {
            let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
            Some((Source { name: name.to_string(), text }, Some(folder)))
        }
        Err(message) => {
            let mut known: Vec<&str> = list.iter().map(|shipped| shipped.name).collect();
            known.sort_by(|a, b| strsim::jaro(name, b).total_cmp(&strsim::jaro(name, a)));
            let near = known.first().filter(|near| strsim::jaro(name, near) > 0.75);
            let mut hints: Vec<String> =
                near.map(|near| format!("did you mean \"{near}\"?")).into_iter().collect();
            hints.push("`rebalance list scenarios` shows what is built in".into());
            let message = format!("{name}: {message}");
            errors.faults.push(super::faults::Fault { place: None, message, hints });
            None
        }
    }
}

fn read_file(path: &Path) -> Result<String, String> {
    let facts = std::fs::metadata(path).map_err(|_| "there is no such scenario or file".to_string())?;
    if facts.is_dir() {
        return Err("this is a folder".into());
    }
    if facts.len() > LARGEST_FILE {
        return Err("larger than 1 MiB; a scenario is a short text file".into());
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("this is UTF-16; save it as UTF-8".into());
    }
    let text = String::from_utf8(bytes).map_err(|_| "this is not UTF-8; save it as UTF-8".to_string())?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text))
}

/// The documents of a scenario and of what it extends, nearest first, with their folders.
#[derive(Default)]
struct Chain {
    documents: Vec<(Document, Option<PathBuf>)>,
    names: Vec<String>,
}

impl Chain {
    fn follow(&mut self, name: &str, stated: Option<(Source, std::ops::Range<usize>)>, errors: &mut Errors) {
        let looped = self.names.iter().any(|known| known == name);
        self.names.push(name.to_string());
        if looped || self.names.len() > LONGEST_CHAIN {
            let what = if looped { "extends goes in a circle" } else { "extends goes too deep" };
            let message = format!("{what}: {}", self.names.join(" -> "));
            match stated {
                Some((source, span)) => errors.at(&source, span, message, Vec::new()),
                None => errors.faults.extend(Errors::general(message).faults),
            }
            return;
        }
        let Some((source, folder)) = read(name, library::SCENARIOS, errors) else { return };
        let document = parse(&source, Role::Scenario, errors);
        let extends = document.texts.iter().find(|(key, _, _)| key == "extends").cloned();
        self.documents.push((document, folder.clone()));
        if let Some((_, parent, span)) = extends {
            let parent_name = parent.strip_suffix(".toml").unwrap_or(&parent);
            let shelf = name.rsplit_once('/').map_or(String::new(), |(shelf, _)| format!("{shelf}/"));
            let beside = format!("{shelf}{parent_name}");
            let beside_built_in = library::find(library::SCENARIOS, &beside).is_some();
            let built_in = library::find(library::SCENARIOS, parent_name).is_some();
            match (&folder, leaves_folder(&parent)) {
                (_, true) => {
                    let hint = "name a file beside this one, or a built-in scenario".to_string();
                    errors.at(&source, span, "extends leaves the scenario's folder".into(), vec![hint]);
                }
                (Some(folder), false) if folder.join(&parent).is_file() || !built_in => {
                    let path = folder.join(&parent);
                    self.follow(&path.to_string_lossy(), Some((source, span)), errors);
                }
                (None, false) if beside_built_in => self.follow(&beside, Some((source, span)), errors),
                _ => self.follow(parent_name, Some((source, span)), errors),
            }
        }
    }
}

/// Whether a path is absolute or climbs out of its folder.
fn leaves_folder(path: &str) -> bool {
    let windows_drive = path.len() > 1 && path.as_bytes()[1] == b':';
    windows_drive
        || path.starts_with(['/', '\\'])
        || Path::new(&path.replace('\\', "/"))
            .components()
            .any(|part| !matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Values laid over each other: defaults first, the command line last.
#[derive(Default)]
struct Layers {
    values: Vec<(&'static str, Value)>,
    name: Option<String>,
    question: Option<String>,
    reforms: Vec<Reform>,
    places: Places,
}

impl Layers {
    fn lay(&mut self, document: &Document, folder: Option<&Path>, errors: &mut Errors) {
        for stated in &document.stated {
            let mut stated = stated.clone();
            if PATHS.contains(&stated.key) {
                resolve_path(&mut stated, folder, errors);
            }
            self.state(&stated);
        }
        self.places.doubtful.extend(document.doubtful.iter().cloned());
        let text = |key: &str| document.text(key).map(str::to_string);
        self.name = text("name").or_else(|| self.name.take());
        self.question = text("question").or_else(|| self.question.take());
        for reform in &document.reforms {
            self.reforms.push(Reform {
                from_round: reform.from_round,
                areas: reform.areas.clone(),
                changes: reform.changes.iter().map(|stated| (stated.key, stated.value.clone())).collect(),
            });
        }
    }

    fn state(&mut self, stated: &Stated) {
        self.values.retain(|(key, _)| *key != stated.key);
        self.values.push((stated.key, stated.value.clone()));
        self.places.remember(stated);
    }

    /// The command line beats files, and reforms too.
    fn override_with(&mut self, stated: &Stated) {
        self.state(stated);
        for reform in &mut self.reforms {
            reform.changes.retain(|(key, _)| *key != stated.key);
        }
    }

    fn scenario(&self, name_or_path: &str) -> Scenario {
        let all = parameters::all();
        let stem = Path::new(name_or_path).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let name = self.name.clone().or(stem).unwrap_or_default();
        let mut reforms = self.reforms.clone();
        reforms.sort_by_key(|reform| reform.from_round);
        Scenario::from_values(name, self.question.clone().unwrap_or_default(), reforms, &|key| {
            let stated = self.values.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone());
            stated.or_else(|| default_of(&all, key))
        })
    }
}

fn default_of(all: &[Parameter], key: &str) -> Option<Value> {
    all.iter().find(|parameter| parameter.key == key).map(|parameter| (parameter.default)())
}

/// A path in a scenario is relative to the scenario, and stays in its folder.
fn resolve_path(stated: &mut Stated, folder: Option<&Path>, errors: &mut Errors) {
    let Value::Text(path) = &stated.value else { return };
    if path.is_empty() {
        return;
    }
    if leaves_folder(path) {
        let hint = format!("put the file beside the scenario, or give it with --set {}=PATH", stated.key);
        errors.at(
            &stated.source,
            stated.span.clone(),
            "the path leaves the scenario's folder".into(),
            vec![hint],
        );
    } else if let Some(folder) = folder {
        stated.value = Value::Text(folder.join(path).to_string_lossy().into_owned());
    }
}

impl Scenario {
    /// A scenario from a look-up of values that validation has passed.
    fn from_values(
        name: String,
        question: String,
        reforms: Vec<Reform>,
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
            reforms,
            run: Run::from_values(look_up).unwrap_or_default(),
            output: Output::from_values(look_up).unwrap_or_default(),
        }
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
