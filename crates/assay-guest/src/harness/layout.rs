//! Where what is in a harness, and what its output says.

use assay_isa::Xlen;
use assay_spec::{Platform, Register, RegisterFile, Word};

use super::output_bytes;
use crate::platform::{ExitConvention, PlatformFacts};

/// Addresses of the parts of a harness; ends are exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HarnessLayout {
    /// Whose output path the epilogue takes.
    pub platform: Platform,
    /// Width of the registers.
    pub xlen: Xlen,
    /// First instruction of the prologue: the entry point.
    pub text_start: u64,
    /// First instruction of the body.
    pub body_start: u64,
    /// End of the body.
    pub body_end: u64,
    /// First instruction of the epilogue, after the pad behind the body.
    pub epilogue_start: u64,
    /// End of the code.
    pub text_end: u64,
    /// The register whose final value is not reported.
    pub scratch: Register,
}

impl HarnessLayout {
    /// The final registers that the epilogue made public: x0 to x31 without the scratch register. `None` if the output
    /// is too short, which means that the epilogue did not run.
    ///
    /// Where output is appended (everywhere but on OpenVM) they are the last bytes, behind whatever the body wrote by itself. The
    /// bytes of a run that did not end with exit code 0 are not registers, however many they are.
    pub fn registers(&self, output: &[u8]) -> Option<RegisterFile> {
        let bytes = output_bytes(self.xlen);
        let start = match PlatformFacts::of(self.platform).exit {
            ExitConvention::Ecall { .. } | ExitConvention::Risc0 { .. } | ExitConvention::Sp1 { .. } => {
                output.len().checked_sub(bytes)?
            }
            ExitConvention::OpenVm => 0,
        };
        let slots = output.get(start..start + bytes)?;
        let registers = Register::all()
            .zip(slots.chunks_exact(self.xlen.bytes()))
            .filter(|&(register, _)| register != self.scratch)
            .map(|(register, slot)| {
                let mut value = [0; 8];
                value[..slot.len()].copy_from_slice(slot);
                (register, Word(u64::from_le_bytes(value)))
            });
        Some(registers.collect())
    }

    /// The position in the body of the instruction at `pc`, from 0; `None` outside of the body.
    pub fn body_index(&self, pc: u64) -> Option<usize> {
        let offset = pc.checked_sub(self.body_start)?;
        (pc < self.body_end && offset.is_multiple_of(4)).then_some((offset / 4) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(platform: Platform, xlen: Xlen) -> HarnessLayout {
        HarnessLayout {
            platform,
            xlen,
            text_start: 0x1000,
            body_start: 0x1080,
            body_end: 0x1088,
            epilogue_start: 0x1108,
            text_end: 0x1200,
            scratch: Register::new(3).unwrap(),
        }
    }

    #[test]
    fn registers_are_the_last_bytes_where_output_is_appended_and_the_first_in_an_array() {
        let slots: Vec<u8> = (0u32..32).flat_map(|n| (n * 256).to_le_bytes()).collect();
        let prefixed = [vec![0xff; 5], slots.clone()].concat();
        let padded = [slots, vec![0; 128]].concat();
        let standard = layout(Platform::Standard, Xlen::Rv32).registers(&prefixed).unwrap();
        let openvm = layout(Platform::OpenVm, Xlen::Rv32).registers(&padded).unwrap();
        assert_eq!(standard, openvm);
        assert_eq!(standard.len(), 31);
        for (register, value) in standard {
            assert_eq!(value.0, u64::from(register.index()) * 256);
            assert_ne!(register.index(), 3);
        }
    }

    #[test]
    fn an_output_that_is_too_short_holds_no_registers() {
        for platform in Platform::ALL {
            assert_eq!(layout(platform, Xlen::Rv32).registers(&[0; 127]), None);
            assert_eq!(layout(platform, Xlen::Rv64).registers(&[0; 255]), None);
            assert!(layout(platform, Xlen::Rv64).registers(&[0; 256]).is_some());
        }
    }

    #[test]
    fn only_addresses_of_the_body_have_an_index_in_it() {
        let layout = layout(Platform::Standard, Xlen::Rv32);
        assert_eq!(layout.body_index(0x1080), Some(0));
        assert_eq!(layout.body_index(0x1084), Some(1));
        for pc in [0, 0x107c, 0x1082, 0x1088, u64::MAX] {
            assert_eq!(layout.body_index(pc), None, "{pc:#x}");
        }
    }
}
