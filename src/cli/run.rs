//! `rebalance run SCENARIO` and `rebalance report DIR`.

use super::gate::{Asked, Keeps, clear};
use super::precision::Precision;
use super::results::{Named, redraw, results_folder};
use super::study::{Findings, Study, draw};
use super::sweep::sweep;
use super::text::{few_replicates, played, print};
use super::{CliError, Common};
use crate::experiment::statistics::Estimate;
use crate::folder::Folder;
use crate::measure::names::HEADLINES;
use crate::report::DID_NOT_ACT;
use crate::scenario::Scenario;
use crate::scenario::vary::parse_vary;
use crate::tables::event_study::{ReformEffect, first_round_of_effect};
use crate::tables::merge::SummaryLine;
use crate::words::counted;
use std::path::Path;

/// Runs a scenario.
pub fn run(name: &str, common: &Common) -> Result<(), CliError> {
    if !common.vary.is_empty() {
        let vary = parse_vary(&common.vary)?;
        let asked = Asked { vary: &vary, ..Asked::one(name, common.all_sets(), Keeps::Means) };
        return sweep(&asked, &[], common);
    }
    common.refuse_points()?;
    let until = Precision::asked(common)?;
    let asked = Asked {
        worlds: until.as_ref().map(|until| until.cap),
        ..Asked::one(name, common.all_sets(), Keeps::Tables)
    };
    let cleared = clear(&asked, common)?;
    let scenario = cleared.scenarios[0].1.clone();
    let out = results_folder(common, &scenario.name);
    let twin = (!scenario.reforms.is_empty()).then(|| Scenario { reforms: Vec::new(), ..scenario.clone() });
    let named = Named { scenario: name, rules: &[] };
    let study = Study { named, scenarios: cleared.scenarios, baseline: 0, out, twin, split: false, until };
    study.run_and_tell(common, summary_text)
}

/// Draws charts and report again.
pub fn report(folder: &Path) -> Result<(), CliError> {
    redraw(&Folder::reopen(folder)?, false, draw)?;
    print(&format!("wrote {}\n", folder.join("report.html").display()))
}

fn summary_text(study: &Study, findings: &Findings) -> String {
    let run = &study.scenarios[0].1.run;
    let mut text = format!(
        "\n{}\n\n{:<60} {:>12}   {}\n",
        study.scenarios[0].1.question, "mean per round after burn-in", "mean", "95% interval"
    );
    for name in HEADLINES {
        if let Some(line) = findings.found.summary.iter().find(|line| line.measure.name == name) {
            text.push_str(&summary_line(line));
        }
    }
    text.push_str(&reform_text(study, findings));
    text.push_str(&few_replicates(run.replicates));
    let what = format!("{} of {}", counted(run.replicates, "replicate"), counted(run.rounds, "round"));
    text.push_str(&played(&what, study, findings.seconds));
    if study.twin.is_some() {
        let table = study.out.join("event_study.csv");
        text.push_str(&format!(
            "reform:  {} has the difference of every measure, round by round; reform.csv the means\n",
            table.display()
        ));
    }
    if study.scenarios[0].1.output.charts {
        text.push_str(&format!("report:  {}\n", study.out.join("report.html").display()));
    }
    text
}

fn summary_line(line: &SummaryLine) -> String {
    let interval = interval_text(&line.estimate);
    format!("{:<60} {:>12}   {interval}\n", line.measure.label, figure(line.estimate.mean))
}

fn interval_text(estimate: &Estimate) -> String {
    estimate.interval.map_or_else(
        || "one replicate: no interval".to_string(),
        |(low, high)| format!("{} to {}", figure(low), figure(high)),
    )
}

/// The effect of the reform on headline measures, where the never-reformed twin was played.
fn reform_text(study: &Study, findings: &Findings) -> String {
    let scenario = &study.scenarios[0].1;
    let Some(first) = first_round_of_effect(scenario).filter(|_| !findings.reform.is_empty()) else {
        return String::new();
    };
    if findings.reform.iter().all(|effect| !effect.acted) {
        return format!("\neffect of the reform: {DID_NOT_ACT}\n");
    }
    let mut text = format!(
        "\neffect of the reform: mean of rounds {first} to {}, less the same worlds never reformed\n\n{:<60} {:>12}   \
         {:<28} replicates\n",
        scenario.run.rounds - 1,
        "measure",
        "difference",
        "95% interval"
    );
    for ReformEffect { measure, effect, .. } in &findings.reform {
        let difference = &effect.difference;
        text.push_str(&format!(
            "{:<60} {:>12}   {:<28} {:>10}\n",
            measure.label,
            figure(difference.mean),
            interval_text(difference),
            difference.n
        ));
    }
    text.push_str(&format!("{}\n", crate::report::MANY));
    text
}

/// A number with about four digits and thousands separators.
pub fn figure(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 1.0 => 2,
        _ => 4,
    };
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), ""), |(whole, rest)| (whole, rest));
    let sign = if whole.starts_with('-') { "-" } else { "" };
    let bare = whole.trim_start_matches('-');
    let mut grouped = String::new();
    for (place, digit) in bare.chars().enumerate() {
        if place > 0 && (bare.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{rest}") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn figures_are_grouped_and_rounded() {
        assert_eq!(super::figure(1_234_567.8), "1,234,568");
        assert_eq!(super::figure(-12.345), "-12.35");
        assert_eq!(super::figure(0.12345), "0.1235");
    }
}
