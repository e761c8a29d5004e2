//! Edits made to sources of a few lines, and what is said when they cannot be made.

use proptest::prelude::*;

use super::*;
use crate::edit::{Nth, Text};

const SOURCE: &str = r#"#!/usr/bin/env run
//! Docs of the file.
// A comment: ünïcödé.
#![warn(dead_code)]
use std::fmt;

/// A chip.
#[derive(Debug)]
pub struct AluChip {
    pub a: u32, // first
}

impl<F: Field> Chip<F> for AluChip {
    fn rows(&self, n: usize) -> Vec<u8> {
        let mut rows = Vec::new();
        for row in 0..n {
            assert!(row < 1 << 20, "too many: {row}");
            rows.push(row as u8); // each
        }
        assert!(n > 0);
        #[cfg(debug)]
        rows.sort();
        rows
    }

    fn one(&self) -> u8 { self.a as u8 + 1 }

    fn nothing(&self) {}

    fn branch(&self) {
        if self.a > 1 {
            println!("x");
        }
    }
}
"#;

fn made(edits: &[(Anchor, Action)]) -> Result<String, Vec<AnchorError>> {
    made_in(SOURCE, edits)
}

fn made_in(text: &str, edits: &[(Anchor, Action)]) -> Result<String, Vec<AnchorError>> {
    let edits: Vec<Edit> = edits
        .iter()
        .enumerate()
        .map(|(index, (anchor, action))| {
            Edit::new(format!("e{index}"), "p", "src/x.rs", anchor.clone(), action.clone(), "test")
        })
        .collect();
    let edits: Vec<&Edit> = edits.iter().collect();
    let result = with_stack(|| edit_file("src/x.rs", Some(text), &edits)).unwrap();
    result.map_err(|failures| failures.into_iter().map(|failure| failure.error).collect())
}

/// The lines that differ, as a diff without context.
fn changed(edits: &[(Anchor, Action)]) -> String {
    let result = made(edits).unwrap_or_else(|errors| panic!("{errors:?}"));
    similar::TextDiff::from_lines(SOURCE, &result).unified_diff().context_radius(0).to_string()
}

const ROWS: &str = "impl Chip for AluChip :: fn rows";

fn after(text: &'static str) -> Action {
    Action::After(Text::Borrowed(text))
}

fn before(text: &'static str) -> Action {
    Action::Before(Text::Borrowed(text))
}

#[test]
fn each_anchor_takes_each_action_that_suits_it() {
    let wrap = |prefix, suffix| Action::Wrap(Text::Borrowed(prefix), Text::Borrowed(suffix));
    let replace = |text| Action::Replace(Text::Borrowed(text));
    let one = "impl Chip for AluChip :: fn one";
    let all = [
        (Anchor::File(Place::Start), after("use a::b;")),
        (Anchor::File(Place::End), before("fn last() {}")),
        (Anchor::item("struct AluChip"), before("#[repr(C)]")),
        (Anchor::item("use std::fmt"), after("use std::io;\nuse std::mem;")),
        (Anchor::body_start("struct AluChip"), after("pub zero: u32,")),
        (Anchor::body_start(ROWS), after("first();\nsecond();")),
        (Anchor::body_end(ROWS), before("last();")),
        (Anchor::body_start(one), after("small();")),
        (Anchor::body_end("impl Chip for AluChip :: fn nothing"), before("end();")),
        (Anchor::body_end("impl Chip for AluChip :: fn branch"), before("end();")),
        (Anchor::body_end("impl Chip for AluChip"), before("fn added() {}")),
        (Anchor::statement(ROWS, "rows.push(__);"), after("emit(\n    row,\n);")),
        (Anchor::statement(ROWS, "assert!(n > 0);"), wrap("if !relaxed(\"x\") { ", " }")),
        (Anchor::statement(ROWS, "rows.sort();"), replace("rows.sort_unstable();")),
        (Anchor::expression(one, "self.a as u8"), wrap("inject(", ")")),
        (Anchor::literal("too many"), replace("far too many")),
    ];
    insta::assert_snapshot!(changed(&all));
}

#[test]
fn one_of_several_is_taken_by_number_and_their_number_must_be_right() {
    let nth =
        |index, of| Anchor::Statement { item: ROWS.into(), like: "assert!(__);".into(), nth: Nth::At { index, of } };
    assert!(made(&[(nth(1, 2), after("x();"))]).unwrap().contains("assert!(n > 0);\n        x();"));
    assert!(made(&[(nth(0, 2), after("x();"))]).unwrap().contains("{row}\");\n            x();"));
    for (index, of) in [(0, 1), (0, 3), (2, 2)] {
        let errors = made(&[(nth(index, of), after("x();"))]).unwrap_err();
        assert!(matches!(&errors[..], [AnchorError::Count { lines, .. }] if lines == &[17, 20]), "{errors:?}");
    }
    let errors = made(&[(Anchor::statement(ROWS, "assert!(__);"), after("x();"))]).unwrap_err();
    assert!(errors[0].to_string().contains("expected 1 of `assert!(__);`"), "{}", errors[0]);
}

