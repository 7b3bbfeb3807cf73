//! What a commissioner has learned of the providers it has met (a Kalman filter of their ability).

use crate::ids::CharityId;
use crate::scenario::parameters::Rules;
use std::collections::BTreeMap;

/// Belief of one provider's ability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    /// Mean, in \[0, 1\].
    pub mean: f64,
    /// Variance; infinite where there is no belief at all.
    pub variance: f64,
}

impl Belief {
    /// No belief: claims are all there is.
    pub const NONE: Self = Self { mean: 0.0, variance: f64::INFINITY };

    /// How far it counts against a claim: weight x prior variance / (prior variance + variance).
    pub fn weight(self, rules: &Rules) -> f64 {
        let prior = rules.belief_spread * rules.belief_spread;
        rules.belief_weight * prior / (prior + self.variance)
    }
}

/// What of a belief, or of several, counts against a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counted {
    /// Weight against the claim.
    pub weight: f64,
    /// What is believed.
    pub mean: f64,
}

impl Counted {
    /// Of the beliefs of those who are named, weighted by their shares of the work and by how sure each is.
    pub fn of(rules: &Rules, mut beliefs: impl ExactSizeIterator<Item = (Belief, f64)>) -> Self {
        if beliefs.len() == 1 {
            let only = beliefs.next().map_or(Belief::NONE, |(belief, _)| belief);
            return Self { weight: only.weight(rules), mean: only.mean };
        }
        let (weight, sum) = beliefs.fold((0.0, 0.0), |(weight, sum), (belief, share)| {
            let counts = share * belief.weight(rules);
            (weight + counts, sum + counts * belief.mean)
        });
        Self { weight, mean: if weight > 0.0 { sum / weight } else { 0.0 } }
    }
}

/// Beliefs of one commissioner.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Beliefs(BTreeMap<CharityId, (f32, f32, u32)>);

impl Beliefs {
    /// The belief of a provider; none of strangers.
    pub fn of(&self, charity: CharityId) -> Belief {
        self.0.get(&charity).map_or(Belief::NONE, |&(mean, variance, _)| Belief {
            mean: f64::from(mean),
            variance: f64::from(variance),
        })
    }

    /// Learns from what was seen of a provider's ability in a round, with an error of this variance. The
    /// first sight of a provider starts from a prior with the first sight as its mean.
    pub fn learn(&mut self, rules: &Rules, charity: CharityId, seen: f64, error_variance: f64, round: u32) {
        let seen = seen as f32;
        let prior = (rules.belief_spread * rules.belief_spread) as f32;
        let (mean, variance, last) = self.0.entry(charity).or_insert((seen, prior, round));
        let before = (*variance + rules.belief_drift as f32 * (round - *last) as f32).min(prior);
        let total = before + error_variance as f32;
        let gain = if total > 0.0 { before / total } else { 1.0 };
        *mean += gain * (seen - *mean);
        *variance = (1.0 - gain) * before;
        *last = round;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn belief_settles_on_what_is_seen_and_counts_for_more() {
        let provider = CharityId::from_row(3);
        let rules = Rules { belief_weight: 0.4, ..Rules::default() };
        let mut beliefs = Beliefs::default();
        assert_eq!(beliefs.of(provider).weight(&rules), 0.0);
        beliefs.learn(&rules, provider, 0.8, 0.04, 0);
        // Equal variances: half the prior is left, and the weight is .4 x .04/(.04 + .02).
        assert!((beliefs.of(provider).weight(&rules) - 0.4 / 1.5).abs() < 1e-6);
        beliefs.learn(&rules, provider, 0.4, 0.04, 0);
        // Gain .02/.06 = 1/3: .8 - .4/3.
        assert!((beliefs.of(provider).mean - (0.8 - 0.4 / 3.0)).abs() < 1e-6);
    }
}
