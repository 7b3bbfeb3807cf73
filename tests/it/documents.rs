//! Documents that say what the code does.

use super::{rebalance, scratch};

#[test]
fn the_parameter_tables_of_the_model_are_those_of_the_registry() {
    let document = include_str!("../../docs/MODEL.md").replace("\r\n", "\n");
    let (_, tables) = document.split_once("<!-- parameters -->\n").expect("the marker");
    let generated = ::rebalance::scenario::write::markdown();
    assert!(
        tables.trim() == generated.trim(),
        "run `rebalance parameters` and put its output below the marker"
    );
}

#[test]
fn a_resolved_scenario_loads_back_to_itself() {
    let folder = scratch();
    for shipped in ::rebalance::scenario::library::SCENARIOS {
        let scenario = ::rebalance::scenario::load(shipped.name, &[]).expect("valid");
        let path = folder.path().join("resolved.toml");
        std::fs::write(&path, rebalance::scenario::write::to_toml(&scenario)).expect("written");
        let again = ::rebalance::scenario::load(&path.to_string_lossy(), &[]).expect("valid");
        assert_eq!(scenario, again, "{}", shipped.name);
    }
}

#[test]
fn every_parameter_says_what_it_is() {
    for parameter in ::rebalance::scenario::parameters::all() {
        assert!(!parameter.meaning.is_empty() && !parameter.unit.is_empty(), "{}", parameter.key);
        assert!(!parameter.source.is_empty(), "{}: a source, or the word assumption", parameter.key);
        let rests =
            ["assumption", "definition", "user data"].iter().any(|word| parameter.source.contains(word));
        let dated = parameter.source.contains(|letter: char| letter.is_ascii_digit());
        assert!(rests || dated, "{}: neither evidence nor assumption", parameter.key);
        assert_eq!(parameter.key.ends_with("_gbp"), parameter.gbp_power == 1, "{}", parameter.key);
    }
}

/// Columns that are read one by one are explained in the document, and described in the data package.
#[test]
fn every_column_of_a_comparison_is_in_the_documents() {
    use ::rebalance::tables::{comparison, event_study, league, split};
    let document = include_str!("../../docs/COMPARING.md");
    let columns = (comparison::COLUMNS.iter().chain(&league::COLUMNS).chain(&split::COLUMNS))
        .chain(event_study::COLUMNS.iter().chain(&event_study::EFFECT_COLUMNS));
    for (name, ..) in columns {
        assert!(document.contains(&format!("`{name}`")), "docs/COMPARING.md does not name `{name}`");
    }
    let folder = scratch();
    let arguments = ["compare", "synthetic", "--rules", "lowest-price", "--split", "--out", "out", "--quiet"];
    let output = rebalance(
        folder.path(),
        &[&arguments[..], &["--replicates", "3", "--set", "run.rounds=24"]].concat(),
    );
    assert!(output.status.success(), "{}", super::program::complained(&output));
    let text = std::fs::read_to_string(folder.path().join("out/datapackage.json")).expect("a package");
    let package: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let resources = package["resources"].as_array().expect("tables");
    assert!(resources.len() > 6);
    for resource in resources {
        let path = folder.path().join("out").join(resource["path"].as_str().expect("a path"));
        let header = csv::Reader::from_path(&path).expect("a table").headers().expect("columns").clone();
        let fields = resource["schema"]["fields"].as_array().expect("fields");
        let named: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
        assert_eq!(header.iter().collect::<Vec<_>>(), named, "{}", path.display());
        let described = |field: &serde_json::Value| {
            field["description"].as_str().is_some_and(|words| !words.is_empty() && words != "not described")
        };
        assert!(fields.iter().all(described), "{}", path.display());
    }
}
