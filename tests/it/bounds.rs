//! Formulas of measures at their edges: just at a bound, just beside it, and where two are alike.

use super::headline_measures::{B, C, award, bid, played_under};
use rebalance::ids::Column;
use rebalance::measure::bands::Band;
use rebalance::measure::outcomes::{Place, concentration_index, p90_p10};
use rebalance::measure::round::Measures;
use rebalance::round::award::Assessment;
use rebalance::round::bid::Bids;
use rebalance::round::score::Seen;
use rebalance::units::Gbp;

#[test]
fn a_band_begins_at_its_bound() {
    for (bound, below, at) in [
        (1e4, Band::Micro, Band::Small),
        (1e5, Band::Small, Band::Medium),
        (1e6, Band::Medium, Band::Large),
        (1e7, Band::Large, Band::Major),
    ] {
        assert_eq!(Band::of(Gbp::new(bound - 0.01)), below);
        assert_eq!(Band::of(Gbp::new(bound)), at);
    }
    assert_eq!((Band::of(Gbp::ZERO), Band::of(Gbp::new(1e12))), (Band::Micro, Band::Major));
    assert_eq!(Band::ALL.map(Band::is_1m_and_over), [false, false, false, true, true]);
    assert_eq!(Band::ALL.map(Band::name), ["micro", "small", "medium", "large", "major"]);
}

fn places(rows: &[(f64, f64, f64)]) -> Vec<Place> {
    rows.iter().map(|&(weight, deprivation, rate)| Place { weight, deprivation, rate }).collect()
}

/// Weights 1, 3 and 2, rates 1, 2 and 5: mean 17/6, ranks 1/12, 5/12 and 5/6, covariance (11/6 x 5/12 + 3 x 5/6 x 1/12 +
/// 2 x 13/6 x 1/3)/6 = 29/72, and twice that over the mean 29/102.
#[test]
fn areas_count_by_their_residents() {
    let three = [(1.0, 1.0, 1.0), (3.0, 2.0, 2.0), (2.0, 3.0, 5.0)];
    let found = concentration_index(&places(&three)).expect("defined");
    assert!((found - 29.0 / 102.0).abs() < 1e-12, "{found}");
    let [a, b, c] = three;
    assert_eq!(concentration_index(&places(&[c, a, b])), Some(found), "the order of areas does not matter");
    assert_eq!(concentration_index(&places(&[(1.0, 1.0, 0.0), (1.0, 2.0, 0.0)])), None);
    // A tenth of the residents lives in the worst, a tenth in the best.
    let ten = [(1.0, 1.0, 1.0), (8.0, 2.0, 2.0), (1.0, 3.0, 6.0)];
    assert_eq!(p90_p10(&places(&ten)), Some(2.0), "the ninth tenth ends with the middle");
    let more = [(1.0, 1.0, 1.0), (7.0, 2.0, 2.0), (2.0, 3.0, 6.0)];
    assert_eq!(p90_p10(&places(&more)), Some(6.0));
    let less = [(0.9, 1.0, 1.0), (7.1, 2.0, 2.0), (2.0, 3.0, 6.0)];
    assert_eq!(p90_p10(&places(&less)), Some(3.0), "less than a tenth lives in the worst");
    assert_eq!(p90_p10(&places(&[(1.0, 1.0, 0.0), (1.0, 2.0, 1.0)])), None);
}

/// One award by score: C, who asks for the ceiling of 1,000 GBP, before B at 900 GBP; qualities as they were seen.
fn close_award(more: &[&str], seen: [f64; 2]) -> Measures {
    played_under(more, |_, output| {
        let call = *output.tenders.calls.iter().next().expect("a call");
        output.tenders.calls = Column::from(vec![call]);
        output.bids = Bids::group(vec![bid(B, 0, 900.0), bid(C, 0, 1_000.0)], 1);
        output.awards.awards = Column::from(vec![Some(award(C, 1_000.0))]);
        let seen = seen.map(|quality| Seen { quality, error: 0.0 }).to_vec();
        output.awards.assessments = Column::from(vec![Assessment { seen, line: vec![1, 0], by_score: true }]);
    })
}

/// 60 for quality, 40 x lowest/own for the price. C: 54 + 36, B: 34 + 40. Below 500 GBP B wins, as then C has 54 + 20.
#[test]
fn a_price_floor_is_by_the_reference_cost_of_the_hours() {
    let seen = [0.34 / 0.6, 0.9];
    let weights = ["rules.weight_quality=0.6", "rules.weight_price=0.4"];
    let free = close_award(&weights, seen);
    let near = |found: Option<f64>, by_hand: f64| found.is_some_and(|found| (found - by_hand).abs() < 1e-6);
    assert!(near(free.get("margin_median"), 16.0), "{free:?}");
    assert!(near(free.get("price_flip_median"), 400.0 / 900.0), "{free:?}");
    assert_eq!(free.get("ranking_paradox_share"), Some(0.0));
    // 100 hours at 28 GBP: a fifth is 560 GBP, and B may not ask for less; a sixth is 467 GBP.
    let floor = |share: &str| close_award(&[&weights[..], &[share]].concat(), seen);
    assert_eq!(floor("rules.price_floor=0.2").get("price_flip_median"), None);
    assert!(near(floor("rules.price_floor=0.16").get("price_flip_median"), 400.0 / 900.0));
}

/// Of two that score alike, the first is called, whether or not a third is there.
#[test]
fn a_tie_is_no_paradox() {
    let measures = played_under(&["rules.weight_quality=1", "rules.weight_price=0"], |_, output| {
        let call = *output.tenders.calls.iter().next().expect("a call");
        output.tenders.calls = Column::from(vec![call]);
        output.bids = Bids::group(vec![bid(0, 0, 900.0), bid(B, 0, 900.0), bid(C, 0, 900.0)], 1);
        output.awards.awards = Column::from(vec![Some(award(0, 900.0))]);
        let seen = [0.8, 0.8, 0.3].map(|quality| Seen { quality, error: 0.0 }).to_vec();
        output.awards.assessments =
            Column::from(vec![Assessment { seen, line: vec![0, 1, 2], by_score: true }]);
    });
    assert_eq!(measures.get("ranking_paradox_share"), Some(0.0));
    assert_eq!(measures.get("margin_median"), Some(0.0));
}
