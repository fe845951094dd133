//! Accounts in the reader: the table, the form, the sidebar, and the state in the first row.

use chrono::TimeDelta;
use newsreader::{
    app::{ChangeAction, Effect, Message, MouseAction, Overlay, SidebarData, StoreWrite},
    model::{
        Account, AccountDraft, AccountId, AccountLogin, AccountPart, AccountRefusal, AccountRemedy,
        AccountRemoval, AccountSyncState, AppliedChange, Change, CheckedAccount, DraftPassword,
        Feed, FeedAccount, FeedId, FeedKind, FeedListing, ListedAccount, PasswordSource,
        RefreshProgress, RefreshScope, ServerKind, StoredPassword, SyncFailure, ViewScope,
    },
    settings::{SettingsLayer, merge_layers},
    ui::Glyphs,
};

use crate::{
    feed_management::sidebar_data,
    support::{Stage, now, stage, stage_with},
};

const FINGERPRINT: &str = "SHA256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn account(id: i64, name: &str, host: &str, sync_state: AccountSyncState) -> Account {
    let login = AccountLogin {
        kind: ServerKind::GoogleReader,
        url: format!("https://{host}"),
        user: "anna".to_owned(),
        password: PasswordSource::Kept,
        certificate: None,
    };
    Account { id: AccountId(id), name: name.to_owned(), login, sync_state }
}

fn failing(failure: SyncFailure, problem: &str) -> AccountSyncState {
    AccountSyncState {
        last_sync: Some(now().at - TimeDelta::hours(3)),
        consecutive_failures: 3,
        failure: Some(failure),
        failing_since: Some(now().at - TimeDelta::hours(2)),
        problem: Some(problem.to_owned()),
        ..AccountSyncState::default()
    }
}

fn accounts() -> Vec<ListedAccount> {
    let synced = AccountSyncState {
        last_sync: Some(now().at - TimeDelta::minutes(4)),
        ..AccountSyncState::default()
    };
    let offline = failing(SyncFailure::Offline, "rss.example.org: there is no network");
    let refused = failing(
        SyncFailure::Password,
        "reader.example.com does not accept the user name or the password",
    );
    let listed = |account, waiting| ListedAccount { account, waiting };
    vec![
        listed(account(1, "Home", "news.example.net", synced), 0),
        listed(account(2, "FreshRSS", "rss.example.org/api/greader.php", offline), 12),
        listed(account(3, "Old", "reader.example.com", refused), 0),
        listed(account(4, "New", "new.example", AccountSyncState::default()), 0),
    ]
}

/// Feeds of the user's own, and some of two accounts.
fn data_with_accounts() -> SidebarData {
    let mut data = sidebar_data();
    let synced = |id: i64, title: &str, folder: &str| {
        let mut feed: Feed = data.feeds[0].clone();
        (feed.id, feed.kind, feed.title) = (FeedId(id), FeedKind::Synced, title.to_owned());
        feed.subscription.folder = Some(folder.to_owned());
        feed.unread_count = 3;
        feed
    };
    let of_accounts = vec![
        synced(11, "Evening Post", "FreshRSS"),
        synced(12, "Tech Weekly", "FreshRSS / Tech"),
        synced(13, "Le Soir", "Home / World"),
        synced(14, "Moved here", "Europe"),
    ];
    data.feeds.extend(of_accounts);
    data.feeds.sort_by_key(|feed| feed.folder().map(str::to_owned));
    SidebarData { accounts: accounts(), ..data }
}

fn loaded() -> Message {
    Message::SidebarLoaded(Ok(data_with_accounts()))
}

/// The open table.
fn table_stage() -> Stage {
    stage(&["a", "b"]).keys("ctrl-x @").send(loaded())
}

fn accessible_stage() -> Stage {
    let values = [("accessible".to_owned(), "true".to_owned())];
    let settings = merge_layers(vec![SettingsLayer::from_values("a test", &values)]).0;
    stage_with(&["a", "b"], settings, newsreader::model::SessionState::default())
}

