//! Addresses in feed documents.

pub(super) use crate::text::url::resolve;

/// The http(s) or mail address that `href` means; one that is relative to nobody knows what is kept as it is, for
/// [`super::fallbacks`] to resolve.
pub(super) fn resolve_href(href: &str, base: Option<&str>) -> Option<String> {
    let href = href.trim();
    // `feed:` is what some sites put before the address of a feed.
    let href = match href.split_at_checked(5) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("feed:") => {
            let rest = rest.trim_start_matches("//");
            if rest.contains("://") { rest.to_owned() } else { format!("http://{rest}") }
        }
        _ => href.to_owned(),
    };
    let resolved = resolve(&href, base);
    resolved.or_else(|| (base.is_none() && is_relative(&href)).then_some(href))
}

/// Whether an address needs a base.
pub(super) fn is_relative(href: &str) -> bool {
    let scheme = href.split(['/', '?', '#']).next().unwrap_or_default();
    !href.is_empty() && !href.starts_with('#') && !scheme.contains(':')
}
