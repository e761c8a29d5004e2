//! The reference machine as a backend, in this process.
//!
//! The machine has no clock, so the wall limit and cancellation are watched from its pauses (and from each record of a
//! traced run). A guest cannot harm this process: the machine is safe code with a limit on everything.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter},
    ops::ControlFlow,
    time::Instant,
};

use assay_accelerators::compute;
use assay_guest::{Elf, Guest, Program};
use assay_machine::{
    Accelerators, Config, DEFAULT_INPUT_BASE, End, Fault, Image, InstructionEvent, LoadError, Observer, Permissions,
    Recorder, Records, Run, Segment, UnalignedSites,
};
use assay_spec::{
    Capability, GuestLimits, MicroOp, Outcome, Platform, Register, RunReport, RunnerDescription, Status, UnalignedSite,
    Word,
    protocol::RecordSelection,
    trace::{BusSummary, TraceSummary},
};
use assay_trace::JsonlWriter;

use crate::{
    backend::{
        Backend, BackendError, Job, Limits, ProgressCallback, ProveRun, TraceOptions, TraceRun, milliseconds, outcome,
        proof_kind, records_folder, records_path,
    },
    cancel::CancelToken,
    supervisor::CapturedOutput,
};

/// The reference machine.
#[derive(Debug)]
pub struct Reference {
    description: RunnerDescription,
    faults: Vec<Fault>,
    input_base: u64,
    unaligned_sites: bool,
    cancel: CancelToken,
    captured: CapturedOutput,
}

impl Reference {
    /// Name of the backend.
    pub const NAME: &'static str = "reference";

    /// Name of the backend with planted faults, so that no outcome of a wrong machine passes for a right one.
    pub const FAULTY_NAME: &'static str = "reference+fault";

    /// The machine as it should be.
    pub fn new(cancel: CancelToken) -> Self {
        Self {
            description: description(Self::NAME, Vec::new()),
            faults: Vec::new(),
            input_base: DEFAULT_INPUT_BASE,
            unaligned_sites: false,
            cancel,
            captured: CapturedOutput::default(),
        }
    }

    /// A machine that is wrong on purpose, **for tests of Assay itself**. Without faults, the machine as it should be.
    pub fn with_faults(faults: Vec<Fault>, cancel: CancelToken) -> Self {
        let mut machine = Self::new(cancel);
        if !faults.is_empty() {
            let notes = faults.iter().map(|fault| format!("planted fault: {fault}")).collect();
            machine.description = description(Self::FAULTY_NAME, notes);
            machine.faults = faults;
        }
        machine
    }

    /// What carries out the accelerators of the `standard` platform.
    pub const ACCELERATORS: Accelerators = Accelerators(compute);

    /// The same, and outcomes of runs that are not traced say which instructions made misaligned accesses. It takes about as
    /// long as a trace.
    #[must_use]
    pub fn with_unaligned_sites(mut self) -> Self {
        self.unaligned_sites = true;
        self
    }

    /// The same with the input buffer of the `standard` platform at another address.
    #[must_use]
    pub fn with_input_base(mut self, input_base: u64) -> Self {
        self.input_base = input_base;
        self
    }

    fn config(&self, program: &Program, platform: Platform, limits: &Limits) -> Config {
        Config {
            max_steps: limits.max_steps,
            memory_limit_bytes: limits.memory_limit_bytes,
            output_limit_bytes: limits.output_limit_bytes,
            input_base: self.input_base,
            accelerators: Some(Self::ACCELERATORS),
            faults: self.faults.clone(),
            ..Config::new(program.isa, platform)
        }
    }

    /// Runs the machine and turns what it says into an outcome.
    fn run<O: Observer>(
        &self,
        job: &Job<'_>,
        watch: &Watch,
        machine: impl FnOnce(&Image, &Config) -> (Result<Run, LoadError>, O),
    ) -> Result<(Outcome, O), BackendError> {
        let program =
            job.guest.program.as_ref().ok_or_else(|| BackendError::NoHart { guest: job.guest.name.clone() })?;
        let started = Instant::now();
        let (run, observer) = machine(&image(&program.parsed), &self.config(program, job.guest.platform, job.limits));
        let elapsed_ms = milliseconds(started.elapsed());
        if self.cancel.is_cancelled() {
            return Err(BackendError::Cancelled);
        }
        let mut report = match run {
            Ok(run) => report(run, job.limits, watch),
            // A limit of ours says nothing about what the machine supports.
            Err(error @ LoadError::MemoryLimit { .. }) => {
                RunReport::new(Status::OutOfMemory).with_message(error.to_string())
            }
            Err(error) => RunReport::new(Status::Unsupported).with_message(error.to_string()),
        };
        report.execute_ms = Some(elapsed_ms);
        Ok((outcome(self.id(job.guest), job, None, report, elapsed_ms), observer))
    }
}

