//! Fuzzers: spoilt files and tables through the library, and rounds played at the ends of ranges.
//!
//! `cargo test --profile fuzz --test fuzz -- files 1000 tables 1000 extremes 100 seed 1` runs so many cases of each
//! part; a failed case is its seed: `files 1 seed 123`. Without a part it runs a few cases of each.

mod extremes;
mod files;
mod luck;
mod rounds;
mod spoil;
mod tables;
mod watch;
mod worlds;

use std::process::ExitCode;

/// A part: its name, how many cases it runs unasked, and what runs them.
type Part = (&'static str, usize, fn(usize, u64) -> bool);

const PARTS: [Part; 3] =
    [("files", 500, files::fuzz), ("tables", 100, tables::fuzz), ("extremes", 20, extremes::fuzz)];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let place = words.iter().position(|word| word == name)?;
        Some(words.get(place + 1).and_then(|number| number.parse::<u64>().ok()).expect("a number of cases"))
    };
    let seed = number("seed").unwrap_or(1);
    let asked_for = PARTS.iter().any(|&(name, ..)| number(name).is_some());
    if !asked_for && words.iter().any(|word| !word.starts_with("--")) {
        return ExitCode::SUCCESS; // `cargo test NAME` asks for a test of another name
    }
    let mut sound = true;
    for (name, unasked, fuzz) in PARTS {
        let cases = if asked_for { number(name).unwrap_or(0) as usize } else { unasked };
        sound &= cases == 0 || fuzz(cases, seed);
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
