//! Ways of writing an instruction: the table's own, the aliases of one instruction, and those of several.

use alloc::format;
use alloc::string::String;

use super::constant::load_constant;
use super::error::Problem;
use super::expression::Value;
use super::image::Image;
use super::operand::{Immediate, Operand, Part, Shape};
use super::statement::{Role, check_isa, put, put_with};
use crate::format::{Class, Format, ImmediateField};
use crate::instruction::Instruction;
use crate::isa::Xlen;
use crate::table::{Entry, Opcode, TABLE};

/// What GNU and LLVM assemble `unimp` to: a write to a read-only CSR, illegal on every hart.
const UNIMP: u32 = 0xc000_1073;

/// One way of writing one instruction: the operands in order, and what the others are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Syntax {
    pub(super) roles: &'static [Role],
    pub(super) opcode: Opcode,
    pub(super) rd: u8,
    pub(super) rs1: u8,
    pub(super) imm: i32,
}

impl Syntax {
    /// `mnemonic rd, rs1, imm`, for messages.
    pub(super) fn usage(&self, mnemonic: &str) -> String {
        let field = self.opcode.entry().format.fields().imm;
        let mut usage = format!("`{mnemonic}");
        for (index, role) in self.roles.iter().enumerate() {
            usage.push_str(if index == 0 { " " } else { ", " });
            usage.push_str(match role {
                Role::Rd => "rd",
                Role::Rs1 => "rs1",
                Role::Rs2 => "rs2",
                Role::Imm if matches!(field, ImmediateField::B | ImmediateField::J) => "target",
                Role::Imm if matches!(field, ImmediateField::Shift | ImmediateField::ShiftWord) => "shamt",
                Role::Imm => "imm",
                Role::Memory => "imm(rs1)",
                Role::Base => "(rs1)",
            });
        }
        usage.push('`');
        usage
    }
}

/// The syntax that the table row itself has.
pub(super) fn own_syntax(entry: &Entry) -> Syntax {
    use Role::{Base, Imm, Memory, Rd, Rs1, Rs2};
    let roles: &'static [Role] = match entry.format {
        Format::R => &[Rd, Rs1, Rs2],
        Format::I | Format::Shift | Format::ShiftWord | Format::VendorReveal => &[Rd, Rs1, Imm],
        Format::Load => &[Rd, Memory],
        Format::Store => &[Rs2, Memory],
        Format::Branch => &[Rs1, Rs2, Imm],
        Format::Upper | Format::Jump => &[Rd, Imm],
        Format::LoadReserved => &[Rd, Base],
        Format::Atomic => &[Rd, Rs2, Base],
        Format::Fence | Format::FenceI | Format::Bare => &[],
        Format::VendorCode => &[Imm],
        Format::VendorOne => &[Rd],
        Format::VendorTwo => &[Rd, Rs1],
    };
    Syntax { roles, opcode: entry.opcode, rd: 0, rs1: 0, imm: 0 }
}

type Alias = (&'static str, &'static [Role], Opcode, u8, u8, i32);

