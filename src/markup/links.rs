//! The links of a document while it grows.

use std::collections::HashMap;

use super::{Link, LinkId};

/// The links of a document while it grows; the same address keeps its number.
#[derive(Debug, Default)]
pub(super) struct Links {
    list: Vec<Link>,
    numbers: HashMap<String, LinkId>,
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

    pub(super) fn into_list(self) -> Vec<Link> {
        self.list
    }
}
