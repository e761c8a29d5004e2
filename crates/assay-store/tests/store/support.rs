//! Runs to keep.

use assay_spec::{
    BackendId, Basis, Comparison, Digest, Divergence, Elapsed, FindingKind, Generator, GuestId, Identity, Mode,
    NamedOutcome, Outcome, Platform, Provenance, Register, RunLimits, RunLog, RunReport, Seed, SequenceSource, Source,
    Status, Verdict, Verification, schema::Versioned as _,
};
use assay_store::{NewFinding, NewRun};

/// Bytes of the only guest.
pub(crate) const GUEST: &[u8] = b"\x7fELF of the guest";

/// Outcome of `backend`, on the standard platform.
pub(crate) fn outcome(backend: &str, guest: &[u8], input: &[u8], status: Status) -> NamedOutcome {
    NamedOutcome {
        name: backend.to_owned(),
        sequence: None,
        outcome: Outcome {
            schema: Outcome::tag(),
            backend: BackendId {
                name: backend.to_owned(),
                version: "1.2.3".to_owned(),
                platform: Platform::Standard,
                isa: "rv32im".to_owned(),
            },
            guest: GuestId { digest: Digest::of(guest), image_id: None, name: "guest".to_owned() },
            input_digest: Digest::of(input),
            mode: Mode::Execute,
            run: RunReport::new(status),
            elapsed: Elapsed { execute_ms: 1.5, prove_ms: None, verify_ms: None },
            receipt: None,
            verification: Verification::NotRequested,
        },
    }
}

/// The reference machine against `zk`, both `Ok`, with this verdict.
pub(crate) fn log(input: &[u8], verdict: Verdict) -> RunLog {
    RunLog {
        schema: RunLog::tag(),
        record: None,
        subject: "fib".to_owned(),
        input_digest: Digest::of(input),
        baseline: "reference".to_owned(),
        outcomes: vec![outcome("reference", GUEST, input, Status::Ok), outcome("zk", GUEST, input, Status::Ok)],
        comparisons: vec![Comparison {
            baseline: "reference".to_owned(),
            target: "zk".to_owned(),
            basis: Basis::SameGuest,
            verdict,
            first_divergence: None,
            notes: vec![],
        }],
        through_references: vec![],
    }
}

/// A run of the core `name` that agreed.
pub(crate) fn agreeing<'a>(name: &str, input: &'a [u8]) -> NewRun<'a> {
    NewRun {
        log: log(input, Verdict::Agree),
        source: Source::Core { name: name.to_owned() },
        input_name: "n.json".to_owned(),
        input_json: Some(serde_json::json!({ "n": input.len() })),
        input,
        guests: vec![GUEST],
        backends: vec!["reference".to_owned(), "zk".to_owned()],
        limits: RunLimits { timeout_ms: 1000, max_steps: 1000, memory_limit_bytes: 1 << 20, input_base: None },
        planted_faults: vec![],
        provenance: Provenance {
            generator: Generator::Mutated,
            base_seed: Some("seed-1".to_owned()),
            mutation_ops: vec!["swap".to_owned(), "flip".to_owned()],
            rng_seed: Some(7),
        },
        assay_version: "0.1.0".to_owned(),
        rustc_version: "rustc 1.95.0".to_owned(),
        findings: vec![],
    }
}

/// A run of an instruction sequence of that name that diverged, and the finding that this is.
pub(crate) fn diverging<'a>(name: &str, input: &'a [u8], target: &str) -> NewRun<'a> {
    let mut run = agreeing(name, input);
    run.source = Source::Sequence(Box::new(SequenceSource {
        name: name.to_owned(),
        seed: Seed { instructions: vec![0x13, 0x0010_0073], ..Seed::default() },
        isa: None,
        scratch: Register::new(3).expect("x3 is a register"),
        safe_registers: false,
    }));
    run.log = log(
        input,
        Verdict::Diverge(vec![Divergence::Output { first_difference: 3, baseline_bytes: 4, target_bytes: 4 }]),
    );
    run.findings = vec![finding(target, "output differs")];
    run
}

/// A finding about the backend `target`.
pub(crate) fn finding(target: &str, title: &str) -> NewFinding {
    NewFinding {
        identity: Identity {
            kind: FindingKind::Divergence,
            differs_in: vec!["output".to_owned()],
            instruction: None,
            baseline: Some("reference".to_owned()),
            target: target.to_owned(),
            platform: "standard".to_owned(),
            core: None,
            constraint: None,
        },
        title: title.to_owned(),
        comparison: 0,
        report_md: format!("# {title}\n"),
    }
}
