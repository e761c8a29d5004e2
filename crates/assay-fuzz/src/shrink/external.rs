//! A predicate that is a command of the user's own, such as a script.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write as _},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use assay_backend::CancelToken;
use nix::{
    sys::{
        signal::{Signal, killpg},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};

use super::{Answer, Case, Predicate};

/// A command that ends with this exit code says that it cannot judge the case, as in `git bisect run`.
pub const UNRESOLVED_EXIT_CODE: i32 = 125;

/// What a shell ends with where it cannot run a program, and where there is none of that name.
const NOT_RUN_EXIT_CODES: [i32; 2] = [126, 127];

/// How often it is asked whether somebody wants to give up.
const CANCEL_INTERVAL: Duration = Duration::from_millis(50);

/// Judges cases by running a command: exit code 0 is interesting, [`UNRESOLVED_EXIT_CODE`] cannot be judged, and any other
/// is boring. A command that does not end in time, that a signal ends, or that a shell cannot run (126, 127) does not judge
/// either.
///
/// Each case has a fresh folder, which is the command's working directory and is removed afterwards: `seed.jsonl` with
/// the seed, whose path is the command's last argument; `input.bin` with the input; and `fields.json`, if the case has
/// fields. The command is a process group of its own, and what is left of it when it ends or is out of time is killed. It
/// reads nothing and its output is dropped. It is trusted as its user is: there is no sandbox around it.
#[derive(Clone, Debug)]
pub struct ExternalPredicate {
    program: OsString,
    arguments: Vec<OsString>,
    wall: Duration,
    cancel: CancelToken,
}

impl ExternalPredicate {
    /// Ten times what most commands take.
    pub const DEFAULT_WALL: Duration = Duration::from_mins(10);

    /// Runs `program` with `arguments` and the path of the seed, each time for at most `wall`.
    pub fn new(program: impl Into<OsString>, arguments: Vec<OsString>, wall: Duration, cancel: CancelToken) -> Self {
        Self { program: program.into(), arguments, wall, cancel }
    }

    /// Runs a command line by `sh`, with the path of the seed as a further argument.
    pub fn shell(command: &str, wall: Duration, cancel: CancelToken) -> Self {
        let script = format!("{command} \"$@\"");
        Self::new("sh", vec!["-c".into(), script.into(), "assay".into()], wall, cancel)
    }

    fn run(&self, case: &Case) -> io::Result<Answer> {
        let folder = tempfile::Builder::new().prefix("assay-shrink-").tempdir()?;
        let seed = write(case, folder.path())?;
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(seed).current_dir(folder.path()).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn()?;
        let ended = self.wait(&child);
        let status = reap(child)?;
        Ok(match ended {
            Ended::ByItself => answer(status),
            Ended::OutOfTime => Answer::Unresolved(format!("the command did not end within {:?}", self.wall)),
            Ended::Cancelled => Answer::Unresolved("cancelled".to_owned()),
        })
    }

    /// Waits without reaping, so that the process group keeps its number until it is killed.
    fn wait(&self, child: &Child) -> Ended {
        let deadline = Instant::now() + self.wall;
        let id = Id::Pid(pid(child));
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            // Whatever comes of it, the wait is over: the receiver looks no further.
            let _ = waitid(id, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
            let _ = sender.send(());
        });
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match receiver.recv_timeout(left.min(CANCEL_INTERVAL)) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ended::ByItself,
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Ended::OutOfTime,
                Err(RecvTimeoutError::Timeout) if self.cancel.is_cancelled() => return Ended::Cancelled,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Predicate for ExternalPredicate {
    fn test(&self, case: &Case) -> Answer {
        self.run(case).unwrap_or_else(|error| {
            Answer::Unresolved(format!("could not run {}: {error}", self.program.to_string_lossy()))
        })
    }
}

enum Ended {
    ByItself,
    OutOfTime,
    Cancelled,
}

fn write(case: &Case, folder: &Path) -> io::Result<std::path::PathBuf> {
    let seed = folder.join("seed.jsonl");
    let mut line = serde_json::to_vec(&case.seed())?;
    line.push(b'\n');
    fs::File::create_new(&seed)?.write_all(&line)?;
    fs::write(folder.join("input.bin"), &case.input)?;
    if let Some(fields) = &case.fields {
        fs::write(folder.join("fields.json"), serde_json::to_vec(fields)?)?;
    }
    Ok(seed)
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).expect("process ids are positive and fit in an i32"))
}

/// Kills what is left of the process group, then takes the status of its leader.
fn reap(mut child: Child) -> io::Result<ExitStatus> {
    // An error means that there is nobody left to kill.
    let _ = killpg(pid(&child), Signal::SIGKILL);
    child.wait()
}

fn answer(status: ExitStatus) -> Answer {
    match status.code() {
        Some(0) => Answer::Interesting,
        Some(UNRESOLVED_EXIT_CODE) => Answer::Unresolved(format!(
            "the command ended with exit code {UNRESOLVED_EXIT_CODE}: it cannot judge the case"
        )),
        Some(code) if NOT_RUN_EXIT_CODES.contains(&code) => {
            Answer::Unresolved(format!("the command ended with exit code {code}: a program could not be run"))
        }
        Some(_) => Answer::Boring,
        None => Answer::Unresolved(format!("the command was ended by a signal ({status})")),
    }
}
