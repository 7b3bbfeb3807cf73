//! Charts from tables: one file per figure, each as SVG, PNG at 300 dpi and the CSV that it shows.

mod calibration;
mod canvas;
mod comparison;
mod concentration;
mod crowd;
mod differences;
mod event_study;
mod headline;
mod income_by_band;
mod map;
mod panel;
mod patterns;
mod recovery_reserves;
mod sensitivity;
mod split;
mod survival;
mod sweep;
mod table;

pub use canvas::axis_number as number;
use std::path::Path;
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

impl From<std::io::Error> for ChartError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Draws every chart that the tables in `folder` support into `folder/charts`.
pub fn draw_all(folder: &Path) -> Result<Vec<ChartFile>, ChartError> {
    let results = Results::read(folder)?;
    let out = folder.join("charts");
    std::fs::create_dir_all(&out)?;
    let mut drawn = Vec::new();
    drawn.extend(headline::draw(&results, &out)?);
    drawn.extend([
        income_by_band::draw(&results, &out)?,
        concentration::draw(&results, &out)?,
        recovery_reserves::draw(&results, &out)?,
        survival::draw(&results, &out)?,
    ]);
    drawn.extend(map::draw(&results, folder, &out)?);
    drawn.extend(comparison::draw(&results, folder, &out)?);
    drawn.extend(split::draw(&results, folder, &out)?);
    drawn.extend(event_study::draw(&results, folder, &out)?);
    Ok(drawn)
}

/// Draws `ranges.csv` of a calibration in `folder` into its charts.
pub fn draw_calibration(folder: &Path) -> Result<ChartFile, ChartError> {
    calibration::draw(folder)
}

/// Draws `sensitivity.csv` in `folder` into its charts.
pub fn draw_sensitivity(folder: &Path) -> Result<ChartFile, ChartError> {
    sensitivity::draw(folder)
}

/// Draws `sweep.csv` in `folder` into its charts.
pub fn draw_sweep(folder: &Path) -> Result<ChartFile, ChartError> {
    sweep::draw(folder)
}

/// Draws `patterns.csv` in `folder` into its charts.
pub fn draw_patterns(folder: &Path) -> Result<ChartFile, ChartError> {
    patterns::draw(folder)
}
