//! How a supervisor treats its runner: the named limits, and what a caller may set per call.

use std::{
    ffi::OsString,
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::sandbox::SandboxSettings;

/// How often a waiting supervisor looks at memory, files and the cancel token.
pub const MONITOR_INTERVAL: Duration = Duration::from_millis(50);

/// Memory of a whole process group, and what is on disk, is summed on every n-th look, the runner's own memory on each: the
/// sums read all of `/proc` and of the work folder.
pub const GROUP_LOOK_EVERY: u32 = 5;

/// Most processes of a runner, itself included. In the sandbox there is only the one.
pub const PROCESSES_MAX: usize = 256;

/// Most bytes on disk in the work folder, beside the file that a request names. Proofs and their like are far below.
pub const WORK_FOLDER_BYTES_MAX: u64 = 32 << 30;

/// Most `progress` replies to one request.
pub const PROGRESS_FRAMES_MAX: u64 = 100_000;

/// How long to wait for a process after SIGKILL. Only one that hangs in the kernel takes longer; it is left behind then.
/// A dying process needs processor time, too, and a thousand of them need more.
pub const REAP_LIMIT: Duration = Duration::from_mins(1);

/// When `wall` is over; a limit beyond what the clock can hold is as good as a year.
pub(crate) fn deadline(wall: Duration) -> Instant {
    const YEAR: Duration = Duration::from_hours(365 * 24);
    Instant::now() + wall.min(YEAR)
}

/// Variables of our environment that a runner sees; everything else is withheld. The last two are for runners of snapshots:
/// guards that are off, and values of the witness that are replaced.
pub const ENVIRONMENT: [&str; 10] = [
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "RUST_BACKTRACE",
    "RUST_MIN_STACK",
    "RAYON_NUM_THREADS",
    "ASSAY_RELAX",
    "ASSAY_INJECT",
];

/// Patience and recycling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// From the start of the process to its answer to `hello`.
    pub hello_timeout: Duration,
    /// How long a runner that closed its descriptors may take to exit before that counts as living on. The kernel closes
    /// them first and lets the exit be known last; on a machine with more to do than it can, time passes between.
    pub exit_grace: Duration,
    /// From `cancel` to SIGTERM.
    pub cancel_grace: Duration,
    /// From SIGTERM to SIGKILL.
    pub terminate_grace: Duration,
    /// From `shutdown` to SIGTERM.
    pub shutdown_grace: Duration,
    /// Requests after which a fresh process is started.
    pub recycle_after_requests: u64,
    /// Growth of the idle process over its size after `hello` at which a fresh one is started.
    pub recycle_growth_bytes: u64,
    /// The sandbox around the process.
    pub sandbox: SandboxSettings,
}

impl Default for Settings {
    /// 1 min for `hello`, which is a moment's work but not while a prover has all processors; 10 s for an exit; 1 s of
    /// grace at each step, 0.5 s for `shutdown`; recycled after 1000 requests or 2 GiB of growth; as much of the sandbox as
    /// the kernel gives.
    fn default() -> Self {
        Self {
            hello_timeout: Duration::from_mins(1),
            exit_grace: Duration::from_secs(10),
            cancel_grace: Duration::from_secs(1),
            terminate_grace: Duration::from_secs(1),
            shutdown_grace: Duration::from_millis(500),
            recycle_after_requests: 1000,
            recycle_growth_bytes: 2 << 30,
            sandbox: SandboxSettings::default(),
        }
    }
}

/// How a runner is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunnerCommand {
    /// The program.
    pub binary: PathBuf,
    /// Its arguments; none for real runners.
    pub arguments: Vec<OsString>,
    /// The folder it is started in. It must exist and outlive the supervisor. In the sandbox it is all that the runner
    /// can write, and files that requests give it to read must be below it.
    pub work_folder: PathBuf,
}

/// Bounds on one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLimits {
    /// Wall time until the answer.
    pub wall: Duration,
    /// Resident bytes of the runner, and of its process group together.
    pub memory_limit_bytes: u64,
    /// A file that the runner writes, and how long it may get.
    pub file: Option<FileLimit>,
}

/// Bound on a file that a runner writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLimit {
    /// The file; it need not exist.
    pub path: PathBuf,
    /// Most bytes.
    pub bytes_max: u64,
}
