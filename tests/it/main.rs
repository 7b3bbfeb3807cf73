//! Everything that is tested from outside: the library as a user calls it, and the program.

mod bounds;
mod build;
mod calibrate;
mod charts;
mod command_line;
mod determinism;
mod documents;
mod doubtful_tables;
mod event_study;
mod every_measure;
mod finished;
mod folder;
mod gate;
mod headline_measures;
mod identity;
mod invariants;
mod limits;
mod menu;
mod metamorphic;
mod own_tables;
mod patterns;
mod precision;
mod program;
mod read_back;
mod reference;
mod reforms;
mod resume;
mod rounds_by_hand;
mod rule_files;
mod sanity;
mod scenario_errors;
mod scenario_hostile;
mod scenario_properties;
mod sensitivity;
mod settlement_by_hand;
mod split;
mod sweep;
mod tenders;
mod tidy;
mod uncertainty;
mod verdicts;

pub use program::{folder as scratch, rebalance};
use std::path::{Path, PathBuf};

/// Every file below a folder with its bytes, but for the manifest and its copy.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("manifest.json") && !path.ends_with(".parts/finished") {
                let bytes = std::fs::read(&path).expect("a readable file");
                found.push((path.strip_prefix(folder).expect("inside").to_path_buf(), bytes));
            }
        }
    }
    found.sort();
    found
}
