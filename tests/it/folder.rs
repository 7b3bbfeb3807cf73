//! A results folder is a database: one writer, nothing of the user's touched, damage found, everything resumed.

use super::program::{complained, printed};
use super::{files, rebalance, scratch};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const SMALL: [&str; 12] = [
    "--set",
    "run.rounds=6",
    "--set",
    "run.burn_in=2",
    "--set",
    "world.areas=3",
    "--set",
    "world.charities_per_area=20",
    "--threads",
    "2",
    "--replicates",
    "3",
];

/// Every verb that writes results, with what it writes.
const VERBS: [(&str, &[&str]); 7] = [
    ("rounds.csv", &["run", "synthetic"]),
    ("comparison.csv", &["compare", "synthetic", "--rules", "lowest-price"]),
    ("sweep.csv", &["run", "synthetic", "--vary", "market.attrition=0.1,0.2"]),
    (
        "sensitivity.csv",
        &[
            "sensitivity",
            "synthetic",
            "--measure",
            "outcomes",
            "--vary",
            "market.attrition=0.1..0.3",
            "--points",
            "4",
            "--trajectories",
            "2",
        ],
    ),
    ("patterns.csv", &["patterns", "synthetic"]),
    ("search.csv", &["patterns", "synthetic", "--vary", "market.attrition=0.1,0.2"]),
    (
        "points.csv",
        &[
            "calibrate",
            "synthetic",
            "--points",
            "14",
            "--waves",
            "1",
            "--vary",
            "rules.ceiling_ratio=0.9..1.2",
        ],
    ),
];

fn call(folder: &Path, verb: &[&str], more: &[&str]) -> Output {
    rebalance(folder, &[verb, &SMALL, more].concat())
}

/// Calls a verb that must end well.
fn done(folder: &Path, verb: &[&str], more: &[&str]) -> Output {
    let output = call(folder, verb, more);
    assert!(output.status.success(), "{verb:?} {more:?}: {}", complained(&output));
    output
}

fn manifest(out: &Path) -> serde_json::Value {
    let text = fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    let mut manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    manifest["machine"] = serde_json::Value::Null;
    manifest
}

/// Same files, same bytes, same manifest but for the machine; what is hidden may differ.
fn assert_same(a: &Path, b: &Path) {
    let seen = |out: &Path| -> Vec<_> {
        files(out).into_iter().filter(|(path, _)| !path.starts_with(".parts")).collect()
    };
    for ((path, one), (other_path, other)) in seen(a).iter().zip(&seen(b)) {
        assert_eq!(path, other_path);
        assert!(one == other, "{} differs", path.display());
    }
    assert_eq!(seen(a).len(), seen(b).len());
    assert_eq!(manifest(a), manifest(b));
}

/// Starts a verb and kills it once a file is there; whether it was still at work.
fn kill_when(folder: &Path, verb: &[&str], more: &[&str], there: &str) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rebalance"))
        .args([verb, &SMALL, more].concat())
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    while !folder.join(there).exists() && child.try_wait().expect("a state").is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("killed");
    !child.wait().expect("it ends").success()
}

#[test]
fn what_the_program_did_not_write_is_never_overwritten_or_removed() {
    for (table, verb) in VERBS {
        let folder = scratch();
        let own = folder.path().join(table);
        fs::write(&own, "my own table\n").expect("written");
        for more in [&["--out", "."][..], &["--out", ".", "--force"], &["--out", ".", "--resume"]] {
            let output = call(folder.path(), verb, more);
            assert_eq!(output.status.code(), Some(2), "{table}");
            assert!(
                complained(&output).contains(&format!("{table} would be overwritten, and no manifest says")),
                "{}",
                complained(&output)
            );
            assert_eq!(files(folder.path()).len(), 1, "nothing else is written");
        }
        assert_eq!(fs::read_to_string(own).expect("still there"), "my own table\n");
    }
}

#[test]
fn areas_beside_the_scenario_are_safe_from_results_in_the_same_folder() {
    let folder = scratch();
    fs::write(folder.path().join("areas.csv"), "mine\n").expect("written");
    let output = call(folder.path(), &["run", "synthetic"], &["--out", "."]);
    assert!(complained(&output).contains("areas.csv would be overwritten"), "{}", complained(&output));
}

