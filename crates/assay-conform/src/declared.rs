//! What backends are known to do otherwise: limits that they have by design, and bugs that are known. One file says so.

use assay_spec::{ConformResult, Failed, KnownLimit, Platform};
use serde::Deserialize;

/// The file.
const LIMITS: &str = include_str!("../limits.toml");

/// Everything that is declared.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// Limits.
    #[serde(default)]
    pub limit: Vec<Limit>,
    /// Known bugs.
    #[serde(default)]
    pub bug: Vec<Bug>,
}

/// What a platform or a zkVM cannot do, and says so.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Whose guests meet it.
    pub platform: Platform,
    /// Backends that have it, by name; all that run guests of the platform if absent.
    pub backends: Option<Vec<String>>,
    /// Cases that meet it, by patterns in which `*` stands for anything.
    pub cases: Vec<String>,
    /// Ends that it explains, such as `trap misaligned access`, `exit code 2` or `unsupported`.
    pub ends: Vec<String>,
    /// What the limit is, in a sentence.
    pub why: String,
    /// Where that is documented or can be read in the sources.
    pub source: String,
}

/// A bug of a zkVM that cases show.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Bug {
    /// As `bugs/` has it.
    pub id: String,
    /// The backend that has it.
    pub backend: String,
    /// Cases that show it.
    pub cases: Vec<String>,
    /// Ends that it explains.
    pub ends: Vec<String>,
}

impl Declared {
    /// What ships.
    ///
    /// # Panics
    ///
    /// If the file is malformed, which a test rules out: it is a part of the program.
    pub fn shipped() -> Self {
        toml::from_str(LIMITS).expect("limits.toml is well-formed")
    }

    /// The result of a case that did not come out as it must: `end` is how the run ended, `seen` what people read of it.
    pub fn classify(&self, case: &str, backend: &str, platform: Platform, end: &str, seen: String) -> ConformResult {
        let is_one_of = |patterns: &[String], text: &str| patterns.iter().any(|pattern| matches(pattern, text));
        let backend = zkvm(backend);
        let limit = self.limit.iter().find(|limit| {
            limit.platform == platform
                && limit.backends.as_ref().is_none_or(|backends| backends.iter().any(|name| name == backend))
                && is_one_of(&limit.cases, case)
                && is_one_of(&limit.ends, end)
        });
        if let Some(limit) = limit {
            return ConformResult::Limit(KnownLimit { seen, why: limit.why.clone(), source: limit.source.clone() });
        }
        let bug = self
            .bug
            .iter()
            .find(|bug| bug.backend == backend && is_one_of(&bug.cases, case) && is_one_of(&bug.ends, end));
        ConformResult::Fail(Failed { seen, bug: bug.map(|bug| bug.id.clone()) })
    }
}

/// The zkVM of a backend: a snapshot of it is called `ZKVM@NAME`.
fn zkvm(backend: &str) -> &str {
    backend.split('@').next().unwrap_or(backend)
}

/// Whether `text` is as `pattern` has it, in which `*` stands for any text, none included.
pub fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, matching) in [
            ("input/length-1", "input/length-1", true),
            ("input/length-1", "input/length-10", false),
            ("input/*", "input/length-1", true),
            ("input/*", "output/32-bytes", false),
            ("*", "", true),
            ("*/l*-1", "misaligned/lhu-1", true),
            ("*/l*-1", "misaligned/lhu-2", false),
            ("a*a", "a", false),
            ("a*b*c", "a-b-b-c", true),
        ] {
            assert_eq!(matches(pattern, text), matching, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_declared_has_its_reason_and_its_source() {
        let declared = Declared::shipped();
        assert!(!declared.limit.is_empty());
        for limit in &declared.limit {
            assert!(limit.why.ends_with('.') && !limit.source.is_empty(), "{limit:?}");
            assert!(!limit.cases.is_empty() && !limit.ends.is_empty(), "{limit:?}");
        }
    }

    #[test]
    fn a_limit_explains_its_ends_on_its_platform_only() {
        let limit = Limit {
            platform: Platform::OpenVm,
            backends: Some(vec!["openvm".to_owned()]),
            cases: vec!["output/257-*".to_owned()],
            ends: vec!["panic".to_owned()],
            why: "W.".to_owned(),
            source: "S".to_owned(),
        };
        let bug = Bug {
            id: "b".to_owned(),
            backend: "sp1".to_owned(),
            cases: vec!["output/*".to_owned()],
            ends: vec!["ok".to_owned()],
        };
        let declared = Declared { limit: vec![limit], bug: vec![bug] };
        let classify = |case: &str, backend: &str, platform, end: &str| {
            declared.classify(case, backend, platform, end, "seen".to_owned())
        };
        let seen = || "seen".to_owned();
        let limit = ConformResult::Limit(KnownLimit { seen: seen(), why: "W.".to_owned(), source: "S".to_owned() });
        assert_eq!(classify("output/257-bytes", "openvm@2.0.2", Platform::OpenVm, "panic"), limit);
        let failed = |bug: Option<&str>| ConformResult::Fail(Failed { seen: seen(), bug: bug.map(str::to_owned) });
        assert_eq!(classify("output/257-bytes", "openvm", Platform::OpenVm, "ok"), failed(None));
        assert_eq!(classify("output/257-bytes", "reference", Platform::OpenVm, "panic"), failed(None));
        assert_eq!(classify("output/33-bytes", "openvm", Platform::OpenVm, "panic"), failed(None));
        assert_eq!(classify("output/33-bytes", "sp1", Platform::Sp1, "ok"), failed(Some("b")));
        assert_eq!(classify("output/33-bytes", "sp1", Platform::Sp1, "panic"), failed(None));
    }
}
