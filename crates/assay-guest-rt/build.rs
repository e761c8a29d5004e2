//! Puts the platform's linker script where `-Tlink.x` finds it, and beside it the programs of RISC Zero's accelerator.

use std::{env, fs, path::Path};

/// What every platform's script ends with.
const SECTIONS: &str = include_str!("link/sections.x");

/// Addresses by platform, which is a feature of this crate.
const PLATFORMS: [(&str, &str); 4] = [
    ("STANDARD", include_str!("link/standard.x")),
    ("RISC0", include_str!("link/risc0.x")),
    ("SP1", include_str!("link/sp1.x")),
    ("OPENVM", include_str!("link/openvm.x")),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=link");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("none") {
        return;
    }
    let chosen = |feature: &str| env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    // Without a platform, or with two, the crate itself does not compile and says why.
    let Some((_, addresses)) = PLATFORMS.into_iter().find(|(feature, _)| chosen(feature)) else { return };
    let folder = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join("link.x"), format!("{addresses}\n{SECTIONS}")).expect("OUT_DIR is writable");
    println!("cargo::rustc-link-search={folder}");
    #[cfg(all(feature = "risc0", feature = "accelerators"))]
    fs::write(Path::new(&folder).join("risc0_programs.rs"), risc0::programs()).expect("OUT_DIR is writable");
}

/// The programs that RISC Zero's accelerator for large numbers runs, as words.
///
/// They are in the crate `risc0-bigint2`, which cannot be a dependency of a guest here: it needs `std`, and shows its programs
/// to nobody. What it does with one is to hand it to a function that the guest has to bring; here that function takes it.
#[cfg(all(feature = "risc0", feature = "accelerators"))]
mod risc0 {
    use std::{fmt::Write as _, sync::Mutex};

    use risc0_bigint2::{
        ec::{AffinePoint, Secp256k1Curve, Secp384r1Curve},
        field,
    };

    /// Most words of a program: what a length that is none is caught by.
    const WORDS_MAX: usize = 1 << 16;
    /// The words of the program that computes, of the one that checks, of the constants; and of memory it uses.
    const HEADER_WORDS: usize = 4;

    static TAKEN: Mutex<Vec<u32>> = Mutex::new(Vec::new());

    /// Source of a static for each program.
    pub(crate) fn programs() -> String {
        let mut source = String::new();
        let mut add = |name: &str| {
            let words = std::mem::take(&mut *TAKEN.lock().expect("nothing panics with it"));
            assert!(!words.is_empty(), "risc0-bigint2 handed no program out for {name}");
            let _ = writeln!(source, "pub(super) static {name}: [u32; {}] = {words:?};", words.len());
        };
        // Results stay 0, and pass for reduced.
        let (zero, one) = (numbers::<8>(0), numbers::<8>(1));
        field::modmul_256(&zero, &zero, &one, &mut numbers(0));
        add("MODMUL_256");
        field::modinv_256(&zero, &one, &mut numbers(0));
        add("MODINV_256");
        let point = |x| AffinePoint::<8, Secp256k1Curve>::new_unchecked(numbers(x), numbers(1));
        point(0).add(&point(1), &mut point(0));
        add("EC_ADD_256");
        point(0).double(&mut point(0));
        add("EC_DOUBLE_256");
        field::modmul_384(&numbers(0), &numbers(0), &numbers(1), &mut numbers(0));
        add("MODMUL_384");
        let point = |x| AffinePoint::<12, Secp384r1Curve>::new_unchecked(numbers(x), numbers(1));
        point(0).add(&point(1), &mut point(0));
        add("EC_ADD_384");
        point(0).double(&mut point(0));
        add("EC_DOUBLE_384");
        field::modmul_4096(&numbers(0), &numbers(0), &numbers(1), &mut numbers(0));
        add("MODMUL_4096");
        source
    }

    fn numbers<const N: usize>(low: u32) -> [u32; N] {
        std::array::from_fn(|index| if index == 0 { low } else { 0 })
    }

    fn take(program: *const u32) {
        #[expect(unsafe_code, reason = "the crate gives its programs away as pointers only")]
        // SAFETY: the crate hands out a program of its own, aligned to words, as long as its header says.
        let words = unsafe {
            let header = std::slice::from_raw_parts(program, HEADER_WORDS);
            let words = HEADER_WORDS + header[..3].iter().map(|&words| words as usize).sum::<usize>();
            assert!(words <= WORDS_MAX, "a program of risc0-bigint2 says that it has {words} words");
            std::slice::from_raw_parts(program, words)
        };
        *TAKEN.lock().expect("nothing panics with it") = words.to_vec();
    }

    #[expect(unsafe_code, reason = "the name that the crate calls")]
    #[unsafe(no_mangle)]
    extern "C" fn sys_bigint2_3(program: *const u32, _: *const u32, _: *const u32, _: *const u32) {
        take(program);
    }

    #[expect(unsafe_code, reason = "the name that the crate calls")]
    #[unsafe(no_mangle)]
    extern "C" fn sys_bigint2_4(program: *const u32, _: *const u32, _: *const u32, _: *const u32, _: *const u32) {
        take(program);
    }

    /// No program that is taken needs it, but functions of the crate do that are linked with those that are called.
    #[expect(unsafe_code, reason = "the name that the crate calls")]
    #[unsafe(no_mangle)]
    extern "C" fn sys_bigint2_5(
        program: *const u32,
        _: *const u32,
        _: *const u32,
        _: *const u32,
        _: *const u32,
        _: *const u32,
    ) {
        take(program);
    }
}
