//! How a run ended, in Assay's words.

use assay_isa::{Class, Opcode, disassemble_word};
use assay_openvm_sdk::{Cause, End, Execution, Program, Stop};
use assay_runner_kit::error;
use assay_spec::{
    Cycles, Register, RegisterFile, RunReport, Status, Trap, TrapKind, Word,
    protocol::{ErrorKind, RunnerError},
};

use crate::effects;

/// What the SDK's memory says when it is accessed out of bounds; it has no error for it, only this panic.
const OUT_OF_BOUNDS: &str = "Memory access out of bounds";
/// What the chips' recorders say of a misaligned access; likewise.
const UNALIGNED: [&str; 2] = ["unaligned memory access not supported", "not aligned to block_size"];

/// The report of a run.
pub(crate) fn report(program: &Program, execution: &Execution) -> Result<RunReport, RunnerError> {
    let mut report = match &execution.end {
        End::Exit { pc, code } => exit(program, *pc, *code),
        End::StepLimit => RunReport::new(Status::Timeout)
            .with_message(format!("the limit of {} instructions was reached", execution.instructions)),
        End::Interrupted => return Err(error(ErrorKind::Cancelled, "the request was cancelled")),
        End::Stopped(stop) => {
            let (trap, message) = trap(program, stop, &execution.registers)?;
            let mut report = RunReport::new(Status::Trap).with_message(message);
            report.trap = Some(trap);
            report
        }
    };
    report.output = execution.public_values.clone().into();
    report.registers = Some(register_file(&execution.registers));
    report.instructions = Some(execution.instructions);
    if let Some(metered) = &execution.metered {
        report.cost.openvm_cells = Some(metered.cells);
        // OpenVM has no cycles of its own: an instruction is one, and segments are cut between instructions.
        report.cycles = Some(Cycles { total: metered.segments.iter().sum(), by_segment: metered.segments.clone() });
    }
    Ok(report)
}

/// All 32 registers.
pub(crate) fn register_file(registers: &[u32; 32]) -> RegisterFile {
    Register::all().zip(registers.map(|value| Word(value.into()))).collect()
}

fn exit(program: &Program, pc: u32, code: u32) -> RunReport {
    const SYSTEM: u32 = 0x73;
    let mut report = RunReport::new(if code == 0 { Status::Ok } else { Status::Failed });
    report.exit_code = Some(code);
    if let Some(word) = program.word_at(pc).filter(|word| word & 0x7f == SYSTEM) {
        let text = disassemble_word(word, assay_isa::Isa::RV32IM_OPENVM);
        report = report.with_message(format!(
            "`{text}` ({word:#010x}) at pc {pc:#x}: OpenVM has no system instructions and ends the guest with exit code {code}"
        ));
    }
    report
}

/// The trap that a stop is, and what to say of it. A panic that the guest did not plainly cause is no trap but an error:
/// whose fault it is cannot be said.
pub(crate) fn trap(program: &Program, stop: &Stop, registers: &[u32; 32]) -> Result<(Trap, String), RunnerError> {
    let Stop { pc, cause, message } = stop;
    let instruction = program.word_at(*pc).and_then(effects::instruction);
    let opcode = instruction.map(|instruction| instruction.opcode);
    let access = instruction.and_then(effects::access);
    let mut address = access.map(|access| registers[usize::from(access.base)].wrapping_add_signed(access.offset));
    let kind = match cause {
        Cause::NoInstruction => TrapKind::FetchFault,
        Cause::HintExhausted => TrapKind::InputExhausted,
        Cause::Phantom if opcode == Some(Opcode::OpenVmHintInput) => TrapKind::InputExhausted,
        Cause::HintLength | Cause::Phantom => TrapKind::BadCallArgument,
        Cause::Fail if access.is_some() => TrapKind::MisalignedAccess,
        Cause::Panic if UNALIGNED.iter().any(|text| message.contains(text)) => TrapKind::MisalignedAccess,
        Cause::Panic if message.contains(OUT_OF_BOUNDS) => {
            match (instruction.map(|i| i.opcode.entry().class), opcode) {
                (Some(Class::Load), _) | (_, Some(Opcode::OpenVmPrintStr)) => TrapKind::LoadFault,
                (_, Some(Opcode::OpenVmReveal)) => TrapKind::BadCallArgument,
                _ => TrapKind::StoreFault,
            }
        }
        Cause::Panic => {
            let text = program.word_at(*pc).map(|word| disassemble_word(word, assay_isa::Isa::RV32IM_OPENVM));
            let text = text.as_deref().unwrap_or("no instruction");
            return Err(error(
                ErrorKind::Panic,
                format!("OpenVM panicked while it executed `{text}` at pc {pc:#x}: {message}"),
            ));
        }
        Cause::Fail | Cause::Other => TrapKind::Executor,
    };
    if let Some(instruction) = instruction.filter(|_| address.is_none()) {
        let pointer = registers[usize::from(instruction.rd)];
        address = match instruction.opcode {
            Opcode::OpenVmReveal => Some(pointer.wrapping_add_signed(instruction.imm)),
            Opcode::OpenVmHintBuffer | Opcode::OpenVmPrintStr => Some(pointer),
            _ => None,
        };
    }
    if matches!(kind, TrapKind::FetchFault | TrapKind::InputExhausted) || *cause == Cause::HintLength {
        address = None;
    }
    let trap = Trap { kind, pc: Word((*pc).into()), address: address.map(|address| Word(address.into())) };
    Ok((trap, format!("OpenVM: {message}")))
}
