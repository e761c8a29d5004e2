//! How a run ended, in Assay's words.

use assay_runner_kit::error;
use assay_spec::{
    Cycles, Register, RegisterFile, RunReport, Status, Trap, TrapKind, Word,
    protocol::{ErrorKind, RunnerError},
};
use risc0_zkp::core::digest::Digest;

use crate::{
    execute::{EXACT_CYCLES, EXACT_STEPS_MAX, End, Execution},
    guest::Guest,
    receipt,
    stop::Stop,
    trap,
};

/// Most segments that a report lists: it must fit into a frame. Of more, only their number is said.
const SEGMENTS_LISTED_MAX: usize = 2048;

/// Halt types (`risc0-zkvm-platform` 2.2.3, `syscall::halt`).
pub(crate) const TERMINATE: u16 = 0;
pub(crate) const PAUSE: u16 = 1;

/// The report of a run; with `cost`, of what proving it takes too.
pub(crate) fn report(
    guest: &Guest,
    execution: &Execution,
    max_steps: u64,
    cost: bool,
) -> Result<RunReport, RunnerError> {
    let mut report = ending(guest, execution, max_steps)?;
    report.output = execution.written.journal.clone().into();
    report.guest_log = execution.written.log.text();
    report.instructions = execution.instructions;
    report.registers = execution.registers.as_ref().map(register_file);
    if let Some(session) = &execution.session {
        let listed = session.sizes.len() <= SEGMENTS_LISTED_MAX;
        let by_segment = session.sizes.iter().filter(|_| listed).map(|(_, cycles)| *cycles).collect();
        report.cycles = Some(Cycles { total: session.user_cycles, by_segment });
        if cost {
            report.cost.proof_cycles = Some(session.total_cycles);
            report.cost.segments = Some(session.sizes.len() as u64);
            report.cost.risc0_segment_po2 = session.sizes.iter().filter(|_| listed).map(|(po2, _)| *po2).collect();
        }
    }
    Ok(report)
}

fn ending(guest: &Guest, execution: &Execution, max_steps: u64) -> Result<RunReport, RunnerError> {
    Ok(match &execution.end {
        End::Halted { halt_type: halt_type @ (TERMINATE | PAUSE), exit_code } => {
            let mut report = RunReport::new(if *exit_code == 0 { Status::Ok } else { Status::Failed });
            report.exit_code = Some((*exit_code).into());
            // A guest that commits to nothing does not mean to be proved.
            match why_not_provable(*halt_type, execution).filter(|_| execution.output_digest != Digest::ZERO) {
                Some(why) => report.with_message(format!("the run cannot be proved: {why}")),
                None => report,
            }
        }
        End::Halted { halt_type, .. } => {
            let message =
                format!("halt was given type {halt_type} in the low byte of a0; it takes 0 (terminate) or 1 (pause)");
            let mut report = RunReport::new(Status::Trap).with_message(message);
            report.trap = execution.last_pc.map(|pc| Trap {
                kind: TrapKind::BadCallArgument,
                pc: Word(pc.into()),
                address: None,
            });
            report
        }
        End::Error { text, at } => {
            let kernel = execution.written.kernel.text();
            let place = at.ok_or_else(|| error(ErrorKind::Sdk, format!("RISC Zero's executor stopped: {text}")))?;
            let (trap, message) = trap::trap(text, place, guest.entry, kernel.as_deref());
            let mut report = RunReport::new(Status::Trap).with_message(message);
            report.trap = Some(trap);
            report
        }
        End::Stopped(Stop::StepLimit) => {
            RunReport::new(Status::Timeout).with_message(format!("the limit of {max_steps} instructions was reached"))
        }
        End::CycleLimit => {
            let cycles = if max_steps <= EXACT_STEPS_MAX { EXACT_CYCLES } else { max_steps };
            RunReport::new(Status::Timeout).with_message(format!(
                "{cycles} cycles were executed, which stand for the limit of {max_steps} instructions; RISC Zero counts its kernel's too"
            ))
        }
        End::Stopped(stop @ Stop::MemoryLimit(_)) => RunReport::new(Status::OutOfMemory).with_message(stop.to_string()),
        End::Stopped(stop @ Stop::OutputLimit(_)) => RunReport::new(Status::OutputLimit).with_message(stop.to_string()),
        End::Stopped(stop @ Stop::Unsupported(_)) => RunReport::new(Status::Unsupported).with_message(stop.to_string()),
        // The text is the guest's own.
        End::Stopped(Stop::Panic(message)) => RunReport::new(Status::Panic).with_message(message.clone()),
        End::Stopped(Stop::Call { kind, message, pc }) => {
            let mut report = RunReport::new(Status::Trap).with_message(message.clone());
            report.trap = Some(Trap { kind: *kind, pc: Word((*pc).into()), address: None });
            report
        }
        End::Stopped(stop) => return Err(error(ErrorKind::Sdk, format!("a run cannot end so: {stop}"))),
    })
}

/// Why there can be no receipt of a run that the guest ended, if so.
pub(crate) fn why_not_provable(halt_type: u16, execution: &Execution) -> Option<String> {
    let (journal, digest) = (&execution.written.journal, execution.output_digest);
    if halt_type != TERMINATE {
        return Some("the guest paused, and nobody resumes it here".to_owned());
    }
    if digest == Digest::ZERO && journal.is_empty() || digest == receipt::output_digest(journal) {
        return None;
    }
    Some(format!(
        "the guest halted with the output digest {digest}, which is not that of the {} bytes in its journal, {}",
        journal.len(),
        receipt::output_digest(journal)
    ))
}

/// All 32 registers.
fn register_file(registers: &[u32; 32]) -> RegisterFile {
    Register::all().zip(registers.map(|value| Word(value.into()))).collect()
}
