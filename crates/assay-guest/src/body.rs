//! Instruction sequences as people write them: hex words, or assembly text.

use assay_isa::{AssembleErrors, AssembleOptions, Isa, assemble};

use crate::harness::BODY_INSTRUCTIONS_MAX;

/// Messages quote this much of a bad word.
const QUOTED_CHARS_MAX: usize = 40;

/// Why text is not a list of words. Lines and columns (in characters) count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// Something that is no word.
    #[error(
        "line {line}, column {column}: {found:?} is not an instruction word; expected up to eight hex digits, such as 00a00093 or 0x00a00093"
    )]
    NotAWord {
        /// Which line.
        line: usize,
        /// Which character of the line.
        column: usize,
        /// What stands there, cut.
        found: String,
    },
    /// More words than a harness takes.
    #[error(
        "line {line}, column {column} is one word too many; the limit is {BODY_INSTRUCTIONS_MAX}: build an ELF instead"
    )]
    TooMany {
        /// Which line.
        line: usize,
        /// Which character of the line.
        column: usize,
    },
    /// No word at all.
    #[error("there are no instruction words; give at least one, such as 00a00093")]
    None,
}

/// Why text is not an instruction sequence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It begins as words but is not words.
    #[error("{name}: {error}")]
    Words {
        /// What people call the text.
        name: String,
        /// What is wrong.
        error: WordsError,
    },
    /// It does not assemble.
    #[error("{name} does not assemble for {isa}:\n{errors}")]
    Assemble {
        /// What people call the text.
        name: String,
        /// What it was assembled for.
        isa: Isa,
        /// What is wrong, with lines and columns.
        errors: AssembleErrors,
    },
    /// It assembles to bytes that are no words.
    #[error("{name} assembles to {bytes} bytes, which is not a multiple of 4; add `.align 2` behind data")]
    NotWords {
        /// What people call the text.
        name: String,
        /// How many.
        bytes: usize,
    },
    /// It assembles to nothing.
    #[error("{name} has no instruction; give at least one")]
    Empty {
        /// What people call the text.
        name: String,
    },
}

/// A token of a list of words and where it stands.
struct Token<'a> {
    line: usize,
    column: usize,
    text: &'a str,
}

/// Tokens stand between blanks, commas and line ends; `#` and `//` begin a comment that ends with the line.
fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    (1..).zip(text.lines()).flat_map(|(line, whole)| {
        let comment = [whole.find('#'), whole.find("//")].into_iter().flatten().min();
        let code = &whole[..comment.unwrap_or(whole.len())];
        code.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty()).map(move |token| {
            // A token is a part of the line, so its distance from the start is an offset in it.
            let offset = token.as_ptr().addr() - whole.as_ptr().addr();
            Token { line, column: whole[..offset].chars().count() + 1, text: token }
        })
    })
}

fn hex_digits(token: &str) -> Option<&str> {
    let digits = token.strip_prefix("0x").or_else(|| token.strip_prefix("0X")).unwrap_or(token);
    // `from_str_radix` takes a sign, which no word has.
    let sound = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    sound.then_some(digits)
}

/// The instruction words in `text`: up to eight hex digits each, with or without `0x`, between blanks, commas and line
/// ends. `#` and `//` begin a comment that ends with the line.
pub fn parse_words(text: &str) -> Result<Vec<u32>, WordsError> {
    let mut words = Vec::new();
    for Token { line, column, text } in tokens(text) {
        let word = hex_digits(text).and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or_else(|| {
            WordsError::NotAWord { line, column, found: text.chars().take(QUOTED_CHARS_MAX).collect() }
        })?;
        if words.len() == BODY_INSTRUCTIONS_MAX {
            return Err(WordsError::TooMany { line, column });
        }
        words.push(word);
    }
    if words.is_empty() {
        return Err(WordsError::None);
    }
    Ok(words)
}

/// Whether `text` is a list of words rather than assembly: its first token outside of comments has the full spelling of
/// a word, `0x` and up to eight hex digits or exactly eight hex digits. No statement of assembly begins so.
pub fn is_words(text: &str) -> bool {
    tokens(text)
        .next()
        .is_some_and(|token| hex_digits(token.text).is_some_and(|digits| digits.len() == 8 || digits != token.text))
}

/// The instruction sequence in `text`: words if [`is_words`] says so, else assembly for `isa`, in which lines may be words.
///
/// `name` is what errors call the text. `base` is the address of the first instruction, which only absolute references
/// (`%hi(label)`) depend on: [`Harness::body_start`](crate::Harness::body_start).
pub fn body_from_text(text: &str, isa: Isa, name: &str, base: u64) -> Result<Vec<u32>, BodyError> {
    let words = match is_words(text).then(|| parse_words(text)) {
        Some(Ok(words)) => return Ok(words),
        Some(Err(error)) => Some(BodyError::Words { name: name.to_owned(), error }),
        None => None,
    };
    // What begins with a word and does not assemble either was meant to be words.
    assembled(&words_as_directives(text), isa, name, base).map_err(|error| words.unwrap_or(error))
}

