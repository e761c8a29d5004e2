//! From an [`Elf`] to bytes: program headers and segments, no sections. The same value gives the same bytes.

use assay_isa::Xlen;
use object::{
    Endianness, elf,
    write::elf::{FileHeader, ProgramHeader, Writer},
};

use super::{ELF_BYTES_MAX, Elf, ElfError, ElfSegment};

/// Segments lie in the file so that a loader with pages of this size could map them.
const PAGE_BYTES: u64 = 4096;

impl Elf {
    /// The executable as a file: `ET_EXEC`, one `PT_LOAD` per segment in ascending order, each at a file offset that
    /// is congruent to its address modulo the page size.
    ///
    /// An executable that [`Elf::read`] would refuse is refused here, with the same error.
    pub fn write(&self) -> Result<Vec<u8>, ElfError> {
        self.validate()?;
        let canonical = Self { flags: self.flags, ..Self::new(self.class, self.entry, self.segments.clone()) };
        let bytes = canonical.emit()?;
        if Self::read(&bytes)? != canonical {
            return Err(ElfError::Write {
                why: "what was written reads back as another executable; this is a bug in Assay".to_owned(),
            });
        }
        Ok(bytes)
    }

    fn emit(&self) -> Result<Vec<u8>, ElfError> {
        let file_bytes: u64 = self.segments.iter().map(|segment| segment.bytes.len() as u64 + PAGE_BYTES).sum();
        // Pessimistic by a page per segment and without the headers, which `read` then counts exactly.
        if file_bytes > ELF_BYTES_MAX {
            return Err(ElfError::TooLarge { bytes: file_bytes });
        }
        let mut buffer = Vec::new();
        let mut writer = Writer::new(Endianness::Little, self.class == Xlen::Rv64, &mut buffer);
        writer.reserve_file_header();
        writer.reserve_program_headers(self.segments.len() as u32);
        let offsets: Vec<u64> = self
            .segments
            .iter()
            .map(|segment| {
                let offset = congruent_offset(writer.reserved_len(), segment);
                if !segment.bytes.is_empty() {
                    writer.reserve_until(offset);
                    writer.reserve(segment.bytes.len() as u64, 1);
                }
                offset
            })
            .collect();
        writer
            .write_file_header(&FileHeader {
                os_abi: elf::ELFOSABI_NONE,
                abi_version: 0,
                e_type: elf::ET_EXEC,
                e_machine: elf::EM_RISCV,
                e_entry: self.entry,
                e_flags: elf::FileFlags(self.flags),
            })
            .map_err(|error| ElfError::Write { why: error.to_string() })?;
        writer.write_align_program_headers();
        for (segment, &offset) in self.segments.iter().zip(&offsets) {
            writer.write_program_header(&ProgramHeader {
                p_type: elf::PT_LOAD,
                p_flags: segment.flags.to_bits(),
                p_offset: offset,
                p_vaddr: segment.address,
                p_paddr: segment.address,
                p_filesz: segment.bytes.len() as u64,
                p_memsz: segment.memory_size,
                p_align: PAGE_BYTES,
            });
        }
        for (segment, &offset) in self.segments.iter().zip(&offsets) {
            if !segment.bytes.is_empty() {
                writer.pad_until(offset);
                writer.write(&segment.bytes);
            }
        }
        Ok(buffer)
    }
}

/// The first offset from `end` on that is congruent to the segment's address.
fn congruent_offset(end: u64, segment: &ElfSegment) -> u64 {
    end + (segment.address.wrapping_sub(end) & (PAGE_BYTES - 1))
}
