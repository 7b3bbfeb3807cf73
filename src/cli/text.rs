//! Verbs that only write text: new, list, diff, explain, schema.

use super::CliError;
use super::study::Study;
use crate::experiment::statistics::note_on_few;
use crate::measure::names;
use crate::scenario::{explain, library, load, load_rules, nearest_name, pasted, unfit_name, write};
use std::io::{ErrorKind, Write};

/// Prints lines; a reader that hangs up early (`| head`) is no error.
pub fn print(text: &str) -> Result<(), CliError> {
    printed(std::io::stdout().write_all(text.as_bytes()))
}

/// What came of writing to standard output, once nothing of it waits any more.
pub fn printed(written: std::io::Result<()>) -> Result<(), CliError> {
    match written.and_then(|()| std::io::stdout().flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(CliError::Io(format!("error: standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says something on standard error; where that is closed or full, nobody hears it, which is no error.
pub fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A note below a table whose intervals rest on few replicates.
pub fn few_replicates(replicates: u32) -> String {
    note_on_few(replicates).map_or(String::new(), |note| format!("\nnote: {note} (--replicates)\n"))
}

/// The last lines of a study: what was played, and where its results are.
pub fn played(what: &str, study: &Study, seconds: f64) -> String {
    let run = &study.scenarios[0].1.run;
    format!(
        "\n{what}, the first {} left out; seed {}; {seconds:.1} s\nresults: {}\n",
        run.burn_in,
        run.seed,
        study.out.display()
    )
}

/// `rebalance new NAME`
pub fn new(name: &str, rules: Option<&str>, force: bool) -> Result<(), CliError> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    let path = format!("{name}.toml");
    let stem = std::path::Path::new(name).file_name().map_or(name.into(), |stem| stem.to_string_lossy());
    if let Some(why) = unfit_name(&stem) {
        let message =
            format!("error: \"{stem}\" cannot be a name: {why}\n  = help: rebalance new my-scenario");
        return Err(CliError::Usage(message));
    }
    let (text, next) = match rules {
        Some(rules) => {
            (rules_called(rules, &stem)?, format!("rebalance compare quick --rules {}", pasted(&path)))
        }
        None => (write::template(&stem), format!("rebalance check {}", pasted(&path))),
    };
    if std::path::Path::new(&path).exists() && !force {
        return Err(CliError::Usage(format!("error: {path} exists; --force overwrites it")));
    }
    std::fs::write(&path, text).map_err(|e| CliError::Io(format!("error: {path}: {e}")))?;
    print(&format!("wrote {path}; next: {next}\n"))
}

/// The text of a built-in rule set under another name.
fn rules_called(rules: &str, name: &str) -> Result<String, CliError> {
    let Some(shipped) = library::find(library::RULES, rules) else {
        let near = nearest_name(rules, library::RULES.iter().map(|shipped| shipped.name));
        let near = near.map_or(String::new(), |near| format!("did you mean \"{near}\"? "));
        let message = format!(
            "error: there is no built-in rule set \"{rules}\"\n  = help: {near}`rebalance list rules` shows what is built in"
        );
        return Err(CliError::Usage(message));
    };
    let renamed = |line: &str| match line.starts_with("name = ") {
        true => format!("name = \"{name}\"\n"),
        false => format!("{line}\n"),
    };
    Ok(shipped.text.lines().map(renamed).collect())
}

/// `rebalance list WHAT`
pub fn list(what: &str) -> Result<(), CliError> {
    let mut text = String::new();
    match what {
        "scenarios" => {
            for shipped in library::SCENARIOS {
                let question = load(shipped.name, &[]).map(|scenario| scenario.question).unwrap_or_default();
                text.push_str(&format!("{:<34} {question}\n", shipped.name));
            }
        }
        "rules" => {
            for shipped in library::RULES {
                let description = load_rules(shipped.name).map(|rules| rules.description).unwrap_or_default();
                text.push_str(&format!("{:<34} {description}\n", shipped.name));
            }
        }
        "measures" => {
            for measure in names::all() {
                text.push_str(&format!("{:<34} {} [{}]\n", measure.name, measure.label, measure.unit));
            }
        }
        other => {
            let message =
                format!("error: there is no list of \"{other}\"\n  = help: scenarios, rules or measures");
            return Err(CliError::Usage(message));
        }
    }
    print(&text)
}

/// `rebalance diff A B`
pub fn diff(first: &str, second: &str) -> Result<(), CliError> {
    let (a, b) = (load(first, &[])?, load(second, &[])?);
    let mut text = String::new();
    for (key, a, b) in write::differences(&a, &b) {
        text.push_str(&format!("{key:<40} {a:<24} {b}\n"));
    }
    if a.reforms != b.reforms {
        text.push_str("reforms differ\n");
    }
    if a.uncertainty != b.uncertainty {
        text.push_str("uncertainty differs\n");
    }
    if text.is_empty() {
        text.push_str("no parameter differs\n");
    }
    print(&text)
}

/// `rebalance explain KEY [SCENARIO]`
pub fn explain(key: Option<&str>, scenario: Option<&str>) -> Result<(), CliError> {
    let Some(key) = key else {
        let message =
            "error: explain what?\n  = help: a key, a block, a word or `switches`; or --tender ROUND/LOT DIR";
        return Err(CliError::Usage(message.into()));
    };
    let scenario = scenario.map(|name| load(name, &[])).transpose()?;
    match explain::explain(key, scenario.as_ref()) {
        Ok(text) => print(&text),
        Err(message) => Err(CliError::Usage(format!("error: {message}"))),
    }
}

/// `rebalance schema`
pub fn schema() -> Result<(), CliError> {
    print(&format!("{:#}\n", write::schema()))
}

/// The generated part of `docs/MODEL.md`.
pub fn parameters() -> Result<(), CliError> {
    print(&write::markdown())
}
