//! Rational prices against rivals whose cost law is common knowledge.

use super::commission::Tender;
use super::quality::Plan;
use crate::math::{exp, logistic, pow};
use crate::mutants::{Mutant, is_on};
use crate::scenario::parameters::{CostLaw, Population};
use crate::units::Gbp;

/// The cost law of rivals for a tender's hours. Overheads are left out: theory presets have none.
#[derive(Clone, Copy, Debug)]
pub struct RivalCosts {
    /// Lowest cost \[GBP a round\].
    low: f64,
    /// Highest cost, or the mean excess over the lowest \[GBP a round\].
    scale: f64,
    /// S(x) = (1 - x)^power over the range, or an exponential where there is none.
    power: Option<f64>,
    /// Highest price \[GBP a round\].
    ceiling: f64,
}

impl RivalCosts {
    /// The law for a tender; `scenario::checks` refuses a lognormal one where it would be reckoned with.
    pub fn of(law: &Population, tender: &Tender) -> Self {
        let low = law.cost_low_gbp.value() * tender.hours;
        let width = law.cost_high_gbp.value() * tender.hours - low;
        let (scale, power) = match law.cost_law {
            CostLaw::Uniform | CostLaw::Lognormal => (width, Some(1.0)),
            CostLaw::Power => (width, Some(law.cost_power)),
            CostLaw::Exponential => (law.cost_mean_excess_gbp.value() * tender.hours, None),
        };
        Self { low, scale, power, ceiling: tender.ceiling.value() }
    }

    /// The law of costs less what winning is worth beside the money, as if to all alike.
    pub fn less(self, worth: Gbp) -> Self {
        Self { low: self.low - worth.value(), ..self }
    }

    /// The share of rivals whose cost is above this one, S(c) = 1 - F(c).
    pub fn share_above(&self, cost: f64) -> f64 {
        let way = ((cost - self.low) / self.scale).max(0.0);
        match self.power {
            Some(power) => pow((1.0 - way).max(0.0), power),
            None => exp(-way),
        }
    }

    /// Integral of S^rivals from one cost to another.
    fn integral(&self, rivals: f64, from: f64, to: f64) -> f64 {
        let (from, to) = ((from - self.low) / self.scale, (to - self.low) / self.scale);
        self.scale
            * match self.power {
                Some(power) => {
                    let m = power * rivals + 1.0;
                    (pow((1.0 - from).max(0.0), m) - pow((1.0 - to).max(0.0), m)) / m
                }
                None if rivals == 0.0 => to - from,
                None => (exp(-rivals * from) - exp(-rivals * to)) / rivals,
            }
    }

    /// The highest cost at which bidding pays: (ceiling - c) S(c)^rivals = bid cost (Samuelson 1985).
    fn cut_off(&self, rivals: f64, bid_cost: f64) -> f64 {
        let highest = self.power.map_or(self.ceiling, |_| (self.low + self.scale).min(self.ceiling));
        let gain = |cost: f64| (self.ceiling - cost) * pow(self.share_above(cost), rivals);
        if bid_cost == 0.0 || gain(highest) >= bid_cost {
            return highest;
        }
        let (mut pays, mut pays_not) = (self.low, highest);
        for _ in 0..60 {
            let middle = 0.5 * (pays + pays_not);
            if gain(middle) >= bid_cost { pays = middle } else { pays_not = middle }
        }
        pays
    }

    /// First-price equilibrium b = c + [integral of S^(n-1) from c to the cut-off + e] / S(c)^(n-1):
    /// Vickrey's (1961) without bid cost e, Samuelson's (1985) with it, under a ceiling price; the ceiling
    /// where there is no rival.
    pub fn first_price(&self, cost: Gbp, rivals: f64, bid_cost: Gbp) -> Gbp {
        let rivals = if is_on(Mutant::RivalTooFew) { rivals - 1.0 } else { rivals };
        let (c, e) = (cost.value(), bid_cost.value());
        if rivals == 0.0 {
            return cost.max(Gbp::new(self.ceiling));
        }
        let cut_off = self.cut_off(rivals, e);
        let chance = pow(self.share_above(c), rivals);
        if c >= cut_off || chance <= 0.0 {
            return cost.max(Gbp::new(self.ceiling));
        }
        Gbp::new((c + (self.integral(rivals, c, cut_off) + e) / chance).min(self.ceiling))
    }
}

impl RivalCosts {
    /// First-score equilibrium (Che 1993; Asker and Cantillon 2008): quality is chosen apart from rivalry,
    /// p(c) = C(g(c), c) + integral from c to the highest of C_c(g(t), t) [S(t)/S(c)]^(n-1) dt, by
    /// Simpson's rule.
    pub fn first_score(&self, standard: Gbp, rivals: f64, plan: &Plan) -> Gbp {
        let own = standard.value();
        let chance = self.share_above(own);
        let cost = plan.cost(standard, plan.quality(standard));
        let highest = self.low + self.scale;
        if chance <= 0.0 || own >= highest {
            return cost;
        }
        let rent = simpson(own, highest, |t| {
            let slope = plan.cost_slope(plan.quality(Gbp::new(t)));
            slope * pow(self.share_above(t) / chance, rivals)
        });
        cost + Gbp::new(rent)
    }

