//! Opening a folder: whose it is, and what is to be done in it.

use super::files::{FileError, Result, create_folder, remove};
use super::kept;
use super::lock::Lock;
use super::standing::{self, Judgement, Standing};
use super::{Folder, MANIFEST, PARTS, PLAN, Plan, RUNS, Record, WRITTEN, plan, shelf};
use crate::words::counted;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

/// The table without which there is nothing to draw.
const ROUNDS: &str = "rounds.csv";

/// Why a folder was not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is another's, or holds other results: what to do is said.
    Refused(String),
    /// A file could not be read or written.
    File(FileError),
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// What the user wants where there are results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Go on.
    pub resume: bool,
    /// Start afresh.
    pub force: bool,
}

/// A folder that was opened.
#[derive(Debug)]
pub enum Opened {
    /// All that is asked is there, as it was written.
    Complete(Folder),
    /// All tables are as they were written, charts or report are not.
    ToDraw(Folder),
    /// There is work to do.
    ToDo(Folder),
}

impl Folder {
    /// Opens a folder for a plan. Refuses to touch what is not the program's, another study's results, and a folder in
    /// which another process writes.
    pub fn open(path: &Path, plan: &Plan, wish: Wish) -> std::result::Result<Opened, Problem> {
        // Looked at first without the lock, so that a refusal leaves no trace.
        match Standing::of(path)?.judge(path, plan, wish)? {
            Judgement::Refuse(message) => return Err(Problem::Refused(message)),
            Judgement::GoOn(_) if !path.join(PARTS).join(PLAN).exists() => {
                if let Some(shelf) = shelf::holding(path, plan)? {
                    return Self::open(&shelf, plan, wish);
                }
            }
            _ => {}
        }
        let lock = Self::lock_in(path)?;
        let standing = Standing::of(path)?;
        let judgement = standing.judge(path, plan, wish)?;
        let richer = standing.richer(plan).cloned();
        let mut folder = Self::new(path, lock, standing);
        folder.seal = plan.seal();
        folder.keeps_runs = plan.keeps_runs;
        match judgement {
            Judgement::Refuse(message) => return Err(Problem::Refused(message)),
            Judgement::Complete => {
                folder.settle()?;
                return Ok(Opened::Complete(folder));
            }
            Judgement::Restore(damage) => {
                folder.note_all(damage.words("restored from its copy"));
                folder.take_over()?;
                folder.complete(folder.before.clone().unwrap_or_default())?;
                return Ok(Opened::Complete(folder));
            }
            Judgement::Draw(damage) => {
                folder.note_all(damage.words("drawn again"));
                folder.take_over()?;
                return Ok(Opened::ToDraw(folder));
            }
            Judgement::Afresh => folder.begin_afresh(plan)?,
            Judgement::GoOn(damage) => {
                folder.note_all(damage.words("made again"));
                if let Some(manifest) = richer {
                    folder.put_away(&manifest)?;
                }
                folder.begin(plan)?;
            }
        }
        Ok(Opened::ToDo(folder))
    }

    /// Opens a finished folder, to draw its charts and report again.
    pub fn reopen(path: &Path) -> std::result::Result<Self, Problem> {
        if let Some((what, help)) = why_not_drawn(path)? {
            return Err(Problem::Refused(format!("error: {what}\n  = help: {help}")));
        }
        let lock = Self::lock_in(path)?;
        let standing = Standing::of(path)?;
        let damage = standing.damage(path)?.of_tables();
        let folder = Self::new(path, lock, standing);
        folder.note_all(damage.words("drawn from what is there"));
        folder.take_over()?;
        Ok(folder)
    }

    fn lock_in(path: &Path) -> std::result::Result<Lock, Problem> {
        create_folder(path)?;
        Lock::take(path, path.join(PARTS).join("holder"))
    }