/// The form of a new account, filled in.
fn filled_form() -> Stage {
    table_stage()
        .keys("a")
        .text("rss.example.org")
        .keys("down")
        .text("anna")
        .keys("down")
        .text("S3CRET word")
        .keys("down down")
        .text("Mine")
}

fn filled_draft() -> AccountDraft {
    AccountDraft {
        before: None,
        server: "rss.example.org".to_owned(),
        kind: None,
        user: "anna".to_owned(),
        password: DraftPassword::Typed(StoredPassword::new("S3CRET word".to_owned())),
        name: "Mine".to_owned(),
        certificate: None,
        allows_plain_http: false,
    }
}

fn checked(draft: &AccountDraft) -> Box<CheckedAccount> {
    let mut new = account(9, &draft.name, "rss.example.org", AccountSyncState::default());
    new.login.certificate.clone_from(&draft.certificate);
    Box::new(CheckedAccount {
        before: draft.before.clone(),
        name: draft.name.clone(),
        login: new.login,
        typed_password: None,
        feed_count: Some(41),
    })
}

fn refused(problem: &str, remedy: AccountRemedy) -> Result<Box<CheckedAccount>, AccountRefusal> {
    Err(AccountRefusal { problem: problem.to_owned(), remedy })
}

fn certificate_refused(draft: &AccountDraft) -> Message {
    let problem = format!(
        "cannot log in at https://rss.example.org: rss.example.org: its certificate is refused: no known \
         authority vouches for it. Its fingerprint is {FINGERPRINT}"
    );
    let remedy = AccountRemedy::AcceptCertificate(FINGERPRINT.to_owned());
    Message::AccountChecked(Box::new(draft.clone()), refused(&problem, remedy))
}

fn is_form(stage: &Stage) -> bool {
    matches!(stage.app.overlay, Some(Overlay::AccountForm(_)))
}

fn is_table(stage: &Stage) -> bool {
    matches!(stage.app.overlay, Some(Overlay::AccountTable(_)))
}

#[test]
fn table_states_what_each_account_does_and_what_waits() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let stage = table_stage().keys("down").size(width, height);
        insta::assert_snapshot!(format!("account_table_{width}x{height}"), stage.screen());
    }
    let ascii = table_stage().keys("down").size(80, 24).screen_with(&Glyphs::ASCII);
    assert!(ascii.is_ascii(), "{ascii}");
    let empty = stage(&["a"]).keys("ctrl-x @").screen();
    assert!(empty.contains("No accounts yet: a adds one."), "{empty}");
    let syncing = Message::RefreshProgressed(RefreshProgress::Syncing(vec![AccountId(1)]));
    assert!(table_stage().send(syncing).screen().contains("syncing…"));
}

#[test]
fn accessible_table_says_the_state_in_the_row_of_the_cursor() {
    let stage = accessible_stage().size(120, 40).keys("ctrl-x @").send(loaded()).keys("down");
    let (_, y) = stage.cursor_with(&Glyphs::WORDS);
    let screen = stage.screen_with(&Glyphs::WORDS);
    let row = screen.lines().nth(usize::from(y)).unwrap();
    assert!(row.contains("FreshRSS, failing since 07:30, 12 changes wait, anna at"), "{row}");
}

