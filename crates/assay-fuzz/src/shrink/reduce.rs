//! The order of the passes, and those that remove things: instructions, registers, memory, input.

use std::collections::BTreeSet;

use assay_spec::{Register, ShrinkEnd};

use super::{
    Stage,
    case::Case,
    fields, focus,
    model::{Beliefs, Prior},
    observed::Observed,
    operands,
    options::Options,
    program::Program,
    session::{Candidate, Session},
    weight::NOP,
};

/// Runs all passes until none of them makes the best case smaller.
pub(super) fn to_the_end(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    tidy(session)?;
    focus::narrow(session)?;
    let trust = keep_the_slice(session)?;
    remove_blocks(session)?;
    remove_parts(session, trust)?;
    reduce_the_rest(session)?;
    session.enter(Stage::Canonicalise);
    loop {
        blank_instructions(session)?;
        operands::simplify(session)?;
        let plainer = session.weight().clone();
        // What is plainer may do without something that was needed before. If it does not, it is as plain as it gets.
        reduce_the_rest(session)?;
        if *session.weight() == plainer {
            return operands::rename_registers(session);
        }
    }
}

/// Reduces until nothing by itself is superfluous.
fn reduce_the_rest(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    loop {
        let before = session.weight().clone();
        reduce_input(session)?;
        fields::reduce(session)?;
        blank_memory(session)?;
        remove_parts(session, Trust::Nothing)?;
        begin_with_results(session)?;
        pick_a_step(session)?;
        if *session.weight() == before {
            return Ok(());
        }
    }
}

/// Removes what says nothing, which costs no test: the case means the same without it.
fn tidy(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    let case = session.best.normalised();
    session.first([Candidate { case, change: "left out what says nothing".to_owned() }].into_iter())?;
    Ok(())
}

/// Removes units from what the best case is now, as `beliefs` learn which are needed. `build` makes the case without those
/// whose flag is set, and `describe` says what a removal of so many is.
pub(super) fn remove_units(
    session: &mut Session<'_>,
    count: usize,
    mut beliefs: Beliefs,
    build: impl Fn(&Case, &[bool]) -> Case,
    describe: impl Fn(usize) -> String,
) -> Result<(), ShrinkEnd> {
    let base = session.best.clone();
    let mut gone = vec![false; count];
    loop {
        let candidates = beliefs.if_all_fail().map(|units| {
            let mut gone = gone.clone();
            flag(&mut gone, &units);
            Candidate { case: build(&base, &gone), change: describe(units.len()) }
        });
        let Some(position) = session.first(candidates)? else { return Ok(()) };
        let mut tried = beliefs.if_all_fail();
        tried.by_ref().take(position).for_each(|units| beliefs.failed(&units));
        let units = tried.next().expect("it was tried");
        flag(&mut gone, &units);
        beliefs.removed(&units);
    }
}

fn flag(flags: &mut [bool], units: &[usize]) {
    for &unit in units {
        flags[unit] = true;
    }
}

/// A thing that an instruction sequence can do without.
#[derive(Clone, Copy, Debug)]
enum Part {
    Instruction(usize),
    Register(Register),
    Memory(usize),
}

fn parts(case: &Case) -> Vec<Part> {
    let instructions = (0..case.instructions.len()).map(Part::Instruction);
    let registers = case.registers.keys().copied().map(Part::Register);
    let memory = (0..case.memory.len()).map(Part::Memory);
    instructions.chain(registers).chain(memory).collect()
}

fn without(case: &Case, program: &Program, parts: &[Part], gone: &[bool]) -> Case {
    let mut smaller = case.clone();
    let mut gone_instructions = vec![false; program.len()];
    let mut gone_memory = vec![false; case.memory.len()];
    for (part, _) in parts.iter().zip(gone).filter(|(_, gone)| **gone) {
        match *part {
            Part::Instruction(index) => gone_instructions[index] = true,
            Part::Register(register) => drop(smaller.registers.remove(&register)),
            Part::Memory(index) => gone_memory[index] = true,
        }
    }
    smaller.instructions = program.without(&gone_instructions);
    let mut gone_memory = gone_memory.into_iter();
    smaller.memory.retain(|_| !gone_memory.next().unwrap_or(false));
    smaller
}

