//! Seed files: JSON Lines, one [`Seed`] per line.

use assay_spec::{
    Seed,
    schema::{Read, from_json},
};

use crate::harness::BODY_INSTRUCTIONS_MAX;

/// Longest seed file, in bytes.
pub const SEED_FILE_BYTES_MAX: usize = 256 << 20;

/// Longest line of a seed file, in bytes.
pub const SEED_LINE_BYTES_MAX: usize = 1 << 20;

/// Most seeds of one file.
pub const SEEDS_MAX: usize = 250_000;

/// Why a file is no seed file. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// More than [`SEED_FILE_BYTES_MAX`].
    #[error("the seed file has {bytes} bytes; the limit is {SEED_FILE_BYTES_MAX}: split it")]
    FileTooLarge {
        /// Bytes of the file.
        bytes: usize,
    },
    /// More than [`SEED_LINE_BYTES_MAX`].
    #[error("line {line} has {bytes} bytes; the limit is {SEED_LINE_BYTES_MAX}: one line holds one seed")]
    LineTooLong {
        /// Which line.
        line: usize,
        /// Bytes of the line.
        bytes: usize,
    },
    /// Not a seed in JSON.
    #[error(
        "line {line}, column {column} is not a seed: {message}; a seed looks like {{\"instructions\":[19],\"registers\":{{\"x5\":\"0xb\"}}}}"
    )]
    NotASeed {
        /// Which line.
        line: usize,
        /// Which byte of the line.
        column: usize,
        /// What the JSON reader said.
        message: String,
    },
    /// More instructions than a harness takes.
    #[error("the seed in line {line} has {count} instructions; the limit is {BODY_INSTRUCTIONS_MAX}")]
    TooManyInstructions {
        /// Which line.
        line: usize,
        /// How many.
        count: usize,
    },
    /// More than [`SEEDS_MAX`].
    #[error("line {line} is one seed too many; the limit is {SEEDS_MAX}: split the file")]
    TooManySeeds {
        /// The first line that is too many.
        line: usize,
    },
}

/// The seeds of a file, in order, and the fields of all lines that no seed has, each named once by its path, such as
/// `registres`. Lines that are blank are skipped; a file without seeds gives none.
///
/// A field of `metadata` is never unknown. Whoever shows the seeds to people should say which fields were left out: a
/// misspelled `registers` runs from zeros.
pub fn read_seeds(file: &[u8]) -> Result<Read<Vec<Seed>>, SeedError> {
    if file.len() > SEED_FILE_BYTES_MAX {
        return Err(SeedError::FileTooLarge { bytes: file.len() });
    }
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut seeds = Vec::new();
    let mut unknown_fields = Vec::new();
    for (line, bytes) in (1..).zip(text.split(|&byte| byte == b'\n')) {
        // Before the length: a run of blanks is no seed, however long.
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        if bytes.len() > SEED_LINE_BYTES_MAX {
            return Err(SeedError::LineTooLong { line, bytes: bytes.len() });
        }
        if seeds.len() == SEEDS_MAX {
            return Err(SeedError::TooManySeeds { line });
        }
        seeds.push(read_seed(bytes, line, &mut unknown_fields)?);
    }
    Ok(Read { value: seeds, unknown_fields })
}

