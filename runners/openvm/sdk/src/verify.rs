//! Verifying proofs of whole runs, bound to a program.
//!
//! The SDK's `verify_segments` verifies each segment and that segments follow each other, and gives what the proof is
//! bound to without comparing it with anything. It takes no exit code but 0. What it leaves out is here: the comparison
//! with the program that was asked for, the exit code, and the public values, all of them. [`Boundaries`] reads the
//! claims off the segments' public values by itself; for exit code 0 it has to agree with the SDK.
//!
//! The verifying key comes from key generation with this machine's configuration, never from a proof.

use std::borrow::Borrow;

use openvm_circuit::{
    arch::{
        BOUNDARY_AIR_ID, CONNECTOR_AIR_ID, MERKLE_AIR_ID, PROGRAM_AIR_ID, PROGRAM_CACHED_TRACE_INDEX, VmCircuitConfig,
        hasher::poseidon2::vm_poseidon2_hasher, verify_segments,
    },
    system::{
        connector::{DEFAULT_SUSPEND_EXIT_CODE, VmConnectorPvs},
        memory::{CHUNK, dimensions::MemoryDimensions, merkle::MemoryMerklePvs},
        program::trace::compute_exe_commit,
    },
};
use openvm_stark_backend::{
    StarkEngine,
    keygen::types::MultiStarkVerifyingKey,
    p3_field::{PrimeCharacteristicRing, PrimeField32},
    verifier::proof_shape::verify_proof_shape,
};

use crate::{
    F,
    config::{Config, Options},
    execute::guarded,
    machine::{Engine, SetupError},
    proof::{self, AppProof, SegmentProof},
    prove::{ExeCommit, hex},
};

/// Public values of a connector: initial and final pc, exit code, whether the run ended.
const CONNECTOR_VALUES: usize = 4;
/// Public values of the memory tree: initial and final root.
const MERKLE_VALUES: usize = 2 * CHUNK;

/// What a proof says that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Exit code of the run.
    pub exit_code: u32,
    /// All public values.
    pub public_values: Vec<u8>,
}

/// Verifies proofs of machines like its options say.
pub struct Verifier {
    engine: Engine,
    key: MultiStarkVerifyingKey<<Engine as StarkEngine>::SC>,
    memory: MemoryDimensions,
    public_values: usize,
}

impl Verifier {
    /// Makes the verifying key.
    pub fn new(options: Options) -> Result<Self, SetupError> {
        let config = Config::new(&options);
        let engine = Engine::new(options.strength.system_params());
        let circuit = config.create_airs().map_err(|reason| SetupError(reason.to_string()))?;
        let key = circuit.keygen(engine.config()).get_vk();
        let memory = config.system().memory_config.memory_dimensions();
        Ok(Self { engine, key, memory, public_values: options.public_values })
    }

    /// Verifies an encoded proof that is to be bound to `exe_commit`. An error says, for people, why it is not accepted;
    /// a panic of the SDK is such an error too.
    pub fn verify(&self, bytes: &[u8], exe_commit: &str) -> Result<Claims, String> {
        guarded(|| self.verify_unguarded(bytes, exe_commit))
            .map_err(|panic| format!("OpenVM's verifier panicked: {panic}"))?
    }

    fn verify_unguarded(&self, bytes: &[u8], expected: &str) -> Result<Claims, String> {
        let shape = |segment: &SegmentProof| {
            verify_proof_shape(&self.key.inner, segment).map(drop).map_err(|reason| reason.to_string())
        };
        let proof = proof::decode(bytes, &shape).map_err(|reason| reason.to_string())?;
        let boundaries = Boundaries::of(&proof.segments)?;
        if boundaries.exe_commit != expected {
            return Err(format!(
                "the proof is bound to the program {}, and {expected} was asked for",
                boundaries.exe_commit
            ));
        }
        self.segments(&proof, &boundaries)?;
        let public_values = self.public_values(&proof, &boundaries)?;
        Ok(Claims { exit_code: boundaries.exit_code, public_values })
    }

