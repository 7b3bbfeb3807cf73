//! Values that are tried: `--vary key=a,b,c` and `--vary key=lo..hi:n`.

use super::closest::closest_keys;
use super::command_line::set_value;
use super::faults::{Errors, Place, Source};
use super::parameters;
use super::registry::{Kind, Parameter, Value};
use super::values::{allowed, clip};
use super::write::toml_value;

/// A key with the values that are tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// The key.
    pub key: &'static str,
    /// Its values.
    pub values: Varied,
    /// Where it is stated.
    pub place: Place,
}

/// Values that are tried.
#[derive(Clone, Debug, PartialEq)]
pub enum Varied {
    /// Some values, without order.
    Listed(Vec<Value>),
    /// A range.
    Range {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
        /// Steps of a grid, where stated.
        steps: Option<usize>,
        /// Whether values are whole numbers.
        whole: bool,
    },
}

impl Vary {
    /// The value at a share of the way through: all listed values, and all whole numbers, are as likely.
    pub fn at(&self, unit: f64) -> Value {
        match &self.values {
            Varied::Listed(values) => {
                values[((unit * values.len() as f64) as usize).min(values.len() - 1)].clone()
            }
            Varied::Range { low, high, whole: true, .. } => {
                Value::Whole((low + libm::floor(unit * (high - low + 1.0))).min(*high) as i64)
            }
            Varied::Range { low, high, .. } => Value::Number(low + unit * (high - low)),
        }
    }

    /// The values of a grid: those listed, or steps from one end of a range to the other; none for a range
    /// without steps.
    pub fn levels(&self) -> Option<Vec<Value>> {
        match &self.values {
            Varied::Listed(values) => Some(values.clone()),
            Varied::Range { low, high, steps, whole } => {
                let steps = (*steps)?;
                let number = |step: usize| match steps {
                    1 => 0.5 * (low + high),
                    _ => low + (high - low) * step as f64 / (steps - 1) as f64,
                };
                let value = |number: f64| {
                    if *whole { Value::Whole(libm::round(number) as i64) } else { Value::Number(number) }
                };
                let mut levels: Vec<Value> = (0..steps).map(|step| value(number(step))).collect();
                levels.dedup();
                Some(levels)
            }
        }
    }

    /// How many values a grid has, before any is made; nothing for a range without steps.
    pub fn count(&self) -> Option<u64> {
        match &self.values {
            Varied::Listed(values) => Some(values.len() as u64),
            Varied::Range { low, high, steps, whole } => {
                let most = if *whole { (high - low) as u64 + 1 } else { u64::MAX };
                Some(((*steps)? as u64).min(most))
            }
        }
    }

    /// How many values are listed; nothing for a range.
    pub fn categories(&self) -> Option<usize> {
        match &self.values {
            Varied::Listed(values) => Some(values.len()),
            Varied::Range { .. } => None,
        }
    }
}

/// The text of `--set` that gives a key a value.
pub fn set_text(key: &str, value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{key}={text}"),
        other => format!("{key}={}", toml_value(other)),
    }
}

