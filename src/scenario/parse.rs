//! From TOML text to stated values: keys, types and ranges, checked against the registry.

use super::faults::{Errors, Source};
use super::parameters;
use super::registry::{Kind, Parameter, Value};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Blocks that hold parameters.
pub const BLOCKS: [&str; 7] = ["world", "population", "market", "rules", "behaviour", "run", "output"];
/// Keys beside the blocks.
const TOP_LEVEL: [&str; 5] = ["version", "name", "question", "extends", "reform"];
/// Keys of a rule file beside `rules`.
const RULE_FILE: [&str; 5] = ["version", "name", "description", "source", "date"];
/// Deepest nesting of brackets that is read.
const DEEPEST: usize = 60;

/// A value that a text states, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// Key in the registry.
    pub key: &'static str,
    /// Value of the right kind and in range.
    pub value: Value,
    /// Where.
    pub source: Source,
    /// Bytes of the value.
    pub span: Range<usize>,
}

/// A `[[reform]]` as stated.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedReform {
    /// First round.
    pub from_round: u32,
    /// Where it stands.
    pub place: (Source, Range<usize>),
    /// Areas or regions.
    pub areas: Vec<String>,
    /// Changes.
    pub changes: Vec<Stated>,
}

/// What one text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// `name`, `question`, `description`, `source`, `date`, `extends`, where stated.
    pub texts: Vec<(String, String, Range<usize>)>,
    /// Parameters.
    pub stated: Vec<Stated>,
    /// Reforms.
    pub reforms: Vec<StatedReform>,
    /// Blocks in which a key was not understood: their cross-checks would only confuse.
    pub doubtful: Vec<String>,
}

impl Document {
    /// A stated text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.texts.iter().find(|(name, _, _)| name == key).map(|(_, text, _)| text.as_str())
    }
}

/// Whether a text is a scenario or a rule file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A scenario.
    Scenario,
    /// A rule file: `name`, `description` and `[rules]` alone.
    Rules,
}

/// Reads a text; every fault goes to `errors`.
pub fn parse(source: &Source, role: Role, errors: &mut Errors) -> Document {
    let mut reader =
        Reader { source, role, parameters: parameters::all(), errors, document: Document::default() };
    reader.read();
    reader.document
}

/// Parses `key=value` from the command line. Text need not be quoted.
pub fn parse_set(argument: &str, errors: &mut Errors) -> Option<Stated> {
    let source = Source { name: format!("--set {argument}"), text: argument.to_string() };
    let Some((key, typed)) = argument.split_once('=') else {
        let hint = "write --set rules.weight_price=0.5".to_string();
        errors.at(&source, 0..argument.len(), "there is no = in it".into(), vec![hint]);
        return None;
    };
    let all = parameters::all();
    let name = key.trim();
    let Some(parameter) = all.iter().find(|parameter| parameter.key == name) else {
        let hints = closest_keys(name, &all, None);
        errors.at(&source, 0..key.len(), format!("there is no parameter \"{name}\""), hints);
        return None;
    };
    let start = key.len() + 1;
    let quoted = match parameter.kind {
        Kind::Text | Kind::Choice(_) => format!("v = {}", quote(typed.trim().trim_matches(['"', '\'']))),
        _ => format!("v = {}", typed.trim()),
    };
    let (table, faults) = DeTable::parse_recoverable(&quoted);
    let parsed = table.get_ref().iter().next().map(|(_, value)| value.get_ref());
    let span = start..argument.len();
    let stated = parsed.filter(|_| faults.is_empty()).map_or_else(
        || Err((format!("\"{}\" is not a value", typed.trim()), allowed(parameter))),
        |value| convert(value, parameter),
    );
    match stated {
        Ok(value) => Some(Stated { key: parameter.key, value, source, span }),
        Err((message, hints)) => {
            errors.at(&source, span, message, hints);
            None
        }
    }
}

fn quote(text: &str) -> String {
    serde_json::Value::String(text.to_string()).to_string()
}

