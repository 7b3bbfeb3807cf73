//! What is asked of parts: what makes it another study, and with which numbers the same one goes on.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked may be called otherwise, and be of more or fewer replicates.
const OPEN: [&str; 3] = ["name", "question", "replicates"];
/// The design of points whose first ones stay where they are when there are more.
pub const SOBOL: &str = "sobol";

/// What is asked otherwise than before, but for names and the numbers with which a study goes on: of replicates, and of
/// Sobol points, which keep their values when there are more or fewer.
pub(super) fn differences(old: &Value, new: &Value) -> Vec<String> {
    let (was, is) = (flat(old), flat(new));
    let design = |asked: &BTreeMap<String, String>| asked.get("design").cloned();
    let is_sobol = design(&was) == design(&is) && design(&is).as_deref() == Some(SOBOL);
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let differs = |name: &&String| {
        let is_open = OPEN.contains(&name.as_str()) || is_sobol && *name == "points";
        !is_open && was.get(*name) != is.get(*name)
    };
    let text = |asked: &BTreeMap<String, String>, name: &String| {
        asked.get(name).cloned().unwrap_or_else(|| "not asked for".into())
    };
    let said = |name: &String| format!("--{name} was {}, and is {}", text(&was, name), text(&is, name));
    names.into_iter().filter(differs).map(said).collect()
}

/// Whether the same is asked, whatever it is called.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    let nameless = |asked: &Value| {
        let mut asked = asked.clone();
        ["name", "question"].into_iter().for_each(|word| asked[word] = Value::Null);
        asked
    };
    nameless(one) == nameless(other)
}

/// What is asked, each by its own name.
fn flat(asked: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, value) in asked.as_object().into_iter().flatten() {
        match value {
            Value::Object(_) if !OPEN.contains(&name.as_str()) => found.extend(flat(value)),
            Value::Null => {}
            Value::Array(values) => {
                let texts: Vec<String> = values.iter().map(bare).collect();
                found.insert(name.clone(), texts.join(" "));
            }
            one => {
                found.insert(name.clone(), bare(one));
            }
        }
    }
    found
}

fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(design: &str, points: u32) -> Value {
        let points = json!({ "vary": ["a=1", "b=2"], "design": design, "points": points });
        json!({ "name": "mine", "replicates": { "cap": 9 }, "points": points })
    }

    #[test]
    fn names_replicates_and_sobol_points_are_open_and_all_else_is_named() {
        let mut called = asked("sobol", 8);
        called["name"] = json!("ours");
        assert!(is_same(&called, &asked("sobol", 8)) && !is_same(&called, &asked("sobol", 9)));
        called["replicates"] = json!(3);
        assert_eq!(differences(&called, &asked("sobol", 9)), Vec::<String>::new());
        assert_eq!(differences(&asked("grid", 8), &asked("grid", 9)), ["--points was 8, and is 9"]);
        called["measure"] = json!(["outcomes"]);
        called["points"]["vary"] = json!(["a=1"]);
        let found = differences(&called, &asked("sobol", 8));
        assert_eq!(found, ["--measure was outcomes, and is not asked for", "--vary was a=1, and is a=1 b=2"]);
    }
}
