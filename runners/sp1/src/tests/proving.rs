//! Two proofs, and everything that is no proof.

use std::sync::OnceLock;

use assay_runner_kit::{Context, Proof, Run, Runner as _, catch};
use assay_spec::{Status, protocol::ProofVerdict};
use sp1_hypercube::{MachineVerifyingKey, SP1PcsProofInner};
use sp1_primitives::SP1GlobalContext;

use super::{Bench, MAX_STEPS, committing, elf_of, halt};
use crate::{kinds, runner::Sp1};

const KIND: &str = "core-insecure-fast";
const RUN: Run<'static> = Run { input: &[], max_steps: 1 << 30, cost: false };

type Shard = sp1_hypercube::ShardProof<SP1GlobalContext, SP1PcsProofInner>;
/// What stands in a proof file, behind the magic bytes and the kind.
type Parts = (MachineVerifyingKey<SP1GlobalContext>, Vec<u8>, Vec<Shard>);

struct File;

impl File {
    fn read(bytes: &[u8]) -> Parts {
        bincode::deserialize(&bytes[9..]).unwrap()
    }

    fn write(parts: &Parts) -> Vec<u8> {
        [&b"ASSAYSP1\x02"[..], &bincode::serialize(parts).unwrap()].concat()
    }
}

fn prove(elf: &[u8], kind: &str) -> Proof {
    let mut bench = Bench::default();
    let guest = bench.load(elf).unwrap();
    let (report, proof) = bench.runner.prove(&guest, &RUN, kind, &Context::detached()).unwrap();
    let proof = proof.unwrap_or_else(|| panic!("{report:?}"));
    assert_eq!(report.cycles.unwrap().total, report.instructions.unwrap());
    assert_eq!(bench.runner.identify(&guest, kind, &Context::detached()).unwrap(), proof.facts.image_id);
    proof
}

/// A proof of a guest that made `abcdef` public and halted with exit code 42.
fn proof() -> &'static Proof {
    static PROOF: OnceLock<Proof> = OnceLock::new();
    PROOF.get_or_init(|| prove(&committing("nop", b"abcdef", 42), KIND))
}

fn verdict(runner: &mut Sp1, proof: &[u8], kind: &str, image_id: &str) -> ProofVerdict {
    match catch(|| runner.verify(proof, kind, image_id, &Context::detached())) {
        Ok(verified) => verified.unwrap().verdict,
        Err(caught) => ProofVerdict::Rejected(caught.message),
    }
}

#[track_caller]
fn rejected(runner: &mut Sp1, proof: &[u8], kind: &str, image_id: &str) -> String {
    match verdict(runner, proof, kind, image_id) {
        ProofVerdict::Rejected(why) => why,
        ProofVerdict::Accepted(claims) => panic!("accepted: {claims:?}"),
    }
}

#[test]
fn a_proof_says_what_the_run_did_and_of_which_guest() {
    let (proof, mut runner) = (proof(), Sp1::default());
    let id = &proof.facts.image_id;
    assert!(id.starts_with("0x") && id.len() == 66, "{id}");
    let ProofVerdict::Accepted(claims) = verdict(&mut runner, &proof.bytes, KIND, id) else { panic!("rejected") };
    assert_eq!(claims, proof.facts.claims);
    assert_eq!((claims.exit_code, &claims.output.0[..]), (42, &b"abcdef"[..]));
    let other = id.replace(&id[10..14], "0000");
    assert!(rejected(&mut runner, &proof.bytes, KIND, &other).contains("hash"));
    assert!(rejected(&mut runner, &proof.bytes, "core", id).contains("kind"));
    // The same bytes, said to be of the other kind.
    let mut relabelled = proof.bytes.clone();
    relabelled[8] = 1;
    rejected(&mut runner, &relabelled, "core", id);
}

#[test]
fn flipped_bits_cut_and_lengthened_proofs_are_rejected() {
    let (proof, mut runner) = (proof(), Sp1::default());
    let (bytes, id) = (&proof.bytes, &proof.facts.image_id);
    for at in 0..100 {
        let bit = at * (8 * bytes.len() / 100) + at % 8;
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        rejected(&mut runner, &damaged, KIND, id);
    }
    for length in [0, 8, 9, 100, bytes.len() / 2, bytes.len() - 1] {
        rejected(&mut runner, &bytes[..length], KIND, id);
    }
    rejected(&mut runner, &[&bytes[..], b"x"].concat(), KIND, id);
    let mut output = bytes.clone();
    let place = output.windows(6).position(|window| window == b"abcdef").unwrap();
    output[place] = b'z';
    assert!(rejected(&mut runner, &output, KIND, id).contains("SHA-256"));
}

