//! Accelerators: from registers and memory to bytes, and back.
//!
//! What a parameter is stands in the table; here is what a guest may get wrong about it. A pointer to memory that may not be
//! read or written, or to a struct that is misaligned, is a trap with its address, before anything is done. Nothing at all is
//! looked at behind a pointer to no bytes. All inputs are read before the output is written, so that they may overlap.

use assay_spec::TrapKind;
use assay_spec::accelerator::{
    Function, Kind, Parameter, Refusal, STATUS_FAIL, STATUS_OK, STRUCT_ALIGNMENT, encoding::Input,
};

use super::ARGUMENT_REGISTERS;
use crate::image::Permissions;
use crate::load::last_address;
use crate::machine::Machine;
use crate::outcome::End;
use crate::word::Word;

/// Bytes that a call reads or writes.
#[derive(Clone, Copy)]
struct Span {
    address: u64,
    size: u64,
}

/// Carries out the call at pc and returns its status in a0.
pub(super) fn call<X: Word>(machine: &mut Machine<'_, X>, function: Function) -> Result<(), End> {
    let Some(accelerators) = machine.config.accelerators else {
        return Err(
            machine.unsupported(&format!("the guest called {function}, and this machine was given no accelerators"))
        );
    };
    let parameters = function.signature().parameters;
    let arguments: Vec<u64> = (ARGUMENT_REGISTERS[0]..)
        .zip(parameters)
        .map(|(register, _)| {
            // The first few are noted with the call.
            let noted = ARGUMENT_REGISTERS.contains(&register);
            if noted { machine.register(register) } else { machine.argument(register) }
        })
        .collect();
    let mut spans = Vec::new();
    for (index, parameter) in parameters.iter().enumerate() {
        spans.push(span(machine, function, parameter, index, &arguments)?);
    }
    let result = inputs(machine, parameters, &arguments, &spans).and_then(|inputs| (accelerators.0)(function, &inputs));
    machine.laboured = true;
    let status = match result {
        Ok(output) => {
            let place = parameters.iter().position(|parameter| parameter.kind.is_output());
            let place = place.and_then(|index| spans[index]).filter(|span| span.size == output.len() as u64);
            let place = place.expect("the output has the size that the table says");
            machine.give(place.address, &output)?;
            STATUS_OK
        }
        Err(Refusal::Failed) => STATUS_FAIL,
        Err(refusal) => return Err(machine.unsupported(&format!("{function}: {refusal}"))),
    };
    machine.return_in(ARGUMENT_REGISTERS[0], X::from_i32(status));
    Ok(())
}

/// The bytes behind the parameter at `index`, if it is a pointer: mapped, allowed and aligned as the function needs.
fn span<X: Word>(
    machine: &Machine<'_, X>,
    function: Function,
    parameter: &Parameter,
    index: usize,
    arguments: &[u64],
) -> Result<Option<Span>, End> {
    let address = arguments[index];
    let bad = |what: &str| {
        let message = format!("{function} was given {address:#x} as `{}`, {what}", parameter.name);
        Err(machine.trap(TrapKind::BadCallArgument, Some(address), message))
    };
    let (size, permissions, alignment) = match parameter.kind {
        Kind::Length | Kind::Count | Kind::U32 | Kind::U8 => return Ok(None),
        Kind::Data(_) => (Some(arguments[index + 1]), Permissions::R, 1),
        Kind::Array { bytes, .. } => (arguments[index + 1].checked_mul(bytes), Permissions::R, STRUCT_ALIGNMENT),
        Kind::Struct { bytes } => (Some(bytes), Permissions::R, STRUCT_ALIGNMENT),
        Kind::InOut { bytes } => (Some(bytes), Permissions::RW, STRUCT_ALIGNMENT),
        Kind::Out { bytes } => (Some(bytes), Permissions::W, STRUCT_ALIGNMENT),
        Kind::OutBool => (Some(1), Permissions::W, 1),
        Kind::OutData => (Some(arguments[index - 1]), Permissions::W, 1),
    };
    let Some(size) = size else {
        return bad("and a count whose bytes no memory holds");
    };
    if size == 0 {
        return Ok(Some(Span { address, size }));
    }
    let allowed = last_address(address, size, machine.config.isa.xlen)
        .is_some_and(|last| machine.memory.allows(address, last, permissions));
    if !allowed {
        let needed = if permissions.write { "written" } else { "read" };
        return bad(&format!("where not all of {size} bytes may be {needed}; pass a pointer to mapped memory"));
    }
    if !address.is_multiple_of(alignment) {
        return bad(&format!("which is no multiple of {alignment}; the structs of zkvm_accelerators.h are aligned"));
    }
    Ok(Some(Span { address, size }))
}

/// What goes into the function. No more is read than the table admits.
fn inputs<X: Word>(
    machine: &mut Machine<'_, X>,
    parameters: &[Parameter],
    arguments: &[u64],
    spans: &[Option<Span>],
) -> Result<Vec<Input>, Refusal> {
    for (parameter, length) in parameters.iter().zip(arguments.iter().skip(1)) {
        match parameter.kind {
            Kind::Data(bound) => bound.admit(*length, "bytes")?,
            Kind::Array { bound, .. } => bound.admit(*length, "pairs")?,
            _ => {}
        }
    }
    let inputs = parameters.iter().zip(arguments).zip(spans).filter(|((parameter, _), _)| parameter.kind.is_input());
    Ok(inputs
        .map(|((parameter, &argument), span)| match (parameter.kind, span) {
            (Kind::U8, _) => Input::Number(u32::from(argument as u8)),
            (_, Some(span)) => Input::Bytes(machine.take(span.address, span.size as usize)),
            (_, None) => Input::Number(argument as u32),
        })
        .collect())
}
