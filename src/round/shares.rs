//! How partners' shares of the work are agreed before the bid.

use super::produce::{Worker, chances};
use super::team::Mode;
use super::utility::{Candidate, Stakes};
use crate::scenario::parameters::ShareRule;

/// Whether members are all of a team, or the core of one that will grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All: they must have the staff for the work.
    Whole,
    /// The core: others will bring staff.
    Core,
}

/// Shares of the work, summing to one, or none if the members cannot staff it: by the staff that each can spare,
/// alike, or by Shapley values of success. Nobody takes on more than it can spare, but for the core of a team.
pub fn shares(
    stakes: &Stakes,
    mode: Mode,
    members: &[&Candidate],
    needed: f64,
    extent: Extent,
) -> Option<Vec<f64>> {
    let spare: Vec<f64> = members.iter().map(|member| member.spare.min(needed).max(0.0)).collect();
    let all: f64 = spare.iter().sum();
    let core = extent == Extent::Core;
    if needed <= 0.0 || all <= 0.0 || (all < needed && !core) {
        return None;
    }
    let wanted = match members[0].behaviour.share_rule {
        ShareRule::Hours => spare.iter().map(|spare| spare / all).collect(),
        ShareRule::Equal => vec![1.0 / members.len() as f64; members.len()],
        ShareRule::Shapley => by_success(stakes, mode, members),
    };
    let staffed = wanted.iter().zip(&spare).all(|(share, spare)| share * needed <= spare * (1.0 + 1e-9));
    let worth_while = wanted.iter().all(|&share| share >= members[0].behaviour.smallest_share.value());
    ((staffed || core) && worth_while).then_some(wanted)
}

/// Shapley values of what coalitions of members would achieve working alike, scaled to sum to one.
fn by_success(stakes: &Stakes, mode: Mode, members: &[&Candidate]) -> Vec<f64> {
    let n = members.len();
    let achieved = |coalition: usize| {
        let inside: Vec<usize> = (0..n).filter(|member| coalition >> member & 1 == 1).collect();
        let share = 1.0 / inside.len() as f64;
        let worker = |&row: &usize| {
            let member = members[row];
            Worker::new(share, member.ability, 1.0 + member.behaviour.local_gain * member.local)
        };
        let workers: Vec<Worker> = inside.iter().map(worker).collect();
        let chances = chances(members[0].behaviour, stakes.service, mode, &workers, 0.0);
        chances.iter().zip(&stakes.service.complexity).map(|(chance, share)| chance * share).sum()
    };
    let values = shapley(n, |coalition| if coalition == 0 { 0.0 } else { achieved(coalition) });
    let positive: Vec<f64> = values.iter().map(|value| value.max(0.0)).collect();
    let all: f64 = positive.iter().sum();
    if all > 0.0 { positive.iter().map(|value| value / all).collect() } else { vec![1.0 / n as f64; n] }
}

