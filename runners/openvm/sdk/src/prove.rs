//! Proofs of runs, segment by segment, and the commitment that they are bound to.
//!
//! The SDK's own loop over the segments cannot be interrupted and takes only runs that end with exit code 0; this one
//! makes the same calls in the same order. It proves what was metered: the caller executes first.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use openvm_circuit::{
    arch::{GenerationError, PreflightExecutionOutput, hasher::poseidon2::vm_poseidon2_hasher},
    system::program::trace::compute_exe_commit_from_mem_config,
};
use openvm_stark_backend::{
    StarkEngine,
    codec::Encode,
    p3_field::PrimeField32,
    prover::{MatrixDimensions, error::LogupZerocheckError},
};

use crate::{
    F,
    execute::{Metered, guarded, streams},
    machine::{Machine, SetupError},
    program::Program,
    proof::{self, PublicValuesProof},
};

/// Commitment to a program, its initial memory and its entry, as 64 hexadecimal digits: eight canonical field elements,
/// each big-endian.
pub type ExeCommit = String;

/// A proof.
#[derive(Clone, Debug)]
pub struct Proved {
    /// Encoded ([`crate::PROOF_ENCODING`]).
    pub bytes: Vec<u8>,
    /// What it is bound to.
    pub exe_commit: ExeCommit,
    /// Heights of the traces that were proved, by segment and chip; 0 for a chip without a trace.
    pub heights: Vec<Vec<usize>>,
    /// Time of committing to the program.
    pub setup: Duration,
    /// Time of all segments and of the public values' proof.
    pub prove: Duration,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The machine could not be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The caller asked to stop.
    #[error("the proof was given up")]
    Interrupted,
    /// The preflight interpreter does not get through the run: it checks more than the pure one, misaligned addresses above
    /// all. [`Machine::trace`] says where it stops.
    #[error("OpenVM's preflight interpreter stops in segment {segment}: {message}")]
    Preflight {
        /// Number of the segment, from 0.
        segment: usize,
        /// What the SDK says.
        message: String,
    },
    /// The prover does not take the witness: it checks the sum of all messages on buses and the heights of traces before it
    /// proves them.
    #[error("OpenVM's prover refuses segment {segment}: {message}")]
    Refused {
        /// Number of the segment, from 0.
        segment: usize,
        /// What the SDK says.
        message: String,
    },
    /// The prover failed.
    #[error("OpenVM's prover failed in segment {segment}: {message}")]
    Prover {
        /// Number of the segment, from 0.
        segment: usize,
        /// What the SDK says.
        message: String,
    },
    /// More than a proof is allowed to be.
    #[error(
        "the proof would have {segments} segments, above the limit of {}; prove a shorter run",
        proof::SEGMENTS_MAX
    )]
    TooLong {
        /// Segments of the run.
        segments: usize,
    },
}

/// What [`LogupZerocheckError::NonZeroRootSum`] means.
const UNBALANCED: &str =
    "messages on buses do not balance: what is sent is not what is received (LogUp sum is not zero)";

/// Whether the prover refused a witness whose messages do not balance. Its error is of a crate below those that are used here.
fn is_unbalanced(reason: &dyn std::error::Error) -> bool {
    let cause = reason.source().and_then(|cause| cause.downcast_ref::<LogupZerocheckError>());
    matches!(cause, Some(LogupZerocheckError::NonZeroRootSum))
}

pub(crate) fn hex(commit: &[F]) -> ExeCommit {
    commit.iter().fold(String::with_capacity(8 * commit.len()), |mut text, element| {
        let _ = write!(text, "{:08x}", element.as_canonical_u32());
        text
    })
}

impl Machine {
    /// What proofs of `program` are bound to. Makes the keys.
    pub fn exe_commit(&self, program: &Program) -> Result<ExeCommit, SetupError> {
        let commitment = self.keyed()?.vm.commit_program_on_device(&program.exe.program).commitment;
        Ok(self.commit_to(program, &commitment))
    }

