//! Areas, charities, tenders and bids against the rounds and against each other.

use super::{ROUNDS, RULES, Row, WORLDS, near, number, rows, whole};
use std::collections::BTreeMap;

#[test]
fn areas_add_up_to_the_rounds_of_their_year() {
    let (rounds, areas) = (rows("rounds.csv"), rows("areas.csv"));
    // Three areas, all services and each of two, three years, six measures at most.
    assert!(areas.len() > 2 * 3 * 3 * 3 * 5);
    let of = |rules: &str, year: u32, all: bool, measure: &str| -> f64 {
        let rows = areas.iter().filter(|row| {
            row["rules"] == rules
                && whole(row, "year") == year
                && (row["service"] == "all") == all
                && row["measure"] == measure
        });
        rows.map(|row| number(row, "mean").expect("a mean")).sum()
    };
    for (rules, year) in RULES.into_iter().flat_map(|rules| (1..=3).map(move |year| (rules, year))) {
        let in_year: Vec<&Row> = rounds
            .iter()
            .filter(|row| row["rules"] == rules && whole(row, "round") / 4 + 1 == year)
            .collect();
        let rounds_of_year = if year == 3 { 2 } else { 4 };
        assert_eq!(in_year.len(), rounds_of_year * WORLDS);
        let sum = |column: &str| -> f64 {
            in_year.iter().map(|row| number(row, column).expect("a value")).sum::<f64>() / WORLDS as f64
        };
        let at_end = in_year.iter().filter(|row| whole(row, "round") % 4 + 1 == rounds_of_year as u32);
        let waiting: f64 = at_end.map(|row| number(row, "unmet_need_people").expect("a value")).sum();
        for (measure, by_hand) in [
            ("people_arriving", sum("people_arriving") / 4.0),
            ("people_served", sum("people_served") / 4.0),
            ("outcomes", sum("outcomes") / 4.0),
            ("unmet_need_people", waiting / WORLDS as f64),
            ("contract_spend_gbp", sum("contract_income_gbp")),
        ] {
            for all in [true, false] {
                let found = of(rules, year, all, measure);
                assert!(near(found, by_hand), "{rules}, year {year}, {measure}: {found}, by hand {by_hand}");
            }
        }
    }
    for row in &areas {
        assert_eq!(whole(row, "rounds"), if row["year"] == "3" { 2 } else { 4 });
        let hhi = row["measure"] == "hhi_lead";
        assert!(!hhi || (0.0..=10_000.000_001).contains(&number(row, "mean").expect("a mean")), "{row:?}");
    }
}

#[test]
fn bids_and_tenders_agree_with_each_other_and_with_the_rounds() {
    let (rounds, tenders, bids) = (rows("rounds.csv"), rows("tenders.csv"), rows("bids.csv"));
    let key = |row: &Row| ["rules", "replicate", "round"].map(|column| row[column].clone());
    let call = |row: &Row| (key(row), row["tender"].clone());
    let mut of_call: BTreeMap<_, Vec<&Row>> = BTreeMap::new();
    bids.iter().for_each(|bid| of_call.entry(call(bid)).or_default().push(bid));
    let mut of_round: BTreeMap<_, Vec<&Row>> = BTreeMap::new();
    tenders.iter().for_each(|tender| of_round.entry(key(tender)).or_default().push(tender));
    for tender in &tenders {
        let bids = of_call.remove(&call(tender)).unwrap_or_default();
        assert_eq!(whole(tender, "bids") as usize, bids.len());
        bids.iter().for_each(|bid| points_add_up(bid));
        is_won_as_it_says(tender, &bids);
    }
    assert!(of_call.is_empty(), "bids for what was not on offer");
    for round in &rounds {
        let own = of_round.get(&key(round)).map_or(&[][..], Vec::as_slice);
        let count = |is: &dyn Fn(&Row) -> bool| own.iter().filter(|tender| is(tender)).count() as f64;
        let n = own.len() as f64;
        assert_eq!(number(round, "tenders"), Some(n));
        if n == 0.0 {
            continue;
        }
        let all: u32 = own.iter().map(|tender| whole(tender, "bids")).sum();
        assert_eq!(number(round, "bids_per_tender"), Some(f64::from(all) / n));
        assert_eq!(number(round, "single_bid_share"), Some(count(&|tender| tender["bids"] == "1") / n));
        let value: f64 = own
            .iter()
            .filter_map(|tender| Some(number(tender, "price_gbp")? * number(tender, "term_rounds")?))
            .sum();
        assert!(near(number(round, "value_awarded_gbp").expect("a value"), value), "{round:?}");
    }
}

