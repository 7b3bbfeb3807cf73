//! `rebalance patterns SCENARIO`: stylised facts beside what a run shows.

use super::gate::{Asked, Keeps, clear};
use super::sweep::varied_points;
use super::text::{few_replicates, print};
use super::{CliError, Playing};
use crate::experiment::sweep::PointDesign;
use crate::experiment::{Drawn, Stage};
use crate::patterns::{Pattern, observe};
use crate::scenario::Scenario;
use crate::scenario::vary::{parse_vary, set_text};
use std::path::PathBuf;

/// Plays the scenario at every combination of values and says how many facts of the *calibrate* kind
/// hold: the search by which defaults were set.
pub fn search(name: &str, playing: &Playing, vary: &[String]) -> Result<(), CliError> {
    let varied = parse_vary(vary)?;
    let asked = Asked { vary: &varied, ..Asked::one(name, playing.all_sets(), Keeps::Means) };
    let cleared = clear(&asked, playing)?;
    let points = varied_points(&varied, PointDesign::Grid, 0)?;
    let keys: Vec<&'static str> = varied.iter().map(|vary| vary.key).collect();
    let scenarios = cleared.at_points(&keys, &points)?;
    let pool = playing.pool()?;
    for (point, (_, scenario)) in points.iter().zip(&scenarios) {
        let point: Vec<String> = keys.iter().zip(point).map(|(key, value)| set_text(key, value)).collect();
        let drawn = Drawn::new(&[scenario]);
        let patterns = pool.install(|| play(scenario, drawn.as_ref()))?;
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

/// Plays every replicate in its own world, where anything is uncertain.
fn play(scenario: &Scenario, drawn: Option<&Drawn>) -> Result<Vec<Pattern>, CliError> {
    let stage =
        Stage::new(vec![scenario], drawn).map_err(|error| CliError::Usage(format!("error: {error}")))?;
    observe(&stage).map_err(|error| CliError::Failed(format!("error: {error}")))
}

/// What differs between worlds, in words; nothing where nothing does.
fn uncertain_text(drawn: Option<&Drawn>) -> String {
    match drawn.map_or(0, |drawn| drawn.keys().len()) {
        0 => String::new(),
        1 => {
            "\n1 uncertain parameter: every replicate has a value of its own, and intervals cover that too\n"
                .into()
        }
        some => format!(
            "\n{some} uncertain parameters: every replicate has values of its own, and intervals cover that too\n"
        ),
    }
}

/// Runs the scenario, prints the table, writes `patterns.csv` and its chart.
pub fn patterns(name: &str, playing: &Playing) -> Result<(), CliError> {
    let cleared = clear(&Asked::one(name, playing.all_sets(), Keeps::Means), playing)?;
    let scenario = &cleared.scenarios[0].1;
    let folder = playing.out.clone();
    let folder = folder.unwrap_or_else(|| PathBuf::from(format!("output/{}-patterns", scenario.name)));
    if folder.join("patterns.csv").exists() && !playing.force {
        let message = format!(
            "error: {} already holds results\n  = help: --force overwrites, --out writes elsewhere",
            folder.display()
        );
        return Err(CliError::Usage(message));
    }
    let drawn = Drawn::new(&[scenario]);
    let patterns = playing.pool()?.install(|| play(scenario, drawn.as_ref()))?;
    std::fs::create_dir_all(&folder)?;
    crate::tables::patterns::write(&folder.join("patterns.csv"), &patterns)?;
    crate::chart::draw_patterns(&folder).map_err(|error| CliError::Io(format!("error: charts: {error}")))?;
    if playing.quiet {
        return Ok(());
    }
    print(&table(&patterns))?;
    print(&uncertain_text(drawn.as_ref()))?;
    if !scenario.reforms.is_empty() {
        print("\nnote: the scenario is played with its reforms; `rebalance run` tells what they change\n")?;
    }
    print(&format!(
        "{}\n{} replicates of {} rounds, the first {} left out; seed {}\nresults: {}\n",
        few_replicates(scenario.run.replicates),
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
