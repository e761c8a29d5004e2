//! The four requests, answered by OpenVM.

use std::time::Instant;

use assay_isa::{Isa, decode};
use assay_openvm_sdk::{LoadError, Machine, Program, SetupError, TraceError, TraceOptions, Watch};
use assay_runner_kit::{Context, Prepared, Records, Run, Runner, error};
use assay_spec::{
    Capability, GuestLimits, Platform, RunReport, RunnerDescription, Status,
    platform::{OPENVM_MEMORY_BYTES, OPENVM_PUBLIC_VALUES_BYTES},
    protocol::{ErrorKind, RecordSelection, RunnerError},
    trace::TraceSummary,
};

use crate::{effects, records::Writer, report};

/// Most instructions that one trace covers; a longer run's trace is marked truncated.
pub(crate) const TRACE_INSTRUCTIONS_MAX: u64 = 1 << 22;

/// What people should know of this backend.
const NOTES: [&str; 7] = [
    "Input is one vector of the hint stream: hint_input gives its length (4 bytes, little-endian), then its bytes, padded \
     with zeros to a multiple of 4; a second hint_input fails.",
    "Public values are 256 bytes, zero where nothing was revealed, whatever the exit code.",
    "`execute` uses OpenVM's pure interpreter, which rounds the address of a misaligned lw, sw and reveal down and executes \
     the word that contains a misaligned pc; `trace` uses its preflight interpreter, as proving does, which stops on them.",
    "ecall, ebreak and CSR accesses end the guest with exit code 2; csrrw x0, csr, x0 (`unimp`) and fence do nothing.",
    "`terminate` counts as an instruction. An instruction counts as a cycle; segments are those of the metered interpreter.",
    "Traces have segments of their own of 131072 instructions; rows that belong to no instruction stand at a segment's end.",
    "hint_random is OpenVM's random generator with its fixed seed.",
];

/// A loaded guest.
pub(crate) struct Guest {
    program: Program,
    watches: Vec<Watch>,
}

/// The runner. The machine is made when it is first needed.
#[derive(Default)]
pub(crate) struct OpenVm {
    machine: Option<Machine>,
}

impl OpenVm {
    fn machine(&mut self, cx: &Context<'_>) -> Result<&mut Machine, RunnerError> {
        if self.machine.is_none() {
            let memory_bits = OPENVM_MEMORY_BYTES.ilog2() as usize;
            self.machine = Some(Machine::new(memory_bits, OPENVM_PUBLIC_VALUES_BYTES).map_err(|e| setup(&e))?);
        }
        let machine = self.machine.as_mut().expect("it was just made");
        if !machine.is_keyed() {
            cx.progress("keygen", 0, Some(1));
            machine.circuit().map_err(|e| setup(&e))?;
            cx.progress("keygen", 1, Some(1));
        }
        Ok(machine)
    }
}

fn setup(reason: &SetupError) -> RunnerError {
    error(ErrorKind::Sdk, reason.to_string())
}

impl Runner for OpenVm {
    type Guest = Guest;

    fn describe(&self) -> RunnerDescription {
        RunnerDescription {
            name: "openvm".to_owned(),
            sdk_version: env!("OPENVM_VERSION").to_owned(),
            platforms: vec![Platform::OpenVm],
            isa: "rv32im".to_owned(),
            capabilities: vec![
                Capability::Execute,
                Capability::TraceInstructions,
                Capability::TraceChipRows,
                Capability::TraceInteractions,
            ],
            proof_kinds: Vec::new(),
            limits: GuestLimits {
                output_bytes: Some(OPENVM_PUBLIC_VALUES_BYTES as u64),
                memory_bytes: Some(OPENVM_MEMORY_BYTES),
                trace_instructions: Some(TRACE_INSTRUCTIONS_MAX),
                misaligned_access: false,
            },
            notes: NOTES.map(str::to_owned).to_vec(),
        }
    }

    fn load(&mut self, elf: &[u8], _: &Context<'_>) -> Result<Prepared<Guest>, RunnerError> {
        let program = Program::from_elf(elf, OPENVM_MEMORY_BYTES as u32).map_err(|reason| unsupported(&reason))?;
        let watches = effects::watches(program.words());
        let instructions = program.words().len() as u64;
        Ok(Prepared { guest: Guest { program, watches }, image_id: None, instructions })
    }

    fn execute(&mut self, guest: &Guest, run: &Run<'_>, cx: &Context<'_>) -> Result<RunReport, RunnerError> {
        let machine = self.machine(cx)?;
        let start = Instant::now();
        let interrupted = |done| {
            cx.progress("execute", done, None);
            cx.cancelled()
        };
        let execution =
            machine.execute(&guest.program, run.input, run.max_steps, &interrupted).map_err(|e| setup(&e))?;
        let execute_ms = start.elapsed().as_secs_f64() * 1e3;
        let mut report = report::report(&guest.program, &execution)?;
        report.execute_ms = Some(execute_ms);
        Ok(report)
    }

    fn trace(
        &mut self,
        guest: &Guest,
        run: &Run<'_>,
        selection: RecordSelection,
        records: &mut Records<'_>,
        cx: &Context<'_>,
    ) -> Result<(RunReport, TraceSummary), RunnerError> {
        let mut report = self.execute(guest, run, cx)?;
        let executed = report.instructions.unwrap_or_default();
        let instructions = executed.min(TRACE_INSTRUCTIONS_MAX);
        if instructions < executed {
            records.mark_truncated();
        }
        let machine = self.machine(cx)?;
        let rows = selection == RecordSelection::All;
        let circuit = machine.circuit().map_err(|e| setup(&e))?.clone();
        let mut writer =
            Writer::new(&guest.program, &guest.watches, rows.then_some(&circuit), records, instructions, cx);
        let interrupted = |_| cx.cancelled();
        let options = TraceOptions { instructions, rows };
        let traced = machine
            .trace(&guest.program, &guest.watches, run.input, options, &interrupted, &mut |segment| {
                writer.segment(segment)
            })
            .map_err(|reason| match reason {
                TraceError::Setup(reason) => setup(&reason),
                TraceError::Generation(_) => error(ErrorKind::Sdk, reason.to_string()),
            })?;
        cx.check_cancelled()?;
        let summary = writer.finish()?;
        if traced.cut {
            records.mark_truncated();
        }
        if let Some(stop) = &traced.stop {
            let (trap, message) = report::trap(&guest.program, stop, &traced.registers)?;
            let execute_ms = report.execute_ms;
            report = RunReport::new(Status::Trap).with_message(format!(
                "{message} (by the preflight interpreter, which proving uses; the pure interpreter went on)"
            ));
            report.trap = Some(trap);
            report.output = traced.public_values.into();
            report.registers = Some(report::register_file(&traced.registers));
            report.instructions = Some(traced.instructions);
            report.execute_ms = execute_ms;
        }
        Ok((report, summary))
    }

    fn recover(&mut self) {
        // Lookup tables count what was looked up until a trace takes the counts; a panic may leave some behind.
        self.machine = None;
    }
}

fn unsupported(reason: &LoadError) -> RunnerError {
    let mut message = reason.to_string();
    if let LoadError::Word { word, .. } = reason
        && let Err(why) = decode(*word, Isa::RV32IM_OPENVM)
    {
        message = format!("{message} ({why})");
    }
    error(ErrorKind::UnsupportedGuest, message)
}
