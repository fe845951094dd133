//! Adding, changing and removing accounts, as the command line and the reader do it.
//!
//! [`check_account`] asks the server and changes nothing; [`save_account`] stores what it has accepted.

use super::{
    account_network::AccountNetwork,
    account_password::{
        PasswordError, forget_password, keep_password, move_password, read_account_password,
    },
    find_server::{LoginAttempt, find_server},
    login_attempts::describe_attempts,
};
use crate::{
    library::{feed_source::FeedSources, password_source::make_source_absolute},
    model::{
        Account, AccountDraft, AccountId, AccountLogin, AccountPart, AccountRefusal, AccountRemedy,
        AccountRemoval, CheckedAccount, DraftPassword, FeedNetwork, PasswordSource, ReleasedFeeds,
        RemoteFeed, StoredPassword,
    },
    net::CertificateFingerprint,
    remote::{ServerAddress, ServerError},
    store::{AccountFeed, LibraryLocation, ReadConnection, StoreError, WriteConnection},
    text::{names_other_private_host, names_private_host, redact_user_info, url},
};

/// Maximum length of the name of an account, in characters.
const MAX_NAME_CHARS: usize = 60;

/// Checks an account as the user describes it. If the login is new or has changed, the server is asked, at
/// each address at which its API may be.
///
/// # Errors
///
/// Fails if something that was typed is wrong, or the server does not accept the user; the error says what
/// was tried.
pub fn check_account(
    location: &LibraryLocation,
    sources: &FeedSources,
    draft: &AccountDraft,
) -> Result<CheckedAccount, AccountRefusal> {
    let reader = ReadConnection::open(location)?;
    let accounts = reader.list_accounts()?;
    check_draft(draft, &accounts)?;
    let unchanged = draft.before.as_ref().filter(|before| !changes_login(draft, before));
    let checked = match unchanged {
        Some(before) => CheckedAccount {
            before: draft.before.clone(),
            name: draft.name.trim().to_owned(),
            login: before.login.clone(),
            typed_password: None,
            feed_count: None,
        },
        None => check_login(location, sources, draft, &reader)?,
    };
    check_name(&checked.name, &accounts, draft.before.as_ref())?;
    Ok(checked)
}

/// Returns whether the server is to be asked. It is also asked about an account that it has refused, unless
/// something else is changed.
fn changes_login(draft: &AccountDraft, before: &Account) -> bool {
    let login = &before.login;
    let is_retry = before.sync_state.is_refused() && draft.name.trim() == before.name;
    is_retry
        || draft.server.trim() != login.url
        || draft.user.trim() != login.user
        || draft.password != DraftPassword::AsBefore
        || draft.certificate != login.certificate
        || draft.kind != Some(login.kind)
}

fn mistake(part: AccountPart, problem: impl Into<String>) -> AccountRefusal {
    AccountRefusal { problem: problem.into(), remedy: AccountRemedy::Correct(part) }
}

/// Checks everything that can be checked without the server.
fn check_draft(draft: &AccountDraft, accounts: &[Account]) -> Result<(), AccountRefusal> {
    let before = draft.before.as_ref();
    if !draft.name.trim().is_empty() || before.is_some() {
        check_name(draft.name.trim(), accounts, before)?;
    }
    let server = draft.server.trim();
    if server.is_empty() {
        return Err(mistake(AccountPart::Server, "the address of the server is missing"));
    }
    if draft.user.trim().is_empty() {
        return Err(mistake(AccountPart::User, "the name of the user there is missing"));
    }
    let certificate = draft.certificate.as_deref();
    if certificate.is_some_and(|text| CertificateFingerprint::parse(text).is_none()) {
        let problem = "a fingerprint is SHA256: and 64 hexadecimal digits";
        return Err(mistake(AccountPart::Certificate, problem));
    }
    let is_new_server = before.is_none_or(|before| before.login.url != server);
    if is_new_server && !draft.allows_plain_http && is_plain_and_public(server) {
        let problem = format!(
            "{} would get the password unencrypted: anybody on the way could read it",
            url::host(server)
        );
        return Err(AccountRefusal { problem, remedy: AccountRemedy::SendUnencrypted });
    }
    Ok(())
}

fn is_plain_and_public(server: &str) -> bool {
    let is_plain = server.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
    is_plain && !names_private_host(server)
}

