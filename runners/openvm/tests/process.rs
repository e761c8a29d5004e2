//! The runner as a supervisor meets it: a process with two pipes, whose stdout is its own.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; the lint knows only functions that are tests themselves")]

use std::{
    fs::File,
    io::{self, Read, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use assay_guest::{Elf, ElfSegment, SegmentFlags};
use assay_isa::{AssembleOptions, Isa, Xlen, assemble};
use assay_spec::{
    Digest, Status,
    frame::{FrameDecoder, encode},
    protocol::{
        Done, ErrorKind, IdentifyRequest, PROTOCOL, Progress, ProofVerdict, ProveRequest, Reply, ReplyFrame, Request,
        RequestFrame, RunRequest, RunnerError, Verified, VerifyRequest,
    },
};

const BASE: u64 = 0x1000;
const KIND: &str = "app-insecure-fast";

/// A folder that goes when the test does.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        loop {
            let name = format!("assay-openvm-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            match std::fs::create_dir(&path) {
                Ok(()) => return Self(path),
                // Process ids are used again, and one that was killed has left its folders.
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::AlreadyExists, "{error}"),
            }
        }
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

struct Runner {
    child: Child,
    requests: ChildStdin,
    replies: ChildStdout,
    decoder: FrameDecoder,
    next_id: u64,
    progress: Vec<Progress>,
}

