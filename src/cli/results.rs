//! What all verbs that play share: the plan of a results folder, opening it, and runs that are kept.

use super::resume::how_to_resume;
use super::study::{progress, stop_on_interrupt};
use super::text::{self, print};
use super::{CliError, Playing};
use crate::chart;
use crate::experiment::RunError;
use crate::folder::{FileError, Folder, Opened, Plan, Runs, TABLE, Values, Wish, input};
use crate::report::REPORT;
use crate::scenario::Scenario;
use crate::scenario::inputs::{self, Input};
use crate::scenario::uncertainty::{Design, Draw};
use crate::scenario::vary::{Varied, Vary};
use crate::scenario::write::to_toml;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the command line names: a scenario and files of rule sets.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The scenario.
    pub scenario: &'a str,
    /// Rule sets.
    pub rules: &'a [String],
}

/// The plan of a study of these scenarios, by rule set; `tables` are those that it may write.
pub fn plan(
    study: &str,
    named: Named,
    scenarios: &[(String, Scenario)],
    tables: &[&str],
) -> Result<Plan, CliError> {
    let home = home(named);
    let mut files = inputs::texts(named.scenario);
    files.extend(named.rules.iter().filter_map(|rules| inputs::rule_file(rules)));
    let files = files.iter().map(|file| hashed(file, "text")).collect::<Result<Vec<Value>, _>>()?;
    let text = |(name, scenario): &(String, Scenario)| {
        (name.clone(), json!(to_toml(&inputs::portable(scenario, &home))))
    };
    let bound = json!({ "latin_hypercube_of": latin_hypercube_of(scenarios) });
    let mut plan = Plan::new(study, scenarios.iter().map(text).collect(), files, bound);
    add_tables(&mut plan, named, scenarios.iter().map(|(_, scenario)| scenario))?;
    plan.files = tables.iter().map(ToString::to_string).collect();
    plan.files.extend(["datapackage.json", REPORT].map(String::from));
    plan.files.extend(chart::files());
    let first = &scenarios[0].1;
    plan.asked =
        json!({ "name": first.name, "question": first.question, "replicates": first.run.replicates });
    Ok(plan)
}

/// The folder of the scenario's file.
fn home(named: Named) -> PathBuf {
    let file = inputs::texts(named.scenario).into_iter().next();
    file.and_then(|file| Some(file.path.parent()?.to_path_buf())).unwrap_or_default()
}

fn hashed(Input { role, label, path }: &Input, kind: &str) -> Result<Value, FileError> {
    input(role, kind, label, path)
}

/// Adds the tables that scenarios read, each once: of a study over points, those of all points.
pub fn add_tables<'a>(
    plan: &mut Plan,
    named: Named,
    scenarios: impl Iterator<Item = &'a Scenario>,
) -> Result<(), CliError> {
    let home = home(named);
    let mut tables: Vec<Input> = scenarios.flat_map(|scenario| inputs::tables(scenario, &home)).collect();
    tables.sort_by(|a, b| (a.role, &a.path).cmp(&(b.role, &b.path)));
    tables.dedup();
    for table in &tables {
        plan.read(hashed(table, TABLE)?);
    }
    Ok(())
}

/// Varied keys in words, the same however they were typed.
pub fn varied_words(varied: &[Vary]) -> Vec<String> {
    varied.iter().map(varied_word).collect()
}

fn varied_word(vary: &Vary) -> String {
    match &vary.values {
        Varied::Range { low, high, steps, .. } => {
            let steps = steps.map_or(String::new(), |steps| format!(":{steps}"));
            format!("{}={low}..{high}{steps}", vary.key)
        }
        Varied::Listed(values) => {
            let values: Vec<String> = values.iter().map(crate::tables::value_cell).collect();
            format!("{}={}", vary.key, values.join(","))
        }
    }
}

