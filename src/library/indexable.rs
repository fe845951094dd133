//! Conversion of a stored entry to the text and attributes that filters search.
//!
//! The index, the backlog and regular expressions all use [`index_fields`], so that they agree.

use std::borrow::Cow;

use crate::{
    documents, markup,
    model::{Attachments, BodyFormat, EntryBody},
    query::{EntryAttributes, FoldedText, MediaKind, PlainText},
    store::FullEntry,
    text,
};

/// The parts of an entry that filters search.
#[derive(Clone, Copy)]
pub(super) struct EntryContent<'a> {
    /// The title.
    pub(super) title: &'a str,
    /// The author; empty if unknown.
    pub(super) author: &'a str,
    /// The categories of the publisher, joined by spaces.
    pub(super) tags: &'a str,
    /// The URL of the article's web page; empty if there is none.
    pub(super) link: &'a str,
    /// The body that the user reads.
    pub(super) body: &'a EntryBody,
    /// Attached files.
    pub(super) attachments: &'a Attachments,
}

impl<'a> From<&'a FullEntry> for EntryContent<'a> {
    fn from(stored: &'a FullEntry) -> EntryContent<'a> {
        let FullEntry { title, author, tags, link, body, attachments, .. } = stored;
        EntryContent { title, author, tags, link, body, attachments }
    }
}

/// Returns the folded text of an entry, and the attributes that are not words of its text.
pub(super) fn index_fields(stored: &FullEntry) -> (FoldedText, EntryAttributes) {
    let folded = folded_text(stored.into());
    let attributes = entry_attributes(stored.into(), &folded, stored.has_versions);
    (folded, attributes)
}

/// Returns the folded text of an entry.
pub(super) fn folded_text(content: EntryContent<'_>) -> FoldedText {
    let EntryContent { title, author, tags, link, .. } = content;
    FoldedText::new(title, author, &text_with_descriptions(content), tags, link)
}

/// Returns the attributes of an entry that are not words of its text, which is given folded.
pub(super) fn entry_attributes(
    content: EntryContent<'_>,
    folded: &FoldedText,
    edited: bool,
) -> EntryAttributes {
    let language = text::detect_language(folded.body());
    EntryAttributes { language, media: detect_media(content), edited }
}

/// Returns the parts of an entry without folding.
pub(super) fn source_text<'a>(content: impl Into<EntryContent<'a>>) -> PlainText {
    let content = content.into();
    PlainText {
        title: content.title.to_owned(),
        author: content.author.to_owned(),
        body: text_with_descriptions(content).into_owned(),
        tags: content.tags.to_owned(),
    }
}

/// Returns the text of an entry with the descriptions of its attached files.
fn text_with_descriptions(content: EntryContent<'_>) -> Cow<'_, str> {
    let files = content.attachments.files.iter();
    let mut text = plain_text(content.body);
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
fn detect_media(content: EntryContent<'_>) -> Vec<MediaKind> {
    let EntryBody { format, text } = content.body;
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
    let media_types =
        content.attachments.files.iter().filter_map(|file| file.media_type.as_deref());
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
