//! How much of what is kept a report shows. Each form says what it left out.

/// Runs that the page lists, the newest; every run is counted.
pub const PAGE_RUNS_MAX: usize = 1_000;
/// Findings that the page shows, those that were seen last; every finding is counted.
pub const PAGE_FINDINGS_MAX: usize = 500;
/// Rows of the table of findings in Markdown: a comment on GitHub holds 65,536 characters.
pub const MARKDOWN_FINDINGS_MAX: usize = 40;
/// Backends, and pairs of outcomes, that the overview lists; those with the most runs.
pub const OVERVIEW_ROWS_MAX: usize = 100;
/// Test cases of a `JUnit` file; those of the newest runs.
pub const JUNIT_CASES_MAX: usize = 100_000;

/// Bars of the time line.
pub const TIME_LINE_BINS_MAX: usize = 96;
/// Bars that a time line has at least: the first of them may stand for time in which nothing happened.
pub const TIME_LINE_BINS_MIN: usize = 24;
/// Rows of two traces side by side.
pub const TRACE_ROWS_MAX: usize = 64;
/// Instructions of a sequence.
pub const LISTING_LINES_MAX: usize = 256;
/// Differences of one comparison.
pub const DIFFERENCES_MAX: usize = 40;
/// Initial registers and memory areas of a case.
pub const CASE_VALUES_MAX: usize = 64;
/// Outcomes and comparisons of one run in a table of runs.
pub const RUN_PARTS_MAX: usize = 16;
/// Notes on a comparison, problems with a finding, damaged files.
pub const NOTES_MAX: usize = 32;

/// Characters of a name, a version, a reason or another single line.
pub const LINE_CHARS_MAX: usize = 300;
/// Characters of a name in a table of many rows; where it is the row's subject, all of it stands elsewhere.
pub const CELL_CHARS_MAX: usize = 80;
/// Characters of a text of several lines, such as a panic message.
pub const TEXT_CHARS_MAX: usize = 8_000;
/// Bytes of an output that are shown from the first on that differs.
pub const OUTPUT_BYTES_MAX: usize = 16;
/// Bytes of memory contents that a case shows for one area.
pub const MEMORY_BYTES_MAX: usize = 32;
