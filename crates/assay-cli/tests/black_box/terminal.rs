//! Pipes, colours and Ctrl-C.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
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
            interrupt_run(verb, times, folder.path());
            let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
            assert!(left.is_empty(), "{verb}, Ctrl-C pressed {times} times: {left:?}");
        }
    }
}

#[test]
fn ctrl_c_ends_an_import_that_waits_for_its_log_and_leaves_no_part_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("assay"));
    command.args(["trace", "import", "-", "--out", "imported"]).current_dir(folder.path()).stdin(Stdio::piped());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let imported = folder.path().join("imported");
    interrupt(child, 1, |child| {
        while !imported.exists() {
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
            thread::sleep(Duration::from_millis(5));
        }
    });
    let left: Vec<_> = fs::read_dir(&imported).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Longer than anything takes, under load too.
const PATIENCE: Duration = Duration::from_mins(2);

/// A compiler of our own: it says that it is one, and then takes longer than anybody waits.
const SLOW_CLANG: &str = r#"#!/bin/sh
case "$1" in
    --version) echo slow clang ;;
    *) sleep 3600 & echo $! > "$TMPDIR/pid"; wait ;;
esac
"#;

#[test]
fn ctrl_c_ends_a_build_of_a_guest_with_its_compilers() {
    let folder = tempfile::tempdir().unwrap();
    let (clang, source) = (folder.path().join("clang"), folder.path().join("guest.c"));
    // Written by another process: what this one has open for writing, a child that another test starts at this very moment
    // may still have open when the script is to be executed.
    let write = r#"printf %s "$1" > "$0" && chmod 755 "$0""#;
    assert!(Command::new("sh").args(["-c", write]).arg(&clang).arg(SLOW_CLANG).status().unwrap().success());
    fs::write(&source, "int main(void) { return 0; }").unwrap();
    for verb in
        [&["guest", "build", "./guest.c", "--platform", "native"][..], &["run", "--core", "./guest.c", "-b", "native"]]
    {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("assay"));
        command.args(verb).current_dir(folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let pid = folder.path().join("cache/guests/projects/target/pid");
        let _ = fs::remove_file(&pid);
        let child = command.env("ASSAY_CACHE", folder.path().join("cache")).env("ASSAY_CLANG", &clang).spawn().unwrap();
        let mut compiler = None;
        interrupt(child, 1, |child| {
            while compiler.is_none() {
                assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
                thread::sleep(Duration::from_millis(5));
                compiler = fs::read_to_string(&pid).ok().and_then(|pid| pid.trim().parse::<u32>().ok());
            }
        });
        // It was told to end, and a dying process needs processor time, too.
        let status = || fs::read_to_string(format!("/proc/{}/status", compiler.unwrap())).unwrap_or_default();
        let goes_on = || status().contains("sleep") && !status().contains("(zombie)");
        let asked = Instant::now();
        while goes_on() {
            assert!(asked.elapsed() < PATIENCE, "{verb:?}: the compiler goes on: {}", status());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Sends SIGINT so many times to an endless run whose temporary files are in `folder`.
fn interrupt_run(verb: &str, times: u32, folder: &Path) {
    let child = Command::new(assert_cmd::cargo::cargo_bin!("assay"))
        .args([verb, "--asm", "1: j 1b", "--max-steps", "1000000000000000", "--timeout", "1h"])
        .args(if verb == "trace" { &["--max-records", "9"][..] } else { &[] })
        .env("TMPDIR", folder)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("assay starts");
    interrupt(child, times, |_| ());
}

/// Sends SIGINT so many times to a child that handles it, once `ready` returns; it has to end soon and say why.
fn interrupt(mut child: Child, times: u32, ready: impl FnOnce(&mut Child)) {
    let status = format!("/proc/{}/status", child.id());
    while !catches_interrupts(&fs::read_to_string(&status).expect("it is not reaped yet")) {
        assert!(child.try_wait().expect("a child of ours").is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(5));
    }
    ready(&mut child);
    for _ in 0..times {
        kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).expect("it is not reaped yet");
    }
    let asked = Instant::now();
    while child.try_wait().expect("a child of ours").is_none() {
        if asked.elapsed() > PATIENCE {
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
