//! One gate for all verbs: what one finds, all find, and what one warns of, all say once.

use crate::program::{complained, folder, printed, rebalance};

const SMALL: [&str; 12] = [
    "--set",
    "world.areas=2",
    "--set",
    "world.charities_per_area=20",
    "--set",
    "run.rounds=3",
    "--set",
    "run.burn_in=1",
    "--replicates",
    "2",
    "--set",
    "output.charts=false",
];

fn small(arguments: &[&str]) -> Vec<&'static str> {
    let owned: Vec<&'static str> =
        arguments.iter().map(|text| &*Box::leak(text.to_string().into_boxed_str())).collect();
    [&owned[..], &SMALL].concat()
}

#[test]
fn what_a_rule_set_or_reform_states_is_not_changed_from_the_command_line() {
    let folder = folder();
    let text =
        "version = 1\nextends = \"synthetic\"\n[[reform]]\nfrom_round = 2\nrules.payment_lag_weeks = 1\n";
    std::fs::write(folder.path().join("mine.toml"), text).expect("a file");
    let rules = ["compare", "synthetic", "--rules", "short-notice"];
    let cases: [(&[&str], &str); 6] = [
        (&["--set", "rules.notice_weeks=3"], "rules.notice_weeks is stated by the rule set \"short-notice\""),
        (&["--vary", "rules.notice_weeks=3,4"], "--vary #1:1:1"),
        (&["run", "mine.toml", "--set", "rules.payment_lag_weeks=2"], "is stated by the reform of round 2"),
        (&["run", "mine.toml", "--vary", "rules.payment_lag_weeks=2,3"], "mine.toml:5:27"),
        (
            &["patterns", "mine.toml", "--vary", "rules.payment_lag_weeks=2,3"],
            "is stated by the reform of round 2",
        ),
        (
            &["sensitivity", "mine.toml", "--measure", "outcomes", "--vary", "rules.payment_lag_weeks=2..3"],
            "is stated by the reform of round 2",
        ),
    ];
    for (arguments, why) in cases {
        let arguments =
            if arguments[0].starts_with("--") { [&rules, arguments].concat() } else { arguments.to_vec() };
        let output = rebalance(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complained(&output).contains(why), "{arguments:?}: {}", complained(&output));
    }
    let moved = rebalance(
        folder.path(),
        &["compare", "synthetic", "--rules", "quality-80", "--set", "rules.weight_social=0.1"],
    );
    assert!(complained(&moved).contains("moves the other weights"), "{}", complained(&moved));
    assert!(!folder.path().join("output").exists());
}

#[test]
fn a_rule_set_that_states_or_changes_nothing_is_an_error() {
    let folder = folder();
    std::fs::write(folder.path().join("empty.toml"), "name = \"empty\"\n").expect("a file");
    std::fs::write(folder.path().join("same.toml"), "[rules]\nnotice_weeks = 6\n").expect("a file");
    for (rules, why) in [("empty.toml", "states no rule"), ("same.toml", "changes nothing")] {
        let output = rebalance(folder.path(), &["compare", "synthetic", "--rules", rules]);
        assert_eq!(output.status.code(), Some(2));
        assert!(complained(&output).contains(why), "{}", complained(&output));
    }
    let reform = "version = 1\nextends = \"synthetic\"\n[[reform]]\nfrom_round = 0\nrules.notice_weeks = 3\n";
    std::fs::write(folder.path().join("mine.toml"), reform).expect("a file");
    let words = complained(&rebalance(folder.path(), &["compare", "mine.toml", "--rules", "short-notice"]));
    assert!(words.contains("\"short-notice\" never acts: the scenario's reforms override"), "{words}");
    let as_baseline =
        small(&["compare", "synthetic", "--rules", "same.toml", "lowest-price", "--baseline", "same"]);
    let output = rebalance(folder.path(), &as_baseline);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
}

#[test]
fn a_rule_set_that_does_not_act_is_no_measured_zero() {
    let folder = folder();
    std::fs::write(folder.path().join("idle.toml"), "[rules]\nlot_cap = 90000\n").expect("a file");
    let run = |more: &[&str]| {
        let output = rebalance(
            folder.path(),
            &small(&[&["compare", "synthetic", "--rules", "idle.toml", "lowest-price"], more].concat()),
        );
        assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
        printed(&output)
    };
    let plain = run(&["--out", "plain"]);
    assert!(plain.contains("did not act: idle gave what \"baseline\" gives"), "{plain}");
    let line = plain.lines().find(|line| line.trim_start().starts_with("idle")).expect("a line");
    assert!(line.contains("did not act"), "{line}");
    let table = std::fs::read_to_string(folder.path().join("plain/comparison.csv")).expect("a table");
    let lines = |rules: &str| table.lines().filter(|line| line.starts_with(rules)).collect::<Vec<_>>();
    assert!(!lines("idle,").is_empty() && lines("idle,").iter().all(|line| line.contains(",did not act,")));
    assert!(lines("lowest-price,").iter().all(|line| !line.contains(",did not act,")));
    assert!(run(&["--vary", "market.attrition=0.1,0.2"]).contains("did not act: idle gave"));
}

