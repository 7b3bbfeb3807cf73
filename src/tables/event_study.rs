//! `event_study.csv`: a reform beside the same worlds never reformed, round by round; `reform.csv`: the mean of the rounds
//! from the reform on.

use super::merge::Table;
use super::{cell, optional_cell};
use crate::experiment::statistics::verdict::Verdict;
use crate::experiment::statistics::within::difference_within;
use crate::experiment::statistics::{IntervalKind, Paired};
use crate::folder::files::table;
use crate::folder::{FileError, Folder, Result};
use crate::measure::names::{self, Measure};
use crate::scenario::Scenario;

/// A column: name, type, unit and meaning.
type Column = (&'static str, &'static str, &'static str, &'static str);

/// Columns of `event_study.csv`.
pub const COLUMNS: [Column; 9] =
    columns("rounds_since_reform", "rounds since the first reform, which is round 0");

/// Columns of `reform.csv`.
pub const EFFECT_COLUMNS: [Column; 10] = {
    let [a, b, c, d, e, f, g, h, i] =
        columns("first_round", "first round that counts: that of the first reform, or the end of burn-in");
    let verdict = "\"did not act\" where every measure of every round of all worlds is that of the same world never \
                   reformed, to the last digit; else empty";
    [a, b, c, d, e, f, g, h, i, ("verdict", "string", "none", verdict)]
};

const fn columns(round: &'static str, meaning: &'static str) -> [Column; 9] {
    [
        ("rules", "string", "none", "rule set"),
        ("measure", "string", "none", "measure"),
        (round, "integer", "rounds", meaning),
        (
            "difference",
            "number",
            "as the measure",
            "mean paired difference from the same worlds never reformed",
        ),
        ("ci_low", "number", "as the measure", "lower end of its 95% interval"),
        ("ci_high", "number", "as the measure", "upper end of its 95% interval"),
        ("interval", "string", "none", IntervalKind::KEY),
        ("n", "integer", "replicates", "worlds in which both have a value"),
        ("unit", "string", "none", "unit of the measure"),
    ]
}

/// A reformed scenario whose never-reformed twin was played too.
#[derive(Clone, Copy, Debug)]
pub struct EventStudy<'a> {
    /// Results folder.
    pub out: &'a Folder,
    /// Rule set.
    pub rules: &'a str,
    /// The reformed scenario.
    pub scenario: &'a Scenario,
    /// Rows of the parts: of the scenario, and of its twin.
    pub rows: (usize, usize),
}

/// The effect of a reform on a measure: the mean of the rounds that count, beside that of the same worlds never
/// reformed.
#[derive(Clone, Debug)]
pub struct ReformEffect {
    /// Measure.
    pub measure: Measure,
    /// Reformed less never reformed.
    pub effect: Paired,
    /// Whether the reform changed any measure of any round.
    pub acted: bool,
}

/// The first round that counts for the effect of a scenario's reforms: that of the first reform, or the end of burn-in.
pub fn first_round_of_effect(scenario: &Scenario) -> Option<u32> {
    let first = scenario.reforms.iter().map(|reform| reform.from_round).min()?;
    Some(first.max(scenario.run.burn_in))
}

/// A replicate's rounds: values of all measures.
type Rounds = Vec<Vec<Option<f64>>>;

