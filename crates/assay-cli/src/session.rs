//! What a command needs to get at backends: the registry, limits, Ctrl-C, and whether missing runners may be built.

use std::{
    collections::BTreeSet,
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use assay_backend::{
    Backend, BackendError, CancelToken, Limits, Native, Reference, Registry, RegistryError, RunnerBackend,
    RunnerFailure, RunnerVerifier, Sandbox, SandboxSettings, Settings,
    registry::{InstallError, State},
};
use assay_machine::Fault;
use assay_spec::{ExitCode, InstalledRunner, Platform, RunLimits, Word};

use crate::{
    arguments::CommonArguments,
    failure::{Failure, INTERRUPTED},
    terminal::{self, Progress},
};

/// Name of the backend that is built in.
pub(crate) const REFERENCE: &str = Reference::NAME;

/// Name of the backend that runs programs of this machine.
pub(crate) const NATIVE: &str = Native::NAME;

/// How long after the first Ctrl-C a second one is taken for impatience and not for the same keystroke. Cleaning up after
/// the first is done by then, or something holds it up.
const SECOND_INTERRUPT_AFTER: Duration = Duration::from_millis(500);

/// Longest wall limit that is taken from a file: longer ones overflow clocks.
const WALL_MAX: Duration = Duration::from_hours(24);

pub(crate) struct Session {
    limits: Limits,
    install: bool,
    settings: Settings,
    cancel: CancelToken,
    /// Where the reference machine has the input of guests for `standard`, if not at its default.
    input_base: Option<u64>,
}

impl Session {
    pub(crate) fn open(arguments: &CommonArguments) -> Self {
        Self {
            limits: Limits {
                wall: arguments.timeout,
                max_steps: arguments.max_steps,
                memory_limit_bytes: arguments.memory_limit << 20,
                ..Limits::default()
            },
            install: arguments.install,
            settings: settings(arguments.sandbox),
            cancel: cancel_on_interrupt(),
            input_base: arguments.input_base.map(|base| base.0),
        }
    }

    /// For what is asked without limits.
    pub(crate) fn with_defaults() -> Self {
        Self {
            limits: Limits::default(),
            install: false,
            settings: settings(Sandbox::default()),
            cancel: cancel_on_interrupt(),
            input_base: None,
        }
    }

    /// With the limits of a kept run, which may be anything; `wall` in place of its wall limit.
    pub(crate) fn with_limits(kept: &RunLimits, wall: Option<Duration>, install: bool, sandbox: Sandbox) -> Self {
        Self {
            limits: Limits {
                wall: wall.unwrap_or(Duration::from_millis(kept.timeout_ms)).min(WALL_MAX),
                max_steps: kept.max_steps,
                memory_limit_bytes: kept.memory_limit_bytes,
                ..Limits::default()
            },
            install,
            settings: settings(sandbox),
            cancel: cancel_on_interrupt(),
            input_base: kept.input_base.map(|base| base.0),
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Where the reference machine has the input of guests for `standard`, if that was chosen.
    pub(crate) fn input_base(&self) -> Option<Word> {
        self.input_base.map(Word)
    }

    /// The reference machine.
    pub(crate) fn reference(&self) -> Reference {
        self.placed(Reference::new(self.cancel.clone()))
    }

    fn placed(&self, machine: Reference) -> Reference {
        match self.input_base {
            Some(base) => machine.with_input_base(base),
            None => machine,
        }
    }

    /// Is cancelled by Ctrl-C.
    pub(crate) fn cancel_token(&self) -> CancelToken {
        self.cancel.clone()
    }

    /// The platform of a guest for the backend `name`, which must be the one that was asked for, if any.
    pub(crate) fn platform(&self, name: &str, asked: Option<Platform>) -> Result<Platform, Failure> {
        if let Some(own) = reference_platform(name) {
            return match (own?, asked) {
                (Some(own), Some(asked)) if own != asked => {
                    Err(Failure::usage(format!("{name} does not run guests of platform {asked}"))
                        .help("leave --platform out"))
                }
                (own, asked) => Ok(own.or(asked).unwrap_or(Platform::Standard)),
            };
        }
        if name == NATIVE {
            return match asked {
                None => Ok(Platform::Native),
                Some(asked) => Err(Failure::usage(format!("native runs no guests of platform {asked}"))
                    .help("leave --platform out, or say which backend it is for: -b reference@PLATFORM")),
            };
        }
        let platforms = self.runner(name)?.description.platforms;
        match asked {
            None => platforms.first().copied().ok_or_else(|| {
                Failure::new(ExitCode::BackendMissing, format!("the runner {name} names no platform"))
                    .help(format!("install it again: assay backend install {name} --force"))
            }),
            Some(asked) if platforms.contains(&asked) => Ok(asked),
            Some(asked) => Err(Failure::usage(format!("{name} does not run guests of platform {asked}"))
                .help(format!("leave --platform out, or choose {}", list(&platforms)))),
        }
    }

    /// The backend `name`, ready to run.
    pub(crate) fn backend(&self, name: &str) -> Result<Box<dyn Backend>, Failure> {
        if let Some(platform) = reference_platform(name) {
            return platform.map(|_| Box::new(self.reference()) as Box<dyn Backend>);
        }
        if name == NATIVE {
            let native = Native::new(self.settings.clone(), self.cancel.clone());
            return Ok(Box::new(native.map_err(|error| self.failure(error))?));
        }
        Ok(Box::new(self.runner_backend(name)?))
    }

    /// The backend of the runner `name`, ready to run.
    pub(crate) fn runner_backend(&self, name: &str) -> Result<RunnerBackend, Failure> {
        let runner = self.runner(name)?;
        let backend = RunnerBackend::new(runner, self.settings.clone(), self.cancel.clone());
        backend.map_err(|error| self.failure(error))
    }

    /// What verifies receipts of the runner `name`.
    pub(crate) fn verifier(&self, name: &str) -> Result<RunnerVerifier, Failure> {
        Ok(RunnerVerifier::new(self.runner(name)?, self.settings.clone(), self.cancel.clone(), self.limits))
    }

    /// A reference machine with planted faults, for showing that faults are found.
    pub(crate) fn planted(&self, faults: &[String]) -> Result<Box<dyn Backend>, Failure> {
        let faults = faults
            .iter()
            .map(|fault| fault.parse::<Fault>())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Failure::usage("--plant-fault").because(error))?;
        Ok(Box::new(self.placed(Reference::with_faults(faults, self.cancel.clone()))))
    }

    /// What stands for a backend that could not run at all.
    pub(crate) fn failure(&self, error: BackendError) -> Failure {
        if self.cancel.is_cancelled() {
            return Failure::interrupted();
        }
        let exit = match &error {
            BackendError::Guest(_) | BackendError::NoHart { .. } => ExitCode::Usage,
            BackendError::NoTraces { .. } | BackendError::Runner { source: RunnerFailure::Sandbox(_), .. } => {
                ExitCode::BackendMissing
            }
            _ => ExitCode::Inconclusive,
        };
        let failure = Failure::new(exit, "the backend could not do it");
        let failure = match error {
            BackendError::Io { .. } => {
                failure.help("it is about a temporary file; TMPDIR says where those are: choose a folder with room")
            }
            _ => failure,
        };
        failure.because(error)
    }

    /// The runner `name`; built first if it is missing and that was asked for, or is agreed to.
    fn runner(&self, name: &str) -> Result<InstalledRunner, Failure> {
        let registry = registry()?;
        let state = registry.state(name).map_err(|error| registry_failure(&error))?;
        match state {
            State::Installed(runner) => return Ok(runner),
            State::Stale(_) if self.install => {}
            State::Stale(runner) => {
                Self::warn_once(name);
                return Ok(runner);
            }
            State::NotInstalled | State::BinaryMissing(_) | State::BinaryChanged(_) => {
                if let Err(error) = registry.installed(name)
                    && !self.may_install(name, &error)
                {
                    return Err(match error {
                        _ if self.cancel.is_cancelled() => Failure::interrupted(),
                        RegistryError::NotInstalled { .. } => {
                            registry_failure(&error).help("or add --install to this command")
                        }
                        _ => registry_failure(&error),
                    });
                }
            }
        }
        install(&registry, name, false, &self.cancel)
    }

    fn may_install(&self, name: &str, error: &RegistryError) -> bool {
        if matches!(error, RegistryError::Unknown { .. }) {
            return false;
        }
        self.install
            || terminal::can_ask()
                && terminal::ask(
                    &format!("The runner {name} is not installed. Build it now? It takes some minutes."),
                    &self.cancel,
                )
    }

    fn warn_once(name: &str) {
        static WARNED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
        // A thread that panicked over it has told all the same.
        if WARNED.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned()) {
            terminal::note(&format!(
                "warning: the sources of the runner {name} have changed since it was installed; \
                 update it with: assay backend install {name}"
            ));
        }
    }
}

/// The platform that `reference@sp1` names, and none for `reference`; `None` where another backend is meant.
pub(crate) fn reference_platform(name: &str) -> Option<Result<Option<Platform>, Failure>> {
    let own = name.strip_prefix(REFERENCE)?;
    if own.is_empty() {
        return Some(Ok(None));
    }
    let platform = own.strip_prefix('@')?.parse();
    Some(platform.map(Some).map_err(|error| Failure::usage(format!("-b {name}")).because(error)))
}

fn settings(sandbox: Sandbox) -> Settings {
    Settings { sandbox: SandboxSettings { mode: sandbox, ..SandboxSettings::default() }, ..Settings::default() }
}

/// The registry of this user.
pub(crate) fn registry() -> Result<Registry, Failure> {
    Registry::from_environment(None).map_err(|error| registry_failure(&error))
}

/// Builds and registers a runner, with what cargo says as progress.
pub(crate) fn install(
    registry: &Registry,
    name: &str,
    force: bool,
    cancel: &CancelToken,
) -> Result<InstalledRunner, Failure> {
    let progress = Progress::start(format!("building the runner {name}"));
    let note = |line: &str| format!("installing the runner {name}, which may take some minutes: {line}");
    let done = registry.install(name, force, cancel, &mut |line| progress.say_of_build(line, note));
    drop(progress);
    match done {
        Ok(installation) => Ok(installation.runner),
        Err(error) => Err(install_failure(error, format!("the runner {name} could not be installed"), cancel)),
    }
}

/// Why installing or registering a runner failed.
pub(crate) fn install_failure(error: InstallError, what: String, cancel: &CancelToken) -> Failure {
    match error {
        _ if cancel.is_cancelled() => Failure::interrupted(),
        InstallError::Registry(error @ RegistryError::BadName(_)) => registry_failure(&error),
        error => Failure::new(ExitCode::BackendMissing, what).because(error),
    }
}

/// A token that Ctrl-C and SIGTERM cancel. Commands then end by themselves and clean up; a second Ctrl-C, not at once
/// after the first, ends the process as it is.
pub(crate) fn cancel_on_interrupt() -> CancelToken {
    static TOKEN: OnceLock<CancelToken> = OnceLock::new();
    TOKEN
        .get_or_init(|| {
            let cancel = CancelToken::new();
            let token = cancel.clone();
            let mut first: Option<Instant> = None;
            let handler = move || {
                token.cancel();
                if first.get_or_insert_with(Instant::now).elapsed() >= SECOND_INTERRUPT_AFTER {
                    std::process::exit(INTERRUPTED.into());
                }
            };
            if let Err(error) = ctrlc::set_handler(handler) {
                terminal::note(&format!("warning: Ctrl-C ends Assay without cleaning up: {error}"));
            }
            cancel
        })
        .clone()
}

pub(crate) fn registry_failure(error: &RegistryError) -> Failure {
    let exit = match error {
        RegistryError::NoCache | RegistryError::BadName(_) => ExitCode::Usage,
        RegistryError::Unknown { .. }
        | RegistryError::NotInstalled { .. }
        | RegistryError::NoSources { .. }
        | RegistryError::Record { .. }
        | RegistryError::RecordTooLong { .. }
        | RegistryError::Source(_)
        | RegistryError::Io { .. } => ExitCode::BackendMissing,
    };
    let failure = Failure::new(exit, error.to_string());
    match error {
        RegistryError::Unknown { name, .. } if name.contains('@') => failure.help(format!(
            "it is the name of a snapshot's runner: assay snapshot list shows what there is; build it with assay snapshot \
             build {name}"
        )),
        RegistryError::Unknown { .. } => {
            failure.help("`reference` and `native` are built in; assay backend list shows all of them")
        }
        _ => failure,
    }
}

fn list(platforms: &[Platform]) -> String {
    platforms.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
