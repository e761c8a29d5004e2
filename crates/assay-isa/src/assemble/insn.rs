//! `.insn`: instructions by their raw fields, for encodings that the table does not have.

use alloc::format;

use super::error::{Problem, quoted};
use super::expression::{Cursor, Value};
use super::image::{Blank, Image};
use super::lexer::Kind;
use super::operand::{Immediate, Operand, Part, Shape, parse_operands};
use crate::format::ImmediateField;

/// GNU's names of the major opcodes.
const MAJOR: &[(&str, u32)] = &[
    ("LOAD", 0x03),
    ("LOAD_FP", 0x07),
    ("CUSTOM_0", 0x0b),
    ("MISC_MEM", 0x0f),
    ("OP_IMM", 0x13),
    ("AUIPC", 0x17),
    ("OP_IMM_32", 0x1b),
    ("STORE", 0x23),
    ("STORE_FP", 0x27),
    ("CUSTOM_1", 0x2b),
    ("AMO", 0x2f),
    ("OP", 0x33),
    ("LUI", 0x37),
    ("OP_32", 0x3b),
    ("MADD", 0x43),
    ("MSUB", 0x47),
    ("NMSUB", 0x4b),
    ("NMADD", 0x4f),
    ("OP_FP", 0x53),
    ("CUSTOM_2", 0x5b),
    ("BRANCH", 0x63),
    ("JALR", 0x67),
    ("JAL", 0x6f),
    ("SYSTEM", 0x73),
    ("CUSTOM_3", 0x7b),
];

/// The usage of each form, for messages.
const FORMS: &str = "`.insn r op, funct3, funct7, rd, rs1, rs2`, `.insn i op, funct3, rd, rs1, imm`, \
    `.insn s op, funct3, rs2, imm(rs1)`, `.insn b op, funct3, rs1, rs2, target`, `.insn u op, rd, imm`, \
    `.insn j op, rd, target` or `.insn word`";

pub(super) fn assemble(image: &mut Image, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    let at = cursor.at();
    let form = match cursor.peek() {
        Some(Kind::Word(form)) => *form,
        Some(Kind::Number(_)) => return word(image, at, cursor),
        _ => return Err(cursor.unexpected(FORMS)),
    };
    cursor.next();
    let operands = parse_operands(cursor, image)?;
    let fields = Fields { image, operands: &operands, at };
    let (field, word, immediate) = match (form, operands.len()) {
        ("r", 6) => (
            ImmediateField::None,
            fields.major()? | fields.funct3()? | fields.number(2, 7)? << 25 | fields.registers(3)?,
            None,
        ),
        ("r" | "r4", 7) => {
            let third = fields.register(6)? << 27;
            (
                ImmediateField::None,
                fields.major()? | fields.funct3()? | fields.number(2, 2)? << 25 | fields.registers(3)? | third,
                None,
            )
        }
        ("i", 5) => {
            let registers = fields.register(2)? << 7 | fields.register(3)? << 15;
            (ImmediateField::I, fields.major()? | fields.funct3()? | registers, Some(fields.value(4)?))
        }
        ("i", 4) => {
            let (base, offset) = fields.memory(3)?;
            (ImmediateField::I, fields.major()? | fields.funct3()? | fields.register(2)? << 7 | base << 15, offset)
        }
        ("s", 4) => {
            let (base, offset) = fields.memory(3)?;
            (ImmediateField::S, fields.major()? | fields.funct3()? | fields.register(2)? << 20 | base << 15, offset)
        }
        ("b" | "sb", 5) => {
            let registers = fields.register(2)? << 15 | fields.register(3)? << 20;
            (ImmediateField::B, fields.major()? | fields.funct3()? | registers, Some(fields.value(4)?))
        }
        ("u", 3) => (ImmediateField::U, fields.major()? | fields.register(1)? << 7, Some(fields.value(2)?)),
        ("j" | "uj", 3) => (ImmediateField::J, fields.major()? | fields.register(1)? << 7, Some(fields.value(2)?)),
        ("r" | "r4" | "i" | "s" | "b" | "sb" | "u" | "j" | "uj", count) => {
            return Err(Problem::new(at, format!("`.insn {form}` does not take {count} operands")).expecting(FORMS));
        }
        _ => return Err(Problem::new(at, format!("unknown instruction form {}", quoted(form))).expecting(FORMS)),
    };
    match immediate.cloned() {
        Some(immediate) => image.put_instruction(Blank { mnemonic: ".insn", word, field }, &immediate),
        None => image.put_word(word, at),
    }
}

