//! A panel: axes, grid, and lines with interval bands over time.

use super::ChartError;
use super::canvas::{GRID, INK, PALETTE, Surface, axis_number, failed, label, round_range, text};
use super::table::{Data, cells};
use crate::experiment::statistics::Estimate;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

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

/// A frame: where values are on the surface.
#[derive(Clone, Copy)]
pub struct Frame {
    /// Left, top, right, bottom in pixels.
    pub pixels: (i32, i32, i32, i32),
    /// Lowest and highest horizontal value.
    pub x: (f64, f64),
    /// Lowest and highest vertical value.
    pub y: (f64, f64),
}

impl Frame {
    /// The pixel of a point.
    pub fn at(&self, x: f64, y: f64) -> (i32, i32) {
        let (left, top, right, bottom) = self.pixels;
        let across = (x - self.x.0) / (self.x.1 - self.x.0);
        let up = (y - self.y.0) / (self.y.1 - self.y.0);
        (
            left + (across * f64::from(right - left)).round() as i32,
            bottom - (up * f64::from(bottom - top)).round() as i32,
        )
    }

    /// Draws grid, ticks and labels of both axes.
    pub fn axes<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        steps: (f64, f64),
        labels: (&str, &str),
    ) -> Result<(), ChartError> {
        let (left, top, right, bottom) = self.pixels;
        let small = text(32);
        let ticks = |range: (f64, f64), step: f64| -> Vec<f64> {
            let first = libm::ceil(range.0 / step - 1e-9);
            (0..200)
                .map(|k| (first + f64::from(k)) * step)
                .take_while(|v| *v <= range.1 + 1e-9 * step)
                .collect()
        };
        for value in ticks(self.y, steps.1) {
            let (_, y) = self.at(self.x.0, value);
            surface
                .draw(&PathElement::new(vec![(left, y), (right, y)], GRID.stroke_width(2)))
                .map_err(failed)?;
            label(surface, &axis_number(value, steps.1), &small, HPos::Right, (left - 14, y))?;
        }
        for value in ticks(self.x, steps.0) {
            let (x, _) = self.at(value, self.y.0);
            let tick = vec![(x, bottom), (x, bottom + 10)];
            surface.draw(&PathElement::new(tick, INK.stroke_width(2))).map_err(failed)?;
            let style = small.pos(Pos::new(HPos::Center, VPos::Top));
            surface.draw_text(&axis_number(value, steps.0), &style, (x, bottom + 16)).map_err(failed)?;
        }
        let axis = vec![(left, bottom), (right, bottom)];
        surface.draw(&PathElement::new(axis, INK.stroke_width(3))).map_err(failed)?;
        let below = text(34).pos(Pos::new(HPos::Center, VPos::Top));
        surface.draw_text(labels.0, &below, ((left + right) / 2, bottom + 60)).map_err(failed)?;
        let above = text(34).pos(Pos::new(HPos::Left, VPos::Bottom));
        surface.draw_text(labels.1, &above, (left - 110, top - 18)).map_err(failed)
    }
}

/// A line through points, whole or dashed, with gaps where points are missing.
pub fn line<DB: DrawingBackend>(
    surface: &Surface<DB>,
    points: &[Option<(i32, i32)>],
    colour: RGBColor,
    dashed: bool,
) -> Result<(), ChartError> {
    for pair in points.windows(2) {
        let [Some(from), Some(to)] = pair else { continue };
        if !dashed {
            surface.draw(&PathElement::new(vec![*from, *to], colour.stroke_width(6))).map_err(failed)?;
            continue;
        }
        let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
        let length = libm::hypot(dx, dy).max(1.0);
        let dashes = (length / 34.0).ceil().max(1.0);
        for dash in 0..dashes as u32 {
            let (start, end) = (f64::from(dash) / dashes, (f64::from(dash) + 0.55) / dashes);
            let point = |t: f64| (from.0 + (dx * t) as i32, from.1 + (dy * t) as i32);
            let path = vec![point(start), point(end.min(1.0))];
            surface.draw(&PathElement::new(path, colour.stroke_width(6))).map_err(failed)?;
        }
    }
    Ok(())
}

/// Markers that differ in shape, so that lines can be told apart without colour.
pub fn marker<DB: DrawingBackend>(
    surface: &Surface<DB>,
    at: (i32, i32),
    shape: usize,
    colour: RGBColor,
) -> Result<(), ChartError> {
    let r = 12;
    let polygon =
        |points: Vec<(i32, i32)>| surface.draw(&Polygon::new(points, colour.filled())).map_err(failed);
    let (x, y) = at;
    match shape % 5 {
        0 => surface.draw(&Circle::new(at, r, colour.filled())).map_err(failed),
        1 => polygon(vec![(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]),
        2 => polygon(vec![(x, y - r - 4), (x + r + 2, y + r), (x - r - 2, y + r)]),
        3 => polygon(vec![(x, y - r - 4), (x + r + 4, y), (x, y + r + 4), (x - r - 4, y)]),
        _ => polygon(vec![(x, y + r + 4), (x + r + 2, y - r), (x - r - 2, y - r)]),
    }
}

/// The marker of a rule set: a hollow diamond for the baseline, which the others are compared with.
pub fn rules_marker<DB: DrawingBackend>(
    surface: &Surface<DB>,
    at: (i32, i32),
    row: usize,
    baseline: usize,
) -> Result<(), ChartError> {
    if row != baseline {
        // Five colours and five shapes: shapes move on by one with each round of colours, so that 25 rule sets differ.
        return marker(surface, at, row + row / COLOURS, rules_colour(row, baseline));
    }
    const R: i32 = 17;
    let corners = [(0, -R), (R, 0), (0, R), (-R, 0), (0, -R)];
    let diamond = corners.map(|(x, y)| (at.0 + x, at.1 + y)).to_vec();
    surface.draw(&Polygon::new(diamond.clone(), WHITE.filled())).map_err(failed)?;
    surface.draw(&PathElement::new(diamond, BLACK.stroke_width(5))).map_err(failed)
}

/// Colours of rule sets, black apart.
const COLOURS: usize = PALETTE.len() - 1;

/// The colour of a rule set's bars and clouds: black for the baseline.
pub fn rules_colour(row: usize, baseline: usize) -> RGBColor {
    if row == baseline { BLACK } else { PALETTE[1 + row % COLOURS] }
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
