//! Rows of chips and messages on buses as records, and whether the buses balance.
//!
//! What zkVMs built of chips and buses share in a trace: a row is one record and each of its messages another, both name
//! the instruction that they belong to, and what is sent on a bus must be received. What a chip or a bus is, and in which
//! order rows come, the runner says. One record of each kind is kept and filled in again and again: names are most of it.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use assay_spec::{
    MicroOp,
    protocol::RunnerError,
    trace::{
        BusSummary, Cell, ChipKind, ChipRowBase, ChipRowRecord, ChipSummary, Direction, InteractionBase,
        InteractionKind, InteractionRecord,
    },
};

use crate::Records;

/// A chip, as records have it.
#[derive(Clone, Debug)]
pub struct Chip {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: ChipKind,
    /// Its columns, no name twice; of a chip without any, rows are counted and not written.
    pub columns: Vec<String>,
    /// Whether the zkVM named the columns, and not the runner.
    pub columns_named: bool,
    /// Columns that there are.
    pub width: u64,
}

/// A bus, as records have it.
pub trait Bus {
    /// Its name.
    fn name(&self) -> String;

    /// What it is for.
    fn kind(&self) -> InteractionKind;

    /// What the fields of a message of `length` fields are called.
    fn field_names(&self, length: usize) -> Vec<String>;

    /// The time that a message states.
    fn timestamp(&self, fields: &[u32]) -> Option<u64>;

    /// Whether messages cancel within each part of a trace, so that what does not is a finding.
    fn balances(&self) -> bool;
}

/// The instruction that a row belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// Its number in the trace.
    pub step: u64,
    /// Which of its rows this is.
    pub op: u64,
    /// The zkVM's clock before it.
    pub timestamp: u64,
}

/// A message on a bus.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Index of the bus.
    pub bus: usize,
    /// How often it is sent, or, negative, received.
    pub multiplicity: i64,
    /// Canonical field elements.
    pub fields: &'a [u32],
}

/// Where a message comes from.
#[derive(Clone, Copy, Debug)]
pub struct Sender {
    /// The instruction of the row.
    pub owner: Option<Owner>,
    /// `seq` of the row's record, if it has one.
    pub row: Option<u64>,
    /// Which of the sender's messages this is.
    pub op: u64,
}

/// The chips and buses of a trace. Dropped messages count and balance as written ones do.
pub struct CircuitRecords<B> {
    chips: Vec<ChipRows>,
    buses: Vec<BusMessages<B>>,
    field_order: i64,
    /// Messages of this part of the trace whose sends and receives do not cancel so far.
    open: HashMap<(usize, u128), i64>,
}

struct ChipRows {
    /// A chip row.
    record: MicroOp,
    columns_named: bool,
    width: u64,
    rows: u64,
    rows_written: u64,
    /// Rows written that belong to no instruction.
    stepless: u64,
}

struct BusMessages<B> {
    bus: B,
    name: String,
    /// An interaction by its number of fields.
    records: HashMap<usize, MicroOp>,
    interactions: u64,
    unbalanced: u64,
}

impl<B: Bus> CircuitRecords<B> {
    /// Nothing recorded yet. Multiplicities are numbers modulo `field_order`.
    pub fn new(chips: impl IntoIterator<Item = Chip>, buses: impl IntoIterator<Item = B>, field_order: u32) -> Self {
        let chips = chips.into_iter().map(ChipRows::new).collect();
        let buses = buses.into_iter().map(BusMessages::new).collect();
        Self { chips, buses, field_order: field_order.into(), open: HashMap::new() }
    }

    /// Number of chips.
    pub fn chips(&self) -> usize {
        self.chips.len()
    }

    /// Counts `rows` of a chip, written or not.
    pub fn count_rows(&mut self, chip: usize, rows: u64) {
        self.chips[chip].rows += rows;
    }

