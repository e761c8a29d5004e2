//! Where and why RISC Zero's executor stopped a guest, from what its error says and what was watched.
//!
//! No trap has a handler: the executor ends the run with `Invalid trap address: …, cause: …`, where the cause is one of
//! `Exception` (`risc0-circuit-rv32im` 4.0.5, `execute/rv32im.rs`). A trap within the kernel is the doing of the call that
//! the guest made.

use assay_isa::{Isa, decode};
use assay_spec::{Trap, TrapKind, Word};
use risc0_circuit_rv32im::execute::{REG_T0, REG_T6};

use crate::{
    stop::Stop,
    watch::{Sink, Watch},
};

/// Where a watched run was when the executor stopped it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pc: Option<u32>,
    /// t0 and t6 of the call that the kernel was serving.
    call: Option<(u32, u32)>,
    /// What the instruction there would have accessed.
    address: Option<u32>,
}

/// Where `watch` was when the executor stopped with the error `text`. An instruction that the executor does not announce
/// before it traps leaves the one before it to be retired.
pub(crate) fn place<S: Sink>(text: &str, watch: &mut Watch<'_, S>) -> Result<Place, Stop> {
    if watch.in_kernel() {
        let pc = watch.pending().map(|step| step.pc);
        return Ok(Place { pc, call: Some((watch.registers()[REG_T0], watch.registers()[REG_T6])), address: None });
    }
    let address = watch.pending().and_then(|step| {
        let instruction = step.instruction.filter(|instruction| instruction.opcode.access_bytes().is_some())?;
        Some(step.base.wrapping_add_signed(instruction.imm))
    });
    let pc = watch.pending().map(|step| step.pc);
    match Cause::of(text) {
        Some(cause) if !cause.announced() => {
            Ok(Place { pc: watch.retire_to_unannounced()?, call: None, address: None })
        }
        _ => Ok(Place { pc, call: None, address }),
    }
}

/// The trap that an error of the executor is, and what to say of it.
pub(crate) fn trap(text: &str, place: Place, entry: u32, kernel: Option<&str>) -> (Trap, String) {
    let cause = Cause::of(text);
    let (kind, message) = match (place.call, &cause) {
        _ if place.pc.is_none() && cause.is_none() => {
            (TrapKind::FetchFault, format!("the kernel could not start the guest at its entry {entry:#x}"))
        }
        (Some((service, _)), _) if service == USER_SERVICE || service >= SERVICES => {
            (TrapKind::UnknownCall, format!("t0 = {service:#x} is no service of RISC Zero's kernel"))
        }
        (Some((SOFTWARE_SERVICE, number)), _) if !SYSTEM_CALLS.contains(&number) => {
            (TrapKind::UnknownCall, format!("t6 = {number:#x} is no number of a system call of RISC Zero's kernel"))
        }
        (Some((service, _)), _) => {
            let said = kernel.map_or_else(String::new, |kernel| format!(" ({kernel})"));
            (
                TrapKind::BadCallArgument,
                format!("RISC Zero's kernel failed in service {service} of the guest's call{said}"),
            )
        }
        (None, Some(cause)) => (cause.kind(), cause.text()),
        // `Illegal mret in user mode`
        (None, None) => (TrapKind::IllegalInstruction, "RISC Zero's executor stopped".to_owned()),
    };
    let accesses = matches!(kind, TrapKind::LoadFault | TrapKind::StoreFault | TrapKind::MisalignedAccess);
    let trap = Trap {
        kind,
        pc: Word(place.pc.unwrap_or(entry).into()),
        address: place.address.filter(|_| accesses).map(|address| Word(address.into())),
    };
    (trap, format!("{message}: {text}"))
}

/// Services of the kernel's table (`kernel.s`, `ECALL_TABLE_SIZE`), of which one does nothing but fail.
const SERVICES: u32 = 8;
const USER_SERVICE: u32 = 5;
const SOFTWARE_SERVICE: u32 = 2;
/// Numbers that the kernel knows (`main.rs`, `ecall_software`).
const SYSTEM_CALLS: std::ops::RangeInclusive<u32> = 1..=16;

/// An `Exception`, as its debug form spells it.
struct Cause<'a> {
    name: &'a str,
    /// What is in parentheses.
    detail: &'a str,
}

impl<'a> Cause<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (_, cause) = text.split_once("cause: ")?;
        let (name, detail) = cause.split_once('(').unwrap_or((cause, ""));
        Some(Self { name: name.trim(), detail: detail.trim_end_matches(')') })
    }

    /// Whether the executor announced the instruction before it trapped. Of illegal words it does so only for those of
    /// the system opcode, which it marks with 2.
    fn announced(&self) -> bool {
        match self.name {
            "InstructionFault" => false,
            "IllegalInstruction" => self.detail.ends_with(", 2"),
            _ => true,
        }
    }

    /// The word of an illegal instruction.
    fn word(&self) -> Option<u32> {
        let digits = self.detail.split(',').next()?.trim().strip_prefix("0x")?;
        u32::from_str_radix(digits, 16).ok()
    }

    fn kind(&self) -> TrapKind {
        match self.name {
            "InstructionMisaligned" => TrapKind::MisalignedFetch,
            "InstructionFault" => TrapKind::FetchFault,
            "IllegalInstruction" => TrapKind::IllegalInstruction,
            "Breakpoint" => TrapKind::Breakpoint,
            "LoadAddressMisaligned" | "StoreAddressMisaligned" => TrapKind::MisalignedAccess,
            "LoadAccessFault" => TrapKind::LoadFault,
            "StoreAccessFault" => TrapKind::StoreFault,
            _ => TrapKind::Executor,
        }
    }

    fn text(&self) -> String {
        let Some(word) = self.word().filter(|_| self.name == "IllegalInstruction") else {
            return "RISC Zero's executor stopped the guest".to_owned();
        };
        match decode(word, Isa::RV32IM) {
            Ok(instruction) => {
                format!("RISC Zero has no {}, the word {word:#010x}", instruction.opcode.mnemonic())
            }
            Err(why) => format!("the word {word:#010x} is no instruction ({why})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_read_as_the_executor_spells_them() {
        for (text, kind, announced, word) in [
            (
                "Invalid trap address: 0x00000000, cause: IllegalInstruction(0x0ff0000f, 374)",
                TrapKind::IllegalInstruction,
                false,
                Some(0x0ff0_000f),
            ),
            (
                "Invalid trap address: 0x00000000, cause: IllegalInstruction(0x10500073, 2)",
                TrapKind::IllegalInstruction,
                true,
                Some(0x1050_0073),
            ),
            ("Invalid trap address: 0x00000000, cause: InstructionFault", TrapKind::FetchFault, false, None),
            ("Invalid trap address: 0x00000000, cause: LoadAccessFault(0x00000004)", TrapKind::LoadFault, true, None),
        ] {
            let cause = Cause::of(text).unwrap();
            assert_eq!((cause.kind(), cause.announced()), (kind, announced), "{text}");
            if word.is_some() {
                assert_eq!(cause.word(), word, "{text}");
            }
        }
        assert!(Cause::of("Illegal mret in user mode").is_none());
    }
}
