//! What comes after the engine, read back: tables against the rounds that they sum up, and the report and the charts
//! against the tables.
//!
//! Two rule sets on a small synthetic market in four worlds of ten rounds, the first four of them burn-in; the last
//! year has two rounds.

mod package;
mod page;
mod rounds;
mod studies;
mod summaries;

use super::{rebalance, scratch};
use rebalance::folder::files::table;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

type Row = BTreeMap<String, String>;

const BURN_IN: u32 = 4;
const ROUNDS: u32 = 10;
const WORLDS: usize = 4;
/// Names of the rule sets, the baseline first.
const RULES: [&str; 2] = ["baseline", "lowest-price"];

/// The results folder, played once for all tests.
fn results() -> &'static Path {
    static RESULTS: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, results) = RESULTS.get_or_init(|| {
        let folder = scratch();
        let sets = [
            "world.areas=3",
            "world.services=2",
            "world.charities_per_area=24",
            "run.rounds=10",
            "run.burn_in=4",
            "output.tenders=true",
            "output.charities='all'",
            "rules.weight_social=0.1",
            "rules.weight_price=0.4",
            "rules.weight_quality=0.5",
            "behaviour.closure_rounds=1",
        ];
        let mut arguments = vec![
            "compare",
            "synthetic",
            "--rules",
            "lowest-price",
            "--split",
            "--replicates",
            "4",
            "--quiet",
        ];
        sets.iter().for_each(|set| arguments.extend(["--set", *set]));
        let output = rebalance(folder.path(), &arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let results = folder.path().join("output/synthetic-compare");
        (folder, results)
    });
    results
}

fn rows(name: &str) -> Vec<Row> {
    rows_in(results(), name)
}

fn rows_in(folder: &Path, name: &str) -> Vec<Row> {
    let mut reader = table(&folder.join(name), true).expect("a table");
    reader.deserialize::<Row>().map(|row| row.expect("a row")).collect()
}

fn number(row: &Row, column: &str) -> Option<f64> {
    let cell = &row[column];
    (!cell.is_empty()).then(|| cell.parse().unwrap_or_else(|_| panic!("{column} is {cell}")))
}

fn whole(row: &Row, column: &str) -> u32 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} is {}", row[column]))
}

fn near(found: f64, by_hand: f64) -> bool {
    (found - by_hand).abs() <= 1e-9 * by_hand.abs().max(1e-3)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Variance between worlds.
fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() - 1) as f64
}

/// Half the width of a 95% interval of Student's t, from its table.
fn half_width(values: &[f64]) -> f64 {
    let t = [12.706_204_736, 4.302_652_730, 3.182_446_305][values.len() - 2];
    t * (variance(values) / values.len() as f64).sqrt()
}

/// Ends of an interval, which may be cut at a bound of its measure.
fn ends_at(row: &Row, low: f64, high: f64) -> bool {
    let (found_low, found_high) =
        (number(row, "ci_low").expect("low"), number(row, "ci_high").expect("high"));
    let cut = |found: f64| [0.0, 1.0, -1.0, 10_000.0, -10_000.0].contains(&found);
    let tolerance = 1e-7 * (high - low) + 1e-12 * low.abs();
    let at = |found: f64, end: f64| (found - end).abs() <= tolerance;
    (at(found_low, low) || cut(found_low) && found_low > low)
        && (at(found_high, high) || cut(found_high) && found_high < high)
}

/// Values of a measure, world by world: means of the rounds after the burn-in of `rounds.csv`.
fn worlds(rounds: &[Row], rules: &str, measure: &str) -> Vec<Option<f64>> {
    let of = |world: usize| {
        let rows = rounds.iter().filter(|row| {
            row["rules"] == rules && row["replicate"] == world.to_string() && whole(row, "round") >= BURN_IN
        });
        let values: Vec<f64> = rows.filter_map(|row| number(row, measure)).collect();
        (!values.is_empty()).then(|| mean(&values))
    };
    (0..WORLDS).map(of).collect()
}

fn all_worlds(rounds: &[Row], rules: &str, measure: &str) -> Vec<f64> {
    worlds(rounds, rules, measure).into_iter().map(|value| value.expect("a value in every world")).collect()
}
