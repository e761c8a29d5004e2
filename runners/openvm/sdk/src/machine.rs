//! The virtual machine: its configuration, its keys, and what its circuit consists of.

use std::sync::OnceLock;

use openvm_circuit::arch::{MatrixRecordArena, VirtualMachine, VmCircuitConfig, VmExecutor};
use openvm_stark_backend::StarkEngine;
use openvm_stark_sdk::config::{app_params_with_100_bits_security, baby_bear_poseidon2::BabyBearPoseidon2CpuEngine};

use crate::{
    F,
    config::{Builder, Config, Options, Strength},
    program::Program,
    rows::Evaluator,
};

pub(crate) type Engine = BabyBearPoseidon2CpuEngine;
pub(crate) type Vm = VirtualMachine<Engine, Builder>;
pub(crate) type Arena = MatrixRecordArena<F>;

/// Least height of a commitment that nobody looks at.
const COMMITMENT_LOG_HEIGHT_MIN: usize = 12;

/// Address space of the registers.
pub(crate) const REGISTERS: usize = 1;
/// Address space of guest memory.
pub(crate) const MEMORY: usize = 2;
/// Address space of the public values.
pub(crate) const PUBLIC_VALUES: usize = 3;

/// The SDK refused the configuration: a bug here, not a guest's doing.
#[derive(Debug, thiserror::Error)]
#[error("OpenVM does not accept this configuration: {0}")]
pub struct SetupError(pub(crate) String);

/// A chip of the circuit (AIR), in the circuit's order.
#[derive(Clone, Debug)]
pub struct Chip {
    /// The SDK's name of the AIR.
    pub name: String,
    /// Column names: of the cached parts of the main trace, then of the common part. `None` where the SDK has none.
    pub columns: Option<Vec<String>>,
    /// Columns of the main trace, cached parts included.
    pub width: usize,
}

/// What a bus carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusRole {
    /// pc and timestamp.
    Execution,
    /// Accesses to registers, memory and public values.
    Memory,
    /// Instructions.
    Program,
    /// Value and bit width.
    RangeCheck,
    /// Two bytes, their xor, and an operation.
    Bitwise,
    /// Two values, each with a range of its own.
    RangeTuple,
    /// Nodes of the memory tree.
    Merkle,
    /// Inputs and outputs of the hash.
    Compression,
    /// None of these.
    Other,
}

/// A bus of the circuit.
#[derive(Clone, Copy, Debug)]
pub struct Bus {
    /// Its number.
    pub index: u16,
    /// What it carries, as the chips on it show.
    pub role: BusRole,
}

/// What the circuit consists of.
#[derive(Clone, Debug)]
pub struct Circuit {
    /// In the circuit's order.
    pub chips: Vec<Chip>,
    /// By number.
    pub buses: Vec<Bus>,
}

pub(crate) struct Keyed {
    pub(crate) vm: Vm,
    pub(crate) evaluators: Vec<Evaluator>,
    pub(crate) circuit: Circuit,
    /// AIRs that instructions add rows to.
    pub(crate) executor_airs: Vec<usize>,
}

/// An `OpenVM` machine of one configuration, for any number of programs. Nothing of a run stays in it.
pub struct Machine {
    pub(crate) options: Options,
    pub(crate) config: Config,
    pub(crate) executor: VmExecutor<F, Config>,
    pub(crate) keyed: OnceLock<Box<Keyed>>,
}

impl Machine {
    /// A machine like `options` say.
    pub fn new(options: Options) -> Result<Self, SetupError> {
        let config = Config::new(&options);
        let executor = VmExecutor::new(config.clone()).map_err(|reason| SetupError(reason.to_string()))?;
        Ok(Self { options, config, executor, keyed: OnceLock::new() })
    }

    /// Bytes of guest memory.
    pub fn memory_bytes(&self) -> u32 {
        self.config.system().memory_config.addr_spaces[MEMORY].num_cells as u32
    }

    /// Whether the keys are made: what follows costs no set-up.
    pub fn is_keyed(&self) -> bool {
        self.keyed.get().is_some()
    }

    /// What the circuit consists of. Makes the keys.
    pub fn circuit(&self) -> Result<&Circuit, SetupError> {
        Ok(&self.keyed()?.circuit)
    }

