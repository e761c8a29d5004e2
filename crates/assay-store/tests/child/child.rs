//! A process that works in a store and is killed, or is one of many. Started by the store's tests.

#[path = "../store/scenario.rs"]
mod scenario;
#[path = "../store/support.rs"]
mod support;

use std::{
    env,
    io::{self, Write as _},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use assay_store::{Bundles, Faults, RunFilter, Store, StoreError};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["until", number, path] => until(number.parse().expect("a number"), path.as_ref()),
        ["bundle", number, path] => bundle(number.parse().expect("a number"), path.as_ref()),
        ["many", count, path] => many(count.parse().expect("a number"), path.as_ref()),
        ["fill", path] => fill(path.as_ref()),
        _ => panic!("until NUMBER STORE | bundle NUMBER FOLDER | many COUNT STORE | fill STORE"),
    }
}

/// Goes through the scenario, says what is done, and stops for ever at the moment of that number.
fn until(number: u64, path: &Path) {
    let faults = stopping_at(number);
    scenario::play(path, &faults, &mut |done| say(&format!("done {}", done.expect("nothing fails"))));
    say("end");
}

/// Puts a bundle in the place of whatever is there, and stops for ever at the moment of that number.
fn bundle(number: u64, path: &Path) {
    let bundles = Bundles::with_faults(path, stopping_at(number));
    bundles.put("tile/backend", &[("elf", b"new elf"), ("id", b"new id")]).expect("nothing fails");
    say("end");
}

fn stopping_at(number: u64) -> Faults {
    let moments = AtomicU64::new(0);
    Faults::planned(move |step, moment, path| {
        if moments.fetch_add(1, Ordering::Relaxed) == number {
            say(&format!("at {step:?} {moment:?} {}", path.display()));
            loop {
                thread::park();
            }
        }
        Ok(())
    })
}

/// Keeps runs until the disk is full; then all that was kept must be whole.
fn fill(path: &Path) {
    let store = Store::open(path).expect("the store opens");
    let mut kept = Vec::new();
    let error = loop {
        let input = vec![u8::try_from(kept.len()).expect("the disk is small"); 16 << 10];
        let run = if kept.len() % 4 == 0 {
            support::diverging("seed", &input, &kept.len().to_string())
        } else {
            support::agreeing("fib", &input)
        };
        match store.record(run) {
            Ok(recorded) => kept.push(recorded.run_id),
            Err(StoreError::Unsettled { run_id, source }) => {
                kept.push(run_id);
                break *source;
            }
            Err(error) => break error,
        }
    };
    drop(store);
    // Reading needs no space.
    let store = Store::open_existing(path).expect("it opens");
    for run_id in &kept {
        store.saved_run(run_id).expect("it was kept");
    }
    assert_eq!(store.runs(&RunFilter::default()).expect("a list").len(), kept.len());
    // And with space again, what is missing is made.
    let input = store.run(&kept[1]).expect("it was kept").input_digest;
    drop(store);
    std::fs::remove_file(path.join(format!("inputs/{input}"))).expect("it is there");
    let report = Store::open(path).expect("it opens").check().expect("it can be checked");
    let others: Vec<_> = report.damage.iter().filter(|damage| !damage.why.contains(&input.to_string())).collect();
    assert!(others.is_empty(), "{others:?}");
    say(&format!("{} runs, then: {error}", kept.len()));
}

fn say(line: &str) {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("the test reads");
}

/// Keeps so many runs, some with a finding.
fn many(count: u32, path: &Path) {
    let store = Store::open(path).expect("the store opens");
    for number in 0..count {
        let input = format!("{} {number}", std::process::id());
        let run = if number % 10 == 0 {
            support::diverging("seed", input.as_bytes(), "zk")
        } else {
            support::agreeing("fib", input.as_bytes())
        };
        say(store.record(run).expect("the run is kept").run_id.as_str());
    }
}
