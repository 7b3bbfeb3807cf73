//! The files that a scenario reads, as its author named them: relative to the scenario, never a path of a machine.

use super::faults::Errors;
use super::load::Chain;
use super::uncertainty::Draw;
use super::{Scenario, library};
use std::path::{Path, PathBuf};

/// A file that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// What it is to the scenario: a key, or `scenario` or `rules`.
    pub role: &'static str,
    /// How it is named.
    pub label: String,
    /// Where it is.
    pub path: PathBuf,
}

/// The file of a scenario and those that it extends; none of those that are built in.
pub fn texts(name_or_path: &str) -> Vec<Input> {
    let mut chain = Chain::default();
    chain.begin(name_or_path, &mut Errors::default());
    let files = chain.files();
    let home = files.first().and_then(|path| path.parent()).unwrap_or(Path::new("")).to_path_buf();
    files.into_iter().map(|path| Input { role: "scenario", label: label(&path, &home), path }).collect()
}

/// The file of a rule set; none where it is built in.
pub fn rule_file(name_or_path: &str) -> Option<Input> {
    let path = PathBuf::from(name_or_path);
    let is_built_in = library::find(library::RULES, name_or_path).is_some() && !path.is_file();
    let label = label(&path, Path::new(""));
    (!is_built_in && path.is_file()).then_some(Input { role: "rules", label, path })
}

/// Tables that a scenario reads; `home` is the folder of its file.
pub fn tables(scenario: &Scenario, home: &Path) -> Vec<Input> {
    let table = |(role, path): (&'static str, &str)| {
        let path = PathBuf::from(path);
        Input { role, label: label(&path, home), path }
    };
    stated(scenario).into_iter().filter(|(_, path)| !path.is_empty()).map(table).collect()
}

/// The scenario with paths as its author named them.
pub fn portable(scenario: &Scenario, home: &Path) -> Scenario {
    let mut portable = scenario.clone();
    let short = |path: &str| if path.is_empty() { String::new() } else { label(Path::new(path), home) };
    portable.world.areas_file = short(&scenario.world.areas_file);
    portable.world.charities_file = short(&scenario.world.charities_file);
    if let Some(Draw::Region { path, .. }) = portable.uncertainty.as_mut().map(|found| &mut found.draw) {
        *path = short(path);
    }
    portable
}

fn stated(scenario: &Scenario) -> Vec<(&'static str, &str)> {
    let mut stated = vec![
        ("areas_file", scenario.world.areas_file.as_str()),
        ("charities_file", scenario.world.charities_file.as_str()),
    ];
    if let Some(Draw::Region { path, .. }) = scenario.uncertainty.as_ref().map(|found| &found.draw) {
        stated.push(("region", path));
    }
    stated
}

/// A path relative to the scenario's folder where it is in it; else as it was stated, and only its name where that
/// was a path of this machine.
fn label(path: &Path, home: &Path) -> String {
    let inside = path.strip_prefix(home).unwrap_or(path);
    let short = if inside.is_absolute() { inside.file_name().map_or(inside, Path::new) } else { inside };
    short.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_is_a_path_of_a_machine() {
        let of = |path: &str, home: &str| label(Path::new(path), Path::new(home));
        assert_eq!(of("/study/data/areas.csv", "/study"), "data/areas.csv");
        assert_eq!(of("study/areas.csv", "study"), "areas.csv");
        assert_eq!(of("/elsewhere/areas.csv", "/study"), "areas.csv");
        assert_eq!(of("../areas.csv", ""), "../areas.csv");
    }
}
