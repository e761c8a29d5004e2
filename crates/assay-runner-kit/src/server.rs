//! The loop itself, over any pair of streams.

use std::{
    io::{ErrorKind as IoErrorKind, Read, Write},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use assay_spec::{
    Digest,
    frame::FrameDecoder,
    protocol::{
        Done, ErrorKind, IdentifyRequest, Loaded, PROTOCOL, ProofVerdict, ProveRequest, Proved, Request, RequestFrame,
        RunRequest, RunnerError, TraceRequest, Traced, Verified, VerifyRequest,
    },
};

use crate::{
    context::Context,
    error::error,
    files::{ELF_BYTES_MAX, INPUT_BYTES_MAX, PROOF_BYTES_MAX, read_limited, write_new},
    guests::Guests,
    inbox::{Inbox, Refused, WAITING_REQUESTS_MAX},
    memory,
    outbox::Outbox,
    panic::{Caught, catch},
    records::Records,
    runner::{Proof, Run, Runner, VerifiedProof},
};

/// The id of an answer to a frame whose own id could not be read. Supervisors number requests from 1.
pub const UNREADABLE_ID: u64 = 0;

const READ_BYTES: usize = 64 * 1024;

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The supervisor asked for it.
    Shutdown,
    /// The supervisor is gone.
    EndOfRequests,
    /// A frame claimed more than the cap, or reading failed.
    BrokenStream,
}

/// A loop whose reading thread runs.
pub(crate) struct Server {
    inbox: Arc<Inbox>,
    outbox: Arc<Outbox>,
    broken: Arc<AtomicBool>,
}

impl Server {
    /// Starts to read `requests`. When they end, `at_end` is called on the reading thread, with what runs already
    /// cancelled.
    pub(crate) fn start(
        requests: impl Read + Send + 'static,
        replies: impl Write + Send + 'static,
        at_end: impl FnOnce(&Inbox) + Send + 'static,
    ) -> Self {
        let inbox = Arc::new(Inbox::default());
        let outbox = Arc::new(Outbox::new(replies));
        let broken = Arc::new(AtomicBool::new(false));
        let server = Self { inbox: Arc::clone(&inbox), outbox: Arc::clone(&outbox), broken: Arc::clone(&broken) };
        std::thread::spawn(move || {
            broken.store(!read_requests(requests, &inbox, &outbox), Ordering::SeqCst);
            inbox.close();
            at_end(&inbox);
        });
        server
    }

    /// Serves requests on this thread until they end.
    pub(crate) fn run<R: Runner>(&self, runner: R) -> Ended {
        let mut session = Session { runner, guests: Guests::default(), greeted: false };
        while let Some(job) = self.inbox.next() {
            let RequestFrame { id, request } = job.frame;
            let shutdown = session.greeted && request == Request::Shutdown;
            let cx = Context::new(id, Some(&self.outbox), &job.cancel);
            self.outbox.answer(id, session.answer(request, &cx));
            if shutdown {
                return Ended::Shutdown;
            }
        }
        if self.broken.load(Ordering::SeqCst) { Ended::BrokenStream } else { Ended::EndOfRequests }
    }
}

/// Moves requests into the inbox until the stream ends; whether it ended at the end of a frame.
fn read_requests(mut stream: impl Read, inbox: &Inbox, outbox: &Outbox) -> bool {
    let mut decoder = FrameDecoder::default();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let length = match stream.read(&mut buffer) {
            Ok(0) => return decoder.pending_bytes() == 0,
            Ok(length) => length,
            Err(reason) if reason.kind() == IoErrorKind::Interrupted => continue,
            Err(_) => return false,
        };
        decoder.push(&buffer[..length]);
        loop {
            match decoder.next_frame() {
                Ok(Some(json)) => take_in(&json, inbox, outbox),
                Ok(None) => break,
                Err(reason) => {
                    outbox.answer(UNREADABLE_ID, Err(error(ErrorKind::Limit, reason.to_string())));
                    return false;
                }
            }
        }
    }
}

