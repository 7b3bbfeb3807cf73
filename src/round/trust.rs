//! Trust between charities: counts of good and bad experience, few and bounded, and stereotypes of strangers.
//!
//! Trust is the mean of a Beta law (Josang and Ismail 2002): (prior + good) / (prior weight + good + bad), with
//! counts that fade. Who has no experience with a charity judges it by experience with others of its size.

use crate::ids::{CharityId, Column};
use crate::math::pow;
use crate::measure::bands::Band;
use crate::mutants::{Mutant, is_on};
use crate::scenario::parameters::Behaviour;

/// Partners that a charity remembers.
pub const REMEMBERED: usize = 12;

/// Faded counts of good and bad experience.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Experience {
    /// Good.
    pub good: f32,
    /// Bad, weighted by negativity.
    pub bad: f32,
}

impl Experience {
    /// Adds a round of experience x in \[0, 1\]; what was there fades first. A story counts as a part of a round, and
    /// what was there fades by as much.
    fn add(&mut self, behaviour: &Behaviour, x: f64, weight: f64) {
        let memory = pow(behaviour.trust_memory, weight);
        let gain = behaviour.trust_gain * weight;
        self.good = (memory * f64::from(self.good) + gain * x) as f32;
        self.bad = (memory * f64::from(self.bad) + gain * behaviour.negativity * (1.0 - x)) as f32;
    }

    /// Mean of the Beta law over a prior mean that counts for `prior_weight` rounds.
    fn mean(self, prior: f64, prior_weight: f64) -> f64 {
        let (good, bad) = (f64::from(self.good), f64::from(self.bad));
        (prior * prior_weight + good) / (prior_weight + good + bad)
    }
}

/// What a charity knows of one other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relation {
    /// The other.
    pub other: CharityId,
    /// Experience with it.
    pub experience: Experience,
    /// Rounds of joint work.
    pub joint: u16,
    /// Round of the latest experience.
    pub last: u32,
}

/// What one charity knows of others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// Those it has worked with, at most [`REMEMBERED`]; what partners tell of others adds nobody.
    pub relations: Vec<Relation>,
    /// Experience with charities of each size.
    pub sizes: [Experience; 5],
}

impl Memory {
    /// The relation with another, if remembered.
    pub fn with(&self, other: CharityId) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.other == other)
    }

    /// Trust in another of some size, seen from a charity of another.
    pub fn trust(&self, behaviour: &Behaviour, own: Band, other: CharityId, size: Band) -> f64 {
        if behaviour.force_trust >= 0.0 {
            return behaviour.force_trust;
        }
        let stranger = self.stereotype(behaviour, own, size);
        match self.with(other) {
            Some(relation) => relation.experience.mean(stranger, behaviour.trust_prior_weight),
            None => stranger,
        }
    }

    /// Trust in a stranger of some size.
    pub fn stereotype(&self, behaviour: &Behaviour, own: Band, size: Band) -> f64 {
        if behaviour.force_trust >= 0.0 {
            return behaviour.force_trust;
        }
        if !behaviour.stereotypes && !is_on(Mutant::LabelsRead) {
            return behaviour.trust_prior;
        }
        let bias = if own == size { 0.0 } else { behaviour.stereotype_bias };
        let prior = (behaviour.trust_prior - bias).clamp(0.0, 1.0);
        self.sizes[size as usize].mean(prior, behaviour.trust_prior_weight)
    }

    fn relation(&mut self, other: CharityId, round: u32) -> &mut Relation {
        let place = self.relations.iter().position(|relation| relation.other == other);
        let place = place.unwrap_or_else(|| {
            let new = Relation { other, experience: Experience::default(), joint: 0, last: round };
            if self.relations.len() < REMEMBERED {
                self.relations.push(new);
                return self.relations.len() - 1;
            }
            let oldest =
                (0..REMEMBERED).min_by_key(|&place| (self.relations[place].last, place)).unwrap_or(0);
            self.relations[oldest] = new;
            oldest
        });
        &mut self.relations[place]
    }

    /// Own experience x in \[0, 1\] of a round of joint work.
    pub fn experience(&mut self, behaviour: &Behaviour, other: CharityId, size: Band, x: f64, round: u32) {
        let relation = self.relation(other, round);
        relation.experience.add(behaviour, x, 1.0);
        relation.joint = relation.joint.saturating_add(1);
        relation.last = round;
        self.sizes[size as usize].add(behaviour, x, 1.0);
    }

    /// What a partner tells of another that is known too.
    pub fn hear(&mut self, behaviour: &Behaviour, other: CharityId, x: f64) {
        if let Some(relation) = self.relations.iter_mut().find(|relation| relation.other == other) {
            relation.experience.add(behaviour, x, behaviour.gossip.value());
        }
    }
}

