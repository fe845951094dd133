//! The Fever API as real servers speak it: each test is a way in which one of them differs.

use newsreader::{
    fever::FeverSession,
    model::{RemoteId, RemoteMark, ServerLogin, StoredPassword},
    net::{HttpClient, HttpOptions},
    remote::{IdList, RemoteItem, ServerError},
};

use crate::support::{
    fake_fever::{FakeFever, FeverQuirks},
    fake_greader::PASSWORD,
};

fn client() -> HttpClient {
    HttpClient::new(&HttpOptions::default()).unwrap()
}

fn login(url: String, password: &str) -> ServerLogin {
    ServerLogin { url, user: "ann".to_owned(), password: StoredPassword::new(password.to_owned()) }
}

fn session<'h>(http: &'h HttpClient, server: &FakeFever) -> FeverSession<'h> {
    FeverSession::log_in(http, &login(server.url(), PASSWORD)).unwrap()
}

fn fetch_items(
    session: &mut FeverSession<'_>,
    ids: &[RemoteId],
) -> Result<Vec<RemoteItem>, ServerError> {
    let mut items = Vec::new();
    session.fetch_items(ids, |found| -> Result<(), ServerError> {
        items.extend(found);
        Ok(())
    })?;
    Ok(items)
}

/// Starts a server with `count` unread articles.
fn server_with(count: i64, quirks: FeverQuirks) -> FakeFever {
    let server = FakeFever::start();
    server.add_items(1..=count);
    server.state().quirks = quirks;
    server
}

fn ids(numbers: impl IntoIterator<Item = i64>) -> Vec<RemoteId> {
    numbers.into_iter().map(|number| RemoteId(number.to_string())).collect()
}

#[test]
fn ids_are_the_same_as_numbers_and_as_texts() {
    for writes_texts in [false, true] {
        let server = server_with(3, FeverQuirks { writes_texts, ..FeverQuirks::default() });
        server.state().items.get_mut(&2).unwrap().read = true;
        let http = client();
        let mut session = session(&http, &server);
        let feeds = session.list_subscriptions().unwrap();
        let folders: Vec<_> =
            feeds.iter().map(|feed| (&*feed.id, feed.folder.as_deref())).collect();
        assert_eq!(folders, [("1", Some("World")), ("2", None)]);
        assert_eq!(session.list_unread(10).unwrap(), IdList { ids: ids([3, 1]), is_cut: false });
        let items = fetch_items(&mut session, &ids([2, 3])).unwrap();
        let read: Vec<_> = items.iter().map(|item| (item.feed.as_str(), item.is_read)).collect();
        assert_eq!(read, [("1", true), ("1", false)]);
    }
}

