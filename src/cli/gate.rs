//! From what was typed to what may be played: the one gate of every verb that plays.
//!
//! It lays scenario, rule sets and command line over each other, resolves reforms in the world that will be played,
//! and refuses, all at once, what cannot be played, before anything is. What does nothing, and what was worked out rather
//! than stated, it says once.

use super::limits::{Load, Size, refuse_beyond_memory, refuse_countless};
use super::text::tell;
use super::{CliError, Playing};
use crate::experiment::{Drawn, check_at};
use crate::rules::{self, Regimes};
use crate::scenario::command_line::refuse_twice;
use crate::scenario::inert::warnings;
use crate::scenario::registry::Value;
use crate::scenario::vary::{Vary, set_texts};
use crate::scenario::{Errors, Layered, RuleSet, Scenario, WEIGHTS, lay};
use crate::world::World;
use std::collections::BTreeSet;

/// Name of a scenario's own rules.
pub const OWN_RULES: &str = "baseline";

/// What was typed.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The scenario.
    pub name: &'a str,
    /// Rule sets by name; a verb that knows none has the scenario's own.
    pub rules: Vec<(String, RuleSet)>,
    /// Row of the rule set with which others are compared.
    pub baseline: usize,
    /// The texts of `--set`, short flags included.
    pub sets: Vec<String>,
    /// Keys that are varied.
    pub vary: &'a [Vary],
    /// What is written of each run.
    pub keeps: Keeps,
    /// Worlds of uncertain parameters, where they are not as many as the scenario has replicates; 0 where none are drawn.
    pub worlds: Option<u32>,
}

/// What is written of each run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// All tables that `[output]` names.
    Tables,
    /// Means of measures.
    Means,
    /// Means of measures at points, each of as many replicates as `--replicates` says.
    Points,
}

/// What may be played.
#[derive(Clone, Debug)]
pub struct Cleared {
    /// Each rule set with its scenario.
    pub scenarios: Vec<(String, Scenario)>,
    /// How large they are.
    pub size: Size,
    /// What does nothing, and what the user's own tables seem not to mean.
    pub warnings: Vec<String>,
    /// What was worked out and not stated.
    pub notes: Vec<String>,
    /// The world of all rule sets, with the values that the scenario states.
    pub world: World,
    /// Whether nothing is said of it.
    pub quiet: bool,
}

impl<'a> Asked<'a> {
    /// One scenario under its own rules.
    pub fn one(name: &'a str, sets: Vec<String>, keeps: Keeps) -> Self {
        let rules = vec![(OWN_RULES.to_string(), RuleSet::default())];
        Self { name, rules, baseline: 0, sets, vary: &[], keeps, worlds: None }
    }

    fn varied(&self) -> Vec<&'static str> {
        self.vary.iter().map(|vary| vary.key).collect()
    }
}

/// Clears what was typed, and says on standard error what there is to say unless that is unwanted.
pub fn clear(asked: &Asked, playing: &Playing) -> Result<Cleared, CliError> {
    let cleared = Cleared { quiet: playing.quiet, ..examine(asked)? };
    cleared.refuse_beyond_memory(Load { runs: cleared.runs(), points: 0.0 }, playing)?;
    if !playing.quiet {
        cleared.notes.iter().for_each(|note| tell(&format!("note: {note}")));
        cleared.warnings.iter().for_each(|warning| tell(&format!("warning: {warning}")));
    }
    Ok(cleared)
}

/// Finds everything that is wrong with what was typed.
pub fn examine(asked: &Asked) -> Result<Cleared, CliError> {
    let (own, mut errors) = lay(asked.name, &RuleSet::default(), &asked.sets);
    refuse_twice(&asked.sets, &mut errors);
    let mut layers = Vec::new();
    for (_, rules) in &asked.rules {
        let (layered, found) = lay(asked.name, rules, &asked.sets);
        errors.merge(found);
        layers.push(layered);
    }
    for vary in asked.vary {
        layers.iter().for_each(|layered| layered.refuse_varied(vary.key, &vary.place, &mut errors));
    }
    if own.places.is_world_doubtful() || errors.is_unreadable() {
        errors.clone().into_result(())?;
    }
    let world = match build(&own.scenario) {
        Ok(world) => world,
        Err(error) => return Err(with_others(errors, error)),
    };
    check_in_force(asked, &own, &layers, &world, &mut errors);
    errors.into_result(())?;
    let mut cleared = Cleared {
        scenarios: Vec::new(),
        size: Size::of(&own.scenario, &world),
        warnings: [all_warnings(asked, &own, &layers), world.notes.clone()].concat(),
        notes: all_notes(asked, &own),
        world,
        quiet: true,
    };
    for ((name, _), layered) in asked.rules.iter().zip(layers) {
        let size = Size::of(&layered.scenario, &cleared.world);
        if size.replicate > cleared.size.replicate {
            cleared.size = size;
        }
        cleared.scenarios.push((name.clone(), layered.scenario));
    }
    let mut drawn_for = cleared.scenarios.clone();
    for (_, scenario) in &mut drawn_for {
        scenario.run.replicates = asked.worlds.unwrap_or(scenario.run.replicates);
    }
    check_worlds(&drawn_for, &cleared.world)?;
    Ok(cleared)
}

