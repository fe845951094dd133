//! Appending one document to another.

use super::{Document, LinkId, visit::visit_links};

impl Document {
    /// Appends the blocks of `other`. Its links are renumbered: a URL that `self` has already keeps
    /// its number, and new URLs get the next ones.
    pub fn append(&mut self, mut other: Document) {
        let mut new_ids = Vec::with_capacity(other.links.len());
        for link in other.links {
            let existing = self.links.iter().position(|existing| *existing == link);
            let index = existing.unwrap_or_else(|| {
                self.links.push(link);
                self.links.len() - 1
            });
            new_ids.push(LinkId(u32::try_from(index).unwrap_or(u32::MAX)));
        }
        visit_links(&mut other.blocks, &mut |id| {
            *id = new_ids.get(id.0 as usize).copied().unwrap_or(*id);
        });
        self.blocks.append(&mut other.blocks);
    }
}
