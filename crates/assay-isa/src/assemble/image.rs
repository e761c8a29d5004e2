//! The image being built: bytes, names, and the places that wait for a name.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::error::{Problem, quoted};
use super::expression::{Failure, Scope, Value};
use super::operand::{Immediate, Part};
use super::{AssembleOptions, Assembly, LineInfo, MAX_FORWARD_REFERENCES};
use crate::format::ImmediateField;
use crate::isa::Xlen;

/// `addi x0, x0, 0`, which pads code.
const NOP: u32 = 0x13;

/// An instruction word without its immediate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blank {
    /// For messages.
    pub(super) mnemonic: &'static str,
    pub(super) word: u32,
    pub(super) field: ImmediateField,
}

/// What is to be filled in.
#[derive(Clone, Copy, Debug)]
enum Place {
    Word(Blank),
    Data { width: usize },
}

/// Bytes that wait for the value of an expression.
#[derive(Debug)]
struct Fixup {
    line: usize,
    offset: usize,
    place: Place,
    immediate: Immediate,
}

#[derive(Clone, Copy, Debug)]
struct Symbol {
    value: Value,
    is_label: bool,
}

/// The image being built.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) options: AssembleOptions,
    /// The line that is being assembled, from 1.
    pub(super) line: usize,
    /// Whether another error would be shown. Where it would only be counted, no advice is looked for.
    pub(super) is_explaining: bool,
    /// Whether a data section is open.
    pub(super) in_data_section: bool,
    bytes: Vec<u8>,
    symbols: BTreeMap<String, Symbol>,
    locals: BTreeMap<u64, Vec<u64>>,
    fixups: Vec<Fixup>,
    /// How many more there were no room for.
    refused_fixups: usize,
    /// Targets of the `auipc`s with a `%pcrel_hi`, by their address.
    relative: BTreeMap<u64, u64>,
    lines: Vec<LineInfo>,
    /// Whether the last of `lines` is of the current statement.
    line_is_open: bool,
}

impl Scope for Image {
    fn symbol(&self, name: &str) -> Option<Value> {
        self.symbols.get(name).map(|symbol| symbol.value)
    }

    fn local(&self, number: u64, index: usize) -> Option<u64> {
        self.locals.get(&number)?.get(index).copied()
    }

    fn local_count(&self, number: u64) -> usize {
        self.locals.get(&number).map_or(0, Vec::len)
    }

    fn here(&self) -> u64 {
        self.address_of(self.bytes.len())
    }
}

impl Image {
    pub(super) fn new(options: AssembleOptions) -> Self {
        Self {
            options,
            line: 0,
            is_explaining: true,
            in_data_section: false,
            bytes: Vec::new(),
            symbols: BTreeMap::new(),
            locals: BTreeMap::new(),
            fixups: Vec::new(),
            refused_fixups: 0,
            relative: BTreeMap::new(),
            lines: Vec::new(),
            line_is_open: false,
        }
    }

    pub(super) fn xlen(&self) -> Xlen {
        self.options.isa.xlen
    }

    pub(super) fn begin_statement(&mut self) {
        self.line_is_open = false;
    }

    fn address_of(&self, offset: usize) -> u64 {
        self.options.base.wrapping_add(offset as u64)
    }

    pub(super) fn is_defined(&self, name: &str) -> bool {
        self.symbols.contains_key(name)
    }

    /// Makes `name` the current address.
    pub(super) fn define_label(&mut self, name: &str, at: usize) -> Result<(), Problem> {
        if self.is_defined(name) {
            return Err(Problem::new(at, format!("{} is already defined", quoted(name)))
                .expecting("a name that is used once; numeric labels (1:) may be repeated"));
        }
        let value = Value::address(self.here());
        self.symbols.insert(name.to_string(), Symbol { value, is_label: true });
        Ok(())
    }

    /// Makes `number` the current address, from here on.
    pub(super) fn define_local(&mut self, number: u64) {
        let here = self.here();
        self.locals.entry(number).or_default().push(here);
    }

    /// Gives `name` a value; it may get another one later, but may not be a label.
    pub(super) fn set(&mut self, name: &str, value: Value, at: usize) -> Result<(), Problem> {
        if self.symbols.get(name).is_some_and(|symbol| symbol.is_label) {
            return Err(Problem::new(at, format!("{} is already a label", quoted(name))));
        }
        self.symbols.insert(name.to_string(), Symbol { value, is_label: false });
        Ok(())
    }

