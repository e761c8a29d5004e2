//! The services for big integers: programs of the guest's own, and one product modulo a number.
//!
//! `bigint2` runs a program that lies in guest memory (`risc0-zkos-v1compat` 2.2.3, `_ecall_bigint2`;
//! `risc0-circuit-rv32im` 4.0.5, `execute/bigint.rs`). A second program in the same blob is what a proof checks the first
//! one's results with; execution only looks at how long it is, so that a guest may run here, and on the zkVM, for which
//! there is no proof. `bigint` is the older call, which the kernel serves with programs of its own.
//!
//! A program names its numbers by registers of the kernel's: those that the kernel copies from the guest, and what
//! happens to be in the others. Of the others this machine knows some and refuses the rest.

use std::collections::BTreeMap;

use assay_spec::TrapKind;
use assay_spec::platform::{RISC0_USER_END, RISC0_USER_START};

use super::bibc::{Arenas, Failure, Program};
use super::{A0, A1, A2, A3, A4, T0, in_user_memory, reaches_kernel};
use crate::code::WORD_BYTES;
use crate::integer::Natural;
use crate::machine::Machine;
use crate::outcome::End;
use crate::word::Word;

/// Longest program, in bytes (`MAX_NONDET_PROGRAM_SIZE`).
const PROGRAM_BYTES_MAX: u64 = 10 << 20;
/// Longest program for the proof that is taken here, in words, each of which is a cycle: a segment has no more.
const PROOF_WORDS_MAX: u64 = 1 << 20;
/// Words of the blob's header that are looked at: how long the programs and the constants are.
const HEADER_WORDS: u64 = 3;
/// Where numbers end (`USER_BIGINT_END_ADDR`): 64 KiB below the kernel. A number's end may lie behind it.
const NUMBERS_END: u64 = 0xbfff_0000;
/// Bytes that an offset counts, and that are stored together.
const CHUNK_BYTES: usize = 16;

const SP: u8 = 2;
const T1: u8 = 6;
const T2: u8 = 7;
const T3: u8 = 28;
const A6: u8 = 16;

/// Bytes of a number of the older call.
const NUMBER_BYTES: u64 = 32;

/// What a register of the kernel holds when a program is run.
enum Base {
    Known(u64),
    /// Some address of the kernel's, at which no number may be.
    Kernel,
    /// What the kernel's code left there.
    Unknown,
    /// There is no such register.
    None,
}

/// The guest's memory as a program sees it. What is stored is written when the program has ended.
struct GuestNumbers<'m, 'a, X> {
    machine: &'m Machine<'a, X>,
    stored: BTreeMap<u64, [u8; CHUNK_BYTES]>,
}

impl<X: Word> GuestNumbers<'_, '_, X> {
    fn address(&self, arena: u8, offset: u16) -> Result<u64, Failure> {
        let base = match base(self.machine, arena) {
            Base::Known(base) => base,
            Base::Kernel => return Err(Failure::Refused(format!("x{arena} points to the kernel's memory"))),
            Base::Unknown => {
                return Err(Failure::Beyond(format!("it uses x{arena}, of which only the kernel knows the content")));
            }
            Base::None => {
                return Err(Failure::Beyond(format!("it uses x{arena}; RISC Zero's executor panics at it")));
            }
        };
        let address = base + u64::from(offset) * CHUNK_BYTES as u64;
        if !base.is_multiple_of(WORD_BYTES) || !(RISC0_USER_START..NUMBERS_END).contains(&address) {
            return Err(Failure::Refused(format!(
                "a number is at {address:#x}; numbers are aligned to words, and begin at {RISC0_USER_START:#x} or above and below {NUMBERS_END:#x}"
            )));
        }
        Ok(address)
    }
}

fn base<X: Word>(machine: &Machine<'_, X>, arena: u8) -> Base {
    match arena {
        SP | T1 | T2 | T3 | A0..=A6 => Base::Known(machine.register(arena)),
        // Zero itself, the mode, the size of the kernel's table and the number of its call (`kernel.s`).
        0 | T0 => Base::Known(0),
        18 => Base::Known(8),
        17 => Base::Known(5),
        // tp, s0 and s1: the guest's registers, the kernel's stack and its table.
        4 | 8 | 9 => Base::Kernel,
        ..=31 => Base::Unknown,
        _ => Base::None,
    }
}

impl<X: Word> Arenas for GuestNumbers<'_, '_, X> {
    fn load(&mut self, arena: u8, offset: u16, bytes: u64) -> Result<Natural, Failure> {
        let address = self.address(arena, offset)?;
        if reaches_kernel(address, bytes) {
            return Err(Failure::Beyond(format!("a number of {bytes} bytes at {address:#x} reaches into the kernel")));
        }
        Ok(number(self.machine, address, bytes))
    }

    fn store(&mut self, arena: u8, offset: u16, bytes: u64, value: &Natural) -> Result<(), Failure> {
        let address = self.address(arena, offset)?;
        let mut number: Vec<u8> = value.limbs().iter().flat_map(|limb| limb.to_le_bytes()).collect();
        if number.len() as u64 > bytes {
            let what = format!("a number of {} bytes is to be stored in {bytes} at {address:#x}", number.len());
            return Err(Failure::Refused(what));
        }
        if reaches_kernel(address, bytes) {
            return Err(Failure::Beyond(format!("{bytes} bytes at {address:#x} reach into the kernel")));
        }
        number.resize(bytes as usize, 0);
        self.stored.extend((address..).step_by(CHUNK_BYTES).zip(number.as_chunks().0.iter().copied()));
        Ok(())
    }
}

