//! Scenarios as text: resolved, commented, as a schema, compared.

use super::parse::BLOCKS;
use super::registry::{Kind, Parameter, Value};
use super::uncertainty::{Design, Draw, Uncertainty};
use super::values::allowed;
use super::{Scenario, parameters};
use crate::round::menu::MOST_OPTIONS;
use serde_json::{Map, json};
use std::fmt::Write;

/// A value as TOML.
pub fn toml_value(value: &Value) -> String {
    match value {
        Value::Number(number) => {
            let text = format!("{number:?}");
            if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
        }
        Value::Whole(whole) => whole.to_string(),
        Value::Switch(on) => on.to_string(),
        Value::Text(text) => quoted(text),
        Value::Numbers(numbers) => {
            let items: Vec<String> =
                numbers.iter().map(|number| toml_value(&Value::Number(*number))).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// Text in quotes. JSON's escapes are TOML's, but TOML also escapes the delete character.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_string()).to_string().replace('\u{7f}', "\\u007f")
}

/// The resolved scenario: every key with its value. Loads back to the same scenario.
pub fn to_toml(scenario: &Scenario) -> String {
    let text = |text: &str| toml_value(&Value::Text(text.to_string()));
    let mut toml =
        format!("version = 1\nname = {}\nquestion = {}\n", text(&scenario.name), text(&scenario.question));
    let values = scenario.values();
    for block in BLOCKS {
        let _ = write!(toml, "\n[{block}]\n");
        for (key, value) in values.iter().filter(|(key, _)| key.starts_with(&format!("{block}."))) {
            let _ = writeln!(toml, "{} = {}", &key[block.len() + 1..], toml_value(value));
        }
    }
    if let Some(uncertainty) = &scenario.uncertainty {
        toml.push_str(&uncertainty_toml(uncertainty));
    }
    for reform in &scenario.reforms {
        let _ = write!(toml, "\n[[reform]]\nfrom_round = {}\n", reform.from_round);
        if !reform.areas.is_empty() {
            let areas: Vec<String> = reform.areas.iter().map(|area| text(area)).collect();
            let _ = writeln!(toml, "areas = [{}]", areas.join(", "));
        }
        for (key, value) in &reform.changes {
            let _ = writeln!(toml, "{key} = {}", toml_value(value));
        }
    }
    for choice in &scenario.menu {
        let _ = write!(toml, "\n[[menu]]\nname = {}\n", text(&choice.name));
        for (key, value) in &choice.changes {
            let _ = writeln!(toml, "{key} = {}", toml_value(value));
        }
    }
    toml
}

fn uncertainty_toml(uncertainty: &Uncertainty) -> String {
    let mut toml = "\n[uncertainty]\n".to_string();
    let fixed: Vec<String> =
        uncertainty.keys.iter().filter(|key| key.fixed).map(|key| quoted(key.key)).collect();
    if !fixed.is_empty() {
        let _ = writeln!(toml, "fixed = [{}]", fixed.join(", "));
    }
    match &uncertainty.draw {
        Draw::Region { path, .. } => {
            let _ = writeln!(toml, "region = {}", quoted(path));
        }
        Draw::Ranges(ranges, design) => {
            let _ = write!(toml, "design = {}\n\n[uncertainty.ranges]\n", quoted(design.name()));
            for (uncertain, (low, high)) in uncertainty.keys.iter().zip(ranges) {
                let value = |end: f64| {
                    toml_value(&if uncertain.whole { Value::Whole(end as i64) } else { Value::Number(end) })
                };
                let _ = writeln!(toml, "{} = [{}, {}]", quoted(uncertain.key), value(*low), value(*high));
            }
        }
    }
    toml
}

/// A commented scenario to start from: every key with meaning, unit, range and default.
pub fn template(name: &str) -> String {
    let mut toml = format!(
        "# {name}: a rebalance scenario. It starts from quick; lines that start\n\
         # with # show the values of quick: remove the # to change one.\n\
         # `rebalance check {name}.toml` finds mistakes and says what a run will cost;\n\
         # `rebalance explain KEY` tells more about a key.\n\
         version = 1\nname = {}\nquestion = \"What do you want to find out?\"\nextends = \"quick\"\n",
        toml_value(&Value::Text(name.to_string()))
    );
    let all = parameters::all();
    let shown = super::load("quick", &[]).map(|quick| quick.values()).unwrap_or_default();
    for block in BLOCKS {
        let _ = write!(toml, "\n[{block}]\n");
        for (parameter, (_, value)) in
            all.iter().zip(&shown).filter(|(parameter, _)| parameter.block() == block)
        {
            let _ = writeln!(toml, "# {}", parameter.meaning);
            let _ = writeln!(toml, "# {}", allowed(parameter));
            let _ = writeln!(toml, "# source: {}", parameter.source);
            let _ = writeln!(toml, "# {} = {}\n", parameter.name(), toml_value(value));
        }
    }
    toml.push_str(UNCERTAINTY);
    toml
}

/// The block of uncertain parameters in a template.
const UNCERTAINTY: &str = "
# What nobody knows exactly: every replicate is a world with values of its own, the same under every rule set.
[uncertainty]
# lowest and highest value of each uncertain key; `region = FILE.csv` gives points instead: a row of keys, then
# one row a point
# ranges = { \"market.contract_spread\" = [2.5, 2.8], \"population.cost_spread\" = [0.3, 0.45] }

# \"sobol\", or \"latin-hypercube\", whose values change with the number of replicates
# design = \"sobol\"

# keys that keep their value all the same
# fixed = []
";

/// JSON Schema (draft 2020-12) of scenario files.
pub fn schema() -> serde_json::Value {
    let mut blocks = Map::new();
    for block in BLOCKS {
        blocks.insert(block.to_string(), block_schema(block));
    }
    let mut properties = Map::new();
    properties.insert("version".into(), json!({ "const": 1 }));
    for key in ["name", "question", "extends"] {
        properties.insert(key.into(), json!({ "type": "string" }));
    }
    properties.extend(blocks);
    properties.insert("uncertainty".into(), uncertainty_schema());
    properties.insert(
        "reform".into(),
        json!({ "type": "array", "items": {
            "type": "object",
            "required": ["from_round"],
            "additionalProperties": false,
            "properties": {
                "from_round": { "type": "integer", "minimum": 0 },
                "areas": { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                "rules": block_schema("rules"),
                "behaviour": block_schema("behaviour"),
            },
        }}),
    );
    properties.insert(
        "menu".into(),
        json!({ "type": "array", "maxItems": MOST_OPTIONS - 1, "items": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": false,
            "properties": { "name": { "type": "string" }, "rules": block_schema("rules") },
        }}),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rebalance scenario",
        "type": "object",
        "required": ["version"],
        "additionalProperties": false,
        "properties": properties,
    })
}

fn uncertainty_schema() -> serde_json::Value {
    let range = json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
    let block = json!({ "type": "object", "additionalProperties": range });
    json!({ "type": "object", "additionalProperties": false, "properties": {
        "ranges": {
            "type": "object",
            "description": "lowest and highest value of each uncertain parameter, by dotted key",
            "additionalProperties": { "anyOf": [range, block] },
        },
        "design": { "enum": Design::ALL.map(Design::name), "default": Design::Sobol.name() },
        "region": { "type": "string", "description": "CSV file: a row of parameter keys, then one row a point" },
        "fixed": { "type": "array", "items": { "type": "string" } },
    }})
}

fn block_schema(block: &str) -> serde_json::Value {
    let all = parameters::all();
    let properties: Map<String, serde_json::Value> = all
        .iter()
        .filter(|parameter| parameter.block() == block)
        .map(|parameter| (parameter.name().to_string(), parameter_schema(parameter)))
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn parameter_schema(parameter: &Parameter) -> serde_json::Value {
    let mut schema = match parameter.kind {
        Kind::Number { min, max } => json!({ "type": "number", "minimum": min, "maximum": max }),
        Kind::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Choice(choices) => {
            json!({ "enum": choices.iter().map(|choice| choice.name).collect::<Vec<_>>() })
        }
        Kind::Numbers { min, max } => {
            json!({ "type": "array", "items": { "type": "number", "minimum": min, "maximum": max } })
        }
    };
    let description = format!("{} [{}]. Source: {}", parameter.meaning, parameter.unit, parameter.source);
    schema["description"] = json!(description);
    schema["default"] = match (parameter.default)() {
        Value::Number(number) => json!(number),
        Value::Whole(whole) => json!(whole),
        Value::Switch(on) => json!(on),
        Value::Text(text) => json!(text),
        Value::Numbers(numbers) => json!(numbers),
    };
    schema
}

/// Parameters in which two scenarios differ: key, first value, second value.
pub fn differences(a: &Scenario, b: &Scenario) -> Vec<(&'static str, String, String)> {
    a.values()
        .into_iter()
        .zip(b.values())
        .filter(|((_, a), (_, b))| a != b)
        .map(|((key, a), (_, b))| (key, toml_value(&a), toml_value(&b)))
        .collect()
}

/// The parameter tables of `docs/MODEL.md`.
pub fn markdown() -> String {
    let all = parameters::all();
    let mut text = String::new();
    for block in BLOCKS {
        let _ = write!(text, "### `[{block}]`\n\n| key | default | unit | meaning | off | source |\n");
        text.push_str("|---|---|---|---|---|---|\n");
        for parameter in all.iter().filter(|parameter| parameter.block() == block) {
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} | {} | {} |",
                parameter.name(),
                toml_value(&(parameter.default)()),
                parameter.unit,
                parameter.meaning,
                parameter.off.unwrap_or(""),
                parameter.source
            );
        }
        text.push('\n');
    }
    text
}
