//! From source text to statements, and from instruction statements to words.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::directive;
use super::error::{AssembleError, AssembleErrors, Problem, quoted};
use super::expression::{Cursor, Value};
use super::image::{Blank, Image};
use super::insn;
use super::lexer::{Kind, lex_line};
use super::operand::{Immediate, Operand, Part, Shape, parse_operands};
use super::pseudo::{self, Syntax};
use super::{AssembleOptions, Assembly, MAX_LINE_BYTES};
use crate::csr;
use crate::disassemble::{FENCE_ALL, FENCE_TSO, ORDERINGS};
use crate::encode::encode;
use crate::format::{Format, ImmediateField};
use crate::instruction::Instruction;
use crate::registers;
use crate::table::{Entry, Opcode};

/// All errors of a run, by line.
struct Errors {
    found: Vec<AssembleError>,
    omitted: usize,
    most: usize,
}

impl Errors {
    /// Whether the next error is kept.
    fn has_room(&self) -> bool {
        self.found.len() < self.most.max(1)
    }

    /// Adds a problem of line `number`; `text` finds the line's text, and is asked only if the error is kept.
    fn add<'s>(&mut self, number: usize, text: impl FnOnce() -> &'s str, problem: Problem) {
        if self.has_room() {
            self.found.push(problem.on_line(number, text()));
        } else {
            self.omitted += 1;
        }
    }

    fn finish(mut self) -> AssembleErrors {
        self.found.sort_by_key(|error| (error.line, error.column));
        AssembleErrors { errors: self.found, omitted: self.omitted }
    }
}

pub(super) fn assemble_source(source: &str, options: &AssembleOptions) -> Result<Assembly, AssembleErrors> {
    let mut errors = Errors { found: Vec::new(), omitted: 0, most: options.max_errors };
    if source.len() > options.max_source_bytes {
        let limit = options.max_source_bytes;
        errors.add(
            1,
            || "",
            Problem::new(0, format!("the source is {} bytes long; the limit is {limit}", source.len())),
        );
        return Err(errors.finish());
    }
    if options.isa.xlen.truncate(options.base) != options.base {
        let message = format!("base address {:#x} is outside the {} address space", options.base, options.isa.xlen);
        errors.add(1, || "", Problem::new(0, message));
        return Err(errors.finish());
    }
    let text_of = |number: usize| source.lines().nth(number.saturating_sub(1)).unwrap_or_default();
    let mut image = Image::new(*options);
    let mut in_comment = false;
    let mut opened_on = 1;
    let mut tokens = Vec::new();
    for (index, line) in source.lines().enumerate() {
        image.line = index + 1;
        let was_in_comment = in_comment;
        if line.len() > MAX_LINE_BYTES {
            let message = format!("the line is {} bytes long; the limit is {MAX_LINE_BYTES}", line.len());
            errors.add(image.line, || line, Problem::new(0, message));
            continue;
        }
        if let Err(problem) = lex_line(line, &mut in_comment, &mut tokens) {
            errors.add(image.line, || line, problem);
            image.put_placeholder();
            continue;
        }
        if in_comment && !was_in_comment {
            opened_on = image.line;
        }
        for statement in tokens.split(|token| token.kind == Kind::Sign(';')) {
            let Some(last) = statement.last() else { continue };
            let end = last.end;
            image.begin_statement();
            image.is_explaining = errors.has_room();
            if let Err(problem) = assemble_statement(&mut image, Cursor { tokens: statement, end }) {
                errors.add(image.line, || line, problem);
            }
        }
    }
    if in_comment {
        let problem = Problem::new(0, "the comment that opens on this line is never closed").expecting("`*/`");
        errors.add(opened_on, || text_of(opened_on), problem);
    }
    match image.finish() {
        Ok(assembly) if errors.found.is_empty() => Ok(assembly),
        Ok(_) => Err(errors.finish()),
        Err(problems) => {
            for (line, problem) in problems {
                errors.add(line, || text_of(line), problem);
            }
            Err(errors.finish())
        }
    }
}

