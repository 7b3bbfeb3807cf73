//! Measures against a varied parameter.

use super::canvas::{Figure, Surface, failed, label, round_range, text, write};
use super::panel::{Frame, line, marker, rules_colour};
use super::table::{Data, Table};
use super::{ChartError, ChartFile};
use crate::measure::names;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use std::path::Path;

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
}

/// Draws `sweep.csv` in `folder` into its `charts`.
pub fn draw(folder: &Path) -> Result<ChartFile, ChartError> {
    let table = Table::read(&folder.join("sweep.csv"))?;
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
    let out = folder.join("charts");
    std::fs::create_dir_all(&out)?;
    write(&SweepChart { panels, rules, lines: last == 2 }, &out)
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
    let all = names::all();
    let words = all.iter().find(|measure| measure.name == shown).map_or(shown, |m| m.label.as_str());
    Ok(Panel { key: key.to_string(), label: words.to_string(), numeric, dots })
}

impl Panel {
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
        // Words have no ticks: a step beyond the axis draws none.
        let (left, right, across) = if self.numeric {
            round_range(self.dots.iter().map(|dot| dot.x))
        } else {
            (0.5, self.dots.iter().map(|dot| dot.x).fold(1.0, f64::max) + 0.5, 1e9)
        };
        let pixels = (170, 90, width as i32 - 40, height as i32 - 120);
        let frame = Frame { pixels, x: (left, right), y: (low, high) };
        // Words are cut to the width of a narrow panel.
        let most = (width / 20) as usize;
        let short: String = self.label.chars().take(most).collect();
        frame.axes(surface, (across, step), (&self.key, &short))?;
        if !self.numeric {
            let mut named: Vec<(f64, &str)> =
                self.dots.iter().map(|dot| (dot.x, dot.name.as_str())).collect();
            named.dedup();
            for (x, name) in named {
                let (x, y) = frame.at(x, low);
                label(surface, name, &text(28), HPos::Center, (x, y + 34))?;
            }
        }
        for row in 0..rules {
            let mut dots: Vec<&Dot> = self.dots.iter().filter(|dot| dot.rules == row).collect();
            dots.sort_by(|a, b| a.x.total_cmp(&b.x));
            let colour = rules_colour(row, 0);
            if lines && self.numeric {
                let path: Vec<Option<(i32, i32)>> =
                    dots.iter().map(|dot| Some(frame.at(dot.x, dot.mean))).collect();
                line(surface, &path, colour, false)?;
            }
            for dot in dots {
                if let Some((from, to)) = dot.interval {
                    let bar = vec![frame.at(dot.x, from), frame.at(dot.x, to)];
                    surface.draw(&PathElement::new(bar, colour.mix(0.6).stroke_width(3))).map_err(failed)?;
                }
                marker(surface, frame.at(dot.x, dot.mean), row, colour)?;
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
            caption: "Points are means over replicates, bars their 95% intervals. Replicates share their luck between \
                      points, so that differences between points are surer than the bars suggest."
                .into(),
            description: format!("{} panels of measures against varied parameters.", self.panels.len()),
        }
    }

    fn height(&self) -> u32 {
        260 + 620 * self.panels.len().div_ceil(2) as u32 + 50 * self.rules.len().div_ceil(3) as u32
    }

    fn footer(&self) -> String {
        "bars: 95% interval of the mean".into()
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
