//! The Google Reader API as real servers speak it: each test is a way in which one of them differs.

use newsreader::{
    greader::{ItemStream, Session, candidate_addresses, parse_item_id},
    library::{LoginAttempt, ServerSession, find_server},
    model::{RemoteId, RemoteMark, ServerKind, ServerLogin, StoredPassword},
    net::{HttpClient, HttpOptions},
    remote::{IdList, RemoteItem, ServerAddress, ServerError},
};

use crate::support::fake_greader::{FakeGreader, PASSWORD, Quirks};

fn client() -> HttpClient {
    HttpClient::new(&HttpOptions::default()).unwrap()
}

fn login(server: &FakeGreader, password: &str) -> ServerLogin {
    ServerLogin {
        url: server.url(),
        user: "ann".to_owned(),
        password: StoredPassword::new(password.to_owned()),
    }
}

fn session<'h>(http: &'h HttpClient, server: &FakeGreader) -> Session<'h> {
    Session::log_in(http, login(server, PASSWORD)).unwrap()
}

fn fetch_items(
    session: &mut Session<'_>,
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
fn server_with(count: i64, quirks: Quirks) -> FakeGreader {
    let server = FakeGreader::start();
    server.add_items(1..=count);
    server.state().quirks = quirks;
    server
}

fn ids(numbers: impl IntoIterator<Item = i64>) -> Vec<RemoteId> {
    numbers.into_iter().map(|number| parse_item_id(&number.to_string())).collect()
}

fn mark_read(session: &mut Session<'_>, numbers: &[i64]) -> Result<(), ServerError> {
    session.set_mark(&ids(numbers.iter().copied()), RemoteMark::Read, true)
}

#[test]
fn ids_are_sent_in_the_form_that_no_server_misreads() {
    let server = server_with(60, Quirks { reads_decimal_as_hex: true, ..Quirks::default() });
    let http = client();
    let mut session = session(&http, &server);
    mark_read(&mut session, &[31]).unwrap();
    assert_eq!(server.marks().0, [31]);
    assert_eq!(fetch_items(&mut session, &ids([31])).unwrap()[0].title, "Article 31");
}

#[test]
fn ids_of_24_digits_stay_as_they_are() {
    let server = server_with(3, Quirks { has_long_ids: true, ..Quirks::default() });
    let http = client();
    let mut session = session(&http, &server);
    let listed = session.list_ids(ItemStream::Unread, 10).unwrap().ids;
    assert_eq!(fetch_items(&mut session, &listed).unwrap().len(), 3);
    session.set_mark(&listed[..1], RemoteMark::Starred, true).unwrap();
    assert_eq!(server.marks().1, [3]);
}

#[test]
fn a_status_of_200_without_ok_marks_nothing() {
    let server = server_with(1, Quirks { answers_empty_list: true, ..Quirks::default() });
    let http = client();
    let error = mark_read(&mut session(&http, &server), &[1]).unwrap_err();
    assert!(matches!(error, ServerError::Unexpected { call: "mark articles", .. }), "{error}");
}

#[test]
fn the_mark_comes_before_the_ids_of_a_form() {
    let server = server_with(250, Quirks { max_fields: Some(100), ..Quirks::default() });
    let http = client();
    let numbers: Vec<i64> = (1..=250).collect();
    mark_read(&mut session(&http, &server), &numbers).unwrap();
    assert_eq!(server.marks().0.len(), 98, "token and mark are among the first fields");
    let form = server.requests().pop().unwrap().body;
    assert!(form.starts_with("T=token1&a=user%2F-%2Fstate%2Fcom.google%2Fread&i="), "{form}");
}

#[test]
fn pages_are_followed_until_the_last() {
    for quirks in [
        Quirks { page_size: Some(7), ..Quirks::default() },
        Quirks { page_size: Some(5), names_empty_page: true, ..Quirks::default() },
        Quirks { page_size: Some(20), has_numeric_continuations: true, ..Quirks::default() },
    ] {
        let server = server_with(20, quirks);
        let http = client();
        let list = session(&http, &server).list_ids(ItemStream::Unread, 1_000).unwrap();
        assert_eq!(list, IdList { ids: ids((1..=20).rev()), is_cut: false });
    }
}

#[test]
fn a_list_that_is_longer_than_wanted_is_cut() {
    let server = server_with(20, Quirks { page_size: Some(5), ..Quirks::default() });
    let http = client();
    let mut session = session(&http, &server);
    let list = session.list_ids(ItemStream::Newest, 10).unwrap();
    assert_eq!((list.ids.len(), list.is_cut), (10, true));
    assert!(!session.list_ids(ItemStream::Newest, 20).unwrap().is_cut);
    assert_eq!(session.list_ids(ItemStream::Starred, 10).unwrap(), IdList::default());
}

#[test]
fn an_expired_login_is_renewed_once() {
    for after in 0..6 {
        let server = server_with(3, Quirks { expires_after: Some(after), ..Quirks::default() });
        let http = client();
        let mut session = session(&http, &server);
        assert_eq!(session.list_ids(ItemStream::Unread, 10).unwrap().ids.len(), 3, "{after}");
        mark_read(&mut session, &[1]).unwrap();
        mark_read(&mut session, &[2]).unwrap();
        assert_eq!(server.marks().0, [1, 2]);
    }
    let server = server_with(1, Quirks { refuses_login: true, ..Quirks::default() });
    let http = client();
    let error = session(&http, &server).list_subscriptions().unwrap_err();
    assert!(matches!(error, ServerError::LoginExpired { status: 401, .. }), "{error}");
    assert_eq!(server.requests().len(), 4, "two logins, and two requests");
}

#[test]
fn full_width_signs_are_mapped_back_only_for_freshrss() {
    for (base, title) in [("/api/greader.php", "R&D <3"), ("", "R＆D ＜3")] {
        let server = FakeGreader::start_at(base);
        server.add_items([1]);
        server.state().items.get_mut(&1).unwrap().title = "R&D <3".to_owned();
        server.state().feeds[0].title = "R&D <3".to_owned();
        server.state().quirks.writes_fullwidth = true;
        let http = client();
        let mut session = session(&http, &server);
        assert_eq!(fetch_items(&mut session, &ids([1])).unwrap()[0].title, title);
        assert_eq!(session.list_subscriptions().unwrap()[0].title, title);
    }
}

#[test]
fn too_long_an_answer_is_asked_for_in_parts() {
    let server = server_with(10, Quirks { verbose_from: Some(3), ..Quirks::default() });
    let http = client();
    let items = fetch_items(&mut session(&http, &server), &ids(1..=10)).unwrap();
    let titles: Vec<_> = items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!((titles.len(), titles[0], titles[9]), (10, "Article 1", "Article 10"));
}

#[test]
fn a_long_list_is_one_request_unless_the_server_refuses_that() {
    let server = server_with(12_000, Quirks::default());
    let http = client();
    let mut session = session(&http, &server);
    let mut request_count = || {
        server.state().calls.clear();
        let list = session.list_ids(ItemStream::Unread, 25_000).unwrap();
        assert_eq!((list.ids.len(), list.is_cut), (12_000, false));
        server.state().calls.len()
    };
    assert_eq!(request_count(), 1);
    server.state().quirks.max_page_size = Some(10_000);
    assert_eq!(request_count(), 3, "the refused request, and two pages");
    assert_eq!(request_count(), 2, "the refusal is remembered");
}

#[test]
fn each_answer_is_handed_over_before_the_next_request() {
    let server = server_with(600, Quirks::default());
    let http = client();
    let mut session = session(&http, &server);
    let mut counts = Vec::new();
    let stopped = session.fetch_items(&ids(1..=600), |items| {
        counts.push((items.len(), server.state().calls.len()));
        if counts.len() < 2 {
            Ok(())
        } else {
            Err(ServerError::AskedTooOften { host: String::new(), wait: None })
        }
    });
    assert!(stopped.is_err(), "the taker ends the requests");
    assert_eq!(counts, [(250, 1), (250, 2)]);
}

#[test]
fn logins_tokens_and_continuations_have_a_limit() {
    let long = || Some("x".repeat(5_000));
    let server = server_with(3, Quirks { login: long(), ..Quirks::default() });
    let http = client();
    let error = Session::log_in(&http, login(&server, PASSWORD)).err().unwrap();
    assert!(matches!(error, ServerError::Unexpected { .. }), "{error}");
    server.state().quirks = Quirks { token: long(), ..Quirks::default() };
    let mut logged_in = session(&http, &server);
    let error = mark_read(&mut logged_in, &[1]).unwrap_err();
    assert!(matches!(error, ServerError::Unexpected { .. }), "{error}");
    server.state().quirks = Quirks { continuation: long(), ..Quirks::default() };
    let error = logged_in.list_ids(ItemStream::Unread, 10).unwrap_err();
    assert!(matches!(error, ServerError::Unexpected { .. }), "{error}");
}

#[test]
fn more_subscriptions_than_are_read_are_an_error_and_unsubscribe_from_nothing() {
    let server = server_with(0, Quirks::default());
    let feed = server.state().feeds[0].clone();
    server.state().feeds = vec![feed; 50_001];
    let http = client();
    let error = session(&http, &server).list_subscriptions().unwrap_err();
    assert!(error.to_string().contains("more subscriptions than the program reads"), "{error}");
}

#[test]
fn articles_that_are_gone_are_missing_and_no_failure() {
    let server = server_with(3, Quirks { withholds: vec![1, 2], ..Quirks::default() });
    let http = client();
    let mut session = session(&http, &server);
    assert_eq!(fetch_items(&mut session, &ids(1..=3)).unwrap().len(), 1);
    assert_eq!(fetch_items(&mut session, &ids(1..=2)).unwrap(), []);
}

#[test]
fn an_answer_that_is_cut_off_is_an_error() {
    let server = server_with(3, Quirks { cuts_contents_after: Some(0), ..Quirks::default() });
    let http = client();
    let error = fetch_items(&mut session(&http, &server), &ids(1..=3)).unwrap_err();
    assert!(matches!(error, ServerError::Unexpected { .. }), "{error}");
}

#[test]
fn a_server_that_is_asked_too_often_says_for_how_long() {
    let server = server_with(1, Quirks::default());
    let http = client();
    let mut session = session(&http, &server);
    server.state().quirks =
        Quirks { status: Some(429), retry_after: Some("120"), ..Quirks::default() };
    let error = session.list_subscriptions().unwrap_err();
    assert_eq!(error.wait().unwrap().as_secs(), 120);
    assert!(error.to_string().contains("asked too often"), "{error}");
}

#[test]
fn a_password_is_not_sent_along_a_redirect() {
    let (server, other) = (FakeGreader::start(), FakeGreader::start());
    server.state().quirks.redirects_to = Some(other.url());
    let http = client();
    let error = Session::log_in(&http, login(&server, PASSWORD)).err().unwrap();
    assert!(error.to_string().contains(&other.url()), "{error}");
    assert_eq!(other.requests().len(), 0);
}

#[test]
fn no_error_repeats_the_password() {
    let server = FakeGreader::start();
    let http = client();
    let error = Session::log_in(&http, login(&server, "S3CRET-wrong")).err().unwrap();
    assert!(matches!(error, ServerError::Refused { .. }), "{error}");
    let texts = format!("{error} {error:?} {:?}", login(&server, PASSWORD));
    assert!(!texts.contains("S3CRET"), "{texts}");
}

fn find<'h>(http: &'h HttpClient, typed: &str) -> Result<ServerSession<'h>, Vec<LoginAttempt>> {
    let address = ServerAddress::parse(typed).unwrap();
    let password = StoredPassword::new(PASSWORD.to_owned());
    find_server(http, &address, Some(ServerKind::GoogleReader), "ann", &password)
}

#[test]
fn a_server_is_found_at_any_of_its_addresses() {
    let server = FakeGreader::start_at("/rss/p/api/greader.php");
    let http = client();
    for typed in [
        server.url(),
        server.site() + "rss/p/i/?a=normal",
        server.site() + "rss/p",
        server.url() + "/reader/api/0/",
    ] {
        let found = find(&http, &typed);
        assert_eq!(found.map(|session| session.url().to_owned()), Ok(server.url()), "{typed}");
    }
    let attempts = find(&http, &server.site()).err().unwrap();
    let tried: Vec<String> = attempts.into_iter().map(|attempt| attempt.url).collect();
    let address = ServerAddress::parse(&server.site()).unwrap();
    assert_eq!(tried, candidate_addresses(&address), "every address is named");
}
