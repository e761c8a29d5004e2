//! Cut off anywhere, a bit flipped anywhere: every other run stays readable, and what is damaged has a name.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assay_spec::RunId;
use assay_store::{BlobKind, RunFilter, Store};

use crate::{
    faults::fast_folder,
    index::{answers, mixed},
};

/// Flips that are tried.
const FLIPS: usize = 10_000;
/// Where their random numbers begin.
const SEED: u64 = 0x0a55_a4b1;

/// Every file of the store, from its folder on, but those in whose content nobody is interested.
fn files(store: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![store.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::metadata(&path).expect("a file").len() > 0 && !path.to_string_lossy().ends_with("-journal") {
                files.push(path.strip_prefix(store).expect("it is in it").to_owned());
            }
        }
    }
    files.sort();
    files
}

/// Every other run can be read, with guest and input where these are not what is damaged.
fn others_are_readable(store: &Store, run_ids: &[RunId], damaged: &Path, context: &str) {
    let is_blob = BlobKind::ALL.iter().any(|kind| damaged.starts_with(kind.folder()));
    for run_id in run_ids.iter().filter(|run_id| !damaged.to_string_lossy().contains(run_id.as_str())) {
        store.run(run_id).unwrap_or_else(|error| panic!("{context}: {error}"));
        if !is_blob {
            store.saved_run(run_id).unwrap_or_else(|error| panic!("{context}: {error}"));
        }
    }
}

/// The check names the file, or for what is made of other files has found nothing because it is as it was.
fn is_named(store: &Store, damaged: &Path, healed: impl FnOnce() -> bool, context: &str) {
    let report = store.check().unwrap_or_else(|error| panic!("{context}: {error}"));
    let named = report.damage.iter().any(|damage| {
        let name = damaged.to_str().expect("names are text");
        damage.what.starts_with(name) || name.starts_with(&damage.what) || damage.why.contains(name)
    });
    assert!(named || (report.damage.is_empty() && healed()), "{context}: {:?}", report.damage);
}

/// The header, and the rows sorted.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    lines[1..].sort_unstable();
    lines
}

#[test]
fn a_record_that_is_cut_anywhere_is_named_and_the_others_stay_readable() {
    let folder = fast_folder();
    let path = folder.path();
    let store = mixed(path);
    let run_ids = store.run_ids().unwrap();
    let finding_id = store.finding_ids().unwrap().remove(0);
    let log = format!("runs/{}.json", run_ids[0]);
    for name in [log, format!("findings/{finding_id}/finding.json"), "store.json".into(), "summary.csv".into()] {
        let (file, name) = (path.join(&name), Path::new(&name));
        let whole = fs::read(&file).unwrap();
        for cut in 0..whole.len() {
            let context = format!("{} cut at {cut} of {}", name.display(), whole.len());
            fs::write(&file, &whole[..cut]).unwrap();
            // Whoever opens a store heals summary.csv; whoever has it open reads what is there.
            let is_summary = name.ends_with("summary.csv");
            let opened = (is_summary || cut % 16 == 0).then(|| Store::open(path).expect("it opens"));
            let store = opened.as_ref().unwrap_or(&store);
            if opened.is_some() {
                others_are_readable(store, &run_ids, name, &context);
            }
            if is_summary {
                // Rows that were lost come back behind the others.
                assert_eq!(lines(&fs::read(&file).unwrap()), lines(&whole), "{context}");
            } else if cut % 16 == 0 {
                is_named(store, name, || false, &context);
            } else if name.starts_with("runs") {
                assert!(store.run(&run_ids[0]).unwrap_err().is_damage(), "{context}");
            } else if name.starts_with("findings") {
                assert!(store.finding(&finding_id).unwrap_err().is_damage(), "{context}");
            }
        }
        fs::write(&file, whole).unwrap();
    }
    assert_eq!(Store::open(path).unwrap().check().unwrap().damage, []);
}

fn flip_bits(flips: usize) {
    let folder = fast_folder();
    let path = folder.path();
    let run_ids = mixed(path).run_ids().expect("the store is whole");
    let before = answers(&Store::open(path).expect("the store is whole"));
    let files = files(path);
    let index = fs::read(path.join("index.db")).expect("the store is whole");
    // Marsaglia's xorshift64.
    let mut state = SEED;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for flip in 0..flips {
        let name = &files[random(files.len())];
        let file = path.join(name);
        let whole = fs::read(&file).expect("the store is whole");
        let bit = random(8 * whole.len());
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let context = format!("flip {flip}: bit {bit} of {}", name.display());
        fs::write(&file, damaged).expect("the store is whole");
        let store = Store::open(path).unwrap_or_else(|error| panic!("{context}: {error}"));
        others_are_readable(&store, &run_ids, name, &context);
        store.runs(&RunFilter::default()).unwrap_or_else(|error| panic!("{context}: {error}"));
        // The index is made of the run logs: one that was made again, or that was flipped where nothing is, is whole.
        // And a last line without its end is written again.
        let healed = || match name.to_str() {
            Some("index.db") => answers(&store) == before,
            Some("summary.csv") => lines(&fs::read(&file).expect("the store is whole")) == lines(&whole),
            _ => false,
        };
        is_named(&store, name, healed, &context);
        drop(store);
        fs::write(&file, whole).expect("the store is whole");
        fs::write(path.join("index.db"), &index).expect("the store is whole");
    }
    assert_eq!(Store::open(path).expect("the store is whole").check().expect("the store is whole").damage, []);
    assert_eq!(answers(&Store::open(path).expect("the store is whole")), before);
}

#[test]
fn a_flipped_bit_is_named_and_the_other_runs_stay_readable() {
    flip_bits(FLIPS / 10);
}

#[test]
#[ignore = "a minute: all of the flips; the test before takes the first tenth"]
fn ten_thousand_flipped_bits_are_named_and_the_other_runs_stay_readable() {
    flip_bits(FLIPS);
}
