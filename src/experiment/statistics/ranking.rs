//! Which rule sets can be told apart, and which may be best.
//!
//! Values are rows of rule sets over the same worlds; higher is better. Pairs are compared by differences in the
//! same world, so that what worlds have in common cancels.

use super::bootstrap::Resamples;
use super::{ERROR, difference, p_of_mean};
use crate::math::{mean, mean_and_sd, student_t_half_width};

/// Values of a rule set world by world; nothing where a world has none.
pub type Values = Vec<Option<f64>>;

/// Pairs of rule sets that differ: those whose two-sided p, over the worlds in which both have a value, is at most
/// `error`. With the error of the verdicts against the baseline, letters and verdicts agree.
pub fn told_apart(values: &[Values], error: f64) -> Vec<(usize, usize)> {
    let pairs = (0..values.len()).flat_map(|a| (a + 1..values.len()).map(move |b| (a, b)));
    let differ = |&(a, b): &(usize, usize)| {
        let worlds = values[a].iter().zip(&values[b]);
        let apart: Vec<f64> = worlds.filter_map(|(a, b)| Some(difference((*a)?, (*b)?))).collect();
        p_of_mean(&apart).is_some_and(|p| p <= error)
    };
    pairs.filter(differ).collect()
}

fn differences(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(&a, &b)| difference(a, b)).collect()
}

/// Most groups that are worth telling. Their number can grow exponentially with that of rule sets where pairs are told
/// apart as if by lot, as whole numbers in two worlds are.
const MOST_GROUPS: usize = 200;

/// Groups that cannot be told apart: two rule sets share a group unless they are told apart. Groups come in the
/// order of their best member, members in that of their means. Nothing where there are too many to tell.
///
/// Insert and absorb (Piepho 2004).
pub fn groups(values: &[Values], error: f64) -> Option<Vec<Vec<usize>>> {
    let rules = values.len();
    let mut groups = vec![vec![true; rules]];
    for (a, b) in told_apart(values, error) {
        let (split, mut kept): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group[a] && group[b]);
        for group in split {
            for leaver in [a, b] {
                let mut rest = group.clone();
                rest[leaver] = false;
                kept.push(rest);
            }
        }
        groups = absorbed(kept);
        if groups.len() > MOST_GROUPS {
            return None;
        }
    }
    let means: Vec<f64> =
        values.iter().map(|values| mean(&values.iter().flatten().copied().collect::<Vec<_>>())).collect();
    let mut order: Vec<usize> = (0..rules).collect();
    order.sort_by(|&a, &b| means[b].total_cmp(&means[a]));
    let members = |group: Vec<bool>| order.iter().copied().filter(|&rule| group[rule]).collect::<Vec<_>>();
    let place = |group: &Vec<usize>| {
        group.iter().map(|rule| order.iter().position(|o| o == rule)).collect::<Vec<_>>()
    };
    let mut named: Vec<Vec<usize>> = groups.into_iter().map(members).collect();
    named.sort_by_key(place);
    Some(named)
}

/// Groups without those that lie inside another.
fn absorbed(groups: Vec<Vec<bool>>) -> Vec<Vec<bool>> {
    let mut kept: Vec<Vec<bool>> = Vec::new();
    let inside =
        |inner: &[bool], outer: &[bool]| inner.iter().zip(outer).all(|(inner, outer)| !inner || *outer);
    for group in groups {
        if kept.iter().any(|other| inside(&group, other)) {
            continue;
        }
        kept.retain(|other| !inside(other, &group));
        kept.push(group);
    }
    kept
}

/// Letters of the groups that each rule set is in (a compact letter display): rule sets that share a letter cannot
/// be told apart. Where the alphabet does not do, numbers: `3-5 9` are the groups 3, 4, 5 and 9. Empty where
/// there are too many groups to tell.
pub fn letters(values: &[Values], error: f64) -> Vec<String> {
    let Some(groups) = groups(values, error) else { return vec![String::new(); values.len()] };
    let mut of_rule: Vec<Vec<usize>> = vec![Vec::new(); values.len()];
    for (row, group) in groups.iter().enumerate() {
        group.iter().for_each(|&rule| of_rule[rule].push(row));
    }
    let alphabet: Vec<char> = ('a'..='z').collect();
    let named = |rows: Vec<usize>| match groups.len() <= alphabet.len() {
        true => rows.iter().map(|&row| alphabet[row]).collect(),
        false => ranges(&rows),
    };
    of_rule.into_iter().map(named).collect()
}

/// Rising rows as numbers from 1, those that follow each other as `first-last`.
fn ranges(rows: &[usize]) -> String {
    let runs = rows.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [first, .., last] => format!("{}-{}", first + 1, last + 1),
        run => (run[0] + 1).to_string(),
    });
    runs.collect::<Vec<_>>().join(" ")
}

/// Multiple comparisons with the best (Hsu 1984), with paired differences and Bonferroni (Matejcik and Nelson
/// 1995): simultaneous 95% intervals of a rule set's mean minus that of the best of the others. One that ends at 0
/// says that the rule set is not the best; one that begins at 0, that it is.
pub(super) fn against_the_best(values: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let rules = values.len();
    if rules < 2 {
        return vec![(0.0, 0.0); rules];
    }
    let n = values[0].len() as f64;
    let quantile = student_t_half_width(1.0 - 2.0 * ERROR / (rules - 1) as f64, n - 1.0);
    let gap = |a: usize, b: usize| {
        let (mean, sd) = mean_and_sd(&differences(&values[a], &values[b])).unwrap_or((0.0, f64::INFINITY));
        (mean, quantile * sd / libm::sqrt(n))
    };
    let others = |own: usize| (0..rules).filter(move |&other| other != own);
    let high: Vec<f64> = (0..rules)
        .map(|own| {
            let nearest = others(own).map(|other| gap(own, other)).map(|(mean, half)| mean + half);
            nearest.fold(f64::INFINITY, f64::min).max(0.0)
        })
        .collect();
    let low = |own: usize| {
        let rivals = others(own).filter(|&other| high[other] > 0.0).map(|other| gap(own, other));
        rivals.map(|(mean, half)| mean - half).fold(0.0, f64::min)
    };
    (0..rules).map(|own| (low(own), high[own])).collect()
}

