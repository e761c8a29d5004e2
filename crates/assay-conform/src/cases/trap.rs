//! What stops a hart: words that are no instructions, and memory that is not there.

use assay_spec::TrapKind;

use super::{
    UNMAPPED,
    act::{self, Act},
};
use crate::case::{Case, Expect, Group, Program, Target};

pub(super) fn cases(_: Target) -> Vec<Case> {
    let sequence = |name: &str, about: &str, text: &str, kind| {
        Case::sequence(Group::Trap, name, about, text, Expect::Trap(vec![kind]))
    };
    let guest = |name: &str, about: &str, act, kind| {
        let expect = Expect::Trap(vec![kind]);
        let input = act::input(act, &act::addresses(&[UNMAPPED]));
        Case::new(Group::Trap, name, about, Program::Core(act::CORE), expect).with_input(input)
    };
    vec![
        sequence("illegal-zero", "The word 0 is executed", "0x00000000", TrapKind::IllegalInstruction),
        sequence("illegal-ones", "A word of ones is executed", "0xffffffff", TrapKind::IllegalInstruction),
        sequence("breakpoint", "EBREAK is executed", "ebreak", TrapKind::Breakpoint),
        sequence(
            "jump-misaligned",
            "A jump to an address that is no multiple of four",
            "auipc a0, 0\njalr a1, 14(a0)\nnop\nnop\nnop",
            TrapKind::MisalignedFetch,
        ),
        guest("load-unmapped", "A load from memory that is not there", Act::Load, TrapKind::LoadFault),
        guest("store-unmapped", "A store to memory that is not there", Act::Store, TrapKind::StoreFault),
        guest("jump-unmapped", "A jump to memory that is not there", Act::Jump, TrapKind::FetchFault),
    ]
}
