//! Which build this is: told by the program, the manifest and the citation alike.

use super::program::printed;
use super::{rebalance, scratch};
use rebalance::build::{COMMIT, SOURCES, TARGET, VERSION};

#[test]
fn the_program_says_which_build_it_is() {
    let folder = scratch();
    let words = printed(&rebalance(folder.path(), &["--version"]));
    let lines: Vec<&str> = words.lines().collect();
    assert_eq!(lines[0], format!("rebalance {VERSION}"));
    assert_eq!(lines[1], format!("commit:  {COMMIT}"));
    assert_eq!(lines[2], format!("sources: {SOURCES}"));
    assert_eq!(lines[3], format!("target:  {TARGET}"));
    assert!(SOURCES.len() == 64 && SOURCES.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let commit = COMMIT.trim_end_matches("-dirty");
    assert!(commit == "unknown" || commit.len() == 40, "{COMMIT}");
    assert!(TARGET.contains(std::env::consts::ARCH) || TARGET.contains("i686"), "{TARGET}");
}

#[test]
fn the_manifest_says_which_build_wrote_it() {
    let folder = scratch();
    let small =
        ["--set", "run.rounds=3", "--set", "run.burn_in=0", "--set", "world.areas=1", "--replicates", "1"];
    let run = ["run", "synthetic", "--quiet", "--set", "output.charts=false", "--out", "out"];
    assert!(rebalance(folder.path(), &[&run[..], &small].concat()).status.success());
    let text = std::fs::read_to_string(folder.path().join("out/manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for (key, value) in [("version", VERSION), ("commit", COMMIT), ("sources", SOURCES), ("target", TARGET)] {
        assert_eq!(manifest[key], value);
    }
}

#[test]
fn the_citation_is_of_this_version() {
    let citation =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/CITATION.cff")).expect("a citation");
    assert!(citation.starts_with("cff-version: 1.2.0\n"));
    for line in [format!("version: {VERSION}"), "  - MIT".into(), "  - Apache-2.0".into()] {
        assert!(citation.lines().any(|found| found == line), "{line}");
    }
    assert!(citation.contains("  - name: The rebalance contributors\n"));
}
