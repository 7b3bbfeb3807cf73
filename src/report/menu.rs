//! What commissioners that learn chose from their menu, from `summary.csv` and the manifest.

use super::{escape, interval, records, texts};
use crate::chart::ChartError;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

/// The share of commissioners that go by an option, with its interval in words.
struct Share {
    mean: f64,
    interval: String,
}

/// A table of options with the share of commissioners that go by each; nothing where nobody learns.
pub fn table(folder: &Path, manifest: &Value) -> Result<String, ChartError> {
    let options = manifest["menu"].as_array().map_or(&[][..], Vec::as_slice);
    if options.is_empty() {
        return Ok(String::new());
    }
    let rows = records(&folder.join("summary.csv"))?;
    let learn = |rules: &str| rows.iter().any(|row| &row[0] == rules && &row[1] == "menu_share_1");
    let baseline = manifest["baseline"].as_str().unwrap_or_default();
    let first = rows.iter().map(|row| &row[0]).find(|rules| learn(rules));
    let Some(rules) = Some(baseline).filter(|rules| learn(rules)).or(first) else {
        return Ok(String::new());
    };
    let share = |option: usize| {
        let name = format!("menu_share_{option}");
        let row = rows.iter().find(|row| &row[0] == rules && row[1] == name)?;
        let percent =
            |cell: &str| cell.parse::<f64>().map_or(String::new(), |share| percent(share.clamp(0.0, 1.0)));
        Some(Share { mean: row[2].parse().ok()?, interval: interval(&row[4], &row[5], percent) })
    };
    let shares: Vec<Option<Share>> = (1..=options.len()).map(share).collect();
    let several = rows.iter().any(|row| &row[0] != rules);
    Ok(in_html(options, &shares, several.then_some(rules)))
}

/// A table of shares; `rules` names the rule set where there are several.
fn in_html(options: &[Value], shares: &[Option<Share>], rules: Option<&str>) -> String {
    let of_rules = rules.map_or(String::new(), |rules| {
        format!(" The rule set is “{}”; <code>summary.csv</code> has the others.", escape(rules))
    });
    let mut html = format!("{HEAD}{of_rules}</p>\n{COLUMNS}");
    let rest = 1.0 - shares.iter().flatten().map(|share| share.mean).sum::<f64>();
    let _ = writeln!(
        html,
        "<tr><td>the rules of the scenario</td><td>nothing</td><td>{}</td><td>the rest</td></tr>",
        percent(rest)
    );
    for (option, share) in options.iter().zip(shares) {
        let (mean, interval) = match share {
            Some(share) => (percent(share.mean), share.interval.as_str()),
            None => (String::new(), ""),
        };
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td>{}</td><td>{mean}</td><td>{interval}</td></tr>",
            escape(option["name"].as_str().unwrap_or_default()),
            escape(&texts(&option["changes"]).join(", "))
        );
    }
    html.push_str("</table>\n");
    html
}

fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

const HEAD: &str = "<h2>What commissioners chose</h2>\n<p class=\"small\">Commissioners learn which option of a menu serves \
                    their goal. Shares are of commissioners that go by an option, mean of the rounds after burn-in; \
                    <code>menu_share_1</code> and so on in <code>rounds.csv</code> have them round by round.";
const COLUMNS: &str =
    "<table>\n<tr><th>option</th><th>what it changes</th><th>share</th><th>95% interval</th></tr>\n";
