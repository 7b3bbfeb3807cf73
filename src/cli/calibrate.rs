//! `rebalance calibrate SCENARIO`: which settings the facts rule out.

use super::gate::{Asked, Keeps, clear};
use super::points::prepare;
use super::study::progress;
use super::text::print;
use super::{CliError, Playing};
use crate::experiment::Stage;
use crate::experiment::emulator::fewest_points;
use crate::patterns::calibrate::{Found, Plan, Range, implausibility_of, ranges};
use crate::patterns::{Pattern, observe, scope, targets};
use crate::scenario::faults::Place;
use crate::scenario::registry::Value;
use crate::scenario::vary::{Varied, Vary, parse_vary};
use crate::scenario::write::{to_toml, toml_value};
use crate::scenario::{Scenario, WEIGHTS, parameters};
use crate::tables::calibration::{left, read_part, write, write_part};
use crate::tables::{parts_folder, write_whole};
use std::path::PathBuf;

/// Runs the search, writes tables and a chart, prints what is left.
pub fn calibrate(
    name: &str,
    playing: &Playing,
    resume: bool,
    vary: &[String],
    points: usize,
    waves: u32,
) -> Result<(), CliError> {
    let ranges = ranges_of(vary)?;
    let varied: Vec<Vary> = ranges.iter().filter_map(as_varied).collect();
    let keys: Vec<&'static str> = varied.iter().map(|vary| vary.key).collect();
    let asked =
        Asked { vary: &varied, worlds: Some(0), ..Asked::one(name, playing.all_sets(), Keeps::Means) };
    let cleared = clear(&asked, playing)?;
    let scenario = &cleared.scenarios[0].1;
    let scope = scope(&cleared.world);
    let at = |values: &[f64]| {
        let values = values.iter().map(|value| Value::Number(*value));
        scenario.at(&keys.iter().copied().zip(values).collect::<Vec<_>>())
    };
    let is_wanted = |target: &crate::patterns::Target| target.usage == "calibrate" && target.scope == scope;
    let all = targets().into_iter().filter(is_wanted);
    let targets: Vec<_> = all.filter(|target| scenario.has_teams() || target.id != "T21").collect();
    if targets.len() < 2 {
        return Err(CliError::Usage(format!("error: there are no facts to calibrate {} by", scenario.name)));
    }
    let plan = Plan { ranges, targets, points, waves, seed: scenario.run.seed };
    let shipped = shipped(scenario, &plan.ranges);
    for (key, range) in keys.iter().zip(&plan.ranges) {
        let ends = [range.low, range.high].map(|end| vec![Value::Number(end)]);
        cleared.check_points(&[key], &ends)?;
    }
    let fewest = fewest_points(plan.ranges.len());
    if points * (waves as usize) < fewest {
        let message = format!(
            "error: {points} points in {waves} waves cannot tell {} parameters apart\n  = help: {fewest} points in all at \
             least, several times as many to trust, or fewer parameters with --vary",
            plan.ranges.len()
        );
        return Err(CliError::Usage(message));
    }
    let folder =
        playing.out.clone().unwrap_or_else(|| PathBuf::from(format!("output/{}-calibrate", scenario.name)));
    prepare(&folder, "points.csv", playing, resume, &format!("{}{plan:?}", to_toml(scenario)))?;
    let parts = parts_folder(&folder);
    let pool = playing.pool()?;
    let bar = progress(points as u64 * u64::from(waves), playing.quiet);
    let play = |wave: u32, row: usize, values: &[f64]| -> Result<Vec<f64>, CliError> {
        let part = parts.join(format!("wave-{wave}-point-{row}.csv"));
        if let Some(facts) = read_part(&part, plan.targets.len()) {
            return Ok(facts);
        }
        let patterns = patterns_of(&at(values))?;
        let fact = |target: &crate::patterns::Target| {
            let pattern = patterns.iter().find(|pattern| pattern.target.id == target.id);
            pattern.and_then(|pattern| pattern.simulated).map_or(f64::NAN, |simulated| simulated.mean)
        };
        let facts: Vec<f64> = plan.targets.iter().map(fact).collect();
        let point = crate::patterns::calibrate::Point { wave, values: values.to_vec(), facts };
        write_part(&part, &point)?;
        bar.inc(1);
        Ok(point.facts)
    };
    let found = pool.install(|| plan.narrow(play))?;
    bar.finish_and_clear();
    write(&folder, &plan, &found, &shipped)?;
    crate::chart::draw_calibration(&folder)
        .map_err(|error| CliError::Io(format!("error: charts: {error}")))?;
    let own = pool.install(|| patterns_of(scenario))?;
    let best = match found.region.first() {
        Some((_, values)) => Some((values.clone(), pool.install(|| patterns_of(&at(values)))?)),
        None => None,
    };
    if let Some((values, _)) = &best {
        write_whole(
            &folder.join("least-implausible.toml"),
            least_implausible(name, &at(values), &keys).as_bytes(),
        )?;
    }
    std::fs::remove_dir_all(&parts)?;
    if playing.quiet {
        return Ok(());
    }
    print(&summary(
        scenario,
        &plan,
        &found,
        &shipped,
        &own,
        best.as_ref().map(|(_, patterns)| patterns.as_slice()),
    ))?;
    if scenario.uncertainty.is_some() {
        print(
            "note: other parameters have the values that the scenario states; its [uncertainty] is not drawn here\n",
        )?;
    }
    print(&format!("results: {}\n", folder.display()))
}

fn patterns_of(scenario: &Scenario) -> Result<Vec<Pattern>, CliError> {
    let stage =
        Stage::new(vec![scenario], None).map_err(|error| CliError::Usage(format!("error: {error}")))?;
    observe(&stage).map_err(|error| CliError::Failed(format!("error: {error}")))
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
    let mut facts: Vec<(&f64, &crate::patterns::Target)> =
        found.ruled_out_by.iter().zip(&plan.targets).collect();
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
        "\n{} points of {} rounds, the first {} left out, {} replicates each; seed {}\n",
        found.points.len(),
        scenario.run.rounds,
        scenario.run.burn_in,
        scenario.run.replicates,
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
