//! Killed at every step, refused at every step: nothing that was said to be kept is lost, nothing half is seen.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use assay_spec::{FindingState, RunId};
use assay_store::{Faults, Moment, RunFilter, Step, Store, StoreError};

use crate::{index::answers, scenario};

/// A folder in memory where the system has one: syncing thousands of files takes minutes on a disk.
pub(crate) fn fast_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// Every moment of every step of the scenario.
fn moments() -> Vec<(Step, Moment, PathBuf)> {
    let folder = fast_folder();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&seen);
    let faults = Faults::planned(move |step, moment, path| {
        note.lock().expect("nobody panics").push((step, moment, path.to_owned()));
        Ok(())
    });
    scenario::play(folder.path(), &faults, &mut |done| drop(done.expect("nothing fails")));
    seen.lock().expect("nobody panics").clone()
}

/// What must hold of a store whatever happened to whoever wrote it, with these acts done for sure.
fn must_be_whole(path: &Path, done: &[String], context: &str) {
    visible_is_whole(path, context);
    let has_store = path.join("store.json").exists();
    assert!(has_store || done.is_empty(), "{context}: {done:?}");
    let store = Store::open(path).unwrap_or_else(|error| panic!("{context}: {error}"));
    assert!(!store.is_read_only(), "{context}: {:?}", store.read_only_because());
    assert_eq!(store.check().expect("it can be checked").damage, [], "{context}");

    let pruned = !store.runs(&RunFilter::default()).expect("a list").iter().any(|row| row.core == "fib");
    for act in done {
        let (act, run_id) = act.split_once(": ").map_or((act.as_str(), None), |(act, run_id)| (act, Some(run_id)));
        if let Some(run_id) = run_id {
            let id: RunId = run_id.parse().expect("the name of a run");
            // Its name says what it was; only this one may be pruned.
            if !(run_id.contains("_fib_") && pruned) {
                store.saved_run(&id).unwrap_or_else(|error| panic!("{context}: {act}: {error}"));
            }
        }
        let zk = || {
            let all = store.findings().expect("findings");
            all.into_iter().find(|finding| finding.identity.target == "zk").expect("it was kept")
        };
        match act {
            "label" => assert_ne!(zk().state, FindingState::New, "{context}"),
            "minimize" => assert!(zk().minimized.is_some(), "{context}"),
            "minimize again" => {
                assert_eq!(zk().minimized.and_then(|minimized| minimized.instructions), Some(1), "{context}");
            }
            "merge" => assert_eq!(store.findings().expect("findings").len(), 1, "{context}"),
            "prune" => assert!(pruned, "{context}"),
            _ => {}
        }
    }

    // Each finding has been counted once for each run that shows it.
    let mut shown = BTreeMap::new();
    for row in store.runs(&RunFilter::default()).expect("a list") {
        for finding_id in row.findings {
            let finding = store.finding(&finding_id).unwrap_or_else(|error| panic!("{context}: {error}"));
            *shown.entry(finding.merged_into.unwrap_or(finding_id)).or_default() += 1_u64;
        }
    }
    let counted = store.findings().expect("findings").into_iter();
    let counted: BTreeMap<_, _> = counted.map(|finding| (finding.finding_id, finding.occurrences)).collect();
    assert_eq!(counted, shown, "{context}");

    let before = answers(&store);
    drop(store);
    let left = leftovers(path);
    assert!(left.is_empty(), "{context}: {left:?}");
    fs::remove_file(path.join("index.db")).expect("there is an index");
    assert_eq!(answers(&Store::open(path).expect("it opens")), before, "{context}");
}

/// What has its name is whole, before anybody has opened the store again.
fn visible_is_whole(path: &Path, context: &str) {
    let visible = |folder: &str| -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(path.join(folder)) else { return Vec::new() };
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths.filter(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))).collect()
    };
    for log in visible("runs") {
        let text = fs::read_to_string(&log).expect("a run log");
        assert!(text.starts_with('{') && text.ends_with("\"\n}\n"), "{context}: {}", log.display());
    }
    for folder in visible("findings") {
        if folder.is_dir() {
            assay_store::FindingFolder::read(&folder).unwrap_or_else(|error| panic!("{context}: {error}"));
        }
    }
}

fn leftovers(path: &Path) -> Vec<PathBuf> {
    let mut left = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            if path.to_string_lossy().ends_with(".partial") || path.parent().is_some_and(|up| up.ends_with("pending")) {
                left.push(path);
            }
        }
    }
    left
}

/// What a crash of the whole system would take is not to be seen when a process is killed: only the order of steps shows it.
#[test]
fn whatever_gets_its_name_is_on_the_disk_and_so_is_the_name_before_anything_follows() {
    let mut not_synced: Vec<PathBuf> = Vec::new();
    let mut named: Option<PathBuf> = None;
    let (mut names, mut appended) = (0, false);
    for (step, moment, path) in moments() {
        if moment == Moment::Before && step == Step::Rename {
            // Files of the same folder, and those in a folder that gets its name.
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            let is_meant = |file: &&PathBuf| file.to_string_lossy().contains(&format!(".{name}."));
            assert_eq!(not_synced.iter().find(is_meant), None, "{}", path.display());
            names += 1;
        }
        if moment != Moment::After {
            continue;
        }
        if let Some(named) = named.take() {
            assert_eq!((step, Some(path.as_path())), (Step::SyncFolder, named.parent()), "{}", named.display());
        }
        match step {
            Step::Write => not_synced.push(path),
            Step::Append => appended = true,
            Step::Sync if path.ends_with("summary.csv") => appended = false,
            Step::Sync => not_synced.retain(|written| *written != path),
            Step::Rename => named = Some(path),
            _ => {}
        }
    }
    assert!(names > 20 && not_synced.is_empty() && !appended, "{names} {not_synced:?}");
}

