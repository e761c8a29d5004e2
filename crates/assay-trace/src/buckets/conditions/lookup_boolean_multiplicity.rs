//! Lookups that a row makes or does not make.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.lookup.boolean_multiplicity",
    category: Category::Lookup,
    matches: "A lookup (range check, bitwise or other) that an instruction's row sends: its multiplicity comes from a \
              selector and must be 0 or 1. What tables receive is a count and is not meant.",
    backends: &[OpenVm, Sp1],
    bugs: &[],
    example: "add x5, x6, x7",
    rules: &[Rule::Message(&[InteractionKind::RangeCheck, InteractionKind::Bitwise, InteractionKind::Lookup], message)],
};

fn message(message: &Message, _: &State) -> Option<Facts> {
    let sent = message.is_sent && message.step.is_some();
    sent.then(|| {
        let domain = if message.multiplicity <= 1 { "boolean" } else { "outside of {0, 1}" };
        Facts::new().hex("multiplicity", message.multiplicity).text("domain", domain)
    })
}

#[cfg(test)]
mod tests {
    use assay_spec::{MicroOp, trace::Direction};

    use super::super::super::testing::{assert_hit, assert_no_hit, hits, real_messages};
    use super::*;

    fn of_steps(bus: &str) -> Vec<MicroOp> {
        let of_step = |record: &MicroOp| matches!(record, MicroOp::Interaction(i) if i.base.step.is_some());
        real_messages(OpenVm, bus).into_iter().filter(of_step).collect()
    }

    #[test]
    fn a_lookup_that_a_row_sends_hits() {
        assert_hit(&BUCKET, &of_steps("range_check"));
        assert_hit(&BUCKET, &of_steps("bitwise"));
    }

    #[test]
    fn what_a_table_receives_and_other_buses_do_not() {
        let mut received = of_steps("bitwise");
        for record in &mut received {
            let MicroOp::Interaction(interaction) = record else { unreachable!() };
            interaction.base.direction = Direction::Receive;
        }
        assert_no_hit(&BUCKET, &received);
        assert_no_hit(&BUCKET, &of_steps("memory"));
    }

    #[test]
    fn a_multiplicity_of_two_is_named() {
        let mut sent = of_steps("bitwise");
        sent.truncate(1);
        let MicroOp::Interaction(interaction) = &mut sent[0] else { unreachable!() };
        interaction.base.multiplicity = 2;
        assert_eq!(hits(&BUCKET, &sent)[0].details["domain"], "outside of {0, 1}");
    }
}
