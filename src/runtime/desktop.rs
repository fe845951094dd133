//! The programs outside the terminal: the browser, and tmux, which is asked for the terminal behind
//! it.

use crate::model::{Failure, FailureKind};

/// The programs outside the terminal. Tests replace them.
pub trait Desktop: Send + Sync {
    /// Opens a URL in the user's browser.
    ///
    /// # Errors
    ///
    /// Fails if the URL is not one for a browser, or the browser cannot be started.
    fn open_url(&self, url: &str) -> Result<(), Failure>;

    /// Returns the name that the terminal behind a multiplexer reports; empty if it is unknown.
    fn terminal_name(&self) -> String {
        String::new()
    }
}

/// The programs of the user's system.
#[derive(Debug, Clone, Copy)]
pub struct SystemDesktop;

/// Beginnings of the URLs that are opened in a browser; all others are refused.
const BROWSER_SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

impl Desktop for SystemDesktop {
    /// Opens a URL with one of the `BROWSER_SCHEMES`. The URL is a single argument and never
    /// passes through a shell.
    fn open_url(&self, url: &str) -> Result<(), Failure> {
        if !BROWSER_SCHEMES.iter().any(|scheme| url.starts_with(scheme)) {
            return Err(Failure::new(
                FailureKind::Desktop,
                format!("Cannot open {url}: only http, https and mailto URLs open in a browser"),
            ));
        }
        open::that_detached(url).map_err(|error| {
            Failure::new(
                FailureKind::Desktop,
                format!("Cannot open {url} in a browser: {error}; copy the URL instead"),
            )
        })
    }

    /// Asks tmux for the name of its terminal.
    fn terminal_name(&self) -> String {
        let mut tmux = std::process::Command::new("tmux");
        tmux.args(["display", "-p", "#{client_termtype}"]).stdin(std::process::Stdio::null());
        let output = tmux.output();
        output
            .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
            .unwrap_or_default()
    }
}
