//! Guests of other makers, from folders that are nowhere near the source tree: built for every platform, run on the
//! reference machine and natively.
#![expect(clippy::unwrap_used, reason = "a test fails where it fails")]

#[path = "projects/accelerators.rs"]
mod accelerators;
#[path = "cores/execution.rs"]
mod execution;
#[path = "projects/two_folders.rs"]
mod two_folders;

use std::{fs, path::Path};

use assay_guest::{BuildError, BuiltGuest, Project, ProjectBuilder};
use assay_spec::Platform;
use execution::{Did, Ended, TARGETS, did_on};

/// Does as its input says.
const C_GUEST: &str = r#"
#include <assay_guest.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "twice.h"

static uint8_t kept[4];
static uint32_t counter = 40;

int main(void) {
    const uint8_t *input, *again;
    size_t size, size_again;
    read_input(&input, &size);
    read_input(&again, &size_again);
    assert(size == size_again && (size == 0 || input == again));
    if (size == 0) return 0;
    uint8_t *copy = malloc(size);
    memcpy(copy, input, size);
    copy = realloc(copy, size + 4096);
    uint32_t *zeros = calloc(3, 4);
    counter += twice(1);
    memcpy(kept, &counter, sizeof kept);
    write_output(copy, size);
    write_output(NULL, 0);
    write_output(kept, sizeof kept);
    uint64_t quotient = 0xfedcba9876543210u / (size + zeros[2]) * 3;
    write_output((const uint8_t *)&quotient, 8);
    guest_log("on the way\n");
    switch (input[0]) {
    case 1: abort();
    case 2: exit(7);
    case 3: assert(size == 99);
    case 4: guest_panic("by request: \xff");
    case 5: return 256;
    case 6: return malloc((size_t)-1) == NULL && calloc((size_t)-1, 2) == NULL ? 42 : 1;
    default: free(copy); return strlen("four") - 4;
    }
}
"#;

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn builder() -> ProjectBuilder {
    ProjectBuilder::new().unwrap()
}

fn build(folder: &Path, platform: Platform, isa: Option<assay_isa::Isa>) -> Result<Vec<BuiltGuest>, BuildError> {
    builder().build(&Project::open(folder).unwrap(), platform, isa, &mut |line| eprintln!("{line}"))
}

fn c_guest(place: &Path) -> std::path::PathBuf {
    let folder = place.join("ends");
    write(
        &folder,
        &[
            ("main.c", C_GUEST),
            ("include/twice.h", "#include <stdint.h>\nuint32_t twice(uint32_t of);\n"),
            ("lib/twice.c", "#include \"twice.h\"\nuint32_t twice(uint32_t of) { return 2 * of; }\n"),
        ],
    );
    folder
}

#[test]
fn a_guest_in_c_does_the_same_natively_and_on_every_platform() {
    let place = tempfile::tempdir().unwrap();
    let folder = c_guest(place.path());
    let ends = [
        (0, Ended::Exit(0)),
        (1, Ended::Exit(134)),
        (2, Ended::Exit(7)),
        (3, Ended::Panic("main.c:33:\nassertion failed: size == 99".to_owned())),
        (4, Ended::Panic("main.c:34:\nby request: \u{fffd}".to_owned())),
        (5, Ended::Exit(255)),
        (6, Ended::Exit(42)),
    ];
    for (platform, isa) in TARGETS {
        let built = build(&folder, platform, isa).unwrap_or_else(|error| panic!("{platform}: {error}"));
        let [built] = built.as_slice() else { panic!("{built:?}") };
        assert_eq!((built.manifest.name.as_str(), built.manifest.platform), ("ends", platform));
        assert!(built.manifest.toolchain.contains("clang version"), "{}", built.manifest.toolchain);
        let bytes = String::from_utf8_lossy(&built.guest.elf).into_owned();
        assert!(!bytes.contains(place.path().to_str().unwrap()), "{platform}");
        assert_eq!(did_on(built, b"").end, Ended::Exit(0), "{platform}");
        for (how, end) in &ends {
            let input = [*how, 5, 6];
            let mut expected = input.to_vec();
            expected.extend(42u32.to_le_bytes());
            expected.extend((0xfedc_ba98_7654_3210_u64 / 3 * 3).to_le_bytes());
            let did = did_on(built, &input);
            assert_eq!(&did.end, end, "{how} on {platform} {isa:?}");
            // OpenVM's output is always all of its public values.
            assert_eq!(did.output[..expected.len()], expected, "{how} on {platform}");
            assert!(did.output[expected.len()..].iter().all(|byte| *byte == 0), "{how} on {platform}");
        }
    }
}