/// The number of replicates, where the values of worlds hang on it.
fn latin_hypercube_of(scenarios: &[(String, Scenario)]) -> Option<u32> {
    let hangs = |(_, scenario): &&(String, Scenario)| {
        let draw = scenario.uncertainty.as_ref().map(|uncertainty| &uncertainty.draw);
        matches!(draw, Some(Draw::Ranges(_, Design::LatinHypercube)))
    };
    scenarios.iter().find(hangs).map(|(_, scenario)| scenario.run.replicates)
}

/// The results folder that is asked for, or the usual one.
pub fn results_folder(playing: &Playing, name: &str) -> PathBuf {
    playing.out.clone().unwrap_or_else(|| Path::new("output").join(name))
}

/// Opens the folder; nothing where there is nothing left to do, which is said. `draw` draws what is drawn of tables.
pub fn open(
    out: &Path,
    plan: &Plan,
    playing: &Playing,
    draw: impl Fn(&Folder, &Value) -> Result<(), CliError>,
) -> Result<Option<Folder>, CliError> {
    match Folder::open(out, plan, Wish { resume: playing.resume, force: playing.force })? {
        Opened::Complete(folder) => {
            tell(&folder, playing.quiet);
            if !playing.quiet {
                print(&format!("already complete: {}\n", folder.path().display()))?;
            }
            Ok(None)
        }
        Opened::ToDraw(folder) => {
            redraw(&folder, playing.quiet, draw)?;
            Ok(None)
        }
        Opened::ToDo(folder) => {
            tell(&folder, playing.quiet);
            Ok(Some(folder))
        }
    }
}

/// Draws again what a finished folder's tables show.
pub fn redraw(
    folder: &Folder,
    quiet: bool,
    draw: impl Fn(&Folder, &Value) -> Result<(), CliError>,
) -> Result<(), CliError> {
    tell(folder, quiet);
    let manifest = folder.before().cloned().unwrap_or_default();
    draw(folder, &manifest)?;
    complete(folder, manifest, quiet)
}

/// Writes the manifest; what was kept of others' changes, and what is left unused, is said.
pub fn complete(folder: &Folder, manifest: Value, quiet: bool) -> Result<(), CliError> {
    folder.complete(manifest)?;
    tell(folder, quiet);
    Ok(())
}

/// Passes on what the folder has to say.
pub fn tell(folder: &Folder, quiet: bool) {
    for words in folder.notes() {
        if !quiet {
            text::tell(&format!("note: {words}"));
        }
    }
}

/// Runs of which a row of numbers is kept.
pub struct Work {
    runs: Runs,
    stop: Arc<AtomicBool>,
    bar: indicatif::ProgressBar,
}

impl Work {
    /// Opens what was kept, and shows progress towards so many runs.
    pub fn new(folder: &Folder, columns: usize, runs: u64, quiet: bool) -> Result<Self, CliError> {
        let kept = folder.runs(columns)?;
        tell(folder, quiet);
        Ok(Self { runs: kept, stop: stop_on_interrupt(), bar: progress(runs, quiet) })
    }

    /// The values of a run: those that were kept, or else it is played and kept.
    pub fn run(
        &self,
        name: &str,
        play: impl FnOnce() -> Result<Values, RunError>,
    ) -> Result<Values, CliError> {
        let values = match self.runs.get(name) {
            Some(values) => values,
            None if self.stop.load(Ordering::Relaxed) => return Err(CliError::Failed(how_to_resume())),
            None => {
                let values = play().map_err(run_error)?;
                self.runs.keep(name, &values)?;
                values
            }
        };
        self.bar.inc(1);
        Ok(values)
    }

    /// All runs are over.
    pub fn end(self) -> Result<(), CliError> {
        self.bar.finish_and_clear();
        Ok(self.runs.settle()?)
    }
}

/// Why a run broke off, for the command line.
pub fn run_error(error: RunError) -> CliError {
    match error {
        RunError::Identity(broken) => {
            CliError::Failed(format!("error: {broken}; this is a bug in the model"))
        }
        RunError::Io(error) => CliError::Io(format!("error: {error}")),
        RunError::World(error) => CliError::Usage(format!("error: {error}")),
    }
}