/// Labels, then a directive, an assignment or an instruction.
fn assemble_statement(image: &mut Image, mut cursor: Cursor<'_, '_>) -> Result<(), Problem> {
    while cursor.peek_second() == Some(&Kind::Sign(':')) {
        let at = cursor.at();
        match cursor.peek() {
            Some(&Kind::Number(number)) => image.define_local(number),
            Some(Kind::Word(name)) => {
                check_name(name, at)?;
                image.define_label(name, at)?;
            }
            _ => return Err(cursor.unexpected("a label's name or number")),
        }
        cursor.next();
        cursor.next();
    }
    let at = cursor.at();
    match cursor.next() {
        None => Ok(()),
        Some(Kind::Word(name)) if cursor.peek() == Some(&Kind::Sign('=')) => {
            cursor.next();
            directive::assign(image, name, at, &mut cursor)
        }
        Some(Kind::Word(".insn")) => insn::assemble(image, &mut cursor).inspect_err(|_| image.put_placeholder()),
        Some(Kind::Word(name)) if name.starts_with('.') && *name != "." => {
            directive::assemble(image, name, at, &mut cursor)
        }
        Some(Kind::Word(name)) => {
            let mnemonic = name.to_ascii_lowercase();
            instruction(image, &mnemonic, at, &mut cursor).inspect_err(|_| image.put_placeholder())
        }
        Some(_) => Err(Problem::new(at, "this is no statement").expecting("an instruction, a directive or a label")),
    }
}

/// Refuses names that could not be used as a symbol.
pub(super) fn check_name(name: &str, at: usize) -> Result<(), Problem> {
    if registers::parse(name).is_some() || name == "." {
        return Err(Problem::new(at, format!("`{name}` cannot be a symbol: the name is taken"))
            .expecting("a name that is not a register's"));
    }
    Ok(())
}

fn instruction(image: &mut Image, mnemonic: &str, at: usize, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    if let Some(complaint) = unsupported(mnemonic) {
        return Err(Problem::new(at, complaint));
    }
    if matches!(mnemonic, "call" | "tail" | "jump") {
        cursor.drop_plt();
    }
    let operands = parse_operands(cursor, image)?;
    if pseudo::expand(image, mnemonic, at, &operands)? {
        return Ok(());
    }
    let (name, ordering) = split_ordering(mnemonic);
    let entry = Opcode::from_mnemonic(name).map(Opcode::entry);
    let is_atomic = |entry: &Entry| entry.format.fields().imm == ImmediateField::Ordering;
    let entry = entry.filter(|entry| ordering == 0 || is_atomic(entry));
    if let Some(entry) = entry {
        check_isa(image, entry, at)?;
        if entry.format == Format::Fence {
            return fence(image, at, &operands);
        }
    } else if mnemonic == "fence.tso" && operands.is_empty() {
        let fence = Instruction { imm: FENCE_TSO, ..Instruction::new(Opcode::Fence) };
        return put(image, fence, at);
    }
    let mut candidates: Vec<Syntax> = entry.map(pseudo::own_syntax).into_iter().collect();
    candidates.extend(pseudo::single(mnemonic));
    let Some(best) = candidates.iter().max_by_key(|candidate| fit(candidate.roles, &operands)) else {
        return Err(unknown(image, mnemonic, at));
    };
    // `max_by_key` takes the last of equals; the first is the one that the manual gives.
    let best = candidates.iter().find(|c| fit(c.roles, &operands) == fit(best.roles, &operands)).unwrap_or(best);
    if !matches_all(best.roles, &operands) {
        let usages: Vec<String> = candidates.iter().map(|candidate| candidate.usage(mnemonic)).collect();
        return Err(misfit(best.roles, &operands, cursor.end, mnemonic).expecting(usages.join(" or ")));
    }
    check_isa(image, best.opcode.entry(), at)?;
    let mut best = *best;
    best.imm |= ordering;
    fill(image, &best, at, &operands)
}

/// How an operand position is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Rd,
    Rs1,
    Rs2,
    Imm,
    /// `imm(rs1)`.
    Memory,
    /// `(rs1)`.
    Base,
}

impl Role {
    fn accepts(self, operand: &Operand) -> bool {
        matches!(
            (self, &operand.shape),
            (Self::Rd | Self::Rs1 | Self::Rs2, Shape::Register(_))
                | (Self::Imm, Shape::Value(_))
                | (Self::Memory | Self::Base, Shape::Memory { .. })
        )
    }
}

