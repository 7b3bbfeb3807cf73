//! `rebalance explain --tender ROUND/LOT DIR`: one tender of a finished run, in words.

use super::CliError;
use super::run::figure;
use super::text::print;
use crate::tables::tenders::{Row, Tendered, Wanted, find};
use crate::words::counted;
use std::path::Path;

/// Explains a tender.
pub fn explain(id: &str, rules: Option<&str>, replicate: u32, folder: Option<&str>) -> Result<(), CliError> {
    let Some(folder) = folder.map(Path::new) else {
        let message = "error: --tender needs the folder of a finished run\n  = help: rebalance explain --tender \
                       12/345 output/quick";
        return Err(CliError::Usage(message.into()));
    };
    let numbers = id.split_once('/').and_then(|(round, lot)| Some((round.parse().ok()?, lot.parse().ok()?)));
    let Some((round, lot)) = numbers else {
        let message = format!(
            "error: \"{id}\" is no tender\n  = help: write ROUND/LOT, as in the columns round and tender of tenders.csv"
        );
        return Err(CliError::Usage(message));
    };
    for table in ["tenders.csv", "bids.csv"] {
        if !folder.join(table).is_file() {
            let help = "run the scenario with --set output.tenders=true, or with --resume where it was";
            let message = format!("error: {} is missing\n  = help: {help}", folder.join(table).display());
            return Err(CliError::Usage(message));
        }
    }
    let wanted = Wanted { rules: rules.map(String::from), replicate, round, lot };
    match find(folder, &wanted)? {
        Some(found) => print(&words(&wanted, &found)),
        None => Err(CliError::Usage(unknown(&wanted, folder))),
    }
}

