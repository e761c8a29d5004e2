//! The launcher's side: applies the layers to itself, reports, and becomes the runner.
//!
//! What it is to do comes as arguments, so that no encoding stands between: the word, the mode, what is launched, the
//! number of readable paths and those paths, the same of writable ones, the program and its arguments. The work folder is the folder that it is started in.

use std::{
    env,
    ffi::{CString, OsString},
    fs::{self, File},
    io::Write as _,
    os::{
        fd::AsRawFd as _,
        unix::ffi::{OsStrExt as _, OsStringExt as _},
    },
    path::{Path, PathBuf},
    process,
};

use assay_spec::protocol::REPLY_FD;
use nix::{errno::Errno, unistd};
use serde::{Deserialize, Serialize};

use super::{
    LayerReport, READABLE_MAX, Sandbox, SandboxReport, Tenant, files, limits,
    privileges::{be_modest, become_reaper, drop_privileges, own_session},
    syscalls,
};

/// First argument of a launcher. No name of a file or of a subcommand.
pub(super) const LAUNCH_WORD: &str = "--launch-in-assay-sandbox";

/// Descriptor on which the launcher reports: the one behind those of the runner protocol. The runner does not get it.
pub(super) const REPORT_FD: i32 = 5;

/// Exit code of a launcher that did not become the runner; the report says why.
const NOT_LAUNCHED: i32 = 127;

/// What a launcher writes, a line of JSON each. Nothing after a report that satisfies means that the runner runs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Message {
    /// How the layers went.
    Applied(SandboxReport),
    /// It was not started as a launcher is.
    Misused(String),
    /// The runner could not be executed; the system's error number.
    NotExecuted(i32),
}

/// What the launcher was asked.
struct Order {
    required: bool,
    tenant: Tenant,
    readable: Vec<PathBuf>,
    writable: Vec<PathBuf>,
    program: OsString,
    /// With the program's own name in front.
    arguments: Vec<OsString>,
}

pub(super) fn launch_if_asked() {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != LAUNCH_WORD) {
        return;
    }
    // Opened anew, it is closed when the runner is executed; the inherited one would go on to it.
    let report = File::options().write(true).open(format!("/proc/self/fd/{REPORT_FD}"));
    let _ = unistd::close(REPORT_FD);
    let Ok(mut report) = report else {
        eprintln!("{LAUNCH_WORD} is for Assay's own use");
        process::exit(NOT_LAUNCHED);
    };
    close_what_was_inherited(&report);
    let message = match read_order(arguments) {
        Ok(order) => launch(&order, &mut report),
        Err(what) => Message::Misused(what),
    };
    tell(&mut report, &message);
    process::exit(NOT_LAUNCHED);
}

/// Descriptors that whoever started Assay left open, such as a terminal's or a build tool's, are nothing for runners.
fn close_what_was_inherited(report: &File) {
    let Ok(open) = fs::read_dir("/proc/self/fd") else { return };
    let open: Vec<i32> = open.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    for descriptor in open.into_iter().filter(|&open| open > REPLY_FD && open != report.as_raw_fd()) {
        let _ = unistd::close(descriptor);
    }
}

fn read_order(mut arguments: impl Iterator<Item = OsString>) -> Result<Order, String> {
    let mut next = |what: &str| arguments.next().ok_or_else(|| format!("there is no {what}"));
    let mode = next("mode")?;
    let required = match mode.to_str().map(str::parse) {
        Some(Ok(Sandbox::BestEffort)) => false,
        Some(Ok(Sandbox::Required)) => true,
        _ => return Err(format!("it cannot launch in mode {}", mode.display())),
    };
    let tenant = next("tenant")?;
    let tenant = Tenant::ALL.into_iter().find(|known| tenant == known.name());
    let tenant = tenant.ok_or("it cannot launch what it does not know")?;
    let mut paths = || {
        let count: usize = next("number")?.to_str().and_then(|count| count.parse().ok()).ok_or("the number is none")?;
        if count > READABLE_MAX {
            return Err(format!("{count} paths, above the limit of {READABLE_MAX}"));
        }
        (0..count).map(|_| next("path").map(PathBuf::from)).collect::<Result<Vec<_>, _>>()
    };
    let (readable, writable) = (paths()?, paths()?);
    let program = next("program")?;
    let arguments = std::iter::once(program.clone()).chain(arguments).collect();
    Ok(Order { required, tenant, readable, writable, program, arguments })
}

