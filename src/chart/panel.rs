//! A panel: axes, grid, and lines with interval bands over time.

use super::ChartError;
use super::canvas::{PALETTE, Surface, failed, label, round_range, text};
use super::marks::{Frame, line, marker};
use super::table::{Data, cells};
use crate::experiment::statistics::Estimate;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// A line over the years.
pub struct Series {
    /// Label at its end.
    pub label: String,
    /// Row of the palette.
    pub colour: usize,
    /// Whether it is dashed.
    pub dashed: bool,
    /// One estimate per year, from year 1; at the ends of years, from the start.
    pub points: Vec<Option<Estimate>>,
}

/// What the points of a line over time stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// Years, from year 1.
    Years,
    /// The ends of years, from the start, which is year 0.
    EndsOfYears,
}

impl Points {
    /// The year of the first point.
    pub fn first(self) -> usize {
        usize::from(self == Self::Years)
    }

    /// Where on the axis some years from the start have passed.
    fn passed(self, years: f64) -> f64 {
        if self == Self::Years { years + 0.5 } else { years }
    }

    fn label(self) -> &'static str {
        if self == Self::Years { "year" } else { "end of year; 0 is the start" }
    }
}

/// A panel of lines over the years.
pub struct TimePanel {
    /// Title of the panel; empty for none.
    pub title: String,
    /// Label of the vertical axis, with unit.
    pub label: String,
    /// Lines.
    pub series: Vec<Series>,
    /// What their points stand for.
    pub points: Points,
    /// Years of burn-in, shaded.
    pub burn_in: f64,
}

impl TimePanel {
    /// Draws the panel into a surface.
    pub fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (width, height) = surface.dim_in_pixel();
        let values = self.series.iter().flat_map(|series| &series.points).flatten().flat_map(|estimate| {
            let (low, high) = estimate.interval.unwrap_or((estimate.mean, estimate.mean));
            [low, high]
        });
        let (low, high, step) = round_range(values);
        let first = self.points.first();
        let points = self.series.iter().map(|series| series.points.len()).max().unwrap_or(1).max(1);
        let years = points + first - 1;
        let frame = Frame {
            pixels: (150, 120, width as i32 - 250, height as i32 - 120),
            x: (first as f64, (years as f64).max(1.5)),
            y: (low, high),
        };
        surface.draw_text(&self.title, &text(38).color(&BLACK), (40, 10)).map_err(failed)?;
        self.shade_burn_in(surface, &frame)?;
        let steps = (if years > 12 { 2.0 } else { 1.0 }, step);
        frame.axes(surface, steps, (self.points.label(), &self.label))?;
        for series in &self.series {
            band(surface, &frame, series, first)?;
        }
        let mut ends = Vec::new();
        for series in &self.series {
            let colour = PALETTE[series.colour % PALETTE.len()];
            let points: Vec<Option<(i32, i32)>> = series
                .points
                .iter()
                .enumerate()
                .map(|(row, estimate)| estimate.map(|estimate| frame.at((row + first) as f64, estimate.mean)))
                .collect();
            line(surface, &points, colour, series.dashed)?;
            if !series.dashed {
                for point in points.iter().flatten() {
                    marker(surface, *point, series.colour, colour)?;
                }
            }
            if let Some(Some((x, y))) = points.iter().rev().find(|point| point.is_some()) {
                ends.push((*x, *y, series.label.clone(), colour));
            }
        }
        end_labels(surface, ends)
    }

    /// Where lines end, in words.
    pub fn ends(&self, number: impl Fn(f64) -> String) -> String {
        let ends = self.series.iter().filter_map(|series| {
            let last = series.points.last().copied().flatten()?;
            Some(format!("{} {}", series.label, number(last.mean)))
        });
        ends.collect::<Vec<_>>().join(", ")
    }

    fn shade_burn_in<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        frame: &Frame,
    ) -> Result<(), ChartError> {
        if self.burn_in <= 0.0 {
            return Ok(());
        }
        let (left, top, right, bottom) = frame.pixels;
        let (end, _) = frame.at(self.points.passed(self.burn_in), frame.y.0);
        let shape = [(left, top), (end.min(right), bottom)];
        surface.draw(&Rectangle::new(shape, RGBColor(244, 244, 244).filled())).map_err(failed)?;
        surface.draw_text("burn-in", &text(28), (left + 12, bottom - 44)).map_err(failed)
    }

    /// Adds the panel's rows to a figure's data.
    pub fn add_data(&self, data: &mut Data) {
        for series in &self.series {
            for (row, estimate) in series.points.iter().enumerate() {
                let Some(estimate) = estimate else { continue };
                let year = row + self.points.first();
                let place = [self.title.clone(), series.label.clone(), year.to_string()];
                data.row(place.into_iter().chain(cells(estimate)));
            }
        }
    }
}

