//! Padding that sends.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.row.padding_interaction_send",
    category: Category::Row,
    matches: "A message that is sent by a row that is padding: marked as not valid, or with its activity column or \
              all of its selectors 0. Honest provers send none.",
    backends: &[OpenVm, Sp1],
    bugs: &[],
    example: "add x5, x6, x7",
    rules: &[Rule::Message(ANY_KIND, message)],
};

fn message(message: &Message, state: &State) -> Option<Facts> {
    let row = state.inactive_row?;
    (message.row == Some(row) && message.is_sent && message.multiplicity != 0)
        .then(|| Facts::new().hex("multiplicity", message.multiplicity).after(row))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, real_step, without_activity};
    use super::*;

    #[test]
    fn a_row_whose_selectors_are_cleared_and_that_sends_hits() {
        for (backend, mnemonic) in [(OpenVm, "add"), (OpenVm, "jalr"), (Sp1, "add"), (Sp1, "lbu")] {
            let real = real_step(backend, mnemonic);
            assert_no_hit(&BUCKET, &real);
            assert_hit(&BUCKET, &without_activity(real));
        }
    }

    #[test]
    fn messages_of_other_rows_do_not() {
        let mut trace = without_activity(real_step(OpenVm, "add"));
        for record in &mut trace {
            if let assay_spec::MicroOp::Interaction(interaction) = record {
                interaction.base.row = None;
            }
        }
        assert_no_hit(&BUCKET, &trace);
    }
}
