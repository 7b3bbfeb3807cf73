//! Where England's councils are, and where that is on paper.

use super::ChartError;
use super::canvas::failed;

/// Cosine of the middle latitude of England: shrinks degrees of longitude to their true length.
const SHRINK: f64 = 0.6;
/// England's councils, for those that a study does not have.
const COUNCILS: &str = include_str!("../world/data/areas.csv");
/// Latitude and longitude of the frame around London.
pub const LONDON: ((f64, f64), (f64, f64)) = ((51.28, 51.70), (-0.53, 0.34));

/// Places degrees inside a rectangle of pixels without distortion.
pub struct Projection {
    west: f64,
    north: f64,
    pixels_per_degree: f64,
    left: f64,
    top: f64,
}

impl Projection {
    /// Fits latitudes and longitudes, each from low to high, into left, top, right and bottom.
    pub fn fit(latitudes: (f64, f64), longitudes: (f64, f64), frame: (f64, f64, f64, f64)) -> Self {
        let (left, top, right, bottom) = frame;
        let tall = latitudes.1 - latitudes.0;
        let wide = (longitudes.1 - longitudes.0) * SHRINK;
        let pixels_per_degree = ((bottom - top) / tall).min((right - left) / wide);
        Self {
            west: longitudes.0,
            north: latitudes.1,
            pixels_per_degree,
            left: left + 0.5 * (right - left - wide * pixels_per_degree),
            top: top + 0.5 * (bottom - top - tall * pixels_per_degree),
        }
    }

    /// The pixel of a place.
    pub fn at(&self, latitude: f64, longitude: f64) -> (i32, i32) {
        (
            (self.left + (longitude - self.west) * SHRINK * self.pixels_per_degree) as i32,
            (self.top + (self.north - latitude) * self.pixels_per_degree) as i32,
        )
    }
}

/// Latitudes and longitudes of the population centres of England's councils.
pub fn centres() -> Result<Vec<(f64, f64)>, ChartError> {
    let mut reader = csv::Reader::from_reader(COUNCILS.as_bytes());
    let header = reader.headers().map_err(failed)?.clone();
    let at = |name: &str| header.iter().position(|column| column == name);
    let (Some(latitude), Some(longitude)) = (at("latitude"), at("longitude")) else { return Ok(Vec::new()) };
    let mut centres = Vec::new();
    for row in reader.records() {
        let row = row.map_err(failed)?;
        centres.extend(row[latitude].parse().ok().zip(row[longitude].parse().ok()));
    }
    Ok(centres)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_council_of_england_has_a_centre_in_it() {
        let centres = centres().expect("a table");
        assert_eq!(centres.len(), 151);
        assert!(
            centres.iter().all(|(north, east)| (49.9..55.9).contains(north) && (-6.0..1.9).contains(east))
        );
    }
}
