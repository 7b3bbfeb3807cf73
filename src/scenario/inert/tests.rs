//! What the table says of keys is held to the engine.

use super::rare::is_rare;
use super::*;
use crate::experiment::stage::same_world;
use crate::experiment::{Observer, Stage, run_replicate};
use crate::measure::round::Measures;
use crate::round::{RoundOutput, Setting, State};
use crate::rules::Regimes;
use crate::scenario::registry::{Kind, Parameter};
use crate::scenario::vary::set_texts;
use crate::scenario::{library, load, parameters};
use crate::world::World;
use rayon::prelude::*;
use std::fmt::Write;

/// A small market whose leaders are many-sided.
const SMALL: [&str; 6] = [
    "world.areas=3",
    "world.charities_per_area=40",
    "run.rounds=10",
    "run.burn_in=0",
    "behaviour.motives='dirichlet'",
    "market.coverage=2",
];
/// Settings under which needs are not met, beside the defaults.
const OTHERS: [&[&str]; 11] = [
    &["rules.forms='any'"],
    &["behaviour.push_rule='volunteer'"],
    &["behaviour.planned_quality=false"],
    &[
        "population.cost_law='uniform'",
        "population.scale_elasticity=0",
        "population.ability_law='uniform'",
        "population.reserves_law='uniform'",
        "market.contract_law='lognormal'",
        "market.contract_spread=0",
    ],
    &[
        "world.kind='england'",
        "world.sample_authorities=1",
        "population.charities=2000",
        "market.contract_law='lognormal'",
    ],
    &[
        "rules.forms='any'",
        "behaviour.coordination=0",
        "behaviour.discount_factor=0",
        "behaviour.fear_identity=0",
        "behaviour.fear_legitimacy=0",
        "behaviour.fear_control=0",
        "behaviour.trust_gain=0",
    ],
    &[
        "rules.forms='any'",
        "behaviour.identity_spread=0",
        "behaviour.cut_max=0",
        "behaviour.meet_again=0",
        "behaviour.force_trust=0.5",
        "behaviour.stereotypes=false",
    ],
    &["rules.forms='any'", "behaviour.motives='same'"],
    &[
        "behaviour.outcome_value_gbp=0",
        "behaviour.risk_aversion=0",
        "behaviour.outcome_noise=0",
        "behaviour.imitation_rate=0",
        "behaviour.bidding='truthful'",
        "behaviour.entry='all'",
        "behaviour.bid_cost_scale_gbp=0",
        "behaviour.preparation_weeks=0",
        "behaviour.merge_rate=0",
        "behaviour.crisis_rate=0",
        "behaviour.staff_follow_income=false",
        "behaviour.founding_law='replace'",
        "market.retry_most=0",
        "rules.evaluation_noise=0",
    ],
    &[
        "behaviour.risk_scale='absolute'",
        "behaviour.merge_years=0",
        "behaviour.one_shot=true",
        "behaviour.rivals_known=3",
        "rules.award='random'",
        "market.retry_uplift=0",
        "population.cost_values_gbp=[10, 20]",
    ],
    &["population.income_values_gbp=[50000, 200000]", "behaviour.founding_rate=0"],
];

/// Bits of all measures of all rounds, and what `charities.csv` says of charities at the end.
#[derive(Default, PartialEq)]
struct Seen(Vec<Option<u64>>, String);

impl Observer for Seen {
    fn round(&mut self, _: &Setting, _: &State, _: &RoundOutput, measures: &Measures) -> std::io::Result<()> {
        self.0.extend(measures.row().iter().map(|value| value.map(f64::to_bits)));
        Ok(())
    }

    fn finish(&mut self, _: &World, state: &State) -> std::io::Result<()> {
        let charities = &state.charities;
        for (record, finances) in charities.record.iter().zip(charities.finances.iter()) {
            let money = [finances.income, finances.voluntary, finances.reserves];
            let cells = (record.bids, record.wins, record.contracts, record.closed, finances.capacity);
            write!(self.1, "{money:?}{cells:?}{:?}", finances.status).expect("a text");
        }
        Ok(())
    }
}

