//! Tags of the user and labels of servers.

use std::collections::BTreeSet;

use chrono::{TimeDelta, Utc};
use newsreader::model::{Change, TagMark, TagName};

use crate::{
    support::{fake_greader::FakeGreader, fake_subscriptions::RENUMBERED},
    sync::{SyncLibrary, server_with},
};

/// A server with labels, and a library that has been synced with it.
fn synced(name: &str, articles: i64) -> (SyncLibrary, FakeGreader) {
    let server = server_with(articles);
    server.state().quirks.has_labels = true;
    let mut library = SyncLibrary::new(&format!("labels-{name}"), &server);
    library.sync();
    (library, server)
}

fn tag(name: &str) -> TagName {
    TagName::parse(name).unwrap()
}

impl SyncLibrary {
    fn tag(&mut self, article: i64, name: &str, mark: TagMark) {
        let id = self.entry(article);
        self.apply(&Change::set_tag(&[id], tag(name), mark));
    }

    /// Returns the tags of "Article N".
    fn tags(&self, article: i64) -> Vec<String> {
        let entry = self.library.reader.load_entry(self.entry(article)).unwrap().unwrap();
        entry.tags.iter().map(|tag| tag.name.to_string()).collect()
    }

    fn waiting(&self) -> usize {
        self.library.reader.count_outbox_of(self.account).unwrap()
    }

    fn has_labels(&self) -> Option<bool> {
        self.account().sync_state.has_labels
    }
}

fn labels(server: &FakeGreader, article: i64) -> Vec<String> {
    server.state().items[&article].labels.iter().cloned().collect()
}

fn label(server: &FakeGreader, article: i64, label: &str) {
    server.state().items.get_mut(&article).unwrap().labels.insert(label.to_owned());
}

#[test]
fn tags_go_to_the_server_and_labels_come_from_it() {
    let (mut library, server) = synced("both", 3);
    assert_eq!(library.has_labels(), None);
    library.tag(1, "urgent", TagMark::On);
    assert_eq!((library.sync().sent_marks, library.has_labels()), (1, Some(true)));
    assert_eq!(labels(&server, 1), ["urgent"]);
    label(&server, 2, "Urgent");
    label(&server, 2, "two words");
    label(&server, 3, "kitchen");
    assert_eq!(library.sync().received_marks, 2);
    assert_eq!(
        (library.tags(2), library.tags(3)),
        (vec!["urgent".to_owned()], vec!["kitchen".to_owned()])
    );
    // Taken off here and there.
    library.tag(1, "urgent", TagMark::Off);
    server.state().items.get_mut(&3).unwrap().labels.clear();
    assert_eq!((library.sync().sent_marks, library.waiting()), (1, 0));
    assert_eq!((labels(&server, 1), library.tags(3)), (vec![], vec![]));
    assert_eq!((library.sync().sent_marks, library.sync().received_marks), (0, 0));
    // An undo is an act of the user, too.
    library.library.store.undo().unwrap().unwrap();
    library.sync();
    assert_eq!((library.tags(1), labels(&server, 1).len()), (vec!["urgent".to_owned()], 1));
}

#[test]
fn a_label_is_written_as_the_server_has_it() {
    let (mut library, server) = synced("spelling", 2);
    label(&server, 1, "Urgent");
    library.tag(2, "urgent", TagMark::On);
    library.sync();
    library.sync();
    assert_eq!((labels(&server, 2), library.tags(1).len()), (vec!["Urgent".to_owned()], 1));
}

#[test]
fn tags_from_before_are_sent_once_the_server_is_known_to_have_labels() {
    let server = server_with(2);
    let mut library = SyncLibrary::new("labels-before", &server);
    library.sync();
    for article in [1, 2] {
        library.tag(article, "urgent", TagMark::On);
    }
    server.state().quirks.has_labels = true;
    library.sync();
    assert_eq!((labels(&server, 1).len(), labels(&server, 2).len()), (1, 1));
    assert_eq!((library.tags(1).len(), library.tags(2).len()), (1, 1));
}

