//! Searches in the archive, from a list to articles that the library does not have.

use chrono::Local;

use super::{exchange_error::ExchangeError, received_article::is_receivable};
use crate::{
    archive::{
        Archive, ArchivedMark, FarCondition, FarHit, FarQueryContext, FarRequest, compile_far_query,
    },
    library::{
        clock::local_today,
        indexable::{EntryContent, entry_attributes, folded_text, source_text},
        local_days::local_day_start,
    },
    model::{EntryState, Feed, ListDefinition, Tag, TagName, ViewScope},
    query::{self, FeedNames, Query, SearchableEntry, SearchableTag},
    store::{ReadConnection, StoreError},
};

/// Number of hits that are asked for at once.
const PAGE: usize = 100;

/// Maximum number of articles that one search looks at. With more, it ends, and says so.
const MAX_CANDIDATES: usize = 2_000;

/// The articles that were found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FarSearchResults {
    /// The articles with their marks, newest first.
    pub(super) hits: Vec<FarHit>,
    /// There may be more.
    pub(super) has_more: bool,
    /// Parts of the filter that say nothing about articles of an archive.
    pub(super) without_meaning: Vec<&'static str>,
}

/// Finds articles of a list that the library does not have, at most `limit`. Their texts are empty unless they are asked
/// for, or decide what matches.
pub(super) fn search_far(
    archive: &mut dyn Archive,
    reader: &ReadConnection,
    list: &ListDefinition,
    (limit, with_texts): (usize, bool),
) -> Result<FarSearchResults, ExchangeError> {
    let Some(far) = far_condition(reader)? else { return Ok(FarSearchResults::default()) };
    let feeds = reader.list_feeds()?;
    let Some(scope) = scope_condition(list, &feeds) else {
        return Ok(FarSearchResults::default());
    };
    let (query, names) =
        (query::parse(&list.filter, local_today()), FarNames::load(reader, &feeds)?);
    let context =
        FarQueryContext { feeds: &names.feeds, tags: &names.tags, day_start: &local_day_start };
    let compiled = compile_far_query(&query, &context);
    let request = FarRequest {
        condition: FarCondition::All([vec![compiled.condition, far], scope].concat()),
        before: None,
        limit: PAGE,
        with_texts: with_texts || !compiled.is_exact,
    };
    let mut results = FarSearchResults {
        without_meaning: compiled.without_meaning,
        ..FarSearchResults::default()
    };
    let matches = |hit: &FarHit| compiled.is_exact || names.matches(&query, hit);
    collect(archive, reader, request, (limit, &matches), &mut results)?;
    Ok(results)
}

/// Returns the condition that the articles of the archive meet which the library has not taken as they came, or has released;
/// `None` if it has all, from the beginning of the archive.
pub(super) fn far_condition(reader: &ReadConnection) -> Result<Option<FarCondition>, StoreError> {
    let Some(state) = reader.load_archive_state()? else { return Ok(None) };
    let part = |last: i64, before: Option<i64>| {
        let arrived = FarCondition::ArrivedUntil(last);
        let date = before.map(FarCondition::PublishedBefore);
        FarCondition::All([Some(arrived), date].into_iter().flatten().collect())
    };
    let never_taken = state.first_arrival.filter(|last| *last > 0);
    let never_taken = never_taken.map(|last| part(last, state.published_from));
    let released = state.article_cursor.zip(state.released_before);
    let released = released.map(|(last, date)| part(last, Some(date)));
    Ok(match (never_taken, released) {
        // What was released is newer than what was never taken.
        (Some(_), Some(released))
            if state.published_from <= state.released_before && state.published_from.is_some() =>
        {
            Some(released)
        }
        (Some(never_taken), Some(released)) => Some(FarCondition::Any(vec![never_taken, released])),
        (never_taken, released) => never_taken.or(released),
    })
}

