//! Measures against a varied parameter.

use super::canvas::{Figure, Surface, failed, fitting, label, round_range, text, write};
use super::marks::{Frame, line, marker, rules_colour};
use super::table::{Data, Table};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use crate::measure::names;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::collections::BTreeMap;

/// Measures shown, in order.
const SHOWN: [&str; 4] =
    ["outcomes_per_1000_residents", "unmet_need_people", "hhi_local_lead", "full_cost_recovery"];
/// Most keys that are shown.
const MOST_KEYS: usize = 4;

/// A point of a panel.
struct Dot {
    x: f64,
    name: String,
    rules: usize,
    mean: f64,
    interval: Option<(f64, f64)>,
}

/// Widest distance of marks that stand side by side at one value \[pixels\].
const APART: f64 = 26.0;
/// Part of the distance between values that such marks take at most.
const CROWDED: f64 = 0.7;
/// Room at both ends of an axis of numbers for marks side by side, as a part of it.
const ROOM: f64 = 0.06;

struct Panel {
    key: String,
    label: String,
    /// Whether the key has numbers.
    numeric: bool,
    dots: Vec<Dot>,
}

struct SweepChart {
    panels: Vec<Panel>,
    rules: Vec<String>,
    /// One key was varied: points make lines.
    lines: bool,
    /// Replicates at each point.
    replicates: u32,
}

/// Draws `sweep.csv` in `folder` into its `charts`.
pub fn draw(out: &Folder) -> Result<ChartFile, ChartError> {
    let table = Table::read(&out.path().join("sweep.csv"))?;
    let columns = table.names();
    let last = table.column("rules")?;
    let keys: Vec<(usize, &str)> = (1..last).map(|at| (at, columns[at].as_str())).take(MOST_KEYS).collect();
    let mut rules: Vec<String> = Vec::new();
    for row in table.rows() {
        if !rules.iter().any(|known| known == &row[last]) {
            rules.push(row[last].to_string());
        }
    }
    let mut panels = Vec::new();
    for shown in SHOWN {
        for &(at, key) in &keys {
            panels.push(panel(&table, shown, at, key, &rules)?);
        }
    }
    let n = table.column("n")?;
    let replicates = table.rows().iter().filter_map(|row| row[n].parse().ok()).max().unwrap_or(0);
    write(&SweepChart { panels, rules, lines: last == 2, replicates }, out)
}

fn panel(table: &Table, shown: &str, at: usize, key: &str, rules: &[String]) -> Result<Panel, ChartError> {
    let column = |name: &str| table.column(name);
    let (measure, mean, low, high) =
        (column("measure")?, column("mean")?, column("ci_low")?, column("ci_high")?);
    let own = column("rules")?;
    let rows: Vec<&csv::StringRecord> = table.rows().iter().filter(|row| &row[measure] == shown).collect();
    let numeric = rows.iter().all(|row| row[at].parse::<f64>().is_ok());
    let mut known: Vec<&str> = Vec::new();
    let mut dots = Vec::new();
    for row in rows {
        let place = known.iter().position(|name| *name == &row[at]).unwrap_or_else(|| {
            known.push(&row[at]);
            known.len() - 1
        });
        let Ok(value) = row[mean].parse() else { continue };
        dots.push(Dot {
            x: if numeric { row[at].parse().unwrap_or(0.0) } else { (place + 1) as f64 },
            name: row[at].to_string(),
            rules: rules.iter().position(|name| name == &row[own]).unwrap_or(0),
            mean: value,
            interval: row[low].parse().ok().zip(row[high].parse().ok()),
        });
    }
    Ok(Panel { key: key.to_string(), label: names::titled(shown), numeric, dots })
}

impl Panel {
    /// How far to the side each mark stands \[pixels\]: those at one value, in the order of the table, beside each other.
    fn shifts(&self, frame: &Frame) -> Vec<i32> {
        let mut values: Vec<f64> = self.dots.iter().map(|dot| dot.x).collect();
        values.sort_by(f64::total_cmp);
        let groups: Vec<&[f64]> = values.chunk_by(|a, b| a == b).collect();
        let most = groups.iter().map(|group| group.len()).max().unwrap_or(1) as f64;
        let pixel = |value: f64| f64::from(frame.at(value, frame.y.0).0);
        let gaps = groups.windows(2).map(|pair| pixel(pair[1][0]) - pixel(pair[0][0]));
        let apart = APART.min(CROWDED * gaps.fold(f64::INFINITY, f64::min) / most);
        // Marks at each value: how many there are, and how many have been placed.
        let mut marks: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
        self.dots.iter().for_each(|dot| marks.entry(dot.x.to_bits()).or_default().0 += 1.0);
        let mut shift = |dot: &Dot| {
            let (all, placed) = marks.entry(dot.x.to_bits()).or_default();
            *placed += 1.0;
            (apart * (*placed - (*all + 1.0) / 2.0)) as i32
        };
        self.dots.iter().map(&mut shift).collect()
    }

