//! `rebalance patterns SCENARIO`: stylised facts beside what a run shows.

use super::gate::{Asked, Keeps, clear};
use super::results::{Named, Work, add_tables, complete, open, plan, results_folder, varied_words};
use super::sweep::varied_points;
use super::text::{few_replicates, print};
use super::{CliError, Playing};
use crate::experiment::sweep::PointDesign;
use crate::experiment::{Drawn, Stage};
use crate::folder::{Folder, short_name};
use crate::patterns::{Facts, Pattern, beside, facts_of, targets_of};
use crate::scenario::Scenario;
use crate::scenario::vary::{parse_vary, set_texts};
use crate::tables::manifest::{Machine, Record, manifest};
use crate::tables::patterns::{Fit, write_search};
use crate::tables::value_cell;
use crate::words::counted;
use rayon::prelude::*;
use serde_json::json;
use std::time::Instant;

/// Names of runs at a point, replicate by replicate.
fn run_name(point: &str, replicate: u32) -> String {
    format!("{point}-{replicate:06}")
}

/// Plays every replicate that is missing, each in its own world where anything is uncertain.
fn play(stage: &Stage, work: &Work, point: &str) -> Result<Vec<Pattern>, CliError> {
    let targets = targets_of(stage.world(0));
    let replicates = (0..stage.scenario(0).run.replicates)
        .into_par_iter()
        .map(|replicate| work.run(&run_name(point, replicate), || facts_of(stage, &targets, replicate)));
    Ok(beside(&targets, &replicates.collect::<Result<Vec<Facts>, CliError>>()?))
}

fn stage<'a>(scenario: &'a Scenario, drawn: Option<&'a Drawn>) -> Result<Stage<'a>, CliError> {
    Stage::new(vec![scenario], drawn).map_err(|error| CliError::Usage(format!("error: {error}")))
}

/// How the facts of the *calibrate* kind fare.
fn fit(patterns: &[Pattern]) -> Fit {
    let held: Vec<&Pattern> = patterns.iter().filter(|p| p.target.usage == "calibrate").collect();
    let misses: Vec<String> = (held.iter())
        .filter(|pattern| pattern.verdict() != "holds")
        .map(|p| format!("{} {}", p.target.id, p.simulated.map_or("-".into(), |s| figure(s.mean))))
        .collect();
    Fit {
        facts: held.len(),
        holding: held.len() - misses.len(),
        misfit: held.iter().map(|pattern| pattern.misfit()).sum(),
        misses,
    }
}

/// Plays the scenario at every combination of values and says how many facts of the *calibrate* kind
/// hold: the search by which defaults were set. Writes `search.csv`.
pub fn search(name: &str, playing: &Playing, vary: &[String]) -> Result<(), CliError> {
    let start = Instant::now();
    let varied = parse_vary(vary)?;
    let asked = Asked { vary: &varied, ..Asked::one(name, playing.all_sets(), Keeps::Means) };
    let cleared = clear(&asked, playing)?;
    let points = varied_points(&varied, PointDesign::Grid, 0)?;
    let keys: Vec<&'static str> = varied.iter().map(|vary| vary.key).collect();
    let scenarios = cleared.at_points(&keys, &points)?;
    let base = &cleared.scenarios[0].1;
    let out = results_folder(playing, &format!("{}-patterns-search", base.name));
    let named_scenario = Named { scenario: name, rules: &[] };
    let mut plan = plan("search", named_scenario, &cleared.scenarios, &["search.csv"])?;
    add_tables(&mut plan, named_scenario, scenarios.iter().map(|(_, scenario)| scenario))?;
    plan.keeps_runs = true;
    let points_asked = json!({ "vary": varied_words(&varied) });
    plan.asked["points"] = points_asked.clone();
    let pool = playing.pool()?;
    let Some(folder) = open(&out, &plan, playing, |_, _| Ok(()))? else { return Ok(()) };
    let runs = points.len() as u64 * u64::from(base.run.replicates);
    let columns = targets_of(&cleared.world).len();
    let work = Work::new(&folder, columns, runs, playing.quiet)?;
    let mut found = Vec::new();
    for ((_, scenario), values) in scenarios.iter().zip(&points) {
        let (point, drawn) = (set_texts(&keys, values), Drawn::new(&[scenario]));
        let stage = stage(scenario, drawn.as_ref())?;
        let fit = fit(&pool.install(|| play(&stage, &work, &short_name(&point.join("\n"))))?);
        if !playing.quiet {
            print(&format!(
                "{:>2} of {} hold, misfit {:>6.2}  {}  misses: {}\n",
                fit.holding,
                fit.facts,
                fit.misfit,
                point.join(" "),
                fit.misses.join(", ")
            ))?;
        }
        found.push((values.iter().map(value_cell).collect(), fit));
    }
    work.end()?;
    write_search(&folder, &keys, &found)?;
    let scenarios = &cleared.scenarios;
    let record = Record { plan: &plan, scenarios, baseline: 0, drawn: None, points: points_asked };
    let rounds = runs * u64::from(base.run.rounds);
    let (threads, seconds) = (pool.current_num_threads(), start.elapsed().as_secs_f64());
    complete(&folder, manifest(&record, Machine { threads, seconds, rounds }), playing.quiet)?;
    if playing.quiet { Ok(()) } else { print(&format!("\nresults: {}\n", out.display())) }
}

