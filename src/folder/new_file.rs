//! A file of results on its way to its name.

use super::Folder;
use super::files::{Draft, FileError, Result};
use std::io::{self, Write};

/// A file of results that is being written.
#[derive(Debug)]
pub struct NewFile<'a> {
    pub(super) draft: Draft,
    pub(super) folder: &'a Folder,
    pub(super) name: String,
}

impl NewFile<'_> {
    /// Gives the file its name, once it is whole and on the disk.
    pub fn finish(self) -> Result<()> {
        self.folder.place(self.draft, &self.name)
    }

    /// For `map_err`: an error of this file.
    pub fn failed<E: std::fmt::Display>(&self) -> impl Fn(E) -> FileError + use<E> {
        let path = self.folder.path.join(&self.name);
        move |error| FileError::new(&path, error)
    }
}

impl Write for NewFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.draft.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.draft.flush()
    }
}
