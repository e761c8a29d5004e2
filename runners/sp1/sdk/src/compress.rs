//! One small proof out of the proofs of a run's shards, by SP1's recursion.
//!
//! SP1's circuits verify proofs of its own. A *normalize* circuit verifies one shard; a *compose* circuit verifies up to four proofs
//! of circuits, and so on until one is left. The way is SP1's own (`sp1-prover` 6.10.0, `worker/prover/recursion.rs` and
//! `worker/prover/core.rs`), one circuit after the other instead of all kept in memory: the tables of each have some 2^27
//! cells, whatever was proved. SP1's verifier knows the keys of its circuits by a Merkle tree, whose leaves are in the SDK;
//! nothing is downloaded.
//!
//! A run of one shard takes one proof: its normalize circuit is asked for a complete proof at once, where SP1's own prover
//! would put a compose circuit above it.

use std::{collections::BTreeSet, sync::Arc};

use slop_algebra::AbstractField as _;
use sp1_core_machine::riscv::RiscvAir;
use sp1_hypercube::{
    HashableKey as _, MachineVerifier, MachineVerifyingKey, SP1InnerPcs, SP1PcsProofInner, SP1RecursionProof,
    SP1VerifyingKey, inner_perm,
    prover::{CoreProofShape, CpuShardProver, SP1InnerPcsProver, SimpleProver},
};
use sp1_primitives::{SP1ExtensionField, SP1Field, SP1GlobalContext};
use sp1_prover::{
    CompressAir, CpuSP1ProverComponents, RecursionSC, SP1ProverComponents as _,
    recursion::{RecursionVks, compose_program_from_input, recursive_verifier},
    shapes::{DEFAULT_ARITY, SP1RecursionProofShape},
    worker::get_normalize_program,
};
use sp1_recursion_circuit::{
    machine::{
        SP1CompressWithVKeyWitnessValues, SP1MerkleProofWitnessValues, SP1NormalizeWitnessValues,
        SP1ShapedWitnessValues,
    },
    witness::Witnessable,
};
use sp1_recursion_compiler::config::InnerConfig;
use sp1_recursion_executor::{Block, Executor, RecursionProgram};
use tokio::runtime::Runtime;

use crate::{encoding::Shard, prove::ProofKind, shards::machine};

/// What a shard's circuit depends on: which chips it has, and how large they are.
pub(crate) type Shape = CoreProofShape<SP1Field, RiscvAir<SP1Field>>;

/// A proof of one of SP1's circuits, with its place in the tree of their keys.
pub(crate) type Recursive = SP1RecursionProof<SP1GlobalContext, SP1PcsProofInner>;

type CircuitProver = CpuShardProver<SP1GlobalContext, SP1InnerPcs, SP1InnerPcsProver, CompressAir<SP1Field>>;

/// Why shards are not compressed.
#[derive(Debug, thiserror::Error)]
pub enum CompressError {
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// A circuit does not accept what it was given.
    #[error("SP1's recursion circuit did not run: {0}")]
    Circuit(String),
    /// A circuit's key is not among those that SP1's verifier knows.
    #[error("SP1's verifier does not know the recursion circuit: {0}")]
    UnknownCircuit(String),
}

/// The verifier of circuits' proofs, and so their parameters.
pub(crate) fn verifier() -> MachineVerifier<SP1GlobalContext, RecursionSC> {
    CpuSP1ProverComponents::compress_verifier()
}

/// How many proofs compressing so many shards takes.
fn proofs_for(shards: usize) -> u64 {
    let (mut layer, mut total) = (shards, shards as u64);
    while layer > 1 {
        layer = layer.div_ceil(DEFAULT_ARITY);
        total += layer as u64;
    }
    total
}

/// Compresses the shards of a run, all of them and in order. `progress` is told how many proofs of how many are made, and answers
/// whether to go on.
pub(crate) fn compress(
    runtime: &Runtime,
    vk: &MachineVerifyingKey<SP1GlobalContext>,
    shards: Vec<(Shard, Shape)>,
    progress: &dyn Fn(u64, u64) -> bool,
) -> Result<Recursive, CompressError> {
    let total = proofs_for(shards.len());
    let mut done = 0;
    let mut next = || {
        let go_on = progress(done, total);
        done += 1;
        if go_on { Ok(()) } else { Err(CompressError::Interrupted) }
    };
    let prover = Prover::new(runtime);
    let alone = shards.len() == 1;
    let mut layer = Vec::with_capacity(shards.len());
    for (shard, shape) in shards {
        next()?;
        layer.push(prover.normalize(vk, shard, &shape, alone)?);
    }
    while layer.len() > 1 {
        let complete = layer.len() <= DEFAULT_ARITY;
        let mut rest = layer.into_iter();
        layer = Vec::new();
        while rest.len() > 0 {
            next()?;
            layer.push(prover.compose(rest.by_ref().take(DEFAULT_ARITY).collect(), complete)?);
        }
    }
    layer.pop().ok_or_else(|| CompressError::Circuit("there is no shard".to_owned()))
}

