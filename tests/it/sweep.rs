//! Sweeps: a point is what a run with the same values is, to the last digit.

use super::program::complained;
use super::{files, rebalance, scratch};

const SMALL: [&str; 8] =
    ["--set", "run.rounds=8", "--set", "run.burn_in=2", "--set", "world.areas=6", "--replicates", "3"];

#[test]
fn a_point_of_a_sweep_is_the_run_at_its_values() {
    let folder = scratch();
    let call = |arguments: &[&str]| {
        let output = rebalance(folder.path(), &[arguments, &SMALL, &["--quiet"]].concat());
        assert!(output.status.success(), "{}", complained(&output));
    };
    let table = |name: &str| -> Vec<Vec<String>> {
        let text = std::fs::read_to_string(folder.path().join(name)).expect("a table");
        text.lines().map(|line| line.split(',').map(str::to_string).collect()).collect()
    };
    let vary = ["--vary", "market.attrition=0.1..0.3:2", "--vary", "rules.weight_price=0.4"];
    call(&[&["compare", "synthetic", "--rules", "lowest-price", "--out", "sweep"], &vary[..]].concat());
    let set = ["--set", "market.attrition=0.3", "--set", "output.charts=false"];
    call(&[&["compare", "synthetic", "--rules", "lowest-price", "--out", "point"], &set[..]].concat());
    let (sweep, summary, comparison) =
        (table("sweep/sweep.csv"), table("point/summary.csv"), table("point/comparison.csv"));
    assert_eq!(&sweep[0][..5], ["point", "market.attrition", "rules.weight_price", "rules", "measure"]);
    let measure = "people_served";
    let rows: Vec<&Vec<String>> = sweep.iter().filter(|row| row[4] == measure).collect();
    assert_eq!(rows.len(), 4);
    let own = rows.iter().find(|row| row[1] == "0.3" && row[3] == "lowest-price").expect("a row");
    let mean = summary.iter().find(|row| row[0] == "lowest-price" && row[1] == measure).expect("a row");
    assert_eq!(own[5], mean[2]);
    let apart = comparison.iter().find(|row| row[2] == measure).expect("a row");
    assert_eq!(own[10], apart[3]);
    // The second point less the first is the difference of their means.
    let differences = table("sweep/sweep_differences.csv");
    assert_eq!(differences[0][3..7], ["rules", "measure", "difference", "ci_low"]);
    let apart = differences.iter().find(|row| row[3] == "lowest-price" && row[4] == measure).expect("a row");
    let first = rows.iter().find(|row| row[0] == "0" && row[3] == "lowest-price").expect("a row");
    let mean = |row: &[String], column: usize| row[column].parse::<f64>().expect("a number");
    assert_eq!([apart[0].as_str(), &apart[1], &apart[9]], ["1", "0.3", "3"]);
    assert!((mean(apart, 5) - (mean(own, 5) - mean(first, 5))).abs() < 1e-6, "{apart:?}");
    let chart = std::fs::read_to_string(folder.path().join("sweep/charts/sweep.svg")).expect("a chart");
    assert!(chart.contains("3 replicates a point"));
    let package = std::fs::read_to_string(folder.path().join("sweep/datapackage.json")).expect("a package");
    assert!(package.contains("\"name\": \"market.attrition\""));
    assert!(package.contains("mean paired difference from the same rule set at the first point"));
    call(
        &[
            &["compare", "synthetic", "--rules", "lowest-price", "--out", "again", "--threads", "1"],
            &vary[..],
        ]
        .concat(),
    );
    assert!(files(&folder.path().join("sweep")) == files(&folder.path().join("again")));
}

#[test]
fn designs_other_than_a_grid_take_ranges_and_categories() {
    let folder = scratch();
    let arguments = [
        "run",
        "synthetic",
        "--quiet",
        "--design",
        "sobol",
        "--points",
        "4",
        "--vary",
        "market.attrition=0.1..0.3",
        "--vary",
        "rules.formula=lowest-price,absolute-linear",
        "--out",
        "out",
    ];
    let output = rebalance(folder.path(), &[&arguments[..], &SMALL].concat());
    assert!(output.status.success(), "{}", complained(&output));
    let text = std::fs::read_to_string(folder.path().join("out/sweep.csv")).expect("a table");
    assert_eq!(
        text.lines().filter(|line| line.contains(",outcomes,") && line.contains(",lowest-price,")).count(),
        2
    );
    let again = rebalance(folder.path(), &[&arguments[..], &SMALL].concat());
    assert_eq!(again.status.code(), Some(2));
    assert!(complained(&again).contains("already holds results"));
}

#[test]
fn mistakes_are_refused_before_anything_is_played() {
    let folder = scratch();
    for (arguments, why) in [
        (vec!["--vary", "market.atrition=0.1,0.2"], "did you mean \"market.attrition\"?"),
        (vec!["--vary", "market.attrition=0.1..0.3"], "a grid needs steps for market.attrition"),
        (vec!["--vary", "market.attrition=0.1,0.2", "--until-precise", "outcomes=1%"], "asks for one study"),
        (vec!["--vary", "market.attrition=0.1,0.2", "--design", "cube"], "designs are grid"),
        (vec!["--points", "8"], "--design and --points go with --vary"),
        (vec!["--vary", "rules.price_floor=0.5,2"], "above ceiling_ratio"),
    ] {
        let output = rebalance(folder.path(), &[&["run", "synthetic"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complained(&output).contains(why), "{}", complained(&output));
    }
    assert!(!folder.path().join("output").exists());
}
