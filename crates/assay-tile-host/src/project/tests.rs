//! A crate of tiles that nobody has to compile, and what is said of it.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Arc, MutexGuard},
};

use assay_backend::{BackendError, CapturedOutput, Native, ProgressCallback, ProveRun, TraceOptions, TraceRun};
use assay_guest::{BuildError, Elf, ElfSegment, SegmentFlags, TileProgram};
use assay_isa::Xlen;
use assay_spec::{Elapsed, Mode, Outcome, RunReport, RunnerDescription, Verification};
use assay_tile::{Description, Shape, tile_digest};
use serde_reflection::{ContainerFormat, Format, Named};

use super::*;

/// What a crate is made of, and how often somebody asked for something.
pub(crate) struct State {
    pub(crate) sources: String,
    pub(crate) toolchain: String,
    /// What the program that lists tiles says.
    pub(crate) listing: Vec<u8>,
    pub(crate) listed: usize,
    pub(crate) built: usize,
}

#[derive(Clone)]
pub(crate) struct FakeCrate {
    pub(crate) folder: PathBuf,
    pub(crate) state: Arc<Mutex<State>>,
}

impl FakeCrate {
    /// The crate `numbers` in `folder`, with the tiles `double` and `halve` and a sequence of them.
    pub(crate) fn new(folder: &Path) -> Self {
        let state = State {
            sources: "sources".into(),
            toolchain: "rustc 1".into(),
            listing: serde_json::to_vec(&numbers()).unwrap(),
            listed: 0,
            built: 0,
        };
        Self { folder: folder.to_owned(), state: Arc::new(Mutex::new(state)) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn open(&self) -> Result<TileProject, TileError> {
        let limits = Limits::default();
        TileProject::open_source(Box::new(self.clone()), &mut Speaks::default(), &limits, &mut |_| ())
    }
}

impl Source for FakeCrate {
    fn name(&self) -> &'static str {
        "numbers"
    }

    fn folder(&self) -> &Path {
        &self.folder
    }

    fn digest(&self) -> Digest {
        Digest::of(self.state().sources.as_bytes())
    }

    fn list(&self, _: &mut dyn FnMut(&str)) -> Result<Guest, BuildError> {
        self.state().listed += 1;
        Ok(Guest::native("list", self.state().listing.clone()))
    }

    fn build(
        &self,
        tiles: &[TileProgram],
        publish: TilePublish,
        platform: Platform,
        isa: Option<Isa>,
        _: &mut dyn FnMut(&str),
    ) -> Result<Vec<Guest>, BuildError> {
        let mut state = self.state();
        state.built += 1;
        let guest = |tile: &TileProgram| {
            let text = format!("{} {publish} of {} by {}", tile.id, state.sources, state.toolchain);
            program(&text, platform, isa.map_or(Xlen::Rv32, |isa| isa.xlen))
        };
        Ok(tiles.iter().map(guest).collect())
    }

    fn toolchain(&self, platform: Platform) -> Result<String, BuildError> {
        Ok(format!("{} for {platform}", self.state().toolchain))
    }
}

/// A program whose bytes hold `text`.
pub(crate) fn program(text: &str, platform: Platform, xlen: Xlen) -> Guest {
    if platform == Platform::Native {
        return Guest::native("program", text.as_bytes().to_vec());
    }
    let segment = |address, bytes: Vec<u8>, flags| {
        let memory_size = bytes.len() as u64;
        ElfSegment { address, bytes, memory_size, flags }
    };
    let code = segment(0x1000, vec![0x73, 0, 0, 0], SegmentFlags::RX);
    let data = segment(0x2000, text.as_bytes().to_vec(), SegmentFlags::RW);
    let elf = Elf::new(xlen, 0x1000, vec![code, data]).write().unwrap();
    Guest::from_elf("program", elf, platform).unwrap().on_runtime()
}

pub(crate) fn tile(id: &str) -> TileDescription {
    let number = || Ok(Shape { format: Format::U64, types: BTreeMap::new() });
    let fields = vec![Named { name: "by".into(), value: Format::Option(Box::new(Format::Str)) }];
    let types = BTreeMap::from([("Odd".to_owned(), ContainerFormat::Struct(fields))]);
    TileDescription {
        id: id.into(),
        description: format!("What {id} does."),
        budget_cycles: Some(1000),
        package: "numbers".into(),
        version: "0.1.0".into(),
        digest: tile_digest("numbers", "0.1.0", id),
        input: number(),
        output: Err("it looks at what it decodes".into()),
        error: Ok(Shape { format: Format::TypeName("Odd".into()), types }),
    }
}

fn sequence(tiles: &[&str]) -> SequenceDescription {
    SequenceDescription {
        id: "there-and-back".into(),
        description: String::new(),
        tiles: tiles.iter().map(|&tile| tile.to_owned()).collect(),
        input: Ok(Shape { format: Format::U64, types: BTreeMap::new() }),
        output: Err("unknown".into()),
    }
}

fn numbers() -> Vec<Description> {
    vec![
        Description::Tile(tile("double")),
        Description::Tile(tile("halve")),
        Description::Sequence(sequence(&["double", "halve"])),
    ]
}

/// A backend whose guests say what they are made of; one that begins with `!` fails.
struct Speaks {
    description: RunnerDescription,
    captured: CapturedOutput,
}

impl Default for Speaks {
    fn default() -> Self {
        Self { description: Native::describe(), captured: CapturedOutput::default() }
    }
}

impl Backend for Speaks {
    fn description(&self) -> &RunnerDescription {
        &self.description
    }

