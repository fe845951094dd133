//! The kinds of addresses that the user types or pastes.

/// Returns whether text is nothing but a URL of the web.
pub(in crate::app) fn is_web_url(text: &str) -> bool {
    let text = text.trim();
    let web = text.starts_with("http://") || text.starts_with("https://");
    web && !text.contains(char::is_whitespace)
}

/// Returns true if text is a path or a `file:` URL.
pub(in crate::app) fn is_file_path(text: &str) -> bool {
    let is_file_url = text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"));
    let is_path = text.starts_with(['/', '~', '.', '\\']) || text.get(1..3) == Some(":\\");
    is_file_url || (is_path && !is_web_url(text))
}
