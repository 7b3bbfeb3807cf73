//! Panels of differences from nothing: a row a rule set, a mark with an interval for each effect.

use super::ChartError;
use super::canvas::{GRID, INK, PALETTE, Surface, axis_number, failed, fitting, label, round_range, text};
use super::panel::marker;
use super::table::Data;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Rows of the figure's panels.
const ROWS: u32 = 3;
/// Height of a row of a panel with one mark.
const ROW: u32 = 62;
/// Distance of the marks of one row.
const APART: i32 = 26;

/// A difference with its interval.
pub struct Effect {
    /// Mean.
    pub mean: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
}

/// A measure: rule sets with one effect of each kind.
pub struct Panel {
    /// The measure in words.
    pub title: String,
    /// Rule sets.
    pub rows: Vec<(String, Vec<Effect>)>,
}

/// Height of a figure of panels with so many rule sets and kinds of effect, two beside each other.
pub const fn height(rules: usize, kinds: usize) -> u32 {
    let row = ROW + APART as u32 * (kinds as u32 - 1);
    200 + ROWS * (190 + row * rules as u32)
}

/// Draws panels, two beside each other.
pub fn draw<DB: DrawingBackend>(surface: &Surface<DB>, panels: &[Panel]) -> Result<(), ChartError> {
    let cells = surface.split_evenly((ROWS as usize, 2));
    panels.iter().zip(&cells).try_for_each(|(panel, cell)| panel.draw(cell))
}

/// What panels show, with a name for each kind of effect.
pub fn data(panels: &[Panel], kinds: &[&str]) -> Data {
    let mut data = Data::new(&["panel", "rules", "effect", "difference", "ci_low", "ci_high"]);
    for panel in panels {
        for (rules, effects) in &panel.rows {
            for (effect, kind) in effects.iter().zip(kinds) {
                let end = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
                let (low, high) = (effect.interval.map(|i| i.0), effect.interval.map(|i| i.1));
                let mean = effect.mean.to_string();
                data.row([panel.title.clone(), rules.clone(), kind.to_string(), mean, end(low), end(high)]);
            }
        }
    }
    data
}

impl Panel {
    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (width, height) = surface.dim_in_pixel();
        let (left, top, right, bottom) = (400, 80, width as i32 - 50, height as i32 - 70);
        let style = fitting(surface, &self.title, 34, width.saturating_sub(60))?.color(&BLACK);
        surface.draw_text(&self.title, &style, (30, 16)).map_err(failed)?;
        let ends = self.rows.iter().flat_map(|(_, effects)| effects).flat_map(|effect| {
            let (low, high) = effect.interval.unwrap_or((effect.mean, effect.mean));
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
        for (row, (rules, effects)) in self.rows.iter().enumerate() {
            let middle = top + row as i32 * row_height + row_height / 2;
            label(surface, rules, &text(32), HPos::Right, (left - 30, middle))?;
            let first = middle - APART * (effects.len() as i32 - 1) / 2;
            for (kind, effect) in effects.iter().enumerate() {
                let (y, color) = (first + APART * kind as i32, PALETTE[1 + kind]);
                if let Some((from, to)) = effect.interval {
                    let bar = vec![(x(from), y), (x(to), y)];
                    surface.draw(&PathElement::new(bar, color.stroke_width(6))).map_err(failed)?;
                }
                marker(surface, (x(effect.mean), y), kind, color)?;
            }
        }
        Ok(())
    }
}
