//! `league.csv`: how all rule sets stand among each other, for every headline measure.

use super::merge::Table;
use super::standing::{AmongBest, BEST_COLUMNS, GROUP, Standing, side};
use super::tenders::Described;
use super::{cell, optional_cell};
use crate::experiment::statistics::IntervalKind;
use crate::folder::{Folder, Result};
use crate::measure::names::Measure;

/// Columns of `league.csv`, with type, unit and meaning.
pub const COLUMNS: [Described; 18] = [
    ("rules", "string", "none", "rule set"),
    ("measure", "string", "none", "headline measure"),
    ("mean", "number", "as the measure", "mean over its own worlds: that of summary.csv"),
    ("ci_low", "number", "as the measure", "lower end of the 95% interval of the mean"),
    ("ci_high", "number", "as the measure", "upper end of the 95% interval of the mean"),
    ("interval", "string", "none", IntervalKind::KEY),
    ("n", "integer", "replicates", "worlds in which it has a value"),
    ("unit", "string", "none", "unit of the measure"),
    ("better", "string", "none", "better side of the measure; empty where it has none"),
    ("group", "string", "none", GROUP),
    (
        "lead_low",
        "number",
        "as the measure",
        "lower end of the 95% interval of the lead over the best of the others, all rule sets at once (Hsu 1984)",
    ),
    ("lead_high", "number", "as the measure", "upper end of the same interval"),
    BEST_COLUMNS[0],
    BEST_COLUMNS[1],
    BEST_COLUMNS[2],
    ("regret_p90", "number", "as the measure", "regret that nine worlds of ten stay below"),
    ("worst_world", "number", "as the measure", "value in the worst world"),
    ("near_best_share", "number", "share", "worlds in which it misses the best by no more than 5%"),
];

/// A line of `league.csv`.
#[derive(Clone, Debug)]
pub struct LeagueLine {
    /// Rule set.
    pub rules: String,
    /// Measure.
    pub measure: Measure,
    /// How it stands.
    pub standing: Standing,
}

/// Writes the table.
pub(super) fn write(out: &Folder, lines: &[LeagueLine]) -> Result<()> {
    let mut table = Table::create(out, "league.csv")?;
    table.cells(&COLUMNS.map(|column| column.0))?;
    for LeagueLine { rules, measure, standing } in lines {
        let (estimate, best) = (&standing.estimate, standing.best);
        let of = |pick: fn(&AmongBest) -> f64| optional_cell(best.as_ref().map(pick));
        let lead = best.and_then(|best| best.lead);
        let (side, sign) = side(measure.better);
        table.cells(&[
            rules,
            &measure.name,
            &cell(estimate.mean),
            &optional_cell(estimate.interval.map(|interval| interval.0)),
            &optional_cell(estimate.interval.map(|interval| interval.1)),
            standing.interval.name(),
            &estimate.n.to_string(),
            measure.unit,
            side,
            &standing.group,
            &optional_cell(lead.map(|lead| lead.0)),
            &optional_cell(lead.map(|lead| lead.1)),
            &optional_cell(best.and_then(|best| best.probability)),
            &of(|best| best.robustness.mean_regret),
            &of(|best| best.robustness.max_regret),
            &of(|best| best.robustness.regret_p90),
            &optional_cell(best.map(|best| sign * best.robustness.worst)),
            &of(|best| best.robustness.satisficing_share),
        ])?;
    }
    table.finish()
}
