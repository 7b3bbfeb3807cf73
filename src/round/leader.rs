//! Leaders: what they want, who they are, what they overrate.

use super::fear;
use crate::math::{ln, normal_quantile};
use crate::random::{Luck, Purpose, Stream};
use crate::scenario::parameters::{Behaviour, MotiveLaw, Treatment};

/// Draws of one leader.
pub const LEADER_DRAWS: usize = 8;
/// Draws of how a leader deals with others.
const CANDOUR_DRAWS: usize = 3;

/// A charity's leader.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leader {
    /// Weights of purpose, market share, autonomy and security; they sum to one.
    pub motives: [f32; 4],
    /// The charity's identity: ways of working on two axes.
    pub identity: [f32; 2],
    /// How far it overrates what its own charity can do, over the mean of all.
    pub overconfidence: f32,
    /// Place in the queue for a programme, in (0, 1): it takes part if this is below the share treated.
    pub queue: f32,
    /// How guarded it is, in (0, 1): it is open if this is below the share of open leaders.
    pub guard: f32,
    /// How honest it is, in (0, 1): it lies if this is below the share of liars.
    pub honesty: f32,
    /// Place in the queue of those who start out seeking partners, in (0, 1).
    pub reserve: f32,
    /// Whether it seeks partners, where leaders play a game of payoffs (`behaviour.payoff_matrix`).
    pub seeks_partners: bool,
    /// What its scoreboard showed.
    pub scoreboard: Scoreboard,
    /// What experience has added to its fears of losing identity, legitimacy and control.
    pub learned_fear: [f32; fear::FEARS],
}

/// What a leader sees of how a charity does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scoreboard {
    /// Income a year ago \[GBP a year\]; 0 before it is known.
    pub income_then: f32,
    /// Mean success of those it served, fading.
    pub success: f32,
}

impl Leader {
    /// A leader from the numbers at its address: motives uniform on the simplex, identity normal.
    pub fn draw(u: [f64; LEADER_DRAWS], candour: [f64; CANDOUR_DRAWS]) -> Self {
        Self {
            motives: Self::motives(&u),
            identity: [u[4], u[5]].map(|u| normal_quantile(u) as f32),
            overconfidence: (-ln(u[6])) as f32,
            queue: u[7] as f32,
            guard: candour[0] as f32,
            honesty: candour[1] as f32,
            reserve: candour[2] as f32,
            seeks_partners: true,
            scoreboard: Scoreboard::default(),
            learned_fear: [0.0; fear::FEARS],
        }
    }

    /// Motives of a leader with these numbers.
    pub fn motives(u: &[f64; LEADER_DRAWS]) -> [f32; 4] {
        let weights = [u[0], u[1], u[2], u[3]].map(|u| -ln(u));
        let total: f64 = weights.iter().sum();
        weights.map(|weight| (weight / total) as f32)
    }

    /// The stream of leaders' draws.
    pub fn stream(luck: Luck) -> Stream<LEADER_DRAWS> {
        luck.stream(Purpose::Leader, 0)
    }

    /// What the leader wants, under the behaviour in force.
    #[inline]
    pub fn wants(&self, behaviour: &Behaviour) -> Motives {
        let motives = match behaviour.motives {
            MotiveLaw::Same => {
                Motives { purpose: behaviour.purpose.value(), share: 0.0, ego: 0.0, security: 0.0 }
            }
            MotiveLaw::Dirichlet => {
                let [purpose, share, ego, security] = self.motives.map(f64::from);
                Motives { purpose, share, ego, security }
            }
        };
        if self.is_treated(behaviour, Treatment::ImpactFirst) {
            return motives.toward_purpose(behaviour.impact_shift.value());
        }
        motives
    }

    /// Whether it takes part in a programme that does this.
    #[inline]
    pub fn is_treated(&self, behaviour: &Behaviour, treatment: Treatment) -> bool {
        behaviour.treatment == treatment && f64::from(self.queue) < behaviour.treated_share.value()
    }

