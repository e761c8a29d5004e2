//! Where a segment's clock begins and ends.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.time.boundary_origin_consistency",
    category: Category::Time,
    matches: "The first and the last timestamp of a segment or shard: OpenVM's connector rows, and the messages on \
              SP1's state bus that belong to no row and carry the clock of the first instruction or the one after the \
              last.",
    backends: &[OpenVm, Sp1],
    bugs: &[],
    example: "nop",
    rules: &[Rule::Row(&[Chip::Connector], row), Rule::Message(&[InteractionKind::Execution], message)],
};

fn row(row: &Row, _: &State) -> Option<Facts> {
    let end = if row.is_set(Column::IsBegin) { "first" } else { "last" };
    Some(Facts::new().text("end", end).hex("timestamp", row.get(Column::Timestamp)?))
}

/// Rows of SP1's unnamed chips are not written, their messages are: those carry other clocks than a shard's ends.
fn message(message: &Message, state: &State) -> Option<Facts> {
    if message.row.is_some() || message.step.is_some() {
        return None;
    }
    let timestamp = message.timestamp?;
    let last = state.before.map(|before| before.next_timestamp);
    let (end, expected) = if message.is_sent { ("first", state.segment_timestamp) } else { ("last", last) };
    (expected == Some(timestamp)).then(|| Facts::new().text("end", end).hex("timestamp", timestamp))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, hits, real, real_step, row_with};
    use super::*;

    #[test]
    fn both_ends_of_a_segment_hit() {
        for backend in [OpenVm, Sp1] {
            let found = hits(&BUCKET, &real(backend));
            let ends: Vec<&str> = found.iter().map(|hit| hit.details["end"].as_str()).collect();
            assert_eq!(ends, ["first", "last"], "{backend:?}");
        }
        assert_hit(&BUCKET, &[row_with(OpenVm, "VmConnectorAir", &[])]);
    }

    #[test]
    fn clocks_within_do_not() {
        assert_no_hit(&BUCKET, &real_step(OpenVm, "add"));
        assert_no_hit(&BUCKET, &real_step(Sp1, "add"));
    }
}
