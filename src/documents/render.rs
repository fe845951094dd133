//! An article as it is read: its text, and under it what came with it.

use crate::{
    markup::{self, BoilerplateRule, Document, escape_html},
    model::{AttachedFile, Attachments, BodyFormat, EntryBody},
};

/// What is known of an article besides its text.
#[derive(Debug, Clone, Copy)]
pub struct RenderContext<'a> {
    /// Its title.
    pub title: &'a str,
    /// The address of the original, against which relative links are resolved.
    pub link: Option<&'a str>,
    /// What came with it.
    pub attached: &'a Attachments,
    /// What is taken out of feeds' articles.
    pub boilerplate: &'a [BoilerplateRule],
}

/// The readable form of an entry's text and of what is attached to it.
pub fn render_article(body: &EntryBody, about: &RenderContext<'_>) -> Document {
    let mut document = match body.format {
        BodyFormat::Html => markup::parse_html(&body.text, about.link)
            .without_boilerplate(about.boilerplate, about.title),
        _ => super::render_body(body),
    };
    if !about.attached.is_empty() {
        document.append(markup::parse_html(&attachments_html(about.attached), None));
    }
    document.with_detected_language()
}

fn attachments_html(attached: &Attachments) -> String {
    let item = |url: &str, label: &str| {
        format!(
            "<li><a href=\"{}\">{}</a></li>",
            escape_html(url).replace('"', "&quot;"),
            escape_html(label)
        )
    };
    let files = attached.files.iter().map(|file| item(&file.url, &attachment_label(file)));
    let comments = attached.comments.iter().map(|url| item(url, "Comments"));
    format!("<hr><ul>{}</ul>", files.chain(comments).collect::<String>())
}

/// What a file is, and how large.
fn attachment_label(file: &AttachedFile) -> String {
    let kind = file.media_type.as_deref().unwrap_or("File");
    match file.length {
        0..1024 => kind.to_owned(),
        bytes @ ..1_048_576 => format!("{kind}, {} KB", bytes / 1024),
        bytes => format!("{kind}, {} MB", bytes / 1_048_576),
    }
}
