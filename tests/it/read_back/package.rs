//! The data package against the tables that it describes.

use super::results;
use super::studies::{one_area, reformed, varied};
use std::path::Path;

/// Every table of a folder is described: its columns by name and in order, each in words of its own.
fn is_described(folder: &Path, tables: &[&str]) {
    let text = std::fs::read_to_string(folder.join("datapackage.json")).expect("a package");
    let package: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let resources = package["resources"].as_array().expect("resources");
    let paths: Vec<&str> =
        resources.iter().map(|resource| resource["path"].as_str().expect("a path")).collect();
    for table in tables {
        assert!(paths.contains(table), "{table} is not among {paths:?}");
    }
    for (path, resource) in paths.iter().zip(resources) {
        let fields = resource["schema"]["fields"].as_array().expect("fields");
        let word = |field: &serde_json::Value, key: &str| field[key].as_str().unwrap_or_default().to_string();
        let names: Vec<String> = fields.iter().map(|field| word(field, "name")).collect();
        let table = std::fs::read_to_string(folder.join(path)).expect("a table");
        assert_eq!(names.join(","), table.lines().next().unwrap_or_default(), "{path}");
        for field in fields {
            let (meaning, unit) = (word(field, "description"), word(field, "unit"));
            assert!(!meaning.is_empty() && meaning != "not described", "{path}: {field}");
            assert!(!unit.is_empty(), "{path}: {field}");
            let numbers = table.lines().skip(1).take(200).all(|line| is_of_type(line, &names, field));
            assert!(numbers, "{path}: {field}");
        }
    }
}

/// Whether a cell of a plain line is of the type that its column is said to be of.
fn is_of_type(line: &str, names: &[String], field: &serde_json::Value) -> bool {
    let cells: Vec<&str> = line.split(',').collect();
    let place = names.iter().position(|name| *name == field["name"]).expect("a column");
    if line.contains('"') || cells[place].is_empty() {
        return true;
    }
    match field["type"].as_str() {
        Some("integer") => cells[place].parse::<i64>().is_ok(),
        Some("number") => cells[place].parse::<f64>().is_ok(),
        Some("boolean") => ["true", "false"].contains(&cells[place]),
        kind => kind == Some("string"),
    }
}

#[test]
fn every_table_is_described_column_by_column() {
    let of_all = ["rounds.csv", "areas.csv", "area_places.csv", "summary.csv", "charities.csv"];
    let compared = ["comparison.csv", "league.csv", "split.csv", "tenders.csv", "bids.csv"];
    is_described(results(), &[of_all, compared].concat());
    let (reformed, one_area, varied) = (reformed(), one_area(), varied());
    is_described(&reformed.path(), &[&of_all[..], &["event_study.csv", "reform.csv"]].concat());
    is_described(&one_area.path(), &[&of_all[..], &["worlds.csv"]].concat());
    is_described(&varied.path(), &["sweep.csv", "sweep_differences.csv"]);
}
