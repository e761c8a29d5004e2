//! A native guest that does what its input says, and mostly something that no guest should.
//!
//! It is the launcher of its own sandbox, too.

#![expect(clippy::unwrap_used, reason = "test code; a panic fails the test")]

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read as _, Write as _},
    mem::ManuallyDrop,
    net::{TcpStream, UdpSocket},
    os::fd::FromRawFd as _,
    process::{self, Command},
    thread,
    time::Duration,
};

use nix::{
    sys::{
        memfd::{MFdFlags, memfd_create},
        signal::{SigHandler, Signal, raise, signal},
    },
    unistd,
};

const OUTPUT: u8 = 0;
const PANIC: u8 = 1;

const HANG: Duration = Duration::from_hours(1);

/// Longer than a test takes from the end of the guest to its outcome.
const LATER: Duration = Duration::from_mins(5);

fn main() {
    assay_backend::sandbox::launch_if_asked();
    if env::args().nth(1).is_some() {
        return live_on();
    }
    let mut mode = String::new();
    file(3).read_to_string(&mut mode).unwrap();
    record(OUTPUT, b"out");
    match mode.as_str() {
        "good" => {
            println!("printed");
            eprintln!("complained");
            record(OUTPUT, b"put");
        }
        "fail" => process::exit(7),
        "panic" => {
            record(PANIC, b"guest.rs:1:2:\nit went wrong");
            process::exit(101);
        }
        "abort-in-panic" => {
            record(PANIC, b"guest.rs:1:2:\nit went wrong");
            process::abort();
        }
        "caught-panic" => record(PANIC, b"guest.rs:1:2:\nit went wrong"),
        "exit-like-a-panic" => process::exit(101),
        "abort" => process::abort(),
        "SIGSEGV" | "SIGILL" | "SIGFPE" | "SIGBUS" | "SIGKILL" | "SIGTERM" => {
            // Rust's own handler waits for the fault to happen again.
            for _ in 0..2 {
                raise(mode.parse::<Signal>().unwrap()).unwrap();
            }
        }
        "stack" => drop(deep(0)),
        "hang" => thread::sleep(HANG),
        "hang-deaf" => {
            ignore_sigterm();
            record(OUTPUT, b"deaf");
            thread::sleep(HANG);
        }
        "grow" => grow(),
        "garbage" => say(b"\x7fELF and so on"),
        "claim-4-gib" => say(&[OUTPUT, 0xff, 0xff, 0xff, 0xff, b'x']),
        "claim-a-long-panic" => say(&[PANIC, 0xff, 0xff, 0xff, 0xff, b'x']),
        "half" => say(&[OUTPUT, 8, 0, 0, 0, b'x']),
        "flood" => {
            say(&[OUTPUT, 0xff, 0xff, 0xff, 0xff]);
            let piece = vec![7; 1 << 16];
            while !is_shut(&piece) {}
        }
        "empty-records" => {
            let piece = [OUTPUT, 0, 0, 0, 0].repeat(1 << 12);
            while !is_shut(&piece) {}
        }
        "shut" => {
            unistd::close(4).unwrap();
            thread::sleep(Duration::from_millis(50));
        }
        "shut-all" => {
            for end in [0, 1, 2, 3, 4] {
                let _ = unistd::close(end);
            }
            thread::sleep(Duration::from_millis(50));
        }
        "log" => {
            let line = b"0123456789abcde\n".repeat(4096);
            for _ in 0..80 {
                io::stdout().write_all(&line).unwrap();
                io::stderr().write_all(&line).unwrap();
            }
            println!("the end");
        }
        "leave" => {
            let child = Command::new("/proc/self/exe").arg("child").spawn();
            record(OUTPUT, if child.is_ok() { b"left" } else { b"refused" });
        }
        "probe" => probe(),
        _ => process::exit(99),
    }
}

fn file(descriptor: i32) -> ManuallyDrop<File> {
    #[expect(unsafe_code, reason = "a file descriptor that was inherited can be had in no other way")]
    // SAFETY: nothing else here has these descriptors; whether they are open, writing and reading say.
    let file = unsafe { File::from_raw_fd(descriptor) };
    ManuallyDrop::new(file)
}

fn say(bytes: &[u8]) {
    file(4).write_all(bytes).unwrap();
}

fn is_shut(bytes: &[u8]) -> bool {
    file(4).write_all(bytes).is_err()
}

fn record(kind: u8, bytes: &[u8]) {
    say(&[&[kind], &(bytes.len() as u32).to_le_bytes()[..], bytes].concat());
}

/// The process that a guest leaves behind: it holds the descriptors and goes on writing.
fn live_on() {
    ignore_sigterm();
    let until = std::time::Instant::now() + LATER;
    while std::time::Instant::now() < until {
        record(OUTPUT, b"ghost");
        thread::sleep(Duration::from_millis(10));
    }
}

fn ignore_sigterm() {
    #[expect(unsafe_code, reason = "nix marks all changes of signal handling unsafe")]
    // SAFETY: SIG_IGN runs no handler.
    unsafe { signal(Signal::SIGTERM, SigHandler::SigIgn) }.expect("SIGTERM can be ignored");
}

#[expect(unconditional_recursion, reason = "until the stack is gone")]
fn deep(depth: u64) -> [u64; 512] {
    let mut frame = deep(depth + 1);
    frame[depth as usize % 512] = depth;
    std::hint::black_box(frame)
}

fn grow() {
    let mut held = Vec::new();
    loop {
        held.push(vec![1_u8; 1 << 20]);
        thread::sleep(Duration::from_millis(1));
    }
}

/// What it may not do, each with what came of it, as output.
fn probe() {
    let home = env::home_dir().unwrap_or_else(|| "/root".into());
    let refused_by_peer = io::ErrorKind::ConnectionRefused;
    let attempts: [(&str, bool); 9] = [
        ("write in its folder", fs::write("file", "x").is_ok()),
        ("write elsewhere", fs::write("/tmp/assay-native-guest-was-here", "x").is_ok()),
        ("read home", fs::read_dir(home).is_ok() || fs::read_dir("/root").is_ok()),
        ("read passwords", fs::read("/etc/passwd").is_ok()),
        ("read what its folder holds", fs::read_dir(".").is_ok()),
        ("connect", TcpStream::connect("127.0.0.1:9").map_or_else(|error| error.kind() == refused_by_peer, |_| true)),
        ("bind", UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("start a program", Command::new("/proc/self/exe").arg("child").spawn().is_ok()),
        ("start a thread", thread::Builder::new().spawn(|| ()).is_ok()),
    ];
    let mut said = String::new();
    for (what, could) in attempts {
        let _ = writeln!(said, "{what}: {}", if could { "done" } else { "refused" });
    }
    let _ = writeln!(said, "environment: {} variables", env::vars_os().count());
    record(OUTPUT, said.as_bytes());
    // Last, since it ends the process.
    let file = memfd_create("file", MFdFlags::empty()).unwrap();
    let wrote = File::from(file).write_all(&[1; 4096]).is_ok();
    record(OUTPUT, if wrote { b"wrote" } else { b"could not write" });
}
