//! `assay platform show`: what the tables of the code say of platforms, in one place.

use std::{collections::BTreeMap, fmt::Write as _};

use assay_guest::{ExitConvention, PlatformFacts};
use assay_guest_rt::accelerators::{self, Accelerator, Means};
use assay_isa::{Class, Opcode};
use assay_machine::{DEFAULT_INPUT_BASE, DEFAULT_OUTPUT_LIMIT_BYTES, LOG_BYTES_MAX, risc0, sp1, standard};
use assay_spec::{
    AddressRange, DescribedAccelerator, DescribedCall, DescribedLimit, DescribedPlatform, ExitCode, Platform,
    PlatformReport, Word,
    accelerator::{BLAKE2F_ROUNDS_MAX, HASH_BYTES_MAX, MODEXP_BYTES_MAX, MSM_PAIRS_MAX, PAIRING_PAIRS_MAX, TABLE},
    platform::{
        OPENVM_MEMORY_BYTES, OPENVM_PUBLIC_VALUES_BYTES, RISC0_USER_END, RISC0_USER_START, SP1_MEMORY_END,
        SP1_MEMORY_START,
    },
    schema::Versioned as _,
};

use super::{print, print_json};
use crate::{
    arguments::{Format, PlatformCommand},
    failure::Failure,
    terminal::{GOOD, QUIET, styled, table, table_text},
};

pub(crate) fn run(command: &PlatformCommand) -> Result<ExitCode, Failure> {
    let PlatformCommand::Show { platform, output } = command;
    let report = report(*platform);
    match (output.format, platform) {
        (Format::Json, _) => print_json(&report)?,
        (Format::Human, None) => print(&overview(&report))?,
        (Format::Human, Some(platform)) => print(&whole(&report, *platform))?,
    }
    Ok(ExitCode::Ok)
}

fn report(platform: Option<Platform>) -> PlatformReport {
    let platforms: Vec<_> = platform.map_or(Platform::ALL.to_vec(), |platform| vec![platform]);
    let accelerators = TABLE.iter().map(|row| DescribedAccelerator {
        name: row.name.to_owned(),
        selector: Word(row.selector),
        declaration: row.declaration(),
        rule: row.rule.to_owned(),
        source: row.source.to_owned(),
        means: means(row.name),
    });
    PlatformReport {
        schema: PlatformReport::tag(),
        accelerators: accelerators.collect(),
        platforms: platforms.into_iter().map(described).collect(),
    }
}

/// How guests get the accelerator of that name done, by platform.
fn means(name: &str) -> BTreeMap<String, String> {
    let rows = accelerators::TABLE.iter().filter(|row| row.name == name);
    let cells = rows.flat_map(|row: &Accelerator| {
        Platform::ALL.into_iter().chain([Platform::Native]).filter_map(|platform| {
            let means = match row.on(platform.name())? {
                Means::Ecall => "ecall".to_owned(),
                Means::Precompile(calls) => format!("precompile: {calls}"),
                Means::GuestCode(by) => format!("guest code: {by}"),
            };
            Some((platform.name().to_owned(), means))
        })
    });
    cells.collect()
}

fn described(platform: Platform) -> DescribedPlatform {
    let facts = PlatformFacts::of(platform);
    DescribedPlatform {
        platform,
        isas: facts.isas.iter().map(ToString::to_string).collect(),
        memory: memory(platform),
        calls: calls(platform),
        exit: exit(&facts.exit),
        limits: limits(platform),
    }
}

