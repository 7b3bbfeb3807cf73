//! Ways of spoiling a text.

use super::luck::Luck;

/// Values that someone may type, paste or compute, and some that nobody should.
const VALUES: [&str; 44] = [
    "0",
    "-0.0",
    "1",
    "-1",
    "0.5",
    "1e308",
    "-1e308",
    "1.7976931348623157e308",
    "1e309",
    "5e-324",
    "1e-9",
    "nan",
    "-nan",
    "inf",
    "-inf",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
    "4294967295",
    "4294967296",
    "0x7fffffffffffffff",
    "1_000_000",
    "1__0",
    "true",
    "false",
    "\"\"",
    "\"england\"",
    "\"any\"",
    "'''",
    "\"\"\"",
    "[]",
    "[[]]",
    "[1, 2, 3]",
    "[nan, inf]",
    "[0.4, 0.3, 0.2, 0.1]",
    "{}",
    "{ a = 1 }",
    "1979-05-27T07:32:00Z",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"../../x.csv\"",
    "\"é\u{202e}\u{0}\"",
    "12%",
    "£1,000",
];
/// Pieces of syntax, and signs that are awkward to show.
const PIECES: [&str; 30] = [
    "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\"", "'", "#", "\\", "\n", "\r\n", "\r", "\t", "\u{0}",
    "\u{feff}", "\u{85}", "\u{2028}", "\u{202e}", "é", "e\u{301}", "😀", "\u{fdd0}", ";", "|", "[reform]",
    "[[menu]]",
];

/// Spoils a text once. `other` is a text to take lines and values from.
pub fn spoil(text: &mut Vec<u8>, other: &[u8], luck: &mut Luck) {
    match luck.below(14) {
        0 => flip(text, luck),
        1 => insert(text, luck.pick(&PIECES).as_bytes(), luck),
        2 => {
            let at = luck.below(text.len() + 1);
            text.truncate(at);
        }
        3 => splice(text, other, luck),
        4 => nest(text, luck),
        5 => {
            let many = luck.pick(&PIECES).repeat(1 + luck.below(3_000));
            insert(text, many.as_bytes(), luck);
        }
        6..=8 => lines(text, other, luck),
        9 => swap_words(text, luck),
        _ => value(text, other, luck),
    }
}

fn flip(text: &mut [u8], luck: &mut Luck) {
    if !text.is_empty() {
        let at = luck.below(text.len());
        text[at] ^= 1 << luck.below(8);
    }
}

fn insert(text: &mut Vec<u8>, piece: &[u8], luck: &mut Luck) {
    let at = luck.below(text.len() + 1);
    text.splice(at..at, piece.iter().copied());
}

/// Puts a stretch of another text in place of a stretch of this one.
fn splice(text: &mut Vec<u8>, other: &[u8], luck: &mut Luck) {
    let mut stretch = |length: usize| {
        let (a, b) = (luck.below(length + 1), luck.below(length + 1));
        a.min(b)..a.max(b)
    };
    let (here, there) = (stretch(text.len()), stretch(other.len()));
    text.splice(here, other[there].iter().copied());
}

/// Brackets inside brackets, up to very deep.
fn nest(text: &mut Vec<u8>, luck: &mut Luck) {
    let depth = 1 << luck.below(15);
    let (open, close) = *luck.pick(&[("[", "]"), ("{a=", "}"), ("a.", ""), ("[[", "]]")]);
    let piece = format!("\ndeep = {}1{}\n", open.repeat(depth), close.repeat(depth));
    let piece = if open == "a." { format!("\n{}b = 1\n", "a.".repeat(depth)) } else { piece };
    insert(text, piece.as_bytes(), luck);
}

/// Drops, doubles, moves or borrows whole lines.
fn lines(text: &mut Vec<u8>, other: &[u8], luck: &mut Luck) {
    let mut rows: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
    let others: Vec<&[u8]> = other.split(|&byte| byte == b'\n').collect();
    let at = luck.below(rows.len());
    match luck.below(4) {
        0 => drop(rows.remove(at)),
        1 => rows.insert(at, rows[at]),
        2 => {
            let to = luck.below(rows.len());
            rows.swap(at, to);
        }
        _ => rows.insert(at, others[luck.below(others.len())]),
    }
    *text = rows.join(&b'\n');
}

/// Stretches of a text between separators.
fn words(text: &[u8]) -> Vec<std::ops::Range<usize>> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte) || byte >= 128;
    let mut found = Vec::new();
    let mut start = None;
    for (at, &byte) in text.iter().chain(b"\n").enumerate() {
        match (start, is_word(byte)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn swap_words(text: &mut Vec<u8>, luck: &mut Luck) {
    let found = words(text);
    if found.len() < 2 {
        return;
    }
    let (a, b) = (luck.pick(&found).clone(), luck.pick(&found).clone());
    let word = text[a].to_vec();
    text.splice(b, word);
}

/// Gives a word another value: an awkward one, or one of another key.
fn value(text: &mut Vec<u8>, other: &[u8], luck: &mut Luck) {
    let found = words(text);
    if found.is_empty() {
        return;
    }
    let place = luck.pick(&found).clone();
    let of_others = words(other);
    if luck.once_in(3) && !of_others.is_empty() {
        let word = luck.pick(&of_others).clone();
        text.splice(place, other[word].iter().copied());
    } else {
        text.splice(place, luck.pick(&VALUES).bytes());
    }
}
