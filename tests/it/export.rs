//! Exports: every format, read back by what reads it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

use crate::support::{
    json_schema::validate,
    program::{home_with_library, run, stderr, stdout},
};

fn export(home: &Path, args: &[&str]) -> Output {
    run(home, &[&["export"], args].concat())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            names.extend(self::names(&path).into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            names.push(name);
        }
    }
    names.sort();
    names
}

#[test]
fn json_lines_have_an_article_on_each_line_with_its_text() {
    let home = home_with_library();
    run(home.path(), &["star", "1"]);
    run(home.path(), &["tag", "--add", "urgent", "1"]);
    let exported = export(home.path(), &["--format", "json-lines"]);
    assert_eq!(exported.status.code(), Some(0), "{}", stderr(&exported));
    let schema: Value =
        serde_json::from_str(&fs::read_to_string("assets/schemas/article.json").unwrap()).unwrap();
    let articles: Vec<Value> =
        stdout(&exported).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(articles.len(), 2);
    for article in &articles {
        validate(&schema, article).unwrap();
    }
    assert_eq!(articles[1]["title"], "The bridge reopens");
    assert_eq!(articles[1]["text"], "The bridge reopens. It was shut for two years.\n\nMore.");
    assert_eq!(articles[1]["starred"], true);
    assert_eq!(articles[1]["tags"], serde_json::json!(["urgent"]));
    let narrowed = stdout(&export(home.path(), &["--format", "json-lines", "is:starred"]));
    assert_eq!(narrowed.lines().count(), 1);
}

#[test]
fn markdown_folder_is_read_back_as_a_feed() {
    let home = home_with_library();
    run(home.path(), &["tag", "--add", "urgent", "1"]);
    let folder = home.path().join("notes");
    let path = folder.to_str().unwrap();
    let exported = export(home.path(), &["--format", "markdown", "--output", path]);
    assert_eq!(exported.status.code(), Some(0), "{}", stderr(&exported));
    assert_eq!(
        names(&folder),
        ["news/2026-01-28 The bridge reopens 1.md", "news/2026-01-29 Rust turns ten 2.md"]
    );
    let other = tempfile::tempdir().unwrap();
    run(other.path(), &["add", path]);
    let read = stdout(&run(other.path(), &["list", "--json", "tag:urgent"]));
    let read: Value = serde_json::from_str(&read).unwrap();
    assert_eq!(read["articles"][0]["title"], "The bridge reopens");
    assert_eq!(read["articles"][0]["published"], "2026-01-28");
    let text = |home: &Path, id| {
        stdout(&run(home, &["read", id])).split_once("\n\n").unwrap().1.to_owned()
    };
    let id = read["articles"][0]["id"].to_string();
    assert_eq!(text(other.path(), &id), text(home.path(), "1"));
}

#[test]
fn html_is_one_page_or_a_folder_with_an_index() {
    let home = home_with_library();
    let page = home.path().join("news.html");
    assert!(export(home.path(), &["--output", page.to_str().unwrap()]).status.success());
    let html = fs::read_to_string(&page).unwrap();
    assert!(html.contains("<article id=\"article-1\"") && html.contains("Rust turns ten"));
    assert!(html.ends_with("</body>\n</html>\n"));
    let site = home.path().join("site");
    let args = ["--format", "html", "--output", site.to_str().unwrap()];
    assert!(export(home.path(), &args).status.success());
    let index = fs::read_to_string(site.join("index.html")).unwrap();
    assert!(
        index.contains("<a href=\"news/2026-01-28%20The%20bridge%20reopens%201.html\">"),
        "{index}"
    );
    assert_eq!(names(&site).len(), 3);
}

