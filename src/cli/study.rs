//! Runs rule sets over replicates: parts, progress, interruption, merge. Shared by `run` and `compare`.

use super::precision::{Decision, Precision};
use super::text::print;
use super::{CliError, Common};
use crate::experiment::statistics::stopping::FIRST_LOOK;
use crate::experiment::{Drawn, RunError, Stage};
use crate::scenario::Scenario;
use crate::scenario::uncertainty::{Design, Draw};
use crate::tables::datapackage;
use crate::tables::event_study::EventStudy;
use crate::tables::manifest::{self, Machine, Record, plan_hash};
use crate::tables::merge::{Found, Merge, part_means, written_tables};
use crate::tables::part::{PartWriter, part_folder};
use crate::tables::split::{Split, SplitLine};
use crate::tables::{parts_folder, write_whole};
use crate::world::World;
use rayon::prelude::*;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Name of a reformed scenario's twin in messages.
const NEVER_REFORMED: &str = "never reformed";

/// Rule sets in the same worlds.
pub struct Study {
    /// Rule sets with their scenarios.
    pub scenarios: Vec<(String, Scenario)>,
    /// Row of the baseline.
    pub baseline: usize,
    /// Results folder.
    pub out: PathBuf,
    /// The first scenario as it would be without reforms, where reforms are looked at: played in the same worlds.
    pub twin: Option<Scenario>,
    /// Whether effects are split into those with the same bids and those of adapting.
    pub split: bool,
    /// Until when replicates are added, where that is not a number of them.
    pub until: Option<Precision>,
}

/// What a study found.
pub struct Findings {
    /// What the tables say.
    pub found: Found,
    /// Effects in two parts, where they were asked for.
    pub split: Vec<SplitLine>,
    /// Wall time.
    pub seconds: f64,
    /// What became of the wish for precision.
    pub precision: Option<String>,
}

/// The results folder of a scenario.
pub fn results_folder(common: &Common, name: &str) -> PathBuf {
    common.out.clone().unwrap_or_else(|| Path::new("output").join(name))
}

impl Study {
    /// Runs and prints what was found.
    pub fn run_and_tell(
        &self,
        common: &Common,
        words: impl Fn(&Self, &Findings) -> String,
    ) -> Result<(), CliError> {
        match self.run(common)? {
            _ if common.quiet => Ok(()),
            Some((study, findings)) => {
                print(&words(&study, &findings))?;
                findings.precision.as_ref().map_or(Ok(()), |words| print(&format!("{words}\n")))
            }
            None => print(&format!("already complete: {}\n", self.out.display())),
        }
    }

    /// Runs what is missing, merges, writes charts, report and manifest; nothing where a resumed run
    /// is already complete. The study that is returned has the number of replicates that were played.
    pub fn run(&self, common: &Common) -> Result<Option<(Self, Findings)>, CliError> {
        let start = Instant::now();
        if common.resume && !common.force && self.is_complete()? {
            if parts_folder(&self.out).exists() {
                std::fs::remove_dir_all(parts_folder(&self.out))?;
            }
            return Ok(None);
        }
        let most = self.until.as_ref().map_or(self.replicates(), |until| until.cap);
        let whole = self.with_replicates(most);
        let drawn = whole.drawn()?;
        self.prepare(common)?;
        let all = whole.played().map(|(_, scenario)| scenario).collect();
        let stage =
            Stage::new(all, drawn.as_ref()).map_err(|error| CliError::Usage(format!("error: {error}")))?;
        self.check_reform_areas(stage.world(0))?;
        let pool = common.pool()?;
        let (played, rounds, precision) = pool.install(|| whole.play_enough(&stage, common))?;
        let study = self.with_replicates(played);
        let machine =
            Machine { threads: pool.current_num_threads(), seconds: start.elapsed().as_secs_f64(), rounds };
        let (found, split) = study.write(stage.world(0), machine)?;
        let findings = Findings { found, split, seconds: start.elapsed().as_secs_f64(), precision };
        Ok(Some((study, findings)))
    }

