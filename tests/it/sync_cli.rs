//! Accounts and syncs on the command line.

use std::{fs, path::Path};

use chrono::{DateTime, TimeDelta};
use serde_json::Value;

use crate::support::{
    fake_greader::{FakeGreader, PASSWORD, Quirks},
    program::{command, run_with, stderr, stdout},
    server::{CERTIFICATE, OTHER_CERTIFICATE},
};

const VARIABLES: [(&str, &str); 1] = [("NEWS_PASSWORD", PASSWORD)];

/// Runs a command; returns its status, its output and its errors. Fails if the password is in them.
pub fn run(home: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let output = run_with(home, args, &VARIABLES);
    let (out, errors) = (stdout(&output), stderr(&output));
    assert!(!format!("{out}{errors}").contains(PASSWORD), "{args:?}: {out}{errors}");
    (output.status.code(), out, errors)
}

fn add_account(home: &Path, server: &str) -> (Option<i32>, String, String) {
    add_named_account(home, server, "News")
}

fn add_named_account(home: &Path, server: &str, name: &str) -> (Option<i32>, String, String) {
    let password = "env:NEWS_PASSWORD";
    let args = ["account", "add", "--server", server, "--user", "ann", "--password", password];
    run(home, &[&args[..], &["--name", name]].concat())
}

/// A server with three articles, and a home folder whose library has an account there.
pub fn home_with_account() -> (tempfile::TempDir, FakeGreader) {
    let (home, server) = (tempfile::tempdir().unwrap(), FakeGreader::start());
    server.add_items(1..=3);
    let added = add_account(home.path(), &server.site());
    assert_eq!(added.0, Some(0), "{added:?}");
    (home, server)
}

#[test]
fn an_account_is_added_synced_renamed_and_removed() {
    let (home, server) = home_with_account();
    let home = home.path();
    let (_, list, _) = run(home, &["list"]);
    assert_eq!(list.lines().count(), 3, "{list}");
    assert_eq!(run(home, &["star", "2"]).0, Some(0));
    let (status, accounts, _) = run(home, &["account", "list", "--json"]);
    let accounts: Value = serde_json::from_str(&accounts).unwrap();
    assert_eq!(status, Some(0));
    assert_eq!(accounts["accounts"][0]["waiting"], 1);
    let last_sync = accounts["accounts"][0]["last_sync"].as_str().unwrap();
    let local = run_with(home, &["account", "list"], &[("TZ", "UTC+5")]);
    let expected = DateTime::parse_from_rfc3339(last_sync).unwrap() - TimeDelta::hours(5);
    let expected = expected.format("\t%Y-%m-%d %H:%M\t").to_string();
    assert!(stdout(&local).contains(&expected), "{}", stdout(&local));
    assert_eq!(accounts["accounts"][0]["password"], "env:NEWS_PASSWORD");
    assert_eq!(run(home, &["sync"]).1, "News: 0 new, 0 marks received, 1 sent\n");
    assert_eq!(server.marks().1.len(), 1);
    server.state().items.get_mut(&1).unwrap().read = true;
    assert_eq!(run(home, &["sync"]).1, "News: 0 new, 1 mark received, 0 sent\n");
    let (status, _, errors) = run(home, &["account", "edit", "news", "--name", "Mine"]);
    assert_eq!((status, errors.as_str()), (Some(0), "Changed Mine\n"));
    assert!(run(home, &["feed", "list"]).1.contains("\tMine / World\tEvening Post\t"));
    let (status, out, _) = run(home, &["refresh"]);
    assert_eq!(status, Some(0));
    assert!(
        out.starts_with("Mine: 0 new") && out.ends_with("0 new, 0 changed, 0 failed\n"),
        "{out}"
    );
    let (status, _, errors) = run(home, &["account", "remove", "Mine"]);
    assert_eq!(status, Some(2), "there is nobody to ask: {errors}");
    assert!(errors.contains("give --keep-articles or --drop-articles"), "{errors}");
    let (status, _, errors) = run(home, &["account", "remove", "Mine", "--drop-articles"]);
    assert_eq!(status, Some(0), "{errors}");
    assert_eq!(run(home, &["account", "list"]).1, "");
    assert_eq!(run(home, &["sync"]).0, Some(1));
}

