//! `assay guest`: what comes with Assay, and guests of other makers.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use assay_guest::build::Clang;
use assay_spec::Platform;

use crate::support::{complaint, json, stdout};

#[test]
fn guests_are_listed_with_inputs_that_they_take() {
    let list = json(&["guest", "list"], 0);
    assert_eq!(list["schema"], "assay.guest_list/1");
    let fib = list["guests"].as_array().unwrap().iter().find(|guest| guest["name"] == "fib").unwrap();
    assert_eq!(fib["example"], serde_json::json!({"n": 24}));
    assert_eq!((&fib["input"][0]["name"], &fib["input"][0]["type"]), (&"n".into(), &"u32".into()));

    let text = stdout(&["guest", "list"], 0);
    for expected in ["fib", "n (u32): which number", "example: {\"n\":24}", "Kind is one of", "savings with"] {
        assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
    }
}

#[test]
fn a_guest_that_there_is_not_is_told_which_there_are() {
    let text = complaint(&["guest", "build", "fob", "--platform", "standard"], 1);
    assert!(
        text.contains("fob")
            && text.contains("alloc_heavy, arithmetic, c_echo, c_fib, conform, conform_silent, fib")
            && text.contains("guest list"),
        "{text}"
    );
    let text = complaint(&["guest", "build", "fib", "--platform", "sp1", "--isa", "rv32im"], 1);
    assert!(text.contains("sp1"), "{text}");
}

#[test]
fn a_built_guest_runs_and_has_its_manifest_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let text = stdout(&["guest", "build", "fib", "panic_test", "--platform", "standard", "--out", out], 0);
    assert!(text.contains("fib-standard-rv32.elf"), "{text}");
    let manifest = fs::read(folder.path().join("fib-standard-rv32.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["schema"], "assay.guest/1.1");
    assert_eq!(manifest["image_id"], serde_json::Value::Null);
    assert!(manifest["image_id_absent"].as_str().unwrap().contains("standard"));

    let elf = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let outcome = json(&["run", &elf("fib-standard-rv32.elf"), "--input-hex", "18"], 0);
    assert_eq!(outcome["run"]["output"], "20b5000000000000");
    assert_eq!(outcome["guest"]["digest"], manifest["elf_digest"]);

    let outcome = json(&["run", &elf("panic_test-standard-rv32.elf"), "--input-hex", "000107"], 4);
    assert_eq!((&outcome["run"]["status"], &outcome["run"]["exit_code"]), (&"Failed".into(), &7.into()));
    let outcome = json(&["run", &elf("panic_test-standard-rv32.elf"), "--input-hex", "0002"], 4);
    assert_eq!(outcome["run"]["exit_code"], 134);
}

/// `assay guest new`, and then the way that its own message shows.
#[test]
fn a_new_guest_in_either_language_agrees_with_itself_natively_and_with_the_other() {
    let place = tempfile::tempdir().unwrap();
    let mut outputs = Vec::new();
    for language in ["rust", "c"] {
        let folder = place.path().join(format!("hash_{language}"));
        let folder = folder.to_str().unwrap();
        let text = stdout(&["guest", "new", folder, "--lang", language], 0);
        assert!(text.contains(&format!("assay diff --core {folder}")), "{text}");
        let again = complaint(&["guest", "new", folder], 1);
        assert!(again.contains("not empty"), "{again}");
        let backends = ["-b", "native", "-b", "reference"];
        let log =
            json(&[&["diff", "--no-store", "--core", folder, "--input-hex", "68656c6c6f"], &backends[..]].concat(), 0);
        assert_eq!(log["comparisons"][0]["verdict"]["result"], "agree", "{log:#}");
        outputs.push(log["outcomes"][0]["outcome"]["run"]["output"].clone());
        let outcome = json(&["run", "--core", folder, "-b", "native"], 4);
        assert_eq!(outcome["run"]["exit_code"], 1);
    }
    // FNV-1a of `hello`, 64 bits, as its makers' test vectors have it: 0xa430d84680aabd0b.
    assert_eq!(outputs, ["0bbdaa8046d830a4", "0bbdaa8046d830a4"]);
}

#[test]
fn a_guest_is_built_by_its_path_with_a_manifest_as_json() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("five.c");
    fs::write(&file, "#include <assay_guest.h>\nint main(void) { return 5; }\n").unwrap();
    let (file, out) = (file.to_str().unwrap(), place.path().join("out"));
    let report = json(&["guest", "build", file, "--platform", "native", "--out", out.to_str().unwrap()], 0);
    assert_eq!(report["schema"], "assay.guest_build/1");
    let built = &report["guests"][0];
    assert_eq!((&built["manifest"]["name"], &built["manifest"]["platform"]), (&"five".into(), &"native".into()));
    assert!(built["manifest"]["toolchain"].as_str().unwrap().contains("clang"), "{report:#}");
    assert!(built["manifest"]["image_id_absent"].is_string() && built["manifest"].get("image_id").is_none());
    let program = built["file"].as_str().unwrap();
    assert_eq!(fs::read(program).unwrap().len() as u64, built["bytes"]);
}

