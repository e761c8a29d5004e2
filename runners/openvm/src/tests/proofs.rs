//! One proof of several segments, of a run that fails, and everything that must not be accepted in its place.

use std::{collections::BTreeSet, ops::Range, sync::LazyLock};

use assay_openvm_sdk::{Claims, End, ExeCommit, Machine, Options, Program, Proved, Strength, Verifier};
use assay_spec::platform::{OPENVM_MEMORY_BYTES, OPENVM_PUBLIC_VALUES_BYTES};

use super::elf_of;

/// 2103 instructions, five a turn: the metered interpreter looks every 1000, so that segments of as little memory as can
/// be begin at one pc.
const COUNT: &str = "
    li x7, 420
    li x8, 0x400
1:  addi x5, x5, 3
    xor x6, x6, x5
    sw x6, 0(x8)
    addi x7, x7, -1
    bnez x7, 1b
    openvm.reveal x0, x5, 8
    openvm.terminate 42";

struct Proof {
    proved: Proved,
    metered: Vec<Vec<u32>>,
    chips: Vec<String>,
    expected: Claims,
    identified: ExeCommit,
}

fn options() -> Options {
    Options {
        memory_bits: OPENVM_MEMORY_BYTES.ilog2() as usize,
        public_values: OPENVM_PUBLIC_VALUES_BYTES,
        strength: Strength::InsecureFast,
        segment_memory_bytes: 0,
    }
}

fn program(source: &str) -> Program {
    Program::from_elf(&elf_of(source), OPENVM_MEMORY_BYTES as u32).unwrap()
}

static PROOF: LazyLock<Proof> = LazyLock::new(|| {
    let program = program(COUNT);
    let mut machine = Machine::new(options()).unwrap();
    let identified = machine.exe_commit(&program).unwrap();
    let execution = machine.execute(&program, &[], 1 << 20, &|_| false).unwrap();
    assert!(matches!(execution.end, End::Exit { code: 42, .. }));
    let metered = execution.metered.unwrap();
    assert_eq!(metered.segments.len(), 3);
    let proved = machine.prove(&program, &[], &metered, &|_| false).unwrap();
    let chips = machine.circuit().unwrap().chips.iter().map(|chip| chip.name.clone()).collect();
    let metered = metered.segments.into_iter().map(|segment| segment.heights).collect();
    let expected = Claims { exit_code: 42, public_values: execution.public_values };
    Proof { proved, metered, chips, expected, identified }
});

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(options()).unwrap());

fn verify(bytes: &[u8]) -> Result<Claims, String> {
    VERIFIER.verify(bytes, &PROOF.identified)
}

/// The encoded segments, and the rest.
fn parts(mut bytes: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let number = |bytes: &mut &[u8]| {
        let (number, rest) = bytes.split_first_chunk::<4>().unwrap();
        *bytes = rest;
        u32::from_le_bytes(*number) as usize
    };
    let count = number(&mut bytes);
    let segments = (0..count)
        .map(|_| {
            let length = number(&mut bytes);
            let (segment, rest) = bytes.split_at(length);
            bytes = rest;
            segment
        })
        .collect();
    (segments, bytes)
}

fn joined(segments: &[&[u8]], rest: &[u8]) -> Vec<u8> {
    let mut bytes = (segments.len() as u32).to_le_bytes().to_vec();
    for segment in segments {
        bytes.extend((segment.len() as u32).to_le_bytes());
        bytes.extend_from_slice(segment);
    }
    bytes.extend_from_slice(rest);
    bytes
}

