//! The filter language as it is used.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{About, EntryFacts, Expr, FeedFacts, Folded, Medium, Query, Test, parse};
use crate::model::EntryState;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

const BODY: &str = "On Monday, Russia vacated a military base in Qamishli. 東京の天気. Moscow’s commitment.";

fn found(query: &str) -> bool {
    let feed = FeedFacts::new("Evening Post", Some("World"), &["daily".to_owned()]);
    let folded =
        Folded::new("Al-Sharaa in Moscow", "Anna Weil", BODY, "diplomacy", "https://post.example/2026/talks");
    let about = About { language: Some("en"), media: vec![Medium::Image], edited: true };
    let source = || format!("Al-Sharaa in Moscow\n{BODY}");
    parse(query, today()).matches(&EntryFacts {
        folded: &folded,
        about: &about,
        feed: &feed,
        state: EntryState { read: true, starred: false },
        day: NaiveDate::from_ymd_opt(2026, 1, 28).unwrap(),
        new: false,
        source: &source,
    })
}

const HITS: &[&str] = &[
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
    "is:edited",
    "!is:star",
    "!is:new",
    "has:image",
    "lang:en",
    "words:>10",
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
    ")",
    "moscow )",
    "moscow ()",
    "- ! ?",
];

const MISSES: &[&str] = &[
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
];

#[test]
fn words_fields_and_states() {
    for query in HITS {
        assert!(found(query), "{query:?} should match");
    }
    for query in MISSES {
        assert!(!found(query), "{query:?} should not match");
    }
}

/// What a filter looks for, as it is looked for.
fn folded(text: &str) -> Vec<String> {
    let query = parse(text, today());
    let mut found = Vec::new();
    query.expr.each_wanted(&mut |term| {
        found.push(match &term.test {
            Test::Text(_, needle) | Test::In(needle) => needle.folded().to_owned(),
            other => format!("{other:?}"),
        });
    });
    found
}

#[test]
fn the_last_word_is_a_prefix_until_something_follows_it() {
    assert_eq!(folded("Qamishli Base"), [" qamishli ", " base"]);
    assert_eq!(folded("base "), [" base "]);
    assert_eq!(folded("(base or post)"), [" base ", " post "]);
    assert_eq!(folded("base* post "), [" base", " post "]);
    assert_eq!(folded("\"night tr"), [" night tr"]);
    assert_eq!(folded("\"night train\""), [" night train "]);
    assert_eq!(folded("\"night tr*\" x"), [" night tr", " x"]);
    assert_eq!(folded("al-sharaa"), [" al sharaa"]);
    assert_eq!(folded("- ! ?"), Vec::<String>::new());
}

#[test]
fn unknown_words_before_a_colon_are_text() {
    assert_eq!(folded("https://example.org"), [" https example org"]);
    assert_eq!(folded("view:x"), [" view x"]);
    assert_eq!(folded("12:30"), [" 12:30"]);
}

#[test]
fn what_is_not_understood_is_named_and_restricts_nothing() {
    for (text, span) in [
        ("rust on:2026-13-99", 5..18),
        ("is:", 0..3),
        ("rust (is:maybe) x", 6..14),
        ("re:a( x", 0..5),
        ("-words:many", 1..11),
    ] {
        let query = parse(text, today());
        assert_eq!(query.complaint.map(|complaint| complaint.span), Some(span), "{text}");
    }
    assert!(matches!(parse("rust on:2026-13-99", today()).expr, Expr::Term(_)));
}

#[test]
fn filters_have_limits() {
    let deep = "(".repeat(10_000) + "a";
    assert!(!parse(&deep, today()).expr.is_empty());
    let signs = "-".repeat(10_000) + "a";
    assert!(!parse(&signs, today()).expr.is_empty());
    let long = "a ".repeat(1000);
    assert_eq!(folded(&long).len(), 64);
    assert!(parse(&long, today()).complaint.is_some());
}

#[test]
fn highlights_are_the_bytes_that_matched() {
    let text = "Rust and Al-Sharaa’s rusty 東京の天気";
    let lit = |query| -> Vec<&str> {
        let ranges = parse(query, today()).highlights(text);
        ranges.into_iter().map(|range| &text[range]).collect()
    };
    assert_eq!(lit("rust"), ["Rust", "rusty"]);
    assert_eq!(lit("rust "), ["Rust"]);
    assert_eq!(lit("\"rust and al"), ["Rust and Al"]);
    assert_eq!(lit("京の"), ["京の"]);
    assert_eq!(lit("alsharaas"), ["Al-Sharaa’s"]);
    assert_eq!(lit("(x or rust*) -and"), ["Rust", "rusty"]);
    assert_eq!(lit("re:a.d"), ["and"]);
    assert_eq!(lit("!rust in:x url:and"), Vec::<&str>::new());
}

proptest! {
    #[test]
    fn anything_typed_is_a_query(text in "\\PC{0,40}") {
        let _ = parse(&text, today());
    }

    #[test]
    fn anything_like_a_filter_is_a_query_whose_spans_are_in_it(text in r#"([()!"*-]|or |is:|re:|on:|title:|a|é| ){0,30}"#) {
        let Query { expr, complaint } = parse(&text, today());
        expr.each_wanted(&mut |term| assert!(text.get(term.span.clone()).is_some()));
        prop_assert!(complaint.is_none_or(|complaint| text.get(complaint.span).is_some()));
    }

    #[test]
    fn a_word_of_the_text_finds_it_and_lights_up(text in "[a-zéß\u{4e00}-\u{4e20} '.-]{1,30}", pick in 0usize..8) {
        let mut words = Vec::new();
        crate::text::each_word(&text, |word| words.push(text[word.range()].to_owned()));
        if let Some(word) = words.get(pick).filter(|word| *word != "or") {
            let folded = Folded::new("", "", &text, "", "");
            let facts = EntryFacts {
                folded: &folded,
                about: &About::default(),
                feed: &FeedFacts::default(),
                state: EntryState::default(),
                day: today(),
                new: false,
                source: &String::new,
            };
            let query = parse(word, today());
            prop_assert!(query.matches(&facts));
            prop_assert!(!query.highlights(&text).is_empty());
        }
    }
}
