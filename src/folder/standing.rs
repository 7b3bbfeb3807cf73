//! What stands in a folder, and what that means for a plan.

use super::files::{Result, is_there, sha256_of};
use super::kept::{self, text_of};
use super::lock::LOCK;
use super::{MANIFEST, PARTS, PLAN, Plan, RUNS, WRITTEN, Wish, asked, part, runs};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

/// What is to be done.
pub(super) enum Judgement {
    /// Nothing: it is another's.
    Refuse(String),
    /// Nothing: it is done.
    Complete,
    /// Nothing but the manifest is damaged.
    Restore(Damage),
    /// These charts are drawn again.
    Draw(Damage),
    /// Everything anew.
    Afresh,
    /// What is missing; these finished files are not as they were written.
    GoOn(Damage),
}

/// Files of the program, each with the hashes that it may have; with none where any will do.
pub(super) type Listed = BTreeMap<String, BTreeSet<String>>;

/// Files that are not as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Damage {
    /// Files that are gone.
    pub missing: Vec<String>,
    /// Files that hold something else.
    pub changed: Vec<String>,
}

impl Damage {
    fn names(&self) -> impl Iterator<Item = &String> {
        self.missing.iter().chain(&self.changed)
    }

    fn is_empty(&self) -> bool {
        self.names().next().is_none()
    }

    /// What is wrong, a text each.
    pub(super) fn words(&self) -> Vec<String> {
        let kinds = [(&self.missing, "missing"), (&self.changed, "not as written")];
        let some = kinds.into_iter().filter(|(names, _)| !names.is_empty());
        some.map(|(names, what)| format!("{}: {what}", names.join(", "))).collect()
    }

    /// What is wrong, and what is done about it, a text each.
    pub(super) fn told(&self, done: &str) -> Vec<String> {
        self.words().into_iter().map(|words| format!("{words}; {done}")).collect()
    }

    /// The same of tables alone, of which charts and report tell.
    pub(super) fn of_tables(mut self) -> Self {
        self.missing.retain(|name| name.ends_with(".csv") && !is_drawn(name));
        self.changed.retain(|name| name.ends_with(".csv") && !is_drawn(name));
        self
    }
}

/// What stands in a folder.
pub(super) struct Standing {
    /// The manifest, or its copy where that is damaged.
    pub manifest: Option<Value>,
    /// Whether the manifest stands where it should, as it was written.
    is_whole: bool,
    /// The plan that is worked on; null where it is damaged.
    plan: Option<Value>,
    /// Files of the program.
    pub listed: Listed,
}

impl Standing {
    /// Looks at a folder, which need not be there.
    pub(super) fn of(path: &Path) -> Result<Self> {
        let json = |text: String| serde_json::from_str::<Value>(&text).ok();
        let parts = path.join(PARTS);
        let plan = text_of(&parts.join(PLAN))?.map(|text| json(text).unwrap_or(Value::Null));
        let copy = kept::read(&parts)?;
        let stands = text_of(&path.join(MANIFEST))?.and_then(json);
        let stands = stands.filter(|manifest| manifest["program"] == "rebalance");
        let (manifest, is_whole) = match (stands, &copy) {
            (Some(stands), Some(copy)) if plan.is_none() && is_spoilt(path, &stands, copy)? => {
                (Some(copy.clone()), false)
            }
            (None, Some(copy)) if plan.is_none() && is_any_there(path, copy) => (Some(copy.clone()), false),
            (stands, _) => (stands, true),
        };
        let mut listed = Listed::new();
        for (name, hash) in manifest.iter().flat_map(hashes) {
            listed.entry(name).or_default().insert(hash);
        }
        if let Some(manifest) = &manifest {
            let hashes = copy.iter().chain([manifest]).map(kept::hash);
            listed.entry(MANIFEST.to_string()).or_default().extend(hashes);
        }
        let written = text_of(&parts.join(WRITTEN))?.unwrap_or_default();
        let lines = written.lines().filter_map(|line| line.split_once("  "));
        for (hash, name) in lines.filter(|(_, name)| is_inside(name)) {
            listed.entry(name.to_string()).or_default().insert(hash.to_string());
        }
        Ok(Self { manifest, is_whole, plan, listed })
    }

