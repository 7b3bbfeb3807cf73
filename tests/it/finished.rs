//! What is finished is never lost without `--force`: another study is refused, the same one with other numbers is put away.

use super::program::{complained, printed};
use super::{files, rebalance, scratch};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

const SMALL: [&str; 8] =
    ["--set", "world.areas=3", "--set", "run.rounds=6", "--set", "run.burn_in=2", "--threads", "2"];
const SWEEP: [&str; 4] = ["run", "synthetic", "--vary", "rules.lot_cap=1,2"];
const SOBOL: [&str; 6] = ["run", "synthetic", "--vary", "market.attrition=0.1..0.3", "--design", "sobol"];
const SENSITIVITY: [&str; 10] = [
    "sensitivity",
    "synthetic",
    "--measure",
    "people_served",
    "--vary",
    "market.attrition=0.1..0.3",
    "--points",
    "4",
    "--trajectories",
    "2",
];
const CALIBRATE: [&str; 8] =
    ["calibrate", "synthetic", "--points", "14", "--waves", "1", "--vary", "rules.ceiling_ratio=0.9..1.2"];

/// Another study, and what is said of it.
type Other<'a> = (Vec<&'a str>, &'a str);

fn call(folder: &Path, verb: &[&str], more: &[&str]) -> Output {
    rebalance(folder, &[verb, &SMALL, &["--out", "out"], more].concat())
}

fn done(folder: &Path, verb: &[&str], more: &[&str]) -> Output {
    let output = call(folder, verb, more);
    assert!(output.status.success(), "{verb:?} {more:?}: {}", complained(&output));
    output
}

/// A verb with one word in place of another.
fn with<'a>(verb: &[&'a str], word: &str, other: &'a str) -> Vec<&'a str> {
    verb.iter().map(|each| if *each == word { other } else { each }).collect()
}

/// Everything in a folder but what is hidden.
fn seen(out: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut seen = files(out);
    seen.retain(|(path, _)| !path.starts_with(".parts") && !path.starts_with(".lock"));
    seen
}

fn replicates(out: &Path) -> u64 {
    let text = fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["replicates"].as_u64().expect("a number")
}

#[test]
fn another_study_is_refused_with_what_differs() {
    let compare = ["compare", "synthetic", "--rules", "lowest-price", "quality-80"];
    let search = ["patterns", "synthetic", "--vary", "rules.lot_cap=1,2"];
    let table: [(&[&str], Vec<Other>); 6] = [
        (
            &SWEEP,
            vec![
                (
                    with(&SWEEP, SWEEP[3], "rules.lot_cap=1,2,3"),
                    "--vary was rules.lot_cap=1,2, and is rules.lot_cap=1,2,3",
                ),
                (with(&SWEEP, SWEEP[3], "market.attrition=0.1,0.2"), "is market.attrition=0.1,0.2"),
                (
                    SENSITIVITY.to_vec(),
                    "what is there is a study of many points, and this is a sensitivity analysis",
                ),
            ],
        ),
        (
            &SENSITIVITY,
            vec![
                (
                    with(&SENSITIVITY, "people_served", "outcomes"),
                    "--measure was people_served, and is outcomes",
                ),
                (
                    with(&SENSITIVITY, SENSITIVITY[5], "market.attrition=0.1..0.2"),
                    "is market.attrition=0.1..0.2",
                ),
                (with(&SENSITIVITY, "2", "3"), "--trajectories was 2, and is 3"),
                (
                    SWEEP.to_vec(),
                    "what is there is a sensitivity analysis, and this is a study of many points",
                ),
            ],
        ),
        (
            &CALIBRATE,
            vec![
                (
                    with(&CALIBRATE, CALIBRATE[7], "rules.ceiling_ratio=0.9..1.1"),
                    "is rules.ceiling_ratio=0.9..1.1",
                ),
                (with(&CALIBRATE, "14", "15"), "--points was 14, and is 15"),
                (with(&CALIBRATE, "1", "2"), "--waves was 1, and is 2"),
            ],
        ),
        (
            &search,
            vec![
                (
                    with(&search, search[3], "rules.lot_cap=1,3"),
                    "--vary was rules.lot_cap=1,2, and is rules.lot_cap=1,3",
                ),
                (
                    search[..2].to_vec(),
                    "what is there is a search among the facts, and this is a run beside the facts",
                ),
            ],
        ),
        (
            &compare,
            vec![(
                [&compare[..], &["--baseline", "quality-80"]].concat(),
                "--baseline was baseline, and is quality-80",
            )],
        ),
        (
            &SOBOL,
            vec![(with(&SOBOL, "sobol", "latin-hypercube"), "--design was sobol, and is latin-hypercube")],
        ),
    ];
    for (verb, others) in table {
        let folder = scratch();
        done(folder.path(), verb, &["--replicates", "1"]);
        let before = files(folder.path());
        for (other, why) in others {
            let output = call(folder.path(), &other, &["--replicates", "1", "--resume"]);
            assert_eq!(output.status.code(), Some(2), "{other:?}: {}", complained(&output));
            assert!(complained(&output).contains(why), "{other:?}: {}", complained(&output));
            assert!(files(folder.path()) == before, "{other:?} left a trace");
        }
        let same = done(folder.path(), verb, &["--replicates", "1", "--resume"]);
        assert!(printed(&same).contains("already complete: out"), "{}", printed(&same));
    }
}

