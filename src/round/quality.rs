//! Planned quality: how good to promise to be, and what it costs (Che 1993).

use super::score::Weights;
use crate::mutants::{Mutant, is_on};
use crate::scenario::parameters::{Behaviour, Beliefs, NoiseLaw, QualityLaw, Rules};
use crate::units::Gbp;

/// What a bidder for a tender must know to plan quality.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The rules of award.
    pub rules: &'a Rules,
    /// The bidder's behaviour.
    pub behaviour: &'a Behaviour,
    /// Highest price allowed \[GBP a round\].
    pub ceiling: Gbp,
    /// Reference cost of the hours asked for \[GBP a round\].
    pub reference: Gbp,
    /// The bidder's ability, in \[0, 1\].
    pub ability: f64,
    /// Rivals that it expects.
    pub rivals: f64,
}

impl Plan<'_> {
    /// Planned quality g of a bidder whose cost at standard quality is known: it maximises
    /// (w_quality / w_price) x ceiling x claim(g) - cost(g), where the claim is ability x g, at most 1;
    /// quality is chosen apart from rivalry, but is enough to pass a threshold. Charities that go by the market's
    /// history also leave under the ceiling the margin that standard quality would earn against so many rivals.
    pub fn quality(&self, standard: Gbp) -> f64 {
        let behaviour = self.behaviour;
        if !behaviour.planned_quality {
            return 1.0;
        }
        let base = match behaviour.quality_law {
            QualityLaw::AboveStandard | QualityLaw::Multiplicative => standard,
            QualityLaw::Additive => self.reference,
        };
        let weights = Weights::of(self.rules);
        let price_weight = if is_on(Mutant::QualityUnweighted) { 1.0 } else { weights.price };
        let wanted = if price_weight == 0.0 {
            behaviour.quality_most
        } else {
            let room = self.ceiling / base.max(Gbp::new(1e-9));
            weights.quality / price_weight * room * self.ability / behaviour.quality_cost
        };
        let affordable = match behaviour.beliefs {
            Beliefs::Market => self.affordable(standard),
            Beliefs::Rational => f64::INFINITY,
        };
        let most = 1.0 / self.ability.max(1e-9);
        let planned = wanted.min(most).min(affordable).max(self.passing().min(most));
        planned.clamp(behaviour.quality_least, behaviour.quality_most)
    }

    /// The quality with which a bid passes the threshold of quality by some of the evaluators' errors, whatever it earns; 0
    /// without one.
    fn passing(&self) -> f64 {
        let rules = self.rules;
        if rules.quality_threshold == 0.0 {
            return 0.0;
        }
        let error = if rules.noise_law == NoiseLaw::Normal { rules.evaluation_noise } else { 0.0 };
        (rules.quality_threshold + self.behaviour.pass_errors * error) / self.ability.max(1e-9)
    }

    fn affordable(&self, standard: Gbp) -> f64 {
        let room = self.ceiling / standard.max(Gbp::new(1e-9));
        let spare = (room - 1.0) * (1.0 - 1.0 / (1.0 + self.rivals));
        libm::sqrt((1.0 + 2.0 * spare / self.behaviour.quality_cost).max(0.0))
    }

    /// Cost with a planned quality, of work that costs so much at standard.
    pub fn cost(&self, standard: Gbp, quality: f64) -> Gbp {
        standard * factor(self.behaviour, quality) + self.reference * supplement(self.behaviour, quality)
    }

    /// How fast that cost rises with the cost at standard.
    pub fn cost_slope(&self, quality: f64) -> f64 {
        factor(self.behaviour, quality)
    }
}

/// What quality multiplies the cost of work by: 1 + k (g^2 - 1)/2 above standard, k g^2/2 where it is
/// all of the cost, 1 where it comes on top.
pub fn factor(behaviour: &Behaviour, quality: f64) -> f64 {
    let square = quality * quality;
    match behaviour.quality_law {
        _ if !behaviour.planned_quality => 1.0,
        QualityLaw::AboveStandard => (1.0 + behaviour.quality_cost * (square - 1.0) / 2.0).max(0.1),
        QualityLaw::Multiplicative => behaviour.quality_cost * square / 2.0,
        QualityLaw::Additive => 1.0,
    }
}

/// What quality costs on top, as a share of the reference cost: k g^2/2 where it is additive.
pub fn supplement(behaviour: &Behaviour, quality: f64) -> f64 {
    match behaviour.quality_law {
        QualityLaw::Additive if behaviour.planned_quality => behaviour.quality_cost * quality * quality / 2.0,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parameters::PriceFormula;

    /// Where price alone counts, a bidder of ability .6 plans the least that there is, .5; to pass a threshold of .5
    /// with errors of .06 it plans (.5 + 1.645 x .06)/.6 = .9978; one of ability .3 cannot.
    #[test]
    fn a_threshold_is_planned_for_whatever_quality_earns() {
        let mut rules = Rules { formula: PriceFormula::LowestPrice, ..Rules::default() };
        let behaviour = Behaviour::default();
        let quality = |rules: &Rules, ability: f64| {
            let (ceiling, reference) = (Gbp::new(105.0), Gbp::new(100.0));
            Plan { rules, behaviour: &behaviour, ceiling, reference, ability, rivals: 3.0 }.quality(reference)
        };
        assert_eq!(quality(&rules, 0.6), 0.5);
        (rules.quality_threshold, rules.evaluation_noise) = (0.5, 0.06);
        assert!((quality(&rules, 0.6) - 0.9978).abs() < 1e-4);
        assert_eq!(quality(&rules, 0.3), 1.5);
        let behaviour = Behaviour { pass_errors: 1.0, quality_most: 1.2, ..Behaviour::default() };
        let (ceiling, reference) = (Gbp::new(105.0), Gbp::new(100.0));
        let planned = |ability| {
            let plan =
                Plan { rules: &rules, behaviour: &behaviour, ceiling, reference, ability, rivals: 3.0 };
            plan.quality(reference)
        };
        assert!((planned(0.6) - 0.56 / 0.6).abs() < 1e-12);
        assert_eq!(planned(0.3), 1.2);
    }
}
