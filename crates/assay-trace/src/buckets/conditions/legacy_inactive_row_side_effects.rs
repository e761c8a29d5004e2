//! Inactive rows that take part in anything.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "legacy.inactive_row_side_effects",
    category: Category::Legacy,
    matches: "A message of any direction whose row is inactive: marked as not valid, or with its activity column or \
              all of its selectors 0. Honest provers have none.",
    backends: &[OpenVm, Sp1],
    bugs: &[],
    example: "add x5, x6, x7",
    rules: &[Rule::Message(ANY_KIND, message)],
};

fn message(message: &Message, state: &State) -> Option<Facts> {
    let row = state.inactive_row?;
    let direction = if message.is_sent { "send" } else { "receive" };
    (message.row == Some(row) && message.multiplicity != 0)
        .then(|| Facts::new().text("direction", direction).after(row))
}

#[cfg(test)]
mod tests {
    use assay_spec::{MicroOp, trace::Direction};

    use super::super::super::testing::{assert_hit, assert_no_hit, real_step, without_activity};
    use super::*;

    #[test]
    fn an_inactive_row_that_only_receives_hits_too() {
        let real = real_step(OpenVm, "add");
        assert_no_hit(&BUCKET, &real);
        let mut trace = without_activity(real);
        trace.retain(|record| !matches!(record, MicroOp::Interaction(i) if i.base.direction == Direction::Send));
        assert_hit(&BUCKET, &trace);
    }

    #[test]
    fn an_inactive_row_without_messages_does_not() {
        let mut trace = without_activity(real_step(Sp1, "add"));
        trace.retain(|record| !matches!(record, MicroOp::Interaction(_)));
        assert_no_hit(&BUCKET, &trace);
    }
}
