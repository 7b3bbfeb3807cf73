//! V01 to V09, V11 and V15: auctions.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::math::{exp, ln, pow};
use crate::scenario::Scenario;
use crate::scenario::parameters::{Bidding, QualityLaw};

/// All auction checks.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    Ok([
        first_price(plan)?,
        power_costs(plan)?,
        exponential_costs(plan)?,
        reserve_price(plan)?,
        second_price(plan)?,
        bertrand_limit(plan)?,
        mission(plan)?,
        zero_intelligence(plan)?,
        learned(plan)?,
        first_score(plan)?,
        softmax(plan)?,
        winners_curse(plan)?,
    ]
    .concat())
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

/// V02: F = 1 - (1 - x)^a gives E(price) = 1 - n (n - 1) B(n - 1 + 1/a, 2), on [low, high].
fn power_costs(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_repeated("fpsb-power")?;
    let auction = Auction::of(&scenario);
    let (n, a) = (auction.bidders, scenario.population.cost_power);
    // B(x, 2) = 1 / (x (x + 1)).
    let x = n - 1.0 + 1.0 / a;
    let mean = 1.0 - n * (n - 1.0) / (x * (x + 1.0));
    let (prices, _) = outcomes(&scenario)?;
    let theory = auction.low + auction.width() * mean;
    Ok(vec![Check::of_mean("V02", "power law of costs: mean price", theory, &sample(&prices))])
}

/// V02: exponential costs give a constant markup: E(price) = low + 1/(L n) + 1/(L (n - 1)).
fn exponential_costs(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_repeated("fpsb-exp")?;
    let auction = Auction::of(&scenario);
    let n = auction.bidders;
    let market = &scenario.market;
    let excess = scenario.population.cost_mean_excess_gbp / market.reference_cost_gbp;
    let per_round = market.lot_value_gbp.value() / f64::from(market.lot_term_rounds);
    let mean = excess * per_round / market.planning_ceiling_ratio;
    let theory = auction.low + mean / n + mean / (n - 1.0);
    let (prices, _) = outcomes(&scenario)?;
    Ok(vec![Check::of_mean("V02", "exponential costs: mean price", theory, &sample(&prices))])
}

