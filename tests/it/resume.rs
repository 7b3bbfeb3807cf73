//! Killed at random moments and resumed, a run ends with the same bytes.

use super::{files, scratch};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often the process is killed before it may finish.
const KILLS: u32 = 24;
/// Longest time that it lives in between \[ms\].
const LONGEST_LIFE: u64 = 320;

fn spawn(folder: &std::path::Path, arguments: &[&[&str]]) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_rebalance"))
        .args(arguments.concat())
        .current_dir(folder)
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

fn start(folder: &std::path::Path, out: &str, more: &[&str]) -> std::process::Child {
    let run = ["run", "synthetic", "--replicates", "40", "--quiet", "--out", out];
    spawn(folder, &[&run, &["--set", "output.tenders=true", "--set", "world.areas=60"], more])
}

#[test]
fn killing_and_resuming_changes_nothing() {
    let folder = scratch();
    assert!(start(folder.path(), "whole", &[]).wait().expect("it ends").success());
    let whole = files(&folder.path().join("whole"));
    let mut chance = 20_261_123_u64;
    let mut killed_at_work = 0;
    while killed_at_work < KILLS {
        let mut child = start(folder.path(), "cut", &["--resume"]);
        chance = chance * 48_271 % 2_147_483_647;
        std::thread::sleep(Duration::from_millis(3 + chance % LONGEST_LIFE));
        if child.try_wait().expect("a state").is_some() {
            std::fs::remove_dir_all(folder.path().join("cut")).expect("a finished run to start over");
            continue;
        }
        child.kill().expect("killed");
        child.wait().expect("it ends");
        killed_at_work += 1;
    }
    let last = start(folder.path(), "cut", &["--resume"]).wait().expect("it ends");
    assert!(last.success());
    let resumed = files(&folder.path().join("cut"));
    assert_eq!(whole.len(), resumed.len(), "the same files");
    for ((path, a), (_, b)) in whole.iter().zip(&resumed) {
        assert!(a == b, "{} differs", path.display());
    }
}

#[test]
fn another_scenario_is_not_mixed_in() {
    let folder = scratch();
    let mut child = start(folder.path(), "cut", &[]);
    std::thread::sleep(Duration::from_millis(150));
    child.kill().expect("killed");
    child.wait().expect("it ends");
    let other = start(folder.path(), "cut", &["--resume", "--seed", "9"]).wait().expect("it ends");
    assert_eq!(other.code(), Some(2));
}

#[test]
fn studies_over_many_points_keep_what_is_over() {
    let sweep = ["run", "synthetic", "--replicates", "10"];
    let sensitivity =
        ["sensitivity", "synthetic", "--measure", "outcomes", "--points", "16", "--trajectories", "4"];
    for verb in [&sweep[..], &sensitivity] {
        let folder = scratch();
        let vary = ["--vary", "market.attrition=0.1..0.3:6", "--set", "world.areas=60", "--quiet", "--out"];
        let begin = |out: &str, more: &[&str]| spawn(folder.path(), &[verb, &vary, &[out], more]);
        assert!(begin("whole", &[]).wait().expect("it ends").success());
        let kept = || {
            let text = std::fs::read_to_string(folder.path().join("cut/.parts/runs.csv")).unwrap_or_default();
            text.lines().count()
        };
        for _ in 0..6 {
            let before = kept();
            let mut child = begin("cut", &["--resume"]);
            std::thread::sleep(Duration::from_millis(150));
            let over = child.try_wait().expect("a state").is_some();
            child.kill().expect("killed");
            child.wait().expect("it ends");
            if over {
                break;
            }
            // The last line may have been torn, and is then played again.
            assert!(kept() + 1 >= before);
        }
        // Forced anew, old tables go first, so that what is interrupted then can go on.
        let forced = |more: &[&str]| begin("whole", &[&["--set", "run.rounds=40"], more].concat());
        let mut child = forced(&["--force"]);
        while !folder.path().join("whole/.parts/plan").exists()
            && child.try_wait().expect("a state").is_none()
        {
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("killed");
        if !child.wait().expect("it ends").success() {
            assert!(forced(&["--resume"]).wait().expect("it ends").success());
        }
        std::fs::remove_dir_all(folder.path().join("whole")).expect("removed");
        assert!(begin("whole", &[]).wait().expect("it ends").success());
        if folder.path().join("cut/.parts").exists() {
            let other = begin("cut", &["--resume", "--seed", "9"]).wait().expect("it ends");
            assert_eq!(other.code(), Some(2), "another plan is not mixed in");
            assert!(begin("cut", &["--resume"]).wait().expect("it ends").success());
        }
        assert!(files(&folder.path().join("whole")) == files(&folder.path().join("cut")), "{verb:?}");
    }
}
