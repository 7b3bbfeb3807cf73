//! The command line: one file per verb; the only place that prints.

mod calibrate;
mod check;
mod compare;
mod gate;
mod league;
mod limits;
mod patterns;
mod precision;
mod results;
mod resume;
mod run;
mod sensitivity;
mod study;
mod sweep;
mod tender;
mod text;
mod verify;

use crate::folder::{FileError, Problem};
use crate::scenario::Errors;
use crate::words::counted;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Simulates charities that compete for public-service contracts under commissioning rules.
#[derive(Debug, Parser)]
#[command(name = "rebalance", version = crate::build::WORDS, about, after_help = "Example: rebalance run quick")]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Run a scenario: tables, charts and a report in output/NAME
    #[command(
        after_help = "Examples: rebalance run quick --set rules.notice_weeks=12 --out output/long-notice\n          \
                      rebalance run quick --vary rules.notice_weeks=2..12:6 --replicates 4"
    )]
    Run {
        /// A built-in scenario (see `rebalance list scenarios`) or a file
        scenario: String,
        #[command(flatten)]
        common: Common,
    },
    /// Compare rule sets in the same worlds, with paired differences from the baseline
    #[command(after_help = "Examples: rebalance compare quick --rules lowest-price quality-80\n          \
                      rebalance compare quick --rules quality-80 --until-precise outcomes_per_1000_residents=0.5%")]
    Compare {
        /// A built-in scenario or a file
        scenario: String,
        /// Rule sets: built-in names, files, folders or wildcards
        #[arg(long, required = true, num_args = 1..)]
        rules: Vec<String>,
        /// The rule set to compare with [default: the scenario's own rules]
        #[arg(long)]
        baseline: Option<String>,
        /// Split effects on awards in two: the baseline's bids decided by the other rules, and charities adapting
        #[arg(long)]
        split: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Write NAME.toml, a commented scenario to start from, or a copy of a built-in rule set
    #[command(after_help = "Examples: rebalance new my-council\n          \
                      rebalance new my-notice --rules short-notice")]
    New {
        /// Name of the scenario or rule set
        name: String,
        /// Write a copy of this built-in rule set (see `rebalance list rules`) instead
        #[arg(long)]
        rules: Option<String>,
        /// Overwrite an existing file
        #[arg(long)]
        force: bool,
    },
    /// List what there is: scenarios, rules or measures
    #[command(after_help = "Example: rebalance list measures")]
    List {
        /// scenarios, rules or measures
        what: String,
    },
    /// Show which resolved parameters of two scenarios differ
    #[command(after_help = "Example: rebalance diff england quick")]
    Diff {
        /// One scenario
        first: String,
        /// The other
        second: String,
    },
    /// Find all mistakes in scenarios and say what a run will cost
    #[command(after_help = "Example: rebalance check my-council.toml")]
    Check {
        /// Scenarios
        #[arg(required = true)]
        scenarios: Vec<String>,
        /// Change a key, as KEY=VALUE; repeatable
        #[arg(long = "set", value_name = "KEY=VALUE")]
        sets: Vec<String>,
        /// Let a run need up to this much memory, in GB [default: three quarters of the machine's]
        #[arg(long, value_name = "GB", value_parser = gigabytes)]
        allow_memory: Option<f64>,
    },
    /// Explain a parameter, or one tender of a finished run: its bids, scores, margin, and what would have flipped it
    #[command(after_help = "Examples: rebalance explain rules.weight_price\n          \
                      rebalance explain switches england\n          \
                      rebalance run quick --set output.tenders=true\n          \
                      rebalance explain --tender 12/345 --replicate 1 output/quick\n\n\
                      A tender is named ROUND/LOT: the columns round and tender of tenders.csv.")]
    Explain {
        /// A key, a block, a word in keys, or `switches` for all that can be switched off; with --tender, a folder that
        /// `run` or `compare` wrote
        #[arg(value_name = "KEY|DIR")]
        key: Option<String>,
        /// A scenario whose values to show: a built-in one or a file
        #[arg(conflicts_with = "tender")]
        scenario: Option<String>,
        /// A tender, as ROUND/LOT
        #[arg(long, value_name = "ROUND/LOT")]
        tender: Option<String>,
        /// Replicate of the tender, from 0
        #[arg(long, default_value_t = 0, requires = "tender")]
        replicate: u32,
        /// Rule set of the tender [default: the first]
        #[arg(long, requires = "tender")]
        rules: Option<String>,
    },
    /// Check the engine against theory
    #[command(after_help = "Example: rebalance verify auctions")]
    Verify {
        /// auctions, entry, concentration, growth, incumbents, backlog, neutrality, phase-boundary or strategy
        /// [default: all]
        suite: Option<String>,
        /// Use the many repetitions that the checks list instead of those that scenarios state
        #[arg(long)]
        full: bool,
        /// Change a key of the theory scenarios, as KEY=VALUE; repeatable
        #[arg(long = "set", value_name = "KEY=VALUE")]
        sets: Vec<String>,
    },
    /// Set a run beside stylised facts: target range, simulated value, verdict
    #[command(after_help = "Example: rebalance patterns england --replicates 4")]
    Patterns {
        /// A built-in scenario or a file
        scenario: String,
        #[command(flatten)]
        playing: Playing,
        /// Try every combination of values instead and say how many facts hold, as KEY=VALUE,VALUE,... or
        /// KEY=LO..HI:STEPS
        #[arg(long, value_name = "KEY=VALUES")]
        vary: Vec<String>,
    },
    /// Find what the facts leave of the parameters' ranges, by history matching
    #[command(
        after_help = "Example: rebalance calibrate england --points 160 --waves 2 --set run.replicates=1"
    )]
    Calibrate {
        /// A built-in scenario or a file
        scenario: String,
        #[command(flatten)]
        playing: Playing,
        /// Narrow this parameter within this range instead of the shipped list, as KEY=LOW..HIGH; repeatable
        #[arg(long, value_name = "KEY=LOW..HIGH")]
        vary: Vec<String>,
        /// Points at which the model is run in each wave
        #[arg(long, default_value_t = 160)]
        points: usize,
        /// Waves
        #[arg(long, default_value_t = 2)]
        waves: u32,
    },
    /// Say which parameters matter to a measure, and how much is chance: Morris screening and Sobol indices
    #[command(
        after_help = "Example: rebalance sensitivity quick --measure outcomes_per_1000_residents \\\n           --vary rules.notice_weeks=2..12 --vary rules.formula=lowest-price,absolute-linear --points 128\n\n\
                      It plays trajectories x (parameters + 1) + points x (parameters + 3) runs, each --replicates times."
    )]
    Sensitivity {
        /// A built-in scenario or a file
        scenario: String,
        /// Measures, as `rebalance list measures` names them
        #[arg(long = "measure", required = true, value_name = "MEASURE", num_args = 1..)]
        measures: Vec<String>,
        /// Parameters with ranges or values without order, as KEY=LO..HI or KEY=A,B,C; repeatable [default: the ranges
        /// of the scenario's [uncertainty]]
        #[arg(long, value_name = "KEY=VALUES")]
        vary: Vec<String>,
        /// Rows of each of the two sets of points of the indices; 0 for none
        #[arg(long, default_value_t = 128)]
        points: usize,
        /// Trajectories of the screening; 0 for none
        #[arg(long, default_value_t = 20)]
        trajectories: usize,
        #[command(flatten)]
        playing: Playing,
    },
    /// Print the JSON Schema of scenario files
    #[command(after_help = "Example: rebalance schema > scenario.schema.json")]
    Schema,
    /// Draw charts and report again from the tables in a folder
    #[command(after_help = "Example: rebalance report output/quick")]
    Report {
        /// Results folder
        folder: PathBuf,
    },
    /// Print the parameter tables of docs/MODEL.md
    #[command(hide = true)]
    Parameters,
}

