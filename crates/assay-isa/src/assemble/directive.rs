//! Directives: data, space, alignment, names. Sections only as far as one flat image can honour them.

use alloc::format;

use super::error::{Problem, quoted};
use super::expression::{Cursor, Expression, Value};
use super::image::{Image, check_data};
use super::lexer::Kind;
use super::operand::{Immediate, Part};
use super::statement::check_name;

/// The greatest exponent that `.align` takes: 64 KiB, more than any page or segment here needs.
const MAX_ALIGN_LOG2: i64 = 16;

/// Directives that say nothing about the bytes of a flat image.
const IGNORED: [&str; 17] = [
    ".globl",
    ".global",
    ".local",
    ".weak",
    ".hidden",
    ".protected",
    ".internal",
    ".option",
    ".type",
    ".size",
    ".file",
    ".ident",
    ".attribute",
    ".loc",
    ".variant_cc",
    ".addrsig",
    ".addrsig_sym",
];

pub(super) fn assemble(image: &mut Image, name: &str, at: usize, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    match name {
        ".byte" => data(image, 1, cursor),
        ".half" | ".2byte" | ".short" | ".hword" => data(image, 2, cursor),
        ".word" | ".4byte" | ".long" | ".int" => data(image, 4, cursor),
        ".dword" | ".8byte" | ".quad" | ".xword" => data(image, 8, cursor),
        ".ascii" => strings(image, false, cursor),
        ".asciz" | ".string" => strings(image, true, cursor),
        ".space" | ".zero" | ".skip" => space(image, cursor),
        ".fill" => repeated(image, cursor),
        ".align" | ".p2align" => align(image, true, cursor),
        ".balign" => align(image, false, cursor),
        ".equ" | ".set" => equate(image, false, cursor),
        ".equiv" => equate(image, true, cursor),
        ".text" => section(image, true, at, cursor),
        ".data" | ".bss" | ".rodata" | ".sdata" | ".sbss" => section(image, false, at, cursor),
        ".section" => named_section(image, cursor),
        _ if IGNORED.contains(&name) || name.starts_with(".cfi_") => Ok(()),
        ".include" | ".incbin" => Err(Problem::new(at, format!("`{name}` is not supported: the source is one text"))),
        ".macro" | ".rept" | ".irp" | ".if" | ".ifdef" | ".ifndef" | ".endm" | ".endr" | ".endif" | ".else" => {
            Err(Problem::new(at, format!("`{name}` is not supported: there are no macros and no conditionals")))
        }
        _ => Err(Problem::new(at, format!("unknown directive {}", quoted(name))).expecting(
            ".word, .half, .byte, .dword, .ascii, .asciz, .space, .fill, .align, .equ, .insn, .text, .data, .section or .globl",
        )),
    }
}

/// `name = expression`.
pub(super) fn assign(image: &mut Image, name: &str, at: usize, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    check_name(name, at)?;
    let value = known(image, cursor)?;
    end(cursor)?;
    image.set(name, value, at)
}

fn equate(image: &mut Image, is_new: bool, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    let at = cursor.at();
    let Some(Kind::Word(name)) = cursor.peek() else { return Err(cursor.unexpected("a name")) };
    cursor.next();
    if is_new && image.is_defined(name) {
        return Err(Problem::new(at, format!("{} is already defined", quoted(name)))
            .expecting("a new name; `.equ` and `.set` give a name another value"));
    }
    cursor.require(',')?;
    assign(image, name, at, cursor)
}

/// An expression whose value the layout depends on.
fn known(image: &Image, cursor: &mut Cursor<'_, '_>) -> Result<Value, Problem> {
    let expression = Expression::parse(cursor, image)?;
    expression
        .evaluate(image)
        .map_err(|failure| Problem::from(failure).expecting("a value that is known here: names must be defined above"))
}

/// The same, which must be a number.
fn known_number(image: &Image, cursor: &mut Cursor<'_, '_>) -> Result<i64, Problem> {
    let at = cursor.at();
    match known(image, cursor)? {
        Value { value, addresses: 0 } => Ok(value),
        _ => Err(Problem::new(at, "an address where a number belongs")),
    }
}

fn end(cursor: &Cursor<'_, '_>) -> Result<(), Problem> {
    if cursor.peek().is_none() { Ok(()) } else { Err(cursor.unexpected("the end of the statement")) }
}

fn data(image: &mut Image, width: usize, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    loop {
        let at = cursor.at();
        let expression = Expression::parse(cursor, image)?;
        image.put_data(width, &Immediate { expression, part: Part::Whole, at })?;
        if !cursor.take(',') {
            return end(cursor);
        }
    }
}

