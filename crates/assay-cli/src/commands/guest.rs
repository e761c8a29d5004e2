//! `assay guest`: what there is; the rest is in a file each.

mod build;
mod library;
mod new;

use std::fmt::Write as _;

use assay_guest::{
    BuildError, CoreError, GuestSources, PlatformFacts,
    cores::{self, Definition, Field},
};
use assay_isa::Isa;
use assay_spec::{ExitCode, Platform};

use super::{keep, new_folder::write_below, print, print_json};
use crate::{
    arguments::{Format, GuestCommand, PlatformChoice},
    failure::Failure,
    report::printable,
    terminal::{GOOD, QUIET, styled},
};

pub(crate) fn run(command: &GuestCommand) -> Result<ExitCode, Failure> {
    match command {
        GuestCommand::List { output } => list(output.format),
        GuestCommand::Build(arguments) => build::run(arguments),
        GuestCommand::New { folder, lang } => new::run(folder, *lang),
        GuestCommand::Library(arguments) => library::run(arguments),
    }
}

fn sources() -> Result<GuestSources, Failure> {
    GuestSources::find(None).map_err(|error| Failure::usage("there are no guests here").because(error))
}

fn not_described(error: CoreError) -> Failure {
    Failure::usage("the guests cannot be listed").because(error)
}

fn list(format: Format) -> Result<ExitCode, Failure> {
    let cores = cores::all(&sources()?).map_err(not_described)?;
    if format == Format::Json {
        print_json(&cores::listing(&cores))?;
        return Ok(ExitCode::Ok);
    }
    let mut text = String::new();
    for core in &cores {
        let _ = writeln!(text, "{}  {}", styled(GOOD, printable(&core.name)), printable(&core.description));
        write_fields(&mut text, &core.input, 1);
        for (name, definition) in &core.types {
            let _ = match definition {
                Definition::Struct(_) => writeln!(text, "    {} is an object of", printable(name)),
                Definition::Enum(_) => writeln!(text, "    {} is one of", printable(name)),
            };
            match definition {
                Definition::Struct(fields) => write_fields(&mut text, fields, 2),
                Definition::Enum(variants) => {
                    for variant in variants {
                        let of = if variant.fields.is_empty() { "" } else { " with" };
                        let _ = writeln!(text, "        {}{of}", printable(&variant.name));
                        write_fields(&mut text, &variant.fields, 3);
                    }
                }
            }
        }
        let _ = writeln!(text, "    output: {}", printable(&core.output));
        let _ = writeln!(text, "    example: {}\n", printable(&core.example.to_string()));
    }
    let _ = writeln!(text, "{}", styled(QUIET, "run one with: assay run --core NAME --input-json JSON -b BACKEND"));
    print(&text)?;
    Ok(ExitCode::Ok)
}

fn write_fields(text: &mut String, fields: &[Field], indent: usize) {
    for field in fields {
        let about = if field.about.is_empty() { String::new() } else { format!(": {}", field.about) };
        let line = format!("{} ({}){about}", field.name, field.kind);
        let _ = writeln!(text, "{}{}", "    ".repeat(indent), printable(&line));
    }
}

/// What is to be built: with `all`, each platform with each width of registers that fits.
fn targets(platform: PlatformChoice, isa: Option<Isa>) -> Result<Vec<(Platform, Option<Isa>)>, Failure> {
    if let PlatformChoice::One(platform) = platform {
        return Ok(vec![(platform, isa)]);
    }
    let mut targets = Vec::new();
    if isa.is_none() {
        targets.push((Platform::Native, None));
    }
    for platform in Platform::ALL {
        let isas = PlatformFacts::of(platform).isas.iter();
        let fitting = isas.filter(|fitting| isa.is_none_or(|asked| asked.xlen == fitting.xlen));
        targets.extend(fitting.map(|&isa| (platform, Some(isa))));
    }
    if targets.is_empty() {
        return Err(Failure::usage("no platform has guests of this instruction set"));
    }
    Ok(targets)
}

/// What stands for a guest that was not built: whoever asked did so wrongly, or gave up; the guest is wrong; or a tool is
/// missing.
pub(crate) fn build_failure(error: BuildError, what: impl Into<String>) -> Failure {
    let exit = match error {
        BuildError::GivenUp => return Failure::interrupted(),
        BuildError::Sources(_)
        | BuildError::Core(_)
        | BuildError::Guest(_)
        | BuildError::NativeIsa { .. }
        | BuildError::Project(_)
        | BuildError::NoProgram { .. }
        | BuildError::NotDescribed { .. } => ExitCode::Usage,
        _ => ExitCode::BackendMissing,
    };
    Failure::new(exit, what).because(error)
}

fn not_built(error: BuildError, platform: Option<Platform>) -> Failure {
    let what = platform.map_or_else(String::new, |platform| format!(" for {platform}"));
    build_failure(error, format!("the guests could not be built{what}"))
}