/// What contributes to the last instruction: seen in a run where there is one, else as far as the words tell.
struct Contribution {
    instructions: Vec<bool>,
    executed: Vec<bool>,
    registers: BTreeSet<u8>,
    /// Bytes of memory that are read; all of them if that was not seen.
    bytes: Option<BTreeSet<u64>>,
}

impl Contribution {
    fn to_the_last(case: &Case, program: &Program, options: &Options) -> Option<Self> {
        let last = program.len().checked_sub(1)?;
        let observed = Observed::of(case, options);
        let end = observed.as_ref().and_then(|observed| observed.visits(last).next_back());
        let Some((observed, end)) = observed.zip(end) else {
            let instructions = program.may_contribute_to(last);
            let registers = program.read_by(&instructions);
            return Some(Self { instructions, executed: vec![true; program.len()], registers, bytes: None });
        };
        let (slice, executed) = (observed.slice(end), observed.executed());
        Some(Self {
            instructions: (0..program.len()).map(|index| slice.instructions.contains(&index)).collect(),
            executed: (0..program.len()).map(|index| executed.contains(&index)).collect(),
            registers: slice.registers,
            bytes: Some(slice.bytes),
        })
    }

    fn prior(&self, part: Part, case: &Case, program: &Program) -> Prior {
        let used = match part {
            Part::Instruction(index) if program.is_control(index) && self.executed[index] => return Prior::Unknown,
            Part::Instruction(index) => self.instructions[index],
            Part::Register(register) => self.registers.contains(&register.index()),
            Part::Memory(index) => self.bytes.as_ref().is_none_or(|bytes| {
                let piece = &case.memory[index];
                let end = piece.addr.0.saturating_add(piece.hex.0.len() as u64);
                bytes.range(piece.addr.0..end).next().is_some()
            }),
        };
        if used { Prior::Used } else { Prior::Unused }
    }
}

/// Tries to keep only what contributes to the last instruction: without branches; with them; and, as a bug may well have
/// nothing to do with values, without the registers and memory that do not contribute.
fn keep_the_slice(session: &mut Session<'_>) -> Result<Trust, ShrinkEnd> {
    let case = session.best.clone();
    let program = Program::of(&case);
    let Some(contribution) = Contribution::to_the_last(&case, &program, session.options) else {
        return Ok(Trust::State);
    };
    let parts = parts(&case);
    let without_all = |gone: &dyn Fn(Part, Prior) -> bool| {
        let gone: Vec<bool> = parts.iter().map(|&part| gone(part, contribution.prior(part, &case, &program))).collect();
        let change = "kept what contributes to the last instruction".to_owned();
        Candidate { case: without(&case, &program, &parts, &gone), change }
    };
    let candidates = [
        without_all(&|_, prior| prior <= Prior::Unknown),
        without_all(&|_, prior| prior == Prior::Unused),
        without_all(&|part, prior| prior == Prior::Unused && !matches!(part, Part::Instruction(_))),
    ];
    Ok(match session.first(candidates.into_iter())? {
        Some(0 | 1) => Trust::Slice,
        Some(_) | None => Trust::State,
    })
}

/// Removes basic blocks, where there is more of them than is worth looking at instruction by instruction.
fn remove_blocks(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    /// Below that, blocks were measured to cost more tests than they save.
    const INSTRUCTIONS_MIN: usize = 300;
    let program = Program::of(&session.best);
    let blocks = program.blocks();
    if program.len() < INSTRUCTIONS_MIN || blocks.len() < 2 {
        return Ok(());
    }
    let build = |case: &Case, gone: &[bool]| {
        let mut gone_instructions = vec![false; program.len()];
        for (block, _) in blocks.iter().zip(gone).filter(|(_, gone)| **gone) {
            gone_instructions[block.clone()].fill(true);
        }
        Case { instructions: program.without(&gone_instructions), ..case.clone() }
    };
    let beliefs = Beliefs::new(blocks.iter().map(|_| Prior::Unknown));
    remove_units(session, blocks.len(), beliefs, build, |count| format!("removed {count} basic blocks"))
}

