//! V05 (ii) and V08: bidders who reply to past prices.

use super::auctions::Auction;
use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::scenario::Scenario;
use crate::units::Share;

/// The longer memory of V08 \[tenders\].
const LONG_MEMORY: u32 = 4_000;

/// What the history of a few markets adds, as a share of the equilibrium price.
const LUCK_OF_MARKETS: f64 = 0.01;

/// V08: the best reply to past prices comes near the equilibrium from above: within 15% with a memory of
/// 500 tenders, on a fine price grid and without one, and within 5% with 4,000.
pub fn past_prices(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let mut stated = plan.load("fpsb-learn")?;
    stated.world.areas = plan.at_least_stated("world.areas", stated.world.areas, 16);
    let mut checks = vec![past_prices_of(&stated)?];
    if !plan.is_set("behaviour.price_grid") && stated.regime.behaviour.memory < LONG_MEMORY {
        let mut any_price = stated.clone();
        any_price.regime.behaviour.price_grid = Share::new(0.0);
        checks.push(past_prices_of(&any_price)?);
    }
    if !plan.is_set("behaviour.memory") {
        let mut long = stated;
        long.regime.behaviour.memory = LONG_MEMORY;
        long.run.burn_in = LONG_MEMORY;
        long.run.rounds = LONG_MEMORY + 1_000;
        checks.push(past_prices_of(&long)?);
    }
    Ok(checks)
}

/// The mean price is that of the equilibrium plus the mean difference from it on the same costs: the luck
/// of costs falls out. Markets are the repetitions, because each has a history of its own. One-sided, so
/// theory is the middle of what passes.
fn past_prices_of(scenario: &Scenario) -> Result<Check, VerifyError> {
    let auction = Auction::of(scenario);
    let n = auction.bidders;
    let equilibrium = auction.low + 2.0 * auction.width() / (n + 1.0);
    let behaviour = &scenario.regime.behaviour;
    let over = if behaviour.memory >= LONG_MEMORY { 0.05 } else { 0.15 };
    let mut above = vec![Sample::default(); scenario.world.areas as usize];
    watch(scenario, |setting, _, output| {
        if setting.round < scenario.run.burn_in {
            return;
        }
        for (id, tender) in output.tenders.calls.enumerate() {
            let costs = output.bids.of(id).iter().map(|bid| bid.full_cost.value());
            let lowest = costs.fold(f64::INFINITY, f64::min);
            let rational = lowest + (auction.high - lowest) / n;
            let award = output.awards.awards[id].as_ref();
            award.into_iter().for_each(|award| above[tender.area.row()].add(award.price.value() - rational));
        }
    })?;
    let mut markets = Sample::default();
    above.iter().for_each(|market| markets.add(equilibrium + market.mean()));
    let grid = if behaviour.price_grid.value() > 0.0 { "on a grid" } else { "any price" };
    let what = format!("memory {}, {grid}: price, equilibrium {equilibrium:.4}", behaviour.memory);
    let check = Check::of_mean("V08", what, equilibrium * (1.0 + over / 2.0), &markets);
    Ok(Check { tolerance: equilibrium * (over / 2.0 + LUCK_OF_MARKETS), ..check })
}

/// V05 (ii): with one known cost c and prices on a grid of step D, replies rest where undercutting does
/// not pay, (p - c)/n >= p - D - c: at c or c + D, and for two also at c + 2 D. For as many bidders as
/// stated, and for two.
pub fn price_grid(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("fpsb-grid")?;
    let mut checks = vec![price_grid_of(&scenario)?];
    if !plan.is_set("world.charities_per_area") {
        let mut two = scenario;
        two.world.charities_per_area = 2;
        two.regime.behaviour.rivals_known = 1.0;
        checks.push(price_grid_of(&two)?);
    }
    Ok(checks)
}

fn price_grid_of(scenario: &Scenario) -> Result<Check, VerifyError> {
    let (lowest, highest) = rest_prices(scenario);
    let middle = 0.5 * (lowest + highest);
    let mut furthest = middle;
    let mut tenders = 0.0;
    watch(scenario, |setting, _, output| {
        let settled = setting.round >= scenario.run.burn_in;
        for award in output.awards.awards.iter().flatten().filter(|_| settled) {
            let price = award.price.value();
            tenders += 1.0;
            furthest = if (price - middle).abs() > (furthest - middle).abs() { price } else { furthest };
        }
    })?;
    let rounding = 1e-9 * highest;
    let what = format!("price grid, {} bidders: price at rest", scenario.world.charities_per_area);
    let mut check = Check::exact("V05", what, middle, furthest, 0.5 * (highest - lowest) + rounding);
    check.repetitions = tenders;
    if tenders == 0.0 {
        check.measured = f64::NAN;
    }
    Ok(check)
}

/// The lowest and the highest price on the grid at which replies rest: not below c, and not above
/// c + D n/(n - 1) nor above the ceiling.
fn rest_prices(scenario: &Scenario) -> (f64, f64) {
    let auction = Auction::of(scenario);
    let (n, cost) = (auction.bidders, auction.high);
    let step = scenario.regime.behaviour.price_grid.value() * auction.ceiling;
    let lowest = libm::ceil(cost / step - 1e-9) * step;
    let highest = libm::floor((cost + step * n / (n - 1.0)) / step + 1e-9) * step;
    (lowest.min(auction.ceiling), highest.min(auction.ceiling))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Effort;

    #[test]
    fn two_rest_a_step_higher_than_three() {
        let highest = |n: u32| {
            let sets = vec![format!("world.charities_per_area={n}")];
            let plan = Plan { effort: Effort::Times(1.0), sets };
            let scenario = plan.load("fpsb-grid").expect("valid");
            let (lowest, highest) = rest_prices(&scenario);
            let step = scenario.regime.behaviour.price_grid.value();
            assert!((lowest - scenario.population.cost_low_gbp.value()).abs() < 1e-9);
            libm::round((highest - lowest) / step)
        };
        assert_eq!([2, 3, 4, 9].map(highest), [2.0, 1.0, 1.0, 1.0]);
    }
}
