//! Kept runs and findings as text: a page, Markdown, `JUnit` XML, and one finding as Markdown.
//!
//! The crate takes values and gives text. It does not know where runs are kept, what time it is or where the text goes.
//! Everything in those values was written by others: guests, runners, whoever named a file. What a reader could not see
//! is spelled out, what a form gives a meaning to is escaped, and how much of each is shown has a limit with a name
//! ([`limits`]); each form says what it left out.

mod differences;
mod facts;
mod html;
mod input;
mod junit;
pub mod limits;
mod markdown;
mod summary;
mod text;
mod time_line;
mod traces;

pub use differences::Difference;
pub use html::html;
pub use input::{ComparisonSummary, FindingPage, OutcomeSummary, ReportInput, RunSummary};
pub use junit::junit;
pub use markdown::{FindingMarkdownInput, finding_markdown, markdown};
