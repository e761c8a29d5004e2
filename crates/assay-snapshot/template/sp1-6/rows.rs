//! Rows of chips, and the messages that they put on buses, as trace records; cells that can be replaced by name.
//!
//! Added by Assay's collect pass. Every chip's trace goes through [`Chip::generate_trace`](crate::Chip), whoever asks
//! for it, so that this is the one place where rows are seen, in the prover too. Rows without a message (padding, and
//! rows of lookup tables that nothing looked up) are counted and not written; so are rows of chips whose columns SP1
//! does not name, but their messages are written.

use std::{
    any::Any,
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    marker::PhantomData,
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc, Mutex, MutexGuard, PoisonError,
    },
};

use fuzzer_utils::sink::{self, ChipRow, Interaction as Message, Key, Section, Step};
use slop_algebra::{AbstractField, Field, PrimeField32};
use slop_matrix::dense::RowMajorMatrix;
use sp1_primitives::SP1Field;

use crate::{air::InteractionScope, DebugPublicValuesConstraintFolder, Interaction, InteractionKind, MachineRecord};

/// Parts of a shard, in the order in which they are written.
const INSTRUCTIONS: u32 = 0;
const ROWS: u32 = 1;
const PUBLIC_VALUES: u32 = 2;

/// Fields that have columns in user mode only; SP1's reflection names them in supervisor mode too.
const ABSENT: [&str; 3] = ["adapter_cols", "user_mode_cols", "trap_code"];

static SHARD: AtomicU32 = AtomicU32::new(0);
/// Distinct open messages that one chip keeps to itself before it hands them over.
const OPEN_OF_A_CHIP: usize = 1 << 16;

static BALANCE: Mutex<Balance> = Mutex::new(Balance { open: BTreeMap::new(), unbalanced: BTreeMap::new() });
static KNOWN: Mutex<Known> = Mutex::new(Known { chips: Vec::new(), tables: BTreeMap::new(), clocks: Vec::new() });

struct Known {
    /// Names of chips, in the order in which they were made: that of their machine.
    chips: Vec<&'static str>,
    /// Preprocessed traces of the program that was set up last.
    tables: BTreeMap<&'static str, Arc<RowMajorMatrix<SP1Field>>>,
    /// When the instructions of the shard began, in order.
    clocks: Vec<u64>,
}

fn known() -> MutexGuard<'static, Known> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sums of multiplicities of messages, by a hash of their fields: the fields themselves would take gigabytes.
type Open = HashMap<u128, i64>;

/// Whether what is sent is received. Messages of a shard cancel within it.
struct Balance {
    /// Messages of the shard that did not cancel so far, by bus.
    open: BTreeMap<String, Open>,
    /// Of the shards before, how many, by bus.
    unbalanced: BTreeMap<String, u64>,
}

fn balance() -> MutexGuard<'static, Balance> {
    BALANCE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Balance {
    fn end_shard(&mut self) {
        for (bus, open) in std::mem::take(&mut self.open) {
            let order = i64::from(SP1Field::ORDER_U32);
            let left = open.values().filter(|&&sum| sum.rem_euclid(order) != 0).count() as u64;
            *self.unbalanced.entry(bus).or_default() += left;
        }
    }
}

/// Counts a message in.
fn count(open: &mut Open, multiplicity: i64, fields: &[u32]) {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, fields).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    add(open, half(0) << 64 | half(1), multiplicity);
}

fn add(open: &mut Open, message: u128, multiplicity: i64) {
    let sum = open.entry(message).or_default();
    *sum += multiplicity;
    if *sum == 0 {
        open.remove(&message);
    }
}

/// Drops what a trace that broke off has left behind. To be called before records are wanted.
pub fn begin() {
    known().clocks.clear();
    SHARD.fetch_add(1, Ordering::Relaxed);
    *balance() = Balance { open: BTreeMap::new(), unbalanced: BTreeMap::new() };
}

/// Distinct messages of a bus whose sends and receives did not cancel in their shard.
#[must_use]
pub fn unbalanced(bus: &str) -> u64 {
    balance().unbalanced.get(bus).copied().unwrap_or_default()
}

/// Where the instructions of the shard stand that is traced now.
#[must_use]
pub fn instructions() -> Key {
    Key { segment: SHARD.load(Ordering::Relaxed), part: INSTRUCTIONS, ..Key::default() }
}

