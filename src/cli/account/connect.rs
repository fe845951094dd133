//! Logging in at a server for an account that is added or changed.

use super::login_attempts::describe_attempts;
use crate::{
    cli::{exit_status::UsageError, prompt::ask_password},
    library::{FeedSources, find_server, make_source_absolute, read_account_password},
    model::{Account, AccountLogin, PasswordSource, RemoteFeed, ServerKind, StoredPassword},
    remote::ServerAddress,
    store::LibraryLocation,
    text::redact_user_info,
};

/// Maximum length of the name of an account, in characters.
const MAX_NAME_CHARS: usize = 60;

/// A login that a server has accepted.
pub struct AcceptedLogin {
    /// The address, the user and the source of the password.
    pub login: AccountLogin,
    /// The password, to be kept if no other source has it.
    pub password: StoredPassword,
    /// The subscriptions on the server.
    pub feeds: Vec<RemoteFeed>,
}

/// The password of an account, and its source.
pub struct ChosenPassword {
    source: PasswordSource,
    password: StoredPassword,
}

impl ChosenPassword {
    /// Reads the password of an account from the source that the user named, or asks for it.
    pub fn choose(
        location: &LibraryLocation,
        sources: &FeedSources,
        name: &str,
        source: Option<&str>,
    ) -> anyhow::Result<ChosenPassword> {
        let Some(source) = source else {
            let typed = ask_password("Password", "--password")?;
            let password = StoredPassword::new(typed);
            return Ok(ChosenPassword { source: PasswordSource::Kept, password });
        };
        let source = parse_source(source)?;
        ChosenPassword::read(location, sources, name, source)
    }

    /// Reads the password of an account from its source.
    pub fn read(
        location: &LibraryLocation,
        sources: &FeedSources,
        name: &str,
        source: PasswordSource,
    ) -> anyhow::Result<ChosenPassword> {
        let password = read_account_password(location, name, &source, &sources.variables)
            .map_err(|error| anyhow::anyhow!("{}: {error}", redact_user_info(name)))?;
        Ok(ChosenPassword { source, password })
    }
}

/// Parses the source of a password; a relative path becomes absolute. What was typed is not repeated: it may be the password.
fn parse_source(text: &str) -> anyhow::Result<PasswordSource> {
    PasswordSource::parse(&make_source_absolute(text)).ok_or_else(|| {
        let sentence = "--password takes env:NAME, command:COMMAND or file:PATH, not the password \
                        itself; leave it out to be asked for it";
        UsageError(sentence.to_owned()).into()
    })
}

/// Logs in at the server that the user typed, at each address at which its API may be, and asks for the
/// subscriptions.
///
/// # Errors
///
/// Fails if no address accepts the user; the error says what was tried.
pub fn connect(
    sources: &FeedSources,
    server: &str,
    kind: Option<ServerKind>,
    user: &str,
    chosen: ChosenPassword,
) -> anyhow::Result<AcceptedLogin> {
    let address = ServerAddress::parse(server).map_err(|error| UsageError(error.to_string()))?;
    let ChosenPassword { source, password } = chosen;
    let mut session = find_server(&*sources.http, &address, kind, user, &password)
        .map_err(|attempts| anyhow::Error::msg(describe_attempts(server, &attempts)))?;
    let feeds = session.list_subscriptions()?;
    let login = AccountLogin {
        kind: session.kind(),
        url: session.url().to_owned(),
        user: user.to_owned(),
        password: source,
    };
    Ok(AcceptedLogin { login, password, feeds })
}

/// Checks that no account is of this user at this server: its articles would arrive twice.
///
/// # Errors
///
/// Fails if there is one; the error names it.
pub fn check_new_login(accounts: &[Account], login: &AccountLogin) -> anyhow::Result<()> {
    let AccountLogin { url, user, .. } = login;
    let is_same = |account: &&Account| (&account.login.url, &account.login.user) == (url, user);
    match accounts.iter().find(is_same) {
        Some(Account { name, .. }) => {
            Err(UsageError(format!("the account {name} is that of {user} at {url} already")).into())
        }
        None => Ok(()),
    }
}

/// Checks the name of an account, which is also that of a folder.
///
/// # Errors
///
/// Fails for an empty name, a long one, and one that stands for nested folders.
pub fn check_name(name: &str) -> anyhow::Result<&str> {
    let name = name.trim();
    let problem = if name.is_empty() {
        "is empty"
    } else if name.chars().count() > MAX_NAME_CHARS {
        "is longer than 60 characters"
    } else if name.contains('/') || name.chars().any(char::is_control) {
        "must not contain a slash or control characters: it is the name of a folder"
    } else {
        return Ok(name);
    };
    Err(UsageError(format!("the name of the account {problem}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_place_of_its_source_is_refused_and_not_repeated() {
        let error = parse_source("S3CRET").unwrap_err().to_string();
        assert!(error.contains("env:NAME") && !error.contains("S3CRET"), "{error}");
    }

    #[test]
    fn names_of_accounts_are_names_of_folders() {
        assert_eq!(check_name(" My server ").unwrap(), "My server");
        for name in ["", "  ", "a / b", "a\nb", &"x".repeat(61)] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
    }
}
