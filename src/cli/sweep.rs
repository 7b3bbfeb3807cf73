//! `--vary` on `run` and `compare`: the same study at many points.

use super::gate::{Asked, Cleared, clear};
use super::limits::Load;
use super::results::{Named, Work, add_tables, complete, open, plan, results_folder, varied_words};
use super::text::{few_replicates, print};
use super::{CliError, Common};
use crate::experiment::sweep::{Means, PointDesign, means_of, points};
use crate::experiment::{Drawn, Stage};
use crate::folder::{Folder, short_name};
use crate::measure::names;
use crate::scenario::Scenario;
use crate::scenario::registry::Value;
use crate::scenario::vary::{Vary, set_texts};
use crate::tables::datapackage;
use crate::tables::manifest::{Machine, Record, manifest};
use crate::tables::sweep::Sweep;
use crate::words::counted;
use rayon::prelude::*;
use serde_json::{Value as Json, json};
use std::path::Path;
use std::time::Instant;

/// Points of a design that is no grid, where the command line does not say.
const POINTS: usize = 32;
/// Most points of a sweep.
const MOST_POINTS: usize = 100_000;

/// The design that the flags ask for.
fn design(common: &Common) -> Result<PointDesign, CliError> {
    let points = common.points.unwrap_or(POINTS);
    if !(1..=MOST_POINTS).contains(&points) {
        return Err(CliError::Usage(format!("error: --points is a number from 1 to {MOST_POINTS}")));
    }
    match common.design.as_deref() {
        None | Some("grid") if common.points.is_some() => Err(CliError::Usage(
            "error: a grid has as many points as its values make\n  = help: --points goes with --design sobol or \
             latin-hypercube"
                .into(),
        )),
        None | Some("grid") => Ok(PointDesign::Grid),
        Some("latin-hypercube") => Ok(PointDesign::LatinHypercube(points)),
        Some("sobol") => Ok(PointDesign::Sobol(points)),
        Some(other) => Err(CliError::Usage(format!(
            "error: there is no design \"{other}\"\n  = help: designs are grid, latin-hypercube and sobol"
        ))),
    }
}

/// The points of `--vary`; they are counted before they are made.
pub fn varied_points(varied: &[Vary], design: PointDesign, seed: u64) -> Result<Vec<Vec<Value>>, CliError> {
    let counts = varied.iter().map(|vary| vary.count().unwrap_or(1));
    let count = counts.fold(1_u64, u64::saturating_mul);
    if design == PointDesign::Grid && count > MOST_POINTS as u64 {
        let count = if count == u64::MAX { "countless".to_string() } else { count.to_string() };
        let message = format!(
            "error: these are {count} points; at most {MOST_POINTS} are played\n  = help: vary fewer keys or values, or \
             choose among them with --design sobol"
        );
        return Err(CliError::Usage(message));
    }
    points(varied, design, seed).map_err(|key| {
        CliError::Usage(format!(
            "error: a grid needs steps for {key}\n  = help: write --vary {key}=lo..hi:n, or use --design sobol"
        ))
    })
}

/// Refuses what a sweep cannot do.
fn refuse(common: &Common) -> Result<(), CliError> {
    if common.until_precise.is_some() || common.max_replicates.is_some() {
        let message = "error: --until-precise asks for one study; many points have --replicates";
        return Err(CliError::Usage(message.into()));
    }
    Ok(())
}

/// Scenarios of a sweep.
struct Scenarios {
    keys: Vec<&'static str>,
    points: Vec<Vec<Value>>,
    /// By rule set, where nothing is varied.
    base: Vec<(String, Scenario)>,
    /// By point and rule set.
    all: Vec<(String, Scenario)>,
    /// Names of their runs, without the replicate.
    names: Vec<String>,
}

impl Scenarios {
    /// What was cleared, at every point.
    fn at_points(cleared: Cleared, asked: &Asked, common: &Common) -> Result<Self, CliError> {
        let run = &cleared.scenarios[0].1.run;
        let points = varied_points(asked.vary, design(common)?, run.seed)?;
        let keys: Vec<&'static str> = asked.vary.iter().map(|vary| vary.key).collect();
        let count = (points.len() * cleared.scenarios.len()) as f64;
        let load = Load { runs: count * f64::from(run.replicates), points: count };
        cleared.refuse_beyond_memory(load, common)?;
        let all = cleared.at_points(&keys, &points)?;
        let texts = points.iter().map(|point| set_texts(&keys, point).join("\n"));
        let name = |point: String| {
            let rules = cleared.scenarios.iter();
            rules.map(|(rules, _)| short_name(&format!("{rules}\n{point}"))).collect::<Vec<String>>()
        };
        let names = texts.flat_map(name).collect();
        Ok(Self { keys, points, base: cleared.scenarios, all, names })
    }

    fn run(&self) -> &crate::scenario::Run {
        &self.base[0].1.run
    }
}