    pub(crate) fn keyed(&self) -> Result<&Keyed, SetupError> {
        if let Some(keyed) = self.keyed.get() {
            return Ok(keyed);
        }
        let keyed = Keyed::make(&self.config, self.options.strength)?;
        Ok(self.keyed.get_or_init(|| Box::new(keyed)))
    }
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Machine").field("is_keyed", &self.is_keyed()).finish_non_exhaustive()
    }
}

impl Keyed {
    fn make(config: &Config, strength: Strength) -> Result<Self, SetupError> {
        let error = |reason: &dyn std::fmt::Display| SetupError(reason.to_string());
        let airs = config.create_airs().map_err(|reason| error(&reason))?;
        let columns: Vec<Option<Vec<String>>> = airs.into_airs().map(|air| air.columns()).collect();
        let engine = Engine::new(strength.system_params());
        let (vm, _) = Vm::new_with_keygen(engine, Builder, config.clone()).map_err(|reason| error(&reason))?;
        let per_air = &vm.pk().per_air;
        let evaluators: Vec<Evaluator> = per_air.iter().map(|pk| Evaluator::new(&pk.vk.symbolic_constraints)).collect();
        let chips: Vec<Chip> = per_air
            .iter()
            .zip(columns)
            .map(|(pk, columns)| {
                let width = &pk.vk.params.width;
                let width = width.cached_mains.iter().sum::<usize>() + width.common_main;
                let columns = columns.filter(|names| names.len() == width);
                Chip { name: pk.air_name.clone(), columns, width }
            })
            .collect();
        let buses = buses(&chips, &evaluators);
        let mut executor_airs = vm.executor_idx_to_air_idx();
        executor_airs.sort_unstable();
        executor_airs.dedup();
        Ok(Self { vm, evaluators, circuit: Circuit { chips, buses }, executor_airs })
    }

    /// Gives the machine the program's cached trace, for the traces that follow. No proof can be made of it.
    ///
    /// The SDK makes a cached trace only together with a commitment to it, which trace generation carries along and
    /// never looks at. Of the height that proofs use it costs seconds and 40 MiB a program; here it is as low as the
    /// program allows.
    pub(crate) fn load_program(&mut self, program: &Program) {
        let log_height = program.words().len().next_power_of_two().ilog2() as usize;
        let low = Engine::new(app_params_with_100_bits_security(log_height.max(COMMITMENT_LOG_HEIGHT_MIN)));
        let engine = std::mem::replace(&mut self.vm.engine, low);
        let committed = self.vm.commit_program_on_device(&program.exe.program);
        self.vm.engine = engine;
        self.vm.load_program(committed);
    }
}

/// Tells buses by the chips on them: the SDK numbers buses in the order its extensions ask for them, and names none.
fn buses(chips: &[Chip], evaluators: &[Evaluator]) -> Vec<Bus> {
    let on = |name: &str| -> Vec<u16> {
        let chip = chips.iter().position(|chip| chip.name.starts_with(name));
        chip.map(|index| evaluators[index].buses()).unwrap_or_default()
    };
    let mut roles: Vec<(u16, BusRole)> = Vec::new();
    // In this order: each line leaves one bus of its chip that no line before it has named.
    for (chip, role) in [
        ("ProgramAir", BusRole::Program),
        ("VariableRangeCheckerAir", BusRole::RangeCheck),
        ("BitwiseOperationLookupAir", BusRole::Bitwise),
        ("RangeTupleCheckerAir", BusRole::RangeTuple),
        ("Poseidon2PeripheryAir", BusRole::Compression),
        ("MemoryMerkleAir", BusRole::Merkle),
        ("PersistentBoundaryAir", BusRole::Memory),
        ("VmConnectorAir", BusRole::Execution),
    ] {
        let unnamed: Vec<u16> = on(chip).into_iter().filter(|bus| roles.iter().all(|(b, _)| b != bus)).collect();
        if let [bus] = unnamed[..] {
            roles.push((bus, role));
        }
    }
    let mut all: Vec<u16> = evaluators.iter().flat_map(Evaluator::buses).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter()
        .map(|index| {
            let role = roles.iter().find(|(bus, _)| *bus == index).map_or(BusRole::Other, |(_, role)| *role);
            Bus { index, role }
        })
        .collect()
}
