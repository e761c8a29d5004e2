//! One pass over a trace: each record is shown to the rules for its type and class, and hits are tallied.
//!
//! Records of one step that hit the same bucket are one hit: an instruction, then its rows, then their messages. What
//! is kept of hits is bounded; all are counted.

use assay_spec::{BucketCount, BucketHit, BucketReport, MicroOp, schema::Versioned as _};

use super::{
    ALL,
    bucket::Rule,
    facts::{Facts, Kept},
    signals::Signals,
    state::State,
    views::{Executed, Message, OtherRow, Prepared, Preparer, Row, View, message},
    zkvm::Chip,
};

/// Hits that are kept of each bucket, unless [`Matching::with_hits_max`] says otherwise. The others are counted.
pub const HITS_KEPT_PER_BUCKET: usize = 256;

/// Classes of instructions (`assay_isa::Class`).
const CLASSES: usize = 13;
/// Kinds of interactions.
const KINDS: usize = 7;

type OfBucket<F> = Vec<(usize, F)>;
type InstructionRule = fn(&Executed, &State) -> Option<Facts>;
type RowRule = fn(&Row, &State) -> Option<Facts>;
type MessageRule = fn(&Message, &State) -> Option<Facts>;

/// Matches every bucket over a trace, record by record.
#[derive(Debug)]
pub struct Matching {
    preparer: Preparer,
    matcher: Matcher,
    records: u64,
}

/// What sees records as matchers do. Apart from the [`Preparer`], so that a row can be looked at where that has it.
#[derive(Debug)]
struct Matcher {
    by_class: [OfBucket<InstructionRule>; CLASSES],
    by_chip: [OfBucket<RowRule>; Chip::COUNT],
    /// Buckets to whose hits rows of a chip belong.
    followers: [Vec<usize>; Chip::COUNT],
    by_kind: [OfBucket<MessageRule>; KINDS],
    state: State,
    tallies: Vec<Tally>,
    signals: Signals,
    hits_max: usize,
}

/// The hits of one bucket.
#[derive(Debug, Default)]
struct Tally {
    hits: u64,
    kept: Vec<Kept>,
    /// Step of the last hit.
    last_step: Option<u64>,
    /// Whether the last hit was kept.
    last_kept: bool,
}

impl Default for Matching {
    fn default() -> Self {
        Self::new()
    }
}

impl Matching {
    /// At the beginning of a trace.
    pub fn new() -> Self {
        Self { preparer: Preparer::new(), matcher: Matcher::new(), records: 0 }
    }

    /// Keeping at most `hits_max` hits of each bucket.
    #[must_use]
    pub fn with_hits_max(mut self, hits_max: usize) -> Self {
        self.matcher.hits_max = hits_max;
        self
    }

    /// The next record.
    #[inline]
    pub fn record(&mut self, record: &MicroOp) {
        self.records += 1;
        // What `prepared` does with what `Preparer::prepare` makes of it, without moving that there and back.
        match record {
            MicroOp::Instruction(record) => {
                let executed = self.preparer.instruction(record);
                if let Some(executed) = &executed {
                    self.matcher.instruction(executed);
                }
            }
            MicroOp::ChipRow(record) => match self.preparer.row(record) {
                Ok(row) => self.matcher.row(row),
                Err(other) => self.matcher.other_row(other),
            },
            MicroOp::Interaction(record) => self.matcher.message(&message(record)),
        }
    }

    /// The next record, as [`Preparer`] made it.
    #[inline]
    pub fn prepared(&mut self, record: &Prepared) {
        self.records += 1;
        match &record.0 {
            View::Instruction(executed) => self.matcher.instruction(executed),
            View::Row(row) => self.matcher.row(row),
            View::Message(message) => self.matcher.message(message),
            View::OtherRow(row) => self.matcher.other_row(*row),
            View::Unknown => {}
        }
    }

    /// What was found.
    pub fn finish(self) -> BucketReport {
        let mut buckets = Vec::new();
        let mut hits = Vec::new();
        for (bucket, tally) in ALL.iter().zip(self.matcher.tallies).filter(|(_, tally)| tally.hits > 0) {
            buckets.push(BucketCount {
                bucket: bucket.id.to_owned(),
                hits: tally.hits,
                hits_kept: tally.kept.len() as u64,
            });
            hits.extend(tally.kept.iter().map(|kept| kept.hit(bucket.id)));
        }
        buckets.sort_by(|left, right| left.bucket.cmp(&right.bucket));
        hits.sort_by(|left: &BucketHit, right| (&left.seq, &left.bucket).cmp(&(&right.seq, &right.bucket)));
        let signature = buckets.iter().map(|count| count.bucket.as_str()).collect::<Vec<_>>().join(";");
        BucketReport {
            schema: BucketReport::tag(),
            signature,
            signals: self.matcher.signals.names(),
            records: self.records,
            buckets,
            hits,
        }
    }
}

