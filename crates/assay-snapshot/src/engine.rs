//! The edits of one pass, made to the text of one file: all of them or none.
//!
//! Works on text alone and knows neither folders nor what the edits are for. All anchors of a pass are found in the
//! text as the pass finds it, before anything is changed; what is found too often, not at all, or wanted by two edits
//! is an error that says where to look. Sources are hostile: sizes and depths have limits.

mod items;
mod source;
mod splice;
mod table;
mod tokens;

use std::{fmt, ops::Range, thread};

pub use source::RUST_BYTES_MAX;
pub use table::TOML_BYTES_MAX;

use self::source::{Source, line_at, shown};
use crate::edit::{Action, Anchor, Edit, LITERAL_BYTES_MAX, Place};

/// Stack of the thread that reads Rust. The parser recurses; pages that it does not reach are never made.
const STACK_BYTES: usize = 1 << 30;

/// Longest file of another kind that is read, in bytes.
pub const TEXT_BYTES_MAX: usize = 8 << 20;

/// Where an edit is made, found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Spot {
    /// An item or a statement: text around it has lines of its own.
    Block(Range<usize>),
    /// Text within a line.
    Inline(Range<usize>),
    /// A place for lines: after an opening brace, or at an end of a file.
    Line {
        at: usize,
        /// Nothing is before it.
        first: bool,
        indent: String,
    },
    /// A place for lines before a closing brace.
    Last { at: usize, indent: String },
    /// A value of a TOML file, with the text that sets it.
    Value { insert: (Range<usize>, String) },
}

/// What is closest to what was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// Its line, from 1, where it has one.
    pub line: Option<usize>,
    /// What is there.
    pub text: String,
}

/// Why an edit cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// What it is anchored on is not there.
    #[error("expected {expected}; {}", nearest_text(nearest.as_ref()))]
    Missing {
        /// What was looked for.
        expected: String,
        /// What comes closest to it.
        nearest: Option<Nearest>,
    },
    /// It is there another number of times.
    #[error("expected {wanted} of {expected}, found {}{}", lines.len(), lines_text(lines))]
    Count {
        /// What was looked for.
        expected: String,
        /// How many there should be.
        wanted: usize,
        /// Where they are; 0 where the line is not known.
        lines: Vec<usize>,
    },
    /// The file cannot be read as what it should be.
    #[error("{why}{}", lines_text(line.as_slice()))]
    Unreadable {
        /// What is wrong with it.
        why: String,
        /// Where.
        line: Option<usize>,
    },
    /// The file is not there.
    #[error("there is no such file{}", nearest.as_ref().map(|name| format!("; nearest is {name}")).unwrap_or_default())]
    NoFile {
        /// A file of the same folder with a name like it.
        nearest: Option<String>,
    },
    /// A file that is to be made is there.
    #[error("the file is there already")]
    FileThere,
    /// Another edit of the pass changes the same place.
    #[error("line {line} is changed by {other} as well")]
    Overlap {
        /// The other edit's id.
        other: String,
        /// Where.
        line: usize,
    },
    /// With the edits made, the file is not what it should be.
    #[error("makes the file unreadable: {why}{}", lines_text(line.as_slice()))]
    Breaks {
        /// What is wrong with it then.
        why: String,
        /// Where, in the text that would be written.
        line: Option<usize>,
    },
    /// The edit itself is wrong.
    #[error("the edit is wrong: {0}")]
    BadEdit(String),
}

/// An edit that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The edit's id.
    pub edit: String,
    /// The file, below the sources.
    pub file: String,
    /// Why not.
    pub error: AnchorError,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.edit, self.error)
    }
}

/// Makes `edits`, which are all of one pass and one file, whose text is `text` (`None`: it is not there).
///
/// `file` is for messages, and its extension says how the text is read. On failure every edit that cannot be made is
/// named.
pub(crate) fn edit_file(file: &str, text: Option<&str>, edits: &[&Edit]) -> Result<String, Vec<Failure>> {
    let failure = |edit: &Edit, error| Failure { edit: edit.id.to_string(), file: file.to_owned(), error };
    let Some(text) = text else {
        return match edits {
            [Edit { anchor: Anchor::NewFile, action: Action::Create(content), .. }] => Ok(content.to_string()),
            _ => Err(edits.iter().map(|edit| failure(edit, AnchorError::NoFile { nearest: None })).collect()),
        };
    };
    let rust = has_extension(file, "rs");
    let source = match rust.then(|| Source::read(text)).transpose() {
        Ok(source) => source,
        Err((why, line)) => {
            let error = AnchorError::Unreadable { why, line };
            return Err(edits.iter().map(|edit| failure(edit, error.clone())).collect());
        }
    };
    let mut splices = Vec::new();
    let mut failures = Vec::new();
    for (index, edit) in edits.iter().enumerate() {
        let planned = find(text, source.as_ref(), edit).and_then(|spot| splice::plan(text, &spot, &edit.action, index));
        match planned {
            Ok(planned) => splices.extend(planned),
            Err(error) => failures.push(failure(edit, error)),
        }
    }
    if !failures.is_empty() {
        return Err(failures);
    }
    let result = splice::apply(text, splices).map_err(|overlap| {
        let other = edits[overlap.first].id.to_string();
        vec![failure(edits[overlap.second], AnchorError::Overlap { other, line: line_at(text, overlap.at) })]
    })?;
    if rust && let Err((why, line)) = Source::read(&result) {
        let error = AnchorError::Breaks { why, line };
        return Err(edits.iter().map(|edit| failure(edit, error.clone())).collect());
    }
    Ok(result)
}

