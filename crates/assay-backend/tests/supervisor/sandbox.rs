//! The sandbox, with a real child that tries what it may not, and with kernels that lack a part of it.
//!
//! On a kernel that gives less than everything the tests of what is refused say so, and check instead that the report
//! says so too and that the sandbox cannot be required.

#![expect(clippy::unwrap_used, reason = "what tests share is test code, too")]

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    os::unix::{fs::symlink, net::UnixListener},
    path::Path,
    time::Duration,
};

use assay_backend::{
    RunnerFailure, Sandbox, SandboxError, SandboxReport, SandboxSettings, Settings,
    sandbox::{Layer, LayerState},
    supervisor::{Exit, FileLimit, Stop},
};
use assay_spec::{
    Status,
    bytes::Digest,
    protocol::{RecordSelection, Request, RunRequest, TraceRequest},
};
use tempfile::TempDir;

use crate::bench::{Bench, RUNNER, SHORT, deaf, settings};

fn sandboxed(mode: Sandbox) -> Settings {
    launched_by(Path::new(RUNNER), mode)
}

fn launched_by(launcher: &Path, mode: Sandbox) -> Settings {
    let launcher = Some(launcher.to_owned());
    Settings { sandbox: SandboxSettings { mode, launcher, ..SandboxSettings::default() }, ..settings() }
}

/// What the kernel of this machine gives.
fn given() -> SandboxReport {
    let mut bench = Bench::with("good", sandboxed(Sandbox::BestEffort));
    bench.supervisor.ensure_started().unwrap();
    bench.supervisor.sandbox().unwrap().clone()
}

/// Whether all of `layers` are there. If not, says so, and holds the product to saying so.
fn has(layers: &[Layer]) -> bool {
    let given = given();
    let missing: Vec<_> = layers.iter().filter(|layer| given.state(**layer) != LayerState::Enforced).collect();
    if missing.is_empty() {
        return true;
    }
    eprintln!("NOT TESTED, since this kernel lacks {missing:?}:\n{given}");
    let error = Bench::with("good", sandboxed(Sandbox::Required)).fails();
    assert!(matches!(error, RunnerFailure::Sandbox(SandboxError::Missing { .. })), "{error:?}");
    false
}

/// What came of each thing that the runner tried.
struct Probes {
    results: BTreeMap<String, String>,
    outside: TempDir,
}

