//! Buckets: named conditions over a trace that mark territory where zkVM circuits have gone wrong.
//!
//! A hit is no bug. It is coverage, which steers a fuzzer, and a target, which picks what to mutate. The conditions
//! speak of the three record types and of roles of chips and columns; what those are called in each zkVM stands in
//! one table per zkVM (`zkvm`). Nothing here knows how a trace was made or where it is kept, and no verdict is taken.
//!
//! [`Matching`] takes records one by one, in the order of the trace, in bounded memory. A record that hits nothing
//! costs no allocation. Resolving the names in a record costs as much as matching it: [`Preparer`] does that alone, for
//! traces that are kept in memory.

mod bucket;
mod conditions;
mod facts;
mod matching;
mod signals;
mod state;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod views;
mod zkvm;

pub use bucket::{Backend, Bucket, Bug, Category};
pub use conditions::ALL;
pub use facts::SEQ_PER_HIT_MAX;
pub use matching::{HITS_KEPT_PER_BUCKET, Matching};
pub use signals::SIGNALS;
pub use state::STORES_TRACKED;
pub use views::{Prepared, Preparer};

/// No bucket has this id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no bucket {id:?}; the nearest is {nearest}")]
pub struct UnknownBucket {
    /// What was asked for, at most 80 characters of it.
    pub id: String,
    /// The id that is most like it.
    pub nearest: &'static str,
}

/// The bucket with this id.
pub fn find(id: &str) -> Result<&'static Bucket, UnknownBucket> {
    ALL.iter().copied().find(|bucket| bucket.id == id).ok_or_else(|| {
        let id: String = id.chars().take(80).collect();
        let nearest = ALL.iter().map(|bucket| bucket.id).min_by_key(|known| distance(&id, known)).unwrap_or_default();
        UnknownBucket { id, nearest }
    })
}

/// How unlike a known id is to what was asked for: edits from the one to the other, none where it holds that in one
/// piece.
fn distance(asked: &str, known: &str) -> usize {
    if !asked.is_empty() && known.contains(asked) {
        return 0;
    }
    let mut row: Vec<usize> = (0..=known.len()).collect();
    for (line, letter) in asked.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, other) in known.bytes().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[known.len()]
}
