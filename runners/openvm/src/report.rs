//! How a run ended, in Assay's words.

use std::{collections::BTreeMap, fmt::Write as _};

use assay_isa::{Class, Opcode, disassemble_word};
use assay_openvm_sdk::{Cause, Chip, End, Execution, Metered, Printed, Program, Stop, Traced};
use assay_runner_kit::error;
use assay_spec::{
    Cost, Cycles, Register, RegisterFile, RunReport, Status, Trap, TrapKind, Word,
    protocol::{ErrorKind, RunnerError},
};

use crate::effects;

/// What the SDK's memory says when it is accessed out of bounds; it has no error for it, only this panic.
const OUT_OF_BOUNDS: &str = "Memory access out of bounds";
/// What the chips' recorders say of a misaligned access; likewise.
const UNALIGNED: [&str; 2] = ["unaligned memory access not supported", "not aligned to block_size"];

/// Most bytes of a guest's last words in a message.
const LAST_WORDS_BYTES_MAX: usize = 2 << 10;
/// How the panic text of Rust's standard library and of OpenVM's guest library begins.
const PANIC: &str = "panicked at";

/// The report of a run. `chips` are the circuit's, where the cost is asked for.
pub(crate) fn report(
    program: &Program,
    execution: &Execution,
    chips: Option<&[Chip]>,
) -> Result<RunReport, RunnerError> {
    let mut report = match &execution.end {
        End::Exit { pc, code } => exit(program, *pc, *code, &execution.printed),
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
    report.guest_log = guest_log(&execution.printed);
    if let Some(metered) = &execution.metered {
        // OpenVM has no cycles of its own: an instruction is one, and segments are cut between instructions.
        let by_segment = metered.segments.iter().map(|segment| segment.instructions).collect();
        report.cycles = Some(Cycles { total: metered.instructions(), by_segment });
        if let Some(chips) = chips {
            report.cost = cost(metered, chips);
        }
    }
    Ok(report)
}

fn cost(metered: &Metered, chips: &[Chip]) -> Cost {
    let mut heights = BTreeMap::new();
    for segment in &metered.segments {
        for (chip, &rows) in chips.iter().zip(&segment.heights).filter(|(_, rows)| **rows > 0) {
            *heights.entry(chip.name.clone()).or_default() += u64::from(rows);
        }
    }
    Cost {
        openvm_cells: Some(metered.cells),
        openvm_trace_heights: heights,
        segments: Some(metered.segments.len() as u64),
        ..Cost::default()
    }
}

/// What a guest printed, and whether it was more than is kept.
pub(crate) fn guest_log(printed: &Printed) -> Option<String> {
    if printed.bytes == 0 {
        return None;
    }
    let mut text = String::from_utf8_lossy(&printed.head).into_owned();
    let kept = printed.head.len() as u64;
    if printed.bytes > kept {
        // A cut may fall within a character.
        let whole = text.trim_end_matches(char::REPLACEMENT_CHARACTER).len();
        text.truncate(whole);
        let _ = write!(text, "\n[cut: the guest printed {} bytes, and the first {kept} are kept]", printed.bytes);
    }
    Some(text)
}

/// The end of what a guest printed: its panic text where there is one.
fn last_words(printed: &Printed) -> Option<String> {
    let text = String::from_utf8_lossy(&printed.tail);
    let text = text.trim_start_matches(char::REPLACEMENT_CHARACTER).trim_end();
    let start = text.rfind(PANIC).map_or(0, |at| text[..at].rfind('\n').map_or(0, |newline| newline + 1));
    let start = start.max(text.ceil_char_boundary(text.len().saturating_sub(LAST_WORDS_BYTES_MAX)));
    Some(text[start..].to_owned()).filter(|text| !text.is_empty())
}

/// The report of a run that the preflight interpreter, which tracing and proving use, does not get through.
pub(crate) fn preflight_stop(program: &Program, traced: &Traced, stop: &Stop) -> Result<RunReport, RunnerError> {
    let (trap, message) = trap(program, stop, &traced.registers)?;
    let mut report = RunReport::new(Status::Trap).with_message(format!(
        "{message} (by the preflight interpreter, which proving uses; the pure interpreter went on)"
    ));
    report.trap = Some(trap);
    report.output = traced.public_values.clone().into();
    report.registers = Some(register_file(&traced.registers));
    report.instructions = Some(traced.instructions);
    report.guest_log = guest_log(&traced.printed);
    Ok(report)
}

/// All 32 registers.
fn register_file(registers: &[u32; 32]) -> RegisterFile {
    Register::all().zip(registers.map(|value| Word(value.into()))).collect()
}

fn exit(program: &Program, pc: u32, code: u32, printed: &Printed) -> RunReport {
    const SYSTEM: u32 = 0x73;
    let mut report = RunReport::new(if code == 0 { Status::Ok } else { Status::Failed });
    report.exit_code = Some(code);
    if let Some(word) = program.word_at(pc).filter(|word| word & 0x7f == SYSTEM) {
        let text = disassemble_word(word, assay_isa::Isa::RV32IM_OPENVM);
        report = report.with_message(format!(
            "`{text}` ({word:#010x}) at pc {pc:#x}: OpenVM has no system instructions and ends the guest with exit code {code}"
        ));
    } else if let Some(text) = last_words(printed).filter(|_| code != 0) {
        report = report.with_message(text);
    }
    report
}

/// The trap that a stop is, and what to say of it. A panic that the guest did not plainly cause is no trap but an error:
/// whose fault it is cannot be said.
fn trap(program: &Program, stop: &Stop, registers: &[u32; 32]) -> Result<(Trap, String), RunnerError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> Printed {
        let bytes = text.as_bytes();
        let head = bytes[..bytes.len().min(10)].to_vec();
        let tail = bytes[bytes.len().saturating_sub(4096)..].to_vec();
        Printed { head, tail, bytes: bytes.len() as u64 }
    }

    #[test]
    fn a_log_that_is_cut_says_so_and_ends_on_a_character() {
        assert_eq!(guest_log(&printed("")), None);
        assert_eq!(guest_log(&printed("hello")).unwrap(), "hello");
        let cut = guest_log(&printed("123456789é and more")).unwrap();
        assert_eq!(cut, "123456789\n[cut: the guest printed 20 bytes, and the first 10 are kept]");
    }

    #[test]
    fn last_words_are_the_panic_or_the_end() {
        assert_eq!(last_words(&printed("")), None);
        assert_eq!(last_words(&printed("\n")), None);
        assert_eq!(last_words(&printed("a\nb\n")).unwrap(), "a\nb");
        let text = "first\nthread 'main' panicked at src/main.rs:1:2:\nno luck\n";
        assert_eq!(last_words(&printed(text)).unwrap(), "thread 'main' panicked at src/main.rs:1:2:\nno luck");
        let long = "é".repeat(3000);
        assert_eq!(last_words(&printed(&long)).unwrap().len(), LAST_WORDS_BYTES_MAX);
    }
}
