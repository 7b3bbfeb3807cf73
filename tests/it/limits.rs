//! No value in range exhausts the machine, and nobody has to listen.

use crate::program::{complained, folder, printed, rebalance};

#[test]
fn what_the_machine_cannot_hold_is_refused_in_every_verb_before_it_is_built() {
    let folder = folder();
    let large = [
        "--set",
        "world.areas=200000",
        "--set",
        "market.contract_law=fixed",
        "--set",
        "market.lots_per_market=1000",
    ];
    let cut = [
        "--set",
        "world.areas=20000",
        "--set",
        "market.lots_per_market=500",
        "--set",
        "rules.packaging=cut-lots",
        "--set",
        "rules.lot_size_gbp=1",
        "--set",
        "market.contract_law=fixed",
    ];
    for sets in [&large[..], &cut[..]] {
        for verb in [
            &["check", "synthetic"][..],
            &["run", "synthetic"],
            &["patterns", "synthetic"],
            &["run", "synthetic", "--vary", "market.attrition=0.1,0.2"],
        ] {
            let output = rebalance(folder.path(), &[verb, sets].concat());
            let words = complained(&output);
            assert_eq!(output.status.code(), Some(2), "{verb:?}: {words}");
            assert!(words.contains("GB of memory") && words.contains("--allow-memory"), "{verb:?}: {words}");
        }
    }
    let small = ["check", "synthetic", "--allow-memory", "0.001"];
    assert!(complained(&rebalance(folder.path(), &small)).contains("that --allow-memory allows"));
    let countless =
        ["run", "synthetic", "--set", "world.areas=200000", "--set", "world.charities_per_area=1000000"];
    assert!(complained(&rebalance(folder.path(), &countless)).contains("which no machine holds"));
}

#[test]
fn check_knows_lots_and_bundles() {
    let folder = folder();
    let sets =
        ["check", "synthetic", "--set", "market.contract_law=fixed", "--set", "rules.packaging=bundle-lots"];
    let words = printed(&rebalance(folder.path(), &sets));
    assert!(words.contains("about 200 lots, let in up to 40 bundles"), "{words}");
}

#[test]
fn points_are_counted_before_they_are_made() {
    let folder = folder();
    let vary = [
        "rules.notice_weeks=1..9:90000",
        "market.attrition=0..1:99999",
        "market.coverage=0.1..1:99999",
        "rules.ceiling_ratio=1..2:99999",
    ];
    let mut arguments = vec!["run", "synthetic"];
    vary.iter().for_each(|vary| arguments.extend(["--vary", vary]));
    let output = rebalance(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(complained(&output).contains("points; at most 100000 are played"), "{}", complained(&output));
}

#[test]
fn a_lot_without_value_is_out_of_range() {
    let folder = folder();
    let output = rebalance(folder.path(), &["run", "synthetic", "--set", "market.lot_value_gbp=0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        complained(&output).contains("0 is out of range") && complained(&output).contains("--set #1:1:22")
    );
}

#[test]
fn threads_beyond_the_cores_are_brought_down_with_a_note() {
    let folder = folder();
    let arguments = [
        "run",
        "synthetic",
        "--threads",
        "100000",
        "--set",
        "run.rounds=2",
        "--set",
        "run.burn_in=0",
        "--replicates",
        "1",
        "--set",
        "output.charts=false",
    ];
    let output = rebalance(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    assert!(complained(&output).contains("threads instead of 100000"), "{}", complained(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_or_closed_standard_error_or_output_is_no_panic() {
    use std::process::{Command, Stdio};
    let folder = folder();
    let run = |arguments: &[&str], out: Stdio, errors: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rebalance"));
        let status = command.current_dir(folder.path()).args(arguments).stdout(out).stderr(errors).status();
        status.expect("the program starts").code()
    };
    let full =
        || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device"));
    let closed = || {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        Stdio::from(writer)
    };
    assert_eq!(run(&["run", "no-such-scenario"], Stdio::null(), full()), Some(2));
    assert_eq!(run(&["run", "no-such-scenario"], Stdio::null(), closed()), Some(2));
    assert_eq!(run(&["run", "synthetic", "--no-such-flag"], Stdio::null(), closed()), Some(2));
    assert_eq!(run(&["list", "measures"], closed(), Stdio::null()), Some(0));
    let warned = [
        "run",
        "synthetic",
        "--set",
        "world.copies=2",
        "--set",
        "run.rounds=2",
        "--set",
        "run.burn_in=0",
        "--replicates",
        "1",
        "--set",
        "output.charts=false",
    ];
    assert_eq!(run(&warned, closed(), full()), Some(0));
}
