//! `summary.csv` for notebooks: as it is, with the older columns, or as JSON.

use std::io::Write;

use serde_json::{Map, Value};

use crate::{
    Store, StoreError,
    disk::read_file,
    summary::{COLUMNS, PHASE4_COLUMNS, PHASE4_NAMES},
};

/// Which columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportSchema {
    /// Those of `summary.csv`.
    #[default]
    Current,
    /// The first 18 with their older names, without `baseline`, `verdict` and `finding_id`.
    Phase4,
}

/// In which form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportForm {
    /// As `summary.csv` is.
    #[default]
    Csv,
    /// An array of objects, whose values are the cells as text.
    Json,
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Rows that were written.
    pub rows: u64,
    /// Lines that are no rows, by damage, and were left out; [`Store::check`] says which.
    pub left_out: u64,
}

/// Largest `summary.csv` that is read, in bytes.
pub const SUMMARY_BYTES_MAX: u64 = 4 << 30;

impl Store {
    /// Writes the rows of `summary.csv` to `out`, in their order.
    pub fn export(&self, schema: ExportSchema, form: ExportForm, out: &mut dyn Write) -> Result<Exported, StoreError> {
        let (rows, left_out) = self.summary_cells()?;
        let columns = columns(schema);
        let written = match form {
            ExportForm::Csv => write_csv(&columns, &rows, out),
            ExportForm::Json => write_json(&columns, &rows, out),
        };
        written.map_err(|source| StoreError::Export(source.into()))?;
        Ok(Exported { rows: rows.len() as u64, left_out })
    }

    /// The cells of every row of `summary.csv`, and how many lines are none.
    pub(crate) fn summary_cells(&self) -> Result<(Vec<Vec<String>>, u64), StoreError> {
        let path = self.layout.summary();
        if !path.exists() {
            return Ok((Vec::new(), 0));
        }
        let bytes = read_file(&path, SUMMARY_BYTES_MAX)?;
        let mut rows = Vec::new();
        let mut left_out = 0;
        for line in bytes.split_inclusive(|&byte| byte == b'\n').skip(1) {
            match cells(line) {
                Some(cells) => rows.push(cells),
                None => left_out += 1,
            }
        }
        Ok((rows, left_out))
    }
}

/// The cells of a whole line of `summary.csv`; none where it is not one.
pub(crate) fn cells(line: &[u8]) -> Option<Vec<String>> {
    let line = line.strip_suffix(b"\n")?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line);
    let mut records = reader.records();
    let record = records.next()?.ok()?;
    let cells: Vec<String> = record.iter().map(str::to_owned).collect();
    (cells.len() == COLUMNS.len() && records.next().is_none()).then_some(cells)
}

/// Names of the columns of that schema, which are the first ones of [`COLUMNS`].
fn columns(schema: ExportSchema) -> Vec<&'static str> {
    match schema {
        ExportSchema::Current => COLUMNS.to_vec(),
        ExportSchema::Phase4 => COLUMNS[..PHASE4_COLUMNS]
            .iter()
            .map(|column| PHASE4_NAMES.iter().find(|(name, _)| name == column).map_or(*column, |(_, older)| older))
            .collect(),
    }
}

fn write_csv(columns: &[&str], rows: &[Vec<String>], out: &mut dyn Write) -> csv::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(&row[..columns.len()])?;
    }
    Ok(writer.flush()?)
}

fn write_json(columns: &[&str], rows: &[Vec<String>], out: &mut dyn Write) -> csv::Result<()> {
    let object = |row: &Vec<String>| -> Map<String, Value> {
        columns.iter().zip(row).map(|(&column, cell)| (column.to_owned(), Value::String(cell.clone()))).collect()
    };
    let rows: Vec<_> = rows.iter().map(object).collect();
    serde_json::to_writer_pretty(&mut *out, &rows).map_err(std::io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}
