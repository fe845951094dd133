//! Fetching from a server that does what servers do.

use std::{io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use newsreader::net::{
    Credentials, Fetch, FetchError, FetchLimits, FetchProblem, FetchRequest, FetchResponse,
    HttpClient, HttpOptions,
};

use crate::support::server::{Answer, Server};

fn fetch(url: &str) -> Result<FetchResponse, FetchError> {
    fetch_with(&FetchRequest::user_supplied(url), &FetchLimits::default())
}

fn fetch_with(request: &FetchRequest, limits: &FetchLimits) -> Result<FetchResponse, FetchError> {
    HttpClient::new(&HttpOptions::default()).unwrap().fetch(request, limits)
}

fn impatient() -> FetchLimits {
    let moment = Duration::from_millis(400);
    FetchLimits {
        connect_timeout: moment,
        response_timeout: moment,
        total_timeout: moment * 2,
        ..FetchLimits::default()
    }
}

fn problem(url: &str, limits: &FetchLimits) -> FetchProblem {
    fetch_with(&FetchRequest::user_supplied(url), limits).unwrap_err().problem
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server =
        Server::start(|asked| match asked.headers.get("if-none-match").map(String::as_str) {
            Some("\"v1\"") => Answer::status(304),
            _ => Answer::ok("news")
                .with("ETag", "\"v1\"")
                .with("Last-Modified", "Mon, 23 Nov 2026 12:00:00 GMT"),
        });
    let first = fetch(&server.url("/feed")).unwrap();
    assert_eq!((first.status, first.body.as_slice()), (200, b"news".as_slice()));
    let again = FetchRequest {
        etag: first.headers.etag.clone(),
        last_modified: first.headers.last_modified.clone(),
        ..FetchRequest::user_supplied(server.url("/feed"))
    };
    let second = fetch_with(&again, &FetchLimits::default()).unwrap();
    assert_eq!((second.status, second.body.len()), (304, 0));
    assert_eq!(server.asked()[1].headers["if-modified-since"], "Mon, 23 Nov 2026 12:00:00 GMT");
    assert!(server.asked()[0].headers["user-agent"].starts_with("newsreader/"));
    assert!(server.asked()[0].headers["accept-encoding"].contains("gzip"));
}

#[test]
fn statuses_are_answers() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/busy" => Answer::status(503).with("Retry-After", "120"),
        _ => Answer::status(404),
    });
    assert_eq!(fetch(&server.url("/no")).unwrap().status, 404);
    assert_eq!(fetch(&server.url("/busy")).unwrap().headers.retry_after.as_deref(), Some("120"));
}

#[test]
fn bodies_are_decoded_and_bounded() {
    let text = "news ".repeat(100_000);
    let whole = text.clone();
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/gzip" => Answer::ok(gzip(whole.as_bytes())).with("Content-Encoding", "gzip"),
        "/bomb" => Answer::ok(gzip(&vec![b' '; 64 << 20])).with("Content-Encoding", "gzip"),
        _ => Answer::Endless(b"HTTP/1.1 200 OK\r\n\r\n<rss>".to_vec(), b"<item/>".repeat(1000)),
    });
    let limits = FetchLimits { max_body_bytes: 1 << 20, ..FetchLimits::default() };
    let get =
        |path: &str| fetch_with(&FetchRequest::user_supplied(server.url(path)), &limits).unwrap();
    assert_eq!((get("/gzip").body == text.as_bytes(), get("/gzip").truncated), (true, false));
    assert_eq!((get("/bomb").body.len(), get("/bomb").truncated), (1 << 20, true));
    assert_eq!((get("/endless").body.len(), get("/endless").truncated), (1 << 20, true));
    let exact = FetchLimits { max_body_bytes: text.len() as u64, ..limits.clone() };
    assert!(
        !fetch_with(&FetchRequest::user_supplied(server.url("/gzip")), &exact).unwrap().truncated
    );
}

#[test]
fn a_body_that_is_cut_is_an_error() {
    let server = Server::start(|asked| {
        Answer::Raw(match asked.path.as_str() {
            "/length" => {
                b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly the beginning".to_vec()
            }
            "/chunks" => {
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhe"
                    .to_vec()
            }
            _ => {
                let body = gzip(&b"news ".repeat(1000));
                let head =
                    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
                [head.as_slice(), &body[..body.len() / 2]].concat()
            }
        })
    });
    for path in ["/length", "/chunks", "/gzip"] {
        assert_eq!(
            problem(&server.url(path), &FetchLimits::default()),
            FetchProblem::ConnectionClosed,
            "{path}"
        );
    }
}

#[test]
fn what_is_not_http_is_said_to_be_so() {
    let server = Server::start(|_| Answer::Raw(b"220 ready for mail\r\n".to_vec()));
    assert_eq!(problem(&server.url("/"), &FetchLimits::default()), FetchProblem::NotHttp);
}

