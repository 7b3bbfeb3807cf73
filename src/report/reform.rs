//! What a scenario with reforms shows, from the manifest and `reform.csv`.

use super::{escape, interval, readable, records, texts};
use crate::chart::ChartError;
use crate::experiment::statistics::verdict::Verdict;
use crate::measure::names::{self, HEADLINES};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

/// One paragraph: the reforms, and what is set beside what; nothing where there are none.
pub fn paragraph(manifest: &Value) -> String {
    let reforms = manifest["reforms"].as_array().map_or(&[][..], Vec::as_slice);
    if reforms.is_empty() {
        return String::new();
    }
    let words: Vec<String> = reforms.iter().map(in_words).collect();
    let compared = manifest["scenarios"].as_object().map_or(0, serde_json::Map::len) > 1;
    let beside = if compared { COMPARED } else { ALONE };
    format!("<p><b>Reforms.</b> {}. {beside}</p>\n", escape(&words.join("; ")))
}

/// Effects on headline measures, from `reform.csv`; nothing where there is none.
pub fn table(folder: &Path) -> Result<String, ChartError> {
    let path = folder.join("reform.csv");
    if !path.exists() {
        return Ok(String::new());
    }
    let rows = records(&path)?;
    let first = rows.first().map_or("", |row| &row[2]);
    let mut html = format!(
        "<h2>What the reform changed, mean of the rounds from {first} on</h2>\n<p class=\"small\">Less the same worlds \
         never reformed. {MANY} <code>reform.csv</code> has all measures.</p>\n<table>\n<tr><th>measure</th>\
         <th>difference</th><th>95% interval</th><th>replicates</th></tr>\n"
    );
    if rows.first().is_some_and(|row| &row[9] == Verdict::DidNotAct.name()) {
        return Ok(format!("<h2>What the reform changed</h2>\n<p>It {DID_NOT_ACT}.</p>\n"));
    }
    let figure = |cell: &str| cell.parse::<f64>().map(readable).unwrap_or_default();
    for name in HEADLINES {
        let Some(row) = rows.iter().find(|row| &row[1] == name) else { continue };
        let interval = interval(&row[4], &row[5], figure);
        let label = escape(&names::titled(name));
        let _ = writeln!(
            html,
            "<tr><td>{label}</td><td>{}</td><td>{interval}</td><td>{}</td></tr>",
            figure(&row[3]),
            &row[7]
        );
    }
    html.push_str("</table>\n");
    Ok(html)
}

/// What is said of a reform that changed nothing.
pub const DID_NOT_ACT: &str =
    "did not act: every measure of every round is that of the same worlds never reformed";

/// What many intervals at once do not say.
pub const MANY: &str = "Each interval is for one measure alone: of twenty such intervals one misses 0 by chance even where \
                        nothing changed.";

fn in_words(reform: &Value) -> String {
    let areas = texts(&reform["areas"]);
    let places = if areas.is_empty() { "everywhere".to_string() } else { format!("in {}", areas.join(", ")) };
    format!("From round {} on, {places}: {}", reform["from_round"], texts(&reform["changes"]).join(", "))
}

const ALONE: &str = "What the reform changed, beside the same worlds never reformed, is in a table and a chart of their own and \
                     in <code>event_study.csv</code>; all else shows the reformed scenario alone.";
const COMPARED: &str = "Every rule set is played with them: from their round on they, not the rule set, say in their areas what \
                        holds of the keys that they name. Differences are between rule sets; what the reforms themselves \
                        change is told by <code>rebalance run</code>.";
