//! V18 and V23: lots with a cap, providers that are kept.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::math::pow;

/// V18: L lots among n alike bidders: a given one wins at least one with 1 - (1 - 1/n)^L uncapped, and
/// with L/n under a cap of one.
pub fn lot_cap(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let capped = plan.repeated("lot-cap", 200_000)?;
    let mut free = capped.clone();
    free.regime.rules.lot_cap = 0;
    let n = f64::from(capped.world.charities_per_area);
    let lots = f64::from(capped.market.lots_per_market);
    let winners = |scenario| -> Result<Sample, VerifyError> {
        let mut share = Sample::default();
        watch(scenario, |setting, _, output| {
            let areas = setting.world.areas.len();
            let mut winners = vec![std::collections::BTreeSet::new(); areas];
            for (tender, award) in output.tenders.calls.iter().zip(output.awards.awards.iter()) {
                winners[tender.area.row()].extend(award.as_ref().map(|award| award.winner));
            }
            winners.iter().for_each(|winners| share.add(winners.len() as f64 / n));
        })?;
        Ok(share)
    };
    let mut checks = vec![Check::of_mean(
        "V18",
        "lots without a cap: a bidder wins one",
        1.0 - pow(1.0 - 1.0 / n, lots),
        &winners(&free)?,
    )];
    if capped.regime.rules.lot_cap == 1 {
        let share = winners(&capped)?.mean();
        checks.push(Check::exact("V18", "one lot each: a bidder wins one", lots.min(n) / n, share, 1e-12));
    }
    Ok(checks)
}

/// A round in which every lot has had a provider before.
const SETTLED: usize = 2;

/// V23: kept with chance r, otherwise uniform over the others:
/// P(same holder t rounds later) = 1/n + (1 - 1/n) ((n r - 1)/(n - 1))^t.
pub fn retention(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.enlarged("retention", 40_000)?;
    let n = f64::from(scenario.world.charities_per_area);
    let r = scenario.regime.rules.retention.value();
    let mut holders: Vec<Vec<_>> = Vec::new();
    watch(&scenario, |_, _, output| {
        holders.push(output.awards.awards.iter().map(|award| award.as_ref().map(|a| a.winner)).collect());
    })?;
    let later = |t: usize| {
        let mut same = Sample::default();
        for (now, later) in holders[SETTLED].iter().zip(&holders[SETTLED + t]) {
            same.add(f64::from(u8::from(now == later)));
        }
        let theory = 1.0 / n + (1.0 - 1.0 / n) * pow((n * r - 1.0) / (n - 1.0), t as f64);
        Check::of_mean("V23", format!("retention: same provider {t} rounds later"), theory, &same)
    };
    Ok(vec![later(1), later(2), later(3)])
}
