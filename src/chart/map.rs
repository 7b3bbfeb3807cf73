//! Unmet need on a map of England: one circle per council.

use super::canvas::{Figure, GRID, INK, Surface, axis_number, failed, label, text, write};
use super::geography::{LONDON, Projection, centres};
use super::table::{Data, Table};
use super::{ChartError, ChartFile, table::Results};
use crate::folder::Folder;
use crate::math::quantile;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use std::collections::BTreeMap;
use std::path::Path;

/// Most places that are all named on the map.
const NAMED: usize = 12;
/// Room of a name on the map, across and down.
const WIDEST: i32 = 460;
const LINE: i32 = 36;
/// From more than so many boroughs on, London is enlarged.
const ENLARGED: usize = 3;
/// A sequential scale from light to dark (after the viridis family), readable in grey.
const SCALE: [RGBColor; 5] = [
    RGBColor(253, 231, 150),
    RGBColor(122, 209, 141),
    RGBColor(42, 154, 152),
    RGBColor(55, 91, 141),
    RGBColor(58, 12, 82),
];

/// A council on the map.
#[derive(Clone, Debug)]
struct Place {
    name: String,
    population: f64,
    latitude: f64,
    longitude: f64,
    london: bool,
    rate: f64,
}

struct Map {
    places: Vec<Place>,
    /// Latitudes and longitudes of England's councils that the world does not have: they show where places lie.
    elsewhere: Vec<(f64, f64)>,
    limits: Vec<f64>,
    title: String,
    footer: String,
}

/// Draws the figure, where areas have coordinates.
pub fn draw(results: &Results, folder: &Path, out: &Folder) -> Result<Option<ChartFile>, ChartError> {
    let places = folder.join("area_places.csv");
    if !places.is_file() {
        return Ok(None);
    }
    let (year, waiting) = unmet_need(&folder.join("areas.csv"), &results.rules[results.baseline])?;
    let table = Table::read(&places)?;
    let at = |name: &str| table.column(name);
    let (code, name, population) = (at("area")?, at("name")?, at("population")?);
    let (latitude, longitude, region) = (at("latitude")?, at("longitude")?, at("region")?);
    let places: Vec<Place> = table
        .rows()
        .iter()
        .filter_map(|row| {
            let population: f64 = row[population].parse().ok()?;
            Some(Place {
                name: row[name].to_string(),
                population,
                latitude: row[latitude].parse().ok()?,
                longitude: row[longitude].parse().ok()?,
                london: &row[region] == "London",
                rate: waiting.get(&row[code])? * 1000.0 / population,
            })
        })
        .collect();
    if places.len() < 2 {
        return Ok(None);
    }
    let mut rates: Vec<f64> = places.iter().map(|place| place.rate).collect();
    let limits = [0.2, 0.4, 0.6, 0.8].iter().filter_map(|&p| quantile(&mut rates, p)).collect();
    let title = results.of_baseline(&format!("Unmet need by council at the end of year {year}"));
    let footer = results.footer("colours: mean over replicates");
    let of_world = |(latitude, longitude): &(f64, f64)| {
        places.iter().any(|place| place.latitude == *latitude && place.longitude == *longitude)
    };
    let elsewhere = centres()?.into_iter().filter(|centre| !of_world(centre)).collect();
    write(&Map { places, elsewhere, limits, title, footer }, out).map(Some)
}

/// People waiting at the end of the last year, per area.
fn unmet_need(path: &Path, rules: &str) -> Result<(u32, BTreeMap<String, f64>), ChartError> {
    let table = Table::read(path)?;
    let at = |name: &str| table.column(name);
    let (rule, year, area) = (at("rules")?, at("year")?, at("area")?);
    let (service, measure) = (at("service")?, at("measure")?);
    let value = at("mean").or_else(|_| at("value"))?;
    let mut last = 0;
    let mut waiting: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for row in table.rows() {
        if &row[rule] != rules || &row[service] != "all" || &row[measure] != "unmet_need_people" {
            continue;
        }
        let this: u32 = row[year].parse().unwrap_or(0);
        if this > last {
            last = this;
            waiting.clear();
        }
        if this == last {
            let sum = waiting.entry(row[area].to_string()).or_insert((0.0, 0.0));
            sum.0 += row[value].parse::<f64>().unwrap_or(0.0);
            sum.1 += 1.0;
        }
    }
    Ok((last, waiting.into_iter().map(|(area, (sum, n))| (area, sum / n)).collect()))
}

