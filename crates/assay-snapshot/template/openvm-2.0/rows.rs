//! Rows of chips, and their messages. Added by Assay's collect pass.

use std::{
    any::Any,
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use fuzzer_utils::sink::{self, ChipRow, Interaction, Key, Section, Step as Owner};
use openvm_cpu_backend::CpuBackend;
use openvm_stark_backend::{
    air_builders::debug::{
        assay_messages::{self, Message, Messages},
        DebugConstraintBuilder,
    },
    p3_field::{PrimeCharacteristicRing, PrimeField64},
    p3_matrix::{
        dense::{RowMajorMatrix, RowMajorMatrixView},
        stack::VerticalPair,
        Matrix,
    },
    prover::AirProvingContext,
    StarkProtocolConfig, Val,
};

use super::{run, Bus, Chip, Vocabulary, STEPS_PER_SECTION};
use crate::arch::AirRefWithColumns;

/// Messages that are sent and not received, by bus and by a hash of their fields, and of the segments before, how many.
static BALANCE: std::sync::Mutex<Option<Balance>> = std::sync::Mutex::new(None);

#[derive(Debug, Default)]
struct Balance {
    open: HashMap<(u16, u128), i128>,
    unbalanced: HashMap<u16, u64>,
}

fn balance() -> std::sync::MutexGuard<'static, Option<Balance>> {
    BALANCE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

pub(super) fn begin() {
    *balance() = Some(Balance::default());
}

/// Distinct messages of a bus whose sends and receives did not cancel in their segment.
pub fn unbalanced(bus: u16) -> u64 {
    let balance = balance();
    balance.as_ref().and_then(|balance| balance.unbalanced.get(&bus)).copied().unwrap_or_default()
}

/// Called when all rows of a segment are made. `airs` are all AIRs of the circuit, a `Vec<AirRefWithColumns<SC>>`; an AIR
/// without rows has no context.
pub(crate) fn rows<SC: StarkProtocolConfig>(airs: &dyn Any, contexts: &[(usize, AirProvingContext<CpuBackend<SC>>)]) {
    if !sink::enabled() {
        return;
    }
    let airs = airs.downcast_ref::<Vec<AirRefWithColumns<SC>>>().expect("AIRs and rows are of one configuration");
    let mut run = run();
    let steps = std::mem::take(&mut run.steps);
    let segment = run.segment;
    run.segment += 1;
    let tables: Vec<Table<'_, SC>> =
        contexts.iter().map(|(air, context)| Table::new(&airs[*air], *air, context, &run.vocabulary)).collect();
    let mut place = vec![None; airs.len()];
    tables.iter().enumerate().for_each(|(index, table)| place[table.air_index] = Some(index));
    let mut emitter = Emitter { vocabulary: &run.vocabulary, messages: Messages::default(), balance: balance() };
    let key = Key { segment, ..Key::default() };

    // The rows of instructions are the first of their chips, without gaps: after the loop, their number.
    let mut claimed = vec![0; tables.len()];
    for (chunk, first) in steps.chunks(STEPS_PER_SECTION).zip((0u64..).step_by(STEPS_PER_SECTION)) {
        sink::section(key, |section| {
            for (step, index) in chunk.iter().zip(first..) {
                step.emit(section, emitter.vocabulary);
                let (air, first, count) = step.rows;
                let Some(table) = place.get(air).copied().flatten() else { continue };
                for row in first..first + count {
                    emitter.row(section, &tables[table], row, Owner::Is(index));
                    claimed[table] = row + 1;
                }
            }
        });
    }
    for (table, claimed) in tables.iter().zip(claimed) {
        sink::section(key, |section| {
            section.chip(&table.name, table.height as u64, table.width as u64);
            for row in claimed..table.height {
                emitter.row(section, table, row, Owner::None);
            }
        });
    }
    emitter.end_segment(SC::F::ORDER_U64);
}

/// A chip and its rows.
struct Table<'a, SC: StarkProtocolConfig> {
    air: &'a AirRefWithColumns<SC>,
    air_index: usize,
    name: String,
    kind: &'static str,
    columns: Vec<String>,
    preprocessed: Option<RowMajorMatrix<Val<SC>>>,
    /// Cached parts, then the common one.
    parts: Vec<&'a RowMajorMatrix<Val<SC>>>,
    public_values: &'a [Val<SC>],
    height: usize,
    width: usize,
}

impl<'a, SC: StarkProtocolConfig> Table<'a, SC> {
    fn new(
        air: &'a AirRefWithColumns<SC>,
        air_index: usize,
        context: &'a AirProvingContext<CpuBackend<SC>>,
        vocabulary: &Vocabulary,
    ) -> Self {
        let cached = context.cached_mains.iter().map(|cached| &cached.trace);
        let parts: Vec<_> = cached.chain([&context.common_main]).filter(|part| part.width() > 0).collect();
        let width = parts.iter().map(|part| part.width()).sum();
        let known = vocabulary.chips.get(air_index).filter(|chip| chip.columns.len() == width).cloned();
        let Chip { kind, columns } = known.unwrap_or_else(|| {
            let columns = air.columns().filter(|columns| columns.len() == width);
            let numbered = || (0..width).map(|index| format!("column[{index}]")).collect();
            Chip { kind: "other", columns: columns.unwrap_or_else(numbered) }
        });
        Self {
            air,
            air_index,
            name: air.name(),
            kind,
            columns,
            preprocessed: air.preprocessed_trace(),
            height: context.common_main.height(),
            parts,
            public_values: &context.public_values,
            width,
        }
    }

