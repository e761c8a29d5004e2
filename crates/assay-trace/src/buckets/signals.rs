//! Input signals: what a run did at all, for the choice of inputs. They are not buckets and not in the signature.

use assay_isa::{Class, Opcode};

use super::{
    views::{Executed, Row},
    zkvm::Chip,
};

/// Every signal, by name.
pub const SIGNALS: [&str; 8] = [
    "has_load",
    "has_store",
    "has_load_store",
    "has_auipc",
    "has_ecall",
    "has_branch_back",
    "has_division",
    "observed_volatile_boundary_range",
];

const LOAD: u8 = 1;
const STORE: u8 = 1 << 1;
const LOAD_STORE: u8 = 1 << 2;
const AUIPC: u8 = 1 << 3;
const ECALL: u8 = 1 << 4;
const BRANCH_BACK: u8 = 1 << 5;
const DIVISION: u8 = 1 << 6;
const BOUNDARY: u8 = 1 << 7;

/// Which signals were seen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signals(u8);

impl Signals {
    #[inline]
    pub(super) fn instruction(&mut self, executed: &Executed) {
        self.0 |= match (executed.class(), executed.opcode()) {
            (Class::Load, _) | (_, Opcode::LrW | Opcode::LrD) => LOAD,
            (Class::Store, _) | (_, Opcode::ScW | Opcode::ScD) => STORE,
            (Class::Atomic, _) => LOAD | STORE,
            (Class::Upper, Opcode::Auipc) => AUIPC,
            (Class::System, Opcode::Ecall) => ECALL,
            // A jump to an earlier place is a loop as much as a branch is; a branch that is not taken is none.
            (Class::Branch | Class::Jump, opcode)
                if opcode != Opcode::Jalr && executed.record.next_pc.0 < executed.record.pc.0 =>
            {
                BRANCH_BACK
            }
            (Class::MulDiv, opcode) if is_division(opcode) => DIVISION,
            _ => 0,
        };
    }

    #[inline]
    pub(super) fn row(&mut self, row: &Row) {
        if row.chip() == Chip::MemoryBoundary && row.selectors.active {
            self.0 |= BOUNDARY;
        }
    }

    pub(super) fn names(self) -> Vec<String> {
        let both = if self.0 & (LOAD | STORE) == LOAD | STORE { LOAD_STORE } else { 0 };
        let seen = self.0 | both;
        let named = SIGNALS.iter().enumerate().filter(|(bit, _)| seen >> bit & 1 == 1);
        named.map(|(_, name)| (*name).to_owned()).collect()
    }
}

/// DIV, REM and their kin.
#[inline]
pub(super) fn is_division(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Div
            | Opcode::Divu
            | Opcode::Rem
            | Opcode::Remu
            | Opcode::Divw
            | Opcode::Divuw
            | Opcode::Remw
            | Opcode::Remuw
    )
}