fn scenario(sets: &[&str]) -> Scenario {
    let sets: Vec<String> = SMALL.iter().chain(sets).map(ToString::to_string).collect();
    load("synthetic", &sets).unwrap_or_else(|errors| panic!("{errors}"))
}

fn play(scenario: &Scenario) -> Seen {
    let stage = Stage::new(vec![scenario], None).expect("a world");
    let mut seen = Seen::default();
    stage.play(0, 0, &mut seen).expect("a run");
    seen
}

/// A value that is not the default.
fn another(parameter: &Parameter) -> Value {
    let default = (parameter.default)();
    let candidates = match parameter.kind {
        Kind::Number { min, max } => vec![Value::Number(min), Value::Number(max)],
        Kind::Whole { min, max } => vec![Value::Whole(min), Value::Whole(max)],
        Kind::Choice(choices) => choices.iter().map(|choice| Value::Text(choice.name.into())).collect(),
        Kind::Numbers { max, .. } => vec![Value::Numbers(vec![max]), Value::Numbers(vec![1.0])],
        Kind::Text => vec![Value::Text("homelessness".into())],
        Kind::Switch => vec![Value::Switch(true), Value::Switch(false)],
    };
    candidates.into_iter().find(|value| *value != default).expect("another value")
}

#[test]
fn what_is_said_to_do_nothing_does_nothing_to_the_bit() {
    let all = parameters::all();
    // The market is large enough for teams and prices to show.
    let plain = play(&scenario(&[]));
    assert!(
        OTHERS[..1]
            .iter()
            .chain(&[&["rules.ceiling_ratio=0.9"][..]])
            .all(|sets| play(&scenario(sets)) != plain)
    );
    let mut tried = vec![false; needs().count()];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.csv");
    let own = "home,income_gbp,services,reach\nS00000,500000,service-1,local\nS00001,90000,service-1,local\n";
    std::fs::write(&path, own).expect("a file");
    let file = format!("world.charities_file={}", path.display());
    let own = ["behaviour.founding_rate=0", file.as_str()];
    for sets in std::iter::once(&[][..]).chain(OTHERS).chain([&own[..]]) {
        let base = scenario(sets);
        let seen = play(&base);
        let unmet = |need: &Need| !(need.met)(&base, &base.regime);
        for (need, tried) in needs().zip(&mut tried).filter(|(need, _)| unmet(need)) {
            *tried = true;
            for key in need.keys {
                let parameter = all.iter().find(|parameter| parameter.key == *key).expect(key);
                let changed = base.with(&[(parameter.key, another(parameter))]);
                assert!(play(&changed) == seen, "{key} does something under {sets:?}");
                assert!(warnings(&changed, &[], &[]).iter().any(|warning| warning.starts_with(key)), "{key}");
            }
        }
    }
    assert!(tried.iter().all(|&tried| tried), "{tried:?}");
    assert!(needs().flat_map(|need| need.on).all(|key| all.iter().any(|one| one.key == *key)));
}

