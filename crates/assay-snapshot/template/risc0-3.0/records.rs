//! Assay's records, where the prover replays a segment: guest instructions as they are replayed, then every cycle as a
//! row and every memory transaction as a message, as the witness generator gets them.
//!
//! Timestamps of instructions are rows of the segment. A system call's instruction spans the rows of the kernel that
//! serves it. Rows of lookup tables and padding are counted and not written.

use std::cell::RefCell;

use fuzzer_utils::{
    inject,
    sink::{self, ChipRow, Instruction, Interaction, Key, Memory, Section, Step},
};
use risc0_circuit_rv32im_sys::RawMemoryTransaction;

use super::preflight::PreflightTrace;
use crate::execute::{
    platform::{KERNEL_START_ADDR, REG_A0, REG_MAX, USER_REGS_ADDR},
    rv32im::InsnKind,
};

/// Names of `major`, as `execute::platform::major` has them.
const MAJORS: [&str; 13] = [
    "MISC0",
    "MISC1",
    "MISC2",
    "MUL0",
    "DIV0",
    "MEM0",
    "MEM1",
    "CONTROL0",
    "ECALL0",
    "POSEIDON0",
    "POSEIDON1",
    "SHA0",
    "BIGINT0",
];

/// Columns of a row: fields of `RawPreflightCycle`.
const COLUMNS: u64 = 11;

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State { section: None, pending: None }) };
}

/// What is known while a segment is replayed.
struct State {
    section: Option<Section>,
    pending: Option<Pending>,
}

/// A guest instruction that started.
struct Pending {
    pc: u32,
    next_pc: u32,
    word: u32,
    kind: InsnKind,
    /// Row at which it started; 0 in a segment that began within it.
    timestamp: u64,
    /// Transactions before it, its own fetch not among them.
    transactions: usize,
    rd: Option<(u8, u64, u64)>,
    mem: Option<Memory>,
}

fn with_state(work: impl FnOnce(&mut State)) {
    if sink::enabled() {
        STATE.with(|state| work(&mut state.borrow_mut()));
    }
}

/// A segment begins.
pub(crate) fn begins(segment: u64) {
    with_state(|state| {
        if segment == 0 {
            state.pending = None;
        }
        state.section = sink::open(Key { segment: segment as u32, ..Key::default() });
    });
}

/// An instruction was fetched.
pub(crate) fn starts(trace: &PreflightTrace, pc: u32, machine_mode: u32, kind: InsnKind, word: u32) {
    if machine_mode != 0 {
        return;
    }
    with_state(|state| {
        state.retire(trace, Some(pc));
        state.pending = Some(Pending {
            pc,
            next_pc: pc,
            word,
            kind,
            timestamp: trace.cycles.len() as u64,
            transactions: trace.txns.len(),
            rd: None,
            mem: None,
        });
    });
}

/// An instruction, of the guest or the kernel, was executed.
pub(crate) fn ends(trace: &PreflightTrace, next_pc: u32) {
    with_state(|state| {
        let Some(pending) = &mut state.pending else { return };
        if pending.kind != InsnKind::Eany && pending.transactions < trace.txns.len() && pending.rd.is_none() {
            pending.next_pc = next_pc;
            let own = &trace.txns[pending.transactions..];
            pending.transactions = trace.txns.len();
            pending.rd = own.iter().find_map(register_write);
            pending.mem = memory(pending.kind, pending.word, own);
        }
    });
}

/// The kernel ends the guest.
pub(crate) fn terminates(trace: &PreflightTrace) {
    with_state(|state| state.retire(trace, None));
}

/// The segment was replayed: its rows and messages.
pub(crate) fn rows(segment: u64, trace: &PreflightTrace) {
    with_state(|state| {
        match &mut state.pending {
            // The next segment goes on within it.
            Some(pending) if pending.kind == InsnKind::Eany => {
                pending.rd = call_result(pending, trace);
                (pending.timestamp, pending.transactions) = (0, 0);
            }
            _ => state.retire(trace, state.pending.as_ref().map(|pending| pending.next_pc)),
        }
        state.section = None;
    });
    sink::section(Key { segment: segment as u32, part: 1, ..Key::default() }, |section| emit_rows(section, trace));
}

