//! Randomness by address: seed, replicate, purpose, round, entity, draw -> one uniform number.
//!
//! One ChaCha8 stream exists per (seed, replicate, purpose, round). Draw `k` of the entity in slot
//! `s` sits at 64-bit word `s * K + k` of that stream, with K fixed per purpose. A number is
//! therefore a pure function of its address: an unused address costs nothing and shifts nothing,
//! any thread may draw any part, and two rule sets in the same replicate share luck.
//!
//! Pairs (a charity at a tender) have no dense slots. Their number is mixed from one draw of each
//! side by a 64-bit finaliser, so it too is a pure function of its address, without a seek.
//!
//! This is the only file that knows the generator.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a random number is for. The discriminant is part of the address: never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// Founding population: income, place, services, reach, reserves ... of a charity.
    Founding = 1,
    /// Founding population: skills.
    Skills = 2,
    /// The national list of contract values and terms, and where each contract goes.
    Contracts = 3,
    /// People who come to need, per market.
    Arrivals = 4,
    /// A charity's side of the numbers of a (charity, tender) pair.
    CharityAtTender = 5,
    /// A tender's side of the numbers of a (charity, tender) pair.
    TenderAtCharity = 6,
    /// A charity's year: voluntary income and dissolution.
    Fortune = 7,
    /// How many charities are founded, per area.
    Foundings = 8,
    /// Fresh costs each round, where a scenario redraws them.
    Costs = 9,
    /// The sample of authorities, where a scenario draws one.
    Sample = 10,
    /// Whether an ending contract is extended, per lot.
    Extensions = 11,
    /// Whether a charity's leader pushes back.
    PushBack = 12,
    /// What a commissioner sees of a provider, per lot.
    Observation = 13,
    /// A charity's crisis, and its meeting with a partner to merge with.
    Fate = 14,
    /// Whether a charity is a mutual led by its employees.
    Mutual = 15,
    /// A charity's leader.
    Leader = 16,
    /// Sizes dealt out by chance, where labels are shuffled.
    Labels = 17,
    /// A leader's year: whom it meets, whether it copies, whether it is replaced, how motives drift.
    LeaderYear = 18,
    /// Whether a charity's leader is open, whether it lies, and whether it starts out seeking partners.
    Candour = 19,
    /// A commissioner's year: whether it tries an option by lot, and which.
    CommissionerYear = 20,
    /// A market's side of whether leaders push back there.
    Volunteers = 21,
    /// A leader's turn to copy a stance: who copies, whom, and whether.
    Stances = 22,
    /// Points of a design: which values of uncertain parameters a world or a run gets.
    Design = 40,
    /// Which worlds a bootstrap draws again, per resample.
    Resampling = 41,
}

/// Which number of a (charity, tender) pair a draw is.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub enum PairDraw {
    /// Error of the cost estimate.
    CostError = 0,
    /// Whether the team is ready at the deadline.
    Readiness = 1,
    /// The decision to bid.
    Decision = 2,
    /// A zero-intelligence price.
    Price = 3,
    /// The evaluators' error.
    Evaluation = 4,
    /// A lottery ticket.
    Lottery = 5,
    /// Whether the provider so far is kept; of the tender alone.
    Retention = 6,
    /// Whether a contract is for one that never won; of the tender alone.
    Newcomer = 7,
    /// In which order a leader comes upon candidates; of two charities at a tender.
    Meeting = 8,
    /// Whether the commissioner checks what a partner gets.
    Verified = 9,
    /// Whether what one leader hears from another is right; of two charities at a tender.
    Signal = 10,
    /// Whether a leader pushes back; of a charity at a market.
    PushBack = 11,
    /// What a team with another is worth to a leader, where worth is drawn; of two charities at a tender.
    Worth = 12,
}

/// The luck of one replicate: every random number it can ever use.
#[derive(Clone, Copy, Debug)]
pub struct Luck {
    seed: u64,
    replicate: u32,
}

impl Luck {
    /// The luck of replicate `replicate` under `seed`.
    pub const fn new(seed: u64, replicate: u32) -> Self {
        Self { seed, replicate }
    }

    /// The stream for `purpose` in `round`, with `K` draws per slot.
    pub fn stream<const K: usize>(&self, purpose: Purpose, round: u32) -> Stream<K> {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..12].copy_from_slice(&self.replicate.to_le_bytes());
        key[12..21].copy_from_slice(b"rebalance");
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream((u64::from(purpose as u32) << 32) | u64::from(round));
        Stream { generator, next_slot: 0 }
    }
}

