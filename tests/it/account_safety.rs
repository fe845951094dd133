//! Nothing of an account is lost without a word: what doctor sees of accounts, and restored backups whose
//! marks wait for servers.

use std::{fs, path::Path};

use rusqlite::Connection;

use crate::{
    support::fake_greader::FakeGreader,
    sync_cli::{home_with_account, run},
};

fn doctor(home: &Path, args: &[&str]) -> (Option<i32>, String) {
    let (status, out, errors) = run(home, &[&["doctor"], args].concat());
    assert_eq!(errors, "");
    (status, out)
}

fn database(home: &Path) -> Connection {
    Connection::open(home.join("data/newsreader/library.db")).unwrap()
}

#[test]
fn doctor_tells_the_state_of_an_account_and_what_waits() {
    let (home, server) = home_with_account();
    let (status, out) = doctor(home.path(), &[]);
    assert_eq!(status, Some(0), "{out}");
    let line = format!("ok account News: Google Reader API at {}, last sync ", server.url());
    assert!(out.contains(&line), "{out}");
    run(home.path(), &["mark", "read", "1", "2"]);
    assert!(doctor(home.path(), &[]).1.contains(", 2 marks to be sent\n"));
    server.state().quirks.status = Some(502);
    run(home.path(), &["sync"]);
    let (status, out) = doctor(home.path(), &[]);
    assert_eq!(status, Some(1));
    assert!(out.contains("!  account News: 127.0.0.1 could not"), "{out}");
}

#[test]
fn doctor_finds_and_deletes_rows_that_belong_to_nothing() {
    let (home, server) = home_with_account();
    let db = database(home.path());
    db.execute_batch(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO outbox (account, remote, mark, wanted)
         VALUES (99, 'x', 'read', 1), (99, 'y', 'read', 1);
         INSERT INTO remote_items VALUES (1, 'x', 999), (99, 'y', 1);
         INSERT INTO account_feeds (account, remote, feed) VALUES (1, 'z', 999);",
    )
    .unwrap();
    let lost = "2 marks waiting for an account that is not there, 3 ids of a server without its \
                account, article or feed";
    let (status, out) = doctor(home.path(), &[]);
    assert_eq!(status, Some(1));
    assert!(
        out.contains(&format!("!  {lost}; `newsreader doctor --repair` deletes them")),
        "{out}"
    );
    let (status, out) = doctor(home.path(), &["--repair"]);
    assert_eq!(status, Some(0), "{out}");
    assert!(out.contains(&format!("ok deleted {lost}\n")), "{out}");
    let (status, out) = doctor(home.path(), &[]);
    assert_eq!((status, out.contains("waiting for")), (Some(0), false), "{out}");
    let ids: usize =
        db.query_row("SELECT count(*) FROM remote_items", [], |row| row.get(0)).unwrap();
    assert_eq!(ids, 3, "the ids of the articles stay");
    drop(server);
}

#[cfg(unix)]
#[test]
fn doctor_names_password_files_that_others_can_read_or_that_no_account_has() {
    use std::os::unix::fs::PermissionsExt;
    let (home, server) = home_with_account();
    let folder = home.path().join("data/newsreader/accounts");
    fs::create_dir_all(&folder).unwrap();
    let kept = folder.join("news.password");
    fs::write(&kept, "secret").unwrap();
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o644)).unwrap();
    let (status, out) = doctor(home.path(), &[]);
    assert_eq!(status, Some(1));
    let path = kept.display();
    assert!(out.contains(&format!("!  other users can read {path}; protect it with chmod 600")));
    assert!(out.contains(&format!("!  {path} has the password of no account; delete it")), "{out}");
    let db = database(home.path());
    db.execute("UPDATE accounts SET password = 'kept'", []).unwrap();
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(doctor(home.path(), &[]).0, Some(0), "the file is that of the account now");
    let half_written = folder.join("news.4711.part");
    fs::write(&half_written, "sec").unwrap();
    let (status, out) = doctor(home.path(), &[]);
    assert_eq!(status, Some(1));
    assert!(out.contains("news.4711.part has the password of no account"), "{out}");
    fs::remove_file(&half_written).unwrap();
    fs::remove_file(&kept).unwrap();
    let (status, out) = doctor(home.path(), &[]);
    assert_eq!(status, Some(1));
    assert!(out.contains("!  account News: its password is not on this computer"), "{out}");
    assert!(!out.contains("secret"), "{out}");
    drop(server);
}

/// A home folder with a backup in which a star waits, and which was made before the star was sent and
/// taken off again on another machine.
fn home_with_old_backup() -> (tempfile::TempDir, FakeGreader) {
    let (home, server) = home_with_account();
    run(home.path(), &["star", "2"]);
    let backup = home.path().join("backup");
    assert_eq!(run(home.path(), &["backup", backup.to_str().unwrap()]).0, Some(0));
    assert!(run(home.path(), &["sync"]).1.ends_with("1 sent\n"));
    let starred = server.marks().1[0];
    server.state().items.get_mut(&starred).unwrap().starred = false;
    (home, server)
}

fn restore(home: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let backup = home.join("backup");
    run(home, &[&["restore", backup.to_str().unwrap()], args].concat())
}

#[test]
fn restore_asks_what_becomes_of_marks_that_wait_in_the_backup() {
    let (home, server) = home_with_old_backup();
    let (status, out, errors) = restore(home.path(), &[]);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(errors.contains("the backup has 1 mark that servers were not told of"), "{errors}");
    assert!(errors.contains("--waiting send or --waiting drop"), "{errors}");
    assert!(!home.path().join("data/newsreader/library.db.before-restore").exists());
    let (status, _, errors) = restore(home.path(), &["--waiting", "drop"]);
    assert_eq!(status, Some(0), "{errors}");
    assert!(errors.contains("Dropped 1 mark that waited for servers"), "{errors}");
    assert!(run(home.path(), &["sync"]).1.ends_with("1 mark received, 0 sent\n"));
    assert_eq!(server.marks().1, [0; 0], "what was done on the other machine counts");
}

#[test]
fn restore_keeps_marks_that_wait_if_they_are_to_be_sent() {
    let (home, server) = home_with_old_backup();
    let (status, _, errors) = restore(home.path(), &["--waiting", "send"]);
    assert_eq!(status, Some(0), "{errors}");
    assert!(errors.contains("1 mark of the backup will be sent at the next sync"), "{errors}");
    assert!(run(home.path(), &["sync"]).1.ends_with("1 sent\n"));
    assert_eq!(server.marks().1.len(), 1);
}
