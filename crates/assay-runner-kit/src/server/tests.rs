//! The loop with a runner that does what its guest (a word of text) says, over pipes.

use std::{
    collections::BTreeMap,
    io::{PipeReader, PipeWriter, pipe},
    path::Path,
    sync::mpsc,
    thread::JoinHandle,
    time::Duration,
};

use assay_spec::{
    Capability, GuestLimits, MicroOp, Platform, RunReport, RunnerDescription, Status, Word, frame,
    protocol::{RecordSelection, Reply, ReplyFrame},
    receipt::{ProofClaims, ProofFacts, ProofKind, Security},
    trace::{InstructionRecord, TraceSummary},
};
use tempfile::TempDir;

use super::*;
use crate::{guests::GUESTS_MAX, runner::Prepared};

struct Obedient {
    recovered: u64,
}

impl Runner for Obedient {
    type Guest = String;

    fn describe(&self) -> RunnerDescription {
        RunnerDescription {
            name: "obedient".into(),
            sdk_version: "1".into(),
            platforms: vec![Platform::Standard],
            isa: "rv32im".into(),
            capabilities: vec![Capability::Execute],
            proof_kinds: vec![ProofKind {
                name: "whole".into(),
                security: Security { secure: true, bits: None, basis: "a test".into(), parameters: BTreeMap::new() },
            }],
            limits: GuestLimits::default(),
            notes: Vec::new(),
        }
    }

    fn load(&mut self, elf: &[u8], _: &Context<'_>) -> Result<Prepared<String>, RunnerError> {
        let guest = String::from_utf8(elf.to_vec()).map_err(|e| error(ErrorKind::UnsupportedGuest, e.to_string()))?;
        Ok(Prepared { guest, image_id: None, instructions: self.recovered })
    }

    fn execute(&mut self, guest: &String, run: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError> {
        match guest.as_str() {
            "panic" => panic!("at the disco"),
            "pool panic" => {
                let thread = std::thread::spawn(|| panic!("in the pool"));
                std::panic::resume_unwind(thread.join().unwrap_err());
            }
            "long output" => {
                let mut report = RunReport::new(Status::Ok);
                report.output = vec![0; frame::FRAME_BYTES_MAX].into();
                return Ok(report);
            }
            "until cancelled" => loop {
                cx.progress("waiting", 0, None);
                cx.check_cancelled()?;
                std::thread::yield_now();
            },
            "chatty" => (0..1000).for_each(|n| cx.progress("chat", n, Some(1000))),
            _ => {}
        }
        let mut report = RunReport::new(Status::Ok);
        report.output = run.input.to_vec().into();
        report.instructions = Some(self.recovered);
        Ok(report)
    }

    fn trace(
        &mut self,
        guest: &String,
        run: &Run<'_>,
        _: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        for step in 0..3 {
            records.push(&MicroOp::Instruction(InstructionRecord {
                seq: records.next_seq(),
                step,
                pc: Word(step * 4),
                next_pc: Word(step * 4 + 4),
                word: None,
                opcode: 0,
                mnemonic: "nop".into(),
                operands: Vec::new(),
                timestamp: 0,
                next_timestamp: 0,
                rd: None,
                mem: None,
            }))?;
        }
        Ok((self.execute(guest, run, cx)?, TraceSummary::default()))
    }

    fn prove(
        &mut self,
        guest: &String,
        _: &Run<'_>,
        _: &str,
        _: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        let proof = (guest != "unprovable").then(|| {
            let claims = ProofClaims::new(0, vec![1]);
            let facts = ProofFacts {
                image_id: "id".into(),
                encoding: "text".into(),
                claims,
                segments: 1,
                prove_ms: 1.0,
                setup_ms: 0.0,
                cpu_ms: 0.0,
            };
            Proof { bytes: guest.clone().into_bytes(), facts }
        });
        Ok((RunReport::new(Status::Ok), proof))
    }

    fn identify(&mut self, _: &String, _: &str, _: &Context<'_>) -> Result<String, RunnerError> {
        Ok("id".into())
    }

    fn verify(&mut self, proof: &[u8], _: &str, id: &str, _: &Context<'_>) -> Result<VerifiedProof, RunnerError> {
        assert_ne!(proof, b"", "an empty proof");
        let verdict = match (proof, id) {
            (b"plain", "id") => ProofVerdict::Accepted(ProofClaims::new(0, vec![1])),
            _ => ProofVerdict::Rejected("no".into()),
        };
        Ok(VerifiedProof { verdict, verify_ms: 1.0, setup_ms: 1.0 })
    }

    fn recover(&mut self) {
        self.recovered += 1;
    }
}

/// The supervisor's end.
struct Client {
    requests: Option<PipeWriter>,
    replies: PipeReader,
    decoder: FrameDecoder,
    next_id: u64,
    ended: Option<JoinHandle<Ended>>,
    folder: TempDir,
}

impl Client {
    fn start() -> Self {
        let (their_requests, requests) = pipe().unwrap();
        let (replies, their_replies) = pipe().unwrap();
        let server = Server::start(their_requests, their_replies, |_| {});
        let ended = std::thread::spawn(move || server.run(Obedient { recovered: 0 }));
        let folder = tempfile::tempdir().unwrap();
        Self {
            requests: Some(requests),
            replies,
            decoder: FrameDecoder::default(),
            next_id: 1,
            ended: Some(ended),
            folder,
        }
    }