impl Backend for Reference {
    fn description(&self) -> &RunnerDescription {
        &self.description
    }

    fn execute(&mut self, job: &Job<'_>) -> Result<Outcome, BackendError> {
        let watch = Watch::new(job.limits, self.cancel.clone());
        if self.unaligned_sites {
            let (mut outcome, sites) = self.run(job, &watch, |image, config| {
                let mut sites = Sites { watch: &watch, counted: UnalignedSites::default(), seen: 0 };
                (assay_machine::run(image, job.input, config, &mut sites), sites)
            })?;
            let counts = sites.counted.counts().iter();
            let sites = counts.map(|(&pc, &accesses)| UnalignedSite { pc: Word(pc), accesses });
            outcome.run.unaligned_sites = Some(sites.collect());
            return Ok(outcome);
        }
        let (outcome, _) = self.run(job, &watch, |image, config| {
            let mut pauses = Pauses { watch: &watch, calls: 0, looked_at: 0 };
            (assay_machine::run(image, job.input, config, &mut pauses), pauses)
        })?;
        Ok(outcome)
    }

    fn trace(&mut self, job: &Job<'_>, options: &TraceOptions) -> Result<TraceRun, BackendError> {
        let folder = records_folder(options)?;
        let path = records_path(&folder);
        let file = File::create_new(&path).map_err(BackendError::io(&path))?;
        let watch = Watch::new(job.limits, self.cancel.clone());
        let mut tape = Tape::new(file, options.max_records);
        let records = match options.records {
            RecordSelection::All => Records::All,
            RecordSelection::Instructions => Records::Instructions,
        };
        let (outcome, _) = self.run(job, &watch, |image, config| {
            let mut sink = |record: MicroOp| tape.take(&record, &watch);
            let mut recorder = Recorder::new(&mut sink, records);
            let run = assay_machine::run(image, job.input, config, &mut recorder);
            (run, assay_machine::Unobserved)
        })?;
        let summary = tape.finish().map_err(BackendError::io(&path))?;
        Ok(TraceRun::new(outcome, summary, folder))
    }

    fn prove(&mut self, _: &Job<'_>, kind: Option<&str>) -> Result<ProveRun, BackendError> {
        Err(proof_kind(&self.description, kind).expect_err("the reference machine has no proof kinds"))
    }

    fn identify(&mut self, _: &Guest, kind: &str, _: &Limits) -> Result<String, BackendError> {
        Err(proof_kind(&self.description, Some(kind)).expect_err("the reference machine has no proof kinds"))
    }

    fn captured(&self) -> &CapturedOutput {
        &self.captured
    }

    fn on_progress(&mut self, _: ProgressCallback) {}
}

fn description(name: &str, notes: Vec<String>) -> RunnerDescription {
    RunnerDescription {
        name: name.to_owned(),
        sdk_version: env!("CARGO_PKG_VERSION").to_owned(),
        platforms: Platform::ALL.to_vec(),
        isa: "rv32im, rv64im, rv32ima_zifencei, rv64ima_zifencei".to_owned(),
        capabilities: vec![Capability::Execute, Capability::TraceInstructions, Capability::TraceInteractions],
        proof_kinds: Vec::new(),
        limits: GuestLimits { misaligned_access: true, ..GuestLimits::default() },
        notes,
    }
}

/// The executable as the machine loads it.
pub fn image(parsed: &Elf) -> Image {
    let segments = parsed.segments.iter().map(|segment| Segment {
        address: segment.address,
        bytes: segment.bytes.clone(),
        size: segment.memory_size,
        permissions: Permissions {
            read: segment.flags.read,
            write: segment.flags.write,
            execute: segment.flags.execute,
        },
    });
    Image { entry: parsed.entry, segments: segments.collect() }
}

fn report(run: Run, limits: &Limits, watch: &Watch) -> RunReport {
    let mut report = match run.end {
        End::Halted { exit_code } => {
            let status = if exit_code == 0 { Status::Ok } else { Status::Failed };
            RunReport { exit_code: Some(exit_code), ..RunReport::new(status) }
        }
        End::Trap { trap, message } => {
            RunReport { trap: Some(trap), ..RunReport::new(Status::Trap) }.with_message(message)
        }
        End::Panicked { message } => RunReport::new(Status::Panic).with_message(message),
        End::Unsupported { message } => RunReport::new(Status::Unsupported).with_message(message),
        End::StepLimit => RunReport::new(Status::Timeout)
            .with_message(format!("the guest did not end within {} instructions", limits.max_steps)),
        End::MemoryLimit => RunReport::new(Status::OutOfMemory)
            .with_message(format!("the guest needs more than {} bytes of memory", limits.memory_limit_bytes)),
        End::OutputLimit => RunReport::new(Status::OutputLimit)
            .with_message(format!("the guest wrote more than {} bytes of public output", limits.output_limit_bytes)),
        End::Stopped => RunReport::new(Status::Timeout)
            .with_message(format!("the guest did not end within {:.3} s", watch.wall.as_secs_f64())),
    };
    let registers = Register::all().zip(run.registers).map(|(register, value)| (register, Word(value)));
    report.registers = Some(registers.collect());
    report.output = run.output.into();
    report.instructions = Some(run.instructions);
    report.unaligned_accesses = Some(run.unaligned_accesses);
    report.guest_log = (!run.log.is_empty()).then(|| String::from_utf8_lossy(&run.log).into_owned());
    report
}

