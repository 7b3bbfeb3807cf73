//! Contract income by size band over time.

use super::canvas::write;
use super::over_time::OverTime;
use super::panel::{Points, Series, TimePanel};
use super::table::{Results, Yearly, estimates};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use crate::measure::bands::Band;
use crate::measure::names;

const CAPTION: &str = "What charities of each size band earn from contracts in a year. Bands follow current yearly income: micro below 10,000 \
     GBP, small below 100,000, medium below 1m, large below 10m, major from 10m. Lines are means over replicates, shaded \
     bands their 95% intervals; the grey area is the burn-in, in which contracts start one after another.";

/// Draws the figure.
pub fn draw(results: &Results, out: &Folder) -> Result<ChartFile, ChartError> {
    let of_band = |(row, band): (usize, &Band)| {
        let measure = format!("contract_income_{}_gbp", band.name());
        let years = results.by_year(results.baseline, &measure, Yearly::Sum);
        let millions: Vec<Vec<f64>> =
            years.into_iter().map(|year| year.into_iter().map(|pounds| pounds / 1e6).collect()).collect();
        let points = estimates(&millions, names::bounds(&measure).times(1e-6));
        Series { label: band.name().to_string(), colour: row + 1, dashed: false, points }
    };
    let panel = TimePanel {
        title: String::new(),
        label: "contract income, million GBP a year".into(),
        series: Band::ALL.iter().rev().enumerate().map(of_band).collect(),
        points: Points::Years,
        burn_in: results.burn_in_years(),
    };
    let words = ChartFile {
        name: "income-by-band",
        title: "Contract income by size of charity".into(),
        caption: CAPTION.into(),
        description: format!(
            "Lines over the years. In the last year, in million GBP: {}.",
            panel.ends(|mean| format!("{mean:.1}"))
        ),
    };
    write(&OverTime::new(results, words, vec![panel]), out)
}