#[test]
fn what_passes_openvms_public_values_is_a_panic_that_says_so() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("long");
    write(
        &folder,
        &[(
            "m.c",
            "#include <assay_guest.h>\nint main(void) { static uint8_t b[257]; write_output(b, sizeof b); return 0; }",
        )],
    );
    let built = build(&folder, Platform::OpenVm, None).unwrap();
    let Did { end: Ended::Panic(text), .. } = did_on(&built[0], b"") else { panic!() };
    assert!(text.contains("257 bytes") && text.contains("256 bytes of public values"), "{text}");
}

/// With a build script that tries to write where it may not.
#[test]
fn a_crate_from_anywhere_is_built_with_its_build_script_kept_in_its_folder() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("crate");
    let outside = place.path().join("outside");
    write(
        &folder,
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"mine\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nassay-guest-rt = \"*\"\n",
            ),
            (
                "build.rs",
                &format!(
                    "fn main() {{ std::fs::write({outside:?}, \"x\").ok(); println!(\"cargo::rustc-env=GREETING=hello\"); }}"
                ),
            ),
            (
                "src/main.rs",
                "#![cfg_attr(target_os = \"none\", no_std, no_main)]\nassay_guest_rt::main!(run);\n\
                 fn run() -> u8 { assay_guest_rt::write_output(env!(\"GREETING\").as_bytes()); assert!(assay_guest_rt::read_input().is_empty(), \"some\"); 3 }\n",
            ),
        ],
    );
    let project = Project::open(&folder).unwrap();
    let mut unheld = false;
    let mut show = |line: &str| unheld |= line.contains("no Landlock");
    for (platform, isa) in TARGETS {
        let built = builder().build(&project, platform, isa, &mut show);
        let built = built.unwrap_or_else(|error| panic!("{platform}: {error}"));
        let did = did_on(&built[0], b"");
        assert_eq!((&did.output[..5], &did.end), (&b"hello"[..], &Ended::Exit(3)), "{platform} {isa:?}");
        let did = did_on(&built[0], b"1");
        assert_eq!(did.end, Ended::Panic("src/main.rs:3:77:\nsome".to_owned()), "{platform} {isa:?}");
    }
    // Where the kernel has no Landlock it may, and the build says so. The folder's name is new each time, and with it the
    // build script.
    assert_eq!(outside.exists(), unheld);
}

#[test]
fn what_does_not_build_says_why() {
    let place = tempfile::tempdir().unwrap();
    let told = |name: &str, text: &str| {
        let folder = place.path().join(name);
        write(&folder, &[("main.c", text)]);
        build(&folder, Platform::Standard, None).unwrap_err().to_string()
    };
    let text = told("syntax", "int main(void) { return nothing; }");
    assert!(text.contains("main.c:1:25: error:") && text.contains("nothing"), "{text}");
    let text = told("no_main", "int other(void) { return 0; }");
    assert!(text.contains("undefined symbol: main"), "{text}");
    let text = told(
        "constructor",
        "int x; __attribute__((constructor)) void f(void) { x = *(volatile int *)4096; } int main(void) { return x; }",
    );
    assert!(text.contains(".init_array"), "{text}");
    let text = told("libc", "#include <stdio.h>\nint main(void) { return 0; }");
    assert!(text.contains("stdio.h"), "{text}");
}
