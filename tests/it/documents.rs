//! Documents that say what the code does.

#[test]
fn the_parameter_tables_of_the_model_are_those_of_the_registry() {
    let document = include_str!("../../docs/MODEL.md").replace("\r\n", "\n");
    let (_, tables) = document.split_once("<!-- parameters -->\n").expect("the marker");
    let generated = rebalance::scenario::write::markdown();
    assert!(
        tables.trim() == generated.trim(),
        "run `rebalance parameters` and put its output below the marker"
    );
}

#[test]
fn a_resolved_scenario_loads_back_to_itself() {
    let folder = super::scratch();
    for shipped in rebalance::scenario::library::SCENARIOS {
        let scenario = rebalance::scenario::load(shipped.name, &[]).expect("valid");
        let path = folder.path().join("resolved.toml");
        std::fs::write(&path, rebalance::scenario::write::to_toml(&scenario)).expect("written");
        let again = rebalance::scenario::load(&path.to_string_lossy(), &[]).expect("valid");
        assert_eq!(scenario, again, "{}", shipped.name);
    }
}

#[test]
fn every_parameter_says_what_it_is() {
    for parameter in rebalance::scenario::parameters::all() {
        assert!(!parameter.meaning.is_empty() && !parameter.unit.is_empty(), "{}", parameter.key);
        assert!(!parameter.source.is_empty(), "{}: a source, or the word assumption", parameter.key);
        let rests =
            ["assumption", "definition", "user data"].iter().any(|word| parameter.source.contains(word));
        let dated = parameter.source.contains(|letter: char| letter.is_ascii_digit());
        assert!(rests || dated, "{}: neither evidence nor assumption", parameter.key);
        assert_eq!(parameter.key.ends_with("_gbp"), parameter.gbp_power == 1, "{}", parameter.key);
    }
}
