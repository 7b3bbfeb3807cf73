//! A copy of the manifest beside the parts, so that a damaged one is known, and known to be the program's.

use super::files::{FileError, Result, sha256, sha256_of, write_whole};
use serde_json::Value;
use std::path::Path;

/// The copy, with its checksum in the first line.
pub(super) const COPY: &str = "finished";

/// A manifest without what only the machine and its hour said, so that the copy is the same for every run.
fn lasting(manifest: &Value) -> Value {
    let mut lasting = manifest.clone();
    lasting["machine"] = Value::Null;
    lasting
}

/// Writes the copy.
pub(super) fn write(parts: &Path, manifest: &Value) -> Result<()> {
    let text = format!("{:#}\n", lasting(manifest));
    let copy = format!("{}\n{text}", sha256(text.as_bytes()));
    write_whole(&parts.join("finished.writing"), &parts.join(COPY), copy.as_bytes())
}

/// Reads the copy; nothing where it is not there or damaged.
pub(super) fn read(parts: &Path) -> Result<Option<Value>> {
    let Some(text) = text_of(&parts.join(COPY))? else { return Ok(None) };
    let sound = text.split_once('\n').filter(|(hash, manifest)| sha256(manifest.as_bytes()) == *hash);
    Ok(sound.and_then(|(_, manifest)| serde_json::from_str(manifest).ok()))
}

/// Whether two manifests say the same of results.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    lasting(one) == lasting(other)
}

/// The hash of what counts of a manifest.
pub(super) fn hash(manifest: &Value) -> String {
    sha256(lasting(manifest).to_string().as_bytes())
}

/// The hash of a manifest's file: of what counts, or of its bytes where it is none.
pub(super) fn hash_of(path: &Path) -> Result<String> {
    let manifest = text_of(path)?.and_then(|text| serde_json::from_str(&text).ok());
    manifest.map_or_else(|| sha256_of(path), |manifest: Value| Ok(hash(&manifest)))
}

/// What a file says, damaged or not; nothing where there is none.
pub(super) fn text_of(path: &Path) -> Result<Option<String>> {
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = std::fs::read(path).map_err(FileError::of(path))?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_copy_comes_back_without_its_machine_and_a_damaged_one_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let manifest =
            json!({ "program": "rebalance", "worlds": [0.1, 1.0 / 3.0], "machine": { "threads": 2 } });
        assert_eq!(read(folder.path()).expect("no copy"), None);
        write(folder.path(), &manifest).expect("written");
        let copy = read(folder.path()).expect("read").expect("a copy");
        assert!(is_same(&copy, &manifest) && copy["machine"].is_null());
        assert_eq!(hash(&copy), hash(&manifest));
        let path = folder.path().join(COPY);
        let text = std::fs::read_to_string(&path).expect("text").replace("rebalance", "rebalanse");
        std::fs::write(&path, text).expect("damaged");
        assert_eq!(read(folder.path()).expect("read"), None);
    }
}
