use proptest::prelude::*;

use super::*;

const URL: &str = "https://www.example.org/news/today";

/// Returns `count` sentences of running text.
fn prose(count: usize) -> String {
    "The river rose overnight, and by the morning the lower road was closed. ".repeat(count)
}

fn extract_page(page: &str) -> ExtractedArticle {
    extract_article(page, URL, &[]).unwrap()
}

fn rule(host: &str, keep: &[&str], drop: &[&str]) -> ExtractionRule {
    let to_strings =
        |selectors: &[&str]| selectors.iter().map(|&selector| selector.to_owned()).collect();
    ExtractionRule { host: host.to_owned(), keep: to_strings(keep), drop: to_strings(drop) }
}

#[test]
fn extract_finds_article_without_boilerplate() {
    let (first, second) = (prose(5), prose(4));
    let page = format!(
        "<html lang=en><title>River rises | The Paper</title><meta property=og:site_name content='The Paper'>\
         <link rel=canonical href=/news/1><nav><a href=/>Home</a></nav>\
         <script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"River rises\",\
         \"author\":{{\"name\":\"By Ann Weil\"}},\"datePublished\":\"2026-03-01\"}}</script>\
         <article><h1>River rises</h1><p class=byline>Ann Weil, today<p>{first}<script>x</script>\
         <div class=c-newsletter__box><p>Get our letter every day.</div><p>{second}\
         <p>Read more: <a href=/2>Bridge closed</a></article><footer>About us</footer>"
    );
    let article = extract_page(&page);
    assert_eq!(
        crate::markup::parse_html(&article.html, None).plain_text(),
        format!("{}\n\n{}", first.trim(), second.trim())
    );
    let PageMetadata { title, author, published, language, site, link, .. } = article.metadata;
    assert_eq!(title.as_deref(), Some("River rises"));
    assert_eq!(author.as_deref(), Some("Ann Weil"));
    assert_eq!(published.as_deref(), Some("2026-03-01"));
    assert_eq!(language.as_deref(), Some("en"));
    assert_eq!(site.as_deref(), Some("The Paper"));
    assert_eq!(link.as_deref(), Some("https://www.example.org/news/1"));
    assert!(article.complete);
}

#[test]
fn extract_makes_urls_absolute() {
    let cases = [
        ("<a href=/a>x</a>", "<a href=\"https://www.example.org/a\">x</a>"),
        ("<a href='b'>x</a>", "<a href=\"https://www.example.org/news/b\">x</a>"),
        ("<a href='#note'>x</a>", "<a href=\"#note\">x</a>"),
        ("<a onclick=x href='javascript:x'>xyz</a>", "xyz"),
        ("<img src=i.png alt=x>", "<img src=\"https://www.example.org/news/i.png\" alt=\"x\">"),
        ("<img data-src=i.png alt=x>", "src=\"https://www.example.org/news/i.png\""),
        ("<img srcset='i.png 1x, j.png 2x' alt=x>", "src=\"https://www.example.org/news/i.png\""),
    ];
    for (part, expected) in cases {
        let html = extract_page(&format!(
            "<body><div><p>{}</p><p>{part} {}</p></div>",
            prose(6),
            prose(6)
        ))
        .html;
        assert!(html.contains(expected), "{part}: {html}");
        assert!(!html.contains("javascript:") && !html.contains("onclick"), "{html}");
    }
    let html =
        extract_page(&format!("<base href=//cdn.example.com/x/><p><a href=y>z</a>{}", prose(9)))
            .html;
    assert!(html.contains("https://cdn.example.com/x/y"), "{html}");
}

#[test]
fn extract_keeps_footnotes() {
    let page = format!(
        "<div><p>{}<sup><a href='#fn1' id=ref1>1</a></sup><p>{}<ol><li id=fn1>A note of some length. \
         <a href='{URL}#ref1'>Back</a></ol></div>",
        prose(6),
        prose(6)
    );
    let article = crate::markup::parse_html(&extract_page(&page).html, Some(URL));
    assert!(article.links.is_empty(), "both links stay in the article: {:?}", article.links);
}