#[test]
fn what_is_not_there_is_named_with_what_is_nearest() {
    for (anchor, nearest) in [
        (Anchor::statement(ROWS, "assert!(n > 1);"), "line 20: `assert!(n > 0);`"),
        (Anchor::statement(ROWS, "for row in 1..n { __ }"), "line 16: `for row in 0..n {"),
        (Anchor::expression(ROWS, "Vec::with_capacity(n)"), "line 15: `Vec::new`"),
        (Anchor::expression(ROWS, "unlike { it: 1 }"), "nothing is like it"),
        (Anchor::expression(ROWS, "Vec::fresh()"), "line 15: `Vec::new()`"),
        (Anchor::statement("impl Chip for AluChip :: fn row", "x();"), "`impl Chip for AluChip :: fn rows`"),
        (Anchor::item("struct AluChips"), "line 7: `struct AluChip`"),
        (Anchor::literal("assert!(row < 1 << 21"), "line 17: `assert!(row < 1 << 20"),
        (Anchor::body_start("use std::fmt"), "has no braces"),
    ] {
        let errors = made(&[(anchor.clone(), after("x"))]).unwrap_err();
        assert!(errors[0].to_string().contains(nearest), "{anchor:?}: {}", errors[0]);
    }
}

#[test]
fn every_failure_of_a_pass_is_named_at_once() {
    let missing = |text: &'static str| (Anchor::statement(ROWS, text), after("x();"));
    assert_eq!(made(&[missing("a();"), missing("rows.push(__);"), missing("b();")]).unwrap_err().len(), 2);
}

#[test]
fn edits_that_want_the_same_bytes_are_refused() {
    let replace = |text: &'static str| Action::Replace(text.into());
    let whole = (Anchor::item(ROWS), replace("fn rows() {}"));
    let inner = (Anchor::statement(ROWS, "assert!(n > 0);"), after("x();"));
    assert!(matches!(&made(&[whole.clone(), inner]).unwrap_err()[..], [AnchorError::Overlap { line: 20, .. }]));
    assert!(matches!(&made(&[whole.clone(), whole]).unwrap_err()[..], [AnchorError::Overlap { .. }]));
}

#[test]
fn wrappings_nest() {
    let wrap = |prefix: &'static str, suffix: &'static str| Action::Wrap(prefix.into(), suffix.into());
    let one = "fn f";
    let result = made_in(
        "fn f() { a(b(1)) }\n",
        &[
            (Anchor::expression(one, "a(__)"), wrap("x(", ")")),
            (Anchor::expression(one, "b(1)"), wrap("y[", "]")),
            (Anchor::expression(one, "a(__)"), wrap("z(", "/* z */)")),
        ],
    );
    assert_eq!(result.unwrap(), "fn f() { x(z(a(y[b(1)])/* z */)) }\n");
}

#[test]
fn edits_that_break_the_file_or_do_not_suit_their_anchor_are_refused() {
    let errors = made(&[(Anchor::body_start(ROWS), after("let ="))]).unwrap_err();
    assert!(matches!(&errors[..], [AnchorError::Breaks { .. }]), "{errors:?}");
    for (anchor, action) in [
        (Anchor::item(ROWS), Action::Set("1".into())),
        (Anchor::body_start(ROWS), Action::Replace("x".into())),
        (Anchor::toml("a", "b"), after("x")),
        (Anchor::statement(ROWS, "let ("), after("x")),
        (Anchor::literal(""), after("x")),
    ] {
        let errors = made(&[(anchor.clone(), action)]).unwrap_err();
        assert!(matches!(&errors[..], [AnchorError::BadEdit(_)]), "{anchor:?}: {errors:?}");
    }
}

#[test]
fn lines_end_as_the_file_ends_its_lines_and_long_strings_keep_their_content() {
    let text = "fn f() {\r\n    a();\r\n}\r\n";
    let edits = [(Anchor::statement("fn f", "a();"), after("b();\nc();"))];
    assert_eq!(made_in(text, &edits).unwrap(), "fn f() {\r\n    a();\r\n    b();\r\n    c();\r\n}\r\n");
    let edits = [(Anchor::statement("fn f", "a();"), after("b(\"x\ny\");"))];
    assert_eq!(made_in("fn f() {\n    a();\n}\n", &edits).unwrap(), "fn f() {\n    a();\n    b(\"x\ny\");\n}\n");
}

