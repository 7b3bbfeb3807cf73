//! Survival of the founding charities by size band.

use super::canvas::{Figure, Surface, write};
use super::panel::{DATA_COLUMNS, Series, TimePanel};
use super::table::{Data, INTERVAL_OF_MEAN, Results, Yearly, estimates};
use super::{ChartError, ChartFile};
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
                .by_year(results.baseline, &measure, Yearly::Mean)
                .into_iter()
                .map(|replicates| replicates.into_iter().map(|share| share * 100.0).collect::<Vec<f64>>());
            let points = estimates(&percent.collect::<Vec<_>>(), names::bounds(&measure).times(100.0));
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
    let description = format!("Falling lines. Still open in the last year: {}.", last.join(", "));
    let label = "founding charities still open, percent".to_string();
    let panel = TimePanel { title: String::new(), label, series, burn_in: results.burn_in_years() };
    let title = results.of_baseline("Survival of charities by size at the start");
    write(&Survival { panel, title, footer: results.footer(INTERVAL_OF_MEAN), description }, out)
}

impl Figure for Survival {
    fn words(&self) -> ChartFile {
        ChartFile {
            name: "survival",
            title: self.title.clone(),
            caption: "Of the charities that were open at the start, the share still open. Charities stay in the \
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
