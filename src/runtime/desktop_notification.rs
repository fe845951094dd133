//! Notifications through the desktop's own service: that of freedesktop.org over D-Bus, and those of macOS
//! and Windows. The program has it only if it was built with the feature `desktop-notifications`.

/// Shows a notification.
///
/// # Errors
///
/// Returns the reason if the desktop has no such service, or does not answer.
#[cfg(feature = "desktop-notifications")]
pub(super) fn show_on_desktop(text: &str) -> Result<(), String> {
    let mut notification = notify_rust::Notification::new();
    notification.appname("newsreader").summary("newsreader").body(&escape_markup(text));
    notification.show().map(drop).map_err(|error| format!("the desktop does not show it: {error}"))
}

/// Returns the reason why this program shows none.
#[cfg(not(feature = "desktop-notifications"))]
pub(super) fn show_on_desktop(_text: &str) -> Result<(), String> {
    Err("this program was built without the feature desktop-notifications".to_owned())
}

/// Escapes the characters of markup, which servers may understand in the body of a notification (Desktop
/// Notifications Specification 1.3). macOS and Windows show the text as it is.
#[cfg(feature = "desktop-notifications")]
fn escape_markup(text: &str) -> String {
    if cfg!(all(unix, not(target_os = "macos"))) {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "desktop-notifications")]
    #[test]
    fn titles_are_not_markup() {
        let text = super::escape_markup("Rust & <b>WebAssembly</b>");
        assert_eq!(text, "Rust &amp; &lt;b&gt;WebAssembly&lt;/b&gt;");
    }

    #[cfg(not(feature = "desktop-notifications"))]
    #[test]
    fn program_without_the_feature_says_so() {
        let reason = super::show_on_desktop("A ferry").unwrap_err();
        assert!(reason.contains("without the feature desktop-notifications"), "{reason}");
    }
}
