//! An archive in memory, for tests of those who use one: it does what the one on PostgreSQL does, and passes the same
//! tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    ARTICLES_PER_REQUEST, Archive, ArchiveCursor, ArchiveError, ArchiveStart, ArchivedArticle,
    ArchivedMark, ArticleArrivals, ArticleKey, ArticlePublication, FarCondition, FarHit, FarPage,
    FarPosition, FarRequest, LeaseRequest, MarkChange, MarkExchange, PublicationOutcome,
    PublishedArticle, list_article_words,
};
use crate::model::{EntryBody, PublicationDate};

/// Maximum number of marks of one answer.
pub(super) const MARKS_PER_REQUEST: usize = 2_000;

/// The oldest date by which an archive sorts, in seconds since 1970: the first of January 1990.
pub(super) const OLDEST_DATE: i64 = 631_152_000;

/// The connection of one user to an archive in memory.
#[derive(Debug, Clone)]
pub struct MemoryArchive {
    user: String,
    content: Arc<Mutex<ArchiveContent>>,
}

#[derive(Debug, Default)]
struct ArchiveContent {
    feeds: BTreeMap<String, FeedLease>,
    articles: BTreeMap<ArticleKey, MemoryArticle>,
    marks: BTreeMap<MarkKey, MemoryMark>,
    last_article: i64,
    last_arrival: i64,
    last_change: i64,
    seconds: i64,
    is_down: bool,
}

#[derive(Debug, Default)]
struct FeedLease {
    next_fetch: i64,
    owner: Option<String>,
    until: i64,
}

#[derive(Debug)]
struct MemoryArticle {
    position: FarPosition,
    arrived: i64,
    article: ArchivedArticle,
    words: BTreeSet<String>,
}

/// The owner, which is empty for marks that all share, the article and the mark.
type MarkKey = (String, ArticleKey, ArchivedMark);

#[derive(Debug)]
struct MemoryMark {
    wanted: bool,
    changed: i64,
}

impl MemoryArchive {
    /// Creates an empty archive, and the connection of a user to it.
    pub fn new(user: &str) -> MemoryArchive {
        MemoryArchive { user: user.to_owned(), content: Arc::default() }
    }

    /// Connects another user to the same archive.
    #[must_use]
    pub fn connect(&self, user: &str) -> MemoryArchive {
        MemoryArchive { user: user.to_owned(), content: Arc::clone(&self.content) }
    }

    /// Takes the server down, so that every request fails, or up again.
    pub fn set_down(&self, is_down: bool) {
        self.lock().is_down = is_down;
    }

    /// Lets time pass for leases.
    pub fn advance(&self, seconds: i64) {
        self.lock().seconds += seconds;
    }

    fn lock(&self) -> MutexGuard<'_, ArchiveContent> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn content(&self) -> Result<MutexGuard<'_, ArchiveContent>, ArchiveError> {
        let content = self.lock();
        if content.is_down {
            let (host, reason) = ("memory".to_owned(), "it is down".to_owned());
            return Err(ArchiveError::Unreachable { host, reason });
        }
        Ok(content)
    }

    fn owner_of(&self, mark: &ArchivedMark) -> String {
        if mark.is_shared() { String::new() } else { self.user.clone() }
    }
}

impl Archive for MemoryArchive {
    fn since(&mut self, cursor: ArchiveCursor) -> Result<ArticleArrivals, ArchiveError> {
        let content = self.content()?;
        let (start, after) = match cursor {
            ArchiveCursor::After(after) => (ArchiveStart::default(), after),
            ArchiveCursor::Joining(start, after) => (start, after),
            ArchiveCursor::Newest(count) => content.find_start(count),
        };
        let part = start.part_after(after);
        let (until, published_from) = part.unwrap_or((i64::MAX, OLDEST_DATE));
        let is_wanted = |article: &&MemoryArticle| {
            (after + 1..=until).contains(&article.arrived)
                && article.position.published >= published_from
        };
        let mut arrived: Vec<_> = content.articles.values().filter(is_wanted).collect();
        arrived.sort_unstable_by_key(|article| article.arrived);
        let has_more = arrived.len() > ARTICLES_PER_REQUEST;
        arrived.truncate(ARTICLES_PER_REQUEST);
        let last = arrived.last().map(|article| article.arrived);
        let part_end = part.map(|(last, _)| last).filter(|_| last.is_none());
        Ok(ArticleArrivals {
            start,
            cursor: last.or(part_end).unwrap_or(after),
            articles: arrived.into_iter().map(|article| article.article.clone()).collect(),
            has_more: has_more || part.is_some(),
            unreadable: 0,
        })
    }