#[test]
fn nothing_is_said_of_shipped_scenarios_or_where_a_reform_or_a_world_may_need_the_key() {
    for shipped in library::SCENARIOS.iter().filter(|shipped| !shipped.name.contains('/')) {
        let scenario = load(shipped.name, &[]).expect("valid");
        assert_eq!(warnings(&scenario, &[], &[]), Vec::<String>::new(), "{}", shipped.name);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    let warned = |text: &str| {
        std::fs::write(&path, format!("version = 1\nextends = \"synthetic\"\n{text}")).expect("a file");
        let loaded = load(&path.to_string_lossy(), &[]).unwrap_or_else(|errors| panic!("{errors}"));
        warnings(&loaded, &[], &[])
    };
    let book = "[rules]\nopen_book = 0.5\n";
    assert_eq!(warned(book).len(), 1);
    assert!(warned(&format!("{book}[[reform]]\nfrom_round = 4\nrules.forms = \"prime\"\n")).is_empty());
    let liars = "[rules]\nforms = \"any\"\n[behaviour]\nliar_share = 0.5\n";
    assert_eq!(warned(liars).len(), 1);
    let open = "[uncertainty]\nranges = { \"behaviour.openness\" = [0.0, 0.5] }\n";
    assert!(warned(&format!("{liars}{open}")).is_empty());
    let menu = warned("[[menu]]\nname = \"pay less\"\nrules.ceiling_ratio = 0.8\n");
    assert!(menu.len() == 1 && menu[0].starts_with("the [[menu]] does nothing here"), "{menu:?}");
}

/// Values near the one that a key has, and its off value, to be tried in turn.
fn others(parameter: &Parameter, own: &Value) -> Vec<Value> {
    let candidates: Vec<Value> = match (&parameter.kind, own) {
        (Kind::Number { min, max }, Value::Number(own)) => {
            let near = if *own == 0.0 { vec![0.5, 2.0, 1e5] } else { vec![0.5 * own, 1.6 * own, 0.0] };
            near.into_iter().chain([*min]).map(|value| Value::Number(value.clamp(*min, *max))).collect()
        }
        (Kind::Whole { min, max }, Value::Whole(own)) => {
            [own + 1, own / 2, *min].map(|value| Value::Whole(value.clamp(*min, *max))).to_vec()
        }
        (Kind::Choice(choices), _) => choices.iter().map(|choice| Value::Text(choice.name.into())).collect(),
        (Kind::Switch, Value::Switch(own)) => vec![Value::Switch(!own)],
        _ => Vec::new(),
    };
    candidates.into_iter().filter(|value| value != own).collect()
}

/// Scalar keys of some blocks, one in `step`, whose warning is not what the engine does.
fn untrue(name: &str, sets: &[&str], blocks: &[&str], step: usize) -> Vec<(&'static str, &'static str)> {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let base = load(name, &sets).unwrap_or_else(|errors| panic!("{errors}"));
    let seen = play(&base);
    let values = base.values();
    let all: Vec<Parameter> =
        parameters::all().into_iter().filter(|parameter| blocks.contains(&parameter.block())).collect();
    let world = World::build(&base).expect("a world");
    let plays_otherwise = |other: &Scenario| {
        let built = if same_world(&base, other) { None } else { World::build(other).ok() };
        let world = built.as_ref().unwrap_or(&world);
        let mut played = Seen::default();
        run_replicate(world, other, &Regimes::new(other, world), 0, &mut played).expect("a run");
        played != seen
    };
    let told = |parameter: &Parameter| {
        let own = &values.iter().find(|(key, _)| *key == parameter.key).expect("a value").1;
        let with =
            |value: Value| load(name, &[&sets[..], &set_texts(&[parameter.key], &[value])].concat()).ok();
        let others: Vec<Scenario> = others(parameter, own).into_iter().filter_map(with).collect();
        match (others.iter().any(plays_otherwise), idle(parameter.key, &base)) {
            (true, Some(_)) => Some((parameter.key, "acts, and is said not to")),
            (false, None) if !others.is_empty() && !is_rare(parameter.key, step > 1) => {
                Some((parameter.key, "does nothing, and nothing is said"))
            }
            _ => None,
        }
    };
    all.par_iter().step_by(step).filter_map(told).collect()
}

#[test]
fn every_scalar_key_acts_or_is_said_to_do_nothing() {
    let blocks = ["world", "population", "market", "rules", "behaviour"];
    let small = ["world.areas=2", "run.rounds=8", "run.burn_in=0"];
    assert_eq!(untrue("synthetic", &small, &blocks, 1), []);
    let many_sided = [
        "rules.forms='any'",
        "behaviour.motives='dirichlet'",
        "rules.turnover_multiple=0",
        "population.income_median_gbp=60000",
    ];
    assert_eq!(untrue("synthetic", &[&small[..], &many_sided].concat(), &blocks, 1), []);
    // One service of one council, where few teams form; a sample of keys, as each run takes long.
    let quick =
        ["world.sample_authorities=1", "world.only_service='homelessness'", "run.rounds=6", "run.burn_in=0"];
    assert_eq!(untrue("quick", &quick, &["rules", "behaviour"], 4), []);
}
