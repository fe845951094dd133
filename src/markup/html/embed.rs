//! What an article embeds from elsewhere: players, posts, pages.

use dom_query::{Element, NodeRef};

use super::walk::{is_hidden, is_speck};
use crate::{markup::Embedded, text::address};

/// Something embedded: what it is, what it is called, and where a reader can see it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Embed {
    pub(super) kind: Embedded,
    pub(super) title: String,
    pub(super) address: String,
}

/// What the element at `node` embeds, if there is something to see.
pub(super) fn embedded(
    node: &NodeRef<'_>,
    element: &Element,
    kind: Embedded,
    base: Option<&str>,
) -> Option<Embed> {
    if is_hidden(element) || is_speck(element) {
        return None;
    }
    let source = source(element).or_else(|| within(node))?;
    let shown = address::resolve(&source, base).filter(|address| address.starts_with("http"))?;
    let (kind, address) = watched(&shown).unwrap_or((kind, shown));
    let title = ["title", "aria-label", "name"].iter().find_map(|name| element.attr(name));
    let title = title.map(|title| title.trim().to_owned()).filter(|title| title.contains(' '));
    let host = address::host(&address).trim_start_matches("www.").to_owned();
    let title = title.map_or(host.clone(), |title| format!("{title} · {host}"));
    Some(Embed { kind, title, address })
}

fn source(element: &Element) -> Option<String> {
    let source = ["src", "data-src", "data-lazy-src", "data"].iter().find_map(|name| element.attr(name));
    source.map(|source| source.to_string()).filter(|source| !source.starts_with("about:"))
}

/// The first source that a player names in it.
fn within(node: &NodeRef<'_>) -> Option<String> {
    let mut child = node.first_child();
    while let Some(node) = child {
        if let Some(element) = node.element_ref().filter(|element| &*element.name.local == "source") {
            return source(&element);
        }
        child = node.next_sibling();
    }
    None
}

/// Whether a well-known player is at `source`.
pub(super) fn is_player(source: &str) -> bool {
    address::resolve(source, Some("https://localhost/")).is_some_and(|address| watched(&address).is_some())
}

/// The page on which the well-known players show what they play.
fn watched(address: &str) -> Option<(Embedded, String)> {
    let host = address::host(address).trim_start_matches("www.");
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
        "dailymotion.com" => format!("https://www.dailymotion.com/video/{}", last("/embed/video/")?),
        "platform.twitter.com" => {
            let id = address.split_once("id=")?.1;
            let page = format!("https://x.com/i/status/{}", id.split('&').next()?);
            return Some((Embedded::Page, page));
        }
        "w.soundcloud.com" | "open.spotify.com" => return Some((Embedded::Audio, address.to_owned())),
        _ => return None,
    };
    Some((Embedded::Video, page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_lead_to_their_pages() {
        let cases = [
            ("https://www.youtube.com/embed/abc?rel=0", Some("https://www.youtube.com/watch?v=abc")),
            ("https://www.youtube-nocookie.com/embed/abc", Some("https://www.youtube.com/watch?v=abc")),
            ("https://player.vimeo.com/video/12?h=1", Some("https://vimeo.com/12")),
            ("https://platform.twitter.com/embed/Tweet.html?id=5&x=1", Some("https://x.com/i/status/5")),
            ("https://www.youtube.com/embed/", None),
            ("https://example.org/embed/abc", None),
        ];
        for (address, page) in cases {
            assert_eq!(watched(address).map(|(_, page)| page).as_deref(), page, "{address}");
        }
    }
}