/// Says when instructions of the shard began: rows of the same clock belong to them.
pub fn traced(clocks: &[u64]) {
    let mut known = known();
    known.clocks.extend(clocks);
    known.clocks.sort_unstable();
}

/// Says that a shard is complete, and writes its records.
pub fn end_shard() -> std::io::Result<()> {
    known().clocks.clear();
    balance().end_shard();
    SHARD.fetch_add(1, Ordering::Relaxed);
    sink::flush()
}

/// Gives a chip its place among chips.
pub(crate) fn made(chip: &'static str) {
    let mut known = known();
    if !known.chips.contains(&chip) {
        known.chips.push(chip);
    }
}

/// Keeps the preprocessed trace of a chip: messages of its rows have values of it.
pub(crate) fn table<F: Field>(chip: &'static str, trace: Option<&RowMajorMatrix<F>>) {
    let Some(trace) = trace.and_then(|trace| (trace as &dyn Any).downcast_ref::<RowMajorMatrix<SP1Field>>()) else {
        return;
    };
    if sink::enabled() {
        known().tables.insert(chip, Arc::new(trace.clone()));
    }
}

/// Replaces the cells that an injection point `sp1.row.CHIP` names: position row × width + column, value modulo the
/// field's order.
pub(crate) fn inject<F: Field>(chip: &str, trace: &mut RowMajorMatrix<F>) {
    if !fuzzer_utils::inject::armed() {
        return;
    }
    let point = format!("sp1.row.{}", snake(chip));
    for (cell, at) in trace.values.iter_mut().zip(0..) {
        fuzzer_utils::inject_with(&point, at, |value| *cell = F::from_wrapped_u64(value));
    }
}

/// Emits the rows of a chip. Machines over other fields have none.
pub(crate) fn rows<F: Field>(
    chip: &'static str,
    columns: Vec<String>,
    sends: &Vec<Interaction<F>>,
    receives: &Vec<Interaction<F>>,
    trace: &RowMajorMatrix<F>,
) {
    let messages = |interactions| (interactions as &dyn Any).downcast_ref::<Vec<Interaction<SP1Field>>>();
    let trace = (trace as &dyn Any).downcast_ref::<RowMajorMatrix<SP1Field>>();
    let (Some(sends), Some(receives), Some(trace)) = (messages(sends), messages(receives), trace) else { return };
    let place = known().chips.iter().position(|known| *known == chip).unwrap_or_default() as u32;
    let key = Key { segment: SHARD.load(Ordering::Relaxed), part: ROWS, chip: place, chunk: 0 };
    let table = known().tables.get(chip).cloned();
    let clocks = known().clocks.clone();
    sink::section(key, |section| {
        Rows::new(chip, columns, sends, receives, trace, table.as_deref()).emit(section, &clocks);
    });
}

/// Emits what the public values of a shard send and receive, the borders of its state. They belong to no row.
pub fn public_values<R: MachineRecord>(mut values: Vec<SP1Field>) {
    if !sink::enabled() {
        return;
    }
    values.resize(crate::PROOF_MAX_NUM_PVS, SP1Field::zero());
    let mut folder = DebugPublicValuesConstraintFolder::<SP1Field> {
        perm_challenges: (&SP1Field::zero(), &[]),
        alpha: SP1Field::zero(),
        accumulator: SP1Field::zero(),
        interactions: Vec::new(),
        public_values: &values,
        _marker: PhantomData,
    };
    R::eval_public_values(&mut folder);
    let key = Key { segment: SHARD.load(Ordering::Relaxed), part: PUBLIC_VALUES, ..Key::default() };
    sink::section(key, |section| {
        for (kind, scope, fields, multiplicity) in folder.interactions {
            let bus = Bus::new(kind, scope, fields.len());
            let fields: Vec<u32> = fields.iter().map(PrimeField32::as_canonical_u32).collect();
            count(balance().open.entry(bus.name.clone()).or_default(), signed(multiplicity), &fields);
            bus.emit(section, signed(multiplicity), &fields, None, Step::None);
        }
    });
}

/// What the rows of a chip have in common.
struct Rows<'a> {
    chip: &'static str,
    kind: &'static str,
    /// Names of the columns, where SP1 has them.
    columns: Option<Vec<String>>,
    /// The columns that say when the row's instruction began, and by how many bits each is to be shifted.
    clock: Vec<(usize, u32)>,
    messages: Vec<(&'a Interaction<SP1Field>, Bus, i64)>,
    trace: &'a RowMajorMatrix<SP1Field>,
    table: Option<&'a RowMajorMatrix<SP1Field>>,
}

