//! Errors that a researcher can act on: all at once, each with file, line, column and source line.

use crate::words::counted;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::ops::Range;
use std::sync::Arc;

/// Most errors that are shown; more only make a screen unreadable.
const SHOWN: usize = 50;
/// Most errors that are kept, so that the first of the text are among them; the rest are counted.
const KEPT: usize = 200;
/// Longest source line that is shown whole.
const LONGEST_LINE: usize = 400;

/// A text that can be wrong: a file, or a `--set` on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How errors name it.
    pub name: String,
    /// What it says; empty for a file that cannot be read.
    pub text: String,
}

impl Source {
    /// A text under a name, shared by all that point into it.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into() })
    }
}

/// A stretch of a text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// Its bytes, on boundaries of characters.
    pub span: Range<usize>,
}

impl Place {
    /// A stretch of a text, cut to lie inside it.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        let start = boundary(&source.text, span.start);
        let end = boundary(&source.text, span.end).max(start);
        Self { source: Arc::clone(source), span: start..end }
    }

    /// The beginning of a text, for what concerns all of it.
    pub fn start(source: &Arc<Source>) -> Self {
        Self::new(source, 0..0)
    }

    /// Something that has a name but no text, such as a file that cannot be read.
    pub fn named(name: &str) -> Self {
        Self::start(&Source::new(name, ""))
    }

    /// Line of the first character, from 1.
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// Column of the first character, counted in characters from 1.
    pub fn column(&self) -> usize {
        self.source.text[self.line_start()..self.span.start].chars().count() + 1
    }

    /// The line in which it begins.
    pub fn line_text(&self) -> &str {
        let rest = &self.source.text[self.line_start()..];
        rest.lines().next().unwrap_or_default()
    }

    /// First byte of the line in which it begins.
    pub fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn before(&self) -> &str {
        &self.source.text[..self.span.start]
    }

    fn show<'a>(&'a self, group: Group<'a>) -> Group<'a> {
        let (name, line) = (self.source.name.as_str(), self.line_text());
        if self.source.text.is_empty() {
            return group.element(Origin::path(name));
        }
        if line.len() > LONGEST_LINE {
            return group.element(Origin::path(name).line(self.line()).char_column(self.column()));
        }
        let start = (self.span.start - self.line_start()).min(line.len());
        let end = (self.span.end - self.line_start()).min(line.len());
        group.element(
            Snippet::source(line)
                .line_start(self.line())
                .path(name)
                .annotation(AnnotationKind::Primary.span(start..end)),
        )
    }
}

fn boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it is.
    pub place: Place,
    /// What is wrong, in a few lower-case words.
    pub message: String,
    /// What to do, and what is allowed.
    pub hints: Vec<String>,
}

impl Fault {
    fn render(&self) -> String {
        let title = Level::ERROR.primary_title(self.message.as_str());
        let hints = self.hints.iter().map(|hint| Level::HELP.message(hint.as_str()));
        let group = self.place.show(Group::with_title(title)).elements(hints);
        Renderer::plain().decor_style(DecorStyle::Ascii).render(&[group])
    }
}

/// All errors of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors {
    faults: Vec<Fault>,
    uncounted: usize,
    unreadable: bool,
}

impl Errors {
    /// Adds an error at a place. Hints are only worked out while errors are kept.
    pub fn add(&mut self, place: Place, message: impl Into<String>, hints: impl FnOnce() -> Vec<String>) {
        if self.faults.len() < KEPT {
            self.faults.push(Fault { place, message: message.into(), hints: hints() });
        } else {
            self.uncounted += 1;
        }
    }

    /// Adds a failure to read a file, as opposed to something wrong in it.
    pub fn add_unreadable(&mut self, place: Place, message: impl Into<String>) {
        self.unreadable = true;
        self.add(place, message, Vec::new);
    }

    /// Adds those of other errors that are not among these.
    pub fn merge(&mut self, others: Self) {
        self.unreadable |= others.unreadable;
        self.uncounted += others.uncounted;
        for fault in others.faults {
            if !self.faults.contains(&fault) {
                self.add(fault.place, fault.message, || fault.hints);
            }
        }
    }

    /// Whether a file could not be read: an input error rather than a wrong scenario.
    pub fn is_unreadable(&self) -> bool {
        self.unreadable
    }

    /// Whether further errors are only counted.
    pub fn is_full(&self) -> bool {
        self.faults.len() >= KEPT
    }

    /// The errors that are kept, in the order of their texts.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// How many errors there are, kept or not.
    pub fn count(&self) -> usize {
        self.faults.len() + self.uncounted
    }

    /// `Ok` when there are none; otherwise the errors, text by text from first to last line.
    pub fn into_result<T>(mut self, value: T) -> Result<T, Self> {
        if self.faults.is_empty() {
            return Ok(value);
        }
        let mut names: Vec<String> = Vec::new();
        for fault in &self.faults {
            if !names.contains(&fault.place.source.name) {
                names.push(fault.place.source.name.clone());
            }
        }
        self.faults.sort_by_key(|fault| {
            (names.iter().position(|name| *name == fault.place.source.name), fault.place.span.start)
        });
        Err(self)
    }
}

impl std::fmt::Display for Errors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (row, fault) in self.faults.iter().take(SHOWN).enumerate() {
            if row > 0 {
                f.write_str("\n\n")?;
            }
            f.write_str(&fault.render())?;
        }
        if self.count() > SHOWN {
            write!(f, "\n\n... and {}", counted(self.count() - SHOWN, "more error"))?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}
