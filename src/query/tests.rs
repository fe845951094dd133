//! Tests of the filter language through its public functions.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{
    EntryAttributes, Expr, FeedNames, FoldedText, MediaKind, PlainText, Predicate, Query,
    SearchableEntry, SearchableTag, find_mistake, parse,
};
use crate::model::{EntryState, TagId, TagName};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// Text of the entry that the queries are matched against.
const BODY: &str = "On Monday, Russia vacated a military base in Qamishli. 東京の天気. Moscow’s commitment. C#, .NET.";

/// Returns true if `query` matches an entry of the Evening Post.
fn is_match(query: &str) -> bool {
    let feed = FeedNames::new("Evening Post", Some("World"), &["daily".to_owned()]);
    let text = FoldedText::new(
        "Al-Sharaa in Moscow",
        "Anna Weil",
        BODY,
        "diplomacy",
        "https://post.example/2026/talks",
    );
    let attributes =
        EntryAttributes { language: Some("en"), media: vec![MediaKind::Image], edited: true };
    let plain_text = || PlainText {
        title: "Al-Sharaa in Moscow".to_owned(),
        author: "Anna Weil".to_owned(),
        body: BODY.to_owned(),
        tags: "diplomacy".to_owned(),
    };
    let tag = SearchableTag::new(TagId(4), &TagName::parse("to-read").unwrap());
    parse(query, today()).matches(&SearchableEntry {
        text: &text,
        attributes: &attributes,
        feed: &feed,
        state: EntryState { read: true, ..EntryState::default() },
        tags: &[&tag],
        published_day: NaiveDate::from_ymd_opt(2026, 1, 28).unwrap(),
        is_new: false,
        plain_text: &plain_text,
        is_in_story: &|number| number.0 == 42,
    })
}

/// Queries that match the entry.
const MATCHING_QUERIES: &[&str] = &[
    "",
    "qamishli base",
    "base qamish",
    "\"military base\"",
    "\"a milit",
    "!putin",
    "-putin",
    "alsharaa",
    "al-sharaa",
    "moscows",
    "title:mosc",
    "author:weil",
    "body:qamishli",
    "in:evening",
    "in:world",
    "feed:post",
    "folder:world",
    "evening",
    "daily",
    "tag:daily",
    "tag:diplomacy",
    "diplomacy",
    "url:post.example",
    "東京",
    "京の",
    "is:read",
    "has:versions",
    "!is:star",
    "!is:new",
    "has:image",
    "lang:en",
    "words:>10",
    "story:42",
    "-story:41",
    "words:5..100",
    "on:2026-01-28",
    "on:2026-01",
    "since:2026",
    "before:2026-11",
    "between:2026-01..2026-02",
    "age:>1m",
    "monday russia ",
    "putin or moscow",
    "putin OR moscow",
    "moscow or",
    "(putin or russia) base",
    "base (putin or russia",
    "title:(putin or moscow)",
    "is:(unread or read)",
    "-(putin or sport)",
    "mosc* base",
    "qamish* ",
    "re:qam.shli",
    "re:\"military (base|camp)\"",
    "!re:xyzzy base",
    "(re:mil(i|a)tar or sport) base",
    r"(sport or re:\bmil[i)]tar(?:y)) base",
    ")",
    "moscow )",
    "moscow ()",
    "- ! ?",
    "c#",
    "\"C#\" base",
    ".net",
    "body:c# !c++",
    "\"qamishli. 東\"",
];

/// Queries that do not match the entry.
const OTHER_QUERIES: &[&str] = &[
    "putin",
    "amishli",
    "bas qamishli",
    "\"base military\"",
    "title:qamishli",
    "author:moscow",
    "body:sharaa2",
    "body:weil",
    "tag:moscow",
    "url:moscow",
    "feed:world",
    "folder:post",
    "in:moscow",
    "京東",
    "is:unread",
    "is:star",
    "has:audio",
    "lang:de",
    "story:41",
    "words:<10",
    "on:2026-01-27",
    "since:2d",
    "since:last-week",
    "before:2026",
    "age:<2d",
    "!russia",
    "moscow weil x",
    "putin or sport",
    "(putin or sport) base",
    "-(putin or moscow)",
    "--putin",
    "qamish ",
    "re:^qamishli",
    "on:2026-01 putin",
    "or",
    "c++",
    "c#x",
    "title:c#",
    "#base",
    "feed:post#",
];