#[test]
fn tags_stay_here_if_the_server_has_no_labels() {
    let (mut library, server) = synced("none", 1);
    server.state().quirks.has_labels = false;
    library.tag(1, "urgent", TagMark::On);
    library.sync();
    assert_eq!((library.has_labels(), library.waiting()), (Some(false), 0));
    library.tag(1, "kitchen", TagMark::On);
    server.state().calls.clear();
    library.sync();
    assert_eq!((library.tags(1).len(), library.waiting()), (2, 0));
    assert!(!server.state().calls.iter().any(|call| call == "tag/list" || call == "edit-tag"));
}

#[test]
fn tags_with_a_meaning_and_names_of_folders_stay_here() {
    let (mut library, server) = synced("reserved", 2);
    label(&server, 2, "later");
    label(&server, 2, "known");
    library.sync();
    library.tag(1, "later", TagMark::On);
    library.tag(1, "World", TagMark::On);
    library.sync();
    library.sync();
    assert_eq!((labels(&server, 1), library.tags(1).len()), (vec![], 2));
    assert_eq!(library.tags(2), ["known"]);
}

#[test]
fn folders_are_no_labels_where_the_server_does_not_say_which_are() {
    let (mut library, server) = synced("untyped", 2);
    server.state().quirks.lists_untyped_labels = true;
    label(&server, 1, "urgent");
    library.tag(2, "urgent", TagMark::On);
    library.sync();
    assert_eq!((library.tags(1).len(), labels(&server, 2).len()), (1, 1));
    assert_eq!(library.tags(1), ["urgent"]);
}

#[test]
fn a_labeled_article_arrives_although_it_is_read_and_old() {
    let (mut library, server) = synced("old", 1);
    label(&server, 1, "urgent");
    library.tag(1, "kitchen", TagMark::On);
    library.sync();
    server.add_items([2]);
    server.state().items.get_mut(&2).unwrap().read = true;
    label(&server, 2, "kitchen");
    library.sync();
    assert_eq!((library.tags(2), library.marks(2)), (vec!["kitchen".to_owned()], (true, false)));
}

#[test]
fn a_tag_whose_time_is_over_goes_on_the_server_too() {
    let (mut library, server) = synced("time", 1);
    let soon = Utc::now() + TimeDelta::hours(1);
    library.tag(1, "urgent", TagMark::Until(soon.timestamp()));
    library.sync();
    assert_eq!(labels(&server, 1), ["urgent"]);
    assert!(library.library.store.expire_tags(soon + TimeDelta::hours(1)).unwrap());
    library.sync();
    assert_eq!(server.state().items[&1].labels, BTreeSet::new());
    assert_eq!(library.tags(1), Vec::<String>::new());
}

#[test]
fn only_so_many_labels_are_asked_for() {
    let server = server_with(1);
    server.state().quirks.has_labels = true;
    for number in 0..60 {
        label(&server, 1, &format!("label{number:02}"));
    }
    let mut library = SyncLibrary::new("labels-many", &server);
    let problem = library.try_sync().problem.unwrap();
    assert!(problem.contains("more than 50 labels"), "{problem}");
    assert_eq!(library.tags(1).len(), 50);
}

#[test]
fn tags_stay_on_the_articles_of_a_feed_to_which_the_user_subscribes_again() {
    for keeps_ids in [false, true] {
        let (mut library, server) = synced(&format!("again-{keeps_ids}"), 2);
        server.state().quirks.keeps_ids = keeps_ids;
        library.tag(1, "urgent", TagMark::On);
        library.sync();
        let feed = library.feed("Evening Post").id;
        library.apply(&Change::set_unsubscribed(feed, true));
        library.sync();
        library.library.store.undo().unwrap().unwrap();
        for _ in 0..2 {
            library.sync();
        }
        assert_eq!(library.tags(1), ["urgent"]);
        let number = if keeps_ids { 1 } else { 1 + RENUMBERED };
        assert_eq!(labels(&server, number), ["urgent"]);
    }
}

#[test]
fn a_tag_that_is_taken_off_before_the_sync_is_no_change_of_labels() {
    let (mut library, _server) = synced("taken-back", 2);
    library.tag(2, "urgent", TagMark::On);
    library.sync();
    assert_eq!((library.has_labels(), library.waiting()), (Some(true), 0));
    library.tag(1, "urgent", TagMark::On);
    assert_eq!(library.waiting(), 1);
    library.tag(1, "urgent", TagMark::Off);
    assert_eq!(library.waiting(), 0);
}
