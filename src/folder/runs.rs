//! Runs of a study of which only a row of numbers is kept: one file, a line a run, each with its checksum.

use super::files::{FileError, Output, Result, sha256, write_whole};
use super::kept::text_of;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Digits of a line's checksum.
const CHECK: usize = 16;
/// How long lines may wait for the disk: a power cut costs the runs of this time, which are played again.
const WAIT: Duration = Duration::from_secs(1);

/// What is kept of a run.
pub type Values = Vec<Option<f64>>;

/// Runs that are over, by name.
#[derive(Debug)]
pub struct Runs {
    seal: String,
    path: PathBuf,
    kept: Mutex<Kept>,
    /// Lines that were not as they had been written.
    pub damaged: usize,
}

#[derive(Debug)]
struct Kept {
    values: BTreeMap<String, Values>,
    file: Output,
    synced: Instant,
}

impl Runs {
    /// Opens the file; lines that are torn, damaged or of another plan do not count, and go.
    pub(super) fn open(path: &Path, seal: &str, columns: usize) -> Result<Self> {
        let bytes =
            if path.exists() { std::fs::read(path).map_err(FileError::of(path))? } else { Vec::new() };
        let mut values = BTreeMap::new();
        let mut damaged = 0;
        for line in String::from_utf8_lossy(&bytes).split_inclusive('\n') {
            match read_line(line, seal).filter(|(_, values)| values.len() == columns) {
                Some((name, row)) => {
                    values.insert(name, row);
                }
                None => damaged += 1,
            }
        }
        if damaged > 0 {
            write_all(path, &values, seal)?;
        }
        let kept = Kept { values, file: Output::append(path)?, synced: Instant::now() };
        Ok(Self { seal: seal.to_string(), path: path.to_path_buf(), kept: Mutex::new(kept), damaged })
    }

    /// A run that is over.
    pub fn get(&self, name: &str) -> Option<Values> {
        self.lock().values.get(name).cloned()
    }

    /// Keeps a run; in one piece, so that no other comes between.
    pub fn keep(&self, name: &str, values: &Values) -> Result<()> {
        let line = line(name, values, &self.seal);
        let mut kept = self.lock();
        kept.file.write_all(line.as_bytes()).map_err(FileError::of(&self.path))?;
        kept.values.insert(name.to_string(), values.clone());
        if kept.synced.elapsed() > WAIT {
            kept.file.sync()?;
            kept.synced = Instant::now();
        }
        Ok(())
    }

    /// Writes all runs anew in the order of their names, so that the file does not tell how often it was interrupted.
    pub fn settle(&self) -> Result<()> {
        write_all(&self.path, &self.lock().values, &self.seal)
    }

    /// Nothing is half done where another thread broke off: a line is kept after it is written.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Whether some run in a file is of a plan, or there is none that is whole.
pub(super) fn are_of(path: &Path, seal: &str) -> Result<bool> {
    let text = text_of(path)?.unwrap_or_default();
    let mut whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n')).peekable();
    Ok(whole.peek().is_none() || whole.any(|line| read_line(line, seal).is_some()))
}

fn write_all(path: &Path, values: &BTreeMap<String, Values>, seal: &str) -> Result<()> {
    let lines: Vec<String> = values.iter().map(|(name, values)| line(name, values, seal)).collect();
    write_whole(&path.with_extension("writing"), path, lines.concat().as_bytes())
}

/// A run as a line: name, values, checksum; an empty cell is a value that is not defined.
fn line(name: &str, values: &Values, seal: &str) -> String {
    let cell = |value: &Option<f64>| value.map_or(String::new(), |value| format!("{value:?}"));
    let cells: Vec<String> = values.iter().map(cell).collect();
    let body = format!("{name},{}", cells.join(","));
    format!("{body},{}\n", check(&body, seal))
}

fn check(body: &str, seal: &str) -> String {
    sha256(format!("{seal}\n{body}").as_bytes())[..CHECK].to_string()
}

fn read_line(line: &str, seal: &str) -> Option<(String, Values)> {
    let (body, stated) = line.strip_suffix('\n')?.rsplit_once(',')?;
    if stated != check(body, seal) {
        return None;
    }
    let (name, cells) = body.split_once(',')?;
    let value = |cell: &str| if cell.is_empty() { Some(None) } else { cell.parse().ok().map(Some) };
    Some((name.to_string(), cells.split(',').map(value).collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(run: usize) -> Values {
        vec![Some(0.1 + run as f64 / 3.0), None, Some(f64::INFINITY), Some(-0.0)]
    }

    #[test]
    fn whole_lines_come_back_to_the_bit_and_damaged_ones_do_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("runs.csv");
        let open = |seal: &str| Runs::open(&path, seal, 4).expect("a file");
        let runs = open("plan");
        for run in [3, 0, 2, 1] {
            runs.keep(&format!("run-{run}"), &of(run)).expect("written");
        }
        drop(runs);
        let text = std::fs::read_to_string(&path).expect("text").replacen("0.1,", "0.2,", 1);
        std::fs::write(&path, &text[..text.len() - 5]).expect("damaged and torn");
        let runs = open("plan");
        assert_eq!(runs.damaged, 2);
        assert_eq!(
            [0, 1, 2, 3].map(|run| runs.get(&format!("run-{run}"))),
            [None, None, Some(of(2)), Some(of(3))]
        );
        runs.keep("run-1", &of(1)).expect("written");
        runs.keep("run-0", &of(0)).expect("written");
        runs.settle().expect("written");
        let settled = std::fs::read_to_string(&path).expect("text");
        assert!(settled.starts_with("run-0,0.1,") && settled.lines().count() == 4, "{settled}");
        assert_eq!((open("plan").damaged, open("another").damaged), (0, 4));
    }
}