    /// Whether it tells those it meets what it intends, and listens to them.
    #[inline]
    pub fn is_open(&self, behaviour: &Behaviour) -> bool {
        f64::from(self.guard) < behaviour.openness.value()
            || self.is_treated(behaviour, Treatment::Communicate)
    }

    /// Whether it always says that it means well.
    #[inline]
    pub fn lies(&self, behaviour: &Behaviour) -> bool {
        f64::from(self.honesty) < behaviour.liar_share.value()
    }

    /// Whether others can win it for a team.
    #[inline]
    pub fn may_join(&self, behaviour: &Behaviour) -> bool {
        self.seeks_partners || behaviour.payoff_matrix.is_empty()
    }

    /// Part of the candidates that local staff find.
    pub fn delegates(&self, behaviour: &Behaviour) -> f64 {
        if self.is_treated(behaviour, Treatment::Delegate) { 1.0 } else { behaviour.delegation.value() }
    }

    /// Its fears of losing identity, legitimacy and control \[share of the value of a contract\].
    #[inline]
    pub fn fears(&self, behaviour: &Behaviour) -> [f64; fear::FEARS] {
        let usual = fear::usual(behaviour);
        if behaviour.fear_learning == 0.0 {
            return usual;
        }
        std::array::from_fn(|fear| (usual[fear] + f64::from(self.learned_fear[fear])).max(0.0))
    }

    /// Factor by which it overrates its own charity.
    #[inline]
    pub fn overrates(&self, behaviour: &Behaviour) -> f64 {
        1.0 + behaviour.overconfidence * f64::from(self.overconfidence)
    }

    /// Distance in ways of working to another.
    #[inline]
    pub fn distance(&self, other: &Self, behaviour: &Behaviour) -> f64 {
        let [dx, dy] = [0, 1].map(|axis| f64::from(self.identity[axis]) - f64::from(other.identity[axis]));
        behaviour.identity_spread * libm::sqrt(dx * dx + dy * dy)
    }
}

/// Leaders of charities, drawn by address.
#[derive(Clone, Debug)]
pub struct Leaders {
    facts: Stream<LEADER_DRAWS>,
    candour: Stream<CANDOUR_DRAWS>,
}

impl Leaders {
    /// Leaders with this luck.
    pub fn new(luck: Luck) -> Self {
        Self { facts: Leader::stream(luck), candour: luck.stream(Purpose::Candour, 0) }
    }

    /// The leader that the charity with an address is founded with.
    pub fn of(&mut self, slot: u64) -> Leader {
        Leader::draw(self.facts.uniforms(slot), self.candour.uniforms(slot))
    }
}

/// Weights of what a leader wants beside money, which always counts one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motives {
    /// Outcomes for people.
    pub purpose: f64,
    /// Market share.
    pub share: f64,
    /// Autonomy.
    pub ego: f64,
    /// Security.
    pub security: f64,
}

impl Motives {
    /// A part of every other motive becomes purpose. Where money alone counts besides, purpose takes that part of
    /// what it lacks.
    fn toward_purpose(self, shift: f64) -> Self {
        let Self { purpose, share, ego, security } = self;
        let kept = 1.0 - shift;
        Self {
            purpose: purpose + shift * (1.0 - purpose),
            share: kept * share,
            ego: kept * ego,
            security: kept * security,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn motives_are_uniform_on_the_simplex() {
        let mut draws = Leaders::new(Luck::new(1, 0));
        let leaders: Vec<Leader> = (0..20_000).map(|slot| draws.of(slot)).collect();
        for motive in 0..4 {
            let weights = leaders.iter().map(|leader| f64::from(leader.motives[motive]));
            let below = weights.clone().filter(|weight| *weight < 0.125).count() as f64 / 20_000.0;
            let mean = weights.sum::<f64>() / 20_000.0;
            // Beta(1, 3): mean 1/4, P(x < 1/8) = 1 - (7/8)^3.
            assert!((mean - 0.25).abs() < 0.006 && (below - 0.330_078).abs() < 0.014, "{mean} {below}");
        }
    }
}
