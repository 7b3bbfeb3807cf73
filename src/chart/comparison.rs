//! Paired differences of rule sets from the baseline.

use super::canvas::{Figure, Surface, write};
use super::differences::{self, Effect, Panel};
use super::table::{Data, Results, Table};
use super::{ChartError, ChartFile};
use crate::folder::Folder;
use crate::measure::names;
use plotters::prelude::*;
use std::path::Path;

/// Measures shown, in order.
pub(super) const SHOWN: [&str; 6] = [
    "outcomes_per_1000_residents",
    "unmet_need_people",
    "hhi_local_lead",
    "price_to_full_cost",
    "full_cost_recovery",
    "survival_under_1m",
];

struct Comparison {
    panels: Vec<Panel>,
    rules: usize,
    baseline: String,
    footer: String,
}

/// Draws the figure, where rule sets were compared.
pub fn draw(results: &Results, folder: &Path, out: &Folder) -> Result<Option<ChartFile>, ChartError> {
    let path = folder.join("comparison.csv");
    if results.rules.len() < 2 || !path.is_file() {
        return Ok(None);
    }
    let table = Table::read(&path)?;
    let at = |name: &str| table.column(name);
    let (rules, measure, difference) = (at("rules")?, at("measure")?, at("difference")?);
    let (low, high) = (at("ci_low")?, at("ci_high")?);
    let panels = SHOWN
        .iter()
        .map(|shown| {
            let rows = table.rows().iter().filter(|row| &row[measure] == *shown).filter_map(|row| {
                let mean = row[difference].parse().ok()?;
                let interval = row[low].parse().ok().zip(row[high].parse().ok());
                Some((row[rules].to_string(), vec![Effect { mean, interval }]))
            });
            Panel { title: names::titled(shown), rows: rows.collect() }
        })
        .collect();
    let figure = Comparison {
        panels,
        rules: results.rules.len() - 1,
        baseline: results.rules[results.baseline].clone(),
        footer: results.footer("bars: interval of the paired difference, at the confidence of its verdict"),
    };
    write(&figure, out).map(Some)
}

impl Figure for Comparison {
    fn words(&self) -> ChartFile {
        let words = self.panels[0].rows.iter().flat_map(|(rules, effects)| {
            effects.iter().map(move |effect| format!("{rules} {:+.2}", effect.mean))
        });
        let words: Vec<String> = words.collect();
        ChartFile {
            name: "comparison",
            title: format!("Differences from \"{}\" in the same worlds", self.baseline),
            caption: "Every rule set meets the same needs, charities and luck, so that differences are due to the \
                      rules. Points are mean paired differences, bars their intervals at the \
                      confidence of the verdicts (docs/COMPARING.md): a bar that crosses the line at 0 says that the two \
                      cannot be told apart with so many replicates."
                .into(),
            description: format!("Differences in outcomes per 1,000 residents: {}.", words.join(", ")),
        }
    }

    fn height(&self) -> u32 {
        differences::height(self.rules, 1)
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        differences::data(&self.panels, &["total"])
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        differences::draw(surface, &self.panels)
    }
}