#[test]
fn force_replaces_results_and_leaves_what_is_the_users() {
    let folder = scratch();
    for (table, verb) in VERBS {
        done(folder.path(), verb, &["--out", "out"]);
        let out = folder.path().join("out");
        for own in ["charts/mine.png", "notes.txt", ".parts/mine.txt"] {
            fs::create_dir_all(out.join(own).parent().expect("a folder")).expect("a folder");
            fs::write(out.join(own), "mine").expect("written");
        }
        let again = call(folder.path(), verb, &["--out", "out"]);
        assert_eq!(again.status.code(), Some(2), "{table}");
        assert!(complained(&again).contains("already holds results"), "{}", complained(&again));
        done(folder.path(), verb, &["--out", "out", "--force", "--seed", "7"]);
        for own in ["charts/mine.png", "notes.txt", ".parts/mine.txt"] {
            assert_eq!(fs::read_to_string(out.join(own)).expect(own), "mine");
        }
        assert_eq!(manifest(&out)["seed"], 7);
        fs::remove_dir_all(&out).expect("removed");
    }
}

#[test]
fn force_by_another_verb_leaves_no_file_of_the_first() {
    let folder = scratch();
    done(folder.path(), VERBS[1].1, &["--out", "out"]);
    done(folder.path(), VERBS[0].1, &["--out", "out", "--force"]);
    done(folder.path(), VERBS[0].1, &["--out", "whole"]);
    assert_same(&folder.path().join("whole"), &folder.path().join("out"));
}

#[test]
fn a_finished_study_is_complete_and_a_damaged_file_is_made_again() {
    let folder = scratch();
    for (table, verb) in VERBS {
        let out = folder.path().join("out");
        done(folder.path(), verb, &["--out", "out"]);
        done(folder.path(), verb, &["--out", "whole"]);
        let again = done(folder.path(), verb, &["--out", "out", "--resume"]);
        assert!(printed(&again).contains("already complete: out"), "{}", printed(&again));
        fs::write(out.join(table), "damaged").expect("damaged");
        let mended = done(folder.path(), verb, &["--out", "out", "--resume"]);
        assert!(complained(&mended).contains(&format!("{table}: not as written")), "{}", complained(&mended));
        let kept = out.join(table.replace(".csv", ".changed.csv"));
        assert!(
            complained(&mended).contains(&format!("kept as out/{table}").replace(".csv", ".changed.csv"))
        );
        assert_eq!(fs::read_to_string(&kept).expect("kept"), "damaged");
        fs::remove_file(kept).expect("removed");
        assert_same(&folder.path().join("whole"), &out);
        if out.join("charts").is_dir() {
            let picture =
                fs::read_dir(out.join("charts")).expect("charts").next().expect("one").expect("one");
            fs::remove_file(picture.path()).expect("removed");
            let mended = done(folder.path(), verb, &["--out", "out", "--resume"]);
            assert!(complained(&mended).contains("missing; drawn again"), "{}", complained(&mended));
            assert_same(&folder.path().join("whole"), &out);
        }
        fs::remove_dir_all(&out).expect("removed");
        fs::remove_dir_all(folder.path().join("whole")).expect("removed");
    }
}

#[test]
fn fewer_and_more_replicates_than_before_are_used() {
    let folder = scratch();
    for (_, verb) in VERBS {
        let with = |out: &str, replicates: &str, more: &[&str]| {
            let arguments: Vec<&str> =
                [verb, &SMALL[..10], &["--replicates", replicates, "--out", out], more].concat();
            let output = rebalance(folder.path(), &arguments);
            assert!(output.status.success(), "{arguments:?}: {}", complained(&output));
        };
        let (out, whole) = (folder.path().join("out"), folder.path().join("whole"));
        with("out", "2", &[]);
        for replicates in ["3", "1"] {
            with("out", replicates, &["--resume"]);
            with("whole", replicates, &["--force"]);
            // Tables of three replicates hold those of two; means of three hold no others.
            let shelves = ["replicates-2", "replicates-3"].map(|shelf| out.join(shelf));
            let has_means = out.join(".parts/runs.csv").exists();
            let is_put_away = [replicates == "3" && has_means, replicates == "1"];
            for (shelf, is_put_away) in shelves.iter().zip(is_put_away) {
                assert_eq!(shelf.is_dir(), is_put_away, "{verb:?} {replicates} {}", shelf.display());
                if is_put_away {
                    fs::remove_dir_all(shelf).expect("removed");
                }
            }
            assert_same(&whole, &out);
        }
        fs::remove_dir_all(&out).expect("removed");
    }
}

