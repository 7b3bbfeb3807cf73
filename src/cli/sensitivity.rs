//! `rebalance sensitivity SCENARIO --measure M`: which parameters matter, and how much is chance.

use super::gate::{Asked, Keeps, OWN_RULES, clear};
use super::limits::Load;
use super::precision::measure_column;
use super::results::{Named, Work, complete, open, plan, results_folder, varied_words};
use super::run::figure;
use super::text::print;
use super::{CliError, Playing};
use crate::experiment::sensitivity::Factor;
use crate::experiment::sensitivity::indices::{Indices, Matrices, Values, chance_in_one_run, indices};
use crate::experiment::sensitivity::screening::{Screened, Trajectory, screen, trajectories};
use crate::experiment::statistics::bootstrap::Resamples;
use crate::experiment::sweep::{AtPoints, Means, means_of};
use crate::folder::{Folder, SOBOL, short_name};
use crate::measure::names;
use crate::scenario::Scenario;
use crate::scenario::faults::Place;
use crate::scenario::registry::Value;
use crate::scenario::uncertainty::Draw;
use crate::scenario::vary::{Varied, Vary, parse_vary, set_texts};
use crate::tables::datapackage;
use crate::tables::manifest::{Machine, Record, manifest};
use crate::tables::sensitivity::{CHANCE, Line, Played, write};
use crate::words::counted;
use rayon::prelude::*;
use serde_json::json;
use std::time::Instant;

/// Resamples of bootstrap intervals of indices.
const RESAMPLES: u32 = 999;

/// What is asked.
pub struct Question<'a> {
    /// The scenario.
    pub name: &'a str,
    /// Measures.
    pub measures: &'a [String],
    /// Parameters with their values; without any, the ranges of `[uncertainty]`.
    pub vary: &'a [String],
    /// Rows of each set of points; 0 for no indices.
    pub points: usize,
    /// Trajectories; 0 for no screening.
    pub trajectories: usize,
}

impl Question<'_> {
    /// Points that are played, where so many parameters are varied.
    fn runs(&self, parameters: usize) -> f64 {
        (self.trajectories as f64) * (parameters as f64 + 1.0)
            + (self.points as f64) * (parameters as f64 + 3.0)
    }
}

/// Points that are played, and which parts of them are whose.
struct Design {
    walks: Vec<Trajectory>,
    matrices: Option<Matrices>,
    /// All points as values of the parameters.
    points: Vec<Vec<Value>>,
    /// Point and first replicate of each mean.
    jobs: Vec<(usize, u32)>,
}

