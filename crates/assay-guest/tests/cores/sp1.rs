//! What SP1 guests must do so that their runs can be proved, which the executor does not ask for.

use std::{collections::BTreeSet, ops::ControlFlow};

use assay_accelerators::vectors::known_answers;
use assay_guest_rt::accelerators as runtime;
use assay_machine::{Access, End, InstructionEvent, Observer, sp1};

use super::{accelerators, description, execution};
use assay_spec::Platform;

/// Words of memory, by who touched them.
#[derive(Default)]
struct Touched {
    by_guest: BTreeSet<u64>,
    by_precompiles: BTreeSet<u64>,
}

impl Observer for Touched {
    const ACTIVE: bool = true;

    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()> {
        let call = event.accesses.iter().find_map(|access| match access {
            Access::Call { selector, .. } => Some(*selector),
            _ => None,
        });
        let words = event.accesses.iter().filter_map(|access| match access {
            Access::Memory(memory) => Some(memory.address / 8),
            _ => None,
        });
        match call {
            None => self.by_guest.extend(words),
            Some(number) if is_precompile(number) => self.by_precompiles.extend(words),
            Some(_) => {}
        }
        ControlFlow::Continue(())
    }
}

fn is_precompile(number: u64) -> bool {
    use sp1::SystemCallService::{Compute, KeccakPermute, ShaCompress, ShaExtend};
    sp1::SYSTEM_CALLS.iter().any(|call| {
        u64::from(call.number) == number && matches!(call.service, Compute(_) | KeccakPermute | ShaCompress | ShaExtend)
    })
}

/// A run with a precompile on other words has no proof: `bugs/sp1-untouched-precompile.toml`.
#[test]
fn the_runtime_touches_what_it_gives_to_precompiles() {
    let core = accelerators::core(Platform::Sp1, None);
    let answers = known_answers().unwrap();
    for answer in answers.iter().filter(|answer| accelerators::is_ordinary(answer)) {
        let means = runtime::TABLE[answer.function as usize].on("sp1");
        if !matches!(means, Some(runtime::Means::Precompile(_))) {
            continue;
        }
        let input = description("accelerators").encode_json(accelerators::input(answer).as_bytes()).unwrap();
        let mut touched = Touched::default();
        let run = execution::ran_watched(&core, &input, &mut touched);
        assert_eq!(run.end, End::Halted { exit_code: 0 }, "{}", answer.function);
        let alone: Vec<_> = touched.by_precompiles.difference(&touched.by_guest).map(|word| word * 8).collect();
        assert!(alone.is_empty(), "{}: {alone:x?}", answer.function);
        assert!(!touched.by_precompiles.is_empty(), "{}", answer.function);
    }
}
