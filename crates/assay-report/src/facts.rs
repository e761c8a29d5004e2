//! What there is to say about one finding, in the order in which it is said: the same in every form of a report.
//!
//! All text here is as it came. Whoever writes a form makes it harmless and escapes it.

use assay_isa::Isa;
use assay_spec::{
    Comparison, Finding, FindingId, FindingState, Identity, RunLog, Seed, SequencePlace, Source, Verdict,
};

use crate::{
    differences::{Difference, differences, register_name},
    input::FindingPage,
    limits::{CASE_VALUES_MAX, LISTING_LINES_MAX, MEMORY_BYTES_MAX},
    text::shell_word,
    traces::{SideBySide, assembly, isa},
};

/// A name and what it stands for.
pub(crate) type Pair = (&'static str, String);

/// What there is to say about one finding.
pub(crate) struct Facts<'a> {
    pub(crate) id: FindingId,
    pub(crate) title: &'a str,
    /// State, occurrences, times; empty for one that is not kept yet.
    pub(crate) summary: Vec<Pair>,
    /// What makes two occurrences the same finding.
    pub(crate) identity: Vec<Pair>,
    /// The comparison of the log that the finding is about.
    pub(crate) comparison: Option<&'a Comparison>,
    pub(crate) differences: Vec<Difference>,
    pub(crate) traces: Option<SideBySide>,
    /// The smallest case.
    pub(crate) minimized: Option<Case>,
    /// The case as it was found.
    pub(crate) original: Option<Case>,
    pub(crate) commands: Vec<Command>,
    pub(crate) versions: Vec<Participant>,
}

/// Instructions and what they start from.
pub(crate) struct Case {
    /// Such as `3 instructions, 0 bytes of input`.
    pub(crate) size: String,
    /// Whether nothing smaller was found and how many tests it took; absent for the original.
    pub(crate) effort: Option<String>,
    pub(crate) listing: Vec<ListingLine>,
    /// Initial registers and memory.
    pub(crate) starts_from: Vec<(String, String)>,
    /// What is too much to show, a sentence each.
    pub(crate) left_out: Vec<String>,
}

pub(crate) struct ListingLine {
    /// The word, where it is known.
    pub(crate) word: Option<u32>,
    pub(crate) text: String,
    /// Whether the traces part here.
    pub(crate) diverges: bool,
}

/// A command line and what it does.
pub(crate) struct Command {
    pub(crate) what: &'static str,
    pub(crate) line: String,
}

/// A thing that took part, and its version.
pub(crate) struct Participant {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Platform and instruction set, for backends.
    pub(crate) machine: Option<String>,
}

/// What was run, as far as a case shows it.
pub(crate) struct Ran<'a> {
    pub(crate) source: &'a Source,
    pub(crate) input_bytes: u64,
    pub(crate) input_json: Option<&'a serde_json::Value>,
    pub(crate) assay_version: &'a str,
    pub(crate) rustc_version: &'a str,
}

impl<'a> Facts<'a> {
    /// What a store knows of a finding.
    pub(crate) fn of(page: &'a FindingPage, store: Option<&str>) -> Self {
        let (finding, log) = (&page.finding, page.run_log.as_ref());
        let ran = log.and_then(|log| log.record.as_ref()).map(|record| Ran {
            source: &record.source,
            input_bytes: record.input.bytes,
            input_json: record.input.json.as_ref(),
            assay_version: &record.assay_version,
            rustc_version: &record.rustc_version,
        });
        let compared = log.and_then(|log| Some((log, comparison_of(finding, log)?)));
        let isa = compared.and_then(|(log, comparison)| isa_of(log, comparison));
        Self {
            summary: summary(finding),
            minimized: minimized(finding, page.minimized_seed.as_ref(), isa),
            commands: commands(finding, page.repro_script.as_deref(), store),
            ..Self::new(&finding.finding_id, &finding.title, &finding.identity, log, compared, ran.as_ref())
        }
    }