impl Matcher {
    fn new() -> Self {
        let mut by_class: [OfBucket<InstructionRule>; CLASSES] = Default::default();
        let mut by_chip: [OfBucket<RowRule>; Chip::COUNT] = Default::default();
        let mut followers: [Vec<usize>; Chip::COUNT] = Default::default();
        let mut by_kind: [OfBucket<MessageRule>; KINDS] = Default::default();
        for (index, bucket) in ALL.iter().enumerate() {
            for rule in bucket.rules {
                match *rule {
                    Rule::Instruction(classes, rule) => {
                        for &class in classes {
                            by_class[class as usize].push((index, rule));
                        }
                    }
                    Rule::Row(chips, rule) => {
                        for &chip in chips {
                            by_chip[chip as usize].push((index, rule));
                        }
                    }
                    Rule::RowsOfHit(chips) => {
                        for &chip in chips {
                            followers[chip as usize].push(index);
                        }
                    }
                    Rule::Message(kinds, rule) => {
                        for &kind in kinds {
                            by_kind[kind as usize].push((index, rule));
                        }
                    }
                }
            }
        }
        Self {
            by_class,
            by_chip,
            followers,
            by_kind,
            state: State::new(),
            tallies: ALL.iter().map(|_| Tally::default()).collect(),
            signals: Signals::default(),
            hits_max: HITS_KEPT_PER_BUCKET,
        }
    }

    fn instruction(&mut self, executed: &Executed) {
        self.state.look(executed);
        self.signals.instruction(executed);
        for (bucket, rule) in &self.by_class[executed.class() as usize] {
            // By reference here and below: facts are long to move.
            if let Some(facts) = &rule(executed, &self.state) {
                let (step, seq) = (Some(executed.record.step), executed.record.seq);
                self.tallies[*bucket].hit(step, seq, facts, None, self.hits_max);
            }
        }
        self.state.retire(executed);
    }

    fn row(&mut self, row: &Row) {
        self.state.segment_closed |= row.step.is_none();
        self.state.inactive_row = (!row.selectors.active).then_some(row.seq);
        if !row.selectors.active {
            // What padding holds means nothing; what it sends does, and is matched in its messages.
            return;
        }
        self.signals.row(row);
        let chip = row.chip() as usize;
        for (bucket, rule) in &self.by_chip[chip] {
            if let Some(facts) = &rule(row, &self.state) {
                self.tallies[*bucket].hit(row.step, row.seq, facts, Some(row.chip_name()), self.hits_max);
            }
        }
        for bucket in &self.followers[chip] {
            self.tallies[*bucket].follow(row.step, row.seq, row.chip_name());
        }
    }

    #[inline]
    fn other_row(&mut self, row: OtherRow) {
        self.state.segment_closed |= row.stepless;
        self.state.inactive_row = row.inactive.then_some(row.seq);
    }

    fn message(&mut self, message: &Message) {
        self.state.segment_closed |= message.step.is_none();
        for (bucket, rule) in &self.by_kind[message.kind as usize] {
            if let Some(facts) = &rule(message, &self.state) {
                self.tallies[*bucket].hit(message.step, message.seq, facts, message.bus, self.hits_max);
            }
        }
    }
}

impl Tally {
    /// `place` is the chip or bus of the record.
    #[inline]
    fn hit(&mut self, step: Option<u64>, seq: u64, facts: &Facts, place: Option<&'static str>, hits_max: usize) {
        if step.is_none() || self.last_step != step {
            self.hits += 1;
            self.last_step = step;
            self.last_kept = self.kept.len() < hits_max;
            if self.last_kept {
                self.kept.push(Kept::new(step));
            }
        }
        if self.last_kept {
            self.add(seq, facts, place);
        }
    }

    /// A row that belongs to the last hit, if that is of the same step.
    #[inline]
    fn follow(&mut self, step: Option<u64>, seq: u64, chip: &'static str) {
        if self.last_kept && step.is_some() && self.last_step == step {
            self.add(seq, &Facts::new(), Some(chip));
        }
    }

    #[cold]
    fn add(&mut self, seq: u64, facts: &Facts, place: Option<&'static str>) {
        if let Some(kept) = self.kept.last_mut() {
            kept.add(seq, facts, place);
        }
    }
}
