//! Verdicts: one a row, the same in tables, charts, report and on the screen; intervals within what measures can be; and
//! how often verdicts of whole families are wrong.

#[path = "../../benches/families/mod.rs"]
mod families;

use super::program::{complained, printed};
use super::{rebalance, scratch};
use families::{Design, Law, simulate};
use rebalance::experiment::statistics::verdict::{Family, Verdict};
use rebalance::measure::bounds::Bounds;
use rebalance::measure::names;
use std::collections::BTreeMap;
use std::path::Path;

/// A table as cells by name of column.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let header = reader.headers().expect("columns").clone();
    let named = |row: csv::StringRecord| {
        header.iter().map(str::to_string).zip(row.iter().map(str::to_string)).collect()
    };
    reader.records().map(|row| named(row.expect("a row"))).collect()
}

fn play(folder: &Path, arguments: &[&str]) -> String {
    let small = ["--replicates", "3", "--set", "run.rounds=24"];
    let output = rebalance(folder, &[arguments, &small].concat());
    assert!(output.status.success(), "{}", complained(&output));
    printed(&output)
}

/// A lever that the award method does not use.
fn idle_lever(folder: &Path) {
    let text = "name = \"idle\"\ndescription = \"does nothing here\"\n[rules]\nframework_places = 5\n";
    std::fs::write(folder.join("idle.toml"), text).expect("written");
}

/// What the table says of every row is what the chart, the report and the screen say of it.
#[test]
fn every_row_has_the_verdict_of_the_table_wherever_it_is_shown() {
    let folder = scratch();
    idle_lever(folder.path());
    let rules = ["--rules", "lowest-price", "quality-80", "idle.toml", "--out", "out"];
    let screen = play(folder.path(), &[&["compare", "synthetic"], &rules[..]].concat());
    let out = folder.path().join("out");
    let comparison = rows(&out.join("comparison.csv"));
    let verdict = |rules: &str, titled: &str| {
        let row =
            comparison.iter().find(|row| row["rules"] == rules && names::titled(&row["measure"]) == titled);
        row.map(|row| row["verdict"].clone())
    };
    for row in &comparison {
        assert!(Verdict::named(&row["verdict"]).is_some(), "{row:?}");
        assert_eq!(row["rules"] == "idle", row["verdict"] == "did not act", "{row:?}");
        let end = |name: &str| row[name].parse::<f64>().ok();
        if let (Some(low), Some(high)) = (end("ci_low"), end("ci_high")) {
            let told = low > 0.0 || high < 0.0;
            assert_eq!(
                told,
                !["cannot be told", "did not act"].contains(&row["verdict"].as_str()),
                "{row:?}"
            );
            assert_eq!(told, end("adjusted_p").expect("a p value") <= 0.05, "{row:?}");
        }
    }
    assert!(comparison.iter().any(|row| row["verdict"] == "worse"), "the cheapest bid helps fewer");
    let chart = rows(&out.join("charts/comparison.csv"));
    assert_eq!(chart.len(), 18, "six panels of three rule sets");
    for row in &chart {
        assert_eq!(Some(&row["verdict"]), verdict(&row["rules"], &row["panel"]).as_ref(), "{row:?}");
        let of_table = comparison
            .iter()
            .find(|other| other["rules"] == row["rules"] && names::titled(&other["measure"]) == row["panel"]);
        let of_table = of_table.expect("a row");
        for column in ["ci_low", "ci_high", "n", "confidence", "difference"] {
            assert_eq!(row[column], of_table[column], "{column}");
        }
    }
    let svg = std::fs::read_to_string(out.join("charts/comparison.svg")).expect("a chart");
    for verdict in ["worse", "cannot be told", "did not act"] {
        let drawn = svg.lines().filter(|line| line.trim() == verdict).count();
        let written = chart.iter().filter(|row| row["verdict"] == verdict).count();
        // "worse" stands in the key, too.
        assert_eq!(drawn, written + usize::from(verdict == "worse"), "{verdict}");
    }
    assert!(svg.contains("bars: 99.9% intervals"), "the confidence of the headline measures");
    let report = std::fs::read_to_string(out.join("report.html")).expect("a report");
    assert!(report.contains(Verdict::KEY) && screen.replace('\n', " ").contains(Verdict::KEY));
    for measure in
        ["outcomes_per_1000_residents", "unmet_need_people", "hhi_local_lead", "full_cost_recovery"]
    {
        let title = names::titled(measure);
        let (_, after) = report.split_once(&format!("<h3>{title}</h3>")).expect("a table");
        let (table, _) = after.split_once("</table>").expect("its end");
        for rules in ["lowest-price", "quality-80", "idle"] {
            let line = table.lines().find(|line| line.contains(&format!("<td>{rules}</td>"))).expect("a row");
            let verdict = verdict(rules, &title).expect("a verdict");
            assert!(line.contains(&format!("<td>{verdict}</td>")), "{line}");
        }
    }
    on_the_screen(&screen, &comparison);
}