    /// Tables, manifest, charts and report from finished parts.
    fn write(&self, world: &World, machine: Machine) -> Result<(Found, Vec<SplitLine>), CliError> {
        let scenario = &self.scenarios[0].1;
        let drawn = self.drawn()?;
        let names: Vec<String> = self.scenarios.iter().map(|(name, _)| name.clone()).collect();
        let merge = Merge {
            out: &self.out,
            rules: &names,
            baseline: self.baseline,
            scenario,
            world,
            drawn: drawn.as_ref(),
        };
        let found = merge.write()?;
        if self.twin.is_some() {
            let rows = (0, self.scenarios.len());
            EventStudy { out: &self.out, rules: &names[0], scenario, rows }.write()?;
        }
        let split = if self.split { self.splitting(&names).write()? } else { Vec::new() };
        let mut files: Vec<String> = written_tables(&self.out).into_keys().collect();
        datapackage::write(&self.out, &scenario.name, &files)?;
        files.push("datapackage.json".into());
        let record = Record {
            scenarios: &self.scenarios,
            baseline: self.baseline,
            drawn: drawn.as_ref(),
            points: serde_json::Value::Null,
        };
        manifest::write(&self.out, &record, &files, machine)?;
        if scenario.output.charts {
            draw(&self.out)?;
        }
        self.remove_parts()?;
        Ok((found, split))
    }

    fn splitting<'a>(&'a self, rules: &'a [String]) -> Split<'a> {
        let run = &self.scenarios[0].1.run;
        let (replicates, burn_in, seed) = (run.replicates, run.burn_in, run.seed);
        Split { out: &self.out, rules, baseline: self.baseline, replicates, burn_in, seed }
    }

    fn replicates(&self) -> u32 {
        self.scenarios[0].1.run.replicates
    }

    /// Rule sets with their scenarios, and the twin last: all that is played.
    fn played(&self) -> impl Iterator<Item = (&str, &Scenario)> {
        let twin = self.twin.iter().map(|twin| (NEVER_REFORMED, twin));
        self.scenarios.iter().map(|(name, scenario)| (name.as_str(), scenario)).chain(twin)
    }

    /// The same study with another number of replicates.
    fn with_replicates(&self, replicates: u32) -> Self {
        let mut scenarios = self.scenarios.clone();
        scenarios.iter_mut().for_each(|(_, scenario)| scenario.run.replicates = replicates);
        let mut twin = self.twin.clone();
        twin.iter_mut().for_each(|twin| twin.run.replicates = replicates);
        let (out, until) = (self.out.clone(), self.until.clone());
        Self { scenarios, baseline: self.baseline, out, twin, split: self.split, until }
    }

    /// What tells this study from others: what is run, and until when.
    fn plan(&self) -> String {
        let split = if self.split { format!("split {}\n", self.baseline) } else { String::new() };
        match &self.until {
            None => split + &plan_hash(&self.scenarios),
            Some(until) => {
                let most = plan_hash(&self.with_replicates(until.cap).scenarios);
                format!("{split}{}{most}", until.plan())
            }
        }
    }

    /// The values of uncertain parameters, world by world.
    fn drawn(&self) -> Result<Option<Drawn>, CliError> {
        let scenarios: Vec<&Scenario> = self.scenarios.iter().map(|(_, scenario)| scenario).collect();
        let drawn = Drawn::new(&scenarios);
        drawn.iter().try_for_each(|drawn| drawn.check(&self.scenarios))?;
        let moves = |scenario: &&Scenario| {
            let draw = scenario.uncertainty.as_ref().map(|uncertainty| &uncertainty.draw);
            matches!(draw, Some(Draw::Ranges(_, Design::LatinHypercube)))
        };
        if self.until.is_some() && scenarios.iter().any(moves) {
            let message = "error: the values of a Latin hypercube change with the number of replicates, which \
                           --until-precise finds\n  = help: write design = \"sobol\" in [uncertainty]";
            return Err(CliError::Usage(message.into()));
        }
        Ok(drawn)
    }

