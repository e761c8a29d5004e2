//! What a guest that was built on the runtime says about its own end.
//!
//! `assay-guest-rt` is the other side of this. Only RISC Zero's host knows what a panic is; elsewhere the runtime logs the
//! text of a panic behind a marker and exits with a code of its own, and this module finds the text again. Any guest can
//! write such a log, so this is what a guest says, not what is known of it.

/// The exit code of a guest whose runtime reported a panic.
pub const PANIC_EXIT_CODE: u32 = 101;

/// Behind this the panic's text stands in a guest's log.
const MARKER: &str = "assay-guest-rt panic:\npanicked at ";

/// Most bytes of a panic's text, as the runtime cuts it.
const PANIC_TEXT_BYTES_MAX: usize = 4096;

/// The text of the panic that a guest's log ends with, `LOCATION:\nMESSAGE`; `None` if the log tells of none.
///
/// It is to be believed only of a guest that is built on the runtime and ended with [`PANIC_EXIT_CODE`].
///
/// ```
/// let log = "working\nassay-guest-rt panic:\npanicked at fib/src/main.rs:7:9:\ntoo many\n";
/// assert_eq!(assay_guest::panic_report(log).as_deref(), Some("fib/src/main.rs:7:9:\ntoo many"));
/// ```
pub fn panic_report(log: &str) -> Option<String> {
    let (_, text) = log.rsplit_once(MARKER)?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    Some(text[..text.floor_char_boundary(PANIC_TEXT_BYTES_MAX)].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_report_counts_and_only_its_own_line_end_is_cut() {
        let log = format!("{MARKER}a:1:1:\nfirst\nno end of line{MARKER}b:2:2:\nsecond\n\n");
        assert_eq!(panic_report(&log).unwrap(), "b:2:2:\nsecond\n");
    }

    #[test]
    fn a_log_without_a_report_has_none() {
        for log in ["", "panicked at x", "assay-guest-rt panic:", "assay-guest-rt panic: panicked at x:\ny"] {
            assert_eq!(panic_report(log), None, "{log:?}");
        }
    }

    #[test]
    fn a_report_of_any_length_is_cut_as_the_runtime_cuts_it() {
        let report = panic_report(&format!("{MARKER}{}", "ä".repeat(PANIC_TEXT_BYTES_MAX))).unwrap();
        assert_eq!(report.len(), PANIC_TEXT_BYTES_MAX);
        let odd = panic_report(&format!("{MARKER}x{}", "ä".repeat(PANIC_TEXT_BYTES_MAX))).unwrap();
        assert_eq!(odd.len(), PANIC_TEXT_BYTES_MAX - 1);
    }

    #[test]
    fn the_runtime_writes_what_is_looked_for() {
        assert!(MARKER.starts_with(&format!("{}\n", assay_guest_rt::PANIC_MARKER)));
        assert_eq!(PANIC_TEXT_BYTES_MAX, assay_guest_rt::PANIC_TEXT_BYTES_MAX);
        assert_eq!(PANIC_EXIT_CODE, u32::from(assay_guest_rt::PANIC_EXIT_CODE));
    }
}