/// Checks the name of an account, which is also that of a folder.
fn check_name(
    name: &str,
    accounts: &[Account],
    before: Option<&Account>,
) -> Result<(), AccountRefusal> {
    let problem = if name.is_empty() {
        "is empty"
    } else if name.chars().count() > MAX_NAME_CHARS {
        "is longer than 60 characters"
    } else if name.contains('/') || name.chars().any(char::is_control) {
        "must not contain a slash or control characters: it is the name of a folder"
    } else {
        let is_taken = |other: &Account| {
            other.name.to_lowercase() == name.to_lowercase()
                && before.is_none_or(|before| before.id != other.id)
        };
        return if accounts.iter().any(is_taken) { Err(name_taken(name)) } else { Ok(()) };
    };
    Err(mistake(AccountPart::Name, format!("the name of the account {problem}")))
}

fn name_taken(name: &str) -> AccountRefusal {
    mistake(AccountPart::Name, format!("an account is called {name} already; give another name"))
}

/// Logs in, and checks that the account is no other one.
fn check_login(
    location: &LibraryLocation,
    sources: &FeedSources,
    draft: &AccountDraft,
    reader: &ReadConnection,
) -> Result<CheckedAccount, AccountRefusal> {
    let (source, password) = choose_password(location, sources, draft)?;
    let (login, feeds) = log_in(sources, draft, source, &password)?;
    let before = draft.before.as_ref();
    let place = |login: &AccountLogin| (login.kind, login.url.clone(), login.user.clone());
    let is_elsewhere = before.is_none_or(|before| place(&before.login) != place(&login));
    if is_elsewhere {
        check_new_login(&reader.list_accounts()?, &login)?;
        if let Some(before) = before {
            let known = reader.list_account_feeds(before.id)?;
            check_same_kind(before, &login, &known)?;
            check_same_server(&known, &feeds)?;
        }
    }
    let name = match draft.name.trim() {
        "" => url::host(&login.url),
        name => name,
    };
    let is_typed = matches!(draft.password, DraftPassword::Typed(_));
    Ok(CheckedAccount {
        before: draft.before.clone(),
        name: name.to_owned(),
        typed_password: is_typed.then_some(password),
        feed_count: Some(feeds.len()),
        login,
    })
}

/// Returns the source of the password, and the password.
fn choose_password(
    location: &LibraryLocation,
    sources: &FeedSources,
    draft: &AccountDraft,
) -> Result<(PasswordSource, StoredPassword), AccountRefusal> {
    let source = match (&draft.password, &draft.before) {
        (DraftPassword::Typed(password), _) if password.expose().is_empty() => {
            return Err(mistake(AccountPart::Password, "the password is missing"));
        }
        (DraftPassword::Typed(password), _) => {
            return Ok((PasswordSource::Kept, password.clone()));
        }
        (DraftPassword::Source(text), _) => parse_source(text)?,
        (DraftPassword::AsBefore, Some(before)) => before.login.password.clone(),
        (DraftPassword::AsBefore, None) => {
            return Err(mistake(AccountPart::Password, "the password is missing"));
        }
    };
    let kept_as = draft.before.as_ref().map_or(draft.name.trim(), |before| &before.name);
    let label = if kept_as.is_empty() { draft.server.trim() } else { kept_as };
    let password = read_account_password(location, kept_as, &source, &sources.variables);
    let password = password.map_err(|error| AccountRefusal {
        problem: format!("{}: {error}", redact_user_info(label)),
        remedy: AccountRemedy::SeeProblem,
    })?;
    Ok((source, password))
}

/// Parses the source of a password; a relative path becomes absolute. What was typed is not repeated: it
/// may be the password.
fn parse_source(text: &str) -> Result<PasswordSource, AccountRefusal> {
    PasswordSource::parse(&make_source_absolute(text.trim())).ok_or_else(|| {
        let problem = "the source of a password is env:NAME, command:COMMAND or file:PATH, not the \
                       password itself";
        mistake(AccountPart::Password, problem)
    })
}

/// Logs in at the server, and asks for the subscriptions.
fn log_in(
    sources: &FeedSources,
    draft: &AccountDraft,
    source: PasswordSource,
    password: &StoredPassword,
) -> Result<(AccountLogin, Vec<RemoteFeed>), AccountRefusal> {
    let (server, user) = (draft.server.trim(), draft.user.trim());
    let address = ServerAddress::parse(server)
        .map_err(|error| mistake(AccountPart::Server, error.to_string()))?;
    let http = AccountNetwork::new(&*sources.http, draft.certificate.as_deref());
    let mut session = find_server(&http, &address, draft.kind, user, password)
        .map_err(|attempts| refuse_attempts(server, &attempts))?;
    let feeds = session.list_subscriptions().map_err(|error| refuse(error.to_string(), &error))?;
    let login = AccountLogin {
        kind: session.kind(),
        url: session.url().to_owned(),
        user: user.to_owned(),
        password: source,
        certificate: draft
            .certificate
            .as_deref()
            .and_then(CertificateFingerprint::parse)
            .map(|fingerprint| fingerprint.to_string()),
    };
    Ok((login, feeds))
}

