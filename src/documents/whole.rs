//! An article as it is read: its text, and under it what came with it.

use crate::{
    markup::{self, Document, escape},
    model::{Attached, AttachedFile, Body, BodyFormat},
};

/// The readable form of an entry's text and of what is attached to it. `link` is the address of the original, against
/// which relative links are resolved.
pub fn whole(body: &Body, link: Option<&str>, attached: &Attached) -> Document {
    if body.format == BodyFormat::Html {
        let text = if attached.is_empty() { None } else { Some(format!("{}{}", body.text, html(attached))) };
        return markup::html(text.as_deref().unwrap_or(&body.text), link);
    }
    if attached.is_empty() {
        return super::document(body);
    }
    let addresses = attached.files.iter().map(|file| file.url.as_str()).chain(attached.comments.as_deref());
    let text = addresses.fold(body.text.clone(), |text, address| format!("{text}\n\n{address}"));
    super::document(&Body { format: body.format, text })
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
