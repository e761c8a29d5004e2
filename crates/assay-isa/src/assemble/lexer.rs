//! From a source line to tokens.
//!
//! Positions are byte offsets in the line; they become columns only when an error is reported, so that a very long
//! line costs no more than its length.

use alloc::format;
use alloc::vec::Vec;

use super::error::{Problem, quoted};

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'s> {
    /// A mnemonic, directive, register or symbol; a lone `.` too.
    Word(&'s str),
    /// A number or character literal.
    Number(u64),
    /// `1f` or `1b`.
    Local { number: u64, forward: bool },
    /// A string literal, unescaped.
    Text(Vec<u8>),
    /// A sign; `<<` is `«` and `>>` is `»`.
    Sign(char),
}

/// A token, where it begins and where it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'s> {
    pub(super) kind: Kind<'s>,
    pub(super) at: usize,
    pub(super) end: usize,
}

/// Splits `line` into `tokens`, which is cleared first. `in_comment` says whether a `/*` of an earlier line is open.
pub(super) fn lex_line<'s>(line: &'s str, in_comment: &mut bool, tokens: &mut Vec<Token<'s>>) -> Result<(), Problem> {
    tokens.clear();
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        if *in_comment {
            match rest.find("*/") {
                Some(end) => at += end + 2,
                None => return Ok(()),
            }
            *in_comment = false;
            continue;
        }
        if rest.starts_with("/*") {
            *in_comment = true;
            at += 2;
            continue;
        }
        if rest.starts_with('#') || rest.starts_with("//") {
            return Ok(());
        }
        let first = rest.chars().next().expect("the rest of the line is not empty");
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = match first {
            '0'..='9' => number(rest, at)?,
            '"' => string(rest, at)?,
            '\'' => character(rest, at)?,
            _ if starts_word(first) => {
                let end = rest.find(|c| !continues_word(c)).unwrap_or(rest.len());
                (Kind::Word(&rest[..end]), end)
            }
            _ if rest.starts_with("<<") => (Kind::Sign('«'), 2),
            _ if rest.starts_with(">>") => (Kind::Sign('»'), 2),
            ',' | '(' | ')' | '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '~' | ':' | '=' | ';' | '@' => {
                (Kind::Sign(first), 1)
            }
            other => return Err(Problem::new(at, format!("unexpected character {other:?}"))),
        };
        let end = at + length;
        tokens.push(Token { kind, at, end });
        at = end;
    }
    Ok(())
}

fn starts_word(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '.' | '$')
}

fn continues_word(c: char) -> bool {
    starts_word(c) || c.is_ascii_digit()
}

/// A number in base 16, 2, 8 or 10, or a reference to a numeric label.
fn number(rest: &str, at: usize) -> Result<(Kind<'static>, usize), Problem> {
    let end = rest.find(|c| !continues_word(c)).unwrap_or(rest.len());
    let text = &rest[..end];
    if let Some(digits) = text.strip_suffix(['f', 'b'])
        && digits.bytes().all(|b| b.is_ascii_digit())
        && let Ok(number) = digits.parse()
    {
        return Ok((Kind::Local { number, forward: text.ends_with('f') }, end));
    }
    let lower = text.get(..2).unwrap_or_default();
    let (digits, radix) = match lower {
        "0x" | "0X" => (&text[2..], 16),
        "0b" | "0B" => (&text[2..], 2),
        "0o" | "0O" => (&text[2..], 8),
        _ if text.len() > 1 && text.starts_with('0') => (&text[1..], 8),
        _ => (text, 10),
    };
    match u64::from_str_radix(digits, radix) {
        Ok(value) => Ok((Kind::Number(value), end)),
        Err(_) if !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix)) => {
            Err(Problem::new(at, format!("{} does not fit in 64 bits", quoted(text))))
        }
        Err(_) => Err(Problem::new(at, format!("{} is not a number in base {radix}", quoted(text)))
            .expecting("a number (42, 0x2a, 0b101010, 052), or a numeric label's reference (1f, 1b)")),
    }
}