impl Map {
    fn colour(&self, rate: f64) -> RGBColor {
        SCALE[self.limits.iter().filter(|limit| rate > **limit).count().min(SCALE.len() - 1)]
    }

    fn circles<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        places: &[&Place],
        projection: &Projection,
        scale: f64,
    ) -> Result<(), ChartError> {
        let mut largest_first = places.to_vec();
        largest_first.sort_by(|a, b| b.population.total_cmp(&a.population));
        for place in largest_first {
            let at = projection.at(place.latitude, place.longitude);
            let radius = (libm::sqrt(place.population) * scale) as i32;
            surface.draw(&Circle::new(at, radius + 2, WHITE.filled())).map_err(failed)?;
            surface.draw(&Circle::new(at, radius, self.colour(place.rate).filled())).map_err(failed)?;
        }
        Ok(())
    }

    /// The councils that the world does not have, as faint dots.
    fn background<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        projection: &Projection,
        radius: i32,
    ) -> Result<(), ChartError> {
        self.elsewhere.iter().try_for_each(|&(latitude, longitude)| {
            let dot = Circle::new(projection.at(latitude, longitude), radius, GRID.filled());
            surface.draw(&dot).map_err(failed)
        })
    }

    /// Names beside circles where places are few, else the rank of those where most wait.
    fn names<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        places: &[&Place],
        projection: &Projection,
    ) -> Result<(), ChartError> {
        let worst = self.worst();
        let at = |place: &Place| projection.at(place.latitude, place.longitude);
        let mut from_the_top = places.to_vec();
        from_the_top.sort_by_key(|place| at(place).1);
        let mut written: Vec<(i32, i32)> = Vec::new();
        for place in from_the_top {
            let mut at = at(place);
            let beside = |other: &&(i32, i32)| (other.0 - at.0).abs() < WIDEST;
            let above = written.iter().filter(beside).map(|other| other.1).max();
            at.1 = at.1.max(above.map_or(at.1, |above| above + LINE));
            let rank = worst.iter().position(|worst| std::ptr::eq(*worst, place));
            match rank {
                _ if self.places.len() <= NAMED => {
                    label(surface, &place.name, &text(30), HPos::Left, (at.0 + 34, at.1))?;
                    written.push(at);
                }
                Some(rank) => {
                    let words = (rank + 1).to_string();
                    label(surface, &words, &text(30).color(&BLACK), HPos::Right, (at.0 - 26, at.1))?;
                }
                None => {}
            }
        }
        Ok(())
    }

    fn enlarges_london(&self) -> bool {
        self.places.iter().filter(|place| place.london).count() > ENLARGED
    }

    fn worst(&self) -> Vec<&Place> {
        let mut sorted: Vec<&Place> = self.places.iter().collect();
        sorted.sort_by(|a, b| b.rate.total_cmp(&a.rate));
        sorted.truncate(5);
        sorted
    }

    fn legend<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        left: i32,
        top: i32,
    ) -> Result<(), ChartError> {
        surface.draw_text("people waiting per 1,000 residents", &text(36), (left, top)).map_err(failed)?;
        for (row, colour) in SCALE.iter().enumerate() {
            let y = top + 80 + row as i32 * 54;
            surface.draw(&Circle::new((left + 20, y), 20, colour.filled())).map_err(failed)?;
            let words = match row {
                0 => format!("up to {}", axis_number(self.limits[0], 0.1)),
                4 => format!("above {}", axis_number(self.limits[3], 0.1)),
                _ => format!(
                    "{} to {}",
                    axis_number(self.limits[row - 1], 0.1),
                    axis_number(self.limits[row], 0.1)
                ),
            };
            label(surface, &words, &text(34), HPos::Left, (left + 60, y))?;
        }
        let note = "area of a circle: residents; a fifth of councils each";
        surface.draw_text(note, &text(28), (left, top + 360)).map_err(failed)?;
        surface.draw_text("most waiting", &text(36), (left, top + 440)).map_err(failed)?;
        for (row, place) in self.worst().iter().enumerate() {
            let words = format!("{}. {}, {}", row + 1, place.name, axis_number(place.rate, 0.1));
            surface.draw_text(&words, &text(32), (left, top + 500 + row as i32 * 46)).map_err(failed)?;
        }
        Ok(())
    }
}

