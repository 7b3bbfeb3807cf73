//! What the facts leave of each parameter's range.

use super::canvas::{Figure, GRID, INK, PALETTE, Surface, axis_number, failed, label, text, write};
use super::marks::marker;
use super::table::{Data, Table};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

struct Row {
    key: String,
    range: (f64, f64),
    left: Option<(f64, f64, f64)>,
    shipped: f64,
}

struct Calibration {
    rows: Vec<Row>,
    surviving: f64,
    points: String,
}

const ROW: i32 = 58;

/// Draws `ranges.csv` in `folder` into its `charts`.
pub fn draw(out: &Folder) -> Result<ChartFile, ChartError> {
    let table = Table::read(&out.path().join("ranges.csv"))?;
    let at = |name: &str| table.column(name);
    let (key, low, high, shipped) = (at("key")?, at("low")?, at("high")?, at("shipped")?);
    let (from, median, to) = (at("left_5")?, at("left_median")?, at("left_95")?);
    let (surviving, points) = (at("surviving_share")?, at("points")?);
    let number = |cell: &str| cell.parse::<f64>().ok();
    let row = |row: &csv::StringRecord| {
        Some(Row {
            key: row[key].to_string(),
            range: (number(&row[low])?, number(&row[high])?),
            left: number(&row[from])
                .zip(number(&row[median]))
                .zip(number(&row[to]))
                .map(|((a, b), c)| (a, b, c)),
            shipped: number(&row[shipped])?,
        })
    };
    let rows: Vec<Row> = table.rows().iter().filter_map(row).collect();
    let first = table.rows().first();
    let surviving = first.and_then(|row| number(&row[surviving])).unwrap_or(1.0);
    let points = first.map(|row| row[points].to_string()).unwrap_or_default();
    write(&Calibration { rows, surviving, points }, out)
}

impl Row {
    fn place(&self, value: f64) -> f64 {
        ((value - self.range.0) / (self.range.1 - self.range.0)).clamp(0.0, 1.0)
    }

    fn draw<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        x: &dyn Fn(f64) -> i32,
        y: i32,
    ) -> Result<(), ChartError> {
        label(surface, &self.key, &text(30), HPos::Right, (x(0.0) - 150, y))?;
        let span = self.range.1 - self.range.0;
        let number = |value: f64| {
            axis_number(
                value,
                if span >= 100.0 {
                    1.0
                } else if span >= 1.0 {
                    0.1
                } else {
                    0.001
                },
            )
        };
        label(surface, &number(self.range.0), &text(26), HPos::Right, (x(0.0) - 16, y))?;
        label(surface, &number(self.range.1), &text(26), HPos::Left, (x(1.0) + 16, y))?;
        let line = vec![(x(0.0), y), (x(1.0), y)];
        surface.draw(&PathElement::new(line, GRID.stroke_width(3))).map_err(failed)?;
        if let Some((low, median, high)) = self.left {
            let band = [(x(self.place(low)), y - 14), (x(self.place(high)), y + 14)];
            surface.draw(&Rectangle::new(band, RGBColor(176, 209, 232).filled())).map_err(failed)?;
            let tick = vec![(x(self.place(median)), y - 18), (x(self.place(median)), y + 18)];
            surface.draw(&PathElement::new(tick, INK.stroke_width(4))).map_err(failed)?;
        }
        marker(surface, (x(self.place(self.shipped)), y), 0, PALETTE[1])
    }
}

impl Figure for Calibration {
    fn words(&self) -> ChartFile {
        ChartFile {
            name: "calibration",
            title: "What do the facts leave of each parameter's range?".into(),
            caption: "Each line is the range that evidence allows, with its ends; the bar holds the central 90% of what \
                      the facts do not rule out, with its median; the point is the scenario's value. A bar as long as \
                      its line says that the facts teach nothing about that parameter."
                .into(),
            description: format!("{:.3}% of the space is not ruled out.", self.surviving * 100.0),
        }
    }

    fn height(&self) -> u32 {
        (220 + ROW * self.rows.len() as i32) as u32
    }

    fn footer(&self) -> String {
        format!(
            "bar: central 90% of what the facts leave, with its median; point: the scenario; {} points run; {:.2}% of \
             the space is not ruled out",
            self.points,
            self.surviving * 100.0
        )
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["key", "low", "high", "left_5", "left_median", "left_95", "scenario"]);
        for row in &self.rows {
            let of = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
            let (low, median, high) =
                (row.left.map(|left| left.0), row.left.map(|left| left.1), row.left.map(|left| left.2));
            let ends = [row.range.0.to_string(), row.range.1.to_string()];
            let left = [of(low), of(median), of(high), row.shipped.to_string()];
            data.row(std::iter::once(row.key.clone()).chain(ends).chain(left));
        }
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (width, _) = surface.dim_in_pixel();
        let (left, right) = (980.0, f64::from(width) - 200.0);
        let x = |place: f64| (left + place * (right - left)) as i32;
        for (row, y) in self.rows.iter().zip((50..).step_by(ROW as usize)) {
            row.draw(surface, &x, y)?;
        }
        Ok(())
    }
}