/// What differs between worlds, in words; nothing where nothing does.
fn uncertain_text(drawn: Option<&Drawn>) -> String {
    let keys = drawn.map_or(0, |drawn| drawn.keys().len());
    let values = match keys {
        0 => return String::new(),
        1 => "a value",
        _ => "values",
    };
    let what = counted(keys, "uncertain parameter");
    format!("\n{what}: every replicate has {values} of its own, and intervals cover that too\n")
}

/// Draws what was found.
fn draw(folder: &Folder, _: &serde_json::Value) -> Result<(), CliError> {
    crate::chart::draw_patterns(folder)
        .map(|_| ())
        .map_err(|error| CliError::Io(format!("error: charts: {error}")))
}

/// Runs the scenario, prints the table, writes `patterns.csv` and its chart.
pub fn patterns(name: &str, playing: &Playing) -> Result<(), CliError> {
    let start = Instant::now();
    let named = clear(&Asked::one(name, playing.all_sets(), Keeps::Means), playing)?.scenarios;
    let scenario = &named[0].1;
    let out = results_folder(playing, &format!("{}-patterns", scenario.name));
    let drawn = Drawn::new(&[scenario]);
    let stage = stage(scenario, drawn.as_ref())?;
    let mut plan = plan("patterns", Named { scenario: name, rules: &[] }, &named, &["patterns.csv"])?;
    plan.keeps_runs = true;
    let pool = playing.pool()?;
    let Some(folder) = open(&out, &plan, playing, draw)? else { return Ok(()) };
    let runs = u64::from(scenario.run.replicates);
    let work = Work::new(&folder, targets_of(stage.world(0)).len(), runs, playing.quiet)?;
    let patterns = pool.install(|| play(&stage, &work, "own"))?;
    work.end()?;
    crate::tables::patterns::write(&folder, &patterns)?;
    let record = Record {
        plan: &plan,
        scenarios: &named,
        baseline: 0,
        drawn: drawn.as_ref(),
        points: serde_json::Value::Null,
    };
    let rounds = runs * u64::from(scenario.run.rounds);
    let (threads, seconds) = (pool.current_num_threads(), start.elapsed().as_secs_f64());
    let manifest = manifest(&record, Machine { threads, seconds, rounds });
    draw(&folder, &manifest)?;
    complete(&folder, manifest, playing.quiet)?;
    if playing.quiet {
        return Ok(());
    }
    print(&table(&patterns))?;
    print(&uncertain_text(drawn.as_ref()))?;
    if !scenario.reforms.is_empty() {
        print("\nnote: the scenario is played with its reforms; `rebalance run` tells what they change\n")?;
    }
    print(&format!(
        "{}\n{} of {}, the first {} left out; seed {}\nresults: {}\n",
        few_replicates(scenario.run.replicates),
        counted(scenario.run.replicates, "replicate"),
        counted(scenario.run.rounds, "round"),
        scenario.run.burn_in,
        scenario.run.seed,
        out.display()
    ))
}

fn table(patterns: &[Pattern]) -> String {
    let mut text =
        format!("{:<6} {:<10} {:<52} {:>18} {:>10}  verdict\n", "id", "use", "fact", "range", "simulated");
    for pattern in patterns {
        let target = &pattern.target;
        let simulated = pattern.simulated.map_or("-".to_string(), |simulated| figure(simulated.mean));
        text.push_str(&format!(
            "{:<6} {:<10} {:<52} {:>18} {simulated:>10}  {}\n",
            target.id,
            target.usage,
            target.fact,
            format!("{} to {}", figure(target.low), figure(target.high)),
            pattern.verdict()
        ));
    }
    let count = |usage: &str, verdict: &str| {
        patterns
            .iter()
            .filter(|p| p.target.usage == usage && (verdict.is_empty() || p.verdict() == verdict))
            .count()
    };
    for usage in ["calibrate", "validate"] {
        text.push_str(&format!("\n{usage}: {} of {} hold", count(usage, "holds"), count(usage, "")));
    }
    text.push('\n');
    text
}

/// Three significant digits and thousands separators.
fn figure(value: f64) -> String {
    let step = match value.abs() {
        size if size >= 100.0 => 1.0,
        size if size >= 10.0 => 0.1,
        size if size >= 1.0 => 0.01,
        _ => 0.001,
    };
    crate::chart::number(value, step)
}
