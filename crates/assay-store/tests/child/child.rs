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

use assay_store::{Faults, Store};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["until", number, path] => until(number.parse().expect("a number"), path.as_ref()),
        ["many", count, path] => many(count.parse().expect("a number"), path.as_ref()),
        _ => panic!("until NUMBER STORE | many COUNT STORE"),
    }
}

/// Goes through the scenario, says what is done, and stops for ever at the moment of that number.
fn until(number: u64, path: &Path) {
    let moments = AtomicU64::new(0);
    let faults = Faults::planned(move |step, moment, path| {
        if moments.fetch_add(1, Ordering::Relaxed) == number {
            say(&format!("at {step:?} {moment:?} {}", path.display()));
            loop {
                thread::park();
            }
        }
        Ok(())
    });
    scenario::play(path, &faults, &mut |done| say(&format!("done {}", done.expect("nothing fails"))));
    say("end");
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
