//! Pipes, colours and Ctrl-C.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::support::{EXAMPLE, assay, complaint};

#[test]
fn a_closed_pipe_is_not_an_error() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("assay"))
        .args(["run", "--asm", "nop", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn there_is_no_colour_in_a_pipe() {
    let cache = tempfile::tempdir().unwrap();
    for arguments in [&[&["diff", "-b", "reference", "-b", "reference"], &EXAMPLE[..]].concat()[..], &["doctor"]] {
        let output = assay(arguments).env("ASSAY_CACHE", cache.path()).assert().code(0).get_output().clone();
        assert!(!output.stdout.contains(&0x1b), "{output:?}");
    }
}

#[test]
fn a_file_name_does_not_drive_the_terminal() {
    let text = complaint(&["run", "no\x1b[31m\x07such.elf"], 1);
    assert!(text.contains("such.elf") && !text.contains(['\x1b', '\x07']), "{text:?}");
}

#[test]
fn ctrl_c_ends_a_long_run_soon_with_a_message() {
    for times in [1, 2] {
        for verb in ["run", "trace"] {
            let folder = tempfile::tempdir().unwrap();
            interrupt(verb, times, folder.path());
            let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
            assert!(left.is_empty(), "{verb}, Ctrl-C pressed {times} times: {left:?}");
        }
    }
}

/// Sends SIGINT so many times to an endless run whose temporary files are in `folder`.
fn interrupt(verb: &str, times: u32, folder: &Path) {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("assay"))
        .args([verb, "--asm", "1: j 1b", "--max-steps", "1000000000000000", "--timeout", "1h"])
        .args(if verb == "trace" { &["--max-records", "9"][..] } else { &[] })
        .env("TMPDIR", folder)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("assay starts");
    let status = format!("/proc/{}/status", child.id());
    while !catches_interrupts(&fs::read_to_string(&status).expect("it is not reaped yet")) {
        assert!(child.try_wait().expect("a child of ours").is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(5));
    }
    for _ in 0..times {
        kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).expect("it is not reaped yet");
    }
    // Longer than anything takes, under load too.
    let patience = Duration::from_mins(2);
    let asked = Instant::now();
    while child.try_wait().expect("a child of ours").is_none() {
        if asked.elapsed() > patience {
            child.kill().expect("a child of ours");
            panic!("it went on after Ctrl-C");
        }
        thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().expect("a child of ours");
    assert_eq!(output.status.code(), Some(130));
    assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted"), "{output:?}");
}

/// Whether a process with this `/proc/…/status` has a handler for SIGINT; before it has, the signal just ends it.
fn catches_interrupts(status: &str) -> bool {
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("Linux says so");
    let caught = u64::from_str_radix(caught.trim(), 16).expect("a mask");
    caught & (1 << (Signal::SIGINT as i32 - 1)) != 0
}