impl<'a> Rows<'a> {
    fn new(
        chip: &'static str,
        columns: Vec<String>,
        sends: &'a [Interaction<SP1Field>],
        receives: &'a [Interaction<SP1Field>],
        trace: &'a RowMajorMatrix<SP1Field>,
        table: Option<&'a RowMajorMatrix<SP1Field>>,
    ) -> Self {
        let columns = names(chip, columns, trace.width);
        let at = |name: &str| columns.as_ref()?.iter().position(|column| column == name);
        let clocks: [&[(&str, u32)]; 2] = [
            &[("state__clk_high", 24), ("state__clk_16_24", 16), ("state__clk_0_16", 0)],
            &[("clk_high", 24), ("clk_low", 0)],
        ];
        let clock = clocks.iter().find_map(|parts| {
            parts.iter().map(|&(name, shift)| Some((at(name)?, shift))).collect::<Option<Vec<_>>>()
        });
        let bus = |one: &Interaction<SP1Field>| Bus::new(one.kind, one.scope, one.values.len());
        let sends = sends.iter().map(|one| (one, bus(one), 1));
        let receives = receives.iter().map(|one| (one, bus(one), -1));
        let kind = kind(chip);
        let (clock, messages) = (clock.unwrap_or_default(), sends.chain(receives).collect());
        Self { chip, kind, columns, clock, messages, trace, table }
    }

    fn emit(&self, section: &mut Section, clocks: &[u64]) {
        let width = self.trace.width;
        let height = self.trace.values.len().checked_div(width).unwrap_or_default();
        section.chip(self.chip, height as u64, width as u64);
        let mut fields = Vec::new();
        // Chips are filled in parallel: each counts for itself.
        let (mut open, mut opened) = (BTreeMap::<&str, Open>::new(), 0);
        for (index, row) in self.trace.values.chunks_exact(width.max(1)).enumerate() {
            let fixed = match self.table {
                Some(table) => table.values.get(index * table.width..(index + 1) * table.width).unwrap_or(&[]),
                None => &[],
            };
            let step = self.step(row, clocks);
            // The row's record, once it has a message.
            let mut record = None;
            for (interaction, bus, sign) in &self.messages {
                let multiplicity = sign * signed(interaction.multiplicity.apply::<SP1Field, SP1Field>(fixed, row));
                if multiplicity == 0 {
                    continue;
                }
                let record = *record.get_or_insert_with(|| self.row(section, index as u64, row, step));
                fields.clear();
                let values = interaction.values.iter();
                let values = values.map(|value| value.apply::<SP1Field, SP1Field>(fixed, row));
                fields.extend(values.map(|value| value.as_canonical_u32()));
                count(open.entry(&bus.name).or_default(), multiplicity, &fields);
                opened += 1;
                bus.emit(section, multiplicity, &fields, record, step);
            }
            if opened >= OPEN_OF_A_CHIP {
                hand_over(&mut open);
                opened = 0;
            }
        }
        hand_over(&mut open);
    }

    fn row(&self, section: &mut Section, index: u64, row: &[SP1Field], step: Step) -> Option<sink::RowRef> {
        let columns = self.columns.as_ref()?;
        let record = ChipRow { chip: self.chip, kind: self.kind, row: index, valid: true, step };
        Some(section.chip_row(&record, |cells| {
            for (name, value) in columns.iter().zip(row) {
                cells.cell(name, value.as_canonical_u32().into());
            }
        }))
    }

    /// The instruction that began at the row's clock. Other clocks in rows are those of memory accesses.
    fn step(&self, row: &[SP1Field], clocks: &[u64]) -> Step {
        let part = |&(column, shift): &(usize, u32)| u64::from(row[column].as_canonical_u32()) << shift;
        let clock = self.clock.iter().map(part).sum();
        if !self.clock.is_empty() && clocks.binary_search(&clock).is_ok() {
            Step::OfTimestamp(clock)
        } else {
            Step::None
        }
    }
}

/// Counts a chip's messages among those of the shard.
fn hand_over(open: &mut BTreeMap<&str, Open>) {
    let mut balance = balance();
    for (bus, open) in std::mem::take(open) {
        let of_shard = balance.open.entry(bus.to_owned()).or_default();
        for (message, sum) in open {
            add(of_shard, message, sum);
        }
    }
}

