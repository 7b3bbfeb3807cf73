//! What stands in a folder, and what that means for a plan.

use super::files::{Result, is_there, read_text, sha256_of};
use super::{MANIFEST, PARTS, PLAN, Plan, WRITTEN, Wish};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

/// What is to be done.
pub(super) enum Judgement {
    /// Nothing: it is another's.
    Refuse(String),
    /// Nothing: it is done.
    Complete,
    /// These charts are drawn again.
    Draw(Vec<String>),
    /// Everything anew.
    Afresh,
    /// What is missing; these finished files are not as they were written.
    GoOn(Vec<String>),
}

/// What stands in a folder.
pub(super) struct Standing {
    /// The manifest, where it is one of this program.
    pub manifest: Option<Value>,
    /// The plan that is worked on.
    plan: Option<Value>,
    /// Files of the program.
    pub listed: BTreeSet<String>,
}

impl Standing {
    /// Looks at a folder, which need not be there.
    pub(super) fn of(path: &Path) -> Result<Self> {
        let read = |path: &Path| -> Result<Option<String>> {
            if path.is_file() { read_text(path).map(Some) } else { Ok(None) }
        };
        let json = |text: String| serde_json::from_str::<Value>(&text).ok();
        let manifest = read(&path.join(MANIFEST))?.and_then(json);
        let manifest = manifest.filter(|manifest| manifest["program"] == "rebalance");
        let plan = read(&path.join(PARTS).join(PLAN))?;
        // A plan that cannot be read is still a plan: nothing fits it.
        let plan = plan.map(|text| json(text).unwrap_or(Value::Null));
        let mut listed: BTreeSet<String> = manifest.iter().flat_map(hashes).map(|(name, _)| name).collect();
        listed.extend(manifest.iter().map(|_| MANIFEST.to_string()));
        let written = read(&path.join(PARTS).join(WRITTEN))?.unwrap_or_default();
        let names = written.lines().filter_map(|line| line.split_once("  "));
        listed.extend(names.map(|(_, name)| name.to_string()).filter(|name| is_inside(name)));
        Ok(Self { manifest, plan, listed })
    }

    /// What the folder's standing means for a plan.
    pub(super) fn judge(&self, path: &Path, plan: &Plan, wish: Wish) -> Result<Judgement> {
        let shown = path.display();
        let names = plan.files.iter().map(String::as_str).chain([MANIFEST]);
        let foreign: Vec<&str> =
            names.filter(|name| !self.listed.contains(*name) && is_there(&path.join(name))).collect();
        if !foreign.is_empty() && (wish.force || self.is_empty()) {
            return Ok(Judgement::Refuse(refuse_foreign(path, &foreign)));
        }
        if wish.force || self.is_empty() {
            return Ok(Judgement::Afresh);
        }
        if !wish.resume {
            return Ok(Judgement::Refuse(format!(
                "error: {shown} already holds results\n  = help: --resume goes on with what was interrupted, --force \
                 overwrites, --out writes elsewhere"
            )));
        }
        let old = self.plan.as_ref().or(self.manifest.as_ref());
        let differences = old.map(|old| plan.differences(old)).unwrap_or_default();
        if !differences.is_empty() {
            let notes: Vec<String> = differences.iter().map(|why| format!("  = note: {why}\n")).collect();
            return Ok(Judgement::Refuse(format!(
                "error: what is in {shown} is another study\n{}  = help: --force starts afresh, --out writes elsewhere",
                notes.concat()
            )));
        }
        if !foreign.is_empty() {
            return Ok(Judgement::Refuse(refuse_foreign(path, &foreign)));
        }
        self.finished(path, plan)
    }

    /// Of a plan whose parts fit: whether all that is asked is done.
    fn finished(&self, path: &Path, plan: &Plan) -> Result<Judgement> {
        let done = self
            .manifest
            .as_ref()
            .filter(|manifest| plan.differences(manifest).is_empty() && manifest["asked"] == plan.asked);
        if done.is_none() {
            return Ok(Judgement::GoOn(Vec::new()));
        }
        let damaged = self.damaged(path)?;
        Ok(match self.plan {
            _ if damaged.is_empty() => Judgement::Complete,
            // Half-way through work that was asked for after the manifest was written.
            Some(_) => Judgement::GoOn(Vec::new()),
            None if damaged.iter().all(|name| is_drawn(name)) => Judgement::Draw(damaged),
            None => Judgement::GoOn(damaged),
        })
    }

    /// Files that are not as the manifest says.
    pub(super) fn damaged(&self, path: &Path) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for (name, hash) in self.manifest.iter().flat_map(hashes) {
            let file = path.join(&name);
            if !file.is_file() || sha256_of(&file)? != hash {
                found.push(name);
            }
        }
        Ok(found)
    }

    fn is_empty(&self) -> bool {
        self.plan.is_none() && self.manifest.is_none()
    }
}

fn refuse_foreign(path: &Path, foreign: &[&str]) -> String {
    let named: Vec<String> = foreign.iter().map(|name| path.join(name).display().to_string()).collect();
    format!(
        "error: {} would be overwritten, and was not written by this program\n  = help: write elsewhere with --out, or \
         move what is there",
        named.join(", ")
    )
}

/// Whether a file is drawn from tables.
pub(super) fn is_drawn(name: &str) -> bool {
    name.starts_with("charts/") || name == "report.html"
}

/// Names and hashes of files that a manifest lists; none that is not inside the folder.
pub(super) fn hashes(manifest: &Value) -> BTreeMap<String, String> {
    let files = manifest["files_sha256"].as_object().into_iter().flatten();
    let text =
        |(name, hash): (&String, &Value)| (name.clone(), hash.as_str().unwrap_or_default().to_string());
    files.map(text).filter(|(name, _)| is_inside(name)).collect()
}

/// Whether a name in a list leads to a file in the folder: lists are files, and files can be tampered with.
fn is_inside(name: &str) -> bool {
    let path = Path::new(name);
    !name.is_empty()
        && !name.contains(['\\', ':'])
        && path.components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_list_reaches_outside_the_folder() {
        assert!(is_inside("rounds.csv") && is_inside("charts/map.svg"));
        for name in ["", "../rounds.csv", "/etc/passwd", "charts/../../x", "C:\\x", "\\\\host\\x", "C:x"] {
            assert!(!is_inside(name), "{name}");
        }
    }
}
