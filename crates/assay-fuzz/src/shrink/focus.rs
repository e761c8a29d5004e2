//! Where the runs part, and that place alone.
//!
//! A sequence that ends right behind the instruction that goes wrong is still interesting, one that ends before it is not, so
//! the shortest interesting prefix ends with it: it is found in a logarithm of tests. That instruction, perhaps with the few
//! steps before it, from the registers and memory that it meets in the run, is then all that is needed, unless
//! the fault depends on what ran long before.

use assay_spec::ShrinkEnd;

use super::{
    case::Case,
    observed::Observed,
    program::Program,
    session::{Candidate, Session},
};

/// Longest window of steps that is tried by itself.
const WINDOW_STEPS_MAX: usize = 16;

/// Cuts the case to what ends with the instruction at which the runs part, as far as that can be found. Then, or if nothing
/// helps, the last instruction of the best case is the one that matters.
pub(super) fn narrow(session: &mut Session<'_>) -> Result<(), ShrinkEnd> {
    let length = session.best.instructions.len();
    let hinted = session.options.focus.filter(|focus| focus.index < length);
    if let Some(focus) = hinted
        && (window(session, focus.index, focus.visit)? || cut_behind(session, focus.index)?)
    {
        return Ok(());
    }
    shortest_prefix(session, hinted.map_or(0, |focus| focus.index + 1))?;
    if let Some(last) = session.best.instructions.len().checked_sub(1) {
        window(session, last, None)?;
    }
    Ok(())
}

/// Tries the few steps that end with an execution of the instruction at `index`, fewest first. Whether that helped.
fn window(session: &mut Session<'_>, index: usize, visit: Option<u64>) -> Result<bool, ShrinkEnd> {
    let case = session.best.clone();
    let program = Program::of(&case);
    let observed = Observed::of(&case, session.options);
    let ends = observed.as_ref().map_or_else(Vec::new, |observed| ends(observed, index, visit));
    let longest = WINDOW_STEPS_MAX.min(case.instructions.len());
    let lengths = std::iter::successors(Some(1), |length| Some(length * 4)).take_while(|&length| length <= longest);
    let candidates = lengths.flat_map(|length| {
        let seen = observed.iter().flat_map(|observed| ends.iter().map(move |&end| (observed, end)));
        let seen = seen.map(|(observed, end)| observed.window(&case, &program, end, length));
        // Nobody saw it run: as it stands there, from the values at the very beginning.
        let unseen = ends.is_empty().then(|| standing(&case, &program, index, length));
        let change = match length {
            1 => format!("instruction {} alone", index + 1),
            _ => format!("{length} steps that end with instruction {}", index + 1),
        };
        let cases: Vec<_> = seen.chain(unseen).collect();
        cases.into_iter().map(move |case| Candidate { case, change: change.clone() })
    });
    Ok(session.first(candidates)?.is_some())
}

/// The steps at which the instruction runs: those of the visit, or the first and the last.
fn ends(observed: &Observed, index: usize, visit: Option<u64>) -> Vec<usize> {
    if let Some(visit) = visit.and_then(|visit| usize::try_from(visit).ok()) {
        return observed.visits(index).nth(visit).into_iter().collect();
    }
    let mut ends: Vec<usize> = observed.visits(index).next().into_iter().collect();
    ends.extend(observed.visits(index).next_back().filter(|last| ends != [*last]));
    ends
}

/// The `length` instructions that end with the one at `index`.
fn standing(case: &Case, program: &Program, index: usize, length: usize) -> Case {
    let gone: Vec<bool> = (0..program.len()).map(|other| other > index || other + length <= index).collect();
    Case { instructions: program.without(&gone), ..case.clone() }
}

fn cut_behind(session: &mut Session<'_>, index: usize) -> Result<bool, ShrinkEnd> {
    let candidate = prefix(session, index + 1);
    let nothing_behind = index + 1 == session.best.instructions.len();
    Ok(nothing_behind || session.first([candidate].into_iter())?.is_some())
}

/// Cuts behind the shortest prefix that is interesting, of those that are longer than `boring`; by bisection, as if every
/// longer prefix were interesting too.
fn shortest_prefix(session: &mut Session<'_>, boring: usize) -> Result<(), ShrinkEnd> {
    let (mut boring, mut interesting) = (boring, session.best.instructions.len());
    while boring + 1 < interesting {
        // If each fails, the next is in the middle of what is above.
        let lengths: Vec<usize> = std::iter::successors(Some(middle(boring, interesting)), |&failed| {
            (failed + 1 < interesting).then(|| middle(failed, interesting))
        })
        .collect();
        let candidates: Vec<_> = lengths.iter().map(|&length| prefix(session, length)).collect();
        match session.first(candidates.into_iter())? {
            Some(position) => {
                interesting = lengths[position];
                boring = if position == 0 { boring } else { lengths[position - 1] };
            }
            None => return Ok(()),
        }
    }
    Ok(())
}

fn middle(low: usize, high: usize) -> usize {
    usize::midpoint(low, high)
}

/// The first instructions of the best case.
fn prefix(session: &Session<'_>, length: usize) -> Candidate {
    let program = Program::of(&session.best);
    let gone: Vec<bool> = (0..program.len()).map(|index| index >= length).collect();
    let case = Case { instructions: program.without(&gone), ..session.best.clone() };
    Candidate { case, change: format!("cut behind instruction {length}") }
}
