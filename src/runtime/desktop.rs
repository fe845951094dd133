//! The programs outside the terminal: the browser, and tmux, which is asked for the terminal behind
//! it.

use crate::{
    model::{Failure, FailureKind},
    text::{browser_url, redact_user_info},
};

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

impl Desktop for SystemDesktop {
    /// Opens an http, https or mailto URL, of which only what a browser needs is handed over. It is a
    /// single argument and never passes through a shell.
    fn open_url(&self, url: &str) -> Result<(), Failure> {
        let shown = redact_user_info(url);
        let to_failure = |sentence: String| Failure::new(FailureKind::Desktop, sentence);
        let url = browser_url(url).ok_or_else(|| {
            to_failure(format!(
                "Cannot open {shown}: only http, https and mailto URLs open in a browser"
            ))
        })?;
        open::that_detached(url).map_err(|error| {
            to_failure(format!("Cannot open {shown} in a browser: {error}; copy the URL instead"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_url_refuses_what_is_not_for_a_browser() {
        for url in ["file:///etc/passwd", "mailto:?attach=/etc/passwd", "-n", "ftp://ann:word@e.x/"]
        {
            let failure = SystemDesktop.open_url(url).unwrap_err();
            assert!(failure.summary.starts_with("Cannot open "), "{failure:?}");
            assert!(!failure.summary.contains("word"), "{failure:?}");
        }
    }
}