    fn new(path: &Path, lock: Lock, standing: Standing) -> Self {
        let record = Record { ours: standing.listed, hashes: BTreeMap::new() };
        let notes = if lock.is_held {
            Vec::new()
        } else {
            vec![format!(
                "{}: this disk has no locks; see to it that nothing else writes here",
                path.display()
            )]
        };
        Self {
            path: path.to_path_buf(),
            seal: String::new(),
            keeps_runs: false,
            record: Mutex::new(record),
            notes: Mutex::new(notes),
            before: standing.manifest,
            _lock: lock,
        }
    }

    /// Everything that the manifest lists stays as it is, unless it is written again.
    fn take_over(&self) -> Result<()> {
        self.list_ours()?;
        let listed = self.before.iter().flat_map(standing::hashes).collect();
        self.record().hashes = listed;
        Ok(())
    }

    /// Of a finished folder: a manifest, its copy, and nothing that only unfinished work needs.
    fn settle(&self) -> Result<()> {
        let Some(manifest) = &self.before else { return Ok(()) };
        create_folder(&self.parts())?;
        if kept::read(&self.parts())?.is_none_or(|copy| !kept::is_same(&copy, manifest)) {
            kept::write(&self.parts(), manifest)?;
        }
        self.tidy(manifest)
    }

    /// Moves finished results that hold more replicates than are asked for now.
    fn put_away(&self, manifest: &Value) -> Result<()> {
        let shelf = shelf::put_away(&self.path, manifest)?;
        let replicates = counted(manifest["replicates"].as_u64().unwrap_or_default(), "replicate");
        self.note(format!("the results of {replicates} that were here are now in {}", shelf.display()));
        Ok(())
    }

    fn note_all(&self, words: Vec<String>) {
        words.into_iter().for_each(|words| self.note(words));
    }

    /// Writes down which files are the program's, as it wrote them.
    fn list_ours(&self) -> Result<()> {
        create_folder(&self.parts())?;
        let lines = |(name, hashes): (&String, &BTreeSet<String>)| -> String {
            hashes.iter().map(|hash| format!("{hash}  {name}\n")).collect()
        };
        let ours: String = self.record().ours.iter().map(lines).collect();
        self.write_part_file(WRITTEN, ours.as_bytes())
    }

    /// Names the plan; what was written before stays the program's.
    fn begin(&self, plan: &Plan) -> Result<()> {
        self.list_ours()?;
        self.write_part_file(PLAN, plan.text().as_bytes())
    }

    /// Names the plan in place of what was there. Whenever this is cut short, what is left is of one plan, old or new,
    /// and every file of either is known to be the program's.
    fn begin_afresh(&self, plan: &Plan) -> Result<()> {
        self.begin(plan)?;
        self.remove_parts(|_| true)?;
        remove(&self.parts().join(RUNS))?;
        let ours: Vec<String> = self.record().ours.keys().cloned().collect();
        self.remove_ours(MANIFEST)?;
        remove(&self.parts().join(kept::COPY))?;
        ours.iter().try_for_each(|name| self.remove_ours(name))
    }
}

/// Why the charts of a folder cannot be drawn, and what to do; nothing where they can be.
fn why_not_drawn(path: &Path) -> Result<Option<(String, &'static str)>> {
    const NAME_ANOTHER: &str = "name a folder that `run` or `compare` wrote";
    const RESUME: &str = "its command with --resume makes again what is missing";
    if !path.is_dir() {
        return Ok(Some((format!("there is no folder {}", path.display()), NAME_ANOTHER)));
    }
    let Some(manifest) = Standing::of(path)?.manifest else {
        let is_there = path.join(MANIFEST).exists();
        let what = if is_there { "is no manifest of this program" } else { "is missing" };
        let what = format!("{} {what}, and so there are no finished results", path.join(MANIFEST).display());
        return Ok(Some((what, NAME_ANOTHER)));
    };
    if manifest["study"] != "replicates" {
        let what =
            format!("{} holds no run, but a study of {}", path.display(), plan::word(&manifest["study"]));
        return Ok(Some((what, "its command with --resume draws its charts again where they are missing")));
    }
    let rounds = path.join(ROUNDS);
    Ok((!rounds.is_file()).then(|| (format!("{} is missing", rounds.display()), RESUME)))
}
