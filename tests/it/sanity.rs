//! What everybody who knows the field would check first: rules move the measures that they must, in the direction that
//! they must.

use super::program::complained;
use super::{rebalance, scratch};
use std::collections::BTreeMap;

/// Paired mean differences from the baseline with their intervals, by rule set and measure.
type Differences = BTreeMap<(String, String), (f64, f64, f64)>;

fn compared(rules: &[&str], files: &[(&str, &str)]) -> Differences {
    let folder = scratch();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let common = ["--replicates", "6", "--set", "run.rounds=32", "--set", "output.charts=false", "--quiet"];
    let output = rebalance(folder.path(), &[&["compare", "quick", "--rules"], rules, &common].concat());
    assert!(output.status.success(), "{}", complained(&output));
    let mut reader =
        csv::Reader::from_path(folder.path().join("output/quick-compare/comparison.csv")).expect("a table");
    let number = |row: &csv::StringRecord, place: usize| row[place].parse().unwrap_or(f64::NAN);
    let read = |row: csv::Result<csv::StringRecord>| {
        let row = row.expect("a row");
        let values = (number(&row, 3), number(&row, 4), number(&row, 5));
        ((row[0].to_string(), row[2].to_string()), values)
    };
    reader.records().map(read).collect()
}

#[test]
fn rules_move_what_they_must() {
    let same = "name = \"same\"\ndescription = \"a lever that the award method does not use\"\n\
                [rules]\nframework_places = 5\n";
    let price = "name = \"less-price\"\ndescription = \"price counts half as much\"\n[rules]\n\
                 weight_price = 0.2\nweight_quality = 0.8\n";
    let found = compared(
        &["same.toml", "less-price.toml", "local-reserved", "bundled-lots"],
        &[("same.toml", same), ("less-price.toml", price)],
    );
    let of = |rules: &str, measure: &str| found[&(rules.to_string(), measure.to_string())];
    for (key, difference) in found.iter().filter(|(key, _)| key.0 == "same") {
        assert_eq!(*difference, (0.0, 0.0, 0.0), "{key:?}");
    }
    assert!(of("less-price", "price_to_ceiling").1 > 0.0, "price counts less: prices are higher");
    assert!(of("bundled-lots", "hhi_local_lead").1 > 0.0, "bundles raise concentration as such");
    // Of what bundles add to concentration, chance alone would add all: there is less to share out.
    let (excess, ..) = of("bundled-lots", "hhi_local_excess");
    assert!(excess < 0.25 * of("bundled-lots", "hhi_local_lead").0, "{excess}");
    let (by_number, low, _) = of("local-reserved", "awarded_number_share_local");
    let (by_value, ..) = of("local-reserved", "awarded_share_local");
    assert!(low > 0.0, "reserved contracts go to local charities");
    assert!(
        by_number > 2.0 * by_value,
        "contracts are many and their value is small: {by_number} {by_value}"
    );
}
