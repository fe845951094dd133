//! Conversion of a stored entry to the text and attributes that filters search.
//!
//! The index, the backlog and regular expressions all use [`index_fields`], so that they agree.

use std::borrow::Cow;

use crate::{
    documents, markup,
    model::{BodyFormat, EntryBody},
    query::{EntryAttributes, FoldedText, MediaKind, PlainText},
    store::FullEntry,
    text,
};

/// Returns the folded text of an entry, and the attributes that are not words of its text.
pub(super) fn index_fields(stored: &FullEntry) -> (FoldedText, EntryAttributes) {
    let FullEntry { title, author, tags, link, .. } = stored;
    let folded = FoldedText::new(title, author, &text_with_descriptions(stored), tags, link);
    let language = text::detect_language(folded.body());
    (folded, EntryAttributes { language, media: detect_media(stored), edited: stored.has_versions })
}

/// Returns the parts of an entry without folding.
pub(super) fn source_text(stored: &FullEntry) -> PlainText {
    PlainText {
        title: stored.title.clone(),
        author: stored.author.clone(),
        body: text_with_descriptions(stored).into_owned(),
        tags: stored.tags.clone(),
    }
}

/// Returns the text of an entry with the descriptions of its attached files.
fn text_with_descriptions(stored: &FullEntry) -> Cow<'_, str> {
    let files = stored.attachments.files.iter();
    let mut text = plain_text(&stored.body);
    for description in files.filter_map(|file| file.description.as_deref()) {
        let text = text.to_mut();
        text.push('\n');
        text.push_str(description);
    }
    text
}

/// Returns a body as plain text.
fn plain_text(body: &EntryBody) -> Cow<'_, str> {
    match body.format {
        BodyFormat::Html => markup::html_to_text(&body.text),
        BodyFormat::Plain => Cow::Borrowed(&body.text),
        BodyFormat::Markdown => Cow::Owned(documents::render_body(body).plain_text()),
    }
}

/// Returns the kinds of media in the text and the attachments of an entry, each once.
fn detect_media(stored: &FullEntry) -> Vec<MediaKind> {
    let EntryBody { format, text } = &stored.body;
    let mut kinds = Vec::new();
    let mut add_kind = |kind| {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    };
    if *format != BodyFormat::Plain {
        markup::opening_tag_names(text).filter_map(media_kind_of_tag).for_each(&mut add_kind);
    }
    if *format == BodyFormat::Markdown && text.contains("![") {
        add_kind(MediaKind::Image);
    }
    if *format != BodyFormat::Html && (contains_url(text) || text.contains("](")) {
        add_kind(MediaKind::Link);
    }
    let media_types = stored.attachments.files.iter().filter_map(|file| file.media_type.as_deref());
    media_types.filter_map(media_kind_of_type).for_each(&mut add_kind);
    kinds
}

/// Returns the kind of media that an HTML tag embeds. An `<iframe>` counts as video, because most
/// of them are.
fn media_kind_of_tag(tag: &str) -> Option<MediaKind> {
    let is_named = |name| tag.eq_ignore_ascii_case(name);
    match () {
        () if is_named("a") => Some(MediaKind::Link),
        () if is_named("img") => Some(MediaKind::Image),
        () if is_named("audio") => Some(MediaKind::Audio),
        () if is_named("video") || is_named("iframe") => Some(MediaKind::Video),
        () => None,
    }
}

/// Returns the kind of media of a media type, such as `audio/mpeg`.
fn media_kind_of_type(media_type: &str) -> Option<MediaKind> {
    match media_type.split('/').next()? {
        "image" => Some(MediaKind::Image),
        "audio" => Some(MediaKind::Audio),
        "video" => Some(MediaKind::Video),
        _ => None,
    }
}

fn contains_url(text: &str) -> bool {
    text.contains("https://") || text.contains("http://")
}