fn memory(platform: Platform) -> Vec<AddressRange> {
    let range = |first: u64, last: Option<u64>, what: &str| AddressRange {
        first: Word(first),
        last: last.map(Word),
        what: what.to_owned(),
    };
    match platform {
        Platform::Standard => vec![
            range(
                standard::RAM_FIRST,
                Some(standard::RAM_LAST),
                "the image as its segments say, and RAM around it: loads, stores; misaligned ones work and are counted",
            ),
            range(
                DEFAULT_INPUT_BASE,
                None,
                "the input, and zeros up to a multiple of 8: loads (--input-base moves it)",
            ),
        ],
        Platform::Risc0 => {
            vec![range(RISC0_USER_START, Some(RISC0_USER_END - 1), "user memory: loads, stores; misaligned ones trap")]
        }
        Platform::Sp1 => vec![range(
            SP1_MEMORY_START,
            Some(SP1_MEMORY_END - 1),
            "loads, stores; misaligned ones trap; segments of the image stand above the stack only",
        )],
        Platform::OpenVm => {
            vec![range(0, Some(OPENVM_MEMORY_BYTES - 1), "loads, stores; misaligned ones trap; stores change no code")]
        }
        Platform::Native => Vec::new(),
    }
}

fn calls(platform: Platform) -> Vec<DescribedCall> {
    let call = |number: u64, name: &str, supported| DescribedCall {
        number: Some(Word(number)),
        name: name.to_owned(),
        supported,
    };
    match platform {
        Platform::Standard => standard::SELECTORS
            .iter()
            .map(|selector| call(selector.number, selector.name, selector.service != standard::Service::Retired))
            .collect(),
        Platform::Risc0 => {
            let services = risc0::SERVICES.iter().map(|service| call(service.number, service.name, service.supported));
            let named = risc0::SYSTEM_CALLS.iter().map(|system_call| {
                let unsupported = matches!(system_call.service, risc0::SystemCallService::Unsupported(_));
                call(system_call.number, system_call.name, !unsupported)
            });
            services.chain(named).collect()
        }
        Platform::Sp1 => sp1::SYSTEM_CALLS
            .iter()
            .map(|system_call| {
                let unsupported = matches!(system_call.service, sp1::SystemCallService::Unsupported(_));
                call(system_call.number.into(), system_call.name, !unsupported)
            })
            .collect(),
        Platform::OpenVm => Opcode::ALL
            .iter()
            .filter(|opcode| opcode.entry().class == Class::Vendor)
            .map(|opcode| DescribedCall {
                number: None,
                name: opcode.mnemonic().to_owned(),
                supported: !matches!(opcode, Opcode::OpenVmHintRandom),
            })
            .collect(),
        Platform::Native => Vec::new(),
    }
}

fn exit(exit: &ExitConvention) -> String {
    match exit {
        ExitConvention::Ecall { halt, .. } => format!("ecall with t0 = {halt:#x}, the exit code in a0"),
        ExitConvention::OpenVm => "openvm.terminate with the exit code, which proofs hold to 0".to_owned(),
        ExitConvention::Risc0 { .. } => {
            "ecall with t0 = 0x0, a0 = exit code << 8, the address of the output's digest in a1".to_owned()
        }
        ExitConvention::Sp1 { .. } => "the output's digest with COMMIT, then HALT with the exit code in a0".to_owned(),
    }
}

fn limits(platform: Platform) -> Vec<DescribedLimit> {
    let limit = |what: &str, most: u64| DescribedLimit { what: what.to_owned(), most };
    let mut limits = vec![limit("bytes of the guest's log that are kept", LOG_BYTES_MAX as u64)];
    match platform {
        Platform::Standard => limits.extend([
            limit("bytes of output, by default", DEFAULT_OUTPUT_LIMIT_BYTES),
            limit("bytes hashed in one call", HASH_BYTES_MAX),
            limit("bytes of each number of modexp; more fail", MODEXP_BYTES_MAX),
            limit("rounds of one blake2f", BLAKE2F_ROUNDS_MAX.into()),
            limit("pairs of one pairing check", PAIRING_PAIRS_MAX),
            limit("pairs of one multi-scalar multiplication", MSM_PAIRS_MAX),
        ]),
        Platform::OpenVm => limits.extend([
            limit("bytes of output, always so many", OPENVM_PUBLIC_VALUES_BYTES as u64),
            limit("bytes of memory", OPENVM_MEMORY_BYTES),
        ]),
        Platform::Sp1 => limits.push(limit("words of code", sp1::PROGRAM_INSTRUCTIONS_MAX)),
        Platform::Risc0 | Platform::Native => {}
    }
    limits
}

