//! Reading a table of a user's or a built-in one: every fault is found, and named by the row that a
//! spreadsheet shows and the column's name.

use super::WorldError;
use super::faults::Faults;
use crate::scenario::nearest_name;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Largest file that is read \[bytes\].
const LARGEST_FILE: u64 = 64 << 20;
/// Columns that begin so are the user's own notes.
const NOTE: &str = "note_";
/// Signs that make a spreadsheet take a cell for a formula.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];
/// What separates cells: those that spreadsheets write.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// A table with known columns.
pub(super) struct Table {
    columns: BTreeMap<String, usize>,
    rows: Vec<Row>,
    is_empty: bool,
}

/// A row of a table: as a spreadsheet counts, and its cells.
pub(super) struct Row {
    /// Number that a spreadsheet shows; the header is row 1.
    pub number: usize,
    cells: Vec<String>,
}

/// Reads a user's file as text, saying what to do when that fails.
pub(super) fn read_text(path: &str) -> Result<String, WorldError> {
    let wrong = |what: String| WorldError(format!("{path}: {what}"));
    let about = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?;
    if !about.is_file() {
        return Err(wrong("not a file".into()));
    }
    if about.len() > LARGEST_FILE {
        let mebibytes = about.len() >> 20;
        return Err(wrong(format!("{mebibytes} MiB; tables may have 64 MiB at most")));
    }
    let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    if bytes.starts_with(b"PK") {
        return Err(wrong("a workbook, not a CSV file; save the sheet as CSV UTF-8".into()));
    }
    String::from_utf8(bytes).map_err(|_| wrong("not UTF-8; save it as CSV UTF-8".into()))
}

/// The text without its byte order mark, and with line ends of one kind: those of Windows and of old Macs are read, too. A
/// first line that tells Excel what separates cells (`sep=;`) is no row, nor does Excel count it as one.
pub(super) fn plain_lines(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let first = text.lines().next().unwrap_or_default();
    let is_for_excel =
        first.strip_prefix("sep=").is_some_and(|sign| SEPARATORS.iter().any(|s| sign == s.to_string()));
    if is_for_excel { text[first.len()..].trim_start_matches('\n').to_string() } else { text }
}

/// The columns that a table must have and those that it may have.
pub(super) struct Columns<'a> {
    /// Required columns.
    pub required: Vec<&'a str>,
    /// Columns that may be left out.
    pub optional: Vec<&'a str>,
}

impl Columns<'_> {
    fn all(&self) -> impl Iterator<Item = &str> {
        self.required.iter().chain(&self.optional).copied()
    }
}

