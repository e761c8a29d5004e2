//! The `standard` platform: Assay's own.
//!
//! # Memory map
//!
//! | addresses | what | allowed |
//! |---|---|---|
//! | the image's segments | code and data | as each segment says |
//! | `input_base` (default `0x8000_0000`), up to the next multiple of 8 after the input | the input, then zeros | loads |
//! | the rest of `0x0001_0000..0x8000_0000` | RAM for stack and heap, all zero | loads, stores |
//! | everything else, the first 64 KiB in particular | nothing | nothing |
//!
//! Nothing is mapped for an empty input. All registers are 0 at the start, the stack pointer too: a guest sets its own
//! (by convention to the end of RAM). Misaligned loads and stores work and are counted (Zicclsm); misaligned atomics trap.
//!
//! # Calls
//!
//! ECALL with the selector in t0 and arguments in a0 to a2; see [`SELECTORS`]. pc goes on to the next instruction but for
//! HALT. a0 keeps its content but for accelerators, which return their status there and take the arguments of their C
//! function in a0 and on: see [`TABLE`], and `accelerator` for what of it is checked. Retired streaming
//! calls and unknown selectors trap.

mod accelerator;

use assay_spec::TrapKind;
use assay_spec::accelerator::{Function, TABLE};
use assay_spec::trace::AccessKind;

use crate::code::Code;
use crate::config::Config;
use crate::image::{Image, Permissions};
use crate::load::{self, LoadError, Mapping, fill, initial_bytes, last_address, segment_mappings};
use crate::machine::Machine;
use crate::memory::{Memory, Misaligned, Region};
use crate::observer::{Access, MemoryAccess};
use crate::outcome::End;
use crate::platform::Host as AnyHost;
use crate::word::Word;

/// First address of RAM. Below is nothing, so that a null pointer traps.
pub const RAM_FIRST: u64 = 0x0001_0000;
/// Last address of RAM.
pub const RAM_LAST: u64 = 0x7fff_ffff;

/// The file descriptor of the public output.
pub const OUTPUT_FD: u64 = 13;
/// The file descriptors of the guest's log.
pub const LOG_FDS: [u64; 2] = [1, 2];

/// One call of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selector {
    /// What t0 holds.
    pub number: u64,
    /// What the standard calls it.
    pub name: &'static str,
    /// What the machine does.
    pub service: Service,
}

/// What the machine does for a selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Ends the guest with exit code a0.
    Halt,
    /// Writes a2 bytes at a1 to file descriptor a0.
    Write,
    /// Appends a1 bytes at a0 to the public output.
    WriteOutput,
    /// Stores the input's address at a0 and its size at a1.
    ReadInput,
    /// Traps: the platform had it once.
    Retired,
    /// Carries out the accelerator.
    Accelerator(Function),
}

/// The calls that are no accelerators.
const OWN: [Selector; 6] = [
    selector(0x00, "halt", Service::Halt),
    selector(0x02, "write", Service::Write),
    selector(0x10, "write_output", Service::WriteOutput),
    selector(0xf0, "hint_len", Service::Retired),
    selector(0xf1, "hint_read", Service::Retired),
    selector(0xf2, "read_input", Service::ReadInput),
];

/// Every selector of the platform: its own, whose numbers stand here and nowhere else, and those of the accelerators'
/// table.
pub const SELECTORS: [Selector; OWN.len() + TABLE.len()] = {
    let mut all = [OWN[0]; OWN.len() + TABLE.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = if index < OWN.len() {
            OWN[index]
        } else {
            let row = TABLE[index - OWN.len()];
            selector(row.selector, row.name, Service::Accelerator(row.function))
        };
        index += 1;
    }
    all
};

const fn selector(number: u64, name: &'static str, service: Service) -> Selector {
    Selector { number, name, service }
}

/// t0 holds the selector.
const SELECTOR_REGISTER: u8 = 5;
/// a0 to a2 hold the arguments.
const ARGUMENT_REGISTERS: [u8; 3] = [10, 11, 12];

/// The platform's side of a run.
pub(crate) struct Host {
    input_address: u64,
    input_size: u64,
}

