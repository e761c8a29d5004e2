//! Lists of names, each held once: the rows of a chip are many, what their columns are called is always the same.
//!
//! A list that is made again on the same thread is the one from before, as long as that is remembered. Who keeps a
//! list can tell by [`Arc::ptr_eq`] that another is the same, without reading it. Nothing may be concluded from two
//! lists being apart: what is remembered is bounded, and every thread has its own.

use std::{
    cell::{Cell as Place, RefCell},
    collections::{HashMap, HashSet},
    mem,
    sync::Arc,
};

/// Most lists that a thread remembers. OpenVM and SP1 have some 70 chips each, and no more kinds of messages.
const LISTS_MAX: usize = 1024;

/// Most bytes of names that a thread remembers.
const LIST_BYTES_MAX: usize = 4 << 20;

/// Largest draft whose memory is kept for the next one, in bytes.
const DRAFT_BYTES_MAX: usize = 1 << 20;

/// Names of the columns of a row or of the fields of a message, in order, none twice.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    /// All of them, one behind the other.
    text: Box<str>,
    /// Where in `text` each ends.
    ends: Box<[usize]>,
}

impl Names {
    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end)
    }

    /// Where `name` is. Looks at one after the other: to be asked once for a list, not for each row.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        let mut start = 0;
        self.ends.iter().position(|&end| {
            let known = start..end;
            start = end;
            known.len() == name.len() && self.text.as_bytes()[known] == *name.as_bytes()
        })
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        (0..self.len()).map(|index| self.get(index).unwrap_or_default())
    }
}

/// A list in the making.
#[derive(Debug, Default)]
pub(super) struct Draft {
    text: String,
    ends: Vec<usize>,
}

/// What a thread remembers.
#[derive(Debug, Default)]
struct Known {
    lists: HashMap<u64, Arc<Names>>,
    bytes: usize,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::new(Known::default());
    /// Memory for the next draft.
    static SPARE: Place<Draft> = Place::new(Draft::default());
}

impl Draft {
    /// An empty one, in the memory of the one before.
    pub(super) fn begin() -> Self {
        // Where the thread is ending already, there is none.
        let mut draft = SPARE.try_with(Place::take).unwrap_or_default();
        draft.text.clear();
        draft.ends.clear();
        draft
    }

    pub(super) fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    /// The list, if no name is in it twice; else the names, so that it can be said which stays.
    pub(super) fn finish(self) -> Result<Arc<Names>, Vec<String>> {
        let digest = self.digest();
        let known = KNOWN.try_with(|known| {
            let known = known.try_borrow().ok()?;
            known.lists.get(&digest).filter(|names| *names.text == *self.text && *names.ends == *self.ends).cloned()
        });
        let names = match known {
            Ok(Some(names)) => names,
            _ => self.keep(digest)?,
        };
        if self.text.capacity() + self.ends.capacity() * size_of::<usize>() <= DRAFT_BYTES_MAX {
            let _ = SPARE.try_with(|spare| spare.set(self));
        }
        Ok(names)
    }

    /// A new list, remembered from now on.
    fn keep(&self, digest: u64) -> Result<Arc<Names>, Vec<String>> {
        let names = Names { text: self.text.as_str().into(), ends: self.ends.as_slice().into() };
        let distinct: HashSet<&str> = names.iter().collect();
        if distinct.len() < names.len() {
            return Err(names.iter().map(str::to_owned).collect());
        }
        let names = Arc::new(names);
        let _ = KNOWN.try_with(|known| {
            if let Ok(mut known) = known.try_borrow_mut() {
                known.keep(digest, &names);
            }
        });
        Ok(names)
    }

    /// Eight bytes at a time; two lists of one digest are told apart, and only one of them is remembered.
    fn digest(&self) -> u64 {
        let mut mixed = self.ends.len() as u64;
        let mut mix = |word: u64| mixed = (mixed.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let (words, rest) = self.text.as_bytes().as_chunks::<8>();
        for word in words {
            mix(u64::from_le_bytes(*word));
        }
        mix(rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)));
        mixed
    }
}

impl Known {
    fn keep(&mut self, digest: u64, names: &Arc<Names>) {
        let bytes = names.text.len() + names.ends.len() * size_of::<usize>();
        if bytes > LIST_BYTES_MAX {
            return;
        }
        if self.lists.len() >= LISTS_MAX || self.bytes + bytes > LIST_BYTES_MAX {
            // Traces of one zkVM never come here. Of one that names its columns anew in each row nothing is gained.
            mem::take(self);
        }
        self.bytes += bytes;
        if let Some(before) = self.lists.insert(digest, Arc::clone(names)) {
            self.bytes -= before.text.len() + before.ends.len() * size_of::<usize>();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Arc<Names> {
        let mut draft = Draft::begin();
        for name in names {
            draft.push(name);
        }
        draft.finish().expect("no name is in it twice")
    }

    #[test]
    fn a_list_that_is_made_again_is_the_same() {
        assert!(Arc::ptr_eq(&list(&["pc", "rd"]), &list(&["pc", "rd"])));
        assert!(Arc::ptr_eq(&list(&[]), &list(&[])));
        // The same letters, otherwise divided; another order; a part.
        for other in [&["p", "crd"][..], &["rd", "pc"], &["pc"], &["pcrd"], &["", "pcrd"]] {
            assert!(!Arc::ptr_eq(&list(&["pc", "rd"]), &list(other)), "{other:?}");
            assert_eq!(list(other).iter().collect::<Vec<_>>(), other);
        }
    }

    #[test]
    fn names_are_found_where_they_are() {
        let names = list(&["pc", "", "rd", "überlauf"]);
        for (index, name) in names.iter().enumerate() {
            assert_eq!((names.get(index), names.index_of(name)), (Some(name), Some(index)));
        }
        assert_eq!((names.get(4), names.index_of("r")), (None, None));
    }

    #[test]
    fn a_name_that_is_there_twice_is_said() {
        let mut draft = Draft::begin();
        for name in ["pc", "rd", "pc"] {
            draft.push(name);
        }
        assert_eq!(draft.finish().unwrap_err(), ["pc", "rd", "pc"]);
    }

    #[test]
    fn what_is_remembered_is_bounded_and_lists_of_one_digest_are_told_apart() {
        for index in 0..3 * LISTS_MAX {
            list(&[&index.to_string()]);
        }
        KNOWN.with_borrow(|known| assert!(known.lists.len() <= LISTS_MAX));
        let long = "x".repeat(LIST_BYTES_MAX / 2);
        for index in 0..6 {
            list(&[&long, &index.to_string()]);
            KNOWN.with_borrow(|known| assert!(known.bytes <= LIST_BYTES_MAX));
        }
        let mut known = Known::default();
        let (one, other) = (list(&["one"]), list(&["other"]));
        known.keep(7, &one);
        known.keep(7, &other);
        assert_eq!((known.lists.len(), known.bytes), (1, "other".len() + size_of::<usize>()));
    }
}