/// Runs `work` with the stack that reading Rust takes. Everything that reads sources is within one call.
pub(crate) fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    thread::scope(|scope| {
        let thread =
            thread::Builder::new().name("passes".to_owned()).stack_size(STACK_BYTES).spawn_scoped(scope, work)?;
        Ok(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn find(text: &str, source: Option<&Source<'_>>, edit: &Edit) -> Result<Spot, AnchorError> {
    let source = || source.ok_or_else(|| AnchorError::BadEdit("its anchor needs a file that ends with .rs".to_owned()));
    match &edit.anchor {
        Anchor::NewFile => Err(AnchorError::FileThere),
        Anchor::File(place) => match source() {
            Ok(source) => Ok(source.end(*place)),
            Err(_) if *place == Place::End => Ok(Spot::Line { at: text.len(), first: false, indent: String::new() }),
            Err(_) => Ok(Spot::Line { at: 0, first: true, indent: String::new() }),
        },
        Anchor::Item { path } => source()?.item(path),
        Anchor::Body { item, place } => source()?.body(item, *place),
        Anchor::Statement { item, like, nth } => source()?.statement(item, like, *nth),
        Anchor::Expression { item, like, nth } => source()?.expression(item, like, *nth),
        Anchor::Toml { table, key } => match &edit.action {
            Action::Set(value) => table::find(text, table, key, value),
            _ => Err(AnchorError::BadEdit("its action does not suit its anchor".to_owned())),
        },
        Anchor::Literal { context } => find_literal(text, context),
    }
}

fn find_literal(text: &str, context: &str) -> Result<Spot, AnchorError> {
    if context.is_empty() || context.len() > LITERAL_BYTES_MAX {
        return Err(AnchorError::BadEdit(format!("a literal has 1 to {LITERAL_BYTES_MAX} bytes")));
    }
    if text.len() > TEXT_BYTES_MAX {
        return Err(AnchorError::Unreadable { why: format!("it has over {TEXT_BYTES_MAX} bytes"), line: None });
    }
    let places: Vec<usize> = text.match_indices(context).map(|(at, _)| at).collect();
    match places[..] {
        [at] => Ok(Spot::Inline(at..at + context.len())),
        [] => {
            let first = context.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
            let alike =
                text.lines().enumerate().map(|(index, line)| (strsim::jaro_winkler(first, line.trim()), index, line));
            let nearest = alike.max_by(|(one, ..), (other, ..)| one.total_cmp(other));
            let nearest = nearest.map(|(_, index, line)| Nearest { line: Some(index + 1), text: shown(line) });
            Err(AnchorError::Missing { expected: format!("`{}`", shown(context)), nearest })
        }
        _ => Err(AnchorError::Count {
            expected: format!("`{}`", shown(context)),
            wanted: 1,
            lines: places.into_iter().map(|at| line_at(text, at)).collect(),
        }),
    }
}

pub(crate) fn has_extension(file: &str, extension: &str) -> bool {
    std::path::Path::new(file).extension().is_some_and(|known| known == extension)
}

fn nearest_text(nearest: Option<&Nearest>) -> String {
    match nearest {
        Some(Nearest { line: Some(line), text }) => format!("nearest is line {line}: `{text}`"),
        Some(Nearest { line: None, text }) => format!("nearest is `{text}`"),
        None => "nothing is like it".to_owned(),
    }
}

fn lines_text(lines: &[usize]) -> String {
    let known: Vec<String> = lines.iter().filter(|&&line| line > 0).take(10).map(usize::to_string).collect();
    match known.len() {
        0 => String::new(),
        1 => format!(" (line {})", known[0]),
        _ => format!(" (lines {})", known.join(", ")),
    }
}

#[cfg(test)]
mod tests;