impl Runner {
    /// The shell moves the pipes to descriptors 3 and 4, which needs no unsafe code here.
    fn start(stdout: &str) -> Self {
        let mut child = Command::new("sh")
            .args([
                "-c",
                r#"exec "$0" 3<&0 4>&1 0</dev/null 1>"$1""#,
                env!("CARGO_BIN_EXE_assay-runner-openvm"),
                stdout,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (requests, replies) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let decoder = FrameDecoder::default();
        let mut runner = Self { child, requests, replies, decoder, next_id: 1, progress: Vec::new() };
        runner.done(Request::Hello { protocol: PROTOCOL.to_owned() });
        runner
    }

    fn send(&mut self, request: Request) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        self.requests.write_all(&encode(&RequestFrame { id, request }).unwrap()).unwrap();
        id
    }

    fn receive(&mut self) -> ReplyFrame {
        loop {
            if let Some(json) = self.decoder.next_frame().unwrap() {
                return serde_json::from_slice(&json).unwrap();
            }
            let mut buffer = [0; 1 << 13];
            let length = self.replies.read(&mut buffer).unwrap();
            assert_ne!(length, 0, "the runner is gone");
            self.decoder.push(&buffer[..length]);
        }
    }

    /// The answer to the request `id`; what others are answered on the way is passed over.
    fn answer(&mut self, id: u64) -> Result<Done, RunnerError> {
        loop {
            let frame = self.receive();
            match frame.reply {
                Reply::Progress(progress) => self.progress.push(progress),
                Reply::Done(done) if frame.id == id => return Ok(*done),
                Reply::Error(error) if frame.id == id => return Err(error),
                Reply::Done(_) | Reply::Error(_) => {}
            }
        }
    }

    fn done(&mut self, request: Request) -> Done {
        let id = self.send(request);
        self.answer(id).unwrap()
    }

    fn load(&mut self, elf_path: String) -> Digest {
        let Done::Load(loaded) = self.done(Request::Load { elf_path }) else { panic!("loaded") };
        loaded.digest
    }

    fn verify(&mut self, proof_path: String, image_id: &str) -> Verified {
        let request = VerifyRequest { proof_path, kind: KIND.to_owned(), image_id: image_id.to_owned() };
        let Done::Verify(verified) = self.done(Request::Verify(request)) else { panic!("verified") };
        verified
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn elf(source: &str) -> Vec<u8> {
    let bytes = assemble(source, &AssembleOptions::new(Isa::RV32IM_OPENVM, BASE)).unwrap().bytes;
    let memory_size = bytes.len() as u64;
    let segment = ElfSegment { address: BASE, bytes, memory_size, flags: SegmentFlags::RX };
    Elf::new(Xlen::Rv32, BASE, vec![segment]).write().unwrap()
}

fn run(guest: Digest) -> RunRequest {
    RunRequest { guest, input_path: None, max_steps: 1 << 40, cost: false }
}

const HELLO: &str = "
    li x5, 0x400
    li x6, 0x0a636261
    sw x6, 0(x5)
    li x7, 4
    openvm.print_str x5, x7
    openvm.reveal x0, x6, 0
    openvm.terminate 0";

#[test]
fn a_proof_is_made_in_one_process_and_verified_in_another() {
    let folder = Folder::new();
    let stdout = folder.path("stdout");
    let mut one = Runner::start(&stdout);
    let guest = one.load(folder.write("guest", &elf(HELLO)));
    let kind = KIND.to_owned();

    let id = one.send(Request::Prove(ProveRequest {
        run: run(guest),
        kind: kind.clone(),
        proof_path: folder.path("proof"),
    }));
    let Done::Prove(proved) = one.answer(id).unwrap() else { panic!("proved") };
    assert_eq!((proved.run.status, proved.run.guest_log.as_deref()), (Status::Ok, Some("abc\n")));
    let facts = proved.proof.unwrap();
    assert_eq!(facts.segments, 1);
    assert!(one.progress.iter().any(|progress| progress.stage == "proving" && progress.total == Some(1)));
    let Done::Identify { image_id } = one.done(Request::Identify(IdentifyRequest { guest, kind })) else {
        panic!("identified")
    };
    assert_eq!(image_id, facts.image_id);

    let mut another = Runner::start(&stdout);
    let verified = another.verify(folder.path("proof"), &image_id);
    assert_eq!(verified.verdict, ProofVerdict::Accepted(facts.claims.clone()));
    assert_eq!(facts.claims.output.0[..4], *b"abc\n");
    let other = format!("{:064}", 1);
    assert!(matches!(another.verify(folder.path("proof"), &other).verdict, ProofVerdict::Rejected(_)));

    let proof = std::fs::read(folder.path("proof")).unwrap();
    for index in 0..100 {
        let mut flipped = proof.clone();
        flipped[index * proof.len() / 100] ^= 1 << (index % 8);
        let verdict = another.verify(folder.write("flipped", &flipped), &image_id).verdict;
        assert!(matches!(verdict, ProofVerdict::Rejected(_)), "bit {index}: {verdict:?}");
    }
    // And after all of them it still tells a good one.
    assert_eq!(another.verify(folder.path("proof"), &image_id).verdict, ProofVerdict::Accepted(facts.claims));
    assert_eq!(std::fs::read(&stdout).unwrap(), b"", "the runner's stdout is not the guest's");
}

#[test]
fn a_proof_that_is_given_up_leaves_no_file_and_a_runner_that_serves() {
    let folder = Folder::new();
    let mut runner = Runner::start("/dev/null");
    let guest = runner.load(folder.write("guest", &elf(HELLO)));
    let endless = runner.load(folder.write("endless", &elf("1: j 1b")));
    // Given up before its first segment: within one, nothing is asked.
    let proof_path = folder.path("proof");
    let proving = runner.send(Request::Prove(ProveRequest { run: run(endless), kind: KIND.to_owned(), proof_path }));
    while !runner.progress.iter().any(|progress| progress.stage == "execute" && progress.done > 0) {
        let Reply::Progress(progress) = runner.receive().reply else { panic!("an endless run has no answer") };
        runner.progress.push(progress);
    }
    runner.send(Request::Cancel { id: proving });
    assert_eq!(runner.answer(proving).unwrap_err().kind, ErrorKind::Cancelled);
    File::open(folder.path("proof")).unwrap_err();
    let Done::Execute(report) = runner.done(Request::Execute(run(guest))) else { panic!("executed") };
    assert_eq!(report.status, Status::Ok);
}

#[test]
fn a_run_without_an_end_that_can_be_proved_has_no_proof() {
    let folder = Folder::new();
    let mut runner = Runner::start("/dev/null");
    for (name, source, status) in [
        ("trap", "lw x6, -4(x0)", Status::Trap),
        ("timeout", "1: j 1b", Status::Timeout),
        // Only the preflight interpreter, which proving uses, stops here.
        ("misaligned", "li x5, 0x101\n lw x6, 0(x5)\n openvm.terminate 0", Status::Trap),
    ] {
        let guest = runner.load(folder.write(name, &elf(source)));
        let request = ProveRequest {
            run: RunRequest { max_steps: 1000, ..run(guest) },
            kind: KIND.to_owned(),
            proof_path: folder.path("proof"),
        };
        let Done::Prove(proved) = runner.done(Request::Prove(request)) else { panic!("an answer") };
        assert_eq!((proved.run.status, proved.proof), (status, None), "{name}");
    }
    File::open(folder.path("proof")).unwrap_err();
}
