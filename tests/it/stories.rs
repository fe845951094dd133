//! Stories: the articles of several sources about one event.

use std::{fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};
use newsreader::{
    library::{StoryAccess, StoryFinder},
    model::{
        Attachments, BodyFormat, EntryBody, EntryId, FeedId, FeedKind, NewEntry, PublicationDate,
    },
    store::{
        EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, StoryUpdate, WriteConnection,
    },
};
use serde_json::Value;

use crate::support::program::{run, stderr, stdout};

/// Four reports about a fire, and one about a takeover, which have only everyday words in common.
pub const FIRE: [&str; 4] = [
    "Fire destroys church in Wasilla. The church of governor Sarah Palin in Wasilla, Alaska, burnt \
     down on Friday night. Nobody was hurt, said the minister Larry Kroon.",
    "Palin apologises to her church. Governor Sarah Palin said in Wasilla, Alaska, that she was sorry \
     if the fire of Friday night at her church had been set because of her. Larry Kroon knows of no \
     cause.",
    "Arson suspected. Investigators in Wasilla believe that the fire at the church of Sarah Palin was \
     set on Friday night. Larry Kroon called the Alaska church a loss of a million dollars.",
    "Congregation meets in a school. The Wasilla church that Sarah Palin attends held its service in a \
     school after the fire of Friday night, said Larry Kroon. All of Alaska has offered help.",
];
pub const TAKEOVER: &str = "Oracle buys PeopleSoft. The software company Oracle has agreed to pay 26.50 \
     dollars a share for PeopleSoft, whose board gave up its resistance in California.";

/// Writes articles of one day as files of a new folder.
fn write_folder(folder: &Path, articles: &[(&str, &str)]) {
    fs::create_dir_all(folder).unwrap();
    for (name, text) in articles {
        fs::write(folder.join(name), format!(" date 2026-01-28 {text}\n")).unwrap();
    }
}

/// A home whose library has two folders: two reports about the fire in each, and one about a takeover.
pub fn home_with_stories() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let [post, mail] = ["post", "mail"].map(|name| home.path().join(name));
    write_folder(&post, &[("a.txt", FIRE[0]), ("b.txt", FIRE[1]), ("c.txt", TAKEOVER)]);
    write_folder(&mail, &[("d.txt", FIRE[2]), ("e.txt", FIRE[3])]);
    for folder in [post, mail] {
        let added = run(home.path(), &["add", folder.to_str().unwrap()]);
        assert!(added.status.success(), "{added:?}");
    }
    home
}

/// Returns the file and the story of each article, sorted by file.
fn stories_of_files(home: &Path) -> Vec<(String, Option<i64>)> {
    let listed: Value = serde_json::from_str(&stdout(&run(home, &["list", "--json"]))).unwrap();
    let articles = listed["articles"].as_array().unwrap();
    let story =
        |article: &Value| (article["file"].as_str().unwrap().to_owned(), article["story"].as_i64());
    let mut stories: Vec<_> = articles.iter().map(story).collect();
    stories.sort();
    stories
}

#[test]
fn story_rebuild_finds_the_articles_of_one_event() {
    let home = home_with_stories();
    assert!(stories_of_files(home.path()).iter().all(|(_, story)| story.is_none()));
    let rebuilt = run(home.path(), &["story", "rebuild"]);
    assert_eq!(stdout(&rebuilt), "4 articles in 1 story, 0 pending\n", "{}", stderr(&rebuilt));
    let stories = stories_of_files(home.path());
    let fire = stories[0].1;
    assert!(fire.is_some());
    let expected = [fire, fire, None, fire, fire];
    assert_eq!(stories.iter().map(|(_, story)| *story).collect::<Vec<_>>(), expected);
    // Once more, with the same result.
    run(home.path(), &["story", "rebuild"]);
    assert_eq!(stories_of_files(home.path()), stories);
    run(home.path(), &["story", "rebuild", "--since", "2026-02-01"]);
    assert_eq!(stories_of_files(home.path()), stories);
    run(home.path(), &["story", "rebuild", "--since", "2026-01-01"]);
    assert_eq!(stories_of_files(home.path()), stories);
}

