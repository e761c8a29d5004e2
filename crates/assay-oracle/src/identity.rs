//! Which findings a run log holds, and what each of them is whatever bytes triggered it.
//!
//! The reference machine is never at fault, and neither is the baseline: a finding is about the other side. What two
//! platforms do differently is no finding, unless it is a core that does: then the core is at fault, which is written to
//! do the same everywhere. What a backend does otherwise than the reference machine of its platform is one,
//! once, however many comparisons show it. A run that a limit or the machinery ended says nothing about what it would have
//! done; that it came to no end where the reference machine did, or died, is a finding of its own kind.
//!
//! Values, addresses, names of registers and the length of a run are no part of an identity. Where the first diverging
//! instruction is known it says what went wrong, and what followed from it is left out: how a wrong value shows in the end
//! depends on the code behind it.

use std::collections::BTreeSet;

use assay_isa::{Extensions, Format, Instruction, Isa, Xlen, decode};
use assay_spec::{
    Basis, Comparison, Divergence, FindingKind, Identity, Inconclusive, InstructionClass, NamedOutcome, OperandClass,
    Outcome, RunLog, Status, Verdict, Word, trace::InstructionRecord, verdict::FirstDifference,
};

/// Name of the machine that is as it should be.
const REFERENCE: &str = "reference";

/// Characters of what a runner died of that are part of an identity.
const CAUSE_CHARS_MAX: usize = 160;

/// A finding as one run showed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// What makes it the same finding wherever it is seen.
    pub identity: Identity,
    /// Name of the outcome that it is about.
    pub target: String,
    /// Position in the log of the comparison that shows it: the first of the outcome's, where it shows without comparing.
    pub comparison: usize,
}

/// The findings in `log`, each once, in the order in which the log shows them.
///
/// `word_at` gives the instruction word at an address of the guest that an outcome is about, where it can be known: it names
/// the instruction that trapped on one side only where no trace shows it.
pub fn sightings(log: &RunLog, word_at: impl Fn(&NamedOutcome, Word) -> Option<u32>) -> Vec<Sighting> {
    let mut found: Vec<Sighting> = Vec::new();
    let mut add = |sighting: Sighting| {
        if !found.iter().any(|other| other.identity == sighting.identity) {
            found.push(sighting);
        }
    };
    for (at, comparison) in log.comparisons.iter().enumerate() {
        let Some(pair) = Pair::of(log, comparison) else { continue };
        let identity = match &comparison.verdict {
            Verdict::Diverge(differences) => pair.divergence(differences, &word_at),
            Verdict::Inconclusive(Inconclusive::BackendEnded { .. }) => pair.without_end(),
            _ => None,
        };
        if let Some((identity, target)) = identity {
            add(Sighting { identity, target: target.name.clone(), comparison: at });
        }
    }
    for run in &log.outcomes {
        if matches!(run.outcome.run.status, Status::RunnerCrash | Status::ProtocolError) {
            let takes_part = |comparison: &Comparison| [&comparison.target, &comparison.baseline].contains(&&run.name);
            let Some(comparison) = log.comparisons.iter().position(takes_part) else { continue };
            add(Sighting { identity: crash(&run.outcome), target: run.name.clone(), comparison });
        }
    }
    found
}

/// One line that says to people what the finding is. It follows from the identity alone.
pub fn title(identity: &Identity) -> String {
    let target = &identity.target;
    let baseline = identity.baseline.as_deref().unwrap_or("the others");
    let what = identity.differs_in.join(", ").replace('_', " ");
    let at = identity.instruction.as_ref().map(|instruction| format!("`{}`", instruction.mnemonic));
    let constraint = identity.constraint.as_deref().map_or_else(String::new, |constraint| format!(": {constraint}"));
    if let Some(core) = &identity.core {
        let verb = if identity.kind == FindingKind::Panic { "panics" } else { "does otherwise" };
        return format!("the core {core} {verb} on {target} than on {baseline}: {what}");
    }
    match identity.kind {
        FindingKind::Divergence => match at {
            Some(at) => format!("{target}: {at} differs from {baseline} in {what}"),
            None => format!("{target} differs from {baseline} in {what}"),
        },
        FindingKind::Panic => {
            let at = at.map_or_else(String::new, |at| format!(" at {at}"));
            format!("{target} panics{at} where {baseline} does not")
        }
        FindingKind::Crash => format!("the runner of {target} failed{constraint}"),
        FindingKind::Timeout if identity.differs_in == [ENDED] => format!("{target} ends where {baseline} does not"),
        FindingKind::Timeout => format!("{target} comes to no end where {baseline} does: {what}"),
        FindingKind::Soundness => format!("{target} accepts a proof of what did not happen{constraint}"),
        FindingKind::Completeness => format!("{target} does not prove a run that is as it should be{constraint}"),
    }
}