fn number<X: Word>(machine: &Machine<'_, X>, address: u64, bytes: u64) -> Natural {
    let mut number = vec![0; bytes as usize];
    machine.memory.copy_out(address, &mut number);
    Natural::new(number.as_chunks().0.iter().map(|&limb| u32::from_le_bytes(limb)).collect())
}

/// Runs the program of a blob.
pub(super) fn call<X: Word>(machine: &mut Machine<'_, X>) -> Result<(), End> {
    let registers = [(A0, "blob"), (T1, "program"), (T2, "program for the proof"), (T3, "constants")];
    let addresses = registers.map(|(register, _)| machine.argument(register));
    for ((_, what), address) in registers.into_iter().zip(addresses) {
        if !address.is_multiple_of(WORD_BYTES) {
            return Err(refused(machine, address, &format!("the {what} at {address:#x}, which is not aligned")));
        }
    }
    let [blob, program, proof, constants] = addresses;
    let header = read(machine, "header of the blob", blob, HEADER_WORDS * WORD_BYTES)?;
    let [program_words, proof_words, constant_words] =
        [0, 1, 2].map(|index| u64::from(u32::from_le_bytes(header.as_chunks().0[index])));
    if program_words * WORD_BYTES > PROGRAM_BYTES_MAX {
        let what = format!("a program of {program_words} words; it takes up to {PROGRAM_BYTES_MAX} bytes");
        return Err(refused(machine, blob, &what));
    }
    let program = read(machine, "program", program, program_words * WORD_BYTES)?;
    let mut numbers = GuestNumbers { machine, stored: BTreeMap::new() };
    let evaluated = Program::read(&program).and_then(|program| program.evaluate(&mut numbers));
    let stored = numbers.stored;
    evaluated.map_err(|failure| failed(machine, blob, failure))?;
    // The word before it is where the circuit begins.
    for (what, address, words) in
        [("program for the proof", proof.wrapping_sub(4), proof_words), ("constants", constants, constant_words)]
    {
        let address = address & u64::from(u32::MAX);
        if words > PROOF_WORDS_MAX {
            return Err(machine.unsupported(&format!(
                "bigint2 was given {words} words as the {what}; this machine takes up to {PROOF_WORDS_MAX}"
            )));
        }
        if address + words * WORD_BYTES > u64::from(u32::MAX) {
            return Err(refused(machine, address, &format!("the {what} at {address:#x}, which reaches beyond memory")));
        }
    }
    for (address, bytes) in stored {
        machine.give(address, &bytes)?;
    }
    Ok(())
}

/// Bytes of the blob, which may lie anywhere below the kernel.
fn read<X: Word>(machine: &Machine<'_, X>, what: &str, address: u64, size: u64) -> Result<Vec<u8>, End> {
    if address + size > 1 << 32 {
        let what = format!("the {what} at {address:#x}, {size} bytes, which reaches beyond memory");
        return Err(refused(machine, address, &what));
    }
    if reaches_kernel(address, size) {
        return Err(machine.unsupported(&format!(
            "bigint2 was given the {what} at {address:#x}, {size} bytes, which reaches into the kernel's memory"
        )));
    }
    let mut bytes = vec![0; size as usize];
    machine.memory.copy_out(address, &mut bytes);
    Ok(bytes)
}

fn refused<X: Word>(machine: &Machine<'_, X>, address: u64, what: &str) -> End {
    machine.trap(TrapKind::BadCallArgument, Some(address), format!("bigint2 was given {what}"))
}

fn failed<X: Word>(machine: &Machine<'_, X>, blob: u64, failure: Failure) -> End {
    match failure {
        Failure::Refused(what) => {
            let message = format!("the program of bigint2's blob at {blob:#x} fails: {what}");
            machine.trap(TrapKind::BadCallArgument, Some(blob), message)
        }
        Failure::Beyond(what) => machine.unsupported(&format!("the program of bigint2's blob at {blob:#x}: {what}")),
    }
}

/// The product of two numbers of 256 bits modulo a third, or the product itself if that is 0; it must fit then.
pub(super) fn multiply<X: Word>(machine: &mut Machine<'_, X>) -> Result<(), End> {
    let operation = machine.argument(A1);
    let [result, x, y, modulus] = [A0, A2, A3, A4].map(|register| machine.argument(register));
    let bad = |machine: &Machine<'_, X>, address, what: &str| {
        machine.trap(TrapKind::BadCallArgument, address, format!("bigint was given {what}"))
    };
    if operation != 0 {
        let what = format!("the operation {operation} in a1; it has only 0, the product");
        return Err(bad(machine, None, &what));
    }
    for address in [result, x, y, modulus] {
        if !address.is_multiple_of(WORD_BYTES) || !(RISC0_USER_START..RISC0_USER_END).contains(&address) {
            let what = format!("a number at {address:#x}; pass aligned pointers to the guest's own memory");
            return Err(bad(machine, Some(address), &what));
        }
    }
    if let Some(address) = [result, x, y, modulus].into_iter().find(|&address| !in_user_memory(address, NUMBER_BYTES)) {
        return Err(machine.unsupported(&format!(
            "bigint was given a number at {address:#x}, which reaches into the kernel's memory"
        )));
    }
    let [x, y, modulus] = [x, y, modulus].map(|address| number(machine, address, NUMBER_BYTES));
    let product = x.mul(&y);
    let product = product.div_rem(&modulus).map_or(product, |(_, remainder)| remainder);
    let mut bytes: Vec<u8> = product.limbs().iter().flat_map(|limb| limb.to_le_bytes()).collect();
    if bytes.len() as u64 > NUMBER_BYTES {
        return Err(bad(machine, None, "numbers whose product has more than 256 bits, and no modulus"));
    }
    bytes.resize(NUMBER_BYTES as usize, 0);
    machine.give(result, &bytes)
}
