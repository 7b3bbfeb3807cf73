//! Rounds, years, weeks: the one place that converts between them.

use crate::units::{WEEKS_PER_YEAR, Weeks};

/// Parts of a year by which a charity's books remember it.
pub const QUARTERS: usize = 4;

/// How rounds make years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calendar {
    rounds_per_year: f64,
}

/// Where a round stands in the books of the last year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarter {
    /// Place of the quarter in the books.
    pub place: usize,
    /// Whether the round is the quarter's first, so that what stood there a year ago goes.
    pub begins: bool,
    /// Rounds that the books hold with this one.
    pub rounds: u32,
}

impl Calendar {
    /// A calendar of rounds of so many weeks.
    pub fn new(round: Weeks) -> Self {
        Self { rounds_per_year: WEEKS_PER_YEAR / round.value() }
    }

    /// Rounds in a year, for rates: 52 weeks over the length of a round.
    pub fn rounds_per_year(self) -> f64 {
        self.rounds_per_year
    }

    /// Whole rounds of a year, as people and tables count them: 4 of 13 weeks, 6 of 9; one at least.
    pub fn rounds_in_year(self) -> u32 {
        self.rounds_per_year.round().max(1.0) as u32
    }

    /// The year of a round; both from 0.
    pub fn year(self, round: u32) -> u32 {
        round / self.rounds_in_year()
    }

    /// Whether a round is the last of its year.
    pub fn ends_year(self, round: u32) -> bool {
        (round + 1).is_multiple_of(self.rounds_in_year())
    }

    /// Whether less than a year lies between two rounds.
    pub fn within_year(self, earlier: u32, later: u32) -> bool {
        later - earlier < self.rounds_in_year()
    }

    /// The quarter of a round; where a year has fewer rounds than quarters, each round is one.
    pub fn quarter(self, round: u32) -> Quarter {
        let (year, quarters) = (self.rounds_in_year(), QUARTERS as u32);
        let of_year = round % year;
        if year <= quarters {
            return Quarter { place: of_year as usize, begins: true, rounds: year };
        }
        let place = |round: u32| round * quarters / year;
        let first = (place(of_year) * year).div_ceil(quarters);
        let next = ((place(of_year) + 1) * year).div_ceil(quarters);
        Quarter {
            place: place(of_year) as usize,
            begins: of_year == first,
            rounds: year - (next - first) + (of_year - first + 1),
        }
    }

    /// A year's books at the start: what comes in at an even pace.
    pub fn even_books(self, yearly: f64) -> [f64; QUARTERS] {
        let year = self.rounds_in_year();
        let mut books = [0.0; QUARTERS];
        (0..year).for_each(|round| books[self.quarter(round).place] += yearly / f64::from(year));
        books
    }
}

/// Books of the last year take in a round's amount.
pub fn book(books: &mut [f64; QUARTERS], quarter: Quarter, amount: f64) {
    let before = if quarter.begins { 0.0 } else { books[quarter.place] };
    books[quarter.place] = before + amount;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_of_a_round_counts_the_same_rounds_everywhere() {
        for (weeks, rounds) in [(1.0, 52), (4.0, 13), (9.0, 6), (13.0, 4), (26.0, 2), (40.0, 1), (52.0, 1)] {
            let calendar = Calendar::new(Weeks::new(weeks));
            assert_eq!(calendar.rounds_in_year(), rounds, "{weeks} weeks");
            assert_eq!(calendar.year(rounds), 1);
            let ends = (0..3 * rounds).filter(|&round| calendar.ends_year(round)).count();
            assert_eq!(ends, 3, "{weeks} weeks");
            assert!(calendar.within_year(1, rounds) && !calendar.within_year(1, rounds + 1));
        }
    }

    /// An even flow is told as what it is over a year, at any round.
    #[test]
    fn the_books_hold_the_rounds_that_they_say() {
        for weeks in [1.0, 4.0, 7.0, 9.0, 13.0, 26.0, 52.0] {
            let calendar = Calendar::new(Weeks::new(weeks));
            let mut books = calendar.even_books(12.0);
            assert!((books.iter().sum::<f64>() - 12.0).abs() < 1e-12);
            for round in 0..120 {
                let quarter = calendar.quarter(round);
                book(&mut books, quarter, 1.0);
                if round >= 2 * calendar.rounds_in_year() {
                    let sum: f64 = books.iter().sum();
                    assert_eq!(sum, f64::from(quarter.rounds), "{weeks} weeks, round {round}");
                    assert!(quarter.rounds <= calendar.rounds_in_year());
                }
            }
        }
    }
}