fn refuse(problem: String, error: &ServerError) -> AccountRefusal {
    let remedy = match error.refused_certificate() {
        Some(fingerprint) => AccountRemedy::AcceptCertificate(fingerprint.to_string()),
        None => AccountRemedy::SeeProblem,
    };
    AccountRefusal { problem, remedy }
}

/// Returns why no login was possible. A server whose certificate is refused is the right one.
fn refuse_attempts(server: &str, attempts: &[LoginAttempt]) -> AccountRefusal {
    let by_certificate =
        attempts.iter().find(|attempt| attempt.error.refused_certificate().is_some());
    match by_certificate {
        Some(attempt) => refuse(attempt.error.to_string(), &attempt.error),
        None => AccountRefusal {
            problem: describe_attempts(server, attempts),
            remedy: AccountRemedy::SeeProblem,
        },
    }
}

/// Checks that no account is of this user at this server: its articles would arrive twice.
fn check_new_login(accounts: &[Account], login: &AccountLogin) -> Result<(), AccountRefusal> {
    let AccountLogin { url, user, .. } = login;
    let is_same = |account: &&Account| (&account.login.url, &account.login.user) == (url, user);
    match accounts.iter().find(is_same) {
        Some(Account { name, .. }) => {
            let problem = format!("the account {name} is that of {user} at {url} already");
            Err(mistake(AccountPart::Server, problem))
        }
        None => Ok(()),
    }
}

/// Checks that the protocol is the same if the account has feeds: articles have other ids by another one,
/// and would all arrive a second time.
fn check_same_kind(
    before: &Account,
    login: &AccountLogin,
    known: &[AccountFeed],
) -> Result<(), AccountRefusal> {
    if known.is_empty() || login.kind == before.login.kind {
        return Ok(());
    }
    let (kind, name) = (login.kind.title(), &before.name);
    let problem = format!(
        "by the {kind} the articles of {name} would arrive a second time; add an account of its own for it"
    );
    Err(AccountRefusal { problem, remedy: AccountRemedy::SeeProblem })
}

/// Checks that the subscriptions are those of the account. The ids of another server, or of another user,
/// mean other articles.
fn check_same_server(known: &[AccountFeed], feeds: &[RemoteFeed]) -> Result<(), AccountRefusal> {
    let find = |known: &AccountFeed| feeds.iter().find(|feed| feed.id == known.remote);
    let shared: Vec<bool> =
        known.iter().filter_map(|known| Some(known.url == find(known)?.url)).collect();
    if known.is_empty() || shared.contains(&true) && !shared.contains(&false) {
        return Ok(());
    }
    let problem = "that user has other subscriptions there; add an account of its own for it";
    Err(AccountRefusal { problem: problem.to_owned(), remedy: AccountRemedy::SeeProblem })
}

/// Stores an account that was checked, and keeps its password if it was typed.
///
/// # Errors
///
/// Fails if the library cannot be written. The inner error is a refusal: another account has the name, or
/// the password cannot be kept.
pub fn save_account(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    checked: &CheckedAccount,
) -> Result<Result<AccountId, AccountRefusal>, StoreError> {
    match &checked.before {
        None => add_account(store, location, checked),
        Some(before) => change_account(store, location, before, checked),
    }
}

fn add_account(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    checked: &CheckedAccount,
) -> Result<Result<AccountId, AccountRefusal>, StoreError> {
    let CheckedAccount { name, login, typed_password, .. } = checked;
    let accounts = ReadConnection::open(location)?.list_accounts()?;
    // The file of an account that has the name is not touched.
    if let Err(refusal) = check_name(name, &accounts, None) {
        return Ok(Err(refusal));
    }
    if let Some(password) = typed_password
        && let Err(error) = keep_password(location, name, password)
    {
        return Ok(Err(error.into()));
    }
    let added = store.add_account(name, login);
    if typed_password.is_some() && !matches!(added, Ok(Some(_))) {
        // What cannot be deleted either is private all the same.
        let _ = forget_password(location, name);
    }
    Ok(added?.ok_or_else(|| name_taken(name)))
}

fn change_account(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    before: &Account,
    checked: &CheckedAccount,
) -> Result<Result<AccountId, AccountRefusal>, StoreError> {
    let CheckedAccount { name, login, .. } = checked;
    let accounts = ReadConnection::open(location)?.list_accounts()?;
    if let Err(refusal) = check_name(name, &accounts, Some(before)) {
        return Ok(Err(refusal));
    }
    if let Err(error) = change_password(location, before, checked) {
        return Ok(Err(error.into()));
    }
    let is_changed = store.edit_account(before, name, login)?;
    Ok(is_changed.then_some(before.id).ok_or_else(|| name_taken(name)))
}

