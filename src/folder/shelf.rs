//! Finished results that others of the same study would replace: they move to a folder of their own, and come back when
//! they are asked for again.

use super::files::{
    FileError, Result, create_folder, entries, free_beside, is_there, remove, rename, sync, write_whole,
};
use super::kept;
use super::lock::LOCK;
use super::standing::{Standing, hashes};
use super::{MANIFEST, PARTS, Plan};
use crate::words::counted;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What names of shelves begin with.
const NAME: &str = "replicates-";

/// Where results of so many replicates go.
fn name(manifest: &Value) -> String {
    format!("{NAME}{}", manifest["replicates"].as_u64().unwrap_or_default())
}

/// What finished results are of, in words.
pub(super) fn what(manifest: &Value) -> String {
    let of = |number: &Value, what: &str| number.as_u64().map(|number| counted(number, what));
    let replicates = of(&manifest["replicates"], "replicate").unwrap_or_default();
    match of(&manifest["asked"]["points"]["points"], "point") {
        Some(points) => format!("{replicates} of {points}"),
        None => replicates,
    }
}

/// Moves the files of finished results, the manifest last, so that what is cut short goes on; their new folder.
pub(super) fn put_away(path: &Path, manifest: &Value) -> Result<PathBuf> {
    let name = name(manifest);
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
    write_missing(&moving, &moving, manifest)?;
    let shelf = (1..).map(|number| match number {
        1 => path.join(&name),
        _ => path.join(format!("{name}-{number}")),
    });
    let shelf = shelf.into_iter().find(|shelf| !is_there(shelf)).unwrap_or_else(|| moving.clone());
    std::fs::rename(&moving, &shelf).map_err(FileError::of(&shelf))?;
    Ok(shelf)
}

/// A manifest that was damaged or is not there is written anew, by way of another folder, beside what it has become.
pub(super) fn write_missing(folder: &Path, way: &Path, manifest: &Value) -> Result<()> {
    let path = folder.join(MANIFEST);
    if is_there(&path) {
        if kept::hash_of(&path)? == kept::hash(manifest) {
            return Ok(());
        }
        rename(&path, &free_beside(&path))?;
    }
    let text = format!("{manifest:#}\n");
    write_whole(&way.join("manifest.writing"), &path, text.as_bytes())
}

/// Folders of results that were put away, with their manifests.
fn all(path: &Path) -> Result<Vec<(PathBuf, Standing)>> {
    let mut found = Vec::new();
    let mut folders = if path.is_dir() { entries(path)? } else { Vec::new() };
    folders.sort();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        let named = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !named.starts_with(NAME) {
            continue;
        }
        let standing = Standing::of(&folder)?;
        if standing.manifest.as_ref().is_some_and(|manifest| is_shelf(&named, manifest)) {
            found.push((folder, standing));
        }
    }
    Ok(found)
}

/// Whether a folder of that name is where such results are put: as the user may have named another.
fn is_shelf(named: &str, manifest: &Value) -> bool {
    let rest = named.strip_prefix(&name(manifest));
    rest.is_some_and(|rest| {
        let number = rest.strip_prefix('-').is_some_and(|number| number.parse::<u64>().is_ok());
        rest.is_empty() || rest == ".moving" || number
    })
}

/// The folder in which what a plan asks for was put away, if it was, with the manifest.
pub(super) fn holding(path: &Path, plan: &Plan) -> Result<Option<(PathBuf, Value)>> {
    let held = all(path)?.into_iter().find(|(_, standing)| standing.is_done(plan));
    Ok(held.and_then(|(shelf, standing)| Some((shelf, standing.manifest?))))
}

/// What is said of results that stay put away when a folder starts afresh.
pub(super) fn words(path: &Path) -> Result<Vec<String>> {
    let word = |(shelf, standing): (PathBuf, Standing)| {
        let manifest = standing.manifest?;
        Some(format!("{}: results of {} that were put away, as they were", shelf.display(), what(&manifest)))
    };
    Ok(all(path)?.into_iter().filter_map(word).collect())
}

/// Gives a file on a shelf a second name where it came from; a copy, where the disk has no second names.
pub(super) fn copy_back(shelf: &Path, path: &Path, file: &str) -> Result<()> {
    let (from, to) = (shelf.join(file), path.join(file));
    if !from.is_file() {
        return Ok(());
    }
    to.parent().map_or(Ok(()), create_folder)?;
    let beside = path.join(PARTS).join("back.writing");
    remove(&beside)?;
    if std::fs::hard_link(&from, &beside).is_err() {
        std::fs::copy(&from, &beside).map_err(FileError::of(&beside))?;
        sync(&beside)?;
    }
    remove(&to)?;
    rename(&beside, &to)
}

/// Removes what was brought back from its shelf, the manifest first, and the shelf where it holds nothing else.
pub(super) fn clear(shelf: &Path, manifest: &Value) -> Result<()> {
    remove(&shelf.join(MANIFEST))?;
    for file in hashes(manifest).into_keys() {
        let file = shelf.join(file);
        remove(&file)?;
        if let Some(folder) = file.parent().filter(|folder| *folder != shelf) {
            let _ = std::fs::remove_dir(folder);
        }
    }
    let parts = shelf.join(PARTS);
    remove(&parts.join(kept::COPY))?;
    let _ = std::fs::remove_dir(&parts);
    if entries(shelf)?.iter().all(|left| left.ends_with(LOCK)) {
        remove(&shelf.join(LOCK))?;
        let _ = std::fs::remove_dir(shelf);
    }
    Ok(())
}
