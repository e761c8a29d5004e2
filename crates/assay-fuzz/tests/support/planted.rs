//! Predicates with a machine behind them that is wrong on purpose, shared by tests and benches.

use std::{fs::File, io::BufReader, sync::OnceLock, time::Duration};

use assay_backend::{Backend as _, CancelToken, Job, Limits, Reference, TraceOptions};
use assay_fuzz::{
    generate::{Shape, sequence},
    shrink::{Answer, Case, Focus, Predicate},
};
use assay_guest::{Guest, Harness};
use assay_isa::Isa;
use assay_machine::Fault;
use assay_oracle::{Observation, compare, first_divergence};
use assay_spec::{
    FirstDivergence, MicroOp, Platform, Verdict, protocol::RecordSelection, trace::InstructionRecord,
    verdict::FirstDifference,
};
use assay_trace::JsonlReader;

use crate::ddmin::ddmin;

/// Faults that a case is searched for: each strikes some values or all, and what it spoils is a result like any other.
pub(crate) const FAULTS: [&str; 8] = [
    "mul:^0x10",
    "sub:rs2=0:+1",
    "addi:imm=5:-1",
    "sltu:^0x1",
    "div:rs2=-1:+1",
    "srl:rs1=0:^0x80000000",
    "lw:+1",
    "mulhu:rs2=1:^0x2",
];

/// The reference machine has an outcome for everything.
const RUNS: &str = "nothing but a full disk keeps the reference machine from running";

/// What identifies a divergence here: the instruction at which the runs part, and what parts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Divergence {
    pub(crate) mnemonic: String,
    pub(crate) parts: Vec<FirstDifference>,
}

/// Whether a case shows the same divergence as another, of a right and a wrong reference machine.
pub(crate) struct Planted {
    fault: Fault,
    wanted: Option<Divergence>,
}

impl Planted {
    pub(crate) fn new(fault: &str) -> Self {
        Self { fault: fault.parse().expect("a fault of the table"), wanted: None }
    }

    /// The same, looking for that divergence only.
    pub(crate) fn looking_for(self, wanted: Divergence) -> Self {
        Self { wanted: Some(wanted), ..self }
    }

    /// Where the two machines part, if what they did in the end differs.
    pub(crate) fn divergence(&self, case: &Case) -> Option<FirstDivergence> {
        let guest = guest(case)?;
        let limits = Limits { wall: Duration::from_mins(4), max_steps: 100_000, ..Limits::default() };
        let job = Job { guest: &guest, input: &case.input, limits: &limits, cost: false };
        let mut right = Reference::new(CancelToken::new());
        let mut wrong = Reference::with_faults(vec![self.fault], CancelToken::new());
        let (baseline, target) = (right.execute(&job).expect(RUNS), wrong.execute(&job).expect(RUNS));
        let observation = |outcome| Observation { outcome, reported: None };
        if !matches!(compare(observation(&baseline), observation(&target)), Verdict::Diverge(_)) {
            return None;
        }
        first_divergence(records(&mut right, &job), records(&mut wrong, &job)).expect("a trace that was just written")
    }
}

impl Predicate for Planted {
    fn test(&self, case: &Case) -> Answer {
        match self.divergence(case).map(|found| identity(&found)) {
            Some(found) if self.wanted.as_ref().is_none_or(|wanted| *wanted == found) => Answer::Interesting,
            _ => Answer::Boring,
        }
    }
}

pub(crate) fn guest(case: &Case) -> Option<Guest> {
    Harness::from_seed(&case.seed(), Platform::Standard, case.isa).build("case").ok()
}

pub(crate) fn identity(found: &FirstDivergence) -> Divergence {
    let record = found.baseline.as_ref().or(found.target.as_ref()).expect("one of the two went on");
    Divergence { mnemonic: record.mnemonic.clone(), parts: found.parts.clone() }
}

/// The instruction records of a run.
fn records(machine: &mut Reference, job: &Job<'_>) -> impl Iterator<Item = Result<InstructionRecord, String>> {
    let options = TraceOptions { records: RecordSelection::Instructions, ..TraceOptions::default() };
    let run = machine.trace(job, &options).expect(RUNS);
    let reader = JsonlReader::new(BufReader::new(File::open(run.records()).expect("its records are there")));
    let records: Vec<_> = reader
        .filter_map(|record| match record {
            Ok(MicroOp::Instruction(record)) => Some(Ok(record)),
            Ok(_) => None,
            Err(error) => Some(Err(error.to_string())),
        })
        .collect();
    records.into_iter()
}

/// A case that shows a fault, and where.
pub(crate) struct Bug {
    pub(crate) fault: &'static str,
    pub(crate) case: Case,
    pub(crate) divergence: Divergence,
    /// The instruction of the sequence at which the machines part.
    pub(crate) focus: Focus,
    /// What plain delta debugging makes of it, once somebody asked.
    plain: OnceLock<(Case, u64)>,
}

impl Bug {
    pub(crate) fn predicate(&self) -> Planted {
        Planted::new(self.fault).looking_for(self.divergence.clone())
    }

    /// What plain delta debugging makes of it, and how often it asks.
    pub(crate) fn plain(&self) -> &(Case, u64) {
        self.plain.get_or_init(|| ddmin(&self.case, &self.predicate()))
    }
}

/// Length of the sequences that show a bug at first.
pub(crate) const LENGTH: usize = 200;

/// For each fault the first generated sequence of [`LENGTH`] instructions of RV32 that shows it.
pub(crate) fn bugs() -> &'static [Bug] {
    static BUGS: OnceLock<Vec<Bug>> = OnceLock::new();
    BUGS.get_or_init(|| FAULTS.iter().map(|fault| bug(fault, Isa::RV32IM)).collect())
}

/// The first generated sequence that shows a fault.
pub(crate) fn bug(fault: &'static str, isa: Isa) -> Bug {
    let planted = Planted::new(fault);
    (0..2000)
        .find_map(|seed| {
            let case = Case::from_seed(&sequence(&Shape::new(isa, LENGTH), seed), isa);
            let found = planted.divergence(&case)?;
            let pc = found.baseline.as_ref().or(found.target.as_ref())?.pc.0;
            let index = guest(&case)?.harness?.body_index(pc)?;
            Some(Bug { fault, case, divergence: identity(&found), focus: Focus::at(index), plain: OnceLock::new() })
        })
        .expect("one of so many sequences shows the fault")
}