/// Aliases of one instruction: name, operands, instruction, and the `rd`, `rs1` and immediate that are not operands
/// (`rs2` that is none is x0).
#[rustfmt::skip]
const ALIASES: &[Alias] = {
    use Role::{Imm, Memory, Rd, Rs1, Rs2};
    &[
        ("nop",    &[],              Opcode::Addi,   0, 0, 0),
        ("mv",     &[Rd, Rs1],       Opcode::Addi,   0, 0, 0),
        ("move",   &[Rd, Rs1],       Opcode::Addi,   0, 0, 0),
        ("not",    &[Rd, Rs1],       Opcode::Xori,   0, 0, -1),
        ("neg",    &[Rd, Rs2],       Opcode::Sub,    0, 0, 0),
        ("negw",   &[Rd, Rs2],       Opcode::Subw,   0, 0, 0),
        ("sext.w", &[Rd, Rs1],       Opcode::Addiw,  0, 0, 0),
        ("zext.b", &[Rd, Rs1],       Opcode::Andi,   0, 0, 255),
        ("seqz",   &[Rd, Rs1],       Opcode::Sltiu,  0, 0, 1),
        ("snez",   &[Rd, Rs2],       Opcode::Sltu,   0, 0, 0),
        ("sltz",   &[Rd, Rs1],       Opcode::Slt,    0, 0, 0),
        ("sgtz",   &[Rd, Rs2],       Opcode::Slt,    0, 0, 0),
        ("sgt",    &[Rd, Rs2, Rs1],  Opcode::Slt,    0, 0, 0),
        ("sgtu",   &[Rd, Rs2, Rs1],  Opcode::Sltu,   0, 0, 0),
        ("beqz",   &[Rs1, Imm],      Opcode::Beq,    0, 0, 0),
        ("bnez",   &[Rs1, Imm],      Opcode::Bne,    0, 0, 0),
        ("blez",   &[Rs2, Imm],      Opcode::Bge,    0, 0, 0),
        ("bgez",   &[Rs1, Imm],      Opcode::Bge,    0, 0, 0),
        ("bltz",   &[Rs1, Imm],      Opcode::Blt,    0, 0, 0),
        ("bgtz",   &[Rs2, Imm],      Opcode::Blt,    0, 0, 0),
        ("bgt",    &[Rs2, Rs1, Imm], Opcode::Blt,    0, 0, 0),
        ("ble",    &[Rs2, Rs1, Imm], Opcode::Bge,    0, 0, 0),
        ("bgtu",   &[Rs2, Rs1, Imm], Opcode::Bltu,   0, 0, 0),
        ("bleu",   &[Rs2, Rs1, Imm], Opcode::Bgeu,   0, 0, 0),
        ("j",      &[Imm],           Opcode::Jal,    0, 0, 0),
        ("jal",    &[Imm],           Opcode::Jal,    1, 0, 0),
        ("jr",     &[Rs1],           Opcode::Jalr,   0, 0, 0),
        ("jr",     &[Memory],        Opcode::Jalr,   0, 0, 0),
        ("jr",     &[Rs1, Imm],      Opcode::Jalr,   0, 0, 0),
        ("jalr",   &[Rs1],           Opcode::Jalr,   1, 0, 0),
        ("jalr",   &[Memory],        Opcode::Jalr,   1, 0, 0),
        ("jalr",   &[Rs1, Imm],      Opcode::Jalr,   1, 0, 0),
        ("jalr",   &[Rd, Rs1],       Opcode::Jalr,   0, 0, 0),
        ("jalr",   &[Rd, Rs1, Imm],  Opcode::Jalr,   0, 0, 0),
        ("ret",    &[],              Opcode::Jalr,   0, 1, 0),
        ("scall",  &[],              Opcode::Ecall,  0, 0, 0),
        ("sbreak", &[],              Opcode::Ebreak, 0, 0, 0),
        ("add",    &[Rd, Rs1, Imm],  Opcode::Addi,   0, 0, 0),
        ("and",    &[Rd, Rs1, Imm],  Opcode::Andi,   0, 0, 0),
        ("or",     &[Rd, Rs1, Imm],  Opcode::Ori,    0, 0, 0),
        ("xor",    &[Rd, Rs1, Imm],  Opcode::Xori,   0, 0, 0),
        ("sll",    &[Rd, Rs1, Imm],  Opcode::Slli,   0, 0, 0),
        ("srl",    &[Rd, Rs1, Imm],  Opcode::Srli,   0, 0, 0),
        ("sra",    &[Rd, Rs1, Imm],  Opcode::Srai,   0, 0, 0),
        ("slt",    &[Rd, Rs1, Imm],  Opcode::Slti,   0, 0, 0),
        ("sltu",   &[Rd, Rs1, Imm],  Opcode::Sltiu,  0, 0, 0),
        ("addw",   &[Rd, Rs1, Imm],  Opcode::Addiw,  0, 0, 0),
        ("sllw",   &[Rd, Rs1, Imm],  Opcode::Slliw,  0, 0, 0),
        ("srlw",   &[Rd, Rs1, Imm],  Opcode::Srliw,  0, 0, 0),
        ("sraw",   &[Rd, Rs1, Imm],  Opcode::Sraiw,  0, 0, 0),
    ]
};

