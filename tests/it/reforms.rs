//! Reforms are resolved to councils before they are checked: in every verb, with the place of what is wrong.

use crate::program::{complained, folder, printed, rebalance};

const FIRST: &str = "version = 1\nextends = \"england\"\n[[reform]]\nfrom_round = 8\nareas = [\"London\"]\n\
                     rules.weight_price = 0.2\nrules.weight_quality = 0.8\n";

/// What `patterns` says of a table of another's in its results folder, once all that it plays is valid: it plays nothing.
const FREE: &str = "no manifest says that this program wrote it";

/// What `patterns` says before it plays anything; a table of another's in the results folder keeps it from playing.
fn said(text: &str) -> String {
    let folder = folder();
    std::fs::write(folder.path().join("mine.toml"), text).expect("a file");
    std::fs::create_dir_all(folder.path().join("out")).expect("a folder");
    std::fs::write(folder.path().join("out/patterns.csv"), "").expect("a file");
    complained(&rebalance(folder.path(), &["patterns", "mine.toml", "--out", "out"]))
}

fn second(area: &str, rules: &str) -> String {
    format!("{FIRST}[[reform]]\nfrom_round = 12\nareas = [{area}]\n{rules}\n")
}

#[test]
fn weights_in_force_sum_to_one_in_every_council_and_round() {
    for name in ["\"E09000013\"", "\"Hammersmith and Fulham\""] {
        let words = said(&second(name, "rules.weight_price = 0.4"));
        let place = "from round 12 on, in Hammersmith and Fulham (E09000013), the weights of the award criteria sum to 1.2";
        assert!(words.contains(place) && words.contains("mine.toml:9:14"), "{words}");
    }
    let right =
        said(&second("\"Hammersmith and Fulham\"", "rules.weight_price = 0.4\nrules.weight_quality = 0.6"));
    assert!(right.contains(FREE), "{right}");
    let elsewhere = said(&second("\"North East\"", "rules.notice_weeks = 3"));
    assert!(elsewhere.contains(FREE), "{elsewhere}");
    let all = said(&FIRST.replace("areas = [\"London\"]\n", "").replace("0.8", "0.9"));
    assert!(all.contains("from round 8 on, the weights of the award criteria sum to 1.1"), "{all}");
}

#[test]
fn reforms_of_one_round_are_laid_together() {
    let half = "[[reform]]\nfrom_round = 8\nareas = [\"London\"]\nrules.weight_price = 0.3\n";
    let other = "[[reform]]\nfrom_round = 8\nareas = [\"E09000013\"]\nrules.weight_quality = 0.7\n";
    let words = said(&format!("{FIRST}{half}{other}"));
    assert!(words.contains("and 30 more areas") && words.contains("sum to 1.1"), "{words}");
    let both = said(&format!("{FIRST}{}{other}", half.replace("London", "E09000013")));
    assert!(both.contains(FREE), "{both}");
}

#[test]
fn an_option_of_the_menu_is_valid_under_every_reform() {
    let menu = "[[menu]]\nname = \"a\"\nrules.weight_social = 0.1\nrules.weight_quality = 0.5\n";
    let plain = "version = 1\nextends = \"england\"\n[rules]\nlearning = \"bandit\"\n";
    assert!(said(&format!("{plain}{menu}")).contains(FREE));
    let reform = "[[reform]]\nfrom_round = 8\nareas = [\"London\"]\nrules.weight_price = 0.2\nrules.weight_quality = 0.8\n";
    let words = said(&format!("{plain}{menu}{reform}"));
    assert!(
        words.contains("under the option \"a\", from round 8 on, in") && words.contains("mine.toml:5:1"),
        "{words}"
    );
}

