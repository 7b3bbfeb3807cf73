//! How close awards were: the margin, what would have flipped them, and whether a losing bid decided.
//!
//! Bids are scored again by the rule's own formula with one thing changed. What evaluators saw in a bid, their error
//! included, stays as it was; so do bidders who declined for lack of staff.

use crate::ids::{CharityId, TenderId};
use crate::math::quantile;
use crate::round::award::{Assessment, Award};
use crate::round::bid::Bid;
use crate::round::score::{Prices, Scoring, Seen};
use crate::round::{RoundOutput, Setting};
use crate::scenario::parameters::Rules;
use crate::units::Gbp;
use rayon::prelude::*;

/// Points of a full score.
const POINTS: f64 = 100.0;
/// Halvings of a search: to a billionth of its range.
const HALVINGS: u32 = 30;
/// Steps in which a range is searched where abnormally low prices are rejected: further is not always better then.
const STEPS: u32 = 64;

/// How close an award was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    /// The winner's score less that of the runner-up, in points of 100.
    pub margin: f64,
    /// By what share of its price the winner could have asked for more before losing; missing where it would have
    /// won up to the ceiling.
    pub winner_price_rise: Option<f64>,
    /// By what share of its price the runner-up had to ask for less so that the winner lost; missing where no price
    /// would have done.
    pub runner_up_price_cut: Option<f64>,
    /// Whether the award would have gone to another had some losing bid not been made: the ranking paradox
    /// (Stilger, Siderius and van Raaij 2017).
    pub paradox: bool,
}

/// Changes of quality that would have flipped an award, in points of 100 for quality; missing where none would.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QualityFlips {
    /// What the winner could lose before losing the award.
    pub winner_loss: Option<f64>,
    /// What the runner-up had to gain.
    pub runner_up_gain: Option<f64>,
}

/// A decided tender with at least two valid bids: all that is needed to score it again.
#[derive(Clone, Copy, Debug)]
pub struct Contest<'a> {
    rules: &'a Rules,
    ceiling: Gbp,
    lowest_price: Gbp,
    bids: &'a [Bid],
    seen: &'a [Seen],
    /// Rows that declined.
    declined: &'a [u32],
    winner: usize,
    runner_up: usize,
}

impl<'a> Contest<'a> {
    /// The contest for a tender, where one was decided by score between at least two bids.
    pub fn of(setting: &'a Setting, output: &'a RoundOutput, id: TenderId) -> Option<Self> {
        let tender = &output.tenders.calls[id];
        let award = output.awards.awards[id].as_ref().filter(|_| !tender.call_off)?;
        let rules = &setting.regime(tender.area).rules;
        let reference = setting.scenario.market.reference_cost_gbp * tender.hours;
        let assessment = &output.awards.assessments[id];
        let floor = reference * rules.price_floor;
        Self::between(rules, (floor, tender.ceiling), output.bids.of(id), assessment, award)
    }

    /// The contest between bids for an award, with prices from a floor to a ceiling.
    fn between(
        rules: &'a Rules,
        (lowest_price, ceiling): (Gbp, Gbp),
        bids: &'a [Bid],
        assessment: &'a Assessment,
        award: &Award,
    ) -> Option<Self> {
        let place = award.declined as usize;
        let winner = *assessment.line.get(place).filter(|_| assessment.by_score)? as usize;
        let runner_up = *assessment.line.get(place + 1)? as usize;
        let declined = &assessment.line[..place];
        let seen = &assessment.seen;
        Some(Self { rules, ceiling, lowest_price, bids, seen, declined, winner, runner_up })
    }

    /// The runner-up.
    pub fn runner_up(&self) -> CharityId {
        self.bids[self.runner_up].charity
    }

    /// How close it was.
    pub fn closeness(&self) -> Closeness {
        let scores = [self.winner, self.runner_up]
            .map(|row| self.scoring(self.bids).total(&self.bids[row], self.seen[row]));
        let rise = self.flip_by_price(self.winner, self.ceiling);
        let cut = self.flip_by_price(self.runner_up, self.lowest_price.min(self.bids[self.runner_up].price));
        Closeness {
            margin: POINTS * (scores[0] - scores[1]),
            winner_price_rise: rise,
            runner_up_price_cut: cut,
            paradox: self.paradox(),
        }
    }

    /// What changes of quality would have flipped it.
    pub fn quality_flips(&self) -> QualityFlips {
        QualityFlips {
            winner_loss: self.flip_by_quality(self.winner, 0.0),
            runner_up_gain: self.flip_by_quality(self.runner_up, 1.0),
        }
    }

