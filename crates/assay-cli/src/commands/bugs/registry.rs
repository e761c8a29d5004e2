//! The files in which known bugs are written down: TOML, one bug each, checked when they are read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assay_guest::read_seeds;
use assay_spec::{Bug, CoreTrigger, Seed, Trigger, schema};

use crate::{arguments::BugsArguments, failure::Failure, report::printable, session, subject::read_file, terminal};

/// Largest file of a bug, in bytes.
const BUG_BYTES_MAX: u64 = 1 << 20;
/// Largest file of seeds beside one, in bytes.
const SEEDS_BYTES_MAX: u64 = 64 << 20;
/// Most bugs that are read.
const BUGS_MAX: usize = 10_000;

/// A bug, and the folder that its file is in.
pub(super) struct Known {
    pub(super) bug: Bug,
    folder: PathBuf,
}

/// Every known bug, by name.
pub(super) fn read(arguments: &BugsArguments) -> Result<Vec<Known>, Failure> {
    let folder = match &arguments.bugs {
        Some(folder) => folder.clone(),
        None => beside_the_runners()?,
    };
    let cannot = || Failure::usage(format!("there are no known bugs to be read in {}", folder.display()));
    let entries = fs::read_dir(&folder).map_err(|error| cannot().because(error).help("name the folder: --bugs DIR"))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| cannot().because(error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    if files.len() > BUGS_MAX {
        return Err(Failure::usage(format!("{} has more than {BUGS_MAX} bugs", folder.display())));
    }
    files.sort();
    files.iter().map(|path| Ok(Known { bug: read_bug(path)?, folder: folder.clone() })).collect()
}

/// `bugs` in the source tree whose runners are used.
fn beside_the_runners() -> Result<PathBuf, Failure> {
    let registry = session::registry()?;
    let tree = registry.runners().and_then(Path::parent);
    tree.map(|tree| tree.join("bugs")).ok_or_else(|| {
        Failure::usage("there is no source tree of Assay here, and so no known bugs")
            .help("name their folder: --bugs DIR")
    })
}

fn read_bug(path: &Path) -> Result<Bug, Failure> {
    let name = path.display().to_string();
    let bad = || Failure::usage(format!("{name} is not a known bug"));
    let text = String::from_utf8(read_file(path, BUG_BYTES_MAX)?).map_err(|error| bad().because(error))?;
    let value: serde_json::Value = toml::from_str(&text).map_err(|error| bad().because(error))?;
    let json = serde_json::to_vec(&value).map_err(|error| bad().because(error))?;
    let read = schema::read::<Bug>(&json).map_err(|error| bad().because(error))?;
    if !read.unknown_fields.is_empty() {
        let fields = printable(&read.unknown_fields.join(", "));
        terminal::note(&format!("warning: {name} has fields that a bug does not have; they are left out: {fields}"));
    }
    if path.file_stem().is_none_or(|stem| *stem != *read.value.id) {
        return Err(bad().because(format!("its id is {:?}; name the file after it", read.value.id)));
    }
    if read.value.affected.is_empty() {
        return Err(bad().because("it names no affected version"));
    }
    Ok(read.value)
}

impl Known {
    /// What shows it, read from where it is.
    pub(super) fn trigger(&self) -> Result<Shown, Failure> {
        let spec = match &self.bug.trigger {
            Trigger::Asm(lines) => return Ok(Shown::Text(lines.join("\n"))),
            Trigger::Seed(seed) => return Ok(Shown::Seed((**seed).clone())),
            Trigger::Core(core) => return Ok(Shown::Core(core.clone())),
            Trigger::SeedFile(spec) => spec,
        };
        let bad = || Failure::usage(format!("{}: seed_file = {spec:?}", self.bug.id));
        let (name, number) = match spec.rsplit_once('#') {
            Some((name, number)) => (name, number.parse::<usize>().map_err(|error| bad().because(error))?),
            None => (spec.as_str(), 1),
        };
        // A file beside its own: what is written down in one place does not reach for others.
        if Path::new(name).components().count() != 1 || Path::new(name).file_name().is_none() {
            return Err(bad().because("expected the name of a file beside the bug's own"));
        }
        let seeds =
            read_seeds(&read_file(&self.folder.join(name), SEEDS_BYTES_MAX)?).map_err(|error| bad().because(error))?;
        let seed = number.checked_sub(1).and_then(|at| seeds.value.into_iter().nth(at));
        seed.map(Shown::Seed).ok_or_else(|| bad().because(format!("it has no seed {number}")))
    }
}

/// What shows a bug.
pub(super) enum Shown {
    Text(String),
    Seed(Seed),
    Core(CoreTrigger),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Bug, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openvm-x.toml");
        fs::write(&path, text).unwrap();
        read_bug(&path)
    }

    const GOOD: &str = r#"
        schema = "assay.bug/1"
        id = "openvm-x"
        zkvm = "openvm"
        title = "it goes on"
        affected = ["2.0.2", ">=1, <2"]
        trigger.seed = { instructions = [19], registers = { x5 = "0xb", x6 = 7 } }
        expected = { kind = "divergence", differs_in = ["status"], instruction = "lw" }
    "#;

    #[test]
    fn a_bug_is_read_with_everything_that_shows_it() {
        let bug = read_text(GOOD).unwrap();
        let Trigger::Seed(seed) = &bug.trigger else { panic!("{bug:?}") };
        assert_eq!((seed.instructions.as_slice(), seed.registers.len()), (&[19][..], 2));
        assert_eq!(bug.expected.instruction.as_deref(), Some("lw"));
    }

    #[test]
    fn what_is_no_bug_is_refused_with_the_reason() {
        for (from, to, expected) in [
            ("assay.bug/1", "assay.bug/2", "newer Assay"),
            ("\"openvm-x\"", "\"other\"", "name the file after it"),
            ("\"divergence\"", "\"odd\"", "odd"),
            ("[\"2.0.2\", \">=1, <2\"]", "[]", "no affected version"),
            ("trigger.seed", "trigger.nothing", "nothing"),
            ("title = ", "title ", "line"),
        ] {
            let report = read_text(&GOOD.replace(from, to)).unwrap_err().report();
            assert!(report.contains(expected), "{expected}: {report}");
        }
    }

    #[test]
    fn a_seed_file_is_beside_the_bug_and_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("s.jsonl"), "{\"instructions\":[1]}\n{\"instructions\":[2]}\n").unwrap();
        let trigger = |spec: &str| {
            let bug = Bug { trigger: Trigger::SeedFile(spec.to_owned()), ..read_text(GOOD).unwrap() };
            let known = Known { bug, folder: folder.path().to_owned() };
            match known.trigger() {
                Ok(Shown::Seed(seed)) => Ok(seed.instructions),
                Ok(_) => panic!("{spec} is a file of seeds"),
                Err(failure) => Err(failure.report()),
            }
        };
        assert_eq!(trigger("s.jsonl"), Ok(vec![1]));
        assert_eq!(trigger("s.jsonl#2"), Ok(vec![2]));
        for bad in ["s.jsonl#3", "s.jsonl#0", "s.jsonl#x", "../s.jsonl", "/etc/passwd", "..", ""] {
            assert!(trigger(bad).is_err(), "{bad}");
        }
    }
}
