//! Keys and proofs.

use std::{
    borrow::Borrow as _,
    sync::Arc,
    time::{Duration, Instant},
};

use slop_algebra::PrimeField32;
use sp1_core_machine::riscv::RiscvAir;
use sp1_hypercube::{
    HashableKey as _, InnerSC, MachineVerifyingKey, SP1InnerPcs, ShardVerifier,
    air::PublicValues,
    prover::{CpuShardProver, ProvingKey, SP1InnerPcsProver, SimpleProver},
};
use sp1_primitives::{SP1Field, SP1GlobalContext, fri_params::core_fri_config};

use crate::{
    compress::{self, CompressError, Shape},
    encoding::{self, Body, ProofFile, Shard},
    program::Program,
    shards::{self, ShardError, machine, options},
    verify::{Rejection, Verifier},
};

/// Which proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofKind {
    /// SP1's core proof with the parameters of its SDK.
    Core,
    /// The same proof system with parameters that make it cheap and worthless.
    CoreInsecureFast,
    /// A proof that the shards of a core proof were verified: of one size, whatever was proved. Making it takes gigabytes
    /// of memory.
    Compressed,
}

/// Parameters of the proof system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Binary logarithm of the inverse of the code's rate.
    pub log_blowup: usize,
    /// Queries of the polynomial commitment's opening.
    pub queries: usize,
    /// Bits of proof of work before the queries.
    pub proof_of_work_bits: usize,
    /// Binary logarithm of the height to which columns are stacked.
    pub log_stacking_height: u32,
    /// Binary logarithm of the most rows of a chip.
    pub max_log_row_count: usize,
    /// Trace cells at which a shard ends. The verifier does not know it.
    pub element_threshold: u64,
}

impl ProofKind {
    /// Which proofs of shards such a proof is made of.
    pub(crate) fn of_shards(self) -> Self {
        if self == Self::Compressed { Self::Core } else { self }
    }

    /// Parameters of what is verified. But for those of tests they are SP1's (`sp1-prover` 6.10.0, `components.rs`;
    /// `sp1-primitives`, `fri_params.rs`), except the size of shards, which is smaller to save memory.
    pub fn parameters(self) -> Parameters {
        match self {
            Self::Core => {
                let fri = core_fri_config();
                Parameters {
                    log_blowup: fri.log_blowup,
                    queries: fri.num_queries,
                    proof_of_work_bits: fri.proof_of_work_bits,
                    log_stacking_height: sp1_prover::CORE_LOG_STACKING_HEIGHT,
                    max_log_row_count: sp1_prover::CORE_MAX_LOG_ROW_COUNT,
                    element_threshold: 1 << 24,
                }
            }
            Self::CoreInsecureFast => Parameters {
                log_blowup: 1,
                queries: 4,
                proof_of_work_bits: 0,
                log_stacking_height: 17,
                max_log_row_count: 18,
                element_threshold: 1 << 23,
            },
            Self::Compressed => {
                let verifier = compress::verifier();
                let fri = verifier.fri_config();
                Parameters {
                    log_blowup: fri.log_blowup,
                    queries: fri.num_queries,
                    proof_of_work_bits: fri.proof_of_work_bits,
                    log_stacking_height: verifier.log_stacking_height(),
                    max_log_row_count: verifier.max_log_row_count(),
                    element_threshold: Self::Core.parameters().element_threshold,
                }
            }
        }
    }

    /// The verifier of its shards.
    pub(crate) fn shard_verifier(self) -> ShardVerifier<SP1GlobalContext, Core> {
        let Parameters { log_blowup, queries, proof_of_work_bits, log_stacking_height, max_log_row_count, .. } =
            self.of_shards().parameters();
        let fri = slop_basefold::FriConfig::new(log_blowup, queries, proof_of_work_bits);
        ShardVerifier::from_basefold_parameters(fri, log_stacking_height, max_log_row_count, machine())
    }
}

pub(crate) type Core = InnerSC<RiscvAir<SP1Field>>;
pub(crate) type Values = PublicValues<[SP1Field; 4], [SP1Field; 3], [SP1Field; 4], SP1Field>;
type CoreProver = CpuShardProver<SP1GlobalContext, SP1InnerPcs, SP1InnerPcsProver, RiscvAir<SP1Field>>;

/// A prover of one kind, and the keys of the guest that it proved last.
pub struct Prover {
    kind: ProofKind,
    runtime: tokio::runtime::Runtime,
    machine: SimpleProver<SP1GlobalContext, Core, CoreProver>,
}

/// What proving a guest takes besides the prover: large.
pub struct Keys {
    proving: Arc<ProvingKey<SP1GlobalContext, Core, CoreProver>>,
    verifying: MachineVerifyingKey<SP1GlobalContext>,
    /// How long setting up took.
    pub setup: Duration,
}

/// How far a proof is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many shards are proved; how many there are is not known before the last.
    Shards(u64),
    /// So many circuits out of so many that compress them.
    Circuits(u64, u64),
}

