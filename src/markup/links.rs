//! The links of a document while it grows, and the places in it that others lead to.

use std::collections::HashMap;

use super::{AnchorId, Link, LinkId};

/// The links of a document while it grows; the same address keeps its number.
#[derive(Debug, Default)]
pub(super) struct Links {
    list: Vec<Link>,
    numbers: HashMap<String, LinkId>,
    anchors: HashMap<String, AnchorId>,
}

impl Links {
    pub(super) fn number(&mut self, url: &str) -> LinkId {
        if let Some(id) = self.numbers.get(url) {
            return *id;
        }
        let id = LinkId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(Link { url: url.to_owned() });
        self.numbers.insert(url.to_owned(), id);
        id
    }

    /// The place called `name`.
    pub(super) fn anchor(&mut self, name: &str) -> AnchorId {
        if let Some(id) = self.anchors.get(name) {
            return *id;
        }
        let id = AnchorId(u32::try_from(self.anchors.len()).unwrap_or(u32::MAX));
        self.anchors.insert(name.to_owned(), id);
        id
    }

    pub(super) fn into_list(self) -> Vec<Link> {
        self.list
    }
}
