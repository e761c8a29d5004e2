//! The requests of the protocol, answered by OpenVM.

use std::time::Instant;

use assay_isa::{Isa, decode};
use assay_openvm_sdk::{
    Circuit, Execution, LoadError, Machine, Options, PROOF_ENCODING, Program, ProveError, Segment, SetupError,
    TraceError, TraceOptions, Verifier, Watch,
};
use assay_runner_kit::{Context, Prepared, Proof, Records, Run, Runner, VerifiedProof, error};
use assay_spec::{
    Capability, GuestLimits, Platform, RunReport, RunnerDescription,
    platform::{OPENVM_MEMORY_BYTES, OPENVM_PUBLIC_VALUES_BYTES},
    protocol::{ErrorKind, ProofVerdict, RecordSelection, RunnerError},
    receipt::{ProofClaims, ProofFacts},
    trace::TraceSummary,
};

use crate::{effects, kind::Kind, records::Writer, report};

/// Most instructions that one trace covers; a longer run's trace is marked truncated.
pub const TRACE_INSTRUCTIONS_MAX: u64 = 1 << 22;

/// What people should know of this backend.
const NOTES: [&str; 11] = [
    "Input is one vector of the hint stream: hint_input gives its length (4 bytes, little-endian), then its bytes, padded \
     with zeros to a multiple of 4; a second hint_input fails.",
    "Public values are 256 bytes, zero where nothing was revealed, whatever the exit code.",
    "`execute` uses OpenVM's pure interpreter, which rounds the address of a misaligned lw, sw and reveal down and executes \
     the word that contains a misaligned pc; `trace` uses its preflight interpreter, as proving does, which stops on them.",
    "ecall, ebreak and CSR accesses end the guest with exit code 2; csrrw x0, csr, x0 (`unimp`) and fence do nothing.",
    "`terminate` counts as an instruction. An instruction counts as a cycle; segments are those of the metered interpreter.",
    "Traces have segments of their own of 131072 instructions; rows that belong to no instruction stand at a segment's end.",
    "hint_random is OpenVM's random generator with its fixed seed.",
    "print_str goes to the guest's log, of which the first 65536 bytes are kept; the message of a guest that ends with another \
     exit code than 0 is the end of what it printed, its panic text if there is one.",
    "Cost: cells are rows times width of the chips of instructions, exactly. Trace heights are before padding to a power of two, \
     exact but for PersistentBoundaryAir, MemoryMerkleAir and Poseidon2PeripheryAir, where they are what OpenVM reserves for \
     the memory pages touched, an upper bound. Segments are those of `app` proofs.",
    "Proofs are bound to OpenVM's exe_commit (program, initial memory, entry) of a machine with 2^24 bytes of memory, 256 \
     public values and a stacked height of 2^19: other machines have other commitments of the same guest. Both proof kinds have \
     the same.",
    "A proof is given up between segments: within one, some twenty seconds of processor time, nothing is asked.",
];

/// Bytes of memory that proving a segment may take, by the SDK's estimate, which is made for another prover: this one
/// takes up to some twice as much. With more a long run has fewer segments and no faster a proof; with less, the tables
/// that every segment has outweigh its instructions.
const SEGMENT_MEMORY_BYTES: usize = 1 << 30;

/// A loaded guest.
#[derive(Debug)]
pub struct Guest {
    program: Program,
    watches: Vec<Watch>,
}

impl Guest {
    /// What OpenVM made of the ELF.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// What each word of the program touches.
    pub fn watches(&self) -> &[Watch] {
        &self.watches
    }
}

/// The runner. Machines and verifiers are made when they are first needed.
pub struct OpenVm {
    segment_memory_bytes: usize,
    /// By kind of proof. What is no proof is done on the first kind's.
    machines: [Option<Machine>; Kind::ALL.len()],
    verifiers: [Option<Verifier>; Kind::ALL.len()],
}

impl std::fmt::Debug for OpenVm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenVm").field("machines", &self.machines).finish_non_exhaustive()
    }
}

impl Default for OpenVm {
    fn default() -> Self {
        Self::with_segment_memory(SEGMENT_MEMORY_BYTES)
    }
}

impl OpenVm {
    /// A runner that cuts runs into segments that take so many bytes to prove; as small as can be, if that is too few.
    pub(crate) fn with_segment_memory(segment_memory_bytes: usize) -> Self {
        Self { segment_memory_bytes, machines: [const { None }; _], verifiers: [const { None }; _] }
    }

    /// What the circuit that traces are of consists of. Makes the keys.
    pub fn circuit(&mut self, cx: &Context<'_>) -> Result<Circuit, RunnerError> {
        self.machine(Kind::App, cx)?.circuit().cloned().map_err(|e| setup(&e))
    }

