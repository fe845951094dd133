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

/// Turns `feed://host/path` and `feed:https://host/path` into web URLs; `None` for other URLs.
pub(super) fn strip_feed_scheme(href: &str) -> Option<String> {
    let (_, rest) =
        url::split_scheme(href).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("feed"))?;
    let rest = rest.trim_start_matches("//");
    let is_web_url = url::split_scheme(rest).is_some_and(|(scheme, _)| {
        ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
    });
    Some(if is_web_url { rest.to_owned() } else { format!("http://{rest}") })
}

/// Returns `url` without its fragment: the URL of the document itself (RFC 3986 §4.4).
pub(super) fn strip_fragment(url: &str) -> String {
    url.split('#').next().unwrap_or_default().to_owned()
}

/// Extensions of pictures, sounds and videos.
const MEDIA_EXTENSIONS: [&str; 24] = [
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "bmp", "heic", "mp3", "m4a", "aac", "ogg",
    "oga", "opus", "wav", "flac", "mp4", "m4v", "mov", "webm", "ogv", "mkv", "avi",
];

/// Returns true if the path of `url` ends like that of a picture, a sound or a video.
pub(super) fn is_media_url(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    MEDIA_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Hosts that forward the readers of other sites.
const REDIRECT_HOSTS: [&str; 3] =
    ["feedproxy.google.com", "feeds.feedburner.com", "feedburner.com"];

/// Returns true if relative URLs in the text of an article can be resolved against its link: if the
/// link leads to a page of the article's own site.
pub(super) fn is_page_base(link: &str) -> bool {
    let host = url::host(link);
    !is_relative(link)
        && !is_media_url(link)
        && !REDIRECT_HOSTS.iter().any(|known| host.eq_ignore_ascii_case(known))
}

/// Returns `link`, on the host of `site` where the two differ only by `www.`, so that a picture of
/// several articles has one URL.
pub(super) fn with_host_of_site(link: &str, site: Option<&str>) -> String {
    let without_www = |url| {
        let host = url::host(url).to_ascii_lowercase();
        host.strip_prefix("www.").map_or(host.clone(), str::to_owned)
    };
    let twin = site.filter(|site| {
        url::host(site) != url::host(link) && without_www(site) == without_www(link)
    });
    let origin_and_path = twin.and_then(|site| {
        let (scheme, rest) = site.split_once("://")?;
        let (authority, _) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
        let (_, link_rest) = link.split_once("://")?;
        let path = link_rest.find(['/', '?', '#']).map_or("/", |at| &link_rest[at..]);
        Some(format!("{scheme}://{authority}{path}"))
    });
    origin_and_path.unwrap_or_else(|| link.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_host_of_site_replaces_only_www() {
        let site = Some("http://x.org/blog/");
        assert_eq!(with_host_of_site("https://www.x.org/a?b", site), "http://x.org/a?b");
        for link in ["https://x.org/a", "https://m.x.org/a"] {
            assert_eq!(with_host_of_site(link, site), link);
        }
        assert_eq!(with_host_of_site("https://x.org/a", None), "https://x.org/a");
    }

    #[test]
    fn is_media_url_looks_at_the_end_of_the_path() {
        for url in ["https://x.org/a/b.JPG", "https://x.org/ep.mp3?token=1#t=2", "pic.webp"] {
            assert!(is_media_url(url), "{url}");
        }
        for url in ["https://x.org/jpg", "https://x.org/a?f=b.jpg", "https://x.mov/", ""] {
            assert!(!is_media_url(url), "{url}");
        }
    }
}
