//! Which stored article an item of a feed is, and which changes of it are edits.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, atomic::AtomicBool},
};

use chrono::Utc;
use newsreader::{
    library::{FeedSources, RefreshOutput, WorkMarks, refresh_library, store_output},
    model::{
        EntryId, FeedId, FeedKind, KeptEntries, ListDefinition, RefreshScope, RefreshSummary,
        Subscription, ViewScope,
    },
    net::{Fetch, FetchError, FetchLimits, FetchRequest, FetchResponse},
    store::{LibraryLocation, ReadConnection, WriteConnection},
};

/// A network with one document, which the test changes.
#[derive(Default)]
struct OneDocument(Mutex<String>);

impl Fetch for OneDocument {
    fn fetch(&self, request: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        let body = self.0.lock().unwrap().clone().into_bytes();
        Ok(FetchResponse::from_body(&request.url, body, false))
    }
}

/// A library with one feed.
struct FeedHistory {
    store: WriteConnection,
    reader: ReadConnection,
    location: LibraryLocation,
    sources: FeedSources,
    document: Arc<OneDocument>,
    feed: FeedId,
}

/// An item of a feed: guid, link, headline, HTML.
type Item<'a> = (&'a str, &'a str, &'a str, &'a str);

impl FeedHistory {
    fn new(name: &str) -> FeedHistory {
        let location = LibraryLocation::Memory(format!("identity-{name}"));
        let mut store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let document = Arc::new(OneDocument::default());
        let sources =
            FeedSources { http: Arc::clone(&document) as Arc<dyn Fetch>, ..FeedSources::offline() };
        let url = "https://feeds.example/x";
        let feed = store.subscribe(FeedKind::Web, url, url, &Subscription::default()).unwrap().feed;
        FeedHistory { store, reader, location, sources, document, feed }
    }

    /// Refreshes with a document of these items; returns the numbers of new and edited articles.
    fn refresh(&mut self, items: &[Item<'_>]) -> (usize, usize) {
        let mut text =
            String::from("<rss><channel><title>Mill</title><link>https://mill.example/</link>");
        for (guid, link, title, html) in items {
            write!(
                text,
                "<item><guid isPermaLink='false'>{guid}</guid><link>{link}</link><title>{title}</title>\
                 <description><![CDATA[{html}]]></description></item>"
            )
            .unwrap();
        }
        *self.document.0.lock().unwrap() = text + "</channel></rss>";
        let summary = self.run();
        assert_eq!(summary.failures, []);
        (summary.new_entries, summary.changed_entries)
    }

    fn run(&mut self) -> RefreshSummary {
        let store = &mut self.store;
        let mut write_output = |output| {
            if let RefreshOutput::Write(write) = output {
                store_output(store, &write, Utc::now()).unwrap();
            }
            true
        };
        let (scope, stop) = (RefreshScope::One(self.feed), Arc::new(AtomicBool::new(false)));
        let marks = WorkMarks::new(&self.location);
        refresh_library(&self.location, &self.sources, &marks, scope, &stop, &mut write_output)
    }

    /// Returns ids and headlines, in the order of the ids.
    fn articles(&self) -> Vec<(i64, String)> {
        let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
        let ids = self.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 1000).unwrap();
        let entries = self.reader.load_entries(&ids).unwrap();
        let mut articles: Vec<_> =
            entries.into_iter().map(|entry| (entry.id.0, entry.title)).collect();
        articles.sort();
        articles
    }

    fn version_count(&self, id: i64) -> usize {
        self.reader.list_versions(EntryId(id)).unwrap().len()
    }

    fn text(&self, id: i64) -> String {
        self.reader.load_body(EntryId(id)).unwrap().unwrap().text
    }
}

const LEAD: &str = "<p>The minister resigned on Monday after a row about the new bridge.</p>";

#[test]
fn items_with_one_guid_and_link_are_articles_of_their_own() {
    let link = "https://mill.example/status";
    let begins = ("m1", link, "Works begin", "The bridge is closed from Monday on.");
    let ends = ("m1", link, "Works end", "All lanes are open again since noon.");
    let third = ("m1", link, "New works", "A crane blocks the quay at night.");
    let mut history = FeedHistory::new("shared");
    assert_eq!(history.refresh(&[begins]), (1, 0));
    assert_eq!(history.refresh(&[ends, begins]), (1, 0));
    assert_eq!(history.refresh(&[begins, ends]), (0, 0));
    assert_eq!(history.refresh(&[ends]), (0, 0));
    assert_eq!(history.refresh(&[begins]), (0, 0));
    assert_eq!(history.refresh(&[third]), (1, 0));
    assert_eq!(history.refresh(&[ends, third, begins]), (0, 0));
    let longer = ("m1", link, "Works end", "All lanes are open again since noon, says the mayor.");
    assert_eq!(history.refresh(&[third, longer]), (0, 1));
    let expected = [(1, "Works begin".into()), (2, "Works end".into()), (3, "New works".into())];
    assert_eq!(history.articles(), expected);
    assert!(history.text(2).contains("mayor") && history.text(1).contains("closed"));
}