#[test]
fn nobody_is_waited_for_for_ever() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/never" => Answer::Silent(Vec::new()),
        "/half" => Answer::Silent(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_vec()),
        _ => Answer::Drip(
            [b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n".as_slice(), &[b'x'; 9000]].concat(),
        ),
    });
    for path in ["/never", "/half", "/drip"] {
        assert!(
            matches!(problem(&server.url(path), &impatient()), FetchProblem::TimedOut { .. }),
            "{path}"
        );
    }
}

#[test]
fn redirects_are_followed_and_remembered() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/old" => Answer::status(301).with("Location", "/older"),
        "/older" => Answer::status(308).with("Location", "new#top"),
        "/half" => Answer::status(301).with("Location", "/today"),
        "/today" => Answer::status(302).with("Location", "/old"),
        "/loop" => Answer::status(302).with("Location", "/loop"),
        path if path.starts_with("/far") => {
            Answer::status(302).with("Location", &format!("{path}x"))
        }
        _ => Answer::ok("here"),
    });
    let moved = fetch(&server.url("/old")).unwrap();
    assert_eq!(fetch(&server.url("/half")).unwrap().moved_to, Some(server.url("/today")));
    assert_eq!(
        (moved.moved_to.as_deref(), moved.url.as_str()),
        (Some(&*server.url("/new")), &*server.url("/new"))
    );
    assert_eq!(fetch(&server.url("/today")).unwrap().moved_to, None);
    for path in ["/loop", "/far"] {
        let problem = problem(&server.url(path), &FetchLimits::default());
        assert_eq!(problem, FetchProblem::TooManyRedirects { limit: 10 }, "{path}");
    }
    let far = server.asked().iter().filter(|asked| asked.path.starts_with("/far")).count();
    assert_eq!(far, 11);
}

#[test]
fn redirects_lead_nowhere_that_is_not_safe() {
    let other = Server::start(|_| Answer::ok("secret"));
    let inside = other.url("/admin");
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/file" => Answer::status(302).with("Location", "file:///etc/passwd"),
        "/js" => Answer::status(302).with("Location", "javascript:alert(1)"),
        _ => Answer::status(302).with("Location", &inside),
    });
    for path in ["/file", "/js"] {
        assert!(
            matches!(
                problem(&server.url(path), &FetchLimits::default()),
                FetchProblem::UnsafeRedirect { .. }
            ),
            "{path}"
        );
    }
    let private = FetchProblem::PrivateAddress { address: "127.0.0.1".to_owned() };
    assert_eq!(problem(&server.url("/inside"), &FetchLimits::default()), private);
    assert!(other.asked().is_empty());
}

#[test]
fn what_the_user_did_not_give_does_not_reach_private_addresses() {
    let server = Server::start(|_| Answer::ok("secret"));
    let url = server.url("/");
    let port = url.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let request =
            FetchRequest { url: format!("http://{host}:{port}"), ..FetchRequest::default() };
        let error = fetch_with(&request, &impatient()).unwrap_err();
        assert!(matches!(error.problem, FetchProblem::PrivateAddress { .. }), "{host}: {error}");
    }
    assert!(server.asked().is_empty());
}

#[test]
fn secrets_stay_with_the_host_they_are_for() {
    let other = Server::start(|_| Answer::ok("other"));
    let there = other.url("/there").replace("127.0.0.1", "localhost");
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/away" => Answer::status(302).with("Location", &there),
        _ => Answer::ok("mine"),
    });
    let login = Credentials { user: "anna".to_owned(), password: "pass:word".to_owned() };
    assert!(!format!("{login:?}").contains("pass:word"));
    let request = FetchRequest {
        credentials: Some(login),
        headers: vec![("X-Key".to_owned(), "7".to_owned())],
        ..FetchRequest::user_supplied(server.url("/mine"))
    };
    fetch_with(&request, &FetchLimits::default()).unwrap();
    assert_eq!(server.asked()[0].headers["authorization"], "Basic YW5uYTpwYXNzOndvcmQ=");
    assert_eq!(server.asked()[0].headers["x-key"], "7");
    let away = FetchRequest { url: server.url("/away"), ..request };
    assert!(fetch_with(&away, &FetchLimits::default()).is_err());
    assert!(other.asked().is_empty());
}

#[test]
fn failures_name_the_host_and_nothing_secret() {
    let refused = fetch("http://anna:word@127.0.0.1:1/feed?key=7").unwrap_err();
    assert_eq!(refused.to_string(), "127.0.0.1: the server does not take connections");
    let unknown = fetch("http://no-such-host.invalid/").unwrap_err();
    assert!(
        matches!(unknown.problem, FetchProblem::HostNotFound | FetchProblem::NoNetwork),
        "{unknown}"
    );
    assert_eq!(fetch("gopher:x").unwrap_err().problem, FetchProblem::InvalidUrl);
}
