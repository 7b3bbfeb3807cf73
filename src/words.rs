//! Words about numbers.

use std::fmt::Display;

/// A count of things, named by the word for one of them: "1 charity", "2 charities", "12,000 lots".
pub fn counted(count: impl Display, one: &str) -> String {
    let count = count.to_string();
    let is_one = count == "1";
    match one.strip_suffix('y') {
        _ if is_one => format!("{count} {one}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{count} {stem}ies"),
        _ => format!("{count} {one}s"),
    }
}

/// A time in the unit that suits its length: "12 s", "5 minutes", "3.2 hours", "256 days".
pub fn lasting(seconds: f64) -> String {
    match seconds {
        ..120.0 => format!("{seconds:.0} s"),
        ..7_200.0 => format!("{:.0} minutes", seconds / 60.0),
        ..172_800.0 => format!("{:.1} hours", seconds / 3_600.0),
        _ => format!("{:.0} days", seconds / 86_400.0),
    }
}

/// Bytes in the unit that suits their number: "12 MB", "3.4 GB", "8.4 TB".
pub fn bytes(bytes: f64) -> String {
    match bytes / 1e6 {
        mb @ ..1e3 => format!("{mb:.0} MB"),
        mb @ ..1e6 => format!("{:.1} GB", mb / 1e3),
        mb => format!("{:.1} TB", mb / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, counted, lasting};

    #[test]
    fn one_is_one_and_all_else_is_many() {
        assert_eq!(
            [counted(1, "charity"), counted(0, "charity"), counted(2, "day")],
            ["1 charity", "0 charities", "2 days"]
        );
        assert_eq!([counted(1.0, "area"), counted("12,000", "rule set")], ["1 area", "12,000 rule sets"]);
    }

    #[test]
    fn long_times_and_large_files_are_told_in_larger_units() {
        assert_eq!(
            [9.0, 600.0, 9_000.0, 22_128_945.0].map(lasting),
            ["9 s", "10 minutes", "2.5 hours", "256 days"]
        );
        assert_eq!([2e6, 1.5e9, 8.401_09e12].map(bytes), ["2 MB", "1.5 GB", "8.4 TB"]);
    }
}
