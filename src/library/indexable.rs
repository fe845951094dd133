//! What is stored of an entry → what a filter asks of it.

use std::borrow::Cow;

use crate::{
    documents, markup,
    model::{BodyFormat, EntryBody},
    query::{EntryAttributes, FoldedText, MediaKind},
    store::FullEntry,
    text,
};

/// The words of an entry, and what is told of it beside them.
pub(super) fn index_fields(stored: &FullEntry) -> (FoldedText, EntryAttributes) {
    let FullEntry { title, author, tags, link, body, .. } = stored;
    let folded = FoldedText::new(title, author, &plain_text(body), tags, link);
    let language = text::detect_language(folded.body());
    (folded, EntryAttributes { language, media: detect_media(stored), edited: stored.has_versions })
}

/// Title and text as they are read.
pub(super) fn source_text(stored: &FullEntry) -> String {
    format!("{}\n{}", stored.title, plain_text(&stored.body))
}

fn plain_text(body: &EntryBody) -> Cow<'_, str> {
    match body.format {
        BodyFormat::Html => markup::html_to_text(&body.text),
        BodyFormat::Plain => Cow::Borrowed(&body.text),
        BodyFormat::Markdown => Cow::Owned(documents::render_body(body).plain_text()),
    }
}

fn detect_media(stored: &FullEntry) -> Vec<MediaKind> {
    let EntryBody { format, text } = &stored.body;
    let mut found = Vec::new();
    let mut note = |medium| {
        if !found.contains(&medium) {
            found.push(medium);
        }
    };
    if *format != BodyFormat::Plain {
        markup::opening_tag_names(text).filter_map(medium_of_tag).for_each(&mut note);
    }
    if *format == BodyFormat::Markdown && text.contains("![") {
        note(MediaKind::Image);
    }
    if *format != BodyFormat::Html && (contains_url(text) || text.contains("](")) {
        note(MediaKind::Link);
    }
    let kinds = stored.attachments.files.iter().filter_map(|file| file.media_type.as_deref());
    kinds.filter_map(medium_of_media_type).for_each(&mut note);
    found
}

/// What a tag brings. A frame of another site mostly is a film.
fn medium_of_tag(tag: &str) -> Option<MediaKind> {
    let named = |name| tag.eq_ignore_ascii_case(name);
    match () {
        () if named("a") => Some(MediaKind::Link),
        () if named("img") => Some(MediaKind::Image),
        () if named("audio") => Some(MediaKind::Audio),
        () if named("video") || named("iframe") => Some(MediaKind::Video),
        () => None,
    }
}

/// What a file of a media type is.
fn medium_of_media_type(kind: &str) -> Option<MediaKind> {
    match kind.split('/').next()? {
        "image" => Some(MediaKind::Image),
        "audio" => Some(MediaKind::Audio),
        "video" => Some(MediaKind::Video),
        _ => None,
    }
}

fn contains_url(text: &str) -> bool {
    text.contains("https://") || text.contains("http://")
}