/// The instruction without the values that it happens to have: operands in the order of the assembly text.
pub fn instruction_class(instruction: Instruction) -> InstructionClass {
    let mut seen = Vec::new();
    let mut register = |register: u8| {
        let class = match register {
            0 => OperandClass::ZeroRegister,
            _ if seen.contains(&register) => OperandClass::SameRegister,
            _ => OperandClass::Register,
        };
        seen.push(register);
        class
    };
    let immediate = |value: i32| match value {
        0 => OperandClass::ZeroImmediate,
        1.. => OperandClass::PositiveImmediate,
        _ => OperandClass::NegativeImmediate,
    };
    let Instruction { opcode, rd, rs1, rs2, imm } = instruction;
    let operands = match opcode.entry().format {
        Format::R => vec![register(rd), register(rs1), register(rs2)],
        Format::I | Format::Shift | Format::ShiftWord | Format::VendorReveal => {
            vec![register(rd), register(rs1), immediate(imm)]
        }
        Format::Load => vec![register(rd), immediate(imm), register(rs1)],
        Format::Store => vec![register(rs2), immediate(imm), register(rs1)],
        Format::Branch => vec![register(rs1), register(rs2), immediate(imm)],
        Format::Upper | Format::Jump => vec![register(rd), immediate(imm)],
        Format::LoadReserved | Format::VendorTwo => vec![register(rd), register(rs1)],
        Format::Atomic => vec![register(rd), register(rs2), register(rs1)],
        Format::Fence => vec![immediate(imm >> 4 & 0xf), immediate(imm & 0xf)],
        Format::FenceI | Format::Bare => vec![],
        Format::VendorCode => vec![immediate(imm)],
        Format::VendorOne => vec![register(rd)],
    };
    InstructionClass { mnemonic: opcode.mnemonic().to_owned(), operands }
}

/// In [`Identity::differs_in`] of a target that ended where the reference machine was not allowed to go on.
const ENDED: &str = "ended";

/// A comparison and its two sides.
#[derive(Clone, Copy)]
struct Pair<'a> {
    log: &'a RunLog,
    comparison: &'a Comparison,
    baseline: &'a NamedOutcome,
    target: &'a NamedOutcome,
}

/// How an outcome compares with that of the reference machine of its platform.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is that machine, or does the same.
    Right,
    /// It does something else.
    Wrong,
    /// Nobody could say.
    Open,
}

impl<'a> Pair<'a> {
    fn of(log: &'a RunLog, comparison: &'a Comparison) -> Option<Self> {
        let (baseline, target) = (log.outcome(&comparison.baseline)?, log.outcome(&comparison.target)?);
        Some(Self { log, comparison, baseline, target })
    }

    /// What a divergence is, and of whom; `None` where it is nobody's fault, or shown by another comparison.
    fn divergence(
        self,
        differences: &[Divergence],
        word_at: &impl Fn(&NamedOutcome, Word) -> Option<u32>,
    ) -> Option<(Identity, &'a NamedOutcome)> {
        if !self.is_a_finding() {
            return None;
        }
        let (baseline, target) = (&self.baseline.outcome, &self.target.outcome);
        let panicked = |outcome: &Outcome| outcome.run.status == Status::Panic;
        let kind = if panicked(target) && !panicked(baseline) { FindingKind::Panic } else { FindingKind::Divergence };
        let instruction = self.first_word().or_else(|| self.trapped_word(word_at));
        let differs_in = self.differs_in(differences);
        Some((Identity { instruction, differs_in, ..self.identity(kind) }, self.target))
    }

    fn is_a_finding(self) -> bool {
        if self.comparison.basis == Basis::SameCore {
            // About the core, on whatever it runs: but where a backend is at fault, another comparison says so.
            return ![self.baseline, self.target].map(|side| standing(self.log, side)).contains(&Standing::Wrong);
        }
        if is_reference(self.target) {
            return false;
        }
        if self.comparison.basis == Basis::SameGuest && is_reference(self.baseline) {
            return true;
        }
        let standings = [self.baseline, self.target].map(|side| standing(self.log, side));
        // Who differs from the reference machine is at fault, and that comparison says so. Where nobody does, two platforms
        // differ.
        let platforms = self.comparison.basis == Basis::SameSequence && standings == [Standing::Right; 2];
        !platforms && !standings.contains(&Standing::Wrong)
    }

