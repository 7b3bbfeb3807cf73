//! Survival of the founding charities by size band.

use super::canvas::{Figure, Surface, write};
use super::panel::{DATA_COLUMNS, Points, Series, TimePanel};
use super::table::{Data, INTERVAL_OF_MEAN, Results, Yearly, estimates};
use super::{ChartError, ChartFile};
use crate::experiment::statistics::Estimate;
use crate::folder::Folder;
use crate::measure::bands::Band;
use crate::measure::names;
use plotters::prelude::DrawingBackend;

struct Survival {
    panel: TimePanel,
    title: String,
    footer: String,
    description: String,
}

/// Draws the figure.
pub fn draw(results: &Results, out: &Folder) -> Result<ChartFile, ChartError> {
    let series: Vec<Series> = Band::ALL
        .iter()
        .rev()
        .enumerate()
        .map(|(row, band)| {
            let measure = format!("survival_{}", band.name());
            let percent = results
                .by_year(results.baseline, &measure, Yearly::Last)
                .into_iter()
                .map(|replicates| replicates.into_iter().map(|share| share * 100.0).collect::<Vec<f64>>());
            let ends = estimates(&percent.collect::<Vec<_>>(), names::bounds(&measure).times(100.0));
            let points = at_the_start(&ends).into_iter().chain(ends).collect();
            Series { label: band.name().to_string(), colour: row + 1, dashed: false, points }
        })
        .collect();
    let last: Vec<String> = series
        .iter()
        .filter_map(|series| {
            let last = series.points.last().copied().flatten()?;
            Some(format!("{} {:.0}%", series.label, last.mean))
        })
        .collect();
    let description = format!("Falling lines. Still open at the end: {}.", last.join(", "));
    let label = "founding charities still open, percent".to_string();
    let burn_in = results.burn_in_years();
    let panel = TimePanel { title: String::new(), label, series, points: Points::EndsOfYears, burn_in };
    let title = results.of_baseline("Survival of charities by size at the start");
    write(&Survival { panel, title, footer: results.footer(INTERVAL_OF_MEAN), description }, out)
}

/// All of a band are open at the start; a gap where it has no charity.
fn at_the_start(ends: &[Option<Estimate>]) -> [Option<Estimate>; 1] {
    let first = ends.first().copied().flatten();
    [first.map(|first| Estimate { mean: 100.0, sd: None, interval: None, ..first })]
}

impl Figure for Survival {
    fn words(&self) -> ChartFile {
        ChartFile {
            name: "survival",
            title: self.title.clone(),
            caption: "Of the charities that were open at the start, the share still open at the end of each year. Charities stay in the \
                      band of their income at the start, so that growth does not move them between lines. Lines \
                      are means over replicates, shaded bands their 95% intervals."
                .into(),
            description: self.description.clone(),
        }
    }

    fn height(&self) -> u32 {
        1180
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&DATA_COLUMNS);
        self.panel.add_data(&mut data);
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        self.panel.draw(surface)
    }
}
