//! What records are to matchers, found out in the plainest way: every name is looked up, every word decoded, nothing is
//! remembered from one record to the next. Tests hold [`Preparer`](super::Preparer) to it.

use std::collections::HashMap;

use super::*;

/// As [`Preparer::prepare`](super::Preparer::prepare).
pub(in super::super) fn prepare(record: &MicroOp) -> Prepared {
    Prepared(match record {
        MicroOp::Instruction(record) => instruction(record).map_or(View::Unknown, View::Instruction),
        MicroOp::ChipRow(record) => row(record),
        MicroOp::Interaction(record) => View::Message(message(record)),
    })
}

fn named(cells: &Cells) -> HashMap<&str, u64> {
    cells.iter().map(|(name, cell)| (name, cell.0)).collect()
}

fn instruction(record: &InstructionRecord) -> Option<Executed> {
    let word = u32::try_from(record.word?.0).ok()?;
    let instruction = decode(word, ANY_ISA).or_else(|_| decode(canonical(word), ANY_ISA)).ok()?;
    let InstructionRecord { seq, step, pc, next_pc, timestamp, next_timestamp, rd, mem, .. } = *record;
    Some(Executed { record: Effects { seq, step, pc, next_pc, timestamp, next_timestamp, rd, mem }, instruction })
}

fn row(record: &ChipRowRecord) -> View {
    let base = &record.base;
    let Some(chart) = CHARTS.iter().flatten().find(|chart| chart.entry.name == base.chip) else {
        return View::OtherRow(OtherRow { seq: base.seq, stepless: base.step.is_none(), inactive: !base.valid });
    };
    let columns = named(&record.columns);
    let mut cells = [0; CELLS_MAX];
    let mut present = 0;
    for (place, name) in chart.names.iter().enumerate() {
        if let Some(value) = columns.get(name) {
            cells[place] = *value;
            present |= 1 << place;
        }
    }
    let chosen: Vec<Option<u64>> = chart.entry.selectors.iter().map(|name| columns.get(name).copied()).collect();
    let outside = chosen.iter().position(|value| value.is_some_and(|value| value > 1));
    // A selector that the row has not may be set.
    let any = chosen.is_empty() || chosen.iter().any(|value| *value != Some(0));
    let marked = chart.entry.columns.iter().copied().flatten().find(|(column, _)| *column == Column::Active);
    let active = marked.and_then(|(_, name)| columns.get(name)).map_or(any, |active| *active != 0);
    let selectors = Selectors {
        active: base.valid && active,
        outside: outside.map(|number| number as u8),
        outside_value: outside.and_then(|number| chosen[number]).unwrap_or(0),
    };
    View::Row(Row { seq: base.seq, step: base.step, timestamp: base.timestamp, chart, cells, present, selectors })
}

fn message(record: &InteractionRecord) -> Message {
    let base = &record.base;
    let fields = named(&record.fields);
    let value = |name: &str| fields.get(name).copied().unwrap_or(0);
    let are = |names: &[&str]| names.iter().all(|name| fields.contains_key(name));
    let content = match (record.kind, base.bus.as_str()) {
        (_, bus) if !BUSES.contains(&bus) => Content::Other,
        (InteractionKind::Bitwise, _) if fields.get("op") == Some(&OPENVM_XOR) => {
            Content::Xor { x: value("x"), y: value("y") }
        }
        (InteractionKind::Lookup, "byte") if fields.get("opcode") == Some(&SP1_XOR) => {
            Content::Xor { x: value("b"), y: value("c") }
        }
        (InteractionKind::Memory, "memory") if are(&["address"]) => Content::Access { address: value("address") },
        (InteractionKind::Other, "memory_merkle") if are(&["expand_direction", "height"]) => {
            Content::TreeNode { expand_direction: value("expand_direction"), height: value("height") }
        }
        (InteractionKind::Other, "compression") => Content::Compression,
        (InteractionKind::Other, "global") if are(&["field[8]", "field[9]", "field[10]"]) => {
            Content::Global { is_send: value("field[8]"), is_receive: value("field[9]"), kind: value("field[10]") }
        }
        _ => Content::Other,
    };
    message_with(record, BUSES.into_iter().find(|bus| *bus == base.bus), content)
}
