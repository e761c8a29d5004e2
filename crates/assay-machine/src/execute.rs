//! The hot loop: executes predecoded ops until something happens that is not its business.
//!
//! It knows registers, arithmetic and memory. Calls, atomics, illegal words, planted faults, limits on steps and
//! observers are the machine's: the loop stops in front of such an op and says where. It counts instructions at
//! taken jumps only, and relies on its caller for the step limit: see [`execute`].

use crate::memory::{Memory, Refusal, Stored};
use crate::op::{Kind, Op, SLOTS};
use crate::word::Word;

/// Registers by slot; x0 is slot 0 and is never written.
pub(crate) type Registers<X> = [X; SLOTS];

/// Why the loop stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The next op is not in these ops, or a taken jump passed the stop count.
    Leave,
    /// The next op must be decoded.
    Undecoded,
    /// The next op is the machine's.
    Cold,
    /// The next op jumps to an address that is not a multiple of four.
    MisalignedJump { target: u64 },
    /// The next op's access was refused.
    Refused { address: u64, refusal: Refusal },
    /// The op before the next stored executable bytes.
    CodeWritten { address: u64, size: u8 },
}

/// Where the loop stopped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pause {
    pub(crate) exit: Exit,
    /// Index of the next op; may be out of range, and then wraps around like an address.
    pub(crate) next: usize,
    /// Ops executed.
    pub(crate) retired: u64,
}

