//! One writer at a time: a lock that the system takes back from a process that dies.

use super::Problem;
use super::files::{FileError, Result, create_folder, remove};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The file that is locked. It is never removed: whoever held a removed one would hold nothing.
pub const LOCK: &str = ".lock";

/// The right to write in a folder, for as long as it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    holder: PathBuf,
    /// Whether the disk knows locks at all.
    pub is_held: bool,
}

impl Lock {
    /// Takes the lock of a folder, or says who has it. `holder` is where its holder is written down.
    pub fn take(folder: &Path, holder: PathBuf) -> std::result::Result<Self, Problem> {
        let path = folder.join(LOCK);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(FileError::of(&path))?;
        let is_held = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => return Err(Problem::Refused(held(folder, &holder))),
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => false,
            Err(TryLockError::Error(error)) => return Err(FileError::new(&path, error).into()),
        };
        write_holder(&holder)?;
        Ok(Self { _file: file, holder, is_held })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = remove(&self.holder);
        if let Some(folder) = self.holder.parent() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the hour is for whoever has to wait; no result sees it")]
fn write_holder(path: &Path) -> Result<()> {
    path.parent().map_or(Ok(()), create_folder)?;
    let command: Vec<String> =
        std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let words = format!(
        "process {} on {} since {}: {}\n",
        std::process::id(),
        host(),
        utc(SystemTime::now()),
        command.join(" ").replace(char::is_control, " ")
    );
    std::fs::write(path, words).map_err(FileError::of(path))
}

fn held(folder: &Path, holder: &Path) -> String {
    let who = std::fs::read_to_string(holder).unwrap_or_default();
    let who =
        if who.is_empty() { "a process that has just begun or is about to end" } else { who.trim_end() };
    format!(
        "error: another rebalance is writing in {}\n  = note: {who}\n  = help: wait until it has ended, or write \
         elsewhere with --out",
        folder.display()
    )
}

/// The name of this machine, where it says it.
fn host() -> String {
    let from_system = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let from_shell = || ["COMPUTERNAME", "HOSTNAME"].iter().find_map(|name| std::env::var(name).ok());
    from_system.or_else(from_shell).map_or("this machine".into(), |name| name.trim().to_string())
}

/// An hour in universal time (days to dates: Hinnant 2013).
fn utc(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn hours_are_written_as_people_write_them() {
        let at = |seconds: u64| utc(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(at(951_782_399), "2000-02-28 23:59:59 UTC");
        assert_eq!(at(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(at(1_800_000_000), "2027-01-15 08:00:00 UTC");
    }

    #[test]
    fn a_second_writer_is_told_who_holds_the_folder_and_the_next_one_gets_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let holder = folder.path().join(".parts/holder");
        let lock = Lock::take(folder.path(), holder.clone()).expect("free");
        let Err(Problem::Refused(message)) = Lock::take(folder.path(), holder.clone()) else {
            panic!("two writers")
        };
        assert!(message.contains(&format!("process {} on ", std::process::id())), "{message}");
        drop(lock);
        assert!(!holder.exists() && Lock::take(folder.path(), holder).is_ok());
    }
}
