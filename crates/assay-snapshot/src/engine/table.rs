//! A key of a table of a TOML file.
//!
//! Only `[table]` sections are written to: a table that the file has as `{ … }` or with dotted keys is refused.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{AnchorError, Spot, splice::newline_of};

/// Longest TOML file that is read, in bytes.
pub const TOML_BYTES_MAX: usize = 1 << 20;

/// Where `key = value` goes.
pub(super) fn find(text: &str, table: &str, key: &str, value: &str) -> Result<Spot, AnchorError> {
    let damaged = |error: toml::de::Error| AnchorError::Unreadable { why: error.message().to_owned(), line: None };
    if text.len() > TOML_BYTES_MAX {
        let why = format!("it has over {TOML_BYTES_MAX} bytes");
        return Err(AnchorError::Unreadable { why, line: None });
    }
    if DeTable::parse(&format!("value = {value}")).is_err() {
        return Err(AnchorError::BadEdit(format!("{value:?} is no TOML value")));
    }
    let root = DeTable::parse(text).map_err(damaged)?;
    let mut here = root.get_ref();
    let mut there = true;
    for name in table.split('.') {
        match here.get(name).map(Spanned::get_ref) {
            Some(DeValue::Table(inner)) => here = inner,
            Some(_) => {
                let expected = format!("a table [{table}]");
                return Err(AnchorError::Missing { expected, nearest: None });
            }
            None => {
                there = false;
                break;
            }
        }
    }
    let newline = newline_of(text);
    if let Some(known) = there.then(|| here.get(key)).flatten() {
        let is_header = matches!(known.get_ref(), DeValue::Table(_)) && !text[known.span()].starts_with('{');
        if is_header {
            let expected = format!("{key} in [{table}] as a value, or not at all");
            return Err(AnchorError::Missing { expected, nearest: None });
        }
        return Ok(Spot::Value { insert: (known.span(), value.to_owned()) });
    }
    // After the header, if there is one: the rest of the section may be of any shape.
    let insert = if let Some(end) = header_end(text, table) {
        (end..end, format!("{newline}{key} = {value}"))
    } else {
        let lead = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
        let gap = if text.is_empty() { "" } else { newline };
        (text.len()..text.len(), format!("{lead}{gap}[{table}]{newline}{key} = {value}{newline}"))
    };
    // Dotted keys and inline tables cannot be opened again: reading the result tells.
    let result = format!("{}{}{}", &text[..insert.0.start], insert.1, &text[insert.0.end..]);
    if DeTable::parse(&result).is_err() {
        let expected = format!("[{table}] as a section of its own, or not at all");
        return Err(AnchorError::Missing { expected, nearest: None });
    }
    Ok(Spot::Value { insert })
}

/// The end of the line `[table]`, without its line break.
fn header_end(text: &str, table: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let bare = content.split('#').next().unwrap_or_default().trim();
        if bare.strip_prefix('[').and_then(|bare| bare.strip_suffix(']')).map(str::trim) == Some(table) {
            // A line of a long string may look like a header: a section begins there if what precedes it is whole.
            if DeTable::parse(&text[..start]).is_ok() {
                return Some(start + content.len());
            }
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, table: &str, key: &str, value: &str) -> Result<String, AnchorError> {
        let Spot::Value { insert: (range, new) } = find(text, table, key, value)? else { panic!() };
        Ok(format!("{}{new}{}", &text[..range.start], &text[range.end..]))
    }

    #[test]
    fn a_key_goes_below_its_header_into_its_place_or_into_a_new_section() {
        let text = "[package]\nname = 'x' # [dependencies]\n\n[dependencies] # what it uses\na = \"1\"\n";
        assert_eq!(
            set(text, "dependencies", "b", "{ path = \"../b\" }").unwrap(),
            "[package]\nname = 'x' # [dependencies]\n\n[dependencies] # what it uses\nb = { path = \"../b\" }\na = \"1\"\n"
        );
        assert_eq!(set(text, "dependencies", "a", "\"2\"").unwrap(), text.replace("\"1\"", "\"2\""));
        assert_eq!(set(text, "features", "f", "[]").unwrap(), format!("{text}\n[features]\nf = []\n"));
        assert_eq!(
            set("[dependencies.a]\nversion = '1'", "dependencies", "b", "'2'").unwrap(),
            "[dependencies.a]\nversion = '1'\n\n[dependencies]\nb = '2'\n"
        );
        assert_eq!(set("[a]\r\nx = 1\r\n", "a", "y", "2").unwrap(), "[a]\r\ny = 2\r\nx = 1\r\n");
        let long = "[a]\nx = '''\n[b]\n'''\n[b]\n";
        assert_eq!(set(long, "b", "y", "2").unwrap(), "[a]\nx = '''\n[b]\n'''\n[b]\ny = 2\n");
    }

    #[test]
    fn tables_that_cannot_be_opened_again_are_refused() {
        for text in ["a = { x = 1 }\n", "a = 1\n", "a.x = 1\n", "[a.y]\nz = 1\n"] {
            assert!(matches!(set(text, "a", "y", "2"), Err(AnchorError::Missing { .. })), "{text}");
        }
        assert!(matches!(set("a = ", "a", "y", "2"), Err(AnchorError::Unreadable { .. })));
        assert!(matches!(set("", "a", "y", "2 3"), Err(AnchorError::BadEdit(_))));
    }
}
