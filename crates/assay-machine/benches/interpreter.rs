//! Speed of the machine in guest instructions per second, against `rrs-lib` in the same run.
//!
//! The guest is a loop of arithmetic, a multiplication, a load, a store and branches, of which one is taken every other
//! time.

use std::hint::black_box;
use std::ops::ControlFlow;

use assay_isa::{AssembleOptions, Isa, assemble};
use assay_machine::{Config, Image, Permissions, Recorder, Records, Segment, Unobserved, run};
use assay_spec::Platform;
use divan::Bencher;
use divan::counter::ItemsCount;
use rrs_lib::HartState;
use rrs_lib::instruction_executor::InstructionExecutor;
use rrs_lib::memories::VecMemory;

/// Instructions of a run without records.
const INSTRUCTIONS: u64 = 100_000_000;
/// Instructions of a run with records, and of the rival's.
const FEWER_INSTRUCTIONS: u64 = 1_000_000;
const CODE: u64 = 0x1_0000;

const LOOP: &str = "
    li s0, 0x12000
    li t2, 3
    1:
    add t0, t0, t2
    xor t1, t1, t0
    mul s1, t0, t1
    andi a1, s1, 0x7fc
    add a2, s0, a1
    lw a3, 0(a2)
    add a3, a3, t0
    sw a3, 0(a2)
    srli a4, a3, 3
    andi a5, t0, 1
    beqz a5, 2f
    addi a6, a6, 1
    2:
    sltu a7, a4, t0
    bnez s0, 1b
";

fn main() {
    divan::main();
}

fn image(isa: Isa) -> Image {
    let code = assemble(LOOP, &AssembleOptions::new(isa, CODE)).expect("the loop is valid").bytes;
    let permissions = Permissions::RX;
    Image { entry: CODE, segments: vec![Segment { address: CODE, size: code.len() as u64, bytes: code, permissions }] }
}

fn config(isa: Isa, max_steps: u64) -> Config {
    Config { max_steps, ..Config::new(isa, Platform::Standard) }
}

const ISAS: [&str; 2] = ["rv32", "rv64"];

fn isa(name: &str) -> Isa {
    if name == "rv32" { Isa::RV32IM } else { Isa::RV64IM }
}

#[divan::bench(args = ISAS, sample_count = 10)]
fn without_records(bencher: Bencher<'_, '_>, name: &str) {
    let (image, config) = (image(isa(name)), config(isa(name), INSTRUCTIONS));
    bencher.counter(ItemsCount::new(INSTRUCTIONS)).bench(|| run(&image, &[], &config, &mut Unobserved));
}

fn recorded(bencher: Bencher<'_, '_>, name: &str, records: Records) {
    let (image, config) = (image(isa(name)), config(isa(name), FEWER_INSTRUCTIONS));
    bencher.counter(ItemsCount::new(FEWER_INSTRUCTIONS)).bench(|| {
        let mut count = 0_u64;
        let mut sink = |record| {
            black_box(record);
            count += 1;
            ControlFlow::Continue(())
        };
        run(&image, &[], &config, &mut Recorder::new(&mut sink, records)).map(|_| count)
    });
}

#[divan::bench(args = ISAS, sample_count = 5)]
fn with_all_records(bencher: Bencher<'_, '_>, name: &str) {
    recorded(bencher, name, Records::All);
}

#[divan::bench(args = ISAS, sample_count = 5)]
fn with_instruction_records(bencher: Bencher<'_, '_>, name: &str) {
    recorded(bencher, name, Records::Instructions);
}

/// The rival: `rrs-lib` decodes each instruction again.
#[divan::bench(sample_count = 5)]
fn rrs_lib_rv32(bencher: Bencher<'_, '_>) {
    let image = image(Isa::RV32IM);
    let mut words = vec![0; (CODE / 4) as usize];
    words.extend(image.segments[0].bytes.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes)));
    words.resize(0x2_0000 / 4, 0);
    bencher.counter(ItemsCount::new(FEWER_INSTRUCTIONS)).bench(|| {
        let mut memory = VecMemory::new(words.clone());
        let mut hart = HartState::new();
        hart.pc = CODE as u32;
        for _ in 0..FEWER_INSTRUCTIONS {
            InstructionExecutor { mem: &mut memory, hart_state: &mut hart }.step().expect("the loop is valid");
        }
        hart.registers[5]
    });
}