    /// What there is to say of a finding whoever keeps it, of the log and the comparison that show it.
    pub(crate) fn new(
        id: &FindingId,
        title: &'a str,
        identified: &Identity,
        log: Option<&'a RunLog>,
        compared: Option<(&'a RunLog, &'a Comparison)>,
        ran: Option<&Ran<'_>>,
    ) -> Self {
        let comparison = compared.map(|(_, comparison)| comparison);
        let isas = |(log, comparison): (&RunLog, &Comparison)| {
            [&comparison.baseline, &comparison.target].map(|name| isa(&log.outcome(name)?.outcome.backend.isa))
        };
        Self {
            id: id.clone(),
            title,
            summary: Vec::new(),
            identity: identity(identified),
            comparison,
            differences: compared
                .map(|compared| differences(&compared.1.verdict, outputs(compared)))
                .unwrap_or_default(),
            traces: compared.and_then(|compared| SideBySide::of(compared.1, isas(compared))),
            minimized: None,
            original: ran.map(|ran| original(ran, compared)),
            commands: Vec::new(),
            versions: log.map(|log| versions(log, ran)).unwrap_or_default(),
        }
    }
}

/// What both sides made public.
fn outputs<'a>((log, comparison): (&'a RunLog, &Comparison)) -> Option<[&'a [u8]; 2]> {
    let output = |name: &str| log.outcome(name).map(|named| named.outcome.run.output.0.as_slice());
    Some([output(&comparison.baseline)?, output(&comparison.target)?])
}

/// The instruction set that a sequence is written in.
fn isa_of(log: &RunLog, comparison: &Comparison) -> Option<Isa> {
    let mut sides = [&comparison.baseline, &comparison.target].into_iter();
    sides.find_map(|name| isa(&log.outcome(name)?.outcome.backend.isa))
}

/// The comparison that the finding is about: that under which the log names it. Where it names none, because the
/// finding was
/// merged or the log is an older one: the one that diverges and whose target is the identity's, before any that
/// diverges,
/// before any of that target.
fn comparison_of<'a>(finding: &Finding, log: &'a RunLog) -> Option<&'a Comparison> {
    let named = log.record.iter().flat_map(|record| &record.findings);
    let mut named = named.filter(|filed| filed.finding_id == finding.finding_id);
    if let Some(comparison) = named.find_map(|filed| log.comparisons.get(filed.comparison)) {
        return Some(comparison);
    }
    let identity = &finding.identity;
    let backend = |name: &str| log.outcome(name).map(|named| &named.outcome.backend);
    let of_target = |comparison: &Comparison| {
        backend(&comparison.target)
            .is_some_and(|id| id.name == identity.target && id.platform.to_string() == identity.platform)
    };
    let of_baseline = |comparison: &Comparison| {
        let named = identity.baseline.as_deref();
        named.is_none_or(|name| backend(&comparison.baseline).is_some_and(|id| id.name == name))
    };
    let diverges = |comparison: &Comparison| matches!(comparison.verdict, Verdict::Diverge(_));
    log.comparisons.iter().max_by_key(|comparison| {
        let (target, diverges) = (of_target(comparison), diverges(comparison));
        // Of several that are equally good the first is meant, and `max_by_key` takes the last.
        let place = log.comparisons.iter().position(|other| std::ptr::eq(other, *comparison));
        (target && diverges, diverges, target, of_baseline(comparison), std::cmp::Reverse(place))
    })
}

fn summary(finding: &Finding) -> Vec<Pair> {
    let mut pairs = vec![("State", finding.state.to_string())];
    if let Some(reason) = &finding.reason {
        pairs.push(("Reason", reason.clone()));
    }
    if let Some(other) = &finding.merged_into {
        pairs.push(("Merged into", other.to_string()));
    }
    pairs.push(("Seen", crate::text::counted(finding.occurrences, "time")));
    pairs.push(("First seen", time(finding.first_seen)));
    pairs.push(("Last seen", time(finding.last_seen)));
    pairs.push(("Exemplar", finding.exemplar.to_string()));
    pairs
}

