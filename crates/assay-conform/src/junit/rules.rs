//! The rules of the two schemas by which CI systems check `JUnit` XML, as one table: an element has what either of them asks
//! for, and nothing that one of them does not know. Ant's is stricter in what must be there and in which order; Jenkins' says
//! how times are written. Beyond both, counts must be those of what is there, for neither can say so.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::{
    Reader,
    escape::resolve_xml_entity,
    events::{BytesStart, Event},
};

/// An element as it was read.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
}

/// What an attribute may hold.
#[derive(Clone, Copy)]
enum Kind {
    /// Any text.
    Text,
    /// Text that is not empty, and whose first and last characters are no blanks or are taken off.
    Name,
    /// A number that is not negative, of 31 bits.
    Count,
    /// Seconds: digits, and a point with more of them.
    Time,
    /// `2026-02-03T04:05:06`, without a time zone.
    Date,
}

/// What an element may contain.
enum Content {
    Nothing,
    Text,
    /// One of these, or none.
    AtMostOne(&'static [&'static str]),
    /// These in this order; a `bool` says of each that there may be any number of it, else it is there once.
    Sequence(&'static [(&'static str, bool)]),
}

struct Rule {
    name: &'static str,
    required: &'static [(&'static str, Kind)],
    optional: &'static [(&'static str, Kind)],
    content: Content,
}

const RULES: &[Rule] = &[
    Rule { name: "testsuites", required: &[], optional: &[], content: Content::Sequence(&[("testsuite", true)]) },
    Rule {
        name: "testsuite",
        required: &[
            ("name", Kind::Name),
            ("package", Kind::Text),
            ("id", Kind::Count),
            ("timestamp", Kind::Date),
            ("hostname", Kind::Name),
            ("tests", Kind::Count),
            ("failures", Kind::Count),
            ("errors", Kind::Count),
            ("time", Kind::Time),
        ],
        optional: &[("skipped", Kind::Count)],
        content: Content::Sequence(&[
            ("properties", false),
            ("testcase", true),
            ("system-out", false),
            ("system-err", false),
        ]),
    },
    Rule { name: "properties", required: &[], optional: &[], content: Content::Sequence(&[("property", true)]) },
    Rule {
        name: "property",
        required: &[("name", Kind::Name), ("value", Kind::Text)],
        optional: &[],
        content: Content::Nothing,
    },
    Rule {
        name: "testcase",
        required: &[("name", Kind::Text), ("classname", Kind::Text), ("time", Kind::Time)],
        optional: &[],
        content: Content::AtMostOne(&["skipped", "error", "failure"]),
    },
    Rule {
        name: "skipped",
        required: &[],
        optional: &[("type", Kind::Text), ("message", Kind::Text)],
        content: Content::Text,
    },
    Rule {
        name: "error",
        required: &[("type", Kind::Text)],
        optional: &[("message", Kind::Text)],
        content: Content::Text,
    },
    Rule {
        name: "failure",
        required: &[("type", Kind::Text)],
        optional: &[("message", Kind::Text)],
        content: Content::Text,
    },
    Rule { name: "system-out", required: &[], optional: &[], content: Content::Text },
    Rule { name: "system-err", required: &[], optional: &[], content: Content::Text },
];

/// The root element of a file that keeps every rule.
pub(super) fn check(xml: &str) -> Result<Element, String> {
    let root = read(xml)?;
    if root.name != "testsuites" {
        return Err(format!("the root is {}", root.name));
    }
    valid(&root)?;
    for (index, suite) in root.children.iter().enumerate() {
        counted(index, suite)?;
    }
    Ok(root)
}

/// XML 1.0, 2.2: the characters that a document may have, also by reference.
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn only_chars(text: &str) -> Result<&str, String> {
    text.chars().find(|&c| !is_char(c)).map_or(Ok(text), |c| Err(format!("{c:?} is no character of XML")))
}