    /// Removes the parts, the plan last, so that a kill in between is seen as an unfinished run.
    fn remove_parts(&self) -> Result<(), CliError> {
        let parts = parts_folder(&self.out);
        for entry in std::fs::read_dir(&parts)? {
            let path = entry?.path();
            if path.is_dir() {
                std::fs::remove_dir_all(path)?;
            }
        }
        Ok(std::fs::remove_dir_all(parts)?)
    }

    /// Whether the folder holds this very plan's results, written to the end: the plan file goes last.
    fn is_complete(&self) -> Result<bool, CliError> {
        let manifest = self.out.join("manifest.json");
        let unsplit = self.split && !self.out.join("split.csv").is_file();
        if unsplit || !manifest.is_file() || parts_folder(&self.out).join("plan").exists() {
            return Ok(false);
        }
        let text = std::fs::read_to_string(&manifest)?;
        let plan = match &self.until {
            None => plan_hash(&self.scenarios),
            // Finished, it is the same as a study of as many replicates as it took.
            Some(until) => match manifest::replicates(&text).filter(|&replicates| replicates <= until.cap) {
                Some(replicates) => plan_hash(&self.with_replicates(replicates).scenarios),
                None => return Ok(false),
            },
        };
        Ok(text.contains(&plan))
    }

    /// Refuses to overwrite, or makes room, before anything is computed.
    fn prepare(&self, common: &Common) -> Result<(), CliError> {
        let parts = parts_folder(&self.out);
        let plan = parts.join("plan");
        let hash = self.plan();
        let known = std::fs::read_to_string(&plan).ok();
        let manifest = self.out.join("manifest.json");
        let shown = self.out.display();
        if common.resume && !common.force {
            if manifest.is_file() && known.is_none() {
                let message = format!("error: {shown} holds results of another scenario or version");
                return Err(CliError::Usage(message));
            }
            if known.as_ref().is_some_and(|known| *known != hash) {
                let message = format!(
                    "error: the interrupted run in {shown} was of another scenario or version\n  \
                     = help: --force starts afresh, --out writes elsewhere"
                );
                return Err(CliError::Usage(message));
            }
        } else if !common.force
            && (manifest.exists() || parts.exists() || self.out.join("rounds.csv").exists())
        {
            let message = format!(
                "error: {shown} already holds results\n  = help: --resume continues an interrupted run, --force \
                 overwrites, --out writes elsewhere"
            );
            return Err(CliError::Usage(message));
        }
        if common.force {
            self.clear()?;
        }
        std::fs::create_dir_all(&parts).map_err(|error| CliError::Io(format!("error: {shown}: {error}")))?;
        write_whole(&plan, hash.as_bytes())?;
        Ok(())
    }

    /// Removes what an earlier run wrote here, and nothing else.
    fn clear(&self) -> Result<(), CliError> {
        for folder in [parts_folder(&self.out), self.out.join("charts")] {
            if folder.exists() {
                std::fs::remove_dir_all(folder)?;
            }
        }
        let tables = written_tables(&self.out).into_keys();
        let others = ["manifest.json", "datapackage.json", "report.html"].map(String::from);
        for file in tables.chain(others).map(|name| self.out.join(name)).filter(|file| file.exists()) {
            std::fs::remove_file(file)?;
        }
        Ok(())
    }

    /// Names of areas in reforms must exist in the world that is run.
    fn check_reform_areas(&self, world: &World) -> Result<(), CliError> {
        let mut unknown = Vec::new();
        for reform in &self.scenarios[0].1.reforms {
            for wanted in &reform.areas {
                let known = world.regions.contains(wanted)
                    || world.areas.iter().any(|area| area.code == *wanted || area.name == *wanted);
                if !known {
                    unknown.push(format!("error: the reform of round {} names \"{wanted}\", which is no area, code or region of this world", reform.from_round));
                }
            }
        }
        if unknown.is_empty() { Ok(()) } else { Err(CliError::Usage(unknown.join("\n"))) }
    }