fn assembled(text: &str, isa: Isa, name: &str, base: u64) -> Result<Vec<u32>, BodyError> {
    let name = || name.to_owned();
    let options = AssembleOptions { max_output_bytes: BODY_INSTRUCTIONS_MAX * 4, ..AssembleOptions::new(isa, base) };
    let assembly = assemble(text, &options).map_err(|errors| BodyError::Assemble { name: name(), isa, errors })?;
    match assembly.words() {
        None => Err(BodyError::NotWords { name: name(), bytes: assembly.bytes.len() }),
        Some(words) if words.is_empty() => Err(BodyError::Empty { name: name() }),
        Some(words) => Ok(words),
    }
}

/// `text`, in which each line that is one word in its full spelling, and a comment perhaps, is a `.word` of the assembler.
/// Lines keep their numbers.
fn words_as_directives(text: &str) -> String {
    let mut assembly = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut on_line = tokens(line);
        match (on_line.next(), on_line.next()) {
            (Some(token), None) if is_words(line) => {
                let digits = hex_digits(token.text).unwrap_or_default();
                assembly.push_str(".word 0x");
                assembly.push_str(digits);
                assembly.push('\n');
            }
            _ => assembly.push_str(line),
        }
    }
    assembly
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn body(text: &str) -> Result<Vec<u32>, BodyError> {
        body_from_text(text, Isa::RV32IM, "insts.txt", 0x20_0894)
    }

    #[test]
    fn words_stand_between_blanks_commas_and_lines_and_comments_are_skipped() {
        let text = "# a list\n00a00093 0x13,0XFFFFFFFF // rest\r\n\t1 , 2\n";
        assert_eq!(parse_words(text), Ok(vec![0x00a0_0093, 0x13, u32::MAX, 1, 2]));
    }

    #[test]
    fn lines_of_words_and_of_assembly_may_stand_in_one_text() {
        let mixed = "loop: addi x5, x6, 1 # c\n00530293\n0x13 // nop\nbne x5, x0, loop\n";
        let assembly = "loop: addi x5, x6, 1\naddi x5, x6, 5\nnop\nbne x5, x0, loop";
        assert_eq!(body(mixed), body(assembly));
        assert!(body(mixed).is_ok());
        assert_eq!(body("00530293\nloop: nop\nbne x5, x0, loop").map(|words| words.len()), Ok(3));
        // Errors stand where they stand in the text.
        let error = body("nop\n00530293\nfrob x5\n").unwrap_err().to_string();
        assert!(error.contains("line 3"), "{error}");
    }

    #[test]
    fn the_first_token_decides_between_words_and_assembly() {
        for words in ["00a00093", "0x13", "# c\n\n// d\n 0x13, nop", "deadbeef add"] {
            assert!(is_words(words), "{words}");
        }
        for assembly in
            ["", "# c", "add a0, a0, a0", "add", "deadbeef: nop", "1: nop", "13", ".word 0x13", "0x123456789"]
        {
            assert!(!is_words(assembly), "{assembly}");
        }
    }

    #[test]
    fn assembly_and_words_of_the_same_sequence_are_the_same_body() {
        let assembly =
            ["add x14, x1, x5", "addi x7, x7, 1", "li x5, 2", "bne x7, x5, -16", "li x7, 25", "xor x10, x14, x7"]
                .join("\n");
        let words = "0x00508733 0x00138393 0x00200293\n0xfe5398e3 0x01900393 0x00774533";
        assert_eq!(body(&assembly).unwrap(), body(words).unwrap());
    }

    #[test]
    fn absolute_references_are_to_where_the_body_is() {
        let words = body("nop\nhere: lui a0, %hi(here)\naddi a0, a0, %lo(here)").unwrap();
        // 0x20_0898: lui a0, 0x201; addi a0, a0, -0x768
        assert_eq!(words[1..], [0x0020_1537, 0x8985_0513]);
    }

    #[test]
    fn each_bad_text_is_named_with_its_position() {
        let many = "0x13 ".repeat(BODY_INSTRUCTIONS_MAX + 1);
        let mut text = String::new();
        for source in [
            "0x13\n  é nop",
            "00a00093 123456789",
            "00a00093 0x",
            "00a00093 -1",
            &many,
            "addi a0, a0, 5000\nnop\nfoo x1",
            ".byte 1",
            "# nothing",
        ] {
            let error = body(source).expect_err(source);
            writeln!(text, "{error}").unwrap();
        }
        insta::assert_snapshot!(text);
        assert_eq!(parse_words(" ,\n"), Err(WordsError::None));
        assert_eq!(body(&many[5..]).unwrap().len(), BODY_INSTRUCTIONS_MAX);
    }

    proptest! {
        #[test]
        fn written_words_read_back(words in prop::collection::vec(any::<u32>(), 1..20)) {
            let text: Vec<String> = words.iter().map(|word| format!("{word:08x}")).collect();
            let text = text.join(", ");
            prop_assert_eq!(parse_words(&text), Ok(words.clone()));
            prop_assert_eq!(body(&text), Ok(words));
        }

        #[test]
        fn arbitrary_text_never_panics(text in ".{0,80}", prefix in prop_oneof![Just(""), Just("0x13 "), Just("nop\n")]) {
            drop(body(&format!("{prefix}{text}")));
            drop(parse_words(&text));
        }
    }
}
