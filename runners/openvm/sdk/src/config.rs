//! The configuration: the SDK's RV32IM machine of a given size, and the parameters of its proofs.
//!
//! The circuit is the SDK's own and in its order, so that verifying keys and commitments are those of an RV32IM
//! machine of that memory size. Only what a guest prints goes elsewhere.

use openvm_circuit::arch::{
    AirInventory, AirInventoryError, ChipInventoryError, ExecutorInventory, ExecutorInventoryError, InitFileGenerator,
    SystemConfig, VmBuilder, VmChipComplex, VmCircuitConfig, VmExecutionConfig,
};
use openvm_rv32im_circuit::{Rv32IConfigExecutor, Rv32ImConfig, Rv32ImConfigExecutor, Rv32ImCpuBuilder};
use openvm_stark_backend::{EngineDeviceCtx, StarkEngine, SystemParams, WhirProximityStrategy};
use openvm_stark_sdk::config::{APP_MAX_CONSTRAINT_DEGREE, SECURITY_BITS_TARGET, app_params_with_100_bits_security};
use serde::{Deserialize, Serialize};

use crate::{
    F,
    machine::{Engine, MEMORY, PUBLIC_VALUES},
    print::{GuestLog, Rv32IWithLog},
};

/// Log2 of the stacked height of the system parameters, which is also the greatest height of a trace in a segment. The
/// least that there is: the range tuple table of RV32M has 2^19 rows. More would make the smallest proof larger.
const LOG_STACKED_HEIGHT: usize = 19;

type StarkConfig = <Engine as StarkEngine>::SC;

/// Parameters of the proof system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// The SDK's for app proofs: [`SECURITY_BITS`] bits.
    Standard,
    /// Few queries and next to no grinding, for tests: worth nothing.
    InsecureFast,
}

/// Bits of security that the SDK claims for [`Strength::Standard`] (`app_params_with_100_bits_security`).
pub const SECURITY_BITS: u32 = SECURITY_BITS_TARGET as u32;

impl Strength {
    pub(crate) fn system_params(self) -> SystemParams {
        let standard = app_params_with_100_bits_security(LOG_STACKED_HEIGHT);
        match self {
            Self::Standard => standard,
            Self::InsecureFast => {
                const SECURITY_BITS: usize = 10;
                const LOG_FINAL_POLY_LEN: usize = 10;
                let mut logup = standard.logup;
                logup.pow_bits = 1;
                SystemParams::new(
                    standard.log_blowup,
                    standard.l_skip,
                    standard.n_stack,
                    standard.w_stack,
                    LOG_FINAL_POLY_LEN,
                    1,
                    1,
                    WhirProximityStrategy::UniqueDecoding,
                    SECURITY_BITS,
                    logup,
                    APP_MAX_CONSTRAINT_DEGREE,
                    1,
                    standard.whir.k,
                )
            }
        }
    }

    /// The parameters by name, as the SDK calls them.
    pub fn parameters(self) -> Vec<(&'static str, u64)> {
        let params = self.system_params();
        let queries: usize = params.whir.rounds.iter().map(|round| round.num_queries).sum();
        [
            ("l_skip", params.l_skip),
            ("n_stack", params.n_stack),
            ("w_stack", params.w_stack),
            ("log_blowup", params.log_blowup),
            ("whir_k", params.whir.k),
            ("whir_rounds", params.whir.rounds.len()),
            ("whir_queries", queries),
            ("whir_mu_pow_bits", params.whir.mu_pow_bits),
            ("whir_folding_pow_bits", params.whir.folding_pow_bits),
            ("whir_query_phase_pow_bits", params.whir.query_phase_pow_bits),
            ("logup_pow_bits", params.logup.pow_bits),
            ("max_constraint_degree", params.max_constraint_degree),
        ]
        .map(|(name, value)| (name, value as u64))
        .to_vec()
    }
}

/// What a machine is to be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Log2 of the bytes of guest memory.
    pub memory_bits: usize,
    /// Bytes of public values.
    pub public_values: usize,
    /// Parameters of its proofs.
    pub strength: Strength,
    /// Bytes of memory that proving a segment may take, by the SDK's own estimate: where a longer run is cut.
    pub segment_memory_bytes: usize,
}

/// The SDK's configuration, printing to a log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Config {
    pub(crate) rv32im: Rv32ImConfig,
    #[serde(skip)]
    pub(crate) log: GuestLog,
}

impl Config {
    pub(crate) fn new(options: &Options) -> Self {
        let mut rv32im = Rv32ImConfig::default();
        let system = &mut rv32im.rv32i.system;
        system.memory_config.pointer_max_bits = options.memory_bits;
        system.memory_config.addr_spaces[MEMORY].num_cells = 1 << options.memory_bits;
        system.memory_config.addr_spaces[PUBLIC_VALUES].num_cells = options.public_values;
        system.num_public_values = options.public_values;
        system.set_segmentation_max_memory(options.segment_memory_bytes);
        Self { rv32im, log: GuestLog::default() }
    }

    pub(crate) fn system(&self) -> &SystemConfig {
        &self.rv32im.rv32i.system
    }
}

impl VmExecutionConfig<F> for Config {
    type Executor = Rv32ImConfigExecutor<F>;

    fn create_executors(&self) -> Result<ExecutorInventory<Self::Executor>, ExecutorInventoryError> {
        let rv32i = &self.rv32im.rv32i;
        let base = Rv32IWithLog { extension: &rv32i.base, log: &self.log };
        let system: ExecutorInventory<Rv32IConfigExecutor<F>> = rv32i.system.create_executors()?.transmute();
        let with_base: ExecutorInventory<Rv32IConfigExecutor<F>> = system.extend::<F, _, _>(&base)?;
        let with_io: ExecutorInventory<Rv32IConfigExecutor<F>> = with_base.extend::<F, _, _>(&rv32i.io)?;
        with_io.transmute::<Self::Executor>().extend::<F, _, _>(&self.rv32im.mul)
    }
}

impl VmCircuitConfig<StarkConfig> for Config {
    fn create_airs(&self) -> Result<AirInventory<StarkConfig>, AirInventoryError> {
        self.rv32im.create_airs()
    }
}

impl AsRef<SystemConfig> for Config {
    fn as_ref(&self) -> &SystemConfig {
        self.rv32im.as_ref()
    }
}

impl AsMut<SystemConfig> for Config {
    fn as_mut(&mut self) -> &mut SystemConfig {
        self.rv32im.as_mut()
    }
}

impl InitFileGenerator for Config {}

/// Makes the chips of [`Config`]: the SDK's.
pub(crate) struct Builder;

impl VmBuilder<Engine> for Builder {
    type VmConfig = Config;
    type RecordArena = <Rv32ImCpuBuilder as VmBuilder<Engine>>::RecordArena;
    type SystemChipInventory = <Rv32ImCpuBuilder as VmBuilder<Engine>>::SystemChipInventory;

    fn create_chip_complex(
        &self,
        config: &Config,
        circuit: AirInventory<StarkConfig>,
        device: &EngineDeviceCtx<Engine>,
    ) -> Result<
        VmChipComplex<StarkConfig, Self::RecordArena, <Engine as StarkEngine>::PB, Self::SystemChipInventory>,
        ChipInventoryError,
    > {
        VmBuilder::<Engine>::create_chip_complex(&Rv32ImCpuBuilder, &config.rv32im, circuit, device)
    }
}
