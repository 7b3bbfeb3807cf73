//! The engine against a plain reference implementation, to the bit, on random small markets.

mod market;
mod start;

use market::{Reference, Round};
use rebalance::ids::Id;
use rebalance::random::{Luck, Purpose};
use rebalance::round::{RoundOutput, Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::registry::Value;
use rebalance::scenario::{Reform, Scenario, load};
use rebalance::world::World;

/// Choices of one random market, one uniform after the other.
struct Dice {
    uniforms: std::array::IntoIter<f64, 256>,
}

impl Dice {
    fn new(seed: u64) -> Self {
        let uniforms = Luck::new(seed, 0).stream::<256>(Purpose::Sample, 1).uniforms(0);
        Self { uniforms: uniforms.into_iter() }
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniforms.next().expect("enough uniforms")
    }

    fn whole(&mut self, low: u32, high: u32) -> u32 {
        self.between(f64::from(low), f64::from(high + 1)) as u32
    }

    fn one_of<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.whole(0, options.len() as u32 - 1) as usize]
    }
}

const FORMULAS: [&str; 5] =
    ["absolute-linear", "relative-to-lowest", "average-price", "fixed-price", "lowest-price"];
const AWARDS: [&str; 10] = [
    "score",
    "score",
    "random",
    "threshold-lottery",
    "direct",
    "retention",
    "reinforced",
    "simon",
    "framework",
    "framework",
];
const PACKAGING: [&str; 6] =
    ["as-drawn", "as-drawn", "cut-lots", "bundle-lots", "bundle-services", "bundle-areas"];
const BIDDING: [&str; 4] = ["equilibrium", "truthful", "zero-intelligence", "learned"];
const ENTRY: [&str; 3] = ["logit", "all", "before-cost"];
const QUALITY_LAWS: [&str; 3] = ["above-standard", "additive", "multiplicative"];
const RESERVED: [&str; 7] = ["nobody", "nobody", "local", "small", "local-small", "newcomers", "mutual"];