    /// Has OpenVM trace the run that came to `report`, at most [`TRACE_INSTRUCTIONS_MAX`] instructions of it, with the rows of all
    /// chips if `rows` says so. Each segment is handed to `sink` when it is complete, which answers whether to go on.
    /// Gives the report, another one where tracing stops earlier than executing did, and whether the trace is whole.
    pub fn traced(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        report: RunReport,
        rows: bool,
        cx: &Context<'_>,
        sink: &mut dyn FnMut(&Segment<'_>) -> bool,
    ) -> Result<(RunReport, bool), RunnerError> {
        let executed = report.instructions.unwrap_or_default();
        let instructions = executed.min(TRACE_INSTRUCTIONS_MAX);
        let machine = self.machine(Kind::App, cx)?;
        let options = TraceOptions { instructions, rows };
        let traced = machine
            .trace(&guest.program, &guest.watches, run.input, options, &|_| cx.cancelled(), sink)
            .map_err(|reason| match reason {
                TraceError::Setup(reason) => setup(&reason),
                TraceError::Generation(_) => error(ErrorKind::Sdk, reason.to_string()),
            })?;
        cx.check_cancelled()?;
        let whole = instructions == executed && !traced.cut;
        let Some(stop) = &traced.stop else { return Ok((report, whole)) };
        let stopped = report::preflight_stop(&guest.program, &traced, stop)?;
        Ok((RunReport { execute_ms: report.execute_ms, ..stopped }, whole))
    }

    fn options(&self, kind: Kind) -> Options {
        Options {
            memory_bits: OPENVM_MEMORY_BYTES.ilog2() as usize,
            public_values: OPENVM_PUBLIC_VALUES_BYTES,
            strength: kind.strength(),
            segment_memory_bytes: self.segment_memory_bytes,
        }
    }

    fn machine(&mut self, kind: Kind, cx: &Context<'_>) -> Result<&mut Machine, RunnerError> {
        let options = self.options(kind);
        let slot = &mut self.machines[kind as usize];
        if slot.is_none() {
            *slot = Some(Machine::new(options).map_err(|e| setup(&e))?);
        }
        let machine = slot.as_mut().expect("it was just made");
        if !machine.is_keyed() {
            cx.progress("keygen", 0, Some(1));
            machine.circuit().map_err(|e| setup(&e))?;
            cx.progress("keygen", 1, Some(1));
        }
        Ok(machine)
    }

    fn verifier(&mut self, kind: Kind) -> Result<&Verifier, RunnerError> {
        let options = self.options(kind);
        let slot = &mut self.verifiers[kind as usize];
        if slot.is_none() {
            *slot = Some(Verifier::new(options).map_err(|e| setup(&e))?);
        }
        Ok(slot.as_ref().expect("it was just made"))
    }
}

/// Executes a guest on `machine`.
fn execute(
    machine: &Machine,
    guest: &Guest,
    run: &Run<'_>,
    cx: &Context<'_>,
) -> Result<(RunReport, Execution), RunnerError> {
    let start = Instant::now();
    let interrupted = |done| {
        cx.progress("execute", done, None);
        cx.cancelled()
    };
    let execution = machine.execute(&guest.program, run.input, run.max_steps, &interrupted).map_err(|e| setup(&e))?;
    let execute_ms = milliseconds(start);
    let chips = run.cost.then(|| machine.circuit()).transpose().map_err(|e| setup(&e))?;
    let mut report = report::report(&guest.program, &execution, chips.map(|circuit| circuit.chips.as_slice()))?;
    report.execute_ms = Some(execute_ms);
    Ok((report, execution))
}

/// The report of a run that preflight does not get through, though the pure interpreter did: traced up to there.
fn locate_stop(
    machine: &mut Machine,
    guest: &Guest,
    run: &Run<'_>,
    instructions: u64,
    cx: &Context<'_>,
) -> Result<Option<RunReport>, RunnerError> {
    let options = TraceOptions { instructions, rows: false };
    let interrupted = |_| cx.cancelled();
    let traced = machine
        .trace(&guest.program, &guest.watches, run.input, options, &interrupted, &mut |_| true)
        .map_err(|reason| error(ErrorKind::Sdk, reason.to_string()))?;
    cx.check_cancelled()?;
    traced.stop.as_ref().map(|stop| report::preflight_stop(&guest.program, &traced, stop)).transpose()
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

fn setup(reason: &SetupError) -> RunnerError {
    error(ErrorKind::Sdk, reason.to_string())
}

impl Runner for OpenVm {
    type Guest = Guest;

    fn describe(&self) -> RunnerDescription {
        RunnerDescription {
            name: "openvm".to_owned(),
            sdk_version: env!("OPENVM_VERSION").to_owned(),
            platforms: vec![Platform::OpenVm],
            isa: "rv32im".to_owned(),
            capabilities: vec![
                Capability::Execute,
                Capability::TraceInstructions,
                Capability::TraceChipRows,
                Capability::TraceInteractions,
                Capability::Cost,
                Capability::Prove,
                Capability::Verify,
                Capability::ProveFailure,
            ],
            proof_kinds: Kind::ALL.map(Kind::described).to_vec(),
            limits: GuestLimits {
                output_bytes: Some(OPENVM_PUBLIC_VALUES_BYTES as u64),
                memory_bytes: Some(OPENVM_MEMORY_BYTES),
                trace_instructions: Some(TRACE_INSTRUCTIONS_MAX),
                misaligned_access: false,
            },
            notes: NOTES.map(str::to_owned).to_vec(),
        }
    }

    fn load(&mut self, elf: &[u8], _: &Context<'_>) -> Result<Prepared<Guest>, RunnerError> {
        let program = Program::from_elf(elf, OPENVM_MEMORY_BYTES as u32).map_err(|reason| unsupported(&reason))?;
        let watches = effects::watches(program.words());
        let instructions = program.words().len() as u64;
        Ok(Prepared { guest: Guest { program, watches }, image_id: None, instructions })
    }

    fn execute(&mut self, guest: &Guest, run: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError> {
        execute(self.machine(Kind::App, cx)?, guest, run, cx).map(|(report, _)| report)
    }

    fn trace(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        let report = self.execute(guest, run, cx)?;
        let instructions = report.instructions.unwrap_or_default().min(TRACE_INSTRUCTIONS_MAX);
        let rows = selection == RecordSelection::All;
        let circuit = self.circuit(cx)?;
        let mut writer =
            Writer::new(&guest.program, &guest.watches, rows.then_some(&circuit), records, instructions, cx);
        let traced = self.traced(guest, run, report, rows, cx, &mut |segment| writer.segment(segment));
        let summary = writer.finish();
        let (report, whole) = traced?;
        if !whole {
            records.mark_truncated();
        }
        Ok((report, summary?))
    }

    fn prove(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        kind: &str,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        let start = Instant::now();
        let machine = self.machine(Kind::named(kind)?, cx)?;
        let keygen_ms = milliseconds(start);
        let (report, execution) = execute(machine, guest, run, cx)?;
        let (Some(metered), Some(exit_code)) = (&execution.metered, report.exit_code) else {
            return Ok((report, None));
        };
        let segments = metered.segments.len() as u64;
        let interrupted = |done| {
            cx.progress("proving", done, Some(segments));
            cx.cancelled()
        };
        let proved = match machine.prove(&guest.program, run.input, metered, &interrupted) {
            Ok(proved) => proved,
            Err(ProveError::Preflight { .. }) => {
                let stopped = locate_stop(machine, guest, run, execution.instructions, cx)?;
                let message = "OpenVM's preflight interpreter stopped once, and not when asked again";
                return stopped.map(|report| (report, None)).ok_or_else(|| error(ErrorKind::Sdk, message));
            }
            Err(reason @ ProveError::Refused { .. }) => return Ok((report.refused(reason.to_string()), None)),
            Err(reason) => return Err(not_proved(&reason)),
        };
        cx.progress("proving", segments, Some(segments));
        let facts = ProofFacts {
            image_id: proved.exe_commit,
            encoding: PROOF_ENCODING.to_owned(),
            claims: ProofClaims::new(exit_code, execution.public_values),
            segments,
            prove_ms: proved.prove.as_secs_f64() * 1e3,
            setup_ms: keygen_ms + proved.setup.as_secs_f64() * 1e3,
            cpu_ms: 0.0,
        };
        Ok((report, Some(Proof { bytes: proved.bytes, facts })))
    }

    fn identify(&mut self, guest: &Guest, kind: &str, cx: &Context<'_>) -> Result<String, RunnerError> {
        let machine = self.machine(Kind::named(kind)?, cx)?;
        machine.exe_commit(&guest.program).map_err(|e| setup(&e))
    }

    fn verify(
        &mut self,
        proof: &[u8],
        kind: &str,
        image_id: &str,
        cx: &Context<'_>,
    ) -> Result<VerifiedProof, RunnerError> {
        let start = Instant::now();
        cx.progress("keygen", 0, Some(1));
        let verifier = self.verifier(Kind::named(kind)?)?;
        let setup_ms = milliseconds(start);
        let start = Instant::now();
        let verdict = match verifier.verify(proof, image_id) {
            Ok(claims) => ProofVerdict::Accepted(ProofClaims::new(claims.exit_code, claims.public_values)),
            Err(reason) => ProofVerdict::Rejected(reason),
        };
        Ok(VerifiedProof { verdict, verify_ms: milliseconds(start), setup_ms })
    }

    fn recover(&mut self) {
        // Lookup tables count what was looked up until a trace takes the counts; a panic may leave some behind.
        self.machines = [const { None }; _];
    }
}

fn not_proved(reason: &ProveError) -> RunnerError {
    let kind = match reason {
        ProveError::Interrupted => ErrorKind::Cancelled,
        ProveError::TooLong { .. } => ErrorKind::Limit,
        ProveError::Setup(_)
        | ProveError::Preflight { .. }
        | ProveError::Refused { .. }
        | ProveError::Prover { .. } => ErrorKind::Sdk,
    };
    error(kind, reason.to_string())
}

fn unsupported(reason: &LoadError) -> RunnerError {
    let mut message = reason.to_string();
    if let LoadError::Word { word, .. } = reason
        && let Err(why) = decode(*word, Isa::RV32IM_OPENVM)
    {
        message = format!("{message} ({why})");
    }
    error(ErrorKind::UnsupportedGuest, message)
}
