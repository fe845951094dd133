//! The programs outside the terminal: the browser, and tmux, which is asked for the terminal behind
//! it.

use std::path::Path;

use super::{child_process::spawn_detached, desktop_notification::show_on_desktop};
use crate::{
    model::{Failure, FailureKind},
    text::{browser_url, fill_slots, redact_user_info},
};

/// Browsers that run on the terminal. Debian's `www-browser` is one of the others.
const TERMINAL_BROWSERS: [&str; 7] =
    ["w3m", "lynx", "links", "links2", "elinks", "felinks", "www-browser"];

/// The programs outside the terminal. Tests replace them.
pub trait Desktop: Send + Sync {
    /// Opens a URL in the user's browser.
    ///
    /// # Errors
    ///
    /// Fails if the URL is not one for a browser, or the browser cannot be started.
    fn open_url(&self, url: &str) -> Result<(), Failure>;

    /// Returns the command line that opens a URL, if the user's browser runs on the terminal.
    fn terminal_browser(&self, _url: &str) -> Option<Vec<String>> {
        None
    }

    /// Shows a notification through the service of the desktop.
    ///
    /// # Errors
    ///
    /// Fails if there is none, or the program was built without it.
    fn show_notification(&self, text: &str) -> Result<(), Failure>;

    /// Returns the name that the terminal behind a multiplexer reports; empty if it is unknown.
    fn terminal_name(&self) -> String {
        String::new()
    }
}

/// The programs of the user's system.
#[derive(Debug, Clone)]
pub struct SystemDesktop {
    /// The browser and its arguments; empty for the one of the desktop.
    pub browser: Vec<String>,
}

impl SystemDesktop {
    /// Starts the browser, and waits until it, or the program that hands the URL to it, has ended.
    fn start_browser(&self, url: &str) -> Result<(), String> {
        let Some(name) = self.browser.first() else {
            let opened = open::that_detached(url);
            let reason = "the desktop has no browser; the setting `browser` names one";
            return opened.map_err(|_| reason.to_owned());
        };
        let child = spawn_detached(&self.command_line(url));
        let status = child.and_then(|mut child| child.wait());
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{name} ended with {status}")),
            Err(error) => Err(format!("{name} cannot be started: {error}")),
        }
    }

    /// Returns the browser and its arguments, with the URL in its place.
    fn command_line(&self, url: &str) -> Vec<String> {
        let mut argv = self.browser.clone();
        if !argv.iter().any(|argument| argument.contains("{url}")) {
            argv.push("{url}".to_owned());
        }
        fill_slots(&argv, &[("{url}", url)])
    }

    /// Returns whether the browser runs on the terminal, which it then needs for itself.
    fn needs_terminal(&self) -> bool {
        let name = self.browser.first().and_then(|program| Path::new(program).file_name());
        name.is_some_and(|name| TERMINAL_BROWSERS.iter().any(|known| name == *known))
    }
}

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
        self.start_browser(&url)
            .map_err(|reason| to_failure(format!("Cannot open {shown}: {reason}")))
    }

    fn terminal_browser(&self, url: &str) -> Option<Vec<String>> {
        let url = browser_url(url).filter(|_| self.needs_terminal())?;
        Some(self.command_line(&url))
    }

    fn show_notification(&self, text: &str) -> Result<(), Failure> {
        show_on_desktop(text).map_err(|reason| {
            let sentence = format!("Cannot show the notification “{text}”: {reason}");
            Failure::new(FailureKind::Desktop, sentence)
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
            let failure = SystemDesktop { browser: Vec::new() }.open_url(url).unwrap_err();
            assert!(failure.summary.starts_with("Cannot open "), "{failure:?}");
            assert!(!failure.summary.contains("word"), "{failure:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn open_url_gives_the_browser_of_the_settings_one_argument() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("opened");
        let script = format!("printf '%s|' \"$@\" > {}", path.display());
        let browser = ["sh", "-c", &script, "browser"].map(str::to_owned).to_vec();
        let url = "https://ann:word@a.example/a b?c='d';e";
        SystemDesktop { browser }.open_url(url).unwrap();
        assert_eq!(std::fs::read_to_string(path).unwrap(), "https://a.example/a%20b?c=%27d%27;e|");
    }

    #[test]
    fn terminal_browser_is_one_that_needs_the_terminal() {
        let command_line = |browser: &[&str], url: &str| {
            let browser = browser.iter().map(|word| (*word).to_owned()).collect();
            SystemDesktop { browser }.terminal_browser(url)
        };
        let url = "https://ann:word@a.example/";
        assert_eq!(command_line(&["w3m"], url).unwrap(), ["w3m", "https://a.example/"]);
        assert_eq!(
            command_line(&["/usr/bin/lynx", "-dump={url}"], url).unwrap(),
            ["/usr/bin/lynx", "-dump=https://a.example/"]
        );
        for browser in [&["firefox"][..], &["xterm", "-e", "w3m"], &[]] {
            assert_eq!(command_line(browser, url), None, "{browser:?}");
        }
        assert_eq!(command_line(&["w3m"], "file:///etc/passwd"), None);
    }

    #[cfg(unix)]
    #[test]
    fn open_url_says_why_the_browser_of_the_settings_fails() {
        for (argv, reason) in [
            (&["/no/browser"][..], "/no/browser cannot be started: "),
            (&["sh", "-c", "exit 3"], "sh ended with exit status: 3"),
        ] {
            let browser = argv.iter().map(|word| (*word).to_owned()).collect();
            let failure = SystemDesktop { browser }.open_url("https://a.example/").unwrap_err();
            let sentence = format!("Cannot open https://a.example/: {reason}");
            assert!(failure.summary.starts_with(&sentence), "{failure:?}");
        }
    }
}
