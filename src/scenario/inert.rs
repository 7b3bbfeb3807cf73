//! Keys that do nothing in a scenario, where its parameters alone can tell.

mod rules;
mod world;

use super::parameters::Learning;
use super::registry::Value;
use super::{Regime, Scenario};

/// Keys that count only where others have certain values.
pub(super) struct Need {
    /// Keys that do nothing where the need is not met.
    pub keys: &'static [&'static str],
    /// Keys on which that depends.
    pub on: &'static [&'static str],
    /// Whether it is met in a scenario, under a regime.
    pub met: fn(&Scenario, &Regime) -> bool,
    /// Where they count, as the end of "it counts only ...".
    pub place: &'static str,
}

fn needs() -> impl Iterator<Item = &'static Need> {
    world::OF_WORLD.iter().chain(rules::OF_RULES)
}

/// Keys and blocks that do nothing in a scenario, in words, among those to which it gives a value of its own and those
/// that are typed on the command line. Of the latter, some may be varied. In a file, a key that is set to its default goes
/// unnoticed.
pub fn warnings(scenario: &Scenario, typed: &[&'static str], varied: &[&'static str]) -> Vec<String> {
    let regimes = regimes(scenario);
    let learns = regimes.iter().any(|regime| regime.rules.learning == Learning::Bandit);
    let menu = (!learns && !scenario.menu.is_empty() && !varied.contains(&"rules.learning")).then(|| {
        "the [[menu]] does nothing here: commissioners choose from it only where rules.learning is \"bandit\"".into()
    });
    let own = [own_keys(scenario, &regimes), typed.to_vec(), varied.to_vec()].concat();
    let mut warned: Vec<&str> = Vec::new();
    let mut warnings: Vec<String> = menu.into_iter().collect();
    for need in needs().filter(|need| !may_be_met(need, scenario, &regimes, varied)) {
        for key in need.keys.iter().filter(|key| own.contains(*key)) {
            if !warned.contains(key) {
                warned.push(key);
                warnings.push(format!("{key} does nothing here: it counts only {}", need.place));
            }
        }
    }
    warnings
}

/// Where alone a key counts, if that is nowhere in the scenario.
pub fn idle(key: &str, scenario: &Scenario) -> Option<&'static str> {
    let regimes = regimes(scenario);
    let needs = needs().filter(|need| need.keys.contains(&key));
    needs.filter(|need| !may_be_met(need, scenario, &regimes, &[])).map(|need| need.place).next()
}

/// All regimes that may come to be in force: before and after each reform, under every option of the menu.
fn regimes(scenario: &Scenario) -> Vec<Regime> {
    let mut stated = vec![scenario.regime.clone()];
    for reform in &scenario.reforms {
        // Reforms of other areas may or may not have gone before.
        let after: Vec<Regime> =
            [scenario.regime.with(&reform.changes), stated[stated.len() - 1].with(&reform.changes)].into();
        stated.extend(after);
    }
    let options = stated.iter().flat_map(|regime| {
        let with = |choice: &super::Choice| regime.with(&choice.changes);
        scenario.menu.iter().map(with)
    });
    let options: Vec<Regime> = options.collect();
    stated.extend(options);
    stated
}

/// Keys with another value than their default, in some regime or in some world.
fn own_keys(scenario: &Scenario, regimes: &[Regime]) -> Vec<&'static str> {
    let of_regime = |regime: &Regime| [regime.rules.values(), regime.behaviour.values()].concat();
    let differing = |values: Vec<(&'static str, Value)>, defaults: &[(&'static str, Value)]| {
        let own = values.into_iter().zip(defaults).filter(|(value, other)| value != *other);
        own.map(|((key, _), _)| key).collect::<Vec<_>>()
    };
    let defaults = of_regime(&Regime::default());
    let mut own = differing(scenario.values(), &Scenario::default().values());
    own.extend(regimes.iter().flat_map(|regime| differing(of_regime(regime), &defaults)));
    own.extend(uncertain_keys(scenario));
    own
}

/// Keys that differ between worlds.
fn uncertain_keys(scenario: &Scenario) -> impl Iterator<Item = &'static str> {
    let keys = scenario.uncertainty.iter().flat_map(|uncertainty| &uncertainty.keys);
    keys.filter(|uncertain| !uncertain.fixed).map(|uncertain| uncertain.key)
}

/// Whether a need is met in some regime, or may be in some world or at some point.
fn may_be_met(need: &Need, scenario: &Scenario, regimes: &[Regime], varied: &[&'static str]) -> bool {
    regimes.iter().any(|regime| (need.met)(scenario, regime))
        || uncertain_keys(scenario).chain(varied.iter().copied()).any(|key| need.on.contains(&key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Observer, Stage};
    use crate::measure::round::Measures;
    use crate::round::{RoundOutput, Setting, State};
    use crate::scenario::registry::{Kind, Parameter};
    use crate::scenario::{library, load, parameters};
    use crate::world::World;

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
    const OTHERS: [&[&str]; 6] = [
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
        &["population.income_values_gbp=[50000, 200000]", "behaviour.founding_rate=0"],
    ];

    /// Bits of all measures of all rounds.
    #[derive(Default)]
    struct Seen(Vec<Option<u64>>);

    impl Observer for Seen {
        fn round(
            &mut self,
            _: &Setting,
            _: &State,
            _: &RoundOutput,
            measures: &Measures,
        ) -> std::io::Result<()> {
            self.0.extend(measures.row().iter().map(|value| value.map(f64::to_bits)));
            Ok(())
        }

        fn finish(&mut self, _: &World, _: &State) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn scenario(sets: &[&str]) -> Scenario {
        let sets: Vec<String> = SMALL.iter().chain(sets).map(ToString::to_string).collect();
        load("synthetic", &sets).unwrap_or_else(|errors| panic!("{errors}"))
    }

    fn play(scenario: &Scenario) -> Vec<Option<u64>> {
        let stage = Stage::new(vec![scenario], None).expect("a world");
        let mut seen = Seen::default();
        stage.play(0, 0, &mut seen).expect("a run");
        seen.0
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
        let own =
            "home,income_gbp,services,reach\nS00000,500000,service-1,local\nS00001,90000,service-1,local\n";
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
                    assert!(
                        warnings(&changed, &[], &[]).iter().any(|warning| warning.starts_with(key)),
                        "{key}"
                    );
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
}
