//! Going through all blocks of a document.

use super::{Block, LinkId, Target, Text};

/// Calls `act` with every block, containers before what is in them.
pub(super) fn each(blocks: &mut [Block], act: &mut impl FnMut(&mut Block)) {
    for block in blocks {
        act(block);
        match block {
            Block::Quote(blocks) | Block::Definition(blocks) => each(blocks, act),
            Block::List { items, .. } => items.iter_mut().for_each(|item| each(item, act)),
            _ => {}
        }
    }
}

/// Calls `act` with every use of a link, in the order of reading.
pub(super) fn each_link(blocks: &mut [Block], act: &mut impl FnMut(&mut LinkId)) {
    each(blocks, &mut |block| match block {
        Block::Image { link: Some(link), .. } | Block::Embed { link, .. } => act(link),
        block => texts(block, &mut |text| {
            for span in &mut text.0 {
                if let Some(Target::Link(id)) = &mut span.link {
                    act(id);
                }
            }
        }),
    });
}

/// Calls `act` with every running text.
pub(super) fn each_text(blocks: &mut [Block], act: &mut impl FnMut(&mut Text)) {
    each(blocks, &mut |block| texts(block, act));
}

/// Calls `act` with the running texts of one block, not with those of blocks in it.
fn texts(block: &mut Block, act: &mut impl FnMut(&mut Text)) {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Caption(text) => act(text),
        Block::Table { head, rows } => head.iter_mut().chain(rows.iter_mut().flatten()).for_each(act),
        _ => {}
    }
}