#[test]
fn query_matches_words_fields_and_states() {
    for query in MATCHING_QUERIES {
        assert!(is_match(query), "{query:?} should match");
    }
    for query in OTHER_QUERIES {
        assert!(!is_match(query), "{query:?} should not match");
    }
}

/// Returns the patterns of the positive terms in a filter.
fn wanted_texts(text: &str) -> Vec<String> {
    let query = parse(text, today());
    let mut patterns = Vec::new();
    query.expr.for_each_positive_term(&mut |term| {
        patterns.push(match &term.predicate {
            Predicate::Text(_, pattern) | Predicate::FeedOrFolder(pattern) => {
                pattern.folded().to_owned()
            }
            other => format!("{other:?}"),
        });
    });
    patterns
}

#[test]
fn parse_treats_last_word_as_prefix() {
    assert_eq!(wanted_texts("Qamishli Base"), [" qamishli ", " base"]);
    assert_eq!(wanted_texts("base "), [" base "]);
    assert_eq!(wanted_texts("(base or post)"), [" base ", " post "]);
    assert_eq!(wanted_texts("base* post "), [" base", " post "]);
    assert_eq!(wanted_texts("\"night tr"), [" night tr"]);
    assert_eq!(wanted_texts("\"night train\""), [" night train "]);
    assert_eq!(wanted_texts("\"night tr*\" x"), [" night tr", " x"]);
    assert_eq!(wanted_texts("al-sharaa"), [" al sharaa"]);
    assert_eq!(wanted_texts("- ! ?"), Vec::<String>::new());
}

#[test]
fn parse_treats_unknown_fields_as_text() {
    assert_eq!(wanted_texts("https://example.org"), [" https example org"]);
    assert_eq!(wanted_texts("view:x"), [" view x"]);
    assert_eq!(wanted_texts("12:30"), [" 12:30"]);
    assert_eq!(wanted_texts("foo:bar"), [" foo bar"]);
    assert_eq!(wanted_texts("tags://x"), [" tags x"], "a URL");
    assert_eq!(wanted_texts("Titel: new"), [" titel ", " new"], "running text");
    assert_eq!(wanted_texts("gas:up"), [" gas up"], "short words are near a field by chance");
    assert_eq!(wanted_texts("\"titel:x\""), [" titel x "]);
}

#[test]
fn parse_reports_mistyped_fields() {
    for (text, span, field) in [
        ("titel:apple", 0..11, "title:"),
        ("new Tags:x", 4..10, "tag:"),
        ("rust -athor:weil x", 6..16, "author:"),
        ("(titl:", 1..6, "title:"),
        ("sicne:2d", 0..8, "since:"),
        ("titel:\"a b\" c", 0..11, "title:"),
        ("titel:(a or b)", 0..8, "title:"),
    ] {
        let query = parse(text, today());
        let diagnostic = query.diagnostic.unwrap_or_else(|| panic!("{text} is not reported"));
        assert_eq!(diagnostic.span, span, "{text}");
        assert_eq!(diagnostic.expected, format!("no such field; try “{field}”"));
    }
}

#[test]
fn parse_reports_invalid_terms_and_ignores_them() {
    for (text, span) in [
        ("rust on:2026-13-99", 5..18),
        ("is:", 0..3),
        ("rust (is:maybe) x", 6..14),
        ("re:a( x", 0..5),
        ("-words:many", 1..11),
    ] {
        let query = parse(text, today());
        assert_eq!(query.diagnostic.map(|diagnostic| diagnostic.span), Some(span), "{text}");
    }
    assert!(matches!(parse("rust on:2026-13-99", today()).expr, Expr::Term(_)));
}

#[test]
fn parse_limits_nesting_and_terms() {
    // In parentheses of the program, the whole depth is left.
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(wanted_texts(&nested(17)), wanted_texts("(a)"));
    for (deep, start) in [
        (nested(18), 17),
        (nested(10_000), 17),
        ("(".repeat(10_000) + "a", 17),
        ("-".repeat(10_000) + "a", 17),
    ] {
        let diagnostic = parse(&deep, today()).diagnostic.unwrap();
        assert_eq!(diagnostic.expected, "parentheses and signs can be nested 16 deep");
        assert_eq!(diagnostic.span, start..start + 1);
    }
    assert_eq!(parse(&"-".repeat(10_000), today()).diagnostic, None);
    assert_eq!(wanted_texts(&format!("b {} c", nested(18))), wanted_texts("b c"));
    let long = "a ".repeat(1000);
    assert_eq!(wanted_texts(&long).len(), 64);
    assert!(parse(&long, today()).diagnostic.is_some());
}

