//! Values from `--set key=value`, which beat those of files.

use super::closest::closest_keys;
use super::document::Stated;
use super::faults::{Errors, Place, Source};
use super::parameters;
use super::registry::{Kind, Parameter, Value};
use super::values::{Wrong, allowed, clip, convert, short};
use std::ops::Range;
use toml::de::DeValue;

/// Flags that stand for a `--set` of a key; their text is `--flag=value`.
const FLAGS: [(&str, &str); 2] = [("--replicates", "run.replicates"), ("--seed", "run.seed")];

/// Parses `key=value` from the command line. Text need not be quoted.
pub(super) fn parse_set(number: usize, argument: &str, errors: &mut Errors) -> Option<Stated> {
    let flag = FLAGS.iter().find(|(flag, _)| argument.split_once('=').is_some_and(|(key, _)| key == *flag));
    let source = match flag {
        Some((flag, _)) => Source::new(*flag, argument),
        None => Source::new(format!("--set #{number}"), argument),
    };
    let place = |span: Range<usize>| Place::new(&source, span);
    let Some((key, typed)) = argument.split_once('=') else {
        let hint = || vec!["write --set rules.weight_price=0.5".into()];
        errors.add(place(0..argument.len()), "there is no = in it", hint);
        return None;
    };
    let all = parameters::all();
    let name = flag.map_or(key.trim(), |(_, key)| key);
    let Some(parameter) = all.iter().find(|parameter| parameter.key == name) else {
        let message = format!("there is no parameter \"{}\"", clip(name));
        errors.add(place(0..key.len()), message, || closest_keys(name, &all, None));
        return None;
    };
    let start = key.len() + 1;
    let place = place(start..argument.len());
    match set_value(typed.trim(), parameter) {
        Ok(value) => Some(Stated { key: parameter.key, value, place }),
        Err((message, hints)) => {
            errors.add(place, message, || hints);
            None
        }
    }
}

/// Refuses two values of one key. What cannot be understood has an error of its own elsewhere.
pub fn refuse_twice(sets: &[String], errors: &mut Errors) {
    let mut typed: Vec<Stated> = Vec::new();
    for (row, set) in sets.iter().enumerate() {
        let Some(stated) = parse_set(row + 1, set, &mut Errors::default()) else { continue };
        let is_other = |typed: &&Stated| typed.key == stated.key && typed.value != stated.value;
        if let Some(other) = typed.iter().find(is_other) {
            let message = format!("{} has another value in {}", stated.key, on_line(&other.place));
            errors.add(stated.place.clone(), message, || vec!["leave one of the two out".into()]);
        }
        typed.push(stated);
    }
}

/// A place on the command line in words: `--set #2` with what it says, or `--replicates=4`.
pub(super) fn on_line(place: &Place) -> String {
    let Source { name, text } = &*place.source;
    if text.starts_with(name.as_str()) { text.clone() } else { format!("{name} ({text})") }
}

/// The value that a text on the command line stands for; text need not be quoted.
pub(super) fn set_value(typed: &str, parameter: &Parameter) -> Result<Value, Wrong> {
    if matches!(parameter.kind, Kind::Text | Kind::Choice(_)) {
        return convert(&DeValue::String(unquoted(typed).into()), parameter);
    }
    match DeValue::parse(typed) {
        Ok(value) => convert(value.get_ref(), parameter),
        Err(_) => {
            let number = typed.parse::<f64>().ok().filter(|number| number.is_finite());
            let hint = number.map(|number| format!("write {}", short(number)));
            let hints = hint.into_iter().chain([allowed(parameter)]).collect();
            Err((format!("\"{}\" is not a value", clip(typed)), hints))
        }
    }
}

fn unquoted(typed: &str) -> &str {
    let inside = |quote: char| typed.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(typed)
}
