//! Messages that a row puts on buses, as its AIR's own code computes them. Added by Assay's collect pass.
//!
//! `eval` of an AIR over [`DebugConstraintBuilder`](super::DebugConstraintBuilder) computes with numbers what the
//! prover computes with polynomials. Within [`taken`] the messages are kept.

use std::cell::RefCell;

use p3_field::PrimeField64;

/// Messages of one row, in the order in which the AIR pushes them.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    heads: Vec<Head>,
    fields: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    bus: u16,
    multiplicity: i128,
    length: u32,
}

/// One message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Number of the bus.
    pub bus: u16,
    /// How often it is sent, or, negative, received; never 0.
    pub multiplicity: i128,
    /// Canonical field elements.
    pub fields: &'a [u64],
}

thread_local! {
    static TAKEN: RefCell<Option<Messages>> = const { RefCell::new(None) };
}

/// Calls `eval` and keeps the messages that it pushes on this thread, in the place of those that `messages` had.
pub fn taken(messages: &mut Messages, eval: impl FnOnce()) {
    messages.heads.clear();
    messages.fields.clear();
    TAKEN.with(|taken| *taken.borrow_mut() = Some(std::mem::take(messages)));
    eval();
    *messages = TAKEN.with(|taken| taken.borrow_mut().take()).unwrap_or_default();
}

impl Messages {
    /// The messages.
    pub fn iter(&self) -> impl Iterator<Item = Message<'_>> {
        let mut start = 0;
        self.heads.iter().map(move |head| {
            let fields = &self.fields[start..start + head.length as usize];
            start += fields.len();
            Message { bus: head.bus, multiplicity: head.multiplicity, fields }
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }
}

/// Keeps a message, if messages are wanted and its multiplicity is not 0.
pub(super) fn push<F: PrimeField64>(bus: u16, fields: impl Iterator<Item = F>, multiplicity: F) {
    if multiplicity == F::ZERO {
        return;
    }
    TAKEN.with(|taken| {
        if let Some(messages) = taken.borrow_mut().as_mut() {
            let before = messages.fields.len();
            messages.fields.extend(fields.map(|field| field.as_canonical_u64()));
            let length = (messages.fields.len() - before) as u32;
            messages.heads.push(Head { bus, multiplicity: signed(multiplicity), length });
        }
    });
}

/// A field element as the integer nearest to 0 that it stands for.
fn signed<F: PrimeField64>(value: F) -> i128 {
    let value = value.as_canonical_u64();
    if value > F::ORDER_U64 / 2 {
        i128::from(value) - i128::from(F::ORDER_U64)
    } else {
        value.into()
    }
}