/// Brings the file with the password of an account up to date.
fn change_password(
    location: &LibraryLocation,
    before: &Account,
    checked: &CheckedAccount,
) -> Result<(), PasswordError> {
    if let Some(password) = &checked.typed_password {
        keep_password(location, &before.name, password)?;
    } else if checked.login.password != PasswordSource::Kept {
        forget_password(location, &before.name)?;
    }
    move_password(location, before, &checked.name)
}

/// Removes an account from this computer, and its password. Nothing changes on its server.
///
/// # Errors
///
/// Fails if the library cannot be written. The inner error says that the password is still there.
pub fn delete_account(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    account: &Account,
    removal: AccountRemoval,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(ReleasedFeeds, Result<(), PasswordError>), StoreError> {
    trust_kept_feeds(store, location, account, removal)?;
    let released = store.remove_account(account.id, removal, now)?;
    Ok((released, forget_password(location, &account.name)))
}

/// Lets the feeds that are kept lead into the private network where the user has supplied their server
/// with the address of the account, or has agreed. Their first answer decides for good.
fn trust_kept_feeds(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    account: &Account,
    removal: AccountRemoval,
) -> Result<(), StoreError> {
    let trusts_others = match removal {
        AccountRemoval::Unsubscribe => return Ok(()),
        AccountRemoval::KeepFeeds => false,
        AccountRemoval::KeepPrivateFeeds => true,
    };
    for feed in ReadConnection::open(location)?.list_account_feeds(account.id)? {
        let Some(url) = &feed.url else { continue };
        let is_of_server = url::origin(url) == url::origin(&account.login.url);
        let is_private = names_other_private_host(url, &account.login.url);
        if is_of_server || trusts_others && is_private {
            store.set_feed_network(feed.feed, &FeedNetwork::Unknown)?;
        }
    }
    Ok(())
}

/// Returns the hosts in the private network from which feeds of an account come, other than that of its
/// server: whether they are fetched from here once the account is gone is for the user to say.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub fn list_private_hosts(
    reader: &ReadConnection,
    account: &Account,
) -> Result<Vec<String>, StoreError> {
    let feeds = reader.list_account_feeds(account.id)?;
    let urls = feeds.iter().filter_map(|feed| feed.url.as_deref());
    let private = urls.filter(|url| names_other_private_host(url, &account.login.url));
    let mut hosts: Vec<String> = private.map(|url| url::host(url).to_owned()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    Ok(hosts)
}

impl From<StoreError> for AccountRefusal {
    fn from(error: StoreError) -> AccountRefusal {
        AccountRefusal { problem: error.to_string(), remedy: AccountRemedy::SeeProblem }
    }
}

impl From<PasswordError> for AccountRefusal {
    fn from(error: PasswordError) -> AccountRefusal {
        AccountRefusal { problem: error.to_string(), remedy: AccountRemedy::SeeProblem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ServerKind;

    fn draft(server: &str) -> AccountDraft {
        AccountDraft {
            before: None,
            server: server.to_owned(),
            kind: Some(ServerKind::GoogleReader),
            user: "ann".to_owned(),
            password: DraftPassword::AsBefore,
            name: String::new(),
            certificate: None,
            allows_plain_http: false,
        }
    }

    #[test]
    fn a_password_in_place_of_its_source_is_refused_and_not_repeated() {
        let error = parse_source("S3CRET").unwrap_err().to_string();
        assert!(error.contains("env:NAME") && !error.contains("S3CRET"), "{error}");
    }

    #[test]
    fn names_of_accounts_are_names_of_folders() {
        assert_eq!(check_name("My server", &[], None), Ok(()));
        for name in ["", "a / b", "a\nb", &"x".repeat(61)] {
            assert!(check_name(name, &[], None).is_err(), "{name:?}");
        }
    }

    #[test]
    fn passwords_go_unencrypted_over_the_internet_only_if_the_user_allows_it() {
        for (server, is_refused) in [
            ("http://news.example", true),
            ("HTTP://news.example/rss", true),
            ("https://news.example", false),
            ("news.example", false),
            ("http://192.168.1.4", false),
            ("http://localhost:8080", false),
        ] {
            let checked = check_draft(&draft(server), &[]);
            let is_asked = matches!(
                checked,
                Err(AccountRefusal { remedy: AccountRemedy::SendUnencrypted, .. })
            );
            assert_eq!(is_asked, is_refused, "{server}");
            let allowed = AccountDraft { allows_plain_http: true, ..draft(server) };
            assert_eq!(check_draft(&allowed, &[]), Ok(()));
        }
    }
}
