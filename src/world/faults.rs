//! What is wrong with a table, which is then not taken, and what is doubtful about it, which is only said.

use super::WorldError;
use std::collections::BTreeMap;

/// Most faults that are shown.
const SHOWN: usize = 50;
/// Most rows that are named in one doubt.
const NAMED: usize = 5;

/// What is wrong with a table or doubtful about it, collected so that all of it is said at once.
pub(super) struct Faults {
    file: String,
    /// Faults with their rows; 0 for those of the whole file.
    said: Vec<(usize, String)>,
    doubts: Vec<Doubt>,
    /// Where doubts of a kind in a column stand among all.
    kinds: BTreeMap<(String, String), usize>,
}

/// Something doubtful, and the rows in which it is.
struct Doubt {
    column: String,
    /// The first of them, in words.
    first: String,
    rows: Vec<usize>,
}

impl Faults {
    /// No faults in a file yet.
    pub fn new(file: &str) -> Self {
        Self { file: file.to_string(), said: Vec::new(), doubts: Vec::new(), kinds: BTreeMap::new() }
    }

    /// A fault of the whole file.
    pub fn of_file(&mut self, what: &str) {
        self.said.push((0, format!("{}: {what}", self.file)));
    }

    /// A fault of one cell.
    pub fn of_cell(&mut self, row: usize, column: &str, what: &str) {
        self.said.push((row, format!("{}: row {row}, column \"{column}\": {what}", self.file)));
    }

    /// A fault of one row.
    pub fn of_row(&mut self, row: usize, what: &str) {
        self.said.push((row, format!("{}: row {row}: {what}", self.file)));
    }

    /// A doubt about one cell. Those of a kind in one column are said together, in the words of the first.
    pub fn doubt(&mut self, row: usize, column: &str, kind: &str, what: impl FnOnce() -> String) {
        let place = *self.kinds.entry((column.into(), kind.into())).or_insert(self.doubts.len());
        match self.doubts.get_mut(place) {
            Some(doubt) => doubt.rows.push(row),
            None => self.doubts.push(Doubt { column: column.into(), first: what(), rows: vec![row] }),
        }
    }

    /// A doubt about the whole file.
    pub fn doubt_file(&mut self, what: String) {
        self.doubts.push(Doubt { column: String::new(), first: what, rows: Vec::new() });
    }

    /// How many faults there are.
    pub fn count(&self) -> usize {
        self.said.len()
    }

    /// All faults.
    #[cfg(test)]
    pub fn said(&self) -> Vec<String> {
        self.said.iter().map(|(_, said)| said.clone()).collect()
    }

    /// All doubts, in words, from first to last row and then those of the whole file.
    pub fn notes(&self) -> Vec<String> {
        let mut doubts: Vec<&Doubt> = self.doubts.iter().collect();
        doubts.sort_by_key(|doubt| doubt.rows.first().copied().unwrap_or(usize::MAX));
        let shown = doubts.into_iter().take(SHOWN);
        let mut notes: Vec<String> = shown.map(|doubt| doubt.in_words(&self.file)).collect();
        if self.doubts.len() > SHOWN {
            notes.push(format!("{}: ... and {} more", self.file, self.doubts.len() - SHOWN));
        }
        notes
    }

    /// The value, unless there were faults: those of the whole file, and then from first to last row.
    pub fn into_result<T>(mut self, value: T) -> Result<T, WorldError> {
        if self.said.is_empty() {
            return Ok(value);
        }
        self.said.sort_by_key(|(row, _)| *row);
        let more = self.said.len().saturating_sub(SHOWN);
        let shown: Vec<String> = self.said.into_iter().take(SHOWN).map(|(_, said)| said).collect();
        let mut message = shown.join("\n");
        if more > 0 {
            message.push_str(&format!("\n... and {more} more"));
        }
        Err(WorldError(message))
    }
}

impl Doubt {
    fn in_words(&self, file: &str) -> String {
        let Self { column, first, rows, .. } = self;
        let place = match rows.first() {
            None => String::new(),
            Some(row) if column.is_empty() => format!("row {row}: "),
            Some(row) => format!("row {row}, column \"{column}\": "),
        };
        let others: Vec<String> = rows.iter().skip(1).map(ToString::to_string).collect();
        let alike = match others.as_slice() {
            [] => String::new(),
            [row] => format!(" (and row {row})"),
            _ => format!(" (and rows {})", first_few(&others)),
        };
        format!("{file}: {place}{first}{alike}")
    }
}

/// The first of many, for a message.
pub(super) fn first_few(all: &[String]) -> String {
    let (shown, more) = all.split_at(all.len().min(NAMED));
    match (shown, more.len()) {
        ([some @ .., last], 0) if !some.is_empty() => format!("{} and {last}", some.join(", ")),
        (_, 0) => shown.join(", "),
        (_, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_of_a_kind_are_said_together() {
        let mut faults = Faults::new("mine.csv");
        for row in 2..10 {
            faults.doubt(row, "people", "high", || format!("{row} is high"));
        }
        faults.doubt(4, "people", "low", || "low".into());
        faults.doubt_file("odd".into());
        let expected = [
            "mine.csv: row 2, column \"people\": 2 is high (and rows 3, 4, 5, 6, 7 and 2 more)",
            "mine.csv: row 4, column \"people\": low",
            "mine.csv: odd",
        ];
        assert_eq!(faults.notes(), expected);
        assert!(faults.into_result(()).is_ok(), "a doubt is no fault");
    }
}
