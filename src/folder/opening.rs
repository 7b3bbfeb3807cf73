//! Opening a folder: whose it is, and what is to be done in it.

use super::files::{FileError, Result, create_folder, remove};
use super::lock::Lock;
use super::standing::{self, Judgement, Standing};
use super::{Folder, MANIFEST, PARTS, PLAN, Plan, RUNS, Record, WRITTEN};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

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
    Complete,
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
        if let Judgement::Refuse(message) = Standing::of(path)?.judge(path, plan, wish)? {
            return Err(Problem::Refused(message));
        }
        let lock = Self::lock_in(path)?;
        let standing = Standing::of(path)?;
        let judgement = standing.judge(path, plan, wish)?;
        let mut folder = Self::new(path, lock, standing);
        folder.seal = plan.seal();
        folder.keeps_runs = plan.keeps_runs;
        match judgement {
            Judgement::Refuse(message) => return Err(Problem::Refused(message)),
            Judgement::Complete => {
                folder.tidy()?;
                return Ok(Opened::Complete);
            }
            Judgement::Draw(damaged) => {
                folder.note(format!("{}: not as written; drawn again", damaged.join(", ")));
                folder.take_over();
                return Ok(Opened::ToDraw(folder));
            }
            Judgement::Afresh => folder.begin_afresh(plan)?,
            Judgement::GoOn(damaged) => {
                if !damaged.is_empty() {
                    folder.note(format!("{}: not as written; made again", damaged.join(", ")));
                }
                folder.begin(plan)?;
            }
        }
        Ok(Opened::ToDo(folder))
    }

    /// Opens a finished folder, to draw its charts and report again.
    pub fn reopen(path: &Path) -> std::result::Result<Self, Problem> {
        if Standing::of(path)?.manifest.is_none() {
            let message = format!(
                "error: {} holds no finished results\n  = help: name a folder that `run` or `compare` wrote",
                path.display()
            );
            return Err(Problem::Refused(message));
        }
        let lock = Self::lock_in(path)?;
        let standing = Standing::of(path)?;
        let damaged: Vec<String> =
            standing.damaged(path)?.into_iter().filter(|file| !standing::is_drawn(file)).collect();
        let folder = Self::new(path, lock, standing);
        if !damaged.is_empty() {
            folder.note(format!("{}: not as the run wrote it; drawn as it is now", damaged.join(", ")));
        }
        folder.take_over();
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
    fn take_over(&self) {
        let listed = self.before.iter().flat_map(standing::hashes).collect();
        self.record().hashes = listed;
    }

    /// Names the plan; what was written before stays the program's.
    fn begin(&self, plan: &Plan) -> Result<()> {
        create_folder(&self.parts())?;
        let ours: Vec<String> = self.record().ours.iter().map(|name| format!("-  {name}\n")).collect();
        self.write_part_file(WRITTEN, ours.concat().as_bytes())?;
        self.write_part_file(PLAN, plan.text().as_bytes())
    }

    /// Names the plan in place of what was there. Whenever this is cut short, what is left is of one plan, old or new,
    /// and every file of either is known to be the program's.
    fn begin_afresh(&self, plan: &Plan) -> Result<()> {
        if self.parts().is_dir() {
            self.remove_parts()?;
            remove(&self.parts().join(RUNS))?;
        }
        self.begin(plan)?;
        let ours: Vec<String> = self.record().ours.iter().cloned().collect();
        remove(&self.path.join(MANIFEST))?;
        ours.iter().try_for_each(|name| self.remove_ours(name))
    }
}