#[test]
fn values_typed_otherwise_are_the_same_study() {
    let folder = scratch();
    done(folder.path(), &["run", "synthetic", "--vary", "market.attrition=0.1,0.20"], &["--replicates", "1"]);
    let again = ["run", "synthetic", "--vary", "market.attrition=0.10,0.2"];
    let output = done(folder.path(), &again, &["--replicates", "1", "--resume"]);
    assert!(printed(&output).contains("already complete: out"), "{}", printed(&output));
}

#[test]
fn other_numbers_put_away_what_is_finished_and_bring_back_what_was() {
    let patterns = ["patterns", "synthetic"];
    for verb in [&["run", "synthetic"][..], &SWEEP, &SENSITIVITY, &patterns, &CALIBRATE] {
        let folder = scratch();
        let out = folder.path().join("out");
        done(folder.path(), verb, &["--replicates", "3"]);
        let three = seen(&out);
        let fewer = done(folder.path(), verb, &["--replicates", "2", "--resume"]);
        assert!(complained(&fewer).contains("now in out/replicates-3"), "{}", complained(&fewer));
        assert_eq!((replicates(&out), replicates(&out.join("replicates-3"))), (2, 3));
        assert!(seen(&out.join("replicates-3")) == three, "{verb:?}");
        fs::remove_dir_all(out.join("replicates-3/charts")).unwrap_or_default();
        let two: Vec<_> =
            seen(&out).into_iter().filter(|(path, _)| !path.starts_with("replicates-3")).collect();
        let back = done(folder.path(), verb, &["--replicates", "3", "--resume", "--quiet"]);
        assert_eq!(printed(&back), "");
        assert_eq!((replicates(&out), replicates(&out.join("replicates-2"))), (3, 2));
        assert!(!out.join("replicates-3").exists());
        assert!(seen(&out.join("replicates-2")) == two, "{verb:?}");
        let brought: Vec<_> =
            seen(&out).into_iter().filter(|(path, _)| !path.starts_with("replicates-2")).collect();
        assert!(brought == three, "{verb:?}: charts are drawn again");
        let same = done(folder.path(), verb, &["--replicates", "3", "--resume"]);
        assert!(printed(&same).contains("already complete: out\n"), "{}", printed(&same));
    }
}

#[test]
fn a_sobol_design_goes_on_with_more_points_and_keeps_the_fewer() {
    let folder = scratch();
    let out = folder.path().join("out");
    let points = |points: &'static str, more: &[&'static str]| {
        done(folder.path(), &SOBOL, &[&["--replicates", "2", "--points", points], more].concat())
    };
    points("4", &[]);
    let four = seen(&out);
    let more = points("6", &["--resume"]);
    let words = "the results of 2 replicates of 4 points that were here are now in out/replicates-2";
    assert!(complained(&more).contains(words), "{}", complained(&more));
    assert!(seen(&out.join("replicates-2")) == four);
    let rows = fs::read_to_string(out.join("sweep.csv")).expect("a table");
    let old = fs::read_to_string(out.join("replicates-2/sweep.csv")).expect("a table");
    assert!(rows.starts_with(&old), "the first points are the same");
    points("4", &["--resume"]);
    let again: Vec<_> =
        seen(&out).into_iter().filter(|(path, _)| !path.starts_with("replicates-2-2")).collect();
    assert!(again == four && !out.join("replicates-2").exists());
}

#[test]
fn what_is_finished_outlives_work_on_more_that_was_cut_short() {
    let folder = scratch();
    let out = folder.path().join("out");
    let run = ["run", "synthetic"];
    done(folder.path(), &run, &["--replicates", "3"]);
    let three = seen(&out);
    // As a kill leaves it, before the tables of more are written.
    let plan = fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    fs::write(out.join(".parts/plan"), plan.replace("\"replicates\": 3", "\"replicates\": 5"))
        .expect("written");
    done(folder.path(), &run, &["--replicates", "2", "--resume"]);
    assert!(seen(&out.join("replicates-3")) == three);
}

