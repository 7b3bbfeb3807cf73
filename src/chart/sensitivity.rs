//! Shares of variance of each parameter, measure by measure.

use super::canvas::{Figure, GRID, INK, PALETTE, Surface, axis_number, failed, label, text, write};
use super::marks::marker;
use super::table::{Data, Table};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use crate::measure::names;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A share with its interval.
#[derive(Clone, Copy)]
struct Share {
    share: f64,
    ends: (f64, f64),
}

struct Row {
    factor: String,
    first: Option<Share>,
    total: Option<Share>,
    mu_star: String,
}

struct Panel {
    title: String,
    rows: Vec<Row>,
}

struct Sensitivity {
    panels: Vec<Panel>,
}

/// Draws `sensitivity.csv` in `folder` into its `charts`.
pub fn draw(out: &Folder) -> Result<ChartFile, ChartError> {
    let table = Table::read(&out.path().join("sensitivity.csv"))?;
    let at = |name: &str| table.column(name);
    let (measure, factor, mu_star) = (at("measure")?, at("factor")?, at("mu_star")?);
    let first = [at("first_order")?, at("first_order_low")?, at("first_order_high")?];
    let total = [at("total")?, at("total_low")?, at("total_high")?];
    let share = |row: &csv::StringRecord, columns: [usize; 3]| {
        let [share, low, high] = columns.map(|column| row[column].parse::<f64>().ok());
        Some(Share { share: share?, ends: (low?, high?) })
    };
    let mut panels: Vec<Panel> = Vec::new();
    let mut shown = String::new();
    let known = names::all();
    for row in table.rows() {
        if row[measure] != shown {
            shown = row[measure].to_string();
            let words = known.iter().find(|measure| measure.name == shown);
            let title = words.map_or(shown.clone(), |measure| measure.label.clone());
            panels.push(Panel { title, rows: Vec::new() });
        }
        let Some(panel) = panels.last_mut() else { continue };
        panel.rows.push(Row {
            factor: row[factor].to_string(),
            first: share(row, first),
            total: share(row, total),
            mu_star: row[mu_star].to_string(),
        });
    }
    write(&Sensitivity { panels }, out)
}

impl Panel {
    fn height(&self) -> u32 {
        200 + 78 * self.rows.len() as u32
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (width, height) = surface.dim_in_pixel();
        let (left, top, right, bottom) = (760, 80, width as i32 - 60, height as i32 - 80);
        surface.draw_text(&self.title, &text(36).color(&BLACK), (30, 16)).map_err(failed)?;
        let shown = self.rows.iter().flat_map(|row| [row.first, row.total]).flatten();
        let ends = shown.flat_map(|share| [share.ends.0, share.ends.1, share.share]);
        let (low, high) =
            ends.fold((-0.1, 1.1), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
        let x = |share: f64| left + ((share - low) * f64::from(right - left) / (high - low)) as i32;
        let first = libm::ceil(low / 0.2) as i32;
        for tick in first..=libm::floor(high / 0.2) as i32 {
            let share = f64::from(tick) * 0.2;
            let grid = vec![(x(share), top), (x(share), bottom)];
            let colour = if tick == 0 { INK } else { GRID };
            surface.draw(&PathElement::new(grid, colour.stroke_width(2))).map_err(failed)?;
            let style = text(28).pos(Pos::new(HPos::Center, VPos::Top));
            surface.draw_text(&axis_number(share, 0.2), &style, (x(share), bottom + 12)).map_err(failed)?;
        }
        let step = (bottom - top) / self.rows.len().max(1) as i32;
        for (place, row) in self.rows.iter().enumerate() {
            let y = top + place as i32 * step + step / 2;
            // Estimates may fall below 0: names stand clear of the lowest that is drawn.
            label(surface, &row.factor, &text(32), HPos::Right, (left - 30, y))?;
            for (share, up, shape, colour) in
                [(row.first, -14, 0, PALETTE[1]), (row.total, 14, 1, PALETTE[2])]
            {
                let Some(share) = share else { continue };
                let bar = vec![(x(share.ends.0), y + up), (x(share.ends.1), y + up)];
                surface.draw(&PathElement::new(bar, colour.stroke_width(5))).map_err(failed)?;
                marker(surface, (x(share.share), y + up), shape, colour)?;
            }
        }
        Ok(())
    }
}

impl Figure for Sensitivity {
    fn words(&self) -> ChartFile {
        let largest = self.panels.iter().filter_map(|panel| {
            let total = |row: &&Row| row.total.map_or(0.0, |total| total.share);
            let row = panel.rows.iter().max_by(|a, b| total(a).total_cmp(&total(b)))?;
            Some(format!("{}: {} matters most", panel.title, row.factor))
        });
        ChartFile {
            name: "sensitivity",
            title: "Shares of variance".into(),
            caption: "Blue circles: what a parameter explains alone; orange squares: with all its interactions; bars: \
                      95% bootstrap intervals. Chance is the luck of a run."
                .into(),
            description: format!("{}.", largest.collect::<Vec<_>>().join("; ")),
        }
    }

    fn height(&self) -> u32 {
        240 + self.panels.iter().map(Panel::height).sum::<u32>()
    }

    fn footer(&self) -> String {
        "circles: alone; squares: with interactions; bars: 95% bootstrap intervals".into()
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&[
            "panel",
            "factor",
            "first_order",
            "first_low",
            "first_high",
            "total",
            "total_low",
            "total_high",
            "mu_star",
        ]);
        for panel in &self.panels {
            for row in &panel.rows {
                let cells = |share: Option<Share>| match share {
                    Some(Share { share, ends: (low, high) }) => [share, low, high].map(|end| end.to_string()),
                    None => Default::default(),
                };
                let [a, b, c] = cells(row.first);
                let [d, e, f] = cells(row.total);
                data.row([panel.title.clone(), row.factor.clone(), a, b, c, d, e, f, row.mu_star.clone()]);
            }
        }
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let mut rest = surface.clone();
        for panel in &self.panels {
            let (own, below) = rest.split_vertically(panel.height());
            panel.draw(&own)?;
            rest = below;
        }
        Ok(())
    }
}
