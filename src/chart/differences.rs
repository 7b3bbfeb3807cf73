//! Panels of differences from nothing: a row a rule set, a mark with an interval for each effect, and the verdict where
//! there is one.

use super::ChartError;
use super::canvas::{GRID, INK, PALETTE, Surface, axis_number, failed, fitting, label, round_range, text};
use super::marks::marker;
use super::table::Data;
use crate::experiment::statistics::verdict::Verdict;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Rows of the figure's panels.
const ROWS: u32 = 3;
/// Height of a row of a panel with one mark.
const ROW: u32 = 62;
/// Further height of a row with a verdict below the name.
const VERDICT: u32 = 18;
/// Distance of the marks of one row.
const APART: i32 = 26;
/// Height of a line of the key.
const KEY_LINE: i32 = 44;

/// A difference with its interval.
pub struct Effect {
    /// Mean.
    pub mean: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
}

/// What is said of a difference in its table.
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// Confidence of its interval; missing where there is none.
    pub confidence: Option<f64>,
    /// Worlds, where they are told row by row.
    pub n: Option<usize>,
}

/// A rule set in a panel.
pub struct Row {
    /// Its name.
    pub rules: String,
    /// One effect of each kind.
    pub effects: Vec<Effect>,
    /// What is said of the effect, where one is judged.
    pub finding: Option<Finding>,
}

/// A measure: rule sets with one effect of each kind.
pub struct Panel {
    /// The measure in words.
    pub title: String,
    /// What its bars are, where panels differ in that; empty otherwise.
    pub note: String,
    /// Rule sets.
    pub rows: Vec<Row>,
}

/// Height of a figure of panels with so many rule sets and kinds of effect, two beside each other.
pub const fn height(rules: usize, kinds: usize) -> u32 {
    let row = ROW + APART as u32 * (kinds as u32 - 1);
    200 + ROWS * (190 + row * rules as u32)
}

/// The same with verdicts, and a key to them below.
pub const fn height_with_verdicts(rules: usize) -> u32 {
    height(rules, 1) + ROWS * (VERDICT * rules as u32 + 30) + 2 * KEY_LINE as u32 + 10
}

/// Draws panels, two beside each other.
pub fn draw<DB: DrawingBackend>(surface: &Surface<DB>, panels: &[Panel]) -> Result<(), ChartError> {
    let cells = surface.split_evenly((ROWS as usize, 2));
    panels.iter().zip(&cells).try_for_each(|(panel, cell)| panel.draw(cell))
}

/// Draws panels with verdicts, and a key to them below.
pub fn draw_with_verdicts<DB: DrawingBackend>(
    surface: &Surface<DB>,
    panels: &[Panel],
) -> Result<(), ChartError> {
    let (_, height) = surface.dim_in_pixel();
    let (above, below) = surface.split_vertically(height as i32 - 2 * KEY_LINE);
    draw(&above, panels)?;
    let signs = [
        (0, 40, Verdict::Better, "better"),
        (0, 240, Verdict::Worse, "worse"),
        (
            0,
            430,
            Verdict::Higher,
            "higher or lower, of a measure without a better side: the bar leaves out 0",
        ),
        (1, 40, Verdict::CannotBeTold, "cannot be told: the bar holds 0"),
    ];
    for (line, x, verdict, words) in signs {
        let at = (x, line * KEY_LINE + KEY_LINE / 2);
        sign(&below, at, verdict)?;
        label(&below, words, &text(30), HPos::Left, (at.0 + 26, at.1))?;
    }
    let words = "did not act (no mark): the same in all worlds, to the last digit";
    label(&below, words, &text(30), HPos::Left, (620, KEY_LINE + KEY_LINE / 2))
}

/// What panels show, with a name for each kind of effect, and what is said of effects where any is judged.
pub fn data(panels: &[Panel], kinds: &[&str]) -> Data {
    let mut columns = vec!["panel", "rules", "effect", "difference", "ci_low", "ci_high"];
    let judged = panels.iter().flat_map(|panel| &panel.rows).any(|row| row.finding.is_some());
    if judged {
        columns.extend(["n", "confidence", "verdict"]);
    }
    let mut data = Data::new(&columns);
    for panel in panels {
        for Row { rules, effects, finding } in &panel.rows {
            for (effect, kind) in effects.iter().zip(kinds) {
                let end = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
                let (low, high) = (effect.interval.map(|i| i.0), effect.interval.map(|i| i.1));
                let mean = effect.mean.to_string();
                let key = [panel.title.clone(), rules.clone(), kind.to_string(), mean, end(low), end(high)];
                let said = finding.as_ref().map_or(Default::default(), Finding::cells);
                data.row(key.into_iter().chain(said.into_iter().filter(|_| judged)));
            }
        }
    }
    data
}