#[test]
fn everything_is_a_folder_or_an_archive() {
    let home = home_with_library();
    run(home.path(), &["rule", "add", "Bridges", "--query", "bridge", "--star"]);
    run(home.path(), &["tag", "--add", "hidden", "2"]);
    run(home.path(), &["save", "nowhere"]);
    let folder = home.path().join("all");
    let args = ["--format", "everything", "--output", folder.to_str().unwrap()];
    let exported = export(home.path(), &args);
    assert_eq!(exported.status.code(), Some(0), "{}", stderr(&exported));
    assert_eq!(
        names(&folder),
        ["articles.jsonl", "feeds.opml", "rules.json", "tags.json", "views.json"]
    );
    let articles = fs::read_to_string(folder.join("articles.jsonl")).unwrap();
    assert_eq!(articles.lines().count(), 2, "hidden articles are exported too");
    assert!(fs::read_to_string(folder.join("rules.json")).unwrap().contains("Bridges"));
    let archive = home.path().join("all.zip");
    assert!(export(home.path(), &["--output", archive.to_str().unwrap()]).status.success());
    assert!(fs::read(&archive).unwrap().starts_with(b"PK\x03\x04"));
}

#[test]
fn export_replaces_nothing_unless_told() {
    let home = home_with_library();
    for (name, format) in
        [("a.jsonl", "json-lines"), ("a.html", "html"), ("a.epub", "epub"), ("a.opml", "opml")]
    {
        let path = home.path().join(name);
        fs::write(&path, "mine").unwrap();
        let args = ["--format", format, "--output", path.to_str().unwrap()];
        let refused = export(home.path(), &args);
        assert_eq!(refused.status.code(), Some(1), "{name}");
        assert!(stderr(&refused).contains("exists already"), "{name}: {}", stderr(&refused));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine", "{name}");
        assert!(export(home.path(), &[&args[..], &["--overwrite"]].concat()).status.success());
        assert_ne!(fs::read(&path).unwrap(), b"mine", "{name}");
    }
    let folder = home.path().join("news");
    let args = ["--format", "markdown", "--output", folder.to_str().unwrap()];
    let refused = export(home.path(), &args);
    assert!(stderr(&refused).contains("--overwrite"), "{}", stderr(&refused));
    assert_eq!(names(&folder), ["a.txt", "b.txt"]);
}

#[test]
fn export_of_nothing_or_into_nowhere_fails() {
    let home = home_with_library();
    let path = home.path().join("a.epub");
    let path = path.to_str().unwrap();
    for (args, code, sentence) in [
        (&["--output", path, "zeppelin"][..], 1, "no article matches"),
        (&["--format", "epub"], 2, "--output PATH"),
        (&["--format", "opml", "bridge"], 2, "takes no query"),
        (&["--format", "json-lines", "(bridge"], 2, "parenthesis"),
    ] {
        let failed = export(home.path(), args);
        assert_eq!(failed.status.code(), Some(code), "{args:?}");
        assert!(stderr(&failed).contains(sentence), "{args:?}: {}", stderr(&failed));
    }
    assert!(!Path::new(path).exists());
}

#[test]
fn export_of_articles_without_a_text_fails_and_says_so() {
    let home = home_with_library();
    let backup = home.path().join("news.backup");
    run(home.path(), &["backup", backup.to_str().unwrap()]);
    run(home.path(), &["restore", backup.to_str().unwrap()]);
    let exported = export(home.path(), &["--format", "json-lines"]);
    assert_eq!(exported.status.code(), Some(1));
    assert!(stderr(&exported).contains("2 articles without the text"), "{}", stderr(&exported));
}

/// Runs Debian's `epubcheck`; `None` where there is none.
fn epubcheck(argument: &str) -> Option<Output> {
    // An archive, which runs by itself only where the kernel knows that form.
    let jar = "/usr/share/java/epubcheck.jar";
    let by_java = || Command::new("java").args(["-jar", jar, argument]).output().ok();
    let by_itself = Command::new("epubcheck").arg(argument).output().ok();
    by_itself.or_else(|| Path::new(jar).exists().then(by_java).flatten())
}

/// Checks a book of the samples, which have everything that articles have.
#[test]
#[ignore = "needs epubcheck and a Java runtime"]
fn book_of_the_samples_passes_epubcheck() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("samples.epub");
    let exported = export(home.path(), &["--output", book.to_str().unwrap()]);
    assert_eq!(exported.status.code(), Some(0), "{}", stderr(&exported));
    let Some(checked) = epubcheck(book.to_str().unwrap()) else {
        eprintln!("skipped: there is no epubcheck");
        return;
    };
    assert!(checked.status.success(), "{}{}", stdout(&checked), stderr(&checked));
}
