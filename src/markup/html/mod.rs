//! The HTML parser.
//!
//! The sanitizer and the depth limiter process the raw text before the parser gets it, which makes a
//! tree of limited size; afterwards an iterative walk converts the tree to a document. So no input
//! takes more than linear time or a deep stack. Start with [`parse_html`].

mod abbreviations;
mod bounded_tree;
mod convert;
mod declared_style;
mod depth_limit;
mod element_role;
mod embed;
mod escape;
mod footnotes;
mod formula;
mod gauge;
mod image_url;
mod inline_style;
mod lazy_images;
mod left_out;
mod lists;
mod open_elements;
mod page;
mod paragraphs;
mod preformatted;
mod replacement;
mod ruby;
mod sanitizer;
mod script_request;
mod tag_scanner;
mod text;
mod title_heading;
mod tokenizer;
mod visibility;
mod white_space;

pub(crate) use bounded_tree::parse_tree;
use bounded_tree::parse_tree_unless_cancelled;
pub(super) use element_role::emphasis_of_element;
pub use escape::escape_html;
pub use page::{sanitize_page, script_contents, title_content};
pub(super) use paragraphs::for_each_paragraph;
pub use tag_scanner::opening_tag_names;
pub(crate) use tag_scanner::{HtmlTag, parse_attributes, scan_tags};
pub use text::{contains_markup, html_to_text, html_to_text_until};
pub use title_heading::remove_title_heading;
pub(crate) use tokenizer::tokenize_tags;

use super::{
    CancelFlag, Document,
    builder::DocumentBuilder,
    plain_text::{MAX_BLOCKS, MERGED_LINES},
};

/// Parses HTML into a document; any text is valid. Relative URLs are resolved against `base`.
pub fn parse_html(text: &str, base: Option<&str>) -> Document {
    parse_html_unless_cancelled(text, base, &CancelFlag::default())
}

/// As [`parse_html`]; the document is incomplete once `cancel` is set.
pub fn parse_html_unless_cancelled(
    text: &str,
    base: Option<&str>,
    cancel: &CancelFlag,
) -> Document {
    let mut builder = DocumentBuilder::default();
    let sanitized = sanitizer::sanitize_document(text);
    let tree = sanitized.as_deref().and_then(|text| parse_tree_unless_cancelled(text, cancel));
    match sanitized.zip(tree) {
        Some((text, tree)) => {
            let references = footnotes::FragmentTargets::collect_targets(&text, base);
            convert::convert_tree(&tree, &text, &references, base, cancel, &mut builder);
        }
        None if cancel.is_cancelled() => {}
        None => add_paragraphs(text, &mut builder),
    }
    builder.finish()
}

