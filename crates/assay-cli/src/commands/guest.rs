//! `assay guest`: list, build.

use std::{fmt::Write as _, fs, os::unix::fs::PermissionsExt as _, path::Path};

use assay_guest::{
    BuildError, BuiltGuest, CoreError, GuestBuilder, GuestSources, PlatformFacts,
    cores::{self, Definition, Field},
};
use assay_isa::Isa;
use assay_spec::{ExitCode, Platform};
use assay_store::{Folder, StoreError};

use super::{keep, print, print_json};
use crate::{
    arguments::{Format, GuestBuildArguments, GuestCommand, PlatformChoice},
    failure::Failure,
    report::{printable, printable_lines},
    terminal::{self, GOOD, Progress, QUIET, styled, table, table_text},
};

pub(crate) fn run(command: &GuestCommand) -> Result<ExitCode, Failure> {
    match command {
        GuestCommand::List { output } => list(output.format),
        GuestCommand::Build(arguments) => build(arguments),
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

fn build(arguments: &GuestBuildArguments) -> Result<ExitCode, Failure> {
    let sources = sources()?;
    let names = if arguments.all {
        cores::all(&sources).map_err(not_described)?.into_iter().map(|core| core.name).collect()
    } else {
        arguments.names.clone()
    };
    for name in &names {
        cores::find(&sources, name).map_err(|error| {
            Failure::usage(format!("there is no guest {}", printable(name)))
                .because(error)
                .help("`assay guest list` shows them with their inputs")
        })?;
    }
    let builder = GuestBuilder::new(sources).map_err(|error| not_built(error, None))?;
    let mut built = Vec::new();
    for (platform, isa) in targets(arguments)? {
        let progress = Progress::start(format!("building guests for {platform}"));
        let mut told = terminal::is_seen();
        let cores = builder.build_cores(&names, platform, isa, &mut |line| {
            if !told {
                terminal::note(&format!("building guests for {platform}"));
                told = true;
            }
            progress.say(line.trim());
        });
        drop(progress);
        built.extend(cores.map_err(|error| not_built(error, Some(platform)))?);
    }
    let mut table = table(&["guest", "platform", "isa", "bytes", "digest", "file"]);
    for guest in &built {
        let file = match &arguments.out {
            Some(folder) => folder.join(file_name(guest)),
            None => guest.path.clone(),
        };
        table.add_row([
            guest.manifest.name.clone(),
            guest.manifest.platform.to_string(),
            guest.manifest.isa.clone().unwrap_or_default(),
            guest.guest.elf.len().to_string(),
            guest.manifest.elf_digest.short(),
            printable(&file.display().to_string()),
        ]);
    }
    print(&table_text(&table))?;
    Ok(match &arguments.out {
        Some(path) => keep(path, |folder| copies(folder, path, &built), ExitCode::Ok),
        None => ExitCode::Ok,
    })
}

/// What is to be built: with `all`, each platform with each width of registers that fits.
fn targets(arguments: &GuestBuildArguments) -> Result<Vec<(Platform, Option<Isa>)>, Failure> {
    if let PlatformChoice::One(platform) = arguments.platform {
        return Ok(vec![(platform, arguments.isa)]);
    }
    let mut targets = Vec::new();
    if arguments.isa.is_none() {
        targets.push((Platform::Native, None));
    }
    for platform in Platform::ALL {
        let isas = PlatformFacts::of(platform).isas.iter();
        let fitting = isas.filter(|isa| arguments.isa.is_none_or(|asked| asked.xlen == isa.xlen));
        targets.extend(fitting.map(|&isa| (platform, Some(isa))));
    }
    if targets.is_empty() {
        return Err(Failure::usage("no platform has guests of this instruction set"));
    }
    Ok(targets)
}

fn file_name(guest: &BuiltGuest) -> String {
    let manifest = &guest.manifest;
    let width = guest.guest.isa().filter(|_| manifest.platform == Platform::Standard);
    let width = width.map_or_else(String::new, |isa| format!("-rv{}", isa.xlen.bits()));
    let end = if manifest.platform == Platform::Native { "" } else { ".elf" };
    format!("{}-{}{width}{end}", manifest.name, manifest.platform)
}

fn copies(folder: &Folder, path: &Path, built: &[BuiltGuest]) -> Result<(), StoreError> {
    for guest in built {
        let name = file_name(guest);
        folder.write(&name, &guest.guest.elf)?;
        let manifest = format!("{}.json", name.trim_end_matches(".elf"));
        folder.write_json(&manifest, &guest.manifest).map(drop)?;
        if guest.manifest.platform == Platform::Native
            && let Err(error) = fs::set_permissions(path.join(&name), fs::Permissions::from_mode(0o755))
        {
            terminal::note(&format!("warning: {name} could not be made executable: {error}"));
        }
    }
    Ok(())
}

fn not_built(error: BuildError, platform: Option<Platform>) -> Failure {
    let exit = match &error {
        BuildError::Sources(_) | BuildError::Core(_) | BuildError::Guest(_) | BuildError::NativeIsa { .. } => {
            ExitCode::Usage
        }
        _ => ExitCode::BackendMissing,
    };
    let what = platform.map_or_else(String::new, |platform| format!(" for {platform}"));
    Failure::new(exit, printable_lines(&format!("the guests could not be built{what}"))).because(error)
}
