//! Paired differences of rule sets from the baseline.

use super::canvas::{
    Figure, GRID, INK, PALETTE, Surface, axis_number, failed, label, round_range, text, write,
};
use super::panel::marker;
use super::table::{Data, Results, Table};
use super::{ChartError, ChartFile};
use crate::measure::names;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::path::Path;

/// Measures shown, in order.
pub(super) const SHOWN: [&str; 6] = [
    "outcomes_per_1000_residents",
    "unmet_need_people",
    "hhi_local_lead",
    "price_to_full_cost",
    "full_cost_recovery",
    "survival_under_1m",
];

/// A difference with its interval.
struct Difference {
    rules: String,
    mean: f64,
    interval: Option<(f64, f64)>,
}

struct Panel {
    title: String,
    rows: Vec<Difference>,
}

struct Comparison {
    panels: Vec<Panel>,
    rules: usize,
    baseline: String,
    footer: String,
}

/// Draws the figure, where rule sets were compared.
pub fn draw(results: &Results, folder: &Path, out: &Path) -> Result<Option<ChartFile>, ChartError> {
    let path = folder.join("comparison.csv");
    if results.rules.len() < 2 || !path.is_file() {
        return Ok(None);
    }
    let table = Table::read(&path)?;
    let at = |name: &str| table.column(name);
    let (rules, measure, difference) = (at("rules")?, at("measure")?, at("difference")?);
    let (low, high) = (at("ci_low")?, at("ci_high")?);
    let known = names::all();
    let panels = SHOWN
        .iter()
        .map(|shown| {
            let rows = table.rows().iter().filter(|row| &row[measure] == *shown).filter_map(|row| {
                Some(Difference {
                    rules: row[rules].to_string(),
                    mean: row[difference].parse().ok()?,
                    interval: row[low].parse().ok().zip(row[high].parse().ok()),
                })
            });
            let words = known.iter().find(|known| known.name == *shown).map_or(*shown, |m| m.label.as_str());
            Panel { title: words.to_string(), rows: rows.collect() }
        })
        .collect();
    let figure = Comparison {
        panels,
        rules: results.rules.len() - 1,
        baseline: results.rules[results.baseline].clone(),
        footer: results.footer("bars: 95% interval of the paired difference"),
    };
    write(&figure, out).map(Some)
}

impl Panel {
    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (width, height) = surface.dim_in_pixel();
        let (left, top, right, bottom) = (400, 80, width as i32 - 50, height as i32 - 70);
        surface.draw_text(&self.title, &text(34).color(&BLACK), (30, 16)).map_err(failed)?;
        let ends = self.rows.iter().flat_map(|row| {
            let (low, high) = row.interval.unwrap_or((row.mean, row.mean));
            [low, high]
        });
        let (mut low, high, step) = round_range(ends.clone().chain([0.0]));
        // Differences below zero are as real as those above.
        low -= if ends.fold(low, f64::min) < low { step } else { 0.0 };
        let step = step * if (high - low) / step > 4.5 { 2.0 } else { 1.0 };
        let x = |value: f64| left + ((value - low) / (high - low) * f64::from(right - left)) as i32;
        let first = libm::ceil(low / step - 1e-9);
        for tick in 0..=(libm::floor(high / step + 1e-9) - first) as u32 {
            let value = (first + f64::from(tick)) * step;
            let grid = vec![(x(value), top), (x(value), bottom)];
            surface.draw(&PathElement::new(grid, GRID.stroke_width(2))).map_err(failed)?;
            let style = text(28).pos(Pos::new(HPos::Center, VPos::Top));
            surface.draw_text(&axis_number(value, step), &style, (x(value), bottom + 12)).map_err(failed)?;
        }
        let zero = vec![(x(0.0), top), (x(0.0), bottom)];
        surface.draw(&PathElement::new(zero, INK.stroke_width(3))).map_err(failed)?;
        let row_height = (bottom - top) / self.rows.len().max(1) as i32;
        for (row, difference) in self.rows.iter().enumerate() {
            let y = top + row as i32 * row_height + row_height / 2;
            label(surface, &difference.rules, &text(32), HPos::Right, (left - 30, y))?;
            if let Some((from, to)) = difference.interval {
                let bar = vec![(x(from), y), (x(to), y)];
                surface.draw(&PathElement::new(bar, PALETTE[1].stroke_width(6))).map_err(failed)?;
            }
            marker(surface, (x(difference.mean), y), 0, PALETTE[1])?;
        }
        Ok(())
    }
}

impl Figure for Comparison {
    fn words(&self) -> ChartFile {
        let words: Vec<String> =
            self.panels[0].rows.iter().map(|row| format!("{} {:+.2}", row.rules, row.mean)).collect();
        ChartFile {
            name: "comparison",
            title: format!("Differences from \"{}\" in the same worlds", self.baseline),
            caption: "Every rule set meets the same needs, charities and luck, so that differences are due to the \
                      rules. Points are mean paired differences, bars their 95% intervals: a bar that crosses the \
                      line at 0 says that the two cannot be told apart with so many replicates."
                .into(),
            description: format!("Differences in outcomes per 1,000 residents: {}.", words.join(", ")),
        }
    }

    fn height(&self) -> u32 {
        let panel = 190 + 62 * self.rules as u32;
        200 + 3 * panel
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["panel", "rules", "difference", "ci_low", "ci_high"]);
        for panel in &self.panels {
            for row in &panel.rows {
                let end = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
                let (low, high) = (row.interval.map(|i| i.0), row.interval.map(|i| i.1));
                data.row([panel.title.clone(), row.rules.clone(), row.mean.to_string(), end(low), end(high)]);
            }
        }
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let cells = surface.split_evenly((3, 2));
        self.panels.iter().zip(&cells).try_for_each(|(panel, cell)| panel.draw(cell))
    }
}