/// A time to the second, in UTC.
pub(crate) fn time(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn identity(identity: &Identity) -> Vec<Pair> {
    let mut pairs = vec![("Kind", identity.kind.to_string())];
    if !identity.differs_in.is_empty() {
        pairs.push(("Differs in", identity.differs_in.join(", ")));
    }
    if let Some(spelled) = instruction(identity) {
        pairs.push(("Instruction", spelled));
    }
    if let Some(baseline) = &identity.baseline {
        pairs.push(("Baseline", baseline.clone()));
    }
    pairs.push(("Target", identity.target.clone()));
    pairs.push(("Platform", identity.platform.clone()));
    if let Some(constraint) = &identity.constraint {
        pairs.push(("Constraint", constraint.clone()));
    }
    pairs
}

/// The class of the first diverging instruction: `divu register, same register, x0`.
pub(crate) fn instruction(identity: &Identity) -> Option<String> {
    identity.instruction.as_ref().map(ToString::to_string)
}

fn minimized(finding: &Finding, seed: Option<&Seed>, isa: Option<Isa>) -> Option<Case> {
    let shrunk = finding.minimized.as_ref();
    if shrunk.is_none() && seed.is_none() {
        return None;
    }
    let mut case = Case { size: String::new(), effort: None, listing: vec![], starts_from: vec![], left_out: vec![] };
    if let Some(seed) = seed {
        case.fill(seed, isa, None);
    }
    let instructions = seed.map(|seed| seed.instructions.len() as u64);
    if let Some(shrunk) = shrunk {
        // What the shrinker wrote down was disassembled with what it knew of the guest.
        if !shrunk.disassembly.is_empty() {
            let words =
                seed.map(|seed| seed.instructions.as_slice()).filter(|words| words.len() == shrunk.disassembly.len());
            let lines = shrunk.disassembly.iter().enumerate().map(|(at, text)| ListingLine {
                word: words.map(|words| words[at]),
                text: text.clone(),
                diverges: false,
            });
            case.list(lines, shrunk.disassembly.len());
        }
        case.effort = Some(format!(
            "{} after {}",
            if shrunk.complete { "nothing smaller was found" } else { "the budget ran out" },
            crate::text::counted(shrunk.tests, "test")
        ));
    }
    let input = shrunk.map(|shrunk| format!("{} of input", crate::text::counted(shrunk.input_bytes, "byte")));
    let instructions = shrunk.and_then(|shrunk| shrunk.instructions).or(instructions);
    let instructions = instructions.map(|count| crate::text::counted(count, "instruction"));
    case.size = [instructions, input].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Some(case)
}

/// What was run, with the instruction at which the traces part.
fn original(ran: &Ran<'_>, compared: Option<(&RunLog, &Comparison)>) -> Case {
    let input = format!("{} of input", crate::text::counted(ran.input_bytes, "byte"));
    let mut case = Case { size: input, effort: None, listing: vec![], starts_from: vec![], left_out: vec![] };
    match ran.source {
        Source::Core { name } => {
            case.starts_from.push(("core".to_owned(), name.clone()));
            if let Some(fields) = ran.input_json {
                case.starts_from.push(("input fields".to_owned(), fields.to_string()));
            }
        }
        Source::Elf { name, .. } => case.starts_from.push(("ELF".to_owned(), name.clone())),
        Source::Sequence(sequence) => {
            let seed = &sequence.seed;
            let length = crate::text::counted(seed.instructions.len() as u64, "instruction");
            case.size = format!("{length}, {}", case.size);
            let diverges = compared.and_then(|(log, comparison)| {
                let first = comparison.first_divergence.as_ref()?;
                let mut sides =
                    [(&comparison.baseline, &first.baseline), (&comparison.target, &first.target)].into_iter();
                sides.find_map(|(name, record)| index_in(log.outcome(name)?.sequence?, record.as_ref()?.pc.0))
            });
            case.fill(seed, compared.and_then(|(log, comparison)| isa_of(log, comparison)), diverges);
        }
    }
    case
}

/// Which instruction of the sequence stands at `pc`.
fn index_in(place: SequencePlace, pc: u64) -> Option<usize> {
    (place.start.0..place.end.0).contains(&pc).then(|| ((pc - place.start.0) / 4) as usize)
}

impl Case {
    fn fill(&mut self, seed: &Seed, isa: Option<Isa>, diverges: Option<usize>) {
        let lines = seed.instructions.iter().enumerate().map(|(at, &word)| ListingLine {
            word: Some(word),
            text: isa.map_or_else(|| format!(".word {word:#010x}"), |isa| assembly(word, isa)),
            diverges: diverges == Some(at),
        });
        self.list(lines, seed.instructions.len());
        let registers = seed.registers.iter().filter(|(_, value)| value.0 != 0);
        let registers = registers.map(|(register, value)| (register_name(*register), value.to_string()));
        let memory = seed.memory.iter().map(|area| {
            let bytes = &area.hex.0;
            let shown = assay_spec::HexBytes(bytes[..bytes.len().min(MEMORY_BYTES_MAX)].to_vec());
            let rest = bytes.len() - shown.0.len();
            let rest =
                if rest > 0 { format!("… and {}", crate::text::counted(rest as u64, "byte")) } else { String::new() };
            (format!("memory {}", area.addr), format!("{shown}{rest}"))
        });
        self.starts_from.extend(registers.chain(memory).take(CASE_VALUES_MAX));
        let all = seed.registers.values().filter(|value| value.0 != 0).count() + seed.memory.len();
        if all > CASE_VALUES_MAX {
            self.left_out.push(format!("{} more registers and memory areas", all - CASE_VALUES_MAX));
        }
    }

    fn list(&mut self, lines: impl Iterator<Item = ListingLine>, all: usize) {
        // A later listing is a better one of the same instructions.
        self.left_out.retain(|sentence| !sentence.ends_with("instructions"));
        self.listing = lines.take(LISTING_LINES_MAX).collect();
        if all > LISTING_LINES_MAX {
            self.left_out.push(format!("{} more instructions", all - LISTING_LINES_MAX));
        }
    }
}

/// What to type: to see it again, to make it smaller, to say what it is.
fn commands(finding: &Finding, repro_script: Option<&str>, store: Option<&str>) -> Vec<Command> {
    let store = store.map_or_else(String::new, |store| format!(" --store {}", shell_word(store)));
    let id = &finding.finding_id;
    let mut commands = Vec::new();
    let mut add = |what, line| commands.push(Command { what, line });
    add("run it again", format!("assay replay {id}{store}"));
    if let Some(script) = repro_script {
        add("the same from the saved copies alone", shell_word(script).into_owned());
    }
    add("run the exemplar again", format!("assay replay {}{store}", finding.exemplar));
    if finding.minimized.is_none() {
        add("make it smaller", format!("assay shrink {id}{store}"));
    }
    if finding.state == FindingState::New {
        add("say that it is a bug", format!("assay findings label {id} {}{store}", FindingState::Confirmed));
    }
    commands
}

fn versions(log: &RunLog, ran: Option<&Ran<'_>>) -> Vec<Participant> {
    let mut versions: Vec<_> = log
        .outcomes
        .iter()
        .map(|named| {
            let id = &named.outcome.backend;
            Participant {
                name: named.name.clone(),
                version: id.version.clone(),
                machine: Some(format!("{}, {}", id.platform, id.isa)),
            }
        })
        .collect();
    if let Some(ran) = ran {
        let made = |name: &str, version: &str| Participant {
            name: name.to_owned(),
            version: version.to_owned(),
            machine: None,
        };
        versions.push(made("assay", ran.assay_version));
        versions.push(made("rustc", ran.rustc_version));
    }
    versions
}
