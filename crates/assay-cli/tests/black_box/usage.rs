//! What a person gets who asks for the wrong thing, or for help.

use std::fs;

use crate::support::{assay, complaint, stdout};

#[test]
fn help_of_every_command_is_for_people_and_has_exit_code_0() {
    for command in [
        vec![],
        vec!["run"],
        vec!["trace"],
        vec!["diff"],
        vec!["backend"],
        vec!["backend", "list"],
        vec!["backend", "install"],
        vec!["backend", "doctor"],
        vec!["doctor"],
    ] {
        let text = stdout(&[&command[..], &["--help"]].concat(), 0);
        assert!(text.contains("Usage: assay"), "{command:?}: {text}");
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(110), "{command:?}: a line of {longest:?} characters");
    }
}

#[test]
fn the_help_of_diff_is_what_it_was() {
    insta::assert_snapshot!(stdout(&["diff", "--help"], 0));
}

#[test]
fn usage_errors_have_exit_code_1_and_say_what_was_expected() {
    let cases: [(&[&str], &str); 19] = [
        (&[], "Usage"),
        (&["fly"], "unrecognized subcommand"),
        (&["run"], "required"),
        (&["run", "--asm", "nop", "--words", "13"], "cannot be used with"),
        (&["run", "--asm", "nop", "--reg", "x32=1"], "x0 to x31"),
        (&["run", "--asm", "nop", "--reg", "x5"], "REG=VALUE"),
        (&["run", "--asm", "nop", "--reg", "x5=0x1ffffffff"], "32 bits"),
        (&["run", "--asm", "nop", "--reg", "x0=1"], "always 0"),
        (&["run", "--asm", "nop", "--mem", "0xffffffffffffffff=ab"], "outside of the memory"),
        (&["run", "--asm", "nop", "--timeout", "1d"], "expected ms, s, m or h"),
        (&["run", "--asm", "nop", "--isa", "rv32gc"], "rv32im"),
        (&["run", "--asm", "nop", "--platform", "moon"], "standard, openvm"),
        (&["run", "--asm", "nop", "--scratch-register", "x0"], "x0"),
        (&["run", "--words", "0x123456789"], "instruction word"),
        (&["run", "no-such-file.elf"], "no-such-file.elf"),
        (&["run", "--asm", "nop", "--memory-limit", "0"], "1..=16777216"),
        // Its bytes would be 2^64, which is 0.
        (&["run", "--asm", "nop", "--memory-limit", "17592186044416"], "1..=16777216"),
        (&["backend", "install", "reference"], "built in"),
        (&["backend", "install", "../x"], "not the name of a runner"),
    ];
    for (arguments, expected) in cases {
        let text = complaint(arguments, 1);
        assert!(text.contains(expected), "{arguments:?}: {expected:?} is missing in\n{text}");
    }
}

#[test]
fn every_bad_line_of_assembly_is_named_at_once() {
    let text = complaint(&["run", "--asm", "addd x1, x2", "--asm", "nop", "--asm", "addi x1, x2, 5000"], 1);
    assert!(text.contains("addd") && text.contains("5000") && text.contains('3'), "{text}");
}

#[test]
fn a_csr_read_is_refused_with_its_name() {
    let text = complaint(&["run", "--asm", "rdcycle a0"], 1);
    assert!(text.contains("cycle") && text.contains("not supported") || text.contains("unsupported"), "{text}");
}

#[test]
fn an_unknown_backend_is_exit_code_6_and_names_the_known_ones() {
    let text = complaint(&["run", "-b", "nosuch", "--asm", "nop"], 6);
    assert!(text.contains("nosuch") && text.contains("reference"), "{text}");
}

#[test]
fn a_file_that_is_no_elf_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not.elf");
    for (content, expected) in [(&b"hello"[..], "ELF"), (b"", "ELF"), (b"\x7fELF\x02\x01\x01", "ELF")] {
        fs::write(&path, content).unwrap();
        let text = complaint(&["run", path.to_str().unwrap()], 1);
        assert!(text.contains(expected), "{text}");
    }
    let text = complaint(&["run", folder.path().to_str().unwrap()], 1);
    assert!(text.contains("could not read"), "{text}");
}

#[test]
fn seed_files_say_which_seed_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    fs::write(&path, "{\"instructions\":[19]}\n{\"instructions\":[19]}\n").unwrap();
    let path = path.to_str().unwrap();
    let text = complaint(&["run", "--seed", path], 1);
    assert!(text.contains("2 seeds") && text.contains("#1"), "{text}");
    assert!(complaint(&["run", "--seed", &format!("{path}#3")], 1).contains("no seed 3"));
    assert!(complaint(&["run", "--seed", &format!("{path}#0")], 1).contains("from 1"));
    assay(&["run", "--seed", &format!("{path}#2")]).assert().code(0);
    fs::write(path, "{\"instructions\":[19]}\n{\"instructions\":[-1]}\n").unwrap();
    assert!(complaint(&["run", "--seed", path], 1).contains("line 2"));
}

#[test]
fn a_misspelled_field_of_a_seed_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    fs::write(&path, "{\"instructions\":[19],\"registres\":{\"x5\":1}}\n").unwrap();
    let output = assay(&["run", "--seed", path.to_str().unwrap()]).assert().code(0).get_output().clone();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("registres"), "{text}");
}

#[test]
fn an_endless_file_is_refused_and_not_read_for_ever() {
    let text = complaint(&["run", "--asm", "nop", "--input", "/dev/zero"], 1);
    assert!(text.contains("larger than"), "{text}");
}