/// How many operands fit from the left, and whether the count is right.
fn fit(roles: &[Role], operands: &[Operand]) -> (bool, usize, bool) {
    let fitting = roles.iter().zip(operands).take_while(|(role, operand)| role.accepts(operand)).count();
    let same_count = roles.len() == operands.len();
    (same_count && fitting == roles.len(), fitting, same_count)
}

fn matches_all(roles: &[Role], operands: &[Operand]) -> bool {
    fit(roles, operands).0
}

fn misfit(roles: &[Role], operands: &[Operand], end: usize, mnemonic: &str) -> Problem {
    for (role, operand) in roles.iter().zip(operands) {
        if role.accepts(operand) {
            continue;
        }
        let what = match (role, &operand.shape) {
            (Role::Rd | Role::Rs1 | Role::Rs2, Shape::Value(immediate)) => match immediate.expression.as_symbol() {
                Some(name) => format!("{} is not a register", quoted(name)),
                None => "a value where a register belongs".to_string(),
            },
            (Role::Rd | Role::Rs1 | Role::Rs2, _) => "a memory operand where a register belongs".to_string(),
            (Role::Imm, Shape::Register(_)) => "a register where a value belongs".to_string(),
            (Role::Imm, _) => "a memory operand where a value belongs".to_string(),
            (Role::Memory | Role::Base, _) => "a memory operand belongs here".to_string(),
        };
        return Problem::new(operand.at, what);
    }
    match operands.get(roles.len()) {
        Some(extra) => Problem::new(extra.at, format!("`{mnemonic}` does not take this many operands")),
        None => Problem::new(end, format!("`{mnemonic}` needs more operands")),
    }
}

/// Assembles the instruction that `syntax` stands for; the operands fit it.
fn fill(image: &mut Image, syntax: &Syntax, at: usize, operands: &[Operand]) -> Result<(), Problem> {
    let mut inst = Instruction { opcode: syntax.opcode, rd: syntax.rd, rs1: syntax.rs1, rs2: 0, imm: syntax.imm };
    let mut immediate = None;
    for (role, operand) in syntax.roles.iter().zip(operands) {
        match (role, &operand.shape) {
            (Role::Rd, &Shape::Register(register)) => inst.rd = register,
            (Role::Rs1, &Shape::Register(register)) => inst.rs1 = register,
            (Role::Rs2, &Shape::Register(register)) => inst.rs2 = register,
            (Role::Imm, Shape::Value(value)) => immediate = Some(value),
            (Role::Memory, Shape::Memory { offset, base }) => {
                inst.rs1 = *base;
                immediate = offset.as_ref();
            }
            (Role::Base, Shape::Memory { offset, base }) => {
                inst.rs1 = *base;
                if let Some(offset) = offset {
                    require_zero(image, offset)?;
                }
            }
            _ => return Err(Problem::new(operand.at, "this operand does not fit")),
        }
    }
    match immediate {
        Some(immediate) => put_with(image, inst, immediate),
        None => put(image, inst, at),
    }
}

fn require_zero(image: &Image, offset: &Immediate) -> Result<(), Problem> {
    match offset.expression.evaluate(image) {
        Ok(value) if value == Value::number(0) && offset.part == Part::Whole => Ok(()),
        _ => Err(Problem::new(offset.at, "an atomic takes no offset").expecting("`(rs1)`")),
    }
}

/// Emits an instruction that is complete.
pub(super) fn put(image: &mut Image, inst: Instruction, at: usize) -> Result<(), Problem> {
    let word = encode(&inst).map_err(|error| Problem::new(at, error.to_string()))?;
    image.put_word(word, at)
}

/// Emits an instruction whose immediate is `immediate`; that of `inst` must be 0.
pub(super) fn put_with(image: &mut Image, inst: Instruction, immediate: &Immediate) -> Result<(), Problem> {
    let word = encode(&inst).map_err(|error| Problem::new(immediate.at, error.to_string()))?;
    let entry = inst.opcode.entry();
    let blank = Blank { mnemonic: entry.mnemonic, word, field: entry.format.fields().imm };
    image.put_instruction(blank, immediate)
}

