//! An article as it is read: its text, and under it what came with it.

use crate::{
    markup::{self, Document, Junk, escape},
    model::{Attached, AttachedFile, Body, BodyFormat},
};

/// What is known of an article besides its text.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Its title.
    pub title: &'a str,
    /// The address of the original, against which relative links are resolved.
    pub link: Option<&'a str>,
    /// What came with it.
    pub attached: &'a Attached,
    /// What is taken out of feeds' articles.
    pub tidy: &'a [Junk],
}

/// The readable form of an entry's text and of what is attached to it.
pub fn whole(body: &Body, about: &About<'_>) -> Document {
    let mut document = match body.format {
        BodyFormat::Html => markup::html(&body.text, about.link).tidied(about.tidy, about.title),
        _ => super::document(body),
    };
    if !about.attached.is_empty() {
        document.append(markup::html(&html(about.attached), None));
    }
    document.with_language()
}

fn html(attached: &Attached) -> String {
    let item = |url: &str, label: &str| {
        format!("<li><a href=\"{}\">{}</a></li>", escape(url).replace('"', "&quot;"), escape(label))
    };
    let files = attached.files.iter().map(|file| item(&file.url, &label(file)));
    let comments = attached.comments.iter().map(|url| item(url, "Comments"));
    format!("<hr><ul>{}</ul>", files.chain(comments).collect::<String>())
}

/// What a file is, and how large.
fn label(file: &AttachedFile) -> String {
    let kind = file.kind.as_deref().unwrap_or("File");
    match file.length {
        0..1024 => kind.to_owned(),
        bytes @ ..1_048_576 => format!("{kind}, {} KB", bytes / 1024),
        bytes => format!("{kind}, {} MB", bytes / 1_048_576),
    }
}
