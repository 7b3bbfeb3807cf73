//! The report: tables and charts in, one page of HTML out, which prints on A4.

mod league;
mod menu;
mod reform;

pub use reform::{DID_NOT_ACT, MANY};

use crate::chart::{ChartError, ChartFile};
use crate::experiment::statistics::note_on_few;
use crate::folder::Folder;
use crate::folder::files::{read_text, table};
use crate::measure::names;
use crate::words::counted;
use std::fmt::Write;
use std::path::Path;

/// Its name in a results folder.
pub const REPORT: &str = "report.html";

/// Measures of the table at the top, in plain words.
const KEY_MEASURES: [&str; 14] = [
    "outcomes_per_1000_residents",
    "people_served",
    "unmet_need_people",
    "waiting_rounds",
    "outcome_per_1000_gbp",
    "equity_p90_p10",
    "hhi_local_lead",
    "hhi_local_excess",
    "hhi_national_lead",
    "bids_per_tender",
    "full_cost_recovery",
    "cross_subsidising_share",
    "reserves_months_median",
    "closures_per_1000",
];

const STYLE: &str = "body{font:11pt/1.45 Georgia,serif;color:#222;max-width:190mm;margin:12mm auto;padding:0 6mm}\
h1{font-size:19pt;line-height:1.2}h2{font-size:13pt;margin-top:9mm}h3{font-size:11pt}table{border-collapse:collapse;width:100%;\
font-size:9.5pt}td,th{padding:1.2mm 2mm;border-bottom:1px solid #ccc;text-align:right}td:first-child,\
th:first-child{text-align:left}figure{margin:6mm 0;break-inside:avoid}figure svg{width:100%;height:auto}\
table.league{font-size:8.5pt}table.league td,table.league th{padding:1mm 1.2mm}figcaption{font-size:9.5pt;color:#333}.small{font-size:9pt;color:#444}@media print{body{margin:0}}\
@page{size:A4;margin:14mm}";

/// What is left out at the start.
fn burn_in(rounds: u64) -> String {
    match rounds {
        0 => "No round is left out of the figures below.".into(),
        1 => "The first round, in which contracts start, is left out of the figures below.".into(),
        _ => format!(
            "The first {rounds} rounds, in which contracts start one after another, are left out of the figures below."
        ),
    }
}

/// Writes `report.html` from the tables and charts in a folder.
pub fn write(out: &Folder, manifest: &serde_json::Value, charts: &[ChartFile]) -> Result<(), ChartError> {
    let folder = out.path();
    let word = |key: &str| manifest[key].as_str().unwrap_or_default().to_string();
    let number = |key: &str| manifest[key].as_u64().unwrap_or_default();
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{name}: rebalance</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{question}</h1>\n<p>Scenario <b>{name}</b>, simulated with \
         rebalance {version}: {replicates} of {rounds} of {weeks} weeks (seed {seed}). {burn_in}</p>\n",
        name = escape(&word("name")),
        question = escape(&word("question")),
        version = escape(&word("version")),
        replicates = counted(number("replicates"), "replicate"),
        rounds = counted(number("rounds"), "tender round"),
        weeks = manifest["round_weeks"],
        seed = number("seed"),
        burn_in = burn_in(number("burn_in")),
    );
    html.push_str(&reform::paragraph(manifest));
    html.push_str(&key_table(folder, &word("baseline"))?);
    html.push_str(&reform::table(folder)?);
    html.push_str(&note_on_replicates(number("replicates")));
    html.push_str(&menu::table(folder, manifest)?);
    html.push_str(&league::tables(folder)?);
    for chart in charts {
        let svg = read_text(&folder.join("charts").join(format!("{}.svg", chart.name)))?;
        let _ = write!(
            html,
            "<figure>\n{svg}\n<figcaption><b>{}.</b> {}</figcaption>\n</figure>\n",
            escape(&chart.title),
            escape(&chart.caption)
        );
    }
    html.push_str(NOTES);
    Ok(out.write(REPORT, html.as_bytes())?)
}

const NOTES: &str = "<h2>How to read this</h2>\n<p class=\"small\">This is a stylised model held to known facts, so that \
commissioning rules can be compared; it does not predict. Intervals show how much results vary by chance between \
replicates of the model, each for one figure alone; a <i>verdict</i> on a difference allows for looking at all headline measures and rule sets, and \
groups go by the same error. Intervals do not cover what the model leaves out or assumes. Many parameters are assumptions: \
<code>rebalance explain KEY</code> says which. Bands of concentration (US merger guidelines of 2023: above 1,000 \
points moderately, above 1,800 highly concentrated) are reading aids; the UK Competition and Markets Authority \
applies none. All tables, with units, are beside this page; <code>manifest.json</code> holds every parameter.</p>\n\
<p class=\"small\">Contains public sector information licensed under the Open Government Licence v3.0 (ONS, MHCLG, \
DLUHC, DfE, Charity Commission); charity activity tags: UK-CAT, CC BY 4.0.</p>\n</body>\n</html>\n";

/// A sentence below the table, where intervals rest on few replicates.
fn note_on_replicates(replicates: u64) -> String {
    let note = u32::try_from(replicates).ok().and_then(note_on_few);
    note.map_or(String::new(), |note| format!("<p class=\"small\"><b>Note:</b> {note}.</p>\n"))
}

/// The rows of a table.
fn records(path: &Path) -> Result<Vec<csv::StringRecord>, ChartError> {
    let failed = |error: csv::Error| ChartError(format!("{}: {error}", path.display()));
    let mut reader = table(path, true)?;
    reader.records().collect::<Result<Vec<_>, _>>().map_err(failed)
}

/// An interval in words, from the cells of its ends.
fn interval(low: &str, high: &str, figure: impl Fn(&str) -> String) -> String {
    if low.is_empty() {
        return "one replicate: none".to_string();
    }
    format!("{} to {}", figure(low), figure(high))
}

/// A list of texts.
fn texts(list: &serde_json::Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The table of key measures of the baseline, from `summary.csv`.
fn key_table(folder: &Path, baseline: &str) -> Result<String, ChartError> {
    let rows = records(&folder.join("summary.csv"))?;
    let alone = rows.iter().all(|row| &row[0] == baseline);
    let mut html = format!(
        "<h2>Main results{}, mean of the rounds after burn-in</h2>\n<table>\n<tr><th>measure</th><th>mean</th><th>95% interval</th>\
         <th>replicates</th></tr>\n",
        if alone { String::new() } else { format!(" of the rule set “{}”", escape(baseline)) }
    );
    for measure in names::all().iter().filter(|measure| KEY_MEASURES.contains(&measure.name.as_str())) {
        let Some(row) = rows.iter().find(|row| &row[0] == baseline && row[1] == measure.name) else {
            continue;
        };
        let figure = |cell: &str| cell.parse::<f64>().map(readable).unwrap_or_default();
        let interval = interval(&row[4], &row[5], figure);
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td>{}</td><td>{interval}</td><td>{}</td></tr>",
            escape(&measure.titled()),
            figure(&row[2]),
            &row[6]
        );
    }
    html.push_str("</table>\n");
    Ok(html)
}

/// A number for a page: thousands separated, about three digits after small values.
fn readable(value: f64) -> String {
    let step = match value.abs() {
        size if size >= 100.0 => 1.0,
        size if size >= 10.0 => 0.1,
        size if size >= 1.0 => 0.01,
        _ => 0.001,
    };
    crate::chart::number(value, step)
}
