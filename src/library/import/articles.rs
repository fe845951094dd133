//! Storing batches of imported articles.

use super::import_run::{ImportRun, ImportTarget};
use crate::{
    feed::{Enclosure, FeedDates, ParsedEntry, Person, TextConstruct, ensure_headline},
    library::{
        feed_entries::FeedEntries,
        save_page::{SAVED_FEED_URL, subscribe_to_saved_pages},
    },
    model::{
        Actor, ArticleOrigin, AttachedFile, BodyFormat, Entry, EntryId, ImportedArticle,
        ImportedBatch, ImportedMarks, NoteKind, NotePlace, PublicationDate,
    },
    refresh::{ArticleMatch, match_imported, match_saved_pages},
    store::{EntryUpsert, StoreError},
    text::{count_noun, redact_user_info},
};

/// The articles of a batch that are stored.
#[derive(Default)]
struct NewArticles {
    upserts: Vec<EntryUpsert>,
    marks: Vec<ImportedMarks>,
}

impl ImportRun<'_> {
    /// Stores a batch of articles. Those of a feed to which the user is not subscribed are counted.
    pub(super) fn store_batch(&mut self, batch: ImportedBatch) -> Result<(), StoreError> {
        let Some(target) = self.target_of(&batch)? else { return Ok(()) };
        let is_of_feed = batch.origin != ArticleOrigin::SavedPages;
        let mut marks: Vec<ImportedMarks> = Vec::with_capacity(batch.articles.len());
        let mut days = Vec::with_capacity(batch.articles.len());
        let mut entries = Vec::with_capacity(batch.articles.len());
        for mut article in batch.articles {
            let of_article = std::mem::take(&mut article.marks);
            marks.push(self.marks.admit(of_article, &mut self.report));
            days.push(article.published.and_then(PublicationDate::day_without_time));
            entries.push(to_entry(article));
        }
        let stored = FeedEntries { reader: self.reader, feed: target.feed };
        let matches = if is_of_feed {
            match_imported(&stored, entries, self.now)?
        } else {
            match_saved_pages(&stored, entries, self.now)?
        };
        merge_same(&matches, &mut marks);
        let (mut new, mut tombstones) = (NewArticles::default(), Vec::new());
        for ((matched, marks), day) in matches.into_iter().zip(marks).zip(days) {
            match matched {
                ArticleMatch::SameAs(_) => self.report.articles.same += 1,
                ArticleMatch::Known(id) => self.mark_known(id, &marks)?,
                ArticleMatch::New(upsert) if marks.is_removed => tombstones.push(*upsert),
                ArticleMatch::New(upsert) => {
                    new.upserts.push(match day {
                        Some(day) => upsert.published_on(day),
                        None => *upsert,
                    });
                    new.marks.push(marks);
                }
            }
        }
        if !tombstones.is_empty() {
            self.tombstones.push((target.feed, tombstones));
        }
        self.store_new(target, &new)
    }

    /// Finds the feed of a batch; `None`, with a note, if the user is not subscribed to it.
    fn target_of(&mut self, batch: &ImportedBatch) -> Result<Option<ImportTarget>, StoreError> {
        let url = match &batch.origin {
            ArticleOrigin::Feed(url) => url,
            ArticleOrigin::SavedPages => SAVED_FEED_URL,
        };
        if let Some(target) = self.feeds.get(url) {
            return Ok(Some(*target));
        }
        if batch.origin == ArticleOrigin::SavedPages {
            let saved = subscribe_to_saved_pages(self.store, (&Actor::Import, self.now))?;
            // It stays subscribed when the import is undone: pages that are saved later are in it as well,
            // and would bring back with them what was undone.
            let target = ImportTarget { feed: saved.feed, is_new: false };
            self.has_saved_pages = true;
            self.former_pages = saved.former_pages.into_iter().collect();
            self.feeds.insert(url.to_owned(), target);
            return Ok(Some(target));
        }
        let count = batch.articles.len();
        self.report.articles.unsubscribed += count as u64;
        let reason = format!("you are not subscribed to it; {}", count_noun(count, "article"));
        let url = redact_user_info(url);
        self.report.note(NoteKind::NoCounterpart, NotePlace::default(), url, reason);
        Ok(None)
    }

    fn store_new(&mut self, target: ImportTarget, new: &NewArticles) -> Result<(), StoreError> {
        let stored =
            self.store.store_imported(target.feed, (&new.upserts, &new.marks), self.now)?;
        self.report.articles.new += stored.new.len() as u64;
        self.report.articles.same += (new.upserts.len() - stored.new.len()) as u64;
        for (id, index) in &stored.unmarked {
            self.marks.add(*id, &new.marks[*index]);
        }
        if !target.is_new {
            self.marks.arrived.extend(self.store.set_aside_imported(&stored.new, self.now)?);
        }
        Ok(())
    }

    /// Collects the marks of an article that the library has, as far as they change something there. One
    /// that is in the trash because its import was undone comes back as a new one.
    fn mark_known(&mut self, id: EntryId, marks: &ImportedMarks) -> Result<(), StoreError> {
        // One that was dropped from the trash has nothing to mark.
        let is_kept = |entry: &Entry| !entry.state.removed || entry.dropped_at.is_some();
        if let Some(entry) = self.reader.load_entry(id)?.filter(is_kept) {
            self.marks.add_to_known(&entry, marks);
        }
        if !marks.is_removed && self.is_set_aside(id)? && self.come_back.insert(id) {
            self.report.articles.new += 1;
            self.marks.arrived.push(id);
        } else {
            self.report.articles.known += 1;
        }
        Ok(())
    }

    /// Returns whether an article is in the trash, but not because somebody has removed it.
    fn is_set_aside(&self, id: EntryId) -> Result<bool, StoreError> {
        Ok(self.former_pages.contains(&id) || self.reader.is_set_aside(id)?)
    }
}

/// Joins the marks of articles that are the same to those of the first.
fn merge_same(matches: &[ArticleMatch], marks: &mut [ImportedMarks]) {
    for (index, matched) in matches.iter().enumerate() {
        if let ArticleMatch::SameAs(first) = matched {
            let (before, after) = marks.split_at_mut(index);
            before[*first].merge(&after[0]);
        }
    }
}

/// Converts an article to the form in which feeds bring them, so that a refresh recognizes it.
fn to_entry(article: ImportedArticle) -> ParsedEntry {
    let text = TextConstruct {
        is_html: article.body.format == BodyFormat::Html,
        value: article.body.text,
    };
    let mut entry = ParsedEntry {
        title: TextConstruct::plain(article.title),
        link: article.link,
        id: article.guid,
        content: vec![text],
        authors: article
            .author
            .into_iter()
            .map(|name| Person { name: Some(name), email: None })
            .collect(),
        dates: FeedDates {
            published: article.published.map(PublicationDate::instant),
            ..FeedDates::default()
        },
        enclosures: article.files.into_iter().map(to_enclosure).collect(),
        tags: article.categories,
        ..ParsedEntry::default()
    };
    ensure_headline(&mut entry);
    entry
}

fn to_enclosure(file: AttachedFile) -> Enclosure {
    let AttachedFile { url, media_type, length, description, seconds } = file;
    Enclosure { href: url, media_type, length, description, seconds }
}
