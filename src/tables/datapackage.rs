//! `datapackage.json`: every column's type, unit and meaning (Frictionless Data).

use super::part::CHARITY_COLUMNS;
use super::tenders::{BID_COLUMNS, Described, TENDER_COLUMNS};
use crate::experiment::statistics::IntervalKind;
use crate::folder::files::open;
use crate::folder::{Folder, Result};
use crate::measure::names;
use crate::scenario::parameters;
use crate::scenario::registry::Kind;
use serde_json::{Value, json};
use std::io::{self, BufRead};
use std::path::Path;

/// A column: name, type, unit, meaning.
type Column = (String, &'static str, &'static str, String);

fn column(name: &str, kind: &'static str, unit: &'static str, meaning: &str) -> Column {
    (name.to_string(), kind, unit, meaning.to_string())
}

/// Writes the data package of the tables that are in the folder.
pub fn write(out: &Folder, name: &str) -> Result<()> {
    let tables = out.written(".csv");
    let resources: Vec<Value> = tables
        .iter()
        .map(|table| {
            let fields: Vec<Value> = columns_of(table, out.path())
                .into_iter()
                .map(|(name, kind, unit, meaning)| {
                    json!({ "name": name, "type": kind, "unit": unit, "description": meaning })
                })
                .collect();
            json!({
                "name": table.trim_end_matches(".csv").replace('_', "-"),
                "path": table,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": { "fields": fields, "missingValues": [""] },
            })
        })
        .collect();
    let slug: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .collect();
    let package = json!({
        "profile": "tabular-data-package",
        "name": if slug.is_empty() { "results".to_string() } else { slug },
        "title": format!("rebalance results: {name}"),
        "licenses": [{ "name": "OGL-UK-3.0", "title": "Open Government Licence v3.0 (areas and budgets)" }],
        "resources": resources,
    });
    out.write("datapackage.json", format!("{package:#}\n").as_bytes())
}

fn columns_of(table: &str, out: &Path) -> Vec<Column> {
    let rules = column("rules", "string", "none", "rule set");
    let replicate = column("replicate", "integer", "none", "replicate, from 0");
    match table {
        "rounds.csv" => {
            let mut columns = vec![rules, replicate, column("round", "integer", "rounds", "round, from 0")];
            columns.extend(names::all().into_iter().map(|m| (m.name, "number", m.unit, m.label)));
            columns
        }
        "areas.csv" => area_columns(out),
        "worlds.csv" => world_columns(out),
        "area_places.csv" => vec![
            column("area", "string", "none", "code of the area"),
            column("name", "string", "none", "name"),
            column("region", "string", "none", "region"),
            column("population", "number", "people", "residents"),
            column("deprivation", "number", "score", "Index of Multiple Deprivation 2025, average score"),
            column("latitude", "number", "degrees", "population centroid"),
            column("longitude", "number", "degrees", "population centroid"),
        ],
        "summary.csv" => {
            let mut columns = vec![
                rules,
                column("measure", "string", "none", "measure"),
                column("mean", "number", "as the measure", "mean over replicates, after burn-in"),
                column("sd", "number", "as the measure", "standard deviation between replicates"),
            ];
            columns.extend(estimate("the mean"));
            columns.push(column("unit", "string", "none", "unit of the measure"));
            columns.push(column("interval", "string", "none", IntervalKind::KEY));
            columns
        }
        "comparison.csv" => described(&super::comparison::COLUMNS),
        "league.csv" => described(&super::league::COLUMNS),
        "sweep.csv" => sweep_columns(out, table, "mean paired difference from the baseline at the point"),
        "sweep_differences.csv" => {
            sweep_columns(out, table, "mean paired difference from the same rule set at the first point")
        }
        "sensitivity.csv" => super::sensitivity::COLUMNS
            .iter()
            .map(|(name, unit, meaning)| {
                let kind = match (*name, *unit) {
                    (_, "none") => "string",
                    (_, "count") => "integer",
                    _ => "number",
                };
                column(name, kind, unit, meaning)
            })
            .collect(),
        "sensitivity_points.csv" => point_columns(out),
        "charities.csv" => CHARITY_COLUMNS.iter().map(|name| charity_column(name)).collect(),
        "tenders.csv" => described(&TENDER_COLUMNS),
        "bids.csv" => described(&BID_COLUMNS),
        "split.csv" => described(&super::split::COLUMNS),
        "event_study.csv" => described(&super::event_study::COLUMNS),
        "reform.csv" => described(&super::event_study::EFFECT_COLUMNS),
        _ => Vec::new(),
    }
}

/// Both ends of an interval and the number of replicates.
fn estimate(what: &str) -> Vec<Column> {
    let end = |name: &str, which: &str| {
        column(name, "number", "as the measure", &format!("{which} end of the 95% interval of {what}"))
    };
    let n = column("n", "integer", "replicates", "replicates");
    vec![end("ci_low", "lower"), end("ci_high", "upper"), n]
}

