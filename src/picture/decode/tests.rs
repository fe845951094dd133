use super::*;
use crate::picture::MAX_FILE_BYTES;

const RED: [u8; 4] = [255, 0, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];
const TRANSPARENT: [u8; 4] = [0, 0, 0, 0];

/// Red, blue and a dark gray.
const PALETTE: [u8; 9] = [255, 0, 0, 0, 0, 255, 9, 8, 7];

/// The bytes of a file in `tests/fixtures/pictures`: 16 by 8 pixels, the left half red, the right
/// half blue unless a test states other colours.
macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/fixtures/pictures/", $name))
    };
}

fn encode_png(
    (width, height): (u32, u32),
    color: png::ColorType,
    depth: png::BitDepth,
    samples: &[u8],
    change: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    change(&mut encoder);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(samples).unwrap();
    writer.finish().unwrap();
    file
}

/// Encodes a PNG of one colour.
fn encode_plain_png(width: u32, height: u32) -> Vec<u8> {
    DecodedImage::from_fn(width, height, |_, _| [200, 100, 0, 255]).encode_png().unwrap()
}

/// Encodes a GIF of two frames: `first` with indices of black, red, blue and green, and a blue one.
fn encode_gif(canvas: (u16, u16), first: &gif::Frame<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    let palette = [0, 0, 0, 255, 0, 0, 0, 0, 255, 0, 255, 0];
    let mut encoder = gif::Encoder::new(&mut file, canvas.0, canvas.1, &palette).unwrap();
    let second = gif::Frame { width: canvas.0, height: canvas.1, ..gif::Frame::default() };
    let buffer = vec![2; usize::from(canvas.0) * usize::from(canvas.1)];
    encoder.write_frame(first).unwrap();
    encoder.write_frame(&gif::Frame { buffer: buffer.into(), ..second }).unwrap();
    drop(encoder);
    file
}

fn encode_webp(color: image_webp::ColorType, width: u32, height: u32, samples: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    image_webp::WebPEncoder::new(&mut file).encode(samples, width, height, color).unwrap();
    file
}

/// Computes the CRC-32 of a PNG chunk.
fn chunk_checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

fn decode_pixels(file: &[u8]) -> Vec<[u8; 4]> {
    decode_image(file).unwrap().pixels.as_chunks().0.to_vec()
}

/// Asserts the colours of the left and the right half, with the tolerance that lossy formats need.
fn assert_halves(file: &[u8], left: [u8; 4], right: [u8; 4]) {
    let image = decode_image(file).unwrap();
    assert_eq!(image.dimensions(), (16, 8));
    for (x, expected) in [(1, left), (14, right)] {
        let pixel = image.pixel(x, 4);
        let is_near =
            pixel.iter().zip(expected).all(|(actual, expected)| actual.abs_diff(expected) <= 12);
        assert!(is_near, "{pixel:?} is not {expected:?}");
    }
}

#[test]
fn decode_enforces_limits() {
    assert_eq!(DecodedImage::decode(&encode_plain_png(3, 2)).unwrap().dimensions(), (3, 2));
    let mut moon = encode_plain_png(1, 1);
    moon[16..20].copy_from_slice(&2_000_000_u32.to_be_bytes());
    assert!(DecodedImage::decode(&moon).is_err(), "the header claims more than there is");
    assert_eq!(
        DecodedImage::decode(&encode_plain_png(MAX_SIDE_PIXELS + 1, 1)).unwrap_err(),
        ImageDecodeError::TooLarge
    );
    assert_eq!(
        DecodedImage::decode(&encode_plain_png(1, MAX_SIDE_PIXELS + 1)).unwrap_err(),
        ImageDecodeError::TooLarge
    );
    assert!(DecodedImage::decode(&encode_plain_png(MAX_SIDE_PIXELS, 1)).is_ok());
    let bytes = usize::try_from(MAX_FILE_BYTES).unwrap();
    assert_eq!(DecodedImage::decode(&vec![0; bytes + 1]).unwrap_err(), ImageDecodeError::TooLarge);
    for bytes in [&b""[..], b"GIF89a", b"<svg></svg>", &encode_plain_png(3, 2)[..40]] {
        assert_eq!(DecodedImage::decode(bytes).unwrap_err(), ImageDecodeError::Unreadable);
    }
}

