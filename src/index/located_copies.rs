//! The copies of the library by their places in the index, so that lists fold them without a look-up for
//! each.

/// Copies, each with the first entry of its group.
///
/// Of a million articles a tenth of which were copies, finding them in maps took half of the 30 ms of a
/// frequent word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocatedCopies {
    copies: Vec<LocatedCopy>,
}

/// A copy and the first entry of its group: the slots of their segments, and their documents there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct LocatedCopy {
    copy_slot: u8,
    first_slot: u8,
    copy_doc: u32,
    first_doc: u32,
}

impl LocatedCopies {
    /// Collects copies: the slot and the document of each, and those of the first entry.
    pub(super) fn collect(
        places: impl Iterator<Item = ((usize, u32), (usize, u32))>,
    ) -> LocatedCopies {
        let located = places.filter_map(|((copy_slot, copy_doc), (first_slot, first_doc))| {
            Some(LocatedCopy {
                copy_slot: u8::try_from(copy_slot).ok()?,
                first_slot: u8::try_from(first_slot).ok()?,
                copy_doc,
                first_doc,
            })
        });
        let mut copies: Vec<LocatedCopy> = located.collect();
        // Neighbours in a segment are neighbours in memory.
        copies.sort_unstable();
        LocatedCopies { copies }
    }

    /// Iterates over the slots and the documents of the copies, each with those of the first entry.
    pub(super) fn iter(&self) -> impl Iterator<Item = ((usize, u32), (usize, u32))> {
        self.copies.iter().map(|copy| {
            let LocatedCopy { copy_slot, first_slot, copy_doc, first_doc } = *copy;
            ((usize::from(copy_slot), copy_doc), (usize::from(first_slot), first_doc))
        })
    }
}
