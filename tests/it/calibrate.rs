//! `rebalance calibrate`: files, refusals, resumption, the same bytes for any number of threads.

use super::{rebalance, scratch};
use std::fs;

const SEARCH: [&str; 16] = [
    "calibrate",
    "synthetic",
    "--points",
    "14",
    "--waves",
    "1",
    "--replicates",
    "1",
    "--vary",
    "behaviour.full_cost_pricing=0.5..1",
    "--vary",
    "rules.ceiling_ratio=0.9..1.2",
    "--set",
    "run.rounds=10",
    "--set",
    "run.burn_in=4",
];

#[test]
fn a_search_writes_its_tables_once_and_alike_for_any_number_of_threads() {
    let folder = scratch();
    let run =
        |out: &str, more: &[&str]| rebalance(folder.path(), &[&SEARCH[..], &["--out", out], more].concat());
    let first = run("one", &["--threads", "1"]);
    assert_eq!(first.status.code(), Some(0), "{}", String::from_utf8_lossy(&first.stderr));
    let printed = String::from_utf8_lossy(&first.stdout).into_owned();
    assert!(printed.contains("wave 1:") && printed.contains("the scenario as it stands"), "{printed}");
    assert_eq!(run("two", &["--threads", "2"]).status.code(), Some(0));
    for table in ["points.csv", "ranges.csv", "facts.csv", "region.csv", "charts/calibration.csv"] {
        let read = |out: &str| fs::read(folder.path().join(out).join(table)).expect(table);
        assert_eq!(read("one"), read("two"), "{table}");
    }
    let points = fs::read_to_string(folder.path().join("one/points.csv")).expect("points");
    assert_eq!(points.lines().count(), 15);
    assert!(points.starts_with("wave,behaviour.full_cost_pricing,rules.ceiling_ratio,T01a"), "{points}");
    assert_eq!(run("one", &[]).status.code(), Some(2));
}

#[test]
fn ranges_that_make_no_sense_are_named_before_anything_runs() {
    let folder = scratch();
    let refused = |vary: &str, words: &str| {
        let arguments = ["calibrate", "synthetic", "--points", "3", "--vary", vary];
        let output = rebalance(folder.path(), &arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(words), "{errors}");
    };
    refused("rules.ceiling_ratio=1..0.5", "the range is empty");
    refused("rules.ceiling_ration=0.5..1", "rules.ceiling_ratio");
    refused("rules.formula=lowest-price,fixed-price", "KEY=LOW..HIGH");
    refused("behaviour.full_cost_pricing=0..3", "from 0 to 1");
    assert!(!folder.path().join("output").exists());
}

#[test]
fn too_few_points_are_refused_with_how_many_it_takes() {
    let folder = scratch();
    let output = rebalance(folder.path(), &["calibrate", "quick", "--points", "25", "--waves", "1"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("48 points in all at least"), "{errors}");
}
