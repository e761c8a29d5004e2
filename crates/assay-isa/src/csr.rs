//! Control and status registers: recognised, never executed.
//!
//! Zicsr is not part of the guests that zkVMs run. Its words are recognised only so that a guest that reads a
//! counter is told which one, rather than "illegal instruction".

/// The counters, their upper halves, and the machine registers that bare-metal start-up code touches.
pub(crate) const NAMES: &[(u16, &str)] = &[
    (0x001, "fflags"),
    (0x002, "frm"),
    (0x003, "fcsr"),
    (0x300, "mstatus"),
    (0x301, "misa"),
    (0x304, "mie"),
    (0x305, "mtvec"),
    (0x340, "mscratch"),
    (0x341, "mepc"),
    (0x342, "mcause"),
    (0x343, "mtval"),
    (0x344, "mip"),
    (0xb00, "mcycle"),
    (0xb02, "minstret"),
    (0xc00, "cycle"),
    (0xc01, "time"),
    (0xc02, "instret"),
    (0xc80, "cycleh"),
    (0xc81, "timeh"),
    (0xc82, "instreth"),
    (0xf11, "mvendorid"),
    (0xf12, "marchid"),
    (0xf13, "mimpid"),
    (0xf14, "mhartid"),
];

/// The name of CSR `number`, where this crate knows it.
pub(crate) fn name(number: u16) -> Option<&'static str> {
    NAMES.iter().find(|row| row.0 == number).map(|row| row.1)
}

/// The number of the CSR that `word` accesses, if it is a well-formed access that no hart must refuse.
///
/// A write to a read-only CSR (number bits 11:10 set) is illegal everywhere; `unimp`, which is
/// `csrrw x0, cycle, x0`, is such a word on purpose.
pub(crate) fn access(word: u32) -> Option<u16> {
    let funct3 = word >> 12 & 7;
    if word & 0x7f != 0x73 || funct3 == 0 || funct3 == 4 {
        return None;
    }
    let number = (word >> 20) as u16;
    let source = word >> 15 & 0x1f;
    let writes = matches!(funct3, 1 | 5) || source != 0;
    if writes && number >> 10 == 3 { None } else { Some(number) }
}