/// Small files claim 9,000 by 9,000 pixels, which would take 324 MB.
#[test]
fn pixel_grid_keeps_samples_and_pixels_within_limit() {
    for (side, channels, step) in
        [(1, 1, 1), (6_475, 1, 1), (6_477, 1, 2), (10_000, 1, 2), (7_483, 3, 3), (6_400, 4, 1)]
    {
        let grid = PixelGrid::within_limit(side, side, channels);
        assert_eq!(grid.step, step, "{side} × {side} × {channels}");
        assert!(channels == 4 || grid.total_bytes(channels) <= MAX_TOTAL_BYTES);
    }
}

#[test]
fn pixel_grid_leaves_out_rows_and_columns() {
    let grid = PixelGrid { width: 5, height: 3, step: 2 };
    let samples: Vec<u8> = (0..15).collect();
    assert_eq!(grid.dimensions(), (3, 2));
    let pixels = grid.expand(&samples, |[gray]| [gray, 0, 0, 0]);
    let kept: Vec<u8> = pixels.as_chunks::<4>().0.iter().map(|pixel| pixel[0]).collect();
    assert_eq!(kept, [0, 2, 4, 10, 12, 14]);
}

#[test]
fn decode_rejects_claimed_size_before_allocation() {
    let side = 9_000_u16;
    let mut png = encode_plain_png(1, 1);
    png[16..20].copy_from_slice(&u32::from(side).to_be_bytes());
    png[20..24].copy_from_slice(&u32::from(side).to_be_bytes());
    let sum = chunk_checksum(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    let jpeg = with_sides(fixture!("rgb.jpg"), side, side);
    let mut gif = encode_gif(
        (1, 1),
        &gif::Frame { buffer: vec![1].into(), width: 1, height: 1, ..gif::Frame::default() },
    );
    gif[6..8].copy_from_slice(&side.to_le_bytes());
    gif[8..10].copy_from_slice(&side.to_le_bytes());
    let mut webp = encode_webp(image_webp::ColorType::Rgba8, 1, 1, &[1, 2, 3, 4]);
    let head = u32::from(side - 1) | u32::from(side - 1) << 14 | 1 << 28;
    webp[21..25].copy_from_slice(&head.to_le_bytes());
    for (format, file) in [("png", png), ("jpeg", jpeg), ("gif", gif), ("webp", webp)] {
        assert_eq!(decode_image(&file).unwrap_err(), ImageDecodeError::TooLarge, "{format}");
    }
}

/// Returns the JPEG `file` with other sides in its header.
fn with_sides(file: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = file.to_vec();
    let is_header = |bytes: &[u8]| matches!(bytes, [0xff, 0xc0 | 0xc2]);
    let start = jpeg.windows(2).position(is_header).unwrap() + 5;
    jpeg[start..start + 2].copy_from_slice(&height.to_be_bytes());
    jpeg[start + 2..start + 4].copy_from_slice(&width.to_be_bytes());
    jpeg
}

#[test]
fn decode_counts_coefficients_of_progressive_jpeg() {
    let progressive = with_sides(fixture!("progressive.jpg"), 6_000, 4_000);
    assert_eq!(decode_image(&progressive).unwrap_err(), ImageDecodeError::TooLarge);
    let smaller = with_sides(fixture!("progressive.jpg"), 600, 400);
    assert_ne!(decode_image(&smaller).err(), Some(ImageDecodeError::TooLarge));
}

#[test]
fn decode_rejects_images_without_pixels() {
    let pixel =
        || gif::Frame { buffer: vec![1].into(), width: 1, height: 1, ..gif::Frame::default() };
    let gif = encode_gif((1, 1), &pixel());
    assert_eq!(decode_image(&gif).unwrap().dimensions(), (1, 1));
    for (width, height) in [(0, 0), (0, 1), (1, 0)] {
        let sides: [u8; 4] = [width, 0, height, 0];
        let mut canvas = gif.clone();
        canvas[6..10].copy_from_slice(&sides);
        assert_eq!(decode_image(&canvas).unwrap_err(), ImageDecodeError::Unreadable);
        let mut frame = gif.clone();
        let start = frame.iter().position(|byte| *byte == b',').unwrap() + 5;
        frame[start..start + 4].copy_from_slice(&sides);
        assert_eq!(decode_image(&frame).unwrap_err(), ImageDecodeError::Unreadable);
    }
    let jpeg = with_sides(fixture!("rgb.jpg"), 0, 8);
    assert_eq!(decode_image(&jpeg).unwrap_err(), ImageDecodeError::Unreadable);
}

#[test]
fn decode_rejects_truncated_files() {
    let files: [&[u8]; 3] =
        [&encode_plain_png(40, 30), fixture!("lossless-alpha.webp"), fixture!("lossy.webp")];
    for file in files {
        assert_eq!(
            decode_image(&file[..file.len() - 20]).unwrap_err(),
            ImageDecodeError::Unreadable
        );
    }
    let jpeg = fixture!("rgb.jpg");
    assert_eq!(decode_image(&jpeg[..60]).unwrap_err(), ImageDecodeError::Unreadable);
}

#[test]
fn decode_png_expands_gray_to_rgba() {
    use png::{BitDepth, ColorType};
    let gray = |depth, samples: &[u8]| {
        decode_pixels(&encode_png((2, 1), ColorType::Grayscale, depth, samples, |_| {}))
    };
    let expected = [[0, 0, 0, 255], [255, 255, 255, 255]];
    assert_eq!(gray(BitDepth::One, &[0b0100_0000]), expected);
    assert_eq!(gray(BitDepth::Two, &[0b0011_0000]), expected);
    assert_eq!(gray(BitDepth::Four, &[0x0f]), expected);
    assert_eq!(gray(BitDepth::Eight, &[7, 200]), [[7, 7, 7, 255], [200, 200, 200, 255]]);
    assert_eq!(gray(BitDepth::Sixteen, &[7, 0, 200, 9]), [[7, 7, 7, 255], [200, 200, 200, 255]]);
    let alpha =
        encode_png((2, 1), ColorType::GrayscaleAlpha, BitDepth::Eight, &[7, 200, 9, 0], |_| {});
    assert_eq!(decode_pixels(&alpha), [[7, 7, 7, 200], [9, 9, 9, 0]]);
    let transparent =
        encode_png((2, 1), ColorType::Grayscale, BitDepth::Eight, &[7, 8], |encoder| {
            encoder.set_trns(&[0, 8][..]);
        });
    assert_eq!(decode_pixels(&transparent), [[7, 7, 7, 255], [8, 8, 8, 0]]);
}

#[test]
fn decode_png_expands_palette() {
    use png::{BitDepth, ColorType};
    let opaque = encode_png((3, 1), ColorType::Indexed, BitDepth::Two, &[0b0001_1000], |encoder| {
        encoder.set_palette(&PALETTE[..]);
    });
    assert_eq!(decode_pixels(&opaque), [RED, BLUE, [9, 8, 7, 255]]);
    let transparent =
        encode_png((3, 1), ColorType::Indexed, BitDepth::Eight, &[0, 1, 2], |encoder| {
            encoder.set_palette(&PALETTE[..]);
            encoder.set_trns(&[255, 40][..]);
        });
    assert_eq!(decode_pixels(&transparent), [RED, [0, 0, 255, 40], [9, 8, 7, 255]]);
}

#[test]
fn decode_png_keeps_high_byte_of_16_bits() {
    use png::{BitDepth, ColorType};
    let rgb =
        encode_png((1, 1), ColorType::Rgb, BitDepth::Sixteen, &[200, 1, 100, 2, 50, 3], |_| {});
    assert_eq!(decode_pixels(&rgb), [[200, 100, 50, 255]]);
    let samples = [200, 1, 100, 2, 50, 3, 128, 4];
    let rgba = encode_png((1, 1), ColorType::Rgba, BitDepth::Sixteen, &samples, |_| {});
    assert_eq!(decode_pixels(&rgba), [[200, 100, 50, 128]]);
}

#[test]
fn decode_png_ignores_text() {
    let titled =
        encode_png((1, 1), png::ColorType::Rgb, png::BitDepth::Eight, &[255, 0, 0], |encoder| {
            encoder.add_text_chunk("Title".to_owned(), "A picture".to_owned()).unwrap();
        });
    assert_eq!(decode_pixels(&titled), [RED]);
}

#[test]
fn decode_jpeg_converts_colors() {
    assert_halves(fixture!("rgb.jpg"), RED, BLUE);
    assert_halves(fixture!("progressive.jpg"), RED, BLUE);
    assert_halves(fixture!("cmyk.jpg"), RED, BLUE);
    assert_halves(fixture!("gray.jpg"), [40, 40, 40, 255], [200, 200, 200, 255]);
    // Colours are stored for every other pixel of every other row.
    assert_halves(fixture!("subsampled.jpg"), RED, BLUE);
}

/// The EXIF data of the file ask for a rotation.
#[test]
fn decode_jpeg_ignores_orientation() {
    assert_halves(fixture!("rotated.jpg"), RED, BLUE);
}

#[test]
fn decode_gif_places_first_frame_on_canvas() {
    let frame = |left, top, width, height, buffer: &'static [u8]| gif::Frame {
        left,
        top,
        width,
        height,
        buffer: buffer.into(),
        transparent: Some(3),
        ..gif::Frame::default()
    };
    let whole = encode_gif((2, 2), &frame(0, 0, 2, 2, &[1, 3, 0, 1]));
    assert_eq!(decode_pixels(&whole), [RED, [0, 255, 0, 0], [0, 0, 0, 255], RED]);
    let offset = encode_gif((3, 2), &frame(1, 1, 1, 1, &[1]));
    assert_eq!(
        decode_pixels(&offset),
        [TRANSPARENT, TRANSPARENT, TRANSPARENT, TRANSPARENT, RED, TRANSPARENT]
    );
    let beyond = encode_gif((2, 2), &frame(1, 1, 2, 2, &[1, 2, 2, 2]));
    assert_eq!(decode_pixels(&beyond), [TRANSPARENT, TRANSPARENT, TRANSPARENT, RED]);
    let outside = encode_gif((2, 1), &frame(5, 5, 1, 1, &[1]));
    assert_eq!(decode_pixels(&outside), [TRANSPARENT, TRANSPARENT]);
    let mut older = whole;
    older[4] = b'7';
    assert_eq!(decode_image(&older).unwrap().dimensions(), (2, 2));
}