#[test]
fn finished_results_of_more_replicates_are_put_away_and_found_again() {
    let folder = scratch();
    let out = folder.path().join("out");
    let with = |replicates: &str, more: &[&str]| {
        let all = [VERBS[0].1, &SMALL[..10], &["--replicates", replicates, "--out", "out"], more].concat();
        let output = rebalance(folder.path(), &all);
        assert!(output.status.success(), "{}", complained(&output));
        output
    };
    with("3", &[]);
    let three = files(&out);
    let fewer = with("1", &["--resume"]);
    let words = "the results of 3 replicates that were here are now in out/replicates-3";
    assert!(complained(&fewer).contains(words), "{}", complained(&fewer));
    let shelf = files(&out.join("replicates-3"));
    let seen: Vec<_> = three
        .into_iter()
        .filter(|(path, _)| !path.starts_with(".parts") && !path.starts_with(".lock"))
        .collect();
    assert!(shelf == seen, "the same files, the same bytes");
    assert_eq!(
        (manifest(&out)["replicates"].clone(), manifest(&out.join("replicates-3"))["replicates"].clone()),
        (1.into(), 3.into())
    );
    let again = with("3", &["--resume"]);
    assert!(printed(&again).contains("already complete: out\n"), "{}", printed(&again));
    assert_eq!(manifest(&out)["replicates"], 3);
}

/// Starts a run of many replicates and kills it when so many are over.
fn killed_at(folder: &Path, arguments: &[&str], parts: u32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rebalance"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let is_over = |replicate: u32| folder.join(format!("out/.parts/000-{replicate:06}")).exists();
    while !(0..parts).all(is_over) && child.try_wait().expect("a state").is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("killed");
    assert!(!child.wait().expect("it ends").success(), "it was at work");
}

#[test]
fn finished_parts_beyond_the_number_asked_stay_and_are_used_when_more_are() {
    let folder = scratch();
    let run = |replicates: &'static str, more: &[&'static str]| {
        let run = ["run", "synthetic", "--threads", "2", "--out", "out", "--set", "world.areas=40"];
        [&run[..], &SMALL[..4], &["--replicates", replicates], more].concat()
    };
    killed_at(folder.path(), &run("30", &[]), 5);
    let part = folder.path().join("out/.parts/000-000004/checksums");
    let written = fs::metadata(&part).expect("a part").modified().expect("a time");
    let fewer = rebalance(folder.path(), &run("2", &["--resume"]));
    let words = "finished parts beyond the 2 asked for; --resume with more replicates uses them";
    assert!(fewer.status.success() && complained(&fewer).contains(words), "{}", complained(&fewer));
    assert!(part.exists() && !folder.path().join("out/.parts/000-000001").exists());
    // The finished folder says so again, and loses nothing by it.
    let again = rebalance(folder.path(), &run("2", &["--resume"]));
    assert!(printed(&again).contains("already complete") && complained(&again).contains(words));
    assert_eq!(fs::metadata(&part).expect("a part").modified().expect("a time"), written);
    fs::write(part.with_file_name("rounds.csv"), "damaged").expect("damaged");
    let more = rebalance(folder.path(), &run("5", &["--resume"]));
    assert!(
        complained(&more).contains("000-000004: not as it was written"),
        "it was to be used: {}",
        complained(&more)
    );
    assert!(!complained(&more).contains("000-000003"), "{}", complained(&more));
    let mut whole = run("5", &[]);
    whole[5] = "whole";
    assert!(rebalance(folder.path(), &whole).status.success());
    assert_same(&folder.path().join("whole"), &folder.path().join("out"));
}