    /// Chance of entering before costs are known, one among `rivals` + 1 alike of whom each sees how many
    /// entered (Levin and Smith 1994), smoothed: p = logistic(lambda (gain(p) / e - 1)).
    pub fn entry_before_cost(&self, rivals: f64, bid_cost: f64, rationality: f64) -> f64 {
        if rationality == 0.0 {
            return 0.5;
        }
        let rivals = if is_on(Mutant::EntrantTooFew) { rivals - 1.0 } else { rivals };
        let rents: Vec<f64> = (0..=rivals as u32).map(|k| self.rent_against(f64::from(k))).collect();
        let reply = |p: f64| logistic(rationality * (gain_before_cost(&rents, rivals, p) / bid_cost - 1.0));
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..50 {
            let p = 0.5 * (low + high);
            if reply(p) > p { low = p } else { high = p }
        }
        0.5 * (low + high)
    }

    /// A bidder's expected rent against k rivals, before costs are known: the integral of F S^k up to the ceiling.
    fn rent_against(&self, k: f64) -> f64 {
        match self.power {
            // F S^k for S = (1 - x)^a over the whole range: 1/(a k + 1) - 1/(a (k + 1) + 1).
            Some(a) if self.ceiling >= self.low + self.scale => {
                let rent = self.scale * (1.0 / (a * k + 1.0) - 1.0 / (a * (k + 1.0) + 1.0));
                if k == 0.0 { rent + (self.ceiling - self.low - self.scale) } else { rent }
            }
            _ => simpson(self.low, self.ceiling, |c| {
                let above = self.share_above(c);
                (1.0 - above) * pow(above, k)
            }),
        }
    }
}

/// Expected gain before the cost is known, if each rival enters with chance p: over the binomial number k
/// of those in, the rent against so many.
fn gain_before_cost(rents: &[f64], rivals: f64, p: f64) -> f64 {
    if p >= 1.0 {
        return rents[rents.len() - 1];
    }
    let mut chance = pow(1.0 - p, rivals);
    let mut gain = 0.0;
    for (k, rent) in rents.iter().enumerate() {
        let k = k as f64;
        gain += chance * rent;
        chance *= (rivals - k) / (k + 1.0) * p / (1.0 - p);
    }
    gain
}

/// Simpson's rule on 128 intervals.
fn simpson(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    const INTERVALS: u32 = 128;
    let step = (to - from) / f64::from(INTERVALS);
    let weight = |k: u32| match k {
        0 | INTERVALS => 1.0,
        k if k % 2 == 1 => 4.0,
        _ => 2.0,
    };
    (0..=INTERVALS).map(|k| weight(k) * f(from + f64::from(k) * step)).sum::<f64>() * step / 3.0
}