    fn greeted() -> Self {
        let mut client = Self::start();
        let hello = client.ask(Request::Hello { protocol: PROTOCOL.into() });
        assert_eq!(hello, Ok(Done::Hello { protocol: PROTOCOL.into() }));
        client
    }

    fn write(&mut self, bytes: &[u8]) {
        self.requests.as_mut().unwrap().write_all(bytes).unwrap();
    }

    fn send(&mut self, request: Request) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        self.write(&frame::encode(&RequestFrame { id, request }).unwrap());
        id
    }

    fn receive(&mut self) -> ReplyFrame {
        loop {
            if let Some(json) = self.decoder.next_frame().unwrap() {
                return serde_json::from_slice(&json).unwrap();
            }
            let mut buffer = [0; 4096];
            let length = self.replies.read(&mut buffer).unwrap();
            assert_ne!(length, 0, "the replies ended");
            self.decoder.push(&buffer[..length]);
        }
    }

    fn answer(&mut self, id: u64) -> Result<Done, RunnerError> {
        loop {
            let frame = self.receive();
            assert_eq!(frame.id, id);
            match frame.reply {
                Reply::Progress(_) => {}
                Reply::Done(done) => return Ok(*done),
                Reply::Error(error) => return Err(error),
            }
        }
    }

    fn ask(&mut self, request: Request) -> Result<Done, RunnerError> {
        let id = self.send(request);
        self.answer(id)
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn load(&mut self, guest: &str) -> Digest {
        let elf_path = self.file("guest", guest.as_bytes());
        match self.ask(Request::Load { elf_path }) {
            Ok(Done::Load(loaded)) => loaded.digest,
            other => panic!("{other:?}"),
        }
    }

    fn run(&mut self, guest: &str) -> RunRequest {
        RunRequest { guest: self.load(guest), input_path: None, max_steps: 1, cost: false }
    }

    fn execute(&mut self, guest: &str) -> Result<Done, RunnerError> {
        let run = self.run(guest);
        self.ask(Request::Execute(run))
    }

    fn trace(&mut self, guest: &str, max_records: u64) -> (String, Result<Done, RunnerError>) {
        let records_path = self.folder.path().join("records").to_str().unwrap().to_owned();
        let request = TraceRequest {
            run: self.run(guest),
            records_path: records_path.clone(),
            records: RecordSelection::All,
            max_records,
        };
        (records_path, self.ask(Request::Trace(request)))
    }

    /// How the loop ended, after the request stream did if it was still open.
    fn end(mut self) -> Ended {
        self.requests = None;
        self.ended.take().unwrap().join().unwrap()
    }
}

fn kind(answer: &Result<Done, RunnerError>) -> ErrorKind {
    answer.as_ref().unwrap_err().kind
}

#[test]
fn a_session_from_hello_to_shutdown() {
    let mut client = Client::greeted();
    assert!(matches!(client.ask(Request::Describe), Ok(Done::Describe(d)) if d.name == "obedient"));
    let input_path = Some(client.file("input", b"abc"));
    let request = RunRequest { input_path, ..client.run("plain") };
    let Ok(Done::Execute(report)) = client.ask(Request::Execute(request)) else { panic!("no report") };
    assert_eq!(report.output.0, b"abc");
    assert!(report.peak_memory_bytes.is_some_and(|bytes| bytes > 0));
    assert_eq!(client.ask(Request::Shutdown), Ok(Done::Acknowledged));
    assert_eq!(client.end(), Ended::Shutdown);
}

#[test]
fn hello_comes_first_and_names_this_protocol() {
    let mut client = Client::start();
    assert_eq!(kind(&client.ask(Request::Describe)), ErrorKind::BadRequest);
    assert_eq!(kind(&client.ask(Request::Shutdown)), ErrorKind::BadRequest);
    let other = client.ask(Request::Hello { protocol: "assay.runner/2".into() });
    assert_eq!(kind(&other), ErrorKind::ProtocolVersion);
    assert_eq!(kind(&client.ask(Request::Describe)), ErrorKind::BadRequest);
    assert_eq!(client.end(), Ended::EndOfRequests);
}

#[test]
fn what_is_no_request_is_answered_under_its_own_id_if_it_has_one() {
    let mut client = Client::greeted();
    for (json, id) in [
        (r#"{"id":41,"request":{"type":"fly","data":null}}"#, 41),
        (r#"{"id":42}"#, 42),
        (r#"{"id":-1}"#, UNREADABLE_ID),
        ("[]", UNREADABLE_ID),
        ("", UNREADABLE_ID),
        ("{", UNREADABLE_ID),
    ] {
        let mut bytes = (json.len() as u32).to_le_bytes().to_vec();
        bytes.extend_from_slice(json.as_bytes());
        client.write(&bytes);
        let reply = client.receive();
        assert_eq!(reply.id, id, "{json}");
        assert!(matches!(reply.reply, Reply::Error(e) if e.kind == ErrorKind::BadRequest), "{json}");
    }
    assert!(client.ask(Request::Describe).is_ok());
}

#[test]
fn a_length_above_the_cap_is_answered_and_ends_the_loop() {
    let mut client = Client::greeted();
    client.write(&u32::MAX.to_le_bytes());
    let reply = client.receive();
    assert!(matches!(reply.reply, Reply::Error(e) if e.kind == ErrorKind::Limit));
    assert_eq!(client.end(), Ended::BrokenStream);
}

#[test]
fn a_stream_that_ends_within_a_frame_is_broken() {
    let mut client = Client::greeted();
    client.write(&[9, 0, 0, 0, b'{']);
    assert_eq!(client.end(), Ended::BrokenStream);
}

#[test]
fn unknown_guests_and_missing_files_are_typed() {
    let mut client = Client::greeted();
    let guest = Digest::of(b"nobody");
    let request = RunRequest { guest, input_path: None, max_steps: 1, cost: false };
    assert_eq!(kind(&client.ask(Request::Execute(request))), ErrorKind::UnknownGuest);
    let elf_path = "/nowhere/at/all".to_owned();
    assert_eq!(kind(&client.ask(Request::Load { elf_path })), ErrorKind::Io);
    let input_path = Some("/nowhere/at/all".to_owned());
    let request = RunRequest { input_path, ..client.run("plain") };
    assert_eq!(kind(&client.ask(Request::Execute(request))), ErrorKind::Io);
}

#[test]
fn a_panic_is_an_answer_and_the_next_request_works() {
    let mut client = Client::greeted();
    for (guest, said) in [("panic", "at the disco"), ("pool panic", "in the pool")] {
        let panic = client.execute(guest).unwrap_err();
        assert_eq!(panic.kind, ErrorKind::Panic);
        assert!(panic.message.contains(said) && panic.message.contains("tests.rs"), "{}", panic.message);
        assert!(panic.backtrace.is_some());
    }
    assert!(matches!(client.execute("plain"), Ok(Done::Execute(r)) if r.instructions == Some(2)));
}

/// Asks for a proof of `guest` in the file `path`.
fn prove(client: &mut Client, guest: &str, kind: &str, path: &str) -> Result<Done, RunnerError> {
    let request = ProveRequest { run: client.run(guest), kind: kind.into(), proof_path: path.into() };
    client.ask(Request::Prove(request))
}

fn verify(client: &mut Client, path: &str, image_id: &str) -> ProofVerdict {
    let request = VerifyRequest { proof_path: path.into(), kind: "whole".into(), image_id: image_id.into() };
    match client.ask(Request::Verify(request)) {
        Ok(Done::Verify(verified)) => verified.verdict,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_proof_is_written_to_a_new_file_and_verified_from_it() {
    let mut client = Client::greeted();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proof").to_str().unwrap().to_owned();
    let proved = |done| match done {
        Ok(Done::Prove(proved)) => proved.proof,
        other => panic!("{other:?}"),
    };
    assert!(proved(prove(&mut client, "plain", "whole", &path)).is_some());
    assert_eq!(kind(&prove(&mut client, "plain", "whole", &path)), ErrorKind::Io, "nothing is written over");
    assert!(matches!(verify(&mut client, &path, "id"), ProofVerdict::Accepted(claims) if claims.output.0 == [1]));
    assert_eq!(verify(&mut client, &path, "other"), ProofVerdict::Rejected("no".into()));

    let unproved = folder.path().join("none").to_str().unwrap().to_owned();
    assert_eq!(proved(prove(&mut client, "unprovable", "whole", &unproved)), None);
    assert!(!Path::new(&unproved).exists());
    let error = prove(&mut client, "plain", "half", &unproved).unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadRequest);
    assert!(error.message.contains("whole"), "{}", error.message);
}

#[test]
fn a_verifier_that_panics_has_rejected_the_proof() {
    let mut client = Client::greeted();
    let path = client.file("proof", b"");
    match verify(&mut client, &path, "id") {
        ProofVerdict::Rejected(said) => assert!(said.contains("an empty proof"), "{said}"),
        ProofVerdict::Accepted(claims) => panic!("{claims:?}"),
    }
    assert!(client.execute("plain").is_ok());
}

#[test]
fn a_guest_loaded_again_is_not_transformed_again_until_it_is_dropped() {
    let mut client = Client::greeted();
    let loaded = |client: &mut Client| {
        let elf_path = client.file("guest", b"plain");
        match client.ask(Request::Load { elf_path }) {
            Ok(Done::Load(loaded)) => loaded.instructions,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(loaded(&mut client), 0);
    client.execute("panic").unwrap_err();
    assert_eq!(loaded(&mut client), 0, "still the first transformation");
    for n in 0..GUESTS_MAX {
        client.load(&format!("guest {n}"));
    }
    assert_eq!(loaded(&mut client), 1, "dropped in the meantime");
}

#[test]
fn a_running_request_is_cancelled_and_a_finished_one_is_not_minded() {
    let mut client = Client::greeted();
    let run = client.run("until cancelled");
    let running = client.send(Request::Execute(run));
    assert!(matches!(client.receive().reply, Reply::Progress(_)), "it runs");
    let cancel = client.send(Request::Cancel { id: running });
    let mut open = vec![running, cancel];
    while !open.is_empty() {
        let frame = client.receive();
        match frame.reply {
            Reply::Progress(_) => continue,
            Reply::Done(done) => assert_eq!((frame.id, *done), (cancel, Done::Acknowledged)),
            Reply::Error(e) => assert_eq!((frame.id, e.kind), (running, ErrorKind::Cancelled)),
        }
        open.retain(|id| *id != frame.id);
    }
    assert_eq!(client.ask(Request::Cancel { id: running }), Ok(Done::Acknowledged));
    assert!(client.execute("plain").is_ok());
}

#[test]
fn the_end_of_requests_cancels_what_runs() {
    let mut client = Client::greeted();
    let run = client.run("until cancelled");
    client.send(Request::Execute(run));
    assert!(matches!(client.receive().reply, Reply::Progress(_)), "it runs");
    let (done, is_done) = mpsc::channel();
    std::thread::spawn(move || done.send(client.end()));
    assert_eq!(is_done.recv_timeout(Duration::from_mins(4)), Ok(Ended::EndOfRequests));
}

#[test]
fn progress_within_a_stage_is_rare() {
    let mut client = Client::greeted();
    let run = client.run("chatty");
    let id = client.send(Request::Execute(run));
    let mut progress = 0;
    while let ReplyFrame { reply: Reply::Progress(_), .. } = client.receive() {
        progress += 1;
    }
    assert!((1..500).contains(&progress), "{progress} of 1000 calls for request {id}");
}

#[test]
fn an_answer_longer_than_a_frame_is_a_limit() {
    let mut client = Client::greeted();
    assert_eq!(kind(&client.execute("long output")), ErrorKind::Limit);
}

#[test]
fn too_many_waiting_requests_and_repeated_ids_are_refused() {
    let mut client = Client::greeted();
    let run = client.run("until cancelled");
    let running = client.send(Request::Execute(run));
    assert!(matches!(client.receive().reply, Reply::Progress(_)), "it runs");
    client.write(&frame::encode(&RequestFrame { id: running, request: Request::Describe }).unwrap());
    let first = client.next_id;
    for _ in 0..=WAITING_REQUESTS_MAX {
        client.send(Request::Describe);
    }
    let mut refused = Vec::new();
    while refused.len() < 2 {
        let frame = client.receive();
        if let Reply::Error(error) = frame.reply {
            refused.push((frame.id, error.kind));
        }
    }
    let last = first + WAITING_REQUESTS_MAX as u64;
    assert_eq!(refused, [(running, ErrorKind::BadRequest), (last, ErrorKind::Limit)]);
}

#[test]
fn traces_are_written_cut_at_their_limit_and_never_over_a_file() {
    let mut client = Client::greeted();
    let (path, answer) = client.trace("plain", 2);
    let Ok(Done::Trace(traced)) = answer else { panic!("{answer:?}") };
    assert_eq!((traced.summary.instructions, traced.summary.truncated), (2, true));
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
    let (_, answer) = client.trace("plain", 9);
    assert_eq!(kind(&answer), ErrorKind::Io, "the file is there already");
    std::fs::remove_file(&path).unwrap();
    let (_, answer) = client.trace("plain", 9);
    assert!(matches!(answer, Ok(Done::Trace(t)) if t.summary.instructions == 3 && !t.summary.truncated));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(kind(&client.trace("panic", 9).1), ErrorKind::Panic);
    assert!(Path::new(&path).exists(), "after a panic the file is the supervisor's to remove");
}
