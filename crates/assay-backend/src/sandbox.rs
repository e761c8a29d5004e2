//! A sandbox around the processes that run untrusted work: what each layer of it takes away, and which of the layers the
//! kernel gave.
//!
//! # Who applies it
//!
//! A *launcher*: the supervisor starts this very program again ([`launch_if_asked`] turns it into a launcher before it
//! does anything else), which applies the layers to itself, says over a pipe how each went, and then executes the
//! runner in its place, so that the process that is supervised is the runner's. The two other places were weighed:
//!
//! - *Between fork and exec* (`pre_exec`) takes `unsafe`, and little may be done there: the child of a program with
//!   threads must not allocate.
//! - *In the runner*, before the SDK is touched, is simplest. But then the runner sandboxes itself: a prebuilt runner
//!   or a native guest would be trusted to do so, and the dynamic loader and static constructors run before it.
//!
//! What the launcher cannot do is to forbid `execve` altogether, since it needs it once. It permits it for the one
//! address at which it keeps the runner's path; and no file but the runner and its loader may be executed.
//!
//! # What it does not do
//!
//! - Memory: zkVMs that compile to machine code reserve address space they never use, so that neither `RLIMIT_AS`
//!   nor `RLIMIT_DATA` can tell use from reservation. Memory stays with the supervisor, which looks at it; a sandboxed
//!   process is merely the first that the kernel ends when memory runs out.
//! - CPU time: a warm runner serves thousands of requests on many cores; the wall limit of each bounds it.
//! - Namespaces: unprivileged ones are switched off on many systems, and what they would give is taken away here already.
//! - What the file system says of a file (`stat`, whether it exists), the list of processes and the clock stay visible.

mod files;
mod launch;
mod launcher;
mod limits;
mod privileges;
mod syscalls;

use std::{fmt, io, path::PathBuf, str::FromStr, sync::atomic::Ordering};

use serde::{Deserialize, Serialize};

use self::launcher::THIS_PROGRAM_LAUNCHES;
pub(crate) use self::launcher::{Launched, Launcher, environment};

/// Whether runners are started in the sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sandbox {
    /// They are not.
    Off,
    /// They are, with every layer that the kernel gives; the report says which those are.
    #[default]
    BestEffort,
    /// They are, with all layers, or not at all.
    Required,
}

impl Sandbox {
    /// All modes, the weakest first.
    pub const ALL: [Self; 3] = [Self::Off, Self::BestEffort, Self::Required];

    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::BestEffort => "best-effort",
            Self::Required => "required",
        }
    }
}

impl fmt::Display for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A word that names no mode.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no sandbox mode {0:?}; there are off, best-effort and required")]
pub struct NoSuchSandbox(String);

impl FromStr for Sandbox {
    type Err = NoSuchSandbox;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|mode| mode.name() == text).ok_or_else(|| NoSuchSandbox(text.to_owned()))
    }
}

/// What is put into a sandbox, and with that what it takes for its work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tenant {
    /// A runner: an SDK with threads and files of its own, which may write in its work folder.
    #[default]
    Runner,
    /// A native guest: one thread that gets its input and gives its output by descriptors, and writes no file at all.
    Guest,
    /// A build of sources that nobody vouches for: compilers, linkers and build scripts, which start each other, read
    /// what the user may read, write only where they build, and reach no network.
    Build,
}

impl Tenant {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Runner, Self::Guest, Self::Build];

    /// Name in the order to a launcher.
    fn name(self) -> &'static str {
        match self {
            Self::Runner => "runner",
            Self::Guest => "guest",
            Self::Build => "build",
        }
    }
}

/// How runners are sandboxed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SandboxSettings {
    /// Whether at all.
    pub mode: Sandbox,
    /// A program that calls [`launch_if_asked`]; this one if absent.
    pub launcher: Option<PathBuf>,
    /// Files and folders that the runner may read beside the system's libraries, such as parameters of an SDK. At most
    /// [`READABLE_MAX`]; those that do not exist are left out.
    pub readable: Vec<PathBuf>,
    /// Folders that a build may write in; nothing for other tenants. At most [`READABLE_MAX`].
    pub writable: Vec<PathBuf>,
    /// What it is for.
    pub tenant: Tenant,
}

