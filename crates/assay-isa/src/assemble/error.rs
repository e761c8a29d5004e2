//! What is wrong with a source text, line by line.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use thiserror::Error;

/// The most characters of a source line that an error repeats.
pub(super) const MAX_QUOTED_CHARS: usize = 160;

/// One bad statement.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct AssembleError {
    /// Source line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The source line, cut to 160 characters, control characters replaced.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// What would be right, where it can be said.
    pub expected: Option<String>,
}

impl fmt::Display for AssembleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "line {}, column {}: {}", self.line, self.column, self.message)?;
        write!(f, "    {}", self.text)?;
        if self.column <= MAX_QUOTED_CHARS {
            write!(f, "\n    ")?;
            for character in self.text.chars().take(self.column - 1) {
                f.write_str(if character == '\t' { "\t" } else { " " })?;
            }
            f.write_str("^")?;
        }
        match &self.expected {
            Some(expected) => write!(f, "\n    expected {expected}"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with a source text, by line. Dereferences to a slice; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct AssembleErrors {
    /// The first errors, at most as many as the options allow.
    pub errors: Vec<AssembleError>,
    /// How many more there are.
    pub omitted: usize,
}

impl Deref for AssembleErrors {
    type Target = [AssembleError];

    fn deref(&self) -> &[AssembleError] {
        &self.errors
    }
}

impl fmt::Display for AssembleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        match self.omitted {
            0 => Ok(()),
            more => write!(f, "\n... and {more} more"),
        }
    }
}

/// What is wrong with a statement, before it is known which line it stands on.
#[derive(Debug)]
pub(super) struct Problem {
    /// Byte offset in the source line.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) expected: Option<String>,
}

impl Problem {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), expected: None }
    }

    pub(super) fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// The problem as an error of line `number` (from 1), whose text is `line`.
    pub(super) fn on_line(self, number: usize, line: &str) -> AssembleError {
        let before = line.get(..self.at).unwrap_or(line);
        let text: String = line.trim_end().chars().take(MAX_QUOTED_CHARS).map(visible).collect();
        AssembleError {
            line: number,
            column: before.chars().count() + 1,
            text,
            message: self.message.chars().map(visible).collect(),
            expected: self.expected,
        }
    }
}

/// Control characters would rewrite the terminal of whoever reads the error.
fn visible(character: char) -> char {
    if character.is_control() && character != '\t' { '\u{fffd}' } else { character }
}

/// `text` for a message: cut, so that a hostile name does not fill the screen.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    alloc::format!("`{cut}`")
}
