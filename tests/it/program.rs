//! The program as a researcher runs it: messages and exit codes.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in a folder.
pub fn rebalance(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rebalance"));
    command.current_dir(folder).args(arguments).output().expect("the program starts")
}

/// What it printed on standard output.
pub fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it printed on standard error.
pub fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// An empty folder that is removed at the end.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

#[test]
fn exit_codes_tell_usage_from_success() {
    let folder = folder();
    let code = |arguments: &[&str]| rebalance(folder.path(), arguments).status.code();
    assert_eq!(code(&["list", "scenarios"]), Some(0));
    assert_eq!(code(&["--help"]), Some(0));
    assert_eq!(code(&["no-such-verb"]), Some(2));
    assert_eq!(code(&["list", "nothing"]), Some(2));
    assert_eq!(code(&["diff", "england", "englnd"]), Some(2));
    assert_eq!(code(&["explain", "zzzzzz"]), Some(2));
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_an_input_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("locked.toml");
    std::fs::write(&path, "version = 1\n").expect("a file");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o0)).expect("permissions");
    if std::fs::read(&path).is_ok() {
        return; // The superuser reads everything.
    }
    assert_eq!(rebalance(folder.path(), &["diff", "locked.toml", "quick"]).status.code(), Some(3));
}

#[test]
fn every_verb_shows_an_example() {
    let folder = folder();
    let help = printed(&rebalance(folder.path(), &["--help"]));
    let verbs = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let verbs = verbs.take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    for verb in verbs.filter(|verb| *verb != "help") {
        let help = printed(&rebalance(folder.path(), &[verb, "--help"]));
        assert!(help.contains("Example") && help.contains(&format!("rebalance {verb}")), "{verb}: {help}");
    }
}

#[test]
fn a_new_scenario_is_valid_and_is_not_overwritten() {
    let folder = folder();
    assert!(rebalance(folder.path(), &["new", "mine"]).status.success());
    let difference = rebalance(folder.path(), &["diff", "quick", "mine.toml"]);
    assert!(printed(&difference).starts_with("no parameter differs"), "{}", printed(&difference));
    assert_eq!(rebalance(folder.path(), &["new", "mine"]).status.code(), Some(2));
}

#[test]
fn diff_names_what_differs() {
    let folder = folder();
    let difference = printed(&rebalance(folder.path(), &["diff", "england", "quick"]));
    let line = difference.lines().find(|line| line.starts_with("world.sample_authorities"));
    let words: Vec<&str> = line.expect("the sample differs").split_whitespace().collect();
    assert_eq!(words, ["world.sample_authorities", "0", "8"]);
}

#[test]
fn explain_knows_keys_blocks_and_near_misses() {
    let folder = folder();
    let explain = |key: &str| rebalance(folder.path(), &["explain", key]);
    let one = printed(&explain("rules.formula"));
    assert!(one.contains("relative-to-lowest") && one.contains("source"), "{one}");
    let block = printed(&explain("rules"));
    assert!(block.contains("rules.weight_price") && !block.contains("run.seed"), "{block}");
    let miss = complained(&explain("price_weight"));
    assert!(miss.contains("rules.weight_price"), "{miss}");
}

#[test]
fn explain_lists_all_keys_with_a_word() {
    let folder = folder();
    let fears = printed(&rebalance(folder.path(), &["explain", "fear"]));
    let keys: Vec<&str> = fears.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(keys.len() == 6 && keys.contains(&"behaviour.fear_control"), "{fears}");
    let one = printed(&rebalance(folder.path(), &["explain", "rules.forms", "england"]));
    assert!(one.contains("england   \"any\""), "{one}");
}

#[test]
fn switches_are_grouped_and_show_what_is_on_in_a_scenario() {
    let folder = folder();
    let switches = |arguments: &[&str]| {
        printed(&rebalance(folder.path(), &[&["explain", "switches"], arguments].concat()))
    };
    let is = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("{key} "))).expect("the switch");
        line.split_whitespace().skip(1).take(3).map(String::from).collect::<Vec<_>>()
    };
    let (plain, england) = (switches(&[]), switches(&["england"]));
    assert!(plain.contains("\n[rules] pay by results\n") && plain.contains("\n[market]\n"), "{plain}");
    assert_eq!(is(&plain, "rules.forms"), ["single", "\"single\"", "off"]);
    assert_eq!(is(&england, "rules.forms"), ["single", "\"any\"", "on"]);
    assert_eq!(is(&england, "behaviour.overconfidence"), ["0", "0.0", "off"]);
    let unknown = rebalance(folder.path(), &["explain", "switches", "englnd"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", complained(&unknown));
}

#[test]
fn the_schema_knows_every_key() {
    let folder = folder();
    let text = printed(&rebalance(folder.path(), &["schema"]));
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for parameter in rebalance::scenario::parameters::all() {
        let entry = &schema["properties"][parameter.block()]["properties"][parameter.name()];
        assert!(entry["description"].is_string(), "{}", parameter.key);
    }
}
