//! A run as the shards that SP1 proves it in, one after the other.
//!
//! The way is SP1's own record generation (`sp1-core-machine` 6.10.0, `utils/prove.rs`): execute in chunks of recorded memory
//! values, cut chunks into shards, trace each shard, put what spans shards (precompiles, first and last state of
//! memory) into the last one or into shards of their own. It is done here shard by shard, so that memory holds one.
//!
//! Only for runs that are known to end: what is executed here is the unchanged program.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, OnceLock},
};

use hashbrown::HashSet;
use sp1_core_executor::{
    CompressedMemory, CompressedPages, CycleResult, ExecutionError, ExecutionRecord, GasEstimatingVMEnum,
    MinimalExecutor, OutputConsumers, SP1CoreOpts, SplicedMinimalTrace, SplicingVMEnum, SplitOpts, SupervisorMode,
    chunked_memory_init_events,
    events::{MemoryInitializeFinalizeEvent, MemoryRecord},
    with_output_consumers,
};
use sp1_core_machine::{executor::trace_chunk, riscv::RiscvAir};
use sp1_hypercube::{Machine, MachineRecord as _};
use sp1_jit::{MinimalTrace, TraceChunkRaw};
use sp1_primitives::SP1Field;
use tokio::sync::watch;

use crate::{
    execute::Execution,
    program::{Program, panic_text},
    prove::ProofKind,
};

/// The nonce of all proofs: a run has one proof, whoever makes it.
pub(crate) const NONCE: [u32; 4] = [0; 4];

/// Why a run has no shards.
#[derive(Debug, thiserror::Error)]
pub enum ShardError {
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// SP1's tracing machines found an error in a run that its executor ended.
    #[error("SP1's tracing failed: {0}")]
    Sdk(String),
}

impl From<ExecutionError> for ShardError {
    fn from(error: ExecutionError) -> Self {
        Self::Sdk(error.to_string())
    }
}

/// SP1's options with a bound on the trace cells of a shard; nothing is taken from the environment but what SP1 itself
/// takes.
pub(crate) fn options(element_threshold: u64) -> SP1CoreOpts {
    let mut options = SP1CoreOpts::default();
    options.sharding_threshold.element_threshold = element_threshold;
    options
}

/// Says `error` of a panic within `work`.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, ShardError>) -> Result<T, ShardError> {
    std::panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(ShardError::Sdk(panic_text(&*panic).to_owned())))
}

/// Runs `work` with nobody reading what the guest prints.
pub(crate) fn silenced<T>(work: impl FnOnce() -> T) -> T {
    let (sender, _receiver) = watch::channel(String::new());
    let consumers = OutputConsumers { stdout: Some(sender.clone()), stderr: Some(sender) };
    with_output_consumers(&consumers, work)
}

