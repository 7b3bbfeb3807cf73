//! How a bid is scored: quality, price and social value, by the rules in force.

use super::beliefs::Counted;
use super::bid::Bid;
use crate::math::{gumbel_quantile, normal_quantile};
use crate::scenario::parameters::{NoiseLaw, PriceFormula, Rules};
use crate::units::Gbp;

/// Prices that price formulas compare with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    /// Highest price allowed \[GBP a round\].
    pub ceiling: Gbp,
    /// Lowest price among the bids \[GBP a round\].
    pub lowest: Gbp,
    /// Mean price of the bids \[GBP a round\].
    pub mean: Gbp,
}

impl Prices {
    /// Of the bids for a tender; the ceiling where there are none.
    pub fn of<'a>(bids: impl Iterator<Item = &'a Bid> + Clone, ceiling: Gbp) -> Self {
        let count = bids.clone().count();
        let total: Gbp = bids.clone().map(|bid| bid.price).sum();
        let mean = if count > 0 { total / count as f64 } else { ceiling };
        Self { ceiling, lowest: bids.map(|bid| bid.price).fold(ceiling, Gbp::min), mean }
    }
}

/// How much each criterion counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Of quality.
    pub quality: f64,
    /// Of price.
    pub price: f64,
    /// Of social value.
    pub social: f64,
    /// Of collaboration.
    pub collaboration: f64,
}

impl Weights {
    /// As the rules state them; where the lowest price wins, price alone counts.
    pub fn of(rules: &Rules) -> Self {
        if rules.formula == PriceFormula::LowestPrice {
            return Self { quality: 0.0, price: 1.0, social: 0.0, collaboration: 0.0 };
        }
        Self {
            quality: rules.weight_quality.value(),
            price: rules.weight_price.value(),
            social: rules.weight_social.value(),
            collaboration: rules.weight_collaboration.value(),
        }
    }
}

/// What evaluators score the bids for a tender with.
#[derive(Clone, Copy, Debug)]
pub struct Scoring<'a> {
    /// The rules of award.
    pub rules: &'a Rules,
    /// Prices to compare with.
    pub prices: Prices,
    /// The evaluators' error.
    pub noise: f64,
}

/// A bid as evaluators saw it, whatever the prices.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Seen {
    /// Its quality, in \[0, 1\].
    pub quality: f64,
    /// Error on the total, where errors are Gumbel.
    pub error: f64,
}

/// Points of a bid by criterion, weights included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Points {
    /// For quality.
    pub quality: f64,
    /// For the price.
    pub price: f64,
    /// For social value.
    pub social: f64,
    /// For collaboration.
    pub collaboration: f64,
}

/// Why a bid is not ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Its quality is below the threshold.
    Quality,
    /// Its price is abnormally low.
    AbnormallyLow,
}

impl Rejection {
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quality => "quality below threshold",
            Self::AbnormallyLow => "price abnormally low",
        }
    }
}

impl Scoring<'_> {
    /// A bid's quality as evaluators see it, in \[0, 1\]: (1 - k) x claim + k x their belief of the provider,
    /// with writing and their error.
    pub fn quality(&self, bid: &Bid, belief: Counted, u: f64) -> f64 {
        let k = belief.weight;
        let seen = (1.0 - k) * bid.claim + k * belief.mean + bid.writing;
        let error = match self.rules.noise_law {
            NoiseLaw::Normal if self.noise > 0.0 => self.noise * normal_quantile(u),
            _ => 0.0,
        };
        (seen + error).clamp(0.0, 1.0)
    }

    /// What evaluators see in a bid before they compare prices.
    pub fn seen(&self, bid: &Bid, belief: Counted, u: f64) -> Seen {
        let error = match self.rules.noise_law {
            NoiseLaw::Gumbel if self.noise > 0.0 => gumbel_quantile(u, self.noise),
            _ => 0.0,
        };
        Seen { quality: self.quality(bid, belief, u), error }
    }

    /// Points of a bid by criterion.
    pub fn points(&self, bid: &Bid, seen: Seen) -> Points {
        let weights = Weights::of(self.rules);
        Points {
            quality: weights.quality * seen.quality,
            price: weights.price * price_points(self.rules.formula, bid.price, &self.prices),
            social: weights.social * bid.social,
            collaboration: weights.collaboration * bid.collaboration,
        }
    }

    /// Score = w_quality x quality + w_price x f(price) + w_social x social value + w_collaboration x
    /// collaboration, and the error on the total where errors are Gumbel.
    pub fn total(&self, bid: &Bid, seen: Seen) -> f64 {
        let points = self.points(bid, seen);
        points.quality + points.price + points.social + points.collaboration + seen.error
    }

    /// Why a bid is rejected, if it is.
    pub fn rejection(&self, bid: &Bid, seen: Seen) -> Option<Rejection> {
        if seen.quality < self.rules.quality_threshold {
            Some(Rejection::Quality)
        } else if is_abnormally_low(self.rules, bid.price, &self.prices) {
            Some(Rejection::AbnormallyLow)
        } else {
            None
        }
    }
}

