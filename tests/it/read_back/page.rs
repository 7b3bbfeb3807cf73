//! The report and the charts against the tables.

use super::{RULES, Row, WORLDS, near, number, results, rows, whole, worlds};
use rebalance::measure::names::{self, Better};

/// A figure of a page, thousands separated by commas, its minus a typographer's.
fn shown(text: &str) -> f64 {
    let plain = text.replace(',', "").replace('\u{2212}', "-");
    plain.parse().unwrap_or_else(|_| panic!("\"{text}\" is no figure"))
}

/// Whether a figure of a page is a cell of a table to the digits shown: three or four of them.
pub fn is_shown(text: &str, cell: f64) -> bool {
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let due = match cell.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    decimals == due && (shown(text) - cell).abs() <= 0.500_001 * 0.1_f64.powi(due as i32)
}

/// Whether words such as "1.5 to 2.5" are an interval.
pub fn is_interval(text: &str, row: &Row) -> bool {
    let Some((low, high)) = text.split_once(" to ") else { return false };
    is_shown(low, number(row, "ci_low").expect("low"))
        && is_shown(high, number(row, "ci_high").expect("high"))
}

/// The tables of a page, as rows of cells without their tags, each with the heading before it.
pub fn tables_of_page(html: &str) -> Vec<(String, Vec<Vec<String>>)> {
    let text = |html: &str| {
        let mut plain = String::new();
        let mut inside = false;
        for letter in html.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                _ if !inside => plain.push(letter),
                _ => {}
            }
        }
        plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let mut tables = Vec::new();
    let mut before = html;
    while let Some((head, rest)) = before.split_once("<table") {
        let (table, after) = rest.split_once("</table>").expect("a table ends");
        let heading =
            head.rsplit("<h").next().and_then(|heading| heading.split_once('>')).expect("a heading").1;
        let heading = text(heading.split("</h").next().unwrap_or_default());
        let rows = table.split("<tr>").skip(1).map(|row| {
            let cells = row.split("<td").skip(1).map(|cell| {
                let (_, cell) = cell.split_once('>').expect("a cell");
                text(cell.split("</td>").next().unwrap_or_default())
            });
            cells.collect()
        });
        tables.push((heading, rows.filter(|row: &Vec<String>| !row.is_empty()).collect()));
        before = after;
    }
    tables
}

#[test]
fn the_report_shows_the_tables_to_its_digits() {
    let html = std::fs::read_to_string(results().join("report.html")).expect("a report");
    let page = tables_of_page(&html);
    let summary = rows("summary.csv");
    let (heading, main) = &page[0];
    assert!(heading.starts_with("Main results of the rule set “baseline”"), "{heading}");
    assert!(main.len() >= 12);
    for line in main {
        let known = names::all().into_iter().find(|measure| measure.titled() == line[0]).expect("a measure");
        let row = summary
            .iter()
            .find(|row| row["rules"] == RULES[0] && row["measure"] == known.name)
            .expect("in the summary");
        assert!(is_shown(&line[1], number(row, "mean").expect("a mean")), "{line:?} {row:?}");
        assert!(is_interval(&line[2], row), "{line:?} {row:?}");
        assert_eq!(line[3], row["n"]);
    }
    let (league, comparison) = (rows("league.csv"), rows("comparison.csv"));
    let mut leagues = 0;
    for measure in
        ["outcomes_per_1000_residents", "unmet_need_people", "hhi_local_lead", "full_cost_recovery"]
    {
        let known = names::all().into_iter().find(|known| known.name == measure).expect("known");
        let heading = known.titled();
        let Some((_, lines)) = page.iter().find(|(head, _)| *head == heading) else { panic!("no {heading}") };
        leagues += 1;
        let of = |rules: &str| league.iter().find(|row| row["rules"] == rules && row["measure"] == measure);
        let found: Vec<(&Vec<String>, &Row)> =
            lines.iter().map(|line| (line, of(&line[0]).expect("a rule set"))).collect();
        assert_eq!(found.len(), RULES.len());
        let means = [0, 1].map(|line| number(found[line].1, "mean").expect("a mean"));
        let best_first =
            if known.better == Better::Lower { means[0] <= means[1] } else { means[0] >= means[1] };
        assert!(best_first, "{measure}: {means:?}");
        for (line, row) in found {
            assert!(is_shown(&line[1], number(row, "mean").expect("a mean")));
            let of_row = |other: &&Row| other["rules"] == line[0] && other["measure"] == measure;
            match comparison.iter().find(of_row) {
                Some(row) => {
                    assert!(
                        is_shown(&line[2], number(row, "difference").expect("a difference")),
                        "{line:?} {row:?}"
                    );
                    assert!(is_interval(&line[3], row), "{line:?} {row:?}");
                    assert_eq!(line[4], row["verdict"]);
                }
                None => assert_eq!(line[2..5], ["", "", "the baseline"]),
            }
            assert_eq!(line[5], row["group"]);
            match number(row, "probability_best") {
                Some(share) => assert_eq!(line[6], format!("{:.0}%", 100.0 * share)),
                None => assert_eq!(line[6], ""),
            }
            for (cell, column) in [(&line[7], "expected_regret"), (&line[8], "max_regret")] {
                match number(row, column) {
                    Some(value) => assert!(is_shown(cell, value), "{line:?} {row:?}"),
                    None => assert_eq!(cell, ""),
                }
            }
        }
    }
    assert_eq!(leagues, 4);
}

#[test]
fn charts_have_the_points_of_the_tables() {
    let (rounds, summary, comparison) = (rows("rounds.csv"), rows("summary.csv"), rows("comparison.csv"));
    let axes = ["hhi_local_lead", "outcomes_per_1000_residents"];
    let headline = rows("charts/headline.csv");
    let mut points = 0;
    for row in headline.iter().filter(|row| row["year"] == "after burn-in") {
        points += 1;
        for axis in axes {
            let value = if row["replicate"] == "mean" {
                let same = |line: &&Row| line["rules"] == row["series"] && line["measure"] == axis;
                number(summary.iter().find(same).expect("in the summary"), "mean").expect("a mean")
            } else {
                worlds(&rounds, &row["series"], axis)[whole(row, "replicate") as usize].expect("a value")
            };
            assert!(near(number(row, axis).expect("a value"), value), "{row:?}, by hand {value}");
        }
    }
    assert_eq!(points, RULES.len() * (1 + WORLDS));
    let bars = rows("charts/comparison.csv");
    assert!(bars.len() >= 4);
    for bar in &bars {
        let same =
            |row: &&Row| names::titled(&row["measure"]) == bar["panel"] && row["rules"] == bar["rules"];
        let row = comparison.iter().find(same).expect("compared");
        for column in ["difference", "ci_low", "ci_high"] {
            assert_eq!(number(bar, column), number(row, column), "{bar:?}");
        }
    }
}
