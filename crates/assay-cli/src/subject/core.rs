//! Cores: guests that are built for whatever platform they are to run on, native among them. Those that come with Assay
//! are named; others are where a path says.

use std::path::{Path, PathBuf};

use assay_guest::{
    BuildError, BuiltGuest, Core, CoreError, Guest, GuestBuilder, GuestSources, PlatformFacts, Project, ProjectBuilder,
    cores,
};
use assay_isa::Isa;
use assay_spec::Platform;
use serde_json::Value;

use super::{INPUT_BYTES_MAX, file_name, read_file};
use crate::{
    arguments::GuestArguments,
    commands::build_failure,
    failure::Failure,
    report::printable,
    session::cancel_on_interrupt,
    terminal::{self, Progress},
};

/// How much a name may look like another to be taken for a slip of the hand: 1 is the same.
const LIKENESS_MIN: f64 = 0.7;

/// A core, and what builds it.
pub(super) struct CoreSource {
    name: String,
    /// What it says of its input; guests of other makers may say nothing.
    core: Option<Core>,
    builder: Builder,
}

enum Builder {
    Core(GuestBuilder),
    Project(ProjectBuilder, Box<Project>),
}

/// The path that a guest is named by, unless it is the name of one that comes with Assay.
pub(crate) fn project_path(name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    let is_path = name.contains('/') || name == "." || name == ".." || path.extension().is_some_and(|end| end == "c");
    let is_core = || GuestSources::find(None).is_ok_and(|sources| cores::find(&sources, name).is_ok());
    (is_path || (path.exists() && !is_core())).then(|| path.to_owned())
}

/// Reads a guest of another maker.
pub(crate) fn open_project(path: &Path) -> Result<Project, Failure> {
    let project = Project::open(path).map_err(|error| {
        Failure::usage(format!("{} is no guest that can be built", printable(&path.display().to_string())))
            .because(error)
            .help("`assay guest new` makes one to begin with; docs/guests.md says what a guest is")
    })?;
    for link in project.links() {
        terminal::note(&format!("warning: {} is a link, and left out", link.display()));
    }
    if !project.is_locked() {
        terminal::note(&format!(
            "note: {} has no Cargo.lock: versions that it leaves open are chosen when it is built",
            project.name()
        ));
    }
    Ok(project)
}

/// The guest's private bytes, and where they came from.
#[derive(Default)]
pub(super) struct Input {
    pub(super) bytes: Vec<u8>,
    /// What people call it.
    pub(super) name: String,
    /// The fields that the bytes are the encoding of.
    pub(super) json: Option<Value>,
}

