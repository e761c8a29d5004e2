//! The stack: as deep as every platform has it, and deeper than any.

use super::act::{self, Act};
use crate::case::{Case, Expect, Group, Program, Target};

pub(super) fn cases(_: Target) -> Vec<Case> {
    let case = |name: &str, about: &str, act, depth: u32, expect| {
        let input = act::input(act, &act::words(&[depth]));
        Case::new(Group::Stack, name, about, Program::Core(act::CORE), expect).with_input(input)
    };
    let reached = |depth: u32| Expect::ok(depth.to_le_bytes());
    vec![
        case("1000-calls", "A thousand calls with 256 bytes on the stack each", Act::Descend, 1000, reached(1000)),
        case(
            "to-the-limit",
            "Calls with 384 KiB on the stack, of 512 that every platform has",
            Act::DescendFast,
            6,
            reached(6),
        ),
        case("past-the-limit", "2^20 calls with 64 KiB on the stack each", Act::DescendFast, 1 << 20, Expect::Stopped),
    ]
}