/// Answers the question.
pub fn sensitivity(question: &Question, playing: &Playing) -> Result<(), CliError> {
    let start = Instant::now();
    let columns = question.measures.iter().map(|name| measure_column(name)).collect::<Result<Vec<_>, _>>();
    let columns = columns.map_err(|why| CliError::Usage(format!("error: --measure: {why}")))?;
    let replicates = replicates(question, playing)?;
    let stated = parse_vary(question.vary)?;
    let mut sets = playing.sets.clone();
    sets.extend(playing.seed.map(|seed| format!("--seed={seed}")));
    let asked = Asked { vary: &stated, worlds: Some(0), ..Asked::one(question.name, sets, Keeps::Points) };
    let cleared = clear(&asked, playing)?;
    let (mut base, varied) = factors(&cleared.scenarios[0].1, stated)?;
    base.run.replicates = replicates;
    let runs = question.runs(varied.len()) * f64::from(replicates);
    cleared.refuse_beyond_memory(Load { runs, points: question.runs(varied.len()) }, playing)?;
    let out = results_folder(playing, &format!("{}-sensitivity", base.name));
    let design = Design::new(question, &varied, replicates, base.run.seed);
    let keys: Vec<&'static str> = varied.iter().map(|vary| vary.key).collect();
    cleared.check_points(&keys, &design.points)?;
    let player = AtPoints::new(&base, keys.clone(), &design.points)
        .map_err(|error| CliError::Usage(format!("error: {error}")))?;
    let scenarios = [(OWN_RULES.to_string(), base.clone())];
    let points = json!({
        "vary": varied_words(&varied),
        "design": SOBOL,
        "points": question.points,
        "trajectories": question.trajectories,
    });
    let named = Named { scenario: question.name, rules: &[] };
    let mut plan = plan("sensitivity", named, &scenarios, &["sensitivity.csv", "sensitivity_points.csv"])?;
    plan.keeps_runs = true;
    plan.asked["points"] = points.clone();
    plan.asked["measure"] = json!(question.measures);
    let Some(folder) = open(&out, &plan, playing, draw)? else { return Ok(()) };
    let each = |&(point, first): &(usize, u32)| (first..first + replicates).map(move |r| (point, r));
    let jobs: Vec<(usize, u32)> = design.jobs.iter().flat_map(each).collect();
    if !playing.quiet {
        print(&announcement(question, varied.len(), replicates, jobs.len(), base.run.rounds))?;
    }
    let pool = playing.pool()?;
    let work = Work::new(&folder, names::all().len(), jobs.len() as u64, playing.quiet)?;
    let play = |&(point, replicate): &(usize, u32)| {
        let point_name = short_name(&set_texts(&keys, &design.points[point]).join("\n"));
        let name = format!("{point_name}-{replicate:06}");
        work.run(&name, || means_of(&player, point, replicate))
    };
    let means = pool.install(|| jobs.par_iter().map(play).collect::<Result<Vec<Means>, CliError>>())?;
    work.end()?;
    let mut lines = Vec::new();
    for (&column, name) in columns.iter().zip(question.measures) {
        let values = values(&means, column, replicates as usize).ok_or_else(|| {
            CliError::Failed(format!(
                "error: {name} is not defined at every point; vary less, or ask for another"
            ))
        })?;
        lines.extend(design.lines(name, &varied, &values, replicates, base.run.seed));
    }
    write(&folder, &lines)?;
    let keys: Vec<&'static str> = varied.iter().map(|vary| vary.key).collect();
    let measures: Vec<(usize, String)> =
        columns.iter().copied().zip(question.measures.iter().cloned()).collect();
    let played =
        Played { keys: &keys, points: &design.points, runs: &jobs, means: &means, measures: &measures };
    played.write(&folder)?;
    datapackage::write(&folder, &base.name)?;
    let record = Record { plan: &plan, scenarios: &scenarios, baseline: 0, drawn: None, points };
    let rounds = jobs.len() as u64 * u64::from(base.run.rounds);
    let machine =
        Machine { threads: pool.current_num_threads(), seconds: start.elapsed().as_secs_f64(), rounds };
    let manifest = manifest(&record, machine);
    if base.output.charts {
        draw(&folder, &manifest)?;
    }
    complete(&folder, manifest, playing.quiet)?;
    if playing.quiet {
        return Ok(());
    }
    print(&table(&lines))?;
    print(&format!(
        "\n{} of {}, {replicates} a point; seed {}; {:.1} s\nresults: {}\n",
        counted(jobs.len(), "run"),
        counted(base.run.rounds, "round"),
        base.run.seed,
        start.elapsed().as_secs_f64(),
        out.display()
    ))
}

/// Draws what was found.
fn draw(folder: &Folder, _: &serde_json::Value) -> Result<(), CliError> {
    crate::chart::draw_sensitivity(folder)
        .map(|_| ())
        .map_err(|error| CliError::Io(format!("error: charts: {error}")))
}

/// How many runs there will be, and why so many, before they are played.
fn announcement(question: &Question, parameters: usize, replicates: u32, runs: usize, rounds: u32) -> String {
    let mut parts = Vec::new();
    if question.trajectories > 0 {
        parts.push(format!("{} trajectories x {}", question.trajectories, parameters + 1));
    }
    if question.points > 0 {
        parts.push(format!("{} points x {}", question.points, parameters + 3));
    }
    let each = if replicates > 1 { format!(", {replicates} replicates each") } else { String::new() };
    let (runs, rounds) = (counted(runs, "run"), counted(rounds, "round"));
    format!("{runs} of {rounds} to play: {}{each}\n", parts.join(" + "))
}

