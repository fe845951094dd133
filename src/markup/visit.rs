//! Visitors over all blocks, links and texts of a document, in reading order.

use super::{Block, LinkId, LinkTarget, RichText};

/// Calls `visit` for every block; a container comes before its content.
pub(super) fn visit_blocks(blocks: &mut [Block], visit: &mut impl FnMut(&mut Block)) {
    for block in blocks {
        visit(block);
        match block {
            Block::Quote(blocks) | Block::Definition(blocks) => visit_blocks(blocks, visit),
            Block::List { items, .. } => {
                for item in items {
                    visit_blocks(item, visit);
                }
            }
            _ => {}
        }
    }
}

/// Calls `visit` for every use of a link, in reading order.
pub(super) fn visit_links(blocks: &mut [Block], visit: &mut impl FnMut(&mut LinkId)) {
    visit_blocks(blocks, &mut |block| match block {
        Block::Image { link: Some(link), .. } | Block::Embed { link, .. } => visit(link),
        block => visit_block_texts(block, &mut |text| {
            for span in &mut text.0 {
                if let Some(LinkTarget::Link(id)) = &mut span.link {
                    visit(id);
                }
            }
        }),
    });
}

/// Calls `visit` for every running text.
pub(super) fn visit_texts(blocks: &mut [Block], visit: &mut impl FnMut(&mut RichText)) {
    visit_blocks(blocks, &mut |block| visit_block_texts(block, visit));
}

/// Calls `visit` for the running texts of one block, without those of nested blocks.
pub(super) fn visit_block_texts(block: &mut Block, visit: &mut impl FnMut(&mut RichText)) {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Caption(text) => visit(text),
        Block::Table { head, rows, .. } => {
            head.iter_mut().chain(rows.iter_mut().flatten()).for_each(visit);
        }
        _ => {}
    }
}

/// Calls `visit` for every running text, in reading order.
pub(super) fn for_each_text(blocks: &[Block], visit: &mut impl FnMut(&RichText)) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Caption(text) => {
                visit(text);
            }
            Block::Table { head, rows, .. } => {
                head.iter().chain(rows.iter().flatten()).for_each(&mut *visit);
            }
            Block::Quote(blocks) | Block::Definition(blocks) => for_each_text(blocks, visit),
            Block::List { items, .. } => items.iter().for_each(|item| for_each_text(item, visit)),
            _ => {}
        }
    }
}
