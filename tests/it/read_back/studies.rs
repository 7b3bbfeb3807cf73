//! Studies beside a plain comparison: split effects, reforms, single areas, tenders asked for.

use super::page::{is_interval, is_shown, tables_of_page};
use super::{RULES, Row, mean, near, number, results, rows, rows_in, whole};
use crate::{rebalance, scratch};
use rebalance::measure::names::{self, HEADLINES};
use rebalance::tables::tenders::{Wanted, find};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A results folder, which lives as long as this.
pub struct Results {
    folder: TempDir,
}

impl Results {
    /// What a call with these arguments writes, beside these files.
    fn of(files: &[(&str, &str)], arguments: &[&str], sets: &[&str]) -> Self {
        let folder = scratch();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        let mut all = [arguments, &["--quiet", "--out", "out"]].concat();
        sets.iter().for_each(|set| all.extend(["--set", *set]));
        let output = rebalance(folder.path(), &all);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { folder }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("out")
    }
}

const SMALL: [&str; 5] =
    ["world.areas=2", "world.charities_per_area=20", "run.rounds=9", "run.burn_in=4", "output.tenders=false"];

const REFORM: &str = "version = 1\nextends = \"synthetic\"\n[[reform]]\nfrom_round = 5\nrules.weight_price = 0.9\n\
                      rules.weight_quality = 0.1\n";

/// Two worlds, reformed from round 5 on, the rules of whose tenders change.
pub fn reformed() -> Results {
    let scenario = [("reform.toml", REFORM)];
    Results::of(&scenario, &["run", "reform.toml", "--replicates", "2"], &SMALL)
}

/// One area, two services, two worlds of an uncertain parameter, every world of `areas.csv` by itself.
pub fn one_area() -> Results {
    let text = "version = 1\nextends = \"synthetic\"\n[uncertainty]\nranges = { \"market.attrition\" = [0.1, 0.3] }\n";
    let sets = [&SMALL[1..], &["world.areas=1", "world.services=2", "output.area_replicates=true"]].concat();
    Results::of(&[("unsure.toml", text)], &["run", "unsure.toml", "--replicates", "2"], &sets)
}

/// Two points of a sweep.
pub fn varied() -> Results {
    let vary = ["run", "synthetic", "--vary", "market.attrition=0.1,0.3", "--replicates", "2"];
    Results::of(&[], &vary, &[&SMALL[..], &["output.charts=false"]].concat())
}

#[test]
fn split_effects_add_up_to_the_difference_of_the_comparison() {
    let (split, comparison) = (rows("split.csv"), rows("comparison.csv"));
    assert!(split.len() >= 8, "{}", split.len());
    let mut adapted = 0;
    for row in &split {
        let found = |column: &str| number(row, column).expect("a number");
        let total = found("total");
        let apart = found("mechanical") + found("behavioural") - total;
        assert!(apart.abs() <= 1e-9 * (1.0 + total.abs()), "{row:?}");
        let same = comparison.iter().find(|line| line["measure"] == row["measure"]).expect("compared");
        assert_eq!(
            (&row["n"], &row["rules"], &row["baseline"]),
            (&same["n"], &same["rules"], &same["baseline"])
        );
        assert!(
            (total - number(same, "difference").expect("a difference")).abs() <= 1e-9 * (1.0 + total.abs())
        );
        for effect in ["mechanical", "behavioural", "total"] {
            let (low, high) = (found(&format!("{effect}_low")), found(&format!("{effect}_high")));
            let middle = (low + high) / 2.0 - found(effect);
            assert!(low <= high && middle.abs() < 1e-6 * (1.0 + high - low), "t intervals: {row:?}");
        }
        let known = names::all().into_iter().find(|known| known.name == row["measure"]).expect("known");
        assert_eq!(row["unit"], known.unit);
        adapted += usize::from(found("behavioural").abs() > 1e-9);
    }
    assert!(adapted > 3);
    let cheaper = split.iter().find(|row| row["measure"] == "price_to_ceiling").expect("a price");
    assert!(
        number(cheaper, "mechanical").expect("an effect") < 0.0,
        "of the same bids the cheapest: {cheaper:?}"
    );
}

/// Means of a measure over worlds, round by round.
fn by_round(folder: &Path, measure: &str) -> Vec<f64> {
    let rounds = rows_in(folder, "rounds.csv");
    let of = |round: u32| {
        let rows = rounds.iter().filter(|row| whole(row, "round") == round);
        mean(&rows.map(|row| number(row, measure).expect("a value")).collect::<Vec<_>>())
    };
    (0..9).map(of).collect()
}

