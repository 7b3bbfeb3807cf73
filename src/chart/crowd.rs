//! More rule sets in a plane than markers can tell apart: numbers beside points, a second frame for the crowd in the
//! middle, and a key below.

use super::ChartError;
use super::canvas::{INK, PALETTE, Surface, failed, label, round_range, round_step, text};
use super::marks::{Frame, rules_marker};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Most rule sets that get a marker each and a key inside the frame.
pub const MOST_MARKERS: usize = 10;
/// Height of a line of the key.
const ROW: i32 = 40;
/// Columns of the key.
const COLUMNS: usize = 3;
/// Height of the two frames with their labels.
const FRAMES: [i32; 2] = [880, 1000];
/// Size of a number \[pixels\].
const NUMBER: (i32, i32) = (42, 30);
/// Size of a marker.
const MARKER: (i32, i32) = (26, 22);
/// Directions in which a number may stand from its point.
const DIRECTIONS: i32 = 12;
/// Distances at which it may stand, the nearest that is free is taken; the farther ones have a line to the point.
const DISTANCES: [f64; 4] = [32.0, 58.0, 90.0, 126.0];
/// Share of rule sets on either side that the crowd leaves out.
const FAR: f64 = 0.15;

/// A rule set in the plane.
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its means.
    pub at: (f64, f64),
    /// The outline of its joint interval.
    pub region: Vec<(f64, f64)>,
}

/// Rule sets, numbered in order.
pub struct Crowd<'a> {
    /// The rule sets.
    pub members: &'a [Member],
    /// Row of the baseline.
    pub baseline: usize,
    /// Words of the axes.
    pub labels: (&'a str, &'a str),
}

/// Height of the figure with so many rule sets.
pub fn height(members: usize) -> u32 {
    (FRAMES[0] + FRAMES[1] + 260 + key_height(members)) as u32
}

fn key_height(members: usize) -> i32 {
    ROW * members.div_ceil(COLUMNS) as i32
}

type Range = (f64, f64);

impl Crowd<'_> {
    /// Draws both frames and the key.
    pub fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let right = surface.dim_in_pixel().0 as i32 - 60;
        let outlines = || self.members.iter().flat_map(|member| member.region.iter().chain([&member.at]));
        let (x_low, x_high, x_step) = round_range(outlines().map(|point| point.0));
        let (y_low, y_high, y_step) = round_range(outlines().map(|point| point.1));
        let pixels = (150, 90, right, FRAMES[0] - 120);
        let all = Frame { pixels, x: (x_low, x_high), y: (y_low, y_high) };
        let middle = [self.middle(|at| at.0), self.middle(|at| at.1)];
        all.axes(surface, (x_step, y_step), self.labels)?;
        let (from, to) = (all.at(middle[0].0, middle[1].1), all.at(middle[0].1, middle[1].0));
        surface.draw(&Rectangle::new([from, to], INK.stroke_width(2))).map_err(failed)?;
        self.points(surface, &all, |member| !is_inside(member, middle))?;

        let top = FRAMES[0] + 110;
        let zoom = Frame { pixels: (150, top, right, top + FRAMES[1] - 220), x: middle[0], y: middle[1] };
        let steps = middle.map(|(low, high)| round_step(high - low, 5.0));
        zoom.axes(surface, (steps[0], steps[1]), self.labels)?;
        let words = "the box above, enlarged";
        label(surface, words, &text(34).color(&BLACK), HPos::Right, (right, top - 40))?;
        self.points(surface, &zoom, |member| is_inside(member, middle))?;
        self.key(surface, (20, FRAMES[0] + FRAMES[1] + 70))
    }

    /// The range of the crowd in one direction, with a margin; the baseline is always in it. It ends in the widest gap
    /// between values near where it may end, so that no point sits on its edge.
    fn middle(&self, value: fn((f64, f64)) -> f64) -> Range {
        let mut values: Vec<f64> = self.members.iter().map(|member| value(member.at)).collect();
        values.sort_by(f64::total_cmp);
        let own = value(self.members[self.baseline].at);
        let high = edge(&values).max(own);
        let mirrored: Vec<f64> = values.iter().rev().map(|value| -value).collect();
        let low = (-edge(&mirrored)).min(own);
        let margin = (0.04 * (high - low)).max(1e-9 * high.abs()).max(1e-12);
        (if low < own { low } else { own - margin }, if high > own { high } else { own + margin })
    }

    /// Regions, markers and numbers of the rule sets that belong to a frame.
    fn points<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        frame: &Frame,
        belongs: impl Fn(&Member) -> bool,
    ) -> Result<(), ChartError> {
        let shown: Vec<(usize, &Member)> =
            self.members.iter().enumerate().filter(|(_, member)| belongs(member)).collect();
        let (left, top, right, bottom) = frame.pixels;
        for (_, member) in shown.iter().filter(|(row, _)| *row != self.baseline) {
            let inside = |&(x, y): &(f64, f64)| {
                let at = frame.at(x, y);
                (at.0.clamp(left, right), at.1.clamp(top, bottom))
            };
            let outline: Vec<(i32, i32)> = member.region.iter().map(inside).collect();
            surface.draw(&PathElement::new(outline, PALETTE[1].mix(0.4).stroke_width(2))).map_err(failed)?;
        }
        let places: Vec<(usize, (i32, i32))> =
            shown.iter().map(|(row, member)| (*row, frame.at(member.at.0, member.at.1))).collect();
        for &(row, place) in &places {
            if row == self.baseline {
                rules_marker(surface, place, row, row)?;
            } else {
                surface.draw(&Circle::new(place, 8, PALETTE[1].filled())).map_err(failed)?;
            }
        }
        numbers(surface, &places)
    }

    /// Number and name, down the columns.
    fn key<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        (left, top): (i32, i32),
    ) -> Result<(), ChartError> {
        let (width, _) = surface.dim_in_pixel();
        let rows = self.members.len().div_ceil(COLUMNS);
        let column = (width as i32 - left) / COLUMNS as i32;
        for (place, member) in self.members.iter().enumerate() {
            let (x, y) = (left + column * (place / rows) as i32, top + ROW * (place % rows) as i32);
            label(surface, &(place + 1).to_string(), &text(30).color(&BLACK), HPos::Right, (x + 40, y))?;
            label(surface, &member.name, &text(30).color(&INK), HPos::Left, (x + 56, y))?;
        }
        Ok(())
    }
}