/// The registry's keys nearest to what was typed, as hints.
pub fn closest_keys(typed: &str, all: &[Parameter], block: Option<&str>) -> Vec<String> {
    let words = |text: &str| {
        let mut words: Vec<String> = text.split(['_', '.', '-']).map(str::to_lowercase).collect();
        words.sort();
        words.join("_")
    };
    let name = typed.rsplit('.').next().unwrap_or(typed);
    let score = |parameter: &Parameter| {
        let direct = strsim::jaro_winkler(&name.to_lowercase(), parameter.name());
        let reordered = strsim::jaro_winkler(&words(name), &words(parameter.name()));
        let whole = strsim::jaro_winkler(typed, parameter.key);
        let at_home = if block.is_some_and(|block| block == parameter.block()) { 0.03 } else { 0.0 };
        direct.max(reordered).max(if typed.contains('.') { whole } else { 0.0 }) + at_home
    };
    let best = all.iter().map(|parameter| (score(parameter), parameter)).max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((score, parameter)) if score > 0.78 => {
            let mut hints = vec![format!("did you mean \"{}\"? {}", parameter.key, parameter.meaning)];
            hints.extend(allowed(parameter));
            hints
        }
        _ => vec!["`rebalance explain KEY` describes a key; `rebalance new NAME` writes all of them".into()],
    }
}

/// What a parameter allows, in words.
pub fn allowed(parameter: &Parameter) -> Vec<String> {
    let unit = if parameter.unit == "none" { String::new() } else { format!(", in {}", parameter.unit) };
    let range = match parameter.kind {
        Kind::Number { min, max } => format!("a number from {} to {}{unit}", short(min), short(max)),
        Kind::Whole { min, max } => format!("a whole number from {min} to {max}{unit}"),
        Kind::Switch => "true or false".to_string(),
        Kind::Text => format!("text in quotes{unit}"),
        Kind::Numbers { min, max } => {
            format!("a list of numbers from {} to {}{unit}, like [0.5, 0.5]", short(min), short(max))
        }
        Kind::Choice(choices) => {
            let names: Vec<String> = choices.iter().map(|choice| format!("\"{}\"", choice.name)).collect();
            format!("one of {}", names.join(", "))
        }
    };
    vec![format!("{} takes {range}", parameter.key)]
}

/// A number without a tail of zeros.
pub fn short(number: f64) -> String {
    if number.abs() >= 1e7 || (number != 0.0 && number.abs() < 1e-4) {
        format!("{number:e}")
    } else {
        format!("{number}")
    }
}

/// The value as the registry wants it, or what is wrong with it.
fn convert(value: &DeValue, parameter: &Parameter) -> Result<Value, (String, Vec<String>)> {
    let wrong = |message: String| Err((message, allowed(parameter)));
    match (parameter.kind, value) {
        (Kind::Switch, DeValue::Boolean(on)) => Ok(Value::Switch(*on)),
        (Kind::Text, DeValue::String(text)) => Ok(Value::Text(text.to_string())),
        (Kind::Choice(choices), DeValue::String(text)) => {
            if choices.iter().any(|choice| choice.name == text.as_ref()) {
                return Ok(Value::Text(text.to_string()));
            }
            let near = choices
                .iter()
                .max_by(|a, b| strsim::jaro(text, a.name).total_cmp(&strsim::jaro(text, b.name)))
                .filter(|choice| strsim::jaro(text, choice.name) > 0.6);
            let mut hints = allowed(parameter);
            if let Some(near) = near {
                hints.insert(0, format!("did you mean \"{}\"?", near.name));
            }
            Err((format!("\"{text}\" is not one of the choices"), hints))
        }
        (Kind::Number { min, max }, DeValue::Integer(_) | DeValue::Float(_)) => {
            let number = real(value).map_err(|message| (message, allowed(parameter)))?;
            if number >= min && number <= max {
                Ok(Value::Number(number))
            } else {
                wrong(format!("{} is out of range", short(number)))
            }
        }
        (Kind::Whole { min, max }, DeValue::Integer(_)) => {
            let whole = whole(value).map_err(|message| (message, allowed(parameter)))?;
            if whole >= min && whole <= max {
                Ok(Value::Whole(whole))
            } else {
                wrong(format!("{whole} is out of range"))
            }
        }
        (Kind::Whole { .. }, DeValue::Float(float)) => {
            wrong(format!("{} is not a whole number; leave out the decimal point", float.as_str()))
        }
        (Kind::Numbers { min, max }, DeValue::Array(items)) => {
            let mut numbers = Vec::with_capacity(items.len());
            for item in items.iter() {
                let number = real(item.get_ref()).map_err(|message| (message, allowed(parameter)))?;
                if number < min || number > max {
                    return wrong(format!("{} is out of range", short(number)));
                }
                numbers.push(number);
            }
            Ok(Value::Numbers(numbers))
        }
        (Kind::Number { .. } | Kind::Whole { .. } | Kind::Switch, DeValue::String(text)) => {
            wrong(format!("\"{text}\" is text; leave out the quotes"))
        }
        (_, other) => wrong(format!("this is {}, not what the key takes", article(other.type_str()))),
    }
}