/// Shapley values (1953): what a player adds to those before it, over all orders of joining. Coalitions are
/// bit sets of players.
pub fn shapley(players: usize, worth: impl Fn(usize) -> f64) -> Vec<f64> {
    let coalitions = 1_usize << players;
    let worths: Vec<f64> = (0..coalitions).map(worth).collect();
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    let weight = |size: usize| factorial(size) * factorial(players - size - 1) / factorial(players);
    (0..players)
        .map(|player| {
            let without = (0..coalitions).filter(|coalition| coalition >> player & 1 == 0);
            without
                .map(|coalition| {
                    let added = worths[coalition | 1 << player] - worths[coalition];
                    weight(coalition.count_ones() as usize) * added
                })
                .sum()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(values: &[f64], expected: &[f64]) {
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{values:?}");
        }
    }

    fn members(coalition: usize) -> impl Iterator<Item = usize> {
        (0..8).filter(move |player| coalition >> player & 1 == 1)
    }

    /// V34: gloves, squares of sums, an airport, and skills with max-pooling under rho = -1.
    #[test]
    fn shapley_values_of_known_games() {
        let gloves = |c: usize| f64::from(u8::from(c & 1 == 1 && c & 0b110 != 0));
        near(&shapley(3, gloves), &[2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]);
        let square = |c: usize| {
            let sum: f64 = members(c).map(|player| (player + 1) as f64).sum();
            sum * sum
        };
        near(&shapley(3, square), &[6.0, 12.0, 18.0]);
        let runway = |c: usize| members(c).map(|player| [1.0, 2.0, 4.0][player]).fold(0.0, f64::max);
        near(&shapley(3, runway), &[1.0 / 3.0, 5.0 / 6.0, 17.0 / 6.0]);
        let skills = [[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]];
        let pooled = |c: usize| {
            let best = |k: usize| members(c).map(|player| skills[player][k]).fold(0.0, f64::max);
            let (a, b): (f64, f64) = (best(0), best(1));
            if a > 0.0 && b > 0.0 { 2.0 / (1.0 / a + 1.0 / b) } else { 0.0 }
        };
        near(&shapley(3, pooled), &[0.275, 0.275, 0.45]);
    }

    #[test]
    fn shapley_values_keep_their_axioms() {
        let game = |seed: usize| {
            move |c: usize| ((c * 2_654_435_761 + seed * 40_503) % 1_000) as f64 * f64::from(u8::from(c != 0))
        };
        for seed in 0..50 {
            let values = shapley(5, game(seed));
            assert!((values.iter().sum::<f64>() - game(seed)(31)).abs() < 1e-9, "efficiency");
            let other = shapley(5, game(seed + 50));
            let sum = shapley(5, |c| game(seed)(c) + game(seed + 50)(c));
            near(&sum.iter().zip(&values).map(|(sum, a)| sum - a).collect::<Vec<_>>(), &other);
            let without_dummy = shapley(5, |c| game(seed)(c & 0b01111));
            assert!(without_dummy[4].abs() < 1e-9, "a player that adds nothing gets nothing");
            let symmetric = shapley(5, |c| game(seed)(c.count_ones() as usize));
            near(&symmetric, &[symmetric[0]; 5]);
        }
    }

    /// Whether no coalition could do better than with these payoffs.
    fn is_in_core(worth: impl Fn(usize) -> f64, payoffs: &[f64]) -> bool {
        let paid = |coalition: usize| members(coalition).map(|player| payoffs[player]).sum::<f64>();
        let all = (1 << payoffs.len()) - 1;
        let blocked = (1..all).any(|coalition| paid(coalition) < worth(coalition) - 1e-9);
        !blocked && (paid(all) - worth(all)).abs() < 1e-9
    }

    /// The least that three players must have in all so that no coalition can do better (Bondareva 1963, Shapley 1967):
    /// the core is empty if their worth together is less.
    fn least_for_three(worth: impl Fn(usize) -> f64) -> f64 {
        let alone = worth(1) + worth(2) + worth(4);
        let pairs = (worth(3) + worth(5) + worth(6)) / 2.0;
        let split = [1, 2, 4].map(|player| worth(player) + worth(7 - player));
        split.into_iter().chain([alone, pairs]).fold(f64::NEG_INFINITY, f64::max)
    }

    /// A game in which a player adds the more, the more are there: a sum of games in which a group is worth something
    /// once it is complete.
    fn convex(seed: usize) -> impl Fn(usize) -> f64 {
        let of_group = move |group: usize| ((group * 2_654_435_761 + seed * 40_503) % 1_000) as f64;
        move |c: usize| (1..32).filter(|group| group & c == *group).map(of_group).sum()
    }

    /// V35: Shapley values of a convex game leave no coalition reason to go (Shapley 1971); where any two of three take
    /// all, every division does.
    #[test]
    fn shapley_values_lie_in_the_core_of_a_convex_game_and_a_majority_game_has_none() {
        for seed in 0..50 {
            let game = convex(seed);
            for (a, b) in (0..32).flat_map(|a| (0..32).map(move |b| (a, b))) {
                assert!(game(a | b) + game(a & b) >= game(a) + game(b), "convex");
            }
            assert!(is_in_core(&game, &shapley(5, &game)));
        }
        let majority = |c: usize| f64::from(u8::from(c.count_ones() >= 2));
        assert!(least_for_three(majority) > majority(7), "the core is empty");
        for (first, second) in (0..=60).flat_map(|first| (0..=60 - first).map(move |second| (first, second)))
        {
            let payoffs = [first, second, 60 - first - second].map(|part| f64::from(part) / 60.0);
            assert!(!is_in_core(majority, &payoffs), "{payoffs:?}");
        }
        for seed in 0..50 {
            let game = convex(seed);
            assert!(least_for_three(&game) <= game(7), "a convex game has a core");
        }
    }
}
