//! Parameters in words: one, a block, those of a word, and all that can be switched off.

use super::closest::closest_keys;
use super::registry::{Kind, Parameter, Value};
use super::values::allowed;
use super::write::toml_value;
use super::{Scenario, inert, parameters};
use std::fmt::Write;

/// Lists that a scenario may have, with an example each.
const LISTS: [(&str, &str); 2] = [
    (
        "reform",
        "[[reform]]\n\n  Other rules or behaviour from a round on, counted from 0, everywhere or in the areas named.\n\n  \
         [[reform]]\n  from_round = 30\n  areas = [\"London\"]       # names, codes or regions; leave out for all\n  \
         rules.notice_weeks = 12\n",
    ),
    (
        "menu",
        "[[menu]]\n\n  An option beside the rules of the scenario, for commissioners that learn (rules.learning = \
         \"bandit\").\n\n  [[menu]]\n  name = \"price first\"\n  rules.weight_price = 0.8\n  \
         rules.weight_quality = 0.2\n",
    ),
];

/// Topics of the two long blocks, each with the key that it begins with, in the order of the registry.
const TOPICS: [(&str, &str); 18] = [
    ("rules.weight_quality", "what wins a contract"),
    ("rules.forms", "contract forms and lead providers"),
    ("rules.packaging", "lots, bundles, frameworks and terms"),
    ("rules.results_share", "pay by results"),
    ("rules.belief_weight", "what commissioners know, and how they answer"),
    ("rules.noise_law", "evaluation, ceilings and access"),
    ("rules.learning", "commissioners that learn"),
    ("behaviour.bidding", "prices"),
    ("behaviour.purpose", "what leaders want"),
    ("behaviour.force_mode", "how teams form"),
    ("behaviour.openness", "promises and stories"),
    ("behaviour.hand_off", "how teams work"),
    ("behaviour.fear_identity", "fear"),
    ("behaviour.trust_gain", "trust and stereotypes"),
    ("behaviour.treatment", "programmes, stances and leaders that change"),
    ("behaviour.cost_structure", "who bids, at what cost"),
    ("behaviour.base_success", "delivery, effort and push-back"),
    ("behaviour.one_shot", "survival, mergers and foundings"),
];

/// One parameter in words, or what is in a block, or the keys with a word in them, or the nearest key; `switches` for
/// every mechanism that can be switched off. With a scenario, also what holds there.
pub fn explain(key: &str, scenario: Option<&Scenario>) -> Result<String, String> {
    let all = parameters::all();
    if key == "switches" {
        return Ok(switches(&all, scenario));
    }
    if let Some((_, words)) = LISTS.iter().find(|(name, _)| *name == key) {
        return Ok(words.to_string());
    }
    if let Some(parameter) = all.iter().find(|parameter| parameter.key == key) {
        return Ok(one(parameter, scenario));
    }
    let inside: Vec<&Parameter> =
        all.iter().filter(|p| p.block() == key || p.name() == key || p.key.starts_with(key)).collect();
    match inside.as_slice() {
        [] => with_words(key, &all, scenario),
        [only] => Ok(one(only, scenario)),
        many => Ok(list(many, scenario)),
    }
}

/// Keys with all words of what was typed, if there are several; else the nearest key.
fn with_words(typed: &str, all: &[Parameter], scenario: Option<&Scenario>) -> Result<String, String> {
    let typed_words: Vec<String> = words(&typed.to_lowercase()).map(String::from).collect();
    let has = |parameter: &Parameter, word: &String| {
        words(parameter.name()).any(|own| own.starts_with(word.as_str()))
    };
    let found: Vec<&Parameter> =
        all.iter().filter(|parameter| typed_words.iter().all(|word| has(parameter, word))).collect();
    if typed_words.is_empty() || found.len() < 2 {
        return Err(format!(
            "there is no parameter \"{typed}\"\n{}",
            closest_keys(typed, all, None).join("\n")
        ));
    }
    Ok(list(&found, scenario))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['_', '-', '.', ' ']).filter(|word| !word.is_empty())
}

/// Keys with their meaning, and their value in a scenario.
fn list(parameters: &[&Parameter], scenario: Option<&Scenario>) -> String {
    let line = |parameter: &&Parameter| match scenario {
        Some(scenario) => {
            let value = toml_value(&value_in(parameter, Some(scenario)));
            format!("{:<36} {value:<14} {}\n", parameter.key, parameter.meaning)
        }
        None => format!("{:<36} {}\n", parameter.key, parameter.meaning),
    };
    parameters.iter().map(line).collect()
}

/// Every mechanism by topic, with the value that switches it off, its value in the scenario or by default, whether it is
/// on, and what it rests on.
fn switches(all: &[Parameter], scenario: Option<&Scenario>) -> String {
    let place = scenario.map_or("default", |scenario| scenario.name.as_str());
    let mut text = format!(
        "{:<36} {:<14} {:<14} {:<5} {}\n",
        "mechanism", "off", place, "is", "what it does; what it rests on"
    );
    let mut shown = String::new();
    for (parameter, topic) in all.iter().zip(topics(all)) {
        let Some(off) = parameter.off else { continue };
        if topic != shown {
            let _ = write!(text, "\n{topic}\n");
            shown = topic;
        }
        let value = toml_value(&value_in(parameter, scenario));
        let (is, why) = state(parameter, off, &value, scenario);
        let _ = writeln!(
            text,
            "{:<36} {off:<14} {value:<14} {is:<5} {}; {}{why}",
            parameter.key, parameter.meaning, parameter.source
        );
    }
    text.push_str(&notes(scenario));
    text
}

