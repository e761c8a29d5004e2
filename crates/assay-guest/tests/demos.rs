//! The core that comes built is what its sources build to. With `ASSAY_WRITE_DEMOS=1` this writes it instead.
#![expect(clippy::unwrap_used, reason = "a test fails where it fails")]

use std::{env, fs, path::Path};

use assay_guest::{GuestBuilder, GuestSources, demos};
use assay_spec::Platform;

const HOW: &str =
    "run `ASSAY_WRITE_DEMOS=1 cargo test -p assay-guest --test demos` and commit crates/assay-guest/demos";

fn builder() -> GuestBuilder {
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    GuestBuilder::new(GuestSources::find(Some(tree.join("guests"))).unwrap()).unwrap()
}

#[test]
fn the_demo_is_what_its_sources_build_to() {
    let builder = builder();
    let source_hash = builder.core_source_hash(demos::DEMO_CORE).unwrap();
    let write = env::var_os("ASSAY_WRITE_DEMOS").is_some();
    for platform in Platform::ALL {
        let found = demos::all().find(|demo| demo.manifest.platform == platform);
        let current = found.as_ref().is_some_and(|demo| demo.manifest.source_hash == source_hash);
        assert!(current || write, "{platform}: the demo was built of other sources; {HOW}");
        let built = builder.build_core(demos::DEMO_CORE, platform, None, &mut |line| eprintln!("{line}"));
        let mut built = built.unwrap_or_else(|error| panic!("{error}"));
        built.manifest.source_hash = source_hash;
        if write {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("demos");
            let name = format!("{}-{platform}", demos::DEMO_CORE);
            fs::write(folder.join(format!("{name}.elf")), &built.guest.elf).unwrap();
            let json = serde_json::to_string_pretty(&built.manifest).unwrap() + "\n";
            fs::write(folder.join(format!("{name}.json")), json).unwrap();
            continue;
        }
        let demo = found.unwrap();
        if demo.manifest.toolchain != built.manifest.toolchain {
            // Another compiler makes other bytes of the same sources.
            eprintln!(
                "skipped for {platform}: built by {}, here is {}",
                demo.manifest.toolchain, built.manifest.toolchain
            );
            continue;
        }
        assert_eq!(demo.manifest, built.manifest, "{platform}; {HOW}");
    }
}
