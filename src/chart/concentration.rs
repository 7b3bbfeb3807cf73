//! Local and national concentration over time, against the random-allocation null.

use super::canvas::write;
use super::over_time::OverTime;
use super::panel::{Points, Series, TimePanel};
use super::table::{Pair, Results, estimates};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use crate::measure::names;

const CAPTION: &str = "The Herfindahl-Hirschman index (HHI) adds squared market shares over four quarters: 10,000 points is one provider, \
     5,000 two equal ones. The dashed line is what the same contracts would give if each were awarded at random among those \
     who bid for it. Only the gap between the lines says that winners keep winning; the level alone reflects few, unequal \
     contracts.";

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
    let local = panel(results, "Local markets (one service in one council), spend-weighted", "local");
    let national = panel(results, "All markets together", "national");
    let words = ChartFile {
        name: "concentration",
        title: "Concentration of contract income, against chance".into(),
        caption: CAPTION.into(),
        description: format!(
            "Two panels over the years. HHI in the last year: local, {}; national, {}.",
            local.ends(|mean| format!("{mean:.0}")),
            national.ends(|mean| format!("{mean:.0}"))
        ),
    };
    write(&OverTime::new(results, words, vec![local, national]), out)
}
