//! Effects of rule sets on awards in two parts: with the same bids, and of adapting.

use super::canvas::{Figure, Surface, write};
use super::comparison;
use super::differences::{self, Effect, Finding, Panel, Row};
use super::table::{Data, Results, Table};
use super::{ChartError, ChartFile};
use crate::experiment::statistics::verdict::Verdict;
use crate::folder::Folder;
use crate::measure::names;
use plotters::prelude::*;
use std::path::Path;

/// Measures shown, in order.
const SHOWN: [&str; 6] = [
    "price_to_ceiling",
    "price_to_full_cost",
    "hhi_awards",
    "awarded_share_local",
    "awarded_number_share_local",
    "awarded_share_major",
];

/// Parts of an effect, as columns begin.
const PARTS: [&str; 3] = ["mechanical", "behavioural", "total"];

struct Split {
    panels: Vec<Panel>,
    rules: usize,
    baseline: String,
    footer: String,
}

/// Draws the figure, where effects were split.
pub fn draw(results: &Results, folder: &Path, out: &Folder) -> Result<Option<ChartFile>, ChartError> {
    let path = folder.join("split.csv");
    if !path.is_file() {
        return Ok(None);
    }
    let table = Table::read(&path)?;
    let (rules, measure) = (table.column("rules")?, table.column("measure")?);
    let part = |part: &&str| -> Result<[usize; 3], ChartError> {
        let at = |ending: &str| table.column(&format!("{part}{ending}"));
        Ok([at("")?, at("_low")?, at("_high")?])
    };
    let parts = PARTS.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    let idle = comparison::idle(folder)?;
    let panel = |shown: &&str| {
        let rows = table.rows().iter().filter(|row| &row[measure] == *shown).filter_map(|row| {
            let effect = |&[mean, low, high]: &[usize; 3]| {
                let mean = row[mean].parse().ok()?;
                Some(Effect { mean, interval: row[low].parse().ok().zip(row[high].parse().ok()) })
            };
            let effects = parts.iter().map(effect).collect::<Option<Vec<_>>>()?;
            let name = row[rules].to_string();
            let did_not_act = idle.contains(&name).then_some(Verdict::DidNotAct);
            let finding = did_not_act.map(|verdict| Finding { verdict, confidence: None, n: None });
            Some(Row { rules: name, effects, finding })
        });
        Panel { title: names::titled(shown), note: String::new(), rows: rows.collect() }
    };
    let figure = Split {
        panels: SHOWN.iter().map(panel).collect(),
        rules: results.rules.len() - 1,
        baseline: results.rules[results.baseline].clone(),
        footer: results.footer("circle: same bids; square: adapting; triangle: both; bars: 95% interval"),
    };
    write(&figure, out).map(Some)
}

impl Figure for Split {
    fn words(&self) -> ChartFile {
        let words = self.panels[0].rows.iter().map(|row| {
            let Row { rules, effects, .. } = row;
            match row.acted() {
                true => format!(
                    "{rules} {:+.3} with the same bids, {:+.3} in all",
                    effects[0].mean, effects[2].mean
                ),
                false => format!("{rules} {}", Verdict::DidNotAct.name()),
            }
        });
        ChartFile {
            name: "split",
            title: format!("What changes with the bids of \"{}\", and what with adapting", self.baseline),
            caption:
                "Circles: the baseline's own bids decided by the other rule set. Squares: what comes about \
                      because charities enter and price otherwise once they know the rules. Triangles: both \
                      together, the difference between the two runs. Bars are 95% intervals. A rule set without marks did \
                      not act: it gave the same as the baseline in all worlds, to the last digit."
                    .into(),
            description: format!(
                "Effects on winning price over ceiling: {}.",
                words.collect::<Vec<_>>().join("; ")
            ),
        }
    }

    fn height(&self) -> u32 {
        differences::height(self.rules, PARTS.len())
    }

    fn footer(&self) -> String {
        self.footer.clone()
    }

    fn data(&self) -> Data {
        differences::data(&self.panels, &PARTS)
    }

    fn draw<DB: DrawingBackend>(&self, surface: &Surface<DB>) -> Result<(), ChartError> {
        differences::draw(surface, &self.panels)
    }
}
