//! Limits hold exactly, whatever the guest does.

use std::ops::ControlFlow;

use assay_isa::Isa;
use assay_machine::{End, InstructionEvent, LOG_BYTES_MAX, Observer, Permissions, Segment, Unobserved, run};

use crate::{CODE, image, standard_config};

const ENDLESS: &str = "li t1, 0\n1: addi t1, t1, 1\nxor t2, t1, t2\nj 1b\n";

#[test]
fn exactly_as_many_instructions_as_allowed_are_executed() {
    for max_steps in [0, 1, 2, 3, 4, 5, 6, 7, 100, 99_997, 99_998, 99_999, 100_000] {
        let mut config = standard_config();
        config.max_steps = max_steps;
        let run = run(&image(ENDLESS, config.isa), &[], &config, &mut Unobserved).unwrap();
        assert_eq!((run.end, run.instructions), (End::StepLimit, max_steps));
        let expected = max_steps.saturating_sub(1).div_ceil(3);
        assert_eq!(run.registers[6], expected, "{max_steps}");
        let in_loop = max_steps.checked_sub(1).map(|steps| CODE + 4 + steps % 3 * 4);
        assert_eq!(run.pc, in_loop.unwrap_or(CODE));
    }
}

#[test]
fn a_jump_to_itself_ends_with_the_step_limit() {
    let config = standard_config();
    let run = run(&image("1: j 1b", config.isa), &[], &config, &mut Unobserved).unwrap();
    assert_eq!((run.end, run.instructions), (End::StepLimit, config.max_steps));
}

#[test]
fn reading_costs_no_memory_and_writing_is_limited() {
    let mut config = standard_config();
    config.memory_limit_bytes = 64 << 10;
    let touch = |access: &str| format!("li t1, 0x1000000\nli t3, 0x1000\n1: {access} t2, 0(t1)\nadd t1, t1, t3\nj 1b");
    let reads = run(&image(&touch("ld"), config.isa), &[], &config, &mut Unobserved).unwrap();
    assert_eq!(reads.end, End::StepLimit);
    assert_eq!(reads.memory_bytes, 4096, "the code's page");
    let writes = run(&image(&touch("sd"), config.isa), &[], &config, &mut Unobserved).unwrap();
    assert_eq!(writes.end, End::MemoryLimit);
    assert_eq!(writes.memory_bytes, 64 << 10);
}

#[test]
fn a_segment_of_many_zeros_is_not_allocated() {
    let mut config = standard_config();
    config.memory_limit_bytes = 64 << 10;
    let source = "li t1, 0x7fffffffff00\nld t2, 0(t1)\nsd t1, 0(t1)\nld t3, 0(t1)\nli t0, 0\nli a0, 0\necall";
    let mut image = image(source, config.isa);
    image.segments.push(Segment { address: 0x1_0000_0000, bytes: vec![], size: 1 << 60, permissions: Permissions::RW });
    let run = run(&image, &[], &config, &mut Unobserved).unwrap();
    assert_eq!(run.end, End::Halted { exit_code: 0 });
    assert_eq!((run.registers[7], run.registers[28]), (0, 0x7fff_ffff_ff00));
    assert_eq!(run.memory_bytes, 2 * 4096);
}

#[test]
fn output_is_limited_and_the_log_is_cut() {
    let write = |fd: u32| format!("1: li a0, {fd}\nli a1, 0x20000\nli a2, 1000\nli t0, 2\necall\nj 1b");
    let mut config = standard_config();
    config.output_limit_bytes = 2500;
    let output = run(&image(&write(13), config.isa), &[], &config, &mut Unobserved).unwrap();
    assert_eq!(output.end, End::OutputLimit);
    assert_eq!(output.output.len(), 2000);
    let log = run(&image(&write(1), config.isa), &[], &config, &mut Unobserved).unwrap();
    assert_eq!(log.end, End::StepLimit);
    assert_eq!(log.log.len(), LOG_BYTES_MAX);
}

/// Stops after some instructions.
struct Stopper(u64);

impl Observer for Stopper {
    const ACTIVE: bool = true;

    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()> {
        if event.step + 1 == self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn an_observer_can_stop_the_run() {
    let run = run(&image(ENDLESS, Isa::RV64IMA), &[], &standard_config(), &mut Stopper(10)).unwrap();
    assert_eq!((run.end, run.instructions), (End::Stopped, 10));
}

/// Does not watch, but stops a run at its second look after so many instructions.
struct Clock {
    looks: u64,
    last: u64,
}

impl Observer for Clock {
    const ACTIVE: bool = false;
    const PAUSE_STEPS: u64 = 1000;

    fn instruction(&mut self, _: &InstructionEvent<'_>) -> ControlFlow<()> {
        panic!("nobody watches")
    }

    fn pause(&mut self, instructions: u64) -> ControlFlow<()> {
        assert!(instructions - self.last <= 1000 + 4);
        self.looks += 1;
        self.last = instructions;
        if instructions >= 50_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn a_run_that_nobody_watches_pauses_and_can_be_stopped_there() {
    let mut clock = Clock { looks: 0, last: 0 };
    let run = run(&image(ENDLESS, Isa::RV64IMA), &[], &standard_config(), &mut clock).unwrap();
    assert_eq!(run.end, End::Stopped);
    assert_eq!(run.instructions, clock.last);
    assert!((50_000..51_004).contains(&run.instructions));
    assert!((48..60).contains(&clock.looks), "{}", clock.looks);
}
