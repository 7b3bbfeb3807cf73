//! From TOML text to stated values: keys, types and ranges, checked against the registry.

mod uncertainty;

use super::closest::{closest, closest_keys, nearest_name};
use super::document::{Document, Stated, StatedChoice, StatedReform};
use super::faults::{Errors, Place, Source};
use super::parameters;
use super::registry::Parameter;
use super::values::{clip, convert, described, whole};
use crate::round::menu::MOST_OPTIONS;
use crate::words::counted;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Blocks that hold parameters.
pub const BLOCKS: [&str; 7] = ["world", "population", "market", "rules", "behaviour", "run", "output"];
/// Texts beside the blocks of a scenario.
const SCENARIO_TEXTS: [&str; 3] = ["name", "question", "extends"];
/// Texts of a rule file beside `[rules]`.
const RULE_TEXTS: [&str; 4] = ["name", "description", "source", "date"];
/// Deepest nesting of brackets that is read.
const DEEPEST: usize = 60;
/// Stack, in bytes, for the deepest tree that dotted keys inside brackets can build. The main thread
/// of Windows has a fiftieth of it.
const ROOMY: usize = 64 << 20;
/// Most reforms that a scenario may have.
const MOST_REFORMS: usize = 1_000;

/// Whether a text is a scenario or a rule file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A scenario.
    Scenario,
    /// A rule file: `name`, `description` and `[rules]` alone.
    Rules,
}

/// Reads a text; every fault goes to `errors`.
pub fn parse(source: &Arc<Source>, role: Role, errors: &mut Errors) -> Document {
    let document = Document::default();
    let ends = source.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    let (lines, broken) = (std::iter::once(0).chain(ends).collect(), Vec::new());
    let mut reader = Reader { source, role, all: parameters::all(), errors, lines, broken, document };
    let done = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(ROOMY);
        thread.spawn_scoped(scope, || reader.read()).map(std::thread::ScopedJoinHandle::join)
    });
    match done {
        Ok(Ok(())) => {}
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(_) => reader.read(),
    }
    reader.document
}

type Key<'i> = Spanned<Cow<'i, str>>;
type Item<'i> = Spanned<DeValue<'i>>;

/// Reads one text.
struct Reader<'a> {
    source: &'a Arc<Source>,
    role: Role,
    all: Vec<Parameter>,
    errors: &'a mut Errors,
    /// First byte of each line.
    lines: Vec<usize>,
    /// Bytes at which the text is not TOML, in order.
    broken: Vec<usize>,
    document: Document,
}

