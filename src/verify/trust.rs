//! V30: trust in one that is honest so often, with forgetting and with bad experience that weighs more. A promise that
//! is cut is an experience of what is left of the share, 1 - cut x (1 - open book).

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::{CharityId, Id};
use crate::math::pow;
use crate::round::state::State;
use crate::scenario::Scenario;

/// Pairs in full.
const FULL: u32 = 20_000;

/// Trust is kept in single precision.
const ROUNDING: f64 = 1e-5;

/// As stated; unless memory or negativity are set, also without forgetting, and with bad experience that counts thrice.
/// Where a cut takes nothing, promises and cuts are the same and there is nothing to check.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let stated = plan.enlarged("trust", FULL)?;
    if taken(&stated) <= 0.0 {
        return Ok(Vec::new());
    }
    let mut cases = vec![stated.clone()];
    if !plan.is_set("behaviour.trust_memory") && !plan.is_set("behaviour.negativity") {
        let mut exact = stated.clone();
        exact.regime.behaviour.trust_memory = 1.0;
        exact.run.rounds = 10;
        let mut wary = stated.clone();
        wary.regime.behaviour.trust_memory = 0.98;
        wary.regime.behaviour.negativity = 3.0;
        wary.regime.behaviour.trust_prior_weight = 0.001;
        wary.run.rounds = 400;
        cases.extend([exact, wary]);
    }
    let mut checks = Vec::new();
    for scenario in cases {
        checks.extend(play(&scenario)?);
    }
    Ok(checks)
}

/// Part of a promised share that a cut takes from a partner.
fn taken(scenario: &Scenario) -> f64 {
    scenario.regime.behaviour.cut_max.value() * (1.0 - scenario.regime.rules.open_book.value())
}

fn play(scenario: &Scenario) -> Result<Vec<Check>, VerifyError> {
    let areas = scenario.world.areas as usize;
    let mut kept = Sample::default();
    let mut histories = vec![(0.0, 0.0); areas];
    let behaviour = &scenario.regime.behaviour;
    let state = watch(scenario, |_, state, _| {
        for (_, contract) in state.contracts() {
            let Some(team) = &contract.team else { continue };
            let partner = team.partners()[0];
            let honest = f64::from(u8::from(partner.allocated >= partner.promised));
            kept.add(honest);
            let lost = taken(scenario) * (1.0 - honest);
            let (good, bad) = &mut histories[contract.holder.row() % areas];
            *good = behaviour.trust_memory * *good + behaviour.trust_gain * (1.0 - lost);
            *bad = behaviour.trust_memory * *bad + behaviour.trust_gain * behaviour.negativity * lost;
        }
    })?;
    let (prior, weight) = (behaviour.trust_prior, behaviour.trust_prior_weight);
    let (mut trust, mut furthest) = (Sample::default(), 0.0_f64);
    for (area, (good, bad)) in histories.into_iter().enumerate() {
        let of_history = (prior * weight + good) / (weight + good + bad);
        let seen = trust_in_lead(scenario, &state, area, areas);
        furthest = furthest.max((seen - of_history).abs());
        trust.add(seen);
    }
    let case = format!(
        "memory {}, bad weighs {}, {} rounds",
        behaviour.trust_memory, behaviour.negativity, scenario.run.rounds
    );
    let honest = scenario.regime.rules.verified_partners.value();
    let (mean, variance) = theory(scenario);
    let mut of_mean = Check::of_law("V30", format!("mean trust, {case}"), mean, variance, &trust);
    of_mean.tolerance = of_mean.tolerance.max(ROUNDING);
    Ok(vec![
        Check::of_share("V30", format!("promises kept, {case}"), honest, &kept),
        Check::exact(
            "V30",
            format!("furthest from the mean of the Beta law, {case}"),
            0.0,
            furthest,
            ROUNDING,
        ),
        of_mean,
        Check::of_mean(
            "V30",
            format!("variance of trust, {case}"),
            variance,
            &spread(scenario, &state, mean),
        ),
    ])
}

/// Squared distances of trust from its mean.
fn spread(scenario: &Scenario, state: &State, mean: f64) -> Sample {
    let areas = scenario.world.areas as usize;
    let mut squares = Sample::default();
    for area in 0..areas {
        let apart = trust_in_lead(scenario, state, area, areas) - mean;
        squares.add(apart * apart);
    }
    squares
}

/// Trust of the second charity of an area in the first, which leads.
fn trust_in_lead(scenario: &Scenario, state: &State, area: usize, areas: usize) -> f64 {
    let [lead, partner] = [area, area + areas].map(CharityId::from_row);
    let memory = &state.charities.memory[partner];
    let size = crate::measure::bands::Band::of(state.charities.finances[lead].income);
    memory.trust(&scenario.regime.behaviour, size, lead, size)
}

/// Mean and variance of trust after the rounds. With G = sum of l^k x_k, x 1 for a promise kept and else 0, of mean th S
/// and variance th (1 - th) S2, and c the part that a cut takes, trust is f(G) = (prior + g ((1 - c) S + c G))/(weight +
/// g ((1 - c) S + c (w S + (1 - w) G))): exact for w = 1, else to second order around the mean of G.
fn theory(scenario: &Scenario) -> (f64, f64) {
    let behaviour = &scenario.regime.behaviour;
    let th = scenario.regime.rules.verified_partners.value();
    let rounds = f64::from(scenario.run.rounds);
    let series = |l: f64| if l < 1.0 { (1.0 - pow(l, rounds)) / (1.0 - l) } else { rounds };
    let memory = behaviour.trust_memory;
    let (s, s2) = (series(memory), series(memory * memory));
    let (bad, weight) = (behaviour.negativity, behaviour.trust_prior_weight);
    let gain = behaviour.trust_gain * taken(scenario);
    let kept_anyway = behaviour.trust_gain * s - gain * s;
    let (mean, variance) = (gain * th * s, gain * gain * th * (1.0 - th) * s2);
    let above = behaviour.trust_prior * weight + kept_anyway + mean;
    let below = weight + kept_anyway + gain * bad * s + (1.0 - bad) * mean;
    let slope = (below - (1.0 - bad) * above) / (below * below);
    let bend = -2.0 * (1.0 - bad) * slope / below;
    (
        above / below + bend * variance / 2.0,
        slope * slope * variance + bend * bend * variance * variance / 2.0,
    )
}
