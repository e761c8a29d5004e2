//! Rows of chips, and the messages that they put on buses.
//!
//! A message is no cell of a trace: it is a set of expressions over the row. The proving key holds them as a graph
//! shared with the constraints; an [`Evaluator`] keeps the part that the messages need.

use openvm_stark_backend::{
    StarkEngine,
    air_builders::symbolic::{SymbolicConstraintsDag, SymbolicExpressionNode as Node, symbolic_variable::Entry},
    p3_field::{PrimeCharacteristicRing, PrimeField32},
    p3_matrix::Matrix,
    prover::{AirProvingContext, ProvingContext},
};

use crate::{
    F,
    machine::{Engine, Keyed},
};

type Backend = <Engine as StarkEngine>::PB;

/// A message of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Number of the bus.
    pub bus: u16,
    /// How often it is sent, or, negative, received.
    pub multiplicity: i64,
    /// Canonical field elements.
    pub fields: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    Main { part: usize, offset: usize, column: usize },
    Preprocessed { offset: usize, column: usize },
    Public(usize),
    IsFirst,
    IsLast,
    IsTransition,
    Constant(F),
    Add(usize, usize),
    Sub(usize, usize),
    Mul(usize, usize),
    Neg(usize),
}

#[derive(Clone, Debug)]
struct Interaction {
    bus: u16,
    count: usize,
    fields: Vec<usize>,
}

/// The expressions of one chip's messages, in an order in which each needs only those before it.
#[derive(Clone, Debug)]
pub(crate) struct Evaluator {
    operations: Vec<Operation>,
    interactions: Vec<Interaction>,
    /// Operations of the multiplicities, where each is a cell of the row itself: most rows of a lookup table have
    /// zeros there and can be passed over.
    plain_counts: Option<Vec<Operation>>,
}

impl Evaluator {
    pub(crate) fn new(dag: &SymbolicConstraintsDag<F>) -> Self {
        let nodes = &dag.constraints.nodes;
        let mut needed = vec![false; nodes.len()];
        for interaction in &dag.interactions {
            needed[interaction.count] = true;
            interaction.message.iter().for_each(|&index| needed[index] = true);
        }
        for (index, node) in nodes.iter().enumerate().rev() {
            if needed[index] {
                match node {
                    Node::Add { left_idx, right_idx, .. }
                    | Node::Sub { left_idx, right_idx, .. }
                    | Node::Mul { left_idx, right_idx, .. } => {
                        needed[*left_idx] = true;
                        needed[*right_idx] = true;
                    }
                    Node::Neg { idx, .. } => needed[*idx] = true,
                    _ => {}
                }
            }
        }
        let mut place = vec![usize::MAX; nodes.len()];
        let mut operations = Vec::new();
        for (index, node) in nodes.iter().enumerate().filter(|(index, _)| needed[*index]) {
            place[index] = operations.len();
            operations.push(match node {
                Node::Variable(variable) => match variable.entry {
                    Entry::Main { part_index, offset } => {
                        Operation::Main { part: part_index, offset, column: variable.index }
                    }
                    Entry::Preprocessed { offset } => Operation::Preprocessed { offset, column: variable.index },
                    Entry::Public => Operation::Public(variable.index),
                    Entry::Challenge => unreachable!("a challenge is drawn after the trace is made"),
                },
                Node::IsFirstRow => Operation::IsFirst,
                Node::IsLastRow => Operation::IsLast,
                Node::IsTransition => Operation::IsTransition,
                Node::Constant(value) => Operation::Constant(*value),
                Node::Add { left_idx, right_idx, .. } => Operation::Add(place[*left_idx], place[*right_idx]),
                Node::Sub { left_idx, right_idx, .. } => Operation::Sub(place[*left_idx], place[*right_idx]),
                Node::Mul { left_idx, right_idx, .. } => Operation::Mul(place[*left_idx], place[*right_idx]),
                Node::Neg { idx, .. } => Operation::Neg(place[*idx]),
            });
        }
        let interactions: Vec<Interaction> = dag
            .interactions
            .iter()
            .map(|interaction| Interaction {
                bus: interaction.bus_index,
                count: place[interaction.count],
                fields: interaction.message.iter().map(|&index| place[index]).collect(),
            })
            .collect();
        let plain_counts = interactions
            .iter()
            .map(|interaction| match operations[interaction.count] {
                operation @ Operation::Main { offset: 0, .. } => Some(operation),
                Operation::Neg(inner) => {
                    Some(operations[inner]).filter(|inner| matches!(inner, Operation::Main { offset: 0, .. }))
                }
                _ => None,
            })
            .collect();
        Self { operations, interactions, plain_counts }
    }

