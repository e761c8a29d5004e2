//! `assay conform`: whether a backend keeps what its platform promises guests, case by case.

mod text;

use std::time::Duration;

use assay_backend::{Backend, Limits, Reference};
use assay_conform::{
    Case, Group, Guests, Target, cases,
    declared::matches,
    junit::junit,
    proof::{self, Provers},
    run as kit,
};
use assay_guest::{GuestBuilder, GuestSources, PlatformFacts};
use assay_spec::{
    ConformCase, ConformCounts, ConformList, ConformReport, ExitCode, ListedCase, Platform, schema::Versioned as _,
};
use assay_store::Folder;
use jiff::Timestamp;

use super::{print, print_json};
use crate::{
    arguments::{ConformArguments, Format},
    failure::Failure,
    session::{NATIVE, REFERENCE, Session},
    terminal::{self, Progress},
};

/// What a proof may take, at least.
const PROOF_WALL: Duration = Duration::from_mins(15);
const PROOF_MEMORY_BYTES: u64 = 16 << 30;

pub(crate) fn run(arguments: &ConformArguments) -> Result<ExitCode, Failure> {
    let session = Session::open(&arguments.run);
    let (name, platform) = backend(&arguments.backend, &session)?;
    if arguments.with_proofs && [REFERENCE, NATIVE].contains(&name) {
        return Err(Failure::new(ExitCode::BackendMissing, format!("{name} proves nothing"))
            .help("leave --with-proofs out, or choose a zkVM, such as -b risc0"));
    }
    let targets = targets(platform, arguments)?;
    let json = arguments.json || arguments.run.output.format == Format::Json;
    let chosen: Vec<(Target, Vec<Case>)> =
        targets.into_iter().map(|target| (target, chosen(cases::all(target), &arguments.case))).collect();
    let of_proofs = arguments.with_proofs && proof::list().any(|case| is_chosen(&case.name, &arguments.case));
    if chosen.iter().all(|(_, cases)| cases.is_empty()) && !of_proofs {
        let groups: Vec<_> = Group::ALL.iter().map(|group| group.name()).collect();
        return Err(Failure::usage("no case has such a name").help(format!(
            "a group is chosen as 'GROUP/*'; groups are {} (of proofs: with --with-proofs); assay conform --list names \
             the cases",
            groups.join(", ")
        )));
    }
    if arguments.list {
        return list(&chosen, arguments, json);
    }
    // Before anything is run, and not after it.
    let junit_place = arguments.junit.as_deref().map(place).transpose()?;

    let started = Timestamp::now();
    let mut backend = session.backend(name)?;
    let mut runs = Vec::new();
    for (target, cases) in &chosen {
        let builder = GuestSources::find(None).map_err(Into::into).and_then(GuestBuilder::new);
        let builder = builder.map(|builder| builder.given_up_by(session.cancel_token()));
        let mut guests = Guests::new(*target, builder);
        let progress = Progress::start(format!("conformance of {}", arguments.backend));
        let mut shown = Shown(progress);
        let run = kit::run(backend.as_mut(), name, &mut guests, cases, session.limits(), &mut shown);
        let mut run = run.map_err(|error| session.failure(error))?;
        if arguments.with_proofs {
            let proved = proofs(backend.as_mut(), name, &session, &mut guests, &arguments.case, &mut shown)?;
            run.elapsed_ms += proved.iter().map(|case| case.elapsed_ms).sum::<f64>();
            run.cases.extend(proved);
            run.counts = ConformCounts::of(run.cases.iter().map(|case| &case.result));
        }
        runs.push(run);
    }
    drop(backend);
    // Cases whose guests were no longer built are no results.
    if session.cancel_token().is_cancelled() {
        return Err(Failure::interrupted());
    }
    let report = ConformReport { schema: ConformReport::tag(), runs };

    if json {
        print_json(&report)?;
    } else {
        print(&text::human(&report))?;
    }
    let exit = exit_code(&report);
    if let Some((folder, file)) = junit_place
        && let Err(error) = folder.write(&file, junit(&report, started).as_bytes())
    {
        terminal::note(&format!("warning: the results were not kept: {error}"));
        return Ok(ExitCode::RecordingFailed);
    }
    Ok(exit)
}

