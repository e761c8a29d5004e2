//! `assay backend doctor`: the built-in guest through every verb, and what works.
//!
//! What a backend has is what it says of itself; nothing here knows a zkVM.

use std::{fmt::Write as _, time::Duration};

use assay_backend::{
    Backend, BackendError, CancelToken, Expected, Job, Limits, Native, Reference, Registry, RunnerBackend,
    RunnerVerifier, Settings, TraceOptions, Verifier as _, registry::State, verify_receipt,
};
use assay_guest::Commitment;
use assay_spec::{
    BackendDoctorReport, Capability, CheckResult, Cost, ExitCode, InstalledRunner, Platform, Receipt,
    RunnerDescription, Status, VerbCheck, Verification, protocol::ProofVerdict, schema::Versioned as _,
};

use crate::{
    arguments::Format,
    commands::{print, print_json},
    failure::Failure,
    report::{self, printable},
    session::{NATIVE, REFERENCE, cancel_on_interrupt, registry, registry_failure},
    smoke,
    terminal::{BAD, GOOD, Progress, QUIET, styled, table, table_text},
};

/// What is tried, in this order.
const VERBS: [&str; 5] = ["execute", "trace", "cost", "prove", "verify"];

/// Kinds of proofs with this in their names are made quickly, for tests: they are tried where a runner has one.
const FAST_KIND: &str = "-insecure-fast";

/// Wall limit of a proof with the zkVM's own parameters: minutes on few cores.
const PROVE_WALL: Duration = Duration::from_mins(15);

/// Memory limit of a proof.
const PROVE_MEMORY_BYTES: u64 = 16 << 30;

/// What a verb did, or why it failed.
type Found = Result<String, String>;

pub(super) fn run(names: &[String], format: Format) -> Result<ExitCode, Failure> {
    let registry = registry()?;
    let asked = !names.is_empty();
    let names = if asked { names.to_vec() } else { installed(&registry) };
    let mut checks = Vec::new();
    for name in &names {
        match registry.installed(name) {
            Err(error) if ![REFERENCE, NATIVE].contains(&name.as_str()) && !asked => checks.push(VerbCheck {
                backend: name.clone(),
                platform: None,
                verb: "open".to_owned(),
                result: CheckResult::Failing,
                detail: error.to_string(),
                proof_kind: None,
            }),
            _ => checks.extend(check(&registry, name)?),
        }
    }
    let failing = checks.iter().any(|check| check.result == CheckResult::Failing);
    match format {
        Format::Json => print_json(&BackendDoctorReport { schema: BackendDoctorReport::tag(), checks })?,
        Format::Human => print(&human(&checks))?,
    }
    Ok(if failing { ExitCode::BackendMissing } else { ExitCode::Ok })
}

/// Backends by verbs, and below what each did or why it failed.
fn human(checks: &[VerbCheck]) -> String {
    let mut table = table(&["backend", "platform", "execute", "trace", "cost", "prove", "verify"]);
    let mut rows: Vec<(&str, Option<Platform>)> = Vec::new();
    for check in checks {
        if !rows.contains(&(&check.backend, check.platform)) {
            rows.push((&check.backend, check.platform));
        }
    }
    let mut details = String::new();
    for (backend, platform) in rows {
        let here = || checks.iter().filter(|check| check.backend == backend && check.platform == platform);
        let mut cells = vec![backend.to_owned(), platform.map_or("-", Platform::name).to_owned()];
        cells.extend(VERBS.map(|verb| match here().find(|check| check.verb == verb).map(|check| check.result) {
            Some(CheckResult::Ok) => styled(GOOD, "works"),
            Some(CheckResult::Failing) => styled(BAD, "FAILED"),
            Some(CheckResult::Absent) => styled(QUIET, "absent"),
            None => "-".to_owned(),
        }));
        table.add_row(cells);
        for check in here().filter(|check| check.result != CheckResult::Absent) {
            let kind = check.proof_kind.as_ref().map_or_else(String::new, |kind| format!(" ({})", printable(kind)));
            let failed = if check.result == CheckResult::Failing { styled(BAD, "FAILED: ") } else { String::new() };
            let place = platform.map_or_else(String::new, |platform| format!(" on {platform}"));
            let verb = &check.verb;
            let _ = writeln!(details, "{backend} {verb}{place}{kind}: {failed}{}", printable(&check.detail));
        }
    }
    table_text(&table) + &details
}

/// All but those that were never installed: an installation that is broken is what a doctor is asked about.
fn installed(registry: &Registry) -> Vec<String> {
    let there = |name: &String| !matches!(registry.state(name), Ok(State::NotInstalled));
    [REFERENCE, NATIVE].map(str::to_owned).into_iter().chain(registry.names().into_iter().filter(there)).collect()
}

