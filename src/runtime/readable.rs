//! An entry of the library as it is read, on the screen or elsewhere.

use chrono::Local;

use crate::{
    documents::{self, About},
    markup::{Document, Heading, Junk},
    model::{Body, BodyFormat, Entry, EntryId, Failure, FailureKind, Original},
    store::Reader,
    text::{clean, long},
};

/// An entry, its readable text, and the text of its page if that was fetched.
pub(super) struct Readable {
    pub(super) entry: Entry,
    pub(super) document: Document,
    pub(super) original: Option<Original>,
}

impl Readable {
    /// Reads it from the library, without what `tidy` takes out.
    pub(super) fn load(reader: &Reader, tidy: &[Junk], id: EntryId) -> Result<Readable, Failure> {
        let gone =
            || Failure::new(FailureKind::Library, format!("Article {id} is not in the library any more"));
        let (body, entry) = (reader.body(id)?.ok_or_else(gone)?, reader.entry(id)?.ok_or_else(gone)?);
        let (attached, original) = (reader.attached(id)?, reader.original(id)?);
        let about = About { title: &entry.title, link: entry.link.as_deref(), attached: &attached, tidy };
        let page = original.as_ref().filter(|original| original.shown);
        let page = page.map(|original| Body { format: BodyFormat::Html, text: original.html.clone() });
        let document = documents::whole(page.as_ref().unwrap_or(&body), &about);
        Ok(Readable { entry, document, original })
    }
}

/// An article as it is read, and what stands above it.
pub fn readable(reader: &Reader, tidy: &[Junk], id: EntryId) -> Result<(Document, Heading), Failure> {
    let Readable { entry, document, .. } = Readable::load(reader, tidy, id)?;
    let feeds = reader.feeds()?;
    let source = feeds.iter().find(|feed| feed.id == entry.feed).map(|feed| feed.name().to_owned());
    let facts = [source, entry.author, Some(long(entry.published.day(&Local)))];
    let facts = facts.into_iter().flatten().map(|fact| clean::line(&fact).into_owned()).collect();
    let title = clean::line(&entry.title).into_owned();
    Ok((document, Heading { title, facts, link: entry.link }))
}
