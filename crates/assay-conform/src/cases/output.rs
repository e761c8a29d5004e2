//! `write_output`: any number of calls, of any size, and the output is what was written, in order.

use super::act::{self, Act};
use crate::case::{Case, Expect, Group, Program, Target};

/// Names, and the sizes of the writes.
const WRITES: [(&str, &str, &[u32]); 9] = [
    ("one-write", "One write", &[10]),
    ("split-writes", "Writes of several sizes make one output, without framing", &[3, 1, 4, 1, 5, 9, 2, 6]),
    ("zero-size-write", "A write of no bytes appends nothing", &[0]),
    ("zero-size-write-between", "A write of no bytes between others appends nothing", &[5, 0, 6]),
    ("32-bytes", "An output of 32 bytes", &[32]),
    ("33-bytes", "An output of 33 bytes", &[33]),
    ("256-bytes", "An output of 256 bytes", &[256]),
    ("257-bytes", "An output of 257 bytes", &[257]),
    ("65536-bytes", "An output of 65,536 bytes", &[65536]),
];

pub(super) fn cases(_: Target) -> Vec<Case> {
    let case = |name: &str, about: &str, input: Vec<u8>, output: Vec<u8>| {
        Case::new(Group::Output, name, about, Program::Core(act::CORE), Expect::ok(output)).with_input(input)
    };
    let mut cases = vec![case("nothing", "A guest that writes nothing", act::input(Act::Nothing, &[]), Vec::new())];
    cases.extend(WRITES.iter().map(|&(name, about, sizes)| {
        let output = act::piece_bytes(sizes.iter().sum());
        case(name, about, act::input(Act::Pieces, &act::words(sizes)), output)
    }));
    let input = act::input(Act::Echo, b" is written from where it was read");
    cases.push(case("input-buffer", "The input buffer itself is written out", input.clone(), input));
    cases.push(case(
        "order-across-functions",
        "Writes of several functions, with logs between them, come out in order",
        act::input(Act::Order, &[]),
        b"123456789".to_vec(),
    ));
    cases
}
