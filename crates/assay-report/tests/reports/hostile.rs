//! Text that others chose is text in every form, whatever it says: a page, a Markdown document and an XML file of
//! hostile text have the structure of those of harmless text.

use std::{cell::RefCell, sync::LazyLock};

use assay_report::{html, junit, markdown};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};
use quick_xml::{Reader, events::Event as XmlEvent};

use crate::fixture::{HOSTILE, only};

/// What every page of one and the same text has in common.
static HARMLESS: LazyLock<Vec<String>> = LazyLock::new(|| parsed(&html(&only("x"))).structure());

/// A page as a browser takes it apart.
#[derive(Default)]
struct Page {
    tags: RefCell<Vec<Tag>>,
    /// What a reader sees: no style, no script.
    text: RefCell<String>,
    errors: RefCell<Vec<String>>,
    raw: RefCell<bool>,
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => {
                let raw = match (&*tag.name, tag.kind) {
                    ("style", TagKind::StartTag) => Some(RawKind::Rawtext),
                    ("script", TagKind::StartTag) => Some(RawKind::ScriptData),
                    _ => None,
                };
                *self.raw.borrow_mut() = raw.is_some();
                self.tags.borrow_mut().push(tag);
                return raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData);
            }
            Token::CharacterTokens(text) if !*self.raw.borrow() => self.text.borrow_mut().push_str(&text),
            Token::NullCharacterToken => self.errors.borrow_mut().push("a null character".to_owned()),
            Token::CommentToken(text) => self.errors.borrow_mut().push(format!("a comment: {text}")),
            Token::ParseError(error) => self.errors.borrow_mut().push(error.into_owned()),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn parsed(page: &str) -> Page {
    let queue = BufferQueue::default();
    queue.push_back(page.into());
    let tokenizer = Tokenizer::new(Page::default(), TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() });
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    assert_eq!(*tokenizer.sink.errors.borrow(), [""; 0]);
    tokenizer.sink
}

impl Page {
    /// Every tag with the names of its attributes, but for the marks around what was spelled out.
    fn structure(&self) -> Vec<String> {
        let mut marked = 0;
        let mut structure = Vec::new();
        for tag in &*self.tags.borrow() {
            let class = tag.attrs.iter().find(|attribute| &*attribute.name.local == "class");
            if tag.kind == TagKind::StartTag && class.is_some_and(|class| &*class.value == "spelled") {
                marked += 1;
            } else if marked > 0 && tag.kind == TagKind::EndTag && &*tag.name == "span" {
                marked -= 1;
            } else {
                let names: Vec<_> = tag.attrs.iter().map(|attribute| attribute.name.local.to_string()).collect();
                structure.push(format!("{:?} {} {names:?}", tag.kind, tag.name));
            }
        }
        structure
    }
}

/// Whether a reader would not see `c` as itself; line ends and tabs are where a form needs them.
fn hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fffe}' | '\u{ffff}')
}

/// Text of pieces that mean something somewhere.
fn hostile_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<",
        ">",
        "&",
        "\"",
        "'",
        "`",
        "|",
        "\\",
        "\n",
        "\r",
        "\t",
        "\0",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{200b}",
        "]]>",
        "-->",
        "<!--",
        "</script>",
        "<script>",
        "</title>",
        "&lt;",
        "&#60",
        "*",
        "_",
        "[x](y)",
        "![",
        "# ",
        "- ",
        "1. ",
        "~~~",
        "```",
        "@a",
        "#1",
        "http://x",
        "www.x.y",
        "⟨",
        "⟩",
        "\u{fffe}",
        "é",
        "🦀",
        " ",
        "x",
        "$(x)",
        "{{",
        "=1",
        "--",
        "?>",
        "<![CDATA[",
    ]);
    prop_oneof![prop::collection::vec(pieces, 1..12).prop_map(|pieces| pieces.concat()), any::<String>()]
}

fn check_page(text: &str) {
    let page = html(&only(text));
    assert!(!page.contains(hidden), "{:?}", page.chars().find(|&c| hidden(c)));
    let found = parsed(&page);
    assert_eq!(found.structure(), *HARMLESS, "{text:?}");
    if !text.contains(|c: char| c.is_control() || !c.is_ascii()) {
        assert!(found.text.borrow().contains(&format!("F00000000000000aa {text}")), "{text:?} is not in its heading");
    }
}