/// Draws what a sweep found.
fn draw(folder: &Folder, _: &Json) -> Result<(), CliError> {
    crate::chart::draw_sweep(folder)
        .map(|_| ())
        .map_err(|error| CliError::Io(format!("error: charts: {error}")))
}

/// Runs the sweep of a scenario under the rule sets of these files: tables, chart, data package and manifest.
pub fn sweep(asked: &Asked, files: &[String], common: &Common) -> Result<(), CliError> {
    let start = Instant::now();
    refuse(common)?;
    let (named, baseline) = (Named { scenario: asked.name, rules: files }, asked.baseline);
    let scenarios = Scenarios::at_points(clear(asked, common)?, asked, common)?;
    let run = scenarios.run();
    let out = results_folder(common, &format!("{}-sweep", scenarios.base[0].1.name));
    let all: Vec<&Scenario> = scenarios.all.iter().map(|(_, scenario)| scenario).collect();
    let drawn = Drawn::new(&all);
    let pool = common.pool()?;
    let stage =
        Stage::new(all, drawn.as_ref()).map_err(|error| CliError::Usage(format!("error: {error}")))?;
    let points = json!({ "vary": varied_words(asked.vary), "design": common.design.as_deref().unwrap_or("grid"), "points": scenarios.points.len() });
    let mut plan =
        plan("sweep", named, &scenarios.base, &["sweep.csv", "sweep_differences.csv", "worlds.csv"])?;
    add_tables(&mut plan, named, scenarios.all.iter().map(|(_, scenario)| scenario))?;
    plan.keeps_runs = true;
    plan.asked["points"] = points.clone();
    plan.asked["baseline"] = json!(scenarios.base[baseline].0);
    let Some(folder) = open(&out, &plan, common, draw)? else { return Ok(()) };
    let means = pool.install(|| play(&stage, &scenarios, &folder, common.quiet))?;
    let rules: Vec<String> = scenarios.base.iter().map(|(name, _)| name.clone()).collect();
    let table =
        Sweep { keys: &scenarios.keys, points: &scenarios.points, rules: &rules, baseline, means: &means };
    table.write(&folder)?;
    datapackage::write(&folder, &scenarios.base[0].1.name)?;
    let rounds = scenarios.all.len() as u64 * u64::from(run.replicates) * u64::from(run.rounds);
    let record = Record { plan: &plan, scenarios: &scenarios.base, baseline, drawn: drawn.as_ref(), points };
    let machine =
        Machine { threads: pool.current_num_threads(), seconds: start.elapsed().as_secs_f64(), rounds };
    let manifest = manifest(&record, machine);
    if scenarios.base[0].1.output.charts {
        draw(&folder, &manifest)?;
    }
    complete(&folder, manifest, common.quiet)?;
    if common.quiet {
        return Ok(());
    }
    let is_idle = |row: &usize| *row != baseline && means.iter().all(|point| point[*row] == point[baseline]);
    let idle: Vec<String> = (0..rules.len()).filter(is_idle).map(|row| rules[row].clone()).collect();
    print(&super::league::idle_text(&idle, &rules[baseline]))?;
    tell(&scenarios, &out, start.elapsed().as_secs_f64())
}

/// Plays every replicate of every point and rule set: point, rule set, replicate.
fn play(
    stage: &Stage,
    scenarios: &Scenarios,
    folder: &Folder,
    quiet: bool,
) -> Result<Vec<Vec<Vec<Means>>>, CliError> {
    let replicates = scenarios.run().replicates;
    let jobs: Vec<(usize, u32)> =
        (0..scenarios.all.len()).flat_map(|row| (0..replicates).map(move |each| (row, each))).collect();
    let work = Work::new(folder, names::all().len(), jobs.len() as u64, quiet)?;
    let play = |&(row, replicate): &(usize, u32)| {
        let name = format!("{}-{replicate:06}", scenarios.names[row]);
        work.run(&name, || means_of(stage, row, replicate))
    };
    let means = jobs.par_iter().map(play).collect::<Result<Vec<Means>, CliError>>()?;
    work.end()?;
    let of_rules: Vec<Vec<Means>> = means.chunks(replicates as usize).map(<[Means]>::to_vec).collect();
    Ok(of_rules.chunks(scenarios.base.len()).map(<[Vec<Means>]>::to_vec).collect())
}

/// What was played, and where it is.
fn tell(scenarios: &Scenarios, out: &Path, seconds: f64) -> Result<(), CliError> {
    let run = scenarios.run();
    let apart = match scenarios.points.len() {
        1 => String::new(),
        _ => {
            let table = out.join("sweep_differences.csv");
            format!("differences from the first point, world by world: {}\n", table.display())
        }
    };
    print(&format!(
        "{}\n{} x {} x {} of {}; seed {}; {seconds:.1} s\nresults: {}\n{apart}",
        few_replicates(run.replicates),
        counted(scenarios.points.len(), "point"),
        counted(scenarios.base.len(), "rule set"),
        counted(run.replicates, "replicate"),
        counted(run.rounds, "round"),
        run.seed,
        out.display(),
    ))
}
