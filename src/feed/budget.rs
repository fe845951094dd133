//! The budget of a document: the limit on what the parser makes of it.
//!
//! A document of 16 MiB can ask for a thousand times its size: each of
//! five thousand entries inherits the tags of the feed, each of a million relative links is resolved
//! against a base of eight kilobytes, and a link of sixteen bytes takes two hundred in memory. The
//! budget counts sizes, not time, so that a document is either always read or never.

use std::cell::Cell;

use super::{
    FeedParseError,
    feed_document::{Enclosure, FeedChapter, FeedLink, ParsedEntry, Person, TextConstruct},
    link_url,
};

/// Maximum size of the entries and of the values of the feed, in MiB. Four documents of the maximum
/// size, one after the other.
const MAX_KEPT_MIB: usize = 64;

/// Maximum size of what is put into texts, and of the bases that URLs are resolved against, in MiB. A
/// document of 16 MiB whose every tag has a relative link stays below half of it.
const MAX_RESOLVED_MIB: usize = 64;

/// The size of a string or another allocation beside its content, in bytes.
const ALLOCATION_BYTES: usize = 16;

/// The size of a link, a file or a tag while its entry is collected, in bytes: with the copy by which
/// repetitions are found. Measured with half a million of them (`tests/hostile/measure.py`).
pub(super) const VALUE_BYTES: usize = 256;

/// The size of a person while its entry is collected, in bytes: with the keys by which names and
/// addresses are joined.
pub(super) const PERSON_BYTES: usize = 640;

/// The sizes of what the parser has made of a document.
#[derive(Debug, Default)]
pub(super) struct ParseBudget {
    kept_bytes: Cell<usize>,
    resolved_bytes: Cell<usize>,
    /// The first limit that was exceeded: what was dropped since does not matter.
    exceeded: Cell<Option<BudgetLimit>>,
}

/// A limit, and the name of what it limits.
#[derive(Debug, Clone, Copy)]
struct BudgetLimit {
    mib: usize,
    content: &'static str,
}

const KEPT_LIMIT: BudgetLimit =
    BudgetLimit { mib: MAX_KEPT_MIB, content: "texts, links, files, tags and authors" };

const RESOLVED_LIMIT: BudgetLimit =
    BudgetLimit { mib: MAX_RESOLVED_MIB, content: "completed URLs and descriptions" };

impl ParseBudget {
    /// Counts `bytes` that are kept until [`ParseBudget::release`].
    pub(super) fn charge(&self, bytes: usize) {
        self.add(&self.kept_bytes, bytes, KEPT_LIMIT);
    }

    /// Counts `bytes` as dropped.
    pub(super) fn release(&self, bytes: usize) {
        self.kept_bytes.set(self.kept_bytes.get().saturating_sub(bytes));
    }

    /// Counts `bytes` that are put into a text.
    pub(super) fn charge_insertion(&self, bytes: usize) {
        self.add(&self.resolved_bytes, bytes, RESOLVED_LIMIT);
    }

    fn add(&self, counter: &Cell<usize>, bytes: usize, limit: BudgetLimit) {
        counter.set(counter.get().saturating_add(bytes));
        if counter.get() > limit.mib << 20 && !self.is_exceeded() {
            self.exceeded.set(Some(limit));
        }
    }

    /// Returns the number of bytes that are kept.
    pub(super) fn kept_bytes(&self) -> usize {
        self.kept_bytes.get()
    }

    /// Starts again, for another attempt to read the document.
    pub(super) fn reset(&self) {
        self.kept_bytes.set(0);
        self.resolved_bytes.set(0);
        self.exceeded.set(None);
    }

    /// Does what [`link_url::resolve`] does; returns `None` once the budget is exceeded.
    pub(super) fn resolve(&self, href: &str, base: Option<&str>) -> Option<String> {
        self.charged_resolution(base, || link_url::resolve(href, base))
    }

    /// Does what [`link_url::resolve_href`] does; returns `None` once the budget is exceeded.
    pub(super) fn resolve_href(&self, href: &str, base: Option<&str>) -> Option<String> {
        self.charged_resolution(base, || link_url::resolve_href(href, base))
    }

    /// Counts the base of a URL, which is parsed, and the result. Without a base, the URL is part of
    /// the document.
    fn charged_resolution(
        &self,
        base: Option<&str>,
        resolve: impl FnOnce() -> Option<String>,
    ) -> Option<String> {
        let Some(base) = base else { return resolve() };
        self.charge_insertion(base.len());
        let resolved = if self.is_exceeded() { None } else { resolve() };
        self.charge_insertion(resolved.as_ref().map_or(0, String::len));
        resolved
    }

    /// Returns true once the document has made more than a limit allows.
    pub(super) fn is_exceeded(&self) -> bool {
        self.exceeded.get().is_some()
    }

    /// # Errors
    /// Once the document has made more than a limit allows.
    pub(super) fn check(&self) -> Result<(), FeedParseError> {
        self.exceeded.get().map_or(Ok(()), |BudgetLimit { mib, content }| {
            Err(FeedParseError::TooComplex { limit_mib: mib, content })
        })
    }
}

/// Returns the size of an entry in memory, in bytes.
pub(super) fn entry_bytes(entry: &ParsedEntry) -> usize {
    let texts = [&entry.title, &entry.summary].into_iter().chain(&entry.content);
    let urls = [&entry.link, &entry.id, &entry.comments, &entry.extras.image];
    let strings =
        urls.into_iter().chain([&entry.extras.language]).map(|text| optional_bytes(text.as_ref()));
    size_of::<ParsedEntry>()
        + texts.map(text_bytes).sum::<usize>()
        + strings.sum::<usize>()
        + entry.authors.iter().map(person_bytes).sum::<usize>()
        + entry.links.iter().map(link_bytes).sum::<usize>()
        + entry.enclosures.iter().map(enclosure_bytes).sum::<usize>()
        + entry.tags.iter().map(|tag| size_of::<String>() + string_bytes(tag)).sum::<usize>()
        + entry.extras.chapters.iter().map(chapter_bytes).sum::<usize>()
}

fn string_bytes(text: &str) -> usize {
    ALLOCATION_BYTES + text.len()
}

fn optional_bytes(text: Option<&String>) -> usize {
    text.map_or(0, |text| string_bytes(text))
}

fn text_bytes(text: &TextConstruct) -> usize {
    size_of::<TextConstruct>() + string_bytes(&text.value)
}

fn person_bytes(person: &Person) -> usize {
    size_of::<Person>()
        + optional_bytes(person.name.as_ref())
        + optional_bytes(person.email.as_ref())
}

fn link_bytes(link: &FeedLink) -> usize {
    let strings = string_bytes(&link.href) + string_bytes(&link.rel);
    size_of::<FeedLink>() + strings + optional_bytes(link.media_type.as_ref())
}

fn chapter_bytes(chapter: &FeedChapter) -> usize {
    size_of::<FeedChapter>() + string_bytes(&chapter.title) + optional_bytes(chapter.link.as_ref())
}

fn enclosure_bytes(file: &Enclosure) -> usize {
    let strings =
        optional_bytes(file.media_type.as_ref()) + optional_bytes(file.description.as_ref());
    size_of::<Enclosure>() + string_bytes(&file.href) + strings
}
