//! PNG files, for terminals that decode images themselves.

use super::DecodedImage;

impl DecodedImage {
    /// Encodes the image as PNG. Compression is fast rather than tight: the file only travels to
    /// the terminal.
    pub(super) fn encode_png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn png_encode_decode_round_trips() {
        let low_byte = |n: u32| n.to_le_bytes()[0];
        let pixel = |x: u32, y: u32| [low_byte(x * 7), low_byte(y * 31), 3, low_byte(x + y)];
        let image = DecodedImage::from_fn(300, 20, pixel);
        assert_eq!(DecodedImage::decode(&image.encode_png().unwrap()).unwrap(), image);
    }
}