#[test]
fn every_shard_counts_and_so_does_their_order() {
    let body = "li x7, 40000\n 1: addi x6, x6, 3\n mul x5, x6, x7\n div x9, x5, x6\n addi x7, x7, -1\n bnez x7, 1b";
    let proof = prove(&committing(body, b"shards", 0), KIND);
    let (id, mut runner) = (&proof.facts.image_id, Sp1::default());
    assert!(proof.facts.segments >= 2, "{}", proof.facts.segments);
    assert!(matches!(verdict(&mut runner, &proof.bytes, KIND, id), ProofVerdict::Accepted(_)));
    let (key, output, shards) = File::read(&proof.bytes);
    let again = File::write(&(key.clone(), output.clone(), shards.clone()));
    assert!(again == proof.bytes);
    let mut orders: Vec<(&str, Vec<Shard>)> = vec![("none", Vec::new())];
    orders.push(("the last dropped", shards[..shards.len() - 1].to_vec()));
    orders.push(("the first dropped", shards[1..].to_vec()));
    orders.push(("the first twice", [&shards[..1], &shards[..]].concat()));
    orders.push(("the last twice", [&shards[..], &shards[shards.len() - 1..]].concat()));
    orders.push(("swapped", shards.iter().rev().cloned().collect()));
    for (damage, shards) in orders {
        let why = rejected(&mut runner, &File::write(&(key.clone(), output.clone(), shards)), KIND, id);
        assert!(why.contains("SP1's verifier"), "{damage}: {why}");
    }
    // Another guest's key under this guest's shards.
    let (other, ..) = File::read(&self::proof().bytes);
    let mixed = File::write(&(other, output, shards));
    assert!(rejected(&mut runner, &mixed, KIND, id).contains("hash"));
    assert!(rejected(&mut runner, &mixed, KIND, &self::proof().facts.image_id).contains("SP1's verifier"));
}

#[test]
fn what_cannot_be_proved_says_so() {
    let mut bench = Bench::default();
    for (elf, status, said) in [
        (elf_of(&halt(0)), Status::Ok, Some("COMMIT")),
        (elf_of("ebreak"), Status::Trap, None),
        (elf_of("1: j 1b"), Status::Timeout, None),
    ] {
        let guest = bench.load(&elf).unwrap();
        let run = Run { max_steps: MAX_STEPS, ..RUN };
        let (report, proof) = bench.runner.prove(&guest, &run, KIND, &Context::detached()).unwrap();
        assert!(proof.is_none());
        assert_eq!(report.status, status);
        assert!(said.is_none_or(|said| report.message.as_deref().is_some_and(|message| message.contains(said))));
    }
    assert!(kinds::kind("composite").is_none());
}

/// What a proof of kind `compressed` looks like: the one that
/// `a_compressed_proof_is_proved_and_verified` makes, and writes here if it is asked to.
const COMPRESSED: &[u8] = include_bytes!("compressed.proof");

fn compressed_guest() -> Vec<u8> {
    committing("nop", b"abcdef", 42)
}

#[test]
fn a_compressed_proof_is_accepted_and_nothing_else_in_its_place() {
    let mut bench = Bench::default();
    let guest = bench.load(&compressed_guest()).unwrap();
    let id = &bench.runner.identify(&guest, "compressed", &Context::detached()).unwrap();
    let mut runner = Sp1::default();
    let ProofVerdict::Accepted(claims) = verdict(&mut runner, COMPRESSED, "compressed", id) else { panic!("rejected") };
    assert_eq!((claims.exit_code, &claims.output.0[..]), (42, &b"abcdef"[..]));
    assert!(rejected(&mut runner, COMPRESSED, "compressed", &id.replace(&id[10..14], "0000")).contains("hash"));
    assert!(rejected(&mut runner, COMPRESSED, "core", id).contains("kind"));
    for kind in [1, 2] {
        let mut relabelled = COMPRESSED.to_vec();
        relabelled[8] = kind;
        rejected(&mut runner, &relabelled, kinds::kinds()[usize::from(kind == 2) * 2].name.as_str(), id);
    }
    let core = proof();
    let mut relabelled = core.bytes.clone();
    relabelled[8] = 3;
    rejected(&mut runner, &relabelled, "compressed", &core.facts.image_id);
}

