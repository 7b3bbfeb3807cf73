//! Charts from tables: one file per figure, each as SVG, PNG at 300 dpi and the CSV that it shows.

mod calibration;
mod canvas;
mod comparison;
mod concentration;
mod crowd;
mod differences;
mod event_study;
mod geography;
mod headline;
mod income_by_band;
mod map;
mod marks;
mod over_time;
mod panel;
mod patterns;
mod recovery_reserves;
mod sensitivity;
mod split;
mod survival;
mod sweep;
mod table;

pub use canvas::{axis_number as number, percent};

use crate::folder::{FileError, Folder};
use table::Results;

/// A drawn chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartFile {
    /// File name without ending.
    pub name: &'static str,
    /// Title.
    pub title: String,
    /// What it shows and how to read it.
    pub caption: String,
    /// What a reader who cannot see it needs to know.
    pub description: String,
}

/// Why a chart could not be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartError(pub String);

impl std::fmt::Display for ChartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ChartError {}

impl From<FileError> for ChartError {
    fn from(error: FileError) -> Self {
        Self(error.to_string())
    }
}

/// Draws every chart that the tables in a folder support into its `charts`.
pub fn draw_all(out: &Folder, manifest: &serde_json::Value) -> Result<Vec<ChartFile>, ChartError> {
    let folder = out.path();
    let results = Results::read(folder, manifest)?;
    let mut drawn = Vec::new();
    drawn.extend(headline::draw(&results, out)?);
    drawn.extend([
        income_by_band::draw(&results, out)?,
        concentration::draw(&results, out)?,
        recovery_reserves::draw(&results, out)?,
        survival::draw(&results, out)?,
    ]);
    drawn.extend(map::draw(&results, folder, out)?);
    drawn.extend(comparison::draw(&results, folder, out)?);
    drawn.extend(split::draw(&results, folder, out)?);
    drawn.extend(event_study::draw(&results, folder, out)?);
    Ok(drawn)
}

/// Names of all figures; each is three files in `charts`.
const NAMES: [&str; 13] = [
    "calibration",
    "comparison",
    "concentration",
    "event-study",
    "headline",
    "income-by-band",
    "map",
    "patterns",
    "recovery-reserves",
    "sensitivity",
    "split",
    "survival",
    "sweep",
];

/// Files that may be drawn into a folder.
pub fn files() -> impl Iterator<Item = String> {
    NAMES.iter().flat_map(|name| ["svg", "png", "csv"].map(|ending| format!("charts/{name}.{ending}")))
}

/// Draws `ranges.csv` of a calibration in `folder` into its charts.
pub fn draw_calibration(out: &Folder) -> Result<ChartFile, ChartError> {
    calibration::draw(out)
}

/// Draws `sensitivity.csv` in `folder` into its charts.
pub fn draw_sensitivity(out: &Folder) -> Result<ChartFile, ChartError> {
    sensitivity::draw(out)
}

/// Draws `sweep.csv` in `folder` into its charts.
pub fn draw_sweep(out: &Folder) -> Result<ChartFile, ChartError> {
    sweep::draw(out)
}

/// Draws `patterns.csv` in `folder` into its charts.
pub fn draw_patterns(out: &Folder) -> Result<ChartFile, ChartError> {
    patterns::draw(out)
}