#[test]
fn errors_of_accounts_say_what_to_do() {
    let (home, server) = home_with_account();
    let home = home.path();
    let same = add_account(home, &server.site());
    assert_eq!(same.0, Some(2));
    assert!(same.2.contains("an account is called News"), "{same:?}");
    let login = ["account", "add", "--server", &server.site(), "--user"];
    let with = |rest: &[&str]| run(home, &[&login[..], rest].concat());
    let twice = with(&["ann", "--password", "env:NEWS_PASSWORD", "--name", "Other"]);
    assert_eq!(twice.0, Some(2));
    assert!(twice.2.contains("the account News is that of ann at http://127"), "{twice:?}");
    let refused = with(&["bob", "--password", "env:NEWS_PASSWORD"]);
    assert_eq!(refused.0, Some(1));
    assert!(refused.2.contains("does not accept the user name or the password"), "{refused:?}");
    let typed = with(&["ann", "--password", "hunter2"]);
    assert_eq!(typed.0, Some(2));
    assert!(typed.2.contains("env:NAME") && !typed.2.contains("hunter2"), "{typed:?}");
    assert_eq!(with(&["ann"]).0, Some(2), "there is nobody to ask");
    let missing = with(&["ann", "--password", "env:NOT_SET"]);
    let site = server.site();
    let sentence = format!("{site}: the environment variable NOT_SET for its password is not set");
    assert!(missing.2.contains(&sentence), "{missing:?}");
    let changed = run(home, &["account", "edit", "news", "--password", "env:NOT_SET"]);
    assert!(changed.2.contains("News: the environment variable NOT_SET"), "{changed:?}");
    let elsewhere = FakeGreader::start_at("/deep/below/api/greader.php");
    let (_, _, errors) = add_named_account(home, &elsewhere.site(), "Elsewhere");
    let tried = [&elsewhere.site()[..elsewhere.site().len() - 1], "/api/greader.php"];
    assert!(tried.iter().all(|address| errors.contains(address)), "{errors}");
    let unknown = run(home, &["sync", "Newz"]);
    assert_eq!(unknown.0, Some(2));
    assert!(unknown.2.contains("did you mean “News”?"), "{unknown:?}");
    server.state().quirks = Quirks { status: Some(502), ..Quirks::default() };
    let (status, out, errors) = run(home, &["sync"]);
    assert_eq!((status, out.as_str()), (Some(1), ""));
    assert!(errors.contains("News: 127.0.0.1 could not log in (status 502)"), "{errors}");
}

#[test]
fn an_account_does_not_move_to_a_server_with_other_articles() {
    let (home, server) = home_with_account();
    let edit = |server: &str| run(home.path(), &["account", "edit", "News", "--server", server]);
    let other = FakeGreader::start();
    other.state().feeds[0].id = "feed/8".to_owned();
    other.state().feeds.truncate(1);
    let refused = edit(&other.site());
    assert_eq!(refused.0, Some(1));
    assert!(refused.2.contains("that user has other subscriptions there"), "{refused:?}");
    let same = FakeGreader::start();
    let added = add_named_account(home.path(), &same.site(), "Second");
    assert_eq!(added.0, Some(0), "{added:?}");
    let taken = edit(&same.site());
    assert_eq!(taken.0, Some(2));
    assert!(taken.2.contains("the account Second is that of ann"), "{taken:?}");
    run(home.path(), &["account", "remove", "Second", "--drop-articles"]);
    assert_eq!(edit(&same.site()).0, Some(0), "the server has moved");
    drop(server);
}

