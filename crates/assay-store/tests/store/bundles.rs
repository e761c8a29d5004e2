//! Bundles whose makers are killed.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use assay_store::Bundles;

const OLD: [(&str, &[u8]); 2] = [("elf", b"old elf"), ("id", b"old id")];
const NEW: [(&str, &[u8]); 2] = [("elf", b"new elf"), ("id", b"new id")];

/// Lets a process put the new bundle, and kills it at the moment of that number. Whether there was one.
fn killed_at(number: usize, root: &Path) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_assay-store-child"))
        .args(["bundle", &number.to_string()])
        .arg(root)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let mut said = String::new();
    BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut said).expect("lines are text");
    child.kill().expect("SIGKILL");
    child.wait().expect("it ends");
    assert!(said.starts_with("at ") || said == "end\n", "{said}");
    said != "end\n"
}

fn is(bundles: &Bundles, files: &[(&str, &[u8])]) -> bool {
    let Some(bundle) = bundles.open("tile/backend").expect("it can be looked at") else { return false };
    files.iter().all(|(name, bytes)| bundle.read(name, 100).is_ok_and(|found| found == *bytes))
}

#[test]
fn killed_at_any_moment_there_is_the_old_bundle_or_the_new_one_and_the_next_maker_tidies_up() {
    for before in [None, Some(OLD)] {
        let (mut old, mut new) = (0, 0);
        for number in 0.. {
            let folder = super::faults::fast_folder();
            let root = folder.path().join("root");
            let bundles = Bundles::at(&root);
            if let Some(files) = before {
                bundles.put("tile/backend", &files).expect("it is put");
            }
            let killed = killed_at(number, &root);
            let there = bundles.open("tile/backend").expect("it can be looked at").is_some();
            if is(&bundles, &NEW) {
                new += 1;
            } else {
                assert!(before.map_or(!there, |files| is(&bundles, &files)), "{number}: half a bundle");
                old += 1;
            }
            bundles.put("tile/backend", &OLD).expect("nobody holds the lock");
            let names: Vec<_> =
                fs::read_dir(&root).expect("it is there").map(|entry| entry.expect("it is").file_name()).collect();
            assert_eq!(names, ["tile"], "{number}");
            if !killed {
                break;
            }
        }
        assert!(old > 10 && new > 2, "{old} {new}");
    }
}