    /// Writes row number `row` of a chip; the answer is its `seq`, unless it was not written.
    pub fn row(
        &mut self,
        records: &mut Records<'_>,
        chip: usize,
        row: usize,
        owner: Option<Owner>,
        cells: impl Iterator<Item = u32>,
    ) -> Result<Option<u64>, RunnerError> {
        let chip = &mut self.chips[chip];
        if records.is_full() {
            records.mark_truncated();
            return Ok(None);
        }
        if !chip.has_columns() {
            return Ok(None);
        }
        let seq = records.next_seq();
        records.push(chip.fill(seq, row, owner, cells))?;
        Ok(Some(seq))
    }

    /// Counts a message and writes it.
    pub fn message(
        &mut self,
        records: &mut Records<'_>,
        message: Message<'_>,
        sender: Sender,
    ) -> Result<(), RunnerError> {
        self.balance(message);
        let bus = &mut self.buses[message.bus];
        bus.interactions += 1;
        if records.is_full() {
            records.mark_truncated();
            return Ok(());
        }
        let base = InteractionBase {
            seq: records.next_seq(),
            step: sender.owner.map(|owner| owner.step),
            op: sender.op,
            row: sender.row,
            direction: if message.multiplicity < 0 { Direction::Receive } else { Direction::Send },
            bus: bus.name.clone(),
            timestamp: bus.bus.timestamp(message.fields),
            multiplicity: message.multiplicity.unsigned_abs(),
        };
        records.push(bus.fill(base, message.fields))?;
        Ok(())
    }

    fn balance(&mut self, message: Message<'_>) {
        // The fields themselves would take gigabytes.
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, message.fields).hash(&mut hasher);
            u128::from(hasher.finish())
        };
        let key = (message.bus, half(0) << 64 | half(1));
        let sum = self.open.entry(key).or_default();
        *sum += message.multiplicity;
        if *sum == 0 {
            self.open.remove(&key);
        }
    }

    /// Says that this part of the trace (a segment, a shard) is complete: what did not cancel by now does not.
    pub fn end_part(&mut self) {
        for ((bus, _), sum) in self.open.drain() {
            self.buses[bus].unbalanced += u64::from(sum.rem_euclid(self.field_order) != 0);
        }
    }

    /// What there was, in the order of chips and buses. `whole` says that every part was recorded to its end, so that
    /// balances mean something.
    pub fn finish(self, whole: bool) -> (Vec<ChipSummary>, Vec<BusSummary>) {
        let chips = self.chips.into_iter().map(ChipRows::summary).collect();
        (chips, self.buses.into_iter().map(|bus| bus.summary(whole)).collect())
    }
}

impl ChipRows {
    fn new(chip: Chip) -> Self {
        let Chip { name, kind, columns, columns_named, width } = chip;
        let base = ChipRowBase { seq: 0, step: None, op: 0, valid: true, timestamp: None, chip: name };
        let columns = columns.into_iter().map(|name| (name, Cell(0))).collect();
        let record = MicroOp::ChipRow(ChipRowRecord { base, kind, row: 0, columns });
        Self { record, columns_named, width, rows: 0, rows_written: 0, stepless: 0 }
    }

    fn has_columns(&self) -> bool {
        matches!(&self.record, MicroOp::ChipRow(record) if !record.columns.is_empty())
    }

    fn fill(&mut self, seq: u64, row: usize, owner: Option<Owner>, cells: impl Iterator<Item = u32>) -> &MicroOp {
        let MicroOp::ChipRow(record) = &mut self.record else { unreachable!("made as a chip row") };
        record.base.seq = seq;
        record.base.step = owner.map(|owner| owner.step);
        record.base.op = owner.map_or(self.stepless, |owner| owner.op);
        record.base.timestamp = owner.map(|owner| owner.timestamp);
        record.row = row as u64;
        for (column, cell) in record.columns.values_mut().zip(cells) {
            *column = Cell(cell.into());
        }
        self.rows_written += 1;
        self.stepless += u64::from(owner.is_none());
        &self.record
    }

    fn summary(self) -> ChipSummary {
        let MicroOp::ChipRow(record) = self.record else { unreachable!("made as a chip row") };
        ChipSummary {
            chip: record.base.chip,
            rows: self.rows,
            rows_written: self.rows_written,
            width: self.width,
            columns_named: self.columns_named,
        }
    }
}

