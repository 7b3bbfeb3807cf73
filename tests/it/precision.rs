//! Replicates until a difference is precise: the same bytes as asking for so many.

use super::program::complained;
use super::{files, rebalance, scratch};

const SMALL: [&str; 8] = [
    "--set",
    "run.rounds=8",
    "--set",
    "run.burn_in=2",
    "--set",
    "world.areas=6",
    "--set",
    "output.charts=false",
];

#[test]
fn stopping_when_precise_gives_the_bytes_of_so_many_replicates() {
    let folder = scratch();
    let compare = |more: &[&str]| {
        let base = ["compare", "synthetic", "--rules", "lowest-price"];
        rebalance(folder.path(), &[&base[..], &SMALL, more].concat())
    };
    let wish = ["--until-precise", "people_served=3%", "--max-replicates", "400", "--out", "until"];
    let output = compare(&wish);
    assert!(output.status.success(), "{}", complained(&output));
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    let after = words.split("precise after ").nth(1).unwrap_or_else(|| panic!("{words}"));
    let replicates = after.split(' ').next().expect("a number");
    assert!(replicates.parse::<u32>().expect("a number") >= 50);
    let output = compare(&["--replicates", replicates, "--out", "direct", "--quiet"]);
    assert!(output.status.success(), "{}", complained(&output));
    assert!(files(&folder.path().join("until")) == files(&folder.path().join("direct")));
    let again = compare(&[&wish[..], &["--resume"]].concat());
    assert!(String::from_utf8_lossy(&again.stdout).contains("already complete"), "{}", complained(&again));
    // Another wish is another question about the same worlds.
    let output =
        compare(&["--until-precise", "outcomes=3%", "--max-replicates", "40", "--out", "until", "--resume"]);
    assert!(output.status.success(), "{}", complained(&output));
    let shelf = folder.path().join(format!("until/replicates-{replicates}"));
    assert!(shelf.join("manifest.json").exists(), "what fewer replicates could lose is put away");
    std::fs::remove_dir_all(shelf).expect("removed");
    let output = compare(&["--replicates", "40", "--out", "direct", "--quiet", "--force"]);
    assert!(output.status.success(), "{}", complained(&output));
    assert!(files(&folder.path().join("until")) == files(&folder.path().join("direct")));
}

#[test]
fn a_cap_that_comes_first_is_told() {
    let folder = scratch();
    let wish =
        ["run", "synthetic", "--until-precise", "outcomes=0.001%", "--max-replicates", "60", "--out", "out"];
    let output = rebalance(folder.path(), &[&wish[..], &SMALL].concat());
    assert!(output.status.success(), "{}", complained(&output));
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(words.contains("NOT precise: the cap of 60 replicates came first"), "{words}");
    assert!(words.contains("60 replicates of 8 rounds"), "{words}");
}

#[test]
fn wishes_that_cannot_be_met_are_refused_before_anything_is_played() {
    let folder = scratch();
    std::fs::write(
        folder.path().join("lhs.toml"),
        "version = 1\nextends = \"synthetic\"\n[uncertainty]\ndesign = \"latin-hypercube\"\n\
         ranges = { \"market.attrition\" = [0.1, 0.2] }\n",
    )
    .expect("written");
    for (arguments, why) in [
        (vec!["run", "synthetic", "--until-precise", "outcome=1%"], "did you mean \"outcomes\"?"),
        (vec!["run", "synthetic", "--until-precise", "outcomes=1%", "--replicates", "9"], "--max-replicates"),
        (vec!["run", "synthetic", "--max-replicates", "9"], "goes with --until-precise"),
        (vec!["run", "lhs.toml", "--until-precise", "outcomes=1%"], "Latin hypercube"),
    ] {
        let output = rebalance(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complained(&output).contains(why), "{}", complained(&output));
    }
    assert!(!folder.path().join("output").exists());
}
