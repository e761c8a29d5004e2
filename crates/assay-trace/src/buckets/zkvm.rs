//! What the chips of the zkVMs are to the matchers, and what their columns are called there: one table per zkVM.
//!
//! Matchers speak of roles; names of chips and columns stand in these tables and nowhere else. Names are those that the
//! traces of the runners hold. RISC Zero and the reference machine have no chip rows, so they have no table.

mod openvm;
mod sp1;

/// What a chip does, as far as matchers care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Chip {
    /// Addition, logic, comparison, shifts, with a register or an immediate as second operand.
    Alu,
    /// The same, the second operand always being an immediate.
    AluImmediate,
    /// Low half of a product.
    Mul,
    /// High half of a product, or both halves.
    MulHigh,
    /// Division and remainder.
    DivRem,
    /// Loads and stores.
    LoadStore,
    /// Loads.
    Load,
    /// Stores.
    Store,
    /// LUI and AUIPC.
    UpperImmediate,
    /// AUIPC.
    Auipc,
    /// JAL and LUI.
    JalLui,
    /// JAL.
    Jal,
    /// JALR.
    Jalr,
    /// Conditional branches.
    Branch,
    /// ECALL.
    Call,
    /// First and last state of a segment.
    Connector,
    /// First and last content of memory.
    MemoryBoundary,
    /// The hash tree over memory.
    MemoryTree,
    /// The table of bitwise operations.
    BitwiseTable,
    /// None of these, with columns of interest all the same.
    Other,
}

impl Chip {
    pub(super) const COUNT: usize = Self::Other as usize + 1;
}

/// What a column holds, as far as matchers care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    /// 1 where the row is a real one.
    Active,
    /// Register index of the destination, times [`ChipEntry::register_scale`].
    Rd,
    /// The same of the first source.
    Rs1,
    /// The same of the second source, where it is a register.
    Rs2,
    /// 0 where the second operand is an immediate.
    SecondIsRegister,
    /// 1 where the second operand is an immediate.
    SecondIsImmediate,
    /// The topmost limb of the second operand.
    SecondTopLimb,
    /// 1 where the divisor is 0.
    ZeroDivisor,
    /// 1 where a signed division overflows.
    Overflow,
    /// 1 where the remainder is 0.
    ZeroRemainder,
    /// 1 where the first operand is negative; anything but 0 counts.
    FirstSign,
    /// 1 where the second operand is negative; anything but 0 counts.
    SecondSign,
    /// 1 where the upper half of a 32-bit result on 64-bit registers is all ones.
    WordSign,
    /// 1 where the row is an AUIPC.
    IsAuipc,
    /// The topmost limb of the pc.
    PcTopLimb,
    /// Selector of the address space.
    AddressSpace,
    /// 1 where the offset of a load or store is negative.
    OffsetSign,
    /// 1 where the row is a load.
    IsLoad,
    /// Low part of the timestamp of the access before.
    PreviousTimestamp,
    /// Lowest bit of a jump's target.
    TargetLowBit,
    /// Where a row leads.
    NextPc,
    /// A limb above the lowest of a call's argument.
    ArgumentLimb1,
    /// The same of the other argument.
    ArgumentLimb2,
    /// A timestamp at an end of a segment.
    Timestamp,
    /// 1 on the first row of a segment.
    IsBegin,
    /// Address space of a boundary row.
    BoundarySpace,
    /// Address of a boundary row, its lowest limb where it has several.
    BoundaryAddress,
    /// How often a XOR is looked up.
    XorMultiplicity,
    /// 1 where the destination is x0.
    DestinationIsZero,
    /// 0 where the result is not written.
    NeedsWrite,
}

impl Column {
    pub(super) const COUNT: usize = Self::NeedsWrite as usize + 1;
}

/// A chip of a zkVM.
#[derive(Debug)]
pub(super) struct ChipEntry {
    /// Its name in traces.
    pub(super) name: &'static str,
    pub(super) chip: Chip,
    /// What register indices are multiplied with in its columns.
    pub(super) register_scale: u64,
    /// Columns of interest by name, as lists that chips share.
    pub(super) columns: &'static [&'static [(Column, &'static str)]],
    /// Columns that choose what the row does. All of them 0 is padding, where there is no [`Column::Active`].
    pub(super) selectors: &'static [&'static str],
}

/// Names of buses of the reference machine, OpenVM and SP1.
pub(super) const BUSES: [&str; 16] = [
    "byte",
    "range_check",
    "bitwise",
    "memory",
    "range_tuple",
    "program",
    "execution",
    "state",
    "memory_merkle",
    "compression",
    "global",
    "global_accumulation",
    "register",
    "memory_global_init_control",
    "memory_global_finalize_control",
    "call",
];

/// `op` of a XOR on OpenVM's bitwise bus; 0 is a range check.
pub(super) const OPENVM_XOR: u64 = 1;

/// `ByteOpcode::XOR` of SP1.
pub(super) const SP1_XOR: u64 = 2;

/// The chips of every zkVM. Names do not collide.
pub(super) fn chips() -> impl Iterator<Item = &'static ChipEntry> {
    openvm::CHIPS.iter().chain(sp1::CHIPS)
}
