//! V12 to V14: who bids when bidding costs money.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::math::pow;

/// All checks of entry.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    Ok([before_cost(plan)?, after_cost(plan)?].concat())
}

/// V12: those who enter before they know their cost mix, each with the chance p that makes the expected
/// rent 1/(k (k + 1)) of k entrants equal to the bid cost; all rent goes into bids.
fn before_cost(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_repeated("entry-ls")?;
    let n = f64::from(scenario.world.charities_per_area);
    let e = scenario.regime.behaviour.bid_cost_base_gbp.value();
    let rent = |p: f64| {
        let out = pow(1.0 - p, n);
        (1.0 - out * (1.0 - p) - (n + 1.0) * p * out) / (n * (n + 1.0) * p * p)
    };
    let (mut low, mut high) = (1e-9, 1.0);
    for _ in 0..60 {
        let p = 0.5 * (low + high);
        if rent(p) > e { low = p } else { high = p }
    }
    let p = 0.5 * (low + high);
    let (mut bids, mut none, mut net) = (Sample::default(), Sample::default(), Sample::default());
    watch(&scenario, |_, _, output| {
        for id in output.tenders.calls.ids() {
            let count = output.bids.of(id).len() as f64;
            bids.add(count / n);
            none.add(f64::from(u8::from(count == 0.0)));
            let won = output.awards.awards[id].as_ref();
            net.add(won.map_or(0.0, |award| (award.price - award.full_cost).value()) - count * e);
        }
    })?;
    Ok(vec![
        Check::of_mean("V12", "blind entry: chance of entering", p, &bids),
        Check::of_mean("V12", "blind entry: tenders without a bid", pow(1.0 - p, n), &none),
        Check::of_mean("V12", "blind entry: rents less bid costs", 0.0, &net),
    ])
}

/// The logit's limits: very sharp is Samuelson's cut-off c* = 1 - e^(1/n), blunt is a coin.
fn after_cost(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_repeated("entry-sam")?;
    let n = f64::from(scenario.world.charities_per_area);
    let ceiling = scenario.market.lot_value_gbp.value() / f64::from(scenario.market.lot_term_rounds)
        * scenario.regime.rules.ceiling_ratio;
    let cost = scenario.regime.behaviour.bid_cost_base_gbp.value() / ceiling;
    let (mut bids, mut none, mut prices) = (Sample::default(), Sample::default(), Sample::default());
    watch(&scenario, |_, _, output| {
        for id in output.tenders.calls.ids() {
            let count = output.bids.of(id).len();
            bids.add(count as f64);
            none.add(f64::from(u8::from(count == 0)));
            if let Some(award) = &output.awards.awards[id] {
                prices.add(award.price.value() / ceiling);
            }
        }
    })?;
    let mut coin = scenario.clone();
    coin.regime.behaviour.bid_rationality = 0.0;
    let mut tossed = Sample::default();
    watch(&coin, |_, _, output| {
        for id in output.tenders.calls.ids() {
            tossed.add(output.bids.of(id).len() as f64);
        }
    })?;
    Ok(vec![
        Check::of_mean("V13", "sharp entry: bids per tender", n * (1.0 - pow(cost, 1.0 / n)), &bids),
        Check::of_mean("V13", "sharp entry: tenders without a bid", cost, &none),
        Check::of_mean("V13", "sharp entry: price where awarded", price_where_awarded(n, cost), &prices),
        Check::of_mean("V14", "blunt entry: half of all bid", 0.5 * n, &tossed),
    ])
}

/// E(price | award) under Samuelson's bids, by the midpoint rule over the lowest cost: its density is
/// n (1 - c)^(n-1) up to the cut-off.
fn price_where_awarded(n: f64, e: f64) -> f64 {
    const STEPS: u32 = 100_000;
    let cut_off = 1.0 - pow(e, 1.0 / n);
    let width = cut_off / f64::from(STEPS);
    let paid: f64 = (0..STEPS)
        .map(|step| {
            let c = (f64::from(step) + 0.5) * width;
            let above = 1.0 - c;
            let bid = c + (pow(above, n) / n + e * (1.0 - 1.0 / n)) / pow(above, n - 1.0);
            bid.min(1.0) * n * pow(above, n - 1.0) * width
        })
        .sum();
    paid / (1.0 - e)
}

#[cfg(test)]
mod tests {
    #[test]
    fn samuelson_reference_value() {
        assert!((super::price_where_awarded(5.0, 0.1) - 0.470_016).abs() < 1e-5);
    }
}
