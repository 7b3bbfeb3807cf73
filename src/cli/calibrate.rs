//! `rebalance calibrate SCENARIO`: which settings the facts rule out.

use super::gate::{Asked, Keeps, OWN_RULES, clear};
use super::results::{Named, Work, complete, open, plan, results_folder, varied_words};
use super::text::print;
use super::{CliError, Playing};
use crate::experiment::Stage;
use crate::experiment::emulator::fewest_points;
use crate::folder::{self, Folder, short_name};
use crate::patterns::calibrate::{Found, Plan, Range, implausibility_of, ranges};
use crate::patterns::{Facts, Pattern, Target, beside, facts_of, targets_of};
use crate::scenario::faults::Place;
use crate::scenario::registry::Value;
use crate::scenario::vary::{Varied, Vary, parse_vary};
use crate::scenario::write::toml_value;
use crate::scenario::{Scenario, WEIGHTS, parameters};
use crate::tables::calibration::{left, write};
use crate::tables::manifest::{Machine, Record, manifest};
use crate::words::counted;
use rayon::prelude::*;
use serde_json::json;
use std::time::Instant;

/// The scenario of the least implausible point.
const LEAST_IMPLAUSIBLE: &str = "least-implausible.toml";

/// What is sought, and among what.
struct Search<'a> {
    name: &'a str,
    scenario: Scenario,
    /// Keys of the plan's ranges.
    keys: Vec<&'static str>,
    plan: Plan,
    /// All facts of the scenario's world; the plan has those to calibrate by.
    targets: Vec<Target>,
}

impl<'a> Search<'a> {
    /// The search that the command line asks for, once it is cleared.
    fn asked(
        name: &'a str,
        playing: &Playing,
        vary: &[String],
        points: usize,
        waves: u32,
    ) -> Result<Self, CliError> {
        let ranges = ranges_of(vary)?;
        let varied: Vec<Vary> = ranges.iter().filter_map(as_varied).collect();
        let keys: Vec<&'static str> = varied.iter().map(|vary| vary.key).collect();
        let asked =
            Asked { vary: &varied, worlds: Some(0), ..Asked::one(name, playing.all_sets(), Keeps::Means) };
        let cleared = clear(&asked, playing)?;
        let scenario = cleared.scenarios[0].1.clone();
        let targets = targets_of(&cleared.world);
        let is_wanted =
            |target: &&Target| target.usage == "calibrate" && (scenario.has_teams() || target.id != "T21");
        let wanted: Vec<Target> = targets.iter().filter(is_wanted).cloned().collect();
        if wanted.len() < 2 {
            let message = format!("error: there are no facts to calibrate {} by", scenario.name);
            return Err(CliError::Usage(message));
        }
        for (key, range) in keys.iter().zip(&ranges) {
            let ends = [range.low, range.high].map(|end| vec![Value::Number(end)]);
            cleared.check_points(&[key], &ends)?;
        }
        refuse_few(points, waves, ranges.len())?;
        let plan = Plan { ranges, targets: wanted, points, waves, seed: scenario.run.seed };
        Ok(Self { name, scenario, keys, plan, targets })
    }

    /// The scenario at values of the ranges.
    fn at(&self, values: &[f64]) -> Scenario {
        let values = values.iter().map(|value| Value::Number(*value));
        self.scenario.at(&self.keys.iter().copied().zip(values).collect::<Vec<_>>())
    }

    /// What a scenario shows of all facts, from the runs that are kept and those that are missing.
    fn patterns(&self, scenario: &Scenario, work: &Work, point: &str) -> Result<Vec<Pattern>, CliError> {
        let stage =
            Stage::new(vec![scenario], None).map_err(|error| CliError::Usage(format!("error: {error}")))?;
        let play = |replicate: u32| {
            work.run(&format!("{point}-{replicate:06}"), || facts_of(&stage, &self.targets, replicate))
        };
        let replicates = (0..scenario.run.replicates).into_par_iter().map(play);
        Ok(beside(&self.targets, &replicates.collect::<Result<Vec<Facts>, CliError>>()?))
    }

    /// Means of the facts to calibrate by, at values of the ranges.
    fn facts(&self, work: &Work, values: &[f64]) -> Result<Vec<f64>, CliError> {
        let patterns = self.patterns(&self.at(values), work, &point_name(values))?;
        let fact = |target: &Target| {
            let pattern = patterns.iter().find(|pattern| pattern.target.id == target.id);
            pattern.and_then(|pattern| pattern.simulated).map_or(f64::NAN, |simulated| simulated.mean)
        };
        Ok(self.plan.targets.iter().map(fact).collect())
    }

    /// What decides the runs, and what is asked of them.
    fn folder_plan(&self, named: &[(String, Scenario)]) -> Result<folder::Plan, CliError> {
        let tables = ["points.csv", "ranges.csv", "facts.csv", "region.csv", LEAST_IMPLAUSIBLE];
        let mut plan = plan("calibration", Named { scenario: self.name, rules: &[] }, named, &tables)?;
        let keys: Vec<&str> = self.plan.ranges.iter().map(|range| range.key.as_str()).collect();
        plan.bind("ranges", json!(keys));
        plan.keeps_runs = true;
        let varied: Vec<Vary> = self.plan.ranges.iter().filter_map(as_varied).collect();
        plan.asked["points"] =
            json!({ "vary": varied_words(&varied), "points": self.plan.points, "waves": self.plan.waves });
        Ok(plan)
    }
}