#[test]
fn killed_at_any_moment_nothing_committed_is_lost_and_the_index_can_be_made_again() {
    let moments = moments();
    assert!(moments.len() > 200, "{}", moments.len());
    for step in [Step::Create, Step::Write, Step::Sync, Step::Rename, Step::SyncFolder, Step::Append, Step::Index] {
        assert!(moments.iter().any(|(seen, ..)| *seen == step), "{step}");
    }
    // After one step is before the next: the disk is the same.
    let moments =
        moments.iter().enumerate().filter(|(number, (_, moment, _))| *number == 0 || *moment != Moment::Before);
    let numbers: Vec<usize> = moments.map(|(number, _)| number).chain([usize::MAX]).collect();
    for number in numbers {
        let folder = fast_folder();
        let mut child = Command::new(env!("CARGO_BIN_EXE_assay-store-child"))
            .args(["until", &number.to_string()])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the child starts");
        let mut done = Vec::new();
        let mut last = String::new();
        for line in BufReader::new(child.stdout.take().expect("it is piped")).lines() {
            last = line.expect("lines are text");
            match last.strip_prefix("done ") {
                Some(act) => done.push(act.to_owned()),
                None => break,
            }
        }
        child.kill().expect("SIGKILL");
        child.wait().expect("it ends");
        assert!(last.starts_with("at ") || number == usize::MAX, "{number}: {last}");
        must_be_whole(folder.path(), &done, &format!("killed at moment {number}: {last}"));
    }
}

/// Linux's numbers for a full disk, a failing one, and one that is not to be written to.
const ENOSPC: i32 = 28;
const EIO: i32 = 5;
const EROFS: i32 = 30;

/// Plays the scenario once for each moment of `numbers`, from which on, or at which only, the disk fails. Returns how often
/// somebody was told.
fn failing_disk(errno: i32, for_ever: bool, numbers: impl Iterator<Item = u64>) -> usize {
    let mut failed = 0;
    for number in numbers {
        let folder = fast_folder();
        let count = AtomicU64::new(0);
        let faults = Faults::planned(move |_, _, _| {
            let at = count.fetch_add(1, Ordering::Relaxed);
            let fails = if for_ever { at >= number } else { at == number };
            if fails { Err(io::Error::from_raw_os_error(errno)) } else { Ok(()) }
        });
        let mut done = Vec::new();
        let mut errors = Vec::new();
        scenario::play(folder.path(), &faults, &mut |act| match act {
            Ok(act) => done.push(act),
            // The run is kept, whatever else is not.
            Err(StoreError::Unsettled { run_id, source }) => {
                done.push(format!("kept: {run_id}"));
                errors.push(*source);
            }
            Err(error) => errors.push(error),
        });
        failed += usize::from(!errors.is_empty());
        must_be_whole(folder.path(), &done, &format!("{errno}, for ever {for_ever}, at {number}: {errors:?}"));
    }
    failed
}

#[test]
fn a_disk_that_is_really_full_leaves_what_was_kept() {
    // In a mount namespace of its own, which goes with the process. Where the system does not let users have one, the test
    // has nothing to say.
    let folder = tempfile::tempdir().unwrap();
    let script = r#"mount -t tmpfs -o size=1m tmpfs "$1" || exit 77; exec "$2" fill "$1""#;
    let started = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(folder.path())
        .arg(env!("CARGO_BIN_EXE_assay-store-child"))
        .output();
    let Ok(output) = started else { return };
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(77) || errors.starts_with("unshare:") {
        eprintln!("not tested: {errors}");
        return;
    }
    assert!(output.status.success(), "{errors}");
    assert!(said.contains("No space left") || said.contains("disk is full"), "{said}");
}

#[test]
fn a_full_disk_is_an_error_that_says_so_and_nothing_half_is_seen() {
    let moments = moments().len() as u64;
    let numbers = (0..moments).step_by(3);
    assert!(failing_disk(ENOSPC, true, numbers.clone()) > 50);
}

#[test]
fn a_disk_that_fails_once_is_an_error_that_says_so_and_nothing_half_is_seen() {
    let moments = moments().len() as u64;
    assert!(failing_disk(EIO, false, (1..moments).step_by(6)) > 10);
    assert!(failing_disk(EROFS, true, (2..moments).step_by(12)) > 10);
}

#[test]
#[ignore = "minutes: every moment of every sort of failure; the tests before take a part of them"]
fn a_failing_disk_of_any_sort_at_any_moment() {
    let moments = moments().len() as u64;
    for errno in [ENOSPC, EIO, EROFS] {
        for for_ever in [true, false] {
            failing_disk(errno, for_ever, 0..moments);
        }
    }
}
