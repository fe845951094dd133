//! Rows and input for scripts: `list --format`, and `save` with URLs on standard input.

use std::{fs, io::Write, process::Stdio};

use crate::support::{
    program::{command, home_with_library, run, stderr, stdout},
    server::{Server, TestResponse},
};

#[test]
fn list_format_prints_each_article_in_the_form_of_the_user() {
    let home = home_with_library();
    fs::write(
        home.path().join("news/c.md"),
        "---\ntitle: \"A\\tthird\"\nauthor: Ann Weil\ndate: 2026-01-30\nlink: https://e.org/c\n---\nText.\n",
    )
    .unwrap();
    run(home.path(), &["refresh"]);
    run(home.path(), &["tag", "--add", "urgent", "3"]);
    run(home.path(), &["star", "3"]);
    for (template, expected) in [
        (r"{id}\t{title}", "3\tA\\tthird\n2\tRust turns ten\n1\tThe bridge reopens\n"),
        (r"{url}\0", "https://e.org/c\0\0\0"),
        (
            "{date} {feed} {author} {tags} {read} {starred}",
            "2026-01-30 news Ann Weil urgent no yes\n2026-01-29 news   no no\n2026-01-28 news   no no\n",
        ),
    ] {
        let listed = run(home.path(), &["list", "--format", template]);
        assert_eq!(stdout(&listed), expected, "{template}");
    }
    for (args, sentence) in [
        (&["--format", "{titel}"][..], "did you mean `title`?"),
        (&["--format", "{file}"], "there is no slot `file`"),
        (&["--format", "{id}", "--json"], "two forms"),
    ] {
        let refused = run(home.path(), &[&["list"], args].concat());
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        assert!(stderr(&refused).contains(sentence), "{}", stderr(&refused));
    }
}

#[test]
fn save_reads_urls_from_standard_input() {
    let server = Server::start(|request| {
        let title = request.path.trim_start_matches('/').to_owned();
        let text = "A sentence of the story that is long enough to be one. ".repeat(30);
        TestResponse::ok(format!(
            "<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
        ))
        .with("content-type", "text/html")
    });
    let home = home_with_library();
    let save = |args: &[&str], input: &str| {
        let mut child = command(home.path(), &[&["save"], args].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let lines = format!("# pages\n{}\n\n  {}\n", server.url("/Ferries"), server.url("/Bridges"));
    let saved = save(&[], &lines);
    assert_eq!(saved.status.code(), Some(0), "{}", stderr(&saved));
    assert_eq!(stderr(&saved), "Saved: Ferries\nSaved: Bridges\n");
    let saved = save(&["--json", &server.url("/Locks"), "-"], &server.url("/Quays"));
    assert_eq!(saved.status.code(), Some(0), "{}", stderr(&saved));
    assert!(stdout(&saved).contains("\"changed\": 2"), "{}", stdout(&saved));
    assert_eq!(save(&["-"], "# none\n").status.code(), Some(2));
    assert_eq!(save(&["-"], &"x".repeat((1 << 20) + 1)).status.code(), Some(1));
}
