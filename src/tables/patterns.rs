//! `patterns.csv`: facts beside what a run shows.

use super::write_whole;
use crate::patterns::Pattern;
use std::io;
use std::path::Path;

/// Writes the table.
pub fn write(path: &Path, patterns: &[Pattern]) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    table.write_record([
        "id",
        "fact",
        "low",
        "high",
        "unit",
        "use",
        "simulated",
        "ci_low",
        "ci_high",
        "n",
        "verdict",
        "source",
    ])?;
    for pattern in patterns {
        let target = &pattern.target;
        let of = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let interval = pattern.simulated.and_then(|simulated| simulated.interval);
        table.write_record([
            target.id.clone(),
            target.fact.clone(),
            target.low.to_string(),
            target.high.to_string(),
            target.unit.clone(),
            target.usage.clone(),
            of(pattern.simulated.map(|simulated| simulated.mean)),
            of(interval.map(|interval| interval.0)),
            of(interval.map(|interval| interval.1)),
            pattern.simulated.map_or(0, |simulated| simulated.n).to_string(),
            pattern.verdict().to_string(),
            target.source.clone(),
        ])?;
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    write_whole(path, &bytes)
}