impl<B: Bus> BusMessages<B> {
    fn new(bus: B) -> Self {
        Self { name: bus.name(), bus, records: HashMap::new(), interactions: 0, unbalanced: 0 }
    }

    fn fill(&mut self, base: InteractionBase, fields: &[u32]) -> &MicroOp {
        let bus = &self.bus;
        let record = self.records.entry(fields.len()).or_insert_with(|| {
            let names = bus.field_names(fields.len()).into_iter();
            let fields = names.map(|name| (name, Cell(0))).collect();
            MicroOp::Interaction(InteractionRecord { base: base.clone(), kind: bus.kind(), fields })
        });
        let MicroOp::Interaction(interaction) = record else { unreachable!("made as an interaction") };
        interaction.base = base;
        for (field, &value) in interaction.fields.values_mut().zip(fields) {
            *field = Cell(value.into());
        }
        record
    }

    fn summary(self, whole: bool) -> BusSummary {
        let unbalanced = (whole && self.bus.balances()).then_some(self.unbalanced);
        BusSummary { bus: self.name, interactions: self.interactions, unbalanced }
    }
}

/// `names`, if they are `length`, and numbers if not: the fields of a message that the runner does not know.
pub fn names_or_numbers(names: Vec<String>, length: usize) -> Vec<String> {
    if names.len() == length { names } else { indexed("field", length) }
}

/// `name[0]`, `name[1]` and so on.
pub fn indexed(name: &str, count: usize) -> Vec<String> {
    (0..count).map(|index| format!("{name}[{index}]")).collect()
}

