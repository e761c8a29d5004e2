//! A core that comes built, for every platform that has a hart: what a first run needs no guest toolchain for.
//!
//! It stands for the core only where the sources are those that it was built of; elsewhere the core must be built. That it
//! is what the sources build to is shown by a test, which also writes it.

use assay_isa::Isa;
use assay_spec::{Digest, Platform, guest_manifest::GuestManifest, schema};

use crate::Guest;

/// The core that comes built.
pub const DEMO_CORE: &str = "fib";

/// What comes built: platform, executable, manifest.
static DEMOS: [(Platform, &[u8], &[u8]); Platform::ALL.len()] = [
    (Platform::Standard, include_bytes!("../demos/fib-standard.elf"), include_bytes!("../demos/fib-standard.json")),
    (Platform::OpenVm, include_bytes!("../demos/fib-openvm.elf"), include_bytes!("../demos/fib-openvm.json")),
    (Platform::Risc0, include_bytes!("../demos/fib-risc0.elf"), include_bytes!("../demos/fib-risc0.json")),
    (Platform::Sp1, include_bytes!("../demos/fib-sp1.elf"), include_bytes!("../demos/fib-sp1.json")),
];

/// A core that comes built.
#[derive(Clone, Debug)]
pub struct Demo {
    /// What it was built from; its `source_hash` is of the sources of this core alone.
    pub manifest: GuestManifest,
    /// The executable as a guest.
    pub guest: Guest,
}

/// Every core that comes built and is sound.
pub fn all() -> impl Iterator<Item = Demo> {
    DEMOS.iter().filter_map(|(platform, executable, manifest)| {
        let manifest: GuestManifest = schema::read(manifest).ok()?.value;
        let guest = Guest::from_elf(&manifest.name, executable.to_vec(), *platform).ok()?;
        (manifest.elf_digest == guest.digest).then(|| Demo { manifest, guest: guest.on_runtime() })
    })
}

/// The core `name`, if it comes built of the sources of this digest.
pub(crate) fn find(name: &str, platform: Platform, isa: Option<Isa>, source_hash: Digest) -> Option<Demo> {
    all().find(|demo| {
        let manifest = &demo.manifest;
        (manifest.name == name && manifest.platform == platform)
            && (demo.guest.isa() == isa && manifest.source_hash == source_hash)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_there_for_every_platform_and_sound() {
        let platforms: Vec<_> = all().map(|demo| demo.manifest.platform).collect();
        assert_eq!(platforms, DEMOS.map(|(platform, ..)| platform));
    }

    #[test]
    fn other_sources_and_other_guests_have_no_demo() {
        let demo = all().next().unwrap();
        let (platform, isa, hash) = (demo.manifest.platform, demo.guest.isa(), demo.manifest.source_hash);
        assert!(find(DEMO_CORE, platform, isa, hash).is_some());
        assert!(find(DEMO_CORE, platform, isa, Digest::of(b"other")).is_none());
        assert!(find("sort", platform, isa, hash).is_none());
        assert!(find(DEMO_CORE, platform, Some(Isa::RV64IM), hash).is_none());
    }
}
