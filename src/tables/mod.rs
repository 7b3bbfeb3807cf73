//! Results as files: parts per replicate, merged tables, manifest and data package.

pub mod calibration;
pub mod comparison;
pub mod datapackage;
pub mod event_study;
pub mod league;
pub mod manifest;
pub mod merge;
pub mod part;
pub mod patterns;
pub mod sensitivity;
mod side_by_side;
pub mod split;
pub mod standing;
pub mod sweep;
pub mod tenders;

use crate::scenario::registry::Value;
use crate::scenario::write::toml_value;

/// A number as a table cell: shortest text that reads back to the same bits.
pub fn cell(value: f64) -> String {
    if value == 0.0 { "0".to_string() } else { format!("{value}") }
}

/// A parameter's value as a table cell.
pub fn value_cell(value: &Value) -> String {
    match value {
        Value::Number(number) => cell(*number),
        Value::Text(text) => text.clone(),
        other => toml_value(other),
    }
}

/// A number that may be undefined: an empty cell.
pub fn optional_cell(value: Option<f64>) -> String {
    value.map(cell).unwrap_or_default()
}
