//! What is stored of an entry → what a filter asks of it.

use std::borrow::Cow;

use crate::{
    documents, markup,
    model::{Body, BodyFormat},
    query::{About, Folded, Medium},
    store::Stored,
    text,
};

/// The words of an entry, and what is told of it beside them.
pub(super) fn folded(stored: &Stored) -> (Folded, About) {
    let Stored { title, author, tags, link, body, .. } = stored;
    let folded = Folded::new(title, author, &running(body), tags, link);
    let language = text::language(folded.body());
    (folded, About { language, media: media(stored), edited: stored.edited })
}

/// Title and text as they are read.
pub(super) fn source(stored: &Stored) -> String {
    format!("{}\n{}", stored.title, running(&stored.body))
}

fn running(body: &Body) -> Cow<'_, str> {
    match body.format {
        BodyFormat::Html => markup::text_of(&body.text),
        BodyFormat::Plain => Cow::Borrowed(&body.text),
        BodyFormat::Markdown => Cow::Owned(documents::document(body).plain_text()),
    }
}

fn media(stored: &Stored) -> Vec<Medium> {
    let Body { format, text } = &stored.body;
    let mut found = Vec::new();
    let mut note = |medium| {
        if !found.contains(&medium) {
            found.push(medium);
        }
    };
    if *format != BodyFormat::Plain {
        markup::tag_names(text).filter_map(brought).for_each(&mut note);
    }
    if *format == BodyFormat::Markdown && text.contains("![") {
        note(Medium::Image);
    }
    if *format != BodyFormat::Html && (names_address(text) || text.contains("](")) {
        note(Medium::Link);
    }
    let kinds = stored.attached.files.iter().filter_map(|file| file.kind.as_deref());
    kinds.filter_map(attached).for_each(&mut note);
    found
}

/// What a tag brings. A frame of another site mostly is a film.
fn brought(tag: &str) -> Option<Medium> {
    let named = |name| tag.eq_ignore_ascii_case(name);
    match () {
        () if named("a") => Some(Medium::Link),
        () if named("img") => Some(Medium::Image),
        () if named("audio") => Some(Medium::Audio),
        () if named("video") || named("iframe") => Some(Medium::Video),
        () => None,
    }
}

/// What a file of a media type is.
fn attached(kind: &str) -> Option<Medium> {
    match kind.split('/').next()? {
        "image" => Some(Medium::Image),
        "audio" => Some(Medium::Audio),
        "video" => Some(Medium::Video),
        _ => None,
    }
}

fn names_address(text: &str) -> bool {
    text.contains("https://") || text.contains("http://")
}
