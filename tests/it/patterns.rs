//! England's defaults against the stylised facts that they were set by.

use super::program::{complained, printed};
use super::{rebalance, scratch};
use rebalance::experiment::Stage;
use rebalance::patterns::observe;
use rebalance::scenario::load;

#[test]
fn england_shows_the_facts_that_its_defaults_answer_to_with_teams_and_without() {
    answers("england", &["T21"]);
    answers("england-solo", &[]);
}

/// Whether the rows that defaults answer to hold, and some more.
fn answers(name: &str, more: &[&str]) {
    let sets = ["run.replicates=2", "run.rounds=36"].map(String::from);
    let scenario = load(name, &sets).expect("valid");
    let stage = Stage::new(vec![&scenario], None).expect("built");
    let patterns = observe(&stage).expect("run");
    let rows = [
        "T01r1", "T01r2", "T01r3", "T01r4", "T02", "T04", "T05", "T08", "T10", "T11a", "T11b", "T12", "T15a",
        "T15b", "T17b", "T18a", "T19",
    ];
    for row in rows.iter().chain(more) {
        let pattern = patterns.iter().find(|pattern| pattern.target.id == *row).expect("a target");
        let simulated = pattern.simulated.expect("simulated").mean;
        assert_eq!(pattern.target.usage, "calibrate");
        // Two replicates of 36 rounds are noisier than the eight of 48 by which defaults are judged.
        let slack = 0.1 * (pattern.target.high - pattern.target.low);
        assert!(
            (pattern.target.low - slack..=pattern.target.high + slack).contains(&simulated),
            "{row} {}: {simulated}",
            pattern.target.fact
        );
    }
}

#[test]
fn the_observed_market_is_as_concentrated_as_it_is() {
    let sets = ["run.replicates=2", "run.rounds=36"].map(String::from);
    let scenario = load("substance-misuse", &sets).expect("valid");
    let stage = Stage::new(vec![&scenario], None).expect("built");
    let patterns = observe(&stage).expect("run");
    assert!(patterns.iter().all(|pattern| pattern.target.scope == "substance-misuse"));
    // Both lie at an edge of their ranges (docs/VALIDATION.md): a tenth of the range is allowed.
    for (row, slack) in [("T30", 0.1), ("T31", 0.1)] {
        let pattern = patterns.iter().find(|pattern| pattern.target.id == row).expect("a target");
        assert!(pattern.simulated.is_some() && pattern.misfit() <= slack, "{row}: {:?}", pattern.simulated);
    }
}

#[test]
fn the_table_has_what_a_paper_needs_and_the_chart_stands_beside_it() {
    let folder = scratch();
    let sets =
        ["--set", "run.rounds=12", "--set", "run.burn_in=4", "--replicates", "2", "--quiet", "--out", "out"];
    let output = rebalance(folder.path(), &[&["patterns", "quick"], &sets[..]].concat());
    assert!(output.status.success(), "{}", complained(&output));
    let table = std::fs::read_to_string(folder.path().join("out/patterns.csv")).expect("a table");
    let columns: Vec<&str> = table.lines().next().expect("a head").split(',').collect();
    for column in
        ["id", "fact", "low", "high", "simulated", "ci_low", "ci_high", "n", "use", "verdict", "source"]
    {
        assert!(columns.contains(&column), "{column}: {columns:?}");
    }
    assert!(folder.path().join("out/charts/patterns.png").is_file());
}

const UNCERTAIN: &str = "version = 1\nextends = \"quick\"\n[run]\nrounds = 10\nburn_in = 4\nreplicates = 3\n\
                         [uncertainty]\nranges = { \"population.no_reserves_share\" = [0.1, 0.9] }\n";

#[test]
fn uncertain_worlds_are_drawn_and_widen_the_interval() {
    let folder = scratch();
    std::fs::write(folder.path().join("mine.toml"), UNCERTAIN).expect("written");
    let width = |out: &str, sets: &[&str]| -> f64 {
        let output = rebalance(folder.path(), &[&["patterns", "mine.toml", "--out", out], sets].concat());
        assert!(output.status.success(), "{}", complained(&output));
        let drawn = printed(&output).contains("1 uncertain parameter");
        assert_eq!(drawn, sets.is_empty(), "{}", printed(&output));
        let mut table =
            csv::Reader::from_path(folder.path().join(out).join("patterns.csv")).expect("a table");
        let row =
            table.records().map(|row| row.expect("a row")).find(|row| &row[0] == "T17a").expect("a fact");
        row[8].parse::<f64>().expect("an end") - row[7].parse::<f64>().expect("an end")
    };
    let (drawn, stated) =
        (width("drawn", &[]), width("stated", &["--set", "population.no_reserves_share=0.3"]));
    assert!(drawn > 10.0 * stated, "{drawn} {stated}");
}
