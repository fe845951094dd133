//! The address of a server as the user typed it.

use crate::text::{
    names_private_host,
    url::{self, Url, WebUrlError},
};

/// An address at which there cannot be a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerAddressError {
    /// The address is no URL of the web; the reason continues a sentence that begins with it.
    #[error("the address {0}")]
    Invalid(WebUrlError),
    /// The address holds a password, which would be shown with it.
    #[error("the address holds a user name or a password; give the user name by itself")]
    HasUserInfo,
}

/// The address of a server that the user typed: its site, its API, or a page of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress {
    url: Url,
    /// Without a scheme, a host that is certainly in the private network is tried with `http` as well.
    may_be_plain: bool,
}

impl ServerAddress {
    /// Parses what the user typed. Without a scheme, `https` is meant.
    ///
    /// # Errors
    ///
    /// Fails for what is no web address, and for one with a user name or password.
    pub fn parse(typed: &str) -> Result<ServerAddress, ServerAddressError> {
        let typed = typed.trim();
        let has_scheme = typed.contains("://");
        let with_scheme = if has_scheme { typed.to_owned() } else { format!("https://{typed}") };
        let url = url::check_web_url(&with_scheme).map_err(ServerAddressError::Invalid)?;
        if url::user_info(&url).is_some() {
            return Err(ServerAddressError::HasUserInfo);
        }
        let may_be_plain = !has_scheme && names_private_host(&with_scheme);
        Ok(ServerAddress { url, may_be_plain })
    }

    /// Returns the path.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// Returns the URLs of paths of the server, each once. No password is sent over the internet in the
    /// clear unless the user typed `http://`.
    pub fn urls_of(&self, paths: &[String]) -> Vec<String> {
        let origin = self.url.origin().ascii_serialization();
        let mut urls: Vec<String> = Vec::new();
        for path in paths {
            let url = format!("{origin}{path}");
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        if self.may_be_plain {
            let plain = urls.iter().map(|url| url.replacen("https://", "http://", 1));
            urls.extend(plain.collect::<Vec<_>>());
        }
        urls
    }
}
