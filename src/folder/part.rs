//! The part of one replicate: a folder that gets its name when it is whole, with a checksum of every file.

use super::files::{
    Output, Result, create_folder, entries, is_there, read_text, remove_folder, rename, sha256_of, sync,
    sync_folder, write_whole,
};
use std::path::{Path, PathBuf};

/// The file that says whose part it is and what its files must be.
const CHECKSUMS: &str = "checksums";

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Soundness {
    /// It is not there.
    Missing,
    /// It is as it was written.
    Sound,
    /// It is damaged, cut short, or another's.
    Damaged,
}

/// Name of the part of a replicate.
pub(super) fn name(rules: usize, replicate: u32) -> String {
    format!("{rules:03}-{replicate:06}")
}

/// The replicate of a part in the folder of parts, finished or not; nothing where it is no part.
pub(super) fn replicate_of(name: &str) -> Option<u64> {
    let bare = name.strip_suffix(".writing").unwrap_or(name);
    let digits =
        |text: &str, least: usize| text.len() >= least && text.bytes().all(|byte| byte.is_ascii_digit());
    let (rules, replicate) = bare.split_once('-')?;
    if digits(rules, 3) && digits(replicate, 6) { replicate.parse().ok() } else { None }
}

/// A part that is being written.
#[derive(Debug)]
pub struct NewPart {
    temporary: PathBuf,
    complete: PathBuf,
    seal: String,
    is_named: bool,
}

impl NewPart {
    /// Starts a part in a folder of its own; what an interrupted run left there is replaced.
    pub(super) fn create(complete: PathBuf, seal: &str) -> Result<Self> {
        let temporary = complete.with_extension("writing");
        if is_there(&temporary) {
            remove_folder(&temporary)?;
        }
        create_folder(&temporary)?;
        Ok(Self { temporary, complete, seal: seal.to_string(), is_named: false })
    }

    /// Starts a file of the part.
    pub fn file(&self, name: &str) -> Result<Output> {
        Output::create(&self.temporary.join(name))
    }

    /// Brings the part to the disk and gives it its name.
    pub fn seal(&mut self) -> Result<()> {
        for file in entries(&self.temporary)? {
            sync(&file)?;
        }
        let checksums = checksums(&self.temporary, &self.complete, &self.seal)?;
        let path = self.temporary.join(CHECKSUMS);
        write_whole(&self.temporary.join("checksums.writing"), &path, checksums.as_bytes())?;
        if is_there(&self.complete) {
            remove_folder(&self.complete)?;
        }
        rename(&self.temporary, &self.complete)?;
        self.is_named = true;
        self.complete.parent().map_or(Ok(()), sync_folder)
    }
}

impl Drop for NewPart {
    /// What came to nothing gives its room back, which a full disk needs.
    fn drop(&mut self) {
        if !self.is_named {
            let _ = std::fs::remove_dir_all(&self.temporary);
        }
    }
}

/// Whose part it is, and the hash of every file in it.
fn checksums(folder: &Path, complete: &Path, seal: &str) -> Result<String> {
    let name =
        |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut lines = Vec::new();
    for file in entries(folder)?.iter().filter(|file| name(file) != CHECKSUMS) {
        lines.push(format!("{}  {}\n", sha256_of(file)?, name(file)));
    }
    lines.sort();
    Ok(format!("part {} of {seal}\n{}", name(complete), lines.concat()))
}

/// Looks at a part: files, hashes, and whether it is the one that its name says, of this plan.
pub(super) fn soundness(folder: &Path, seal: &str) -> Soundness {
    if !is_there(folder) {
        return Soundness::Missing;
    }
    let stated = read_text(&folder.join(CHECKSUMS));
    let found = checksums(folder, folder, seal);
    match (stated, found) {
        (Ok(stated), Ok(found)) if stated == found => Soundness::Sound,
        _ => Soundness::Damaged,
    }
}

/// Whether no part in the folder of parts says that it is of another plan.
pub(super) fn are_of(parts: &Path, seal: &str) -> Result<bool> {
    for part in entries(parts)? {
        let stated = read_text(&part.join(CHECKSUMS)).unwrap_or_default();
        let owner = stated.lines().next().and_then(|line| line.split_once(" of "));
        if owner.is_some_and(|(_, owner)| owner != seal) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn damage_of_every_kind_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |replicate: u32| folder.path().join(name(0, replicate));
        let write = |replicate: u32| {
            let mut part = NewPart::create(at(replicate), "plan").expect("a part");
            for file in ["rounds.csv", "areas.csv"] {
                let mut output = part.file(file).expect("a file");
                output.write_all(format!("{file} {replicate}\n").as_bytes()).expect("written");
            }
            part.seal().expect("sealed");
        };
        let look = |replicate: u32| soundness(&at(replicate), "plan");
        assert_eq!(look(0), Soundness::Missing);
        (0..6).for_each(write);
        assert!((0..6).all(|replicate| look(replicate) == Soundness::Sound));
        assert_eq!(soundness(&at(0), "another plan"), Soundness::Damaged);
        std::fs::write(at(1).join("rounds.csv"), "rounds.csv X\n").expect("a flipped byte");
        std::fs::write(at(2).join("rounds.csv"), "").expect("cut short");
        std::fs::remove_file(at(3).join("areas.csv")).expect("gone");
        std::fs::write(at(4).join("checksums"), "part 000-000004 of plan\n").expect("cut short");
        std::fs::remove_dir_all(at(5)).expect("removed");
        std::fs::rename(at(0), at(5)).expect("swapped");
        assert!((1..6).all(|replicate| look(replicate) == Soundness::Damaged));
    }

    #[test]
    fn a_part_that_is_dropped_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let part = NewPart::create(folder.path().join(name(0, 0)), "plan").expect("a part");
        part.file("rounds.csv").expect("a file");
        drop(part);
        assert_eq!(entries(folder.path()).expect("a folder"), Vec::<PathBuf>::new());
    }

    #[test]
    fn only_parts_are_called_parts() {
        let parts = ["000-000001", "1234-1000000", "001-000002.writing"].map(replicate_of);
        assert_eq!(parts, [Some(1), Some(1_000_000), Some(2)]);
        assert_eq!(["00-000001", "notes", "000-00000a", "my-000001"].map(replicate_of), [None; 4]);
    }
}