    fn publish(
        &mut self,
        publication: &ArticlePublication,
    ) -> Result<PublicationOutcome, ArchiveError> {
        let mut content = self.content()?;
        let mut outcome = PublicationOutcome::default();
        for article in &publication.articles {
            content.store_article(article, &mut outcome);
        }
        let now = content.seconds;
        for fetched in &publication.fetched {
            let lease = content.feeds.entry(fetched.url.clone()).or_default();
            if lease.owner.as_ref() == Some(&publication.reader) && lease.until > now {
                let next_fetch = now + i64::from(fetched.next_fetch_seconds);
                *lease = FeedLease { next_fetch, ..FeedLease::default() };
            }
        }
        Ok(outcome)
    }

    fn states(
        &mut self,
        cursor: i64,
        changes: &[MarkChange],
    ) -> Result<MarkExchange, ArchiveError> {
        let mut content = self.content()?;
        let mut exchange = MarkExchange { cursor, ..MarkExchange::default() };
        for MarkChange { article, mark, wanted } in changes {
            if content.articles.contains_key(article) {
                content.set_mark((self.owner_of(mark), article.clone(), mark.clone()), *wanted);
            } else {
                exchange.unknown_articles += 1;
            }
        }
        let is_visible = |owner: &String| owner.is_empty() || *owner == self.user;
        let marks = content.marks.iter();
        let mut visible: Vec<_> = marks
            .filter(|((owner, ..), mark)| is_visible(owner) && mark.changed > cursor)
            .collect();
        visible.sort_unstable_by_key(|(_, mark)| mark.changed);
        exchange.has_more = visible.len() > MARKS_PER_REQUEST;
        visible.truncate(MARKS_PER_REQUEST);
        for ((_, article, mark), MemoryMark { wanted, changed }) in visible {
            exchange.cursor = *changed;
            let (article, mark) = (article.clone(), mark.clone());
            exchange.changes.push(MarkChange { article, mark, wanted: *wanted });
        }
        Ok(exchange)
    }

    fn find(&mut self, request: &FarRequest) -> Result<FarPage, ArchiveError> {
        let content = self.content()?;
        let follows =
            |article: &MemoryArticle| request.before.is_none_or(|before| article.position < before);
        let mut found: Vec<&MemoryArticle> = content
            .articles
            .values()
            .filter(|article| {
                follows(article) && content.meets(article, &request.condition, &self.user)
            })
            .collect();
        found.sort_unstable_by_key(|article| std::cmp::Reverse(article.position));
        let has_more = found.len() > request.limit;
        found.truncate(request.limit);
        let to_hit = |found: &MemoryArticle| {
            let mut article = found.article.clone();
            if !request.with_texts {
                article.body = EntryBody { text: String::new(), ..article.body };
            }
            let marks = content.list_marks(&article.key, &self.user);
            FarHit { position: found.position, article, marks }
        };
        Ok(FarPage { hits: found.into_iter().map(to_hit).collect(), has_more })
    }

    fn lease(&mut self, request: &LeaseRequest) -> Result<Vec<String>, ArchiveError> {
        let mut content = self.content()?;
        let now = content.seconds;
        let mut leased = Vec::new();
        for url in &request.feeds {
            let lease = content.feeds.entry(url.clone()).or_default();
            let is_free = lease.until <= now || lease.owner.as_ref() == Some(&request.reader);
            if is_free && lease.next_fetch <= now {
                lease.owner = Some(request.reader.clone());
                lease.until = now + i64::from(request.seconds);
                leased.push(url.clone());
            }
        }
        Ok(leased)
    }
}

