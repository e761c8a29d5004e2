//! What both sides did just before and after they parted: enough to see the way there, and not a trace.

use std::collections::VecDeque;

use assay_spec::{AlignedInstructions, trace::InstructionRecord};

/// Most pairs of instructions that are kept from before a divergence.
const BEFORE_MAX: usize = 8;
/// Most pairs of instructions that are kept from behind it.
const AFTER_MAX: usize = 4;

/// The last pairs of instructions, the latest last.
#[derive(Default)]
pub(crate) struct Before(VecDeque<AlignedInstructions>);

impl Before {
    /// Keeps a pair, and forgets the one that is too old.
    pub(crate) fn push(&mut self, index: u64, baseline: Option<InstructionRecord>, target: Option<InstructionRecord>) {
        if self.0.len() == BEFORE_MAX {
            self.0.pop_front();
        }
        self.0.push_back(AlignedInstructions { index, baseline, target });
    }

    /// The pairs before the divergence at `index`, and those that both streams have behind it. What cannot be read there
    /// takes nothing from what was found: it ends here.
    pub(crate) fn and_after<E>(
        self,
        index: u64,
        baseline: &mut impl Iterator<Item = Result<InstructionRecord, E>>,
        target: &mut impl Iterator<Item = Result<InstructionRecord, E>>,
    ) -> Vec<AlignedInstructions> {
        let mut pairs = Vec::from(self.0);
        for index in (index + 1..).take(AFTER_MAX) {
            let (Ok(baseline), Ok(target)) = (baseline.next().transpose(), target.next().transpose()) else { break };
            if baseline.is_none() && target.is_none() {
                break;
            }
            pairs.push(AlignedInstructions { index, baseline, target });
        }
        pairs
    }
}
