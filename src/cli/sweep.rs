//! `--vary` on `run` and `compare`: the same study at many points.

use super::gate::{Asked, clear};
use super::limits::Load;
use super::points::{finish, play, prepare};
use super::study::results_folder;
use super::text::{few_replicates, print};
use super::{CliError, Common};
use crate::experiment::sweep::{PointDesign, points};
use crate::experiment::{Drawn, Stage};
use crate::scenario::Scenario;
use crate::scenario::registry::Value;
use crate::scenario::vary::Vary;
use crate::tables::manifest::{Machine, Record, plan_hash};
use crate::tables::sweep::Sweep;
use serde_json::json;
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

/// Runs the sweep: tables, chart, manifest and data package.
pub fn sweep(asked: &Asked, common: &Common) -> Result<(), CliError> {
    let start = Instant::now();
    refuse(common)?;
    let (varied, design) = (asked.vary, design(common)?);
    let cleared = clear(asked, common)?;
    let (base, baseline) = (&cleared.scenarios, asked.baseline);
    let own = &base[0].1;
    let points = varied_points(varied, design, own.run.seed)?;
    let keys: Vec<&'static str> = varied.iter().map(|vary| vary.key).collect();
    let count = (points.len() * base.len()) as f64;
    let runs = count * f64::from(own.run.replicates);
    cleared.refuse_beyond_memory(Load { runs, points: count }, common)?;
    let scenarios = cleared.at_points(&keys, &points)?;
    let out = results_folder(common, &format!("{}-sweep", own.name));
    let all: Vec<&Scenario> = scenarios.iter().map(|(_, scenario)| scenario).collect();
    let drawn = Drawn::new(&all);
    let replicates = own.run.replicates;
    let jobs: Vec<(usize, u32)> =
        (0..scenarios.len()).flat_map(|row| (0..replicates).map(move |replicate| (row, replicate))).collect();
    let pool = common.pool()?;
    let stage =
        Stage::new(all, drawn.as_ref()).map_err(|error| CliError::Usage(format!("error: {error}")))?;
    let asked = format!("{}{points:?}", plan_hash(base));
    prepare(&out, "sweep.csv", common, common.resume, &asked)?;
    let means = pool.install(|| play(&stage, &jobs, &out, common.quiet))?;
    let mut means = means.into_iter();
    let means: Vec<Vec<Vec<_>>> = points
        .iter()
        .map(|_| base.iter().map(|_| means.by_ref().take(replicates as usize).collect::<Vec<_>>()).collect())
        .collect();
    let rules: Vec<String> = base.iter().map(|(name, _)| name.clone()).collect();
    let table =
        Sweep { keys: &keys, points: &points, rules: &rules, baseline, means: &means, seed: own.run.seed };
    table.write(&out)?;
    let rounds = jobs.len() as u64 * u64::from(own.run.rounds);
    let record = Record {
        scenarios: base,
        baseline,
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
    let is_idle = |row: &usize| *row != baseline && means.iter().all(|point| point[*row] == point[baseline]);
    let idle: Vec<String> = (0..rules.len()).filter(is_idle).map(|row| rules[row].clone()).collect();
    print(&super::compare::idle_text(&idle, &rules[baseline]))?;
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
