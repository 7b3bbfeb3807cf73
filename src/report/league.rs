//! How rule sets stand, from `league.csv`, with the verdict on each, from `comparison.csv`.

use super::{escape, readable};
use crate::chart::{ChartError, percent};
use crate::experiment::statistics::verdict::Verdict;
use crate::folder::files::table;
use crate::measure::names;
use std::fmt::Write;
use std::path::Path;

/// Measures with a table of their own, in order.
const SHOWN: [&str; 4] =
    ["outcomes_per_1000_residents", "unmet_need_people", "hhi_local_lead", "full_cost_recovery"];

/// A table whose cells are found by the names of columns.
struct Cells {
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

impl Cells {
    fn read(path: &Path) -> Result<Self, ChartError> {
        let failed = |error: csv::Error| ChartError(format!("{}: {error}", path.display()));
        let mut reader = table(path, true)?;
        let header = reader.headers().map_err(failed)?.clone();
        let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(failed)?;
        Ok(Self { header, rows })
    }

    fn cell<'a>(&self, row: &'a csv::StringRecord, name: &str) -> &'a str {
        let at = self.header.iter().position(|column| column == name);
        at.and_then(|at| row.get(at)).unwrap_or_default()
    }

    /// The rows of a measure.
    fn of<'a>(&'a self, measure: &'a str) -> impl Iterator<Item = &'a csv::StringRecord> {
        self.rows.iter().filter(move |row| self.cell(row, "measure") == measure)
    }
}

/// Tables of how rule sets stand, best first; nothing where no rule sets were compared.
pub fn tables(folder: &Path) -> Result<String, ChartError> {
    let path = folder.join("league.csv");
    if !path.is_file() {
        return Ok(String::new());
    }
    let (league, comparison) = (Cells::read(&path)?, Cells::read(&folder.join("comparison.csv"))?);
    let mut html = format!("{NOTE} <i>Verdict</i>: {}.</p>\n", escape(Verdict::KEY));
    for shown in SHOWN {
        let mut of_measure: Vec<&csv::StringRecord> = league.of(shown).collect();
        let Some(&first) = of_measure.first() else { continue };
        let sign = if league.cell(first, "better") == "lower" { 1.0 } else { -1.0 };
        of_measure.sort_by(|a, b| {
            let mean = |row| sign * league.cell(row, "mean").parse::<f64>().unwrap_or(0.0);
            mean(a).total_cmp(&mean(b))
        });
        let confidence = comparison.of(shown).next().map(|row| comparison.cell(row, "confidence"));
        let confidence = confidence.and_then(|cell| cell.parse().ok()).map_or(String::new(), percent);
        let _ = write!(
            html,
            "<h3>{}</h3>\n<table class=\"league\">\n<tr><th>rule set</th><th>mean</th><th>difference</th><th>{confidence} \
             interval</th><th>verdict</th><th>group</th><th>best in</th><th>mean regret</th><th>max regret</th></tr>\n",
            escape(&names::titled(shown))
        );
        for row in of_measure {
            let compared = comparison
                .of(shown)
                .find(|other| comparison.cell(other, "rules") == league.cell(row, "rules"));
            let difference = compared.map(|row| difference(|name| comparison.cell(row, name)));
            html.push_str(&line(|name| league.cell(row, name), difference));
        }
        html.push_str("</table>\n");
    }
    Ok(html)
}

fn number(cell: &str) -> String {
    cell.parse::<f64>().map(readable).unwrap_or_default()
}

/// Difference, its interval and the verdict. Where a rule set did not act, there is no difference to show.
fn difference<'a>(cell: impl Fn(&str) -> &'a str) -> [String; 3] {
    let verdict = cell("verdict").to_string();
    if verdict == Verdict::DidNotAct.name() {
        return [String::new(), String::new(), verdict];
    }
    let interval = match cell("ci_low") {
        "" => "one world: none".to_string(),
        low => format!("{} to {}", number(low), number(cell("ci_high"))),
    };
    [number(cell("difference")), interval, verdict]
}

/// A rule set; the baseline has no difference from itself.
fn line<'a>(cell: impl Fn(&str) -> &'a str, difference: Option<[String; 3]>) -> String {
    let share = |name: &str| {
        cell(name).parse::<f64>().map(|share| format!("{:.0}%", 100.0 * share)).unwrap_or_default()
    };
    let [apart, interval, verdict] =
        difference.unwrap_or_else(|| [String::new(), String::new(), "the baseline".to_string()]);
    format!(
        "<tr><td>{}</td><td>{}</td><td>{apart}</td><td>{interval}</td><td>{verdict}</td><td>{}</td><td>{}</td><td>{}</td>\
         <td>{}</td></tr>\n",
        escape(cell("rules")),
        number(cell("mean")),
        cell("group"),
        share("probability_best"),
        number(cell("expected_regret")),
        number(cell("max_regret"))
    )
}

const NOTE: &str = "<h2>Rule sets in the same worlds</h2>\n<p class=\"small\">Best first; highest first, of a measure without a better side. Differences are from the baseline in the \
same worlds; intervals hold for all headline measures and rule sets at once. Rule sets that share a letter or number \
(<i>group</i>) cannot be told apart with so many worlds, with the error of the verdicts. <i>Best in</i>: how often a rule set has \
the best mean when worlds are drawn again. <i>Regret</i>: how far it is from the best rule set of each world. \
<code>comparison.csv</code> has the verdict on all measures, <code>league.csv</code> the means with intervals of their own.";
