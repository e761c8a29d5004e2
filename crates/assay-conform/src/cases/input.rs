//! `read_input`: every length, any number of calls, no call at all, and a guest that stores into the buffer.

use assay_spec::{Platform, TrapKind};

use super::act::{self, Act};
use crate::case::{Case, Expect, Group, Program, Target};

/// Around nothing, a word and a page, and many pages.
const LENGTHS: [usize; 14] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 4095, 4096, 4097, 1 << 20];

pub(super) fn cases(target: Target) -> Vec<Case> {
    let case = |name: &str, about: &str, input: Vec<u8>, expect| {
        Case::new(Group::Input, name, about, Program::Core(act::CORE), expect).with_input(input)
    };
    let mut cases: Vec<Case> = LENGTHS
        .iter()
        .map(|&length| {
            let about = format!("An input of {length} bytes is read whole");
            let input = bytes(length);
            let expect = Expect::ok(act::measured(&input));
            case(&format!("length-{length}"), &about, input, expect)
        })
        .collect();
    let some = bytes(100);
    cases.push(case(
        "read-three-times",
        "Three calls give one pointer, one size and the same bytes",
        act::input(Act::ReadThrice, &some),
        Expect::ok([1]),
    ));
    cases.push(case(
        "read-again-later",
        "A call after 2^16 instructions gives what the first gave",
        act::input(Act::ReadLater, &some),
        Expect::ok([1]),
    ));
    // The buffer may be read-only; where the platform says that it is, a store must not go unnoticed.
    let trapped = Expect::Trap(vec![TrapKind::StoreFault]);
    let stored = match target.platform {
        Platform::Standard => trapped,
        _ => Expect::OneOf(vec![trapped, Expect::ok(*b"stored")]),
    };
    cases.push(case(
        "store-into-buffer",
        "A store into the input buffer traps where the buffer is read-only, and is a store elsewhere",
        act::input(Act::StoreIntoInput, &some),
        stored,
    ));
    for (name, about, input) in [
        ("not-read", "A guest need not ask for its input", some),
        ("not-read-and-empty", "A guest need not ask for an empty input", Vec::new()),
    ] {
        let expect = Expect::ok(*b"no input");
        cases.push(Case::new(Group::Input, name, about, Program::Core(act::SILENT_CORE), expect).with_input(input));
    }
    cases
}

/// An input of so many bytes that asks to be measured.
fn bytes(length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..length).map(|index| (index.wrapping_mul(31) >> 3) as u8).collect();
    if let Some(first) = bytes.first_mut() {
        *first = Act::Measure as u8;
    }
    bytes
}
