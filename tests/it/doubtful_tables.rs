//! What is impossible in a user's own tables is an error with its place, and what is improbable a warning.

use super::own_tables::{BUILT_IN, faults, own_charities, rows, scaled, scenario, table, write};
use super::scratch;
use crate::program::complained;
use rebalance::scenario::load;
use rebalance::world::World;

const HARTLEPOOL: &str = "E06000001";

/// What is remarked on in a table that is taken.
fn doubts(text: &str) -> String {
    doubts_with(text, &[])
}

fn doubts_with(text: &str, sets: &[&str]) -> String {
    let folder = scratch();
    let path = folder.path().join("mine.csv");
    std::fs::write(&path, text).expect("written");
    let path = path.display().to_string();
    let world = World::build(&scenario(Some(&path), sets)).unwrap_or_else(|error| panic!("{error}"));
    world.notes.join("\n").replace(&path, "mine.csv")
}

fn notes(rows: &[Vec<String>]) -> String {
    doubts(&table(rows))
}

/// Rows of the built-in table with other cells: row of a spreadsheet, column, text.
fn with(codes: &[&str], cells: &[(usize, &str, &str)]) -> Vec<Vec<String>> {
    let mut rows = rows(codes);
    for (row, column, text) in cells {
        let place = rows[0].iter().position(|name| name == column).expect("a column");
        rows[row - 1][place] = text.to_string();
    }
    rows
}

fn says(said: &str, parts: &[&str]) {
    parts.iter().for_each(|part| assert!(said.contains(part), "{part} is not in\n{said}"));
}

const THREE: [&str; 3] = [HARTLEPOOL, "E08000025", "E10000017"];

/// One cell in pounds among thousands of pounds is found, in a council's row and in one that is added.
#[test]
fn a_cell_in_pounds_is_remarked_on() {
    for code in [HARTLEPOOL, "E06000901"] {
        let cells = [(2, "code", code), (2, "name", "Here"), (2, "gbp_thousand_homelessness", "565000")];
        let said = notes(&with(&THREE, &cells));
        says(
            &said,
            &["row 2, column \"gbp_thousand_homelessness\": 565000 is", "pounds instead of thousands"],
        );
        assert_eq!(said.matches("England's per head").count(), 1, "{said}");
    }
    // Where a council hardly spends anything, pounds are no more than others' thousands: its own figure tells.
    let low = BUILT_IN.lines().find(|line| line.contains("North Tyneside")).expect("there");
    let code = low.split(',').next().expect("a code");
    let said = notes(&scaled(rows(&[code]), &["gbp_thousand_youth_services"], 1000.0));
    says(&said, &["\"gbp_thousand_youth_services\"", "North Tyneside has in the built-in table", "pounds"]);
}

/// A column in pounds is said once, with its rows.
#[test]
fn a_column_in_pounds_is_one_remark() {
    let said = notes(&scaled(rows(&THREE), &["gbp_thousand_homelessness"], 1000.0));
    assert_eq!(said.lines().count(), 1, "{said}");
    says(&said, &["row 2", "and rows 3 and 4", "pounds instead of thousands"]);
}