/// The shards of a run, each given to `sink` when it is complete; `Ok(false)` from it ends the run. Without a machine
/// they lack what its chips need of each other, and count only.
pub(crate) fn shards(
    program: &Program,
    input: &[u8],
    options: &SP1CoreOpts,
    machine: Option<&Machine<SP1Field, RiscvAir<SP1Field>>>,
    sink: &mut dyn FnMut(ExecutionRecord) -> Result<bool, ShardError>,
) -> Result<(), ShardError> {
    let sp1 = &program.sp1;
    let split = SplitOpts::new(options, sp1.instructions.len(), false);
    let mut executor = MinimalExecutor::<SupervisorMode>::tracing(sp1.clone(), options.minimal_trace_chunk_threshold);
    executor.with_input(input);
    let mut deferred = ExecutionRecord::new(sp1.clone(), NONCE, options.global_dependencies_opt);
    let mut touched = HashSet::new();
    while let Some(chunk) = silenced(|| executor.try_execute_chunk())? {
        for (last_of_chunk, shard) in splice(program, &chunk, options, &mut touched)? {
            let record = ExecutionRecord::new(sp1.clone(), NONCE, options.global_dependencies_opt);
            let (done, mut record, registers) =
                trace_chunk::<SP1Field>(sp1.clone(), options.clone(), shard, NONCE, record)?;
            if done {
                memory_boundary(&executor, &mut record, &registers, &mut touched);
            }
            deferred.append(&mut record.defer(&options.retained_events_presets));
            let can_pack = done
                && record.estimated_trace_area <= split.pack_trace_threshold
                && deferred.global_memory_initialize_events.len() <= split.combine_memory_threshold
                && deferred.global_memory_finalize_events.len() <= split.combine_memory_threshold;
            let mut records = deferred.split(done || last_of_chunk, &mut record, can_pack, &split);
            records.insert(0, record);
            for mut record in records {
                if let Some(machine) = machine {
                    machine.generate_dependencies(std::iter::once(&mut record), None);
                }
                if !sink(record)? {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Cuts a chunk into shards; true stands with the last one.
fn splice(
    program: &Program,
    chunk: &TraceChunkRaw,
    options: &SP1CoreOpts,
    touched: &mut HashSet<u64>,
) -> Result<Vec<(bool, SplicedMinimalTrace<TraceChunkRaw>)>, ShardError> {
    let mut shards = Vec::new();
    let mut addresses = CompressedMemory::new();
    let mut pages = CompressedPages::new();
    let (sp1, options) = (program.sp1.clone(), options.clone());
    let mut vm = SplicingVMEnum::new(chunk, sp1, &mut addresses, &mut pages, NONCE, options);
    let mut open = SplicedMinimalTrace::new_full_trace(chunk.clone());
    let values = chunk.num_mem_reads() as usize;
    loop {
        let ended = vm.execute()?;
        let next = match ended {
            CycleResult::ShardBoundary => vm.splice(chunk.clone()),
            CycleResult::Done(true) => None,
            CycleResult::Done(false) | CycleResult::TraceEnd => {
                return Err(ShardError::Sdk(format!("splicing stopped at pc {:#x} within a shard", vm.pc())));
            }
        };
        open.set_last_clk(vm.clk());
        let done = matches!(ended, CycleResult::Done(true));
        open.set_last_mem_reads_idx(if done { values } else { values - vm.mem_reads_len() });
        let Some(next) = next else { break };
        shards.push((false, std::mem::replace(&mut open, next)));
    }
    shards.push((true, open));
    drop(vm);
    touched.extend(addresses.is_set());
    Ok(shards)
}

/// First and last state of registers and memory, into the last shard with instructions.
fn memory_boundary(
    executor: &MinimalExecutor<SupervisorMode>,
    record: &mut ExecutionRecord,
    registers: &[MemoryRecord; 32],
    touched: &mut HashSet<u64>,
) {
    type Event = MemoryInitializeFinalizeEvent;
    let program = executor.program();
    let image = &program.memory_image;
    touched.extend(image.keys().copied());
    for (register, entry) in (0..).zip(registers).filter(|(_, entry)| entry.timestamp != 0) {
        record.global_memory_initialize_events.push(Event::initialize(register, 0));
        record.global_memory_finalize_events.push(Event::finalize(register, entry.value, entry.timestamp));
    }
    let hints: Vec<Event> =
        executor.hints().iter().flat_map(|(address, value)| chunked_memory_init_events(*address, value)).collect();
    let hinted: HashSet<u64> = hints.iter().map(|event| event.addr).collect();
    record.global_memory_initialize_events.extend(hints);
    // What the image holds is initialised by the program itself.
    let fresh = touched.iter().filter(|address| !image.contains_key(*address) && !hinted.contains(*address));
    record.global_memory_initialize_events.extend(fresh.map(|address| Event::initialize(*address, 0)));
    touched.extend(hinted);
    record.global_memory_finalize_events.extend(touched.iter().map(|address| {
        let entry = executor.get_memory_value(*address);
        Event::finalize(*address, entry.value, entry.clk)
    }));
}

/// What proving a run would cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// SP1's gas.
    pub gas: u64,
    /// Instructions of each shard of a core proof; 0 for those that prove memory or precompiles.
    pub shard_instructions: Vec<u64>,
}

impl Program {
    /// The gas of a run that `execution` says has ended, by SP1's estimator, which walks the whole run.
    pub fn cost(&self, input: &[u8], execution: &Execution) -> Result<Cost, ShardError> {
        let options = SP1CoreOpts::default();
        // SP1 counts memory anew in each chunk, and its figure is that of chunks of its threshold: one chunk for any
        // run that is shorter. A larger buffer than the run fills would be the same, at gigabytes of address space.
        let values = execution.memory_values.saturating_add(1).min(options.gas_trace_chunk_threshold);
        guarded(|| {
            let mut executor = MinimalExecutor::<SupervisorMode>::tracing(self.sp1.clone(), values);
            executor.with_input(input);
            let mut report = sp1_core_executor::ExecutionReport::default();
            while let Some(chunk) = silenced(|| executor.try_execute_chunk())? {
                let mut vm = GasEstimatingVMEnum::new(&chunk, self.sp1.clone(), NONCE, options.clone());
                report += vm.execute()?;
            }
            let gas = report.gas().ok_or_else(|| ShardError::Sdk("the report has no gas".to_owned()))?;
            let options = crate::shards::options(ProofKind::Core.parameters().element_threshold);
            let mut shard_instructions = Vec::new();
            shards(self, input, &options, None, &mut |record| {
                shard_instructions.push(u64::from(record.cpu_event_count));
                Ok(true)
            })?;
            Ok(Cost { gas, shard_instructions })
        })
    }
}

/// The machine whose chips prove shards.
pub(crate) fn machine() -> Machine<SP1Field, RiscvAir<SP1Field>> {
    // Chips are found out by evaluating their constraints: a second's work, done once.
    static MACHINE: OnceLock<Machine<SP1Field, RiscvAir<SP1Field>>> = OnceLock::new();
    MACHINE.get_or_init(RiscvAir::<SP1Field>::machine).clone()
}

/// The program of a guest, as the prover takes it.
pub(crate) fn sp1(program: &Program) -> Arc<sp1_core_executor::Program> {
    program.sp1.clone()
}
