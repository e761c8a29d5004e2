//! `assay diff`: one guest on several backends, and where they disagree.

pub(crate) mod comparing;
mod judge;
pub(crate) mod plan;
pub(crate) mod recording;
mod text;

use assay_spec::{ExitCode, Provenance, RunLog};
use assay_store::{Folder, StoreError};

use self::{
    comparing::{Comparing, Guests, StandIns, asked, exit_code, found},
    plan::{Asked, Plan, Role},
    recording::{Asking, record},
};
use super::{keep, print, print_json};
use crate::{
    arguments::{DiffArguments, Format},
    failure::Failure,
    session::Session,
    subject::Subject,
};

pub(crate) fn run(arguments: &DiffArguments) -> Result<ExitCode, Failure> {
    let subject = Subject::read(&arguments.guest)?;
    let session = Session::open(&arguments.run);
    let stand_ins = StandIns::new();
    let fault = !arguments.plant_fault.is_empty();
    let asked = asked(&arguments.backend, arguments.guest.platform, fault, &session, &stand_ins)?;
    let plan = Plan::new(&asked);
    if plan.entries.len() < 2 {
        return Err(Failure::usage("diff needs two backends").help("repeat -b, such as -b reference -b openvm"));
    }
    let guests = guests(&plan, &subject)?;
    let comparing = Comparing {
        plan: &plan,
        guests: &guests,
        input: &subject.input,
        planted_faults: &arguments.plant_fault,
        stand_ins: &stand_ins,
    };
    let mut log = comparing.run(&session)?;
    let found = found(&log, &guests);
    let exit = exit_code(&log.comparisons, &found);

    let keep_run = |log: &RunLog| -> Result<Option<_>, Failure> {
        let Some(place) = arguments.store.place() else { return Ok(None) };
        let asking = Asking {
            source: subject.record(&guests[&plan.entries[plan.baseline].platform])?,
            input_name: subject.input_name.clone(),
            input_json: subject.input_json.clone(),
            input: &subject.input,
            guests: &guests,
            backends: backends(arguments, &asked),
            planted_faults: &arguments.plant_fault,
            provenance: Provenance::default(),
        };
        Ok(Some(record(place, log, &found, &session, asking)))
    };
    // Nobody waits for the store to see what people read; a document has the name of its run in it.
    let kept = match arguments.run.output.format {
        Format::Json => {
            let kept = keep_run(&log)?;
            if let Some(Ok(recorded)) = &kept {
                log = recorded.log.clone();
            }
            print_json(&log)?;
            kept
        }
        Format::Human => {
            print(&text::human(&log, &guests))?;
            let kept = keep_run(&log)?;
            if let Some(Ok(recorded)) = &kept {
                log = recorded.log.clone();
                print(&recording::human(recorded, &found))?;
            }
            kept
        }
    };
    let exit = match kept {
        Some(Err(error)) => {
            recording::warn(&error);
            ExitCode::RecordingFailed
        }
        _ => exit,
    };
    Ok(match &arguments.out {
        Some(folder) => keep(folder, |folder| keep_log(folder, &log, &guests, &subject.input), exit),
        None => exit,
    })
}

/// The backends as they were asked for, each with its platform where that does not follow from its name.
fn backends(arguments: &DiffArguments, asked: &[Asked]) -> Vec<String> {
    let given = arguments.backend.iter().zip(asked);
    given
        .map(|(given, asked)| {
            let follows =
                asked.role == Role::Native || asked.role == Role::Runner && arguments.guest.platform.is_none();
            if follows { given.clone() } else { format!("{}@{}", asked.backend, asked.platform) }
        })
        .collect()
}

fn guests(plan: &Plan, subject: &Subject<'_>) -> Result<Guests, Failure> {
    let mut guests = Guests::new();
    for entry in &plan.entries {
        if !guests.contains_key(&entry.platform) {
            if !subject.is_sequence() && !subject.is_core() && !guests.is_empty() {
                let all: Vec<_> = plan
                    .entries
                    .iter()
                    .map(|entry| format!("{} runs guests of {}", entry.name, entry.platform))
                    .collect();
                return Err(Failure::usage(format!("an ELF is built for one platform, but {}", all.join(", "))).help(
                    "name backends of one platform, or give an instruction sequence or a core, which become a guest for each",
                ));
            }
            guests.insert(entry.platform, subject.guest(entry.platform)?);
        }
    }
    Ok(guests)
}

/// `guest.elf` for one platform, `guest@PLATFORM.elf` for several; `input.bin` where there was an input; the log.
fn keep_log(folder: &Folder, log: &RunLog, guests: &Guests, input: &[u8]) -> Result<(), StoreError> {
    for (platform, guest) in guests {
        let name = if guests.len() == 1 { "guest.elf".to_owned() } else { format!("guest@{platform}.elf") };
        folder.write(&name, &guest.elf)?;
    }
    if !input.is_empty() {
        folder.write("input.bin", input)?;
    }
    folder.write_json("run_log.json", log).map(drop)
}