impl EventStudy<'_> {
    /// Writes the table from finished parts; returns the effects on headline measures.
    pub fn write(&self) -> Result<Vec<ReformEffect>> {
        let Some(first) = self.scenario.reforms.iter().map(|reform| reform.from_round).min() else {
            return Ok(Vec::new());
        };
        let replicates = self.scenario.run.replicates;
        let pairs = (0..replicates)
            .map(|replicate| Ok((self.rounds(self.rows.0, replicate)?, self.rounds(self.rows.1, replicate)?)))
            .collect::<Result<Vec<(Rounds, Rounds)>>>()?;
        let mut table = Table::create(self.out, "event_study.csv")?;
        table.row(COLUMNS.iter().map(|column| column.0.to_string()))?;
        for (place, measure) in names::all().iter().enumerate() {
            for round in 0..self.scenario.run.rounds {
                let of_round = |rounds: &Rounds| rounds.get(round as usize)?[place];
                let values: Vec<(f64, f64)> = pairs
                    .iter()
                    .filter_map(|(with, without)| of_round(with).zip(of_round(without)))
                    .collect();
                if let Some(found) = difference_within(&values, measure.bounds) {
                    table.row(self.cells(measure, i64::from(round) - i64::from(first), &found))?;
                }
            }
        }
        table.finish()?;
        let mut effects = self.write_effects(&pairs)?;
        let headline = |name: &str| names::HEADLINES.iter().position(|headline| *headline == name);
        effects.retain(|effect| headline(&effect.measure.name).is_some());
        effects.sort_by_key(|effect| headline(&effect.measure.name));
        Ok(effects)
    }

    /// Effects on all measures.
    fn write_effects(&self, pairs: &[(Rounds, Rounds)]) -> Result<Vec<ReformEffect>> {
        let Some(first) = first_round_of_effect(self.scenario) else { return Ok(Vec::new()) };
        let mut table = Table::create(self.out, "reform.csv")?;
        table.row(EFFECT_COLUMNS.iter().map(|column| column.0.to_string()))?;
        let acted = pairs.iter().any(|(with, without)| with != without);
        let verdict = if acted { "" } else { Verdict::DidNotAct.name() };
        let mut effects = Vec::new();
        for (place, measure) in names::all().into_iter().enumerate() {
            let values: Vec<(f64, f64)> =
                pairs.iter().filter_map(|pair| means_from(pair, first as usize, place)).collect();
            if let Some(effect) = difference_within(&values, measure.bounds) {
                let cells = self.cells(&measure, i64::from(first), &effect);
                table.row(cells.into_iter().chain([verdict.to_string()]))?;
                effects.push(ReformEffect { measure, effect, acted });
            }
        }
        table.finish()?;
        Ok(effects)
    }

    fn cells(&self, measure: &Measure, round: i64, found: &Paired) -> [String; 9] {
        let difference = found.difference;
        [
            self.rules.to_string(),
            measure.name.to_string(),
            round.to_string(),
            cell(difference.mean),
            optional_cell(difference.interval.map(|interval| interval.0)),
            optional_cell(difference.interval.map(|interval| interval.1)),
            found.interval.name().to_string(),
            difference.n.to_string(),
            measure.unit.to_string(),
        ]
    }

    /// The rounds of a finished part.
    fn rounds(&self, row: usize, replicate: u32) -> Result<Rounds> {
        let path = self.out.part(row, replicate).join("rounds.csv");
        let reader = table(&path, false)?;
        let values = |record: csv::Result<csv::StringRecord>| {
            let record = record.map_err(FileError::of(&path))?;
            Ok(record.iter().skip(3).map(|text| text.parse().ok()).collect())
        };
        reader.into_records().map(values).collect()
    }
}

/// Means of a measure in both runs of a world, over the rounds from `first` on in which both have a value.
fn means_from((with, without): &(Rounds, Rounds), first: usize, place: usize) -> Option<(f64, f64)> {
    let rounds = with.iter().zip(without).skip(first);
    let values = rounds.filter_map(|(with, without)| with[place].zip(without[place]));
    let (with, without, n) =
        values.fold((0.0, 0.0, 0.0), |sum, value| (sum.0 + value.0, sum.1 + value.1, sum.2 + 1.0));
    (n > 0.0).then(|| (with / n, without / n))
}

#[cfg(test)]
mod tests {
    use super::means_from;

    #[test]
    fn only_rounds_with_both_values_from_the_first_that_counts_are_averaged() {
        let with = [Some(9.0), Some(4.0), None, Some(8.0)].map(|value| vec![value]).to_vec();
        let without = [Some(0.0), Some(1.0), Some(5.0), Some(3.0)].map(|value| vec![value]).to_vec();
        let pair = (with, without);
        assert_eq!(means_from(&pair, 1, 0), Some((6.0, 2.0)));
        assert_eq!(means_from(&pair, 4, 0), None);
    }
}
