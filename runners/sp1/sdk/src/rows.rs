//! Chips, their rows with the columns' own names, and the messages that rows put on buses.

use std::marker::PhantomData;

use slop_air::VirtualPairCol;
use slop_algebra::{AbstractField as _, PrimeField32 as _};
use slop_matrix::dense::RowMajorMatrix;
use sp1_core_executor::ExecutionRecord;
use sp1_core_machine::riscv::RiscvAir;
use sp1_hypercube::{
    Chip as SdkChip, DebugPublicValuesConstraintFolder, InteractionKind, Machine, MachineRecord as _,
    air::{InteractionScope, MachineAir as _},
};
use sp1_primitives::SP1Field as F;

use crate::{program::Program, shards::machine};

/// The prime of the field of all traces: `KoalaBear`'s 2^31 - 2^24 + 1.
pub const FIELD_ORDER: u32 = 2_130_706_433;

type Matrix = RowMajorMatrix<F>;

/// Fields that have columns in user mode only (`sp1-core-machine` 6.10.0, `TrustMode`).
const ABSENT: [&str; 3] = ["adapter_cols", "user_mode_cols", "trap_code"];

/// A chip (AIR).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// Its name in SP1.
    pub name: String,
    /// Columns of its main trace.
    pub width: usize,
    /// The names of its columns, where SP1 has them: the fields of the struct that lays out a row.
    pub columns: Option<Vec<String>>,
    /// The columns that say when the row's instruction began, where there are some: the index of each, and by how many
    /// bits it is to be shifted.
    clock: Vec<(usize, u32)>,
}

/// A bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bus {
    /// SP1's name of it.
    pub name: String,
    /// Whether messages stay within a shard, so that they cancel there.
    pub local: bool,
}

/// Chips and buses of SP1's RISC-V machine.
pub struct Circuit {
    /// In SP1's order. Those of its user mode are left out: no guest of this runner has rows of them.
    pub chips: Vec<Chip>,
    /// Every bus.
    pub buses: Vec<Bus>,
    kinds: Vec<(InteractionKind, InteractionScope)>,
    indices: Vec<usize>,
    machine: Machine<F, RiscvAir<F>>,
}

impl std::fmt::Debug for Circuit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Circuit").field("chips", &self.chips.len()).finish_non_exhaustive()
    }
}

impl Circuit {
    /// Chips and buses of the machine.
    pub fn new() -> Self {
        let machine = machine();
        let mut indices: Vec<usize> = (0..machine.chips().len()).collect();
        indices.retain(|&index| !machine.chips()[index].name().ends_with("User"));
        let chips = indices.iter().map(|&index| Chip::new(&machine.chips()[index])).collect();
        let scopes = [InteractionScope::Local, InteractionScope::Global];
        let used = |kind, scope| {
            machine.chips().iter().any(|chip| {
                chip.sends().iter().chain(chip.receives()).any(|one| one.kind == kind && one.scope == scope)
            })
        };
        let kinds: Vec<_> = InteractionKind::all_kinds()
            .into_iter()
            .flat_map(|kind| scopes.map(|scope| (kind, scope)))
            .filter(|&(kind, scope)| used(kind, scope))
            .collect();
        let buses =
            kinds.iter().map(|&(kind, scope)| Bus { name: kind.to_string(), local: scope == InteractionScope::Local });
        Self { chips, buses: buses.collect(), kinds, indices, machine }
    }

    pub(crate) fn machine(&self) -> &Machine<F, RiscvAir<F>> {
        &self.machine
    }

    fn chip(&self, chip: usize) -> &SdkChip<F, RiscvAir<F>> {
        &self.machine.chips()[self.indices[chip]]
    }
}

impl Default for Circuit {
    fn default() -> Self {
        Self::new()
    }
}

impl Chip {
    fn new(chip: &SdkChip<F, RiscvAir<F>>) -> Self {
        let width = slop_air::BaseAir::<F>::width(chip);
        let columns = column_names(chip, width);
        let at = |name: &str| columns.as_ref()?.iter().position(|column| column == name);
        let clock = [
            [("state__clk_high", 24), ("state__clk_16_24", 16), ("state__clk_0_16", 0)].as_slice(),
            [("clk_high", 24), ("clk_low", 0)].as_slice(),
        ]
        .into_iter()
        .find_map(|parts| parts.iter().map(|&(name, shift)| Some((at(name)?, shift))).collect::<Option<Vec<_>>>());
        Self { name: chip.name().to_owned(), width, columns, clock: clock.unwrap_or_default() }
    }
}

/// The names of a chip's columns, as SP1's reflection of the row's struct gives them; nested fields are joined by `__`.
///
/// The default of SP1's trait are numbers, not names. Supervisor mode has no columns where user mode has some, and the
/// reflection names the absent fields too. The names that lookup tables give are of their
/// preprocessed columns; their main columns are multiplicities.
fn column_names(chip: &SdkChip<F, RiscvAir<F>>, width: usize) -> Option<Vec<String>> {
    match chip.name() {
        "Program" | "Range" if width == 1 => return Some(vec!["multiplicity".to_owned()]),
        "Byte" => return Some((0..width).map(|index| format!("multiplicities__{index}")).collect()),
        _ => {}
    }
    let mut names = chip.air.column_names();
    if names.len() > width {
        names.retain(|name| !ABSENT.contains(&name.rsplit("__").next().unwrap_or_default()));
    }
    (names.len() == width && names.first().is_some_and(|name| name != "col_0")).then_some(names)
}

