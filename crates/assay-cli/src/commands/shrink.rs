//! `assay shrink`: the smallest and plainest case that still shows a finding.

mod keeping;
mod showing;

use std::{fmt::Write as _, num::NonZeroUsize, thread};

use assay_fuzz::shrink::{
    Case, Confirm, Counts, ExternalPredicate, Observer, Options, Predicate, ShrinkError, Shrunk, resume, shrink,
};
use assay_oracle::title;
use assay_spec::{
    ExitCode, Minimized, ShrinkEnd, ShrinkReport, ShrinkState, ShrinkStep, Source, schema::Versioned as _,
};
use assay_store::StoreError;

use self::{
    keeping::Place,
    showing::{Form, Showing},
};
use super::{
    print, print_json,
    replay::{kept::KeptRun, session, stand_ins},
};
use crate::{
    arguments::{Format, ShrinkArguments},
    failure::Failure,
    report::printable,
    terminal::{self, GOOD, Progress, QUIET, UNSURE, styled},
};

/// How often the smallest case is run again until it shows the finding.
const REPEATS_MAX: u64 = 20;

pub(crate) fn run(arguments: &ShrinkArguments) -> Result<ExitCode, Failure> {
    let kept = KeptRun::read(&arguments.what, &arguments.store)?;
    let Some(finding) = &kept.finding else {
        return Err(Failure::usage(format!("{} is a run, and a run is not shrunk", arguments.what))
            .help("shrink one of its findings: assay findings list"));
    };
    let guests = kept.guests()?;
    let (session, stand_ins) = (session(&arguments.again, &kept, &guests), stand_ins(&arguments.again));
    let showing = Showing::new(&kept, guests, &finding.identity, &session, &stand_ins)?;
    let place = Place::new(arguments, finding)?;
    let options = Options {
        workers: arguments.workers.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN),
        tests_max: arguments.max_tests,
        wall: arguments.wall,
        cancel: session.cancel_token(),
        confirm: Confirm::all(arguments.confirm),
        focus: showing.focus(),
        observe: showing.observed(),
        scratch: match &kept.record.source {
            Source::Sequence(sequence) => sequence.scratch,
            Source::Core { .. } | Source::Elf { .. } => Options::default().scratch,
        },
    };
    let external = arguments
        .interesting
        .as_ref()
        .map(|command| ExternalPredicate::shell(command, ExternalPredicate::DEFAULT_WALL, session.cancel_token()));
    let predicate: &dyn Predicate = external.as_ref().map_or(&showing, |external| external);

    let original = showing.original();
    let mut journal = Journal {
        progress: Progress::start(format!("shrinking {}", finding.finding_id)),
        place: &place,
        unwritten: None,
    };
    let earlier = if arguments.restart { None } else { place.state().map_err(|error| not_resumed(&error))? };
    let shrunk = match earlier.filter(|state| state.original == original.record()) {
        Some(state) => resume(&state, predicate, &options, &mut journal),
        None => shrink(original.clone(), predicate, &options, &mut journal),
    };
    let shrunk = shrunk.map_err(|error| not_shrunk(error, arguments))?;
    let Journal { progress, unwritten, .. } = journal;
    drop(progress);

    let given_up = shrunk.end == ShrinkEnd::Cancelled;
    // Who gives up waits for nothing. A case that a command of the user's calls interesting need not show the finding, and
    // need not even run; one of a flaky finding may have to be run more than once.
    let repeats = if given_up { 0 } else { 1 + REPEATS_MAX * u64::from(external.is_none()) };
    let repeated = (0..repeats).find_map(|_| showing.repeat(&shrunk.best).ok().flatten());
    let kept_in = place.keep(&shrunk, repeated.as_ref(), &showing);
    let report = ShrinkReport {
        schema: ShrinkReport::tag(),
        finding_id: finding.finding_id.clone(),
        end: shrunk.end,
        instructions_before: original.instructions.len() as u64,
        input_bytes_before: kept.saved.input.len() as u64,
        minimized: minimized(&shrunk, &showing.form),
        best: shrunk.best.record(),
        cache_hits: shrunk.counts.cache_hits,
        remembered: shrunk.counts.remembered,
        folder: kept_in.as_ref().ok().and_then(Option::as_ref).map(|folder| folder.display().to_string()),
    };
    match arguments.output.format {
        Format::Json => print_json(&report)?,
        Format::Human => print(&human(&report, &title(&finding.identity)))?,
    }
    if let Some(error) = kept_in.err().or(unwritten) {
        terminal::note(&format!("warning: what shrinking came to was not kept as it should be: {error}"));
        return Ok(ExitCode::RecordingFailed);
    }
    if given_up {
        return Err(Failure::interrupted().but_kept("the smallest case so far is kept; the same command goes on"));
    }
    if repeated.is_none() && external.is_none() {
        terminal::note(
            &"warning: the smallest case does not always show the finding, and was not kept; try --restart --confirm 5",
        );
        return Ok(ExitCode::Inconclusive);
    }
    Ok(ExitCode::Ok)
}

