//! Frames with axes, lines, and markers that differ in shape.

use super::ChartError;
use super::canvas::{GRID, INK, PALETTE, Surface, axis_number, failed, label, text};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

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