#[test]
fn a_refused_key_is_an_error_although_the_status_is_200() {
    let server = server_with(1, FeverQuirks::default());
    let http = client();
    let error = FeverSession::log_in(&http, &login(server.url(), "S3CRET-wrong")).err().unwrap();
    assert!(matches!(error, ServerError::Refused { .. }), "{error}");
    let mut session = session(&http, &server);
    server.state().quirks.answers = Some(r#"{"api_version":3,"auth":0,"unread_item_ids":""}"#);
    let error = session.list_unread(10).unwrap_err();
    assert!(matches!(error, ServerError::Refused { .. }), "an empty list would read as all read");
    server.state().quirks = FeverQuirks { status: Some(403), ..FeverQuirks::default() };
    assert!(matches!(session.list_saved(10).unwrap_err(), ServerError::Refused { .. }));
}

#[test]
fn an_answer_without_what_was_asked_for_is_an_error() {
    let server = server_with(1, FeverQuirks::default());
    let http = client();
    let mut session = session(&http, &server);
    for answer in ["[]", "", "<html>", "{}", r#"{"auth":1,"unread_item_ids":"1,2"#, r#"{"auth":1}"#]
    {
        server.state().quirks.answers = Some(answer);
        let error = session.list_unread(10).unwrap_err();
        assert!(matches!(error, ServerError::Unexpected { .. }), "{answer}: {error}");
    }
}

#[test]
fn a_list_of_exactly_a_thousand_is_cut() {
    let quirks = FeverQuirks { max_listed: Some(1_000), ..FeverQuirks::default() };
    let server = server_with(1_200, quirks);
    let http = client();
    let list = session(&http, &server).list_unread(25_000).unwrap();
    assert_eq!((list.ids.len(), list.is_cut), (1_000, true));
    server.state().quirks = FeverQuirks::default();
    let mut session = session(&http, &server);
    assert!(!session.list_unread(25_000).unwrap().is_cut);
    let list = session.list_unread(10).unwrap();
    assert_eq!(list, IdList { ids: ids((1_191..=1_200).rev()), is_cut: true }, "the newest");
}

#[test]
fn articles_are_asked_for_fifty_at_a_time() {
    let server = server_with(120, FeverQuirks::default());
    let http = client();
    let mut session = session(&http, &server);
    server.take_calls();
    assert_eq!(fetch_items(&mut session, &ids(1..=120)).unwrap().len(), 120);
    assert_eq!(server.take_calls().len(), 3);
}

#[test]
fn too_long_an_answer_is_asked_for_in_parts() {
    let server = server_with(10, FeverQuirks { verbose_from: Some(3), ..FeverQuirks::default() });
    let http = client();
    let items = fetch_items(&mut session(&http, &server), &ids(1..=10)).unwrap();
    let titles: Vec<_> = items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!((titles.len(), titles[0], titles[9]), (10, "Article 1", "Article 10"));
}

#[test]
fn the_newest_articles_come_with_their_texts() {
    let server = server_with(120, FeverQuirks::default());
    let http = client();
    let mut session = session(&http, &server);
    server.take_calls();
    let newest = session.list_newest(None, 100).unwrap();
    assert_eq!(newest, ids((21..=120).rev()));
    let newer = session.list_newest(Some(&ids([58])[0]), 1_000).unwrap();
    assert_eq!(newer, ids(59..=120));
    let pages = ["items max_id=0", "items max_id=71", "items since_id=58", "items since_id=108"];
    assert_eq!(server.take_calls(), pages);
    assert_eq!(fetch_items(&mut session, &newest).unwrap().len(), 100);
    assert_eq!(server.take_calls(), [""; 0], "no article is asked for twice");
}

#[test]
fn a_server_without_a_first_page_has_no_newest_articles() {
    let server = server_with(3, FeverQuirks { omits_first_page: true, ..FeverQuirks::default() });
    let http = client();
    assert_eq!(session(&http, &server).list_newest(None, 100).unwrap(), []);
}

#[test]
fn full_width_signs_are_mapped_back_only_for_freshrss() {
    for (path, title) in [("/api/fever.php", "R&D <3"), ("/fever/", "R＆D ＜3")] {
        let server = FakeFever::start_at(path);
        server.add_items([1]);
        server.state().items.get_mut(&1).unwrap().title = "R&D <3".to_owned();
        server.state().feeds[0] = (1, "R&D <3".to_owned(), Some("R&D <3".to_owned()));
        server.state().quirks.writes_fullwidth = true;
        let http = client();
        let mut session = session(&http, &server);
        assert_eq!(fetch_items(&mut session, &ids([1])).unwrap()[0].title, title);
        let feed = session.list_subscriptions().unwrap().remove(0);
        assert_eq!((feed.title.as_str(), feed.folder.as_deref()), (title, Some(title)));
    }
}

#[test]
fn a_mark_of_an_article_that_is_gone_is_done() {
    let server = server_with(1, FeverQuirks { knows_gone_items: true, ..FeverQuirks::default() });
    let http = client();
    let mut session = session(&http, &server);
    session.set_mark(&ids([9])[0], RemoteMark::Read, true).unwrap();
    server.state().quirks.refuses = vec![1];
    let error = session.set_mark(&ids([1])[0], RemoteMark::Read, true).unwrap_err();
    assert!(error.is_about_one_call(), "{error}");
}

#[test]
fn no_key_is_sent_over_the_internet_in_the_clear() {
    let http = client();
    let url = "http://news.example/fever/".to_owned();
    let error = FeverSession::log_in(&http, &login(url, PASSWORD)).err().unwrap();
    assert!(matches!(error, ServerError::InTheClear { .. }), "{error}");
    assert!(error.to_string().contains("https"), "{error}");
}

#[test]
fn no_error_repeats_the_password_or_the_key() {
    let server = FakeFever::start();
    let http = client();
    let login = login(server.url(), "S3CRET-wrong");
    let error = FeverSession::log_in(&http, &login).err().unwrap();
    let key = "48af40af4bd3906fcf8bf4b0eceb9347";
    let texts = format!("{error} {error:?} {login:?}");
    assert!(!texts.contains("S3CRET") && !texts.contains(key), "{texts}");
    assert!(server.requests()[0].body.contains("api_key="));
}
