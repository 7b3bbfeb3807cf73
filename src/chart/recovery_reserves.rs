//! Full-cost recovery and reserves of contract holders by size band.

use super::canvas::{Figure, GRID, INK, Surface, axis_number, failed, label, round_range, text, write};
use super::crowd::MOST_MARKERS;
use super::marks::{rules_colour, rules_marker};
use super::table::{BARS, Data, Results, cells};
use super::{ChartError, ChartFile};
use crate::experiment::statistics::Estimate;
use crate::experiment::statistics::within::mean_within;
use crate::folder::Folder;
use crate::measure::bands::Band;
use crate::measure::names;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Share of rounds in which a band must hold contracts: where it seldom does, one charity is the median.
const HELD: f64 = 0.9;
/// The same in words.
const FEW_ROUNDS: &str = "in fewer than nine of ten rounds";

/// A panel of points with intervals, one row per size band and rule set.
struct DotPanel {
    title: &'static str,
    reference: f64,
    /// Band by band, rule set by rule set.
    values: Vec<Vec<Option<Estimate>>>,
}

struct RecoveryReserves {
    panels: [DotPanel; 2],
    title: String,
    rules: Vec<String>,
    baseline: usize,
    footer: String,
    description: String,
    /// Bands and rule sets that are not shown, in words; empty where all are.
    left_out: String,
}

/// What is not shown, though tables may have a mean of a few rounds.
fn left_out(results: &Results, shown: &[usize], values: &[Vec<Option<Estimate>>]) -> String {
    let mut words = Vec::new();
    for (band, estimates) in Band::ALL.into_iter().zip(values) {
        let measure = format!("full_cost_recovery_{}", band.name());
        for (&rules, _) in shown.iter().zip(estimates).filter(|(_, estimate)| estimate.is_none()) {
            let share = 100.0 * results.defined_share(rules, &measure);
            let under =
                if shown.len() > 1 { format!(" under {}", results.rules[rules]) } else { String::new() };
            words.push(format!("{} (in {share:.0}% of rounds{under})", band.name()));
        }
    }
    if words.is_empty() {
        return String::new();
    }
    format!(
        " Left out, because one charity would often be the median: bands that hold contracts {FEW_ROUNDS}, {}; tables have \
         their means.",
        words.join(", ")
    )
}

fn values(results: &Results, shown: &[usize], stem: &str) -> Vec<Vec<Option<Estimate>>> {
    Band::ALL
        .iter()
        .map(|band| {
            shown
                .iter()
                .map(|&rules| {
                    let measure = format!("{stem}_{}", band.name());
                    let often = results.defined_share(rules, &measure) >= HELD;
                    let values = results.after_burn_in(rules, &measure);
                    let found = mean_within(&values, names::bounds(&measure)).filter(|_| often);
                    found.map(|(estimate, _)| estimate)
                })
                .collect()
        })
        .collect()
}

/// Draws the figure; of many rule sets the baseline alone.
pub fn draw(results: &Results, out: &Folder) -> Result<ChartFile, ChartError> {
    let many = results.rules.len() > MOST_MARKERS;
    let shown: Vec<usize> = if many { vec![results.baseline] } else { (0..results.rules.len()).collect() };
    let baseline = if many { 0 } else { results.baseline };
    let title = "What contracts pay, and what holders have in reserve";
    let panels = [
        DotPanel {
            title: "payment over full cost (1 covers the cost)",
            reference: 1.0,
            values: values(results, &shown, "full_cost_recovery"),
        },
        DotPanel {
            title: "reserves, months of spending",
            reference: 0.0,
            values: values(results, &shown, "reserves_months_median"),
        },
    ];
    let left_out = left_out(results, &shown, &panels[0].values);
    let words: Vec<String> = Band::ALL
        .iter()
        .enumerate()
        .filter_map(|(row, band)| {
            let recovery = panels[0].values[row][baseline]?;
            let months = panels[1].values[row][baseline].map_or(f64::NAN, |estimate| estimate.mean);
            Some(format!("{}: {:.2} and {months:.1} months", band.name(), recovery.mean))
        })
        .collect();
    let description = format!("Median payment over full cost, and median reserves: {}.", words.join("; "));
    write(
        &RecoveryReserves {
            panels,
            title: if many { results.of_baseline(title) } else { title.to_string() },
            rules: shown.iter().map(|&rules| results.rules[rules].clone()).collect(),
            baseline,
            footer: results.footer(BARS),
            description,
            left_out,
        },
        out,
    )
}