#[test]
fn a_damaged_compressed_proof_is_rejected() {
    let mut bench = Bench::default();
    let guest = bench.load(&compressed_guest()).unwrap();
    let id = &bench.runner.identify(&guest, "compressed", &Context::detached()).unwrap();
    let mut runner = Sp1::default();
    for at in 0..100 {
        let bit = at * (8 * COMPRESSED.len() / 100) + at % 8;
        let mut damaged = COMPRESSED.to_vec();
        damaged[bit / 8] ^= 1 << (bit % 8);
        rejected(&mut runner, &damaged, "compressed", id);
    }
    // The last bytes are the place of the circuit's key in the tree of keys.
    for byte in COMPRESSED.len() - 64..COMPRESSED.len() {
        let mut damaged = COMPRESSED.to_vec();
        damaged[byte] ^= 1;
        rejected(&mut runner, &damaged, "compressed", id);
    }
    for length in [9, 100, COMPRESSED.len() / 2, COMPRESSED.len() - 1] {
        rejected(&mut runner, &COMPRESSED[..length], "compressed", id);
    }
    rejected(&mut runner, &[COMPRESSED, b"x"].concat(), "compressed", id);
    let mut output = COMPRESSED.to_vec();
    let place = output.windows(6).position(|window| window == b"abcdef").unwrap();
    output[place] = b'z';
    assert!(rejected(&mut runner, &output, "compressed", id).contains("SHA-256"));
}

/// Minutes: run it with `--ignored`. With `ASSAY_WRITE_PROOFS` in the environment it writes the proof that the tests above
/// verify, as a new version of SP1 makes necessary.
#[test]
#[ignore = "a compressed proof takes 5 minutes of processor time and 8 GiB"]
fn a_compressed_proof_is_proved_and_verified() {
    let proof = prove(&compressed_guest(), "compressed");
    let (id, mut runner) = (&proof.facts.image_id, Sp1::default());
    let ProofVerdict::Accepted(claims) = verdict(&mut runner, &proof.bytes, "compressed", id) else {
        panic!("rejected")
    };
    assert_eq!(claims, proof.facts.claims);
    if std::env::var_os("ASSAY_WRITE_PROOFS").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/compressed.proof");
        std::fs::write(file, &proof.bytes).unwrap();
    }
}

/// A quarter of an hour: run it with `--ignored`.
#[test]
#[ignore = "several recursion circuits take 15 minutes of processor time and 9 GiB"]
fn a_run_of_several_shards_is_compressed_into_one_proof() {
    let body = "li x7, 90000\n 1: addi x6, x6, 3\n mul x5, x6, x7\n div x9, x5, x6\n addi x7, x7, -1\n bnez x7, 1b";
    let proof = prove(&committing(body, b"shards", 0), "compressed");
    assert!(proof.facts.segments >= 2, "{}", proof.facts.segments);
    let (id, mut runner) = (&proof.facts.image_id, Sp1::default());
    assert!(matches!(verdict(&mut runner, &proof.bytes, "compressed", id), ProofVerdict::Accepted(_)));
    // As small as a proof of one shard.
    assert!(proof.bytes.len() < COMPRESSED.len() + COMPRESSED.len() / 10, "{}", proof.bytes.len());
}

/// Minutes: run it with `--ignored`.
#[test]
#[ignore = "a proof with SP1's own parameters takes more than a minute of processor time and 2 GiB"]
fn a_secure_proof_is_proved_and_verified() {
    let proof = prove(&committing("nop", b"abcdef", 0), "core");
    let mut runner = Sp1::default();
    assert!(matches!(verdict(&mut runner, &proof.bytes, "core", &proof.facts.image_id), ProofVerdict::Accepted(_)));
    for bit in (0..8 * proof.bytes.len()).step_by(8 * proof.bytes.len() / 20) {
        let mut damaged = proof.bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        rejected(&mut runner, &damaged, "core", &proof.facts.image_id);
    }
}
