//! Accounts in the reader, with its real threads and a server.

use std::{fs, sync::Arc};

use newsreader::{
    app::App,
    library::FeedSources,
    net::{HttpClient, HttpOptions},
};

use crate::{
    support::fake_greader::{FakeGreader, PASSWORD},
    workers::{RunningApp, library_in_folder},
};

#[test]
fn account_typed_in_the_reader_is_stored_synced_and_removed() {
    let (folder, location) = library_in_folder();
    let server = FakeGreader::start();
    server.add_items(1..=3);
    let http = Arc::new(HttpClient::new(&HttpOptions::default()).unwrap());
    let sources = FeedSources { http, ..FeedSources::offline() };
    let mut running = RunningApp::start_with_sources(&location, &[], sources);
    running.run_until(|app| app.sidebar.is_loaded());
    running.press_keys("ctrl-x @ a");
    let lines = [&server.site(), "ann", PASSWORD, "", "Home"];
    for line in lines {
        line.chars().for_each(|c| running.press_keys(&c.to_string()));
        running.press_keys("down");
    }
    running.press_keys("enter");
    running.run_until(|app| app.entry_list.len() == 3);
    let is_synced = |app: &App| {
        let accounts = &app.sidebar.data().accounts;
        accounts.iter().any(|listed| listed.account.sync_state.last_sync.is_some())
    };
    running.run_until(is_synced);
    let kept = folder.path().join("library/accounts/home.password");
    assert_eq!(fs::read_to_string(&kept).unwrap(), PASSWORD);
    for file in ["library/library.db", "library/library.db-wal"] {
        let bytes = fs::read(folder.path().join(file)).unwrap_or_default();
        let has_password = bytes.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes());
        assert!(!has_password, "{file} holds the password");
    }
    running.press_keys("x down enter");
    running.run_until(|app| app.sidebar.data().accounts.is_empty());
    running.run_until(|app| {
        app.notices.current().is_some_and(|notice| {
            notice.text == "Removed Home; unsubscribed from 2 feeds, whose articles stay 30 days"
        })
    });
    assert!(!kept.exists());
}
