//! Transmission of images to terminals that store them (kitty's graphics protocol).

use crate::{picture::KittyImage, text::base64};

/// Maximum length of the base64 in one escape sequence, in bytes.
const MAX_CHUNK_BYTES: usize = 4096;

/// Returns the escape sequences that send `png` to the terminal, which stores it as `image` and
/// shows it in the cells that refer to it. The terminal is asked not to reply (`q=2`).
pub fn kitty_transmission(image: KittyImage, png: &[u8]) -> Vec<u8> {
    let data = base64::encode(png);
    let (columns, rows) = image.cell_size();
    let mut out = Vec::with_capacity(data.len() + data.len() / 64 + 64);
    let mut chunks = data.as_bytes().chunks(MAX_CHUNK_BYTES).peekable();
    let mut is_first = true;
    while let Some(chunk) = chunks.next() {
        let more = u8::from(chunks.peek().is_some());
        let head = if std::mem::take(&mut is_first) {
            format!("\x1b_Ga=T,U=1,f=100,q=2,i={},c={columns},r={rows},m={more};", image.id)
        } else {
            format!("\x1b_Gq=2,m={more};")
        };
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\x1b\\");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kitty_transmission_is_split_into_chunks() {
        let png: Vec<u8> = (0..=255).cycle().take(50_000).collect();
        let image = KittyImage::new(7, 20, 10);
        let sent = String::from_utf8(kitty_transmission(image, &png)).unwrap();
        assert!(sent.starts_with("\x1b_Ga=T,U=1,f=100,q=2,i=7,c=20,r=10,m=1;"));
        let data: String = sent
            .split("\x1b\\")
            .filter_map(|part| part.split_once(';'))
            .map(|(_, data)| data)
            .collect();
        assert_eq!(base64::decode(&data), Some(png));
        assert!(sent.split("\x1b\\").all(|part| part.len() < MAX_CHUNK_BYTES + 64));
        assert_eq!(sent.matches("m=0;").count(), 1);
    }
}
