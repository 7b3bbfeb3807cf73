//! A reform beside its never-reformed twin.

use super::program::complained;
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
