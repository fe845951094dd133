//! HTML → document.
//!
//! A raw filter and gate in front of the parser, an iterative walk behind it: no input takes more than linear time or any stack.

mod entity;
mod filter;
mod gate;
mod head;
mod strip;
mod tag;
mod walk;

pub use head::{Head, head, without_heading};
pub(super) use strip::paragraphs;

use super::{Document, build::Builder};

/// Reads HTML, relative addresses as in a page at `base`; any text is HTML.
pub fn html(text: &str, base: Option<&str>) -> Document {
    let mut builder = Builder::default();
    match filter::reduced(text) {
        Some(text) => walk::walk(&dom_query::Document::from(text), base, &mut builder),
        None => paragraphs(text, |words| {
            builder.collapsed(words);
            builder.end_paragraph();
        }),
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markup::{Block, Emphasis, Text};

    fn check(text: &str, expected: &str) {
        assert_eq!(html(text, None).plain_text(), expected, "{text}");
    }

    #[test]
    fn reads_the_common_forms() {
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
            "<figure><img src='https://example.org/a.png' alt='Alt'><figcaption>Cap</figcaption></figure>",
            "[image: Alt]\n\nCap",
        );
    }

    #[test]
    fn leaves_out_what_is_not_text() {
        check(
            "<head><title>t</title><style>x</style></head><p>a<script>x</script><template>y</template>",
            "a",
        );
        check(
            "<nav>n</nav><noscript><img src=x></noscript><svg><text>s</text></svg><button>b</button>a",
            "a",
        );
        check("<p hidden>h</p><div style='Display : none'>d</div>a<!-- c -->", "a");
        check("a<img width=1 height=1 src='https://example.org/pixel.gif' alt=x>", "a");
        check("<select><option>o</select><textarea>t</textarea><input value=v>a", "a");
    }

    #[test]
    fn tables_of_data_stay_tables() {
        let document = html("<table><tr><th>k<th>v<tr><td>a<td>b<br>c</table>", None);
        let Block::Table { head, rows } = &document.blocks[0] else { unreachable!("a table") };
        assert_eq!((head[0].text(), rows[0][1].text()), ("k".to_owned(), "b\nc".to_owned()));
    }

    #[test]
    fn tables_for_looks_give_their_content() {
        check(
            "<table><tr><td><h1>News</h1><p>a<p>b<td><table><tr><td>c</table></table>",
            "News\n\na\n\nb\n\nc",
        );
        check("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>", "a\n\nb\n\nc\n\nd");
    }

    #[test]
    fn unsafe_links_are_text() {
        let text = "<a href='javascript:x'>a</a> <a href='data:x'>b</a> <a href='/c'>c</a> <a href='https://example.org'>d</a>";
        let document = html(text, None);
        assert_eq!(document.plain_text(), "a b c d");
        assert_eq!(document.links.len(), 1);
        assert_eq!(html(text, Some("https://example.com/x")).links[0].url, "https://example.com/c");
    }

    #[test]
    fn stress_nests() {
        let document = html("<b>a<i>b</i></b>", None);
        let Block::Paragraph(Text(spans)) = &document.blocks[0] else { unreachable!("a paragraph") };
        assert_eq!(spans[1].style, Emphasis::STRONG.with(Emphasis::STRESSED));
    }

    #[test]
    fn escaped_controls_are_gone() {
        check("a&#27;[31mb&#x202e;c", "abc");
    }

    #[test]
    fn depth_does_no_harm() {
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
            html(&text, None);
        }
        check(&("<div>".repeat(20_000) + "one<p>two &amp; three"), "one\n\ntwo & three");
    }

    proptest! {
        #[test]
        fn any_text_is_html(text in "(<[/]?(p|b|i|table|tr|td|ul|li|pre|a href=x|h1|br|img|svg|math|select|template|q|rt)>|[a-z &;]{0,3}){0,40}") {
            html(&text, None);
        }
    }
}