/// V03: under a ceiling r, P(award) = 1 - (1 - r)^n, and the price given award by integration over the
/// lowest cost.
fn reserve_price(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    const STEPS: u32 = 100_000;
    let scenario = plan.load_repeated("fpsb-reserve")?;
    let auction = Auction::of(&scenario);
    let n = auction.bidders;
    let market = &scenario.market;
    let ceiling =
        market.lot_value_gbp.value() / f64::from(market.lot_term_rounds) / market.planning_ceiling_ratio
            * scenario.regime.rules.ceiling_ratio;
    let r = ((ceiling - auction.low) / auction.width()).min(1.0);
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

/// V05: as costs grow alike, the price falls to cost in proportion to their spread; and the second-price
/// rule pays exactly the second-lowest cost.
fn bertrand_limit(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_repeated("fpsb-degenerate")?;
    let mean_margin = |part: f64| -> Result<f64, VerifyError> {
        let mut narrow = scenario.clone();
        let law = &mut narrow.population;
        law.cost_low_gbp = law.cost_high_gbp - (law.cost_high_gbp - law.cost_low_gbp) * part;
        let (prices, _) = outcomes(&narrow)?;
        Ok(sample(&prices).mean() - Auction::of(&narrow).low)
    };
    let (wide, narrow) = (mean_margin(1.0)?, mean_margin(0.01)?);
    let mut worst: f64 = 0.0;
    watch(&plan.load_repeated("spsb")?, |_, _, output| {
        for (id, award) in output.awards.awards.enumerate() {
            let mut costs: Vec<f64> = output.bids.of(id).iter().map(|bid| bid.full_cost.value()).collect();
            costs.sort_by(f64::total_cmp);
            if let (Some(award), Some(second)) = (award, costs.get(1)) {
                worst = worst.max((award.price.value() - second).abs());
            }
        }
    })?;
    Ok(vec![
        Check::exact(
            "V05",
            "margin over margin at a hundredth of the spread",
            100.0,
            wide / narrow,
            0.01 * 100.0,
        ),
        Check::exact("V05", "second price minus second-lowest cost", 0.0, worst, 1e-12),
    ])
}

/// V06: a common value m of delivery lowers prices by m; a winner bids below its own cost with chance
/// min(1, n m/(high - low))^n.
fn mission(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load_repeated("fpsb-mission")?;
    let auction = Auction::of(&scenario);
    let behaviour = &scenario.regime.behaviour;
    let value = behaviour.purpose.value() * behaviour.outcome_value_gbp.value();
    let (n, width) = (auction.bidders, auction.width());
    let mut below_cost = Sample::default();
    let mut prices = Sample::default();
    watch(&scenario, |_, _, output| {
        for award in output.awards.awards.iter().flatten() {
            prices.add(award.price.value());
            below_cost.add(f64::from(u8::from(award.price < award.full_cost)));
        }
    })?;
    let price = auction.low + 2.0 * width / (n + 1.0) - value;
    let share = pow((n * value / width).min(1.0), n);
    Ok(vec![
        Check::of_mean("V06", "purpose: mean price", price, &prices),
        Check::of_mean("V06", "purpose: winners below their own cost", share, &below_cost),
    ])
}

/// V08: the best reply to past prices comes near the equilibrium from above: within 15% with a memory of
/// 500 tenders, within 5% with 4,000. One-sided, so theory is the middle of what passes.
fn learned(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("fpsb-learn")?;
    let auction = Auction::of(&scenario);
    let equilibrium = auction.low + 2.0 * auction.width() / (auction.bidders + 1.0);
    let over = if scenario.regime.behaviour.memory >= 4000 { 0.05 } else { 0.15 };
    let mut prices = Sample::default();
    watch(&scenario, |setting, _, output| {
        if setting.round >= scenario.run.burn_in {
            output.awards.awards.iter().flatten().for_each(|award| prices.add(award.price.value()));
        }
    })?;
    let middle = equilibrium * (1.0 + over / 2.0);
    let what = format!("learned bids: mean price, equilibrium {equilibrium:.4}");
    Ok(vec![Check::exact("V08", what, middle, prices.mean(), equilibrium * over / 2.0)])
}

/// V09: with cost C(g, c) and a point of quality worth w, quality maximises w g - C, the price is the
/// first-score equilibrium, and the mean winning score is the mean of the second-highest w g - C.
fn first_score(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let mut checks = Vec::new();
    for law in [QualityLaw::Multiplicative, QualityLaw::Additive] {
        let mut scenario = plan.load_repeated("score-che")?;
        if !plan.is_set("behaviour.quality_law") {
            scenario.regime.behaviour.quality_law = law;
        }
        checks.extend(score_of(&scenario)?);
    }
    Ok(checks)
}

fn score_of(scenario: &Scenario) -> Result<Vec<Check>, VerifyError> {
    const STEPS: u32 = 20_000;
    let auction = Auction::of(scenario);
    let rules = &scenario.regime.rules;
    let behaviour = &scenario.regime.behaviour;
    let (n, k) = (auction.bidders, behaviour.quality_cost);
    let market = &scenario.market;
    let ceiling = market.lot_value_gbp.value() * rules.ceiling_ratio / market.planning_ceiling_ratio;
    let worth = rules.weight_quality.value() / rules.weight_price.value() * ceiling;
    let reference = market.lot_value_gbp.value() / market.planning_ceiling_ratio;
    let additive = behaviour.quality_law == QualityLaw::Additive;
    let quality = |c: f64| if additive { worth / (k * reference) } else { worth / (k * c) };
    let cost = |c: f64| {
        let g = quality(c);
        if additive { c + reference * k * g * g / 2.0 } else { c * k * g * g / 2.0 }
    };
    // Expected price and score: all are functions of the lowest cost (the best type), by the midpoint rule.
    let step = auction.width() / f64::from(STEPS);
    let (mut mean_quality, mut mean_score) = (0.0, 0.0);
    for row in 0..STEPS {
        let c = auction.low + (f64::from(row) + 0.5) * step;
        let x = (c - auction.low) / auction.width();
        let lowest = n * pow(1.0 - x, n - 1.0) * step / auction.width();
        let second = n * (n - 1.0) * x * pow(1.0 - x, n - 2.0) * step / auction.width();
        mean_quality += quality(c) * lowest;
        mean_score += (worth * quality(c) - cost(c)) * second;
    }
    let (mut qualities, mut scores) = (Sample::default(), Sample::default());
    watch(scenario, |_, _, output| {
        for award in output.awards.awards.iter().flatten() {
            qualities.add(award.quality);
            scores.add(worth * award.quality - award.price.value());
        }
    })?;
    let law = if additive { "additive" } else { "multiplicative" };
    Ok(vec![
        Check::of_mean("V09", format!("{law} cost of quality: mean quality"), mean_quality, &qualities),
        Check::of_mean("V09", format!("{law} cost of quality: mean score in GBP"), mean_score, &scores),
    ])
}

/// V15: with one common cost and uniform errors of half-width a, naive bidders lose a (n - 1)/(n + 1)
/// on winning; those who know the curse gain 2 a/(n + 1).
fn winners_curse(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let naive = plan.load_repeated("cv-uniform")?;
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
