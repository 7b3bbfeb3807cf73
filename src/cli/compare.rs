//! `rebalance compare SCENARIO --rules FILE...`: every rule set in the same worlds.

use super::gate::{Asked, Keeps, OWN_RULES, clear};
use super::league::league;
use super::precision::Precision;
use super::results::{Named, results_folder};
use super::study::Study;
use super::sweep::sweep;
use super::{CliError, Common};
use crate::folder::FileError;
use crate::scenario::vary::parse_vary;
use crate::scenario::{Errors, RuleSet, lay, load_rules};
use std::path::Path;

/// Compares rule sets.
pub fn compare(
    name: &str,
    rules: &[String],
    baseline: Option<&str>,
    split: bool,
    common: &Common,
) -> Result<(), CliError> {
    let files = expand(rules)?;
    let rules = rule_sets(&files, baseline, lay(name, &RuleSet::default(), &common.all_sets()).1)?;
    let wanted = baseline.unwrap_or(OWN_RULES);
    let Some(baseline) = rules.iter().position(|(name, _)| name == wanted) else {
        let known: Vec<&str> = rules.iter().map(|(name, _)| name.as_str()).collect();
        let message = format!("error: --baseline {wanted} is not among the rule sets: {}", known.join(", "));
        return Err(CliError::Usage(message));
    };
    let vary = parse_vary(&common.vary)?;
    let until = if vary.is_empty() { Precision::asked(common)? } else { None };
    let asked = Asked {
        name,
        rules,
        baseline,
        sets: common.all_sets(),
        vary: &vary,
        keeps: if vary.is_empty() { Keeps::Tables } else { Keeps::Means },
        worlds: until.as_ref().map(|until| until.cap),
    };
    if !vary.is_empty() {
        if split {
            return Err(CliError::Usage("error: --split does not go with --vary".into()));
        }
        return sweep(&asked, &files, common);
    }
    common.refuse_points()?;
    let cleared = clear(&asked, common)?;
    let out = results_folder(common, &format!("{}-compare", cleared.scenarios[0].1.name));
    let named = Named { scenario: name, rules: &files };
    let study = Study { named, scenarios: cleared.scenarios, baseline, out, twin: None, split, until };
    study.run_and_tell(common, league)
}

/// The rule sets by name, the scenario's own first unless another is the baseline. Mistakes in any come after those that
/// were found in the scenario.
fn rule_sets(
    files: &[String],
    baseline: Option<&str>,
    of_scenario: Errors,
) -> Result<Vec<(String, RuleSet)>, CliError> {
    let mut sets: Vec<(String, RuleSet)> = Vec::new();
    if baseline.is_none_or(|baseline| baseline == OWN_RULES) {
        sets.push((OWN_RULES.to_string(), RuleSet::default()));
    }
    let mut errors = Errors::default();
    for file in files {
        match load_rules(file) {
            Ok(rules) if sets.iter().any(|(name, _)| *name == rules.name) => {
                let message =
                    format!("error: two rule sets are called \"{}\"; their tables would mix", rules.name);
                return Err(CliError::Usage(message));
            }
            Ok(rules) => sets.push((rules.name.clone(), rules)),
            Err(found) => errors.merge(found),
        }
    }
    if errors.count() == 0 {
        return Ok(sets);
    }
    let mut all = of_scenario;
    all.merge(errors);
    Ok(all.into_result(sets)?)
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
        let path = entry.map_err(FileError::of(folder))?.path();
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
