//! V09 and V11: awards by score, with and without error.

use super::auctions::Auction;
use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::math::{exp, pow};
use crate::scenario::Scenario;
use crate::scenario::parameters::QualityLaw;

/// V09: with cost C(g, c) and a point of quality worth w, quality maximises w g - C, the price is the
/// first-score equilibrium, and the mean winning score is the mean of the second-highest w g - C.
pub fn first_score(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let mut checks = Vec::new();
    for law in [QualityLaw::Multiplicative, QualityLaw::Additive] {
        let mut scenario = plan.repeated("score-che", 200_000)?;
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
    let worth = rules.weight_quality.value() / rules.weight_price.value() * auction.ceiling;
    let reference = auction.ceiling / rules.ceiling_ratio;
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
    let (mut qualities, mut scores, mut prices) = (Sample::default(), Sample::default(), Sample::default());
    watch(scenario, |_, _, output| {
        for award in output.awards.awards.iter().flatten() {
            qualities.add(award.quality);
            scores.add(worth * award.quality - award.price.value());
            prices.add(award.price.value());
        }
    })?;
    let law = if additive { "additive" } else { "multiplicative" };
    Ok(vec![
        Check::of_mean("V09", format!("{law} cost of quality: mean quality"), mean_quality, &qualities),
        Check::of_mean("V09", format!("{law} cost of quality: mean score in GBP"), mean_score, &scores),
        Check::of_mean(
            "V09",
            format!("{law} cost of quality: mean price"),
            worth * mean_quality - mean_score,
            &prices,
        ),
    ])
}

/// V11: with Gumbel errors of scale s, P(i wins) = exp(S_i/s) / sum of exp(S_j/s); without errors the
/// best score wins.
pub fn softmax(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("softmax", 400_000)?;
    let scores = listed_scores(&scenario);
    let mut checks: Vec<Check> = (scores.iter().zip(win_chances(&scenario)).zip(wins(&scenario)?))
        .map(|((score, chance), wins)| {
            Check::of_share("V11", format!("softmax: score {score} wins"), chance, &wins)
        })
        .collect();
    let mut sure = scenario.clone();
    sure.regime.rules.evaluation_noise = 0.0;
    sure.run.rounds = 1;
    let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let of_best = scores.iter().zip(wins(&sure)?).filter(|(score, _)| **score == best);
    let best_wins: f64 = of_best.map(|(_, wins)| wins.mean()).sum();
    checks.push(Check::exact("V11", "no error: the best score wins", 1.0, best_wins, 1e-12));
    Ok(checks)
}

/// Abilities of an area's charities, which are listed in turn.
fn listed_scores(scenario: &Scenario) -> Vec<f64> {
    let charities = scenario.world.charities_per_area as usize;
    scenario.population.ability_values.iter().copied().cycle().take(charities).collect()
}

/// How often each of an area's charities wins, in their order.
fn wins(scenario: &Scenario) -> Result<Vec<Sample>, VerifyError> {
    let areas = scenario.world.areas as usize;
    let mut wins = vec![Sample::default(); scenario.world.charities_per_area as usize];
    watch(scenario, |_, _, output| {
        for award in output.awards.awards.iter().flatten() {
            for (row, wins) in wins.iter_mut().enumerate() {
                wins.add(f64::from(u8::from(row == award.winner.row() / areas)));
            }
        }
    })?;
    Ok(wins)
}

/// Chances of winning of an area's charities under Gumbel errors: a softmax of their weighted scores.
pub(super) fn win_chances(scenario: &Scenario) -> Vec<f64> {
    let rules = &scenario.regime.rules;
    let scores = listed_scores(scenario);
    let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weight =
        |score: f64| exp(rules.weight_quality.value() * (score - best) / rules.evaluation_noise.max(1e-12));
    let total: f64 = scores.iter().map(|&score| weight(score)).sum();
    scores.iter().map(|&score| weight(score) / total).collect()
}
