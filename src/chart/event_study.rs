//! A reform beside the same worlds never reformed, round by round.

use super::canvas::{Figure, INK, PALETTE, Surface, failed, round_range, round_step, text, write};
use super::comparison::SHOWN;
use super::marks::{Frame, line};
use super::table::{Data, Results, Table};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use crate::measure::names;
use plotters::prelude::*;
use std::path::Path;

/// The difference in one round: rounds since the reform, mean, interval.
struct Point {
    since: f64,
    mean: f64,
    interval: Option<(f64, f64)>,
}

struct Panel {
    title: String,
    unit: String,
    points: Vec<Point>,
}

struct EventStudy {
    panels: Vec<Panel>,
    footer: String,
}

/// Draws the figure, where a reform was run beside its twin.
pub fn draw(results: &Results, folder: &Path, out: &Folder) -> Result<Option<ChartFile>, ChartError> {
    let path = folder.join("event_study.csv");
    if !path.is_file() {
        return Ok(None);
    }
    let table = Table::read(&path)?;
    let at = |name: &str| table.column(name);
    let (measure, since, difference) = (at("measure")?, at("rounds_since_reform")?, at("difference")?);
    let (low, high) = (at("ci_low")?, at("ci_high")?);
    let known = names::all();
    let panel = |shown: &&str| {
        let rows = table.rows().iter().filter(|row| &row[measure] == *shown);
        let points = rows.filter_map(|row| {
            Some(Point {
                since: row[since].parse().ok()?,
                mean: row[difference].parse().ok()?,
                interval: row[low].parse().ok().zip(row[high].parse().ok()),
            })
        });
        let found = known.iter().find(|known| known.name == **shown);
        Panel {
            title: found.map_or(shown.to_string(), |measure| measure.label.clone()),
            unit: found.map_or(String::new(), |measure| measure.unit.to_string()),
            points: points.collect(),
        }
    };
    let panels = SHOWN.iter().map(panel).collect();
    let footer = results.footer("bands: 95% interval of the paired difference");
    write(&EventStudy { panels, footer }, out).map(Some)
}

impl Panel {
    fn frame(&self, (width, height): (u32, u32)) -> (Frame, (f64, f64)) {
        let ends = self.points.iter().flat_map(|point| {
            let (low, high) = point.interval.unwrap_or((point.mean, point.mean));
            [low, high, point.mean]
        });
        let (low, high, step) = round_range(ends.chain([0.0]));
        let rounds = self.points.iter().map(|point| point.since);
        let (first, last) =
            rounds.fold((0.0, 1.0), |(first, last): (f64, f64), at| (first.min(at), last.max(at)));
        let pixels = (160, 140, width as i32 - 50, height as i32 - 120);
        let frame = Frame { pixels, x: (first, last), y: (low, high) };
        (frame, (round_step(last - first, 6.0).max(1.0), step))
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (frame, steps) = self.frame(surface.dim_in_pixel());
        surface.draw_text(&self.title, &text(34).color(&BLACK), (30, 16)).map_err(failed)?;
        frame.axes(surface, steps, ("rounds since the reform", &self.unit))?;
        let zero = vec![frame.at(frame.x.0, 0.0), frame.at(frame.x.1, 0.0)];
        surface.draw(&PathElement::new(zero, INK.stroke_width(3))).map_err(failed)?;
        let reform = [Some(frame.at(0.0, frame.y.0)), Some(frame.at(0.0, frame.y.1))];
        line(surface, &reform, INK, true)?;
        let edges = || self.points.iter().filter_map(|point| Some((point.since, point.interval?)));
        let above: Vec<(i32, i32)> = edges().map(|(at, (_, high))| frame.at(at, high)).collect();
        let below: Vec<(i32, i32)> = edges().map(|(at, (low, _))| frame.at(at, low)).collect();
        if above.len() > 1 {
            let outline: Vec<(i32, i32)> = above.into_iter().chain(below.into_iter().rev()).collect();
            surface.draw(&Polygon::new(outline, PALETTE[1].mix(0.18).filled())).map_err(failed)?;
        }
        let means: Vec<Option<(i32, i32)>> =
            self.points.iter().map(|point| Some(frame.at(point.since, point.mean))).collect();
        line(surface, &means, PALETTE[1], false)
    }
}

impl Figure for EventStudy {
    fn words(&self) -> ChartFile {
        let last = self.panels.iter().filter_map(|panel| {
            let last = panel.points.last()?;
            Some(format!("{} {:+.3} {}", panel.title, last.mean, panel.unit))
        });
        let last: Vec<String> = last.collect();
        ChartFile {
            name: "event-study",
            title: "What the reform changed, round by round".into(),
            caption: "The reformed scenario less the same worlds never reformed: the same needs, charities and luck. \
                      Before the reform (dashed line) the two are the same, so that everything after it is due to \
                      the reform. Lines are mean paired differences, bands their 95% intervals round by round."
                .into(),
            description: format!("Differences in the last round: {}.", last.join("; ")),
        }
    }

    fn height(&self) -> u32 {
        2000
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["panel", "rounds_since_reform", "difference", "ci_low", "ci_high"]);
        for panel in &self.panels {
            for point in &panel.points {
                let end = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
                data.row([
                    panel.title.clone(),
                    point.since.to_string(),
                    point.mean.to_string(),
                    end(point.interval.map(|i| i.0)),
                    end(point.interval.map(|i| i.1)),
                ]);
            }
        }
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let cells = surface.split_evenly((3, 2));
        self.panels.iter().zip(&cells).try_for_each(|(panel, cell)| panel.draw(cell))
    }
}
