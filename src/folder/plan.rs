//! What a folder is for: what decides its parts, and what is asked of them. Content counts, not paths or words.

use super::asked;
use super::files::sha256;
use serde_json::{Map, Value, json};

/// What decides the bytes of parts; the manifest has the same keys.
const IDENTITY: [&str; 5] = ["study", "sources", "bound", "scenarios", "inputs"];
/// Lines of a scenario that no part depends on, or whose content is known better from elsewhere: names, the number of
/// replicates, and paths, of which the files themselves count.
const FREE: [&str; 6] = ["name", "question", "replicates", "areas_file", "charities_file", "region"];
/// Differences that are named; more only make a screen unreadable.
const NAMED: usize = 6;

/// Role of a file whose every byte counts; of others what they say counts.
pub const TABLE: &str = "table";

/// A plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What decides the bytes of parts, by the keys of the manifest: `study` (what kind), `scenarios` (texts by rule
    /// set), `inputs` (files with role and hash), `bound` (anything else).
    pub identity: Map<String, Value>,
    /// What is asked of the parts, by the names of flags: replicates, points, measure.
    pub asked: Value,
    /// Files that may be written.
    pub files: Vec<String>,
    /// Whether parts stay when all is written: where they are small.
    pub keeps_runs: bool,
}

impl Plan {
    /// A plan of this build.
    pub fn new(study: &str, scenarios: Map<String, Value>, inputs: Vec<Value>, bound: Value) -> Self {
        let mut identity = Map::new();
        identity.insert("study".into(), json!(study));
        identity.insert("sources".into(), json!(crate::build::SOURCES));
        identity.insert("bound".into(), bound);
        identity.insert("scenarios".into(), scenarios.into());
        identity.insert("inputs".into(), inputs.into());
        Self { identity, asked: Value::Null, files: Vec::new(), keeps_runs: false }
    }

    /// A file that is read, unless it is known to be.
    pub fn read(&mut self, input: Value) {
        if let Some(inputs) = self.identity["inputs"].as_array_mut().filter(|inputs| !inputs.contains(&input))
        {
            inputs.push(input);
        }
    }

    /// Something else that decides the parts.
    pub fn bind(&mut self, key: &str, value: Value) {
        self.identity["bound"][key] = value;
    }

    /// The text that is kept while the plan is worked on.
    pub(super) fn text(&self) -> String {
        let mut text = self.identity.clone();
        text.insert("version".into(), json!(crate::build::VERSION));
        text.insert("asked".into(), self.asked.clone());
        format!("{:#}\n", Value::from(text))
    }

    /// The mark that parts of this plan bear.
    pub(super) fn seal(&self) -> String {
        sha256(identity(&self.identity.clone().into()).as_bytes())
    }

    /// Why a plan or manifest of old is of something else; nothing where it is of the same.
    pub(super) fn differences(&self, old: &Value) -> Vec<String> {
        let new = Value::from(self.identity.clone());
        let asked = asked::differences(&old["asked"], &self.asked);
        if identity(old) == identity(&new) {
            return asked;
        }
        let mut found = Vec::new();
        if old["study"] == new["study"] {
            found.extend(asked);
        } else {
            found.push(format!(
                "what is there is {}, and this is {}",
                kind(&old["study"]),
                kind(&new["study"])
            ));
        }
        if old["sources"] != new["sources"] {
            let (was, is) = (word(&old["version"]), crate::build::VERSION);
            found.push(format!(
                "what is there is of another build: {was} (sources {:.12}), this is {is} (sources {:.12})",
                word(&old["sources"]),
                crate::build::SOURCES
            ));
        }
        found.extend(bound_differences(&old["bound"], &new["bound"]));
        found.extend(file_differences(old, &new));
        found.extend(line_differences(&old["scenarios"], &new["scenarios"]));
        if found.is_empty() {
            found.push("what is there is of another scenario or version".into());
        }
        let more = found.len().saturating_sub(NAMED);
        found.truncate(NAMED);
        if more > 0 {
            found.push(format!("and {more} more"));
        }
        found
    }
}

/// A text in a plan or manifest.
pub(super) fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("unknown")
}

/// The kind of a study, in words.
pub(super) fn kind(study: &Value) -> String {
    let words = match word(study) {
        "replicates" => "a run or comparison",
        "sweep" => "a study of many points",
        "sensitivity" => "a sensitivity analysis",
        "patterns" => "a run beside the facts",
        "search" => "a search among the facts",
        "calibration" => "a calibration",
        other => return format!("a study of {other}"),
    };
    words.into()
}

/// What counts of a plan or manifest, as one text.
fn identity(of: &Value) -> String {
    let mut text = String::new();
    for key in IDENTITY {
        let part = match key {
            "scenarios" => normal_texts(&of[key]),
            "inputs" => tables(&of[key]).join("\n"),
            _ => of[key].to_string(),
        };
        text.push_str(&format!("{key}\n{part}\n"));
    }
    text
}

/// Texts of scenarios, in order, without what is free.
fn normal_texts(scenarios: &Value) -> String {
    let texts = scenarios.as_object().into_iter().flatten();
    texts.map(|(name, text)| format!("rules {name}\n{}\n", counted(word(text)).join("\n"))).collect()
}

