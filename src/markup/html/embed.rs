//! What an article embeds from elsewhere: players, posts, pages.

use dom_query::{Element, NodeRef};

use super::visibility::{is_hidden, is_tracking_pixel};
use crate::{markup::EmbedKind, text::url};

/// Something embedded: what it is, what it is called, and where a reader can see it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HtmlEmbed {
    pub(super) kind: EmbedKind,
    pub(super) title: String,
    pub(super) url: String,
}

/// What the element at `node` embeds, if there is something to see.
pub(super) fn read_embed(
    node: &NodeRef<'_>,
    element: &Element,
    kind: EmbedKind,
    base: Option<&str>,
) -> Option<HtmlEmbed> {
    if is_hidden(element) || is_tracking_pixel(element) {
        return None;
    }
    let source = source_attribute(element).or_else(|| nested_source(node))?;
    let shown = url::resolve(&source, base).filter(|address| address.starts_with("http"))?;
    let (kind, address) = player_page(&shown).unwrap_or((kind, shown));
    let title = ["title", "aria-label", "name"].iter().find_map(|name| element.attr(name));
    let title = title.map(|title| title.trim().to_owned()).filter(|title| title.contains(' '));
    let host = url::host(&address).trim_start_matches("www.").to_owned();
    let title = title.map_or(host.clone(), |title| format!("{title} · {host}"));
    Some(HtmlEmbed { kind, title, url: address })
}

fn source_attribute(element: &Element) -> Option<String> {
    let source =
        ["src", "data-src", "data-lazy-src", "data"].iter().find_map(|name| element.attr(name));
    source.map(|source| source.to_string()).filter(|source| !source.starts_with("about:"))
}

/// The first source that a player names in it.
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

/// Whether a well-known player is at `source`.
pub(super) fn is_known_player(source: &str) -> bool {
    url::resolve(source, Some("https://localhost/"))
        .is_some_and(|address| player_page(&address).is_some())
}

/// The page on which the well-known players show what they play.
fn player_page(address: &str) -> Option<(EmbedKind, String)> {
    let host = url::host(address).trim_start_matches("www.");
    let path = address.split_once(host)?.1;
    let last = |prefix: &str| {
        let id = path.strip_prefix(prefix)?;
        Some(&id[..id.find(['?', '/', '#']).unwrap_or(id.len())]).filter(|id| !id.is_empty())
    };
    let page = match host {
        "youtube.com" | "youtube-nocookie.com" => {
            format!("https://www.youtube.com/watch?v={}", last("/embed/")?)
        }
        "player.vimeo.com" => format!("https://vimeo.com/{}", last("/video/")?),
        "dailymotion.com" => {
            format!("https://www.dailymotion.com/video/{}", last("/embed/video/")?)
        }
        "platform.twitter.com" => {
            let id = address.split_once("id=")?.1;
            let page = format!("https://x.com/i/status/{}", id.split('&').next()?);
            return Some((EmbedKind::Other, page));
        }
        "w.soundcloud.com" | "open.spotify.com" => {
            return Some((EmbedKind::Audio, address.to_owned()));
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
        for (address, page) in cases {
            assert_eq!(player_page(address).map(|(_, page)| page).as_deref(), page, "{address}");
        }
    }
}
