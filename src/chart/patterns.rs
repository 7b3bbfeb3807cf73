//! Stylised facts: where a run lies against the range that sources allow.

use super::canvas::{Figure, GRID, INK, PALETTE, Surface, axis_number, failed, label, text, write};
use super::marks::marker;
use super::table::{Data, Table};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A fact and what the run shows, as a position: 0 at the low end of the range, 1 at the high end.
struct Row {
    words: String,
    range: (f64, f64),
    mean: f64,
    interval: Option<(f64, f64)>,
}

struct Patterns {
    groups: Vec<(&'static str, Vec<Row>)>,
    replicates: String,
}

/// Positions beyond these are drawn at the edge, as an arrow.
const EDGES: (f64, f64) = (-1.0, 2.0);
const ROW: i32 = 54;
const HEADING: i32 = 80;

/// Draws `patterns.csv` in `folder` into its `charts`.
pub fn draw(out: &Folder) -> Result<ChartFile, ChartError> {
    let table = Table::read(&out.path().join("patterns.csv"))?;
    let at = |name: &str| table.column(name);
    let (id, fact, low, high, usage) = (at("id")?, at("fact")?, at("low")?, at("high")?, at("use")?);
    let (mean, ci_low, ci_high, n) = (at("simulated")?, at("ci_low")?, at("ci_high")?, at("n")?);
    let titles = [
        ("calibrate", "facts that defaults were set by"),
        ("validate", "facts that they were not set by"),
        ("show", "facts too weak to judge by"),
    ];
    let rows_of = |wanted: &str| {
        let rows = table.rows().iter().filter(|row| &row[usage] == wanted);
        rows.filter_map(|row| {
            Some(Row {
                words: format!("{} {}", &row[id], &row[fact]),
                range: (row[low].parse().ok()?, row[high].parse().ok()?),
                mean: row[mean].parse().ok()?,
                interval: row[ci_low].parse().ok().zip(row[ci_high].parse().ok()),
            })
        })
        .collect()
    };
    let replicates = table.rows().iter().map(|row| &row[n]).max().unwrap_or("0").to_string();
    let groups = titles.map(|(wanted, title)| (title, rows_of(wanted))).into_iter().collect();
    write(&Patterns { groups, replicates }, out)
}

impl Row {
    fn position(&self, value: f64) -> f64 {
        (value - self.range.0) / (self.range.1 - self.range.0)
    }

    fn draw<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        x: &dyn Fn(f64) -> i32,
        y: i32,
    ) -> Result<(), ChartError> {
        label(surface, &self.words, &text(30), HPos::Right, (x(EDGES.0) - 24, y))?;
        let band = [(x(0.0), y - 15), (x(1.0), y + 15)];
        surface.draw(&Rectangle::new(band, RGBColor(205, 226, 240).filled())).map_err(failed)?;
        let number = |value: f64| {
            axis_number(value, if value.abs() >= 100.0 || value.fract() == 0.0 { 1.0 } else { 0.01 })
        };
        let range = format!("{} to {}", number(self.range.0), number(self.range.1));
        label(surface, &range, &text(24), HPos::Left, (x(EDGES.1) + 30, y))?;
        let clip = |value: f64| self.position(value).clamp(EDGES.0, EDGES.1);
        if let Some((low, high)) = self.interval {
            let bar = vec![(x(clip(low)), y), (x(clip(high)), y)];
            surface.draw(&PathElement::new(bar, INK.stroke_width(5))).map_err(failed)?;
        }
        let position = self.position(self.mean);
        let colour = if (0.0..=1.0).contains(&position) { PALETTE[1] } else { PALETTE[2] };
        let at = (x(clip(self.mean)), y);
        if (EDGES.0..=EDGES.1).contains(&position) {
            return marker(surface, at, if colour == PALETTE[1] { 0 } else { 1 }, colour);
        }
        let tip = if position < EDGES.0 { -22 } else { 22 };
        let arrow = vec![(at.0, y - 16), (at.0 + tip, y), (at.0, y + 16)];
        surface.draw(&Polygon::new(arrow, colour.filled())).map_err(failed)
    }
}

impl Figure for Patterns {
    fn words(&self) -> ChartFile {
        let misses: Vec<&str> = (self.groups.iter().flat_map(|(_, rows)| rows))
            .filter(|row| !(0.0..=1.0).contains(&row.position(row.mean)))
            .map(|row| row.words.as_str())
            .collect();
        ChartFile {
            name: "patterns",
            title: "Does the model look like the sector?".into(),
            caption: "Each row is a fact; the blue bar is the range that its sources allow, with its ends; the point is \
                      the mean of the run after burn-in, with its 95% interval where it is wide enough to see. Squares \
                      and arrows lie outside the range; arrows lie beyond the edge of the figure."
                .into(),
            description: format!("Outside their range: {}.", misses.join("; ")),
        }
    }

    fn height(&self) -> u32 {
        let rows: usize = self.groups.iter().map(|(_, rows)| rows.len()).sum();
        (260 + ROW * rows as i32 + HEADING * self.groups.len() as i32) as u32
    }

    fn footer(&self) -> String {
        format!(
            "{} replicates; bar: range that sources allow; line: 95% interval of the mean",
            self.replicates
        )
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["fact", "low", "high", "simulated"]);
        for row in self.groups.iter().flat_map(|(_, rows)| rows) {
            let figures = [row.range.0, row.range.1, row.mean].map(|figure| figure.to_string());
            data.row(std::iter::once(row.words.clone()).chain(figures));
        }
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (width, height) = surface.dim_in_pixel();
        let (left, right) = (1090.0, f64::from(width) - 260.0);
        let x = |position: f64| (left + (position - EDGES.0) / (EDGES.1 - EDGES.0) * (right - left)) as i32;
        let bottom = height as i32 - 20;
        for end in [0.0, 1.0] {
            let line = vec![(x(end), 20), (x(end), bottom)];
            surface.draw(&PathElement::new(line, GRID.stroke_width(2))).map_err(failed)?;
        }
        let mut y = 20;
        for (title, rows) in &self.groups {
            let style = text(34).color(&BLACK).pos(Pos::new(HPos::Left, VPos::Top));
            surface.draw_text(title, &style, (20, y + 10)).map_err(failed)?;
            y += HEADING;
            for row in rows {
                row.draw(surface, &x, y)?;
                y += ROW;
            }
        }
        Ok(())
    }
}
