//! A reform beside its never-reformed twin.

use super::program::{complained, printed};
use super::{rebalance, scratch};
use std::path::Path;

const REFORM: &str = "version = 1\nextends = \"quick\"\n[[reform]]\nfrom_round = 12\nrules.weight_price = 0.9\n\
                      rules.weight_quality = 0.1\n[[reform]]\nfrom_round = 16\nrules.notice_weeks = 2\n";

fn run(folder: &Path, scenario: &str, out: &str) {
    let arguments = ["run", scenario, "--replicates", "3", "--set", "run.rounds=24", "--quiet", "--out", out];
    let output = rebalance(folder, &arguments);
    assert!(output.status.success(), "{}", complained(&output));
}

/// A measure round by round, averaged over replicates.
fn mean_by_round(folder: &Path, measure: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_path(folder.join("rounds.csv")).expect("a table");
    let place = reader.headers().expect("columns").iter().position(|name| name == measure).expect("a column");
    let mut means = vec![0.0; 24];
    for row in reader.records().map(|row| row.expect("a row")) {
        let round: usize = row[2].parse().expect("a round");
        means[round] += row[place].parse::<f64>().expect("a value") / 3.0;
    }
    means
}

#[test]
fn a_reform_is_shown_beside_the_same_worlds_never_reformed() {
    let folder = scratch();
    std::fs::write(folder.path().join("reform.toml"), REFORM).expect("written");
    run(folder.path(), "reform.toml", "with");
    run(folder.path(), "quick", "without");
    assert!(!folder.path().join("without/event_study.csv").exists(), "nothing was reformed");
    let with = mean_by_round(&folder.path().join("with"), "people_served");
    let without = mean_by_round(&folder.path().join("without"), "people_served");
    let mut reader = csv::Reader::from_path(folder.path().join("with/event_study.csv")).expect("a table");
    let (mut rows, mut moved) = (0, false);
    for row in reader.records().map(|row| row.expect("a row")) {
        let since: i32 = row[2].parse().expect("rounds");
        let difference: f64 = row[3].parse().expect("a difference");
        if since < 0 {
            // One world alone has no interval.
            let end = if &row[7] == "1" { "" } else { "0" };
            assert_eq!([&row[3], &row[4], &row[5]], ["0", end, end], "{row:?}");
        }
        moved |= since >= 0 && difference != 0.0;
        if &row[1] == "people_served" {
            let round = (since + 12) as usize;
            assert!((difference - (with[round] - without[round])).abs() < 1e-9, "{row:?}");
            rows += 1;
        }
    }
    assert!(moved && rows == 24, "{rows}");
    for ending in ["svg", "png", "csv"] {
        assert!(folder.path().join(format!("with/charts/event-study.{ending}")).is_file());
    }
    let package = std::fs::read_to_string(folder.path().join("with/datapackage.json")).expect("a package");
    assert!(package.contains("rounds_since_reform"));
}

/// The row of the effect on a measure, after the heading of the table.
fn effect_row(text: &str, label: &str) -> Vec<String> {
    let (_, effects) = text.split_once("less the same worlds never reformed").expect("a table of effects");
    let row = effects.lines().find(|line| line.starts_with(label)).expect("a row");
    row[label.len()..].split_whitespace().map(str::to_string).collect()
}

#[test]
fn a_run_ends_with_the_effect_of_the_reform_and_a_comparison_says_what_it_compares() {
    let folder = scratch();
    std::fs::write(folder.path().join("reform.toml"), REFORM).expect("written");
    let sets = ["--replicates", "2", "--set", "run.rounds=20", "--set", "run.burn_in=14"];
    let call = |arguments: &[&str]| {
        let output = rebalance(folder.path(), &[arguments, &sets].concat());
        assert!(output.status.success(), "{}", complained(&output));
        printed(&output)
    };
    let text = call(&["run", "reform.toml", "--out", "run"]);
    assert!(text.contains("mean of rounds 14 to 19, less"), "{text}");
    assert!(text.contains("note: intervals rest on 2 replicates"), "{text}");
    let row = effect_row(&text, "people served, a year");
    assert_eq!((row.len(), row[4].as_str()), (5, "2"), "{row:?}");
    let mut table = csv::Reader::from_path(folder.path().join("run/event_study.csv")).expect("a table");
    let rows = table.records().map(|row| row.expect("a row"));
    let counted =
        rows.filter(|row| &row[1] == "people_served" && row[2].parse::<i32>().expect("rounds") >= 2);
    let effects: Vec<f64> = counted.map(|row| row[3].parse().expect("a difference")).collect();
    let mean = effects.iter().sum::<f64>() / effects.len() as f64;
    let shown: f64 = row[0].replace(',', "").parse().expect("a number");
    assert!(effects.len() == 6 && (shown - mean).abs() < 1.0, "{shown} {mean}");
    let mut table = csv::Reader::from_path(folder.path().join("run/reform.csv")).expect("a table");
    let mut rows = table.records().map(|row| row.expect("a row"));
    let row = rows.find(|row| &row[1] == "people_served").expect("an effect");
    let written: f64 = row[3].parse().expect("a number");
    assert!(&row[2] == "14" && (written - mean).abs() < 1e-6, "{row:?} {mean}");
    let text = call(&["compare", "reform.toml", "--rules", "quality-80", "--out", "compare"]);
    assert!(text.contains("played with the scenario's reforms, the first from round 12 on"), "{text}");
    assert!(text.contains("rules.notice_weeks, rules.weight_price, rules.weight_quality"), "{text}");
    for (out, words) in [
        ("run", "What the reform changed, mean of the rounds from 14 on"),
        ("compare", "Every rule set is played with them"),
    ] {
        let report = std::fs::read_to_string(folder.path().join(out).join("report.html")).expect("a report");
        assert!(report.contains("From round 12 on, everywhere: rules.weight_price = 0.9"), "{out}");
        assert!(report.contains(words), "{out}");
        assert!(report.contains("intervals rest on 2 replicates"), "{out}");
    }
}