/// Every line of a rule set on the screen ends its figures with the verdict of the table.
fn on_the_screen(screen: &str, comparison: &[BTreeMap<String, String>]) {
    let mut seen = 0;
    for name in names::HEADLINES {
        let measure = names::all().into_iter().find(|measure| measure.name == name).expect("a measure");
        let head = format!("\n{} [{}]\n", measure.label, measure.unit);
        let Some((_, block)) = screen.split_once(&head) else { continue };
        let block = block.split("\n\n").next().expect("lines");
        for row in comparison.iter().filter(|row| row["measure"] == name) {
            let start = format!("  {} ", row["rules"]);
            let line = block.lines().find(|line| line.starts_with(&start)).expect("a line");
            assert!(line.contains(&format!(" {}", row["verdict"])), "{line}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

/// Columns of a table: a value and the ends of its interval; how often differences were taken of what it is of.
const INTERVALS: [(&str, [&str; 3], u32); 12] = [
    ("summary.csv", ["mean", "ci_low", "ci_high"], 0),
    ("league.csv", ["mean", "ci_low", "ci_high"], 0),
    ("league.csv", ["", "lead_low", "lead_high"], 1),
    ("comparison.csv", ["difference", "ci_low", "ci_high"], 1),
    ("split.csv", ["mechanical", "mechanical_low", "mechanical_high"], 1),
    ("split.csv", ["behavioural", "behavioural_low", "behavioural_high"], 2),
    ("split.csv", ["total", "total_low", "total_high"], 1),
    ("event_study.csv", ["difference", "ci_low", "ci_high"], 1),
    ("reform.csv", ["difference", "ci_low", "ci_high"], 1),
    ("sweep.csv", ["mean", "ci_low", "ci_high"], 0),
    ("sweep.csv", ["difference", "difference_low", "difference_high"], 1),
    ("sweep_differences.csv", ["difference", "ci_low", "ci_high"], 1),
];

/// Intervals of a table that end at a bound, of those that are all within the bounds of their measures.
fn cut(path: &Path, columns: [&str; 3], differences: u32) -> usize {
    let mut cut = 0;
    let all = rows(path);
    assert!(!all.is_empty(), "{}", path.display());
    for row in all {
        let bounds =
            (0..differences).fold(names::bounds(&row["measure"]), |bounds, _| bounds.of_differences());
        let [mean, low, high] = columns.map(|name| row.get(name).and_then(|cell| cell.parse::<f64>().ok()));
        let Some((low, high)) = low.zip(high) else { continue };
        // A lead over the best of the others has no mean in the table; its interval holds 0.
        let mean = if columns[0].is_empty() { 0.0 } else { mean.expect("a mean") };
        let rounding = 1e-9 * mean.abs().max(1.0);
        assert!(low <= mean + rounding && mean <= high + rounding, "{}: {row:?}", path.display());
        assert!(bounds.hold(low) && bounds.hold(high), "{}: {bounds:?} {row:?}", path.display());
        cut += usize::from(low < high && (low == bounds.low || high == bounds.high));
    }
    cut
}

/// Three worlds, whose t is 4.3: intervals would leave what measures can be in every table of means.
#[test]
fn no_interval_leaves_what_its_measure_can_be() {
    let folder = scratch();
    let out = |name: &str| folder.path().join(name);
    let compare =
        ["compare", "synthetic", "--rules", "lowest-price", "direct-award", "--split", "--out", "compare"];
    play(folder.path(), &compare);
    let reform =
        "version = 1\nextends = \"synthetic\"\n[[reform]]\nfrom_round = 21\nrules.notice_weeks = 2\n";
    std::fs::write(out("reform.toml"), reform).expect("written");
    play(folder.path(), &["run", "reform.toml", "--out", "reform"]);
    let vary = ["--vary", "rules.notice_weeks=2,12", "--out", "sweep"];
    play(folder.path(), &[&["compare", "synthetic", "--rules", "lowest-price"], &vary[..]].concat());
    let (mut tables, mut cuts) = (0, 0);
    for (table, columns, differences) in INTERVALS {
        for study in ["compare", "reform", "sweep"] {
            let path = out(study).join(table);
            if path.is_file() {
                (tables, cuts) = (tables + 1, cuts + cut(&path, columns, differences));
            }
        }
    }
    assert!(tables >= INTERVALS.len() && cuts > 20, "{tables} tables, {cuts} intervals cut");
    percent_of_charities(&out("compare/charts/survival.csv"));
}

/// Bands of a chart in percent stay within it; at the start all are open, which nothing is unsure of.
fn percent_of_charities(path: &Path) {
    let (start, later): (Vec<_>, Vec<_>) = rows(path).into_iter().partition(|row| row["year"] == "0");
    assert!(!start.is_empty());
    start.iter().for_each(|row| assert_eq!((&row["mean"][..], &row["ci_low"][..]), ("100", ""), "{row:?}"));
    for row in later {
        let [mean, low, high] =
            ["mean", "ci_low", "ci_high"].map(|name| row[name].parse::<f64>().expect("a number"));
        assert!(0.0 <= low && low <= mean + 1e-9 && mean <= high + 1e-9 && high <= 100.0, "{row:?}");
    }
}

/// Every value that a round gives is within the bounds that are declared for its measure, also with teams, merging and
/// commissioners that choose.
#[test]
fn measures_are_within_their_bounds() {
    let folder = scratch();
    let teams = ["rules.forms='prime'", "rules.results_share=0.5", "behaviour.merge_rate=0.05"];
    let other = ["rules.forms='alliance'", "behaviour.fear_learning=0.5", "behaviour.motives='dirichlet'"];
    for (name, sets) in [("plain", &[][..]), ("teams", &teams[..]), ("alliance", &other[..])] {
        let set = sets.iter().flat_map(|set| ["--set", set]).collect::<Vec<_>>();
        let base = ["run", "synthetic", "--out", name, "--set", "output.charts=false", "--quiet"];
        play(folder.path(), &[&base[..], &set].concat());
        let measures = names::all();
        for row in rows(&folder.path().join(name).join("rounds.csv")) {
            for measure in &measures {
                let Ok(value) = row[&measure.name].parse::<f64>() else { continue };
                assert!(measure.bounds.hold(value), "{name}: {} is {value}", measure.name);
            }
        }
    }
    assert_eq!(names::bounds("income_share_micro"), Bounds::SHARE);
    assert_eq!(names::bounds("hhi_local_excess"), Bounds::new(-10_000.0, 10_000.0));
    assert_eq!(names::bounds("reserves_months_median_small"), Bounds::NONE);
    assert_eq!(names::bounds("bid_cost_share"), Bounds::NOT_NEGATIVE, "bids can cost more than is awarded");
}

/// Studies of the quick simulations, and so many standard errors as a share may be off.
const STUDIES: u32 = 400;
const ERRORS: f64 = 4.0;

fn standard_error(share: f64) -> f64 {
    (share * (1.0 - share) / f64::from(STUDIES)).sqrt()
}

fn family(worlds: usize, rules: usize, law: Law, common: f64) -> Design {
    Design { worlds, rules, law, common, family: Family::Confirmatory, differing: 0, effect: 0.0 }
}

/// Where nothing differs and differences are normal, one study in twenty has a false verdict: as often where measures have
/// nothing in common, and more seldom where they have.
#[test]
fn one_study_in_twenty_has_a_false_verdict() {
    for (worlds, rules) in [(8, 1), (12, 2), (40, 1)] {
        let apart = simulate(&family(worlds, rules, Law::Normal, 0.0), STUDIES, 5).any_false;
        assert!((apart - 0.05).abs() <= ERRORS * standard_error(0.05), "{worlds} worlds: {apart}");
        let together = simulate(&family(worlds, rules, Law::Normal, 0.8), STUDIES, 5).any_false;
        assert!(together <= 0.05 + ERRORS * standard_error(0.05), "{worlds} worlds: {together}");
    }
}

/// A row of a table of docs/COMPARING.md: shares by number of worlds.
fn documented(words: &str) -> [f64; 4] {
    let document = include_str!("../../docs/COMPARING.md");
    let line = document.lines().find(|line| line.starts_with(&format!("| {words} |"))).expect(words);
    let cells: Vec<f64> = line
        .split('|')
        .filter_map(|cell| cell.trim().strip_suffix('%')?.parse::<f64>().ok())
        .map(|percent| percent / 100.0)
        .collect();
    cells.try_into().expect("four numbers of worlds")
}

/// The tables of docs/COMPARING.md are what the procedure does, within the error of so few studies.
#[test]
fn documented_rates_are_those_of_the_procedure() {
    let laws = [
        ("normal", Law::Normal),
        ("one measure in eight skewed", Law::Mixed(0.5)),
        ("skewed", Law::Lognormal(0.5)),
        ("strongly skewed", Law::Lognormal(1.0)),
    ];
    for (name, law) in laws {
        for (common, how) in [(0.0, "independent"), (0.8, "correlated")] {
            let rates = documented(&format!("1 rule set, {name}, {how}"));
            for (place, worlds) in [(0, 8), (2, 20)] {
                let seen = simulate(&family(worlds, 1, law, common), STUDIES, 6).any_false;
                let off = (seen - rates[place]).abs();
                assert!(
                    off <= ERRORS * standard_error(rates[place].max(0.02)),
                    "{name}, {how}, {worlds}: {seen}"
                );
            }
        }
        if matches!(law, Law::Mixed(_)) {
            continue; // found or not, effects are told law by law
        }
        // True effects of one study have nothing in common but their number, so that their share is known better.
        let found = Design { differing: 1, effect: 1.0, ..family(20, 5, law, 0.0) };
        let seen = simulate(&found, STUDIES / 8, 7).found;
        let rates = documented(&format!("1 s.d., {name}"));
        assert!((seen - rates[2]).abs() <= 2.0 * standard_error(rates[2].max(0.02)), "{name}: {seen}");
    }
}

/// Of exploratory verdicts, at most one in twenty is false where differences are normal.
#[test]
fn few_exploratory_verdicts_are_false() {
    let design =
        Design { family: Family::Exploratory, differing: 1, effect: 1.5, ..family(12, 2, Law::Normal, 0.0) };
    let rates = simulate(&design, STUDIES / 2, 8);
    assert!(rates.false_share <= 0.05 + ERRORS * standard_error(0.05), "{rates:?}");
    assert!(rates.found > 0.8, "{rates:?}");
}
