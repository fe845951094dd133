//! Articles of accounts that a feed of the user's own brings as well.

use chrono::{DateTime, Utc};
use newsreader::{
    model::{
        Attachments, BodyFormat, Change, EntryBody, EntryId, FeedKind, NewEntry, PublicationDate,
        Subscription,
    },
    store::{EntryUpsert, IngestBatch},
};

use crate::sync::{SyncLibrary, server_with};

/// Stores an article of the user's own feed, whose link is that of "Article N". Returns its id.
pub fn arrive_in_own_feed(library: &mut SyncLibrary, number: i64) -> EntryId {
    let (url, settings) = ("https://own.example/feed", Subscription::default());
    let store = &mut library.library.store;
    let feed = store.subscribe(FeedKind::Web, url, "Own", &settings).unwrap().feed;
    let entry = NewEntry {
        guid: number.to_string(),
        digest: 1,
        title: format!("Own {number}"),
        link: Some(format!("https://post.example/{number}")),
        author: None,
        published: PublicationDate::Instant(DateTime::UNIX_EPOCH),
        tags: Vec::new(),
        body: EntryBody { format: BodyFormat::Plain, text: "A text.".to_owned() },
        attachments: Attachments::default(),
        page_article: None,
    };
    let upserts = vec![EntryUpsert::new(entry, 0, None)];
    store
        .ingest_batch(&IngestBatch { feed, upserts, missing_files: Vec::new() }, Utc::now())
        .unwrap();
    library.find(&format!("Own {number}"))
}

#[test]
fn marks_reach_the_copy_in_a_feed_of_the_users_own_and_come_from_it() {
    let server = server_with(4);
    server.state().items.get_mut(&2).unwrap().read = true;
    let mut library = SyncLibrary::new("copies", &server);
    let own: Vec<EntryId> =
        (1..=3).map(|number| arrive_in_own_feed(&mut library, number)).collect();
    library.apply(&Change::set_starred(&own[..1], true));
    library.sync();
    assert_eq!(library.marks(1), (false, true), "it takes over the star");
    assert!(library.state(own[1]).read, "it is read on the server");
    assert_eq!(library.outbox_len(), 1);
    server.state().items.get_mut(&3).unwrap().starred = true;
    assert_eq!(library.sync().received_marks, 1, "a copy is no mark of its own");
    assert_eq!(server.marks().1, [1, 3]);
    assert!(library.state(own[2]).starred);
    assert_eq!(library.outbox_len(), 0);
    library.apply(&Change::set_read(&own[2..], true));
    library.sync();
    assert_eq!(server.marks().0, [2, 3]);
}
