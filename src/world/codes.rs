//! Codes of the Office for National Statistics: what kind of place a code stands for.

/// Codes and names of England's regions.
const REGIONS: [(&str, &str); 9] = [
    ("E12000001", "North East"),
    ("E12000002", "North West"),
    ("E12000003", "Yorkshire and The Humber"),
    ("E12000004", "East Midlands"),
    ("E12000005", "West Midlands"),
    ("E12000006", "East of England"),
    ("E12000007", "London"),
    ("E12000008", "South East"),
    ("E12000009", "South West"),
];

/// Councils that the built-in table has under another code: merged into a neighbour, or reorganised.
const ELSEWHERE: [(&str, &str); 14] = [
    ("E06000028", "E06000058 (Bournemouth, Christchurch and Poole)"),
    ("E06000029", "E06000058 (Bournemouth, Christchurch and Poole)"),
    ("E06000048", "E06000057 (Northumberland)"),
    ("E06000053", "E06000052 (Cornwall and Isles of Scilly)"),
    ("E08000016", "E08000038 (Barnsley)"),
    ("E08000019", "E08000039 (Sheffield)"),
    ("E08000020", "E08000037 (Gateshead)"),
    ("E09000001", "E09000012 (Hackney and City of London)"),
    ("E10000002", "E06000060 (Buckinghamshire)"),
    ("E10000006", "E06000063 (Cumberland) and E06000064 (Westmorland and Furness)"),
    ("E10000009", "E06000059 (Dorset)"),
    ("E10000021", "E06000061 and E06000062 (North and West Northamptonshire)"),
    ("E10000023", "E06000065 (North Yorkshire)"),
    ("E10000027", "E06000066 (Somerset)"),
];

/// What the first signs of a code say that it stands for, where that is no council of the upper tier in England.
const LEVELS: [(&str, &str); 14] = [
    ("E01", "a small census area"),
    ("E02", "a small census area"),
    ("E05", "a ward"),
    ("E07", "a district inside a county"),
    ("E11", "a metropolitan county"),
    ("E12", "a region"),
    ("E13", "a part of London"),
    ("E14", "a constituency"),
    ("E47", "a combined authority"),
    ("E92", "all of England"),
    ("W", "in Wales"),
    ("S", "in Scotland"),
    ("N", "in Northern Ireland"),
    ("K", "more than England"),
];

/// The name of a region with this code.
pub fn region(code: &str) -> Option<&'static str> {
    REGIONS.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// The code of a region with this name.
pub fn code_of_region(name: &str) -> Option<&'static str> {
    REGIONS.iter().find(|(_, known)| *known == name).map(|(code, _)| *code)
}

/// Whether a code stands for a region or a country: for many councils at once.
pub(super) fn is_many(code: &str) -> bool {
    level(code).is_some()
        && ["E11", "E12", "E13", "E47", "E92", "K"].iter().any(|first| code.starts_with(first))
}

/// What a code stands for that is none of a council of the built-in table, and what to do: for a hint.
pub fn explain(code: &str) -> Option<String> {
    if let Some(name) = region(code) {
        return Some(format!("{code} is the region {name}; name its councils"));
    }
    if let Some((_, new)) = ELSEWHERE.iter().find(|(old, _)| *old == code) {
        return Some(format!("{code} is {new} here"));
    }
    let level = level(code)?;
    Some(format!(
        "{code} is {level}; areas are England's counties, unitary authorities, metropolitan districts and London boroughs (E06, E08, E09, E10)"
    ))
}

fn level(code: &str) -> Option<&'static str> {
    let is_code = code.len() == 9 && code.is_ascii() && code[1..].bytes().all(|sign| sign.is_ascii_digit());
    let known = LEVELS.iter().find(|(first, _)| is_code && code.starts_with(first));
    known.map(|(_, level)| *level)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREAS: &str = include_str!("data/areas.csv");

    #[test]
    fn regions_are_those_of_the_built_in_table() {
        let mut reader = csv::Reader::from_reader(AREAS.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        for row in &rows {
            let code = code_of_region(&row[2]).expect("a region that has a code");
            assert_eq!(region(code), Some(&row[2]));
            assert_eq!(explain(&row[0]), None, "a council needs no explanation");
        }
        for (old, new) in ELSEWHERE {
            assert!(rows.iter().all(|row| &row[0] != old), "{old} is in the table");
            assert!(rows.iter().any(|row| new.contains(&row[0])), "{new} is not in the table");
        }
    }

    #[test]
    fn other_levels_are_explained() {
        for (code, what) in [
            ("E12000007", "the region London"),
            ("E07000123", "a district inside a county"),
            ("W06000015", "in Wales"),
            ("S12000036", "in Scotland"),
            ("N09000003", "in Northern Ireland"),
            ("E09000001", "E09000012 (Hackney and City of London)"),
        ] {
            assert!(explain(code).is_some_and(|said| said.contains(what)), "{code}: {:?}", explain(code));
        }
        for code in ["S00000", "London", "", "E9900000é"] {
            assert_eq!(explain(code), None);
        }
        assert!(is_many("E12000007") && !is_many("E07000123") && !is_many("London"));
    }
}