/// Flags of everything that plays a scenario.
#[derive(Clone, Debug, Args)]
pub struct Playing {
    /// Where results go [default: a folder in output named after the scenario]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Independent repetitions
    #[arg(long)]
    replicates: Option<u64>,
    /// Which luck is drawn
    #[arg(long)]
    seed: Option<u64>,
    /// Threads [default: all cores]
    #[arg(long, value_parser = threads)]
    threads: Option<usize>,
    /// Change a key, as KEY=VALUE; repeatable, beats files
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Go on with what was interrupted
    #[arg(long, conflicts_with = "force")]
    resume: bool,
    /// Play what needs up to this much memory, in GB [default: three quarters of the machine's]
    #[arg(long, value_name = "GB", value_parser = gigabytes)]
    allow_memory: Option<f64>,
    /// Overwrite existing results
    #[arg(long)]
    force: bool,
    /// Print nothing but errors
    #[arg(long)]
    quiet: bool,
}

/// Flags of `run` and `compare`.
#[derive(Clone, Debug, Args)]
pub struct Common {
    #[command(flatten)]
    playing: Playing,
    /// Add replicates until the 95% interval of the mean (run) or of every difference from the baseline (compare) is
    /// within this of its middle: in the measure's unit, or in percent of the (baseline's) mean
    #[arg(long, value_name = "MEASURE=WIDTH")]
    until_precise: Option<String>,
    /// Play many points, as KEY=VALUE,VALUE,... or KEY=LO..HI:STEPS; repeatable
    #[arg(long, value_name = "KEY=VALUES")]
    vary: Vec<String>,
    /// Points of --vary: grid, latin-hypercube or sobol [default: grid]
    #[arg(long)]
    design: Option<String>,
    /// Number of points of a Latin hypercube or Sobol design [default: 32]
    #[arg(long)]
    points: Option<usize>,
    /// Most replicates of --until-precise [default: 1000]
    #[arg(long, value_name = "N")]
    max_replicates: Option<u64>,
}

impl std::ops::Deref for Common {
    type Target = Playing;

    fn deref(&self) -> &Playing {
        &self.playing
    }
}

impl Common {
    /// A design without anything to vary is a mistake.
    fn refuse_points(&self) -> Result<(), CliError> {
        if self.design.is_none() && self.points.is_none() {
            return Ok(());
        }
        Err(CliError::Usage("error: --design and --points go with --vary".into()))
    }
}

