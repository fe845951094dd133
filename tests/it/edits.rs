//! Articles that their publishers edit: the mark of edits that were not seen, and the versions.

use std::sync::{Arc, Mutex};

use chrono::Utc;
use newsreader::{
    library::{ArticleVersions, search_once},
    model::{
        Change, EntryId, FullTextArticle, KeptEntries, ListDefinition, RefreshScope, SearchRequest,
        ViewScope,
    },
};

use crate::{
    refresh::FeedLibrary,
    support::server::{Server, TestResponse},
};

/// A library with one article, whose text the publisher changes.
pub struct EditedFeed {
    library: FeedLibrary,
    text: Arc<Mutex<String>>,
    id: EntryId,
    _server: Server,
}

impl EditedFeed {
    pub fn new(name: &str) -> EditedFeed {
        let text = Arc::new(Mutex::new("The ferry left at nine.".to_owned()));
        let current = Arc::clone(&text);
        let server = Server::start(move |_| {
            let text = current.lock().unwrap();
            TestResponse::ok(format!(
                "<rss version='2.0'><channel><title>Harbour</title><item><title>Ferry</title>\
                 <guid isPermaLink='false'>1</guid><link>https://post.example/1</link>\
                 <description>{text}</description></item></channel></rss>"
            ))
        });
        let mut library = FeedLibrary::new(name);
        library.subscribe(&server.url("/feed"));
        library.refresh(RefreshScope::All);
        let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
        let ids = library.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 10).unwrap();
        EditedFeed { library, text, id: ids[0], _server: server }
    }

    pub fn edit(&mut self, text: &str) {
        text.clone_into(&mut self.text.lock().unwrap());
        self.library.refresh(RefreshScope::All);
    }

    fn mark_read(&mut self, read: bool) {
        self.library.store.apply_change(&Change::set_read(&[self.id], read), Utc::now()).unwrap();
    }

    fn count(&self, filter: &str) -> usize {
        let list = ListDefinition {
            scope: ViewScope::All,
            filter: filter.to_owned(),
            ..ListDefinition::default()
        };
        let request = SearchRequest { list, ..SearchRequest::default() };
        search_once(&self.library.reader, &request).unwrap().ids.len()
    }

    pub fn versions(&self) -> ArticleVersions {
        ArticleVersions::load(&self.library.reader, self.id).unwrap()
    }

    fn marked_text(&self, from: usize, to: usize) -> String {
        self.versions().diff(from, to, &[]).to_marked_text(true)
    }
}

#[test]
fn edit_of_read_article_is_found_until_it_is_read_again() {
    let mut feed = EditedFeed::new("edits-read");
    feed.mark_read(true);
    assert_eq!(feed.count("is:edited"), 0);
    feed.edit("The ferry left at ten.");
    assert_eq!((feed.count("is:edited"), feed.count("has:versions")), (1, 1));
    feed.mark_read(true);
    assert_eq!((feed.count("is:edited"), feed.count("has:versions")), (0, 1));
    let undone = feed.library.store.undo().unwrap().unwrap();
    assert_eq!(undone.title.as_deref(), Some("Ferry"));
    assert_eq!((feed.count("is:edited"), feed.count("is:read")), (1, 1), "undo of the last mark");
    feed.library.store.redo().unwrap();
    assert_eq!(feed.count("is:edited"), 0);
}

#[test]
fn edit_of_unread_article_is_no_news_to_the_user() {
    let mut feed = EditedFeed::new("edits-unread");
    feed.edit("The ferry left at ten.");
    assert_eq!((feed.count("is:edited"), feed.count("has:versions")), (0, 1));
}

/// An article of three paragraphs, of which the first and the last are given.
fn paragraphs(first: &str, last: &str) -> String {
    format!("<![CDATA[<p>{first}</p><p>The harbour master spoke.</p><p>{last}</p>]]>")
}

#[test]
fn edit_that_is_taken_back_is_none() {
    let mut feed = EditedFeed::new("edits-taken-back");
    feed.edit(&paragraphs("The ferry left at nine.", "Dogs travel free."));
    feed.mark_read(true);
    feed.edit(&paragraphs("The ferry left at ten.", "Dogs travel free."));
    assert_eq!(feed.count("is:edited"), 1);
    feed.edit(&paragraphs("The ferry left at nine.", "Dogs travel free."));
    assert_eq!(feed.count("is:edited"), 0);
    feed.edit(&paragraphs("The ferry left at nine.", "Cats travel free."));
    assert_eq!(feed.count("is:edited"), 1);
    let versions = feed.versions();
    let read = versions.read_before_edit().unwrap();
    let marked = feed.marked_text(read, versions.newest());
    assert_eq!(marked, "··· 2 paragraphs unchanged ···\n\n[-Dogs-]{+Cats+} travel free.");
}

#[test]
fn difference_since_reading_spans_all_edits_since() {
    let mut feed = EditedFeed::new("edits-since");
    feed.edit(&paragraphs("The ferry left at nine.", "Dogs travel free."));
    feed.mark_read(true);
    feed.edit(&paragraphs("The ferry left at ten.", "Dogs travel free."));
    feed.edit(&paragraphs("The ferry left at ten.", "Cats travel free."));
    let versions = feed.versions();
    assert_eq!((versions.newest(), versions.read_before_edit()), (4, Some(2)));
    let marked = feed.marked_text(2, 4);
    assert!(marked.starts_with("The ferry left at [-nine-]{+ten+}."), "{marked}");
    assert!(marked.ends_with("[-Dogs-]{+Cats+} travel free."), "{marked}");
    feed.mark_read(true);
    assert_eq!(feed.versions().read_before_edit(), None);
}

#[test]
fn full_text_whose_extraction_flips_is_no_edit() {
    let mut feed = EditedFeed::new("edits-full-text");
    feed.mark_read(true);
    for html in ["<p>The whole story.</p>", "<p>Cookies!</p>", "<p>The whole story.</p>"] {
        let article = FullTextArticle {
            url: "https://post.example/1".to_owned(),
            html: html.to_owned(),
            shown: true,
            fetched_at: Utc::now(),
        };
        feed.library.store.save_full_text(feed.id, &article).unwrap();
        feed.library.refresh(RefreshScope::All);
    }
    assert_eq!(feed.versions().newest(), 1);
    assert_eq!((feed.count("is:edited"), feed.count("has:versions")), (0, 0));
}

#[test]
fn counter_is_no_edit() {
    let mut feed = EditedFeed::new("edits-counter");
    feed.edit("The ferry left at nine. 12 comments");
    feed.mark_read(true);
    feed.edit("The ferry left at nine. 19 comments");
    assert_eq!(feed.count("is:edited"), 0);
}