fn build(scenario: &Scenario) -> Result<World, CliError> {
    refuse_countless(scenario)?;
    World::build(scenario).map_err(|error| CliError::Usage(format!("error: {error}")))
}

/// What is wrong with a world, after what else is wrong.
fn with_others(errors: Errors, world: CliError) -> CliError {
    match (errors.into_result(()), world) {
        (Err(errors), CliError::Usage(message)) => CliError::Usage(format!("{errors}\n\n{message}")),
        (_, world) => world,
    }
}

/// What only the world can tell: where reforms apply, which rules are then in force, and whether a reform, an option or
/// a rule set changes any.
fn check_in_force(asked: &Asked, own: &Layered, layers: &[Layered], world: &World, errors: &mut Errors) {
    for layered in layers {
        let mut found = Errors::default();
        rules::check(&layered.scenario, &layered.places, world, &mut found);
        errors.merge(found);
    }
    // What changes nothing may only seem to, where something else is wrong.
    if errors.count() > 0 {
        return;
    }
    rules::check_effects(&own.scenario, &own.places, world, errors);
    let own_regimes = Regimes::new(&own.scenario, world);
    for (row, ((name, rules), layered)) in asked.rules.iter().zip(layers).enumerate() {
        let Some(place) = rules.place().filter(|_| row != asked.baseline) else { continue };
        let is_same = layered.scenario.uncertainty == own.scenario.uncertainty
            && Regimes::new(&layered.scenario, world).same_in_force(&own_regimes);
        if is_same {
            let why = if layered.scenario.regime == own.scenario.regime {
                "changes nothing: the scenario's own rules are the same"
            } else {
                "never acts: the scenario's reforms override what it states from the first round on"
            };
            // With it as the baseline there must be another to compare with it.
            let hint = || {
                let others = if asked.rules.len() > 2 {
                    format!(", or compare with it: --baseline {name}")
                } else {
                    String::new()
                };
                vec![format!("leave it out{others}")]
            };
            errors.add(place.clone(), format!("the rule set \"{name}\" {why}"), hint);
        }
    }
}

/// Checks every world of uncertain parameters under every rule set.
fn check_worlds(scenarios: &[(String, Scenario)], world: &World) -> Result<(), CliError> {
    let all: Vec<&Scenario> = scenarios.iter().map(|(_, scenario)| scenario).collect();
    if let Some(drawn) = Drawn::new(&all) {
        for (name, scenario) in scenarios {
            drawn.check(name, scenario, world)?;
        }
    }
    Ok(())
}

/// Keys that do nothing under any of the rule sets that are played, and outputs that are not written.
fn all_warnings(asked: &Asked, own: &Layered, layers: &[Layered]) -> Vec<String> {
    let varied = asked.varied();
    let of = |layered: &Layered| warnings(&layered.scenario, &layered.typed, &varied);
    let mut found = layers.first().map(of).unwrap_or_default();
    for layered in &layers[1..] {
        let others = of(layered);
        found.retain(|warning| others.contains(warning));
    }
    if asked.keeps == Keeps::Points && own.typed.contains(&"run.replicates") {
        found.push("run.replicates does nothing here: --replicates says how many each point has".into());
    }
    let unwritten = asked.keeps != Keeps::Tables;
    let default = crate::scenario::Output::default();
    let output = &own.scenario.output;
    for (key, is_own) in [
        ("output.charities", output.charities != default.charities),
        ("output.tenders", output.tenders != default.tenders),
        ("output.area_replicates", output.area_replicates != default.area_replicates),
    ] {
        if unwritten && (is_own || own.typed.contains(&key)) {
            found.push(format!(
                "{key} does nothing here: only `run` and `compare` without --vary write that table"
            ));
        }
    }
    found
}

