//! The properties of an entry that a filter can name and that only its stored text gives.

use super::indexable::index_fields;
use crate::{
    model::{EntryId, EntryTraits, Failure},
    store::ReadConnection,
};

/// Loads the tags and the language of an entry, as the index has them; none if the entry cannot be
/// read.
pub fn load_entry_traits(reader: &ReadConnection, id: EntryId) -> Result<EntryTraits, Failure> {
    let mut traits = EntryTraits::default();
    reader.for_each_full_entry(&[id], |entry| {
        let (_, attributes) = index_fields(&entry);
        traits = EntryTraits {
            tags: entry.tags.split_whitespace().map(str::to_owned).collect(),
            language: attributes.language.map(str::to_owned),
        };
    })?;
    Ok(traits)
}
