//! Learned bidding: the best reply to the lowest rival prices of a market's latest tenders.

use super::state::LowestPrices;
use crate::ids::CharityId;
use crate::mutants::{Mutant, is_on};
use crate::units::Gbp;

/// The price, over the ceiling, that would have earned most against past rivals: the largest of
/// (price - cost) x tenders won at it. None before anything is known.
///
/// Without a grid (0) a win takes every rival to have asked for strictly more: counting a tie as one would
/// look like tacit collusion. On a grid, ties are common and those who tie share the chance of winning, as
/// in Bertrand competition with a smallest unit of money.
pub fn best_reply<'a>(
    past: impl ExactSizeIterator<Item = &'a LowestPrices>,
    charity: CharityId,
    cost: f64,
    grid: f64,
) -> Option<f64> {
    if past.len() == 0 {
        return None;
    }
    if grid > 0.0 {
        let facing = past.map(|prices| prices.facing(charity));
        return Some(best_on_grid(facing.map(|(price, rivals)| (snap(price, grid), rivals)), cost, grid));
    }
    let mut lowest: Vec<f64> = past.map(|prices| prices.facing(charity).0).collect();
    lowest.sort_unstable_by(|a, b| b.total_cmp(a));
    let beaten_at_ceiling = lowest.partition_point(|&price| price > 1.0);
    let mut best = Best { gain: 0.0, price: cost };
    best.consider(1.0, cost, beaten_at_ceiling as f64);
    let mut place = beaten_at_ceiling;
    while place < lowest.len() && lowest[place] > cost {
        let price = lowest[place];
        let ties = lowest[place..].partition_point(|&other| other == price);
        let wins = if is_on(Mutant::TieWins) { place + ties } else { place };
        best.consider(price, cost, wins as f64);
        place += ties;
    }
    Some(best.price)
}

/// The best price so far; of equal ones the highest, which is considered first.
struct Best {
    gain: f64,
    price: f64,
}

impl Best {
    fn consider(&mut self, price: f64, cost: f64, wins: f64) {
        let gain = (price - cost) * wins;
        if gain > self.gain {
            *self = Self { gain, price };
        }
    }
}

/// The best multiple of the grid, or the ceiling: of each lowest rival price, the candidates are to tie
/// with it and to go one step below, as long as something is asked for. Where nothing is to be gained, the first multiple that covers cost.
fn best_on_grid(rivals: impl Iterator<Item = (f64, usize)>, cost: f64, grid: f64) -> f64 {
    let mut rivals: Vec<(f64, usize)> = rivals.collect();
    rivals.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut place = rivals.partition_point(|rival| rival.0 > 1.0);
    let mut best = Best { gain: 0.0, price: steps_up(cost, grid) * grid };
    best.consider(1.0, cost, place as f64);
    while place < rivals.len() && rivals[place].0 > cost.max(0.0) {
        let price = rivals[place].0;
        let end = place + rivals[place..].partition_point(|rival| rival.0 == price);
        let shared: f64 = rivals[place..end].iter().map(|&(_, rivals)| 1.0 / (1 + rivals) as f64).sum();
        if price == 1.0 || price == snapped(price, grid) {
            let shared = if is_on(Mutant::GridTieWins) { (end - place) as f64 } else { shared };
            best.consider(price, cost, place as f64 + shared);
        }
        let step_below = (steps_up(price, grid) - 1.0) * grid;
        if step_below > 0.0 {
            best.consider(step_below, cost, end as f64);
        }
        place = end;
    }
    best.price
}

/// Rounding of a price, in steps of the grid, within which it lies on the grid.
const ON_GRID: f64 = 1e-9;

/// Steps of the grid to the first multiple that is not below a price.
fn steps_up(price: f64, grid: f64) -> f64 {
    libm::ceil(price / grid - ON_GRID)
}

/// The multiple nearest to a price.
fn snapped(price: f64, grid: f64) -> f64 {
    libm::round(price / grid) * grid
}

