//! Talk: open leaders who meet tell each other what they intend, and each believes as much of it as it is worth.
//!
//! What one intends is what it would decide with what it knows now: whether a lead would honour a promised share, whether
//! a member would work. What is heard is right with a chance p; a liar always says that it means well, and nobody knows
//! who lies. Trust t becomes t p/(t p + (1 - t)(1 - p)) after good news, and its mirror after bad (Bayes). At p = 1/2 talk
//! is empty: nothing changes.

use super::utility::Candidate;
use crate::mutants::{Mutant, is_on};
use crate::scenario::parameters::Behaviour;

/// Trust after hearing that one means well, or that it does not.
pub fn believe(behaviour: &Behaviour, trust: f64, good: bool) -> f64 {
    let accuracy = behaviour.signal_accuracy.value();
    let p = if is_on(Mutant::EmptyTalkPersuades) { accuracy.max(0.6) } else { accuracy };
    let (if_well, if_ill) = if good { (p, 1.0 - p) } else { (1.0 - p, p) };
    let (well, ill) = (trust * if_well, (1.0 - trust) * if_ill);
    if well + ill > 0.0 { well / (well + ill) } else { trust }
}

/// What a listener hears of a speaker's intention, with a uniform number of their meeting.
pub fn heard(listener: &Behaviour, speaker: &Candidate, means_well: bool, u: f64) -> bool {
    speaker.leader.lies(speaker.behaviour) || means_well == (u < listener.signal_accuracy.value())
}

/// Who of a pool have talked to each other.
#[derive(Clone, Debug, Default)]
pub struct Talks {
    pool: usize,
    talked: Vec<bool>,
}

impl Talks {
    /// Nobody of a pool of this size has talked yet.
    pub fn among(pool: usize) -> Self {
        Self { pool, talked: Vec::new() }
    }

    /// Whether two have talked.
    #[inline]
    pub fn have(&self, one: usize, other: usize) -> bool {
        self.talked.get(one * self.pool + other).copied().unwrap_or(false)
    }

    /// Notes that two talk, and says whether it is for the first time.
    pub fn begin(&mut self, one: usize, other: usize) -> bool {
        self.talked.resize(self.pool * self.pool, false);
        let first = !self.have(one, other);
        self.talked[one * self.pool + other] = true;
        self.talked[other * self.pool + one] = true;
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Probability;

    /// .6 becomes .54/(.54 + .04) = .931034 after good news that is right nine times of ten, and .06/(.06 + .36) =
    /// 1/7 after bad.
    #[test]
    fn trust_follows_bayes() {
        let with = |p: f64| Behaviour { signal_accuracy: Probability::new(p), ..Behaviour::default() };
        assert!((believe(&with(0.9), 0.6, true) - 0.931_034).abs() < 1e-6);
        assert!((believe(&with(0.9), 0.6, false) - 1.0 / 7.0).abs() < 1e-12);
        assert_eq!(believe(&with(1.0), 0.6, true), 1.0);
        assert_eq!(believe(&with(1.0), 0.0, true), 0.0, "news that cannot be is not believed");
    }

    #[test]
    fn empty_talk_changes_no_bit() {
        let empty = Behaviour { signal_accuracy: Probability::new(0.5), ..Behaviour::default() };
        for step in 0..=100_000 {
            let trust = f64::from(step) / 100_000.0;
            assert_eq!(believe(&empty, trust, true), trust);
            assert_eq!(believe(&empty, trust, false), trust);
        }
    }
}