/// Most entries of [`SandboxSettings::readable`], and of [`SandboxSettings::writable`].
pub const READABLE_MAX: usize = 64;

impl SandboxSettings {
    /// No sandbox.
    pub fn off() -> Self {
        Self { mode: Sandbox::Off, ..Self::default() }
    }
}

/// One part of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// `no_new_privs`, and no capabilities even for user 0.
    Privileges,
    /// A session and a process group of its own, without a terminal.
    Session,
    /// The runner is the parent of everything that it leaves behind, so that it can be found and ended.
    Reaper,
    /// Resource limits: no core dumps, bounded descriptors and threads.
    ResourceLimits,
    /// Landlock: files outside of the work folder cannot be written, those in it by runners only, and only the system's
    /// libraries read.
    Files,
    /// Seccomp: no network, no further processes or programs, no debugging, no administration of the system.
    Syscalls,
}

impl Layer {
    /// All layers, in the order in which they are applied.
    pub const ALL: [Self; 6] =
        [Self::Privileges, Self::Session, Self::Reaper, Self::ResourceLimits, Self::Files, Self::Syscalls];

    /// What to do when the kernel does not give it.
    fn advice(self) -> &'static str {
        match self {
            Self::Files => {
                "it takes Linux 6.2 or later with Landlock switched on (CONFIG_SECURITY_LANDLOCK=y, and landlock in the \
                 kernel's lsm= list), and a container engine that permits it"
            }
            Self::Syscalls => "it takes CONFIG_SECCOMP_FILTER=y, on x86-64 or AArch64",
            Self::Privileges | Self::Session | Self::Reaper | Self::ResourceLimits => {
                "something that runs above Assay, such as a container engine, forbids what every Linux permits"
            }
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Privileges => "privileges",
            Self::Session => "session",
            Self::Reaper => "reaper",
            Self::ResourceLimits => "resource limits",
            Self::Files => "files",
            Self::Syscalls => "syscalls",
        })
    }
}

/// Whether the kernel gave a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerState {
    /// All of it.
    Enforced,
    /// Some of it; the detail says what is missing.
    Partly,
    /// Nothing of it.
    Unavailable,
    /// It was not asked for.
    Off,
}

impl fmt::Display for LayerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Enforced => "enforced",
            Self::Partly => "partly enforced",
            Self::Unavailable => "unavailable",
            Self::Off => "off",
        })
    }
}

/// How one layer went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerReport {
    /// Which.
    pub layer: Layer,
    /// Whether the kernel gave it.
    pub state: LayerState,
    /// What was found, for people.
    pub detail: String,
}

impl LayerReport {
    fn enforced(layer: Layer, detail: impl Into<String>) -> Self {
        Self { layer, state: LayerState::Enforced, detail: detail.into() }
    }

    fn unavailable(layer: Layer, why: impl fmt::Display) -> Self {
        Self { layer, state: LayerState::Unavailable, detail: why.to_string() }
    }
}

/// How each layer went, for one process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxReport {
    /// One entry per layer, in the order of [`Layer::ALL`].
    pub layers: Vec<LayerReport>,
}

impl SandboxReport {
    /// The report of a process that was started without the sandbox.
    pub(crate) fn without(state: LayerState, why: &str) -> Self {
        let layers = Layer::ALL.into_iter().map(|layer| LayerReport { layer, state, detail: why.to_owned() }).collect();
        Self { layers }
    }

    /// How `layer` went.
    pub fn state(&self, layer: Layer) -> LayerState {
        self.layers.iter().find(|report| report.layer == layer).map_or(LayerState::Unavailable, |report| report.state)
    }

