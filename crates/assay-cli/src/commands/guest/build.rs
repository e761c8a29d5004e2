//! `assay guest build`.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use assay_backend::{Backend as _, Identities, Limits, Registry, RunnerBackend, Settings};
use assay_guest::{BuildError, BuiltGuest, GuestBuilder, Project, ProjectBuilder, cores};
use assay_isa::Isa;
use assay_spec::{
    ExitCode, Platform,
    guest_manifest::{BuiltFile, GuestBuildReport},
    schema::Versioned as _,
};
use assay_store::{Folder, StoreError};

use super::{keep, not_built, not_described, print, print_json, sources, targets};
use crate::{
    arguments::{Format, GuestBuildArguments},
    failure::Failure,
    report::printable,
    session::cancel_on_interrupt,
    subject,
    terminal::{self, Progress, table, table_text},
};

/// What is to be built.
struct Wanted {
    /// Names of guests that come with Assay.
    cores: Vec<String>,
    /// The others.
    projects: Vec<Project>,
}

pub(super) fn run(arguments: &GuestBuildArguments) -> Result<ExitCode, Failure> {
    let wanted = Wanted::of(arguments)?;
    let mut built = Vec::new();
    for (platform, isa) in targets(arguments.platform, arguments.isa)? {
        built.extend(wanted.build(platform, isa)?);
    }
    for guest in &mut built {
        identify(guest, arguments.no_image_id);
        if cancel_on_interrupt().is_cancelled() {
            return Err(Failure::interrupted());
        }
    }
    match arguments.output.format {
        Format::Json => print_json(&report(&built, arguments.out.as_deref()))?,
        Format::Human => print_table(&built, arguments.out.as_deref())?,
    }
    Ok(match &arguments.out {
        Some(path) => keep(path, |folder| copies(folder, path, &built), ExitCode::Ok),
        None => ExitCode::Ok,
    })
}

impl Wanted {
    fn of(arguments: &GuestBuildArguments) -> Result<Self, Failure> {
        if arguments.all {
            let cores = cores::all(&sources()?).map_err(not_described)?.into_iter().map(|core| core.name).collect();
            return Ok(Self { cores, projects: Vec::new() });
        }
        let mut wanted = Self { cores: Vec::new(), projects: Vec::new() };
        for name in &arguments.names {
            if let Some(path) = subject::project_path(name) {
                wanted.projects.push(subject::open_project(&path)?);
                continue;
            }
            cores::find(&sources()?, name).map_err(|error| {
                Failure::usage(format!("there is no guest {}", printable(name)))
                    .because(error)
                    .help("`assay guest list` shows those that come with Assay; another one is named by its path")
            })?;
            wanted.cores.push(name.clone());
        }
        Ok(wanted)
    }

    fn build(&self, platform: Platform, isa: Option<Isa>) -> Result<Vec<BuiltGuest>, Failure> {
        let progress = Progress::start(format!("building guests for {platform}"));
        let mut show = |line: &str| progress.say_of_build(line, |_| format!("building guests for {platform}"));
        let built = self.build_all(platform, isa, &mut show);
        drop(progress);
        built
    }

    fn build_all(
        &self,
        platform: Platform,
        isa: Option<Isa>,
        show: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltGuest>, Failure> {
        let failed = |error: BuildError| not_built(error, Some(platform));
        let mut built = Vec::new();
        if !self.cores.is_empty() {
            let builder = GuestBuilder::new(sources()?).map_err(failed)?.given_up_by(cancel_on_interrupt());
            built.extend(builder.build_cores(&self.cores, platform, isa, show).map_err(failed)?);
        }
        for project in &self.projects {
            let builder = ProjectBuilder::new().map_err(failed)?.given_up_by(cancel_on_interrupt());
            built.extend(builder.build(project, platform, isa, show).map_err(failed)?);
        }
        Ok(built)
    }
}

/// Lets the installed runner of the guest's platform name it, or says why there is no such name.
fn identify(guest: &mut BuiltGuest, left_out: bool) {
    let id = if left_out { Err("it was left out".to_owned()) } else { image_id(guest) };
    match id {
        Ok(id) => guest.manifest.image_id = Some(id),
        Err(reason) => guest.manifest.image_id_absent = Some(reason),
    }
}

fn image_id(guest: &BuiltGuest) -> Result<String, String> {
    let name = guest.manifest.platform.name();
    if matches!(guest.manifest.platform, Platform::Standard | Platform::Native) {
        return Err(format!("guests of the platform {name} have none"));
    }
    let registry = Registry::from_environment(None).map_err(|error| error.to_string())?;
    let runner = registry.installed(name).map_err(|_| format!("the runner {name} is not installed"))?;
    let Some(kind) = runner.description.proof_kinds.first().map(|kind| kind.name.clone()) else {
        return Err(format!("the runner {name} proves nothing"));
    };
    let _progress = Progress::start(format!("asking {name} for the image id of {}", guest.manifest.name));
    let backend =
        RunnerBackend::new(runner, Settings::default(), cancel_on_interrupt()).map_err(|error| error.to_string())?;
    let mut backend = backend.with_identities(Identities::in_cache(registry.cache()));
    backend.identify(&guest.guest, &kind, &Limits::default()).map_err(|error| error.to_string())
}

fn place(guest: &BuiltGuest, out: Option<&Path>) -> String {
    let file = out.map_or_else(|| guest.path.clone(), |folder| folder.join(file_name(guest)));
    file.display().to_string()
}

fn report(built: &[BuiltGuest], out: Option<&Path>) -> GuestBuildReport {
    let file = |guest: &BuiltGuest| BuiltFile {
        file: place(guest, out),
        bytes: guest.guest.elf.len() as u64,
        manifest: guest.manifest.clone(),
    };
    GuestBuildReport { schema: GuestBuildReport::tag(), guests: built.iter().map(file).collect() }
}

fn print_table(built: &[BuiltGuest], out: Option<&Path>) -> Result<(), Failure> {
    let mut table = table(&["guest", "platform", "isa", "bytes", "digest", "image id", "file"]);
    for guest in built {
        let manifest = &guest.manifest;
        let id: String = manifest.image_id.as_deref().unwrap_or("-").chars().take(12).collect();
        table.add_row([
            manifest.name.clone(),
            manifest.platform.to_string(),
            manifest.isa.clone().unwrap_or_default(),
            guest.guest.elf.len().to_string(),
            manifest.elf_digest.short(),
            id,
            printable(&place(guest, out)),
        ]);
    }
    print(&table_text(&table))
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