/// Columns of a table of a sweep, varied keys among them; `difference` says from what.
fn sweep_columns(out: &Path, table: &str, difference: &str) -> Vec<Column> {
    let described = |name: &str| match name {
        "point" => column(name, "integer", "none", "point, from 0"),
        "rules" => column(name, "string", "none", "rule set"),
        "measure" => column(name, "string", "none", "measure"),
        "mean" => column(name, "number", "as the measure", "mean over replicates, after burn-in"),
        "ci_low" => column(name, "number", "as the measure", "lower end of its 95% interval"),
        "ci_high" => column(name, "number", "as the measure", "upper end of its 95% interval"),
        "interval" => column(name, "string", "none", IntervalKind::KEY),
        "n" => column(name, "integer", "replicates", "replicates"),
        "unit" => column(name, "string", "none", "unit of the measure"),
        "difference" => column(name, "number", "as the measure", difference),
        "difference_low" => column(name, "number", "as the measure", "lower end of its 95% interval"),
        "difference_high" => column(name, "number", "as the measure", "upper end of its 95% interval"),
        "baseline" => column(name, "string", "none", "rule set compared with"),
        other => parameter_column(other).unwrap_or_else(|| column(other, "string", "none", other)),
    };
    header(out, table).split(',').map(described).collect()
}

/// The first line of a table.
fn header(out: &Path, table: &str) -> String {
    let file = open(&out.join(table));
    file.ok().and_then(|file| io::BufReader::new(file).lines().next()?.ok()).unwrap_or_default()
}

/// Columns of uncertain or varied parameters are described by the registry.
fn parameter_column(name: &str) -> Option<Column> {
    let parameter = parameters::all().into_iter().find(|parameter| parameter.key == name)?;
    let kind = match parameter.kind {
        Kind::Number { .. } => "number",
        Kind::Whole { .. } => "integer",
        Kind::Switch => "boolean",
        Kind::Choice(_) | Kind::Text | Kind::Numbers { .. } => "string",
    };
    Some((name.to_string(), kind, parameter.unit, parameter.meaning.to_string()))
}

fn world_columns(out: &Path) -> Vec<Column> {
    let replicate = || column("replicate", "integer", "none", "replicate, from 0: a world");
    header(out, "worlds.csv")
        .split(',')
        .map(|name| parameter_column(name).unwrap_or_else(replicate))
        .collect()
}

fn point_columns(out: &Path) -> Vec<Column> {
    let measures = names::all();
    let of = |name: &str| match name {
        "point" => column(name, "integer", "none", "row of the point in the study's design, from 0"),
        "replicate" => column(name, "integer", "none", "luck of the run"),
        _ => parameter_column(name).unwrap_or_else(|| {
            let measure = measures.iter().find(|measure| measure.name == name);
            let (unit, label) = measure.map_or(("none", ""), |m| (m.unit, m.label.as_str()));
            (name.to_string(), "number", unit, format!("{label}, mean after burn-in"))
        }),
    };
    header(out, "sensitivity_points.csv").split(',').map(of).collect()
}

fn area_columns(out: &Path) -> Vec<Column> {
    header(out, "areas.csv")
        .split(',')
        .map(|name| match name {
            "replicate" | "year" | "n" => {
                column(name, "integer", "none", "replicate from 0, year from 1, or count")
            }
            "rounds" => {
                column(name, "integer", "none", "rounds that the year has: the last may be cut short")
            }
            "mean" | "sd" | "value" => {
                column(name, "number", "as the measure", "value of the measure in the year")
            }
            _ => column(name, "string", "none", "rule set, code of the area, service or measure"),
        })
        .collect()
}

fn charity_column(name: &str) -> Column {
    let (kind, unit, meaning) = match name {
        "rules" => ("string", "none", "rule set"),
        "replicate" => ("integer", "none", "replicate, from 0"),
        "charity" => (
            "integer",
            "none",
            "number of the charity in its replicate, the same under every rule set until charities are founded",
        ),
        "id" => ("string", "none", "what the user's own table calls it; empty for drawn charities"),
        "home" => (
            "string",
            "none",
            "code of the area where it is at home; of one from elsewhere, of an area that it works in",
        ),
        "from_elsewhere" => ("boolean", "none", "whether its home lies outside the areas of this run"),
        "reach" => ("string", "none", "how far from home it works: local, regional or national"),
        "services" => ("string", "none", "keys of the services that it offers, separated by |"),
        "general" => ("boolean", "none", "whether it is a general charity, as NCVO's Almanac counts them"),
        "founded_round" => {
            ("integer", "none", "round in which it was founded; 0 for those there at the start")
        }
        "closed_round" => ("integer", "none", "round in which it closed; empty while it is open"),
        "status" => ("string", "none", "open, or why it is not: insolvent, dissolved or merged"),
        "founding_band" => ("string", "none", "size band of its income when it was founded"),
        "income_gbp" => ("number", "GBP a year", "voluntary income and what contracts paid in the last year"),
        "voluntary_income_gbp" => {
            ("number", "GBP a year", "income other than from contracts of this run, at the end")
        }
        "reserves_gbp" => ("number", "GBP", "reserves at the end, or when it closed"),
        "staff_fte" => ("number", "FTE", "staff at the end, or when it closed"),
        "bids" => ("integer", "none", "bids that it made as sole bidder or lead"),
        "wins" => ("integer", "none", "contracts that it won as sole bidder or lead"),
        "contracts" => ("integer", "none", "contracts that it holds at the end"),
        _ => ("string", "none", "not described"),
    };
    (name.to_string(), kind, unit, meaning.to_string())
}

fn described(columns: &[Described]) -> Vec<Column> {
    columns.iter().map(|(name, kind, unit, meaning)| column(name, kind, unit, meaning)).collect()
}
