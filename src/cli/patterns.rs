//! `rebalance patterns SCENARIO`: stylised facts beside what a run shows.

use super::sweep::{point_sets, varied_points};
use super::text::print;
use super::{CliError, Playing};
use crate::experiment::sweep::PointDesign;
use crate::patterns::{Pattern, observe};
use crate::scenario::vary::parse_vary;
use crate::scenario::{Scenario, load};
use crate::world::World;
use std::path::PathBuf;

/// Plays the scenario at every combination of values and says how many facts of the *calibrate* kind
/// hold: the search by which defaults were set.
pub fn search(name: &str, playing: &Playing, vary: &[String]) -> Result<(), CliError> {
    let sets = playing.all_sets();
    let pool = playing.pool()?;
    let varied = parse_vary(vary)?;
    for point in varied_points(&varied, PointDesign::Grid, 0)? {
        let point = point_sets(&varied, &point);
        let scenario = load(name, &[sets.clone(), point.clone()].concat())?;
        let patterns = pool.install(|| play(&scenario))?;
        let held: Vec<&Pattern> = patterns.iter().filter(|p| p.target.usage == "calibrate").collect();
        let misses: Vec<String> = (held.iter())
            .filter(|pattern| pattern.verdict() != "holds")
            .map(|p| format!("{} {}", p.target.id, p.simulated.map_or("-".into(), |s| figure(s.mean))))
            .collect();
        let misfit: f64 = held.iter().map(|pattern| pattern.misfit()).sum();
        print(&format!(
            "{:>2} of {} hold, misfit {misfit:>6.2}  {}  misses: {}\n",
            held.len() - misses.len(),
            held.len(),
            point.join(" "),
            misses.join(", ")
        ))?;
    }
    Ok(())
}

fn play(scenario: &Scenario) -> Result<Vec<Pattern>, CliError> {
    let world = World::build(scenario).map_err(|error| CliError::Usage(format!("error: {error}")))?;
    observe(&world, scenario).map_err(|error| CliError::Failed(format!("error: {error}")))
}

/// Runs the scenario, prints the table, writes `patterns.csv` and its chart.
pub fn patterns(name: &str, playing: &Playing) -> Result<(), CliError> {
    let scenario = load(name, &playing.all_sets())?;
    let folder = playing.out.clone();
    let folder = folder.unwrap_or_else(|| PathBuf::from(format!("output/{}-patterns", scenario.name)));
    if folder.join("patterns.csv").exists() && !playing.force {
        let message = format!(
            "error: {} already holds results\n  = help: --force overwrites, --out writes elsewhere",
            folder.display()
        );
        return Err(CliError::Usage(message));
    }
    let patterns = playing.pool()?.install(|| play(&scenario))?;
    std::fs::create_dir_all(&folder)?;
    crate::tables::patterns::write(&folder.join("patterns.csv"), &patterns)?;
    crate::chart::draw_patterns(&folder).map_err(|error| CliError::Io(format!("error: charts: {error}")))?;
    if playing.quiet {
        return Ok(());
    }
    print(&table(&patterns))?;
    if scenario.uncertainty.is_some() {
        print("\nnote: values are those that the scenario states; [uncertainty] is not drawn here\n")?;
    }
    print(&format!(
        "\n{} replicates of {} rounds, the first {} left out; seed {}\nresults: {}\n",
        scenario.run.replicates,
        scenario.run.rounds,
        scenario.run.burn_in,
        scenario.run.seed,
        folder.display()
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