    /// One of the two came to no end, and the other did.
    fn without_end(self) -> Option<(Identity, &'a NamedOutcome)> {
        if self.comparison.basis != Basis::SameGuest || !is_reference(self.baseline) || is_reference(self.target) {
            return None;
        }
        let (baseline, target) = (&self.baseline.outcome.run, &self.target.outcome.run);
        let differs_in = match (baseline.status, target.status) {
            (ended, Status::Timeout) if ended.is_guest_verdict() => "timeout",
            (ended, Status::OutOfMemory) if ended.is_guest_verdict() => "out_of_memory",
            // The same program from the same state: whoever ends after fewer instructions went another way. How far the
            // reference machine would have gone does not matter.
            (Status::Timeout, ended) if ended.is_guest_verdict() && target.instructions? < baseline.instructions? => {
                ENDED
            }
            _ => return None,
        };
        let identity = Identity { differs_in: vec![differs_in.to_owned()], ..self.identity(FindingKind::Timeout) };
        Some((identity, self.target))
    }

    fn identity(self, kind: FindingKind) -> Identity {
        let is_core = self.comparison.basis == Basis::SameCore;
        // What a core does on a platform it does on every backend of it: otherwise a backend is at fault.
        let name = |side: &NamedOutcome| match &side.outcome.backend {
            backend if is_core => backend.platform.name().to_owned(),
            backend => backend.name.clone(),
        };
        Identity {
            kind,
            differs_in: Vec::new(),
            instruction: None,
            baseline: Some(name(self.baseline)),
            target: name(self.target),
            platform: self.target.outcome.backend.platform.name().to_owned(),
            core: is_core.then(|| self.target.outcome.guest.name.clone()),
            constraint: None,
        }
    }

    /// The first diverging instruction, as the baseline ran it if it did.
    fn first_word(self) -> Option<InstructionClass> {
        let first = self.comparison.first_divergence.as_ref()?;
        let (record, side) = match (&first.baseline, &first.target) {
            (Some(record), _) => (record, self.baseline),
            (None, record) => (record.as_ref()?, self.target),
        };
        Some(class_of_record(record, isa(&side.outcome)))
    }

    /// The instruction at which one of them trapped, where the other did not.
    fn trapped_word(self, word_at: &impl Fn(&NamedOutcome, Word) -> Option<u32>) -> Option<InstructionClass> {
        let (side, pc) = self.one_sided_trap().map(|(side, trap)| (side, trap.pc))?;
        Some(class_of_word(word_at(side, pc)?, isa(&side.outcome)))
    }

    fn one_sided_trap(self) -> Option<(&'a NamedOutcome, &'a assay_spec::Trap)> {
        let trap = |side: &'a NamedOutcome| Some((side, side.outcome.run.trap.as_ref()?));
        match (trap(self.baseline), trap(self.target)) {
            (Some(_), Some(_)) => None,
            (one, other) => one.or(other),
        }
    }

    /// What parts them at the first diverging instruction where that is known; else how the runs ended, from which the
    /// rest follows; else all that differs. With a kind of trap where one of them trapped. Sorted, each once.
    fn differs_in(self, differences: &[Divergence]) -> Vec<String> {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        if let Some(first) = &self.comparison.first_divergence {
            names.extend(first.parts.iter().map(|&part| name_of_part(part)));
        } else if differences.iter().any(|difference| matches!(difference, Divergence::Status { .. })) {
            names.insert("status");
        } else {
            names.extend(differences.iter().map(name_of_difference));
        }
        let mut names: BTreeSet<String> = names.into_iter().map(str::to_owned).collect();
        if (names.contains("end") || names.contains("status"))
            && let Some((_, trap)) = self.one_sided_trap()
        {
            names.insert(trap.kind.to_string().replace(' ', "_"));
        }
        names.into_iter().collect()
    }
}

fn is_reference(run: &NamedOutcome) -> bool {
    run.outcome.backend.name == REFERENCE
}