fn emit_rows(section: &mut Section, trace: &PreflightTrace) {
    let written = (trace.table_split_cycle as usize).min(trace.cycles.len());
    for (row, cycle) in trace.cycles.iter().enumerate() {
        let chip = MAJORS.get(usize::from(cycle.major)).copied().unwrap_or("unknown");
        section.chip(chip, 1, COLUMNS);
        if row >= written {
            continue;
        }
        let record = ChipRow {
            chip,
            kind: kind_of(cycle.major, cycle.minor),
            row: row as u64,
            valid: true,
            step: Step::OfTimestamp(row as u64),
        };
        let at = section.chip_row(&record, |cells| {
            cells.cell("state", cycle.state.into());
            cells.cell("pc", cycle.pc.into());
            cells.cell("major", cycle.major.into());
            cells.cell("minor", cycle.minor.into());
            cells.cell("machine_mode", cycle.machine_mode.into());
            cells.cell("user_cycle", cycle.user_cycle.into());
            cells.cell("txn_idx", cycle.txn_idx.into());
            cells.cell("paging_idx", cycle.paging_idx.into());
            cells.cell("bigint_idx", cycle.bigint_idx.into());
            cells.cell("diff_count[0]", cycle.diff_count[0].into());
            cells.cell("diff_count[1]", cycle.diff_count[1].into());
        });
        let end = trace.cycles.get(row + 1).map_or(trace.txns.len(), |next| next.txn_idx as usize);
        for txn in trace.txns.get(cycle.txn_idx as usize..end).unwrap_or_default() {
            for (send, cycle, word) in [(false, txn.prev_cycle, txn.prev_word), (true, txn.cycle, txn.word)] {
                let message = Interaction {
                    bus: "memory",
                    kind: "memory",
                    send,
                    multiplicity: 1,
                    timestamp: Some(cycle.into()),
                    row: Some(at),
                    step: Step::None,
                };
                section.interaction(&message, |fields| {
                    fields.cell("addr", txn.addr.into());
                    fields.cell("cycle", cycle.into());
                    fields.cell("word", word.into());
                });
            }
        }
    }
}

/// Changes what the witness is made of, at points that are armed.
pub(crate) fn replace(trace: &mut PreflightTrace) {
    if !inject::armed() {
        return;
    }
    for (index, txn) in trace.txns.iter_mut().enumerate() {
        inject::inject("risc0.txn.word", index as u64, &mut txn.word);
        inject::inject("risc0.txn.prev_word", index as u64, &mut txn.prev_word);
        inject::inject("risc0.txn.addr", index as u64, &mut txn.addr);
    }
    for (row, cycle) in trace.cycles.iter_mut().enumerate() {
        inject::inject("risc0.cycle.pc", row as u64, &mut cycle.pc);
        inject::inject("risc0.cycle.minor", row as u64, &mut cycle.minor);
    }
}

impl State {
    /// The pending instruction has retired, and `next_pc` is the guest's next one; of a call that ends it, there is
    /// none.
    fn retire(&mut self, trace: &PreflightTrace, next_pc: Option<u32>) {
        let Some(pending) = self.pending.take() else { return };
        let rd = if pending.kind == InsnKind::Eany { call_result(&pending, trace) } else { pending.rd };
        let mut operands = [0; 3];
        let instruction = Instruction {
            pc: pending.pc.into(),
            next_pc: next_pc.unwrap_or(pending.pc).into(),
            word: Some(pending.word.into()),
            opcode: (pending.word & 0x7f).into(),
            mnemonic: &mnemonic(&pending),
            operands: fields(pending.word, &mut operands),
            timestamp: pending.timestamp,
            next_timestamp: trace.cycles.len() as u64,
            rd,
            mem: pending.mem,
        };
        if let Some(section) = &mut self.section {
            section.instruction(&instruction);
        }
    }
}

fn mnemonic(pending: &Pending) -> String {
    match pending.kind {
        InsnKind::Eany if pending.word >> 20 == 1 => "ebreak".to_owned(),
        InsnKind::Eany => "ecall".to_owned(),
        kind => format!("{kind:?}").to_lowercase(),
    }
}

