//! Where links of a tree lead, found without a file system: a link that leaves the tree by whatever way, through other
//! links or through folders that are not there yet, is refused before anything is written.

use std::collections::HashMap;

use super::SourceError;

/// Links that may be followed on the way from one, as kernels have it.
const FOLLOWED_MAX: usize = 40;

/// Refuses the first of `links` (path, what it names) that leads out of the tree.
pub(crate) fn check(links: &[(String, String)]) -> Result<(), SourceError> {
    let table: HashMap<&str, &str> = links.iter().map(|(path, target)| (path.as_str(), target.as_str())).collect();
    for (path, target) in links {
        let folder: Vec<&str> = path.split('/').collect();
        if !stays(&folder[..folder.len() - 1], target, &table, &mut 0) {
            return Err(SourceError::LinkOut { path: path.clone(), target: target.clone() });
        }
    }
    Ok(())
}

/// Whether `target`, seen from `folder`, stays in the tree at every step.
fn stays(folder: &[&str], target: &str, links: &HashMap<&str, &str>, followed: &mut usize) -> bool {
    walk(folder.iter().map(|&name| name.to_owned()).collect(), target, links, followed).is_some()
}

/// The folder names of where `target` leads from `at`; `None` if that is outside, or without end.
fn walk(mut at: Vec<String>, target: &str, links: &HashMap<&str, &str>, followed: &mut usize) -> Option<Vec<String>> {
    if target.starts_with('/') || target.is_empty() || target.contains('\0') {
        return None;
    }
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                at.pop()?;
            }
            name => {
                at.push(name.to_owned());
                if let Some(&next) = links.get(at.join("/").as_str()) {
                    *followed += 1;
                    if *followed > FOLLOWED_MAX {
                        return None;
                    }
                    at.pop();
                    at = walk(at, next, links, followed)?;
                }
            }
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(links: &[(&str, &str)]) -> bool {
        let links: Vec<_> = links.iter().map(|&(path, target)| (path.to_owned(), target.to_owned())).collect();
        check(&links).is_ok()
    }

    #[test]
    fn links_within_the_tree_are_taken_whether_or_not_something_is_there() {
        assert!(ok(&[("a", "b"), ("d/e", "../x/y"), ("d/f", "."), ("g", "d/e/z"), ("h/i", "../h/./j/")]));
    }

    #[test]
    fn links_that_leave_the_tree_are_refused() {
        assert!(!ok(&[("a", "/etc/passwd")]));
        assert!(!ok(&[("a", "..")]));
        assert!(!ok(&[("a/b", "../../x")]));
        assert!(!ok(&[("a", "b/../../x")]));
        assert!(!ok(&[("a", "")]));
    }

    #[test]
    fn a_link_that_leaves_through_another_is_refused_where_reading_its_text_would_not_tell() {
        // By its text `d/up/..` is `d`; by way of the link it is the folder above the tree.
        assert!(!ok(&[("d/up", ".."), ("out", "d/up/..")]));
        assert!(ok(&[("d/up", ".."), ("in", "d/up/x")]));
    }

    #[test]
    fn links_in_circles_and_growing_ones_end() {
        assert!(!ok(&[("a", "b"), ("b", "a")]));
        assert!(!ok(&[("a", "a/a")]));
        assert!(!ok(&[("a", "x/../a")]));
    }
}
