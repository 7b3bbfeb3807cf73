//! V29: leaders copy those who do better, and how often what one does becomes what all do.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::math::{exp, ln};
use crate::round::stance::{gap, payoffs};
use crate::scenario::Scenario;
use crate::scenario::parameters::StanceRule;
use crate::units::Share;

/// Areas in full.
const FULL: u32 = 20_000;
/// Rounds a leader in which hardly any area stays divided: each is decided at a rate of at least 1/N a round.
const ROUNDS_PER_LEADER: u32 = 12;
/// Keys that choose a case; without them several are played.
const KEYS: [&str; 4] = [
    "behaviour.payoff_matrix",
    "behaviour.imitation_strength",
    "behaviour.stance_rule",
    "world.charities_per_area",
];

/// From one leader to all, and how fast many leaders go the way of the better stance.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let stated = plan.enlarged("imitation", FULL)?;
    let grown = |mut scenario: Scenario| {
        let enough = ROUNDS_PER_LEADER * scenario.world.charities_per_area;
        if !plan.is_set("run.rounds") {
            scenario.run.rounds = scenario.run.rounds.max(enough);
        }
        scenario
    };
    if KEYS.iter().any(|key| plan.is_set(key)) {
        return fixation(&grown(stated));
    }
    let hunt = [4.0, 1.0, 3.0, 2.0];
    let fitness = |r: f64| [ln(r), ln(r), 0.0, 0.0];
    let cases = [
        (StanceRule::Fermi, 10, [0.1, 0.1, 0.0, 0.0], 1.0),
        (StanceRule::Moran, 10, fitness(1.1), 1.0),
        (StanceRule::Moran, 10, fitness(0.9), 1.0),
        (StanceRule::Moran, 20, fitness(1.5), 1.0),
        (StanceRule::Fermi, 20, hunt, 0.1),
    ];
    let mut checks = Vec::new();
    for (rule, leaders, payoffs, strength) in cases {
        let mut scenario = stated.clone();
        scenario.world.charities_per_area = leaders;
        let behaviour = &mut scenario.regime.behaviour;
        behaviour.stance_rule = rule;
        behaviour.payoff_matrix = payoffs.to_vec();
        behaviour.imitation_strength = strength;
        if !plan.is_set("behaviour.seekers_at_start") {
            behaviour.seekers_at_start = Share::new(1.0 / f64::from(leaders));
        }
        checks.extend(fixation(&grown(scenario))?);
    }
    checks.push(spread(&stated, plan)?);
    Ok(checks)
}

/// In how many areas all seek partners in the end, and that hardly any is still divided.
fn fixation(scenario: &Scenario) -> Result<Vec<Check>, VerifyError> {
    let shares = shares_at_the_end(scenario)?;
    let (mut all, mut divided) = (Sample::default(), 0.0);
    for share in shares {
        all.add(f64::from(u8::from(share == 1.0)));
        divided += f64::from(u8::from(share > 0.0 && share < 1.0));
    }
    let behaviour = &scenario.regime.behaviour;
    let n = scenario.world.charities_per_area;
    let case = format!(
        "{} among {n}, strength {}, payoffs {:.3?}",
        behaviour.stance_rule,
        behaviour.imitation_strength,
        payoffs(behaviour).unwrap_or_default()
    );
    Ok(vec![
        Check::of_share("V29", format!("areas where all follow, {case}"), chance_of_all(scenario), &all),
        Check::exact("V29", format!("areas still divided, {case}"), 0.0, divided, 0.0),
    ])
}

/// Chance that all come to seek partners: with the odds of a step down over a step up, exp(-strength x D_k), it is the sum
/// of their products over k below the number at the start, over the sum over k below N.
fn chance_of_all(scenario: &Scenario) -> f64 {
    let behaviour = &scenario.regime.behaviour;
    let n = scenario.world.charities_per_area;
    let start = libm::round(behaviour.seekers_at_start.value() * f64::from(n)) as u32;
    let matrix = payoffs(behaviour).unwrap_or_default();
    let (mut product, mut sum, mut below) = (1.0, 0.0, 0.0);
    for k in 0..n {
        if k > 0 {
            product *= exp(-behaviour.imitation_strength * gap(matrix, f64::from(k), f64::from(n)));
        }
        sum += product;
        below += if k < start { product } else { 0.0 };
    }
    below / sum
}

/// Many leaders: dx/dt = rate x (1 - x) tanh(bD/2), with t in years.
fn spread(stated: &Scenario, plan: &Plan) -> Result<Check, VerifyError> {
    const STRENGTH_OF_GAP: f64 = 0.4;
    let mut scenario = stated.clone();
    scenario.world.charities_per_area = 2_000;
    scenario.world.areas = plan.number("world.areas", 60, 400);
    scenario.run.rounds = 10;
    let behaviour = &mut scenario.regime.behaviour;
    behaviour.payoff_matrix = vec![STRENGTH_OF_GAP, STRENGTH_OF_GAP, 0.0, 0.0];
    behaviour.seekers_at_start = Share::new(0.1);
    let start: f64 = 0.1;
    let speed = scenario.regime.behaviour.imitation_rate.value() * libm::tanh(STRENGTH_OF_GAP / 2.0);
    let theory = 1.0 / (1.0 + (1.0 - start) / start * exp(-speed * f64::from(scenario.run.rounds)));
    let mut sample = Sample::default();
    shares_at_the_end(&scenario)?.into_iter().for_each(|share| sample.add(share));
    Ok(Check::of_mean("V29", "share who follow after ten years, fermi among 2000", theory, &sample))
}

/// Share of each area's leaders who seek partners in the end.
fn shares_at_the_end(scenario: &Scenario) -> Result<Vec<f64>, VerifyError> {
    let state = watch(scenario, |_, _, _| {})?;
    let mut seeking = vec![0.0; scenario.world.areas as usize];
    for (id, profile) in state.charities.profile.enumerate() {
        seeking[profile.home().row()] += f64::from(u8::from(state.charities.leader[id].seeks_partners));
    }
    let n = f64::from(scenario.world.charities_per_area);
    Ok(seeking.into_iter().map(|count: f64| count / n).collect())
}