/// Memories of all charities.
pub type Memories = Column<CharityId, Memory>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::units::Share;

    fn behaviour() -> Behaviour {
        Behaviour { trust_prior: 0.5, trust_prior_weight: 2.0, negativity: 1.0, ..Behaviour::default() }
    }

    /// V30: the mean of a Beta law is exact without forgetting; with it, the long-run mean is
    /// (a + th/(1 - l)) / (a + b + 1/(1 - l)).
    #[test]
    fn trust_is_the_mean_of_a_beta_law() {
        let other = CharityId::from_row(1);
        let exact = Behaviour { trust_memory: 1.0, stereotypes: false, ..behaviour() };
        let mut memory = Memory::default();
        for round in 0..10 {
            memory.experience(&exact, other, Band::Small, f64::from(u8::from(round < 7)), round);
        }
        assert!((memory.trust(&exact, Band::Large, other, Band::Small) - 8.0 / 12.0).abs() < 1e-6);
        let fading = Behaviour { trust_memory: 0.9, stereotypes: false, ..behaviour() };
        let mut memory = Memory::default();
        (0..400).for_each(|round| memory.experience(&fading, other, Band::Small, 0.7, round));
        assert!((memory.trust(&fading, Band::Large, other, Band::Small) - (1.0 + 7.0) / 12.0).abs() < 1e-4);
    }

    /// V30: with bad experience counting thrice, one who is honest 70% of the time is trusted at .4375.
    #[test]
    fn negativity_distrusts_honest_partners() {
        let other = CharityId::from_row(1);
        let harsh = Behaviour { negativity: 3.0, trust_memory: 0.999, stereotypes: false, ..behaviour() };
        let mut memory = Memory::default();
        (0..20_000).for_each(|round| memory.experience(&harsh, other, Band::Small, 0.7, round));
        assert!((memory.trust(&harsh, Band::Large, other, Band::Small) - 0.4375).abs() < 2e-3);
    }

    /// Two bad stories that count half each leave of a good round what a bad round of one's own leaves, .9; they count
    /// sqrt(.9)/2 + 1/2, the round counts 1.
    #[test]
    fn stories_fade_memory_by_what_they_count() {
        let other = CharityId::from_row(1);
        let half = Behaviour { trust_memory: 0.9, gossip: Share::new(0.5), ..behaviour() };
        let mut heard = Memory::default();
        heard.experience(&half, other, Band::Small, 1.0, 0);
        let mut seen = heard.clone();
        (0..2).for_each(|_| heard.hear(&half, other, 0.0));
        seen.experience(&half, other, Band::Small, 0.0, 1);
        let counts =
            |memory: &Memory| memory.with(other).map(|relation| relation.experience).unwrap_or_default();
        let (heard, seen) = (counts(&heard), counts(&seen));
        assert!((heard.good - 0.9).abs() < 1e-6 && (seen.good - 0.9).abs() < 1e-6, "{heard:?} {seen:?}");
        assert!(
            (heard.bad - (0.9_f32.sqrt() / 2.0 + 0.5)).abs() < 1e-6 && seen.bad == 1.0,
            "{heard:?} {seen:?}"
        );
    }

    #[test]
    fn memory_is_bounded_and_forgets_the_oldest() {
        let behaviour = behaviour();
        let mut memory = Memory::default();
        for row in 0..20 {
            memory.experience(&behaviour, CharityId::from_row(row), Band::Small, 1.0, row as u32);
        }
        assert_eq!(memory.relations.len(), REMEMBERED);
        assert!(memory.with(CharityId::from_row(0)).is_none());
        assert!(memory.with(CharityId::from_row(19)).is_some());
    }
}