impl Figure for Map {
    fn words(&self) -> ChartFile {
        let worst: Vec<String> =
            self.worst().iter().map(|place| format!("{} ({:.1})", place.name, place.rate)).collect();
        ChartFile {
            name: "map",
            title: self.title.clone(),
            caption: format!(
                "People waiting for any of the services per 1,000 residents, mean over replicates. One circle per \
                 upper-tier council at its population centre, {}; five classes, each of a fifth of the councils as nearly as can be{}{}. Budgets and \
                 needs are the councils' own, so the map shows where money and need are out of step as much as what \
                 charities do.",
                if self.places.len() <= NAMED { "with its name" } else { "numbered where most people wait" },
                if self.enlarges_london() { "; London is enlarged" } else { "" },
                if self.elsewhere.is_empty() { "" } else { "; grey dots are councils outside this study" }
            ),
            description: format!(
                "Map of {} councils. Most people waiting per 1,000 residents: {}.",
                self.places.len(),
                worst.join(", ")
            ),
        }
    }

    fn height(&self) -> u32 {
        1980
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        let columns = ["name", "latitude", "longitude", "population", "waiting_per_1000_residents"];
        let mut data = Data::new(&columns);
        for place in &self.places {
            let figures = [place.latitude, place.longitude, place.population, place.rate];
            data.row(std::iter::once(place.name.clone()).chain(figures.map(|figure| figure.to_string())));
        }
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (width, height) = surface.dim_in_pixel();
        let (w, h) = (f64::from(width), f64::from(height));
        let (london, country): (Vec<&Place>, Vec<&Place>) =
            self.places.iter().partition(|place| place.london);
        let england = Projection::fit((49.9, 55.9), (-6.0, 1.9), (20.0, 30.0, w * 0.66, h - 20.0));
        self.background(surface, &england, 7)?;
        self.circles(surface, &country, &england, 0.032)?;
        self.names(surface, &country, &england)?;
        self.legend(surface, (w * 0.655) as i32, 60)?;
        if !self.enlarges_london() {
            self.circles(surface, &london, &england, 0.032)?;
            return self.names(surface, &london, &england);
        }
        let frame = (w * 0.64, h * 0.60, w - 20.0, h * 0.60 + 560.0);
        let corners = [(frame.0 as i32, frame.1 as i32), (frame.2 as i32, frame.3 as i32)];
        surface.draw(&Rectangle::new(corners, INK.stroke_width(2))).map_err(failed)?;
        let inset = Projection::fit(LONDON.0, LONDON.1, frame);
        self.circles(surface, &london, &inset, 0.055)?;
        self.names(surface, &london, &inset)?;
        surface
            .draw_text("London, enlarged", &text(32), (corners[0].0 + 14, corners[0].1 - 44))
            .map_err(failed)?;
        let ((south, north), (west, east)) = LONDON;
        let marked = [england.at(north, west), england.at(south, east)];
        surface.draw(&Rectangle::new(marked, INK.stroke_width(2))).map_err(failed)
    }
}
