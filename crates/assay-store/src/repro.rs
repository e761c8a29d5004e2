//! `repro.sh`: the script in a finding's folder that runs it again from the copies beside it.
//!
//! Plain POSIX sh. It finds its folder by its own place, so it works from any directory and wherever the folder was copied
//! to. Every name in it is quoted and free of control characters; nothing of what was run is ever a command.

use assay_spec::{FindingId, RunLog, VerdictName};

/// The script for the finding that the comparison at `comparison` of `log` showed.
pub(crate) fn script(finding_id: &FindingId, title: &str, log: &RunLog, comparison: usize) -> String {
    let comparison = &log.comparisons[comparison];
    let expected =
        format!("{} against {}: {}", comparison.target, comparison.baseline, VerdictName::from(&comparison.verdict));
    let made_by = log.record.as_ref().map_or_else(String::new, |record| {
        format!("Made by Assay {} from run {}.", record.assay_version, record.run_id)
    });
    format!(
        r#"#!/bin/sh
# Runs finding {finding_id} again, from the copies beside this script only.
# {title}
# {made_by}
# Exit 0: reproduced. ASSAY names another assay than the one on the PATH; arguments go to `assay replay`.
set -u
self=$(readlink -f -- "$0" 2>/dev/null) || self=$0
case $self in
    */*) folder=${{self%/*}} ;;
    *) folder=. ;;
esac
assay=${{ASSAY:-assay}}
if ! command -v -- "$assay" >/dev/null 2>&1; then
    printf '%s\n' 'assay was not found: put it on the PATH, or name it: ASSAY=/path/to/assay' >&2
    exit 1
fi
printf 'finding:  %s\n' {finding}
printf 'expected: %s\n' {expected}
exec "$assay" replay "$@" -- "${{folder:-/}}"
"#,
        title = plain(title),
        made_by = plain(&made_by),
        finding = quoted(&format!("{finding_id}: {title}")),
        expected = quoted(&expected),
    )
}

/// `text` on one line without control characters: for a comment.
fn plain(text: &str) -> String {
    text.chars().map(|c| if drives(c) { '\u{fffd}' } else { c }).collect()
}

/// `text` as one word of sh.
fn quoted(text: &str) -> String {
    format!("'{}'", plain(text).replace('\'', r"'\''"))
}

/// Whether `c` moves the cursor, ends the line, or makes text look other than it is.
fn drives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
