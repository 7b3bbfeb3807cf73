//! Learned bidding: the best reply to the lowest rival prices of a market's latest tenders.

use super::state::LowestPrices;
use crate::ids::CharityId;
use crate::mutants::{Mutant, is_on};

/// The price, over the ceiling, that would have earned most against past rivals: the largest of
/// (price - cost) x share of tenders in which every rival asked for strictly more. A tie is never a win:
/// counting it as one would look like tacit collusion. None before anything is known.
pub fn best_reply<'a>(
    past: impl ExactSizeIterator<Item = &'a LowestPrices>,
    charity: CharityId,
    cost: f64,
) -> Option<f64> {
    if past.len() == 0 {
        return None;
    }
    let mut lowest: Vec<f64> = past.map(|prices| prices.facing(charity)).collect();
    lowest.sort_unstable_by(|a, b| b.total_cmp(a));
    let beaten_at_ceiling = lowest.partition_point(|&price| price > 1.0);
    let mut best = (0.0, cost);
    let mut consider = |price: f64, wins: usize| {
        let gain = (price - cost) * wins as f64;
        if gain > best.0 {
            best = (gain, price);
        }
    };
    consider(1.0, beaten_at_ceiling);
    let mut place = beaten_at_ceiling;
    while place < lowest.len() && lowest[place] > cost {
        let price = lowest[place];
        let ties = lowest[place..].partition_point(|&other| other == price);
        consider(price, if is_on(Mutant::TieWins) { place + ties } else { place });
        place += ties;
    }
    Some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn a_tie_is_never_a_win() {
        let me = CharityId::from_row(7);
        let past = |lowest: &[f64]| -> Vec<LowestPrices> {
            lowest.iter().map(|&lowest| LowestPrices { bidder: None, lowest, next: 1.0 }).collect()
        };
        // At .8 one of three is beaten, at .6 two: (.8 - .2) x 1 < (.6 - .2) x 2; at .5 none more for less.
        let reply = |lowest: &[f64], cost: f64| best_reply(past(lowest).iter(), me, cost);
        assert_eq!(reply(&[0.9, 0.8, 0.6, 0.5], 0.2), Some(0.5));
        assert_eq!(reply(&[0.9, 0.8, 0.6, 0.5], 0.55), Some(0.8));
        // All rivals at .5: pricing there would tie, so there is nothing to win by it.
        assert_eq!(reply(&[0.5, 0.5], 0.2), Some(0.2));
        // Nobody else bid: the ceiling.
        assert_eq!(reply(&[f64::INFINITY], 0.2), Some(1.0));
        assert_eq!(reply(&[], 0.2), None);
        // A charity is not its own rival.
        let own = LowestPrices { bidder: Some(me), lowest: 0.4, next: 0.9 };
        assert_eq!(best_reply([own, own].iter(), me, 0.2), Some(0.2));
    }
}