impl Table {
    /// Splits a text into rows; faults of the header and of rows that are too long or too short are added.
    /// Nothing where there is no table at all.
    pub fn read(text: &str, expected: &Columns, faults: &mut Faults) -> Option<Self> {
        let text = plain_lines(text) + "\n";
        let text = text.as_str();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator(text, expected) as u8)
            .trim(csv::Trim::All)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut inside_cells = 0;
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    faults.of_file(&error.to_string());
                    return None;
                }
            }
            // The reader stands behind the row; lines inside cells are no rows of a spreadsheet.
            inside_cells += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
            let number = (reader.position().line() as usize).saturating_sub(1 + inside_cells);
            rows.push(Row { number, cells: record.iter().map(str::to_string).collect() });
        }
        rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
        if rows.is_empty() {
            faults.of_file("the file is empty");
            return None;
        }
        let mut header = rows.remove(0);
        while header.cells.last().is_some_and(String::is_empty) {
            header.cells.pop(); // of a comma too many at the end of every row
        }
        let columns = read_header(&header, expected, faults);
        let width = header.cells.len();
        let is_empty = rows.is_empty();
        // What stands in a row of another width is anybody's guess: it is said once, and not looked at.
        rows.retain_mut(|row| {
            while row.cells.len() > width && row.cells.last().is_some_and(String::is_empty) {
                row.cells.pop();
            }
            let found = row.cells.len();
            if found != width {
                let s = if found == 1 { "" } else { "s" };
                faults.of_row(row.number, &format!("{found} cell{s}, where the header has {width}"));
            }
            found == width
        });
        Some(Self { columns, rows, is_empty })
    }

    /// Whether there is nothing but a header.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Whether the header has a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// Its rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The text of a cell; empty where the column is missing, which the header's faults say.
    pub fn text<'a>(&self, row: &'a Row, column: &str) -> &'a str {
        self.columns.get(column).and_then(|&place| row.cells.get(place)).map_or("", String::as_str)
    }

    /// A text that must not be empty.
    pub fn word(&self, row: &Row, column: &str, faults: &mut Faults) -> String {
        if self.text(row, column).is_empty() && self.has(column) {
            faults.of_cell(row.number, column, "is empty");
        }
        self.name(row, column, faults)
    }

    /// A text that comes back in result tables: nothing that a spreadsheet would run as a formula.
    pub fn name(&self, row: &Row, column: &str, faults: &mut Faults) -> String {
        let text = self.text(row, column);
        if let Some(first) = text.chars().next().filter(|first| FORMULA.contains(first)) {
            let what = format!("\"{text}\" begins with {first}: a spreadsheet would run it as a formula");
            faults.of_cell(row.number, column, &what);
        }
        text.to_string()
    }

    /// A number within limits; the lower limit where it is at fault.
    pub fn number(&self, row: &Row, column: &str, limits: RangeInclusive<f64>, faults: &mut Faults) -> f64 {
        let (low, high) = limits.into_inner();
        if !self.has(column) {
            return low;
        }
        let text = self.text(row, column);
        match text.parse::<f64>().ok().filter(|value| value.is_finite()) {
            Some(value) if (low..=high).contains(&value) => value,
            Some(_) => {
                let what = format!("{text} is outside {} to {}", plain(low), plain(high));
                faults.of_cell(row.number, column, &what);
                low
            }
            None => {
                let hint = how_to_write(text);
                faults.of_cell(row.number, column, &format!("\"{text}\" is not a number{hint}"));
                low
            }
        }
    }
}

/// A limit as people write it.
fn plain(value: f64) -> String {
    if value.abs() >= 1e7 { format!("{value:e}") } else { format!("{value}") }
}

/// How a number with a comma, a space, a currency or a percent sign is written.
fn how_to_write(text: &str) -> String {
    let bare: String = text.chars().filter(|&c| !" '\u{a0}£$€".contains(c)).collect();
    let (without, decimal) = (bare.replace(',', ""), bare.replace(',', "."));
    let groups = bare.split(',').skip(1).all(|group| group.len() == 3);
    let better = if groups { without } else { decimal };
    match better.parse::<f64>() {
        Ok(_) if better != text => format!("; write {better}"),
        _ => String::new(),
    }
}

/// Which sign separates cells: the one that makes the most known columns of the first line, and of those
/// the one that makes the most cells.
fn separator(text: &str, expected: &Columns) -> char {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let worth = |separator: char| {
        let cells = || header.split(separator).map(|cell| cell.trim().trim_matches('"').trim());
        let known = cells().filter(|cell| expected.all().any(|name| name.eq_ignore_ascii_case(cell))).count();
        (known, cells().count())
    };
    let best = SEPARATORS.into_iter().rev().max_by_key(|&separator| worth(separator));
    best.unwrap_or(',')
}

/// Where each column is. Columns that are missing, unknown or doubled are faults.
fn read_header(header: &Row, expected: &Columns, faults: &mut Faults) -> BTreeMap<String, usize> {
    let mut columns = BTreeMap::new();
    for (place, name) in header.cells.iter().enumerate() {
        if name.starts_with(NOTE) {
            continue;
        }
        if expected.all().any(|known| known == name) {
            if columns.insert(name.clone(), place).is_some() {
                faults.of_cell(header.number, name, "there are two of this name");
            }
        } else if name.is_empty() {
            faults.of_row(header.number, &format!("column {} has no name", place + 1));
        } else {
            faults.of_cell(header.number, name, &unknown_column(name, expected));
        }
    }
    let missing: Vec<&str> =
        expected.required.iter().copied().filter(|name| !columns.contains_key(*name)).collect();
    if !missing.is_empty() {
        let what = if missing.len() == 1 { "column is missing" } else { "columns are missing" };
        faults.of_file(&format!("{} {what}: {}", missing.len(), missing.join(", ")));
    }
    columns
}