/// The colour of what is said of a verdict.
fn colour(verdict: Verdict) -> RGBColor {
    match verdict {
        Verdict::Better => PALETTE[1],
        Verdict::Worse => PALETTE[2],
        Verdict::Higher | Verdict::Lower => PALETTE[0],
        Verdict::CannotBeTold | Verdict::DidNotAct => INK,
    }
}

/// The mark of a verdict: shapes differ, so that it can be told without colour; what cannot be told is hollow.
fn sign<DB: DrawingBackend>(
    surface: &Surface<DB>,
    at: (i32, i32),
    verdict: Verdict,
) -> Result<(), ChartError> {
    let shape = match verdict {
        Verdict::Better => 0,
        Verdict::Worse => 1,
        Verdict::Higher | Verdict::Lower => 3,
        Verdict::CannotBeTold => {
            surface.draw(&Circle::new(at, 11, WHITE.filled())).map_err(failed)?;
            return surface.draw(&Circle::new(at, 11, INK.stroke_width(5))).map_err(failed);
        }
        Verdict::DidNotAct => return Ok(()),
    };
    marker(surface, at, shape, colour(verdict))
}

impl Finding {
    fn cells(&self) -> [String; 3] {
        let n = self.n.map_or(String::new(), |n| n.to_string());
        let confidence = self.confidence.map_or(String::new(), |confidence| confidence.to_string());
        [n, confidence, self.verdict.name().to_string()]
    }
}

impl Row {
    /// Whether there is an effect to draw.
    pub fn acted(&self) -> bool {
        self.finding.as_ref().is_none_or(|finding| finding.verdict != Verdict::DidNotAct)
    }

    /// Name and verdict, left of a point.
    fn name<DB: DrawingBackend>(&self, surface: &Surface<DB>, at: (i32, i32)) -> Result<(), ChartError> {
        let Some(Finding { verdict, .. }) = self.finding else {
            return label(surface, &self.rules, &text(32), HPos::Right, at);
        };
        label(surface, &self.rules, &text(32), HPos::Right, (at.0, at.1 - 17))?;
        let ink = colour(verdict);
        label(surface, verdict.name(), &text(28).color(&ink), HPos::Right, (at.0, at.1 + 19))
    }

    /// Bars and marks.
    fn draw<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        middle: i32,
        x: impl Fn(f64) -> i32,
    ) -> Result<(), ChartError> {
        let first = middle - APART * (self.effects.len() as i32 - 1) / 2;
        for (kind, effect) in self.effects.iter().enumerate().filter(|_| self.acted()) {
            let y = first + APART * kind as i32;
            let verdict = self.finding.as_ref().map(|finding| finding.verdict);
            let color = verdict.map_or(PALETTE[1 + kind], colour);
            if let Some((from, to)) = effect.interval {
                let bar = vec![(x(from), y), (x(to), y)];
                surface.draw(&PathElement::new(bar, color.stroke_width(6))).map_err(failed)?;
            }
            match verdict {
                Some(verdict) => sign(surface, (x(effect.mean), y), verdict)?,
                None => marker(surface, (x(effect.mean), y), kind, color)?,
            }
        }
        Ok(())
    }
}

impl Panel {
    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (width, height) = surface.dim_in_pixel();
        let note = if self.note.is_empty() { 0 } else { 30 };
        let (left, top, right, bottom) = (400, 80 + note, width as i32 - 50, height as i32 - 70);
        let style = fitting(surface, &self.title, 34, width.saturating_sub(60))?.color(&BLACK);
        surface.draw_text(&self.title, &style, (30, 16)).map_err(failed)?;
        surface.draw_text(&self.note, &text(28), (30, 58)).map_err(failed)?;
        let effects = self.rows.iter().filter(|row| row.acted()).flat_map(|row| &row.effects);
        let ends = effects.flat_map(|effect| {
            let (low, high) = effect.interval.unwrap_or((effect.mean, effect.mean));
            [low, high]
        });
        let (low, high, step) = round_range(ends.chain([0.0]));
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
        for (place, row) in self.rows.iter().enumerate() {
            let middle = top + place as i32 * row_height + row_height / 2;
            row.name(surface, (left - 30, middle))?;
            row.draw(surface, middle, x)?;
        }
        Ok(())
    }
}