/// Where the crowd ends above, in rising values: in the middle of the widest gap among the last few, not too far from
/// the value below it.
fn edge(values: &[f64]) -> f64 {
    let last = values.len() - 1;
    let row = |share: f64| ((share * last as f64) as usize).min(last.saturating_sub(1));
    let gap = |row: usize| values[row + 1] - values[row];
    let [from, core, to] = [1.0 - 1.5 * FAR, 1.0 - FAR, 1.0 - FAR / 2.0].map(row);
    let widest = (from..=to).fold(core, |best, row| if gap(row) > gap(best) { row } else { best });
    let reach = 0.12 * (values[widest] - values[row(FAR)]);
    values[widest] + (0.5 * gap(widest)).min(reach)
}

fn is_inside(member: &Member, [x, y]: [Range; 2]) -> bool {
    let within = |value: f64, (low, high): Range| low <= value && value <= high;
    within(member.at.0, x) && within(member.at.1, y)
}

/// Draws a number beside each point, where it covers no other number and no marker as far as there is room.
fn numbers<DB: DrawingBackend>(
    surface: &Surface<DB>,
    points: &[(usize, (i32, i32))],
) -> Result<(), ChartError> {
    let meets = |a: &(i32, i32), b: &(i32, i32), size: (i32, i32)| {
        (a.0 - b.0).abs() < size.0 && (a.1 - b.1).abs() < size.1
    };
    let mut taken: Vec<(i32, i32)> = Vec::new();
    for &(row, (x, y)) in points {
        let covers = |at: &(i32, i32)| {
            let numbers = taken.iter().filter(|other| meets(other, at, NUMBER)).count();
            let markers = points.iter().filter(|(_, other)| meets(other, at, MARKER)).count();
            2 * numbers + markers
        };
        let around = |distance: f64| {
            (0..DIRECTIONS).map(move |step| {
                let angle = f64::from(step) / f64::from(DIRECTIONS) * std::f64::consts::TAU;
                (x + (distance * libm::cos(angle)) as i32, y - (distance * libm::sin(angle)) as i32)
            })
        };
        let at = DISTANCES.into_iter().flat_map(around).min_by_key(covers).unwrap_or((x, y));
        taken.push(at);
        if libm::hypot(f64::from(at.0 - x), f64::from(at.1 - y)) > DISTANCES[1] - 4.0 {
            surface
                .draw(&PathElement::new(vec![(x, y), at], INK.mix(0.5).stroke_width(2)))
                .map_err(failed)?;
        }
        label(surface, &(row + 1).to_string(), &text(28).color(&BLACK), HPos::Center, at)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(members: &[Member]) -> Crowd<'_> {
        Crowd { members, baseline: 0, labels: ("", "") }
    }

    #[test]
    fn the_crowd_leaves_out_what_is_far_and_keeps_the_baseline() {
        let at = |x: f64| Member { name: String::new(), at: (x, x), region: Vec::new() };
        let mut members: Vec<Member> = (0..20).map(|k| at(f64::from(k))).collect();
        members.push(at(1_000.0));
        members[0].at.0 = 500.0;
        let (low, high) = crowd(&members).middle(|at| at.0);
        assert!(low < 5.0 && (500.0..600.0).contains(&high), "{low} {high}");
        assert!(!is_inside(&members[20], [(low, high), (low, high)]));
    }

    #[test]
    fn a_key_is_as_high_as_its_longest_column() {
        assert_eq!((key_height(10), key_height(9)), (4 * ROW, 3 * ROW));
    }
}
