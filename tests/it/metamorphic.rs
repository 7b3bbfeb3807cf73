//! Transformed worlds whose results are known from the untransformed one: units, mirrored skills, more
//! money, one bidder and none, finer time.

use rebalance::measure::names;
use rebalance::measure::round::{Measures, measure};
use rebalance::random::Luck;
use rebalance::round::{Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::parameters::all;
use rebalance::scenario::registry::Value;
use rebalance::scenario::{Scenario, load};
use rebalance::world::World;

fn scenario(name: &str, sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    load(name, &sets).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// Winners by lot, and measures, round by round.
type Story = Vec<(Vec<(usize, Option<usize>)>, Measures)>;

fn tell(scenario: &Scenario, world: &World, mut state: State) -> (Story, State) {
    let regimes = Regimes::new(scenario, world);
    let mut story = Vec::new();
    for round in 0..scenario.run.rounds {
        let in_force = regimes.in_force(round, &state.options);
        let setting = Setting::new(world, scenario, &in_force, Luck::new(scenario.run.seed, 0), round);
        let output = play(&setting, &mut state).expect("identities hold");
        let winners = (output.tenders.calls.enumerate())
            .map(|(id, tender)| {
                let winner = output.awards.awards[id].as_ref().map(|award| award.winner);
                (rebalance::ids::Id::row(tender.lot), winner.map(rebalance::ids::Id::row))
            })
            .collect();
        story.push((winners, measure(&setting, &state, &output)));
        advance(&setting, &mut state);
    }
    (story, state)
}

fn run(scenario: &Scenario) -> (Story, State) {
    let world = World::build(scenario).expect("a world");
    let state = State::found(&world, scenario, Luck::new(scenario.run.seed, 0));
    tell(scenario, &world, state)
}

/// I02: in pounds of a quarter the value, winners are the same and money is four times as much.
#[test]
fn the_unit_of_money_does_not_matter() {
    let base = ["run.rounds=24", "behaviour.merge_rate=0.2", "behaviour.crisis_income_gbp=200000"];
    let pounds = scenario("synthetic", &base);
    let mut sets: Vec<String> = base.iter().map(ToString::to_string).collect();
    for (key, value) in pounds.values() {
        let parameter = all().into_iter().find(|parameter| parameter.key == key).expect("registered");
        let power = i32::from(parameter.gbp_power);
        if let Value::Number(number) = value
            && power != 0
        {
            sets.push(format!("{key}={:e}", number * 4.0_f64.powi(power)));
        }
    }
    assert!(sets.len() > 25, "money is in many parameters");
    let quarters = load("synthetic", &sets).expect("valid");
    let ((a, state), (b, _)) = (run(&pounds), run(&quarters));
    assert!(state.charities.record.iter().any(|record| record.merged_into.is_some()), "some merge");
    for (round, ((winners, x), (again, y))) in a.iter().zip(&b).enumerate() {
        assert_eq!(winners, again, "round {round}");
        // Size bands have fixed limits in pounds, so what is told by band moves with the unit.
        for name in names::all().iter().map(|measure| measure.name.as_str()) {
            let by_size =
                ["micro", "small", "medium", "large", "major", "1m"].iter().any(|b| name.contains(b));
            let (Some(x), Some(y)) = (x.get(name), y.get(name)) else { continue };
            let factor = match name {
                _ if by_size => continue,
                "outcome_per_1000_gbp" => 0.25,
                _ if name.ends_with("_gbp") => 4.0,
                _ => 1.0,
            };
            assert!((y - factor * x).abs() <= 1e-9 * (factor * x).abs().max(1e-6), "{name}: {x} and {y}");
        }
    }
}

/// I04: skills are names without order: swapping two of them everywhere changes nothing.
#[test]
fn mirrored_skills_give_the_same_outcomes() {
    let sets = [
        "run.rounds=16",
        "run.burn_in=0",
        "behaviour.founding_rate=0",
        "world.complexity_shares=[0.4, 0.3, 0.2, 0.1]",
    ];
    let scenario = scenario("synthetic", &sets);
    let world = World::build(&scenario).expect("a world");
    let state = State::found(&world, &scenario, Luck::new(scenario.run.seed, 0));
    let (mut mirrored, mut swapped) = (world.clone(), state.clone());
    for service in mirrored.services.as_mut_slice() {
        service.skill_weights.swap(0, 1);
    }
    for profile in swapped.charities.profile.as_mut_slice() {
        profile.ability.swap(0, 1);
    }
    let straight = tell(&scenario, &world, state).0;
    let other_way = tell(&scenario, &mirrored, swapped).0;
    for (round, ((winners, x), (again, y))) in straight.iter().zip(&other_way).enumerate() {
        assert_eq!(winners, again, "round {round}");
        for name in ["outcomes", "people_served", "hhi_local_lead", "value_awarded_gbp"] {
            let (x, y) = (x.get(name).unwrap_or(0.0), y.get(name).unwrap_or(0.0));
            assert!((x - y).abs() <= 1e-9 * x.abs().max(1.0), "round {round}, {name}: {x} and {y}");
        }
    }
}

/// I07: with more money for the same hours per person, never fewer people are served, where nobody
/// behaves strategically.
#[test]
fn more_money_never_serves_fewer() {
    let served = |times: f64| -> Vec<f64> {
        let coverage = format!("market.coverage={}", 0.4 * times);
        let value = format!("market.lot_value_gbp={}", 100_000.0 * times);
        let sets = [
            "run.rounds=16",
            "run.burn_in=0",
            "rules.award='random'",
            "behaviour.bidding='truthful'",
            "behaviour.entry='all'",
            "behaviour.planned_quality=false",
            "behaviour.stretch=1e9",
            "behaviour.max_loss=1e6",
            "rules.turnover_multiple=0",
            "rules.payment_lag_weeks=0",
            "behaviour.closure_rounds=0",
            "behaviour.attention_base=1000",
            "behaviour.attention_max=1000",
            "behaviour.dissolution_rate=0",
            "behaviour.founding_rate=0",
            "behaviour.merge_rate=0",
            "behaviour.crisis_rate=0",
        ];
        let story = run(&scenario("synthetic", &[&sets[..], &[&coverage, &value]].concat())).0;
        story
            .iter()
            .scan(0.0, |all, (_, measures)| {
                *all += measures.get("people_served").unwrap_or(0.0);
                Some(*all)
            })
            .collect()
    };
    let (little, more, most) = (served(1.0), served(1.5), served(2.5));
    for round in 0..little.len() {
        assert!(little[round] <= more[round] && more[round] <= most[round], "round {round}");
    }
    assert!(most[15] > 1.4 * little[15]);
}

/// I09: a charity alone asks for the ceiling and has the market; with none, the waiting list is that of no
/// capacity.
#[test]
fn one_bidder_is_a_monopolist_and_none_serve_nobody() {
    let sets =
        ["world.charities_per_area=1", "behaviour.observe_rivals=true", "world.areas=20", "run.rounds=5"];
    for (_, measures) in run(&scenario("theory/fpsb-uniform", &sets)).0 {
        assert_eq!(measures.get("price_to_ceiling"), Some(1.0));
        assert_eq!(measures.get("hhi_local_lead"), Some(10_000.0));
    }
    let nobody = scenario("theory/queue", &["world.charities_per_area=0"]);
    let (story, _) = run(&nobody);
    let demand = 120_000.0 * 4.0 / 1000.0 / 4.0;
    let waiting = story[399].1.get("unmet_need_people").expect("measured");
    assert!((waiting - 0.9 * demand / 0.1).abs() < 1e-6, "{waiting}");
}

/// I10: in half the time step at half the rates, the error of the waiting list halves.
#[test]
fn finer_time_converges() {
    let waiting = |weeks: &str, attrition: &str, rounds: &str| {
        let sets = [
            format!("world.round_weeks={weeks}"),
            format!("market.attrition={attrition}"),
            format!("run.rounds={rounds}"),
        ];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let story = run(&scenario("theory/queue", &sets)).0;
        story.last().and_then(|(_, measures)| measures.get("unmet_need_people")).expect("measured")
    };
    let (quarter, half, month) =
        (waiting("13", "0.1", "400"), waiting("6.5", "0.05", "800"), waiting("3.25", "0.025", "1600"));
    let ratio = (half - quarter) / (month - half);
    assert!((ratio - 2.0).abs() < 0.01, "{quarter}, {half}, {month}: {ratio}");
}