/// Lines that count, each with its block.
fn counted(text: &str) -> Vec<String> {
    let mut block = "";
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with('[') {
            block = line;
            lines.push(line.to_string());
            continue;
        }
        let key = line.split_once(" = ").map_or(line, |(key, _)| key);
        // The options of a menu have names that count.
        let is_free = FREE.contains(&key) && block != "[[menu]]";
        if !is_free {
            lines.push(format!("{block} {line}"));
        }
    }
    lines
}

/// Roles and hashes of the files whose every byte counts.
fn tables(inputs: &Value) -> Vec<String> {
    let list = inputs.as_array().into_iter().flatten().filter(|input| input["kind"] == TABLE);
    let mut tables: Vec<String> =
        list.map(|input| format!("{} {}", word(&input["role"]), word(&input["sha256"]))).collect();
    tables.sort();
    tables
}

/// Names files that are no longer what they were.
fn file_differences(old: &Value, new: &Value) -> Vec<String> {
    let list = |of: &Value| of["inputs"].as_array().cloned().unwrap_or_default();
    let (was, is) = (list(old), list(new));
    let same = |a: &Value, b: &Value| a["role"] == b["role"] && a["file"] == b["file"];
    let counts = |input: &Value| {
        let scenarios = normal_texts(&old["scenarios"]) != normal_texts(&new["scenarios"]);
        input["kind"] == TABLE || scenarios
    };
    let mut found = Vec::new();
    for input in is.iter().filter(|input| counts(input)) {
        let file = word(&input["file"]);
        match was.iter().find(|other| same(other, input)) {
            Some(other) if other["sha256"] != input["sha256"] => {
                found.push(format!("{file} has been edited since"));
            }
            None if !was.iter().any(|other| other["sha256"] == input["sha256"]) => {
                found.push(format!("{file} was not read then"));
            }
            _ => {}
        }
    }
    let gone = |other: &&Value| {
        counts(other) && !is.iter().any(|input| same(input, other) || input["sha256"] == other["sha256"])
    };
    found.extend(was.iter().filter(gone).map(|other| format!("{} is not read now", word(&other["file"]))));
    found
}

/// Keys whose values differ between scenarios of the same rule set.
fn line_differences(old: &Value, new: &Value) -> Vec<String> {
    let names = |of: &Value| -> Vec<String> {
        of.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    if names(old) != names(new) {
        return vec![format!(
            "the rule sets were {}, and are {}",
            names(old).join(", "),
            names(new).join(", ")
        )];
    }
    let mut found = Vec::new();
    for (name, text) in new.as_object().into_iter().flatten() {
        let (was, is) = (counted(word(&old[name])), counted(word(text)));
        let added = is.iter().filter(|line| !was.contains(line));
        found.extend(added.map(|line| format!("rule set {name}: now {}", line.trim())));
        let gone = was.iter().filter(|line| !is.contains(line));
        found.extend(gone.map(|line| format!("rule set {name}: was {}", line.trim())));
    }
    found
}

/// What else binds the parts together.
fn bound_differences(old: &Value, new: &Value) -> Vec<String> {
    const REASONS: [(&str, &str); 3] = [
        (
            "latin_hypercube_of",
            "the values of a Latin hypercube change with the number of replicates, so that no part can be used again",
        ),
        ("split", "--split and its baseline decide what is kept of each replicate"),
        ("ranges", "the ranges or facts of the search are others"),
    ];
    let differs = |(key, _): &&(&str, &str)| old[*key] != new[*key];
    REASONS.iter().filter(differs).map(|(_, reason)| (*reason).to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "version = 1\nname = \"mine\"\nquestion = \"?\"\n\n[run]\nreplicates = 4\nrounds = 8\n\n[world]\n\
                        areas_file = \"areas.csv\"\n";

    fn plan(text: &str, file: &str, hash: &str) -> Plan {
        let scenarios = [("baseline".to_string(), json!(text))].into_iter().collect();
        let inputs = vec![json!({ "role": "areas_file", "kind": TABLE, "file": file, "sha256": hash })];
        Plan::new("replicates", scenarios, inputs, Value::Null)
    }

    #[test]
    fn names_paths_and_replicates_are_free_and_all_else_counts() {
        let old = Value::from(plan(TEXT, "areas.csv", "a").identity);
        let moved = TEXT
            .replace("mine", "ours")
            .replace("areas.csv", "data/areas.csv")
            .replace("replicates = 4", "replicates = 9");
        let moved = plan(&moved, "data/areas.csv", "a");
        assert_eq!(moved.differences(&old), Vec::<String>::new());
        assert_eq!(moved.seal(), plan(TEXT, "areas.csv", "a").seal());
        let longer = plan(&TEXT.replace("rounds = 8", "rounds = 9"), "areas.csv", "a");
        assert_eq!(
            longer.differences(&old),
            ["rule set baseline: now [run] rounds = 9", "rule set baseline: was [run] rounds = 8"]
        );
        assert_ne!(longer.seal(), moved.seal());
    }

    #[test]
    fn an_edited_file_is_named() {
        let old = Value::from(plan(TEXT, "areas.csv", "a").identity);
        assert_eq!(plan(TEXT, "areas.csv", "b").differences(&old), ["areas.csv has been edited since"]);
        assert_eq!(
            plan(TEXT, "other.csv", "b").differences(&old),
            ["other.csv was not read then", "areas.csv is not read now"]
        );
    }
}
