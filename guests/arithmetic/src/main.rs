//! Integer arithmetic in four types, checked and wrapping.
#![cfg_attr(target_os = "none", no_std, no_main)]

use assay_guest_rt::write_output;
use serde::Deserialize;

#[derive(Deserialize)]
struct Input {
    operation: Operation,
    mode: Mode,
    operands: Operands,
}

#[derive(Clone, Copy, Deserialize)]
enum Operation {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

#[derive(Clone, Copy, Deserialize)]
enum Mode {
    /// A byte says whether there is a result.
    Checked,
    /// The result modulo the type's size; division by zero panics.
    Wrapping,
}

#[derive(Deserialize)]
enum Operands {
    U32 { a: u32, b: u32 },
    I32 { a: i32, b: i32 },
    U64 { a: u64, b: u64 },
    I64 { a: i64, b: i64 },
}

assay_guest_rt::main!(run);

macro_rules! compute {
    ($a:expr, $b:expr, $operation:expr, $mode:expr) => {
        match $mode {
            Mode::Checked => {
                let result = match $operation {
                    Operation::Add => $a.checked_add($b),
                    Operation::Sub => $a.checked_sub($b),
                    Operation::Mul => $a.checked_mul($b),
                    Operation::Div => $a.checked_div($b),
                    Operation::Rem => $a.checked_rem($b),
                };
                write_output(&[u8::from(result.is_some())]);
                write_output(&result.unwrap_or_default().to_le_bytes());
            }
            Mode::Wrapping => {
                let result = match $operation {
                    Operation::Add => $a.wrapping_add($b),
                    Operation::Sub => $a.wrapping_sub($b),
                    Operation::Mul => $a.wrapping_mul($b),
                    Operation::Div => $a.wrapping_div($b),
                    Operation::Rem => $a.wrapping_rem($b),
                };
                write_output(&result.to_le_bytes());
            }
        }
    };
}

fn run() {
    let Input { operation, mode, operands } = core_input::read();
    match operands {
        Operands::U32 { a, b } => compute!(a, b, operation, mode),
        Operands::I32 { a, b } => compute!(a, b, operation, mode),
        Operands::U64 { a, b } => compute!(a, b, operation, mode),
        Operands::I64 { a, b } => compute!(a, b, operation, mode),
    }
}