/// Maps and fills memory for `image` and `input`.
pub(crate) fn load<'a, X: Word>(image: &Image, input: &[u8], config: &'a Config) -> Result<Machine<'a, X>, LoadError> {
    let size = input.len() as u64;
    let base = config.input_base;
    if !base.is_multiple_of(8) {
        return Err(LoadError::InputBaseMisaligned { base });
    }
    let mut mappings = segment_mappings(image);
    let last = size
        .checked_next_multiple_of(8)
        .and_then(|mapped| last_address(base, mapped, config.isa.xlen))
        .ok_or(LoadError::InputWraps { base, size, xlen: config.isa.xlen })?;
    if size > 0 {
        mappings.push(Mapping {
            name: "the input buffer".to_owned(),
            region: Region { first: base, last, permissions: Permissions::R },
        });
    }
    load::sort(&mut mappings)?;
    let regions = with_ram(mappings.into_iter().map(|mapping| mapping.region));
    let mut memory = Memory::new(regions, config.memory_limit_bytes, Misaligned::Counted);
    fill(&mut memory, initial_bytes(&image.segments).chain([(base, input)]), config)?;
    let code = Code::in_memory(&memory);
    let host = AnyHost::Standard(Host { input_address: base, input_size: size });
    Ok(Machine::new(config, memory, code, host, image.entry))
}

/// The given regions, sorted and apart, with RAM in the gaps.
fn with_ram(given: impl Iterator<Item = Region>) -> Vec<Region> {
    let mut regions = Vec::new();
    // The first address that may become RAM.
    let mut free = RAM_FIRST;
    for region in given {
        if free < region.first && free <= RAM_LAST {
            regions.push(ram(free, RAM_LAST.min(region.first - 1)));
        }
        free = free.max(region.last.saturating_add(1));
        regions.push(region);
    }
    if free <= RAM_LAST {
        regions.push(ram(free, RAM_LAST));
    }
    regions
}

fn ram(first: u64, last: u64) -> Region {
    Region { first, last, permissions: Permissions::RW }
}

/// Executes the ECALL at pc.
pub(crate) fn call<X: Word>(machine: &mut Machine<'_, X>) -> Result<(), End> {
    let number = machine.register(SELECTOR_REGISTER);
    let [a0, a1, a2] = ARGUMENT_REGISTERS.map(|register| machine.register(register));
    note_call(machine, number, [a0, a1, a2]);
    let Some(selector) = SELECTORS.iter().find(|selector| selector.number == number) else {
        let message =
            format!("t0 = {number:#x} is no call of the standard platform; known calls are {}", known_calls());
        return Err(machine.trap(TrapKind::UnknownCall, None, message));
    };
    match selector.service {
        Service::Halt => return Err(machine.halt(a0 as u32)),
        Service::Write if a0 == OUTPUT_FD => write_output(machine, a1, a2)?,
        Service::Write if LOG_FDS.contains(&a0) => write_log(machine, a1, a2)?,
        Service::Write => {}
        Service::WriteOutput => write_output(machine, a0, a1)?,
        Service::ReadInput => read_input(machine, a0, a1)?,
        Service::Retired => {
            let message = format!(
                "{} ({number:#x}) is retired: inputs are no longer streamed; call read_input (t0 = 0xf2)",
                selector.name
            );
            return Err(machine.trap(TrapKind::RetiredCall, None, message));
        }
        Service::Accelerator(function) => accelerator::call(machine, function)?,
    }
    machine.retire();
    Ok(())
}

fn known_calls() -> String {
    let known = OWN.iter().filter(|selector| selector.service != Service::Retired);
    let known: Vec<_> = known.map(|selector| format!("{:#x} {}", selector.number, selector.name)).collect();
    let [first, .., last] = TABLE;
    format!("{}, and the accelerators {:#x} to {:#x}", known.join(", "), first.selector, last.selector)
}

fn note_call<X: Word>(machine: &mut Machine<'_, X>, selector: u64, arguments: [u64; 3]) {
    if machine.watched.is_none() {
        return;
    }
    for register in [SELECTOR_REGISTER].into_iter().chain(ARGUMENT_REGISTERS) {
        let value = machine.register(register);
        machine.note(|| Access::RegisterRead { register, value });
    }
    machine.note(|| Access::Call { selector, arguments });
}

