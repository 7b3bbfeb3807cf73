//! A results folder: who may write in it, what it is for, which files are the program's, and what is finished.
//!
//! Everything that is written of results goes through here. A folder has one writer at a time (`lock`). While work is
//! under way, `.parts` holds the plan, the parts that are over, each with its checksum (`part`, `runs`), and a list
//! of the files that were written. `manifest.json` comes last, with the hash of every file: a folder whose manifest is
//! of the plan and whose files have those hashes is complete, whatever else happened. A copy of it stays in `.parts`
//! (`kept`), so that a damaged one hides nothing. Only files that the manifest or that list names are ever replaced or
//! removed, and what somebody else made of them is kept beside them. Finished results that others of the same study would
//! replace move to a folder of their own, and come back when they are asked for again (`shelf`).

mod asked;
pub mod files;
mod kept;
mod lock;
mod new_file;
mod opening;
mod part;
mod plan;
mod runs;
mod shelf;
mod standing;

pub use asked::SOBOL;
pub use files::{FileError, Result};
pub use new_file::NewFile;
pub use opening::{Opened, Problem, Wish};
pub use part::NewPart;
pub use plan::{Plan, TABLE};
pub use runs::{Runs, Values};

use crate::words::counted;
use files::{
    Draft, Output, create_folder, entries, free_beside, is_there, remove, remove_folder, rename, sha256,
    sha256_of, sync_folder, write_whole,
};
use lock::Lock;
use part::Soundness;
use serde_json::{Map, Value, json};
use standing::Listed;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

/// Where parts wait until they are merged, with the plan and all that is half done.
const PARTS: &str = ".parts";
/// The plan, while it is worked on.
const PLAN: &str = "plan";
/// Hashes and names of files that were written while the plan was worked on.
const WRITTEN: &str = "written";
/// Runs of which a row is kept.
const RUNS: &str = "runs.csv";
/// What is written last.
pub const MANIFEST: &str = "manifest.json";

/// A results folder in which this process alone writes.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    seal: String,
    keeps_runs: bool,
    record: Mutex<Record>,
    notes: Mutex<Vec<String>>,
    /// What was finished in it before.
    before: Option<Value>,
    _lock: Lock,
}

/// What is known of the files.
#[derive(Debug, Default)]
struct Record {
    /// Files that may be replaced, where they are as the program wrote them.
    ours: Listed,
    /// Files as they are to be, with their hashes.
    hashes: BTreeMap<String, String>,
}

impl Folder {
    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The manifest of what was finished here before.
    pub fn before(&self) -> Option<&Value> {
        self.before.as_ref()
    }

    /// What the user should hear, once.
    pub fn notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn note(&self, words: String) {
        self.notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(words);
    }

    fn parts(&self) -> PathBuf {
        self.path.join(PARTS)
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Keeps what somebody else made of a file of ours beside it, and says so.
    fn keep_changed(&self, name: &str, ours: &Listed) -> Result<()> {
        let path = self.path.join(name);
        let Some(hashes) = ours.get(name).filter(|hashes| !hashes.is_empty()) else { return Ok(()) };
        if !is_there(&path) {
            return Ok(());
        }
        let hash = if name == MANIFEST { kept::hash_of(&path)? } else { sha256_of(&path)? };
        if hashes.contains(&hash) {
            return Ok(());
        }
        let beside = free_beside(&path);
        rename(&path, &beside)?;
        self.note(format!("{}: changed since it was written; kept as {}", path.display(), beside.display()));
        Ok(())
    }

    /// Removes a file of ours, and its folder where nothing else is in it.
    fn remove_ours(&self, name: &str) -> Result<()> {
        self.keep_changed(name, &self.record().ours)?;
        let path = self.path.join(name);
        remove(&path)?;
        if let Some(folder) = path.parent().filter(|folder| *folder != self.path) {
            let _ = std::fs::remove_dir(folder);
        }
        Ok(())
    }

    fn write_part_file(&self, name: &str, bytes: &[u8]) -> Result<()> {
        write_whole(&self.parts().join(format!("{name}.writing")), &self.parts().join(name), bytes)
    }

    /// Where the part of a replicate stands.
    pub fn part(&self, rules: usize, replicate: u32) -> PathBuf {
        self.parts().join(part::name(rules, replicate))
    }

    /// Whether the part of a replicate is there as it was written; a damaged one is told of.
    pub fn has_part(&self, rules: usize, replicate: u32) -> bool {
        let path = self.part(rules, replicate);
        let found = part::soundness(&path, &self.seal);
        if found == Soundness::Damaged {
            self.note(format!("{}: not as it was written; played again", path.display()));
        }
        found == Soundness::Sound
    }

    /// Starts the part of a replicate.
    pub fn new_part(&self, rules: usize, replicate: u32) -> Result<NewPart> {
        NewPart::create(self.part(rules, replicate), &self.seal)
    }

    /// Runs of which a row of so many values is kept; damaged ones are told of.
    pub fn runs(&self, columns: usize) -> Result<Runs> {
        let path = self.parts().join(RUNS);
        let runs = Runs::open(&path, &self.seal, columns)?;
        if runs.damaged > 0 {
            let what = counted(runs.damaged, "run");
            self.note(format!("{}: {what} cut short or damaged; played again", path.display()));
        }
        Ok(runs)
    }

    /// Starts a file, which gets its name when it is finished.
    pub fn create(&self, name: &str) -> Result<NewFile<'_>> {
        create_folder(&self.parts())?;
        let temporary = self.parts().join(format!("{}.writing", name.replace('/', "-")));
        Ok(NewFile { draft: Draft::create(temporary)?, folder: self, name: name.to_string() })
    }

