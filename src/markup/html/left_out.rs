//! The tags of the parts of a page that are shown, for the parser, for searches and for pages that
//! must not reach the parser.
//!
//! Hidden elements, and those with nothing for a reader, such as navigation, are cut out of the raw
//! text, so that all three agree. Where such an element ends follows from the rules of the HTML
//! standard (§13.2.6) for the ends of elements. Start with [`shown_tags`].

use super::{
    lazy_images::{NoscriptImage, is_image, is_placeholder},
    open_elements::{OmissionReason, OpenElements},
    script_request::script_request_end,
    tag_scanner::HtmlTag,
    tokenizer::{TagTokenizer, tokenize_tags, tokenize_without_scripts},
    visibility::{is_declared_visible, is_hidden, is_only_invisible},
};

/// The reader of the tags, which decides on the elements that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagAudience {
    /// The extraction of an article, which decides itself on what is hidden: some pages hide the
    /// article until a script has run.
    Extraction,
    /// The parser of a document.
    Document,
    /// The text of a document: embedded content has none.
    Text,
}

/// Returns the tags of the shown parts of `text`. An element that is left out is one tag, which is
/// no element, up to its end.
///
/// An element without an end of its own is not left out just because it has nothing for a reader:
/// an unclosed `<nav>` is a group of blocks, and an unclosed `<video>` is empty.
pub(super) fn shown_tags(text: &str, audience: TagAudience) -> ShownTags<'_> {
    ShownTags {
        text,
        audience,
        tags: match audience {
            TagAudience::Extraction => tokenize_tags(text),
            TagAudience::Document | TagAudience::Text => tokenize_without_scripts(text),
        },
        noscript_image: NoscriptImage::default(),
        ends: None,
        waiting: None,
        open: None,
        invisible: None,
        hides_rest: false,
    }
}

/// An iterator over the tags of the shown parts of a text, made by [`shown_tags`].
pub(super) struct ShownTags<'a> {
    text: &'a str,
    audience: TagAudience,
    tags: TagTokenizer<'a>,
    noscript_image: NoscriptImage,
    /// The ends of the elements that may be left out; `None` until the first of them.
    ends: Option<Vec<ElementEnd>>,
    /// The tag that comes next.
    waiting: Option<HtmlTag<'a>>,
    /// An unclosed player, and the end of its sources, at which it is to be closed.
    open: Option<(HtmlTag<'a>, usize)>,
    /// The invisible element around the part of it that is shown now.
    invisible: Option<InvisibleElement<'a>>,
    hides_rest: bool,
}

/// An element that is invisible, but has a part that is visible.
#[derive(Debug, Clone, Copy)]
struct InvisibleElement<'a> {
    tag: HtmlTag<'a>,
    end: usize,
    /// The end of the visible part.
    part_end: usize,
}

/// The end of an element that may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ElementEnd {
    /// The byte at which its start tag begins.
    start: usize,
    /// The byte after the element, `usize::MAX` for one that hides the rest of the text; `None` if
    /// nothing says where it ends.
    end: Option<usize>,
    /// The style of the element says that it is visible.
    is_visible: bool,
}

impl<'a> Iterator for ShownTags<'a> {
    type Item = HtmlTag<'a>;

    fn next(&mut self) -> Option<HtmlTag<'a>> {
        let tag = self.waiting.take().or_else(|| self.tags.next());
        let part_end = self.invisible.map_or(usize::MAX, |element| element.part_end);
        if let Some(element) =
            self.invisible.take_if(|_| tag.is_none_or(|tag| tag.start >= part_end))
        {
            let mut rest = element.tag;
            rest.start = part_end;
            return Some(self.hide_up_to(rest, element.end));
        }
        if let Some((player, end)) = self.open.take() {
            let before = tag.map_or("", |tag| &self.text[end..tag.start]);
            match tag {
                Some(source) if is_source(&source) && before.trim().is_empty() => {
                    self.open = Some((player, source.end));
                }
                _ => {
                    self.waiting = tag;
                    return Some(player.end_tag_at(end));
                }
            }
        }
        tag.map(|tag| self.judge(tag))
    }
}

