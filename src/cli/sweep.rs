//! `--vary` on `run` and `compare`: the same study at many points.

use super::points::{finish, play, prepare};
use super::study::results_folder;
use super::text::{few_replicates, print};
use super::{CliError, Common};
use crate::experiment::sweep::{PointDesign, points};
use crate::experiment::{Drawn, Stage};
use crate::scenario::registry::Value;
use crate::scenario::vary::{Vary, parse_vary, set_text};
use crate::scenario::{RuleSet, Scenario, load_under};
use crate::tables::manifest::{Machine, Record, plan_hash};
use crate::tables::sweep::Sweep;
use serde_json::json;
use std::time::Instant;

/// Points of a design that is no grid, where the command line does not say.
const POINTS: usize = 32;
/// Most points of a sweep.
const MOST_POINTS: usize = 100_000;

/// What is swept: a scenario under rule sets.
pub struct Plan<'a> {
    /// The scenario.
    pub name: &'a str,
    /// Rule sets by name; without any, the scenario's own.
    pub rules: Vec<(String, RuleSet)>,
    /// Row of the baseline.
    pub baseline: usize,
}

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

/// The points of `--vary`, with the texts that set them.
pub fn varied_points(varied: &[Vary], design: PointDesign, seed: u64) -> Result<Vec<Vec<Value>>, CliError> {
    let found = points(varied, design, seed).map_err(|key| {
        CliError::Usage(format!(
            "error: a grid needs steps for {key}\n  = help: write --vary {key}=lo..hi:n, or use --design sobol"
        ))
    })?;
    if found.len() > MOST_POINTS {
        let message = format!("error: these are {} points; at most {MOST_POINTS} are played", found.len());
        return Err(CliError::Usage(message));
    }
    Ok(found)
}

/// The texts of `--set` that stand for a point.
pub fn point_sets(varied: &[Vary], point: &[Value]) -> Vec<String> {
    varied.iter().zip(point).map(|(vary, value)| set_text(vary.key, value)).collect()
}

/// Refuses what a sweep cannot do.
fn refuse(common: &Common) -> Result<(), CliError> {
    if common.until_precise.is_some() || common.max_replicates.is_some() {
        let message = "error: --until-precise asks for one study; many points have --replicates";
        return Err(CliError::Usage(message.into()));
    }
    Ok(())
}

/// Runs the sweep: tables, chart, manifest and data package.
pub fn sweep(plan: &Plan, common: &Common) -> Result<(), CliError> {
    let start = Instant::now();
    refuse(common)?;
    let varied = parse_vary(&common.vary)?;
    let sets = common.all_sets();
    let load = |rules: &RuleSet, point: &[Value]| {
        load_under(plan.name, rules, &[sets.clone(), point_sets(&varied, point)].concat())
    };
    let own = load_under(plan.name, &RuleSet::default(), &sets)?;
    let points = varied_points(&varied, design(common)?, own.run.seed)?;
    let mut base = Vec::new();
    for (name, rules) in &plan.rules {
        base.push((name.clone(), load_under(plan.name, rules, &sets)?));
    }
    let mut scenarios: Vec<(String, Scenario)> = Vec::new();
    for point in &points {
        for (name, rules) in &plan.rules {
            scenarios.push((name.clone(), load(rules, point)?));
        }
    }
    let out = results_folder(common, &format!("{}-sweep", own.name));
    let all: Vec<&Scenario> = scenarios.iter().map(|(_, scenario)| scenario).collect();
    let drawn = Drawn::new(&all);
    drawn.iter().try_for_each(|drawn| drawn.check(&scenarios))?;
    let replicates = own.run.replicates;
    let jobs: Vec<(usize, u32)> =
        (0..scenarios.len()).flat_map(|row| (0..replicates).map(move |replicate| (row, replicate))).collect();
    let pool = common.pool()?;
    let stage =
        Stage::new(all, drawn.as_ref()).map_err(|error| CliError::Usage(format!("error: {error}")))?;
    let asked = format!("{}{points:?}", plan_hash(&base));
    prepare(&out, "sweep.csv", common, common.resume, &asked)?;
    let means = pool.install(|| play(&stage, &jobs, &out, common.quiet))?;
    let mut means = means.into_iter();
    let means: Vec<Vec<Vec<_>>> = points
        .iter()
        .map(|_| {
            plan.rules.iter().map(|_| means.by_ref().take(replicates as usize).collect::<Vec<_>>()).collect()
        })
        .collect();
    let keys: Vec<&'static str> = varied.iter().map(|vary| vary.key).collect();
    let rules: Vec<String> = plan.rules.iter().map(|(name, _)| name.clone()).collect();
    let table = Sweep {
        keys: &keys,
        points: &points,
        rules: &rules,
        baseline: plan.baseline,
        means: &means,
        seed: own.run.seed,
    };
    table.write(&out)?;
    let rounds = jobs.len() as u64 * u64::from(own.run.rounds);
    let record = Record {
        scenarios: &base,
        baseline: plan.baseline,
        drawn: drawn.as_ref(),
        points: json!({ "vary": common.vary, "design": common.design.as_deref().unwrap_or("grid"), "points": points.len() }),
    };
    let machine =
        Machine { threads: pool.current_num_threads(), seconds: start.elapsed().as_secs_f64(), rounds };
    finish(&out, &record, machine)?;
    if own.output.charts {
        crate::chart::draw_sweep(&out).map_err(|error| CliError::Io(format!("error: charts: {error}")))?;
    }
    if common.quiet {
        return Ok(());
    }
    let apart = match points.len() {
        1 => String::new(),
        _ => {
            let table = out.join("sweep_differences.csv");
            format!("differences from the first point, world by world: {}\n", table.display())
        }
    };
    print(&format!(
        "{}\n{} points x {} rule sets x {replicates} replicates of {} rounds; seed {}; {:.1} s\nresults: {}\n{}",
        few_replicates(replicates),
        points.len(),
        rules.len(),
        own.run.rounds,
        own.run.seed,
        start.elapsed().as_secs_f64(),
        out.display(),
        apart
    ))
}
