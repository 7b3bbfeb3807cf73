//! Invariants that need no theory: conservation, placebo, relabelling, order.

use rebalance::measure::round::{Measures, measure};
use rebalance::random::Luck;
use rebalance::round::{Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::{Scenario, load};
use rebalance::world::World;

fn play_all(scenario: &Scenario, replicate: u32) -> (Vec<Measures>, State) {
    let world = World::build(scenario).expect("a world");
    let regimes = Regimes::new(scenario, &world);
    let luck = Luck::new(scenario.run.seed, replicate);
    let mut state = State::found(&world, scenario, luck);
    let mut measures = Vec::new();
    for round in 0..scenario.run.rounds {
        let in_force = regimes.in_force(round, &state.options);
        let setting = Setting::new(&world, scenario, &in_force, luck, round);
        let output = play(&setting, &mut state).expect("identities hold");
        measures.push(measure(&setting, &state, &output));
        advance(&setting, &mut state);
    }
    (measures, state)
}

fn scenario(sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    load("quick", &[&sets[..], &["run.rounds=24".to_string()]].concat()).expect("a valid scenario")
}

/// I01: `play` checks money and people each round; here they are added up again over the whole run.
#[test]
fn people_in_are_people_out() {
    let (measures, state) = play_all(&scenario(&[]), 0);
    let total = |name: &str| measures.iter().filter_map(|m| m.get(name)).sum::<f64>();
    let waiting: f64 = state.markets.iter().map(|market| market.backlog.iter().sum::<f64>()).sum();
    // These two are rates a year, of four rounds.
    let left = (total("people_arriving") - total("people_served")) / 4.0 - waiting;
    assert!(left > 0.0, "some gave up");
    let expected: f64 = {
        let stays = 1.0 - 0.15;
        measures.iter().map(|m| m.get("unmet_need_people").expect("defined") * (1.0 - stays) / stays).sum()
    };
    assert!((left / expected - 1.0).abs() < 1e-9, "{left} left, {expected} expected");
}

/// I05: a parameter that is inert here changes no bit.
#[test]
fn a_placebo_changes_nothing() {
    let (with, _) = play_all(&scenario(&["behaviour.markup_max=0.7", "population.cost_low_gbp=0.5"]), 0);
    let (without, _) = play_all(&scenario(&[]), 0);
    assert_eq!(with, without);
}

/// I05 again: a charity that offers nothing, and so never bids, changes nobody's luck.
#[test]
fn an_unused_address_shifts_nothing() {
    let folder = super::scratch();
    let path = folder.path().join("charities.csv");
    let play = |idle: &str| {
        let mut rows = "id,home,income_gbp,services,reach\n".to_string();
        for row in 0..60 {
            let income = 20_000 + 9_000 * row;
            rows += &format!("c{row:02},S0000{},{income},service-{},local\n", row % 4, 1 + row % 2);
        }
        std::fs::write(&path, rows + idle).expect("written");
        let sets = [
            "world.areas=4",
            "world.services=2",
            "run.rounds=16",
            "run.burn_in=4",
            "population.voluntary_volatility=0.2",
        ];
        let own = format!("world.charities_file={}", path.display());
        let sets: Vec<String> = sets.iter().map(ToString::to_string).chain([own]).collect();
        play_all(&load("synthetic", &sets).expect("valid"), 0).0
    };
    let (without, with) = (play(""), play("d00,S00001,700000,,local\n"));
    let of_the_market =
        ["people_served", "bids_per_tender", "price_to_full_cost", "hhi_local_lead", "unmet_need_people"];
    for (without, with) in without.iter().zip(&with) {
        for name in of_the_market {
            assert_eq!(without.get(name), with.get(name), "{name}");
        }
    }
    assert_ne!(without[0].get("charities"), with[0].get("charities"));
    assert!(without.iter().filter_map(|round| round.get("bids_per_tender")).sum::<f64>() > 8.0);
}

/// I03: rows in another order, with their slots, give the same totals.
#[test]
fn relabelling_charities_changes_no_total() {
    let scenario = load("synthetic", &["run.rounds=24".to_string()]).expect("valid");
    let world = World::build(&scenario).expect("a world");
    let regimes = Regimes::new(&scenario, &world);
    let luck = Luck::new(5, 0);
    let mut straight = State::found(&world, &scenario, luck);
    let mut shuffled = straight.clone();
    let n = straight.charities.len();
    let order: Vec<usize> = (0..n).map(|row| (row * 7 + 3) % n).collect();
    assert_ne!(n % 7, 0);
    let pick = |row: &usize| rebalance::ids::Id::from_row(*row);
    shuffled.charities.profile =
        order.iter().map(|row| straight.charities.profile[pick(row)].clone()).collect();
    shuffled.charities.finances =
        order.iter().map(|row| straight.charities.finances[pick(row)].clone()).collect();
    for round in 0..scenario.run.rounds {
        let in_force = regimes.in_force(round, &straight.options);
        let setting = Setting::new(&world, &scenario, &in_force, luck, round);
        let a = play(&setting, &mut straight).expect("identities hold");
        let b = play(&setting, &mut shuffled).expect("identities hold");
        let (x, y) = (measure(&setting, &straight, &a), measure(&setting, &shuffled, &b));
        for name in [
            "people_served",
            "outcomes",
            "tenders",
            "bids_per_tender",
            "closures",
            "hhi_local_lead",
            "value_awarded_gbp",
        ] {
            let (x, y) = (x.get(name), y.get(name));
            let close = match (x, y) {
                (Some(x), Some(y)) => (x - y).abs() <= 1e-12 * x.abs().max(1.0),
                _ => x == y,
            };
            assert!(close, "round {round}: {name} is {x:?} and {y:?}");
        }
        advance(&setting, &mut straight);
        advance(&setting, &mut shuffled);
    }
}

/// The number of replicates before has no say in a replicate.
#[test]
fn a_replicate_depends_on_its_number_alone() {
    let (first, _) = play_all(&scenario(&[]), 1);
    let _ = play_all(&scenario(&[]), 0);
    let (again, _) = play_all(&scenario(&["run.replicates=3"]), 1);
    assert_eq!(first, again);
}

#[test]
fn contract_values_follow_the_evidence() {
    let scenario = load("england", &[]).expect("valid");
    let world = World::build(&scenario).expect("a world");
    let state = State::found(&world, &scenario, Luck::new(1, 0));
    let mut values: Vec<f64> = state.portfolio.lots.iter().map(|lot| lot.value.value()).collect();
    let large = values.iter().filter(|value| **value >= 1e6).count() as f64 / values.len() as f64;
    let median = rebalance::math::quantile(&mut values, 0.5).expect("contracts");
    assert!((80_000.0..110_000.0).contains(&median), "T04: median contract {median}");
    assert!((0.11..0.15).contains(&large), "T05: share at or over 1m {large}");
}

#[test]
fn charity_sizes_follow_the_register() {
    let scenario = load("england", &[]).expect("valid");
    let world = World::build(&scenario).expect("a world");
    assert_eq!((world.areas.len(), world.services.len()), (151, 11));
    let state = State::found(&world, &scenario, Luck::new(1, 0));
    let incomes: Vec<f64> = state.charities.finances.iter().map(|f| f.income.value()).collect();
    let share = |low: f64, high: f64| {
        incomes.iter().filter(|income| (low..high).contains(*income)).count() as f64 / incomes.len() as f64
            * 100.0
    };
    let bands = [
        (0.0, 1e5, 72.0, 75.0),
        (1e5, 1e6, 19.5, 22.0),
        (1e6, 1e7, 4.3, 5.2),
        (1e7, f64::INFINITY, 1.0, 1.3),
    ];
    for (low, high, from, to) in bands {
        let percent = share(low, high);
        assert!((from..=to).contains(&percent), "T01r: {percent}% from {low} to {high}, wanted {from}-{to}");
    }
    let general: Vec<f64> = state
        .charities
        .profile
        .iter()
        .zip(&incomes)
        .filter(|(profile, _)| profile.general)
        .map(|(_, income)| *income)
        .collect();
    let total: f64 = general.iter().sum();
    let large: f64 = general.iter().filter(|income| **income >= 1e6).sum();
    assert!((0.78..=0.83).contains(&(large / total)), "T02: {}", large / total);
    let small = general.iter().filter(|income| **income < 1e5).count() as f64 / general.len() as f64;
    assert!((0.80..=0.84).contains(&small), "T01a: {small}");
    let gini = rebalance::measure::concentration::gini(&general).expect("defined");
    assert!((0.92..=0.97).contains(&gini), "T03: {gini}");
}

/// Means after burn-in over some replicates of a shipped scenario.
fn means(name: &str, replicates: u32, measures: &[&str]) -> Vec<f64> {
    let scenario = load(name, &["run.rounds=32".to_string()]).expect("valid");
    let mut sums = vec![(0.0, 0.0); measures.len()];
    for replicate in 0..replicates {
        let (rounds, _) = play_all(&scenario, replicate);
        for round in &rounds[20..] {
            for (sum, value) in sums.iter_mut().zip(measures).map(|(sum, name)| (sum, round.get(name))) {
                let Some(value) = value else { continue };
                *sum = (sum.0 + value, sum.1 + 1.0);
            }
        }
    }
    sums.into_iter().map(|(sum, n)| sum / n).collect()
}

/// Eight councils stand for England in what does not depend on how many councils a provider serves.
/// (Shares by size band, and medians over providers, do depend on it: docs/MODEL.md, sampling.)
#[test]
fn a_sample_keeps_the_competition_of_the_country() {
    let measures = [
        ("outcomes_per_1000_residents", 0.2),
        ("outcome_per_1000_gbp", 0.1),
        ("waiting_rounds", 0.1),
        ("complex_served_share", 0.1),
        ("bids_per_tender", 0.12),
        ("single_bid_share", 0.2),
        ("no_bid_share", 0.3),
        ("price_to_ceiling", 0.03),
        ("price_to_full_cost", 0.03),
        ("bid_cost_share", 0.15),
        ("closures_per_1000", 0.05),
        ("survival_under_1m", 0.01),
        ("hhi_local_lead", 0.15),
    ];
    let names = measures.map(|(name, _)| name);
    let (sample, country) = (means("quick", 20, &names), means("england", 6, &names));
    for ((name, margin), (sample, country)) in measures.into_iter().zip(sample.into_iter().zip(country)) {
        let gap = (sample / country - 1.0).abs();
        assert!(gap < margin, "{name}: {sample} in the sample, {country} in England");
    }
}

/// Nothing makes the largest grow for ever: where winning breeds winning their share rises, and once every
/// bidder has an equal chance it falls below what it was.
#[test]
fn the_share_of_the_largest_can_fall() {
    let scenario = load("theory/flat-concentration", &[]).expect("valid");
    let reform = scenario.reforms[0].from_round as usize;
    let mut shares = [0.0; 3];
    for replicate in 0..scenario.run.replicates {
        let (rounds, _) = play_all(&scenario, replicate);
        let mean = |from: usize, to: usize| {
            let values: Vec<f64> = rounds[from..to].iter().filter_map(|r| r.get("cr4_national")).collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        let last = rounds.len();
        let periods = [mean(12, 24), mean(reform - 12, reform), mean(last - 24, last)];
        shares.iter_mut().zip(periods).for_each(|(share, period)| *share += period);
    }
    let [early, before, after] = shares;
    assert!(before > 1.1 * early, "rises: {early} to {before}");
    assert!(after < 0.75 * before && after < early, "falls: {before} to {after}");
}

/// A lot that nobody wins is cut again each time it is tendered, but never into more than a thousand pieces in all.
#[test]
fn a_lot_is_cut_into_a_thousand_pieces_at_most() {
    let sets = [
        "world.areas=1",
        "world.services=1",
        "world.charities_per_area=0",
        "market.lots_per_market=2",
        "market.staggered=false",
        "rules.packaging=cut-lots",
        "rules.lot_size_gbp=1e-9",
        "run.rounds=6",
        "run.burn_in=1",
    ];
    let (_, state) = play_all(&load("synthetic", &sets.map(String::from)).expect("valid"), 0);
    assert_eq!(state.lots.len(), 2_000);
}
