//! Local and national concentration over time, against the random-allocation null.

use super::canvas::{Figure, Surface, write};
use super::panel::{DATA_COLUMNS, Points, Series, TimePanel};
use super::table::{Data, INTERVAL_OF_MEAN, Pair, Results, estimates};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use crate::measure::names;
use plotters::prelude::DrawingBackend;

struct Concentration {
    panels: Vec<TimePanel>,
    title: String,
    footer: String,
    description: String,
}

fn panel(results: &Results, title: &str, level: &str) -> TimePanel {
    let (observed, excess) = (format!("hhi_{level}_lead"), format!("hhi_{level}_excess"));
    let years = results.pairs_by_year(results.baseline, [&observed, &excess]);
    let of_years = |value: fn(&Pair) -> f64| {
        let years: Vec<Vec<f64>> = years.iter().map(|year| year.iter().map(value).collect()).collect();
        // What chance would give is a concentration, too.
        estimates(&years, names::bounds(&observed))
    };
    TimePanel {
        title: title.to_string(),
        label: "HHI, points (0 to 10,000)".into(),
        series: vec![
            Series { label: "observed".into(), colour: 1, dashed: false, points: of_years(|pair| pair.x) },
            Series {
                label: "chance".into(),
                colour: 2,
                dashed: true,
                points: of_years(|pair| pair.x - pair.y),
            },
        ],
        points: Points::Years,
        burn_in: results.burn_in_years(),
    }
}

/// Draws the figure.
pub fn draw(results: &Results, out: &Folder) -> Result<ChartFile, ChartError> {
    let panels = vec![
        panel(results, "Local markets (one service in one council), spend-weighted", "local"),
        panel(results, "All markets together", "national"),
    ];
    let last = |panel: &TimePanel, row: usize| {
        panel.series[row].points.last().copied().flatten().map_or(f64::NAN, |estimate| estimate.mean)
    };
    let description = format!(
        "Two panels over the years. In the last year: local HHI {:.0} against {:.0} by chance; national HHI {:.0} \
         against {:.0} by chance.",
        last(&panels[0], 0),
        last(&panels[0], 1),
        last(&panels[1], 0),
        last(&panels[1], 1)
    );
    let title = results.of_baseline("Concentration of contract income, against chance");
    write(&Concentration { panels, title, footer: results.footer(INTERVAL_OF_MEAN), description }, out)
}

impl Figure for Concentration {
    fn words(&self) -> ChartFile {
        ChartFile {
            name: "concentration",
            title: self.title.clone(),
            caption: "The Herfindahl-Hirschman index (HHI) adds squared market shares over four quarters: 10,000 \
                      points is one provider, 5,000 two equal ones. The dashed line is what the same contracts \
                      would give if each were awarded at random among those who bid for it. Only the gap between \
                      the lines says that winners keep winning; the level alone reflects few, unequal contracts."
                .into(),
            description: self.description.clone(),
        }
    }

    fn height(&self) -> u32 {
        1900
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&DATA_COLUMNS);
        self.panels.iter().for_each(|panel| panel.add_data(&mut data));
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let halves = surface.split_evenly((2, 1));
        self.panels.iter().zip(&halves).try_for_each(|(panel, half)| panel.draw(half))
    }
}