/// Runs the built-in guest through every verb that the backend says it has.
pub(in crate::commands) fn check(registry: &Registry, name: &str) -> Result<Vec<VerbCheck>, Failure> {
    let cancel = cancel_on_interrupt();
    let missing = |error: BackendError| Failure::new(ExitCode::BackendMissing, error.to_string());
    let (mut backend, runner): (Box<dyn Backend>, Option<InstalledRunner>) = if name == REFERENCE {
        (Box::new(Reference::new(cancel.clone())), None)
    } else if name == NATIVE {
        (Box::new(Native::new(Settings::default(), cancel.clone()).map_err(missing)?), None)
    } else {
        let runner = registry.installed(name).map_err(|error| registry_failure(&error))?;
        let backend = RunnerBackend::new(runner.clone(), Settings::default(), cancel.clone());
        (Box::new(backend.map_err(missing)?), Some(runner))
    };
    let description = backend.description().clone();
    let mut checks = Vec::new();
    for &platform in &description.platforms {
        let mut patient = Patient { backend: backend.as_mut(), runner: runner.as_ref(), platform, receipt: None };
        for verb in VERBS {
            let progress = Progress::start(format!("{name} {platform}: {verb}"));
            patient.backend.on_progress(progress.callback());
            let found = patient.try_verb(verb, &description, &cancel);
            if cancel.is_cancelled() {
                return Err(Failure::interrupted());
            }
            let (result, detail) = match found {
                None => (CheckResult::Absent, "the backend does not have it".to_owned()),
                Some(Ok(detail)) => (CheckResult::Ok, detail),
                Some(Err(detail)) => (CheckResult::Failing, detail),
            };
            let proof_kind = matches!(verb, "prove" | "verify").then(|| proof_kind(&description)).flatten();
            checks.push(VerbCheck {
                backend: name.to_owned(),
                platform: Some(platform),
                verb: verb.to_owned(),
                result,
                detail,
                proof_kind,
            });
        }
    }
    Ok(checks)
}

/// The proof kind to try: a fast one where there is one, else the default.
fn proof_kind(description: &RunnerDescription) -> Option<String> {
    let kinds = &description.proof_kinds;
    let fast = kinds.iter().find(|kind| kind.name.ends_with(FAST_KIND));
    fast.or_else(|| kinds.first()).map(|kind| kind.name.clone())
}

/// A backend under examination, on one platform.
struct Patient<'a> {
    backend: &'a mut dyn Backend,
    runner: Option<&'a InstalledRunner>,
    platform: Platform,
    /// What it proved, to be verified.
    receipt: Option<(Receipt, Vec<u8>)>,
}

impl Patient<'_> {
    /// `None` if the backend does not have the verb.
    fn try_verb(&mut self, verb: &str, description: &RunnerDescription, cancel: &CancelToken) -> Option<Found> {
        let has = |capability| description.capabilities.contains(&capability);
        let traces = [Capability::TraceInstructions, Capability::TraceChipRows, Capability::TraceInteractions];
        let commitment = if verb == "prove" { Commitment::Digest } else { Commitment::Absent };
        let (guest, input) = match self.platform {
            // It executes, and no more.
            Platform::Native if verb != "execute" => return None,
            Platform::Native => match smoke::native() {
                Ok(native) => native,
                Err(error) => return Some(Err(error)),
            },
            platform => (smoke::guest(platform, commitment), Vec::new()),
        };
        let limits = match verb {
            "prove" => Limits { wall: PROVE_WALL, memory_limit_bytes: PROVE_MEMORY_BYTES, ..Limits::default() },
            _ => Limits::default(),
        };
        let job = Job { guest: &guest, input: &input, limits: &limits, cost: verb == "cost" };
        match verb {
            "execute" if has(Capability::Execute) => Some(execute(self.backend, &job)),
            "trace" if traces.into_iter().any(has) => Some(trace(self.backend, &job, description)),
            "cost" if has(Capability::Cost) => Some(cost(self.backend, &job)),
            "prove" if has(Capability::Prove) => Some(self.prove(&job, description)),
            "verify" if has(Capability::Verify) => Some(self.verify(&limits, cancel)),
            _ => None,
        }
    }

    fn prove(&mut self, job: &Job<'_>, description: &RunnerDescription) -> Found {
        let proved = self.backend.prove(job, proof_kind(description).as_deref()).map_err(|error| error.to_string())?;
        if proved.outcome.run.status != Status::Ok {
            return Err(ended(&proved.outcome));
        }
        let receipt = proved.receipt.ok_or("there is no receipt")?;
        if !smoke::is_right(job.guest, &receipt.header.claims.output.0) {
            return Err(format!("wrong registers: output {}", receipt.header.claims.output));
        }
        let ms = proved.outcome.elapsed.prove_ms.unwrap_or_default();
        let said = format!("{} bytes in {:.1} s", receipt.header.proof_bytes, ms / 1000.0);
        self.receipt = Some((receipt, job.guest.elf.clone()));
        Ok(said)
    }

    /// In a process of its own, which must refuse the proof once a bit of it is changed.
    fn verify(&mut self, limits: &Limits, cancel: &CancelToken) -> Found {
        let (receipt, elf) = self.receipt.take().ok_or("there is no proof to verify")?;
        let runner = self.runner.ok_or("there is no runner to verify with")?;
        let mut verifier = RunnerVerifier::new(runner.clone(), Settings::default(), cancel.clone(), *limits);
        let expected = Expected { elf: Some(&elf), insecure: true, ..Expected::default() };
        let report = verify_receipt(&receipt, &expected, &mut verifier).map_err(|error| error.to_string())?;
        match report.verification {
            Verification::Verified(_) => {}
            Verification::Rejected(rejection) => return Err(format!("{}: {}", rejection.check, rejection.error)),
            Verification::NotRequested => return Err("nothing was verified".to_owned()),
        }
        let mut proof = receipt.proof.clone();
        let middle = proof.len() / 2;
        *proof.get_mut(middle).ok_or("the proof is empty")? ^= 1;
        let header = &receipt.header;
        let changed = verifier.verify(&proof, &header.kind, &header.image_id).map_err(|error| error.to_string())?;
        match changed.verdict {
            ProofVerdict::Accepted(_) => Err("a proof with a changed bit is accepted".to_owned()),
            ProofVerdict::Rejected(_) => {
                let ms = report.effort.map_or(changed.verify_ms, |effort| effort.verify_ms);
                Ok(format!("{ms:.1} ms, and a proof with a changed bit is refused"))
            }
        }
    }
}