/// A random scenario, as a user could have written it.
fn random_scenario(seed: u64) -> Scenario {
    let mut dice = Dice::new(seed);
    let quality = dice.one_of(&[0.0, 0.3, 0.6, 1.0]);
    let beliefs = dice.one_of(&["market", "market", "rational"]);
    let mut sets = vec![
        format!("run.seed={seed}"),
        format!("world.areas={}", dice.whole(1, 4)),
        format!("world.services={}", dice.whole(1, 3)),
        format!("world.charities_per_area={}", dice.whole(1, 25)),
        format!("world.round_weeks={}", dice.one_of(&[13.0, 26.0, 4.0])),
        format!("world.complexity_shares={}", dice.one_of(&["[1.0]", "[0.4, 0.3, 0.2, 0.1]"])),
        format!("population.income_median_gbp={}", dice.one_of(&[200_000.0, 1e6, 4e6])),
        format!("population.income_spread={}", dice.one_of(&[0.0, 1.2, 2.0])),
        format!("population.ability_law='{}'", dice.one_of(&["normal", "uniform", "listed"])),
        format!("population.reserves_law='{}'", dice.one_of(&["months", "uniform", "listed"])),
        format!("population.reserves_months={}", dice.between(0.0, 6.0)),
        format!("population.voluntary_volatility={}", dice.one_of(&[0.0, 0.16, 0.5])),
        format!("population.public_income_share={}", dice.between(0.0, 0.9)),
        format!("market.arrival_law='{}'", dice.one_of(&["poisson", "fixed"])),
        format!("market.lots_per_market={}", dice.whole(1, 6)),
        format!("market.lot_term_rounds={}", dice.whole(1, 6)),
        format!("market.lot_value_gbp={}", dice.between(5_000.0, 500_000.0)),
        format!("market.retry_rounds={}", dice.whole(1, 4)),
        format!("market.staggered={}", dice.one_of(&["true", "false"])),
        format!("rules.weight_quality={quality}"),
        format!("rules.weight_price={}", 0.75 * (1.0 - quality)),
        format!("rules.weight_social={}", 0.25 * (1.0 - quality)),
        format!("rules.quality_threshold={}", dice.one_of(&[0.0, 0.0, 0.5])),
        format!("rules.retention={}", dice.between(0.0, 1.0)),
        format!("rules.reinforcement={}", dice.one_of(&[0.5, 1.0, 2.0])),
        format!("rules.price_floor={}", dice.one_of(&[0.0, 0.0, 0.8])),
        format!("rules.abnormally_low={}", dice.one_of(&[1.0, 0.1])),
        format!("rules.reserved='{}'", dice.one_of(&RESERVED)),
        format!("rules.roll_over_ability={}", dice.one_of(&[1.0, 1.0, 0.6])),
        format!("rules.evaluation_capacity={}", dice.one_of(&[0.0, 2.0])),
        format!("population.mutual_share={}", dice.one_of(&[0.02, 0.7])),
        format!("rules.packaging='{}'", dice.one_of(&PACKAGING)),
        format!("rules.lot_size_gbp={}", dice.one_of(&[60_000.0, 200_000.0])),
        format!("rules.bundle_size_gbp={}", dice.one_of(&[1e12, 1e12, 400_000.0])),
        format!("rules.bundle_rounds={}", dice.whole(1, 6)),
        format!("rules.bundle_experience={}", dice.one_of(&[0.0, 0.5, 1.0])),
        format!("rules.framework_places={}", dice.whole(1, 4)),
        format!("rules.framework_rounds={}", dice.whole(2, 8)),
        format!("rules.lot_cap={}", dice.whole(0, 2)),
        format!("rules.extension_share={}", dice.one_of(&[0.0, 0.5])),
        format!("rules.extension_rounds={}", dice.whole(1, 3)),
        format!("rules.formula='{}'", dice.one_of(&FORMULAS)),
        format!("rules.award='{}'", dice.one_of(&AWARDS)),
        format!(
            "rules.payment='{}'",
            dice.one_of(&["first-price", "first-price", "second-price", "ceiling"])
        ),
        format!("rules.noise_law='{}'", dice.one_of(&["normal", "gumbel"])),
        format!("rules.evaluation_noise={}", dice.one_of(&[0.0, 0.06, 0.3])),
        format!("rules.turnover_multiple={}", dice.one_of(&[0.0, 1.0, 2.0])),
        format!("rules.notice_weeks={}", dice.between(1.0, 12.0)),
        format!("rules.payment_lag_weeks={}", dice.one_of(&[0.0, 2.0, 4.0])),
        format!("behaviour.bidding='{}'", dice.one_of(&BIDDING)),
        format!("behaviour.zi_law='{}'", dice.one_of(&["to-ceiling", "markup"])),
        format!("behaviour.beliefs='{beliefs}'"),
        format!("behaviour.rivals_known={}", if beliefs == "rational" { 3.0 } else { -1.0 }),
        format!("behaviour.entry='{}'", if beliefs == "market" { dice.one_of(&ENTRY) } else { "logit" }),
        format!("behaviour.memory={}", dice.whole(1, 5)),
        format!("behaviour.observe_rivals={}", dice.one_of(&["false", "true"])),
        format!("behaviour.purpose={}", dice.one_of(&[0.0, 0.5])),
        format!("behaviour.purpose_kind='{}'", dice.one_of(&["counterfactual", "warm-glow"])),
        format!("behaviour.quality_law='{}'", dice.one_of(&QUALITY_LAWS)),
        format!("population.voluntary_growth={}", dice.one_of(&[0.0, 0.1])),
        format!("rules.term_rounds={}", dice.one_of(&[0, 0, 2])),
        format!("rules.need_weighting={}", dice.one_of(&[0.0, 0.0, 1.5])),
        format!("rules.results_share={}", dice.one_of(&[0.0, 0.0, 0.3, 0.9])),
        format!("rules.target_success={}", dice.one_of(&[0.4, 0.7])),
        format!("rules.results_cap={}", dice.one_of(&[1.0, 1.5])),
        format!("rules.individual_targets={}", dice.between(0.0, 1.0)),
        format!("rules.pay_by_need={}", dice.one_of(&[0.0, 0.5, 1.0])),
        format!("rules.belief_weight={}", dice.one_of(&[0.0, 0.4])),
        format!("rules.push_back_response={}", dice.one_of(&[0.0, 0.3])),
        format!("behaviour.push_back={}", dice.one_of(&[0.0, 0.4])),
        format!("behaviour.refusal_threshold={}", dice.one_of(&[1.0, 1.3])),
        format!("behaviour.case_mix={}", dice.one_of(&[0.0, 1.0, 3.0])),
        format!("behaviour.effort_rule='{}'", dice.one_of(&["fixed", "multitask"])),
        format!("behaviour.effort_substitution={}", dice.one_of(&[0.0, -0.4, 0.5])),
        format!("behaviour.community_motive={}", dice.one_of(&[1.0, 0.3])),
        format!("rules.pass_on={}", dice.one_of(&["true", "false"])),
        format!("behaviour.crisis_rate={}", dice.one_of(&[0.0, 0.3])),
        format!("behaviour.crisis_income_gbp={}", dice.one_of(&[1e5, 1e6])),
        format!("behaviour.merge_rate={}", dice.one_of(&[0.0, 0.002, 0.8])),
        format!("behaviour.merge_cost={}", dice.one_of(&[0.0, 0.1])),
        format!("market.prevention_gain={}", dice.one_of(&[0.0, 0.2])),
        format!("rules.newcomer_share={}", dice.between(0.0, 1.0)),
        format!("behaviour.bid_rationality={}", dice.one_of(&[0.0, 4.0, 1e6])),
        format!("behaviour.bid_cost_scale_gbp={}", dice.one_of(&[0.0, 1_500.0])),
        format!("behaviour.cost_error={}", dice.one_of(&[0.0, 0.2, 0.5])),
        format!("behaviour.full_cost_pricing={}", dice.between(0.0, 1.0)),
        format!("behaviour.max_loss={}", dice.one_of(&[0.0, 0.05, 1e6])),
        format!("behaviour.planned_quality={}", dice.one_of(&["true", "false"])),
        format!("behaviour.preparation_weeks={}", dice.one_of(&[0.0, 3.0])),
        format!("behaviour.attention_base={}", dice.one_of(&[1.0, 2.0, 20.0])),
        format!("behaviour.attention_max={}", dice.one_of(&[3.0, 100.0])),
        format!("behaviour.stretch={}", dice.one_of(&[0.0, 0.5, 1e9])),
        format!("behaviour.complementarity={}", dice.one_of(&[1.0, 0.5, 0.0, -1.0, -2.5])),
        format!("behaviour.one_shot={}", dice.one_of(&["false", "false", "false", "true"])),
        format!("behaviour.cost_redraw={}", dice.one_of(&["false", "true"])),
        format!("behaviour.staff_follow_income={}", dice.one_of(&["true", "false"])),
        format!("behaviour.closure_rounds={}", dice.whole(0, 3)),
        format!("behaviour.dissolution_rate={}", dice.one_of(&[0.0, 0.016, 0.3])),
        format!("behaviour.founding_law='{}'", dice.one_of(&["poisson", "replace"])),
        format!("behaviour.founding_rate={}", dice.one_of(&[0.0, 0.028, 0.5])),
        format!("behaviour.price_grid={}", dice.one_of(&[0.0, 0.05, 0.3])),
        format!("market.lot_value_weights={}", dice.one_of(&["[1.0]", "[2.0, 0.5, 1.0]"])),
        "population.reserves_values_gbp=[0.0, 40000.0, 300000.0]".to_string(),
        "run.rounds=14".to_string(),
        "run.burn_in=2".to_string(),
    ];
    if beliefs == "rational" {
        sets.extend([
            format!("population.cost_law='{}'", dice.one_of(&["uniform", "power", "exponential"])),
            "behaviour.planned_quality=false".to_string(),
            format!("behaviour.cost_structure='{}'", dice.one_of(&["private", "private", "common"])),
            "population.cost_power=2.0".to_string(),
            "population.cost_mean_excess_gbp=8.0".to_string(),
            "population.cost_low_gbp=10.0".to_string(),
            "population.cost_high_gbp=30.0".to_string(),
        ]);
    }
    let mut scenario = load("synthetic", &sets).unwrap_or_else(|errors| panic!("seed {seed}: {errors:?}"));
    if dice.one_of(&[true, false]) {
        let areas = dice.one_of(&[&[][..], &["Area 1"][..]]);
        scenario.reforms.push(Reform {
            from_round: dice.whole(1, 10),
            areas: areas.iter().map(ToString::to_string).collect(),
            changes: vec![
                ("rules.ceiling_ratio", Value::Number(dice.between(0.7, 1.4))),
                ("rules.payment_lag_weeks", Value::Number(dice.between(0.0, 13.0))),
            ],
        });
    }
    scenario
}