#[test]
fn extract_follows_rules() {
    let page = "<body><div id=a><p>One <i>1</i></div><div id=b><p>Two <i>2</i></div>";
    let nested = "<div class=c><div class=c>Three <i>3</i></div></div>";
    let cases = [
        (rule("example.org", &["#a"], &[]), "One 1"),
        (rule("example.org", &["#b, #a p"], &[]), "One 1\n\nTwo 2"),
        (rule("www.example.org", &["#b", "#b p"], &["i"]), "Two"),
        (rule("EXAMPLE.ORG", &["#a"], &["["]), "One 1"),
        (rule("example.org", &[".c", "i"], &[]), "Three 3"),
        (rule("example.org", &["#none"], &["#a"]), "Two 2"),
        (rule("example.org", &["["], &["#b"]), "One 1"),
        (rule("ample.org", &["#a"], &[]), "One 1\n\nTwo 2"),
        (rule("m.example.org", &["#a"], &[]), "One 1\n\nTwo 2"),
        (rule("", &["#a"], &[]), "One 1\n\nTwo 2"),
    ];
    for (rule, expected) in cases {
        let page = if expected.starts_with("Three") { nested } else { page };
        let article = extract_article(page, URL, std::slice::from_ref(&rule)).unwrap();
        assert_eq!(
            crate::markup::parse_html(&article.html, None).plain_text(),
            expected,
            "{rule:?}"
        );
    }
}

#[test]
fn rule_validate_reports_bad_selector_and_host() {
    let cases = [
        (rule("example.org", &["article > p:not(.x)"], &[".ad, [data-x='1']"]), None),
        (rule("example.org", &["p", "div["], &[]), Some("`div[` is not a CSS selector.")),
        (rule("example.org", &[], &[">>"]), Some("`>>` is not a CSS selector.")),
        (
            rule("https://example.org/", &[], &[]),
            Some("`https://example.org/` is not the name of a host, such as example.org."),
        ),
        (rule(" ", &[], &[]), Some("` ` is not the name of a host, such as example.org.")),
    ];
    for (rule, expected) in cases {
        assert_eq!(rule.validate().err().as_deref(), expected, "{rule:?}");
    }
    let read: ExtractionRule = toml::from_str("host = 'example.org'\nkeep = ['main']").unwrap();
    assert_eq!(read, rule("example.org", &["main"], &[]));
    assert!(toml::from_str::<ExtractionRule>("host = 'example.org'\nkep = []").is_err());
}

#[test]
fn extract_rejects_pages_without_article() {
    let links = "<li><a href=/x>Something that happened somewhere</a>".repeat(40);
    let log_in = "<h1>Log in</h1><form><p>Your name and your password, please.<input name=n>\
        <input type=password><button>Go</button></form><p>Forgot it? Ask for another.";
    let cases = [
        (String::new(), ExtractError::NoArticle),
        ("<html><body></body></html>".into(), ExtractError::NoArticle),
        ("<p> &nbsp; ".into(), ExtractError::NoArticle),
        (format!("<ul>{links}</ul>"), ExtractError::NoArticle),
        (log_in.into(), ExtractError::NoArticle),
        ("<div>".repeat(20_000), ExtractError::TooDeep),
        ("<p>x".repeat(150_000) + &"<p>x".repeat(60_000), ExtractError::TooLarge),
        ("x".repeat(MAX_PAGE_BYTES + 1), ExtractError::TooLarge),
        ("x".repeat(MAX_SANITIZED_BYTES + 1), ExtractError::TooLarge),
    ];
    for (page, expected) in cases {
        let start: String = page.chars().take(40).collect();
        assert_eq!(extract_article(&page, URL, &[]).err(), Some(expected), "{start}");
    }
}

#[test]
fn extract_falls_back_to_paragraphs_of_deep_page() {
    let text = prose(3);
    let page = format!(
        "<title>Deep</title>{}<p>{text}<p>menu<p>{text} &lt;&amp;<p>{text}",
        "<div>".repeat(5000)
    );
    let article = extract_page(&page);
    assert_eq!(article.metadata.title.as_deref(), Some("Deep"));
    assert_eq!(article.html.matches("<p>").count(), 3);
    assert!(article.html.contains("&lt;&amp;"));
}

#[test]
fn extract_prefers_fuller_article_body() {
    let (text, body) = (prose(12), prose(20));
    let hidden =
        format!("<p>Please wait.</p><div class=comment itemprop=articleBody hidden>{text}</div>");
    assert!(extract_page(&hidden).html.contains("the lower road"));
    let script = format!(
        "<p>Please wait.</p><script type='application/ld+json'>\
         {{\"@type\":\"Article\",\"articleBody\":\"{body}\\n3 < 4\\n<b>x</b>\"}}</script>"
    );
    assert!(extract_page(&script).html.ends_with("closed.</p><p>3 &lt; 4</p><p>x</p>"));
}

