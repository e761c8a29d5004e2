//! One run of a guest on RISC Zero's executor, short or long.
//!
//! The executor says how a run ended and little more: no count of the guest's own instructions, no registers, no address
//! of a trap. Its trace events say all of that, at a fifth of the speed. So a run is watched up to [`WATCHED_INSTRUCTIONS`],
//! which is all of most runs, and one that is longer is begun again without being watched. Where such a long run traps, or
//! comes near a limit that can be kept exactly, it is watched after all; runs are repeatable, so it ends in the same place.

use std::{
    cell::RefCell,
    collections::HashSet,
    rc::Rc,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    time::Duration,
};

use assay_runner_kit::{Context, error};
use assay_spec::protocol::{ErrorKind, RunnerError};
use risc0_circuit_rv32im::{
    MAX_INSN_CYCLES, MAX_INSN_CYCLES_LOWER_PO2,
    execute::{CycleLimit, Executor, ExecutorResult, PAGE_BYTES, REG_MAX, Segment},
    trace::{TraceCallback, TraceEvent},
};
use risc0_zkp::core::digest::Digest;

use crate::{
    guest::Guest,
    host::{Host, Written},
    report::PAUSE,
    stop::Stop,
    trap,
    watch::{Bounds, Deaf, Sink, Watch},
};

/// Binary logarithm of the most rows of a segment. RISC Zero's default of 20 takes some 10 GiB to prove; this takes a
/// quarter and wastes a tenth. The last segment of a run is as small as it can be, so that short runs do not depend on it.
pub(crate) const SEGMENT_LIMIT_PO2: usize = 18;

/// Most instructions of a run that is watched.
pub(crate) const WATCHED_INSTRUCTIONS: u64 = 1 << 20;

/// Most cycles, the kernel's included, of a run that is watched.
const WATCHED_CYCLES: u64 = 1 << 22;

/// Greatest limit of instructions that is kept exactly, by watching a run that comes near it after all; a greater one counts
/// the executor's cycles. Watching so many takes some two seconds.
pub(crate) const EXACT_STEPS_MAX: u64 = 1 << 24;

/// Most cycles, the kernel's included, of a run within a limit that is kept exactly.
pub(crate) const EXACT_CYCLES: u64 = 4 * EXACT_STEPS_MAX;

/// Most memory that a guest may touch, in bytes.
pub(crate) const MEMORY_BYTES_MAX: u64 = 1 << 30;

/// Most segments that are kept for proving.
pub(crate) const SEGMENTS_MAX: usize = 1024;

/// How often a long run is looked after.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// How a run ended.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// The guest gave a halt type and an exit code.
    Halted {
        /// 0 to terminate, 1 to pause; others do not exist, but the executor takes them.
        halt_type: u16,
        /// The guest's own.
        exit_code: u16,
    },
    /// The executor stopped with an error of its own; where, if the run was watched.
    Error {
        /// What it says.
        text: String,
        /// Where it was.
        at: Option<trap::Place>,
    },
    /// This runner stopped it.
    Stopped(Stop),
    /// More cycles were executed than the limit of instructions allows for.
    CycleLimit,
}

/// What a run did.
#[derive(Debug)]
pub(crate) struct Execution {
    /// How it ended.
    pub(crate) end: End,
    /// What it wrote.
    pub(crate) written: Written,
    /// The output digest that the guest halted with.
    pub(crate) output_digest: Digest,
    /// The guest's registers at the end, if the run was watched.
    pub(crate) registers: Option<[u32; REG_MAX]>,
    /// The guest's instructions, if the run was watched.
    pub(crate) instructions: Option<u64>,
    /// Address of the last instruction, if the run was watched.
    pub(crate) last_pc: Option<u32>,
    /// What the executor says of a run that it ended itself.
    pub(crate) session: Option<Session>,
}

/// What proving a run takes.
#[derive(Debug)]
pub(crate) struct Session {
    /// User cycles in RISC Zero's sense: of guest, kernel and calls, without paging and padding.
    pub(crate) user_cycles: u64,
    /// Rows of all segments.
    pub(crate) total_cycles: u64,
    /// Per segment: binary logarithm of its rows, and its user cycles.
    pub(crate) sizes: Vec<(u32, u64)>,
    /// The segments, if they were to be kept.
    pub(crate) segments: Vec<Segment>,
}

/// What is asked of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Want {
    /// Most instructions.
    pub(crate) max_steps: u64,
    /// What proving takes, which is said only if the executor ends the run itself.
    pub(crate) session: bool,
    /// The segments themselves, and how large they and memory may be.
    pub(crate) keep: Keep,
}

