//! Points at which a value of the witness can be replaced, by name and position.
//!
//! What a position counts (a step, a row, a timestamp) each point says in its pass set. What is replaced is set by
//! [`arm`], or by the environment variable `ASSAY_INJECT` if nobody called it before the first point is met.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

const UNREAD: u8 = 0;
const NONE: u8 = 1;
const SOME: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(UNREAD);
static ARMED: Mutex<Vec<Armed>> = Mutex::new(Vec::new());
static FIRED: AtomicU64 = AtomicU64::new(0);

/// The environment variable.
pub const VARIABLE: &str = "ASSAY_INJECT";

struct Armed {
    name: String,
    /// `None`: every position.
    at: Option<u64>,
    value: u64,
}

/// What a point can replace.
pub trait Value {
    /// Takes the value: numbers their low bits, `bool` whether it is odd, bytes little-endian.
    fn set(&mut self, value: u64);
}

macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl Value for $number {
            fn set(&mut self, value: u64) {
                *self = value as $number;
            }
        }
    )* };
}

numbers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64);

impl Value for bool {
    fn set(&mut self, value: u64) {
        *self = value & 1 == 1;
    }
}

impl<const N: usize> Value for [u8; N] {
    fn set(&mut self, value: u64) {
        for (index, byte) in self.iter_mut().enumerate() {
            *byte = value.checked_shr(8 * index as u32).unwrap_or(0) as u8;
        }
    }
}

/// Replaces `value` if the point `name` is armed for position `at`. Whether it was.
#[inline]
pub fn inject<T: Value + ?Sized>(name: &str, at: u64, value: &mut T) -> bool {
    inject_with(name, at, |new| value.set(new))
}

/// As [`inject`], for what is no [`Value`]: `replace` is called with the new value.
#[inline]
pub fn inject_with(name: &str, at: u64, replace: impl FnOnce(u64)) -> bool {
    if STATE.load(Ordering::Relaxed) == NONE {
        return false;
    }
    match look_up(name, at) {
        Some(value) => {
            FIRED.fetch_add(1, Ordering::Relaxed);
            replace(value);
            true
        }
        None => false,
    }
}

/// Whether any point is armed.
pub fn armed() -> bool {
    if STATE.load(Ordering::Relaxed) == UNREAD {
        read_environment();
    }
    STATE.load(Ordering::Relaxed) == SOME
}

/// Arms the points of `list`, with commas between them, and disarms all others: `name:position:value`, position a
/// number or `*` for each, value decimal or with `0x`. Sets the count of [`fired`] to 0. The error says which part is
/// wrong.
pub fn arm(list: &str) -> Result<(), String> {
    let mut new = Vec::new();
    for part in list.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let wrong = || format!("{part:?} is not name:position:value");
        let mut fields = part.splitn(3, ':');
        let (name, at, value) = match (fields.next(), fields.next(), fields.next()) {
            (Some(name), Some(at), Some(value)) if !name.is_empty() => (name, at, value),
            _ => return Err(wrong()),
        };
        let at = if at == "*" { None } else { Some(number(at).ok_or_else(wrong)?) };
        new.push(Armed { name: name.to_owned(), at, value: number(value).ok_or_else(wrong)? });
    }
    let mut armed = ARMED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    STATE.store(if new.is_empty() { NONE } else { SOME }, Ordering::Relaxed);
    *armed = new;
    FIRED.store(0, Ordering::Relaxed);
    Ok(())
}

/// How often a value was replaced since the points were armed.
pub fn fired() -> u64 {
    FIRED.load(Ordering::Relaxed)
}

#[cold]
fn look_up(name: &str, at: u64) -> Option<u64> {
    if STATE.load(Ordering::Relaxed) == UNREAD {
        read_environment();
    }
    let armed = ARMED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    armed
        .iter()
        .find(|point| point.name == name && (point.at.is_none() || point.at == Some(at)))
        .map(|point| point.value)
}

fn read_environment() {
    if let Err(wrong) = arm(&std::env::var(VARIABLE).unwrap_or_default()) {
        // A typing error that passes for "nothing armed" would pass for "the zkVM noticed nothing".
        panic!("{VARIABLE}: {wrong}");
    }
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}