impl ArchiveContent {
    fn find_start(&self, count: u64) -> (ArchiveStart, i64) {
        let last_arrival = self.last_arrival;
        let Some(before_last) = count.checked_sub(1) else {
            return (ArchiveStart { last_arrival, published_from: None }, last_arrival);
        };
        let mut dates: Vec<i64> =
            self.articles.values().map(|article| article.position.published).collect();
        dates.sort_unstable_by_key(|date| std::cmp::Reverse(*date));
        let last = usize::try_from(before_last).unwrap_or(usize::MAX);
        let is_part = last < dates.len().saturating_sub(1);
        let published_from = dates.get(last).copied().filter(|_| is_part);
        let start =
            published_from.map(|date| ArchiveStart { last_arrival, published_from: Some(date) });
        (start.unwrap_or_default(), 0)
    }

    fn store_article(&mut self, published: &PublishedArticle, outcome: &mut PublicationOutcome) {
        let PublishedArticle { article, text } = published;
        if !article.is_within_limits() {
            outcome.too_long += 1;
            return;
        }
        let known = self.articles.get(&article.key);
        if known.is_some_and(|known| known.article.content_digest() == article.content_digest()) {
            outcome.known += 1;
            return;
        }
        let id = if let Some(known) = known {
            outcome.edited += 1;
            known.position.id
        } else {
            outcome.new += 1;
            self.last_article += 1;
            self.last_article
        };
        self.last_arrival += 1;
        self.feeds.entry(article.key.feed.clone()).or_default();
        let stored = MemoryArticle {
            position: FarPosition { published: sort_date(article.published), id },
            arrived: self.last_arrival,
            article: article.clone(),
            words: list_article_words(text).into_iter().collect(),
        };
        self.articles.insert(article.key.clone(), stored);
    }

    fn set_mark(&mut self, key: MarkKey, wanted: bool) {
        if self.marks.get(&key).is_some_and(|mark| mark.wanted == wanted) {
            return;
        }
        self.last_change += 1;
        self.marks.insert(key, MemoryMark { wanted, changed: self.last_change });
    }

    /// Lists the marks of an article that a user sees.
    fn list_marks(&self, article: &ArticleKey, user: &str) -> Vec<ArchivedMark> {
        let is_seen = |owner: &String| owner.is_empty() || owner == user;
        let marks = self.marks.iter().filter(|(_, mark)| mark.wanted);
        let seen = marks.filter(|((owner, key, _), _)| is_seen(owner) && key == article);
        seen.map(|((_, _, mark), _)| mark.clone()).collect()
    }

    fn meets(&self, article: &MemoryArticle, condition: &FarCondition, user: &str) -> bool {
        let meets = |condition: &FarCondition| self.meets(article, condition, user);
        match condition {
            FarCondition::All(conditions) => conditions.iter().all(meets),
            FarCondition::Any(conditions) => conditions.iter().any(meets),
            FarCondition::Not(condition) => !meets(condition),
            FarCondition::Word { word, is_prefix: false } => article.words.contains(word),
            FarCondition::Word { word, is_prefix: true } => {
                let mut following = article.words.range(word.clone()..);
                following.next().is_some_and(|found| found.starts_with(word.as_str()))
            }
            FarCondition::Feeds(urls) => urls.contains(&article.article.key.feed),
            FarCondition::Published { instants, days } => {
                let date = article.article.published;
                let span = if matches!(date, PublicationDate::Day(_)) { days } else { instants };
                span.contains(&date.instant().timestamp())
            }
            FarCondition::Marked(marks) => marks.iter().any(|mark| {
                let owner = if mark.is_shared() { String::new() } else { user.to_owned() };
                let key = (owner, article.article.key.clone(), mark.clone());
                self.marks.get(&key).is_some_and(|mark| mark.wanted)
            }),
            FarCondition::PublishedBefore(date) => article.position.published < *date,
            FarCondition::ArrivedUntil(last) => article.arrived <= *last,
            FarCondition::Article(key) => article.article.key == *key,
        }
    }
}

/// Returns the date by which an archive sorts an article, in seconds since 1970.
fn sort_date(published: PublicationDate) -> i64 {
    published.instant().timestamp().max(OLDEST_DATE)
}
