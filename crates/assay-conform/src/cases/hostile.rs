//! Guests that break the rules on purpose: what becomes of them is a typed end, and nothing else comes to harm.

use assay_spec::Platform;

use super::{
    UNMAPPED,
    act::{self, Act},
};
use crate::case::{Case, Expect, Group, Program, Target};

/// Writes of one byte.
const TINY_WRITES: u32 = 1 << 20;

pub(super) fn cases(target: Target) -> Vec<Case> {
    let case = |name: &str, about: &str, input: Vec<u8>, expect| {
        Case::new(Group::Hostile, name, about, Program::Core(act::CORE), expect).with_input(input)
    };
    let range = |address, length| act::input(Act::WriteRange, &act::addresses(&[address, length]));
    let mut cases = vec![
        case("write-unmapped", "write_output of memory that is not there", range(UNMAPPED, 16), Expect::Stopped),
        case(
            "write-wrapping",
            "write_output of a range that goes on at address 0",
            range(UNMAPPED | 0xff0, 256),
            Expect::Stopped,
        ),
        case(
            "write-length-near-2-64",
            "write_output of all addresses there are but one",
            range(0, u64::MAX),
            Expect::Stopped,
        ),
        case(
            "tiny-writes",
            "2^20 writes of one byte",
            act::input(Act::TinyWrites, &act::words(&[TINY_WRITES])),
            Expect::ok((0..TINY_WRITES).map(|index| index as u8).collect::<Vec<u8>>()),
        ),
    ];
    let mut on_a_hart = [
        case(
            "heap-exhausted",
            "Allocations until there is nothing left",
            act::input(Act::FillHeap, &[]),
            Expect::Stopped,
        ),
        {
            let input = act::input(Act::OverwriteData, b" is read again");
            // The platform `standard` keeps the input where no guest can write. Elsewhere the runtime keeps it, and is lost.
            let expect = match target.platform {
                Platform::Standard => Expect::ok(input.clone()),
                _ => Expect::Stopped,
            };
            let about = "The input is read after all data of the guest was overwritten, the runtime's too";
            case("runtime-overwritten", about, input, expect)
        },
    ];
    if target == Target::NATIVE {
        for case in &mut on_a_hart {
            case.program = Program::NotApplicable("a process has the memory that its system gives it".to_owned());
        }
    }
    cases.extend(on_a_hart);
    cases
}