/// The cases about proofs.
fn proofs(
    backend: &mut dyn Backend,
    name: &str,
    session: &Session,
    guests: &mut Guests,
    patterns: &[String],
    shown: &mut Shown,
) -> Result<Vec<ConformCase>, Failure> {
    let asked = session.limits();
    let limits = Limits {
        wall: asked.wall.max(PROOF_WALL),
        memory_limit_bytes: asked.memory_limit_bytes.max(PROOF_MEMORY_BYTES),
        ..*asked
    };
    let mut verifier = session.verifier(name)?;
    let mut provers = Provers { backend, verifier: &mut verifier, limits: &limits };
    proof::run(&mut provers, guests, patterns, shown).map_err(|error| session.failure(error))
}

/// The name of the backend that is meant, and the platform of its guests.
fn backend<'a>(given: &'a str, session: &Session) -> Result<(&'a str, Platform), Failure> {
    match given.split_once('@') {
        Some((Reference::NAME, platform)) => {
            let platform = platform.parse::<Platform>();
            let platform = platform.map_err(|error| Failure::usage(format!("-b {given}")).because(error))?;
            Ok((Reference::NAME, platform))
        }
        // What stands behind the sign is a part of the name: a snapshot's.
        _ => Ok((given, session.platform(given, None)?)),
    }
}

/// What cases are made for: each instruction set that the platform has, the narrow one first.
fn targets(platform: Platform, arguments: &ConformArguments) -> Result<Vec<Target>, Failure> {
    let Some(facts) = PlatformFacts::find(platform) else {
        return match arguments.isa {
            None => Ok(vec![Target::NATIVE]),
            Some(isa) => Err(Failure::usage(format!("native guests have no instruction set {isa} to choose"))),
        };
    };
    let wanted = |isa: &&assay_isa::Isa| arguments.isa.is_none_or(|asked| asked.xlen == isa.xlen);
    let targets: Vec<_> = facts.isas.iter().filter(wanted).map(|&isa| Target::new(platform, isa)).collect();
    if targets.is_empty() {
        let names: Vec<_> = facts.isas.iter().map(ToString::to_string).collect();
        return Err(Failure::usage(format!("guests of platform {platform} are not of that instruction set"))
            .help(format!("leave --isa out, or choose {}", names.join(" or "))));
    }
    Ok(targets)
}

fn chosen(cases: Vec<Case>, patterns: &[String]) -> Vec<Case> {
    cases.into_iter().filter(|case| is_chosen(&case.name, patterns)).collect()
}

fn is_chosen(name: &str, patterns: &[String]) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, name))
}

fn list(chosen: &[(Target, Vec<Case>)], arguments: &ConformArguments, json: bool) -> Result<ExitCode, Failure> {
    let proofs = proof::list().filter(|case| arguments.with_proofs && is_chosen(&case.name, &arguments.case));
    for (target, cases) in chosen {
        let listed = cases.iter().map(|case| ListedCase {
            name: case.name.clone(),
            about: case.about.clone(),
            expected: case.expect.to_string(),
        });
        let list = ConformList {
            schema: ConformList::tag(),
            platform: target.platform,
            isa: target.isa.map(|isa| isa.to_string()),
            cases: listed.chain(proofs.clone()).collect(),
        };
        if json {
            print_json(&list)?;
        } else {
            print(&text::list(&list))?;
        }
    }
    Ok(ExitCode::Ok)
}

/// The folder and the name of a file that is to be written.
fn place(path: &std::path::Path) -> Result<(Folder, String), Failure> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Failure::usage(format!("--junit {}: not the name of a file", path.display())))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| ".".as_ref());
    let no_place = || Failure::usage(format!("there is no place for the results at {}", path.display()));
    let folder = Folder::create(folder).map_err(|error| no_place().because(error))?;
    if path.is_dir() {
        return Err(no_place().help("it is a folder; name a file"));
    }
    Ok((folder, name.to_owned()))
}

/// A failure is news whether it is known or not; what could not be judged is no pass.
fn exit_code(report: &ConformReport) -> ExitCode {
    let any = |count: fn(&ConformCounts) -> u64| report.runs.iter().any(|run| count(&run.counts) > 0);
    if any(|counts| counts.fail) {
        ExitCode::Divergence
    } else if any(|counts| counts.unjudged) {
        ExitCode::Inconclusive
    } else {
        ExitCode::Ok
    }
}

/// Shows what is being done.
struct Shown(Progress);

impl kit::Watcher for Shown {
    fn doing(&mut self, index: usize, count: usize, name: &str) {
        self.0.say(&format!("{}/{count} {name}", index + 1));
    }

    fn building(&mut self, line: &str) {
        self.0.say_of_build(line, |line| format!("building guests of cases: {line}"));
    }
}
