//! What a recorder makes of a run.

use std::ops::ControlFlow;

use assay_isa::Isa;
use assay_machine::{Config, Recorder, Records, Run, run};
use assay_spec::{MicroOp, Platform};

use crate::{image, standard_config};

fn record(source: &str, config: &Config, input: &[u8], records: Records) -> (Run, Vec<MicroOp>) {
    let mut all = Vec::new();
    let mut sink = |record| {
        all.push(record);
        ControlFlow::Continue(())
    };
    let mut recorder = Recorder::new(&mut sink, records);
    let run = run(&image(source, config.isa), input, config, &mut recorder).unwrap();
    (run, all)
}

fn lines(records: &[MicroOp]) -> String {
    records.iter().map(|record| serde_json::to_string(record).unwrap() + "\n").collect()
}

#[test]
fn each_kind_of_access_has_its_record() {
    let source = "li t1, 0x20000\nli t2, -5\nsw t2, 4(t1)\nlbu t3, 4(t1)\namoadd.w t4, t2, (t1)\nadd x0, t1, t2\n\
                  beq t1, t2, 8\nla a0, .\nli a1, 4\nli t0, 0x10\necall\nli a0, 0\nli t0, 0\necall";
    let (_, records) = record(source, &standard_config(), &[], Records::All);
    insta::assert_snapshot!("standard", lines(&records));
    let source = "openvm.hint_input\nli a1, 0x1000\nopenvm.hint_storew a1\nlw a2, 0(a1)\nopenvm.reveal x0, a2, 4\n\
                  .word 0xc0001073\nopenvm.terminate 0";
    let config = Config::new(Isa::RV32IM_OPENVM, Platform::OpenVm);
    let (_, records) = record(source, &config, &[1, 2], Records::All);
    insta::assert_snapshot!("openvm", lines(&records));
    let source = "la a2, 1f\nli a3, 0\nli a0, 0x500000\nli a1, 5\nli t6, 12\nli t0, 2\necall\nli t0, 0\nli a1, 0x500000\n\
                  li a0, 0\necall\n1: .asciz \"risc0_zkvm_platform::syscall::nr::SYS_READ\"\n.align 2";
    let config = Config::new(Isa::RV32IM, Platform::Risc0);
    let (_, records) = record(source, &config, &[1, 2, 3, 4, 5], Records::All);
    insta::assert_snapshot!("risc0", lines(&records));
}

#[test]
fn a_call_of_sp1_writes_t0() {
    let config = Config::new(Isa::RV64IM, Platform::Sp1);
    let base = 0x7800_0000;
    let code = assay_isa::assemble(
        "li t0, 0xf0\necall\nmv a1, t0\nli a0, 0x100000\nli t0, 0xf1\necall\nli a0, 0\nli t0, 0\necall",
        &assay_isa::AssembleOptions::new(config.isa, base),
    );
    let bytes = code.unwrap().bytes;
    let permissions = assay_machine::Permissions::RX;
    let segment = assay_machine::Segment { address: base, size: bytes.len() as u64, bytes, permissions };
    let image = assay_machine::Image { entry: base, segments: vec![segment] };
    let mut records = Vec::new();
    let mut sink = |record| {
        records.push(record);
        ControlFlow::Continue(())
    };
    run(&image, &[1, 2, 3], &config, &mut Recorder::new(&mut sink, Records::All)).unwrap();
    insta::assert_snapshot!("sp1", lines(&records));
}

#[test]
fn sequence_numbers_steps_and_timestamps_have_no_gaps() {
    let source = "li t1, 0x20000\nli t3, 50\n1: sd t3, 0(t1)\nld t2, 0(t1)\naddi t3, t3, -1\nbnez t3, 1b\nebreak";
    let (run, records) = record(source, &standard_config(), &[], Records::All);
    let (mut step, mut timestamp) = (0, 0);
    let mut pc = None;
    for (seq, record) in (0..).zip(&records) {
        assert_eq!(record.seq(), seq);
        match record {
            MicroOp::Instruction(instruction) => {
                assert_eq!(instruction.step, step);
                assert_eq!(instruction.timestamp, timestamp);
                assert!(pc.is_none_or(|pc| pc == instruction.pc));
                pc = Some(instruction.next_pc);
                step += 1;
            }
            MicroOp::Interaction(interaction) => {
                assert_eq!(interaction.base.timestamp, Some(timestamp));
                assert_eq!(interaction.base.step, Some(step - 1));
                timestamp += 1;
            }
            MicroOp::ChipRow(_) => panic!("the machine has no chips"),
        }
    }
    assert_eq!(step, run.instructions, "an instruction that traps is not recorded");
    let (_, only) = record(source, &standard_config(), &[], Records::Instructions);
    assert_eq!(only.len() as u64, run.instructions);
}