#[test]
fn a_damaged_or_missing_manifest_is_restored_and_hides_no_file() {
    let folder = scratch();
    for (table, verb) in VERBS {
        done(folder.path(), verb, &["--out", "out"]);
        done(folder.path(), verb, &["--out", "whole"]);
        let (out, whole) = (folder.path().join("out"), folder.path().join("whole"));
        let path = out.join("manifest.json");
        let text = fs::read_to_string(&path).expect("a manifest");
        let spoilt = [&text.as_bytes()[..text.len() / 2], &[0; 40], b"\xff\xfe", b"{}", b"mine"];
        for (row, bytes) in spoilt.into_iter().enumerate() {
            fs::write(&path, bytes).expect("damaged");
            let refused = call(folder.path(), verb, &["--out", "out"]);
            assert!(complained(&refused).contains("already holds results"), "{}", complained(&refused));
            let mended = done(folder.path(), verb, &["--out", "out", "--resume"]);
            let words = "manifest.json: not as written; restored";
            assert!(complained(&mended).contains(words), "{row}: {}", complained(&mended));
            assert!(printed(&mended).contains("already complete: out"), "{}", printed(&mended));
            let kept = out.join("manifest.changed.json");
            assert_eq!(fs::read(&kept).expect("kept"), bytes);
            fs::remove_file(kept).expect("removed");
            assert_same(&whole, &out);
        }
        fs::remove_file(&path).expect("removed");
        let mended = done(folder.path(), verb, &["--out", "out", "--resume"]);
        assert!(complained(&mended).contains("manifest.json: missing; restored"), "{}", complained(&mended));
        assert_same(&whole, &out);
        fs::write(&path, "{").expect("damaged");
        fs::write(out.join(table), "damaged").expect("damaged");
        done(folder.path(), verb, &["--out", "out", "--force", "--quiet"]);
        for kept in ["manifest.changed.json".to_string(), table.replace(".csv", ".changed.csv")] {
            fs::remove_file(out.join(&kept)).expect(&kept);
        }
        assert_same(&whole, &out);
        fs::remove_dir_all(&out).expect("removed");
        fs::remove_dir_all(&whole).expect("removed");
    }
}

#[test]
fn a_manifest_without_its_copy_is_no_word_on_anybodys_files() {
    let folder = scratch();
    done(folder.path(), VERBS[0].1, &["--out", "out"]);
    let out = folder.path().join("out");
    fs::write(out.join("manifest.json"), "{").expect("damaged");
    fs::remove_dir_all(out.join(".parts")).expect("removed");
    let before = files(&out);
    for more in ["--resume", "--force"] {
        let words = complained(&call(folder.path(), VERBS[0].1, &["--out", "out", more]));
        assert!(words.contains("it is damaged, and its copy is gone"), "{words}");
        assert!(files(&out) == before);
    }
}

#[test]
fn results_that_were_moved_or_replaced_are_not_taken_for_damaged() {
    let folder = scratch();
    let (out, other) = (folder.path().join("out"), folder.path().join("other"));
    done(folder.path(), VERBS[0].1, &["--out", "out"]);
    done(folder.path(), VERBS[0].1, &["--out", "other", "--seed", "7"]);
    for (name, bytes) in files(&other).iter().filter(|(name, _)| !name.starts_with(".parts")) {
        fs::write(out.join(name), bytes).expect("replaced");
    }
    fs::copy(other.join("manifest.json"), out.join("manifest.json")).expect("replaced");
    let output = done(folder.path(), VERBS[0].1, &["--out", "out", "--seed", "7", "--resume"]);
    assert!(
        printed(&output).contains("already complete") && complained(&output).is_empty(),
        "{}",
        complained(&output)
    );
    for entry in fs::read_dir(&out).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() && !entry.ends_with(".parts") {
            fs::remove_dir_all(entry).expect("moved");
        } else if entry.is_file() && !entry.ends_with(".lock") {
            fs::remove_file(entry).expect("moved");
        }
    }
    done(folder.path(), VERBS[0].1, &["--out", "out"]);
}

