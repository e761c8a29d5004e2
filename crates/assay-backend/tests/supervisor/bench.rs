//! A supervisor around the misbehaving runner, and what must hold after every fault.

use std::{
    ffi::OsStr,
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use assay_backend::{
    CancelToken, RunnerCommand, RunnerFailure, Settings, Supervisor,
    supervisor::{Answer, CallLimits},
};
use assay_spec::{
    Status,
    bytes::Digest,
    protocol::{Done, Request, RunRequest},
};
use tempfile::TempDir;

/// Longer than anything here takes, on a machine under load too, and shorter than the runner hangs.
pub(crate) const LONG: Duration = Duration::from_mins(4);
pub(crate) const SHORT: Duration = Duration::from_millis(300);

pub(crate) const RUNNER: &str = env!("CARGO_BIN_EXE_assay-misbehaving-runner");

pub(crate) struct Bench {
    pub(crate) supervisor: Supervisor,
    pub(crate) cancel: CancelToken,
    pub(crate) limits: CallLimits,
    folder: TempDir,
}

/// For runners that die of SIGTERM, however long that takes them under load.
pub(crate) fn settings() -> Settings {
    Settings {
        hello_timeout: LONG,
        exit_grace: LONG,
        cancel_grace: Duration::from_millis(200),
        terminate_grace: LONG,
        shutdown_grace: Duration::from_millis(500),
        ..Settings::default()
    }
}

/// For runners that ignore SIGTERM.
pub(crate) fn deaf() -> Settings {
    Settings { terminate_grace: Duration::from_millis(200), ..settings() }
}

/// Waits until it is so; under load that may take a while.
pub(crate) fn until(it_is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + LONG;
    while !it_is_so() {
        assert!(Instant::now() < deadline, "in vain");
        thread::sleep(Duration::from_millis(2));
    }
}

impl Bench {
    pub(crate) fn new(mode: &str) -> Self {
        Self::with(mode, settings())
    }

    pub(crate) fn with(mode: &str, settings: Settings) -> Self {
        Self::with_arguments(&[mode.as_ref()], settings)
    }

    pub(crate) fn with_arguments(arguments: &[&OsStr], settings: Settings) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cancel = CancelToken::new();
        let command = RunnerCommand {
            binary: RUNNER.into(),
            arguments: arguments.iter().map(Into::into).collect(),
            work_folder: folder.path().to_owned(),
        };
        Self {
            supervisor: Supervisor::new(command, settings, cancel.clone()),
            cancel,
            limits: CallLimits { wall: LONG, memory_limit_bytes: 4 << 30, file: None },
            folder,
        }
    }

    pub(crate) fn wall(mut self, wall: Duration) -> Self {
        self.limits.wall = wall;
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn execute(&mut self) -> Result<Answer, RunnerFailure> {
        let request =
            Request::Execute(RunRequest { guest: Digest::of(b""), input_path: None, max_steps: 1, cost: false });
        self.supervisor.call(request, &self.limits, &mut |_| ())
    }

    /// The failure of the first request, after which nothing of the runner is left.
    pub(crate) fn fails(&mut self) -> RunnerFailure {
        let failure = self.execute().expect_err("the first request fails");
        assert_eq!(self.processes(), Vec::<String>::new(), "left after: {failure}");
        failure
    }

    /// The next request works; after the supervisor's end no process is left.
    pub(crate) fn recovers(mut self) {
        self.limits.wall = LONG;
        self.limits.memory_limit_bytes = 4 << 30;
        let answer = self.execute().expect("the request after a failure works");
        let Done::Execute(report) = answer.done else { panic!("{answer:?}") };
        assert_eq!((report.status, report.output.0), (Status::Ok, vec![1, 2, 3]));
        self.ends();
    }

    /// After the supervisor's end no process is left.
    pub(crate) fn ends(self) {
        let Self { supervisor, folder, .. } = self;
        drop(supervisor);
        assert_eq!(processes_in(folder.path()), Vec::<String>::new());
    }

    /// Live processes that were started in the work folder, in whatever group they are now.
    pub(crate) fn processes(&self) -> Vec<String> {
        processes_in(self.folder.path())
    }
}

fn processes_in(folder: &Path) -> Vec<String> {
    let folder = folder.canonicalize().expect("the folder exists");
    fs::read_dir("/proc")
        .expect("/proc is mounted")
        .filter_map(|entry| {
            let process = entry.ok()?.path();
            // The link of a zombie cannot be read.
            (fs::read_link(process.join("cwd")).ok()? == folder)
                .then(|| fs::read_to_string(process.join("cmdline")).unwrap_or_default())
        })
        .collect()
}
