//! Studies over many points: their folder, what is kept when they are interrupted, how they are played and end.

use super::study::{clear, progress, stop_on_interrupt};
use super::{CliError, Playing};
use crate::experiment::RunError;
use crate::experiment::sweep::{Means, Player, play_jobs};
use crate::tables::kept::Kept;
use crate::tables::manifest::{self, Machine, Record};
use crate::tables::merge::written_tables;
use crate::tables::{datapackage, parts_folder, write_whole};
use std::path::Path;

/// Makes room for a study of this plan: refuses to overwrite results (of which `table` is one), keeps what an
/// interrupted study of the same plan has done where it is resumed.
pub fn prepare(
    folder: &Path,
    table: &str,
    playing: &Playing,
    resume: bool,
    plan: &str,
) -> Result<(), CliError> {
    let parts = parts_folder(folder);
    let known = std::fs::read_to_string(parts.join("plan")).ok();
    let shown = folder.display();
    if resume && !playing.force && known.as_ref().is_some_and(|known| known != plan) {
        let message = format!(
            "error: what was interrupted in {shown} had another plan\n  = help: --force starts afresh, --out writes \
             elsewhere"
        );
        return Err(CliError::Usage(message));
    }
    let has_results =
        [table, "manifest.json"].iter().any(|name| folder.join(name).exists()) || parts.exists() && !resume;
    if has_results && !playing.force {
        let message = format!(
            "error: {shown} already holds results\n  = help: --resume continues what was interrupted, --force \
             overwrites, --out writes elsewhere"
        );
        return Err(CliError::Usage(message));
    }
    if playing.force {
        clear(folder)?;
        let own = folder.join(table);
        if own.exists() {
            std::fs::remove_file(own)?;
        }
    }
    std::fs::create_dir_all(&parts).map_err(|error| CliError::Io(format!("error: {shown}: {error}")))?;
    Ok(write_whole(&parts.join("plan"), plan.as_bytes())?)
}

/// Plays the runs that are not over, with progress; after Ctrl-C those that are over stay in the folder.
pub fn play<P: Player>(
    player: &P,
    jobs: &[(usize, u32)],
    folder: &Path,
    quiet: bool,
) -> Result<Vec<Means>, CliError> {
    let stop = stop_on_interrupt();
    let kept = Kept::open(&parts_folder(folder).join("means.csv"), jobs.len())?;
    let missing = kept.missing();
    let bar = progress(jobs.len() as u64, quiet);
    bar.inc((jobs.len() - missing.len()) as u64);
    let todo: Vec<(usize, u32)> = missing.iter().map(|&run| jobs[run]).collect();
    let played = play_jobs(player, &todo, &stop, &|place, means| {
        bar.inc(1);
        kept.keep(missing[place], means)
    });
    bar.finish_and_clear();
    match played {
        Ok(Some(means)) => {
            let all = kept.with(missing.into_iter().zip(means));
            all.ok_or_else(|| CliError::Io("error: a run is missing among those kept".into()))
        }
        Ok(None) => Err(CliError::Failed("interrupted; --resume goes on from here".into())),
        Err(RunError::Identity(broken)) => {
            Err(CliError::Failed(format!("error: {broken}; this is a bug in the model")))
        }
        Err(RunError::Io(error)) => Err(error.into()),
        Err(RunError::World(error)) => Err(CliError::Usage(format!("error: {error}"))),
    }
}

/// Data package and manifest; the parts have served.
pub fn finish(out: &Path, record: &Record, machine: Machine) -> Result<(), CliError> {
    let mut files: Vec<String> = written_tables(out).into_keys().collect();
    datapackage::write(out, &record.scenarios[0].1.name, &files)?;
    files.push("datapackage.json".into());
    manifest::write(out, record, &files, machine)?;
    Ok(std::fs::remove_dir_all(parts_folder(out))?)
}
