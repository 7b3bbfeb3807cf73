//! The user's own tables mean what they say, and what is wrong with them is said all at once.

use super::scratch;
use rebalance::experiment::statistics::within::mean_within;
use rebalance::ids::{AreaId, Id};
use rebalance::measure::bounds::Bounds;
use rebalance::random::{Luck, newcomer_slot};
use rebalance::round::{Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::{Scenario, load};
use rebalance::world::World;
use rebalance::world::population::Reach;
use std::path::Path;

pub const BUILT_IN: &str = include_str!("../../src/world/data/areas.csv");
/// Councils of the built-in table that are tried: a county, a city, a London borough, a small town.
const COUNCILS: [&str; 4] = ["E10000017", "E08000025", "E09000012", SMALL];
/// The small one, in which few charities are at home. Alone, about half as many bid as inside England: what visitors know
/// of the rest of the country is what is known here, where competition is low (docs/MODEL.md).
const SMALL: &str = "E06000001";
const ROUNDS: u32 = 22;
const FROM: u32 = 12;
const REPLICATES: u32 = 4;

/// Header and rows of the built-in table, cell by cell.
pub fn rows(codes: &[&str]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(BUILT_IN.as_bytes());
    let records = reader.records().map(|record| record.expect("a row").iter().map(str::to_string).collect());
    let wanted = |(row, cells): &(usize, Vec<String>)| *row == 0 || codes.contains(&cells[0].as_str());
    records.enumerate().filter(wanted).map(|(_, cells)| cells).collect()
}

pub fn write(folder: &Path, rows: &[Vec<String>]) -> String {
    let path = folder.join("areas.csv");
    std::fs::write(&path, table(rows)).expect("written");
    path.display().to_string()
}

pub fn scenario(areas: Option<&str>, more: &[&str]) -> Scenario {
    let own = areas.map(|path| format!("world.areas_file={path}"));
    let rounds = format!("run.rounds={ROUNDS}");
    let more = more.iter().chain(&["run.burn_in=1"]).map(ToString::to_string);
    load("england", &own.into_iter().chain([rounds]).chain(more).collect::<Vec<_>>()).expect("valid")
}

/// Multiplies columns of all rows.
pub fn scaled(mut rows: Vec<Vec<String>>, columns: &[&str], by: f64) -> Vec<Vec<String>> {
    let places: Vec<usize> = columns
        .iter()
        .map(|column| rows[0].iter().position(|name| name == column).expect("a column"))
        .collect();
    for cells in &mut rows[1..] {
        for &place in &places {
            cells[place] = (cells[place].parse::<f64>().expect("a number") * by).to_string();
        }
    }
    rows
}

const MONEY: [&str; 9] = [
    "gbp_thousand_homelessness",
    "gbp_thousand_supporting_people",
    "gbp_thousand_substance_misuse",
    "gbp_thousand_mental_health_support",
    "gbp_thousand_learning_disability_support",
    "gbp_thousand_adult_social_care_running",
    "gbp_thousand_carers_support",
    "gbp_thousand_family_support",
    "gbp_thousand_youth_services",
];
const NEED: [&str; 7] = [
    "homeless_households",
    "income_deprived",
    "violence_with_injury",
    "mental_health_index",
    "illness_index",
    "children_in_need",
    "children_low_income",
];

/// What happened in a council: people who came in each round, people served, bids a tender.
#[derive(Default)]
struct Seen {
    came: Vec<f64>,
    served: f64,
    bids: f64,
    tenders: f64,
}

/// Plays a replicate and looks at some councils.
fn look(scenario: &Scenario, codes: &[&str], replicate: u32) -> Vec<Seen> {
    let world = World::build(scenario).expect("a world");
    let regimes = Regimes::new(scenario, &world);
    let luck = Luck::new(scenario.run.seed, replicate);
    let mut state = State::found(&world, scenario, luck);
    let area = |code: &&str| world.areas.enumerate().find(|(_, area)| area.code == **code).expect("there").0;
    let areas: Vec<AreaId> = codes.iter().map(area).collect();
    let mut seen: Vec<Seen> = codes.iter().map(|_| Seen::default()).collect();
    for round in 0..scenario.run.rounds {
        let in_force = regimes.in_force(round, &state.options);
        let setting = Setting::new(&world, scenario, &in_force, luck, round);
        let returned: Vec<f64> = state.markets.iter().map(|market| market.returned.iter().sum()).collect();
        let output = play(&setting, &mut state).expect("identities hold");
        for (&area, seen) in areas.iter().zip(&mut seen) {
            for service in world.services.ids() {
                let market = world.market(area, service);
                let people: f64 = output.need.arrivals[market].iter().sum();
                seen.came.push(people - returned[Id::row(market)]);
                if round >= FROM {
                    seen.served += output.delivery.served[market].iter().sum::<f64>();
                }
            }
            for (id, tender) in output.tenders.calls.enumerate() {
                if round >= FROM && tender.area == area {
                    seen.tenders += 1.0;
                    seen.bids += output.bids.of(id).len() as f64;
                }
            }
        }
        advance(&setting, &mut state);
    }
    seen
}

/// A council alone and the same council among all others: the same people come; as many are served, and as many bid.
#[test]
fn a_council_in_a_file_of_its_own_is_the_council_inside_england() {
    let folder = scratch();
    let england: Vec<Vec<Seen>> =
        (0..REPLICATES).map(|replicate| look(&scenario(None, &[]), &COUNCILS, replicate)).collect();
    for (place, code) in COUNCILS.iter().enumerate() {
        let path = write(folder.path(), &rows(&[code]));
        let own = scenario(Some(&path), &[]);
        let (mut served, mut bids): ([Vec<f64>; 2], [Vec<f64>; 2]) = Default::default();
        for (replicate, england) in england.iter().enumerate() {
            let inside = &england[place];
            let alone = &look(&own, &[code], replicate as u32)[0];
            assert_eq!(alone.came.len(), inside.came.len());
            for (a, b) in alone.came.iter().zip(&inside.came) {
                assert!((a - b).abs() < 1e-9, "{code}: {a} come alone, {b} in England");
            }
            for (place, seen) in [alone, inside].into_iter().enumerate() {
                served[place].push(seen.served);
                bids[place].push(seen.bids / seen.tenders);
            }
        }
        for (what, [alone, inside]) in [("people served", served), ("bids a tender", bids)] {
            let [a, b] = [&alone, &inside]
                .map(|values| mean_within(values, Bounds::NOT_NEGATIVE).expect("four worlds").0);
            let half = |estimate: rebalance::experiment::statistics::Estimate| {
                estimate.interval.map_or(0.0, |(low, high)| 0.5 * (high - low))
            };
            let gap = a.mean - b.mean;
            let seen = format!("{code}, {what}: {alone:?} alone, {inside:?} inside");
            if *code == SMALL && what == "bids a tender" {
                assert!((0.3..1.0).contains(&(a.mean / b.mean)), "no longer small: {seen}");
                continue;
            }
            assert!(gap.abs() < half(a).hypot(half(b)), "{seen}");
            assert!(gap.abs() < if what == "people served" { 0.05 } else { 0.2 } * b.mean, "{seen}");
        }
    }
}

/// Three rows of the built-in table are three councils with their own charities, not all of England's.
#[test]
fn three_councils_have_the_charities_of_three_councils() {
    let folder = scratch();
    let path = write(folder.path(), &rows(&COUNCILS));
    let world = World::build(&scenario(Some(&path), &[])).expect("a world");
    let scenario = scenario(Some(&path), &[]);
    let state = State::found(&world, &scenario, Luck::new(1, 0));
    let at_home = state.charities.profile.iter().filter(|profile| !profile.is_visitor()).count();
    let counts = |codes: &[&str]| {
        rows(codes)[1..].iter().map(|cells| cells[16].parse::<f64>().expect("a count")).sum::<f64>()
    };
    let all: Vec<&str> = BUILT_IN.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let expected = 170_000.0 * counts(&COUNCILS) / counts(&all);
    assert!((at_home as f64 / expected - 1.0).abs() < 0.05, "{at_home} at home, {expected} expected");
}

/// Charities are founded at home in proportion to those at home, and beyond it as in the rest of the country: visitors,
/// of whom a small world has many, have no part in what is founded here.
#[test]
fn foundings_are_in_proportion_to_the_charities_of_each_place() {
    let folder = scratch();
    let path = write(folder.path(), &rows(&COUNCILS[..2]));
    let scenario = scenario(Some(&path), &["run.rounds=10"]);
    let world = World::build(&scenario).expect("a world");
    let regimes = Regimes::new(&scenario, &world);
    let luck = Luck::new(7, 0);
    let mut state = State::found(&world, &scenario, luck);
    let at_home = state.charities.profile.iter().filter(|profile| !profile.is_visitor()).count() as f64;
    for round in 0..scenario.run.rounds {
        let in_force = regimes.in_force(round, &state.options);
        let setting = Setting::new(&world, &scenario, &in_force, luck, round);
        play(&setting, &mut state).expect("identities hold");
        advance(&setting, &mut state);
    }
    let mut founded = [0.0; 2];
    for profile in state.charities.profile.iter().filter(|profile| profile.slot >= newcomer_slot(0, 0)) {
        let visitor = profile.is_visitor();
        founded[usize::from(visitor)] += 1.0;
        assert_eq!(visitor, profile.place() >= world.areas.len());
        assert!(profile.place() < world.places());
        assert!(!visitor || profile.reach != Reach::Local && profile.offers != 0);
    }
    let years = f64::from(scenario.run.rounds) / world.calendar.rounds_per_year();
    let expected = scenario.regime.behaviour.founding_rate * at_home * years;
    assert!((founded[0] / expected - 1.0).abs() < 0.2, "{} at home, {expected} expected", founded[0]);
    assert!(founded[1] > 0.0, "no visitors are founded");
    // Contracts outside are let where visitors are at home.
    let places: std::collections::BTreeSet<usize> =
        state.portfolio.outside.iter().map(|lot| lot.place as usize).collect();
    let at_home = state.charities.profile.iter().filter(|profile| profile.is_visitor());
    assert!(at_home.map(|profile| profile.place()).all(|place| places.contains(&place)));
    assert!(places.iter().all(|place| (world.areas.len()..world.places()).contains(place)));
}

/// Twice the charities in the file are twice the charities at home.
#[test]
fn charities_come_in_proportion_to_the_counts_of_the_file() {
    let folder = scratch();
    let at_home = |by: f64| {
        let rows = scaled(rows(&COUNCILS), &["charities_general", "charities_1m_sampled"], by);
        let scenario = scenario(Some(&write(folder.path(), &rows)), &[]);
        let world = World::build(&scenario).expect("a world");
        let state = State::found(&world, &scenario, Luck::new(1, 0));
        let home: Vec<f64> = (state.charities.profile.iter().zip(state.charities.finances.iter()))
            .filter(|(profile, _)| !profile.is_visitor())
            .map(|(_, finances)| finances.income.value())
            .collect();
        let large = home.iter().filter(|income| **income >= 1e6).count() as f64;
        (home.len() as f64, large)
    };
    let (once, twice) = (at_home(1.0), at_home(2.0));
    assert!((twice.0 / once.0 - 2.0).abs() < 0.06, "{once:?} {twice:?}");
    assert!((twice.1 / once.1 - 2.0).abs() < 0.35, "{once:?} {twice:?}");
}

/// Three times the need indicator is three times the people; twice the money buys twice the help until need is met.
#[test]
fn need_and_money_of_the_file_are_taken_as_they_are() {
    let folder = scratch();
    let plain = rows(&["E10000017"]);
    let world = |rows: &[Vec<String>]| {
        World::build(&scenario(Some(&write(folder.path(), rows)), &[])).expect("a world")
    };
    let (one, more) = (world(&plain), world(&scaled(plain.clone(), &NEED, 3.0)));
    let twice = world(&scaled(plain.clone(), &MONEY, 2.0));
    let older = |market: &rebalance::world::Market| one.services[market.service].key == "older-people";
    for ((a, b), c) in one.markets.iter().zip(more.markets.iter()).zip(twice.markets.iter()) {
        // Support for older people goes by residents of 65 and over, which stay as they are.
        let times = if older(a) { 1.0 } else { 3.0 };
        assert!((b.arrivals / a.arrivals - times).abs() < 1e-9);
        assert!(c.budget / a.budget >= 1.0 && c.budget / a.budget <= 2.0 + 1e-9);
    }
    for (a, b) in one.services.iter().zip(twice.services.iter()) {
        assert_eq!(a.hours_per_person, b.hours_per_person, "help costs what it costs in England");
    }
    let served = |rows: &[Vec<String>]| -> f64 {
        let scenario = scenario(Some(&write(folder.path(), rows)), &[]);
        (0..REPLICATES).map(|replicate| look(&scenario, &["E10000017"], replicate)[0].served).sum()
    };
    let needy = scaled(plain, &NEED, 3.0);
    let ratio = served(&scaled(needy.clone(), &MONEY, 2.0)) / served(&needy);
    assert!((1.6..2.4).contains(&ratio), "twice the money serves {ratio} times the people");
}

pub fn faults(text: &str) -> String {
    let folder = scratch();
    let path = folder.path().join("mine.csv");
    std::fs::write(&path, text).expect("written");
    let scenario = scenario(Some(&path.display().to_string()), &[]);
    World::build(&scenario).err().map_or(String::new(), |error| error.to_string())
}

pub fn table(rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|cells| writer.write_record(cells).expect("written"));
    String::from_utf8(writer.into_inner().expect("flushed")).expect("text")
}