/// The aliases of one instruction that `mnemonic` has.
pub(super) fn single(mnemonic: &str) -> impl Iterator<Item = Syntax> {
    ALIASES.iter().filter(move |alias| alias.0 == mnemonic).map(|&(_, roles, opcode, rd, rs1, imm)| Syntax {
        roles,
        opcode,
        rd,
        rs1,
        imm,
    })
}

/// The aliases of several instructions, and how they are written.
const EXPANDED: &[(&str, &str)] = &[
    ("li", "`li rd, constant`"),
    ("la", "`la rd, symbol`"),
    ("lla", "`lla rd, symbol`"),
    ("call", "`call symbol` or `call rd, symbol`"),
    ("tail", "`tail symbol`"),
    ("jump", "`jump symbol, rt`"),
    ("sext.b", "`sext.b rd, rs`"),
    ("sext.h", "`sext.h rd, rs`"),
    ("zext.h", "`zext.h rd, rs`"),
    ("zext.w", "`zext.w rd, rs`"),
    ("unimp", "`unimp`"),
];

/// Assembles `mnemonic` if it stands for several instructions with these operands; otherwise `false`.
pub(super) fn expand(image: &mut Image, mnemonic: &str, at: usize, operands: &[Operand]) -> Result<bool, Problem> {
    let shapes: [Option<&Shape>; 3] = core::array::from_fn(|index| operands.get(index).map(|operand| &operand.shape));
    let Some(&(_, usage)) = EXPANDED.iter().find(|row| row.0 == mnemonic) else {
        return global(image, mnemonic, at, shapes);
    };
    match (mnemonic, shapes) {
        ("li", [Some(&Shape::Register(rd)), Some(Shape::Value(value)), None]) => li(image, rd, value)?,
        ("la" | "lla", [Some(&Shape::Register(rd)), Some(Shape::Value(symbol)), None]) => {
            pair(image, rd, symbol, Instruction { rd, rs1: rd, ..Instruction::new(Opcode::Addi) })?;
        }
        ("call", [Some(Shape::Value(symbol)), None, None]) => jump(image, 1, 1, symbol)?,
        ("call", [Some(&Shape::Register(link)), Some(Shape::Value(symbol)), None]) => jump(image, link, link, symbol)?,
        ("tail", [Some(Shape::Value(symbol)), None, None]) => jump(image, 6, 0, symbol)?,
        ("jump", [Some(Shape::Value(symbol)), Some(&Shape::Register(scratch)), None]) => {
            jump(image, scratch, 0, symbol)?;
        }
        ("sext.b" | "sext.h" | "zext.h" | "zext.w", [Some(&Shape::Register(rd)), Some(&Shape::Register(rs)), None]) => {
            extend(image, mnemonic, at, rd, rs)?;
        }
        ("unimp", [None, None, None]) => image.put_word(UNIMP, at)?,
        _ => {
            let at = operands.first().map_or(at, |operand| operand.at);
            return Err(Problem::new(at, format!("these operands do not fit `{mnemonic}`")).expecting(usage));
        }
    }
    Ok(true)
}

fn li(image: &mut Image, rd: u8, value: &Immediate) -> Result<(), Problem> {
    const EXPECTED: &str = "a constant of numbers and of names defined above; `la` takes an address";
    let constant = match value.expression.evaluate(image) {
        _ if value.part != Part::Whole => {
            return Err(Problem::new(value.at, "`li` takes no modifier").expecting(EXPECTED));
        }
        Ok(Value { value, addresses: 0 }) => value,
        Ok(_) => return Err(Problem::new(value.at, "`li` takes a constant, not an address").expecting(EXPECTED)),
        Err(failure) => return Err(Problem::from(failure).expecting(EXPECTED)),
    };
    let xlen = image.xlen();
    if xlen == Xlen::Rv32 && i32::try_from(constant).is_err() && u32::try_from(constant).is_err() {
        return Err(Problem::new(value.at, format!("{constant} does not fit in a 32-bit register"))
            .expecting("-2147483648 to 4294967295"));
    }
    for inst in load_constant(rd, constant, xlen) {
        put(image, inst, value.at)?;
    }
    Ok(())
}