    /// Numbers of the buses, each once.
    pub(crate) fn buses(&self) -> Vec<u16> {
        let mut buses: Vec<u16> = self.interactions.iter().map(|interaction| interaction.bus).collect();
        buses.sort_unstable();
        buses.dedup();
        buses
    }
}

/// The matrices of one segment.
pub struct Rows<'a> {
    keyed: &'a Keyed,
    by_chip: Vec<Option<&'a AirProvingContext<Backend>>>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(keyed: &'a Keyed, context: &'a ProvingContext<Backend>) -> Self {
        let mut by_chip = vec![None; keyed.evaluators.len()];
        for (air, matrices) in &context.per_trace {
            by_chip[*air] = Some(matrices);
        }
        Self { keyed, by_chip }
    }

    /// Rows of a chip's matrix, padding included; 0 for a chip without one.
    pub fn height(&self, chip: usize) -> usize {
        self.by_chip[chip].map_or(0, |context| context.common_main.height())
    }

    /// The cells of a row, cached parts first, as canonical field elements.
    ///
    /// # Panics
    /// If the chip has no such row.
    pub fn cells(&self, chip: usize, row: usize) -> Vec<u32> {
        let context = self.by_chip[chip].expect("a chip with rows has matrices");
        let parts = context.cached_mains.iter().map(|part| &part.trace).chain([&context.common_main]);
        parts
            .flat_map(|part| part.values[row * part.width()..(row + 1) * part.width()].iter())
            .map(PrimeField32::as_canonical_u32)
            .collect()
    }

    /// The messages of a row whose multiplicity is not 0, in the circuit's order. `scratch` saves allocations.
    ///
    /// # Panics
    /// If the chip has no such row.
    pub fn messages(&self, chip: usize, row: usize, scratch: &mut Scratch) -> Vec<Message> {
        let context = self.by_chip[chip].expect("a chip with rows has matrices");
        let evaluator = &self.keyed.evaluators[chip];
        let height = context.common_main.height();
        let cell = |part: usize, offset: usize, column: usize| {
            let matrix = context.cached_mains.get(part).map_or(&context.common_main, |cached| &cached.trace);
            matrix.values[(row + offset) % height * matrix.width() + column]
        };
        if let Some(counts) = &evaluator.plain_counts {
            let is_zero = |operation: &Operation| match *operation {
                Operation::Main { part, offset, column } => cell(part, offset, column) == F::ZERO,
                _ => false,
            };
            if counts.iter().all(is_zero) {
                return Vec::new();
            }
        }
        let values = &mut scratch.values;
        values.clear();
        for operation in &evaluator.operations {
            let value = match *operation {
                Operation::Main { part, offset, column } => cell(part, offset, column),
                Operation::Preprocessed { offset, column } => {
                    let data = self.keyed.vm.pk().per_air[chip].preprocessed_data.as_ref();
                    let matrix = &data.expect("a chip that reads preprocessed columns has them").trace;
                    matrix.values[(row + offset) % height * matrix.width() + column]
                }
                Operation::Public(index) => context.public_values[index],
                Operation::IsFirst => F::from_bool(row == 0),
                Operation::IsLast => F::from_bool(row + 1 == height),
                Operation::IsTransition => F::from_bool(row + 1 != height),
                Operation::Constant(value) => value,
                Operation::Add(left, right) => values[left] + values[right],
                Operation::Sub(left, right) => values[left] - values[right],
                Operation::Mul(left, right) => values[left] * values[right],
                Operation::Neg(inner) => -values[inner],
            };
            values.push(value);
        }
        let sent = evaluator.interactions.iter().filter(|interaction| values[interaction.count] != F::ZERO);
        sent.map(|interaction| Message {
            bus: interaction.bus,
            multiplicity: signed(values[interaction.count].as_canonical_u32()),
            fields: interaction.fields.iter().map(|&index| values[index].as_canonical_u32()).collect(),
        })
        .collect()
    }
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("chips", &self.by_chip.len()).finish_non_exhaustive()
    }
}

/// Memory that [`Rows::messages`] uses again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    values: Vec<F>,
}

/// A field element as the integer nearest to 0 that it stands for.
fn signed(value: u32) -> i64 {
    if value > F::ORDER_U32 / 2 { i64::from(value) - i64::from(F::ORDER_U32) } else { i64::from(value) }
}