    /// Writes a file.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut file = self.create(name)?;
        file.write_all(bytes).map_err(FileError::of(&self.path.join(name)))?;
        file.finish()
    }

    /// Names of files that were written, of those that end so.
    pub fn written(&self, ending: &str) -> Vec<String> {
        let record = self.record();
        record.hashes.keys().filter(|name| name.ends_with(ending) && !name.contains('/')).cloned().collect()
    }

    /// Gives a finished draft its name, if that is free or the program's own.
    fn place(&self, mut draft: Draft, name: &str) -> Result<()> {
        let hash = draft.finish()?;
        let path = self.path.join(name);
        if let Some(folder) = path.parent().filter(|folder| *folder != self.path) {
            create_folder(folder)?;
        }
        let mut record = self.record();
        if record.ours.contains_key(name) {
            self.keep_changed(name, &record.ours)?;
        } else if is_there(&path) && sha256_of(&path)? != hash {
            let why = "would be overwritten, and no manifest says that this program wrote it; move it";
            return Err(FileError::new(&path, why));
        }
        let listed = self.parts().join(WRITTEN);
        let line = format!("{hash}  {name}\n");
        Output::append(&listed)?.write_all(line.as_bytes()).map_err(FileError::of(&listed))?;
        draft.name(&path)?;
        record.ours.entry(name.to_string()).or_default().insert(hash.clone());
        record.hashes.insert(name.to_string(), hash);
        Ok(())
    }

    /// Writes the manifest with the hashes of all files, and clears away what has served: the folder is complete.
    pub fn complete(&self, manifest: Value) -> Result<()> {
        let (hashes, stale) = {
            let record = self.record();
            let stale: Vec<String> =
                record.ours.keys().filter(|name| !record.hashes.contains_key(*name)).cloned().collect();
            (record.hashes.clone(), stale)
        };
        stale.iter().filter(|name| *name != MANIFEST).try_for_each(|name| self.remove_ours(name))?;
        let folders: BTreeSet<PathBuf> =
            hashes.keys().filter_map(|name| Some(self.path.join(name).parent()?.to_path_buf())).collect();
        folders.iter().try_for_each(|folder| sync_folder(folder))?;
        let mut manifest = manifest;
        manifest["files_sha256"] = json!(hashes);
        create_folder(&self.parts())?;
        kept::write(&self.parts(), &manifest)?;
        self.keep_changed(MANIFEST, &self.record().ours)?;
        let text = format!("{manifest:#}\n");
        let beside = self.parts().join("manifest.writing");
        write_whole(&beside, &self.path.join(MANIFEST), text.as_bytes())?;
        self.tidy(&manifest)
    }

    /// Removes what only unfinished work needs, the plan last, so that a kill in between is seen as unfinished work. Parts
    /// of replicates that the manifest does not count stay.
    fn tidy(&self, manifest: &Value) -> Result<()> {
        if !self.parts().is_dir() {
            return Ok(());
        }
        if !self.keeps_runs {
            remove(&self.parts().join(RUNS))?;
        }
        let asked = manifest["replicates"].as_u64().unwrap_or(u64::MAX);
        let unused = self.remove_parts(|replicate| replicate < asked)?;
        if unused > 0 {
            self.note(format!(
                "{}: {} beyond the {asked} asked for; --resume with more replicates uses them",
                self.parts().display(),
                counted(unused, "finished part")
            ));
        }
        remove(&self.parts().join(WRITTEN))?;
        remove(&self.parts().join(PLAN))
    }

    /// Removes the parts of some replicates, and all that is half done; how many parts are left.
    fn remove_parts(&self, is_over: impl Fn(u64) -> bool) -> Result<u64> {
        let mut left = 0;
        for path in entries(&self.parts())? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let is_half_done = name.ends_with(".writing");
            match part::replicate_of(&name).filter(|_| path.is_dir()) {
                Some(replicate) if is_half_done || is_over(replicate) => remove_folder(&path)?,
                Some(_) => left += 1,
                None if is_half_done => remove(&path)?,
                None => {}
            }
        }
        Ok(left)
    }
}

/// A file that a study reads: its role, how the user named it, its hash.
pub fn input(role: &str, kind: &str, label: &str, path: &Path) -> Result<Value> {
    let mut entry = Map::new();
    entry.insert("role".into(), json!(role));
    entry.insert("kind".into(), json!(kind));
    entry.insert("file".into(), json!(label));
    entry.insert("sha256".into(), json!(sha256_of(path)?));
    Ok(entry.into())
}

/// A short name for a text, such as the values of a point.
pub fn short_name(text: &str) -> String {
    sha256(text.as_bytes())[..16].to_string()
}