/// Takes `.aq`, `.rl` or `.aqrl` off a mnemonic: what is left, and `aq << 1 | rl`.
fn split_ordering(mnemonic: &str) -> (&str, i32) {
    for (bits, suffix) in ORDERINGS.iter().enumerate().skip(1).rev() {
        if let Some(name) = mnemonic.strip_suffix(suffix) {
            return (name, bits as i32);
        }
    }
    (mnemonic, 0)
}

pub(super) fn check_isa(image: &Image, entry: &Entry, at: usize) -> Result<(), Problem> {
    let isa = image.options.isa;
    let needs = if !isa.ext.contains(entry.extension) {
        format!("extension {}", entry.extension)
    } else if !entry.xlen.contains(isa.xlen) {
        String::from("rv64")
    } else {
        return Ok(());
    };
    Err(Problem::new(at, format!("`{}` needs {needs}; the ISA is {isa}", entry.mnemonic)))
}

/// `fence`, or `fence pred, succ` with sets of `iorw` or 0.
fn fence(image: &mut Image, at: usize, operands: &[Operand]) -> Result<(), Problem> {
    const EXPECTED: &str = "`fence`, or `fence pred, succ` with letters of `iorw` in that order, or 0";
    let set = |operand: &Operand| {
        let bad = || Problem::new(operand.at, "not a set of accesses").expecting(EXPECTED);
        let Shape::Value(Immediate { expression, part: Part::Whole, .. }) = &operand.shape else { return Err(bad()) };
        let Some(name) = expression.as_symbol() else {
            let zero = expression.evaluate(image).is_ok_and(|value| value == Value::number(0));
            return if zero { Ok(0) } else { Err(bad()) };
        };
        let mut rest = name;
        let mut bits = 0;
        for (letter, bit) in [('i', 8), ('o', 4), ('r', 2), ('w', 1)] {
            if let Some(shorter) = rest.strip_prefix(letter) {
                rest = shorter;
                bits |= bit;
            }
        }
        if rest.is_empty() { Ok(bits) } else { Err(bad()) }
    };
    let imm = match operands {
        [] => FENCE_ALL,
        [pred, succ] => set(pred)? << 4 | set(succ)?,
        [first, ..] => return Err(Problem::new(first.at, "`fence` takes two sets or none").expecting(EXPECTED)),
    };
    put(image, Instruction { imm, ..Instruction::new(Opcode::Fence) }, at)
}

/// Why `mnemonic`, though known, is not assembled.
fn unsupported(mnemonic: &str) -> Option<String> {
    const CSR: [&str; 16] = [
        "csrr", "csrw", "csrs", "csrc", "csrwi", "csrsi", "csrci", "csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi",
        "csrrci", "frcsr", "frrm", "frflags",
    ];
    const PRIVILEGED: [&str; 8] = ["mret", "sret", "uret", "mnret", "wfi", "sfence.vma", "hfence.vvma", "hfence.gvma"];
    let counter = mnemonic.strip_prefix("rd").filter(|name| csr::NAMES.iter().any(|row| row.1 == *name));
    if counter.is_some() || CSR.contains(&mnemonic) {
        Some(format!("`{mnemonic}` is not supported: guests here have no control and status registers (Zicsr)"))
    } else if PRIVILEGED.contains(&mnemonic) {
        Some(format!("`{mnemonic}` is not supported: guests here have no privileged instructions"))
    } else if mnemonic.starts_with("c.") {
        Some(format!("{} is not supported: guests here have no compressed instructions", quoted(mnemonic)))
    } else {
        None
    }
}

fn unknown(image: &Image, mnemonic: &str, at: usize) -> Problem {
    let problem = Problem::new(at, format!("unknown instruction {}", quoted(mnemonic)));
    match image.is_explaining.then(|| pseudo::nearest(mnemonic)).flatten() {
        Some(near) => {
            problem.expecting(format!("an instruction of {}; `{near}` is spelled nearly so", image.options.isa))
        }
        None => problem.expecting(format!("an instruction of {}, a directive or a label", image.options.isa)),
    }
}
