//! The process around the loop: which descriptors it talks over, and how it ends.

use std::{
    fs::File,
    os::fd::{FromRawFd, OwnedFd, RawFd},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use assay_spec::protocol::{REPLY_FD, REQUEST_FD};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};

use crate::{
    runner::Runner,
    server::{Ended, Server},
};

/// How long a cancelled request may still take when the supervisor is gone.
pub const ORPHAN_GRACE: Duration = Duration::from_secs(2);

/// Serves requests on [`REQUEST_FD`] and [`REPLY_FD`] until the supervisor says `shutdown` or is gone. Call it
/// once, as the body of `main`.
pub fn serve(runner: impl Runner) -> ExitCode {
    let (Some(requests), Some(replies)) = (inherited(REQUEST_FD), inherited(REPLY_FD)) else {
        eprintln!(
            "This program is a part of Assay and is started by it: it expects requests on file descriptor \
             {REQUEST_FD} and answers on {REPLY_FD}. Run `assay backend list` instead."
        );
        return ExitCode::FAILURE;
    };
    let server = Server::start(requests, replies, |inbox| {
        if !inbox.idle_within(ORPHAN_GRACE) {
            std::process::exit(1);
        }
    });
    match server.run(runner) {
        Ended::Shutdown | Ended::EndOfRequests => ExitCode::SUCCESS,
        Ended::BrokenStream => ExitCode::FAILURE,
    }
}

/// The inherited descriptor `fd` if it is open. It is not passed on to processes that an SDK may start: one that
/// outlives this process would keep the pipe open.
fn inherited(fd: RawFd) -> Option<File> {
    if !Path::new(&format!("/proc/self/fd/{fd}")).exists() {
        return None;
    }
    #[expect(unsafe_code, reason = "a descriptor that is known by its number only cannot be had otherwise")]
    // SAFETY: the descriptor is open, and `serve` is called once, so that nothing else in this process owns it.
    let owned = unsafe { OwnedFd::from_raw_fd(fd) };
    fcntl(&owned, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).ok()?;
    Some(File::from(owned))
}