/// Every fault of a table is named at once, by row and column.
#[test]
fn faults_of_a_table_are_named_all_at_once() {
    let mut bad = rows(&COUNCILS);
    let place = |name: &str| bad[0].iter().position(|column| column == name).expect("a column");
    let [code, people, latitude, need, money] =
        ["code", "population", "latitude", "income_deprived", "gbp_thousand_homelessness"].map(place);
    bad[1][people] = "-5".into();
    bad[2][need] = "0".into();
    bad[2][money] = "-1".into();
    bad[3][latitude] = "540".into();
    bad[3][code] = bad[1][code].clone();
    bad[3][money] = "1e308".into();
    let said = faults(&table(&bad));
    for part in [
        "row 2, column \"population\": -5 is outside 1 to 1e8",
        "row 3, column \"income_deprived\": need must be above 0",
        "row 3, column \"gbp_thousand_homelessness\": -1 is outside 0 to 1e9",
        "row 4, column \"latitude\": 540 is outside -90 to 90",
        "row 4, column \"code\": \"E06000001\" stands in row 2, too",
        "row 4, column \"gbp_thousand_homelessness\": 1e308 is outside",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
}

/// Headers: missing columns once and all of them, unknown and mis-cased ones with the nearest name.
#[test]
fn faults_of_a_header_are_named_all_at_once() {
    let mut bad = rows(&COUNCILS);
    bad[0][3] = "Population".into();
    bad[0][4] = "imd_scor".into();
    let said = faults(&table(&bad));
    assert_eq!(said.matches("2 columns are missing: population, imd_score").count(), 1, "{said}");
    assert!(said.contains("\"Population\": there is no such column; did you mean \"population\"?"), "{said}");
    assert!(said.contains("\"imd_scor\": there is no such column; did you mean \"imd_score\"?"), "{said}");
    assert!(faults("").contains("the file is empty"));
    assert!(faults(BUILT_IN.lines().next().expect("a header")).contains("there are no areas in it"));
    let trailing = table(&rows(&COUNCILS)) + &",".repeat(27) + "\n";
    assert_eq!(faults(&trailing), "", "rows of commas are skipped");
    let semicolons = table(&rows(&COUNCILS)).replace(',', ";");
    assert_eq!(faults(&semicolons), "");
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = scratch();
    let path = folder.path().join("large.csv");
    let file = std::fs::File::create(&path).expect("created");
    file.set_len((64 << 20) + 1).expect("sparse");
    let error = World::build(&scenario(Some(&path.display().to_string()), &[])).expect_err("too large");
    assert!(error.to_string().contains("64 MiB at most"), "{error}");
}

pub fn own_charities(text: &str) -> Result<State, String> {
    let folder = scratch();
    let path = folder.path().join("charities.csv");
    std::fs::write(&path, text).expect("written");
    let sets = [format!("world.charities_file={}", path.display()), "world.services=2".into()];
    let scenario = load("synthetic", &sets).expect("valid");
    let world = World::build(&scenario).map_err(|error| error.to_string())?;
    Ok(State::found(&world, &scenario, Luck::new(1, 0)))
}

/// What a charity draws goes with what it is, wherever its row stands.
#[test]
fn the_order_of_own_charities_does_not_matter() {
    let header = "id,home,income_gbp,services,reach,reserves_gbp\n";
    let lines = [
        "b,S00000,500000,service-1,local,\n",
        "a,S00001,20000,service-2,local,1000\n",
        "c,S00000,90000,service-1|service-2,national,\n",
    ];
    let one = own_charities(&(header.to_string() + &lines.concat())).expect("valid");
    let [b, a, c] = lines;
    let two = own_charities(&(header.to_string() + c + a + b)).expect("valid");
    assert_eq!(one, two);
}

#[test]
fn faults_of_own_charities_are_named_all_at_once() {
    let text = "id,home,income_gbp,services,reach\n\
                a,S00000,1e13,service-1,local\n\
                a,Area 2,5,service-7,nearby\n";
    let said = own_charities(text).expect_err("faults");
    for part in [
        "row 2, column \"income_gbp\": 1e13 is outside 0 to 1e12",
        "row 3, column \"id\": \"a\" stands in row 2, too",
        "row 3, column \"home\": \"Area 2\" is not the code of an area in this scenario; did you mean \"S00001\"?",
        "row 3, column \"services\": \"service-7\" is not a service",
        "row 3, column \"reach\": \"nearby\" is not local, regional or national",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
}