    fn commit_to(&self, program: &Program, commitment: &[F; 8]) -> ExeCommit {
        let memory = &self.config.system().memory_config;
        hex(&compute_exe_commit_from_mem_config(commitment, &program.exe, memory))
    }

    /// Proves the run of `program` that was `metered`, whatever its exit code. `interrupted` is asked before each segment
    /// with the number of those done; within a segment, seconds of work, nothing is asked.
    pub fn prove(
        &mut self,
        program: &Program,
        input: &[u8],
        metered: &Metered,
        interrupted: &dyn Fn(u64) -> bool,
    ) -> Result<Proved, ProveError> {
        if metered.segments.len() > proof::SEGMENTS_MAX {
            return Err(ProveError::TooLong { segments: metered.segments.len() });
        }
        self.keyed()?;
        let start = Instant::now();
        let keyed = self.keyed.get_mut().ok_or_else(|| SetupError("the keys are gone".to_owned()))?;
        let vm = &mut keyed.vm;
        let committed = vm.commit_program_on_device(&program.exe.program);
        let commitment = committed.commitment;
        vm.load_program(committed);
        let setup = start.elapsed();

        let start = Instant::now();
        let mut interpreter =
            vm.preflight_interpreter(&program.exe).map_err(|reason| SetupError(reason.to_string()))?;
        let mut state = vm.create_initial_state(&program.exe, streams(input));
        let mut segments = Vec::with_capacity(metered.segments.len());
        let mut heights = Vec::with_capacity(metered.segments.len());
        for (index, segment) in metered.segments.iter().enumerate() {
            if interrupted(index as u64) {
                return Err(ProveError::Interrupted);
            }
            let prover_error =
                |reason: &dyn std::fmt::Display| ProveError::Prover { segment: index, message: reason.to_string() };
            vm.transport_init_memory_to_device(&state.memory);
            let ran = guarded(|| {
                vm.execute_preflight(&mut interpreter, state, Some(segment.instructions), &segment.heights)
                    .map_err(|reason| reason.to_string())
            });
            let PreflightExecutionOutput { system_records, record_arenas, to_state } =
                ran.flatten().map_err(|message| ProveError::Preflight { segment: index, message })?;
            state = to_state;
            let refused = |reason: String| ProveError::Refused { segment: index, message: reason };
            let context = vm.generate_proving_ctx(system_records, record_arenas).map_err(|reason| match reason {
                GenerationError::TraceHeightsLimitExceeded { .. }
                | GenerationError::LinearTraceHeightConstraintExceeded { .. } => refused(reason.to_string()),
                reason => prover_error(&reason),
            })?;
            let mut height_of = vec![0; segment.heights.len()];
            for (air, traces) in &context.per_trace {
                height_of[*air] = traces.common_main.height();
            }
            heights.push(height_of);
            let proof = vm.engine.prove(vm.pk(), context).map_err(|reason| {
                if is_unbalanced(&reason) { refused(UNBALANCED.to_owned()) } else { prover_error(&reason) }
            })?;
            segments.push(proof.encode_to_vec().map_err(|reason| prover_error(&reason))?);
        }
        let last = segments.len().saturating_sub(1);
        let failed = |message: String| ProveError::Prover { segment: last, message };
        let tree = vm.memory_top_tree().ok_or_else(|| failed("there is no final memory tree".to_owned()))?;
        let system = self.config.system();
        let public_values = PublicValuesProof::compute(
            system.memory_config.memory_dimensions(),
            system.num_public_values,
            &vm_poseidon2_hasher(),
            &state.memory.memory,
            tree,
        );
        let bytes = proof::encode(&segments, &public_values).map_err(|reason| failed(reason.to_string()))?;
        let prove = start.elapsed();
        let exe_commit = self.commit_to(program, &commitment);
        Ok(Proved { bytes, exe_commit, heights, setup, prove })
    }
}
