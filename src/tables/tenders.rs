//! `tenders.csv` and `bids.csv`: what was let and who bid, one row per tender and one per bid; and one tender of them.

use super::{cell, optional_cell};
use crate::folder::files::table;
use crate::folder::{FileError, Result};
use crate::ids::TenderId;
use crate::measure::closeness::Contest;
use crate::round::bid::Bid;
use crate::round::score::{Prices, Scoring};
use crate::round::team::Mode;
use crate::round::{RoundOutput, Setting};
use std::collections::BTreeMap;
use std::path::Path;

/// A column: name, type, unit and meaning.
pub type Described = (&'static str, &'static str, &'static str, &'static str);

/// Columns of `tenders.csv`.
pub const TENDER_COLUMNS: [Described; 25] = [
    ("rules", "string", "none", "rule set"),
    ("replicate", "integer", "none", "replicate, from 0"),
    ("round", "integer", "rounds", "round, from 0"),
    ("tender", "integer", "none", "lot on offer; the one with most work where a bundle is"),
    ("area", "string", "none", "code of the area"),
    ("service", "string", "none", "service"),
    ("ceiling_price_gbp", "number", "GBP a round", "highest price allowed"),
    ("term_rounds", "integer", "rounds", "term of the contract"),
    ("people_per_round", "number", "people", "people a round that it is meant for"),
    ("lots", "integer", "lots", "lots let together"),
    ("call_off", "integer", "none", "1 where only members of a framework were called"),
    ("bids", "integer", "bids", "bids"),
    ("winner", "integer", "none", "charity that won, the lead of a team"),
    ("price_gbp", "number", "GBP a round", "what it is paid"),
    ("full_cost_gbp", "number", "GBP a round", "its full cost"),
    ("score", "number", "share", "its score; a draw where chance decided"),
    ("declined", "integer", "bids", "bidders who were called before it and declined"),
    ("by_score", "integer", "none", "1 where scores decided, and neither chance nor an earlier contract"),
    ("runner_up", "integer", "none", "charity that came second among at least two who could be called"),
    ("margin_points", "number", "points of 100", "score of the winner less that of the runner-up"),
    (
        "winner_price_rise",
        "number",
        "share of the price",
        "rise of the winner's price that flips the award; empty where none up to the ceiling does",
    ),
    (
        "runner_up_price_cut",
        "number",
        "share of the price",
        "cut of the runner-up's price that flips the award; empty where none does",
    ),
    (
        "winner_quality_loss",
        "number",
        "points of 100",
        "fall of the quality seen in the winner that flips the award",
    ),
    (
        "runner_up_quality_gain",
        "number",
        "points of 100",
        "rise of the quality seen in the runner-up that flips the award",
    ),
    ("losing_bid_decided", "integer", "none", "1 where one losing bid less would have changed the winner"),
];

/// Columns of `bids.csv`.
pub const BID_COLUMNS: [Described; 17] = [
    ("rules", "string", "none", "rule set"),
    ("replicate", "integer", "none", "replicate, from 0"),
    ("round", "integer", "rounds", "round, from 0"),
    ("tender", "integer", "none", "lot on offer, as in tenders.csv"),
    ("charity", "integer", "none", "who bid, the lead of a team"),
    ("mode", "string", "none", "solo, co-operation or collaboration"),
    ("members", "string", "none", "charities that would do the work, lead first"),
    ("price_gbp", "number", "GBP a round", "price asked for"),
    ("full_cost_gbp", "number", "GBP a round", "full cost as it would really be"),
    ("quality_points", "number", "points of 100", "points for quality as evaluators saw it"),
    ("price_points", "number", "points of 100", "points for the price"),
    ("social_points", "number", "points of 100", "points for social value"),
    ("collaboration_points", "number", "points of 100", "points for collaboration"),
    (
        "error_points",
        "number",
        "points of 100",
        "evaluators' error on the total; their error on quality is in its points",
    ),
    ("score_points", "number", "points of 100", "sum of all points; it decides where by_score is 1"),
    ("place", "integer", "none", "place in the line to be called, from 1; empty for rejected bids"),
    ("result", "string", "none", "won, lost, declined, or why it was rejected"),
];

/// Names of columns.
pub fn names(columns: &[Described]) -> Vec<&'static str> {
    columns.iter().map(|column| column.0).collect()
}

/// The cells of a tender after rule set, replicate and round.
pub fn tender_cells(setting: &Setting, output: &RoundOutput, id: TenderId) -> Vec<String> {
    let tender = &output.tenders.calls[id];
    let award = output.awards.awards[id].as_ref();
    let contest = Contest::of(setting, output, id);
    let closeness = contest.map(|contest| (contest.closeness(), contest.quality_flips()));
    let of_award = |value: fn(&crate::round::award::Award) -> String| award.map(value).unwrap_or_default();
    vec![
        tender.lot.to_string(),
        setting.world.areas[tender.area].code.clone(),
        setting.world.services[tender.service].key.clone(),
        cell(tender.ceiling.value()),
        tender.term.to_string(),
        cell(tender.volume.value()),
        output.tenders.parts(id).len().to_string(),
        u8::from(tender.call_off).to_string(),
        output.bids.of(id).len().to_string(),
        of_award(|award| award.winner.to_string()),
        of_award(|award| cell(award.price.value())),
        of_award(|award| cell(award.full_cost.value())),
        of_award(|award| cell(award.score)),
        of_award(|award| award.declined.to_string()),
        u8::from(output.awards.assessments[id].by_score).to_string(),
        contest.map(|contest| contest.runner_up().to_string()).unwrap_or_default(),
        optional_cell(closeness.map(|(close, _)| close.margin)),
        optional_cell(closeness.and_then(|(close, _)| close.winner_price_rise)),
        optional_cell(closeness.and_then(|(close, _)| close.runner_up_price_cut)),
        optional_cell(closeness.and_then(|(_, quality)| quality.winner_loss)),
        optional_cell(closeness.and_then(|(_, quality)| quality.runner_up_gain)),
        closeness.map(|(close, _)| u8::from(close.paradox).to_string()).unwrap_or_default(),
    ]
}