/// The texts of `--set` that give keys the values of a point.
pub fn set_texts(keys: &[&'static str], point: &[Value]) -> Vec<String> {
    keys.iter().zip(point).map(|(key, value)| set_text(key, value)).collect()
}

/// Reads the texts of `--vary` options; all mistakes at once.
pub fn parse_vary(arguments: &[String]) -> Result<Vec<Vary>, Errors> {
    let mut errors = Errors::default();
    let mut varied: Vec<Vary> = Vec::new();
    for (row, argument) in arguments.iter().enumerate() {
        let Some(vary) = parse_one(row + 1, argument, &mut errors) else { continue };
        if varied.iter().any(|other| other.key == vary.key) {
            let source = Source::new(format!("--vary #{}", row + 1), argument);
            let place = Place::new(&source, 0..vary.key.len());
            errors.add(place, format!("{} is varied twice", vary.key), Vec::new);
        }
        varied.push(vary);
    }
    errors.into_result(varied)
}

fn parse_one(number: usize, argument: &str, errors: &mut Errors) -> Option<Vary> {
    let source = Source::new(format!("--vary #{number}"), argument);
    let Some((key, typed)) = argument.split_once('=') else {
        let hint = || vec!["write --vary rules.notice_weeks=2,6,12 or =2..12:6".into()];
        errors.add(Place::new(&source, 0..argument.len()), "there is no = in it", hint);
        return None;
    };
    let all = parameters::all();
    let name = key.trim();
    let Some(parameter) = all.iter().find(|parameter| parameter.key == name) else {
        let message = format!("there is no parameter \"{}\"", clip(name));
        errors.add(Place::new(&source, 0..key.len()), message, || closest_keys(name, &all, None));
        return None;
    };
    if let Some((why, hint)) = fixed(parameter) {
        let message = format!("{name} {why}");
        errors.add(Place::new(&source, 0..key.len()), message, || vec![hint]);
        return None;
    }
    let start = key.len() + 1;
    let place = Place::new(&source, 0..key.len());
    let mut wrong = |span: std::ops::Range<usize>, message: String, hints: Vec<String>| {
        errors.add(Place::new(&source, span), message, || hints);
    };
    let number_kind = matches!(parameter.kind, Kind::Number { .. } | Kind::Whole { .. });
    if let Some((low, rest)) = typed.split_once("..").filter(|_| number_kind) {
        let (high, steps) = rest.split_once(':').map_or((rest, None), |(high, steps)| (high, Some(steps)));
        let mut end = |text: &str| match set_value(text.trim(), parameter) {
            Ok(Value::Number(number)) => Some(number),
            Ok(Value::Whole(whole)) => Some(whole as f64),
            Ok(_) => None,
            Err((message, hints)) => {
                wrong(start..argument.len(), message, hints);
                None
            }
        };
        let (low, high) = (end(low), end(high));
        let (low, high) = (low?, high?);
        let steps = match steps.map(|steps| steps.trim().parse::<usize>()) {
            None => None,
            Some(Ok(steps @ 1..=100_000)) => Some(steps),
            Some(_) => {
                let hint = format!("write --vary {name}=lo..hi:n with n from 1 to 100000");
                wrong(start..argument.len(), "the number of steps is not known".into(), vec![hint]);
                return None;
            }
        };
        if low >= high {
            wrong(start..argument.len(), "the range is empty".into(), vec![allowed(parameter)]);
            return None;
        }
        let whole = matches!(parameter.kind, Kind::Whole { .. });
        return Some(Vary { key: parameter.key, values: Varied::Range { low, high, steps, whole }, place });
    }
    let mut values = Vec::new();
    let mut right = true;
    for (from, item) in items(typed) {
        match set_value(item.trim(), parameter) {
            Ok(value) if values.contains(&value) => {
                right = false;
                let message = format!("{} is listed twice", clip(item.trim()));
                wrong(
                    start + from..start + from + item.len(),
                    message,
                    vec!["leave one of the two out".into()],
                );
            }
            Ok(value) => values.push(value),
            Err((message, hints)) => {
                right = false;
                wrong(start + from..start + from + item.len(), message, hints);
            }
        }
    }
    right.then_some(Vary { key: parameter.key, values: Varied::Listed(values), place })
}

/// Why a key is the same at all points of a study, with what to do, where it is.
fn fixed(parameter: &Parameter) -> Option<(&'static str, String)> {
    match (parameter.key, parameter.block()) {
        ("run.replicates", _) => Some((
            "is the same at all points: means of more replicates would pass for an effect",
            "write --replicates 20".into(),
        )),
        ("run.seed", _) => Some((
            "is the same at all points, so that they differ by what is varied alone",
            "more luck is more replicates: write --replicates 20; or --seed 2 for another study".into(),
        )),
        (key, "output") => Some((
            "says what is written and changes no result",
            format!("write --set {key}={}", toml_value(&(parameter.default)())),
        )),
        _ => None,
    }
}

/// Pieces between commas, with their first byte; commas inside brackets and quotes do not count.
fn items(text: &str) -> Vec<(usize, &str)> {
    let (mut pieces, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_i32, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '[') => depth += 1,
            (None, ']') => depth -= 1,
            (None, ',') if depth == 0 => {
                pieces.push((start, &text[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push((start, &text[start..]));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Vary {
        parse_vary(&[text.to_string()]).unwrap_or_else(|errors| panic!("{errors}")).remove(0)
    }

    #[test]
    fn lists_and_ranges() {
        let whole = one("world.areas=2..10:5");
        let levels: Vec<Value> = [2, 4, 6, 8, 10].map(Value::Whole).to_vec();
        assert_eq!(whole.levels(), Some(levels));
        assert_eq!((whole.at(0.0), whole.at(0.999)), (Value::Whole(2), Value::Whole(10)));
        let real = one("market.attrition=0.1..0.3");
        assert_eq!((real.levels(), real.at(0.5)), (None, Value::Number(0.2)));
        let words = one("rules.formula=lowest-price, \"absolute-linear\"");
        assert_eq!(words.categories(), Some(2));
        assert_eq!(set_text(words.key, &words.at(0.7)), "rules.formula=absolute-linear");
        let lists = one("world.complexity_shares=[1, 0, 0, 0],[0.5, 0.5, 0, 0]");
        assert_eq!(lists.categories(), Some(2));
        assert_eq!([whole.count(), real.count(), words.count()], [Some(5), None, Some(2)]);
        assert_eq!(one("world.areas=2..4:100").count(), Some(3));
        assert_eq!(one("rules.notice_weeks=2,6").levels().map(|levels| levels.len()), Some(2));
    }

    #[test]
    fn mistakes_are_told_together() {
        let arguments = [
            "rules.notice_week=1",
            "rules.notice_weeks=1,900",
            "market.attrition=0.3..0.1",
            "x",
            "rules.lot_cap=1,2, 2",
        ];
        let errors = parse_vary(&arguments.map(String::from)).expect_err("five mistakes").to_string();
        for expected in [
            "--vary #1",
            "did you mean \"rules.notice_weeks\"?",
            "900 is out of range",
            "the range is empty",
            "there is no =",
            "2 is listed twice",
        ] {
            assert!(errors.contains(expected), "{expected}\n{errors}");
        }
    }
}
