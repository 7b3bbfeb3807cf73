//! Names of scenarios and rule sets, which become folders and rows of tables on every system.

use super::document::Document;
use super::faults::{Errors, Place};
use super::files::File;
use super::values::clip;
use std::path::Path;

/// Longest name, in characters.
const LONGEST_NAME: usize = 80;

/// The stated name, or that of the file. It names folders and rows of tables.
pub(super) fn name_of(document: &Document, file: &File, name_or_path: &str, errors: &mut Errors) -> String {
    let stem = || Path::new(name_or_path).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = document.text("name").map(str::to_string).or_else(stem).unwrap_or_default();
    if let Some(why) = unfit_name(&name) {
        let place = document.place("name").cloned().unwrap_or_else(|| Place::start(&file.source));
        let hint =
            "write name = \"my-scenario\": letters, digits, - and _; results go to a folder of that name";
        errors.add(place, format!("\"{}\" cannot be a name: {why}", clip(&name)), || vec![hint.into()]);
    }
    name
}

/// Whether a shell or a program takes a name for something else than one word.
fn needs_quotes(path: &str) -> bool {
    path.chars().any(|character| !(character.is_alphanumeric() || "._-/\\:".contains(character)))
}

/// A path as it can be pasted into a command: in quotes where a shell would take it apart.
pub fn pasted(path: &str) -> String {
    if needs_quotes(path) { format!("\"{path}\"") } else { path.to_string() }
}

/// Why a name cannot be that of a folder on every system, if so.
pub fn unfit_name(name: &str) -> Option<&'static str> {
    const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let base = name.split('.').next().unwrap_or_default().to_lowercase();
    let device = base.trim_end_matches(|character: char| character.is_ascii_digit());
    if name.is_empty() {
        Some("it is empty")
    } else if name.chars().count() > LONGEST_NAME {
        Some("it is longer than 80 characters")
    } else if name.chars().any(|character| character.is_control() || "/\\:*?\"<>|".contains(character)) {
        Some("it has a character that no folder may have")
    } else if name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) {
        Some("it begins or ends with a dot or space")
    } else if name.starts_with(['=', '+', '-', '@']) {
        Some("a spreadsheet would run it as a formula")
    } else if RESERVED.contains(&device) && base.len() <= device.len() + 1 {
        Some("Windows keeps it for a device")
    } else {
        None
    }
}
