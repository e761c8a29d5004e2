//! Why bytes are not a guest executable.

use std::ops::Range;

use assay_isa::{Isa, Xlen};

use super::{ELF_BYTES_MAX, ELF_MEMORY_BYTES_MAX, PROGRAM_HEADERS_MAX, SegmentFlags};

/// Why bytes are not a static RISC-V executable, or not one for the asked ISA.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ElfError {
    /// More bytes than [`ELF_BYTES_MAX`].
    #[error("the ELF has {bytes} bytes; the limit is {ELF_BYTES_MAX}: strip its debug data (`-C strip=debuginfo`)")]
    TooLarge {
        /// Bytes of the file.
        bytes: u64,
    },
    /// The magic number is not there.
    #[error("not an ELF: the file begins with {start:02x?} instead of 7f 45 4c 46")]
    NotElf {
        /// The first bytes, at most four.
        start: Vec<u8>,
    },
    /// The file ends inside of its header.
    #[error("the ELF is truncated: its header takes {needed} bytes and the file has {bytes}; copy or build it again")]
    Truncated {
        /// Bytes of the file.
        bytes: u64,
        /// Bytes of the header.
        needed: u64,
    },
    /// `EI_CLASS` is neither ELF32 nor ELF64.
    #[error("the ELF has class {class}, which is neither 1 (32-bit) nor 2 (64-bit)")]
    UnknownClass {
        /// `EI_CLASS`
        class: u8,
    },
    /// Big-endian.
    #[error("the ELF is big-endian; guests are little-endian RISC-V")]
    BigEndian,
    /// `EI_DATA` says neither.
    #[error("the ELF has data encoding {encoding}, which is neither 1 (little-endian) nor 2")]
    UnknownEncoding {
        /// `EI_DATA`
        encoding: u8,
    },
    /// `EI_VERSION` or `e_version` is not 1.
    #[error("the ELF has format version {version}; the only one is 1")]
    UnknownVersion {
        /// What stands there.
        version: u32,
    },
    /// For another processor.
    #[error("the ELF is for machine {machine}; guests are for RISC-V (243)")]
    WrongMachine {
        /// `e_machine`
        machine: u16,
    },
    /// Not `ET_EXEC`.
    #[error(
        "the ELF has type {file_type} ({}); a guest is a statically linked executable (ET_EXEC, 2): link it with `-static -no-pie`",
        type_name(*.file_type)
    )]
    NotExecutable {
        /// `e_type`
        file_type: u16,
    },
    /// A program header that asks for a dynamic linker.
    #[error("the ELF is dynamically linked (program header {index} is {kind}); link it with `-static -no-pie`")]
    Dynamic {
        /// Which program header.
        index: usize,
        /// `PT_INTERP` or `PT_DYNAMIC`.
        kind: &'static str,
    },
    /// `e_phentsize` is not the size of a program header.
    #[error("the ELF says that a program header takes {found} bytes; in its class one takes {expected}")]
    ProgramHeaderSize {
        /// `e_phentsize`
        found: u16,
        /// What the class has.
        expected: u16,
    },
    /// More program headers than [`PROGRAM_HEADERS_MAX`].
    #[error(
        "the ELF has {count} program headers; the limit is {PROGRAM_HEADERS_MAX}: merge segments in the linker script"
    )]
    TooManyProgramHeaders {
        /// How many.
        count: usize,
    },
    /// The program header table reaches beyond the file.
    #[error(
        "the program header table ({bytes} bytes at offset {offset:#x}) reaches beyond the file of {file_bytes} bytes; the file is truncated or damaged"
    )]
    ProgramHeadersOutOfFile {
        /// `e_phoff`
        offset: u64,
        /// Bytes of the table.
        bytes: u64,
        /// Bytes of the file.
        file_bytes: u64,
    },
    /// A segment's bytes reach beyond the file.
    #[error(
        "segment {index} ({file_size} bytes at offset {offset:#x}) reaches beyond the file of {file_bytes} bytes; the file is truncated or damaged"
    )]
    SegmentOutOfFile {
        /// Which program header.
        index: usize,
        /// `p_offset`
        offset: u64,
        /// `p_filesz`
        file_size: u64,
        /// Bytes of the file.
        file_bytes: u64,
    },
    /// The segments share bytes of the file.
    #[error(
        "the segments claim {claimed} bytes of a file of {file_bytes}; no two segments may share bytes of the file"
    )]
    SegmentsShareBytes {
        /// Sum of `p_filesz`.
        claimed: u64,
        /// Bytes of the file.
        file_bytes: u64,
    },
    /// Nothing to load.
    #[error("the ELF has no loadable segment (PT_LOAD), so there is nothing to run; link it as an executable")]
    NoSegments,
    /// `p_filesz` above `p_memsz`.
    #[error("the segment at {address:#x} has {file_size} bytes in the file but only {memory_size} in memory")]
    FileSizeAboveMemorySize {
        /// `p_vaddr`
        address: u64,
        /// `p_filesz`
        file_size: u64,
        /// `p_memsz`
        memory_size: u64,
    },
    /// A segment ends beyond the address space.
    #[error(
        "the segment at {address:#x} with {memory_size:#x} bytes wraps around the {}-bit address space",
        .class.bits()
    )]
    AddressWraps {
        /// `p_vaddr`
        address: u64,
        /// `p_memsz`
        memory_size: u64,
        /// Class of the file.
        class: Xlen,
    },
    /// The segments claim more than [`ELF_MEMORY_BYTES_MAX`].
    #[error(
        "the segments claim {claimed} bytes of memory; the limit is {ELF_MEMORY_BYTES_MAX}: shrink the guest's static buffers or heap"
    )]
    MemoryTooLarge {
        /// Sum of `p_memsz`.
        claimed: u64,
    },
    /// Two segments take the same addresses.
    #[error(
        "segments {:#x}..{:#x} and {:#x}..{:#x} overlap; correct the linker script",
        .first.start, .first.end, .second.start, .second.end
    )]
    Overlap {
        /// The lower one.
        first: Range<u64>,
        /// The upper one.
        second: Range<u64>,
    },
    /// `e_entry` is 0.
    #[error("the ELF has no entry point (e_entry is 0); name one with `ENTRY(_start)` or `-e _start`")]
    EntryMissing,
    /// The entry is no address of an instruction.
    #[error("the entry point {entry:#x} is not a multiple of {alignment}")]
    EntryMisaligned {
        /// `e_entry`
        entry: u64,
        /// Alignment of instructions in bytes.
        alignment: u64,
    },
    /// The entry is in data.
    #[error("the entry point {entry:#x} is in a segment that is not executable ({flags})")]
    EntryNotExecutable {
        /// `e_entry`
        entry: u64,
        /// What the segment allows.
        flags: SegmentFlags,
    },
    /// The entry is nowhere.
    #[error("the entry point {entry:#x} is in no segment")]
    EntryOutsideSegments {
        /// `e_entry`
        entry: u64,
    },
    /// The class does not fit the register width.
    #[error(
        "the ELF is for {class}, but {isa} was asked for; build the guest for {isa}, or choose a platform that has {class}"
    )]
    WrongClass {
        /// What the file is.
        class: Xlen,
        /// What was asked for.
        isa: Isa,
    },
    /// `EF_RISCV_RVC`
    #[error(
        "the ELF is marked as built with the C extension (EF_RISCV_RVC), which {isa} lacks; build it without, such as `-march=rv{}im`", .isa.xlen.bits()
    )]
    Compressed {
        /// What was asked for.
        isa: Isa,
    },
    /// A hard-float ABI.
    #[error(
        "the ELF is marked as built for a hard-float ABI ({name}), which {isa} lacks; build it with `-mabi={}`", soft_float_abi(*.isa)
    )]
    FloatAbi {
        /// Name of the flag.
        name: &'static str,
        /// What was asked for.
        isa: Isa,
    },
    /// `EF_RISCV_RVE`
    #[error(
        "the ELF is marked as built for the 16-register base (EF_RISCV_RVE), another ABI than that of {isa}; build it for {isa}"
    )]
    Embedded {
        /// What was asked for.
        isa: Isa,
    },
    /// Other flags.
    #[error("the ELF has e_flags {flags:#x}, of which none is known for {isa}; build it without such extensions")]
    UnknownFlags {
        /// `e_flags`
        flags: u32,
        /// What was asked for.
        isa: Isa,
    },
    /// The ELF writer refused, or what it wrote does not read back.
    #[error("the ELF could not be written: {why}")]
    Write {
        /// What the writer said.
        why: String,
    },
}

fn type_name(file_type: u16) -> &'static str {
    match file_type {
        0 => "none",
        1 => "relocatable object",
        3 => "shared object or position-independent executable",
        4 => "core dump",
        _ => "unknown",
    }
}

fn soft_float_abi(isa: Isa) -> &'static str {
    match isa.xlen {
        Xlen::Rv32 => "ilp32",
        Xlen::Rv64 => "lp64",
    }
}
