//! What a scenario with reforms shows, from the manifest.

use super::{escape, texts};
use serde_json::Value;

/// One paragraph: the reforms, and what is set beside what; nothing where there are none.
pub fn paragraph(manifest: &Value) -> String {
    let reforms = manifest["reforms"].as_array().map_or(&[][..], Vec::as_slice);
    if reforms.is_empty() {
        return String::new();
    }
    let words: Vec<String> = reforms.iter().map(in_words).collect();
    let compared = manifest["scenarios"].as_object().map_or(0, serde_json::Map::len) > 1;
    let beside = if compared { COMPARED } else { ALONE };
    format!("<p><b>Reforms.</b> {}. {beside}</p>\n", escape(&words.join("; ")))
}

fn in_words(reform: &Value) -> String {
    let areas = texts(&reform["areas"]);
    let places = if areas.is_empty() { "everywhere".to_string() } else { format!("in {}", areas.join(", ")) };
    format!("From round {} on, {places}: {}", reform["from_round"], texts(&reform["changes"]).join(", "))
}

const ALONE: &str = "The tables below show the reformed scenario alone. The chart “What the reform changed” and \
                     <code>event_study.csv</code> set it beside the same worlds never reformed.";
const COMPARED: &str = "Every rule set is played with them: from their round on they, not the rule set, say in their areas what \
                        holds of the keys that they name. Differences are between rule sets; what the reforms themselves \
                        change is told by <code>rebalance run</code>.";
