//! From a TOML value to the registry's kind and range, or what is wrong with it.

use super::registry::{Kind, Parameter, Value};
use toml::de::DeValue;

/// Longest piece of a user's text that a message repeats.
const LONGEST_QUOTE: usize = 60;

/// What is wrong with a value, and what to do.
pub(super) type Wrong = (String, Vec<String>);

/// The value as the registry wants it.
pub(super) fn convert(value: &DeValue, parameter: &Parameter) -> Result<Value, Wrong> {
    let wrong = |message: String| (message, vec![allowed(parameter)]);
    match (parameter.kind, value) {
        (Kind::Switch, DeValue::Boolean(on)) => Ok(Value::Switch(*on)),
        (Kind::Text, DeValue::String(text)) => Ok(Value::Text(text.to_string())),
        (Kind::Choice(_), DeValue::String(text)) => choice(text, parameter),
        (Kind::Number { min, max }, DeValue::Integer(_) | DeValue::Float(_)) => {
            number_within(value, min, max).map(Value::Number).map_err(wrong)
        }
        (Kind::Whole { min, max }, DeValue::Integer(_)) => {
            whole_within(value, min, max).map(Value::Whole).map_err(wrong)
        }
        (Kind::Whole { .. }, DeValue::Float(float)) => {
            let typed = clip(float.as_str());
            Err(wrong(format!("{typed} is not a whole number; leave out the decimal point")))
        }
        (Kind::Numbers { min, max }, DeValue::Array(items)) => {
            let numbers: Result<Vec<f64>, String> =
                items.iter().map(|item| number_within(item.get_ref(), min, max)).collect();
            numbers.map(Value::Numbers).map_err(wrong)
        }
        (Kind::Number { .. } | Kind::Whole { .. } | Kind::Switch, DeValue::String(text)) => {
            Err(wrong(no_number(text)))
        }
        (_, other) => Err(wrong(format!("this is {}, not what the key takes", described(other)))),
    }
}

fn choice(text: &str, parameter: &Parameter) -> Result<Value, Wrong> {
    let Kind::Choice(choices) = parameter.kind else { return Ok(Value::Text(text.to_string())) };
    if choices.iter().any(|choice| choice.name == text) {
        return Ok(Value::Text(text.to_string()));
    }
    let typed = clip(text);
    let likeness = |name: &str| strsim::jaro_winkler(&typed, name);
    let near = choices.iter().max_by(|a, b| likeness(a.name).total_cmp(&likeness(b.name)));
    let near = near.filter(|choice| likeness(choice.name) > 0.7);
    let mut hints: Vec<String> =
        near.map(|choice| format!("did you mean \"{}\"?", choice.name)).into_iter().collect();
    hints.push(allowed(parameter));
    Err((format!("\"{typed}\" is not one of the choices"), hints))
}

fn number_within(value: &DeValue, min: f64, max: f64) -> Result<f64, String> {
    let number = real(value)?;
    if number >= min && number <= max {
        Ok(number)
    } else {
        Err(format!("{} is out of range", short(number)))
    }
}

fn whole_within(value: &DeValue, min: i64, max: i64) -> Result<i64, String> {
    let number = whole(value)?;
    if number >= min && number <= max { Ok(number) } else { Err(format!("{number} is out of range")) }
}

/// A whole number that fits 64 bits.
pub(super) fn whole(value: &DeValue) -> Result<i64, String> {
    let integer =
        value.as_integer().ok_or_else(|| format!("this is {}, not a whole number", described(value)))?;
    i64::from_str_radix(integer.as_str(), integer.radix())
        .map_err(|_| format!("{} is too large", clip(integer.as_str())))
}

/// Text where a number or a switch should be: quotes are too many only if what they hold is one.
fn no_number(text: &str) -> String {
    let holds_one = text.trim().parse::<f64>().is_ok() || ["true", "false"].contains(&text.trim());
    let advice = if holds_one { "; leave out the quotes" } else { "" };
    format!("\"{}\" is text{advice}", clip(text))
}

fn real(value: &DeValue) -> Result<f64, String> {
    let number = match value {
        DeValue::Integer(_) => whole(value)? as f64,
        DeValue::Float(float) => {
            float.as_str().parse().map_err(|_| format!("{} is not a number", clip(float.as_str())))?
        }
        DeValue::String(text) => return Err(no_number(text)),
        other => return Err(format!("this is {}, not a number", described(other))),
    };
    match (number, value.as_float().map(|float| clip(float.as_str()))) {
        (number, _) if f64::is_finite(number) => Ok(number),
        (_, Some(typed)) => Err(format!("{typed} is not a number that a simulation can use")),
        (number, None) => Err(format!("{number} is not a number that a simulation can use")),
    }
}

/// A kind of TOML value in plain words.
pub(super) fn described(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a block of keys",
    }
}

/// What a parameter allows, in words.
pub fn allowed(parameter: &Parameter) -> String {
    let unit = if parameter.unit == "none" { String::new() } else { format!(" ({})", parameter.unit) };
    let range = match parameter.kind {
        Kind::Number { min, max } => format!("a number from {} to {}{unit}", short(min), short(max)),
        Kind::Whole { min, max } => format!("a whole number from {min} to {max}{unit}"),
        Kind::Switch => "true or false".to_string(),
        Kind::Text => "text in quotes".to_string(),
        Kind::Numbers { min, max } => {
            format!("a list of numbers from {} to {}{unit}, like [0.5, 0.5]", short(min), short(max))
        }
        Kind::Choice(choices) => {
            let names: Vec<String> = choices.iter().map(|choice| format!("\"{}\"", choice.name)).collect();
            format!("one of {}", names.join(", "))
        }
    };
    format!("{} takes {range}", parameter.key)
}

/// A number without a tail of zeros.
pub fn short(number: f64) -> String {
    if number.abs() >= 1e7 || (number != 0.0 && number.abs() < 1e-4) {
        format!("{number:e}")
    } else {
        format!("{number}")
    }
}

/// A user's text, short enough for a message.
pub(super) fn clip(text: &str) -> String {
    if text.chars().nth(LONGEST_QUOTE).is_none() {
        return text.to_string();
    }
    text.chars().take(LONGEST_QUOTE).chain("...".chars()).collect()
}