#[test]
fn highlight_ranges_cover_matched_bytes() {
    let text = "Rust and Al-Sharaa’s rusty 東京の天気";
    let highlighted = |query| -> Vec<&str> {
        let ranges = parse(query, today()).highlight_ranges(text);
        ranges.into_iter().map(|range| &text[range]).collect()
    };
    assert_eq!(highlighted("rust"), ["Rust", "rusty"]);
    assert_eq!(highlighted("rust "), ["Rust"]);
    assert_eq!(highlighted("\"rust and al"), ["Rust and Al"]);
    assert_eq!(highlighted("京の"), ["京の"]);
    assert_eq!(highlighted("alsharaas"), ["Al-Sharaa’s"]);
    assert_eq!(highlighted("(x or rust*) -and"), ["Rust", "rusty"]);
    assert_eq!(highlighted("re:a.d"), ["and"]);
    assert_eq!(highlighted("re:ust"), ["ust", "ust"]);
    assert_eq!(
        highlighted("re:alsharaa"),
        Vec::<&str>::new(),
        "the filter joins words, an expression does not"
    );
    assert_eq!(highlighted("!rust in:x url:and"), Vec::<&str>::new());
}

#[test]
fn expressions_without_accents_ignore_accents() {
    let text = "Un café, e\u{301}té à Zürich; STRASSE, Straße: snake_case ſun";
    let highlighted = |query: &str| -> Vec<String> {
        let query = parse(query, today());
        let ranges = query.highlight_ranges(text);
        assert_eq!(query.has_highlights(text), !ranges.is_empty());
        ranges.into_iter().map(|range| text[range].to_owned()).collect()
    };
    assert_eq!(highlighted("re:cafe"), ["café"]);
    assert_eq!(highlighted("re:afe?"), ["afé"]);
    assert_eq!(highlighted("re:café"), ["café"]);
    assert_eq!(highlighted("re:cafè"), [""; 0]);
    assert_eq!(highlighted("re:ete"), ["e\u{301}té"]);
    assert_eq!(highlighted("re:\"cafe, .t. a zur\""), ["café, e\u{301}té à Zür"]);
    assert_eq!(highlighted("re:\"café, .t. a\""), [""; 0], "one accent makes all of them count");
    assert_eq!(highlighted("re:strasse"), ["STRASSE", "Straße"]);
    assert_eq!(highlighted("re:straße"), ["Straße"]);
    assert_eq!(highlighted(r"re:\bcase"), ["case"]);
    assert_eq!(highlighted("re:SUN"), ["ſun"]);
    assert_eq!(highlighted("re:(?-i:sTRASSE|STRA..E)"), ["STRASSE"]);
}

proptest! {
    #[test]
    fn parse_accepts_any_text(text in "\\PC{0,40}") {
        let _ = parse(&text, today());
    }

    #[test]
    fn parse_spans_are_inside_text(text in r#"([()!"*-]|or |is:|re:|on:|title:|a|é| ){0,30}"#) {
        let Query { expr, diagnostic } = parse(&text, today());
        expr.for_each_positive_term(&mut |term| assert!(text.get(term.span.clone()).is_some()));
        let mistake = find_mistake(&text, today());
        prop_assert!(mistake.is_some() || diagnostic.is_none());
        if let Some(mistake) = mistake {
            prop_assert!(text.get(mistake.span.clone()).is_some());
            prop_assert!(!mistake.describe(&text).is_empty());
        }
        prop_assert!(diagnostic.is_none_or(|diagnostic| text.get(diagnostic.span).is_some()));
    }

    #[test]
    fn query_word_of_text_matches_and_highlights(text in "[a-zéß\u{4e00}-\u{4e20} '.-]{1,30}", pick in 0usize..8) {
        let mut words = Vec::new();
        crate::text::for_each_word(&text, |word| words.push(text[word.range()].to_owned()));
        if let Some(word) = words.get(pick).filter(|word| *word != "or") {
            let folded = FoldedText::new("", "", &text, "", "");
            let entry = SearchableEntry {
                text: &folded,
                attributes: &EntryAttributes::default(),
                feed: &FeedNames::default(),
                state: EntryState::default(),
                tags: &[],
                published_day: today(),
                is_new: false,
                plain_text: &|| PlainText { body: text.clone(), ..PlainText::default() },
                is_in_story: &|_| false,
            };
            let query = parse(word, today());
            prop_assert!(query.matches(&entry));
            prop_assert!(!query.highlight_ranges(&text).is_empty());
        }
    }
}