/// Replicates of each point: one where the command line does not say, because more points tell more than more luck.
fn replicates(question: &Question, playing: &Playing) -> Result<u32, CliError> {
    let replicates = playing.replicates.unwrap_or(1);
    let sizes = [
        (question.points as u64, 65_536, "--points"),
        (question.trajectories as u64, 10_000, "--trajectories"),
        (replicates, 1_000, "--replicates"),
    ];
    for (size, most, flag) in sizes {
        if size > most {
            return Err(CliError::Usage(format!("error: {flag} is at most {most}")));
        }
    }
    if replicates == 0 || question.points + question.trajectories == 0 {
        return Err(CliError::Usage(
            "error: there is nothing to play\n  = help: --points, --trajectories and --replicates above 0"
                .into(),
        ));
    }
    if question.points == 1 || question.trajectories == 1 {
        let message =
            "error: one point or trajectory has no spread\n  = help: 2 at least, a hundred or more to trust";
        return Err(CliError::Usage(message.into()));
    }
    Ok(replicates as u32)
}

/// The scenario without its uncertainty, and the parameters that are varied: those stated, or else its ranges.
fn factors(scenario: &Scenario, stated: Vec<Vary>) -> Result<(Scenario, Vec<Vary>), CliError> {
    let varied = if stated.is_empty() { ranges(scenario)? } else { stated };
    if let Some(single) = varied.iter().find(|vary| vary.categories() == Some(1)) {
        let message = format!("error: {} has one value only, so nothing varies", single.key);
        return Err(CliError::Usage(message));
    }
    Ok((Scenario { uncertainty: None, ..scenario.clone() }, varied))
}

/// The ranges of `[uncertainty]` as parameters that are varied.
fn ranges(scenario: &Scenario) -> Result<Vec<Vary>, CliError> {
    let help = "name parameters with --vary KEY=LO..HI, or ranges in [uncertainty]";
    let none = || CliError::Usage(format!("error: nothing varies in this scenario\n  = help: {help}"));
    let uncertainty = scenario.uncertainty.as_ref().ok_or_else(none)?;
    let Draw::Ranges(ranges, _) = &uncertainty.draw else {
        let message =
            format!("error: a region has points, and shares of variance need ranges\n  = help: {help}");
        return Err(CliError::Usage(message));
    };
    let free = uncertainty.keys.iter().zip(ranges).filter(|(uncertain, _)| !uncertain.fixed);
    let varied: Vec<Vary> = free
        .map(|(uncertain, &(low, high))| Vary {
            key: uncertain.key,
            values: Varied::Range { low, high, steps: None, whole: uncertain.whole },
            place: Place::named("[uncertainty]"),
        })
        .collect();
    if varied.is_empty() { Err(none()) } else { Ok(varied) }
}

impl Design {
    /// Every trajectory has luck of its own, and so has each row of the two sets of points; the mixed points have
    /// the luck of their row in the first set, and at last the first set meets the luck of the second.
    fn new(question: &Question, varied: &[Vary], replicates: u32, seed: u64) -> Self {
        let factors: Vec<Factor> = varied.iter().map(Factor::of).collect();
        let walks = trajectories(&factors, question.trajectories, seed);
        let matrices = (question.points > 0).then(|| Matrices::new(question.points, varied.len(), seed));
        let value = |(vary, unit): (&Vary, &f64)| vary.at(*unit);
        let at = |unit: &Vec<f64>| varied.iter().zip(unit).map(value).collect::<Vec<Value>>();
        let (mut points, mut jobs) = (Vec::new(), Vec::new());
        let mut add = |unit: &Vec<f64>, luck: usize| {
            jobs.push((points.len(), luck as u32 * replicates));
            points.push(at(unit));
        };
        for (luck, walk) in walks.iter().enumerate() {
            walk.points.iter().for_each(|point| add(point, luck));
        }
        if let Some(matrices) = &matrices {
            let luck = |row: usize, set: usize| walks.len() + 2 * row + set;
            matrices.a.iter().enumerate().for_each(|(row, point)| add(point, luck(row, 0)));
            matrices.b.iter().enumerate().for_each(|(row, point)| add(point, luck(row, 1)));
            for factor in 0..varied.len() {
                let mixed = matrices.mixed(factor);
                mixed.iter().enumerate().for_each(|(row, point)| add(point, luck(row, 0)));
            }
            matrices.a.iter().enumerate().for_each(|(row, point)| add(point, luck(row, 1)));
        }
        Self { walks, matrices, points, jobs }
    }

