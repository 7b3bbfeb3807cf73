//! The league table of a comparison, from `league.csv`.

use super::{escape, readable};
use crate::chart::ChartError;
use crate::folder::files::table;
use crate::measure::names;
use std::fmt::Write;
use std::path::Path;

/// Measures with a table of their own, in order.
const SHOWN: [&str; 4] =
    ["outcomes_per_1000_residents", "unmet_need_people", "hhi_local_lead", "full_cost_recovery"];

/// Tables of how rule sets stand, best first; nothing where no rule sets were compared.
pub fn tables(folder: &Path) -> Result<String, ChartError> {
    let path = folder.join("league.csv");
    if !path.is_file() {
        return Ok(String::new());
    }
    let failed = |error: csv::Error| ChartError(format!("{}: {error}", path.display()));
    let mut reader = table(&path, true)?;
    let header = reader.headers().map_err(failed)?.clone();
    let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let column = |name: &str| header.iter().position(|column| column == name);
    let cell = |row: &csv::StringRecord, name: &str| {
        column(name).and_then(|at| row.get(at)).unwrap_or_default().to_string()
    };
    let mut html = NOTE.to_string();
    for shown in SHOWN {
        let mut of_measure: Vec<&csv::StringRecord> =
            rows.iter().filter(|row| cell(row, "measure") == shown).collect();
        let Some(&first) = of_measure.first() else { continue };
        let sign = if cell(first, "better") == "lower" { 1.0 } else { -1.0 };
        of_measure.sort_by(|a, b| {
            let mean = |row| sign * cell(row, "mean").parse::<f64>().unwrap_or(0.0);
            mean(a).total_cmp(&mean(b))
        });
        let known = names::all();
        let label = known.iter().find(|measure| measure.name == shown).map_or(shown, |m| m.label.as_str());
        let _ = write!(html, "<h3>{} [{}]</h3>\n{HEADING}", escape(label), escape(&cell(first, "unit")));
        for row in of_measure {
            html.push_str(&line(|name| cell(row, name)));
        }
        html.push_str("</table>\n");
    }
    Ok(html)
}

fn line(cell: impl Fn(&str) -> String) -> String {
    let number = |name: &str| cell(name).parse::<f64>().map(readable).unwrap_or_default();
    let share = |name: &str| {
        cell(name).parse::<f64>().map(|share| format!("{:.0}%", 100.0 * share)).unwrap_or_default()
    };
    let interval = if cell("ci_low").is_empty() {
        "one world: none".to_string()
    } else {
        format!("{} to {}", number("ci_low"), number("ci_high"))
    };
    format!(
        "<tr><td>{}</td><td>{}</td><td>{interval}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        escape(&cell("rules")),
        number("mean"),
        cell("group"),
        share("probability_best"),
        number("expected_regret"),
        number("max_regret")
    )
}

const HEADING: &str = "<table>\n<tr><th>rule set</th><th>mean</th><th>95% interval</th><th>group</th>\
                       <th>best in</th><th>mean regret</th><th>max regret</th></tr>\n";

const NOTE: &str = "<h2>Rule sets in the same worlds</h2>\n<p class=\"small\">Best first. Rule sets that share a letter or number \
cannot be told apart with so many worlds (with the error of the verdicts). <i>Best in</i>: how often a rule set has the best mean \
when worlds are drawn again. <i>Regret</i>: how far it is from the best rule set of each world. Intervals of means \
overlap more than differences in the same world do: <code>comparison.csv</code> has those, <code>league.csv</code> all \
headline measures.</p>\n";