/// Slot of a charity that was founded during the run, the `arrival`-th in its area.
///
/// Founding charities use their register row as slot; newcomers live far above them. Areas have
/// room for a million arrivals each, and arrivals of one area are neighbours, so that a sweep in
/// order of founding rarely seeks.
pub const fn newcomer_slot(area: u32, arrival: u32) -> u64 {
    (1 << 40) + ((area as u64) << 20) + arrival as u64
}

/// One stream of uniforms, read slot by slot.
#[derive(Clone, Debug)]
pub struct Stream<const K: usize> {
    generator: ChaCha8Rng,
    next_slot: u64,
}

impl<const K: usize> Stream<K> {
    /// The `K` raw 64-bit draws of `slot`. Reading slots in rising order without gaps costs no seek.
    #[inline]
    pub fn raw(&mut self, slot: u64) -> [u64; K] {
        if slot != self.next_slot {
            self.generator.set_word_pos(u128::from(slot) * 2 * K as u128);
        }
        self.next_slot = slot + 1;
        std::array::from_fn(|_| self.generator.next_u64())
    }

    /// The `K` uniforms in (0, 1) of `slot`.
    #[inline]
    pub fn uniforms(&mut self, slot: u64) -> [f64; K] {
        self.raw(slot).map(to_uniform)
    }
}

/// Turns 64 random bits into a uniform in the open interval (0, 1), with 52 bits of resolution.
#[inline]
pub fn to_uniform(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
}

/// Uniform number `draw` of a pair, mixed from one raw draw of each side.
///
/// The finaliser is SplitMix64's (Steele, Lea and Flood 2014), which passes avalanche tests; its
/// inputs are ChaCha8 draws, so pairs that share one side are independent for any practical purpose.
#[inline]
pub fn pair_uniform(one_side: u64, other_side: u64, draw: u64) -> f64 {
    let mut bits = one_side
        .wrapping_add(other_side.rotate_left(32))
        .wrapping_add(draw.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    to_uniform(bits ^ (bits >> 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_depends_on_its_address_alone() {
        let luck = Luck::new(7, 3);
        let mut sweep = luck.stream::<3>(Purpose::Fortune, 5);
        let swept: Vec<[u64; 3]> = (0..100).map(|slot| sweep.raw(slot)).collect();
        let mut jump = luck.stream::<3>(Purpose::Fortune, 5);
        for slot in [99, 0, 17, 18, 64] {
            assert_eq!(jump.raw(slot), swept[slot as usize]);
        }
    }

    #[test]
    fn every_part_of_the_address_matters() {
        let first = |seed, replicate, purpose, round| {
            Luck::new(seed, replicate).stream::<1>(purpose, round).raw(0)[0]
        };
        let base = first(1, 0, Purpose::Arrivals, 0);
        assert_ne!(base, first(2, 0, Purpose::Arrivals, 0));
        assert_ne!(base, first(1, 1, Purpose::Arrivals, 0));
        assert_ne!(base, first(1, 0, Purpose::Fortune, 0));
        assert_ne!(base, first(1, 0, Purpose::Arrivals, 1));
    }

    #[test]
    fn pairs_are_uniform_and_uncorrelated() {
        let luck = Luck::new(11, 0);
        let mut charities = luck.stream::<1>(Purpose::CharityAtTender, 0);
        let mut tenders = luck.stream::<1>(Purpose::TenderAtCharity, 0);
        let rows: Vec<u64> = (0..300).map(|slot| charities.raw(slot)[0]).collect();
        let columns: Vec<u64> = (0..300).map(|slot| tenders.raw(slot)[0]).collect();
        let table: Vec<Vec<f64>> = rows
            .iter()
            .map(|&row| columns.iter().map(|&column| pair_uniform(row, column, 0) - 0.5).collect())
            .collect();
        let n = 90_000.0;
        let mean: f64 = table.iter().flatten().sum::<f64>() / n;
        let variance: f64 = table.iter().flatten().map(|x| x * x).sum::<f64>() / n;
        assert!(mean.abs() < 4.0 * (1.0 / 12.0_f64 / n).sqrt());
        assert!((variance - 1.0 / 12.0).abs() < 4.0 * (1.0 / 180.0_f64 / n).sqrt());
        // Additive mixing would leave the interaction contrast of a 2x2 block at a fixed value.
        let contrast: f64 =
            (0..299).map(|i| table[i][i] * table[i + 1][i + 1] - table[i][i + 1] * table[i + 1][i]).sum();
        assert!(contrast.abs() < 4.0 * (2.0 * 299.0_f64).sqrt() / 12.0);
    }
}
