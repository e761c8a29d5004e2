//! How long each form takes for a store of 10,000 runs and 300 findings.

#[path = "../tests/reports/fixture.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod fixture;

use divan::Bencher;

fn main() {
    divan::main();
}

#[divan::bench]
fn page(bencher: Bencher<'_, '_>) {
    let input = fixture::large(10_000, 300);
    bencher.bench(|| assay_report::html(&input));
}

#[divan::bench]
fn markdown(bencher: Bencher<'_, '_>) {
    let input = fixture::large(10_000, 300);
    bencher.bench(|| assay_report::markdown(&input));
}

#[divan::bench]
fn junit(bencher: Bencher<'_, '_>) {
    let input = fixture::large(10_000, 300);
    bencher.bench(|| assay_report::junit(&input));
}
