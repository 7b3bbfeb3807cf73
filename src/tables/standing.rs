//! How rule sets stand among each other in the same worlds, for one measure.

use super::tenders::Described;
use crate::experiment::statistics::bootstrap::Resamples;
use crate::experiment::statistics::ranking::{Values, letters, probability_best};
use crate::experiment::statistics::regret::{Robustness, robustness};
use crate::experiment::statistics::within::{leads_within, mean_within};
use crate::experiment::statistics::{Estimate, IntervalKind};
use crate::measure::bounds::Bounds;
use crate::measure::names::{Better, Measure};

/// A rule set satisfies in a world where it misses the best by no more than this share (*assumption*).
pub const NEAR_BEST: f64 = 0.05;

/// What the column `group` says.
pub const GROUP: &str = "letters, or numbers where there are many groups (3-5 stands for 3, 4 and 5): rule sets that share one \
                         cannot be told apart, with the error of one verdict; empty where there are more than 200 groups, and for one world";

/// Columns of how a rule set stands against the best, with type, unit and meaning.
pub const BEST_COLUMNS: [Described; 3] = [
    (
        "probability_best",
        "number",
        "probability",
        "how often its mean is best when worlds are drawn again; empty for one world",
    ),
    (
        "expected_regret",
        "number",
        "as the measure",
        "mean over worlds of how far it is from the world's best",
    ),
    ("max_regret", "number", "as the measure", "the same in the world where it is farthest"),
];

/// How a rule set stands among all, for one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Mean, over its own worlds: that of `summary.csv`.
    pub estimate: Estimate,
    /// How its interval was made.
    pub interval: IntervalKind,
    /// Letters of its groups: rule sets that share one cannot be told apart.
    pub group: String,
    /// What is known of the best, over worlds in which every rule set has a value; missing for measures without a
    /// better side.
    pub best: Option<AmongBest>,
}

/// A rule set against the best, in the direction in which the measure is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AmongBest {
    /// Simultaneous interval of its lead over the best of the others (Hsu 1984); missing for one world.
    pub lead: Option<(f64, f64)>,
    /// How often it has the best mean when worlds are drawn again; missing for one world, which is always drawn.
    pub probability: Option<f64>,
    /// Regret over worlds.
    pub robustness: Robustness,
}

/// The better side in words, and the sign that makes more of it better.
pub fn side(better: Better) -> (&'static str, f64) {
    match better {
        Better::Higher => ("higher", 1.0),
        Better::Lower => ("lower", -1.0),
        Better::Neither => ("", 1.0),
    }
}

/// Standings from values of rule sets (rows) in the same worlds (columns). Rule sets are told apart where p is at
/// most `error`.
pub fn standings(values: &[Values], measure: &Measure, error: f64, seed: u64) -> Vec<Standing> {
    let Measure { better, bounds, .. } = *measure;
    let (_, sign) = side(better);
    let worlds = values.first().map_or(0, Vec::len);
    let common = (0..worlds).filter(|&world| values.iter().all(|values| values[world].is_some()));
    let common: Vec<usize> = common.collect();
    let oriented: Vec<Values> =
        values.iter().map(|values| values.iter().map(|value| value.map(|v| sign * v)).collect()).collect();
    let complete: Vec<Vec<f64>> =
        oriented.iter().map(|values| common.iter().filter_map(|&world| values[world]).collect()).collect();
    // One world tells nothing apart: letters would say that it does not, as if it could.
    let mut groups = if worlds > 1 { letters(&oriented, error) } else { Vec::new() }.into_iter();
    let mut best = match better {
        _ if common.is_empty() => vec![None; values.len()],
        Better::Neither => vec![None; values.len()],
        Better::Higher | Better::Lower => among_best(&complete, bounds, &Resamples::new(seed, common.len())),
    }
    .into_iter();
    let own = values
        .iter()
        .filter_map(|values| mean_within(&values.iter().flatten().copied().collect::<Vec<_>>(), bounds));
    own.map(|(estimate, interval)| Standing {
        estimate,
        interval,
        group: groups.next().unwrap_or_default(),
        best: best.next().flatten(),
    })
    .collect()
}