/// One character after a backslash, and how many bytes of `rest` it took.
fn escape(rest: &str, at: usize) -> Result<(u8, usize), Problem> {
    let bad = || {
        Problem::new(at, "unknown escape")
            .expecting(r#"one of \n \t \r \b \f \\ \" \' \0, octal (\012) or hexadecimal (\x0a)"#)
    };
    let first = *rest.as_bytes().first().ok_or_else(bad)?;
    let digits_within = |from: usize, most: usize, radix: u32| {
        rest[from..].bytes().take(most).take_while(|&b| char::from(b).is_digit(radix)).count()
    };
    let simple = match first {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        b'\\' | b'"' | b'\'' => first,
        b'0'..=b'7' => {
            let count = digits_within(0, 3, 8);
            let value = u16::from_str_radix(&rest[..count], 8).map_err(|_| bad())?;
            let value = u8::try_from(value).map_err(|_| {
                Problem::new(at, format!("`\\{value:o}` does not fit in a byte"))
                    .expecting(r"an octal escape up to \377")
            })?;
            return Ok((value, count));
        }
        b'x' => {
            // All digits that follow belong to the escape, and the last two count: so do GNU `as` and `llvm-mc`.
            let count = digits_within(1, rest.len(), 16);
            let value = u8::from_str_radix(&rest[1 + count.saturating_sub(2)..=count], 16).map_err(|_| bad())?;
            return Ok((value, 1 + count));
        }
        _ => return Err(bad()),
    };
    Ok((simple, 1))
}

fn string(rest: &str, at: usize) -> Result<(Kind<'static>, usize), Problem> {
    let mut bytes = Vec::new();
    let mut next = 1;
    while let Some(&byte) = rest.as_bytes().get(next) {
        next += 1;
        match byte {
            b'"' => return Ok((Kind::Text(bytes), next)),
            b'\\' => {
                let (value, length) = escape(&rest[next..], at + next - 1)?;
                bytes.push(value);
                next += length;
            }
            other => bytes.push(other),
        }
    }
    Err(Problem::new(at, "the string is not closed on its line").expecting("a closing `\"`"))
}

fn character(rest: &str, at: usize) -> Result<(Kind<'static>, usize), Problem> {
    let bytes = rest.as_bytes();
    let (value, length) = match bytes.get(1) {
        Some(b'\\') => {
            let (value, length) = escape(&rest[2..], at + 1)?;
            (value, length + 1)
        }
        Some(&byte) if byte.is_ascii() && byte != b'\'' => (byte, 1),
        _ => {
            return Err(
                Problem::new(at, "not a character literal").expecting("one ASCII character, as in 'a' or '\\n'")
            );
        }
    };
    if bytes.get(1 + length) != Some(&b'\'') {
        return Err(Problem::new(at, "the character literal is not closed").expecting("a closing `'`"));
    }
    Ok((Kind::Number(u64::from(value)), length + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(line: &str) -> Result<Vec<Kind<'_>>, Problem> {
        let mut tokens = Vec::new();
        lex_line(line, &mut false, &mut tokens)?;
        Ok(tokens.into_iter().map(|token| token.kind).collect())
    }

    #[test]
    fn numbers_in_every_base_and_label_references_are_told_apart() {
        assert_eq!(
            kinds("42 0x2A 0b11 017 0o17 0 1f 0b 12b 'a' '\\n' '\\''").unwrap(),
            [
                Kind::Number(42),
                Kind::Number(42),
                Kind::Number(3),
                Kind::Number(15),
                Kind::Number(15),
                Kind::Number(0),
                Kind::Local { number: 1, forward: true },
                Kind::Local { number: 0, forward: false },
                Kind::Local { number: 12, forward: false },
                Kind::Number(97),
                Kind::Number(10),
                Kind::Number(39),
            ]
        );
    }

    #[test]
    fn comments_of_all_three_kinds_are_skipped() {
        assert_eq!(kinds("a # b").unwrap(), [Kind::Word("a")]);
        assert_eq!(kinds("a // b").unwrap(), [Kind::Word("a")]);
        assert_eq!(kinds("a /* b */ c").unwrap(), [Kind::Word("a"), Kind::Word("c")]);
        let mut open = false;
        let mut tokens = Vec::new();
        lex_line("a /* b", &mut open, &mut tokens).unwrap();
        assert!(open);
        lex_line("c */ d", &mut open, &mut tokens).unwrap();
        assert!(!open);
        assert_eq!(tokens, [Token { kind: Kind::Word("d"), at: 5, end: 6 }]);
    }

    #[test]
    fn strings_are_unescaped_and_keep_comment_signs() {
        assert_eq!(kinds(r#""a#b\n\x41\101\"é""#).unwrap(), [Kind::Text("a#b\nAA\"é".into())]);
        assert_eq!(kinds(r#""\x4 \x414 \3777""#).unwrap(), [Kind::Text(b"\x04 \x14 \xff7".into())]);
    }

    #[test]
    fn malformed_tokens_are_refused_where_they_begin() {
        for (line, at) in [
            ("  0x", 2),
            (" 12ab", 1),
            ("a \"b", 2),
            ("'ab'", 0),
            ("''", 0),
            ("'", 0),
            ("'\\", 1),
            ("\"\\", 1),
            ("\"\\q\"", 1),
            ("\"\\x\"", 1),
            ("\"a\\400\"", 2),
            ("'\\777'", 1),
            ("18446744073709551616", 0),
            ("a é", 2),
            ("08", 0),
            ("0x+1", 0),
        ] {
            assert_eq!(kinds(line).unwrap_err().at, at, "{line}");
        }
    }
}