#[test]
fn a_password_comes_from_a_command_or_a_private_file() {
    let (home, server) = home_with_account();
    let home = home.path();
    let file = home.join("password");
    fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    let edit = |source: &str| run(home, &["account", "edit", "News", "--password", source]);
    let from_file = format!("file:{}", file.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(edit(&from_file).2.contains("chmod 600"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(edit(&format!("command:cat '{}'", file.display())).0, Some(0));
        assert_eq!(run(home, &["sync"]).0, Some(0));
    }
    let edit_args = ["account", "edit", "News", "--password", "file:password"];
    assert!(command(home, &edit_args).current_dir(home).output().unwrap().status.success());
    assert_eq!(run(home, &["sync"]).0, Some(0), "it is run in another folder");
    let accounts = run(home, &["account", "list", "--json"]).1;
    assert!(accounts.contains("/password\""), "{accounts}");
    assert_eq!(edit(&from_file).0, Some(0));
    let failed = edit("command:false");
    assert!(failed.2.contains("the command for its password failed: false"), "{failed:?}");
    drop(server);
}

#[test]
fn articles_without_a_text_after_a_restore_are_fetched_again() {
    let (home, server) = home_with_account();
    let home = home.path();
    let backup = home.join("backup");
    assert_eq!(run(home, &["backup", backup.to_str().unwrap()]).0, Some(0));
    assert_eq!(run(home, &["restore", backup.to_str().unwrap()]).0, Some(0));
    assert!(!run(home, &["read", "1"]).1.contains("The text of article"));
    assert_eq!(run(home, &["sync"]).0, Some(0));
    assert!(run(home, &["read", "1"]).1.contains("The text of article"));
    drop(server);
}

#[cfg(unix)]
#[test]
fn a_typed_password_is_kept_in_a_private_file_and_nowhere_else() {
    use std::os::unix::fs::PermissionsExt;

    use crate::pty::Session;
    let (home, server) = (tempfile::tempdir().unwrap(), FakeGreader::start());
    server.add_items([1]);
    let (home, site) = (home.path(), server.site());
    let args = ["account", "add", "--server", &site, "--user", "ann", "--name", "My News"];
    let mut session = Session::start_with_size(home, &args, 24, 80);
    session.wait_for_text("Password:");
    session.press(&format!("{PASSWORD}\n"));
    assert!(session.wait_for_exit().success());
    assert!(!session.screen().contents().contains(PASSWORD));
    let folder = home.join(".local/share/newsreader");
    let kept = folder.join("accounts/my%20news.password");
    assert_eq!(fs::read_to_string(&kept).unwrap(), PASSWORD);
    assert_eq!(kept.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let library = folder.to_str().unwrap();
    let synced = run(home, &["--library", library, "sync"]);
    assert_eq!(synced.1, "My News: 0 new, 0 marks received, 0 sent\n", "{synced:?}");
    let backup = home.join("backup");
    run(home, &["--library", library, "backup", backup.to_str().unwrap()]);
    let unpacked = zstd::decode_all(fs::File::open(&backup).unwrap()).unwrap();
    let has_password =
        |bytes: &[u8]| bytes.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes());
    assert!(!has_password(&unpacked));
    for name in ["library.db", "library.db-wal"] {
        assert!(!fs::read(folder.join(name)).is_ok_and(|bytes| has_password(&bytes)), "{name}");
    }
    let remove = ["--library", library, "account", "remove", "My News", "--keep-articles"];
    assert_eq!(run(home, &remove).0, Some(0));
    assert!(!kept.exists());
}

#[test]
fn certificate_that_nobody_vouches_for_is_accepted_by_its_fingerprint_only() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let server = FakeGreader::start_tls(CERTIFICATE);
    server.add_items(1..=3);
    let (status, _, errors) = add_account(home, &server.site());
    assert_eq!(status, Some(1), "{errors}");
    let accept = format!("accept it with --fingerprint {}", CERTIFICATE.fingerprint);
    assert!(errors.contains("no known authority vouches for it"), "{errors}");
    assert!(errors.contains(&accept), "{errors}");
    assert!(server.requests().is_empty(), "no password was sent");
    let site = server.site();
    let add = |fingerprint: &str| {
        let login = ["account", "add", "--server", &site, "--user", "ann", "--name", "News"];
        let rest = ["--password", "env:NEWS_PASSWORD", "--fingerprint", fingerprint];
        run(home, &[&login[..], &rest].concat())
    };
    assert_eq!(add("SHA256:12").0, Some(2));
    let other = add(OTHER_CERTIFICATE.fingerprint);
    assert_eq!(other.0, Some(1));
    let both = [CERTIFICATE.fingerprint, OTHER_CERTIFICATE.fingerprint];
    assert!(both.iter().all(|fingerprint| other.2.contains(fingerprint)), "{other:?}");
    assert_eq!(add(&CERTIFICATE.fingerprint.to_uppercase()).0, Some(0));
    assert!(run(home, &["account", "list"]).1.contains(CERTIFICATE.fingerprint));
    assert_eq!(run(home, &["sync"]).0, Some(0));
    // A certificate that has changed is refused, by a sync as well.
    let edit =
        |fingerprint: &str| run(home, &["account", "edit", "News", "--fingerprint", fingerprint]);
    assert_eq!(edit(OTHER_CERTIFICATE.fingerprint).0, Some(1));
    assert_eq!(edit("none").0, Some(1));
    assert_eq!(edit(CERTIFICATE.fingerprint).0, Some(0));
}

#[test]
fn password_goes_unencrypted_over_the_internet_only_when_that_is_allowed() {
    let home = tempfile::tempdir().unwrap();
    let (status, _, errors) = add_account(home.path(), "http://news.example");
    assert_eq!(status, Some(2));
    assert!(errors.contains("news.example would get the password unencrypted"), "{errors}");
    assert!(errors.contains("--allow-http"), "{errors}");
}
