//! What holds for every family, whatever it patches.

use std::collections::BTreeSet;

use super::*;
use crate::edit::{Action, PassKind};

/// Names in calls of `function` with a literal name.
fn names_in(text: &str, function: &str) -> Vec<String> {
    let call = format!("{function}(\"");
    let calls = text.split(call.as_str()).skip(1);
    calls.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()).collect()
}

fn texts(action: &Action) -> Vec<&str> {
    match action {
        Action::Create(text)
        | Action::Before(text)
        | Action::After(text)
        | Action::Replace(text)
        | Action::Set(text) => {
            vec![text]
        }
        Action::Wrap(prefix, suffix) => vec![prefix, suffix],
    }
}

#[test]
fn guards_and_points_that_edits_name_are_listed() {
    for family in families() {
        let set = family_of(family);
        let own = set.passes.iter().flat_map(|pass| &pass.edits).filter(|edit| !edit.file.starts_with("fuzzer_utils/"));
        let own: Vec<&str> = own.flat_map(|edit| texts(&edit.action)).collect();
        let listed = |names: &[crate::edit::Named]| names.iter().map(|named| named.name).collect::<BTreeSet<_>>();
        let (guards, points) = (listed(set.guards), listed(set.points));
        for text in own {
            for name in names_in(text, "relaxed") {
                assert!(guards.contains(name.as_str()), "{family}: guard {name} is not listed");
            }
            for function in ["inject", "inject_with"] {
                for name in names_in(text, function) {
                    assert!(points.contains(name.as_str()), "{family}: point {name} is not listed");
                }
            }
        }
        assert_eq!(
            (guards.len(), points.len()),
            (set.guards.len(), set.points.len()),
            "{family}: a name is there twice"
        );
        for named in set.guards.iter().chain(set.points) {
            assert!(named.name.starts_with(set.zkvm), "{family}: {}", named.name);
            assert!(named.about.ends_with('.'), "{family}: {}", named.name);
        }
    }
}

#[test]
fn a_family_is_three_passes_of_edits_with_names_and_reasons() {
    for family in families() {
        let set = family_of(family);
        assert_eq!(set.family, family);
        assert!(set.passes.iter().map(|pass| pass.kind).eq(PassKind::ALL), "{family}");
        let edits: Vec<_> =
            set.passes.iter().flat_map(|pass| pass.edits.iter().map(move |edit| (pass.kind, edit))).collect();
        let ids: BTreeSet<&str> = edits.iter().map(|(_, edit)| &*edit.id).collect();
        assert_eq!(ids.len(), edits.len(), "{family}: an id is there twice");
        for (kind, edit) in edits {
            assert!(edit.id.starts_with(kind.name()), "{family}: {}", edit.id);
            assert!(edit.why.ends_with('.'), "{family}: {}", edit.id);
            let declared = edit.package.is_none_or(|name| set.packages.iter().any(|package| package.name == name));
            assert!(declared, "{family}: {}", edit.id);
        }
    }
}

fn family_of(name: &str) -> PassSet {
    family(name).expect("it is listed")
}
