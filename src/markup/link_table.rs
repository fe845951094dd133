//! The table of links and anchors of a document that is being built.

use std::collections::HashMap;

use super::{AnchorId, DocumentLink, LinkId, LinkTarget};

/// The destination of a link, not yet interned in the link table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LinkDestination {
    /// A URL.
    Url(String),
    /// The name of an anchor in the same document.
    Anchor(String),
}

/// The links and anchors of a document that is being built: each URL and each name gets one ID.
#[derive(Debug, Default)]
pub(super) struct LinkTable {
    links: Vec<DocumentLink>,
    ids: HashMap<String, LinkId>,
    anchors: HashMap<String, AnchorId>,
}

impl LinkTable {
    /// Returns the ID of `url`, which is added if it is new.
    pub(super) fn intern_url(&mut self, url: &str) -> LinkId {
        if let Some(id) = self.ids.get(url) {
            return *id;
        }
        let id = LinkId(u32::try_from(self.links.len()).unwrap_or(u32::MAX));
        self.links.push(DocumentLink { url: url.to_owned() });
        self.ids.insert(url.to_owned(), id);
        id
    }

    /// Returns the ID of the anchor called `name`, which is added if it is new.
    pub(super) fn intern_anchor(&mut self, name: &str) -> AnchorId {
        if let Some(id) = self.anchors.get(name) {
            return *id;
        }
        let id = AnchorId(u32::try_from(self.anchors.len()).unwrap_or(u32::MAX));
        self.anchors.insert(name.to_owned(), id);
        id
    }

    /// Returns the target of a link that was seen before; `None` for a new one.
    pub(super) fn find_target(&self, destination: &LinkDestination) -> Option<LinkTarget> {
        match destination {
            LinkDestination::Url(url) => self.ids.get(url).copied().map(LinkTarget::Link),
            LinkDestination::Anchor(name) => {
                self.anchors.get(name).copied().map(LinkTarget::Anchor)
            }
        }
    }

    /// Returns the links in the order of their IDs.
    pub(super) fn into_links(self) -> Vec<DocumentLink> {
        self.links
    }
}