/// Weights of the run: .5 quality, .4 price, .1 social value; lowest-price puts all on the price.
fn points_add_up(bid: &Row) {
    let points = |column: &str| number(bid, column).expect("points");
    let parts = ["quality_points", "price_points", "social_points", "collaboration_points"].map(points);
    let total = parts.iter().sum::<f64>() + points("error_points");
    assert!((points("score_points") - total).abs() < 1e-9, "{bid:?}");
    let most = if bid["rules"] == RULES[0] { [50.0, 40.0, 10.0, 0.0] } else { [0.0, 100.0, 0.0, 0.0] };
    for (part, most) in parts.into_iter().zip(most) {
        assert!((0.0..=most + 1e-9).contains(&part), "{bid:?}");
    }
    assert_eq!((bid["mode"].as_str(), &bid["members"]), ("solo", &bid["charity"]));
}

/// The line goes by score; who is called first and does not decline has won, at its price; the margin is the lead over
/// the next.
fn is_won_as_it_says(tender: &Row, bids: &[&Row]) {
    let mut line: Vec<&&Row> = bids.iter().filter(|bid| !bid["place"].is_empty()).collect();
    line.sort_by_key(|bid| whole(bid, "place"));
    let score = |bid: &Row| number(bid, "score_points").expect("a score");
    let places: Vec<u32> = line.iter().map(|bid| whole(bid, "place")).collect();
    assert_eq!(places, (1..=line.len() as u32).collect::<Vec<_>>());
    assert!(line.windows(2).all(|pair| score(pair[0]) >= score(pair[1]) - 1e-9), "{tender:?}");
    let Some(won) = line.iter().position(|bid| bid["result"] == "won") else {
        assert_eq!((tender["winner"].as_str(), tender["price_gbp"].as_str()), ("", ""));
        return;
    };
    assert_eq!(whole(tender, "declined") as usize, won);
    for (place, bid) in line.iter().enumerate() {
        let expected = ["declined", "won", "lost"][usize::from(place >= won) + usize::from(place > won)];
        assert_eq!(bid["result"], expected);
    }
    let winner = line[won];
    for column in ["price_gbp", "full_cost_gbp"] {
        assert_eq!(tender[column], winner[column], "{tender:?}");
    }
    assert_eq!((&tender["winner"], tender["by_score"].as_str()), (&winner["charity"], "1"));
    let score_of_tender = number(tender, "score").expect("a score");
    assert!((100.0 * score_of_tender - score(winner)).abs() < 1e-6, "{tender:?} {winner:?}");
    let next = line.get(won + 1);
    assert_eq!(tender["runner_up"], next.map_or("", |bid| bid["charity"].as_str()));
    let margin = next.map(|bid| score(winner) - score(bid));
    match (number(tender, "margin_points"), margin) {
        (Some(found), Some(margin)) => assert!((found - margin).abs() < 1e-9, "{tender:?}"),
        (found, margin) => assert_eq!(found, margin),
    }
}

#[test]
fn charities_are_those_of_the_last_round() {
    let (rounds, charities, tenders, bids) =
        (rows("rounds.csv"), rows("charities.csv"), rows("tenders.csv"), rows("bids.csv"));
    for (rules, world) in RULES.into_iter().flat_map(|rules| (0..WORLDS).map(move |world| (rules, world))) {
        let of = |row: &&Row| row["rules"] == rules && row["replicate"] == world.to_string();
        let own: Vec<&Row> = charities.iter().filter(of).collect();
        let last = rounds.iter().filter(of).find(|row| whole(row, "round") == ROUNDS - 1).expect("a round");
        let open = own.iter().filter(|row| row["status"] == "open");
        assert_eq!(open.clone().count() as f64, number(last, "charities").expect("a count"));
        let holders = open.clone().filter(|row| whole(row, "contracts") > 0).count();
        assert_eq!(holders as f64, number(last, "holders").expect("a count"));
        for row in &own {
            assert_eq!(row["closed_round"].is_empty(), row["status"] == "open", "{row:?}");
            let id = &row["charity"];
            let made = bids.iter().filter(of).filter(|bid| bid["charity"] == *id).count();
            let won = tenders.iter().filter(of).filter(|tender| tender["winner"] == *id).count();
            assert_eq!((whole(row, "bids") as usize, whole(row, "wins") as usize), (made, won), "{row:?}");
            assert!(["local", "regional", "national"].contains(&row["reach"].as_str()));
            assert!(!row["services"].is_empty());
        }
        let closed: f64 = rounds.iter().filter(of).map(|row| number(row, "closures").expect("a count")).sum();
        let gone =
            own.iter().filter(|row| ["insolvent", "dissolved"].contains(&row["status"].as_str())).count();
        assert_eq!(closed, gone as f64);
        let insolvent: f64 =
            rounds.iter().filter(of).map(|row| number(row, "insolvencies").expect("a count")).sum();
        assert_eq!(insolvent, own.iter().filter(|row| row["status"] == "insolvent").count() as f64);
    }
}