/// Comes back only if the runner was not executed, with the reason.
fn launch(order: &Order, report: &mut File) -> Message {
    let Ok(program) = CString::new(order.program.as_bytes()) else {
        return Message::Misused("the program's name has a zero byte in it".to_owned());
    };
    // Gathered before, since what is gathered is not to be had once the layers are on.
    let (arguments, environment) = (in_c(order.arguments.iter().cloned()), in_c(environment()));
    let work_folder = match env::current_dir() {
        Ok(folder) => folder,
        Err(error) => return Message::Misused(format!("there is no work folder: {error}")),
    };
    let layers = apply(&program, &work_folder, order);
    let applied = SandboxReport { layers };
    let refused = order.required && !applied.is_complete();
    let message = Message::Applied(applied);
    if refused {
        return message;
    }
    tell(report, &message);
    let Err(errno) = unistd::execve(&program, &arguments, &environment);
    Message::NotExecuted(errno as i32)
}

/// The layers, in an order in which none forbids what a later one needs.
fn apply(program: &CString, work_folder: &Path, order: &Order) -> Vec<LayerReport> {
    be_modest();
    let session = own_session();
    let reaper = become_reaper();
    let limits = limits::set_limits(order.tenant);
    let privileges = drop_privileges();
    let files = files::restrict(&files::Permissions {
        program: Path::new(&order.program),
        work_folder: (order.tenant == Tenant::Runner).then_some(work_folder),
        readable: &order.readable,
        building_in: (order.tenant == Tenant::Build).then_some(&order.writable[..]),
    });
    let syscalls = syscalls::restrict(program, order.tenant);
    vec![privileges, session, reaper, limits, files, syscalls]
}

fn environment() -> impl Iterator<Item = OsString> {
    env::vars_os().map(|(name, value)| {
        let mut entry = name;
        entry.push("=");
        entry.push(value);
        entry
    })
}

/// What came from the system as C strings is without zero bytes.
fn in_c(strings: impl Iterator<Item = OsString>) -> Vec<CString> {
    strings.filter_map(|string| CString::new(string.into_vec()).ok()).collect()
}

/// Whether anybody listens is not this side's business.
fn tell(report: &mut File, message: &Message) {
    if let Ok(mut line) = serde_json::to_vec(message) {
        line.push(b'\n');
        let _ = report.write_all(&line);
    }
}

/// The system's error for a number that a launcher sent.
pub(super) fn error_of(number: i32) -> std::io::Error {
    Errno::from_raw(number).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(words: &[&str]) -> Result<Order, String> {
        read_order(words.iter().map(OsString::from))
    }

    #[test]
    fn an_order_is_read_back_as_it_is_given() {
        let order = order(&["required", "guest", "2", "/a", "/b", "1", "/c", "/bin/x", "one", "--two"]).unwrap();
        assert!(order.required);
        assert_eq!(order.tenant, Tenant::Guest);
        assert_eq!(order.readable, [Path::new("/a"), Path::new("/b")]);
        assert_eq!(order.writable, [Path::new("/c")]);
        assert_eq!(order.program, "/bin/x");
        assert_eq!(order.arguments, ["/bin/x", "one", "--two"]);
    }

    #[test]
    fn an_order_that_is_none_is_refused() {
        for words in [
            &[][..],
            &["off", "runner", "0", "0", "/bin/x"],
            &["required"],
            &["required", "0", "0", "/bin/x"],
            &["required", "tenant", "0", "0", "/bin/x"],
            &["required", "runner", "x", "0", "/bin/x"],
            &["required", "runner", "-1", "0", "/bin/x"],
            &["required", "runner", "0", "/bin/x"],
            &["required", "runner", "0", "0"],
            &["required", "runner", "3", "/a", "/b", "0", "/bin/x"],
            &["required", "build", "0", "3", "/a", "/b", "/bin/x"],
            &["required", "runner", "65"],
        ] {
            assert!(order(words).is_err(), "{words:?}");
        }
    }
}
