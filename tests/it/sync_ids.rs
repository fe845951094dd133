//! The ids that servers give articles: opaque, so that any characters may be in them.

use chrono::{DateTime, Utc};
use newsreader::{
    model::{Attachments, BodyFormat, EntryBody, NewEntry, PublicationDate, RemoteId},
    store::{EntryUpsert, SyncedArticles, SyncedItem},
};

use crate::sync::{SyncLibrary, server_with};

#[test]
fn id_of_any_characters_is_stored_as_the_server_gave_it() {
    let server = server_with(1);
    let mut library = SyncLibrary::new("odd-id", &server);
    library.sync();
    let (account, feed) = (library.account, library.feeds()[0].id);
    let ids = ["a\0b", "a", "\"\\é"].map(|id| RemoteId(id.to_owned()));
    let to_upsert = |id: &RemoteId| {
        let entry = NewEntry {
            guid: id.0.clone(),
            digest: 1,
            title: "An article".to_owned(),
            link: None,
            author: None,
            published: PublicationDate::Instant(DateTime::UNIX_EPOCH),
            tags: Vec::new(),
            body: EntryBody { format: BodyFormat::Plain, text: "Text".to_owned() },
            attachments: Attachments::default(),
            page_article: None,
        };
        EntryUpsert::new(entry, 0, None)
    };
    let to_item =
        |id: &RemoteId| SyncedItem { id: id.clone(), feed, is_read: false, is_starred: false };
    let articles = SyncedArticles {
        account,
        upserts: vec![(feed, ids.iter().map(to_upsert).collect())],
        items: ids.iter().map(to_item).collect(),
    };
    library.library.store.store_synced_articles(&articles, Utc::now()).unwrap();
    let items = library.library.reader.list_account_items(account).unwrap();
    assert!(ids.iter().all(|id| items.iter().any(|item| item.id == *id)), "{items:?}");
}
