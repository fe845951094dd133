//! Services to which articles are sent, each against a fake of the call that it documents.

use std::{fs, path::Path, process::Output};

use serde_json::{Value, json};

use crate::support::{
    form_fields::{decode_fields, field},
    program::{home_with_library, run, run_with, stderr, stdout},
    server::{Server, TestRequest, TestResponse},
};

/// A home with an article that has a URL and a tag, and settings for services.
fn home_with_settings(settings: &str) -> tempfile::TempDir {
    let home = home_with_library();
    fs::write(
        home.path().join("news/c.md"),
        "---\ntitle: The \"new\" bridge\nauthor: Ann Weil\ndate: 2026-01-30\nlink: https://e.org/bridge\n---\nText.\n",
    )
    .unwrap();
    run(home.path(), &["refresh"]);
    run(home.path(), &["tag", "--add", "keep", "3"]);
    fs::create_dir_all(home.path().join("config/newsreader")).unwrap();
    fs::write(home.path().join("config/newsreader/settings.toml"), settings).unwrap();
    home
}

fn send(home: &Path, service: &str) -> Output {
    run_with(home, &["send", service, "3"], &[("TOKEN", "sesame"), ("SECRET", "hush")])
}

fn body(request: &TestRequest) -> Value {
    serde_json::from_str(&request.body).unwrap()
}

#[test]
fn server_with_a_token_gets_url_title_and_tags() {
    for (service, path, authorization, status, expected) in [
        (
            "linkding",
            "/sub/api/bookmarks/",
            "Token sesame",
            201,
            json!({"url": "https://e.org/bridge", "title": "The \"new\" bridge", "tag_names": ["keep"]}),
        ),
        (
            "readeck",
            "/sub/api/bookmarks",
            "Bearer sesame",
            202,
            json!({"url": "https://e.org/bridge", "title": "The \"new\" bridge", "labels": ["keep"]}),
        ),
    ] {
        let server = Server::start(move |_| TestResponse::status(status));
        let url = server.url("/sub/");
        let home = home_with_settings(&format!(
            "[services.{service}]\nurl = \"{url}\"\ntoken = \"env:TOKEN\"\n"
        ));
        let sent = send(home.path(), service);
        assert_eq!(sent.status.code(), Some(0), "{service}: {}", stderr(&sent));
        assert_eq!(stdout(&sent), format!("1 article sent to {service}\n"));
        let [request] = &server.requests()[..] else { panic!("{service}") };
        assert_eq!(request.path, path, "{service}");
        assert_eq!(request.headers["authorization"], authorization, "{service}");
        assert_eq!(request.headers["content-type"], "application/json", "{service}");
        assert_eq!(body(request), expected, "{service}");
    }
}