impl<'a> ShownTags<'a> {
    /// Cuts an element out if it is left out, and mends one that is not closed.
    fn judge(&mut self, tag: HtmlTag<'a>) -> HtmlTag<'a> {
        if self.audience != TagAudience::Extraction
            && let Some(end) = script_request_end(&tag, self.text)
        {
            return self.cut(tag, end);
        }
        let is_shown_before = self.audience != TagAudience::Extraction
            && self.noscript_image.is_shown_before(&tag, self.text);
        if tag.closing || !tag.is_element() {
            return tag;
        }
        if is_shown_before || (is_image(&tag) && is_placeholder(&tag, self.text)) {
            return tag.removed_with("", tag.end);
        }
        let Some(reason) = reason_to_leave_out(&tag) else { return tag };
        let end = self.end_of(&tag);
        let is_player = reason == OmissionReason::Player;
        match end {
            None if is_player => {
                self.open = Some((tag, tag.end));
                tag
            }
            None if reason == OmissionReason::Surroundings => match open_part_name(tag.name) {
                Some(name) => tag.with_name(name),
                None => tag,
            },
            Some(end) if self.leaves_out(is_player) => {
                let is_whole =
                    self.invisible.is_some() || !is_only_invisible(tag.name, tag.attributes);
                if is_whole { self.cut(tag, end) } else { self.hide_up_to(tag, end) }
            }
            _ => tag,
        }
    }

    fn leaves_out(&self, is_player: bool) -> bool {
        match self.audience {
            TagAudience::Extraction => false,
            TagAudience::Document => !is_player,
            TagAudience::Text => true,
        }
    }

    fn cut(&mut self, tag: HtmlTag<'a>, end: usize) -> HtmlTag<'a> {
        self.hides_rest = end == usize::MAX;
        let end = end.min(self.text.len());
        self.tags.skip_to(end);
        tag.removed_with("", end)
    }

    /// Cuts an invisible element, or the rest of one, out up to its next visible part.
    fn hide_up_to(&mut self, tag: HtmlTag<'a>, end: usize) -> HtmlTag<'a> {
        let ends = self.ends.get_or_insert_with(|| find_ends(self.text));
        let first = ends.partition_point(|element| element.start < tag.start);
        let part = ends[first..].iter().take_while(|element| element.start < end);
        let Some(part) = part.into_iter().find(|element| element.is_visible).copied() else {
            return self.cut(tag, end);
        };
        let part_end = part.end.unwrap_or(part.start).min(end).min(self.text.len());
        let removed = self.cut(tag, part.start);
        self.hides_rest = end == usize::MAX;
        self.invisible = Some(InvisibleElement { tag, end, part_end });
        removed
    }

    /// Returns true if the text ended within a hidden element.
    pub(super) fn hides_rest(&self) -> bool {
        self.hides_rest
    }

    fn end_of(&mut self, tag: &HtmlTag<'_>) -> Option<usize> {
        let ends = self.ends.get_or_insert_with(|| find_ends(self.text));
        let index = ends.binary_search_by_key(&tag.start, |element| element.start).ok()?;
        ends[index].end
    }
}

/// Returns the name under which an element without an end is shown: one that end tags treat alike, but
/// that pages hardly use, because its end tags would end the element. `None` for a button, which stops
/// the end tags of ordinary elements as no other inline element does.
fn open_part_name(name: &str) -> Option<&'static str> {
    match name {
        name if name.eq_ignore_ascii_case("nav") => Some("hgroup"),
        name if name.eq_ignore_ascii_case("button") => None,
        _ => Some("x-part"),
    }
}

fn is_source(tag: &HtmlTag<'_>) -> bool {
    ["source", "track", "param"].iter().any(|name| tag.name.eq_ignore_ascii_case(name))
}

/// Returns the reason to leave out the element that begins with `tag`; `None` if there is none.
fn reason_to_leave_out(tag: &HtmlTag<'_>) -> Option<OmissionReason> {
    const SURROUNDINGS: [&str; 5] = ["nav", "button", "canvas", "datalist", "applet"];
    let is = |names: &[&str]| names.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
    if is_hidden(tag.name, tag.attributes) {
        let is_silent =
            !is_hidden("main", tag.attributes) && !tag.name.eq_ignore_ascii_case("dialog");
        Some(if is_silent { OmissionReason::HiddenFromSpeech } else { OmissionReason::Hidden })
    } else if is(&["rp"]) {
        // Parentheses for programs that cannot show ruby; their end tag may be left out.
        Some(OmissionReason::Hidden)
    } else if tag.name.len() < "nav".len() {
        None
    } else if is(&SURROUNDINGS) {
        Some(OmissionReason::Surroundings)
    } else if is(&["video", "audio", "object"]) {
        Some(OmissionReason::Player)
    } else {
        None
    }
}

/// Returns the ends of all elements that may be left out, in order. Takes linear time.
fn find_ends(text: &str) -> Vec<ElementEnd> {
    let mut open_elements = OpenElements::default();
    let mut ends: Vec<(usize, Option<usize>)> = Vec::new();
    // In the order of the text.
    let mut visible = Vec::new();
    for tag in tokenize_without_scripts(text).filter(HtmlTag::is_element) {
        if tag.closing {
            open_elements.close_element(&tag);
        } else {
            let reason = reason_to_leave_out(&tag);
            let is_visible = reason.is_none() && is_declared_visible(tag.attributes);
            visible.extend(is_visible.then_some(tag.start));
            open_elements
                .open_element(&tag, reason.or(is_visible.then_some(OmissionReason::Hidden)));
        }
        ends.extend(open_elements.take_closed());
    }
    open_elements.close_all(usize::MAX);
    ends.extend(open_elements.take_closed());
    let mut ends: Vec<ElementEnd> = ends
        .into_iter()
        .map(|(start, end)| ElementEnd {
            start,
            end,
            is_visible: visible.binary_search(&start).is_ok(),
        })
        .collect();
    ends.sort_unstable_by_key(|element| element.start);
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::{html_to_text, parse_html, sanitize_page};

    /// Checks the words of `html` in an article and in searches.
    fn check(html: &str, expected: &str) {
        let is_word = |word: &&str| *word != "•";
        let words =
            |text: &str| text.split_whitespace().filter(is_word).collect::<Vec<_>>().join(" ");
        assert_eq!(words(&parse_html(html, None).plain_text()), expected, "{html}");
        assert_eq!(words(&html_to_text(html)), expected, "text of {html}");
    }

    #[test]
    fn hidden_elements_end_where_html_says() {
        check("<div hidden>a<div>b</div>c</div>d", "d");
        check("<p hidden>a<p>b", "b");
        check("<p hidden>a<div>b</div>", "b");
        check("<ul><li hidden>a<ul><li>b</ul><li>c</ul>d", "c d");
    }

    #[test]
    fn hidden_elements_are_left_out_of_articles_and_searches() {
        check("<div><span hidden>a</div>b<span>c</span>", "bc");
        check("<table><tr><td hidden>a<td>b<tr><td>c</table>", "b c");
        check("<dl><dd style='display:none'>a<dt>b</dl>", "b");
        check("a<img hidden src='https://example.org/a.png' alt=b>c", "ac");
        check("a<br hidden>b", "ab");
        check("<div hidden>a</section>b</div>c", "c");
        check("<div><p hidden>a</div>b", "b");
        check("<div hidden>a", "");
    }

    #[test]
    fn visible_parts_of_invisible_elements_are_shown() {
        check("<p style='visibility:hidden'>a <i style='visibility:visible'>b</i> c</p>d", "b d");
        let invisible = "<div style='visibility:hidden'>";
        let visible = "<span style='visibility: visible'>";
        check(&format!("{invisible}a{visible}b</span>c{visible}d</span>e</div>f"), "b d f");
        check(
            &format!("{invisible}a{visible}b<i hidden>c</i>{invisible}d</div>e</span>f</div>g"),
            "b e g",
        );
        check(&format!("{invisible}a{visible}b</span>c"), "b");
        check(&format!("{invisible}a</div>{visible}b</span>"), "b");
        check(&format!("<div hidden>a{visible}b</span></div>c"), "c");
        check(
            &format!("<div style='display:none;visibility:hidden'>a{visible}b</span></div>c"),
            "c",
        );
    }

    #[test]
    fn closed_dialogs_and_popovers_are_hidden() {
        check("<dialog><p>a</dialog>b<dialog open>c</dialog><div popover>d</div>e", "b c e");
    }

    #[test]
    fn unclosed_navigation_hides_nothing() {
        check("<p>a<nav>b<p>c", "a b c");
        check("<div><nav>a</div><p>b</p>", "a b");
        check("<nav>a</nav>b<nav>c<nav>d</nav>e", "b c e");
        check("<div aria-hidden=true>a", "a");
        check("<button>a<p>b", "a b");
        check("<canvas>a</canvas>b<progress>c", "bc");
        check("<span aria-hidden=true><button><video></span>a</video>b", "b");
        check("<p>a<button>b</p>c<button>d</button>e", "ab ce");
        check("<b><video>a<div>b</b></div></video>c", "a b c");
        check("<b><div><video></b>a</video>", "a");
        let page = sanitize_page("<nav>a</nav><nav>b<p>c<p hidden>");
        assert_eq!(page.as_deref(), Some("<nav>a</nav><hgroup>b<p>c<p hidden=\"\">"));
    }

    #[test]
    fn unclosed_players_are_empty() {
        let text = "<video><source src='https://example.org/a.mp4'> <source>b<p>c";
        let document = parse_html(text, None);
        assert_eq!(document.plain_text(), "[video: example.org]\n\nb\n\nc");
        assert_eq!(html_to_text("<audio src=x/>b").trim(), "b");
        assert_eq!(html_to_text("<object>a</object>b").trim(), "b");
    }

    #[test]
    fn shown_tags_takes_linear_time() {
        for part in [
            "<nav>",
            "<div hidden>",
            "<video>",
            "<p hidden>",
            "<nav></div>",
            "<li hidden>",
            "<p style=visibility:hidden>",
            "<b style=visibility:hidden><i style=visibility:visible>",
        ] {
            shown_tags(&part.repeat(20_000), TagAudience::Document).count();
        }
    }
}
