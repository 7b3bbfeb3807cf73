//! Whatever a text says, the loader answers with a scenario or with errors that have places.

use crate::program::folder;
use proptest::prelude::*;
use rebalance::scenario::registry::{Kind, Parameter, Value};
use rebalance::scenario::write::{template, to_toml};
use rebalance::scenario::{Scenario, library, load, load_rules, load_under, parameters};

fn load_text(text: &[u8]) -> Result<Scenario, rebalance::scenario::Errors> {
    let folder = folder();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, text).expect("a file");
    let loaded = load(&path.to_string_lossy(), &[]);
    if let Err(errors) = &loaded {
        assert!(errors.count() > 0);
        for fault in errors.faults() {
            assert!(fault.place.line() >= 1 && fault.place.column() >= 1);
            assert!(!fault.place.source.name.is_empty() && !fault.message.is_empty());
        }
        let shown = errors.to_string();
        assert_eq!(shown.matches("--> ").count().min(1), 1, "{shown}");
    }
    loaded
}

/// A scenario that loads, to be spoilt.
fn sound() -> String {
    to_toml(&load("synthetic", &[]).expect("a valid scenario"))
        + "\n[[reform]]\nfrom_round = 16\nareas = [\"London\"]\nrules.notice_weeks = 4.0\nbehaviour.one_shot = true\n"
}

/// One way of spoiling a text.
#[derive(Clone, Debug)]
enum Spoil {
    Byte(prop::sample::Index, u8),
    Insert(prop::sample::Index, String),
    Delete(prop::sample::Index),
    Duplicate(prop::sample::Index, prop::sample::Index),
    Value(prop::sample::Index, String),
    Key(prop::sample::Index, String),
    Cut(prop::sample::Index),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let at = || any::<prop::sample::Index>();
    let value = prop_oneof![
        Just("nan".to_string()),
        Just("-1e308".to_string()),
        Just("99999999999999999999".to_string()),
        Just("\"\"\"".to_string()),
        Just("[[1], {a = 2}]".to_string()),
        Just("1979-05-27".to_string()),
        any::<f64>().prop_map(|number| format!("{number:?}")),
        any::<i64>().prop_map(|number| number.to_string()),
        "\\PC{0,12}",
    ];
    let pieces = prop_oneof!["\\PC{1,4}", "[\\[\\]{}\"'=#.,\\\\\n\r\t\u{0}\u{85}\u{2028}]{1,4}"];
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Spoil::Byte(at, byte)),
        (at(), pieces).prop_map(|(at, text)| Spoil::Insert(at, text)),
        at().prop_map(Spoil::Delete),
        (at(), at()).prop_map(|(from, to)| Spoil::Duplicate(from, to)),
        (at(), value).prop_map(|(at, text)| Spoil::Value(at, text)),
        (at(), "[a-z_.]{0,20}").prop_map(|(at, text)| Spoil::Key(at, text)),
        at().prop_map(Spoil::Cut),
    ]
}

fn apply(spoil: &Spoil, text: &mut Vec<u8>) {
    let lines: Vec<Vec<u8>> = text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let with = |row: usize, new: Vec<Vec<u8>>| {
        let mut lines = lines.clone();
        lines.splice(row..=row, new);
        lines.join(&b'\n')
    };
    match spoil {
        Spoil::Byte(at, byte) if !text.is_empty() => {
            let at = at.index(text.len());
            text[at] = *byte;
        }
        Spoil::Insert(at, piece) => {
            let at = at.index(text.len() + 1);
            text.splice(at..at, piece.bytes());
        }
        Spoil::Delete(row) => *text = with(row.index(lines.len()), vec![]),
        Spoil::Duplicate(from, to) => {
            let (from, to) = (from.index(lines.len()), to.index(lines.len()));
            *text = with(to, vec![lines[to].clone(), lines[from].clone()]);
        }
        Spoil::Value(row, value) => {
            let row = row.index(lines.len());
            let key: Vec<u8> = lines[row].iter().copied().take_while(|byte| *byte != b'=').collect();
            *text = with(row, vec![[key.as_slice(), b"= ", value.as_bytes()].concat()]);
        }
        Spoil::Key(row, key) => {
            let row = row.index(lines.len());
            let value: Vec<u8> = lines[row].iter().copied().skip_while(|byte| *byte != b'=').collect();
            *text = with(row, vec![[key.as_bytes(), value.as_slice()].concat()]);
        }
        Spoil::Cut(at) => text.truncate(at.index(text.len() + 1)),
        Spoil::Byte(..) => {}
    }
}

