//! From the arguments to the bytes that go into a tile, and the salt that hides them.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use assay_spec::HexBytes;
use assay_tile::{SALT_BYTES, Shape};
use assay_tile_host::{INPUT_BYTES_MAX, TileInputBytes, random_salt, value};
use serde_json::Value;

use crate::{
    arguments::{TileInputArguments, TileValueArguments},
    failure::Failure,
    subject::read_file,
    terminal,
};

/// Longest file of JSON, in bytes: a byte of postcard is seldom more than some digits and a comma.
const JSON_BYTES_MAX: u64 = 4 * INPUT_BYTES_MAX as u64;

/// Longest file of a salt, in bytes.
const SALT_FILE_BYTES_MAX: u64 = 128;

/// What goes into a tile whose arguments have the shape `shape`.
pub(crate) fn input(arguments: &TileInputArguments, shape: &Result<Shape, String>) -> Result<TileInputBytes, Failure> {
    let bytes = bytes(&arguments.value, shape)?;
    let salt = match &arguments.salt {
        Some(given) => Some(salt(given)?),
        None if arguments.private_input => Some(random_salt().map_err(|error| Failure::usage(error.to_string()))?),
        None => None,
    };
    Ok(TileInputBytes { bytes, salt })
}

/// The arguments in postcard.
pub(super) fn bytes(arguments: &TileValueArguments, shape: &Result<Shape, String>) -> Result<Vec<u8>, Failure> {
    if let Some(hex) = &arguments.input_hex {
        return Ok(hex.0.clone());
    }
    if let Some(path) = &arguments.input {
        if path.extension().is_some_and(|extension| extension == "bin") {
            return read_file(path, INPUT_BYTES_MAX as u64);
        }
        let json = read_file(path, JSON_BYTES_MAX)?;
        return from_json(&json, &path.display().to_string(), shape);
    }
    if let Some(text) = &arguments.input_json {
        return from_json(text.as_bytes(), "--input-json", shape);
    }
    // A tile without arguments has nothing to be told.
    match shape {
        Ok(known) => value::encode(&Value::Null, known)
            .ok()
            .filter(Vec::is_empty)
            .ok_or_else(|| no_input(&format!("the tile takes {}", value::name(&known.format)))),
        Err(reason) => Err(no_input(&format!("the tile's arguments show no shape ({reason})"))),
    }
}

fn no_input(why: &str) -> Failure {
    Failure::usage(format!("there is no input: {why}"))
        .help("give it with --input-json TEXT or --input FILE; several arguments are a list")
}

/// The value that `text`, which `from` holds, is by the shape.
pub(super) fn from_json(text: &[u8], from: &str, shape: &Result<Shape, String>) -> Result<Vec<u8>, Failure> {
    let shape = shape.as_ref().map_err(|reason| {
        Failure::usage(format!("{from}: nothing is known of the shape of the value, so that JSON cannot be encoded"))
            .because(reason.clone())
            .help("give it in postcard: in hex, or in a file whose name ends in .bin")
    })?;
    let json: Value = serde_json::from_slice(text).map_err(|error| {
        Failure::usage(format!("{from} is not JSON")).because(error).help("text is quoted in JSON: '\"text\"'")
    })?;
    value::encode(&json, shape).map_err(|error| {
        Failure::usage(format!("{from} is no value of type {}", value::name(&shape.format))).because(error)
    })
}

/// 64 hex digits, or a file that has them.
pub(super) fn salt(given: &str) -> Result<[u8; SALT_BYTES], Failure> {
    let of_hex =
        |text: &str| text.trim().parse::<HexBytes>().ok().and_then(|hex| <[u8; SALT_BYTES]>::try_from(hex.0).ok());
    if let Some(salt) = of_hex(given) {
        return Ok(salt);
    }
    let bytes = read_file(Path::new(given), SALT_FILE_BYTES_MAX)
        .map_err(|failure| failure.help(format!("--salt takes {} hex digits, or a file with them", 2 * SALT_BYTES)))?;
    let found = str::from_utf8(&bytes).ok().and_then(of_hex);
    found.ok_or_else(|| Failure::usage(format!("{given} is no file with a salt: {} hex digits", 2 * SALT_BYTES)))
}