#[test]
fn new_account_is_checked_by_its_server_before_it_is_stored() {
    let stage = filled_form();
    let screen = stage.size(80, 24);
    insta::assert_snapshot!("account_form_80x24", screen.screen());
    insta::assert_snapshot!("account_form_40x15", filled_form().size(40, 15).screen());
    let debug = format!("{:?}", screen.app);
    assert!(!debug.contains("S3CRET") && !screen.screen().contains("S3CRET"), "{debug}");
    let asking = screen.keys("enter");
    assert_eq!(asking.effects, [Effect::CheckAccount(Box::new(filled_draft()))]);
    assert!(asking.screen().contains("Asking rss.example.org…"), "{}", asking.screen());
    // Typing waits for the answer, as does the key that sends.
    let asking = asking.text("x").keys("enter");
    assert_eq!(asking.effects, []);
    let draft = filled_draft();
    let answer = Message::AccountChecked(Box::new(draft.clone()), Ok(checked(&draft)));
    let saving = asking.send(answer);
    let write = StoreWrite::SaveAccount(Box::new(draft.clone()), checked(&draft));
    assert_eq!(saving.writes(), [&write]);
    let saved = Message::AccountSaved(Box::new(draft.clone()), checked(&draft), Ok(AccountId(9)));
    let saved = saving.send(saved);
    assert!(is_table(&saved));
    let refresh = Effect::Refresh(RefreshScope::Accounts(Some(AccountId(9))));
    assert!(saved.effects.contains(&refresh), "{:?}", saved.effects);
    let screen = saved.screen();
    assert!(
        screen.contains("Added Mine: 41 feeds") && screen.contains("undo does not"),
        "{screen}"
    );
}

#[test]
fn answer_of_a_server_does_nothing_once_its_form_is_closed() {
    let draft = filled_draft();
    let closed = filled_form().keys("enter esc");
    assert!(is_table(&closed));
    let answer = Message::AccountChecked(Box::new(draft.clone()), Ok(checked(&draft)));
    let closed = closed.send(answer);
    assert!(closed.writes().is_empty());
}

#[test]
fn refused_certificate_is_accepted_by_a_tick_and_not_by_the_next_key() {
    let stage = filled_form().keys("enter").send(certificate_refused(&filled_draft()));
    insta::assert_snapshot!("account_certificate_80x24", stage.size(80, 24).screen());
    let stage = filled_form().keys("enter").send(certificate_refused(&filled_draft()));
    insta::assert_snapshot!("account_certificate_40x15", stage.size(40, 15).screen());
    let asked = |keys: &str| {
        let stage = filled_form().keys("enter").send(certificate_refused(&filled_draft()));
        stage.keys(keys).effects
    };
    assert_eq!(asked("enter"), [Effect::CheckAccount(Box::new(filled_draft()))]);
    let accepted = AccountDraft { certificate: Some(FINGERPRINT.to_owned()), ..filled_draft() };
    assert_eq!(asked("space enter"), [Effect::CheckAccount(Box::new(accepted))]);
    // Another server has another certificate.
    let other = filled_form().keys("enter").send(certificate_refused(&filled_draft()));
    let other = other.keys("space up up up up up up").text("x").keys("enter");
    let server = "rss.example.orgx".to_owned();
    let draft = AccountDraft { server, ..filled_draft() };
    assert_eq!(other.effects, [Effect::CheckAccount(Box::new(draft))]);
}

#[test]
fn password_is_sent_unencrypted_only_after_a_tick() {
    let problem =
        "news.example would get the password unencrypted: anybody on the way could read it";
    let answer = Message::AccountChecked(
        Box::new(filled_draft()),
        refused(problem, AccountRemedy::SendUnencrypted),
    );
    let stage = filled_form().keys("enter").send(answer);
    assert!(stage.screen().contains("[ ]") && stage.screen().contains("Send it anyway"));
    let allowed = AccountDraft { allows_plain_http: true, ..filled_draft() };
    assert_eq!(stage.keys("space enter").effects, [Effect::CheckAccount(Box::new(allowed))]);
}

