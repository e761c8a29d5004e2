//! Loaded guests, the least recently used one dropped when there are too many.

use std::rc::Rc;

use assay_spec::{Digest, protocol::Loaded};

use crate::runner::Prepared;

/// Most guests that stay loaded.
pub const GUESTS_MAX: usize = 16;

struct Entry<G> {
    loaded: Loaded,
    guest: Rc<G>,
}

/// Guests by the digest of their ELF, most recently used last.
pub(crate) struct Guests<G> {
    entries: Vec<Entry<G>>,
}

impl<G> Default for Guests<G> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<G> Guests<G> {
    fn touch(&mut self, digest: Digest) -> Option<&Entry<G>> {
        let at = self.entries.iter().position(|entry| entry.loaded.digest == digest)?;
        let entry = self.entries.remove(at);
        self.entries.push(entry);
        self.entries.last()
    }

    /// What loading said, if the guest is loaded.
    pub(crate) fn loaded(&mut self, digest: Digest) -> Option<Loaded> {
        self.touch(digest).map(|entry| entry.loaded.clone())
    }

    /// The guest, if it is loaded.
    pub(crate) fn get(&mut self, digest: Digest) -> Option<Rc<G>> {
        self.touch(digest).map(|entry| Rc::clone(&entry.guest))
    }

    /// Keeps a guest that is not loaded yet.
    pub(crate) fn insert(&mut self, digest: Digest, prepared: Prepared<G>) -> Loaded {
        let Prepared { guest, image_id, instructions } = prepared;
        let loaded = Loaded { digest, image_id, instructions };
        if self.entries.len() >= GUESTS_MAX {
            self.entries.remove(0);
        }
        self.entries.push(Entry { loaded: loaded.clone(), guest: Rc::new(guest) });
        loaded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_guest_is_the_one_that_goes() {
        let mut guests = Guests::default();
        let digest = |n: usize| Digest::of(&n.to_le_bytes());
        for n in 0..GUESTS_MAX {
            guests.insert(digest(n), Prepared { guest: n, image_id: None, instructions: 1 });
        }
        assert_eq!(guests.get(digest(0)).as_deref(), Some(&0));
        guests.insert(digest(99), Prepared { guest: 99, image_id: None, instructions: 1 });
        assert!(guests.loaded(digest(1)).is_none());
        assert!(guests.loaded(digest(0)).is_some());
        assert_eq!(guests.entries.len(), GUESTS_MAX);
    }
}
