//! Sixel encoding (DEC STD 070, chapter 10): a character holds six pixels of a column in one
//! colour.

use std::fmt::Write;

/// Height of a band, in pixels: the six of a character.
const BAND_HEIGHT: u32 = 6;

/// Colour index of a pixel that is not painted.
pub(super) const TRANSPARENT: u8 = 255;

/// An image of at most 255 colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexedImage {
    pub(super) width: u32,
    pub(super) palette: Vec<[u8; 3]>,
    /// Indices into the palette row by row, or [`TRANSPARENT`].
    pub(super) pixels: Vec<u8>,
}

impl IndexedImage {
    /// Encodes the pixels in `columns` and `rows` as an escape sequence.
    ///
    /// Transparent pixels leave the screen unchanged, and so does the rest of the last band below
    /// `rows`.
    pub(super) fn encode_sixel(
        &self,
        columns: std::ops::Range<u32>,
        rows: std::ops::Range<u32>,
    ) -> Vec<u8> {
        let mut out = String::with_capacity(4096);
        // The aspect ratio is in the raster attributes; the background stays.
        let _ = write!(out, "\x1bP0;1;0q\"1;1;{};{}", columns.len(), rows.len());
        let mut defined = [false; 256];
        for top in rows.clone().step_by(BAND_HEIGHT as usize) {
            let band = top..rows.end.min(top + BAND_HEIGHT);
            if top > rows.start {
                out.push('-');
            }
            self.encode_band(columns.clone(), band, &mut defined, &mut out);
        }
        out.push_str("\x1b\\");
        out.into_bytes()
    }

    fn encode_band(
        &self,
        columns: std::ops::Range<u32>,
        rows: std::ops::Range<u32>,
        defined: &mut [bool; 256],
        out: &mut String,
    ) {
        let mut used = [false; 256];
        for row in rows.clone() {
            columns
                .clone()
                .for_each(|column| used[usize::from(self.color_index(column, row))] = true);
        }
        for color in (0..TRANSPARENT).filter(|color| used[usize::from(*color)]) {
            // Only some terminals select the colour that a sequence defines: xterm keeps the one
            // before.
            if !std::mem::replace(&mut defined[usize::from(color)], true) {
                let [red, green, blue] =
                    self.palette.get(usize::from(color)).copied().unwrap_or_default();
                let percent = |part: u8| (u32::from(part) * 100 + 127) / 255;
                let _ =
                    write!(out, "#{color};2;{};{};{}", percent(red), percent(green), percent(blue));
            }
            let _ = write!(out, "#{color}");
            let sixel = |column: u32| {
                let set = rows
                    .clone()
                    .zip(0..)
                    .filter(|(row, _)| self.color_index(column, *row) == color);
                char::from(b'?' + set.map(|(_, bit)| 1_u8 << bit).sum::<u8>())
            };
            write_run_lengths(columns.clone().map(sixel), out);
            out.push('$');
        }
    }

    fn color_index(&self, column: u32, row: u32) -> u8 {
        self.pixels.get((row * self.width + column) as usize).copied().unwrap_or(TRANSPARENT)
    }
}

/// Writes characters, with runs of four and more as a count and the character.
fn write_run_lengths(characters: impl Iterator<Item = char>, out: &mut String) {
    let mut run: Option<(char, u32)> = None;
    for character in characters.map(Some).chain([None]) {
        match (&mut run, character) {
            (Some((same, count)), Some(character)) if *same == character => *count += 1,
            _ => {
                match run {
                    Some((same, count @ 4..)) => drop(write!(out, "!{count}{same}")),
                    Some((same, count)) => (0..count).for_each(|_| out.push(same)),
                    None => {}
                }
                run = character.map(|character| (character, 1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Decodes a sequence as a terminal does into width, height and the colour of each pixel in
    /// percent.
    fn decode_sixel(sequence: &[u8]) -> (u32, u32, Vec<Option<[u32; 3]>>) {
        let text = String::from_utf8(sequence.to_vec()).unwrap();
        let body = text.strip_prefix("\x1bP0;1;0q\"1;1;").unwrap().strip_suffix("\x1b\\").unwrap();
        let numbers = |text: &str| {
            text.split(';').map(|number| number.parse().unwrap()).collect::<Vec<u32>>()
        };
        let size_end = body.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(body.len());
        let size = numbers(&body[..size_end]);
        let mut pixels = vec![None; (size[0] * size[1]) as usize];
        let (mut colors, mut color, mut x, mut y) = (std::collections::HashMap::new(), 0, 0, 0);
        let mut rest = &body[size_end..];
        while let Some(first) = rest.chars().next() {
            let end = 1 + rest[1..]
                .find(|c: char| !c.is_ascii_digit() && c != ';')
                .unwrap_or(rest.len() - 1);
            let (mut count, mut sixel) = (1, first);
            match first {
                '#' => {
                    let parameters = numbers(&rest[1..end]);
                    color = parameters[0];
                    if parameters.len() == 5 {
                        colors.insert(color, [parameters[2], parameters[3], parameters[4]]);
                    }
                    rest = &rest[end..];
                    continue;
                }
                '$' | '-' => {
                    y += if first == '-' { 6 } else { 0 };
                    x = 0;
                    rest = &rest[1..];
                    continue;
                }
                '!' => {
                    count = rest[1..end].parse().unwrap();
                    sixel = rest[end..].chars().next().unwrap();
                    rest = &rest[end + 1..];
                }
                _ => rest = &rest[1..],
            }
            for _ in 0..count {
                for bit in (0..6).filter(|bit| (u32::from(sixel) - 63) >> bit & 1 == 1) {
                    pixels[((y + bit) * size[0] + x) as usize] = colors.get(&color).copied();
                }
                x += 1;
            }
        }
        (size[0], size[1], pixels)
    }

    proptest! {
        #[test]
        fn sixel_encode_decode_round_trips(width in 1_u32..40, height in 1_u32..20, seed in prop::collection::vec(0_u8..8, 800), left in 0_u32..10, top in 0_u32..10) {
            let palette: Vec<[u8; 3]> = (0..7).map(|n| [n * 30, 255 - n * 30, n]).collect();
            let pixels: Vec<u8> = seed[..(width * height) as usize].iter().map(|n| if *n == 7 { TRANSPARENT } else { *n }).collect();
            let indexed = IndexedImage { width, palette, pixels };
            let (left, top) = (left.min(width - 1), top.min(height - 1));
            let (columns, rows, seen) = decode_sixel(&indexed.encode_sixel(left..width, top..height));
            prop_assert_eq!((columns, rows), (width - left, height - top));
            for (at, seen) in (0..).zip(seen) {
                let color = indexed.color_index(left + at % columns, top + at / columns);
                let percent = |part: u8| (u32::from(part) * 100 + 127) / 255;
                let expected = indexed.palette.get(usize::from(color)).map(|color| color.map(percent));
                prop_assert_eq!(seen, expected.filter(|_| color != TRANSPARENT));
            }
        }
    }
}
