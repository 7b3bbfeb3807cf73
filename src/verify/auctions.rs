//! V01 to V05: sealed bids by bidders who know the law of costs.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::math::pow;
use crate::scenario::Scenario;

/// Bidders per auction, the range of their costs and the ceiling, in GBP of the whole contract a round.
pub(super) struct Auction {
    pub(super) bidders: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) ceiling: f64,
}

impl Auction {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let market = &scenario.market;
        let per_round = market.lot_value_gbp.value() / f64::from(market.lot_term_rounds);
        let hours = per_round / (market.reference_cost_gbp.value() * market.planning_ceiling_ratio);
        Self {
            bidders: f64::from(scenario.world.charities_per_area),
            low: scenario.population.cost_low_gbp.value() * hours,
            high: scenario.population.cost_high_gbp.value() * hours,
            ceiling: market.reference_cost_gbp.value() * hours * scenario.regime.rules.ceiling_ratio,
        }
    }

    pub(super) fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// All awards of an auction scenario.
#[derive(Default)]
pub(super) struct Outcomes {
    /// Prices.
    pub(super) prices: Vec<f64>,
    /// Winners' gains over their cost, per bidder.
    pub(super) profits: Sample,
    /// How often the lowest-cost bidder won.
    pub(super) efficient: Sample,
}

/// Plays an auction scenario.
pub(super) fn outcomes(scenario: &Scenario) -> Result<Outcomes, VerifyError> {
    let mut outcomes = Outcomes::default();
    watch(scenario, |_, _, output| {
        for (id, award) in output.awards.awards.enumerate() {
            let Some(award) = award else { continue };
            let bids = output.bids.of(id);
            let lowest = bids.iter().min_by(|a, b| a.full_cost.value().total_cmp(&b.full_cost.value()));
            outcomes
                .efficient
                .add(f64::from(u8::from(lowest.is_some_and(|bid| bid.charity == award.winner))));
            outcomes.profits.add((award.price - award.full_cost).value() / bids.len() as f64);
            outcomes.prices.push(award.price.value());
        }
    })?;
    Ok(outcomes)
}

pub(super) fn sample(values: &[f64]) -> Sample {
    let mut sample = Sample::default();
    values.iter().for_each(|&value| sample.add(value));
    sample
}

/// V01: E(price) = cl + 2(ch - cl)/(n + 1); sd as by order statistics; the lowest cost wins always.
pub fn first_price(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("fpsb-uniform", 200_000)?;
    let auction = Auction::of(&scenario);
    let n = auction.bidders;
    let Outcomes { prices, profits, efficient } = outcomes(&scenario)?;
    let prices = sample(&prices);
    let variance =
        auction.width() * auction.width() * (n - 1.0) * (n - 1.0) / (n * (n + 1.0) * (n + 1.0) * (n + 2.0));
    let sd = libm::sqrt(prices.variance());
    // The sd of a bounded law settles like its mean; twice the usual margin covers its kurtosis.
    let margin = 8.0 * sd / libm::sqrt(2.0 * prices.n);
    Ok(vec![
        Check::of_mean(
            "V01",
            "first price: mean price",
            auction.low + 2.0 * auction.width() / (n + 1.0),
            &prices,
        ),
        Check {
            id: "V01",
            what: "first price: s.d. of price".into(),
            theory: libm::sqrt(variance),
            measured: sd,
            repetitions: prices.n,
            standard_error: sd / libm::sqrt(2.0 * prices.n),
            tolerance: margin,
        },
        Check::of_mean("V01", "first price: profit per bidder", auction.width() / (n * (n + 1.0)), &profits),
        Check::exact("V01", "first price: lowest cost wins", 1.0, efficient.mean(), 0.0),
    ])
}

/// V02: F = 1 - (1 - x)^a gives E(price) = 1 - n (n - 1) B(n - 1 + 1/a, 2), on [low, high].
pub fn power_costs(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("fpsb-power", 300_000)?;
    let auction = Auction::of(&scenario);
    let (n, a) = (auction.bidders, scenario.population.cost_power);
    // B(x, 2) = 1 / (x (x + 1)).
    let x = n - 1.0 + 1.0 / a;
    let mean = 1.0 - n * (n - 1.0) / (x * (x + 1.0));
    let prices = sample(&outcomes(&scenario)?.prices);
    let theory = auction.low + auction.width() * mean;
    Ok(vec![Check::of_mean("V02", "power law of costs: mean price", theory, &prices)])
}

/// V02: exponential costs give a constant markup: E(price) = low + 1/(L n) + 1/(L (n - 1)).
pub fn exponential_costs(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("fpsb-exp", 300_000)?;
    let auction = Auction::of(&scenario);
    let n = auction.bidders;
    let market = &scenario.market;
    let excess = scenario.population.cost_mean_excess_gbp / market.reference_cost_gbp;
    let per_round = market.lot_value_gbp.value() / f64::from(market.lot_term_rounds);
    let mean = excess * per_round / market.planning_ceiling_ratio;
    let theory = auction.low + mean / n + mean / (n - 1.0);
    let prices = sample(&outcomes(&scenario)?.prices);
    Ok(vec![Check::of_mean("V02", "exponential costs: mean price", theory, &prices)])
}

