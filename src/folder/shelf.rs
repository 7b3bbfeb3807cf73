//! Finished results of more replicates than are asked for now: they move to a folder of their own, and are found there
//! when so many are asked for again.

use super::files::{FileError, Result, create_folder, free_beside, is_there, rename, write_whole};
use super::kept;
use super::standing::{Standing, hashes};
use super::{MANIFEST, Plan};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Where results of so many replicates go.
fn name(replicates: u64) -> String {
    format!("replicates-{replicates}")
}

/// Moves the files of finished results, the manifest last, so that what is cut short goes on; their new folder.
pub(super) fn put_away(path: &Path, manifest: &Value) -> Result<PathBuf> {
    let name = name(manifest["replicates"].as_u64().unwrap_or_default());
    let moving = path.join(format!("{name}.moving"));
    let files = hashes(manifest).into_keys().chain([MANIFEST.to_string()]);
    for file in files {
        let (from, to) = (path.join(&file), moving.join(&file));
        if !is_there(&from) {
            continue;
        }
        to.parent().map_or(Ok(()), create_folder)?;
        rename(&from, &to)?;
        if let Some(folder) = from.parent().filter(|folder| *folder != path) {
            let _ = std::fs::remove_dir(folder);
        }
    }
    write_missing(&moving, manifest)?;
    let shelf = (1..).map(|number| match number {
        1 => path.join(&name),
        _ => path.join(format!("{name}-{number}")),
    });
    let shelf = shelf.into_iter().find(|shelf| !is_there(shelf)).unwrap_or_else(|| moving.clone());
    std::fs::rename(&moving, &shelf).map_err(FileError::of(&shelf))?;
    Ok(shelf)
}

/// A manifest that was damaged is written anew, beside what it has become.
fn write_missing(folder: &Path, manifest: &Value) -> Result<()> {
    let path = folder.join(MANIFEST);
    if is_there(&path) {
        if kept::hash_of(&path)? == kept::hash(manifest) {
            return Ok(());
        }
        rename(&path, &free_beside(&path))?;
    }
    let text = format!("{manifest:#}\n");
    write_whole(&folder.join("manifest.writing"), &path, text.as_bytes())
}

/// The folder in which what a plan asks for was put away, if it was.
pub(super) fn holding(path: &Path, plan: &Plan) -> Result<Option<PathBuf>> {
    let Some(replicates) = plan.asked["replicates"].as_u64() else { return Ok(None) };
    let shelf = path.join(name(replicates));
    if !shelf.is_dir() {
        return Ok(None);
    }
    let is_it = Standing::of(&shelf)?.is_done(plan);
    Ok(is_it.then_some(shelf))
}
