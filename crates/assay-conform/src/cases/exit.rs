//! How guests end: exit codes, abort and panic, with what was written before.

use super::act::{self, Act};
use crate::case::{Case, Expect, Group, Program, Target};

/// What `abort` exits with (`assay-guest-rt`, `ABORT_EXIT_CODE`).
const ABORT_EXIT_CODE: u32 = 134;

/// What the guest writes before it ends.
const BEFORE: &[u8] = b"before";

pub(super) fn cases(_: Target) -> Vec<Case> {
    let case = |name: &str, about: &str, input: Vec<u8>, expect| {
        Case::new(Group::Exit, name, about, Program::Core(act::CORE), expect).with_input(input)
    };
    let exit = |code: u8| {
        let expect = Expect::Exit { code: code.into(), output: BEFORE.to_vec() };
        let about = format!("main returns {code}");
        case(&format!("code-{code}"), &about, act::input(Act::Exit, &[code]), expect)
    };
    let mut cases: Vec<Case> = [0, 1, 42, 255].into_iter().map(exit).collect();
    let aborted = Expect::Exit { code: ABORT_EXIT_CODE, output: BEFORE.to_vec() };
    cases.push(case("abort-after-output", "abort() after a write", act::input(Act::Abort, &[]), aborted));
    let panicked = Expect::Panic("as asked".to_owned());
    cases.push(case("panic-after-output", "A panic after a write", act::input(Act::Panic, &[]), panicked));
    cases
}
