//! What rounds keep count of, against what a hand works out from the state before.

use rebalance::ids::{CharityId, Id};
use rebalance::random::Luck;
use rebalance::round::merge::meet;
use rebalance::round::state::Busyness;
use rebalance::round::team::Mode;
use rebalance::round::{RoundOutput, Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::load;
use rebalance::units::Gbp;
use rebalance::world::World;

fn texts(sets: &[&str]) -> Vec<String> {
    sets.iter().map(ToString::to_string).collect()
}

/// Ten tenders of eight, then six of eight; what was before counts half.
#[test]
fn busyness_is_tenders_over_those_of_the_calendar() {
    let busyness = Busyness::default();
    assert_eq!(busyness.ratio(), 1.0);
    let once = busyness.after(10, 8.0, 0.5);
    assert_eq!(once.ratio(), 1.25);
    assert_eq!(once.after(6, 8.0, 0.5).ratio(), (5.0 + 6.0) / (4.0 + 8.0));
}

/// A merger is a takeover where the larger has more than three times the income, in deficit where the smaller spent more
/// than it took in; its cost is a tenth of the smaller income. Of two alike the one that was met carries on.
#[test]
fn a_merger_says_what_it_was() {
    let sets = [
        "world.areas=1",
        "world.charities_per_area=2",
        "behaviour.merge_rate=1",
        "behaviour.merge_cost=0.1",
        "behaviour.autonomy=0",
        "behaviour.merge_years=50",
        "population.scale_elasticity=0.15",
    ];
    let scenario = load("synthetic", &texts(&sets)).expect("valid");
    let world = World::build(&scenario).expect("a world");
    let regimes = Regimes::new(&scenario, &world);
    let both = [0, 1].map(CharityId::from_row);
    let merged = |replicate: u32, incomes: [f64; 2], surplus: f64| {
        let luck = Luck::new(1, replicate);
        let mut state = State::found(&world, &scenario, luck);
        let in_force = regimes.in_force(0, &state.options);
        let setting = Setting::new(&world, &scenario, &in_force, luck, 0);
        for (id, income) in both.into_iter().zip(incomes) {
            let finances = &mut state.charities.finances[id];
            (finances.income, finances.reserves) = (Gbp::new(income), Gbp::new(-10.0));
            finances.surplus = [surplus, 1.0, 0.0, 0.0];
            state.charities.profile[id].reserves_policy = 6.0;
        }
        let found = meet(&setting, &mut state, &[both.to_vec()]);
        let reserves = both.map(|id| state.charities.finances[id].reserves.value());
        found.first().map(|merger| (*merger, reserves))
    };
    let mut seen = 0;
    for replicate in 0..40 {
        for (small, takeover) in [(100_000.0, false), (99_999.0, true), (299_999.0, false)] {
            for (surplus, in_deficit) in [(-1.0, false), (-1.001, true)] {
                let Some((merger, reserves)) = merged(replicate, [300_000.0, small], surplus) else {
                    continue;
                };
                assert_eq!((merger.larger, merger.smaller), (both[0], both[1]));
                assert_eq!((merger.takeover, merger.in_deficit), (takeover, in_deficit));
                assert!((merger.cost.value() - small / 10.0).abs() < 1e-9);
                assert!((reserves[0] - (-20.0 - small / 10.0)).abs() < 1e-6, "{reserves:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

/// What work would really cost: hours x unit cost x (1 + overhead) at standard quality, in bids and in call-offs.
#[test]
fn full_costs_of_bids_are_those_of_the_bidder() {
    for award in ["score", "framework"] {
        let award_method = format!("rules.award='{award}'");
        let sets = [
            "world.areas=2",
            "world.charities_per_area=30",
            "behaviour.planned_quality=false",
            "rules.forms='single'",
            "run.rounds=16",
            "run.burn_in=0",
            &award_method,
        ];
        let scenario = load("synthetic", &texts(&sets)).expect("valid");
        let world = World::build(&scenario).expect("a world");
        let regimes = Regimes::new(&scenario, &world);
        let luck = Luck::new(3, 0);
        let mut state = State::found(&world, &scenario, luck);
        let (mut bids, mut call_offs) = (0, 0);
        for round in 0..16 {
            let in_force = regimes.in_force(round, &state.options);
            let setting = Setting::new(&world, &scenario, &in_force, luck, round);
            let before: Vec<f64> =
                state.charities.finances.iter().map(|finances| finances.unit_cost.value()).collect();
            let output = play(&setting, &mut state).expect("identities hold");
            let (all, of_frameworks) = costs_are_right(&output, &state, &before);
            (bids, call_offs) = (bids + all, call_offs + of_frameworks);
            advance(&setting, &mut state);
        }
        assert!(bids > 50 && (call_offs > 10) == (award == "framework"), "{bids} {call_offs}");
    }
}

/// Bids, and those of them that answer call-offs.
fn costs_are_right(output: &RoundOutput, state: &State, unit_cost: &[f64]) -> (usize, usize) {
    let mut call_offs = 0;
    for bid in output.bids.all() {
        let tender = &output.tenders.calls[bid.tender];
        call_offs += usize::from(tender.call_off);
        let overhead = f64::from(state.charities.profile[bid.charity].overhead);
        let by_hand = tender.hours * unit_cost[bid.charity.row()] * (1.0 + overhead);
        let found = bid.full_cost.value();
        assert!((found - by_hand).abs() < 1e-9 * by_hand, "{found}, by hand {by_hand}: {bid:?}");
        assert_eq!((bid.bid_cost == Gbp::ZERO, bid.team), (tender.call_off, None));
    }
    assert!(state.contracts().all(|(_, contract)| contract.mode() == Mode::Solo));
    (output.bids.all().len(), call_offs)
}