/// Shows a salt that was made just now, or keeps it where that was asked for: without it nobody can show which input
/// was proved. Nothing else keeps it.
pub(crate) fn keep_salt(arguments: &TileInputArguments, input: &TileInputBytes) -> Result<(), Failure> {
    let (Some(salt), None) = (&input.salt, &arguments.salt) else { return Ok(()) };
    let salt = HexBytes(salt.to_vec());
    let Some(path) = &arguments.salt_out else {
        terminal::note(&format!(
            "salt of the private input: {salt}\nit is kept nowhere; with it and the input you can show which was proved"
        ));
        return Ok(());
    };
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        writeln!(file, "{salt}")?;
        file.sync_all()
    };
    write().map_err(|error| {
        let failure = Failure::usage(format!("the salt could not be written to {}", path.display()));
        match error.kind() {
            io::ErrorKind::AlreadyExists => {
                failure.help("a salt is never written over another file: choose a new name")
            }
            _ => failure,
        }
        .because(error)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    fn shape(format: &Value) -> Shape {
        serde_json::from_value(json!({ "format": format, "types": {} })).unwrap()
    }

    fn json_text(text: &str) -> TileValueArguments {
        TileValueArguments { input_json: Some(text.to_owned()), input: None, input_hex: None }
    }

    fn told(result: Result<Vec<u8>, Failure>) -> String {
        result.unwrap_err().report()
    }

    #[test]
    fn arguments_are_json_or_postcard_by_option_and_by_name() {
        let number = Ok(shape(&json!("U64")));
        assert_eq!(bytes(&json_text("300"), &number).unwrap(), [0xac, 2]);
        let folder = tempfile::tempdir().unwrap();
        for (name, content, expected) in
            [("a.json", b"300".as_slice(), &[0xac, 2][..]), ("a", b"300", &[0xac, 2]), ("a.bin", b"300", b"300")]
        {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            let arguments = TileValueArguments { input: Some(path), input_json: None, input_hex: None };
            assert_eq!(bytes(&arguments, &number).unwrap(), expected, "{name}");
        }
        let hex = TileValueArguments { input_hex: Some(HexBytes(vec![1, 2, 3])), input: None, input_json: None };
        // Not a number: the tile is to say so.
        assert_eq!(bytes(&hex, &number).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn no_input_is_one_for_a_tile_without_arguments_only() {
        let none = TileValueArguments { input_json: None, input: None, input_hex: None };
        assert_eq!(bytes(&none, &Ok(shape(&json!("UNIT")))).unwrap(), [0; 0]);
        assert!(told(bytes(&none, &Ok(shape(&json!("U64"))))).contains("the tile takes u64"));
        assert!(told(bytes(&none, &Err("it looks".into()))).contains("it looks"));
    }

    #[test]
    fn json_that_does_not_fit_says_what_would() {
        let text = Ok(shape(&json!("STR")));
        assert!(told(bytes(&json_text("hello"), &text)).contains("text is quoted"));
        assert!(told(bytes(&json_text("3"), &text)).contains("no value of type String"));
        assert!(told(bytes(&json_text("3"), &Err("it looks".into()))).contains(".bin"));
    }

    #[test]
    fn a_salt_is_hex_or_a_file_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("salt");
        let hex = "ab".repeat(SALT_BYTES);
        fs::write(&path, format!("{hex}\n")).unwrap();
        assert_eq!(salt(&hex).unwrap(), [0xab; SALT_BYTES]);
        assert_eq!(salt(path.to_str().unwrap()).unwrap(), [0xab; SALT_BYTES]);
        fs::write(&path, &hex[2..]).unwrap();
        assert!(salt(path.to_str().unwrap()).unwrap_err().report().contains("64 hex digits"));
        assert!(salt("nowhere").unwrap_err().report().contains("64 hex digits"));
    }
}
