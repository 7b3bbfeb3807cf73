//! Commissioners that learn which rules of a menu serve them.

use super::program::complained;
use super::{rebalance, scratch};
use std::path::Path;

const MENU: &str =
    "version = 1\nextends = \"synthetic\"\n[[menu]]\nname = \"pay less\"\nrules.ceiling_ratio = 0.8\n";
const ROUNDS: usize = 60;

/// A measure round by round, averaged over replicates; NaN where it is empty.
fn mean_by_round(folder: &Path, sets: &[&str], measure: &str) -> Vec<f64> {
    std::fs::write(folder.join("menu.toml"), MENU).expect("written");
    let rounds = format!("run.rounds={ROUNDS}");
    let mut arguments =
        vec!["run", "menu.toml", "--replicates", "4", "--quiet", "--force", "--out", "out", "--set", &rounds];
    arguments.extend(sets.iter().flat_map(|set| ["--set", set]));
    let output = rebalance(folder, &arguments);
    assert!(output.status.success(), "{}", complained(&output));
    let mut reader = csv::Reader::from_path(folder.join("out/rounds.csv")).expect("a table");
    let place = reader.headers().expect("columns").iter().position(|name| name == measure).expect("a column");
    let mut means = vec![0.0; ROUNDS];
    for row in reader.records().map(|row| row.expect("a row")) {
        means[row[2].parse::<usize>().expect("a round")] +=
            row[place].parse::<f64>().unwrap_or(f64::NAN) / 4.0;
    }
    means
}

#[test]
fn commissioners_find_what_serves_their_goal() {
    let folder = scratch();
    let late = |goal: &str| {
        let goal = format!("rules.learning_goal='{goal}'");
        let shares = mean_by_round(folder.path(), &["rules.learning='bandit'", &goal], "menu_share_1");
        assert_eq!(shares[..4], [0.0; 4], "the first year is the scenario's");
        // A commissioner that let nothing and called for nothing in the first year has not tried its own rules.
        assert!(shares[4..8].iter().all(|&share| share > 0.9), "the second year tries the option");
        shares[40..].iter().sum::<f64>() / 20.0
    };
    let (cost, outcomes) = (late("cost"), late("outcomes"));
    let report = std::fs::read_to_string(folder.path().join("out/report.html")).expect("a report");
    let (_, chosen) = report.split_once("What commissioners chose").expect("a table of options");
    let share = |option: &str| -> f64 {
        let row = chosen.lines().find(|line| line.contains(option)).expect("a row");
        row.split("<td>").nth(3).and_then(|cell| cell.split('%').next()?.parse().ok()).expect("a share")
    };
    assert_eq!(share("pay less") + share("the rules of the scenario"), 100.0);
    assert!(chosen.contains("<td>rules.ceiling_ratio = 0.8</td>"), "{chosen}");
    // Exploration alone keeps a share of .05 away from the better option.
    assert!(cost > 0.75, "{cost}");
    assert!(outcomes < 0.4 && outcomes > 0.0, "{outcomes}");
}

#[test]
fn a_menu_changes_nothing_where_nobody_learns_nor_before_the_first_choice() {
    let folder = scratch();
    let served = |sets: &[&str]| mean_by_round(folder.path(), sets, "people_served");
    let fixed = served(&[]);
    let report = std::fs::read_to_string(folder.path().join("out/report.html")).expect("a report");
    assert!(!report.contains("What commissioners chose"));
    let learning = served(&["rules.learning='bandit'"]);
    assert_eq!(fixed[..4], learning[..4]);
    assert_ne!(fixed, learning);
    let alone = folder.path().join("menu.toml");
    assert!(mean_by_round(folder.path(), &[], "menu_share_1").iter().all(|share| share.is_nan()));
    std::fs::remove_file(alone).expect("a file");
    let output = rebalance(
        folder.path(),
        &["run", "synthetic", "--replicates", "4", "--quiet", "--set", "run.rounds=60", "--out", "plain"],
    );
    assert!(output.status.success(), "{}", complained(&output));
    let without_menu = |name: &str| {
        let text = std::fs::read_to_string(folder.path().join(name)).expect("a table");
        let rows = text.lines().map(|line| {
            let cells: Vec<&str> = line.split(',').skip(1).collect();
            cells[..cells.len() - 4].join(",")
        });
        rows.collect::<Vec<_>>()
    };
    assert_eq!(without_menu("out/rounds.csv"), without_menu("plain/rounds.csv"));
}
