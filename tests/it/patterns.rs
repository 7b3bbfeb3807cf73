//! England's defaults against the stylised facts that they were set by.

use super::program::{complained, printed};
use super::{rebalance, scratch};
use rebalance::experiment::Stage;
use rebalance::patterns::{Pattern, beside, facts_of, targets_of};
use rebalance::scenario::load;

/// What all replicates of a stage's scenario show, beside the facts.
fn observe(stage: &Stage) -> Vec<Pattern> {
    let targets = targets_of(stage.world(0));
    let replicates = 0..stage.scenario(0).run.replicates;
    let played = replicates.map(|replicate| facts_of(stage, &targets, replicate).expect("run"));
    beside(&targets, &played.collect::<Vec<_>>())
}

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
    let patterns = observe(&stage);
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
    let patterns = observe(&stage);
    assert!(patterns.iter().all(|pattern| pattern.target.scope == "substance-misuse"));
    // Both lie at an edge of their ranges (docs/VALIDATION.md), and two short replicates are noisy.
    for (row, slack) in [("T30", 0.1), ("T31", 0.2)] {
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

#[test]
fn a_small_world_is_measured_on_every_fact() {
    let sets = ["run.replicates=2", "run.rounds=28", "behaviour.merge_rate=0.05"].map(String::from);
    let scenario = load("quick", &sets).expect("valid");
    let stage = Stage::new(vec![&scenario], None).expect("a world");
    let patterns = observe(&stage);
    let in_teams = ["T21", "T22a", "T22b", "T22c", "T23"];
    let missing: Vec<&str> = (patterns.iter())
        .filter(|pattern| !in_teams.contains(&pattern.target.id.as_str()))
        .filter(|pattern| pattern.simulated.is_none())
        .map(|pattern| pattern.target.id.as_str())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn teams_are_held_to_the_facts_about_teams() {
    let forms = ["rules.forms='prime'", "rules.results_share=0.5", "behaviour.motives='dirichlet'"];
    let sets: Vec<String> = forms
        .iter()
        .chain(&["run.replicates=1", "run.rounds=16", "run.burn_in=8"])
        .map(ToString::to_string)
        .collect();
    let scenario = load("quick", &sets).expect("valid");
    let stage = Stage::new(vec![&scenario], None).expect("a world");
    let patterns = observe(&stage);
    let mean = |id: &str| {
        let pattern = patterns.iter().find(|pattern| pattern.target.id == id).expect("a target");
        pattern.simulated.expect("simulated").mean
    };
    assert!(mean("T21") > 5.0 && mean("T21") < 80.0, "{}", mean("T21"));
    // What is lost by all lies between what is lost by small and by large; what is left is the rest.
    let lost = 100.0 - mean("T22a");
    assert!((0.0..=50.0 + 1e-9).contains(&lost), "{lost}");
    assert!((0.0..=100.0).contains(&mean("T23")));
}