    /// Whether one losing bid less would have changed the winner.
    fn paradox(&self) -> bool {
        let losers = (0..self.bids.len()).filter(|&row| row != self.winner);
        let mut bids = Vec::with_capacity(self.bids.len());
        let mut seen = Vec::with_capacity(self.bids.len());
        losers.into_iter().any(|loser| {
            let others = || (0..self.bids.len()).filter(|&row| row != loser);
            bids.clear();
            bids.extend(others().map(|row| self.bids[row]));
            seen.clear();
            seen.extend(others().map(|row| self.seen[row]));
            self.is_lost(&bids, &seen)
        })
    }

    fn flip_by_price(&self, row: usize, limit: Gbp) -> Option<f64> {
        let price = self.bids[row].price;
        let mut bids = self.bids.to_vec();
        let lost = |share: f64| {
            bids[row].price = price + (limit - price) * share;
            self.is_lost(&bids, self.seen)
        };
        let steps = if self.rules.abnormally_low < 1.0 { STEPS } else { 1 };
        let share = first_flip(steps, lost)?;
        (price > Gbp::ZERO).then(|| share * ((limit - price) / price).abs())
    }

    fn flip_by_quality(&self, row: usize, limit: f64) -> Option<f64> {
        let quality = self.seen[row].quality;
        let mut seen = self.seen.to_vec();
        let share = first_flip(1, |share| {
            seen[row].quality = quality + (limit - quality) * share;
            self.is_lost(self.bids, &seen)
        })?;
        Some(POINTS * share * (limit - quality).abs())
    }

    /// Whether somebody else than the winner comes out best of these bids.
    fn is_lost(&self, bids: &[Bid], seen: &[Seen]) -> bool {
        let scoring = self.scoring(bids);
        let mut best: Option<(f64, CharityId)> = None;
        for (bid, &seen) in bids.iter().zip(seen) {
            let declined = self.declined.iter().any(|&row| self.bids[row as usize].charity == bid.charity);
            if declined || scoring.rejection(bid, seen).is_some() {
                continue;
            }
            let score = scoring.total(bid, seen);
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, bid.charity));
            }
        }
        best.map(|(_, charity)| charity) != Some(self.bids[self.winner].charity)
    }

    fn scoring(&self, bids: &[Bid]) -> Scoring<'a> {
        // Errors are in what evaluators saw.
        Scoring { rules: self.rules, prices: Prices::of(bids.iter(), self.ceiling), noise: 0.0 }
    }
}