impl Playing {
    /// All changes of keys, the short flags included.
    fn all_sets(&self) -> Vec<String> {
        let mut sets = self.sets.clone();
        sets.extend(self.replicates.map(|replicates| format!("--replicates={replicates}")));
        sets.extend(self.seed.map(|seed| format!("--seed={seed}")));
        sets
    }

    /// Whether `--set` states a key.
    fn sets_key(&self, key: &str) -> bool {
        self.sets.iter().any(|set| set.split_once('=').is_some_and(|(stated, _)| stated.trim() == key))
    }

    /// Threads that play: those asked for, but no more than there are cores.
    fn threads(&self) -> usize {
        self.threads.map_or(cores(), |threads| threads.min(cores()))
    }

    /// A pool with as many threads as asked for.
    fn pool(&self) -> Result<rayon::ThreadPool, CliError> {
        let threads = self.threads();
        if let Some(asked) = self.threads.filter(|&asked| asked > threads && !self.quiet) {
            let threads = counted(threads, "thread");
            text::tell(&format!("note: {threads} instead of {asked}: there are no more cores"));
        }
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| CliError::Usage(format!("error: --threads: {error}")))
    }
}

/// A number of threads.
fn threads(text: &str) -> Result<usize, String> {
    let threads = text.parse().ok().filter(|&threads: &usize| threads > 0);
    threads.ok_or_else(|| "a whole number from 1 on; leave it out for all cores".into())
}

/// An amount of memory.
fn gigabytes(text: &str) -> Result<f64, String> {
    let amount = text.parse().ok().filter(|&amount: &f64| amount > 0.0 && amount.is_finite());
    amount.ok_or_else(|| "a number of GB above 0, such as 8 or 0.5".into())
}

/// Cores that this process may use.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Why a command failed, which decides its exit code.
#[derive(Debug)]
pub enum CliError {
    /// A check failed, or an identity broke: 1.
    Failed(String),
    /// Wrong usage, or errors in a scenario: 2.
    Usage(String),
    /// Files could not be read or written: 3.
    Io(String),
}

impl From<Errors> for CliError {
    fn from(errors: Errors) -> Self {
        let message = errors.to_string();
        if errors.is_unreadable() { Self::Io(message) } else { Self::Usage(message) }
    }
}

impl From<FileError> for CliError {
    fn from(error: FileError) -> Self {
        Self::Io(format!("error: {error}"))
    }
}

impl From<Problem> for CliError {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Refused(message) => Self::Usage(message),
            Problem::File(error) => error.into(),
        }
    }
}

impl CliError {
    fn report(&self) -> ExitCode {
        let (code, message) = match self {
            Self::Failed(message) => (1, message),
            Self::Usage(message) => (2, message),
            Self::Io(message) => (3, message),
        };
        if !message.is_empty() {
            text::tell(message);
        }
        ExitCode::from(code)
    }
}

/// Shows what the parser of the command line has to say: help and version, or what is wrong with what was typed.
pub fn answer(asked: &clap::Error) -> ExitCode {
    if asked.use_stderr() {
        let _ = asked.print();
        return ExitCode::from(2);
    }
    match text::printed(asked.print()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}

/// Runs the command line and returns the exit code.
pub fn run(cli: Cli) -> ExitCode {
    let done = match cli.verb {
        Verb::Run { scenario, common } => run::run(&scenario, &common),
        Verb::Compare { scenario, rules, baseline, split, common } => {
            compare::compare(&scenario, &rules, baseline.as_deref(), split, &common)
        }
        Verb::New { name, rules, force } => text::new(&name, rules.as_deref(), force),
        Verb::List { what } => text::list(&what),
        Verb::Diff { first, second } => text::diff(&first, &second),
        Verb::Check { scenarios, sets, allow_memory } => check::check(&scenarios, &sets, allow_memory),
        Verb::Explain { key, tender: Some(tender), replicate, rules, .. } => {
            tender::explain(&tender, rules.as_deref(), replicate, key.as_deref())
        }
        Verb::Explain { key, scenario, .. } => text::explain(key.as_deref(), scenario.as_deref()),
        Verb::Verify { suite, full, sets } => verify::verify(suite.as_deref(), full, &sets),
        Verb::Patterns { scenario, playing, vary } if vary.is_empty() => {
            patterns::patterns(&scenario, &playing)
        }
        Verb::Patterns { scenario, playing, vary } => patterns::search(&scenario, &playing, &vary),
        Verb::Calibrate { scenario, playing, vary, points, waves } => {
            calibrate::calibrate(&scenario, &playing, &vary, points, waves)
        }
        Verb::Sensitivity { scenario, measures, vary, points, trajectories, playing } => {
            let question = sensitivity::Question {
                name: &scenario,
                measures: &measures,
                vary: &vary,
                points,
                trajectories,
            };
            sensitivity::sensitivity(&question, &playing)
        }
        Verb::Schema => text::schema(),
        Verb::Report { folder } => run::report(&folder),
        Verb::Parameters => text::parameters(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}
