//! Parts of many replicates read side by side.

use crate::folder::files::open;
use crate::folder::{FileError, Result};
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A line of a part's `areas.csv`.
pub(super) type AreaLine = Vec<Option<f64>>;

/// Lines of a block, all files together, so that memory does not grow with the number of replicates.
const LINES_AT_ONCE: usize = 1 << 18;

/// The same lines of many files side by side, one file open at a time: systems allow a process few.
pub(super) struct SideBySide {
    files: Vec<(PathBuf, u64)>,
}

impl SideBySide {
    pub(super) fn new(files: Vec<PathBuf>) -> Self {
        Self { files: files.into_iter().map(|file| (file, 0)).collect() }
    }

    /// The next lines that all files have, the values of all files in each; none at the end.
    pub(super) fn next_block(&mut self) -> Result<Vec<Vec<AreaLine>>> {
        let wanted = (LINES_AT_ONCE / self.files.len().max(1)).max(1);
        let mut block: Vec<Vec<AreaLine>> = Vec::new();
        for (place, (path, offset)) in self.files.iter_mut().enumerate() {
            let lines = lines_from(path, offset, wanted)?;
            if place == 0 {
                block = lines.into_iter().map(|line| vec![line]).collect();
                continue;
            }
            block.truncate(lines.len());
            block.iter_mut().zip(lines).for_each(|(row, line)| row.push(line));
        }
        Ok(block)
    }
}

/// Some lines of a file from an offset on, which moves behind them.
fn lines_from(path: &Path, offset: &mut u64, wanted: usize) -> Result<Vec<AreaLine>> {
    let mut file = open(path)?;
    file.seek(SeekFrom::Start(*offset)).map_err(FileError::of(path))?;
    let (mut reader, mut text, mut lines) = (BufReader::new(file), String::new(), Vec::new());
    while lines.len() < wanted {
        text.clear();
        match reader.read_line(&mut text).map_err(FileError::of(path))? {
            0 => break,
            length => *offset += length as u64,
        }
        lines.push(text.trim_end().split(',').map(|cell| cell.parse().ok()).collect());
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_all_files_come_side_by_side_block_by_block() {
        let folder = tempfile::tempdir().expect("a folder");
        // So many files that a block holds two lines.
        let count = LINES_AT_ONCE / 2;
        let paths = [0, 1].map(|file| folder.path().join(format!("{file}.csv")));
        std::fs::write(&paths[0], "1,\n2,\n3,\n").expect("written");
        std::fs::write(&paths[1], "4,5\n6,7\n8,9\n").expect("written");
        let mut few = SideBySide::new(paths.to_vec());
        let block = few.next_block().expect("read");
        assert_eq!(block.len(), 3);
        assert_eq!(block[1], [vec![Some(2.0), None], vec![Some(6.0), Some(7.0)]]);
        assert!(few.next_block().expect("read").is_empty());
        let mut offset = 0;
        assert_eq!(lines_from(&paths[0], &mut offset, LINES_AT_ONCE / count).expect("read").len(), 2);
        assert_eq!(
            lines_from(&paths[0], &mut offset, LINES_AT_ONCE / count).expect("read"),
            [[Some(3.0), None]]
        );
    }
}