fn unknown_column(name: &str, expected: &Columns) -> String {
    let otherwise = expected.all().find(|known| known.eq_ignore_ascii_case(name));
    match otherwise.or_else(|| nearest_name(name, expected.all())) {
        Some(near) => format!("there is no such column; did you mean \"{near}\"?"),
        None => format!("there is no such column; a column of your own begins with \"{NOTE}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Columns<'static> {
        Columns { required: vec!["code", "people"], optional: vec!["name"] }
    }

    fn read(text: &str) -> (Option<Table>, Vec<String>) {
        let mut faults = Faults::new("mine.csv");
        let table = Table::read(text, &columns(), &mut faults);
        (table, faults.said())
    }

    #[test]
    fn separators_are_counted() {
        for text in [
            "code,people,name\nA,5,\"x; y; z\"\n",
            "code;people;name\nA;5;x, y\n",
            "name|code|people\nx|A|5\n",
        ] {
            let (table, said) = read(text);
            assert!(said.is_empty(), "{said:?}");
            let table = table.expect("a table");
            assert_eq!(table.text(&table.rows()[0], "people"), "5");
        }
        // A single semicolon in a name does not make it the separator.
        let (_, said) = read("code,people,note_a;b\nA,5,1\n");
        assert!(said.is_empty(), "{said:?}");
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let mut faults = Faults::new("mine.csv");
        let text = "code,people,name\nA,1,\"two\nlines\"\n\nB,2,x\n,,\nC,many,y\n,,,,\n";
        let table = Table::read(text, &columns(), &mut faults).expect("a table");
        let numbers: Vec<usize> = table.rows().iter().map(|row| row.number).collect();
        assert_eq!(numbers, [2, 4, 6]);
        table.number(&table.rows()[2], "people", 0.0..=1e8, &mut faults);
        assert_eq!(faults.said(), ["mine.csv: row 6, column \"people\": \"many\" is not a number"]);
    }

    #[test]
    fn lines_may_end_as_on_old_macs() {
        let mut faults = Faults::new("mine.csv");
        let text = "code,people,name\rA,1,x\rB,many,y\r";
        let table = Table::read(text, &columns(), &mut faults).expect("a table");
        table.rows().iter().for_each(|row| {
            table.number(row, "people", 0.0..=1e8, &mut faults);
        });
        assert_eq!(faults.said(), ["mine.csv: row 3, column \"people\": \"many\" is not a number"]);
    }

    #[test]
    fn a_row_of_another_width_is_one_fault() {
        let mut faults = Faults::new("mine.csv");
        let table = Table::read("code,people,name\nA\n", &columns(), &mut faults).expect("a table");
        assert_eq!(faults.said(), ["mine.csv: row 2: 1 cell, where the header has 3"]);
        assert!(table.rows().is_empty() && !table.is_empty());
    }

    #[test]
    fn every_fault_of_a_header_is_named_once() {
        let (_, said) = read("Code,name,name,peple\nA,1,2,3\nB,1,2,3\n");
        let said = said.join("\n");
        assert!(said.contains("\"Code\": there is no such column; did you mean \"code\"?"), "{said}");
        assert!(said.contains("\"peple\": there is no such column; did you mean \"people\"?"), "{said}");
        assert!(said.contains("there are two of this name"), "{said}");
        assert_eq!(said.matches("2 columns are missing: code, people").count(), 1, "{said}");
        assert!(read("").1[0].contains("the file is empty"));
    }

    #[test]
    fn numbers_are_finite_within_limits_and_written_plainly() {
        let mut faults = Faults::new("mine.csv");
        let text = "code,people\nA,-1\nB,1e308\nC,NaN\nD,\"1,200\"\nE,\"1,5\"\nF,1,2\n";
        let table = Table::read(text, &columns(), &mut faults).expect("a table");
        for row in table.rows() {
            table.number(row, "people", 1.0..=1e8, &mut faults);
        }
        let said = faults.said().join("\n");
        for part in [
            "row 7: 3 cells, where the header has 2",
            "-1 is outside 1 to 1e8",
            "1e308 is outside",
            "\"NaN\" is not a number",
            "\"1,200\" is not a number; write 1200",
            "\"1,5\" is not a number; write 1.5",
        ] {
            assert!(said.contains(part), "{part} is not in\n{said}");
        }
    }
}