fn strings(image: &mut Image, terminated: bool, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    loop {
        let at = cursor.at();
        let Some(Kind::Text(bytes)) = cursor.peek() else {
            return Err(cursor.unexpected("a string in double quotes"));
        };
        cursor.next();
        image.put(bytes, true, at)?;
        if terminated {
            image.put(&[0], true, at)?;
        }
        if !cursor.take(',') {
            return end(cursor);
        }
    }
}

fn fill_byte(image: &Image, cursor: &mut Cursor<'_, '_>) -> Result<u8, Problem> {
    let at = cursor.at();
    let value = known_number(image, cursor)?;
    if (-128..256).contains(&value) {
        return Ok(value as u8);
    }
    Err(Problem::new(at, format!("{value} does not fit in a byte")).expecting("-128 to 255"))
}

fn space(image: &mut Image, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    let at = cursor.at();
    let count = known_number(image, cursor)?;
    let fill = if cursor.take(',') { fill_byte(image, cursor)? } else { 0 };
    end(cursor)?;
    let count = u64::try_from(count).map_err(|_| Problem::new(at, format!("a space of {count} bytes")))?;
    image.fill(count, fill, true, at)
}

/// `.fill count, size, value`: `size` is 1 to 8 bytes (1 if left out), of which the lower four hold `value`.
fn repeated(image: &mut Image, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    let at = cursor.at();
    let count = known_number(image, cursor)?;
    let count = u64::try_from(count).map_err(|_| Problem::new(at, format!("{count} repetitions")))?;
    let (mut size, mut value) = (1, 0);
    if cursor.take(',') {
        let at = cursor.at();
        let bytes = known_number(image, cursor)?;
        size = usize::try_from(bytes).ok().filter(|size| (1..=8).contains(size)).ok_or_else(|| {
            Problem::new(at, format!("a repeated value of {bytes} bytes")).expecting("a size from 1 to 8")
        })?;
    }
    if cursor.take(',') {
        let at = cursor.at();
        value = known_number(image, cursor)?;
        check_data(value, size.min(4), at)?;
    }
    end(cursor)?;
    let mut unit = [0; 8];
    unit[..4].copy_from_slice(&(value as u32).to_le_bytes());
    image.put_repeated(&unit[..size], count, at)
}

fn align(image: &mut Image, is_exponent: bool, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    let at = cursor.at();
    let value = known_number(image, cursor)?;
    let alignment = if is_exponent {
        (0..=MAX_ALIGN_LOG2).contains(&value).then(|| 1u64 << value)
    } else {
        u64::try_from(value).ok().filter(|&bytes| bytes.is_power_of_two() && bytes <= 1 << MAX_ALIGN_LOG2)
    };
    let Some(alignment) = alignment else {
        let problem = Problem::new(at, format!("cannot align to {value}"));
        return Err(problem.expecting(if is_exponent {
            "an exponent of 2 from 0 to 16: `.align 2` is 4 bytes"
        } else {
            "a power of two up to 65536"
        }));
    };
    // `.align n,,most` leaves the fill out.
    let mut fill = None;
    let mut most = None;
    if cursor.take(',') {
        if cursor.peek() != Some(&Kind::Sign(',')) {
            fill = Some(fill_byte(image, cursor)?);
        }
        if cursor.take(',') {
            most = Some(known_number(image, cursor)?);
        }
    }
    end(cursor)?;
    image.align(alignment, fill, most, at)
}

/// Switches to code or to data. A flat image has its sections in the order of the text, so code cannot follow data.
fn section(image: &mut Image, is_code: bool, at: usize, cursor: &Cursor<'_, '_>) -> Result<(), Problem> {
    end(cursor)?;
    switch(image, is_code, at)
}

fn switch(image: &mut Image, is_code: bool, at: usize) -> Result<(), Problem> {
    if is_code && image.in_data_section {
        return Err(Problem::new(at, "back to code after a data section: the image is flat, in the order of the text")
            .expecting("all code first, then the data sections"));
    }
    image.in_data_section = !is_code;
    Ok(())
}

fn named_section(image: &mut Image, cursor: &mut Cursor<'_, '_>) -> Result<(), Problem> {
    let at = cursor.at();
    let name = match cursor.peek() {
        Some(Kind::Word(name)) => name,
        Some(Kind::Text(name)) => core::str::from_utf8(name).unwrap_or_default(),
        _ => return Err(cursor.unexpected("a section name")),
    };
    // Flags and types that follow the name mean nothing to a flat image.
    let family = |prefix: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if family(".text") || family(".init") {
        return switch(image, true, at);
    }
    // Compilers end their output with an empty `.note.GNU-stack`, which the lexer ends at its `-`.
    if name.starts_with(".note.GNU")
        || [".data", ".rodata", ".bss", ".sdata", ".sbss", ".srodata"].iter().any(|prefix| family(prefix))
    {
        return switch(image, false, at);
    }
    Err(Problem::new(at, format!("section {} has no place in a flat image", quoted(name)))
        .expecting(".text, .rodata, .data or .bss, or one named after them"))
}
