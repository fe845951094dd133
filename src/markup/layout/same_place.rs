//! Finds the place in a text that the reader had in an earlier form of it.

use std::{borrow::Cow, collections::HashMap};

use super::Flow;

impl Flow {
    /// Returns the index of the block where `block` of `former` was, another form of the same text: the block
    /// with the same words, or else the one as far below the nearest block above it that both have.
    pub fn block_at_same_place(&self, former: &Flow, block: u32) -> u32 {
        let (places, former_places) = (self.blocks_by_text(), former.blocks_by_text());
        let find_block = |above: u32| {
            let text = former.block_text(above);
            // Pictures and rules are all alike.
            let same = places.get(&text).filter(|_| !text.is_empty())?;
            let before = former_places.get(&text)?;
            // As many are the same ones, in the same order.
            let number = before.iter().position(|index| *index == above)?;
            let same_number = same.get(number).filter(|_| same.len() == before.len());
            same_number.or_else(|| same.iter().min_by_key(|index| index.abs_diff(above))).copied()
        };
        let mut at_or_above = (0..=block).rev();
        let found = at_or_above.find_map(|above| Some(find_block(above)? + (block - above)));
        let last = self.block_indexes().end.saturating_sub(1);
        found.unwrap_or(block).min(last)
    }

    /// Returns the indexes of the blocks with each text, in ascending order.
    fn blocks_by_text(&self) -> HashMap<Cow<'_, str>, Vec<u32>> {
        let mut places: HashMap<_, Vec<u32>> = HashMap::new();
        for index in self.block_indexes() {
            places.entry(self.block_text(index)).or_default().push(index);
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use crate::markup::{Flow, parse_plain_text};

    fn flow(paragraphs: &[&str]) -> Flow {
        Flow::new(parse_plain_text(&paragraphs.join("\n\n")))
    }

    #[test]
    fn place_is_found_by_the_words_at_it() {
        let former = flow(&["One.", "Two.", "Three.", "Four."]);
        let place = |paragraphs: &[&str], block| {
            let text = flow(paragraphs);
            let at = text.block_at_same_place(&former, block);
            text.block_text(at).into_owned()
        };
        let inserted = ["Zero.", "One.", "Two.", "Three.", "Four."];
        assert_eq!(place(&inserted, 2), "Three.");
        assert_eq!(place(&["Two.", "Three.", "Four."], 3), "Four.");
        assert_eq!(
            place(&["Zero.", "One.", "Two.", "Three, edited.", "Four."], 2),
            "Three, edited."
        );
        assert_eq!(place(&["One.", "Two."], 3), "Two.", "the end is the nearest");
        assert_eq!(place(&["Another text."], 3), "Another text.");
    }

    #[test]
    fn one_of_several_alike_is_found_by_their_order() {
        let former = flow(&["One.", "Same.", "Two.", "Same."]);
        let text = flow(&["Zero.", "One.", "Same.", "Two.", "Same."]);
        assert_eq!(text.block_at_same_place(&former, 3), 4);
    }
}