#[test]
fn a_place_that_is_none_is_an_error_in_every_verb() {
    let folder = folder();
    let text = "version = 1\nextends = \"england\"\n[[reform]]\nfrom_round = 4\nareas = [\"Lodnon\"]\nrules.notice_weeks = 2\n";
    std::fs::write(folder.path().join("mine.toml"), text).expect("a file");
    let vary = ["--vary", "market.attrition=0.1,0.2"];
    let verbs: [(&str, &[&str]); 8] = [
        ("check", &[]),
        ("run", &[]),
        ("run", &vary),
        ("compare", &["--rules", "lowest-price"]),
        ("compare", &["--rules", "lowest-price", "--vary", "market.attrition=0.1,0.2"]),
        ("sensitivity", &["--measure", "outcomes", "--vary", "market.attrition=0.1..0.2"]),
        ("patterns", &[]),
        ("calibrate", &[]),
    ];
    for (verb, more) in verbs {
        let output = rebalance(folder.path(), &[&[verb, "mine.toml"], more].concat());
        let words = complained(&output);
        assert_eq!(output.status.code(), Some(2), "{verb}: {words}");
        assert!(words.contains("\"Lodnon\" is no area, code or region"), "{verb}: {words}");
        assert!(
            words.contains("mine.toml:5:10") && words.contains("did you mean \"London\"?"),
            "{verb}: {words}"
        );
    }
    assert!(!folder.path().join("output").exists());
}

#[test]
fn a_reform_or_option_that_changes_nothing_is_an_error() {
    let same = said(&second("\"E09000013\"", "rules.weight_price = 0.2"));
    assert!(same.contains("this reform changes nothing") && same.contains("mine.toml:9:14"), "{same}");
    let later = said(
        &second("\"London\"", "rules.weight_price = 0.3\nrules.weight_quality = 0.7").replace("= 12", "= 8"),
    );
    assert!(
        later.contains("this reform never acts: it is overridden by reform 2, also from round 8"),
        "{later}"
    );
    assert!(later.contains("reform 2 is at mine.toml:9:14") && !later.contains("changes nothing"), "{later}");
    let empty = said(&format!("{FIRST}[[reform]]\nfrom_round = 12\n"));
    assert!(empty.contains("this reform changes nothing"), "{empty}");
    let option = "[[menu]]\nname = \"same\"\nrules.notice_weeks = 6\n";
    let option =
        said(&format!("version = 1\nextends = \"england\"\n[rules]\nlearning = \"bandit\"\n{option}"));
    assert!(option.contains("the option \"same\" changes nothing"), "{option}");
}

/// What pushing back can raise at most counts only where somebody pushes back.
#[test]
fn a_reform_that_did_not_act_is_no_measured_zero() {
    let folder = folder();
    let text = "version = 1\nextends = \"synthetic\"\n[world]\nareas = 2\n[run]\nrounds = 8\nburn_in = 2\n\
                replicates = 2\n[[reform]]\nfrom_round = 4\nrules.push_back_highest = 2.0\n";
    std::fs::write(folder.path().join("mine.toml"), text).expect("a file");
    let output = rebalance(folder.path(), &["run", "mine.toml", "--out", "out"]);
    assert!(complained(&output).contains("warning: rules.push_back_highest does nothing here"), "{output:?}");
    let screen = printed(&output);
    assert!(screen.contains("effect of the reform: did not act: every measure"), "{screen}");
    assert!(!screen.contains("less the same worlds never reformed\n"), "{screen}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).expect("a file");
    assert!(read("reform.csv").lines().skip(1).all(|line| line.ends_with(",did not act")));
    assert!(read("report.html").contains("It did not act: every measure of every round"));
    let acts = text.replace("push_back_highest = 2.0", "ceiling_ratio = 0.9");
    std::fs::write(folder.path().join("acts.toml"), acts).expect("a file");
    let output = rebalance(folder.path(), &["run", "acts.toml", "--out", "acts", "--quiet"]);
    assert!(output.status.success() && complained(&output).is_empty(), "{}", complained(&output));
    let table = std::fs::read_to_string(folder.path().join("acts/reform.csv")).expect("a table");
    assert!(table.lines().skip(1).all(|line| line.ends_with(',')), "{table}");
}
