//! `assay doctor`: whether this machine has what Assay needs, and what to do about it if not.

use std::{
    fs,
    process::{Command, Stdio},
};

use assay_backend::{
    CancelToken, Registry, RegistryError, RunnerBackend, Settings,
    registry::State,
    sandbox::{LayerReport, LayerState},
};
use assay_guest::{
    GuestSources,
    build::{Clang, Toolchain},
};
use assay_spec::{Check, CheckResult, ExitCode, Platform};

use super::print_checks;
use crate::{arguments::DoctorArguments, failure::Failure};

pub(crate) fn run(arguments: &DoctorArguments) -> Result<ExitCode, Failure> {
    let registry = Registry::from_environment(None);
    let mut findings = vec![proc_filesystem(), cache(&registry)];
    findings.push(tool("cargo", "--version", "needed to build runners; install Rust with rustup"));
    findings.push(tool("cc", "--version", "needed to build runners; install gcc or clang"));
    findings.push(tool("c++", "--version", "needed to build the risc0 runner; install g++ or clang"));
    findings.push(tool("protoc", "--version", "needed to build the sp1 runner; install protobuf-compiler"));
    findings.push(guests());
    findings.push(c_guests());
    findings.extend(vector_instructions());
    findings.extend(registry.iter().flat_map(runners));
    findings.extend(registry.iter().flat_map(sandbox));
    let failing = findings.iter().any(|check| check.result == CheckResult::Failing);
    print_checks(findings, arguments.output.format)?;
    Ok(if failing { ExitCode::Usage } else { ExitCode::Ok })
}

/// What builds guests for zkVMs. Without it there are still guests of other makers, and instruction sequences.
fn guests() -> Check {
    let found = GuestSources::find(None)
        // Guests of other makers need no source tree of Assay's.
        .map_or_else(
            |_| std::env::current_dir().map_err(|error| error.to_string()),
            |sources| Ok(sources.folder().to_owned()),
        )
        .and_then(|folder| Toolchain::for_zkvms(&folder).map_err(|error| error.to_string()));
    let result = if found.is_ok() { CheckResult::Ok } else { CheckResult::Absent };
    let detail = found.map_or_else(|lacks| lacks, |toolchain| toolchain.summary());
    Check { what: "guest toolchain".to_owned(), result, detail }
}

/// What compiles guests in C; they are linked with what builds guests in Rust.
fn c_guests() -> Check {
    let found = Clang::find(Platform::Standard);
    let result = if found.is_ok() { CheckResult::Ok } else { CheckResult::Absent };
    let detail = found.map_or_else(|lacks| lacks.to_string(), |clang| clang.version);
    Check { what: "guest toolchain for C".to_owned(), result, detail }
}

fn proc_filesystem() -> Check {
    let found = fs::read_to_string("/proc/self/status").is_ok_and(|status| status.contains("VmHWM"));
    Check {
        what: "/proc".to_owned(),
        result: if found { CheckResult::Ok } else { CheckResult::Failing },
        detail: if found {
            "memory limits of runners work".to_owned()
        } else {
            "the supervisor of runners reads memory use there; mount it".to_owned()
        },
    }
}

fn cache(registry: &Result<Registry, RegistryError>) -> Check {
    let what = "cache folder".to_owned();
    let registry = match registry {
        Ok(registry) => registry,
        Err(error) => return Check { what, result: CheckResult::Failing, detail: error.to_string() },
    };
    let folder = registry.cache();
    let writable = fs::create_dir_all(folder)
        .and_then(|()| {
            let probe = folder.join(format!(".doctor-{}", std::process::id()));
            fs::write(&probe, b"")?;
            fs::remove_file(probe)
        })
        .map_err(|error| error.to_string());
    Check {
        what,
        result: if writable.is_ok() { CheckResult::Ok } else { CheckResult::Failing },
        detail: match writable {
            Ok(()) => folder.display().to_string(),
            Err(error) => format!("{}: {error}; set ASSAY_CACHE to a folder that can be written", folder.display()),
        },
    }
}

fn tool(name: &str, argument: &str, why: &str) -> Check {
    let output = Command::new(name).arg(argument).stdin(Stdio::null()).output();
    let version = output
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned());
    Check {
        what: name.to_owned(),
        result: if version.is_some() { CheckResult::Ok } else { CheckResult::Absent },
        detail: version.unwrap_or_else(|| why.to_owned()),
    }
}

/// The openvm runner is built for processors with AVX2, as its `.cargo/config.toml` says; others are not.
#[cfg(target_arch = "x86_64")]
fn vector_instructions() -> Vec<Check> {
    let found = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("fma");
    let (result, detail) = if found {
        (CheckResult::Ok, "the openvm runner can use them")
    } else {
        (
            CheckResult::Absent,
            "the openvm runner is built for them; change runners/openvm/.cargo/config.toml to go without",
        )
    };
    vec![Check { what: "AVX2, BMI2, FMA".to_owned(), result, detail: detail.to_owned() }]
}

#[cfg(not(target_arch = "x86_64"))]
fn vector_instructions() -> Vec<Check> {
    Vec::new()
}

/// The layers around a runner, by starting one.
fn sandbox(registry: &Registry) -> Vec<Check> {
    let installed = registry.names().into_iter().find_map(|name| registry.installed(&name).ok());
    let absent = |detail: String| vec![Check { what: "sandbox".to_owned(), result: CheckResult::Absent, detail }];
    let Some(runner) = installed else {
        return absent("tried on a runner, and none is installed".to_owned());
    };
    let started = RunnerBackend::new(runner, Settings::default(), CancelToken::new())
        .and_then(|mut backend| backend.start().map(|()| backend.supervisor().sandbox().cloned()));
    match started {
        Ok(Some(report)) => report.layers.iter().map(layer).collect(),
        Ok(None) => absent("the runner was started without one".to_owned()),
        Err(error) => absent(error.to_string()),
    }
}

fn layer(report: &LayerReport) -> Check {
    let result = if report.state == LayerState::Enforced { CheckResult::Ok } else { CheckResult::Absent };
    Check { what: format!("sandbox: {}", report.layer), result, detail: format!("{}: {}", report.state, report.detail) }
}

fn runners(registry: &Registry) -> Vec<Check> {
    let finding = |name: &str| {
        let (result, detail) = match registry.state(name) {
            Ok(State::Installed(runner)) => (CheckResult::Ok, format!("SDK {}", runner.description.sdk_version)),
            Ok(State::Stale(_)) => (CheckResult::Absent, format!("sources changed; assay backend install {name}")),
            Ok(State::NotInstalled) => (CheckResult::Absent, format!("assay backend install {name}")),
            Ok(State::BinaryMissing(_) | State::BinaryChanged(_)) => {
                (CheckResult::Absent, format!("its program was removed or replaced; assay backend install {name}"))
            }
            Err(error) => (CheckResult::Absent, error.to_string()),
        };
        Check { what: format!("runner {name}"), result, detail }
    };
    registry.names().iter().map(|name| finding(name)).collect()
}