    /// What the folder's standing means for a plan.
    pub(super) fn judge(&self, path: &Path, plan: &Plan, wish: Wish) -> Result<Judgement> {
        let shown = path.display();
        let names = plan.files.iter().map(String::as_str).chain([MANIFEST]);
        let foreign: Vec<&str> =
            names.filter(|name| !self.listed.contains_key(*name) && is_there(&path.join(name))).collect();
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
        let differences = self.differences(path, plan)?;
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

    /// Why what is there is of another plan. Where the plan is damaged, the parts say whose they are.
    fn differences(&self, path: &Path, plan: &Plan) -> Result<Vec<String>> {
        let of = |old: Option<&Value>| old.map(|old| plan.differences(old)).unwrap_or_default();
        if self.plan != Some(Value::Null) {
            return Ok(of(self.plan.as_ref().or(self.manifest.as_ref())));
        }
        let (parts, seal) = (path.join(PARTS), plan.seal());
        if part::are_of(&parts, &seal)? && runs::are_of(&parts.join(RUNS), &seal)? {
            return Ok(of(self.manifest.as_ref()));
        }
        Ok(vec![format!("{} is damaged, and the parts beside it are of another", parts.join(PLAN).display())])
    }

    /// Of a plan whose parts fit: whether all that is asked is done.
    fn finished(&self, path: &Path, plan: &Plan) -> Result<Judgement> {
        if self.plan == Some(Value::Null) {
            let changed = vec![format!("{PARTS}/{PLAN}")];
            return Ok(Judgement::GoOn(Damage { changed, ..Damage::default() }));
        }
        if !self.is_done(plan) {
            return Ok(Judgement::GoOn(Damage::default()));
        }
        let damage = self.damage(path)?;
        let is_of_tables = |name: &String| name != MANIFEST && !is_drawn(name);
        Ok(match self.plan {
            _ if damage.is_empty() => Judgement::Complete,
            // Half-way through work that was asked for after the manifest was written.
            Some(_) => Judgement::GoOn(Damage::default()),
            None if damage.names().all(|name| name == MANIFEST) => Judgement::Restore(damage),
            None if damage.names().any(is_of_tables) => Judgement::GoOn(damage),
            None => Judgement::Draw(damage),
        })
    }

    /// Whether the manifest is of a plan, and of all that it asks.
    pub(super) fn is_done(&self, plan: &Plan) -> bool {
        let fits =
            |manifest: &Value| plan.differences(manifest).is_empty() && manifest["asked"] == plan.asked;
        self.manifest.as_ref().is_some_and(fits)
    }

    /// Finished results that are whole: work that was begun since may have replaced some of them.
    pub(super) fn results(&self, path: &Path) -> Result<Option<&Value>> {
        let Some(manifest) = &self.manifest else { return Ok(None) };
        let is_whole = self.plan.is_none() || damage_of(path, manifest)?.is_empty();
        Ok(is_whole.then_some(manifest))
    }

    /// Finished results that those of a plan would replace and not hold: tables of every replicate hold those of fewer,
    /// and means hold no other means.
    pub(super) fn beyond(&self, path: &Path, plan: &Plan) -> Result<Option<&Value>> {
        let asked = plan.asked["replicates"].as_u64().unwrap_or_default();
        let is_held = |manifest: &Value| {
            let is_fewer = manifest["replicates"].as_u64().is_none_or(|has| has <= asked);
            asked::is_same(&manifest["asked"], &plan.asked) || !plan.keeps_runs && is_fewer
        };
        Ok(self.results(path)?.filter(|manifest| !is_held(manifest)))
    }

    /// Files that are not as the manifest says, and the manifest itself.
    pub(super) fn damage(&self, path: &Path) -> Result<Damage> {
        let mut damage = match &self.manifest {
            Some(manifest) => damage_of(path, manifest)?,
            None => Damage::default(),
        };
        if !self.is_whole {
            let is_gone = !is_there(&path.join(MANIFEST));
            if is_gone { &mut damage.missing } else { &mut damage.changed }.push(MANIFEST.to_string());
        }
        Ok(damage)
    }

    fn is_empty(&self) -> bool {
        self.plan.is_none() && self.manifest.is_none()
    }
}

/// Whether a manifest is not the one that was written here, of which there is a copy. One of other results, all of which
/// are here, was brought here with them.
fn is_spoilt(path: &Path, manifest: &Value, copy: &Value) -> Result<bool> {
    if kept::is_same(manifest, copy) {
        return Ok(false);
    }
    Ok(hashes(manifest) == hashes(copy) || !damage_of(path, manifest)?.is_empty())
}

/// Whether anything that a manifest lists is there; where nothing is, its results have been moved.
fn is_any_there(path: &Path, manifest: &Value) -> bool {
    hashes(manifest).keys().any(|name| is_there(&path.join(name)))
}

fn damage_of(path: &Path, manifest: &Value) -> Result<Damage> {
    let mut damage = Damage::default();
    for (name, hash) in hashes(manifest) {
        let file = path.join(&name);
        if !is_there(&file) {
            damage.missing.push(name);
        } else if !file.is_file() || sha256_of(&file)? != hash {
            damage.changed.push(name);
        }
    }
    Ok(damage)
}

fn refuse_foreign(path: &Path, foreign: &[&str]) -> String {
    let named: Vec<String> = foreign.iter().map(|name| path.join(name).display().to_string()).collect();
    let manifest = path.join(MANIFEST);
    let spoilt = if path.join(LOCK).is_file() && foreign.contains(&MANIFEST) {
        format!(
            "  = note: if {} is of this program, it is damaged, and its copy is gone\n",
            manifest.display()
        )
    } else {
        String::new()
    };
    format!(
        "error: {} would be overwritten, and no manifest says that this program wrote {}\n{spoilt}  = help: write \
         elsewhere with --out, or move what is there",
        named.join(", "),
        if foreign.len() == 1 { "it" } else { "them" }
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
