//! What a bucket is, for people and for scripts.

use std::fmt::Write as _;

use assay_isa::{AssembleOptions, Isa, assemble, disassemble_word};
use assay_spec::{BucketList, ExitCode, KnownBug, ListedBucket, schema::Versioned as _};
use assay_trace::buckets::{Backend, Bucket};

use super::super::{print, print_json};
use crate::{arguments::Format, failure::Failure};

/// Where an example is taken to stand, for its listing.
const EXAMPLE_ADDRESS: u64 = 0x1_0000;

pub(super) fn run(bucket: &Bucket, format: Format) -> Result<ExitCode, Failure> {
    match format {
        Format::Json => {
            let list = BucketList { schema: BucketList::tag(), buckets: vec![listed(bucket)], signals: Vec::new() };
            print_json(&list)?;
        }
        Format::Human => print(&text(bucket))?,
    }
    Ok(ExitCode::Ok)
}

fn text(bucket: &Bucket) -> String {
    let mut text = format!("{}\n\n{}\n\n", bucket.id, bucket.matches);
    let _ = writeln!(text, "category: {}", bucket.category);
    let _ = writeln!(text, "backends: {}", backends(bucket));
    if bucket.bugs.is_empty() {
        text.push_str("known bugs: none on record\n");
    } else {
        text.push_str("known bugs:\n");
        for bug in bucket.bugs {
            let _ = writeln!(text, "  {}\n    {}", bug.what, bug.reference);
        }
    }
    text.push_str("\nexample:\n");
    for line in bucket.example.lines() {
        let _ = writeln!(text, "  {line}");
    }
    text.push_str("\nas instructions:\n");
    for (address, word, instruction) in listing(bucket.example) {
        let _ = writeln!(text, "  {address:#x}  {word:08x}  {instruction}");
    }
    let _ = writeln!(text, "\ntry it: assay bucket run --backend {} --insts FILE", bucket.backends[0].name());
    text
}

/// The example as address, word and disassembly; for 32-bit registers if it can be, else for 64.
fn listing(example: &str) -> Vec<(u64, u32, String)> {
    let assembled = [Isa::RV32IM, Isa::RV64IM]
        .into_iter()
        .find_map(|isa| Some((isa, assemble(example, &AssembleOptions::new(isa, EXAMPLE_ADDRESS)).ok()?)));
    let Some((isa, assembly)) = assembled else { return Vec::new() };
    let words =
        assembly.bytes.chunks_exact(4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    let addresses = (EXAMPLE_ADDRESS..).step_by(4);
    addresses.zip(words).map(|(address, word)| (address, word, disassemble_word(word, isa))).collect()
}

pub(super) fn backends(bucket: &Bucket) -> String {
    bucket.backends.iter().map(|backend| backend.name()).collect::<Vec<_>>().join(" ")
}

pub(super) fn listed(bucket: &Bucket) -> ListedBucket {
    ListedBucket {
        id: bucket.id.to_owned(),
        category: bucket.category.name().to_owned(),
        matches: bucket.matches.to_owned(),
        backends: bucket.backends.iter().map(|backend: &Backend| backend.name().to_owned()).collect(),
        bugs: bucket
            .bugs
            .iter()
            .map(|bug| KnownBug { what: bug.what.to_owned(), reference: bug.reference.to_owned() })
            .collect(),
        example: bucket.example.to_owned(),
    }
}
