//! Rule sets that did not act: in every world, every measure of every round is that of the baseline, to the last digit.

use super::Study;
use crate::cli::CliError;
use crate::folder::Folder;
use crate::folder::files::lines;

impl Study<'_> {
    /// The rule sets that did not act, by their finished parts.
    pub(super) fn idle_rules(&self, folder: &Folder) -> Result<Vec<String>, CliError> {
        let mut idle = Vec::new();
        for (row, (name, _)) in self.scenarios.iter().enumerate() {
            if row != self.baseline && self.is_like_baseline(folder, row)? {
                idle.push(name.clone());
            }
        }
        Ok(idle)
    }

    fn is_like_baseline(&self, folder: &Folder, row: usize) -> Result<bool, CliError> {
        for replicate in 0..self.replicates() {
            let rounds = |rules: usize| folder.part(rules, replicate).join("rounds.csv");
            let (own, base) = (rounds(row), rounds(self.baseline));
            let (mut own, mut base) = (lines(&own)?, lines(&base)?);
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
}

/// What a line of `rounds.csv` says, without the name of its rule set.
fn measures(line: &str, replicate: u32) -> &str {
    let key = format!(",{replicate},");
    line.find(&key).map_or(line, |at| &line[at..])
}