fn among_best(oriented: &[Vec<f64>], bounds: Bounds, resamples: &Resamples) -> Vec<Option<AmongBest>> {
    let enough = oriented.first().is_some_and(|values| values.len() > 1);
    let leads = leads_within(oriented, bounds).into_iter().map(|lead| enough.then_some(lead));
    let probabilities =
        probability_best(oriented, resamples).into_iter().map(|share| enough.then_some(share));
    let robust = robustness(oriented, NEAR_BEST);
    let rows = leads.zip(probabilities).zip(robust);
    rows.map(|((lead, probability), robustness)| Some(AmongBest { lead, probability, robustness })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A measure that is better on this side.
    fn measure(better: Better) -> Measure {
        let all = crate::measure::names::all();
        all.into_iter().find(|measure| measure.better == better).expect("one of each")
    }

    fn present(values: &[Vec<f64>]) -> Vec<Values> {
        values.iter().map(|values| values.iter().copied().map(Some).collect()).collect()
    }

    #[test]
    fn lower_can_be_better() {
        let values = present(&[vec![3.0, 4.0, 5.0, 3.5], vec![1.0, 2.0, 3.1, 1.6]]);
        let found = standings(&values, &measure(Better::Lower), 0.05, 1);
        let [worse, better] = &found[..] else { panic!("two rule sets") };
        let (worse_best, better_best) = (worse.best.expect("a side"), better.best.expect("a side"));
        assert_eq!((worse_best.probability, better_best.probability), (Some(0.0), Some(1.0)));
        assert_eq!((worse.group.as_str(), better.group.as_str()), ("b", "a"));
        assert!((worse_best.robustness.max_regret - 2.0).abs() < 1e-12);
        assert_eq!(better_best.robustness.max_regret, 0.0);
        assert!(standings(&values, &measure(Better::Neither), 0.05, 1)[0].best.is_none());
    }

    /// A mean is that of a rule set's own worlds; who is best is judged in worlds that all have.
    #[test]
    fn a_world_without_a_value_is_left_out_of_what_needs_it() {
        let values =
            [vec![Some(1.0), None, Some(3.0), Some(5.0)], vec![Some(2.0), Some(9.0), Some(4.0), Some(6.0)]];
        let found = standings(&values, &measure(Better::Higher), 0.05, 1);
        assert_eq!((found[0].estimate.mean, found[0].estimate.n), (3.0, 3));
        assert_eq!((found[1].estimate.mean, found[1].estimate.n), (5.25, 4));
        assert_eq!(found[0].best.expect("a side").robustness.max_regret, 1.0);
    }

    #[test]
    fn one_world_says_nothing_about_the_best_but_its_values() {
        let found = standings(&present(&[vec![1.0], vec![2.0]]), &measure(Better::Higher), 0.05, 1);
        assert_eq!((found[0].group.as_str(), found[1].group.as_str()), ("", ""));
        let best = found[0].best.expect("a side");
        assert_eq!((best.lead, best.probability), (None, None));
        assert_eq!(best.robustness.max_regret, 1.0);
    }

    /// Letters go by differences, whatever the intervals of means are cut to.
    #[test]
    fn bounds_change_no_letter() {
        let values = present(&[vec![0.0, 0.0, 0.1, 0.0], vec![0.0, 0.1, 0.0, 0.0], vec![0.9, 1.0, 1.0, 0.9]]);
        let [whole, within] = [Bounds::NONE, Bounds::SHARE]
            .map(|bounds| standings(&values, &Measure { bounds, ..measure(Better::Higher) }, 0.01, 1));
        let letters = |found: &[Standing]| found.iter().map(|own| own.group.clone()).collect::<Vec<_>>();
        assert_eq!(letters(&whole), ["b", "b", "a"]);
        assert_eq!(letters(&whole), letters(&within));
        assert!(whole[0].estimate.interval.expect("many").0 < 0.0);
        assert_eq!(within[0].estimate.interval.expect("many").0, 0.0);
        let lead = |found: &[Standing], row: usize| found[row].best.expect("a side").lead.expect("worlds");
        assert!(lead(&whole, 0).0 < -1.0 && lead(&within, 0).0 == -1.0, "{:?}", lead(&whole, 0));
    }
}