/// Adds the paragraphs of a text that the parser does not get; beyond [`MAX_BLOCKS`], as lines of
/// longer paragraphs.
fn add_paragraphs(text: &str, builder: &mut DocumentBuilder) {
    let mut count = 0;
    for_each_paragraph(text, |words| {
        builder.push_collapsed(words);
        count += 1;
        if count < MAX_BLOCKS || count % MERGED_LINES == 0 {
            builder.end_paragraph();
        } else {
            builder.push_line_break();
        }
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markup::{Block, Emphasis, ExportFormat, ExportHeader, LinkTarget, RichText};

    fn check(text: &str, expected: &str) {
        assert_eq!(parse_html(text, None).plain_text(), expected, "{text}");
    }

    #[test]
    fn parse_html_reads_each_construct() {
        check(
            "<p>One\n two<p>three &eacute;&nbsp;&#8212;&#150;",
            "One two\n\nthree é\u{a0}——".replace("——", "—–").as_str(),
        );
        check("a<br>b<br><br>c", "a\nb\n\nc");
        check("<ul><li>a<li>b<ol start=3><li>c</ol></ul>", "• a\n• b\n3. c");
        check("<blockquote><p>a<blockquote>b</blockquote></blockquote>", "a\n\nb");
        check("<pre>\n  a\n\n  <b>b</b></pre>", "  a\n\n  b");
        check("<dl><dt>Term<dd>Meaning</dl>", "Term\n\nMeaning");
        check("<h2>Head</h2>text<hr>more", "Head\n\ntext\n\n* * *\n\nmore");
        check("<q>quoted</q> <ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "“quoted” 漢(kan)");
        check(
            "<ol reversed><li>a<li>b</ol><ol start=9 reversed><li>c<li>d</ol>",
            "2. a\n1. b\n\n9. c\n8. d",
        );
        check("E=mc<sup>2</sup>, H<sub>2</sub>O, 1<sup>st</sup>", "E=mc², H₂O, 1st");
        check("<details><summary>More</summary>hidden</details>", "More\n\nhidden");
        check(
            "<figure><img src='https://example.org/a.png' alt='Alt'><figcaption>Cap</figcaption></figure>",
            "[image: Alt]\n\nCap",
        );
    }

    #[test]
    fn parse_html_skips_non_text_elements() {
        check(
            "<head><title>t</title><style>x</style></head><p>a<script>x</script><template>y</template>",
            "a",
        );
        check(
            "<nav>n</nav><noscript><img src=x></noscript><svg><path/></svg><button>b</button>a",
            "a",
        );
        check("<p hidden>h</p><div style='Display : none'>d</div>a<!-- c -->", "a");
        check("a<img width=1 height=1 src='https://example.org/pixel.gif' alt=x>", "a");
        check("<select><option>o</select><textarea>t</textarea><input value=v>a", "a");
    }

    #[test]
    fn parse_html_embeds_become_titled_links() {
        let cases = [
            (
                "<iframe src='https://www.youtube.com/embed/x1' title='How trains sleep'>old</iframe>",
                "[video: How trains sleep · youtube.com]",
            ),
            ("<iframe src='//example.org/map'></iframe>", "[embedded: example.org]"),
            ("<video controls><source src='/v.mp4'>no video</video>", "[video: example.com]"),
            (
                "<audio src='https://example.org/a.mp3' title='Episode 12'></audio>",
                "[audio: Episode 12 · example.org]",
            ),
            ("<iframe src='https://example.org/count' width=1 height=1></iframe>a", "a"),
            ("<iframe src='javascript:x'></iframe><iframe></iframe>a", "a"),
        ];
        for (text, expected) in cases {
            let document = parse_html(text, Some("https://example.com/page"));
            assert_eq!(document.plain_text(), expected, "{text}");
        }
        let video =
            parse_html("<iframe src='https://www.youtube.com/embed/x1?rel=0'></iframe>", None);
        assert_eq!(video.links[0].url, "https://www.youtube.com/watch?v=x1");
    }

    #[test]
    fn parse_html_footnotes_link_both_ways() {
        let text = "<p>Words<sup><a href='#fn1' id='ref1'>[1]</a></sup> and <a href='#gone'>lost</a>.</p>\
            <ol><li id='fn1'>Note <a href='https://example.org/page#ref1'>↩</a></li></ol>";
        let document = parse_html(text, Some("https://example.org/page"));
        assert_eq!(document.plain_text(), "Words¹ and lost.\n\n1. Note ↩");
        let [Block::Anchor(back), Block::Paragraph(RichText(words)), Block::List { items, .. }] =
            &document.blocks[..]
        else {
            unreachable!("{document:?}")
        };
        let [Block::Anchor(note), Block::Paragraph(RichText(there))] = &items[0][..] else {
            unreachable!("a note")
        };
        assert_eq!(words[1].link, Some(LinkTarget::Anchor(*note)));
        assert_eq!(there.last().and_then(|span| span.link), Some(LinkTarget::Anchor(*back)));
        assert!(words[2..].iter().all(|span| span.link.is_none()) && document.links.is_empty());
    }

    #[test]
    fn parse_html_finds_lazy_image_sources() {
        let cases = [
            ("<img src='data:x' data-src='/a.png' alt=A>", "https://example.org/a.png"),
            ("<img srcset='/s.png 300w, /l.png 900w' alt=A>", "https://example.org/l.png"),
        ];
        for (text, url) in cases {
            assert_eq!(parse_html(text, Some("https://example.org/")).links[0].url, url);
        }
        check(
            "<img src='https://example.org/a' width=640 height=480 alt=A>",
            "[image: A · 640×480]",
        );
    }

    #[test]
    fn parse_html_keeps_data_tables() {
        let document = parse_html("<table><tr><th>k<th>v<tr><td>a<td>b<br>c</table>", None);
        let Block::Table { head, rows, .. } = &document.blocks[0] else { unreachable!("a table") };
        assert_eq!(
            (head[0].plain_text(), rows[0][1].plain_text()),
            ("k".to_owned(), "b\nc".to_owned())
        );
    }

    #[test]
    fn parse_html_shows_footers_of_tables_last() {
        let text = "<table><thead><tr><th>k<th>v<tfoot><tr><td>sum<td>3\
            <tbody><tr><td>a<td>1<tr><td rowspan=0>b<td>2</table>";
        check(text, "k\tv\na\t1\nb\t2\nsum\t3");
    }

    #[test]
    fn parse_html_spanning_cells_keep_columns_in_every_format() {
        let text = "<table><thead><tr><th rowspan=9>Line<th colspan=2>Stops</thead>\
            <tr><td rowspan=0>S1<td>Airport<td>Centre<tr><td>Harbour<td>Fair</table>";
        let export = |format| {
            let document = parse_html(text, None);
            document.export(&ExportHeader::default(), format)
        };
        let markdown = export(ExportFormat::Markdown);
        for line in ["| Line | Stops |  |", "| S1 | Airport | Centre |", "|  | Harbour | Fair |"] {
            assert!(markdown.contains(line), "{markdown}");
        }
        let plain = export(ExportFormat::PlainText);
        let column = |word: &str| {
            let line = plain.lines().find(|line| line.contains(word)).expect("the word is shown");
            line.find(word)
        };
        assert_eq!((column("Harbour"), column("Fair")), (column("Airport"), column("Centre")));
        let html = export(ExportFormat::Html);
        assert!(html.contains("<th colspan=\"2\">Stops</th>"), "{html}");
        assert!(html.contains("<td rowspan=\"2\">S1</td>"), "{html}");
        assert_eq!(parse_html(&html, None).blocks.last(), parse_html(text, None).blocks.last());
        let spoken = parse_html(text, None).for_screen_reader().plain_text();
        assert!(spoken.contains("Line: S1. Stops: Harbour."), "{spoken}");
    }

    #[test]
    fn parse_html_flattens_layout_tables() {
        check(
            "<table><tr><td><h1>News</h1><p>a<p>b<td><table><tr><td>c</table></table>",
            "News\n\na\n\nb\n\nc",
        );
        check("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>", "a\n\nb\n\nc\n\nd");
    }

    #[test]
    fn parse_html_drops_unsafe_links() {
        let text = "<a href='javascript:x'>a</a> <a href='data:x'>b</a> <a href='/c'>c</a> <a href='https://example.org'>d</a>";
        let document = parse_html(text, None);
        assert_eq!(document.plain_text(), "a b c d");
        assert_eq!(document.links.len(), 1);
        assert_eq!(
            parse_html(text, Some("https://example.com/x")).links[0].url,
            "https://example.com/c"
        );
    }

    #[test]
    fn parse_html_nests_emphasis() {
        let document = parse_html("<b>a<i>b</i></b>", None);
        let Block::Paragraph(RichText(spans)) = &document.blocks[0] else {
            unreachable!("a paragraph")
        };
        assert_eq!(spans[1].emphasis, Emphasis::STRONG.union(Emphasis::EMPHASIZED));
    }

    #[test]
    fn parse_html_removes_escaped_control_characters() {
        check("a&#27;[31mb&#x202e;c", "abc");
    }

    #[test]
    fn parse_html_merges_paragraphs_of_texts_that_make_huge_trees() {
        let blocks = |count| parse_html(&"<p>x".repeat(count), None).blocks.len();
        let (parsed, unparsed) = (250_000, 300_032);
        assert_eq!(blocks(parsed), parsed);
        assert_eq!(blocks(unparsed), MAX_BLOCKS - 1 + (unparsed - MAX_BLOCKS) / MERGED_LINES + 1);
    }

    #[test]
    fn parse_html_ends_once_cancelled() {
        let cancel = CancelFlag::default();
        let text = "<p>one<p>two";
        assert_eq!(parse_html_unless_cancelled(text, None, &cancel), parse_html(text, None));
        cancel.cancel();
        let huge = "<p>x".repeat(600_000);
        for text in [text, &huge] {
            assert!(parse_html_unless_cancelled(text, None, &cancel).blocks.is_empty());
        }
    }

    #[test]
    fn parse_html_survives_deep_nesting() {
        for deep in [
            "<div>",
            "<b>",
            "<ul><li>",
            "<blockquote>",
            "<table><tr><td>",
            "<p><b class=x>",
            "<a b=1 ",
            "</x",
        ] {
            let text = deep.repeat(20_000) + "text";
            parse_html(&text, None);
        }
        check(&("<div>".repeat(20_000) + "one<p>two &amp; three"), "one\n\ntwo & three");
    }

    #[test]
    fn parse_html_keeps_words_of_texts_that_make_huge_trees() {
        let open: Vec<String> = (0..200).map(|class| format!("<b class=c{class}>")).collect();
        let open = open.concat();
        let reopening = format!("<p>{open}one{}<p>two &amp; three", "<p>x".repeat(5_000));
        let adopting = format!("<p>one{}<p>two &amp; three", "<a href=x><div>x</a>".repeat(5_000));
        let inline = format!("<p>one{}<p>two &amp; three", "<span><div>x</span>".repeat(5_000));
        let attributes: Vec<String> = (0..250).map(|class| format!("<b class=c{class}>")).collect();
        let attributes = attributes.concat();
        let compared =
            format!("one{attributes}{}<p>two &amp; three", "<i id=a>x</i>".repeat(30_000));
        for text in [reopening, adopting, inline, compared] {
            let words = parse_html(&text, None).plain_text();
            assert!(words.starts_with("one") && words.ends_with("\n\ntwo & three"), "{text:.60}");
        }
    }

    proptest! {
        #[test]
        fn parse_html_accepts_any_text(text in "(<[/]?(p|b|i|table|tr|td|ul|li|pre|a href=x|h1|br|img|svg|math|select|template|q|rt)>|[a-z &;]{0,3}){0,40}") {
            parse_html(&text, None);
        }
    }
}
