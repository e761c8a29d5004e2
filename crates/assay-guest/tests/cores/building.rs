//! What a build keeps, and when it is made again.

use std::{collections::BTreeSet, thread};

use assay_guest::build::BuildError;

use super::*;

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Cores in Rust that are built together.
fn cores_in_rust() -> usize {
    let together = |core: &Core| core.language == assay_guest::Language::Rust && !core.alone;
    assay_guest::cores::all(&sources()).unwrap().iter().filter(|core| together(core)).count()
}

#[test]
fn guests_say_what_they_were_built_from() {
    for (platform, isa) in TARGETS {
        let all = cores(platform, isa);
        assert_eq!(all.len(), cores_in_rust());
        for core in all {
            let manifest = &core.manifest;
            assert_eq!((manifest.platform, core.guest.platform), (platform, platform));
            assert_eq!((manifest.runtime, core.guest.runtime), (true, true));
            assert_eq!(manifest.elf_digest, assay_spec::Digest::of(&fs::read(&core.path).unwrap()));
            assert_eq!(manifest.isa, core.guest.isa().map(|isa| isa.to_string()));
            assert_eq!(manifest.toolchain.contains("LLD"), platform != Platform::Native, "{}", manifest.toolchain);
        }
    }
}

/// What would make the bytes depend on where they were built.
#[test]
fn no_path_of_this_machine_is_in_a_guest() {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| value.len() > 3);
    let paths: Vec<String> = [
        variable("HOME"),
        variable("CARGO_HOME"),
        variable("ASSAY_CACHE"),
        Some(sources().folder().parent().unwrap().display().to_string()),
        Some("/usr/lib".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    for (platform, isa) in TARGETS.into_iter().filter(|&(platform, _)| platform != Platform::Native) {
        for core in cores(platform, isa) {
            let text = String::from_utf8_lossy(&core.guest.elf).into_owned();
            for path in &paths {
                assert!(!text.contains(path), "{} for {platform} has {path}", core.manifest.name);
            }
        }
    }
}

/// In a cache of its own, natively: that builds in seconds.
#[test]
fn a_build_is_kept_checked_and_made_by_one_at_a_time() {
    let cache = tempfile::tempdir().unwrap();
    let build = || {
        let mut lines = 0;
        let builder = GuestBuilder::in_cache(sources(), cache.path());
        let built = builder.build_core("fib", Platform::Native, None, &mut |line| {
            lines += usize::from(!line.starts_with("waiting"));
        });
        (built.unwrap_or_else(|error| panic!("{error}")), lines)
    };
    let unfinished = cache.path().join("guests/unfinished-left");
    fs::create_dir_all(&unfinished).unwrap();
    fs::write(unfinished.join("fib.elf"), "half").unwrap();
    let (one, other) = thread::scope(|scope| {
        let one = scope.spawn(build);
        let other = scope.spawn(build);
        (one.join().unwrap(), other.join().unwrap())
    });
    assert_eq!(one.0.manifest, other.0.manifest);
    assert!((one.1 == 0) != (other.1 == 0), "one waits and takes what the other has built");
    assert!(!unfinished.exists());

    let (again, lines) = build();
    assert_eq!((again.manifest, lines), (one.0.manifest.clone(), 0));

    fs::write(&one.0.path, "damaged").unwrap();
    let (mended, lines) = build();
    assert_eq!(mended.manifest, one.0.manifest);
    assert_eq!(fs::read(&mended.path).unwrap(), mended.guest.elf);
    assert!(lines > 0);
    let kept = names(&cache.path().join("guests"));
    assert_eq!(kept.len(), 3, "{kept:?}");
}

#[test]
fn whoever_waits_for_another_build_is_told_so() {
    let cache = tempfile::tempdir().unwrap();
    let folder = cache.path().join("guests");
    fs::create_dir(&folder).unwrap();
    let other = fs::File::create(folder.join("lock")).unwrap();
    other.lock().unwrap();
    let (sender, lines) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let builder = GuestBuilder::in_cache(sources(), cache.path());
            let sender = sender;
            let _ = builder.build_core("fib", Platform::Native, None, &mut |line| drop(sender.send(line.to_owned())));
        });
        assert_eq!(lines.recv().unwrap(), "waiting for another build of guests");
        other.unlock().unwrap();
    });
}

#[test]
fn what_cannot_be_built_is_refused_before_anything_is() {
    let builder = GuestBuilder::in_cache(sources(), Path::new("/nowhere"));
    let build = |name, platform, isa| builder.build_core(name, platform, isa, &mut |_| {}).unwrap_err();
    assert!(matches!(build("fob", Platform::Sp1, None), BuildError::Core(_)));
    assert!(matches!(build("fib", Platform::Sp1, Some(Isa::RV32IM)), BuildError::Guest(_)));
    assert!(matches!(build("fib", Platform::Native, Some(Isa::RV64IM)), BuildError::NativeIsa { .. }));
}

/// From two copies of the sources, in two caches: with the compiler's library, so that takes minutes.
#[test]
#[ignore = "builds the library of the compiler twice, which takes minutes"]
fn the_same_sources_give_the_same_bytes_wherever_they_are() {
    let tree = sources().folder().parent().unwrap().to_owned();
    let digests = |place: &str| {
        let copy = tempfile::Builder::new().prefix(place).tempdir().unwrap();
        let to = copy.path().join("a/checkout");
        fs::create_dir_all(to.join("crates")).unwrap();
        for (from, into) in [("guests", ""), ("crates/assay-guest-rt", "crates")] {
            let copied = Command::new("cp").arg("-r").args([tree.join(from), to.join(into)]).status().unwrap();
            assert!(copied.success());
        }
        fs::copy(tree.join("Cargo.toml"), to.join("Cargo.toml")).unwrap();
        let sources = GuestSources::find(Some(to.join("guests"))).unwrap();
        let builder = GuestBuilder::in_cache(sources, &copy.path().join("cache"));
        let mut digests = Vec::new();
        for (platform, isa) in TARGETS {
            let built = builder.build_all(platform, isa, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
            digests
                .extend(built.into_iter().map(|built| (platform, isa, built.manifest.name, built.manifest.elf_digest)));
        }
        digests
    };
    assert_eq!(digests("one"), digests("the-other"));
}
