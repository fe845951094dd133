//! Finding the stories of articles: the index thread and `newsreader story rebuild` do so.
//!
//! Start with [`StoryFinder::update`].

use std::path::Path;

use super::{
    clock::utc_now,
    index_maintenance::{IndexingError, lock_index},
    indexable::source_text,
    story_copies::CopyFinder,
    term_statistics::TermStatisticsCache,
};
use crate::{
    model::{EntryId, StoryId},
    store::{
        FullEntry, QueuedStory, ReadConnection, StoreError, StoryRow, StoryState, StoryUpdate,
    },
    story::{
        ArrivingArticle, STORY_WINDOW_SECONDS, StoryArticle, StoryChoices, StoryPlacement,
        StoryTerms, StoryText, StoryWindow, TermStatistics, extract_terms,
    },
};

/// Maximum number of rows of the queue that are put into the order of their dates. In the order of a queue,
/// feed by feed, each batch would be of other days, and need a window of its own.
const MAX_PLANNED_ROWS: usize = 16_384;

/// Longest span between the articles that are looked at with one window, in seconds: three days. A batch of
/// an archive may be of many years.
const MAX_SPAN_SECONDS: i64 = 3 * DAY_SECONDS;

/// The span of a window beyond what is needed, in seconds, on either side: a day. With less it would be loaded
/// anew more often, and with more its oldest articles would only take memory.
const SLACK_SECONDS: i64 = DAY_SECONDS;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The library as a [`StoryFinder`] needs it.
pub struct StoryAccess<'a> {
    /// The library to read from.
    pub reader: &'a ReadConnection,
    /// The folder of the index, which has the frequencies of words.
    pub folder: &'a Path,
    /// Called between the steps of the work; once it returns false, because the program ends, nothing more is
    /// written.
    pub go_on: &'a dyn Fn() -> bool,
    /// Number of articles whose stories are found and stored together.
    pub batch_size: usize,
    /// Stores stories in the library, as
    /// [`apply_story_update`](crate::store::WriteConnection::apply_story_update) does.
    pub commit: &'a mut dyn FnMut(StoryUpdate) -> Result<Option<StoryState>, StoreError>,
}

/// Finds the stories of the articles in the queue. The window of the last ones is kept in memory, and so are the
/// frequencies of words.
#[derive(Default)]
pub struct StoryFinder {
    window: Option<LoadedWindow>,
    statistics: TermStatisticsCache,
    copies: CopyFinder,
    /// The terms of stories that ended before this time, in seconds since 1970, are forgotten.
    forgotten_before: Option<i64>,
}

/// The earliest dates of the parts of a queue. They are read once: to look for them in all the rest of the queue before
/// each part took time that grew with the square of its length.
struct QueuedDates {
    /// For each part, the number of its last row, and the earliest date of its articles.
    parts: Vec<(i64, i64)>,
}

impl QueuedDates {
    /// Reads the dates of the queue, of which the first part needs none.
    fn read(access: &StoryAccess<'_>) -> Result<QueuedDates, StoreError> {
        let mut parts: Vec<(i64, i64)> = Vec::new();
        let mut count = 0;
        access.reader.for_each_queued_date(MAX_PLANNED_ROWS, |row, published| {
            (access.go_on)();
            match parts.last_mut().filter(|_| count % MAX_PLANNED_ROWS != 0) {
                Some((last_row, oldest)) => (*last_row, *oldest) = (row, published.min(*oldest)),
                None => parts.push((row, published)),
            }
            count += 1;
        })?;
        Ok(QueuedDates { parts })
    }

    /// Returns the earliest date of the parts that end after a row, in seconds since 1970.
    fn oldest_after(&self, row: i64) -> Option<i64> {
        let rest = self.parts.iter().filter(|(last_row, _)| *last_row > row);
        rest.map(|(_, oldest)| *oldest).min()
    }
}

/// A window with the span of time of which it has all articles.
struct LoadedWindow {
    window: StoryWindow,
    /// The span in seconds since 1970.
    span: (i64, i64),
    /// The state of the stories in the library that the window shows.
    state: StoryState,
}