#[test]
fn refusal_keeps_what_was_typed_and_focuses_what_is_wrong() {
    let problem = "an account is called Mine already; give another name";
    let answer = Message::AccountChecked(
        Box::new(filled_draft()),
        refused(problem, AccountRemedy::Correct(AccountPart::User)),
    );
    let stage = filled_form().keys("enter").send(answer).text("x");
    assert!(is_form(&stage));
    assert!(stage.screen().contains("annax"), "{}", stage.screen());
    // The file of a password and its source exclude each other.
    let both = filled_form().keys("up").text("env:PW").keys("enter");
    assert_eq!(both.effects, []);
    assert!(both.screen().contains("not both"), "{}", both.screen());
}

#[test]
fn account_is_edited_with_the_password_that_it_has() {
    let edited = table_stage().keys("enter down down down down").text("2").keys("enter");
    let before = accounts().remove(0).account;
    let draft = AccountDraft {
        server: before.login.url.clone(),
        kind: Some(ServerKind::GoogleReader),
        user: "anna".to_owned(),
        password: DraftPassword::AsBefore,
        name: "Home2".to_owned(),
        certificate: None,
        allows_plain_http: false,
        before: Some(before),
    };
    assert_eq!(edited.effects, [Effect::CheckAccount(Box::new(draft.clone()))]);
    let renamed = CheckedAccount { feed_count: None, ..*checked(&draft) };
    let renamed = Box::new(renamed);
    let saved = edited.send(Message::AccountSaved(Box::new(draft), renamed, Ok(AccountId(1))));
    assert!(saved.screen().contains("Changed Home2"), "{}", saved.screen());
    let syncs = |effect: &Effect| matches!(effect, Effect::Refresh(_));
    assert!(!saved.effects.iter().any(syncs), "only the name has changed");
}

#[test]
fn unchanged_account_is_asked_about_only_if_it_was_refused() {
    let unchanged = table_stage().keys("enter enter");
    assert!(is_table(&unchanged) && unchanged.writes().is_empty());
    let refused = table_stage().keys("down down enter enter");
    let asks = |effect: &Effect| matches!(effect, Effect::CheckAccount(_));
    assert!(refused.effects.iter().any(asks), "{:?}", refused.effects);
}

#[test]
fn account_is_removed_after_a_choice() {
    let asking = table_stage().keys("down x");
    let screen = asking.size(80, 24).screen();
    insta::assert_snapshot!("account_removal_80x24", screen);
    let remove = |keys: &str| {
        let stage = table_stage().keys("down x").keys(keys);
        assert!(is_table(&stage), "the table comes back");
        stage.writes().into_iter().cloned().collect::<Vec<_>>()
    };
    let account = Box::new(accounts().remove(1).account);
    let write = |removal| StoreWrite::RemoveAccount(account.clone(), removal);
    assert_eq!(remove("enter"), [write(AccountRemoval::KeepFeeds)]);
    assert_eq!(remove("down enter"), [write(AccountRemoval::Unsubscribe)]);
    assert_eq!(remove("esc"), []);
}

#[test]
fn accounts_are_synced_from_the_table_and_from_elsewhere() {
    let refresh = |account| [Effect::Refresh(RefreshScope::Accounts(account))];
    assert_eq!(table_stage().keys("down r").effects, refresh(Some(AccountId(2))));
    let everywhere = |stage: Stage| stage.keys(":").text("sync accounts").keys("enter");
    let all = everywhere(stage(&["a"]).send(loaded()));
    assert_eq!(all.effects, refresh(None));
    let none = everywhere(stage(&["a"]));
    assert!(none.screen().contains("There is no account to sync"), "{}", none.screen());
}

#[test]
fn click_on_the_selected_account_opens_its_form() {
    let stage = table_stage().size(120, 40);
    let (x, y) = stage.find("https://rss");
    let selected = stage.mouse(MouseAction::Press, x, y);
    assert!(is_table(&selected));
    let opened = selected.mouse(MouseAction::Press, x, y);
    assert!(is_form(&opened) && opened.screen().contains("Account “FreshRSS”"));
    let outside = opened.mouse(MouseAction::Press, 0, 38);
    assert!(is_table(&outside), "a click outside goes back to the table");
}

