//! The addresses of archives: URLs as the programs of PostgreSQL know them.

use std::path::PathBuf;

use super::ArchiveError;
use crate::text::url::{Url, percent_decode};

/// The port of PostgreSQL.
const DEFAULT_PORT: u16 = 5432;

/// The address of an archive: `postgres://USER@HOST:PORT/DATABASE?sslmode=…&sslrootcert=…`. It never holds a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveAddress {
    /// The host name or IP address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The user: the role of the database.
    pub user: String,
    /// The name of the database.
    pub database: String,
    /// The protection of the connection.
    pub tls: ArchiveTls,
    /// The file with the certificates of the authorities, in PEM; `None` for those of the system.
    pub authorities: Option<PathBuf>,
}

/// The protection of a connection, by the names of libpq (PostgreSQL's documentation, table 34.1). `allow` and `prefer`
/// are left out, because they give in to whoever refuses TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveTls {
    /// None: what is sent can be read and changed on the way.
    Disable,
    /// Encryption, with whoever answers.
    Require,
    /// The certificate is signed by an authority, whatever host it names.
    VerifyAuthority,
    /// The certificate is signed by an authority and names the host.
    VerifyHost,
}

impl ArchiveTls {
    const NAMES: [(&'static str, ArchiveTls); 4] = [
        ("disable", ArchiveTls::Disable),
        ("require", ArchiveTls::Require),
        ("verify-ca", ArchiveTls::VerifyAuthority),
        ("verify-full", ArchiveTls::VerifyHost),
    ];

    fn parse(name: &str) -> Option<ArchiveTls> {
        ArchiveTls::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, mode)| mode)
    }
}

impl ArchiveAddress {
    /// Parses an address.
    ///
    /// # Errors
    ///
    /// Fails if it is not the URL of a database, holds a password, or has a parameter that is not known: one that
    /// were passed over in silence might be the one that protects the connection.
    pub fn parse(text: &str) -> Result<ArchiveAddress, ArchiveError> {
        let fail = |reason: &str| ArchiveError::Address(reason.to_owned());
        let url = Url::parse(text.trim()).map_err(|_| fail("is not a URL"))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(fail("does not begin with postgres://"));
        }
        if url.password().is_some() {
            return Err(fail(
                "holds a password, which belongs into `archive_password`: env:NAME, file:PATH or command:COMMAND",
            ));
        }
        let host = url.host_str().unwrap_or_default();
        let host = percent_decode(host.trim_start_matches('[').trim_end_matches(']'));
        let user = percent_decode(url.username());
        if host.is_empty() || user.is_empty() {
            return Err(fail("names no host or no user: postgres://USER@HOST/DATABASE"));
        }
        let database = percent_decode(url.path().trim_matches('/'));
        let mut address = ArchiveAddress {
            database: if database.is_empty() { user.clone() } else { database },
            port: url.port().unwrap_or(DEFAULT_PORT),
            host,
            user,
            tls: ArchiveTls::VerifyHost,
            authorities: None,
        };
        for (name, value) in url.query_pairs() {
            address.set_parameter(&name, &value)?;
        }
        Ok(address)
    }

    fn set_parameter(&mut self, name: &str, value: &str) -> Result<(), ArchiveError> {
        match name {
            "sslmode" => {
                self.tls = ArchiveTls::parse(value).ok_or_else(|| {
                    let names = ArchiveTls::NAMES.map(|(name, _)| name).join(", ");
                    ArchiveError::Address(format!(
                        "has the sslmode {value}, which is none of {names}"
                    ))
                })?;
            }
            "sslrootcert" if value == "system" => self.authorities = None,
            "sslrootcert" => self.authorities = Some(PathBuf::from(value)),
            _ => return Err(ArchiveError::Address(format!("has the unknown parameter {name}"))),
        }
        Ok(())
    }

    /// Returns the host and port, for sentences.
    pub fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_has_its_parts_and_verifies_by_default() {
        let address = ArchiveAddress::parse("postgres://ann%40desk@db.example.org/news").unwrap();
        assert_eq!(
            address,
            ArchiveAddress {
                host: "db.example.org".to_owned(),
                port: 5432,
                user: "ann@desk".to_owned(),
                database: "news".to_owned(),
                tls: ArchiveTls::VerifyHost,
                authorities: None,
            }
        );
        let text = "postgresql://ann@[::1]:5433/?sslmode=verify-ca&sslrootcert=/etc/ca.pem";
        let address = ArchiveAddress::parse(text).unwrap();
        assert_eq!((&*address.server(), &*address.database), ("::1:5433", "ann"));
        assert_eq!(address.tls, ArchiveTls::VerifyAuthority);
        assert_eq!(address.authorities, Some(PathBuf::from("/etc/ca.pem")));
    }

    #[test]
    fn address_that_hides_something_is_refused() {
        for (text, part) in [
            ("db.example.org/news", "is not a URL"),
            ("https://ann@db.example.org/news", "does not begin"),
            ("postgres://ann:secret@db.example.org/news", "archive_password"),
            ("postgres://db.example.org/news", "no user"),
            ("postgres:///news", "no host"),
            ("postgres://ann@db/news?sslmode=prefer", "none of disable, require"),
            ("postgres://ann@db/news?sslmod=verify-full", "unknown parameter sslmod"),
        ] {
            let error = ArchiveAddress::parse(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
