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
