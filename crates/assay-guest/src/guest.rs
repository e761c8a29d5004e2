//! A guest: an executable, the platform that it is for, and what identifies it.
//!
//! A guest for a hart is checked, and known down to its instructions. A native one is bytes with a name: what it is made
//! of is the business of the machine that runs it, and nothing here disassembles it.

use assay_isa::{Isa, Xlen};
use assay_spec::{Digest, GuestId, Platform};

use crate::{
    elf::{Elf, ElfError},
    harness::HarnessLayout,
    platform::PlatformFacts,
};

/// A program for a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// What people call it: a file name, or `seed`.
    pub name: String,
    /// The file.
    pub elf: Vec<u8>,
    /// SHA-256 of the file: the guest's identity.
    pub digest: Digest,
    /// The platform that it is built for.
    pub platform: Platform,
    /// What a hart makes of the file; `None` for a native guest.
    pub program: Option<Program>,
    /// Where what is, if the guest is an instruction sequence in a harness.
    pub harness: Option<HarnessLayout>,
    /// Whether it is built on Assay's guest runtime, so that its log tells of a panic: see
    /// [`panic_report`](crate::panic_report).
    pub runtime: bool,
}

/// An executable for a hart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The file as it was read.
    pub parsed: Elf,
    /// The ISA that it runs on.
    pub isa: Isa,
}

/// Why bytes are not a guest of a platform.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuestError {
    /// Not a sound executable, or not one for the platform's ISA.
    #[error(transparent)]
    Elf(#[from] ElfError),
    /// The platform has no such registers.
    #[error(
        "platform {platform} has no {xlen} guests; build the guest for {}, or choose another platform",
        isa_list(*.platform)
    )]
    NoSuchXlen {
        /// The platform.
        platform: Platform,
        /// Register width that was asked for, or that the file has.
        xlen: Xlen,
    },
}

impl Guest {
    /// The guest that `elf` is on `platform`, whose ISA follows from the class of the file.
    pub fn from_elf(name: impl Into<String>, elf: Vec<u8>, platform: Platform) -> Result<Self, GuestError> {
        let parsed = Elf::read(&elf)?;
        let isa = platform_isa(platform, parsed.class)?;
        Self::assemble(name.into(), elf, parsed, platform, isa)
    }

    /// The guest that `elf` is on `platform` with exactly `isa`, which may have more extensions than the platform's.
    pub fn from_elf_with_isa(
        name: impl Into<String>,
        elf: Vec<u8>,
        platform: Platform,
        isa: Isa,
    ) -> Result<Self, GuestError> {
        let parsed = Elf::read(&elf)?;
        platform_isa(platform, isa.xlen)?;
        Self::assemble(name.into(), elf, parsed, platform, isa)
    }

    fn assemble(name: String, elf: Vec<u8>, parsed: Elf, platform: Platform, isa: Isa) -> Result<Self, GuestError> {
        parsed.check_isa(isa)?;
        let program = Some(Program { parsed, isa });
        Ok(Self { name, digest: Digest::of(&elf), elf, platform, program, harness: None, runtime: false })
    }

    /// The native guest that `executable` is: a program of this machine, unchecked, which is for a sandbox to run.
    pub fn native(name: impl Into<String>, executable: Vec<u8>) -> Self {
        let digest = Digest::of(&executable);
        Self {
            name: name.into(),
            elf: executable,
            digest,
            platform: Platform::Native,
            program: None,
            harness: None,
            runtime: false,
        }
    }

    /// The same guest, known to be built on Assay's guest runtime.
    #[must_use]
    pub fn on_runtime(self) -> Self {
        Self { runtime: true, ..self }
    }

    /// The ISA that it runs on; `None` for a native guest.
    pub fn isa(&self) -> Option<Isa> {
        self.program.as_ref().map(|program| program.isa)
    }

    /// The file as it was read; `None` for a native guest.
    pub fn parsed(&self) -> Option<&Elf> {
        self.program.as_ref().map(|program| &program.parsed)
    }

    /// The instruction word at `address`; `None` if there is none, or none that a hart knows.
    pub fn read_word(&self, address: u64) -> Option<u32> {
        self.parsed()?.read_word(address)
    }

    /// What outcomes say of this guest; the image id is for the backend to add.
    pub fn id(&self) -> GuestId {
        GuestId { digest: self.digest, image_id: None, name: self.name.clone() }
    }
}

/// The ISA of `platform` with registers of this width.
pub(crate) fn platform_isa(platform: Platform, xlen: Xlen) -> Result<Isa, GuestError> {
    let isa = PlatformFacts::find(platform).and_then(|facts| facts.isa(xlen));
    isa.ok_or(GuestError::NoSuchXlen { platform, xlen })
}

fn isa_list(platform: Platform) -> String {
    let isas = PlatformFacts::find(platform).map_or(&[][..], |facts| facts.isas);
    let names: Vec<_> = isas.iter().map(ToString::to_string).collect();
    names.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::{ElfSegment, SegmentFlags};

    fn file(class: Xlen, flags: u32) -> Vec<u8> {
        let code = ElfSegment { address: 0x1000, bytes: vec![0x73, 0, 0, 0], memory_size: 4, flags: SegmentFlags::RX };
        Elf { flags, ..Elf::new(class, 0x1000, vec![code]) }.write().unwrap()
    }

    #[test]
    fn the_isa_follows_from_platform_and_class() {
        for (platform, class, isa) in [
            (Platform::Standard, Xlen::Rv32, Isa::RV32IM),
            (Platform::Standard, Xlen::Rv64, Isa::RV64IM),
            (Platform::OpenVm, Xlen::Rv32, Isa::RV32IM_OPENVM),
        ] {
            let elf = file(class, 0);
            let guest = Guest::from_elf("g", elf.clone(), platform).unwrap();
            assert_eq!(guest.isa(), Some(isa));
            assert_eq!(guest.digest, Digest::of(&elf));
            assert_eq!(guest.id().digest, guest.digest);
            assert_eq!(guest.parsed().unwrap().write().unwrap(), guest.elf);
        }
    }

    #[test]
    fn a_native_guest_has_an_identity_and_nothing_for_a_hart() {
        let guest = Guest::native("g", b"any bytes".to_vec());
        assert_eq!((guest.platform, guest.digest), (Platform::Native, Digest::of(b"any bytes")));
        assert_eq!((guest.isa(), guest.read_word(0)), (None, None));
        let error = Guest::from_elf("g", file(Xlen::Rv32, 0), Platform::Native).unwrap_err();
        assert_eq!(error, GuestError::NoSuchXlen { platform: Platform::Native, xlen: Xlen::Rv32 });
    }

    #[test]
    fn a_guest_that_the_platform_cannot_have_is_refused() {
        let error = Guest::from_elf("g", file(Xlen::Rv64, 0), Platform::OpenVm).unwrap_err();
        assert_eq!(
            error.to_string(),
            "platform openvm has no rv64 guests; build the guest for rv32im_xopenvm, or choose another platform"
        );
        let error = Guest::from_elf("g", file(Xlen::Rv32, 1), Platform::Standard).unwrap_err();
        assert!(error.to_string().contains("EF_RISCV_RVC"), "{error}");
        let error = Guest::from_elf_with_isa("g", file(Xlen::Rv32, 0), Platform::Standard, Isa::RV64IMA).unwrap_err();
        assert!(matches!(error, GuestError::Elf(ElfError::WrongClass { .. })));
    }
}
