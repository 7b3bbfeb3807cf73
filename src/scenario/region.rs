//! A region: points of uncertain parameters in a CSV file, as `[uncertainty]` names it.

use super::closest::closest_keys;
use super::faults::{Errors, Place, Source};
use super::parameters;
use super::registry::{Kind, Parameter};
use super::uncertainty::unfit;
use super::values::{allowed, clip};
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Largest file that is read, in bytes.
const LARGEST_FILE: u64 = 16 << 20;

/// The parameters of the columns and the values of the rows.
pub(super) type Region = (Vec<Parameter>, Vec<Vec<f64>>);

/// Reads a region; `stated` is where the scenario names it.
pub(super) fn read_region(path: &Path, stated: &Place, errors: &mut Errors) -> Option<Region> {
    let source = read_text(path, stated, errors)?;
    let mut lines = lines(&source.text).filter(|line| !source.text[line.clone()].trim().is_empty());
    let Some(header) = lines.next() else {
        errors.add(Place::start(&source), "the region is empty", || vec![HINT.into()]);
        return None;
    };
    let separator = if source.text[header.clone()].contains(';') { ';' } else { ',' };
    let before = errors.count();
    let parameters = columns(&source, header, separator, errors);
    let mut points = Vec::new();
    for line in lines {
        points.extend(point(&source, line, separator, &parameters, errors));
    }
    if points.is_empty() && errors.count() == before {
        errors.add(Place::start(&source), "the region has no points", || vec![HINT.into()]);
    }
    let parameters: Vec<Parameter> = parameters.into_iter().flatten().collect();
    (errors.count() == before).then_some((parameters, points))
}

const HINT: &str = "the first row holds parameter keys, each further row a point";

fn read_text(path: &Path, stated: &Place, errors: &mut Errors) -> Option<Arc<Source>> {
    let name = path.to_string_lossy().into_owned();
    if !path.is_file() {
        let hint = || vec!["name a CSV file in the scenario's folder".into()];
        errors.add(stated.clone(), format!("there is no file \"{}\"", clip(&name)), hint);
        return None;
    }
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        errors.add_unreadable(Place::named(&name), format!("this file cannot be read: {error}"));
        return None;
    }
    if bytes.len() as u64 > LARGEST_FILE {
        errors.add(Place::named(&name), "this file is larger than 16 MiB", || {
            vec!["a few thousand points are plenty".into()]
        });
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            // Line ends of old Macs are read, too.
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            Some(Source::new(name, text.strip_prefix('\u{feff}').unwrap_or(&text)))
        }
        Err(_) => {
            errors.add(Place::named(&name), "this file is not in UTF-8", || {
                vec!["save it as CSV UTF-8".into()]
            });
            None
        }
    }
}

/// Byte ranges of lines, without their ends.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let start = text.as_ptr() as usize;
    text.lines().map(move |line| {
        let at = line.as_ptr() as usize - start;
        at..at + line.len()
    })
}

/// Byte ranges of cells, without spaces and quotes.
fn cells(text: &str, line: Range<usize>, separator: char) -> Vec<Range<usize>> {
    let mut start = line.start;
    let pieces = text[line].split(separator).map(|cell| {
        let bare = cell.trim_matches(|character: char| character.is_whitespace() || character == '"');
        let from = start + cell.find(bare).unwrap_or(0);
        start += cell.len() + separator.len_utf8();
        from..from + bare.len()
    });
    pieces.collect()
}

fn columns(
    source: &Arc<Source>,
    header: Range<usize>,
    separator: char,
    errors: &mut Errors,
) -> Vec<Option<Parameter>> {
    let all = parameters::all();
    let mut seen: Vec<&'static str> = Vec::new();
    let mut column = |cell: Range<usize>| {
        let place = Place::new(source, cell.clone());
        let name = &source.text[cell];
        let Some(parameter) = all.iter().find(|parameter| parameter.key == name) else {
            let message = format!("there is no parameter \"{}\"", clip(name));
            errors.add(place, message, || closest_keys(name, &all, None));
            return None;
        };
        if let Some((message, hint)) = unfit(parameter) {
            errors.add(place, message, || vec![hint]);
            return None;
        }
        if seen.contains(&parameter.key) {
            errors.add(place, format!("{name} has two columns"), Vec::new);
            return None;
        }
        seen.push(parameter.key);
        Some(parameter.clone())
    };
    cells(&source.text, header, separator).into_iter().map(&mut column).collect()
}

fn point(
    source: &Arc<Source>,
    line: Range<usize>,
    separator: char,
    parameters: &[Option<Parameter>],
    errors: &mut Errors,
) -> Option<Vec<f64>> {
    let cells = cells(&source.text, line.clone(), separator);
    if cells.len() != parameters.len() {
        let s = if cells.len() == 1 { "" } else { "s" };
        let message = format!("{} cell{s}, where the header has {}", cells.len(), parameters.len());
        errors.add(Place::new(source, line), message, Vec::new);
        return None;
    }
    let mut value = |(cell, parameter): (Range<usize>, &Option<Parameter>)| {
        let parameter = parameter.as_ref()?;
        let typed = &source.text[cell.clone()];
        match fitting(typed, parameter) {
            Ok(value) => Some(value),
            Err(message) => {
                errors.add(Place::new(source, cell), message, || vec![allowed(parameter)]);
                None
            }
        }
    };
    let values: Vec<Option<f64>> = cells.into_iter().zip(parameters).map(&mut value).collect();
    values.into_iter().collect()
}

fn fitting(typed: &str, parameter: &Parameter) -> Result<f64, String> {
    let number: f64 = typed.parse().map_err(|_| format!("\"{}\" is not a number", clip(typed)))?;
    let (min, max) = match parameter.kind {
        Kind::Whole { min, max } if number.fract() == 0.0 => (min as f64, max as f64),
        Kind::Whole { .. } => return Err(format!("{} is not a whole number", clip(typed))),
        Kind::Number { min, max } => (min, max),
        _ => return Err(format!("{} is not a number", parameter.key)),
    };
    if number >= min && number <= max { Ok(number) } else { Err(format!("{} is out of range", clip(typed))) }
}
