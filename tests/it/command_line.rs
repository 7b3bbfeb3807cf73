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

#[cfg(target_os = "linux")]
#[test]
fn what_could_not_be_written_is_an_error_and_a_closed_pipe_is_none() {
    let folder = scratch();
    let program = env!("CARGO_BIN_EXE_rebalance");
    let words: [&[&str]; 9] = [
        &["--version"],
        &["--help"],
        &["run", "--help"],
        &["help", "run"],
        &["list", "rules"],
        &["parameters"],
        &["schema"],
        &["explain", "rules"],
        &["diff", "england", "quick"],
    ];
    for arguments in words {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a full disk");
        let output = std::process::Command::new(program)
            .args(arguments)
            .current_dir(folder.path())
            .stdout(full)
            .output()
            .expect("the program starts");
        assert_eq!(code(&output), 3, "{arguments:?}");
        let words = "error: standard output: No space left on device";
        assert!(errors(&output).starts_with(words), "{arguments:?}: {}", errors(&output));
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = std::process::Command::new(program)
            .args(arguments)
            .current_dir(folder.path())
            .stdout(writer)
            .output()
            .expect("the program starts");
        assert_eq!((code(&output), errors(&output).as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn flags_that_contradict_each_other_are_errors_that_name_both() {
    let folder = scratch();
    let cases: [(&[&str], &[&str]); 9] = [
        (
            &["--set", "run.rounds=24", "--vary", "run.rounds=8,16"],
            &["run.rounds is varied here and stated by --set #1 (run.rounds=24)", "--vary #1:1:1"],
        ),
        (
            &["--set", "run.rounds=24", "--set", "market.attrition=0.1", "--set", "run.rounds=16"],
            &["run.rounds has another value in --set #1 (run.rounds=24)", "--set #3:1:12"],
        ),
        (
            &["--replicates", "4", "--set", "run.replicates=8"],
            &["run.replicates has another value in --set #1 (run.replicates=8)", "--replicates=4"],
        ),
        (
            &["--seed", "4", "--set", "run.seed=8"],
            &["run.seed has another value in --set #1 (run.seed=8)", "--seed=4"],
        ),
        (&["--seed", "4", "--seed", "5"], &["--seed"]),
        (&["--threads", "0"], &["--threads", "a whole number from 1 on; leave it out for all cores"]),
        (&["--allow-memory", "nan"], &["--allow-memory", "a number of GB above 0"]),
        (&["--resume", "--force"], &["--resume", "--force"]),
        (
            &["--until-precise", "outcomes=1%", "--set", "run.replicates=8"],
            &["--until-precise decides how many replicates there are", "--set run.replicates"],
        ),
    ];
    for (flags, words) in cases {
        let output = rebalance(folder.path(), &[&["run", "synthetic"], flags].concat());
        assert_eq!(code(&output), 2, "{flags:?}: {}", errors(&output));
        for words in words {
            assert!(errors(&output).contains(words), "{flags:?}: {}", errors(&output));
        }
    }
    for verb in [&["verify", "backlog"], &["check", "synthetic"], &["patterns", "synthetic"]] {
        let twice = ["--set", "run.rounds=24", "--set", "run.rounds=16"];
        let output = rebalance(folder.path(), &[&verb[..], &twice].concat());
        assert!(errors(&output).contains("run.rounds has another value"), "{verb:?}: {}", errors(&output));
    }
    let twice = ["check", "synthetic", "--set", "run.rounds=24", "--set", "run.rounds=24"];
    assert_eq!(code(&rebalance(folder.path(), &twice)), 0, "the same twice is no contradiction");
    assert!(!folder.path().join("output").exists());
}

#[test]
fn what_a_built_in_rule_set_states_is_changed_in_a_copy_that_the_program_writes() {
    let folder = scratch();
    let compare = ["compare", "synthetic", "--rules", "short-notice", "--set", "rules.notice_weeks=3"];
    let words = errors(&rebalance(folder.path(), &compare));
    let command = "`rebalance new my-short-notice --rules short-notice` writes it to my-short-notice.toml";
    assert!(words.contains(command) && !words.contains("change it there"), "{words}");
    let written = rebalance(folder.path(), &["new", "my-short-notice", "--rules", "short-notice"]);
    assert_eq!(code(&written), 0, "{}", errors(&written));
    let rules =
        rebalance::scenario::load_rules(&folder.path().join("my-short-notice.toml").to_string_lossy());
    let rules = rules.unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(rules.name, "my-short-notice");
    assert_eq!(rules.changes(), rebalance::scenario::load_rules("short-notice").expect("built in").changes());
    let unknown = rebalance(folder.path(), &["new", "mine", "--rules", "short-notic"]);
    assert_eq!(code(&unknown), 2);
    assert!(errors(&unknown).contains("did you mean \"short-notice\"?"), "{}", errors(&unknown));
}

#[test]
fn one_of_a_thing_is_called_by_its_singular() {
    let folder = scratch();
    let one = [
        "--set",
        "world.areas=1",
        "--set",
        "world.services=1",
        "--set",
        "run.rounds=1",
        "--set",
        "run.burn_in=0",
    ];
    let few = ["--set", "world.charities_per_area=1", "--set", "population.from_elsewhere=0"];
    let run = [
        "run",
        "synthetic",
        "--replicates",
        "1",
        "--set",
        "output.charts=false",
        "--vary",
        "market.attrition=0.1",
    ];
    let printed = |arguments: &[&str]| {
        let output = rebalance(folder.path(), arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", errors(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let text = printed(&[&run[..], &one].concat());
    assert!(text.contains("1 point x 1 rule set x 1 replicate of 1 round;"), "{text}");
    let text = printed(&[&run[..6], &one].concat());
    assert!(text.contains("1 replicate of 1 round,"), "{text}");
    let text = printed(&[&["check", "synthetic", "--set", "run.replicates=1"], &one[..], &few[..2]].concat());
    assert!(text.contains("1 area, 1 service,") && text.contains("1 replicate of 1 round"), "{text}");
    let burn_in =
        rebalance(folder.path(), &["check", "synthetic", "--set", "run.rounds=1", "--set", "run.burn_in=1"]);
    assert!(errors(&burn_in).contains("there is only 1 round"), "{}", errors(&burn_in));
}

#[test]
fn a_missing_table_or_folder_is_named() {
    let folder = scratch();
    let of = |arguments: &[&str]| {
        let output = rebalance(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        errors(&output)
    };
    assert!(of(&["report", "out"]).contains("there is no folder out"));
    let small = ["--set", "run.rounds=4", "--set", "run.burn_in=1", "--replicates", "2", "--quiet"];
    let run = |more: &[&str]| {
        let output = rebalance(folder.path(), &[&["run", "synthetic"], &small[..], more].concat());
        assert_eq!(code(&output), 0, "{}", errors(&output));
    };
    run(&["--out", "out"]);
    std::fs::remove_file(folder.path().join("out/rounds.csv")).expect("removed");
    assert!(of(&["report", "out"]).contains("out: rounds.csv: missing"));
    assert!(of(&["explain", "--tender", "1/1", "out"]).contains("out/tenders.csv is missing"));
    run(&["--out", "sweep", "--vary", "market.attrition=0.1,0.2"]);
    assert!(of(&["report", "sweep"]).contains("sweep holds no run, but a study of many points"));
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    assert!(of(&["report", "empty"]).contains("empty/manifest.json is missing"));
}

#[test]
fn names_that_check_would_refuse_are_not_written_and_paths_with_spaces_are_quoted() {
    let folder = scratch();
    for name in
        [&["new", "con"][..], &["new", ""], &["new", "--", "-x"], &["new", "=a", "--rules", "short-notice"]]
    {
        let output = rebalance(folder.path(), name);
        assert_eq!(code(&output), 2, "{name:?}");
        assert!(errors(&output).contains("cannot be a name"), "{}", errors(&output));
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    let output = rebalance(folder.path(), &["new", "my council"]);
    let next = "next: rebalance check \"my council.toml\"";
    assert!(
        String::from_utf8_lossy(&output.stdout).contains(next),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn a_number_without_its_zero_is_offered_with_it() {
    let folder = scratch();
    for (typed, right) in [(".3", "write 0.3"), ("+.5", "write 0.5"), ("1.", "write 1")] {
        let set = format!("rules.weight_price={typed}");
        let words = errors(&rebalance(folder.path(), &["check", "synthetic", "--set", &set]));
        assert!(words.contains(right), "{words}");
    }
    let twice = ["run", "synthetic", "--vary", "rules.lot_cap=2,2,3"];
    assert!(errors(&rebalance(folder.path(), &twice)).contains("2 is listed twice"));
}
