//! The reference RISC-V machine: what a guest does when nothing is proved.
//!
//! It runs rv32im and rv64im (with A, Zifencei and Zicclsm) in front of four platforms, and says of each run how it ended,
//! what it put out, and, to an [`Observer`], every register and byte that it touched. It is the side of a comparison
//! that must be right, so it prefers the specification to speed, names everything it refuses, and never panics or
//! hangs on a hostile guest. It is also fast: a predecoded loop per register width, in safe Rust.
//!
//! What this crate refuses to know: files, ELF, clocks, the environment, randomness. A run is a function of image, input
//! and configuration.
//!
//! - [`run`]: an [`Image`] and an input to a [`Run`].
//! - [`standard`], [`openvm`], [`risc0`] and [`sp1`]: what each platform maps and which calls it has.
//! - [`Observer`], [`Unobserved`], [`Recorder`], [`UnalignedSites`]: who watches.
//! - [`Fault`]: planted faults, **for tests of Assay itself**.

mod code;
mod config;
mod execute;
mod fault;
mod image;
mod integer;
mod keccak;
mod load;
mod machine;
mod memory;
mod observer;
mod op;
mod outcome;
mod platform;
mod recorder;
mod sha256;
mod unaligned;
mod word;

use assay_isa::Xlen;
use assay_spec::Platform;

pub use config::{
    Accelerators, Config, DEFAULT_INPUT_BASE, DEFAULT_MAX_STEPS, DEFAULT_MEMORY_LIMIT_BYTES,
    DEFAULT_OUTPUT_LIMIT_BYTES, EXECUTABLE_BYTES_MAX, FAULTS_MAX, IMAGE_BYTES_MAX, LOG_BYTES_MAX, PANIC_BYTES_MAX,
    SEGMENTS_MAX,
};
pub use fault::{Fault, FaultError};
pub use image::{Image, Permissions, Segment};
pub use load::LoadError;
pub use observer::{Access, InstructionEvent, MemoryAccess, Observer, Unobserved};
pub use outcome::{End, Run};
pub use platform::{openvm, risc0, sp1, standard};
pub use recorder::{Recorder, Records};
pub use unaligned::{UNALIGNED_SITES_MAX, UnalignedSites};

/// Runs `image` on `input` until it halts, traps, meets a limit or `observer` stops it.
///
/// The same arguments give the same [`Run`], observed or not. An error means that the guest could not be loaded, and
/// that nothing was executed.
pub fn run<O: Observer>(image: &Image, input: &[u8], config: &Config, observer: &mut O) -> Result<Run, LoadError> {
    load::check(image, config)?;
    Ok(match (config.platform, config.isa.xlen) {
        (Platform::OpenVm, _) => openvm::load::<u32>(image, input, config)?.run(observer),
        (Platform::Risc0, _) => risc0::load::<u32>(image, input, config)?.run(observer),
        (Platform::Sp1, _) => sp1::load::<u64>(image, input, config)?.run(observer),
        (Platform::Standard, Xlen::Rv32) => standard::load::<u32>(image, input, config)?.run(observer),
        (Platform::Standard, Xlen::Rv64) => standard::load::<u64>(image, input, config)?.run(observer),
        (Platform::Native, _) => return Err(LoadError::NoHart),
    })
}
