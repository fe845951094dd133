//! What the commands print of hostile data: nothing in it means something to a terminal, or makes text
//! look like other text.

use std::{fs, path::Path};

use newsreader::text::sanitize::is_deceptive;

use crate::support::{
    program::{run, stderr, stdout},
    server::{Server, TestResponse},
};

/// Sequences, control characters and bidi controls between letters. Where a sequence is not removed as
/// a whole, `77;77H` remains of it.
const HOSTILE: &str =
    "k\u{1b}[77;77H\u{1b}]0;t\u{7}\u{7f}\u{9d}\u{202e}l\u{202c}\u{2066}m\u{2069}\u{feff}\u{2028}n";

/// The same for XML, in which an escape character is written as a reference too.
fn hostile_xml() -> String {
    format!("{HOSTILE} &#27;[77;77H&#x1b;[77;77H&#x202e;o")
}

fn hostile_feed() -> String {
    let text = hostile_xml();
    format!(
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>F {text}</title>
         <link>http://e.example/{text}</link><description>{text}</description><language>{text}</language>
         <item><title>A {text}</title><link>http://e.example/{text}</link><guid>{text}</guid>
         <dc:creator>{text}</dc:creator><category>{text}</category><pubDate>{text}</pubDate>
         <comments>http://e.example/{text}</comments>
         <enclosure url='http://e.example/{text}' type='{text}' length='{text}'/>
         <description>B {text} &lt;b title=\"{text}\"&gt;{text}&lt;/b&gt;
         &lt;pre&gt;{text}&lt;/pre&gt;&lt;a href=\"http://e.example/{text}\"&gt;{text}&lt;/a&gt;
         &lt;img alt=\"{text}\" src=\"http://e.example/a.png\"&gt;</description></item></channel></rss>"
    )
}

fn hostile_json_feed() -> String {
    let json = format!("{HOSTILE} \u{9b}31m");
    let text: String =
        json.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat();
    format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J {text}\",\"description\":\"{text}\",
         \"items\":[{{\"id\":\"{text}\",\"title\":\"{text}\",\"url\":\"http://e.example/{text}\",
         \"content_text\":\"{text}\",\"tags\":[\"{text}\"],\"authors\":[{{\"name\":\"{text}\"}}]}}]}}"
    )
}

fn hostile_list() -> String {
    let text = hostile_xml();
    format!(
        "<opml><head><title>{text}</title></head><body><outline text='{text}'>
         <outline text='{text}' title='{text}' category='{text}' htmlUrl='http://e.example/{text}'
         xmlUrl='http://127.0.0.1:1/{text}'/><outline text='{text}' xmlUrl='exec:{text}'/>
         <outline text='{text}' xmlUrl='http://e{text}.example/'/></outline></body></opml>"
    )
}

/// Runs a command and checks both of its outputs.
fn check_output(home: &Path, args: &[&str]) -> String {
    let output = run(home, args);
    for (name, text) in [("output", stdout(&output)), ("error", stderr(&output))] {
        // Samples have joiners and marks that are part of their words.
        let raw: Vec<char> = text.chars().filter(|c| is_deceptive(*c)).collect();
        assert!(raw.is_empty(), "{args:?}: {raw:?} in {name}: {text:?}");
        // Whole sequences are escaped in JSON and in URLs.
        let without_whole = text.replace("\\u001b[77;77H", "").replace("%1B[77;77H", "");
        let remains = without_whole.find("77;77H");
        assert_eq!(remains, None, "{args:?}: remains of a sequence in {name}: {text:?}");
    }
    stdout(&output)
}

