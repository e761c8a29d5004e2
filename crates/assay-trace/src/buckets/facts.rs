//! What a matcher has to say about a hit, without allocating: a hit beyond the cap is only counted.

/// Most facts of one hit.
const FACTS_MAX: usize = 5;

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
    pub(super) fn text(self) -> String {
        match self {
            Self::Hex(value) => format!("{value:#x}"),
            Self::Number(value) => value.to_string(),
            Self::Text(text) => text.to_owned(),
        }
    }
}

/// The details of a hit, and the position of a second record that belongs to it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    list: [Option<(&'static str, Fact)>; FACTS_MAX],
    length: u8,
    /// `seq` of an earlier record, such as the store that a load reads from.
    pub(super) earlier: Option<u64>,
}

impl Facts {
    /// No details.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// With one more detail. Beyond [`FACTS_MAX`] it is dropped.
    pub(super) fn with(mut self, name: &'static str, fact: Fact) -> Self {
        if let Some(place) = self.list.get_mut(usize::from(self.length)) {
            *place = Some((name, fact));
            self.length += 1;
        }
        self
    }

    pub(super) fn hex(self, name: &'static str, value: u64) -> Self {
        self.with(name, Fact::Hex(value))
    }

    pub(super) fn number(self, name: &'static str, value: impl Into<i64>) -> Self {
        self.with(name, Fact::Number(value.into()))
    }

    pub(super) fn text(self, name: &'static str, text: &'static str) -> Self {
        self.with(name, Fact::Text(text))
    }

    pub(super) fn after(mut self, seq: u64) -> Self {
        self.earlier = Some(seq);
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, Fact)> {
        self.list.into_iter().flatten()
    }
}