fn read(xml: &str) -> Result<Element, String> {
    only_chars(xml)?;
    if !xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>") {
        return Err("it does not begin with a declaration".to_owned());
    }
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => {
                open.push(begun(&start)?);
                if !empty {
                    continue;
                }
            }
            Event::End(_) => {}
            Event::Text(text) => {
                let text = text.xml10_content();
                if text.contains("]]>") {
                    return Err("text has the end of a CDATA section".to_owned());
                }
                innermost(&mut open).text.push_str(&text);
                continue;
            }
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|error| error.to_string())?;
                let name = reference.xml10_content();
                let resolved = match character {
                    Some(c) => c.to_string(),
                    None => resolve_xml_entity(&name).ok_or_else(|| format!("&{name}; is nothing"))?.to_owned(),
                };
                innermost(&mut open).text.push_str(only_chars(&resolved)?);
                continue;
            }
            Event::Decl(_) => continue,
            Event::Eof => break,
            other => return Err(format!("{other:?}")),
        }
        let ended = open.pop().ok_or("an end without a beginning")?;
        open.last_mut().ok_or("an end without a beginning")?.children.push(ended);
    }
    let [root] = open.as_mut_slice() else { return Err("an element does not end".to_owned()) };
    match root.children.pop() {
        Some(element) if root.children.is_empty() && root.text.trim().is_empty() => Ok(element),
        _ => Err("there is not one root".to_owned()),
    }
}

fn innermost(open: &mut [Element]) -> &mut Element {
    open.last_mut().expect("there is one for the document")
}

fn begun(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut element = Element { name: start.name().0.to_owned(), ..Element::default() };
    // This refuses what is there twice.
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.value.contains(['<', '\n', '\t', '\r']) {
            return Err(format!("{:?} does not come through as it is", attribute.value));
        }
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|error| error.to_string())?;
        let name = attribute.key.0.to_owned();
        element.attributes.insert(name, only_chars(&value)?.to_owned());
    }
    Ok(element)
}

fn valid(element: &Element) -> Result<(), String> {
    let name = element.name.as_str();
    let rule = RULES.iter().find(|rule| rule.name == name).ok_or_else(|| format!("no schema has {name}"))?;
    for (required, _) in rule.required {
        if !element.attributes.contains_key(*required) {
            return Err(format!("{name} has no {required}"));
        }
    }
    for (attribute, value) in &element.attributes {
        let mut known = rule.required.iter().chain(rule.optional);
        let (_, kind) =
            known.find(|(known, _)| known == attribute).ok_or_else(|| format!("{name} has a {attribute}"))?;
        if !fits(*kind, value) {
            return Err(format!("{attribute} of {name} is {value:?}"));
        }
    }
    let children: Vec<&str> = element.children.iter().map(|child| child.name.as_str()).collect();
    let may_be = match rule.content {
        Content::Nothing | Content::Text => children.is_empty(),
        Content::AtMostOne(of) => match children.as_slice() {
            [] => true,
            [one] => of.contains(one),
            _ => false,
        },
        Content::Sequence(of) => is_sequence(&children, of),
    };
    if !may_be {
        return Err(format!("{name} has the elements {children:?}"));
    }
    if !matches!(rule.content, Content::Text) && !element.text.trim().is_empty() {
        return Err(format!("{name} has text: {:?}", element.text));
    }
    element.children.iter().try_for_each(valid)
}

fn is_sequence(children: &[&str], of: &[(&str, bool)]) -> bool {
    let mut rest = children;
    for &(name, any) in of {
        let count = rest.iter().take_while(|&&child| child == name).count();
        if count != 1 && !any {
            return false;
        }
        rest = &rest[count..];
    }
    rest.is_empty()
}

fn fits(kind: Kind, value: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match kind {
        Kind::Text => true,
        Kind::Name => !value.trim().is_empty(),
        Kind::Count => digits(value) && value.parse::<i32>().is_ok(),
        Kind::Time => {
            value.split_once('.').map_or_else(|| digits(value), |(whole, part)| digits(whole) && digits(part))
        }
        Kind::Date => {
            let shape: String = value.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            shape == "0000-00-00T00:00:00" && value.parse::<jiff::civil::DateTime>().is_ok()
        }
    }
}