    /// Plays all replicates, or as many as the wish for precision takes: their number, the rounds played, and
    /// what became of the wish. Looks come at numbers that depend on nothing but the values before, so that a
    /// resumed study stops where an uninterrupted one does.
    fn play_enough(&self, stage: &Stage, common: &Common) -> Result<(u32, u64, Option<String>), CliError> {
        let Some(until) = &self.until else {
            let rounds = self.play(stage, common, self.replicates())?;
            return Ok((self.replicates(), rounds, None));
        };
        let run = &self.scenarios[0].1.run;
        let mut values: Vec<Vec<Option<f64>>> = vec![Vec::new(); self.scenarios.len()];
        let (mut rounds, mut replicates) = (0, FIRST_LOOK.min(until.cap));
        loop {
            rounds += self.play(stage, common, replicates)?;
            for (rules, values) in values.iter_mut().enumerate() {
                for replicate in values.len() as u32..replicates {
                    values.push(part_means(&self.out, rules, replicate, run.burn_in)?[until.column]);
                }
            }
            match until.decide(&values, self.baseline, run.seed) {
                Decision::More(next) => replicates = next,
                Decision::Stop(words) => return Ok((replicates, rounds, Some(words))),
            }
        }
    }

    /// Plays every replicate up to a number whose part is missing; returns the rounds played.
    fn play(&self, stage: &Stage, common: &Common, replicates: u32) -> Result<u64, CliError> {
        let scenario = &self.scenarios[0].1;
        let played: Vec<(&str, &Scenario)> = self.played().collect();
        let rows = played.len();
        let jobs: Vec<(usize, u32)> = (0..replicates)
            .flat_map(|replicate| (0..rows).map(move |rules| (rules, replicate)))
            .filter(|&(rules, replicate)| !part_folder(&self.out, rules, replicate).exists())
            .collect();
        let stop = stop_on_interrupt();
        let bar = progress(jobs.len() as u64, common.quiet);
        let rounds_each = u64::from(scenario.run.rounds);
        let outcome = jobs.par_iter().try_for_each(|&(rules, replicate)| {
            if stop.load(Ordering::Relaxed) {
                return Err(CliError::Failed(self.how_to_resume()));
            }
            let (name, scenario) = played[rules];
            let mut part =
                PartWriter::create(&self.out, rules, name, replicate, stage.world(rules), &scenario.output)?;
            if self.split && rules == self.baseline {
                part.rescore(stage.regimes(replicate))?;
            }
            stage.play(rules, replicate, &mut part).map_err(|error| match error {
                RunError::Identity(broken) => CliError::Failed(format!(
                    "error: rule set {name}, replicate {replicate}, {broken}; this is a bug in the model"
                )),
                RunError::Io(error) => CliError::Io(format!("error: {}: {error}", self.out.display())),
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

    fn how_to_resume(&self) -> String {
        let arguments: Vec<String> = std::env::args()
            .filter(|argument| argument != "--resume" && argument != "--force")
            .map(|argument| if argument.contains(' ') { format!("\"{argument}\"") } else { argument })
            .collect();
        format!("interrupted; finished parts are kept. To continue:\n  {} --resume", arguments.join(" "))
    }
}

/// Charts and report from the tables in a folder.
pub fn draw(folder: &Path) -> Result<(), CliError> {
    let charts =
        crate::chart::draw_all(folder).map_err(|error| CliError::Io(format!("error: charts: {error}")))?;
    crate::report::write(folder, &charts).map_err(|error| CliError::Io(format!("error: report: {error}")))?;
    Ok(())
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
