//! Runs rule sets over replicates: parts, progress, interruption, merge. Shared by `run` and `compare`.

mod acted;
mod play;

use super::precision::Precision;
use super::results::{self, Named};
use super::text::print;
use super::{CliError, Common};
use crate::experiment::{Drawn, Stage};
use crate::folder::{Folder, Plan};
use crate::scenario::Scenario;
use crate::scenario::uncertainty::{Design, Draw};
use crate::tables::datapackage;
use crate::tables::event_study::{EventStudy, ReformEffect};
use crate::tables::manifest::{Machine, Record, manifest};
use crate::tables::merge::{Found, Merge};
use crate::tables::split::{Split, SplitLine};
use crate::world::World;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Instant;

pub use play::{progress, stop_on_interrupt};

/// Name of a reformed scenario's twin in messages.
const NEVER_REFORMED: &str = "never reformed";

/// Tables that a study may write.
const TABLES: [&str; 13] = [
    "rounds.csv",
    "areas.csv",
    "charities.csv",
    "tenders.csv",
    "bids.csv",
    "area_places.csv",
    "worlds.csv",
    "summary.csv",
    "comparison.csv",
    "league.csv",
    "split.csv",
    "event_study.csv",
    "reform.csv",
];

/// Rule sets in the same worlds.
pub struct Study<'a> {
    /// What the command line names.
    pub named: Named<'a>,
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
    /// Effects of the reform on headline measures, where a twin was played.
    pub reform: Vec<ReformEffect>,
    /// Rule sets that gave the same as the baseline in all worlds, to the last digit.
    pub idle: Vec<String>,
    /// Wall time.
    pub seconds: f64,
    /// What became of the wish for precision.
    pub precision: Option<String>,
}

impl Study<'_> {
    /// Runs and prints what was found.
    pub fn run_and_tell(
        &self,
        common: &Common,
        words: impl Fn(&Self, &Findings) -> String,
    ) -> Result<(), CliError> {
        match self.run(common)? {
            None => Ok(()),
            Some(_) if common.quiet => Ok(()),
            Some((study, findings)) => {
                print(&words(&study, &findings))?;
                findings.precision.as_ref().map_or(Ok(()), |words| print(&format!("{words}\n")))
            }
        }
    }

    /// Runs what is missing, merges, writes charts, report and manifest; nothing where that is done. The study that is returned has the number of replicates that were played.
    pub fn run(&self, common: &Common) -> Result<Option<(Self, Findings)>, CliError> {
        let start = Instant::now();
        let most = self.until.as_ref().map_or(self.replicates(), |until| until.cap);
        let whole = self.with_replicates(most);
        let drawn = whole.drawn()?;
        let all = whole.played().map(|(_, scenario)| scenario).collect();
        let stage =
            Stage::new(all, drawn.as_ref()).map_err(|error| CliError::Usage(format!("error: {error}")))?;
        let plan = self.plan()?;
        let pool = common.pool()?;
        let Some(folder) = results::open(&self.out, &plan, common, draw)? else { return Ok(None) };
        let (played, rounds, precision) = pool.install(|| whole.play_enough(&stage, &folder, common))?;
        let study = self.with_replicates(played);
        let machine =
            Machine { threads: pool.current_num_threads(), seconds: start.elapsed().as_secs_f64(), rounds };
        let mut findings = study.write(&folder, &plan, stage.world(0), machine)?;
        results::tell(&folder, common.quiet);
        (findings.seconds, findings.precision) = (start.elapsed().as_secs_f64(), precision);
        Ok(Some((study, findings)))
    }

    /// What decides the parts, and until when there are more of them.
    fn plan(&self) -> Result<Plan, CliError> {
        let mut plan = results::plan("replicates", self.named, &self.scenarios, &TABLES)?;
        let baseline = &self.scenarios[self.baseline].0;
        if self.split {
            plan.bind("split", json!(baseline));
        }
        plan.asked["baseline"] = json!(baseline);
        if let Some(until) = &self.until {
            plan.asked["replicates"] = json!(until.plan());
        }
        Ok(plan)
    }

    /// Tables, charts, report and manifest from finished parts.
    fn write(
        &self,
        folder: &Folder,
        plan: &Plan,
        world: &World,
        machine: Machine,
    ) -> Result<Findings, CliError> {
        let scenario = &self.scenarios[0].1;
        let drawn = self.drawn()?;
        let names: Vec<String> = self.scenarios.iter().map(|(name, _)| name.clone()).collect();
        let idle = self.idle_rules(folder)?;
        let merge = Merge {
            out: folder,
            rules: &names,
            baseline: self.baseline,
            scenario,
            world,
            drawn: drawn.as_ref(),
            idle: &idle,
        };
        let found = merge.write()?;
        let reform = if self.twin.is_some() {
            let rows = (0, self.scenarios.len());
            EventStudy { out: folder, rules: &names[0], scenario, rows }.write()?
        } else {
            Vec::new()
        };
        let split = if self.split { self.splitting(folder, &names).write()? } else { Vec::new() };
        datapackage::write(folder, &scenario.name)?;
        let record = Record {
            plan,
            scenarios: &self.scenarios,
            baseline: self.baseline,
            drawn: drawn.as_ref(),
            points: Value::Null,
        };
        let manifest = manifest(&record, machine);
        if scenario.output.charts {
            draw(folder, &manifest)?;
        }
        folder.complete(manifest)?;
        Ok(Findings { found, split, reform, idle, seconds: machine.seconds, precision: None })
    }

    fn splitting<'b>(&self, out: &'b Folder, rules: &'b [String]) -> Split<'b> {
        let run = &self.scenarios[0].1.run;
        let (replicates, burn_in) = (run.replicates, run.burn_in);
        Split { out, rules, baseline: self.baseline, replicates, burn_in }
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
        Self { named: self.named, scenarios, baseline: self.baseline, out, twin, split: self.split, until }
    }

    /// The values of uncertain parameters, world by world.
    fn drawn(&self) -> Result<Option<Drawn>, CliError> {
        let scenarios: Vec<&Scenario> = self.scenarios.iter().map(|(_, scenario)| scenario).collect();
        let drawn = Drawn::new(&scenarios);
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
}

/// Charts and report from the tables in a folder.
pub fn draw(folder: &Folder, manifest: &Value) -> Result<(), CliError> {
    let charts = crate::chart::draw_all(folder, manifest)
        .map_err(|error| CliError::Io(format!("error: charts: {error}")))?;
    crate::report::write(folder, manifest, &charts)
        .map_err(|error| CliError::Io(format!("error: report: {error}")))
}