/// The clock and the cancel token that the machine has not.
struct Watch {
    wall: std::time::Duration,
    started: Instant,
    cancel: CancelToken,
}

impl Watch {
    fn new(limits: &Limits, cancel: CancelToken) -> Self {
        Self { wall: limits.wall, started: Instant::now(), cancel }
    }

    fn look(&self) -> ControlFlow<()> {
        if self.cancel.is_cancelled() || self.started.elapsed() >= self.wall {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// Watches a run that is not recorded. Looking costs about as much as some ten instructions, so it is done once in so
/// many instructions or pauses: guests that leave the machine's fast loop all the time pause all the time.
struct Pauses<'a> {
    watch: &'a Watch,
    calls: u32,
    looked_at: u64,
}

const LOOK_EVERY_PAUSES: u32 = 256;
const LOOK_EVERY_STEPS: u64 = 1 << 20;

impl Observer for Pauses<'_> {
    const ACTIVE: bool = false;
    const PAUSE_STEPS: u64 = LOOK_EVERY_STEPS;

    fn instruction(&mut self, _: &InstructionEvent<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn pause(&mut self, instructions: u64) -> ControlFlow<()> {
        self.calls += 1;
        if self.calls < LOOK_EVERY_PAUSES && instructions - self.looked_at < LOOK_EVERY_STEPS {
            return ControlFlow::Continue(());
        }
        self.calls = 0;
        self.looked_at = instructions;
        self.watch.look()
    }

    fn labour(&mut self) -> ControlFlow<()> {
        self.watch.look()
    }
}

/// Watches a run whose misaligned accesses are counted by instruction.
struct Sites<'a> {
    watch: &'a Watch,
    counted: UnalignedSites,
    seen: u64,
}

impl Observer for Sites<'_> {
    const ACTIVE: bool = true;

    fn instruction(&mut self, event: &InstructionEvent<'_>) -> ControlFlow<()> {
        self.seen += 1;
        if self.seen.is_multiple_of(LOOK_EVERY_RECORDS) {
            self.watch.look()?;
        }
        self.counted.instruction(event)
    }

    fn labour(&mut self) -> ControlFlow<()> {
        self.watch.look()
    }
}

/// The records of a traced run on their way to a file.
struct Tape {
    writer: JsonlWriter<BufWriter<File>>,
    max_records: u64,
    seen: u64,
    summary: TraceSummary,
    buses: BTreeMap<String, u64>,
    failure: Option<io::Error>,
}

const LOOK_EVERY_RECORDS: u64 = 1 << 12;

impl Tape {
    fn new(file: File, max_records: u64) -> Self {
        Self {
            writer: JsonlWriter::new(BufWriter::with_capacity(1 << 16, file)),
            max_records,
            seen: 0,
            summary: TraceSummary::default(),
            buses: BTreeMap::new(),
            failure: None,
        }
    }

    /// Writes a record, up to the limit; the run goes on beyond it for the sake of its outcome.
    fn take(&mut self, record: &MicroOp, watch: &Watch) -> ControlFlow<()> {
        self.seen += 1;
        // A call may have made this process work for long.
        let called = matches!(record, MicroOp::Instruction(instruction) if instruction.mnemonic == "ecall");
        if called || self.seen.is_multiple_of(LOOK_EVERY_RECORDS) {
            watch.look()?;
        }
        if self.writer.records() >= self.max_records {
            self.summary.truncated = true;
            return ControlFlow::Continue(());
        }
        if let Err(error) = self.writer.record(record) {
            self.failure = Some(error);
            return ControlFlow::Break(());
        }
        match record {
            MicroOp::Instruction(_) => self.summary.instructions += 1,
            MicroOp::ChipRow(_) => self.summary.chip_rows += 1,
            MicroOp::Interaction(interaction) => {
                self.summary.interactions += 1;
                match self.buses.get_mut(&interaction.base.bus) {
                    Some(count) => *count += 1,
                    None => drop(self.buses.insert(interaction.base.bus.clone(), 1)),
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn finish(mut self) -> io::Result<TraceSummary> {
        if let Some(error) = self.failure {
            return Err(error);
        }
        self.writer.finish()?;
        let buses = self.buses.into_iter();
        self.summary.buses =
            buses.map(|(bus, interactions)| BusSummary { bus, interactions, unbalanced: None }).collect();
        Ok(self.summary)
    }
}