#[test]
fn every_verb_warns_once_and_not_when_quiet() {
    let folder = folder();
    let warning =
        "warning: population.charities does nothing here: it counts only where world.kind is \"england\"";
    let set = ["--set", "population.charities=1000", "--force"];
    let verbs: [&[&str]; 5] = [
        &["run", "synthetic"],
        &["run", "synthetic", "--vary", "market.attrition=0.1,0.2"],
        &["compare", "synthetic", "--rules", "lowest-price"],
        &[
            "sensitivity",
            "synthetic",
            "--measure",
            "outcomes",
            "--vary",
            "market.attrition=0.1..0.2",
            "--points",
            "0",
            "--trajectories",
            "2",
        ],
        &["patterns", "synthetic"],
    ];
    for verb in verbs {
        let arguments = small(&[verb, &set].concat());
        let output = rebalance(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{verb:?}: {}", complained(&output));
        assert_eq!(complained(&output).matches(warning).count(), 1, "{verb:?}: {}", complained(&output));
        let quiet = rebalance(folder.path(), &[&arguments[..], &["--quiet"]].concat());
        assert_eq!(complained(&quiet), "", "{verb:?}");
    }
}

#[test]
fn what_is_varied_and_does_nothing_is_warned_of() {
    let folder = folder();
    let output = rebalance(folder.path(), &small(&["run", "synthetic", "--vary", "world.copies=1,2"]));
    assert!(
        complained(&output).contains("warning: world.copies does nothing here"),
        "{}",
        complained(&output)
    );
    let tenders =
        ["run", "synthetic", "--vary", "market.attrition=0.1,0.2", "--set", "output.tenders=true", "--force"];
    let output = rebalance(folder.path(), &small(&tenders));
    assert!(
        complained(&output).contains("warning: output.tenders does nothing here"),
        "{}",
        complained(&output)
    );
}

#[test]
fn what_is_the_same_at_all_points_is_not_varied() {
    let folder = folder();
    for vary in ["run.replicates=2,4", "run.seed=1,2", "output.charts=true,false"] {
        let output = rebalance(folder.path(), &["run", "synthetic", "--vary", vary]);
        assert_eq!(output.status.code(), Some(2), "{vary}");
        assert!(complained(&output).contains("--vary #1:1:1"), "{}", complained(&output));
    }
}

#[test]
fn weights_from_the_command_line_share_the_rest_and_say_so() {
    let folder = folder();
    let output = rebalance(folder.path(), &small(&["run", "synthetic", "--set", "rules.weight_price=0.5"]));
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let words = "note: rules.weight_quality is 0.5 instead of 0.6, so that the weights of the award criteria sum to 1";
    assert!(complained(&output).contains(words), "{}", complained(&output));
    let vary = small(&["run", "synthetic", "--vary", "rules.weight_price=0.2..0.8:4"]);
    let output = rebalance(folder.path(), &vary);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    assert!(
        complained(&output).contains("share in proportion what rules.weight_price leaves"),
        "{}",
        complained(&output)
    );
    let range = [
        "--measure",
        "outcomes",
        "--vary",
        "rules.weight_price=0.2..0.8",
        "--points",
        "0",
        "--trajectories",
        "2",
    ];
    let output = rebalance(folder.path(), &small(&[&["sensitivity", "synthetic"], &range[..]].concat()));
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    assert!(complained(&output).contains("share in proportion"), "{}", complained(&output));
    // Where another weight is stated too, nobody is left to share, and nobody is said to.
    let stated =
        ["run", "synthetic", "--set", "rules.weight_quality=0.6", "--vary", "rules.weight_price=0.2..0.8:4"];
    let words = complained(&rebalance(folder.path(), &small(&stated)));
    assert!(words.contains("not to 1") && !words.contains("note:"), "{words}");
    let social =
        ["--set", "rules.weight_social=0.1", "--vary", "rules.weight_price=0.2..0.8:4", "--out", "social"];
    let output = rebalance(folder.path(), &small(&[&["run", "synthetic"], &social[..]].concat()));
    let notes = "share in proportion what rules.weight_price and rules.weight_social leave of 1";
    assert!(output.status.success() && complained(&output).contains(notes), "{}", complained(&output));
    assert!(!complained(&output).contains("instead of"), "{}", complained(&output));
    let over = ["run", "synthetic", "--set", "rules.weight_price=0.7", "--set", "rules.weight_quality=0.6"];
    assert!(complained(&rebalance(folder.path(), &over)).contains("sum to 1.3, not to 1"));
}

#[test]
fn the_hints_of_the_program_work_when_they_are_pasted() {
    let folder = folder();
    let wrong: [&[&str]; 4] = [
        &["--set", "rules.weight_price"],
        &["--vary", "rules.notice_weeks"],
        &["--vary", "run.replicates=2,4"],
        &["--vary", "output.charts=true,false"],
    ];
    for (row, arguments) in wrong.into_iter().enumerate() {
        let words = complained(&rebalance(folder.path(), &[&["run", "synthetic"], arguments].concat()));
        let hint =
            words.lines().find_map(|line| Some(line.split_once("write --")?.1)).expect("a hint").to_string();
        let hint = format!("--{hint}");
        let mut pasted: Vec<&str> = hint.split_whitespace().take(2).collect();
        let out = format!("out-{row}");
        let mut arguments = small(&["run", "synthetic", "--out"]);
        arguments.insert(3, Box::leak(out.into_boxed_str()));
        if pasted[0] == "--replicates" {
            arguments.retain(|text| *text != "--replicates" && *text != "2");
        }
        if pasted[1].starts_with("output.charts") {
            arguments.truncate(arguments.len() - 2);
        }
        let all = [&arguments[..], &pasted.split_off(0)].concat();
        let output = rebalance(folder.path(), &all);
        assert_eq!(output.status.code(), Some(0), "{hint}: {}", complained(&output));
    }
}

/// Pounds in place of thousands of pounds, in a table that only a point names.
#[test]
fn what_a_table_at_a_point_seems_not_to_mean_is_said_once() {
    const BUILT_IN: &str = include_str!("../../src/world/data/areas.csv");
    let folder = folder();
    let lines: Vec<&str> = BUILT_IN.lines().filter(|line| !line.contains('"')).take(2).collect();
    std::fs::write(folder.path().join("a.csv"), lines.join("\n")).expect("a file");
    let (mut cells, columns): (Vec<String>, Vec<&str>) =
        (lines[1].split(',').map(str::to_string).collect(), lines[0].split(',').collect());
    let money = columns.iter().position(|column| column.starts_with("gbp_thousand")).expect("money");
    cells[money] = (1000.0 * cells[money].parse::<f64>().expect("a number")).to_string();
    std::fs::write(folder.path().join("b.csv"), [lines[0], &cells.join(",")].join("\n")).expect("a file");
    let more = ["--set", "run.rounds=2", "--set", "run.burn_in=1", "--replicates", "2"];
    let vary = ["run", "england", "--vary", "world.areas_file=a.csv,b.csv"];
    let output = rebalance(folder.path(), &[&vary[..], &more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let said: Vec<String> = complained(&output)
        .lines()
        .filter(|line| line.starts_with("warning:") && line.contains("b.csv"))
        .map(str::to_string)
        .collect();
    assert_eq!(said.len(), 1, "{}", complained(&output));
}

#[test]
fn keys_without_their_mechanism_are_told_of_where_they_are_varied() {
    let folder = folder();
    for (scenario, vary, place) in [
        ("synthetic", "behaviour.partner_say=0.1,0.9", "where rules.forms allows teams"),
        ("synthetic", "behaviour.mutation=0.1,0.2", "behaviour.motives \"dirichlet\""),
        ("synthetic", "behaviour.effort_max=1.2,1.5", "behaviour.effort_rule is \"rate\""),
        ("synthetic", "market.spend_floor=0.1,0.2", "world.kind is \"england\""),
        ("synthetic", "rules.mutual_term_years=1,2", "rules.reserved is \"mutual\""),
    ] {
        let out = vary.split('=').next().expect("a key");
        let output = rebalance(folder.path(), &small(&["run", scenario, "--vary", vary, "--out", out]));
        let words = complained(&output);
        assert!(output.status.success(), "{words}");
        assert!(
            words.contains(&format!("warning: {out} does nothing here")) && words.contains(place),
            "{words}"
        );
    }
}

#[test]
fn the_baseline_is_offered_only_where_another_rule_set_can_be_compared_with_it() {
    let folder = folder();
    let same = "version = 1\nname = \"same\"\n[rules]\nnotice_weeks = 6.0\n";
    std::fs::write(folder.path().join("same.toml"), same).expect("a file");
    let compare = ["compare", "synthetic", "--rules"];
    let said = |rules: &[&str]| complained(&rebalance(folder.path(), &[&compare[..], rules].concat()));
    let alone = said(&["same.toml"]);
    assert!(alone.contains("leave it out") && !alone.contains("--baseline"), "{alone}");
    let two = said(&["same.toml", "short-notice"]);
    assert!(two.contains("or compare with it: --baseline same"), "{two}");
}
