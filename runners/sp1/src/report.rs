//! How a run ended, in Assay's words.

use std::fmt::Write as _;

use assay_isa::{Class, Instruction, Isa, Opcode, decode};
use assay_runner_kit::error;
use assay_sp1_sdk::{Cause, End, Execution, LOG_BYTES_MAX, OUTPUT_BYTES_MAX, Program, Stop};
use assay_spec::{
    Cycles, Register, RegisterFile, RunReport, Status, Trap, TrapKind, Word,
    protocol::{ErrorKind, RunnerError},
};

/// The report of a run. `max_steps` and `memory_bytes` are the limits that it had.
pub(crate) fn report(program: &Program, execution: &Execution, memory_bytes: u64) -> Result<RunReport, RunnerError> {
    let instructions = execution.instructions;
    let mut report = match &execution.end {
        End::Exit { code } => exit(execution, *code),
        End::StepLimit => RunReport::new(Status::Timeout)
            .with_message(format!("the limit of {instructions} instructions was reached")),
        End::MemoryLimit => RunReport::new(Status::OutOfMemory)
            .with_message(format!("the guest touched more than {memory_bytes} bytes of memory")),
        End::OutputLimit => RunReport::new(Status::OutputLimit).with_message(format!(
            "the guest wrote more than {OUTPUT_BYTES_MAX} bytes of public values, or too much in one WRITE"
        )),
        End::Interrupted => return Err(error(ErrorKind::Cancelled, "the request was cancelled")),
        End::Stopped(stop) => {
            let mut report = RunReport::new(Status::Trap).with_message(format!("SP1: {}", stop.message));
            report.trap = Some(trap(program, stop, &execution.registers));
            report
        }
    };
    report.output = execution.output.clone().into();
    report.instructions = Some(instructions);
    // An instruction is a cycle; shards are cut between instructions.
    report.cycles = Some(Cycles { total: instructions, by_segment: Vec::new() });
    if matches!(execution.end, End::Exit { .. } | End::Stopped(_)) {
        report.registers = Some(registers(&execution.registers));
    }
    report.guest_log = log(execution);
    Ok(report)
}

fn exit(execution: &Execution, code: u32) -> RunReport {
    let mut report = RunReport::new(if code == 0 { Status::Ok } else { Status::Failed });
    report.exit_code = Some(code);
    let said = String::from_utf8_lossy(&execution.stderr);
    if code != 0 && !said.trim().is_empty() {
        return report.with_message(said.trim());
    }
    report
}

/// All 32 registers.
fn registers(registers: &[u64; 32]) -> RegisterFile {
    Register::all().zip(registers.map(Word)).collect()
}

/// The head of what the guest printed, and what is missing of it.
fn log(execution: &Execution) -> Option<String> {
    if execution.log_bytes == 0 {
        return None;
    }
    let mut text = String::from_utf8_lossy(&execution.log).into_owned();
    if execution.log_bytes > execution.log.len() as u64 {
        let _ = write!(text, "… (the first {LOG_BYTES_MAX} of {} bytes)", execution.log_bytes);
    }
    Some(text)
}

/// What a stop is in terms of the instruction that SP1 stopped at.
fn trap(program: &Program, stop: &Stop, registers: &[u64; 32]) -> Trap {
    let instruction = program.word_at(stop.pc).and_then(|word| decode(word, Isa::RV64IM).ok());
    let access = instruction.and_then(|instruction| access(instruction, registers));
    let class = instruction.map(|instruction| instruction.opcode.entry().class);
    let misaligned = access.is_some_and(|(address, size)| !address.is_multiple_of(size));
    let (kind, address) = match (stop.cause, class) {
        (Cause::NoInstruction, _) => (TrapKind::FetchFault, None),
        (Cause::HintExhausted, _) => (TrapKind::InputExhausted, None),
        (Cause::UnknownCall, _) => (TrapKind::UnknownCall, None),
        (_, Some(Class::Load | Class::Store)) if misaligned => (TrapKind::MisalignedAccess, access),
        (_, Some(Class::Load)) => (TrapKind::LoadFault, access),
        (_, Some(Class::Store)) => (TrapKind::StoreFault, access),
        (Cause::Address(address), _) => (TrapKind::BadCallArgument, Some((address, 1))),
        (Cause::Other, _) => match instruction.map(|instruction| instruction.opcode) {
            Some(Opcode::Ebreak) => (TrapKind::Breakpoint, None),
            Some(Opcode::Ecall) => (TrapKind::BadCallArgument, None),
            // SP1 decodes FENCE and CSR accesses and does not execute them.
            None => (TrapKind::UnsupportedInstruction, None),
            Some(_) if class == Some(Class::Fence) => (TrapKind::UnsupportedInstruction, None),
            Some(_) => (TrapKind::Executor, None),
        },
    };
    Trap { kind, pc: Word(stop.pc), address: address.map(|(address, _)| Word(address)) }
}

/// Address and size of what a load or store accesses.
fn access(instruction: Instruction, registers: &[u64; 32]) -> Option<(u64, u64)> {
    let size = instruction.opcode.access_bytes()?;
    let base = registers[usize::from(instruction.rs1)];
    Some((base.wrapping_add_signed(instruction.imm.into()), size.into()))
}
