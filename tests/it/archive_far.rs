//! Articles that only a shared archive has, for one reader: finding them, and taking them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::Utc;
use newsreader::{
    archive::{
        Archive, ArchiveCursor, ArchiveError, ArticleArrivals, ArticlePublication, FarPage,
        FarRequest, LeaseRequest, MarkChange, MarkExchange, MemoryArchive, PublicationOutcome,
    },
    library::{
        ArchiveAccessError, ArchiveJob, ArchiveSearcher, ArchiveSource, RefreshWrite, store_output,
    },
    model::{Change, ListDefinition, ViewScope},
};

use crate::{
    archive::{article, publish},
    archive_exchange::{FEED, Team, articles, change, find, refresh},
    refresh::FeedLibrary,
};

/// An archive that gives each search up after three hits, and counts the searches.
#[derive(Clone)]
struct BusyArchive(MemoryArchive, Arc<AtomicUsize>);

impl Archive for BusyArchive {
    fn since(&mut self, cursor: ArchiveCursor) -> Result<ArticleArrivals, ArchiveError> {
        self.0.since(cursor)
    }

    fn publish(
        &mut self,
        publication: &ArticlePublication,
    ) -> Result<PublicationOutcome, ArchiveError> {
        self.0.publish(publication)
    }

    fn states(
        &mut self,
        cursor: i64,
        changes: &[MarkChange],
    ) -> Result<MarkExchange, ArchiveError> {
        self.0.states(cursor, changes)
    }

    fn find(&mut self, request: &FarRequest) -> Result<FarPage, ArchiveError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.find(&FarRequest { limit: 3, ..request.clone() })
    }

    fn lease(&mut self, request: &LeaseRequest) -> Result<Vec<String>, ArchiveError> {
        self.0.lease(request)
    }
}

impl ArchiveSource for BusyArchive {
    fn address(&self) -> &'static str {
        "postgres://ann@archive.example/news"
    }

    fn newest_count(&self) -> u64 {
        1
    }

    fn connect(&self) -> Result<Box<dyn Archive>, ArchiveAccessError> {
        Ok(Box::new(self.clone()))
    }
}

/// Publishes articles of `FEED` from a library that has them, so that the archive has more than others take: one of each hour.
pub fn publish_stories(team: &Team, numbers: std::ops::RangeInclusive<i64>) {
    let stories: Vec<_> = numbers
        .map(|number| {
            let mut story =
                article("post", number, &format!("Old story {number}"), "A long bridge");
            FEED.clone_into(&mut story.article.key.feed);
            story
        })
        .collect();
    publish(&mut team.archive.clone(), &stories);
}

pub fn filtered(filter: &str) -> ListDefinition {
    ListDefinition { scope: ViewScope::All, filter: filter.to_owned(), ..ListDefinition::default() }
}

pub fn searcher(library: &FeedLibrary) -> ArchiveSearcher {
    ArchiveSearcher::new(library.location.clone(), library.sources.clone()).unwrap()
}

fn take(library: &mut FeedLibrary, list: &ListDefinition) -> usize {
    let mut searcher = searcher(library);
    searcher.take(list, &mut storing(library)).unwrap()
}

/// Stores what a searcher takes.
pub fn storing(library: &mut FeedLibrary) -> impl FnMut(ArchiveJob) -> bool + '_ {
    |job| {
        store_output(&mut library.store, &RefreshWrite::Archive(job), Utc::now()).unwrap();
        true
    }
}

#[test]
fn filter_finds_what_only_the_archive_has_and_takes_it() {
    let team = Team::new();
    publish_stories(&team, 1..=150);
    let mut desk = team.reader_of_newest("far-desk", "ann", 10);
    desk.subscribe(FEED);
    refresh(&mut desk);
    let listed = articles(&desk).len();
    assert_eq!(listed, 12, "the ten newest of the archive, and two of the feed");
    let count = |library: &FeedLibrary, filter: &str| {
        let found = searcher(library).find(&filtered(filter)).unwrap();
        (found.articles.len(), found.is_lower_bound)
    };
    assert_eq!(count(&desk, "bridge"), (140, false));
    assert_eq!(count(&desk, "\"long bridge\""), (140, false));
    assert_eq!(count(&desk, "\"bridge long\""), (0, false), "the text decides");
    assert_eq!(count(&desk, "title:149"), (0, false), "it is here");
    assert_eq!(count(&desk, "title:17 "), (1, false));
    assert_eq!(take(&mut desk, &filtered("title:17 ")), 1);
    assert_eq!(count(&desk, "title:17 "), (0, false));
    assert_eq!(take(&mut desk, &filtered("bridge")), 100, "the newest, so many at once");
    assert_eq!(count(&desk, "bridge"), (39, false));
    assert_eq!(articles(&desk).len(), listed + 101);
    // What was taken is not published again, and later exchanges go on where they were.
    publish_stories(&team, 151..=151);
    let done = refresh(&mut desk);
    assert_eq!((done.new_entries, done.published_articles), (1, 0));
    assert_eq!(count(&desk, "bridge"), (39, false));
}

#[test]
fn search_ends_when_the_archive_gives_up() {
    let team = Team::new();
    publish_stories(&team, 1..=20);
    let mut desk = team.reader("far-busy", "ann");
    let searches = Arc::new(AtomicUsize::new(0));
    let busy = BusyArchive(team.archive.connect("ann"), Arc::clone(&searches));
    desk.sources.archive = Some(Arc::new(busy));
    refresh(&mut desk);
    let found = searcher(&desk).find(&filtered("bridge")).unwrap();
    let titles: Vec<&str> =
        found.articles.iter().map(|article| article.entry.title.as_str()).collect();
    assert_eq!(titles, ["Old story 19", "Old story 18", "Old story 17"]);
    assert!(found.is_lower_bound, "there may be more");
    assert_eq!(searches.load(Ordering::SeqCst), 1, "it is not asked to go on");
    let found = searcher(&desk).find(&filtered("title:3 ")).unwrap();
    assert_eq!((found.articles.len(), found.is_lower_bound), (1, false), "that is all");
}