#[test]
fn sidebar_groups_the_feeds_of_an_account_with_its_state() {
    let stage = stage(&["a", "b"]).send(loaded()).size(160, 45);
    let focused = stage.keys("ctrl-x f");
    insta::assert_snapshot!("sidebar_accounts_160x45", focused.screen());
    let (x, y) = focused.find("▾ FreshRSS");
    let listed = focused.mouse(MouseAction::Press, x + 2, y);
    assert_eq!(*listed.app.scope(), ViewScope::Account("FreshRSS".to_owned()));
    let filtered = listed.keys("ctrl-x f / a");
    assert!(filtered.screen().contains("in FreshRSS"), "{}", filtered.screen());
    let folded = filtered.keys("esc ctrl-x f space");
    let screen = folded.screen();
    assert!(screen.contains("▸ FreshRSS") && !screen.contains("Tech Weekly"), "{screen}");
    let edited = folded.keys("e");
    assert!(edited.screen().contains("Account “FreshRSS”"), "{}", edited.screen());
}

#[test]
fn first_row_says_what_waits_for_a_server_and_what_a_sync_has_fetched() {
    let top = |stage: &Stage| stage.rows()[0].clone();
    let offline = |width, height| {
        let stage = stage(&["a", "b"]).size(width, height).send(loaded());
        top(&stage)
    };
    assert!(offline(120, 40).contains("12 changes wait for FreshRSS  "), "{}", offline(120, 40));
    assert!(offline(80, 24).contains("12 changes wait for FreshRSS  "), "{}", offline(80, 24));
    assert!(offline(40, 15).contains("12 wait  "), "{}", offline(40, 15));
    let fetched = |done| {
        Message::RefreshProgressed(RefreshProgress::ArticlesFetched {
            account: "FreshRSS".to_owned(),
            done,
            total: 25_000,
        })
    };
    let syncing = stage(&["a", "b"]).size(120, 40).send(fetched(5_000));
    assert!(top(&syncing).contains("FreshRSS 5,000 of 25,000  "), "{}", top(&syncing));
    let done = syncing.send(fetched(25_000));
    assert!(!top(&done).contains("25,000"), "{}", top(&done));
}

#[test]
fn first_row_names_the_account_that_a_refresh_waits_for() {
    let progress = |progress| Message::RefreshProgressed(progress);
    let at = |done: usize, accounts: &[i64]| {
        let accounts = accounts.iter().map(|id| AccountId(*id)).collect();
        let stage = stage(&["a"]).size(120, 40).send(loaded());
        stage
            .send(progress(RefreshProgress::Started(3)))
            .send(progress(RefreshProgress::FeedsDone(done)))
            .send(progress(RefreshProgress::Syncing(accounts)))
    };
    for (done, accounts, text) in [
        (2, &[1][..], "⟳ 2/3  "),
        (3, &[1], "⟳ Home  "),
        (3, &[1, 2], "⟳ 2 accounts  "),
        (3, &[], "⟳ 3/3  "),
    ] {
        let row = at(done, accounts).rows()[0].clone();
        assert!(row.contains(text), "{text}: {row}");
    }
    let told = at(3, &[1]).keys("ctrl-r").screen();
    assert!(told.contains("3 of 3 feeds done, 1 account still syncing"), "{told}");
}

/// The table, with a feed of the second account at this URL, and that account on a server of this kind.
fn table_with_feed(kind: ServerKind, url: &str) -> Stage {
    let mut data = data_with_accounts();
    let listed = &mut data.accounts[1];
    (listed.account.login.kind, listed.account.login.url) =
        (kind, "http://192.168.1.4/api/greader.php".to_owned());
    let of = FeedAccount {
        id: listed.id(),
        name: listed.account.name.clone(),
        listing: FeedListing::Listed,
    };
    let feed = data.feeds.iter_mut().find(|feed| feed.title == "Evening Post").unwrap();
    (feed.account, feed.url) = (Some(of), url.to_owned());
    table_stage().send(Message::SidebarLoaded(Ok(data)))
}

