//! Effects of rules split into what happens with the same bids and what happens because charities adapt.

use super::program::{complained, printed};
use super::{rebalance, scratch};

fn number(row: &csv::StringRecord, place: usize) -> f64 {
    row[place].parse().expect("a number")
}

#[test]
fn effects_are_split_and_a_rule_set_against_itself_has_none() {
    let folder = scratch();
    let same = "name = \"same\"\ndescription = \"a lever that the award method does not use\"\n[rules]\nframework_places = 5\n";
    let notice = "name = \"notice\"\ndescription = \"shorter notice\"\n[rules]\nnotice_weeks = 2\n";
    std::fs::write(folder.path().join("same.toml"), same).expect("written");
    std::fs::write(folder.path().join("notice.toml"), notice).expect("written");
    let arguments = ["compare", "quick", "--split", "--rules", "same.toml", "lowest-price", "notice.toml"];
    let more = ["--replicates", "3", "--set", "run.rounds=24", "--set", "output.charts=false"];
    let output = rebalance(folder.path(), &[&arguments[..], &more[..]].concat());
    assert!(output.status.success(), "{}", complained(&output));
    assert!(printed(&output).contains("mechanical"), "{}", printed(&output));
    let out = folder.path().join("output/quick-compare");
    let mut reader = csv::Reader::from_path(out.join("split.csv")).expect("a table");
    let mut moved = 0;
    for row in reader.records().map(|row| row.expect("a row")) {
        let [mechanical, behavioural, total] = [3, 6, 9].map(|place| number(&row, place));
        assert!((mechanical + behavioural - total).abs() < 1e-9 * (1.0 + total.abs()), "{row:?}");
        match &row[0] {
            "same" => assert!((3..12).all(|place| &row[place] == "0"), "{row:?}"),
            // Notice decides who bids, and never between the same bids.
            "notice" => assert!((3..6).all(|place| &row[place] == "0"), "{row:?}"),
            _ if &row[2] == "price_to_ceiling" => {
                assert!(mechanical < 0.0, "the cheapest of the same bids is no dearer: {row:?}");
                moved += 1;
            }
            _ => {}
        }
    }
    assert_eq!(moved, 1);
    let comparison = std::fs::read_to_string(out.join("comparison.csv")).expect("a table");
    let line = comparison.lines().find(|line| line.starts_with("lowest-price,baseline,price_to_ceiling,"));
    let difference: f64 = line.expect("a line").split(',').nth(3).expect("a cell").parse().expect("a number");
    let split = std::fs::read_to_string(out.join("split.csv")).expect("a table");
    let line = split.lines().find(|line| line.starts_with("lowest-price,baseline,price_to_ceiling,"));
    let total: f64 = line.expect("a line").split(',').nth(9).expect("a cell").parse().expect("a number");
    assert_eq!(total, difference, "the total is the difference of the comparison");
}
