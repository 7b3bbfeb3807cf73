//! Neutrality: with every channel off, forced solo, co-operation and collaboration are identical to the bit; and
//! each channel by itself moves what was predicted before it was run.

use super::ladder::afraid;
use super::{Check, Plan, VerifyError, watch};
use crate::round::{RoundOutput, State};
use crate::scenario::Scenario;
use crate::scenario::parameters::{Behaviour, ForceMode, PurposeKind};
use crate::units::{Gbp, Probability, Share};

/// What a run left: outcomes, prices, spending and one thing more, round by round.
fn traces(
    scenario: &Scenario,
    mut more: impl FnMut(&State, &RoundOutput) -> f64,
) -> Result<Vec<f64>, VerifyError> {
    let mut traces = Vec::new();
    watch(scenario, |_, state, output| {
        traces.push(output.delivery.outcomes.iter().sum());
        traces.push(output.awards.awards.iter().flatten().map(|award| award.price.value()).sum());
        traces.push(output.settlement.spent);
        traces.push(more(state, output));
    })?;
    Ok(traces)
}

/// N01: outcomes, prices and spending of all modes are those of solo work. Where no team works nothing is shown, and a
/// line of its own fails.
pub fn neutral(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let mut scenario = plan.load("neutral")?;
    let mut checks = modes_against_solo(&scenario, "")?;
    let behaviour = &mut scenario.regime.behaviour;
    behaviour.purpose = Share::new(0.5);
    behaviour.purpose_kind = PurposeKind::WarmGlow;
    behaviour.outcome_value_gbp = Gbp::new(0.1);
    checks.extend(modes_against_solo(&scenario, ", where leaders value outcomes")?);
    Ok(checks)
}

fn modes_against_solo(scenario: &Scenario, ground: &str) -> Result<Vec<Check>, VerifyError> {
    let forced = |mode: ForceMode| {
        let mut scenario = scenario.clone();
        scenario.regime.behaviour.force_mode = mode;
        let mut worked = false;
        let traces = traces(&scenario, |state, _| {
            worked |= state.contracts().any(|(_, contract)| contract.team.is_some());
            0.0
        })?;
        Ok::<_, VerifyError>((traces, worked))
    };
    let (alone, _) = forced(ForceMode::Solo)?;
    let mut checks = Vec::new();
    for (mode, name) in
        [(ForceMode::CoOperation, "co-operation"), (ForceMode::Collaboration, "collaboration")]
    {
        let (together, worked) = forced(mode)?;
        let gap = alone.iter().zip(&together).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let what = format!("forced {name} minus forced solo, largest{ground}");
        checks.push(Check::exact("N01", what, 0.0, gap, 0.0));
        let what = format!("teams at work under forced {name}{ground}: 1 yes, 0 no");
        checks.push(Check::exact("N01", what, 1.0, f64::from(u8::from(worked)), 0.0));
    }
    Ok(checks)
}

/// The largest difference that a change makes to a world of free choice, with fear, cuts and learning.
fn difference(
    plan: &Plan,
    ground: impl Fn(&mut Behaviour),
    change: impl Fn(&mut Behaviour),
) -> Result<f64, VerifyError> {
    let mut before = plan.load("ladder")?;
    let behaviour = &mut before.regime.behaviour;
    afraid(behaviour);
    behaviour.one_shot = false;
    behaviour.cut_max = Share::new(0.5);
    ground(behaviour);
    let mut after = before.clone();
    change(&mut after.regime.behaviour);
    let teams = |_: &State, output: &RoundOutput| output.teams.formed.len() as f64;
    let (before, after) = (traces(&before, teams)?, traces(&after, teams)?);
    Ok(before.iter().zip(&after).map(|(before, after)| (before - after).abs()).fold(0.0, f64::max))
}

/// N03: news that is no better than a coin, and costs nothing, changes nothing, whoever lies.
pub fn empty_talk(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let talk = |behaviour: &mut Behaviour| {
        behaviour.openness = Share::new(1.0);
        behaviour.signal_accuracy = Probability::new(0.5);
        behaviour.signal_cost_gbp = Gbp::ZERO;
        behaviour.liar_share = Share::new(0.3);
    };
    let gap = difference(plan, |_| (), talk)?;
    Ok(vec![Check::exact("N03", "empty talk minus none, largest", 0.0, gap, 0.0)])
}

/// N04: sizes dealt out by chance change nothing where strangers are not judged by their size.
pub fn shuffled_sizes(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let blind = |behaviour: &mut Behaviour| {
        behaviour.stereotypes = false;
        behaviour.stereotype_bias = 0.5;
    };
    let gap = difference(plan, blind, |behaviour| behaviour.shuffle_labels = true)?;
    Ok(vec![Check::exact("N04", "shuffled sizes minus real ones, largest", 0.0, gap, 0.0)])
}
