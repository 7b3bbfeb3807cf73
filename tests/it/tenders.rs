//! Tables of tenders and bids, and one tender in words.

use super::program::{complained, printed};
use super::{rebalance, scratch};
use std::collections::BTreeMap;

fn table(path: &std::path::Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.deserialize().collect::<Result<_, _>>().expect("rows")
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

#[test]
fn a_tender_is_explained_as_its_tables_have_it() {
    let folder = scratch();
    let arguments = ["run", "quick", "--replicates", "2", "--quiet", "--out", "found"];
    let sets = ["--set", "run.rounds=24", "--set", "output.tenders=true", "--set", "output.charts=false"];
    let output = rebalance(folder.path(), &[&arguments[..], &sets[..]].concat());
    assert!(output.status.success(), "{}", complained(&output));
    let tenders = table(&folder.path().join("found/tenders.csv"));
    let bids = table(&folder.path().join("found/bids.csv"));
    let total: f64 = tenders.iter().map(|tender| number(tender, "bids")).sum();
    assert_eq!(total, bids.len() as f64, "one row per bid");
    for bid in &bids {
        let parts = ["quality", "price", "social", "collaboration", "error"];
        let sum: f64 = parts.iter().map(|part| number(bid, &format!("{part}_points"))).sum();
        assert!((sum - number(bid, "score_points")).abs() < 1e-9);
    }
    let won = bids.iter().filter(|bid| bid["result"] == "won").count();
    assert_eq!(won, tenders.iter().filter(|tender| !tender["winner"].is_empty()).count());
    let key = |row: &BTreeMap<String, String>| {
        [row["replicate"].clone(), row["round"].clone(), row["tender"].clone()]
    };
    for tender in tenders.iter().filter(|tender| !tender["runner_up"].is_empty()) {
        let score = |charity: &str| {
            let bid = bids.iter().find(|bid| key(bid) == key(tender) && bid["charity"] == tender[charity]);
            number(bid.expect("a bid"), "score_points")
        };
        assert!((number(tender, "margin_points") - (score("winner") - score("runner_up"))).abs() < 1e-9);
    }
    let close = tenders.iter().find(|tender| tender["replicate"] == "1" && !tender["runner_up"].is_empty());
    let close = close.expect("a competitive tender");
    let id = format!("{}/{}", close["round"], close["tender"]);
    let told = rebalance(folder.path(), &["explain", "--tender", &id, "--replicate", "1", "found"]);
    assert!(told.status.success(), "{}", complained(&told));
    let told = printed(&told);
    let winner = format!("went to charity {} ", close["winner"]);
    let margin = format!(
        "Margin: {:.1} points of 100 before charity {}.",
        number(close, "margin_points"),
        close["runner_up"]
    );
    for words in ["What was let", "Who bid", &winner, &margin, "flipped it", "losing bid"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    for (arguments, hint) in [
        (["--tender", "9999/1", "found"], "was not let"),
        (["--tender", "nonsense", "found"], "ROUND/LOT"),
        (["--tender", &id, "."], "output.tenders=true"),
    ] {
        let output = rebalance(folder.path(), &[&["explain"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(complained(&output).contains(hint), "{}", complained(&output));
    }
    assert_eq!(rebalance(folder.path(), &["explain"]).status.code(), Some(2));
}