/// Where the public values of each AIR stand in an encoded segment.
fn public_values(segment: &[u8]) -> Vec<Range<usize>> {
    const VERSION_AND_COMMITMENT: usize = 4 + 32;
    let number = |at: usize| u32::from_le_bytes(segment[at..at + 4].try_into().unwrap()) as usize;
    let mut at = VERSION_AND_COMMITMENT;
    let airs = number(at);
    at += 4;
    let present: u32 = segment[at..at + airs.div_ceil(8)].iter().map(|byte| byte.count_ones()).sum();
    at += airs.div_ceil(8);
    for _ in 0..present {
        at += 8 + 32 * number(at + 4);
    }
    assert_eq!(number(at), airs);
    at += 4;
    (0..airs)
        .map(|_| {
            let values = at + 4..at + 4 + 4 * number(at);
            at = values.end;
            values
        })
        .collect()
}

#[test]
fn a_proof_of_a_run_that_fails_shows_exit_code_and_output() {
    let claims = verify(&PROOF.proved.bytes).unwrap();
    assert_eq!(claims, PROOF.expected);
    assert_eq!(claims.public_values[8..12], 1260u32.to_le_bytes());
}

#[test]
fn a_program_s_commitment_is_the_same_wherever_it_comes_from() {
    assert_eq!(PROOF.proved.exe_commit, PROOF.identified);
    assert_eq!(PROOF.identified.len(), 64);
    let another = Machine::new(options()).unwrap();
    assert_eq!(another.exe_commit(&program(COUNT)).unwrap(), PROOF.identified);
    assert_ne!(another.exe_commit(&program(&COUNT.replace("420", "421"))).unwrap(), PROOF.identified);
}

#[test]
fn a_proof_is_of_one_program_and_of_one_kind() {
    for other in [format!("{:064}", 0), PROOF.identified.to_uppercase(), String::new()] {
        if other != PROOF.identified {
            assert!(VERIFIER.verify(&PROOF.proved.bytes, &other).unwrap_err().contains("bound to"), "{other}");
        }
    }
    let standard = Verifier::new(Options { strength: Strength::Standard, ..options() }).unwrap();
    standard.verify(&PROOF.proved.bytes, &PROOF.identified).unwrap_err();
}

#[test]
fn segments_dropped_doubled_or_swapped_are_no_run() {
    let (segments, rest) = parts(&PROOF.proved.bytes);
    let [a, b, c] = segments[..] else { panic!("three segments") };
    assert_eq!(verify(&joined(&[a, b, c], rest)).as_ref(), Ok(&PROOF.expected));
    for (wrong, said) in [
        (vec![], "0 segments"),
        (vec![a], "suspended"),
        (vec![a, b], "suspended"),
        (vec![b, c], "bound to"),
        (vec![c], "bound to"),
        (vec![a, c], "memory"),
        (vec![a, a, b, c], "begin"),
        (vec![a, b, b, c], "memory"),
        (vec![a, b, c, c], "begin"),
        (vec![b, a, c], "begin"),
        (vec![a, c, b], "memory"),
    ] {
        let reason = verify(&joined(&wrong, rest)).unwrap_err();
        assert!(reason.contains(said), "{} segments, {said}: {reason}", wrong.len());
    }
}

#[test]
fn what_a_segment_says_of_itself_cannot_be_changed() {
    const TERMINATES: usize = 3;
    let (segments, rest) = parts(&PROOF.proved.bytes);
    let [a, b, c] = segments[..] else { panic!("three segments") };
    let changed = |segment: &[u8], at: usize, value: u32| {
        let mut segment = segment.to_vec();
        segment[at..at + 4].copy_from_slice(&value.to_le_bytes());
        segment
    };
    let word = |segment: &[u8], at: usize| u32::from_le_bytes(segment[at..at + 4].try_into().unwrap());
    let of_connector = public_values(c)[1].clone();
    let exit_code = of_connector.start + 8;
    assert_eq!(word(c, exit_code), 42);
    for code in [0, 1, 43] {
        verify(&joined(&[a, b, &changed(c, exit_code, code)], rest)).unwrap_err();
    }
    // A part of the run, said to be the whole.
    let ended = changed(a, public_values(a)[1].start + 4 * TERMINATES, 1);
    verify(&joined(&[&ended], rest)).unwrap_err();
    for range in public_values(c) {
        for at in range.step_by(4) {
            let wrong = changed(c, at, word(c, at) ^ 1);
            verify(&joined(&[a, b, &wrong], rest)).unwrap_err();
        }
    }
}