fn article(kind: &str) -> String {
    if kind.starts_with(['a', 'e', 'i', 'o']) { format!("an {kind}") } else { format!("a {kind}") }
}

fn whole(value: &DeValue) -> Result<i64, String> {
    let integer = value.as_integer().ok_or("not a whole number")?;
    i64::from_str_radix(integer.as_str(), integer.radix())
        .map_err(|_| format!("{} is too large", integer.as_str()))
}

fn real(value: &DeValue) -> Result<f64, String> {
    let number = match value {
        DeValue::Integer(_) => whole(value)? as f64,
        DeValue::Float(float) => {
            float.as_str().parse::<f64>().map_err(|_| format!("{} is not a number", float.as_str()))?
        }
        other => return Err(format!("this is {}, not a number", article(other.type_str()))),
    };
    if number.is_finite() { Ok(number) } else { Err(format!("{number} is not a usable number")) }
}

/// Reads one text.
struct Reader<'a> {
    source: &'a Source,
    role: Role,
    parameters: Vec<Parameter>,
    errors: &'a mut Errors,
    document: Document,
}

impl Reader<'_> {
    fn fault(&mut self, span: Range<usize>, message: impl Into<String>, hints: Vec<String>) {
        self.errors.at(self.source, span, message.into(), hints);
    }

    fn read(&mut self) {
        if let Some(byte) = too_deep(&self.source.text) {
            self.fault(
                byte..byte + 1,
                "brackets are nested too deeply",
                vec!["a scenario needs two levels".into()],
            );
            return;
        }
        let text = self.source.text.clone();
        let (table, faults) = DeTable::parse_recoverable(&text);
        for fault in &faults {
            let span = fault.span().unwrap_or(0..0);
            let hints = windows_path_hint(&text, &span);
            self.fault(span, fault.message().to_string(), hints);
        }
        if !faults.is_empty() {
            self.document.doubtful = BLOCKS.iter().map(ToString::to_string).collect();
        }
        for (key, value) in table.get_ref().iter() {
            self.top_level(key, value);
        }
        if !table.get_ref().contains_key("version") && self.role == Role::Scenario && faults.is_empty() {
            self.fault(0..0, "there is no version", vec!["start the file with version = 1".into()]);
        }
        self.errors.faults.sort_by_key(|fault| {
            fault
                .place
                .as_ref()
                .map_or((String::new(), 0), |(source, span)| (source.name.clone(), span.start))
        });
    }

    fn top_level(&mut self, key: &Spanned<std::borrow::Cow<str>>, value: &Spanned<DeValue>) {
        let name = key.get_ref().as_ref();
        let texts: &[&str] = match self.role {
            Role::Scenario => &TOP_LEVEL[1..4],
            Role::Rules => &RULE_FILE[1..],
        };
        let is_block = match self.role {
            Role::Scenario => BLOCKS.contains(&name),
            Role::Rules => name == "rules",
        };
        match name {
            "version" => self.version(value),
            "reform" if self.role == Role::Scenario => self.reforms(value),
            _ if is_block => self.block(name, value),
            _ if texts.contains(&name) => self.text(name, value),
            _ => self.unknown_top_level(name, key.span(), value),
        }
    }

    fn version(&mut self, value: &Spanned<DeValue>) {
        if whole(value.get_ref()) != Ok(1) {
            self.fault(value.span(), "this version is not known", vec!["write version = 1".into()]);
        }
    }

    fn text(&mut self, name: &str, value: &Spanned<DeValue>) {
        match value.get_ref().as_str() {
            Some(text) => self.document.texts.push((name.to_string(), text.to_string(), value.span())),
            None => self.fault(value.span(), format!("{name} takes text in quotes"), Vec::new()),
        }
    }

    fn unknown_top_level(&mut self, name: &str, span: Range<usize>, value: &Spanned<DeValue>) {
        let mut known: Vec<&str> = match self.role {
            Role::Scenario => TOP_LEVEL.iter().chain(&BLOCKS).copied().collect(),
            Role::Rules => RULE_FILE.iter().copied().chain(["rules"]).collect(),
        };
        known.sort_by(|a, b| strsim::jaro_winkler(name, b).total_cmp(&strsim::jaro_winkler(name, a)));
        let near = known.first().filter(|near| strsim::jaro_winkler(name, near) > 0.8);
        let hints = match near {
            Some(near) => vec![format!("did you mean \"{near}\"?")],
            None if value.get_ref().is_table() => vec![format!("blocks are {}", BLOCKS.join(", "))],
            None => closest_keys(name, &self.parameters, None),
        };
        if let Some(near) = near {
            self.document.doubtful.push((*near).to_string());
        }
        self.fault(span, format!("there is no \"{name}\" here"), hints);
    }

    fn block(&mut self, block: &str, value: &Spanned<DeValue>) {
        let Some(table) = value.get_ref().as_table() else {
            let hint = format!("write [{block}] on a line of its own and its keys below");
            self.fault(value.span(), format!("{block} is a block, not a value"), vec![hint]);
            return;
        };
        let stated = self.parameters_of(block, table);
        self.document.stated.extend(stated);
    }

    fn parameters_of(&mut self, block: &str, table: &DeTable) -> Vec<Stated> {
        let mut stated = Vec::new();
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            let full = format!("{block}.{name}");
            let Some(parameter) = self.parameters.iter().find(|parameter| parameter.key == full).cloned()
            else {
                self.document.doubtful.push(block.to_string());
                let hints = closest_keys(name, &self.parameters, Some(block));
                self.fault(key.span(), format!("there is no key \"{name}\" in [{block}]"), hints);
                continue;
            };
            match convert(value.get_ref(), &parameter) {
                Ok(converted) => stated.push(Stated {
                    key: parameter.key,
                    value: converted,
                    source: self.source.clone(),
                    span: value.span(),
                }),
                Err((message, hints)) => {
                    self.document.doubtful.push(block.to_string());
                    self.fault(value.span(), message, hints);
                }
            }
        }
        stated
    }

    fn reforms(&mut self, value: &Spanned<DeValue>) {
        let Some(items) = value.get_ref().as_array() else {
            self.fault(value.span(), "reform is a list", vec!["write [[reform]] with two brackets".into()]);
            return;
        };
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(table) => self.reform(table, item.span()),
                None => self.fault(item.span(), "a reform is a block of keys", Vec::new()),
            }
        }
    }

    fn reform(&mut self, table: &DeTable, span: Range<usize>) {
        let mut reform = StatedReform {
            from_round: 0,
            place: (self.source.clone(), span.clone()),
            areas: Vec::new(),
            changes: Vec::new(),
        };
        let mut dated = false;
        for (key, value) in table.iter() {
            match key.get_ref().as_ref() {
                "from_round" => {
                    dated = true;
                    reform.place.1 = value.span();
                    match whole(value.get_ref()).ok().and_then(|round| u32::try_from(round).ok()) {
                        Some(round) => reform.from_round = round,
                        None => {
                            self.fault(value.span(), "from_round takes a round, counted from 0", Vec::new())
                        }
                    }
                }
                "areas" => reform.areas = self.names(value),
                block @ ("rules" | "behaviour") => match value.get_ref().as_table() {
                    Some(table) => {
                        let changes = self.parameters_of(block, table);
                        reform.changes.extend(changes);
                    }
                    None => self.fault(value.span(), format!("{block} is a block of keys"), Vec::new()),
                },
                other => {
                    let hint = "a reform has from_round, areas, rules.* and behaviour.*".to_string();
                    self.fault(key.span(), format!("a reform has no \"{other}\""), vec![hint]);
                }
            }
        }
        if !dated {
            self.fault(span, "this reform does not say when", vec!["add from_round = 16".into()]);
        }
        self.document.reforms.push(reform);
    }

    fn names(&mut self, value: &Spanned<DeValue>) -> Vec<String> {
        let items = value.get_ref().as_array();
        let names: Option<Vec<String>> = items
            .map(|items| items.iter().map(|item| item.get_ref().as_str().map(str::to_string)).collect())
            .unwrap_or_default();
        names.filter(|names| !names.is_empty()).unwrap_or_else(|| {
            let hint = "write areas = [\"E06000001\", \"London\"], or leave it out for all".to_string();
            self.fault(value.span(), "areas takes a list of codes, names or regions", vec![hint]);
            Vec::new()
        })
    }
}

/// The first bracket that is nested too deeply, so that no parser has to find out on its stack.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (byte, character) in text.bytes().enumerate() {
        match character {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' if depth > 0 && depth < DEEPEST => {}
            _ => {}
        }
        if depth > DEEPEST {
            return Some(byte);
        }
    }
    None
}

fn windows_path_hint(text: &str, span: &Range<usize>) -> Vec<String> {
    let (line, _) = super::faults::line_and_column(text, span.start);
    let line = text.lines().nth(line - 1).unwrap_or_default();
    if line.contains('"') && line.contains('\\') {
        vec!["a path with backslashes goes in single quotes: 'C:\\data\\areas.csv'".into()]
    } else {
        Vec::new()
    }
}
