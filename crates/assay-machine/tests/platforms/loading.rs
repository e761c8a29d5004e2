//! What cannot be loaded is refused by name, before anything is executed.

use assay_isa::Isa;
use assay_machine::{
    Config, EXECUTABLE_BYTES_MAX, Image, LoadError, Permissions, SEGMENTS_MAX, Segment, Unobserved, run,
};
use assay_spec::Platform;

use crate::{CODE, image, standard_config};

fn segment(address: u64, size: u64, permissions: Permissions) -> Segment {
    Segment { address, bytes: vec![], size, permissions }
}

fn refusal(segments: Vec<Segment>, config: &Config, input: &[u8]) -> LoadError {
    let image = Image { entry: CODE, segments };
    run(&image, input, config, &mut Unobserved).unwrap_err()
}

#[test]
fn segments_that_do_not_fit_are_refused() {
    let config = standard_config();
    let rv32 = Config::new(Isa::RV32IM, Platform::Standard);
    let r = Permissions::R;
    let refused = |segments| refusal(segments, &config, &[]);
    assert!(matches!(
        refused(vec![segment(0x2000, 16, r), segment(0x200f, 1, r)]),
        LoadError::Overlap { address: 0x200f, .. }
    ));
    assert!(matches!(refused(vec![segment(u64::MAX, 2, r)]), LoadError::SegmentWraps { .. }));
    assert!(matches!(refusal(vec![segment(0xffff_ffff, 2, r)], &rv32, &[]), LoadError::SegmentWraps { .. }));
    assert!(matches!(refused(vec![segment(0, 1, r); SEGMENTS_MAX + 1]), LoadError::TooManySegments { .. }));
    let short = Segment { bytes: vec![1, 2], ..segment(0x2000, 1, r) };
    assert!(matches!(refused(vec![short]), LoadError::SegmentSize { .. }));
    let code = segment(0x10_0000, EXECUTABLE_BYTES_MAX + 1, Permissions::RX);
    assert!(matches!(refused(vec![code]), LoadError::TooMuchCode { .. }));
    let code = segment(0, u64::MAX, Permissions::RX);
    assert!(matches!(refused(vec![code]), LoadError::TooMuchCode { .. }));
}

#[test]
fn an_input_buffer_that_does_not_fit_is_refused() {
    let mut config = standard_config();
    let over = segment(0x8000_0002, 1, Permissions::RW);
    assert!(matches!(refusal(vec![over], &config, &[1, 2, 3]), LoadError::Overlap { address: 0x8000_0002, .. }));
    config.input_base = 4;
    assert!(matches!(refusal(vec![], &config, &[]), LoadError::InputBaseMisaligned { base: 4 }));
    let mut rv32 = Config::new(Isa::RV32IM, Platform::Standard);
    rv32.input_base = 0xffff_fff8;
    assert!(matches!(refusal(vec![], &rv32, &[0; 9]), LoadError::InputWraps { .. }));
    config.input_base = 0x8000_0000;
    config.memory_limit_bytes = 4096;
    assert!(matches!(refusal(vec![], &config, &[0; 5000]), LoadError::MemoryLimit { .. }));
}

#[test]
fn what_openvm_refuses_is_refused() {
    let config = Config::new(Isa::RV32IM_OPENVM, Platform::OpenVm);
    let guest = || image("openvm.terminate 0", config.isa);
    let refused = |image: &Image| run(image, &[], &config, &mut Unobserved).unwrap_err();
    assert!(run(&guest(), &[], &config, &mut Unobserved).is_ok());
    for entry in [2, 1 << 29] {
        assert_eq!(refused(&Image { entry, ..guest() }), LoadError::OpenVmEntry { entry });
    }
    let with = |extra| {
        let mut image = guest();
        image.segments.push(extra);
        image
    };
    let rw = Permissions::RW;
    assert!(matches!(refused(&with(segment(0x1002, 4, rw))), LoadError::OpenVmSegmentMisaligned { .. }));
    assert!(matches!(refused(&with(segment(0xff_fffc, 8, rw))), LoadError::OpenVmOutsideMemory { .. }));
    assert!(matches!(refused(&with(segment(0x1000, 4, Permissions::RX))), LoadError::OpenVmCodeGap { .. }));
    assert_eq!(refused(&Image { entry: 0, segments: vec![] }), LoadError::OpenVmNoCode);
    let mut wrong = config.clone();
    wrong.isa = Isa::RV64IM;
    assert!(matches!(run(&guest(), &[], &wrong, &mut Unobserved), Err(LoadError::WrongIsa { .. })));
}