/// The topic of each parameter; outside the long blocks, its block.
fn topics(all: &[Parameter]) -> Vec<String> {
    let mut topic = String::new();
    let mut topics = Vec::new();
    for parameter in all {
        if let Some((_, name)) = TOPICS.iter().find(|(first, _)| *first == parameter.key) {
            topic = format!("[{}] {name}", parameter.block());
        } else if !topic.starts_with(&format!("[{}]", parameter.block())) {
            topic = format!("[{}]", parameter.block());
        }
        topics.push(topic.clone());
    }
    topics
}

/// Whether a mechanism is on, off, or set but idle, and why.
fn state(
    parameter: &Parameter,
    off: &str,
    value: &str,
    scenario: Option<&Scenario>,
) -> (&'static str, String) {
    if is_same(off, value) {
        return ("off", String::new());
    }
    match scenario.and_then(|scenario| inert::idle(parameter.key, scenario)) {
        Some(place) => ("idle", format!("; counts only {place}")),
        None => ("on", String::new()),
    }
}

/// What the states leave out.
fn notes(scenario: Option<&Scenario>) -> String {
    let mut text =
        "\non: not at its off value, and no key is known to keep it from counting; idle: set, but another key does\n".to_string();
    let Some(scenario) = scenario else {
        text.push_str("values in a scenario: rebalance explain switches england\n");
        return text;
    };
    if !(scenario.reforms.is_empty() && scenario.menu.is_empty()) {
        text.push_str("values are those before any [[reform]] and without the [[menu]]\n");
    }
    if scenario.uncertainty.is_some() {
        text.push_str("values under [uncertainty] differ between worlds\n");
    }
    text
}

/// Whether two values are the same, numbers by what they count.
fn is_same(a: &str, b: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        let parts = text.split(['[', ']', ',', ' ', '"']).filter(|part| !part.is_empty());
        parts.map(|part| part.parse::<f64>().map_or(part.to_string(), |number| number.to_string())).collect()
    };
    parts(a) == parts(b)
}

/// The value in a scenario, or the default.
fn value_in(parameter: &Parameter, scenario: Option<&Scenario>) -> Value {
    let values = scenario.map(Scenario::values).unwrap_or_default();
    let stated = values.into_iter().find(|(key, _)| *key == parameter.key);
    stated.map_or_else(parameter.default, |(_, value)| value)
}

fn one(parameter: &Parameter, scenario: Option<&Scenario>) -> String {
    let mut text = format!("{}\n\n  {}\n\n", parameter.key, parameter.meaning);
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<9} {value}");
    };
    line("unit", parameter.unit);
    line("allowed", &allowed(parameter));
    line("default", &toml_value(&(parameter.default)()));
    if let Some(scenario) = scenario {
        let value = toml_value(&value_in(parameter, Some(scenario)));
        let place = inert::idle(parameter.key, scenario);
        let note = place.map(|place| format!(" (counts only {place})")).unwrap_or_default();
        line(&scenario.name, &format!("{value}{note}"));
    }
    line("off", parameter.off.unwrap_or("not a mechanism that can be switched off"));
    line("source", parameter.source);
    line("since", parameter.since);
    if let Kind::Choice(choices) = parameter.kind {
        text.push('\n');
        for choice in choices {
            let _ = writeln!(text, "  \"{}\": {}", choice.name, choice.meaning.trim());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    #[test]
    fn topics_begin_with_keys_that_exist_and_none_is_empty() {
        let all = parameters::all();
        let topics = topics(&all);
        for (first, name) in TOPICS {
            assert!(all.iter().any(|parameter| parameter.key == first), "{first}");
            let of_topic = all.iter().zip(&topics).filter(|(_, topic)| topic.ends_with(name));
            assert!(of_topic.filter(|(parameter, _)| parameter.off.is_some()).count() > 0, "{name}");
        }
    }

    #[test]
    fn a_switch_is_on_off_or_idle() {
        let is = |key: &str, scenario: &Scenario| {
            let all = parameters::all();
            let parameter = all.iter().find(|parameter| parameter.key == key).expect(key);
            let value = toml_value(&value_in(parameter, Some(scenario)));
            state(parameter, parameter.off.expect(key), &value, Some(scenario)).0
        };
        let england = load("england", &[]).expect("valid");
        let solo = load("england-solo", &[]).expect("valid");
        assert_eq!([is("rules.forms", &england), is("rules.forms", &solo)], ["on", "off"]);
        assert_eq!([is("behaviour.cut_max", &england), is("behaviour.cut_max", &solo)], ["on", "idle"]);
        assert_eq!(is("rules.top_slice", &england), "idle");
        assert_eq!(is("rules.belief_weight", &england), "off");
    }

    #[test]
    fn values_are_compared_by_what_they_count() {
        assert!(is_same("1e12", "1000000000000.0") && is_same("[1, 0, 0, 0]", "[1.0, 0.0, 0.0, 0.0]"));
        assert!(is_same("single", "\"single\"") && is_same("[]", "[]") && is_same("\"\"", "\"\""));
        assert!(!is_same("0", "0.5") && !is_same("off", "on"));
    }
}
