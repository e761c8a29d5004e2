//! Markdown: a report for a pull request or a chat, and one finding for the file beside it.

mod escape;
mod finding;
mod report;

pub use self::{
    finding::{FindingMarkdownInput, finding_markdown},
    report::markdown,
};
