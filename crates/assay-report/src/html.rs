//! The report as one page that needs nothing else: no network, no fonts, no other files, and no script for reading.
//!
//! Text goes through [`escape`], which spells out what cannot be seen, and through the template language, which
//! escapes.
//! The policy in the page's head lets run nothing but the one style sheet and the one script that are part of it.

mod charts;
mod escape;
mod finding;
mod findings;
mod overview;
mod page;
mod runs;

pub use self::page::html;
