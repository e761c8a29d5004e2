//! The text of a panic, the same on every platform.

use core::{
    fmt::{self, Display, Write as _},
    panic::Location,
};

/// The line of the log behind which a panic's text stands.
pub const PANIC_MARKER: &str = "assay-guest-rt panic:";

/// Most bytes of a panic's text; what is longer is cut at a character.
pub const PANIC_TEXT_BYTES_MAX: usize = 4096;

/// What stands between the marker and the text.
const PANICKED_AT: &str = "\npanicked at ";

const PREFIX_BYTES: usize = PANIC_MARKER.len() + PANICKED_AT.len();

/// Folders of the standard library's sources, which stand in different places in different toolchains.
const LIBRARY: [&str; 3] = ["library/core/src/", "library/alloc/src/", "library/std/src/"];

/// A panic's text in a buffer of its own: the heap may be what the panic is about.
pub(crate) struct Report {
    bytes: [u8; PREFIX_BYTES + PANIC_TEXT_BYTES_MAX + 1],
    length: usize,
}

impl Report {
    /// Of nothing, and all zeros, so that a static one takes no room in an image.
    pub(crate) const EMPTY: Self = Self { bytes: [0; PREFIX_BYTES + PANIC_TEXT_BYTES_MAX + 1], length: 0 };

    /// Fills the report, which must be empty.
    pub(crate) fn fill(&mut self, location: Option<&Location<'_>>, message: impl Display) {
        self.begin();
        // Writing into a report does not fail; a message whose Display does is cut there.
        let _ = match location {
            Some(location) => write_location(self, location.file(), location.line(), location.column()),
            None => self.write_str("unknown"),
        };
        self.end(message);
    }

    /// Fills the report, which must be empty, for a guest in C, whose compiler knows no columns.
    #[cfg(feature = "c")]
    pub(crate) fn fill_at(&mut self, file: impl Display, line: u32, message: impl Display) {
        self.begin();
        let _ = write!(self, "{file}:{line}");
        self.end(message);
    }

    fn begin(&mut self) {
        self.push(PANIC_MARKER);
        self.push(PANICKED_AT);
    }

    fn end(&mut self, message: impl Display) {
        let _ = write!(self, ":\n{message}");
        // Room for the line's end was kept.
        self.bytes[self.length] = b'\n';
    }

    /// The text alone.
    #[cfg(any(feature = "risc0", not(target_os = "none")))]
    pub(crate) fn text(&self) -> &str {
        self.slice(PREFIX_BYTES, self.length)
    }

    /// The text as it is logged: behind its marker, with an end of line.
    #[cfg(any(not(feature = "risc0"), not(target_os = "none")))]
    pub(crate) fn logged(&self) -> &str {
        self.slice(0, self.length + 1)
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        self.bytes.get(start..end).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn push(&mut self, text: &str) {
        let room = self.bytes.len() - 1 - self.length;
        let mut taken = text.len().min(room);
        while !text.is_char_boundary(taken) {
            taken -= 1;
        }
        self.bytes[self.length..self.length + taken].copy_from_slice(&text.as_bytes()[..taken]);
        self.length += taken;
    }
}

impl fmt::Write for Report {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text);
        Ok(())
    }
}

/// `FILE:LINE:COLUMN`; of the standard library only its file, because a native guest and one for a zkVM may be built with
/// different versions of it.
fn write_location(out: &mut Report, file: &str, line: u32, column: u32) -> fmt::Result {
    match LIBRARY.iter().find_map(|folder| file.find(folder)) {
        Some(start) => out.write_str(&file[start..]),
        None => write!(out, "{file}:{line}:{column}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(message: &str) -> Report {
        let mut report = Report::EMPTY;
        report.fill(Some(Location::caller()), message);
        report
    }

    #[test]
    fn a_report_is_a_marker_line_and_the_text() {
        let report = report("five");
        let file = file!();
        assert!(report.text().starts_with(&format!("{file}:")) && report.text().ends_with(":\nfive"));
        assert_eq!(report.logged(), format!("assay-guest-rt panic:\npanicked at {}\n", report.text()));
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        let report = report(&"ä".repeat(PANIC_TEXT_BYTES_MAX));
        assert!((PANIC_TEXT_BYTES_MAX - 1..=PANIC_TEXT_BYTES_MAX).contains(&report.text().len()));
        assert!(report.text().ends_with('ä') && report.logged().ends_with("ä\n"));
    }

    #[test]
    fn the_standard_library_is_in_one_place_without_lines() {
        for file in ["/rustc/59807616e1/library/core/src/option.rs", "library/core/src/option.rs"] {
            let mut report = Report::EMPTY;
            write_location(&mut report, file, 1, 2).unwrap();
            assert_eq!(report.slice(0, report.length), "library/core/src/option.rs");
        }
        let mut report = Report::EMPTY;
        write_location(&mut report, "fib/src/main.rs", 7, 9).unwrap();
        assert_eq!(report.slice(0, report.length), "fib/src/main.rs:7:9");
    }
}