/// Executes `ops`, which stand at `base`, beginning with index `start`.
///
/// Returns at the first taken jump after which more than `stop` ops are done. Between two taken jumps there are at
/// most `ops.len()` ops, so no more than `stop + ops.len()` are executed in all.
#[expect(clippy::too_many_lines, reason = "one arm per instruction; split up, it would not be one jump table")]
#[inline(never)]
pub(crate) fn execute<X: Word>(
    ops: &[Op],
    base: X,
    start: usize,
    stop: u64,
    registers: &mut Registers<X>,
    memory: &mut Memory,
) -> Pause {
    let mut at = start;
    // `done + at` ops are executed in front of the op at `at`, in wrapping arithmetic.
    let mut done = 0u64.wrapping_sub(start as u64);

    macro_rules! pause {
        ($exit:expr) => {
            return Pause { exit: $exit, next: at, retired: done.wrapping_add(at as u64) }
        };
    }

    loop {
        let Some(&op) = ops.get(at) else {
            pause!(Exit::Leave);
        };
        let rs1 = registers[usize::from(op.rs1)];

        macro_rules! rs2 {
            () => {
                registers[usize::from(op.rs2)]
            };
        }
        macro_rules! set {
            ($value:expr) => {
                registers[usize::from(op.rd)] = $value
            };
        }
        macro_rules! pc {
            () => {
                base.add(X::from_u64((at as u64).wrapping_mul(4)))
            };
        }
        // Goes on at the target, `$delta` ops away.
        macro_rules! jump {
            ($delta:expr) => {{
                let delta: usize = $delta;
                done = done.wrapping_add(1).wrapping_sub(delta as u64);
                at = at.wrapping_add(delta);
                if done.wrapping_add(at as u64) > stop {
                    pause!(Exit::Leave);
                }
                continue;
            }};
        }
        macro_rules! branch {
            ($taken:expr) => {
                if $taken {
                    jump!(op.imm as isize as usize);
                }
            };
        }
        macro_rules! load {
            ($size:literal, $bytes:ident => $value:expr) => {{
                let address = rs1.add(X::from_i32(op.imm)).to_u64();
                match memory.load::<$size>(address) {
                    Ok($bytes) => set!($value),
                    Err(refusal) => pause!(Exit::Refused { address, refusal }),
                }
            }};
        }
        macro_rules! store {
            ($size:literal) => {{
                let address = rs1.add(X::from_i32(op.imm)).to_u64();
                let bytes = rs2!().to_u64().to_le_bytes();
                let bytes: [u8; $size] = *bytes.first_chunk().expect("at most 8 bytes");
                match memory.store(address, bytes) {
                    Ok(Stored::Data) => {}
                    Ok(Stored::Code) => {
                        at += 1;
                        pause!(Exit::CodeWritten { address, size: $size });
                    }
                    Err(refusal) => pause!(Exit::Refused { address, refusal }),
                }
            }};
        }
        // Operations on the low 32 bits with a sign-extended result.
        macro_rules! set_low {
            ($value:expr) => {{
                let value: u32 = $value;
                set!(X::from_i32(value as i32))
            }};
        }

        match op.kind {
            Kind::Undecoded => pause!(Exit::Undecoded),
            Kind::Cold => pause!(Exit::Cold),
            Kind::Nop => {}
            Kind::Lui => set!(X::from_i32(op.imm)),
            Kind::Auipc => set!(pc!().add(X::from_i32(op.imm))),
            Kind::Jal => {
                set!(pc!().add(X::from_i32(4)));
                jump!(op.imm as isize as usize);
            }
            Kind::Jalr => {
                let target = rs1.add(X::from_i32(op.imm)).and(X::from_i32(!1));
                if target.low() & 2 != 0 {
                    pause!(Exit::MisalignedJump { target: target.to_u64() });
                }
                set!(pc!().add(X::from_i32(4)));
                let index = target.sub(base).to_u64() as usize / 4;
                jump!(index.wrapping_sub(at));
            }
            Kind::Beq => branch!(rs1 == rs2!()),
            Kind::Bne => branch!(rs1 != rs2!()),
            Kind::Blt => branch!(rs1.lt_signed(rs2!())),
            Kind::Bge => branch!(!rs1.lt_signed(rs2!())),
            Kind::Bltu => branch!(rs1 < rs2!()),
            Kind::Bgeu => branch!(rs1 >= rs2!()),
            Kind::Lb => load!(1, b => X::from_i32(i32::from(i8::from_le_bytes(b)))),
            Kind::Lh => load!(2, b => X::from_i32(i32::from(i16::from_le_bytes(b)))),
            Kind::Lw => load!(4, b => X::from_i32(i32::from_le_bytes(b))),
            Kind::Ld => load!(8, b => X::from_u64(u64::from_le_bytes(b))),
            Kind::Lbu => load!(1, b => X::from_u64(u64::from(b[0]))),
            Kind::Lhu => load!(2, b => X::from_u64(u64::from(u16::from_le_bytes(b)))),
            Kind::Lwu => load!(4, b => X::from_u64(u64::from(u32::from_le_bytes(b)))),
            Kind::Sb => store!(1),
            Kind::Sh => store!(2),
            Kind::Sw => store!(4),
            Kind::Sd => store!(8),
            Kind::Addi => set!(rs1.add(X::from_i32(op.imm))),
            Kind::Slti => set!(X::from_bool(rs1.lt_signed(X::from_i32(op.imm)))),
            Kind::Sltiu => set!(X::from_bool(rs1 < X::from_i32(op.imm))),
            Kind::Xori => set!(rs1.xor(X::from_i32(op.imm))),
            Kind::Ori => set!(rs1.or(X::from_i32(op.imm))),
            Kind::Andi => set!(rs1.and(X::from_i32(op.imm))),
            Kind::Slli => set!(rs1.sll(op.imm as u32)),
            Kind::Srli => set!(rs1.srl(op.imm as u32)),
            Kind::Srai => set!(rs1.sra(op.imm as u32)),
            Kind::Add => set!(rs1.add(rs2!())),
            Kind::Sub => set!(rs1.sub(rs2!())),
            Kind::Sll => set!(rs1.sll(rs2!().low())),
            Kind::Slt => set!(X::from_bool(rs1.lt_signed(rs2!()))),
            Kind::Sltu => set!(X::from_bool(rs1 < rs2!())),
            Kind::Xor => set!(rs1.xor(rs2!())),
            Kind::Srl => set!(rs1.srl(rs2!().low())),
            Kind::Sra => set!(rs1.sra(rs2!().low())),
            Kind::Or => set!(rs1.or(rs2!())),
            Kind::And => set!(rs1.and(rs2!())),
            Kind::Addiw => set_low!(rs1.low().wrapping_add(op.imm as u32)),
            Kind::Slliw => set_low!(rs1.low().sll(op.imm as u32)),
            Kind::Srliw => set_low!(rs1.low().srl(op.imm as u32)),
            Kind::Sraiw => set_low!(rs1.low().sra(op.imm as u32)),
            Kind::Addw => set_low!(rs1.low().wrapping_add(rs2!().low())),
            Kind::Subw => set_low!(rs1.low().wrapping_sub(rs2!().low())),
            Kind::Sllw => set_low!(rs1.low().sll(rs2!().low())),
            Kind::Srlw => set_low!(rs1.low().srl(rs2!().low())),
            Kind::Sraw => set_low!(rs1.low().sra(rs2!().low())),
            Kind::Mul => set!(rs1.mul(rs2!())),
            Kind::Mulh => set!(rs1.mulh(rs2!())),
            Kind::Mulhsu => set!(rs1.mulhsu(rs2!())),
            Kind::Mulhu => set!(rs1.mulhu(rs2!())),
            Kind::Div => set!(rs1.div(rs2!())),
            Kind::Divu => set!(rs1.divu(rs2!())),
            Kind::Rem => set!(rs1.rem(rs2!())),
            Kind::Remu => set!(rs1.remu(rs2!())),
            Kind::Mulw => set_low!(rs1.low().wrapping_mul(rs2!().low())),
            Kind::Divw => set_low!(Word::div(rs1.low(), rs2!().low())),
            Kind::Divuw => set_low!(Word::divu(rs1.low(), rs2!().low())),
            Kind::Remw => set_low!(Word::rem(rs1.low(), rs2!().low())),
            Kind::Remuw => set_low!(Word::remu(rs1.low(), rs2!().low())),
        }
        at += 1;
    }
}