    fn execute(&mut self, job: &Job<'_>) -> Result<Outcome, BackendError> {
        let mut run = RunReport::new(if job.guest.elf.starts_with(b"!") { Status::Panic } else { Status::Ok });
        run.output = job.guest.elf.clone().into();
        Ok(Outcome {
            schema: Outcome::tag(),
            backend: self.id(job.guest),
            guest: job.guest.id(),
            input_digest: Digest::of(job.input),
            mode: Mode::Execute,
            run,
            elapsed: Elapsed::default(),
            receipt: None,
            verification: Verification::NotRequested,
        })
    }

    fn trace(&mut self, _: &Job<'_>, _: &TraceOptions) -> Result<TraceRun, BackendError> {
        unreachable!("tiles are not traced")
    }

    fn prove(&mut self, _: &Job<'_>, _: Option<&str>) -> Result<ProveRun, BackendError> {
        unreachable!("lists are not proved")
    }

    fn identify(&mut self, _: &Guest, _: &str, _: &Limits) -> Result<String, BackendError> {
        unreachable!("lists have no image id")
    }

    fn captured(&self) -> &CapturedOutput {
        &self.captured
    }

    fn on_progress(&mut self, _: ProgressCallback) {}
}

#[test]
fn a_crate_is_listed_again_only_when_its_sources_have_changed() {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeCrate::new(folder.path());
    let first = fake.open().unwrap();
    let second = fake.open().unwrap();
    assert_eq!(fake.state().listed, 1);
    assert_eq!((first.tiles(), first.sequences()), (second.tiles(), second.sequences()));
    assert_eq!(second.tiles(), [tile("double"), tile("halve")]);
    assert_eq!((second.package(), second.package_version()), ("numbers", "0.1.0"));
    assert_eq!(fs::read_to_string(folder.path().join("target/assay/.gitignore")).unwrap(), "*\n");

    fake.state().sources = "other sources".into();
    fake.open().unwrap();
    assert_eq!(fake.state().listed, 2);
}

#[test]
fn a_kept_list_that_is_not_as_it_was_written_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeCrate::new(folder.path());
    fake.open().unwrap();
    let path = folder.path().join("target/assay/listing/tiles.json");
    let sound = fs::read_to_string(&path).unwrap();
    let mut asked = 1;
    for damaged in [sound.replace("1000", "9999"), sound[..sound.len() / 2].to_owned(), String::new()] {
        fs::write(&path, damaged).unwrap();
        asked += 1;
        assert_eq!(fake.open().unwrap().tiles()[0].budget_cycles, Some(1000));
        assert_eq!(fake.state().listed, asked);
        assert_eq!(fs::read_to_string(&path).unwrap(), sound);
    }
}