/// A proof and what is to be known of it.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The proof file.
    pub bytes: Vec<u8>,
    /// Its shards.
    pub shards: u64,
    /// Instructions of each of them; 0 for those that prove memory or precompiles.
    pub shard_instructions: Vec<u64>,
    /// How long tracing and proving took.
    pub prove: Duration,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// There are no shards to prove.
    #[error(transparent)]
    Shards(#[from] ShardError),
    /// The prover's threads could not be started.
    #[error("cannot start the prover's threads: {0}")]
    Runtime(std::io::Error),
    /// The shards that were proved are rejected, so that there is nothing to compress.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The shards were not compressed.
    #[error(transparent)]
    Compress(#[from] CompressError),
    /// The proof could not be written down.
    #[error(transparent)]
    Encoding(#[from] encoding::EncodeError),
}

impl Keys {
    /// The hash of the verifying key, as SP1 spells it: `0x` and 64 digits.
    pub fn image_id(&self) -> String {
        self.verifying.bytes32()
    }
}

impl Prover {
    /// Sets up a prover, which is cheap: what costs is a guest's keys.
    pub fn new(kind: ProofKind) -> Result<Self, ProveError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(ProveError::Runtime)?;
        let verifier = kind.shard_verifier();
        let machine = SimpleProver::new(verifier.clone(), CoreProver::new(verifier));
        Ok(Self { kind, runtime, machine })
    }

    /// Commits to the guest's program and to the fixed tables.
    pub fn keys(&self, program: &Program) -> Keys {
        let start = Instant::now();
        let (proving, verifying) = self.runtime.block_on(self.machine.setup(shards::sp1(program)));
        // SAFETY: the wrapper asks its user to hold the prover's permits while the key lives, so that a device's memory
        // is not given out twice; on a CPU there is no such memory, and `setup` holds a semaphore of its own.
        #[expect(unsafe_code, reason = "SP1 has no other way to the key that its own test prover makes")]
        let proving = unsafe { proving.into_inner() };
        Keys { proving, verifying, setup: start.elapsed() }
    }

    /// Proves a run that is known to end with public values `output`. `progress` is told how far the proof is and answers
    /// whether to go on.
    pub fn prove(
        &self,
        program: &Program,
        keys: &Keys,
        input: &[u8],
        output: &[u8],
        progress: &dyn Fn(Progress) -> bool,
    ) -> Result<Proof, ProveError> {
        let start = Instant::now();
        let mut proofs = Vec::new();
        let mut shard_instructions = Vec::new();
        let options = options(self.kind.parameters().element_threshold);
        shards::shards(program, input, &options, Some(self.machine.machine()), &mut |record| {
            if !progress(Progress::Shards(proofs.len() as u64)) {
                return Err(ShardError::Interrupted);
            }
            shard_instructions.push(u64::from(record.cpu_event_count));
            let shape = self.machine.shape_from_record(&record);
            proofs.push((self.runtime.block_on(self.machine.prove_shard(keys.proving.clone(), record)), shape));
            Ok(true)
        })?;
        // A shard's place is that of its state before and after; shards without instructions come after those with.
        proofs.sort_by_key(|(shard, _)| place(shard));
        let shards = proofs.len() as u64;
        let (proofs, shapes): (Vec<_>, Vec<_>) = proofs.into_iter().unzip();
        let verifying = keys.verifying.clone();
        let mut file = ProofFile { verifying, output: output.to_vec(), proof: Body::Shards(proofs) };
        if self.kind == ProofKind::Compressed {
            file = self.compress(file, shapes, progress)?;
        }
        Ok(Proof { bytes: file.encode(self.kind)?, shards, shard_instructions, prove: start.elapsed() })
    }

    fn compress(
        &self,
        file: ProofFile,
        shapes: Vec<Option<Shape>>,
        progress: &dyn Fn(Progress) -> bool,
    ) -> Result<ProofFile, ProveError> {
        // What no verifier accepts is found out in milliseconds here, and after minutes in a circuit.
        Verifier::new(ProofKind::Core).check(&file).0?;
        let ProofFile { verifying, output, proof: Body::Shards(shards) } = file else {
            unreachable!("a core proof was given")
        };
        let shapes: Option<Vec<_>> = shapes.into_iter().collect();
        let shapes = shapes.ok_or_else(|| CompressError::Circuit("a shard has no shape that SP1 knows".to_owned()))?;
        let shards = shards.into_iter().zip(shapes).collect();
        let progress = |done, total| progress(Progress::Circuits(done, total));
        let proof = compress::compress(&self.runtime, &verifying, shards, &progress)?;
        Ok(ProofFile { verifying, output, proof: Body::Compressed(Box::new(proof)) })
    }
}

/// Where a shard stands among the others.
pub(crate) fn place(shard: &Shard) -> [Vec<u32>; 4] {
    let values: &Values = shard.public_values.as_slice().borrow();
    let numbers = |fields: &[SP1Field]| fields.iter().map(PrimeField32::as_canonical_u32).collect();
    [
        numbers(&values.initial_timestamp),
        numbers(&values.last_timestamp),
        numbers(&values.previous_init_addr),
        numbers(&values.previous_finalize_addr),
    ]
}
