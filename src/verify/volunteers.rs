//! V28: how often leaders push back where one of them, or a few, would do.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::math::pow;
use crate::scenario::Scenario;

/// Areas in full.
const FULL: u32 = 20_000;

/// Leaders and how many of them are needed, unless the user sets either: of the last ten, more than can be worth while.
const CASES: [(u32, u32, f64); 5] = [(2, 1, 0.2), (5, 1, 0.2), (20, 1, 0.2), (10, 3, 0.2), (10, 3, 0.4)];

/// Shares of leaders who push back, of markets in which nobody does, and of those in which the commissioner answers.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let stated = plan.enlarged("volunteers", FULL)?;
    let keys = ["world.charities_per_area", "rules.push_back_threshold", "behaviour.push_cost_share"];
    if keys.iter().any(|key| plan.is_set(key)) {
        return play(&stated);
    }
    let mut checks = Vec::new();
    for (leaders, needed, cost_share) in CASES {
        let mut scenario = stated.clone();
        scenario.world.charities_per_area = leaders;
        scenario.regime.rules.push_back_threshold = needed;
        scenario.regime.behaviour.push_cost_share = cost_share;
        checks.extend(play(&scenario)?);
    }
    Ok(checks)
}

fn play(scenario: &Scenario) -> Result<Vec<Check>, VerifyError> {
    let n = scenario.world.charities_per_area;
    let needed = scenario.regime.rules.push_back_threshold;
    let cost_share = scenario.regime.behaviour.push_cost_share;
    let p = balance(n, needed, cost_share);
    let (mut push, mut nobody, mut answered) = (Sample::default(), Sample::default(), Sample::default());
    watch(scenario, |_, state, output| {
        for (id, tender) in output.tenders.calls.enumerate() {
            // All who do not push back bid.
            let bids = output.bids.of(id).len() as u32;
            (0..n).for_each(|leader| push.add(f64::from(u8::from(leader >= bids))));
            nobody.add(f64::from(u8::from(bids == n)));
            answered.add(f64::from(u8::from(state.markets[Id::from_row(tender.market.row())].uplift > 1.0)));
        }
    })?;
    let case = format!("{needed} of {n} needed at {cost_share}");
    let few = (0..needed.min(n + 1)).map(|refuse| exactly(n, refuse, p)).sum::<f64>();
    Ok(vec![
        Check::of_share("V28", format!("leaders who push back, {case}"), p, &push),
        Check::of_share("V28", format!("markets where nobody does, {case}"), exactly(n, 0, p), &nobody),
        Check::of_share("V28", format!("commissioners who answer, {case}"), 1.0 - few, &answered),
    ])
}

/// Chance that exactly so many of n refuse.
fn exactly(n: u32, refuse: u32, p: f64) -> f64 {
    let ways: f64 = (1..=refuse).map(|place| f64::from(n - refuse + place) / f64::from(place)).product();
    ways * pow(p, f64::from(refuse)) * pow(1.0 - p, f64::from(n - refuse))
}

/// The chance at which refusing pays as much as not: in closed form where one is needed; else the first, from
/// certainty down, at which being needed is as likely as refusing costs.
fn balance(n: u32, needed: u32, cost_share: f64) -> f64 {
    const STEPS: u32 = 1_000_000;
    if needed > n || n == 0 {
        return 0.0;
    }
    if needed == 1 && n > 1 {
        return 1.0 - pow(cost_share, 1.0 / (f64::from(n) - 1.0));
    }
    let chances = (0..=STEPS).rev().map(|step| f64::from(step) / f64::from(STEPS));
    let mut balanced = chances.filter(|&p| exactly(n - 1, needed - 1, p) >= cost_share);
    balanced.next().unwrap_or(0.0)
}