impl Probes {
    fn run() -> Self {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        let _socket = UnixListener::bind(outside.path().join("socket")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let home = std::env::home_dir().unwrap();
        let arguments = ["probes".as_ref(), outside.path().as_os_str(), home.as_os_str()];
        let mut bench = Bench::with_arguments(&arguments, sandboxed(Sandbox::BestEffort));
        let port = listener.local_addr().unwrap().port();
        fs::write(bench.path().join("port"), port.to_string()).unwrap();
        bench.execute().unwrap();
        let output = bench.supervisor.take_output().stdout.to_bytes();
        let output = String::from_utf8(output).unwrap();
        let results = output.lines().filter_map(|line| line.split_once(": "));
        let results = results.map(|(what, result)| (what.to_owned(), result.to_owned())).collect();
        bench.recovers();
        Self { results, outside }
    }

    #[track_caller]
    fn found(&self, what: &str) -> &str {
        self.results.get(what).unwrap_or_else(|| panic!("{what} was not tried: {:#?}", self.results))
    }

    #[track_caller]
    fn check(&self, what: &[&str], results: &[&str]) {
        for what in what {
            let found = self.found(what);
            assert!(results.contains(&found), "{what}: {found}");
        }
    }
}

#[test]
fn files_outside_of_the_work_folder_are_neither_written_nor_read() {
    if !has(&[Layer::Files, Layer::Syscalls]) {
        return;
    }
    let probes = Probes::run();
    probes.check(
        &[
            "write a new file outside",
            "write a file outside",
            "truncate a file outside",
            "truncate a path outside",
            "make a folder outside",
            "remove a file outside",
            "read a file outside",
            "list a folder outside",
            "list the home folder",
            "read through a link",
            "read the passwords",
            "read another process's memory",
            "read another process's environment",
            "write a system's setting",
        ],
        &["EACCES"],
    );
    // To and from folders without rights.
    probes.check(&["rename a file outside", "bring a file inside", "link to a file outside"], &["EACCES", "EXDEV"]);
    probes.check(&["change the mode of a file outside"], &["EPERM"]);
    let left: Vec<_> = fs::read_dir(probes.outside.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(fs::read(probes.outside.path().join("secret")).unwrap(), b"secret");
}

#[test]
fn there_is_no_network() {
    if !has(&[Layer::Syscalls]) {
        return;
    }
    let network = ["connect", "listen", "datagrams", "connect to a socket file", "listen on a socket file"];
    Probes::run().check(&network, &["EPERM"]);
}

#[test]
fn other_processes_and_programs_are_out_of_reach() {
    if !has(&[Layer::Syscalls]) {
        return;
    }
    let probes = Probes::run();
    probes.check(
        &[
            "start a process",
            "become another program",
            "become this program again",
            "trace the parent",
            "be traced",
            "signal the parent",
            "signal all",
            "leave the session",
            "a namespace",
            "mount",
            "change the root",
        ],
        &["EPERM"],
    );
}

#[test]
fn what_runners_need_is_permitted() {
    let probes = Probes::run();
    probes.check(
        &[
            "write inside",
            "rename inside",
            "a folder inside",
            "move between folders",
            "read inside",
            "remove inside",
            "random bytes",
            "its own state",
            "its own program",
            "the kinds of processors",
            "the system's libraries",
            "a pair of sockets",
            "threads",
            "much address space in a file in memory",
            "signal itself",
            "a file in TMPDIR",
        ],
        &["done"],
    );
}

#[test]
fn a_session_and_a_group_of_its_own_no_privileges_no_cores_and_no_descriptors_of_ours() {
    if !has(&[Layer::Privileges, Layer::Session, Layer::Reaper, Layer::ResourceLimits]) {
        return;
    }
    let probes = Probes::run();
    probes.check(&["leads its session", "leads its group", "no new privileges", "reaps"], &["true"]);
    probes.check(&["core bytes"], &["1"]);
    probes.check(&["capabilities"], &["0000000000000000"]);
    // The three standard ones, the protocol's two and the two files that the test runner opens of those.
    probes.check(&["descriptors"], &["7"]);
}

#[test]
fn a_session_works_where_everything_is_required() {
    if !has(&Layer::ALL) {
        return;
    }
    let mut bench = Bench::with("good", sandboxed(Sandbox::Required));
    bench.execute().unwrap();
    let report = bench.supervisor.sandbox().unwrap();
    assert!(report.is_complete(), "{report}");
    assert_eq!(report.layers.iter().map(|report| report.layer).collect::<Vec<_>>(), Layer::ALL);
    let pid = bench.supervisor.pid().unwrap();
    let session = nix::unistd::getsid(Some(nix::unistd::Pid::from_raw(pid))).unwrap();
    assert_eq!(session.as_raw(), pid);
    bench.recovers();
}

#[test]
fn without_the_sandbox_the_report_says_that_it_is_off() {
    let settings = Settings { sandbox: SandboxSettings::off(), ..settings() };
    let mut bench = Bench::with("good", settings);
    assert!(bench.supervisor.sandbox().is_none());
    bench.execute().unwrap();
    let report = bench.supervisor.sandbox().unwrap();
    assert!(Layer::ALL.into_iter().all(|layer| report.state(layer) == LayerState::Off));
    bench.recovers();
}

#[test]
fn a_program_that_asks_first_whether_to_launch_is_its_own_launcher() {
    let output = std::process::Command::new(RUNNER).arg("supervise").output().unwrap();
    let (report, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{errors}");
    // As with a launcher that is named; numbers of sessions differ.
    let states =
        |report: &str| report.lines().map(|line| line.split('(').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(states(&report), states(&given().to_string()));
}

#[test]
fn the_launchers_word_without_a_supervisor_does_nothing_but_say_so() {
    // Nothing open that whoever started the tests may have left open there.
    let script = r#"exec "$0" --launch-in-assay-sandbox "$@" 5>&-"#;
    for arguments in [&[][..], &["required", "0", "/bin/echo"]] {
        let output = std::process::Command::new("sh").args(["-c", script, RUNNER]).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(127));
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("Assay's own use"));
    }
}

/// On a kernel without `primitive` the report says that `layer` is unavailable, runners run all the same if that is
/// permitted, and do not if the sandbox is required.
fn lacks(primitive: &str, layer: Layer, advice: &str) {
    let links = tempfile::tempdir().unwrap();
    let launcher = links.path().join(primitive);
    symlink(RUNNER, &launcher).unwrap();

    let mut bench = Bench::with("good", launched_by(&launcher, Sandbox::BestEffort));
    bench.execute().unwrap();
    let report = bench.supervisor.sandbox().unwrap();
    assert_eq!(report.state(layer), LayerState::Unavailable, "{report}");
    assert!(!report.is_complete() && report.is_any());
    bench.recovers();

    let mut bench = Bench::with("good", launched_by(&launcher, Sandbox::Required));
    let failure = bench.fails();
    match &failure {
        RunnerFailure::Sandbox(SandboxError::Missing { layer: found, .. }) => assert_eq!(*found, layer),
        other => panic!("{other:?}"),
    }
    assert_eq!(failure.status(), None);
    assert!(failure.to_string().contains(advice), "{failure}");
    bench.ends();
}

#[test]
fn a_kernel_without_landlock_is_told_and_refused_where_it_is_required() {
    if has(&[Layer::Syscalls]) {
        lacks("without-landlock", Layer::Files, "lsm=");
        lacks("with-landlock-switched-off", Layer::Files, "lsm=");
    }
}

#[test]
fn a_kernel_without_seccomp_is_told_and_refused_where_it_is_required() {
    if has(&Layer::ALL) {
        lacks("without-seccomp", Layer::Syscalls, "CONFIG_SECCOMP_FILTER");
    }
}

#[test]
fn a_system_that_permits_no_session_is_told_and_refused_where_it_is_required() {
    if has(&[Layer::Syscalls]) {
        lacks("without-setsid", Layer::Session, "container engine");
    }
}

#[test]
fn a_launcher_that_is_none_and_one_that_is_not_there_are_typed_failures() {
    let mut bench = Bench::with("good", launched_by(Path::new("/bin/true"), Sandbox::BestEffort));
    let failure = bench.fails();
    assert!(matches!(failure, RunnerFailure::Sandbox(SandboxError::Launcher { .. })), "{failure:?}");

    let absent = bench.path().join("absent");
    let mut bench = Bench::with("good", launched_by(&absent, Sandbox::BestEffort));
    let failure = bench.fails();
    assert!(matches!(failure, RunnerFailure::Sandbox(SandboxError::Start { .. })), "{failure:?}");
    assert_eq!(failure.status(), None);
}

#[test]
fn a_launcher_that_hangs_is_ended_at_the_limit_of_hello() {
    let links = tempfile::tempdir().unwrap();
    let launcher = links.path().join("hanging-launcher");
    symlink(RUNNER, &launcher).unwrap();
    let settings = Settings { hello_timeout: SHORT, ..launched_by(&launcher, Sandbox::BestEffort) };
    let failure = Bench::with("good", settings).fails();
    assert!(
        matches!(&failure, RunnerFailure::Handshake(cause) if matches!(**cause, RunnerFailure::WallLimit { .. })),
        "{failure:?}"
    );
}

#[test]
fn a_missing_program_and_a_script_are_told_apart() {
    let mut bench = Bench::with("good", sandboxed(Sandbox::BestEffort));
    let script = bench.path().join("script");
    let command = |binary: &Path| assay_backend::RunnerCommand {
        binary: binary.to_owned(),
        arguments: Vec::new(),
        work_folder: bench.path().to_owned(),
    };
    let supervisor =
        |binary| assay_backend::Supervisor::new(command(binary), sandboxed(Sandbox::BestEffort), bench.cancel.clone());
    let absent = bench.path().join("absent");
    let failure = supervisor(&absent).ensure_started().unwrap_err();
    assert!(matches!(failure, RunnerFailure::Spawn { .. }), "{failure:?}");

    // Written by another process: what this one has open for writing, a child that another test starts at this very
    // moment may still have open when the script is to be executed, which is an error then.
    let write = r#"echo '#!/bin/sh' > "$0" && chmod 755 "$0""#;
    assert!(std::process::Command::new("sh").args(["-c", write]).arg(&script).status().unwrap().success());
    if has(&[Layer::Files]) {
        let failure = supervisor(&script).ensure_started().unwrap_err();
        assert!(matches!(failure, RunnerFailure::Sandbox(SandboxError::Execute { .. })), "{failure:?}");
    }
    bench.execute().unwrap();
    bench.recovers();
}

fn trace_to(path: &Path) -> Request {
    Request::Trace(TraceRequest {
        run: RunRequest { guest: Digest::of(b""), input_path: None, max_steps: 1, cost: false },
        records_path: path.to_str().unwrap().to_owned(),
        records: RecordSelection::All,
        max_records: 1,
    })
}

#[test]
fn records_arrive_in_the_folder_that_the_request_names() {
    let mut bench = Bench::with("good", sandboxed(Sandbox::BestEffort));
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("records");
    bench.limits.file = Some(FileLimit { path: path.clone(), bytes_max: 1 << 20 });
    bench.supervisor.call(trace_to(&path), &bench.limits, &mut |_| ()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"{}\n");
    assert_eq!(fs::read_dir(bench.path()).unwrap().count(), 0);
    bench.limits.file = None;
    bench.recovers();
}

#[test]
fn records_without_end_are_cut_off_wherever_they_are_written() {
    let mut bench = Bench::with("endless-records", sandboxed(Sandbox::BestEffort));
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("records");
    bench.limits.file = Some(FileLimit { path: path.clone(), bytes_max: 1 << 20 });
    let failure = bench.supervisor.call(trace_to(&path), &bench.limits, &mut |_| ()).unwrap_err();
    assert_eq!(failure.status(), Some(Status::OutputLimit), "{failure}");
    assert!(!path.exists());
    assert_eq!(fs::read_dir(bench.path()).unwrap().count(), 0);
    bench.limits.file = None;
    bench.recovers();
}

#[test]
fn a_link_in_place_of_the_records_does_not_leave_the_work_folder() {
    let mut bench = Bench::with("link", sandboxed(Sandbox::BestEffort));
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("records");
    let failure = bench.supervisor.call(trace_to(&path), &bench.limits, &mut |_| ()).unwrap_err();
    assert!(failure.to_string().contains("no plain file"), "{failure}");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    bench.recovers();
}

#[test]
fn what_is_named_as_readable_can_be_read_and_not_written() {
    if !has(&[Layer::Files]) {
        return;
    }
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "parameters").unwrap();
    let mut settings = sandboxed(Sandbox::BestEffort);
    settings.sandbox.readable = vec![outside.path().to_owned(), outside.path().join("absent")];
    let mut bench = Bench::with_arguments(&["probes".as_ref(), outside.path().as_os_str()], settings);
    bench.execute().unwrap();
    let output = String::from_utf8(bench.supervisor.take_output().stdout.to_bytes()).unwrap();
    assert!(output.contains("read a file outside: done\n"), "{output}");
    assert!(output.contains("write a file outside: EACCES\n"), "{output}");
    bench.recovers();
}

#[test]
fn a_fork_bomb_starts_nothing() {
    if !has(&[Layer::Syscalls]) {
        return;
    }
    let mut bench = Bench::with("fork-bomb", sandboxed(Sandbox::BestEffort));
    match bench.fails() {
        RunnerFailure::Died { exit: Exit::Code(8), stderr } => assert!(stderr.contains("1000 of 1000"), "{stderr}"),
        other => panic!("{other:?}"),
    }
    bench.recovers();
}

#[test]
fn a_fork_bomb_without_the_sandbox_is_ended_at_the_limit_of_processes() {
    let settings = Settings { sandbox: SandboxSettings::off(), ..settings() };
    let mut bench = Bench::with("fork-bomb", settings);
    let failure = bench.fails();
    assert!(matches!(failure, RunnerFailure::ProcessLimit { processes, .. } if processes > 256), "{failure:?}");
    assert_eq!(failure.status(), Some(Status::RunnerCrash));
    bench.recovers();
}

#[test]
fn grandchildren_do_not_outlive_a_runner_that_may_have_them() {
    let links = tempfile::tempdir().unwrap();
    let launcher = links.path().join("without-landlock-and-seccomp");
    symlink(RUNNER, &launcher).unwrap();
    for mode in ["grandchild", "grandchild-escaped", "grandchild-hang", "grandchild-escaped-nameless"] {
        let mut bench = Bench::with(mode, launched_by(&launcher, Sandbox::BestEffort)).wall(Duration::from_millis(700));
        let failure = bench.fails();
        // Any other exit code would say that the grandchild could not be started.
        let expected = matches!(
            failure,
            RunnerFailure::Died { exit: Exit::Code(9), .. } | RunnerFailure::WallLimit { stop: Stop::Terminated, .. }
        );
        assert!(expected, "{mode}: {failure:?}");
        bench.recovers();
    }
}

#[test]
fn a_segmentation_fault_leaves_no_core_and_is_told_as_ever() {
    let mut bench = Bench::with("segv", sandboxed(Sandbox::BestEffort));
    assert!(matches!(bench.fails(), RunnerFailure::Died { exit: Exit::Signal(11), .. }));
    let mut bench = Bench::with("abort", sandboxed(Sandbox::BestEffort));
    assert!(matches!(bench.fails(), RunnerFailure::Died { exit: Exit::Signal(6), .. }));
    let left: Vec<_> = fs::read_dir(bench.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["misbehaved"]);
    bench.recovers();
}

#[test]
fn a_hanging_runner_in_the_sandbox_is_terminated_and_a_deaf_one_killed() {
    for (mode, graces, expected) in [("hang", settings(), Stop::Terminated), ("hang-deaf", deaf(), Stop::Killed)] {
        let sandbox = sandboxed(Sandbox::BestEffort).sandbox;
        let mut bench = Bench::with(mode, Settings { sandbox, ..graces }).wall(SHORT);
        let failure = bench.fails();
        assert!(matches!(failure, RunnerFailure::WallLimit { stop, .. } if stop == expected), "{mode}: {failure:?}");
        bench.recovers();
    }
}