#[test]
fn feeds_of_other_private_servers_are_asked_about_when_an_account_is_removed() {
    let kind = ServerKind::GoogleReader;
    let asking = table_with_feed(kind, "http://192.168.1.9:8080/feed").keys("down x");
    insta::assert_snapshot!("account_removal_private_80x24", asking.size(80, 24).screen());
    let removal = |keys: &str| {
        let stage = table_with_feed(kind, "http://192.168.1.9:8080/feed").keys(keys);
        match stage.writes()[..] {
            [StoreWrite::RemoveAccount(_, removal)] => *removal,
            ref others => panic!("{others:?}"),
        }
    };
    assert_eq!(removal("down x enter"), AccountRemoval::KeepPrivateFeeds);
    assert_eq!(removal("down x down enter"), AccountRemoval::KeepFeeds);
    assert_eq!(removal("down x down down enter"), AccountRemoval::Unsubscribe);
    // Nothing is asked about the server itself, nor about public ones.
    for url in ["http://192.168.1.4/feed", "https://post.example/feed"] {
        let screen = table_with_feed(kind, url).keys("down x").screen();
        assert!(!screen.contains("private network"), "{screen}");
    }
}

#[test]
fn the_notice_says_that_a_fever_server_is_not_told() {
    let notice = |kind, unsubscribed| {
        let change = Change::set_unsubscribed(FeedId(11), unsubscribed);
        let title = Some("Evening Post".to_owned());
        let done = AppliedChange { change, title, copies: 0 };
        let message = Message::ChangeFinished(ChangeAction::Applied, Some(done));
        table_with_feed(kind, "https://post.example/feed").keys("esc").size(160, 40).send(message)
    };
    let words = "here only: the server of FreshRSS takes no changes of subscriptions";
    assert!(notice(ServerKind::Fever, true).screen().contains(words));
    assert!(notice(ServerKind::Fever, false).screen().contains(words));
    assert!(!notice(ServerKind::GoogleReader, true).screen().contains(words));
}

#[test]
fn the_protocol_is_chosen_in_the_form() {
    let kind_after = |keys: &str| {
        let stage = filled_form().keys(keys).keys("enter");
        stage.effects.iter().find_map(|effect| match effect {
            Effect::CheckAccount(draft) => Some(draft.kind),
            _ => None,
        })
    };
    assert_eq!(kind_after(""), Some(None));
    assert_eq!(kind_after("down space"), Some(Some(ServerKind::GoogleReader)));
    assert_eq!(kind_after("down space space"), Some(Some(ServerKind::Fever)));
    assert_eq!(kind_after("down space space space"), Some(None));
    // Another address does not take the choice away.
    assert_eq!(
        kind_after("down space up up up up up backspace"),
        Some(Some(ServerKind::GoogleReader))
    );
}

#[test]
fn a_paste_that_is_too_long_for_a_line_says_what_is_missing() {
    let pasted = |length: usize| {
        let form = table_stage().keys("a").size(120, 40);
        form.send(Message::Paste("x".repeat(length)))
    };
    let screen = pasted(4_100).screen();
    assert!(screen.contains("The line is full; not pasted: 4 characters"), "{screen}");
    assert!(!pasted(4_096).screen().contains("not pasted"));
    let address = format!("https://a.example/{}", "x".repeat(5_000));
    let refused = stage(&["a"]).send(Message::Paste(address));
    assert!(refused.app.overlay.is_none());
    assert!(refused.screen().contains("The address is longer than 4096 characters"));
    let filter = stage(&["a"]).send(Message::Paste("x".repeat(300)));
    assert!(filter.screen().contains("not pasted: 44 characters"), "{}", filter.screen());
}