#[test]
fn a_damaged_plan_is_written_anew_where_the_parts_are_its() {
    let folder = scratch();
    let run = |more: &[&'static str]| {
        let run = ["run", "synthetic", "--out", "out", "--set", "world.areas=40", "--replicates", "30"];
        [&run[..], &SMALL[..4], more].concat()
    };
    killed_at(folder.path(), &run(&[]), 3);
    fs::write(folder.path().join("out/.parts/plan"), "{ \"study\": ").expect("cut short");
    let other = rebalance(folder.path(), &run(&["--resume", "--seed", "7"]));
    assert_eq!(other.status.code(), Some(2));
    assert!(
        complained(&other).contains("plan is damaged, and the parts beside it are of another"),
        "{}",
        complained(&other)
    );
    let output = rebalance(folder.path(), &run(&["--resume"]));
    assert!(output.status.success(), "{}", complained(&output));
    assert!(
        complained(&output).contains(".parts/plan: not as written; made again"),
        "{}",
        complained(&output)
    );
    assert!(!complained(&output).contains("played again"), "{}", complained(&output));
}

#[test]
fn what_was_edited_is_kept_beside_what_replaces_it_in_every_verb() {
    let folder = scratch();
    let out = folder.path().join("out");
    let edit = |name: &str, text: &str| fs::write(out.join(name), text).expect("edited");
    let kept = |name: &str, text: &str| assert_eq!(fs::read_to_string(out.join(name)).expect(name), text);
    let run = VERBS[0].1;
    done(folder.path(), run, &["--out", "out"]);
    edit("report.html", "my words");
    let output = done(folder.path(), run, &["--out", "out", "--resume"]);
    let words = "out/report.html: changed since it was written; kept as out/report.changed.html";
    assert!(complained(&output).contains(words), "{}", complained(&output));
    kept("report.changed.html", "my words");
    edit("report.html", "other words");
    let summary = fs::read(out.join("summary.csv")).expect("a table");
    edit("summary.csv", "my numbers");
    let report = || rebalance(folder.path(), &["report", "out"]);
    assert_eq!(report().status.code(), Some(2));
    kept("report.html", "other words");
    kept("summary.csv", "my numbers");
    fs::write(out.join("summary.csv"), summary).expect("as it was");
    assert!(complained(&report()).contains("report.changed-2.html"));
    kept("report.changed-2.html", "other words");
    edit("summary.csv", "my numbers");
    let four = ["--out", "out", "--resume", "--replicates", "4"];
    let output = rebalance(folder.path(), &[run, &SMALL[..10], &four].concat());
    assert!(output.status.success(), "{}", complained(&output));
    kept("summary.changed.csv", "my numbers");
    edit("rounds.csv", "mine");
    done(folder.path(), run, &["--out", "out", "--force"]);
    kept("rounds.changed.csv", "mine");
}