/// Executes `guest`.
pub(crate) fn execute(guest: &Guest, input: &[u8], want: Want, cx: &Context<'_>) -> Result<Execution, RunnerError> {
    let keep = want.keep;
    let stop_at_halt = !(want.session || keep.segments);
    let watch = |max_steps, watched, limit| {
        let bounds = Bounds { max_steps, watched, stop_at_halt };
        Ok(self::watched(guest, input, bounds, limit, keep, Deaf, cx)?.0)
    };
    let exactly = || watch(want.max_steps, u64::MAX, CycleLimit::Hard(EXACT_CYCLES));
    let may_be_exact = want.max_steps <= EXACT_STEPS_MAX;

    let execution: Execution = watch(want.max_steps, WATCHED_INSTRUCTIONS, CycleLimit::Hard(WATCHED_CYCLES))?;
    match &execution.end {
        End::CycleLimit if may_be_exact => return exactly(),
        End::CycleLimit | End::Stopped(Stop::Watched) => {}
        _ => return Ok(execution),
    }
    let execution = unwatched(guest, input, want, keep, cx)?;
    match execution.end {
        End::CycleLimit if may_be_exact => exactly(),
        End::Error { .. } => watch(u64::MAX, u64::MAX, CycleLimit::None),
        End::Halted { halt_type, .. } if halt_type > PAUSE => watch(u64::MAX, u64::MAX, CycleLimit::None),
        _ => Ok(execution),
    }
}

/// Executes `guest` with `sink` hearing of each instruction, within `bounds`.
pub(crate) fn watched<S: Sink>(
    guest: &Guest,
    input: &[u8],
    bounds: Bounds,
    limit: CycleLimit,
    keep: Keep,
    sink: S,
    cx: &Context<'_>,
) -> Result<(Execution, S), RunnerError> {
    let cancel = AtomicBool::new(false);
    let host = Host::new(input, &cancel);
    let watch = Rc::new(RefCell::new(Watch::new(sink, bounds, cx)));
    let ledger = Ledger::new(keep, &cancel);
    let ran = {
        let watch = Rc::clone(&watch);
        let callback = move |event: TraceEvent| watch.borrow_mut().event(&event);
        run(guest, &host, Some(Rc::new(RefCell::new(callback))), limit, &ledger, None)
    };
    let mut watch = Rc::into_inner(watch).expect("the executor is gone").into_inner();
    let (end, session, output_digest) = match ran {
        Ok(result) => finished(&result, ledger),
        Err(reason) => {
            let end = match end_of(reason)? {
                End::Stopped(Stop::Halted) => halted(watch.terminating_a0()),
                End::Error { text, .. } => {
                    let at = trap::place(&text, &mut watch).map_err(|stop| not_a_run(&stop))?;
                    End::Error { text, at: Some(at) }
                }
                end => end,
            };
            (end, None, watch.output_digest())
        }
    };
    let execution = Execution {
        end,
        written: host.written(),
        output_digest,
        registers: Some(*watch.registers()),
        instructions: Some(watch.retired()),
        last_pc: watch.last_pc(),
        session,
    };
    Ok((execution, watch.into_sink()))
}

/// Executes `guest` as fast as the executor can, on a thread of its own: this one looks after cancelling and progress.
fn unwatched(guest: &Guest, input: &[u8], want: Want, keep: Keep, cx: &Context<'_>) -> Result<Execution, RunnerError> {
    let cancel = AtomicBool::new(false);
    let limit = want.max_steps;
    std::thread::scope(|scope| {
        let (progress, said) = mpsc::channel();
        let cancel = &cancel;
        let runs = scope.spawn(move || {
            let host = Host::new(input, cancel);
            let ledger = Ledger::new(keep, cancel);
            let ran = run(guest, &host, None, CycleLimit::Hard(limit), &ledger, Some(progress));
            (ran.map(|result| finished(&result, ledger)), host.written())
        });
        let mut cycles = 0;
        loop {
            match said.recv_timeout(LOOK_INTERVAL) {
                Ok(more) => cycles += more,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            cx.progress("execute", cycles, None);
            if cx.cancelled() {
                cancel.store(true, Ordering::Relaxed);
            }
        }
        let (ran, written) = runs.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let (end, session, output_digest) = match ran {
            Ok(finished) => finished,
            Err(reason) => (end_of(reason)?, None, Digest::ZERO),
        };
        Ok(Execution { end, written, output_digest, registers: None, instructions: None, last_pc: None, session })
    })
}

/// The one call of the executor.
fn run<'t>(
    guest: &Guest,
    host: &Host<'_>,
    trace: Option<Rc<RefCell<dyn TraceCallback + 't>>>,
    limit: CycleLimit,
    ledger: &Ledger<'_>,
    progress: Option<Sender<u64>>,
) -> anyhow::Result<ExecutorResult> {
    let limit_po2 = ledger.keep.limit_po2;
    // As the SDK has it (`risc0-circuit-rv32im` 4.0.5, `execute/segment.rs`): what a segment keeps free for one instruction.
    let instruction_cycles = if limit_po2 >= 15 { MAX_INSN_CYCLES } else { MAX_INSN_CYCLES_LOWER_PO2 };
    Executor::new(guest.image.clone(), host, None, trace.into_iter().collect(), None).run(
        limit_po2,
        instruction_cycles,
        limit,
        move |segment| {
            if let Some(progress) = &progress {
                // Nobody listens any more once the request is given up.
                let _ = progress.send(segment.suspend_cycle.into());
            }
            Ok(ledger.enter(segment)?)
        },
    )
}

