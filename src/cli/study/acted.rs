//! Rule sets that did not act: in every world, every measure of every round is that of the baseline, to the last digit.

use super::Study;
use crate::cli::CliError;
use crate::tables::part::part_folder;
use std::io::{BufRead, BufReader};

impl Study {
    /// The rule sets that did not act, by their finished parts.
    pub(super) fn idle_rules(&self) -> Result<Vec<String>, CliError> {
        let mut idle = Vec::new();
        for (row, (name, _)) in self.scenarios.iter().enumerate() {
            if row != self.baseline && self.is_like_baseline(row)? {
                idle.push(name.clone());
            }
        }
        Ok(idle)
    }

    fn is_like_baseline(&self, row: usize) -> Result<bool, CliError> {
        for replicate in 0..self.replicates() {
            let (mut own, mut base) = (self.rounds(row, replicate)?, self.rounds(self.baseline, replicate)?);
            loop {
                match (own.next().transpose()?, base.next().transpose()?) {
                    (None, None) => break,
                    (Some(own), Some(base)) if measures(&own, replicate) == measures(&base, replicate) => {}
                    _ => return Ok(false),
                }
            }
        }
        Ok(true)
    }

    fn rounds(
        &self,
        row: usize,
        replicate: u32,
    ) -> Result<impl Iterator<Item = std::io::Result<String>> + use<>, CliError> {
        let part = std::fs::File::open(part_folder(&self.out, row, replicate).join("rounds.csv"))?;
        Ok(BufReader::new(part).lines())
    }
}

/// What a line of `rounds.csv` says, without the name of its rule set.
fn measures(line: &str, replicate: u32) -> &str {
    let key = format!(",{replicate},");
    line.find(&key).map_or(line, |at| &line[at..])
}
