//! Decodes arbitrary bytes as a picture: one that is decoded has a size.
#![no_main]

use libfuzzer_sys::fuzz_target;
use newsreader::picture::DecodedImage;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(image) = DecodedImage::decode(bytes) {
        let (width, height) = image.dimensions();
        assert!(width > 0 && height > 0);
    }
});
