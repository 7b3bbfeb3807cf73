//! V06, V07 and V15: bidders who want more than money, who do not think, and who know too little.

use super::auctions::{Auction, Outcomes, outcomes, sample};
use super::{Check, Plan, Sample, VerifyError, watch};
use crate::math::{ln, pow};
use crate::scenario::Scenario;
use crate::scenario::parameters::Bidding;

/// V06: a common value m of delivery lowers prices by m; a winner bids below its own cost with chance
/// min(1, n m/(high - low))^n. For as many bidders as stated, and for two.
pub fn mission(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("fpsb-mission", 300_000)?;
    let mut checks = mission_of(&scenario)?;
    if !plan.is_set("world.charities_per_area") {
        let mut two = scenario;
        two.world.charities_per_area = 2;
        two.regime.behaviour.rivals_known = 1.0;
        checks.extend(mission_of(&two)?);
    }
    Ok(checks)
}

fn mission_of(scenario: &Scenario) -> Result<Vec<Check>, VerifyError> {
    let auction = Auction::of(scenario);
    let behaviour = &scenario.regime.behaviour;
    let value = behaviour.purpose.value() * behaviour.outcome_value_gbp.value();
    let (n, width) = (auction.bidders, auction.width());
    let (mut below_cost, mut prices, mut recovery) =
        (Sample::default(), Sample::default(), Sample::default());
    watch(scenario, |_, _, output| {
        for award in output.awards.awards.iter().flatten() {
            prices.add(award.price.value());
            below_cost.add(f64::from(u8::from(award.price < award.full_cost)));
            recovery.add(award.price / award.full_cost);
        }
    })?;
    let price = auction.low + 2.0 * width / (n + 1.0) - value;
    let share = pow((n * value / width).min(1.0), n);
    let mut checks = vec![
        Check::of_mean("V06", format!("purpose, {n} bidders: mean price"), price, &prices),
        Check::of_share("V06", format!("purpose, {n} bidders: winners below their cost"), share, &below_cost),
    ];
    if auction.low > 0.0 {
        let what = format!("purpose, {n} bidders: price over the winner's cost");
        checks.push(Check::of_mean("V06", what, recovery_with_purpose(&auction, value), &recovery));
    }
    Ok(checks)
}

/// Mean of (c - m + (high - c)/n)/c over the lowest cost c, by the midpoint rule.
fn recovery_with_purpose(auction: &Auction, value: f64) -> f64 {
    const STEPS: u32 = 100_000;
    let n = auction.bidders;
    let part = |step: u32| {
        let x = (f64::from(step) + 0.5) / f64::from(STEPS);
        let c = auction.low + auction.width() * x;
        (c - value + (auction.high - c) / n) / c * n * pow(1.0 - x, n - 1.0) / f64::from(STEPS)
    };
    (0..STEPS).map(part).sum()
}

/// Integral over (0, 1) of [u (1 - ln u)]^k, by the midpoint rule.
fn zero_intelligence_integral(power: f64) -> f64 {
    const STEPS: u32 = 200_000;
    (0..STEPS)
        .map(|step| {
            let u = (f64::from(step) + 0.5) / f64::from(STEPS);
            pow(u * (1.0 - ln(u)), power) / f64::from(STEPS)
        })
        .sum()
}

/// V07: E(price) = integral of [u(1 - ln u)]^n; the lowest cost wins as often as the same with n - 1.
pub fn zero_intelligence(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("fpsb-zi", 400_000)?;
    let auction = Auction::of(&scenario);
    let Outcomes { prices, efficient, .. } = outcomes(&scenario)?;
    let price = auction.low + auction.width() * zero_intelligence_integral(auction.bidders);
    let wins = zero_intelligence_integral(auction.bidders - 1.0);
    Ok(vec![
        Check::of_mean("V07", "zero intelligence: mean price", price, &sample(&prices)),
        Check::of_mean("V07", "zero intelligence: lowest cost wins", wins, &efficient),
    ])
}

/// V15: with one common cost and uniform errors of half-width a, naive bidders lose a (n - 1)/(n + 1)
/// on winning; those who know the curse gain 2 a/(n + 1).
pub fn winners_curse(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let naive = plan.repeated("cv-uniform", 300_000)?;
    let mut wise = naive.clone();
    wise.regime.behaviour.bidding = Bidding::Equilibrium;
    let auction = Auction::of(&naive);
    let (n, a) = (auction.bidders, naive.regime.behaviour.cost_error * auction.high);
    let profits = |scenario: &Scenario| -> Result<Sample, VerifyError> {
        let mut profits = Sample::default();
        watch(scenario, |_, _, output| {
            for award in output.awards.awards.iter().flatten() {
                profits.add((award.price - award.full_cost).value());
            }
        })?;
        Ok(profits)
    };
    Ok(vec![
        Check::of_mean(
            "V15",
            "common cost: naive winner's gain",
            -a * (n - 1.0) / (n + 1.0),
            &profits(&naive)?,
        ),
        Check::of_mean("V15", "common cost: wise winner's gain", 2.0 * a / (n + 1.0), &profits(&wise)?),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_values() {
        let auction = Auction { bidders: 4.0, low: 1.0, high: 2.0, ceiling: 2.0 };
        assert!((recovery_with_purpose(&auction, 0.3) - 0.9194).abs() < 1e-4);
        for (n, price, wins) in [(2.0, 0.629_630, 0.75), (5.0, 0.462_449, 0.502_080)] {
            assert!((zero_intelligence_integral(n) - price).abs() < 1e-6);
            assert!((zero_intelligence_integral(n - 1.0) - wins).abs() < 1e-6);
        }
    }
}
