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

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_one_and_all_else_is_many() {
        assert_eq!(
            [counted(1, "charity"), counted(0, "charity"), counted(2, "day")],
            ["1 charity", "0 charities", "2 days"]
        );
        assert_eq!([counted(1.0, "area"), counted("12,000", "rule set")], ["1 area", "12,000 rule sets"]);
    }
}