/// What of that which contributes to the last instruction is believed to matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// All of it: the case was interesting without the rest.
    Slice,
    /// Registers and memory; of the instructions nobody knows.
    State,
    /// Nothing, but everything that is left was needed a moment ago.
    Nothing,
}

/// Removes instructions, registers and pieces of memory.
fn remove_parts(session: &mut Session<'_>, trust: Trust) -> Result<(), ShrinkEnd> {
    let case = session.best.clone();
    let program = Program::of(&case);
    let parts = parts(&case);
    let contribution = match trust {
        Trust::Slice | Trust::State => Contribution::to_the_last(&case, &program, session.options),
        Trust::Nothing => None,
    };
    let beliefs = Beliefs::new(parts.iter().map(|&part| match (&contribution, part) {
        (None, _) => Prior::Needed,
        (Some(_), Part::Instruction(_)) if trust == Trust::State => Prior::Unknown,
        (Some(contribution), _) => contribution.prior(part, &case, &program),
    }));
    let build = |case: &Case, gone: &[bool]| without(case, &program, &parts, gone);
    remove_units(session, parts.len(), beliefs, build, |count| {
        format!("removed {count} instructions, registers or pieces of memory")
    })
}

/// Removes instructions that run once, where it does as well to begin with their result in its register. The last one is what
/// matters and stays.
fn begin_with_results(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    /// Where more are left, it is not for want of trying, and each costs a test.
    const INSTRUCTIONS_MAX: usize = 32;
    loop {
        let case = session.best.clone();
        let program = Program::of(&case);
        let Some(observed) = Observed::of(&case, session.options).filter(|_| program.len() <= INSTRUCTIONS_MAX) else {
            return Ok(());
        };
        let indices = (0..program.len()).rev().skip(1).filter(|&index| !program.is_control(index));
        let candidates = indices.filter_map(|index| {
            let (register, value) = observed.only_result(index)?;
            let gone: Vec<bool> = (0..program.len()).map(|other| other == index).collect();
            let mut shorter = Case { instructions: program.without(&gone), ..case.clone() };
            shorter.set_register(register, value);
            Some(Candidate { case: shorter, change: format!("began with the result of instruction {}", index + 1) })
        });
        if session.first(candidates)?.is_none() {
            return Ok(());
        }
    }
}

/// Where a loop is left, tries single steps of its rounds: the round that matters may be none that was tried at the beginning.
fn pick_a_step(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    /// Most steps that are tried; each costs a test.
    const STEPS_MAX: usize = 32;
    let case = session.best.clone();
    let program = Program::of(&case);
    let Some(observed) = Observed::of(&case, session.options) else { return Ok(()) };
    let repeated =
        (0..program.len()).filter(|&index| !program.is_control(index) && observed.visits(index).nth(1).is_some());
    let steps = repeated.flat_map(|index| observed.visits(index)).take(STEPS_MAX);
    let candidates = steps.map(|step| Candidate {
        case: observed.window(&case, &program, step, 1),
        change: "one step of a loop, from the values that it meets".to_owned(),
    });
    session.first(candidates)?;
    Ok(())
}

/// Puts nops in place of instructions that cannot be removed, where only their place is needed.
fn blank_instructions(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    let left: Vec<usize> =
        (0..session.best.instructions.len()).filter(|&index| session.best.instructions[index] != NOP).collect();
    let build = |case: &Case, gone: &[bool]| {
        let mut blank = case.clone();
        left.iter().zip(gone).filter(|(_, gone)| **gone).for_each(|(&index, _)| blank.instructions[index] = NOP);
        blank
    };
    let beliefs = Beliefs::new(left.iter().map(|_| Prior::Needed));
    remove_units(session, left.len(), beliefs, build, |count| format!("made {count} instructions nops"))
}