/// What a call left in a0, if it wrote to it; its first value is that before the call.
fn call_result(pending: &Pending, trace: &PreflightTrace) -> Option<(u8, u64, u64)> {
    let own = trace.txns.get(pending.transactions..).unwrap_or_default();
    let mut writes = own.iter().filter_map(register_write).filter(|(register, ..)| usize::from(*register) == REG_A0);
    let first = pending.rd.or_else(|| writes.next())?;
    let last = writes.last().unwrap_or(first);
    Some((first.0, first.1, last.2))
}

/// Of a store to a guest's register: which, and its values. Stores are at odd cycles; x0 is stored elsewhere.
fn register_write(txn: &RawMemoryTransaction) -> Option<(u8, u64, u64)> {
    let index = txn.addr.checked_sub(USER_REGS_ADDR.waddr().0)?;
    let is_store = txn.cycle % 2 == 1 && (index as usize) < REG_MAX;
    is_store.then(|| (index as u8, txn.prev_word.into(), txn.word.into()))
}

/// What a load or a store did.
fn memory(kind: InsnKind, word: u32, own: &[RawMemoryTransaction]) -> Option<Memory> {
    let (size, write) = match kind {
        InsnKind::Lb | InsnKind::LbU => (1, false),
        InsnKind::Lh | InsnKind::LhU => (2, false),
        InsnKind::Lw => (4, false),
        InsnKind::Sb => (1, true),
        InsnKind::Sh => (2, true),
        InsnKind::Sw => (4, true),
        _ => return None,
    };
    let base = own.first()?.word;
    let offset = if write { (word as i32 >> 25 << 5) | (word >> 7 & 31) as i32 } else { word as i32 >> 20 };
    let addr = base.wrapping_add_signed(offset);
    let in_memory = |txn: &&RawMemoryTransaction| txn.addr < KERNEL_START_ADDR.waddr().0;
    let txn = own.iter().filter(in_memory).find(|txn| (txn.cycle % 2 == 1) == write)?;
    let bytes = |word: u32| u64::from(word >> (8 * (addr % 4)) & (u32::MAX >> (32 - 8 * u32::from(size))));
    Some(Memory { write, addr: addr.into(), size, before: bytes(txn.prev_word), after: bytes(txn.word) })
}

/// Operands in the order rd, rs1, rs2, immediate, as far as the format has them.
fn fields(word: u32, operands: &mut [i64; 3]) -> &[i64] {
    let (rd, rs1, rs2) = (i64::from(word >> 7 & 31), i64::from(word >> 15 & 31), i64::from(word >> 20 & 31));
    let signed = word as i32;
    let top = signed >> 31;
    let immediate = match word & 0x7f {
        0x33 => rs2,
        // Shifts have an amount.
        0x13 if matches!(word >> 12 & 7, 1 | 5) => rs2,
        0x23 => i64::from((signed >> 25 << 5) | (word >> 7 & 31) as i32),
        0x63 => {
            let low = (word >> 7 & 1) << 11 | (word >> 25 & 0x3f) << 5 | word >> 7 & 0x1e;
            i64::from(top << 12 | low as i32)
        }
        0x37 | 0x17 => i64::from(signed & !0xfff),
        0x6f => {
            let low = word & 0xff000 | (word >> 20 & 1) << 11 | word >> 20 & 0x7fe;
            i64::from(top << 20 | low as i32)
        }
        _ => i64::from(signed >> 20),
    };
    match word & 0x7f {
        // Calls have fields and no operands.
        0x73 => &operands[..0],
        0x37 | 0x17 | 0x6f => {
            operands[..2].copy_from_slice(&[rd, immediate]);
            &operands[..2]
        }
        0x23 | 0x63 => {
            *operands = [rs1, rs2, immediate];
            operands
        }
        _ => {
            *operands = [rd, rs1, immediate];
            operands
        }
    }
}

/// What a row is for, as Assay spells it.
fn kind_of(major: u8, minor: u8) -> &'static str {
    match (major, minor) {
        (1, 5..) | (2, 0..=2) => "branch",
        (2, 3 | 4) => "jump",
        (2, _) => "upper_immediate",
        (0 | 1, _) => "alu",
        (3, 0 | 1) | (4, 0..=3) => "shift",
        (3, _) => "mul",
        (4, _) => "div",
        (5 | 6, _) => "memory",
        (7 | 8, _) => "system",
        (9..=11, _) => "hash",
        _ => "other",
    }
}
