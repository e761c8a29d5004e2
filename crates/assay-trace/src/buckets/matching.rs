//! One pass over a trace: each record is shown to the rules for its type and class, and hits are tallied.
//!
//! Records of one step that hit the same bucket are one hit: an instruction, then its rows, then their messages. What is
//! kept of hits is bounded; all are counted.

use std::collections::BTreeMap;

use assay_spec::{
    BucketCount, BucketHit, BucketReport, MicroOp,
    schema::Versioned as _,
    trace::{ChipRowRecord, InstructionRecord, InteractionRecord},
};

use super::{
    ALL,
    bucket::Rule,
    facts::Facts,
    signals::Signals,
    state::{Executed, State},
    views::{Layouts, Message, Row},
    zkvm::Chip,
};

/// Hits that are kept of each bucket, unless [`Matching::with_hits_max`] says otherwise. The others are counted.
pub const HITS_KEPT_PER_BUCKET: usize = 1000;

/// Most positions that one hit names; further ones of the same step are left out.
pub const SEQ_PER_HIT_MAX: usize = 16;

/// Classes of instructions (`assay_isa::Class`).
const CLASSES: usize = 13;
/// Kinds of interactions.
const KINDS: usize = 7;

type OfBucket<F> = Vec<(usize, F)>;
type InstructionRule = fn(&Executed<'_>, &State) -> Option<Facts>;
type RowRule = fn(&Row<'_>, &State) -> Option<Facts>;
type MessageRule = fn(&Message<'_>, &State) -> Option<Facts>;

/// Matches every bucket over a trace, record by record.
#[derive(Debug)]
pub struct Matching {
    by_class: [OfBucket<InstructionRule>; CLASSES],
    by_chip: [OfBucket<RowRule>; Chip::COUNT],
    /// Buckets to whose hits rows of a chip belong.
    followers: [Vec<usize>; Chip::COUNT],
    by_kind: [OfBucket<MessageRule>; KINDS],
    state: State,
    layouts: Layouts,
    tallies: Vec<Tally>,
    signals: Signals,
    hits_max: usize,
    records: u64,
}

/// The hits of one bucket.
#[derive(Debug, Default)]
struct Tally {
    hits: u64,
    kept: Vec<BucketHit>,
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
            layouts: Layouts::new(),
            tallies: ALL.iter().map(|_| Tally::default()).collect(),
            signals: Signals::default(),
            hits_max: HITS_KEPT_PER_BUCKET,
            records: 0,
        }
    }

    /// Keeping at most `hits_max` hits of each bucket.
    #[must_use]
    pub fn with_hits_max(mut self, hits_max: usize) -> Self {
        self.hits_max = hits_max;
        self
    }

    /// The next record.
    #[inline]
    pub fn record(&mut self, record: &MicroOp) {
        self.records += 1;
        match record {
            MicroOp::Instruction(record) => self.instruction(record),
            MicroOp::ChipRow(record) => self.row(record),
            MicroOp::Interaction(record) => self.message(record),
        }
    }

    fn instruction(&mut self, record: &InstructionRecord) {
        let Some(executed) = Executed::new(record) else { return };
        self.state.look(&executed);
        self.signals.instruction(&executed);
        let class = executed.class() as usize;
        for (bucket, rule) in &self.by_class[class] {
            if let Some(facts) = rule(&executed, &self.state) {
                self.tallies[*bucket].hit(ALL[*bucket].id, Some(record.step), record.seq, &facts, None, self.hits_max);
            }
        }
        self.state.retire(&executed);
    }

    fn row(&mut self, record: &ChipRowRecord) {
        self.state.segment_closed |= record.base.step.is_none();
        let Some(layout) = self.layouts.of(record) else {
            self.state.inactive_row = (!record.base.valid).then_some(record.base.seq);
            return;
        };
        let row = Row::new(record, layout);
        self.state.inactive_row = (!row.selectors.active).then_some(record.base.seq);
        if !row.selectors.active {
            // What padding holds means nothing; what it sends does, and is matched in its messages.
            return;
        }
        self.signals.row(&row);
        for (bucket, rule) in &self.by_chip[row.chip() as usize] {
            if let Some(facts) = rule(&row, &self.state) {
                let chip = Some(record.base.chip.as_str());
                let (step, seq) = (record.base.step, record.base.seq);
                self.tallies[*bucket].hit(ALL[*bucket].id, step, seq, &facts, chip, self.hits_max);
            }
        }
        for bucket in &self.followers[row.chip() as usize] {
            self.tallies[*bucket].follow(record.base.step, record.base.seq, &record.base.chip);
        }
    }

    fn message(&mut self, record: &InteractionRecord) {
        self.state.segment_closed |= record.base.step.is_none();
        let message = Message { record };
        for (bucket, rule) in &self.by_kind[record.kind as usize] {
            if let Some(facts) = rule(&message, &self.state) {
                let bus = Some(record.base.bus.as_str());
                let (step, seq) = (record.base.step, record.base.seq);
                self.tallies[*bucket].hit(ALL[*bucket].id, step, seq, &facts, bus, self.hits_max);
            }
        }
    }

    /// What was found.
    pub fn finish(self) -> BucketReport {
        let mut buckets = Vec::new();
        let mut hits = Vec::new();
        for (bucket, tally) in ALL.iter().zip(self.tallies).filter(|(_, tally)| tally.hits > 0) {
            buckets.push(BucketCount {
                bucket: bucket.id.to_owned(),
                hits: tally.hits,
                hits_kept: tally.kept.len() as u64,
            });
            hits.extend(tally.kept);
        }
        buckets.sort_by(|left, right| left.bucket.cmp(&right.bucket));
        hits.sort_by(|left: &BucketHit, right| (&left.seq, &left.bucket).cmp(&(&right.seq, &right.bucket)));
        let signature = buckets.iter().map(|count| count.bucket.as_str()).collect::<Vec<_>>().join(";");
        BucketReport {
            schema: BucketReport::tag(),
            signature,
            signals: self.signals.names(),
            records: self.records,
            buckets,
            hits,
        }
    }
}

impl Tally {
    /// `place` is the chip or bus of the record.
    #[inline]
    fn hit(
        &mut self,
        id: &'static str,
        step: Option<u64>,
        seq: u64,
        facts: &Facts,
        place: Option<&str>,
        hits_max: usize,
    ) {
        if step.is_some() && self.last_step == step {
            if self.last_kept {
                self.extend(seq, facts, place);
            }
            return;
        }
        self.hits += 1;
        self.last_step = step;
        self.last_kept = self.kept.len() < hits_max;
        if self.last_kept {
            self.keep(id, step, seq, facts, place);
        }
    }

    /// A row that belongs to the last hit, if that is of the same step.
    #[inline]
    fn follow(&mut self, step: Option<u64>, seq: u64, chip: &str) {
        if step.is_some() && self.last_step == step && self.last_kept {
            self.extend(seq, &Facts::new(), Some(chip));
        }
    }

    #[cold]
    fn keep(&mut self, id: &str, step: Option<u64>, seq: u64, facts: &Facts, place: Option<&str>) {
        let mut hit = BucketHit { bucket: id.to_owned(), step, seq: Vec::new(), details: BTreeMap::new() };
        hit.seq.extend(facts.earlier);
        self.kept.push(hit);
        self.extend(seq, facts, place);
    }

    /// What another record of the same step adds; what the first one said of the same name stands.
    #[cold]
    fn extend(&mut self, seq: u64, facts: &Facts, place: Option<&str>) {
        let Some(hit) = self.kept.last_mut() else { return };
        if hit.seq.len() < SEQ_PER_HIT_MAX {
            hit.seq.push(seq);
        }
        for (name, fact) in facts.iter() {
            hit.details.entry(name.to_owned()).or_insert_with(|| fact.text());
        }
        if let Some(place) = place.filter(|_| !hit.details.contains_key("at")) {
            hit.details.insert("at".to_owned(), place.chars().take(PLACE_CHARS_MAX).collect());
        }
    }
}

/// Longest name of a chip or bus in the details of a hit, in characters.
const PLACE_CHARS_MAX: usize = 120;