/// The smallest share of a way at which something is lost, by bisection within the first step that ends in loss.
fn first_flip(steps: u32, mut lost: impl FnMut(f64) -> bool) -> Option<f64> {
    let step = 1.0 / f64::from(steps);
    let at = (1..=steps).find(|&at| lost(f64::from(at) * step))?;
    let (mut low, mut high) = (f64::from(at - 1) * step, f64::from(at) * step);
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2.0;
        if lost(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// How close the awards of a round were.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Closest {
    /// Share of competitive awards that a losing bid decided.
    pub paradox_share: Option<f64>,
    /// Median margin, in points of 100.
    pub margin: Option<f64>,
    /// Median of the smallest change of a price, of the winner's or of the runner-up's, as a share of it.
    pub price_flip: Option<f64>,
}

/// Looks at all competitive awards of a round. Awards that no price would have flipped count as farther than all
/// others; the median is missing where it is one of them.
pub fn of_round(setting: &Setting, output: &RoundOutput) -> Closest {
    let ids: Vec<TenderId> = output.tenders.calls.ids().collect();
    let found: Vec<Closeness> = ids
        .par_iter()
        .filter_map(|&id| Contest::of(setting, output, id).map(|contest| contest.closeness()))
        .collect();
    let paradoxes = found.iter().filter(|found| found.paradox).count() as f64;
    let mut margins: Vec<f64> = found.iter().map(|found| found.margin).collect();
    let far = f64::INFINITY;
    let smallest = |found: &Closeness| {
        found.winner_price_rise.unwrap_or(far).min(found.runner_up_price_cut.unwrap_or(far))
    };
    let mut flips: Vec<f64> = found.iter().map(smallest).collect();
    Closest {
        paradox_share: (!found.is_empty()).then(|| paradoxes / found.len() as f64),
        margin: quantile(&mut margins, 0.5),
        price_flip: middle(&mut flips),
    }
}

/// The median, where it is finite.
fn middle(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    Some((values[(values.len() - 1) / 2] + upper) / 2.0).filter(|middle| middle.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::random::{Luck, Purpose};
    use crate::scenario::parameters::PriceFormula;
    use crate::units::Share;

    fn bid(charity: usize, price: f64) -> Bid {
        Bid {
            charity: CharityId::from_row(charity),
            tender: TenderId::from_row(0),
            price: Gbp::new(price),
            quality: 1.0,
            claim: 0.0,
            writing: 0.0,
            social: 0.0,
            collaboration: 0.0,
            team: None,
            full_cost: Gbp::new(price),
            bid_cost: Gbp::ZERO,
            charity_luck: 0,
        }
    }

    fn half_and_half(formula: PriceFormula) -> Rules {
        Rules { formula, weight_quality: Share::new(0.5), weight_price: Share::new(0.5), ..Rules::default() }
    }

    /// The contest between bids with these prices and qualities, under a ceiling of 100.
    fn contest(rules: &Rules, offers: &[(f64, f64)]) -> (Closeness, QualityFlips, CharityId) {
        let bids: Vec<Bid> = offers.iter().enumerate().map(|(row, offer)| bid(row, offer.0)).collect();
        let seen: Vec<Seen> = offers.iter().map(|&(_, quality)| Seen { quality, error: 0.0 }).collect();
        let ceiling = Gbp::new(100.0);
        let scoring = Scoring { rules, prices: Prices::of(bids.iter(), ceiling), noise: 0.0 };
        let mut line: Vec<u32> = (0..bids.len() as u32).collect();
        let score = |row: u32| scoring.total(&bids[row as usize], seen[row as usize]);
        line.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
        let winner = bids[line[0] as usize].charity;
        let assessment = Assessment { seen, line, by_score: true };
        let award = Award {
            winner,
            team: None,
            price: Gbp::ZERO,
            full_cost: Gbp::ZERO,
            quality: 1.0,
            score: 0.0,
            rival_score: 0.0,
            declined: 0,
        };
        let contest = Contest::between(rules, (Gbp::ZERO, ceiling), &bids, &assessment, &award);
        let contest = contest.expect("two bids");
        (contest.closeness(), contest.quality_flips(), winner)
    }

    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-6)
    }

    /// V10: A (80, .5), B (100, .69), C (50, 0): B wins by 59.5 to 56.25; without C, A wins.
    #[test]
    fn the_ranking_paradox_is_seen() {
        let rules = half_and_half(PriceFormula::RelativeToLowest);
        let (found, quality, winner) = contest(&rules, &[(80.0, 0.5), (100.0, 0.69), (50.0, 0.0)]);
        assert_eq!(winner, CharityId::from_row(1));
        assert!(found.paradox);
        assert!((found.margin - 3.25).abs() < 1e-9, "{found:?}");
        // B asks for the ceiling; A overtakes it at 50 x 50 / p = 34.5 points, p = 72.4638.
        assert_eq!(found.winner_price_rise, None);
        assert!(near(found.runner_up_price_cut, 1.0 - 2500.0 / 34.5 / 80.0), "{found:?}");
        assert!(near(quality.winner_loss, 6.5) && near(quality.runner_up_gain, 6.5), "{quality:?}");
        let (two, _, winner) = contest(&rules, &[(80.0, 0.5), (100.0, 0.69)]);
        assert_eq!(winner, CharityId::from_row(0));
        assert!(!two.paradox);
    }

    /// By hand, absolute: A scores 50 x .8 + 50 x .4 = 60, B 50 x .6 + 50 x .5 = 55; five points are 10 pounds.
    #[test]
    fn flips_of_the_absolute_formula_are_those_by_hand() {
        let rules = half_and_half(PriceFormula::AbsoluteLinear);
        let (found, quality, _) = contest(&rules, &[(60.0, 0.8), (50.0, 0.6)]);
        assert!((found.margin - 5.0).abs() < 1e-9);
        assert!(near(found.winner_price_rise, 10.0 / 60.0) && near(found.runner_up_price_cut, 10.0 / 50.0));
        assert!(near(quality.winner_loss, 10.0) && near(quality.runner_up_gain, 10.0));
        let (far, ..) = contest(&rules, &[(60.0, 1.0), (90.0, 0.0)]);
        assert_eq!(far.winner_price_rise.or(far.runner_up_price_cut), None, "quality alone decides");
    }

    #[test]
    fn no_losing_bid_decides_under_the_absolute_formula() {
        let mut draws = Luck::new(3, 0).stream::<8>(Purpose::Sample, 0);
        let mut relative = 0;
        for case in 0..5_000 {
            let u = draws.uniforms(case);
            let offers = [0, 2, 4, 6].map(|k| (20.0 + 80.0 * u[k], u[k + 1]));
            let found = |formula| contest(&half_and_half(formula), &offers).0.paradox;
            assert!(!found(PriceFormula::AbsoluteLinear), "{offers:?}");
            relative += u32::from(found(PriceFormula::RelativeToLowest));
        }
        assert!(relative > 0);
    }
}