#[test]
fn commands_print_no_control_characters_of_feeds_files_and_lists() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.path.as_str() {
        "/page" => TestResponse::ok(format!("<title>{0}</title><p>{0}</p>", hostile_xml()))
            .with("Content-Type", "text/html"),
        "/feed.json" => TestResponse::ok(hostile_json_feed()),
        _ => TestResponse::ok(hostile_feed()),
    });
    let check = |args: &[&str]| check_output(home.path(), args);
    let folder = home.path().join(format!("folder {HOSTILE}"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join(format!("{HOSTILE}.md")), format!("# {HOSTILE}\n\n{HOSTILE}")).unwrap();
    fs::write(folder.join("mail.eml"), format!("Subject: {HOSTILE}\nFrom: {HOSTILE}\n\n{HOSTILE}"))
        .unwrap();
    let list = home.path().join(format!("list {HOSTILE}.opml"));
    fs::write(&list, hostile_list()).unwrap();
    let file = home.path().join("feed.xml");
    fs::write(&file, hostile_feed()).unwrap();
    let [folder, list, file] = [&folder, &list, &file].map(|path| path.to_str().unwrap());
    let [feed, json, page] = ["/feed", "/feed.json", "/page"].map(|path| server.url(path));
    for args in [
        &["feed", "add", &feed, "--folder", HOSTILE, "--tags", HOSTILE, "--name", HOSTILE][..],
        &["add", &json],
        &["add", folder],
        &["feed", "import", list],
        &["save", &page],
        &["refresh"],
        &["refresh", "--json"],
        &["feed", "list"],
        &["feed", "list", "--json"],
        &["feed", "export"],
        &["feed", "discover", &feed],
        &["feed", "discover", &page],
        &["feed", "check", file],
        &["feed", "check", "--json", file],
        &["feed", "check", &json, "--json"],
        &[&feed],
        &[file],
        &[folder],
        &["list"],
        &["search"],
        &["search", "--json"],
        &["search", "--histogram", "year"],
        &["doctor"],
        &["index", "status"],
        &["index", "verify"],
        &["feed", "edit", HOSTILE, "--name", HOSTILE],
    ] {
        check(args);
    }
    let listed = check(&["list"]);
    assert!(listed.lines().count() >= 5, "{listed}");
    for line in listed.lines() {
        let number = line.split('\t').next().unwrap();
        for format in ["text", "markdown", "html"] {
            check(&["read", number, "--format", format]);
        }
    }
    check(&["feed", "remove", HOSTILE, "nothing"]);
}

#[test]
fn json_escapes_what_it_stores_exactly() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("feed.json");
    fs::write(&file, hostile_json_feed()).unwrap();
    let checked = check_output(home.path(), &["feed", "check", "--json", file.to_str().unwrap()]);
    let parsed: serde_json::Value = serde_json::from_str(&checked).unwrap();
    let title = parsed["feed"]["title"].as_str().unwrap();
    assert!(title.contains('\u{202e}') && checked.contains("\\u202e"), "{checked}");
}

#[test]
fn errors_about_arguments_print_no_control_characters() {
    let home = tempfile::tempdir().unwrap();
    let hostile = format!("{HOSTILE}\u{9b}77;77H");
    let option = format!("--{hostile}");
    let url = format!("http://ann:word@{hostile}/");
    let folder = home.path().join(&hostile);
    let folder = folder.to_str().unwrap();
    for args in [
        &[&*hostile][..],
        &[&option],
        &["feed", &hostile],
        &["feed", "list", &option],
        &["search", "--sort", &hostile],
        &["search", &format!("{hostile}:")],
        &["search", &format!("/{hostile}(/")],
        &["search", "--histogram", &hostile],
        &["read", &hostile],
        &["read", "1", "--format", &hostile],
        &["save", &hostile, &url],
        &["add", &hostile, &url, &format!("exec:{hostile}")],
        &["feed", "add", &hostile, "--every", &hostile],
        &["feed", "add", "x.example", "--header", &hostile, "--password", &hostile],
        &["feed", "edit", &hostile, "--muted"],
        &["feed", "remove", &hostile],
        &["feed", "import", &hostile],
        &["feed", "check", &hostile],
        &["feed", "check", &url],
        &["refresh", "--feed", &hostile],
        &["completions", &hostile],
        &["index", &hostile],
        &["list", "nothing", "--library", folder],
        &["list", "nothing", "--settings", folder],
        &["doctor", "--settings", folder],
    ] {
        check_output(home.path(), args);
    }
}