/// `.insn word` or `.insn 4, word`.
fn word(image: &mut Image, at: usize, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    let operands = parse_operands(cursor, image)?;
    let fields = Fields { image, operands: &operands, at };
    let word = match operands.len() {
        1 => fields.number(0, 32)?,
        2 if fields.number(0, 32)? == 4 => fields.number(1, 32)?,
        _ => {
            return Err(
                Problem::new(at, "instructions here are 4 bytes long").expecting("`.insn word` or `.insn 4, word`")
            );
        }
    };
    if word & 3 != 3 {
        return Err(Problem::new(at, format!("{word:#x} is a 16-bit encoding, which guests here do not have"))
            .expecting("a word whose two low bits are set; `.word` takes any"));
    }
    image.put_word(word, at)
}

struct Fields<'a> {
    image: &'a Image,
    operands: &'a [Operand],
    at: usize,
}

impl<'a> Fields<'a> {
    fn operand(&self, index: usize) -> Result<&'a Operand, Problem> {
        self.operands.get(index).ok_or_else(|| Problem::new(self.at, "an operand is missing").expecting(FORMS))
    }

    fn value(&self, index: usize) -> Result<&'a Immediate, Problem> {
        let operand = self.operand(index)?;
        match &operand.shape {
            Shape::Value(immediate) => Ok(immediate),
            _ => Err(Problem::new(operand.at, "a value belongs here").expecting(FORMS)),
        }
    }

    /// A number of `bits` bits that is known here.
    fn number(&self, index: usize, bits: u32) -> Result<u32, Problem> {
        let operand = self.operand(index)?;
        let greatest = (1u64 << bits) - 1;
        let Shape::Value(Immediate { expression, part: Part::Whole, .. }) = &operand.shape else {
            return Err(Problem::new(operand.at, "a number belongs here").expecting(FORMS));
        };
        let value = expression.evaluate(self.image).map_err(Problem::from)?;
        match u64::try_from(value.value) {
            Ok(number) if number <= greatest && value == Value::number(value.value) => Ok(number as u32),
            _ => Err(Problem::new(operand.at, format!("{} does not fit in {bits} bits", value.value))
                .expecting(format!("0 to {greatest:#x}"))),
        }
    }

    fn major(&self) -> Result<u32, Problem> {
        let operand = self.operand(0)?;
        if let Shape::Value(immediate) = &operand.shape
            && let Some(name) = immediate.expression.as_symbol()
            && let Some(row) = MAJOR.iter().find(|row| row.0 == name)
        {
            return Ok(row.1);
        }
        let major = self.number(0, 7)?;
        if major & 3 == 3 {
            return Ok(major);
        }
        Err(Problem::new(operand.at, format!("{major:#x} is the opcode of a 16-bit instruction"))
            .expecting("an opcode whose two low bits are set"))
    }

    fn funct3(&self) -> Result<u32, Problem> {
        Ok(self.number(1, 3)? << 12)
    }

    fn register(&self, index: usize) -> Result<u32, Problem> {
        let operand = self.operand(index)?;
        match operand.shape {
            Shape::Register(register) => Ok(u32::from(register)),
            _ => Err(Problem::new(operand.at, "a register belongs here").expecting(FORMS)),
        }
    }

    /// `rd`, `rs1` and `rs2` from operand `index` on.
    fn registers(&self, index: usize) -> Result<u32, Problem> {
        Ok(self.register(index)? << 7 | self.register(index + 1)? << 15 | self.register(index + 2)? << 20)
    }

    fn memory(&self, index: usize) -> Result<(u32, Option<&'a Immediate>), Problem> {
        let operand = self.operand(index)?;
        match &operand.shape {
            Shape::Memory { offset, base } => Ok((u32::from(*base), offset.as_ref())),
            _ => Err(Problem::new(operand.at, "a memory operand belongs here").expecting(FORMS)),
        }
    }
}