impl StoryFinder {
    /// Finds the stories of all articles in the queue.
    ///
    /// Does nothing while another instance maintains the index and the stories.
    ///
    /// # Errors
    ///
    /// Fails if the library or the index cannot be read or written.
    pub fn update(&mut self, access: &mut StoryAccess<'_>) -> Result<(), IndexingError> {
        let queued = access.reader.count_story_queue()?;
        if queued == 0 {
            return Ok(());
        }
        let Some(_lock) = lock_index(access.folder)? else { return Ok(()) };
        let mut cache = std::mem::take(&mut self.statistics);
        let library = (access.reader, access.folder);
        let statistics = cache.prepare(library, queued, access.go_on)?;
        let done = self.update_with(access, &statistics);
        let error = statistics.take_error();
        self.statistics = cache;
        done?;
        error.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Finds the stories of all articles in the queue, a part of it after the other, each in the order of dates.
    fn update_with(
        &mut self,
        access: &mut StoryAccess<'_>,
        statistics: &dyn TermStatistics,
    ) -> Result<(), IndexingError> {
        let dates = QueuedDates::read(access)?;
        loop {
            let pause = || {
                (access.go_on)();
            };
            let queue = access.reader.list_story_queue(MAX_PLANNED_ROWS, &pause)?;
            let Some(last_row) = queue.iter().flat_map(|queued| &queued.rows).max() else {
                return Ok(());
            };
            let next_part = dates.oldest_after(*last_row);
            let mut rest = &queue[..];
            while !rest.is_empty() {
                let (batch, next) = rest.split_at(rest.len().min(access.batch_size.max(1)));
                rest = next;
                let next_date = rest.iter().find_map(|queued| queued.published);
                let next_date = next_date.into_iter().chain(next_part).min();
                self.update_batch(access, batch, next_date, statistics)?;
                if !(access.go_on)() {
                    return Ok(());
                }
            }
        }
    }

    /// Finds the stories of a batch and stores them; nothing is stored if a story changes meanwhile.
    /// `next_date` is the earliest date of the articles that are still in the queue.
    fn update_batch(
        &mut self,
        access: &mut StoryAccess<'_>,
        batch: &[QueuedStory],
        next_date: Option<i64>,
        statistics: &dyn TermStatistics,
    ) -> Result<(), IndexingError> {
        let reader = access.reader;
        let state = reader.story_state()?;
        if self.window.as_ref().is_some_and(|loaded| loaded.state != state) {
            self.window = None;
        }
        let mut update = StoryUpdate { state, found_at: utc_now(), ..StoryUpdate::default() };
        let articles = read_articles(access, batch, statistics, &mut update)?;
        if !(access.go_on)() {
            return Ok(());
        }
        if let Some(loaded) = &mut self.window {
            for entry in update.removed.clone() {
                note_rename(&mut update, loaded.window.remove(entry));
            }
        }
        let choices = load_choices(reader)?;
        for articles in split_by_span(&articles) {
            let mut loaded = self.take_window(access, articles, state)?;
            for article in articles {
                (access.go_on)();
                note_rename(&mut update, loaded.window.remove(article.entry));
                let neighbours = loaded.window.find_neighbours(article);
                let likely = &neighbours.likely_copies;
                let copy_of = self.copies.find_copy(reader, article.entry, likely)?;
                let placed = loaded.window.place(article.clone(), (neighbours, copy_of), &choices);
                note_placement(&mut update, article, placed);
            }
            self.window = Some(loaded);
        }
        update.old_before = self.find_old_stories(reader, next_date)?;
        let stored = (access.commit)(update)?;
        // What was not stored is still in the queue, and the window has what the library has not.
        self.window =
            self.window.take().and_then(|loaded| Some(LoadedWindow { state: stored?, ..loaded }));
        Ok(())
    }

    /// Returns the time before which stories are over, in seconds since 1970, once it is a day later than the
    /// last one. Articles of the future, and those of the past that are still in the queue, leave it as it is.
    fn find_old_stories(
        &mut self,
        reader: &ReadConnection,
        next_date: Option<i64>,
    ) -> Result<Option<i64>, StoreError> {
        let newest = reader.newest_story_date(utc_now().timestamp())?;
        let latest = next_date.into_iter().chain(newest).min();
        let before = latest.map(|latest| latest.saturating_sub(STORY_WINDOW_SECONDS));
        let is_due = |before: &i64| {
            self.forgotten_before.is_none_or(|last| *before >= last.saturating_add(DAY_SECONDS))
        };
        let due = before.filter(is_due);
        self.forgotten_before = due.or(self.forgotten_before);
        Ok(due)
    }

    /// Takes the window, or loads one, for articles in the order of their dates.
    fn take_window(
        &mut self,
        access: &StoryAccess<'_>,
        articles: &[ArrivingArticle],
        state: StoryState,
    ) -> Result<LoadedWindow, StoreError> {
        let dates = |article: &ArrivingArticle| article.published;
        let oldest = articles.first().map_or(0, dates).saturating_sub(STORY_WINDOW_SECONDS);
        let newest = articles.last().map_or(0, dates).saturating_add(STORY_WINDOW_SECONDS);
        let is_usable = |loaded: &LoadedWindow| {
            let (from, to) = loaded.span;
            from <= oldest && newest <= to && oldest.saturating_sub(from) <= 2 * SLACK_SECONDS
        };
        match self.window.take().filter(is_usable) {
            Some(loaded) => Ok(loaded),
            None => load_window(access, (oldest, newest), state),
        }
    }
}

/// Adds the new number of a story to an update, also where the update has put articles into the story.
fn note_rename(update: &mut StoryUpdate, renamed: Option<(StoryId, StoryId)>) {
    let Some((before, after)) = renamed else { return };
    for row in update.articles.iter_mut().filter(|row| row.story == before) {
        row.story = after;
    }
    for (_, story) in update.moved.iter_mut().filter(|(_, story)| *story == before) {
        *story = after;
    }
    update.renamed.push((before, after));
}

/// Reads the terms of queued entries. Those that cannot be read, and those of which nothing can be
/// compared, have no story.
fn read_articles(
    access: &StoryAccess<'_>,
    batch: &[QueuedStory],
    statistics: &dyn TermStatistics,
    update: &mut StoryUpdate,
) -> Result<Vec<ArrivingArticle>, StoreError> {
    update.done_rows = batch.iter().flat_map(|queued| &queued.rows).copied().collect();
    let (wanted, skipped): (Vec<_>, Vec<_>) =
        batch.iter().partition(|queued| queued.published.is_some());
    update.removed = skipped.iter().map(|queued| queued.entry).collect();
    let entries: Vec<EntryId> = wanted.iter().map(|queued| queued.entry).collect();
    let mut articles = Vec::with_capacity(entries.len());
    let unreadable = access.reader.for_each_full_entry(&entries, |entry| {
        if !(access.go_on)() {
            return;
        }
        let terms = terms_of(&entry, statistics);
        if terms.is_empty() {
            update.removed.push(entry.id);
        } else {
            let published = entry.published.instant().timestamp();
            let (entry, feed) = (entry.id, entry.feed);
            articles.push(ArrivingArticle { entry, feed, published, terms });
        }
    })?;
    update.removed.extend(unreadable);
    articles.sort_by_key(|article| (article.published, article.entry));
    Ok(articles)
}

/// Returns the strongest terms of an entry.
fn terms_of(entry: &FullEntry, statistics: &dyn TermStatistics) -> StoryTerms {
    let text = source_text(entry);
    extract_terms(StoryText { title: &text.title, body: &text.body }, statistics)
}

/// Splits articles, in the order of their dates, where a span becomes too long.
fn split_by_span(mut articles: &[ArrivingArticle]) -> Vec<&[ArrivingArticle]> {
    let mut parts = Vec::new();
    while let Some(first) = articles.first() {
        let end = first.published.saturating_add(MAX_SPAN_SECONDS);
        let count = articles.partition_point(|article| article.published <= end);
        let (part, rest) = articles.split_at(count);
        parts.push(part);
        articles = rest;
    }
    parts
}

/// Loads the articles of a span, and of some time before and after it.
fn load_window(
    access: &StoryAccess<'_>,
    (oldest, newest): (i64, i64),
    state: StoryState,
) -> Result<LoadedWindow, StoreError> {
    let reader = access.reader;
    let span = (oldest.saturating_sub(SLACK_SECONDS), newest.saturating_add(SLACK_SECONDS));
    let mut window = StoryWindow::with_capacity(reader.count_story_rows(span)?);
    reader.for_each_story_row(span, |StoryRow { entry, feed, story, published, terms }| {
        (access.go_on)();
        if let Some(terms) = StoryTerms::from_bytes(&terms) {
            let article = ArrivingArticle { entry, feed, published, terms };
            window.insert(&StoryArticle { article, story });
        }
    })?;
    Ok(LoadedWindow { window, span, state })
}

/// Loads the user's choices.
fn load_choices(reader: &ReadConnection) -> Result<StoryChoices, StoreError> {
    let mut choices = StoryChoices::default();
    for (entry, other, link) in reader.load_story_links()? {
        choices.add((entry, other), link);
    }
    Ok(choices)
}

/// Notes what has changed with the place of an article.
fn note_placement(update: &mut StoryUpdate, article: &ArrivingArticle, placed: StoryPlacement) {
    let StoryPlacement { story, copy_of, joined } = placed;
    for joined in joined {
        update.moved.push((joined, story));
        for row in update.articles.iter_mut().filter(|row| row.entry == joined) {
            row.story = story;
        }
    }
    update.copies.extend(copy_of.map(|other| (article.entry, other)));
    let ArrivingArticle { entry, feed, published, ref terms } = *article;
    update.articles.push(StoryRow { entry, feed, story, published, terms: terms.to_bytes() });
}

#[cfg(test)]
mod tests {
    use super::QueuedDates;

    #[test]
    fn oldest_date_is_that_of_the_parts_behind_a_row() {
        let dates = QueuedDates { parts: vec![(20, 300), (30, 100), (40, 200)] };
        let oldest = [10, 20, 29, 30, 40].map(|row| dates.oldest_after(row));
        assert_eq!(oldest, [Some(100), Some(100), Some(100), Some(200), None]);
    }
}
