//! The results folder of a study: whose results it holds, whether it may be written, and what is cleared away.

use super::Study;
use crate::cli::{CliError, Common};
use crate::tables::manifest::{self, plan_hash};
use crate::tables::merge::written_tables;
use crate::tables::{parts_folder, write_whole};
use std::path::Path;

impl Study {
    /// What tells this study from others: what is run, and until when.
    pub(super) fn plan(&self) -> String {
        let split = if self.split { format!("split {}\n", self.baseline) } else { String::new() };
        match &self.until {
            None => split + &plan_hash(&self.scenarios),
            Some(until) => {
                let most = plan_hash(&self.with_replicates(until.cap).scenarios);
                format!("{split}{}{most}", until.plan())
            }
        }
    }

    /// Removes the parts, the plan last, so that a kill in between is seen as an unfinished run.
    pub(super) fn remove_parts(&self) -> Result<(), CliError> {
        let parts = parts_folder(&self.out);
        for entry in std::fs::read_dir(&parts)? {
            let path = entry?.path();
            if path.is_dir() {
                std::fs::remove_dir_all(path)?;
            }
        }
        Ok(std::fs::remove_dir_all(parts)?)
    }

    /// Whether the folder holds this very plan's results, written to the end: the plan file goes last.
    pub(super) fn is_complete(&self) -> Result<bool, CliError> {
        let manifest = self.out.join("manifest.json");
        let unsplit = self.split && !self.out.join("split.csv").is_file();
        if unsplit || !manifest.is_file() || parts_folder(&self.out).join("plan").exists() {
            return Ok(false);
        }
        let text = std::fs::read_to_string(&manifest)?;
        let plan = match &self.until {
            None => plan_hash(&self.scenarios),
            // Finished, it is the same as a study of as many replicates as it took.
            Some(until) => match manifest::replicates(&text).filter(|&replicates| replicates <= until.cap) {
                Some(replicates) => plan_hash(&self.with_replicates(replicates).scenarios),
                None => return Ok(false),
            },
        };
        Ok(text.contains(&plan))
    }

    /// Refuses to overwrite, or makes room, before anything is computed.
    pub(super) fn prepare(&self, common: &Common) -> Result<(), CliError> {
        let parts = parts_folder(&self.out);
        let plan = parts.join("plan");
        let hash = self.plan();
        let known = std::fs::read_to_string(&plan).ok();
        let manifest = self.out.join("manifest.json");
        let shown = self.out.display();
        if common.resume && !common.force {
            if manifest.is_file() && known.is_none() {
                let message = format!("error: {shown} holds results of another scenario or version");
                return Err(CliError::Usage(message));
            }
            if known.as_ref().is_some_and(|known| *known != hash) {
                let message = format!(
                    "error: the interrupted run in {shown} was of another scenario or version\n  \
                     = help: --force starts afresh, --out writes elsewhere"
                );
                return Err(CliError::Usage(message));
            }
        } else if !common.force
            && (manifest.exists() || parts.exists() || self.out.join("rounds.csv").exists())
        {
            let message = format!(
                "error: {shown} already holds results\n  = help: --resume continues an interrupted run, --force \
                 overwrites, --out writes elsewhere"
            );
            return Err(CliError::Usage(message));
        }
        if common.force {
            clear(&self.out)?;
        }
        std::fs::create_dir_all(&parts).map_err(|error| CliError::Io(format!("error: {shown}: {error}")))?;
        write_whole(&plan, hash.as_bytes())?;
        Ok(())
    }
}

/// Removes what an earlier run wrote in a folder, and nothing else.
pub fn clear(out: &Path) -> Result<(), CliError> {
    for folder in [parts_folder(out), out.join("charts")] {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
    }
    let tables = written_tables(out).into_keys();
    let others = ["manifest.json", "datapackage.json", "report.html"].map(String::from);
    for file in tables.chain(others).map(|name| out.join(name)).filter(|file| file.exists()) {
        std::fs::remove_file(file)?;
    }
    Ok(())
}
