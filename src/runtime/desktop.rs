//! The user's other programs.

use crate::model::{Failure, FailureKind};

/// Opens addresses outside the terminal. The seam that tests replace.
pub trait Desktop: Send + Sync {
    /// Opens an address in the user's browser.
    fn open_url(&self, url: &str) -> Result<(), Failure>;

    /// The terminal behind a multiplexer, as it calls itself; empty if that is not known.
    fn terminal_name(&self) -> String {
        String::new()
    }
}

/// The real browser.
#[derive(Debug, Clone, Copy)]
pub struct SystemDesktop;

impl Desktop for SystemDesktop {
    /// Only addresses that a browser is for are handed over, as one argument, never through a shell.
    fn open_url(&self, url: &str) -> Result<(), Failure> {
        let safe = ["http://", "https://", "mailto:"].iter().any(|scheme| url.starts_with(scheme));
        if !safe {
            return Err(Failure::new(
                FailureKind::Desktop,
                format!("{url} is not an address a browser should open"),
            ));
        }
        let failed = |error: std::io::Error| {
            Failure::new(
                FailureKind::Desktop,
                format!("Cannot open {url} in a browser: {error}; y copies the address"),
            )
        };
        open::that_detached(url).map_err(failed)
    }

    fn terminal_name(&self) -> String {
        let mut command = std::process::Command::new("tmux");
        let asked = command
            .args(["display", "-p", "#{client_termtype}"])
            .stdin(std::process::Stdio::null())
            .output();
        asked
            .map(|answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned())
            .unwrap_or_default()
    }
}
