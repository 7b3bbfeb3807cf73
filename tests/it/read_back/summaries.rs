//! Summary, comparison and league against the rounds that they sum up.

use super::{
    ROUNDS, RULES, Row, WORLDS, all_worlds, ends_at, half_width, mean, near, number, rows, variance, whole,
    worlds,
};
use rebalance::measure::names::{self, Better, HEADLINES};

#[test]
fn a_summary_is_mean_spread_and_interval_of_the_rounds_after_the_burn_in() {
    let (rounds, summary) = (rows("rounds.csv"), rows("summary.csv"));
    assert_eq!(rounds.len(), RULES.len() * WORLDS * ROUNDS as usize);
    let mut seen = 0;
    for rules in RULES {
        for measure in names::all() {
            let values: Vec<f64> = worlds(&rounds, rules, &measure.name).into_iter().flatten().collect();
            let row = summary.iter().find(|row| row["rules"] == rules && row["measure"] == measure.name);
            let Some(row) = row else {
                assert!(values.is_empty(), "{}", measure.name);
                continue;
            };
            seen += 1;
            assert_eq!((row["unit"].as_str(), whole(row, "n") as usize), (measure.unit, values.len()));
            assert!(near(number(row, "mean").expect("a mean"), mean(&values)), "{row:?}");
            if values.len() < 2 {
                assert_eq!([&row["sd"], &row["ci_low"], &row["ci_high"]], ["", "", ""]);
                continue;
            }
            assert!(near(number(row, "sd").expect("a spread"), variance(&values).sqrt()), "{row:?}");
            let (middle, half) = (mean(&values), half_width(&values));
            assert!(ends_at(row, middle - half, middle + half), "{row:?}");
        }
    }
    assert_eq!(seen, summary.len());
    assert!(seen > 120);
}

/// Share of worlds in which the first is better, ties counting half.
fn share_better(better: Better, differences: &[f64]) -> Option<f64> {
    let sign = match better {
        Better::Higher => 1.0,
        Better::Lower => -1.0,
        Better::Neither => return None,
    };
    let share = |difference: &f64| match sign * difference {
        over if over > 0.0 => 1.0,
        0.0 => 0.5,
        _ => 0.0,
    };
    Some(mean(&differences.iter().map(share).collect::<Vec<_>>()))
}

#[test]
fn a_comparison_is_of_the_same_worlds() {
    let (rounds, comparison) = (rows("rounds.csv"), rows("comparison.csv"));
    assert!(comparison.len() > 60);
    let mut better_or_worse = 0;
    for row in &comparison {
        let measure = row["measure"].as_str();
        let of = |rules| worlds(&rounds, rules, measure);
        let pairs: Vec<(f64, f64)> =
            of(RULES[1]).into_iter().zip(of(RULES[0])).filter_map(|(own, base)| own.zip(base)).collect();
        let differences: Vec<f64> = pairs.iter().map(|(own, base)| own - base).collect();
        assert_eq!((row["rules"].as_str(), row["baseline"].as_str()), (RULES[1], RULES[0]));
        assert_eq!(whole(row, "n") as usize, pairs.len());
        let difference = number(row, "difference").expect("a difference");
        let size = mean(&pairs.iter().map(|pair| pair.1.abs()).collect::<Vec<_>>());
        assert!((difference - mean(&differences)).abs() <= 1e-9 * size, "{row:?}");
        let better = names::all().into_iter().find(|known| known.name == measure).expect("known").better;
        let share = share_better(better, &differences);
        // A difference by rounding alone is none.
        let by_rounding = |difference: &f64| *difference != 0.0 && difference.abs() <= 1e-9 * size;
        let rounded = differences.iter().any(by_rounding);
        if !rounded {
            assert_eq!(number(row, "share_of_worlds_better"), share, "{row:?}");
        }
        let family = if HEADLINES.contains(&measure) { "confirmatory" } else { "exploratory" };
        assert_eq!(row["family"], family);
        better_or_worse += usize::from(is_judged_by_its_interval(row, better));
        if let Some(gain) = number(row, "variance_reduction").filter(|_| !rounded) {
            let (own, base): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let by_hand = 1.0 - variance(&differences) / (variance(&own) + variance(&base));
            assert!((gain - by_hand).abs() < 1e-6, "{row:?}");
        }
    }
    assert!(better_or_worse > 3, "{better_or_worse} verdicts");
}

