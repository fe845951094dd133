//! What every archive does: one suite, which `archive_postgres.rs` runs on a real server as well.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use newsreader::{
    archive::{
        ARTICLES_PER_REQUEST, Archive, ArchiveCursor, ArchivedArticle, ArchivedMark, ArticleKey,
        ArticlePublication, FarCondition, FarHit, FarQueryContext, FarRequest, FetchedFeed,
        LeaseRequest, MarkChange, MemoryArchive, PublicationOutcome, PublishedArticle,
        compile_far_query,
    },
    model::{Attachments, BodyFormat, EntryBody, PublicationDate, TagId, TagName},
    query::{self, FeedNames, FoldedText, SearchableTag},
};

/// A place where archives are: each is new, and users connect to it.
pub trait ArchiveGround {
    /// Connects a user, `ann` or `bob`.
    fn connect(&self, user: &str) -> Box<dyn Archive>;
}

/// An archive in memory.
struct MemoryGround(MemoryArchive);

impl ArchiveGround for MemoryGround {
    fn connect(&self, user: &str) -> Box<dyn Archive> {
        Box::new(self.0.connect(user))
    }
}

/// A test of the suite, with its name.
pub type ArchiveTest = (&'static str, fn(&dyn ArchiveGround));

/// The tests of the suite.
pub const SUITE: &[ArchiveTest] = &[
    ("publish_twice_is_publish_once", publish_twice_is_publish_once),
    ("edited_article_arrives_again", edited_article_arrives_again),
    ("article_comes_back_as_it_was_published", article_comes_back_as_it_was_published),
    ("arrivals_come_in_order_and_parts", arrivals_come_in_order_and_parts),
    ("article_that_is_too_long_is_left_out", article_that_is_too_long_is_left_out),
    ("marks_are_the_users_own_and_team_tags_are_shared", marks_are_the_users_own),
    ("search_finds_words_fields_dates_and_marks", search_finds_words_fields_dates_and_marks),
    ("search_goes_on_behind_a_place", search_goes_on_behind_a_place),
    ("search_leaves_out_what_arrived_later", search_leaves_out_what_arrived_later),
    ("lease_is_held_by_one_reader", lease_is_held_by_one_reader),
    ("publication_under_a_lost_lease_changes_no_schedule", lost_lease_changes_no_schedule),
];

#[test]
fn archive_in_memory_passes_the_suite() {
    for (name, test) in SUITE {
        eprintln!("{name}");
        test(&MemoryGround(MemoryArchive::new("owner")));
    }
}

/// Returns an article of a feed, by its number.
pub fn article(feed: &str, number: i64, title: &str, text: &str) -> PublishedArticle {
    let at = DateTime::<Utc>::from_timestamp(1_767_225_600 + number * 3_600, 0).unwrap();
    let article = ArchivedArticle {
        key: ArticleKey {
            feed: format!("https://{feed}.example/feed"),
            guid: format!("{feed}-{number}"),
        },
        feed_title: format!("The {feed} Post"),
        is_feed_private: false,
        title: title.to_owned(),
        author: None,
        link: Some(format!("https://{feed}.example/{number}")),
        published: PublicationDate::Instant(at),
        categories: Vec::new(),
        attachments: Attachments::default(),
        body: EntryBody { format: BodyFormat::Plain, text: text.to_owned() },
    };
    with_text(article)
}

fn with_text(article: ArchivedArticle) -> PublishedArticle {
    let text = FoldedText::new(
        &article.title,
        article.author.as_deref().unwrap_or_default(),
        &article.body.text,
        &article.categories.join(" "),
        article.link.as_deref().unwrap_or_default(),
    );
    PublishedArticle { article, text }
}

pub fn publish(archive: &mut dyn Archive, articles: &[PublishedArticle]) -> PublicationOutcome {
    let publication = ArticlePublication {
        reader: "desk".to_owned(),
        articles: articles.to_vec(),
        fetched: Vec::new(),
    };
    archive.publish(&publication).unwrap()
}

/// Returns the titles of all arrivals after a cursor, in order.
pub fn arrivals(archive: &mut dyn Archive, mut cursor: ArchiveCursor) -> Vec<String> {
    let (mut titles, mut start) = (Vec::new(), None);
    loop {
        let arrived = archive.since(cursor).unwrap();
        titles.extend(arrived.articles.into_iter().map(|article| article.title));
        cursor = ArchiveCursor::Joining(*start.get_or_insert(arrived.start), arrived.cursor);
        if !arrived.has_more {
            return titles;
        }
    }
}

fn publish_twice_is_publish_once(ground: &dyn ArchiveGround) {
    let mut ann = ground.connect("ann");
    let articles = [
        article("a", 1, "One", "first"),
        article("a", 2, "Two", "second"),
        article("b", 1, "One", "other"),
    ];
    let new = PublicationOutcome { new: 3, ..PublicationOutcome::default() };
    assert_eq!(publish(&mut *ann, &articles), new);
    let known = PublicationOutcome { known: 3, ..PublicationOutcome::default() };
    assert_eq!(publish(&mut *ann, &articles), known);
    assert_eq!(publish(&mut *ground.connect("bob"), &articles), known);
    let twice = [articles[0].clone(), articles[0].clone()];
    let known = PublicationOutcome { known: 2, ..PublicationOutcome::default() };
    assert_eq!(publish(&mut *ann, &twice), known);
    let titles = arrivals(&mut *ground.connect("bob"), ArchiveCursor::After(0));
    assert_eq!(titles, ["One", "Two", "One"]);
}

fn edited_article_arrives_again(ground: &dyn ArchiveGround) {
    let mut ann = ground.connect("ann");
    publish(&mut *ann, &[article("a", 1, "One", "first"), article("a", 2, "Two", "second")]);
    let mut bob = ground.connect("bob");
    let seen = bob.since(ArchiveCursor::After(0)).unwrap().cursor;
    // The date, by which articles are sorted and kept together, has changed too: by four months.
    let mut edited = article("a", 2_999, "One, edited", "first").article;
    "a-1".clone_into(&mut edited.key.guid);
    let outcome = publish(&mut *ann, &[with_text(edited.clone())]);
    assert_eq!(outcome, PublicationOutcome { edited: 1, ..PublicationOutcome::default() });
    let again = bob.since(ArchiveCursor::After(seen)).unwrap();
    assert_eq!(again.articles, [edited]);
    assert_eq!(arrivals(&mut *bob, ArchiveCursor::After(0)), ["Two", "One, edited"]);
    assert_eq!(find(&mut *bob, "first", None, 10).len(), 1, "the earlier form is gone");
}

fn article_comes_back_as_it_was_published(ground: &dyn ArchiveGround) {
    let mut ann = ground.connect("ann");
    let mut odd =
        article("a", 5, "O'Neill \\ 橋 \u{1f309}", "<p>It's a \\bridge\\ 'quoted'</p>\r\n").article;
    odd.author = Some("Ann".to_owned());
    odd.categories = vec!["Sea and ships".to_owned(), "Brücken".to_owned()];
    odd.body.format = BodyFormat::Html;
    odd.attachments.comments = Some("https://a.example/5/comments".to_owned());
    let day = NaiveDate::from_ymd_opt(1969, 7, 20).unwrap();
    let mut old = article("a", 6, "Old", "").article;
    old.published = PublicationDate::Day(day);
    let mut far = article("a", 7, "Far", "").article;
    far.published = PublicationDate::Arrival(DateTime::from_timestamp(32_503_680_000, 0).unwrap());
    let articles = [odd, old, far];
    publish(&mut *ann, &articles.clone().map(with_text));
    assert_eq!(ann.since(ArchiveCursor::After(0)).unwrap().articles, articles);
    let request = FarRequest {
        condition: FarCondition::Article(articles[1].key.clone()),
        before: None,
        limit: 1,
        with_texts: true,
    };
    let page = ann.find(&request).unwrap();
    assert_eq!(
        page.hits.into_iter().map(|hit| hit.article).collect::<Vec<_>>(),
        [articles[1].clone()]
    );
}

fn arrivals_come_in_order_and_parts(ground: &dyn ArchiveGround) {
    let mut ann = ground.connect("ann");
    let count = i64::try_from(ARTICLES_PER_REQUEST).unwrap() + 50;
    let all: Vec<_> =
        (0..count).map(|number| article("a", -number, &number.to_string(), "")).collect();
    for part in all.chunks(ARTICLES_PER_REQUEST) {
        publish(&mut *ann, part);
    }
    let first = ann.since(ArchiveCursor::After(0)).unwrap();
    assert_eq!((first.articles.len(), first.has_more), (ARTICLES_PER_REQUEST, true));
    let titles: Vec<String> = (0..count).map(|number| number.to_string()).collect();
    assert_eq!(arrivals(&mut *ann, ArchiveCursor::After(0)), titles);
    let newest = arrivals(&mut *ann, ArchiveCursor::Newest(10));
    assert_eq!(newest, titles[..10], "those that were published last have arrived first");
    assert_eq!(arrivals(&mut *ann, ArchiveCursor::Newest(1_000)), titles);
    let last = ann.since(ArchiveCursor::Newest(0)).unwrap();
    assert_eq!((last.articles.len(), last.has_more), (0, false));
    assert_eq!(arrivals(&mut *ann, ArchiveCursor::After(last.cursor)), [""; 0]);
}

fn article_that_is_too_long_is_left_out(ground: &dyn ArchiveGround) {
    let mut ann = ground.connect("ann");
    let title = "x".repeat(64 << 10);
    let longest = article("a", 1, &title, "");
    let longer = article("a", 2, &format!("{title}x"), "");
    let outcome = publish(&mut *ann, &[longer, longest]);
    assert_eq!(
        outcome,
        PublicationOutcome { new: 1, too_long: 1, ..PublicationOutcome::default() }
    );
    assert_eq!(arrivals(&mut *ann, ArchiveCursor::After(0)), [title]);
}

fn change(article: &PublishedArticle, mark: ArchivedMark, wanted: bool) -> MarkChange {
    MarkChange { article: article.article.key.clone(), mark, wanted }
}

fn marks_are_the_users_own(ground: &dyn ArchiveGround) {
    let (mut ann, mut bob) = (ground.connect("ann"), ground.connect("bob"));
    let one = article("a", 1, "One", "");
    publish(&mut *ann, std::slice::from_ref(&one));
    let team = ArchivedMark::Tag("team:bridges".to_owned());
    let own = ArchivedMark::Tag("bridges".to_owned());
    let missing = change(&article("a", 2, "", ""), ArchivedMark::Read, true);
    let changes = [
        change(&one, ArchivedMark::Read, false),
        change(&one, ArchivedMark::Read, true),
        change(&one, team.clone(), true),
        change(&one, own, true),
        missing,
    ];
    let sent = ann.states(0, &changes).unwrap();
    assert_eq!(sent.unknown_articles, 1);
    let mut stored = sent.changes.clone();
    stored.sort();
    assert_eq!(stored, [changes[1].clone(), changes[3].clone(), changes[2].clone()]);
    // Telling it again changes nothing.
    let again = ann.states(sent.cursor, &changes[1..4]).unwrap();
    assert_eq!((again.changes.len(), again.cursor), (0, sent.cursor));
    let received = bob.states(0, &[]).unwrap();
    assert_eq!(received.changes, [change(&one, team.clone(), true)]);
    let off = [change(&one, team.clone(), false), change(&one, ArchivedMark::Read, false)];
    bob.states(received.cursor, &off).unwrap();
    let received = ann.states(sent.cursor, &[]).unwrap();
    assert_eq!(received.changes, [change(&one, team, false)]);
}

/// Returns the guids of hits of a filter, with all of the suite's feeds and tags known.
fn find(
    archive: &mut dyn Archive,
    filter: &str,
    before: Option<&FarHit>,
    limit: usize,
) -> Vec<FarHit> {
    let today = NaiveDate::from_ymd_opt(2026, 2, 1).unwrap();
    let feeds = ["a", "b"].map(|feed| {
        (
            format!("https://{feed}.example/feed"),
            FeedNames::new(&format!("The {feed} Post"), None, &[]),
        )
    });
    let tags = ["team:Bridges", "own"].map(|name| {
        let name = TagName::parse(name).unwrap();
        (name.clone(), SearchableTag::new(TagId(40), &name))
    });
    let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
    let context = FarQueryContext { feeds: &feeds, tags: &tags, day_start: &midnight };
    let compiled = compile_far_query(&query::parse(filter, today), &context);
    let request = FarRequest {
        condition: compiled.condition,
        before: before.map(|hit| hit.position),
        limit,
        with_texts: false,
    };
    archive.find(&request).unwrap().hits
}

fn guids(hits: &[FarHit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.article.key.guid.as_str()).collect()
}

fn search_finds_words_fields_dates_and_marks(ground: &dyn ArchiveGround) {
    let mut ann = ground.connect("ann");
    let mut with_author = article("b", 30, "Ferry", "The harbour is closed").article;
    with_author.author = Some("Bridget Jones".to_owned());
    let mut on_day = article("b", 0, "Moon", "It's far").article;
    on_day.published = PublicationDate::Day(NaiveDate::from_ymd_opt(2025, 12, 31).unwrap());
    let articles = [
        article("a", 1, "Bridge opens", "A crowd came"),
        article("a", 2, "Tower", "Behind the bridge, a tower"),
        article("a", 3, "橋を渡る", "東京 O'Neill's C++"),
        with_text(with_author),
        with_text(on_day),
    ];
    publish(&mut *ann, &articles);
    let changes = [
        change(&articles[1], ArchivedMark::Read, true),
        change(&articles[0], ArchivedMark::Starred, true),
        change(&articles[2], ArchivedMark::Tag("team:bridges".to_owned()), true),
    ];
    ann.states(0, &changes).unwrap();
    for (filter, expected) in [
        ("", vec!["b-30", "a-3", "a-2", "a-1", "b-0"]),
        ("brid", vec!["b-30", "a-2", "a-1"]),
        ("bridge ", vec!["a-2", "a-1"]),
        ("title:bridge", vec!["a-1"]),
        ("author:bri", vec!["b-30"]),
        ("bridge tower", vec!["a-2"]),
        ("tower or ferry", vec!["b-30", "a-2"]),
        ("!bridge feed:\"a post\"", vec!["a-3"]),
        // The names of all feeds have the word.
        ("-the", vec![]),
        ("橋", vec!["a-3"]),
        ("o'neill's", vec!["a-3"]),
        ("is:unread bridge ", vec!["a-1"]),
        ("is:star", vec!["a-1"]),
        ("tag:bridges", vec!["a-3"]),
        ("before:2026-01-01", vec!["b-0"]),
        ("on:2025-12-31 it", vec!["b-0"]),
        ("since:2026-01-02", vec!["b-30"]),
        ("url:example", vec!["b-30", "a-3", "a-2", "a-1", "b-0"]),
        ("is:copy", vec![]),
        ("nothing", vec![]),
    ] {
        let hits = find(&mut *ann, filter, None, 10);
        assert_eq!(guids(&hits), expected, "{filter}");
        assert!(hits.iter().all(|hit| hit.article.body.text.is_empty()), "texts are not asked for");
    }
    let mut bob = ground.connect("bob");
    assert_eq!(guids(&find(&mut *bob, "is:star", None, 10)), [""; 0], "marks are the user's own");
    assert_eq!(guids(&find(&mut *bob, "tag:bridges", None, 10)), ["a-3"]);
}

fn search_goes_on_behind_a_place(ground: &dyn ArchiveGround) {
    let mut ann = ground.connect("ann");
    // Two of each hour, over more than a year, and a rare word at the very end.
    let all: Vec<_> = (0..i64::try_from(ARTICLES_PER_REQUEST).unwrap())
        .flat_map(|number| ["a", "b"].map(|feed| article(feed, -number * 50, "Bridge", "")))
        .chain([article("a", -80_000, "Rare bridge", "")])
        .collect();
    for part in all.chunks(ARTICLES_PER_REQUEST) {
        publish(&mut *ann, part);
    }
    let mut found: Vec<FarHit> = Vec::new();
    loop {
        let page = find(&mut *ann, "bridge", found.last(), 37);
        if page.is_empty() {
            break;
        }
        found.extend(page);
    }
    let places: Vec<_> = found.iter().map(|hit| hit.position).collect();
    assert!(places.windows(2).all(|pair| pair[0] > pair[1]), "newest first");
    let unique: BTreeSet<&str> = guids(&found).into_iter().collect();
    assert_eq!((found.len(), unique.len()), (all.len(), all.len()));
    assert_eq!(guids(&find(&mut *ann, "rare", None, 5)), ["a--80000"]);
}

fn search_leaves_out_what_arrived_later(ground: &dyn ArchiveGround) {
    let mut ann = ground.connect("ann");
    publish(&mut *ann, &[article("a", 1, "One", ""), article("a", 2, "Two", "")]);
    let last = ann.since(ArchiveCursor::After(0)).unwrap().cursor;
    // Older by its date, and an edit, which arrives again.
    publish(&mut *ann, &[article("a", 0, "Late", ""), article("a", 1, "One, edited", "")]);
    let request = FarRequest {
        condition: FarCondition::ArrivedUntil(last),
        before: None,
        limit: 10,
        with_texts: false,
    };
    assert_eq!(guids(&ann.find(&request).unwrap().hits), ["a-2"]);
}

fn lease(archive: &mut dyn Archive, reader: &str, seconds: u32, feeds: &[&str]) -> Vec<String> {
    let feeds = feeds.iter().map(|feed| (*feed).to_owned()).collect();
    let request = LeaseRequest { reader: reader.to_owned(), feeds, seconds };
    let mut leased = archive.lease(&request).unwrap();
    leased.sort();
    leased
}

/// Tells that a reader has fetched a feed that is due again after an hour.
fn fetched(archive: &mut dyn Archive, reader: &str, url: &str) {
    let fetched =
        FetchedFeed { url: url.to_owned(), title: "A feed".to_owned(), next_fetch_seconds: 3_600 };
    let publication = ArticlePublication {
        reader: reader.to_owned(),
        articles: Vec::new(),
        fetched: vec![fetched],
    };
    archive.publish(&publication).unwrap();
}

fn lease_is_held_by_one_reader(ground: &dyn ArchiveGround) {
    let (mut ann, mut bob) = (ground.connect("ann"), ground.connect("bob"));
    let feeds = ["https://a.example/feed", "https://b.example/feed"];
    assert_eq!(lease(&mut *ann, "desk", 600, &feeds[..1]), feeds[..1]);
    assert_eq!(lease(&mut *bob, "laptop", 600, &feeds), feeds[1..]);
    assert_eq!(lease(&mut *ann, "desk", 600, &feeds[..1]), feeds[..1], "it is hers already");
    // A lease of no time is over at once, as that of a reader that has died is after its time.
    assert_eq!(lease(&mut *ann, "desk", 0, &feeds[..1]), feeds[..1]);
    assert_eq!(lease(&mut *bob, "laptop", 600, &feeds[..1]), feeds[..1]);
    fetched(&mut *bob, "laptop", feeds[0]);
    assert_eq!(
        lease(&mut *ann, "desk", 600, &feeds),
        [""; 0],
        "the first is not due, the second is his"
    );
    assert_eq!(lease(&mut *bob, "laptop", 600, &feeds), feeds[1..]);
}

fn lost_lease_changes_no_schedule(ground: &dyn ArchiveGround) {
    let (mut ann, mut bob) = (ground.connect("ann"), ground.connect("bob"));
    let feed = "https://a.example/feed";
    lease(&mut *ann, "desk", 0, &[feed]);
    fetched(&mut *ann, "desk", feed);
    assert_eq!(lease(&mut *bob, "laptop", 600, &[feed]), [feed]);
    fetched(&mut *ann, "desk", feed);
    assert_eq!(lease(&mut *bob, "laptop", 600, &[feed]), [feed], "it is his as before");
}