fn take_in(json: &[u8], inbox: &Inbox, outbox: &Outbox) {
    let frame: RequestFrame = match serde_json::from_slice(json) {
        Ok(frame) => frame,
        Err(reason) => {
            let message = format!("not a request of {PROTOCOL}: {reason}");
            outbox.answer(id_of(json), Err(error(ErrorKind::BadRequest, message)));
            return;
        }
    };
    let id = frame.id;
    if let Request::Cancel { id: target } = frame.request {
        inbox.cancel(target);
        outbox.answer(id, Ok(Done::Acknowledged));
        return;
    }
    let refusal = match inbox.push(frame) {
        Ok(()) => return,
        Err(Refused::Full) => error(
            ErrorKind::Limit,
            format!("{WAITING_REQUESTS_MAX} requests wait already; send more when some are answered"),
        ),
        Err(Refused::DuplicateId) => {
            error(ErrorKind::BadRequest, format!("request {id} is not answered yet; an id is used once"))
        }
    };
    outbox.answer(id, Err(refusal));
}

/// The id of a frame that is not a request, as far as it has one.
fn id_of(json: &[u8]) -> u64 {
    serde_json::from_slice::<serde_json::Value>(json)
        .ok()
        .and_then(|value| value.get("id")?.as_u64())
        .unwrap_or(UNREADABLE_ID)
}

/// What is kept between requests.
struct Session<R: Runner> {
    runner: R,
    guests: Guests<R::Guest>,
    greeted: bool,
}

impl<R: Runner> Session<R> {
    fn answer(&mut self, request: Request, cx: &Context<'_>) -> Result<Done, RunnerError> {
        cx.check_cancelled()?;
        if !self.greeted && !matches!(request, Request::Hello { .. }) {
            return Err(error(ErrorKind::BadRequest, "the first request must be hello"));
        }
        let verifies = matches!(request, Request::Verify(_));
        match catch(|| self.serve(request, cx)) {
            Ok(answer) => answer,
            Err(panic) => {
                // A runner that cannot even recover is of no more use than a crashed one.
                if catch(|| self.runner.recover()).is_err() {
                    eprintln!("the runner panicked while it recovered from a panic");
                    std::process::abort();
                }
                // A verifier that panics on a proof has not accepted it.
                if verifies { Ok(Done::Verify(rejected(&panic))) } else { Err(panic.into()) }
            }
        }
    }

    fn serve(&mut self, request: Request, cx: &Context<'_>) -> Result<Done, RunnerError> {
        match request {
            Request::Hello { protocol } => self.hello(&protocol),
            Request::Describe => Ok(Done::Describe(self.runner.describe())),
            Request::Load { elf_path } => self.load(&elf_path, cx).map(Done::Load),
            Request::Execute(request) => self.execute(&request, cx),
            Request::Trace(request) => self.trace(&request, cx).map(Done::Trace),
            Request::Prove(request) => self.prove(&request, cx).map(Done::Prove),
            Request::Identify(request) => self.identify(&request, cx),
            Request::Verify(request) => self.verify(&request, cx).map(Done::Verify),
            Request::Cancel { .. } | Request::Shutdown => Ok(Done::Acknowledged),
        }
    }

    fn hello(&mut self, protocol: &str) -> Result<Done, RunnerError> {
        if protocol != PROTOCOL {
            let message = format!(
                "asked for {protocol:?}, but this runner speaks {PROTOCOL}; rebuild it with `assay backend install`"
            );
            return Err(error(ErrorKind::ProtocolVersion, message));
        }
        self.greeted = true;
        Ok(Done::Hello { protocol: PROTOCOL.to_owned() })
    }

    fn load(&mut self, elf_path: &str, cx: &Context<'_>) -> Result<Loaded, RunnerError> {
        let elf = read_limited(elf_path, ELF_BYTES_MAX, "ELF")?;
        let digest = Digest::of(&elf);
        if let Some(loaded) = self.guests.loaded(digest) {
            return Ok(loaded);
        }
        let prepared = self.runner.load(&elf, cx)?;
        Ok(self.guests.insert(digest, prepared))
    }

    fn guest(&mut self, digest: Digest) -> Result<Rc<R::Guest>, RunnerError> {
        self.guests
            .get(digest)
            .ok_or_else(|| error(ErrorKind::UnknownGuest, format!("no guest {digest} is loaded; load its ELF (again)")))
    }