    fn segments(&self, proof: &AppProof, boundaries: &Boundaries) -> Result<(), String> {
        if boundaries.exit_code != 0 {
            for (index, segment) in proof.segments.iter().enumerate() {
                self.engine.verify(&self.key, segment).map_err(|reason| format!("segment {index}: {reason}"))?;
            }
            return Ok(());
        }
        let payload = verify_segments(&self.engine, &self.key, &proof.segments).map_err(|reason| reason.to_string())?;
        if hex(&payload.exe_commit) != boundaries.exe_commit || payload.final_memory_root != boundaries.final_root {
            return Err("OpenVM's verifier reads another program or final memory off the proof".to_owned());
        }
        Ok(())
    }

    fn public_values(&self, proof: &AppProof, boundaries: &Boundaries) -> Result<Vec<u8>, String> {
        let values = &proof.public_values.public_values;
        // The SDK takes any part of them that its length fits.
        if values.len() != self.public_values {
            return Err(format!(
                "the proof shows {} public values, and there are {}",
                values.len(),
                self.public_values
            ));
        }
        proof
            .public_values
            .verify(&vm_poseidon2_hasher(), self.memory, boundaries.final_root)
            .map_err(|reason| reason.to_string())?;
        let byte = |value: &F| u8::try_from(value.as_canonical_u32());
        values.iter().map(byte).collect::<Result<_, _>>().map_err(|_| "a public value is no byte".to_owned())
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").field("public_values", &self.public_values).finish_non_exhaustive()
    }
}

/// What the public values of a run's segments say, provided that each segment holds.
struct Boundaries {
    exe_commit: ExeCommit,
    final_root: [F; CHUNK],
    exit_code: u32,
}

/// What one segment says of its beginning and its end.
struct Segment<'a> {
    program: [F; CHUNK],
    connector: &'a VmConnectorPvs<F>,
    memory: &'a MemoryMerklePvs<F, CHUNK>,
}

impl<'a> Segment<'a> {
    fn of(proof: &'a SegmentProof) -> Option<Self> {
        let data = |air: usize| proof.trace_vdata.get(air)?.as_ref();
        let values = |air: usize, count: usize| {
            let values = proof.public_values.get(air)?.as_slice();
            (values.len() == count).then_some(values)
        };
        data(CONNECTOR_AIR_ID).and(data(BOUNDARY_AIR_ID)).and(data(MERKLE_AIR_ID))?;
        Some(Self {
            program: *data(PROGRAM_AIR_ID)?.cached_commitments.get(PROGRAM_CACHED_TRACE_INDEX)?,
            connector: values(CONNECTOR_AIR_ID, CONNECTOR_VALUES)?.borrow(),
            memory: values(MERKLE_AIR_ID, MERKLE_VALUES)?.borrow(),
        })
    }
}

impl Boundaries {
    /// Reads them off, and refuses segments that are not one whole run: of one program, each beginning at the pc and with
    /// the memory that the one before it ended with, the last one and no other ending in `terminate`.
    fn of(proofs: &[SegmentProof]) -> Result<Self, String> {
        let segments = proofs
            .iter()
            .enumerate()
            .map(|(index, proof)| {
                Segment::of(proof).ok_or_else(|| format!("segment {index} lacks one of the system's AIRs"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
            return Err("the proof has no segments".to_owned());
        };
        for (pair, index) in segments.windows(2).zip(1..) {
            let [before, after] = pair else { unreachable!("windows of two") };
            if after.program != before.program {
                return Err(format!("segment {index} is of another program"));
            }
            if after.connector.initial_pc != before.connector.final_pc {
                return Err(format!("segment {index} does not begin at the pc that the one before it ended at"));
            }
            if after.memory.initial_root != before.memory.final_root {
                return Err(format!(
                    "segment {index} does not begin with the memory that the one before it ended with"
                ));
            }
            let suspended = F::from_u32(DEFAULT_SUSPEND_EXIT_CODE);
            if before.connector.is_terminate != F::ZERO || before.connector.exit_code != suspended {
                return Err(format!("segments follow segment {}, which ended the run", index - 1));
            }
        }
        if last.connector.is_terminate != F::ONE {
            return Err("the run goes on after the last segment: it is suspended, and did not end".to_owned());
        }
        let exe_commit = compute_exe_commit(
            &vm_poseidon2_hasher(),
            &first.program,
            &first.memory.initial_root,
            first.connector.initial_pc,
        );
        Ok(Self {
            exe_commit: hex(&exe_commit),
            final_root: last.memory.final_root,
            exit_code: last.connector.exit_code.as_canonical_u32(),
        })
    }
}
