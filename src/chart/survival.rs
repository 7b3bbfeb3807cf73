//! Survival of the founding charities by size band.

use super::canvas::write;
use super::over_time::OverTime;
use super::panel::{Points, Series, TimePanel};
use super::table::{Results, Yearly, estimates};
use super::{ChartError, ChartFile};
use crate::experiment::statistics::Estimate;
use crate::folder::Folder;
use crate::measure::bands::Band;
use crate::measure::names;

const CAPTION: &str = "Of the charities that were open at the start, the share still open at the end of each year. Charities stay in the band \
     of their income at the start, so that growth does not move them between lines. Lines are means over replicates, shaded \
     bands their 95% intervals.";

/// Draws the figure.
pub fn draw(results: &Results, out: &Folder) -> Result<ChartFile, ChartError> {
    let of_band = |(row, band): (usize, &Band)| {
        let measure = format!("survival_{}", band.name());
        let years = results.by_year(results.baseline, &measure, Yearly::Last);
        let percent: Vec<Vec<f64>> =
            years.into_iter().map(|year| year.into_iter().map(|share| share * 100.0).collect()).collect();
        let ends = estimates(&percent, names::bounds(&measure).times(100.0));
        let points = std::iter::once(at_the_start(&ends)).chain(ends).collect();
        Series { label: band.name().to_string(), colour: row + 1, dashed: false, points }
    };
    let panel = TimePanel {
        title: String::new(),
        label: "founding charities still open, percent".into(),
        series: Band::ALL.iter().rev().enumerate().map(of_band).collect(),
        points: Points::EndsOfYears,
        burn_in: results.burn_in_years(),
    };
    let words = ChartFile {
        name: "survival",
        title: "Survival of charities by size at the start".into(),
        caption: CAPTION.into(),
        description: format!(
            "Falling lines. Still open at the end: {}.",
            panel.ends(|mean| format!("{mean:.0}%"))
        ),
    };
    write(&OverTime::new(results, words, vec![panel]), out)
}

/// All of a band are open at the start; a gap where it has no charity.
fn at_the_start(ends: &[Option<Estimate>]) -> Option<Estimate> {
    let first = ends.first().copied().flatten();
    first.map(|first| Estimate { mean: 100.0, sd: None, interval: None, ..first })
}