/// What Markdown makes of a text: every event but the text itself.
fn events(markdown: &str) -> Vec<String> {
    let parser =
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM);
    parser
        .filter_map(|event| match event {
            // Where a code span cannot hold the text, an element of HTML does.
            Event::Text(_) | Event::Code(_) => None,
            Event::InlineHtml(html) if matches!(&*html, "<code>" | "</code>") => None,
            event => Some(format!("{event:?}")),
        })
        .collect()
}

/// What a reader of Markdown sees of its headings, a line each.
fn headings(markdown: &str) -> Vec<String> {
    let mut headings = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_GFM) {
        match event {
            Event::Start(pulldown_cmark::Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(pulldown_cmark::TagEnd::Heading(_)) => headings.extend(heading.take()),
            Event::Text(text) | Event::Code(text) => heading.iter_mut().for_each(|heading| heading.push_str(&text)),
            _ => {}
        }
    }
    headings
}

fn check_markdown(text: &str) {
    let document = markdown(&only(text));
    assert!(!document.contains(hidden), "{:?}", document.chars().find(|&c| hidden(c)));
    assert_eq!(events(&document), events(&markdown(&only("x"))), "{text:?}");
    if !text.contains(|c: char| c.is_control() || !c.is_ascii()) {
        let heading = format!("F00000000000000aa: {text}");
        assert!(headings(&document).contains(&heading), "{heading:?} is none of {:?}", headings(&document));
    }
}

/// Names of elements, with those of their attributes, in the order in which they begin and end.
fn elements(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut elements = Vec::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            XmlEvent::Start(tag) | XmlEvent::Empty(tag) => {
                let names: Vec<_> = tag
                    .attributes()
                    .map(|attribute| attribute.expect("an attribute").key.as_ref().to_owned())
                    .collect();
                elements.push(format!("{:?} {names:?}", tag.name()));
            }
            XmlEvent::End(tag) => elements.push(format!("end of {:?}", tag.name())),
            XmlEvent::Text(_) | XmlEvent::Decl(_) | XmlEvent::GeneralRef(_) => {}
            XmlEvent::Eof => return elements,
            other => panic!("{other:?} does not belong into the file"),
        }
    }
}

fn check_junit(text: &str) {
    let file = junit(&only(text));
    // What XML 1.0 has no way to say, escaped or not.
    let forbidden = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!file.contains(forbidden) && !file.contains("&#x") && !file.contains(hidden), "{text:?}");
    assert_eq!(elements(&file), elements(&junit(&only("x"))), "{text:?}");
}

#[test]
fn hostile_text_is_only_text() {
    check_page(HOSTILE);
    check_markdown(HOSTILE);
    check_junit(HOSTILE);
}

#[test]
fn markdown_shows_what_would_mean_something_as_it_is() {
    for text in [
        "a `b` c",
        "``b``",
        "*b*",
        "**b**",
        "_b_",
        "~b~",
        "~~b~~",
        "[b](c)",
        "![b](c)",
        "<b>b</b>",
        "<https://b>",
        "&amp;",
        "&#98;",
        "a | b",
        "\\*b\\*",
        "1. b",
        "1) b",
        "- b",
        "+ b",
        "# b",
        "> b",
        "---",
        "===",
        "$b$",
        "  b",
        "b  ",
        "",
    ] {
        check_markdown(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_text_is_only_text_in_a_page(text in hostile_text()) {
        check_page(&text);
    }

    #[test]
    fn any_text_is_only_text_in_markdown(text in hostile_text()) {
        check_markdown(&text);
    }

    #[test]
    fn any_text_is_only_text_in_junit(text in hostile_text()) {
        check_junit(&text);
    }
}

#[test]
fn a_junit_file_has_a_suite_for_each_run_and_a_case_for_each_comparison() {
    let found = elements(&junit(&only("x")));
    let count = |begins: &str| found.iter().filter(|element| element.contains(begins)).count();
    let begins =
        |name: &str| found.iter().filter(|element| element.contains(name) && !element.starts_with("end")).count();
    assert_eq!(begins("(testsuites)"), 1, "{found:#?}");
    // Four runs, and the remark on what was left out.
    assert_eq!(begins("(testsuite)"), 5);
    assert_eq!((begins("(testcase)"), begins("(failure)"), begins("(skipped)")), (4, 1, 1));
    assert_eq!(count("end of QName(testsuite)"), 5);
}