#[test]
fn search_ends_after_so_many_articles_whose_texts_do_not_match() {
    let team = Team::new();
    publish_stories(&team, 1..=2_200);
    let mut desk = team.reader_of_newest("far-candidates", "ann", 1);
    refresh(&mut desk);
    let found = searcher(&desk).find(&filtered("\"bridge long\"")).unwrap();
    assert_eq!((found.articles.len(), found.is_lower_bound), (0, true));
    let found = searcher(&desk).find(&filtered("\"bridge long\" since:2026-03")).unwrap();
    assert_eq!((found.articles.len(), found.is_lower_bound), (0, false), "fewer than that");
}

#[test]
fn marks_come_with_articles_that_are_taken_later() {
    let team = Team::new();
    publish_stories(&team, 1..=20);
    let mut desk = team.reader_of_newest("far-marks-desk", "ann", 1_000);
    let mut laptop = team.reader_of_newest("far-marks-laptop", "ann", 1);
    refresh(&mut laptop);
    assert_eq!(articles(&laptop), ["Old story 20"]);
    refresh(&mut desk);
    let story = find(&desk, "Old story 3");
    change(&mut desk, &Change::set_starred(&[story], true));
    refresh(&mut desk);
    refresh(&mut laptop);
    assert_eq!(searcher(&laptop).find(&filtered("is:star")).unwrap().articles.len(), 1);
    assert_eq!(take(&mut laptop, &filtered("is:star")), 1);
    assert!(
        articles(&laptop).contains(&"Old story 3 starred".to_owned()),
        "{:?}",
        articles(&laptop)
    );
}

#[test]
fn article_that_is_opened_is_taken_alone() {
    let team = Team::new();
    publish_stories(&team, 1..=20);
    let mut desk = team.reader_of_newest("far-one", "ann", 1);
    refresh(&mut desk);
    let found = searcher(&desk).find(&filtered("title:17 ")).unwrap();
    let [article] = found.articles.as_slice() else { panic!("{found:?}") };
    assert_eq!((article.feed_url.as_str(), &*article.entry.title), (FEED, "Old story 17"));
    assert_eq!(article.entry.site.as_deref(), Some("The post Post"), "the feed is named");
    let take = |desk: &mut FeedLibrary| {
        let mut searcher = searcher(desk);
        searcher.take_one(article, &mut storing(desk)).unwrap()
    };
    let taken = take(&mut desk).unwrap();
    assert_eq!(desk.reader.load_body(taken.id).unwrap().unwrap().text, "A long bridge");
    assert_eq!(articles(&desk), ["Old story 17", "Old story 20"]);
    assert_eq!(take(&mut desk).map(|entry| entry.id), Some(taken.id), "twice is once");
    let mut gone = article.clone();
    gone.guid.push('x');
    let mut searcher = searcher(&desk);
    assert_eq!(searcher.take_one(&gone, &mut storing(&mut desk)), Ok(None));
}

#[test]
fn far_article_that_is_edited_is_taken_by_a_refresh_and_no_longer_far() {
    let team = Team::new();
    publish_stories(&team, 1..=20);
    let mut desk = team.reader_of_newest("far-edited", "ann", 1);
    refresh(&mut desk);
    let found = searcher(&desk).find(&filtered("bridge")).unwrap().articles;
    assert_eq!(found.len(), 19);
    assert_eq!(searcher(&desk).find_stored(found.clone()), Ok(Vec::new()));
    let mut edited = article("post", 5, "Old story 5", "A long bridge, corrected");
    FEED.clone_into(&mut edited.article.key.feed);
    publish(&mut team.archive.clone(), &[edited]);
    assert_eq!(refresh(&mut desk).new_entries, 1);
    let id = find(&desk, "Old story 5");
    let stored = searcher(&desk).find_stored(found).unwrap();
    let [stored] = stored.as_slice() else { panic!("{stored:?}") };
    assert_eq!((&*stored.article.entry.title, stored.id), ("Old story 5", Some(id)));
}

#[test]
fn feed_that_the_user_has_left_is_not_found_in_the_archive() {
    let team = Team::new();
    publish_stories(&team, 1..=20);
    let mut desk = team.reader_of_newest("far-left", "ann", 1);
    refresh(&mut desk);
    let feed = desk.reader.list_feeds().unwrap().iter().find(|feed| feed.url == FEED).unwrap().id;
    let in_feed = ListDefinition { scope: ViewScope::Feed(feed), ..filtered("bridge") };
    assert_eq!(searcher(&desk).find(&in_feed).unwrap().articles.len(), 19);
    change(&mut desk, &Change::set_unsubscribed(feed, true));
    assert_eq!(searcher(&desk).find(&filtered("bridge")).unwrap().articles, []);
    assert_eq!(take(&mut desk, &filtered("bridge")), 0);
}

#[test]
fn states_that_the_archive_does_not_know_are_named() {
    let team = Team::new();
    publish_stories(&team, 1..=20);
    let mut desk = team.reader_of_newest("far-states", "ann", 1);
    refresh(&mut desk);
    let found = searcher(&desk).find(&filtered("bridge is:hidden")).unwrap();
    assert_eq!((found.articles.len(), found.without_meaning), (0, vec!["is:hidden"]));
    team.archive.set_down(true);
    let failure = searcher(&desk).find(&filtered("bridge")).unwrap_err();
    assert!(failure.summary.contains("cannot be reached"), "{failure}");
}
