//! Text that others wrote, made harmless for whoever reads it, whatever the form: what a reader could not see, or what
//! would change how the rest is seen, is spelled out. Escaping for HTML, Markdown and XML is a later and other step.

use std::{borrow::Cow, fmt::Write as _};

/// What stands before and behind the spelled name of a character that cannot be shown as itself.
pub(crate) const SPELLED: [char; 2] = ['⟨', '⟩'];

/// Whether `c` would not be seen as itself: controls (ANSI escapes begin with one), what turns the direction of text
/// around,
/// what takes no room, and what is no character. The first two are how a name can look like another.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// How a character that cannot be shown is spelled, such as `⟨U+202E⟩`.
pub(crate) fn spelled(c: char) -> String {
    format!("{}U+{:04X}{}", SPELLED[0], c as u32, SPELLED[1])
}

/// A single line of at most `chars_max` characters in which everything can be seen.
pub(crate) fn line(text: &str, chars_max: usize) -> String {
    shown(text, chars_max, is_hidden)
}

/// The same for text of several lines: line ends and tabs stay.
pub(crate) fn lines(text: &str, chars_max: usize) -> String {
    shown(&text.replace("\r\n", "\n"), chars_max, |c| !matches!(c, '\n' | '\t') && is_hidden(c))
}

fn shown(text: &str, chars_max: usize, hidden: impl Fn(char) -> bool) -> String {
    let (kept, left_out) = cut(text, chars_max);
    let mut shown = String::with_capacity(kept.len());
    for c in kept.chars() {
        if hidden(c) { shown.push_str(&spelled(c)) } else { shown.push(c) }
    }
    if left_out > 0 {
        let _ = write!(shown, "… ({} left out)", counted(left_out as u64, "character"));
    }
    shown
}

/// The first `chars_max` characters, and how many there are besides.
pub(crate) fn cut(text: &str, chars_max: usize) -> (&str, usize) {
    match text.char_indices().nth(chars_max) {
        Some((at, _)) => (&text[..at], text[at..].chars().count()),
        None => (text, 0),
    }
}

/// `text` as one word of a POSIX shell.
pub(crate) fn shell_word(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | '@' | ':' | ',');
    if !text.is_empty() && text.chars().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

/// `1 run`, `2 runs`, with digits in groups.
pub(crate) fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// Digits in groups of three: `12,345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_spelled_out() {
        assert_eq!(line("a\x1b[31mb\u{202e}c\u{200b}d\n", 100), "a⟨U+001B⟩[31mb⟨U+202E⟩c⟨U+200B⟩d⟨U+000A⟩");
        assert_eq!(line("\u{feff}\u{fffe}\u{e0041}\u{2066}\u{85}", 100), "⟨U+FEFF⟩⟨U+FFFE⟩⟨U+E0041⟩⟨U+2066⟩⟨U+0085⟩");
        assert_eq!(line("naïve – 數 🦀 <b>", 100), "naïve – 數 🦀 <b>");
        assert_eq!(lines("a\r\nb\tc\rd", 100), "a\nb\tc⟨U+000D⟩d");
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        assert_eq!(line("ééé", 3), "ééé");
        assert_eq!(line("éééé", 3), "ééé… (1 character left out)");
    }

    #[test]
    fn a_word_of_a_shell_is_one_word() {
        assert_eq!(shell_word("/a/b-c.1"), "/a/b-c.1");
        assert_eq!(shell_word("it's $(x)"), r"'it'\''s $(x)'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([grouped(0), grouped(999), grouped(1000), grouped(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([counted(1, "run"), counted(2, "run")], ["1 run", "2 runs"]);
    }
}