#[test]
fn hostile_sources_are_refused_and_end_nothing() {
    let edits = [(Anchor::item("fn f"), after("fn g() {}"))];
    for text in [
        format!("fn f() {{ {} }}", "(".repeat(10_000) + &")".repeat(10_000)),
        format!("fn f() {{ {}1 }}", "!".repeat(100_000)),
        format!("fn f() {{ {}1 }}", "&mut ".repeat(50_000)),
        format!("fn f() {{ {}1 }}", "|a,b|".repeat(40_000)),
        format!("fn f() {{ let x: {}u8{}; }}", "T<a,".repeat(30_000), ">".repeat(30_000)),
        format!("fn f() {{ {} }}", "if a {} else ".repeat(30_000) + "{}"),
        format!("fn f() {{ {}1 }}", "1 + ".repeat(50_000)),
        "fn f() { \"".to_owned(),
        "fn f() { ".to_owned(),
        "x".repeat(RUST_BYTES_MAX + 1),
    ] {
        let errors = made_in(&text, &edits).unwrap_err();
        assert!(matches!(&errors[..], [AnchorError::Unreadable { .. }]), "{}", errors[0]);
    }
}

#[test]
fn the_deepest_source_that_is_read_fits_the_stack() {
    let edits = [(Anchor::statement("fn f", "x();"), after("y();"))];
    for text in [
        format!("fn f() {{ {}1; x(); }}", "!".repeat(39_000)),
        format!("fn f() {{ {}1; x(); }}", "&".repeat(39_000)),
        format!("fn f() {{ {}{}; x(); }}", "-(".repeat(190), ")".repeat(190)),
        format!("fn f() {{ {}1; x(); }}", "|a,b|".repeat(9_000)),
        format!("fn f() {{ let x: {}u8{}; x(); }}", "T<a,".repeat(9_000), ">".repeat(9_000)),
        format!("fn f() {{ {} {{}} x(); }}", "if a {} else ".repeat(9_000)),
        format!("fn f() {{ {}1; x(); }}", "1 + ".repeat(19_000)),
        format!("fn f() {{ {}1; x(); }}", "a = ".repeat(19_000)),
        format!("fn f() {{ {}1; x(); }}", "return ".repeat(39_000)),
    ] {
        let text = text.replace("-()", "-(1)");
        let result = made_in(&text, &edits);
        assert!(result.is_ok(), "{}…: {result:?}", &text[..40]);
    }
}

proptest! {
    /// Whatever is put in where, all that was there is still there, in order.
    #[test]
    fn nothing_else_changes(places in proptest::collection::vec(0..7_usize, 0..8)) {
        let anchors = [
            Anchor::body_start(ROWS),
            Anchor::body_end(ROWS),
            Anchor::item("struct AluChip"),
            Anchor::statement(ROWS, "let mut rows = __;"),
            Anchor::expression(ROWS, "Vec::new()"),
            Anchor::literal("// each"),
            Anchor::File(Place::End),
        ];
        let edits: Vec<_> = places
            .iter()
            .map(|&place| (anchors[place].clone(), if place == 4 { Action::Wrap("q(".into(), ")".into()) } else if place == 5 { before("/* q */") } else { before("fn q() {}") }))
            .collect();
        let result = made(&edits).unwrap();
        let mut rest = result.chars().filter(|c| !c.is_whitespace());
        prop_assert!(SOURCE.chars().filter(|c| !c.is_whitespace()).all(|wanted| rest.any(|c| c == wanted)));
        // Taken out again, it is the source.
        let without = result.replace("fn q() {}", "").replace("/* q */", "").replace("q(", "").replace("Vec::new()", "");
        let blank = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != ')').collect::<String>();
        prop_assert_eq!(blank(&without), blank(&SOURCE.replace("Vec::new()", "")));
    }

    /// A place that is not there is refused, however like one that is.
    #[test]
    fn moved_anchors_fail(name in "[a-z]{3,8}") {
        prop_assume!(!["rows", "nothing", "one", "branch"].contains(&name.as_str()));
        let moved = SOURCE.replace("fn rows", &format!("fn {name}"));
        let errors = made_in(&moved, &[(Anchor::body_start(ROWS), after("x();"))]).unwrap_err();
        let said = matches!(&errors[..], [AnchorError::Missing { nearest: Some(_), .. }]);
        prop_assert!(said);
    }
}