/// The same things of the engine's round.
fn told(output: &RoundOutput, state: &State) -> Round {
    Round {
        decisions: (output.tenders.calls.enumerate())
            .map(|(id, tender)| {
                let award = output.awards.awards[id].as_ref();
                (tender.lot.row(), award.map(|award| (award.winner.row(), award.price.value())))
            })
            .collect(),
        outcomes: output.delivery.by_lot.iter().map(|delivered| delivered.outcomes).collect(),
        reserves: state.charities.finances.iter().map(|finances| finances.reserves.value()).collect(),
    }
}

/// How often the rarer things happened in the engine.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    awards: usize,
    mergers: usize,
    passed_on: usize,
    refusals: u32,
    bundles: usize,
    call_offs: usize,
}

/// Plays both side by side.
fn compare(scenario: &Scenario, luck: Luck, mut reference: Reference) -> Seen {
    let world = World::build(scenario).expect("a world");
    let regimes = Regimes::new(scenario, &world);
    let mut state = State::found(&world, scenario, luck);
    let mut seen = Seen::default();
    for round in 0..scenario.run.rounds {
        let setting = Setting::new(&world, scenario, &regimes, luck, round);
        let output = play(&setting, &mut state).expect("identities hold");
        let engine = told(&output, &state);
        advance(&setting, &mut state);
        let plain = reference.play(round);
        let seed = scenario.run.seed;
        assert_eq!(engine.decisions, plain.decisions, "seed {seed}, round {round}: decisions");
        assert_eq!(engine.outcomes, plain.outcomes, "seed {seed}, round {round}: outcomes");
        assert_eq!(engine.reserves, plain.reserves, "seed {seed}, round {round}: reserves");
        seen.awards += engine.decisions.iter().filter(|(_, winner)| winner.is_some()).count();
        seen.mergers += output.turnover.mergers.len();
        seen.passed_on += output.turnover.passed_on.len();
        seen.refusals += output.refusals;
        let parts = output.tenders.calls.ids().map(|id| output.tenders.parts(id).len());
        seen.bundles += parts.filter(|&parts| parts > 1).count();
        let called = output.tenders.calls.enumerate().filter(|(_, tender)| tender.call_off);
        seen.call_offs += called.filter(|(id, _)| output.awards.awards[*id].is_some()).count();
    }
    seen
}