#[test]
fn what_was_put_away_is_brought_back_whole_after_a_kill_and_with_what_the_user_made_of_it() {
    let folder = scratch();
    let out = folder.path().join("out");
    let run = ["run", "synthetic"];
    done(folder.path(), &run, &["--replicates", "3"]);
    let three = seen(&out);
    done(folder.path(), &run, &["--replicates", "2", "--resume"]);
    fs::write(out.join("replicates-3/notes.txt"), "mine").expect("written");
    fs::write(out.join("replicates-3/summary.csv"), "my numbers").expect("written");
    // As a kill leaves it, when what was here is put away and some of the rest is back.
    fs::create_dir(out.join("replicates-2")).expect("a folder");
    for (path, _) in seen(&out).iter().filter(|(path, _)| !path.starts_with("replicates-3")) {
        let to = out.join("replicates-2").join(path);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::rename(out.join(path), to).expect("moved");
    }
    fs::rename(out.join("manifest.json"), out.join("replicates-2/manifest.json")).expect("moved");
    let hash = |name: &str| {
        let text = fs::read_to_string(out.join("replicates-3/manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        manifest["files_sha256"][name].as_str().expect("a hash").to_string()
    };
    fs::remove_file(out.join(".parts/finished")).expect("removed");
    fs::copy(out.join("replicates-3/rounds.csv"), out.join("rounds.csv")).expect("copied");
    fs::write(out.join(".parts/written"), format!("{}  rounds.csv\n", hash("rounds.csv"))).expect("written");
    let output = done(folder.path(), &run, &["--replicates", "3", "--resume"]);
    let words = complained(&output);
    assert!(
        words.contains("the results of 3 replicates that were in out/replicates-3 are here again"),
        "{words}"
    );
    assert!(words.contains("summary.csv: not as written; made again"), "{words}");
    assert_eq!(fs::read_to_string(out.join("summary.changed.csv")).expect("kept"), "my numbers");
    assert_eq!(fs::read_to_string(out.join("replicates-3/notes.txt")).expect("left"), "mine");
    let mut back = seen(&out);
    back.retain(|(path, _)| !path.starts_with("replicates-2") && !path.starts_with("replicates-3"));
    back.retain(|(path, _)| !path.ends_with("summary.changed.csv"));
    assert!(back == three);
}

#[test]
fn force_says_what_stays_put_away() {
    let folder = scratch();
    done(folder.path(), &["run", "synthetic"], &["--replicates", "3"]);
    done(folder.path(), &["run", "synthetic"], &["--replicates", "2", "--resume"]);
    let output = done(folder.path(), &["run", "synthetic"], &["--replicates", "2", "--force", "--seed", "9"]);
    let words = "out/replicates-3: results of 3 replicates that were put away, as they were";
    assert!(complained(&output).contains(words), "{}", complained(&output));
    let three = done(folder.path(), &["run", "synthetic"], &["--replicates", "3", "--seed", "9", "--resume"]);
    assert!(!complained(&three).contains("here again"), "of another seed: {}", complained(&three));
}

#[test]
fn report_draws_nothing_from_tables_that_are_not_as_written() {
    let folder = scratch();
    let out = folder.path().join("out");
    done(folder.path(), &["run", "synthetic"], &["--replicates", "2"]);
    let before = seen(&out);
    let summary = fs::read_to_string(out.join("summary.csv")).expect("a table");
    fs::write(out.join("summary.csv"), summary.replacen("people_served,", "people_served,9999.5", 1))
        .expect("edited");
    fs::remove_file(out.join("worlds.csv")).unwrap_or_default();
    fs::remove_file(out.join("areas.csv")).expect("removed");
    fs::write(out.join("report.html"), "my words").expect("edited");
    let refused = rebalance(folder.path(), &["report", "out"]);
    let words = complained(&refused);
    assert_eq!(refused.status.code(), Some(2), "{words}");
    assert!(words.contains("summary.csv: not as written") && words.contains("areas.csv: missing"), "{words}");
    assert!(words.contains("its command with --resume makes tables again"), "{words}");
    assert_eq!(fs::read_to_string(out.join("report.html")).expect("there"), "my words");
    done(folder.path(), &["run", "synthetic"], &["--replicates", "2", "--resume"]);
    let mut after = seen(&out);
    after.retain(|(path, _)| !path.to_string_lossy().contains(".changed."));
    assert!(after == before);
    fs::write(out.join("report.html"), "my words").expect("edited");
    fs::write(out.join("datapackage.json"), "{}").expect("edited");
    assert!(rebalance(folder.path(), &["report", "out"]).status.success(), "no table was edited");
}

#[test]
fn results_do_not_go_into_a_file_or_a_link_that_leads_nowhere() {
    let folder = scratch();
    fs::write(folder.path().join("file"), "mine").expect("written");
    let mut places = vec![("file", "file is a file"), ("file/out", "file is a file")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", folder.path().join("link")).expect("a link");
        places.push(("link", "link is a link that leads nowhere"));
    }
    for (out, why) in places {
        for more in [&[][..], &["--resume"], &["--force"]] {
            for verb in [&["run", "synthetic"][..], &SWEEP, &SENSITIVITY, &CALIBRATE] {
                let output = rebalance(folder.path(), &[verb, &SMALL, &["--out", out], more].concat());
                assert_eq!(output.status.code(), Some(2), "{out}: {}", complained(&output));
                assert!(complained(&output).contains(why), "{}", complained(&output));
            }
        }
    }
    assert_eq!(fs::read_to_string(folder.path().join("file")).expect("there"), "mine");
}