/// Every platform in a line, and every accelerator on each.
fn overview(report: &PlatformReport) -> String {
    let mut platforms = table(&["platform", "isa", "memory", "calls", "exit"]);
    for platform in &report.platforms {
        let memory = platform.memory.iter().map(place).collect::<Vec<_>>().join(", ");
        platforms.add_row([
            platform.platform.to_string(),
            platform.isas.join(", "),
            memory,
            platform.calls.len().to_string(),
            platform.exit.clone(),
        ]);
    }
    let columns: Vec<&str> = Platform::ALL.iter().chain([&Platform::Native]).map(|platform| platform.name()).collect();
    let mut accelerators = table(&[&["accelerator"], &columns[..]].concat());
    for accelerator in &report.accelerators {
        let cell = |platform: &&str| accelerator.means.get(*platform).cloned().unwrap_or_else(|| "-".to_owned());
        accelerators.add_row([accelerator.name.clone()].into_iter().chain(columns.iter().map(cell)));
    }
    let more = styled(QUIET, "one in full, with rules and limits: assay platform show PLATFORM");
    format!("{}\n{}{more}\n", table_text(&platforms), table_text(&accelerators))
}

fn place(range: &AddressRange) -> String {
    match range.last {
        Some(last) => format!("{} to {last}", range.first),
        None => format!("{} on", range.first),
    }
}

/// One platform in full.
fn whole(report: &PlatformReport, platform: Platform) -> String {
    let mut text = String::new();
    for shown in &report.platforms {
        let _ = writeln!(text, "{}  {}", styled(GOOD, shown.platform), shown.isas.join(", "));
        let _ = writeln!(text, "\nmemory");
        for range in &shown.memory {
            let _ = writeln!(text, "  {}: {}", place(range), range.what);
        }
        let _ = writeln!(text, "\nexit\n  {}\n\ncalls", shown.exit);
        for call in &shown.calls {
            let number = call.number.map_or_else(String::new, |number| format!("{:<12}", number.to_string()));
            let _ =
                writeln!(text, "  {number}{}{}", call.name, if call.supported { "" } else { "  (not carried out)" });
        }
        let _ = writeln!(text, "\nlimits");
        for limit in &shown.limits {
            let _ = writeln!(text, "  {} {}", limit.most, limit.what);
        }
    }
    let _ = writeln!(text, "\naccelerators");
    for accelerator in &report.accelerators {
        let means = accelerator.means.get(platform.name()).map_or("-", String::as_str);
        let _ = writeln!(text, "  {}\n    {means}", accelerator.declaration);
        let _ = writeln!(text, "    {} ({})", accelerator.rule, accelerator.source);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guests_table_of_accelerators_is_that_of_the_machine() {
        assert_eq!(accelerators::TABLE.len(), TABLE.len());
        for (ours, guests) in TABLE.iter().zip(accelerators::TABLE) {
            assert_eq!((ours.name, ours.selector), (guests.name, u64::from(guests.selector)));
            assert_eq!(guests.c_name, format!("zkvm_{}", ours.name));
            assert_eq!(guests.standard, Means::Ecall);
        }
    }

    #[test]
    fn each_platform_has_memory_calls_and_a_way_for_each_accelerator() {
        let report = report(None);
        assert_eq!(report.platforms.len(), Platform::ALL.len());
        for platform in &report.platforms {
            assert!(!platform.memory.is_empty() && !platform.calls.is_empty() && !platform.isas.is_empty());
            assert!(report.accelerators.iter().all(|row| row.means.contains_key(platform.platform.name())));
            assert!(!whole(&report, platform.platform).is_empty());
        }
        assert!(report.accelerators.iter().all(|row| row.means.contains_key("native")));
    }
}