#[test]
fn extract_passes_over_walls() {
    let (text, consent) = (prose(12), "<p>We value your privacy. We and our partners store data.");
    let consent = format!("<div id=didomi-host>{}</div>", consent.repeat(60));
    let found = extract_page(&format!("{consent}<div><p>{text}</p></div>"));
    assert!(found.html.contains("lower road") && !found.html.contains("privacy"), "{found:?}");
    let teaser =
        format!("<article><p>{text}<p>Subscribe to continue reading. It is cheap.</article>");
    assert!(!extract_page(&teaser).html.contains("Subscribe"));
    for wall in [
        consent.as_str(),
        "<h1>Robot?</h1><p>Please enable JavaScript and cookies to continue; checking your browser.",
        "<p>This article is for subscribers. Already a subscriber? Please log in.",
    ] {
        let found = extract_article(&format!("<body>{wall}"), URL, &[]).err();
        assert!(matches!(found, Some(ExtractError::Wall | ExtractError::NoArticle)), "{wall}");
    }
}

#[test]
fn extract_checks_reader_view_against_json_ld() {
    // The reader view of this page is the long list of rules, not the short story.
    let rules =
        "<div class=content><p>".to_owned() + &"Please be kind to others. ".repeat(60) + "</div>";
    let day = |n| format!("On day {n} the river rose, and road {n} was closed. ");
    let story = (0..60).map(day).collect::<Vec<_>>().concat();
    let lines = story.replace(". ", ".<br>");
    let page = format!(
        "{rules}<section itemprop=articleBody>{lines}</section><script type='application/ld+json'>\
         {{\"@type\":\"Article\",\"articleBody\":\"{story}\"}}</script>"
    );
    let found = extract_page(&page);
    assert!(found.complete, "{found:?}");
    assert!(found.html.contains("road 59") && !found.html.contains("be kind"), "{found:?}");
}

#[test]
fn extract_prefers_candidate_with_summary_of_feed() {
    let story =
        "The river rose at night, and the lower road was closed until the morning by police.";
    let other =
        "<p>A different story altogether about a market, a mayor and a very old bell tower.";
    let page = format!(
        "<div class=content>{}</div><div class=sidebar itemprop=articleBody>{story} {story}</div>",
        other.repeat(12)
    );
    assert!(extract_page(&page).html.contains("bell tower"));
    let found = extract_article_with_summary(&page, URL, &[], &story.repeat(3)).unwrap();
    assert!(!found.html.contains("bell tower") && found.html.contains("lower road"), "{found:?}");
}

#[test]
fn extract_survives_multibyte_embed_urls() {
    // Regression: the detection of video URLs slices two bytes in front of the host, even inside a
    // multi-byte character.
    for tag in ["embed", "object", "iframe"] {
        let page = format!("<div><p>{}</p><{tag} src='日youtube.com'></{tag}></div>", prose(9));
        assert!(extract_page(&page).html.contains("river"));
    }
    let named = "<iframe title='日youtube.com' src=https://www.youtube.com/embed/x></iframe>";
    let page = format!("<div><p>{}</p>{named}</div>", prose(9));
    assert!(extract_page(&page).html.contains("src=\"https://www.youtube.com/embed/x\""));
    let scored = format!("<div data-readability-score=4290772992><p>{}</p></div>", prose(9));
    assert!(extract_page(&scored).html.contains("river"));
}

proptest! {
    #[test]
    fn extract_accepts_any_tag_soup(
        page in "(<[/]?(p|div|section|article|h1|h2|table|tr|td|ul|li|pre|a href=x|a|br|img src=日.jpg|img data-a='é.png 1x'|noscript|\
            font|svg|select|object|embed src=日youtube.com|iframe|span|div hidden|body|html|head|title|base href=é:|form|input type=password|\
            p class=byline|div class='caption share'|div itemprop=articleBody|blockquote|figure|figcaption|code|ins|template)>\
            |read more|some words, and more of them, go on here and end|[a-zé日 &;<]{0,3}){0,60}"
    ) {
        let rules = [rule("example.org", &["td", "section p"], &["li", "h1"])];
        for rules in [&[][..], &rules[..]] {
            if let Ok(article) = extract_article(&page, URL, rules) {
                crate::markup::parse_html(&article.html, Some(URL));
            }
        }
    }
}

#[test]
fn extract_article_reads_words_of_pages_that_make_huge_trees() {
    let open: Vec<String> = (0..90).map(|class| format!("<b class=c{class}>")).collect();
    let open = open.concat();
    let words = format!("<p>{}", prose(9));
    for filler in ["<p>x".repeat(8_000), "<a href=x><div>x</a>".repeat(4_000)] {
        let page = format!("<title>Ferry</title><p>{open}{filler}{words}");
        let article = extract_article(&page, "https://example.org/ferry", &[]);
        let html = article.expect("the words are an article").html;
        assert!(html.contains("the lower road was closed"), "{html:.200}");
        assert_eq!(parse_page_metadata(&page).title.as_deref(), Some("Ferry"));
    }
}
