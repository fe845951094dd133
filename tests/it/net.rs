//! The HTTP client against a local server that misbehaves in every way that servers do.

use std::{io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use newsreader::net::{
    Credentials, Fetch, FetchError, FetchLimits, FetchProblem, FetchRequest, FetchResponse,
    HttpClient, HttpOptions,
};

use crate::support::server::{Server, TestResponse};

fn fetch(url: &str) -> Result<FetchResponse, FetchError> {
    fetch_with(&FetchRequest::user_supplied(url), &FetchLimits::default())
}

fn fetch_with(request: &FetchRequest, limits: &FetchLimits) -> Result<FetchResponse, FetchError> {
    HttpClient::new(&HttpOptions::default()).unwrap().fetch(request, limits)
}

fn short_timeouts() -> FetchLimits {
    let timeout = Duration::from_millis(400);
    FetchLimits {
        connect_timeout: timeout,
        response_timeout: timeout,
        total_timeout: timeout * 2,
        ..FetchLimits::default()
    }
}

fn fetch_problem(url: &str, limits: &FetchLimits) -> FetchProblem {
    fetch_with(&FetchRequest::user_supplied(url), limits).unwrap_err().problem
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn fetch_sends_validators_and_accepts_304() {
    let server =
        Server::start(|request| match request.headers.get("if-none-match").map(String::as_str) {
            Some("\"v1\"") => TestResponse::status(304),
            _ => TestResponse::ok("news")
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
    assert_eq!(server.requests()[1].headers["if-modified-since"], "Mon, 23 Nov 2026 12:00:00 GMT");
    assert!(server.requests()[0].headers["user-agent"].starts_with("newsreader/"));
    assert!(server.requests()[0].headers["accept-encoding"].contains("gzip"));
}

#[test]
fn fetch_returns_error_statuses_as_responses() {
    let server = Server::start(|request| match request.path.as_str() {
        "/busy" => TestResponse::status(503).with("Retry-After", "120"),
        _ => TestResponse::status(404),
    });
    assert_eq!(fetch(&server.url("/no")).unwrap().status, 404);
    assert_eq!(fetch(&server.url("/busy")).unwrap().headers.retry_after.as_deref(), Some("120"));
}

#[test]
fn fetch_decodes_and_truncates_bodies() {
    let text = "news ".repeat(100_000);
    let whole = text.clone();
    let server = Server::start(move |request| match request.path.as_str() {
        "/gzip" => TestResponse::ok(gzip(whole.as_bytes())).with("Content-Encoding", "gzip"),
        "/bomb" => TestResponse::ok(gzip(&vec![b' '; 64 << 20])).with("Content-Encoding", "gzip"),
        _ => {
            TestResponse::Endless(b"HTTP/1.1 200 OK\r\n\r\n<rss>".to_vec(), b"<item/>".repeat(1000))
        }
    });
    let limits = FetchLimits { max_body_bytes: 1 << 20, ..FetchLimits::default() };
    let fetch_path =
        |path: &str| fetch_with(&FetchRequest::user_supplied(server.url(path)), &limits).unwrap();
    assert_eq!(
        (fetch_path("/gzip").body == text.as_bytes(), fetch_path("/gzip").truncated),
        (true, false)
    );
    assert_eq!((fetch_path("/bomb").body.len(), fetch_path("/bomb").truncated), (1 << 20, true));
    assert_eq!(
        (fetch_path("/endless").body.len(), fetch_path("/endless").truncated),
        (1 << 20, true)
    );
    let exact = FetchLimits { max_body_bytes: text.len() as u64, ..limits.clone() };
    assert!(
        !fetch_with(&FetchRequest::user_supplied(server.url("/gzip")), &exact).unwrap().truncated
    );
}

#[test]
fn fetch_reads_bodies_whose_coding_is_wrong_or_missing() {
    let server = Server::start(|request| {
        let (coding, body) = request.path[1..].split_once('/').unwrap();
        let body = match body {
            "gzip" => gzip(b"<rss/>"),
            "plain" => b"<rss/>".to_vec(),
            "long" => b"<rss><item>plain</item></rss>".repeat(200),
            _ => b"\x1f\x9d\x90\x01\x02\x03".to_vec(),
        };
        let response = TestResponse::ok(body);
        if coding.is_empty() { response } else { response.with("Content-Encoding", coding) }
    });
    for path in ["//gzip", "/gzip/gzip", "/x-gzip/gzip", "/gzip/plain", "/utf-8/plain"] {
        assert_eq!(fetch(&server.url(path)).unwrap().body, b"<rss/>", "{path}");
    }
    for (coding, body) in [("br", "long"), ("compress", "binary"), ("gzip", "binary")] {
        let error = fetch(&server.url(&format!("/{coding}/{body}"))).unwrap_err();
        let sentence =
            format!("127.0.0.1: the answer is compressed in a way that cannot be read ({coding})");
        assert_eq!(error.to_string().replace("brotli", "br"), sentence);
    }
    assert!(server.requests()[0].headers["accept-encoding"].contains("deflate"));
}

#[test]
fn fetch_reports_connection_closed_within_body() {
    let server = Server::start(|request| {
        TestResponse::Raw(match request.path.as_str() {
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
            fetch_problem(&server.url(path), &FetchLimits::default()),
            FetchProblem::ConnectionClosed,
            "{path}"
        );
    }
}

#[test]
fn interrupted_fetch_fails_and_later_ones_succeed() {
    let (asked_sender, asked) = std::sync::mpsc::channel();
    let server = Server::start(move |request| match request.path.as_str() {
        "/silent" => {
            asked_sender.send(()).unwrap();
            TestResponse::Silent(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello".to_vec())
        }
        _ => TestResponse::ok("hello"),
    });
    let client = HttpClient::new(&HttpOptions::default()).unwrap();
    let limits = FetchLimits { interruptible: true, ..FetchLimits::default() };
    let request = |path: &str| FetchRequest::user_supplied(server.url(path));
    let interrupted = std::thread::scope(|scope| {
        let fetch = scope.spawn(|| client.fetch(&request("/silent"), &limits));
        asked.recv().unwrap();
        client.interrupt();
        fetch.join().unwrap().unwrap_err()
    });
    assert!(!matches!(interrupted.problem, FetchProblem::TimedOut { .. }), "{interrupted}");
    assert_eq!(client.fetch(&request("/"), &limits).unwrap().body, b"hello");
}

#[test]
fn fetch_reports_response_that_is_not_http() {
    let server = Server::start(|_| TestResponse::Raw(b"220 ready for mail\r\n".to_vec()));
    assert_eq!(fetch_problem(&server.url("/"), &FetchLimits::default()), FetchProblem::NotHttp);
}

#[test]
fn fetch_times_out_on_silent_and_slow_servers() {
    let server = Server::start(|request| match request.path.as_str() {
        "/never" => TestResponse::Silent(Vec::new()),
        "/half" => {
            TestResponse::Silent(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_vec())
        }
        _ => TestResponse::Drip(
            [b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n".as_slice(), &[b'x'; 9000]].concat(),
        ),
    });
    for path in ["/never", "/half", "/drip"] {
        assert!(
            matches!(
                fetch_problem(&server.url(path), &short_timeouts()),
                FetchProblem::TimedOut { .. }
            ),
            "{path}"
        );
    }
}

#[test]
fn fetch_follows_redirects_and_reports_permanent_ones() {
    let server = Server::start(|request| match request.path.as_str() {
        "/old" => TestResponse::status(301).with("Location", "/older"),
        "/older" => TestResponse::status(308).with("Location", "new#top"),
        "/half" => TestResponse::status(301).with("Location", "/today"),
        "/today" => TestResponse::status(302).with("Location", "/old"),
        "/loop" => TestResponse::status(302).with("Location", "/loop"),
        path if path.starts_with("/far") => {
            TestResponse::status(302).with("Location", &format!("{path}x"))
        }
        _ => TestResponse::ok("here"),
    });
    let moved = fetch(&server.url("/old")).unwrap();
    assert_eq!(fetch(&server.url("/half")).unwrap().moved_to, Some(server.url("/today")));
    assert_eq!(
        (moved.moved_to.as_deref(), moved.url.as_str()),
        (Some(&*server.url("/new")), &*server.url("/new"))
    );
    assert_eq!(fetch(&server.url("/today")).unwrap().moved_to, None);
    for path in ["/loop", "/far"] {
        let problem = fetch_problem(&server.url(path), &FetchLimits::default());
        assert_eq!(problem, FetchProblem::TooManyRedirects { limit: 10 }, "{path}");
    }
    let far = server.requests().iter().filter(|request| request.path.starts_with("/far")).count();
    assert_eq!(far, 11);
}

#[test]
fn fetch_refuses_unsafe_redirects() {
    let other = Server::start(|_| TestResponse::ok("secret"));
    let inside = other.url("/admin");
    let server = Server::start(move |request| match request.path.as_str() {
        "/file" => TestResponse::status(302).with("Location", "file:///etc/passwd"),
        "/js" => TestResponse::status(302).with("Location", "javascript:alert(1)"),
        _ => TestResponse::status(302).with("Location", &inside),
    });
    for path in ["/file", "/js"] {
        assert!(
            matches!(
                fetch_problem(&server.url(path), &FetchLimits::default()),
                FetchProblem::UnsafeRedirect { .. }
            ),
            "{path}"
        );
    }
    let private = FetchProblem::PrivateAddress { address: "127.0.0.1".to_owned() };
    assert_eq!(fetch_problem(&server.url("/inside"), &FetchLimits::default()), private);
    assert!(other.requests().is_empty());
}

#[test]
fn fetch_refuses_private_addresses_in_untrusted_urls() {
    let server = Server::start(|_| TestResponse::ok("secret"));
    let url = server.url("/");
    let port = url.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let request =
            FetchRequest { url: format!("http://{host}:{port}"), ..FetchRequest::default() };
        let error = fetch_with(&request, &short_timeouts()).unwrap_err();
        assert!(matches!(error.problem, FetchProblem::PrivateAddress { .. }), "{host}: {error}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn credentials_are_not_sent_to_redirect_target() {
    let other = Server::start(|_| TestResponse::ok("other"));
    let there = other.url("/there").replace("127.0.0.1", "localhost");
    let server = Server::start(move |request| match request.path.as_str() {
        "/away" => TestResponse::status(302).with("Location", &there),
        _ => TestResponse::ok("mine"),
    });
    let credentials = Credentials { user: "anna".to_owned(), password: "pass:word".to_owned() };
    assert!(!format!("{credentials:?}").contains("pass:word"));
    let request = FetchRequest {
        credentials: Some(credentials),
        headers: vec![("X-Key".to_owned(), "7".to_owned())],
        ..FetchRequest::user_supplied(server.url("/mine"))
    };
    fetch_with(&request, &FetchLimits::default()).unwrap();
    assert_eq!(server.requests()[0].headers["authorization"], "Basic YW5uYTpwYXNzOndvcmQ=");
    assert_eq!(server.requests()[0].headers["x-key"], "7");
    let away = FetchRequest { url: server.url("/away"), ..request };
    assert!(fetch_with(&away, &FetchLimits::default()).is_err());
    assert!(other.requests().is_empty());
}

#[test]
fn user_info_of_the_url_is_decoded_and_stays_at_its_origin() {
    let other = Server::start(|_| TestResponse::ok("other"));
    let there = other.url("/there").replace("127.0.0.1", "localhost");
    let server = Server::start(move |request| match request.path.as_str() {
        "/away" => TestResponse::status(301).with("Location", &there),
        "/old" => TestResponse::status(301).with("Location", "/new"),
        _ => TestResponse::ok("mine"),
    });
    let with_user =
        |path: &str| server.url(path).replace("http://", "http://me%40example.org:p%3Aw@");
    let moved = fetch(&with_user("/old")).unwrap();
    assert_eq!(
        (moved.url.as_str(), moved.moved_to.as_deref()),
        (&*server.url("/new"), None),
        "the new URL would not have the password"
    );
    for request in server.requests() {
        // The Base64 form of "me@example.org:p:w".
        assert_eq!(request.headers["authorization"], "Basic bWVAZXhhbXBsZS5vcmc6cDp3");
        assert!(request.headers["host"].starts_with("127.0.0.1:"));
    }
    assert!(fetch(&with_user("/away")).is_err());
    assert!(other.requests().is_empty());
}

#[test]
fn fetch_errors_name_host_without_credentials() {
    let refused = fetch("http://anna:word@127.0.0.1:1/feed?key=7").unwrap_err();
    assert_eq!(refused.to_string(), "127.0.0.1: the server refuses connections");
    let unknown = fetch("http://no-such-host.invalid/").unwrap_err();
    assert!(
        matches!(unknown.problem, FetchProblem::HostNotFound | FetchProblem::NoNetwork),
        "{unknown}"
    );
    for (url, sentence) in [
        ("gopher:x", "the address begins with gopher:, not with https:// or http://"),
        ("example.org/feed", "the address has no https:// or http:// in front"),
        ("https://xn--a/", "xn--a: the address has an invalid host name"),
        ("https://example.org:99999/", "example.org: the address has an invalid port number"),
    ] {
        assert_eq!(fetch(url).unwrap_err().to_string(), sentence);
    }
}

#[test]
fn fetch_percent_encodes_the_url_and_keeps_its_spelling() {
    let server = Server::start(|request| match request.path.as_str() {
        "/moved" => TestResponse::status(301).with("Location", "/a|b"),
        _ => TestResponse::ok("here"),
    });
    let url = server.url("/Straße und/ä?q=ö");
    assert_eq!(fetch(&url).unwrap().url, url);
    assert_eq!(server.requests()[0].path, "/Stra%C3%9Fe%20und/%C3%A4?q=%C3%B6");
    assert_eq!(fetch(&server.url("/moved")).unwrap().moved_to, Some(server.url("/a|b")));
}

#[test]
fn trust_and_credentials_follow_the_parsed_origin() {
    let server = Server::start(|_| TestResponse::ok("here"));
    let port = server.url("").rsplit(':').next().unwrap().to_owned();
    let target = format!("http://127.0.0.1:{port}/feed");
    let first = Server::start(move |_| TestResponse::status(302).with("Location", &target));
    let request = FetchRequest::user_supplied(first.url("/"));
    let error = fetch_with(&request, &FetchLimits::default()).unwrap_err();
    assert!(matches!(error.problem, FetchProblem::PrivateAddress { .. }), "another port: {error}");
    // Every spelling of the loopback address is recognised.
    for host in ["0x7f.1", "2130706433", "127.1"] {
        let url = format!("http://{host}:{port}/feed");
        assert!(fetch_with(&FetchRequest::user_supplied(&url), &FetchLimits::default()).is_ok());
        let error =
            fetch_with(&FetchRequest { url, ..FetchRequest::default() }, &FetchLimits::default())
                .unwrap_err();
        assert!(matches!(error.problem, FetchProblem::PrivateAddress { .. }), "{host}: {error}");
    }
}