/// `auipc scratch` with the upper and `second` with the lower part of the way to `symbol`.
fn pair(image: &mut Image, scratch: u8, symbol: &Immediate, second: Instruction) -> Result<(), Problem> {
    if symbol.part != Part::Whole {
        return Err(Problem::new(symbol.at, format!("{} does not go here", symbol.part.name())).expecting("a symbol"));
    }
    let auipc = Instruction { rd: scratch, ..Instruction::new(Opcode::Auipc) };
    put_with(image, auipc, &Immediate { part: Part::RelativeHigh, ..symbol.clone() })?;
    put_with(image, second, &Immediate { part: Part::PairLow, ..symbol.clone() })
}

fn jump(image: &mut Image, scratch: u8, link: u8, symbol: &Immediate) -> Result<(), Problem> {
    pair(image, scratch, symbol, Instruction { rd: link, rs1: scratch, ..Instruction::new(Opcode::Jalr) })
}

/// Extension by two shifts.
fn extend(image: &mut Image, mnemonic: &str, at: usize, rd: u8, rs: u8) -> Result<(), Problem> {
    let kept = match mnemonic {
        "sext.b" => 8,
        "zext.w" => 32,
        _ => 16,
    };
    let imm = image.xlen().bits() as i32 - kept;
    if imm == 0 {
        return Err(Problem::new(at, format!("`{mnemonic}` needs rv64; the ISA is {}", image.options.isa)));
    }
    let down = if mnemonic.starts_with('s') { Opcode::Srai } else { Opcode::Srli };
    put(image, Instruction { opcode: Opcode::Slli, rd, rs1: rs, rs2: 0, imm }, at)?;
    put(image, Instruction { opcode: down, rd, rs1: rd, rs2: 0, imm }, at)
}

/// Loads from and stores to a symbol: `lw rd, symbol` and `sw rs, symbol, rt`.
fn global(image: &mut Image, mnemonic: &str, at: usize, shapes: [Option<&Shape>; 3]) -> Result<bool, Problem> {
    let Some(entry) = Opcode::from_mnemonic(mnemonic).map(Opcode::entry) else { return Ok(false) };
    let opcode = entry.opcode;
    // A plain number is a memory operand without its parentheses, rather than an address to reach from the pc.
    if let Some(Shape::Value(symbol)) = shapes[1]
        && symbol.expression.evaluate(image).is_ok_and(|value| value.addresses == 0)
    {
        return Ok(false);
    }
    match (entry.class, shapes) {
        (Class::Load, [Some(&Shape::Register(rd)), Some(Shape::Value(symbol)), None]) => {
            check_isa(image, entry, at)?;
            pair(image, rd, symbol, Instruction { rd, rs1: rd, ..Instruction::new(opcode) })?;
        }
        (Class::Store, [Some(&Shape::Register(rs2)), Some(Shape::Value(symbol)), Some(&Shape::Register(rs1))]) => {
            check_isa(image, entry, at)?;
            pair(image, rs1, symbol, Instruction { rs1, rs2, ..Instruction::new(opcode) })?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// The known mnemonic that is one edit away from `mnemonic`, rather one that begins alike.
pub(super) fn nearest(mnemonic: &str) -> Option<&'static str> {
    let table = TABLE.iter().map(|entry| entry.mnemonic);
    let aliases = ALIASES.iter().map(|alias| alias.0);
    let expanded = EXPANDED.iter().map(|row| row.0);
    table
        .chain(aliases)
        .chain(expanded)
        .filter(|known| one_edit_apart(known.as_bytes(), mnemonic.as_bytes()))
        .min_by_key(|known| known.as_bytes().first() != mnemonic.as_bytes().first())
}

/// Whether one insertion, deletion, substitution or swap of neighbours leads from `a` to `b`.
fn one_edit_apart(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], [_]) | ([_], []) => true,
        ([], _) | (_, []) => false,
        ([a0, a1, rest_a @ ..], [b0, b1, rest_b @ ..]) if (a0, a1) == (b1, b0) && rest_a == rest_b => true,
        ([_, rest_a @ ..], [_, rest_b @ ..]) => rest_a == rest_b || rest_a == b || a == rest_b,
    }
}
