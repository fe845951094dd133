//! Going through all blocks of a document.

use super::{Block, LinkId, LinkTarget, RichText};

/// Calls `act` with every block, containers before what is in them.
pub(super) fn visit_blocks(blocks: &mut [Block], act: &mut impl FnMut(&mut Block)) {
    for block in blocks {
        act(block);
        match block {
            Block::Quote(blocks) | Block::Definition(blocks) => visit_blocks(blocks, act),
            Block::List { items, .. } => items.iter_mut().for_each(|item| visit_blocks(item, act)),
            _ => {}
        }
    }
}

/// Calls `act` with every use of a link, in the order of reading.
pub(super) fn visit_links(blocks: &mut [Block], act: &mut impl FnMut(&mut LinkId)) {
    visit_blocks(blocks, &mut |block| match block {
        Block::Image { link: Some(link), .. } | Block::Embed { link, .. } => act(link),
        block => visit_block_texts(block, &mut |text| {
            for span in &mut text.0 {
                if let Some(LinkTarget::Link(id)) = &mut span.link {
                    act(id);
                }
            }
        }),
    });
}

/// Calls `act` with every running text.
pub(super) fn visit_texts(blocks: &mut [Block], act: &mut impl FnMut(&mut RichText)) {
    visit_blocks(blocks, &mut |block| visit_block_texts(block, act));
}

/// Calls `act` with the running texts of one block, not with those of blocks in it.
fn visit_block_texts(block: &mut Block, act: &mut impl FnMut(&mut RichText)) {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Caption(text) => act(text),
        Block::Table { head, rows } => {
            head.iter_mut().chain(rows.iter_mut().flatten()).for_each(act);
        }
        _ => {}
    }
}
