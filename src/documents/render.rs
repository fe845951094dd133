//! Rendering of an article: its body, and below it the attached files and the discussion link.

use super::{
    attachment_label::{attachment_label, is_picture},
    headline,
};
use crate::{
    markup::{self, BoilerplateRule, CancelFlag, Document, escape_html},
    model::{AttachedFile, Attachments, BodyFormat, EntryBody, EpisodeChapter},
    text::{
        format_clock,
        url::{self, percent_decode},
    },
};

/// The parts of an entry, besides its body, that rendering needs.
#[derive(Debug, Clone, Copy)]
pub struct RenderContext<'a> {
    /// The title of the entry.
    pub title: &'a str,
    /// The URL of the article's web page, the base of relative links.
    pub link: Option<&'a str>,
    /// Attached files and the discussion link.
    pub attached: &'a Attachments,
    /// Kinds of boilerplate to remove from HTML bodies.
    pub boilerplate: &'a [BoilerplateRule],
    /// Set once the document is no longer wanted.
    pub cancel: &'a CancelFlag,
}

/// Parses a body into a document that can be laid out.
pub fn render_body(body: &EntryBody) -> Document {
    parse_body(body, None, &CancelFlag::default())
}

fn parse_body(body: &EntryBody, base: Option<&str>, cancel: &CancelFlag) -> Document {
    match body.format {
        BodyFormat::Plain => markup::parse_plain_text(&body.text),
        BodyFormat::Markdown => markup::parse_markdown_unless_cancelled(&body.text, cancel),
        BodyFormat::Html => markup::parse_html_unless_cancelled(&body.text, base, cancel),
    }
}

/// Parses a body into a document, removes boilerplate from HTML, sets the first sentence as the
/// headline if it is the title, and appends the attachments and chapters. The document is incomplete once the flag of the context is set.
pub fn render_article(body: &EntryBody, context: &RenderContext<'_>) -> Document {
    let mut document = parse_body(body, context.link, context.cancel);
    if context.cancel.is_cancelled() {
        return document;
    }
    if body.format == BodyFormat::Html {
        document = document.without_boilerplate(context.boilerplate, context.title);
    }
    let opening = document.opening_paragraph().unwrap_or_default();
    if let Some(end) = headline::find_headline_end(&opening, context.title) {
        document.set_opening_as_headline(end);
    }
    if let Some(list) = attachments_html(context.attached, &document) {
        document.append(markup::parse_html(&list, None));
    }
    if let Some(list) = chapters_html(&context.attached.chapters) {
        document.append(markup::parse_html(&list, None));
    }
    document.with_detected_language()
}

/// Appends a link to the article itself, if it is on the web.
pub fn append_article_link(document: &mut Document, url: &str) {
    if is_web_url(url) {
        let host = url::host(url);
        let host = host.strip_prefix("www.").unwrap_or(host);
        let link = link_html(url, &format!("Article at {host}"));
        document.append(markup::parse_html(&format!("<p>{link}</p>"), None));
    }
}

fn is_web_url(url: &str) -> bool {
    url::split_scheme(url).is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    })
}

/// Returns a list of links to the attached files, the discussion and the page for unsubscribing, as HTML; `None` if there are
/// none. Pictures that the document shows are left out.
fn attachments_html(attachments: &Attachments, document: &Document) -> Option<String> {
    let is_shown = |file: &&AttachedFile| {
        is_picture(file) && document.links.iter().any(|link| same_file(&link.url, &file.url))
    };
    let item = |url: &str, label: &str| format!("<li>{}</li>", link_html(url, label));
    let files = attachments.files.iter().filter(|file| !is_shown(file));
    let files = files.map(|file| item(&file.url, &attachment_label(file)));
    let comments = attachments.comments.iter().map(|url| item(url, "Comments"));
    let unsubscribe = attachments.unsubscribe.iter().map(|url| unsubscribe_item(url));
    let items: String = files.chain(comments).chain(unsubscribe).collect();
    (!items.is_empty()).then(|| format!("<hr><ul>{items}</ul>"))
}