#[test]
fn article_is_recognized_when_headline_in_its_url_changes() {
    let url = |slug: &str| format!("https://mill.example/news/{slug}");
    let mut history = FeedHistory::new("slug");
    let (first, other) = (url("minister-resigns-a-77310"), url("storm-at-sea-a-77311"));
    let storm =
        (other.as_str(), other.as_str(), "Storm", "<p>A storm came up over the sea at night.</p>");
    history.refresh(&[(&first, &first, "Minister resigns", LEAD), storm]);
    let second = url("minister-resigns-after-row-a-77310");
    let longer = format!("{LEAD}<p>More follows.</p>");
    let renamed = (second.as_str(), second.as_str(), "Minister resigns after row", longer.as_str());
    assert_eq!(history.refresh(&[renamed, storm]), (0, 1));
    assert_eq!(history.articles()[0], (1, "Minister resigns after row".to_owned()));
    assert_eq!(history.refresh(&[renamed, storm]), (0, 0));
    // Another text under the number of an article is another article.
    let page = url("gallery-a-77310");
    let gallery =
        (page.as_str(), page.as_str(), "Gallery", "<p>Ten pictures of ships in the fog.</p>");
    assert_eq!(history.refresh(&[gallery, renamed, storm]), (1, 0));
    // Of two items with the number and the text, neither takes the other's place.
    let copy_url = url("minister-a-77310");
    let copy = (copy_url.as_str(), copy_url.as_str(), "Minister", longer.as_str());
    assert_eq!(history.refresh(&[copy, renamed, storm]), (1, 0));
    assert_eq!(history.articles().len(), 4);
}

#[test]
fn article_is_recognized_when_host_in_its_url_changes() {
    let mut history = FeedHistory::new("host");
    let urls = |host: &str| [format!("http://{host}/harbour"), format!("http://{host}/papers")];
    for (round, host) in ["mill.example", "mail.mill.example", "mill.example", "amp.mill.example"]
        .into_iter()
        .enumerate()
    {
        let [one, two] = urls(host);
        let counts = history.refresh(&[(&one, &one, "Harbour", "b"), (&two, &two, "Papers", "b")]);
        assert_eq!(counts, if round == 0 { (2, 0) } else { (0, 0) }, "{host}");
    }
    let [foreign, _] = urls("other.example");
    assert_eq!(history.refresh(&[(&foreign, &foreign, "Harbour", "b")]).0, 1);
}

#[test]
fn articles_that_share_a_link_are_not_taken_for_each_other() {
    let mut history = FeedHistory::new("shared-link");
    let link = "https://mill.example/weather-7731";
    let report = |guid: &'static str, html: &'static str| (guid, link, "Weather report", html);
    let monday = report("g1", "<p>Rain in the north until noon, later dry.</p>");
    let tuesday = report("g2", "<p>Sun along the whole coast, light wind.</p>");
    let wednesday = report("g3", "<p>A storm from the west reaches the islands.</p>");
    assert_eq!(history.refresh(&[tuesday, monday]), (2, 0));
    assert_eq!(history.refresh(&[wednesday, tuesday]), (1, 0));
    assert_eq!(history.articles().len(), 3);
}

#[test]
fn counters_and_adverts_are_no_edits() {
    let mut history = FeedHistory::new("volatile");
    let mut edits = 0;
    for round in 0..8 {
        let counter = format!("{LEAD}<div>(Visited {round} times, 1 visits today)</div>");
        let advert = format!(
            "<p>A storm came up over the sea at night.</p><p>{} for less!</p>",
            ["Lamps", "Shoes", "Coffee", "Tea", "Soap", "Bread", "Wine", "Salt"][round]
        );
        edits += history
            .refresh(&[
                ("1", "https://mill.example/1", "Minister", &counter),
                ("2", "https://mill.example/2", "Storm", &advert),
            ])
            .1;
        assert!(
            history.text(1).contains(&format!("Visited {round} times")),
            "the text is the latest"
        );
    }
    assert_eq!((history.version_count(1), history.version_count(2), edits), (0, 2, 2));
    let dead = |count: u32| format!("<p>{count} people died when the ferry sank.</p>");
    history.refresh(&[("3", "https://mill.example/3", "Ferry", &dead(12))]);
    assert_eq!(history.refresh(&[("3", "https://mill.example/3", "Ferry", &dead(15))]), (0, 1));
}

#[test]
fn article_keeps_at_most_twenty_different_versions() {
    let mut history = FeedHistory::new("versions");
    let refresh = |history: &mut FeedHistory, title: String| {
        history.refresh(&[("1", "https://mill.example/1", &title, LEAD)]);
    };
    for number in 0..25 {
        refresh(&mut history, format!("Headline {}", char::from(b'a' + number)));
    }
    assert_eq!(history.version_count(1), 20);
    assert_eq!(history.reader.list_versions(EntryId(1)).unwrap()[19].title, "Headline e");
    for round in 0..30 {
        refresh(&mut history, format!("Flip {}", if round % 2 == 0 { "x" } else { "y" }));
    }
    let versions = history.reader.list_versions(EntryId(1)).unwrap();
    let flips = versions.iter().filter(|version| version.title.starts_with("Flip")).count();
    assert_eq!((versions.len(), flips), (20, 2));
}