    /// Whether there is a sandbox at all: some layer of it is enforced.
    pub fn is_any(&self) -> bool {
        self.layers.iter().any(|report| matches!(report.state, LayerState::Enforced | LayerState::Partly))
    }

    /// Whether every layer is enforced.
    pub fn is_complete(&self) -> bool {
        self.first_missing().is_none()
    }

    /// The first layer that is not fully enforced.
    fn first_missing(&self) -> Option<LayerReport> {
        let missing = |layer: &Layer| self.state(*layer) != LayerState::Enforced;
        let layer = Layer::ALL.into_iter().find(missing)?;
        let found = self.layers.iter().find(|report| report.layer == layer).cloned();
        Some(found.unwrap_or_else(|| LayerReport::unavailable(layer, "the launcher did not speak of it")))
    }
}

impl fmt::Display for SandboxReport {
    /// A line for each layer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for LayerReport { layer, state, detail } in &self.layers {
            writeln!(f, "{layer}: {state} ({detail})")?;
        }
        Ok(())
    }
}

/// Why a process was not started in the sandbox.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// All layers are required and one is missing.
    #[error("the sandbox is required, but its layer \"{layer}\" is {state}: {detail}; {}. Or take --sandbox best-effort", layer.advice())]
    Missing {
        /// The first that is missing.
        layer: Layer,
        /// To what degree.
        state: LayerState,
        /// What was found.
        detail: String,
    },
    /// The sandbox is required, and there is nobody to apply it.
    #[error(
        "the sandbox is required, but this program cannot act as its launcher; it must call `launch_if_asked` first of all"
    )]
    NoLauncher,
    /// The launcher itself could not be started.
    #[error("cannot start the sandbox's launcher {}: {source}; take --sandbox off to go without", launcher.display())]
    Start {
        /// The program.
        launcher: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The launcher was started and did not do as a launcher does.
    #[error("the sandbox's launcher failed: {what}; take --sandbox off to go without")]
    Launcher {
        /// What it did.
        what: String,
    },
    /// The runner may not be executed in the sandbox.
    #[error(
        "{} cannot be executed in the sandbox: {source}; only ELF programs can, whose loader and libraries are the \
         system's and readable without privileges: others take --sandbox off", binary.display()
    )]
    Execute {
        /// The runner.
        binary: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Turns this process into a launcher if it was started as one; then it does not return.
///
/// To be called first of all in `main`, before threads are started or anything is printed. It also makes this program
/// the default launcher of the runners it starts itself.
pub fn launch_if_asked() {
    THIS_PROGRAM_LAUNCHES.store(true, Ordering::Relaxed);
    launch::launch_if_asked();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(state: LayerState) -> SandboxReport {
        let mut report = SandboxReport::without(LayerState::Enforced, "as it should be");
        report.layers[4].state = state;
        report
    }

    #[test]
    fn every_mode_is_read_by_its_name_and_others_are_not() {
        for mode in Sandbox::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert!("on".parse::<Sandbox>().unwrap_err().to_string().contains("best-effort"));
    }

    #[test]
    fn a_layer_that_is_partly_there_or_not_spoken_of_is_missing() {
        assert!(report(LayerState::Enforced).is_complete());
        for state in [LayerState::Partly, LayerState::Unavailable, LayerState::Off] {
            assert_eq!(report(state).first_missing().unwrap().layer, Layer::Files);
        }
        let mut silent = report(LayerState::Enforced);
        silent.layers.pop();
        assert_eq!(silent.first_missing().unwrap().layer, Layer::Syscalls);
        assert_eq!(silent.state(Layer::Syscalls), LayerState::Unavailable);
    }

    #[test]
    fn an_error_names_the_layer_what_was_found_and_what_to_do() {
        let error = SandboxError::Missing {
            layer: Layer::Files,
            state: LayerState::Unavailable,
            detail: "the kernel has no Landlock".to_owned(),
        };
        let text = error.to_string();
        for part in ["files", "unavailable", "no Landlock", "lsm=", "best-effort"] {
            assert!(text.contains(part), "{text}");
        }
    }
}
