//! The image thread: loads images and scales them to cells of the terminal.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};

use super::{
    requests::ImageRequest,
    terminal::{self, kitty_transmission},
};
use crate::{
    app::{ImageKey, LoadedImage, Message},
    library::{ImageFiles, catch_panic, image_failure},
    model::Failure,
    picture::{DecodedImage, ImageDecodeError, ImagePayload, ImageProtocol, RenderedImage},
    text::stable_digest,
};

/// A loader of images for one terminal.
pub(super) struct ImageLoader {
    /// The source of image files.
    pub(super) files: ImageFiles,
    /// The protocol by which the terminal shows images.
    pub(super) protocol: ImageProtocol,
}

impl ImageLoader {
    /// Runs until all senders of requests are dropped. The newest request comes first, because its
    /// image is on the screen.
    pub(super) fn run(&self, requests: &Receiver<ImageRequest>, messages: &Sender<Message>) {
        while let Ok(first) = requests.recv() {
            let mut waiting = vec![first];
            while let Some(request) = waiting.pop() {
                let image = catch_panic(&request.key.url, || self.load_image(&request));
                if messages.send(Message::ImageLoaded(request.key, image)).is_err() {
                    return;
                }
                waiting.extend(requests.try_iter());
            }
        }
    }

    /// Loads an image; returns it as cells show it, with the data that the terminal needs before.
    fn load_image(&self, request: &ImageRequest) -> Result<LoadedImage, Failure> {
        let ImageKey { url, columns, rows } = &request.key;
        let to_failure = |error: ImageDecodeError| image_failure(url, &error.to_string());
        let bytes = self.files.load_image_bytes(url, request.trust)?;
        let image = DecodedImage::decode(&bytes).map_err(to_failure)?;
        let id = image_id(&request.key);
        let (image, payload) = match self.protocol {
            ImageProtocol::HalfBlocks => {
                let blocks = image.to_half_blocks(*columns, *rows);
                (RenderedImage::HalfBlocks(blocks), ImagePayload::None)
            }
            ImageProtocol::Rows(encoding) => {
                let cell = terminal::cell_pixels();
                let image_rows = image.to_rows(id, (*columns, *rows), cell, encoding);
                let (columns, rows) = image_rows.cell_size();
                let rendered = RenderedImage::Rows(id, columns, rows);
                (rendered, ImagePayload::Rows(Arc::new(image_rows)))
            }
            ImageProtocol::Kitty => {
                let (kitty_image, png) = image.to_kitty(id, *columns, *rows).map_err(to_failure)?;
                let transmission = kitty_transmission(kitty_image, &png).into();
                let payload = ImagePayload::KittyTransmission(transmission);
                (RenderedImage::Kitty(kitty_image), payload)
            }
        };
        Ok(LoadedImage { image: Arc::new(image), payload })
    }
}

/// Returns the id by which the terminal knows an image: 24 bits of a digest of its URL and size.
/// Two images on one screen practically never have the same id.
fn image_id(key: &ImageKey) -> u32 {
    let size = [key.columns.to_le_bytes(), key.rows.to_le_bytes()].concat();
    u32::try_from(stable_digest(&[key.url.as_bytes(), &size]) >> 40).unwrap_or(1)
}
