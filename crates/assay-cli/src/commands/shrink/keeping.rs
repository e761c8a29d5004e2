//! Where a shrink is written down: its state after each step, and the smallest case in the end.

use std::path::PathBuf;

use assay_fuzz::shrink::Shrunk;
use assay_spec::{Finding, FindingId, Generator, Provenance, SequenceSource, ShrinkState, Source};
use assay_store::{Folder, Store, StoreError, finding_folder_of};

use super::{
    minimized,
    showing::{Form, Repeated, Showing},
};
use crate::{
    arguments::ShrinkArguments,
    commands::diff::recording::{Asking, new_run},
    failure::Failure,
};

/// Name of the state in a folder that is not a store's.
const STATE_FILE: &str = "shrink.json";

pub(super) enum Place {
    /// With the finding in its store.
    Store { store: Box<Store>, finding_id: FindingId },
    /// In a folder of its own.
    Folder(Folder),
}

impl Place {
    pub(super) fn new(arguments: &ShrinkArguments, finding: &Finding) -> Result<Self, Failure> {
        let failed = |error: StoreError| Failure::usage("there is no place for the smallest case").because(error);
        let finding_id = finding.finding_id.clone();
        let in_store = arguments.what.parse::<FindingId>().is_ok();
        if let (None, true) = (&arguments.out, in_store) {
            let store = Store::open_existing(arguments.store.place()).map_err(failed)?;
            return Ok(Self::Store { store: Box::new(store), finding_id });
        }
        let default = || PathBuf::from("out").join("shrunk").join(finding_id.as_str());
        let folder = arguments.out.clone().unwrap_or_else(default);
        Ok(Self::Folder(Folder::create(folder).map_err(failed)?))
    }

    /// How far an earlier shrink got.
    pub(super) fn state(&self) -> Result<Option<ShrinkState>, StoreError> {
        match self {
            Self::Store { store, finding_id } => store.shrink_state(finding_id),
            Self::Folder(folder) => folder.read_json(STATE_FILE),
        }
    }

    pub(super) fn put_state(&self, state: &ShrinkState) -> Result<(), StoreError> {
        match self {
            Self::Store { store, finding_id } => store.put_shrink_state(finding_id, state),
            Self::Folder(folder) => folder.write_json(STATE_FILE, state).map(drop),
        }
    }

    /// Keeps the smallest case: as a finding's folder of its own, which `assay replay` takes, where it shows the finding.
    /// Returns where it is.
    pub(super) fn keep(
        &self,
        shrunk: &Shrunk,
        repeated: Option<&Repeated>,
        showing: &Showing<'_>,
    ) -> Result<PathBuf, StoreError> {
        self.put_state(&shrunk.state)?;
        let files = match repeated {
            Some(repeated) => replayable(shrunk, repeated, showing)?,
            None => vec![("seed.json".to_owned(), seed_line(shrunk))],
        };
        match self {
            Self::Store { store, finding_id } => {
                store.set_minimized(finding_id, minimized(shrunk, &showing.form), &files)?;
                Ok(store.minimized_path(finding_id))
            }
            Self::Folder(folder) => {
                for (name, bytes) in &files {
                    folder.write(name, bytes)?;
                }
                Ok(folder.path().to_owned())
            }
        }
    }
}

fn seed_line(shrunk: &Shrunk) -> Vec<u8> {
    let mut line = serde_json::to_vec(&shrunk.best.seed()).expect("words, registers and text can be encoded");
    line.push(b'\n');
    line
}

/// The files of a finding's folder for the smallest case.
fn replayable(
    shrunk: &Shrunk,
    repeated: &Repeated,
    showing: &Showing<'_>,
) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let kept = showing.kept();
    let source = match (&showing.form, &kept.record.source) {
        (Form::Sequence(sequence), _) => {
            Source::Sequence(Box::new(SequenceSource { seed: shrunk.best.seed(), ..SequenceSource::clone(sequence) }))
        }
        (_, source) => source.clone(),
    };
    let wanted: Vec<_> =
        repeated.found.iter().filter(|sighting| sighting.identity == *showing.wanted).cloned().collect();
    let asking = Asking {
        source,
        input_name: kept.record.input.name.clone(),
        input_json: shrunk.best.fields.clone(),
        input: &repeated.input,
        guests: &repeated.guests,
        backends: showing.backends(),
        planted_faults: &kept.record.planted_faults,
        provenance: Provenance {
            generator: Generator::Mutated,
            base_seed: Some(kept.record.run_id.to_string()),
            mutation_ops: vec!["shrink".to_owned()],
            rng_seed: None,
        },
    };
    finding_folder_of(new_run(&repeated.log, &wanted, showing.session(), asking))
}
