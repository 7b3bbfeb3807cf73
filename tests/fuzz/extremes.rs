//! Rounds played with keys at the ends of their ranges, one by one and several at a time.

use super::luck::Luck;
use super::rounds::rounds;
use super::watch::{Watch, seeds};
use super::worlds::{self, Small};
use rebalance::scenario::load;
use rebalance::scenario::parameters::all;
use rebalance::scenario::registry::{Kind, Parameter, Value};
use rebalance::scenario::write::toml_value;
use rebalance::world::World;
use std::path::Path;

/// Longest that a case may take \[s\].
const LONGEST: u64 = 20;
/// Rounds that are played.
const ROUNDS: u32 = 10;
const WEIGHTS: [&str; 4] =
    ["rules.weight_quality", "rules.weight_price", "rules.weight_social", "rules.weight_collaboration"];

/// A key with the values at its ends, as `--set` takes them.
struct Ends {
    key: &'static str,
    values: Vec<String>,
    /// Whether it chooses a mechanism.
    chooses: bool,
}

/// Plays every end alone, then so many combinations of some ends; whether none failed. A seed other than that
/// of the whole series plays its combination alone.
pub fn fuzz(cases: usize, seed: u64) -> bool {
    let folder = tempfile::tempdir().expect("a folder for scenarios");
    let worlds = worlds::all(folder.path());
    let ends: Vec<Ends> = all().iter().filter_map(ends_of).collect();
    let mut watch = Watch::new("extremes", LONGEST);
    let path = folder.path().join("mine.toml");
    let mut try_out = |world: &Small, sets: &[String], seed: u64| {
        std::fs::write(&path, &world.text).expect("written");
        let shown = format!("# {}\n{}\n# --set {}\n", world.name, world.text, sets.join("\n# --set "));
        match load(&path.to_string_lossy(), sets) {
            Ok(scenario) if worlds::is_too_large(&scenario) => watch.left_out("left out as too large"),
            _ => watch.case(seed, shown.as_bytes(), || ten_rounds(&path, sets)),
        }
    };
    if cases > 1 {
        for (row, ends) in ends.iter().enumerate() {
            for world in &worlds {
                ends.values.iter().for_each(|value| try_out(world, &with(ends.key, value), row as u64));
            }
        }
    }
    for seed in seeds(seed, cases) {
        let mut luck = Luck::new(seed);
        let sets = combination(&ends, &mut luck);
        try_out(luck.pick(&worlds), &sets, seed);
    }
    watch.report()
}

/// Both ends of a range, and the least number above its lower end; all choices; short lists of both ends.
fn ends_of(parameter: &Parameter) -> Option<Ends> {
    let list = |values: &[f64]| toml_value(&Value::Numbers(values.to_vec()));
    let (values, chooses) = match parameter.kind {
        Kind::Number { min, max } => {
            let values = [min, max, min.next_up()];
            (values.map(|value| toml_value(&Value::Number(value))).to_vec(), false)
        }
        Kind::Whole { min, max } => (vec![min.to_string(), max.to_string()], false),
        Kind::Switch => (vec!["true".into(), "false".into()], true),
        Kind::Choice(choices) => (choices.iter().map(|choice| choice.name.to_string()).collect(), true),
        Kind::Numbers { min, max } => {
            let lists: [&[f64]; 6] = [&[], &[min], &[max], &[min, max], &[0.0, 0.0, 0.0, 1.0], &[max; 4]];
            (lists.map(list).to_vec(), false)
        }
        Kind::Text => return None,
    };
    Some(Ends { key: parameter.key, values, chooses })
}

/// A value, with the others that it needs: weights of criteria sum to one.
fn with(key: &str, value: &str) -> Vec<String> {
    let mut sets = vec![format!("{key}={value}")];
    if WEIGHTS.contains(&key) {
        let weight: f64 = value.parse().unwrap_or(0.0);
        let others = WEIGHTS.iter().filter(|other| **other != key);
        sets.extend(others.map(|other| format!("{other}={:?}", (1.0 - weight) / 3.0)));
    }
    sets
}

/// One to three mechanisms chosen, and two to six values at their ends.
fn combination(ends: &[Ends], luck: &mut Luck) -> Vec<String> {
    let kind = |chooses: bool| -> Vec<&Ends> { ends.iter().filter(|ends| ends.chooses == chooses).collect() };
    let (choices, values) = (kind(true), kind(false));
    let chosen: Vec<&Ends> = (0..1 + luck.below(3)).map(|_| *luck.pick(&choices)).collect();
    let valued: Vec<&Ends> = (0..2 + luck.below(5)).map(|_| *luck.pick(&values)).collect();
    let mut sets: Vec<(String, String)> = Vec::new();
    for ends in chosen.into_iter().chain(valued) {
        for set in with(ends.key, luck.pick::<String>(&ends.values)) {
            let (key, value) = set.split_once('=').expect("a key and a value");
            sets.retain(|(known, _)| known != key);
            sets.push((key.to_string(), value.to_string()));
        }
    }
    sets.into_iter().map(|(key, value)| format!("{key}={value}")).collect()
}

fn ten_rounds(path: &Path, sets: &[String]) -> Result<String, String> {
    let Ok(scenario) = load(&path.to_string_lossy(), sets) else { return Ok("refused".into()) };
    let Ok(world) = World::build(&scenario) else { return Ok("without a world".into()) };
    rounds(&scenario, &world, ROUNDS)
}
