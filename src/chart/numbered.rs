//! Numbers beside points, and a key to them in columns: for more rule sets than markers can tell apart.

use super::ChartError;
use super::canvas::{INK, Surface, label, text};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// Most rule sets that get a marker each and a key inside the frame.
pub const MOST_MARKERS: usize = 10;
/// Height of a line of the key.
const ROW: i32 = 40;
/// Columns of the key.
const COLUMNS: usize = 3;
/// Size of a number \[pixels\].
const NUMBER: (i32, i32) = (44, 30);
/// Places of a number around its point, the first that is free is taken.
const PLACES: [(i32, i32); 8] =
    [(34, 0), (-34, 0), (0, -30), (0, 30), (32, -24), (-32, -24), (32, 24), (-32, 24)];

/// Height of a key to so many points.
pub fn key_height(points: usize) -> i32 {
    ROW * points.div_ceil(COLUMNS) as i32
}

/// Draws the key: number and name, down the columns.
pub fn key<DB: DrawingBackend>(
    surface: &Surface<DB>,
    (left, top): (i32, i32),
    names: &[String],
) -> Result<(), ChartError> {
    let (width, _) = surface.dim_in_pixel();
    let rows = names.len().div_ceil(COLUMNS);
    let column = (width as i32 - left) / COLUMNS as i32;
    for (place, name) in names.iter().enumerate() {
        let at = (left + column * (place / rows) as i32, top + ROW * (place % rows) as i32);
        label(surface, &format!("{}", place + 1), &text(30).color(&BLACK), HPos::Right, (at.0 + 40, at.1))?;
        label(surface, name, &text(30).color(&INK), HPos::Left, (at.0 + 56, at.1))?;
    }
    Ok(())
}

/// Draws a number beside each point, where it covers no other number and no other point as far as there is room.
pub fn numbers<DB: DrawingBackend>(surface: &Surface<DB>, points: &[(i32, i32)]) -> Result<(), ChartError> {
    let mut taken: Vec<(i32, i32)> = Vec::new();
    for (place, &(x, y)) in points.iter().enumerate() {
        let covers = |at: &(i32, i32)| {
            let meets =
                |other: &&(i32, i32)| (other.0 - at.0).abs() < NUMBER.0 && (other.1 - at.1).abs() < NUMBER.1;
            2 * taken.iter().filter(meets).count() + points.iter().filter(meets).count()
        };
        let places = PLACES.map(|(dx, dy)| (x + dx, y + dy));
        let at = places.into_iter().min_by_key(covers).unwrap_or((x, y));
        taken.push(at);
        label(surface, &format!("{}", place + 1), &text(28).color(&BLACK), HPos::Center, at)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_key_is_as_high_as_its_longest_column() {
        assert_eq!(super::key_height(10), 4 * super::ROW);
        assert_eq!(super::key_height(9), 3 * super::ROW);
    }
}
