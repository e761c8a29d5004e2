//! From bytes to an [`Elf`]. The `object` crate gives the layout of the headers; every check is made here.

use assay_isa::Xlen;
use object::{
    LittleEndian, ReadRef, elf,
    pod::Pod,
    read::elf::{FileHeader, ProgramHeader},
};

use super::{ELF_BYTES_MAX, Elf, ElfError, ElfSegment, PROGRAM_HEADERS_MAX, SegmentFlags};

/// Positions in `e_ident`.
const EI_CLASS: usize = 4;
const EI_DATA: usize = 5;
const EI_VERSION: usize = 6;
const EI_NIDENT: u64 = 16;

impl Elf {
    /// Reads a static RISC-V executable.
    ///
    /// Every fault is an error of its own; hostile bytes cost no more than their length. Loadable segments that
    /// take no memory are skipped, others are sorted by address. The result satisfies [`Elf::validate`].
    pub fn read(bytes: &[u8]) -> Result<Self, ElfError> {
        if bytes.len() as u64 > ELF_BYTES_MAX {
            return Err(ElfError::TooLarge { bytes: bytes.len() as u64 });
        }
        if !bytes.starts_with(&elf::ELFMAG) {
            return Err(ElfError::NotElf { start: bytes.iter().copied().take(elf::ELFMAG.len()).collect() });
        }
        let ident = |position: usize| {
            bytes.get(position).copied().ok_or(ElfError::Truncated { bytes: bytes.len() as u64, needed: EI_NIDENT })
        };
        let class = match ident(EI_CLASS)? {
            1 => Xlen::Rv32,
            2 => Xlen::Rv64,
            class => return Err(ElfError::UnknownClass { class }),
        };
        match ident(EI_DATA)? {
            1 => {}
            2 => return Err(ElfError::BigEndian),
            encoding => return Err(ElfError::UnknownEncoding { encoding }),
        }
        check_version(u32::from(ident(EI_VERSION)?))?;
        let elf = match class {
            Xlen::Rv32 => read_class::<elf::FileHeader32<LittleEndian>>(bytes, class)?,
            Xlen::Rv64 => read_class::<elf::FileHeader64<LittleEndian>>(bytes, class)?,
        };
        elf.validate()?;
        Ok(elf)
    }
}

fn check_version(version: u32) -> Result<(), ElfError> {
    if version == u32::from(elf::EV_CURRENT.0) { Ok(()) } else { Err(ElfError::UnknownVersion { version }) }
}

fn read_class<H>(bytes: &[u8], class: Xlen) -> Result<Elf, ElfError>
where
    H: FileHeader<Endian = LittleEndian> + Pod,
{
    let header: &H = bytes
        .read_at(0)
        .map_err(|()| ElfError::Truncated { bytes: bytes.len() as u64, needed: size_of::<H>() as u64 })?;
    let endian = LittleEndian;
    check_version(header.e_version(endian))?;
    let machine = header.e_machine(endian);
    if machine != elf::EM_RISCV {
        return Err(ElfError::WrongMachine { machine: machine.0 });
    }
    let file_type = header.e_type(endian);
    if file_type != elf::ET_EXEC {
        return Err(ElfError::NotExecutable { file_type: file_type.0 });
    }
    let headers = program_headers(header, bytes)?;
    Ok(Elf {
        flags: header.e_flags(endian).0,
        ..Elf::new(class, header.e_entry(endian).into(), load_segments::<H>(headers, bytes)?)
    })
}

fn program_headers<'data, H>(header: &H, bytes: &'data [u8]) -> Result<&'data [H::ProgramHeader], ElfError>
where
    H: FileHeader<Endian = LittleEndian>,
{
    let endian = LittleEndian;
    // PN_XNUM, the escape to a greater count, is above the limit too.
    let count = usize::from(header.e_phnum(endian));
    if count == 0 {
        return Err(ElfError::NoSegments);
    }
    if count > PROGRAM_HEADERS_MAX {
        return Err(ElfError::TooManyProgramHeaders { count });
    }
    let expected = size_of::<H::ProgramHeader>() as u16;
    let found = header.e_phentsize(endian);
    if found != expected {
        return Err(ElfError::ProgramHeaderSize { found, expected });
    }
    let offset = header.e_phoff(endian).into();
    bytes.read_slice_at(offset, count).map_err(|()| ElfError::ProgramHeadersOutOfFile {
        offset,
        bytes: count as u64 * u64::from(expected),
        file_bytes: bytes.len() as u64,
    })
}

fn load_segments<H>(headers: &[H::ProgramHeader], bytes: &[u8]) -> Result<Vec<ElfSegment>, ElfError>
where
    H: FileHeader<Endian = LittleEndian>,
{
    let endian = LittleEndian;
    let file_bytes = bytes.len() as u64;
    let mut segments = Vec::new();
    let mut claimed = 0;
    for (index, header) in headers.iter().enumerate() {
        let kind = match header.p_type(endian) {
            elf::PT_LOAD => None,
            elf::PT_INTERP => Some("PT_INTERP"),
            elf::PT_DYNAMIC => Some("PT_DYNAMIC"),
            _ => continue,
        };
        if let Some(kind) = kind {
            return Err(ElfError::Dynamic { index, kind });
        }
        let (offset, file_size) = header.file_range(endian);
        let address = header.p_vaddr(endian).into();
        let memory_size = header.p_memsz(endian).into();
        // Before the bytes are copied: segments that share bytes could claim the file a hundred times.
        claimed += file_size.min(ELF_BYTES_MAX + 1);
        let out_of_file = ElfError::SegmentOutOfFile { index, offset, file_size, file_bytes };
        let data = if file_size == 0 { &[] } else { header.data(endian, bytes).map_err(|()| out_of_file)? };
        if claimed > file_bytes {
            return Err(ElfError::SegmentsShareBytes { claimed, file_bytes });
        }
        if file_size > memory_size {
            return Err(ElfError::FileSizeAboveMemorySize { address, file_size, memory_size });
        }
        segments.push(ElfSegment {
            address,
            bytes: data.to_vec(),
            memory_size,
            flags: SegmentFlags::from_bits(header.p_flags(endian)),
        });
    }
    Ok(segments)
}
