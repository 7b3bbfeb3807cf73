//! Paired differences of rule sets from the baseline.

use super::canvas::{Figure, Surface, percent, write};
use super::differences::{self, Effect, Finding, Panel, Row};
use super::table::{Data, Results, Table};
use super::{ChartError, ChartFile};
use crate::experiment::statistics::verdict::Verdict;
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
    let (verdict, confidence, n) = (at("verdict")?, at("confidence")?, at("n")?);
    let panel = |shown: &&str| {
        let rows = table.rows().iter().filter(|row| &row[measure] == *shown).filter_map(|row| {
            let mean = row[difference].parse().ok()?;
            let interval = row[low].parse().ok().zip(row[high].parse().ok());
            let finding = Finding {
                verdict: Verdict::named(&row[verdict])?,
                confidence: row[confidence].parse().ok(),
                n: row[n].parse().ok(),
            };
            let effects = vec![Effect { mean, interval }];
            Some(Row { rules: row[rules].to_string(), effects, finding: Some(finding) })
        });
        let rows: Vec<Row> = rows.collect();
        Panel { title: names::titled(shown), note: note(&rows, results.n), rows }
    };
    let panels = SHOWN.iter().map(panel).collect();
    let figure = Comparison {
        panels,
        rules: results.rules.len() - 1,
        baseline: results.rules[results.baseline].clone(),
        footer: results.footer("bars: interval of the paired difference, at the confidence of its verdict"),
    };
    write(&figure, out).map(Some)
}

/// Rule sets that did not act, by the table of differences.
pub(super) fn idle(folder: &Path) -> Result<Vec<String>, ChartError> {
    let table = Table::read(&folder.join("comparison.csv"))?;
    let (rules, verdict) = (table.column("rules")?, table.column("verdict")?);
    let idle = table.rows().iter().filter(|row| &row[verdict] == Verdict::DidNotAct.name());
    Ok(idle.map(|row| row[rules].to_string()).collect())
}

/// What the bars of a panel are: one confidence, because its rows are of one family; and worlds, where some have none.
fn note(rows: &[Row], replicates: usize) -> String {
    let findings = rows.iter().filter_map(|row| row.finding.as_ref());
    let with_bars = rows.iter().filter(|row| row.effects.iter().any(|effect| effect.interval.is_some()));
    let Some(confidence) = with_bars.filter_map(|row| row.finding.as_ref()?.confidence).next() else {
        return String::new();
    };
    let fewest = findings.filter_map(|finding| finding.n).min().unwrap_or(replicates);
    let worlds = if fewest < replicates { format!("; {fewest} worlds at least") } else { String::new() };
    format!("bars: {} intervals{worlds}", percent(confidence))
}

impl Figure for Comparison {
    fn words(&self) -> ChartFile {
        let words = self.panels[0].rows.iter().map(|row| {
            let verdict = row.finding.as_ref().map_or("", |finding| finding.verdict.name());
            let mean = |effect: &Effect| format!("{} {:+.2}: {verdict}", row.rules, effect.mean);
            match verdict == Verdict::DidNotAct.name() {
                true => format!("{}: {verdict}", row.rules),
                false => row.effects.iter().map(mean).collect(),
            }
        });
        let words: Vec<String> = words.collect();
        ChartFile {
            name: "comparison",
            title: format!("Differences from \"{}\" in the same worlds", self.baseline),
            caption: format!(
                "Every rule set meets the same needs, charities and luck, so that differences are due to the rules. Marks \
                 are mean paired differences, bars their intervals, at a confidence that allows for looking at many measures \
                 and rule sets (above each panel). The verdict below each name: {}. Blue circles are better, orange \
                 squares worse, black diamonds higher or lower, hollow circles cannot be told.",
                Verdict::KEY
            ),
            description: format!("Differences in outcomes per 1,000 residents: {}.", words.join("; ")),
        }
    }

    fn height(&self) -> u32 {
        differences::height_with_verdicts(self.rules)
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        differences::data(&self.panels, &["total"])
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        differences::draw_with_verdicts(surface, &self.panels)
    }
}