impl Reader<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        Place::new(self.source, span)
    }

    fn fault(&mut self, span: Range<usize>, message: impl Into<String>, hints: impl FnOnce() -> Vec<String>) {
        let place = self.place(span);
        self.errors.add(place, message, hints);
    }

    fn read(&mut self) {
        let source = Arc::clone(self.source);
        if let Some(byte) = too_deep(&source.text) {
            let hint = || vec!["a scenario needs two levels".into()];
            self.fault(byte..byte + 1, "brackets are nested too deeply", hint);
            return;
        }
        let (table, faults) = DeTable::parse_recoverable(&source.text);
        for fault in &faults {
            let span = fault.span().unwrap_or(0..0);
            self.broken.push(span.start);
            let place = self.place(span);
            let hints = || syntax_hints(fault.message(), &place);
            self.errors.add(place.clone(), clip_message(fault.message()), hints);
        }
        self.broken.sort_unstable();
        if !faults.is_empty() {
            self.document.doubtful = BLOCKS.iter().map(ToString::to_string).collect();
        }
        for (key, value) in table.get_ref().iter() {
            if !self.is_broken(key, value) {
                self.top_level(key, value);
            }
        }
        let missing = !table.get_ref().contains_key("version") && faults.is_empty();
        if missing && self.role == Role::Scenario {
            self.fault(0..0, "there is no version", || vec!["start the file with version = 1".into()]);
        }
    }

    /// Whether TOML itself is wrong in the lines of a key and its value, which then mean nothing.
    fn is_broken(&self, key: &Key, value: &Item) -> bool {
        if self.broken.is_empty() || value.get_ref().is_table() || is_list_of_tables(value.get_ref()) {
            return false;
        }
        let line_of = |byte: usize| self.lines.partition_point(|&start| start <= byte);
        let (first, last) = (line_of(key.span().start), line_of(key.span().end.max(value.span().end)));
        let next = self.broken.partition_point(|&byte| line_of(byte) < first);
        self.broken.get(next).is_some_and(|&byte| line_of(byte) <= last)
    }

    fn top_level(&mut self, key: &Key, value: &Item) {
        let name = key.get_ref().as_ref();
        let (texts, blocks): (&[&str], &[&str]) = match self.role {
            Role::Scenario => (&SCENARIO_TEXTS, &BLOCKS),
            Role::Rules => (&RULE_TEXTS, &["rules"]),
        };
        match name {
            "version" => self.version(value),
            "reform" if self.role == Role::Scenario => {
                self.list("reform", value, MOST_REFORMS, |parser, table, span| parser.reform(table, span));
            }
            "menu" if self.role == Role::Scenario => {
                self.list("menu", value, MOST_OPTIONS - 1, |parser, table, span| parser.choice(table, span));
            }
            "uncertainty" if self.role == Role::Scenario => self.uncertainty(value),
            _ if blocks.contains(&name) => self.block(name, value),
            _ if texts.contains(&name) => self.text(name, value),
            _ => self.unknown(name, key.span(), value, &[texts, blocks].concat()),
        }
    }

    fn version(&mut self, value: &Item) {
        if whole(value.get_ref()) != Ok(1) {
            self.fault(value.span(), "this version is not known", || vec!["write version = 1".into()]);
        }
    }

    fn text(&mut self, name: &str, value: &Item) {
        let place = self.place(value.span());
        match value.get_ref().as_str() {
            Some(text) => self.document.texts.push((name.to_string(), text.to_string(), place)),
            None => {
                let message = format!("{name} takes text in quotes; this is {}", described(value.get_ref()));
                self.errors.add(place, message, || vec![format!("write {name} = \"...\"")]);
            }
        }
    }

    fn unknown(&mut self, name: &str, span: Range<usize>, value: &Item, known: &[&'static str]) {
        let extra =
            ["version", "reform", "menu", "uncertainty"].into_iter().filter(|_| self.role == Role::Scenario);
        let near = nearest_name(name, known.iter().copied().chain(extra));
        self.document.doubtful.extend(near.map(str::to_string));
        let is_block = value.get_ref().is_table();
        let all = &self.all;
        let home = all.iter().find(|parameter| parameter.name() == name);
        let hints = || match near {
            _ if home.is_some() => closest_keys(name, all, None),
            Some(near) => vec![format!("did you mean \"{near}\"?")],
            None if is_block && self.role == Role::Rules => vec!["a rule file holds [rules] alone".into()],
            None if is_block => vec![format!("blocks are {}, uncertainty", BLOCKS.join(", "))],
            None => closest_keys(name, all, None),
        };
        let place = Place::new(self.source, span);
        self.errors.add(place, format!("there is no \"{}\" here", clip(name)), hints);
    }

    fn block(&mut self, block: &str, value: &Item) {
        let mut doubtful = std::mem::take(&mut self.document.doubtful);
        let stated = self.parameters_of(block, value, &mut doubtful);
        self.document.stated.extend(stated);
        self.document.doubtful = doubtful;
    }

    fn parameters_of(&mut self, block: &str, value: &Item, doubtful: &mut Vec<String>) -> Vec<Stated> {
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("{block} is a block of keys; this is {}", described(value.get_ref()));
            let hint = || vec![format!("write [{block}] on a line of its own and its keys below")];
            self.fault(value.span(), message, hint);
            doubtful.push(block.to_string());
            return Vec::new();
        };
        let mut stated = Vec::new();
        for (key, value) in table.iter() {
            if !self.is_broken(key, value) {
                stated.extend(self.parameter(block, key, value, doubtful));
            }
        }
        stated
    }

    fn parameter(
        &mut self,
        block: &str,
        key: &Key,
        value: &Item,
        doubtful: &mut Vec<String>,
    ) -> Option<Stated> {
        let name = key.get_ref().as_ref();
        let found = self.all.iter().find(|parameter| parameter.block() == block && parameter.name() == name);
        let Some(parameter) = found else {
            let place = self.place(key.span());
            if !self.errors.is_full() {
                let near = closest(name, &self.all, Some(block));
                doubtful.push(near.map_or(block, |parameter| parameter.key).to_string());
            }
            let message = format!("there is no key \"{}\" in [{block}]", clip(name));
            self.errors.add(place, message, || closest_keys(name, &self.all, Some(block)));
            return None;
        };
        let place = self.place(value.span());
        match convert(value.get_ref(), parameter) {
            Ok(value) => Some(Stated { key: parameter.key, value, place }),
            Err((message, hints)) => {
                doubtful.push(parameter.key.to_string());
                self.errors.add(place, message, || hints);
                None
            }
        }
    }

    /// Reads every block of a list.
    fn list(
        &mut self,
        name: &str,
        value: &Item,
        most: usize,
        read: impl Fn(&mut Self, &DeTable, Range<usize>),
    ) {
        let Some(items) = value.get_ref().as_array() else {
            let hint = || vec![format!("write [[{name}]] with two brackets")];
            self.fault(value.span(), format!("{name} is a list"), hint);
            return;
        };
        if items.len() > most {
            let message =
                format!("[[{name}]] stands {}; at most {most} are read", counted(items.len(), "time"));
            self.document.doubtful.push(name.to_string());
            self.fault(value.span(), message, Vec::new);
            return;
        }
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(table) => read(self, table, item.span()),
                None => self.fault(item.span(), format!("[[{name}]] is a block of keys"), Vec::new),
            }
        }
    }

    fn choice(&mut self, table: &DeTable, span: Range<usize>) {
        let mut choice = StatedChoice {
            name: String::new(),
            place: self.place(span.clone()),
            changes: Vec::new(),
            doubtful: Vec::new(),
        };
        for (key, value) in table.iter() {
            if self.is_broken(key, value) {
                continue;
            }
            match (key.get_ref().as_ref(), value.get_ref().as_str()) {
                ("name", Some(name)) if !name.trim().is_empty() => choice.name = name.to_string(),
                ("name", _) => {
                    let hint = || vec!["write name = \"quality first\"".into()];
                    self.fault(value.span(), "name takes text in quotes", hint);
                }
                ("rules", _) => {
                    let changes = self.parameters_of("rules", value, &mut choice.doubtful);
                    choice.changes.extend(changes);
                }
                (other, _) => {
                    let hint = || vec!["an option of the menu has a name and rules.*".into()];
                    self.fault(key.span(), format!("an option has no \"{}\"", clip(other)), hint);
                }
            }
        }
        if !table.contains_key("name") {
            self.fault(span, "this option has no name", || vec!["add name = \"quality first\"".into()]);
        }
        self.document.menu.push(choice);
    }

    fn reform(&mut self, table: &DeTable, span: Range<usize>) {
        let mut reform = StatedReform {
            from_round: 0,
            place: self.place(span.clone()),
            areas: Vec::new(),
            changes: Vec::new(),
            doubtful: Vec::new(),
        };
        for (key, value) in table.iter() {
            if self.is_broken(key, value) {
                continue;
            }
            match key.get_ref().as_ref() {
                "from_round" => self.first_round(value, &mut reform),
                "areas" => {
                    reform.areas = self.areas(value);
                    reform.doubtful.extend(reform.areas.is_empty().then(|| "areas".to_string()));
                }
                block @ ("rules" | "behaviour") => {
                    let changes = self.parameters_of(block, value, &mut reform.doubtful);
                    reform.changes.extend(changes);
                }
                other => {
                    let hint = || vec!["a reform has from_round, areas, rules.* and behaviour.*".into()];
                    self.fault(key.span(), format!("a reform has no \"{}\"", clip(other)), hint);
                }
            }
        }
        if !table.contains_key("from_round") {
            reform.doubtful.push("from_round".into());
            self.fault(span, "this reform does not say when", || vec!["add from_round = 1".into()]);
        }
        self.document.reforms.push(reform);
    }

    fn first_round(&mut self, value: &Item, reform: &mut StatedReform) {
        reform.place = self.place(value.span());
        match whole(value.get_ref()).ok().and_then(|round| u32::try_from(round).ok()) {
            Some(round) => reform.from_round = round,
            None => {
                reform.doubtful.push("from_round".into());
                let hint = || vec!["write from_round = 1".into()];
                self.fault(value.span(), "from_round takes a whole number of rounds, counted from 0", hint);
            }
        }
    }

    fn areas(&mut self, value: &Item) -> Vec<(String, Place)> {
        let name = |item: &Item| {
            let text = item.get_ref().as_str().filter(|text| !text.trim().is_empty())?;
            Some((text.to_string(), self.place(item.span())))
        };
        let names = |items: &toml::de::DeArray| items.iter().map(name).collect::<Option<Vec<_>>>();
        let names = value.get_ref().as_array().and_then(names).filter(|names| !names.is_empty());
        names.unwrap_or_else(|| {
            let hint = || vec!["write areas = [\"E06000001\", \"London\"], or leave it out for all".into()];
            self.fault(value.span(), "areas takes a list of codes, names or regions", hint);
            Vec::new()
        })
    }
}

fn is_list_of_tables(value: &DeValue) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(|item| item.get_ref().is_table()))
}

/// The first bracket that is nested too deeply, so that no parser has to find out on its stack.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.bytes().position(|character| {
        match character {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

fn clip_message(message: &str) -> String {
    message.chars().take(200).collect()
}

fn syntax_hints(message: &str, place: &Place) -> Vec<String> {
    let line = place.line_text();
    let mut hints = Vec::new();
    if message.contains("escape") && line.contains('\\') {
        hints.push("a path with backslashes goes in single quotes: 'C:\\data\\areas.csv'".into());
    }
    let (text, at) = (place.source.text.as_bytes(), place.span.start);
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    if text.get(at) == Some(&b',') && at > 0 && is_digit(at - 1) && is_digit(at + 1) {
        hints.push("decimals have a point: 0.5, not 0,5".into());
    }
    if message == "duplicate key" {
        hints.push("a key or block stands once in a file; remove one of the two".into());
    }
    hints
}