    fn draw<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        lines: bool,
        rules: usize,
    ) -> Result<(), ChartError> {
        let (width, height) = surface.dim_in_pixel();
        let ends = self.dots.iter().flat_map(|dot| {
            let (low, high) = dot.interval.unwrap_or((dot.mean, dot.mean));
            [low, high]
        });
        let (low, high, step) = round_range(ends);
        // Words have no ticks: no endless step fits the axis.
        let (left, right, across) = if self.numeric {
            let (left, right, step) = round_range(self.dots.iter().map(|dot| dot.x));
            let room = if lines { 0.0 } else { ROOM * (right - left) };
            (left - room, right + room, step)
        } else {
            (0.5, self.dots.iter().map(|dot| dot.x).fold(1.0, f64::max) + 0.5, f64::INFINITY)
        };
        let pixels = (170, 90, width as i32 - 40, height as i32 - 120);
        let frame = Frame { pixels, x: (left, right), y: (low, high) };
        frame.axes(surface, (across, step), (&self.key, ""))?;
        let style = fitting(surface, &self.label, 34, width.saturating_sub(80))?;
        let style = style.pos(Pos::new(HPos::Left, VPos::Bottom));
        surface.draw_text(&self.label, &style, (60, 68)).map_err(failed)?;
        if !self.numeric {
            let mut named: Vec<(f64, &str)> =
                self.dots.iter().map(|dot| (dot.x, dot.name.as_str())).collect();
            named.sort_by(|a, b| a.0.total_cmp(&b.0));
            named.dedup();
            for (x, name) in named {
                let (x, y) = frame.at(x, low);
                label(surface, name, &text(28), HPos::Center, (x, y + 34))?;
            }
        }
        let shifts = if lines { vec![0; self.dots.len()] } else { self.shifts(&frame) };
        for row in 0..rules {
            let all = self.dots.iter().zip(&shifts);
            let mut dots: Vec<(&Dot, &i32)> = all.filter(|(dot, _)| dot.rules == row).collect();
            dots.sort_by(|a, b| a.0.x.total_cmp(&b.0.x));
            let colour = rules_colour(row, 0);
            if lines && self.numeric {
                let path: Vec<Option<(i32, i32)>> =
                    dots.iter().map(|(dot, _)| Some(frame.at(dot.x, dot.mean))).collect();
                line(surface, &path, colour, false)?;
            }
            for (dot, shift) in dots {
                let at = |value: f64| {
                    let (x, y) = frame.at(dot.x, value);
                    (x + shift, y)
                };
                if let Some((from, to)) = dot.interval {
                    let bar = vec![at(from), at(to)];
                    surface.draw(&PathElement::new(bar, colour.mix(0.6).stroke_width(3))).map_err(failed)?;
                }
                marker(surface, at(dot.mean), row, colour)?;
            }
        }
        Ok(())
    }
}

impl Figure for SweepChart {
    fn words(&self) -> ChartFile {
        ChartFile {
            name: "sweep",
            title: "Measures at varied values".into(),
            caption: format!(
                "Points are means over {} replicates, bars their 95% intervals. Replicates share their luck between \
                 points, so that differences between points are surer than the bars suggest: sweep_differences.csv has \
                 them. Points at one value differ in other varied keys and stand side by side in the order of sweep.csv.",
                self.replicates
            ),
            description: format!("{} panels of measures against varied parameters.", self.panels.len()),
        }
    }

    fn height(&self) -> u32 {
        260 + 620 * self.panels.len().div_ceil(2) as u32 + 50 * self.rules.len().div_ceil(3) as u32
    }

    fn footer(&self) -> String {
        let replicates = match self.replicates {
            1 => "one replicate a point: no interval".to_string(),
            replicates => format!("{replicates} replicates a point; bars: 95% interval of the mean"),
        };
        if self.lines {
            return replicates;
        }
        format!("{replicates}; side by side: points that differ in other keys")
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["panel", "key", "value", "rules", "mean", "ci_low", "ci_high"]);
        for panel in &self.panels {
            for dot in &panel.dots {
                let end = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
                data.row([
                    panel.label.clone(),
                    panel.key.clone(),
                    dot.name.clone(),
                    self.rules[dot.rules].clone(),
                    dot.mean.to_string(),
                    end(dot.interval.map(|interval| interval.0)),
                    end(dot.interval.map(|interval| interval.1)),
                ]);
            }
        }
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let key_height = 50 * self.rules.len().div_ceil(3) as u32;
        let (key, panels) = surface.split_vertically(key_height);
        if self.rules.len() > 1 {
            for (row, name) in self.rules.iter().enumerate() {
                let at = (60 + (row % 3) as i32 * 640, 26 + (row / 3) as i32 * 50);
                marker(&key, at, row, rules_colour(row, 0))?;
                label(&key, name, &text(32), HPos::Left, (at.0 + 28, at.1))?;
            }
        }
        let cells = panels.split_evenly((self.panels.len().div_ceil(2), 2));
        self.panels
            .iter()
            .zip(&cells)
            .try_for_each(|(panel, cell)| panel.draw(cell, self.lines, self.rules.len()))
    }
}