/// Weights that were worked out, where the command line states or varies others.
fn all_notes(asked: &Asked, own: &Layered) -> Vec<String> {
    let uncertain = own.scenario.uncertainty.iter().flat_map(|uncertainty| &uncertainty.keys);
    let uncertain = uncertain.filter(|uncertain| !uncertain.fixed).map(|uncertain| uncertain.key);
    let moving: Vec<&str> =
        asked.varied().into_iter().chain(uncertain).filter(|key| WEIGHTS.contains(key)).collect();
    if moving.is_empty() {
        return own.notes.clone();
    }
    // What is worked out for the values stated moves again at every point.
    let stated = own.typed.iter().copied().filter(|key| WEIGHTS.contains(key) && !moving.contains(key));
    let given: Vec<&str> = moving.iter().copied().chain(stated).collect();
    let values = own.scenario.values();
    let shares = |key: &&'static str| {
        let weight = values.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        !given.contains(key) && matches!(weight, Some(Value::Number(weight)) if *weight > 0.0)
    };
    if !WEIGHTS.iter().any(shares) {
        return Vec::new();
    }
    let leave = if given.len() == 1 { "leaves" } else { "leave" };
    let given = given.join(" and ");
    vec![format!("the other weights of the award criteria share in proportion what {given} {leave} of 1")]
}

impl Cleared {
    /// Refuses what this machine cannot hold.
    pub fn refuse_beyond_memory(&self, load: Load, playing: &Playing) -> Result<(), CliError> {
        self.refuse_beyond(load, playing.threads(), playing.allow_memory)
    }

    /// Refuses what this machine, or what is allowed of it, cannot hold on so many threads.
    pub fn refuse_beyond(&self, load: Load, threads: usize, allowed_gb: Option<f64>) -> Result<(), CliError> {
        let at_once = (threads as f64).min(load.runs.max(1.0));
        refuse_beyond_memory(self.size.needs(load, at_once), allowed_gb, &self.size)
    }

    /// Replicates of all rule sets.
    pub fn runs(&self) -> f64 {
        self.scenarios.iter().map(|(_, scenario)| f64::from(scenario.run.replicates)).sum()
    }

    /// Checks every point of a study under every rule set; the first that fails is named with its values. What the user's
    /// tables at other points seem not to mean is said once.
    pub fn check_points(&self, keys: &[&'static str], points: &[Vec<Value>]) -> Result<(), CliError> {
        let mut world: Option<World> = None;
        let mut said: BTreeSet<String> = self.world.notes.iter().cloned().collect();
        for (row, point) in points.iter().enumerate() {
            let values = set_texts(keys, point);
            for (name, scenario) in &self.scenarios {
                let here = scenario.at(&changes(keys, point));
                let rules = if name == OWN_RULES { String::new() } else { format!("rule set {name}, ") };
                let what = format!("{rules}point {row}: {}", values.join(", "));
                let is_other = here.world != scenario.world;
                if is_other {
                    let built = world.insert(build(&here)?);
                    let new = built.notes.iter().filter(|note| said.insert((*note).clone()));
                    new.filter(|_| !self.quiet).for_each(|note| tell(&format!("warning: {note}")));
                }
                check_at(&here, &what, world.as_ref().filter(|_| is_other).unwrap_or(&self.world))?;
            }
        }
        Ok(())
    }

    /// Every rule set at every point, point by point, each checked in all its worlds.
    pub fn at_points(
        &self,
        keys: &[&'static str],
        points: &[Vec<Value>],
    ) -> Result<Vec<(String, Scenario)>, CliError> {
        self.check_points(keys, points)?;
        let at = |point: &Vec<Value>| {
            let changes = changes(keys, point);
            self.scenarios
                .iter()
                .map(move |(name, scenario)| (name.clone(), scenario.at(&changes)))
                .collect::<Vec<_>>()
        };
        let scenarios: Vec<(String, Scenario)> = points.iter().flat_map(at).collect();
        check_worlds(&scenarios, &self.world)?;
        Ok(scenarios)
    }
}

fn changes(keys: &[&'static str], point: &[Value]) -> Vec<(&'static str, Value)> {
    keys.iter().copied().zip(point.iter().cloned()).collect()
}
