//! `assay guest library`.

use assay_guest::{Library, ProjectBuilder, runtime_headers};
use assay_isa::Isa;
use assay_spec::{ExitCode, Platform};
use assay_store::{Folder, StoreError};

use super::{not_built, print, targets};
use crate::{
    arguments::GuestLibraryArguments, failure::Failure, report::printable, session::cancel_on_interrupt,
    subject::read_file, terminal::Progress,
};

/// Longest library, in bytes.
const LIBRARY_BYTES_MAX: u64 = 256 << 20;

pub(super) fn run(arguments: &GuestLibraryArguments) -> Result<ExitCode, Failure> {
    let shown = printable(&arguments.out.display().to_string());
    let unwritten = |error: StoreError| {
        Failure::new(ExitCode::RecordingFailed, format!("the library could not be written to {shown}")).because(error)
    };
    // Building takes long: a place that cannot be is refused before it.
    let folder = Folder::create(&arguments.out).map_err(unwritten)?;
    let mut libraries = Vec::new();
    for (platform, isa) in targets(arguments.platform, arguments.isa)? {
        let progress = Progress::start(format!("building the library for {platform}"));
        let library = ProjectBuilder::new()
            .and_then(|builder| {
                let builder = builder.given_up_by(cancel_on_interrupt());
                builder.library(platform, isa, arguments.accelerators, &mut |line| progress.say(line.trim()))
            })
            .map_err(|error| not_built(error, Some(platform)))?;
        let bytes = read_file(&library.path, LIBRARY_BYTES_MAX)?;
        libraries.push((name_of(platform, isa), library, bytes));
    }
    write(&folder, &libraries).map_err(unwritten)?;
    print(&format!("{shown}\n"))?;
    Ok(ExitCode::Ok)
}

fn name_of(platform: Platform, isa: Option<Isa>) -> String {
    match isa {
        Some(isa) if platform == Platform::Standard => format!("{platform}-rv{}", isa.xlen.bits()),
        _ => platform.to_string(),
    }
}

fn write(folder: &Folder, libraries: &[(String, Library, Vec<u8>)]) -> Result<(), StoreError> {
    for (file, bytes) in runtime_headers() {
        super::write_below(folder.path(), &format!("include/{file}"), &bytes)?;
    }
    for (name, library, bytes) in libraries {
        super::write_below(folder.path(), &format!("{name}/libassay_guest.a"), bytes)?;
        if let Some(script) = &library.script {
            super::write_below(folder.path(), &format!("{name}/link.x"), script.as_bytes())?;
        }
    }
    Ok(())
}
