//! Scenario texts from the program itself or from files, of bounded size and in UTF-8.

use super::closest::nearest_name;
use super::faults::{Errors, Place, Source};
use super::library::{self, Shipped};
use super::values::clip;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Largest file that is read, in bytes.
const LARGEST_FILE: u64 = 1 << 20;
/// What to do about a text in another encoding.
const SAVE_AS_UTF8: &str = "save it as UTF-8: in Notepad, File > Save as > Encoding > UTF-8";

/// A text of a scenario or rule set.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// What it says.
    pub source: Arc<Source>,
    /// The folder it is in; none if it is built in.
    pub folder: Option<PathBuf>,
    /// The file itself, by a path that does not depend on how it was named.
    path: Option<PathBuf>,
}

impl File {
    /// One that the program brings along.
    pub fn built_in(shipped: Shipped) -> Self {
        Self {
            source: Source::new(format!("{} (built in)", shipped.name), shipped.text),
            folder: None,
            path: None,
        }
    }

    /// One from the disk.
    pub fn read(path: &Path, errors: &mut Errors) -> Option<Self> {
        let source = read_source(path, errors)?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Some(Self { source, folder: Some(folder), path: std::fs::canonicalize(path).ok() })
    }

    /// The folder of a built-in text, as in `theory/queue`.
    pub fn shelf(&self) -> Option<&str> {
        self.folder.is_none().then(|| self.source.name.split_once('/').map(|(shelf, _)| shelf)).flatten()
    }

    /// What tells two files apart.
    pub fn identity(&self) -> String {
        match &self.path {
            Some(path) => path.to_string_lossy().into_owned(),
            None => self.source.name.clone(),
        }
    }
}

/// The built-in text or the file of that name. Errors say what to do.
pub(super) fn find(name: &str, list: &[Shipped], errors: &mut Errors) -> Option<File> {
    let path = Path::new(name);
    let shipped = list.iter().find(|shipped| shipped.name == name);
    if let Some(shipped) = shipped.filter(|_| !path.is_file()) {
        return Some(File::built_in(*shipped));
    }
    if path.exists() {
        return File::read(path, errors);
    }
    let kind = if list.as_ptr() == library::RULES.as_ptr() { "rules" } else { "scenarios" };
    let hints = || {
        let beside = format!("{name}.toml");
        let mut hints = Vec::new();
        if Path::new(&beside).is_file() {
            hints.push(format!("did you mean {beside}?"));
        } else if let Some(shipped) = library::find(list, name) {
            hints.push(format!("\"{}\" is built in: leave out .toml", shipped.name));
        } else if let Some(near) = nearest_name(name, list.iter().map(|shipped| shipped.name)) {
            hints.push(format!("did you mean \"{near}\"?"));
        }
        hints.push(format!("`rebalance list {kind}` shows what is built in; a file is named with its .toml"));
        hints
    };
    let what = kind.trim_end_matches('s');
    errors.add(Place::named(&clip(name)), format!("there is no such {what} or file"), hints);
    None
}

fn read_source(path: &Path, errors: &mut Errors) -> Option<Arc<Source>> {
    let name = path.to_string_lossy().into_owned();
    if path.is_dir() {
        let hint = || vec!["name a file in it".into()];
        errors.add(Place::named(&name), "this is a folder", hint);
        return None;
    }
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        errors.add_unreadable(Place::named(&name), format!("this file cannot be read: {error}"));
        return None;
    }
    if bytes.len() as u64 > LARGEST_FILE {
        let hint = || vec!["a scenario is a short text; name tables with world.areas_file".into()];
        errors.add(Place::named(&name), "this file is larger than 1 MiB", hint);
        return None;
    }
    decode(name, bytes, errors)
}

fn decode(name: String, bytes: Vec<u8>, errors: &mut Errors) -> Option<Arc<Source>> {
    if is_utf16(&bytes) {
        errors.add(Place::named(&name), "this file is in UTF-16, not UTF-8", || vec![SAVE_AS_UTF8.into()]);
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(Source::new(name, text.strip_prefix('\u{feff}').unwrap_or(&text))),
        Err(error) => {
            let byte = error.utf8_error().valid_up_to();
            let source = Source::new(name, String::from_utf8_lossy(error.as_bytes()));
            let place = Place::new(&source, byte..byte + 3);
            errors.add(place, "this file is not in UTF-8", || vec![SAVE_AS_UTF8.into()]);
            None
        }
    }
}

/// Whether a text has the mark of UTF-16, or the zero bytes that UTF-16 gives to plain letters.
fn is_utf16(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64)];
    let zeros = head.iter().filter(|byte| **byte == 0).count();
    bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || (zeros >= 2 && zeros * 3 > head.len())
}

/// Why a path that a scenario states is not in the scenario's folder, if it is not.
pub(super) fn leaves_folder(folder: &Path, stated: &str) -> Option<&'static str> {
    let is_drive = stated.as_bytes().get(1) == Some(&b':');
    if is_drive || stated.starts_with(['/', '\\']) {
        return Some("the path is absolute, outside the scenario's folder");
    }
    let inside = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
    if !Path::new(&stated.replace('\\', "/")).components().all(inside) {
        return Some("the path leaves the scenario's folder");
    }
    let home = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let real = std::fs::canonicalize(folder.join(stated)).ok().zip(std::fs::canonicalize(home).ok());
    let escapes = real.is_some_and(|(file, home)| !file.starts_with(home));
    escapes.then_some("the path is a link that leaves the scenario's folder")
}