fn standing(log: &RunLog, run: &NamedOutcome) -> Standing {
    if is_reference(run) {
        return Standing::Right;
    }
    let judged = log.comparisons.iter().find(|comparison| {
        comparison.target == run.name
            && comparison.basis == Basis::SameGuest
            && log.outcome(&comparison.baseline).is_some_and(is_reference)
    });
    match judged.map(|comparison| &comparison.verdict) {
        Some(Verdict::Agree | Verdict::SameFailure(_)) => Standing::Right,
        Some(Verdict::Diverge(_)) => Standing::Wrong,
        Some(Verdict::Inconclusive(_)) | None => Standing::Open,
    }
}

fn crash(outcome: &Outcome) -> Identity {
    Identity {
        kind: FindingKind::Crash,
        differs_in: Vec::new(),
        instruction: None,
        baseline: None,
        target: outcome.backend.name.clone(),
        platform: outcome.backend.platform.name().to_owned(),
        core: None,
        constraint: outcome.run.message.as_deref().and_then(cause),
    }
}

/// What Rust's standard library says where it aborts without a panic.
const ABORTS: [&str; 2] = ["memory allocation of ", "has overflowed its stack"];

/// What a runner died of, without the numbers that it happened to have: the panic in what it said, or why it aborted, else
/// its first line. Folders are left out, since they are those of whoever built it.
fn cause(message: &str) -> Option<String> {
    let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let panic = lines.clone().find_map(|line| line.find("panicked at ").map(|at| &line[at..]));
    let abort = lines.clone().find(|line| ABORTS.iter().any(|abort| line.contains(abort)));
    let said = match (panic, abort) {
        (Some(place), _) => {
            let behind = lines.skip_while(|line| !line.ends_with(place)).nth(1).unwrap_or_default();
            format!("{place} {behind}")
        }
        (None, Some(line)) => line.to_owned(),
        (None, None) => lines.next()?.to_owned(),
    };
    let words = said.split(' ').map(|word| word.rsplit('/').next().unwrap_or(word));
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&without_numbers(word));
    }
    Some(text.chars().take(CAUSE_CHARS_MAX).collect())
}

/// `0x2a` and `42` as `#`, wherever they stand in the word; digits within a name (`x86`, `rv32im`) stay.
fn without_numbers(word: &str) -> String {
    let mut text = String::new();
    let mut rest = word;
    let mut in_a_name = false;
    while let Some(c) = rest.chars().next() {
        let hex = rest.strip_prefix("0x").map(|digits| digits.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
        match hex {
            _ if in_a_name || !c.is_ascii_digit() => {
                text.push(c);
                in_a_name = c.is_alphanumeric() || c == '_';
                rest = &rest[c.len_utf8()..];
            }
            Some(behind) => {
                text.push('#');
                rest = behind;
            }
            None => {
                text.push('#');
                rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            }
        }
    }
    text
}

/// Every instruction of the width that the outcome's registers have: what the platform lacks has a name all the same.
fn isa(outcome: &Outcome) -> Isa {
    let xlen = if outcome.backend.isa.starts_with("rv64") { Xlen::Rv64 } else { Xlen::Rv32 };
    Isa { xlen, ext: Extensions::ALL }
}

fn class_of_word(word: u32, isa: Isa) -> InstructionClass {
    match decode(word, isa) {
        Ok(instruction) => instruction_class(instruction),
        Err(_) => InstructionClass { mnemonic: "illegal".to_owned(), operands: Vec::new() },
    }
}

/// Of a backend that does not say which word it ran, its own name of the instruction.
fn class_of_record(record: &InstructionRecord, isa: Isa) -> InstructionClass {
    if let Some(word) = record.word {
        return class_of_word(word.0 as u32, isa);
    }
    InstructionClass { mnemonic: record.mnemonic.chars().take(CAUSE_CHARS_MAX).collect(), operands: Vec::new() }
}

fn name_of_part(part: FirstDifference) -> &'static str {
    match part {
        FirstDifference::Pc => "pc",
        FirstDifference::NextPc => "next_pc",
        FirstDifference::Register => "register",
        FirstDifference::Memory => "memory",
        FirstDifference::End => "end",
    }
}

fn name_of_difference(difference: &Divergence) -> &'static str {
    match difference {
        Divergence::Status { .. } => "status",
        Divergence::ExitCode { .. } => "exit_code",
        Divergence::Trap { .. } => "trap",
        Divergence::Message { .. } => "message",
        Divergence::Output { .. } => "output",
        Divergence::Register { .. } => "register",
        Divergence::Instructions { .. } => "instructions",
    }
}