fn ended(outcome: &assay_spec::Outcome) -> String {
    format!("{} {}", outcome.run.status, report::details(outcome).replace('\n', " "))
}

fn execute(backend: &mut dyn Backend, job: &Job<'_>) -> Found {
    let outcome = backend.execute(job).map_err(|error| error.to_string())?;
    if outcome.run.status != Status::Ok {
        return Err(ended(&outcome));
    }
    if !smoke::is_right(job.guest, &outcome.run.output.0) {
        return Err(format!("wrong registers: output {}", outcome.run.output));
    }
    let count = outcome.run.instructions.map_or_else(String::new, |count| format!("{count} instructions in "));
    Ok(format!("{count}{:.1} ms", outcome.elapsed.execute_ms))
}

fn cost(backend: &mut dyn Backend, job: &Job<'_>) -> Found {
    let outcome = backend.execute(job).map_err(|error| error.to_string())?;
    // Whatever figures there are, by their names: each zkVM has its own.
    let cost = serde_json::to_value(&outcome.run.cost).unwrap_or_default();
    let figures = cost.as_object().into_iter().flatten();
    let said: Vec<_> = figures
        .map(|(name, value)| match value {
            serde_json::Value::Number(count) => format!("{name} {count}"),
            _ => name.clone(),
        })
        .collect();
    match outcome.run.status {
        Status::Ok if outcome.run.cost == Cost::default() => Err("no figure was given".to_owned()),
        Status::Ok => Ok(said.join(", ")),
        _ => Err(ended(&outcome)),
    }
}

fn trace(backend: &mut dyn Backend, job: &Job<'_>, description: &RunnerDescription) -> Found {
    let traced = match backend.trace(job, &TraceOptions::default()) {
        Ok(traced) => traced,
        Err(error) => return Err(error.to_string()),
    };
    let summary = &traced.summary;
    let expected = [
        (Capability::TraceInstructions, summary.instructions),
        (Capability::TraceChipRows, summary.chip_rows),
        (Capability::TraceInteractions, summary.interactions),
    ];
    let missing =
        expected.iter().find(|(capability, count)| description.capabilities.contains(capability) && *count == 0);
    let unbalanced: u64 = summary.buses.iter().filter_map(|bus| bus.unbalanced).sum();
    match missing {
        _ if traced.outcome.run.status != Status::Ok => Err(traced.outcome.run.status.to_string()),
        Some((capability, _)) => Err(format!("{capability}: no records")),
        None if unbalanced > 0 => Err(format!("{unbalanced} bus messages do not balance")),
        None => Ok(format!(
            "{} instructions, {} chip rows, {} interactions",
            summary.instructions, summary.chip_rows, summary.interactions
        )),
    }
}
