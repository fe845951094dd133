//! Images in the wide article: loaded only when they are shown, in rows that are reserved for them.

use std::sync::Arc;

use newsreader::{
    app::{Effect, ImageKey, LoadedImage, Message, TerminalRequest},
    model::{Failure, FailureKind},
    picture::{DecodedImage, ImagePayload, RenderedImage},
    settings::{SettingsLayer, merge_layers},
};

use crate::support::{Stage, stage_with};

/// An image of 40 by 20 pixels, the left half red, the right half blue.
fn test_image() -> DecodedImage {
    let pixel = |n: u32| if n % 40 < 20 { [255, 0, 0] } else { [0, 0, 255] };
    let pixels: Vec<u8> = (0..40 * 20).flat_map(pixel).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 40, 20);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    DecodedImage::decode(&file).unwrap()
}

fn stage_with_images(images: &str) -> Stage {
    stage_with_settings(&[("article.images", images)])
}

fn wide_stage_with_settings(values: &[(&str, &str)]) -> Stage {
    stage_with_settings(values).keys("right z")
}

fn stage_with_settings(values: &[(&str, &str)]) -> Stage {
    let values: Vec<_> =
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut settings = merge_layers(vec![SettingsLayer::from_values("a test", &values)]).0;
    settings.refresh.every = 0;
    stage_with(&["A picture"], settings, newsreader::model::SessionState::default())
        .html(
            1,
            "<p>Before.</p><img src='https://example.org/a.png' alt=Tree width=160 height=80><p>After.</p>",
        )
        .size(80, 24)
}

fn image_key() -> ImageKey {
    ImageKey { url: "https://example.org/a.png".to_owned(), columns: 20, rows: 5 }
}

fn requested_images(stage: &Stage) -> Vec<&ImageKey> {
    let mut keys = Vec::new();
    for effect in &stage.effects {
        if let Effect::LoadImage(key, _) = effect {
            keys.push(key);
        }
    }
    keys
}

#[test]
fn images_load_only_when_enabled_and_visible() {
    let off = stage_with_images("off").keys("right z");
    assert!(requested_images(&off).is_empty() && off.screen().contains("[image: Tree · 160×80]"));
    let narrow = stage_with_images("on").keys("right");
    assert!(requested_images(&narrow).is_empty(), "the article is not wide");
    let wide = narrow.keys("z");
    assert_eq!(requested_images(&wide), [&image_key()]);
    let again = wide.keys("down up");
    assert!(requested_images(&again).is_empty(), "the request is running");
    let monochrome = [("article.images", "on"), ("colors", "none")];
    let shown = wide_stage_with_settings(&monochrome);
    assert!(requested_images(&shown).is_empty(), "without colours no image is shown");
}

#[test]
fn loaded_image_fills_its_reserved_rows() {
    let waiting = stage_with_images("on").keys("right z");
    let before = waiting.find("After.");
    let rendered = Arc::new(RenderedImage::HalfBlocks(test_image().to_half_blocks(20, 5)));
    let shown = waiting.send(Message::ImageLoaded(
        image_key(),
        Ok(LoadedImage { image: rendered, payload: ImagePayload::None }),
    ));
    assert_eq!(shown.find("After."), before, "nothing moves");
    assert!(shown.screen().contains("▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀\n"), "{}", shown.screen());
    let (_, top) = shown.find("▀");
    let styles = shown.cell_styles();
    assert!(
        styles.contains(&format!(",{top} Rgb(255, 0, 0)"))
            && styles.contains(&format!(",{top} Rgb(0, 0, 255)")),
        "{styles}"
    );
    let toggled = shown.keys("i");
    assert!(!toggled.screen().contains('▀') && toggled.screen().contains("Pictures off"));
}

#[test]
fn kitty_image_is_sent_once_and_placed_by_cells() {
    let (image, png) = test_image().to_kitty(0x01_02_03, 20, 5).unwrap();
    let sent = ImagePayload::KittyTransmission(png.into());
    let message = Message::ImageLoaded(
        image_key(),
        Ok(LoadedImage { image: Arc::new(RenderedImage::Kitty(image)), payload: sent.clone() }),
    );
    let shown = stage_with_images("on").keys("right z").send(message);
    assert_eq!(shown.effects, [Effect::Terminal(TerminalRequest::SendImage(sent))]);
    let (_, top) = shown.find("\u{10eeee}\u{305}\u{305}");
    assert!(
        shown.cell_styles().contains(&format!(",{top} Rgb(1, 2, 3)")),
        "{}",
        shown.cell_styles()
    );
    let redrawn = shown.keys("ctrl-l");
    assert_eq!(requested_images(&redrawn), [&image_key()], "the terminal may have forgotten it");
}

#[test]
fn failed_image_shows_reason_and_alt_text() {
    let failure =
        Failure::new(FailureKind::Feed, "No picture from example.org: the server answered 404");
    let failed = stage_with_images("on")
        .keys("right z")
        .send(Message::ImageLoaded(image_key(), Err(failure)));
    assert!(failed.screen().contains("the server answered 404"));
    assert!(failed.screen().contains("[image: Tree"), "the alternative text stays");
}
