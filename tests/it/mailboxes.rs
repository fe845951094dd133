//! Mailbox files as feeds: newsletters and mailing lists.

use std::{fs, io::Write, path::Path};

use crate::support::program::{run, stderr, stdout};

/// A mail of the mailing list “Harbour news”, as it stands in a mailbox.
fn mail(number: u32, subject: &str, body: &str) -> String {
    format!(
        "From ann@example.org Wed Jan 28 10:30:00 2026\n\
         From: Ann <ann@example.org>\n\
         Subject: {subject}\n\
         Date: Wed, 28 Jan 2026 {:02}:30:00 +0000\n\
         Message-ID: <{number}@example.org>\n\
         List-Id: Harbour news <harbour.example.org>\n\
         List-Unsubscribe: <mailto:leave@example.org>, <https://example.org/leave/{number}>\n\n\
         {body}\n\n",
        number % 24
    )
}

/// Lists the articles of a query, as `title read`.
fn list(home: &Path, query: &[&str]) -> Vec<String> {
    let args = [&["list", "--format", "{title} {read}"], query].concat();
    let listed = run(home, &args);
    assert_eq!(stderr(&listed), "", "{args:?}");
    stdout(&listed).lines().map(str::to_owned).collect()
}

/// Refreshes everything, which succeeds.
fn refresh(home: &Path) {
    let refreshed = run(home, &["refresh"]);
    assert!(refreshed.status.success(), "{refreshed:?}");
}

fn append(path: &Path, text: &str) {
    fs::File::options().append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

#[test]
fn mailbox_that_grows_brings_each_mail_once_and_keeps_marks() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let inbox = home.join("Newsletters");
    fs::write(&inbox, mail(1, "One", "First words.") + &mail(2, "Two", ">From the quay.")).unwrap();
    let added = run(home, &["add", inbox.to_str().unwrap()]);
    assert!(added.status.success(), "{added:?}");
    assert_eq!(list(home, &[]), ["Two no", "One no"]);
    assert!(stdout(&run(home, &["read", "2"])).contains("\nFrom the quay."));
    assert!(run(home, &["mark", "read", "1"]).status.success());
    // A mail program notes that a mail was read, and the next one arrives only in part.
    let noted =
        fs::read_to_string(&inbox).unwrap().replacen("Subject: One", "Status: RO\nSubject: One", 1);
    let cut = mail(3, "Three", "Half of it, and the rest.").replace(", and the rest.\n\n", "");
    fs::write(&inbox, noted + &cut).unwrap();
    refresh(home);
    assert_eq!(list(home, &[]), ["Three no", "Two no", "One yes"]);
    append(&inbox, ", and the rest.\n\n");
    append(&inbox, &mail(4, "Four", "Last words."));
    refresh(home);
    assert_eq!(list(home, &[]), ["Four no", "Three no", "Two no", "One yes"]);
    assert!(stdout(&run(home, &["read", "3"])).contains("Half of it, and the rest."));
    refresh(home);
    assert_eq!(list(home, &[]).len(), 4);
}

#[test]
fn mailing_list_is_a_category_and_says_how_to_leave() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let folder = home.join("mail");
    fs::create_dir(&folder).unwrap();
    let other = mail(2, "Other", "Words.").replace("Harbour news <harbour.", "<other.");
    fs::write(folder.join("lists.mbox"), mail(1, "One", "Words.") + &other).unwrap();
    fs::write(folder.join("note.txt"), "A note.\n\nText.").unwrap();
    assert!(run(home, &["add", folder.to_str().unwrap()]).status.success());
    assert_eq!(list(home, &[]).len(), 3);
    assert_eq!(list(home, &["category:\"Harbour news\""]), ["One no"]);
    assert_eq!(list(home, &["category:harbour.example.org"]), ["One no"]);
    assert_eq!(list(home, &["category:other.example.org"]), ["Other no"]);
    let article = stdout(&run(home, &["list", "title:One", "--format", "{id}"]));
    let read = stdout(&run(home, &["read", article.trim()]));
    assert!(read.contains("Unsubscribe from this mailing list"), "{read}");
    assert!(read.contains("https://example.org/leave/1"), "{read}");
}

#[test]
fn mails_that_move_between_mailboxes_keep_their_marks() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let folder = home.join("mail");
    fs::create_dir(&folder).unwrap();
    let (first, second) = (mail(1, "One", "First words."), mail(2, "Two", "More words."));
    fs::write(folder.join("a.mbox"), format!("{first}{second}")).unwrap();
    fs::write(folder.join("b.mbox"), mail(3, "Three", "Other words.")).unwrap();
    assert!(run(home, &["add", folder.to_str().unwrap()]).status.success());
    assert!(run(home, &["mark", "read", "--query", "title:One"]).status.success());
    fs::write(folder.join("a.mbox"), &second).unwrap();
    append(&folder.join("b.mbox"), &first);
    refresh(home);
    assert_eq!(list(home, &[]), ["Three no", "Two no", "One yes"]);
    // What was deleted stays, as the articles of deleted files do.
    fs::remove_file(folder.join("b.mbox")).unwrap();
    refresh(home);
    assert_eq!(list(home, &[]), ["Three no", "Two no", "One yes"]);
}

#[test]
fn mailbox_that_is_none_is_named_and_tried_again() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let folder = home.join("mail");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.mbox"), "Dear diary,\n\nnothing.\n").unwrap();
    fs::write(folder.join("b.mbox"), "").unwrap();
    run(home, &["add", folder.to_str().unwrap()]);
    for _ in 0..2 {
        let refreshed = run(home, &["refresh"]);
        assert_eq!(refreshed.status.code(), Some(1), "{refreshed:?}");
        let failure = "a.mbox is not a mailbox: it does not begin with a line “From …”";
        assert!(stderr(&refreshed).contains(failure), "{refreshed:?}");
    }
    fs::write(folder.join("a.mbox"), mail(1, "One", "Words.")).unwrap();
    refresh(home);
    assert_eq!(list(home, &[]), ["One no"]);
}
