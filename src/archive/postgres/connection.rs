//! Connecting to a server, and its errors as sentences.

use std::{error::Error as _, time::Duration};

use postgres::{Client, Config, Error, NoTls, config::SslMode, error::SqlState};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls::tls_config;
use crate::{
    archive::{ArchiveAddress, ArchiveError, ArchiveTls},
    model::StoredPassword,
    text::sanitize,
};

/// Time to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Time after which a connection that carries nothing is looked after, so that a server that is gone is noticed.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// Time after which sent bytes that nobody has taken end the connection.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);

/// Options of the session: the server ends a statement, or a wait for a lock, that takes longer, whatever has become of
/// this program. Plans are made for the values of each query: compiling them, or one plan for all values, costs a search
/// over many partitions more than the search itself. So does starting processes for a statement of a few rows: 200 arrivals
/// took 80 ms with them, of which half a millisecond was work.
const SESSION_OPTIONS: &str = "-c statement_timeout=120s -c lock_timeout=60s \
                               -c idle_in_transaction_session_timeout=120s -c search_path= -c timezone=UTC \
                               -c jit=off -c plan_cache_mode=force_custom_plan -c max_parallel_workers_per_gather=0";

/// Connects to a server.
pub(super) fn connect(
    address: &ArchiveAddress,
    password: Option<&StoredPassword>,
) -> Result<Client, ArchiveError> {
    let mut config = Config::new();
    config
        .host(&address.host)
        .port(address.port)
        .user(&address.user)
        .dbname(&address.database)
        .application_name("newsreader")
        .options(SESSION_OPTIONS)
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_user_timeout(SEND_TIMEOUT)
        .keepalives_idle(KEEPALIVE_IDLE);
    if let Some(password) = password {
        config.password(password.expose());
    }
    let connected = if address.tls == ArchiveTls::Disable {
        config.ssl_mode(SslMode::Disable).connect(NoTls)
    } else {
        let tls = MakeRustlsConnect::new(tls_config(address)?);
        config.ssl_mode(SslMode::Require).connect(tls)
    };
    connected.map_err(|error| connection_error(address, &error))
}

fn connection_error(address: &ArchiveAddress, error: &Error) -> ArchiveError {
    let (host, user, reason) = (address.server(), address.user.clone(), reason(error));
    match error.code() {
        Some(
            &SqlState::INVALID_PASSWORD
            | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION
            | &SqlState::INSUFFICIENT_PRIVILEGE,
        ) => ArchiveError::Refused { host, user, reason },
        Some(_) => ArchiveError::Failed {
            operation: "open the database",
            reason: format!("{host}: {reason}"),
        },
        None if reason.contains("password missing") => ArchiveError::Refused {
            host,
            user,
            reason: "it wants a password, whose source is the setting `archive_password`"
                .to_owned(),
        },
        None => ArchiveError::Unreachable { host, reason },
    }
}

/// Returns a converter of errors of an operation, which is a verb and its object.
pub(super) fn failed(operation: &'static str) -> impl Fn(Error) -> ArchiveError {
    move |error| {
        let reason = reason(&error);
        if error.is_closed() {
            return ArchiveError::Unreachable { host: "its server".to_owned(), reason };
        }
        ArchiveError::Failed { operation, reason }
    }
}

/// Returns the reason of an error on one line, as its server or the system states it.
pub(super) fn reason(error: &Error) -> String {
    let reason = match error.as_db_error() {
        Some(stated) => stated.message().to_owned(),
        None => match error.source() {
            Some(source) => source.to_string(),
            None => error.to_string(),
        },
    };
    sanitize::to_line(&reason).into_owned()
}
