//! Messages that carry digests or memory state under a kind.

use super::prelude::*;

pub(super) static BUCKET: Bucket = Bucket {
    id: "sem.interaction.digest_kind_route",
    category: Category::Interaction,
    matches: "A message about memory state that goes its way by a kind: on OpenVM's memory_merkle bus (expand \
              direction and height) and its compression bus, on SP1's global bus (send, receive and kind flags). A \
              message that passes for one of another kind connects what does not belong together.",
    backends: &[OpenVm, Sp1],
    bugs: &[],
    example: "li x6, 0x300000\nlw x5, 0(x6)",
    rules: &[Rule::Message(&[InteractionKind::Other], message)],
};

fn message(message: &Message, _: &State) -> Option<Facts> {
    match message.content {
        Content::TreeNode { expand_direction, height } => {
            Some(Facts::new().hex("expand_direction", expand_direction).hex("height", height))
        }
        Content::Compression => Some(Facts::new()),
        Content::Global { is_send, is_receive, kind } => {
            Some(Facts::new().hex("kind", kind).hex("is_send", is_send).hex("is_receive", is_receive))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{assert_hit, assert_no_hit, real_messages, rv32};
    use super::*;

    #[test]
    fn digests_and_global_messages_hit() {
        for (backend, bus) in [(OpenVm, "memory_merkle"), (OpenVm, "compression"), (Sp1, "global")] {
            assert_hit(&BUCKET, &real_messages(backend, bus));
        }
    }

    #[test]
    fn other_messages_do_not() {
        assert_no_hit(&BUCKET, &real_messages(OpenVm, "memory"));
        assert_no_hit(&BUCKET, &real_messages(Sp1, "memory_global_init_control"));
        assert_no_hit(&BUCKET, &rv32("li a0, 1\necall"));
    }
}
