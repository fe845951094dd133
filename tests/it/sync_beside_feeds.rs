//! Accounts beside feeds: a server that does not answer holds up nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::Utc;
use newsreader::{
    library::{
        RefreshOutput, RefreshWrite, WorkMarks, check_account, refresh_library, store_output,
    },
    model::{
        AccountDraft, AccountLogin, DraftPassword, PasswordSource, RefreshScope, RefreshSummary,
        ServerKind, SyncFailure,
    },
    net::{Fetch, FetchError, FetchLimits, FetchRequest, FetchResponse},
};

use crate::{
    refresh::{FeedLibrary, rss_document},
    support::{
        fake_greader::{FakeGreader, PASSWORD, Quirks},
        server::{Server, TestResponse},
    },
    sync::{SyncLibrary, server_with},
};

/// Number of the user's own feeds.
const FEEDS: usize = 10;

/// A library with an account on a server that accepts connections and says nothing, and ten feeds.
struct HeldUpLibrary {
    library: FeedLibrary,
    _feeds: Server,
    silent: Server,
}

impl HeldUpLibrary {
    fn new(name: &str) -> HeldUpLibrary {
        let mut library = FeedLibrary::new(&format!("beside-{name}"));
        let feeds = Server::start(|_| TestResponse::ok(rss_document([1])));
        for number in 0..FEEDS {
            library.subscribe(&feeds.url(&format!("/{number}.xml")));
        }
        let silent = Server::start(|_| TestResponse::Silent(Vec::new()));
        add_account(&mut library, "Silent", silent.url(""));
        HeldUpLibrary { library, _feeds: feeds, silent }
    }
}

fn add_account(library: &mut FeedLibrary, name: &str, url: String) {
    library.sources.variables = vec![("NEWS_PASSWORD".to_owned(), PASSWORD.to_owned())];
    let password = PasswordSource::Variable("NEWS_PASSWORD".to_owned());
    let kind = ServerKind::GoogleReader;
    let login = AccountLogin { kind, url, user: "ann".to_owned(), password, certificate: None };
    library.store.add_account(name, &login).unwrap().unwrap();
}

/// Refreshes everything, and stops once `is_enough` says so of a write that was stored.
fn refresh_until(
    library: &mut FeedLibrary,
    is_enough: &mut dyn FnMut(&RefreshWrite) -> bool,
) -> RefreshSummary {
    let stop = Arc::new(AtomicBool::new(false));
    let FeedLibrary { store, location, sources, .. } = library;
    let mut store_and_stop = |output| {
        if let RefreshOutput::Write(write) = output {
            store_output(store, &write, Utc::now()).unwrap();
            if is_enough(&write) {
                stop.store(true, Ordering::Relaxed);
                sources.http.interrupt();
            }
        }
        true
    };
    let marks = WorkMarks::new(location);
    refresh_library(location, sources, &marks, RefreshScope::All, &stop, &mut store_and_stop)
}

/// A network in which every answer has to begin within a second.
struct ImpatientNetwork(Arc<dyn Fetch>);

impl Fetch for ImpatientNetwork {
    fn fetch(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
    ) -> Result<FetchResponse, FetchError> {
        let response_timeout = Duration::from_secs(1);
        self.0.fetch(request, &FetchLimits { response_timeout, ..limits.clone() })
    }
}

#[test]
fn feeds_arrive_while_the_server_of_an_account_does_not_answer() {
    let mut held_up = HeldUpLibrary::new("arrive");
    let mut stored = 0;
    let summary = refresh_until(&mut held_up.library, &mut |write| {
        if let RefreshWrite::FeedUpdates(updates) = write {
            stored += updates.len();
        }
        stored == FEEDS
    });
    assert_eq!((stored, summary.new_entries), (FEEDS, FEEDS));
    assert_eq!(held_up.silent.requests().len(), 1, "the account was asked meanwhile");
    // Stopping closes the connection of the sync, which is no failure of the account.
    assert_eq!(summary.syncs, []);
    let account = held_up.library.reader.list_accounts().unwrap().remove(0);
    assert_eq!(account.sync_state, newsreader::model::AccountSyncState::default());
}

#[test]
fn account_whose_server_does_not_answer_fails_with_a_sentence() {
    let mut held_up = HeldUpLibrary::new("sentence");
    let answering = FakeGreader::start();
    answering.add_items(1..=3);
    add_account(&mut held_up.library, "Answering", answering.url());
    let sources = &mut held_up.library.sources;
    sources.http = Arc::new(ImpatientNetwork(Arc::clone(&sources.http)));
    let summary = held_up.library.refresh(RefreshScope::All);
    assert_eq!(summary.new_entries, FEEDS + 3);
    let problem = |name: &str| {
        let sync = summary.syncs.iter().find(|sync| sync.account == name).unwrap();
        sync.problem.clone()
    };
    assert_eq!(problem("Answering"), None);
    let sentence = "127.0.0.1: timed out after 1 s while waiting for an answer";
    assert_eq!(problem("Silent").as_deref(), Some(sentence));
    assert_eq!(summary.failures.len(), 1);
    let state = held_up.library.reader.list_accounts().unwrap().remove(0).sync_state;
    assert_eq!((state.failure, state.consecutive_failures), (Some(SyncFailure::Other), 1));
}

#[test]
fn account_states_since_when_its_syncs_fail_and_of_what() {
    let server = server_with(1);
    let mut library = SyncLibrary::new("since", &server);
    library.sync();
    server.state().quirks = Quirks { status: Some(502), ..Quirks::default() };
    library.try_sync();
    let first = library.account().sync_state;
    assert_eq!(first.failure, Some(SyncFailure::Other));
    assert!(first.failing_since >= first.last_sync && first.last_sync.is_some(), "{first:?}");
    server.state().quirks = Quirks::default();
    library.library.sources.variables.clear();
    library.try_sync();
    let second = library.account().sync_state;
    assert_eq!(second.failure, Some(SyncFailure::Password), "{second:?}");
    assert_eq!(second.failing_since, first.failing_since);
    library.library.sources.variables = vec![("NEWS_PASSWORD".to_owned(), PASSWORD.to_owned())];
    library.sync();
    let state = library.account().sync_state;
    assert_eq!((state.failure, state.failing_since, state.problem), (None, None, None));
}

#[test]
fn silent_server_is_asked_at_one_address_only() {
    let mut held_up = HeldUpLibrary::new("check");
    let FeedLibrary { location, sources, .. } = &mut held_up.library;
    sources.http = Arc::new(ImpatientNetwork(Arc::clone(&sources.http)));
    let draft = AccountDraft {
        before: None,
        server: held_up.silent.url("/rss"),
        kind: None,
        user: "ann".to_owned(),
        password: DraftPassword::Source("env:NEWS_PASSWORD".to_owned()),
        name: "Other".to_owned(),
        certificate: None,
        allows_plain_http: false,
    };
    let refusal = check_account(location, sources, &draft).unwrap_err();
    assert!(refusal.problem.contains("timed out after 1 s"), "{refusal}");
    assert_eq!(held_up.silent.requests().len(), 1);
}