/// A bus, and what a message of so many fields on it looks like.
struct Bus {
    name: String,
    kind: &'static str,
    fields: Vec<String>,
    /// Whether the first two fields are a clock.
    timed: bool,
}

impl Bus {
    fn new(kind: InteractionKind, scope: InteractionScope, length: usize) -> Self {
        let global = if scope == InteractionScope::Global { "global_" } else { "" };
        let named: &[&str] = match kind {
            InteractionKind::Memory => &[
                "clk_high", "clk_low", "addr[0]", "addr[1]", "addr[2]", "value[0]", "value[1]", "value[2]", "value[3]",
            ],
            InteractionKind::State => &["clk_high", "clk_low", "pc[0]", "pc[1]", "pc[2]"],
            InteractionKind::Byte => &["opcode", "a", "b", "c"],
            _ => &[],
        };
        let fields = if named.len() == length {
            named.iter().map(|&name| name.to_owned()).collect()
        } else {
            (0..length).map(|index| format!("field[{index}]")).collect()
        };
        let name = format!("{global}{}", snake(&kind.to_string()));
        let timed = matches!(kind, InteractionKind::Memory | InteractionKind::State) && length >= 2;
        let kind = match kind {
            InteractionKind::Memory => "memory",
            InteractionKind::Program => "program",
            InteractionKind::State => "execution",
            InteractionKind::Byte => "lookup",
            _ => "other",
        };
        Self { name, kind, fields, timed }
    }

    fn emit(&self, section: &mut Section, multiplicity: i64, fields: &[u32], row: Option<sink::RowRef>, step: Step) {
        if multiplicity == 0 {
            return;
        }
        let message = Message {
            bus: &self.name,
            kind: self.kind,
            send: multiplicity > 0,
            multiplicity: multiplicity.unsigned_abs(),
            timestamp: self.timed.then(|| u64::from(fields[0]) << 24 | u64::from(fields[1])),
            row,
            step,
        };
        section.interaction(&message, |cells| {
            for (name, &value) in self.fields.iter().zip(fields) {
                cells.cell(name, value.into());
            }
        });
    }
}

/// Names of the columns, where SP1 has them. Those that lookup tables give are of their preprocessed columns; their
/// main columns are multiplicities.
fn names(chip: &str, mut names: Vec<String>, width: usize) -> Option<Vec<String>> {
    match chip {
        "Program" | "Range" if width == 1 => return Some(vec!["multiplicity".to_owned()]),
        "Byte" => return Some((0..width).map(|index| format!("multiplicities__{index}")).collect()),
        _ => {}
    }
    if names.len() > width {
        names.retain(|name| !ABSENT.contains(&name.rsplit("__").next().unwrap_or_default()));
    }
    (names.len() == width && names.first().is_some_and(|name| name != "col_0")).then_some(names)
}

/// What a chip is for, by its name's beginning; the first that fits.
fn kind(chip: &str) -> &'static str {
    const KINDS: [(&str, &[&str]); 13] = [
        ("program", &["Program", "Instruction"]),
        ("alu", &["Add", "Sub", "Bitwise", "Lt", "AluX0"]),
        ("mul", &["Mul"]),
        ("div", &["DivRem"]),
        ("shift", &["ShiftLeft", "ShiftRight"]),
        ("memory", &["Load", "Store"]),
        ("upper_immediate", &["UType"]),
        ("branch", &["Branch"]),
        ("jump", &["Jal"]),
        ("system", &["Syscall", "Trap", "Mprotect", "SigReturn", "Uint256", "Secp256", "Ed"]),
        ("lookup", &["Byte", "Range"]),
        ("hash", &["Sha", "Keccak", "Poseidon2"]),
        ("boundary", &["MemoryGlobal", "PageProt", "MemoryLocal", "MemoryBump", "StateBump", "Global"]),
    ];
    let fits = |parts: &[&str]| parts.iter().any(|part| chip.starts_with(part));
    KINDS.iter().find(|(_, parts)| fits(parts)).map_or("other", |(kind, _)| kind)
}

/// `MemoryLocal` as `memory_local`.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// A field element as the integer nearest to 0 that it stands for.
fn signed(value: SP1Field) -> i64 {
    let (value, order) = (value.as_canonical_u32(), SP1Field::ORDER_U32);
    if value > order / 2 {
        i64::from(value) - i64::from(order)
    } else {
        i64::from(value)
    }
}
