//! Errors that a researcher can act on: all at once, each with file, line, column and source line.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::ops::Range;

/// Most errors that are shown; more only make a screen unreadable.
const SHOWN: usize = 50;
/// Longest source line that is shown whole.
const LONGEST_LINE: usize = 400;

/// A text that can be wrong: a file, or a `--set` on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How errors name it.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: bytes of a source, if it is somewhere.
    pub place: Option<(Source, Range<usize>)>,
    /// What is wrong, in a few lower-case words.
    pub message: String,
    /// What to do, and what is allowed.
    pub hints: Vec<String>,
}

/// All errors of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors {
    /// The errors, in the order of the text.
    pub faults: Vec<Fault>,
}

impl Errors {
    /// A single error that is nowhere in a text.
    pub fn general(message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.faults.push(Fault { place: None, message: message.into(), hints: Vec::new() });
        errors
    }

    /// Adds an error at a place.
    pub fn at(&mut self, source: &Source, span: Range<usize>, message: String, hints: Vec<String>) {
        self.faults.push(Fault { place: Some((source.clone(), span)), message, hints });
    }

    /// `Ok` when there are none.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.faults.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// Line and column of a byte, both from 1; columns count characters.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

impl Fault {
    fn render(&self) -> String {
        let Some((source, span)) = &self.place else {
            let hints: String = self.hints.iter().map(|hint| format!("\n  = help: {hint}")).collect();
            return format!("error: {}{hints}", self.message);
        };
        let (line, column) = line_and_column(&source.text, span.start);
        let line_text = source.text.lines().nth(line - 1).unwrap_or_default();
        if line_text.len() > LONGEST_LINE {
            let hints: String = self.hints.iter().map(|hint| format!("\n  = help: {hint}")).collect();
            return format!("error: {}\n --> {}:{line}:{column}{hints}", self.message, source.name);
        }
        let first: usize = column - 1;
        let wanted = source.text.get(span.clone()).unwrap_or_default();
        let width = wanted.lines().next().unwrap_or_default().len().max(1);
        let start = line_text.char_indices().nth(first).map_or(line_text.len(), |(byte, _)| byte);
        let end = (start + width).min(line_text.len());
        let snippet = Snippet::source(line_text)
            .line_start(line)
            .path(source.name.as_str())
            .annotation(AnnotationKind::Primary.span(start..end.max(start)));
        let title = Level::ERROR.primary_title(self.message.as_str()).element(snippet);
        let hints = self.hints.iter().map(|hint| Level::HELP.message(hint.as_str()));
        let group = title.elements(hints);
        Renderer::plain().render(&[group])
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
        if self.faults.len() > SHOWN {
            write!(f, "\n\n... and {} more errors", self.faults.len() - SHOWN)?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}
