//! Bundles that are replaced, damaged, raced for, and left half way.

use std::{
    os::unix::fs::symlink,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::*;

const OLD: [(&str, &[u8]); 2] = [("a", b"old a"), ("b", b"old b")];
const NEW: [(&str, &[u8]); 3] = [("a", b"new a"), ("b", b"new b"), ("c", b"new c")];

/// The files that are there, if all of them are there.
fn read(bundles: &Bundles, files: &[(&str, &[u8])]) -> Option<Vec<Vec<u8>>> {
    let bundle = bundles.open("x/y").unwrap()?;
    files.iter().map(|(name, _)| bundle.read(name, 100).ok()).collect()
}

fn is(bundles: &Bundles, files: &[(&str, &[u8])]) -> bool {
    read(bundles, files).is_some_and(|found| found.iter().map(Vec::as_slice).eq(files.iter().map(|(_, bytes)| *bytes)))
}

#[test]
fn a_bundle_takes_the_place_of_the_one_before_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let bundles = Bundles::at(folder.path().join("root"));
    assert!(bundles.open("x/y").unwrap().is_none());
    bundles.put("x/y", &NEW).unwrap();
    assert!(is(&bundles, &NEW));
    bundles.put("x/y", &OLD).unwrap();
    assert!(is(&bundles, &OLD) && !bundles.path_of("x/y").join("c").exists());
    assert_eq!(names_in(bundles.root()).unwrap(), ["x"]);
    assert_eq!(bundles.names_in("x").unwrap(), ["y"]);
}

#[test]
fn whatever_step_is_the_last_there_is_the_old_one_or_the_new_one() {
    for before in [None, Some(OLD)] {
        let mut moments = 0;
        for last in 0.. {
            // In memory where the system has that: a hundred synced files take seconds on a disk.
            let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
            let root = folder.path().join("root");
            let sound = Bundles::at(&root);
            if let Some(files) = before {
                sound.put("x/y", &files).unwrap();
            }
            let count = Arc::new(AtomicU64::new(0));
            let counted = count.clone();
            let faults = Faults::planned(move |_, _, _| {
                if counted.fetch_add(1, Ordering::Relaxed) >= last { Err(io::Error::other("gone")) } else { Ok(()) }
            });
            let put = Bundles::with_faults(&root, faults).put("x/y", &NEW);
            let there = sound.open("x/y").unwrap().is_some();
            let old = before.map_or(!there, |files| is(&sound, &files));
            assert!(old || is(&sound, &NEW), "{last}: {put:?}");
            assert!(put.is_err() || is(&sound, &NEW), "{last}");
            // What is left behind is nobody's, and the next to come removes it.
            sound.put("x/y", &OLD).unwrap();
            assert_eq!(names_in(&root).unwrap(), ["x"], "{last}");
            if put.is_ok() {
                moments = last;
                break;
            }
        }
        assert!(moments > 20, "{moments}");
    }
}

#[test]
fn links_and_what_is_no_file_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bundles = Bundles::at(folder.path().join("root"));
    bundles.put("x/y", &NEW).unwrap();
    let place = bundles.path_of("x/y");
    symlink(place.join("a"), place.join("link")).unwrap();
    fs::create_dir(place.join("folder")).unwrap();
    nix::unistd::mkfifo(&place.join("fifo"), Mode::S_IRWXU).unwrap();
    let bundle = bundles.open("x/y").unwrap().unwrap();
    for file in ["link", "folder", "fifo", "missing"] {
        let error = bundle.read(file, 100).unwrap_err();
        assert!(matches!(error, StoreError::Inconsistent { .. }), "{file}: {error}");
    }
    assert!(matches!(bundle.read("a", 4), Err(StoreError::TooLarge { .. })));
    drop(bundle);

    fs::rename(bundles.path_of("x"), bundles.path_of("z")).unwrap();
    symlink(bundles.path_of("z"), bundles.path_of("x")).unwrap();
    assert!(matches!(bundles.open("x/y"), Err(StoreError::Inconsistent { .. })));
    assert!(matches!(bundles.put("x/y", &OLD), Err(StoreError::Inconsistent { .. })));
    assert_eq!(fs::read(bundles.path_of("z/y/a")).unwrap(), b"new a");
}

#[test]
fn a_name_leads_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let bundles = Bundles::at(folder.path().join("root"));
    for name in ["", "/", "..", "x/../..", "/etc", "x//y", ".", "a/b/c/d/e", ".partial-1"] {
        assert!(bundles.put(name, &OLD).is_err(), "{name:?}");
        assert!(bundles.open(name).is_err(), "{name:?}");
    }
    assert!(bundles.put("x", &[("../y", b"")]).is_err());
    assert!(!folder.path().join("root/y").exists());
}

#[test]
fn who_reads_holds_off_who_writes() {
    let folder = tempfile::tempdir().unwrap();
    let mut bundles = Bundles::at(folder.path());
    bundles.wait = Duration::from_millis(5);
    bundles.put("x/y", &OLD).unwrap();
    let reading = [bundles.open("x/y").unwrap().unwrap(), bundles.open("x/y").unwrap().unwrap()];
    assert!(matches!(bundles.put("x/y", &NEW), Err(StoreError::Busy { .. })));
    drop(reading);
    bundles.put("x/y", &NEW).unwrap();
}