#[test]
fn decode_webp_keeps_alpha() {
    let transparent = [0, 0, 255, 0];
    assert_halves(fixture!("lossy.webp"), RED, BLUE);
    assert_halves(fixture!("alpha.webp"), RED, transparent);
    assert_halves(fixture!("lossless.webp"), RED, BLUE);
    assert_halves(fixture!("lossless-alpha.webp"), RED, transparent);
    let first = decode_image(fixture!("animated.webp")).unwrap();
    assert_eq!((first.pixel(1, 4), first.pixel(14, 4)[3]), (RED, 0));
    let gray = encode_webp(image_webp::ColorType::L8, 2, 1, &[7, 200]);
    assert_eq!(decode_pixels(&gray), [[7, 7, 7, 255], [200, 200, 200, 255]]);
    let rgba = encode_webp(image_webp::ColorType::Rgba8, 1, 1, &[1, 2, 3, 4]);
    assert_eq!(decode_pixels(&rgba), [[1, 2, 3, 4]]);
}

proptest::proptest! {
    #[test]
    fn decode_never_panics(mut bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), kind in 0_usize..4) {
        let heads: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP"];
        bytes.splice(0..0, heads[kind].iter().copied());
        let _ = DecodedImage::decode(&bytes);
    }

    #[test]
    fn decode_never_panics_on_damaged_files(kind in 0_usize..5, at in 0_usize..500, byte: u8) {
        let files: [&[u8]; 5] = [
            fixture!("rgb.jpg"), fixture!("progressive.jpg"), fixture!("cmyk.jpg"), fixture!("alpha.webp"),
            fixture!("animated.webp"),
        ];
        let mut file = files[kind].to_vec();
        let at = at % file.len();
        file[at] = byte;
        let _ = DecodedImage::decode(&file);
    }
}