#[test]
fn the_kept_list_of_another_crate_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeCrate::new(folder.path());
    let (other, _) = listing::parse("numbers", &fake.state().listing.clone()).unwrap();
    let kept = listing::to_kept(source_hash(fake.digest()), "letters", &other, &[]);
    keep(&Bundles::at(folder.path().join(FOLDER)), &kept).unwrap();
    fake.open().unwrap();
    assert_eq!(fake.state().listed, 1);
}

#[test]
fn what_is_no_list_of_tiles_is_refused() {
    let json = |all: Vec<Description>| serde_json::to_vec(&all).unwrap();
    let with = |change: &dyn Fn(&mut TileDescription)| {
        let mut one = tile("double");
        change(&mut one);
        json(vec![Description::Tile(tile("halve")), Description::Tile(one)])
    };
    let long = "x".repeat(DESCRIPTION_BYTES_MAX + 1);
    let many = (0..=LISTED_MAX).map(|number| Description::Tile(tile(&format!("t{number}")))).collect();
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    for (listing, says) in [
        (b"!".to_vec(), "ended with Panic"),
        (b"no JSON".to_vec(), "are no list"),
        (deep, "are no list"),
        (with(&|one| one.id = "halve".into()), "two tiles are called halve"),
        (with(&|one| one.id = "../double".into()), "is no id"),
        (with(&|one| one.digest = [0; 32]), "another digest"),
        (with(&|one| one.version = "0.2.0".into()), "another digest"),
        (with(&|one| one.package = "../numbers".into()), "without a sound name"),
        (with(&|one| one.description = long.clone()), "is described in"),
        (json(vec![Description::Tile(tile("double")), Description::Sequence(sequence(&["treble"]))]), "not listed"),
        (json(vec![Description::Tile(tile("double")), Description::Sequence(sequence(&[]))]), "has no tiles"),
        (json(many), "more than 1024"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeCrate::new(folder.path());
        fake.state().listing = listing;
        let Err(error) = fake.open() else { panic!("{says}: it was taken") };
        assert!(matches!(error, TileError::List { .. }) && error.to_string().contains(says), "{says}: {error}");
        assert!(!folder.path().join("target/assay/listing").exists(), "{says}: it was kept");
    }
    let fake = FakeCrate::new(Path::new("/nowhere"));
    fake.state().listing = json(Vec::new());
    assert!(matches!(fake.open(), Err(TileError::NoTiles { .. })));
}

#[test]
fn who_asks_for_a_tile_that_is_not_there_is_told_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let project = FakeCrate::new(folder.path()).open().unwrap();
    let error = |id: &str| project.tile(id).unwrap_err().to_string();
    assert_eq!(error("Duoble"), "numbers has no tile \"Duoble\"; did you mean double?");
    assert_eq!(error("x"), "numbers has no tile \"x\"; it has double, halve");
    assert!(error(&"x".repeat(1 << 20)).len() < 200);
    let error = project.sequence("there_and_bakc").unwrap_err().to_string();
    assert_eq!(error, "numbers has no sequence \"there_and_bakc\"; did you mean there-and-back?");
    assert_eq!(project.tile("halve").unwrap().id, "halve");
    assert_eq!(project.sequence("there-and-back").unwrap().tiles, ["double", "halve"]);
}

#[test]
fn the_list_says_what_goes_in_and_what_was_built() {
    let folder = tempfile::tempdir().unwrap();
    let project = FakeCrate::new(folder.path()).open().unwrap();
    fs::create_dir_all(folder.path().join("target/assay/tiles/double/risc0")).unwrap();
    fs::write(folder.path().join("target/assay/tiles/double/file"), b"").unwrap();
    let list = project.list();
    let [double, halve] = list.tiles.as_slice() else { panic!("two tiles") };
    assert_eq!((double.built_for.as_slice(), halve.built_for.len()), (["risc0".to_owned()].as_slice(), 0));
    assert_eq!(double.abi.input.as_ref().unwrap().name, "u64");
    assert_eq!(double.abi.error.as_ref().unwrap().name, "Odd");
    assert_eq!(double.tile_digest, Digest(tile("double").digest));
    assert_eq!(list.sequences[0].tiles, ["double", "halve"]);
}
