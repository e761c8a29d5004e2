//! What a matcher has to say about a hit, and the hits that are kept, without allocating while a trace is passed.

use std::collections::BTreeMap;

use assay_spec::BucketHit;

/// Most facts of one rule.
const FACTS_MAX: usize = 4;

/// Most facts of one hit, which several rules may add to.
const FACTS_PER_HIT_MAX: usize = 8;

/// Most positions that one hit names; further ones of the same step are left out.
pub const SEQ_PER_HIT_MAX: usize = 16;

/// One detail of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// An address, a word or a bit pattern.
    Hex(u64),
    /// A count or an index.
    Number(i64),
    /// A word of ours.
    Text(&'static str),
}

impl Fact {
    fn text(self) -> String {
        match self {
            Self::Hex(value) => format!("{value:#x}"),
            Self::Number(value) => value.to_string(),
            Self::Text(text) => text.to_owned(),
        }
    }
}

/// The details that a rule adds to a hit, and the position of a second record that belongs to it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    list: [Option<(&'static str, Fact)>; FACTS_MAX],
    count: u8,
    /// `seq` of an earlier record, such as the store that a load reads from.
    earlier: Option<u64>,
}

impl Facts {
    /// No details.
    #[inline]
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// With one more detail. Beyond [`FACTS_MAX`] it is dropped.
    #[inline]
    fn with(mut self, name: &'static str, fact: Fact) -> Self {
        if let Some(place) = self.list.get_mut(usize::from(self.count)) {
            *place = Some((name, fact));
            self.count += 1;
        }
        self
    }

    #[inline]
    pub(super) fn hex(self, name: &'static str, value: u64) -> Self {
        self.with(name, Fact::Hex(value))
    }

    #[inline]
    pub(super) fn number(self, name: &'static str, value: impl Into<i64>) -> Self {
        self.with(name, Fact::Number(value.into()))
    }

    #[inline]
    pub(super) fn text(self, name: &'static str, text: &'static str) -> Self {
        self.with(name, Fact::Text(text))
    }

    #[inline]
    pub(super) fn after(mut self, seq: u64) -> Self {
        self.earlier = Some(seq);
        self
    }
}

/// A hit that is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    pub(super) step: Option<u64>,
    seq: [u64; SEQ_PER_HIT_MAX],
    seq_count: u8,
    facts: [Option<(&'static str, Fact)>; FACTS_PER_HIT_MAX],
    place: Option<&'static str>,
}

impl Kept {
    pub(super) fn new(step: Option<u64>) -> Self {
        Self { step, seq: [0; SEQ_PER_HIT_MAX], seq_count: 0, facts: [None; FACTS_PER_HIT_MAX], place: None }
    }

    /// Adds what a rule said of a record; what was said before under the same name stands. `place` is the record's
    /// chip or bus.
    pub(super) fn add(&mut self, seq: u64, facts: &Facts, place: Option<&'static str>) {
        if self.seq_count == 0 {
            self.add_seq(facts.earlier);
        }
        self.add_seq(Some(seq));
        for (name, fact) in facts.list.iter().flatten() {
            let mut places = self.facts.iter_mut();
            if let Some(place) = places.find(|place| place.is_none_or(|(known, _)| known == *name)) {
                place.get_or_insert((*name, *fact));
            }
        }
        self.place = self.place.or(place);
    }

    fn add_seq(&mut self, seq: Option<u64>) {
        if let (Some(seq), Some(place)) = (seq, self.seq.get_mut(usize::from(self.seq_count))) {
            *place = seq;
            self.seq_count += 1;
        }
    }

    pub(super) fn hit(&self, id: &str) -> BucketHit {
        let named = self.facts.iter().flatten().map(|(name, fact)| ((*name).to_owned(), fact.text()));
        let place = self.place.map(|place| ("at".to_owned(), place.to_owned()));
        BucketHit {
            bucket: id.to_owned(),
            step: self.step,
            seq: self.seq[..usize::from(self.seq_count)].to_vec(),
            details: named.chain(place).collect::<BTreeMap<_, _>>(),
        }
    }
}
