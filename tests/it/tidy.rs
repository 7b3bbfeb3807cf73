//! The house rules, kept by reading the source.

use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            found.push((path, text));
        }
    }
    found
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn forbid(folder: &str, words: &[&str]) {
    for (path, text) in sources(&source().join(folder)) {
        for word in words {
            assert!(!text.contains(word), "{} must not use {word}", path.display());
        }
    }
}

#[test]
fn a_round_knows_no_files_no_clock_and_no_screen() {
    forbid(
        "round",
        &[
            "crate::tables",
            "crate::chart",
            "crate::cli",
            "crate::report",
            "serde",
            "csv::",
            "clap",
            "std::fs",
            "std::time",
            "std::env",
            "println!",
        ],
    );
}

#[test]
fn charts_and_report_never_see_live_state() {
    for folder in ["chart", "report"] {
        forbid(folder, &["crate::round", "crate::world", "crate::scenario", "crate::random"]);
    }
}

#[test]
fn each_crate_has_its_door() {
    let doors: [(&str, &[&str]); 8] = [
        ("rand_chacha", &["random.rs"]),
        ("plotters::", &["chart"]),
        ("clap::", &["cli", "main.rs"]),
        ("annotate_snippets::", &["scenario"]),
        ("toml::", &["scenario"]),
        ("indicatif::", &["cli"]),
        ("sha2::", &["folder"]),
        ("sysinfo::", &["cli/limits.rs"]),
    ];
    for (path, text) in sources(&source()) {
        let inside = path.strip_prefix(source()).expect("inside").to_string_lossy().into_owned();
        for (name, allowed) in doors {
            let open = allowed.iter().any(|door| inside.starts_with(door));
            assert!(open || !text.contains(name), "{inside} must not use {name}");
        }
    }
}

#[test]
fn only_the_command_line_prints() {
    for (path, text) in sources(&source()) {
        let inside = path.strip_prefix(source()).expect("inside").to_string_lossy().into_owned();
        let prints = text.contains("println!(") || text.contains("print!(") || text.contains("dbg!(");
        assert!(!prints || inside.starts_with("cli"), "{inside} prints");
    }
}

#[test]
fn results_are_written_by_the_folder_alone() {
    let writers =
        ["fs::write(", "File::create(", "fs::rename(", "fs::remove_", "fs::create_dir", "OpenOptions"];
    for (path, text) in sources(&source()) {
        let inside = path.strip_prefix(source()).expect("inside").to_string_lossy().into_owned();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        // `rebalance new` writes a scenario, which is no result.
        if inside.starts_with("folder") || inside == "cli/text.rs" || inside.ends_with("tests.rs") {
            continue;
        }
        writers.iter().for_each(|word| assert!(!code.contains(word), "{inside} must not use {word}"));
    }
}