/// V03: under a ceiling r, P(award) = 1 - (1 - r)^n, and the price given award by integration over the
/// lowest cost.
pub fn reserve_price(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    const STEPS: u32 = 100_000;
    let scenario = plan.repeated("fpsb-reserve", 400_000)?;
    let auction = Auction::of(&scenario);
    let n = auction.bidders;
    let r = ((auction.ceiling - auction.low) / auction.width()).min(1.0);
    let awarded = 1.0 - pow(1.0 - r, n);
    let paid: f64 = (0..STEPS)
        .map(|step| {
            let c = (f64::from(step) + 0.5) / f64::from(STEPS) * r;
            let bid = c + (pow(1.0 - c, n) - pow(1.0 - r, n)) / (n * pow(1.0 - c, n - 1.0));
            bid * n * pow(1.0 - c, n - 1.0) * r / f64::from(STEPS)
        })
        .sum();
    let (mut awards, mut prices) = (Sample::default(), Sample::default());
    watch(&scenario, |_, _, output| {
        for award in output.awards.awards.iter() {
            awards.add(f64::from(u8::from(award.is_some())));
            award.iter().for_each(|award| prices.add(award.price.value()));
        }
    })?;
    let theory = auction.low + auction.width() * paid / awarded;
    Ok(vec![
        Check::of_mean("V03", "ceiling price: tenders awarded", awarded, &awards),
        Check::of_mean("V03", "ceiling price: mean price where awarded", theory, &prices),
    ])
}

/// V04: the second price has the same mean, auction by auction on the same costs, and more spread.
pub fn second_price(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let first = plan.repeated("fpsb-uniform", 200_000)?;
    let second = plan.repeated("spsb", 200_000)?;
    let n = Auction::of(&first).bidders;
    let (first, second) = (outcomes(&first)?.prices, outcomes(&second)?.prices);
    let differences: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
    let ratio = sample(&first).variance() / sample(&second).variance();
    let theory = (n - 1.0) / (2.0 * n);
    Ok(vec![
        Check::of_mean("V04", "first minus second price, same costs", 0.0, &sample(&differences)),
        Check {
            id: "V04",
            what: "variance of first over second price".into(),
            theory,
            measured: ratio,
            repetitions: first.len() as f64,
            standard_error: ratio * libm::sqrt(4.0 / first.len() as f64),
            tolerance: 0.03 * theory,
        },
    ])
}

/// V05 (i): as costs grow alike, the price falls to cost in proportion to their spread w: E(price) - cl =
/// 2 w/(n + 1).
pub fn bertrand_limit(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("fpsb-degenerate", 200_000)?;
    let margin = |part: f64| -> Result<Sample, VerifyError> {
        let mut narrow = scenario.clone();
        let law = &mut narrow.population;
        law.cost_low_gbp = law.cost_high_gbp - (law.cost_high_gbp - law.cost_low_gbp) * part;
        let low = Auction::of(&narrow).low;
        let margins: Vec<f64> = outcomes(&narrow)?.prices.iter().map(|price| price - low).collect();
        Ok(sample(&margins))
    };
    let [wide, narrow, narrower] = [margin(1.0)?, margin(0.1)?, margin(0.01)?];
    let auction = Auction::of(&scenario);
    let theory = 2.0 * auction.width() / (auction.bidders + 1.0);
    let tenfold = |what: &str, wide: &Sample, narrow: &Sample| {
        Check::exact("V05", what, 10.0, wide.mean() / narrow.mean(), 0.01 * 10.0)
    };
    Ok(vec![
        Check::of_mean("V05", "alike costs: margin over the lowest", theory, &wide),
        tenfold("alike costs: margin over that at a tenth", &wide, &narrow),
        tenfold("alike costs: at a tenth over at a hundredth", &narrow, &narrower),
    ])
}

/// V05 (iii): the second-price rule pays exactly the second-lowest cost.
pub fn second_lowest_cost(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let mut worst: f64 = 0.0;
    watch(&plan.repeated("spsb", 200_000)?, |_, _, output| {
        for (id, award) in output.awards.awards.enumerate() {
            let mut costs: Vec<f64> = output.bids.of(id).iter().map(|bid| bid.full_cost.value()).collect();
            costs.sort_by(f64::total_cmp);
            if let (Some(award), Some(second)) = (award, costs.get(1)) {
                worst = worst.max((award.price.value() - second).abs());
            }
        }
    })?;
    Ok(vec![Check::exact("V05", "second price minus second-lowest cost", 0.0, worst, 1e-12)])
}
