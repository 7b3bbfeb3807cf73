//! `rebalance compare SCENARIO --rules FILE...`: every rule set in the same worlds.

use super::run::{HEADLINES, figure};
use super::study::{Findings, Study, results_folder};
use super::{CliError, Common};
use crate::scenario::{load, load_rules, load_under};
use std::path::Path;

/// Name of the scenario's own rules.
const OWN_RULES: &str = "baseline";

/// Compares rule sets.
pub fn compare(
    name: &str,
    rules: &[String],
    baseline: Option<&str>,
    common: &Common,
) -> Result<(), CliError> {
    let sets = common.all_sets();
    let own = load(name, &sets)?;
    let scenario_name = own.name.clone();
    let mut scenarios = Vec::new();
    if baseline.is_none_or(|baseline| baseline == OWN_RULES) {
        scenarios.push((OWN_RULES.to_string(), own));
    }
    for file in expand(rules)? {
        let rules = load_rules(&file)?;
        if scenarios.iter().any(|(name, _)| *name == rules.name) {
            let message =
                format!("error: two rule sets are called \"{}\"; their tables would mix", rules.name);
            return Err(CliError::Usage(message));
        }
        let scenario = load_under(name, &rules, &sets)?;
        scenarios.push((rules.name, scenario));
    }
    let wanted = baseline.unwrap_or(OWN_RULES);
    let Some(baseline) = scenarios.iter().position(|(name, _)| name == wanted) else {
        let known: Vec<&str> = scenarios.iter().map(|(name, _)| name.as_str()).collect();
        let message = format!("error: --baseline {wanted} is not among the rule sets: {}", known.join(", "));
        return Err(CliError::Usage(message));
    };
    let out = results_folder(common, &format!("{scenario_name}-compare"));
    let study = Study { scenarios, baseline, out };
    study.run_and_tell(common, league)
}

/// Built-in names, files, folders and wildcards as a list of names and files.
fn expand(rules: &[String]) -> Result<Vec<String>, CliError> {
    let mut files = Vec::new();
    for rule in rules {
        let path = Path::new(rule);
        if path.is_dir() {
            files.extend(files_in(path, "*.toml")?);
        } else if rule.contains('*') {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let pattern =
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.extend(files_in(folder.unwrap_or(Path::new(".")), &pattern)?);
        } else {
            files.push(rule.clone());
        }
    }
    if files.is_empty() {
        return Err(CliError::Usage(format!("error: no rule files match {}", rules.join(" "))));
    }
    Ok(files)
}

fn files_in(folder: &Path, pattern: &str) -> Result<Vec<String>, CliError> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| CliError::Usage(format!("error: {}: {error}", folder.display())))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if matches_pattern(&name, pattern) {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a name matches a pattern in which `*` stands for anything.
fn matches_pattern(name: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn league(study: &Study, findings: &Findings) -> String {
    let run = &study.scenarios[0].1.run;
    let baseline = &study.scenarios[study.baseline].0;
    let mut text =
        format!("\npaired differences from \"{baseline}\" in the same worlds, with 95% t intervals\n");
    for name in HEADLINES {
        let lines: Vec<_> = findings.comparison.iter().filter(|line| line.measure.name == name).collect();
        let Some(first) = lines.first() else { continue };
        text.push_str(&format!("\n{} [{}]\n", first.measure.label, first.measure.unit));
        let mut sorted = lines;
        sorted.sort_by(|a, b| b.paired.difference.mean.total_cmp(&a.paired.difference.mean));
        for line in sorted {
            let interval = line.paired.difference.interval.map_or_else(
                || "one replicate: no interval".to_string(),
                |(low, high)| format!("{} to {}", figure(low), figure(high)),
            );
            let mean = figure(line.paired.difference.mean);
            text.push_str(&format!("  {:<28} {mean:>12}   {interval}\n", line.rules));
        }
    }
    text.push_str(&format!(
        "\n{} worlds per rule set, {} rounds, the first {} left out; seed {}; {:.1} s\nresults: {}\n",
        run.replicates,
        run.rounds,
        run.burn_in,
        run.seed,
        findings.seconds,
        study.out.display()
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn wildcards_match_like_a_shell() {
        assert!(matches_pattern("quality-60.toml", "*.toml"));
        assert!(matches_pattern("quality-60.toml", "quality*"));
        assert!(matches_pattern("quality-60.toml", "q*60*"));
        assert!(!matches_pattern("price.toml", "quality*"));
        assert!(!matches_pattern("price.csv", "*.toml"));
    }
}
