//! Opening a folder: whose it is, and what is to be done in it.

use super::files::{FileError, Result, create_folder, is_there, remove};
use super::kept;
use super::lock::Lock;
use super::standing::{self, Judgement, Standing};
use super::{Folder, MANIFEST, PARTS, PLAN, Plan, RUNS, Record, WRITTEN, plan, shelf};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
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
        refuse_no_folder(path)?;
        // Looked at first without the lock, so that a refusal leaves no trace.
        if let Judgement::Refuse(message) = Standing::of(path)?.judge(path, plan, wish)? {
            return Err(Problem::Refused(message));
        }
        let lock = Self::lock_in(path)?;
        let mut standing = Standing::of(path)?;
        let mut judgement = standing.judge(path, plan, wish)?;
        let mut folder = Self::new(path, lock, &standing);
        folder.seal = plan.seal();
        folder.keeps_runs = plan.keeps_runs;
        let is_missing =
            matches!(judgement, Judgement::GoOn(_) | Judgement::Afresh) && !standing.is_done(plan);
        if wish.resume && is_missing && folder.bring_back(&standing, plan)? {
            standing = Standing::of(path)?;
            judgement = standing.judge(path, plan, wish)?;
            folder.look_at(&standing);
        }
        match judgement {
            Judgement::Refuse(message) => return Err(Problem::Refused(message)),
            Judgement::Complete => {
                folder.settle()?;
                return Ok(Opened::Complete(folder));
            }
            Judgement::Restore(damage) => {
                folder.note_all(damage.told("restored from its copy"));
                folder.take_over()?;
                folder.complete(folder.before.clone().unwrap_or_default())?;
                return Ok(Opened::Complete(folder));
            }
            Judgement::Draw(damage) => {
                folder.note_all(damage.told("drawn again"));
                folder.take_over()?;
                return Ok(Opened::ToDraw(folder));
            }
            Judgement::Afresh => {
                folder.begin_afresh(plan)?;
                folder.note_all(shelf::words(path)?);
            }
            Judgement::GoOn(damage) => {
                folder.note_all(damage.told("made again"));
                if let Some(manifest) = standing.beyond(path, plan)? {
                    folder.put_away(manifest)?;
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
        let folder = Self::new(path, lock, &standing);
        folder.take_over()?;
        Ok(folder)
    }

    fn lock_in(path: &Path) -> std::result::Result<Lock, Problem> {
        create_folder(path)?;
        Lock::take(path, path.join(PARTS).join("holder"))
    }

    fn new(path: &Path, lock: Lock, standing: &Standing) -> Self {
        let notes = if lock.is_held {
            Vec::new()
        } else {
            vec![format!(
                "{}: this disk has no locks; see to it that nothing else writes here",
                path.display()
            )]
        };
        let mut folder = Self {
            path: path.to_path_buf(),
            seal: String::new(),
            keeps_runs: false,
            record: Mutex::default(),
            notes: Mutex::new(notes),
            before: None,
            _lock: lock,
        };
        folder.look_at(standing);
        folder
    }

    /// Takes what stands here for what was here before.
    fn look_at(&mut self, standing: &Standing) {
        *self.record() = Record { ours: standing.listed.clone(), hashes: BTreeMap::new() };
        self.before.clone_from(&standing.manifest);
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

    /// Moves finished results that the ones asked for now would replace.
    fn put_away(&self, manifest: &Value) -> Result<()> {
        let shelf = shelf::put_away(&self.path, manifest)?;
        let what = shelf::what(manifest);
        self.note(format!("the results of {what} that were here are now in {}", shelf.display()));
        Ok(())
    }

    /// Brings back what a plan asks for from where it was put away, and puts away what is here; whether there was any.
    /// Until the manifest stands here again, all of it stays where it was, too.
    fn bring_back(&self, standing: &Standing, plan: &Plan) -> std::result::Result<bool, Problem> {
        let Some((shelf, manifest)) = shelf::holding(&self.path, plan)? else { return Ok(false) };
        let lock = Self::lock_in(&shelf)?;
        if let Some(here) = standing.results(&self.path)? {
            self.put_away(here)?;
        }
        let hashes = standing::hashes(&manifest);
        for (name, hash) in &hashes {
            self.record().ours.entry(name.clone()).or_default().insert(hash.clone());
        }
        self.list_ours()?;
        // A copy of another manifest would claim the files that are back when this is cut short.
        remove(&self.parts().join(kept::COPY))?;
        for name in hashes.keys() {
            self.keep_changed(name, &self.record().ours)?;
            shelf::copy_back(&shelf, &self.path, name)?;
        }
        kept::write(&self.parts(), &manifest)?;
        shelf::write_missing(&self.path, &self.parts(), &manifest)?;
        drop(lock);
        shelf::clear(&shelf, &manifest)?;
        let what = shelf::what(&manifest);
        self.note(format!("the results of {what} that were in {} are here again", shelf.display()));
        Ok(true)
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

/// Refuses a place that is no folder, nor can become one.
fn refuse_no_folder(path: &Path) -> std::result::Result<(), Problem> {
    let Some(there) = path.ancestors().find(|part| is_there(part)).filter(|part| !part.is_dir()) else {
        return Ok(());
    };
    let what =
        if there.exists() { "is a file, and results need a folder" } else { "is a link that leads nowhere" };
    Err(Problem::Refused(format!(
        "error: {} {what}\n  = help: name another folder with --out",
        there.display()
    )))
}

/// Why the charts of a folder cannot be drawn, and what to do; nothing where they can be. What is published comes from
/// tables as they were found.
fn why_not_drawn(path: &Path) -> Result<Option<(String, String)>> {
    let name_another = || "name a folder that `run` or `compare` wrote".to_string();
    if !path.is_dir() {
        return Ok(Some((format!("there is no folder {}", path.display()), name_another())));
    }
    let standing = Standing::of(path)?;
    let Some(manifest) = &standing.manifest else {
        let is_there = path.join(MANIFEST).exists();
        let what = if is_there { "is no manifest of this program" } else { "is missing" };
        let what = format!("{} {what}, and so there are no finished results", path.join(MANIFEST).display());
        return Ok(Some((what, name_another())));
    };
    let help = |what: &str| format!("its command with --resume {what}");
    if manifest["study"] != "replicates" {
        let what = format!("{} holds no run, but {}", path.display(), plan::kind(&manifest["study"]));
        return Ok(Some((what, help("draws its charts again where they are missing"))));
    }
    let tables = standing.damage(path)?.of_tables().words();
    let what = format!("{}: {}", path.display(), tables.join(", "));
    Ok((!tables.is_empty())
        .then(|| (what, help("makes tables again, and keeps what was changed beside them"))))
}
