//! How long all cases but those about proofs take on the reference machine, platform by platform.
//!
//! Run with `cargo bench -p assay-conform --bench reference`. It builds the kit's guests first, if they are not there.

use assay_backend::{CancelToken, Limits, Reference};
use assay_conform::{
    Guests, Target, cases,
    run::{STEPS_MAX, Watcher, run},
};
use assay_guest::{GuestBuilder, GuestSources, PlatformFacts};
use assay_spec::Platform;
use divan::Bencher;

fn main() {
    divan::main();
}

struct Silent;

impl Watcher for Silent {
    fn doing(&mut self, _: usize, _: usize, _: &str) {}
    fn building(&mut self, _: &str) {}
}

#[divan::bench(args = ["standard", "risc0", "sp1", "openvm"], sample_count = 5, sample_size = 1)]
fn every_case(bencher: Bencher<'_, '_>, platform: &str) {
    let platform: Platform = platform.parse().expect("a platform of the table");
    let limits = Limits { max_steps: STEPS_MAX, ..Limits::default() };
    let mut machine = Reference::new(CancelToken::default());
    let mut targets: Vec<_> = PlatformFacts::of(platform)
        .isas
        .iter()
        .map(|&isa| {
            let target = Target::new(platform, isa);
            let builder = GuestSources::find(None).map_err(Into::into).and_then(GuestBuilder::new);
            (Guests::new(target, builder), cases::all(target))
        })
        .collect();
    let mut all = || {
        for (guests, cases) in &mut targets {
            let run = run(&mut machine, Reference::NAME, guests, cases, &limits, &mut Silent).expect("it can be asked");
            let counts = &run.counts;
            assert_eq!((counts.fail, counts.unjudged), (0, 0), "{platform}: {:?}", run.counts);
        }
    };
    // Guests are built outside of what is measured.
    all();
    bencher.bench_local(all);
}
