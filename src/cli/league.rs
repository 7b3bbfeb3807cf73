//! How rule sets stand, on the screen.

use super::run::figure;
use super::study::{Findings, Study};
use super::text::{few_replicates, played};
use crate::experiment::statistics::Paired;
use crate::experiment::statistics::verdict::Verdict;
use crate::measure::names::{Better, HEADLINES, Measure};
use crate::tables::comparison::ComparisonLine;
use crate::tables::league::LeagueLine;
use crate::tables::split::SplitLine;
use crate::words::counted;

/// Most rule sets of which every headline measure is printed, with letters of groups.
const FEW: usize = 12;
/// What is printed of more rule sets; the rest is in the tables.
const OF_MANY: [&str; 3] = ["outcomes_per_1000_residents", "outcome_per_1000_gbp", "hhi_local_lead"];

/// How rule sets stand, with the verdict on each.
pub fn league(study: &Study, findings: &Findings) -> String {
    let many = study.scenarios.len() > FEW;
    let shown: &[&str] = if many { &OF_MANY } else { &HEADLINES };
    let run = &study.scenarios[0].1.run;
    let baseline = &study.scenarios[study.baseline].0;
    let mut text = head(baseline, many);
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
            text.push_str(&league_line(line, difference, many));
        }
    }
    if many {
        let table = study.out.join("league.csv");
        text.push_str(&format!("\nall other measures and the groups: {}\n", table.display()));
    }
    text.push_str(&idle_text(&findings.idle, baseline));
    text.push_str(&split_text(findings, baseline));
    text.push_str(&reform_note(study));
    text.push_str(&few_replicates(run.replicates));
    let what = format!("{} per rule set, {}", counted(run.replicates, "world"), counted(run.rounds, "round"));
    text.push_str(&played(&what, study, findings.seconds));
    text
}

/// What is to be seen, with a key.
fn head(baseline: &str, many: bool) -> String {
    let what = format!(
        "rule sets in the same worlds, best first (highest first, of a measure without a better side); differences from \
         \"{baseline}\" with intervals that hold for all rule sets and headline measures at once, and their verdicts"
    );
    let group = match many {
        true => "top: cannot be told from the best",
        false => "group: rule sets that share a letter cannot be told apart",
    };
    let key = format!(
        "{group}; better in: worlds with a better value than the baseline's (the same value counts half); regret: distance from the best of each world"
    );
    format!("\n{}\n\nverdict: {}\n{}\n", wrapped(&what), wrapped(Verdict::KEY), wrapped(&key))
}

/// Words over several lines, each of which fits a screen.
fn wrapped(words: &str) -> String {
    const WIDTH: usize = 100;
    let mut lines = vec![String::new()];
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + word.len() < WIDTH => line.extend([" ", word]),
            _ => lines.push(word.to_string()),
        }
    }
    lines.join("\n")
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
fn split_text(Findings { split, idle, .. }: &Findings, baseline: &str) -> String {
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
            if idle.contains(&line.rules) {
                text.push_str(&format!("  {:<28} {:>36}\n", line.rules, Verdict::DidNotAct.name()));
                continue;
            }
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
        format!(" {:>9} {:>7} {:>10}", "better in", "P(best)", "max regret")
    };
    let [difference, interval] = ["difference", "interval"];
    let row = format!(
        "  {:<28} {:>12} {difference:>12} {interval:>25} {:<14} {group:<6}{best}",
        "", "mean", "verdict"
    );
    format!("{}\n", row.trim_end())
}

/// A share of worlds as a count, which says how many there were: `2 of 3`; ties count half.
fn of_worlds(share: f64, worlds: usize) -> String {
    format!("{} of {worlds}", (2.0 * share * worlds as f64).round() / 2.0)
}

/// A rule set: mean, difference from the baseline with interval and verdict, group, and what is known of the best. Where a
/// rule set did not act, there is no difference to show.
fn league_line(line: &LeagueLine, difference: Option<&ComparisonLine>, many: bool) -> String {
    let standing = &line.standing;
    let near_best = standing.best.and_then(|best| best.lead).is_some_and(|(_, high)| high > 0.0);
    let group = match (many, near_best) {
        (false, _) => standing.group.as_str(),
        (true, true) => "*",
        (true, false) => "",
    };
    let share = |share: f64| format!("{:.0}%", 100.0 * share);
    let (mut apart, mut interval, mut verdict, mut better) = Default::default();
    if let Some(ComparisonLine { judged, better: in_worlds, .. }) = difference {
        verdict = judged.verdict.name();
        if judged.verdict != Verdict::DidNotAct {
            apart = figure(judged.paired.difference.mean);
            interval = match judged.paired.difference.interval {
                Some((low, high)) => format!("{} to {}", figure(low), figure(high)),
                None => "one world: none".to_string(),
            };
            better = in_worlds.map_or(String::new(), |share| of_worlds(share, judged.paired.difference.n));
        }
    }
    let best = standing.best.map_or(String::new(), |best| {
        let probability = best.probability.map_or(String::new(), share);
        format!(" {better:>9} {probability:>7} {:>10}", figure(best.robustness.max_regret))
    });
    let row = format!(
        "  {:<28} {:>12} {apart:>12} {interval:>25} {verdict:<14} {group:<6}{best}",
        line.rules,
        figure(standing.estimate.mean)
    );
    format!("{}\n", row.trim_end())
}

#[cfg(test)]
mod tests {
    use super::of_worlds;

    #[test]
    fn worlds_are_whole_or_half() {
        // 1 less 5 of 6, as floats have it.
        assert_eq!(of_worlds(1.0 - 5.0 / 6.0, 6), "1 of 6");
        assert_eq!((of_worlds(0.5, 3), of_worlds(1.0, 12)), ("1.5 of 3".into(), "12 of 12".into()));
    }
}