/// The evaluators' error when a commissioner has so many bids to evaluate: error x sqrt(bids / capacity)
/// beyond its capacity; a million times the error is as much as there is.
pub fn evaluation_error(rules: &Rules, bids: f64) -> f64 {
    const MOST: f64 = 1e12;
    let strain = (bids / rules.evaluation_capacity).min(MOST);
    if rules.evaluation_capacity > 0.0 && strain > 1.0 {
        rules.evaluation_noise * libm::sqrt(strain)
    } else {
        rules.evaluation_noise
    }
}

/// Points for a price, in \[0, 1\]. Relative formulas let a losing bid decide between two others
/// (Stilger, Siderius and van Raaij 2017); the absolute one does not.
pub fn price_points(formula: PriceFormula, price: Gbp, prices: &Prices) -> f64 {
    match formula {
        PriceFormula::AbsoluteLinear | PriceFormula::LowestPrice => 1.0 - price / prices.ceiling,
        PriceFormula::RelativeToLowest if price == Gbp::ZERO => 1.0,
        PriceFormula::RelativeToLowest => prices.lowest / price,
        PriceFormula::AveragePrice if prices.mean == Gbp::ZERO => 1.0,
        PriceFormula::AveragePrice => (0.5 + (prices.mean - price) / prices.mean).clamp(0.0, 1.0),
        PriceFormula::FixedPrice => 0.0,
    }
}

/// Whether a price is so far below the mean of the bids that it is rejected.
pub fn is_abnormally_low(rules: &Rules, price: Gbp, prices: &Prices) -> bool {
    rules.abnormally_low < 1.0 && price < prices.mean * (1.0 - rules.abnormally_low)
}

