//! `assay bugs`: known bugs of zkVMs, and whether they show on the installed backends.

mod check;
mod proving;
mod registry;

use assay_backend::RegistryError;
use assay_spec::{BugCheck, BugList, BugReport, CheckedBug, ExitCode, schema::Versioned as _};

use super::{diff::comparing::StandIns, print, print_json};
use crate::{
    arguments::{BugsArguments, BugsCheckArguments, BugsCommand, Format, OutputArguments},
    failure::Failure,
    report::printable,
    session::{self, NATIVE, REFERENCE, Session},
    terminal::{BAD, GOOD, Progress, QUIET, UNSURE, styled, table, table_text},
};

pub(crate) fn run(command: &BugsCommand) -> Result<ExitCode, Failure> {
    match command {
        BugsCommand::List { registry, output } => list(registry, output),
        BugsCommand::Check(arguments) => check(arguments),
    }
}

fn list(arguments: &BugsArguments, output: &OutputArguments) -> Result<ExitCode, Failure> {
    let bugs = registry::read(arguments)?;
    if output.format == Format::Json {
        let bugs = bugs.into_iter().map(|known| known.bug).collect();
        print_json(&BugList { schema: BugList::tag(), bugs })?;
        return Ok(ExitCode::Ok);
    }
    let mut table = table(&["bug", "backend", "affected", "fixed", "kind", "what"]);
    for known in &bugs {
        let bug = &known.bug;
        let fixed = if bug.fixed.is_empty() { "-".to_owned() } else { bug.fixed.join("; ") };
        let affected = bug.affected.join("; ");
        let kind = bug.expected.kind.to_string();
        table.add_row([&bug.id, &bug.zkvm, &affected, &fixed, &kind, &bug.title].map(|cell| printable(cell)));
    }
    print(&table_text(&table))?;
    Ok(ExitCode::Ok)
}

fn check(arguments: &BugsCheckArguments) -> Result<ExitCode, Failure> {
    let mut bugs = registry::read(&arguments.registry)?;
    if let Some(unknown) = arguments.ids.iter().find(|id| bugs.iter().all(|known| known.bug.id != **id)) {
        return Err(Failure::usage(format!("there is no known bug {unknown}")).help("see: assay bugs list"));
    }
    for name in &arguments.backend {
        check_backend(name, &bugs)?;
    }
    bugs.retain(|known| {
        (arguments.ids.is_empty() || arguments.ids.contains(&known.bug.id))
            && (arguments.backend.is_empty() || arguments.backend.contains(&known.bug.zkvm))
    });
    let session = Session::open(&arguments.run);
    let stand_ins: StandIns =
        arguments.stand_ins.iter().map(|stand_in| (stand_in.backend.clone(), stand_in.runner.clone())).collect();
    let mut checked = Vec::new();
    for known in &bugs {
        let progress = Progress::start(format!("looking for {}", known.bug.id));
        // A backend that nobody asked for by name may be missing.
        let asked_for = arguments.backend.contains(&known.bug.zkvm) || arguments.run.install;
        checked.push(check::check(known, &session, &stand_ins, asked_for)?);
        drop(progress);
    }
    let exit = exit_code(&checked);
    match arguments.run.output.format {
        Format::Json => print_json(&BugReport { schema: BugReport::tag(), bugs: checked })?,
        Format::Human => print(&human(&checked))?,
    }
    Ok(exit)
}

/// A backend without known bugs has to be one: a slip of the hand is no good news.
fn check_backend(name: &str, bugs: &[registry::Known]) -> Result<(), Failure> {
    let has_bugs = |zkvm: &str| bugs.iter().any(|known| known.bug.zkvm == zkvm);
    if has_bugs(name) || [REFERENCE, NATIVE].contains(&name) {
        return Ok(());
    }
    if let Some((zkvm, _)) = name.split_once('@').filter(|(zkvm, _)| has_bugs(zkvm)) {
        return Err(Failure::usage(format!("{name} is a runner, and bugs are known of zkVMs"))
            .help(format!("look on it in place of the zkVM's own: assay bugs check -b {zkvm} --with {zkvm}={name}")));
    }
    match session::registry()?.installed(name) {
        Err(error @ (RegistryError::Unknown { .. } | RegistryError::BadName(_))) => {
            Err(session::registry_failure(&error))
        }
        // One that could be installed, and of which no bug is known.
        _ => Ok(()),
    }
}

/// Whether each shows where it should and nowhere else.
fn exit_code(checked: &[CheckedBug]) -> ExitCode {
    let unexpected = |bug: &CheckedBug| match bug.result {
        BugCheck::Reproduced => !bug.affected,
        BugCheck::NotReproduced => bug.affected,
        BugCheck::Inconclusive | BugCheck::NotRun => false,
    };
    if checked.iter().any(unexpected) {
        ExitCode::Divergence
    } else if checked.iter().any(|bug| bug.result == BugCheck::Inconclusive) {
        ExitCode::Inconclusive
    } else {
        ExitCode::Ok
    }
}

fn human(checked: &[CheckedBug]) -> String {
    let mut table = table(&["bug", "backend", "version", "result", "what was seen"]);
    for bug in checked {
        let (style, result) = match (bug.result, bug.affected) {
            (BugCheck::NotRun, _) => (QUIET, bug.result.to_string()),
            (BugCheck::Inconclusive, _) => (UNSURE, bug.result.to_string()),
            (BugCheck::Reproduced, true) => (GOOD, bug.result.to_string()),
            (BugCheck::NotReproduced, true) => (BAD, bug.result.to_string()),
            (BugCheck::Reproduced, false) => (BAD, "not applicable, and reproduced".to_owned()),
            (BugCheck::NotReproduced, false) => (GOOD, "not applicable".to_owned()),
        };
        table.add_row([
            printable(&bug.id),
            printable(&bug.backend),
            printable(bug.version.as_deref().unwrap_or("-")),
            styled(style, result),
            printable(&bug.detail),
        ]);
    }
    if checked.is_empty() { "no known bugs\n".to_owned() } else { table_text(&table) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(affected: bool, result: BugCheck) -> CheckedBug {
        let text = String::new;
        CheckedBug { id: text(), title: text(), backend: text(), version: None, affected, result, detail: text() }
    }

    #[test]
    fn a_bug_that_shows_where_it_should_not_and_one_that_does_not_show_are_news() {
        let exit = |bugs: &[(bool, BugCheck)]| {
            exit_code(&bugs.iter().map(|&(affected, result)| checked(affected, result)).collect::<Vec<_>>())
        };
        assert_eq!(exit(&[(true, BugCheck::Reproduced), (false, BugCheck::NotReproduced)]), ExitCode::Ok);
        assert_eq!(exit(&[(true, BugCheck::NotRun)]), ExitCode::Ok);
        assert_eq!(exit(&[(true, BugCheck::NotReproduced)]), ExitCode::Divergence);
        assert_eq!(exit(&[(false, BugCheck::Reproduced), (true, BugCheck::Inconclusive)]), ExitCode::Divergence);
        assert_eq!(exit(&[(true, BugCheck::Inconclusive)]), ExitCode::Inconclusive);
    }
}