    fn execute(&mut self, request: &RunRequest, cx: &Context<'_>) -> Result<Done, RunnerError> {
        let guest = self.guest(request.guest)?;
        let input = read_input(request)?;
        memory::reset_peak();
        let run = Run { input: &input, max_steps: request.max_steps, cost: request.cost };
        let mut report = self.runner.execute(&guest, &run, cx)?;
        report.peak_memory_bytes = report.peak_memory_bytes.or_else(memory::peak_bytes);
        Ok(Done::Execute(report))
    }

    fn trace(&mut self, request: &TraceRequest, cx: &Context<'_>) -> Result<Traced, RunnerError> {
        let guest = self.guest(request.run.guest)?;
        let input = read_input(&request.run)?;
        memory::reset_peak();
        let mut records = Records::create(&request.records_path, request.max_records)?;
        let run = Run { input: &input, max_steps: request.run.max_steps, cost: request.run.cost };
        let traced = self.runner.trace(&guest, &run, request.records, &mut records, cx);
        let finished = traced.and_then(|(mut run, mut summary)| {
            records.finish(&mut summary)?;
            run.peak_memory_bytes = run.peak_memory_bytes.or_else(memory::peak_bytes);
            Ok(Traced { run, summary })
        });
        // Half a trace that no answer speaks of helps nobody; that it cannot be removed changes nothing.
        finished.inspect_err(|_| drop(std::fs::remove_file(&request.records_path)))
    }

    fn prove(&mut self, request: &ProveRequest, cx: &Context<'_>) -> Result<Proved, RunnerError> {
        self.check_kind(&request.kind)?;
        let guest = self.guest(request.run.guest)?;
        let input = read_input(&request.run)?;
        memory::reset_peak();
        let cpu = memory::cpu_time();
        let run = Run { input: &input, max_steps: request.run.max_steps, cost: request.run.cost };
        let (mut run, proof) = self.runner.prove(&guest, &run, &request.kind, cx)?;
        run.peak_memory_bytes = run.peak_memory_bytes.or_else(memory::peak_bytes);
        let proof = match proof {
            None => None,
            Some(Proof { bytes, mut facts }) => {
                write_new(&request.proof_path, &bytes, PROOF_BYTES_MAX, "proof")?;
                facts.cpu_ms = milliseconds(memory::cpu_time().saturating_sub(cpu));
                Some(facts)
            }
        };
        Ok(Proved { run, proof })
    }

    fn identify(&mut self, request: &IdentifyRequest, cx: &Context<'_>) -> Result<Done, RunnerError> {
        self.check_kind(&request.kind)?;
        let guest = self.guest(request.guest)?;
        let image_id = self.runner.identify(&guest, &request.kind, cx)?;
        Ok(Done::Identify { image_id })
    }

    fn verify(&mut self, request: &VerifyRequest, cx: &Context<'_>) -> Result<Verified, RunnerError> {
        self.check_kind(&request.kind)?;
        let proof = read_limited(&request.proof_path, PROOF_BYTES_MAX, "proof")?;
        memory::reset_peak();
        let VerifiedProof { verdict, verify_ms, setup_ms } =
            self.runner.verify(&proof, &request.kind, &request.image_id, cx)?;
        Ok(Verified { verdict, verify_ms, setup_ms, peak_memory_bytes: memory::peak_bytes() })
    }

    /// A proof kind that the runner does not describe is nothing to hand on to it.
    fn check_kind(&self, kind: &str) -> Result<(), RunnerError> {
        let known = self.runner.describe().proof_kinds;
        if known.iter().any(|known| known.name == kind) {
            return Ok(());
        }
        let names: Vec<_> = known.iter().map(|known| known.name.as_str()).collect();
        let message = match names.as_slice() {
            [] => "this runner neither proves nor verifies".to_owned(),
            names => format!("there is no proof kind {kind:?}; this runner has {}", names.join(", ")),
        };
        Err(error(ErrorKind::BadRequest, message))
    }
}

fn rejected(panic: &Caught) -> Verified {
    let said = format!("the zkVM's verifier panicked: {} (at {})", panic.message, panic.location);
    let verdict = ProofVerdict::Rejected(said);
    Verified { verdict, verify_ms: 0.0, setup_ms: 0.0, peak_memory_bytes: memory::peak_bytes() }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn read_input(request: &RunRequest) -> Result<Vec<u8>, RunnerError> {
    request.input_path.as_deref().map_or(Ok(Vec::new()), |path| read_limited(path, INPUT_BYTES_MAX, "input"))
}

#[cfg(test)]
mod tests;