/// Refuses a search that cannot tell its parameters apart.
fn refuse_few(points: usize, waves: u32, parameters: usize) -> Result<(), CliError> {
    let fewest = fewest_points(parameters);
    if points * (waves as usize) >= fewest {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "error: {} in {} cannot tell {} apart\n  = help: {fewest} points in all at least, several times as many to trust, or \
         fewer parameters with --vary",
        counted(points, "point"),
        counted(waves, "wave"),
        counted(parameters, "parameter")
    )))
}

/// A name for the runs at values of the ranges.
fn point_name(values: &[f64]) -> String {
    let texts: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    short_name(&texts.join(" "))
}

/// Draws what was found.
fn draw(folder: &Folder, _: &serde_json::Value) -> Result<(), CliError> {
    crate::chart::draw_calibration(folder)
        .map(|_| ())
        .map_err(|error| CliError::Io(format!("error: charts: {error}")))
}

/// Runs the search, writes tables and a chart, prints what is left.
pub fn calibrate(
    name: &str,
    playing: &Playing,
    vary: &[String],
    points: usize,
    waves: u32,
) -> Result<(), CliError> {
    let start = Instant::now();
    let search = Search::asked(name, playing, vary, points, waves)?;
    let (scenario, plan) = (&search.scenario, &search.plan);
    let shipped = shipped(scenario, &plan.ranges);
    let out = results_folder(playing, &format!("{}-calibrate", scenario.name));
    let named = [(OWN_RULES.to_string(), scenario.clone())];
    let folder_plan = search.folder_plan(&named)?;
    let pool = playing.pool()?;
    let Some(folder) = open(&out, &folder_plan, playing, draw)? else { return Ok(()) };
    let runs = points as u64 * u64::from(waves) * u64::from(scenario.run.replicates);
    let work = Work::new(&folder, search.targets.len(), runs, playing.quiet)?;
    let found = pool.install(|| plan.narrow(|_, _, values| search.facts(&work, values)))?;
    write(&folder, plan, &found, &shipped)?;
    let own = pool.install(|| search.patterns(scenario, &work, "own"))?;
    let best = match found.region.first() {
        Some((_, values)) => {
            let best = search.at(values);
            Some((values, pool.install(|| search.patterns(&best, &work, &point_name(values)))?))
        }
        None => None,
    };
    work.end()?;
    if let Some((values, _)) = &best {
        let text = least_implausible(name, &search.at(values), &search.keys);
        folder.write(LEAST_IMPLAUSIBLE, text.as_bytes())?;
    }
    let points = folder_plan.asked["points"].clone();
    let record = Record { plan: &folder_plan, scenarios: &named, baseline: 0, drawn: None, points };
    let rounds = runs * u64::from(scenario.run.rounds);
    let (threads, seconds) = (pool.current_num_threads(), start.elapsed().as_secs_f64());
    let manifest = manifest(&record, Machine { threads, seconds, rounds });
    draw(&folder, &manifest)?;
    complete(&folder, manifest, playing.quiet)?;
    if playing.quiet {
        return Ok(());
    }
    let best = best.as_ref().map(|(_, patterns)| patterns.as_slice());
    print(&summary(scenario, plan, &found, &shipped, &own, best))?;
    if scenario.uncertainty.is_some() {
        print(
            "note: other parameters have the values that the scenario states; its [uncertainty] is not drawn here\n",
        )?;
    }
    print(&format!("results: {}\n", out.display()))
}

/// The ranges of `--vary` texts, or the shipped ones.
fn ranges_of(vary: &[String]) -> Result<Vec<Range>, CliError> {
    if vary.is_empty() {
        return Ok(ranges());
    }
    let of = |vary: Vary| match vary.values {
        Varied::Range { low, high, whole: false, .. } => {
            Ok(Range { key: vary.key.into(), low, high, source: "given on the command line".into() })
        }
        _ => Err(CliError::Usage(format!(
            "error: --vary {} is not a range of a real number\n  = help: write KEY=LOW..HIGH; only numbers with fractions \
             can be narrowed",
            vary.key
        ))),
    };
    parse_vary(vary)?.into_iter().map(of).collect()
}

/// The scenario's own values of the parameters.
fn shipped(scenario: &Scenario, ranges: &[Range]) -> Vec<f64> {
    let values = scenario.values();
    let of = |range: &Range| match values.iter().find(|(key, _)| *key == range.key) {
        Some((_, Value::Number(number))) => *number,
        _ => f64::NAN,
    };
    ranges.iter().map(of).collect()
}