/// The score that a bid can expect before rivals' prices are known: they are taken to be the market's
/// mean winning price.
pub fn planning_score(rules: &Rules, claim: f64, social: f64, price_ratio: f64, market_ratio: f64) -> f64 {
    let price = Gbp::new(price_ratio);
    let market = Gbp::new(market_ratio);
    let prices = Prices { ceiling: Gbp::new(1.0), lowest: market.min(price), mean: market };
    let weights = Weights::of(rules);
    weights.quality * claim
        + weights.price * price_points(rules.formula, price, &prices)
        + weights.social * social
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CharityId, Id, TenderId};
    use crate::random::{Luck, Purpose};
    use crate::units::Share;

    fn bid(price: f64, claim: f64) -> Bid {
        Bid {
            charity: CharityId::from_row(0),
            tender: TenderId::from_row(0),
            price: Gbp::new(price),
            quality: 1.0,
            claim,
            writing: 0.0,
            social: 0.0,
            collaboration: 0.0,
            team: None,
            full_cost: Gbp::new(price),
            bid_cost: Gbp::ZERO,
            charity_luck: 0,
        }
    }

    fn rules(formula: PriceFormula, quality: f64, price: f64) -> Rules {
        Rules {
            formula,
            weight_quality: Share::new(quality),
            weight_price: Share::new(price),
            evaluation_noise: 0.0,
            ..Rules::default()
        }
    }

    fn scores(rules: &Rules, bids: &[Bid]) -> Vec<f64> {
        let prices = Prices::of(bids.iter(), Gbp::new(100.0));
        let scoring = Scoring { rules, prices, noise: rules.evaluation_noise };
        let total = |bid: &Bid| scoring.total(bid, scoring.seen(bid, Counted::default(), 0.5));
        bids.iter().map(|bid| 100.0 * total(bid)).collect()
    }

    /// V10: the ranking paradox of the relative formula, and none under the absolute one.
    #[test]
    fn a_losing_bid_can_decide_under_the_relative_formula_only() {
        let [a, b, c] = [bid(80.0, 0.5), bid(100.0, 0.69), bid(50.0, 0.0)];
        let relative = rules(PriceFormula::RelativeToLowest, 0.5, 0.5);
        let with = scores(&relative, &[a, b, c]);
        let without = scores(&relative, &[a, b]);
        for (score, expected) in with.iter().chain(&without).zip([56.25, 59.5, 50.0, 75.0, 74.5]) {
            assert!((score - expected).abs() < 1e-9, "{score} {expected}");
        }
        let absolute = rules(PriceFormula::AbsoluteLinear, 0.5, 0.5);
        let mut draws = Luck::new(1, 0).stream::<6>(Purpose::Sample, 0);
        for case in 0..100_000 {
            let u = draws.uniforms(case);
            let bids = [0, 2, 4].map(|k| bid(100.0 * u[k], u[k + 1]));
            let (three, two) = (scores(&absolute, &bids), scores(&absolute, &bids[..2]));
            assert_eq!(three[0] > three[1], two[0] > two[1]);
        }
    }

    /// V09: under the absolute formula a criterion of weight w is worth w / w_price x ceiling in pounds.
    #[test]
    fn a_criterion_has_a_price_under_the_absolute_formula() {
        let rules =
            Rules { weight_social: Share::new(0.05), ..rules(PriceFormula::AbsoluteLinear, 0.55, 0.4) };
        let worth = 0.05 / 0.4 * 100.0;
        let mut draws = Luck::new(2, 0).stream::<6>(Purpose::Sample, 0);
        for case in 0..10_000 {
            let u = draws.uniforms(case);
            let plain = [0, 3].map(|k| bid(50.0 + 50.0 * u[k], u[k + 1]));
            let social = [u[2], u[5]];
            let scored = [0, 1].map(|k| Bid { social: social[k], ..plain[k] });
            let paid =
                [0, 1].map(|k| Bid { price: plain[k].price - Gbp::new(worth * social[k]), ..plain[k] });
            let (scored, paid) = (scores(&rules, &scored), scores(&rules, &paid));
            assert_eq!(scored[0] > scored[1], paid[0] > paid[1]);
        }
    }

    #[test]
    fn the_mean_price_gets_half_the_points_under_the_average_formula() {
        let prices = Prices { ceiling: Gbp::new(100.0), lowest: Gbp::new(40.0), mean: Gbp::new(80.0) };
        let points = |price: f64| price_points(PriceFormula::AveragePrice, Gbp::new(price), &prices);
        assert_eq!((points(80.0), points(40.0), points(100.0)), (0.5, 1.0, 0.25));
    }

    #[test]
    fn the_lowest_price_wins_whatever_the_weights() {
        let rules = rules(PriceFormula::LowestPrice, 0.9, 0.1);
        let scores = scores(&rules, &[bid(80.0, 1.0), bid(79.0, 0.1)]);
        assert!(scores[1] > scores[0]);
    }

    #[test]
    fn evaluators_with_too_many_bids_err_more() {
        let rules = Rules { evaluation_noise: 0.06, evaluation_capacity: 10.0, ..Rules::default() };
        assert_eq!(evaluation_error(&rules, 10.0), 0.06);
        assert!((evaluation_error(&rules, 40.0) - 0.12).abs() < 1e-12);
        assert!(
            (evaluation_error(&Rules { evaluation_capacity: 5e-324, ..rules.clone() }, 40.0) - 0.06e6).abs()
                < 1e-6
        );
        assert_eq!(evaluation_error(&Rules { evaluation_capacity: 0.0, ..rules }, 40.0), 0.06);
    }
}