/// A verdict is where the interval leaves out 0, exactly where the adjusted p is at most 5%; says whether it is one.
fn is_judged_by_its_interval(row: &Row, better: Better) -> bool {
    let Some((low, high)) = number(row, "ci_low").zip(number(row, "ci_high")) else {
        assert_eq!(row["verdict"], "cannot be told");
        return false;
    };
    let expected = match (low > 0.0, high < 0.0, better) {
        (false, false, _) => "cannot be told",
        (above, _, Better::Higher) => ["worse", "better"][usize::from(above)],
        (above, _, Better::Lower) => ["better", "worse"][usize::from(above)],
        (above, _, Better::Neither) => ["lower", "higher"][usize::from(above)],
    };
    assert_eq!(row["verdict"], expected, "{row:?}");
    let told = expected != "cannot be told";
    assert_eq!(told, number(row, "adjusted_p").expect("p") <= 0.05, "{row:?}");
    told
}

#[test]
fn a_league_is_regret_by_the_best_of_each_world() {
    let (rounds, league, comparison) = (rows("rounds.csv"), rows("league.csv"), rows("comparison.csv"));
    assert_eq!(league.len(), RULES.len() * HEADLINES.len());
    for row in &league {
        let measure = row["measure"].as_str();
        let own = all_worlds(&rounds, &row["rules"], measure);
        assert!(near(number(row, "mean").expect("a mean"), mean(&own)), "{row:?}");
        assert!(ends_at(row, mean(&own) - half_width(&own), mean(&own) + half_width(&own)), "{row:?}");
        assert_eq!(row["interval"], "t");
        let sign = match row["better"].as_str() {
            "higher" => 1.0,
            "lower" => -1.0,
            side => {
                assert_eq!(
                    (side, &row["expected_regret"], &row["probability_best"]),
                    ("", &"".into(), &"".into())
                );
                continue;
            }
        };
        let other = RULES[usize::from(row["rules"] == RULES[0])];
        let other = all_worlds(&rounds, other, measure);
        let mut regret: Vec<f64> =
            own.iter().zip(&other).map(|(own, other)| (sign * (other - own)).max(0.0)).collect();
        let found = |column: &str| number(row, column).unwrap_or_else(|| panic!("no {column}: {row:?}"));
        let close = |column: &str, by_hand: f64| {
            let size = mean(&own).abs().max(1e-9);
            assert!((found(column) - by_hand).abs() <= 1e-9 * size, "{column} by hand {by_hand}: {row:?}");
        };
        let satisfied = |(own, regret): (&f64, &f64)| *regret <= 0.05 * (sign * own + regret).abs();
        let near_best = own.iter().zip(&regret).filter(|pair| satisfied(*pair)).count();
        close("expected_regret", mean(&regret));
        close("near_best_share", near_best as f64 / WORLDS as f64);
        regret.sort_by(f64::total_cmp);
        close("max_regret", regret[3]);
        // The ninth tenth of four lies .7 of the way from the third to the fourth.
        close("regret_p90", 0.3 * regret[2] + 0.7 * regret[3]);
        let worst = own.iter().map(|value| sign * value).fold(f64::INFINITY, f64::min);
        close("worst_world", sign * worst);
        let lead = sign * (mean(&own) - mean(&other));
        assert!(found("lead_low") <= lead.min(0.0) && found("lead_high") >= lead.max(0.0), "{row:?}");
        let best = found("probability_best");
        assert!(if lead > 0.0 { best > 0.5 } else { best < 0.5 || lead == 0.0 }, "{row:?}");
        if row["rules"] == RULES[1] {
            let same = comparison.iter().find(|line| line["measure"] == measure).expect("compared");
            for column in ["group", "probability_best", "expected_regret", "max_regret"] {
                assert_eq!(row[column], same[column], "{column}");
            }
        }
    }
}
