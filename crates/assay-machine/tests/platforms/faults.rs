//! Planted faults strike where they are told to, and only there.

use assay_isa::Isa;
use assay_machine::{Config, Fault, Unobserved, run};
use assay_spec::Platform;

use crate::image;

/// x10 to x14 after the program, with a fault.
fn results(fault: Option<&str>, isa: Isa) -> [u64; 5] {
    let source = "li t1, 20\nli t2, 7\nli t3, 9\nsub a0, t1, t2\nsub a1, t1, t3\naddi a2, t1, -1\nmul a3, t1, t2\n\
                  li s0, 0x20000\namoadd.w a4, t1, (s0)\nli t0, 0\nsub x0, t1, t2\necall";
    let mut config = Config::new(isa, Platform::Standard);
    config.faults = fault.map(|text| text.parse::<Fault>().unwrap()).into_iter().collect();
    let run = run(&image(source, isa), &[], &config, &mut Unobserved).unwrap();
    assert_eq!(run.registers[0], 0);
    run.registers[10..15].try_into().unwrap()
}

#[test]
fn a_fault_changes_the_results_that_it_names_and_no_others() {
    for isa in [Isa::RV32IMA, Isa::RV64IMA] {
        let right = results(None, isa);
        assert_eq!(right, [13, 11, 19, 140, 0]);
        assert_eq!(results(Some("sub:rs2=7:+1"), isa), [14, 11, 19, 140, 0]);
        assert_eq!(results(Some("sub:+1"), isa), [14, 12, 19, 140, 0]);
        assert_eq!(results(Some("addi:imm=-1:-4"), isa), [13, 11, 15, 140, 0]);
        assert_eq!(results(Some("mul:rs1=20:^0x80"), isa), [13, 11, 19, 12, 0]);
        assert_eq!(results(Some("amoadd.w:+3"), isa), [13, 11, 19, 140, 3]);
        assert_eq!(results(Some("div:+3"), isa), right);
    }
}