/// Names as they stand.
pub fn literal(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use assay_spec::trace::TraceSummary;

    use super::*;

    /// Odd if messages on it do not balance.
    struct Numbered(usize);

    impl Bus for Numbered {
        fn name(&self) -> String {
            format!("bus {}", self.0)
        }

        fn kind(&self) -> InteractionKind {
            InteractionKind::Memory
        }

        fn field_names(&self, length: usize) -> Vec<String> {
            names_or_numbers(literal(&["address", "value"]), length)
        }

        fn timestamp(&self, fields: &[u32]) -> Option<u64> {
            fields.first().copied().map(u64::from)
        }

        fn balances(&self) -> bool {
            self.0.is_multiple_of(2)
        }
    }

    fn chip(name: &str, columns: &[&str]) -> Chip {
        let columns = literal(columns);
        Chip { name: name.to_owned(), kind: ChipKind::Alu, columns_named: !columns.is_empty(), width: 2, columns }
    }

    fn circuit() -> CircuitRecords<Numbered> {
        CircuitRecords::new([chip("named", &["a", "b"]), chip("unnamed", &[])], [Numbered(0), Numbered(1)], 101)
    }

    /// Records of at most `limit`, as JSON values, and their summary.
    fn recorded(limit: u64, write: impl FnOnce(&mut Records<'_>)) -> (Vec<serde_json::Value>, TraceSummary) {
        let (mut bytes, mut summary) = (Vec::new(), TraceSummary::default());
        let mut records = Records::to_stream(&mut bytes, limit);
        write(&mut records);
        records.finish(&mut summary).unwrap();
        let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        (lines.map(|line| serde_json::from_slice(line).unwrap()).collect(), summary)
    }

    fn say(circuit: &mut CircuitRecords<Numbered>, records: &mut Records<'_>, multiplicity: i64, fields: &[u32]) {
        let sender = Sender { owner: None, row: None, op: 0 };
        circuit.message(records, Message { bus: 0, multiplicity, fields }, sender).unwrap();
    }

    fn unbalanced(messages: &[(i64, &[u32])]) -> Option<u64> {
        let mut circuit = circuit();
        recorded(100, |records| {
            for (multiplicity, fields) in messages {
                say(&mut circuit, records, *multiplicity, fields);
            }
        });
        circuit.end_part();
        circuit.finish(true).1[0].unbalanced
    }

    #[test]
    fn a_row_and_its_messages_name_each_other_and_their_instruction() {
        let mut circuit = circuit();
        let (records, summary) = recorded(100, |records| {
            let owner = Some(Owner { step: 7, op: 3, timestamp: 21 });
            let row = circuit.row(records, 0, 5, owner, [8, 9].into_iter()).unwrap();
            let message = Message { bus: 1, multiplicity: -2, fields: &[40, 41] };
            circuit.message(records, message, Sender { owner, row, op: 0 }).unwrap();
            assert_eq!(circuit.row(records, 0, 6, None, [0, 1].into_iter()).unwrap(), Some(2));
            assert_eq!(circuit.row(records, 0, 7, None, [0, 1].into_iter()).unwrap(), Some(3));
        });
        assert_eq!((summary.chip_rows, summary.interactions), (3, 1));
        has(
            &records[0],
            &[("base/seq", "0"), ("base/step", "7"), ("base/op", "3"), ("base/timestamp", "21"), ("row", "5")],
        );
        has(&records[1], &[("base/seq", "1"), ("base/step", "7"), ("base/row", "0"), ("base/timestamp", "40")]);
        // Rows of no instruction are numbered by chip.
        assert_eq!(
            [&records[2], &records[3]].map(|record| record.pointer("/data/base/op").unwrap().as_u64()),
            [Some(0), Some(1)]
        );
    }

    fn has(record: &serde_json::Value, fields: &[(&str, &str)]) {
        for (path, value) in fields {
            let found = record.pointer(&format!("/data/{path}")).map(ToString::to_string);
            assert_eq!(found.as_deref(), Some(*value), "{path} of {record}");
        }
    }

    #[test]
    fn what_is_sent_and_not_received_is_counted_once_a_message() {
        assert_eq!(unbalanced(&[(1, &[1, 2]), (-1, &[1, 2])]), Some(0));
        assert_eq!(unbalanced(&[(1, &[1, 2]), (-1, &[1, 3])]), Some(2));
        assert_eq!(unbalanced(&[(3, &[1]), (-1, &[1]), (-1, &[1])]), Some(1));
        // Multiplicities are field elements.
        assert_eq!(unbalanced(&[(100, &[1]), (1, &[1])]), Some(0));
    }

    #[test]
    fn balances_are_said_of_whole_traces_and_of_buses_that_balance() {
        let of = |whole| circuit().finish(whole).1.iter().map(|bus| bus.unbalanced).collect::<Vec<_>>();
        assert_eq!(of(true), [Some(0), None]);
        assert_eq!(of(false), [None, None]);
    }

    #[test]
    fn parts_of_a_trace_balance_each_for_itself() {
        let mut circuit = circuit();
        recorded(100, |records| {
            say(&mut circuit, records, 1, &[1]);
            circuit.end_part();
            say(&mut circuit, records, -1, &[1]);
            circuit.end_part();
        });
        assert_eq!(circuit.finish(true).1[0].unbalanced, Some(2));
    }

    #[test]
    fn what_the_limit_drops_counts_and_balances_and_truncates() {
        let mut circuit = circuit();
        let (records, summary) = recorded(1, |records| {
            assert_eq!(circuit.row(records, 0, 0, None, [1, 2].into_iter()).unwrap(), Some(0));
            say(&mut circuit, records, 1, &[1]);
            assert_eq!(circuit.row(records, 0, 1, None, [1, 2].into_iter()).unwrap(), None);
            say(&mut circuit, records, -1, &[1]);
        });
        circuit.count_rows(0, 2);
        circuit.end_part();
        assert_eq!(records.len(), 1);
        assert!(summary.truncated);
        let (chips, buses) = circuit.finish(true);
        assert_eq!((chips[0].rows, chips[0].rows_written), (2, 1));
        assert_eq!((buses[0].interactions, buses[0].unbalanced), (2, Some(0)));
    }

    #[test]
    fn rows_without_columns_are_counted_only() {
        let mut circuit = circuit();
        let (records, summary) = recorded(10, |records| {
            assert_eq!(circuit.row(records, 1, 0, None, [1, 2].into_iter()).unwrap(), None);
        });
        assert!(records.is_empty() && !summary.truncated);
    }
}