/// What is done with segments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keep {
    /// Whether they are kept.
    pub(crate) segments: bool,
    /// Most memory that they may touch together, in bytes. It is looked at between segments.
    pub(crate) memory_limit_bytes: u64,
    /// Binary logarithm of the most rows of one.
    pub(crate) limit_po2: usize,
}

impl Default for Keep {
    fn default() -> Self {
        Self { segments: false, memory_limit_bytes: MEMORY_BYTES_MAX, limit_po2: SEGMENT_LIMIT_PO2 }
    }
}

/// What becomes of segments, which the executor hands over on a thread of its own.
struct Ledger<'a> {
    keep: Keep,
    cancel: &'a AtomicBool,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    sizes: Vec<(u32, u64)>,
    segments: Vec<Segment>,
    pages: HashSet<u32>,
}

impl<'a> Ledger<'a> {
    fn new(keep: Keep, cancel: &'a AtomicBool) -> Self {
        Self { keep, cancel, entries: Mutex::default() }
    }

    fn enter(&self, segment: Segment) -> Result<(), Stop> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(Stop::Cancelled);
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.sizes.push((segment.po2, segment.suspend_cycle.into()));
        // A segment touches few pages, for each costs cycles: so this is where a memory bomb is seen in time.
        entries.pages.extend(segment.partial_image.get_page_indexes());
        if (entries.pages.len() * PAGE_BYTES) as u64 > self.keep.memory_limit_bytes {
            return Err(Stop::MemoryLimit(self.keep.memory_limit_bytes));
        }
        if self.keep.segments {
            if entries.segments.len() >= SEGMENTS_MAX {
                return Err(Stop::SegmentLimit(SEGMENTS_MAX));
            }
            entries.segments.push(segment);
        }
        Ok(())
    }
}

fn finished(result: &ExecutorResult, ledger: Ledger<'_>) -> (End, Option<Session>, Digest) {
    let Entries { sizes, segments, .. } = ledger.entries.into_inner().unwrap_or_else(PoisonError::into_inner);
    let session = Session { user_cycles: result.user_cycles, total_cycles: result.total_cycles, sizes, segments };
    let state =
        result.claim.terminate_state.expect("the executor ends without an error at the kernel's terminate only");
    (halted(state.a0.into()), Some(session), result.claim.output.unwrap_or_default())
}

/// a0 of the kernel's terminate: the exit code above the halt type.
fn halted(a0: u32) -> End {
    End::Halted { halt_type: a0 as u16, exit_code: (a0 >> 16) as u16 }
}

fn end_of(reason: anyhow::Error) -> Result<End, RunnerError> {
    match reason.downcast::<Stop>() {
        Ok(stop @ (Stop::Cancelled | Stop::Records(_) | Stop::SegmentLimit(_))) => Err(not_a_run(&stop)),
        Ok(stop) => Ok(End::Stopped(stop)),
        Err(reason) => {
            let text = format!("{reason:#}");
            Ok(if text.starts_with("Session limit exceeded") { End::CycleLimit } else { End::Error { text, at: None } })
        }
    }
}

/// The answer where nothing can be said of the run.
fn not_a_run(stop: &Stop) -> RunnerError {
    match stop {
        Stop::Cancelled => error(ErrorKind::Cancelled, stop.to_string()),
        Stop::Records(reason) => reason.clone(),
        _ => error(ErrorKind::Limit, stop.to_string()),
    }
}