/// A price that lies on the grid but for rounding, without the rounding.
fn snap(price: f64, grid: f64) -> f64 {
    let nearest = snapped(price, grid);
    if (price - nearest).abs() <= ON_GRID * grid { nearest } else { price }
}

/// The first price on the grid, in steps of a share of the ceiling, that is not below this one; 0 is no grid.
pub fn up_to_grid(price: Gbp, ceiling: Gbp, grid: f64) -> Gbp {
    if grid == 0.0 { price } else { ceiling * (steps_up(price / ceiling, grid) * grid) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    fn charity(row: usize) -> CharityId {
        CharityId::from_row(row)
    }

    fn tenders(bids: &[&[(usize, f64)]]) -> Vec<LowestPrices> {
        bids.iter()
            .map(|bids| LowestPrices::of(bids.iter().map(|&(row, price)| (charity(row), price))))
            .collect()
    }

    fn reply(bids: &[&[(usize, f64)]], cost: f64, grid: f64) -> Option<f64> {
        best_reply(tenders(bids).iter(), charity(7), cost, grid)
    }

    #[test]
    fn a_tie_is_never_a_win_without_a_grid() {
        let past: [&[(usize, f64)]; 4] = [&[(0, 0.9)], &[(0, 0.8)], &[(0, 0.6)], &[(0, 0.5)]];
        // At .8 one of three is beaten, at .6 two: (.8 - .2) x 1 < (.6 - .2) x 2; at .5 none more for less.
        assert_eq!(reply(&past, 0.2, 0.0), Some(0.5));
        assert_eq!(reply(&past, 0.55, 0.0), Some(0.8));
        // All rivals at .5: pricing there would tie, so there is nothing to win by it.
        assert_eq!(reply(&[&[(0, 0.5)], &[(0, 0.5)]], 0.2, 0.0), Some(0.2));
        // Nobody else bid: the ceiling.
        assert_eq!(reply(&[&[]], 0.2, 0.0), Some(1.0));
        assert_eq!(reply(&[], 0.2, 0.0), None);
        // A charity is not its own rival.
        assert_eq!(reply(&[&[(7, 0.4), (1, 0.9)], &[(7, 0.4), (1, 0.9)]], 0.2, 0.0), Some(0.2));
    }

    #[test]
    fn on_a_grid_a_tie_is_shared_and_two_rest_a_step_higher_than_three() {
        let all_at = |n: usize, price: f64| -> Vec<(usize, f64)> {
            (0..n).map(|row| (if row == 0 { 7 } else { row }, price)).collect()
        };
        let next = |n: usize, price: f64| reply(&[&all_at(n, price)], 0.5, 0.125).expect("a price");
        // Cost .5, step 1/8. Two: undercutting pays above c + 2 steps; three: above c + 1.
        assert_eq!(
            [1.0, 0.875, 0.75, 0.625, 0.5].map(|price| next(2, price)),
            [0.875, 0.75, 0.75, 0.625, 0.5]
        );
        assert_eq!(
            [1.0, 0.875, 0.75, 0.625, 0.5].map(|price| next(3, price)),
            [0.875, 0.75, 0.625, 0.625, 0.5]
        );
        // Off the grid a price cannot be tied with, only undercut; nobody else: the ceiling.
        assert_eq!(reply(&[&[(0, 0.8)]], 0.5, 0.125), Some(0.75));
        assert_eq!(reply(&[&[]], 0.5, 0.125), Some(1.0));
        assert_eq!(up_to_grid(Gbp::new(5.1), Gbp::new(8.0), 0.125), Gbp::new(6.0));
    }

    #[test]
    fn rivals_are_counted_at_their_lowest_price() {
        let prices = &tenders(&[&[(0, 0.5), (1, 0.4), (7, 0.4), (2, 0.6), (3, 0.5)]])[0];
        assert_eq!(prices.facing(charity(7)), (0.4, 1));
        assert_eq!(prices.facing(charity(2)), (0.4, 2));
        let alone = &tenders(&[&[(7, 0.4), (0, 0.5), (2, 0.6), (3, 0.5)]])[0];
        assert_eq!(alone.facing(charity(7)), (0.5, 2));
    }
}