impl CoreSource {
    /// The core `name`, or the one at the path `name`. Nothing is built yet.
    pub(super) fn find(name: &str) -> Result<Self, Failure> {
        let failed = |error: BuildError| Failure::usage("--core").because(error);
        if let Some(path) = project_path(name) {
            let project = open_project(&path)?;
            let name = project.name().to_owned();
            let core = cores::describe(project.folder(), &name);
            let core = core.map_err(|error| Failure::usage("--core").because(error))?;
            let builder = ProjectBuilder::new().map_err(failed)?.given_up_by(cancel_on_interrupt());
            let builder = Builder::Project(builder, Box::new(project));
            return Ok(Self { name, core, builder });
        }
        let sources = GuestSources::find(None).map_err(|error| Failure::usage("--core").because(error))?;
        let core = cores::find(&sources, name).map_err(|error| unknown(name, error))?;
        let builder = GuestBuilder::new(sources).map_err(failed)?.given_up_by(cancel_on_interrupt());
        let builder = Builder::Core(builder);
        Ok(Self { name: core.name.clone(), core: Some(core), builder })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The input that the arguments name: JSON is encoded as the core decodes it, and what is not called so is taken as it
    /// is. Without any, the core's own example. A guest that says nothing of its input takes bytes as they are.
    pub(super) fn input(&self, arguments: &GuestArguments) -> Result<Input, Failure> {
        if let Some(hex) = &arguments.input_hex {
            return Ok(Input { bytes: hex.0.clone(), name: "hex".to_owned(), json: None });
        }
        if let Some(path) = &arguments.input {
            let (name, bytes) = (file_name(path), read_file(path, INPUT_BYTES_MAX)?);
            return match &self.core {
                Some(core) if !is_raw(path) => encoded(core, name, &bytes),
                _ => Ok(Input { bytes, name, json: None }),
            };
        }
        match (&arguments.input_json, &self.core) {
            (Some(text), Some(core)) => encoded(core, "json".to_owned(), text.as_bytes()),
            (Some(_), None) => Err(Failure::usage(format!("{} does not say how its input is encoded", self.name))
                .help("describe it in a core.toml beside its sources, or give the bytes with --input or --input-hex")),
            (None, Some(core)) => {
                terminal::note(&format!("no input is given; taking the core's example: {}", core.example));
                encode(core, "example".to_owned(), core.example.clone())
            }
            (None, None) => Ok(Input { name: "none".to_owned(), ..Input::default() }),
        }
    }

    /// The core for `platform`; built if it was not before. A width of registers that the platform does not have is not
    /// for it.
    pub(super) fn build(&self, platform: Platform, isa: Option<Isa>) -> Result<Guest, Failure> {
        let facts = PlatformFacts::find(platform);
        let isa = isa.filter(|isa| facts.is_some_and(|facts| facts.isa(isa.xlen).is_some()));
        let progress = Progress::start(format!("building {} for {platform}", self.name));
        let mut show = |line: &str| {
            progress.say_of_build(line, |line| format!("building {} for {platform}: {line}", self.name));
        };
        let built = match &self.builder {
            Builder::Core(builder) => builder.build_core(&self.name, platform, isa, &mut show).map(|built| vec![built]),
            Builder::Project(builder, project) => builder.build(project, platform, isa, &mut show),
        };
        drop(progress);
        let lacks_toolchain = matches!(built, Err(BuildError::Toolchain(_)));
        if let (true, Builder::Core(builder)) = (lacks_toolchain, &self.builder)
            && let Ok(Some(demo)) = builder.demo(&self.name, platform, isa)
        {
            let toolchain = printable(&demo.manifest.toolchain);
            terminal::note(&format!(
                "note: nothing here builds guests for {platform}; taking {} as it comes with Assay, built of these sources by \
                 {toolchain}",
                self.name
            ));
            return Ok(demo.guest);
        }
        let built = built.map_err(|error| {
            build_failure(error, format!("the core {} could not be built for {platform}", self.name))
        })?;
        self.only(built)
    }

    /// The program of the crate's name, or the only one.
    fn only(&self, mut built: Vec<BuiltGuest>) -> Result<Guest, Failure> {
        let named = built.iter().position(|built| built.manifest.name == self.name);
        if let Some(index) = named.or((built.len() == 1).then_some(0)) {
            return Ok(built.swap_remove(index).guest);
        }
        let names: Vec<_> = built.iter().map(|built| built.manifest.name.as_str()).collect();
        Err(Failure::usage(format!("{} has several programs: {}", self.name, names.join(", ")))
            .help("build them with `assay guest build`, and name the file of one"))
    }
}

fn encoded(core: &Core, name: String, json: &[u8]) -> Result<Input, Failure> {
    let value = serde_json::from_slice(json).map_err(|error| {
        Failure::usage(format!("the input {name} is not JSON"))
            .because(error)
            .help(format!("such as {}; a file whose name ends in .bin is taken as it is", core.example))
    })?;
    encode(core, name, value)
}

fn encode(core: &Core, name: String, value: Value) -> Result<Input, Failure> {
    let bytes = core.encode(&value).map_err(|error| {
        Failure::usage(format!("the input {name} is none for the core {}", core.name))
            .because(error)
            .help(format!("such as {}", core.example))
    })?;
    Ok(Input { bytes, name, json: Some(value) })
}

fn is_raw(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "bin")
}

fn unknown(name: &str, error: CoreError) -> Failure {
    let nearest = match &error {
        CoreError::Unknown { known, .. } => nearest(name, known),
        _ => None,
    };
    let failure = Failure::usage("--core").because(error);
    match nearest {
        Some(nearest) => failure.help(format!("did you mean --core {nearest}?")),
        None => failure,
    }
}

/// The name that `name` was perhaps meant to be.
fn nearest(name: &str, known: &[String]) -> Option<String> {
    let name: String = name.chars().take(80).map(|c| if c == '-' { '_' } else { c.to_ascii_lowercase() }).collect();
    let likeness = |other: &String| strsim::jaro_winkler(&name, other);
    let likely = known.iter().filter(|other| likeness(other) >= LIKENESS_MIN);
    likely.max_by(|one, other| likeness(one).total_cmp(&likeness(other))).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_told_what_was_meant_and_nonsense_is_not() {
        let known: Vec<String> = ["fib", "io_echo", "panic_test", "sha256"].map(str::to_owned).to_vec();
        for (slip, meant) in
            [("fibb", "fib"), ("io-echo", "io_echo"), ("Panic_tset", "panic_test"), ("sha-256", "sha256")]
        {
            assert_eq!(nearest(slip, &known).as_deref(), Some(meant));
        }
        for nonsense in ["", "zzzz", "\u{1b}[31m"] {
            assert_eq!(nearest(nonsense, &known), None, "{nonsense}");
        }
    }
}