/// Columns of the data of panels.
pub const DATA_COLUMNS: [&str; 7] = ["panel", "series", "year", "mean", "ci_low", "ci_high", "n"];

/// The intervals around a line whose first point is that of a year.
fn band<DB: DrawingBackend>(
    surface: &Surface<DB>,
    frame: &Frame,
    series: &Series,
    first: usize,
) -> Result<(), ChartError> {
    let colour = PALETTE[series.colour % PALETTE.len()];
    let edges: Vec<(f64, f64, f64)> = series
        .points
        .iter()
        .enumerate()
        .filter_map(|(row, estimate)| {
            let x = (row + first) as f64;
            estimate.and_then(|e| e.interval).map(|(low, high)| (x, low, high))
        })
        .collect();
    if edges.len() < 2 || series.dashed {
        return Ok(());
    }
    let above = edges.iter().map(|&(x, _, high)| frame.at(x, high.min(frame.y.1)));
    let below = edges.iter().rev().map(|&(x, low, _)| frame.at(x, low.max(frame.y.0)));
    let outline: Vec<(i32, i32)> = above.chain(below).collect();
    surface.draw(&Polygon::new(outline, colour.mix(0.18).filled())).map_err(failed)
}

/// Labels at the ends of lines, pushed apart so that none covers another.
fn end_labels<DB: DrawingBackend>(
    surface: &Surface<DB>,
    mut ends: Vec<(i32, i32, String, RGBColor)>,
) -> Result<(), ChartError> {
    const APART: i32 = 42;
    let (_, height) = surface.dim_in_pixel();
    ends.sort_by_key(|end| end.1);
    let mut heights: Vec<i32> = ends.iter().map(|end| end.1).collect();
    push_apart(&mut heights, APART, height as i32 - 110);
    for ((x, _, words, colour), y) in ends.into_iter().zip(heights) {
        label(surface, &words, &text(34).color(&colour), HPos::Left, (x + 26, y))?;
    }
    Ok(())
}

/// Moves sorted heights down until they are `apart`, then up again from the bottom where the last
/// would pass the `lowest`; those that are far enough apart stay where they are.
fn push_apart(heights: &mut [i32], apart: i32, lowest: i32) {
    for row in 1..heights.len() {
        heights[row] = heights[row].max(heights[row - 1] + apart);
    }
    let mut limit = lowest;
    for height in heights.iter_mut().rev() {
        *height = (*height).min(limit);
        limit = *height - apart;
    }
}

#[cfg(test)]
mod tests {
    use super::push_apart;

    #[test]
    fn labels_move_only_where_they_must() {
        let mut heights = [100, 400, 470, 480, 500];
        push_apart(&mut heights, 40, 520);
        assert_eq!(heights, [100, 360, 400, 440, 480].map(|h| if h == 100 { 100 } else { h + 40 }));
        let mut free = [100, 200, 300];
        push_apart(&mut free, 40, 520);
        assert_eq!(free, [100, 200, 300]);
    }
}
