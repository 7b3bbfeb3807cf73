//! The same scenario, seed and version give the same bytes.

use super::{files, rebalance, scratch};

/// SHA-256 over the tables of a short run of `quick`. A change here belongs in CHANGELOG.md under
/// "Results changed".
const QUICK: &str = "f5aa2527b90c40c42b56d628a23c9d827bca9e1e5f2cf9bf880da98cd12a4026";

fn run(folder: &std::path::Path, out: &str, more: &[&str]) {
    let base = ["run", "quick", "--replicates", "3", "--set", "run.rounds=24", "--quiet", "--out", out];
    let output = rebalance(folder, &[&base[..], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// I06: threads, and one run after another, change no byte.
#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = scratch();
    run(folder.path(), "one", &["--threads", "1"]);
    run(folder.path(), "three", &["--threads", "3"]);
    let (one, three) = (files(&folder.path().join("one")), files(&folder.path().join("three")));
    assert!(one.len() > 20);
    for ((path, a), (other, b)) in one.iter().zip(&three) {
        assert_eq!(path, other);
        assert!(a == b, "{} differs", path.display());
    }
    run(folder.path(), "other", &["--seed", "2"]);
    assert_ne!(files(&folder.path().join("other")), one);
}

#[test]
fn tables_of_quick_have_not_changed() {
    let folder = scratch();
    run(folder.path(), "quick", &["--set", "output.charts=false"]);
    let tables = files(&folder.path().join("quick")).into_iter();
    let tables = tables.filter(|(path, _)| path.extension().is_some_and(|ending| ending == "csv"));
    let bytes: Vec<u8> = tables.flat_map(|(_, bytes)| bytes).collect();
    assert_eq!(
        rebalance::folder::files::sha256(&bytes),
        QUICK,
        "say in CHANGELOG.md which results changed and why"
    );
}

#[test]
fn a_rule_set_against_itself_differs_by_exactly_nothing() {
    let folder = scratch();
    std::fs::write(
        folder.path().join("same.toml"),
        "name = \"same\"\ndescription = \"a lever that the award method does not use\"\n[rules]\nframework_places = 5\n",
    )
    .expect("written");
    let output = rebalance(
        folder.path(),
        &[
            "compare",
            "quick",
            "--rules",
            "same.toml",
            "--replicates",
            "3",
            "--set",
            "run.rounds=24",
            "--quiet",
        ],
    );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text =
        std::fs::read_to_string(folder.path().join("output/quick-compare/comparison.csv")).expect("a table");
    assert!(text.lines().count() > 40);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        // A measure that only one replicate has carries no interval.
        let interval = if cells[6] == "1" { "" } else { "0" };
        assert_eq!(&cells[3..6], ["0", interval, interval], "{line}");
        let (better, p) = (["0.5", ""].contains(&cells[7]), ["1", ""].contains(&cells[9]));
        assert!(["cannot be told", "did not act"].contains(&cells[8]), "{line}");
        assert!(better && p && ["a", ""].contains(&cells[15]), "{line}");
        let best = [cells[16], cells[17], cells[18]];
        assert!(best == ["0.5", "0", "0"] || best == ["", "", ""], "{line}");
    }
    let league = std::fs::read_to_string(folder.path().join("output/quick-compare/league.csv"));
    let league = league.expect("a table").replace("baseline,", "same,");
    let lines: Vec<&str> = league.lines().skip(1).collect();
    assert_eq!(lines.len(), 32);
    assert!(lines.chunks(2).all(|pair| pair[0] == pair[1]), "{league}");
}

#[test]
fn a_reform_leaves_earlier_rounds_untouched() {
    let folder = scratch();
    let reform = "version = 1\nextends = \"quick\"\n[[reform]]\nfrom_round = 12\nrules.weight_price = 0.9\nrules.weight_quality = 0.1\n";
    std::fs::write(folder.path().join("reform.toml"), reform).expect("written");
    for (name, scenario) in [("with", "reform.toml"), ("without", "quick")] {
        let arguments =
            ["run", scenario, "--replicates", "2", "--set", "run.rounds=24", "--quiet", "--out", name];
        let output = rebalance(folder.path(), &arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let rounds = |name: &str| -> Vec<String> {
        let text = std::fs::read_to_string(folder.path().join(name).join("rounds.csv")).expect("a table");
        text.lines().skip(1).map(str::to_string).collect()
    };
    let (with, without) = (rounds("with"), rounds("without"));
    let round = |line: &str| line.split(',').nth(2).expect("a round").parse::<u32>().expect("a number");
    let mut later_differs = false;
    for (a, b) in with.iter().zip(&without) {
        if round(a) < 12 {
            assert_eq!(a, b);
        } else {
            later_differs |= a != b;
        }
    }
    assert!(later_differs, "the reform does something");
}
