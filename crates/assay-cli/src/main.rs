//! The binary `assay`: command line in, text or JSON out. It glues; the work is done in the crates below.

mod arguments;
mod commands;
mod failure;
mod report;
mod session;
mod smoke;
mod store_place;
mod subject;
mod terminal;

use std::{panic, process};

use assay_spec::ExitCode;
use clap::{Parser as _, error::ErrorKind};

use crate::{
    arguments::{Arguments, Command},
    failure::Failure,
};

fn main() -> process::ExitCode {
    // Before anything else: this very program is what puts a sandbox around a runner and then becomes it.
    assay_backend::sandbox::launch_if_asked();
    // Commands in messages are to be copied: no line breaks in the midst of them. A second hook is no harm.
    let _ = miette::set_hook(Box::new(|_| Box::new(miette::MietteHandlerOpts::new().wrap_lines(false).build())));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Clap's own exit code for a usage error, 2, means a divergence here.
            let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let _ = error.print();
            return if asked { ExitCode::Ok } else { ExitCode::Usage }.into();
        }
    };
    match panic::catch_unwind(|| dispatch(&arguments)) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(failure)) => {
            let exit = failure.exit_code();
            terminal::note_styled(&failure.report());
            exit
        }
        Err(_) => {
            terminal::note(&"this is a bug of Assay; please report it with the command and the lines above");
            ExitCode::Bug.into()
        }
    }
}

fn dispatch(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Run(arguments) => commands::run::run(arguments),
        Command::Trace(arguments) => commands::trace::run(arguments),
        Command::Prove(arguments) => commands::prove::run(arguments),
        Command::Verify(arguments) => commands::verify::run(arguments),
        Command::Diff(arguments) => commands::diff::run(arguments),
        Command::Bucket(command) => commands::bucket::run(command),
        Command::Replay(arguments) => commands::replay::run(arguments),
        Command::Shrink(arguments) => commands::shrink::run(arguments),
        Command::Findings(command) => commands::findings::run(command),
        Command::Store(command) => commands::store::run(command),
        Command::Bugs(command) => commands::bugs::run(command),
        Command::Conform(arguments) => commands::conform::run(arguments),
        Command::Snapshot(command) => commands::snapshot::run(command),
        Command::Guest(command) => commands::guest::run(command),
        Command::Tile(command) => commands::tile::run(command),
        Command::Sequence(command) => commands::sequence::run(command),
        Command::Platform(command) => commands::platform::run(command),
        Command::Report(arguments) => commands::store_report::run(arguments),
        Command::Backend(command) => commands::backend::run(command),
        Command::Doctor(arguments) => commands::doctor::run(arguments),
    }
}
