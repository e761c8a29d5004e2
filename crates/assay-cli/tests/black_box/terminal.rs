//! Pipes, colours and Ctrl-C.

use std::{
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::support::{EXAMPLE, stdout};

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
    for arguments in [&[&["diff", "-b", "reference", "-b", "reference"], &EXAMPLE[..]].concat()[..], &["doctor"]] {
        let text = stdout(arguments, 0);
        assert!(!text.contains('\x1b'), "{text:?}");
    }
}

#[test]
fn ctrl_c_ends_a_long_run_soon_with_a_message() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("assay"))
        .args(["run", "--asm", "1: j 1b", "--max-steps", "1000000000000000", "--timeout", "1h"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_millis(300));
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).unwrap();
    let asked = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if asked.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("it went on after Ctrl-C");
        }
        thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted"), "{output:?}");
}