#[test]
fn the_engine_agrees_with_plain_loops_on_two_hundred_random_markets() {
    let mut busy = 0;
    let mut all = Seen::default();
    for seed in 0..200 {
        let scenario = random_scenario(seed);
        let luck = Luck::new(seed, 0);
        let seen = compare(&scenario, luck, start::synthetic(&scenario, luck));
        busy += usize::from(seen.awards > 5);
        all.mergers += seen.mergers;
        all.passed_on += seen.passed_on;
        all.refusals += seen.refusals;
        all.bundles += seen.bundles;
        all.call_offs += seen.call_offs;
    }
    assert!(busy > 120, "only {busy} of the markets saw more than five awards");
    assert!(all.mergers > 50 && all.passed_on > 20 && all.refusals > 50, "{all:?}");
    assert!(all.bundles > 50 && all.call_offs > 50, "{all:?}");
}

#[test]
fn the_engine_agrees_with_plain_loops_on_councils_with_providers_from_elsewhere() {
    let sets = ["world.sample_authorities=3", "behaviour.founding_rate=0", "run.rounds=12", "run.burn_in=0"];
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let scenario = load("quick", &sets).expect("valid");
    let luck = Luck::new(scenario.run.seed, 2);
    assert!(compare(&scenario, luck, start::england(&scenario, luck)).awards > 20);
}
