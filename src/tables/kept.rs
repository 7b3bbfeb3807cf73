//! Runs of a study over many points that are over, kept in one file until its tables are written.

use super::{optional_cell, write_whole};
use crate::experiment::sweep::Means;
use crate::measure::names;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

/// Means of finished runs, by place in the plan; each is a line of the file as soon as its run is over.
#[derive(Debug)]
pub struct Kept {
    means: Vec<Option<Means>>,
    file: Mutex<File>,
}

impl Kept {
    /// Opens the file of a plan of so many runs; only whole lines of an interrupted study count.
    pub fn open(path: &Path, runs: usize) -> io::Result<Self> {
        let text = if path.exists() { std::fs::read_to_string(path)? } else { String::new() };
        let mut means = vec![None; runs];
        let mut whole = String::new();
        for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            let Some((run, values)) = line.trim_end().split_once(',') else { continue };
            let Some(place) = run.parse::<usize>().ok().and_then(|run| means.get_mut(run)) else { continue };
            let values: Option<Means> = values.split(',').map(read_mean).collect();
            if values.as_ref().is_some_and(|values| values.len() == names::all().len()) {
                *place = values;
                whole.push_str(line);
            }
        }
        write_whole(path, whole.as_bytes())?;
        Ok(Self { means, file: Mutex::new(OpenOptions::new().append(true).open(path)?) })
    }

    /// Runs that are not over yet.
    pub fn missing(&self) -> Vec<usize> {
        (0..self.means.len()).filter(|&run| self.means[run].is_none()).collect()
    }

    /// Writes a run that is over; in one piece, so that no other comes between.
    pub fn keep(&self, run: usize, means: &Means) -> io::Result<()> {
        let cells: Vec<String> = means.iter().map(|&mean| optional_cell(mean)).collect();
        let line = format!("{run},{}\n", cells.join(","));
        let mut file = self.file.lock().map_err(|_| io::Error::other("another run broke off"))?;
        file.write_all(line.as_bytes())
    }

    /// All runs in order, with those that were missing; nothing where one still is.
    pub fn with(mut self, played: impl IntoIterator<Item = (usize, Means)>) -> Option<Vec<Means>> {
        for (run, means) in played {
            self.means[run] = Some(means);
        }
        self.means.into_iter().collect()
    }
}

/// A cell as it was written: empty where there was no value; nothing where it is no number.
fn read_mean(cell: &str) -> Option<Option<f64>> {
    if cell.is_empty() { Some(None) } else { cell.parse().ok().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_come_back_to_the_bit_and_torn_ones_are_played_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("means.csv");
        let of = |run: usize| {
            let mut means = vec![None; names::all().len()];
            (means[0], means[2]) = (Some(0.1 + run as f64 / 3.0), Some(0.0));
            means
        };
        let kept = Kept::open(&path, 4).expect("a file");
        assert_eq!(kept.missing(), [0, 1, 2, 3]);
        for run in [2, 0, 1] {
            kept.keep(run, &of(run)).expect("written");
        }
        drop(kept);
        let text = std::fs::read_to_string(&path).expect("text");
        std::fs::write(&path, &text[..text.len() - 5]).expect("torn");
        let kept = Kept::open(&path, 4).expect("a file");
        assert_eq!(kept.missing(), [1, 3]);
        kept.keep(3, &of(3)).expect("written");
        assert_eq!(Kept::open(&path, 4).expect("a file").missing(), [1]);
        assert_eq!(kept.with([(1, of(1)), (3, of(3))]), Some([0, 1, 2, 3].map(of).to_vec()));
    }
}
