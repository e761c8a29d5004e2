//! What keeping a run costs, beside writing the same bytes without any care, and with the least that survives a crash.
//!
//! `cargo bench -p assay-store`. Files go to `TMPDIR`: name a folder on the disk that you mean.

use std::{
    fs::{self, File},
    hint::black_box,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use assay_store::{RunFilter, Store};
use divan::{Bencher, counter::ItemsCount};
use tempfile::TempDir;

#[path = "../tests/store/support.rs"]
mod support;

use support::{agreeing, diverging};

fn main() {
    divan::main();
}

/// Processes that keep runs at the same time are threads with a store of their own here: locks know no difference.
const THREADS: [usize; 3] = [1, 4, 16];

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The bytes of a run log as the store writes it.
fn log_bytes() -> Vec<u8> {
    let folder = folder();
    let store = Store::open(folder.path()).expect("a store");
    fs::read(store.record(agreeing("fib", b"input")).expect("it is kept").run_path).expect("it is there")
}

fn unique(folder: &Path) -> std::path::PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    folder.join(NUMBER.fetch_add(1, Ordering::Relaxed).to_string())
}

#[divan::bench(threads = THREADS)]
fn plain_write(bencher: Bencher<'_, '_>) {
    let (folder, bytes) = (folder(), log_bytes());
    bencher.counter(ItemsCount::new(1_usize)).bench(|| fs::write(unique(folder.path()), &bytes).expect("space"));
}

#[divan::bench(threads = THREADS)]
fn write_sync_rename_sync(bencher: Bencher<'_, '_>) {
    let (folder, bytes) = (folder(), log_bytes());
    bencher.counter(ItemsCount::new(1_usize)).bench(|| {
        let path = unique(folder.path());
        let partial = path.with_extension("partial");
        fs::write(&partial, &bytes).expect("space");
        File::open(&partial).and_then(|file| file.sync_all()).expect("a disk");
        fs::rename(&partial, &path).expect("a disk");
        File::open(folder.path()).and_then(|folder| folder.sync_all()).expect("a disk");
    });
}

#[divan::bench(threads = THREADS)]
fn record(bencher: Bencher<'_, '_>) {
    let folder = folder();
    bencher
        .counter(ItemsCount::new(1_usize))
        .with_inputs(|| Store::open(folder.path()).expect("a store"))
        .bench_refs(|store| store.record(agreeing("fib", b"input")).expect("it is kept").run_id);
}

#[divan::bench]
fn record_known_finding(bencher: Bencher<'_, '_>) {
    let folder = folder();
    let store = Store::open(folder.path()).expect("a store");
    store.record(diverging("seed", b"input", "zk")).expect("it is kept");
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench(|| store.record(diverging("seed", b"input", "zk")).expect("it is kept").run_id);
}

/// A store of so many runs.
fn filled(runs: usize) -> TempDir {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| folder());
    let store = Store::open(folder.path()).expect("a store");
    for _ in 0..runs {
        store.record(agreeing("fib", b"input")).expect("it is kept");
    }
    folder
}

#[divan::bench(args = [1000, 10_000], sample_count = 5)]
fn open(bencher: Bencher<'_, '_>, runs: usize) {
    let folder = filled(runs);
    bencher.bench(|| Store::open(folder.path()).expect("a store"));
}

#[divan::bench(args = [1000, 10_000], sample_count = 5)]
fn rebuild_index(bencher: Bencher<'_, '_>, runs: usize) {
    let folder = filled(runs);
    let store = Store::open(folder.path()).expect("a store");
    bencher.bench(|| store.rebuild().expect("it is made again"));
}

#[divan::bench(args = [1000, 10_000], sample_count = 5)]
fn list_latest_100(bencher: Bencher<'_, '_>, runs: usize) {
    let folder = filled(runs);
    let store = Store::open(folder.path()).expect("a store");
    let filter = RunFilter { backend: Some("zk".to_owned()), limit: Some(100), ..RunFilter::default() };
    bencher.bench(|| black_box(store.runs(&filter).expect("a list")).len());
}