/// The preprocessed traces of a program.
pub(crate) struct Tables {
    by_chip: Vec<Option<Matrix>>,
}

impl Tables {
    pub(crate) fn new(circuit: &Circuit, program: &Program) -> Self {
        let tables = (0..circuit.chips.len()).map(|chip| circuit.chip(chip).generate_preprocessed_trace(&program.sp1));
        Self { by_chip: tables.collect() }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Index of its bus.
    pub bus: usize,
    /// How often it is sent; negative if it is received.
    pub multiplicity: i64,
    /// Its fields.
    pub fields: Vec<u32>,
}

/// The rows of a shard.
pub struct Rows<'a> {
    circuit: &'a Circuit,
    tables: &'a Tables,
    by_chip: Vec<Option<Matrix>>,
    public: Vec<Message>,
    _record: PhantomData<&'a ExecutionRecord>,
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("chips", &self.by_chip.len()).finish_non_exhaustive()
    }
}

impl<'a> Rows<'a> {
    pub(crate) fn new(circuit: &'a Circuit, tables: &'a Tables, record: &ExecutionRecord) -> Self {
        let by_chip = (0..circuit.chips.len())
            .map(|chip| {
                let chip = circuit.chip(chip);
                let rows = if chip.included(record) { chip.num_rows(record).unwrap_or_default() } else { 0 };
                (rows > 0).then(|| chip.generate_trace(record, &mut ExecutionRecord::default()))
            })
            .collect();
        Self { circuit, tables, by_chip, public: public_messages(circuit, record), _record: PhantomData }
    }

    /// Rows of a chip, padding included.
    pub fn height(&self, chip: usize) -> usize {
        self.by_chip[chip].as_ref().map_or(0, |matrix| matrix.values.len() / matrix.width)
    }

    /// The cells of a row, as canonical field elements.
    pub fn cells(&self, chip: usize, row: usize) -> impl Iterator<Item = u32> + '_ {
        self.row(chip, row).iter().map(slop_algebra::PrimeField32::as_canonical_u32)
    }

    /// When the instruction of a row began, where the chip has columns that say so.
    pub fn clock(&self, chip: usize, row: usize) -> Option<u64> {
        let parts = &self.circuit.chips[chip].clock;
        let row = self.row(chip, row);
        let part = |&(column, shift): &(usize, u32)| u64::from(row[column].as_canonical_u32()) << shift;
        (!parts.is_empty()).then(|| parts.iter().map(part).sum())
    }

    /// The messages of a row: those of multiplicity 0 are none.
    pub fn messages(&self, chip: usize, row: usize) -> Vec<Message> {
        let main = self.row(chip, row);
        let fixed = self.tables.by_chip[chip].as_ref().and_then(|table| line(table, row)).unwrap_or(&[]);
        let sdk = self.circuit.chip(chip);
        let value = |column: &VirtualPairCol<F>| -> F { column.apply(fixed, main) };
        let sends = sdk.sends().iter().map(|one| (one, 1));
        sends
            .chain(sdk.receives().iter().map(|one| (one, -1)))
            .filter_map(|(one, sign)| {
                let multiplicity = signed(value(&one.multiplicity)) * sign;
                let bus = self.circuit.kinds.iter().position(|&kind| kind == (one.kind, one.scope))?;
                (multiplicity != 0).then(|| Message {
                    bus,
                    multiplicity,
                    fields: one.values.iter().map(|column| value(column).as_canonical_u32()).collect(),
                })
            })
            .collect()
    }

    /// What the shard's public values send and receive: the borders of its state. They belong to no row.
    pub fn public_messages(&self) -> &[Message] {
        &self.public
    }

    fn row(&self, chip: usize, row: usize) -> &[F] {
        self.by_chip[chip].as_ref().and_then(|matrix| line(matrix, row)).unwrap_or(&[])
    }
}

fn line(matrix: &Matrix, row: usize) -> Option<&[F]> {
    matrix.values.get(row * matrix.width..(row + 1) * matrix.width)
}

/// A field element as the integer nearest to 0 that it stands for.
fn signed(value: F) -> i64 {
    let value = value.as_canonical_u32();
    if value > FIELD_ORDER / 2 { i64::from(value) - i64::from(FIELD_ORDER) } else { i64::from(value) }
}

fn public_messages(circuit: &Circuit, record: &ExecutionRecord) -> Vec<Message> {
    let mut values: Vec<F> = record.public_values();
    values.resize(sp1_hypercube::PROOF_MAX_NUM_PVS, F::zero());
    let mut folder = DebugPublicValuesConstraintFolder::<F> {
        perm_challenges: (&F::zero(), &[]),
        alpha: F::zero(),
        accumulator: F::zero(),
        interactions: Vec::new(),
        public_values: &values,
        _marker: PhantomData,
    };
    ExecutionRecord::eval_public_values(&mut folder);
    let messages = folder.interactions.into_iter().filter_map(|(kind, scope, fields, multiplicity)| {
        let bus = circuit.kinds.iter().position(|&known| known == (kind, scope))?;
        let fields = fields.iter().map(slop_algebra::PrimeField32::as_canonical_u32).collect();
        Some(Message { bus, multiplicity: signed(multiplicity), fields })
    });
    messages.filter(|message| message.multiplicity != 0).collect()
}
