//! Two traces side by side as cells of a table, each with whether it differs from its opposite.

use assay_isa::{Isa, decode, disassemble_aliased, disassemble_word};
use assay_spec::{
    AlignedInstructions, Basis, Comparison,
    trace::{AccessKind, InstructionRecord},
    verdict::FirstDifference,
};

use crate::{differences::register_name, limits::TRACE_ROWS_MAX};

/// Two traces side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SideBySide {
    /// Names of the outcomes.
    pub(crate) names: [String; 2],
    pub(crate) rows: Vec<CellsRow>,
    /// Rows of the window that are not here.
    pub(crate) left_out: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CellsRow {
    pub(crate) index: u64,
    /// Whether this is where the traces part.
    pub(crate) diverges: bool,
    /// None where that side had ended.
    pub(crate) sides: [Option<SideCells>; 2],
}

/// What one side did at one position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SideCells {
    pub(crate) pc: Cell,
    pub(crate) instruction: Cell,
    pub(crate) effects: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) differs: bool,
}

/// Which parts of two records differ.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each cell of a record, and nothing between them")]
struct Marks {
    pc: bool,
    instruction: bool,
    register: bool,
    memory: bool,
    next_pc: bool,
}

impl SideBySide {
    /// The first divergence of a comparison and what is kept around it; `isas` are the two sides' own.
    pub(crate) fn of(comparison: &Comparison, isas: [Option<Isa>; 2]) -> Option<Self> {
        let first = comparison.first_divergence.as_ref()?;
        let here =
            AlignedInstructions { index: first.index, baseline: first.baseline.clone(), target: first.target.clone() };
        let at = first.around.partition_point(|pair| pair.index < first.index);
        let (before, after) = first.around.split_at(at);
        // What is too much is cut from both ends: the rows that matter are those around the divergence.
        let (before, after) = (before.iter().rev().take(TRACE_ROWS_MAX / 2), after.iter().take(TRACE_ROWS_MAX / 2));
        let mut rows: Vec<_> = before.map(|pair| cells(pair, around(pair, comparison.basis), false, isas)).collect();
        rows.reverse();
        rows.push(cells(&here, Marks::from(&first.parts), true, isas));
        rows.extend(after.map(|pair| cells(pair, around(pair, comparison.basis), false, isas)));
        Some(Self {
            names: [comparison.baseline.clone(), comparison.target.clone()],
            left_out: first.around.len() + 1 - rows.len(),
            rows,
        })
    }
}

/// What differs beside the divergence. Guests of two platforms have other addresses in everything, and only the oracle
/// can tell
/// which of that is a difference; it says so of the divergence alone.
fn around(pair: &AlignedInstructions, basis: Basis) -> Marks {
    match (&pair.baseline, &pair.target) {
        (Some(baseline), Some(target)) if basis == Basis::SameGuest => Marks::of(baseline, target),
        _ => Marks::default(),
    }
}

fn cells(pair: &AlignedInstructions, marks: Marks, diverges: bool, isas: [Option<Isa>; 2]) -> CellsRow {
    let side = |record: &Option<InstructionRecord>, isa| record.as_ref().map(|record| side_cells(record, isa, marks));
    CellsRow { index: pair.index, diverges, sides: [side(&pair.baseline, isas[0]), side(&pair.target, isas[1])] }
}

impl Marks {
    fn from(parts: &[FirstDifference]) -> Self {
        let has = |part| parts.contains(&part);
        Self {
            pc: has(FirstDifference::Pc),
            instruction: false,
            register: has(FirstDifference::Register),
            memory: has(FirstDifference::Memory),
            next_pc: has(FirstDifference::NextPc),
        }
    }

    fn of(baseline: &InstructionRecord, target: &InstructionRecord) -> Self {
        let register = |record: &InstructionRecord| record.rd.map(|rd| (rd.reg, rd.after));
        let memory = baseline.mem.zip(target.mem);
        Self {
            pc: baseline.pc != target.pc,
            instruction: baseline.word.zip(target.word).is_some_and(|(baseline, target)| baseline != target),
            register: register(baseline) != register(target),
            // What only one of the backends records is no difference.
            memory: memory.is_some_and(|(one, other)| {
                (one.kind, one.addr, one.size, one.after) != (other.kind, other.addr, other.size, other.after)
            }),
            next_pc: baseline.next_pc != target.next_pc,
        }
    }
}

fn side_cells(record: &InstructionRecord, isa: Option<Isa>, marks: Marks) -> SideCells {
    let cell = |text: String, differs: bool| Cell { text, differs };
    let mut effects = Vec::new();
    match record.rd {
        Some(rd) => {
            effects.push(cell(format!("{} {} → {}", register_name(rd.reg), rd.before, rd.after), marks.register));
        }
        None if marks.register => effects.push(cell("no register".to_owned(), true)),
        None => {}
    }
    if let Some(mem) = record.mem {
        let kind = match mem.kind {
            AccessKind::Read => "read",
            AccessKind::Write => "write",
        };
        let values =
            if mem.before == mem.after { mem.after.to_string() } else { format!("{} → {}", mem.before, mem.after) };
        effects.push(cell(format!("{kind} {} bytes at {}: {values}", mem.size, mem.addr), marks.memory));
    }
    if marks.next_pc || record.next_pc.0 != record.pc.0.wrapping_add(4) {
        effects.push(cell(format!("next pc {}", record.next_pc), marks.next_pc));
    }
    SideCells {
        pc: cell(record.pc.to_string(), marks.pc),
        instruction: cell(instruction(record, isa), marks.instruction),
        effects,
    }
}

/// The instruction in assembly where its word is known, else the backend's own name of it.
fn instruction(record: &InstructionRecord, isa: Option<Isa>) -> String {
    match (record.word, isa) {
        (Some(word), Some(isa)) => assembly(word.0 as u32, isa),
        _ => record.mnemonic.clone(),
    }
}

/// A word as people write it.
pub(crate) fn assembly(word: u32, isa: Isa) -> String {
    decode(word, isa)
        .map_or_else(|_| disassemble_word(word, isa), |instruction| disassemble_aliased(&instruction, None))
}

/// The instruction set of that name.
pub(crate) fn isa(name: &str) -> Option<Isa> {
    const KNOWN: [Isa; 6] = [
        Isa::RV32IM,
        Isa::RV64IM,
        Isa::RV32IMA,
        Isa::RV64IMA,
        Isa::RV32IM_OPENVM,
        Isa { xlen: assay_isa::Xlen::Rv64, ..Isa::RV32IM_OPENVM },
    ];
    KNOWN.into_iter().find(|isa| {
        let spelled = isa.to_string();
        spelled == name || spelled.strip_suffix("_zifencei") == Some(name)
    })
}
