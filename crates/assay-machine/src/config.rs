//! How a run is set up, and the limits that hold for every run.

use std::{fmt, ptr};

use assay_isa::Isa;
use assay_spec::{Platform, accelerator::Compute};

use crate::fault::Fault;

/// Most segments of an image.
pub const SEGMENTS_MAX: usize = 256;
/// Most initial bytes of an image, all segments together.
pub const IMAGE_BYTES_MAX: u64 = 256 << 20;
/// Most executable bytes; what is decoded from them takes twice as much again.
pub const EXECUTABLE_BYTES_MAX: u64 = 64 << 20;
/// Bytes of the guest's log that are kept; the rest is dropped without further notice.
pub const LOG_BYTES_MAX: usize = 64 << 10;
/// Bytes of a panicking guest's message that are kept.
pub const PANIC_BYTES_MAX: usize = 64 << 10;
/// Most planted faults.
pub const FAULTS_MAX: usize = 16;

/// Default of [`Config::max_steps`].
pub const DEFAULT_MAX_STEPS: u64 = 10_000_000_000;
/// Default of [`Config::memory_limit_bytes`].
pub const DEFAULT_MEMORY_LIMIT_BYTES: u64 = 1 << 30;
/// Default of [`Config::output_limit_bytes`].
pub const DEFAULT_OUTPUT_LIMIT_BYTES: u64 = 16 << 20;
/// Default of [`Config::input_base`].
pub const DEFAULT_INPUT_BASE: u64 = 0x8000_0000;

/// How a run is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Register width and extensions.
    pub isa: Isa,
    /// Memory map, calls and exit convention.
    pub platform: Platform,
    /// Most instructions; a guest that needs more ends with [`End::StepLimit`](crate::End::StepLimit).
    pub max_steps: u64,
    /// Most bytes of pages held for the guest, image and input included.
    pub memory_limit_bytes: u64,
    /// Most bytes of public output.
    pub output_limit_bytes: u64,
    /// Where the `standard` platform maps the input buffer; a multiple of 8.
    pub input_base: u64,
    /// What carries out the accelerators of the `standard` platform. Without it, a guest that calls one ends with
    /// [`End::Unsupported`](crate::End::Unsupported).
    pub accelerators: Option<Accelerators>,
    /// **Planted faults. For tests of Assay itself**: each makes the machine wrong on purpose, so that a test can show
    /// that a wrong machine is found. Empty in every real run.
    pub faults: Vec<Fault>,
}

impl Config {
    /// The default limits, no faults.
    pub fn new(isa: Isa, platform: Platform) -> Self {
        Self {
            isa,
            platform,
            max_steps: DEFAULT_MAX_STEPS,
            memory_limit_bytes: DEFAULT_MEMORY_LIMIT_BYTES,
            output_limit_bytes: DEFAULT_OUTPUT_LIMIT_BYTES,
            input_base: DEFAULT_INPUT_BASE,
            accelerators: None,
            faults: Vec::new(),
        }
    }
}

/// What carries out accelerators. The machine has none of its own, so that those who do not call any build none.
#[derive(Clone, Copy)]
pub struct Accelerators(pub Compute);

impl fmt::Debug for Accelerators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accelerators")
    }
}

impl PartialEq for Accelerators {
    fn eq(&self, other: &Self) -> bool {
        ptr::fn_addr_eq(self.0, other.0)
    }
}

impl Eq for Accelerators {}
