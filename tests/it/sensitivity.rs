//! Sensitivity: what surely matters is found, what cannot matter is not, and chance has its share.

use super::program::{complained, printed};
use super::{files, rebalance, scratch};
use std::collections::BTreeMap;

const SMALL: [&str; 8] = [
    "--set",
    "run.rounds=8",
    "--set",
    "run.burn_in=4",
    "--set",
    "world.areas=4",
    "--set",
    "world.charities_per_area=20",
];

/// Cells of `sensitivity.csv` by factor and column.
fn table(path: &std::path::Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).expect("a table");
    let header: Vec<&str> = text.lines().next().expect("a header").split(',').collect();
    let cells = |line: &str| {
        header.iter().zip(line.split(',')).map(|(a, b)| (a.to_string(), b.to_string())).collect()
    };
    let rows = text.lines().skip(1).map(|line| {
        let cells: BTreeMap<String, String> = cells(line);
        (cells["factor"].clone(), cells)
    });
    rows.collect()
}

#[test]
fn attrition_moves_the_waiting_list_and_an_unused_key_moves_nothing() {
    let folder = scratch();
    let call = |out: &str, threads: &str| {
        let arguments = [
            "sensitivity",
            "synthetic",
            "--measure",
            "unmet_need_people",
            "--vary",
            "market.attrition=0.05..0.5",
            "--vary",
            "rules.formula=absolute-linear,relative-to-lowest,average-price",
            "--vary",
            "population.cost_power=0.5..2",
            "--points",
            "64",
            "--trajectories",
            "12",
            "--quiet",
            "--out",
            out,
            "--threads",
            threads,
        ];
        let output = rebalance(folder.path(), &[&arguments[..], &SMALL].concat());
        assert!(output.status.success(), "{}", complained(&output));
    };
    call("one", "1");
    let points = std::fs::read_to_string(folder.path().join("one/sensitivity_points.csv")).expect("a table");
    let header = "point,replicate,market.attrition,rules.formula,population.cost_power,unmet_need_people";
    assert_eq!(points.lines().next(), Some(header));
    assert_eq!(points.lines().count(), 1 + 12 * 4 + 64 * 6, "every run with its values");
    call("two", "2");
    assert!(files(&folder.path().join("one")) == files(&folder.path().join("two")), "threads change no byte");
    let table = table(&folder.path().join("one/sensitivity.csv"));
    let number = |factor: &str, column: &str| table[factor][column].parse::<f64>().expect("a number");
    assert!(number("market.attrition", "total") > 0.8);
    assert!(number("market.attrition", "mu") < 0.0, "more people leave, fewer wait");
    assert_eq!(number("population.cost_power", "mu_star"), 0.0);
    assert_eq!(number("population.cost_power", "total"), 0.0);
    assert!(number("chance", "total") > 0.0 && number("chance", "share_of_one_run") < 0.2);
    assert_eq!(table["rules.formula"]["kind"], "category");
    assert!(folder.path().join("one/charts/sensitivity.svg").is_file());
}

#[test]
fn ranges_of_the_scenario_are_its_factors() {
    let folder = scratch();
    let text = "version = 1\nextends = \"synthetic\"\n[uncertainty]\nranges = { \"market.attrition\" = [0.1, 0.3] }\n";
    std::fs::write(folder.path().join("mine.toml"), text).expect("written");
    let arguments = [
        "sensitivity",
        "mine.toml",
        "--measure",
        "outcomes",
        "--points",
        "0",
        "--trajectories",
        "3",
        "--out",
        "out",
    ];
    let output = rebalance(folder.path(), &[&arguments[..], &SMALL].concat());
    assert!(output.status.success(), "{}", complained(&output));
    assert!(printed(&output).starts_with("6 runs of 8 rounds to play: 3 trajectories x 2\n"));
    let table = table(&folder.path().join("out/sensitivity.csv"));
    assert_eq!(table.keys().collect::<Vec<_>>(), ["market.attrition"]);
    assert_eq!(table["market.attrition"]["first_order"], "");
    let again = rebalance(folder.path(), &[&arguments[..], &SMALL].concat());
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn questions_without_an_answer_are_refused() {
    let folder = scratch();
    for (arguments, why) in [
        (vec!["--measure", "outcome"], "did you mean \"outcomes\"?"),
        (vec!["--measure", "outcomes"], "nothing varies in this scenario"),
        (vec!["--measure", "outcomes", "--vary", "rules.formula=lowest-price"], "one value only"),
        (vec!["--measure", "outcomes", "--vary", "rules.price_floor=2..3"], "above ceiling_ratio"),
        (
            vec![
                "--measure",
                "outcomes",
                "--vary",
                "market.attrition=0.1..0.2",
                "--points",
                "0",
                "--trajectories",
                "0",
            ],
            "nothing to play",
        ),
    ] {
        let output = rebalance(folder.path(), &[&["sensitivity", "synthetic"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complained(&output).contains(why), "{}", complained(&output));
    }
    assert!(!folder.path().join("output").exists());
}
