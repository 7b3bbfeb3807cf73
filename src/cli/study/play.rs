//! Playing what is missing of a study, with progress and interruption.

use super::Study;
use crate::cli::precision::Decision;
use crate::cli::results::{run_error, tell};
use crate::cli::resume::how_to_resume;
use crate::cli::{CliError, Common};
use crate::experiment::statistics::stopping::FIRST_LOOK;
use crate::experiment::{RunError, Stage};
use crate::folder::Folder;
use crate::scenario::Scenario;
use crate::tables::merge::part_means;
use crate::tables::part::PartWriter;
use rayon::prelude::*;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

impl Study<'_> {
    /// Plays all replicates, or as many as the wish for precision takes: their number, the rounds played, and
    /// what became of the wish. Looks come at numbers that depend on nothing but the values before, so that a
    /// resumed study stops where an uninterrupted one does.
    pub(super) fn play_enough(
        &self,
        stage: &Stage,
        folder: &Folder,
        common: &Common,
    ) -> Result<(u32, u64, Option<String>), CliError> {
        let Some(until) = &self.until else {
            let rounds = self.play(stage, folder, common, self.replicates())?;
            return Ok((self.replicates(), rounds, None));
        };
        let run = &self.scenarios[0].1.run;
        let mut values: Vec<Vec<Option<f64>>> = vec![Vec::new(); self.scenarios.len()];
        let (mut rounds, mut replicates) = (0, FIRST_LOOK.min(until.cap));
        loop {
            rounds += self.play(stage, folder, common, replicates)?;
            for (rules, values) in values.iter_mut().enumerate() {
                for replicate in values.len() as u32..replicates {
                    values.push(part_means(folder, rules, replicate, run.burn_in)?[until.column]);
                }
            }
            match until.decide(&values, self.baseline) {
                Decision::More(next) => replicates = next,
                Decision::Stop(words) => return Ok((replicates, rounds, Some(words))),
            }
        }
    }

    /// Plays every replicate up to a number whose part is missing; returns the rounds played.
    fn play(
        &self,
        stage: &Stage,
        folder: &Folder,
        common: &Common,
        replicates: u32,
    ) -> Result<u64, CliError> {
        let scenario = &self.scenarios[0].1;
        let played: Vec<(&str, &Scenario)> = self.played().collect();
        let rows = played.len();
        let jobs: Vec<(usize, u32)> = (0..replicates)
            .flat_map(|replicate| (0..rows).map(move |rules| (rules, replicate)))
            .filter(|&(rules, replicate)| !folder.has_part(rules, replicate))
            .collect();
        tell(folder, common.quiet);
        let stop = stop_on_interrupt();
        let bar = progress(jobs.len() as u64, common.quiet);
        let rounds_each = u64::from(scenario.run.rounds);
        let outcome = jobs.par_iter().try_for_each(|&(rules, replicate)| {
            if stop.load(Ordering::Relaxed) {
                return Err(CliError::Failed(how_to_resume()));
            }
            let (name, scenario) = played[rules];
            let mut part =
                PartWriter::create(folder, rules, name, replicate, stage.world(rules), &scenario.output)
                    .map_err(RunError::Io)
                    .map_err(run_error)?;
            if self.split && rules == self.baseline {
                part.rescore(stage.regimes(replicate)).map_err(RunError::Io).map_err(run_error)?;
            }
            stage.play(rules, replicate, &mut part).map_err(|error| match error {
                RunError::Identity(broken) => CliError::Failed(format!(
                    "error: rule set {name}, replicate {replicate}, {broken}; this is a bug in the model"
                )),
                error @ RunError::Io(_) => run_error(error),
                RunError::World(error) => {
                    CliError::Usage(format!("error: rule set {name}, replicate {replicate}: {error}"))
                }
            })?;
            bar.inc(1);
            bar.set_message(speed(&bar, rounds_each));
            Ok(())
        });
        bar.finish_and_clear();
        outcome.map(|()| jobs.len() as u64 * rounds_each)
    }
}

/// A flag that Ctrl-C raises. A second Ctrl-C ends the process at once.
pub fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    // A handler can be set once per process; in tests a second one is refused, which is harmless.
    let _ = ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    stop
}

/// A progress bar on standard error, on a terminal only.
pub fn progress(replicates: u64, quiet: bool) -> indicatif::ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new(replicates);
    let style = indicatif::ProgressStyle::with_template("{bar:30} {pos}/{len} replicates  {msg}  {eta} left");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(500));
    bar
}

fn speed(bar: &indicatif::ProgressBar, rounds_each: u64) -> String {
    format!("{:.0} rounds/s", bar.per_sec() * rounds_each as f64)
}
