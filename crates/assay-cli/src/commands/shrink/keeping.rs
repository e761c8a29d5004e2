//! Where a shrink is written down: its state after each step, and the smallest case in the end.

use std::path::PathBuf;

use assay_fuzz::shrink::Shrunk;
use assay_spec::{Digest, Finding, FindingId, Generator, Provenance, SequenceSource, ShrinkState, Source};
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

pub(super) enum Place {
    /// With the finding in its store.
    Store { store: Box<Store>, finding_id: FindingId },
    /// In a folder of its own, with the name of the state in it.
    Folder { folder: Folder, state: String },
}

impl Place {
    pub(super) fn new(arguments: &ShrinkArguments, finding: &Finding) -> Result<Self, Failure> {
        let failed = |error: StoreError| Failure::usage("there is no place for the smallest case").because(error);
        let finding_id = finding.finding_id.clone();
        let in_store = arguments.what.parse::<FindingId>().is_ok();
        if let (None, None, true) = (&arguments.out, &arguments.interesting, in_store) {
            let store = Store::open_existing(arguments.store.place()).map_err(failed)?;
            return Ok(Self::Store { store: Box::new(store), finding_id });
        }
        let default = || PathBuf::from("out").join("shrunk").join(finding_id.as_str());
        let folder = arguments.out.clone().unwrap_or_else(default);
        // What one command finds interesting says nothing about another.
        let state = match &arguments.interesting {
            None => "shrink.json".to_owned(),
            Some(command) => format!("shrink-{}.json", Digest::of(command.as_bytes()).short()),
        };
        Ok(Self::Folder { folder: Folder::create(folder).map_err(failed)?, state })
    }

    /// How far an earlier shrink got.
    pub(super) fn state(&self) -> Result<Option<ShrinkState>, StoreError> {
        match self {
            Self::Store { store, finding_id } => store.shrink_state(finding_id),
            Self::Folder { folder, state } => folder.read_json(state),
        }
    }

    pub(super) fn put_state(&self, reached: &ShrinkState) -> Result<(), StoreError> {
        match self {
            Self::Store { store, finding_id } => store.put_shrink_state(finding_id, reached),
            Self::Folder { folder, state } => folder.write_json(state, reached).map(drop),
        }
    }

    /// Keeps the smallest case: as a finding's folder of its own, which `assay replay` takes, where it shows the finding.
    /// What does not show it is no smaller case of the finding in a store, and alone in a folder. Returns where it is.
    pub(super) fn keep(
        &self,
        shrunk: &Shrunk,
        repeated: Option<&Repeated>,
        showing: &Showing<'_>,
    ) -> Result<Option<PathBuf>, StoreError> {
        self.put_state(&shrunk.state)?;
        let files = match repeated {
            Some(repeated) => replayable(shrunk, repeated, showing)?,
            None => vec![("seed.json".to_owned(), seed_line(shrunk))],
        };
        match self {
            Self::Store { .. } if repeated.is_none() => Ok(None),
            Self::Store { store, finding_id } => {
                store.set_minimized(finding_id, minimized(shrunk, &showing.form), &files)?;
                Ok(Some(store.minimized_path(finding_id)))
            }
            Self::Folder { folder, .. } => {
                for (name, bytes) in &files {
                    folder.write(name, bytes)?;
                }
                Ok(Some(folder.path().to_owned()))
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