    /// Refuses `more` bytes that would pass a limit, before they are made.
    pub(super) fn check_room(&self, more: u64, at: usize) -> Result<(), Problem> {
        let limit = self.options.max_output_bytes as u64;
        let end = (self.bytes.len() as u64).saturating_add(more);
        if end > limit {
            return Err(Problem::new(at, format!("the image would be {end} bytes long; the limit is {limit}")));
        }
        let last = u128::from(self.options.base) + u128::from(end);
        if last > 1 << self.xlen().bits() {
            return Err(Problem::new(at, format!("the image would end beyond the {} address space", self.xlen())));
        }
        Ok(())
    }

    pub(super) fn put(&mut self, bytes: &[u8], is_data: bool, at: usize) -> Result<(), Problem> {
        self.check_room(bytes.len() as u64, at)?;
        self.note(bytes.len(), is_data);
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn fill(&mut self, count: u64, value: u8, is_data: bool, at: usize) -> Result<(), Problem> {
        self.check_room(count, at)?;
        self.note(count as usize, is_data);
        self.bytes.resize(self.bytes.len() + count as usize, value);
        Ok(())
    }

    /// `unit` as data, `count` times.
    pub(super) fn put_repeated(&mut self, unit: &[u8], count: u64, at: usize) -> Result<(), Problem> {
        let size = count.saturating_mul(unit.len() as u64);
        self.check_room(size, at)?;
        self.note(size as usize, true);
        self.bytes.extend(unit.iter().cycle().take(size as usize));
        Ok(())
    }

    /// Pads to a multiple of `alignment` (a power of two): with `fill`, or in code as `llvm-mc` does with `nop`; not
    /// at all if that takes more than `most` bytes.
    pub(super) fn align(
        &mut self,
        alignment: u64,
        fill: Option<u8>,
        most: Option<i64>,
        at: usize,
    ) -> Result<(), Problem> {
        let after_data = self.lines.last().map_or(self.in_data_section, |line| line.is_data);
        let padding = self.here().wrapping_neg() & (alignment - 1);
        if most.is_some_and(|most| padding as i64 > most) {
            return Ok(());
        }
        if fill.is_some() || self.in_data_section {
            return self.fill(padding, fill.unwrap_or(0), after_data, at);
        }
        self.check_room(padding, at)?;
        self.fill(padding & 3, 0, after_data, at)?;
        for _ in 0..padding / 4 {
            self.put(&NOP.to_le_bytes(), after_data, at)?;
        }
        Ok(())
    }

    fn note(&mut self, size: usize, is_data: bool) {
        if size == 0 {
            return;
        }
        match self.lines.last_mut().filter(|last| self.line_is_open && last.is_data == is_data) {
            Some(last) => last.size += size,
            None => self.lines.push(LineInfo { address: self.here(), line: self.line, size, is_data }),
        }
        self.line_is_open = true;
    }

    /// After a bad instruction: takes its place, so that the lines below do not fail for its sake.
    pub(super) fn put_placeholder(&mut self) {
        let size = 4 - self.here() % 4;
        // At the limit there is nothing left to spoil.
        let _ = self.fill(size, 0, false, 0);
    }

    /// An instruction without an immediate, or with one already in it.
    pub(super) fn put_word(&mut self, word: u32, at: usize) -> Result<(), Problem> {
        if !self.here().is_multiple_of(4) {
            return Err(Problem::new(
                at,
                format!("an instruction at {:#x}, which is not a multiple of 4", self.here()),
            )
            .expecting("`.align 2` before it"));
        }
        self.put(&word.to_le_bytes(), false, at)
    }

    /// An instruction with an immediate, now or when its symbols are known.
    pub(super) fn put_instruction(&mut self, blank: Blank, immediate: &Immediate) -> Result<(), Problem> {
        let offset = self.bytes.len();
        self.put_word(blank.word, immediate.at)?;
        self.complete(Place::Word(blank), offset, immediate)
    }

    /// `width` bytes of data, now or when its symbols are known.
    pub(super) fn put_data(&mut self, width: usize, immediate: &Immediate) -> Result<(), Problem> {
        let offset = self.bytes.len();
        self.fill(width as u64, 0, true, immediate.at)?;
        self.complete(Place::Data { width }, offset, immediate)
    }

    fn complete(&mut self, place: Place, offset: usize, immediate: &Immediate) -> Result<(), Problem> {
        // The `auipc` that `%pcrel_lo` names may itself still wait for its symbol.
        if immediate.part != Part::RelativeLow {
            match self.resolve(place, offset, immediate) {
                Ok(()) => return Ok(()),
                Err(Failure::Undefined(_)) => {}
                Err(Failure::Wrong(problem)) => return Err(problem),
            }
        }
        if self.fixups.len() >= MAX_FORWARD_REFERENCES {
            // Once: every reference below would say the same.
            self.refused_fixups += 1;
            if self.refused_fixups > 1 {
                return Ok(());
            }
            let message =
                format!("more than {MAX_FORWARD_REFERENCES} references to names that are defined further down");
            return Err(
                Problem::new(immediate.at, message).expecting("the definitions above their uses, or less source")
            );
        }
        self.fixups.push(Fixup { line: self.line, offset, place, immediate: immediate.clone() });
        Ok(())
    }

    fn resolve(&mut self, place: Place, offset: usize, immediate: &Immediate) -> Result<(), Failure> {
        let value = immediate.expression.evaluate(self)?;
        if !matches!(value.addresses, 0 | 1) {
            let problem = Problem::new(immediate.at, "neither a number nor an address: addresses are added or negated");
            return Err(Failure::Wrong(
                problem.expecting("a number, an address and a number, or a difference of two addresses"),
            ));
        }
        let pc = self.address_of(offset);
        if immediate.part == Part::RelativeHigh {
            self.relative.insert(pc, value.value as u64);
        }
        match place {
            Place::Word(blank) => {
                let field = self.field_value(blank, value, pc, immediate).map_err(Failure::Wrong)?;
                let word = blank.word | blank.field.insert(field);
                self.bytes[offset..offset + 4].copy_from_slice(&word.to_le_bytes());
            }
            Place::Data { width } => {
                check_data(value.value, width, immediate.at).map_err(Failure::Wrong)?;
                self.bytes[offset..offset + width].copy_from_slice(&value.value.to_le_bytes()[..width]);
            }
        }
        Ok(())
    }

    /// What goes into the immediate field of the instruction at `pc`.
    fn field_value(&self, blank: Blank, value: Value, pc: u64, immediate: &Immediate) -> Result<i32, Problem> {
        let at = immediate.at;
        let Blank { mnemonic, field, .. } = blank;
        let is_upper = field == ImmediateField::U;
        let is_low = matches!(field, ImmediateField::I | ImmediateField::S);
        let number = value.value;
        match immediate.part {
            Part::Whole if matches!(field, ImmediateField::B | ImmediateField::J) => {
                self.displacement(blank, value, pc, at)
            }
            // Cut to the field it would be a wrong number at one address and no error at another.
            Part::Whole if value.addresses != 0 => {
                let problem = Problem::new(at, format!("an address where `{mnemonic}` takes a number"));
                Err(problem
                    .expecting("a number, a difference of two labels, or %hi(…), %lo(…), %pcrel_hi(…) or %pcrel_lo(…)"))
            }
            Part::Whole if is_upper => match u32::try_from(number) {
                Ok(upper) if upper < 1 << 20 => Ok((upper << 12) as i32),
                _ => Err(Problem::new(at, format!("{number} does not fit in the 20 bits of `{mnemonic}`"))
                    .expecting("0 to 1048575 (0xfffff), or %hi(…) or %pcrel_hi(…)")),
            },
            Part::Whole => self.small(blank, number, at),
            Part::High if is_upper => self.split_high(number, at, "use `li` for a number, `la` for an address"),
            Part::RelativeHigh if is_upper => {
                self.split_high(self.distance(number as u64, pc), at, "no `auipc` reaches it")
            }
            Part::Low if is_low => Ok(low_bits(number)),
            Part::PairLow => Ok(low_bits(self.distance(number as u64, pc.wrapping_sub(4)))),
            Part::RelativeLow if is_low => match self.relative.get(&(number as u64)) {
                Some(&target) => Ok(low_bits(self.distance(target, number as u64))),
                None => Err(Problem::new(at, "%pcrel_lo must name the `auipc` that has the %pcrel_hi")
                    .expecting("the label of an `auipc rd, %pcrel_hi(symbol)`")),
            },
            part => Err(Problem::new(at, format!("{} does not go into `{mnemonic}`", part.name()))
                .expecting("%hi in lui, %pcrel_hi in auipc, %lo and %pcrel_lo in 12-bit immediates")),
        }
    }

    /// From `pc` to `target`, wrapping as the hart's addresses do.
    fn distance(&self, target: u64, pc: u64) -> i64 {
        let distance = target.wrapping_sub(pc) as i64;
        match self.xlen() {
            Xlen::Rv32 => i64::from(distance as i32),
            Xlen::Rv64 => distance,
        }
    }

    /// The offset of a branch or jump: a number as it is, an address from `pc`.
    fn displacement(&self, blank: Blank, value: Value, pc: u64, at: usize) -> Result<i32, Problem> {
        let Blank { mnemonic, field, .. } = blank;
        let (least, greatest, _) = field.range();
        let distance = if value.is_address() { self.distance(value.value as u64, pc) } else { value.value };
        if distance % 2 != 0 {
            return Err(Problem::new(at, format!("`{mnemonic}` cannot reach an odd distance of {distance} bytes")));
        }
        if (i64::from(least)..=i64::from(greatest)).contains(&distance) {
            return Ok(distance as i32);
        }
        let advice = if field == ImmediateField::B {
            "a nearer target, or the opposite branch around a `j`"
        } else {
            "a nearer target, or `call`, `tail` or `jump`, which reach 2 GiB"
        };
        Err(Problem::new(
            at,
            format!("the target is {distance} bytes away; `{mnemonic}` reaches from {least} to {greatest}"),
        )
        .expecting(advice))
    }

    fn small(&self, blank: Blank, number: i64, at: usize) -> Result<i32, Problem> {
        let Blank { mnemonic, field, .. } = blank;
        let (least, mut greatest, _) = field.range();
        if field == ImmediateField::Shift {
            greatest = self.xlen().bits() as i32 - 1;
        }
        // On RV32 a negative immediate may be written as the register content that it makes.
        let number = match (self.xlen(), u32::try_from(number)) {
            (Xlen::Rv32, Ok(word)) if least < 0 => i64::from(word as i32),
            _ => number,
        };
        if (i64::from(least)..=i64::from(greatest)).contains(&number) {
            return Ok(number as i32);
        }
        Err(Problem::new(at, format!("{number} is out of range for `{mnemonic}`"))
            .expecting(format!("{least} to {greatest}")))
    }

    /// The upper part of a sum of an upper and a signed 12-bit part.
    fn split_high(&self, number: i64, at: usize, advice: &str) -> Result<i32, Problem> {
        let rounded = number.wrapping_add(0x800) >> 12 << 12;
        let fits = match self.xlen() {
            Xlen::Rv32 => i32::try_from(number).is_ok() || u32::try_from(number).is_ok(),
            Xlen::Rv64 => i32::try_from(rounded).is_ok(),
        };
        if fits {
            return Ok(rounded as i32);
        }
        Err(Problem::new(at, format!("{number:#x} is not the sum of a sign-extended upper and a lower immediate"))
            .expecting(format!("a value in reach; {advice}")))
    }

    /// Fills in what waited, and hands over the image. The problems come with their lines.
    pub(super) fn finish(mut self) -> Result<Assembly, Vec<(usize, Problem)>> {
        let mut problems = Vec::new();
        let fixups = core::mem::take(&mut self.fixups);
        let (last, first): (Vec<_>, Vec<_>) =
            fixups.into_iter().partition(|fixup| fixup.immediate.part == Part::RelativeLow);
        for fixup in first.iter().chain(&last) {
            if let Err(failure) = self.resolve(fixup.place, fixup.offset, &fixup.immediate) {
                problems.push((fixup.line, failure.into()));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut assembly = Assembly {
            base: self.options.base,
            bytes: self.bytes,
            symbols: BTreeMap::new(),
            constants: BTreeMap::new(),
            lines: self.lines,
        };
        for (name, symbol) in self.symbols {
            if symbol.value.is_address() {
                assembly.symbols.insert(name, symbol.value.value as u64);
            } else {
                assembly.constants.insert(name, symbol.value.value);
            }
        }
        Ok(assembly)
    }
}

/// The low twelve bits, signed.
fn low_bits(number: i64) -> i32 {
    (number << 52 >> 52) as i32
}

pub(super) fn check_data(value: i64, width: usize, at: usize) -> Result<(), Problem> {
    let bits = 8 * width as u32;
    if bits >= 64 || (-(1 << (bits - 1))..1 << bits).contains(&value) {
        return Ok(());
    }
    Err(Problem::new(at, format!("{value} does not fit in {width} byte(s)")).expecting(format!(
        "{} to {}",
        -(1i64 << (bits - 1)),
        (1i64 << bits) - 1
    )))
}
