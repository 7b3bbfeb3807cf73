//! Contract income by size band over time.

use super::canvas::{Figure, Surface, write};
use super::panel::{DATA_COLUMNS, Points, Series, TimePanel};
use super::table::{Data, INTERVAL_OF_MEAN, Results, Yearly, estimates};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use crate::measure::bands::Band;
use crate::measure::names;
use plotters::prelude::DrawingBackend;

struct IncomeByBand {
    panel: TimePanel,
    title: String,
    footer: String,
    description: String,
}

/// Draws the figure.
pub fn draw(results: &Results, out: &Folder) -> Result<ChartFile, ChartError> {
    let rules = results.baseline;
    let series: Vec<Series> = Band::ALL
        .iter()
        .rev()
        .enumerate()
        .map(|(row, band)| {
            let measure = format!("contract_income_{}_gbp", band.name());
            let millions = results
                .by_year(rules, &measure, Yearly::Sum)
                .into_iter()
                .map(|replicates| replicates.into_iter().map(|pounds| pounds / 1e6).collect::<Vec<f64>>());
            let points = estimates(&millions.collect::<Vec<_>>(), names::bounds(&measure).times(1e-6));
            Series { label: band.name().to_string(), colour: row + 1, dashed: false, points }
        })
        .collect();
    let last: Vec<String> = series
        .iter()
        .filter_map(|series| {
            let last = series.points.last().copied().flatten()?;
            Some(format!("{} {:.1}", series.label, last.mean))
        })
        .collect();
    let description = format!("Lines over the years. In the last year, in million GBP: {}.", last.join(", "));
    let label = "contract income, million GBP a year".to_string();
    let burn_in = results.burn_in_years();
    let panel = TimePanel { title: String::new(), label, series, points: Points::Years, burn_in };
    let title = results.of_baseline("Contract income by size of charity");
    write(&IncomeByBand { panel, title, footer: results.footer(INTERVAL_OF_MEAN), description }, out)
}

impl Figure for IncomeByBand {
    fn words(&self) -> ChartFile {
        ChartFile {
            name: "income-by-band",
            title: self.title.clone(),
            caption: "What charities of each size band earn from contracts in a year. Bands follow current \
                      yearly income: micro below 10,000 GBP, small below 100,000, medium below 1m, large below \
                      10m, major from 10m. Lines are means over replicates, shaded bands their 95% intervals; \
                      the grey area is the burn-in, in which contracts start one after another."
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