    /// What the values of a measure say of every parameter and of chance.
    fn lines(&self, measure: &str, varied: &[Vary], values: &[f64], replicates: u32, seed: u64) -> Vec<Line> {
        let factors: Vec<Factor> = varied.iter().map(Factor::of).collect();
        let (walked, rest) = values.split_at(self.walks.len() * (varied.len() + 1));
        let screened: Vec<Screened> = screen(&factors, &self.walks, walked);
        let rows = self.matrices.as_ref().map_or(0, |matrices| matrices.a.len());
        let sets: Vec<Vec<f64>> = rest.chunks(rows.max(1)).map(<[f64]>::to_vec).collect();
        let found: Option<Vec<Indices>> = match sets.as_slice() {
            [a, b, mixed @ ..] => {
                indices(&Values { a, b, mixed }, &Resamples::with_count(seed, rows, RESAMPLES))
            }
            _ => None,
        };
        let of = |row: usize| found.as_ref().map(|found| found[row]);
        let chance = of(varied.len()).map(|indices| indices.total.share);
        let mut lines: Vec<Line> = (varied.iter().zip(&factors).enumerate())
            .map(|(row, (vary, factor))| Line {
                measure: measure.to_string(),
                factor: vary.key.to_string(),
                kind: if *factor == Factor::Number { "number" } else { "category" },
                screened: screened.get(row).copied(),
                trajectories: self.walks.len(),
                indices: of(row),
                of_expected: (of(row).zip(chance).filter(|(_, chance)| *chance < 1.0))
                    .map(|(indices, chance)| indices.first.share / (1.0 - chance)),
                of_one_run: None,
                points: rows,
            })
            .collect();
        if rows > 0 {
            lines.push(Line {
                measure: measure.to_string(),
                factor: CHANCE.to_string(),
                kind: CHANCE,
                screened: None,
                trajectories: 0,
                indices: of(varied.len()),
                of_expected: None,
                of_one_run: chance.map(|total| chance_in_one_run(total, replicates)),
                points: rows,
            });
        }
        lines
    }
}

/// Means of a measure over the replicates of each point; nothing where one has no value.
fn values(means: &[Means], column: usize, replicates: usize) -> Option<Vec<f64>> {
    let of_point = |point: &[Means]| {
        let values: Option<Vec<f64>> = point.iter().map(|means| means[column]).collect();
        values.map(|values| values.iter().sum::<f64>() / replicates as f64)
    };
    means.chunks(replicates).map(of_point).collect()
}

fn table(lines: &[Line]) -> String {
    let known = names::all();
    let mut text = String::new();
    let mut shown = "";
    for line in lines {
        if line.measure != shown {
            shown = &line.measure;
            let label =
                known.iter().find(|measure| measure.name == shown).map_or(shown, |m| m.label.as_str());
            text.push_str(&format!(
                "\n{label}\n  {:<40} {:>10} {:>10} {:>26} {:>26} {:>12}\n",
                "factor", "mu*", "sigma", "alone (95%)", "with interactions (95%)", "of expected"
            ));
        }
        let number = |value: Option<f64>| value.map_or(String::new(), figure);
        let share = |share: Option<crate::experiment::sensitivity::indices::Share>| {
            share.map_or(String::new(), |s| {
                format!("{:.3} ({:.3} to {:.3})", s.share, s.interval.0, s.interval.1)
            })
        };
        let row = format!(
            "  {:<40} {:>10} {:>10} {:>26} {:>26} {:>12}",
            line.factor,
            number(line.screened.map(|screened| screened.mu_star.mean)),
            number(line.screened.and_then(|screened| screened.sigma)),
            share(line.indices.map(|indices| indices.first)),
            share(line.indices.map(|indices| indices.total)),
            line.of_expected.map_or(String::new(), |share| format!("{share:.3}"))
        );
        text.push_str(row.trim_end());
        text.push('\n');
        if let Some(share) = line.of_one_run {
            text.push_str(&format!("  {:.0}% of the variance of one run is due to chance\n", 100.0 * share));
        }
    }
    text
}