impl DotPanel {
    fn draw<DB: DrawingBackend>(
        &self,
        surface: &Surface<DB>,
        rules: usize,
        baseline: usize,
    ) -> Result<(), ChartError> {
        let (width, height) = surface.dim_in_pixel();
        let (left, top, right, bottom) = (170, 110, width as i32 - 40, height as i32 - 120);
        let ends = self.values.iter().flatten().flatten().flat_map(|e| {
            let (low, high) = e.interval.unwrap_or((e.mean, e.mean));
            [low, high]
        });
        let (low, high, step) = round_range(ends.chain([self.reference]));
        let x = |value: f64| left + ((value - low) / (high - low) * f64::from(right - left)) as i32;
        surface.draw_text(self.title, &text(38).color(&BLACK), (left - 130, 14)).map_err(failed)?;
        let ticks = ((high - low) / step).round() as u32;
        for tick in 0..=ticks {
            let value = low + f64::from(tick) * step;
            let grid = vec![(x(value), top), (x(value), bottom)];
            surface.draw(&PathElement::new(grid, GRID.stroke_width(2))).map_err(failed)?;
            let style = text(32).pos(Pos::new(HPos::Center, VPos::Top));
            surface.draw_text(&axis_number(value, step), &style, (x(value), bottom + 14)).map_err(failed)?;
        }
        let reference = vec![(x(self.reference), top), (x(self.reference), bottom)];
        surface.draw(&PathElement::new(reference, INK.stroke_width(3))).map_err(failed)?;
        let row_height = (bottom - top) / Band::ALL.len() as i32;
        for (row, band) in Band::ALL.iter().rev().enumerate() {
            let middle = top + row as i32 * row_height + row_height / 2;
            label(surface, band.name(), &text(36), HPos::Right, (left - 16, middle))?;
            let estimates = &self.values[*band as usize];
            if estimates.iter().all(Option::is_none) {
                let words = format!("contracts {FEW_ROUNDS}");
                label(surface, &words, &text(30), HPos::Left, (left + 12, middle))?;
            }
            for (rule, estimate) in estimates.iter().enumerate() {
                let Some(estimate) = estimate else { continue };
                let shift = (rule as i32 * 2 - (rules as i32 - 1)) * row_height / (3 * rules as i32);
                let colour = rules_colour(rule, baseline);
                let y = middle + shift;
                if let Some((from, to)) = estimate.interval {
                    let bar = vec![(x(from), y), (x(to), y)];
                    surface.draw(&PathElement::new(bar, colour.stroke_width(6))).map_err(failed)?;
                }
                rules_marker(surface, (x(estimate.mean), y), rule, baseline)?;
            }
        }
        Ok(())
    }
}

impl Figure for RecoveryReserves {
    fn words(&self) -> ChartFile {
        ChartFile {
            name: "recovery-reserves",
            title: self.title.clone(),
            caption: format!(
                "Left: the median of what holders are paid over the full cost of their contracts (direct cost and \
                 overhead); below 1 they subsidise the commissioner. Right: the median of their reserves in months \
                 of spending. Points are means over replicates after the burn-in, bars 95% intervals.{}",
                self.left_out
            ),
            description: self.description.clone(),
        }
    }

    fn height(&self) -> u32 {
        1120
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["panel", "band", "rules", "mean", "ci_low", "ci_high", "n"]);
        for panel in &self.panels {
            for (band, estimates) in Band::ALL.iter().zip(&panel.values) {
                for (rules, estimate) in self.rules.iter().zip(estimates) {
                    let Some(estimate) = estimate else { continue };
                    data.row(
                        [panel.title, band.name(), rules]
                            .map(str::to_string)
                            .into_iter()
                            .chain(cells(estimate)),
                    );
                }
            }
        }
        data
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        let (main, legend) = if self.rules.len() > 1 {
            let (_, height) = surface.dim_in_pixel();
            let (main, legend) = surface.split_vertically(height - 60);
            (main, Some(legend))
        } else {
            (surface.clone(), None)
        };
        let halves = main.split_evenly((1, 2));
        for (panel, half) in self.panels.iter().zip(&halves) {
            panel.draw(half, self.rules.len(), self.baseline)?;
        }
        let Some(legend) = legend else { return Ok(()) };
        let mut x = 170;
        for (row, rules) in self.rules.iter().enumerate() {
            rules_marker(&legend, (x, 24), row, self.baseline)?;
            label(&legend, rules, &text(32), HPos::Left, (x + 30, 24))?;
            x += 80 + 18 * rules.len() as i32;
        }
        Ok(())
    }
}
