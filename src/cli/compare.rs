//! `rebalance compare SCENARIO --rules FILE...`: every rule set in the same worlds.

use super::gate::{Asked, Keeps, OWN_RULES, clear};
use super::precision::Precision;
use super::results::{Named, results_folder};
use super::run::figure;
use super::study::{Findings, Study};
use super::sweep::sweep;
use super::text::few_replicates;
use super::{CliError, Common};
use crate::experiment::statistics::Paired;
use crate::folder::FileError;
use crate::measure::names::{Better, HEADLINES, Measure};
use crate::scenario::vary::parse_vary;
use crate::scenario::{Errors, RuleSet, lay, load_rules};
use crate::tables::comparison::{ComparisonLine, LeagueLine};
use crate::tables::split::SplitLine;
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

/// Most rule sets of which every headline measure is printed, with letters of groups.
const FEW: usize = 12;
/// What is printed of more rule sets; the rest is in the tables.
const OF_MANY: [&str; 3] = ["outcomes_per_1000_residents", "outcome_per_1000_gbp", "hhi_local_lead"];

fn league(study: &Study, findings: &Findings) -> String {
    let many = study.scenarios.len() > FEW;
    let shown: &[&str] = if many { &OF_MANY } else { &HEADLINES };
    let run = &study.scenarios[0].1.run;
    let baseline = &study.scenarios[study.baseline].0;
    let mut text = format!(
        "\nrule sets in the same worlds, best first; differences from \"{baseline}\" with 95% intervals\n{}; \
         regret: distance from the best of each world; an interval is for one difference alone, adj. p for all rule \
         sets and\nheadline measures together: where they differ, quote the group\n",
        if many {
            "top: cannot be told from the best"
        } else {
            "group: rule sets that share a letter cannot be told apart"
        }
    );
    for name in shown {
        let mut lines: Vec<&LeagueLine> =
            findings.found.league.iter().filter(|line| line.measure.name == *name).collect();
        let Some(first) = lines.first() else { continue };
        let sign = if first.measure.better == Better::Lower { -1.0 } else { 1.0 };
        text.push_str(&format!(
            "\n{} [{}]\n{}",
            first.measure.label,
            first.measure.unit,
            heading(&first.measure, many)
        ));
        lines.sort_by(|a, b| (sign * b.standing.estimate.mean).total_cmp(&(sign * a.standing.estimate.mean)));
        for line in lines {
            let of_rules =
                |other: &&ComparisonLine| other.rules == line.rules && other.measure == line.measure;
            let difference = findings.found.comparison.iter().find(of_rules);
            let is_idle = findings.idle.contains(&line.rules);
            text.push_str(&league_line(line, difference, many, is_idle));
        }
    }
    if many {
        let table = study.out.join("league.csv");
        text.push_str(&format!("\nall other measures and the groups: {}\n", table.display()));
    }
    text.push_str(&idle_text(&findings.idle, baseline));
    text.push_str(&split_text(&findings.split, baseline));
    text.push_str(&reform_note(study));
    text.push_str(&few_replicates(run.replicates));
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

/// Rule sets that did not act; nothing where all did.
pub fn idle_text(idle: &[String], baseline: &str) -> String {
    if idle.is_empty() {
        return String::new();
    }
    format!(
        "\ndid not act: {} gave what \"{baseline}\" gives in all worlds, to the last digit. That is no measured zero: what it \
         states\nchanged nothing that came up in these worlds\n",
        idle.join(", ")
    )
}

/// What a reform in the scenario means for a comparison; nothing where there is none.
fn reform_note(study: &Study) -> String {
    let reforms = &study.scenarios[0].1.reforms;
    let Some(first) = reforms.iter().map(|reform| reform.from_round).min() else { return String::new() };
    let mut keys: Vec<&str> =
        reforms.iter().flat_map(|reform| reform.changes.iter().map(|(key, _)| *key)).collect();
    keys.sort_unstable();
    keys.dedup();
    format!(
        "\nnote: every rule set is played with the scenario's reforms, the first from round {first} on: from then on they, \
         not the\nrule set, say in their areas what holds of {}. Differences are between rule sets; what the\nreforms themselves change \
         is told by `rebalance run`, which plays the scenario beside its never-reformed twin\n",
        keys.join(", ")
    )
}

/// Measures of awards that are printed in two parts; the others are in the table.
const SPLIT: [&str; 4] = ["price_to_ceiling", "price_to_full_cost", "hhi_awards", "awarded_share_local"];

/// Effects in two parts, where they were asked for.
fn split_text(split: &[SplitLine], baseline: &str) -> String {
    let mut text = String::new();
    for name in SPLIT {
        let lines: Vec<&SplitLine> = split.iter().filter(|line| line.measure.name == name).collect();
        let Some(first) = lines.first() else { continue };
        if text.is_empty() {
            text.push_str(&format!(
                "\nmechanical: the bids of \"{baseline}\" decided by the other rules; behavioural: the rest, once \
                 charities adapt\n"
            ));
        }
        let [label, unit] = [first.measure.label.as_str(), first.measure.unit];
        let [mechanical, behavioural, total] = ["mechanical", "behavioural", "total"];
        text.push_str(&format!(
            "\n{label} [{unit}]\n  {:<28} {mechanical:>36} {behavioural:>36} {total:>36}\n",
            ""
        ));
        for line in lines {
            let [mechanical, behavioural, total] =
                [&line.mechanical, &line.behavioural, &line.total].map(effect_text);
            text.push_str(&format!("  {:<28} {mechanical:>36} {behavioural:>36} {total:>36}\n", line.rules));
        }
    }
    text
}

/// A mean difference with its interval.
fn effect_text(effect: &Paired) -> String {
    let mean = figure(effect.difference.mean);
    match effect.difference.interval {
        Some((low, high)) => format!("{mean} ({} to {})", figure(low), figure(high)),
        None => mean,
    }
}

fn heading(measure: &Measure, many: bool) -> String {
    let group = if many { "top" } else { "group" };
    let best = if measure.better == Better::Neither {
        String::new()
    } else {
        format!(" {:>7} {:>7} {:>10}", "better", "P(best)", "max regret")
    };
    let [difference, interval] = ["difference", "95% interval"];
    format!("  {:<28} {:>12} {difference:>12} {interval:>25} {:>7} {group:<6}{best}\n", "", "mean", "adj. p")
}

/// A rule set: mean, difference from the baseline with interval and p, group, and what is known of the best.
fn league_line(line: &LeagueLine, difference: Option<&ComparisonLine>, many: bool, is_idle: bool) -> String {
    let standing = &line.standing;
    let near_best = standing.best.and_then(|best| best.lead).is_some_and(|(_, high)| high > 0.0);
    let group = match (many, near_best) {
        (false, _) => standing.group.as_str(),
        (true, true) => "*",
        (true, false) => "",
    };
    let share = |share: f64| format!("{:.0}%", 100.0 * share);
    let (mut apart, mut interval, mut p, mut better) = Default::default();
    if is_idle {
        interval = "did not act".to_string();
    } else if let Some(line) = difference {
        apart = figure(line.paired.difference.mean);
        interval = match line.paired.difference.interval {
            Some((low, high)) => format!("{} to {}", figure(low), figure(high)),
            None => "one world: none".to_string(),
        };
        p = line
            .adjusted_p
            .map_or(String::new(), |p| if p < 0.001 { "<0.001".into() } else { format!("{p:.3}") });
        better = line.better.map_or(String::new(), share);
    }
    let best = standing.best.map_or(String::new(), |best| {
        format!(" {better:>7} {:>7} {:>10}", share(best.probability), figure(best.robustness.max_regret))
    });
    let row = format!(
        "  {:<28} {:>12} {apart:>12} {interval:>25} {p:>7} {group:<6}{best}",
        line.rules,
        figure(standing.estimate.mean)
    );
    format!("{}\n", row.trim_end())
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