/// How often each rule set has the best mean when worlds are drawn again; ties share.
pub fn probability_best(values: &[Vec<f64>], resamples: &Resamples) -> Vec<f64> {
    let mut wins = vec![0.0; values.len()];
    let mut count = 0.0;
    for worlds in resamples.iter() {
        let means: Vec<f64> =
            values.iter().map(|own| worlds.iter().map(|&world| own[world as usize]).sum()).collect();
        let best = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let ties = means.iter().filter(|&&mean| mean == best).count() as f64;
        wins.iter_mut()
            .zip(&means)
            .filter(|(_, mean)| **mean == best)
            .for_each(|(win, _)| *win += 1.0 / ties);
        count += 1.0;
    }
    wins.into_iter().map(|win| win / count).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::normals;
    use super::*;

    /// Rule sets at these means with common luck of s.d. 1 and own luck of s.d. 0.3.
    fn rule_sets(repetition: u32, means: &[f64], n: usize) -> Vec<Vec<f64>> {
        let common = normals(repetition, n);
        let own = normals(repetition + 100_000, n * means.len());
        let of = |(row, mean): (usize, &f64)| {
            (0..n).map(|world| mean + common[world] + 0.3 * own[row * n + world]).collect()
        };
        means.iter().enumerate().map(of).collect()
    }

    fn present(values: &[Vec<f64>]) -> Vec<Values> {
        values.iter().map(|values| values.iter().copied().map(Some).collect()).collect()
    }

    #[test]
    fn groups_share_letters_unless_told_apart() {
        let values = rule_sets(1, &[0.0, 3.0, 0.05, 3.1], 40);
        let values = present(&values);
        assert_eq!(told_apart(&values, 0.005), [(0, 1), (0, 3), (1, 2), (2, 3)]);
        assert_eq!(letters(&values, 0.005), ["b", "a", "b", "a"]);
        assert_eq!(letters(&present(&[vec![1.0, 2.0], vec![1.0, 2.0]]), 0.05), ["a", "a"]);
    }

    #[test]
    fn one_between_two_is_in_both_groups() {
        let drawn = normals(5, 12);
        let noise: Vec<f64> = drawn.iter().map(|z| z - mean(&drawn)).collect();
        let steps = |step: f64, scale: f64| noise.iter().map(|z| step + scale * z).collect::<Vec<_>>();
        let letters = letters(&present(&[steps(0.0, 0.0), steps(0.4, 1.0), steps(1.2, -1.0)]), 0.025);
        assert_eq!(letters, ["b", "ab", "a"]);
        assert_eq!(ranges(&[0, 1, 2, 4, 7, 8]), "1-3 5 8-9");
    }

    /// Twelve pairs whose partners differ by the same in both of two worlds, and nothing else that can be told: every
    /// choice of one from each pair is a group, 4,096 of them.
    #[test]
    fn too_many_groups_are_not_told() {
        let noise: Vec<f64> = normals(9, 24).iter().map(|z| libm::round(1_000.0 * z)).collect();
        let of_pair =
            |pair: usize| [0.0, 10.0].map(|more| vec![noise[2 * pair] + more, noise[2 * pair + 1] + more]);
        let values = |pairs: usize| present(&(0..pairs).flat_map(of_pair).collect::<Vec<_>>());
        assert_eq!(groups(&values(2), 0.001).map(|groups| groups.len()), Some(4));
        assert!(groups(&values(12), 0.001).is_none());
        assert!(letters(&values(12), 0.001).iter().all(String::is_empty));
    }

    #[test]
    fn intervals_against_the_best_hold_all_at_once() {
        let means = [0.0, -0.1, -0.2, -0.5];
        let truth = |own: usize| {
            let others = (0..4).filter(|&other| other != own).map(|other| means[other]);
            means[own] - others.fold(f64::NEG_INFINITY, f64::max)
        };
        let repetitions = 800;
        let all_right = (0..repetitions).filter(|&repetition| {
            let intervals = against_the_best(&rule_sets(repetition, &means, 20));
            intervals.iter().enumerate().all(|(own, (low, high))| *low <= truth(own) && truth(own) <= *high)
        });
        let covered = all_right.count() as f64 / f64::from(repetitions);
        assert!(covered >= 0.95 - 4.0 * (0.95_f64 * 0.05 / f64::from(repetitions)).sqrt(), "{covered}");
        let clear = against_the_best(&rule_sets(1, &[0.0, 5.0, -5.0], 30));
        assert!(clear[1].0 == 0.0 && clear[1].1 > 4.0 && clear[0].1 == 0.0 && clear[2].0 < -9.0, "{clear:?}");
    }

    #[test]
    fn probability_of_being_best_sums_to_one_and_ties_share() {
        let resamples = Resamples::with_count(1, 30, 499);
        let p = probability_best(&rule_sets(2, &[0.0, 0.02, 2.0], 30), &resamples);
        assert_eq!(p[2], 1.0);
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let same = vec![normals(1, 30), normals(1, 30)];
        assert_eq!(probability_best(&same, &resamples), [0.5, 0.5]);
        let close = probability_best(&rule_sets(4, &[0.0, 0.05], 30), &resamples);
        assert!(close[0] > 0.0 && close[1] > 0.0);
    }
}