#[test]
fn refresh_finds_the_stories_of_new_articles() {
    let home = home_with_stories();
    let first = run(home.path(), &["refresh"]);
    assert!(first.status.success(), "{}", stderr(&first));
    let fire = stories_of_files(home.path())[0].1;
    assert!(fire.is_some());
    let again = format!("Once more, about the same. {}", FIRE[1]);
    write_folder(&home.path().join("mail"), &[("f.txt", &again)]);
    run(home.path(), &["refresh"]);
    assert_eq!(stories_of_files(home.path())[5], ("f.txt".to_owned(), fire));
    let status = run(home.path(), &["story", "status"]);
    assert_eq!(stdout(&status), "5 articles in 1 story, 0 pending\n");
}

#[test]
fn filter_by_story_finds_the_articles_of_one_event() {
    let home = home_with_stories();
    run(home.path(), &["story", "rebuild"]);
    let listed = |filter: &str| {
        let listed: Value =
            serde_json::from_str(&stdout(&run(home.path(), &["list", "--json", filter]))).unwrap();
        let articles = listed["articles"].as_array().unwrap().clone();
        articles.iter().map(|article| article["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    let all = listed("");
    let (fire, takeover) = (listed("wasilla"), listed("peoplesoft"));
    assert_eq!((all.len(), fire.len(), takeover.len()), (5, 4, 1));
    for number in &fire {
        assert_eq!(listed(&format!("story:{number}")), fire);
    }
    assert_eq!(listed(&format!("story:{}", takeover[0])), takeover);
    assert_eq!(listed(&format!("-story:{}", fire[0])), takeover);
    assert_eq!(listed(&format!("story:{} arson", fire[0])).len(), 1);
    assert_eq!(listed("story:99"), [] as [i64; 0]);
    let refused = run(home.path(), &["list", "story:fire"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("the number of an article"), "{}", stderr(&refused));
    let refused = run(
        home.path(),
        &["rule", "add", "Fire", "--query", &format!("story:{}", fire[0]), "--star"],
    );
    assert!(stderr(&refused).contains("the query names a story"), "{}", stderr(&refused));
}

#[test]
fn story_rebuild_refuses_a_date_that_is_none() {
    let home = home_with_stories();
    let refused = run(home.path(), &["story", "rebuild", "--since", "yesterday"]);
    assert_eq!(refused.status.code(), Some(2));
    let status = run(home.path(), &["story", "status"]);
    assert_eq!(stdout(&status), "0 articles in 0 stories, 5 pending\n");
}

/// A library in a temporary folder whose stories are found at once.
pub struct StoryLibrary {
    pub folder: tempfile::TempDir,
    pub store: WriteConnection,
    pub reader: ReadConnection,
    feed: FeedId,
    finder: StoryFinder,
}

impl StoryLibrary {
    pub fn new() -> StoryLibrary {
        let folder = tempfile::tempdir().unwrap();
        let location = LibraryLocation::Folder(folder.path().to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let feed = store.add_feed(FeedKind::Web, "https://a.example/feed", "Post").unwrap().feed;
        StoryLibrary { folder, store, reader, feed, finder: StoryFinder::default() }
    }

    /// Stores the next articles in another feed.
    pub fn begin_feed(&mut self, name: &str) {
        let url = format!("https://{}.example/feed", name.to_lowercase());
        self.feed = self.store.add_feed(FeedKind::Web, &url, name).unwrap().feed;
    }

    /// Stores an article that was published some days after the first one, and finds its story.
    pub fn store_article(&mut self, place: (&str, i64), text: &str) -> EntryId {
        self.store_titled_article(place, "", text)
    }

    /// Stores an article with a title, as [`StoryLibrary::store_article`] does.
    pub fn store_titled_article(
        &mut self,
        (guid, day): (&str, i64),
        title: &str,
        text: &str,
    ) -> EntryId {
        let first_day = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let entry = NewEntry {
            guid: guid.to_owned(),
            digest: u64::try_from(text.len()).unwrap(),
            title: title.to_owned(),
            link: None,
            author: None,
            published: PublicationDate::Instant(first_day + TimeDelta::days(day)),
            tags: Vec::new(),
            body: EntryBody { format: BodyFormat::Plain, text: text.to_owned() },
            attachments: Attachments::default(),
            page_article: None,
        };
        let batch = IngestBatch {
            feed: self.feed,
            upserts: vec![EntryUpsert::new(entry, 0, None)],
            missing_files: Vec::new(),
        };
        self.store.ingest_batch(&batch, DateTime::<Utc>::UNIX_EPOCH).unwrap();
        self.find_stories();
        let ids = self.reader.list_all_entry_ids().unwrap();
        let relations = self.reader.load_relations(&ids).unwrap();
        relations.into_iter().find(|(_, relations)| relations.guid == guid).unwrap().0
    }

    pub fn find_stories(&mut self) {
        let StoryLibrary { folder, store, reader, finder, .. } = self;
        let mut commit = |update: StoryUpdate| store.apply_story_update(&update);
        let folder = folder.path().join("index");
        let mut access = StoryAccess {
            reader,
            folder: &folder,
            go_on: &|| true,
            batch_size: 64,
            commit: &mut commit,
        };
        // A program that another test starts holds the lock for the moment until it has begun.
        for _ in 0..10_000 {
            finder.update(&mut access).unwrap();
            if reader.count_story_queue().unwrap() == 0 {
                return;
            }
            std::thread::yield_now();
        }
        panic!("stories are still to be found");
    }

    pub fn stories(&self, ids: &[EntryId]) -> Vec<Option<i64>> {
        let relations = self.reader.load_relations(ids).unwrap();
        ids.iter().map(|id| relations[id].story.map(|story| story.0)).collect()
    }
}

#[test]
fn arriving_articles_join_the_story_of_the_last_days() {
    let mut library = StoryLibrary::new();
    let first = library.store_article(("a", 0), FIRE[0]);
    assert_eq!(library.stories(&[first]), [None]);
    let second = library.store_article(("b", 2), FIRE[1]);
    let other = library.store_article(("c", 2), TAKEOVER);
    assert_eq!(library.stories(&[first, second, other]), [Some(first.0), Some(first.0), None]);
    // One that arrives late, and one that is published too late.
    let late = library.store_article(("d", 1), FIRE[2]);
    let next_week = library.store_article(("e", 9), FIRE[3]);
    assert_eq!(library.stories(&[late, next_week]), [Some(first.0), None]);
}

#[test]
fn edited_article_leaves_its_story() {
    let mut library = StoryLibrary::new();
    let ids: Vec<EntryId> = ["a", "b", "d"]
        .iter()
        .zip(FIRE)
        .map(|(guid, text)| library.store_article((guid, 0), text))
        .collect();
    assert_eq!(library.stories(&ids), [Some(ids[0].0); 3]);
    // The story has the number of the article, and gets that of another one.
    library.store_article(("a", 0), TAKEOVER);
    assert_eq!(library.stories(&ids), [None, Some(ids[1].0), Some(ids[1].0)]);
    // So it does with a window that is loaded anew.
    library.finder = StoryFinder::default();
    library.store_article(("b", 0), TAKEOVER);
    assert_eq!(library.stories(&ids), [Some(ids[0].0), Some(ids[0].0), None]);
}

#[test]
fn articles_of_an_archive_have_no_story_until_the_user_asks() {
    let mut library = StoryLibrary::new();
    let newest = library.store_article(("new", 100), TAKEOVER);
    let ids = [("a", 0), ("b", 0)].map(|key| {
        let text = FIRE[usize::from(key.0 == "b")];
        library.store_article(key, text)
    });
    assert_eq!(library.stories(&ids), [None, None]);
    library.store.queue_stories(None).unwrap();
    library.find_stories();
    assert_eq!(library.stories(&ids), [Some(ids[0].0); 2]);
    assert_eq!(library.stories(&[newest]), [None]);
}

#[test]
fn stories_are_not_stored_where_another_program_has_changed_some() {
    let mut library = StoryLibrary::new();
    let first = library.store_article(("a", 0), FIRE[0]);
    let outdated = StoryUpdate {
        removed: vec![first],
        state: library.reader.story_state().unwrap(),
        ..StoryUpdate::default()
    };
    library.store_article(("b", 0), FIRE[1]);
    assert_eq!(library.store.apply_story_update(&outdated).unwrap(), None);
    assert_eq!(library.stories(&[first]), [Some(first.0)]);
}
