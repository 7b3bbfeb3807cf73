//! The manifest: what was run, so that it can be run again; and which bytes came out.

use crate::build;
use crate::experiment::Drawn;
use crate::folder::Plan;
use crate::scenario::registry::Value as Setting;
use crate::scenario::write::toml_value;
use crate::scenario::{Choice, Reform, Scenario};
use serde_json::{Map, Value, json};

/// What only this machine and this hour can say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine {
    /// Threads used.
    pub threads: usize,
    /// Seconds of wall time.
    pub seconds: f64,
    /// Rounds played by this process.
    pub rounds: u64,
}

/// What was run.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// What decides the parts, and what is asked of them.
    pub plan: &'a Plan,
    /// Rule sets with their scenarios.
    pub scenarios: &'a [(String, Scenario)],
    /// Row of the baseline.
    pub baseline: usize,
    /// Values of uncertain parameters, world by world.
    pub drawn: Option<&'a Drawn>,
    /// At which points, where at many; null otherwise.
    pub points: Value,
}

/// What was run, on what, in words that a program reads. The folder adds the hashes of its files.
pub fn manifest(record: &Record, machine: Machine) -> Value {
    let Record { plan, scenarios, baseline, drawn, points } = record;
    let scenario = &scenarios[0].1;
    let mut manifest = json!({
        "name": scenario.name,
        "question": scenario.question,
        "program": "rebalance",
        "version": build::VERSION,
        "commit": build::COMMIT,
        "target": build::TARGET,
        "seed": scenario.run.seed,
        "replicates": scenario.run.replicates,
        "rounds": scenario.run.rounds,
        "burn_in": scenario.run.burn_in,
        "round_weeks": scenario.world.round_weeks.value(),
        "baseline": scenarios[*baseline].0,
    });
    for (key, value) in &plan.identity {
        manifest[key] = value.clone();
    }
    manifest["asked"] = plan.asked.clone();
    manifest["reforms"] = reforms(scenario).into();
    manifest["menu"] = menu(scenario).into();
    manifest["worlds"] = drawn.map(worlds).into();
    manifest["points"] = points.clone();
    manifest["files_sha256"] = Value::Null;
    manifest["machine"] = json!({
        "threads": machine.threads,
        "host_cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        "operating_system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "wall_seconds": machine.seconds,
        "rounds_per_second": machine.rounds as f64 / machine.seconds.max(1e-9),
        "peak_memory_mb": peak_memory_mb(),
    });
    manifest
}

/// Changed keys with their values.
fn changes(changes: &[(&'static str, Setting)]) -> Vec<String> {
    changes.iter().map(|(key, value)| format!("{key} = {}", toml_value(value))).collect()
}

/// Reforms, in order of their first round.
fn reforms(scenario: &Scenario) -> Vec<Value> {
    let reform = |reform: &Reform| json!({ "from_round": reform.from_round, "areas": reform.areas, "changes": changes(&reform.changes) });
    scenario.reforms.iter().map(reform).collect()
}

/// Options that commissioners have beside the rules of the scenario.
fn menu(scenario: &Scenario) -> Vec<Value> {
    let option = |option: &Choice| json!({ "name": option.name, "changes": changes(&option.changes) });
    scenario.menu.iter().map(option).collect()
}

/// The values of uncertain parameters, one object per replicate.
fn worlds(drawn: &Drawn) -> Vec<Value> {
    let keys = drawn.keys();
    let number = |value: &Setting| match value {
        Setting::Number(number) => json!(number),
        Setting::Whole(whole) => json!(whole),
        other => json!(super::value_cell(other)),
    };
    let world = |row: Vec<&Setting>| -> Value {
        keys.iter().map(ToString::to_string).zip(row.into_iter().map(number)).collect::<Map<_, _>>().into()
    };
    drawn.rows().map(world).collect()
}

/// Peak resident memory of this process, where the system says.
pub fn peak_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
