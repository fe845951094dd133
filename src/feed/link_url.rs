//! Links in feed documents.

use crate::text::url;
pub(super) use crate::text::url::{is_relative, resolve_as_written as resolve};

/// Resolves `href`, which may have `feed:` in front of its URL, as some sites write the addresses
/// of feeds.
///
/// Without a base, a relative link is returned as it is: [`super::fallbacks`] resolves it once the
/// whole document is read.
pub(super) fn resolve_href(href: &str, base: Option<&str>) -> Option<String> {
    let href = href.trim();
    let href = strip_feed_scheme(href).unwrap_or_else(|| href.to_owned());
    let resolved = resolve(&href, base);
    resolved.or_else(|| (base.is_none() && is_relative(&href)).then_some(href))
}

/// Turns `feed://host/path` and `feed:https://host/path` into web URLs.
fn strip_feed_scheme(href: &str) -> Option<String> {
    let (_, rest) =
        url::split_scheme(href).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("feed"))?;
    let rest = rest.trim_start_matches("//");
    Some(if rest.contains("://") { rest.to_owned() } else { format!("http://{rest}") })
}