#[test]
fn public_values_are_all_shown_and_cannot_be_changed() {
    let bytes = &PROOF.proved.bytes;
    let values = bytes.len() - 32 - 4 * OPENVM_PUBLIC_VALUES_BYTES;
    for index in [0, 8, 9, 255] {
        for value in [1u32, 256, u32::MAX] {
            let mut wrong = bytes.clone();
            let at = values + 4 * index;
            let byte = u32::from(wrong[at]);
            wrong[at..at + 4].copy_from_slice(&(byte ^ value).to_le_bytes());
            verify(&wrong).unwrap_err();
        }
    }
    let (segments, rest) = parts(bytes);
    for cut in [1, 32, 32 + 4 * 128] {
        verify(&joined(&segments, &rest[..rest.len() - cut])).unwrap_err();
    }
    verify(&[bytes, [0].as_slice()].concat()).unwrap_err();
}

#[test]
fn hostile_lengths_are_refused_without_being_believed() {
    let (segments, rest) = parts(&PROOF.proved.bytes);
    let first = segments[0];
    // Every count that a segment begins with, and as many bytes after them as a test has time for.
    for at in (0..first.len().min(4096)).step_by(3).chain((4096..first.len() - 4).step_by(4099)) {
        for count in [u32::MAX, 1 << 31, 1 << 24, 129] {
            let mut wrong = first.to_vec();
            wrong[at..at + 4].copy_from_slice(&count.to_le_bytes());
            if wrong != first {
                verify(&joined(&[&wrong], rest)).unwrap_err();
            }
        }
    }
    for length in (0..first.len()).step_by(1009) {
        verify(&joined(&[&first[..length]], rest)).unwrap_err();
    }
    for count in [0, 4, u32::MAX] {
        let mut wrong = PROOF.proved.bytes.clone();
        wrong[..4].copy_from_slice(&count.to_le_bytes());
        verify(&wrong).unwrap_err();
    }
}

/// The metered heights are those of the traces that are proved before these are padded to a power of two: exactly, but
/// for the chips of the memory tree, which metering counts by pages of it, and so never too low.
#[test]
fn what_is_metered_is_what_is_proved() {
    let of_the_memory_tree = ["PersistentBoundaryAir", "MemoryMerkleAir", "Poseidon2"];
    let mut above = BTreeSet::new();
    for (metered, proved) in PROOF.metered.iter().zip(&PROOF.proved.heights) {
        for ((chip, &metered), &proved) in PROOF.chips.iter().zip(metered).zip(proved) {
            let padded = if metered == 0 { 0 } else { metered.next_power_of_two() as usize };
            if of_the_memory_tree.iter().any(|name| chip.starts_with(name)) {
                assert!(0 < proved && proved <= padded, "{chip}: {proved} of {padded}");
                if proved < padded {
                    above.insert(chip);
                }
            } else {
                assert_eq!(proved, padded, "{chip}");
            }
        }
    }
    assert!(!above.is_empty(), "the metered heights of the memory tree are exact: say so");
    let names: BTreeSet<&String> = PROOF.chips.iter().collect();
    assert_eq!(names.len(), PROOF.chips.len(), "heights are reported by name");
}

#[test]
fn a_proof_is_given_up_between_segments() {
    let program = program(COUNT);
    let mut machine = Machine::new(options()).unwrap();
    let metered = machine.execute(&program, &[], 1 << 20, &|_| false).unwrap().metered.unwrap();
    let reason = machine.prove(&program, &[], &metered, &|done| done == 0).unwrap_err();
    assert!(matches!(reason, assay_openvm_sdk::ProveError::Interrupted));
}