/// The effect of a reform is the same worlds with it less without it: round by round, and from its round on.
#[test]
fn a_reform_is_the_run_with_it_less_the_run_without() {
    let with = reformed();
    let without = Results::of(&[], &["run", "synthetic", "--replicates", "2"], &SMALL);
    let study = rows_in(&with.path(), "event_study.csv");
    let effects = rows_in(&with.path(), "reform.csv");
    for measure in ["people_served", "outcomes", "charities", "contract_income_gbp", "unmet_need_people"] {
        let (own, twin) = (by_round(&with.path(), measure), by_round(&without.path(), measure));
        let by_hand: Vec<f64> = own.iter().zip(&twin).map(|(own, twin)| own - twin).collect();
        let rows: Vec<&Row> = study.iter().filter(|row| row["measure"] == measure).collect();
        assert_eq!(rows.len(), 9);
        for (round, row) in rows.into_iter().enumerate() {
            assert_eq!(row["rounds_since_reform"], (round as i32 - 5).to_string());
            let difference = number(row, "difference").expect("a difference");
            assert!((difference - by_hand[round]).abs() <= 1e-9 * own[round].abs(), "{row:?}");
            assert_eq!((row["n"].as_str(), row["interval"].as_str()), ("2", "t"));
        }
        let effect = effects.iter().find(|row| row["measure"] == measure).expect("an effect");
        assert_eq!((effect["first_round"].as_str(), effect["n"].as_str()), ("5", "2"));
        let difference = number(effect, "difference").expect("a difference");
        assert!((difference - mean(&by_hand[5..])).abs() <= 1e-9 * own[8].abs(), "{effect:?}");
    }
    assert!(study.iter().any(|row| number(row, "difference").is_some_and(|apart| apart != 0.0)));
    let html = std::fs::read_to_string(with.path().join("report.html")).expect("a report");
    let page = tables_of_page(&html);
    let (_, lines) = page.iter().find(|(head, _)| head.contains("from 5 on")).expect("a table of effects");
    let shown: Vec<&str> =
        HEADLINES.into_iter().filter(|name| effects.iter().any(|row| row["measure"] == *name)).collect();
    assert_eq!(lines.len(), shown.len());
    for (line, name) in lines.iter().zip(shown) {
        let row = effects.iter().find(|row| row["measure"] == name).expect("an effect");
        assert_eq!((&line[0], &line[3]), (&names::titled(name), &row["n"]));
        assert!(is_shown(&line[1], number(row, "difference").expect("a difference")), "{line:?} {row:?}");
        assert!(is_interval(&line[2], row), "{line:?} {row:?}");
    }
    assert!(
        html.contains("From round 5 on, everywhere: rules.weight_price = 0.9, rules.weight_quality = 0.1")
    );
}

/// The concentration of an area's year: that of its rounds, by the contract income of the four rounds of each window.
#[test]
fn concentration_of_a_year_is_that_of_its_rounds_by_their_money() {
    let folder = one_area();
    let (rounds, areas) = (rows_in(&folder.path(), "rounds.csv"), rows_in(&folder.path(), "areas.csv"));
    let worlds = rows_in(&folder.path(), "worlds.csv");
    assert_eq!(worlds.len(), 2);
    for world in ["0", "1"] {
        let own: Vec<&Row> = rounds.iter().filter(|row| row["replicate"] == world).collect();
        let value = |round: usize, column: &str| number(own[round], column).expect("a value");
        let window = |round: usize| -> f64 {
            (round.saturating_sub(3)..=round).map(|earlier| value(earlier, "contract_income_gbp")).sum()
        };
        // A round without contracts in its window has no concentration, and no weight.
        let weighted = |round: usize| match window(round) {
            money if money > 0.0 => money * value(round, "hhi_local_lead"),
            _ => 0.0,
        };
        for (year, range) in [(1, 0..4), (2, 4..8), (3, 8..9)] {
            let money: f64 = range.clone().map(window).sum();
            let by_hand = range.map(weighted).sum::<f64>() / money;
            let row = areas.iter().find(|row| {
                row["replicate"] == world
                    && whole(row, "year") == year
                    && row["service"] == "all"
                    && row["measure"] == "hhi_lead"
            });
            let found = number(row.expect("a row"), "value").expect("a value");
            assert!(near(found, by_hand), "world {world}, year {year}: {found}, by hand {by_hand}");
        }
    }
}

#[test]
fn a_tender_that_is_asked_for_is_found_with_its_own_bids() {
    let (tenders, bids) = (rows("tenders.csv"), rows("bids.csv"));
    let wanted = tenders.iter().find(|row| {
        row["rules"] == RULES[1]
            && row["replicate"] == "2"
            && whole(row, "round") > 0
            && whole(row, "bids") > 1
    });
    let row = wanted.expect("a tender with bids");
    let ask = |rules: Option<&str>, replicate: u32, round: u32, lot: u32| {
        let wanted = Wanted { rules: rules.map(String::from), replicate, round, lot };
        find(results(), &wanted).expect("readable")
    };
    let (round, lot) = (whole(row, "round"), whole(row, "tender"));
    let found = ask(Some(RULES[1]), 2, round, lot).expect("a tender");
    assert_eq!(&found.tender, row);
    let mut own: Vec<Row> = bids
        .into_iter()
        .filter(|bid| ["rules", "replicate", "round", "tender"].iter().all(|key| bid[*key] == row[*key]))
        .collect();
    own.sort_by_key(|bid| bid["place"].parse::<u32>().unwrap_or(u32::MAX));
    assert_eq!(found.bids, own);
    let place =
        rows("area_places.csv").into_iter().find(|place| place["area"] == row["area"]).expect("a place");
    assert_eq!(found.area, place["name"]);
    assert!(ask(Some(RULES[1]), 2, round, 9_999).is_none());
    assert!(ask(Some(RULES[1]), 9, round, lot).is_none());
    // No rule set named: the first of the table.
    let first = tenders.iter().find(|row| row["replicate"] == "1").expect("a tender");
    let found = ask(None, 1, whole(first, "round"), whole(first, "tender")).expect("a tender");
    assert_eq!(found.tender["rules"], RULES[0]);
}
