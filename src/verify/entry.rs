//! V12 to V14: who bids when bidding costs money.

use super::auctions::Auction;
use super::{Check, Plan, Sample, VerifyError, watch};
use crate::math::pow;

/// V12: those who enter before they know their cost mix, each with the chance p that makes the expected
/// rent equal to the bid cost; all rent goes into bids.
pub fn before_cost(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("entry-ls", 400_000)?;
    let auction = Auction::of(&scenario);
    let n = auction.bidders;
    let e = bid_cost(&scenario);
    let p = chance_of_entering(&auction, e);
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
        Check::of_share("V12", "blind entry: tenders without a bid", pow(1.0 - p, n), &none),
        Check::of_mean("V12", "blind entry: rents less bid costs", 0.0, &net),
    ])
}

/// Cost of a bid, in GBP a round of the contract's term.
fn bid_cost(scenario: &crate::scenario::Scenario) -> f64 {
    scenario.regime.behaviour.bid_cost_base_gbp.value() / f64::from(scenario.market.lot_term_rounds)
}

/// The p at which the rent w/(k (k + 1)) of k entrants, over the binomial number of the others, is the bid
/// cost; one alone asks for the ceiling (Levin and Smith 1994).
fn chance_of_entering(auction: &Auction, bid_cost: f64) -> f64 {
    let others = auction.bidders - 1.0;
    let rent = |k: f64| {
        let alone = if k == 1.0 { auction.ceiling - auction.high } else { 0.0 };
        auction.width() / (k * (k + 1.0)) + alone
    };
    let expected = |p: f64| {
        let mut chance = pow(1.0 - p, others);
        let mut sum = 0.0;
        for k in 0..=others as u32 {
            let k = f64::from(k);
            sum += chance * rent(k + 1.0);
            chance *= (others - k) / (k + 1.0) * p / (1.0 - p);
        }
        sum
    };
    if rent(auction.bidders) >= bid_cost {
        return 1.0;
    }
    bisect(0.0, 1.0, |p| expected(p) > bid_cost)
}

/// The point in a range up to which something holds.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if holds(middle) { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// V13 and V14: the logit's limits: very sharp is Samuelson's cut-off, blunt is a coin.
pub fn after_cost(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("entry-sam", 500_000)?;
    let theory = CutOff::of(&Auction::of(&scenario), bid_cost(&scenario));
    let (mut bids, mut none, mut prices) = (Sample::default(), Sample::default(), Sample::default());
    watch(&scenario, |_, _, output| {
        for id in output.tenders.calls.ids() {
            let count = output.bids.of(id).len();
            bids.add(count as f64);
            none.add(f64::from(u8::from(count == 0)));
            output.awards.awards[id].iter().for_each(|award| prices.add(award.price.value()));
        }
    })?;
    Ok(vec![
        Check::of_mean("V13", "sharp entry: bids per tender", theory.bids, &bids),
        Check::of_share("V13", "sharp entry: tenders without a bid", theory.none, &none),
        Check::of_mean("V13", "sharp entry: price where awarded", theory.price, &prices),
    ])
}

/// V14: without rationality the decision is a coin.
pub fn coin(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let mut scenario = plan.repeated("entry-sam", 500_000)?;
    scenario.regime.behaviour.bid_rationality = 0.0;
    let mut tossed = Sample::default();
    watch(&scenario, |_, _, output| {
        output.tenders.calls.ids().for_each(|id| tossed.add(output.bids.of(id).len() as f64));
    })?;
    let half = 0.5 * f64::from(scenario.world.charities_per_area);
    Ok(vec![Check::of_mean("V14", "blunt entry: half of all bid", half, &tossed)])
}

/// Samuelson's (1985) equilibrium with uniform costs.
struct CutOff {
    bids: f64,
    none: f64,
    price: f64,
}

impl CutOff {
    /// The cut-off c* solves (ceiling - c) S(c)^(n-1) = e. E(price | award) by the midpoint rule over the
    /// lowest cost, whose density is n f S^(n-1) up to c*.
    fn of(auction: &Auction, bid_cost: f64) -> Self {
        const STEPS: u32 = 100_000;
        let (n, ceiling, width) = (auction.bidders, auction.ceiling, auction.width());
        let above = |c: f64| ((auction.high - c) / width).max(0.0);
        let pays = |c: f64| (ceiling - c) * pow(above(c), n - 1.0) > bid_cost;
        let cut_off = bisect(auction.low, auction.high.min(ceiling), pays);
        let none = pow(above(cut_off), n);
        let step = (cut_off - auction.low) / f64::from(STEPS);
        let paid: f64 = (0..STEPS)
            .map(|row| {
                let c = auction.low + (f64::from(row) + 0.5) * step;
                let rent = width * (pow(above(c), n) - none) / n;
                let bid = c + (rent + bid_cost) / pow(above(c), n - 1.0);
                bid.min(ceiling) * n * pow(above(c), n - 1.0) * step / width
            })
            .sum();
        Self { bids: n * (1.0 - above(cut_off)), none, price: paid / (1.0 - none) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auction(bidders: f64, low: f64) -> Auction {
        Auction { bidders, low, high: low + 1.0, ceiling: low + 1.0 }
    }

    #[test]
    fn samuelson_reference_values() {
        for low in [0.0, 2.0] {
            let theory = CutOff::of(&auction(5.0, low), 0.1);
            assert!((theory.bids - 1.845_21).abs() < 1e-5 && (theory.none - 0.1).abs() < 1e-9);
            assert!((theory.price - low - 0.470_016).abs() < 1e-5);
        }
    }

    #[test]
    fn levin_and_smith_reference_values() {
        for (n, e, p) in [(5.0, 0.1, 0.558_727), (10.0, 0.05, 0.421_724), (5.0, 0.03, 1.0)] {
            assert!((chance_of_entering(&auction(n, 0.0), e) - p).abs() < 1e-6);
            assert!((chance_of_entering(&auction(n, 3.0), e) - p).abs() < 1e-6);
        }
    }
}
