//! `assay run`: one guest on one backend.

use std::fmt::Write as _;

use assay_backend::{Backend, Job};
use assay_spec::ExitCode;

use super::{exit_code_of, keep, keep_subject, print, print_json, reported, with_reported_registers};
use crate::{
    arguments::{Format, RunArguments},
    failure::Failure,
    report,
    session::{Session, reference_platform},
    subject::Subject,
    terminal::Progress,
};

pub(crate) fn run(arguments: &RunArguments) -> Result<ExitCode, Failure> {
    let subject = Subject::read(&arguments.guest)?;
    let session = Session::open(&arguments.run);
    if arguments.unaligned_sites && reference_platform(&arguments.backend).is_none() {
        let what = format!("{} does not say where misaligned accesses are", arguments.backend);
        return Err(Failure::usage(what).help("the reference machine does: leave -b out, or say --platform besides"));
    }
    let platform = session.platform(&arguments.backend, arguments.guest.platform)?;
    let guest = subject.guest(platform)?;
    let mut backend: Box<dyn Backend> = if arguments.unaligned_sites {
        Box::new(session.reference().with_unaligned_sites())
    } else {
        session.backend(&arguments.backend)?
    };

    let progress = Progress::start(format!("running on {}", arguments.backend));
    backend.on_progress(progress.callback());
    let job = Job { guest: &guest, input: &subject.input, limits: session.limits(), cost: true };
    let outcome = backend.execute(&job).map_err(|error| session.failure(error))?;
    let outcome = with_reported_registers(&guest, outcome);
    drop(progress);

    match arguments.run.output.format {
        Format::Json => print_json(&outcome)?,
        Format::Human => {
            let mut text = report::outcomes(std::slice::from_ref(&outcome));
            text.push_str(&report::details(&outcome));
            text.push_str(&report::misaligned(&outcome));
            if let Some(hint) = report::platform_hint(&guest, &outcome) {
                let _ = writeln!(text, "hint: {hint}");
            }
            match guest.harness.as_ref().zip(reported(&guest, &outcome)) {
                Some((layout, registers)) => {
                    text.push_str("final registers:\n");
                    text.push_str(&report::reported_registers(&registers, layout));
                }
                None => text.push_str(&report::output(&outcome)),
            }
            print(&text)?;
        }
    }
    let exit = exit_code_of(&outcome);
    Ok(match &arguments.out {
        Some(folder) => keep(
            folder,
            |folder| {
                keep_subject(folder, &guest, &subject.input)?;
                folder.write_json("outcome.json", &outcome).map(drop)
            },
            exit,
        ),
        None => exit,
    })
}
