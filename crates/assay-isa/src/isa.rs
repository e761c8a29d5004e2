//! Which instructions exist: register width and extensions.

use core::fmt;

/// Width of the integer registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Xlen {
    /// 32-bit registers (RV32).
    Rv32,
    /// 64-bit registers (RV64).
    Rv64,
}

impl Xlen {
    /// Register width in bits: 32 or 64.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Rv32 => 32,
            Self::Rv64 => 64,
        }
    }

    /// Register width in bytes: 4 or 8.
    pub const fn bytes(self) -> usize {
        self.bits() as usize / 8
    }

    /// `value` cut to this width: the address or register content that it stands for.
    pub const fn truncate(self, value: u64) -> u64 {
        match self {
            Self::Rv32 => value & 0xffff_ffff,
            Self::Rv64 => value,
        }
    }
}

impl fmt::Display for Xlen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rv32 => "rv32",
            Self::Rv64 => "rv64",
        })
    }
}

/// On which register widths an instruction exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum XlenSet {
    /// On RV32 and on RV64.
    Both,
    /// On RV64 only.
    Rv64,
}

impl XlenSet {
    /// Whether `xlen` is in the set.
    pub const fn contains(self, xlen: Xlen) -> bool {
        matches!(self, Self::Both) || matches!(xlen, Xlen::Rv64)
    }
}

/// The extension that an instruction belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Extension {
    /// The base integer instruction set, always there.
    I,
    /// Multiplication and division.
    M,
    /// Atomics: `Zalrsc` and `Zaamo`.
    A,
    /// `fence.i`.
    Zifencei,
    /// The custom-0 instructions of `OpenVM` 2.0 (`openvm-rv32im-guest` 2.0.2).
    OpenVm,
}

impl Extension {
    /// The name that stands in an ISA string; the vendor one has the `x` of non-standard extensions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::I => "i",
            Self::M => "m",
            Self::A => "a",
            Self::Zifencei => "zifencei",
            Self::OpenVm => "xopenvm",
        }
    }
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The extensions beyond the base that are switched on. Zicclsm (misaligned access) changes no encoding and is
/// therefore not here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, named as in an ISA string")]
pub struct Extensions {
    /// Multiplication and division.
    pub m: bool,
    /// Atomics.
    pub a: bool,
    /// `fence.i`.
    pub zifencei: bool,
    /// The custom-0 instructions of `OpenVM`.
    pub openvm: bool,
}

impl Extensions {
    /// The base alone.
    pub const NONE: Self = Self { m: false, a: false, zifencei: false, openvm: false };
    /// Multiplication and division.
    pub const M: Self = Self { m: true, ..Self::NONE };
    /// Multiplication, atomics and `fence.i`.
    pub const MA: Self = Self { m: true, a: true, zifencei: true, openvm: false };
    /// Multiplication and the custom-0 instructions of `OpenVM`.
    pub const M_OPENVM: Self = Self { m: true, openvm: true, ..Self::NONE };
    /// Everything this crate knows.
    pub const ALL: Self = Self { m: true, a: true, zifencei: true, openvm: true };

    /// Whether `extension` is on; the base always is.
    #[inline]
    pub const fn contains(self, extension: Extension) -> bool {
        match extension {
            Extension::I => true,
            Extension::M => self.m,
            Extension::A => self.a,
            Extension::Zifencei => self.zifencei,
            Extension::OpenVm => self.openvm,
        }
    }
}

/// An instruction set: register width and extensions. Displays as an ISA string (`rv32im`, `rv64ima_zifencei`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Isa {
    /// Register width.
    pub xlen: Xlen,
    /// Extensions beyond the base.
    pub ext: Extensions,
}

impl Isa {
    /// RV32I with M.
    pub const RV32IM: Self = Self { xlen: Xlen::Rv32, ext: Extensions::M };
    /// RV64I with M.
    pub const RV64IM: Self = Self { xlen: Xlen::Rv64, ext: Extensions::M };
    /// RV32I with M, A and Zifencei.
    pub const RV32IMA: Self = Self { xlen: Xlen::Rv32, ext: Extensions::MA };
    /// RV64I with M, A and Zifencei.
    pub const RV64IMA: Self = Self { xlen: Xlen::Rv64, ext: Extensions::MA };
    /// RV32I with M and the custom-0 instructions of `OpenVM`.
    pub const RV32IM_OPENVM: Self = Self { xlen: Xlen::Rv32, ext: Extensions::M_OPENVM };
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}i", self.xlen)?;
        for single in [Extension::M, Extension::A] {
            if self.ext.contains(single) {
                f.write_str(single.name())?;
            }
        }
        for named in [Extension::Zifencei, Extension::OpenVm] {
            if self.ext.contains(named) {
                write!(f, "_{named}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn an_isa_displays_as_its_isa_string() {
        assert_eq!(Isa::RV32IM.to_string(), "rv32im");
        assert_eq!(Isa::RV64IMA.to_string(), "rv64ima_zifencei");
        assert_eq!(Isa::RV32IM_OPENVM.to_string(), "rv32im_xopenvm");
        assert_eq!(Isa { xlen: Xlen::Rv64, ext: Extensions::NONE }.to_string(), "rv64i");
    }
}