/// A range as a key that is varied.
fn as_varied(range: &Range) -> Option<Vary> {
    let key = parameters::all().iter().find(|parameter| parameter.key == range.key)?.key;
    let values = Varied::Range { low: range.low, high: range.high, steps: None, whole: false };
    let place = format!("{} = {}..{} ({})", range.key, range.low, range.high, range.source);
    Some(Vary { key, values, place: Place::named(&place) })
}

/// The least implausible point, as a scenario; where a weight was varied, with all weights.
fn least_implausible(name: &str, at_point: &Scenario, keys: &[&'static str]) -> String {
    let extends = if name.ends_with(".toml") { name.to_string() } else { format!("{name}.toml") };
    let mut text = format!(
        "# The least implausible point that calibration found; other points of region.csv fit as well.\nversion = 1\n\
         name = \"least-implausible\"\nextends = \"{}\"\n",
        extends.replace('\\', "/")
    );
    let weights = keys.iter().any(|key| WEIGHTS.contains(key));
    let is_written = |key: &str| keys.contains(&key) || weights && WEIGHTS.contains(&key);
    let written: Vec<(&str, &str, String)> = (at_point.values().into_iter())
        .filter(|(key, _)| is_written(key))
        .filter_map(|(key, value)| key.split_once('.').map(|(block, key)| (block, key, toml_value(&value))))
        .collect();
    for block in written.chunk_by(|a, b| a.0 == b.0) {
        text.push_str(&format!("\n[{}]\n", block[0].0));
        block.iter().for_each(|(_, key, value)| text.push_str(&format!("{key} = {value}\n")));
    }
    text
}

fn summary(
    scenario: &Scenario,
    plan: &Plan,
    found: &Found,
    shipped: &[f64],
    own: &[Pattern],
    best: Option<&[Pattern]>,
) -> String {
    let mut text = String::new();
    for (wave, share) in found.surviving.iter().enumerate() {
        text.push_str(&format!("wave {}: {} of the space is not ruled out\n", wave + 1, percent(*share)));
    }
    text.push_str("\nfacts that rule out most, each alone, in the first wave\n");
    let mut facts: Vec<(&f64, &Target)> = found.ruled_out_by.iter().zip(&plan.targets).collect();
    facts.sort_by(|a, b| b.0.total_cmp(a.0));
    for (share, target) in facts.iter().take(6) {
        text.push_str(&format!("  {:<6} {:<58} {:>8}\n", target.id, target.fact, percent(**share)));
    }
    match left(plan, found) {
        None => text.push_str("\nnothing survives: within these ranges the facts contradict each other\n"),
        Some(left) => {
            text.push_str(&format!(
                "\n{:<38} {:>18} {:>22} {:>10}\n",
                "parameter", "range", "left (central 90%)", "scenario"
            ));
            for ((range, left), shipped) in plan.ranges.iter().zip(&left).zip(shipped) {
                let span = |low: f64, high: f64| format!("{} to {}", figure(low), figure(high));
                text.push_str(&format!(
                    "{:<38} {:>18} {:>22} {:>10}\n",
                    range.key,
                    span(range.low, range.high),
                    span(left.central.0, left.central.1),
                    figure(*shipped)
                ));
            }
        }
    }
    text.push_str(&format!("\n{}\n", verdict("the scenario as it stands", own, plan)));
    if let Some(best) = best {
        text.push_str(&format!("{}\n", verdict("the least implausible point", best, plan)));
    }
    text.push_str(&format!(
        "\n{} of {}, the first {} left out, {} each; seed {}\n",
        counted(found.points.len(), "point"),
        counted(scenario.run.rounds, "round"),
        scenario.run.burn_in,
        counted(scenario.run.replicates, "replicate"),
        scenario.run.seed
    ));
    text
}

/// How many facts hold at a point that was run, and its largest implausibilities.
fn verdict(what: &str, patterns: &[Pattern], plan: &Plan) -> String {
    let of_plan = |pattern: &&Pattern| plan.targets.iter().any(|target| target.id == pattern.target.id);
    let patterns: Vec<&Pattern> = patterns.iter().filter(of_plan).collect();
    let holding = patterns.iter().filter(|pattern| pattern.verdict() == "holds").count();
    let mut worst: Vec<(f64, &str)> = (patterns.iter())
        .filter_map(|pattern| Some((implausibility_of(pattern)?, pattern.target.id.as_str())))
        .collect();
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named: Vec<String> = worst.iter().take(3).map(|(i, id)| format!("{id} {i:.1}")).collect();
    let judged = if worst.get(1).is_none_or(|second| second.0 < crate::experiment::emulator::RULED_OUT) {
        "not ruled out"
    } else {
        "ruled out"
    };
    format!(
        "{what}: {holding} of {} facts hold, {judged}; implausibility {}",
        patterns.len(),
        named.join(", ")
    )
}

fn percent(share: f64) -> String {
    format!("{}%", figure(share * 100.0))
}

fn figure(value: f64) -> String {
    let step = match value.abs() {
        size if size >= 100.0 => 1.0,
        size if size >= 10.0 => 0.1,
        size if size >= 1.0 => 0.01,
        _ => 0.001,
    };
    crate::chart::number(value, step)
}