/// The numbers of a suite are those of its cases, and each case is there once.
fn counted(index: usize, suite: &Element) -> Result<(), String> {
    let cases = || suite.children.iter().filter(|child| child.name == "testcase");
    let of = |what: &str| cases().filter(|case| case.children.iter().any(|child| child.name == what)).count();
    let counts = [
        ("id", index),
        ("tests", cases().count()),
        ("failures", of("failure")),
        ("errors", of("error")),
        ("skipped", of("skipped")),
    ];
    for (name, count) in counts {
        if suite.attributes.get(name).is_some_and(|said| *said != count.to_string()) {
            return Err(format!("{name} is {}, and there are {count}", suite.attributes[name]));
        }
    }
    let names: BTreeSet<_> = cases().map(|case| (&case.attributes["classname"], &case.attributes["name"])).collect();
    if names.len() != cases().count() {
        return Err("two cases have one name".to_owned());
    }
    Ok(())
}

/// A file that keeps all rules, for those below to break one of them each.
const SOUND: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="n" package="p" id="0" timestamp="2026-02-03T04:05:06" hostname="h" time="1.500" tests="3" failures="1" errors="0" skipped="1">
    <properties>
      <property name="a" value=""/>
    </properties>
    <testcase name="x" classname="c" time="0.1"/>
    <testcase name="y" classname="c" time="12">
      <skipped message="&lt;&#10;"/>
    </testcase>
    <testcase name="z" classname="c" time="0.100">
      <failure type="t" message="m">text &amp; more</failure>
    </testcase>
    <system-out/>
    <system-err/>
  </testsuite>
</testsuites>
"#;

#[test]
fn each_rule_can_be_broken() {
    let root = check(SOUND).unwrap();
    assert_eq!(root.children[0].children[2].children[0].attributes["message"], "<\n");
    assert_eq!(root.children[0].children[3].children[0].text, "text & more");
    for (from, to, why) in [
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "", "declaration"),
        ("<testsuites>", "<testsuites name=\"n\">", "testsuites has a name"),
        ("    <system-out/>\n    <system-err/>", "    <system-err/>\n    <system-out/>", "has the elements"),
        ("    <system-out/>\n", "", "has the elements"),
        ("<system-out/>", "<system-out/><system-out/>", "has the elements"),
        ("<skipped message=\"&lt;&#10;\"/>", "<skipped/><failure type=\"t\"/>", "has the elements"),
        ("<skipped message=\"&lt;&#10;\"/>", "<output/>", "has the elements"),
        ("<property name=\"a\" value=\"\"/>", "<property name=\"\" value=\"\"/>", "name of property"),
        ("<property name=\"a\" value=\"\"/>", "<property name=\"a\"/>", "no value"),
        ("hostname=\"h\" ", "", "no hostname"),
        ("2026-02-03T04:05:06", "2026-02-03T04:05:06Z", "timestamp"),
        ("2026-02-03T04:05:06", "2026-02-30T04:05:06", "timestamp"),
        ("time=\"1.500\"", "time=\"1.5e0\"", "time of"),
        ("time=\"1.500\"", "time=\"-1.5\"", "time of"),
        ("time=\"12\"", "time=\"NaN\"", "time of"),
        ("id=\"0\"", "id=\"1\"", "id is 1"),
        ("tests=\"3\"", "tests=\"4\"", "tests is 4"),
        ("failures=\"1\"", "failures=\"0\"", "failures is 0"),
        ("errors=\"0\"", "errors=\"-1\"", "errors of"),
        ("skipped=\"1\"", "skipped=\"2\"", "skipped is 2"),
        ("failure type=\"t\" ", "failure ", "no type"),
        ("&#10;", "&#0;", ""),
        ("&#10;", "&#x1b;", "no character"),
        ("&#10;", "\n", "come through"),
        ("text &amp;", "text \u{1}", "no character"),
        ("text &amp;", "text &#8;", "no character"),
        ("text &amp;", "text &nbsp;", "nbsp"),
        ("text &amp;", "text ]]>", "CDATA"),
        ("name=\"y\"", "name=\"x\"", "one name"),
        ("name=\"y\"", "name=\"y\" name=\"y\"", ""),
        ("</testcase>\n    <testcase name=\"z\"", "</testcase>text<testcase name=\"z\"", "has text"),
        ("</testsuites>", "", ""),
    ] {
        let broken = SOUND.replacen(from, to, 1);
        assert_ne!(broken, SOUND, "{from}");
        let error = check(&broken).expect_err(&format!("{from} as {to}"));
        assert!(error.contains(why), "{from} as {to}: {error}");
    }
}