/// Price against the winner's curse: one cost is common to all, and estimates err by a uniform of this
/// half-width; away from the bounds of what costs can be, the equilibrium adds it to the estimate
/// (Kagel and Levin 1986, mirrored).
pub fn common_value_price(estimate: Gbp, law: &Population, tender: &Tender, cost_error: f64) -> Gbp {
    let typical = (law.cost_low_gbp + law.cost_high_gbp) * (0.5 * tender.hours);
    estimate + typical * cost_error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parameters::{Behaviour, Beliefs, QualityLaw, Rules};
    use crate::units::Share;

    fn costs(power: Option<f64>, ceiling: f64) -> RivalCosts {
        RivalCosts { low: 0.0, scale: 1.0, power, ceiling }
    }

    fn price(costs: RivalCosts, cost: f64, rivals: f64, bid_cost: f64) -> f64 {
        costs.first_price(Gbp::new(cost), rivals, Gbp::new(bid_cost)).value()
    }

    /// F S^k for S = (1 - x)^a over the whole range: 1/2 - 1/3 for a = k = 1, 1/5 - 1/7 for a = 2 and k = 2; with nobody to
    /// beat, the ceiling above the range comes on top.
    #[test]
    fn rents_before_costs_are_known_by_hand() {
        let near = |found: f64, by_hand: f64| assert!((found - by_hand).abs() < 1e-6, "{found} {by_hand}");
        near(costs(Some(1.0), 1.0).rent_against(1.0), 1.0 / 6.0);
        near(costs(Some(2.0), 1.0).rent_against(2.0), 2.0 / 35.0);
        near(costs(Some(1.0), 1.5).rent_against(0.0), 1.0 - 0.5 + 0.5);
        near(costs(Some(1.0), 1.5).rent_against(2.0), 1.0 / 3.0 - 1.0 / 4.0);
        // Below the range: x (1 - x) up to a half, 1/8 - 1/24.
        near(costs(Some(1.0), 0.5).rent_against(1.0), 1.0 / 12.0);
    }

    /// V01 to V03 and V13: if rivals bid the equilibrium, no other price on a grid earns more. A price b beats a
    /// rival whose equilibrium price is above it, that is, whose cost is above the inverse of b.
    #[test]
    fn equilibrium_prices_are_best_replies() {
        let cases = [
            (costs(Some(1.0), 1.0), 0.0),
            (costs(Some(2.5), 1.0), 0.0),
            (costs(Some(1.0), 0.6), 0.0),
            (costs(Some(1.0), 1.0), 0.1),
        ];
        for (law, bid_cost) in cases {
            for rivals in [1.0, 2.0, 4.0] {
                let bid = |c: f64| price(law, c, rivals, bid_cost);
                let prices: Vec<f64> = (0..=4_000).map(|row| bid(f64::from(row) / 4_000.0)).collect();
                let wins = |b: f64| {
                    let below = prices.partition_point(|&rival| rival < b) as f64 / 4_000.0;
                    pow(law.share_above(below), rivals)
                };
                for own in [0.05, 0.2, 0.35] {
                    let earns = |b: f64| (b - own) * wins(b);
                    let best = (1..1_000).map(|row| earns(law.ceiling * f64::from(row) / 1_000.0));
                    let most = best.fold(0.0, f64::max);
                    assert!(earns(bid(own)) >= most - 1e-3, "{law:?} {rivals} {own}: {most}");
                }
            }
        }
        // Nobody to beat: the ceiling.
        assert_eq!(price(costs(Some(1.0), 1.5), 0.4, 0.0, 0.0), 1.5);
    }

    /// V09: Che's first-score equilibrium with costs t g^2/2 on [1, 2] and two bidders.
    #[test]
    fn first_score_reference_values() {
        let behaviour = Behaviour { quality_law: QualityLaw::Multiplicative, ..Behaviour::default() };
        let behaviour = Behaviour { beliefs: Beliefs::Rational, ..behaviour };
        let half = Share::new(0.5);
        let rules = Rules { weight_quality: half, weight_price: half, ..Rules::default() };
        let one = Gbp::new(1.0);
        let (rules, behaviour) = (&rules, &behaviour);
        let plan = Plan { rules, behaviour, ceiling: one, reference: one, ability: 1.0, rivals: 1.0 };
        let law = RivalCosts { low: 1.0, scale: 1.0, power: Some(1.0), ceiling: 10.0 };
        for (cost, expected) in [(1.0, 0.653_426), (1.5, 0.378_985)] {
            let price = law.first_score(Gbp::new(cost), 1.0, &plan).value();
            assert!((price - expected).abs() < 1e-6, "{price}");
        }
    }

    #[test]
    fn equilibria_are_those_of_the_literature() {
        // Vickrey: c + (1 - c)/n.
        assert!((price(costs(Some(1.0), 1.0), 0.4, 4.0, 0.0) - 0.52).abs() < 1e-12);
        // Power law: c + (1 - c)/(a (n - 1) + 1).
        assert!((price(costs(Some(2.0), 1.0), 0.4, 2.0, 0.0) - 0.52).abs() < 1e-12);
        // Exponential: a constant markup of 1/(L (n - 1)).
        assert!((price(costs(None, 1e3), 0.4, 2.0, 0.0) - 0.9).abs() < 1e-12);
        // A ceiling r below the highest cost: c + [(1-c)^n - (1-r)^n] / [n (1-c)^(n-1)].
        let expected = 0.3 + (0.7_f64.powi(3) - 0.4_f64.powi(3)) / (3.0 * 0.7_f64.powi(2));
        assert!((price(costs(Some(1.0), 0.6), 0.3, 2.0, 0.0) - expected).abs() < 1e-12);
        // Samuelson: b(c*) = 1 at c* = 1 - e^(1/n), and b(0) = (1 + e (n - 1))/n.
        assert!((price(costs(Some(1.0), 1.0), 0.0, 4.0, 0.1) - 0.28).abs() < 1e-9);
        assert!((price(costs(Some(1.0), 1.0), 0.36904, 4.0, 0.1) - 1.0).abs() < 1e-3);
        // Levin and Smith: N = 5, e = .1; N = 10, e = .05.
        let entry = |rivals, e| costs(Some(1.0), 1.0).entry_before_cost(rivals, e, 1e9);
        assert!((entry(4.0, 0.1) - 0.558_727).abs() < 1e-6, "{}", entry(4.0, 0.1));
        assert!((entry(9.0, 0.05) - 0.421_724).abs() < 1e-6, "{}", entry(9.0, 0.05));
    }
}