#[test]
fn what_is_no_guest_and_what_does_not_build_is_told_with_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let told = |name: &str, text: &str, code: i32| {
        let file = place.path().join(name);
        fs::write(&file, text).unwrap();
        complaint(&["guest", "build", file.to_str().unwrap(), "--platform", "native"], code)
    };
    let text = told("notes.txt", "", 1);
    assert!(text.contains("neither a folder with Cargo.toml") && text.contains("guest new"), "{text}");
    let text = told("wrong.c", "int main(void) { return nothing; }", 6);
    assert!(text.contains("wrong.c:1:25") && text.contains("nothing"), "{text}");
    let text = complaint(&["guest", "build", "./nowhere"], 1);
    assert!(text.contains("nowhere"), "{text}");
    let text = complaint(&["run", "--core", place.path().join("wrong.c").to_str().unwrap(), "--input-json", "{}"], 1);
    assert!(text.contains("core.toml"), "{text}");
}

/// LLD as it is called on the command line, wherever it is: beside clang, or in the Rust toolchain.
fn linker() -> Vec<String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut installed =
        env::split_paths(&path).flat_map(|folder| ["ld.lld-19", "ld.lld"].map(|name| folder.join(name)));
    if let Some(found) = installed.find(|path| path.is_file()) {
        return vec![found.to_str().unwrap().to_owned()];
    }
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().unwrap();
    let sysroot = PathBuf::from(String::from_utf8(sysroot.stdout).unwrap().trim());
    let mut tools =
        fs::read_dir(sysroot.join("lib/rustlib")).unwrap().map(|entry| entry.unwrap().path().join("bin/rust-lld"));
    let found = tools.find(|path| path.is_file()).expect("there is no LLD: scripts/setup.sh");
    vec![found.to_str().unwrap().to_owned(), "-flavor".to_owned(), "gnu".to_owned()]
}

fn runs(folder: &Path, command: &str) {
    let done = Command::new("sh").args(["-c", command]).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{command}\n{}", String::from_utf8_lossy(&done.stderr));
}

/// The commands of docs/guests.md, for every row of its table.
#[test]
fn a_c_file_is_linked_with_the_library_by_hand_as_the_page_says() {
    let page = include_str!("../../../../docs/guests.md");
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let new = folder.join("hash_c");
    stdout(&["guest", "new", new.to_str().unwrap(), "--lang", "c"], 0);
    fs::copy(new.join("main.c"), folder.join("guest.c")).unwrap();
    let sdk = folder.join("sdk");
    let said = stdout(&["guest", "library", "--out", sdk.to_str().unwrap()], 0);
    assert_eq!(said.trim(), sdk.to_str().unwrap());

    let commands = page.replace("\\\n", "");
    let command = |begin: &str| {
        let mut lines = commands.lines().map(str::trim).filter(|line| line.starts_with(begin));
        lines.next().unwrap_or_else(|| panic!("the page has no {begin}")).to_owned()
    };
    let clang = Clang::find(Platform::Risc0).unwrap().path;
    let with_tools =
        |command: &str| command.replace("clang-19", clang.to_str().unwrap()).replace("ld.lld-19", &linker().join(" "));
    let table = page.split("|---|---|---|---|---|---|").nth(1).expect("the page has its table");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let mut count = 0;
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect();
        let [platform, library, target, march, mabi, emulation] = cells.as_slice() else { panic!("{row}") };
        let platform = platform.split(',').next().unwrap();
        let compile = command("clang-19 --target")
            .replace("riscv32-unknown-none-elf", target)
            .replace("rv32im", march)
            .replace("ilp32", mabi);
        let link =
            command("ld.lld-19").replace("sdk/risc0", &format!("sdk/{library}")).replace("elf32lriscv", emulation);
        runs(folder, &with_tools(&compile));
        runs(folder, &with_tools(&link));
        let elf = folder.join("guest.elf");
        let said = command("assay run guest.elf");
        let arguments: Vec<_> = said.split(' ').skip(3).map(|word| word.replace("risc0", platform)).collect();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let run = [&["run", elf.to_str().unwrap()], &arguments[..]].concat();
        let outcome = json(&run, 0);
        let output = outcome["run"]["output"].as_str().unwrap();
        assert_eq!(&output[..16], "0bbdaa8046d830a4", "{row}");
        count += 1;
    }
    assert_eq!(count, 5);

    runs(folder, &with_tools(&command("clang-19 -O2")));
    runs(folder, &command("printf hello"));
    let records = fs::read(folder.join("records")).unwrap();
    assert_eq!(records, [&[0, 8, 0, 0, 0][..], &[0x0b, 0xbd, 0xaa, 0x80, 0x46, 0xd8, 0x30, 0xa4]].concat());
}

#[test]
fn a_library_is_asked_for_a_platform_that_there_is_and_a_place_that_can_be_written() {
    let text = complaint(&["guest", "library", "--platform", "z80", "--out", "/nowhere"], 1);
    assert!(text.contains("z80") && text.contains("native, or all"), "{text}");
    let text = complaint(&["guest", "library"], 1);
    assert!(text.contains("--out"), "{text}");
    let file = tempfile::NamedTempFile::new().unwrap();
    let below = file.path().join("sdk");
    let text = complaint(&["guest", "library", "--platform", "native", "--out", below.to_str().unwrap()], 7);
    assert!(text.contains("could not be written") && text.contains(below.to_str().unwrap()), "{text}");
}
