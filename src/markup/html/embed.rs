//! Embedded content of other sites: players, posts, pages.

use dom_query::{Element, NodeRef};

use super::image_url::ImageAttributes;
use crate::{markup::EmbedKind, text::url};

/// An embedded object: its kind, title, and the URL at which a reader can see it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HtmlEmbed {
    pub(super) kind: EmbedKind,
    pub(super) title: String,
    pub(super) url: String,
}

/// Reads the embedded object at `node`; `None` if there is nothing to see.
pub(super) fn read_embed(
    node: &NodeRef<'_>,
    element: &Element,
    kind: EmbedKind,
    base: Option<&str>,
) -> Option<HtmlEmbed> {
    if ImageAttributes::of_element(element).is_tracking_pixel() {
        return None;
    }
    let source = source_attribute(element).or_else(|| nested_source(node))?;
    let source_url = url::resolve(&source, base).filter(|url| url.starts_with("http"))?;
    let (kind, url) = player_page(&source_url).unwrap_or((kind, source_url));
    let host = url::host(&url).trim_start_matches("www.");
    let title = match title_attribute(element) {
        Some(title) => format!("{title} · {host}"),
        None => host.to_owned(),
    };
    Some(HtmlEmbed { kind, title, url })
}

/// Returns the title of an element. A single word is a name for scripts, and no title.
fn title_attribute(element: &Element) -> Option<String> {
    let title = ["title", "aria-label", "name"].iter().find_map(|name| element.attr(name))?;
    Some(title.trim().to_owned()).filter(|title| title.contains(' '))
}

fn source_attribute(element: &Element) -> Option<String> {
    let source =
        ["src", "data-src", "data-lazy-src", "data"].iter().find_map(|name| element.attr(name));
    source.map(|source| source.to_string()).filter(|source| !source.starts_with("about:"))
}

/// Returns the first source within a player.
fn nested_source(node: &NodeRef<'_>) -> Option<String> {
    let mut child = node.first_child();
    while let Some(node) = child {
        if let Some(element) = node.element_ref().filter(|element| &*element.name.local == "source")
        {
            return source_attribute(&element);
        }
        child = node.next_sibling();
    }
    None
}

/// Returns true if a well-known player is at `source`.
pub(super) fn is_known_player(source: &str) -> bool {
    url::resolve(source, Some("https://localhost/")).is_some_and(|url| player_page(&url).is_some())
}

/// Returns the page on which a well-known player shows its content.
fn player_page(url: &str) -> Option<(EmbedKind, String)> {
    let host = url::host(url).trim_start_matches("www.");
    let path = url.split_once(host)?.1;
    let id_after = |prefix: &str| {
        let id = path.strip_prefix(prefix)?;
        Some(&id[..id.find(['?', '/', '#']).unwrap_or(id.len())]).filter(|id| !id.is_empty())
    };
    let page = match host {
        "youtube.com" | "youtube-nocookie.com" => {
            format!("https://www.youtube.com/watch?v={}", id_after("/embed/")?)
        }
        "player.vimeo.com" => format!("https://vimeo.com/{}", id_after("/video/")?),
        "dailymotion.com" => {
            format!("https://www.dailymotion.com/video/{}", id_after("/embed/video/")?)
        }
        "platform.twitter.com" => {
            let id = url.split_once("id=")?.1;
            let page = format!("https://x.com/i/status/{}", id.split('&').next()?);
            return Some((EmbedKind::Other, page));
        }
        "w.soundcloud.com" | "open.spotify.com" => {
            return Some((EmbedKind::Audio, url.to_owned()));
        }
        _ => return None,
    };
    Some((EmbedKind::Video, page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn player_page_maps_known_players() {
        let cases = [
            (
                "https://www.youtube.com/embed/abc?rel=0",
                Some("https://www.youtube.com/watch?v=abc"),
            ),
            (
                "https://www.youtube-nocookie.com/embed/abc",
                Some("https://www.youtube.com/watch?v=abc"),
            ),
            ("https://player.vimeo.com/video/12?h=1", Some("https://vimeo.com/12")),
            (
                "https://platform.twitter.com/embed/Tweet.html?id=5&x=1",
                Some("https://x.com/i/status/5"),
            ),
            ("https://www.youtube.com/embed/", None),
            ("https://example.org/embed/abc", None),
        ];
        for (url, page) in cases {
            assert_eq!(player_page(url).map(|(_, page)| page).as_deref(), page, "{url}");
        }
    }
}
