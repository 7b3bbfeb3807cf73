//! Messages and exit codes.

use super::{rebalance, scratch};

fn code(output: &std::process::Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn errors(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn weights_that_do_not_sum_to_one_are_an_error() {
    let folder = scratch();
    let text = "version = 1\nextends = \"quick\"\n[rules]\nweight_price = 0.5\n";
    std::fs::write(folder.path().join("mine.toml"), text).expect("written");
    let output = rebalance(folder.path(), &["check", "mine.toml"]);
    assert_eq!(code(&output), 2);
    assert!(errors(&output).contains("sum to 1.1, not to 1"), "{}", errors(&output));
}

#[test]
fn set_needs_no_inner_quotes_and_names_its_mistakes() {
    let folder = scratch();
    let good = rebalance(folder.path(), &["check", "synthetic", "--set", "rules.formula=absolute-linear"]);
    assert_eq!(code(&good), 0, "{}", errors(&good));
    let bad = rebalance(folder.path(), &["check", "synthetic", "--set", "rules.formula=absolut-linear"]);
    assert_eq!(code(&bad), 2);
    assert!(errors(&bad).contains("did you mean \"absolute-linear\"?"), "{}", errors(&bad));
    assert!(errors(&bad).contains("--set #1:1:15"), "{}", errors(&bad));
}

#[test]
fn check_warns_of_what_does_nothing_and_passes() {
    let folder = scratch();
    let check = |sets: &[&str]| {
        let output = rebalance(folder.path(), &[&["check", "synthetic"], sets].concat());
        assert_eq!(code(&output), 0, "{}", errors(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let set = ["--set", "rules.open_book=0.5"];
    let text = check(&set);
    assert!(text.contains("warning: rules.open_book does nothing here: it counts only where"), "{text}");
    assert!(!check(&[&set[..], &["--set", "rules.forms=any"]].concat()).contains("warning"));
}

#[test]
fn results_are_not_overwritten_unasked() {
    let folder = scratch();
    let arguments = ["run", "synthetic", "--replicates", "2", "--set", "run.rounds=24", "--quiet"];
    assert_eq!(code(&rebalance(folder.path(), &arguments)), 0);
    let again = rebalance(folder.path(), &arguments);
    assert_eq!(code(&again), 2);
    assert!(errors(&again).contains("--force"), "{}", errors(&again));
    let forced = rebalance(folder.path(), &[&arguments[..], &["--force"]].concat());
    assert_eq!(code(&forced), 0, "{}", errors(&forced));
}

#[test]
fn a_new_scenario_is_valid_and_can_be_explained() {
    let folder = scratch();
    assert_eq!(code(&rebalance(folder.path(), &["new", "mine"])), 0);
    assert_eq!(code(&rebalance(folder.path(), &["new", "mine"])), 2);
    let checked = rebalance(folder.path(), &["check", "mine.toml"]);
    assert_eq!(code(&checked), 0, "{}", errors(&checked));
    let explained = rebalance(folder.path(), &["explain", "rules.weight_price"]);
    let text = String::from_utf8_lossy(&explained.stdout).into_owned();
    assert!(text.contains("a number from 0 to 1") && text.contains("source"), "{text}");
    assert_eq!(code(&rebalance(folder.path(), &["explain", "rules.wait_price"])), 2);
}

#[test]
fn a_users_own_charities_are_read_and_their_mistakes_named() {
    let folder = scratch();
    let path = folder.path().join("mine.csv");
    std::fs::write(
        &path,
        "home,income_gbp,services,reach\nS00000,abc,service-1,local\nS00001,5,service-9,local\n",
    )
    .expect("written");
    let set = format!("world.charities_file={}", path.display());
    let output = rebalance(folder.path(), &["check", "synthetic", "--set", &set]);
    assert_eq!(code(&output), 2);
    let errors = errors(&output);
    assert!(
        errors.contains("row 2, column \"income_gbp\"") && errors.contains("row 3, column \"services\""),
        "{errors}"
    );
    std::fs::write(
        &path,
        "\u{feff}home;income_gbp;services;reach\nS00000;500000;service-1|service-2;local\n",
    )
    .expect("written");
    let output = rebalance(folder.path(), &["check", "synthetic", "--set", &set]);
    assert_eq!(code(&output), 0, "{}", super::command_line::errors(&output));
}

#[test]
fn verify_prints_a_table_and_knows_its_suites() {
    let folder = scratch();
    let output = rebalance(folder.path(), &["verify", "backlog"]);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("waiting list at rest"));
    let unknown = rebalance(folder.path(), &["verify", "auction"]);
    assert_eq!(code(&unknown), 2);
    assert!(errors(&unknown).contains("auctions, entry"), "{}", errors(&unknown));
}
