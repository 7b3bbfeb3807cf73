//! Uncertain worlds: what may be uncertain, how mistakes are told, and that rule sets stay paired.

use super::program::complained;
use super::{files, rebalance, scratch};
use rebalance::scenario::{load, write};
use std::path::Path;

const HEAD: &str = "version = 1\nextends = \"synthetic\"\n[run]\nrounds = 6\nburn_in = 2\nreplicates = 4\n";

fn write_file(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a file");
}

fn table(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(folder.join(name)).expect("a table");
    text.lines().map(|line| line.split(',').map(str::to_string).collect()).collect()
}

#[test]
fn rule_sets_meet_the_same_uncertain_worlds() {
    let folder = scratch();
    let ranges = "[uncertainty]\nranges = { \"market.attrition\" = [0.1, 0.4], \"market.lots_per_market\" = [3, 6] }\n";
    write_file(folder.path(), "mine.toml", &format!("{HEAD}{ranges}"));
    write_file(folder.path(), "same.toml", "name = \"same\"\n[rules]\nframework_places = 5\n");
    let compare = |out: &str, threads: &str| {
        let output = rebalance(
            folder.path(),
            &[
                "compare",
                "mine.toml",
                "--rules",
                "same.toml",
                "lowest-price",
                "--quiet",
                "--out",
                out,
                "--threads",
                threads,
            ],
        );
        assert!(output.status.success(), "{}", complained(&output));
    };
    compare("one", "1");
    compare("two", "2");
    let out = folder.path().join("one");
    assert!(files(&out) == files(&folder.path().join("two")), "threads change no byte");
    let worlds = table(&out, "worlds.csv");
    assert_eq!(worlds[0], ["replicate", "market.attrition", "market.lots_per_market"]);
    assert_eq!(worlds.len(), 5);
    let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    assert!(manifest.contains(&format!("\"market.attrition\": {}", worlds[4][1])), "{manifest}");
    for row in table(&out, "comparison.csv").iter().filter(|row| row[0] == "same") {
        assert_eq!(row[3], "0", "{row:?}");
    }
    // Lots per market are as drawn: tenders differ between worlds.
    let summary = table(&out, "summary.csv");
    let tenders = summary.iter().find(|row| row[1] == "holders").expect("a measure");
    assert!(tenders[3].parse::<f64>().expect("an s.d.") > 0.0);
}

#[test]
fn a_region_gives_its_points_and_survives_byte_order_marks_and_semicolons() {
    let folder = scratch();
    write_file(
        folder.path(),
        "region.csv",
        "\u{feff}market.attrition;behaviour.founding_rate\n0.1;0.01\n0.3; 0.02\n\n",
    );
    write_file(folder.path(), "mine.toml", &format!("{HEAD}[uncertainty]\nregion = \"region.csv\"\n"));
    let output = rebalance(folder.path(), &["run", "mine.toml", "--quiet", "--out", "out"]);
    assert!(output.status.success(), "{}", complained(&output));
    let worlds = table(&folder.path().join("out"), "worlds.csv");
    assert_eq!(worlds.len(), 5);
    let mut points: Vec<String> = worlds[1..].iter().map(|row| row[1..].join(" ")).collect();
    points.sort();
    assert_eq!(points, ["0.1 0.01", "0.1 0.01", "0.3 0.02", "0.3 0.02"]);
}

#[test]
fn all_mistakes_are_told_at_once_with_place_range_and_unit() {
    let folder = scratch();
    let block = "[uncertainty]\ndesing = \"sobol\"\ndesign = \"grid\"\n[uncertainty.ranges]\n\
                 \"market.contract_spred\" = [2.5, 2.8]\n\"market.attrition\" = [0.3, 0.1]\n\
                 \"market.lots_per_market\" = [1.5, 3]\n\"rules.formula\" = [0, 1]\n\"run.seed\" = [1, 2]\n\
                 \"market.contract_spread\" = [2.5, 99]\n\"rules.notice_weeks\" = 4\n";
    write_file(folder.path(), "mine.toml", &format!("version = 1\n{block}"));
    let output = rebalance(folder.path(), &["check", "mine.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let message = complained(&output);
    for expected in [
        "there is no key \"desing\" in [uncertainty]",
        "did you mean \"design\"?",
        "mine.toml:4:10",
        "design is \"sobol\" or \"latin-hypercube\"",
        "did you mean \"market.contract_spread\"?",
        "the range is empty",
        "1.5 is not a whole number",
        "rules.formula is a choice between words; only numbers can be uncertain",
        "run.seed must be the same in all worlds of a run",
        "99 is out of range",
        "market.contract_spread takes a number from 0 to",
        "a range is a list of two numbers",
        "rules.notice_weeks takes a number from 0 to 104 (weeks)",
    ] {
        assert!(message.contains(expected), "{expected}\n{message}");
    }
}

#[test]
fn mistakes_in_a_region_have_line_and_column() {
    let folder = scratch();
    write_file(folder.path(), "region.csv", "market.attrition,market.atrition\n0.1,0.2\nx,0.1\n3,0.1\n1\n");
    write_file(folder.path(), "mine.toml", "version = 1\n[uncertainty]\nregion = \"region.csv\"\n");
    let message = complained(&rebalance(folder.path(), &["check", "mine.toml"]));
    for expected in
        ["region.csv:1:18", "region.csv:3:1", "\"x\" is not a number", "3 is out of range", "region.csv:5:1"]
    {
        assert!(message.contains(expected), "{expected}\n{message}");
    }
    write_file(
        folder.path(),
        "mine.toml",
        "version = 1\n[uncertainty]\nregion = \"../region.csv\"\nranges = {}\n",
    );
    let message = complained(&rebalance(folder.path(), &["check", "mine.toml"]));
    assert!(message.contains("the path leaves the scenario's folder"), "{message}");
    assert!(message.contains("not from both"), "{message}");
}

#[test]
fn the_resolved_scenario_keeps_what_is_uncertain() {
    let folder = scratch();
    let ranges = "[uncertainty]\ndesign = \"latin-hypercube\"\nfixed = [\"market.attrition\"]\n\
                  ranges = { \"market.attrition\" = [0.1, 0.4], \"market.lots_per_market\" = [3, 6] }\n";
    write_file(folder.path(), "mine.toml", &format!("{HEAD}{ranges}"));
    let name = folder.path().join("mine.toml").to_string_lossy().into_owned();
    let scenario = load(&name, &["market.lots_per_market=4".into()]).expect("valid");
    let fixed: Vec<bool> = scenario.uncertainty.iter().flat_map(|u| &u.keys).map(|key| key.fixed).collect();
    assert_eq!(fixed, [true, true]);
    write_file(folder.path(), "again.toml", &write::to_toml(&scenario));
    let again = load(&folder.path().join("again.toml").to_string_lossy(), &[]).expect("valid");
    assert_eq!(again, scenario);
}
