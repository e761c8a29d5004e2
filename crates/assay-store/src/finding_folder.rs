//! The folder of a finding: everything that it takes to show it again, wherever the folder was copied to.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use assay_spec::{Digest, Finding, RunLog, SavedInput, Seed, Source, schema::Versioned as _};

use crate::{
    NewFinding, SavedRun, Store, StoreError,
    disk::{FILE_MODE, SCRIPT_MODE, names_in, partial_name, read_file},
    layout::{BLOB_BYTES_MAX, FINDING_FILES_MAX, JSON_BYTES_MAX, finding_file},
    repro,
    seal::{read_sealed, sealed},
};

/// The content of a finding's folder. It need not be in a store.
#[derive(Clone, Debug)]
pub struct FindingFolder {
    /// The finding, as its own file has it: without those that were merged into it.
    pub finding: Finding,
    /// The run that showed it first: its log, guests and input.
    pub exemplar: SavedRun,
    /// The instruction sequence, for a finding of one.
    pub seed: Option<Seed>,
    /// What people are told of it, in Markdown.
    pub report_md: String,
}

impl FindingFolder {
    /// Reads the folder at `path`. Guests and input are what the run log says, or it is an error.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let finding: Finding = read_sealed(&path.join(finding_file::FINDING))?;
        let log_path = path.join(finding_file::RUN_LOG);
        let log: RunLog = read_sealed(&log_path)?;
        if log.record.as_ref().is_none_or(|record| record.run_id != finding.exemplar) {
            return Err(StoreError::inconsistent(&log_path, "it is the log of another run"));
        }
        let input_path = path.join(finding_file::INPUT);
        let input = read_sealed::<SavedInput>(&input_path)?.bytes.0;
        if Digest::of(&input) != log.input_digest {
            return Err(StoreError::inconsistent(&input_path, "it is not the input of the run"));
        }
        let wanted: BTreeSet<Digest> = log.outcomes.iter().map(|outcome| outcome.outcome.guest.digest).collect();
        let mut guests = BTreeMap::new();
        for name in names_in(path)?.iter().filter(|name| is_guest(name)).take(FINDING_FILES_MAX) {
            let bytes = read_file(&path.join(name), BLOB_BYTES_MAX)?;
            let digest = Digest::of(&bytes);
            if wanted.contains(&digest) {
                guests.insert(digest, bytes);
            }
        }
        if let Some(missing) = wanted.iter().find(|digest| !guests.contains_key(digest)) {
            let named = guest_names(&log).into_iter().find(|(_, digest)| digest == missing);
            let file = named.map_or_else(|| path.to_owned(), |(name, _)| path.join(name));
            return Err(StoreError::inconsistent(&file, format!("no guest with the SHA-256 {missing} is there")));
        }
        let seed = match log.record.as_ref().map(|record| &record.source) {
            Some(Source::Sequence(sequence)) => Some(sequence.seed.clone()),
            _ => None,
        };
        let report = read_file(&path.join(finding_file::REPORT), JSON_BYTES_MAX)?;
        let report_md = String::from_utf8_lossy(&report).into_owned();
        Ok(Self { finding, exemplar: SavedRun { log, guests, input }, seed, report_md })
    }
}

fn is_guest(name: &str) -> bool {
    name.strip_prefix("guest").is_some_and(|rest| rest.strip_suffix(".elf").is_some())
}

impl Store {
    /// Makes the folder of a new finding, whole or not at all. The caller holds the store's lock.
    pub(crate) fn make_finding_folder(
        &self,
        folder: &Path,
        known: &Finding,
        log: &RunLog,
        finding: &NewFinding,
    ) -> Result<(), StoreError> {
        let files = self.finding_files(folder, known, log, finding)?;
        let partial = partial_name(folder);
        self.disk.remove_folder(&partial)?;
        let made = self.fill_finding_folder(&partial, &files, known);
        if let Err(error) = made.and_then(|()| self.disk.rename(&partial, folder)) {
            // What cannot be removed either is left to the next opener.
            let _ = self.disk.remove_folder(&partial);
            return Err(error);
        }
        Ok(())
    }

    fn fill_finding_folder(&self, partial: &Path, files: &[NewFile], known: &Finding) -> Result<(), StoreError> {
        self.disk.make_new_folder(partial)?;
        for (name, bytes, mode) in files {
            self.disk.write_new(&partial.join(name), bytes, *mode)?;
        }
        let digests = digests(files.iter().map(|(name, bytes, _)| (name.as_str(), bytes.as_slice())));
        self.disk.write_new(&partial.join(finding_file::DIGESTS), digests.as_bytes(), FILE_MODE)?;
        let path = partial.join(finding_file::FINDING);
        self.disk.write_new(&path, &sealed(&path, known)?, FILE_MODE)?;
        self.disk.make_new_folder(&partial.join(finding_file::MINIMIZED))?;
        self.disk.sync_folder(partial)
    }