/// More people in need than residents cannot be.
#[test]
fn more_people_in_need_than_residents_are_an_error() {
    for column in ["income_deprived", "population_65_over", "homeless_households", "children_in_need"] {
        let said = faults(&table(&with(&THREE, &[(2, column, "335050")])));
        says(&said, &[&format!("row 2, column \"{column}\": 335050 is more than the 93836 residents")]);
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

/// Ten times the need, in an indicator of one council: beyond England's range, or far from what the council has.
#[test]
fn need_that_is_ten_times_too_great_is_remarked_on() {
    for column in ["illness_index", "violence_with_injury", "children_in_need", "homeless_households"] {
        for code in THREE {
            let said = notes(&scaled(rows(&[code]), &[column], 10.0));
            says(&said, &[&format!("row 2, column \"{column}\"")]);
        }
    }
    assert_eq!(notes(&scaled(rows(&THREE), &["illness_index"], 1.5)), "", "half as much again may be");
}

/// Rates where counts belong: fractions, per cent, per 1,000.
#[test]
fn rates_where_counts_belong_are_remarked_on() {
    for (column, rate) in [
        ("income_deprived", "0.357"),
        ("income_deprived", "35.7"),
        ("children_low_income", "58.3"),
        ("violence_with_injury", "8.8"),
        ("illness_index", "1.8"),
        ("population_65_over", "195.8"),
    ] {
        let said = notes(&with(&THREE, &[(2, column, rate)]));
        let cell = format!("row 2, column \"{column}\": {rate} is far below England's per head");
        says(&said, &[&cell, "is this a rate instead of a count?"]);
    }
}

#[test]
fn doubtful_counts_of_charities_are_remarked_on() {
    let said = notes(&with(&THREE, &[(2, "charities_1m_sampled", "1500"), (3, "charities_general", "0")]));
    says(
        &said,
        &[
            "row 2, column \"charities_1m_sampled\": 1500 is",
            "England has 2",
            "row 3, column \"charities_general\": 0 is far below England's per head",
        ],
    );
}

#[test]
fn a_score_that_is_a_decile_is_remarked_on() {
    let said = notes(&with(&THREE, &[(2, "imd_score", "1")]));
    says(&said, &["row 2, column \"imd_score\": England's councils have 6.1 to 43.47", "no rank or decile?"]);
}

/// Residents that do not fit the row are to blame, and not the columns beside them.
#[test]
fn residents_in_thousands_are_blamed_once() {
    for (code, name) in [(HARTLEPOOL, "Hartlepool"), ("E06000901", "Here")] {
        let cells = [(2, "code", code), (2, "name", name), (2, "population", "93.836")];
        let said = faults(&table(&with(&THREE, &cells)));
        says(
            &said,
            &["row 2, column \"population\": 93.836 is too few", "are these thousands of residents?"],
        );
        assert_eq!(said.lines().count(), 1, "{said}");
        let cells = [(2, "code", code), (2, "name", name), (2, "population", "93836000")];
        let said = notes(&with(&THREE, &cells));
        says(&said, &["row 2, column \"population\": 93836000 is too many"]);
        assert_eq!(said.matches("row 2, ").count(), 1, "{said}");
    }
    let said = notes(&with(&THREE, &[(2, "population", "39836")]));
    says(&said, &["row 2, column \"population\": 39836 residents, where Hartlepool has 93836"]);
}

/// A code takes a council's stead: the name should be that council's.
#[test]
fn a_code_with_the_name_of_another_council_is_an_error() {
    let said = faults(&table(&with(&["E09000013"], &[(2, "name", "Leeds")])));
    says(&said, &["row 2, column \"code\": E09000013 is Hammersmith and Fulham; Leeds is E08000035"]);
    let said = notes(&with(&[HARTLEPOOL], &[(2, "name", "Zone B")]));
    says(&said, &["row 2, column \"name\": E06000001 is Hartlepool: \"Zone B\" takes its stead"]);
    assert_eq!(notes(&with(&["E09000012"], &[(2, "name", "Hackney")])), "");
    let said = notes(&with(&[HARTLEPOOL], &[(2, "region", "South West")]));
    says(&said, &["row 2, column \"region\": Hartlepool is in the region North East"]);
}

/// A code that is not England's adds an area: it should not be there already.
#[test]
fn a_code_that_is_no_councils_is_explained() {
    let added = |code: &str, name: &str| notes(&with(&[HARTLEPOOL], &[(2, "code", code), (2, "name", name)]));
    says(&added("E99999999", "Hartlepool"), &["Hartlepool is E06000001", "did you mean \"E06000001\"?"]);
    says(&added("E07000123", "Preston"), &["E07000123 is a district inside a county"]);
    says(&added("W06000015", "Cardiff"), &["W06000015 is in Wales"]);
    says(&added("E09000001", "The City"), &["E09000001 is E09000012 (Hackney and City of London) here"]);
    let refused = |code: &str| faults(&table(&with(&[HARTLEPOOL], &[(2, "code", code), (2, "name", "X")])));
    says(&refused("E12000007"), &["row 2, column \"code\": E12000007 is the region London"]);
    says(&refused("e06000001"), &["there is no e06000001; did you mean \"E06000001\"?"]);
}

/// Two areas of one name, which no reform can name.
#[test]
fn a_name_that_stands_twice_is_remarked_on() {
    let cells = [(2, "code", "X1"), (2, "name", "Here"), (3, "code", "X2"), (3, "name", "Here")];
    says(&notes(&with(&THREE, &cells)), &["row 3, column \"name\": \"Here\" stands in row 2, too"]);
}

/// A reform may name a region by its code; codes of other levels are explained.
#[test]
fn codes_of_regions_are_understood_in_reforms() {
    let check = |extends: &str, place: &str| {
        let folder = crate::program::folder();
        let text = format!(
            "version = 1\nextends = \"{extends}\"\n[run]\nrounds = 4\nburn_in = 1\n[[reform]]\nfrom_round = 2\n\
             areas = [\"{place}\"]\nrules.notice_weeks = 4\n"
        );
        std::fs::write(folder.path().join("mine.toml"), text).expect("written");
        complained(&super::rebalance(folder.path(), &["check", "mine.toml"]))
    };
    let world = World::build(&load("quick", &[]).expect("valid")).expect("a world");
    let here = |region: &str| world.areas.iter().any(|area| world.regions[area.region] == region);
    let (inside, outside): (Vec<_>, Vec<_>) = ["E12000001", "E12000006", "E12000007", "E12000009"]
        .into_iter()
        .partition(|code| here(rebalance::world::codes::region(code).expect("a region")));
    assert_eq!(check("quick", inside.first().expect("one of four")), "");
    if let Some(code) = outside.first() {
        says(
            &check("quick", code),
            &[&format!("{code} is the region "), "and no council of it is in this world"],
        );
    }
    says(&check("quick", "E07000123"), &["mine.toml:8:10", "E07000123 is a district inside a county"]);
    says(&check("quick", "W06000015"), &["W06000015 is in Wales"]);
}

/// A region that is misspelt would be a region of its own.
#[test]
fn a_misspelt_region_is_an_error_and_another_country_a_region_of_its_own() {
    for (typed, meant) in [
        ("london", "London"),
        ("Nroth West", "North West"),
        ("Yorkshire & the Humber", "Yorkshire and The Humber"),
    ] {
        let said = faults(&table(&with(&THREE, &[(2, "region", typed)])));
        says(
            &said,
            &[&format!("row 2, column \"region\": \"{typed}\" is not a region; did you mean \"{meant}\"?")],
        );
    }
    let both = with(&THREE, &[(2, "region", "Wales"), (4, "region", "wales")]);
    says(
        &faults(&table(&both)),
        &["row 4, column \"region\": \"wales\" is not a region; did you mean \"Wales\"?"],
    );
    let wales = [(2, "region", "Wales"), (3, "region", "Wales"), (4, "region", "Greater London")];
    let said = notes(&with(&THREE, &wales));
    says(
        &said,
        &[
            "row 2, column \"region\": \"Wales\" is not a region of England: it is a region of its own",
            "(and row 3)",
            "\"Greater London\" is not a region of England",
            "did you mean \"London\"?",
        ],
    );
    assert_eq!(notes(&with(&[HARTLEPOOL], &[(2, "region", "E12000001")])), "", "a region's code is its name");
}

/// Coordinates that are swapped, and unknown codes.
#[test]
fn places_elsewhere_are_remarked_on() {
    let mut swapped = rows(&["E10000017", "E08000025"]);
    swapped[1].swap(5, 6);
    swapped[2][0] = "X1".into();
    let said = notes(&swapped);
    says(&said, &["row 2, column \"latitude\"", "are latitude and longitude swapped?"]);
    says(&said, &["areas whose codes are not England's are added to England: Lancashire"]);
}

/// Where a file has no money at all, all of it would be the floor's: an error, unless the floor was set on purpose.
#[test]
fn money_that_would_all_be_made_up_is_an_error() {
    let money: Vec<&str> = BUILT_IN.lines().next().expect("a header").split(',').collect();
    let money: Vec<&str> = money.into_iter().filter(|column| column.starts_with("gbp_thousand")).collect();
    let nothing = scaled(rows(&THREE), &money, 0.0);
    let said = faults(&table(&nothing));
    says(&said, &["every cell of spending is 0, so that all money would be made up", "market.spend_floor"]);
    let said = doubts_with(&table(&nothing), &["market.spend_floor=0.3"]);
    says(&said, &["is raised to a floor", "in 26 cells: row 2 \"gbp_thousand_homelessness\"", "and 21 more"]);
    let one = notes(&with(&THREE, &[(2, "gbp_thousand_homelessness", "0.565")]));
    says(&one, &["in 1 cell: row 2 \"gbp_thousand_homelessness\""]);
    assert_eq!(one.lines().count(), 1, "{one}");
}

/// Line ends of old Macs, in tables and in regions of uncertain parameters.
#[test]
fn line_ends_of_old_macs_are_read() {
    let text = table(&with(&THREE, &[(3, "population", "many")])).replace('\n', "\r");
    says(&faults(&text), &["row 3, column \"population\": \"many\" is not a number"]);
    assert_eq!(doubts(&table(&rows(&THREE)).replace('\n', "\r")), "");
    let folder = crate::program::folder();
    std::fs::write(folder.path().join("region.csv"), "market.attrition\r0.1\r7\r").expect("written");
    let text = "version = 1\nextends = \"quick\"\n[uncertainty]\nregion = \"region.csv\"\n";
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, text).expect("written");
    let said = load(&path.display().to_string(), &[]).expect_err("7 is too much").to_string();
    says(&said, &["region.csv:3:1", "7 is out of range"]);
}

/// A column that is missing and a row that is too short are one fault each.
#[test]
fn what_is_missing_is_said_once() {
    let said = own_charities("id,income_gbp,services\na,5,service-1\nb,6,service-1\n").expect_err("no home");
    assert_eq!(said.lines().count(), 1, "{said}");
    says(&said, &["2 columns are missing: home, reach"]);
    let mut short = rows(&THREE);
    short[2].truncate(3);
    let said = faults(&table_of_any_width(&short));
    assert_eq!(said.lines().count(), 1, "{said}");
    says(&said, &["row 3: 3 cells, where the header has 27"]);
}

fn table_of_any_width(rows: &[Vec<String>]) -> String {
    rows.iter().map(|cells| cells.join(",") + "\n").collect()
}

#[test]
fn services_of_own_charities_are_named_once_each() {
    let text = "home,income_gbp,services,reach\n\
                S00000,5,service-1|service-1,local\n\
                S00000,5,service-1|,local\n\
                S00000,5,Service-1,local\n\
                E12000007,5,service-1,local\n\
                E07000123,5,service-1,local\n";
    let said = own_charities(text).expect_err("faults");
    says(
        &said,
        &[
            "row 2, column \"services\": \"service-1\" is named twice",
            "row 3, column \"services\": \"service-1|\" has a | with no service before or after it",
            "row 4, column \"services\": \"Service-1\" is not a service; did you mean \"service-1\"?",
            "row 5, column \"home\": \"E12000007\" is not the code of an area in this scenario; E12000007 is the region London",
            "E07000123 is a district inside a county",
        ],
    );
}

#[test]
fn doubtful_charities_are_remarked_on() {
    let folder = scratch();
    let path = folder.path().join("mine.csv");
    let text = "home,income_gbp,services,reach,reserves_gbp\n\
                S00000,5000,service-1,local,-5\nS00000,5000,,local,\nS00001,5000,,local,7\n";
    std::fs::write(&path, text).expect("written");
    let set = format!("world.charities_file={}", path.display());
    let said = World::build(&load("synthetic", &[set]).expect("valid")).expect("a world").notes.join("\n");
    says(
        &said,
        &[
            "row 2, column \"reserves_gbp\": -5 is a debt; write 0 for no reserves",
            "row 3, column \"services\": is empty: a charity that offers no service never bids (and row 4)",
        ],
    );
    assert_eq!(said.lines().count(), 2, "{said}");
}

/// What is doubtful about a table, every verb that plays it says once, on standard error, and `check` says it too.
#[test]
fn doubtful_tables_are_remarked_on_by_every_verb() {
    let folder = crate::program::folder();
    let plain = rows(&["E10000017", "E08000025"]);
    write(folder.path(), &scaled(plain, &["gbp_thousand_homelessness"], 1000.0));
    std::fs::write(
        folder.path().join("mine.toml"),
        "version = 1\nextends = \"england\"\n[world]\nareas_file = \"areas.csv\"\n[population]\ncharities = 2000\n\
         [run]\nrounds = 2\nburn_in = 1\nreplicates = 1\n[output]\ncharts = false\n",
    )
    .expect("a file");
    let words = "pounds instead of thousands";
    let in_folder = |arguments: &[&str]| super::rebalance(folder.path(), arguments);
    let checked = in_folder(&["check", "mine.toml"]);
    assert_eq!(String::from_utf8_lossy(&checked.stdout).matches(words).count(), 1, "{checked:?}");
    for verb in [
        &["run", "mine.toml"][..],
        &["run", "mine.toml", "--vary", "rules.notice_weeks=2,3"],
        &["compare", "mine.toml", "--rules", "lowest-price"],
        &["patterns", "mine.toml"],
    ] {
        let out = verb.join("-").replace(['=', ',', '.'], "-");
        let said = in_folder(&[verb, &["--out", &out]].concat());
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        let warned =
            said.lines().filter(|line| line.starts_with("warning: ") && line.contains(words)).count();
        assert_eq!(warned, 1, "{verb:?}: {said}");
    }
    let quiet = in_folder(&["run", "mine.toml", "--out", "quiet", "--quiet"]);
    assert!(quiet.stderr.is_empty() && quiet.status.success(), "{quiet:?}");
}

/// No row of the built-in table is remarked on, not even for money that it books elsewhere: alone, and among all.
#[test]
fn built_in_councils_are_not_doubtful() {
    for line in BUILT_IN.lines().skip(1) {
        let code = line.split(',').next().expect("a code");
        assert_eq!(notes(&rows(&[code])), "", "{code}");
    }
    assert_eq!(doubts(BUILT_IN), "");
    let world = World::build(&load("england", &[]).expect("valid")).expect("a world");
    for service in world.services.iter() {
        let only = format!("world.only_service={}", service.key);
        assert_eq!(doubts_with(BUILT_IN, &[&only]), "", "{only}");
    }
}

/// What a spreadsheet leaves behind is no fault: a comma too many at the end of every row, a line that tells Excel what
/// separates cells.
#[test]
fn what_a_spreadsheet_leaves_behind_is_read() {
    let plain = table(&rows(&THREE));
    let commas: String = plain.lines().map(|line| format!("{line},,\n")).collect();
    let semicolons = format!("sep=;\r\n{}", plain.replace(',', ";"));
    for text in [&commas, &format!("sep=,\n{plain}"), &semicolons] {
        assert_eq!(doubts(text), "");
    }
    let wrong = semicolons.replacen("North East", "Nroth East", 1);
    says(&faults(&wrong), &["row 2, column \"region\""]);
}

#[test]
fn children_are_residents_and_councils_stay_where_they_are() {
    let said = faults(&table(&with(&THREE, &[(2, "population_0_17", "200108")])));
    says(&said, &["row 2, column \"population_0_17\": 200108 is more than the 93836 residents"]);
    let said = notes(&with(&THREE, &[(2, "latitude", "51.5"), (2, "longitude", "-0.1")]));
    says(&said, &["row 2, column \"latitude\": 51.5, -0.1 is", "where Hartlepool is"]);
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn one_council_has_no_more_charities_than_england() {
    let said = faults(&table(&with(
        &THREE,
        &[(2, "charities_1m_sampled", "816882"), (3, "charities_general", "2e5")],
    )));
    says(&said, &["row 2, column \"charities_1m_sampled\": 816882 is more than all of England has, 2111"]);
    says(&said, &["row 3, column \"charities_general\": 200000 is more than all of England has, 132517"]);
}
