//! A runner over patched sources of a zkVM: Assay's runner of that zkVM, and what is different because the sources say
//! themselves what they do and can be told to do otherwise.
//!
//! What such runners share is here: their name, what is passed on as it is, how a proof with replaced values is reported,
//! and the way of records from the sources' sink ([`Pipe`]). Where records come from is said by [`Patches`]. The helper
//! crate of the sources is another one in each snapshot, so that this crate knows it by functions alone.

mod pipe;

use assay_spec::{
    Capability, RunReport, RunnerDescription,
    protocol::{ErrorKind, RecordSelection, RunnerError},
    trace::TraceSummary,
};

pub use self::pipe::Pipe;
use crate::{
    context::Context,
    error::error,
    panic::within_catch,
    records::Records,
    runner::{Prepared, Proof, Run, Runner, VerifiedProof},
};

/// What people should know of every runner over patched sources.
const NOTES: [&str; 2] = [
    "ASSAY_RELAX switches named guards off, ASSAY_INJECT replaces values of the witness (name:position:value); \
     `assay snapshot status` lists the names. Both are read when the process starts to work.",
    "The verifier has no guards that can be switched off, and no injection points.",
];

/// What is appended to the version of the zkVM's SDK.
const VERSION_END: &str = "+assay";

/// What patched sources make different.
pub trait Patches {
    /// Assay's runner of the zkVM.
    type Runner: Runner;

    /// What people should know, besides what they should know of the runner of the published crates.
    const NOTES: &'static [&'static str];

    /// What it can do that the runner of the published crates cannot.
    const CAPABILITIES: &'static [Capability] = &[];

    /// How notes of the runner begin that are not so here.
    const NOT_SO: &'static [&'static str] = &[];

    /// As [`Runner::trace`], with records from the sources.
    fn trace(
        &mut self,
        runner: &mut Self::Runner,
        guest: &<Self::Runner as Runner>::Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError>;

    /// How many values of the witness were replaced so far: `inject::fired` of the sources' helper crate.
    fn replaced(&self) -> u64;

    /// Drops records that nobody took: `sink::finish` of the sources' helper crate.
    fn discard(&mut self);
}

/// A runner over patched sources.
pub struct Patched<P: Patches> {
    name: String,
    patches: P,
    runner: P::Runner,
}

impl<P: Patches> Patched<P> {
    /// `runner`, built over patched sources, called `name`: that of the snapshot, such as `openvm@2.0.2`.
    pub fn new(name: &str, patches: P, runner: P::Runner) -> Self {
        Self { name: name.to_owned(), patches, runner }
    }

    /// A witness with replaced values is the caller's doing: what the prover does with it, an error or a panic among that, says
    /// something of the witness and nothing of the runner. What the run itself came to is asked anew.
    fn refused(
        &mut self,
        reason: &str,
        replaced: u64,
        guest: &<P::Runner as Runner>::Guest,
        run: &Run<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        let report = self.runner.execute(guest, run, cx)?;
        Ok((noted(report, replaced).refused(reason), None))
    }
}

/// The report of a proof in whose witness values were replaced, saying so.
fn noted(mut report: RunReport, replaced: u64) -> RunReport {
    let said = report.message.take().map(|said| format!("; {said}")).unwrap_or_default();
    let values = if replaced == 1 { "value of the witness was" } else { "values of the witness were" };
    report.with_message(format!("{replaced} {values} replaced{said}"))
}

impl<P: Patches> Runner for Patched<P> {
    type Guest = <P::Runner as Runner>::Guest;

    fn describe(&self) -> RunnerDescription {
        let mut description = self.runner.describe();
        description.name.clone_from(&self.name);
        description.sdk_version.push_str(VERSION_END);
        description.capabilities.extend(P::CAPABILITIES);
        description.notes.retain(|note| !P::NOT_SO.iter().any(|start| note.starts_with(start)));
        description.notes.extend(P::NOTES.iter().chain(&NOTES).map(|&note| note.to_owned()));
        description
    }

    fn load(&mut self, elf: &[u8], cx: &Context<'_>) -> Result<Prepared<Self::Guest>, RunnerError> {
        self.runner.load(elf, cx)
    }

    fn execute(&mut self, guest: &Self::Guest, run: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError> {
        self.runner.execute(guest, run, cx)
    }

    fn trace(
        &mut self,
        guest: &Self::Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        self.patches.trace(&mut self.runner, guest, run, selection, records, cx)
    }

    fn prove(
        &mut self,
        guest: &Self::Guest,
        run: &Run<'_>,
        kind: &str,
        cx: &Context<'_>,
    ) -> Result<(RunReport, Option<Proof>), RunnerError> {
        let before = self.patches.replaced();
        let proved = within_catch(|| self.runner.prove(guest, run, kind, cx));
        let replaced = self.patches.replaced().saturating_sub(before);
        match proved {
            Ok(proved) if replaced == 0 => proved,
            Err(panic) if replaced == 0 => panic.rethrow(),
            Ok(Ok((report, proof))) => Ok((noted(report, replaced), proof)),
            Ok(Err(reason)) if reason.kind == ErrorKind::Sdk => self.refused(&reason.message, replaced, guest, run, cx),
            Ok(Err(reason)) => Err(reason),
            Err(panic) => {
                let reason = format!("panic: {}", panic.said());
                self.recover();
                self.refused(&reason, replaced, guest, run, cx)
            }
        }
    }

    fn identify(&mut self, guest: &Self::Guest, kind: &str, cx: &Context<'_>) -> Result<String, RunnerError> {
        self.runner.identify(guest, kind, cx)
    }

    fn verify(
        &mut self,
        proof: &[u8],
        kind: &str,
        image_id: &str,
        cx: &Context<'_>,
    ) -> Result<VerifiedProof, RunnerError> {
        self.runner.verify(proof, kind, image_id, cx)
    }

    fn recover(&mut self) {
        self.patches.discard();
        self.runner.recover();
    }
}

/// The error of a sink whose records could not be taken.
fn sink_error(reason: &std::io::Error) -> RunnerError {
    error(ErrorKind::Sdk, format!("the records of the patched sources could not be taken: {reason}"))
}

#[cfg(test)]
mod tests;