/// Shows how it goes on, and writes each state down.
struct Journal<'a> {
    progress: Progress,
    place: &'a Place,
    /// The first state that could not be written.
    unwritten: Option<StoreError>,
}

impl Observer for Journal<'_> {
    fn accepted(&mut self, _: &ShrinkStep, _: &Case, state: &ShrinkState) {
        if let Err(error) = self.place.put_state(state) {
            self.unwritten.get_or_insert(error);
        }
    }

    fn tested(&mut self, counts: &Counts, best: &Case) {
        let instructions = best.instructions.len();
        self.progress.say(&format!("{instructions} instructions left, {} tests", counts.tests()));
    }
}

fn minimized(shrunk: &Shrunk, form: &Form<'_>) -> Minimized {
    let sequence = matches!(form, Form::Sequence(_));
    Minimized {
        instructions: sequence.then_some(shrunk.best.instructions.len() as u64),
        input_bytes: form.input(&shrunk.best).map_or(0, |input| input.len() as u64),
        tests: shrunk.counts.tests(),
        complete: shrunk.end == ShrinkEnd::Minimal,
        disassembly: shrunk.best.disassembly(),
    }
}

fn human(report: &ShrinkReport, title: &str) -> String {
    let (minimized, best) = (&report.minimized, &report.best);
    let mut text = format!("finding {}: {}\n", report.finding_id, printable(title));
    if let Some(instructions) = minimized.instructions {
        let _ = writeln!(text, "{} instructions -> {instructions}", report.instructions_before);
    }
    if report.input_bytes_before + minimized.input_bytes > 0 {
        let _ = writeln!(text, "{} bytes of input -> {}", report.input_bytes_before, minimized.input_bytes);
    }
    for line in &minimized.disassembly {
        let _ = writeln!(text, "    {}", printable(line));
    }
    for (register, value) in &best.seed.registers {
        let _ = writeln!(text, "    {register} = {value}");
    }
    for piece in &best.seed.memory {
        let _ = writeln!(text, "    memory at {}: {}", piece.addr, shortened(&piece.hex.to_string()));
    }
    if let Some(fields) = &best.fields {
        let _ = writeln!(text, "    input {}", shortened(&printable(&fields.to_string())));
    } else if !best.input.0.is_empty() {
        let _ = writeln!(text, "    input {}", shortened(&best.input.to_string()));
    }
    let style = if minimized.complete { GOOD } else { UNSURE };
    let known = match report.remembered {
        0 => String::new(),
        known => format!(", {known} known from before"),
    };
    let _ = writeln!(text, "{} tests{known}; {}", minimized.tests, styled(style, report.end));
    if let Some(folder) = &report.folder {
        let _ = writeln!(text, "{}", styled(QUIET, printable(folder)));
    }
    text
}

/// What of a long value is shown; JSON has all of it.
fn shortened(text: &str) -> String {
    const SHOWN_CHARS_MAX: usize = 200;
    let mut shown: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn not_resumed(error: &StoreError) -> Failure {
    Failure::usage("the interrupted shrink of this finding cannot be gone on with")
        .because(error.to_string())
        .help("begin anew with --restart")
}

fn not_shrunk(error: ShrinkError, arguments: &ShrinkArguments) -> Failure {
    let (exit, help) = match &error {
        ShrinkError::NotInteresting if arguments.interesting.is_some() => {
            (ExitCode::Usage, "the command must end with exit code 0 for the finding's own case".to_owned())
        }
        ShrinkError::NotInteresting => (
            ExitCode::Inconclusive,
            format!("see whether it still shows, and how often: assay replay {} --times 5", arguments.what),
        ),
        ShrinkError::Unresolved { .. } => {
            (ExitCode::Inconclusive, format!("see what happens: assay replay {}", arguments.what))
        }
        ShrinkError::NotBegun(ShrinkEnd::Cancelled) => return Failure::interrupted(),
        ShrinkError::NotBegun(_) => (ExitCode::Usage, "raise --max-tests or --wall".to_owned()),
        ShrinkError::UnknownIsa(_) => (ExitCode::Usage, "begin anew with --restart".to_owned()),
        ShrinkError::TooLong { .. } => (ExitCode::Usage, "cut it by hand first".to_owned()),
    };
    Failure::new(exit, "nothing was shrunk").because(error).help(help)
}
