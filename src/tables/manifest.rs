//! The manifest: what was run, so that it can be run again; and which bytes came out.

use super::write_whole;
use crate::experiment::Drawn;
use crate::scenario::registry::Value as Setting;
use crate::scenario::uncertainty::Draw;
use crate::scenario::write::{to_toml, toml_value};
use crate::scenario::{Choice, Reform, Scenario};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;

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

/// SHA-256 of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was run.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// Rule sets with their scenarios.
    pub scenarios: &'a [(String, Scenario)],
    /// Row of the baseline.
    pub baseline: usize,
    /// Values of uncertain parameters, world by world.
    pub drawn: Option<&'a Drawn>,
    /// At which points, where at many; null otherwise.
    pub points: Value,
}

/// What identifies a run: program version and every resolved scenario.
pub fn plan_hash(scenarios: &[(String, Scenario)]) -> String {
    let mut text = format!("rebalance {}\n", env!("CARGO_PKG_VERSION"));
    for (rules, scenario) in scenarios {
        text.push_str(&format!("rules {rules}\n{}\n", to_toml(scenario)));
        if let Some(Draw::Region { points, .. }) = scenario.uncertainty.as_ref().map(|u| &u.draw) {
            text.push_str(&format!("{points:?}\n"));
        }
    }
    sha256(text.as_bytes())
}

/// The number of replicates that a manifest names.
pub fn replicates(manifest: &str) -> Option<u32> {
    let manifest: Value = serde_json::from_str(manifest).ok()?;
    manifest["replicates"].as_u64()?.try_into().ok()
}

/// Writes `manifest.json`, after all tables: with no unfinished parts beside it, they are complete.
pub fn write(out: &Path, record: &Record, files: &[String], machine: Machine) -> io::Result<()> {
    let Record { scenarios, baseline, drawn, points } = record;
    let scenario = &scenarios[0].1;
    let mut hashes = Map::new();
    for file in files {
        hashes.insert(file.clone(), json!(sha256(&std::fs::read(out.join(file))?)));
    }
    let rules: Map<String, Value> =
        scenarios.iter().map(|(name, scenario)| (name.clone(), json!(to_toml(scenario)))).collect();
    let manifest = json!({
        "name": scenario.name,
        "question": scenario.question,
        "program": "rebalance",
        "version": env!("CARGO_PKG_VERSION"),
        "commit": option_env!("REBALANCE_COMMIT").unwrap_or(""),
        "seed": scenario.run.seed,
        "replicates": scenario.run.replicates,
        "rounds": scenario.run.rounds,
        "burn_in": scenario.run.burn_in,
        "round_weeks": scenario.world.round_weeks.value(),
        "baseline": scenarios[*baseline].0,
        "plan_sha256": plan_hash(scenarios),
        "scenarios": rules,
        "reforms": reforms(scenario),
        "menu": menu(scenario),
        "worlds": drawn.map(worlds),
        "points": points,
        "files_sha256": hashes,
        "machine": {
            "threads": machine.threads,
            "host_cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
            "operating_system": std::env::consts::OS,
            "architecture": std::env::consts::ARCH,
            "wall_seconds": machine.seconds,
            "rounds_per_second": machine.rounds as f64 / machine.seconds.max(1e-9),
            "peak_memory_mb": peak_memory_mb(),
        },
    });
    let text = serde_json::to_string_pretty(&manifest).map_err(io::Error::other)?;
    write_whole(&out.join("manifest.json"), format!("{text}\n").as_bytes())
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