struct Prover<'a> {
    runtime: &'a Runtime,
    verifier: MachineVerifier<SP1GlobalContext, RecursionSC>,
    machine: SimpleProver<SP1GlobalContext, RecursionSC, CircuitProver>,
    /// The tree of the keys of all circuits.
    keys: RecursionVks,
    /// Heights of the tables of every circuit, which are padded to them.
    heights: SP1RecursionProofShape,
}

impl<'a> Prover<'a> {
    fn new(runtime: &'a Runtime) -> Self {
        let verifier = verifier();
        let shard_verifier = verifier.shard_verifier().clone();
        Self {
            runtime,
            machine: SimpleProver::new(shard_verifier.clone(), CircuitProver::new(shard_verifier)),
            verifier,
            keys: RecursionVks::new(None, DEFAULT_ARITY, true),
            heights: SP1RecursionProofShape::retrieve_or_compute_reduce_shape(machine(), DEFAULT_ARITY),
        }
    }

    /// Verifies a shard within a circuit. `complete` says that the run has no other.
    fn normalize(
        &self,
        vk: &MachineVerifyingKey<SP1GlobalContext>,
        shard: Shard,
        shape: &Shape,
        complete: bool,
    ) -> Result<Recursive, CompressError> {
        let core = MachineVerifier::new(ProofKind::Core.shard_verifier());
        let circuit = recursive_verifier::<SP1GlobalContext, _, InnerConfig>(core.shard_verifier());
        let key = SP1VerifyingKey { vk: vk.clone() };
        let program = get_normalize_program(key, &core, &circuit, shape, &self.heights, None);
        let zero = SP1Field::zero();
        let witness: SP1NormalizeWitnessValues<SP1GlobalContext, SP1PcsProofInner> = SP1NormalizeWitnessValues {
            vk: vk.clone(),
            shard_proofs: vec![shard],
            is_complete: complete,
            vk_root: self.keys.root(),
            // Guests here verify no proofs of other guests.
            reconstruct_deferred_digest: [zero; 8],
            num_deferred_proofs: zero,
        };
        let mut stream = Vec::new();
        Witnessable::<InnerConfig>::write(&witness, &mut stream);
        self.prove(program, stream)
    }

    /// Verifies up to [`DEFAULT_ARITY`] proofs of circuits, in order, within one. `complete` says that they are all of a run.
    fn compose(&self, proofs: Vec<Recursive>, complete: bool) -> Result<Recursive, CompressError> {
        let verifier = &self.verifier;
        let circuit = recursive_verifier::<SP1GlobalContext, _, InnerConfig>(verifier.shard_verifier());
        let chips: BTreeSet<_> = verifier.machine().chips().iter().cloned().collect();
        let placeholder = self.heights.dummy_input(
            proofs.len(),
            self.keys.height(),
            chips,
            verifier.max_log_row_count(),
            *verifier.fri_config(),
            verifier.log_stacking_height() as usize,
        );
        let mut program = compose_program_from_input(&circuit, self.keys.vk_verification(), &placeholder);
        program.shape = Some(self.heights.shape.clone());
        let values = proofs.iter().map(|proof| proof.vk.hash_koalabear()).collect();
        let (vks_and_proofs, vk_merkle_proofs) =
            proofs.into_iter().map(|proof| ((proof.vk, proof.proof), proof.vk_merkle_proof)).unzip();
        let witness = SP1CompressWithVKeyWitnessValues {
            compress_val: SP1ShapedWitnessValues { vks_and_proofs, is_complete: complete },
            merkle_val: SP1MerkleProofWitnessValues { root: self.keys.root(), values, vk_merkle_proofs },
        };
        let mut stream = Vec::new();
        Witnessable::<InnerConfig>::write(&witness, &mut stream);
        self.prove(Arc::new(program), stream)
    }

    fn prove(
        &self,
        program: Arc<RecursionProgram<SP1Field>>,
        witness: Vec<Block<SP1Field>>,
    ) -> Result<Recursive, CompressError> {
        let mut executor = Executor::<SP1Field, SP1ExtensionField, _>::new(program.clone(), inner_perm());
        executor.witness_stream = witness.into();
        executor.run().map_err(|reason| CompressError::Circuit(reason.to_string()))?;
        let mut record = executor.record;
        drop(executor.memory);
        self.verifier.machine().generate_dependencies(std::iter::once(&mut record), None);
        let (vk, proof) = self.runtime.block_on(self.machine.setup_and_prove_shard(program, None, record));
        let place = self.keys.open(&vk).map_err(|reason| CompressError::UnknownCircuit(reason.to_string()))?;
        Ok(SP1RecursionProof { vk, proof, vk_merkle_proof: place.1 })
    }
}
