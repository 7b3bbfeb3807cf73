//! Identity is content: an edited input is refused by name, a moved one is the same, no path of a machine is kept.

use super::program::complained;
use super::{rebalance, scratch};
use std::fs;
use std::path::Path;
use std::process::Output;

const SMALL: [&str; 10] = [
    "--set",
    "run.rounds=6",
    "--set",
    "run.burn_in=2",
    "--replicates",
    "2",
    "--set",
    "output.charts=false",
    "--quiet",
    "--force",
];

fn run(folder: &Path, verb: &[&str], more: &[&str]) -> Output {
    rebalance(folder, &[verb, &SMALL[..9], more].concat())
}

/// A study with a file of every kind that a scenario reads.
fn study(folder: &Path) {
    let areas = include_str!("../../src/world/data/areas.csv");
    let rows: Vec<&str> = areas.lines().take(3).collect();
    fs::write(folder.join("areas.csv"), rows.join("\n") + "\n").expect("written");
    fs::write(folder.join("region.csv"), "market.attrition\n0.1\n0.2\n").expect("written");
    fs::write(folder.join("base.toml"), "version = 1\nextends = \"quick\"\n[market]\nattrition = 0.1\n")
        .expect("written");
    let scenario = "version = 1\nextends = \"base.toml\"\n[world]\nareas_file = \"areas.csv\"\n\
                    sample_authorities = 0\n[uncertainty]\nregion = \"region.csv\"\n";
    fs::write(folder.join("mine.toml"), scenario).expect("written");
    fs::write(folder.join("rules.toml"), "version = 1\n[rules]\nnotice_weeks = 7\n").expect("written");
}

#[test]
fn an_edited_input_is_refused_by_name_in_an_interrupted_and_in_a_finished_folder() {
    let compare = ["compare", "mine.toml", "--rules", "rules.toml", "--out", "out"];
    let edits = [
        ("areas.csv", "E", "E"),
        ("region.csv", "0.2", "0.3"),
        ("rules.toml", "notice_weeks = 7", "notice_weeks = 8"),
        ("base.toml", "attrition = 0.1", "attrition = 0.15"),
    ];
    let folder = scratch();
    study(folder.path());
    let output = run(folder.path(), &compare, &[]);
    assert!(output.status.success(), "{}", complained(&output));
    for interrupted in [false, true] {
        if interrupted {
            // What a kill before the end leaves: the plan, and no manifest.
            let text = fs::read_to_string(folder.path().join("out/manifest.json")).expect("a manifest");
            fs::create_dir_all(folder.path().join("out/.parts")).expect("a folder");
            fs::write(folder.path().join("out/.parts/plan"), text).expect("written");
        }
        for (file, from, to) in edits {
            let path = folder.path().join(file);
            let text = fs::read_to_string(&path).expect("a file");
            let edited = if from == to { format!("{text}\n") } else { text.replacen(from, to, 1) };
            assert_ne!(text, edited);
            fs::write(&path, edited).expect("edited");
            let output = run(folder.path(), &compare, &["--resume"]);
            assert_eq!(output.status.code(), Some(2), "{file}");
            let words = complained(&output);
            assert!(words.contains(&format!("{file} has been edited since")), "{file}: {words}");
            fs::write(&path, text).expect("put back");
        }
        let output = run(folder.path(), &compare, &["--resume"]);
        assert!(output.status.success(), "{}", complained(&output));
    }
}

#[test]
fn moved_files_and_new_names_are_the_same_study() {
    let folder = scratch();
    study(folder.path());
    let output = run(folder.path(), &["run", "mine.toml", "--out", "out"], &[]);
    assert!(output.status.success(), "{}", complained(&output));
    fs::create_dir_all(folder.path().join("elsewhere/data")).expect("a folder");
    for file in ["base.toml", "region.csv"] {
        fs::rename(folder.path().join(file), folder.path().join("elsewhere").join(file)).expect("moved");
    }
    fs::rename(folder.path().join("areas.csv"), folder.path().join("elsewhere/data/areas.csv"))
        .expect("moved");
    let text = fs::read_to_string(folder.path().join("mine.toml")).expect("a scenario");
    let text = text.replace("areas.csv", "data/areas.csv").replace("extends", "# moved\nextends");
    fs::write(folder.path().join("elsewhere/ours.toml"), text).expect("written");
    let output = run(folder.path(), &["run", "elsewhere/ours.toml", "--out", "out"], &["--resume"]);
    assert!(output.status.success(), "{}", complained(&output));
}

#[test]
fn the_manifest_lists_inputs_by_what_their_author_calls_them() {
    let folder = scratch();
    study(folder.path());
    let here = fs::canonicalize(folder.path()).expect("a path");
    let absolute = |name: &str| here.join(name).to_string_lossy().into_owned();
    let (mine, rules) = (absolute("mine.toml"), absolute("rules.toml"));
    let output = run(folder.path(), &["compare", &mine, "--rules", &rules, "--out", "out"], &[]);
    assert!(output.status.success(), "{}", complained(&output));
    let text = fs::read_to_string(folder.path().join("out/manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let inputs = manifest["inputs"].as_array().expect("a list");
    let labels: Vec<&str> = inputs.iter().filter_map(|input| input["file"].as_str()).collect();
    assert_eq!(labels, ["mine.toml", "base.toml", "rules.toml", "areas.csv", "region.csv"]);
    assert!(inputs.iter().all(|input| input["sha256"].as_str().is_some_and(|hash| hash.len() == 64)));
    assert!(!text.contains(&*here.to_string_lossy()), "a path of this machine");
    assert!(text.contains("areas_file = \\\"areas.csv\\\""));
}

#[test]
fn tables_of_all_points_of_a_sweep_count() {
    let folder = scratch();
    study(folder.path());
    fs::copy(folder.path().join("areas.csv"), folder.path().join("other.csv")).expect("copied");
    let sweep = ["run", "quick", "--vary", "world.areas_file=areas.csv,other.csv", "--out", "out"];
    let more = ["--set", "world.sample_authorities=0"];
    let output = run(folder.path(), &sweep, &more);
    assert!(output.status.success(), "{}", complained(&output));
    let other = folder.path().join("other.csv");
    let text = fs::read_to_string(&other).expect("a table");
    fs::write(&other, text + "\n").expect("edited");
    let output = run(folder.path(), &sweep, &[&more[..], &["--resume"]].concat());
    assert!(complained(&output).contains("other.csv has been edited since"), "{}", complained(&output));
}