#[test]
fn more_replicates_of_an_interrupted_run_use_its_parts() {
    let folder = scratch();
    let run = ["run", "synthetic", "--set", "world.areas=40"];
    let more = ["--replicates", "30", "--out", "out"];
    let arguments = |more: &[&'static str]| [&run[..], &SMALL[..4], more].concat();
    let spawned = {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rebalance"))
            .args(arguments(&more))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        while !folder.path().join("out/.parts/000-000004").exists()
            && child.try_wait().expect("a state").is_none()
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().expect("killed");
        child.wait().expect("it ends")
    };
    assert!(!spawned.success(), "it was at work");
    let part = folder.path().join("out/.parts/000-000000/checksums");
    let written = fs::metadata(&part).expect("a part").modified().expect("a time");
    let stopped = rebalance(folder.path(), &arguments(&["--replicates", "2", "--out", "out"]));
    assert_eq!(stopped.status.code(), Some(2), "without --resume it is refused");
    assert_eq!(fs::metadata(&part).expect("a part").modified().expect("a time"), written);
    let fewer = rebalance(folder.path(), &arguments(&["--replicates", "2", "--out", "out", "--resume"]));
    assert!(fewer.status.success(), "{}", complained(&fewer));
    let whole = rebalance(folder.path(), &arguments(&["--replicates", "2", "--out", "whole"]));
    assert!(whole.status.success(), "{}", complained(&whole));
    assert_same(&folder.path().join("whole"), &folder.path().join("out"));
}

#[test]
fn damaged_cut_short_and_swapped_parts_are_found_and_played_again() {
    let folder = scratch();
    let verb = ["run", "synthetic", "--set", "world.areas=30"];
    let more = ["--replicates", "12", "--out", "out"];
    let arguments = |out: &'static str, more: &[&'static str]| {
        [&verb[..], &SMALL[..4], &["--replicates", "12", "--out", out], more].concat()
    };
    assert!(rebalance(folder.path(), &arguments("whole", &[])).status.success());
    let parts = folder.path().join("out/.parts");
    let mut child = Command::new(env!("CARGO_BIN_EXE_rebalance"))
        .args([&verb[..], &SMALL[..4], &more].concat())
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let sealed = || (0..4).all(|replicate| parts.join(format!("000-{replicate:06}")).exists());
    while !sealed() && child.try_wait().expect("a state").is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("killed");
    assert!(!child.wait().expect("it ends").success(), "it was at work");
    let at = |replicate: u32, file: &str| parts.join(format!("000-{replicate:06}")).join(file);
    let rounds = fs::read_to_string(at(0, "rounds.csv")).expect("rounds");
    fs::write(at(0, "rounds.csv"), rounds.replacen('1', "2", 1)).expect("a digit is changed");
    fs::write(at(1, "areas.csv"), "").expect("cut short");
    fs::rename(parts.join("000-000002"), parts.join("swap")).expect("swapped");
    fs::rename(parts.join("000-000003"), parts.join("000-000002")).expect("swapped");
    fs::rename(parts.join("swap"), parts.join("000-000003")).expect("swapped");
    let output = rebalance(folder.path(), &arguments("out", &["--resume"]));
    assert!(output.status.success(), "{}", complained(&output));
    for replicate in 0..4 {
        let words = format!("000-{replicate:06}: not as it was written; played again");
        assert!(complained(&output).contains(&words), "{}", complained(&output));
    }
    assert_same(&folder.path().join("whole"), &folder.path().join("out"));
}

#[test]
fn a_damaged_row_of_a_sweep_is_played_again() {
    let folder = scratch();
    let verb = ["run", "synthetic", "--vary", "market.attrition=0.1..0.3:20", "--out", "out"];
    assert!(kill_when(folder.path(), &verb, &[], "out/.parts/runs.csv"));
    let path = folder.path().join("out/.parts/runs.csv");
    let text = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, format!("{text}0123456789abcdef-000000,1,2,3\n")).expect("a foreign row");
    let output = done(folder.path(), &verb, &["--resume"]);
    assert!(complained(&output).contains("cut short or damaged; played again"), "{}", complained(&output));
    done(folder.path(), &verb[..4], &["--out", "whole"]);
    assert_same(&folder.path().join("whole"), &folder.path().join("out"));
}

#[test]
fn few_kills_in_every_verb_lose_nothing() {
    for (_, verb) in VERBS {
        let folder = scratch();
        done(folder.path(), verb, &["--out", "whole"]);
        for there in ["out/.parts/plan", "out/.parts/written", "out/datapackage.json", "out/charts"] {
            kill_when(folder.path(), verb, &["--out", "out", "--resume"], there);
        }
        done(folder.path(), verb, &["--out", "out", "--resume"]);
        assert_same(&folder.path().join("whole"), &folder.path().join("out"));
    }
}

