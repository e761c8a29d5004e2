//! Git as a child process that obeys nobody but us: no configuration of the user or the system, no hooks, no lazy
//! fetches, no helpers named by a repository.
//!
//! A repository is hostile: its own configuration is read by git whatever one does, so that what of it starts programs
//! is overruled on the command line, which git prefers.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::SourceError;

/// Transports that may fetch. What comes by them is checked against ids, so that none needs to be trusted.
pub const PROTOCOLS: &str = "https:http:ssh:git:file";

/// Configuration that a repository must not overrule: each names a program, or a place to find one, or has git leave one
/// running behind our back. With that, it does not matter who owns a repository: what git asks for elsewhere, that its owner
/// is trusted, is taken for granted of none here.
const OVERRULED: [&str; 13] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.sshCommand=ssh",
    "core.gitProxy=",
    "core.askPass=",
    "core.pager=cat",
    "credential.helper=",
    "protocol.version=2",
    "protocol.ext.allow=never",
    "uploadpack.packObjectsHook=",
    "safe.directory=*",
    "gc.auto=0",
    "maintenance.auto=false",
];

/// Variables of ours that git sees: how to find programs and how to get out.
const VARIABLES: [&str; 15] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "SSH_AUTH_SOCK",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "ALL_PROXY",
];

/// Bytes of what git says that an error repeats.
const SAID_BYTES_MAX: u64 = 2000;

/// Variables that hold for every git that we start, also through cargo.
pub fn variables() -> Vec<(&'static str, String)> {
    vec![
        ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
        ("GIT_CONFIG_GLOBAL", "/dev/null".to_owned()),
        ("GIT_ATTR_NOSYSTEM", "1".to_owned()),
        ("GIT_NO_LAZY_FETCH", "1".to_owned()),
        ("GIT_NO_REPLACE_OBJECTS", "1".to_owned()),
        ("GIT_OPTIONAL_LOCKS", "0".to_owned()),
        ("GIT_TERMINAL_PROMPT", "0".to_owned()),
        ("GIT_ALLOW_PROTOCOL", PROTOCOLS.to_owned()),
    ]
}

/// `git` with nothing of the user's, about the repository whose git folder is `git_dir`, where there is one.
pub(crate) fn git(git_dir: Option<&Path>) -> Command {
    let mut command = Command::new("git");
    let kept = VARIABLES.iter().filter_map(|name| Some((*name, env::var_os(name)?)));
    command.env_clear().envs(kept).env("LC_ALL", "C").envs(variables()).stdin(Stdio::null());
    if let Some(git_dir) = git_dir {
        let mut option = OsString::from("--git-dir=");
        option.push(git_dir);
        command.arg(option);
    }
    for setting in OVERRULED {
        command.args(["-c", setting]);
    }
    command
}

/// What git printed, where it succeeded.
pub(crate) fn output(mut command: Command, what: &str, place: &str) -> Result<Vec<u8>, SourceError> {
    let output = command.output().map_err(SourceError::NoGit)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(what, place, &said))
}

/// Git's words as an error.
pub(crate) fn failed(what: &str, place: &str, said: &str) -> SourceError {
    let mut said: String = said.trim().chars().take(SAID_BYTES_MAX as usize).collect();
    if said.is_empty() {
        "it did not say why".clone_into(&mut said);
    }
    SourceError::Git { command: what.to_owned(), place: place.to_owned(), said }
}

/// What was written to a file in place of a terminal.
pub(crate) fn said(mut file: File) -> String {
    let mut text = Vec::new();
    let _ = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(SAID_BYTES_MAX).read_to_end(&mut text));
    String::from_utf8_lossy(&text).into_owned()
}

/// The git folder of the repository in `folder`, bare or not; not of one around it.
pub(crate) fn git_dir(folder: &Path) -> Result<PathBuf, SourceError> {
    let io = |source| SourceError::Io { what: "open the repository", path: folder.to_owned(), source };
    let folder = folder.canonicalize().map_err(io)?;
    let mut command = git(None);
    command.current_dir(&folder).args(["rev-parse", "--absolute-git-dir"]);
    if let Some(above) = folder.parent() {
        command.env("GIT_CEILING_DIRECTORIES", above);
    }
    let printed = output(command, "rev-parse", &folder.display().to_string())?;
    let path = String::from_utf8_lossy(&printed);
    Ok(PathBuf::from(path.trim_end_matches('\n')))
}
