//! V01, V04, V07, V11: auctions.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::math::{exp, ln, pow};
use crate::scenario::Scenario;

/// All auction checks.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    Ok([first_price(plan)?, second_price(plan)?, zero_intelligence(plan)?, softmax(plan)?].concat())
}

/// Bidders per auction and the range of their costs, in GBP of the whole contract a round.
struct Auction {
    bidders: f64,
    low: f64,
    high: f64,
}

impl Auction {
    fn of(scenario: &Scenario) -> Self {
        let market = &scenario.market;
        let per_round = market.lot_value_gbp.value() / f64::from(market.lot_term_rounds);
        let hours = per_round / (market.reference_cost_gbp.value() * market.planning_ceiling_ratio);
        Self {
            bidders: f64::from(scenario.world.charities_per_area),
            low: scenario.population.cost_low_gbp.value() * hours,
            high: scenario.population.cost_high_gbp.value() * hours,
        }
    }

    fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// Prices of all awards, and how often the lowest-cost bidder won.
fn outcomes(scenario: &Scenario) -> Result<(Vec<f64>, Sample), VerifyError> {
    let mut prices = Vec::new();
    let mut efficient = Sample::default();
    watch(scenario, |_, _, output| {
        for (id, award) in output.awards.awards.enumerate() {
            let Some(award) = award else { continue };
            let bids = output.bids.of(id);
            let lowest = bids.iter().min_by(|a, b| a.full_cost.value().total_cmp(&b.full_cost.value()));
            efficient.add(f64::from(u8::from(lowest.is_some_and(|bid| bid.charity == award.winner))));
            prices.push(award.price.value());
        }
    })?;
    Ok((prices, efficient))
}

fn sample(values: &[f64]) -> Sample {
    let mut sample = Sample::default();
    values.iter().for_each(|&value| sample.add(value));
    sample
}

/// V01: E(price) = cl + 2(ch - cl)/(n + 1); sd as by order statistics; the lowest cost wins always.
pub fn first_price(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_repeated("fpsb-uniform")?;
    let auction = Auction::of(&scenario);
    let n = auction.bidders;
    let (prices, efficient) = outcomes(&scenario)?;
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
            standard_error: sd / libm::sqrt(2.0 * prices.n),
            tolerance: margin,
        },
        Check::exact("V01", "first price: lowest cost wins", 1.0, efficient.mean(), 0.0),
    ])
}

/// V04: the second price has the same mean, auction by auction on the same costs, and more spread.
fn second_price(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let first = plan.load_repeated("fpsb-uniform")?;
    let second = plan.load_repeated("spsb")?;
    let n = Auction::of(&first).bidders;
    let (first, _) = outcomes(&first)?;
    let (second, _) = outcomes(&second)?;
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
            standard_error: ratio * libm::sqrt(4.0 / first.len() as f64),
            tolerance: 0.03 * theory,
        },
    ])
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
fn zero_intelligence(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_repeated("fpsb-zi")?;
    let auction = Auction::of(&scenario);
    let (prices, efficient) = outcomes(&scenario)?;
    let price = auction.low + auction.width() * zero_intelligence_integral(auction.bidders);
    let wins = zero_intelligence_integral(auction.bidders - 1.0);
    Ok(vec![
        Check::of_mean("V07", "zero intelligence: mean price", price, &sample(&prices)),
        Check::of_mean("V07", "zero intelligence: lowest cost wins", wins, &efficient),
    ])
}

/// V11: with Gumbel errors of scale s, P(i wins) = exp(S_i/s) / sum of exp(S_j/s).
fn softmax(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_repeated("softmax")?;
    let scores = &scenario.population.ability_values;
    let areas = scenario.world.areas as usize;
    let mut wins = vec![Sample::default(); scores.len()];
    watch(&scenario, |_, _, output| {
        for award in output.awards.awards.iter().flatten() {
            let winner = award.winner.row() / areas % scores.len();
            for (row, wins) in wins.iter_mut().enumerate() {
                wins.add(f64::from(u8::from(row == winner)));
            }
        }
    })?;
    let noise = scenario.regime.rules.evaluation_noise;
    let weight = |score: f64| exp(scenario.regime.rules.weight_quality.value() * score / noise);
    let total: f64 = scores.iter().map(|&score| weight(score)).sum();
    Ok(scores
        .iter()
        .zip(&wins)
        .map(|(&score, wins)| {
            Check::of_mean("V11", format!("softmax: score {score} wins"), weight(score) / total, wins)
        })
        .collect())
}