    /// Every file that does not change later.
    fn finding_files(
        &self,
        folder: &Path,
        known: &Finding,
        log: &RunLog,
        finding: &NewFinding,
    ) -> Result<Vec<NewFile>, StoreError> {
        let file = |name: &str, bytes: Vec<u8>| (name.to_owned(), bytes, FILE_MODE);
        let mut files = Vec::new();
        for (name, digest) in guest_names(log) {
            files.push(file(&name, self.guest(&digest)?));
        }
        let record = log.record.as_ref();
        let input = SavedInput {
            schema: SavedInput::tag(),
            name: record.map_or_else(String::new, |record| record.input.name.clone()),
            digest: log.input_digest,
            bytes: self.input(&log.input_digest)?.into(),
            json: record.and_then(|record| record.input.json.clone()),
        };
        let path = folder.join(finding_file::INPUT);
        files.push(file(finding_file::INPUT, sealed(&path, &input)?));
        if let Some(Source::Sequence(sequence)) = record.map(|record| &record.source) {
            let path = folder.join(finding_file::SEED);
            let seed = serde_json::to_vec(&sequence.seed).map_err(|source| StoreError::Encode { path, source })?;
            files.push(file(finding_file::SEED, [&seed[..], b"\n"].concat()));
        }
        let path = folder.join(finding_file::RUN_LOG);
        files.push(file(finding_file::RUN_LOG, sealed(&path, log)?));
        files.push(file(finding_file::REPORT, finding.report_md.clone().into_bytes()));
        let script = repro::script(&known.finding_id, &known.title, log, finding.comparison);
        files.push((finding_file::REPRO.to_owned(), script.into_bytes(), SCRIPT_MODE));
        Ok(files)
    }
}

/// Name, bytes and permissions.
type NewFile = (String, Vec<u8>, u32);

/// How the guests of a run are called in a finding's folder: `guest.elf`, or `guest@PLATFORM.elf` where there are several.
fn guest_names(log: &RunLog) -> Vec<(String, Digest)> {
    let mut guests: Vec<(Digest, String)> = Vec::new();
    for outcome in &log.outcomes {
        let outcome = &outcome.outcome;
        if !guests.iter().any(|(digest, _)| *digest == outcome.guest.digest) {
            guests.push((outcome.guest.digest, outcome.backend.platform.to_string()));
        }
    }
    if let [(digest, _)] = guests[..] {
        return vec![("guest.elf".to_owned(), digest)];
    }
    let mut names: Vec<(String, Digest)> = Vec::new();
    for (digest, platform) in guests {
        let numbered = |number| match number {
            1 => format!("guest@{platform}.elf"),
            number => format!("guest@{platform}-{number}.elf"),
        };
        let is_free = |name: &String| !names.iter().any(|(taken, _)| taken == name);
        let name = (1..=names.len() + 1).map(numbered).find(is_free).expect("there are more numbers than names");
        names.push((name, digest));
    }
    names
}

/// Files and their digests, as `sha256sum` prints and checks them.
pub(crate) fn digests<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut text = String::new();
    for (name, bytes) in files {
        let _ = writeln!(text, "{}  {name}", Digest::of(bytes));
    }
    text
}

/// Names in a text of [`digests`], with the digest that each file should have.
pub(crate) fn read_digests(path: &Path) -> Result<Vec<(String, Digest)>, StoreError> {
    let bytes = read_file(path, JSON_BYTES_MAX)?;
    let text = str::from_utf8(&bytes).map_err(|_| StoreError::inconsistent(path, "it is not text"))?;
    let line = |line: &str| {
        let (digest, name) = line.split_once("  ")?;
        Some((name.to_owned(), digest.parse().ok()?))
    };
    let lines: Option<Vec<(String, Digest)>> = text.lines().map(line).collect();
    // As it is written: digits of a digest may be spelled in another way, and then a bit is not what it was.
    let spelled = |lines: &Vec<(String, Digest)>| {
        let mut pairs = text.lines().zip(lines);
        text.ends_with('\n') && pairs.all(|(line, (name, digest))| line == format!("{digest}  {name}"))
    };
    lines
        .filter(|lines| !lines.is_empty() && spelled(lines))
        .ok_or_else(|| StoreError::inconsistent(path, "it is not a list of digests"))
}