fn write_output<X: Word>(machine: &mut Machine<'_, X>, address: u64, size: u64) -> Result<(), End> {
    check_readable(machine, address, size)?;
    machine.publish(address, size)
}

fn write_log<X: Word>(machine: &mut Machine<'_, X>, address: u64, size: u64) -> Result<(), End> {
    check_readable(machine, address, size)?;
    machine.log_guest(address, size);
    Ok(())
}

fn check_readable<X: Word>(machine: &Machine<'_, X>, address: u64, size: u64) -> Result<(), End> {
    if size == 0 {
        return Ok(());
    }
    let readable = last_address(address, size, machine.config.isa.xlen)
        .is_some_and(|last| machine.memory.allows(address, last, Permissions::R));
    if readable {
        return Ok(());
    }
    let message = format!(
        "the guest asked to write {size} bytes at {address:#x}, not all of which are readable; pass a pointer to mapped memory"
    );
    Err(machine.trap(TrapKind::BadCallArgument, Some(address), message))
}

fn read_input<X: Word>(machine: &mut Machine<'_, X>, address_cell: u64, size_cell: u64) -> Result<(), End> {
    let AnyHost::Standard(Host { input_address, input_size }) = machine.host else {
        unreachable!("a standard machine has a standard host");
    };
    let cells = [(address_cell, input_address), (size_cell, input_size)];
    for (cell, _) in cells {
        check_cell(machine, cell)?;
    }
    let size = X::BYTES as u8;
    for (address, value) in cells {
        let before = machine.memory.peek(address, size);
        machine
            .memory
            .copy_in(address, &value.to_le_bytes()[..X::BYTES])
            .map_err(|refusal| machine.refused(address, refusal))?;
        machine.forget_code(address, X::BYTES as u64);
        machine.note(|| Access::Memory(MemoryAccess { kind: AccessKind::Write, address, size, before, after: value }));
    }
    Ok(())
}

/// A cell that `read_input` fills must be XLEN-aligned and writable.
fn check_cell<X: Word>(machine: &Machine<'_, X>, address: u64) -> Result<(), End> {
    let what = if !address.is_multiple_of(X::BYTES as u64) {
        "misaligned"
    } else if !machine.memory.allows(address, address + (X::BYTES as u64 - 1), Permissions::W) {
        "not writable"
    } else {
        return Ok(());
    };
    let message = format!(
        "read_input was given the cell {address:#x}, which is {what}; pass pointers to two {}-byte variables",
        X::BYTES
    );
    Err(machine.trap(TrapKind::BadCallArgument, Some(address), message))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn selectors_and_their_names_are_pairwise_distinct() {
        let numbers: BTreeSet<_> = SELECTORS.iter().map(|selector| selector.number).collect();
        let names: BTreeSet<_> = SELECTORS.iter().map(|selector| selector.name).collect();
        assert_eq!(numbers.len(), SELECTORS.len());
        assert_eq!(names.len(), SELECTORS.len());
        assert!(numbers.contains(&0xf2));
        assert!((0x100..=0x112).all(|number| numbers.contains(&number)));
    }

    #[test]
    fn ram_fills_the_gaps_and_nothing_else() {
        let given = [
            Region { first: 0x8000, last: 0x1_0fff, permissions: Permissions::RX },
            Region { first: 0x1_1000, last: 0x1_1fff, permissions: Permissions::R },
            Region { first: 0x8000_0000, last: 0x8000_0007, permissions: Permissions::R },
        ];
        let regions = with_ram(given.into_iter());
        assert_eq!(regions, [given[0], given[1], ram(0x1_2000, RAM_LAST), given[2]]);
        let inside = Region { first: 0x2_0000, last: 0x2_0000, permissions: Permissions::RX };
        assert_eq!(with_ram([inside].into_iter()), [ram(RAM_FIRST, 0x1_ffff), inside, ram(0x2_0001, RAM_LAST)]);
    }
}