#[test]
fn a_second_writer_is_told_who_is_writing() {
    let folder = scratch();
    let run = ["run", "synthetic", "--set", "world.areas=60", "--replicates", "60", "--out", "out"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_rebalance"))
        .args(run)
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    while !folder.path().join("out/.parts/plan").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    for more in ["--resume", "--force"] {
        let second = rebalance(folder.path(), &[&run[..], &[more]].concat());
        let words = complained(&second);
        assert_eq!(second.status.code(), Some(2), "{words}");
        assert!(words.contains("another rebalance is writing in out"), "{words}");
        assert!(
            words.contains(&format!("process {} on ", child.id())) && words.contains("run synthetic"),
            "{words}"
        );
    }
    child.kill().expect("killed");
    child.wait().expect("it ends");
    let after =
        rebalance(folder.path(), &[&run[..4], &["--replicates", "1", "--out", "out", "--resume"]].concat());
    assert!(after.status.success(), "a dead process holds nothing: {}", complained(&after));
}

#[test]
fn a_latin_hypercube_says_why_its_parts_cannot_be_used_again() {
    let folder = scratch();
    let text = "version = 1\nextends = \"synthetic\"\n[uncertainty]\ndesign = \"latin-hypercube\"\n\
                ranges = { \"market.attrition\" = [0.1, 0.2] }\n";
    fs::write(folder.path().join("lhs.toml"), text).expect("written");
    let run = |replicates: &'static str, more: &[&'static str]| {
        let base = ["run", "lhs.toml", "--out", "out", "--replicates", replicates];
        rebalance(folder.path(), &[&base, &SMALL[..8], more].concat())
    };
    assert!(run("2", &[]).status.success());
    assert!(run("2", &["--resume"]).status.success());
    let output = run("3", &["--resume"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        complained(&output).contains("Latin hypercube change with the number"),
        "{}",
        complained(&output)
    );
}

#[cfg(unix)]
#[test]
fn many_replicates_merge_where_few_files_may_be_open() {
    let folder = scratch();
    let small = "--set run.rounds=2 --set run.burn_in=0 --set world.areas=1 --set world.charities_per_area=5";
    let script = format!(
        "ulimit -n 64; exec {} run synthetic --replicates 210 {small} --set output.charts=false --quiet --out out",
        env!("CARGO_BIN_EXE_rebalance")
    );
    let output =
        Command::new("bash").args(["-c", &script]).current_dir(folder.path()).output().expect("bash");
    assert!(output.status.success(), "{}", complained(&output));
    let areas = fs::read_to_string(folder.path().join("out/areas.csv")).expect("a table");
    assert!(areas.lines().nth(1).expect("a row").ends_with(",210"), "{areas}");
}

#[test]
fn errors_of_input_and_output_name_the_file() {
    let folder = scratch();
    fs::create_dir(folder.path().join("out")).expect("a folder");
    fs::write(folder.path().join("out/.parts"), "").expect("in the way");
    for (_, verb) in VERBS {
        let output = call(folder.path(), verb, &["--out", "out"]);
        assert_eq!(output.status.code(), Some(3), "{verb:?}");
        assert!(complained(&output).contains("out/.parts"), "{}", complained(&output));
    }
}

#[test]
fn drawing_again_keeps_the_manifest_true() {
    let folder = scratch();
    done(folder.path(), VERBS[0].1, &["--out", "out"]);
    done(folder.path(), VERBS[0].1, &["--out", "whole"]);
    fs::write(folder.path().join("out/charts/survival.svg"), "scribbled over").expect("written");
    assert!(rebalance(folder.path(), &["report", "out"]).status.success());
    let kept = folder.path().join("out/charts/survival.changed.svg");
    assert_eq!(fs::read_to_string(&kept).expect("kept"), "scribbled over");
    fs::remove_file(kept).expect("removed");
    assert_same(&folder.path().join("whole"), &folder.path().join("out"));
    let again = done(folder.path(), VERBS[0].1, &["--out", "out", "--resume"]);
    assert!(printed(&again).contains("already complete"), "{}", printed(&again));
}

#[test]
fn a_list_that_was_tampered_with_reaches_nothing_outside() {
    let folder = scratch();
    done(folder.path(), VERBS[0].1, &["--out", "out"]);
    fs::write(folder.path().join("precious.txt"), "mine").expect("written");
    let path = folder.path().join("out/manifest.json");
    let text = fs::read_to_string(&path).expect("a manifest");
    fs::write(&path, text.replacen("\"areas.csv\"", "\"../precious.txt\"", 1)).expect("tampered");
    fs::remove_file(folder.path().join("out/areas.csv")).expect("removed");
    done(folder.path(), VERBS[0].1, &["--out", "out", "--force"]);
    assert_eq!(fs::read_to_string(folder.path().join("precious.txt")).expect("there"), "mine");
}