#[test]
fn articles_with_one_number_in_their_urls_stay_articles_of_their_own() {
    let foreword = format!("{LEAD}{LEAD}");
    let pairs: [[(&str, &str, &str); 2]; 7] = [
        // Episodes of one show under one request for money.
        [
            ("https://mill.example/radio/551200/otters", "Tonight: Otters", "Give to our station."),
            ("https://mill.example/radio/551200/herons", "Tonight: Herons", "Give to our station."),
        ],
        [
            ("https://mill.example/ticker/551200/entry-1", "Start for the blue boats", LEAD),
            ("https://mill.example/ticker/551200/entry-2", "Finish of the red boats", LEAD),
        ],
        [
            ("https://mill.example/list/551200/m-xa", "Re: sluice", "<p>Agreed.</p>"),
            ("https://mill.example/list/551200/m-xb", "Re: sluice", "<p>Agreed.</p>"),
        ],
        [
            ("https://mill.example/no-5512/preface", "Preface", ""),
            ("https://mill.example/no-5512/letters", "Letters", ""),
        ],
        [
            ("https://mill.example/no-5512/poems", "Poems", &foreword),
            ("https://mill.example/no-5512/essays", "Essays", &foreword),
        ],
        // Authors and languages on one domain.
        [
            ("https://eva.mill.example/welcome", "Welcome", ""),
            ("https://jan.mill.example/welcome", "Welcome", ""),
        ],
        [
            ("https://pl.mill.example/wersja-2", "2.0", LEAD),
            ("https://it.mill.example/wersja-2", "2.0", LEAD),
        ],
    ];
    for (index, [first, second]) in pairs.into_iter().enumerate() {
        let mut history = FeedHistory::new(&format!("own-{index}"));
        for (url, title, html) in [first, second] {
            assert_eq!(history.refresh(&[(url, url, title, html)]), (1, 0), "{url}");
        }
        assert_eq!(history.articles().len(), 2, "{}", first.0);
    }
}

#[test]
fn article_is_recognized_by_its_long_text_when_its_headline_is_reworded() {
    let mut history = FeedHistory::new("reworded");
    let story = format!("{LEAD}<p>The bridge stays closed until the council has met in May.</p>");
    let counted = |count: u32| format!("{story}<p>{count} comments</p>");
    let [first, second] = ["row-over-bridge", "minister-quits"]
        .map(|slug| format!("https://mill.example/551200/{slug}"));
    assert_eq!(history.refresh(&[(&first, &first, "Row over bridge", &counted(3))]), (1, 0));
    assert_eq!(history.refresh(&[(&second, &second, "Minister quits", &counted(8))]), (0, 1));
    let other = "https://mill.example/551200/minister-sings";
    assert_eq!(
        history.refresh(&[(other, other, "Minister sings", "<p>At the opera.</p>")]),
        (1, 0)
    );
}

#[test]
fn document_that_is_cut_off_is_told_at_every_refresh_until_it_is_whole() {
    let mut history = FeedHistory::new("cut-off");
    let whole = "<rss><channel><title>Mill</title><item><guid>1</guid><title>One</title></item>\
                 <item><guid>2</guid><title>Two</title></item></channel></rss>";
    let end = whole.rfind("<guid>2").unwrap();
    whole[..end].clone_into(&mut history.document.0.lock().unwrap());
    for new in [2, 0] {
        let summary = history.run();
        let failures: Vec<_> = summary.failures.iter().map(|it| it.summary.as_str()).collect();
        let expected = "its document is cut off: 2 articles could be read, others may be missing";
        assert!(failures.len() == 1 && failures[0].ends_with(expected), "{failures:?}");
        assert_eq!(summary.new_entries, new);
    }
    whole.clone_into(&mut history.document.0.lock().unwrap());
    assert_eq!(history.run().failures, []);
}

/// Time is linear in the number of items: comparing each with each would take minutes.
#[test]
fn thousands_of_items_with_one_guid_and_headline_stay_the_same_articles() {
    const COUNT: usize = 2_000;
    let link = "https://mill.example/123456";
    let texts = |edit: &str| -> Vec<String> {
        (0..COUNT).map(|n| format!("w{n} x{n} y{n} z{n} in the report {edit}")).collect()
    };
    let (first, edited) = (texts(""), texts("of today"));
    let items = |texts: &'static [String]| -> Vec<Item<'static>> {
        texts.iter().map(|text| ("m1", link, "Works", text.as_str())).collect()
    };
    let (first, edited) = (items(first.leak()), items(edited.leak()));
    let mut history = FeedHistory::new("thousands");
    assert_eq!(history.refresh(&first), (COUNT, 0));
    assert_eq!(history.refresh(&first), (0, 0));
    let (new_entries, _) = history.refresh(&edited);
    assert_eq!(new_entries, 0);
}
