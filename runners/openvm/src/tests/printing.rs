//! What guests print is in the report, once, whatever happens to the run, and in nothing else.

use assay_openvm_sdk::PRINTED_HEAD_BYTES_MAX;

use super::*;

/// Puts "abc\n" at 0x400, x5 at it, x6 at its length.
const TEXT: &str = "
    li x5, 0x400
    li x6, 0x0a636261
    sw x6, 0(x5)
    li x6, 4
";

fn printing(code: &str) -> String {
    format!("{TEXT} {code}")
}

fn log(report: &RunReport) -> &str {
    report.guest_log.as_deref().unwrap_or_default()
}

#[test]
fn text_is_heard_once_however_often_a_run_is_repeated() {
    let mut bench = Bench::default();
    let report = bench.execute(&printing("openvm.print_str x5, x6\n openvm.terminate 0"));
    assert_eq!((log(&report), report.message.as_deref()), ("abc\n", None));
    // A run that stops is run again to find where; printing before and, if it could, behind the stop.
    let stops = "openvm.print_str x5, x6\n lw x9, -4(x0)\n openvm.print_str x5, x6\n openvm.terminate 0";
    let report = bench.execute(&printing(stops));
    assert_eq!((report.status, log(&report)), (Status::Trap, "abc\n"));
    // The 5th and the 6th instruction of an endless loop print, and the 8th is the last.
    let turns = "1: openvm.print_str x5, x6\n j 1b";
    let report = bench.run(&printing(turns), &[], 5 + 4);
    assert_eq!((report.status, log(&report)), (Status::Timeout, "abc\nabc\n"));
    assert_eq!(bench.execute("openvm.terminate 0").guest_log, None);
}

#[test]
fn a_failing_guest_s_last_words_are_the_message() {
    let mut bench = Bench::default();
    let report = bench.execute(&printing("openvm.print_str x5, x6\n openvm.terminate 1"));
    assert_eq!((report.status, report.exit_code, report.message.as_deref()), (Status::Failed, Some(1), Some("abc")));
    assert_eq!(bench.execute("openvm.terminate 1").message, None);
}

#[test]
fn text_that_is_no_text_stops_the_guest() {
    let mut bench = Bench::default();
    let (kind, pc, _) = bench.trap("li x5, 0x400\n li x6, 0xff\n sb x6, 0(x5)\n li x6, 1\n openvm.print_str x5, x6");
    assert_eq!((kind, pc), (TrapKind::BadCallArgument, 16));
    // No text is text, wherever it is.
    let report = bench.execute("li x5, -1\n openvm.print_str x5, x0\n openvm.terminate 0");
    assert_eq!(report.status, Status::Ok);
}

#[test]
fn a_trace_hears_what_its_own_interpreter_ran() {
    let mut bench = Bench::default();
    for (code, expected, status) in [
        ("openvm.print_str x5, x6\n openvm.terminate 0", "abc\n", Status::Ok),
        // The pure interpreter rounds the address down and prints twice.
        (
            "openvm.print_str x5, x6\n lw x9, 1(x5)\n openvm.print_str x5, x6\n openvm.terminate 0",
            "abc\n",
            Status::Trap,
        ),
    ] {
        for selection in [RecordSelection::Instructions, RecordSelection::All] {
            let trace = bench.trace(&printing(code), selection, u64::MAX);
            assert_eq!((trace.report.status, log(&trace.report)), (status, expected));
        }
    }
}

#[test]
fn ten_mebibytes_of_text_are_counted_and_their_head_is_kept() {
    let mut bench = Bench::default();
    let report = bench.execute(
        "
        li x5, 0x10000
        li x6, 0x41414141
        li x7, 1024
        mv x8, x5
    1:  sw x6, 0(x8)
        addi x8, x8, 4
        addi x7, x7, -1
        bnez x7, 1b
        li x6, 4096
        li x7, 2560
    2:  openvm.print_str x5, x6
        addi x7, x7, -1
        bnez x7, 2b
        openvm.terminate 1",
    );
    assert_eq!(report.status, Status::Failed);
    let (kept, note) = log(&report).split_at(PRINTED_HEAD_BYTES_MAX);
    assert!(kept.bytes().all(|byte| byte == b'A'));
    assert!(note.contains("10485760 bytes"), "{note}");
    assert_eq!(report.message.unwrap().len(), 2048);
}