fn read_seed(bytes: &[u8], line: usize, unknown_fields: &mut Vec<String>) -> Result<Seed, SeedError> {
    let seed: Seed = from_json(bytes, unknown_fields).map_err(|error| {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = error.to_string();
        SeedError::NotASeed {
            line,
            column: error.column(),
            message: message.strip_suffix(&place).unwrap_or(&message).to_owned(),
        }
    })?;
    match seed.instructions.len() {
        count if count > BODY_INSTRUCTIONS_MAX => Err(SeedError::TooManyInstructions { line, count }),
        _ => Ok(seed),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use assay_spec::schema::UNKNOWN_FIELDS_MAX;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_line_is_a_seed_and_blank_lines_are_skipped() {
        let file = b"\xef\xbb\xbf{\"instructions\":[19]}\r\n\n  \t\r\n{\"instructions\":[1,2],\"metadata\":{\"source\":\"corpus\"}}";
        let seeds = read_seeds(file).unwrap().value;
        assert_eq!(seeds.len(), 2);
        assert_eq!(seeds[0].instructions, [19]);
        assert_eq!(seeds[1].metadata["source"], "corpus");
        assert_eq!(read_seeds(b"\n\n").unwrap().value, []);
    }

    #[test]
    fn each_bad_line_is_named_by_its_number() {
        let long = format!("{{\"instructions\":[{}19]}}", "19,".repeat(BODY_INSTRUCTIONS_MAX));
        let wide = format!("{{\"instructions\":[19]{}}}", " ".repeat(SEED_LINE_BYTES_MAX));
        let deep = format!("{{\"instructions\":[],\"metadata\":{{\"a\":{}", "[".repeat(100_000));
        let cases: [(&str, &[u8]); 10] = [
            ("not JSON", b"{\"instructions\":[19]}\n\nhello\n"),
            ("half a line", b"{\"instructions\":[19,"),
            ("no instructions", b"{\"metadata\":{}}"),
            ("a word of 33 bits", b"{\"instructions\":[4294967296]}"),
            ("x32", b"{\"instructions\":[],\"registers\":{\"x32\":1}}"),
            ("two on a line", b"{\"instructions\":[]} {\"instructions\":[]}"),
            ("not UTF-8", b"{\"instructions\":[],\"metadata\":{\"a\":\"\xff\"}}"),
            ("too deep", deep.as_bytes()),
            ("too many instructions", long.as_bytes()),
            ("long line", wide.as_bytes()),
        ];
        let mut text = String::new();
        for (name, file) in cases {
            let error = read_seeds(file).expect_err(name);
            writeln!(text, "{name}\n    {error}").unwrap();
        }
        insta::assert_snapshot!(text);
    }

    #[test]
    fn unknown_fields_are_named_once_for_the_whole_file_and_metadata_has_none() {
        let line = r#"{"instructions":[19],"registres":{"x5":1},"memory":[{"addr":"0x0","hex":"00","size":1}],"metadata":{"any":{"thing":1}}}"#;
        let read = read_seeds(format!("{line}\n{line}\n{{\"instructions\":[]}}").as_bytes()).unwrap();
        assert_eq!(read.value.len(), 3);
        assert_eq!(read.unknown_fields, ["registres", "memory.0.size"]);
        let many: Vec<String> = (0..100).map(|n| format!("{{\"instructions\":[],\"f{n}\":0}}")).collect();
        assert_eq!(read_seeds(many.join("\n").as_bytes()).unwrap().unknown_fields.len(), UNKNOWN_FIELDS_MAX);
    }

    #[test]
    fn the_number_of_seeds_is_limited() {
        let line = "{\"instructions\":[]}\n";
        let mut file = line.repeat(SEEDS_MAX);
        assert_eq!(read_seeds(file.as_bytes()).unwrap().value.len(), SEEDS_MAX);
        file.push_str(line);
        assert_eq!(read_seeds(file.as_bytes()).map(drop), Err(SeedError::TooManySeeds { line: SEEDS_MAX + 1 }));
    }

    proptest! {
        #[test]
        fn written_seeds_read_back(bodies in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..10), 0..5)) {
            let seeds: Vec<Seed> = bodies.into_iter().map(|instructions| Seed { instructions, ..Seed::default() }).collect();
            let file: String = seeds.iter().map(|seed| serde_json::to_string(seed).unwrap() + "\n").collect();
            prop_assert_eq!(read_seeds(file.as_bytes()).unwrap().value, seeds);
        }

        #[test]
        fn arbitrary_bytes_never_panic(file in prop::collection::vec(any::<u8>(), 0..200)) {
            drop(read_seeds(&file));
        }
    }
}