/// The cells of every bid for a tender after rule set, replicate and round, in order of charity.
pub fn bid_cells(setting: &Setting, output: &RoundOutput, id: TenderId) -> Vec<Vec<String>> {
    let tender = &output.tenders.calls[id];
    let bids = output.bids.of(id);
    let assessment = &output.awards.assessments[id];
    let rules = &setting.regime(tender.area).rules;
    // Errors are in what evaluators saw.
    let scoring = Scoring { rules, prices: Prices::of(bids.iter(), tender.ceiling), noise: 0.0 };
    let cells = |(row, bid): (usize, &Bid)| {
        let seen = assessment.seen[row];
        let points = scoring.points(bid, seen);
        let place = assessment.line.iter().position(|&other| other as usize == row);
        let called = output.awards.awards[id].as_ref().map_or(u32::MAX, |award| award.declined);
        let result = match place {
            None => scoring.rejection(bid, seen).map_or("rejected", |why| why.name()),
            Some(place) if place as u32 == called => "won",
            Some(place) if (place as u32) < called => "declined",
            Some(_) => "lost",
        };
        let workers = output.teams.workers(bid.charity, bid.team);
        let members: Vec<String> = workers.iter().map(|(charity, _)| charity.to_string()).collect();
        let mode = bid.team.map_or(Mode::Solo, |team| output.teams.formed[team as usize].mode);
        let of_100 = |points: f64| cell(100.0 * points);
        vec![
            tender.lot.to_string(),
            bid.charity.to_string(),
            mode.name().to_string(),
            members.join("|"),
            cell(bid.price.value()),
            cell(bid.full_cost.value()),
            of_100(points.quality),
            of_100(points.price),
            of_100(points.social),
            of_100(points.collaboration),
            of_100(seen.error),
            of_100(scoring.total(bid, seen)),
            place.map(|place| (place + 1).to_string()).unwrap_or_default(),
            result.to_string(),
        ]
    };
    bids.iter().enumerate().map(cells).collect()
}

/// A row of a table, by column.
pub type Row = BTreeMap<String, String>;

/// Which tender is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Rule set; the first in the table where none is named.
    pub rules: Option<String>,
    /// Replicate, from 0.
    pub replicate: u32,
    /// Round, from 0.
    pub round: u32,
    /// Lot.
    pub lot: u32,
}

impl Wanted {
    fn is(&self, row: &Row, rules: &str) -> bool {
        let number = |column: &str| row.get(column).and_then(|cell| cell.parse::<u32>().ok());
        row.get("rules").is_some_and(|cell| cell == rules)
            && number("replicate") == Some(self.replicate)
            && number("round") == Some(self.round)
            && number("tender") == Some(self.lot)
    }
}

/// One tender with its bids in the line to be called, those rejected last.
#[derive(Clone, Debug, PartialEq)]
pub struct Tendered {
    /// Row of `tenders.csv`.
    pub tender: Row,
    /// Rows of `bids.csv`.
    pub bids: Vec<Row>,
    /// Name of its area.
    pub area: String,
}

/// Finds a tender in the tables of a finished run; none where there is no such tender.
pub fn find(folder: &Path, wanted: &Wanted) -> Result<Option<Tendered>> {
    let mut rules = wanted.rules.clone();
    let first = rows(&folder.join("tenders.csv"), |row| {
        let rules = rules.get_or_insert_with(|| row.get("rules").cloned().unwrap_or_default());
        wanted.is(row, rules)
    })?;
    let Some(tender) = first.into_iter().next() else { return Ok(None) };
    let rules = rules.unwrap_or_default();
    let mut bids = rows(&folder.join("bids.csv"), |row| wanted.is(row, &rules))?;
    let place = |row: &Row| row.get("place").and_then(|place| place.parse().ok()).unwrap_or(u32::MAX);
    bids.sort_by_key(place);
    let code = tender.get("area").cloned().unwrap_or_default();
    let places = rows(&folder.join("area_places.csv"), |row| row.get("area") == Some(&code))?;
    let area = places.first().and_then(|row| row.get("name").cloned()).unwrap_or(code);
    Ok(Some(Tendered { tender, bids, area }))
}

/// Rows of a table that are wanted.
fn rows(path: &Path, mut wanted: impl FnMut(&Row) -> bool) -> Result<Vec<Row>> {
    let mut reader = table(path, true)?;
    let mut found = Vec::new();
    for row in reader.deserialize::<Row>() {
        let row = row.map_err(FileError::of(path))?;
        if wanted(&row) {
            found.push(row);
        }
    }
    Ok(found)
}