    /// Whether a row of a table of lookups can have no message: most have none, and there are hundreds of thousands.
    fn is_idle(&self, row: usize) -> bool {
        self.preprocessed.is_some()
            && self.parts.iter().all(|part| {
                let width = part.width();
                part.values[row * width..(row + 1) * width].iter().all(|cell| *cell == SC::F::ZERO)
            })
    }

    fn eval(&self, row: usize) {
        let next = (row + 1) % self.height;
        let pair = |matrix: &'a RowMajorMatrix<Val<SC>>| {
            let width = matrix.width();
            let cells = |row: usize| RowMajorMatrixView::new_row(&matrix.values[row * width..(row + 1) * width]);
            VerticalPair::new(cells(row), cells(next))
        };
        let empty: &[Val<SC>] = &[];
        let preprocessed = self.preprocessed.as_ref().map_or_else(
            || VerticalPair::new(RowMajorMatrixView::new_row(empty), RowMajorMatrixView::new_row(empty)),
            |matrix| {
                let width = matrix.width();
                let cells = |row: usize| RowMajorMatrixView::new_row(&matrix.values[row * width..(row + 1) * width]);
                VerticalPair::new(cells(row), cells(next))
            },
        );
        let mut builder: DebugConstraintBuilder<'_, SC> = DebugConstraintBuilder {
            air_name: &self.name,
            row_index: row,
            preprocessed,
            partitioned_main: self.parts.iter().map(|part| pair(part)).collect(),
            is_first_row: SC::F::from_bool(row == 0),
            is_last_row: SC::F::from_bool(next == 0),
            is_transition: SC::F::from_bool(next != 0),
            public_values: self.public_values,
            has_common_main: self.air.common_main_width() > 0,
        };
        self.air.eval(&mut builder);
    }
}

struct Emitter<'a> {
    vocabulary: &'a Vocabulary,
    messages: Messages,
    balance: std::sync::MutexGuard<'static, Option<Balance>>,
}

impl Emitter<'_> {
    /// Emits a row and its messages. A row of no instruction that has no message is padding, or an entry of a lookup
    /// table that nothing looked up.
    fn row<SC: StarkProtocolConfig>(&mut self, section: &mut Section, table: &Table<'_, SC>, row: usize, step: Owner) {
        if step == Owner::None && table.is_idle(row) {
            return;
        }
        let mut messages = std::mem::take(&mut self.messages);
        assay_messages::taken(&mut messages, || table.eval(row));
        if step != Owner::None || !messages.is_empty() {
            let head = ChipRow { chip: &table.name, kind: table.kind, row: row as u64, valid: true, step };
            let record = section.chip_row(&head, |cells| {
                let values = table.parts.iter().flat_map(|part| {
                    let width = part.width();
                    &part.values[row * width..(row + 1) * width]
                });
                for (name, value) in table.columns.iter().zip(values) {
                    cells.cell(name, value.as_canonical_u64());
                }
            });
            for message in messages.iter() {
                self.count(&message);
                let unnamed;
                let bus = match self.vocabulary.buses.get(usize::from(message.bus)) {
                    Some(bus) => bus,
                    None => {
                        let name = format!("bus[{}]", message.bus);
                        unnamed = Bus { name, kind: "other", timed: false, fields: Vec::new() };
                        &unnamed
                    }
                };
                emit(section, bus, &message, record, step);
            }
        }
        self.messages = messages;
    }

    fn count(&mut self, message: &Message<'_>) {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, message.fields).hash(&mut hasher);
            u128::from(hasher.finish())
        };
        let key = (message.bus, half(0) << 64 | half(1));
        let Some(balance) = self.balance.as_mut() else { return };
        let sum = balance.open.entry(key).or_default();
        *sum += message.multiplicity;
        if *sum == 0 {
            balance.open.remove(&key);
        }
    }

    fn end_segment(&mut self, order: u64) {
        let Some(Balance { open, unbalanced }) = self.balance.as_mut() else { return };
        for ((bus, _), sum) in open.drain() {
            *unbalanced.entry(bus).or_default() += u64::from(sum.rem_euclid(order.into()) != 0);
        }
    }
}

fn emit(section: &mut Section, bus: &Bus, message: &Message<'_>, row: sink::RowRef, step: Owner) {
    let fields = message.fields;
    let interaction = Interaction {
        bus: &bus.name,
        kind: bus.kind,
        send: message.multiplicity > 0,
        multiplicity: message.multiplicity.unsigned_abs() as u64,
        timestamp: fields.last().copied().filter(|_| bus.timed),
        row: Some(row),
        step,
    };
    let names = bus.fields.iter().find(|names| names.len() == fields.len());
    section.interaction(&interaction, |cells| match names {
        Some(names) => cells.all(names.iter().zip(fields.iter().copied())),
        None => cells.all(fields.iter().enumerate().map(|(index, value)| (format!("field[{index}]"), *value))),
    });
}
