//! Files with errors that name them, and bytes that are on the disk before anything relies on them.

use sha2::{Digest, Sha256};
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Why a file could not be read or written; the message names the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError(String);

/// What comes of reading and writing.
pub type Result<T> = std::result::Result<T, FileError>;

impl FileError {
    /// An error of a file.
    pub fn new(path: &Path, error: impl Display) -> Self {
        Self(format!("{}: {error}", path.display()))
    }

    /// For `map_err`.
    pub fn of<E: Display>(path: &Path) -> impl Fn(E) -> Self {
        move |error| Self::new(path, error)
    }
}

impl Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for FileError {}

impl From<FileError> for io::Error {
    fn from(error: FileError) -> Self {
        Self::other(error)
    }
}

/// Opens a file to read.
pub fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(FileError::of(path))
}

/// Reads a text.
pub fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(FileError::of(path))
}

/// Lines of a text file, one after another.
pub fn lines(path: &Path) -> Result<impl Iterator<Item = Result<String>>> {
    let lines = io::BufRead::lines(io::BufReader::new(open(path)?));
    let path = path.to_path_buf();
    Ok(lines.map(move |line| line.map_err(FileError::of(&path))))
}

/// A reader of a table.
pub fn table(path: &Path, has_headers: bool) -> Result<csv::Reader<File>> {
    Ok(csv::ReaderBuilder::new().has_headers(has_headers).from_reader(open(path)?))
}

/// SHA-256 of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(Sha256::digest(bytes).as_slice())
}

/// SHA-256 of a file.
pub fn sha256_of(path: &Path) -> Result<String> {
    let (mut file, mut hash, mut piece) = (open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece).map_err(FileError::of(path))? {
            0 => return Ok(hexadecimal(hash.finalize().as_slice())),
            length => hash.update(&piece[..length]),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether there is anything of that name: a file, a folder or a link that leads nowhere.
pub fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// A free name beside a file for what it holds: `rounds.changed.csv`, or `rounds.changed-2.csv`.
pub(super) fn free_beside(path: &Path) -> PathBuf {
    let part = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    let stem = part(path.file_stem()).unwrap_or_default();
    let ending = part(path.extension()).map_or(String::new(), |ending| format!(".{ending}"));
    let mut number = 1;
    loop {
        let which = if number == 1 { String::new() } else { format!("-{number}") };
        let beside = path.with_file_name(format!("{stem}.changed{which}{ending}"));
        if !is_there(&beside) {
            return beside;
        }
        number += 1;
    }
}

pub(super) fn create_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(FileError::of(path))
}

/// Removes a file; one that is not there is no error.
pub(super) fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::new(path, error)),
        _ => Ok(()),
    }
}

/// Removes a folder with all that is in it.
pub(super) fn remove_folder(path: &Path) -> Result<()> {
    std::fs::remove_dir_all(path).map_err(FileError::of(path))
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(FileError::of(to))
}

/// Entries of a folder.
pub(super) fn entries(path: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(path).map_err(FileError::of(path))?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(FileError::of(path))).collect()
}

/// Brings names in a folder to the disk. Windows has no such call and writes them itself.
pub(super) fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(windows) { Ok(()) } else { open(path)?.sync_all().map_err(FileError::of(path)) }
}

/// Brings the bytes of a file that was written to the disk.
pub(super) fn sync(path: &Path) -> Result<()> {
    let file = std::fs::OpenOptions::new().write(true).open(path).map_err(FileError::of(path))?;
    file.sync_all().map_err(FileError::of(path))
}

/// A file that is being written; its errors name it.
#[derive(Debug)]
pub struct Output {
    file: File,
    path: PathBuf,
}

impl Output {
    /// Starts a file.
    pub(super) fn create(path: &Path) -> Result<Self> {
        Ok(Self { file: File::create(path).map_err(FileError::of(path))?, path: path.to_path_buf() })
    }

    /// Goes on at the end of a file.
    pub(super) fn append(path: &Path) -> Result<Self> {
        let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
        Ok(Self { file: file.map_err(FileError::of(path))?, path: path.to_path_buf() })
    }

    pub(super) fn sync(&self) -> Result<()> {
        self.file.sync_data().map_err(FileError::of(&self.path))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(FileError::of(&self.path)).map_err(io::Error::from)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file on its way: written beside its place and hashed as it grows, named when whole and on the disk.
#[derive(Debug)]
pub(super) struct Draft {
    writer: BufWriter<Output>,
    hash: Sha256,
    path: PathBuf,
    is_named: bool,
}

impl Draft {
    pub(super) fn create(path: PathBuf) -> Result<Self> {
        let writer = BufWriter::new(Output::create(&path)?);
        Ok(Self { writer, hash: Sha256::new(), path, is_named: false })
    }

    /// Brings all bytes to the disk; their hash.
    pub(super) fn finish(&mut self) -> Result<String> {
        self.writer.flush().map_err(FileError::of(&self.path))?;
        self.writer.get_ref().file.sync_all().map_err(FileError::of(&self.path))?;
        Ok(hexadecimal(self.hash.clone().finalize().as_slice()))
    }

    /// Gives the finished file its name.
    pub(super) fn name(mut self, path: &Path) -> Result<()> {
        rename(&self.path, path)?;
        self.is_named = true;
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for Draft {
    /// What came to nothing gives its room back, which a full disk needs.
    fn drop(&mut self) {
        if !self.is_named {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes a file so that it is there whole or not at all, and stays.
pub(super) fn write_whole(beside: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let mut draft = Draft::create(beside.to_path_buf())?;
    draft.write_all(bytes).map_err(FileError::of(beside))?;
    draft.finish()?;
    draft.name(path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("no/such.csv");
        let named = path.display().to_string();
        assert!(read_text(&path).expect_err("missing").to_string().starts_with(&named));
        assert!(sha256_of(&path).expect_err("missing").to_string().starts_with(&named));
        assert!(Draft::create(path).expect_err("no folder").to_string().starts_with(&named));
    }

    #[test]
    fn what_is_dropped_leaves_nothing_and_what_is_named_has_the_hash_of_its_bytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let (beside, path) = (folder.path().join("beside"), folder.path().join("table.csv"));
        drop(Draft::create(beside.clone()).expect("a draft"));
        assert!(!is_there(&beside));
        let mut draft = Draft::create(beside.clone()).expect("a draft");
        draft.write_all(b"a,b\n").expect("written");
        let hash = draft.finish().expect("finished");
        draft.name(&path).expect("named");
        assert_eq!(hash, sha256(b"a,b\n"));
        assert_eq!(hash, sha256_of(&path).expect("read"));
        assert!(!is_there(&beside));
    }
}