/// A value inside the range of a parameter, as it is typed after `--set`.
fn typed(parameter: &Parameter, luck: f64) -> String {
    let between = |min: f64, max: f64| min + (max - min) * luck;
    match parameter.kind {
        Kind::Number { min, max } => format!("{:?}", between(min, max)),
        Kind::Whole { min, max } => format!("{:.0}", between(min as f64, max as f64).floor()),
        Kind::Switch => (luck < 0.5).to_string(),
        Kind::Choice(choices) => {
            choices[(luck * choices.len() as f64) as usize % choices.len()].name.to_string()
        }
        Kind::Text => String::new(),
        Kind::Numbers { min, max } => format!("[{:?}, {:?}]", between(min, max), between(max, min)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spoilt_scenarios_never_panic_and_every_error_has_a_place(spoils in prop::collection::vec(spoil(), 1..6)) {
        let mut text = sound().into_bytes();
        for spoil in &spoils {
            apply(spoil, &mut text);
        }
        let _ = load_text(&text);
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = load_text(&bytes);
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,200}") {
        let _ = load_text(text.as_bytes());
        let _ = load("quick", &[text]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_resolved_scenario_loads_back_as_itself(
        draws in prop::collection::vec((any::<prop::sample::Index>(), 0.0..1.0), 0..12),
        question in "\\PC{0,40}|[\u{0}-\u{9f}]{0,20}",
    ) {
        let all = parameters::all();
        let sets: Vec<String> = draws.iter().map(|(at, luck)| {
            let parameter = &all[at.index(all.len())];
            format!("{}={}", parameter.key, typed(parameter, *luck))
        }).collect();
        if let Ok(mut scenario) = load("synthetic", &sets) {
            scenario.name = "mine".into();
            // A file states all weights: none is left to share what others leave.
            scenario.held_weights.clear();
            scenario.question = question;
            let again = load_text(to_toml(&scenario).as_bytes());
            prop_assert_eq!(again.map_err(|errors| errors.to_string()), Ok(scenario));
        }
    }
}

#[test]
fn both_ends_of_every_range_reach_the_engine() {
    for parameter in parameters::all() {
        let ends = match parameter.kind {
            Kind::Number { min, max } => vec![Value::Number(min), Value::Number(max)],
            Kind::Whole { min, max } => vec![Value::Whole(min), Value::Whole(max)],
            _ => vec![(parameter.default)()],
        };
        for end in ends {
            let typed = rebalance::scenario::write::toml_value(&end);
            match load("synthetic", &[format!("{}={typed}", parameter.key)]) {
                Ok(scenario) => {
                    assert!(scenario.values().contains(&(parameter.key, end)), "{}={typed}", parameter.key)
                }
                Err(errors) => assert!(!errors.to_string().contains("out of range"), "{errors}"),
            }
        }
    }
}

#[test]
fn every_default_is_allowed() {
    let defaults = to_toml(&Scenario { name: "mine".into(), ..Scenario::default() });
    let loaded = load_text(defaults.as_bytes()).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(loaded.values(), Scenario::default().values());
}

#[test]
fn every_line_of_the_template_loads_when_it_is_uncommented() {
    let quick = load("quick", &[]).expect("a valid scenario");
    let text = template("mine");
    assert_eq!(load_text(text.as_bytes()).expect("the template").values(), quick.values());
    let uncommented: String = text
        .lines()
        .map(|line| {
            match line
                .strip_prefix("# ")
                .filter(|rest| rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')))
            {
                Some(rest) => format!("{rest}\n"),
                None => format!("{line}\n"),
            }
        })
        .collect();
    assert!(uncommented.contains("\nweight_price = "));
    let loaded = load_text(uncommented.as_bytes()).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(loaded.values(), quick.values());
}

#[test]
fn built_in_rules_name_their_source_and_date() {
    for shipped in library::RULES {
        let rules = load_rules(shipped.name).unwrap_or_else(|errors| panic!("{errors}"));
        assert!(
            !rules.description.is_empty() && !rules.source.is_empty() && !rules.date.is_empty(),
            "{}",
            shipped.name
        );
        assert!(!rules.changes().is_empty());
        load_under("england", &rules, &[]).unwrap_or_else(|errors| panic!("{errors}"));
    }
}