/// Returns the item of a list for the address at which one unsubscribes. A mail address is shown and no
/// link: a mail is sent by the user.
fn unsubscribe_item(url: &str) -> String {
    if is_web_url(url) {
        return format!("<li>{}</li>", link_html(url, "Unsubscribe from this mailing list"));
    }
    let address = url.strip_prefix("mailto:").unwrap_or(url);
    let (address, query) = address.split_once('?').unwrap_or((address, ""));
    let subject = query.split('&').find_map(|part| part.strip_prefix("subject="));
    let subject = subject.map(|subject| format!(", subject “{}”", percent_decode(subject)));
    let words = format!("{}{}", percent_decode(address), subject.unwrap_or_default());
    format!("<li>Unsubscribe from this mailing list by a mail to {}</li>", escape_html(&words))
}

/// Returns a list of chapters with their times, as HTML; `None` if there are none.
fn chapters_html(chapters: &[EpisodeChapter]) -> Option<String> {
    let row = |chapter: &EpisodeChapter| {
        let title = match &chapter.url {
            Some(url) => link_html(url, &chapter.title),
            None => escape_html(&chapter.title),
        };
        format!("{} {title}", format_clock(chapter.second))
    };
    let rows: Vec<String> = chapters.iter().map(row).collect();
    (!rows.is_empty()).then(|| format!("<p><b>Chapters</b></p><p>{}</p>", rows.join("<br>")))
}

/// Returns true if two URLs lead to the same file, in whatever size: sizes stand in the query.
fn same_file(one: &str, other: &str) -> bool {
    let file = |url: &str| url.split(['?', '#']).next().unwrap_or_default().to_owned();
    file(one) == file(other)
}

fn link_html(url: &str, label: &str) -> String {
    let href = escape_html(url).replace('"', "&quot;");
    format!("<a href=\"{href}\">{}</a>", escape_html(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(url: &str, media_type: &str) -> AttachedFile {
        AttachedFile {
            url: url.to_owned(),
            media_type: Some(media_type.to_owned()),
            ..AttachedFile::default()
        }
    }

    #[test]
    fn article_ends_with_attachments_that_it_does_not_show_and_its_link() {
        let attached = Attachments {
            files: vec![
                file("https://x.org/bridge.jpg?w=640", "image/jpeg"),
                file("https://x.org/talk.mp3", "audio/mpeg"),
            ],
            chapters: vec![
                EpisodeChapter { title: "Ebb".to_owned(), ..EpisodeChapter::default() },
                EpisodeChapter {
                    second: 3_723,
                    title: "Flood & fog".to_owned(),
                    url: Some("https://x.org/flood".to_owned()),
                },
            ],
            ..Attachments::default()
        };
        let html = "<p>Text</p><img src='https://x.org/bridge.jpg' alt='The bridge'>";
        let body = EntryBody { format: BodyFormat::Html, text: html.to_owned() };
        let cancel = CancelFlag::default();
        let context = RenderContext {
            title: "A title",
            link: None,
            attached: &attached,
            boilerplate: &[],
            cancel: &cancel,
        };
        let mut document = render_article(&body, &context);
        append_article_link(&mut document, "https://www.x.org/bridge?id=1");
        let text = document.plain_text();
        let end = "Chapters\n\n0:00 Ebb\n1:02:03 Flood & fog\n\nArticle at x.org";
        assert!(text.contains("Audio: talk.mp3") && text.ends_with(end), "{text}");
        assert!(!text.contains("Picture"), "{text}");
        let count = document.links.len();
        append_article_link(&mut document, "file:///news/bridge.txt");
        assert_eq!(document.links.len(), count, "a file has no address on the web");
    }

    #[test]
    fn article_ends_with_the_way_to_unsubscribe() {
        let rendered = |url: &str| {
            let list = Attachments { unsubscribe: Some(url.to_owned()), ..Attachments::default() };
            let body = EntryBody { format: BodyFormat::Plain, text: "Text".to_owned() };
            let cancel = CancelFlag::default();
            let context = RenderContext {
                title: "A title",
                link: None,
                attached: &list,
                boilerplate: &[],
                cancel: &cancel,
            };
            let document = render_article(&body, &context);
            (document.plain_text(), document.links.len())
        };
        let (text, links) = rendered("https://x.org/leave");
        assert!(text.ends_with("Unsubscribe from this mailing list") && links == 1, "{text}");
        let (text, links) = rendered("mailto:leave%2Bme@x.org?subject=take%20me%20off");
        let words = "by a mail to leave+me@x.org, subject “take me off”";
        assert!(text.ends_with(words) && links == 0, "{text}");
    }
}