/// Returns the conditions of the scope of a list; `None` for a scope of which the archive has nothing else.
fn scope_condition(list: &ListDefinition, feeds: &[Feed]) -> Option<Vec<FarCondition>> {
    let of_feeds = |is_listed: &dyn Fn(&Feed) -> bool| {
        let urls = feeds.iter().filter(|feed| is_listed(feed)).map(|feed| feed.url.clone());
        FarCondition::Feeds(urls.collect())
    };
    let mut conditions = match &list.scope {
        ViewScope::All | ViewScope::Unread => Vec::new(),
        ViewScope::Starred => vec![FarCondition::Marked(vec![ArchivedMark::Starred])],
        ViewScope::Feed(id) => vec![of_feeds(&|feed| feed.id == *id)],
        ViewScope::Folder(name) => vec![of_feeds(&|feed| feed.folder() == Some(name))],
        // A filter widens it to all articles.
        ViewScope::Today => Vec::new(),
        // The feeds of accounts are not published.
        ViewScope::Account(_) => return None,
    };
    if list.unread_only {
        let read = FarCondition::Marked(vec![ArchivedMark::Read]);
        conditions.push(FarCondition::Not(Box::new(read)));
    }
    Some(conditions)
}

/// Adds the hits of a request that match, and that the library does not have, page by page.
fn collect(
    archive: &mut dyn Archive,
    reader: &ReadConnection,
    mut request: FarRequest,
    (limit, matches): (usize, &dyn Fn(&FarHit) -> bool),
    results: &mut FarSearchResults,
) -> Result<(), ExchangeError> {
    let mut candidates = 0;
    loop {
        let page = archive.find(&request)?;
        // An archive that gives up says that there may be more, behind fewer hits than were asked for.
        let has_given_up = page.has_more && page.hits.len() < request.limit;
        candidates += page.hits.len();
        request.before = page.hits.last().map(|hit| hit.position);
        for hit in page.hits {
            let key = &hit.article.key;
            if !is_receivable(key)
                || !reader.may_take_article(&key.feed, &key.guid)?
                || !matches(&hit)
            {
                continue;
            }
            if results.hits.len() == limit {
                results.has_more = true;
                return Ok(());
            }
            results.hits.push(hit);
        }
        results.has_more = page.has_more;
        if !page.has_more || has_given_up || candidates >= MAX_CANDIDATES {
            return Ok(());
        }
    }
}

/// The names of feeds and tags that filters match.
struct FarNames {
    feeds: Vec<(String, FeedNames)>,
    tags: Vec<(TagName, SearchableTag)>,
}

impl FarNames {
    fn load(reader: &ReadConnection, feeds: &[Feed]) -> Result<FarNames, ExchangeError> {
        let feeds = feeds.iter().map(|feed| {
            let names = FeedNames::new(feed.display_name(), feed.folder(), &feed.subscription.tags);
            (feed.url.clone(), names)
        });
        let to_tag = |tag: Tag| (tag.name.clone(), SearchableTag::new(tag.id, &tag.name));
        let tags = reader.list_tags()?.into_iter().map(to_tag);
        Ok(FarNames { feeds: feeds.collect(), tags: tags.collect() })
    }

    /// Returns whether the text of a candidate matches a filter.
    fn matches(&self, query: &Query, hit: &FarHit) -> bool {
        let (article, marks) = (&hit.article, &hit.marks);
        let categories = article.categories.join(" ");
        let content = EntryContent {
            title: &article.title,
            author: article.author.as_deref().unwrap_or_default(),
            tags: &categories,
            link: article.link.as_deref().unwrap_or_default(),
            body: &article.body,
            attachments: &article.attachments,
        };
        let text = folded_text(content);
        let known = self.feeds.iter().find(|(url, _)| *url == article.key.feed);
        let unknown = FeedNames::new(&article.feed_title, None, &[]);
        let has_tag = |name: &TagName| marks.contains(&ArchivedMark::Tag(name.key()));
        let tags = self.tags.iter().filter(|(name, _)| has_tag(name));
        let tags: Vec<&SearchableTag> = tags.map(|(_, tag)| tag).collect();
        query.matches(&SearchableEntry {
            text: &text,
            attributes: &entry_attributes(content, &text, false),
            feed: known.map_or(&unknown, |(_, names)| names),
            state: EntryState {
                read: marks.contains(&ArchivedMark::Read),
                starred: marks.contains(&ArchivedMark::Starred),
                ..EntryState::default()
            },
            tags: &tags,
            published_day: article.published.day_in(&Local),
            is_new: false,
            plain_text: &|| source_text(content),
            // Stories are those of the library.
            is_in_story: &|_| false,
        })
    }
}
