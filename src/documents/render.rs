//! Rendering of an article: its body, and below it the attached files and the discussion link.

use super::{attachment_label::attachment_label, headline};
use crate::{
    markup::{self, BoilerplateRule, CancelFlag, Document, escape_html},
    model::{Attachments, BodyFormat, EntryBody},
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
/// headline if it is the title, and appends a list of the attachments. The document is incomplete once the flag of the context is set.
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
    if !context.attached.is_empty() {
        document.append(markup::parse_html(&attachments_html(context.attached), None));
    }
    document.with_detected_language()
}

/// Returns a list of links to the attached files and the discussion, as HTML.
fn attachments_html(attachments: &Attachments) -> String {
    let format_item = |url: &str, label: &str| {
        format!(
            "<li><a href=\"{}\">{}</a></li>",
            escape_html(url).replace('"', "&quot;"),
            escape_html(label)
        )
    };
    let files =
        attachments.files.iter().map(|file| format_item(&file.url, &attachment_label(file)));
    let comments = attachments.comments.iter().map(|url| format_item(url, "Comments"));
    format!("<hr><ul>{}</ul>", files.chain(comments).collect::<String>())
}
