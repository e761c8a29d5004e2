//! The same sources give the same bytes: from two folders, in two caches.

use assay_guest::{Project, ProjectBuilder};
use assay_spec::{Digest, Platform};

use super::{c_guest, write};

/// Its panics and its lines are in the executable, and what they spell must be no path of this machine.
const RUST_GUEST: [(&str, &str); 2] = [
    (
        "Cargo.toml",
        "[package]\nname = \"mine\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nassay-guest-rt = \"*\"\n",
    ),
    (
        "src/main.rs",
        "#![cfg_attr(target_os = \"none\", no_std, no_main)]\nextern crate alloc;\nassay_guest_rt::main!(run);\n\
         fn run() -> u8 {\n    let copy = alloc::vec::Vec::from(assay_guest_rt::read_input());\n    \
         assay_guest_rt::write_output(file!().as_bytes());\n    copy[3]\n}\n",
    ),
];

/// A process, and a guest of each width of registers: other platforms have the same flags as one of these.
const PLATFORMS: [Platform; 3] = [Platform::Native, Platform::Risc0, Platform::Sp1];

/// Digests of sources and executable, of each language for each platform.
fn digests(builder: &ProjectBuilder, above: &str) -> Vec<(Digest, Digest)> {
    let place = tempfile::Builder::new().prefix(above).tempdir().unwrap();
    let in_rust = place.path().join("a/crate");
    write(&in_rust, &RUST_GUEST);
    let in_c = c_guest(&place.path().join("some/where"));
    let mut digests = Vec::new();
    for platform in PLATFORMS {
        for folder in [&in_rust, &in_c] {
            let project = Project::open(folder).unwrap();
            let built = builder.build(&project, platform, None, &mut |_| {});
            let built = built.unwrap_or_else(|error| panic!("{platform}: {error}"));
            let text = String::from_utf8_lossy(&built[0].guest.elf).into_owned();
            assert!(!text.contains(place.path().to_str().unwrap()), "{platform}");
            digests.push((built[0].manifest.source_hash, built[0].manifest.elf_digest));
        }
    }
    digests
}

/// One of the caches is the product's, where the compiler's library is there; in the other it is built.
#[test]
fn guests_have_the_same_bytes_whatever_folder_they_are_built_from_and_in() {
    let cache = tempfile::Builder::new().prefix("another-cache").tempdir().unwrap();
    let one = digests(&ProjectBuilder::new().unwrap(), "one");
    let other = digests(&ProjectBuilder::in_cache(cache.path()), "the-other");
    assert_eq!(one, other);
}