fn unknown(wanted: &Wanted, folder: &Path) -> String {
    let rules = wanted.rules.as_ref().map(|rules| format!(" under rule set {rules}")).unwrap_or_default();
    format!(
        "error: lot {} was not let in round {} of replicate {}{rules}\n  = help: the columns rules, replicate, round \
         and tender of {} name the tenders",
        wanted.lot,
        wanted.round,
        wanted.replicate,
        folder.join("tenders.csv").display()
    )
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

fn number(row: &Row, column: &str) -> Option<f64> {
    text(row, column).parse().ok()
}

fn money(row: &Row, column: &str) -> String {
    number(row, column).map_or_else(String::new, |value| format!("{} GBP", figure(value.round())))
}

fn words(wanted: &Wanted, found: &Tendered) -> String {
    let tender = &found.tender;
    let lots = match text(tender, "lots") {
        "1" => String::new(),
        lots => format!("{} let together, ", counted(lots, "lot")),
    };
    let mut words = format!(
        "tender {}/{}: {} in {}, rule set {}, replicate {}\n\n\
         What was let: {lots}{} of work for about {} people a round, at no more than {} a round.\n",
        wanted.round,
        wanted.lot,
        text(tender, "service"),
        found.area,
        text(tender, "rules"),
        wanted.replicate,
        counted(text(tender, "term_rounds"), "round"),
        number(tender, "people_per_round").map_or_else(String::new, figure),
        money(tender, "ceiling_price_gbp"),
    );
    if text(tender, "call_off") == "1" {
        words.push_str("It was called off from a framework: only its members could answer.\n");
    }
    words.push_str(&bidders(found));
    words.push_str(&award(found));
    words
}

/// Everybody who bid, with points by criterion.
fn bidders(found: &Tendered) -> String {
    if found.bids.is_empty() {
        return "Nobody bid.\n".into();
    }
    let mut words = format!(
        "\nWho bid, with points of 100 by criterion:\n  {:<10} {:<14} {:>14} {:>9} {:>8} {:>7} {:>7} {:>7} {:>6} {:>7}  {}\n",
        "charity",
        "as",
        "price",
        "to cost",
        "quality",
        "price",
        "social",
        "collab.",
        "error",
        "score",
        "result"
    );
    for bid in &found.bids {
        let points =
            |column: &str| number(bid, column).map_or_else(String::new, |value| format!("{value:.1}"));
        let over_cost =
            number(bid, "price_gbp").zip(number(bid, "full_cost_gbp")).filter(|(_, cost)| *cost > 0.0);
        words.push_str(&format!(
            "  {:<10} {:<14} {:>14} {:>9} {:>8} {:>7} {:>7} {:>7} {:>6} {:>7}  {}\n",
            text(bid, "charity"),
            text(bid, "mode"),
            money(bid, "price_gbp"),
            over_cost.map_or_else(String::new, |(price, cost)| format!("{:.2}", price / cost)),
            points("quality_points"),
            points("price_points"),
            points("social_points"),
            points("collaboration_points"),
            points("error_points"),
            points("score_points"),
            text(bid, "result"),
        ));
    }
    let teams = found.bids.iter().filter(|bid| text(bid, "mode") != "solo");
    for bid in teams {
        let members = text(bid, "members").replace('|', ", ");
        words.push_str(&format!("  team of charity {}: {members}\n", text(bid, "charity")));
    }
    words
}

/// Who won, who declined, and what would have flipped it.
fn award(found: &Tendered) -> String {
    let tender = &found.tender;
    let declined: Vec<&str> = (found.bids.iter())
        .filter(|bid| {
            text(bid, "result") == "declined"
                || text(tender, "winner").is_empty() && text(bid, "result") == "lost"
        })
        .map(|bid| text(bid, "charity"))
        .collect();
    let mut words = String::from("\n");
    if !declined.is_empty() {
        words.push_str(&format!(
            "Called but without the staff, or with as many lots as one may hold: charity {}.\n",
            declined.join(", ")
        ));
    }
    if text(tender, "winner").is_empty() {
        words.push_str("Nobody got the contract; it is let again later.\n");
        return words;
    }
    words.push_str(&format!(
        "The contract went to charity {} for {} a round; its full cost is {}.\n",
        text(tender, "winner"),
        money(tender, "price_gbp"),
        money(tender, "full_cost_gbp")
    ));
    if text(tender, "by_score") != "1" {
        words.push_str("Chance or the earlier contract decided, not the scores: no margin can be told.\n");
    } else if text(tender, "runner_up").is_empty() {
        words.push_str("There was no other bid to call, so nothing but a new bid could have flipped it.\n");
    } else {
        words.push_str(&flips(tender));
    }
    words
}

fn flips(tender: &Row) -> String {
    let percent = |column: &str| number(tender, column).map(|share| format!("{:.1}%", 100.0 * share));
    let points = |column: &str| number(tender, column).map(|points| format!("{points:.1} points of quality"));
    let or = |some: Option<String>, yes: &str, no: &str| {
        some.map_or(no.to_string(), |some| yes.replace('#', &some))
    };
    let decided = if text(tender, "losing_bid_decided") == "1" {
        "A losing bid decided: without one of them the contract would have gone to another (the ranking paradox).\n"
    } else {
        "No losing bid decided: without any one of them the winner is the same.\n"
    };
    format!(
        "Margin: {:.1} points of 100 before charity {}.\nWhat would have flipped it, all else as it was:\n  {}\n  {}\n  \
         {}\n  {}\n{decided}",
        number(tender, "margin_points").unwrap_or_default(),
        text(tender, "runner_up"),
        or(
            percent("winner_price_rise"),
            "the winner asking # more",
            "no price of the winner up to the ceiling"
        ),
        or(percent("runner_up_price_cut"), "the runner-up asking # less", "no lower price of the runner-up"),
        or(points("winner_quality_loss"), "# less seen in the winner", "no lower quality of the winner"),
        or(
            points("runner_up_quality_gain"),
            "# more seen in the runner-up",
            "no higher quality of the runner-up"
        ),
    )
}