#[test]
fn karakeep_gets_the_tags_in_a_call_of_their_own() {
    let server = Server::start(|request| match request.path.as_str() {
        "/api/v1/bookmarks" => TestResponse::ok(r#"{"id":"b/1","tags":[]}"#),
        "/api/v1/bookmarks/b%2F1/tags" => TestResponse::ok(r#"{"attached":["t1"]}"#),
        _ => TestResponse::status(404),
    });
    let home = home_with_settings(&format!(
        "[services.karakeep]\nurl = \"{}\"\ntoken = \"env:TOKEN\"\n",
        server.url("/")
    ));
    let sent = send(home.path(), "karakeep");
    assert_eq!(sent.status.code(), Some(0), "{}", stderr(&sent));
    let [page, tags] = &server.requests()[..] else { panic!("{:?}", server.requests()) };
    let expected =
        json!({"type": "link", "url": "https://e.org/bridge", "title": "The \"new\" bridge"});
    assert_eq!(body(page), expected);
    assert_eq!(body(tags), json!({"tags": [{"tagName": "keep"}]}));
    assert_eq!(tags.headers["authorization"], "Bearer sesame");
    run(home.path(), &["tag", "--remove", "keep", "3"]);
    assert_eq!(send(home.path(), "karakeep").status.code(), Some(0));
    assert_eq!(server.requests().len(), 3, "without tags there is no second call");
}

#[test]
fn tags_that_karakeep_does_not_take_are_named() {
    for (answer, reason) in
        [("{}", "the server did not name the bookmark"), ("{\"id\":\"1\"}", "404")]
    {
        let server = Server::start(move |request| match request.path.as_str() {
            "/api/v1/bookmarks" => TestResponse::ok(answer),
            _ => TestResponse::status(404),
        });
        let home = home_with_settings(&format!(
            "[services.karakeep]\nurl = \"{}\"\ntoken = \"env:TOKEN\"\n",
            server.url("/")
        ));
        let sent = send(home.path(), "karakeep");
        assert_eq!(sent.status.code(), Some(1));
        let said = stderr(&sent);
        assert!(
            said.contains("it is kept there without its tags: ") && said.contains(reason),
            "{said}"
        );
    }
}

#[test]
fn mail_with_the_slot_of_a_draft_gets_a_url() {
    let home = home_with_settings("");
    let file = home.path().join("draft").to_str().unwrap().to_owned();
    let settings = format!(
        "[services.mail]\ncommand = [\"sh\", \"-c\", 'printf %s \"$2\" > \"$1\"', \"sh\", \"{file}\", \"{{mailto}}\"]\n"
    );
    fs::write(home.path().join("config/newsreader/settings.toml"), settings).unwrap();
    let sent = send(home.path(), "mail");
    assert_eq!(sent.status.code(), Some(0), "{}", stderr(&sent));
    let draft = fs::read_to_string(file).unwrap();
    let start = "mailto:?subject=The%20%22new%22%20bridge&body=https%3A%2F%2Fe.org%2Fbridge%0D%0A";
    assert!(draft.starts_with(start), "{draft}");
}

#[test]
fn wallabag_gives_a_token_for_the_password() {
    let server = Server::start(|request| match request.path.as_str() {
        "/oauth/v2/token" => TestResponse::ok(r#"{"access_token":"abc","expires_in":3600}"#),
        _ => TestResponse::ok("{}"),
    });
    let home = home_with_settings(&format!(
        "[services.wallabag]\nurl = \"{}\"\nuser = \"ann\"\npassword = \"env:TOKEN\"\nclient = \"1_x\"\n\
         client_secret = \"env:SECRET\"\n",
        server.url("/")
    ));
    let sent = send(home.path(), "wallabag");
    assert_eq!(sent.status.code(), Some(0), "{}", stderr(&sent));
    let [login, entry] = &server.requests()[..] else { panic!() };
    let fields = decode_fields(&login.body);
    let values = ["grant_type", "username", "password", "client_id", "client_secret"];
    assert_eq!(
        values.map(|name| field(&fields, name)),
        ["password", "ann", "sesame", "1_x", "hush"]
    );
    assert_eq!(entry.path, "/api/entries.json");
    assert_eq!(entry.headers["authorization"], "Bearer abc");
    assert_eq!(body(entry)["tags"], "keep");
}

#[test]
fn zotero_gets_an_item_with_its_author() {
    let server = Server::start(|_| TestResponse::status(201));
    let home = home_with_settings(&format!("[services.zotero]\nurl = \"{}\"\n", server.url("")));
    let sent = send(home.path(), "zotero");
    assert_eq!(sent.status.code(), Some(0), "{}", stderr(&sent));
    let [request] = &server.requests()[..] else { panic!() };
    assert_eq!(request.path, "/connector/saveItems");
    assert_eq!(request.headers["x-zotero-connector-api-version"], "3");
    let item = &body(request)["items"][0];
    assert_eq!((&item["itemType"], &item["date"]), (&json!("webpage"), &json!("2026-01-30")));
    assert_eq!(item["creators"][0]["lastName"], "Ann Weil");
}

#[test]
fn mail_buku_and_note_get_the_article() {
    let home = home_with_settings("");
    let [mail, bookmark, note] = ["mail", "bookmark", "note.md"]
        .map(|name| home.path().join(name).to_str().unwrap().to_owned());
    let settings = format!(
        "[services.mail]\nto = \"ann@example.org\"\ncommand = [\"sh\", \"-c\", 'cat > \"$1\"', \"sh\", \"{mail}\"]\n\
         [services.buku]\ncommand = [\"sh\", \"-c\", 'f=\"$1\"; shift; printf \"%s\\n\" \"$@\" > \"$f\"', \"sh\", \"{bookmark}\"]\n\
         [services.note]\nfile = \"{note}\"\n"
    );
    fs::write(home.path().join("config/newsreader/settings.toml"), settings).unwrap();
    for service in ["mail", "buku", "note", "note"] {
        let sent = send(home.path(), service);
        assert_eq!(sent.status.code(), Some(0), "{service}: {}", stderr(&sent));
    }
    let mail = fs::read_to_string(mail).unwrap();
    assert!(mail.starts_with("To: ann@example.org\nSubject: The \"new\" bridge\n"), "{mail}");
    assert_eq!(
        fs::read_to_string(bookmark).unwrap(),
        "--nostdin\n--add\nhttps://e.org/bridge\nkeep\n--title=The \"new\" bridge\n"
    );
    let line = "- [The \"new\" bridge](<https://e.org/bridge>) – news, 2026-01-30 #keep\n";
    assert_eq!(fs::read_to_string(note).unwrap(), line.repeat(2));
}

#[test]
fn service_that_refuses_or_is_not_set_up_is_named() {
    let server = Server::start(|_| TestResponse::status(401));
    let url = server.url("");
    let linkding = format!("[services.linkding]\nurl = \"{url}\"\ntoken = ");
    for (settings, service, code, sentence) in [
        (
            format!("{linkding}\"env:TOKEN\"\n"),
            "linkding",
            1,
            "Cannot send “The \"new\" bridge” to linkding: ",
        ),
        (format!("{linkding}\"sesame\"\n"), "linkding", 1, "`token` must be written env:NAME"),
        (String::new(), "readeck", 1, "the setting `services.readeck.token` is empty"),
        (String::new(), "linkdin", 2, "did you mean `linkding`?"),
    ] {
        let home = home_with_settings(&settings);
        let sent = send(home.path(), service);
        assert_eq!(sent.status.code(), Some(code), "{service}");
        assert!(stderr(&sent).contains(sentence), "{}", stderr(&sent));
        assert!(!stderr(&sent).contains("sesame"));
    }
    let home = home_with_settings(&format!("{linkding}\"env:TOKEN\"\n"));
    let without_url = run_with(home.path(), &["send", "linkding", "1"], &[("TOKEN", "sesame")]);
    assert!(stderr(&without_url).contains("it has no URL"), "{}", stderr(&without_url));
}
