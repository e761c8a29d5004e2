//! How many tests a shrink needs, beside plain delta debugging over the same cases with the same predicates, and how long the
//! engine itself takes.
//!
//! Run with `cargo bench -p assay-fuzz --bench shrink`. The counts are exact and do not depend on the machine.

#[path = "../tests/support/ddmin.rs"]
mod ddmin;
#[path = "../tests/support/measure.rs"]
mod measure;
#[path = "../tests/support/planted.rs"]
mod planted;

use assay_fuzz::shrink::{Options, Unobserved, shrink};
use assay_isa::Isa;
use divan::Bencher;
use measure::{Knowledge, Row, Scattered};

fn main() {
    // `cargo test` runs benches too, with `--test`, and has no use for figures.
    if std::env::args().any(|argument| argument == "--bench") {
        for knowledge in [Knowledge::Focus, Knowledge::Reference, Knowledge::Words] {
            print(&format!("planted faults, told: {knowledge:?}"), &measure::planted_rows(knowledge));
        }
        print("bugs that need several instructions", &measure::scattered_rows());
    }
    divan::main();
}

fn print(title: &str, rows: &[Row]) {
    println!("{title}: {:.1} times fewer tests to reduce", measure::factor(rows));
    for row in rows {
        println!("  {row}");
    }
}

/// A planted bug from beginning to end, both machines included.
#[divan::bench]
fn planted_bug(bencher: Bencher<'_, '_>) {
    let bug = planted::bug("mul:^0x10", Isa::RV32IM);
    let predicate = bug.predicate();
    bencher.bench(|| shrink(bug.case.clone(), &predicate, &Options::default(), &mut Unobserved));
}

/// The same by plain delta debugging.
#[divan::bench]
fn planted_bug_by_ddmin(bencher: Bencher<'_, '_>) {
    let bug = planted::bug("mul:^0x10", Isa::RV32IM);
    bencher.bench(|| ddmin::ddmin(&bug.case, &bug.predicate()));
}

/// What the engine costs by itself: the predicate costs nothing.
#[divan::bench]
fn engine_alone(bencher: Bencher<'_, '_>) {
    let case = planted::bug("mul:^0x10", Isa::RV32IM).case;
    let predicate = Scattered::over(&case, 5);
    bencher.bench(|| shrink(case.clone(), &predicate, &Options::default(), &mut Unobserved));
}
