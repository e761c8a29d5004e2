//! `assay doctor`: whether this machine has what Assay needs, and what to do about it if not.

use std::{
    fs,
    process::{Command, Stdio},
};

use assay_backend::{Registry, RegistryError, registry::State};
use assay_spec::ExitCode;
use serde::Serialize;

use super::print;
use crate::{
    arguments::{DoctorArguments, Format},
    failure::Failure,
    report::printable,
    terminal::{BAD, GOOD, UNSURE, styled, table, table_text},
};

/// One thing that is needed.
#[derive(Serialize)]
struct Finding {
    what: String,
    state: Presence,
    detail: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Presence {
    /// There.
    Ok,
    /// Not there, and not always needed.
    Optional,
    /// Not there, and needed.
    Missing,
}

pub(crate) fn run(arguments: &DoctorArguments) -> Result<ExitCode, Failure> {
    let registry = Registry::from_environment(None);
    let mut findings = vec![proc_filesystem(), cache(&registry)];
    findings.push(tool("cargo", "--version", "needed to build runners; install Rust with rustup"));
    findings.push(tool("cc", "--version", "needed to build runners; install gcc or clang"));
    findings.extend(registry.iter().flat_map(runners));
    match arguments.output.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&findings)
                .map_err(|error| Failure::new(ExitCode::Bug, "the result could not be encoded").because(error))?;
            print(&(text + "\n"))?;
        }
        Format::Human => {
            let mut table = table(&["what", "state", "detail"]);
            for finding in &findings {
                let state = match finding.state {
                    Presence::Ok => styled(GOOD, "ok"),
                    Presence::Optional => styled(UNSURE, "absent"),
                    Presence::Missing => styled(BAD, "MISSING"),
                };
                table.add_row([finding.what.clone(), state, printable(&finding.detail)]);
            }
            print(&table_text(&table))?;
        }
    }
    let missing = findings.iter().any(|finding| finding.state == Presence::Missing);
    Ok(if missing { ExitCode::Usage } else { ExitCode::Ok })
}

fn proc_filesystem() -> Finding {
    let found = fs::read_to_string("/proc/self/status").is_ok_and(|status| status.contains("VmHWM"));
    Finding {
        what: "/proc".to_owned(),
        state: if found { Presence::Ok } else { Presence::Missing },
        detail: if found {
            "memory limits of runners work".to_owned()
        } else {
            "the supervisor of runners reads memory use there; mount it".to_owned()
        },
    }
}

fn cache(registry: &Result<Registry, RegistryError>) -> Finding {
    let what = "cache folder".to_owned();
    let registry = match registry {
        Ok(registry) => registry,
        Err(error) => return Finding { what, state: Presence::Missing, detail: error.to_string() },
    };
    let folder = registry.cache();
    let writable = fs::create_dir_all(folder)
        .and_then(|()| {
            let probe = folder.join(format!(".doctor-{}", std::process::id()));
            fs::write(&probe, b"")?;
            fs::remove_file(probe)
        })
        .map_err(|error| error.to_string());
    Finding {
        what,
        state: if writable.is_ok() { Presence::Ok } else { Presence::Missing },
        detail: match writable {
            Ok(()) => folder.display().to_string(),
            Err(error) => format!("{}: {error}; set ASSAY_CACHE to a folder that can be written", folder.display()),
        },
    }
}

fn tool(name: &str, argument: &str, why: &str) -> Finding {
    let output = Command::new(name).arg(argument).stdin(Stdio::null()).output();
    let version = output
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned());
    Finding {
        what: name.to_owned(),
        state: if version.is_some() { Presence::Ok } else { Presence::Optional },
        detail: version.unwrap_or_else(|| why.to_owned()),
    }
}

fn runners(registry: &Registry) -> Vec<Finding> {
    let finding = |name: &str| {
        let (state, detail) = match registry.state(name) {
            Ok(State::Installed(runner)) => (Presence::Ok, format!("SDK {}", runner.description.sdk_version)),
            Ok(State::Stale(_)) => (Presence::Optional, format!("sources changed; assay backend install {name}")),
            Ok(State::NotInstalled) => (Presence::Optional, format!("assay backend install {name}")),
            Ok(State::BinaryMissing(_) | State::BinaryChanged(_)) => {
                (Presence::Optional, format!("its program was removed or replaced; assay backend install {name}"))
            }
            Err(error) => (Presence::Optional, error.to_string()),
        };
        Finding { what: format!("runner {name}"), state, detail }
    };
    registry.names().iter().map(|name| finding(name)).collect()
}