/// Sizes of chunks of `length` things, from a sixteenth of all down to one.
pub(super) fn chunk_sizes(length: usize) -> impl Iterator<Item = usize> {
    const PARTS: usize = 16;
    let coarsest = (length / PARTS).next_power_of_two();
    std::iter::successors(Some(coarsest), |&size| (size > 1).then_some((size / 4).max(1)))
}

/// Removes input bytes: all, then chunks of them.
fn reduce_input(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    if session.best.input.is_empty() {
        return Ok(());
    }
    let case = Case { input: Vec::new(), ..session.best.clone() };
    if session.first([Candidate { case, change: "removed the input".to_owned() }].into_iter())?.is_some() {
        return Ok(());
    }
    for size in chunk_sizes(session.best.input.len()) {
        let chunks = session.best.input.len().div_ceil(size);
        let build = |case: &Case, gone: &[bool]| {
            let kept = case.input.chunks(size).zip(gone).filter(|(_, gone)| !**gone);
            Case { input: kept.flat_map(|(chunk, _)| chunk).copied().collect(), ..case.clone() }
        };
        let beliefs = Beliefs::new((0..chunks).map(|_| Prior::Unknown));
        remove_units(session, chunks, beliefs, build, |count| {
            format!("removed input bytes: {count} chunks of up to {size}")
        })?;
    }
    Ok(())
}

/// Makes bytes of memory 0, those first that nobody was seen reading, and cuts zeros off the ends.
fn blank_memory(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    trim_memory(session)?;
    let read = Observed::of(&session.best, session.options).map(|observed| observed.bytes_read());
    let places: Vec<(usize, usize)> = session
        .best
        .memory
        .iter()
        .enumerate()
        .flat_map(|(piece, init)| {
            init.hex.0.iter().enumerate().filter(|(_, byte)| **byte != 0).map(move |(offset, _)| (piece, offset))
        })
        .collect();
    for size in chunk_sizes(places.len()) {
        let places: Vec<(usize, usize)> = places
            .iter()
            .copied()
            .filter(|&(piece, offset)| {
                let init = session.best.memory.get(piece);
                init.is_some_and(|init| init.hex.0.get(offset).is_some_and(|&byte| byte != 0))
            })
            .collect();
        let chunks: Vec<&[(usize, usize)]> = places.chunks(size).collect();
        let memory = session.best.memory.clone();
        let beliefs = Beliefs::new(chunks.iter().map(|chunk| match &read {
            Some(read) => {
                let address = |&(piece, offset): &(usize, usize)| memory[piece].addr.0.wrapping_add(offset as u64);
                if chunk.iter().any(|place| read.contains(&address(place))) { Prior::Used } else { Prior::Unused }
            }
            None => Prior::Unknown,
        }));
        let build = |case: &Case, gone: &[bool]| {
            let mut blank = case.clone();
            for (chunk, _) in chunks.iter().zip(gone).filter(|(_, gone)| **gone) {
                chunk.iter().for_each(|&(piece, offset)| blank.memory[piece].hex.0[offset] = 0);
            }
            blank
        };
        remove_units(session, chunks.len(), beliefs, build, |count| {
            format!("made bytes of memory 0: {count} chunks of up to {size}")
        })?;
    }
    trim_memory(session)
}

fn trim_memory(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    let trimmed = |front: bool, back: bool| {
        let mut case = session.best.clone();
        for piece in &mut case.memory {
            let zeros = |bytes: &mut dyn Iterator<Item = &u8>| bytes.take_while(|byte| **byte == 0).count();
            if back {
                let zeros = zeros(&mut piece.hex.0.iter().rev());
                piece.hex.0.truncate(piece.hex.0.len() - zeros);
            }
            if front {
                let zeros = zeros(&mut piece.hex.0.iter());
                piece.hex.0.drain(..zeros);
                piece.addr.0 = piece.addr.0.wrapping_add(zeros as u64);
            }
        }
        case.memory.retain(|piece| !piece.hex.0.is_empty());
        Candidate { case, change: "cut zeros off the ends of memory".to_owned() }
    };
    let candidates = [trimmed(true, true), trimmed(true, false), trimmed(false, true)];
    session.first(candidates.into_iter())?;
    Ok(())
}
