//! The calls of servers that keep pages: the path, the header with the token, and the body.

use serde_json::{Value, json};

use super::sent_article::SentArticle;
use crate::{net::FormBody, text::url};

/// A server that keeps pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageServer {
    Wallabag,
    Linkding,
    Readeck,
    Karakeep,
    /// Zotero on this computer, as its browser extensions talk to it.
    Zotero,
}

impl PageServer {
    pub(super) fn from_name(name: &str) -> Option<PageServer> {
        match name {
            "wallabag" => Some(PageServer::Wallabag),
            "linkding" => Some(PageServer::Linkding),
            "readeck" => Some(PageServer::Readeck),
            "karakeep" => Some(PageServer::Karakeep),
            "zotero" => Some(PageServer::Zotero),
            _ => None,
        }
    }

    /// Returns the path of the call below the address of the server.
    pub(super) fn path(self) -> &'static str {
        match self {
            PageServer::Wallabag => "/api/entries.json",
            PageServer::Linkding => "/api/bookmarks/",
            PageServer::Readeck => "/api/bookmarks",
            PageServer::Karakeep => "/api/v1/bookmarks",
            PageServer::Zotero => "/connector/saveItems",
        }
    }

    /// Returns the headers of the call.
    pub(super) fn headers(self, token: Option<&str>) -> Vec<(String, String)> {
        let scheme = if self == PageServer::Linkding { "Token" } else { "Bearer" };
        let authorization =
            token.map(|token| ("Authorization".to_owned(), format!("{scheme} {token}")));
        let version = (self == PageServer::Zotero)
            .then(|| ("X-Zotero-Connector-API-Version".to_owned(), "3".to_owned()));
        let accept = ("Accept".to_owned(), "application/json".to_owned());
        authorization.into_iter().chain(version).chain([accept]).collect()
    }

    /// Returns the JSON of the call.
    pub(super) fn body(self, url: &str, sent: &SentArticle<'_>) -> Value {
        let (title, tags) = (&sent.title, &sent.tags);
        match self {
            PageServer::Wallabag => json!({"url": url, "title": title, "tags": tags.join(",")}),
            PageServer::Linkding => json!({"url": url, "title": title, "tag_names": tags}),
            PageServer::Readeck => json!({"url": url, "title": title, "labels": tags}),
            PageServer::Karakeep => json!({"type": "link", "url": url, "title": title}),
            PageServer::Zotero => {
                let creators: Vec<Value> = sent
                    .author
                    .iter()
                    .map(|name| json!({"lastName": name, "fieldMode": 1, "creatorType": "author"}))
                    .collect();
                let tags: Vec<Value> = tags.iter().map(|tag| json!({"tag": tag})).collect();
                // A session of which Zotero knows already is refused.
                let session = format!("newsreader-{}-{}", std::process::id(), sent.number);
                json!({"sessionID": session, "uri": url, "items": [{
                    "id": "article", "itemType": "webpage", "title": title, "url": url,
                    "date": sent.day, "websiteTitle": sent.source, "creators": creators, "tags": tags,
                    "notes": [], "attachments": [],
                }]})
            }
        }
    }
}

/// Returns the call that attaches tags to the bookmark that Karakeep names in `answer`: its path and its
/// JSON. Creating a bookmark takes none; a tag that does not exist is created. `None` if the answer names
/// no bookmark.
pub(super) fn karakeep_tags(answer: &[u8], tags: &[&str]) -> Option<(String, Value)> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let id = url::encode_path_segment(answer.get("id")?.as_str()?);
    let tags: Vec<Value> = tags.iter().map(|tag| json!({"tagName": tag})).collect();
    let path = format!("{}/{id}/tags", PageServer::Karakeep.path());
    Some((path, json!({ "tags": tags })))
}

/// Returns the form that asks wallabag for a token.
pub(super) fn token_form(
    (user, password): (&str, &str),
    (client, secret): (&str, &str),
) -> FormBody {
    FormBody::new(&[
        ("grant_type", "password"),
        ("client_id", client),
        ("client_secret", secret),
        ("username", user),
        ("password", password),
    ])
}

/// Returns the token of an answer.
pub(super) fn parse_access_token(body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    answer.get("access_token")?.as_str().map(str::to_owned)
}
